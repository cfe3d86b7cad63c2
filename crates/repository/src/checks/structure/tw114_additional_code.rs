//! TW114: an additional code says when it applies.

use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::error("TW114", "An additional code says when it applies", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for filed in seen.now.charged().filter(|filed| filed.measure.when.is_none()) {
        if let Some(code) = &filed.measure.additional_code {
            let says = format!("the trader chooses the additional code {}, and nothing says when", say::short(code));
            found.add(say::measure(filed.measure), says, "add `when`, such as document C123");
        }
    }
}
