//! Everything in force or ever published as tables that other programs read: CSV, Parquet and JSON, with a dictionary of the
//! columns and the licence of each edition.

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
