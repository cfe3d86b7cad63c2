//! Where refunds go, and how past periods are set right.

use super::{Definition, Period};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tidewaiter::Decimal;

/// Where refunds go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundRule {
    /// How.
    pub are: Refunds,
    /// Facts.
    pub cites: Vec<String>,
}

/// What a refund changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refunds {
    /// The period of the sale: where its return is made already, by a correction.
    #[serde(rename = "corrections of the period of the sale")]
    Corrections,
    /// The period in which the money went back.
    #[serde(rename = "deducted in the period of the refund")]
    Deducted,
}

/// How past periods are set right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRule {
    /// Where.
    pub go: Corrections,
    /// How many months after the return of the period was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u16>,
    /// Up to which amount of tax in one return, in its currency; above it the return of the past is amended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Decimal>,
    /// Whether what one territory owes the seller pays for what the seller owes another.
    #[serde(default = "yes")]
    pub set_off: bool,
    /// What happens where the return as a whole is below zero, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative_total: Option<String>,
    /// More for people: conditions, forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

fn yes() -> bool {
    true
}

/// Where corrections stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Corrections {
    /// In a later return, apart from its own figures.
    #[serde(rename = "apart in a later return")]
    Apart,
    /// Among the figures of a later return.
    #[serde(rename = "among the figures of a later return")]
    Among,
    /// In an amended return of the period itself.
    #[serde(rename = "in an amended return")]
    Amended,
}

impl Definition {
    /// Whether a later return may still set a period right on some day. Where not, the return of the period is amended, or the territory asked.
    pub fn is_correctable(&self, period: Period, day: Date) -> bool {
        let until = |months: u16| self.due.by.of(period).saturating_add(jiff::Span::new().months(i64::from(months)));
        self.corrections.go != Corrections::Amended && self.corrections.months.is_none_or(|months| day <= until(months))
    }
}
