//! After a database was restored from an older backup: what the static host has and the database lacks is taken back in. Readers
//! saw it; they would refuse a second edition of the same number, and any role, snapshot or timestamp of an older version. Each
//! file is held against the signatures of this repository's own keys, as a reader would.

use super::ceremony::{delegated, keys_of};
use super::distribute::{MOST_TIMESTAMP, TIMESTAMP, made_here};
use super::draft::open;
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
use std::collections::{BTreeMap, HashMap};
use tough::schema::{Metafile, Role, RoleType, Root, Signed, Snapshot, Target, Targets, Timestamp as TimestampRole};

/// Largest root and other role, in bytes: as readers take them.
const MOST_ROOT: u64 = 512 << 10;
const MOST_ROLE: u64 = 8 << 20;
/// Most versions of one role that are taken back: more than ten years of daily ones.
const MOST_VERSIONS: u64 = 5_000;
/// Largest version of a role that is believed: all programs can write one more.
const MOST_VERSION: u64 = 1 << 50;

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
        Ok(Host(&self.public).get(TIMESTAMP, MOST_TIMESTAMP).await?.is_none())
    }

    /// Takes back what the static host has and the database lacks, all of it or nothing. Costs one look at the host where
    /// nothing is lacking.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] where something cannot be taken back: what, and what to do. [`Refusal::Signature`] where the host's
    /// files are not signed by this repository's keys. [`Refusal::Unavailable`] where database or host do not answer.
    pub async fn take_back(&self) -> Result<TakenBack, Refusal> {
        let now = self.clock.now();
        let host = Host(&self.public);
        let Some(there) = host.get(TIMESTAMP, MOST_TIMESTAMP).await? else { return Ok(TakenBack::default()) };
        let Ok(stamp) = metadata::from_bytes::<TimestampRole>(&there.bytes) else {
            tracing::warn!("the timestamp at the static host cannot be read; the next one takes its place");
            return Ok(TakenBack::default());
        };
        let mut tx = self.db.write().await?;
        if store::name(&mut *tx).await?.is_none() {
            return Ok(TakenBack::default());
        }
        store::take_turn(&mut *tx).await?;
        let here = role::listed(&mut *tx).await?.get("timestamp").map_or(0, |listed| listed.version);
        let version = stamp.signed.version.get();
        if made_here(&mut *tx, version, &there.bytes).await? {
            return Ok(TakenBack::default());
        }
        let mut back = TakenBack { timestamp: Some((version, here)), ..TakenBack::default() };
        self.take_all(&mut *tx, host, &stamp, &there.bytes, now, &mut back).await.map_err(|refusal| match refusal {
            Refusal::Signature(_) => refusal,
            other => Refusal::Conflict(format!(
                "the static host has timestamp {version}, and the database {here}: it was restored from an older backup, and what \
                 readers have seen cannot be taken back in: {other}. Put the file there again from a copy or a mirror; until then \
                 nothing is published, for readers refuse two editions of one number"
            )),
        })?;
        let said = format!(
            "{} editions, {} other roles; timestamp {version} after {here}",
            back.editions.len(),
            back.roles.len()
        );
        audit::note(&mut *tx, now, "repository", "take back", "static host", &said).await?;
        self.renew(&mut *tx, now).await?;
        tx.commit().await?;
        Ok(back)
    }

    async fn take_all(
        &self,
        tx: &mut dyn Run,
        host: Host<'_>,
        stamp: &Signed<TimestampRole>,
        stamp_bytes: &[u8],
        now: Timestamp,
        back: &mut TakenBack,
    ) -> Result<(), Refusal> {
        let root = take_roots(tx, host, now, back).await?;
        signed_by(stamp, &keys_of(&root.signed, RoleType::Timestamp), "the timestamp")?;
        let listed = pin(&stamp.signed.meta, "snapshot")?;
        let path = format!("metadata/{}", file_name("snapshot", listed.version));
        let snapshot_bytes = host.pinned(&path, &listed.sha256, MOST_ROLE).await?.bytes;
        let snapshot: Signed<Snapshot> = metadata::from_bytes(&snapshot_bytes)?;
        signed_by(&snapshot, &keys_of(&root.signed, RoleType::Snapshot), "the snapshot")?;
        let keys = self.take_targets_back(tx, host, &root, &pin(&snapshot.signed.meta, "targets")?, now, back).await?;
        let mut names: Vec<&str> = snapshot.signed.meta.keys().filter_map(|file| file.strip_suffix(".json")).collect();
        names.sort_unstable();
        for id in names.into_iter().filter(|id| *id != "targets") {
            name::authority(id).map_err(|e| Refusal::Wrong(e.to_string()))?;
            self.take_authority(tx, host, id, &pin(&snapshot.signed.meta, id)?, &keys, now, back).await?;
        }
        // The next ones are above what readers have seen.
        for (name, version, bytes) in [
            ("snapshot", snapshot.signed.version.get(), snapshot_bytes.as_slice()),
            ("timestamp", stamp.signed.version.get(), stamp_bytes),
        ] {
            let here = role::listed(tx).await?.get(name).map_or(0, |listed| listed.version);
            if believed(version)? > here {
                role::publish(tx, name, version, bytes, now).await?;
            }
        }
        Ok(())
    }

    /// The lists of authorities that the database lacks. Returns the keys that each authority ever had.
    async fn take_targets_back(
        &self,
        tx: &mut dyn Run,
        host: Host<'_>,
        root: &Signed<Root>,
        last: &Listed,
        now: Timestamp,
        back: &mut TakenBack,
    ) -> Result<HashMap<String, Vec<Keys>>, Refusal> {
        let mut all: HashMap<String, Vec<Keys>> = HashMap::new();
        let mut learn = |targets: &Targets| {
            for (id, keys) in delegated(targets) {
                all.entry(id).or_default().push(keys);
            }
        };
        let here = role::newest(tx, "targets").await?;
        let here = here.map(|(version, bytes)| metadata::from_bytes::<Targets>(&bytes).map(|role| (version, role)));
        let here = here.transpose()?;
        here.iter().for_each(|(_, role)| learn(&role.signed));
        for version in versions(here.map_or(0, |(version, _)| version), last.version)? {
            let path = format!("metadata/{}", file_name("targets", version));
            let bytes = host.must(&path, MOST_ROLE).await?.bytes;
            let targets: Signed<Targets> = metadata::from_bytes(&bytes)?;
            same_version(&path, targets.signed.version.get(), version)?;
            learn(&targets.signed);
            let list = targets.signed.targets.values().next().map(|t| crate::key::hex(t.hashes.sha256.as_ref()));
            let list = list.unwrap_or_default();
            let path = format!("targets/{}", target_file(&list, authority::TARGET));
            let list = host.pinned(&path, &list, manifest::MOST_BYTES).await?.bytes;
            role::keep(tx, &list).await?;
            if version == last.version {
                same(last, &bytes, "targets")?;
                signed_by(&targets, &keys_of(&root.signed, RoleType::Targets), "the targets role")?;
                let list = Authorities::from_bytes(&list).map_err(Refusal::Wrong)?;
                super::ceremony::put_list(tx, &list, &delegated(&targets.signed), now).await?;
            }
            role::publish(tx, "targets", version, &bytes, now).await?;
            back.roles.push(format!("targets {version}"));
        }
        Ok(all)
    }

    /// The editions of an authority that the database lacks.
    #[allow(clippy::too_many_arguments, reason = "what is known so far, and what is found")]
    async fn take_authority(
        &self,
        tx: &mut dyn Run,
        host: Host<'_>,
        id: &str,
        last: &Listed,
        keys: &HashMap<String, Vec<Keys>>,
        now: Timestamp,
        back: &mut TakenBack,
    ) -> Result<(), Refusal> {
        let here = role::listed(tx).await?.remove(id);
        // The database went on by itself: there are two of one version, and readers have seen the other.
        let ours = role::version(tx, id, last.version).await?;
        if ours.is_some_and(|ours| Listed::of(last.version, &ours) != *last) {
            let what = format!("role {} of {id} is another one there than in the database", last.version);
            return Err(Refusal::Wrong(what));
        }
        for version in versions(here.map_or(0, |here| here.version), last.version)? {
            let path = format!("metadata/{}", file_name(id, version));
            let found = host.must(&path, MOST_ROLE).await?;
            let signed: Signed<Targets> = metadata::from_bytes(&found.bytes)?;
            same_version(&path, signed.signed.version.get(), version)?;
            if version == last.version {
                same(last, &found.bytes, id)?;
            }
            // By keys of its time: a key may have been replaced since.
            let enough = |keys: &Keys| metadata::signed_by(&signed, keys).len() as u64 >= keys.threshold;
            if !keys.get(id).is_some_and(|sets| sets.iter().any(enough)) {
                return Err(Refusal::Signature(format!(
                    "{path} at the static host is not signed by the officers of {id}"
                )));
            }
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
            submitted_by: "static host".to_owned(),
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
        self.take_place(tx, &kept, head.as_ref(), "static host", at).await?;
        Ok(kept)
    }
}

