//! Records cut into parts and put together again. A part holds what changes together: the duties of one chapter, the
//! exchange rates of one month. What did not change keeps its hash, so it is neither stored nor fetched again.

use crate::entry::{Days, key, validity};
use crate::manifest::{MOST_PART_BYTES, Manifest, Part};
use crate::name::Place;
use crate::sha256_hex;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use tidewaiter_sources::Entry;
use tidewaiter_sources::edition::kind_of;

/// Level at which parts are packed: slower ones save two percent on tariffs.
const ZSTD_LEVEL: i32 = 12;

/// A part and the bytes it is stored as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What the manifest says of it.
    pub part: Part,
    /// As stored and distributed.
    pub bytes: Vec<u8>,
}

/// Why a part cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It is not what the manifest says.
    #[error("part {name} is not the one that was signed: {what}")]
    Altered {
        /// Its name.
        name: String,
        /// What differs.
        what: String,
    },
    /// A record cannot be read.
    #[error("part {name}, line {line}: {what}")]
    Record {
        /// Its name.
        name: String,
        /// Line, from 1.
        line: u64,
        /// What the reader expected.
        what: String,
    },
    /// It would be too large.
    #[error("part {name} would be larger than {MOST_PART_BYTES} bytes; divide the edition among several authorities")]
    TooLarge {
        /// Its name.
        name: String,
    },
    /// It cannot be packed or unpacked.
    #[error("part {name} cannot be packed or unpacked: {error}")]
    Pack {
        /// Its name.
        name: String,
        /// What went wrong.
        error: std::io::Error,
    },
}

/// Which part a record goes into.
fn part_of(entry: &Entry) -> String {
    let by_chapter = |kind: &str| {
        let code = key(entry);
        let chapter = code.get(..2).unwrap_or("all");
        format!("{kind}-{chapter}")
    };
    match entry {
        Entry::Line(_) => by_chapter("lines"),
        Entry::Measure(_) => by_chapter("measures"),
        Entry::Correlation(_) => by_chapter("correlations"),
        Entry::ExchangeRate(rate) => format!("exchange-{:04}-{:02}", rate.from.year(), rate.from.month()),
        other => format!("{}s", kind_of(other)),
    }
}

/// Cuts records into parts, in the order of their names. Records keep their order within a part. An `edition` entry is left
/// out: the manifest says what it says.
///
/// Exchange rates of a year before the newest one stand together in one part for the year.
///
/// # Errors
/// [`PartError`] where one would be too large.
pub fn cut<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<Vec<Stored>, PartError> {
    cut_after(entries, None)
}

/// As [`cut`], after an edition that is kept: a part of the same content as there is not packed again and has no bytes, so that one
/// more day of exchange rates does not cost the packing of ten years.
///
/// # Errors
/// As [`cut`].
pub fn cut_after<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    earlier: Option<&Manifest>,
) -> Result<Vec<Stored>, PartError> {
    let mut drafts: BTreeMap<String, (Vec<u8>, u64, Days)> = BTreeMap::new();
    for entry in entries {
        if matches!(entry, Entry::Edition(_)) {
            continue;
        }
        let (text, records, days) = drafts.entry(part_of(entry)).or_default();
        let name = || part_of(entry);
        serde_json::to_writer(&mut *text, entry).map_err(|e| PartError::Pack { name: name(), error: e.into() })?;
        text.push(b'\n');
        *records += 1;
        let (from, before) = validity(entry);
        days.add(from, before);
    }
    let mut years: BTreeMap<String, (Vec<u8>, u64, Days)> = BTreeMap::new();
    let newest = drafts.keys().filter_map(|name| year(name)).max().map(str::to_owned);
    for (name, (text, records, days)) in drafts {
        let name = match (year(&name), &newest) {
            (Some(year), Some(newest)) if year != newest => format!("exchange-{year}"),
            _ => name,
        };
        let (all, count, span) = years.entry(name).or_default();
        all.extend(text);
        *count += records;
        let (from, before) = days.hull();
        span.add(from, before);
    }
    years
        .into_iter()
        .map(|(name, (text, records, days))| {
            let (from, before) = days.hull();
            let part = Part { records, from, before, ..described(format!("{name}.ndjson.zst"), &text) };
            match earlier.and_then(|earlier| earlier.part(&part.name)) {
                Some(old) if old.content_sha256 == part.content_sha256 && old.file.is_none() => {
                    Ok(Stored { part: old.clone(), bytes: Vec::new() })
                }
                _ => pack(part, &text),
            }
        })
        .collect()
}

fn year(name: &str) -> Option<&str> {
    name.strip_prefix("exchange-")?.get(..4)
}

/// A file of a data folder as a part.
///
/// # Errors
/// [`PartError`] where it is too large.
pub fn file(place: &Place, bytes: &[u8]) -> Result<Stored, PartError> {
    let words: String = place.as_str().to_lowercase().chars().map(|c| if "/_".contains(c) { '-' } else { c }).collect();
    let records = bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()).count() as u64;
    let part = Part { records, file: Some(place.to_string()), ..described(format!("file-{words}.zst"), bytes) };
    pack(part, bytes)
}

fn described(name: String, content: &[u8]) -> Part {
    Part {
        name,
        file: None,
        records: 0,
        bytes: 0,
        sha256: String::new(),
        content_bytes: content.len() as u64,
        content_sha256: sha256_hex(content),
        from: None,
        before: None,
    }
}

