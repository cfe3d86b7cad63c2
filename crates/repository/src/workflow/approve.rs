//! What people say of a draft: that a warning is meant, that it shall be published (their signature), that it is given up.
//! Signatures decide what is published; a token only lets its holder hand one in.

use super::{MOST_WORDS, Refusal, Repository, apart, plain};
use crate::assemble::Folder;
use crate::checks::Report;
use crate::feeds::News;
use crate::impact::{self, Base, Preview};
use crate::key::PublicKey;
use crate::metadata::{self, Keys};
use crate::package::Package;
use crate::store::edition::{Kept, State};
use crate::store::{self, audit, db::Run, edition, role};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tough::schema::{Signed, Targets};

/// Where a draft stands, and what it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// SHA-256 of its manifest.
    pub edition: String,
    /// Whose it is.
    pub authority: String,
    /// Its number.
    pub number: u64,
    /// Where it stands.
    pub state: State,
    /// Checks whose warnings wait for a word.
    pub open_warnings: Vec<String>,
    /// Why it is not published though it is signed: what others published meanwhile leaves no place for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held_back: Vec<String>,
    /// Keys that have signed.
    pub signed_by: Vec<String>,
    /// How many must.
    pub needed: u64,
    /// When it will be published, where it waits for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Files that are published and not at the static host yet: they go out as soon as it answers.
    #[serde(skip_serializing_if = "is_none")]
    pub waiting_files: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

async fn found(tx: &mut dyn Run, hash: &str) -> Result<Kept, Refusal> {
    edition::get(tx, hash).await?.ok_or_else(|| Refusal::NotFound(format!("no edition {hash} is kept here")))
}

fn on_its_way(kept: &Kept) -> Result<(), Refusal> {
    if kept.state.is_public() || kept.state == State::Abandoned {
        return Err(Refusal::Conflict(format!("edition {} is {} already", kept.manifest.number, kept.state.name())));
    }
    Ok(())
}

fn report_of(kept: &Kept) -> Result<Report, Refusal> {
    serde_json::from_str(&kept.report).map_err(|e| Refusal::Unavailable(e.to_string()))
}

/// Tells who signed or spoke last that it is not published.
fn published_or_told(standing: Standing) -> Result<Standing, Refusal> {
    match standing.held_back.first() {
        Some(why) => Err(Refusal::Conflict(format!(
            "your word is kept, and edition {} of {} is not published: others published meanwhile. It is a draft again. {why}",
            standing.number, standing.authority
        ))),
        None => Ok(standing),
    }
}

/// Checks whose warnings nobody has spoken for.
pub(super) async fn open_warnings(tx: &mut dyn Run, kept: &Kept) -> Result<Vec<String>, Refusal> {
    let report = report_of(kept)?;
    let spoken: BTreeSet<String> = edition::words(tx, &kept.hash).await?.into_iter().map(|word| word.0).collect();
    Ok(report.warnings().into_iter().filter(|check| !spoken.contains(*check)).map(str::to_owned).collect())
}

impl Repository {
    /// Where an edition stands.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where it is not kept here.
    pub async fn standing(&self, hash: &str) -> Result<Standing, Refusal> {
        let mut tx = self.db.read().await?;
        let kept = found(&mut *tx, hash).await?;
        let keys = match self.keys(&mut *tx, &kept.manifest.authority).await {
            // Dismissed: what it published stays to be read, and nobody's signature counts.
            Err(Refusal::NotFound(_)) => Keys { keys: Vec::new(), threshold: 0 },
            keys => keys?,
        };
        let role: Signed<Targets> = metadata::from_bytes(&kept.role)?;
        let is_draft = kept.state == State::Draft;
        let open_warnings = if is_draft { open_warnings(&mut *tx, &kept).await? } else { Vec::new() };
        let held_back = if is_draft { super::fit::findings(&report_of(&kept)?) } else { Vec::new() };
        Ok(Standing {
            edition: kept.hash,
            authority: kept.manifest.authority,
            number: kept.manifest.number,
            state: kept.state,
            open_warnings,
            held_back,
            signed_by: metadata::signed_by(&role, &keys).iter().map(PublicKey::id).collect(),
            needed: keys.threshold,
            not_before: kept.manifest.not_before.filter(|_| !kept.state.is_public()),
            waiting_files: if kept.state == State::Published { role::waiting(&mut *tx).await? } else { 0 },
        })
    }

