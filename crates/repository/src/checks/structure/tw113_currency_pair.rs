//! TW113: an exchange rate is between two currencies that exist.

use crate::checks::{Check, Found, Seen, say};
use tidewaiter_sources::iso_4217;

pub(super) const CHECK: Check = Check::error("TW113", "An exchange rate is between two currencies that exist", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for rate in &seen.now.exchange {
        // Official histories hold currencies that were withdrawn.
        let unknown = |code: &&&String| !seen.is_currency(code) && !iso_4217::is_currency(code);
        for code in [&rate.base, &rate.currency].iter().filter(unknown) {
            let says = format!("\"{}\" is not a known currency", say::short(code));
            found.add(say::exchange(rate), says, "write the three letters of ISO 4217");
        }
        if rate.base == rate.currency {
            found.add(
                say::exchange(rate),
                "both currencies are the same",
                "name the currency that the rate is for, or leave it out",
            );
        }
    }
}