/// New roots: each signed by the keys of the one before and by its own.
async fn take_roots(
    tx: &mut dyn Run,
    host: Host<'_>,
    now: Timestamp,
    back: &mut TakenBack,
) -> Result<Signed<Root>, Refusal> {
    let none = || Refusal::NotFound("there is no root in the database".into());
    let (mut version, bytes) = role::newest(tx, "root").await?.ok_or_else(none)?;
    let mut root: Signed<Root> = metadata::from_bytes(&bytes)?;
    loop {
        let path = format!("metadata/{}", file_name("root", version + 1));
        let Some(found) = host.get(&path, MOST_ROOT).await? else { return Ok(root) };
        let next: Signed<Root> = metadata::from_bytes(&found.bytes)?;
        same_version(&path, next.signed.version.get(), version + 1)?;
        signed_by(&next, &keys_of(&root.signed, RoleType::Root), "the new root, by the keys of the old one,")?;
        signed_by(&next, &keys_of(&next.signed, RoleType::Root), "the new root, by its own keys,")?;
        (root, version) = (next, version + 1);
        role::publish(tx, "root", version, &found.bytes, now).await?;
        back.roles.push(format!("root {version}"));
    }
}

fn signed_by<T: Role>(role: &Signed<T>, keys: &Keys, what: &str) -> Result<(), Refusal> {
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
fn pin(meta: &HashMap<String, Metafile>, role: &str) -> Result<Listed, Refusal> {
    match meta.get(&format!("{role}.json")) {
        Some(Metafile { length: Some(length), hashes: Some(hashes), version, .. }) => Ok(Listed {
            version: believed(version.get())?,
            length: *length,
            sha256: crate::key::hex(hashes.sha256.as_ref()),
        }),
        _ => Err(Refusal::Wrong(format!("nothing is listed for {role} there"))),
    }
}

fn same(listed: &Listed, bytes: &[u8], role: &str) -> Result<(), Refusal> {
    if Listed::of(listed.version, bytes) == *listed {
        return Ok(());
    }
    Err(Refusal::Wrong(format!("role {} of {role} is not the one that is listed there", listed.version)))
}

fn same_version(path: &str, found: u64, expected: u64) -> Result<(), Refusal> {
    if found == expected { Ok(()) } else { Err(Refusal::Wrong(format!("{path} has version {found}"))) }
}

fn believed(version: u64) -> Result<u64, Refusal> {
    if version <= MOST_VERSION {
        Ok(version)
    } else {
        Err(Refusal::Wrong(format!("a role has version {version} there")))
    }
}

/// The versions after one, up to another.
fn versions(here: u64, there: u64) -> Result<std::ops::RangeInclusive<u64>, Refusal> {
    if there.saturating_sub(here) > MOST_VERSIONS {
        return Err(Refusal::Wrong(format!("a role has version {there} there and {here} in the database")));
    }
    Ok(here + 1..=there)
}

/// The hash of a target.
fn target(role: &Targets, named: &str) -> Result<String, Refusal> {
    let found: BTreeMap<&str, &Target> = role.targets.iter().map(|(name, target)| (name.raw(), target)).collect();
    let target = found.get(named).ok_or_else(|| Refusal::Wrong(format!("a role names no {named} there")))?;
    Ok(crate::key::hex(target.hashes.sha256.as_ref()))
}
