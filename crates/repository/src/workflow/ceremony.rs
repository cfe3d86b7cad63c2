//! What the repository's own offline keys sign: the root role, and the targets role that says which keys speak for which
//! authority. It is prepared anywhere, signed on machines without a network, and taken in here only when old and new keys
//! have signed as the framework demands.

use super::{Refusal, Repository};
use crate::authority::{self, Authorities, Authority};
use crate::key::{PublicKey, SecretKey};
use crate::metadata::{self, Keys, RootKeys};
use crate::store::{self, audit, db::Run, edition, role, token};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tough::schema::{RoleType, Root, Signed, Targets};

/// What a file of a ceremony begins with.
pub const FORMAT: &str = "tidewaiter-ceremony/1";
/// How long offline roles hold: they are signed anew once a year.
pub const OFFLINE: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Roles on their way to and from offline machines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceremony {
    /// [`FORMAT`].
    pub format: String,
    /// What it does, in a sentence, for those who sign.
    pub says: String,
    /// A new root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<Signed<Root>>,
    /// New targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Signed<Targets>>,
    /// The list of authorities that the targets name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorities: Option<Authorities>,
}

impl Ceremony {
    /// A new repository: its first root, and targets without an authority.
    ///
    /// # Errors
    /// [`Refusal::Wrong`] for a threshold of zero or above the number of keys.
    pub fn found(name: &str, keys: &RootKeys, now: Timestamp) -> Result<Self, Refusal> {
        for of in [&keys.root, &keys.targets, &keys.snapshot, &keys.timestamp] {
            sound(of)?;
        }
        let expires = now + OFFLINE;
        let list = Authorities::new(name);
        let targets = metadata::targets(1, expires, &metadata::list_bytes(&list)?, &BTreeMap::new())?;
        Ok(Self {
            format: FORMAT.to_owned(),
            says: format!("Found the repository \"{name}\"."),
            root: Some(metadata::unsigned(metadata::root(1, expires, keys)?)),
            targets: Some(metadata::unsigned(targets)),
            authorities: Some(list),
        })
    }

    /// New targets after a change of the list or of keys.
    ///
    /// # Errors
    /// [`Refusal::Wrong`] for names that are none, or thresholds that cannot be met.
    pub fn targets(
        says: String,
        version: u64,
        list: Authorities,
        keys: &BTreeMap<String, Keys>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        for authority in &list.authorities {
            authority.check().map_err(|e| Refusal::Wrong(e.to_string()))?;
            let keys = keys.get(&authority.id).ok_or_else(|| Refusal::Wrong(format!("{} has no key", authority.id)))?;
            sound(keys)?;
            if keys.threshold != authority.officers {
                return Err(Refusal::Wrong(format!("{}: the list and the keys differ in how many sign", authority.id)));
            }
        }
        let targets = metadata::targets(version, now + OFFLINE, &metadata::list_bytes(&list)?, keys)?;
        let (targets, authorities) = (Some(metadata::unsigned(targets)), Some(list));
        Ok(Self { format: FORMAT.to_owned(), says, root: None, targets, authorities })
    }

    /// New targets without an authority: nobody speaks for it from then on.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where it is not admitted.
    pub fn dismiss(
        id: &str,
        reason: &str,
        targets: &Targets,
        mut list: Authorities,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        super::plain("why it is dismissed", reason, super::MOST_WORDS)?;
        let at = list.authorities.iter().position(|authority| authority.id == id);
        let none = || Refusal::NotFound(format!("no authority \"{id}\" is admitted here"));
        let gone = list.authorities.remove(at.ok_or_else(none)?);
        let mut keys = delegated(targets);
        keys.remove(id);
        let says = format!("Dismiss {} (\"{id}\"): {}", gone.name, reason.trim());
        Self::targets(says, targets.version.get() + 1, list, &keys, now)
    }

