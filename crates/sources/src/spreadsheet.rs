//! Workbooks: XLSX sheets row by row, and old XLS, without trusting what their packing says.
//!
//! An XLSX file is a zip. Before anything reads it, every part is unpacked once to nowhere and counted: too many parts, or
//! more bytes than [`WorkbookLimits::unpacked`], stop the import. Rows are then streamed; a sheet that claims a million
//! columns costs only the cells that are there. Kinds of cells are kept: text that looks like a number stays text.

use crate::{ImportError, Source};
use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetVisible, Xls, Xlsx};
use jiff::civil::Date;
use std::io::{self, Cursor, Read};
use tidewaiter::record::edition::OfficialFile;

/// How much a workbook may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkbookLimits {
    /// Most bytes of the file as it is on disk; it is held in memory.
    pub packed: u64,
    /// Most bytes of all its parts, unpacked.
    pub unpacked: u64,
    /// Most parts (sheets, styles, pictures…).
    pub parts: usize,
    /// Most columns of a row.
    pub columns: u32,
}

impl Default for WorkbookLimits {
    fn default() -> Self {
        Self { packed: 64 << 20, unpacked: 512 << 20, parts: 2_000, columns: 1_024 }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, also text that looks like a number.
    Text(String),
    /// A number, in the shortest decimal text that gives the same binary number.
    Number(String),
    /// A number shown as a percentage: `0.05` for "5 %".
    Percent(String),
    /// A date without a time.
    Date(Date),
    /// A date with a time, a duration or an ISO 8601 text.
    Time(String),
    /// True or false.
    Bool(bool),
    /// What a formula that failed shows: `#N/A`.
    Error(String),
}

impl Cell {
    /// Its text, trimmed; empty for an empty cell, nothing for another kind.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()),
            Self::Empty => Some(""),
            _ => None,
        }
    }

    /// Whether nothing stands in it, or only spaces.
    pub fn is_blank(&self) -> bool {
        self.text() == Some("")
    }

    /// How it reads, for a refusal.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Number(text) | Self::Time(text) | Self::Error(text) => text.clone(),
            Self::Percent(text) => format!("{text} (shown as a percentage)"),
            Self::Date(date) => date.to_string(),
            Self::Bool(value) => value.to_string(),
        }
    }
}

/// A block of merged cells; its content stands in the first. Rows and columns from 1, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First row.
    pub first_row: u32,
    /// Last row.
    pub last_row: u32,
    /// First column.
    pub first_column: u32,
    /// Last column.
    pub last_column: u32,
}

enum Book {
    Xlsx(Box<Xlsx<Cursor<Vec<u8>>>>),
    Xls(Box<Xls<Cursor<Vec<u8>>>>),
}

/// A workbook that was checked and may be read.
pub struct Workbook {
    name: String,
    limits: WorkbookLimits,
    file: OfficialFile,
    book: Book,
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workbook").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Opens a workbook: XLSX (a zip) or XLS, told apart by the first bytes.
///
/// # Errors
/// Where it cannot be read, is larger than the limits, or is neither.
pub fn open_workbook(mut source: Source, limits: WorkbookLimits) -> Result<Workbook, ImportError> {
    let name = source.name().to_owned();
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        source.next_record();
        let n = match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) => return Err(source.explain(error)),
        };
        if (bytes.len() + n) as u64 > limits.packed {
            return Err(too_large(&name, "its size in bytes", limits.packed));
        }
        bytes.extend_from_slice(&chunk[..n]);
    }
    let file = source.finish()?;
    let book = if bytes.starts_with(b"PK") {
        check_parts(&name, &bytes, limits)?;
        let book = guard(&name, || Xlsx::new(Cursor::new(bytes)))?;
        Book::Xlsx(Box::new(book.map_err(|error| not_a_workbook(&name, &error))?))
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let book = guard(&name, || Xls::new(Cursor::new(bytes)))?;
        Book::Xls(Box::new(book.map_err(|error| not_a_workbook(&name, &error))?))
    } else {
        let reason = "it is no workbook: neither XLSX nor XLS by its first bytes".into();
        return Err(ImportError::NotThisFormat { file: name, reason });
    };
    Ok(Workbook { name, limits, file, book })
}

impl Workbook {
    /// Name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's name, size and hash.
    pub const fn file(&self) -> &OfficialFile {
        &self.file
    }

