//! TW512: what an authority publishes does not stop without a word. Measures, lines and exchange rates have checks of their own.

use crate::checks::{Check, Found, Seen};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter_sources::Entry;
use tidewaiter_sources::edition::kind_of;

pub(super) const CHECK: Check = Check::warning("TW512", "No kind of record and no file vanishes", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let help = "check that the whole file was sent; an edition says everything that holds, not only what changed";
    if let Some(before) = seen.draft.before {
        let (old, new) = (kinds(before), kinds(seen.draft.entries));
        for (kind, count) in old {
            if !new.contains_key(kind) {
                let says = format!("records of this kind in the edition before: {count}; this one has none");
                found.add(format!("kind {kind}"), says, help);
            }
        }
    }
    let files: BTreeSet<&str> = seen.draft.manifest.parts.iter().filter_map(|part| part.file.as_deref()).collect();
    for gone in seen.draft.around.files_before.iter().filter(|file| !files.contains(file.as_str())) {
        found.add(format!("file {gone}"), "the edition before had this file; this one has not", help);
    }
}

/// How many records of each kind there are.
fn kinds(entries: &[Entry]) -> BTreeMap<&'static str, u64> {
    let mut out = BTreeMap::new();
    for entry in entries {
        if !matches!(
            entry,
            Entry::Edition(_) | Entry::Fact(_) | Entry::Measure(_) | Entry::Line(_) | Entry::ExchangeRate(_)
        ) {
            *out.entry(kind_of(entry)).or_default() += 1;
        }
    }
    out
}
