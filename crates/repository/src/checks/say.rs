//! How findings name a record.

use super::records::listed;
use crate::entry::key;
use jiff::civil::Date;
use tidewaiter::goods::GoodsCode;
use tidewaiter::record::edition::ExchangeRate;
use tidewaiter::record::{Measure, Rate};
use tidewaiter_sources::Entry;
use tidewaiter_sources::edition::kind_of;

/// Most letters of a text that is shown.
const MOST_LETTERS: usize = 100;

/// A text from outside, cut short.
pub(super) fn short(text: &str) -> String {
    let mut out: String = text.chars().take(MOST_LETTERS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST_LETTERS).is_some() {
        out.push('…');
    }
    out
}

/// A goods code with its points.
pub(super) fn code(text: &str) -> String {
    text.parse::<GoodsCode>().map_or_else(|_| short(text), |code| code.to_string())
}

/// `measure 6109.10, preference, origin ZZ, programme GSP, from 2026-01-01`.
pub(super) fn measure(measure: &Measure) -> String {
    let mut out = format!("measure {}, {}", code(&measure.code), kind(measure));
    let mut add = |what: &str, of: &str| out += &format!(", {what}{}", short(of));
    if measure.origin.is_some() {
        add("origin ", &listed(measure.origin.as_ref()).join(" "));
    }
    if measure.program.is_some() {
        add("programme ", &listed(measure.program.as_ref()).join(" "));
    }
    measure.additional_code.iter().for_each(|code| add("additional code ", code));
    measure.order_number.iter().for_each(|number| add("quota ", number));
    measure.from.iter().for_each(|from| add("from ", &from.to_string()));
    out
}

/// The word of a measure's kind.
pub(super) fn kind(measure: &Measure) -> String {
    serde_json::to_value(measure.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default()
}

/// `rate vat, class standard`.
pub(super) fn rate(rate: &Rate) -> String {
    format!("rate {}, class {}", short(&rate.name), short(&rate.class))
}

/// `exchange-rate XQD/XZD of q-bank, 2026-01-02`.
pub(super) fn exchange(rate: &ExchangeRate) -> String {
    let of = [&rate.base, &rate.currency, &rate.series].map(|text| short(text));
    format!("exchange-rate {}/{} of {}, {}", of[0], of[1], of[2], rate.from)
}

/// Any record.
pub(super) fn entry(entry: &Entry) -> String {
    match entry {
        Entry::Measure(one) => measure(one),
        Entry::Rate(one) => rate(one),
        Entry::ExchangeRate(one) => exchange(one),
        Entry::Line(line) => format!("line {}", code(&line.code)),
        other => format!("{} {}", kind_of(other), short(&key(other))),
    }
}

/// `from 2026-01-01 to before 2027-01-01`.
pub(super) fn days(from: Option<Date>, before: Option<Date>) -> String {
    match (from, before) {
        (Some(from), Some(before)) => format!("from {from} to before {before}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(before)) => format!("before {before}"),
        (None, None) => "always".into(),
    }
}
