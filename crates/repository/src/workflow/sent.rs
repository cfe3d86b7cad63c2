//! What an authority sends, read into records: an official file of any format, our own edition file, or a package that was
//! made and signed offline.

use super::Refusal;
use crate::manifest::{Kind, Legal};
use crate::name::Place;
use crate::sha256_hex;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use tidewaiter::ratebook::compile::World;
use tidewaiter::record::edition::Edition as Head;
use tidewaiter_sources::formats::{self, Settings};
use tidewaiter_sources::{Account, Entry, ImportError, Limits, Source, edition};

/// The name under which our own edition files are sent.
pub const EDITION: &str = "edition";
/// The name under which packages are sent.
pub const PACKAGE: &str = "package";
/// Largest file, and most that the parts of a package may hold together, unpacked.
pub(super) const MOST_BYTES: u64 = 1 << 30;

/// What is said of the files that are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct About {
    /// Format: `sheet`, `edition`, `package`, or any that `tidewaiter import list` shows.
    pub format: String,
    /// What the edition is to the ones before; ordinary where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Editions that it corrects or withdraws.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub concerns: Vec<u64>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Not to be published before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Day by which the next one is promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_due: Option<Date>,
    /// Laws and notices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub legal: Vec<Legal>,
    /// Licence, where the file says none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Exchange rates to be added to those of the newest edition, in place of a complete new set.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub adds: bool,
    /// Every code that exists has a duty in it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub complete: bool,
    /// First day on which the files were published, for formats that do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// Territory, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Currency, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Nomenclature, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nomenclature: Option<String>,
}

/// Files and what is said of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// What is said.
    pub about: About,
    /// Names and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// Head of the edition.
    pub head: Head,
    /// Its records.
    pub entries: Vec<Entry>,
    /// Its files: the economy file that a rate sheet holds.
    pub files: Vec<(Place, Vec<u8>)>,
    /// What the reader noticed.
    pub noticed: Vec<String>,
}

impl Sent {
    /// SHA-256 of all files and what is said of them: the name of a submission.
    pub fn id(&self, authority: &str) -> String {
        let about = serde_json::to_string(&self.about).unwrap_or_default();
        sha256_hex(format!("{authority}\n{}\n{about}", self.sha256()).as_bytes())
    }

    /// SHA-256 of the files: of the one there is, or of the list of theirs.
    pub fn sha256(&self) -> String {
        match self.files.as_slice() {
            [(_, bytes)] => sha256_hex(bytes),
            files => {
                let each: Vec<String> =
                    files.iter().map(|(name, bytes)| format!("{name} {}", sha256_hex(bytes))).collect();
                sha256_hex(each.join("\n").as_bytes())
            }
        }
    }

    /// Reads the records. `authority` is the name for people that goes into the head.
    ///
    /// # Errors
    /// [`Refusal::Rows`] where rows are wrong: nothing of the file is used then. [`Refusal::Wrong`] where it is not of the
    /// format, or too large.
    pub fn read(&self, authority: &str, territory: Option<&str>, world: &World) -> Result<Records, Refusal> {
        let about = &self.about;
        let limits = Limits { bytes: MOST_BYTES, ..Limits::default() };
        let mut sources = Vec::new();
        for (name, bytes) in &self.files {
            sources.push(Source::new(name, Cursor::new(bytes.clone()), limits).map_err(|e| told(&e))?);
        }
        let mut account = Account::default();
        let mut records = Records::default();
        if about.format == EDITION {
            let source = match (sources.pop(), sources.pop()) {
                (Some(only), None) => only,
                _ => return Err(Refusal::Wrong("send one edition file".into())),
            };
            let entries = &mut records.entries;
            let read = edition::read_source(source, &mut account, |entry| {
                entries.push(entry);
                Ok(())
            });
            records.head = read.map_err(|e| told(&e))?.0;
        } else {
            if formats::find(&about.format).is_none() {
                let names: Vec<&str> = formats::FORMATS.iter().map(|f| f.name).collect();
                let all = names.join(", ");
                return Err(Refusal::Wrong(format!(
                    "\"{}\" is no format; send {EDITION}, {PACKAGE} or one of {all}",
                    about.format
                )));
            }
            let settings = Settings {
                published: about.published,
                territory: about.territory.clone().or_else(|| territory.map(str::to_owned)),
                currency: about.currency.clone(),
                authority: Some(authority.to_owned()),
                nomenclature: about.nomenclature.clone(),
                world: Some(world),
                ..Settings::default()
            };
            let mut entries = Vec::new();
            let imported = formats::import(&about.format, sources, &settings, &mut entries, &mut account);
            let imported = imported.map_err(|e| told(&e))?;
            records.head = imported.edition;
            records.entries = entries;
            records.noticed = imported.warnings;
            if let (Some(text), Some(territory)) = (imported.economy, &records.head.territory) {
                let place =
                    Place::new(&format!("economies/{territory}.toml")).map_err(|e| Refusal::Wrong(e.to_string()))?;
                records.files.push((place, text.into_bytes()));
            }
        }
        if !account.is_clean() {
            return Err(Refusal::Rows(Box::new(account)));
        }
        records.head.authority = authority.to_owned();
        records.head.complete |= about.complete;
        // Official files of exchange rates name no territory: theirs is the authority's.
        let only_rates = records.entries.iter().all(|entry| matches!(entry, Entry::ExchangeRate(_)));
        if records.head.territory.is_none() && !records.entries.is_empty() && only_rates {
            records.head.territory = territory.map(str::to_owned);
        }
        if records.head.licence.is_none() {
            records.head.licence.clone_from(&about.licence);
        }
        Ok(records)
    }
}

fn told(error: &ImportError) -> Refusal {
    Refusal::Wrong(error.to_string())
}

/// Adds exchange rates to those that are published: a rate of the same series, currencies and day takes the earlier one's
/// place.
///
/// # Errors
/// [`Refusal::Wrong`] where something else than exchange rates is to be added.
pub fn add(published: Vec<Entry>, new: Vec<Entry>) -> Result<Vec<Entry>, Refusal> {
    let name = |entry: &Entry| match entry {
        Entry::ExchangeRate(rate) => Some((rate.series.clone(), rate.base.clone(), rate.currency.clone(), rate.from)),
        _ => None,
    };
    let mut named = std::collections::HashSet::new();
    for entry in &new {
        let Some(name) = name(entry) else {
            if published.contains(entry) {
                continue;
            }
            return Err(Refusal::Wrong(
                "only exchange rates can be added; send the complete set of everything else".into(),
            ));
        };
        named.insert(name);
    }
    let mut all: Vec<Entry> =
        published.into_iter().filter(|old| !name(old).is_some_and(|n| named.contains(&n))).collect();
    all.extend(new.into_iter().filter(|entry| name(entry).is_some()));
    let at = |entry: &Entry| name(entry).map(|(series, base, currency, from)| (series, from, base, currency));
    all.sort_by_key(at);
    Ok(all)
}
