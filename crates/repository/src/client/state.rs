//! What a local copy knows: `state.json`. It only ever goes forward: versions of roles, numbers of editions. It carries its
//! own checksum; where it is lost or damaged the copy begins again from the root it was given, and says so.

use super::ClientError;
use super::store::{ROOT, STATE, Store};
use crate::sha256_hex;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const FORMAT: &str = "tidewaiter-copy/1";

/// A verified role file that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    pub(super) version: u64,
    pub(super) sha256: String,
    pub(super) expires: Timestamp,
}

/// Something that is not as it should be, since when, and the sentence that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trouble {
    pub(super) since: Timestamp,
    pub(super) why: String,
}

/// The newest edition of an authority that was found good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Newest {
    pub(super) number: u64,
    pub(super) sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) next_due: Option<Date>,
    /// SHA-256 of the list of all its editions that were seen.
    pub(super) chain: String,
    /// Last moment at which it was known to be the newest.
    pub(super) verified: Timestamp,
}

/// What is known of one authority.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<Kept>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) edition: Option<Newest>,
    /// What it publishes now is not authentic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<Trouble>,
    /// It has published something that could not be fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) behind: Option<Trouble>,
    /// Since when the repository no longer admits it, as this copy saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) dismissed: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    format: String,
    /// Roots by SHA-256, from the one that was given to the newest.
    pub(super) roots: Vec<String>,
    pub(super) root_expires: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) timestamp: Option<Kept>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) snapshot: Option<Kept>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) targets: Option<Kept>,
    /// SHA-256 of the list of authorities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) list: Option<String>,
    /// The mirror was reached, and what it gave for the repository as a whole was not authentic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) trouble: Option<Trouble>,
    pub(super) authorities: BTreeMap<String, Held>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    sha256: String,
    state: State,
}

impl State {
    /// What is known at the beginning: one root.
    pub(super) fn new(root_sha256: String, root_expires: Timestamp) -> Self {
        Self {
            format: FORMAT.to_owned(),
            roots: vec![root_sha256],
            root_expires,
            timestamp: None,
            snapshot: None,
            targets: None,
            list: None,
            trouble: None,
            authorities: BTreeMap::new(),
        }
    }

    /// Reads what counts. Where it is lost or damaged: what is known at the beginning, and a sentence that says so.
    pub(super) fn load(store: &Store) -> Result<(Self, Option<String>), ClientError> {
        let Some(given) = store.read(ROOT)? else {
            return Err(ClientError::NotACopy(store.folder().display().to_string()));
        };
        let lost = match store.read(STATE)? {
            None => "is missing",
            Some(bytes) => match Self::unseal(&bytes) {
                None => "is damaged",
                Some(state) if state.roots.first() != Some(&sha256_hex(&given)) => "belongs to another root.json",
                Some(state) if !state.has_roots(store)? => "names a root that is missing or damaged",
                Some(state) => return Ok((state, None)),
            },
        };
        let root = super::update::given_root(&given)?;
        store.create()?;
        // What a root names must be here before it is named.
        let state = Self::new(store.put(&given)?, root.expires);
        let says = format!(
            "{STATE} in {} {lost}. The copy begins again from the root it was given: run an update. Until then nothing is \
             known here, and an older state of the repository would not be noticed.",
            store.folder().display()
        );
        Ok((state, Some(says)))
    }

    fn has_roots(&self, store: &Store) -> Result<bool, ClientError> {
        for sha256 in &self.roots {
            if store.get(sha256)?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn unseal(bytes: &[u8]) -> Option<Self> {
        let sealed: Sealed = serde_json::from_slice(bytes).ok()?;
        let same = sealed.state.format == FORMAT && sealed.state.checksum()? == sealed.sha256;
        same.then_some(sealed.state)
    }

    fn checksum(&self) -> Option<String> {
        serde_json::to_vec(self).ok().map(|bytes| sha256_hex(&bytes))
    }

    /// Makes this what counts, at once and for good.
    pub(super) fn commit(&self, store: &Store) -> Result<(), ClientError> {
        let sealed = Sealed { sha256: self.checksum().unwrap_or_default(), state: self.clone() };
        let bytes = serde_json::to_vec(&sealed)
            .map_err(|e| ClientError::Disk { path: STATE.to_owned(), error: std::io::Error::other(e) })?;
        store.replace(STATE, &bytes)
    }

    /// Names of all contents that are in use.
    pub(super) fn names(&self, store: &Store) -> Result<BTreeSet<String>, ClientError> {
        let mut names: BTreeSet<String> = self.roots.iter().cloned().collect();
        names.extend(
            [&self.timestamp, &self.snapshot, &self.targets].into_iter().flatten().map(|kept| kept.sha256.clone()),
        );
        names.extend(self.list.clone());
        for held in self.authorities.values() {
            names.extend(held.role.as_ref().map(|kept| kept.sha256.clone()));
            let Some(edition) = &held.edition else { continue };
            names.insert(edition.chain.clone());
            names.extend(super::chain::Chain::load(store, edition)?.kept_manifests());
            if let Some(manifest) = super::edition::manifest(store, edition)? {
                names.extend(manifest.parts.into_iter().map(|part| part.sha256));
            }
        }
        Ok(names)
    }
}
