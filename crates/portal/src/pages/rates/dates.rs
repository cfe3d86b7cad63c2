//! Spans of days as a page tells them.

use crate::locale::{Lang, day};
use crate::say;
use jiff::civil::Date;
use jiff::{Unit, civil};

/// Since when the timelines and histories go.
pub(in crate::pages) const BEGINS: Date = civil::date(2024, 1, 1);
/// An edition older than so many days is marked.
pub(super) const STALE: i32 = 90;

/// `since 1 Jul 2026`, `until 30 Jun 2026`, `1 Jul 2021 to 30 Jun 2026`; nothing where both ends are open.
pub(super) fn span(lang: Lang, today: Date, from: Option<Date>, before: Option<Date>) -> String {
    let last = before.map(|before| before.yesterday().unwrap_or(before));
    match (from, last) {
        (None, None) => String::new(),
        (Some(from), None) if from > today => say!(lang, RATES_SPAN_FROM, day = day(lang, from)),
        (Some(from), None) => say!(lang, RATES_SPAN_SINCE, day = day(lang, from)),
        (None, Some(last)) => say!(lang, RATES_SPAN_UNTIL, day = day(lang, last)),
        (Some(from), Some(last)) => say!(lang, RATES_SPAN, from = day(lang, from), last = day(lang, last)),
    }
}

/// Days from one date to another; negative where the other is earlier.
pub(super) fn days(from: Date, to: Date) -> i32 {
    from.until((Unit::Day, to)).map_or(0, |span| span.get_days())
}

/// Whether something holds on a day.
pub(super) fn holds(from: Option<Date>, before: Option<Date>, on: Date) -> bool {
    from.is_none_or(|from| from <= on) && before.is_none_or(|before| on < before)
}

/// How old something is, in words: today, or so many days.
pub(super) fn age(lang: Lang, days: i32) -> String {
    say!(lang, RATES_AGE, days = days.max(0))
}

/// A day from the fields of an address; nothing where the field is empty or no day.
pub(super) fn read(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_span_ends_on_its_last_day() {
        let told = |from, before| span(Lang::FIRST, date(2026, 11, 22), from, before);
        assert_eq!(told(None, None), "");
        assert_eq!(told(Some(date(2026, 7, 1)), Some(date(2028, 7, 1))), "1 Jul 2026 to 30 Jun 2028");
        assert_eq!(told(Some(date(2026, 7, 1)), None), "since 1 Jul 2026");
        assert_eq!(told(Some(date(2027, 1, 1)), None), "from 1 Jan 2027");
        assert_eq!(told(None, Some(date(2026, 7, 1))), "until 30 Jun 2026");
    }

    #[test]
    fn days_are_counted_across_years() {
        assert_eq!(days(date(2024, 1, 1), date(2026, 11, 22)), 1056);
        assert_eq!(days(date(2026, 11, 22), date(2026, 11, 21)), -1);
    }
}
