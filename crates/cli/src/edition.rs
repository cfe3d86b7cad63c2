//! Edition files as commands read them.

use crate::errors::Failure;
use std::path::Path;
use tidewaiter::ratebook::compile::EditionFile;
use tidewaiter::record::edition::{Edition, Entry};
use tidewaiter_sources::{Account, Limits, edition};

/// An edition's head, hash and entries.
pub(crate) struct Opened {
    pub(crate) head: Edition,
    pub(crate) sha256: [u8; 32],
    pub(crate) entries: Vec<Entry>,
}

/// Reads an edition file whole.
///
/// # Errors
/// [`Failure::Usage`] with every line that is not an entry.
pub(crate) fn read(path: &Path) -> Result<Opened, Failure> {
    let mut account = Account::default();
    let mut entries = Vec::new();
    // An edition is held in memory, about ten bytes for each of its own.
    let limits = Limits { bytes: 1 << 30, ..Limits::default() };
    let read = edition::read(path, limits, &mut account, |entry| {
        entries.push(entry);
        Ok(())
    });
    let (head, sha256) = read.map_err(Failure::usage)?;
    if !account.is_clean() {
        let mut lines = vec![format!("{} is damaged: {} of its lines are no entries", path.display(), account.refused)];
        lines.extend(account.refusals.iter().take(20).map(ToString::to_string));
        return Err(Failure::Usage(lines));
    }
    Ok(Opened { head, sha256, entries })
}

/// Reads an edition file for the compiler.
///
/// # Errors
/// As [`read`], and where it names no territory.
pub(crate) fn open(path: &Path) -> Result<EditionFile, Failure> {
    let Opened { head, sha256, entries } = read(path)?;
    let name = path.display().to_string();
    EditionFile::new(&name, sha256, std::iter::once(Entry::Edition(head)).chain(entries)).map_err(Failure::usage)
}
