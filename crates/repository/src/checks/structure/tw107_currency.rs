//! TW107: the edition names the currency of what it charges.

use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::error("TW107", "The edition names a currency that exists", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let help = "name the currency in which duties are assessed in three letters of ISO 4217";
    match &seen.draft.manifest.head.currency {
        Some(code) if !seen.is_currency(code) => {
            found.add("edition", format!("its currency \"{}\" is not a known one", say::short(code)), help);
        }
        None if seen.now.charged().next().is_some() => {
            found.add("edition", "it charges duties and names no currency", help);
        }
        _ => {}
    }
}
