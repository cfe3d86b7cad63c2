//! Where published files are read from. A mirror is trusted with nothing: what it gives is held against hashes and
//! signatures by others. Here it is only kept from doing harm on the way: sizes and times are bounded, and no path leads out.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Longest path of a published file, in bytes: a hash, two names, and what stands between.
const MOST_PATH_BYTES: usize = 256;

/// Why a mirror gives no answer. That a file is not there is an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MirrorError {
    /// It cannot be reached or read.
    #[error("{path} cannot be read from the mirror: {why}")]
    Unreachable {
        /// What was asked for.
        path: String,
        /// What went wrong.
        why: String,
    },
    /// It sends too slowly.
    #[error("{path} did not arrive within {seconds} seconds")]
    TooSlow {
        /// What was asked for.
        path: String,
        /// How long was waited.
        seconds: u64,
    },
    /// It sends more than the file can have.
    #[error("{path} is larger than the {most} bytes that it may have")]
    TooLarge {
        /// What was asked for.
        path: String,
        /// Most bytes.
        most: u64,
    },
    /// The path is not one of a published file.
    #[error("\"{0}\" is not the path of a published file")]
    Path(String),
    /// It points elsewhere.
    #[error("the mirror sends {path} on to another address ({to}); if you trust that address, give it as the mirror")]
    Elsewhere {
        /// What was asked for.
        path: String,
        /// The other address, cut short.
        to: String,
    },
}

/// Published files: a folder, a [bundle](super::bundle::BundleMirror), [a web address](super::http::HttpMirror).
pub trait Mirror {
    /// The bytes of a file, or nothing where it is not there. The path is relative: `metadata/timestamp.json`.
    ///
    /// # Errors
    /// [`MirrorError`] where the file has more than `most` bytes, or cannot be read. An implementation stops reading there.
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, MirrorError>;
}

/// Whether a path can be that of a published file: two words, a letter or digit first, then letters, digits, `.`, `_`, `-`.
pub fn is_published(path: &str) -> bool {
    let word = |word: &str| {
        word.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    path.len() <= MOST_PATH_BYTES
        && path.split_once('/').is_some_and(|(folder, file)| matches!(folder, "metadata" | "targets") && word(file))
}

/// Refuses a path that is not one of a published file.
pub(super) fn check(path: &str) -> Result<(), MirrorError> {
    if is_published(path) { Ok(()) } else { Err(MirrorError::Path(path.escape_debug().take(80).collect())) }
}

/// Reads to the end, or to one byte more than there may be.
///
/// # Errors
/// [`MirrorError::TooLarge`] where there is more; [`MirrorError::Unreachable`] where reading fails.
pub fn read_bounded(reader: impl Read, path: &str, most: u64) -> Result<Vec<u8>, MirrorError> {
    let mut bytes = Vec::new();
    let read = reader.take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|e| MirrorError::Unreachable { path: path.to_owned(), why: e.to_string() })?;
    if bytes.len() as u64 > most {
        return Err(MirrorError::TooLarge { path: path.to_owned(), most });
    }
    Ok(bytes)
}

/// A folder that holds `metadata/` and `targets/`.
#[derive(Debug, Clone)]
pub struct FolderMirror(PathBuf);

impl FolderMirror {
    /// The folder of a path.
    pub fn new(folder: impl AsRef<Path>) -> Self {
        Self(folder.as_ref().to_owned())
    }
}

impl Mirror for FolderMirror {
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, MirrorError> {
        check(path)?;
        let told = |why: String| MirrorError::Unreachable { path: path.to_owned(), why };
        if !self.0.is_dir() {
            return Err(told(format!("{} is not a folder", self.0.display())));
        }
        let full = self.0.join(path);
        match std::fs::metadata(&full) {
            // Opening a pipe or a device could wait for ever.
            Ok(about) if !about.is_file() => return Err(told("it is not a file".into())),
            Ok(_) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(told(e.to_string())),
        }
        read_bounded(File::open(&full).map_err(|e| told(e.to_string()))?, path, most).map(Some)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test says so")]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_nowhere_else() {
        for good in ["metadata/timestamp.json", "metadata/1.root.json", "targets/0a.qq--edition.json"] {
            assert!(is_published(good), "{good}");
        }
        let long = format!("targets/{}", "a".repeat(300));
        for bad in [
            "",
            "metadata/",
            "metadata",
            "/metadata/x",
            "metadata//x",
            "metadata/../x",
            "metadata/..",
            "targets/.x",
            "targets/a/b",
            "targets/a\\b",
            "targets/a\0b",
            "targets/%2e%2e",
            "other/x",
            "targets/a b",
            "targets/é",
            &long,
        ] {
            assert!(!is_published(bad), "{bad}");
            assert!(matches!(FolderMirror::new(".").read(bad, 9), Err(MirrorError::Path(_))), "{bad}");
        }
    }

    #[test]
    fn what_never_ends_is_left() {
        let endless = std::io::repeat(b'x');
        let error = read_bounded(endless, "targets/x", 10).unwrap_err();
        assert_eq!(error.to_string(), "targets/x is larger than the 10 bytes that it may have");
        assert_eq!(read_bounded(&b"0123456789"[..], "targets/x", 10).unwrap().len(), 10);
    }
}
