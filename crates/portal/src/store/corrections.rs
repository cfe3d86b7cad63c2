//! What people say is wrong, with receipts.

use super::{Letter, Store};
use crate::random;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tidewaiter_repository::store::db::{DbError, Row};
use tidewaiter_repository::values;

/// Most letters of a day: more are not written by people.
const MOST_A_DAY: u64 = 1_000;

/// That a letter is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// Names the letter, to ask after it.
    pub id: String,
    /// When it came, in UTC.
    pub received: String,
}

/// A letter that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// Its receipt.
    #[serde(flatten)]
    pub receipt: Receipt,
    /// What it says.
    #[serde(flatten)]
    pub letter: Letter,
}

/// Why a letter is not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// Another letter came with the same key.
    #[error("another letter came with the same Idempotency-Key; give this one a key of its own")]
    OtherBody,
    /// Too many came today.
    #[error("more letters came today than are read; write again tomorrow")]
    Full,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] DbError),
}

fn hex(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn receipt(row: &mut Row) -> Result<Receipt, DbError> {
    Ok(Receipt { id: row.text()?, received: row.text()? })
}

/// What tells one letter from another.
fn body(letter: &Letter) -> Result<String, DbError> {
    let body = serde_json::to_vec(letter).map_err(|e| DbError::Content(e.to_string()))?;
    Ok(hex(&[&body]))
}

/// A key may be anything that a program thought of: only its hash is kept.
fn once(key: &str) -> String {
    hex(&[b"key", key.as_bytes()])
}

/// The receipt of a letter that is kept, where it is the same.
fn same(mut row: Row, body: &str) -> Result<Receipt, NotTaken> {
    let receipt = receipt(&mut row)?;
    if row.text()? == body { Ok(receipt) } else { Err(NotTaken::OtherBody) }
}

impl Store {
    /// Keeps a letter. With a key, the same letter is kept once however often it is sent, and has the same receipt.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn take(&self, letter: &Letter, key: Option<&str>, now: Timestamp) -> Result<Receipt, NotTaken> {
        match self.try_take(letter, key, now).await {
            // Somebody else sent the same key at the same moment, and was first.
            Err(NotTaken::Store(error)) if error.is_taken() => self.try_take(letter, key, now).await,
            other => other,
        }
    }

    /// The receipt of a letter that is kept already under a key.
    ///
    /// # Errors
    /// [`NotTaken`]: another letter has the key, or the database does not answer.
    pub async fn known(&self, letter: &Letter, key: &str) -> Result<Option<Receipt>, NotTaken> {
        let mut tx = self.0.read().await?;
        let sql = "SELECT id, sent, body FROM portal_correction WHERE once = $1";
        match tx.first(sql, values![once(key)]).await? {
            Some(row) => same(row, &body(letter)?).map(Some),
            None => Ok(None),
        }
    }

    async fn try_take(&self, letter: &Letter, key: Option<&str>, now: Timestamp) -> Result<Receipt, NotTaken> {
        let body = body(letter)?;
        let once = key.map(once);
        let mut tx = self.0.write().await?;
        if let Some(once) = &once {
            let sql = "SELECT id, sent, body FROM portal_correction WHERE once = $1";
            if let Some(row) = tx.first(sql, values![once]).await? {
                return same(row, &body);
            }
        }
        let received = tidewaiter_repository::store::moment(now);
        let today = received.get(..10).unwrap_or_default();
        let sql = "SELECT COUNT(*) FROM portal_correction WHERE sent >= $1";
        let today = tx.first(sql, values![today]).await?.map(|mut row| row.int()).transpose()?;
        if today.is_some_and(|count| count >= MOST_A_DAY) {
            return Err(NotTaken::Full);
        }
        let id = random::name("c-").map_err(|e| DbError::Content(e.to_string()))?;
        let sql = "INSERT INTO portal_correction (id, sent, territory, fact, what, source, contact, once, body) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let Letter { territory, fact, what, source, contact } = letter;
        let row = values![
            &id,
            &received,
            territory.as_deref(),
            fact.as_deref(),
            what,
            source,
            contact.as_deref(),
            once,
            &body
        ];
        tx.change(sql, row).await?;
        tx.commit().await?;
        Ok(Receipt { id, received })
    }

    /// All letters that came on a day or later, the oldest first.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn corrections(&self, since: Option<Date>) -> Result<Vec<Correction>, DbError> {
        let mut tx = self.0.read().await?;
        let sql = "SELECT id, sent, territory, fact, what, source, contact FROM portal_correction WHERE sent >= $1 ORDER BY sent, id";
        let since = since.map(|day| day.to_string()).unwrap_or_default();
        let rows = tx.rows(sql, values![since]).await?;
        let read = |mut row: Row| {
            Ok(Correction {
                receipt: receipt(&mut row)?,
                letter: Letter {
                    territory: row.maybe_text()?,
                    fact: row.maybe_text()?,
                    what: row.text()?,
                    source: row.text()?,
                    contact: row.maybe_text()?,
                },
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Forgets where the writer of a letter can be asked: whether there is such a letter.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget_contact(&self, id: &str) -> Result<bool, DbError> {
        let mut tx = self.0.write().await?;
        let changed = tx.change("UPDATE portal_correction SET contact = NULL WHERE id = $1", values![id]).await?;
        tx.commit().await?;
        Ok(changed == 1)
    }
}
