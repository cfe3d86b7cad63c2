//! After a database was restored from an older backup: what the static host has and the database lacks is taken back in. Readers
//! saw it; they would refuse a second edition of the same number, and any role, snapshot or timestamp of an older version. Each
//! file is held against the signatures of this repository's own keys, as a reader would.

use super::ceremony::{delegated, keys_of};
use super::distribute::Stamp;
use super::draft::open;
use super::held_against::{
    believed, is_signed_by, not_another, pin, pins, same, same_version, signed_by, target, versions,
};
use super::host::Host;
use super::news::news;
use super::{Refusal, Repository};
use crate::authority::{self, Authorities};
use crate::checks::Report;
use crate::manifest::{self, Manifest};
use crate::metadata::{self, Keys, Listed, file_name, target_file};
use crate::name;
use crate::store::edition::{Kept, State};
use crate::store::{self, audit, db::Run, edition, role};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use tough::schema::{RoleType, Root, Signed, Snapshot, Targets, Timestamp as TimestampRole};

/// Largest root and other role, in bytes: as readers take them.
const MOST_ROOT: u64 = 512 << 10;
pub(super) const MOST_ROLE: u64 = 8 << 20;

/// What the audit log calls it.
pub(crate) const TAKE_BACK: &str = "take back";
/// Who publishes what is taken back.
pub(crate) const HOST: &str = "static host";

/// What was taken back in from the static host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Authority, number and SHA-256 of each edition.
    pub editions: Vec<(String, u64, String)>,
    /// Other roles that the database lacked: `root 2`, `targets 5`, `qq 7` for an edition signed anew.
    pub roles: Vec<String>,
    /// Version of the timestamp at the host, and in the database before; absent where the host had only what is in the database.
    pub timestamp: Option<(u64, u64)>,
}

impl Repository {
    /// Whether anything was ever published at the static host.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where it does not answer.
    pub async fn host_is_empty(&self) -> Result<bool, Refusal> {
        Ok(Host(&self.public).timestamp().await?.is_none())
    }

    /// Takes back what the static host has and the database lacks, all of it or nothing. Costs one look at the timestamp and one
    /// at the list of `metadata/` where nothing is lacking.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] where something cannot be taken back: what, and what to do. [`Refusal::Signature`] where the host's
    /// files are not signed by this repository's keys. [`Refusal::Unavailable`] where database or host do not answer.
    pub async fn take_back(&self) -> Result<TakenBack, Refusal> {
        let now = self.clock.now();
        let host = Host(&self.public);
        {
            let mut tx = self.db.read().await?;
            if store::name(&mut *tx).await?.is_none() {
                return Ok(TakenBack::default());
            }
        }
        let found = host.timestamp().await?;
        let whose = self.stamp_of(found.as_ref()).await?;
        // A timestamp that is lost, or an older one put back, says nothing of what lies beside it.
        let apart = self.stands_apart().await?;
        if whose != Stamp::Other && apart.is_none() {
            if whose == Stamp::Absent && host.highest().await?.is_empty() {
                self.send_all_again().await?;
            }
            if whose == Stamp::Unreadable {
                tracing::warn!("the timestamp at the static host cannot be read; the next one takes its place");
            }
            return Ok(TakenBack::default());
        }
        let stamp = found.and_then(|found| Some((metadata::from_bytes(&found.bytes).ok()?, found.bytes)));
        let there = host.highest().await?;
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        let here = role::listed(&mut *tx).await?.get("timestamp").map_or(0, |listed| listed.version);
        let mut back = TakenBack::default();
        let taken = self.take_all(&mut *tx, host, &there, stamp.as_ref(), now, &mut back).await;
        let version = taken.map_err(|refusal| match refusal {
            Refusal::Signature(_) | Refusal::Unavailable(_) => refusal,
            other => Refusal::Conflict(format!(
                "the static host has {}, and the database timestamp {here}: it was restored from an older backup, and what \
                 readers have seen cannot be taken back in: {other}. Put the file there again from a copy or a mirror; until then \
                 nothing is published, for readers refuse two editions of one number",
                match (&stamp, &apart) {
                    (Some((stamp, _)), _) if stamp.signed.version.get() > here || apart.is_none() =>
                        format!("timestamp {}", stamp.signed.version),
                    (_, Some(apart)) => format!("{} {}", apart.role, apart.there),
                    _ => "no timestamp that can be read".to_owned(),
                }
            )),
        })?;
        if version > here || !back.editions.is_empty() || !back.roles.is_empty() {
            back.timestamp = Some((version, here));
            let said = format!(
                "{} editions, {} other roles; timestamp {version} after {here}",
                back.editions.len(),
                back.roles.len()
            );
            audit::note(&mut *tx, now, "repository", TAKE_BACK, HOST, &said).await?;
        }
        self.renew(&mut *tx, now).await?;
        tx.commit().await?;
        Ok(back)
    }

