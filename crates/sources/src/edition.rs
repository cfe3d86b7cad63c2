//! Edition files: NDJSON, one [`Entry`] a line, plain or compressed with gzip or zstd.
//!
//! The first line is the `edition` entry. Keys stand in the order of the types, dates in ISO 8601, numbers as decimal
//! text; writing what was read gives the same bytes.

pub mod compare;

use crate::{Account, Entry, ImportError, Limits, Sink, Source};
use std::io::{self, BufRead, Write};
use std::path::Path;
use tidewaiter::record::edition::Edition;

/// Name of an entry's kind, as in its line.
pub const fn kind_of(entry: &Entry) -> &'static str {
    match entry {
        Entry::Edition(_) => "edition",
        Entry::Fact(_) => "fact",
        Entry::Area(_) => "area",
        Entry::Program(_) => "program",
        Entry::Line(_) => "line",
        Entry::Measure(_) => "measure",
        Entry::Rate(_) => "rate",
        Entry::Text(_) => "text",
        Entry::Quota(_) => "quota",
        Entry::OriginRule(_) => "origin-rule",
        Entry::Correlation(_) => "correlation",
        Entry::ExchangeRate(_) => "exchange-rate",
    }
}

/// Writes entries as lines.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
}

impl<W: Write> Writer<W> {
    /// Begins an edition with its head.
    ///
    /// # Errors
    /// Where nothing can be written.
    pub fn new(mut out: W, head: &Edition) -> io::Result<Self> {
        write_line(&mut out, &Entry::Edition(head.clone()))?;
        Ok(Self { out })
    }

    /// Gives the writer back, flushed.
    ///
    /// # Errors
    /// Where the last bytes cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Sink for Writer<W> {
    fn take(&mut self, entry: Entry) -> io::Result<()> {
        write_line(&mut self.out, &entry)
    }
}

fn write_line(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    serde_json::to_writer(&mut *out, entry)?;
    out.write_all(b"\n")
}

/// Reads an edition file, calling `each` with every entry after the head.
///
/// A line that is not an entry is refused in the account with its row; the others are still read. Returns the head and
/// the SHA-256 of the file's bytes.
///
/// # Errors
/// Where the file cannot be read, is too large, or does not begin with an `edition` line.
pub fn read(
    path: &Path,
    limits: Limits,
    account: &mut Account,
    each: impl FnMut(Entry) -> io::Result<()>,
) -> Result<(Edition, [u8; 32]), ImportError> {
    read_source(Source::open(path, limits)?, account, each)
}

/// As [`read`], from a source that is open.
///
/// # Errors
/// As [`read`].
pub fn read_source(
    mut source: Source,
    account: &mut Account,
    mut each: impl FnMut(Entry) -> io::Result<()>,
) -> Result<(Edition, [u8; 32]), ImportError> {
    let mut head = None;
    let mut line = Vec::new();
    let mut row = 0u64;
    loop {
        line.clear();
        source.next_record();
        let n = match source.read_until(b'\n', &mut line) {
            Ok(n) => n,
            Err(error) => return Err(source.explain(error)),
        };
        if n == 0 {
            break;
        }
        row += 1;
        let entry = serde_json::from_slice::<Entry>(&line);
        match (entry, &head) {
            (Ok(Entry::Edition(edition)), None) => head = Some(edition),
            (Ok(Entry::Edition(_)), Some(_)) => {
                account.refuse(source.name(), row, "edition", "", "one edition a file, on its first line");
            }
            (_, None) => {
                return Err(not_an_edition(source.name()));
            }
            (Ok(entry), Some(_)) => {
                account.read(kind_of(&entry));
                each(entry).map_err(ImportError::Write)?;
            }
            (Err(error), Some(_)) => {
                let found = String::from_utf8_lossy(&line);
                account.refuse(source.name(), row, "", found.trim(), error.to_string());
            }
        }
    }
    let Some(head) = head else {
        return Err(ImportError::NotThisFormat {
            file: source.name().to_owned(),
            reason: "the file is empty; an edition begins with an edition line".into(),
        });
    };
    Ok((head, source.sha256()))
}

fn not_an_edition(file: &str) -> ImportError {
    ImportError::NotThisFormat {
        file: file.to_owned(),
        reason: "the first line is not an edition; \"tidewaiter import\" makes such files".into(),
    }
}
