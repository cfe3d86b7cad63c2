//! The sheets About and Sources: who says it, where, in which law.

use super::Reader;
use super::columns::{ABOUT, ABOUT_EXAMPLES, Column, Holds};
use super::grid::Row;
use super::words::nearest;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::record::edition::{Edition, OfficialFile};
use tidewaiter::record::{Fact, Source, grammar};

/// Columns of the sheet About.
pub(super) const GRID: &[Column] = &[
    Column { name: "Field", holds: Holds::Text, required: true, width: 22, help: "Leave these words as they are." },
    Column { name: "Answer", holds: Holds::Text, required: false, width: 50, help: "Fill in this column." },
    Column { name: "What it means", holds: Holds::Text, required: false, width: 90, help: "Help; it is not read." },
];

/// What the sheet About says.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    /// Answers by field, each in a row of its own.
    pub(super) rows: BTreeMap<&'static str, Row>,
    /// Rows of all fields, answered or not.
    numbers: BTreeMap<&'static str, u64>,
    pub(super) place: String,
    /// What keys begin with.
    pub(super) prefix: String,
    pub(super) known_from: Date,
}

impl About {
    pub(super) fn text(&self, field: &str) -> Option<String> {
        self.rows.get(field).and_then(|r| r.text(field))
    }

    /// Row of a field, or of the heading.
    pub(super) fn row(&self, field: &str) -> u64 {
        self.numbers.get(field).copied().unwrap_or(1)
    }

    pub(super) fn edition(&self, files: Vec<OfficialFile>) -> Edition {
        Edition {
            authority: self.text("Authority").unwrap_or_default(),
            territory: self.text("Territory"),
            currency: self.text("Currency"),
            title: self.text("Title").unwrap_or_default(),
            format: "sheet".into(),
            nomenclature: self.text("Nomenclature"),
            known_from: self.known_from,
            licence: self.text("Licence"),
            files,
            ..Edition::default()
        }
    }
}