    /// Returns the version of the newest timestamp that readers may have seen.
    /// Puts everything that is published among what goes out: the host has nothing, so it is new or was emptied.
    async fn send_all_again(&self) -> Result<(), Refusal> {
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        store::copy::send_all(&mut *tx).await.map_err(|e| Refusal::Unavailable(e.to_string()))?;
        tx.commit().await?;
        tracing::warn!("the static host has nothing: every published file goes out again");
        Ok(())
    }

    async fn take_all(
        &self,
        tx: &mut dyn Run,
        host: Host<'_>,
        there: &BTreeMap<String, u64>,
        stamp: Option<&(Signed<TimestampRole>, Vec<u8>)>,
        now: Timestamp,
        back: &mut TakenBack,
    ) -> Result<u64, Refusal> {
        let listed = role::listed(tx).await?;
        let here = |name: &str| listed.get(name).map_or(0, |listed| listed.version);
        not_another(tx, host, "root", None, there.get("root").copied().unwrap_or_default()).await?;
        let roots = take_roots(tx, host, now, back).await?;
        let none = || Refusal::NotFound("there is no root in the database".into());
        let root = roots.last().ok_or_else(none)?;
        let mut newest: Option<(Signed<Snapshot>, Vec<u8>)> = None;
        if let Some((stamp, _)) = stamp {
            signed_by(stamp, &keys_of(&root.signed, RoleType::Timestamp), "the timestamp")?;
            let named = pin(&stamp.signed.meta, "snapshot")?;
            // The snapshot of an older timestamp that was put back may be gone by now.
            if believed(stamp.signed.version.get())? > here("timestamp") {
                let path = format!("metadata/{}", file_name("snapshot", named.version));
                let bytes = host.pinned(&path, &named.sha256, MOST_ROLE).await?.bytes;
                newest = Some((metadata::from_bytes(&bytes)?, bytes));
            }
        }
        // Every timestamp has a snapshot of its own, which lies there still where the timestamp is lost.
        let version = there.get("snapshot").copied().unwrap_or_default();
        if version > newest.as_ref().map_or(here("snapshot"), |(newest, _)| newest.signed.version.get()) {
            let path = format!("metadata/{}", file_name("snapshot", version));
            let bytes = host.must(&path, MOST_ROLE).await?.bytes;
            let snapshot: Signed<Snapshot> = metadata::from_bytes(&bytes)?;
            same_version(&path, snapshot.signed.version.get(), version)?;
            newest = Some((snapshot, bytes));
        }
        if let Some((snapshot, _)) = &newest {
            signed_by(snapshot, &keys_of(&root.signed, RoleType::Snapshot), "the snapshot")?;
        }
        let pins = newest.as_ref().map(|(snapshot, _)| pins(&snapshot.signed.meta)).transpose()?.unwrap_or_default();
        let lists = self.take_targets_back(tx, host, &roots, there, pins.get("targets"), now, back).await?;
        let mut names: BTreeSet<&str> = pins.keys().map(String::as_str).collect();
        // Who was never on a list has nothing that a reader would take.
        let known = store::authority::all(tx).await?;
        let listed = |id: &str| known.iter().any(|(one, _)| one.id == id) || lists.values().any(|l| l.contains_key(id));
        names.extend(there.keys().map(String::as_str).filter(|id| listed(id)));
        for id in names.into_iter().filter(|id| !matches!(*id, "root" | "targets" | "snapshot" | "timestamp")) {
            name::authority(id).map_err(|e| Refusal::Wrong(e.to_string()))?;
            let highest = there.get(id).copied().unwrap_or_default();
            let until = pins.get("targets").map(|listed| listed.version);
            let pinned = pins.get(id).zip(until);
            self.take_authority(tx, host, id, (pinned, highest), &lists, now, back).await?;
        }
        self.take_numbers(tx, stamp, newest.as_ref(), now).await
    }

