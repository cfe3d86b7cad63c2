//! TW501: a duty does not jump.

use super::{changed_percents, slipped, times};
use crate::checks::{Check, Found, Seen, say};
use tidewaiter::Decimal;

pub(super) const CHECK: Check = Check::warning("TW501", "A duty does not change by more than a factor of three", look);

/// A jump is more than this factor, and more than so many points.
const FACTOR: i64 = 3;
const POINTS: i64 = 5;

fn look(seen: &Seen<'_>, found: &mut Found) {
    changed_percents(seen, |filed, old, new| {
        let (low, high) = (old.min(new), old.max(new));
        let far = high > times(low, FACTOR) && high.minus(low).is_ok_and(|points| points > Decimal::from_int(POINTS));
        // What becomes free or charged is another matter, and a slipped decimal point too.
        if far && low > Decimal::ZERO && slipped(old, new).is_none() {
            let says = format!("it was {old} % in the edition before and is {new} % now");
            found.add(
                say::measure(filed.measure),
                says,
                "compare it with the law; where it is right, say so to the approver",
            );
        }
    });
}
