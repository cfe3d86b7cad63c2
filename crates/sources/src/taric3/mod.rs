//! TARIC3: the transmissions in which the European Union hands out its tariff, and the extracts of the UK's Customs
//! Declaration Service, which holds the same database.
//!
//! A transmission changes a database record by record. [`TaricStore`] is that database: every record by its primary key.
//! [`import`] applies transmissions in the order given and turns the state they leave into the records of an edition.
//! `docs/formats/import-taric3.md` has the mapping.
//!
//! | file | holds |
//! |---|---|
//! | `schema.rs`, `records.txt`, `types.txt` | every record and field of `taric3.xsd` |
//! | `xml.rs`, `archive.rs` | bounded reading, ZIP archives |
//! | `envelope.rs` | TARIC3 envelopes |
//! | `cds.rs`, `cds.txt` | extracts of the UK |
//! | `store.rs`, `saved.rs` | the database, all-or-nothing changes, saving |
//! | `conditions.rs`, `kinds.rs` | what a measure comes to |
//! | `entries/` | from the database to the records of an edition |

mod archive;
mod cds;
mod conditions;
mod entries;
mod envelope;
mod kinds;
mod pattern;
mod saved;
pub mod schema;
mod store;
mod xml;

#[cfg(test)]
mod tests;

pub use store::{Completeness, Record, TaricStore, Transmission, Update};

use crate::{Account, ImportError, Limits, Sink, Source};
use jiff::civil::Date;
use tidewaiter::record::Confidence;
use tidewaiter::record::edition::{Edition, OfficialFile};

/// How strictly a file is held to the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// As `envelope.xsd` and `taric3.xsd` say.
    #[default]
    Strict,
    /// Fields may stand in any order, elements of the envelope in the namespace of the message, and the envelope may have
    /// any number: what authorities' own test files do. Each is counted in the account. Everything else is as strict.
    Tolerant,
}

/// Whose tariff it is, and how it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Who published the files: goes into the edition.
    pub authority: String,
    /// The same, in full: goes into the facts.
    pub publisher: String,
    /// Title of the edition.
    pub title: String,
    /// Code of `territories.toml`.
    pub territory: Option<String>,
    /// ISO 4217 code in which duties without one are assessed.
    pub currency: String,
    /// Nomenclature of the codes: `CN 2018`.
    pub nomenclature: Option<String>,
    /// Licence of the data.
    pub licence: Option<String>,
    /// Begins the keys of programmes and series: `eu`.
    pub prefix: String,
    /// First day on which the last file was published. An envelope does not say it; an extract of the UK does, and then
    /// this may be absent.
    pub known_from: Option<Date>,
    /// Whether the first file holds the whole database.
    pub completeness: Completeness,
    /// How strictly the files are held to the schema.
    pub reading: Reading,
    /// Most bytes of a file and of a record, unpacked. Give the same to [`Source`].
    pub limits: Limits,
    /// How sure the facts are.
    pub confidence: Confidence,
}

impl Options {
    /// For the transmissions of the European Union.
    pub fn european_union() -> Self {
        Self {
            authority: "European Commission".into(),
            publisher: "European Commission, Directorate-General for Taxation and Customs Union".into(),
            title: "TARIC".into(),
            territory: Some("EU".into()),
            currency: "EUR".into(),
            nomenclature: None,
            licence: Some("EU reuse with attribution".into()),
            prefix: "eu".into(),
            known_from: None,
            completeness: Completeness::Partial,
            reading: Reading::Strict,
            limits: Limits::default(),
            confidence: Confidence::High,
        }
    }

    /// For the extracts of the United Kingdom.
    pub fn united_kingdom() -> Self {
        Self {
            authority: "HMRC".into(),
            publisher: "HM Revenue & Customs".into(),
            title: "UK Integrated Tariff".into(),
            territory: Some("GB".into()),
            currency: "GBP".into(),
            licence: Some("Open Government Licence v3.0".into()),
            prefix: "gb".into(),
            ..Self::european_union()
        }
    }
}

