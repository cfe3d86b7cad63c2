//! Who did what, when and why. Each row carries the SHA-256 of the one before, so that a row that is changed, removed or
//! slipped in later breaks the chain. Receipts carry the newest hash: whoever holds one can prove that the log is the same.

use super::db::{DbError, Run};
use super::moment;
use crate::{sha256_hex, values};
use jiff::Timestamp;
use serde::Serialize;

/// What the first row names as the one before.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// 1, then one more each time.
    pub seq: u64,
    /// When.
    pub at: String,
    /// Who: an account, or `repository`.
    pub actor: String,
    /// What: `submit`, `approve`, `publish`…
    pub action: String,
    /// To what: an edition's hash, an authority.
    pub object: String,
    /// Why, in the actor's words.
    pub reason: String,
    /// Hash of the row before.
    pub previous: String,
    /// SHA-256 of all the above as a JSON array.
    pub hash: String,
}

fn hash(seq: u64, fields: [&str; 6]) -> String {
    let [at, actor, action, object, reason, previous] = fields;
    sha256_hex(serde_json::json!([seq, at, actor, action, object, reason, previous]).to_string().as_bytes())
}

/// Writes what was done. The transaction must have taken its turn. Returns the new head of the chain.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn note(
    tx: &mut dyn Run,
    at: Timestamp,
    actor: &str,
    action: &str,
    object: &str,
    reason: &str,
) -> Result<String, DbError> {
    let (seq, previous) = head(tx).await?;
    let (seq, at) = (seq + 1, moment(at));
    let hash = hash(seq, [&at, actor, action, object, reason, &previous]);
    let sql = "INSERT INTO audit (seq, at, actor, action, object, reason, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.change(sql, values![seq, at, actor, action, object, reason, previous, &hash]).await?;
    Ok(hash)
}

/// Number and hash of the newest row.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn head(tx: &mut dyn Run) -> Result<(u64, String), DbError> {
    match tx.first("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", vec![]).await? {
        Some(mut row) => Ok((row.int()?, row.text()?)),
        None => Ok((0, BEGINNING.to_owned())),
    }
}

/// Rows after a number, oldest first.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn rows(tx: &mut dyn Run, after: u64, most: u64) -> Result<Vec<Row>, DbError> {
    let sql =
        "SELECT seq, at, actor, action, object, reason, previous, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";
    let rows = tx.rows(sql, values![after, most]).await?;
    rows.into_iter()
        .map(|mut row| {
            Ok(Row {
                seq: row.int()?,
                at: row.text()?,
                actor: row.text()?,
                action: row.text()?,
                object: row.text()?,
                reason: row.text()?,
                previous: row.text()?,
                hash: row.text()?,
            })
        })
        .collect()
}

/// Whether something was done to an object.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn has(tx: &mut dyn Run, action: &str, object: &str) -> Result<bool, DbError> {
    let sql = "SELECT 1 FROM audit WHERE action = $1 AND object = $2 LIMIT 1";
    Ok(tx.first(sql, values![action, object]).await?.is_some())
}

/// The first row of an action at or after a moment, and the row before it that is not of some actor.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn first_of(
    tx: &mut dyn Run,
    action: &str,
    from: Timestamp,
    but: &str,
) -> Result<Option<(Row, Option<Row>)>, DbError> {
    let sql = "SELECT seq FROM audit WHERE action = $1 AND at >= $2 ORDER BY seq LIMIT 1";
    let Some(mut seq) = tx.first(sql, values![action, moment(from)]).await? else { return Ok(None) };
    let seq: u64 = seq.int()?;
    let Some(row) = rows(tx, seq.saturating_sub(1), 1).await?.pop() else { return Ok(None) };
    let sql = "SELECT seq FROM audit WHERE seq < $1 AND actor <> $2 ORDER BY seq DESC LIMIT 1";
    let before = match tx.first(sql, values![seq, but]).await? {
        Some(mut seq) => rows(tx, seq.int()?.saturating_sub(1), 1).await?.pop(),
        None => None,
    };
    Ok(Some((row, before)))
}

/// The row of a hash.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn by_hash(tx: &mut dyn Run, hash: &str) -> Result<Option<Row>, DbError> {
    let Some(mut seq) = tx.first("SELECT seq FROM audit WHERE hash = $1", values![hash]).await? else {
        return Ok(None);
    };
    let seq: u64 = seq.int()?;
    Ok(rows(tx, seq.saturating_sub(1), 1).await?.pop())
}

/// Where the chain breaks before or at a row, or at all; how many rows are whole.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn chain(tx: &mut dyn Run, until: Option<u64>) -> Result<Result<u64, String>, DbError> {
    const AT_ONCE: u64 = 1000;
    let (mut seq, mut last) = (0, BEGINNING.to_owned());
    loop {
        let some = rows(tx, seq, AT_ONCE).await?;
        let ended = (some.len() as u64) < AT_ONCE;
        for row in some {
            if row.seq != seq + 1 {
                return Ok(Err(format!("row {} follows row {seq}: rows between were removed", row.seq)));
            }
            if row.previous != last {
                return Ok(Err(format!("row {} does not name the row before it", row.seq)));
            }
            if hash(row.seq, [&row.at, &row.actor, &row.action, &row.object, &row.reason, &row.previous]) != row.hash {
                return Ok(Err(format!("row {} was changed after it was written", row.seq)));
            }
            (seq, last) = (row.seq, row.hash);
            if until == Some(seq) {
                return Ok(Ok(seq));
            }
        }
        if ended {
            return Ok(Ok(seq));
        }
    }
}

/// Where the chain breaks, or how long it is; and whether every receipt that is kept names a row of it.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn verify(tx: &mut dyn Run) -> Result<Result<u64, String>, DbError> {
    let seq = match chain(tx, None).await? {
        Ok(seq) => seq,
        broken => return Ok(broken),
    };
    // Every receipt names a row: where rows were cut off at the end, a receipt names one that is not there.
    let sql = "SELECT s.receipt FROM submission s ORDER BY s.at DESC LIMIT 1000";
    for mut receipt in tx.rows(sql, vec![]).await? {
        let named = crate::workflow::submit::read_receipt(&receipt.text()?).map(|(receipt, _)| receipt.audit);
        let Ok(named) = named else { return Ok(Err("a receipt as kept is damaged".into())) };
        if tx.first("SELECT 1 FROM audit WHERE hash = $1", values![&named]).await?.is_none() {
            return Ok(Err(format!("a receipt names the row {named}, which is not there: rows were cut off")));
        }
    }
    Ok(Ok(seq))
}
