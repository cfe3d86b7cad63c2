//! TW115: a tax rate is a percentage.

use crate::checks::{Check, Found, Seen, say};
use tidewaiter::record::{Dated, grammar};

pub(super) const CHECK: Check = Check::error("TW115", "A tax rate is a percentage, and its codes are codes", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for rate in &seen.now.rates {
        let values: Vec<&str> = match &rate.is {
            Dated::Always(is) => vec![is],
            Dated::Values(values) => values.iter().map(|value| value.is.as_str()).collect(),
        };
        if values.is_empty() {
            found.add(say::rate(rate), "it has no value", "give a percentage such as 20 %");
        }
        for is in values {
            let says = match grammar::percent(is) {
                Ok(percent) if percent.is_negative() => format!("\"{}\" is below zero", say::short(is)),
                Ok(_) => continue,
                Err(error) => format!("\"{}\" is not a percentage: {error}", say::short(is)),
            };
            found.add(say::rate(rate), says, "write a percentage such as 20 %, with a point for decimals");
        }
        for code in rate.codes.iter().filter(|code| grammar::code_range(code).is_err()) {
            let says = format!("\"{}\" is neither a goods code nor a range of them", say::short(code));
            found.add(say::rate(rate), says, "write codes such as 6109.10 and ranges such as 61-63");
        }
    }
}
