//! How close turnover is to a threshold: by calendar years, or by the months up to each day.

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan as _};
use serde::Serialize;
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// Days of sales before something is said of the pace.
const LEAST_DAYS: i32 = 30;

/// A limit with the time over which it counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gauge {
    pub(super) over: Decimal,
    pub(super) or_equal: bool,
    /// Months up to a day; the calendar year where absent.
    pub(super) months: Option<u8>,
    pub(super) today: Date,
}

/// Where turnover stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    /// First day of the window that ends today.
    pub from: Date,
    /// Turnover in it, in the currency of the threshold, not rounded.
    pub amount: Decimal,
    /// Turnover of the calendar year before, where it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year_before: Option<Decimal>,
    /// Per cent of the limit, to one place, rounded down.
    pub percent: Decimal,
    /// The first day on which it was reached, in any window of the sales given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<Date>,
    /// The last window before today in which it was reached, by the day on which it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_reached: Option<Date>,
    /// Whether it stands above the limit now.
    pub is_above: bool,
    /// About when it is reached if sales go on as in the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Date>,
}

impl Gauge {
    fn passes(&self, amount: Decimal) -> bool {
        amount > self.over || (self.or_equal && amount == self.over)
    }

    /// First day of the window that ends with a day.
    fn begins(&self, day: Date) -> Date {
        match self.months {
            None => day.first_of_year(),
            // Twelve months up to 20 May begin on 21 May of the year before.
            Some(months) => day.saturating_sub(Span::new().months(i64::from(months))).saturating_add(1.day()),
        }
    }

    /// Sales must come in the order of their days.
    pub(super) fn level(&self, sales: &[(Date, Decimal)]) -> Result<Level, NumberError> {
        let (mut first, mut sum) = (0, Decimal::ZERO);
        let (mut reached, mut last_reached) = (None, None);
        for (day, amount) in sales {
            let begins = self.begins(*day);
            sum = sum.plus(*amount)?;
            while let Some((_, gone)) = sales.get(first).filter(|(old, _)| *old < begins) {
                sum = sum.minus(*gone)?;
                first += 1;
            }
            if self.passes(sum) {
                reached = reached.or(Some(*day));
                let is_new = last_reached.is_none_or(|last: Date| last < begins);
                last_reached = if is_new { Some(*day) } else { last_reached };
            }
        }
        let from = self.begins(self.today);
        let within = |from: Date, to: Date| {
            sales
                .iter()
                .filter(|(day, _)| (from..=to).contains(day))
                .try_fold(Decimal::ZERO, |sum, (_, amount)| sum.plus(*amount))
        };
        let amount = within(from, self.today)?;
        let year_before = if self.months.is_none() {
            let year = from.year() - 1;
            Some(within(date(year, 1, 1), date(year, 12, 31))?)
        } else {
            None
        };
        let tenth = Decimal::ten_to_minus(1);
        let percent = amount.scaled(Decimal::HUNDRED, self.over)?.rounded(tidewaiter::RoundingMode::Down, tenth)?;
        let is_above = self.passes(amount);
        let about = if is_above { None } else { self.about(sales, from, amount) };
        Ok(Level { from, amount, year_before, percent, reached, last_reached, is_above, about })
    }

    /// At the pace of the window. What has been in a window of months for its whole length no longer grows at a steady pace.
    fn about(&self, sales: &[(Date, Decimal)], from: Date, amount: Decimal) -> Option<Date> {
        let first = sales.iter().map(|(day, _)| *day).find(|day| *day >= from)?;
        let since = if sales.first().is_some_and(|(day, _)| *day < from) { from } else { first };
        let days = self.today.since(since).ok()?.get_days() + 1;
        if days < LEAST_DAYS || amount.is_zero() {
            return None;
        }
        let needs = self.over.minus(amount).ok()?;
        let more = needs.scaled(Decimal::from_int(i64::from(days)), amount).ok()?;
        let more = more.rounded(tidewaiter::RoundingMode::Up, Decimal::ONE).ok()?;
        let more = i64::try_from(more.units() / Decimal::ONE.units()).ok()?;
        let day = self.today.checked_add(Span::new().try_days(more).ok()?).ok()?;
        // The window must still begin before the first of the sales that make the pace.
        (self.begins(day) <= since).then_some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gauge(months: Option<u8>, today: &str) -> Gauge {
        Gauge { over: Decimal::from_int(100), or_equal: false, months, today: today.parse().unwrap() }
    }

    fn sales(text: &[(&str, i64)]) -> Vec<(Date, Decimal)> {
        text.iter().map(|(day, amount)| (day.parse().unwrap(), Decimal::from_int(*amount))).collect()
    }

    #[test]
    fn a_year_of_months_ends_the_day_before_the_same_day() {
        let rolling = gauge(Some(12), "2026-05-20");
        // 21 May 2025 to 20 May 2026 is one window, 20 May 2025 is not in it.
        assert!(rolling.level(&sales(&[("2025-05-21", 60), ("2026-05-20", 50)])).unwrap().is_above);
        let apart = rolling.level(&sales(&[("2025-05-20", 60), ("2026-05-20", 50)])).unwrap();
        assert_eq!((apart.is_above, apart.reached, apart.amount), (false, None, Decimal::from_int(50)));
        let year = gauge(None, "2026-05-20").level(&sales(&[("2025-12-31", 60), ("2026-01-01", 50)])).unwrap();
        assert_eq!((year.is_above, year.year_before), (false, Some(Decimal::from_int(60))));
    }

    #[test]
    fn a_steady_pace_reaches_the_limit_or_never_does() {
        // 40 in 40 days is one a day: 60 more days.
        let soon = gauge(Some(12), "2026-02-09").level(&sales(&[("2026-01-01", 20), ("2026-02-09", 20)])).unwrap();
        assert_eq!(soon.about.unwrap().to_string(), "2026-04-10");
        let never = gauge(Some(12), "2026-12-31").level(&sales(&[("2025-06-01", 40), ("2026-06-01", 40)])).unwrap();
        assert_eq!(never.about, None);
    }

    proptest! {
        #[test]
        fn the_day_it_was_reached_is_that_of_adding_up_anew(
            days in prop::collection::vec((0i64..1500, 1i64..60), 0..40), months in prop::option::of(1u8..24),
        ) {
            let start = date(2023, 1, 1);
            let mut all: Vec<(Date, Decimal)> =
                days.iter().map(|(n, amount)| (start + n.days(), Decimal::from_int(*amount))).collect();
            all.sort();
            let gauge = Gauge { over: Decimal::from_int(100), or_equal: true, months, today: date(2027, 3, 1) };
            let level = gauge.level(&all).unwrap();
            let by_hand = all.iter().map(|(day, _)| *day).find(|last| {
                let window = gauge.begins(*last)..=*last;
                let units: i128 = all.iter().filter(|(day, _)| window.contains(day)).map(|(_, a)| a.units()).sum();
                units >= gauge.over.units()
            });
            prop_assert_eq!(level.reached, by_hand);
        }
    }
}
