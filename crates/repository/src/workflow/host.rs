//! Reading the static host: its files are taken at no word, bounded by size, and known by their hash or their signatures.

use super::Refusal;
use crate::sha256_hex;
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, UpdateVersion};
use std::sync::Arc;

/// What the static host has.
#[derive(Clone, Copy)]
pub(super) struct Host<'a>(pub(super) &'a Arc<dyn ObjectStore>);

/// A file of the static host.
pub(super) struct Found {
    pub(super) bytes: Vec<u8>,
    /// When it was written there.
    pub(super) written: Timestamp,
    /// By what the host tells whether it is still this one.
    pub(super) seen: UpdateVersion,
}

impl Host<'_> {
    /// A file, where it is there.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the host does not answer, or the file is larger than it can be.
    pub(super) async fn get(&self, path: &str, most: u64) -> Result<Option<Found>, Refusal> {
        let at = Path::parse(path).map_err(|e| Refusal::Unavailable(e.to_string()))?;
        let there = match self.0.get(&at).await {
            Ok(there) => there,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(Refusal::Unavailable(format!("the static host does not answer: {error}"))),
        };
        if there.meta.size > most {
            return Err(Refusal::Unavailable(format!("{path} at the static host is larger than {most} bytes")));
        }
        let seen = UpdateVersion { e_tag: there.meta.e_tag.clone(), version: there.meta.version.clone() };
        let written = Timestamp::from_second(there.meta.last_modified.timestamp()).unwrap_or(Timestamp::MIN);
        let bytes =
            there.bytes().await.map_err(|e| Refusal::Unavailable(format!("the static host does not answer: {e}")))?;
        Ok(Some(Found { bytes: bytes.to_vec(), written, seen }))
    }

    /// A file that must be there, and have a hash.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where it is not there, or is another one.
    pub(super) async fn pinned(&self, path: &str, sha256: &str, most: u64) -> Result<Found, Refusal> {
        let found = self.must(path, most).await?;
        if sha256_hex(&found.bytes) != sha256 {
            return Err(Refusal::Unavailable(format!("{path} is not the file that was signed")));
        }
        Ok(found)
    }

    /// A file that must be there.
    ///
    /// # Errors
    /// As [`Self::pinned`].
    pub(super) async fn must(&self, path: &str, most: u64) -> Result<Found, Refusal> {
        let none = || Refusal::Unavailable(format!("{path} is missing"));
        self.get(path, most).await?.ok_or_else(none)
    }
}
