//! Publishing: in one transaction the edition takes its place, its records get their times, and the roles that make it
//! visible are signed. Also what the repository does by itself: editions whose hour has come, roles that must be renewed.

use super::{Refusal, Repository};
use crate::feeds::News;
use crate::key::PublicKey;
use crate::manifest::{Kind, Manifest};
use crate::metadata::{self, Keys, Listed};
use crate::package::Package;
use crate::store::edition::{Kept, State};
use crate::store::{self, audit, db::Run, edition, moment, record, role};
use crate::{manifest, name, parts};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashSet};
use tough::schema::{RoleType, Root, Signed, Targets, Timestamp as TimestampRole};

/// From how many new records on PostgreSQL counts anew what is in the table, rather than a minute later by itself. Until it
/// has, it reads the whole of a tariff to find one code: of 30,000 records in 18 ms and not in 0.1 ms. Counting takes 75 ms.
const COUNTED_FROM: u64 = 1_000;

impl Repository {
    /// Publishes an approved edition within a transaction that has its turn.
    pub(super) async fn publish(
        &self,
        tx: &mut dyn Run,
        kept: &Kept,
        keys: &Keys,
        actor: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let m = &kept.manifest;
        let head = edition::head(tx, &m.authority).await?;
        let expected = head.as_ref().map_or(1, |h| h.manifest.number + 1);
        if m.number != expected || m.previous != head.as_ref().map(|h| h.hash.clone()) {
            let what =
                format!("edition {} no longer follows what is published ({}); make it anew", m.number, expected - 1);
            return Err(Refusal::Conflict(what));
        }
        let signed: Signed<Targets> = metadata::from_bytes(&kept.role)?;
        self.take_role(tx, &m.authority, &signed, keys, now).await?;
        self.take_place(tx, kept, head.as_ref(), actor, now).await?;
        self.renew(tx, now).await
    }

    /// Gives an edition the place after `head`, in a transaction that has its turn; its role stands already.
    pub(super) async fn take_place(
        &self,
        tx: &mut dyn Run,
        kept: &Kept,
        head: Option<&Kept>,
        actor: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let m = &kept.manifest;
        let version = metadata::from_bytes::<Targets>(&kept.role)?.signed.version.get();
        let territory = m.head.territory.clone().unwrap_or_default();
        let known_from = known_from(m, head, now);
        let of =
            record::Of { authority: &m.authority, territory: &territory, number: m.number, known_from: &known_from };
        let (mut new, mut gone) = (0, 0);
        for part in &m.parts {
            let before = head.and_then(|h| h.manifest.part(&part.name));
            // What the edition before has went out with it, or is in the outbox still.
            if before.is_none_or(|b| b.sha256 != part.sha256) {
                role::send_target(tx, &part.sha256, &name::target(&m.authority, &part.name)).await?;
            }
            if part.file.is_some() || before.is_some_and(|b| b.content_sha256 == part.content_sha256) {
                continue;
            }
            let bytes = role::bytes(tx, &part.sha256).await?;
            let bytes = bytes.ok_or_else(|| Refusal::Unavailable(format!("part {} is not kept", part.name)))?;
            let (more, less) = record::replace(tx, of, &part.name, &parts::entries(part, &bytes)?).await?;
            (new, gone) = (new + more, gone + less);
        }
        let names: HashSet<&str> = m.parts.iter().map(|p| p.name.as_str()).collect();
        gone += record::end_others(tx, of, &names).await?;
        if new >= COUNTED_FROM && self.db.kind() == "postgresql" {
            record::count_anew(tx).await?;
        }
        role::send_target(tx, &kept.hash, &name::target(&m.authority, manifest::NAME)).await?;
        let news = kept.news.as_deref().and_then(|text| serde_json::from_str::<News>(text).ok());
        let news = news.map(|news| News { published: now, ..news });
        let text = serde_json::to_string(&news).map_err(|e| Refusal::Unavailable(e.to_string()))?;
        for other in edition::in_the_way(tx, &m.authority, m.number, &kept.hash).await? {
            let why = format!("edition {} of {} has its number; make it anew on that", m.number, m.authority);
            if let Some(other) = edition::get(tx, &other).await? {
                self.give_up(tx, &other, "repository", &why, now).await?;
            }
        }
        edition::publish(tx, kept, &text, &known_from, now).await?;
        // What is taken back was told when it was published.
        if let Some(news) = news.as_ref().filter(|_| actor != super::take_back::HOST) {
            self.announce(tx, news).await?;
        }
        let said = format!(
            "edition {} of {}, {}: {new} records new, {gone} ended; role {version}",
            m.number,
            m.authority,
            m.kind.word()
        );
        audit::note(tx, now, actor, "publish", &kept.hash, &said).await?;
        Ok(())
    }

