//! Rows as Parquet: days as `DATE`, numbers as unsigned 64 bits, all else as text, packed with Zstandard.

use super::columns::{COLUMNS, COUNT, Holds};
use super::export::About;
use super::values::Value;
use arrow_array::builder::{ArrayBuilder, Date32Builder, StringBuilder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use jiff::civil::{Date, date};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::json;
use std::io::Write;
use std::sync::Arc;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Rows of a row group.
pub(super) const GROUP_ROWS: usize = 100_000;
/// Bytes of a row group in memory after which it is written, however few rows it has.
const GROUP_BYTES: usize = 256 << 20;
/// Rows that are built before they are encoded.
const BATCH_ROWS: usize = 4_096;
/// Bytes of records that are built before they are encoded.
const BATCH_BYTES: usize = 16 << 20;
/// Day 0 of `DATE`.
const EPOCH: Date = date(1970, 1, 1);

enum Builder {
    Text(StringBuilder),
    Day(Date32Builder),
    Number(UInt64Builder),
}

/// Writes the table.
pub(super) struct ParquetTable<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: Arc<Schema>,
    builders: Vec<Builder>,
    rows: usize,
    bytes: usize,
}

fn schema() -> Arc<Schema> {
    let fields = COLUMNS.iter().map(|column| {
        let holds = match column.holds {
            Holds::Text | Holds::Record => DataType::Utf8,
            Holds::Day => DataType::Date32,
            Holds::Number => DataType::UInt64,
        };
        Field::new(column.name, holds, !column.required)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

impl<W: Write + Send> ParquetTable<W> {
    pub(super) fn new(out: W, about: &About) -> Result<Self, Failed> {
        let editions: Vec<_> = about
            .newest
            .iter()
            .map(
                |edition| json!({ "authority": edition.authority, "number": edition.number, "sha256": edition.sha256 }),
            )
            .collect();
        let metadata = [
            ("tidewaiter.repository", about.repository.clone()),
            ("tidewaiter.address", about.address.clone()),
            ("tidewaiter.made", about.made.to_string()),
            ("tidewaiter.editions", json!(editions).to_string()),
            ("tidewaiter.licences", json!(about.licences).to_string()),
        ];
        let metadata = metadata.map(|(key, value)| KeyValue::new(key.to_owned(), value)).to_vec();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_key_value_metadata(Some(metadata))
            .set_created_by(concat!("tidewaiter-repository ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let schema = schema();
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?;
        let builders = COLUMNS.iter().map(|column| match column.holds {
            Holds::Text | Holds::Record => Builder::Text(StringBuilder::new()),
            Holds::Day => Builder::Day(Date32Builder::new()),
            Holds::Number => Builder::Number(UInt64Builder::new()),
        });
        Ok(Self { writer, schema, builders: builders.collect(), rows: 0, bytes: 0 })
    }

    pub(super) fn row(&mut self, values: &[Value<'_>; COUNT]) -> Result<(), Failed> {
        for (builder, value) in self.builders.iter_mut().zip(values) {
            match (builder, value) {
                (Builder::Text(text), Value::Text(value)) => {
                    self.bytes += value.len();
                    text.append_value(value);
                }
                (Builder::Text(text), Value::Record(record)) => {
                    self.bytes += record.len();
                    text.append_value(record);
                }
                (Builder::Text(text), _) => text.append_null(),
                (Builder::Day(days), Value::Day(day)) => days.append_value((*day - EPOCH).get_days()),
                (Builder::Day(days), _) => days.append_null(),
                (Builder::Number(numbers), Value::Number(number)) => numbers.append_value(*number),
                (Builder::Number(numbers), _) => numbers.append_null(),
            }
        }
        self.rows += 1;
        if self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.encode()?;
        }
        Ok(())
    }

    fn encode(&mut self) -> Result<(), Failed> {
        if self.rows == 0 {
            return Ok(());
        }
        let columns: Vec<ArrayRef> = self
            .builders
            .iter_mut()
            .map(|builder| match builder {
                Builder::Text(text) => ArrayBuilder::finish(text),
                Builder::Day(days) => ArrayBuilder::finish(days),
                Builder::Number(numbers) => ArrayBuilder::finish(numbers),
            })
            .collect();
        (self.rows, self.bytes) = (0, 0);
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), columns)?)?;
        if self.writer.in_progress_size() >= GROUP_BYTES {
            self.writer.flush()?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), Failed> {
        self.encode()?;
        let mut out = self.writer.into_inner()?;
        Ok(out.flush()?)
    }
}
