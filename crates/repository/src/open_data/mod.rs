//! Everything in force or ever published as tables that other programs read: CSV, Parquet and JSON, with a dictionary of the
//! columns and the licence of each edition.
//!
//! | module | holds |
//! |---|---|
//! | [`columns`] | the columns, the same in all three |
//! | [`values`] | what a record says in each |
//! | [`export`] | writing the tables, row by row, in constant memory |
//! | [`dictionary`] | the columns explained, as CSV and as a Frictionless data package |
//! | [`editions`] | the table of editions with their licences |

pub mod columns;
mod comma;
pub mod dictionary;
pub mod editions;
pub mod export;
mod lines;
mod parquet_table;
pub mod values;

pub use comma::plain_cell;

use jiff::civil::Date;

/// A record with both its times, and the editions that said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Name of the authority.
    pub authority: String,
    /// Territory it speaks for.
    pub territory: Option<String>,
    /// Kind of record: `measure`, `rate`, `exchange-rate`.
    pub kind: String,
    /// Digits of the goods code, or the key of another record.
    pub key: String,
    /// First day on which it holds.
    pub valid_from: Option<Date>,
    /// First day no longer.
    pub valid_before: Option<Date>,
    /// First day on which it was published.
    pub known_from: Date,
    /// Day on which an edition was published that no longer says it.
    pub known_before: Option<Date>,
    /// Number of the first edition that says it.
    pub first_edition: u64,
    /// Number of the first later edition that no longer does.
    pub last_before: Option<u64>,
    /// The record as it was sent: one line of JSON.
    pub record: String,
}

/// Why a table cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OpenDataError {
    /// A row is not what a store may hold.
    #[error(
        "row {row} ({authority}, {kind} {key}) cannot be exported: {what}; the store is damaged, so restore it from a backup"
    )]
    Row {
        /// Row, from 1.
        row: u64,
        /// Its authority.
        authority: String,
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
        /// What is wrong.
        what: String,
    },
    /// The rows cannot be read.
    #[error("row {row} cannot be read: {error}")]
    Read {
        /// Row, from 1.
        row: u64,
        /// What the store said.
        error: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A table cannot be written.
    #[error("the {table} table cannot be written: {error}")]
    Write {
        /// `CSV`, `JSON`, `Parquet` or `editions`.
        table: &'static str,
        /// What the system said.
        error: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl OpenDataError {
    fn write(table: &'static str) -> impl Fn(Box<dyn std::error::Error + Send + Sync>) -> Self {
        move |error| Self::Write { table, error }
    }
}