    /// Takes in an authority's role with enough signatures.
    async fn take_role(
        &self,
        tx: &mut dyn Run,
        authority: &str,
        signed: &Signed<Targets>,
        keys: &Keys,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let by = metadata::signed_by(signed, keys).len() as u64;
        if by < keys.threshold {
            let counts: Vec<String> = keys.keys.iter().map(PublicKey::id).collect();
            let ids = signed.signatures.iter().map(|signature| crate::key::hex(signature.keyid.as_ref()));
            let others: Vec<String> = ids.filter(|id| !counts.contains(id)).collect();
            let mut said = format!("{} officers must sign, and {by} have", keys.threshold);
            if !others.is_empty() {
                let others = others.join(", ");
                said += &format!(
                    "; a signature of these keys does not count, for they do not speak for {authority} now: {others}"
                );
            }
            return Err(Refusal::Signature(said));
        }
        if signed.signed.expires <= now {
            return Err(Refusal::Conflict("its role has expired; make it anew".into()));
        }
        let version = signed.signed.version.get();
        let next = role::listed(tx).await?.get(authority).map_or(1, |l| l.version + 1);
        if version != next {
            let what = format!("its role has version {version}, and the next one is {next}: sign it anew");
            return Err(Refusal::Conflict(what));
        }
        role::publish(tx, authority, version, &metadata::to_bytes(signed)?, now).await?;
        Ok(())
    }

    /// Takes in the newest edition signed anew. Returns the new head of the audit log.
    pub(super) async fn prolong(
        &self,
        tx: &mut dyn Run,
        authority: &str,
        package: &Package,
        actor: &str,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let head = edition::head(tx, authority).await?;
        if package.manifest.authority != authority || head.map(|h| h.hash) != Some(package.hash()) {
            return Err(Refusal::Conflict("only the newest edition can be signed anew".into()));
        }
        let keys = self.keys(tx, authority).await?;
        self.take_role(tx, authority, &package.role, &keys, now).await?;
        let said = audit::note(tx, now, actor, "renew", &package.hash(), "signed anew").await?;
        self.renew(tx, now).await?;
        Ok(said)
    }

