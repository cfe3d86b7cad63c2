//! When one must register.

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
    /// Facts.
    pub cites: Vec<String>,
}
