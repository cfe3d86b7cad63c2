//! UK rules of origin: the schemes of Great Britain and Northern Ireland and the product rules of each agreement.
//!
//! Two kinds of JSON document, told apart by what is in them: a list of schemes (`schemes`) with members, proofs, cumulation,
//! articles; and the rule sets of one scheme (`rule_sets`), whose scheme is the name of the file up to its first
//! point. A document is read whole, up to [`crate::document::LIMIT`] bytes; records are made one at a time.

mod rows;
mod rules;

use crate::document;
use crate::origin_reading;
use crate::origin_rules::{
    LIST, LIST_ARTICLE, LIST_CUMULATION, LIST_DETAILS, LIST_LINK, LIST_PROOF, LIST_PROOF_CODE, SCHEME,
};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use rows::{CumulationRow, LinkRow, ProofRow, Scheme};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::edition::{Edition, Program, Text, TextKind};
use tidewaiter::record::{Confidence, Fact, Places, Source as Publisher};

/// What the files do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Day on which the files were published.
    pub published: Date,
    /// Destination whose rule sets these are, in small letters: `gb`. The files of product rules do not say it.
    pub destination: String,
}

impl Options {
    /// Files of Great Britain, published on this day.
    pub fn new(published: Date) -> Self {
        Self { published, destination: "gb".into() }
    }
}

/// Reason of rules that were not read into short words.
pub const TEXT_ONLY: &str = "rule kept as text only";

/// Codes that the UK tariff writes in its own way, and those of `territories.toml`.
const OWN_CODES: [(&str, &str); 1] = [("XS", "RS")];

/// Reads the files of schemes first, then those of product rules.
///
/// # Errors
/// Where a file cannot be read, is not JSON, or is neither a list of schemes nor rule sets.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut files = Vec::new();
    let mut titles: BTreeMap<String, String> = BTreeMap::new();
    let mut rule_files: Vec<(String, String)> = Vec::new();
    let mut territories = BTreeSet::new();
    for mut source in sources {
        let name = source.name().to_owned();
        let mut document = document::object(&name, document::read(&mut source)?)?;
        let mut import = Import { name: &name, options, out, account };
        if let Some(schemes) = document.remove("schemes") {
            let destination = import.schemes(document, schemes, &mut titles)?;
            territories.insert(destination);
        } else if let Some(sets) = document.remove("rule_sets") {
            let key = import.rule_sets(document, sets, &titles)?;
            territories.insert(options.destination.clone());
            rule_files.push((name.clone(), key));
        } else {
            return Err(ImportError::NotThisFormat {
                file: name,
                reason: "expected an object with \"schemes\" or with \"rule_sets\"".into(),
            });
        }
        files.push(source.finish()?);
    }
    if !titles.is_empty() {
        for (name, key) in rule_files {
            if !titles.contains_key(&key) {
                account.refuse(&name, 0, "", &key, "a file named after a scheme of the list, read after the list");
            }
        }
    }
    Ok(Edition {
        authority: "HMRC".into(),
        territory: (territories.len() == 1).then(|| territories.iter().map(|t| t.to_uppercase()).collect()),
        title: "Rules of origin".into(),
        format: "uk-origin".into(),
        known_from: options.published,
        licence: Some("Open Government Licence v3.0".into()),
        files,
        ..Edition::default()
    })
}

struct Import<'a> {
    name: &'a str,
    options: &'a Options,
    out: &'a mut dyn Sink,
    account: &'a mut Account,
}