    /// The next snapshot and timestamp are above what readers have seen.
    async fn take_numbers(
        &self,
        tx: &mut dyn Run,
        stamp: Option<&(Signed<TimestampRole>, Vec<u8>)>,
        newest: Option<&(Signed<Snapshot>, Vec<u8>)>,
        now: Timestamp,
    ) -> Result<u64, Refusal> {
        let here = role::listed(tx).await?;
        let here = |name: &str| here.get(name).map_or(0, |listed| listed.version);
        let mut version = here("timestamp");
        if let Some((stamp, bytes)) = stamp {
            let there = believed(stamp.signed.version.get())?;
            if there > version {
                role::publish(tx, "timestamp", there, bytes, now).await?;
                version = there;
            } else {
                role::remember(tx, "timestamp", there, bytes, now).await?;
            }
        }
        if let Some((snapshot, bytes)) = newest {
            let there = believed(snapshot.signed.version.get())?;
            if there > here("snapshot") {
                let listed = role::publish(tx, "snapshot", there, bytes, now).await?;
                if there > version {
                    // The one of the same number that is lost.
                    self.stamp(tx, there, &listed, now).await?;
                    version = there;
                }
            }
        }
        Ok(version)
    }

    /// The lists of authorities that the database lacks. Returns the keys of each authority, by the version of the list.
    #[allow(clippy::too_many_arguments, reason = "what is known so far, and what is found")]
    async fn take_targets_back(
        &self,
        tx: &mut dyn Run,
        host: Host<'_>,
        roots: &[Signed<Root>],
        there: &BTreeMap<String, u64>,
        pinned: Option<&Listed>,
        now: Timestamp,
        back: &mut TakenBack,
    ) -> Result<Lists, Refusal> {
        let mut lists = Lists::new();
        let mut here = 0;
        if let Some((version, bytes)) = role::newest(tx, "targets").await? {
            lists.insert(version, delegated(&metadata::from_bytes::<Targets>(&bytes)?.signed));
            here = version;
        }
        let highest = there.get("targets").copied().unwrap_or_default();
        let last = pinned.map_or(highest, |pinned| pinned.version.max(highest));
        not_another(tx, host, "targets", pinned, highest).await?;
        // Each is signed by the keys of a root of its time; the last by those that count now.
        let mut from = 0;
        for version in versions(here, last)? {
            let path = format!("metadata/{}", file_name("targets", version));
            let bytes = host.must(&path, MOST_ROLE).await?.bytes;
            let targets: Signed<Targets> = metadata::from_bytes(&bytes)?;
            same_version(&path, targets.signed.version.get(), version)?;
            if let Some(pinned) = pinned.filter(|pinned| pinned.version == version) {
                same(pinned, &bytes, "targets")?;
            }
            if version == last {
                from = roots.len().saturating_sub(1);
            }
            let candidates = roots.get(from..).unwrap_or_default().iter();
            let keys: Vec<Keys> = candidates.map(|root| keys_of(&root.signed, RoleType::Targets)).collect();
            let by = keys.iter().position(|keys| is_signed_by(&targets, keys));
            from += by.ok_or_else(|| {
                Refusal::Signature(format!(
                    "{path} at the static host is not signed by the keys of this repository that sign the list of authorities: \
                     somebody changed it. Put the file there again from a copy or a mirror"
                ))
            })?;
            lists.insert(version, delegated(&targets.signed));
            let list = targets.signed.targets.values().next().map(|t| crate::key::hex(t.hashes.sha256.as_ref()));
            let list = list.unwrap_or_default();
            let path = format!("targets/{}", target_file(&list, authority::TARGET));
            let list = host.pinned(&path, &list, manifest::MOST_BYTES).await?.bytes;
            role::keep(tx, &list).await?;
            if version == last {
                let list = Authorities::from_bytes(&list).map_err(Refusal::Wrong)?;
                super::ceremony::put_list(tx, &list, &delegated(&targets.signed), now).await?;
            }
            role::publish(tx, "targets", version, &bytes, now).await?;
            back.roles.push(format!("targets {version}"));
        }
        Ok(lists)
    }

