//! Whole catalogues priced: a table of goods in, a table of what each costs to land in each destination out.
//!
//! The same quote as [`tidewaiter::Ratebook::quote`], row by row, on Arrow tables. [`Pricer`] prices one
//! [`arrow_array::RecordBatch`] for embedders; [`Stream`] a stream of them on several threads, [`run`](fn@run) files
//! (Parquet, CSV, NDJSON) on all cores, both with memory that does not grow with the table.
//!
//! ```
//! use std::sync::Arc;
//! use arrow_array::{ArrayRef, RecordBatch, StringArray};
//! use tidewaiter_bulk::{Defaults, Pricer};
//!
//! let column = |values: [&str; 2]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
//! let batch = RecordBatch::try_from_iter([
//!     ("code", column(["610910", "851762"])),
//!     ("origin", column(["CN", "CN"])),
//!     ("price", column(["12.50", "89.00"])),
//! ])?;
//! let defaults = Defaults::new(serde_json::from_str(r#"{
//!     "from": "CN", "to": "CH", "currency": "CHF", "date": "2026-11-21", "channel": "post", "items": []
//! }"#)?);
//! let priced = Pricer::new(tidewaiter_data::ratebook(), &defaults).price(&batch, 1)?;
//! assert_eq!(priced.table.num_rows(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
mod catalogue;
mod columns;
mod csv_rows;
mod decode;
mod files;
mod json_rows;
mod output;
mod pricer;
mod question;
mod run;
mod stream;
mod table;
mod tally;
mod text;
mod text_table;
mod turns;
mod warned;
mod work;

pub use catalogue::{COLUMNS, Defaults, Outcomes, Priced, Reject};
pub use files::Format;
pub use output::{OUTPUT_COLUMNS, output_schema};
pub use pricer::Pricer;
pub use run::{Progress, run};
pub use stream::Stream;
pub use tally::{Report, Tally};
pub use text_table::{RowError, TextRow, TextTable, cells_of};
pub use turns::in_turn;
pub use warned::Warning;

/// Why a table cannot be priced at all. Rows that are wrong do not stop it: they are [`Reject`]s.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BulkError {
    /// A file cannot be read or written.
    #[error("{file}: {error}")]
    File {
        /// Its name.
        file: String,
        /// What went wrong.
        error: String,
    },
    /// The table lacks a column without which nothing can be priced.
    #[error("the table has no column \"{0}\" and no default was given for it; columns are named in the first row")]
    Column(&'static str),
    /// Where the goods go is said twice.
    #[error(
        "the destinations stand in the column \"to\" and are given for all rows besides (--to); give one of the two, or name the column otherwise"
    )]
    Twice,
    /// A stream of tables cannot be gone on with.
    #[error("{0}")]
    Stream(String),
    /// The text of a file cannot be read.
    #[error("{0}")]
    Text(String),
    /// More destinations than can be priced at once.
    #[error("more than {0} destinations; price the table in several parts")]
    Destinations(usize),
    /// A column has a type that cannot hold its values.
    #[error("column \"{column}\" holds {found}; expected {expected}")]
    Type {
        /// Its name.
        column: String,
        /// Arrow's name of what it holds.
        found: String,
        /// What it may hold.
        expected: &'static str,
    },
    /// The answer table could not be made.
    #[error("cannot build the answer table: {0}")]
    Arrow(#[from] arrow_schema::ArrowError),
}
