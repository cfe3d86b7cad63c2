//! TW116: currencies in amounts exist.

use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::error("TW116", "Currencies in amounts and conditions exist", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for filed in &seen.now.measures {
        let words = &seen.now.words;
        for read in [words.amount(filed.measure), words.condition(filed.measure)].into_iter().flatten() {
            for code in read.currencies.iter().filter(|code| !seen.is_currency(code)) {
                let says = format!("\"{}\" names \"{code}\", which is not a known currency", say::short(&read.printed));
                found.add(say::measure(filed.measure), says, "write the three letters of ISO 4217");
            }
        }
    }
}
