//! What feeds tell of an edition.

use super::Refusal;
use crate::assemble::Opened;
use crate::authority::Authority;
use crate::feeds::{Change, News};
use crate::impact;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter_sources::Entry;
use tidewaiter_sources::edition::compare::grouped;

/// Most changes that are kept to be told in feeds.
const MOST_NEWS: usize = 10_000;

/// What feeds tell of an edition.
pub(super) fn news(
    authority: &Authority,
    new: &Opened,
    before: Option<&Opened>,
    now: Timestamp,
) -> Result<News, Refusal> {
    let m = &new.manifest;
    let compared = impact::differences(before, new).map_err(Refusal::Wrong)?;
    let mut changes: Vec<Change> = grouped(&compared.changes)
        .into_iter()
        .map(|c| {
            // For whom it is stands beside what is said.
            let scoped = |text: String| if c.scope.is_empty() { text } else { format!("{text} ({})", c.scope.trim()) };
            Change { kind: c.what, key: c.code, old: c.old.map(scoped), new: c.new.map(scoped), from: c.new_from }
        })
        .collect();
    let rates = |opened: &Opened| -> BTreeMap<(String, String, Date), String> {
        let mut rates = BTreeMap::new();
        for entry in &opened.entries {
            if let Entry::ExchangeRate(r) = entry {
                rates.insert((r.base.clone(), r.currency.clone(), r.from), r.rate.to_string());
            }
        }
        rates
    };
    let (mut old, is) = (before.map(rates).unwrap_or_default(), rates(new));
    let told = |(base, currency, from): (String, String, Date), old: Option<String>, new: Option<String>| {
        let (kind, key) = ("exchange-rate".to_owned(), format!("{base}/{currency}"));
        Change { kind, key, old, new, from: Some(from) }
    };
    for (name, rate) in is {
        let was = old.remove(&name);
        if was.as_ref() != Some(&rate) {
            changes.push(told(name, was, Some(rate)));
        }
    }
    changes.extend(old.into_iter().map(|(name, rate)| told(name, Some(rate), None)));
    changes.truncate(MOST_NEWS);
    Ok(News {
        authority: authority.id.clone(),
        authority_name: authority.name.clone(),
        territory: authority.territory.clone(),
        number: m.number,
        edition: new.hash.clone(),
        kind: m.kind.word().to_owned(),
        concerns: m.concerns.clone(),
        title: m.head.title.clone(),
        reason: m.reason.clone(),
        published: now,
        changes,
    })
}
