//! A table of text as its owner wrote it, row by row: for commands that add columns to it.

use crate::csv_rows::{Cells, Lines};
use crate::decode::Raw;
use crate::files::{LONGEST_NAMES, MARK, encoding, names};
use std::io::Read;

/// A table of text with a line of names, being read. Memory does not grow with the table.
pub struct TextTable {
    rows: Lines<Box<dyn Read + Send>>,
    /// The line of names as it stands in the file, without its end.
    pub head: String,
    /// The names in it, as they were written.
    pub names: Vec<String>,
    /// What parts columns: a comma, a semicolon or a tab.
    pub separator: u8,
    /// Whether the file begins with the mark of UTF-8.
    pub marked: bool,
    /// The line on which the next row begins, from 1.
    line: u64,
}

/// A row as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRow {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its bytes, without its end.
    pub bytes: Vec<u8>,
}

/// Why the cells of a row cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// Some byte is no UTF-8.
    #[error("not UTF-8 (byte {0:02X}); save the file as \"CSV UTF-8\"")]
    NotText(u8),
    /// A quotation mark opens and does not close before the end of the cell.
    #[error("a quotation mark opens and does not close; write \"\" for a quotation mark within a text")]
    Quotation,
    /// It has more or fewer cells than the line of names.
    #[error(
        "{found} cells, where the first line names {expected}; a text with a separator in it stands in quotation marks"
    )]
    Cells {
        /// How many it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
}

impl TextTable {
    /// Reads the line of names. A tab parts columns where `tabs` says so, else what stands most often in that line.
    ///
    /// # Errors
    /// Where the text cannot be read, is no UTF-8 text (a workbook, UTF-16), or its first line names no columns or one twice.
    pub fn open(mut reader: Box<dyn Read + Send>, tabs: bool) -> Result<Self, String> {
        let mut begun = Vec::new();
        (&mut reader).take(LONGEST_NAMES as u64).read_to_end(&mut begun).map_err(|e| e.to_string())?;
        encoding(&begun)?;
        let marked = begun.starts_with(MARK);
        if marked {
            begun.drain(..MARK.len());
        }
        let whole = begun.clone();
        let layout = names(&mut begun)?;
        let head = &whole[..whole.len() - begun.len()];
        let head = String::from_utf8_lossy(head).trim_end_matches(['\r', '\n']).to_owned();
        let separator = if tabs { b'\t' } else { layout.separator };
        let names = cells(head.as_bytes(), separator).map_err(|e| format!("line 1: {e}"))?;
        Ok(Self { rows: Lines::new(reader, begun), head, names, separator, marked, line: 2 })
    }

    /// The next rows, at most so many; nothing at the end. Empty lines are none.
    pub fn next(&mut self, most: usize) -> Option<Result<Vec<TextRow>, String>> {
        let (bytes, rows) = match self.rows.next(most, Some(self.separator))? {
            Ok(Raw::Text(bytes, rows)) => (bytes, rows),
            Ok(Raw::Table(_)) => return None,
            Err(error) => return Some(Err(format!("line {} or below: {error}", self.line))),
        };
        let (mut at, mut line) = (0, self.line);
        let lines = |part: &[u8]| memchr::memchr_iter(b'\n', part).count() as u64;
        let rows = rows.into_iter().map(|row| {
            let row = row.start as usize..row.end as usize;
            line += lines(&bytes[at..row.start]);
            at = row.start;
            TextRow { line, bytes: bytes[row].to_vec() }
        });
        let rows = rows.collect();
        self.line += lines(&bytes);
        Some(Ok(rows))
    }

    /// The cells of a row.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn cells(&self, row: &TextRow) -> Result<Vec<String>, RowError> {
        cells_of(row, self.separator, self.names.len())
    }
}

impl std::fmt::Debug for TextTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextTable").field("names", &self.names).field("line", &self.line).finish_non_exhaustive()
    }
}

/// The cells of a row, of which there should be so many. In a table of one column a separator parts nothing.
///
/// # Errors
/// [`RowError`].
pub fn cells_of(row: &TextRow, separator: u8, expected: usize) -> Result<Vec<String>, RowError> {
    let cells = cells(&row.bytes, separator)?;
    match (cells.len(), expected) {
        (found, expected) if found == expected => Ok(cells),
        (_, 1) => Ok(vec![String::from_utf8_lossy(&row.bytes).into_owned()]),
        (found, expected) => Err(RowError::Cells { found, expected }),
    }
}

fn cells(row: &[u8], separator: u8) -> Result<Vec<String>, RowError> {
    let text = std::str::from_utf8(row)
        .map_err(|e| RowError::NotText(row.get(e.valid_up_to()).copied().unwrap_or_default()))?;
    let mut out = Vec::new();
    for cell in Cells::new(row, separator) {
        if cell.broken.is_some() {
            return Err(RowError::Quotation);
        }
        let part = text.get(cell.text).unwrap_or_default();
        out.push(if cell.doubled { part.replace("\"\"", "\"") } else { part.to_owned() });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{RowError, TextTable};

    fn table(text: &'static [u8]) -> TextTable {
        TextTable::open(Box::new(text), false).unwrap()
    }

    #[test]
    fn rows_know_their_lines() {
        let mut table = table(
            b"\xEF\xBB\xBFId;\"Thing\"\r\n1;mug\r\n\n2;\"two\nlines\"\n3;\"a \"\"b\"\"\"\n4;x\xff\n5;\"open\n6;a;b\n",
        );
        assert_eq!((table.separator, table.marked, table.head.as_str()), (b';', true, "Id;\"Thing\""));
        assert_eq!(table.names, ["Id", "Thing"]);
        // In two parts: the count goes on.
        let mut rows = table.next(2).unwrap().unwrap();
        rows.extend(table.next(100).unwrap().unwrap());
        assert!(table.next(100).is_none());
        let told: Vec<_> = rows.iter().map(|row| (row.line, table.cells(row))).collect();
        let cells = |a: &str, b: &str| Ok(vec![a.to_owned(), b.to_owned()]);
        let expected = [
            (2, cells("1", "mug")),
            (4, cells("2", "two\nlines")),
            (6, cells("3", "a \"b\"")),
            (7, Err(RowError::NotText(0xff))),
            (8, Err(RowError::Quotation)),
            (9, Err(RowError::Cells { found: 3, expected: 2 })),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_single_column_has_no_separators() {
        let mut table = table(b"description\nshirt, red\n\"mug, blue\"\n");
        let rows = table.next(9).unwrap().unwrap();
        let cells: Vec<_> = rows.iter().flat_map(|row| table.cells(row).unwrap()).collect();
        assert_eq!(cells, ["shirt, red", "mug, blue"]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for (bytes, part) in [
            (&b""[..], "first line is empty"),
            (b"\xff\xfea\0b\0", "UTF-16"),
            (b"PK\x03\x04", "workbook"),
            (b"a,a\n1,2\n", "two columns"),
        ] {
            let error = TextTable::open(Box::new(bytes), false).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
        let long = [b"a,b\n1,2\n".as_slice(), &vec![b'x'; (1 << 20) + 10]].concat();
        let mut table = TextTable::open(Box::new(std::io::Cursor::new(long)), false).unwrap();
        assert_eq!(table.next(9).unwrap().unwrap().len(), 1, "the rows before it are there");
        assert!(table.next(9).unwrap().unwrap_err().contains("line 3 or below: a line is longer than 1 MB"));
    }
}
