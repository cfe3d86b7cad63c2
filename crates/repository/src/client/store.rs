//! The files of a local copy. Everything but two files is named by the SHA-256 of its content, so that writing it again,
//! or being stopped while writing it, changes nothing. What counts is said by `state.json` alone, which is replaced whole.

use super::ClientError;
use crate::{name, sha256_hex};
use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The root that the reader began with.
pub(super) const ROOT: &str = "root.json";
/// What counts.
pub(super) const STATE: &str = "state.json";
const FILES: &str = "files";
const LOCK: &str = "lock";
/// A file that is not whole yet.
const UNFINISHED: &str = "part";

/// Called before each step of a write, with the step's name: a test stops there.
#[doc(hidden)]
pub type Watch = Arc<dyn Fn(&'static str) -> io::Result<()> + Send + Sync>;

#[derive(Clone)]
pub(super) struct Store {
    folder: PathBuf,
    pub(super) watch: Option<Watch>,
}

impl Store {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), watch: None }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn file(&self, sha256: &str) -> PathBuf {
        self.folder.join(FILES).join(sha256)
    }

    /// Makes the folders.
    pub(super) fn create(&self) -> Result<(), ClientError> {
        let files = self.folder.join(FILES);
        std::fs::create_dir_all(&files).map_err(|e| told(&files, e))
    }

    /// One update at a time; let go when dropped, and by the system when the program is stopped.
    pub(super) fn lock(&self) -> Result<File, ClientError> {
        let path = self.folder.join(LOCK);
        let file = File::options().create(true).append(true).open(&path).map_err(|e| told(&path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(ClientError::Busy(self.folder.display().to_string())),
            Err(TryLockError::Error(e)) => Err(told(&path, e)),
        }
    }

    /// Replaces `root.json` or `state.json` whole, after everything that it names is safe on the disk.
    pub(super) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), ClientError> {
        sync_folder(&self.folder.join(FILES))?;
        let path = self.folder.join(name);
        self.write(&path, bytes).map_err(|e| told(&path, e))?;
        sync_folder(&self.folder)
    }

    /// `root.json` or `state.json`.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, ClientError> {
        let path = self.folder.join(name);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(told(&path, e)),
        }
    }

    /// Keeps a content; its SHA-256.
    pub(super) fn put(&self, bytes: &[u8]) -> Result<String, ClientError> {
        let sha256 = sha256_hex(bytes);
        if self.get(&sha256)?.is_none() {
            let path = self.file(&sha256);
            self.write(&path, bytes).map_err(|e| told(&path, e))?;
        }
        Ok(sha256)
    }

    /// A content, if it is here and undamaged.
    pub(super) fn get(&self, sha256: &str) -> Result<Option<Vec<u8>>, ClientError> {
        if !name::is_hash(sha256) {
            return Ok(None);
        }
        let path = self.file(sha256);
        match std::fs::read(&path) {
            Ok(bytes) => Ok((sha256_hex(&bytes) == sha256).then_some(bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(told(&path, e)),
        }
    }

    /// Whether a content of that size is here. Damage is found when it is read.
    pub(super) fn holds(&self, sha256: &str, bytes: u64) -> bool {
        name::is_hash(sha256) && std::fs::metadata(self.file(sha256)).is_ok_and(|about| about.len() == bytes)
    }

    /// Removes what nobody names any longer, and what was never finished.
    pub(super) fn sweep(&self, keep: &BTreeSet<String>) -> Result<(), ClientError> {
        self.remove(|name| Ok(!keep.contains(name)))
    }

    /// Removes contents that are damaged, so that the next update fetches them again; how many.
    pub(super) fn remove_damaged(&self) -> Result<u64, ClientError> {
        let mut damaged = 0;
        self.remove(|name| {
            let bad = self.get(name)?.is_none();
            damaged += u64::from(bad);
            Ok(bad)
        })?;
        Ok(damaged)
    }

    fn remove(&self, mut goes: impl FnMut(&str) -> Result<bool, ClientError>) -> Result<(), ClientError> {
        let files = self.folder.join(FILES);
        for entry in std::fs::read_dir(&files).map_err(|e| told(&files, e))? {
            let entry = entry.map_err(|e| told(&files, e))?;
            if goes(&entry.file_name().to_string_lossy())? {
                let path = entry.path();
                self.at("remove").and_then(|()| std::fs::remove_file(&path)).map_err(|e| told(&path, e))?;
            }
        }
        Ok(())
    }

    /// The one way in which anything is written: beside, to the disk, then under its name.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let beside = path.with_extension(UNFINISHED);
        self.at("create")?;
        let mut file = File::create(&beside)?;
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        file.write_all(first)?;
        self.at("half")?;
        file.write_all(rest)?;
        self.at("sync")?;
        file.sync_all()?;
        self.at("rename")?;
        std::fs::rename(&beside, path)?;
        self.at("renamed")
    }

    fn at(&self, step: &'static str) -> io::Result<()> {
        self.watch.as_ref().map_or(Ok(()), |watch| watch(step))
    }
}

/// Makes new names in a folder survive a power cut. Only Unix lets a folder be opened for that.
fn sync_folder(folder: &Path) -> Result<(), ClientError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| told(folder, e))?;
    }
    Ok(())
}

fn told(path: &Path, error: io::Error) -> ClientError {
    ClientError::Disk { path: path.display().to_string(), error }
}
