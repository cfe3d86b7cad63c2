//! TW112: an exchange rate is above zero.

use crate::checks::{Check, Found, Seen, say};
use tidewaiter::Decimal;

pub(super) const CHECK: Check = Check::error("TW112", "An exchange rate is above zero", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for rate in seen.now.exchange.iter().filter(|rate| rate.rate <= Decimal::ZERO) {
        let says = format!("the rate is {}", rate.rate);
        found.add(say::exchange(rate), says, "give the rate that was published; leave the record out where none was");
    }
}
