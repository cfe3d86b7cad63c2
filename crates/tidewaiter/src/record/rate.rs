//! Rates of tax by class and date, policies of exchange, and schemes by which sellers collect.

use super::{DateText, iso_date};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rate by class of goods and date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Name of the table, used as `@vat`.
    pub name: String,
    /// Class: standard, reduced, zero…
    pub class: String,
    /// The value, or values by date.
    pub is: Dated,
    /// In words: which goods.
    #[serde(default)]
    pub goods: String,
    /// Codes that fall in this class, where a source maps them.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A value, or a history of values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Dated {
    /// The same as far as known.
    Always(String),
    /// By date.
    Values(Vec<DatedValue>),
}

/// One value of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatedValue {
    /// First day; as far back as known when absent.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer; the next value's `from` when absent.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// The rate: `20 %`.
    pub is: String,
    /// Facts this value rests on, besides the table's.
    #[serde(default)]
    pub cites: Vec<String>,
}

/// Exchange-rate policies by purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// For testing thresholds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Policy>,
    /// For assessing charges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Policy>,
    /// For the seller's returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<Policy>,
}

/// Which published rate, of which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Key of a series.
    pub series: String,
    /// Which day's rate.
    #[serde(default)]
    pub rule: DayRule,
    /// Series to use, and say so, where the first is not loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Which day's exchange rate counts. Where nothing was published that day, the newest earlier rate counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[repr(u8)]
pub enum DayRule {
    /// The day itself.
    #[default]
    #[serde(rename = "day")]
    Day = 0,
    /// The calendar day before.
    #[serde(rename = "day before")]
    DayBefore = 1,
    /// The last Monday-to-Friday day before.
    #[serde(rename = "working day before")]
    WorkingDayBefore = 2,
    /// The last rate of the week before, Sunday to Saturday.
    #[serde(rename = "week")]
    Week = 3,
    /// The first day of the month.
    #[serde(rename = "month")]
    Month = 4,
    /// The penultimate Wednesday of the month before.
    #[serde(rename = "penultimate wednesday of the month before")]
    PenultimateWednesday = 5,
    /// The last day of the calendar month of the date.
    #[serde(rename = "last day of the period")]
    PeriodEnd = 6,
}

/// A registration under which sellers collect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Unique key, `eu.ioss`.
    pub key: String,
    /// Full name.
    pub name: String,
    /// What people call it.
    #[serde(default)]
    pub short: String,
    /// Who must register and from when.
    #[serde(default)]
    pub registration: String,
    /// How often returns are due.
    #[serde(default)]
    pub returns: String,
    /// By when.
    #[serde(default)]
    pub due: String,
    /// Currency of the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// First day it exists.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day it no longer exists.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
