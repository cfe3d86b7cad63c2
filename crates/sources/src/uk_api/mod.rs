//! Responses of the UK and Northern Ireland Trade Tariff API, version 2.
//!
//! HMRC publishes both tariffs as JSON: commodities and headings with their measures, components, conditions, footnotes and
//! legal acts; areas, quotas, certificates, exchange rates, code lists, changes. [`import`] reads any of these responses,
//! tells by its content which it is, and makes dated records of every resource in it. It reads the JSON:API documents as
//! the service sends them and the same resources resolved, as the duty calculator keeps them.
//!
//! `docs/formats/import-uk-api.md` shows what becomes of which field.
//!
//! ```
//! use tidewaiter_sources::{Account, Source, Limits, uk_api};
//! let answer = br#"{"data":{"id":"1013","type":"geographical_area","attributes":{"description":"European Union"},
//!     "relationships":{"children_geographical_areas":{"data":[{"id":"FR","type":"geographical_area"}]}}}}"#;
//! let source = Source::new("1013.json", &answer[..], Limits::default())?;
//! let (mut entries, mut account) = (Vec::new(), Account::default());
//! uk_api::import(vec![source], &uk_api::Options::default(), &mut entries, &mut account)?;
//! assert_eq!(account.made["area"], 1);
//! # Ok::<(), tidewaiter_sources::ImportError>(())
//! ```

mod area;
mod condition;
mod document;
mod finish;
mod json;
mod measure;
mod other;

use crate::edition::kind_of;
use crate::{Account, Entry, ImportError, Sink, Source};
use document::{Document, Node};
use jiff::civil::Date;
use json::{Json, Slip};
use measure::{Goods, Made, Refused, Trade};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use tidewaiter::record::edition::{Area, Edition, Line, Program};
use tidewaiter::record::{Confidence, Fact, Measure, Source as Publisher};

/// Most bytes of one response, unpacked.
pub const MAX_BYTES: usize = 64 << 20;

/// The area of all countries. Records that hold for it name no origin, so that its members do not matter.
const ALL: &str = "1011";

/// Which of the two tariffs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Great Britain's.
    Uk,
    /// Northern Ireland's: the tariff of the European Union, and the taxes of the United Kingdom.
    Xi,
}

/// What the responses do not say of themselves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The tariff. When absent, the one that the response names; Great Britain's if it names none.
    pub service: Option<Service>,
    /// Day of which the responses speak (`as_of` of the request). When absent, the newest day that a response states as
    /// past: the start of a measure, a publication, a change.
    pub as_of: Option<Date>,
}

/// Reads responses into records. Responses of one tariff and day belong together: the same area with other members is refused.
///
/// # Errors
/// [`ImportError`], where a file cannot be read, is over [`MAX_BYTES`], is nested deeper than 64 levels, or is none of the
/// responses.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut files = Vec::with_capacity(sources.len());
    let mut state = Import::new(out, account, options);
    for source in sources {
        let file = source.name().to_owned();
        let (text, official) = whole(source)?;
        files.push(official);
        state.response(&file, &text)?;
    }
    state.finish()?;
    let service = state.service;
    let known_from = state.newest.unwrap_or(FIRST_DAY);
    Ok(Edition {
        authority: "HMRC".into(),
        territory: Some(service.territory().into()),
        currency: Some("GBP".into()),
        title: match service {
            Service::Uk => "UK Trade Tariff (Great Britain)".into(),
            Service::Xi => "Northern Ireland Trade Tariff".into(),
        },
        format: "uk-api".into(),
        known_from,
        licence: Some("Open Government Licence v3.0".into()),
        files,
        ..Edition::default()
    })
}

/// Reads bytes as a response. For tests that try to break it: it never panics.
pub fn try_bytes(bytes: &[u8]) {
    let reader = std::io::Cursor::new(bytes.to_vec());
    if let Ok(source) = Source::new("bytes", reader, crate::Limits::default()) {
        let mut entries: Vec<Entry> = Vec::new();
        let _ = import(vec![source], &Options::default(), &mut entries, &mut Account::default());
    }
}

/// The first day of the UK tariff and of the service for Northern Ireland.
const FIRST_DAY: Date = jiff::civil::date(2021, 1, 1);

