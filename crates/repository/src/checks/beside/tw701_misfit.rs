//! TW701: the edition stands beside what others publish.

use crate::checks::{Check, Found, Misfit, Seen, say};

pub(in crate::checks) const CHECK: Check =
    Check::error("TW701", "The edition fits beside what other authorities publish", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    misfits(&seen.draft.around.misfits, found);
}

/// Tells of each edition beside which no ratebook can be made.
pub(in crate::checks) fn misfits(all: &[Misfit], found: &mut Found) {
    for misfit in all {
        let (whose, number) = (say::short(&misfit.whose), misfit.number);
        let says = format!("no ratebook can be made of it beside edition {number} of {whose}: {}", misfit.why);
        found.add(
            misfit.place.clone(),
            says,
            "agree with them which of you publishes it, and send the edition again without what the other says",
        );
    }
}