impl Reader<'_> {
    pub(super) fn about(&mut self, grid: &[Row]) -> About {
        let mut about = About::default();
        for row in grid {
            about.place.clone_from(&row.place);
            let name = row.str("Field").trim_end_matches(['*', ' ']);
            let Some(column) = ABOUT.iter().find(|c| c.name.eq_ignore_ascii_case(name)) else {
                let help = nearest(name, ABOUT.iter().map(|c| c.name));
                self.refuse(row, "Field", format!("one of the fields of the template{help}"));
                continue;
            };
            about.numbers.entry(column.name).or_insert(row.number);
            let Some(answer) = row.field("Answer") else { continue };
            let mut one = Row { fields: BTreeMap::new(), ..row.clone() };
            one.fields.insert(column.name, answer.clone());
            if about.rows.insert(column.name, one).is_some() {
                self.refuse(row, "Field", "each field once");
            }
        }
        for column in ABOUT.iter().filter(|c| c.required && !about.rows.contains_key(c.name)) {
            self.account.refuse(
                &about.place,
                about.row(column.name),
                column.name,
                "",
                format!("an answer; {}", column.help),
            );
        }
        if let Some(row) = about.rows.get("Territory")
            && !self.knows_territory(row.str("Territory"))
        {
            let help = match row.str("Territory") {
                code if ABOUT_EXAMPLES.contains(&("Territory", code)) => {
                    "; it stands in the sheet Examples for yours".to_owned()
                }
                code => self.place_meant(code),
            };
            self.refuse(&row.clone(), "Territory", format!("the code of a territory, such as KE{help}"));
        }
        if let Some(row) = about.rows.get("Currency").cloned()
            && let Ok(code) = self.currency(&row, "Currency")
        {
            self.currency = Some(code);
        }
        for column in ABOUT {
            let Some(row) = about.rows.get(column.name).cloned() else { continue };
            match column.holds {
                Holds::Date => {
                    if let Ok(Some(day)) = self.day(&row, column.name)
                        && column.name == "Known from"
                    {
                        about.known_from = day;
                    }
                }
                Holds::Choice(words) => {
                    let _ = self.choice(&row, column.name, words);
                }
                _ => {}
            }
        }
        if let Some(row) = about.rows.get("Rounding").cloned()
            && let Err(error) = grammar::rounding(row.str("Rounding"))
        {
            self.refuse(&row, "Rounding", error.to_string());
        }
        about.prefix = about.text("Territory").unwrap_or_default().to_lowercase();
        self.prefix.clone_from(&about.prefix);
        self.legal_reference(&about);
        about
    }

    /// The fact that rows rest on which name no other.
    fn legal_reference(&mut self, about: &About) {
        let (Some(authority), Some(title)) = (about.text("Authority"), about.text("Title")) else { return };
        let issued = about.rows.get("Issued").and_then(|r| match r.field("Issued").map(|f| &f.value) {
            Some(crate::workbook::Value::Date(day)) => Some(*day),
            _ => r.str("Issued").parse().ok(),
        });
        self.facts.push(Fact {
            key: format!("{}.legal", self.prefix),
            topic: "tariff".into(),
            statement: format!("{title}, as published by {authority}."),
            law: about.text("Legal reference"),
            source: Source { publisher: authority, title: Some(title), url: None, date: issued },
            from: None,
            before: None,
            confidence: self.options.confidence,
            note: about.text("Contact").map(|c| format!("Contact: {c}")),
        });
    }

    /// The sheet Sources.
    pub(super) fn sources(&mut self, rows: &[Row]) {
        for row in rows {
            let key = row.str("Key").to_owned();
            if !grammar::is_key(&key) || key == "legal" {
                self.refuse(
                    row,
                    "Key",
                    "a short name of small letters, digits, points and hyphens, such as act-2026; not \"legal\"",
                );
                continue;
            }
            let address = row.text("Address");
            if address.as_ref().is_some_and(|a| !a.starts_with("https://") && !a.starts_with("http://")) {
                self.refuse(row, "Address", "an address that begins with https:// or http://");
                continue;
            }
            let Ok(date) = self.day(row, "Date") else { continue };
            let fact = Fact {
                key: format!("{}.{key}", self.prefix),
                topic: "tariff".into(),
                statement: format!("{}, {}.", row.str("Publisher"), row.str("Title")),
                law: None,
                source: Source {
                    publisher: row.str("Publisher").to_owned(),
                    title: row.text("Title"),
                    url: address,
                    date,
                },
                from: None,
                before: None,
                confidence: self.options.confidence,
                note: None,
            };
            if self.sources.insert(key, fact.key.clone()).is_some() {
                self.refuse(row, "Key", "each key once");
                continue;
            }
            self.facts.push(fact);
        }
    }

    /// The facts a row rests on.
    pub(super) fn cites(&mut self, row: &Row) -> Result<Vec<String>, ()> {
        let legal = format!("{}.legal", self.prefix);
        let Some(text) = row.text("Legal act") else { return Ok(vec![legal]) };
        if let Some((_, fact)) = self.sources.iter().find(|(key, _)| key.eq_ignore_ascii_case(&text)) {
            return Ok(vec![fact.clone()]);
        }
        if !text.contains(' ') {
            let help =
                if self.is_heard() { nearest(&text, self.sources.keys().map(String::as_str)) } else { String::new() };
            self.refuse(row, "Legal act", format!("a key of the sheet Sources, or the act and section in words{help}"));
            return Err(());
        }
        if let Some(fact) = self.acts.get(&text) {
            return Ok(vec![fact.clone()]);
        }
        let Some(mut fact) = self.facts.first().cloned() else { return Ok(vec![legal]) };
        fact.key = format!("{}.act.{}", self.prefix, self.acts.len() + 1);
        self.acts.insert(text.clone(), fact.key.clone());
        fact.statement = format!("{text}, as named by {}.", fact.source.publisher);
        fact.law = Some(text);
        fact.source.date = None;
        let key = fact.key.clone();
        self.facts.push(fact);
        Ok(vec![key])
    }
}
