//! The client workflow of The Update Framework, specification 1.0, section 5, as far as it concerns the repository as a
//! whole: root, timestamp, snapshot, targets. Step numbers stand beside what carries them out. Where one of these fails
//! nothing is changed that an authority published, and what was verified before stays in use.
//!
//! One deviation: an expired timestamp or snapshot is not thrown away (5.4.4, 5.5.6). It is signed and newer than what is
//! known, so it is kept, and everything that rests on it is answered as stale. Thus a bundle on a memory stick serves
//! after its timestamp has expired, and a frozen mirror is seen and told.

use super::ClientError;
use super::fetch::{Failure, Fetcher, Pinned, wrong};
use super::state::{Kept, State, Trouble};
use super::store::Store;
use crate::authority::{self, Authorities};
use crate::key::hex;
use crate::metadata::{self, file_name, target_file};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use tough::TargetName;
use tough::schema::decoded::{Decoded, Hex};
use tough::schema::key::Key;
use tough::schema::{Hashes, Metafile, Role, RoleType, Root, Signed, Snapshot, Targets, Timestamp as TimestampRole};

/// Most bytes of a root (W of the specification), of a timestamp (X), of other roles (Y, Z), of the list of authorities.
pub(super) const MOST_ROOT_BYTES: u64 = 512 << 10;
pub(super) const MOST_TIMESTAMP_BYTES: u64 = 16 << 10;
pub(super) const MOST_ROLE_BYTES: u64 = 8 << 20;
const MOST_LIST_BYTES: u64 = 4 << 20;
/// The one file whose name stays the same.
pub(super) const TIMESTAMP: &str = "metadata/timestamp.json";
/// Most new roots in one update (Y of step 5.3.3).
const MOST_ROOTS: u64 = 1 << 10;

/// What is verified of the repository at a moment.
pub(super) struct View {
    pub(super) snapshot: Snapshot,
    pub(super) targets: Targets,
    pub(super) list: Authorities,
}

/// An update under way.
pub(super) struct Update<'a> {
    pub(super) store: &'a Store,
    pub(super) state: &'a mut State,
    pub(super) from: Fetcher<'a>,
    /// 5.1: fixed at the start.
    pub(super) now: Timestamp,
}

/// The root that a reader is given by other means (5.2). It must at least be signed by its own keys.
pub(super) fn given_root(bytes: &[u8]) -> Result<Root, ClientError> {
    if bytes.len() as u64 > MOST_ROOT_BYTES {
        return Err(ClientError::Root(format!("it is larger than {MOST_ROOT_BYTES} bytes")));
    }
    let read = |bytes| {
        let root: Signed<Root> = parse("root", bytes)?;
        by_root(&root.signed, &root)?;
        Ok(root.signed)
    };
    read(bytes).map_err(|failure: Failure| ClientError::Root(failure.words()))
}

impl Failure {
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Wrong(why) | Self::Missing(why) | Self::Unreachable(why) => why.clone(),
            Self::Local(error) => error.to_string(),
        }
    }
}

