//! TW503: a duty over a hundred per cent is meant.

use crate::checks::{Check, Found, Seen, say};
use tidewaiter::Decimal;

pub(super) const CHECK: Check = Check::warning("TW503", "A general duty is not above 100 %", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for filed in seen.now.general().filter(|filed| seen.is_new(filed)) {
        if let Some(percent) = seen.now.percent(filed).filter(|percent| *percent > Decimal::HUNDRED) {
            let says = format!("the general duty is {percent} %");
            found.add(say::measure(filed.measure), says, "compare it with the law; was the decimal point lost?");
        }
    }
}
