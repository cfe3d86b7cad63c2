//! When one must register.

use super::scope::{Below, TurnoverRule};
use serde::{Deserialize, Serialize};
use tidewaiter::Decimal;

/// When one must register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdRule {
    /// Turnover of what, for people.
    pub of: String,
    /// Above so much; nothing where the first sale counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Decimal>,
    /// Whether reaching the amount is enough.
    #[serde(default)]
    pub or_equal: bool,
    /// Currency of the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Within so many months up to a day. A calendar year where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u8>,
    /// Whether one must register then; else one may.
    pub must: bool,
    /// A second amount that must be passed too, such as the turnover of the whole world.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world_over: Option<Decimal>,
    /// How turnover is compared with it.
    #[serde(default)]
    pub turnover: TurnoverRule,
    /// What holds below it; nothing where no source says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Below>,
    /// What passing it means, for people, where the scheme stays a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}
