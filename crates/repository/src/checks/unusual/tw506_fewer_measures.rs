//! TW506: measures do not vanish.

use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check =
    Check::warning("TW506", "The number of measures does not fall by more than a quarter", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let Some(before) = &seen.before else { return };
    let (old, new) = (before.measures.len(), seen.now.measures.len());
    if new.saturating_mul(4) < old.saturating_mul(3) {
        let says = format!("the edition before had {old} measures and this one has {new}");
        found.add(
            "edition",
            says,
            "check that the whole file was sent; an edition says everything that holds, not only what changed",
        );
    }
}
