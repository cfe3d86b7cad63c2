//! Roles of The Update Framework, version 1.0: made here, signed elsewhere.
//!
//! | role | signs | its keys |
//! |---|---|---|
//! | root | which keys speak for the others | offline, several |
//! | targets | the list of authorities, and which keys speak for each | offline, several |
//! | one for each authority | its newest edition and that edition's parts, nothing else | the authority's own |
//! | snapshot, timestamp | which of all these belong together now | the repository's, online |
//!
//! Files are canonical JSON, so the same role always has the same bytes. Signatures are over the canonical form of `signed`,
//! as the specification says (section 4.2.1).

use crate::authority::{self, Authorities};
use crate::key::{PublicKey, SecretKey};
use crate::manifest::{self, Manifest};
use crate::name;
use crate::sha256_hex;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tough::schema::{Role, Root, Signed, Snapshot, Targets, Timestamp as TimestampRole};

/// The version of the specification that is followed.
pub const SPEC_VERSION: &str = "1.0.31";

/// Why a role cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// Its JSON is not that of the role.
    #[error("the {role} role cannot be read: {why}")]
    Read {
        /// Which role.
        role: String,
        /// What the reader expected.
        why: String,
    },
    /// A key signs that the role does not name.
    #[error("the signature is not one of {0} over this edition")]
    NotItsKey(String),
}

/// Keys of a role and how many of them must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Public keys.
    pub keys: Vec<PublicKey>,
    /// How many must sign, from 1.
    pub threshold: u64,
}

impl Keys {
    fn role(&self) -> Value {
        let ids: Vec<String> = self.keys.iter().map(PublicKey::id).collect();
        json!({ "keyids": ids, "threshold": self.threshold })
    }
}

/// Who speaks for the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootKeys {
    /// Offline.
    pub root: Keys,
    /// Offline.
    pub targets: Keys,
    /// Online.
    pub snapshot: Keys,
    /// Online.
    pub timestamp: Keys,
}

/// A moment without parts of a second, as metadata writes it.
pub fn whole_seconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}

fn keyring<'a>(keys: impl IntoIterator<Item = &'a PublicKey>) -> Value {
    Value::Object(keys.into_iter().map(|key| (key.id(), key.to_tuf())).collect())
}

fn made<T: DeserializeOwned>(role: &str, value: Value) -> Result<T, MetadataError> {
    serde_json::from_value(value).map_err(|e| MetadataError::Read { role: role.to_owned(), why: e.to_string() })
}

/// The root role.
///
/// # Errors
/// [`MetadataError`] where a version or threshold is zero.
pub fn root(version: u64, expires: Timestamp, keys: &RootKeys) -> Result<Root, MetadataError> {
    let all = [&keys.root, &keys.targets, &keys.snapshot, &keys.timestamp];
    made(
        "root",
        json!({
            "_type": "root",
            "spec_version": SPEC_VERSION,
            "consistent_snapshot": true,
            "version": version,
            "expires": whole_seconds(expires).to_string(),
            "keys": keyring(all.iter().flat_map(|k| &k.keys)),
            "roles": {
                "root": keys.root.role(),
                "targets": keys.targets.role(),
                "snapshot": keys.snapshot.role(),
                "timestamp": keys.timestamp.role(),
            },
        }),
    )
}

fn target(bytes: &[u8]) -> Value {
    json!({ "length": bytes.len(), "hashes": { "sha256": sha256_hex(bytes) } })
}

/// The targets role: the list of authorities, and for each a terminating delegation of its own targets to its own keys.
///
/// # Errors
/// [`MetadataError`] where a version or threshold is zero.
pub fn targets(
    version: u64,
    expires: Timestamp,
    list: &[u8],
    delegations: &BTreeMap<String, Keys>,
) -> Result<Targets, MetadataError> {
    let roles: Vec<Value> = delegations
        .iter()
        .map(|(id, keys)| {
            let mut role = keys.role();
            role["name"] = json!(id);
            role["paths"] = json!([name::pattern(id)]);
            role["terminating"] = json!(true);
            role
        })
        .collect();
    made(
        "targets",
        json!({
            "_type": "targets",
            "spec_version": SPEC_VERSION,
            "version": version,
            "expires": whole_seconds(expires).to_string(),
            "targets": { authority::TARGET: target(list) },
            "delegations": { "keys": keyring(delegations.values().flat_map(|k| &k.keys)), "roles": roles },
        }),
    )
}

/// An authority's role: its newest manifest and the parts that it names.
///
/// # Errors
/// [`MetadataError`] where the version is zero.
pub fn authority(
    version: u64,
    expires: Timestamp,
    manifest_bytes: &[u8],
    manifest: &Manifest,
) -> Result<Targets, MetadataError> {
    let id = &manifest.authority;
    let mut files = Map::new();
    files.insert(name::target(id, manifest::NAME), target(manifest_bytes));
    for part in &manifest.parts {
        let value = json!({ "length": part.bytes, "hashes": { "sha256": part.sha256 } });
        files.insert(name::target(id, &part.name), value);
    }
    made(
        id,
        json!({
            "_type": "targets",
            "spec_version": SPEC_VERSION,
            "version": version,
            "expires": whole_seconds(expires).to_string(),
            "targets": files,
        }),
    )
}

/// What the snapshot says of a role: its file's version, size and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Version of the role.
    pub version: u64,
    /// Bytes of its file.
    pub length: u64,
    /// SHA-256 of its file.
    pub sha256: String,
}

impl Listed {
    /// What is said of a file.
    pub fn of(version: u64, bytes: &[u8]) -> Self {
        Self { version, length: bytes.len() as u64, sha256: sha256_hex(bytes) }
    }

