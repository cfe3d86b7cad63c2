//! From what a reader gives to a table: done by the thread that prices it, so that reading is short.

use crate::csv_rows::Layout;
use crate::{BulkError, Reject, json_rows};
use arrow_array::RecordBatch;
use std::ops::Range;

/// Rows as they were read.
pub(crate) enum Raw {
    Table(RecordBatch),
    /// Bytes, and where each row stands in them.
    Text(Vec<u8>, Vec<Range<u32>>),
}

impl Raw {
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Table(table) => table.num_rows(),
            Self::Text(_, rows) => rows.len(),
        }
    }
}

/// What is wrong with a row as such.
#[derive(Debug, Clone)]
pub(crate) struct Bad {
    column: String,
    found: String,
    expected: String,
}

impl Bad {
    pub(crate) fn new(column: &str, found: &str, expected: &str) -> Self {
        Self { column: column.to_owned(), found: found.chars().take(60).collect(), expected: expected.to_owned() }
    }

    pub(crate) fn of_row(self, row: u64) -> Reject {
        Reject { row, column: self.column, found: self.found, expected: self.expected }
    }
}

/// A table. Its wrong rows are there, empty, and told apart.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) table: RecordBatch,
    /// Place in the table, in order.
    pub(crate) bad: Vec<(usize, Bad)>,
}

/// How the rows of a file become tables.
#[derive(Debug, Clone)]
pub(crate) enum Decoder {
    Table,
    Csv(Layout),
    Ndjson,
}

impl Decoder {
    /// Rows of which the first is row `first` of the file.
    pub(crate) fn decode(&self, raw: Raw, first: u64) -> Result<Decoded, BulkError> {
        match (self, raw) {
            (_, Raw::Table(table)) => Ok(Decoded { table, bad: Vec::new() }),
            (Self::Csv(layout), Raw::Text(bytes, rows)) => layout.decode(&bytes, &rows, first),
            (_, Raw::Text(bytes, rows)) => json_rows::decode(&bytes, &rows, first),
        }
    }
}

/// That a text file is not in UTF-8, and what to do.
pub(crate) fn not_text(row: u64, byte: Option<u8>) -> String {
    let byte = byte.map_or_else(String::new, |b| format!(" (byte {b:02X})"));
    format!(
        "row {row} is not in UTF-8{byte}: the file seems to be in an older encoding such as Latin-1 or Windows-1252. Save it as \"CSV UTF-8\" (in LibreOffice: choose the character set Unicode UTF-8)"
    )
}
