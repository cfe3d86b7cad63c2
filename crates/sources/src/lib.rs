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
//! | [`au_tariff`] | Australian working tariff |
//! | [`br_ncm`] | Mercosur nomenclature with Brazilian import duty, IPI, PIS and COFINS |
//! | [`ca_tariff`] | Canadian Customs Tariff table |
//! | [`document`] | whole JSON documents, bounded |
//! | [`duty_expression`] | duties from TARIC components: in words, and in the grammar of the engine |
//! | [`ecb`] | euro reference rates of the European Central Bank: CSV, ZIP, XML |
//! | [`eu_nomenclature`] | TARIC and Combined Nomenclature lists and their companions |
//! | [`eu_origin_sample`] | least and most duty by subheading and origin |
//! | [`formats`] | all formats by name |
//! | [`hmrc_rates`] | HMRC's monthly, spot and average exchange rates |
//! | [`hs`] | Harmonized System lists, UN correlation tables; codes of one edition in another |
//! | [`hs_tariff`] | a plain tariff at the level of the Harmonized System |
//! | [`in_hsn`] | Indian nomenclature |
//! | [`iso_4217`] | currency codes |
//! | [`lines`] | the form in which tariffs are kept to embed them |
//! | [`json_items`] | JSON files that are one long array |
//! | [`np_tariff`] | Nepalese customs tariff |
//! | [`origin_reading`] | regular product rules of origin, in short words |
//! | [`origin_rules`] | finding the origin rules and proofs for a claim |
//! | [`rate_series`] | imported exchange rates as the CSV files of `data/exchange/` |
//! | [`sheet`] | the rate sheet: our own format for an administration that has only a spreadsheet |
//! | [`spreadsheet`] | official workbooks, XLSX and XLS, streamed row by row |
//! | [`table`] | CSV tables with named columns |
//! | [`taric3`] | TARIC3 transmissions of the EU, extracts of the UK's Customs Declaration Service |
//! | [`uk_api`] | documents of the UK Trade Tariff API, both services |
//! | [`uk_origin`] | UK origin schemes and product rules |
//! | [`uk_reference`] | UK lists beside the tariff: units, preferences, documents, seasons, VAT |
//! | [`uk_tables`] | old UK tables: commodity lists, areas, the draft tariff of 2019 |
//! | [`us_hts`] | the Harmonized Tariff Schedule of the United States, any number of revisions |
//! | [`us_origin`] | US rules of origin by classification, marking and labelling |
//! | [`wb_agreements`] | the World Bank's table of trade agreements and what they cover |
//! | [`workbook`] | XLSX workbooks and CSV files from strangers, bounded |

pub mod account;
pub mod au_tariff;
pub mod bounded;
pub mod br_ncm;
pub mod ca_tariff;
pub mod document;
pub mod duty_expression;
pub mod ecb;
pub mod edition;
pub mod eu_nomenclature;
pub mod eu_origin_sample;
pub mod formats;
pub mod hmrc_rates;
pub mod hs;
pub mod hs_tariff;
pub mod in_hsn;
pub mod iso_4217;
pub mod json_items;
pub mod lines;
pub mod np_tariff;
pub mod origin_reading;
pub mod origin_rules;
pub mod rate_series;
pub mod sheet;
pub mod spreadsheet;
pub mod table;
pub mod taric3;
pub mod uk_api;
pub mod uk_origin;
pub mod uk_reference;
pub mod uk_tables;
pub mod us_hts;
pub mod us_origin;
pub mod wb_agreements;
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
