//! Signed roles, files under their hash, and the outbox: what is published here and not yet at the static host. A
//! transaction that publishes writes both the roles and the outbox, so a process that dies between the two has forgotten
//! nothing when it starts again.

use super::db::{DbError, Run};
use super::moment;
use crate::metadata::{Listed, file_name, target_file};
use crate::{sha256_hex, values};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// In which order files go out: a file goes after everything that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Parts, manifests, the list of authorities.
    Targets = 0,
    /// Roles that name them.
    Roles = 1,
    /// The snapshot that names the roles.
    Snapshot = 2,
    /// The timestamp that names the snapshot: with it all becomes visible.
    Timestamp = 3,
    /// A new root. What it stands over is signed by the keys of the old one too, where keys are changed as planned, so it is
    /// good with either; what was there before would not be good with the new one.
    Root = 4,
}

/// A file that has yet to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Where it goes: `targets/…`, `metadata/…`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Keeps a file under its hash, and returns the hash.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn keep(tx: &mut dyn Run, bytes: &[u8]) -> Result<String, DbError> {
    let sha256 = sha256_hex(bytes);
    let sql = "INSERT INTO file (sha256, bytes) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING";
    tx.change(sql, values![&sha256, bytes]).await?;
    Ok(sha256)
}

/// The bytes of a hash.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn bytes(tx: &mut dyn Run, sha256: &str) -> Result<Option<Vec<u8>>, DbError> {
    tx.first("SELECT bytes FROM file WHERE sha256 = $1", values![sha256]).await?.map(|mut row| row.bytes()).transpose()
}

/// Whether the bytes of a hash are kept.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn has(tx: &mut dyn Run, sha256: &str) -> Result<bool, DbError> {
    Ok(tx.first("SELECT 1 FROM file WHERE sha256 = $1", values![sha256]).await?.is_some())
}

/// Puts a kept file among those that go out, under a target's name.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn send_target(tx: &mut dyn Run, sha256: &str, target: &str) -> Result<(), DbError> {
    let path = format!("targets/{}", target_file(sha256, target));
    let sql = "INSERT INTO outbox (path, stage, source) VALUES ($1, $2, $3) ON CONFLICT (path) DO NOTHING";
    tx.change(sql, values![path, Stage::Targets as i64, sha256]).await.map(|_| ())
}

/// Publishes a version of a role: keeps it, lists it for the next snapshot, and sends it out.
///
/// # Errors
/// [`DbError`] where the database does not answer; [`DbError::is_taken`] where the version is there already.
pub async fn publish(
    tx: &mut dyn Run,
    name: &str,
    version: u64,
    bytes: &[u8],
    at: Timestamp,
) -> Result<Listed, DbError> {
    let sql = "INSERT INTO role (name, version, bytes, made_at) VALUES ($1, $2, $3, $4)";
    tx.change(sql, values![name, version, bytes, moment(at)]).await?;
    let listed = Listed::of(version, bytes);
    let sql = "INSERT INTO listed (name, version, length, sha256) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name) DO UPDATE SET version = excluded.version, length = excluded.length, sha256 = excluded.sha256";
    tx.change(sql, values![name, version, listed.length, &listed.sha256]).await?;
    send_role(tx, name, version).await?;
    Ok(listed)
}

/// Takes a role of the static host for this database's own, in place of one of the same version that nobody was sent.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn remember(tx: &mut dyn Run, name: &str, version: u64, bytes: &[u8], at: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO role (name, version, bytes, made_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name, version) DO UPDATE SET bytes = excluded.bytes";
    tx.change(sql, values![name, version, bytes, moment(at)]).await.map(|_| ())
}

/// Whether a file has yet to go out.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn goes_out(tx: &mut dyn Run, path: &str) -> Result<bool, DbError> {
    Ok(tx.first("SELECT 1 FROM outbox WHERE path = $1", values![path]).await?.is_some())
}

async fn send_role(tx: &mut dyn Run, name: &str, version: u64) -> Result<(), DbError> {
    let stage = match name {
        "timestamp" => Stage::Timestamp,
        "snapshot" => Stage::Snapshot,
        "root" => Stage::Root,
        _ => Stage::Roles,
    };
    let sql = "INSERT INTO outbox (path, stage, source, version) VALUES ($1, $2, $3, $4)
        ON CONFLICT (path) DO UPDATE SET version = excluded.version";
    let path = format!("metadata/{}", file_name(name, version));
    tx.change(sql, values![path, stage as i64, name, version]).await.map(|_| ())
}

/// The version of a role that counts, with its bytes.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn newest(tx: &mut dyn Run, name: &str) -> Result<Option<(u64, Vec<u8>)>, DbError> {
    let sql = "SELECT r.version, r.bytes FROM role r JOIN listed l ON l.name = r.name AND l.version = r.version WHERE r.name = $1";
    tx.first(sql, values![name]).await?.map(|mut row| Ok((row.int()?, row.bytes()?))).transpose()
}

/// The bytes of one version of a role.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn version(tx: &mut dyn Run, name: &str, version: u64) -> Result<Option<Vec<u8>>, DbError> {
    let sql = "SELECT bytes FROM role WHERE name = $1 AND version = $2";
    tx.first(sql, values![name, version]).await?.map(|mut row| row.bytes()).transpose()
}

