//! Events as a file that is read back as the same events.

use super::field;
use super::group::MOST_ROWS;
use super::layout::Column;
use crate::event::{Correction, Event, QuoteNamed, Refund, Row, Sale};
use crate::export::{cell, rate_type_name};
use jiff::civil::Date;
use std::io::Write;
use tidewaiter::Decimal;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// How many sales, refunds and corrections.
    pub events: u64,
    /// How many other events there were. They have no place in such a file.
    pub left_out: u64,
}

/// Why events were not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// An event that would not be read back as it is.
    #[error("{kind} \"{document}\" has no place in a file of CSV: {says}")]
    Event {
        /// What it is.
        kind: &'static str,
        /// Its number.
        document: String,
        /// Why.
        says: String,
    },
    /// Nothing could be written to where it was to go.
    #[error("the file could not be written: {0}")]
    Output(String),
}

/// Writes sales, refunds and corrections in their order: RFC 4180, commas, decimal points, UTF-8. Others are counted.
///
/// What is said once of a document (goods, shipping, reason, quote) stands in its first row, so that a column can be added up.
///
/// # Errors
/// [`NotWritten`]: an event that would not be read back as it is, such as one without a number.
pub fn write<'a>(events: impl IntoIterator<Item = &'a Event>, out: impl Write) -> Result<Written, NotWritten> {
    let failed = |error: csv::Error| NotWritten::Output(error.to_string());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(Column::ALL.iter().map(|column| column.name())).map_err(failed)?;
    let mut written = Written::default();
    let mut last = None;
    for event in events {
        let (kind, document) = event.name();
        let wrong = |says: String| NotWritten::Event { kind, document: document.to_owned(), says };
        let lines = match event {
            Event::Sale(one) => sale(one),
            Event::Refund(one) => refund(one),
            Event::Correction(one) if one.amend => {
                return Err(wrong(
                    "no column says that the return of its period is amended; hand it over as JSON".into(),
                ));
            }
            Event::Correction(one) => correction(one),
            _ => {
                written.left_out += 1;
                continue;
            }
        };
        let lines = lines.map_err(wrong)?;
        if last == Some((kind, document)) {
            return Err(wrong("it stands twice".into()));
        }
        if lines.len() > MOST_ROWS {
            return Err(wrong(format!("it has more than {MOST_ROWS} rows")));
        }
        for line in &lines {
            writer.write_record(&line.0).map_err(failed)?;
        }
        last = Some((kind, document));
        written.events += 1;
    }
    writer.flush().map_err(|error| NotWritten::Output(error.to_string()))?;
    Ok(written)
}

/// One row. Everything is held against what may be read, so that it is read back.
#[derive(Clone, Default)]
struct Line([String; Column::ALL.len()]);

impl Line {
    fn new(kind: &str, document: &str, date: Date) -> Result<Self, String> {
        let mut line = Self::default();
        line.set(Column::Kind, kind);
        line.name(Column::Document, document)?;
        line.day(Column::Date, date)?;
        Ok(line)
    }

    fn set(&mut self, column: Column, text: &str) {
        if let Some(cell) = self.0.get_mut(column as usize) {
            text.clone_into(cell);
        }
    }

