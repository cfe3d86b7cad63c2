//! CSV tables with named columns, read row by row in bounded memory.
//!
//! [`Table::open`] checks the headings: a column that is missing, doubled or unknown stops the import, so that no official
//! column is dropped in silence. Every row has as many cells as there are headings, or it is refused.

use crate::common::Rest;
use crate::{Account, ImportError, Source};
use tidewaiter::record::edition::OfficialFile;

/// Most rows of a table: importers keep the codes they have seen, to find those that stand twice.
pub const MOST_ROWS: u64 = 2_000_000;

/// How the bytes of a table are to be read as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// Windows code page 1252.
    Windows1252,
}

/// How a table is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    /// The byte between cells.
    pub delimiter: u8,
    /// How its bytes are read.
    pub encoding: Encoding,
    /// Columns that must be there, by their official names.
    pub columns: &'a [&'a str],
    /// Columns that may be there.
    pub optional: &'a [&'a str],
    /// As people save a table: headings in any case, and semicolons where the headings have no delimiter.
    pub loose: bool,
}

impl<'a> Layout<'a> {
    /// Cells between commas, in UTF-8, with exactly these columns in any order.
    pub const fn comma(columns: &'a [&'a str]) -> Self {
        Self { delimiter: b',', encoding: Encoding::Utf8, columns, optional: &[], loose: false }
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, from 1, headings counted.
    pub number: u64,
    /// Its cells in the order of [`Layout::columns`], then [`Layout::optional`]; empty where a column is not there.
    pub cells: Vec<String>,
}

