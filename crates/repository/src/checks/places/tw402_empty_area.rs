//! TW402: an area has members.

use crate::checks::{Check, Found, Seen, say};
use std::collections::HashSet;

pub(super) const CHECK: Check = Check::warning("TW402", "An area has members", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    // Several areas of one code are its history.
    let filled = seen.now.areas.iter().filter(|area| !area.members.is_empty());
    let filled: HashSet<&str> = filled.map(|area| area.code.as_str()).collect();
    for area in &seen.now.areas {
        // An area may be one territory under the authority's own name for it.
        if !filled.contains(area.code.as_str()) && !seen.is_territory(&area.code) {
            let says = "it has no members, so what is for its goods is for none";
            found.add(format!("area {}", say::short(&area.code)), says, "add its members, or delete it");
        }
    }
}
