//! TW309: an edition counts as known from the day on which it is published.

use crate::checks::{Check, Found, Seen};
use crate::manifest::Kind;

pub(super) const CHECK: Check =
    Check::warning("TW309", "An edition counts as known from the day on which it is published", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let (manifest, today) = (seen.draft.manifest, seen.draft.today);
    let day = manifest.head.known_from;
    // The repository's clock decides for corrections and withdrawals, whatever day they name.
    if manifest.kind != Kind::Ordinary || day >= today {
        return;
    }
    let Some(last) = seen.before.as_ref().and_then(|before| before.head) else { return };
    if day > last.known_from {
        let says = format!(
            "`known_from` is {day} and today is {today}: whoever asks what was known between the two is answered with this edition, \
             though it was not here yet"
        );
        found.add(
            "edition",
            says,
            "give the day of publication; leave it only where the edition was published elsewhere on that day",
        );
    }
}
