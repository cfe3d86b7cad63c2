//! The answer table: one row for each row and destination.

use crate::BulkError;
use arrow_array::builder::{Decimal128Builder, StringBuilder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use std::sync::Arc;
use tidewaiter::{Decimal, Outcome, Quote};

/// Digits and decimal places of amounts in the answer.
const PRECISION: u8 = 38;
const PLACES: i8 = 4;
/// Units of [`Decimal`] in one unit of the answer.
const STEP: i64 = 100_000_000;

/// Columns of the answer: name, and what it holds.
pub const OUTPUT_COLUMNS: &[(&str, &str)] = &[
    ("row", "row of the input, from 1, without the line of names"),
    ("id", "the input's own column \"id\", where it has one"),
    ("to", "destination"),
    ("outcome", "amount, range, unknown, formal-entry, not-allowed or prohibited"),
    ("currency", "ISO 4217 code of the amounts: the destination's"),
    ("duties", "customs duties and additional duties"),
    ("taxes", "VAT, GST, sales tax, excise"),
    ("fees", "fees of customs, post or courier"),
    ("total", "all three; the least of a range"),
    ("total_most", "the most of a range; the same as total for an amount; empty where there is no upper limit"),
    ("checkout", "of the total, what the shop collects at the sale; the rest is paid at the border"),
    ("missing", "what to state for a closer answer"),
];

/// The schema of the answer table.
pub fn output_schema() -> Arc<Schema> {
    let money = || DataType::Decimal128(PRECISION, PLACES);
    let field = |name: &str| match name {
        "row" => Field::new(name, DataType::UInt64, false),
        "to" | "outcome" => Field::new(name, DataType::Utf8, false),
        "id" | "currency" | "missing" => Field::new(name, DataType::Utf8, true),
        _ => Field::new(name, money(), true),
    };
    Arc::new(Schema::new(OUTPUT_COLUMNS.iter().map(|(name, _)| field(name)).collect::<Vec<_>>()))
}

/// What one row of the answer says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) outcome: &'static str,
    /// Duties, taxes, fees, total, most, checkout, in units of [`Decimal`].
    pub(crate) sums: [Option<Decimal>; 6],
    pub(crate) missing: Option<String>,
}

impl Answer {
    pub(crate) fn amount(sums: &tidewaiter::quote::Totals) -> Self {
        let sums = [sums.duties, sums.taxes, sums.fees, sums.total, sums.total, sums.seller].map(Some);
        Self { outcome: "amount", sums, missing: None }
    }

    /// The least and most of an answer that is not one amount.
    pub(crate) fn of(quote: &Quote) -> Self {
        let outcome = match quote.outcome {
            Outcome::Amount => "amount",
            Outcome::Range => "range",
            Outcome::FormalEntry => "formal-entry",
            Outcome::NotAllowed => "not-allowed",
            Outcome::Prohibited => "prohibited",
            _ => "unknown",
        };
        let known = matches!(quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown);
        let least = |sum: tidewaiter::quote::document::Sum| known.then_some(sum.least);
        Self {
            outcome,
            sums: [
                least(quote.by_kind.duties),
                least(quote.by_kind.taxes),
                least(quote.by_kind.fees),
                least(quote.total),
                if known { quote.total.most } else { None },
                least(quote.terms.seller),
            ],
            missing: quote.missing.first().map(|m| m.fact.clone()),
        }
    }
}

/// Builds the answer table.
pub(crate) struct Output {
    rows: UInt64Builder,
    text: [StringBuilder; 5],
    sums: [Decimal128Builder; 6],
}

impl Output {
    pub(crate) fn new(rows: usize) -> Self {
        Self {
            rows: UInt64Builder::with_capacity(rows),
            text: std::array::from_fn(|_| StringBuilder::with_capacity(rows, rows * 4)),
            sums: std::array::from_fn(|_| {
                Decimal128Builder::with_capacity(rows).with_data_type(DataType::Decimal128(PRECISION, PLACES))
            }),
        }
    }

    /// Adds a row; `false` where an amount has more decimal places than the table.
    pub(crate) fn push(&mut self, row: u64, id: Option<&str>, to: &str, currency: &str, answer: &Answer) -> bool {
        let mut sums = [None; 6];
        for (slot, sum) in sums.iter_mut().zip(answer.sums) {
            *slot = match sum.map(narrow) {
                Some(None) => return false,
                Some(exact) => exact,
                None => None,
            };
        }
        self.rows.append_value(row);
        let [ids, tos, outcomes, currencies, missing] = &mut self.text;
        ids.append_option(id);
        tos.append_value(to);
        outcomes.append_value(answer.outcome);
        currencies.append_value(currency);
        missing.append_option(answer.missing.as_deref());
        for (builder, sum) in self.sums.iter_mut().zip(sums) {
            builder.append_option(sum);
        }
        true
    }

    pub(crate) fn finish(mut self) -> Result<RecordBatch, BulkError> {
        let [ids, tos, outcomes, currencies, missing] = &mut self.text;
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.rows.finish()),
            Arc::new(ids.finish()),
            Arc::new(tos.finish()),
            Arc::new(outcomes.finish()),
            Arc::new(currencies.finish()),
        ];
        columns.extend(self.sums.iter_mut().map(|sum| Arc::new(sum.finish()) as ArrayRef));
        columns.push(Arc::new(missing.finish()));
        Ok(RecordBatch::try_new(output_schema(), columns)?)
    }
}

/// A sum in units of the answer, where it is exact there. Sums of money nearly always fit 64 bits, which divide faster.
fn narrow(sum: Decimal) -> Option<i128> {
    let units = sum.units();
    match i64::try_from(units) {
        Ok(small) => (small % STEP == 0).then(|| i128::from(small / STEP)),
        Err(_) => (units % i128::from(STEP) == 0).then(|| units / i128::from(STEP)),
    }
}
