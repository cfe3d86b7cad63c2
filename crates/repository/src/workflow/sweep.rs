//! Old metadata at the static host: what no snapshot that a reader may hold names any more is removed after a while. Roots, lists of
//! authorities, manifests and parts stay for ever: by them a reader follows the keys and the history.

use super::host::{Host, role_of};
use super::{Refusal, Repository};
use crate::metadata;
use crate::store::role;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use tough::schema::Snapshot;

/// How long snapshots and timestamps stay after a newer one took their place: a slow reader has ended its update by then.
pub(super) const LINGER: SignedDuration = SignedDuration::from_hours(48);
/// How long roles of authorities stay, counted from when they were made. A database that is restored from a backup of that age
/// finds all that it lacks.
const ROLES_LINGER: SignedDuration = SignedDuration::from_hours(60 * 24);
/// Most files that are removed at once; the others are the next time.
const AT_ONCE: usize = 1_000;

impl Repository {
    /// Removes old snapshots and roles from the static host, where the timestamp was renewed since the last time. Returns how many.
    pub(super) async fn sweep(&self, now: Timestamp) -> Result<usize, Refusal> {
        {
            let mut tx = self.db.read().await?;
            if !role::sweep_waits(&mut *tx).await? {
                return Ok(0);
            }
        }
        // Files of a host that went on without this database are not its own to remove.
        if self.host_is_ahead().await? {
            return Ok(0);
        }
        let needed = {
            let mut tx = self.db.read().await?;
            Needed::of(role::snapshots(&mut *tx).await?)?
        };
        let host = Host(&self.public);
        let mut old = Vec::new();
        for file in host.metadata().await? {
            let Some((version, role)) = file.location.filename().and_then(|name| needed.is_over(name)) else {
                continue;
            };
            if role != "snapshot" {
                let mut tx = self.db.read().await?;
                let made = role::made_at(&mut *tx, &role, version).await?;
                if made.is_none_or(|made| now.duration_since(made) <= ROLES_LINGER) {
                    continue;
                }
            }
            old.push(file.location);
            if old.len() == AT_ONCE {
                break;
            }
        }
        for path in &old {
            host.delete(path).await?;
        }
        if old.len() < AT_ONCE {
            let mut tx = self.db.write().await?;
            role::sent(&mut *tx, "metadata").await?;
            tx.commit().await?;
        }
        Ok(old.len())
    }
}

/// What readers may still ask for.
struct Needed {
    snapshots: BTreeSet<u64>,
    /// Of each role, the versions that those snapshots name.
    roles: BTreeMap<String, BTreeSet<u64>>,
}

impl Needed {
    fn of(snapshots: Vec<(u64, Vec<u8>)>) -> Result<Self, Refusal> {
        let mut needed = Self { snapshots: BTreeSet::new(), roles: BTreeMap::new() };
        for (version, bytes) in snapshots {
            needed.snapshots.insert(version);
            for (file, listed) in metadata::from_bytes::<Snapshot>(&bytes)?.signed.meta {
                if let Some(role) = file.strip_suffix(".json").filter(|role| *role != "targets") {
                    needed.roles.entry(role.to_owned()).or_default().insert(listed.version.get());
                }
            }
        }
        Ok(needed)
    }

    /// Version and role of a file of `metadata/` that is older than any that is needed. What is not known stays.
    fn is_over(&self, name: &str) -> Option<(u64, String)> {
        let (version, role) = role_of(name)?;
        let needed = match role {
            "snapshot" => &self.snapshots,
            "root" | "targets" | "timestamp" => return None,
            authority => self.roles.get(authority)?,
        };
        needed.first().is_some_and(|first| version < *first).then(|| (version, role.to_owned()))
    }
}
