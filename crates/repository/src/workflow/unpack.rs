//! A package that was made elsewhere, held against what stands here.

use super::beside::Beside;
use super::draft::{Content, follows, read_parts};
use super::sent::MOST_BYTES;
use super::submit::Prepared;
use super::{Refusal, Repository, apart};
use crate::assemble::Opened;
use crate::authority::Authority;
use crate::client::may_publish;
use crate::metadata::{self, Keys};
use crate::package::Package;
use crate::store::edition::Kept;
use crate::store::{db::Run, edition, role};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Repository {
    /// A package that was made elsewhere, held against what stands here.
    pub(super) async fn unpack(
        &self,
        package: Package,
        (authority, keys): (Authority, Keys),
        head: Option<&Kept>,
        before: (Option<Opened>, Arc<Beside>),
        next_role: u64,
        now: Timestamp,
    ) -> Result<Prepared, Refusal> {
        let m = &package.manifest;
        if m.authority != authority.id {
            return Err(Refusal::Wrong(format!(
                "the package is of {}, and was sent for {}",
                m.authority, authority.id
            )));
        }
        may_publish(&authority, m).map_err(|failure| Refusal::Wrong(failure.words()))?;
        follows(m, head)?;
        let version = package.role.signed.version.get();
        if version != next_role {
            return Err(Refusal::Conflict(format!("its role has version {version}, and the next one is {next_role}")));
        }
        if package.role.signed.expires <= now {
            return Err(Refusal::Wrong("its role has expired; make it anew".into()));
        }
        let strangers = package.role.signatures.len() != metadata::signed_by(&package.role, &keys).len();
        if strangers {
            return Err(Refusal::Signature("a signature in it is of no key that speaks for this authority".into()));
        }
        if m.parts.iter().map(|part| part.content_bytes).sum::<u64>() > MOST_BYTES {
            return Err(Refusal::Wrong(format!("its parts hold more than {MOST_BYTES} bytes, unpacked")));
        }
        let mut all = package.parts.clone();
        {
            let mut tx = self.db.read().await?;
            let lacking = m.parts.iter().map(|part| part.sha256.clone()).filter(|sha256| !all.contains_key(sha256));
            let strange = unpublished(&mut *tx, head, lacking.collect()).await?;
            for part in &m.parts {
                let none =
                    || Refusal::Wrong(format!("part {} is neither in the package nor published before", part.name));
                if strange.contains(&part.sha256) {
                    return Err(none());
                }
                if !all.contains_key(&part.sha256) {
                    let bytes = role::bytes(&mut *tx, &part.sha256).await?.ok_or_else(none)?;
                    all.insert(part.sha256.clone(), bytes);
                }
            }
        }
        let Package { manifest, manifest_bytes, role, parts } = package;
        let of = manifest.clone();
        let (entries, files) = apart(move || read_parts(&of, |sha256| all.get(sha256).cloned())).await??;
        let content = Content { entries, files, noticed: Vec::new() };
        self.examine(authority, manifest, manifest_bytes, role, parts, content, before, now).await
    }
}

/// Those of some parts that the authority of `head` has not published. Drafts and what others sent do not count: naming a
/// hash must not tell whether somebody holds what is not public yet.
async fn unpublished(
    tx: &mut dyn Run,
    head: Option<&Kept>,
    mut wanted: BTreeSet<String>,
) -> Result<BTreeSet<String>, Refusal> {
    let Some(head) = head else { return Ok(wanted) };
    for number in (1..=head.manifest.number).rev() {
        if wanted.is_empty() {
            break;
        }
        if let Some(kept) = edition::numbered(tx, &head.manifest.authority, number).await? {
            for part in &kept.manifest.parts {
                wanted.remove(&part.sha256);
            }
        }
    }
    Ok(wanted)
}
