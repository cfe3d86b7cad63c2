//! TW204: six digits stand in the Harmonized System.

use super::{NATIONAL, chapter, codes};
use crate::checks::records::span;
use crate::checks::{Check, Found, Seen};
use std::collections::HashSet;
use tidewaiter::goods::GoodsCode;

pub(super) const CHECK: Check = Check::warning("TW204", "The first six digits stand in the Harmonized System", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let known = &seen.draft.codes;
    if known.is_empty() {
        return;
    }
    let known: HashSet<&str> = known.iter().map(String::as_str).collect();
    // What has ended may be of an older Harmonized System.
    let mut ended: HashSet<&str> = HashSet::new();
    let mut open: HashSet<&str> = HashSet::new();
    let days = seen.now.lines.iter().map(|line| (&line.code, line.from, line.before));
    let days = days.chain(seen.now.measures.iter().map(|f| (&f.measure.code, f.measure.from, f.measure.before)));
    for (code, from, before) in days {
        if span(from, before).1 <= seen.draft.today {
            ended.insert(code)
        } else {
            open.insert(code)
        };
    }
    codes(seen, |text, place| {
        let Ok(code) = text.parse::<GoodsCode>() else { return };
        if NATIONAL.contains(&chapter(code)) || (ended.contains(text) && !open.contains(text)) {
            return;
        }
        if let Some(six) = code.truncated(6).filter(|six| !known.contains(six.digits().as_str())) {
            let says = format!("{six} is no subheading of the Harmonized System in force");
            found.add(
                place(),
                says,
                "correct the code; where the nomenclature is an older one, say so to the approver",
            );
        }
    });
}