impl Row {
    /// A cell, without spaces around it.
    pub fn get(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// A row, or what stands there and what was expected.
type RowOrReason = Result<Row, (String, String)>;

/// A table being read.
#[derive(Debug)]
pub struct Table {
    name: String,
    reader: csv::Reader<Source>,
    record: csv::ByteRecord,
    encoding: Encoding,
    width: usize,
    places: Vec<Option<usize>>,
    row: u64,
    /// Rows with letters that the code page decides.
    coded: u64,
}

impl Table {
    /// Reads the headings.
    ///
    /// # Errors
    /// Where the file cannot be read, or its headings are not these columns.
    pub fn open(source: Source, layout: &Layout<'_>) -> Result<Self, ImportError> {
        Ok(Self::open_one_of(source, std::slice::from_ref(layout))?.1)
    }

    /// Reads the headings and says which layout they are: the number of the first that fits. All are read with the
    /// delimiter and the encoding of the first.
    ///
    /// # Errors
    /// Where the file cannot be read, or its headings fit none.
    pub fn open_one_of(mut source: Source, layouts: &[Layout<'_>]) -> Result<(usize, Self), ImportError> {
        let name = source.name().to_owned();
        let (delimiter, encoding) =
            layouts.first().map_or((b',', Encoding::Utf8), |layout| (layout.delimiter, layout.encoding));
        let loose = layouts.iter().any(|layout| layout.loose);
        let delimiter = if loose && has_semicolons(&mut source, delimiter)? { b';' } else { delimiter };
        let reader =
            csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(source);
        let mut table = Self {
            name,
            reader,
            record: csv::ByteRecord::new(),
            encoding,
            width: 0,
            places: Vec::new(),
            row: 0,
            coded: 0,
        };
        let expected = || {
            let all: Vec<String> = layouts.iter().map(|layout| layout.columns.join(", ")).collect();
            all.join("; or ")
        };
        if !table.read()? {
            return Err(table.not_this(format!("the file is empty; expected the columns {}", expected())));
        }
        let mut names = Vec::new();
        for (n, bytes) in table.record.iter().enumerate() {
            let bytes = if n == 0 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
            let text = decode(bytes, encoding)
                .ok_or_else(|| table.not_this(format!("heading {} is not text in the expected encoding", n + 1)))?;
            // A byte order mark hides the quotes of the first heading from the reader.
            let name = text.trim().trim_matches('"');
            names.push(if loose { name.to_lowercase() } else { name.to_owned() });
        }
        table.width = names.len();
        let mut said = None;
        for (n, layout) in layouts.iter().enumerate() {
            match places(&names, layout) {
                Ok(places) => {
                    table.places = places;
                    return Ok((n, table));
                }
                Err(reason) if said.is_none() => said = Some(reason),
                Err(_) => {}
            }
        }
        Err(table.not_this(format!("{}; expected the columns {}", said.unwrap_or_default(), expected())))
    }

    /// Whether an optional column is there; counted from the end of [`Layout::columns`].
    pub fn has(&self, column: usize) -> bool {
        self.places.get(column).is_some_and(Option::is_some)
    }

    /// Name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The next row; one that is not text or has another number of cells is refused in the account and passed over.
    ///
    /// Every row is counted as read under `kind`.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn next(&mut self, kind: &str, account: &mut Account) -> Result<Option<Row>, ImportError> {
        while let Some(row) = self.row(kind, account)? {
            match row {
                Ok(row) => return Ok(Some(row)),
                Err((found, expected)) => account.refuse(&self.name, self.row, "", &found, expected),
            }
        }
        Ok(None)
    }

    /// As [`Table::next`], for importers that may leave out what is not understood.
    pub(crate) fn next_or(
        &mut self,
        kind: &str,
        rest: &mut Rest,
        account: &mut Account,
    ) -> Result<Option<Row>, ImportError> {
        while let Some(row) = self.row(kind, account)? {
            match row {
                Ok(row) => return Ok(Some(row)),
                Err((found, expected)) => rest.refuse(account, (&self.name, self.row, ""), &found, expected, None),
            }
        }
        Ok(None)
    }

    /// The next row, or what stands there and what was expected.
    fn row(&mut self, kind: &str, account: &mut Account) -> Result<Option<RowOrReason>, ImportError> {
        if !self.read()? {
            return Ok(None);
        }
        if self.row > MOST_ROWS {
            return Err(ImportError::TooLarge {
                file: self.name.clone(),
                what: "the number of its rows",
                limit: MOST_ROWS,
                hint: "check that it is the file you meant",
            });
        }
        account.read(kind);
        if self.record.len() != self.width {
            let found = format!("{} cells", self.record.len());
            return Ok(Some(Err((found, format!("{} cells, as in the headings", self.width)))));
        }
        if self.encoding == Encoding::Windows1252 && !self.record.as_slice().is_ascii() {
            self.coded += 1;
        }
        let mut cells = Vec::with_capacity(self.places.len());
        for place in &self.places {
            let bytes = place.and_then(|place| self.record.get(place)).unwrap_or_default();
            match decode(bytes, self.encoding) {
                Some(text) => cells.push(text),
                None => {
                    let found = String::from_utf8_lossy(self.record.as_slice()).into_owned();
                    return Ok(Some(Err((found, self.wanted_encoding().to_owned()))));
                }
            }
        }
        Ok(Some(Ok(Row { number: self.row, cells })))
    }

    /// The file's name, size and hash.
    ///
    /// # Errors
    /// Where the rest cannot be read.
    pub fn finish(self) -> Result<OfficialFile, ImportError> {
        self.reader.into_inner().finish()
    }

    /// Says how many rows were read in a code page that the file does not name; nothing where none needed it.
    pub(crate) fn warn_of_encoding(&self, account: &mut Account) {
        if self.coded > 0 {
            account.warn(format!(
                "{}: rows with letters such as é or ü, read as Windows-1252 like the official file: {}. Look at some of them; \
                 where they are wrong, take the file from its publisher again",
                self.name, self.coded
            ));
        }
    }

    const fn wanted_encoding(&self) -> &'static str {
        match self.encoding {
            Encoding::Utf8 => "text in UTF-8",
            Encoding::Windows1252 => {
                "text in Windows-1252; this row is UTF-8 or has bytes that stand for nothing there"
            }
        }
    }

    fn read(&mut self) -> Result<bool, ImportError> {
        self.reader.get_ref().meter().next_record();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(more) => {
                self.row += u64::from(more);
                Ok(more)
            }
            Err(error) => Err(self.reader.get_ref().meter().explain_csv(error)),
        }
    }

    fn not_this(&self, reason: String) -> ImportError {
        ImportError::NotThisFormat { file: self.name.clone(), reason }
    }
}

/// Whether the headings stand between semicolons, as some spreadsheets save them.
fn has_semicolons(source: &mut Source, delimiter: u8) -> Result<bool, ImportError> {
    /// Enough for the headings of a table that people make.
    const HEADINGS: u64 = 4096;
    let start = source.first_bytes(HEADINGS)?;
    let headings = start.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    Ok(headings.contains(&b';') && !headings.contains(&delimiter))
}

