//! Exchange rates: which one a law asks for, and where it comes from.

use super::consignment::GivenRate;
use crate::decimal::Decimal;
use crate::ratebook::layout::{MemberRow, NO_ID, NONE, PolicyRow, SeriesRow, Tables};
use crate::ratebook::rows;
use std::cell::Cell;

/// Days after which a rate is called old.
const STALE_AFTER_DAYS: i32 = 10;
/// Longest chain of pegs followed.
const MAX_PEGS: usize = 4;

/// An exchange rate as a ratio, so that crossing two published rates is rounded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub(crate) numerator: Decimal,
    pub(crate) denominator: Decimal,
}

impl Ratio {
    pub(crate) const SAME: Self = Self { numerator: Decimal::ONE, denominator: Decimal::ONE };

    #[inline]
    pub(crate) fn apply(self, amount: Decimal) -> Result<Decimal, crate::decimal::NumberError> {
        amount.scaled(self.numerator, self.denominator)
    }

    pub(crate) fn inverse(self) -> Self {
        Self { numerator: self.denominator, denominator: self.numerator }
    }
}

/// Where a rate came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) ratio: Ratio,
    /// Day of the rate; `None` when given with the question or fixed.
    pub(crate) day: Option<i32>,
    /// Row of the series; `None` when given with the question.
    pub(crate) series: Option<usize>,
    pub(crate) pegged: bool,
    pub(crate) stale: bool,
    /// Another series, through which a currency that the first does not quote was reached.
    pub(crate) via: Option<usize>,
    /// The series the law names is not loaded and another stands in.
    pub(crate) stand_in: bool,
    /// Another series that could as well have been taken and says something else: no law names any.
    pub(crate) rival: Option<usize>,
}

/// Days since 1970-01-01 to weekday, Monday 0.
fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7)
}

/// The day whose rate a rule asks for.
pub(crate) fn wanted_day(rule: u8, day: i32) -> i32 {
    let date = date_of(day);
    match rule {
        1 => day - 1,
        2 => match weekday(day) {
            0 => day - 3,
            6 => day - 2,
            _ => day - 1,
        },
        // The Saturday that ends the week before (weeks run Sunday to Saturday).
        3 => day - (weekday(day) + 1).rem_euclid(7) - 1,
        4 => date.map_or(day, |d| day - i32::from(d.day()) + 1),
        5 => {
            let first = date.map_or(day, |d| day - i32::from(d.day()) + 1);
            let last = first - 1; // last day of the month before
            let back = (weekday(last) - 2).rem_euclid(7);
            last - back - 7
        }
        6 => date.map_or(day, |d| day + i32::from(d.days_in_month()) - i32::from(d.day())),
        _ => day,
    }
}

/// The calendar date of a day number.
pub(crate) fn date_of(day: i32) -> Option<jiff::civil::Date> {
    let span = jiff::Span::new().try_days(day).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(span).ok()
}

pub(crate) struct Market<'a, 'g> {
    tables: Tables<'a>,
    given: &'g [(u16, u16, Decimal)],
    /// Rows of all series in the order in which they stand in for what no law names, each with its rank: 0 for those that an
    /// administration of the destination or of its union publishes, then those of nobody's, then those of others.
    order: Vec<(u8, usize)>,
    /// The earliest day whose rates were wanted and are left out of this slice of a ratebook.
    too_early: Cell<Option<i32>>,
}

/// Whether a territory is a member of a union on a day.
fn belongs(tables: &Tables<'_>, territory: u16, union: u16, day: i32) -> bool {
    let member = |m: &MemberRow| (m.of.get(), m.territory.get()) == (union, territory);
    tables.members.iter().any(|m| member(m) && m.from.get() <= day && day < m.before.get())
}