impl Service {
    const fn territory(self) -> &'static str {
        match self {
            Self::Uk => "GB",
            Self::Xi => "XI",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Uk => "uk",
            Self::Xi => "xi",
        }
    }
}

fn whole(mut source: Source) -> Result<(String, tidewaiter::record::edition::OfficialFile), ImportError> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0u8; 1 << 16];
    loop {
        source.next_record();
        match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) if bytes.len() + n > MAX_BYTES => {
                return Err(ImportError::TooLarge {
                    file: source.name().to_owned(),
                    what: "its size in bytes, unpacked,",
                    limit: MAX_BYTES as u64,
                    hint: "a response is one JSON document; ask for one commodity at a time",
                });
            }
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            Err(error) => return Err(source.explain(error)),
        }
    }
    let file = source.name().to_owned();
    let text = String::from_utf8(bytes).map_err(|error| ImportError::NotThisFormat {
        file,
        reason: format!("byte {} is no UTF-8 text", error.utf8_error().valid_up_to() + 1),
    })?;
    Ok((text, source.finish()?))
}

/// A date, of `2025-07-14` or `2025-07-14T00:00:00.000Z`.
fn date(text: &str) -> Option<Date> {
    let (day, time) = text.split_at_checked(10)?;
    let time_is_one = time.is_empty() || (time.starts_with('T') && time.ends_with('Z') && time.len() <= 25);
    // A day that begins or ends by another clock than Greenwich's is not guessed.
    let hour_is_midnight = time.is_empty() || ["T00:00", "T23:59"].iter().any(|at| time.starts_with(at));
    (time_is_one && hour_is_midnight).then(|| day.parse().ok()).flatten()
}

/// The first day of something.
fn first_day(node: Node<'_>, name: &str) -> Result<Option<Date>, Refused> {
    let Some(text) = node.text(name) else { return Ok(None) };
    let day = date(text).filter(|_| !text.contains("T23:59"));
    day.map(Some).ok_or_else(|| Refused::new(name, text, "a day such as 2025-07-14T00:00:00.000Z"))
}

/// The day after the last.
fn day_after(node: Node<'_>, name: &str) -> Result<Option<Date>, Refused> {
    let Some(text) = node.text(name) else { return Ok(None) };
    let day = date(text).and_then(|day| day.tomorrow().ok());
    day.map(Some).ok_or_else(|| Refused::new(name, text, "a day such as 2025-07-14T00:00:00.000Z"))
}

/// A code of ten digits without the pairs of zeros at its end, at least a chapter.
fn trimmed(item: &str) -> Option<String> {
    if item.len() != 10 || !item.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut code = item;
    while code.len() > 2 {
        match code.strip_suffix("00") {
            Some(shorter) => code = shorter,
            None => break,
        }
    }
    (code != "00").then(|| code.to_owned())
}

/// What an import has seen so far.
struct Import<'o> {
    out: &'o mut dyn Sink,
    account: &'o mut Account,
    options: Options,
    service: Service,
    /// Key of the fact that the records of this response cite.
    fact: String,
    facts: BTreeSet<String>,
    /// Kind of the exchange rates of this response: monthly, spot, average.
    rate_type: String,
    newest: Option<Date>,
    areas: BTreeMap<String, Area>,
    seen: BTreeSet<[u8; 32]>,
    programs: BTreeMap<String, Program>,
    /// Lines by code and suffix, and whether a resource states that goods may be declared there.
    lines: BTreeMap<(String, Option<String>), (Line, bool)>,
    measures: BTreeMap<(String, String), Measure>,
    exchange: BTreeMap<(String, String, String, Date), tidewaiter::Decimal>,
}

impl<'o> Import<'o> {
    fn new(out: &'o mut dyn Sink, account: &'o mut Account, options: &Options) -> Self {
        Self {
            out,
            account,
            options: *options,
            service: options.service.unwrap_or(Service::Uk),
            fact: String::new(),
            facts: BTreeSet::new(),
            rate_type: "monthly".into(),
            newest: None,
            areas: BTreeMap::new(),
            seen: BTreeSet::new(),
            programs: BTreeMap::new(),
            lines: BTreeMap::new(),
            measures: BTreeMap::new(),
            exchange: BTreeMap::new(),
        }
    }

