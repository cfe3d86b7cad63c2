//! TW404: programmes that measures name are defined.

use crate::checks::records::listed;
use crate::checks::{Check, Found, Seen, say};

pub(super) const CHECK: Check = Check::error("TW404", "Programmes that measures name are defined", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    // An edition without programmes uses their names as words.
    if !seen.defines_programs() {
        return;
    }
    for filed in &seen.now.measures {
        for key in listed(filed.measure.program.as_ref()).into_iter().filter(|key| seen.programs(key).is_empty()) {
            let says = format!("the programme \"{}\" is not among those of this edition", say::short(key));
            found.add(say::measure(filed.measure), says, "add a `program` record with its name, origins and proof");
        }
    }
}