    /// The editions of an authority that the database lacks.
    #[allow(clippy::too_many_arguments, reason = "what is known so far, and what is found")]
    async fn take_authority(
        &self,
        tx: &mut dyn Run,
        host: Host<'_>,
        id: &str,
        (pinned, highest): (Option<(&Listed, u64)>, u64),
        lists: &Lists,
        now: Timestamp,
        back: &mut TakenBack,
    ) -> Result<(), Refusal> {
        let here = role::listed(tx).await?.remove(id);
        not_another(tx, host, id, pinned.map(|(listed, _)| listed), highest).await?;
        let newest = lists.keys().next_back().copied().unwrap_or_default();
        let last = pinned.map_or(highest, |(listed, _)| listed.version.max(highest));
        let mut from = 0;
        for version in versions(here.map_or(0, |here| here.version), last)? {
            let path = format!("metadata/{}", file_name(id, version));
            let found = host.must(&path, MOST_ROLE).await?;
            let signed: Signed<Targets> = metadata::from_bytes(&found.bytes)?;
            same_version(&path, signed.signed.version.get(), version)?;
            if let Some((listed, _)) = pinned.filter(|(listed, _)| listed.version == version) {
                same(listed, &found.bytes, id)?;
            }
            // By keys of its time, which may have been replaced since: a list that is not older than that of the role before, and
            // not newer than the snapshot that names it. What no snapshot names yet is held against the list that counts now.
            let time = match pinned {
                Some((listed, until)) if version <= listed.version => from..=until,
                _ => newest..=newest,
            };
            let enough = |list: &BTreeMap<String, Keys>| list.get(id).is_some_and(|keys| is_signed_by(&signed, keys));
            let of = lists.iter().filter(|(of, _)| time.contains(*of)).find(|(_, list)| enough(list));
            let unsigned = || {
                Refusal::Signature(format!(
                    "{path} at the static host is not signed by the officers of {id} of its time"
                ))
            };
            from = *of.ok_or_else(unsigned)?.0;
            let named = target(&signed.signed, &name::target(id, manifest::NAME))?;
            role::publish(tx, id, version, &found.bytes, now).await?;
            let head = edition::head(tx, id).await?;
            if head.as_ref().is_some_and(|head| head.hash == named) {
                back.roles.push(format!("{id} {version}"));
                continue;
            }
            let kept = self.take_edition(tx, host, id, &signed, found.written.min(now)).await?;
            back.editions.push((id.to_owned(), kept.manifest.number, kept.hash));
        }
        Ok(())
    }

