//! How long a period is, and in which one a day is.

use super::Period;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long a period is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodRule {
    /// Its length.
    pub is: Length,
    /// Month in which one of them begins, January is 1; nothing where they count from the month of registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<u8>,
    /// Other lengths that a seller may choose or be given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Length>,
    /// Those that nobody can choose any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<EndedLength>,
    /// Facts.
    pub cites: Vec<String>,
}

/// A length of periods that nobody can choose any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndedLength {
    /// The length.
    pub length: Length,
    /// The first day on which it can no longer be chosen.
    pub from: Date,
}

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Length {
    /// One month.
    #[serde(rename = "month")]
    Month,
    /// Two months.
    #[serde(rename = "2 months")]
    TwoMonths,
    /// Three months.
    #[serde(rename = "quarter")]
    Quarter,
    /// Six months.
    #[serde(rename = "half year")]
    HalfYear,
    /// Twelve months.
    #[serde(rename = "year")]
    Year,
}

impl Length {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::TwoMonths => "2 months",
            Self::Quarter => "quarter",
            Self::HalfYear => "half year",
            Self::Year => "year",
        }
    }

    /// In months.
    pub fn months(self) -> u8 {
        match self {
            Self::Month => 1,
            Self::TwoMonths => 2,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }
}

impl PeriodRule {
    /// The lengths that a seller may have from some day on.
    pub fn lengths(&self, from: Date) -> Vec<Length> {
        let ended = |length: &Length| self.ended.iter().any(|one| one.length == *length && one.from <= from);
        std::iter::once(self.is).chain(self.others.iter().copied()).filter(|length| !ended(length)).collect()
    }

    /// The period in which a day is, for a seller who registered on some day. Nothing at the end of the calendar.
    pub fn of(&self, day: Date, registered: Date) -> Option<Period> {
        self.of_length(self.is, day, registered)
    }

    /// The same, where the seller has periods of another length.
    pub fn of_length(&self, length: Length, day: Date, registered: Date) -> Option<Period> {
        let months = i32::from(length.months());
        let begins = self.begins.map_or(i32::from(registered.month()), i32::from);
        let into = (i32::from(day.month()) - begins).rem_euclid(months);
        let first = day.first_of_month().checked_sub(jiff::Span::new().months(into)).ok()?;
        Period::beginning(first, length.months()).ok()
    }
}
