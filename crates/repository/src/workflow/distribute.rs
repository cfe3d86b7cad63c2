//! Out of the outbox to the static host: a folder, or storage that speaks S3. Files go in the order in which they name each
//! other, so a reader who comes between finds the old state whole or the new one whole. A process that dies between two files
//! goes on where it was when it starts again; two servers take turns.

use super::host::Host;
use super::{Refusal, Repository};
use crate::metadata;
use crate::store::{self, db::Run, role};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion,
};
use std::sync::Arc;
use std::time::Duration;
use tough::schema::Timestamp;

/// The one file that is ever replaced, and its largest size in bytes: as readers take it.
pub(super) const TIMESTAMP: &str = "metadata/timestamp.json";
pub(super) const MOST_TIMESTAMP: u64 = 16 << 10;
/// Files that go out under one turn.
const AT_ONCE: u64 = 200;
/// How long a file may take, and the bytes for which it may take a second more. Others wait for their turn meanwhile, so a
/// host that takes a file and never answers must not hold it.
const PATIENCE: Duration = Duration::from_secs(10);
const BYTES_A_SECOND: u64 = 64 << 10;

/// For what has a hash or a number in its name: it never changes.
pub(crate) const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For what is written anew under the same name.
pub(crate) const NOT_FOR_LONG: &str = "public, max-age=5, must-revalidate";

/// What a published file is, by its name (media types of IANA where there is one).
pub(crate) fn kind_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("json") => "application/json",
        Some("csv") => "text/csv; charset=utf-8",
        Some("ndjson") => "application/x-ndjson",
        Some("parquet") => "application/vnd.apache.parquet",
        _ => "application/octet-stream",
    }
}

impl Repository {
    /// Sends out what is published and not yet at the static host.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the database or the host does not answer. What did not go out stays in the outbox.
    pub async fn distribute(&self) -> Result<(), Refusal> {
        loop {
            {
                let mut tx = self.db.read().await?;
                if role::outgoing(&mut *tx, 1).await?.is_empty() {
                    return Ok(());
                }
            }
            let mut tx = self.db.write().await?;
            store::take_turn(&mut *tx).await?;
            let files = role::outgoing(&mut *tx, AT_ONCE).await?;
            let (ahead, seen) = self.host_timestamp(&mut *tx).await?;
            if ahead {
                return Err(Refusal::Unavailable(
                    "the static host has a timestamp that this database did not make: where it was restored from an older backup, \
                     start the service anew, which takes back what the host has; or restore the newest one; or publish into an \
                     empty folder"
                        .into(),
                ));
            }
            let mut failed = None;
            for file in files {
                let replaces = seen.clone().filter(|_| file.path == TIMESTAMP);
                if let Err(refusal) = put(&self.public, &file.path, file.bytes, replaces).await {
                    failed = Some(refusal);
                    break;
                }
                role::sent(&mut *tx, &file.path).await?;
            }
            // What went out before the host went away is not sent again.
            tx.commit().await?;
            if let Some(refusal) = failed {
                return Err(refusal);
            }
        }
    }

    /// How many published files are not at the static host yet.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] where the database does not answer.
    pub async fn waiting_files(&self) -> Result<u64, Refusal> {
        let mut tx = self.db.read().await?;
        Ok(role::waiting(&mut *tx).await?)
    }

    /// Whether the host has a timestamp that this database never made: another server took over while this one was held up, or
    /// the database was restored from an older backup. Files of the same names are others there, and readers would refuse
    /// everything from then on, so nothing is sent.
    pub(super) async fn host_is_ahead(&self, tx: &mut dyn Run) -> Result<bool, Refusal> {
        Ok(self.host_timestamp(tx).await?.0)
    }

    /// The same, and what is there now, so that nothing else is replaced.
    async fn host_timestamp(&self, tx: &mut dyn Run) -> Result<(bool, Option<UpdateVersion>), Refusal> {
        let Some(there) = Host(&self.public).get(TIMESTAMP, MOST_TIMESTAMP).await? else { return Ok((false, None)) };
        let ahead = match metadata::from_bytes::<Timestamp>(&there.bytes) {
            Ok(stamp) => !made_here(tx, stamp.signed.version.get(), &there.bytes).await?,
            // What is damaged there may be replaced.
            Err(_) => false,
        };
        Ok((ahead, Some(there.seen)))
    }

    /// Sends out what was just published. That is published already and waits in the outbox: where the static host is away,
    /// it is no failure of what was asked, and [`Repository::tick`] sends it later.
    pub(super) async fn send_out(&self) {
        if let Err(refusal) = self.distribute().await {
            tracing::warn!(%refusal, "published, and not at the static host yet");
        }
    }
}

/// Whether a timestamp is one of this database. Older ones than it keeps are believed to be.
pub(super) async fn made_here(tx: &mut dyn Run, version: u64, bytes: &[u8]) -> Result<bool, Refusal> {
    let newest = role::listed(tx).await?.get("timestamp").map_or(0, |listed| listed.version);
    Ok(version <= newest && role::version(tx, "timestamp", version).await?.is_none_or(|ours| ours == bytes))
}

/// Writes a file whole or not at all, with what caches and browsers must know of it; in place of what was `seen` there, where
/// something was.
///
/// # Errors
/// [`Refusal::Unavailable`] where the host does not take it in time.
pub(super) async fn put(
    host: &Arc<dyn ObjectStore>,
    path: &str,
    bytes: Vec<u8>,
    seen: Option<UpdateVersion>,
) -> Result<(), Refusal> {
    let patience = PATIENCE + Duration::from_secs(bytes.len() as u64 / BYTES_A_SECOND);
    let sent = tokio::time::timeout(patience, put_whole(host, path, bytes, seen)).await;
    let late = || Refusal::Unavailable(format!("the static host did not take {path} in {} s", patience.as_secs()));
    sent.map_err(|_| late())?
}

async fn put_whole(
    host: &Arc<dyn ObjectStore>,
    path: &str,
    bytes: Vec<u8>,
    seen: Option<UpdateVersion>,
) -> Result<(), Refusal> {
    use object_store::Error;
    let changes = path == TIMESTAMP || path.starts_with("open/");
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::CacheControl, if changes { NOT_FOR_LONG } else { FOR_EVER }.into());
    attributes.insert(Attribute::ContentType, kind_of(path).into());
    let path = Path::parse(path).map_err(|e| Refusal::Unavailable(e.to_string()))?;
    let payload = PutPayload::from(bytes);
    if let Some(seen) = seen {
        let options =
            PutOptions { mode: PutMode::Update(seen), attributes: attributes.clone(), ..PutOptions::default() };
        match host.put_opts(&path, payload.clone(), options).await {
            Ok(_) => return Ok(()),
            Err(Error::Precondition { .. }) => {
                let what = "another server replaced the timestamp at the static host meanwhile; it is looked at again";
                return Err(Refusal::Unavailable(what.into()));
            }
            // Not every host knows conditions; the turn in the database is what keeps two servers apart.
            Err(_) => {}
        }
    }
    let options = PutOptions { attributes, ..PutOptions::default() };
    match host.put_opts(&path, payload.clone(), options).await {
        Ok(_) => Ok(()),
        // A folder keeps no headers; whoever serves it sets them.
        Err(Error::NotImplemented { .. } | Error::NotSupported { .. }) => {
            host.put(&path, payload).await?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
