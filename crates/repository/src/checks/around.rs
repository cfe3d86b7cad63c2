//! What stands around a draft and is not in it: the repository finds it and hands it to the checks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What stands around a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// Places of the files of the edition before: `economies/QQ.toml`.
    pub files_before: Vec<String>,
    /// With whose edition no ratebook could be made of it.
    pub misfits: Vec<Misfit>,
    /// It has general duties, and no rule of the territory takes its duty from the tariff.
    pub uncharged: bool,
    /// Approved editions of the same authority that wait for their hour.
    pub waiting: Vec<Waiting>,
}

/// An edition of another authority beside which a draft cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misfit {
    /// Whose, for people: "Customs of Z (zz)".
    pub whose: String,
    /// Number of their edition.
    pub number: u64,
    /// The record: file and path in it.
    pub place: String,
    /// Why the two cannot stand together.
    pub why: String,
}

/// An approved edition that waits for its hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// Its SHA-256.
    pub edition: String,
    /// Its number.
    pub number: u64,
    /// When it will be published.
    pub until: Timestamp,
}