    /// Names of its sheets in order, and whether each is hidden.
    pub fn sheets(&self) -> Vec<(String, bool)> {
        let list = match &self.book {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Xls(book) => book.sheets_metadata(),
        };
        list.iter().map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect()
    }

    /// Merged cells of a sheet; none for XLS.
    ///
    /// # Errors
    /// Where the sheet cannot be read.
    pub fn merged(&mut self, sheet: &str) -> Result<Vec<Merged>, ImportError> {
        let name = self.name.clone();
        let Book::Xlsx(book) = &mut self.book else { return Ok(Vec::new()) };
        let blocks = guard(&name, || book.merge_cells_by_sheet_name(sheet))?;
        let one = |n: u32| n.saturating_add(1);
        let blocks = blocks.map_err(|error| not_a_workbook(&name, &error))?;
        Ok(blocks
            .iter()
            .map(|block| Merged {
                first_row: one(block.start.0),
                last_row: one(block.end.0),
                first_column: one(block.start.1),
                last_column: one(block.end.1),
            })
            .collect())
    }

    /// Calls `each` with the number (from 1) and the cells of every row that has one. Hidden rows are rows like others.
    ///
    /// # Errors
    /// Where the sheet cannot be read, or `each` says so.
    pub fn rows(
        &mut self,
        sheet: &str,
        mut each: impl FnMut(u64, &[Cell]) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let name = self.name.clone();
        let columns = self.limits.columns;
        match &mut self.book {
            Book::Xlsx(book) => stream(&name, book, sheet, columns, &mut each),
            Book::Xls(book) => {
                let range = guard(&name, || book.worksheet_range(sheet))?;
                let range = range.map_err(|error| not_a_workbook(&name, &error))?;
                let (row, column) = range.start().unwrap_or_default();
                for (n, cells) in range.rows().enumerate() {
                    let mut whole = vec![Cell::Empty; column as usize];
                    whole.extend(cells.iter().map(owned));
                    if whole.iter().any(|cell| *cell != Cell::Empty) {
                        each(u64::from(row) + n as u64 + 1, &whole)?;
                    }
                }
                Ok(())
            }
        }
    }
}

fn stream(
    name: &str,
    book: &mut Xlsx<Cursor<Vec<u8>>>,
    sheet: &str,
    columns: u32,
    each: &mut impl FnMut(u64, &[Cell]) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let reader = guard(name, || book.worksheet_cells_reader(sheet))?;
    let mut reader = reader.map_err(|error| not_a_workbook(name, &error))?;
    let percent: Vec<bool> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().is_some_and(|format| format.format_code.contains('%')))
        .collect();
    let mut row: Option<u32> = None;
    let mut cells: Vec<Cell> = Vec::new();
    loop {
        let next = guard(name, || reader.next_cell_with_style_id())?.map_err(|error| not_a_workbook(name, &error))?;
        let Some((cell, style)) = next else { break };
        let (at, column) = cell.get_position();
        if column >= columns {
            return Err(too_large(name, "the number of columns of a row", u64::from(columns)));
        }
        if row != Some(at) {
            if let Some(done) = row {
                if at < done {
                    let reason = format!("sheet {sheet}: row {} comes after row {}", at + 1, done + 1);
                    return Err(ImportError::NotThisFormat { file: name.to_owned(), reason });
                }
                each(u64::from(done) + 1, &cells)?;
            }
            cells.clear();
            row = Some(at);
        }
        let column = column as usize;
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = borrowed(cell.get_value(), percent.get(style).copied().unwrap_or(false));
    }
    match row {
        Some(done) => each(u64::from(done) + 1, &cells),
        None => Ok(()),
    }
}