    /// A new root.
    ///
    /// # Errors
    /// [`Refusal::Wrong`] for thresholds that cannot be met.
    pub fn root(says: String, version: u64, keys: &RootKeys, now: Timestamp) -> Result<Self, Refusal> {
        for of in [&keys.root, &keys.targets, &keys.snapshot, &keys.timestamp] {
            sound(of)?;
        }
        let root = Some(metadata::unsigned(metadata::root(version, now + OFFLINE, keys)?));
        Ok(Self { format: FORMAT.to_owned(), says, root, targets: None, authorities: None })
    }

    /// Signs what is in it.
    ///
    /// # Errors
    /// [`Refusal::Wrong`] where it holds nothing that can be signed.
    pub fn sign(&mut self, key: &SecretKey) -> Result<(), Refusal> {
        if let Some(root) = &mut self.root {
            metadata::sign(root, key)?;
        }
        if let Some(targets) = &mut self.targets {
            metadata::sign(targets, key)?;
        }
        Ok(())
    }

    /// Reads a file of a ceremony.
    ///
    /// # Errors
    /// [`Refusal::Wrong`] where it is none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Refusal> {
        let read: Self =
            serde_json::from_slice(bytes).map_err(|e| Refusal::Wrong(format!("this is no file of a ceremony: {e}")))?;
        if read.format != FORMAT {
            return Err(Refusal::Wrong(format!("its format is \"{}\", and this program reads {FORMAT}", read.format)));
        }
        Ok(read)
    }
}

fn sound(keys: &Keys) -> Result<(), Refusal> {
    let mut different = keys.keys.clone();
    different.sort();
    different.dedup();
    if different.len() != keys.keys.len() {
        return Err(Refusal::Wrong("one key is named twice; every signer has a key of their own".into()));
    }
    if keys.threshold == 0 || keys.threshold > keys.keys.len() as u64 {
        let (threshold, count) = (keys.threshold, keys.keys.len());
        return Err(Refusal::Wrong(format!(
            "{threshold} signatures of {count} keys cannot be had: choose 1 to {count}"
        )));
    }
    Ok(())
}

/// The keys of a role in a root.
pub(crate) fn keys_of(root: &Root, of: RoleType) -> Keys {
    let threshold = root.roles.get(&of).map_or(u64::MAX, |role| role.threshold.get());
    Keys { keys: root.keys(of).filter_map(public).collect(), threshold }
}

fn public(key: &tough::schema::key::Key) -> Option<PublicKey> {
    match key {
        tough::schema::key::Key::Ed25519 { keyval, .. } => {
            PublicKey::parse(&crate::key::hex(keyval.public.as_ref())).ok()
        }
        _ => None,
    }
}

/// The keys that a targets role delegates to, by authority.
pub(crate) fn delegated(targets: &Targets) -> BTreeMap<String, Keys> {
    let Some(delegations) = &targets.delegations else { return BTreeMap::new() };
    let keys = |role: &tough::schema::DelegatedRole| Keys {
        keys: role.keyids.iter().filter_map(|id| delegations.keys.get(id)).filter_map(public).collect(),
        threshold: role.threshold.get(),
    };
    delegations.roles.iter().map(|role| (role.name.clone(), keys(role))).collect()
}

/// The keys that a targets role delegates to, by authority.
pub fn delegated_keys(targets: &Targets) -> BTreeMap<String, Keys> {
    delegated(targets)
}

/// The keys of all roles of a root.
pub fn root_keys(root: &Root) -> RootKeys {
    let of = |role| keys_of(root, role);
    RootKeys {
        root: of(RoleType::Root),
        targets: of(RoleType::Targets),
        snapshot: of(RoleType::Snapshot),
        timestamp: of(RoleType::Timestamp),
    }
}

/// Readers stop at an expired root or targets role, so none is taken in.
fn current_still(expires: Timestamp, now: Timestamp, what: &str) -> Result<(), Refusal> {
    if expires > now {
        return Ok(());
    }
    Err(Refusal::Wrong(format!("{what} expired on {expires}; make it anew and sign it again")))
}

