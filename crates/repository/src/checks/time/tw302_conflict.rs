//! TW302: two records do not contradict each other on one day.

use super::clashing;
use crate::checks::clash::Clash;
use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::error("TW302", "Two records do not contradict each other", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    clashing(seen, Clash::Different, |one, other| {
        let (one_says, other_says) = (one.words(&seen.now), other.words(&seen.now));
        let says = format!(
            "it says {other_says}, and another for the same says {one_says} ({}); their days overlap",
            one.place()
        );
        found.add(other.place(), says, "end the older one with `before`, or say in what they differ");
    });
}