impl Import<'_> {
    fn take(&mut self, kind: &str, entry: Entry) -> Result<(), ImportError> {
        self.account.made(kind);
        self.out.take(entry).map_err(ImportError::Write)
    }

    fn text(&mut self, code: String, says: &str, other: BTreeMap<String, String>) -> Result<(), ImportError> {
        let says = if says.is_empty() { BTreeMap::new() } else { BTreeMap::from([("en".to_owned(), says.to_owned())]) };
        let text = Text { kind: TextKind::Other, code, says, from: None, before: None, other };
        self.take("text", Entry::Text(text))
    }

    fn fact(&mut self, key: String, statement: String, title: &str, law: Option<String>) -> Result<(), ImportError> {
        let fact = Fact {
            key,
            topic: "origin".into(),
            statement,
            law,
            source: Publisher {
                publisher: "HMRC and the Department for Business and Trade".into(),
                title: Some(title.into()),
                url: Some("https://www.trade-tariff.service.gov.uk".into()),
                date: Some(self.options.published),
            },
            from: None,
            before: None,
            confidence: Confidence::High,
            note: None,
        };
        self.take("fact", Entry::Fact(fact))
    }

    /// Gives the destination: `gb` for the scope `uk`, else the scope.
    fn schemes(
        &mut self,
        mut document: Map<String, Value>,
        schemes: Value,
        titles: &mut BTreeMap<String, String>,
    ) -> Result<String, ImportError> {
        let wrong = |reason: &str| ImportError::NotThisFormat { file: self.name.to_owned(), reason: reason.into() };
        let destination = match document.remove("scope") {
            Some(Value::String(scope)) if scope == "uk" => "gb".to_owned(),
            Some(Value::String(scope)) if scope == "xi" => scope,
            _ => return Err(wrong("expected \"scope\": \"uk\" or \"xi\" beside the schemes")),
        };
        let Value::Array(schemes) = schemes else { return Err(wrong("expected a list of schemes")) };
        let fact = format!("{destination}.origin.schemes");
        let statement = match destination.as_str() {
            "gb" => {
                "The preference schemes under which goods come into Great Britain, their members, proofs of origin and cumulation."
            }
            _ => {
                "The preference schemes of the European Union that apply to goods coming into Northern Ireland, and their members."
            }
        };
        self.fact(fact.clone(), statement.into(), self.name, None)?;
        if let Some(links) = document.remove("links") {
            self.links(links, &destination, None)?;
        }
        if let Some(Value::Object(urls)) = document.remove("proof_urls") {
            for (class, url) in urls {
                self.account.read("proof_url");
                let other = BTreeMap::from([
                    ("proof_class".to_owned(), class.clone()),
                    ("url".to_owned(), document::text(&url)),
                ]);
                self.text(format!("{destination}/proof-url/{class}"), "", other)?;
            }
        }
        for (field, value) in document {
            self.account.read(&field);
            self.account.refuse(
                self.name,
                0,
                &field,
                &document::text(&value),
                "only scope, links, proof_urls and schemes",
            );
        }
        for (row, value) in (1u64..).zip(schemes) {
            self.account.read("scheme");
            let Some(scheme) = document::record::<Scheme>(value, self.name, row, "schemes", self.account) else {
                continue;
            };
            self.scheme(row, scheme, &destination, &fact, titles)?;
        }
        Ok(destination)
    }

    fn date(&mut self, row: u64, column: &str, text: Option<&str>) -> Result<Option<Date>, ()> {
        let Some(text) = text else { return Ok(None) };
        text.parse()
            .map(Some)
            .map_err(|_| self.account.refuse(self.name, row, column, text, "a date such as 2021-01-01"))
    }

    fn scheme(
        &mut self,
        row: u64,
        scheme: Scheme,
        destination: &str,
        fact: &str,
        titles: &mut BTreeMap<String, String>,
    ) -> Result<(), ImportError> {
        let key = format!("{destination}.{}", scheme.scheme_code);
        if titles.insert(key.clone(), scheme.title.trim().to_owned()).is_some() {
            self.account.refuse(self.name, row, "scheme_code", &scheme.scheme_code, "one scheme of a code");
            return Ok(());
        }
        let Ok(from) = self.date(row, "validity_start_date", scheme.validity_start_date.as_deref()) else {
            return Ok(());
        };
        let Ok(last) = self.date(row, "validity_end_date", scheme.validity_end_date.as_deref()) else { return Ok(()) };
        let before = last.and_then(|last| last.tomorrow().ok());
        let (origin, groups): (Vec<String>, Vec<String>) = scheme
            .countries
            .iter()
            .map(|place| own_code(place).to_owned())
            .partition(|place| place.len() == 2 && place.bytes().all(|b| b.is_ascii_uppercase()));
        if origin.is_empty() {
            self.account.refuse(
                self.name,
                row,
                "countries",
                &scheme.countries.join(" "),
                "at least one territory code of two letters",
            );
            return Ok(());
        }
        let mut proofs = Vec::new();
        for (n, value) in (1..).zip(scheme.proofs) {
            self.account.read("scheme.proof");
            let Some(proof) = document::record::<ProofRow>(value, self.name, row, "proofs", self.account) else {
                continue;
            };
            let mut sentence = proof.summary.trim().to_owned();
            if !proof.subtext.trim().is_empty() {
                sentence = format!("{sentence} ({})", proof.subtext.trim());
            }
            proofs.push(sentence);
            let mut other = tagged(&key, LIST_PROOF);
            other.insert("proof_class".into(), proof.proof_class);
            put(&mut other, "subtext", Some(proof.subtext));
            put(&mut other, "detail", Some(proof.detail));
            self.text(format!("{key}/proof/{n}"), &proof.summary, other)?;
        }
        let footnote = scheme.footnote.filter(|note| !note.is_empty());
        let program = Program {
            key: key.clone(),
            name: scheme.title.trim().to_owned(),
            origin: Places::Many(origin),
            proof: (!proofs.is_empty()).then(|| proofs.join("; or ")),
            from,
            before,
            cites: vec![fact.to_owned()],
            note: footnote.as_deref().map(|note| origin_reading::plain(note).trim().to_owned()),
        };
        self.take("program", Entry::Program(program))?;

        for (element, says) in scheme.proof_codes {
            self.account.read("scheme.proof_code");
            let mut other = tagged(&key, LIST_PROOF_CODE);
            other.insert("element".into(), element.trim_end_matches(':').to_owned());
            self.text(format!("{key}/proof-code/{}", element.trim_end_matches(':')), &document::text(&says), other)?;
        }
        for (method, value) in scheme.cumulation_methods {
            self.account.read("scheme.cumulation");
            let Some(places) =
                document::record::<CumulationRow>(value, self.name, row, "cumulation_methods", self.account)
            else {
                continue;
            };
            let mut other = tagged(&key, LIST_CUMULATION);
            other.insert("method".into(), method.clone());
            other.insert("countries".into(), places.countries.join(" "));
            self.text(format!("{key}/cumulation/{method}"), "", other)?;
        }
        for (number, about) in scheme.articles {
            self.account.read("scheme.article");
            let mut other = tagged(&key, LIST_ARTICLE);
            other.insert("number".into(), number.clone());
            self.text(format!("{key}/{number}"), &document::text(&about), other)?;
        }
        self.links(Value::Array(scheme.links), &key, Some("scheme.link"))?;
        self.links(Value::Array(scheme.explainers), &key, Some("scheme.explainer"))?;

        self.account.read("scheme.details");
        let mut other = tagged(&key, LIST_DETAILS);
        for (field, value) in scheme.ord {
            put(&mut other, &format!("ord.{}", field.trim_start_matches("ord_")), Some(document::text(&value)));
        }
        for (field, value) in scheme.features {
            put(&mut other, &format!("features.{field}"), Some(document::text(&value)));
        }
        put(&mut other, "introductory_notes_file", scheme.introductory_notes_file);
        put(&mut other, "fta_intro_file", scheme.fta_intro_file);
        put(&mut other, "footnote", footnote);
        put(&mut other, "notes", scheme.notes);
        put(&mut other, "unilateral", scheme.unilateral.map(|yes| yes.to_string()));
        put(&mut other, "adopted_by_uk", scheme.adopted_by_uk.map(|yes| yes.to_string()));
        put(
            &mut other,
            "show_proofs_for_geographical_areas",
            Some(scheme.show_proofs_for_geographical_areas.join(" ")),
        );
        put(&mut other, "group", Some(groups.join(" ")));
        put(&mut other, "countries", Some(scheme.countries.join(" ")));
        self.text(format!("{key}/details"), "", other)
    }

    fn links(&mut self, links: Value, key: &str, kind: Option<&str>) -> Result<(), ImportError> {
        let kind = kind.unwrap_or("link");
        let Value::Array(links) = links else {
            self.account.read(kind);
            self.account.refuse(self.name, 0, kind, document::kind(&links), "a list of pages with text and url");
            return Ok(());
        };
        for (n, value) in (1u64..).zip(links) {
            self.account.read(kind);
            let Some(link) = document::record::<LinkRow>(value, self.name, n, kind, self.account) else { continue };
            if link.text.is_empty() && link.url.is_empty() {
                self.account.left_out("an empty link");
                continue;
            }
            let mut other = tagged(key, LIST_LINK);
            other.insert("url".into(), link.url);
            let list = kind.rsplit('.').next().unwrap_or(kind);
            self.text(format!("{key}/{list}/{n}"), &link.text, other)?;
        }
        Ok(())
    }
}

fn own_code(place: &str) -> &str {
    OWN_CODES.iter().find(|(theirs, _)| *theirs == place).map_or(place, |(_, ours)| ours)
}

fn tagged(scheme: &str, list: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(SCHEME.to_owned(), scheme.to_owned()), (LIST.to_owned(), list.to_owned())])
}

fn put(other: &mut BTreeMap<String, String>, name: &str, value: Option<String>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        other.insert(name.to_owned(), value);
    }
}

/// Reads bytes as either kind of file; for fuzzing.
pub fn fuzz(bytes: &[u8]) {
    for name in ["roo_schemes_uk.json", "x.json"] {
        let source = Source::new(name, std::io::Cursor::new(bytes.to_vec()), crate::Limits::default());
        let mut entries: Vec<Entry> = Vec::new();
        let mut account = Account::default();
        if let Ok(source) = source {
            let options = Options::new(Date::constant(2026, 1, 1));
            let _ = import(vec![source], &options, &mut entries, &mut account);
        }
        let _ = crate::origin_rules::for_code(&entries, "gb.x", "6109.10");
    }
}

#[cfg(test)]
mod tests;
