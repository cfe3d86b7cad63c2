//! The figures of a return as CSV for an accountant: RFC 4180, a header, decimal points, days of ISO 8601, UTF-8.
//!
//! One row a figure. `figure` says which: `row` (net and tax), `box` (amount), `correction` (tax), `balance` of a member state (amount), `owed`
//! (amount; below zero comes back) and `back` (amount, what is not set off). All of them are in `currency`, that of the return. `period` is
//! that of the return, and `about` the past period that a correction sets right. `amends` names
//! the return to which these figures are added: they are differences, and no whole return.

use super::cell::safe;
use super::{Refused, complete, rate_type_name};
use crate::draft::Return;
use std::io::Write;
use tidewaiter::Decimal;

const COLUMNS: [&str; 20] = [
    "scheme",
    "number",
    "period",
    "first_day",
    "last_day",
    "currency",
    "figure",
    "box",
    "name",
    "member_state",
    "dispatched_from",
    "rate_type",
    "rate_percent",
    "about",
    "net",
    "tax",
    "amount",
    "lines",
    "due",
    "amends",
];

/// A figure; what it does not have is empty.
#[derive(Default)]
struct Figure<'a> {
    is: &'static str,
    key: &'a str,
    name: &'a str,
    member_state: &'a str,
    dispatched_from: &'a str,
    rate_type: &'static str,
    rate: Option<Decimal>,
    about: String,
    net: Option<Decimal>,
    tax: Option<Decimal>,
    amount: Option<Decimal>,
    lines: Option<u64>,
}

/// Writes the figures.
///
/// # Errors
/// [`Refused`]: a figure is not known, or nothing can be written to where it is to go.
pub fn figures(made: &Return, out: impl Write) -> Result<(), Refused> {
    let owed = complete(made)?;
    let mut all: Vec<Figure<'_>> = Vec::new();
    all.extend(made.rows.iter().map(|row| Figure {
        is: "row",
        member_state: row.key.member_state.as_deref().unwrap_or_default(),
        dispatched_from: row.key.dispatched_from.as_deref().unwrap_or_default(),
        rate_type: row.key.rate_type.map_or("", rate_type_name),
        rate: row.key.rate.map(|rate| rate.0),
        net: row.net,
        tax: row.tax,
        lines: Some(row.lines),
        ..Figure::default()
    }));
    all.extend(made.boxes.iter().map(|one| Figure {
        is: "box",
        key: &one.key,
        name: &one.name,
        amount: one.value,
        ..Figure::default()
    }));
    all.extend(made.corrections.iter().map(|one| Figure {
        is: "correction",
        member_state: &one.member_state,
        about: one.period.to_string(),
        tax: one.tax,
        lines: Some(one.lines),
        ..Figure::default()
    }));
    all.extend(made.states.iter().map(|one| Figure {
        is: "balance",
        member_state: &one.member_state,
        amount: Some(one.balance),
        ..Figure::default()
    }));
    all.push(Figure { is: "owed", amount: Some(owed), ..Figure::default() });
    if !made.back.is_zero() {
        all.push(Figure { is: "back", amount: Some(made.back), ..Figure::default() });
    }
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let mut write = || -> csv::Result<()> {
        writer.write_record(COLUMNS)?;
        for one in &all {
            let number = |amount: Option<Decimal>| amount.map(|amount| amount.to_at_least(2)).unwrap_or_default();
            writer.write_record([
                &*safe(&made.scheme),
                &safe(made.number.as_deref().unwrap_or_default()),
                &made.period.to_string(),
                &made.period.first().to_string(),
                &made.period.last().to_string(),
                &safe(&made.currency),
                one.is,
                &safe(one.key),
                &safe(one.name),
                &safe(one.member_state),
                &safe(one.dispatched_from),
                one.rate_type,
                &one.rate.map(|rate| rate.to_string()).unwrap_or_default(),
                &one.about,
                &number(one.net),
                &number(one.tax),
                &number(one.amount),
                &one.lines.map(|count| count.to_string()).unwrap_or_default(),
                &made.due.to_string(),
                &safe(made.amends.as_deref().unwrap_or_default()),
            ])?;
        }
        Ok(writer.flush()?)
    };
    write().map_err(|error| Refused::NotWritten(error.to_string()))
}
