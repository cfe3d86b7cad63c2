//! TW511: exchange rates do not vanish.

use crate::checks::records::{Records, pair};
use crate::checks::{Check, Found, Seen, say};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CHECK: Check = Check::warning("TW511", "Exchange rates do not vanish", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let Some(before) = &seen.before else { return };
    let (old, new) = (days(before), days(&seen.now));
    let help =
        "an edition says everything that holds: send all rates, or the new ones with `adds`, which keeps the others";
    for (of, days) in old {
        let name = [of.1, of.2, of.0].map(say::short);
        let place = format!("exchange-rate {}/{} of {}", name[0], name[1], name[2]);
        match new.get(&of) {
            None => {
                let says = format!("the edition before had rates for days: {}; this one has none", days.len());
                found.add(place, says, help);
            }
            // Some of the same days are a window that moves on; none of them is a history that was forgotten.
            Some(new) if days.is_disjoint(new) => {
                let says = format!("none of the days of the edition before is in this one: {}", days.len());
                found.add(place, says, help);
            }
            Some(_) => {}
        }
    }
}

/// The days of each series and pair of currencies.
fn days<'a>(records: &Records<'a>) -> BTreeMap<(&'a str, &'a str, &'a str), BTreeSet<Date>> {
    let mut out: BTreeMap<_, BTreeSet<Date>> = BTreeMap::new();
    for rate in &records.exchange {
        out.entry(pair(rate)).or_default().insert(rate.from);
    }
    out
}
