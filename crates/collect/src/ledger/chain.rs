//! Entries, each with the hash of the one before.

use super::Refused;
use crate::event::Event;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, the first is 1.
    pub seq: u64,
    /// When it was recorded, in whole seconds.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// Hash of the entry before.
    pub previous: String,
    /// SHA-256 of all that in lower-case hexadecimal.
    pub hash: String,
}

impl Entry {
    /// The next entry.
    pub fn after(last: Option<&Self>, at: Timestamp, event: Event) -> Self {
        let (seq, previous) = last.map_or((1, GENESIS), |last| (last.seq + 1, last.hash.as_str()));
        let previous = previous.to_owned();
        let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
        let hash = hash(seq, at, &event, &previous);
        Self { seq, at, event, previous, hash }
    }

    /// Whether it follows another and is as it was written.
    ///
    /// # Errors
    /// [`Refused::Chain`] where not.
    pub fn check(&self, last: Option<&Self>) -> Result<(), Refused> {
        let (seq, previous) = last.map_or((1, GENESIS), |last| (last.seq + 1, last.hash.as_str()));
        let is_whole =
            self.seq == seq && self.previous == previous && self.hash == hash(seq, self.at, &self.event, previous);
        if is_whole { Ok(()) } else { Err(Refused::Chain { seq }) }
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
