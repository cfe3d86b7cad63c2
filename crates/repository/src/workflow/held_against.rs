//! What a file of the static host is held against before it is taken back: signatures, what a signed file says of it, and what the
//! database has.

use super::Refusal;
use super::host::Host;
use super::take_back::MOST_ROLE;
use crate::metadata::{self, Keys, Listed, file_name};
use crate::store::{db::Run, role};
use std::collections::{BTreeMap, HashMap};
use tough::schema::{Metafile, Role, Signed, Target, Targets};

/// Most versions of one role that are taken back: more than ten years of daily ones.
const MOST_VERSIONS: u64 = 5_000;

/// Largest version of a role that is believed: all programs can write one more.
const MOST_VERSION: u64 = 1 << 50;

/// Stops where the database went on by itself: there are two of one version, and readers have seen the other.
pub(super) async fn not_another(
    tx: &mut dyn Run,
    host: Host<'_>,
    role: &str,
    pinned: Option<&Listed>,
    highest: u64,
) -> Result<(), Refusal> {
    let another =
        |version| Refusal::Wrong(format!("role {version} of {role} is another one there than in the database"));
    if let Some(listed) = pinned {
        let ours = role::version(tx, role, listed.version).await?;
        if ours.is_some_and(|ours| Listed::of(listed.version, &ours) != *listed) {
            return Err(another(listed.version));
        }
    }
    let path = format!("metadata/{}", file_name(role, highest));
    if let Some(ours) = role::version(tx, role, highest).await?
        && role::goes_out(tx, &path).await?
        && host.get(&path, MOST_ROLE).await?.is_some_and(|there| there.bytes != ours)
    {
        return Err(another(highest));
    }
    Ok(())
}

pub(super) fn is_signed_by<T: Role>(role: &Signed<T>, keys: &Keys) -> bool {
    metadata::signed_by(role, keys).len() as u64 >= keys.threshold
}

pub(super) fn signed_by<T: Role>(role: &Signed<T>, keys: &Keys, what: &str) -> Result<(), Refusal> {
    let by = metadata::signed_by(role, keys).len() as u64;
    if by >= keys.threshold {
        return Ok(());
    }
    Err(Refusal::Signature(format!(
        "the static host has something newer than the database, and {what} is not signed there by enough keys of this repository \
         ({by} of {}): it is another repository's host, or somebody changed it. Publish into an empty folder, or put the host's \
         files back",
        keys.threshold
    )))
}

/// What a snapshot or timestamp says of a role.
pub(super) fn pin(meta: &HashMap<String, Metafile>, role: &str) -> Result<Listed, Refusal> {
    match meta.get(&format!("{role}.json")) {
        Some(Metafile { length: Some(length), hashes: Some(hashes), version, .. }) => Ok(Listed {
            version: believed(version.get())?,
            length: *length,
            sha256: crate::key::hex(hashes.sha256.as_ref()),
        }),
        _ => Err(Refusal::Wrong(format!("nothing is listed for {role} there"))),
    }
}

/// What a snapshot says of every role.
pub(super) fn pins(meta: &HashMap<String, Metafile>) -> Result<BTreeMap<String, Listed>, Refusal> {
    let names = meta.keys().filter_map(|file| file.strip_suffix(".json"));
    names.map(|name| Ok((name.to_owned(), pin(meta, name)?))).collect()
}

pub(super) fn same(listed: &Listed, bytes: &[u8], role: &str) -> Result<(), Refusal> {
    if Listed::of(listed.version, bytes) == *listed {
        return Ok(());
    }
    Err(Refusal::Wrong(format!("role {} of {role} is not the one that is listed there", listed.version)))
}

pub(super) fn same_version(path: &str, found: u64, expected: u64) -> Result<(), Refusal> {
    if found == expected { Ok(()) } else { Err(Refusal::Wrong(format!("{path} has version {found}"))) }
}

pub(super) fn believed(version: u64) -> Result<u64, Refusal> {
    if version <= MOST_VERSION {
        Ok(version)
    } else {
        Err(Refusal::Wrong(format!("a role has version {version} there")))
    }
}

/// The versions after one, up to another.
pub(super) fn versions(here: u64, there: u64) -> Result<std::ops::RangeInclusive<u64>, Refusal> {
    if there.saturating_sub(here) > MOST_VERSIONS {
        return Err(Refusal::Wrong(format!("a role has version {there} there and {here} in the database")));
    }
    Ok(here + 1..=there)
}

/// The hash of a target.
pub(super) fn target(role: &Targets, named: &str) -> Result<String, Refusal> {
    let found: BTreeMap<&str, &Target> = role.targets.iter().map(|(name, target)| (name.raw(), target)).collect();
    let target = found.get(named).ok_or_else(|| Refusal::Wrong(format!("a role names no {named} there")))?;
    Ok(crate::key::hex(target.hashes.sha256.as_ref()))
}
