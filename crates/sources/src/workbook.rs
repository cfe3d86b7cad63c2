//! Spreadsheets from strangers: XLSX workbooks and CSV files as tables of cells, without trusting their size.
//!
//! A workbook is a ZIP archive, and a small archive can unpack to any size. [`unpack`] counts while it unpacks and stops
//! at [`Bounds`]. What is read then is what stands in the file: a number keeps its decimal text and never passes through
//! a binary fraction, and what a reader of the screen cannot see (hidden rows and columns, merged cells, a formula
//! without its value) is told. Nothing is allocated on the word of the file: a count or a cell address in it decides no size.

mod cell;
mod number;
pub(crate) mod xlsx;

use crate::{ImportError, Source};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use tidewaiter::record::edition::OfficialFile;

/// How much an archive may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Most bytes of the file as it is on disk; it is held in memory.
    pub packed: u64,
    /// Most files in it.
    pub entries: usize,
    /// Most bytes of all of them together, unpacked.
    pub unpacked: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { packed: 64 << 20, entries: 500, unpacked: 128 << 20 }
    }
}

/// Most cells of all sheets together.
pub const MAX_CELLS: usize = 2_000_000;
/// Most columns of a sheet that are read; a cell further right is refused.
pub const MAX_COLUMNS: u32 = 1_024;
/// Most rows of a sheet, as in the format.
pub const MAX_ROWS: u32 = 1_048_576;
/// Most bytes of one cell.
pub const MAX_TEXT: usize = 32_767;

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the archive, folders included.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Reads a whole file as it is on disk, with its name, size and hash.
///
/// # Errors
/// [`ImportError::TooLarge`] past the bounds, [`ImportError::Read`] where it cannot be read.
pub(crate) fn packed(mut source: Source, bounds: Bounds) -> Result<(Vec<u8>, OfficialFile), ImportError> {
    let bytes = crate::common::read_document(&mut source, bounds.packed)?;
    Ok((bytes, source.finish()?))
}

/// Unpacks an archive, counting.
///
/// # Errors
/// [`ImportError::TooLarge`] past the bounds, [`ImportError::NotThisFormat`] where it is no sound ZIP archive or is encrypted.
pub fn unpack(file: &str, bytes: &[u8], bounds: Bounds) -> Result<Vec<File>, ImportError> {
    let broken = |reason: String| ImportError::NotThisFormat { file: file.to_owned(), reason };
    let too_large = |what, limit| ImportError::TooLarge {
        file: file.to_owned(),
        what,
        limit,
        hint: "check that it is the file you meant; empty rows and sheets can be deleted",
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| broken(format!("it is not a sound ZIP archive or workbook: {error}")))?;
    if archive.len() > bounds.entries {
        return Err(too_large("the number of files in the archive", bounds.entries as u64));
    }
    let mut left = bounds.unpacked;
    let mut files = Vec::new();
    for at in 0..archive.len() {
        let mut entry =
            archive.by_index(at).map_err(|error| broken(format!("a file in the archive cannot be read: {error}")))?;
        if entry.is_dir() {
            continue;
        }
        let name = entry
            .name()
            .map_err(|error| broken(format!("a file in the archive has no sound name: {error}")))?
            .into_owned();
        let mut unpacked = Vec::new();
        let read = (&mut entry).take(left.saturating_add(1)).read_to_end(&mut unpacked);
        read.map_err(|error| broken(format!("\"{name}\" in the archive cannot be unpacked: {error}")))?;
        let n = unpacked.len() as u64;
        if n > left {
            return Err(too_large("the size of the archive in bytes, unpacked,", bounds.unpacked));
        }
        left -= n;
        files.push(File { name, bytes: unpacked });
    }
    Ok(files)
}

/// How a cell is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// Nothing said.
    #[default]
    General,
    /// As text: what is typed stays as typed.
    Text,
    /// As a percentage: 0.05 is shown as 5 %.
    Percent,
    /// As a date.
    Date,
    /// As another number.
    Number,
    /// The cell comes from a file that has no formats (CSV).
    None,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number, as decimal text without an exponent, at most 15 significant digits.
    Number(String),
    /// A day.
    Date(Date),
    /// A day with a time, or a date outside the calendar: its serial number.
    Moment(String),
    /// True or false.
    Bool(bool),
    /// An error such as `#N/A`.
    Error(String),
    /// A formula whose value was not stored.
    Formula,
}

impl Value {
    /// As a reader of the sheet would say it.
    pub fn shown(&self, format: Format) -> String {
        match self {
            Self::Text(text) | Self::Error(text) | Self::Moment(text) => text.clone(),
            Self::Number(number) if format == Format::Percent => {
                format!("{} %", number::shifted(number, 2).unwrap_or_else(|| number.clone()))
            }
            Self::Number(number) => number.clone(),
            Self::Date(date) => date.to_string(),
            Self::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
            Self::Formula => "a formula".into(),
        }
    }
}

