//! TW405: what is excepted was included.

use crate::checks::records::{listed, number};
use crate::checks::{Check, Found, Seen, say};
use std::collections::HashMap;
use tidewaiter::record::Measure;

pub(super) const CHECK: Check = Check::warning("TW405", "An excepted origin is one of the origins", look);

/// Most members of areas that are gone through; beyond, nothing more is said.
const MOST_STEPS: u64 = 10_000_000;

fn look(seen: &Seen<'_>, found: &mut Found) {
    // Tariffs have few sets of origins and exceptions: each is resolved once. A hostile one may have many.
    let mut left = MOST_STEPS;
    let mut known: HashMap<u64, Vec<&str>> = HashMap::new();
    for filed in seen.now.measures.iter().filter(|filed| !filed.measure.not_origin.is_empty()) {
        let Measure { origin, program, not_origin, .. } = filed.measure;
        let set = number(&(listed(origin.as_ref()), listed(program.as_ref()), not_origin));
        let strangers =
            known.entry(set).or_insert_with(|| strangers(seen, filed.measure, &mut left).unwrap_or_default());
        for code in strangers {
            let says = format!("it excepts {}, which is not among its origins", say::short(code));
            found.add(say::measure(filed.measure), says, "take the exception out, or correct the origin");
        }
    }
}

/// What a measure excepts and does not include; nothing where the steps are used up.
fn strangers<'a>(seen: &Seen<'a>, measure: &'a Measure, left: &mut u64) -> Option<Vec<&'a str>> {
    let origins = seen.origins(measure, left)?;
    let mut out = Vec::new();
    if origins.is_empty() {
        return Some(out);
    }
    let within = seen.territories(origins, left)?;
    for code in measure.not_origin.iter().filter(|code| seen.is_place(code)) {
        if seen.territories([code.as_str()], left)?.is_disjoint(&within) {
            out.push(code.as_str());
        }
    }
    Some(out)
}
