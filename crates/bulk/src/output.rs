//! The answer table: one row for each row and destination.

use crate::BulkError;
use arrow_array::builder::{BooleanBufferBuilder, StringBuilder};
use arrow_array::{ArrayRef, Decimal128Array, RecordBatch, UInt64Array};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Schema};
use std::sync::Arc;
use tidewaiter::{Decimal, Outcome, Quote};

/// Digits and decimal places of amounts in the answer: they fit 64 bits.
const PRECISION: u8 = 18;
/// Above every amount of so many digits, in units of the answer.
const LIMIT: i64 = 1_000_000_000_000_000_000;
pub(crate) const PLACES: i8 = 4;
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
    (
        "warnings",
        "codes of what the single quote warns of, with spaces between; the sentences stand beside the answers",
    ),
];

/// The schema of the answer table.
pub fn output_schema() -> Arc<Schema> {
    let money = || DataType::Decimal128(PRECISION, PLACES);
    let field = |name: &str| match name {
        "row" => Field::new(name, DataType::UInt64, false),
        "to" | "outcome" => Field::new(name, DataType::Utf8, false),
        "id" | "currency" | "missing" | "warnings" => Field::new(name, DataType::Utf8, true),
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
    /// The sums in units of the answer; nothing where one is not exact there or too large.
    pub(crate) fn narrow(&self) -> Option<[i64; 6]> {
        let mut sums = [0; 6];
        for (slot, sum) in sums.iter_mut().zip(self.sums) {
            if let Some(sum) = sum {
                *slot = narrow(sum)?;
            }
        }
        Some(sums)
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

/// The sums of one amount in units of the answer; nothing where one is not exact there or too large.
pub(crate) fn sums_of(sums: &tidewaiter::quote::Totals) -> Option<[i64; 6]> {
    let total = narrow(sums.total)?;
    Some([narrow(sums.duties)?, narrow(sums.taxes)?, narrow(sums.fees)?, total, total, narrow(sums.seller)?])
}

/// An answer, as short as it can be kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slim {
    /// In units of the answer.
    pub(crate) sums: [i64; 6],
    /// Number of the destination and currency.
    pub(crate) names: u32,
    /// 0: an amount. Else the number, from 1, of an answer that is told apart.
    pub(crate) kind: u32,
    /// Number of the warnings.
    pub(crate) warned: u32,
}

/// Builds the answer table.
pub(crate) struct Output {
    rows: Vec<u64>,
    text: [StringBuilder; 6],
    sums: [Vec<i128>; 6],
    /// Of the sums, which are there; nothing where all are.
    there: Option<[BooleanBufferBuilder; 6]>,
}

impl Output {
    pub(crate) fn new(rows: usize) -> Self {
        Self {
            rows: Vec::with_capacity(rows),
            text: std::array::from_fn(|_| StringBuilder::with_capacity(rows, rows * 4)),
            sums: std::array::from_fn(|_| Vec::with_capacity(rows)),
            there: None,
        }
    }

    /// Adds a row: `names` are its destination and currency, `other` what it says where that is not an amount, `warnings`
    /// the codes of its warnings.
    pub(crate) fn push(
        &mut self,
        row: u64,
        id: Option<&str>,
        names: (&str, &str),
        answer: &Slim,
        other: Option<&Answer>,
        warnings: Option<&str>,
    ) {
        let [ids, tos, outcomes, currencies, missing, warned] = &mut self.text;
        warned.append_option(warnings);
        ids.append_option(id);
        tos.append_value(names.0);
        outcomes.append_value(other.map_or("amount", |o| o.outcome));
        currencies.append_value(names.1);
        missing.append_option(other.and_then(|o| o.missing.as_deref()));
        if other.is_some() || self.there.is_some() {
            let before = self.rows.len();
            let there = self.there.get_or_insert_with(|| {
                std::array::from_fn(|_| {
                    let mut bits = BooleanBufferBuilder::new(before + 1);
                    bits.append_n(before, true);
                    bits
                })
            });
            for (at, bits) in there.iter_mut().enumerate() {
                bits.append(other.is_none_or(|o| o.sums[at].is_some()));
            }
        }
        self.rows.push(row);
        for (column, sum) in self.sums.iter_mut().zip(answer.sums) {
            column.push(i128::from(sum));
        }
    }

    pub(crate) fn finish(mut self) -> Result<RecordBatch, BulkError> {
        let [ids, tos, outcomes, currencies, missing, warned] = &mut self.text;
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(self.rows)),
            Arc::new(ids.finish()),
            Arc::new(tos.finish()),
            Arc::new(outcomes.finish()),
            Arc::new(currencies.finish()),
        ];
        for (at, sums) in self.sums.into_iter().enumerate() {
            let there = self.there.as_mut().map(|there| NullBuffer::new(there[at].finish()));
            let column = Decimal128Array::try_new(sums.into(), there)?.with_precision_and_scale(PRECISION, PLACES)?;
            columns.push(Arc::new(column));
        }
        columns.push(Arc::new(missing.finish()));
        columns.push(Arc::new(warned.finish()));
        Ok(RecordBatch::try_new(output_schema(), columns)?)
    }
}

/// A sum in units of the answer, where it is exact and fits there.
fn narrow(sum: Decimal) -> Option<i64> {
    let units = sum.units();
    // Sums of money nearly always fit 64 bits, which divide faster.
    let answer = match i64::try_from(units) {
        Ok(small) => (small % STEP == 0).then_some(small / STEP)?,
        Err(_) if units % i128::from(STEP) == 0 => i64::try_from(units / i128::from(STEP)).ok()?,
        Err(_) => return None,
    };
    (-LIMIT < answer && answer < LIMIT).then_some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_amounts_of_eighteen_digits_are_written() {
        let units = |text: &str| text.parse::<Decimal>().ok().and_then(narrow);
        assert_eq!(units("12.3456"), Some(123_456));
        assert_eq!(units("-0.01"), Some(-100));
        assert_eq!(units("12.34567"), None);
        assert_eq!(units("99999999999999.9999"), Some(LIMIT - 1));
        assert_eq!(units("100000000000000"), None);
    }
}
