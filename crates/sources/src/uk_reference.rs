//! UK lists beside the tariff: measurement units, preference codes, document codes and their guidance, seasonal duties,
//! excluded places, simplified procedure values, and a snapshot of VAT measures.
//!
//! Each file is told apart by what is in it. JSON documents are read whole, up to [`crate::document::LIMIT`] bytes;
//! CSV files row by row.

mod tables;
mod vat;

use crate::document;
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::BufRead;
use tidewaiter::record::edition::{Edition, Text, TextKind};
use tidewaiter::record::{Confidence, Fact, Source as Publisher};

/// What the files do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Day on which the files were published. A snapshot of VAT measures says its own.
    pub published: Date,
}

/// Reason of duties whose season has no year.
pub const SEASON: &str = "seasonal duty: the file gives days without a year";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Preference {
    id: String,
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guidance {
    guidance_cds: String,
    guidance_chief: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Simplified {
    label: String,
    commodities: Vec<String>,
}

/// Reads any of the files, in any order.
///
/// # Errors
/// Where a file cannot be read or is none of them.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    let mut files = Vec::new();
    for mut source in sources {
        let name = source.name().to_owned();
        let first = match source.fill_buf() {
            Ok(bytes) => bytes.iter().copied().find(|b| !b.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(b)),
            Err(error) => return Err(source.explain(error)),
        };
        let mut import = Import { name: &name, date: options.published, out, account };
        if matches!(first, Some(b'{' | b'[')) {
            import.json(document::read(&mut source)?)?;
        } else {
            import.csv(&mut source)?;
        }
        files.push(source.finish()?);
    }
    Ok(Edition {
        authority: "HMRC".into(),
        territory: Some("GB".into()),
        currency: Some("GBP".into()),
        title: "Reference lists of the UK tariff".into(),
        format: "uk-reference".into(),
        known_from: options.published,
        licence: Some("Open Government Licence v3.0".into()),
        files,
        ..Edition::default()
    })
}

struct Import<'a> {
    name: &'a str,
    date: Date,
    out: &'a mut dyn Sink,
    account: &'a mut Account,
}

