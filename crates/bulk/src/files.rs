//! Tables in files: Parquet, CSV with a line of names, NDJSON. Text and NDJSON numbers stay text, so that no price ever
//! passes through a binary fraction.

use crate::output::{OUTPUT_COLUMNS, output_schema};
use crate::{BulkError, COLUMNS, csv_text};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

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
}

fn file_error(path: &Path, error: impl ToString) -> BulkError {
    BulkError::File { file: path.display().to_string(), error: error.to_string() }
}

/// A table being read, batch by batch.
pub(crate) struct Input {
    batches: Box<dyn Iterator<Item = Result<RecordBatch, String>> + Send>,
    path: std::path::PathBuf,
    /// Rows in all, where the file says.
    pub(crate) rows: Option<u64>,
    /// Columns that nothing is done with.
    pub(crate) unused: Vec<String>,
}

impl Input {
    pub(crate) fn open(path: &Path, rows_at_once: usize) -> Result<Self, BulkError> {
        let Some(format) = Format::of(path) else {
            return Err(file_error(path, "the name must end in .parquet, .csv or .ndjson"));
        };
        let file = File::open(path).map_err(|e| file_error(path, e))?;
        let mut rows = None;
        let (batches, names): (Box<dyn Iterator<Item = _> + Send>, Vec<String>) = match format {
            Format::Parquet => {
                let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| file_error(path, e))?;
                rows = u64::try_from(builder.metadata().file_metadata().num_rows()).ok();
                let names: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
                // Columns that are not read are not decoded.
                let wanted: Vec<usize> =
                    (0..names.len()).filter(|&at| COLUMNS.iter().any(|(n, _)| *n == names[at])).collect();
                let mask = parquet::arrow::ProjectionMask::roots(builder.parquet_schema(), wanted);
                let reader = builder
                    .with_projection(mask)
                    .with_batch_size(rows_at_once)
                    .build()
                    .map_err(|e| file_error(path, e))?;
                (Box::new(reader.map(|b| b.map_err(|e| e.to_string()))), names)
            }
            Format::Csv => {
                let names = csv_names(&file, path)?;
                if let Some(twice) = names.iter().enumerate().find(|(at, n)| names[..*at].contains(n)) {
                    return Err(file_error(path, format!("two columns have the name \"{}\"; take one away", twice.1)));
                }
                if !names.iter().any(|n| n == "price") {
                    return Err(BulkError::Column("price"));
                }
                let schema = text_schema(&names);
                let mut file = file;
                file.seek(SeekFrom::Start(0)).map_err(|e| file_error(path, e))?;
                let reader = arrow_csv::ReaderBuilder::new(schema)
                    .with_header(true)
                    .with_batch_size(rows_at_once)
                    .build_buffered(BufReader::with_capacity(1 << 20, ShortLines::new(file)))
                    .map_err(|e| file_error(path, e))?;
                (Box::new(reader.map(|b| b.map_err(|e| e.to_string()))), names)
            }
            Format::Ndjson => {
                // Members of other names are passed over.
                let names: Vec<String> = COLUMNS.iter().map(|(n, _)| (*n).to_owned()).collect();
                let reader = arrow_json::ReaderBuilder::new(text_schema(&names))
                    .with_coerce_primitive(true)
                    .with_batch_size(rows_at_once)
                    .build(BufReader::with_capacity(1 << 20, ShortLines::new(file)))
                    .map_err(|e| file_error(path, e))?;
                let without_empty = reader.map(|b| b.map(drop_empty).map_err(|e| e.to_string()));
                (Box::new(without_empty), names)
            }
        };
        let unused = names.into_iter().filter(|n| !COLUMNS.iter().any(|(known, _)| known == n)).collect();
        Ok(Self { batches, path: path.to_owned(), rows, unused })
    }

    pub(crate) fn next_batch(&mut self) -> Option<Result<RecordBatch, BulkError>> {
        self.batches.next().map(|batch| batch.map_err(|e| file_error(&self.path, e)))
    }
}

/// Longest line of a text table.
const LONGEST_LINE: usize = 1 << 20;

/// A file whose lines may not grow without end: what reads it keeps a line in memory.
struct ShortLines {
    file: File,
    line: usize,
}

impl ShortLines {
    const fn new(file: File) -> Self {
        Self { file, line: 0 }
    }
}

impl std::io::Read for ShortLines {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.file.read(buffer)?;
        for part in buffer[..n].split_inclusive(|b| *b == b'\n') {
            self.line += part.len();
            if self.line > LONGEST_LINE {
                return Err(std::io::Error::other("a line is longer than 1 MB: this is no table of goods"));
            }
            if part.ends_with(b"\n") {
                self.line = 0;
            }
        }
        Ok(n)
    }
}

