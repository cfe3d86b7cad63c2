//! Editions with rules of origin, which stand beside a ratebook.

use crate::edition;
use crate::errors::Failure;
use std::path::{Path, PathBuf};
use tidewaiter::record::edition::Entry;
use tidewaiter_sources::origin_rules::Book;

/// The entries that say how an origin is decided and proved.
#[derive(Debug, Default)]
pub(crate) struct Rules(Vec<Entry>);

impl Rules {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same, grouped for look-ups.
    pub(crate) fn book(&self) -> Book<'_> {
        Book::new(&self.0)
    }
}

/// Reads editions, and all editions of folders.
///
/// # Errors
/// [`Failure::Usage`] for a file that is no edition, and where no file has a rule of origin or a scheme.
pub(crate) fn open(paths: &[PathBuf]) -> Result<Rules, Failure> {
    let mut entries = Vec::new();
    for path in paths {
        let before = entries.len();
        for file in files(path)? {
            let read = edition::read(&file)?.entries.into_iter();
            entries.extend(read.filter(|entry| {
                matches!(entry, Entry::Program(_) | Entry::OriginRule(_) | Entry::Text(_) | Entry::Fact(_))
            }));
        }
        let has_rules = |entry: &Entry| matches!(entry, Entry::OriginRule(_) | Entry::Text(_));
        if !entries[before..].iter().any(has_rules) {
            return Err(Failure::usage(format!(
                "--origin-rules {}: it has no rules of origin; make such an edition with `tidewaiter import uk-origin` or `us-origin`",
                path.display()
            )));
        }
    }
    Ok(Rules(entries))
}

/// The file itself, or the editions of a folder by name.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let cannot = |e| Failure::usage(format!("--origin-rules {}: {e}", path.display()));
    let mut all = Vec::new();
    for file in std::fs::read_dir(path).map_err(cannot)? {
        let file = file.map_err(cannot)?.path();
        let name = file.display().to_string();
        if [".ndjson", ".ndjson.gz", ".ndjson.zst"].iter().any(|end| name.ends_with(end)) {
            all.push(file);
        }
    }
    all.sort();
    if all.is_empty() {
        return Err(Failure::usage(format!(
            "--origin-rules {}: the folder has no edition (.ndjson, .ndjson.gz or .ndjson.zst)",
            path.display()
        )));
    }
    Ok(all)
}
