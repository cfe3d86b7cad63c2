//! The rate sheet: an open format for an administration that has only a spreadsheet.
//!
//! A workbook (XLSX), or CSV files of the same names, with one sheet for each kind of statement: `About`, `Measures`,
//! `Rates`, `Thresholds`, `Fees`, `Areas`, `Sources`. [`template`] writes an empty one with help on every heading;
//! [`read`] reads a filled one: as records of an edition, and as an [`economy`](RateSheet::economy) that prices a parcel.
//! `docs/formats/rate-sheet.md` is the page for whoever fills it in.
//!
//! | file | its idea |
//! |---|---|
//! | `columns` | the sheets and columns, from which the template is written and by which it is read |
//! | `sheets` | which sheet is which, by name; a sheet under another name is refused |
//! | `grid`, `field`, `places` | cells as days, codes, amounts, countries; what is not certain is refused |
//! | `about`, `measures`, `rest` | rows as records |
//! | `economy` | the charges, ladders and fees that the rows add up to |
//! | `template` | the empty sheet, and the examples |

mod about;
mod columns;
mod economy;
mod field;
mod grid;
mod measures;
mod places;
mod rest;
mod sheets;
mod template;
mod words;

pub(crate) use places::initials;
pub use template::{Kind, TemplateError, template};

use crate::workbook::{self, Table};
use crate::{Account, ImportError, Refusal, Sink, Source};
use about::About;
use measures::MeasureRow;
use rest::{Fee, Threshold};
use serde::Serialize;
use std::collections::BTreeMap;
use tidewaiter::ratebook::compile::World;
use tidewaiter::record::edition::{Area, Edition, Entry, OfficialFile};
use tidewaiter::record::{Confidence, Economy, Fact, Rate};

/// Most rows of a sheet other than Measures.
const MAX_ROWS: usize = 10_000;

/// What reading a sheet may lean on.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Territories and currencies that exist. Without it only the shape of their codes is checked.
    pub world: Option<&'a World>,
    /// How sure the facts are: high where the administration itself filled the sheet in.
    pub confidence: Confidence,
    /// Reads the sheet `Examples` in place of the others.
    pub examples: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { world: None, confidence: Confidence::High, examples: false }
    }
}

/// Something that was read, but that its author should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Its number, as `docs/formats/rate-sheet.md` lists it: `W01`.
    pub number: &'static str,
    /// The file, and the sheet where it has several.
    pub place: String,
    /// Row, from 1.
    pub row: u64,
    /// Heading of the column; empty where the whole row or sheet is meant.
    pub column: String,
    /// What was found, and what was done.
    pub says: String,
}

impl Warning {
    const NUMBER_CODE: &'static str = "W01";
    const ODD_CODE: &'static str = "W02";
    const NUMBER_AS_TEXT: &'static str = "W03";
    const FORMULA: &'static str = "W04";
    const HIDDEN_COLUMN: &'static str = "W05";
    const HIDDEN_SHEET: &'static str = "W06";
    const OTHER_SHEET: &'static str = "W07";
    const NO_STANDARD: &'static str = "W08";
    const OVER_HUNDRED: &'static str = "W09";
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}, row {}", self.number, self.place, self.row)?;
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        write!(f, ": {}", self.says)
    }
}

/// A rate sheet that was read.
#[derive(Debug, Clone)]
pub struct RateSheet {
    /// Whose it is.
    pub edition: Edition,
    /// Its records: facts first, then areas, programmes, measures and rates.
    pub entries: Vec<Entry>,
    /// What its author should look at.
    pub warnings: Vec<Warning>,
    parts: Parts,
}

/// What the rows say.
#[derive(Debug, Clone, Default)]
struct Parts {
    about: About,
    facts: Vec<Fact>,
    groups: BTreeMap<String, Area>,
    measures: Vec<MeasureRow>,
    rates: Vec<Rate>,
    thresholds: Vec<Threshold>,
    fees: Vec<Fee>,
}

impl RateSheet {
    /// The economy that the sheet describes: duty, additional duties, excise, tax and fees with their ladders.
    ///
    /// Rows that were refused are not in it: ask only where the account is clean.
    ///
    /// # Errors
    /// What the sheet leaves open that a price depends on, such as the value that duty is charged on; by row.
    pub fn economy(&self) -> Result<Economy, Vec<Refusal>> {
        economy::economy(&self.edition, &self.parts)
    }
}

/// An economy as the text of an economy file.
///
/// # Errors
/// Where it cannot be written as TOML; none is known.
pub fn economy_toml(economy: &Economy) -> Result<String, toml::ser::Error> {
    toml::to_string(economy)
}

/// Reads a rate sheet and hands its records on.
///
/// # Errors
/// As [`read`], and where a record cannot be written.
pub fn import(
    sources: Vec<Source>,
    options: &Options<'_>,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let sheet = read(sources, options, account)?;
    for entry in sheet.entries {
        out.take(entry).map_err(ImportError::Write)?;
    }
    Ok(sheet.edition)
}