    /// The newest edition with a role to be signed anew: before the old role's time is over, and after a key was replaced.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where nothing is published.
    pub async fn renewal(&self, authority: &str) -> Result<Package, Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.read().await?;
        let none = || Refusal::NotFound(format!("{authority} has published nothing that could be signed anew"));
        let head = edition::head(&mut *tx, authority).await?.ok_or_else(none)?;
        let version = role::listed(&mut *tx).await?.get(authority).map_or(1, |l| l.version + 1);
        let expires = self.expires(&head.manifest, now);
        let role = metadata::authority(version, expires, &head.manifest_bytes, &head.manifest)?;
        let Kept { manifest, manifest_bytes, .. } = head;
        Ok(Package { manifest, manifest_bytes, role: metadata::unsigned(role), parts: BTreeMap::new() })
    }

    /// Signs a new snapshot and timestamp over what counts now.
    pub(super) async fn renew(&self, tx: &mut dyn Run, now: Timestamp) -> Result<(), Refusal> {
        if let Some((_, bytes)) = role::newest(tx, "root").await? {
            let root: Signed<Root> = metadata::from_bytes(&bytes)?;
            let ours = self.online.public();
            let named = |role| super::ceremony::keys_of(&root.signed, role).keys.contains(&ours);
            if !named(RoleType::Snapshot) || !named(RoleType::Timestamp) {
                return Err(Refusal::Unavailable(super::OTHER_KEY.into()));
            }
        }
        let listed = role::listed(tx).await?;
        let others: BTreeMap<String, Listed> = listed
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "root" | "snapshot" | "timestamp"))
            .map(|(name, listed)| (name.clone(), listed.clone()))
            .collect();
        let next = |name: &str| listed.get(name).map_or(1, |l| l.version + 1);
        let mut snapshot =
            metadata::unsigned(metadata::snapshot(next("snapshot"), now + self.validity.snapshot, &others)?);
        metadata::sign(&mut snapshot, &self.online)?;
        let bytes = metadata::to_bytes(&snapshot)?;
        let listed_snapshot = role::publish(tx, "snapshot", next("snapshot"), &bytes, now).await?;
        self.stamp(tx, next("timestamp"), &listed_snapshot, now).await
    }

    /// Signs a timestamp over a snapshot.
    pub(super) async fn stamp(
        &self,
        tx: &mut dyn Run,
        version: u64,
        snapshot: &Listed,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let role = metadata::timestamp(version, now + self.validity.timestamp, snapshot)?;
        let mut timestamp = metadata::unsigned(role);
        metadata::sign(&mut timestamp, &self.online)?;
        role::publish(tx, "timestamp", version, &metadata::to_bytes(&timestamp)?, now).await?;
        Ok(())
    }

    /// Does what is due: publishes editions whose hour has come, renews the timestamp in the last third of its time and
    /// the snapshot with it, and sends out what is waiting. Returns how many editions were published.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the database or the static host does not answer. What is due stays due, and what else
    /// is due is done all the same: one edition that cannot be read holds up no other.
    pub async fn tick(&self) -> Result<u64, Refusal> {
        let now = self.clock.now();
        let (due, waits) = {
            let mut tx = self.db.read().await?;
            (edition::due(&mut *tx, now).await?, !role::outgoing(&mut *tx, 1).await?.is_empty())
        };
        // Nothing is published over what readers have seen and this database lacks. A host that is away holds up nothing.
        if (waits || !due.is_empty() || self.is_stale(now).await?) && matches!(self.host_is_ahead().await, Ok(true)) {
            let back = self.take_back().await?;
            tracing::warn!(editions = ?back.editions, roles = ?back.roles, "taken back from the static host");
        }
        let (mut published, mut failed) = (0, None);
        for hash in due {
            match self.publish_due(&hash, now).await {
                Ok(done) => published += u64::from(done),
                Err(refusal) => failed = Some(refusal),
            }
        }
        self.keep_fresh(now).await?;
        self.distribute().await?;
        // What is no longer needed does no harm until the next time.
        if let Err(refusal) = self.sweep(now).await {
            tracing::warn!(%refusal, "old files stay at the static host");
        }
        failed.map_or(Ok(published), Err)
    }

    /// Publishes an edition whose hour has come, or gives it up where it can no longer be published.
    async fn publish_due(&self, hash: &str, now: Timestamp) -> Result<bool, Refusal> {
        self.foresee(hash).await?;
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        let kept = edition::get(&mut *tx, hash).await?;
        if kept.is_none_or(|kept| kept.state != State::Scheduled) {
            return Ok(false);
        }
        match self.settle(&mut *tx, hash, "repository", now).await {
            Ok(done) => {
                tx.commit().await?;
                Ok(done)
            }
            Err(Refusal::Unavailable(why)) => Err(Refusal::Unavailable(why)),
            Err(refusal) => {
                // What was approved can no longer be published: a key was revoked, another edition came between.
                drop(tx);
                let mut tx = self.db.write().await?;
                store::take_turn(&mut *tx).await?;
                if let Some(kept) = edition::get(&mut *tx, hash).await? {
                    self.give_up(&mut *tx, &kept, "repository", &refusal.to_string(), now).await?;
                }
                tx.commit().await?;
                Ok(false)
            }
        }
    }

    /// Whether the timestamp is in the last third of its time.
    async fn is_stale(&self, now: Timestamp) -> Result<bool, Refusal> {
        let mut tx = self.db.read().await?;
        let Some((_, bytes)) = role::newest(&mut *tx, "timestamp").await? else { return Ok(false) };
        let timestamp: Signed<TimestampRole> = metadata::from_bytes(&bytes)?;
        let whole: SignedDuration = self.validity.timestamp;
        Ok(timestamp.signed.expires.duration_since(now) < whole / 3)
    }

    async fn keep_fresh(&self, now: Timestamp) -> Result<(), Refusal> {
        let old = |expires: Timestamp, whole: SignedDuration| expires.duration_since(now) < whole / 3;
        if !self.is_stale(now).await? {
            return Ok(());
        }
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        // Another server may have done it meanwhile.
        if let Some((_, bytes)) = role::newest(&mut *tx, "timestamp").await?
            && let Ok(timestamp) = metadata::from_bytes::<TimestampRole>(&bytes)
            && old(timestamp.signed.expires, self.validity.timestamp)
        {
            // Before the next one waits: what the static host may still have is not forgotten.
            role::forget(&mut *tx, now - super::sweep::LINGER).await?;
            self.renew(&mut *tx, now).await?;
            role::sweep_later(&mut *tx).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// From when on the records of an edition count as known: from its publication here. An ordinary edition that names a day
/// before today, and a later one than the edition before it names, counts from the beginning of that day: so the history that
/// an authority published before it came here can be published edition by edition. Never before the edition before it.
fn known_from(manifest: &Manifest, head: Option<&Kept>, now: Timestamp) -> String {
    let day = manifest.head.known_from;
    let is_history = manifest.kind == Kind::Ordinary
        && day < now.to_zoned(TimeZone::UTC).date()
        && head.is_none_or(|head| day > head.manifest.head.known_from);
    let at = if is_history { format!("{day}T00:00:00Z") } else { moment(now) };
    match head {
        Some(head) if head.known_from > at => head.known_from.clone(),
        _ => at,
    }
}
