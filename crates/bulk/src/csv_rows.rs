//! Rows of a CSV file: where each begins and ends, and its cells. A row that is wrong spoils no other: one with too many or
//! too few cells, or with a quotation mark that never closes, is told apart and the next is read.

use crate::decode::{Bad, Decoded, Raw, not_text};
use crate::{BulkError, COLUMNS};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

/// Longest line.
pub(crate) const LONGEST_LINE: usize = 1 << 20;
/// Longest row that goes over several lines: past it, its quotation mark counts as never closed.
const LONGEST_QUOTED: usize = 1 << 16;
/// Most quotation marks that never close; each costs a look ahead.
const MOST_BROKEN: usize = 1_000;
/// Bytes after which no more rows are taken at once, however few there are.
const MOST_BYTES: usize = 8 << 20;
/// Bytes read at once.
const PIECE: usize = 1 << 18;

/// A file, divided into pieces that end where a row ends.
pub(crate) struct Lines<R> {
    reader: R,
    held: Vec<u8>,
    /// Where the next row begins in `held`.
    at: usize,
    ended: bool,
    broken: usize,
}

/// What a row is, as far as its end tells.
enum Cut {
    /// It goes to here, its line end included.
    Row(usize),
    /// It goes to here; a quotation mark in it is never closed, or text follows the mark that closes.
    Broken(usize),
    /// Its end is not read yet.
    More,
}

impl<R: Read> Lines<R> {
    /// What stands after `held`, which was read before.
    pub(crate) fn new(reader: R, held: Vec<u8>) -> Self {
        Self { reader, held, at: 0, ended: false, broken: 0 }
    }

    fn fill(&mut self) -> std::io::Result<()> {
        self.held.drain(..self.at);
        self.at = 0;
        let before = self.held.len();
        let read = (&mut self.reader).take(PIECE as u64).read_to_end(&mut self.held)?;
        self.ended = read == 0 && before == self.held.len();
        Ok(())
    }

    /// The next rows, at most so many; empty lines are none. Nothing at the end of the file.
    pub(crate) fn next(&mut self, most: usize, separator: Option<u8>) -> Option<Result<Raw, String>> {
        let mut rows: Vec<Range<u32>> = Vec::with_capacity(most.min(1 << 16));
        // Rows are found from here, relative to `at`, which stays until all are there.
        let mut from = 0;
        while rows.len() < most && from < MOST_BYTES {
            let rest = &self.held[self.at + from..];
            if rest.is_empty() && self.ended {
                break;
            }
            let end = match cut(rest, separator, self.ended) {
                // The rows before it are told first.
                Cut::More if rest.len() > LONGEST_LINE && !rows.is_empty() => break,
                Cut::More if rest.len() > LONGEST_LINE => {
                    return Some(Err("a line is longer than 1 MB: this is no table of goods".into()));
                }
                Cut::More => {
                    if let Err(error) = self.fill() {
                        return Some(Err(error.to_string()));
                    }
                    continue;
                }
                Cut::Row(end) => end,
                Cut::Broken(end) => {
                    self.broken += 1;
                    if self.broken > MOST_BROKEN {
                        let text = format!(
                            "more than {MOST_BROKEN} quotation marks open and do not close; write \"\" for a quotation mark within a text"
                        );
                        return Some(Err(text));
                    }
                    end
                }
            };
            let line = &rest[..end];
            let trimmed = line.len() - line.iter().rev().take_while(|b| matches!(b, b'\n' | b'\r')).count();
            if line[..trimmed].iter().any(|b| !b.is_ascii_whitespace() || Some(*b) == separator) {
                let (Ok(start), Ok(stop)) = (u32::try_from(from), u32::try_from(from + trimmed)) else { break };
                rows.push(start..stop);
            }
            from += end;
        }
        if rows.is_empty() {
            return None;
        }
        let bytes = self.held[self.at..self.at + from].to_vec();
        self.at += from;
        Some(Ok(Raw::Text(bytes, rows)))
    }
}