impl Update<'_> {
    /// Brings the four roles of the repository up to date.
    pub(super) fn repository(&mut self) -> Result<View, Failure> {
        let root = self.root()?;
        let timestamp = self.timestamp(&root)?;
        let snapshot = self.snapshot(&root, &timestamp)?;
        let targets = self.targets(&root, &snapshot)?;
        let list = self.list(&targets)?;
        Ok(View { snapshot, targets, list })
    }

    /// Remembers that the repository as a whole could not be verified. Not being reached is no such thing.
    pub(super) fn not_verified(&mut self, failure: &Failure) {
        if let Failure::Wrong(why) | Failure::Missing(why) = failure {
            let since = self.state.trouble.as_ref().map_or(self.now, |trouble| trouble.since);
            self.state.trouble = Some(Trouble { since, why: why.clone() });
        }
    }

    fn root(&mut self) -> Result<Root, Failure> {
        // 5.2: the newest root that was verified, down a line from the one that was given.
        let mut root = match self.state.roots.last() {
            Some(sha256) => self.stored::<Root>("root", sha256)?,
            None => None,
        }
        .ok_or_else(|| Failure::Wrong("the trusted root is missing or damaged".to_owned()))?;
        // 5.3.2 to 5.3.9
        for _ in 0..MOST_ROOTS {
            let Some(next) = root.version.get().checked_add(1) else { break };
            let path = format!("metadata/{}", file_name("root", next));
            // 5.3.3
            let Some(bytes) = self.from.get(&path, MOST_ROOT_BYTES)? else { break };
            let new: Signed<Root> = parse("root", &bytes)?;
            // 5.3.4: by the old keys and by the new ones.
            let version = root.version;
            by_root(&root, &new)
                .map_err(|f| f.with(&format!("root {next} is not signed by the keys of root {version}")))?;
            by_root(&new.signed, &new).map_err(|f| f.with(&format!("root {next} is not signed by its own keys")))?;
            // 5.3.5
            if new.signed.version.get() != next {
                return wrong(format!("{path} says that it is root {}, and {next} is next", new.signed.version));
            }
            // 5.3.11, at each step and together with it, so that being stopped between them loses nothing.
            if online_keys(&root) != online_keys(&new.signed) {
                self.state.timestamp = None;
                self.state.snapshot = None;
            }
            // 5.3.7, 5.3.8
            root = new.signed;
            self.state.roots.push(self.store.put(&bytes)?);
            self.state.root_expires = root.expires;
            self.state.commit(self.store)?;
        }
        // 5.3.10
        if root.expires <= self.now {
            return wrong(format!("the root expired on {}; the repository must publish a newer one", root.expires));
        }
        // 5.3.12
        if !root.consistent_snapshot {
            return wrong("the repository does not use consistent snapshots, and this program needs them".to_owned());
        }
        Ok(root)
    }

    fn timestamp(&mut self, root: &Root) -> Result<TimestampRole, Failure> {
        // 5.4.1
        let path = TIMESTAMP;
        let bytes = self.from.get(path, MOST_TIMESTAMP_BYTES)?;
        let bytes = bytes
            .ok_or_else(|| Failure::Missing(format!("the mirror has no {path}: is it a mirror of a repository?")))?;
        let new: Signed<TimestampRole> = parse("timestamp", &bytes)?;
        // 5.4.2
        by_root(root, &new)?;
        let new = new.signed;
        let offered = listed(&new.meta, "snapshot")?;
        // 5.4.3
        if let Some(kept) = self.state.timestamp.clone() {
            let trusted = self.stored::<TimestampRole>("timestamp", &kept.sha256)?;
            if new.version.get() < kept.version {
                return wrong(format!(
                    "the mirror gives timestamp {}, and timestamp {} was seen before: an older state is replayed",
                    new.version, kept.version
                ));
            }
            if let Some(trusted) = trusted {
                if new.version.get() == kept.version {
                    // Nothing new. What an earlier update could not finish is finished with the trusted one.
                    return Ok(trusted);
                }
                if offered.version < listed(&trusted.meta, "snapshot")?.version {
                    return wrong(format!("timestamp {} names an older snapshot than the one before", new.version));
                }
            }
        }
        // 5.4.4 and 5.4.5: see the deviation above.
        self.state.timestamp = Some(self.keep(&new, &bytes)?);
        self.state.commit(self.store)?;
        Ok(new)
    }

    fn snapshot(&mut self, root: &Root, timestamp: &TimestampRole) -> Result<Snapshot, Failure> {
        let pinned = listed(&timestamp.meta, "snapshot")?;
        // 5.5.1, 5.5.2
        let bytes = self.role_file("snapshot", &pinned)?;
        let new: Signed<Snapshot> = parse("snapshot", &bytes)?;
        // 5.5.3
        by_root(root, &new)?;
        let new = new.signed;
        // 5.5.4
        same_version("snapshot", new.version.get(), pinned.version)?;
        // 5.5.5
        let before = self.state.snapshot.clone().filter(|kept| kept.sha256 != pinned.sha256);
        let trusted = before.map_or(Ok(None), |kept| self.stored::<Snapshot>("snapshot", &kept.sha256))?;
        trusted.map_or(Ok(()), |trusted| not_older(&trusted, &new))?;
        // 5.5.6 and 5.5.7: see the deviation above.
        self.state.snapshot = Some(self.keep(&new, &bytes)?);
        self.state.commit(self.store)?;
        Ok(new)
    }

    fn targets(&mut self, root: &Root, snapshot: &Snapshot) -> Result<Targets, Failure> {
        let pinned = listed(&snapshot.meta, "targets")?;
        // 5.6.1, 5.6.2
        let bytes = self.role_file("targets", &pinned)?;
        let new: Signed<Targets> = parse("targets", &bytes)?;
        // 5.6.3
        by_root(root, &new)?;
        let new = new.signed;
        // 5.6.4
        same_version("targets", new.version.get(), pinned.version)?;
        // 5.6.5
        if new.expires <= self.now {
            return wrong(format!(
                "the list of authorities (targets role, version {}) expired on {}; the repository must sign it again",
                new.version, new.expires
            ));
        }
        // 5.6.6
        self.state.targets = Some(self.keep(&new, &bytes)?);
        Ok(new)
    }

    /// The list of authorities, a target of the targets role itself (5.7).
    fn list(&mut self, targets: &Targets) -> Result<Authorities, Failure> {
        let told = |why: String| Failure::Wrong(format!("{} cannot be used: {why}", authority::TARGET));
        let name = TargetName::new(authority::TARGET).map_err(|e| told(e.to_string()))?;
        let target = targets.targets.get(&name).ok_or_else(|| told("the targets role does not list it".to_owned()))?;
        let sha256 = hex_of(&target.hashes);
        let path = format!("targets/{}", target_file(&sha256, authority::TARGET));
        let pinned = Pinned { path, most: target.length.min(MOST_LIST_BYTES), sha256: &sha256 };
        let bytes = match self.store.get(&sha256)? {
            Some(bytes) => bytes,
            None => self.from.pinned(&pinned)?,
        };
        let list = Authorities::from_bytes(&bytes).map_err(&told)?;
        let mut ids = BTreeSet::new();
        if let Some(twice) = list.authorities.iter().find(|authority| !ids.insert(&authority.id)) {
            return Err(told(format!("it names \"{}\" twice", twice.id)));
        }
        self.state.list = Some(self.store.put(&bytes)?);
        self.state.commit(self.store)?;
        Ok(list)
    }

    /// A role's file that signed metadata lists: from here where it is here already.
    pub(super) fn role_file(&mut self, role: &str, listed: &ListedFile) -> Result<Vec<u8>, Failure> {
        if let Some(bytes) = self.store.get(&listed.sha256)? {
            return Ok(bytes);
        }
        let path = format!("metadata/{}", file_name(role, listed.version));
        self.from.pinned(&Pinned { path, most: listed.length.min(MOST_ROLE_BYTES), sha256: &listed.sha256 })
    }

    fn keep<T: Role>(&self, role: &T, bytes: &[u8]) -> Result<Kept, Failure> {
        Ok(Kept { version: role.version().get(), sha256: self.store.put(bytes)?, expires: role.expires() })
    }

    /// A role that was verified before.
    fn stored<T: Role + DeserializeOwned>(&self, role: &str, sha256: &str) -> Result<Option<T>, Failure> {
        let Some(bytes) = self.store.get(sha256)? else { return Ok(None) };
        parse::<T>(role, &bytes).map(|role| Some(role.signed))
    }
}

