//! TW110: the edition holds something.

use crate::checks::{Check, Found, Seen};
use crate::manifest::Kind;
use tidewaiter_sources::Entry;

pub(super) const CHECK: Check = Check::error("TW110", "The edition holds records", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let manifest = seen.draft.manifest;
    // A withdrawal may say that nothing holds any longer; a part may be an economy file.
    let may_be_empty = manifest.kind == Kind::Withdrawal || manifest.parts.iter().any(|part| part.file.is_some());
    let holds = |entry: &Entry| !matches!(entry, Entry::Edition(_) | Entry::Fact(_));
    if !may_be_empty && !seen.draft.entries.iter().any(holds) {
        found.add(
            "edition",
            "it holds no records beside facts",
            "check that the file was filled in and is the one you meant",
        );
    }
}
