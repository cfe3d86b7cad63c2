//! TW304: a general duty goes on as long as its goods.

use super::{holds, merged};
use crate::checks::records::span;
use crate::checks::{Check, Found, Seen};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use tidewaiter::goods::GoodsCode;

pub(super) const CHECK: Check = Check::warning("TW304", "A general duty is followed by another", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let mut duties: HashMap<GoodsCode, Vec<(Date, Date)>> = HashMap::new();
    for filed in seen.now.general() {
        if let Some(code) = filed.code {
            duties.entry(code).or_default().push(filed.days());
        }
    }
    duties.values_mut().for_each(|days| *days = merged(std::mem::take(days)));
    let mut lines: HashMap<u64, Vec<(Date, Date)>> = HashMap::new();
    for line in seen.now.lines.iter().filter(|line| line.declarable) {
        if let Ok(code) = line.code.parse::<GoodsCode>() {
            lines.entry(code.padded()).or_default().push(span(line.from, line.before));
        }
    }
    lines.values_mut().for_each(|days| *days = merged(std::mem::take(days)));
    // By first day without a duty: how many codes, and the first.
    let mut gaps: BTreeMap<Date, (u64, GoodsCode)> = BTreeMap::new();
    for (code, days) in &duties {
        for (at, (_, end)) in days.iter().enumerate().filter(|(_, (_, end))| *end != Date::MAX) {
            let next = days.get(at + 1).map(|(from, _)| *from);
            // What was without a duty in the past changes nothing any more.
            if next.is_some_and(|next| next <= seen.draft.today) {
                continue;
            }
            let goods_go_on = match lines.get(&code.padded()) {
                Some(lines) => holds(lines, *end),
                None => next.is_some(),
            };
            let above = || code.ancestors().any(|above| duties.get(&above).is_some_and(|days| holds(days, *end)));
            if goods_go_on && !above() {
                let (count, first) = gaps.entry(*end).or_insert((0, *code));
                *count += 1;
                *first = *code.min(first);
            }
        }
    }
    for (day, (count, first)) in gaps {
        let says =
            format!("duties that end while their goods go on and no other follows: {count}; the first is on {first}");
        found.add(format!("general duties on {day}"), says, "add the duty that holds from that day, or end the lines");
    }
}
