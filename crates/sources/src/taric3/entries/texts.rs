//! Coded texts: footnotes, certificates, additional codes, regulations and every other list of codes.

use super::dates::{after, before, day, earlier, first};
use super::{Out, on, other};
use crate::taric3::schema::schema;
use crate::taric3::store::Record;
use crate::{Entry, ImportError};
use std::collections::BTreeMap;
use tidewaiter::record::edition::{Text, TextKind};

/// Texts with descriptions by period: record type, kind, the fields of their code.
const DESCRIBED: [(&str, TextKind, [&str; 2]); 3] = [
    ("footnote", TextKind::Footnote, ["footnote.type.id", "footnote.id"]),
    ("certificate", TextKind::Certificate, ["certificate.type.code", "certificate.code"]),
    ("additional.code", TextKind::AdditionalCode, ["additional.code.type.id", "additional.code"]),
];

/// Families that have a file of their own, by the beginning of their element names.
const ELSEWHERE: [&str; 3] = ["goods.nomenclature", "geographical.area", "monetary.exchange"];

/// Records that do and that are not lists of their own.
fn is_elsewhere(name: &str) -> bool {
    let measure = matches!(
        name,
        "measure"
            | "measure.component"
            | "measure.condition"
            | "measure.condition.component"
            | "measure.excluded.geographical.area"
            | "measure.partial.temporary.stop"
            | "footnote.association.measure"
            | "footnote.association.goods.nomenclature"
    );
    let group = name.starts_with("goods.nomenclature.group") || name == "nomenclature.group.membership";
    measure
        || name.starts_with("quota.")
        || (ELSEWHERE.iter().any(|family| name.starts_with(family)) && !group)
        || DESCRIBED.iter().any(|(described, ..)| {
            name == *described
                || name == format!("{described}.description")
                || name == format!("{described}.description.period")
        })
}

impl Out<'_> {
    pub(super) fn texts(&mut self) -> Result<(), ImportError> {
        for (name, kind, code) in DESCRIBED {
            self.described(name, kind, code)?;
        }
        for record in &schema().records {
            if is_elsewhere(record.name) {
                continue;
            }
            let is_description =
                |name: &str| name.strip_suffix(".description").is_some_and(|name| schema().find(name).is_some());
            if !is_description(record.name) {
                self.list(record.name)?;
            }
        }
        Ok(())
    }

    fn described(&mut self, name: &str, kind: TextKind, code: [&str; 2]) -> Result<(), ImportError> {
        let store = self.store;
        let periods = format!("{name}.description.period");
        let by_sid = name == "additional.code";
        let owner: &[&str] = if by_sid { &["additional.code.sid"] } else { &code };
        let descriptions = self.descriptions(&periods, owner);
        for record in store.records(name) {
            let key: Vec<&str> = owner.iter().map(|field| record.get(field)).collect();
            let described = descriptions.get(&key.join(" ")).map(Vec::as_slice).unwrap_or_default();
            let whole = (first(&record), before(&record));
            // One text for each description, each until the next begins.
            let count = described.len().max(1);
            for at in 0..count {
                let says = described.get(at).map(|d| d.says.clone()).unwrap_or_default();
                let from = if at == 0 { whole.0 } else { described[at].from };
                let next = described.get(at + 1).and_then(|next| next.from);
                self.give(Entry::Text(Text {
                    kind,
                    code: code.map(|field| record.get(field)).concat(),
                    says,
                    from,
                    before: earlier(next, whole.1),
                    other: other(&record, &code),
                }))?;
            }
        }
        Ok(())
    }

    /// Every record of a type as a text of its own.
    fn list(&mut self, name: &str) -> Result<(), ImportError> {
        let store = self.store;
        for record in store.records(name) {
            let (kind, code) = coded(&record);
            let mut says: BTreeMap<String, String> = BTreeMap::new();
            for text in self.own_descriptions(&record) {
                let language = text.some("language.id").unwrap_or("EN").to_lowercase();
                says.insert(language, text.get("description").to_owned());
            }
            for field in ["description", "information.text", "comment.text"] {
                if let Some(text) = record.some(field) {
                    says.insert(record.some("language.id").unwrap_or("EN").to_lowercase(), text.to_owned());
                }
            }
            let mut fields = other(&record, &["information.text", "comment.text"]);
            fields.insert("record".into(), name.to_owned());
            let from = first(&record).or_else(|| day(record.get("published.date")));
            let effective = after(record.some("effective.end.date").unwrap_or(record.get("effective.enddate")));
            let before = effective.or_else(|| before(&record));
            self.give(Entry::Text(Text { kind, code, says, from, before, other: fields }))?;
        }
        Ok(())
    }

    fn own_descriptions(&self, record: &Record) -> Vec<Record<'_>> {
        let name = format!("{}.description", record.kind.name);
        if schema().find(&name).is_none() {
            return Vec::new();
        }
        let key: Vec<&str> = record.kind.key.iter().map(|&at| record.get(record.kind.fields[at].name)).collect();
        self.store.under(&name, &key.join("\u{1f}")).collect()
    }
}

/// What a record of a list is, and its code.
fn coded(record: &Record) -> (TextKind, String) {
    let name = record.kind.name;
    let key: Vec<&str> = record.kind.key.iter().map(|&at| record.get(record.kind.fields[at].name)).collect();
    let kind = match name {
        "measure.type" => TextKind::MeasureType,
        "duty.expression" => TextKind::DutyExpression,
        "measurement.unit" | "measurement.unit.qualifier" | "measurement" => TextKind::Unit,
        "measure.condition.code" | "measure.action" => TextKind::Condition,
        _ if name.ends_with(".regulation") => TextKind::Regulation,
        _ => TextKind::Other,
    };
    let code = match kind {
        // Its first field is the role.
        TextKind::Regulation => key.last().copied().unwrap_or_default().to_owned(),
        TextKind::Other => {
            let key: Vec<&str> = key.into_iter().filter(|part| !part.is_empty()).collect();
            format!("{name} {}", key.join(" "))
        }
        _ => key.concat(),
    };
    (kind, code)
}

impl Out<'_> {
    /// The name of a thing in the language of the edition, else in any.
    pub(super) fn name(&self, described: &[super::Described]) -> String {
        let says = on(described, Some(jiff::civil::Date::MAX)).map(|described| &described.says);
        let name = says.and_then(|says| says.get("en").or_else(|| says.values().next()));
        name.cloned().unwrap_or_default()
    }
}
