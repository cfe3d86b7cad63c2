//! TW208: the nomenclature of goods codes is named.

use crate::checks::{Check, Found, Seen};

pub(super) const CHECK: Check = Check::warning("TW208", "The edition names its nomenclature", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let named = seen.draft.manifest.head.nomenclature.as_deref().is_some_and(|name| !name.trim().is_empty());
    let has_codes = !seen.now.lines.is_empty() || !seen.now.measures.is_empty();
    if has_codes && !named {
        let help = "name it with its year, such as HS 2022: codes mean other goods in another edition";
        found.add("edition", "it has goods codes and does not say of which nomenclature", help);
    }
}
