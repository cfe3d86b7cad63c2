//! Editions that are no longer the newest: found by the hash that a quote cites, fetched back along the chain.

use super::authority::MOST_STEPS;
use super::chain::{Chain, Seen, Status};
use super::edition::{self, Past};
use super::fetch::{Failure, Fetcher, Pinned};
use super::mirror::Mirror;
use super::state::{Newest, State};
use super::update::Update;
use super::{Client, ClientError};
use crate::manifest::{self, MOST_BYTES, Manifest};
use crate::metadata::target_file;
use crate::{name, parts};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Which edition of an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// By its number.
    Number(u64),
    /// By its SHA-256.
    Edition(&'a str),
}

impl Which<'_> {
    fn is(self, seen: &Seen) -> bool {
        match self {
            Self::Number(number) => seen.number == number,
            Self::Edition(sha256) => seen.sha256 == sha256,
        }
    }
}

/// An edition that a copy knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Whose it is.
    pub authority: String,
    /// Its number.
    pub number: u64,
    /// What has become of it.
    #[serde(flatten)]
    pub status: Status,
}

impl Client {
    /// What is known of an edition that a quote cites: whose it is, its number, and what has become of it. Nothing where this
    /// copy has not seen it: a copy sees editions from its first update on, and earlier ones when they are asked for with
    /// [`Self::edition_at`].
    ///
    /// # Errors
    /// [`ClientError`] where the disk fails.
    pub fn find(&self, sha256: &str) -> Result<Option<Found>, ClientError> {
        for (id, held) in &self.state.authorities {
            let Some(newest) = &held.edition else { continue };
            let chain = Chain::load(&self.store, newest)?;
            if let Some(seen) = chain.find(|seen| seen.sha256 == sha256) {
                let status = chain.status(seen.number);
                return Ok(Some(Found { authority: id.clone(), number: seen.number, status }));
            }
        }
        Ok(None)
    }

    /// An edition of an authority, whole: from here, or back along the chain from a mirror. What is met on the way is
    /// remembered.
    ///
    /// # Errors
    /// [`ClientError::NoEdition`] where there is none such, or the mirror does not have it or gives it altered; others where
    /// this machine fails.
    pub fn edition_at(&mut self, authority: &str, which: Which<'_>, mirror: &dyn Mirror) -> Result<Past, ClientError> {
        let _one = self.store.lock()?;
        (self.state, _) = State::load(&self.store)?;
        let held = self.state.authorities.get(authority).and_then(|held| held.edition.clone());
        let newest = held.ok_or_else(|| ClientError::NoEdition(format!("no edition of {authority} is known here")))?;
        let from = Fetcher::new(mirror);
        let mut update = Update { store: &self.store, state: &mut self.state, from, now: Timestamp::UNIX_EPOCH };
        let found = update.find_back(authority, &newest, which).and_then(|(seen, status)| {
            let manifest = update.manifest_of(authority, &seen.sha256)?;
            let parts = update.parts_of(&manifest)?;
            Ok(Past { manifest, sha256: seen.sha256, status, parts })
        });
        found.map_err(|failure| match failure {
            Failure::Local(error) => error,
            other => ClientError::NoEdition(other.words()),
        })
    }
}

impl Update<'_> {
    /// Looks for an edition in the chain, and lengthens it backwards as far as needed.
    fn find_back(&mut self, id: &str, newest: &Newest, which: Which<'_>) -> Result<(Seen, Status), Failure> {
        let mut chain = Chain::load(self.store, newest)?;
        let mut found = chain.find(|seen| which.is(seen)).cloned();
        let oldest = chain.oldest().cloned();
        let below = |oldest: &Seen| !matches!(which, Which::Number(number) if number >= oldest.number || number == 0);
        if let (None, Some(oldest)) = (&found, oldest.filter(below)) {
            let mut met = Vec::new();
            let mut at = self.manifest_of(id, &oldest.sha256)?;
            while found.is_none() && at.previous.is_some() && (met.len() as u64) < MOST_STEPS {
                let (earlier, sha256, _) = self.earlier(id, &at)?;
                let seen = Seen::of(&earlier, &sha256);
                found = which.is(&seen).then(|| seen.clone());
                met.push(seen);
                at = earlier;
            }
            chain.add_earlier(met);
            let name = chain.put(self.store)?;
            if let Some(edition) = self.state.authorities.get_mut(id).and_then(|held| held.edition.as_mut()) {
                edition.chain = name;
            }
            self.state.commit(self.store)?;
        }
        let seen = found.ok_or_else(|| {
            let asked = match which {
                Which::Number(number) => format!("edition {number}"),
                Which::Edition(sha256) => format!("an edition {}", super::update::cut(sha256)),
            };
            Failure::Missing(format!(
                "{id} has not published {asked}, as far as this copy can follow its editions back"
            ))
        })?;
        let status = chain.status(seen.number);
        Ok((seen, status))
    }

    fn manifest_of(&mut self, id: &str, sha256: &str) -> Result<Manifest, Failure> {
        let path = format!("targets/{}", target_file(sha256, &name::target(id, manifest::NAME)));
        let bytes = match self.store.get(sha256)? {
            Some(bytes) => bytes,
            None => self.from.pinned(&Pinned { path, most: MOST_BYTES, sha256 })?,
        };
        Manifest::from_bytes(&bytes).map_err(|e| Failure::Wrong(e.to_string()))
    }

    fn parts_of(&mut self, manifest: &Manifest) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
        let mut all = BTreeMap::new();
        let sizes = manifest.parts.iter().map(|part| part.bytes).fold(0, u64::saturating_add);
        if sizes > edition::MOST_STORED_BYTES {
            return Err(Failure::Wrong(format!("its parts have more than {} bytes", edition::MOST_STORED_BYTES)));
        }
        for part in &manifest.parts {
            let bytes = match self.store.get(&part.sha256)? {
                Some(bytes) => bytes,
                None => {
                    let path = target_file(&part.sha256, &name::target(&manifest.authority, &part.name));
                    self.from.pinned(&Pinned {
                        path: format!("targets/{path}"),
                        most: part.bytes,
                        sha256: &part.sha256,
                    })?
                }
            };
            parts::content(part, &bytes).map_err(|e| Failure::Wrong(e.to_string()))?;
            all.insert(part.name.clone(), bytes);
        }
        Ok(all)
    }
}
