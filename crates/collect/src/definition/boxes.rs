//! Returns of boxes.

use super::{Figure, Of, Percent, Rounding};
use serde::{Deserialize, Serialize};

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
    /// Where it is rounded in another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Rounding>,
    /// Facts.
    #[serde(default)]
    pub cites: Vec<String>,
}
