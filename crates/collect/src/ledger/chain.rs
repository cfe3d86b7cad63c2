//! Entries, each with the hash of the one before.

use super::Refused;
use crate::event::Event;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, the first is 1.
    pub seq: u64,
    /// When it was recorded, in whole seconds.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// Hash of the entry before.
    pub previous: String,
    /// SHA-256 of all that in lower-case hexadecimal.
    pub hash: String,
}

impl Entry {
    /// The entry after one of this number and hash; the first follows number 0 and [`GENESIS`].
    pub fn next(seq: u64, previous: &str, at: Timestamp, event: Event) -> Self {
        let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
        let hash = hash(seq + 1, at, &event, previous);
        Self { seq: seq + 1, at, event, previous: previous.to_owned(), hash }
    }

    /// Whether it follows the entry of this number and hash, and is as it was written.
    ///
    /// # Errors
    /// [`Refused::Chain`] where not.
    pub fn follows(&self, seq: u64, previous: &str) -> Result<(), Refused> {
        let is_next = self.seq == seq + 1 && self.previous == previous;
        let is_whole = is_next && self.hash == hash(self.seq, self.at, &self.event, previous);
        if is_whole { Ok(()) } else { Err(Refused::Chain { seq: seq + 1 }) }
    }
}

/// The order of fields of an event is that of its type, and amounts are texts: the same event gives the same bytes.
fn hash(seq: u64, at: Timestamp, event: &Event, previous: &str) -> String {
    use std::fmt::Write as _;
    let text = serde_json::json!([seq, at, event, previous]).to_string();
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
