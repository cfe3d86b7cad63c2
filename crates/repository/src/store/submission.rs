//! What was sent, what came of it, and the receipt.

use super::db::{DbError, Row, Run};
use super::moment;
use crate::values;
use jiff::Timestamp;
use serde::Serialize;

/// Something that was sent and taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Its name: SHA-256 of authority, content and what was said of it.
    pub id: String,
    /// For which authority.
    pub authority: String,
    /// The key under which the sender may send it again without harm.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
    /// SHA-256 of what was sent.
    pub sha256: String,
    /// What was said of it: JSON.
    #[serde(skip)]
    pub question: String,
    /// Who sent it.
    pub actor: String,
    /// When.
    pub at: String,
    /// `new` where it made an edition, `unchanged` where it says what the newest edition says.
    pub outcome: String,
    /// The edition that it made, or that says the same.
    pub edition: Option<String>,
    /// The signed receipt: JSON.
    #[serde(skip)]
    pub receipt: String,
}

const COLUMNS: &str = "id, authority, idempotency_key, sha256, question, actor, at, outcome, edition, receipt";

/// Keeps what was sent. The same, sent anew after it was given up, takes the earlier one's place.
///
/// # Errors
/// [`DbError`] where the database does not answer; [`DbError::is_taken`] where its key was used at the same time.
pub async fn put(tx: &mut dyn Run, kept: &Kept) -> Result<(), DbError> {
    let sql = format!(
        "INSERT INTO submission ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET idempotency_key = excluded.idempotency_key, actor = excluded.actor, at = excluded.at,
        outcome = excluded.outcome, edition = excluded.edition, receipt = excluded.receipt");
    let Kept { id, authority, idempotency_key, sha256, question, actor, at, outcome, edition, receipt } = kept;
    let values =
        values![id, authority, idempotency_key.clone(), sha256, question, actor, at, outcome, edition.clone(), receipt];
    tx.change(&sql, values).await.map(|_| ())
}

/// What was sent under a name.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn get(tx: &mut dyn Run, id: &str) -> Result<Option<Kept>, DbError> {
    tx.first(&format!("SELECT {COLUMNS} FROM submission WHERE id = $1"), values![id]).await?.map(read).transpose()
}

/// What was sent under an idempotency key.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn by_key(tx: &mut dyn Run, authority: &str, key: &str) -> Result<Option<Kept>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM submission WHERE authority = $1 AND idempotency_key = $2");
    tx.first(&sql, values![authority, key]).await?.map(read).transpose()
}

/// What an authority sent, newest first.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn of(tx: &mut dyn Run, authority: &str, before: Timestamp, most: u64) -> Result<Vec<Kept>, DbError> {
    let sql =
        format!("SELECT {COLUMNS} FROM submission WHERE authority = $1 AND at <= $2 ORDER BY at DESC, id LIMIT $3");
    tx.rows(&sql, values![authority, moment(before), most]).await?.into_iter().map(read).collect()
}

fn read(mut row: Row) -> Result<Kept, DbError> {
    Ok(Kept {
        id: row.text()?,
        authority: row.text()?,
        idempotency_key: row.maybe_text()?,
        sha256: row.text()?,
        question: row.text()?,
        actor: row.text()?,
        at: row.text()?,
        outcome: row.text()?,
        edition: row.maybe_text()?,
        receipt: row.text()?,
    })
}
