//! Out of the outbox to the static host: a folder, or storage that speaks S3. Files go in the order in which they name each
//! other, so a reader who comes between finds the old state whole or the new one whole. A process that dies between two files
//! goes on where it was when it starts again; two servers take turns.

use super::{Refusal, Repository};
use crate::metadata;
use crate::store::{self, role};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion,
};
use std::sync::Arc;
use std::time::Duration;
use tough::schema::Timestamp;

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
            let mut failed = None;
            for file in files {
                let changes = file.path == "metadata/timestamp.json";
                if let Err(refusal) = put(&self.public, &file.path, file.bytes, changes).await {
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

    /// Sends out what was just published. That is published already and waits in the outbox: where the static host is away,
    /// it is no failure of what was asked, and [`Repository::tick`] sends it later.
    pub(super) async fn send_out(&self) {
        if let Err(refusal) = self.distribute().await {
            tracing::warn!(%refusal, "published, and not at the static host yet");
        }
    }
}

/// Refuses to put an older timestamp in place of a newer one: another server took over while this one was held up, or the
/// database was restored from an older backup. Readers would refuse everything from then on. Returns what is there now, so
/// that nothing else is replaced.
async fn not_back(host: &Arc<dyn ObjectStore>, path: &Path, bytes: &[u8]) -> Result<Option<UpdateVersion>, Refusal> {
    let (there, seen) = match host.get(path).await {
        Ok(there) => {
            let seen = UpdateVersion { e_tag: there.meta.e_tag.clone(), version: there.meta.version.clone() };
            (there.bytes().await?, seen)
        }
        Err(object_store::Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let version = |bytes: &[u8]| metadata::from_bytes::<Timestamp>(bytes).map(|role| role.signed.version.get());
    // What is damaged there may be replaced.
    let (Ok(there), here) = (version(&there), version(bytes)?) else { return Ok(Some(seen)) };
    if there <= here {
        return Ok(Some(seen));
    }
    Err(Refusal::Unavailable(format!(
        "the static host has timestamp {there} already, and this one is {here}: where the database was restored from an \
         older backup, restore the newest one, or publish into an empty folder"
    )))
}

/// Writes a file whole or not at all, with what caches and browsers must know of it.
///
/// # Errors
/// [`Refusal::Unavailable`] where the host does not take it in time.
pub(super) async fn put(host: &Arc<dyn ObjectStore>, path: &str, bytes: Vec<u8>, changes: bool) -> Result<(), Refusal> {
    let patience = PATIENCE + Duration::from_secs(bytes.len() as u64 / BYTES_A_SECOND);
    let sent = tokio::time::timeout(patience, put_whole(host, path, bytes, changes)).await;
    let late = || Refusal::Unavailable(format!("the static host did not take {path} in {} s", patience.as_secs()));
    sent.map_err(|_| late())?
}

async fn put_whole(host: &Arc<dyn ObjectStore>, path: &str, bytes: Vec<u8>, changes: bool) -> Result<(), Refusal> {
    use object_store::Error;
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::CacheControl, if changes { NOT_FOR_LONG } else { FOR_EVER }.into());
    attributes.insert(Attribute::ContentType, kind_of(path).into());
    let is_timestamp = path == "metadata/timestamp.json";
    let path = Path::parse(path).map_err(|e| Refusal::Unavailable(e.to_string()))?;
    let seen = if is_timestamp { not_back(host, &path, &bytes).await? } else { None };
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
