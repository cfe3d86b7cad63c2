//! TW605: no sheet was left out.

use super::{LEFT_OUT, noticed};
use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW605", "No sheet was left out", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    noticed(seen, found, |number| LEFT_OUT.contains(&number), "move its rows to a sheet of the form, or delete it");
}
