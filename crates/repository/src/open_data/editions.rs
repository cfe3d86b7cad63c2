//! The table of editions: from which of them the records are, and under which licence each may be used.

use super::OpenDataError;
use super::comma::safe;
use jiff::civil::Date;
use std::io::Write;

/// An edition, as a row of its table. `authority` and `number` are the columns `authority` and `first_edition` of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionRow {
    /// Name of the authority.
    pub authority: String,
    /// Number of the edition.
    pub number: u64,
    /// Its SHA-256.
    pub sha256: String,
    /// `ordinary`, `correction` or `withdrawal`.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Day it was published.
    pub published: Date,
    /// Licence of its data, as the authority stated it; absent where it stated none.
    pub licence: Option<String>,
}

/// Columns of the table: name, Frictionless type, what it says.
pub const COLUMNS: [(&str, &str, &str); 7] = [
    ("authority", "string", "Name of the authority"),
    ("number", "integer", "Number of the edition"),
    ("sha256", "string", "SHA-256 of the edition"),
    ("kind", "string", "ordinary, correction or withdrawal"),
    ("title", "string", "Title of the edition"),
    ("published", "date", "Day it was published"),
    ("licence", "string", "Licence of its data as the authority stated it; empty: none was stated"),
];

/// Writes the table as CSV, in the way of the table of records, and says how many rows it has.
///
/// # Errors
/// Where it cannot be written.
pub fn write(rows: impl IntoIterator<Item = EditionRow>, out: impl Write) -> Result<u64, OpenDataError> {
    let failed = |error: csv::Error| OpenDataError::Write { table: "editions", error: error.into() };
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(COLUMNS.map(|(name, ..)| name)).map_err(failed)?;
    let mut count = 0;
    for row in rows {
        let (number, published) = (row.number.to_string(), row.published.to_string());
        let licence = row.licence.unwrap_or_default();
        let texts = [safe(&row.authority), number.into(), safe(&row.sha256), safe(&row.kind), safe(&row.title)];
        let rest = [published.into(), safe(&licence)];
        writer.write_record(texts.iter().chain(&rest).map(AsRef::<str>::as_ref)).map_err(failed)?;
        count += 1;
    }
    writer.flush().map_err(|error| failed(error.into()))?;
    Ok(count)
}