/// Applies files in the order given to an empty store and gives the records of the state they leave.
///
/// Where any record is refused no record is given, and all refusals stand in the account: look at [`Account::is_clean`].
/// The head of the edition is returned either way.
///
/// # Errors
/// Where a file cannot be read, is not of the format, or is too large; where the records cannot be written; and where
/// neither [`Options::known_from`] nor a file says when it was published.
///
/// ```
/// use tidewaiter_sources::taric3::{Options, import};
/// use tidewaiter_sources::{Account, Limits, Source};
/// let xml = r#"<env:envelope id="18001" xmlns:env="urn:publicid:-:DGTAXUD:GENERAL:ENVELOPE:1.0"/>"#;
/// let source = Source::new("TGB18001.xml", xml.as_bytes(), Limits::default())?;
/// let options = Options { known_from: Some(jiff::civil::date(2018, 1, 2)), ..Options::european_union() };
/// let (mut entries, mut account) = (Vec::new(), Account::default());
/// let edition = import(vec![source], &options, &mut entries, &mut account)?;
/// assert!(account.is_clean());
/// assert_eq!((edition.format.as_str(), entries.len()), ("taric3", 1)); // the fact behind the envelope
/// # Ok::<(), tidewaiter_sources::ImportError>(())
/// ```
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut store = TaricStore::new(options.completeness);
    let refused = account.refused;
    let mut files = Vec::new();
    for source in sources {
        files.push(store.apply(source, options, account)?);
    }
    if account.refused > refused {
        let day = options.known_from.or_else(|| store.known_from());
        return Ok(head(options, files, day.unwrap_or(Date::ZERO)));
    }
    store.entries(files, options, out, account)
}

impl TaricStore {
    /// Day of the latest file that says its day.
    fn known_from(&self) -> Option<Date> {
        self.transmissions().iter().filter_map(|transmission| transmission.date).max()
    }

    /// Gives the records of the state. `files` are those that led to it.
    ///
    /// # Errors
    /// Where the records cannot be written, and where nothing says when the state was published.
    pub fn entries(
        &self,
        files: Vec<OfficialFile>,
        options: &Options,
        out: &mut dyn Sink,
        account: &mut Account,
    ) -> Result<Edition, ImportError> {
        let Some(known_from) = options.known_from.or_else(|| self.known_from()) else {
            return Err(ImportError::NotThisFormat {
                file: files.last().map(|file| file.name.clone()).unwrap_or_default(),
                reason: "an envelope does not say when it was published; give the day".into(),
            });
        };
        entries::give(self, options, out, account, known_from)?;
        Ok(head(options, files, known_from))
    }
}

fn head(options: &Options, files: Vec<OfficialFile>, known_from: Date) -> Edition {
    Edition {
        authority: options.authority.clone(),
        territory: options.territory.clone(),
        currency: Some(options.currency.clone()),
        title: options.title.clone(),
        format: "taric3".into(),
        nomenclature: options.nomenclature.clone(),
        known_from,
        licence: options.licence.clone(),
        files,
        ..Edition::default()
    }
}

/// Reads bytes as a transmission, for fuzzing: it must not panic, and a refused file must leave the store as it was.
pub fn fuzz(bytes: &[u8]) {
    let limits = Limits { bytes: 1 << 22, record: 1 << 20 };
    for reading in [Reading::Strict, Reading::Tolerant] {
        let options = Options { limits, reading, known_from: Some(Date::ZERO), ..Options::european_union() };
        let mut store = TaricStore::new(Completeness::Partial);
        let Ok(source) = Source::new("fuzz", std::io::Cursor::new(bytes.to_vec()), limits) else { return };
        let mut account = Account::default();
        let applied = store.apply(source, &options, &mut account);
        if applied.is_err() || !account.is_clean() {
            assert!(store.is_empty() && store.transmissions().is_empty(), "a refused file left a trace");
        } else {
            let _ = store.entries(Vec::new(), &options, &mut Vec::new(), &mut account);
        }
    }
}
