//! The editions of an authority that a copy has seen. Each names the hash of the one before, so a signature on the newest
//! one holds all of them: none can be changed, left out or put in.

use super::ClientError;
use super::state::Newest;
use super::store::Store;
use crate::manifest::{Kind, Manifest};
use serde::{Deserialize, Serialize};

/// How many manifests of an authority are kept, so that a bundle brings those up to date who missed some: a year of daily
/// editions, and some more.
const KEPT_MANIFESTS: usize = 400;

/// An edition that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    pub(super) number: u64,
    pub(super) sha256: String,
    pub(super) kind: Kind,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) concerns: Vec<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

impl Seen {
    pub(super) fn of(manifest: &Manifest, sha256: &str) -> Self {
        Self {
            number: manifest.number,
            sha256: sha256.to_owned(),
            kind: manifest.kind,
            concerns: manifest.concerns.clone(),
            reason: manifest.reason.clone(),
        }
    }
}

/// What has become of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum Status {
    /// It is the newest.
    Current,
    /// There is a newer one.
    Superseded {
        /// Number of the newest.
        by: u64,
    },
    /// A later edition corrects it; it is superseded too.
    Corrected {
        /// Number of the correction.
        by: u64,
        /// Why, in the authority's words.
        because: String,
    },
    /// A later edition says that it must not be used.
    Withdrawn {
        /// Number of the withdrawal.
        by: u64,
        /// Why, in the authority's words.
        because: String,
    },
}

/// Editions without a gap, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Chain(Vec<Seen>);

impl Chain {
    /// The chain of an authority. Where its file is damaged, what is known without it: the newest.
    pub(super) fn load(store: &Store, newest: &Newest) -> Result<Self, ClientError> {
        let bytes = store.get(&newest.chain)?;
        if let Some(chain) = bytes.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok()) {
            return Ok(chain);
        }
        let manifest = super::edition::manifest(store, newest)?;
        Ok(Self(manifest.iter().map(|manifest| Seen::of(manifest, &newest.sha256)).collect()))
    }

    /// Keeps it; the name of its content.
    pub(super) fn put(&self, store: &Store) -> Result<String, ClientError> {
        let bytes = serde_json::to_vec(self).map_err(|e| ClientError::Disk {
            path: "the list of editions".to_owned(),
            error: std::io::Error::other(e),
        })?;
        store.put(&bytes)
    }

    /// Adds later editions, newest first, as they are met on the way back.
    pub(super) fn add_later(&mut self, newest_first: Vec<Seen>) {
        self.0.extend(newest_first.into_iter().rev());
    }

    /// Adds earlier editions, newest first.
    pub(super) fn add_earlier(&mut self, newest_first: Vec<Seen>) {
        self.0.splice(0..0, newest_first.into_iter().rev());
    }

    pub(super) fn oldest(&self) -> Option<&Seen> {
        self.0.first()
    }

    pub(super) fn find(&self, wanted: impl Fn(&Seen) -> bool) -> Option<&Seen> {
        self.0.iter().find(|seen| wanted(seen))
    }

    /// Names of the manifests that are worth keeping.
    pub(super) fn kept_manifests(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().rev().take(KEPT_MANIFESTS).map(|seen| seen.sha256.clone())
    }

    /// What has become of an edition of this chain. The last word on it counts, and a withdrawal before a correction.
    pub(super) fn status(&self, number: u64) -> Status {
        let word =
            |kind: Kind| self.0.iter().rev().find(|later| later.kind == kind && later.concerns.contains(&number));
        let because = |seen: &Seen| seen.reason.clone().unwrap_or_default();
        let newest = self.0.last().map_or(number, |newest| newest.number);
        if let Some(seen) = word(Kind::Withdrawal) {
            Status::Withdrawn { by: seen.number, because: because(seen) }
        } else if let Some(seen) = word(Kind::Correction) {
            Status::Corrected { by: seen.number, because: because(seen) }
        } else if newest == number {
            Status::Current
        } else {
            Status::Superseded { by: newest }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(number: u64, kind: Kind, concerns: &[u64]) -> Seen {
        let reason = (kind != Kind::Ordinary).then(|| format!("reason {number}"));
        Seen { number, sha256: format!("{number:064}"), kind, concerns: concerns.to_vec(), reason }
    }

    #[test]
    fn the_last_word_counts() {
        let mut chain = Chain::default();
        chain.add_later(vec![
            seen(5, Kind::Correction, &[3, 4]),
            seen(4, Kind::Withdrawal, &[3]),
            seen(3, Kind::Ordinary, &[]),
        ]);
        chain.add_earlier(vec![seen(2, Kind::Ordinary, &[])]);
        assert_eq!(chain.oldest().map(|seen| seen.number), Some(2));
        assert_eq!(chain.status(2), Status::Superseded { by: 5 });
        assert_eq!(chain.status(3), Status::Withdrawn { by: 4, because: "reason 4".into() });
        assert_eq!(chain.status(4), Status::Corrected { by: 5, because: "reason 5".into() });
        assert_eq!(chain.status(5), Status::Current);
    }
}