fn enough<T: tough::schema::Role>(role: &Signed<T>, keys: &Keys, whose: &str) -> Result<(), Refusal> {
    let by = metadata::signed_by(role, keys).len() as u64;
    if by >= keys.threshold {
        return Ok(());
    }
    Err(Refusal::Signature(format!("{whose} needs {} signatures, and has {by}", keys.threshold)))
}

/// The root and the targets that count, with the list of authorities.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no repository.
pub async fn current(tx: &mut dyn Run) -> Result<(Signed<Root>, Signed<Targets>, Authorities), Refusal> {
    let none = || Refusal::NotFound("there is no repository here; \"tidewaiter repository found\" makes one".into());
    let (_, root) = role::newest(tx, "root").await?.ok_or_else(none)?;
    let (_, targets) = role::newest(tx, "targets").await?.ok_or_else(none)?;
    let targets: Signed<Targets> = metadata::from_bytes(&targets)?;
    let hash = targets.signed.targets.values().next().map(|t| crate::key::hex(t.hashes.sha256.as_ref()));
    let bytes = role::bytes(tx, &hash.unwrap_or_default()).await?.ok_or_else(none)?;
    let list = Authorities::from_bytes(&bytes).map_err(Refusal::Wrong)?;
    Ok((metadata::from_bytes(&root)?, targets, list))
}

/// Nobody speaks for an authority any longer. What it published stays, what was on its way is given up, its tokens end, and its
/// addresses are looked at no longer.
async fn dismiss(tx: &mut dyn Run, gone: &Authority, now: Timestamp) -> Result<(), Refusal> {
    store::authority::put(tx, gone, &[], now).await?;
    for draft in edition::on_their_way(tx, Some(&gone.id)).await? {
        edition::set_state(tx, &draft.hash, edition::State::Abandoned).await?;
        audit::note(tx, now, "repository", "abandon", &draft.hash, "its authority was dismissed").await?;
    }
    token::revoke_of(tx, &gone.id, now).await?;
    store::pull::remove_of(tx, &gone.id).await?;
    audit::note(tx, now, "repository", "dismiss", &gone.id, "no key speaks for it any longer").await?;
    Ok(())
}

impl Repository {
    /// Takes in what a ceremony signed. The first one founds the repository; the later ones rotate keys, admit and remove
    /// authorities.
    ///
    /// # Errors
    /// [`Refusal::Signature`] where too few of the right keys signed; [`Refusal::Conflict`] where a version is not the next
    /// one; [`Refusal::Wrong`] where roles and list do not belong together.
    pub async fn accept(&self, ceremony: &Ceremony, actor: &str) -> Result<(), Refusal> {
        let is_founded = store::name(&mut *self.db.read().await?).await?.is_some();
        if is_founded {
            self.nothing_ahead().await?;
        }
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        if store::name(&mut *tx).await?.is_none() {
            let list = ceremony.authorities.as_ref();
            let name =
                list.map(|l| l.repository.clone()).ok_or_else(|| Refusal::Wrong("it founds no repository".into()))?;
            store::found(&mut *tx, &name).await?;
        }
        store::take_turn(&mut *tx).await?;
        let old_root = match role::newest(&mut *tx, "root").await? {
            Some((_, bytes)) => Some(metadata::from_bytes::<Root>(&bytes)?),
            None => None,
        };
        let root = self.take_root(&mut *tx, ceremony, old_root.as_ref(), now).await?;
        self.take_targets(&mut *tx, ceremony, &root, now).await?;
        audit::note(&mut *tx, now, actor, "accept", "root and targets", &ceremony.says).await?;
        self.renew(&mut *tx, now).await?;
        tx.commit().await?;
        self.send_out().await;
        Ok(())
    }