fn pack(part: Part, content: &[u8]) -> Result<Stored, PartError> {
    if content.len() as u64 > MOST_PART_BYTES {
        return Err(PartError::TooLarge { name: part.name });
    }
    let bytes = zstd::bulk::compress(content, ZSTD_LEVEL)
        .map_err(|error| PartError::Pack { name: part.name.clone(), error })?;
    let part = Part { bytes: bytes.len() as u64, sha256: sha256_hex(&bytes), ..part };
    Ok(Stored { part, bytes })
}

/// Takes over what an earlier edition has already stored: a part of the same content keeps the earlier hash, even where
/// another version of the packer would make other bytes of it. Returns the parts whose bytes are new.
pub fn keep_unchanged(parts: &mut [Stored], earlier: &Manifest) -> Vec<String> {
    let mut new = Vec::new();
    for stored in parts {
        match earlier.part(&stored.part.name) {
            Some(old) if old.content_sha256 == stored.part.content_sha256 && old.file == stored.part.file => {
                if old.sha256 != stored.part.sha256 {
                    stored.bytes.clear();
                }
                stored.part = old.clone();
            }
            _ => new.push(stored.part.name.clone()),
        }
    }
    new
}

/// The content of a part, after its stored bytes and its content have been held against the manifest.
///
/// ```
/// use tidewaiter_repository::{name::Place, parts};
/// let stored = parts::file(&Place::new("economies/QQ.toml")?, b"[economy]\n")?;
/// assert_eq!(parts::content(&stored.part, &stored.bytes)?, b"[economy]\n");
/// assert!(parts::content(&stored.part, b"something else").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PartError::Altered`] where a size or hash differs.
pub fn content(part: &Part, bytes: &[u8]) -> Result<Vec<u8>, PartError> {
    let altered = |what: String| PartError::Altered { name: part.name.clone(), what };
    if bytes.len() as u64 != part.bytes {
        return Err(altered(format!("it has {} bytes, the manifest says {}", bytes.len(), part.bytes)));
    }
    if sha256_hex(bytes) != part.sha256 {
        return Err(altered("its SHA-256 differs".into()));
    }
    let content = if part.is_packed() {
        let most = part.content_bytes.min(MOST_PART_BYTES);
        let mut content = Vec::new();
        let unpacked = zstd::Decoder::new(bytes).and_then(|reader| reader.take(most + 1).read_to_end(&mut content));
        unpacked.map_err(|error| PartError::Pack { name: part.name.clone(), error })?;
        content
    } else {
        bytes.to_vec()
    };
    if content.len() as u64 != part.content_bytes || sha256_hex(&content) != part.content_sha256 {
        return Err(altered("what it unpacks to is not what the manifest names".into()));
    }
    Ok(content)
}

/// The records of a part, checked as [`content`] does.
///
/// # Errors
/// As [`content`]; and [`PartError::Record`] with the line that is no record.
pub fn entries(part: &Part, bytes: &[u8]) -> Result<Vec<Entry>, PartError> {
    lines(part, &content(part, bytes)?)
}

/// The records of a part's content that was checked before.
///
/// # Errors
/// As [`entries`].
pub fn lines(part: &Part, content: &[u8]) -> Result<Vec<Entry>, PartError> {
    let mut out = Vec::with_capacity(usize::try_from(part.records.min(1 << 20)).unwrap_or(0));
    for (line, row) in BufReader::new(content).lines().zip(1..) {
        let wrong = |what: String| PartError::Record { name: part.name.clone(), line: row, what };
        let line = line.map_err(|e| wrong(e.to_string()))?;
        match serde_json::from_str(&line).map_err(|e| wrong(e.to_string()))? {
            Entry::Edition(_) => return Err(wrong("a part has no edition line: the manifest is its head".into())),
            entry => out.push(entry),
        }
    }
    if out.len() as u64 != part.records {
        let what = format!("it has {} records, the manifest says {}", out.len(), part.records);
        return Err(PartError::Altered { name: part.name.clone(), what });
    }
    Ok(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test says so")]
mod tests {
    use super::*;

    fn rates(rates: &[(&str, &str)]) -> Vec<Entry> {
        let entry = |(day, rate): &(&str, &str)| {
            let text = format!(
                r#"{{"exchange-rate":{{"series":"s","base":"XQD","currency":"XZD","rate":"{rate}","from":"{day}"}}}}"#
            );
            serde_json::from_str(&text).unwrap()
        };
        rates.iter().map(entry).collect()
    }

    #[test]
    fn only_what_changed_is_packed_again() {
        let before = rates(&[("2026-10-30", "1.5"), ("2026-11-02", "1.6")]);
        let mut manifest: Manifest = serde_json::from_value(serde_json::json!({
            "format": crate::manifest::FORMAT, "authority": "qq", "number": 1, "kind": "ordinary",
            "issued": "2026-11-02T08:00:00Z", "parts": [],
            "head": { "authority": "Bank", "title": "Rates", "format": "edition", "known_from": "2026-11-02" },
        }))
        .unwrap();
        manifest.parts = cut(&before).unwrap().into_iter().map(|stored| stored.part).collect();
        let now = rates(&[("2026-10-30", "1.5"), ("2026-11-02", "1.6"), ("2026-11-03", "1.7")]);
        let (whole, after) = (cut(&now).unwrap(), cut_after(&now, Some(&manifest)).unwrap());
        let names = ["exchange-2026-10.ndjson.zst", "exchange-2026-11.ndjson.zst"];
        assert_eq!(after.iter().map(|stored| stored.part.name.as_str()).collect::<Vec<_>>(), names);
        assert_eq!((&after[0].part, after[0].bytes.len()), (&manifest.parts[0], 0));
        assert_eq!(after[1], whole[1]);
    }
}