/// What signed metadata lists of a role's file.
pub(super) struct ListedFile {
    pub(super) version: u64,
    pub(super) length: u64,
    pub(super) sha256: String,
}

/// The entry of a role. Length and hash are optional in the framework and needed here: they keep files of two moments apart.
pub(super) fn listed(meta: &std::collections::HashMap<String, Metafile>, role: &str) -> Result<ListedFile, Failure> {
    match meta.get(&format!("{role}.json")) {
        Some(Metafile { length: Some(length), hashes: Some(hashes), version, .. }) => {
            Ok(ListedFile { version: version.get(), length: *length, sha256: hex_of(hashes) })
        }
        Some(_) => wrong(format!("the entry of {role} lacks its length or hash")),
        None => wrong(format!("nothing is listed for {role}")),
    }
}

pub(super) fn hex_of(hashes: &Hashes) -> String {
    hex(hashes.sha256.as_ref())
}

/// Reads a role's file. Bounded by its size before, by the depth that the JSON reader allows, and by its types.
pub(super) fn parse<T: Role + DeserializeOwned>(role: &str, bytes: &[u8]) -> Result<Signed<T>, Failure> {
    let signed: Signed<T> = metadata::from_bytes(bytes)
        .map_err(|e| Failure::Wrong(format!("the file of {role} is not one: {}", cut(&e.to_string()))))?;
    let value = serde_json::to_value(&signed.signed).ok();
    let spec =
        value.as_ref().and_then(|value| value.get("spec_version")).and_then(|spec| spec.as_str()).unwrap_or("none");
    if spec.split('.').next() != Some("1") {
        return wrong(format!("{role} follows version \"{}\" of the framework, and this program version 1", cut(spec)));
    }
    Ok(signed)
}

