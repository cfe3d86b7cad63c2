//! TW509: no decimal point slipped.

use super::{changed_percents, new_exchange, slipped};
use crate::checks::{Check, Found, Seen, say};
use tidewaiter::Decimal;

pub(super) const CHECK: Check = Check::warning("TW509", "No decimal point slipped", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let help = "look for a decimal point in the wrong place; where the number is right, say so to the approver";
    new_exchange(seen, |last, rate| {
        if let Some(by) = slipped(last.rate, rate.rate) {
            let says = format!("it is {} and was {} on {}: a factor of about {by}", rate.rate, last.rate, last.from);
            found.add(say::exchange(rate), says, help);
        }
    });
    changed_percents(seen, |filed, old, new| {
        // Duties are round numbers: only the very factor is a slip.
        let exact = |by: i64| super::times(old, by) == new || super::times(new, by) == old;
        let by = slipped(old, new).filter(|by| old > Decimal::ZERO && new > Decimal::ZERO && exact(*by));
        if let Some(by) = by {
            let says = format!("it was {old} % in the edition before and is {new} % now: a factor of {by}");
            found.add(say::measure(filed.measure), says, help);
        }
    });
}
