//! From what is sent to a draft: read, cut into parts, held against the checks, kept with a receipt. Where anything is wrong
//! nothing is kept.

pub use super::draft::{Content, expiry, make, open, read_parts};
pub use super::received::{Receipt, Taken, read_receipt};

use super::beside::{Beside, Unfit};
use super::ceremony::delegated;
use super::draft::{can_be_kept, follows};
use super::news::news;
use super::sent::{PACKAGE, Sent, add};
use super::waiting::waiting;
use super::withdraw::withdraws;
use super::{Refusal, Repository, apart};
use crate::assemble::Opened;
use crate::authority::Authority;
use crate::checks::{self, Around, Draft, Report};
use crate::client::may_publish;
use crate::feeds::News;
use crate::manifest::Manifest;
use crate::metadata::{self, Keys};
use crate::package::Package;
use crate::sha256_hex;
use crate::store::edition::{Kept, State};
use crate::store::{self, audit, db::Run, edition, role};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::Arc;
use tidewaiter::ratebook::compile::Verified;
use tidewaiter_sources::Entry;
use tough::schema::{Signed, Targets};

/// A draft before it is kept.
pub(super) struct Prepared {
    manifest: Manifest,
    manifest_bytes: Vec<u8>,
    role: Signed<Targets>,
    parts: BTreeMap<String, Vec<u8>>,
    report: Report,
    news: News,
}

impl Repository {
    /// Takes in what an authority sends.
    ///
    /// # Errors
    /// [`Refusal`]: nothing is kept then. [`Refusal::Rows`] and [`Refusal::Checks`] say what to mend, row by row.
    pub async fn submit(
        &self,
        authority: &str,
        actor: &str,
        idempotency_key: Option<&str>,
        sent: Sent,
    ) -> Result<Taken, Refusal> {
        self.nothing_ahead().await?;
        let (id, sha256) = (sent.id(authority), sent.sha256());
        let (known, head, before, next_role, beside) = {
            let mut tx = self.db.read().await?;
            if let Some(earlier) = self.earlier(&mut *tx, authority, idempotency_key, &id).await? {
                return Ok(earlier);
            }
            let known = store::authority::get(&mut *tx, authority).await?;
            let known =
                known.ok_or_else(|| Refusal::NotFound(format!("no authority \"{authority}\" is admitted here")))?;
            if known.1.keys.is_empty() {
                return Err(Refusal::NotFound(format!("\"{authority}\" was dismissed, and publishes here no longer")));
            }
            let head = edition::head(&mut *tx, authority).await?;
            let before = match &head {
                Some(head) => Some(open(&mut *tx, &head.hash, &head.manifest).await?),
                None => None,
            };
            let next_role = role::listed(&mut *tx).await?.get(authority).map_or(1, |l| l.version + 1);
            let beside = Arc::new(self.beside(&mut *tx, &known.0).await?);
            (known, head, before, next_role, beside)
        };
        let now = self.clock.now();
        let question = serde_json::to_string(&sent.about).map_err(|e| Refusal::Wrong(e.to_string()))?;
        let expires = |manifest: &Manifest| self.expires(manifest, now);
        let package = if sent.about.format == PACKAGE {
            let [(_, bytes)] = sent.files.as_slice() else { return Err(Refusal::Wrong("send one package".into())) };
            let bytes = bytes.clone();
            Some(apart(move || Package::from_bytes(&bytes)).await??)
        } else {
            None
        };
        if let (Some(package), Some(head)) = (&package, &head)
            && package.hash() == head.hash
        {
            return self.renewed(authority, actor, idempotency_key, (id, sha256, question), package).await;
        }
        let prepared = match package {
            Some(package) => {
                self.unpack(package, known.clone(), head.as_ref(), (before, beside), next_role, now).await?
            }
            None => {
                let (under, of, about) = (beside.folder.clone(), known.0.clone(), sent.about.clone());
                let previous = before.as_ref().filter(|_| about.adds).cloned();
                let head = head.as_ref().map(|h| (h.hash.clone(), h.manifest.clone()));
                let made = apart(move || {
                    let mut records = sent.read(&of.name, of.territory.as_deref(), &under.world)?;
                    if about.adds {
                        let published = previous.map(|p| p.entries).unwrap_or_default();
                        records.entries = add(published, records.entries)?;
                    }
                    make(&of, &about, records, head.as_ref().map(|(hash, m)| (hash.as_str(), m)), now)
                })
                .await??;
                let Some((manifest, stored, content)) = made else {
                    return self
                        .unchanged(authority, actor, idempotency_key, (id, sha256, question), head_of(before))
                        .await;
                };
                let bytes = manifest.to_bytes()?;
                let role = metadata::unsigned(metadata::authority(next_role, expires(&manifest), &bytes, &manifest)?);
                let parts =
                    stored.into_iter().filter(|s| !s.bytes.is_empty()).map(|s| (s.part.sha256, s.bytes)).collect();
                self.examine(known.0, manifest, bytes, role, parts, content, (before, beside), now).await?
            }
        };
        self.keep(authority, actor, idempotency_key, (id, sha256, question), prepared).await
    }

