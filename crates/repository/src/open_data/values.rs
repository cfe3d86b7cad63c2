//! What a record says in each column.

use super::Row;
use super::columns::COUNT;
use jiff::civil::Date;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use tidewaiter::record::{Dated, DatedValue, Measure, Places, Rate, Written};
use tidewaiter_sources::Entry;

/// Longest record, in bytes: as long as a line of an edition may be.
pub const MOST_RECORD_BYTES: usize = 4 << 20;

/// What stands in a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    #[default]
    Absent,
    /// Text.
    Text(Cow<'a, str>),
    /// A day.
    Day(Date),
    /// A whole number.
    Number(u64),
    /// JSON.
    Record(&'a str),
}

/// The readable columns of a record, by name.
#[derive(Default)]
struct Readable {
    measure_kind: Option<String>,
    amount: Option<String>,
    outcome: Option<String>,
    says: Option<String>,
    origin: Option<String>,
    not_origin: Option<String>,
    program: Option<String>,
    proof: Option<String>,
    condition: Option<String>,
    additional_code: Option<String>,
    order_number: Option<String>,
    rate_class: Option<String>,
    rate_value: Option<String>,
    base: Option<String>,
    currency: Option<String>,
    exchange_rate: Option<String>,
    series: Option<String>,
    name: Option<String>,
    cites: Option<String>,
}

/// The values of a row, in the order of [`super::columns::COLUMNS`].
///
/// # Errors
/// In words, where the record is no record, or not one line.
pub fn values(row: &Row) -> Result<[Value<'_>; COUNT], String> {
    if row.record.len() > MOST_RECORD_BYTES {
        return Err(format!("its record is longer than {MOST_RECORD_BYTES} bytes"));
    }
    if row.record.contains(['\n', '\r']) {
        return Err("its record is not one line".into());
    }
    let entry: Entry = serde_json::from_str(&row.record).map_err(|e| format!("its record cannot be read: {e}"))?;
    let readable = readable(entry);
    let text = |text: Option<String>| text.map_or(Value::Absent, |text| Value::Text(text.into()));
    let day = |day: Option<Date>| day.map_or(Value::Absent, Value::Day);
    Ok([
        borrowed(&row.authority),
        row.territory.as_deref().map_or(Value::Absent, borrowed),
        borrowed(&row.kind),
        borrowed(&row.key),
        day(row.valid_from),
        day(row.valid_before),
        Value::Day(row.known_from),
        day(row.known_before),
        Value::Number(row.first_edition),
        row.last_before.map_or(Value::Absent, Value::Number),
        text(readable.measure_kind),
        text(readable.amount),
        text(readable.outcome),
        text(readable.says),
        text(readable.origin),
        text(readable.not_origin),
        text(readable.program),
        text(readable.proof),
        text(readable.condition),
        text(readable.additional_code),
        text(readable.order_number),
        text(readable.rate_class),
        text(readable.rate_value),
        text(readable.base),
        text(readable.currency),
        text(readable.exchange_rate),
        text(readable.series),
        text(readable.name),
        text(readable.cites),
        Value::Record(&row.record),
    ])
}

const fn borrowed(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

fn readable(entry: Entry) -> Readable {
    let nothing = Readable::default();
    match entry {
        Entry::Measure(measure) => of_measure(measure),
        Entry::Rate(rate) => of_rate(rate),
        Entry::ExchangeRate(rate) => Readable {
            base: Some(rate.base),
            currency: Some(rate.currency),
            exchange_rate: Some(rate.rate.to_string()),
            series: Some(rate.series),
            ..nothing
        },
        Entry::Line(line) => Readable { name: in_english(line.description), ..nothing },
        Entry::Area(area) => Readable { name: Some(area.name), ..nothing },
        Entry::Program(program) => Readable {
            name: Some(program.name),
            origin: places(Some(program.origin)),
            proof: program.proof,
            cites: joined(&program.cites),
            ..nothing
        },
        Entry::Text(text) => Readable { says: in_english(text.says), ..nothing },
        Entry::Fact(fact) => Readable { says: Some(fact.statement), ..nothing },
        Entry::Quota(quota) => Readable { order_number: Some(quota.order_number), ..nothing },
        Entry::OriginRule(rule) => Readable { cites: joined(&rule.cites), says: Some(rule.says), ..nothing },
        Entry::Edition(_) | Entry::Correlation(_) => nothing,
    }
}

fn of_measure(measure: Measure) -> Readable {
    Readable {
        measure_kind: word(&measure.kind),
        amount: measure.amount.map(written),
        outcome: measure.outcome.and_then(|outcome| word(&outcome)),
        says: measure.says,
        origin: places(measure.origin),
        not_origin: joined(&measure.not_origin),
        program: places(measure.program),
        proof: measure.proof,
        condition: measure.when.map(written),
        additional_code: measure.additional_code,
        order_number: measure.order_number,
        cites: joined(&measure.cites),
        ..Readable::default()
    }
}

fn of_rate(rate: Rate) -> Readable {
    let value = match rate.is {
        Dated::Always(is) => is,
        Dated::Values(values) => values.iter().map(dated).collect::<Vec<_>>().join("; "),
    };
    Readable {
        rate_class: Some(rate.class),
        rate_value: Some(value),
        cites: joined(&rate.cites),
        ..Readable::default()
    }
}

/// "15 % from 2026-01-01 before 2026-07-01".
fn dated(value: &DatedValue) -> String {
    let days = [("from", value.from), ("before", value.before)];
    let days = days.into_iter().filter_map(|(word, day)| day.map(|day| format!(" {word} {day}")));
    days.fold(value.is.clone(), |out, day| out + &day)
}

/// The word of a variant, as it stands in the record.
fn word(variant: &impl Serialize) -> Option<String> {
    serde_json::to_value(variant).ok()?.as_str().map(str::to_owned)
}

fn written<T: ToString>(written: Written<T>) -> String {
    match written {
        Written::Words(words) => words,
        Written::Tree(tree) => tree.to_string(),
    }
}

fn places(places: Option<Places>) -> Option<String> {
    match places? {
        Places::One(one) => Some(one),
        Places::Many(many) => joined(&many),
    }
}

fn joined(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(" "))
}

fn in_english(mut texts: BTreeMap<String, String>) -> Option<String> {
    texts.remove("en").or_else(|| texts.pop_first().map(|(_, text)| text))
}
