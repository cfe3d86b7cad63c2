//! A draft: a manifest and its parts made of records, what it must be to be kept, and an edition that is kept opened again.

use super::sent::{About, Records};
use super::{MOST_WORDS, Refusal, apart, plain};
use crate::assemble::Opened;
use crate::authority::Authority;
use crate::entry::key;
use crate::manifest::{self, FORMAT, Kind, Manifest};
use crate::metadata;
use crate::parts::{self, Stored};
use crate::store::edition::Kept;
use crate::store::{db::Run, role};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use tidewaiter::ratebook::compile::Verified;
use tidewaiter_sources::Entry;

/// What an edition holds.
pub struct Content {
    /// Its records.
    pub entries: Vec<Entry>,
    /// Its files by their place.
    pub files: Vec<(String, Vec<u8>)>,
    /// What the reader noticed.
    pub noticed: Vec<String>,
}

/// What the databases and the readers of the published files could not keep is refused before it is.
pub(super) fn can_be_kept(manifest: &Manifest, bytes: &[u8], entries: &[Entry]) -> Result<(), Refusal> {
    if bytes.len() as u64 > manifest::MOST_BYTES {
        let most = manifest::MOST_BYTES;
        return Err(Refusal::Wrong(format!(
            "the manifest would be larger than {most} bytes: say less beside the records"
        )));
    }
    let mut concerns = manifest.concerns.clone();
    concerns.sort_unstable();
    if concerns.windows(2).any(|two| two[0] == two[1]) {
        return Err(Refusal::Wrong("\"concerns\" names an edition twice".into()));
    }
    if let Some(reason) = &manifest.reason {
        plain("the reason", reason, MOST_WORDS)?;
    }
    plain("the title", &manifest.head.title, MOST_WORDS)?;
    let wrong = |entry: &&Entry| key(entry).contains(|c: char| c.is_control());
    if let Some(entry) = entries.iter().find(wrong) {
        let what = format!("the key \"{}\" holds a character that cannot be seen", key(entry).escape_debug());
        return Err(Refusal::Wrong(what));
    }
    Ok(())
}

/// Until when the role of an edition holds: a month after the next one is promised, or as long as was set.
pub fn expiry(manifest: &Manifest, now: Timestamp, otherwise: SignedDuration) -> Timestamp {
    const MONTH: SignedDuration = SignedDuration::from_hours(31 * 24);
    let promised = manifest.next_due.and_then(|day| day.to_zoned(TimeZone::UTC).ok()).map(|day| day.timestamp());
    // A day at the end of the calendar has no month after it.
    let promised = promised.and_then(|day| day.checked_add(MONTH).ok());
    promised.filter(|at| *at > now).unwrap_or(now + otherwise)
}

/// Whether an edition is the next one after what stands.
pub(super) fn follows(manifest: &Manifest, head: Option<&Kept>) -> Result<(), Refusal> {
    let (number, previous) = head.map_or((1, None), |h| (h.manifest.number + 1, Some(h.hash.clone())));
    if manifest.number == number && manifest.previous == previous {
        return Ok(());
    }
    Err(Refusal::Conflict(format!(
        "this is edition {} after {}, and the next one is {number} after {}: make it anew on what is published now",
        manifest.number,
        manifest.previous.as_deref().unwrap_or("none"),
        previous.as_deref().unwrap_or("none")
    )))
}

/// A manifest and its parts from records; `None` where they say what the newest edition says.
pub fn make(
    authority: &Authority,
    about: &About,
    records: Records,
    head: Option<(&str, &Manifest)>,
    now: Timestamp,
) -> Result<Option<(Manifest, Vec<Stored>, Content)>, Refusal> {
    let Records { head: said, entries, files, noticed } = records;
    let mut stored = parts::cut_after(&entries, head.map(|(_, old)| old))?;
    for (place, bytes) in &files {
        stored.push(parts::file(place, bytes)?);
    }
    stored.sort_by(|a, b| a.part.name.cmp(&b.part.name));
    let kind = about.kind.unwrap_or(Kind::Ordinary);
    if let Some((_, old)) = head {
        let new = parts::keep_unchanged(&mut stored, old);
        let same = new.is_empty() && old.parts.len() == stored.len();
        if same && kind == Kind::Ordinary && old.next_due == about.next_due && same_head(&old.head, &said) {
            return Ok(None);
        }
    }
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        authority: authority.id.clone(),
        number: head.map_or(1, |(_, old)| old.number + 1),
        previous: head.map(|(hash, _)| hash.to_owned()),
        kind,
        concerns: about.concerns.clone(),
        reason: about.reason.clone(),
        issued: now,
        not_before: about.not_before.map(metadata::whole_seconds),
        next_due: about.next_due,
        legal: about.legal.clone(),
        head: said,
        parts: stored.iter().map(|s| s.part.clone()).collect(),
    };
    manifest.check()?;
    let files = files.into_iter().map(|(place, bytes)| (place.to_string(), bytes)).collect();
    Ok(Some((manifest, stored, Content { entries, files, noticed })))
}

/// Whether two heads say the same of the records, whenever and from whatever files they were made.
fn same_head(old: &tidewaiter::record::edition::Edition, new: &tidewaiter::record::edition::Edition) -> bool {
    let of = |head: &tidewaiter::record::edition::Edition| tidewaiter::record::edition::Edition {
        known_from: Date::MIN,
        files: Vec::new(),
        ..head.clone()
    };
    of(old) == of(new)
}

/// Reads the parts of an edition: its records and its files.
///
/// # Errors
/// [`Refusal`] where a part is missing or is not the one that was signed.
#[allow(clippy::type_complexity, reason = "records, and files by their place")]
pub fn read_parts(
    manifest: &Manifest,
    bytes: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<(Vec<Entry>, Vec<(String, Vec<u8>)>), Refusal> {
    let (mut entries, mut files) = (Vec::new(), Vec::new());
    for part in &manifest.parts {
        let bytes =
            bytes(&part.sha256).ok_or_else(|| Refusal::Unavailable(format!("part {} is not kept", part.name)))?;
        match &part.file {
            Some(place) => files.push((place.clone(), parts::content(part, &bytes)?)),
            None => entries.extend(parts::entries(part, &bytes)?),
        }
    }
    Ok((entries, files))
}

/// Opens an edition that is kept.
///
/// # Errors
/// [`Refusal`] where a part is missing.
pub async fn open(tx: &mut dyn Run, hash: &str, manifest: &Manifest) -> Result<Opened, Refusal> {
    let mut all = BTreeMap::new();
    for part in &manifest.parts {
        let bytes = role::bytes(tx, &part.sha256).await?;
        all.insert(
            part.sha256.clone(),
            bytes.ok_or_else(|| Refusal::Unavailable(format!("part {} is not kept", part.name)))?,
        );
    }
    let of = manifest.clone();
    let (entries, files) = apart(move || read_parts(&of, |sha256| all.get(sha256).cloned())).await??;
    Ok(Opened { hash: hash.to_owned(), manifest: manifest.clone(), entries, files, standing: Verified::default() })
}
