//! TW602: codes are text and numbers are numbers.

use super::{TEXT_NUMBERS, noticed};
use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW602", "Codes are kept as text, numbers as numbers", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    noticed(
        seen,
        found,
        |number| TEXT_NUMBERS.contains(&number),
        "compare the value with what you meant: a zero in front may be lost",
    );
}
