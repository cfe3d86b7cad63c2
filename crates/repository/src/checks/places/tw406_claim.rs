//! TW406: a preference or quota can be claimed.

use crate::checks::{Check, Found, Seen, say};
use tidewaiter::record::{Measure, MeasureKind};

pub(super) const CHECK: Check = Check::warning("TW406", "A preference or quota names its programme", look);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let claimed = |kind| matches!(kind, MeasureKind::Preference | MeasureKind::Quota);
    let nameless =
        seen.now.charged().filter(|f| f.measure.program.is_none() && claimed(f.measure.kind) && seen.is_new(f));
    let places: Vec<&Measure> = nameless.map(|filed| filed.measure).collect();
    if let Some(first) = places.iter().min_by_key(|measure| &measure.code) {
        let (count, first) = (places.len(), say::code(&first.code));
        let says = format!(
            "preferences and quotas without a programme, which nobody can claim and no quote shows: {count}; the first is on {first}"
        );
        found.add("edition", says, "name the programme under which each is claimed");
    }
}
