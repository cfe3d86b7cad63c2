//! Tables read from files: Parquet, CSV with a line of names, NDJSON. Text and NDJSON numbers stay text, so that no price
//! ever passes through a binary fraction.

use crate::csv_rows::{Layout, Lines};
use crate::decode::{Decoder, Raw};
use crate::{BulkError, COLUMNS};
use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Format of a table file, told by the end of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated values, UTF-8, with a line of names.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

impl Format {
    /// The format that a file's name tells.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "parquet" => Some(Self::Parquet),
            "csv" => Some(Self::Csv),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            _ => None,
        }
    }

    /// The format of a table to be read, where tabs may part columns as well.
    fn of_input(path: &Path) -> Option<Self> {
        match path.extension() {
            Some(end) if end.eq_ignore_ascii_case("tsv") => Some(Self::Csv),
            _ => Self::of(path),
        }
    }
}

pub(crate) fn file_error(path: &Path, error: impl ToString) -> BulkError {
    BulkError::File { file: path.display().to_string(), error: error.to_string() }
}

enum Reader {
    Parquet(Box<dyn Iterator<Item = Result<RecordBatch, String>> + Send>),
    /// Lines, or rows where a separator is given.
    Text(Lines<File>, Option<u8>),
}

/// A table being read, part by part.
pub(crate) struct Input {
    reader: Reader,
    path: PathBuf,
    rows_at_once: usize,
    /// Rows in all, where the file says.
    pub(crate) rows: Option<u64>,
    /// Columns that nothing is done with.
    pub(crate) unused: Vec<String>,
    pub(crate) decoder: Decoder,
}

impl Input {
    pub(crate) fn open(path: &Path, rows_at_once: usize) -> Result<Self, BulkError> {
        let Some(format) = Format::of_input(path) else {
            let workbook =
                path.extension().and_then(|e| e.to_str()).is_some_and(|e| e.starts_with("xls") || e == "ods");
            let help = if workbook { "; this is a workbook: save its sheet as \"CSV UTF-8\"" } else { "" };
            return Err(file_error(path, format!("the name must end in .parquet, .csv, .tsv or .ndjson{help}")));
        };
        let mut file = File::open(path).map_err(|e| file_error(path, e))?;
        if format == Format::Parquet {
            return Self::parquet(path, file, rows_at_once);
        }
        let mut begun = Vec::new();
        (&mut file).take(LONGEST_NAMES as u64).read_to_end(&mut begun).map_err(|e| file_error(path, e))?;
        encoding(&begun).map_err(|e| file_error(path, e))?;
        if begun.starts_with(MARK) {
            begun.drain(..MARK.len());
        }
        let (decoder, separator, names) = if format == Format::Csv {
            let layout = names(&mut begun).map_err(|e| file_error(path, e))?;
            if !layout.names.iter().any(|n| n == "price") {
                return Err(BulkError::Column("price"));
            }
            let names = layout.names.clone();
            let separator = layout.separator;
            (Decoder::Csv(layout), Some(separator), names)
        } else {
            (Decoder::Ndjson, None, Vec::new())
        };
        let reader = Reader::Text(Lines::new(file, begun), separator);
        Ok(Self { reader, path: path.to_owned(), rows_at_once, rows: None, unused: unused(names), decoder })
    }

    fn parquet(path: &Path, file: File, rows_at_once: usize) -> Result<Self, BulkError> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| file_error(path, e))?;
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).ok();
        let names: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
        // Columns that are not read are not decoded.
        let wanted: Vec<usize> = (0..names.len()).filter(|&at| COLUMNS.iter().any(|(n, _)| *n == names[at])).collect();
        let mask = parquet::arrow::ProjectionMask::roots(builder.parquet_schema(), wanted);
        let reader =
            builder.with_projection(mask).with_batch_size(rows_at_once).build().map_err(|e| file_error(path, e))?;
        Ok(Self {
            reader: Reader::Parquet(Box::new(reader.map(|b| b.map_err(|e| e.to_string())))),
            path: path.to_owned(),
            rows_at_once,
            rows,
            unused: unused(names),
            decoder: Decoder::Table,
        })
    }

    /// The next rows; nothing at the end.
    pub(crate) fn next(&mut self) -> Option<Result<Raw, BulkError>> {
        let next = match &mut self.reader {
            Reader::Parquet(batches) => batches.next().map(|b| b.map(Raw::Table)),
            Reader::Text(lines, separator) => lines.next(self.rows_at_once, *separator),
        };
        next.map(|raw| raw.map_err(|e| file_error(&self.path, e)))
    }
}

fn unused(names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|n| !COLUMNS.iter().any(|(known, _)| known == n)).collect()
}

/// The mark of UTF-8 with which some programs begin a file.
pub(crate) const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Refuses what is no UTF-8 text, by its first bytes.
pub(crate) fn encoding(begun: &[u8]) -> Result<(), &'static str> {
    let sixteen = begun.starts_with(&[0xFF, 0xFE]) || begun.starts_with(&[0xFE, 0xFF]);
    if begun.starts_with(b"PK\x03\x04") || begun.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Err("this is a workbook under another name; open it and save its sheet as \"CSV UTF-8\"")
    } else if begun.starts_with(b"PAR1") {
        Err("this is a Parquet file under another name; let its name end in .parquet")
    } else if sixteen || begun.iter().take(64).any(|b| *b == 0) {
        Err("the text is in UTF-16 (\"Unicode text\"); save it as \"CSV UTF-8\"")
    } else {
        Ok(())
    }
}

/// Longest line of names.
pub(crate) const LONGEST_NAMES: usize = 1 << 16;

/// Takes the line of names away from the beginning of a file.
pub(crate) fn names(begun: &mut Vec<u8>) -> Result<Layout, String> {
    let end = begun.iter().position(|b| *b == b'\n');
    let line = &begun[..end.unwrap_or(begun.len())];
    let Ok(line) = std::str::from_utf8(line) else {
        return Err(crate::decode::not_text(0, None).replacen("row 0", "the line of names", 1));
    };
    let line = line.trim_end_matches(['\r', '\n']);
    if line.trim().is_empty() {
        return Err("the first line is empty; it must hold the names of the columns".into());
    }
    if line.contains('\r') {
        return Err("its lines end as on old Macintosh computers; save it as \"CSV UTF-8\"".into());
    }
    let layout = Layout::of(line);
    if let Some(twice) =
        layout.names.iter().enumerate().find(|(at, n)| !n.is_empty() && layout.names[..*at].contains(n))
    {
        return Err(format!("two columns have the name \"{}\"; take one away", twice.1));
    }
    begun.drain(..end.map_or(begun.len(), |at| at + 1));
    Ok(layout)
}
