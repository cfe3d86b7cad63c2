//! Out of the outbox to the static host: a folder, or storage that speaks S3. Files go in the order in which they name each
//! other, so a reader who comes between finds the old state whole or the new one whole. A process that dies between two files
//! goes on where it was when it starts again; two servers take turns.

use super::{Refusal, Repository};
use crate::store::{self, role};
use object_store::path::Path;
use object_store::{Attribute, Attributes, ObjectStore, ObjectStoreExt, PutOptions, PutPayload};
use std::sync::Arc;

/// Files that go out under one turn.
const AT_ONCE: u64 = 200;

impl Repository {
    /// Sends out after a commit. What does not go out now stays in the outbox for the next round: it is published all the same,
    /// so this is no failure of what was asked.
    pub(super) async fn send_out(&self) {
        if let Err(refusal) = self.distribute().await {
            tracing::warn!(%refusal, "published files wait for the static host");
        }
    }

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
            for file in &files {
                put(&self.public, &file.path, file.bytes.clone()).await?;
                role::sent(&mut *tx, &file.path).await?;
            }
            tx.commit().await?;
        }
    }
}

/// Writes a file whole or not at all. What has a hash or a number in its name never changes and may be kept by anyone for
/// ever; the timestamp is asked for each time.
async fn put(host: &Arc<dyn ObjectStore>, path: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
    let changes = path == "metadata/timestamp.json";
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
