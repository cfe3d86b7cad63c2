//! TW108: the edition is of the authority's own territory.

use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::error("TW108", "The edition is of the authority's territory", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let (authority, head) = (seen.draft.authority, &seen.draft.manifest.head);
    // Estimates of the project itself are of many territories.
    if authority.unofficial || authority.territory == head.territory {
        return;
    }
    let word =
        |territory: &Option<String>| territory.as_ref().map_or_else(|| "no territory".into(), |code| say::short(code));
    let (own, of) = (word(&authority.territory), word(&head.territory));
    let says = format!("it is of {of}, and {} speaks for {own}", say::short(&authority.name));
    found.add(
        "edition",
        says,
        "correct the territory of the edition, or let the authority of that territory publish it",
    );
}
