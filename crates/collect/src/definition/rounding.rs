//! How figures are rounded, and where.

use serde::{Deserialize, Serialize};
use tidewaiter::{Decimal, RoundingMode};

/// How figures of a return are rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundingRule {
    /// How and to which step.
    pub is: Rounding,
    /// Where.
    pub stage: Stage,
    /// Facts.
    pub cites: Vec<String>,
}

/// What is rounded: everything before it is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Each sale when it is converted.
    Sale,
    /// Each row of the return.
    Row,
    /// Each box of the return.
    Box,
}

/// A way of rounding, written `half-up 0.01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounding {
    /// Which way.
    pub mode: RoundingMode,
    /// To multiples of this.
    pub step: Decimal,
}

impl Rounding {
    /// The rounded number.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn apply(self, number: Decimal) -> Result<Decimal, tidewaiter::decimal::NumberError> {
        number.rounded(self.mode, self.step)
    }
}

impl std::fmt::Display for Rounding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mode = match self.mode {
            RoundingMode::HalfUp => "half-up",
            RoundingMode::HalfDown => "half-down",
            RoundingMode::HalfEven => "half-even",
            RoundingMode::Up => "up",
            RoundingMode::Down => "down",
        };
        write!(f, "{mode} {}", self.step)
    }
}

impl std::str::FromStr for Rounding {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mode, step) =
            text.split_once(' ').ok_or_else(|| format!("\"{text}\" is no rounding; write: half-up 0.01"))?;
        let mode = match mode {
            "half-up" => RoundingMode::HalfUp,
            "half-down" => RoundingMode::HalfDown,
            "half-even" => RoundingMode::HalfEven,
            "up" => RoundingMode::Up,
            "down" => RoundingMode::Down,
            _ => return Err(format!("\"{mode}\" is none of half-up, half-down, half-even, up, down")),
        };
        match Decimal::parse_amount(step.trim()) {
            Ok(step) if !step.is_zero() => Ok(Self { mode, step }),
            _ => Err(format!("\"{step}\" is no step to round to; write a number above 0, such as 0.01")),
        }
    }
}

text_form!(Rounding);
