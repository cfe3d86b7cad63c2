//! TW508: an exchange rate does not move far in a day.

use super::{new_exchange, slipped, times};
use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::warning("TW508", "An exchange rate does not move by more than a tenth", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    new_exchange(seen, |last, rate| {
        let (low, high) = (last.rate.min(rate.rate), last.rate.max(rate.rate));
        let far = high.minus(low).is_ok_and(|moved| times(moved, 10) > last.rate);
        if far && slipped(last.rate, rate.rate).is_none() {
            let says = format!("it is {} and was {} on {}", rate.rate, last.rate, last.from);
            found.add(
                say::exchange(rate),
                says,
                "compare it with another source; where it is right, say so to the approver",
            );
        }
    });
}