    /// One edition with its manifest and parts: it takes its place as it did when it was published.
    async fn take_edition(
        &self,
        tx: &mut dyn Run,
        host: Host<'_>,
        id: &str,
        role: &Signed<Targets>,
        written: Timestamp,
    ) -> Result<Kept, Refusal> {
        let file = name::target(id, manifest::NAME);
        let hash = target(&role.signed, &file)?;
        let manifest_bytes =
            host.pinned(&format!("targets/{}", target_file(&hash, &file)), &hash, manifest::MOST_BYTES).await?.bytes;
        let manifest = Manifest::from_bytes(&manifest_bytes)?;
        let head = edition::head(tx, id).await?;
        let version = role.signed.version.get();
        let exact = metadata::authority(version, role.signed.expires, &manifest_bytes, &manifest)?;
        if manifest.authority != id || exact.targets != role.signed.targets {
            return Err(Refusal::Wrong(format!("role {version} of {id} does not name exactly one edition of it")));
        }
        super::draft::follows(&manifest, head.as_ref())?;
        for part in &manifest.parts {
            if !role::has(tx, &part.sha256).await? {
                let path = format!("targets/{}", target_file(&part.sha256, &name::target(id, &part.name)));
                let told = |refusal| Refusal::Wrong(format!("edition {} of {id}: {refusal}", manifest.number));
                let bytes = host.pinned(&path, &part.sha256, part.bytes).await.map_err(told)?.bytes;
                role::keep(tx, &bytes).await?;
            }
        }
        role::keep(tx, &manifest_bytes).await?;
        // What is known of the moment is when its role was written there; it was not before the edition was made.
        let at = head.as_ref().and_then(|head| head.published_at).map_or(written, |last| written.max(last));
        let at = metadata::whole_seconds(at.max(manifest.issued).min(self.clock.now()));
        let before = match &head {
            Some(head) => Some(open(tx, &head.hash, &head.manifest).await?),
            None => None,
        };
        let opened = open(tx, &hash, &manifest).await?;
        let known = store::authority::get(tx, id).await?.map(|(known, _)| known);
        let news = known.map(|known| news(&known, &opened, before.as_ref(), at)).transpose()?;
        let text = |e: serde_json::Error| Refusal::Unavailable(e.to_string());
        let kept = Kept {
            hash: hash.clone(),
            state: State::Approved,
            manifest_bytes,
            role: metadata::to_bytes(role)?,
            report: serde_json::to_string(&Report::default()).map_err(text)?,
            impact: None,
            news: news.map(|news| serde_json::to_string(&news)).transpose().map_err(text)?,
            submitted_by: HOST.to_owned(),
            submitted_at: at,
            known_from: manifest.head.known_from.to_string(),
            published_at: None,
            manifest,
        };
        if edition::get(tx, &hash).await?.is_some() {
            edition::set_role(tx, &hash, &kept.role).await?;
        } else {
            edition::add(tx, &kept).await?;
        }
        self.take_place(tx, &kept, head.as_ref(), HOST, at).await?;
        Ok(kept)
    }
}

/// The root of the database and the new ones, each signed by the keys of the one before and by its own.
async fn take_roots(
    tx: &mut dyn Run,
    host: Host<'_>,
    now: Timestamp,
    back: &mut TakenBack,
) -> Result<Vec<Signed<Root>>, Refusal> {
    let none = || Refusal::NotFound("there is no root in the database".into());
    let (mut version, bytes) = role::newest(tx, "root").await?.ok_or_else(none)?;
    let mut root: Signed<Root> = metadata::from_bytes(&bytes)?;
    let mut roots = Vec::new();
    loop {
        let path = format!("metadata/{}", file_name("root", version + 1));
        let Some(found) = host.get(&path, MOST_ROOT).await? else { break };
        let next: Signed<Root> = metadata::from_bytes(&found.bytes)?;
        same_version(&path, next.signed.version.get(), version + 1)?;
        signed_by(&next, &keys_of(&root.signed, RoleType::Root), "the new root, by the keys of the old one,")?;
        signed_by(&next, &keys_of(&next.signed, RoleType::Root), "the new root, by its own keys,")?;
        roots.push(std::mem::replace(&mut root, next));
        version += 1;
        role::publish(tx, "root", version, &found.bytes, now).await?;
        back.roles.push(format!("root {version}"));
    }
    roots.push(root);
    Ok(roots)
}

/// The keys of each authority, by the version of the list of authorities.
type Lists = BTreeMap<u64, BTreeMap<String, Keys>>;
