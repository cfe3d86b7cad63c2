//! A receipt held against the store: who signed it, whether what was sent is still listed, and whether the audit log up to its
//! row is the one of that moment. Whoever holds a receipt can so prove that nothing before it was changed.

use crate::metadata;
use crate::receipt::{self, Envelope};
use crate::store::{audit, db::Run, edition, moment, role, submission};
use crate::workflow::Refusal;
use crate::workflow::ceremony::root_keys;
use crate::workflow::submit::Receipt;
use crate::workflow::take_back::{HOST, TAKE_BACK};
use serde::Serialize;
use tough::schema::Root;

/// What a receipt proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// What it says.
    pub receipt: Receipt,
    /// The key that signed it.
    pub key: String,
    /// The newest root that names this key for the repository.
    pub root: u64,
    /// Row of the audit log that it names; the chain is whole up to it.
    pub row: u64,
}

/// Reads a receipt's file: the envelope alone, or an answer that holds it as `envelope`.
///
/// # Errors
/// [`Refusal::Wrong`] where it is neither.
pub fn read(bytes: &[u8]) -> Result<Envelope, Refusal> {
    let told = |e: serde_json::Error| {
        Refusal::Wrong(format!("this is no receipt as `tidewaiter publish send --receipt` writes it: {e}"))
    };
    let mut value: serde_json::Value = serde_json::from_slice(bytes).map_err(told)?;
    let envelope = match value.get_mut("envelope") {
        Some(inner) => inner.take(),
        None => value,
    };
    serde_json::from_value(envelope).map_err(told)
}

/// Holds a receipt against the store.
///
/// # Errors
/// [`Refusal::Signature`] where no key of this repository signed it; [`Refusal::Conflict`] where the store contradicts it:
/// then something was changed after the receipt was given.
pub async fn check(tx: &mut dyn Run, envelope: &Envelope) -> Result<Proof, Refusal> {
    let (payload, key, root) = signed(tx, envelope).await?;
    let receipt: Receipt =
        serde_json::from_slice(&payload).map_err(|e| Refusal::Wrong(format!("what is signed is no receipt: {e}")))?;
    // What was received between a backup and its restoring is in no log, and nobody removed it.
    let mut lost = None;
    if let Some((back, before)) = audit::first_of(tx, TAKE_BACK, receipt.received_at, HOST).await?
        && before.as_ref().is_none_or(|before| before.at <= moment(receipt.received_at))
    {
        let until = before.map(|before| format!(" of {}", before.at)).unwrap_or_default();
        let published = match &receipt.edition {
            Some(hash) if edition::get(tx, hash).await?.is_some_and(|kept| kept.state.is_public()) => {
                "its edition was taken back from the static host, and is published"
            }
            _ => "what it acknowledges was not published, or was not found at the static host: send it again",
        };
        lost = Some(format!(
            "the receipt is signed by this repository, and the store cannot prove it: row {} of the audit log says that an older \
             backup was restored on {}, and the row before that is{until}. What was received between is in no log; {published}",
            back.seq, back.at
        ));
    }
    let contradicts = |what: String| Refusal::Conflict(format!("the store contradicts the receipt: {what}"));
    let missing = |what: String| lost.clone().map_or_else(|| contradicts(what), Refusal::Conflict);
    let kept = submission::get(tx, &receipt.submission).await?;
    let listed = kept.is_some_and(|kept| kept.authority == receipt.authority && kept.sha256 == receipt.sha256);
    if !listed {
        return Err(missing(format!("the submission {} is not listed any longer", receipt.submission)));
    }
    let row = audit::by_hash(tx, &receipt.audit).await?;
    let row = row
        .ok_or_else(|| missing(format!("the audit log has no row {}: rows were changed or removed", receipt.audit)))?;
    let (action, object) = match receipt.outcome.as_str() {
        "renewed" => ("renew", receipt.edition.as_deref()),
        "unchanged" => ("submit", Some(receipt.submission.as_str())),
        _ => ("submit", receipt.edition.as_deref()),
    };
    if row.action != action || Some(row.object.as_str()) != object || row.at != moment(receipt.received_at) {
        return Err(contradicts(format!("row {} of the audit log is about something else", row.seq)));
    }
    match audit::chain(tx, Some(row.seq)).await? {
        Ok(_) => Ok(Proof { receipt, key, root, row: row.seq }),
        Err(why) => Err(contradicts(why)),
    }
}

/// The payload, the key that signed it, and the newest root that names this key for timestamps.
async fn signed(tx: &mut dyn Run, envelope: &Envelope) -> Result<(Vec<u8>, String, u64), Refusal> {
    let newest = role::newest(tx, "root").await?.map_or(0, |(version, _)| version);
    for version in (1..=newest).rev() {
        let Some(bytes) = role::version(tx, "root", version).await? else { continue };
        for key in root_keys(&metadata::from_bytes::<Root>(&bytes)?.signed).timestamp.keys {
            if let Some(payload) = receipt::open(envelope, &key) {
                return Ok((payload, key.to_string(), version));
            }
        }
    }
    Err(Refusal::Signature(
        "no key of this repository signed the receipt, or it was changed after it was signed".into(),
    ))
}
