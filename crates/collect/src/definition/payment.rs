//! When and how what is owed is paid.

use super::{DayOfMonth, Definition, DueDay, Length, Percent, Period};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// When and how what is owed is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRule {
    /// The day; that of the return when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<DueDay>,
    /// That of the return all the same, where it is earlier.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_after_return: bool,
    /// Days on which a part is paid before, for periods of one length.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instalment: Vec<Instalment>,
    /// What the payment says: `{member_state}/{number}/M{month}.{year}`. Nothing where it is not known: the authority tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What it says for sellers registered in some places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference_in: Vec<ReferenceIn>,
    /// What each field of a bank's form says, where a country has several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub field: Vec<PaymentField>,
    /// The box that holds what is owed; nothing where it is the sum of rows and corrections.
    #[serde(default, rename = "box", skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
    /// Less than this need not be paid, in the currency of the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Decimal>,
    /// What is added to tax that is late: steps in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<LateStep>,
    /// ISO 20022 code of the purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

/// A day on which a part of what is owed for a period is paid before its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instalment {
    /// For periods of this length.
    pub length: Length,
    /// Month, counted from the first of the period: 0 is that month.
    pub months: u8,
    /// Day of that month.
    pub day: DayOfMonth,
}

/// What a payment says for sellers registered in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceIn {
    /// The place.
    pub member_state: String,
    /// As in [`PaymentRule::reference`].
    pub is: String,
}

/// A field of a bank's form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentField {
    /// What banks call it.
    pub name: String,
    /// What stands in it, as in [`PaymentRule::reference`]; empty where it stays empty.
    pub is: String,
}

/// What is added to tax that is late, up to some day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateStep {
    /// Up to so many days late; for all days after the step before when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// In all, of the tax.
    pub rate: Percent,
}

impl Definition {
    /// The due day of the payment for a period.
    pub fn payment_due(&self, period: Period) -> Date {
        let due = self.return_due(period);
        match &self.payment.by {
            Some(by) if self.payment.not_after_return => by.of(period).min(due),
            Some(by) => by.of(period),
            None => due,
        }
    }

    /// The days on which parts are paid before, for a period.
    pub fn instalments(&self, period: Period) -> Vec<Date> {
        let own = self.payment.instalment.iter().filter(|one| one.length.months() == period.months());
        own.map(|one| one.day.in_month(period.first().saturating_add(jiff::Span::new().months(i64::from(one.months)))))
            .collect()
    }

    /// How much of what is owed must be paid: nothing where it is less than the least that is, and nothing comes back where that is less.
    pub fn to_pay(&self, owed: Decimal) -> Decimal {
        let is_small = self.payment.minimum.is_some_and(|minimum| owed.units().abs() < minimum.units());
        if is_small { Decimal::ZERO } else { owed }
    }

    /// What is added to tax that is some days late, rounded as the return is. Nothing where the rules do not say it for so many days.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn late_tax(&self, tax: Decimal, days: u16) -> Result<Option<Decimal>, NumberError> {
        if days == 0 {
            return Ok(Some(Decimal::ZERO));
        }
        let step = self.payment.late.iter().find(|step| step.days.is_none_or(|until| days <= until));
        step.map(|step| self.rounding.is.apply(step.rate.of(tax)?)).transpose()
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
        let own = self.payment.reference_in.iter().find(|one| Some(one.member_state.as_str()) == member_state);
        match own {
            Some(own) => filled(&own.is, number, member_state, period),
            None => self.return_reference(number, member_state, period),
        }
    }

    /// The reference of the return of a period, which payments carry where their place has no rule of its own.
    pub fn return_reference(&self, number: &str, member_state: Option<&str>, period: Period) -> Option<String> {
        filled(self.payment.reference.as_deref()?, number, member_state, period)
    }

    /// What each field of a bank's form says for a period, where a country has several: names and contents.
    pub fn payment_fields(&self, number: &str, member_state: Option<&str>, period: Period) -> Vec<(&str, String)> {
        let fields = self.payment.field.iter();
        fields.filter_map(|one| Some((one.name.as_str(), filled(&one.is, number, member_state, period)?))).collect()
    }
}

/// The names in a text replaced by what they stand for.
pub(super) fn filled(text: &str, number: &str, member_state: Option<&str>, period: Period) -> Option<String> {
    let mut text = text.to_owned();
    if text.contains("{member_state}") {
        text = text.replace("{member_state}", member_state?);
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() && (text.contains("{digits}") || text.contains("{number_of_9}")) {
        return None;
    }
    let last = period.last();
    let quarter = (last.month() - 1) / 3 + 1;
    for (name, value) in [
        ("{number}", number.to_owned()),
        ("{number_of_9}", format!("{digits:0>9}")),
        ("{digits}", digits),
        ("{year}", last.year().to_string()),
        ("{yy}", last.strftime("%y").to_string()),
        ("{month}", format!("{:02}", last.month())),
        ("{quarter}", quarter.to_string()),
        ("{period}", period.to_string()),
        ("{period_end_ddmmyyyy}", last.strftime("%d%m%Y").to_string()),
    ] {
        text = text.replace(name, &value);
    }
    Some(text)
}
