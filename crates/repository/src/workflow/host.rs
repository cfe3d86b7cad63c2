//! Reading the static host: its files are taken at no word, bounded by size and by time, and known by their hash or their signatures.

use super::Refusal;
use super::distribute::{MOST_TIMESTAMP, TIMESTAMP};
use crate::sha256_hex;
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, UpdateVersion};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// How long the host may take to begin an answer, and the bytes for which it may take a second more. A host that accepts and never
/// answers must hold up nobody for longer.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
pub(super) const BYTES_A_SECOND: u64 = 64 << 10;
/// How long it may take to list a folder: pages of a thousand names.
const LISTING: Duration = Duration::from_secs(120);
/// Most files of `metadata/`: sixty days of a thousand editions a day are fewer.
const MOST_LISTED: usize = 1_000_000;

/// What the static host has.
#[derive(Clone, Copy)]
pub(super) struct Host<'a>(pub(super) &'a Arc<dyn ObjectStore>);

/// A file of the static host.
pub(super) struct Found {
    pub(super) bytes: Vec<u8>,
    /// When it was written there.
    pub(super) written: Timestamp,
    /// By what the host tells whether it is still this one.
    pub(super) seen: Seen,
}

/// By what the host tells one file of a name from the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    e_tag: Option<String>,
    version: Option<String>,
    modified: i64,
    size: u64,
}

impl From<&ObjectMeta> for Seen {
    fn from(meta: &ObjectMeta) -> Self {
        Self {
            e_tag: meta.e_tag.clone(),
            version: meta.version.clone(),
            modified: meta.last_modified.timestamp_millis(),
            size: meta.size,
        }
    }
}

impl From<Seen> for UpdateVersion {
    fn from(seen: Seen) -> Self {
        Self { e_tag: seen.e_tag, version: seen.version }
    }
}

impl Host<'_> {
    /// A file, where it is there.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the host does not answer in time; [`Refusal::Wrong`] where the file is larger than it can be.
    pub(super) async fn get(&self, path: &str, most: u64) -> Result<Option<Found>, Refusal> {
        let at = parsed(path)?;
        let there = match in_time(path, PATIENCE, self.0.get(&at)).await? {
            Ok(there) => there,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(away(&error)),
        };
        let size = there.meta.size;
        if size > most {
            return Err(Refusal::Wrong(format!("{path} at the static host is larger than {most} bytes")));
        }
        let seen = Seen::from(&there.meta);
        let written = Timestamp::from_second(there.meta.last_modified.timestamp()).unwrap_or(Timestamp::MIN);
        let patience = PATIENCE + Duration::from_secs(size / BYTES_A_SECOND);
        let bytes = in_time(path, patience, there.bytes()).await?.map_err(|e| away(&e))?;
        Ok(Some(Found { bytes: bytes.to_vec(), written, seen }))
    }

    /// Its timestamp. One that is larger than any can be is empty here: it is none, and may be replaced.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the host does not answer in time.
    pub(super) async fn timestamp(&self) -> Result<Option<Found>, Refusal> {
        match self.get(TIMESTAMP, MOST_TIMESTAMP).await {
            Err(Refusal::Wrong(_)) => {
                let seen = self.seen(TIMESTAMP, PATIENCE).await?;
                Ok(seen.map(|seen| Found { bytes: Vec::new(), written: Timestamp::MIN, seen }))
            }
            other => other,
        }
    }

    /// By what the host tells which file of a name it has, where it has one.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the host does not answer in time.
    pub(super) async fn seen(&self, path: &str, patience: Duration) -> Result<Option<Seen>, Refusal> {
        match in_time(path, patience, self.0.head(&parsed(path)?)).await? {
            Ok(meta) => Ok(Some(Seen::from(&meta))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(away(&error)),
        }
    }

    /// The files of `metadata/`.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the host does not answer in time; [`Refusal::Wrong`] where there are too many.
    pub(super) async fn metadata(&self) -> Result<Vec<ObjectMeta>, Refusal> {
        let folder = Path::from("metadata");
        let all = in_time("the list of metadata/", LISTING, self.0.list_with_delimiter(Some(&folder))).await?;
        let all = all.map_err(|e| away(&e))?.objects;
        if all.len() > MOST_LISTED {
            return Err(Refusal::Wrong(format!("metadata/ at the static host has more than {MOST_LISTED} files")));
        }
        Ok(all)
    }

    /// The highest version of each role of which `metadata/` has a file.
    ///
    /// # Errors
    /// As [`Self::metadata`].
    pub(super) async fn highest(&self) -> Result<BTreeMap<String, u64>, Refusal> {
        let mut highest = BTreeMap::new();
        for file in self.metadata().await? {
            let found = file.location.filename().and_then(role_of);
            if let Some((version, role)) = found.filter(|(_, role)| *role != "timestamp") {
                let known: &mut u64 = highest.entry(role.to_owned()).or_default();
                *known = version.max(*known);
            }
        }
        Ok(highest)
    }

    /// Removes a file, where it is there.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the host does not do it in time.
    pub(super) async fn delete(&self, path: &Path) -> Result<(), Refusal> {
        match in_time(path.as_ref(), PATIENCE, self.0.delete(path)).await? {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// A file that must be there, and have a hash.
    ///
    /// # Errors
    /// [`Refusal::Wrong`] where it is not there, or is another one; [`Refusal::Unavailable`] where the host does not answer.
    pub(super) async fn pinned(&self, path: &str, sha256: &str, most: u64) -> Result<Found, Refusal> {
        let found = self.must(path, most).await?;
        if sha256_hex(&found.bytes) != sha256 {
            return Err(Refusal::Wrong(format!("{path} is not the file that was signed")));
        }
        Ok(found)
    }

    /// A file that must be there.
    ///
    /// # Errors
    /// As [`Self::pinned`].
    pub(super) async fn must(&self, path: &str, most: u64) -> Result<Found, Refusal> {
        let none = || Refusal::Wrong(format!("{path} is missing"));
        self.get(path, most).await?.ok_or_else(none)
    }
}

/// Version and role of a file of `metadata/`; the timestamp has no version in its name.
pub(super) fn role_of(name: &str) -> Option<(u64, &str)> {
    let (version, role) = name.strip_suffix(".json")?.split_once('.')?;
    Some((version.parse().ok()?, role))
}

fn parsed(path: &str) -> Result<Path, Refusal> {
    Path::parse(path).map_err(|e| Refusal::Unavailable(e.to_string()))
}

fn away(error: &object_store::Error) -> Refusal {
    Refusal::Unavailable(format!("the static host does not answer: {error}"))
}

async fn in_time<T>(what: &str, patience: Duration, work: impl Future<Output = T>) -> Result<T, Refusal> {
    let late =
        |_| Refusal::Unavailable(format!("the static host did not answer for {what} in {} s", patience.as_secs()));
    tokio::time::timeout(patience, work).await.map_err(late)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_that_never_answers_is_given_up() {
        let never = std::future::pending::<()>();
        let told =
            in_time("metadata/timestamp.json", Duration::ZERO, never).await.map_err(|refusal| refusal.to_string());
        assert_eq!(told, Err("the static host did not answer for metadata/timestamp.json in 0 s".to_owned()));
    }
}
