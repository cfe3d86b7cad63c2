//! TW109: the edition says how it may be used.

use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::error("TW109", "The edition names its licence", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let licence = seen.draft.manifest.head.licence.as_deref();
    if licence.is_none_or(|licence| licence.trim().is_empty()) {
        let help = "name the terms in a few words, such as CC BY 4.0 or \"free to use with attribution\"";
        found.add("edition", "it does not say under what terms others may use it", help);
    }
}
