//! US rules of origin: 19 CFR 102.20 and 102.21 by tariff classification, and the parts on marking and labelling.
//!
//! Four kinds of JSON document, told apart by what is in them: a corpus of rules (`corpus`, `rules`), an overlay that adds rules
//! published elsewhere (`overlay`, `rules`), a part of the regulations (`corpus`, `sections`) and the graph of its terms
//! (`edges`). A document is read whole, up to [`crate::document::LIMIT`] bytes; records are made one at a time.
//!
//! [`for_code`] finds the rules of both sections for a code.

use crate::document;
use crate::origin_rules::{self, Span};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tidewaiter::record::edition::{Edition, OriginRule, Text, TextKind};
use tidewaiter::record::{Confidence, Fact, Source as Publisher};

/// Reason of rules whose words were not all read.
pub const TEXT_ONLY: &str = "rule kept as text only";
/// Scheme of the textile rules.
pub const TEXTILES: &str = "us.102.21";
/// Scheme of the other rules by classification.
pub const GENERAL: &str = "us.102.20";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    rule_id: String,
    regime: String,
    htsus: String,
    scope: Vec<String>,
    alternatives: Vec<Value>,
    section: String,
    text: String,
    vintage: String,
    source_url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alternative {
    kind: String,
    shift: Option<Shift>,
    target: Option<Target>,
    text: String,
    residual: bool,
    condition: Option<String>,
    sequence: Option<u32>,
    is_fallback: bool,
    unparsed_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shift {
    sources: Vec<Origin>,
    excluded: Vec<String>,
    #[serde(default)]
    excluded_when: Vec<ExcludedWhen>,
    excluded_descriptions: Vec<String>,
    provisos: Vec<String>,
    raw_source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Origin {
    kind: String,
    level: Option<String>,
    #[allow(dead_code, reason = "the text names them")]
    ranges: Vec<String>,
    outside_that_group: bool,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExcludedWhen {
    ranges: Vec<String>,
    when: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    ranges: Vec<String>,
    description: Option<String>,
    excluding_description: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    section_id: String,
    heading: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    term: String,
    defined_in: String,
    paragraph: Option<String>,
    definition: String,
    verb: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Use {
    term: String,
    used_in: String,
    quote: String,
    #[allow(dead_code, reason = "it is in the section's text")]
    in_definition: bool,
}

/// Reads documents in any order; overlays after the corpus they extend.
///
/// # Errors
/// Where a file cannot be read, is not JSON or is none of the four kinds.
pub fn import(sources: Vec<Source>, out: &mut dyn Sink, account: &mut Account) -> Result<Edition, ImportError> {
    let mut files = Vec::new();
    let mut known_from: Option<Date> = None;
    for mut source in sources {
        let name = source.name().to_owned();
        let document = document::object(&name, document::read(&mut source)?)?;
        let mut import = Import { name: &name, out, account };
        let date = if document.contains_key("overlay") {
            import.overlay(document)?
        } else if document.contains_key("edges") {
            import.graph(document)?
        } else if document.contains_key("rules") {
            import.rules(document)?
        } else if document.contains_key("sections") {
            import.part(document)?
        } else {
            return Err(ImportError::NotThisFormat {
                file: name,
                reason: "expected an object with \"rules\", \"sections\" or \"edges\"".into(),
            });
        };
        known_from = known_from.max(Some(date));
        files.push(source.finish()?);
    }
    Ok(Edition {
        authority: "CBP and FTC".into(),
        territory: Some("US".into()),
        title: "Rules of origin and marking".into(),
        format: "us-origin".into(),
        nomenclature: Some("HTS 2026".into()),
        known_from: known_from
            .ok_or_else(|| ImportError::NotThisFormat { file: String::new(), reason: "no file was given".into() })?,
        licence: Some("US Government work, public domain".into()),
        files,
        ..Edition::default()
    })
}

/// The rules of 19 CFR 102.21 (textiles) and then 102.20 for a code: the most specific first; a rule whose text names
/// other goods of the same entry stands after those that name the code. See [`origin_rules::find`].
pub fn for_code<'a>(entries: &'a [Entry], code: &str) -> Vec<&'a OriginRule> {
    let Some(asked) = Span::parse(code) else { return Vec::new() };
    let mut found = Vec::new();
    for scheme in [TEXTILES, GENERAL] {
        let mut rules = origin_rules::for_code(entries, scheme, code);
        rules.sort_by_key(|rule| {
            rule.other.get("target").is_some_and(|target| {
                !target.split(' ').any(|range| Span::parse(range).is_some_and(|span| span.meets(asked)))
            })
        });
        found.extend(rules);
    }
    found
}

struct Import<'a> {
    name: &'a str,
    out: &'a mut dyn Sink,
    account: &'a mut Account,
}

impl Import<'_> {
    fn take(&mut self, kind: &str, entry: Entry) -> Result<(), ImportError> {
        self.account.made(kind);
        self.out.take(entry).map_err(ImportError::Write)
    }

    fn text(&mut self, code: String, says: &str, other: BTreeMap<String, String>) -> Result<(), ImportError> {
        let says = BTreeMap::from([("en".to_owned(), says.to_owned())]);
        self.take("text", Entry::Text(Text { kind: TextKind::Note, code, says, from: None, before: None, other }))
    }

    fn wrong(&self, reason: String) -> ImportError {
        ImportError::NotThisFormat { file: self.name.to_owned(), reason }
    }

    /// A field that must be text.
    fn field(&self, document: &Map<String, Value>, name: &str) -> Result<String, ImportError> {
        match document.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            _ => Err(self.wrong(format!("expected text in the field \"{name}\""))),
        }
    }

    fn day(&self, text: &str) -> Result<Date, ImportError> {
        text.parse().map_err(|_| self.wrong(format!("\"{text}\" is not a date such as 2026-08-26")))
    }

    fn list(&self, document: &mut Map<String, Value>, name: &str) -> Result<Vec<Value>, ImportError> {
        match document.remove(name) {
            Some(Value::Array(list)) => Ok(list),
            None => Ok(Vec::new()),
            Some(other) => Err(self.wrong(format!("expected a list in \"{name}\", found {}", document::kind(&other)))),
        }
    }

    /// The fact of a corpus and its scheme: `us.102.20` for `19-CFR-102.20`.
    fn corpus(&mut self, document: &Map<String, Value>) -> Result<(String, Date), ImportError> {
        let corpus = self.field(document, "corpus")?;
        let date = self.day(&self.field(document, "source_issue_date")?)?;
        let part = corpus.rsplit('-').next().unwrap_or(&corpus);
        let key = format!("us.{part}");
        let fact = Fact {
            key: key.clone(),
            topic: "origin".into(),
            statement: self.field(document, "applies_to")?,
            law: Some(self.field(document, "authority")?),
            source: Publisher {
                publisher: if corpus.starts_with("16") {
                    "Federal Trade Commission"
                } else {
                    "US Customs and Border Protection"
                }
                .into(),
                title: Some(self.field(document, "title")?),
                url: Some(self.field(document, "source_url")?),
                date: Some(date),
            },
            from: None,
            before: None,
            confidence: Confidence::Medium,
            note: document.get("inclusion_rule").map(document::text),
        };
        self.take("fact", Entry::Fact(fact))?;
        Ok((key, date))
    }

    /// Refuses a file whose own count of rows is another than ours.
    fn agree(&mut self, document: &Map<String, Value>, name: &str, ours: u64) {
        let theirs = document.get("counts").and_then(|counts| counts.get(name)).and_then(Value::as_u64);
        if let Some(theirs) = theirs.filter(|theirs| *theirs != ours) {
            self.account.refuse(self.name, 0, "counts", &theirs.to_string(), format!("{ours} {name}, as in the file"));
        }
    }

    fn rules(&mut self, mut document: Map<String, Value>) -> Result<Date, ImportError> {
        let (key, date) = self.corpus(&document)?;
        for (n, value) in (1..).zip(self.list(&mut document, "anomalies")?) {
            self.account.read("anomaly");
            let (says, other) = split(value, "detail");
            self.text(format!("{key}/anomaly/{n}"), &says, other)?;
        }
        let covers = self.list(&mut document, "covers")?;
        let notes = self.list(&mut document, "covers_notes")?;
        if !covers.is_empty() {
            self.account.read("covers");
            let join = |list: &[Value]| list.iter().map(document::text).collect::<Vec<_>>().join(", ");
            let other = BTreeMap::from([("notes".to_owned(), join(&notes))]);
            self.text(format!("{key}/covers"), &join(&covers), other)?;
        }
        let rules = self.list(&mut document, "rules")?;
        self.agree(&document, "rules", rules.len() as u64);
        let alternatives = self.each_rule(rules, &key, &key, None)?;
        self.agree(&document, "alternatives", alternatives);
        Ok(date)
    }

    fn overlay(&mut self, mut document: Map<String, Value>) -> Result<Date, ImportError> {
        let overlay = self.field(&document, "overlay")?;
        let extends = self.field(&document, "extends")?;
        let Some(Value::Object(provenance)) = document.remove("provenance") else {
            return Err(self.wrong("expected an object in the field \"provenance\"".into()));
        };
        let of = |name: &str| provenance.get(name).map(document::text).unwrap_or_default();
        let date = self.day(&of("retrieved"))?;
        let scheme = format!("us.{}", extends.rsplit('-').next().unwrap_or(&extends));
        let fact = Fact {
            key: format!("us.{overlay}"),
            topic: "origin".into(),
            statement: format!(
                "Rules of {extends} as published in {}; the consolidated text lacks them.",
                of("origin")
            ),
            law: Some(of("origin")),
            source: Publisher {
                publisher: "US Customs and Border Protection".into(),
                title: Some(of("origin")),
                url: None,
                date: Some(date),
            },
            from: None,
            before: None,
            confidence: Confidence::Medium,
            note: Some(format!("{} ({})", of("note"), of("reviewed_by"))),
        };
        let cites = fact.key.clone();
        self.take("fact", Entry::Fact(fact))?;
        let rules = self.list(&mut document, "rules")?;
        self.each_rule(rules, &scheme, &cites, Some(&overlay))?;
        Ok(date)
    }

    /// Gives the number of alternatives.
    fn each_rule(
        &mut self,
        rules: Vec<Value>,
        scheme: &str,
        fact: &str,
        overlay: Option<&str>,
    ) -> Result<u64, ImportError> {
        let mut alternatives = 0;
        for (row, value) in (1u64..).zip(rules) {
            self.account.read("rule");
            let Some(rule) = document::record::<RuleRow>(value, self.name, row, "rules", self.account) else {
                continue;
            };
            alternatives += rule.alternatives.len() as u64;
            self.rule(row, rule, scheme, fact, overlay)?;
        }
        Ok(alternatives)
    }

    fn rule(
        &mut self,
        row: u64,
        rule: RuleRow,
        scheme: &str,
        fact: &str,
        overlay: Option<&str>,
    ) -> Result<(), ImportError> {
        let RuleRow { rule_id, regime, htsus, scope, alternatives, section, text, vintage, source_url } = rule;
        if alternatives.is_empty() {
            self.account.refuse(self.name, row, "alternatives", "", "at least one way to meet the rule");
            return Ok(());
        }
        let scope_codes = codes(&scope);
        let other = [
            ("regime", regime),
            ("htsus", htsus.clone()),
            ("section", section),
            ("vintage", vintage),
            ("source_url", source_url),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        self.text(rule_id.clone(), &text, other)?;
        let several = alternatives.len() > 1;
        for (n, value) in (1u32..).zip(alternatives) {
            self.account.read("rule.alternative");
            let Some(way) = document::record::<Alternative>(value, self.name, row, "alternatives", self.account) else {
                continue;
            };
            let target =
                way.target.as_ref().map(|target| codes(&target.ranges).unwrap_or_default()).unwrap_or_default();
            let mut other = BTreeMap::from([("rule".to_owned(), rule_id.clone())]);
            // An entry whose key runs backwards is for the codes that its text names.
            let rule_codes = match &scope_codes {
                Some(codes) => codes.clone(),
                None if target.is_empty() => {
                    self.account.refuse(self.name, row, "scope", &scope.join(" "), "codes such as 0901.21-0901.22");
                    continue;
                }
                None => {
                    put(
                        &mut other,
                        "anomaly",
                        format!("the key {htsus} runs backwards: the codes are those of the text"),
                    );
                    target.clone()
                }
            };
            if target != rule_codes {
                put(&mut other, "target", target.join(" "));
            }
            put(&mut other, "kind", way.kind.clone());
            if let Some(target) = &way.target {
                put(&mut other, "goods", target.description.clone().unwrap_or_default());
                put(&mut other, "goods_except", target.excluding_description.clone().unwrap_or_default());
            }
            put(&mut other, "condition", way.condition.clone().unwrap_or_default());
            put(&mut other, "sequence", way.sequence.map(|n| n.to_string()).unwrap_or_default());
            put(&mut other, "residual", if way.residual { "true".into() } else { String::new() });
            put(&mut other, "is_fallback", if way.is_fallback { "true".into() } else { String::new() });
            put(&mut other, "unparsed_reason", way.unparsed_reason.clone().unwrap_or_default());
            put(&mut other, "overlay", overlay.unwrap_or_default().to_owned());
            match reading(&way) {
                Some(reading) => put(&mut other, "reading", reading),
                None => self.account.inexpressible(TEXT_ONLY),
            }
            let entry = OriginRule {
                scheme: scheme.to_owned(),
                codes: rule_codes,
                heading: Some(htsus.clone()),
                classes: classes(&way),
                says: way.text,
                alternative: several.then_some(n),
                from: None,
                before: None,
                cites: vec![fact.to_owned()],
                other,
            };
            self.take("origin-rule", Entry::OriginRule(entry))?;
        }
        Ok(())
    }

    fn part(&mut self, mut document: Map<String, Value>) -> Result<Date, ImportError> {
        let (key, date) = self.corpus(&document)?;
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let (mut sections, mut terms, mut uses) = (0, 0, 0);
        for (row, value) in (1u64..).zip(self.list(&mut document, "sections")?) {
            self.account.read("section");
            sections += 1;
            let Some(section) = document::record::<Section>(value, self.name, row, "sections", self.account) else {
                continue;
            };
            let other = BTreeMap::from([("heading".to_owned(), section.heading)]);
            self.text(format!("{key}/{}", section.section_id), &section.text, other)?;
            texts.insert(section.section_id, section.text);
        }
        for (row, value) in (1u64..).zip(self.list(&mut document, "terms")?) {
            self.account.read("term");
            terms += 1;
            let Some(term) = document::record::<Term>(value, self.name, row, "terms", self.account) else { continue };
            let mut other = BTreeMap::from([("defined_in".to_owned(), term.defined_in)]);
            put(&mut other, "paragraph", term.paragraph.unwrap_or_default());
            put(&mut other, "verb", term.verb.unwrap_or_default());
            self.text(format!("{key}/term/{}", term.term), &term.definition, other)?;
        }
        for (row, value) in (1u64..).zip(self.list(&mut document, "uses")?) {
            self.account.read("use");
            uses += 1;
            let Some(term) = document::record::<Use>(value, self.name, row, "uses", self.account) else { continue };
            if texts.get(&term.used_in).is_some_and(|text| text.contains(&term.quote)) {
                self.account.left_out("a use of a term: the words stand in their section");
            } else {
                self.account.refuse(
                    self.name,
                    row,
                    "quote",
                    &term.quote,
                    format!("words of section {} on {}", term.used_in, term.term),
                );
            }
        }
        for (n, value) in (1..).zip(self.list(&mut document, "notes")?) {
            self.account.read("note");
            let (says, other) = split(value, "detail");
            self.text(format!("{key}/note/{n}"), &says, other)?;
        }
        self.agree(&document, "sections", sections);
        self.agree(&document, "defined_terms", terms);
        self.agree(&document, "use_sites", uses);
        Ok(date)
    }

    fn graph(&mut self, mut document: Map<String, Value>) -> Result<Date, ImportError> {
        let date = self.day(&self.field(&document, "built_on")?)?;
        for (n, value) in (1u64..).zip(self.list(&mut document, "edges")?) {
            self.account.read("edge");
            let (term, other) = split(value, "term");
            match other.get("resolution").map(String::as_str) {
                Some("in_part") => self.account.left_out("a term that its own part defines"),
                Some(_) if !term.is_empty() => self.text(format!("us.terms/{n}"), &term, other)?,
                _ => self.account.refuse(self.name, n, "edges", &term, "an edge with term and resolution"),
            }
        }
        Ok(date)
    }
}

