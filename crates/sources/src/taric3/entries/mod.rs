//! From the store to the records of an edition.

mod areas;
mod dates;
mod exchange;
mod lines;
mod measures;
mod quotas;
mod relations;
mod texts;

use super::Options;
use super::schema::schema;
use super::store::{Completeness, Record, TaricStore};
use crate::edition::kind_of;
use crate::{Account, Entry, ImportError, Sink};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::record::{Fact, Source as FactSource};

/// Takes the records of a store and counts them.
pub(super) struct Out<'a> {
    store: &'a TaricStore,
    options: &'a Options,
    sink: &'a mut dyn Sink,
    account: &'a mut Account,
}

/// Gives every record of the store as records of an edition; what is only part of another is counted as such.
pub(super) fn give(
    store: &TaricStore,
    options: &Options,
    sink: &mut dyn Sink,
    account: &mut Account,
    known_from: Date,
) -> Result<(), ImportError> {
    let refused = account.refused;
    let mut out = Out { store, options, sink, account };
    if store.completeness() == Completeness::Complete {
        // Before anything is given: a store with a part that belongs to nothing gives no record.
        out.relations()?;
        if out.account.refused > refused {
            return Ok(());
        }
        out.facts(known_from)?;
    } else {
        out.facts(known_from)?;
        out.relations()?;
    }
    out.texts()?;
    out.exchange_rates()?;
    out.areas()?;
    out.lines()?;
    out.quotas()?;
    out.measures()
}

impl Out<'_> {
    fn give(&mut self, entry: Entry) -> Result<(), ImportError> {
        self.account.made(kind_of(&entry));
        self.sink.take(entry).map_err(ImportError::Write)
    }

    fn facts(&mut self, known_from: Date) -> Result<(), ImportError> {
        for transmission in self.store.transmissions().to_vec() {
            let what = if transmission.key.starts_with("cds.") { "extract of" } else { "envelope" };
            self.give(Entry::Fact(Fact {
                key: transmission.key,
                topic: "tariff".into(),
                statement: format!("The tariff as {what} {} changed it ({}).", transmission.number, transmission.file),
                law: None,
                source: FactSource {
                    publisher: self.options.publisher.clone(),
                    title: Some(self.options.title.clone()),
                    url: None,
                    date: Some(transmission.date.unwrap_or(known_from)),
                },
                from: None,
                before: None,
                confidence: self.options.confidence,
                note: None,
            }))?;
        }
        Ok(())
    }

    /// The fact behind a record.
    fn cites(&self, record: &Record) -> Vec<String> {
        let transmission = self.store.transmissions().get(record.from as usize);
        transmission.map(|transmission| transmission.key.clone()).into_iter().collect()
    }
}

/// Descriptions of a period, by language.
#[derive(Debug, Clone, Default)]
struct Described {
    from: Option<Date>,
    says: BTreeMap<String, String>,
}

impl Out<'_> {
    /// The descriptions of things by their key, oldest first. `periods` is the record type of the periods, `owner` the
    /// fields in it that are the thing's key.
    fn descriptions(&self, periods: &str, owner: &[&str]) -> BTreeMap<String, Vec<Described>> {
        let texts = periods.strip_suffix(".period").unwrap_or(periods);
        let mut found: BTreeMap<String, Vec<Described>> = BTreeMap::new();
        let sid = schema().find(periods).map(|kind| schema().records[kind].fields[0].name).unwrap_or_default();
        for period in self.store.records(periods) {
            let key: Vec<&str> = owner.iter().map(|field| period.get(field)).collect();
            let says = self.store.under(texts, period.get(sid)).filter_map(|text| {
                Some((text.get("language.id").to_lowercase(), text.some("description")?.to_owned()))
            });
            let described = Described { from: dates::first(&period), says: says.collect() };
            found.entry(key.join(" ")).or_default().push(described);
        }
        for described in found.values_mut() {
            described.sort_by_key(|described| described.from);
        }
        found
    }
}

/// The description that holds on a day: the last one begun, else the first.
fn on(described: &[Described], day: Option<Date>) -> Option<&Described> {
    described.iter().rev().find(|described| described.from <= day).or_else(|| described.first())
}

/// The filled fields of a record that have no place of their own in ours.
fn other(record: &Record, without: &[&str]) -> BTreeMap<String, String> {
    let usual = ["validity.start.date", "validity.end.date", "description"];
    record
        .fields()
        .filter(|(name, _)| !usual.contains(name) && !without.contains(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Territories that TARIC gives another code than ISO 3166.
fn territory(area: &str) -> &str {
    match area {
        "XS" => "RS",
        // Ceuta and Melilla.
        "XC" | "XL" => "EA",
        other => other,
    }
}
