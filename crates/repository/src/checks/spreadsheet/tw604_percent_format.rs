//! TW604: a cell with the format Percent shows what was meant.

use super::{PERCENT_FORMAT, noticed};
use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW604", "A percent format shows what was meant", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    noticed(
        seen,
        found,
        |number| PERCENT_FORMAT.contains(&number),
        "look at the cell: 5 in a cell of this format is 500 %, and 5 % is 0.05",
    );
}
