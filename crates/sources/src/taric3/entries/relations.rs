//! Which records are parts of others, and what becomes of one whose owner is not there.

use super::{Out, other};
use crate::taric3::schema::schema;
use crate::taric3::store::{Completeness, Record};
use crate::{Entry, ImportError};
use std::collections::BTreeMap;
use tidewaiter::record::edition::{Text, TextKind};

/// A part, and its owners by the fields that are their keys.
type Relation = (&'static str, &'static [(&'static str, &'static [&'static str])]);

const GOODS: &[(&str, &[&str])] = &[("goods.nomenclature", &["goods.nomenclature.sid"])];
const AREA: &[(&str, &[&str])] = &[("geographical.area", &["geographical.area.sid"])];
const MEASURE: &[(&str, &[&str])] = &[("measure", &["measure.sid"])];
const PERIOD: &[(&str, &[&str])] = &[("quota.definition", &["quota.definition.sid"])];
const FOOTNOTE: &[(&str, &[&str])] = &[("footnote", &["footnote.type.id", "footnote.id"])];
const CERTIFICATE: &[(&str, &[&str])] = &[("certificate", &["certificate.type.code", "certificate.code"])];
const CODE: &[(&str, &[&str])] = &[("additional.code", &["additional.code.sid"])];

const RELATIONS: &[Relation] = &[
    ("footnote.description.period", FOOTNOTE),
    ("footnote.description", FOOTNOTE),
    ("certificate.description.period", CERTIFICATE),
    ("certificate.description", CERTIFICATE),
    ("additional.code.description.period", CODE),
    ("additional.code.description", CODE),
    ("geographical.area.description.period", AREA),
    ("geographical.area.description", AREA),
    (
        "geographical.area.membership",
        &[("geographical.area", &["geographical.area.group.sid"]), ("geographical.area", &["geographical.area.sid"])],
    ),
    ("goods.nomenclature.indents", GOODS),
    ("goods.nomenclature.description.period", GOODS),
    ("goods.nomenclature.description", GOODS),
    ("footnote.association.goods.nomenclature", GOODS),
    ("goods.nomenclature.origin", GOODS),
    ("goods.nomenclature.successor", GOODS),
    ("quota.order.number.origin", &[("quota.order.number", &["quota.order.number.sid"])]),
    ("quota.order.number.origin.exclusions", &[("quota.order.number.origin", &["quota.order.number.origin.sid"])]),
    ("quota.association", &[("quota.definition", &["main.quota.definition.sid"])]),
    ("quota.blocking.period", PERIOD),
    ("quota.suspension.period", PERIOD),
    ("quota.extended.information", PERIOD),
    ("quota.balance.event", PERIOD),
    ("quota.unblocking.event", PERIOD),
    ("quota.critical.event", PERIOD),
    ("quota.exhaustion.event", PERIOD),
    ("quota.reopening.event", PERIOD),
    ("quota.unsuspension.event", PERIOD),
    ("quota.closed.and.transferred.event", PERIOD),
    ("measure.component", MEASURE),
    ("measure.condition", MEASURE),
    ("measure.excluded.geographical.area", MEASURE),
    ("footnote.association.measure", MEASURE),
    ("measure.partial.temporary.stop", MEASURE),
    ("measure.condition.component", &[("measure.condition", &["measure.condition.sid"])]),
    ("monetary.exchange.rate", &[("monetary.exchange.period", &["monetary.exchange.period.sid"])]),
];

impl Out<'_> {
    /// Counts the parts of other records. A part whose owner is not there is refused where the store claims to be complete;
    /// else it becomes a text, so that nothing is lost.
    pub(super) fn relations(&mut self) -> Result<(), ImportError> {
        for (name, owners) in RELATIONS {
            self.parts(name, owners)?;
        }
        // The descriptions of code lists. That of a language is keyed by the language it is about.
        for record in &schema().records {
            let owner = record.name.strip_suffix(".description").and_then(|owner| schema().find(owner));
            let Some(owner) = owner.filter(|_| !RELATIONS.iter().any(|(name, _)| *name == record.name)) else {
                continue;
            };
            let owner = &schema().records[owner];
            let key: Vec<&str> = owner.key.iter().map(|&at| owner.fields[at].name).collect();
            let key = if owner.name == "language" { vec!["language.code.id"] } else { key };
            self.parts(record.name, &[(owner.name, &key)])?;
        }
        Ok(())
    }

    fn parts(&mut self, name: &str, owners: &[(&str, &[&str])]) -> Result<(), ImportError> {
        let store = self.store;
        for record in store.records(name) {
            match owners.iter().find(|(owner, key)| !self.is_there(&record, owner, key)) {
                Some((owner, _)) => self.orphan(&record, owner)?,
                // An exchange rate is a record of its own.
                None if name == "monetary.exchange.rate" => {}
                None => {
                    let owner = owners.first().map(|(owner, _)| *owner).unwrap_or_default();
                    self.account.left_out(&format!("part of its {owner}: {name}"));
                }
            }
        }
        Ok(())
    }

    /// Whether the owner of a record is in the store, and the owner's owner.
    fn is_there(&self, record: &Record, owner: &str, key: &[&str]) -> bool {
        let key: Vec<&str> = key.iter().map(|field| record.get(field)).collect();
        let Some(found) = self.store.get(owner, &key) else { return false };
        let above = RELATIONS.iter().find(|(name, _)| *name == owner).map(|(_, owners)| *owners).unwrap_or_default();
        above.iter().all(|(owner, key)| self.is_there(&found, owner, key))
    }

    fn orphan(&mut self, record: &Record, owner: &str) -> Result<(), ImportError> {
        let name = record.kind.name;
        let key: Vec<&str> = record.kind.key.iter().map(|&at| record.get(record.kind.fields[at].name)).collect();
        let key = key.join(" ");
        if self.store.completeness() == Completeness::Complete {
            let file = self.store.transmissions().get(record.from as usize).map(|t| t.file.clone());
            let expected = format!("its {owner} in the store; is an earlier transmission missing?");
            self.account.refuse(&file.unwrap_or_default(), 0, name, &key, expected);
            return Ok(());
        }
        self.account.inexpressible(&format!("base absent: {name} without its {owner}"));
        let mut fields = other(record, &[]);
        fields.insert("record".into(), name.to_owned());
        let language = record.some("language.id").unwrap_or("EN").to_lowercase();
        let says: BTreeMap<String, String> =
            record.some("description").map(|text| (language, text.to_owned())).into_iter().collect();
        self.give(Entry::Text(Text {
            kind: TextKind::Other,
            code: format!("{name} {key}"),
            says,
            from: super::dates::first(record),
            before: super::dates::before(record),
            other: fields,
        }))
    }
}
