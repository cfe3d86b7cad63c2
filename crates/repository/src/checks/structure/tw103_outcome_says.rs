//! TW103: an outcome says what it means.

use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::error("TW103", "An outcome says what it means", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for filed in &seen.now.measures {
        let silent = filed.measure.says.as_deref().is_none_or(|says| says.trim().is_empty());
        if filed.measure.outcome.is_some() && silent {
            let help = "add `says`: a sentence for a shopkeeper with what it means and what to do";
            found.add(say::measure(filed.measure), "it has an outcome without words", help);
        }
    }
}
