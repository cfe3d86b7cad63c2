//! TW5xx: what the law may well say, and a slip of the hand more often does.

mod tw501_jump;
mod tw502_chapter_charged;
mod tw503_over_hundred;
mod tw504_over_thousand;
mod tw505_preference;
mod tw506_fewer_measures;
mod tw507_lines_gone;
mod tw508_exchange_moves;
mod tw509_decimal_point;
mod tw510_high_tax;
mod tw511_exchange_gone;
mod tw512_kind_gone;
mod tw513_series_name;
mod tw514_future_rate;

use super::records::{Filed, Records, number, pair};
use super::{Check, Seen};
use std::collections::{HashMap, HashSet};
use tidewaiter::Decimal;
use tidewaiter::record::edition::ExchangeRate;

pub(super) const ALL: &[Check] = &[
    tw501_jump::CHECK,
    tw502_chapter_charged::CHECK,
    tw503_over_hundred::CHECK,
    tw504_over_thousand::CHECK,
    tw505_preference::CHECK,
    tw506_fewer_measures::CHECK,
    tw507_lines_gone::CHECK,
    tw508_exchange_moves::CHECK,
    tw509_decimal_point::CHECK,
    tw510_high_tax::CHECK,
    tw511_exchange_gone::CHECK,
    tw512_kind_gone::CHECK,
    tw513_series_name::CHECK,
    tw514_future_rate::CHECK,
];

/// A number times a whole one; the largest there is where it would not fit.
fn times(number: Decimal, by: i64) -> Decimal {
    number.times(Decimal::from_int(by)).unwrap_or(Decimal::from_units(i128::MAX))
}

/// The percentage each thing charged has at last, by its identity.
fn last_percents<'a>(records: &'a Records<'a>) -> HashMap<u64, (&'a Filed<'a>, Decimal)> {
    let mut out: HashMap<u64, (&Filed<'_>, Decimal)> = HashMap::new();
    for filed in records.charged() {
        let Some(percent) = records.percent(filed) else { continue };
        let newer =
            out.get(&filed.identity).is_none_or(|(last, other)| (last.days(), *other) < (filed.days(), percent));
        if newer {
            out.insert(filed.identity, (filed, percent));
        }
    }
    out
}

/// Calls `each` with what had one percentage at last in the edition before and has another at last in this one.
fn changed_percents<'a>(seen: &'a Seen<'a>, mut each: impl FnMut(&'a Filed<'a>, Decimal, Decimal)) {
    let Some(before) = &seen.before else { return };
    let old = last_percents(before);
    for (identity, (filed, new)) in last_percents(&seen.now) {
        if let Some((_, old)) = old.get(&identity).filter(|(_, old)| *old != new) {
            each(filed, *old, new);
        }
    }
}

/// Calls `each` with an exchange rate that is new and the one before it: those that the edition before has not; where there
/// is none, the newest of each series and pair.
fn new_exchange<'a>(seen: &'a Seen<'a>, mut each: impl FnMut(&'a ExchangeRate, &'a ExchangeRate)) {
    let all = &seen.now.exchange;
    let says = |rate: &ExchangeRate| number(&(pair(rate), rate.from, rate.rate));
    let known: Option<HashSet<u64>> =
        seen.before.as_ref().map(|before| before.exchange.iter().map(|rate| says(rate)).collect());
    for (at, two) in all.windows(2).enumerate() {
        let &[last, rate] = two else { continue };
        let is_newest = all.get(at + 2).is_none_or(|next| pair(next) != pair(rate));
        let is_new = known.as_ref().map_or(is_newest, |known| !known.contains(&says(rate)));
        let both_above_zero = last.rate > Decimal::ZERO && rate.rate > Decimal::ZERO;
        if pair(last) == pair(rate) && is_new && both_above_zero {
            each(last, rate);
        }
    }
    // An edition may bring the new days alone: the first of each pair then follows the newest of the edition before.
    let Some(before) = &seen.before else { return };
    let newest: HashMap<_, &ExchangeRate> = before.exchange.iter().map(|rate| (pair(rate), *rate)).collect();
    for (at, &rate) in all.iter().enumerate() {
        let is_first = at.checked_sub(1).and_then(|at| all.get(at)).is_none_or(|last| pair(last) != pair(rate));
        if let Some(last) = newest.get(&pair(rate)).filter(|last| is_first && last.from < rate.from)
            && last.rate > Decimal::ZERO
            && rate.rate > Decimal::ZERO
        {
            each(last, rate);
        }
    }
}

/// Ten, a hundred or a thousand, where one rate is nearly that many times another: a decimal point that slipped.
fn slipped(old: Decimal, new: Decimal) -> Option<i64> {
    let near = |small: Decimal, large: Decimal, by: i64| {
        let (least, most) = (times(times(small, by), 9), times(times(small, by), 11));
        (least..=most).contains(&times(large, 10))
    };
    [10, 100, 1000].into_iter().find(|by| near(old, new, *by) || near(new, old, *by))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slipped_point_is_nearly_a_power_of_ten() {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        let slip = |old, new| slipped(number(old), number(new));
        assert_eq!(slip("1.08", "10.81"), Some(10));
        assert_eq!(slip("1.08", "0.0107"), Some(100));
        assert_eq!(slip("5", "4500"), Some(1000));
        assert_eq!(slip("5", "5600"), None);
        assert_eq!((slip("1", "2"), slip("1", "8.9"), slip("1", "11.1")), (None, None, None));
    }
}
