//! TW606: what else the reader noticed.

use super::{FORMULAS, HIDDEN, LEFT_OUT, PERCENT_FORMAT, TEXT_NUMBERS, noticed};
use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW606", "The reader noticed nothing else", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let others = [HIDDEN, TEXT_NUMBERS, FORMULAS, PERCENT_FORMAT, LEFT_OUT].concat();
    noticed(seen, found, |number| !others.contains(&number), "look at it, and say to the approver that it is right");
}
