//! Quotas: order numbers, their periods, balances and states.

use super::Out;
use super::dates::{before, first};
use crate::taric3::store::Record;
use crate::{Entry, ImportError};
use std::collections::BTreeMap;
use tidewaiter::record::edition::Quota;
use tidewaiter::unit;

/// Events of a quota's period and the state each leaves it in; the balance event leaves none.
const EVENTS: [(&str, Option<&str>); 7] = [
    ("quota.balance.event", None),
    ("quota.unblocking.event", Some("open")),
    ("quota.critical.event", Some("critical")),
    ("quota.exhaustion.event", Some("exhausted")),
    ("quota.reopening.event", Some("open")),
    ("quota.unsuspension.event", Some("open")),
    ("quota.closed.and.transferred.event", Some("closed")),
];

impl<'a> Out<'a> {
    pub(super) fn quotas(&mut self) -> Result<(), ImportError> {
        let store = self.store;
        let origins = self.quota_origins();
        let mut periods: BTreeMap<&str, Vec<Record>> = BTreeMap::new();
        for name in ["quota.blocking.period", "quota.suspension.period"] {
            for period in store.records(name) {
                periods.entry(period.get("quota.definition.sid")).or_default().push(period);
            }
        }
        let mut numbers: BTreeMap<&str, bool> = BTreeMap::new();
        for definition in store.records("quota.definition") {
            numbers.insert(definition.get("quota.order.number.sid"), true);
            let quota = self.quota(&definition, &origins, &periods);
            self.give(Entry::Quota(quota))?;
        }
        for number in store.records("quota.order.number") {
            let sid = number.get("quota.order.number.sid");
            if numbers.contains_key(sid) {
                self.account.left_out("part of its quota.definition: quota.order.number");
                continue;
            }
            let mut fields = super::other(&number, &["quota.order.number.id"]);
            fields.extend(origins.get(sid).map(|origins| ("origins".to_owned(), origins.join("; "))));
            self.give(Entry::Quota(Quota {
                order_number: number.get("quota.order.number.id").to_owned(),
                volume: None,
                balance: None,
                unit: None,
                status: None,
                from: first(&number),
                before: before(&number),
                other: fields,
            }))?;
        }
        Ok(())
    }

    /// Origins of order numbers, each with its exclusions and dates.
    fn quota_origins(&self) -> BTreeMap<&'a str, Vec<String>> {
        let store = self.store;
        let mut origins: BTreeMap<&'a str, Vec<String>> = BTreeMap::new();
        for origin in store.records("quota.order.number.origin") {
            let mut said = origin.get("geographical.area.id").to_owned();
            let sid = origin.get("quota.order.number.origin.sid");
            let excluded = store.under("quota.order.number.origin.exclusions", sid).map(|exclusion| {
                let sid = exclusion.get("excluded.geographical.area.sid");
                let area = store.get("geographical.area", &[sid]);
                area.map_or_else(|| format!("area {sid}"), |area| area.get("geographical.area.id").to_owned())
            });
            let excluded: Vec<String> = excluded.collect();
            if !excluded.is_empty() {
                said.push_str(&format!(" except {}", excluded.join(" ")));
            }
            said.push_str(&format!(" from {}", origin.get("validity.start.date")));
            if let Some(end) = origin.some("validity.end.date") {
                said.push_str(&format!(" to {end}"));
            }
            origins.entry(origin.get("quota.order.number.sid")).or_default().push(said);
        }
        origins
    }

    fn quota(
        &self,
        definition: &Record,
        origins: &BTreeMap<&str, Vec<String>>,
        periods: &BTreeMap<&str, Vec<Record>>,
    ) -> Quota {
        let store = self.store;
        let sid = definition.get("quota.definition.sid");
        let mut balance: Option<(&str, &str)> = None;
        let mut state: Option<(&str, &str)> = None;
        for (name, leaves) in EVENTS {
            for event in store.under(name, sid) {
                let at = event.get("occurrence.timestamp");
                if let Some(new) = event.some("new.balance")
                    && balance.is_none_or(|(last, _)| last <= at)
                {
                    balance = Some((at, new));
                }
                let calm = event.get("critical.state") == "N";
                let leaves = if calm { Some("open") } else { leaves };
                if let Some(leaves) = leaves
                    && state.is_none_or(|(last, _)| last <= at)
                {
                    state = Some((at, leaves));
                }
            }
        }
        let mut fields = super::other(
            definition,
            &["quota.order.number.id", "volume", "measurement.unit.code", "measurement.unit.qualifier.code"],
        );
        fields.extend(definition.some("description").map(|text| ("description".to_owned(), text.to_owned())));
        fields.extend(balance.map(|(at, _)| ("balance.timestamp".to_owned(), at.to_owned())));
        fields.extend(state.map(|(at, _)| ("state.timestamp".to_owned(), at.to_owned())));
        let number = definition.get("quota.order.number.sid");
        fields.extend(origins.get(number).map(|origins| ("origins".to_owned(), origins.join("; "))));
        let associations: Vec<String> = store
            .under("quota.association", sid)
            .map(|a| [a.get("relation.type"), a.get("sub.quota.definition.sid"), a.get("coefficient")].join(" "))
            .collect();
        if !associations.is_empty() {
            fields.insert("quota.association".into(), associations.join("; "));
        }
        for period in periods.get(sid).into_iter().flatten() {
            let kept: Vec<&str> = period.fields().skip(2).map(|(_, value)| value).collect();
            let said = fields.entry(period.kind.name.to_owned()).or_default();
            *said = [said.as_str(), &kept.join(" ")]
                .iter()
                .filter(|text| !text.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join("; ");
        }
        let extended = store.get("quota.extended.information", &[sid]);
        if let Some(extended) = &extended {
            fields
                .extend(extended.fields().skip(1).map(|(name, value)| (format!("extended.{name}"), value.to_owned())));
        }
        let told = extended.as_ref().and_then(|extended| extended.some("balance"));
        let code =
            [definition.get("measurement.unit.code"), definition.get("measurement.unit.qualifier.code")].concat();
        let known = unit::all().iter().find(|unit| unit.taric == Some(code.as_str()));
        let critical = (definition.get("critical.state") == "Y").then_some("critical");
        Quota {
            order_number: definition.get("quota.order.number.id").to_owned(),
            volume: definition.get("volume").parse().ok(),
            balance: balance.map(|(_, new)| new).or(told).and_then(|text| text.parse().ok()),
            unit: known.map(|unit| unit.key.to_owned()).or_else(|| Some(code).filter(|code| !code.is_empty())),
            status: state.map(|(_, state)| state).or(critical).map(str::to_owned),
            from: first(definition),
            before: before(definition),
            other: fields,
        }
    }
}
