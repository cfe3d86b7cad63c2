//! Tables of the folder that are of several returns: RFC 4180, a header, decimal points, days of ISO 8601, UTF-8.

use super::Part;
use crate::event::{ClaimKind, Event};
use crate::export::cell::safe;
use crate::ledger::Entry;
use std::collections::{BTreeSet, HashMap};

fn written(rows: &[Vec<String>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}

fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// Exchange rates that the returns took, and those that are missing.
pub(super) fn rates(parts: &[Part<'_>]) -> Result<Vec<u8>, csv::Error> {
    let mut rows =
        vec![texts(&["scheme", "period", "from", "to", "times", "over", "wanted", "day", "published_by", "missing"])];
    for part in parts {
        let (scheme, period) = (part.made.scheme.as_str(), part.made.period.to_string());
        let later = || part.later.iter().map(|one| &one.made);
        // An amendment mostly takes the rates of its return again.
        let taken: BTreeSet<_> =
            later().flat_map(|made| &made.rates).filter(|rate| !part.made.rates.contains(rate)).collect();
        let missing: BTreeSet<_> =
            later().flat_map(|made| &made.missing).filter(|none| !part.made.missing.contains(none)).collect();
        rows.extend(part.made.rates.iter().chain(taken).map(|rate| {
            texts(&[
                &safe(scheme),
                &period,
                &safe(&rate.from),
                &safe(&rate.to),
                &rate.times.to_string(),
                &rate.over.to_string(),
                &rate.wanted.to_string(),
                &rate.day.to_string(),
                &safe(&rate.publisher),
                "",
            ])
        }));
        rows.extend(part.made.missing.iter().chain(missing).map(|none| {
            let (from, wanted, by) = (safe(&none.currency), none.wanted.to_string(), safe(&none.published_by));
            texts(&[&safe(scheme), &period, &from, &safe(&part.made.currency), "", "", &wanted, "", &by, "missing"])
        }));
    }
    written(&rows)
}

/// What was declared, asked for, ordered and carried out for the returns, in the order in which it was recorded.
pub(super) fn payments(entries: &[Entry], parts: &[Part<'_>]) -> Result<Vec<u8>, csv::Error> {
    let is_here =
        |scheme: &str, period| parts.iter().any(|part| part.made.scheme == scheme && part.made.period == period);
    let mut rows = vec![texts(&[
        "entry",
        "what",
        "document",
        "of",
        "date",
        "scheme",
        "period",
        "amount",
        "currency",
        "reference",
        "charged",
        "charged_currency",
        "says",
    ])];
    let mut ordered = HashMap::new();
    for entry in entries {
        let (what, document) = entry.event.name();
        let about = entry.event.about().unwrap_or_default();
        let date = entry.event.date().to_string();
        let seq = entry.seq.to_string();
        let mut row = |scheme: &str, period: &str, rest: [&str; 6]| {
            let mut cells = texts(&[&seq, what, &safe(document), &safe(about), &date, &safe(scheme), period]);
            cells.extend(rest.iter().map(|cell| (*cell).to_owned()));
            rows.push(cells);
        };
        match &entry.event {
            Event::Return(one) if is_here(&one.scheme, one.period) => {
                let sum = one.owed.minus(one.back).unwrap_or(one.owed).to_at_least(2);
                let reference = safe(one.reference.as_deref().unwrap_or_default());
                let says = format!("SHA-256 {}", one.sha256);
                row(&one.scheme, &one.period.to_string(), [&sum, &safe(&one.currency), &reference, "", "", &says]);
            }
            Event::Amendment(one) if is_here(&one.scheme, one.period) => {
                let sum = one.owed.minus(one.back).unwrap_or(one.owed).to_at_least(2);
                let reference = safe(one.reference.as_deref().unwrap_or_default());
                let says = format!("SHA-256 {}", one.sha256);
                row(&one.scheme, &one.period.to_string(), [&sum, &safe(&one.currency), &reference, "", "", &says]);
            }
            Event::Claim(one) if is_here(&one.scheme, one.period) => {
                let kind = match one.what {
                    ClaimKind::Penalty => "penalty",
                    ClaimKind::Interest => "interest",
                    ClaimKind::Assessment => "assessment",
                };
                let says = format!("{kind} {}", one.reason);
                let amount = one.amount.to_at_least(2);
                row(&one.scheme, &one.period.to_string(), [&amount, &safe(&one.currency), "", "", "", says.trim_end()]);
            }
            Event::Payment(one) if is_here(&one.scheme, one.period) => {
                ordered.insert(one.document.as_str(), (one.scheme.as_str(), one.period.to_string()));
                let amount = one.amount.to_at_least(2);
                let reference = safe(&one.reference);
                row(&one.scheme, &one.period.to_string(), [&amount, &safe(&one.currency), &reference, "", "", ""]);
            }
            Event::Bank(one) => {
                let Some((scheme, period)) = ordered.get(one.of.as_str()) else { continue };
                let charged = one.charged.as_ref().map(|charged| charged.amount.to_at_least(2)).unwrap_or_default();
                let in_currency = one.charged.as_ref().map(|charged| charged.currency.as_str()).unwrap_or_default();
                let amount = one.amount.to_at_least(2);
                row(scheme, period, [&amount, &safe(&one.currency), "", &charged, &safe(in_currency), ""]);
            }
            _ => {}
        }
    }
    written(&rows)
}
