//! An edition in a local copy, and what an authority may publish in one.

use super::ClientError;
use super::fetch::{Failure, wrong};
use super::standing::Standing;
use super::state::Newest;
use super::store::Store;
use crate::authority::Authority;
use crate::manifest::{Manifest, Part};
use crate::parts::{self, PartError};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::ratebook::compile::read_economy;
use tidewaiter_sources::Entry;
use tidewaiter_sources::edition::kind_of;

/// Most bytes of the parts of an edition together as stored, and unpacked: no authority fills the disk of its readers.
pub(super) const MOST_STORED_BYTES: u64 = 1 << 30;
const MOST_CONTENT_BYTES: u64 = 4 << 30;
/// Longest line of a part, in bytes.
const MOST_LINE_BYTES: usize = 4 << 20;

/// The newest good edition of an authority, as it lies in a local copy.
#[derive(Clone)]
pub struct Edition {
    /// The authority, as the repository admitted it.
    pub authority: String,
    /// What it says.
    pub manifest: Manifest,
    /// Its SHA-256: what a quote cites.
    pub sha256: String,
    /// What can be said of it at the moment asked about.
    pub standing: Standing,
    /// Last day for which it is known to be the newest, if nothing more is fetched.
    pub until: Date,
    pub(super) store: Store,
}

impl std::fmt::Debug for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "edition {} of {} ({})", self.manifest.number, self.authority, self.sha256)
    }
}

impl Edition {
    /// The records of a part.
    ///
    /// # Errors
    /// [`ClientError::Damaged`] where the copy on this disk is not whole; [`ClientError::Part`] where it cannot be read.
    pub fn entries(&self, part: &Part) -> Result<Vec<Entry>, ClientError> {
        Ok(parts::entries(part, &self.stored(part)?)?)
    }

    /// The unpacked content of a part.
    ///
    /// # Errors
    /// As [`Self::entries`].
    pub fn content(&self, part: &Part) -> Result<Vec<u8>, ClientError> {
        Ok(parts::content(part, &self.stored(part)?)?)
    }

    fn stored(&self, part: &Part) -> Result<Vec<u8>, ClientError> {
        let damaged = || ClientError::Damaged { authority: self.authority.clone(), what: part.name.clone() };
        self.store.get(&part.sha256)?.ok_or_else(damaged)
    }
}

/// An edition that is no longer the newest, fetched whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// What it says.
    pub manifest: Manifest,
    /// Its SHA-256.
    pub sha256: String,
    /// What has become of it.
    pub status: super::Status,
    /// Stored bytes of its parts, by name.
    pub parts: BTreeMap<String, Vec<u8>>,
}

/// The manifest of the newest edition of an authority; nothing where the copy on this disk is damaged.
pub(super) fn manifest(store: &Store, newest: &Newest) -> Result<Option<Manifest>, ClientError> {
    Ok(store.get(&newest.sha256)?.and_then(|bytes| Manifest::from_bytes(&bytes).ok()))
}

/// Whether an authority may publish such an edition: for its own territory, its own files, of bounded size.
pub(crate) fn may_publish(authority: &Authority, manifest: &Manifest) -> Result<(), Failure> {
    if manifest.authority != authority.id {
        return wrong(format!(
            "its manifest is one of \"{}\", and only \"{}\" is published here",
            manifest.authority, authority.id
        ));
    }
    if !authority.unofficial && manifest.head.territory != authority.territory {
        let of = |territory: &Option<String>| territory.clone().unwrap_or_else(|| "no territory".to_owned());
        return wrong(format!(
            "its edition {} is for {}, and the repository admits it for {}",
            manifest.number,
            of(&manifest.head.territory).escape_debug(),
            of(&authority.territory)
        ));
    }
    for part in &manifest.parts {
        if let Some(file) = part.file.as_deref().filter(|file| !authority.unofficial && !is_own_file(authority, file)) {
            return wrong(format!(
                "part {} is the file {file}; an authority may publish economies/ and lists/ of its own territory only",
                part.name
            ));
        }
    }
    let sum = |size: fn(&Part) -> u64| manifest.parts.iter().map(size).fold(0, u64::saturating_add);
    if sum(|part| part.bytes) > MOST_STORED_BYTES || sum(|part| part.content_bytes) > MOST_CONTENT_BYTES {
        return wrong(format!(
            "its parts have more than {MOST_STORED_BYTES} bytes, or {MOST_CONTENT_BYTES} unpacked; the authority must divide them"
        ));
    }
    Ok(())
}

/// `economies/QQ.toml`, `lists/QQ.toml`, `lists/QQ.anything.toml` for the territory QQ.
fn is_own_file(authority: &Authority, file: &str) -> bool {
    let Some(territory) = &authority.territory else { return false };
    let list = file.strip_prefix("lists/").and_then(|name| name.strip_prefix(territory.as_str()));
    file == format!("economies/{territory}.toml")
        || list.is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".toml") && !rest.contains('/'))
}

/// Checks a part before it is kept: it is what the manifest names, its records can be read, and the authority may make them.
pub(super) fn check_part(manifest: &Manifest, part: &Part, stored: &[u8]) -> Result<(), Failure> {
    let told = |e: &dyn std::fmt::Display| Failure::Wrong(e.to_string());
    let content = parts::content(part, stored).map_err(|e| told(&e))?;
    if let Some(file) = &part.file {
        // What it says counts, not only where it stands.
        if let Some(territory) = &manifest.head.territory
            && file.starts_with("economies/")
        {
            let said = read_economy(file, &String::from_utf8_lossy(&content)).map_err(|e| told(&e))?;
            if said.economy.economy.territory != *territory {
                let other = said.economy.economy.territory.escape_debug().to_string();
                return wrong(format!(
                    "part {} says what {other} charges, and this edition is for {territory}",
                    part.name
                ));
            }
        }
        return Ok(());
    }
    let mut records = 0;
    for line in content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        records += 1;
        let bad = |what: String| told(&PartError::Record { name: part.name.clone(), line: records, what });
        if line.len() > MOST_LINE_BYTES {
            return Err(bad(format!("it is longer than {MOST_LINE_BYTES} bytes")));
        }
        let entry: Entry = serde_json::from_slice(line).map_err(|e| bad(e.to_string()))?;
        if manifest.head.territory.is_none() && !is_for_all(&entry) {
            return Err(bad(format!(
                "a record of kind {} belongs to a territory, and this edition is for none",
                kind_of(&entry)
            )));
        }
    }
    if records != part.records {
        return wrong(format!("part {} has {records} records, the manifest says {}", part.name, part.records));
    }
    Ok(())
}

/// Whether a record says nothing about the law of a territory: anyone may publish exchange rates and nomenclatures.
const fn is_for_all(entry: &Entry) -> bool {
    matches!(entry, Entry::Fact(_) | Entry::Line(_) | Entry::Text(_) | Entry::Correlation(_) | Entry::ExchangeRate(_))
}