    const fn prefix(&self) -> &'static str {
        match self.service {
            Service::Uk => "gb",
            Service::Xi => "xi",
        }
    }

    fn take(&mut self, entry: Entry) -> Result<(), ImportError> {
        self.account.made(kind_of(&entry));
        self.out.take(entry).map_err(ImportError::Write)
    }

    /// Takes an entry, unless the very same was taken before.
    fn take_new(&mut self, entry: Entry) -> Result<bool, ImportError> {
        use sha2::{Digest, Sha256};
        let line = serde_json::to_vec(&entry).map_err(|error| ImportError::Write(error.into()))?;
        if !self.seen.insert(Sha256::digest(line).into()) {
            return Ok(false);
        }
        self.take(entry)?;
        Ok(true)
    }

    fn response(&mut self, file: &str, text: &str) -> Result<(), ImportError> {
        let json = json::read(text).map_err(|slip| match slip {
            Slip::Syntax { at, expected } => ImportError::NotThisFormat {
                file: file.to_owned(),
                reason: document::refusal(text)
                    .unwrap_or_else(|| format!("it is no JSON document: at byte {} expected {expected}", at + 1)),
            },
            Slip::Depth => ImportError::TooLarge {
                file: file.to_owned(),
                what: "nesting",
                limit: json::MAX_DEPTH as u64,
                hint: "responses of the API are nested ten deep",
            },
        })?;
        let index = document::index(&json);
        let document = Document::new(&json, &index)
            .map_err(|document::Unknown(reason)| ImportError::NotThisFormat { file: file.to_owned(), reason })?;
        self.begin(&document, file)?;
        self.resources(file, &document)
    }

    /// Finds out whose response it is and of which day, and states the fact.
    fn begin(&mut self, document: &Document<'_>, file: &str) -> Result<(), ImportError> {
        let asked = &document.resources[..document.asked];
        let stated = asked.iter().find_map(|(_, node)| {
            let source = node.calculator().and_then(|note| note.get("source")).and_then(Json::as_text);
            let href =
                node.text("href").and_then(|href| href.strip_prefix('/')).and_then(|href| href.split('/').next());
            source.or(href)
        });
        let service = match (self.options.service, stated) {
            (Some(service), _) => service,
            (None, Some("xi")) => Service::Xi,
            (None, Some("uk")) => Service::Uk,
            (None, _) => self.service,
        };
        if !self.facts.is_empty() && service != self.service {
            return Err(ImportError::NotThisFormat {
                file: file.to_owned(),
                reason: "it belongs to the other tariff; import Great Britain and Northern Ireland apart".into(),
            });
        }
        self.service = service;
        if let Some(kind) = asked
            .iter()
            .find_map(|(kind, node)| (*kind == "exchange_rate_collection").then(|| node.text("type")).flatten())
        {
            self.rate_type = kind.to_owned();
        }
        let day = self.options.as_of.or_else(|| newest_day(&document.resources)).unwrap_or(FIRST_DAY);
        self.newest = self.newest.max(Some(day));
        self.fact = format!("{}.api.{day}", service.key());
        if self.facts.insert(self.fact.clone()) {
            let fact = Fact {
                key: self.fact.clone(),
                topic: "tariff".into(),
                statement: format!(
                    "HMRC published these measures, rates and texts in the {}.",
                    match service {
                        Service::Uk => "UK Trade Tariff for Great Britain",
                        Service::Xi => "Northern Ireland Trade Tariff, which holds the tariff of the European Union",
                    }
                ),
                law: None,
                source: Publisher {
                    publisher: "HMRC".into(),
                    title: Some(format!("Trade Tariff API, version 2, service {}", service.key())),
                    url: Some(format!("https://www.trade-tariff.service.gov.uk/{}/api/v2", service.key())),
                    date: Some(day),
                },
                from: None,
                before: None,
                confidence: Confidence::High,
                note: None,
            };
            self.take(Entry::Fact(fact))?;
        }
        Ok(())
    }

    fn resources(&mut self, file: &str, document: &Document<'_>) -> Result<(), ImportError> {
        let all = &document.resources;
        let quotas: BTreeSet<&str> = all
            .iter()
            .filter(|(kind, _)| *kind == "definition")
            .filter_map(|(_, n)| n.text("quota_order_number_id"))
            .collect();
        // Measures stand under the goods that were asked for.
        let mut goods = None;
        let mut trades: BTreeMap<&str, Trade> = BTreeMap::new();
        for (row, (_, node)) in all[..document.asked].iter().enumerate() {
            if !node.states("import_measures") && !node.states("export_measures") {
                continue;
            }
            for measure in node.many("import_measures") {
                trades.entry(measure.id()).or_default().import = true;
            }
            for measure in node.many("export_measures") {
                trades.entry(measure.id()).or_default().export = true;
            }
            match Goods::new(*node) {
                Ok(made) => goods = Some(made),
                Err(refused) => self.refuse(file, row, &refused),
            }
        }
        // The areas come first: of several copies of one, the one with most members.
        let mut best: BTreeMap<&str, Node<'_>> = BTreeMap::new();
        for (_, node) in all.iter().filter(|(kind, _)| *kind == "geographical_area") {
            let members = |node: &Node<'_>| node.names("children_geographical_areas").len();
            match best.get(node.id()) {
                Some(other) if members(other) >= members(node) => {}
                _ => {
                    best.insert(node.id(), *node);
                }
            }
        }
        let origins: BTreeSet<&str> = all
            .iter()
            .filter(|(kind, node)| *kind == "measure" && trades.contains_key(node.id()))
            .filter_map(|(_, node)| node.one("geographical_area").map(|area| area.id()))
            .collect();
        let mut measures: Vec<Made> = Vec::new();
        for (row, (kind, node)) in all.iter().enumerate() {
            self.account.read(kind);
            match *kind {
                "geographical_area" => self.area(file, row, *node, &mut best, &origins)?,
                "measure" => {
                    let Some((goods, trade)) = goods.as_ref().zip(trades.get(node.id())) else {
                        self.account.left_out(if node.states("duty_expression") {
                            "an overview of a measure, without origin and dates"
                        } else {
                            "a measure that a change or a quota names"
                        });
                        continue;
                    };
                    match self.measure(*node, goods, *trade) {
                        Ok(made) => {
                            let key = (goods.code.clone(), node.id().to_owned());
                            match self.measures.get(&key) {
                                Some(other) if *other == made.measure => {
                                    self.account.left_out("a measure again, on import and on export");
                                }
                                Some(_) if made.measure.kind.is_charged() => {
                                    let refused =
                                        Refused::new("measure", node.id(), "each charge once, or the same each time");
                                    self.refuse(file, row, &refused);
                                }
                                _ => {
                                    self.measures.insert(key, made.measure.clone());
                                    measures.push(made);
                                }
                            }
                        }
                        Err(refused) => self.refuse(file, row, &refused),
                    }
                }
                _ => match self.other(kind, *node, &quotas) {
                    Ok(fate) => self.settle(file, row, fate)?,
                    Err(refused) => self.refuse(file, row, &refused),
                },
            }
        }
        self.programs(all, measures.iter().map(|made| &made.measure));
        let mut excise: Vec<Measure> = Vec::new();
        let rest = measures.iter().any(|made| made.chosen == Some(false));
        for made in measures {
            for reason in made.inexpressible {
                self.account.inexpressible(&reason);
            }
            if made.chosen == Some(true) && !rest {
                excise.push(made.measure.clone());
            }
            if let Some(rate) = made.rate {
                self.take(Entry::Rate(rate))?;
            }
            self.take(Entry::Measure(made.measure))?;
            for more in made.more {
                self.take(Entry::Measure(more))?;
            }
        }
        self.excise_choice(&excise)
    }

    fn refuse(&mut self, file: &str, row: usize, refused: &Refused) {
        self.account.refuse(file, row as u64 + 1, &refused.column, &refused.found, refused.expected.clone());
    }
}

/// The newest day that the resources state as past. A measure may be published before it starts, so starts in the future of
/// every publication are possible; the API gives measures in force on the day asked for, so that their starts are past.
fn newest_day(resources: &[(&str, Node<'_>)]) -> Option<Date> {
    let names = ["effective_start_date", "operation_date", "publication_date", "last_allocation_date"];
    resources
        .iter()
        .flat_map(|(_, node)| names.iter().filter_map(move |name| node.text(name)))
        .filter_map(|text| text.get(..10).and_then(|day| day.parse::<Date>().ok()))
        .max()
}

#[cfg(test)]
mod tests;
