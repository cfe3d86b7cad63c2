//! Keys of those who may ask more often. The service keeps the SHA-256 of each, never the key.
//!
//! ```toml
//! [[key]]
//! name   = "shop of Ana"
//! sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
//! ```

use arc_swap::ArcSwap;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// What a key begins with, so that one that leaks is recognised.
pub const PREFIX: &str = "twk_";
/// Most keys of a file.
const MOST: usize = 100_000;

/// Keys of those who may ask more often. A copy is the same keys, also after [`Keys::replace`].
#[derive(Debug, Clone, Default)]
pub struct Keys(Arc<ArcSwap<HashMap<[u8; 32], String>>>);

/// What is wrong with a file of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysError(String);

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeysError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    key: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    sha256: String,
}

impl Keys {
    /// From the SHA-256 of each key and its holder's name.
    pub fn new(keys: impl IntoIterator<Item = ([u8; 32], String)>) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(keys.into_iter().collect())))
    }

    /// Reads a file of keys.
    ///
    /// # Errors
    /// The row that is wrong, and why, without a word of the file.
    ///
    /// ```
    /// use tidewaiter_portal::guard::keys::Keys;
    /// let row = Keys::row("shop of Ana", "twk_secret");
    /// assert!(!Keys::read(&row)?.is_empty());
    /// assert!(Keys::read("[[key]]\nname = \"Ana\"\nsha256 = \"twk_secret\"").is_err());
    /// # Ok::<(), tidewaiter_portal::guard::keys::KeysError>(())
    /// ```
    pub fn read(text: &str) -> Result<Self, KeysError> {
        // What the reader of TOML says quotes the file, and somebody may have written a key into it: only the line is told.
        let file: File = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            KeysError(format!(
                "line {line} is wrong: the file has rows [[key]], each with name and sha256 as texts and nothing else"
            ))
        })?;
        if file.key.len() > MOST {
            return Err(KeysError(format!("{} keys are more than {MOST}", file.key.len())));
        }
        let mut keys = HashMap::with_capacity(file.key.len());
        for (at, row) in file.key.into_iter().enumerate() {
            let number = at + 1;
            let Some(hash) = hash_of(&row.sha256) else {
                return Err(KeysError(format!(
                    "key {number}: sha256 must be 64 hexadecimal digits; `tidewaiter serve-key` prints the row"
                )));
            };
            if keys.insert(hash, row.name).is_some() {
                return Err(KeysError(format!("key {number} is there twice; each holder has one of their own")));
            }
        }
        Ok(Self::new(keys))
    }

    /// The row of a new key in the file of keys.
    pub fn row(name: &str, key: &str) -> String {
        let hex: String = Self::hash(key).iter().map(|byte| format!("{byte:02x}")).collect();
        // A text of TOML is quoted as one of JSON.
        let name = serde_json::Value::from(name.chars().filter(|c| !c.is_control()).collect::<String>());
        format!("[[key]]\nname = {name}\nsha256 = \"{hex}\"\n")
    }

    /// Puts other keys in their place: a key that is no longer among them is refused from now on.
    pub fn replace(&self, keys: &Self) {
        self.0.store(keys.0.load_full());
    }

    /// Whether none are given out.
    pub fn is_empty(&self) -> bool {
        self.0.load().is_empty()
    }

    /// The hash under which a key is kept.
    pub fn hash(key: &str) -> [u8; 32] {
        Sha256::digest(key.as_bytes()).into()
    }

    /// Whether somebody holds the key of a hash.
    pub(super) fn holds(&self, hash: &[u8; 32]) -> bool {
        self.0.load().contains_key(hash)
    }
}

fn hash_of(hex: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if hex.len() != 64 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_row_is_read_again() {
        let text = Keys::row("Ana \"the\nshop\"", "twk_1") + &Keys::row("Ben", "twk_2");
        let keys = Keys::read(&text).unwrap();
        assert!(keys.holds(&Keys::hash("twk_1")) && keys.holds(&Keys::hash("twk_2")));
        assert!(!keys.holds(&Keys::hash("twk_3")));
        assert!(!text.contains("twk_"), "the key itself is not in the file");
    }

    #[test]
    fn wrong_files_are_refused_with_their_row() {
        let twice = Keys::row("Ana", "twk_1").repeat(2);
        for (text, says) in [
            (twice.as_str(), "key 2 is there twice"),
            ("[[key]]\nname = \"Ana\"\nsha256 = \"twk_secret\"", "key 1: sha256"),
            ("[[key]]\nname = \"Ana\"", "line 1 is wrong"),
            ("[[keys]]\nname = \"Ana\"", "line 1 is wrong"),
            ("[[key]]\nname = \"Ana\"\ntwk_secret = 1", "line 3 is wrong"),
            ("[[key]]\nname = \"Ana\"\nsha256 = twk_secret", "line 3 is wrong"),
        ] {
            let error = Keys::read(text).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("twk_") && !error.contains("Ana"), "the file is not quoted: {error}");
        }
    }

    #[test]
    fn a_copy_hears_of_other_keys() {
        let keys = Keys::read(&Keys::row("Ana", "twk_1")).unwrap();
        let copy = keys.clone();
        keys.replace(&Keys::default());
        assert!(copy.is_empty() && !copy.holds(&Keys::hash("twk_1")));
    }
}