/// The codes of ranges, without points; nothing where one is no range.
fn codes(ranges: &[String]) -> Option<Vec<String>> {
    let mut codes: Vec<String> = Vec::new();
    for range in ranges {
        let written = Span::parse(range)?.written();
        if !codes.contains(&written) {
            codes.push(written);
        }
    }
    (!codes.is_empty()).then_some(codes)
}

const fn step(level: Option<&str>) -> Option<&'static str> {
    // `match` on text is not yet constant.
    match level {
        Some(level) => match level.as_bytes() {
            b"chapter" => Some("CC"),
            b"heading" => Some("CTH"),
            b"subheading" => Some("CTSH"),
            _ => None,
        },
        None => None,
    }
}

/// The classes of change that the structured part states.
fn classes(way: &Alternative) -> Vec<String> {
    let mut classes: Vec<String> = Vec::new();
    for origin in way.shift.iter().flat_map(|shift| &shift.sources) {
        let class = if origin.kind == "any_other" { step(origin.level.as_deref()) } else { None };
        if let Some(class) = class.filter(|class| !classes.iter().any(|c| c == class)) {
            classes.push(class.to_owned());
        }
    }
    classes
}

/// The rule in short words, where the structured part holds all of its text: what stands before the first "from" is the
/// goods, what stands after is the source as it was read, then the provisos.
fn reading(way: &Alternative) -> Option<String> {
    let shift = way.shift.as_ref().filter(|_| way.unparsed_reason.is_none() && way.kind == "tariff_shift")?;
    let (before, after) = way.text.split_once(" from ")?;
    let described = way.condition.is_some() || way.target.as_ref().is_some_and(|target| target.description.is_some());
    if !described && !names_codes_only(before) {
        return None;
    }
    let mut rest = after.strip_prefix(shift.raw_source.as_str())?;
    for proviso in &shift.provisos {
        rest = rest.trim_start_matches([',', ' ', ';']).strip_prefix(proviso.as_str())?;
    }
    if !rest.trim_matches(['.', ';', ',', ' ']).is_empty() || shift.sources.is_empty() || !excepts_codes_only(shift) {
        return None;
    }
    let mut parts = Vec::new();
    for origin in &shift.sources {
        parts.push(match origin.kind.as_str() {
            "any_other" if !is_plain(origin) => return None,
            "any_other" if origin.outside_that_group => {
                format!("{} from outside the group", step(origin.level.as_deref())?)
            }
            "any_other" => step(origin.level.as_deref())?.to_owned(),
            "same_position" | "named" => {
                format!("from {}", origin.text.trim_start_matches("from ").trim_end_matches("; or"))
            }
            _ => return None,
        });
    }
    let mut reading = parts.join(" or ");
    if !shift.excluded.is_empty() {
        reading.push_str(" except ");
        reading.push_str(&codes(&shift.excluded)?.join(" "));
    }
    for excluded in &shift.excluded_when {
        reading.push_str(&format!(" except {} {}", codes(&excluded.ranges)?.join(" "), excluded.when));
    }
    for words in &shift.excluded_descriptions {
        reading.push_str(&format!(" except {}", words.trim_start_matches("except ").trim_start_matches("from ")));
    }
    for proviso in &shift.provisos {
        reading.push_str(&format!(", {}", proviso.trim_end_matches("; or")));
    }
    Some(reading)
}

