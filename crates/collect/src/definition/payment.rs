//! When and how what is owed is paid.

use super::{Definition, DueDay, Period};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tidewaiter::Decimal;

/// When and how what is owed is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRule {
    /// The day; that of the return when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<DueDay>,
    /// What the payment says: `{member_state}/{number}/M{month}.{year}`. Nothing where it is not known: the authority tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The box that holds what is owed; nothing where it is the sum of rows and corrections.
    #[serde(default, rename = "box", skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
    /// Less than this need not be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Decimal>,
    /// ISO 20022 code of the purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

impl Definition {
    /// The due day of the payment for a period.
    pub fn payment_due(&self, period: Period) -> Date {
        self.payment.by.as_ref().unwrap_or(&self.due.by).of(period)
    }

    /// What a payment for a period says. Nothing where the authority tells it, or where it needs the state of a seller whose state is not known.
    ///
    /// ```
    /// # let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/returns/eu.ioss.toml"))?;
    /// # let definition = tidewaiter_collect::Definition::read(&text).map_err(|faults| format!("{faults:?}"))?;
    /// let reference = definition.payment_reference("IM3720000012", Some("IE"), "2026-10".parse()?);
    /// assert_eq!(reference.as_deref(), Some("IE/IM3720000012/M10.2026"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn payment_reference(&self, number: &str, member_state: Option<&str>, period: Period) -> Option<String> {
        let mut text = self.payment.reference.clone()?;
        if text.contains("{member_state}") {
            text = text.replace("{member_state}", member_state?);
        }
        let last = period.last();
        let quarter = (last.month() - 1) / 3 + 1;
        for (name, value) in [
            ("{number}", number.to_owned()),
            ("{year}", last.year().to_string()),
            ("{month}", format!("{:02}", last.month())),
            ("{quarter}", quarter.to_string()),
            ("{period}", period.to_string()),
            ("{period_end_ddmmyyyy}", last.strftime("%d%m%Y").to_string()),
        ] {
            text = text.replace(name, &value);
        }
        Some(text)
    }
}
