//! An edition made again from the sheet that was meant, by an officer who does not take the repository's word for how it was
//! read. What the sheet does not say itself (licence, day) is taken from the edition: the officer is shown that.

use crate::manifest::Manifest;
use crate::package::Package;
use crate::workflow::Refusal;
use crate::workflow::sent::{About, Sent, add};
use crate::workflow::submit::read_parts;
use std::collections::BTreeMap;
use tidewaiter::ratebook::compile::World;
use tidewaiter::record::edition::Edition as Head;
use tidewaiter_sources::Entry;

/// Most differences that are told.
const MOST_TOLD: usize = 10;
/// Most characters of a record that are told.
const MOST_CHARS: usize = 160;

/// How the sheet is to be read: as for the first time, with what the edition says of it.
pub fn about(manifest: &Manifest, format: String, adds: bool) -> About {
    let head = &manifest.head;
    About {
        format,
        adds,
        licence: head.licence.clone(),
        complete: head.complete,
        published: Some(head.known_from),
        territory: head.territory.clone(),
        currency: head.currency.clone(),
        nomenclature: head.nomenclature.clone(),
        ..About::default()
    }
}

/// Reads the sheet and holds it against a package with all its parts. Returns how many records and files are the same.
///
/// # Errors
/// [`Refusal::Conflict`] where they differ, with the first differences; as [`Sent::read`] where the sheet cannot be read;
/// [`Refusal::Wrong`] where the package lacks parts, or rates are added and `before` is not the edition before.
pub fn same(package: &Package, before: Option<&Package>, sheet: &Sent, world: &World) -> Result<u64, Refusal> {
    let manifest = &package.manifest;
    let (entries, files) = opened(package)?;
    let mut made = sheet.read(&manifest.head.authority, manifest.head.territory.as_deref(), world)?;
    if sheet.about.adds {
        let published = match (before, &manifest.previous) {
            (None, None) => Vec::new(),
            (Some(before), Some(previous)) if before.hash() == *previous => opened(before)?.0,
            (_, previous) => {
                let previous = previous.as_deref().unwrap_or("none");
                let before = format!("{}/{}", manifest.authority, manifest.number.saturating_sub(1));
                return Err(Refusal::Wrong(format!(
                    "rates are added to the edition before: give its package ({previous}) with --after FILE. \
                     `tidewaiter publish fetch {before} -o FILE` brings it"
                )));
            }
        };
        made.entries = add(published, made.entries)?;
    }
    let mut lacks = Vec::new();
    let mut differ = heads(&manifest.head, &made.head);
    let mut count: BTreeMap<String, i64> = BTreeMap::new();
    for (entries, step) in [(&entries, 1), (&made.entries, -1)] {
        for entry in entries {
            *count.entry(text(entry)?).or_default() += step;
        }
    }
    for (record, times) in count.into_iter().filter(|(_, times)| *times != 0) {
        let whose = if times > 0 { "only in the edition" } else { "only in the sheet" };
        lacks.push(times > 0 && record.starts_with("{\"exchange-rate\""));
        differ.push(format!("{whose}: {}", cut(&record)));
    }
    let added =
        !sheet.about.adds && manifest.previous.is_some() && lacks.len() == differ.len() && !lacks.contains(&false);
    let of_sheet: BTreeMap<String, Vec<u8>> =
        made.files.into_iter().map(|(place, bytes)| (place.to_string(), bytes)).collect();
    let of_edition: BTreeMap<String, Vec<u8>> = files.into_iter().collect();
    for place in of_sheet.keys().chain(of_edition.keys().filter(|place| !of_sheet.contains_key(*place))) {
        if of_sheet.get(place) != of_edition.get(place) {
            differ.push(format!("the file {place} differs"));
        }
    }
    if differ.is_empty() {
        return Ok((entries.len() + of_edition.len()) as u64);
    }
    let more = differ.len().saturating_sub(MOST_TOLD);
    differ.truncate(MOST_TOLD);
    if more > 0 {
        differ.push(format!("and {more} more differences"));
    }
    if added && !lacks.is_empty() {
        differ.push(
            "Your file lacks only rates of earlier days. If the edition adds its rates to those before (it was sent with --adds), give --adds here too"
                .to_owned(),
        );
    }
    Err(Refusal::Conflict(format!(
        "the sheet does not make this edition; do not sign it before you know why:\n{}",
        differ.join("\n")
    )))
}

/// The records of an edition, and its files by their place.
type Held = (Vec<Entry>, Vec<(String, Vec<u8>)>);

fn opened(package: &Package) -> Result<Held, Refusal> {
    read_parts(&package.manifest, |sha256| package.parts.get(sha256).cloned()).map_err(|refusal| match refusal {
        Refusal::Unavailable(_) => {
            Refusal::Wrong("the package lacks parts: tidewaiter publish fetch brings it with all of them".into())
        }
        other => other,
    })
}

fn text(entry: &Entry) -> Result<String, Refusal> {
    serde_json::to_string(entry).map_err(|e| Refusal::Wrong(e.to_string()))
}

/// Where two heads say different things of the records, from whatever files they were read.
fn heads(edition: &Head, sheet: &Head) -> Vec<String> {
    let fields = |head: &Head| match serde_json::to_value(Head { files: Vec::new(), ..head.clone() }) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (edition, sheet) = (fields(edition), fields(sheet));
    let names = edition.keys().chain(sheet.keys().filter(|name| !edition.contains_key(*name)));
    let none = serde_json::Value::Null;
    names
        .filter(|name| edition.get(*name) != sheet.get(*name))
        .map(|name| {
            let of =
                |head: &serde_json::Map<String, serde_json::Value>| cut(&head.get(name).unwrap_or(&none).to_string());
            format!("{name}: {} in the edition, {} in the sheet", of(&edition), of(&sheet))
        })
        .collect()
}

fn cut(text: &str) -> String {
    let short: String = text.chars().take(MOST_CHARS).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
