//! TW601: nothing that was read was hidden.

use super::{HIDDEN, noticed};
use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW601", "Nothing that was read was hidden", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    noticed(
        seen,
        found,
        |number| HIDDEN.contains(&number),
        "unhide it and look at what is there before you publish it",
    );
}