impl<'a, 'g> Market<'a, 'g> {
    /// The rates that count for goods that come into a territory on a day.
    pub(crate) fn new(tables: Tables<'a>, given: &'g [(u16, u16, Decimal)], territory: u16, day: i32) -> Self {
        let rank = |series: &SeriesRow| match series.home.get() {
            home if home == territory || belongs(&tables, territory, home, day) => 0,
            NO_ID => 1,
            _ => 2,
        };
        let mut order: Vec<_> = tables.series.iter().enumerate().map(|(at, series)| (rank(series), at)).collect();
        order.sort_unstable();
        Self { tables, given, order, too_early: Cell::new(None) }
    }

    /// The earliest day whose rates were wanted, where this is a slice of a ratebook that has later ones only.
    pub(crate) fn too_early(&self) -> Option<i32> {
        self.too_early.get()
    }
}

impl Market<'_, '_> {
    /// How many `to` one `from` is, under a policy.
    pub(crate) fn rate(&self, policy: &PolicyRow, from: u16, to: u16, day: i32) -> Option<Found> {
        let plain = |ratio| Found {
            ratio,
            day: None,
            series: None,
            pegged: false,
            via: None,
            stale: false,
            stand_in: false,
            rival: None,
        };
        if from == to {
            return Some(plain(Ratio::SAME));
        }
        if from == NO_ID || to == NO_ID {
            return None;
        }
        for &(a, b, rate) in self.given {
            if (a, b) == (from, to) {
                return Some(plain(Ratio { numerator: rate, denominator: Decimal::ONE }));
            }
            if (b, a) == (from, to) {
                return Some(plain(Ratio { numerator: Decimal::ONE, denominator: rate }));
            }
        }
        let wanted = wanted_day(if policy.set == 1 { policy.rule } else { 0 }, day);
        if self.tables.sliced.first().is_some_and(|sliced| wanted < sliced.since.get()) {
            self.too_early.set(Some(self.too_early.get().map_or(wanted, |day| day.min(wanted))));
            return None;
        }
        let key = |id: u32| (id != NONE).then(|| self.tables.series.iter().position(|s| s.key.get() == id)).flatten();
        let named = if policy.set == 1 { key(policy.series.get()) } else { None };
        let fallback = if policy.set == 1 { key(policy.fallback.get()) } else { None };
        let mut order: Vec<usize> = Vec::new();
        order.extend(named);
        order.extend(fallback.filter(|f| Some(*f) != named));
        order.extend(self.order.iter().map(|(_, at)| *at).filter(|s| !order.contains(s)).collect::<Vec<_>>());
        for at in order {
            let series = &self.tables.series[at];
            let found = self.value(series, from, wanted, 0).zip(self.value(series, to, wanted, 0));
            if let Some((f, t)) = found {
                let day = f.day.into_iter().chain(t.day).min();
                return Some(Found {
                    ratio: Ratio { numerator: t.value, denominator: f.value },
                    day,
                    series: Some(at),
                    pegged: f.pegged || t.pegged,
                    via: f.via.or(t.via),
                    stale: day.is_some_and(|d| wanted.saturating_sub(d) > STALE_AFTER_DAYS),
                    stand_in: policy.set == 1 && named != Some(at),
                    rival: if [named, fallback].contains(&Some(at)) { None } else { self.rival(at, from, to, wanted) },
                });
            }
        }
        None
    }

    /// A series that another authority publishes, which quotes one of two currencies in the other, as good as the one that was
    /// chosen where no law names any, and says something else.
    fn rival(&self, chosen: usize, from: u16, to: u16, day: i32) -> Option<usize> {
        let rank = |wanted: usize| self.order.iter().find(|(_, at)| *at == wanted).map(|(rank, _)| *rank);
        let who = |at: usize| {
            self.tables.editions.get(self.tables.series[at].edition.get() as usize).map(|e| e.authority.get())
        };
        let quoted = |at: usize| {
            let series = &self.tables.series[at];
            let other = if series.base.get() == from { to } else { from };
            let direct =
                [from, to].contains(&series.base.get()).then(|| self.value(series, other, day, MAX_PEGS))??;
            direct.via.is_none().then_some((series.base.get(), direct.value))
        };
        let ours = quoted(chosen)?;
        let others = self.order.iter().filter(|(rank_of, at)| *at != chosen && Some(*rank_of) == rank(chosen));
        let others = others.map(|(_, at)| *at).filter(|at| who(*at).is_some() && who(*at) != who(chosen));
        others.into_iter().find(|at| quoted(*at).is_some_and(|theirs| theirs != ours))
    }

