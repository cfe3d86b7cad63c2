//! Out of the outbox to the static host: a folder, or storage that speaks S3. Files go in the order in which they name each
//! other, so a reader who comes between finds the old state whole or the new one whole. A process that dies between two files
//! goes on where it was when it starts again; two servers take turns.

use super::host::{BYTES_A_SECOND, Found, Host, PATIENCE, Seen};
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

/// The one file that is ever replaced, and its largest size in bytes: as readers take it.
pub(super) const TIMESTAMP: &str = "metadata/timestamp.json";
pub(super) const MOST_TIMESTAMP: u64 = 16 << 10;
/// How often another server may replace the timestamp while this one looks.
const MOST_ROUNDS: u32 = 5;
/// Files that go out under one turn.
const AT_ONCE: u64 = 200;
/// How long a glance at the host may take, while others wait for their turn or somebody for an answer.
const GLANCE: Duration = Duration::from_secs(3);
/// What is said where the host has what this database lacks.
const AHEAD: &str = "the static host has a timestamp that this database did not make: where it was restored from an older backup, \
     start the service anew, which takes back what the host has; or restore the newest one; or publish into an empty folder";

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
        let mut overtaken = 0;
        loop {
            {
                let mut tx = self.db.read().await?;
                if role::outgoing(&mut *tx, 1).await?.is_empty() {
                    return Ok(());
                }
            }
            // Before the turn is taken: a host that does not answer must hold up nobody who wants to publish.
            let (ahead, seen) = self.look_at_host().await?;
            if ahead {
                return Err(Refusal::Unavailable(AHEAD.into()));
            }
            let mut tx = self.db.write().await?;
            store::take_turn(&mut *tx).await?;
            // Another server replaced it meanwhile: it is looked at again.
            if Host(&self.public).seen(TIMESTAMP, GLANCE).await? != seen {
                overtaken += 1;
                if overtaken == MOST_ROUNDS {
                    let what = "the static host tells another timestamp each time it is asked; it is tried again";
                    return Err(Refusal::Unavailable(what.into()));
                }
                continue;
            }
            let mut failed = None;
            for file in role::outgoing(&mut *tx, AT_ONCE).await? {
                let replaces = seen.clone().filter(|_| file.path == TIMESTAMP);
                if let Err(refusal) = put(&self.public, &file.path, file.bytes, replaces.map(Into::into)).await {
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

    /// Whether the host has what this database does not have: another server took over while this one was held up, or the
    /// database was restored from an older backup. Files of the same names are others there, and readers would refuse everything
    /// from then on, so nothing is sent.
    pub(super) async fn host_is_ahead(&self) -> Result<bool, Refusal> {
        Ok(self.look_at_host().await?.0)
    }

    /// The same, and which timestamp is there now, so that no other is replaced.
    async fn look_at_host(&self) -> Result<(bool, Option<Seen>), Refusal> {
        let there = Host(&self.public).timestamp().await?;
        let seen = there.as_ref().map(|there| there.seen.clone());
        let ahead = match self.stamp_of(there.as_ref()).await? {
            Stamp::Ours => false,
            Stamp::Other => true,
            // What is lost or damaged there may be replaced, if nothing beside it shows that the host went on.
            Stamp::Absent | Stamp::Unreadable => self.stands_apart().await?.is_some(),
        };
        Ok((ahead, seen))
    }

    /// Whose a timestamp of the host is.
    pub(super) async fn stamp_of(&self, there: Option<&Found>) -> Result<Stamp, Refusal> {
        let Some(there) = there else { return Ok(Stamp::Absent) };
        let Ok(stamp) = metadata::from_bytes::<Timestamp>(&there.bytes) else { return Ok(Stamp::Unreadable) };
        let mut tx = self.db.read().await?;
        let ours = role::version(&mut *tx, "timestamp", stamp.signed.version.get()).await?;
        Ok(if ours.is_some_and(|ours| ours == there.bytes) { Stamp::Ours } else { Stamp::Other })
    }

    /// The first role of which the host has a version that this database lacks, or another one of a version that waits to go
    /// out: another database went on from the same past.
    pub(super) async fn stands_apart(&self) -> Result<Option<Apart>, Refusal> {
        let host = Host(&self.public);
        let there = host.highest().await?;
        let mut to_compare = Vec::new();
        {
            let mut tx = self.db.read().await?;
            let listed = role::listed(&mut *tx).await?;
            for (name, highest) in there {
                let here = listed.get(&name).map_or(0, |listed| listed.version);
                let known = here > 0 || store::authority::get(&mut *tx, &name).await?.is_some();
                if known && highest > here {
                    return Ok(Some(Apart { role: name, there: highest, here }));
                }
                let path = format!("metadata/{}", metadata::file_name(&name, highest));
                // A snapshot is made anew after the highest that readers may have seen.
                if known && name != "snapshot" && role::goes_out(&mut *tx, &path).await? {
                    to_compare.push((name, highest, here, path));
                }
            }
        }
        for (name, highest, here, path) in to_compare {
            let Some(found) = host.get(&path, super::take_back::MOST_ROLE).await? else { continue };
            let mut tx = self.db.read().await?;
            if role::version(&mut *tx, &name, highest).await?.is_some_and(|ours| ours != found.bytes) {
                return Ok(Some(Apart { role: name, there: highest, here }));
            }
        }
        Ok(None)
    }

    /// Refuses to publish while the host is ahead: a second edition of a number that readers have seen could never be sent. A host
    /// that is away refuses nothing; it is looked at again before anything goes out.
    pub(super) async fn nothing_ahead(&self) -> Result<(), Refusal> {
        match tokio::time::timeout(GLANCE, self.host_is_ahead()).await {
            Ok(Ok(true)) => Err(Refusal::Held(
                "The static host has editions that the database lacks, as after a restore of an older backup. The service takes \
                 them back by itself: try again in a minute. Where this stays, tell the secretariat: its log says what cannot be \
                 taken back. Nothing was changed."
                    .into(),
            )),
            _ => Ok(()),
        }
    }

    /// Sends out what was just published. That is published already and waits in the outbox: where the static host is away,
    /// it is no failure of what was asked, and [`Repository::tick`] sends it later.
    pub(super) async fn send_out(&self) {
        if let Err(refusal) = self.distribute().await {
            tracing::warn!(%refusal, "published, and not at the static host yet");
        }
    }
}

/// Whose a timestamp of the host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// This database made it, byte for byte.
    Ours,
    /// There is none.
    Absent,
    /// It is damaged.
    Unreadable,
    /// This database does not know it.
    Other,
}

/// A role of which the host has another version than the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Apart {
    pub(super) role: String,
    /// The highest version at the host.
    pub(super) there: u64,
    /// The version that counts in the database.
    pub(super) here: u64,
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