    /// A text that is read by `read` as it is.
    fn text<T>(&mut self, column: Column, text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<(), String> {
        read(text).map_err(|says| format!("{}: {says}", column.name()))?;
        self.set(column, &cell::safe(text));
        Ok(())
    }

    fn name(&mut self, column: Column, text: &str) -> Result<(), String> {
        self.text(column, text, field::name)
    }

    fn day(&mut self, column: Column, day: Date) -> Result<(), String> {
        self.text(column, &day.to_string(), field::date)
    }

    fn number(&mut self, column: Column, number: Decimal) -> Result<(), String> {
        let text = number.to_string();
        text.parse::<Decimal>().map_err(|error| format!("{}: {error}", column.name()))?;
        self.set(column, &text);
        Ok(())
    }

    /// A number that is not below zero.
    fn amount(&mut self, column: Column, amount: Decimal) -> Result<(), String> {
        if amount.is_negative() {
            return Err(format!("{}: {amount} is below zero", column.name()));
        }
        self.number(column, amount)
    }

    fn charge(&mut self, row: &Row) -> Result<(), String> {
        self.name(Column::Charge, &row.charge)?;
        if let Some(scheme) = &row.scheme {
            self.name(Column::Scheme, scheme)?;
        }
        if let Some(rate) = row.rate {
            self.amount(Column::Rate, rate.0)?;
        }
        self.set(Column::RateType, row.rate_type.map_or("", rate_type_name));
        self.number(Column::Net, row.net)?;
        self.number(Column::Amount, row.amount)
    }

    fn quote(&mut self, quote: &QuoteNamed) -> Result<(), String> {
        if quote.sha256.is_none() && quote.ratebook.is_none() && quote.editions.is_empty() && quote.date.is_none() {
            return Err("its quote says nothing".into());
        }
        if let Some(sha256) = &quote.sha256 {
            self.text(Column::QuoteSha256, sha256, field::sha256)?;
        }
        if let Some(ratebook) = &quote.ratebook {
            self.name(Column::Ratebook, ratebook)?;
        }
        if quote.editions.iter().any(|edition| edition.is_empty() || edition.contains(char::is_whitespace)) {
            return Err("edition: one has a space or is empty".into());
        }
        let editions = quote.editions.join(" ");
        if !editions.is_empty() {
            self.text(Column::Edition, &editions, field::editions)?;
        }
        quote.date.map_or(Ok(()), |date| self.day(Column::QuoteDate, date))
    }
}

/// The first line with what is said once, and a line for every part; the first part stands in the first line.
fn lines<P>(
    common: Line,
    once: impl FnOnce(&mut Line) -> Result<(), String>,
    parts: &[P],
    fill: impl Fn(&mut Line, &P) -> Result<(), String>,
) -> Result<Vec<Line>, String> {
    let mut first = common.clone();
    once(&mut first)?;
    let mut lines = vec![first];
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            lines.push(common.clone());
        }
        if let Some(line) = lines.last_mut() {
            fill(line, part)?;
        }
    }
    Ok(lines)
}

fn sale(one: &Sale) -> Result<Vec<Line>, String> {
    let mut common = Line::new("sale", &one.document, one.date)?;
    common.text(Column::To, &one.to, field::territory)?;
    if let Some(from) = &one.from {
        common.text(Column::From, from, field::territory)?;
    }
    common.text(Column::Currency, &one.currency, field::currency)?;
    let once = |line: &mut Line| {
        line.amount(Column::Goods, one.goods)?;
        line.amount(Column::Shipping, one.shipping)?;
        one.quote.as_ref().map_or(Ok(()), |quote| line.quote(quote))
    };
    lines(common, once, &one.rows, |line, row| {
        if row.net.is_negative() || row.amount.is_negative() {
            return Err("a charge is below zero".into());
        }
        line.charge(row)
    })
}

fn refund(one: &Refund) -> Result<Vec<Line>, String> {
    let mut common = Line::new("refund", &one.document, one.date)?;
    common.name(Column::Of, &one.of)?;
    let names_parts = !one.goods.is_zero() || !one.shipping.is_zero() || !one.rows.is_empty();
    if one.all && names_parts {
        return Err("it is of everything, and names parts as well".into());
    }
    let once = |line: &mut Line| {
        if one.all {
            line.set(Column::All, "yes");
            return Ok(());
        }
        line.amount(Column::Goods, one.goods)?;
        line.amount(Column::Shipping, one.shipping)
    };
    lines(common, once, &one.rows, |line, part| {
        line.text(Column::Row, &part.row.to_string(), field::row)?;
        line.amount(Column::Net, part.net)?;
        line.amount(Column::Amount, part.amount)
    })
}

fn correction(one: &Correction) -> Result<Vec<Line>, String> {
    let mut common = Line::new("correction", &one.document, one.date)?;
    common.name(Column::Of, &one.of)?;
    if let Some(to) = &one.to {
        common.text(Column::To, to, field::territory)?;
    }
    if one.rows.is_empty() {
        return Err("it changes nothing".into());
    }
    lines(common, |line| line.text(Column::Reason, &one.reason, field::reason), &one.rows, Line::charge)
}
