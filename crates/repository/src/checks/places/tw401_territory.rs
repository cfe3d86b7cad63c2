//! TW401: territories and areas that are named exist.

use crate::checks::records::listed;
use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::error("TW401", "Territories and areas that are named exist", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let mut look = |place: &dyn Fn() -> String, code: &str| {
        if !seen.is_place(code) {
            let says = format!("\"{}\" is neither a known territory nor an area of this edition", say::short(code));
            found.add(
                place(),
                says,
                "write the code of the world's table, such as two letters of ISO 3166, or add the area",
            );
        }
    };
    for area in &seen.now.areas {
        area.members.iter().for_each(|m| look(&|| format!("area {}", say::short(&area.code)), &m.territory));
    }
    for program in &seen.now.programs {
        let place = || format!("program {}", say::short(&program.key));
        listed(Some(&program.origin)).into_iter().for_each(|code| look(&place, code));
    }
    for filed in &seen.now.measures {
        let place = || say::measure(filed.measure);
        listed(filed.measure.origin.as_ref()).into_iter().for_each(|code| look(&place, code));
        filed.measure.not_origin.iter().for_each(|code| look(&place, code));
        let words = &seen.now.words;
        for read in [words.amount(filed.measure), words.condition(filed.measure)].into_iter().flatten() {
            read.places.iter().for_each(|code| look(&place, code));
        }
    }
}