/// Whether what the change is to is codes and nothing else: goods that are left out would have to be named.
fn names_codes_only(words: &str) -> bool {
    const WORDS: [&str; 15] = [
        "a",
        "change",
        "to",
        "any",
        "good",
        "goods",
        "of",
        "chapter",
        "heading",
        "headings",
        "subheading",
        "subheadings",
        "through",
        "and",
        "or",
    ];
    words
        .split([' ', ',', ';'])
        .map(|word| word.trim_end_matches('.').to_lowercase())
        .all(|word| word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) || WORDS.contains(&word.as_str()))
}

/// Whether the words of an "any other" source say nothing that its level and group do not.
fn is_plain(origin: &Origin) -> bool {
    let level = origin.level.as_deref().unwrap_or_default();
    let text = origin.text.trim_start_matches("from ").trim_end_matches("; or");
    let text = text
        .trim_end_matches(&format!(", including another {level} within that group"))
        .trim_end_matches(&format!(", including any {level} within that group"));
    if origin.outside_that_group {
        text == format!("any other {level} outside that group") || text == format!("any {level} outside that group")
    } else {
        text == format!("any other {level}")
    }
}

/// Whether what is excepted is codes and nothing else, or stands word for word in the structured part: "fillets of
/// heading 0304" is not heading 0304.
fn excepts_codes_only(shift: &Shift) -> bool {
    const WORDS: [&str; 15] = [
        "except",
        "from",
        "for",
        "any",
        "other",
        "chapter",
        "chapters",
        "heading",
        "headings",
        "subheading",
        "subheadings",
        "through",
        "and",
        "or",
        "to",
    ];
    let Some(start) = shift.raw_source.find("except") else { return true };
    let mut tail = shift.raw_source[start..].to_owned();
    let whens = shift.excluded_when.iter().map(|excluded| &excluded.when);
    for known in shift.excluded_descriptions.iter().chain(whens) {
        tail = tail.replacen(known.as_str(), " ", 1);
    }
    let excluded = |number: &str| {
        let number = if number.len() == 1 { format!("0{number}") } else { number.to_owned() };
        let whens = shift.excluded_when.iter().flat_map(|excluded| &excluded.ranges);
        shift.excluded.iter().chain(whens).any(|range| range.split('-').any(|end| end == number))
    };
    tail.split([' ', ',', ';']).map(|word| word.trim_end_matches('.')).all(|word| {
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        word.is_empty() || if number { excluded(word) } else { WORDS.contains(&word.to_lowercase().as_str()) }
    })
}

