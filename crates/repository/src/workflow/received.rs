//! Receipts: what came of a submission, signed with the online key; and how one that repeats an earlier one is known.

use super::{Refusal, Repository};
use crate::receipt::{self, Envelope};
use crate::store::edition::State;
use crate::store::{db::Run, edition, moment, submission};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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

impl Repository {
    /// An earlier submission that this one repeats.
    pub(super) async fn earlier(
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

    pub(super) async fn receive(
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
