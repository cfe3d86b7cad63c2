//! What a return is, as data: one file for each scheme under which sellers collect.
//!
//! Periods, due days, currency and exchange rate, rounding, rows or boxes, refunds, corrections, the number that is issued and what an
//! application asks for all stand in the file, each with the facts that it cites. The program knows none of them.

mod boxes;
mod corrections;
mod currency;
mod due;
mod faults;
mod figure;
mod head;
mod joining;
mod length;
mod payment;
mod percent;
mod period;
mod registration;
mod rounding;
mod rows;
mod scope;
mod threshold;

pub use boxes::{BoxRule, EarlierRate};
pub use corrections::{
    CorrectionRule, Corrections, LimitBy, LimitFrom, LimitShare, RefundRule, Refunds, TooHigh, YearRule,
};
pub use currency::{CurrencyRule, OtherDay, RateDay, RateRule};
pub use due::{DayOfMonth, DayOff, DueDay, DueException, DueRule};
pub use faults::Fault;
pub use figure::{Figure, Of, Sum};
pub use head::Head;
pub use joining::{JoinRule, LeaveRule};
pub use length::{EndedLength, Length, PeriodRule};
pub use payment::{Instalment, LateStep, PaymentField, PaymentRule, ReferenceIn};
pub use percent::Percent;
pub use period::{NoPeriod, Period};
pub use registration::{Field, FieldKind, RegistrationRule};
pub use rounding::{Rounding, RoundingRule, Stage};
pub use rows::{Columns, RowKey, RowsRule};
pub use scope::{Below, Counts, InsteadRule, IntermediaryRule, LimitRule, PerWhat, Side, TurnoverRule};
pub use threshold::ThresholdRule;

use serde::{Deserialize, Serialize};
use tidewaiter::record::Fact;

/// The rules of one scheme. `docs/formats/return-file.md` explains every field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name and who receives the returns.
    pub scheme: Head,
    /// What everything below rests on.
    #[serde(default)]
    pub fact: Vec<Fact>,
    /// How long a period is.
    pub period: PeriodRule,
    /// When a return is due.
    pub due: DueRule,
    /// When and how what is owed is paid.
    pub payment: PaymentRule,
    /// In which currency the return is, and at which rate others are converted.
    pub currency: CurrencyRule,
    /// How figures are rounded.
    pub rounding: RoundingRule,
    /// For returns of rows: what tells them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<RowsRule>,
    /// For returns of boxes: each, in its order.
    #[serde(default, rename = "box", skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<BoxRule>,
    /// Where refunds go.
    pub refunds: RefundRule,
    /// How past periods are set right.
    pub corrections: CorrectionRule,
    /// Who registers, where, and with which particulars.
    pub registration: RegistrationRule,
    /// From when it counts for a seller who applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joining: Option<JoinRule>,
    /// Until when it counts for a seller who leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaving: Option<LeaveRule>,
    /// When one must register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<ThresholdRule>,
    /// In which published shape a return can be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<ExportRule>,
    /// What is not known yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
}

/// A published shape of returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportRule {
    /// Its name among the shapes that the program writes.
    pub shape: String,
    /// Facts.
    pub cites: Vec<String>,
}

/// Something that is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// What.
    pub what: String,
    /// What would settle it.
    pub settles: String,
}

impl Definition {
    /// Reads a file.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let read: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or_default());
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
            vec![Fault { at: format!("line {line}, column {column}"), says: error.message().to_owned() }]
        })?;
        let faults = read.faults();
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    /// The fact of a key.
    pub fn fact(&self, key: &str) -> Option<&Fact> {
        self.fact.iter().find(|fact| fact.key == key)
    }
}
