//! What a record is about and when it holds: by this it is cut into parts, stored and found again.

use jiff::civil::Date;
use tidewaiter::record::Dated;
use tidewaiter_sources::Entry;

/// Digits of the goods code that a line or measure is about; the key of other records: a fact's, an area's, the name of a
/// table, the pair of currencies of a rate.
///
/// ```
/// use tidewaiter_repository::entry::key;
/// use tidewaiter_sources::Entry;
/// let entry: Entry = serde_json::from_str(r#"{"measure":{"code":"6109.10","kind":"third-country","amount":"12 %","cites":[]}}"#)?;
/// assert_eq!(key(&entry), "610910");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn key(entry: &Entry) -> String {
    let digits = |code: &str| code.chars().filter(char::is_ascii_digit).collect::<String>();
    match entry {
        Entry::Edition(head) => head.authority.clone(),
        Entry::Fact(fact) => fact.key.clone(),
        Entry::Area(area) => area.code.clone(),
        Entry::Program(program) => program.key.clone(),
        Entry::Line(line) => digits(&line.code),
        Entry::Measure(measure) => digits(&measure.code),
        Entry::Rate(rate) => rate.name.clone(),
        Entry::Text(text) => text.code.clone(),
        Entry::Quota(quota) => quota.order_number.clone(),
        Entry::OriginRule(rule) => rule.scheme.clone(),
        Entry::Correlation(correlation) => digits(&correlation.from_code),
        Entry::ExchangeRate(rate) => format!("{}/{}", rate.base, rate.currency),
    }
}

/// First day on which a record holds, and first day no longer; absent where there is none.
pub fn validity(entry: &Entry) -> (Option<Date>, Option<Date>) {
    match entry {
        Entry::Edition(_) | Entry::Correlation(_) => (None, None),
        Entry::Fact(fact) => (fact.from, fact.before),
        Entry::Area(area) => (area.from, area.before),
        Entry::Program(program) => (program.from, program.before),
        Entry::Line(line) => (line.from, line.before),
        Entry::Measure(measure) => (measure.from, measure.before),
        Entry::Rate(rate) => match &rate.is {
            Dated::Always(_) => (None, None),
            Dated::Values(values) => {
                let mut days = Days::default();
                values.iter().for_each(|value| days.add(value.from, value.before));
                days.hull()
            }
        },
        Entry::Text(text) => (text.from, text.before),
        Entry::Quota(quota) => (quota.from, quota.before),
        Entry::OriginRule(rule) => (rule.from, rule.before),
        Entry::ExchangeRate(rate) => (Some(rate.from), rate.before),
    }
}

/// The days that some records span together.
#[derive(Debug, Clone, Copy, Default)]
pub struct Days {
    seen: bool,
    from: Option<Date>,
    before: Option<Date>,
}

impl Days {
    /// Adds one record's days.
    pub fn add(&mut self, from: Option<Date>, before: Option<Date>) {
        if !self.seen {
            *self = Self { seen: true, from, before };
            return;
        }
        self.from = self.from.zip(from).map(|(one, other)| one.min(other));
        self.before = self.before.zip(before).map(|(one, other)| one.max(other));
    }

    /// First day of any, and first day after all; absent where one has none.
    pub const fn hull(self) -> (Option<Date>, Option<Date>) {
        (self.from, self.before)
    }
}
