//! Returns of boxes.

use super::{Figure, Of, Percent, Rounding, RoundingRule, Stage};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// A box of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxRule {
    /// Its number or letters.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What stands in it.
    pub is: Figure,
    /// Of which sales.
    #[serde(default)]
    pub of: Of,
    /// Of one rate alone: `15 %`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Percent>,
    /// Only of sales before this day, with what goes back and is corrected of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Date>,
    /// Rates of earlier days that it holds too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierRate>,
    /// Where it is rounded in another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Rounding>,
    /// Facts.
    #[serde(default)]
    pub cites: Vec<String>,
}

/// A rate of earlier days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierRate {
    /// The rate.
    pub rate: Percent,
    /// The first day on which it no longer was.
    pub before: Date,
}

impl BoxRule {
    /// Whether it holds tax of a rate. `sold` is the first day of the period of new sales; nothing for what went back or sets the past right:
    /// that keeps the rate of its sale.
    pub fn holds(&self, rate: Option<Percent>, sold: Option<Date>) -> bool {
        let is_still = |before: Date| sold.is_none_or(|sold| sold < before);
        let own = self.rate.is_none() || self.rate == rate;
        own && self.before.is_none_or(is_still)
            || self.earlier.iter().any(|one| rate == Some(one.rate) && is_still(one.before))
    }

    /// How it is rounded in a return; nothing where it is not.
    pub fn rounding(&self, rule: &RoundingRule) -> Option<Rounding> {
        self.round.or((rule.stage == Stage::Box).then_some(rule.is))
    }

    /// What stands there where it is made of other boxes and their values are known; nothing where one is not, or it is made of sales.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn of_boxes(
        &self,
        rule: &RoundingRule,
        values: &BTreeMap<&str, Option<Decimal>>,
    ) -> Result<Option<Decimal>, NumberError> {
        let Figure::Within(key) = &self.is else { return self.is.of_boxes(values) };
        let (Some(gross), Some(rate)) = (values.get(key.as_str()).copied().flatten(), self.rate) else {
            return Ok(None);
        };
        let tax = rate.within(gross)?;
        self.rounding(rule).map_or(Ok(Some(tax)), |rounding| rounding.apply(tax).map(Some))
    }
}