    async fn take_root(
        &self,
        tx: &mut dyn Run,
        ceremony: &Ceremony,
        old: Option<&Signed<Root>>,
        now: Timestamp,
    ) -> Result<Signed<Root>, Refusal> {
        let new = match (&ceremony.root, old) {
            (None, Some(old)) => return Ok(old.clone()),
            (None, None) => return Err(Refusal::Wrong("the first ceremony brings a root".into())),
            (Some(new), _) => new,
        };
        let version = new.signed.version.get();
        let next = old.map_or(1, |old| old.signed.version.get() + 1);
        if version != next {
            return Err(Refusal::Conflict(format!("this is root {version}, and the next one is {next}")));
        }
        if let Some(old) = old {
            enough(new, &keys_of(&old.signed, RoleType::Root), "A new root, by the keys of the old one,")?;
        }
        enough(new, &keys_of(&new.signed, RoleType::Root), "The root, by its own keys,")?;
        for online in [RoleType::Snapshot, RoleType::Timestamp] {
            if !keys_of(&new.signed, online).keys.contains(&self.online.public()) {
                return Err(Refusal::Wrong(format!(
                    "the new root does not name this repository's online key for {online}"
                )));
            }
        }
        current_still(new.signed.expires, now, "the root")?;
        // Its own list has only root, snapshot and the like out of the snapshot: a root is found by its number.
        role::publish(tx, "root", version, &metadata::to_bytes(new)?, now).await?;
        Ok(new.clone())
    }

    async fn take_targets(
        &self,
        tx: &mut dyn Run,
        ceremony: &Ceremony,
        root: &Signed<Root>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let keys = keys_of(&root.signed, RoleType::Targets);
        let (Some(new), Some(list)) = (&ceremony.targets, &ceremony.authorities) else {
            if let Some((_, bytes)) = role::newest(tx, "targets").await? {
                enough(&metadata::from_bytes::<Targets>(&bytes)?, &keys, "The targets that stand, by the new keys,")?;
            }
            return Ok(());
        };
        enough(new, &keys, "The targets role")?;
        let version = new.signed.version.get();
        let next = role::newest(tx, "targets").await?.map_or(1, |(version, _)| version + 1);
        if version != next {
            return Err(Refusal::Conflict(format!("these are targets {version}, and the next ones are {next}")));
        }
        current_still(new.signed.expires, now, "the targets role")?;
        let bytes = metadata::list_bytes(list)?;
        let delegated = delegated(&new.signed);
        let expected = metadata::targets(version, new.signed.expires, &bytes, &delegated)?;
        if metadata::signable(&expected)? != metadata::signable(&new.signed)? {
            return Err(Refusal::Wrong("the signed targets are not those of the list beside them".into()));
        }
        let sha256 = role::keep(tx, &bytes).await?;
        role::send_target(tx, &sha256, authority::TARGET).await?;
        role::publish(tx, "targets", version, &metadata::to_bytes(new)?, now).await?;
        for (gone, keys) in store::authority::all(tx).await? {
            if list.find(&gone.id).is_none() && !keys.keys.is_empty() {
                dismiss(tx, &gone, now).await?;
            }
        }
        put_list(tx, list, &delegated, now).await
    }
}

/// Writes the list of authorities with their keys. Who is no longer on it has none.
pub(super) async fn put_list(
    tx: &mut dyn Run,
    list: &Authorities,
    delegated: &BTreeMap<String, Keys>,
    now: Timestamp,
) -> Result<(), Refusal> {
    for (gone, _) in store::authority::all(tx).await? {
        if list.find(&gone.id).is_none() {
            store::authority::put(tx, &gone, &[], now).await?;
        }
    }
    for Authority { id, .. } in &list.authorities {
        let (Some(authority), Some(keys)) = (list.find(id), delegated.get(id)) else {
            return Err(Refusal::Wrong(format!("{id} is on the list and has no keys")));
        };
        authority.check().map_err(|e| Refusal::Wrong(e.to_string()))?;
        store::authority::put(tx, authority, &keys.keys, now).await?;
    }
    Ok(())
}
