//! Withdrawing: an edition that says which earlier ones must not be used, and what holds instead. One that would withdraw nothing
//! is refused, for its officers would believe that it did.

use super::{MOST_WORDS, Refusal, Repository, plain};
use crate::manifest::{Kind, Manifest};
use crate::metadata;
use crate::package::Package;
use crate::store::edition::{Kept, State};
use crate::store::{db::Run, edition, role};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

impl Repository {
    /// A draft that withdraws editions: its records are those of the newest edition that is not among them. It waits for
    /// signatures as every draft does.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where nothing would be left to stand; say then what holds instead, as an edition of its own.
    /// [`Refusal::Wrong`] and [`Refusal::Conflict`] where it would withdraw nothing: an edition that is not there, is named twice,
    /// is withdrawn already, or says what would stand in its place.
    pub async fn withdrawal(
        &self,
        authority: &str,
        concerns: &[u64],
        reason: &str,
    ) -> Result<(Manifest, Package), Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.read().await?;
        plain("why it is withdrawn", reason, MOST_WORDS)?;
        let none = || Refusal::NotFound(format!("{authority} has published nothing that could be withdrawn"));
        let head = edition::head(&mut *tx, authority).await?.ok_or_else(none)?;
        let withdrawn = named(&mut *tx, authority, concerns, head.manifest.number).await?;
        let mut number = head.manifest.number;
        let stands = loop {
            if number == 0 {
                let what = "nothing is left to stand in their place; send an edition that says what holds instead";
                return Err(Refusal::NotFound(what.into()));
            }
            let kept = edition::numbered(&mut *tx, authority, number).await?.ok_or_else(none)?;
            if !concerns.contains(&number) && kept.state != State::Withdrawn {
                break kept;
            }
            number -= 1;
        };
        stays_in_force(&withdrawn, &stands.manifest, Some(stands.manifest.number))?;
        let manifest = Manifest {
            number: head.manifest.number + 1,
            previous: Some(head.hash.clone()),
            kind: Kind::Withdrawal,
            concerns: concerns.to_vec(),
            reason: Some(reason.to_owned()),
            issued: now,
            not_before: None,
            head: tidewaiter::record::edition::Edition {
                known_from: now.to_zoned(TimeZone::UTC).date(),
                ..stands.manifest.head.clone()
            },
            ..stands.manifest
        };
        manifest.check()?;
        let manifest_bytes = manifest.to_bytes()?;
        let version = role::listed(&mut *tx).await?.get(authority).map_or(1, |l| l.version + 1);
        let role = metadata::authority(version, self.expires(&manifest, now), &manifest_bytes, &manifest)?;
        let package = Package {
            manifest: manifest.clone(),
            manifest_bytes,
            role: metadata::unsigned(role),
            parts: BTreeMap::new(),
        };
        Ok((manifest, package))
    }
}

/// Whether a withdrawal withdraws something.
///
/// # Errors
/// As [`Repository::withdrawal`].
pub(super) async fn withdraws(tx: &mut dyn Run, manifest: &Manifest) -> Result<(), Refusal> {
    if manifest.kind != Kind::Withdrawal {
        return Ok(());
    }
    let newest = manifest.number.saturating_sub(1);
    let withdrawn = named(tx, &manifest.authority, &manifest.concerns, newest).await?;
    stays_in_force(&withdrawn, manifest, None)
}

/// The editions of some numbers, each of which can be withdrawn.
async fn named(tx: &mut dyn Run, authority: &str, numbers: &[u64], newest: u64) -> Result<Vec<Kept>, Refusal> {
    let mut all: Vec<Kept> = Vec::new();
    for number in numbers {
        if all.iter().any(|kept| kept.manifest.number == *number) {
            return Err(Refusal::Wrong(format!("edition {number} is named twice; name each edition once")));
        }
        let kept = edition::numbered(tx, authority, *number).await?;
        let kept = kept.ok_or_else(|| {
            Refusal::Wrong(format!("{authority} has published no edition {number}; its newest is {newest}"))
        })?;
        if kept.state == State::Withdrawn {
            let mut by = None;
            for (of, hash) in edition::concerning(tx, authority, *number).await? {
                if edition::get(tx, &hash).await?.is_some_and(|kept| kept.manifest.kind == Kind::Withdrawal) {
                    by = Some(of);
                }
            }
            let by = by.map(|by| format!(" by edition {by}")).unwrap_or_default();
            return Err(Refusal::Conflict(format!("edition {number} is withdrawn{by} already; nothing is left to do")));
        }
        all.push(kept);
    }
    Ok(all)
}

/// Refuses to let what is withdrawn hold again under another number: that of an edition of the same content, or its own.
fn stays_in_force(withdrawn: &[Kept], instead: &Manifest, number: Option<u64>) -> Result<(), Refusal> {
    let content = |manifest: &Manifest| -> Vec<(String, String)> {
        manifest.parts.iter().map(|part| (part.name.clone(), part.content_sha256.clone())).collect()
    };
    let says = content(instead);
    let Some(same) = withdrawn.iter().find(|kept| content(&kept.manifest) == says) else { return Ok(()) };
    let same = same.manifest.number;
    let what = match number {
        Some(number) => format!(
            "edition {number} says what edition {same} says and would stand in its place, so what is withdrawn would stay in \
             force: withdraw both ({same} {number}), or send an edition that says what holds instead"
        ),
        None => format!(
            "this edition says what edition {same} says, which it withdraws: send one that says what holds instead"
        ),
    };
    Err(Refusal::Wrong(what))
}
