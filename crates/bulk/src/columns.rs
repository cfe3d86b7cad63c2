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

/// One column.
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

/// A number of so many decimal places, exactly.
fn exact(value: i128, scale: i8) -> Option<Decimal> {
    let shift = PLACES.checked_sub(scale)?;
    let power = 10i128.checked_pow(u32::from(shift.unsigned_abs()))?;
    if shift >= 0 {
        value.checked_mul(power).map(Decimal::from_units)
    } else {
        (value % power == 0).then(|| Decimal::from_units(value / power))
    }
}
