//! TW207: units are known.

use crate::checks::records::Records;
use crate::checks::{Check, Found, Seen, say};
use std::collections::BTreeMap;
use tidewaiter::unit;

pub(super) const CHECK: Check = Check::warning("TW207", "Units of lines and quotas are known", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let before = seen.before.as_ref().map(unknown).unwrap_or_default();
    for (text, count) in unknown(&seen.now).into_iter().filter(|(text, _)| !before.contains_key(text)) {
        let says = format!("it is no unit known here; lines and quotas counted in it: {count}");
        let help =
            "write a unit such as kg, l, item or 100 kg; where the law has a unit of its own, say so to the approver";
        found.add(format!("unit \"{}\"", say::short(text)), says, help);
    }
}

/// Units that are not known here, each with how often it stands.
fn unknown<'a>(records: &Records<'a>) -> BTreeMap<&'a str, u64> {
    let lines = records.lines.iter().flat_map(|line| &line.units);
    let quotas = records.quotas.iter().filter_map(|quota| quota.unit.as_ref());
    let mut out: BTreeMap<&str, u64> = BTreeMap::new();
    for text in lines.chain(quotas).filter(|text| unit::find(text).is_none()) {
        *out.entry(text).or_default() += 1;
    }
    out
}
