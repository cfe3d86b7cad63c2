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
//! | [`document`] | whole JSON documents, bounded |
//! | [`duty_expression`] | duties from TARIC components: in words, and in the grammar of the engine |
//! | [`ecb`] | euro reference rates of the European Central Bank: CSV, ZIP, XML |
//! | [`hmrc_rates`] | HMRC's monthly, spot and average exchange rates |
//! | [`iso_4217`] | currency codes |
//! | [`json_items`] | JSON files that are one long array |
//! | [`origin_reading`] | regular product rules of origin, in short words |
//! | [`origin_rules`] | finding the origin rules and proofs for a claim |
//! | [`rate_series`] | imported exchange rates as the CSV files of `data/exchange/` |
//! | [`sheet`] | the rate sheet: our own format for an administration that has only a spreadsheet |
//! | [`taric3`] | TARIC3 transmissions of the EU, extracts of the UK's Customs Declaration Service |
//! | [`uk_api`] | documents of the UK Trade Tariff API, both services |
//! | [`uk_origin`] | UK origin schemes and product rules |
//! | [`uk_reference`] | UK lists beside the tariff: units, preferences, documents, seasons, VAT |
//! | [`us_hts`] | the Harmonized Tariff Schedule of the United States, any number of revisions |
//! | [`us_origin`] | US rules of origin by classification, marking and labelling |
//! | [`wb_agreements`] | the World Bank's table of trade agreements and what they cover |
//! | [`workbook`] | spreadsheets as tables of cells, without trusting their size |

pub mod account;
pub mod bounded;
pub mod document;
pub mod duty_expression;
pub mod ecb;
pub mod edition;
pub mod hmrc_rates;
pub mod iso_4217;
pub mod json_items;
pub mod origin_reading;
pub mod origin_rules;
pub mod rate_series;
pub mod sheet;
pub mod taric3;
pub mod uk_api;
pub mod uk_origin;
pub mod uk_reference;
pub mod us_hts;
pub mod us_origin;
pub mod wb_agreements;
pub mod workbook;

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
