//! A rate in percent.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// A rate, written `15 %`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(pub Decimal);

impl Percent {
    /// So much of an amount, not rounded.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn of(self, amount: Decimal) -> Result<Decimal, NumberError> {
        amount.scaled(self.0, Decimal::from_int(100))
    }

    /// The tax that stands in a price with tax, not rounded.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn within(self, gross: Decimal) -> Result<Decimal, NumberError> {
        gross.scaled(self.0, self.0.plus(Decimal::from_int(100))?)
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl std::str::FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('%').map(str::trim_end).unwrap_or_default();
        Decimal::parse_amount(number).map(Self).map_err(|_| format!("\"{text}\" is no rate; write: 15 %"))
    }
}

text_form!(Percent);

impl JsonSchema for Percent {
    fn schema_name() -> Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A rate, written 15 %", "type": "string", "maxLength": 40 })
    }
}