/// A cell that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// How it is shown.
    pub format: Format,
    /// Whether a formula computed it.
    pub computed: bool,
}

/// A row that has cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number, from 1.
    pub number: u64,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Its cells by column, from 0.
    pub cells: BTreeMap<u32, Cell>,
}

/// A rectangle of cells that were merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First row, from 1.
    pub top: u64,
    /// Last row.
    pub bottom: u64,
    /// First column, from 0.
    pub left: u32,
    /// Last column.
    pub right: u32,
}

/// A sheet of a workbook, or a CSV file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of the sheet, or of the file without its ending.
    pub name: String,
    /// Whether the sheet is hidden.
    pub hidden: bool,
    /// Columns that are hidden, from 0.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Merged cells.
    pub merged: Vec<Merged>,
    /// Rows that have cells, in order.
    pub rows: Vec<Row>,
}

impl Table {
    /// Whether a column is hidden.
    pub fn column_hidden(&self, column: u32) -> bool {
        self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
    }

    /// The merged rectangle a cell lies in.
    pub fn merged_at(&self, row: u64, column: u32) -> Option<Merged> {
        self.merged.iter().copied().find(|m| (m.top..=m.bottom).contains(&row) && (m.left..=m.right).contains(&column))
    }
}

/// Reads every sheet of an XLSX workbook, from the files of its archive.
///
/// # Errors
/// [`ImportError::NotThisFormat`] where a part is missing or damaged, [`ImportError::TooLarge`] past [`MAX_CELLS`].
pub fn tables(file: &str, files: &[File]) -> Result<Vec<Table>, ImportError> {
    xlsx::Reader::new(file, files.iter().map(|f| (f.name.clone(), f.bytes.as_slice())))?.tables()
}

/// Whether the files of an archive are those of an XLSX workbook.
pub fn is_workbook(files: &[File]) -> bool {
    files.iter().any(|f| f.name == "[Content_Types].xml")
}

/// Reads a CSV file: text in UTF-8, cells separated by commas, all of them text.
///
/// # Errors
/// [`ImportError::NotThisFormat`] where it is not UTF-8, [`ImportError::TooLarge`] past [`MAX_CELLS`] or [`MAX_COLUMNS`].
pub fn csv_table(file: &str, bytes: &[u8]) -> Result<Table, ImportError> {
    let broken = |reason: String| ImportError::NotThisFormat { file: file.to_owned(), reason };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|_| broken("it is not UTF-8 text; save it as \"CSV UTF-8 (comma delimited)\"".into()))?;
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let name = name.strip_suffix(".csv").or_else(|| name.strip_suffix(".CSV")).unwrap_or(name);
    let mut table = Table { name: name.to_owned(), ..Table::default() };
    let mut reader = crate::workbook::csv_reader().from_reader(text.as_bytes());
    let mut cells = 0usize;
    for record in reader.records() {
        let record = record.map_err(|error| broken(format!("it is not sound CSV: {error}")))?;
        let mut row = Row { number: record.position().map_or(0, csv::Position::line), ..Row::default() };
        for (column, text) in record.iter().enumerate() {
            cells += 1;
            if column >= MAX_COLUMNS as usize {
                return Err(too_large(file, "the number of columns", u64::from(MAX_COLUMNS)));
            }
            if cells > MAX_CELLS {
                return Err(too_many(file));
            }
            if text.len() > MAX_TEXT {
                return Err(too_long(file, MAX_TEXT));
            }
            if !text.trim().is_empty() {
                let cell = Cell {
                    value: Value::Text(text.trim_end_matches('\r').to_owned()),
                    format: Format::None,
                    computed: false,
                };
                row.cells.insert(column as u32, cell);
            }
        }
        table.rows.push(row);
    }
    Ok(table)
}

/// Reads CSV so that rows are numbered by their lines, whether these end in LF or CR LF; cells may then end in CR.
pub(crate) fn csv_reader() -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).terminator(csv::Terminator::Any(b'\n'));
    builder
}

pub(crate) fn too_many(file: &str) -> ImportError {
    too_large(file, "the number of cells", MAX_CELLS as u64)
}

fn too_long(file: &str, limit: usize) -> ImportError {
    too_large(file, "the text of one cell, in bytes,", limit as u64)
}

fn too_large(file: &str, what: &'static str, limit: u64) -> ImportError {
    let hint = "check that it is the file you meant; delete columns and rows that hold nothing";
    ImportError::TooLarge { file: file.to_owned(), what, limit, hint }
}

#[cfg(test)]
mod tests;
