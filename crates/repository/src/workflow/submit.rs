//! From what is sent to a draft: read, cut into parts, held against the checks, kept with a receipt. Where anything is wrong
//! nothing is kept.

use super::ceremony::delegated;
use super::sent::{About, MOST_BYTES, PACKAGE, Records, Sent, add};
use super::{MOST_WORDS, Refusal, Repository, apart, plain};
use crate::assemble::Opened;
use crate::authority::Authority;
use crate::checks::{self, Draft, Report};
use crate::client::may_publish;
use crate::entry::key;
use crate::feeds::{Change, News};
use crate::impact;
use crate::manifest::{self, FORMAT, Kind, Manifest};
use crate::metadata::{self, Keys};
use crate::package::Package;
use crate::parts::{self, Stored};
use crate::receipt::{self, Envelope};
use crate::sha256_hex;
use crate::store::edition::{Kept, State};
use crate::store::{self, audit, db::Run, edition, moment, role, submission};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::ratebook::compile::Verified;
use tidewaiter_sources::Entry;
use tidewaiter_sources::edition::compare::grouped;
use tough::schema::{Signed, Targets};

/// Most changes that are kept to be told in feeds.
const MOST_NEWS: usize = 10_000;

/// What came of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its name.
    pub submission: String,
    /// For which authority.
    pub authority: String,
    /// SHA-256 of what was sent.
    pub sha256: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// `new`; `unchanged` where it says what the newest edition says; `renewed` where that was signed anew.
    pub outcome: String,
    /// The edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Checks whose warnings wait for an approver's word.
    pub warnings: u64,
    /// Newest hash of the audit log, this submission included.
    pub audit: String,
}

/// A receipt and whether it is the one of an earlier, same submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What came of it.
    pub receipt: Receipt,
    /// The signed receipt.
    pub envelope: Envelope,
    /// Whether the same was sent before: nothing was done again.
    pub again: bool,
}

/// What an edition holds.
pub struct Content {
    /// Its records.
    pub entries: Vec<Entry>,
    /// Its files by their place.
    pub files: Vec<(String, Vec<u8>)>,
    /// What the reader noticed.
    pub noticed: Vec<String>,
}

