//! TW102: what is charged has an amount or an outcome, not both.

use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::error("TW102", "What is charged has an amount or an outcome", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for filed in seen.now.charged() {
        let says = match (&filed.measure.amount, filed.measure.outcome) {
            (None, None) => "it has neither an amount nor an outcome, so nobody knows what is due",
            (Some(_), Some(_)) => "it has an amount and an outcome, so nobody knows which counts",
            _ => continue,
        };
        let help = "give an amount such as 12 %; where there is none, give the outcome and its sentence";
        found.add(say::measure(filed.measure), says, help);
    }
}
