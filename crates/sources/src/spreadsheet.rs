//! Official workbooks, row by row: XLSX by our own reader ([`crate::workbook`]), old XLS by the library calamine.
//!
//! Both are held to one set of limits, [`Bounds`]. Rows are streamed; a sheet that claims a million columns costs only the
//! cells that are there. Kinds of cells are kept: text that looks like a number stays text.

use crate::workbook::xlsx::{self, Listed};
use crate::workbook::{self, Bounds, Format, MAX_CELLS, MAX_COLUMNS, Value};
use crate::{ImportError, Source};
use calamine::{Data, ExcelDateTime, Reader, SheetVisible, Xls};
use jiff::civil::Date;
use std::io::Cursor;
use tidewaiter::record::edition::OfficialFile;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, also text that looks like a number.
    Text(String),
    /// A number, as decimal text.
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

enum Book {
    Xlsx(xlsx::Reader<Vec<u8>>),
    Xls(Box<Xls<Cursor<Vec<u8>>>>),
}

/// A workbook that was checked and may be read.
pub struct Workbook {
    name: String,
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
pub fn open_workbook(source: Source, bounds: Bounds) -> Result<Workbook, ImportError> {
    let name = source.name().to_owned();
    let (bytes, file) = workbook::packed(source, bounds)?;
    let book = if bytes.starts_with(b"PK") {
        let parts = workbook::unpack(&name, &bytes, bounds)?;
        Book::Xlsx(xlsx::Reader::new(&name, parts.into_iter().map(|part| (part.name, part.bytes)))?)
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let book = guard(&name, || Xls::new(Cursor::new(bytes)))?;
        Book::Xls(Box::new(book.map_err(|error| not_a_workbook(&name, &error))?))
    } else {
        let reason = "it is no workbook: neither XLSX nor XLS by its first bytes".into();
        return Err(ImportError::NotThisFormat { file: name, reason });
    };
    Ok(Workbook { name, file, book })
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
        match &self.book {
            Book::Xlsx(book) => book.sheets().iter().map(|sheet| (sheet.name.clone(), sheet.hidden)).collect(),
            Book::Xls(book) => {
                let all = book.sheets_metadata().iter();
                all.map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect()
            }
        }
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
        let mut cells: Vec<Cell> = Vec::new();
        match &mut self.book {
            Book::Xlsx(book) => {
                let listed: Option<Listed> = book.sheets().iter().find(|one| one.name == sheet).cloned();
                let listed = listed.ok_or_else(|| not_a_workbook(&name, &format!("there is no sheet {sheet}")))?;
                book.rows(&listed, |row| {
                    cells.clear();
                    for (column, cell) in row.cells {
                        cells.resize(column as usize, Cell::Empty);
                        cells.push(Cell::from(cell));
                    }
                    each(row.number, &cells)
                })?;
            }
            Book::Xls(book) => {
                let range = guard(&name, || book.worksheet_range(sheet))?;
                let range = range.map_err(|error| not_a_workbook(&name, &error))?;
                let (row, column) = range.start().unwrap_or_default();
                let (height, width) = range.get_size();
                if width + column as usize > MAX_COLUMNS as usize || width.saturating_mul(height) > MAX_CELLS {
                    return Err(workbook::too_many(&name));
                }
                for (n, there) in range.rows().enumerate() {
                    cells.clear();
                    cells.resize(column as usize, Cell::Empty);
                    cells.extend(there.iter().map(owned));
                    if cells.iter().any(|cell| *cell != Cell::Empty) {
                        each(u64::from(row) + n as u64 + 1, &cells)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl From<workbook::Cell> for Cell {
    fn from(cell: workbook::Cell) -> Self {
        match cell.value {
            Value::Text(text) => Self::Text(text),
            Value::Number(number) if cell.format == Format::Percent => Self::Percent(number),
            Value::Number(number) => Self::Number(number),
            Value::Date(date) => Self::Date(date),
            Value::Moment(serial) => Self::Time(serial),
            Value::Bool(value) => Self::Bool(value),
            Value::Error(error) => Self::Error(error),
            Value::Formula => Self::Empty,
        }
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

/// A damaged file may trip the reader; that is a wrong file, not a fault of ours.
fn guard<T>(name: &str, work: impl FnOnce() -> T) -> Result<T, ImportError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .map_err(|_| not_a_workbook(name, &"its inner structure is damaged"))
}

fn not_a_workbook(name: &str, error: &dyn std::fmt::Display) -> ImportError {
    ImportError::NotThisFormat { file: name.to_owned(), reason: format!("the workbook cannot be read: {error}") }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Limits;
    use std::io::{Read, Write};

    #[test]
    fn a_promise_of_texts_decides_no_size() {
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
            let mut book = open_workbook(source, Bounds::default()).unwrap();
            let texts: Vec<Cell> = all(&mut book, "A").into_iter().flat_map(|(_, cells)| cells).collect();
            assert_eq!(texts, [Cell::Text("one".into()), Cell::Text("two".into())], "{count}");
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
        let mut book = open_workbook(source(book.save_to_buffer().unwrap()), Bounds::default()).unwrap();
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
        assert_eq!((rows[2].0, &rows[2].1[..]), (5, &[Cell::Text("Between".into())][..]));
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        let good = text_book(&[("a", &[&["1"]])]);
        for bytes in [Vec::new(), b"code,rate".to_vec(), b"PK\x03\x04 and nothing more".to_vec(), good[..200].to_vec()]
        {
            let error = open_workbook(source(bytes), Bounds::default()).unwrap_err();
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
        let limits = Bounds { unpacked: 1 << 16, ..Bounds::default() };
        let error = open_workbook(source(bytes), limits).unwrap_err();
        assert!(matches!(error, ImportError::TooLarge { limit: 65_536, .. }), "{error}");
    }

    #[test]
    fn parts_bytes_and_columns_are_bounded() {
        let book = text_book(&[("a", &[&["1", "2", "3"]])]);
        for limits in [Bounds { entries: 3, ..Bounds::default() }, Bounds { packed: 100, ..Bounds::default() }] {
            let error = open_workbook(source(book.clone()), limits).unwrap_err();
            assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
        }
        let mut wide = rust_xlsxwriter::Workbook::new();
        wide.add_worksheet().write_string(0, 1_024, "x").unwrap();
        let wide = wide.save_to_buffer().unwrap();
        let error = open_workbook(source(wide), Bounds::default()).unwrap().rows("Sheet1", |_, _| Ok(())).unwrap_err();
        assert!(error.to_string().contains("right of column 1024"), "{error}");
    }
}