fn borrowed(value: &DataRef<'_>, percent: bool) -> Cell {
    let number = |text: String| if percent { Cell::Percent(text) } else { Cell::Number(text) };
    match value {
        DataRef::Int(value) => number(value.to_string()),
        DataRef::Float(value) => number(value.to_string()),
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(value) => date(value),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Time(text.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
        DataRef::Empty => Cell::Empty,
    }
}

fn owned(value: &Data) -> Cell {
    match value {
        Data::Int(value) => Cell::Number(value.to_string()),
        Data::Float(value) => Cell::Number(value.to_string()),
        Data::String(text) => Cell::Text(text.clone()),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(value) => date(value),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Time(text.clone()),
        Data::Error(error) => Cell::Error(error.to_string()),
        Data::Empty => Cell::Empty,
    }
}

fn date(value: &ExcelDateTime) -> Cell {
    if value.is_duration() {
        return Cell::Time(value.as_f64().to_string());
    }
    let serial = value.as_f64().to_string();
    // Only serial days a calendar has: from 1900 to the year 9999.
    let whole = serial.split('.').next().and_then(|days| days.parse::<i64>().ok());
    if !whole.is_some_and(|days| (1..2_958_466).contains(&days)) {
        return Cell::Time(serial);
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let date = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok())
        .zip(i8::try_from(day).ok())
        .and_then(|((year, month), day)| Date::new(year, month, day).ok());
    match date {
        Some(date) if hour == 0 && minute == 0 && second == 0 && milli == 0 => Cell::Date(date),
        Some(date) => Cell::Time(format!("{date}T{hour:02}:{minute:02}:{second:02}")),
        None => Cell::Time(serial),
    }
}

/// Unpacks every part to nowhere and counts it, so that no claim about sizes is believed.
fn check_parts(name: &str, bytes: &[u8], limits: WorkbookLimits) -> Result<(), ImportError> {
    let broken = |error: &dyn std::fmt::Display| not_a_workbook(name, &error);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if zip.len() > limits.parts {
        return Err(too_large(name, "the number of its parts", limits.parts as u64));
    }
    let mut left = limits.unpacked;
    for n in 0..zip.len() {
        let part = zip.by_index(n).map_err(|error| broken(&error))?;
        let is_texts = part.name().is_ok_and(|part| part.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        let mut part = part.take(left + 1);
        let mut head = Vec::new();
        (&mut part).take(HEAD).read_to_end(&mut head).map_err(|error| broken(&error))?;
        let rest = io::copy(&mut part, &mut io::sink()).map_err(|error| broken(&error))?;
        let read = head.len() as u64 + rest;
        if read > left {
            return Err(too_large(name, "its size in bytes, unpacked,", limits.unpacked));
        }
        left -= read;
        // The reader makes room for as many texts as the part says it holds; each takes some bytes of it.
        if is_texts && promised(&head).is_some_and(|count| count > read) {
            return Err(not_a_workbook(name, &"it promises more texts than it can hold"));
        }
    }
    Ok(())
}

/// Bytes of a part in which its first element stands.
const HEAD: u64 = 1 << 14;

/// The largest number that an attribute such as `uniqueCount` gives.
fn promised(head: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(head);
    let count = |part: &str| {
        let digits: String =
            part.trim_start_matches([' ', '=', '"', '\'']).chars().take_while(char::is_ascii_digit).collect();
        if digits.is_empty() { None } else { Some(digits.parse().unwrap_or(u64::MAX)) }
    };
    text.match_indices("ount").filter_map(|(at, found)| count(&text[at + found.len()..])).max()
}

/// A damaged file may trip the reader; that is a wrong file, not a fault of ours.
fn guard<T>(name: &str, work: impl FnOnce() -> T) -> Result<T, ImportError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .map_err(|_| not_a_workbook(name, &"its inner structure is damaged"))
}

fn not_a_workbook(name: &str, error: &dyn std::fmt::Display) -> ImportError {
    ImportError::NotThisFormat { file: name.to_owned(), reason: format!("the workbook cannot be read: {error}") }
}

fn too_large(name: &str, what: &'static str, limit: u64) -> ImportError {
    let hint = "check that it is the file you meant, or raise the limit";
    ImportError::TooLarge { file: name.to_owned(), what, limit, hint }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Limits;
    use std::io::Write;

    #[test]
    fn a_promise_of_texts_is_not_believed() {
        for count in ["100000000000000", "99999999999999999999999", "5000"] {
            let book = text_book(&[("A", &[&["one"], &["two"]])]);
            let mut old = zip::ZipArchive::new(Cursor::new(book)).unwrap();
            let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for n in 0..old.len() {
                let mut part = old.by_index(n).unwrap();
                let (name, mut text) = (part.name().unwrap().into_owned(), String::new());
                part.read_to_string(&mut text).unwrap();
                let said = text.replace("uniqueCount=\"2\"", &format!("uniqueCount=\"{count}\""));
                new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
                new.write_all(said.as_bytes()).unwrap();
            }
            let bytes = new.finish().unwrap().into_inner();
            let source = Source::new("a.xlsx", Cursor::new(bytes), Limits::default()).unwrap();
            let error = open_workbook(source, WorkbookLimits::default()).unwrap_err().to_string();
            assert!(error.contains("promises more texts"), "{count}: {error}");
        }
    }

    /// A workbook of text cells, for tests.
    pub(crate) fn text_book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        for (name, rows) in sheets {
            let sheet = book.add_worksheet();
            sheet.set_name(*name).unwrap();
            for (r, row) in rows.iter().enumerate() {
                for (c, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                    sheet.write_string(r as u32, c as u16, *text).unwrap();
                }
            }
        }
        book.save_to_buffer().unwrap()
    }

    fn source(bytes: Vec<u8>) -> Source {
        Source::new("book.xlsx", Cursor::new(bytes), Limits::default()).unwrap()
    }

    fn all(book: &mut Workbook, sheet: &str) -> Vec<(u64, Vec<Cell>)> {
        let mut out = Vec::new();
        book.rows(sheet, |n, cells| {
            out.push((n, cells.to_vec()));
            Ok(())
        })
        .unwrap();
        out
    }

    #[test]
    fn keeps_the_kinds_of_cells() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let percent = rust_xlsxwriter::Format::new().set_num_format("0.0%");
        let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_string(0, 0, "010121").unwrap();
        sheet.write_number(0, 1, 5.2).unwrap();
        sheet.write_number_with_format(0, 2, 0.05, &percent).unwrap();
        sheet.write_number_with_format(0, 4, 26_299, &day).unwrap();
        sheet.write_boolean(3, 0, true).unwrap();
        sheet.merge_range(4, 0, 4, 2, "Between", &rust_xlsxwriter::Format::new()).unwrap();
        let mut book = open_workbook(source(book.save_to_buffer().unwrap()), WorkbookLimits::default()).unwrap();
        assert_eq!(book.sheets(), [("Sheet1".to_owned(), false)]);
        let rows = all(&mut book, "Sheet1");
        let date = Date::new(1972, 1, 1).unwrap();
        assert_eq!(
            rows[0].1,
            [
                Cell::Text("010121".into()),
                Cell::Number("5.2".into()),
                Cell::Percent("0.05".into()),
                Cell::Empty,
                Cell::Date(date)
            ]
        );
        assert_eq!((rows[1].0, &rows[1].1[0]), (4, &Cell::Bool(true)));
        let block = Merged { first_row: 5, last_row: 5, first_column: 1, last_column: 3 };
        assert_eq!(book.merged("Sheet1").unwrap(), [block]);
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        let good = text_book(&[("a", &[&["1"]])]);
        for bytes in [Vec::new(), b"code,rate".to_vec(), b"PK\x03\x04 and nothing more".to_vec(), good[..200].to_vec()]
        {
            let error = open_workbook(source(bytes), WorkbookLimits::default()).unwrap_err();
            assert!(matches!(error, ImportError::NotThisFormat { .. }), "{error}");
        }
    }

    #[test]
    fn a_bomb_stops_before_it_is_read() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        assert!(bytes.len() < 1 << 13);
        let limits = WorkbookLimits { unpacked: 1 << 16, ..WorkbookLimits::default() };
        let error = open_workbook(source(bytes), limits).unwrap_err();
        assert!(matches!(error, ImportError::TooLarge { limit: 65_536, .. }), "{error}");
    }

    #[test]
    fn parts_bytes_and_columns_are_bounded() {
        let book = text_book(&[("a", &[&["1", "2", "3"]])]);
        for limits in [
            WorkbookLimits { parts: 3, ..WorkbookLimits::default() },
            WorkbookLimits { packed: 100, ..WorkbookLimits::default() },
        ] {
            let error = open_workbook(source(book.clone()), limits).unwrap_err();
            assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
        }
        let limits = WorkbookLimits { columns: 2, ..WorkbookLimits::default() };
        let error = open_workbook(source(book), limits).unwrap().rows("a", |_, _| Ok(())).unwrap_err();
        assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
    }
}
