//! TW510: a tax rate over half of the value is meant.

use crate::checks::{Check, Found, Seen, say};
use tidewaiter::Decimal;
use tidewaiter::record::{Dated, grammar};

pub(super) const CHECK: Check = Check::warning("TW510", "A tax rate is not above 50 %", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for rate in &seen.now.rates {
        let values: Vec<&str> = match &rate.is {
            Dated::Always(is) => vec![is],
            Dated::Values(values) => values.iter().map(|value| value.is.as_str()).collect(),
        };
        let percents = values.into_iter().filter_map(|is| grammar::percent(is).ok());
        for percent in percents.filter(|percent| *percent > Decimal::from_int(50)) {
            found.add(
                say::rate(rate),
                format!("the rate is {percent} %"),
                "compare it with the law; was the decimal point lost?",
            );
        }
    }
}
