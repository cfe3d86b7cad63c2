//! TW703: the duties of an edition are charged.

use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW703", "The general duties are charged by a rule", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    if seen.draft.around.uncharged {
        found.add(
            "edition",
            "no rule of the territory takes its duty from the tariff, so these duties would be published and never charged: another \
             amount stands in the rules that readers have",
            "publish the economy file with them, with a rung that says `amount = \"tariff\"` (a rate sheet makes one); say that it is \
             meant where the law charges parcels another duty",
        );
    }
}
