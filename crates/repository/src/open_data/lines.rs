//! Rows as JSON, one object a line (NDJSON). What is absent is left out; `record` is the object itself, byte for byte.

use super::columns::COLUMNS;
use super::values::Value;
use std::io::Write;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Writes the table.
pub(super) struct Lines<W: Write>(W);

impl<W: Write> Lines<W> {
    pub(super) const fn new(out: W) -> Self {
        Self(out)
    }

    pub(super) fn row(&mut self, values: &[Value<'_>]) -> Result<(), Failed> {
        let out = &mut self.0;
        let mut between = b"{".as_slice();
        for (column, value) in COLUMNS.iter().zip(values) {
            if matches!(value, Value::Absent) {
                continue;
            }
            out.write_all(between)?;
            between = b",";
            write!(out, "\"{}\":", column.name)?;
            match value {
                Value::Absent => {}
                Value::Text(text) => serde_json::to_writer(&mut *out, text)?,
                Value::Day(day) => write!(out, "\"{day}\"")?,
                Value::Number(number) => write!(out, "{number}")?,
                Value::Record(record) => out.write_all(record.as_bytes())?,
            }
        }
        Ok(out.write_all(b"}\n")?)
    }

    pub(super) fn finish(mut self) -> Result<(), Failed> {
        Ok(self.0.flush()?)
    }
}
