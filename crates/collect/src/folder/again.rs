//! A folder made again from the ledger in it, and compared.

use super::{Files, LEDGER, NotMade, REQUEST, Request, SUMS, made, other, sums};
use crate::ledger::{Definitions, Entry, Ledger};
use serde::Serialize;
use std::collections::BTreeSet;
use tidewaiter::Ratebook;

/// A file that is not as it would be made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its name.
    pub file: String,
    /// How it differs.
    pub says: String,
}

/// Makes a folder again from its ledger, and tells every file that differs. None is the proof that each figure follows from the ledger.
///
/// # Errors
/// [`NotMade`] where the ledger or the request in it cannot be read, or its chain of hashes is broken.
pub fn check(files: &Files, definitions: &Definitions, ratebook: &Ratebook) -> Result<Vec<Difference>, NotMade> {
    let get = |name: &str| files.get(name).ok_or_else(|| NotMade::Other(format!("the folder has no file {name}")));
    let request: Request =
        serde_json::from_slice(get(REQUEST)?).map_err(|error| NotMade::Other(format!("{REQUEST}: {error}")))?;
    let mut entries: Vec<Entry> = Vec::new();
    for (n, line) in get(LEDGER)?.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        entries.push(
            serde_json::from_slice(line)
                .map_err(|error| NotMade::Other(format!("{LEDGER}, line {}: {error}", n + 1)))?,
        );
    }
    let ledger = Ledger::replay(definitions, entries).map_err(|why| NotMade::Other(format!("{LEDGER}: {why}")))?;
    let mut all = Vec::new();
    let differs = |file: &str, says: String| Difference { file: file.to_owned(), says };
    if (ledger.head(), ledger.entries().len() as u64) != (request.head.as_str(), request.entries) {
        all.push(differs(
            LEDGER,
            format!(
                "it has {} entries and ends with {}; {REQUEST} says {} and {}: entries were taken away or added",
                ledger.entries().len(),
                ledger.head(),
                request.entries,
                request.head
            ),
        ));
    }
    let again = made(&ledger, ratebook, &request).map_err(other)?;
    let names: BTreeSet<&String> = files.keys().chain(again.keys()).collect();
    for name in names {
        match (files.get(name), again.get(name)) {
            (Some(is), Some(would)) if is == would => {}
            // That of changed files is told with them.
            (Some(is), Some(_)) if name == SUMS && *is == sums(files).into_bytes() => {}
            (Some(_), Some(_)) => all.push(differs(name, "it is not what follows from the ledger".into())),
            (Some(_), None) => all.push(differs(name, "it is no part of the folder".into())),
            (None, _) => all.push(differs(name, "it is missing".into())),
        }
    }
    if !all.is_empty() && request.ratebook != ratebook.fingerprint() {
        all.push(differs(
            REQUEST,
            format!(
                "the folder was made with the ratebook {}, and this program has {}: exchange rates and rules may be other ones",
                request.ratebook,
                ratebook.fingerprint()
            ),
        ));
    }
    Ok(all)
}
