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
//! | [`table`] | CSV tables with named columns |
//! | [`workbook`] | XLSX and XLS sheets, row by row |
//! | [`hs`] | Harmonized System lists, UN correlation tables; codes of one edition in another |
//! | [`hs_tariff`] | a plain tariff at the level of the Harmonized System |
//! | [`eu_nomenclature`] | TARIC and Combined Nomenclature lists and their companions |
//! | [`eu_origin_sample`] | least and most duty by subheading and origin |
//! | [`br_ncm`] | Mercosur nomenclature with Brazilian import duty, IPI, PIS and COFINS |
//! | [`ca_tariff`] | Canadian Customs Tariff table |
//! | [`np_tariff`] | Nepalese customs tariff |
//! | [`in_hsn`] | Indian nomenclature |
//! | [`au_tariff`] | Australian working tariff |
//! | [`uk_tables`] | old UK tables: commodity lists, areas, the draft tariff of 2019 |

pub mod account;
pub mod au_tariff;
pub mod bounded;
pub mod br_ncm;
pub mod ca_tariff;
pub mod edition;
pub mod eu_nomenclature;
pub mod eu_origin_sample;
pub mod hs;
pub mod hs_tariff;
pub mod in_hsn;
pub mod np_tariff;
pub mod table;
pub mod uk_tables;
pub mod workbook;

mod common;

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