    fn value(&self) -> Value {
        json!({ "version": self.version, "length": self.length, "hashes": { "sha256": self.sha256 } })
    }
}

/// The snapshot role: which version of each targets role belongs to this moment. Keys are role names: `targets`, `fr`.
///
/// # Errors
/// [`MetadataError`] where a version is zero.
pub fn snapshot(version: u64, expires: Timestamp, roles: &BTreeMap<String, Listed>) -> Result<Snapshot, MetadataError> {
    let meta: Map<String, Value> =
        roles.iter().map(|(name, listed)| (format!("{name}.json"), listed.value())).collect();
    made(
        "snapshot",
        json!({
            "_type": "snapshot",
            "spec_version": SPEC_VERSION,
            "version": version,
            "expires": whole_seconds(expires).to_string(),
            "meta": meta,
        }),
    )
}

/// The timestamp role: the snapshot that counts now.
///
/// # Errors
/// [`MetadataError`] where a version is zero.
pub fn timestamp(version: u64, expires: Timestamp, snapshot: &Listed) -> Result<TimestampRole, MetadataError> {
    made(
        "timestamp",
        json!({
            "_type": "timestamp",
            "spec_version": SPEC_VERSION,
            "version": version,
            "expires": whole_seconds(expires).to_string(),
            "meta": { "snapshot.json": snapshot.value() },
        }),
    )
}

/// The bytes that are signed: the canonical form of a role.
///
/// # Errors
/// [`MetadataError::Read`] where the role holds a number that canonical JSON cannot.
pub fn signable<T: Role>(role: &T) -> Result<Vec<u8>, MetadataError> {
    role.canonical_form().map_err(|e| MetadataError::Read { role: T::TYPE.to_string(), why: e.to_string() })
}

/// A role without signatures.
pub const fn unsigned<T>(role: T) -> Signed<T> {
    Signed { signed: role, signatures: Vec::new() }
}

/// Adds a key's signature, in place of an earlier one by the same key. Signatures stand in the order of key names.
///
/// # Errors
/// As [`signable`].
pub fn sign<T: Role>(role: &mut Signed<T>, key: &SecretKey) -> Result<(), MetadataError> {
    let signature = key.sign(&signable(&role.signed)?);
    attach(role, &key.public(), &signature)
}

/// Attaches a signature made elsewhere, after checking it.
///
/// # Errors
/// [`MetadataError::NotItsKey`] where the signature is not that key's over this role.
pub fn attach<T: Role>(role: &mut Signed<T>, key: &PublicKey, signature: &str) -> Result<(), MetadataError> {
    if !key.verifies(&signable(&role.signed)?, signature) {
        return Err(MetadataError::NotItsKey(key.both()));
    }
    let made = made("signature", json!({ "keyid": key.id(), "sig": signature }))?;
    let id = crate::key::unhex(&key.id()).unwrap_or_default();
    role.signatures.retain(|s| s.keyid.as_ref() != id.as_slice());
    role.signatures.push(made);
    role.signatures.sort_by(|a, b| a.keyid.as_ref().cmp(b.keyid.as_ref()));
    Ok(())
}

/// How many different keys of a set have signed a role rightly.
pub fn signed_by<T: Role>(role: &Signed<T>, keys: &Keys) -> Vec<PublicKey> {
    let Ok(bytes) = signable(&role.signed) else { return Vec::new() };
    let mut by: Vec<PublicKey> = Vec::new();
    for key in &keys.keys {
        let id = crate::key::unhex(&key.id()).unwrap_or_default();
        let valid = role
            .signatures
            .iter()
            .any(|s| s.keyid.as_ref() == id.as_slice() && key.verifies(&bytes, &crate::key::hex(s.sig.as_ref())));
        if valid && !by.contains(key) {
            by.push(key.clone());
        }
    }
    by
}

/// The bytes of a signed role's file.
///
/// # Errors
/// [`MetadataError::Read`] where canonical JSON cannot hold it.
pub fn to_bytes<T: Serialize>(role: &Signed<T>) -> Result<Vec<u8>, MetadataError> {
    let mut bytes = Vec::new();
    let mut out = serde_json::Serializer::with_formatter(&mut bytes, olpc_cjson::CanonicalFormatter::new());
    role.serialize(&mut out).map_err(|e| MetadataError::Read { role: "signed".into(), why: e.to_string() })?;
    Ok(bytes)
}

/// Reads a signed role's file. Its signatures are not checked here.
///
/// # Errors
/// [`MetadataError::Read`] where the bytes are not one.
pub fn from_bytes<T: Role + DeserializeOwned>(bytes: &[u8]) -> Result<Signed<T>, MetadataError> {
    serde_json::from_slice(bytes).map_err(|e| MetadataError::Read { role: T::TYPE.to_string(), why: e.to_string() })
}

/// The bytes of the list of authorities.
///
/// # Errors
/// Never for a list that was read.
pub fn list_bytes(list: &Authorities) -> Result<Vec<u8>, MetadataError> {
    let mut bytes = serde_json::to_vec_pretty(list)
        .map_err(|e| MetadataError::Read { role: "authorities".into(), why: e.to_string() })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The name of a role's file in `metadata/`: `3.targets.json`, `12.fr.json`, `timestamp.json`.
pub fn file_name(role: &str, version: u64) -> String {
    if role == "timestamp" { "timestamp.json".to_owned() } else { format!("{version}.{role}.json") }
}

/// The name of a target's file in `targets/`: `<sha256>.<target>`.
pub fn target_file(sha256: &str, target: &str) -> String {
    format!("{sha256}.{target}")
}
