//! In which currency a return is, and which published exchange rate counts for other ones.

use serde::{Deserialize, Serialize};

/// In which currency a return is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencyRule {
    /// ISO 4217 letters.
    pub is: String,
    /// How amounts in other currencies are converted.
    pub rate: RateRule,
    /// Facts.
    pub cites: Vec<String>,
}

/// Which published exchange rate counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateRule {
    /// Key of the series of exchange rates. Nothing where the seller says which rates were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Who publishes it, for people.
    pub published_by: String,
    /// The rate of which day.
    pub on: RateDay,
    /// Where none was published that day.
    #[serde(default, rename = "else")]
    pub or: OtherDay,
    /// Which other ways the law allows, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<String>,
}

/// The day whose exchange rate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RateDay {
    /// The last day of the period in which the sale was.
    #[serde(rename = "last day of the period")]
    PeriodEnd,
    /// The day of the sale.
    #[serde(rename = "day of the sale")]
    Sale,
    /// The first day of the month of the sale: rates that are published for a month.
    #[serde(rename = "month of the sale")]
    Month,
}

/// Which rate counts where none was published on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum OtherDay {
    /// The last one before.
    #[default]
    #[serde(rename = "day published before")]
    Before,
    /// The first one after.
    #[serde(rename = "next day published")]
    Next,
}
