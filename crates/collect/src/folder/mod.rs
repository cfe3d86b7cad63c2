//! The returns of some months as one folder for an accountant: every return, the sales behind it, what was paid, and the ledger itself.
//!
//! The same ledger gives the same bytes. Nothing in the folder has to be believed: [`check()`] makes it again from the ledger in it and compares.
//!
//! | file | holds |
//! |---|---|
//! | `README.txt` | what each file is |
//! | `folder.json` | what the folder was made of |
//! | `ledger.ndjson` | every entry of the ledger with its hash |
//! | `payments.csv` | returns sent, claims, payments, and what the bank did with them |
//! | `rates.csv` | exchange rates, each with who published it |
//! | `SCHEME/PERIOD/return.json` | the return with all its figures, warnings and sources |
//! | `SCHEME/PERIOD/figures.csv` | its figures |
//! | `SCHEME/PERIOD/sales.csv`, `refunds.csv`, `corrections.csv` | what is behind them |
//! | `SCHEME/PERIOD/amendment-1.json`, `amendment-1.csv`, `amendment-1-behind.csv` | what was sent later to amend it, its figures, what is behind them; counted on |
//! | `SCHEME/PERIOD/to-amend.json`, `to-amend.csv`, `to-amend-behind.csv` | the same of what waits until it is amended |
//! | `SCHEME/PERIOD/SCHEME_PERIOD.json` or `.xml` | the return in the shape that its authority published, where there is one |
//! | `SHA256SUMS` | a hash of each file, as `sha256sum -c` reads them |

mod again;
mod readme;
mod tables;

pub use again::{Difference, check};

use crate::definition::{Definition, Period};
use crate::draft::{Collected, Rates, Return, draft};
use crate::event::{Event, RateNoted};
use crate::export::{self, Particulars};
use crate::ledger::{Ledger, Past, Why};
use crate::standing::{Standing, standings};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tidewaiter::Ratebook;

/// File that says what the folder was made of.
pub const REQUEST: &str = "folder.json";
/// File of the ledger.
pub const LEDGER: &str = "ledger.ndjson";
/// File of the hashes.
pub const SUMS: &str = "SHA256SUMS";

/// Files by their names, with `/` between folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a folder is made of, beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Version of this document.
    pub version: u8,
    /// Keys of the schemes.
    pub schemes: Vec<String>,
    /// Returns whose last day is in it are in the folder.
    pub period: Period,
    /// The day for which it is told what is late.
    pub day: Date,
    /// Fingerprint of the ratebook with the exchange rates.
    pub ratebook: String,
    /// The program that made it.
    pub program: String,
    /// How many entries the ledger had.
    pub entries: u64,
    /// Hash of the newest of them.
    pub head: String,
    /// What the seller says for files in published shapes, by scheme, or by scheme and period.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub particulars: BTreeMap<String, Particulars>,
}

impl Request {
    /// A request for the ledger as it is. The day is that of its newest event, so that the same ledger gives the same folder.
    pub fn of(
        ledger: &Ledger<'_>,
        ratebook: &Ratebook,
        schemes: Vec<String>,
        period: Period,
        particulars: BTreeMap<String, Particulars>,
    ) -> Self {
        Self {
            version: 1,
            schemes,
            period,
            day: ledger.entries().iter().map(|entry| entry.event.date()).max().unwrap_or(period.last()),
            ratebook: ratebook.fingerprint().to_owned(),
            program: format!("tidewaiter {}", env!("CARGO_PKG_VERSION")),
            entries: ledger.entries().len() as u64,
            head: ledger.head().to_owned(),
            particulars,
        }
    }
}

/// Why a folder was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotMade {
    /// No returns of the scheme are described.
    #[error("there is no scheme \"{0}\" whose returns are known")]
    NoScheme(String),
    /// No return ends in the period.
    #[error(
        "no return of {scheme} ends in {period}: its returns are for {months} months; ask for a period that holds one"
    )]
    NoReturn {
        /// The scheme.
        scheme: String,
        /// What was asked for.
        period: Period,
        /// How many months a return of it has.
        months: u8,
    },
    /// A scheme stands twice.
    #[error("the scheme \"{0}\" is named twice")]
    Twice(String),
    /// The ledger, a sum or a file.
    #[error("{0}")]
    Other(String),
}

fn other(error: impl std::fmt::Display) -> NotMade {
    NotMade::Other(error.to_string())
}

