//! Exact numbers in JSON: digits as they stand, never by way of a binary fraction.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use tidewaiter::Decimal;

/// A number of JSON with so many decimals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    value: Decimal,
    places: u8,
}

impl Number {
    /// Money, with two decimals.
    pub(super) fn money(value: Decimal) -> Self {
        Self { value, places: 2 }
    }

    /// Whole units of a currency.
    pub(super) fn whole(value: Decimal) -> Self {
        Self { value, places: 0 }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.value.to_fixed(self.places)).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// Whether a number has no more decimals than these.
pub(super) fn fits(value: Decimal, places: u8) -> bool {
    value.units() % Decimal::ten_to_minus(places).units() == 0
}
