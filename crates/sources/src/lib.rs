//! Official formats in: tariffs, nomenclatures, rules of origin and exchange rates become dated records.
//!
//! One module a format. Each reads a stream with bounded memory, turns rows into [`Entry`] records of an edition, and
//! keeps an [`Account`] of what it read, made, refused and could not say. A file with a refused row is refused whole.
//!
//! | module | reads |
//! |---|---|
//! | [`account`] | what an import read, made and refused |
//! | [`bounded`] | opening files, plain or compressed, without trusting their size |
//! | [`edition`] | edition files: NDJSON, one record a line |
//! | [`json_items`] | JSON files that are one long array |
//! | [`us_hts`] | the Harmonized Tariff Schedule of the United States, any number of revisions |

pub mod account;
pub mod bounded;
pub mod edition;
pub mod json_items;
pub mod us_hts;

pub use account::{Account, Refusal};
pub use bounded::{Limits, Source};
pub use tidewaiter::record::edition::Entry;

/// Takes the records of an import, one at a time, in the order of the file.
pub trait Sink {
    /// Takes one record.
    ///
    /// # Errors
    /// Where it cannot be written down.
    fn take(&mut self, entry: Entry) -> std::io::Result<()>;
}

impl Sink for Vec<Entry> {
    fn take(&mut self, entry: Entry) -> std::io::Result<()> {
        self.push(entry);
        Ok(())
    }
}

/// Why an import stopped. Rows that are refused do not stop it: they are counted in the [`Account`].
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened or read.
    #[error("{file}: {error}")]
    Read {
        /// Its name.
        file: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The file is larger, deeper or longer than is safe.
    #[error("{file}: {what} is over the limit of {limit}; {hint}")]
    TooLarge {
        /// Its name.
        file: String,
        /// What is too large: "the file", "one record", "nesting".
        what: &'static str,
        /// The limit, in the unit of the thing.
        limit: u64,
        /// What to do.
        hint: &'static str,
    },
    /// The file is not of the format.
    #[error("{file}: {reason}")]
    NotThisFormat {
        /// Its name.
        file: String,
        /// Why, and what was expected.
        reason: String,
    },
    /// The records cannot be written.
    #[error("cannot write the edition: {0}")]
    Write(std::io::Error),
}