/// One field as text, the others as official fields.
fn split(value: Value, says: &str) -> (String, BTreeMap<String, String>) {
    let Value::Object(mut map) = value else { return (document::text(&value), BTreeMap::new()) };
    let said = map.remove(says).map(|value| document::text(&value)).unwrap_or_default();
    let other = map
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name, document::text(&value)))
        .collect();
    (said, other)
}

fn put(other: &mut BTreeMap<String, String>, name: &str, value: String) {
    if !value.is_empty() {
        other.insert(name.to_owned(), value);
    }
}

/// Reads bytes as any kind of file; for fuzzing.
pub fn fuzz(bytes: &[u8]) {
    let Ok(source) = Source::new("x.json", std::io::Cursor::new(bytes.to_vec()), crate::Limits::default()) else {
        return;
    };
    let mut entries: Vec<Entry> = Vec::new();
    let _ = import(vec![source], &mut entries, &mut Account::default());
    let _ = for_code(&entries, "6109.10");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn run(text: &str) -> (Result<Edition, ImportError>, Vec<Entry>, Account) {
        let (mut entries, mut account) = (Vec::new(), Account::default());
        let source = Source::new("a.json", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
        let edition = import(vec![source], &mut entries, &mut account);
        (edition, entries, account)
    }

    fn corpus(htsus: &str, sources: &str, raw: &str, text: &str) -> String {
        format!(
            r#"{{"corpus":"19-CFR-102.20","title":"T","authority":"19 CFR 102.20","applies_to":"All.","source_url":"u","source_issue_date":"2026-08-26",
            "counts":{{"rules":1,"alternatives":1}},"rules":[{{"rule_id":"102.20/x","regime":"US","htsus":"{htsus}","scope":["{htsus}"],"section":"S","text":"T","vintage":"V","source_url":"u",
            "alternatives":[{{"kind":"tariff_shift","shift":{{"sources":[{sources}],"excluded":["2607"],"excluded_when":[],"excluded_descriptions":[],"provisos":[],"raw_source":"{raw}"}},
            "target":{{"ranges":["0901.21"],"description":null,"excluding_description":null}},"text":"{text}","residual":false,"condition":null,"sequence":null,"is_fallback":false,"unparsed_reason":null}}]}}]}}"#
        )
    }

    const OTHER: &str =
        r#"{"kind":"any_other","level":"heading","ranges":[],"outside_that_group":false,"text":"any other heading"}"#;

    #[test]
    fn a_rule_is_read_where_all_its_words_are() {
        let raw = "any other heading, except from heading 2607";
        let (edition, entries, account) =
            run(&corpus("0901.21-0901.22", OTHER, raw, &format!("A change to subheading 0901.21 from {raw}.")));
        assert!(edition.is_ok() && account.is_clean(), "{account:?}");
        let rules = for_code(&entries, "0901.22.00");
        assert_eq!(rules.len(), 1);
        assert_eq!(
            (rules[0].classes.as_slice(), rules[0].other["reading"].as_str()),
            (&["CTH".to_owned()][..], "CTH except 2607")
        );
        assert_eq!((rules[0].codes[0].as_str(), rules[0].other["target"].as_str()), ("090121-090122", "090121"));
        let fillets = "any other heading, except from fillets of heading 2607";
        let (_, _, account) =
            run(&corpus("0901.21", OTHER, fillets, &format!("A change to heading 0901 from {fillets}.")));
        assert_eq!(account.inexpressible.get(TEXT_ONLY), Some(&1));
        let more = "any other heading, except from heading 2607 or 2610";
        let (_, _, account) = run(&corpus("0901.21", OTHER, more, &format!("A change to heading 0901 from {more}.")));
        assert_eq!(account.inexpressible.get(TEXT_ONLY), Some(&1));
        // Words before the source that the structure leaves out.
        let (_, _, account) =
            run(&corpus("0901.21", OTHER, raw, &format!("A change to heading 0901 from green coffee or from {raw}.")));
        assert_eq!(account.inexpressible.get(TEXT_ONLY), Some(&1));
    }

    #[test]
    fn a_key_that_runs_backwards_takes_the_codes_of_the_text() {
        let (_, entries, account) =
            run(&corpus("4441-4421", OTHER, "any other heading", "A change to heading 0901 from any other heading."));
        assert!(account.is_clean());
        assert_eq!(for_code(&entries, "0901.21").len(), 1);
        assert!(for_code(&entries, "4430").is_empty());
    }

    #[test]
    fn wrong_counts_and_rows_are_refused() {
        let good = corpus("0901.21", OTHER, "any other heading", "A change to heading 0901 from any other heading.");
        for (bad, column) in [
            (good.replace("\"alternatives\":1", "\"alternatives\":2"), "counts"),
            (good.replace("\"residual\":false", "\"residual\":3"), "alternatives"),
            (good.replace("\"vintage\":\"V\"", "\"vintage\":\"V\",\"new\":1"), "rules"),
        ] {
            let (_, _, account) = run(&bad);
            assert_eq!(account.refusals[0].column, column);
        }
        let part = r#"{"corpus":"19-CFR-134","title":"T","authority":"A","applies_to":"All.","source_url":"u","source_issue_date":"2026-08-26",
            "sections":[{"section_id":"1","heading":"H","text":"some words"}],"uses":[{"term":"t","used_in":"1","quote":"other words","in_definition":false}]}"#;
        let (_, _, account) = run(part);
        assert_eq!(account.refusals[0].column, "quote");
    }

    #[test]
    fn other_files_are_not_this_format() {
        for text in [
            "",
            "[]",
            "{}",
            "{\"rules\":[]}",
            "{\"overlay\":1}",
            "{\"edges\":[]}",
            "{\"edges\":3,\"built_on\":\"2026-01-01\"}",
        ] {
            assert!(run(text).0.is_err(), "{text}");
            fuzz(text.as_bytes());
        }
    }
}
