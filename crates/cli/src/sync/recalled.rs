//! The editions that an answer cites, and which of them a copy lacks.

use crate::errors::Failure;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::path::Path;
use tidewaiter_repository::client::Client;
use tidewaiter_repository::sha256_hex;

/// An edition as an answer cites it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Cited {
    authority: String,
    number: u64,
    pub(super) sha256: String,
    /// Whether this copy has seen it, though it is not in the ratebook.
    seen: bool,
}

impl Cited {
    /// One of the `editions` of an answer.
    pub(super) fn of(edition: &Value) -> Option<Self> {
        let text = |name: &str| edition[name].as_str().map(str::to_owned);
        let number = edition["number"].as_u64().unwrap_or_default();
        Some(Self { authority: text("authority").unwrap_or_default(), number, sha256: text("sha256")?, seen: false })
    }
}

impl fmt::Display for Cited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { authority, number, sha256, seen } = self;
        let what = if *seen { "known here, and never in a ratebook with the others" } else { "never seen here" };
        write!(f, "{authority}, edition {number} ({}): {what}", sha256.get(..12).unwrap_or(sha256))
    }
}

/// Those that are neither among some editions nor files of this program's own data.
pub(super) fn missing(client: &Client, cited: Vec<Cited>, held: &[&str]) -> Result<Vec<Cited>, Failure> {
    let mut lacking: Vec<Cited> = cited.into_iter().filter(|one| !held.contains(&one.sha256.as_str())).collect();
    if !lacking.is_empty() {
        let own: Vec<String> = tidewaiter_data::files().iter().map(|(_, bytes)| sha256_hex(bytes)).collect();
        lacking.retain(|one| !own.contains(&one.sha256));
    }
    for one in &mut lacking {
        one.seen = client.find(&one.sha256).map_err(Failure::usage)?.is_some();
    }
    Ok(lacking)
}

/// What to do about it.
pub(super) fn next(missing: &[Cited], from: &str, copy: &Path) -> Option<String> {
    let copy = copy.display();
    match missing {
        [] => None,
        all if all.iter().any(|one| !one.seen) => Some(format!(
            "Bring the copy up to date first: tidewaiter sync {from} --copy {copy}; then recall again. Where that changes nothing, recall from the copy in which it was made."
        )),
        _ => Some(format!("Recall the answer from the copy in which it was made, and not from {copy}.")),
    }
}