/// Where the columns of a layout stand among the headings.
fn places(names: &[String], layout: &Layout<'_>) -> Result<Vec<Option<usize>>, String> {
    let wanted = || layout.columns.iter().chain(layout.optional);
    let mut out = Vec::new();
    for column in wanted() {
        let mut found = names.iter().enumerate().filter(|(_, name)| name == column);
        let place = found.next().map(|(n, _)| n);
        if found.next().is_some() {
            return Err(format!("the column \"{column}\" stands twice"));
        }
        if place.is_none() && layout.columns.contains(column) {
            return Err(format!("no column \"{column}\""));
        }
        out.push(place);
    }
    match names.iter().find(|name| !wanted().any(|column| column == name)) {
        Some(other) => Err(format!("unknown column \"{}\"", other.chars().take(60).collect::<String>())),
        None => Ok(out),
    }
}

fn decode(bytes: &[u8], encoding: Encoding) -> Option<String> {
    match encoding {
        Encoding::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
        Encoding::Windows1252 => {
            // Accented text that is valid UTF-8 is UTF-8: in this code page it would read as "Ã©".
            if !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() {
                return None;
            }
            bytes.iter().map(|&byte| windows1252(byte)).collect()
        }
    }
}

/// The 27 bytes in which Windows-1252 differs from Latin-1; five stand for nothing.
const fn windows1252(byte: u8) -> Option<char> {
    const HIGH: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”',
        '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => match HIGH[(byte - 0x80) as usize] {
            '\0' => None,
            c => Some(c),
        },
        _ => Some(byte as char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn table(bytes: &[u8], layout: &Layout<'_>) -> Result<Table, ImportError> {
        let limits = Limits { bytes: 1 << 20, record: 1 << 10 };
        Table::open(Source::new("t.csv", std::io::Cursor::new(bytes.to_vec()), limits).unwrap(), layout)
    }

    const AB: Layout<'static> = Layout::comma(&["a", "b"]);

    #[test]
    fn reads_rows_in_the_order_asked_for() {
        let mut account = Account::default();
        let mut rows = table(b"\xef\xbb\xbf\"b\",a\n2,1\n\"x\ny\",3\n", &AB).unwrap();
        assert_eq!(rows.next("row", &mut account).unwrap().unwrap().cells, ["1", "2"]);
        let second = rows.next("row", &mut account).unwrap().unwrap();
        assert_eq!((second.number, second.get(1)), (3, "x\ny"));
        assert!(rows.next("row", &mut account).unwrap().is_none());
        assert_eq!((account.read["row"], account.refused), (2, 0));
    }

    #[test]
    fn wrong_headings_stop_it() {
        for (text, said) in [
            (&b""[..], "empty"),
            (b"a\n", "no column \"b\""),
            (b"a,b,c\n", "unknown column \"c\""),
            (b"a,b,b\n", "twice"),
            (b"a,\xff\n", "heading 2"),
        ] {
            let error = table(text, &AB).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn wrong_rows_are_refused_one_by_one() {
        let mut account = Account::default();
        let mut rows = table(b"a,b\n1\n1,\xff\n1,2\n1,2,3\n", &AB).unwrap();
        assert_eq!(rows.next("row", &mut account).unwrap().unwrap().number, 4);
        assert!(rows.next("row", &mut account).unwrap().is_none());
        assert_eq!((account.read["row"], account.refused), (4, 3));
    }

    #[test]
    fn a_giant_cell_stops_at_the_limit() {
        let mut text = b"a,b\n1,\"".to_vec();
        text.resize(1 << 18, b'x');
        let error = match table(&text, &AB) {
            Ok(mut rows) => rows.next("row", &mut Account::default()).unwrap_err(),
            Err(error) => error,
        };
        assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn windows_text() {
        let layout = Layout { encoding: Encoding::Windows1252, ..AB };
        let mut account = Account::default();
        let mut rows = table(b"a,b\n\x80,K\xfche\n1,\x81\n1,\xc3\xa9\n", &layout).unwrap();
        assert_eq!(rows.next("row", &mut account).unwrap().unwrap().cells, ["€", "Kühe"]);
        assert!(rows.next("row", &mut account).unwrap().is_none());
        assert_eq!(account.refused, 2);
    }
}
