//! TW307: the next edition is due in the future.

use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW307", "The next edition is due in the future", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    if let Some(due) = seen.draft.manifest.next_due.filter(|due| *due < seen.draft.today) {
        let says = format!("the next edition is promised for {due}, which is past");
        found.add(
            "edition",
            says,
            "give the day by which the next one comes, so that nobody is told that you are late",
        );
    }
}
