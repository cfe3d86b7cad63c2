//! The answer table in files. Each thread makes the bytes of its own part; writing them one after the other is quick.

use crate::files::file_error;
use crate::output::{OUTPUT_COLUMNS, output_schema};
use crate::{BulkError, Format, text};
use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// An answer file being written.
pub(crate) enum Answers {
    Parquet(Box<SerializedFileWriter<BufWriter<File>>>),
    Text(BufWriter<File>),
}

/// Makes the bytes of a part.
pub(crate) enum Encoder {
    Parquet(Box<ArrowRowGroupWriterFactory>),
    Csv,
    Ndjson,
}

/// A part of the answers as it goes to the file.
pub(crate) enum Piece {
    /// The columns of a group of rows.
    Columns(Vec<ArrowColumnChunk>),
    Bytes(Vec<u8>),
}

impl Answers {
    /// Begins a file. `fingerprint` names the ratebook in the metadata of a Parquet file.
    pub(crate) fn create(path: &Path, format: Format, fingerprint: &str) -> Result<(Self, Encoder), BulkError> {
        let file = File::options().write(true).create_new(true).open(path).map_err(|e| file_error(path, e))?;
        let mut file = BufWriter::with_capacity(1 << 20, file);
        match format {
            Format::Parquet => {
                let writer = ArrowWriter::try_new(file, output_schema(), Some(properties(fingerprint)))
                    .and_then(ArrowWriter::into_serialized_writer);
                let (writer, columns) = writer.map_err(|e| file_error(path, e))?;
                Ok((Self::Parquet(Box::new(writer)), Encoder::Parquet(Box::new(columns))))
            }
            Format::Csv => {
                let mut names = Vec::new();
                text::csv_names(&mut names);
                file.write_all(&names).map_err(|e| file_error(path, e))?;
                Ok((Self::Text(file), Encoder::Csv))
            }
            Format::Ndjson => Ok((Self::Text(file), Encoder::Ndjson)),
        }
    }

    pub(crate) fn write(&mut self, piece: Piece) -> Result<(), String> {
        match (self, piece) {
            (Self::Parquet(writer), Piece::Columns(columns)) => {
                let group = || {
                    let mut group = writer.next_row_group()?;
                    for column in columns {
                        column.append_to_row_group(&mut group)?;
                    }
                    group.close()
                };
                group().map(|_| ()).map_err(|e: ParquetError| e.to_string())
            }
            (Self::Text(file), Piece::Bytes(bytes)) => file.write_all(&bytes).map_err(|e| e.to_string()),
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

impl Encoder {
    /// The bytes of a part, the `number`th; nothing where it has no rows.
    pub(crate) fn encode(&self, table: &RecordBatch, number: u64) -> Result<Option<Piece>, BulkError> {
        if table.num_rows() == 0 {
            return Ok(None);
        }
        Ok(Some(match self {
            Self::Parquet(factory) => Piece::Columns(
                columns(factory, table, number)
                    .map_err(|e| BulkError::File { file: "the answers".into(), error: e.to_string() })?,
            ),
            Self::Csv => {
                let mut bytes = Vec::with_capacity(table.num_rows() * 96 + 128);
                text::csv(table, &mut bytes)?;
                Piece::Bytes(bytes)
            }
            Self::Ndjson => {
                let mut bytes = Vec::with_capacity(table.num_rows() * 192);
                text::ndjson(table, &mut bytes)?;
                Piece::Bytes(bytes)
            }
        }))
    }
}

fn columns(
    factory: &ArrowRowGroupWriterFactory,
    table: &RecordBatch,
    number: u64,
) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
    let mut writers = factory.create_column_writers(usize::try_from(number).unwrap_or(usize::MAX))?.into_iter();
    let mut done = Vec::with_capacity(table.num_columns());
    for (field, column) in table.schema_ref().fields().iter().zip(table.columns()) {
        for leaf in compute_leaves(field, column)? {
            let Some(mut writer) = writers.next() else { break };
            writer.write(&leaf)?;
            done.push(writer.close()?);
        }
    }
    Ok(done)
}

fn properties(fingerprint: &str) -> WriterProperties {
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        // Least and most of each group of rows, not of each page.
        .set_statistics_enabled(EnabledStatistics::Chunk);
    // Numbers and names that hardly repeat are not looked up in a dictionary first.
    let repeated = |name: &str| matches!(name, "to" | "outcome" | "currency" | "missing" | "warnings");
    for (name, _) in OUTPUT_COLUMNS.iter().filter(|(n, _)| !repeated(n)) {
        properties = properties.set_column_dictionary_enabled((*name).into(), false);
        if *name != "id" {
            properties = properties.set_column_encoding((*name).into(), Encoding::DELTA_BINARY_PACKED);
        }
    }
    properties
        .set_key_value_metadata(Some(vec![KeyValue::new("tidewaiter.ratebook".to_owned(), fingerprint.to_owned())]))
        .build()
}
