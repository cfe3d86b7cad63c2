//! TW603: values were typed, not computed.

use super::{FORMULAS, noticed};
use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW603", "Values were typed, not computed", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    noticed(
        seen,
        found,
        |number| FORMULAS.contains(&number),
        "check the value that was taken; a formula is computed anew when its sheet changes",
    );
}