/// Where the first row of some bytes ends. Without a separator a row is a line.
fn cut(bytes: &[u8], separator: Option<u8>, ended: bool) -> Cut {
    let line = memchr::memchr(b'\n', bytes);
    let first = &bytes[..line.unwrap_or(bytes.len())];
    let quoted = separator.filter(|_| memchr::memchr(b'"', first).is_some());
    let Some(separator) = quoted else {
        return match line {
            Some(at) => Cut::Row(at + 1),
            None if ended => Cut::Row(bytes.len()),
            None => Cut::More,
        };
    };
    let mut cells = Cells::new(bytes, separator);
    while let Some(cell) = cells.next() {
        let Some(broken) = cell.broken else { continue };
        // The line on which the mark stands is lost, and no more.
        let end = memchr::memchr(b'\n', &bytes[broken..]).map_or(bytes.len(), |at| broken + at + 1);
        let unclosed = cells.at >= bytes.len();
        return if unclosed && !ended && bytes.len() < LONGEST_QUOTED { Cut::More } else { Cut::Broken(end) };
    }
    match (cells.at < bytes.len(), ended) {
        (true, _) if cells.at - first.len() > LONGEST_QUOTED => Cut::Broken(first.len() + 1),
        (true, _) => Cut::Row(cells.at + 1),
        (false, true) => Cut::Row(bytes.len()),
        (false, false) if bytes.len() > LONGEST_QUOTED => Cut::Broken((first.len() + 1).min(bytes.len())),
        (false, false) => Cut::More,
    }
}

/// A cell as it stands in the row.
pub(crate) struct Cell {
    pub(crate) text: Range<usize>,
    /// Whether quotation marks in it are doubled.
    pub(crate) doubled: bool,
    /// Where a quotation mark opened that is not closed, or not before a separator.
    pub(crate) broken: Option<usize>,
}

/// The cells of the row with which some bytes begin.
pub(crate) struct Cells<'a> {
    bytes: &'a [u8],
    separator: u8,
    /// Where the next cell begins, or the row's line end.
    at: usize,
    done: bool,
}

impl<'a> Cells<'a> {
    pub(crate) const fn new(bytes: &'a [u8], separator: u8) -> Self {
        Self { bytes, separator, at: 0, done: false }
    }
}

impl Iterator for Cells<'_> {
    type Item = Cell;

    #[inline]
    fn next(&mut self) -> Option<Cell> {
        if self.done {
            return None;
        }
        let start = self.at;
        let mut cell = Cell { text: start..start, doubled: false, broken: None };
        if self.bytes.get(start) == Some(&b'"') {
            let mut at = start + 1;
            loop {
                match memchr::memchr(b'"', &self.bytes[at..]) {
                    None => {
                        (self.at, self.done) = (self.bytes.len(), true);
                        cell.broken = Some(start);
                        return Some(cell);
                    }
                    Some(n) if self.bytes.get(at + n + 1) == Some(&b'"') => {
                        cell.doubled = true;
                        at += n + 2;
                    }
                    Some(n) => {
                        cell.text = start + 1..at + n;
                        self.at = at + n + 1;
                        break;
                    }
                }
            }
            if self.bytes.get(self.at) == Some(&b'\r') && self.bytes.get(self.at + 1).is_none_or(|b| *b == b'\n') {
                self.at += 1;
            }
            match self.bytes.get(self.at) {
                Some(b) if *b == self.separator => self.at += 1,
                None | Some(b'\n') => self.done = true,
                Some(_) => {
                    self.done = true;
                    cell.broken = Some(start);
                }
            }
            return Some(cell);
        }
        let mut at = start;
        while let Some(&byte) = self.bytes.get(at) {
            if byte == self.separator || byte == b'\n' {
                break;
            }
            at += 1;
        }
        cell.text = start..at;
        if self.bytes.get(at) == Some(&self.separator) {
            self.at = at + 1;
        } else {
            (self.at, self.done) = (at, true);
        }
        Some(cell)
    }
}

/// How the columns of a file lie.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) separator: u8,
    pub(crate) names: Vec<String>,
}

/// Columns that hold numbers.
const NUMBERS: &[&str] = &["price", "quantity", "freight", "weight_kg", "duty_rate"];

/// A column on its way: the bytes of its cells, one after the other.
struct Growing {
    name: &'static str,
    bytes: Vec<u8>,
    ends: Vec<i32>,
    number: bool,
}

impl Layout {
    /// The names in a line.
    pub(crate) fn of(line: &str) -> Self {
        let counted = |byte: u8| line.bytes().filter(|b| *b == byte).count();
        let separator = [b',', b';', b'\t'].into_iter().max_by_key(|b| (counted(*b), *b == b',')).unwrap_or(b',');
        let names = Cells::new(line.as_bytes(), separator)
            .map(|cell| line.get(cell.text).unwrap_or_default().trim().to_lowercase())
            .collect();
        Self { separator, names }
    }