    /// How many of a currency one base of the series is.
    fn value(&self, series: &SeriesRow, currency: u16, day: i32, depth: usize) -> Option<Value> {
        if currency == series.base.get() {
            return Some(Value { value: Decimal::ONE, day: None, pegged: false, via: None });
        }
        for &(a, b, rate) in self.given {
            if (a, b) == (series.base.get(), currency) {
                return Some(Value { value: rate, day: None, pegged: false, via: None });
            }
        }
        let all = rows(self.tables.rates, series.rows);
        let upto = all.partition_point(|r| (r.currency.get(), r.day.get()) <= (currency, day));
        if let Some(row) = upto.checked_sub(1).and_then(|i| all.get(i))
            && row.currency.get() == currency
        {
            return Some(Value {
                value: Decimal::from_units(row.rate.get()),
                day: Some(row.day.get()),
                pegged: false,
                via: None,
            });
        }
        if depth >= MAX_PEGS {
            return None;
        }
        let peg = self
            .tables
            .pegs
            .iter()
            .find(|p| p.currency.get() == currency && p.from.get() <= day && day < p.before.get());
        let Some(peg) = peg else { return self.through_another(series, currency, day, depth) };
        let anchor = self.value(series, peg.to.get(), day, depth + 1)?;
        let value = anchor.value.times(Decimal::from_units(peg.rate.get())).ok()?;
        Some(Value { value, day: anchor.day, pegged: true, via: anchor.via })
    }
}

impl Market<'_, '_> {
    /// A currency that only another series quotes, through that series' base.
    fn through_another(&self, series: &SeriesRow, currency: u16, day: i32, depth: usize) -> Option<Value> {
        for &(_, at) in &self.order {
            let other = &self.tables.series[at];
            if std::ptr::eq(other, series) || other.base.get() == currency {
                continue;
            }
            let all = rows(self.tables.rates, other.rows);
            let upto = all.partition_point(|r| (r.currency.get(), r.day.get()) <= (currency, day));
            if let Some(row) = upto.checked_sub(1).and_then(|i| all.get(i))
                && row.currency.get() == currency
            {
                let base = self.value(series, other.base.get(), day, depth + 1)?;
                let value = base.value.times(Decimal::from_units(row.rate.get())).ok()?;
                return Some(Value { value, day: Some(row.day.get()), pegged: base.pegged, via: Some(at) });
            }
        }
        None
    }
}

struct Value {
    value: Decimal,
    day: Option<i32>,
    pegged: bool,
    via: Option<usize>,
}

/// Reads the rates given with a question.
pub(crate) fn given_rates(tables: &Tables<'_>, rates: &[GivenRate]) -> Vec<(u16, u16, Decimal)> {
    rates.iter().filter_map(|r| Some((tables.currency(&r.from)?, tables.currency(&r.to)?, r.rate))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ratebook::compile::day_number;

    fn day(text: &str) -> i32 {
        day_number(text.parse().unwrap())
    }

    #[test]
    fn rules_pick_their_day() {
        // 2026-11-21 is a Saturday.
        let today = day("2026-11-21");
        for (rule, expected) in [
            (0, "2026-11-21"),
            (1, "2026-11-20"),
            (2, "2026-11-20"),
            (3, "2026-11-14"),
            (4, "2026-11-01"),
            (5, "2026-10-21"),
            (6, "2026-11-30"),
        ] {
            assert_eq!(wanted_day(rule, today), day(expected), "rule {rule}");
        }
        assert_eq!(wanted_day(2, day("2026-11-23")), day("2026-11-20"), "Monday looks to Friday");
        assert_eq!(wanted_day(3, day("2026-11-22")), day("2026-11-21"), "Sunday begins a week");
        assert_eq!(wanted_day(5, day("2026-05-10")), day("2026-04-22"));
    }
}
