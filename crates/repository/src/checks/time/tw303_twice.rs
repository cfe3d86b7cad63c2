//! TW303: nothing is said twice.

use super::clashing;
use crate::checks::clash::Clash;
use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW303", "Nothing is said twice for one day", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    clashing(seen, Clash::Same, |one, other| {
        let says = format!("it says {}, and another says the same on some of its days", other.words(&seen.now));
        let help = if one.place() == other.place() {
            "delete one of the two"
        } else {
            "delete one of the two, or end the older one"
        };
        found.add(other.place(), says, help);
    });
}