    /// Speaks for the warnings of a check: they are meant. Nobody speaks for what they sent themselves.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] where the draft is no longer one, or the actor sent it; [`Refusal::Wrong`] for a check that
    /// warns of nothing, or no reason.
    pub async fn speak(&self, hash: &str, actor: &str, check: &str, says: &str) -> Result<Standing, Refusal> {
        plain("why it is meant", says, MOST_WORDS)?;
        let now = self.clock.now();
        self.nothing_ahead().await?;
        self.foresee(hash).await?;
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        let kept = found(&mut *tx, hash).await?;
        on_its_way(&kept)?;
        if kept.submitted_by == actor {
            return Err(Refusal::Conflict("another officer than the one who sent it speaks for its warnings".into()));
        }
        if says.trim().chars().count() < 3 {
            return Err(Refusal::Wrong("say in a few words why it is meant".into()));
        }
        let report: Report = serde_json::from_str(&kept.report).map_err(|e| Refusal::Unavailable(e.to_string()))?;
        if !report.warnings().contains(check) {
            return Err(Refusal::Wrong(format!("{check} does not warn of anything in this edition")));
        }
        edition::speak(&mut *tx, hash, check, says.trim(), actor, now).await?;
        audit::note(&mut *tx, now, actor, "speak", hash, &format!("{check}: {}", says.trim())).await?;
        let published = self.settle(&mut *tx, hash, actor, now).await?;
        tx.commit().await?;
        if published {
            self.send_out().await;
        }
        published_or_told(self.standing(hash).await?)
    }

    /// What is to be signed: the authority's role with the signatures so far, the manifest, and no part.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where the edition is not kept here.
    pub async fn package(&self, hash: &str, with_parts: bool) -> Result<Package, Refusal> {
        let mut tx = self.db.read().await?;
        let kept = found(&mut *tx, hash).await?;
        let mut parts = BTreeMap::new();
        if with_parts {
            for part in &kept.manifest.parts {
                if let Some(bytes) = role::bytes(&mut *tx, &part.sha256).await? {
                    parts.insert(part.sha256.clone(), bytes);
                }
            }
        }
        let role = metadata::from_bytes(&kept.role)?;
        Ok(Package { manifest: kept.manifest, manifest_bytes: kept.manifest_bytes, role, parts })
    }

    /// Takes in an officer's signature over an edition's role. With enough of them, and no open warning, it is approved; it
    /// is published at once where no embargo holds it back.
    ///
    /// # Errors
    /// [`Refusal::Signature`] where the key does not speak for the authority, or did not sign this. [`Refusal::Conflict`] where the
    /// signature is kept, and the edition does not fit beside what others published meanwhile: it is a draft again.
    pub async fn sign(&self, hash: &str, actor: &str, key: &PublicKey, signature: &str) -> Result<Standing, Refusal> {
        let now = self.clock.now();
        self.nothing_ahead().await?;
        self.foresee(hash).await?;
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        let kept = found(&mut *tx, hash).await?;
        on_its_way(&kept)?;
        let keys = self.keys(&mut *tx, &kept.manifest.authority).await?;
        if !keys.keys.contains(key) {
            let what = format!("{} does not speak for {}", key.both(), kept.manifest.authority);
            return Err(Refusal::Signature(what));
        }
        let mut role: Signed<Targets> = metadata::from_bytes(&kept.role)?;
        metadata::attach(&mut role, key, signature).map_err(|e| Refusal::Signature(e.to_string()))?;
        edition::set_role(&mut *tx, hash, &metadata::to_bytes(&role)?).await?;
        audit::note(&mut *tx, now, actor, "sign", hash, &format!("key {}", key.id())).await?;
        let published = self.settle(&mut *tx, hash, actor, now).await?;
        tx.commit().await?;
        if published {
            self.send_out().await;
        }
        published_or_told(self.standing(hash).await?)
    }

    /// Gives a draft up.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] where it is published already; [`Refusal::Wrong`] for no reason.
    pub async fn abandon(&self, hash: &str, actor: &str, reason: &str) -> Result<Standing, Refusal> {
        plain("why it is given up", reason, MOST_WORDS)?;
        let now = self.clock.now();
        self.nothing_ahead().await?;
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        let kept = found(&mut *tx, hash).await?;
        on_its_way(&kept)?;
        self.give_up(&mut *tx, &kept, actor, reason, now).await?;
        let mut published = false;
        for freed in self.look_at_waiting(&mut *tx, &kept.manifest.authority, now).await? {
            published |= self.settle(&mut *tx, &freed, actor, now).await?;
        }
        tx.commit().await?;
        if published {
            self.send_out().await;
        }
        self.standing(hash).await
    }

