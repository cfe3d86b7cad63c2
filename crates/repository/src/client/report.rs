//! What an update did.

use super::standing::Standing;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an update found and fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Why the repository as a whole could not be brought up to date; what was verified before is still used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// Whether the mirror could not be reached, so that the failure says nothing about the repository.
    pub unreachable: bool,
    /// What the reader should know: a damaged copy that began again.
    pub notices: Vec<String>,
    /// Version of the root in use.
    pub root: u64,
    /// Version of the timestamp in use; zero where there is none.
    pub timestamp: u64,
    /// Files and bytes that were fetched.
    pub fetched: Fetched,
    /// For each authority.
    pub authorities: BTreeMap<String, Answer>,
}

/// How much was fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What is known of an authority after an update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Fresh, stale or refused.
    pub standing: Standing,
    /// Number of the edition in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Its SHA-256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Whether it came with this update.
    pub new: bool,
}

/// How far an update is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The authority that is looked at.
    pub authority: &'a str,
    /// Authorities done.
    pub done: usize,
    /// Authorities in all.
    pub of: usize,
    /// What was fetched so far.
    pub fetched: Fetched,
}
