//! TW505: a preference is not above the general duty.

use crate::checks::{Check, Found, Seen, say};
use jiff::civil::Date;
use std::collections::HashMap;
use tidewaiter::Decimal;
use tidewaiter::goods::GoodsCode;
use tidewaiter::record::MeasureKind;

pub(super) const CHECK: Check = Check::warning("TW505", "A preference is not above the general duty", look);

/// First day, first day no longer, and the rate where it is a plain percentage.
type Duty = ((Date, Date), Option<Decimal>);

fn look(seen: &Seen<'_>, found: &mut Found) {
    let mut general: HashMap<GoodsCode, Vec<Duty>> = HashMap::new();
    for filed in seen.now.general() {
        if let Some(code) = filed.code {
            general.entry(code).or_default().push((filed.days(), seen.now.percent(filed)));
        }
    }
    general.values_mut().for_each(|duties| duties.sort_unstable());
    // The general duty on a day: of the code or of the nearest above it. Duties of one code do not overlap (TW302).
    let on = |code: GoodsCode, day: Date| {
        let all = general.get(&code)?;
        let ((_, before), percent) = all.get(all.partition_point(|((from, _), _)| *from <= day).checked_sub(1)?)?;
        (day < *before).then_some(*percent)
    };
    for filed in seen.now.charged().filter(|filed| filed.measure.kind == MeasureKind::Preference) {
        let (Some(code), Some(percent)) = (filed.code, seen.now.percent(filed)) else { continue };
        let (from, before) = filed.days();
        let day = from.max(seen.draft.today);
        if day >= before {
            continue;
        }
        let duty = [code].into_iter().chain(code.ancestors()).find_map(|code| on(code, day)).flatten();
        if let Some(duty) = duty.filter(|duty| percent > *duty) {
            let says = format!(
                "the preference is {percent} % and the general duty is {duty} % on {day}: nobody would claim it"
            );
            found.add(say::measure(filed.measure), says, "check whether the two were exchanged");
        }
    }
}
