//! TW105: what is charged cites its source.

use crate::checks::{Check, Found, Seen, say};
use tidewaiter::record::Dated;

pub(super) const CHECK: Check = Check::error("TW105", "What is charged cites its source", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let (says, help) =
        ("it cites no fact", "name the fact with the law or notice it rests on: no source, no publication");
    for filed in seen.now.charged().filter(|filed| filed.measure.cites.is_empty()) {
        found.add(say::measure(filed.measure), says, help);
    }
    for rate in seen.now.rates.iter().filter(|rate| rate.cites.is_empty()) {
        let each = matches!(&rate.is, Dated::Values(values) if values.iter().all(|value| !value.cites.is_empty()));
        if !each {
            found.add(say::rate(rate), says, help);
        }
    }
}