/// A return in the folder.
struct Part<'a> {
    definition: &'a Definition,
    made: Return,
    path: String,
    /// SHA-256 of its document.
    sha256: String,
    /// How many rows each table has.
    rows: [usize; 3],
    /// Whether the figures are there.
    has_figures: bool,
    /// The file in a published shape with what it does not hold, or why there is none.
    published: Result<(String, Vec<String>), String>,
    /// Its amendments, and what waits for one.
    later: Vec<Later>,
}

/// An amendment in the folder.
struct Later {
    /// Its files begin so.
    name: String,
    made: Return,
    /// SHA-256 of its document.
    sha256: String,
    /// How many rows are behind it.
    rows: usize,
    /// The day on which it was sent, and its SHA-256 then; nothing where it waits.
    sent: Option<(Date, String)>,
}

/// The folder of a ledger.
///
/// # Errors
/// [`NotMade`].
pub fn made(ledger: &Ledger<'_>, ratebook: &Ratebook, request: &Request) -> Result<Files, NotMade> {
    let mut files = Files::new();
    let noted: Vec<RateNoted> = ledger
        .entries()
        .iter()
        .filter_map(|entry| if let Event::Rate(rate) = &entry.event { Some(rate.clone()) } else { None })
        .collect();
    let rates = Rates::new(ratebook, &noted);
    let mut parts = Vec::new();
    for (at, scheme) in request.schemes.iter().enumerate() {
        if request.schemes.iter().take(at).any(|one| one == scheme) {
            return Err(NotMade::Twice(scheme.chars().take(40).collect()));
        }
        let definition =
            ledger.definitions().get(scheme).ok_or_else(|| NotMade::NoScheme(scheme.chars().take(40).collect()))?;
        let past = ledger.past();
        let periods = periods(definition, past, request.period);
        let (own, before): (Vec<Period>, Vec<Period>) =
            periods.into_iter().partition(|period| past.has(definition, *period).is_ok());
        if let (true, Some(period)) = (own.is_empty(), before.last()) {
            past.has(definition, *period).map_err(other)?;
        }
        let periods = own;
        if periods.is_empty() {
            let months = past.length(definition, request.period.first()).months();
            return Err(NotMade::NoReturn { scheme: scheme.clone(), period: request.period, months });
        }
        for period in periods {
            parts.push(part(ledger, definition, &rates, period, request, &mut files)?);
        }
    }
    let all = standings(ledger, request.day).map_err(other)?;
    let is_here =
        |one: &&Standing| parts.iter().any(|part| part.made.scheme == one.scheme && part.made.period == one.period);
    let standing: Vec<&Standing> = all.iter().filter(is_here).collect();
    let mut entries = Vec::new();
    for entry in ledger.entries() {
        serde_json::to_writer(&mut entries, entry).map_err(other)?;
        entries.push(b'\n');
    }
    files.insert(LEDGER.into(), entries);
    files.insert("payments.csv".into(), tables::payments(ledger.entries(), &parts).map_err(other)?);
    files.insert("rates.csv".into(), tables::rates(&parts).map_err(other)?);
    let mut text = serde_json::to_vec_pretty(request).map_err(other)?;
    text.push(b'\n');
    files.insert(REQUEST.into(), text);
    files.insert("README.txt".into(), readme::text(request, &parts, &standing).into_bytes());
    let sums = sums(&files);
    files.insert(SUMS.into(), sums.into_bytes());
    Ok(files)
}

/// Periods of a scheme whose last day is in a period.
fn periods(definition: &Definition, past: &Past, asked: Period) -> Vec<Period> {
    let first = past.period(definition, asked.first());
    std::iter::successors(first, |period| past.after(definition, *period).filter(|next| next.first() > period.first()))
        .take_while(|period| period.last() <= asked.last())
        .filter(|period| asked.contains(period.last()))
        .collect()
}

