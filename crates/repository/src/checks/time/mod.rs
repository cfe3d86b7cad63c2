//! TW3xx: days in force, overlaps and gaps, the legal act, and what changes the past.

mod tw301_order;
mod tw302_conflict;
mod tw303_twice;
mod tw304_gap;
mod tw305_legal_act;
mod tw306_known_from;
mod tw307_next_due;
mod tw308_retroactive;
mod tw309_back_dated;

use super::clash::{Clash, Stated, clashes};
use super::records::{Records, number, pair, span};
use super::{Check, Seen, say};
use jiff::civil::Date;
use tidewaiter::record::{Dated, DatedValue, Rate};

pub(super) const ALL: &[Check] = &[
    tw301_order::CHECK,
    tw302_conflict::CHECK,
    tw303_twice::CHECK,
    tw304_gap::CHECK,
    tw305_legal_act::CHECK,
    tw306_known_from::CHECK,
    tw307_next_due::CHECK,
    tw308_retroactive::CHECK,
    tw309_back_dated::CHECK,
];

/// Spans of days in order, those that overlap or touch made one.
pub(super) fn merged(mut days: Vec<(Date, Date)>) -> Vec<(Date, Date)> {
    days.retain(|(from, before)| from < before);
    days.sort_unstable();
    let mut out: Vec<(Date, Date)> = Vec::with_capacity(days.len());
    for (from, before) in days {
        match out.last_mut() {
            Some((_, end)) if from <= *end => *end = before.max(*end),
            _ => out.push((from, before)),
        }
    }
    out
}

/// Whether one of some spans that are [`merged`] holds a day.
pub(super) fn holds(days: &[(Date, Date)], day: Date) -> bool {
    let at = days.partition_point(|(_, before)| *before <= day);
    days.get(at).is_some_and(|(from, _)| *from <= day)
}

/// What counts as a statement that another may contradict: a charge, a tax rate, an exchange rate.
#[derive(Debug, Clone, Copy)]
enum Statement<'a> {
    Measure(&'a super::records::Filed<'a>),
    Rate(&'a Rate, &'a str),
    Exchange(&'a tidewaiter::record::edition::ExchangeRate),
}

impl Statement<'_> {
    /// 0 to 2.
    const fn sort(&self) -> usize {
        match self {
            Self::Measure(_) => 0,
            Self::Rate(..) => 1,
            Self::Exchange(_) => 2,
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Measure(filed) => say::measure(filed.measure),
            Self::Rate(rate, _) => say::rate(rate),
            Self::Exchange(rate) => say::exchange(rate),
        }
    }

    fn words(&self, records: &Records<'_>) -> String {
        match self {
            Self::Measure(filed) => say::short(&records.words.printed(filed.measure)),
            Self::Rate(_, is) => say::short(is),
            Self::Exchange(rate) => rate.rate.to_string(),
        }
    }
}

/// Every statement of an edition.
fn statements<'a>(records: &'a Records<'a>) -> Vec<Stated<Statement<'a>>> {
    let mut all = Vec::with_capacity(records.measures.len() + records.exchange.len());
    for filed in records.charged() {
        let (from, before) = filed.days();
        all.push(Stated { about: filed.identity, from, before, says: filed.says, of: Statement::Measure(filed) });
    }
    for rate in &records.rates {
        let goods = (&rate.goods, listed(&rate.codes));
        let about = number(&("rate", &rate.name, &rate.class, goods));
        for (value, from, before) in values(rate) {
            all.push(Stated { about, from, before, says: number(&value), of: Statement::Rate(rate, value) });
        }
    }
    for rate in &records.exchange {
        let about = number(&("exchange-rate", pair(rate)));
        // A rate without an end is of one day.
        let before = rate.before.or_else(|| rate.from.tomorrow().ok()).unwrap_or(Date::MAX);
        let of = Statement::Exchange(rate);
        all.push(Stated { about, from: rate.from, before, says: number(&rate.rate), of });
    }
    all
}

fn listed(codes: &[String]) -> Vec<&str> {
    let mut out: Vec<&str> = codes.iter().map(String::as_str).collect();
    out.sort_unstable();
    out
}

/// The values of a tax rate with their days: a value without an end holds until the next begins.
fn values(rate: &Rate) -> Vec<(&str, Date, Date)> {
    match &rate.is {
        Dated::Always(is) => vec![(is.as_str(), Date::MIN, Date::MAX)],
        Dated::Values(values) => {
            let mut begins: Vec<Date> = values.iter().filter_map(|value| value.from).collect();
            begins.sort_unstable();
            let days = |value: &DatedValue| {
                let (from, _) = span(value.from, None);
                let next = begins.get(begins.partition_point(|begin| *begin <= from)).copied();
                (from, value.before.or(next).unwrap_or(Date::MAX))
            };
            let with_days = |value| {
                let (from, before) = days(value);
                (value.is.as_str(), from, before)
            };
            values.iter().map(with_days).collect()
        }
    }
}

/// Calls `each` with statements about one thing whose days overlap, of one sort of clash.
fn clashing<'a>(seen: &'a Seen<'a>, wanted: Clash, mut each: impl FnMut(Statement<'a>, Statement<'a>)) {
    clashes(statements(&seen.now), |clash, one, other| {
        if clash == wanted {
            each(one, other);
        }
    });
}
