//! TW502: a chapter that was free stays free.

use super::last_percents;
use crate::checks::{Check, Found, Seen};
use std::collections::{BTreeMap, HashSet};
use tidewaiter::Decimal;

pub(super) const CHECK: Check = Check::warning("TW502", "Most of a chapter does not become charged at once", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let Some(before) = &seen.before else { return };
    let old = last_percents(before);
    let general: HashSet<u64> = seen.now.general().map(|filed| filed.identity).collect();
    // By chapter: how many codes have a percentage, and how many had 0 % and no longer have.
    let mut chapters: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    for (identity, (filed, new)) in last_percents(&seen.now) {
        let (Some(code), true) = (filed.code, general.contains(&identity)) else { continue };
        let (all, charged) = chapters.entry(super::super::goods::chapter(code)).or_default();
        *all += 1;
        *charged += u64::from(new > Decimal::ZERO && old.get(&identity).is_some_and(|(_, old)| old.is_zero()));
    }
    for (chapter, (all, charged)) in chapters.into_iter().filter(|(_, (all, charged))| charged * 2 > *all) {
        let says =
            format!("{charged} of its {all} general duties were 0 % in the edition before and are above that now");
        found.add(
            format!("chapter {chapter:02}"),
            says,
            "compare it with the law; where it is right, say so to the approver",
        );
    }
}