/// A draft before it is kept.
struct Prepared {
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
        let (id, sha256) = (sent.id(authority), sent.sha256());
        let (known, head, before, next_role) = {
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
            (known, head, before, next_role)
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
            Some(package) => self.unpack(package, known.clone(), head.as_ref(), before, next_role, now).await?,
            None => {
                let (base, of, about) = (self.base.clone(), known.0.clone(), sent.about.clone());
                let previous = before.as_ref().filter(|_| about.adds).cloned();
                let head = head.as_ref().map(|h| (h.hash.clone(), h.manifest.clone()));
                let made = apart(move || {
                    let mut records = sent.read(&of.name, of.territory.as_deref(), &base.folder.world)?;
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
                self.examine(known.0, manifest, bytes, role, parts, content, before, now).await?
            }
        };
        self.keep(authority, actor, idempotency_key, (id, sha256, question), prepared).await
    }

    /// An earlier submission that this one repeats.
    async fn earlier(
        &self,
        tx: &mut dyn Run,
        authority: &str,
        key: Option<&str>,
        id: &str,
    ) -> Result<Option<Taken>, Refusal> {
        let mut found = submission::get(tx, id).await?;
        if let Some(key) = key
            && let Some(kept) = submission::by_key(tx, authority, key).await?
        {
            if kept.id != id {
                let what = format!(
                    "the idempotency key \"{key}\" was used for something else ({}); choose a new one",
                    kept.at
                );
                return Err(Refusal::Conflict(what));
            }
            found = Some(kept);
        }
        let Some(kept) = found else { return Ok(None) };
        // What was given up, or said what was the newest then, may be sent anew.
        let edition = match &kept.edition {
            Some(hash) => edition::get(tx, hash).await?,
            None => None,
        };
        let stands = match (&edition, kept.outcome.as_str()) {
            (Some(edition), "new") => !matches!(edition.state, State::Abandoned | State::Superseded | State::Withdrawn),
            (Some(edition), _) => edition.state == State::Published,
            (None, _) => false,
        };
        if !stands && key.is_none_or(|key| kept.idempotency_key.as_deref() != Some(key)) {
            return Ok(None);
        }
        read_receipt(&kept.receipt).map(|(receipt, envelope)| Some(Taken { receipt, envelope, again: true }))
    }

    /// Runs the checks, and computes what feeds will tell.
    #[allow(clippy::too_many_arguments, reason = "the pieces of a draft")]
    async fn examine(
        &self,
        authority: Authority,
        manifest: Manifest,
        manifest_bytes: Vec<u8>,
        role: Signed<Targets>,
        parts: BTreeMap<String, Vec<u8>>,
        Content { entries, files, noticed }: Content,
        before: Option<Opened>,
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
            let report = checks::run(&Draft {
                authority: &authority,
                manifest: &manifest,
                entries: &entries,
                before: earlier.as_deref(),
                noticed: &noticed,
                world: &base.folder.world,
                codes: &base.codes,
                today: now.to_zoned(TimeZone::UTC).date(),
            });
            if report.refused() {
                return Err(Refusal::Checks(Box::new(report)));
            }
            // What readers would refuse is refused here.
            may_publish(&authority, &manifest).map_err(|failure| Refusal::Wrong(failure.words()))?;
            let new = Opened {
                hash: sha256_hex(&manifest_bytes),
                manifest: manifest.clone(),
                entries,
                files,
                standing: Verified::default(),
            };
            let news = news(&authority, &new, before.as_ref(), now)?;
            // The last guard: what no ratebook can be made of would reach nobody.
            let mut folder = base.folder.clone();
            folder.lay(new).and_then(|()| folder.compile()).map_err(|problems| {
                let lines: Vec<String> = problems.iter().take(20).map(ToString::to_string).collect();
                Refusal::Wrong(format!("no ratebook can be made with it: {}", lines.join("; ")))
            })?;
            Ok(Prepared { manifest, manifest_bytes, role, parts, report, news })
        })
        .await?
    }

    /// A package that was made elsewhere, held against what stands here.
    async fn unpack(
        &self,
        package: Package,
        (authority, keys): (Authority, Keys),
        head: Option<&Kept>,
        before: Option<Opened>,
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
        let Prepared { manifest, manifest_bytes, role: signed, parts, report, news } = prepared;
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        store::take_turn(&mut *tx).await?;
        follows(&manifest, edition::head(&mut *tx, authority).await?.as_ref())?;
        let hash = role::keep(&mut *tx, &manifest_bytes).await?;
        for bytes in parts.values() {
            role::keep(&mut *tx, bytes).await?;
        }
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

    async fn receive(
        &self,
        tx: &mut dyn Run,
        receipt: Receipt,
        actor: &str,
        key: Option<&str>,
        question: String,
    ) -> Result<Taken, Refusal> {
        let bytes = serde_json::to_vec(&receipt).map_err(|e| Refusal::Wrong(e.to_string()))?;
        let envelope = receipt::seal(&bytes, &self.online);
        let kept = submission::Kept {
            id: receipt.submission.clone(),
            authority: receipt.authority.clone(),
            idempotency_key: key.map(str::to_owned),
            sha256: receipt.sha256.clone(),
            question,
            actor: actor.to_owned(),
            at: moment(receipt.received_at),
            outcome: receipt.outcome.clone(),
            edition: receipt.edition.clone(),
            receipt: serde_json::to_string(&envelope).map_err(|e| Refusal::Wrong(e.to_string()))?,
        };
        submission::put(tx, &kept).await?;
        Ok(Taken { receipt, envelope, again: false })
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

/// What the databases and the readers of the published files could not keep is refused before it is.
fn can_be_kept(manifest: &Manifest, bytes: &[u8], entries: &[Entry]) -> Result<(), Refusal> {
    if bytes.len() as u64 > manifest::MOST_BYTES {
        let most = manifest::MOST_BYTES;
        return Err(Refusal::Wrong(format!(
            "the manifest would be larger than {most} bytes: say less beside the records"
        )));
    }
    let mut concerns = manifest.concerns.clone();
    concerns.sort_unstable();
    if concerns.windows(2).any(|two| two[0] == two[1]) {
        return Err(Refusal::Wrong("\"concerns\" names an edition twice".into()));
    }
    if let Some(reason) = &manifest.reason {
        plain("the reason", reason, MOST_WORDS)?;
    }
    plain("the title", &manifest.head.title, MOST_WORDS)?;
    let wrong = |entry: &&Entry| key(entry).contains(|c: char| c.is_control());
    if let Some(entry) = entries.iter().find(wrong) {
        let what = format!("the key \"{}\" holds a character that cannot be seen", key(entry).escape_debug());
        return Err(Refusal::Wrong(what));
    }
    Ok(())
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

fn head_of(before: Option<Opened>) -> Option<(String, u64)> {
    before.map(|b| (b.hash, b.manifest.number))
}

/// Until when the role of an edition holds: a month after the next one is promised, or as long as was set.
pub fn expiry(manifest: &Manifest, now: Timestamp, otherwise: SignedDuration) -> Timestamp {
    const MONTH: SignedDuration = SignedDuration::from_hours(31 * 24);
    let promised = manifest.next_due.and_then(|day| day.to_zoned(TimeZone::UTC).ok()).map(|day| day.timestamp());
    // A day at the end of the calendar has no month after it.
    let promised = promised.and_then(|day| day.checked_add(MONTH).ok());
    promised.filter(|at| *at > now).unwrap_or(now + otherwise)
}

/// Whether an edition is the next one after what stands.
fn follows(manifest: &Manifest, head: Option<&Kept>) -> Result<(), Refusal> {
    let (number, previous) = head.map_or((1, None), |h| (h.manifest.number + 1, Some(h.hash.clone())));
    if manifest.number == number && manifest.previous == previous {
        return Ok(());
    }
    Err(Refusal::Conflict(format!(
        "this is edition {} after {}, and the next one is {number} after {}: make it anew on what is published now",
        manifest.number,
        manifest.previous.as_deref().unwrap_or("none"),
        previous.as_deref().unwrap_or("none")
    )))
}

/// A manifest and its parts from records; `None` where they say what the newest edition says.
pub fn make(
    authority: &Authority,
    about: &About,
    records: Records,
    head: Option<(&str, &Manifest)>,
    now: Timestamp,
) -> Result<Option<(Manifest, Vec<Stored>, Content)>, Refusal> {
    let Records { head: said, entries, files, noticed } = records;
    let mut stored = parts::cut_after(&entries, head.map(|(_, old)| old))?;
    for (place, bytes) in &files {
        stored.push(parts::file(place, bytes)?);
    }
    stored.sort_by(|a, b| a.part.name.cmp(&b.part.name));
    let kind = about.kind.unwrap_or(Kind::Ordinary);
    if let Some((_, old)) = head {
        let new = parts::keep_unchanged(&mut stored, old);
        let same = new.is_empty() && old.parts.len() == stored.len();
        if same && kind == Kind::Ordinary && old.next_due == about.next_due && same_head(&old.head, &said) {
            return Ok(None);
        }
    }
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        authority: authority.id.clone(),
        number: head.map_or(1, |(_, old)| old.number + 1),
        previous: head.map(|(hash, _)| hash.to_owned()),
        kind,
        concerns: about.concerns.clone(),
        reason: about.reason.clone(),
        issued: now,
        not_before: about.not_before.map(metadata::whole_seconds),
        next_due: about.next_due,
        legal: about.legal.clone(),
        head: said,
        parts: stored.iter().map(|s| s.part.clone()).collect(),
    };
    manifest.check()?;
    let files = files.into_iter().map(|(place, bytes)| (place.to_string(), bytes)).collect();
    Ok(Some((manifest, stored, Content { entries, files, noticed })))
}

/// Whether two heads say the same of the records, whenever and from whatever files they were made.
fn same_head(old: &tidewaiter::record::edition::Edition, new: &tidewaiter::record::edition::Edition) -> bool {
    let of = |head: &tidewaiter::record::edition::Edition| tidewaiter::record::edition::Edition {
        known_from: Date::MIN,
        files: Vec::new(),
        ..head.clone()
    };
    of(old) == of(new)
}

/// Reads the parts of an edition: its records and its files.
///
/// # Errors
/// [`Refusal`] where a part is missing or is not the one that was signed.
#[allow(clippy::type_complexity, reason = "records, and files by their place")]
pub fn read_parts(
    manifest: &Manifest,
    bytes: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<(Vec<Entry>, Vec<(String, Vec<u8>)>), Refusal> {
    let (mut entries, mut files) = (Vec::new(), Vec::new());
    for part in &manifest.parts {
        let bytes =
            bytes(&part.sha256).ok_or_else(|| Refusal::Unavailable(format!("part {} is not kept", part.name)))?;
        match &part.file {
            Some(place) => files.push((place.clone(), parts::content(part, &bytes)?)),
            None => entries.extend(parts::entries(part, &bytes)?),
        }
    }
    Ok((entries, files))
}

/// Opens an edition that is kept.
///
/// # Errors
/// [`Refusal`] where a part is missing.
pub async fn open(tx: &mut dyn Run, hash: &str, manifest: &Manifest) -> Result<Opened, Refusal> {
    let mut all = BTreeMap::new();
    for part in &manifest.parts {
        let bytes = role::bytes(tx, &part.sha256).await?;
        all.insert(
            part.sha256.clone(),
            bytes.ok_or_else(|| Refusal::Unavailable(format!("part {} is not kept", part.name)))?,
        );
    }
    let of = manifest.clone();
    let (entries, files) = apart(move || read_parts(&of, |sha256| all.get(sha256).cloned())).await??;
    Ok(Opened { hash: hash.to_owned(), manifest: manifest.clone(), entries, files, standing: Verified::default() })
}

/// What feeds tell of an edition.
fn news(authority: &Authority, new: &Opened, before: Option<&Opened>, now: Timestamp) -> Result<News, Refusal> {
    let m = &new.manifest;
    let compared = impact::differences(before, new).map_err(Refusal::Wrong)?;
    let mut changes: Vec<Change> = grouped(&compared.changes)
        .into_iter()
        .map(|c| {
            // For whom it is stands beside what is said.
            let scoped = |text: String| if c.scope.is_empty() { text } else { format!("{text} ({})", c.scope.trim()) };
            Change { kind: c.what, key: c.code, old: c.old.map(scoped), new: c.new.map(scoped), from: c.new_from }
        })
        .collect();
    let rates = |opened: &Opened| -> BTreeMap<(String, String, Date), String> {
        let mut rates = BTreeMap::new();
        for entry in &opened.entries {
            if let Entry::ExchangeRate(r) = entry {
                rates.insert((r.base.clone(), r.currency.clone(), r.from), r.rate.to_string());
            }
        }
        rates
    };
    let (mut old, is) = (before.map(rates).unwrap_or_default(), rates(new));
    let told = |(base, currency, from): (String, String, Date), old: Option<String>, new: Option<String>| {
        let (kind, key) = ("exchange-rate".to_owned(), format!("{base}/{currency}"));
        Change { kind, key, old, new, from: Some(from) }
    };
    for (name, rate) in is {
        let was = old.remove(&name);
        if was.as_ref() != Some(&rate) {
            changes.push(told(name, was, Some(rate)));
        }
    }
    changes.extend(old.into_iter().map(|(name, rate)| told(name, Some(rate), None)));
    changes.truncate(MOST_NEWS);
    Ok(News {
        authority: authority.id.clone(),
        authority_name: authority.name.clone(),
        territory: authority.territory.clone(),
        number: m.number,
        edition: new.hash.clone(),
        kind: m.kind.word().to_owned(),
        concerns: m.concerns.clone(),
        title: m.head.title.clone(),
        reason: m.reason.clone(),
        published: now,
        changes,
    })
}

/// A receipt from its envelope as kept.
///
/// # Errors
/// [`Refusal::Unavailable`] where it is damaged.
pub fn read_receipt(kept: &str) -> Result<(Receipt, Envelope), Refusal> {
    use base64::Engine as _;
    let damaged = || Refusal::Unavailable("the receipt as kept is damaged".into());
    let envelope: Envelope = serde_json::from_str(kept).map_err(|_| damaged())?;
    let payload = base64::engine::general_purpose::STANDARD.decode(&envelope.payload).map_err(|_| damaged())?;
    Ok((serde_json::from_slice(&payload).map_err(|_| damaged())?, envelope))
}
