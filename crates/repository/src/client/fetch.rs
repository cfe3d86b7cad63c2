//! Fetching, with what went wrong sorted by what follows from it.

use super::ClientError;
use super::mirror::{Mirror, MirrorError};
use super::report::Fetched;
use crate::{name, sha256_hex};

/// Why something could not be brought up to date.
pub(crate) enum Failure {
    /// What the mirror gave is not authentic. Nothing of it is used.
    Wrong(String),
    /// The mirror does not have it. That says nothing about what was published.
    Missing(String),
    /// The mirror cannot be reached, or is too slow.
    Unreachable(String),
    /// This machine cannot write or read its own copy. The update ends.
    Local(ClientError),
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Local(error)
    }
}

impl From<MirrorError> for Failure {
    fn from(error: MirrorError) -> Self {
        match error {
            MirrorError::Unreachable { .. } | MirrorError::Elsewhere { .. } | MirrorError::TooSlow { .. } => {
                Self::Unreachable(error.to_string())
            }
            MirrorError::TooLarge { .. } | MirrorError::Path(_) => Self::Wrong(error.to_string()),
        }
    }
}

/// A sentence that refuses.
pub(super) fn wrong<T>(why: String) -> Result<T, Failure> {
    Err(Failure::Wrong(why))
}

/// A file as signed metadata lists it.
pub(super) struct Pinned<'a> {
    /// Its path on the mirror.
    pub(super) path: String,
    /// Its size, or the most that it may have.
    pub(super) most: u64,
    /// Its SHA-256.
    pub(super) sha256: &'a str,
}

/// After so many failures to reach a mirror it is not asked again in the same update.
const MOST_UNREACHED: usize = 3;

/// A mirror, and what was fetched from it.
pub(super) struct Fetcher<'a> {
    mirror: &'a dyn Mirror,
    pub(super) fetched: Fetched,
    unreached: Vec<String>,
}

impl<'a> Fetcher<'a> {
    pub(super) fn new(mirror: &'a dyn Mirror) -> Self {
        Self { mirror, fetched: Fetched::default(), unreached: Vec::new() }
    }

    /// A file of unknown content, if it is there.
    pub(super) fn get(&mut self, path: &str, most: u64) -> Result<Option<Vec<u8>>, Failure> {
        if let (true, Some(why)) = (self.unreached.len() >= MOST_UNREACHED, self.unreached.last()) {
            return Err(Failure::Unreachable(why.clone()));
        }
        let read = self.mirror.read(path, most).map_err(Failure::from);
        if let Err(Failure::Unreachable(why)) = &read {
            self.unreached.push(why.clone());
        }
        let Some(bytes) = read? else { return Ok(None) };
        self.fetched.files += 1;
        self.fetched.bytes += bytes.len() as u64;
        // A mirror should have stopped by itself.
        if bytes.len() as u64 > most {
            return Err(MirrorError::TooLarge { path: path.to_owned(), most }.into());
        }
        Ok(Some(bytes))
    }

    /// A file of known hash.
    pub(super) fn pinned(&mut self, file: &Pinned<'_>) -> Result<Vec<u8>, Failure> {
        if !name::is_hash(file.sha256) {
            return wrong(format!("the hash that is listed for {} is not a SHA-256", file.path));
        }
        let Some(bytes) = self.get(&file.path, file.most)? else {
            return Err(Failure::Missing(format!("{} is listed, and the mirror does not have it", file.path)));
        };
        let found = sha256_hex(&bytes);
        if found != file.sha256 {
            return wrong(format!("{} is altered: its SHA-256 is {found}, and {} was signed", file.path, file.sha256));
        }
        Ok(bytes)
    }
}