/// Reads a rate sheet as an economy that prices a parcel; nothing where a row was refused, also for leaving open what a
/// price depends on. [`economy_toml`] writes it as an economy file, `serde_json` as JSON.
///
/// # Errors
/// As [`read`].
pub fn economy(
    sources: Vec<Source>,
    options: &Options<'_>,
    account: &mut Account,
) -> Result<Option<Economy>, ImportError> {
    let sheet = read(sources, options, account)?;
    if !account.is_clean() {
        return Ok(None);
    }
    match sheet.economy() {
        Ok(economy) => Ok(Some(economy)),
        Err(refusals) => {
            for r in refusals {
                account.refuse(&r.file, r.row, &r.column, &r.found, r.expected);
            }
            Ok(None)
        }
    }
}

/// Reads a rate sheet: one workbook, one ZIP archive of CSV files, or the CSV files themselves.
///
/// Rows that are not certain are refused in the account, with sheet, row, column and what to write in place.
///
/// # Errors
/// [`ImportError`] where a file cannot be read, is too large, or is no rate sheet.
pub fn read(sources: Vec<Source>, options: &Options<'_>, account: &mut Account) -> Result<RateSheet, ImportError> {
    let mut tables: Vec<(String, Table)> = Vec::new();
    let mut files: Vec<OfficialFile> = Vec::new();
    for source in sources {
        files.push(open(source, &mut tables)?);
    }
    if options.examples {
        tables = template::blocks(tables);
    }
    let mut reader = Reader {
        options,
        account,
        warnings: Vec::new(),
        currency: None,
        prefix: String::new(),
        groups: BTreeMap::new(),
        facts: Vec::new(),
        sources: BTreeMap::new(),
        acts: BTreeMap::new(),
    };
    let grids = reader.grids(&tables)?;
    let none = Vec::new();
    let of = |name: &str| grids.get(name).unwrap_or(&none);
    let about = reader.about(of("About"));
    reader.sources(of("Sources"));
    reader.areas(of("Areas"));
    let measures = reader.measures(of("Measures"));
    let rates = reader.rates(of("Rates"));
    let thresholds = reader.thresholds(of("Thresholds"));
    let fees = reader.fees(of("Fees"));
    let Reader { warnings, groups, facts, .. } = reader;
    let parts = Parts { about, facts, groups, measures, rates, thresholds, fees };
    let entries = entries(&parts, account);
    Ok(RateSheet { edition: parts.about.edition(files), entries, warnings, parts })
}

fn entries(parts: &Parts, account: &mut Account) -> Vec<Entry> {
    let mut entries: Vec<Entry> = parts.facts.iter().cloned().map(Entry::Fact).collect();
    entries.extend(parts.groups.values().cloned().map(Entry::Area));
    entries.extend(measures::programs(&parts.measures).into_iter().map(Entry::Program));
    entries.extend(parts.measures.iter().map(|m| Entry::Measure(m.measure.clone())));
    entries.extend(parts.rates.iter().cloned().map(Entry::Rate));
    for entry in &entries {
        account.made(crate::edition::kind_of(entry));
    }
    entries
}

/// Reads one file into tables; each with the place that refusals name.
fn open(source: Source, tables: &mut Vec<(String, Table)>) -> Result<OfficialFile, ImportError> {
    let name = source.name().to_owned();
    let bounds = workbook::Bounds::default();
    let (bytes, file) = workbook::packed(source, bounds)?;
    if bytes.starts_with(b"PK") {
        let files = workbook::unpack(&name, &bytes, bounds)?;
        if workbook::is_workbook(&files) {
            for table in workbook::tables(&name, &files)? {
                tables.push((format!("{name}, sheet {}", table.name), table));
            }
        } else {
            for file in files.iter().filter(|f| f.name.to_lowercase().ends_with(".csv")) {
                let table = workbook::csv_table(&file.name, &file.bytes)?;
                tables.push((format!("{name}, {}.csv", table.name), table));
            }
        }
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let reason = "it is an old Excel file (.xls) or has a password; save it as \"Excel workbook (.xlsx)\" without a password";
        return Err(ImportError::NotThisFormat { file: name, reason: reason.into() });
    } else {
        tables.push((name.clone(), workbook::csv_table(&name, &bytes)?));
    }
    Ok(file)
}

/// What is known while rows are read.
struct Reader<'a> {
    options: &'a Options<'a>,
    account: &'a mut Account,
    warnings: Vec<Warning>,
    /// Of About.
    currency: Option<String>,
    /// What keys of facts and charges begin with.
    prefix: String,
    groups: BTreeMap<String, Area>,
    facts: Vec<Fact>,
    /// Keys of the sheet Sources, with their facts.
    sources: BTreeMap<String, String>,
    /// Acts named in words, with their facts.
    acts: BTreeMap<String, String>,
}

impl Reader<'_> {
    /// Whether a refusal will still be shown, so that looking for what was meant is worth it.
    fn is_heard(&self) -> bool {
        self.account.refused < crate::account::REFUSALS_KEPT as u64
    }

    fn warn(&mut self, number: &'static str, place: &str, row: u64, column: &str, says: &str) {
        /// Most warnings kept.
        const MOST: usize = 1_000;
        if self.warnings.len() < MOST {
            let (place, column, says) = (place.to_owned(), column.to_owned(), says.to_owned());
            self.warnings.push(Warning { number, place, row, column, says });
        }
    }
}
