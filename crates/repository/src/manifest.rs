//! An edition's manifest: a small document that says whose edition it is, its number, the one before, and its parts by
//! hash. The SHA-256 of its bytes is the name of the edition; quotes cite it.

use crate::name::{self, NameError, Place};
use crate::sha256_hex;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tidewaiter::record::edition::Edition as Head;

/// What a manifest begins with.
pub const FORMAT: &str = "tidewaiter-edition/1";
/// The part of a target's name under which an authority's newest manifest stands.
pub const NAME: &str = "edition.json";
/// Largest manifest, in bytes.
pub const MOST_BYTES: u64 = 4 << 20;
/// Most parts of an edition.
pub const MOST_PARTS: usize = 5_000;
/// Most bytes of a part as stored, and unpacked.
pub const MOST_PART_BYTES: u64 = 256 << 20;

/// What an edition is to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// New law, new rates.
    Ordinary,
    /// Something in an earlier edition was wrong.
    Correction,
    /// An earlier edition must not be used; this one says what holds instead.
    Withdrawal,
}

impl Kind {
    /// The word in the manifest.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Correction => "correction",
            Self::Withdrawal => "withdrawal",
        }
    }
}

/// An immutable, numbered set of records that one authority publishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Name of the authority, as the repository admitted it.
    pub authority: String,
    /// 1, then one more each time.
    pub number: u64,
    /// SHA-256 of the manifest before; absent for number 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// What it is to the ones before.
    pub kind: Kind,
    /// Numbers of the editions that it corrects or withdraws.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concerns: Vec<u64>,
    /// Why, in a sentence: needed for corrections and withdrawals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the authority made it.
    pub issued: Timestamp,
    /// Not to be published before this moment (embargo).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Day by which the authority promises the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due: Option<Date>,
    /// Laws and notices that it carries out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal: Vec<Legal>,
    /// Head of its records: title, territory, currency, days, licence.
    pub head: Head,
    /// Its parts, by name.
    pub parts: Vec<Part>,
}

/// A law or notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Legal {
    /// As it is cited: "Finance Act 2026, s. 12".
    pub title: String,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Day it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// Day it takes effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<Date>,
}

/// Some records, or a file, of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `tariff-61.ndjson.zst`. What is not packed does not end in `.zst`.
    pub name: String,
    /// Where it stands in a data folder; absent for records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// How many records it holds; lines of a file.
    pub records: u64,
    /// Size as stored.
    pub bytes: u64,
    /// SHA-256 as stored.
    pub sha256: String,
    /// Size unpacked.
    pub content_bytes: u64,
    /// SHA-256 unpacked.
    pub content_sha256: String,
    /// First day on which one of its records is in force; absent where one always was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// First day on which none is any longer; absent where one is in force without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Date>,
}

/// Why bytes are no manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not the JSON of a manifest.
    #[error("the manifest cannot be read: {0}")]
    Read(String),
    /// A name is not one.
    #[error("the manifest has a bad name: {0}")]
    Name(#[from] NameError),
    /// It contradicts itself.
    #[error("the manifest is wrong: {0}")]
    Wrong(String),
}

impl Manifest {
    /// Its bytes: JSON with fields in the order of this type, no spaces, a line feed at the end.
    ///
    /// # Errors
    /// Never for a manifest that was read; kept so that nothing panics.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ManifestError> {
        let mut bytes = serde_json::to_vec(self).map_err(|e| ManifestError::Read(e.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// [`ManifestError`] where the bytes are not one, a name is unsafe, or it contradicts itself.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ManifestError> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(ManifestError::Read(format!("it is larger than {MOST_BYTES} bytes")));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|e| ManifestError::Read(e.to_string()))?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The name of the edition: SHA-256 of [`Self::to_bytes`].
    ///
    /// # Errors
    /// As [`Self::to_bytes`].
    pub fn hash(&self) -> Result<String, ManifestError> {
        Ok(sha256_hex(&self.to_bytes()?))
    }

    /// Whether a manifest can be this: known format, safe names, a chain that can be followed, parts named once.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn check(&self) -> Result<(), ManifestError> {
        let wrong = |what: String| Err(ManifestError::Wrong(what));
        if self.format != FORMAT {
            return wrong(format!("its format is \"{}\", and this program reads {FORMAT}", self.format));
        }
        name::authority(&self.authority)?;
        match (&self.previous, self.number) {
            (None, 1) => {}
            (Some(hash), 2..) if name::is_hash(hash) => {}
            (_, number) => {
                return wrong(format!(
                    "edition {number} must name the one before by its SHA-256, and only edition 1 names none"
                ));
            }
        }
        let explained = self.reason.as_ref().is_some_and(|r| !r.trim().is_empty());
        match self.kind {
            Kind::Ordinary if !self.concerns.is_empty() => {
                return wrong("an ordinary edition corrects and withdraws nothing".into());
            }
            Kind::Correction | Kind::Withdrawal if self.concerns.is_empty() || !explained => {
                return wrong(format!("a {} says which editions it concerns, and why", self.kind.word()));
            }
            _ => {}
        }
        if let Some(later) = self.concerns.iter().find(|n| **n >= self.number || **n == 0) {
            return wrong(format!("edition {} concerns edition {later}, which is not an earlier one", self.number));
        }
        if self.parts.len() > MOST_PARTS {
            return wrong(format!("it has more than {MOST_PARTS} parts"));
        }
        for (part, before) in self.parts.iter().zip([None].into_iter().chain(self.parts.iter().map(Some))) {
            part.check()?;
            if before.is_some_and(|before| before.name >= part.name) {
                return wrong(format!("part {} is not in the order of names, or named twice", part.name));
            }
        }
        Ok(())
    }

    /// The part of a name.
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.parts.binary_search_by(|part| part.name.as_str().cmp(name)).ok().and_then(|at| self.parts.get(at))
    }
}

impl Part {
    fn check(&self) -> Result<(), ManifestError> {
        name::part(&self.name)?;
        if let Some(file) = &self.file {
            Place::new(file)?;
        }
        if self.name == NAME {
            return Err(ManifestError::Wrong(format!("no part may be called {NAME}")));
        }
        if !name::is_hash(&self.sha256) || !name::is_hash(&self.content_sha256) {
            return Err(ManifestError::Wrong(format!("the hashes of part {} are not SHA-256", self.name)));
        }
        if self.bytes > MOST_PART_BYTES || self.content_bytes > MOST_PART_BYTES {
            return Err(ManifestError::Wrong(format!("part {} is larger than {MOST_PART_BYTES} bytes", self.name)));
        }
        Ok(())
    }

    /// Whether it is kept packed (Zstandard).
    pub fn is_packed(&self) -> bool {
        self.name.ends_with(".zst")
    }
}