/// Words of others, cut short.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}

/// Checks that enough keys of a root signed a role (the check of 5.3.4, 5.4.2, 5.5.3 and 5.6.3).
pub(super) fn by_root<T: Role + Serialize>(root: &Root, role: &Signed<T>) -> Result<(), Failure> {
    let ids = root.roles.get(&T::TYPE).map(|keys| keys.keyids.as_slice()).unwrap_or_default();
    one_name_each(ids, &root.keys)?;
    root.verify_role(role)
        .map_err(|e| Failure::Wrong(format!("the {} role is not signed by enough of its keys: {e}", T::TYPE)))
}

/// A key under two names could sign twice.
pub(super) fn one_name_each(
    ids: &[Decoded<Hex>],
    keys: &std::collections::HashMap<Decoded<Hex>, Key>,
) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for id in ids.iter().collect::<BTreeSet<_>>() {
        match keys.get(id) {
            Some(Key::Ed25519 { keyval, .. }) if !seen.insert(keyval.public.as_ref().to_vec()) => {
                return wrong(format!("one key stands under two names, one of them {}", hex(id.as_ref())));
            }
            _ => {}
        }
    }
    Ok(())
}

fn online_keys(root: &Root) -> [BTreeSet<&[u8]>; 2] {
    [RoleType::Timestamp, RoleType::Snapshot].map(|role| {
        let ids = root.roles.get(&role).map(|keys| keys.keyids.as_slice()).unwrap_or_default();
        ids.iter().map(|id| id.as_ref()).collect()
    })
}

pub(super) fn same_version(role: &str, found: u64, listed: u64) -> Result<(), Failure> {
    if found == listed {
        return Ok(());
    }
    wrong(format!(
        "the file of {role} is version {found}, and version {listed} is listed: files of two moments are mixed"
    ))
}

fn not_older(trusted: &Snapshot, new: &Snapshot) -> Result<(), Failure> {
    let what = format!("snapshot {}", new.version);
    for (file, before) in &trusted.meta {
        match new.meta.get(file) {
            None => return wrong(format!("{what} leaves out {}, which was listed before", cut(file))),
            Some(now) if now.version < before.version => {
                return wrong(format!(
                    "{what} lists version {} of {}, and version {} was listed before: an older state is replayed",
                    now.version,
                    cut(file),
                    before.version
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

impl Failure {
    /// The same with what it means in front.
    fn with(self, what: &str) -> Self {
        match self {
            Self::Wrong(why) => Self::Wrong(format!("{what}: {why}")),
            other => other,
        }
    }
}
