//! TW702: no approved edition is given up. A manifest names the number and the hash of the edition before, so of two that
//! follow the same one only the first to be published can ever be.

use crate::checks::{Check, Found, Seen, Waiting};
use crate::manifest::Manifest;

pub(in crate::checks) const CHECK: Check =
    Check::warning("TW702", "No approved edition that waits for its hour is given up", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    waiting(seen.draft.manifest, &seen.draft.around.waiting, found);
}

/// Tells of each edition that waits and follows the same one as this.
pub(in crate::checks) fn waiting(manifest: &Manifest, all: &[Waiting], found: &mut Found) {
    for one in all {
        let hash = one.edition.get(..12).unwrap_or(&one.edition);
        // Its title is not public, and this report will be.
        let name = format!("edition {} ({hash})", one.number);
        let (says, help) = if manifest.not_before.is_some_and(|hour| hour >= one.until) {
            (
                format!(
                    "{name} is approved and is published at {}; this one follows the same edition and is given up then",
                    one.until
                ),
                "send this one again after that, so that it follows it",
            )
        } else {
            (
                format!(
                    "{name} is approved and waits until {}; it is given up as soon as this one is published",
                    one.until
                ),
                "publish this one after that; or send what waits again once this one is published, and have it signed anew",
            )
        };
        found.add("edition", says, help);
    }
}
