//! TW106: a fact is stated once, by somebody.

use crate::checks::{Check, Found, Seen, say};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check::error("TW106", "A fact is stated once, with words and a publisher", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let mut keys: BTreeMap<&str, u64> = BTreeMap::new();
    for fact in &seen.now.facts {
        *keys.entry(&fact.key).or_default() += 1;
        let place = || format!("fact {}", say::short(&fact.key));
        if fact.statement.trim().is_empty() {
            found.add(place(), "it states nothing", "write what it says in one sentence");
        }
        if fact.source.publisher.trim().is_empty() {
            found.add(place(), "it names nobody who published it", "name the authority or gazette as its publisher");
        }
    }
    for (key, times) in keys.into_iter().filter(|(_, times)| *times > 1) {
        let says = format!("its key stands {times} times, so a citation of it is not clear");
        found.add(format!("fact {}", say::short(key)), says, "give each fact its own key, and each key once");
    }
}
