//! The measures of the tariffs that a destination uses.

use super::*;

/// The tariffs that a program uses on any day.
pub(crate) fn every_tariff<'a>(t: &Tables<'a>, program: &ProgramRow) -> impl Iterator<Item = &'a TariffRow> + use<'a> {
    let tariffs = t.tariffs;
    rows(t.kids, program.tariffs).chunks_exact(4).flat_map(move |entry| rows(tariffs, tariffs_at(entry)))
}

/// The programmes, as text ids, that measures of a program's tariffs name.
pub(crate) fn programs_of<'a>(t: &Tables<'a>, program: &ProgramRow) -> impl Iterator<Item = u32> + use<'a> {
    let kids = t.kids;
    every_tariff(t, program).flat_map(move |tariff| rows(kids, tariff.claims).iter().map(|id| id.get()))
}

/// Whether a tariff of the destination has measures on codes from `low` to `high`, or on codes of six digits or more above
/// them.
pub(crate) fn has_measures(t: &Tables<'_>, program: &ProgramRow, moment: Moment, low: u64, high: u64) -> bool {
    let day = moment.day;
    tariffs_in_force(t, program, moment).any(|tariff| {
        // The search stops at the first that is found.
        !each_measure(t, tariff, low, high, |measure, first, last| {
            let holds = measure.digits >= 6 && measure.from.get() <= day && day < measure.before.get();
            !(holds && first <= high && low <= last)
        })
    })
}

/// Whether a measure gives goods a line in a full tariff on a day.
pub(super) fn gives_a_line(measure: &MeasureRow, day: i32) -> bool {
    measure.kind == MeasureKind::ThirdCountry as u8 && measure.from.get() <= day && day < measure.before.get()
}

/// Whether codes from `low` to `high` have a line in any tariff, where one of them is there in full; nothing where none is.
pub(crate) fn is_listed(t: &Tables<'_>, program: &ProgramRow, moment: Moment, low: u64, high: u64) -> Option<bool> {
    let (day, mut full, mut found) = (moment.day, false, false);
    for tariff in tariffs_in_force(t, program, moment) {
        full |= tariff.is_complete(day);
        let searched = each_measure(t, tariff, low, high, |measure, first, last| {
            !(gives_a_line(measure, day) && first <= high && low <= last)
        });
        found |= !searched;
    }
    full.then_some(found)
}

/// Whether one of the tariffs in force is there in full.
pub(crate) fn is_full(t: &Tables<'_>, program: &ProgramRow, moment: Moment) -> bool {
    tariffs_in_force(t, program, moment).any(|tariff| tariff.is_complete(moment.day))
}

/// How many digits the line has that gives all codes from `low` to `high` their duty in a tariff that is there in full;
/// nothing where one of them has a line of its own.
pub(crate) fn line_above(t: &Tables<'_>, program: &ProgramRow, moment: Moment, low: u64, high: u64) -> Option<u8> {
    let (day, mut above) = (moment.day, None::<u8>);
    if !is_full(t, program, moment) {
        return None;
    }
    for tariff in tariffs_in_force(t, program, moment) {
        let searched = each_measure(t, tariff, low, high, |measure, first, last| {
            if gives_a_line(measure, day) && first <= low && high <= last && (first, last) != (low, high) {
                above = above.max(Some(measure.digits));
            }
            !(gives_a_line(measure, day) && low <= first && last <= high)
        });
        if !searched {
            return None;
        }
    }
    above
}

/// Calls `visit` with the measures of a tariff that are on codes near `low..=high`, and with the first and last code of
/// each, until it returns `false`. Returns whether it never did.
pub(super) fn each_measure(
    t: &Tables<'_>,
    tariff: &TariffRow,
    low: u64,
    high: u64,
    mut visit: impl FnMut(&MeasureRow, u64, u64) -> bool,
) -> bool {
    let mut of = |id: u32, base: u64| -> bool {
        let at = tariff.offsets.get() as usize + id as usize;
        let (Some(a), Some(b)) = (t.offsets.get(at), t.offsets.get(at + 1)) else { return true };
        let block = t.measures.get(a.get() as usize..b.get() as usize).unwrap_or(&[]);
        block.iter().all(|measure| {
            let free = 10u64.pow(u32::from(CODE_DIGITS - measure.digits.min(CODE_DIGITS)));
            let first = base + u64::from(measure.suffix.get());
            visit(measure, first, first + (free - 1))
        })
    };
    // Whole chapters first: their ids are the chapters themselves.
    for chapter in low / 10_000_000_000..=(high / 10_000_000_000).min(u64::from(CHAPTERS) - 1) {
        if !of(chapter as u32, chapter * 10_000_000_000) {
            return false;
        }
    }
    let head_low = (low / 100_000_000) as usize;
    let head_high = ((high / 100_000_000) as usize).min(HEADINGS - 2);
    for head in head_low..=head_high {
        let (Some(start), Some(end)) = (t.headings.get(head), t.headings.get(head + 1)) else { return true };
        for id in start.get()..end.get() {
            let sub = t.subs.get(id as usize).copied().filter(|s| *s != u8::MAX).map(u64::from);
            let base = head as u64 * 100_000_000 + sub.unwrap_or(0) * 1_000_000;
            // A heading's own measures reach all codes below it, a subheading's only its own.
            if sub.is_some() && (base > high || base + 999_999 < low) {
                continue;
            }
            if !of(id, base) {
                return false;
            }
        }
    }
    true
}