    /// Runs the checks, and computes what feeds will tell.
    #[allow(clippy::too_many_arguments, reason = "the pieces of a draft")]
    pub(super) async fn examine(
        &self,
        authority: Authority,
        manifest: Manifest,
        manifest_bytes: Vec<u8>,
        role: Signed<Targets>,
        parts: BTreeMap<String, Vec<u8>>,
        Content { entries, files, noticed }: Content,
        (before, beside): (Option<Opened>, Arc<Beside>),
        now: Timestamp,
    ) -> Result<Prepared, Refusal> {
        let base = self.base.clone();
        apart(move || {
            can_be_kept(&manifest, &manifest_bytes, &entries)?;
            // What the edition before said of itself stands before its records.
            let earlier = before.as_ref().map(|b| {
                let head = std::iter::once(Entry::Edition(b.manifest.head.clone()));
                head.chain(b.entries.iter().cloned()).collect::<Vec<_>>()
            });
            let files_before = before.iter().flat_map(|b| b.files.iter().map(|(place, _)| place.clone())).collect();
            let around = Around { files_before, ..Around::default() };
            let hash = sha256_hex(&manifest_bytes);
            let new = Opened { hash, manifest: manifest.clone(), entries, files, standing: Verified::default() };
            let check = |around: &Around| {
                checks::run(&Draft {
                    authority: &authority,
                    manifest: &manifest,
                    entries: &new.entries,
                    before: earlier.as_deref(),
                    noticed: &noticed,
                    world: &beside.folder.world,
                    codes: &base.codes,
                    around,
                    today: now.to_zoned(TimeZone::UTC).date(),
                })
            };
            let mut report = check(&around);
            if report.refused() {
                return Err(Refusal::Checks(Box::new(report)));
            }
            // What readers would refuse is refused here.
            may_publish(&authority, &manifest).map_err(|failure| Refusal::Wrong(failure.words()))?;
            // The last guard: what no ratebook can be made of would reach nobody.
            match beside.fits(&new, base.read) {
                Ok(charged) => {
                    super::fit::remember(&base, beside.name(&new.hash));
                    if !charged {
                        report = check(&Around { uncharged: true, ..around });
                    }
                }
                Err(Unfit::Alone(problems)) => {
                    let lines: Vec<String> = problems.iter().take(20).map(ToString::to_string).collect();
                    return Err(Refusal::Wrong(format!("no ratebook can be made with it: {}", lines.join("; "))));
                }
                Err(Unfit::Beside(misfit)) => {
                    let around = Around { misfits: vec![misfit], ..around };
                    return Err(Refusal::Checks(Box::new(check(&around))));
                }
            }
            let news = news(&authority, &new, before.as_ref(), now)?;
            Ok(Prepared { manifest, manifest_bytes, role, parts, report, news })
        })
        .await?
    }

