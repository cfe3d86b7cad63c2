//! TW111: the authority publishes only what it said it would.

use crate::checks::{Check, Found, Seen, say};
use std::collections::BTreeMap;
use tidewaiter::record::MeasureKind;
use tidewaiter_sources::Entry;
use tidewaiter_sources::edition::kind_of;

pub(super) const CHECK: Check = Check::warning("TW111", "The authority publishes only what it said it would", look);

/// What each record is, in the words of an authority's entry. Of a list with other words nothing can be said.
const WORDS: [&str; 5] = ["tariff", "taxes", "exchange-rates", "nomenclature", "origin"];

fn look(seen: &Seen<'_>, found: &mut Found) {
    let publishes = &seen.draft.authority.publishes;
    if publishes.is_empty() || publishes.iter().any(|word| !WORDS.contains(&word.as_str())) {
        return;
    }
    let mut others: BTreeMap<&str, u64> = BTreeMap::new();
    for entry in seen.draft.entries {
        let wanted = wanted(entry);
        if !wanted.is_empty() && !publishes.iter().any(|word| wanted.contains(&word.as_str())) {
            *others.entry(kind_of(entry)).or_default() += 1;
        }
    }
    for (kind, count) in others {
        let authority = say::short(&seen.draft.authority.name);
        let says = format!("{authority} publishes {}; records of the kind {kind}: {count}", publishes.join(", "));
        found.add("edition", says, "take them out, or have what the authority publishes amended");
    }
}

/// The words of which one allows a record; none for what stands in every edition.
const fn wanted(entry: &Entry) -> &'static [&'static str] {
    match entry {
        Entry::Edition(_) | Entry::Fact(_) | Entry::Area(_) | Entry::Text(_) => &[],
        Entry::Measure(measure) => match measure.kind {
            MeasureKind::Excise | MeasureKind::Vat => &["tariff", "taxes"],
            _ => &["tariff"],
        },
        Entry::Program(_) | Entry::Quota(_) => &["tariff"],
        Entry::Line(_) | Entry::Correlation(_) => &["tariff", "nomenclature"],
        Entry::Rate(_) => &["tariff", "taxes"],
        Entry::OriginRule(_) => &["tariff", "origin"],
        Entry::ExchangeRate(_) => &["exchange-rates"],
    }
}
