//! Columns of an input table, read as text or as exact numbers. Binary fractions never become numbers here: they are
//! turned into their shortest decimal text first.

use crate::BulkError;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type};
use arrow_array::{Array, ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use tidewaiter::Decimal;

/// Decimal places of [`Decimal`].
const PLACES: i8 = 12;

/// One column. A copy shares its cells.
#[derive(Clone)]
pub(crate) enum Column {
    Text(StringArray),
    Whole(Int64Array),
    Exact(Decimal128Array, i8),
}

impl Column {
    /// The column of a name, if the table has it.
    pub(crate) fn find(batch: &RecordBatch, name: &str) -> Result<Option<Self>, BulkError> {
        let Ok(at) = batch.schema_ref().index_of(name) else { return Ok(None) };
        Self::read(batch.column(at), name).map(Some)
    }

    fn read(array: &ArrayRef, name: &str) -> Result<Self, BulkError> {
        Ok(match array.data_type() {
            DataType::Utf8 => Self::Text(array.as_string::<i32>().clone()),
            DataType::Decimal128(_, scale) => Self::Exact(array.as_primitive::<Decimal128Type>().clone(), *scale),
            // Its largest values are above those of whole numbers here.
            DataType::UInt64 => {
                let exact = arrow_cast::cast(array, &DataType::Decimal128(20, 0))?;
                Self::Exact(exact.as_primitive::<Decimal128Type>().clone(), 0)
            }
            kind if kind.is_integer() => {
                let whole = arrow_cast::cast(array, &DataType::Int64)?;
                Self::Whole(whole.as_primitive::<Int64Type>().clone())
            }
            DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Float32
            | DataType::Float64
            | DataType::Date32
            | DataType::Date64
            | DataType::Dictionary(..)
            | DataType::Null => {
                let text = arrow_cast::cast(array, &DataType::Utf8)?;
                Self::Text(text.as_string::<i32>().clone())
            }
            other => {
                return Err(BulkError::Type {
                    column: name.to_owned(),
                    found: other.to_string(),
                    expected: "text, whole numbers, decimals or dates",
                });
            }
        })
    }

    /// Whether every row says the same.
    pub(crate) fn is_constant(&self) -> bool {
        match self {
            Self::Text(array) => {
                let empty = array.null_count() == array.len();
                empty || (array.null_count() == 0 && (1..array.len()).all(|row| array.value(row) == array.value(0)))
            }
            Self::Whole(array) => array.null_count() == 0 && array.values().windows(2).all(|pair| pair[0] == pair[1]),
            Self::Exact(array, _) => {
                array.null_count() == 0 && array.values().windows(2).all(|pair| pair[0] == pair[1])
            }
        }
    }

    /// The cell as text; nothing where it is empty. Whole numbers are written out.
    pub(crate) fn text<'a>(&'a self, row: usize, buffer: &'a mut String) -> Option<&'a str> {
        use std::fmt::Write;
        match self {
            Self::Text(array) => (!array.is_null(row)).then(|| array.value(row).trim()).filter(|t| !t.is_empty()),
            Self::Whole(array) => {
                if array.is_null(row) {
                    return None;
                }
                buffer.clear();
                let _ = write!(buffer, "{}", array.value(row));
                Some(buffer)
            }
            Self::Exact(array, _) => {
                if array.is_null(row) {
                    return None;
                }
                buffer.clear();
                let _ = buffer.write_str(&array.value_as_string(row));
                Some(buffer)
            }
        }
    }

    /// The cell as an exact number: nothing where it is empty, an error with what stands there where it is none.
    pub(crate) fn number(&self, row: usize) -> Result<Option<Decimal>, String> {
        match self {
            Self::Text(array) => {
                let text = if array.is_null(row) { "" } else { array.value(row).trim() };
                if text.is_empty() {
                    return Ok(None);
                }
                if let Some(number) = plain(text.as_bytes()) {
                    return Ok(Some(number));
                }
                text.parse().map(Some).map_err(|_| text.chars().take(40).collect())
            }
            Self::Whole(array) => Ok((!array.is_null(row)).then(|| Decimal::from_int(array.value(row)))),
            Self::Exact(array, scale) => {
                if array.is_null(row) {
                    return Ok(None);
                }
                exact(array.value(row), *scale).map(Some).ok_or_else(|| array.value_as_string(row))
            }
        }
    }
}

/// A number written as most are: up to twelve digits, and up to four after a point. Everything else is left to
/// [`Decimal`]'s own reading, which is slower and says what is wrong.
fn plain(text: &[u8]) -> Option<Decimal> {
    let point = text.iter().position(|&b| b == b'.');
    let (whole, rest) = match point {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &text[text.len()..]),
    };
    if whole.is_empty() || whole.len() > 12 || rest.len() > 4 || (point.is_some() && rest.is_empty()) {
        return None;
    }
    let mut number = 0i64;
    for &byte in whole.iter().chain(rest) {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(byte - b'0');
    }
    const POWERS: [i128; 5] = [1_000_000_000_000, 100_000_000_000, 10_000_000_000, 1_000_000_000, 100_000_000];
    Some(Decimal::from_units(i128::from(number) * POWERS.get(rest.len())?))
}

/// A number of so many decimal places, exactly.
fn exact(value: i128, scale: i8) -> Option<Decimal> {
    let shift = PLACES.checked_sub(scale)?;
    if scale == 2 {
        // Money, as it is mostly kept.
        return value.checked_mul(10_000_000_000).map(Decimal::from_units);
    }
    let power = 10i128.checked_pow(u32::from(shift.unsigned_abs()))?;
    if shift >= 0 {
        value.checked_mul(power).map(Decimal::from_units)
    } else {
        (value % power == 0).then(|| Decimal::from_units(value / power))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_reading_is_the_long_one() {
        for text in [
            "0",
            "00",
            "1",
            "12.5",
            "12.50",
            "0.0001",
            "007.10",
            "999999999999.9999",
            "123456789012",
            "1.23456",
            "1234567890123",
        ] {
            let long = text.parse::<Decimal>().ok();
            assert!(long.is_some());
            assert!(plain(text.as_bytes()).is_none_or(|short| Some(short) == long), "{text}");
        }
        assert_eq!(plain(b"12.50"), "12.5".parse().ok());
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "12.50 ", "\u{661}", "1.2.3", "12a"] {
            assert_eq!(plain(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_column_that_says_one_thing_is_told() {
        let text = |cells: Vec<Option<&str>>| Column::Text(StringArray::from(cells)).is_constant();
        assert!(
            text(vec![Some("a"), Some("a")]) && text(vec![None, None]) && text(vec![Some("a")]) && text(Vec::new())
        );
        assert!(!text(vec![Some("a"), None]) && !text(vec![Some("a"), Some("b")]));
        assert!(Column::Whole(Int64Array::from(vec![3, 3])).is_constant());
        assert!(!Column::Whole(Int64Array::from(vec![3, 4])).is_constant());
    }
}
