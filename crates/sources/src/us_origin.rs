//! US rules of origin: 19 CFR 102.20 and 102.21 by tariff classification, and the parts on marking and labelling.
//!
//! Four kinds of JSON document, told apart by what is in them: a corpus of rules (`corpus`, `rules`), an overlay that adds rules
//! published elsewhere (`overlay`, `rules`), a part of the regulations (`corpus`, `sections`) and the graph of its terms
//! (`edges`). A document is read whole, up to [`crate::document::LIMIT`] bytes; records are made one at a time.
//!
//! [`for_code`] finds the rules of both sections for a code.

mod reading;
mod rows;

use crate::document;
use crate::origin_rules::{self, Span};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use reading::{classes, codes, reading};
use rows::{Alternative, RuleRow, Section, Term, Use};
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
mod tests;
