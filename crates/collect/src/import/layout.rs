//! How a file is laid out: its encoding, what separates its columns, and which columns it has.

use super::fault::{Faults, Refused};
use std::cell::Cell;
use std::io::{self, Cursor, Read};
use std::rc::Rc;

/// How many bytes of the begin are looked at; the header must be within.
const BEGIN: usize = 16 * 1024;

/// The most bytes of one row.
pub(super) const MOST_ROW: usize = 1024 * 1024;

macro_rules! columns {
    ($($variant:ident $name:literal,)*) => {
        /// A column of the file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Column { $($variant,)* }

        impl Column {
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

columns! {
    Kind "kind",
    Document "document",
    Date "date",
    Of "of",
    To "to",
    From "from",
    Currency "currency",
    Goods "goods",
    Shipping "shipping",
    All "all",
    Row "row",
    Charge "charge",
    Scheme "scheme",
    Rate "rate",
    RateType "rate_type",
    Net "net",
    Amount "amount",
    Reason "reason",
    QuoteSha256 "quote_sha256",
    Ratebook "ratebook",
    Edition "edition",
    QuoteDate "quote_date",
}

/// Which place every column has.
#[derive(Debug, Default)]
pub(super) struct Places([Option<usize>; Column::ALL.len()]);

impl Places {
    pub(super) fn of(&self, column: Column) -> Option<usize> {
        self.0.get(column as usize).copied().flatten()
    }

    /// Reads the header.
    pub(super) fn read(header: &csv::ByteRecord, faults: &mut Faults) -> Self {
        let mut places = Self::default();
        for (n, cell) in header.iter().enumerate() {
            let number = (n + 1).to_string();
            let Ok(text) = std::str::from_utf8(cell) else {
                faults.add(1, number, NOT_UTF8);
                continue;
            };
            let name = text.trim().to_ascii_lowercase().replace([' ', '-'], "_");
            // A column without a name is one that a spreadsheet left behind; its cells must be empty.
            if name.is_empty() {
                continue;
            }
            let Some(column) = Column::ALL.iter().find(|column| column.name() == name) else {
                let known = Column::ALL.iter().map(|column| column.name()).collect::<Vec<_>>().join(", ");
                let shown: String = text.trim().chars().take(40).collect();
                faults.add(
                    1,
                    number,
                    format!("there is no column \"{shown}\"; take it out or rename it. Columns are {known}"),
                );
                continue;
            };
            if let Some(place) = places.0.get_mut(*column as usize) {
                if place.is_some() {
                    faults.add(1, number, format!("the column {name} stands twice; take one of them out"));
                }
                *place = Some(n);
            }
        }
        for column in [Column::Kind, Column::Document, Column::Date] {
            if places.of(column).is_none() {
                faults.add(
                    1,
                    column.name(),
                    "there is no such column, and every file needs it; the first line must name the columns",
                );
            }
        }
        places
    }
}

pub(super) const NOT_UTF8: &str = "this is not UTF-8 text; save the file as \"CSV UTF-8\" and send it again";

/// A file whose begin was looked at.
pub(super) struct Opened<R> {
    pub(super) separator: u8,
    pub(super) reader: csv::Reader<Limited<Whole<R>>>,
    /// Whether rows end with line feeds.
    pub(super) has_feeds: bool,
    pub(super) budget: Budget,
}

/// The begin that was looked at, the rest, and the end of the last row.
type Whole<R> = io::Chain<io::Chain<Cursor<Vec<u8>>, R>, &'static [u8]>;

/// The last row may have no end.
const LAST: &[u8] = b"\n";

/// Looks at the begin of a file: what it is, and what separates its columns.
pub(super) fn open<R: Read>(mut file: R) -> Result<Opened<R>, Refused> {
    let mut begin = Vec::with_capacity(BEGIN);
    let read = file.by_ref().take(BEGIN as u64).read_to_end(&mut begin);
    read.map_err(|error| Refused::one(1, "", format!("the file could not be read: {error}")))?;
    let wrong = |says: &str| Err(Refused::one(1, "", says));
    if begin.starts_with(&[0xff, 0xfe]) || begin.starts_with(&[0xfe, 0xff]) || begin.contains(&0) {
        return wrong("the file is UTF-16 or no text at all; save it as \"CSV UTF-8\" and send it again");
    }
    if begin.starts_with(b"PK\x03\x04") || begin.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return wrong("this is a workbook, not CSV; save its sheet as \"CSV UTF-8\" and send that");
    }
    if begin.starts_with(&[0xef, 0xbb, 0xbf]) {
        begin.drain(..3);
    }
    let end = begin.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    let first = match end {
        Some(end) => begin.get(..end).unwrap_or_default(),
        None if begin.len() + 3 < BEGIN => &begin,
        None => return wrong("the first line is longer than 16 kB; it must name the columns and no more"),
    };
    if first.trim_ascii().is_empty() {
        return wrong("the first line is empty; it must name the columns");
    }
    let separator = separator(first);
    let has_feeds = end.is_some_and(|end| begin.get(end) == Some(&b'\n') || begin.get(end + 1) == Some(&b'\n'));
    let budget = Budget::default();
    budget.refill();
    let limited = Limited { inner: Cursor::new(begin).chain(file).chain(LAST), budget: budget.clone() };
    // Lines are counted by their line feeds, so rows end with these; the mark before one is taken off the last cell. Old files have that mark alone.
    let mut builder = csv::ReaderBuilder::new();
    if has_feeds {
        builder.terminator(csv::Terminator::Any(b'\n'));
    }
    let reader = builder.has_headers(false).flexible(true).delimiter(separator).from_reader(limited);
    Ok(Opened { separator, reader, has_feeds, budget })
}

/// The separator by which the first line has the most columns that are known; a comma where none has.
fn separator(first: &[u8]) -> u8 {
    let known = |separator: u8| {
        let names = first.split(|byte| *byte == separator).map(|name| name.trim_ascii());
        let names =
            names.map(|name| name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name));
        names
            .filter(|name| Column::ALL.iter().any(|column| name.eq_ignore_ascii_case(column.name().as_bytes())))
            .count()
    };
    // Of equal ones the last wins, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(|separator| known(*separator)).unwrap_or(b',')
}

/// How much may be read before the next row begins, and what was seen of quotation marks.
#[derive(Debug, Clone, Default)]
pub(super) struct Budget(Rc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    left: Cell<usize>,
    is_spent: Cell<bool>,
    is_quote_open: Cell<bool>,
    is_ended: Cell<bool>,
}

impl Budget {
    /// Another row may be read.
    pub(super) fn refill(&self) {
        self.0.left.set(MOST_ROW);
    }

    /// Whether a row was longer than the most.
    pub(super) fn is_spent(&self) -> bool {
        self.0.is_spent.get()
    }

    /// Whether the end of the file was seen.
    pub(super) fn is_ended(&self) -> bool {
        self.0.is_ended.get()
    }

    /// Whether a quotation mark was opened and not closed, so that rows are swallowed by a cell.
    pub(super) fn is_quote_open(&self) -> bool {
        self.0.is_quote_open.get()
    }
}

/// A reader that stops where a row has no end.
pub(super) struct Limited<R> {
    inner: R,
    budget: Budget,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let seen = &self.budget.0;
        let most = buffer.len().min(seen.left.get());
        if most == 0 && !buffer.is_empty() {
            seen.is_spent.set(true);
            return Err(io::Error::other("a row is longer than 1 MB"));
        }
        let count = self.inner.read(buffer.get_mut(..most).unwrap_or_default())?;
        seen.is_ended.set(count == 0);
        let read = buffer.get(..count).unwrap_or_default();
        seen.left.set(seen.left.get() - count);
        let is_odd = read.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
        seen.is_quote_open.set(seen.is_quote_open.get() ^ is_odd);
        Ok(count)
    }
}