    /// Moves a draft as far as it can go: checked, approved, scheduled, published. Returns whether it was published.
    pub(super) async fn settle(
        &self,
        tx: &mut dyn Run,
        hash: &str,
        actor: &str,
        now: Timestamp,
    ) -> Result<bool, Refusal> {
        let kept = found(tx, hash).await?;
        if !open_warnings(tx, &kept).await?.is_empty() {
            return Ok(false);
        }
        let keys = self.keys(tx, &kept.manifest.authority).await?;
        let state = state_of(&kept, &keys, now)?;
        if state == State::Approved {
            if self.held_back(tx, &kept, actor, now).await? {
                return Ok(false);
            }
            self.publish(tx, &kept, &keys, actor, now).await?;
            return Ok(true);
        }
        if state != kept.state {
            edition::set_state(tx, hash, state).await?;
            audit::note(tx, now, actor, state.name(), hash, "").await?;
            if [state, kept.state].contains(&State::Scheduled) {
                self.look_at_waiting(tx, &kept.manifest.authority, now).await?;
            }
        }
        Ok(false)
    }

    /// What an edition would change. Computed once, then kept.
    ///
    /// # Errors
    /// [`Refusal::Wrong`] where no ratebook can be made with it: what is wrong, line by line.
    pub async fn impact(&self, hash: &str) -> Result<Preview, Refusal> {
        let (kept, new, old, beside) = {
            let mut tx = self.db.read().await?;
            let kept = found(&mut *tx, hash).await?;
            if let Some(preview) = kept.impact.as_deref().and_then(|text| serde_json::from_str(text).ok()) {
                return Ok(preview);
            }
            let new = super::submit::open(&mut *tx, hash, &kept.manifest).await?;
            let old = match kept.manifest.number {
                0 | 1 => None,
                number => edition::numbered(&mut *tx, &kept.manifest.authority, number - 1).await?,
            };
            let old = match old {
                Some(old) => Some(super::submit::open(&mut *tx, &old.hash, &old.manifest).await?),
                None => None,
            };
            let known = store::authority::get(&mut *tx, &kept.manifest.authority).await?;
            let (known, _) = known.ok_or_else(|| Refusal::NotFound("its authority is not admitted here".into()))?;
            let beside = self.beside(&mut *tx, &known).await?;
            (kept, new, old, beside)
        };
        let (base, day) = (self.base.clone(), self.clock.now().to_zoned(TimeZone::UTC).date());
        let day = kept.manifest.parts.iter().filter_map(|part| part.from).max().map_or(day, |from| from.max(day));
        let preview = apart(move || {
            let under =
                |folder| Base { folder, codes: base.codes.clone(), baskets: base.baskets.clone(), ..Base::default() };
            // Where the others do not stand together, it is shown without them.
            impact::preview(&under(beside.laid()), old.clone(), new.clone(), day)
                .or_else(|_| impact::preview(&under(Folder::clone(&beside.folder)), old, new, day))
        })
        .await?
        .map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Refusal::Wrong(format!("no ratebook can be made with it: {}", lines.join("; ")))
        })?;
        let mut preview = preview;
        let news = kept.news.as_deref().and_then(|text| serde_json::from_str::<News>(text).ok());
        for change in news.into_iter().flat_map(|n| n.changes).filter(|c| c.kind == "exchange-rate") {
            preview.changes += 1;
            if preview.first_changes.len() < impact::MOST_CHANGES {
                let from = change.from.map(|day| day.to_string());
                let (code, old, new) = (change.key, change.old, change.new);
                let row =
                    serde_json::json!({ "code": code, "what": "exchange-rate", "scope": from, "old": old, "new": new });
                preview.first_changes.push(row);
            }
        }
        if let Ok(text) = serde_json::to_string(&preview) {
            let mut tx = self.db.write().await?;
            edition::set_impact(&mut *tx, hash, &text).await?;
            tx.commit().await?;
        }
        Ok(preview)
    }
}

/// How far signatures and embargo let a draft without open warnings go.
fn state_of(kept: &Kept, keys: &Keys, now: Timestamp) -> Result<State, Refusal> {
    let role: Signed<Targets> = metadata::from_bytes(&kept.role)?;
    if (metadata::signed_by(&role, keys).len() as u64) < keys.threshold {
        return Ok(State::Checked);
    }
    match kept.manifest.not_before {
        Some(hour) if hour > now => Ok(State::Scheduled),
        _ => Ok(State::Approved),
    }
}
