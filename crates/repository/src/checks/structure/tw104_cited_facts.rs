//! TW104: facts that are cited exist.

use crate::checks::{Check, Found, Seen, say};
use std::collections::HashSet;
use tidewaiter::record::Dated;

pub(super) const CHECK: Check = Check::error("TW104", "Facts that are cited exist", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    // An economy file has facts of its own, which an edition beside it may cite.
    if seen.draft.manifest.parts.iter().any(|part| part.file.is_some()) {
        return;
    }
    let facts: HashSet<&str> = seen.now.facts.iter().map(|fact| fact.key.as_str()).collect();
    let mut look = |place: &dyn Fn() -> String, cites: &[String]| {
        for key in cites.iter().filter(|key| !facts.contains(key.as_str())) {
            let says = format!("it cites \"{}\", which is no fact of this edition", say::short(key));
            found.add(place(), says, "add the fact, or cite one that is there");
        }
    };
    for filed in &seen.now.measures {
        look(&|| say::measure(filed.measure), &filed.measure.cites);
    }
    for program in &seen.now.programs {
        look(&|| format!("program {}", say::short(&program.key)), &program.cites);
    }
    for rule in &seen.now.origin_rules {
        look(&|| format!("origin-rule {}", say::short(&rule.scheme)), &rule.cites);
    }
    for rate in &seen.now.rates {
        look(&|| say::rate(rate), &rate.cites);
        if let Dated::Values(values) = &rate.is {
            values.iter().for_each(|value| look(&|| say::rate(rate), &value.cites));
        }
    }
}