impl Import<'_> {
    fn take(&mut self, kind: &str, entry: Entry) -> Result<(), ImportError> {
        self.account.made(kind);
        self.out.take(entry).map_err(ImportError::Write)
    }

    fn wrong(&self, reason: &str) -> ImportError {
        ImportError::NotThisFormat { file: self.name.to_owned(), reason: reason.to_owned() }
    }

    fn fact(
        &mut self,
        key: &str,
        statement: &str,
        confidence: Confidence,
        note: Option<String>,
    ) -> Result<String, ImportError> {
        let fact = Fact {
            key: key.to_owned(),
            topic: "reference".into(),
            statement: statement.to_owned(),
            law: None,
            source: Publisher {
                publisher: "HMRC".into(),
                title: Some(self.name.to_owned()),
                url: Some("https://www.trade-tariff.service.gov.uk".into()),
                date: Some(self.date),
            },
            from: None,
            before: None,
            confidence,
            note,
        };
        self.take("fact", Entry::Fact(fact))?;
        Ok(key.to_owned())
    }

    fn text(
        &mut self,
        kind: TextKind,
        code: String,
        says: &str,
        other: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<(), ImportError> {
        let other = other.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_owned(), v)).collect();
        let says = if says.is_empty() { BTreeMap::new() } else { BTreeMap::from([("en".to_owned(), says.to_owned())]) };
        self.take("text", Entry::Text(Text { kind, code, says, from: None, before: None, other }))
    }

    fn json(&mut self, document: Value) -> Result<(), ImportError> {
        let mut document = match document {
            Value::Array(list) => return self.preferences(list),
            other => document::object(self.name, other)?,
        };
        if let Some(Value::Object(values)) = document.remove("spvs") {
            return self.simplified(values);
        }
        if document.contains_key("snapshot_date") {
            return self.vat(document);
        }
        let has = |name: &str| document.values().next().is_some_and(|first| first.get(name).is_some());
        if has("measurement_unit_code") {
            self.units(document)
        } else if has("guidance_cds") {
            self.documents(document)
        } else {
            Err(self.wrong("expected units, documents, preference codes, simplified procedure values or VAT measures"))
        }
    }

    fn preferences(&mut self, list: Vec<Value>) -> Result<(), ImportError> {
        if list.first().is_none_or(|first| first.get("id").is_none()) {
            return Err(self.wrong("expected a list of preference codes with id and description"));
        }
        self.fact(
            "gb.reference.preferences",
            "The preference codes of UK import declarations.",
            Confidence::High,
            None,
        )?;
        for (row, value) in (1u64..).zip(list) {
            self.account.read("preference_code");
            let Some(code) = document::record::<Preference>(value, self.name, row, "", self.account) else { continue };
            if code.id.len() != 3 || !code.id.bytes().all(|b| b.is_ascii_digit()) {
                self.account.refuse(self.name, row, "id", &code.id, "three digits");
                continue;
            }
            self.text(TextKind::Other, format!("preference/{}", code.id), &code.description, [])?;
        }
        Ok(())
    }

    fn units(&mut self, units: Map<String, Value>) -> Result<(), ImportError> {
        self.fact(
            "gb.reference.units",
            "The measurement units of the UK tariff and how they are asked for.",
            Confidence::High,
            None,
        )?;
        for (row, (code, value)) in (1u64..).zip(units) {
            self.account.read("measurement_unit");
            let Value::Object(unit) = value else {
                self.account.refuse(self.name, row, &code, document::kind(&value), "an object");
                continue;
            };
            let field = |name: &str| unit.get(name).filter(|v| !v.is_null()).map(document::text).unwrap_or_default();
            let own = format!("{}{}", field("measurement_unit_code"), field("measurement_unit_qualifier_code"));
            if own != code {
                self.account.refuse(
                    self.name,
                    row,
                    "measurement_unit_code",
                    &own,
                    format!("the code of its key, {code}"),
                );
                continue;
            }
            let says = if field("expansion").is_empty() { field("abbreviation") } else { field("expansion") };
            let other: BTreeMap<String, String> = unit
                .iter()
                .filter(|(name, value)| !value.is_null() && name.as_str() != "expansion")
                .map(|(name, value)| match value {
                    Value::Array(list) => (name.clone(), list.iter().map(document::text).collect::<Vec<_>>().join(" ")),
                    other => (name.clone(), document::text(other)),
                })
                .filter(|(_, value)| !value.is_empty())
                .collect();
            let says = BTreeMap::from([("en".to_owned(), says)]);
            let text = Text { kind: TextKind::Unit, code, says, from: None, before: None, other };
            self.take("text", Entry::Text(text))?;
        }
        Ok(())
    }

    fn documents(&mut self, documents: Map<String, Value>) -> Result<(), ImportError> {
        self.fact(
            "gb.reference.documents",
            "How each document and certificate code is completed on a UK declaration.",
            Confidence::High,
            None,
        )?;
        for (row, (code, value)) in (1u64..).zip(documents) {
            self.account.read("document_code");
            let Some(guidance) = document::record::<Guidance>(value, self.name, row, &code, self.account) else {
                continue;
            };
            self.text(
                TextKind::Certificate,
                code,
                &guidance.guidance_cds,
                [("guidance_chief", guidance.guidance_chief)],
            )?;
        }
        Ok(())
    }

    fn simplified(&mut self, values: Map<String, Value>) -> Result<(), ImportError> {
        self.fact(
            "gb.reference.simplified",
            "The goods of the simplified procedure value scheme and their commodity codes.",
            Confidence::High,
            None,
        )?;
        for (row, (code, value)) in (1u64..).zip(values) {
            self.account.read("simplified_procedure_code");
            let Some(spv) = document::record::<Simplified>(value, self.name, row, &code, self.account) else {
                continue;
            };
            if let Some(bad) = spv.commodities.iter().find(|code| !ten_digits(code)) {
                self.account.refuse(self.name, row, "commodities", bad, "ten digits");
                continue;
            }
            let commodities = spv.commodities.join(" ");
            self.text(TextKind::Other, format!("simplified/{code}"), &spv.label, [("commodities", commodities)])?;
        }
        Ok(())
    }
}

fn ten_digits(code: &str) -> bool {
    code.len() == 10 && code.bytes().all(|b| b.is_ascii_digit())
}

/// Reads bytes as any of the files; for fuzzing.
pub fn fuzz(bytes: &[u8]) {
    for name in ["a", "xi_a.csv"] {
        let Ok(source) = Source::new(name, std::io::Cursor::new(bytes.to_vec()), crate::Limits::default()) else {
            return;
        };
        let options = Options { published: Date::constant(2026, 1, 1) };
        let _ = import(vec![source], &options, &mut Vec::new(), &mut Account::default());
    }
}

#[cfg(test)]
mod tests;
