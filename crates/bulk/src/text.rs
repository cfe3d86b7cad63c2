//! The answer table as CSV and as NDJSON. CSV is the same bytes as Arrow's own writer makes, without its detours: this is
//! most of the work of a catalogue that goes from CSV to CSV. In NDJSON amounts are strings.

use crate::output::{OUTPUT_COLUMNS, PLACES};
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, UInt64Type};
use arrow_array::{Array, Decimal128Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{ArrowError, DataType};

enum Cells<'a> {
    Number(&'a UInt64Array),
    Text(&'a StringArray),
    Money(&'a Decimal128Array),
}

fn cells(table: &RecordBatch) -> Result<Vec<Cells<'_>>, ArrowError> {
    table
        .columns()
        .iter()
        .map(|column| match column.data_type() {
            DataType::UInt64 => Ok(Cells::Number(column.as_primitive::<UInt64Type>())),
            DataType::Utf8 => Ok(Cells::Text(column.as_string::<i32>())),
            DataType::Decimal128(_, PLACES) => Ok(Cells::Money(column.as_primitive::<Decimal128Type>())),
            other => Err(ArrowError::CsvError(format!("the answer holds no {other}"))),
        })
        .collect()
}

/// The line of names.
pub(crate) fn csv_names(out: &mut Vec<u8>) {
    for (at, (name, _)) in OUTPUT_COLUMNS.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        text(name, out);
    }
    out.push(b'\n');
}

/// Writes the rows of a table of the answer's schema.
pub(crate) fn csv(table: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError> {
    let columns = cells(table)?;
    for row in 0..table.num_rows() {
        for (at, cells) in columns.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            match cells {
                Cells::Number(array) if !array.is_null(row) => whole(array.value(row), 1, out),
                Cells::Text(array) if !array.is_null(row) => text(array.value(row), out),
                Cells::Money(array) if !array.is_null(row) => money(array.value(row), out),
                _ => {}
            }
        }
        out.push(b'\n');
    }
    Ok(())
}

/// Writes the rows as JSON objects, one a line, without what they do not have.
pub(crate) fn ndjson(table: &RecordBatch, out: &mut Vec<u8>) -> Result<(), ArrowError> {
    let columns = cells(table)?;
    for row in 0..table.num_rows() {
        let mut mark = b'{';
        for ((name, _), cells) in OUTPUT_COLUMNS.iter().zip(&columns) {
            let before = out.len();
            out.push(mark);
            out.push(b'"');
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":");
            match cells {
                Cells::Number(array) if !array.is_null(row) => whole(array.value(row), 1, out),
                Cells::Text(array) if !array.is_null(row) => serde_json::to_writer(&mut *out, array.value(row))
                    .map_err(|e| ArrowError::JsonError(e.to_string()))?,
                Cells::Money(array) if !array.is_null(row) => {
                    out.push(b'"');
                    money(array.value(row), out);
                    out.push(b'"');
                }
                _ => {
                    out.truncate(before);
                    continue;
                }
            }
            mark = b',';
        }
        out.extend_from_slice(b"}\n");
    }
    Ok(())
}

/// A number of at least so many digits.
fn whole(mut number: u64, least: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while number > 0 || digits.len() - at < least {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    out.extend_from_slice(&digits[at..]);
}

/// A sum in units of the answer, with all its decimals.
fn money(units: i128, out: &mut Vec<u8>) {
    const UNIT: u64 = 10u64.pow(PLACES.unsigned_abs() as u32);
    if units < 0 {
        out.push(b'-');
    }
    // A sum of the answer has eighteen digits at most.
    let units = u64::try_from(units.unsigned_abs()).unwrap_or(u64::MAX);
    whole(units / UNIT, 1, out);
    out.push(b'.');
    whole(units % UNIT, usize::from(PLACES.unsigned_abs()), out);
}

/// A cell, in quotation marks where it needs them.
fn text(cell: &str, out: &mut Vec<u8>) {
    let special = |b: &u8| matches!(b, b',' | b'"' | b'\n' | b'\r');
    if !cell.as_bytes().iter().any(special) {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    for &byte in cell.as_bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test says so")]
    use super::*;
    use crate::output::{Answer, Output, Slim};
    use tidewaiter::Decimal;

    #[test]
    fn the_same_bytes_as_the_writer_of_arrow() {
        let cents = |n: i64| Some(Decimal::from_units(i128::from(n) * 10_000_000_000));
        let other = Answer {
            outcome: "range",
            sums: [cents(0), cents(1_999), None, cents(123_456_789_012_345), None, cents(5)],
            missing: Some("items[0].code, or \"origin\"".into()),
        };
        let mut output = Output::new(4);
        for (row, id, to) in
            [(1, None, "FR"), (2, Some(""), "CH"), (3, Some("a,b"), "GB"), (u64::MAX, Some("é\n\""), "XI")]
        {
            let sums = [row as i64 % 1_000_000, 0, 9_999, 10_000, 999_999_999_999_999_999, 12_345_600];
            output.push(row, id, (to, "EUR"), &Slim { sums, names: 0, kind: 0, warned: 0 }, None, None);
        }
        let slim = Slim { sums: other.narrow().unwrap(), names: 0, kind: 1, warned: 0 };
        output.push(5, Some("x\ry"), ("US", "USD"), &slim, Some(&other), Some("wabcdef w012345"));
        output.push(6, None, ("US", "USD"), &Slim { kind: 0, ..slim }, None, None);
        let table = output.finish().unwrap();
        for names in [true, false] {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            if names {
                csv_names(&mut ours);
            }
            csv(&table, &mut ours).unwrap();
            let mut writer = arrow_csv::WriterBuilder::new().with_header(names).build(&mut theirs);
            writer.write(&table).unwrap();
            drop(writer);
            assert_eq!(String::from_utf8(ours).unwrap(), String::from_utf8(theirs).unwrap());
        }
        assert_eq!(table.column(7).null_count(), 1);
    }
}