/// The snapshots that are kept, oldest first: version and bytes.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn snapshots(tx: &mut dyn Run) -> Result<Vec<(u64, Vec<u8>)>, DbError> {
    let rows = tx.rows("SELECT version, bytes FROM role WHERE name = 'snapshot' ORDER BY version", vec![]).await?;
    rows.into_iter().map(|mut row| Ok((row.int()?, row.bytes()?))).collect()
}

/// Every role that counts, by name.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn listed(tx: &mut dyn Run) -> Result<BTreeMap<String, Listed>, DbError> {
    let rows = tx.rows("SELECT name, version, length, sha256 FROM listed", vec![]).await?;
    rows.into_iter()
        .map(|mut row| Ok((row.text()?, Listed { version: row.int()?, length: row.int()?, sha256: row.text()? })))
        .collect()
}

/// Forgets snapshots and timestamps in whose place a newer one stood before a moment: nobody may go back to them. Other roles are
/// kept, because their signatures prove who published what. Timestamps are all kept as long as one waits to go out: by them it is
/// known that what the static host still has is this database's own.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn forget(tx: &mut dyn Run, before: Timestamp) -> Result<Vec<String>, DbError> {
    let sql = "SELECT r.name, r.version FROM role r WHERE r.name IN ('snapshot', 'timestamp') AND EXISTS
        (SELECT 1 FROM role n WHERE n.name = r.name AND n.version > r.version AND n.made_at < $1)
        AND (r.name = 'snapshot' OR NOT EXISTS (SELECT 1 FROM outbox WHERE path = 'metadata/timestamp.json'))";
    let mut paths = Vec::new();
    for mut row in tx.rows(sql, values![moment(before)]).await? {
        let (name, version) = (row.text()?, row.int()?);
        tx.change("DELETE FROM role WHERE name = $1 AND version = $2", values![&name, version]).await?;
        if name == "snapshot" {
            let path = format!("metadata/{}", file_name(&name, version));
            // Where the static host was away for so long, it never gets it: the newest timestamp names a newer one.
            sent(tx, &path).await?;
            paths.push(path);
        }
    }
    Ok(paths)
}

/// The files that have yet to go out, in their order.
///
/// # Errors
/// [`DbError`] where the database does not answer, or a file is missing.
pub async fn outgoing(tx: &mut dyn Run, most: u64) -> Result<Vec<Outgoing>, DbError> {
    let sql = "SELECT path, source, version FROM outbox WHERE stage < 9 ORDER BY stage, path LIMIT $1";
    let mut files = Vec::new();
    for mut row in tx.rows(sql, values![most]).await? {
        let (path, source, of) = (row.text()?, row.text()?, row.maybe_int()?);
        let bytes = match of {
            Some(of) => version(tx, &source, of).await?,
            None => bytes(tx, &source).await?,
        };
        let bytes = bytes.ok_or_else(|| DbError::Content(format!("{path} should be published and is not kept")))?;
        files.push(Outgoing { path, bytes });
    }
    Ok(files)
}

/// How many files have yet to go out.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn waiting(tx: &mut dyn Run) -> Result<u64, DbError> {
    tx.first("SELECT COUNT(*) FROM outbox", vec![]).await?.map_or(Ok(0), |mut row| row.int())
}

/// Strikes a file from those that have yet to go out.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn sent(tx: &mut dyn Run, path: &str) -> Result<(), DbError> {
    tx.change("DELETE FROM outbox WHERE path = $1", values![path]).await.map(|_| ())
}

/// Notes that old files of the static host are to be looked for.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn sweep_later(tx: &mut dyn Run) -> Result<(), DbError> {
    let sql = "INSERT INTO outbox (path, stage, source) VALUES ('metadata', 9, 'sweep') ON CONFLICT (path) DO NOTHING";
    tx.change(sql, vec![]).await.map(|_| ())
}

/// Whether old files of the static host are to be looked for.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn sweep_waits(tx: &mut dyn Run) -> Result<bool, DbError> {
    Ok(tx.first("SELECT 1 FROM outbox WHERE path = 'metadata'", vec![]).await?.is_some())
}

/// When a version of a role was made, where it is kept.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn made_at(tx: &mut dyn Run, name: &str, version: u64) -> Result<Option<Timestamp>, DbError> {
    let sql = "SELECT made_at FROM role WHERE name = $1 AND version = $2";
    tx.first(sql, values![name, version]).await?.map(|mut row| super::read_moment(&row.text()?)).transpose()
}

/// Puts every role that is kept among those that go out.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn send_roles(tx: &mut dyn Run) -> Result<(), DbError> {
    let listed = listed(tx).await?;
    for mut row in tx.rows("SELECT name, version FROM role ORDER BY name, version", vec![]).await? {
        let (name, version) = (row.text()?, row.int()?);
        if name == "timestamp" && listed.get(&name).is_none_or(|l| l.version != version) {
            continue;
        }
        send_role(tx, &name, version).await?;
    }
    Ok(())
}
