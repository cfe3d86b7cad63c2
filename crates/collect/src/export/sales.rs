//! The sales, refunds and corrections behind a return as CSV: RFC 4180, a header, decimal points, days of ISO 8601, UTF-8.
//!
//! Amounts are in the currency of the sale, exact, what went back with a minus. `about` is the period that a row belongs to, `declared` that
//! in whose return it stands.

use super::cell::safe;
use super::{Refused, rate_type_name};
use crate::ledger::{TaxLine, Why};
use std::io::Write;

const COLUMNS: [&str; 17] = [
    "entry",
    "why",
    "document",
    "of",
    "date",
    "sold",
    "scheme",
    "to",
    "from",
    "charge",
    "rate_percent",
    "rate_type",
    "currency",
    "net",
    "tax",
    "about",
    "declared",
];

/// Writes lines in their order; which ones, the caller says: those of one return have its scheme and are declared in its period.
///
/// # Errors
/// [`Refused::NotWritten`].
pub fn sales<'a>(lines: impl IntoIterator<Item = &'a TaxLine>, out: impl Write) -> Result<(), Refused> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let write = || -> csv::Result<()> {
        writer.write_record(COLUMNS)?;
        for line in lines {
            let why = match line.why {
                Why::Sale => "sale",
                Why::Refund => "refund",
                Why::Correction => "correction",
            };
            let period = |period: Option<crate::Period>| period.map(|period| period.to_string()).unwrap_or_default();
            writer.write_record([
                line.seq.to_string().as_str(),
                why,
                &safe(&line.document),
                &safe(&line.of),
                &line.date.to_string(),
                &line.sold.to_string(),
                &safe(&line.scheme),
                &safe(&line.to),
                &safe(line.from.as_deref().unwrap_or_default()),
                &safe(&line.charge),
                &line.rate.map(|rate| rate.0.to_string()).unwrap_or_default(),
                line.rate_type.map_or("", rate_type_name),
                &safe(&line.currency),
                &line.net.to_at_least(2),
                &line.tax.to_at_least(2),
                &period(line.about),
                &period(line.declared),
            ])?;
        }
        Ok(writer.flush()?)
    };
    write().map_err(|error| Refused::NotWritten(error.to_string()))
}
