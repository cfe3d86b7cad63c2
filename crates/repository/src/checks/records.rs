//! The records of an edition by kind, and its measures in the order of their codes.

use super::words::Words;
use jiff::civil::Date;
use std::hash::{DefaultHasher, Hash, Hasher};
use tidewaiter::Decimal;
use tidewaiter::goods::GoodsCode;
use tidewaiter::record::edition::{Area, Edition, ExchangeRate, Line, OriginRule, Program, Quota};
use tidewaiter::record::{Fact, Measure, MeasureKind, Places, Rate};
use tidewaiter_sources::Entry;

/// A measure, with numbers that are equal where what they stand for is equal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filed<'a> {
    /// Its code, where it is one.
    pub(super) code: Option<GoodsCode>,
    /// For which goods, of which kind, origin, programme and condition.
    pub(super) identity: u64,
    /// What is due.
    pub(super) says: u64,
    pub(super) measure: &'a Measure,
}

impl Filed<'_> {
    /// A number of what it says of what.
    pub(super) fn statement(&self) -> u64 {
        number(&(self.identity, self.says))
    }

    /// First day, and first day no longer.
    pub(super) fn days(&self) -> (Date, Date) {
        span(self.measure.from, self.measure.before)
    }
}

/// Days as numbers that can be compared: no first day is the earliest, no last day the latest.
pub(super) fn span(from: Option<Date>, before: Option<Date>) -> (Date, Date) {
    (from.unwrap_or(Date::MIN), before.unwrap_or(Date::MAX))
}

/// The records of an edition.
#[derive(Debug, Default)]
pub(super) struct Records<'a> {
    pub(super) head: Option<&'a Edition>,
    pub(super) facts: Vec<&'a Fact>,
    pub(super) areas: Vec<&'a Area>,
    pub(super) programs: Vec<&'a Program>,
    pub(super) lines: Vec<&'a Line>,
    /// By code, identity, first day.
    pub(super) measures: Vec<Filed<'a>>,
    pub(super) rates: Vec<&'a Rate>,
    pub(super) quotas: Vec<&'a Quota>,
    pub(super) origin_rules: Vec<&'a OriginRule>,
    /// By series, currencies, day.
    pub(super) exchange: Vec<&'a ExchangeRate>,
    pub(super) words: Words<'a>,
}

impl<'a> Records<'a> {
    pub(super) fn new(entries: &'a [Entry]) -> Self {
        let mut out = Self::default();
        for entry in entries {
            match entry {
                Entry::Edition(head) => out.head = Some(head),
                Entry::Fact(fact) => out.facts.push(fact),
                Entry::Area(area) => out.areas.push(area),
                Entry::Program(program) => out.programs.push(program),
                Entry::Line(line) => out.lines.push(line),
                Entry::Measure(measure) => {
                    out.words.learn(measure);
                    let code = measure.code.parse().ok();
                    out.measures.push(Filed { code, identity: 0, says: 0, measure });
                }
                Entry::Rate(rate) => out.rates.push(rate),
                Entry::Quota(quota) => out.quotas.push(quota),
                Entry::OriginRule(rule) => out.origin_rules.push(rule),
                Entry::ExchangeRate(rate) => out.exchange.push(rate),
                Entry::Text(_) | Entry::Correlation(_) => {}
            }
        }
        for filed in &mut out.measures {
            let printed = out.words.condition(filed.measure).map(|read| read.printed);
            filed.identity = identity(filed.measure, printed);
            filed.says = number(&(out.words.printed(filed.measure), filed.measure.outcome.map(|o| o as u8)));
        }
        out.measures.sort_by_key(|filed| (filed.code, filed.identity, filed.days(), filed.says));
        out.exchange
            .sort_by(|a, b| pair(a).cmp(&pair(b)).then((a.from, a.before, a.rate).cmp(&(b.from, b.before, b.rate))));
        out
    }

    /// Measures that a quote computes with.
    pub(super) fn charged(&self) -> impl Iterator<Item = &Filed<'a>> {
        self.measures.iter().filter(|filed| filed.measure.is_charged())
    }

    /// General duties of everyone's goods, without a condition.
    pub(super) fn general(&self) -> impl Iterator<Item = &Filed<'a>> {
        self.charged().filter(|filed| {
            let measure = filed.measure;
            measure.kind == MeasureKind::ThirdCountry
                && measure.when.is_none()
                && measure.additional_code.is_none()
                && listed(measure.origin.as_ref()).is_empty()
        })
    }

    /// The rate of a measure that is a percentage and nothing else.
    pub(super) fn percent(&self, filed: &Filed<'_>) -> Option<Decimal> {
        self.words.percent(filed.measure)
    }
}

/// Of which series and currencies a rate is.
pub(super) fn pair(rate: &ExchangeRate) -> (&str, &str, &str) {
    (&rate.series, &rate.base, &rate.currency)
}

/// What is named, in order and once; nothing where all are meant.
pub(super) fn listed(places: Option<&Places>) -> Vec<&str> {
    let mut out: Vec<&str> = match places {
        None => Vec::new(),
        Some(Places::One(one)) => vec![one.as_str()],
        Some(Places::Many(many)) => many.iter().map(String::as_str).collect(),
    };
    out.sort_unstable();
    out.dedup();
    if out == ["all"] { Vec::new() } else { out }
}

/// A number that is equal for equal things, in every run.
pub(super) fn number(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn identity(measure: &Measure, when: Option<String>) -> u64 {
    let mut excepted: Vec<&str> = measure.not_origin.iter().map(String::as_str).collect();
    excepted.sort_unstable();
    let official = measure.official.as_deref();
    let goods = measure.code.parse::<GoodsCode>().map_or_else(|_| measure.code.clone(), GoodsCode::digits);
    number(&(
        (goods, measure.kind, measure.is_charged()),
        (listed(measure.origin.as_ref()), excepted, listed(measure.program.as_ref())),
        (&measure.additional_code, &measure.order_number, when),
        (official.and_then(|o| o.measure_type.as_deref()), official.and_then(|o| o.reduction)),
    ))
}
