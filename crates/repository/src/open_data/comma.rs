//! Rows as CSV (RFC 4180): commas, lines that end in CR LF, a header, UTF-8 without a mark at its begin.
//!
//! Spreadsheet programs run a cell that begins with `=`, `+`, `-` or `@` as a formula, and what an authority writes is
//! open to them. So a text cell that begins so gets an apostrophe before it, and one that begins with an apostrophe gets
//! another: whoever reads text takes one leading apostrophe off ([`plain_cell`]), and nothing is lost. The column `record`
//! begins with a brace, days and numbers with a digit; they are as they are.

use super::columns::COLUMNS;
use super::values::Value;
use std::borrow::Cow;
use std::io::Write;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Writes the table.
pub(super) struct Comma<W: Write>(csv::Writer<W>);

impl<W: Write> Comma<W> {
    pub(super) fn new(out: W) -> Result<Self, Failed> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(COLUMNS.iter().map(|column| column.name))?;
        Ok(Self(writer))
    }

    pub(super) fn row(&mut self, values: &[Value<'_>]) -> Result<(), Failed> {
        for value in values {
            match value {
                Value::Absent => self.0.write_field("")?,
                Value::Text(text) => self.0.write_field(safe(text).as_bytes())?,
                Value::Day(day) => self.0.write_field(day.to_string())?,
                Value::Number(number) => self.0.write_field(number.to_string())?,
                Value::Record(record) => self.0.write_field(record)?,
            }
        }
        Ok(self.0.write_record(None::<&[u8]>)?)
    }

    pub(super) fn finish(mut self) -> Result<(), Failed> {
        Ok(self.0.flush()?)
    }
}

/// The text of a cell that no spreadsheet runs.
///
/// What counts as a begin is what is there after white space and control characters, which some programs pass over. The
/// wide forms are taken for the plain ones by programs of East Asian languages.
pub(super) fn safe(text: &str) -> Cow<'_, str> {
    let begins =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}').chars().next();
    let runs = matches!(begins, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    let odd = text.starts_with(['\'', '\t', '\r', '\n']);
    if runs || odd { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// What a text cell of the CSV says: without the apostrophe that keeps spreadsheets from running it.
///
/// ```
/// use tidewaiter_repository::open_data::plain_cell;
/// assert_eq!(plain_cell("'=1+1"), "=1+1");
/// assert_eq!(plain_cell("12 %"), "12 %");
/// ```
pub fn plain_cell(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}