    /// Rows as a table of the columns that are known, and those that are wrong.
    pub(crate) fn decode(&self, bytes: &[u8], rows: &[Range<u32>], first: u64) -> Result<Decoded, BulkError> {
        if let Err(error) = std::str::from_utf8(bytes) {
            let row = rows.iter().take_while(|r| (r.start as usize) <= error.valid_up_to()).count() as u64;
            return Err(BulkError::Text(not_text(
                first + row.saturating_sub(1),
                bytes.get(error.valid_up_to()).copied(),
            )));
        }
        let mut columns: Vec<Growing> = Vec::new();
        let places: Vec<Option<usize>> = self
            .names
            .iter()
            .map(|name| {
                let (name, _) = COLUMNS.iter().find(|(known, _)| known == name)?;
                columns.push(Growing {
                    name,
                    bytes: Vec::with_capacity(rows.len() * 8),
                    ends: std::iter::once(0).chain(Vec::with_capacity(rows.len())).collect(),
                    number: self.separator == b';' && NUMBERS.contains(name),
                });
                Some(columns.len() - 1)
            })
            .collect();
        let mut bad = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let row = &bytes[row.start as usize..row.end as usize];
            let wrong = self.row(row, &places, &mut columns).err();
            for column in &mut columns {
                if wrong.is_some() {
                    column.bytes.truncate(column.ends.last().map_or(0, |end| *end as usize));
                }
                column.ends.push(column.bytes.len() as i32);
            }
            bad.extend(wrong.map(|wrong| (at, wrong)));
        }
        let columns = columns.into_iter().map(|column| {
            let ends = OffsetBuffer::new(ScalarBuffer::from(column.ends));
            let array = StringArray::try_new(ends, Buffer::from_vec(column.bytes), None)?;
            Ok((column.name, Arc::new(array) as ArrayRef))
        });
        let columns = columns.collect::<Result<Vec<_>, arrow_schema::ArrowError>>()?;
        Ok(Decoded { table: RecordBatch::try_from_iter(columns)?, bad })
    }

    /// Puts the cells of a row into their columns.
    fn row(&self, row: &[u8], places: &[Option<usize>], columns: &mut [Growing]) -> Result<(), Bad> {
        let mut count = 0;
        for cell in Cells::new(row, self.separator) {
            if cell.broken.is_some() {
                let name = self.names.get(count).cloned().unwrap_or_default();
                let expected = "a quotation mark opens here and does not close before the end of the cell; close it, write \"\" for a quotation mark within a text, or take it away";
                return Err(Bad::new(&name, &String::from_utf8_lossy(&row[cell.text.start..]), expected));
            }
            if let Some(column) = places.get(count).copied().flatten().and_then(|at| columns.get_mut(at)) {
                let text = &row[cell.text];
                if column.number && text.contains(&b',') {
                    column.bytes.extend(decimal_comma(text).ok_or_else(|| {
                        let expected = "a number whose decimals cannot be taken for thousands: 1234,50 or 1234.50";
                        Bad::new(column.name, &String::from_utf8_lossy(text), expected)
                    })?);
                } else if column.number && thousands(text, b'.') {
                    let expected = "a number that is not taken for thousands; write 1.5 for one and a half, 1500 for the thousands";
                    return Err(Bad::new(column.name, &String::from_utf8_lossy(text), expected));
                } else if cell.doubled {
                    let mut last = 0u8;
                    for &byte in text {
                        // The second of two is left out.
                        if byte == b'"' && last == b'"' {
                            last = 0;
                            continue;
                        }
                        column.bytes.push(byte);
                        last = byte;
                    }
                } else {
                    column.bytes.extend_from_slice(text);
                }
            }
            count += 1;
        }
        if count == self.names.len() {
            return Ok(());
        }
        let more = if count > self.names.len() {
            "a text with a separator in it must stand in quotation marks"
        } else {
            "leave a cell empty, but keep its separator"
        };
        let expected = format!("{} cells, as the first line names; this row has {count}: {more}", self.names.len());
        Err(Bad::new("", &String::from_utf8_lossy(row), &expected))
    }
}

/// Whether a number could be one with a mark between thousands: 1.500, but not 0.500.
fn thousands(text: &[u8], mark: u8) -> bool {
    let Some(at) = text.iter().position(|b| *b == mark) else { return false };
    let (whole, rest) = (text[..at].trim_ascii_start(), text[at + 1..].trim_ascii_end());
    rest.len() == 3 && (1..=3).contains(&whole.len()) && whole.first() != Some(&b'0')
}

/// A number with a decimal comma, as files with semicolons have them; nothing where it is not certain.
fn decimal_comma(text: &[u8]) -> Option<Vec<u8>> {
    let once = text.iter().filter(|b| **b == b',').count() == 1 && !text.contains(&b'.');
    (once && !thousands(text, b',')).then(|| text.iter().map(|b| if *b == b',' { b'.' } else { *b }).collect())
}