    /// The newest edition signed anew: it holds for longer, or by other keys.
    async fn renewed(
        &self,
        authority: &str,
        actor: &str,
        key: Option<&str>,
        (id, sha256, question): (String, String, String),
        package: &Package,
    ) -> Result<Taken, Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        let said = self.prolong(&mut *tx, authority, package, actor, now).await?;
        let receipt = Receipt {
            submission: id,
            authority: authority.to_owned(),
            sha256,
            received_at: now,
            outcome: "renewed".into(),
            edition: Some(package.hash()),
            number: Some(package.manifest.number),
            warnings: 0,
            audit: said,
        };
        let taken = self.receive(&mut *tx, receipt, actor, key, question).await?;
        tx.commit().await?;
        self.send_out().await;
        Ok(taken)
    }

    /// What says what the newest edition says makes no new one; it has a receipt all the same.
    async fn unchanged(
        &self,
        authority: &str,
        actor: &str,
        key: Option<&str>,
        (id, sha256, question): (String, String, String),
        head: Option<(String, u64)>,
    ) -> Result<Taken, Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        let (edition, number) = head.unzip();
        let said = audit::note(&mut *tx, now, actor, "submit", &id, "unchanged").await?;
        let receipt = Receipt {
            submission: id,
            authority: authority.to_owned(),
            sha256,
            received_at: now,
            outcome: "unchanged".into(),
            edition,
            number,
            warnings: 0,
            audit: said,
        };
        let taken = self.receive(&mut *tx, receipt, actor, key, question).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Keeps a draft, in one transaction with its receipt.
    async fn keep(
        &self,
        authority: &str,
        actor: &str,
        key: Option<&str>,
        (id, sha256, question): (String, String, String),
        prepared: Prepared,
    ) -> Result<Taken, Refusal> {
        let Prepared { manifest, manifest_bytes, role: signed, parts, mut report, news } = prepared;
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        follows(&manifest, edition::head(&mut *tx, authority).await?.as_ref())?;
        withdraws(&mut *tx, &manifest).await?;
        let hash = role::keep(&mut *tx, &manifest_bytes).await?;
        for bytes in parts.values() {
            role::keep(&mut *tx, bytes).await?;
        }
        let waits = waiting(&mut *tx, authority, &hash).await?;
        checks::look_at_waiting(&mut report, &manifest, &waits);
        let warnings = report.warnings().len() as u64;
        let kept = Kept {
            hash: hash.clone(),
            state: if warnings > 0 { State::Draft } else { State::Checked },
            manifest_bytes,
            role: metadata::to_bytes(&signed)?,
            report: serde_json::to_string(&report).map_err(|e| Refusal::Wrong(e.to_string()))?,
            impact: None,
            news: None,
            submitted_by: actor.to_owned(),
            submitted_at: now,
            known_from: manifest.head.known_from.to_string(),
            published_at: None,
            manifest,
        };
        match edition::get(&mut *tx, &hash).await? {
            None => edition::add(&mut *tx, &kept).await?,
            Some(earlier) if earlier.state == State::Abandoned => {
                edition::set_state(&mut *tx, &hash, kept.state).await?;
                edition::set_role(&mut *tx, &hash, &kept.role).await?;
                edition::set_report(&mut *tx, &hash, &kept.report).await?;
            }
            // On its way already: who sends it again takes no signature away.
            Some(earlier) => {
                let role = joined(metadata::from_bytes(&earlier.role)?, &signed)?;
                edition::set_role(&mut *tx, &hash, &metadata::to_bytes(&role)?).await?;
            }
        }
        let news = serde_json::to_string(&news).map_err(|e| Refusal::Wrong(e.to_string()))?;
        edition::set_news(&mut *tx, &hash, &news).await?;
        let said = format!("edition {} of {authority}, {}", kept.manifest.number, kept.manifest.kind.word());
        let said = audit::note(&mut *tx, now, actor, "submit", &hash, &said).await?;
        let receipt = Receipt {
            submission: id,
            authority: authority.to_owned(),
            sha256,
            received_at: now,
            outcome: "new".into(),
            edition: Some(hash.clone()),
            number: Some(kept.manifest.number),
            warnings,
            audit: said,
        };
        let taken = self.receive(&mut *tx, receipt, actor, key, question).await?;
        let published = self.settle(&mut *tx, &hash, actor, now).await?;
        tx.commit().await?;
        if published {
            self.send_out().await;
        }
        Ok(taken)
    }

    /// Until when an authority's role holds.
    pub fn expires(&self, manifest: &Manifest, now: Timestamp) -> Timestamp {
        expiry(manifest, now, self.validity.authority)
    }

    /// The keys that speak for an authority.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where none is admitted under the name.
    pub async fn keys(&self, tx: &mut dyn Run, authority: &str) -> Result<Keys, Refusal> {
        let (_, targets, _) = super::ceremony::current(tx).await?;
        delegated(&targets.signed)
            .remove(authority)
            .ok_or_else(|| Refusal::NotFound(format!("no authority \"{authority}\" is admitted here")))
    }
}

/// Two copies of a role as one, with the signatures of both. Where they differ in more, the one that is signed counts.
fn joined(earlier: Signed<Targets>, new: &Signed<Targets>) -> Result<Signed<Targets>, Refusal> {
    if metadata::signable(&earlier.signed)? != metadata::signable(&new.signed)? {
        return Ok(if earlier.signatures.is_empty() { new.clone() } else { earlier });
    }
    let mut both = earlier;
    for signature in &new.signatures {
        if !both.signatures.iter().any(|s| s.keyid == signature.keyid) {
            both.signatures.push(signature.clone());
        }
    }
    both.signatures.sort_by(|a, b| a.keyid.as_ref().cmp(b.keyid.as_ref()));
    Ok(both)
}

fn head_of(before: Option<Opened>) -> Option<(String, u64)> {
    before.map(|b| (b.hash, b.manifest.number))
}
