//! TW301: what begins, begins before it ends.

use crate::checks::{Check, Found, Seen, say};
use jiff::civil::Date;
use tidewaiter::record::Dated;
use tidewaiter_sources::Entry;

pub(super) const CHECK: Check = Check::error("TW301", "A record ends after it begins", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    for entry in seen.draft.entries {
        let mut look = |what: &str, from: Option<Date>, before: Option<Date>| {
            if let (Some(from), Some(before)) = (from, before)
                && before <= from
            {
                let says = format!("{what}it begins on {from} and has ended by {before}, so it never holds");
                found.add(
                    say::entry(entry),
                    says,
                    "`before` is the first day on which it no longer holds: one day after the last",
                );
            }
        };
        match entry {
            Entry::Edition(_) | Entry::Correlation(_) => {}
            Entry::Rate(rate) => {
                if let Dated::Values(values) = &rate.is {
                    values
                        .iter()
                        .for_each(|value| look(&format!("{}: ", say::short(&value.is)), value.from, value.before));
                }
            }
            Entry::Area(area) => {
                look("", area.from, area.before);
                let members = area.members.iter();
                members.for_each(|m| look(&format!("member {}: ", say::short(&m.territory)), m.from, m.before));
            }
            other => {
                let (from, before) = crate::entry::validity(other);
                look("", from, before);
            }
        }
    }
}
