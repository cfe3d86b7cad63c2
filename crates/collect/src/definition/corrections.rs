//! Where refunds go, and how past periods are set right.

use super::payment::filled;
use super::{Definition, DueDay, Percent, Period};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

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
    /// For how many months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u16>,
    /// From when the months are counted.
    #[serde(default)]
    pub from: LimitFrom,
    /// What must have happened by then.
    #[serde(default)]
    pub by: LimitBy,
    /// What is left to the seller after that, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// How long where they lower the tax, if that is not as long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub too_high: Option<TooHigh>,
    /// Up to which amount of tax in one return, in its currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Decimal>,
    /// Only what stays below the amount, not what reaches it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub limit_below: bool,
    /// Up to this where it is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_share: Option<LimitShare>,
    /// What is done with what is above, for people; the returns of the past are amended when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    /// Differences of a whole year, told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<YearRule>,
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

/// From when the months are counted in which a period may be set right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LimitFrom {
    /// The day on which its return was due.
    #[default]
    #[serde(rename = "due day of the return")]
    DueDay,
    /// Its last day.
    #[serde(rename = "end of the period")]
    PeriodEnd,
    /// The last day of its calendar year.
    #[serde(rename = "end of the calendar year")]
    YearEnd,
}

/// What must have happened by the last day for setting a period right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LimitBy {
    /// The later return is sent. Its due day is taken: when it will be sent is not known while it is made.
    #[default]
    #[serde(rename = "the later return is sent")]
    Sent,
    /// The period of the later return has begun: the mistake stands in the books of a period in which the last day still is.
    #[serde(rename = "the period of the later return has begun")]
    Begun,
}

/// How long tax that was declared too high may be put right in a later return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TooHigh {
    /// Months from the day on which the return was sent.
    pub months: u16,
    /// Days on top.
    #[serde(default)]
    pub days: u16,
}

/// A limit that grows with a figure of the return in which the corrections stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitShare {
    /// So much of it.
    pub rate: Percent,
    /// The box.
    pub of: String,
    /// At most this, in the currency of the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Decimal>,
}

/// Differences of a whole year, told apart from its returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearRule {
    /// The last day for them.
    pub by: DueDay,
    /// What their payment says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl CorrectionRule {
    /// The most tax of mistakes that one return may hold, where the figure that a share is of has some value there. Nothing where there is no
    /// limit.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn limit(&self, figure: Option<Decimal>) -> Result<Option<Decimal>, NumberError> {
        let Some(least) = self.limit else { return Ok(None) };
        let (Some(share), Some(figure)) = (&self.limit_share, figure) else { return Ok(Some(least)) };
        let part = share.rate.of(figure)?;
        Ok(Some(share.at_most.map_or(part, |most| part.min(most)).max(least)))
    }

    /// Whether one return may hold mistakes of so much tax, added up with their signs.
    ///
    /// # Errors
    /// As [`CorrectionRule::limit`].
    pub fn takes(&self, tax: Decimal, figure: Option<Decimal>) -> Result<bool, NumberError> {
        let size = tax.units().abs();
        let below = self.limit_below;
        Ok(self.limit(figure)?.is_none_or(|limit| size < limit.units() || (size == limit.units() && !below)))
    }
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
    /// Whether the return of a later period may still set a period right. Where not, the return of the period is amended, or the territory asked.
    pub fn is_correctable(&self, period: Period, later: Period) -> bool {
        self.corrections.go != Corrections::Amended && self.is_in_time(later, self.last_correction(period))
    }

    /// The same for what lowers the tax of a period whose return was sent on some day.
    pub fn is_lowerable(&self, period: Period, sent: Date, later: Period) -> bool {
        match self.last_lowering(sent) {
            Some(last) => self.corrections.go != Corrections::Amended && self.is_in_time(later, Some(last)),
            None => self.is_correctable(period, later),
        }
    }

    /// Whether a later return comes by a last day.
    fn is_in_time(&self, later: Period, last: Option<Date>) -> bool {
        let counts = match self.corrections.by {
            LimitBy::Sent => self.return_due(later),
            LimitBy::Begun => later.first(),
        };
        last.is_none_or(|last| counts <= last)
    }

    /// The last day on which a period may be set right. Nothing where there is none.
    pub fn last_correction(&self, period: Period) -> Option<Date> {
        let months = jiff::Span::new().months(i64::from(self.corrections.months?));
        let from = match self.corrections.from {
            LimitFrom::DueDay => self.return_due(period),
            LimitFrom::PeriodEnd => period.last(),
            LimitFrom::YearEnd => period.last().last_of_year(),
        };
        Some(from.saturating_add(months))
    }

    /// The last day on which a later return may lower the tax of a return that was sent on some day, where that has a rule of its own.
    pub fn last_lowering(&self, sent: Date) -> Option<Date> {
        let rule = self.corrections.too_high.as_ref()?;
        let span = jiff::Span::new().months(i64::from(rule.months)).days(i64::from(rule.days));
        Some(sent.saturating_add(span))
    }

    /// The last day for differences of a year, and what their payment says. Nothing where they are not told apart.
    pub fn year_end(&self, number: &str, member_state: Option<&str>, year: Period) -> Option<(Date, Option<String>)> {
        let rule = self.corrections.year.as_ref()?;
        let reference = rule.reference.as_deref().and_then(|text| filled(text, number, member_state, year));
        Some((rule.by.of(year), reference))
    }
}
