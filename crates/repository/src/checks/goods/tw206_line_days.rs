//! TW206: a line exists as long as its measures.

use crate::checks::records::span;
use crate::checks::{Check, Found, Seen, say};
use std::collections::HashMap;
use tidewaiter::goods::GoodsCode;

pub(super) const CHECK: Check = Check::warning("TW206", "A line exists as long as its measures", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let mut lines: HashMap<u64, Vec<_>> = HashMap::new();
    for line in &seen.now.lines {
        if let Ok(code) = line.code.parse::<GoodsCode>() {
            lines.entry(code.padded()).or_default().push(span(line.from, line.before));
        }
    }
    for days in lines.values_mut() {
        *days = super::super::time::merged(std::mem::take(days));
    }
    for filed in &seen.now.measures {
        let Some(days) = filed.code.and_then(|code| lines.get(&code.padded())) else { continue };
        let (from, before) = filed.days();
        if from >= before {
            continue;
        }
        // A measure without a first day holds as far as its line does.
        let at = days.partition_point(|(_, end)| *end <= from);
        let within =
            days.get(at).is_some_and(|(begin, end)| (*begin <= from || filed.measure.from.is_none()) && before <= *end);
        if !within {
            let says = format!(
                "it holds {}, and its line does not all that time",
                say::days(filed.measure.from, filed.measure.before)
            );
            found.add(
                say::measure(filed.measure),
                says,
                "end the measure with its line, or correct the days of the line",
            );
        }
    }
}