fn part<'a>(
    ledger: &Ledger<'a>,
    definition: &'a Definition,
    rates: &Rates<'_>,
    period: Period,
    request: &Request,
    files: &mut Files,
) -> Result<Part<'a>, NotMade> {
    let scheme = &definition.scheme.key;
    let registration = ledger.past().registration(scheme);
    let collected = Collected::of(definition, registration, ledger.tax(), period).map_err(other)?;
    let made = draft(definition, registration, &collected, rates, period).map_err(other)?;
    let name = period.to_string().replace('/', "_");
    let path = format!("{scheme}/{name}");
    let document = export::document(&made).map_err(other)?;
    let sha256 = hex(document.as_bytes());
    files.insert(format!("{path}/return.json"), document.into_bytes());
    let mut figures = Vec::new();
    let has_figures = match export::figures(&made, &mut figures) {
        Ok(()) => files.insert(format!("{path}/figures.csv"), figures).is_none(),
        Err(export::Refused::Incomplete(_)) => false,
        Err(error) => return Err(other(error)),
    };
    let mut rows = [0; 3];
    for (count, (name, why)) in
        rows.iter_mut().zip([("sales", Why::Sale), ("refunds", Why::Refund), ("corrections", Why::Correction)])
    {
        let is_it =
            |line: &&crate::ledger::TaxLine| line.scheme == *scheme && line.declared == Some(period) && line.why == why;
        *count = ledger.tax().iter().filter(is_it).count();
        if *count > 0 || why == Why::Sale {
            let mut table = Vec::new();
            export::sales(ledger.tax().iter().filter(is_it), &mut table).map_err(other)?;
            files.insert(format!("{path}/{name}.csv"), table);
        }
    }
    let particulars = &request.particulars;
    let given = particulars.get(&format!("{scheme} {period}")).or_else(|| particulars.get(scheme)).cloned();
    let mut given = given.unwrap_or_else(|| Particulars::at(Timestamp::UNIX_EPOCH));
    // The day of the ledger, not of the clock: the same ledger gives the same file.
    given.at = request.day.to_zoned(jiff::tz::TimeZone::UTC).map_err(other)?.timestamp();
    let published = match export::published(definition, &made, &given) {
        Ok(file) => {
            files.insert(format!("{path}/{}", file.file_name), file.text.into_bytes());
            Ok((file.file_name, file.told))
        }
        Err(why) => Err(why.to_string()),
    };
    let later = later(ledger, definition, rates, period, &path, files)?;
    Ok(Part { definition, made, path, sha256, rows, has_figures, published, later })
}

/// The amendments of a return, each made again of what had been recorded before it and stood in none, and what waits for the next.
fn later(
    ledger: &Ledger<'_>,
    definition: &Definition,
    rates: &Rates<'_>,
    period: Period,
    path: &str,
    files: &mut Files,
) -> Result<Vec<Later>, NotMade> {
    let scheme = &definition.scheme.key;
    let Some(first) = ledger.sent(scheme, period) else { return Ok(Vec::new()) };
    let registration = ledger.past().registration(scheme);
    let amendments = ledger.amendments(scheme, period).enumerate();
    let mut steps: Vec<_> =
        amendments.map(|(n, (seq, one))| (format!("amendment-{}", n + 1), seq, Some(one))).collect();
    if ledger.waiting(scheme, period).next().is_some() {
        steps.push(("to-amend".to_owned(), u64::MAX, None));
    }
    let (mut all, mut since) = (Vec::new(), 0);
    for (name, until, sent) in steps {
        let own = || {
            let of_scheme = ledger.tax().iter().filter(|line| line.scheme == *scheme && line.seq < until);
            of_scheme.filter(|line| line.waits(period, since))
        };
        let collected = Collected::amending(definition, registration, own(), period, since).map_err(other)?;
        let made = draft(definition, registration, &collected, rates, period)
            .map_err(other)?
            .amending(definition, &first.document);
        let document = export::document(&made).map_err(other)?;
        let sha256 = hex(document.as_bytes());
        files.insert(format!("{path}/{name}.json"), document.into_bytes());
        let mut figures = Vec::new();
        match export::figures(&made, &mut figures) {
            Ok(()) => drop(files.insert(format!("{path}/{name}.csv"), figures)),
            Err(export::Refused::Incomplete(_)) => {}
            Err(error) => return Err(other(error)),
        }
        let mut table = Vec::new();
        export::sales(own(), &mut table).map_err(other)?;
        files.insert(format!("{path}/{name}-behind.csv"), table);
        let rows = own().count();
        all.push(Later { name, made, sha256, rows, sent: sent.map(|one| (one.date, one.sha256.clone())) });
        since = until;
    }
    Ok(all)
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A line for each file, as `sha256sum -c` reads them.
fn sums(files: &Files) -> String {
    files.iter().filter(|(name, _)| *name != SUMS).fold(String::new(), |mut text, (name, bytes)| {
        let _ = writeln!(text, "{}  {name}", hex(bytes));
        text
    })
}
