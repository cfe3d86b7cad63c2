//! Days: official last days become first days no longer.

use crate::taric3::store::Record;
use jiff::ToSpan;
use jiff::civil::Date;

/// A day of a field.
pub(super) fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// The day after a last day.
pub(super) fn after(text: &str) -> Option<Date> {
    day(text)?.checked_add(1.day()).ok()
}

/// First day of a record.
pub(super) fn first(record: &Record) -> Option<Date> {
    day(record.get("validity.start.date"))
}

/// First day a record no longer holds.
pub(super) fn before(record: &Record) -> Option<Date> {
    after(record.get("validity.end.date"))
}

/// The earlier of two ends, none being never.
pub(super) fn earlier(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// A time from a day to before another.
pub(super) type Time = (Option<Date>, Option<Date>);

/// Whether two times have a day in common.
pub(super) fn overlap(a: Time, b: Time) -> bool {
    let begins_before = |from: Option<Date>, before: Option<Date>| before.is_none_or(|before| from < Some(before));
    begins_before(a.0, b.1) && begins_before(b.0, a.1)
}

/// What is left of a time without others.
pub(super) fn without(time: Time, stops: &[Time]) -> Vec<Time> {
    let mut left = vec![time];
    for stop in stops {
        left = left
            .into_iter()
            .flat_map(|time| {
                if !overlap(time, *stop) {
                    return vec![time];
                }
                let head = (time.0, earlier(time.1, stop.0));
                let tail = (stop.1.max(time.0), time.1);
                let mut parts = Vec::new();
                if time.0 < stop.0 {
                    parts.push(head);
                }
                if stop.1.is_some() && time.1.is_none_or(|end| stop.1 < Some(end)) {
                    parts.push(tail);
                }
                parts
            })
            .collect();
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn last_days_become_first_days_no_longer() {
        assert_eq!(after("2018-12-31"), Some(date(2019, 1, 1)));
        assert_eq!(after("2016-02-28"), Some(date(2016, 2, 29)));
        assert_eq!(after(""), None);
        assert_eq!(after("9999-12-31"), None);
    }

    #[test]
    fn a_stop_cuts_a_time_in_two() {
        let d = |month| Some(date(2018, month, 1));
        assert_eq!(without((d(1), d(12)), &[(d(3), d(5))]), [(d(1), d(3)), (d(5), d(12))]);
        assert_eq!(without((d(1), None), &[(d(3), None)]), [(d(1), d(3))]);
        assert_eq!(without((d(1), None), &[(d(1), d(3))]), [(d(3), None)]);
        assert_eq!(without((d(1), d(2)), &[(d(1), d(2))]), []);
        assert_eq!(without((d(1), d(2)), &[(d(2), d(3))]), [(d(1), d(2))]);
        assert_eq!(without((d(1), d(12)), &[(d(3), d(5)), (d(4), d(6))]), [(d(1), d(3)), (d(6), d(12))]);
    }
}
