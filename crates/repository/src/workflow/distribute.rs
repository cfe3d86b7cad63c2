//! Out of the outbox to the static host: a folder, or storage that speaks S3. Files go in the order in which they name each
//! other, so a reader who comes between finds the old state whole or the new one whole. A process that dies between two files
//! goes on where it was when it starts again; two servers take turns.

use super::host::Host;
use super::{Refusal, Repository};
use crate::metadata;
use crate::store::{self, db::Run, role};
use object_store::path::Path;
use object_store::{Attribute, Attributes, ObjectStore, ObjectStoreExt, PutOptions, PutPayload};
use std::sync::Arc;
use tough::schema::Timestamp;

/// The one file that is ever replaced, and its largest size in bytes: as readers take it.
pub(super) const TIMESTAMP: &str = "metadata/timestamp.json";
pub(super) const MOST_TIMESTAMP: u64 = 16 << 10;
/// Files that go out under one turn.
const AT_ONCE: u64 = 200;

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
            if self.host_is_ahead(&mut *tx).await? {
                return Err(Refusal::Unavailable(
                    "the static host has a timestamp that this database did not make: where it was restored from an older backup, \
                     start the service anew, which takes back what the host has; or restore the newest one; or publish into an \
                     empty folder"
                        .into(),
                ));
            }
            for file in &files {
                put(&self.public, &file.path, file.bytes.clone()).await?;
                role::sent(&mut *tx, &file.path).await?;
            }
            tx.commit().await?;
        }
    }

    /// Whether the host has a timestamp that this database never made: another server took over while this one was held up, or
    /// the database was restored from an older backup. Files of the same names are others there, and readers would refuse
    /// everything from then on, so nothing is sent.
    pub(super) async fn host_is_ahead(&self, tx: &mut dyn Run) -> Result<bool, Refusal> {
        let Some(there) = Host(&self.public).get(TIMESTAMP, MOST_TIMESTAMP).await? else { return Ok(false) };
        // What is damaged there may be replaced.
        let Ok(stamp) = metadata::from_bytes::<Timestamp>(&there.bytes) else { return Ok(false) };
        Ok(!made_here(tx, stamp.signed.version.get(), &there.bytes).await?)
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

/// Writes a file whole or not at all. What has a hash or a number in its name never changes and may be kept by anyone for
/// ever; the timestamp is asked for each time.
async fn put(host: &Arc<dyn ObjectStore>, path: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
    let changes = path == TIMESTAMP;
    let cache = if changes { "public, max-age=5, must-revalidate" } else { "public, max-age=31536000, immutable" };
    let kind = if path.ends_with(".json") { "application/json" } else { "application/octet-stream" };
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::CacheControl, cache.into());
    attributes.insert(Attribute::ContentType, kind.into());
    let path = Path::parse(path).map_err(|e| Refusal::Unavailable(e.to_string()))?;
    let options = PutOptions { attributes, ..PutOptions::default() };
    let sent = host.put_opts(&path, PutPayload::from(bytes.clone()), options).await;
    match sent {
        Ok(_) => Ok(()),
        // A folder keeps no headers; whoever serves it sets them.
        Err(object_store::Error::NotImplemented { .. } | object_store::Error::NotSupported { .. }) => {
            host.put(&path, PutPayload::from(bytes)).await?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