/// NDJSON has every column we know, most of them empty: those count as absent.
fn drop_empty(batch: RecordBatch) -> RecordBatch {
    let keep: Vec<usize> =
        (0..batch.num_columns()).filter(|&at| batch.column(at).null_count() < batch.num_rows()).collect();
    batch.project(&keep).unwrap_or(batch)
}

fn text_schema(names: &[String]) -> Arc<Schema> {
    Arc::new(Schema::new(names.iter().map(|n| Field::new(n, DataType::Utf8, true)).collect::<Vec<_>>()))
}

/// Names in the first line.
fn csv_names(file: &File, path: &Path) -> Result<Vec<String>, BulkError> {
    const LONGEST: u64 = 1 << 16;
    let mut line = String::new();
    let mut reader = BufReader::new(std::io::Read::take(file, LONGEST));
    reader.read_line(&mut line).map_err(|e| file_error(path, e))?;
    let line = line.trim_start_matches('\u{feff}').trim_end();
    if line.is_empty() {
        return Err(file_error(path, "the first line is empty; it must hold the names of the columns"));
    }
    if line.contains(';') && !line.contains(',') {
        return Err(file_error(path, "the columns are separated by semicolons; save the file with commas"));
    }
    Ok(line.split(',').map(|name| name.trim().trim_matches('"').to_lowercase()).collect())
}

/// Rows of the answer that are compressed together, and held in memory until then.
const ROWS_IN_A_GROUP: usize = 131_072;

/// An answer file being written.
pub(crate) enum Answers {
    Parquet(Box<ArrowWriter<BufWriter<File>>>),
    Text(BufWriter<File>),
}

impl Answers {
    /// Begins a file. `fingerprint` names the ratebook in the metadata of a Parquet file.
    pub(crate) fn create(path: &Path, format: Format, fingerprint: &str) -> Result<Self, BulkError> {
        let file = BufWriter::with_capacity(
            1 << 20,
            File::options().write(true).create_new(true).open(path).map_err(|e| file_error(path, e))?,
        );
        Ok(match format {
            Format::Parquet => {
                let level = ZstdLevel::try_new(1).map_err(|e| file_error(path, e))?;
                let mut properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(level))
                    // Least and most of each group of rows, not of each page.
                    .set_statistics_enabled(EnabledStatistics::Chunk)
                    .set_max_row_group_row_count(Some(ROWS_IN_A_GROUP));
                // Numbers and names that hardly repeat are not looked up in a dictionary first.
                for (name, _) in
                    OUTPUT_COLUMNS.iter().filter(|(n, _)| !matches!(*n, "to" | "outcome" | "currency" | "missing"))
                {
                    properties = properties.set_column_dictionary_enabled((*name).into(), false);
                    if *name != "id" {
                        properties = properties.set_column_encoding((*name).into(), Encoding::DELTA_BINARY_PACKED);
                    }
                }
                let properties = properties
                    .set_key_value_metadata(Some(vec![KeyValue::new(
                        "tidewaiter.ratebook".to_owned(),
                        fingerprint.to_owned(),
                    )]))
                    .build();
                let writer =
                    ArrowWriter::try_new(file, output_schema(), Some(properties)).map_err(|e| file_error(path, e))?;
                Self::Parquet(Box::new(writer))
            }
            _ => Self::Text(file),
        })
    }

    pub(crate) fn write(&mut self, piece: &Piece) -> Result<(), String> {
        match (self, piece) {
            (Self::Parquet(writer), Piece::Table(table)) => writer.write(table).map_err(|e| e.to_string()),
            (Self::Text(file), Piece::Bytes(bytes)) => file.write_all(bytes).map_err(|e| e.to_string()),
            _ => Err("the pieces are of another format".into()),
        }
    }

    pub(crate) fn finish(self) -> Result<(), String> {
        match self {
            Self::Parquet(writer) => writer.close().map(|_| ()).map_err(|e| e.to_string()),
            Self::Text(mut file) => file.flush().map_err(|e| e.to_string()),
        }
    }
}

/// A batch of answers as it goes to the file.
pub(crate) enum Piece {
    Table(RecordBatch),
    Bytes(Vec<u8>),
}

impl Piece {
    /// Text is encoded here, so that each thread does its own.
    pub(crate) fn of(table: RecordBatch, format: Format, first: bool) -> Result<Self, BulkError> {
        Ok(match format {
            Format::Parquet => Self::Table(table),
            Format::Csv => {
                let mut bytes = Vec::with_capacity(table.num_rows() * 80 + 128);
                csv_text::write(&table, first, &mut bytes)?;
                Self::Bytes(bytes)
            }
            Format::Ndjson => {
                let mut bytes = Vec::with_capacity(table.num_rows() * 160);
                let mut writer = arrow_json::LineDelimitedWriter::new(&mut bytes);
                writer.write(&table)?;
                writer.finish()?;
                drop(writer);
                Self::Bytes(bytes)
            }
        })
    }
}
