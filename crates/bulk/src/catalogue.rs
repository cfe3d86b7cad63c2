//! What is given with a table and what comes back.

use crate::output::Answer;
use crate::warned::Warning;
use arrow_array::RecordBatch;
use serde::Serialize;
use tidewaiter::Consignment;

/// Columns that are read: name, and what it holds. A column that is absent takes the default.
pub const COLUMNS: &[(&str, &str)] = &[
    ("id", "your own name for the row; copied to the answer"),
    ("code", "goods code, 2 to 12 digits"),
    ("origin", "where the goods were made, two-letter code"),
    ("price", "price of one, without taxes of the destination"),
    ("quantity", "how many; 1 if absent"),
    ("freight", "transport of the row's goods, paid by the buyer"),
    ("weight_kg", "weight of one in kilograms"),
    ("to", "destination, two-letter code"),
    ("from", "where it is sent from, two-letter code"),
    ("currency", "ISO 4217 code of the prices"),
    ("date", "day of the sale, as 2026-11-21"),
    ("channel", "post, express or freight"),
    ("mode", "air, sea, road or rail"),
    ("sale", "b2c, b2b or c2c"),
    ("region", "state or province of destination"),
    ("postcode", "postcode of the destination"),
    ("registered", "schemes the seller is registered in, separated by spaces: eu.ioss"),
    ("tax_class", "tax class of the goods: reduced, zero"),
    ("claim", "preference claimed"),
    ("proof", "proof held for the claim"),
    ("duty_rate", "customs duty in percent, if you looked it up"),
];

/// Answers made at once by a thread.
const ANSWERS_AT_ONCE: usize = 65_536;
/// Fewest rows read at once, however many destinations there are.
const FEWEST_ROWS: usize = 64;

/// What holds for every row that does not say otherwise.
#[derive(Debug, Clone)]
pub struct Defaults {
    /// The question, with no items; [`Consignment::to`] may be empty where the table or [`Defaults::destinations`] say.
    pub question: Consignment,
    /// Each row is priced to each of these; to the question's own destination where there are none.
    pub destinations: Vec<String>,
}

impl Defaults {
    /// One question for all rows.
    pub const fn new(question: Consignment) -> Self {
        Self { question, destinations: Vec::new() }
    }

    /// Rows to price at once, so that their answers fit a processor's caches and memory stays small.
    pub fn rows_at_once(&self) -> usize {
        (ANSWERS_AT_ONCE / self.destinations.len().max(1)).max(FEWEST_ROWS)
    }
}

/// A row that could not be priced, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Row of the input, from 1, without the line of names.
    pub row: u64,
    /// Column, or field of the question.
    pub column: String,
    /// What stands there, cut to sixty characters.
    pub found: String,
    /// What was expected, and what to do.
    pub expected: String,
}

/// A table's answers.
#[derive(Debug)]
pub struct Priced {
    /// One row for each row and destination that could be priced: see [`crate::OUTPUT_COLUMNS`].
    pub table: RecordBatch,
    /// Rows that could not.
    pub rejects: Vec<Reject>,
    /// How many answers there are of each kind.
    pub outcomes: Outcomes,
    /// What the codes in the column `warnings` stand for, in the order of the sentences.
    pub warnings: Vec<Warning>,
}

/// Answers by their kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Outcomes {
    /// Exact.
    pub amount: u64,
    /// Least and most.
    pub range: u64,
    /// At least so much.
    pub unknown: u64,
    /// A customs entry is needed first.
    pub formal_entry: u64,
    /// Not under the rules asked for.
    pub not_allowed: u64,
    /// Not at all.
    pub prohibited: u64,
    /// Of ranges and unknown ones, those for which something can be stated that would make the answer closer.
    #[serde(skip)]
    pub missing: u64,
}

impl Outcomes {
    pub(crate) fn count(&mut self, other: Option<&Answer>) {
        let slot = match other.map_or("amount", |o| o.outcome) {
            "amount" => &mut self.amount,
            "range" => &mut self.range,
            "formal-entry" => &mut self.formal_entry,
            "not-allowed" => &mut self.not_allowed,
            "prohibited" => &mut self.prohibited,
            _ => &mut self.unknown,
        };
        *slot += 1;
        let open = other.filter(|o| matches!(o.outcome, "range" | "unknown"));
        self.missing += u64::from(open.is_some_and(|o| o.missing.is_some()));
    }

    pub(crate) fn add(&mut self, more: Self) {
        let pairs = [
            (&mut self.amount, more.amount),
            (&mut self.range, more.range),
            (&mut self.unknown, more.unknown),
            (&mut self.formal_entry, more.formal_entry),
            (&mut self.not_allowed, more.not_allowed),
            (&mut self.prohibited, more.prohibited),
            (&mut self.missing, more.missing),
        ];
        for (slot, by) in pairs {
            *slot += by;
        }
    }
}
