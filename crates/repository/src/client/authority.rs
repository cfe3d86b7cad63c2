//! One authority brought up to date, by itself: what is wrong with it harms no other.

use super::ClientError;
use super::chain::{Chain, Seen};
use super::edition::{self, MOST_STORED_BYTES, check_part, may_publish};
use super::fetch::{Failure, Pinned, wrong};
use super::state::{Held, Kept, Newest, Trouble};
use super::update::{Update, View, cut, hex_of, listed, one_name_each, parse, same_version};
use crate::authority::Authority;
use crate::manifest::{self, MOST_BYTES, Manifest};
use crate::metadata::{self, target_file};
use crate::name;
use std::collections::HashMap;
use tough::TargetName;
use tough::schema::{DelegatedRole, PathSet, Target, Targets};

/// Most editions that are followed back in one update: more than ten years of daily ones.
pub(super) const MOST_STEPS: u64 = 5_000;
/// Most bytes of manifests on that way.
const MOST_WAY_BYTES: u64 = 256 << 20;

/// What the repository says of an authority's role.
enum Published {
    /// It has a role, and this is the edition in it.
    Edition { role: Kept, newest: Newest },
    /// It was admitted, and has no role yet.
    Nothing,
}

impl Update<'_> {
    /// Brings one authority up to date. Fails only where this machine does.
    pub(super) fn authority(&mut self, view: &View, authority: &Authority) -> Result<(), ClientError> {
        let before = self.state.authorities.get(&authority.id).cloned().unwrap_or_default();
        let now = self.now;
        let held = match self.published(view, authority, &before) {
            Ok(Published::Nothing) => Held::default(),
            Ok(Published::Edition { role, newest }) => {
                Held { role: Some(role), edition: Some(newest), ..Held::default() }
            }
            Err(Failure::Wrong(why)) => {
                let since = before.refused.as_ref().map_or(now, |trouble| trouble.since);
                Held { refused: Some(Trouble { since, why }), behind: None, dismissed: None, ..before }
            }
            // What is held stays, and is not known to be the newest.
            Err(Failure::Missing(why) | Failure::Unreachable(why)) => {
                let since = before.behind.as_ref().map_or(now, |trouble| trouble.since);
                Held { behind: Some(Trouble { since, why }), dismissed: None, ..before }
            }
            Err(Failure::Local(error)) => return Err(error),
        };
        self.state.authorities.insert(authority.id.clone(), held);
        Ok(())
    }

    fn published(&mut self, view: &View, authority: &Authority, before: &Held) -> Result<Published, Failure> {
        let id = &authority.id;
        let delegations = view.targets.delegations.as_ref();
        let named: Vec<&DelegatedRole> =
            delegations.iter().flat_map(|all| &all.roles).filter(|role| role.name == *id).collect();
        let (Some(delegations), [delegation]) = (delegations, named.as_slice()) else {
            return wrong(format!("the repository does not name the keys of {id} once; it must sign its list again"));
        };
        let own = matches!(&delegation.paths, PathSet::Paths(paths)
            if matches!(paths.as_slice(), [one] if one.value() == name::pattern(id)));
        if !own || !delegation.terminating {
            return wrong(format!("the repository lets {id} sign other files than {}", name::pattern(id)));
        }
        if !view.snapshot.meta.contains_key(&format!("{id}.json")) {
            return match &before.role {
                None => Ok(Published::Nothing),
                Some(_) => wrong(format!("the snapshot no longer lists {id}")),
            };
        }
        // 5.6.7, for one delegated role: 5.6.1 to 5.6.6 again.
        let pinned = listed(&view.snapshot.meta, id)?;
        let bytes = self.role_file(id, &pinned)?;
        let signed = parse::<Targets>(id, &bytes)?;
        one_name_each(&delegation.keyids, &delegations.keys)?;
        if delegations.verify_role(&signed, id).is_err() {
            // A role that was good when it came: the keys have changed, and not the role.
            let known = before.role.as_ref();
            let next = match known {
                Some(role) if role.sha256 == pinned.sha256 => {
                    ". Its officers' keys were changed after it was signed: it waits until they sign it anew"
                }
                None => ". Where its officers' keys were changed, it waits until they sign it anew",
                Some(_) => "",
            };
            return wrong(format!("role {} of {id} is not signed by enough of its keys{next}", pinned.version));
        }
        let role = signed.signed;
        same_version(id, role.version.get(), pinned.version)?;
        let (sha256, manifest_bytes, manifest) = self.manifest(authority, &role)?;
        let chain = self.follow(id, before, &manifest, &sha256)?;
        self.parts(before, &manifest)?;
        // Everything is here and good: only now is any of it named.
        let expires = [&self.state.timestamp, &self.state.snapshot].into_iter().flatten().map(|kept| kept.expires);
        let verified = expires.chain([role.expires, self.now]).min().unwrap_or(self.now);
        let newest = Newest {
            number: manifest.number,
            sha256: self.store.put(&manifest_bytes)?,
            next_due: manifest.next_due,
            chain: chain.put(self.store)?,
            verified: before.edition.as_ref().map_or(verified, |edition| edition.verified.max(verified)),
        };
        let role = Kept { version: pinned.version, sha256: self.store.put(&bytes)?, expires: role.expires };
        Ok(Published::Edition { role, newest })
    }

    /// The manifest that a role names, after role and manifest were held against each other.
    fn manifest(&mut self, authority: &Authority, role: &Targets) -> Result<(String, Vec<u8>, Manifest), Failure> {
        let id = &authority.id;
        only_its_own(id, &role.targets)?;
        let target = name::target(id, manifest::NAME);
        let listed = TargetName::new(target.as_str()).ok().and_then(|name| role.targets.get(&name));
        let listed = listed.ok_or_else(|| Failure::Wrong(format!("the role of {id} names no {target}")))?;
        let sha256 = hex_of(&listed.hashes);
        let bytes = match self.store.get(&sha256)? {
            Some(bytes) => bytes,
            None => {
                let path = format!("targets/{}", target_file(&sha256, &target));
                self.from.pinned(&Pinned { path, most: listed.length.min(MOST_BYTES), sha256: &sha256 })?
            }
        };
        let told = |e: &dyn std::fmt::Display| Failure::Wrong(cut(&e.to_string()));
        let manifest = Manifest::from_bytes(&bytes).map_err(|e| told(&e))?;
        may_publish(authority, &manifest)?;
        let exact = metadata::authority(role.version.get(), role.expires, &bytes, &manifest).map_err(|e| told(&e))?;
        if exact.targets != role.targets || role.delegations.is_some() {
            return wrong(format!("the role of {id} does not name exactly its manifest and the parts in it"));
        }
        Ok((sha256, bytes, manifest))
    }

    /// The chain up to an edition. Numbers go up by one, each edition names the hash of the one before, and what was seen
    /// is still there: so nothing was skipped, and nothing rewritten.
    fn follow(&mut self, id: &str, before: &Held, manifest: &Manifest, sha256: &str) -> Result<Chain, Failure> {
        let new = Seen::of(manifest, sha256);
        let Some(known) = &before.edition else {
            let mut chain = Chain::default();
            chain.add_later(vec![new]);
            return Ok(chain);
        };
        let mut chain = Chain::load(self.store, known)?;
        if manifest.number < known.number {
            return wrong(format!(
                "edition {} is offered, and edition {} was seen before: an older state is replayed",
                manifest.number, known.number
            ));
        }
        if manifest.number == known.number {
            return match sha256 == known.sha256 {
                true => Ok(chain),
                false => wrong(format!(
                    "there are two different editions with one number: {} is {} and {sha256}",
                    known.number, known.sha256
                )),
            };
        }
        let steps = manifest.number - known.number;
        if steps > MOST_STEPS {
            return wrong(format!(
                "it is {steps} editions ahead of this copy, and {MOST_STEPS} are followed; begin a new copy"
            ));
        }
        let mut seen = vec![new];
        let mut bytes = 0;
        let mut at = manifest.clone();
        while at.number > known.number + 1 {
            let (earlier, earlier_sha256, size) = self.earlier(id, &at)?;
            bytes += size;
            if bytes > MOST_WAY_BYTES {
                return wrong(format!(
                    "the editions since {} say more than {MOST_WAY_BYTES} bytes; begin a new copy",
                    known.number
                ));
            }
            seen.push(Seen::of(&earlier, &earlier_sha256));
            at = earlier;
        }
        if at.previous.as_deref() != Some(known.sha256.as_str()) {
            return wrong(format!(
                "its history is rewritten: edition {} follows another edition {} than the one that was seen ({})",
                at.number, known.number, known.sha256
            ));
        }
        chain.add_later(seen);
        Ok(chain)
    }

    /// The edition before one, by the hash that it names; with its hash and size.
    pub(super) fn earlier(&mut self, id: &str, later: &Manifest) -> Result<(Manifest, String, u64), Failure> {
        let sha256 = later.previous.clone().unwrap_or_default();
        let bytes = match self.store.get(&sha256)? {
            Some(bytes) => bytes,
            None => {
                let path = format!("targets/{}", target_file(&sha256, &name::target(id, manifest::NAME)));
                let bytes = self.from.pinned(&Pinned { path, most: MOST_BYTES, sha256: &sha256 })?;
                self.store.put(&bytes)?;
                bytes
            }
        };
        let earlier = Manifest::from_bytes(&bytes).map_err(|e| Failure::Wrong(cut(&e.to_string())))?;
        if earlier.authority != id {
            return wrong(format!("edition {} follows one of \"{}\"", later.number, earlier.authority));
        }
        if later.number.checked_sub(1) != Some(earlier.number) {
            return wrong(format!(
                "an edition is skipped: {} names as the one before it an edition with number {}",
                later.number, earlier.number
            ));
        }
        Ok((earlier, sha256, bytes.len() as u64))
    }

    /// Fetches the parts that are not here yet, and checks each before it is kept.
    fn parts(&mut self, before: &Held, manifest: &Manifest) -> Result<(), Failure> {
        let earlier = match &before.edition {
            Some(newest) => edition::manifest(self.store, newest)?,
            None => None,
        };
        let same_rules = |earlier: &Manifest| earlier.head.territory == manifest.head.territory;
        let earlier = earlier.filter(same_rules);
        let mut left = MOST_STORED_BYTES;
        for part in &manifest.parts {
            let checked = earlier.as_ref().and_then(|earlier| earlier.part(&part.name)) == Some(part);
            if checked && self.store.holds(&part.sha256, part.bytes) {
                continue;
            }
            let stored = match self.store.get(&part.sha256)? {
                Some(bytes) => bytes,
                None => {
                    let target = name::target(&manifest.authority, &part.name);
                    let path = format!("targets/{}", target_file(&part.sha256, &target));
                    self.from.pinned(&Pinned { path, most: part.bytes.min(left), sha256: &part.sha256 })?
                }
            };
            left = left.saturating_sub(part.bytes);
            check_part(manifest, part, &stored)?;
            self.store.put(&stored)?;
        }
        Ok(())
    }
}

/// Whether all targets of a role are the authority's, by names that are safe everywhere.
fn only_its_own(id: &str, targets: &HashMap<TargetName, Target>) -> Result<(), Failure> {
    for target in targets.keys() {
        let raw = target.raw();
        if name::split_target(raw).is_none_or(|(who, _)| who != id) {
            return wrong(format!(
                "{id} signs \"{}\", which is not among its own files {}",
                raw.escape_debug().take(80).collect::<String>(),
                name::pattern(id)
            ));
        }
    }
    Ok(())
}
