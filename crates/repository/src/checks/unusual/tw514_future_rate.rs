//! TW514: an exchange rate is not of a day far ahead.

use crate::checks::{Check, Found, Seen, say};
use jiff::ToSpan;

pub(super) const CHECK: Check = Check::warning("TW514", "An exchange rate is not of a day far ahead", look);

/// Most days that rates are published in advance: those of a month, some weeks before it.
const MOST_DAYS: i64 = 60;

fn look(seen: &Seen<'_>, found: &mut Found) {
    let today = seen.draft.today;
    let Ok(last) = today.checked_add(MOST_DAYS.days()) else { return };
    for rate in seen.now.exchange.iter().filter(|rate| rate.from > last) {
        found.add(
            format!(
                "exchange-rate {}/{} of {}",
                say::short(&rate.base),
                say::short(&rate.currency),
                say::short(&rate.series)
            ),
            format!("it is of {}, more than {MOST_DAYS} days after {today}", rate.from),
            "look at the year; where the rate holds from that day, say so",
        );
    }
}
