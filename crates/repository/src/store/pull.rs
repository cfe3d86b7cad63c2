//! Addresses of authorities that are looked at on a schedule.

use super::db::{DbError, Row, Run};
use super::moment;
use crate::values;
use crate::workflow::sent::About;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// An address that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pull {
    /// Whose.
    pub authority: String,
    /// Address of the file.
    pub url: String,
    /// What is said of the file.
    pub about: About,
    /// How often, in seconds.
    pub every_seconds: u64,
    /// What the host called the version that was seen last (`ETag`).
    #[serde(skip)]
    pub etag: Option<String>,
    /// When the host says that changed (`Last-Modified`).
    #[serde(skip)]
    pub modified: Option<String>,
    /// SHA-256 of the file that was seen last.
    pub sha256: Option<String>,
    /// When it is looked at next.
    pub next_at: String,
    /// When it was looked at last.
    pub last_at: Option<String>,
    /// What came of that.
    pub outcome: Option<String>,
}

const COLUMNS: &str = "authority, url, question, every_seconds, etag, modified, sha256, next_at, last_at, outcome";

fn read(mut row: Row) -> Result<Pull, DbError> {
    Ok(Pull {
        authority: row.text()?,
        url: row.text()?,
        about: serde_json::from_str(&row.text()?).map_err(|e| DbError::Content(e.to_string()))?,
        every_seconds: row.int()?,
        etag: row.maybe_text()?,
        modified: row.maybe_text()?,
        sha256: row.maybe_text()?,
        next_at: row.text()?,
        last_at: row.maybe_text()?,
        outcome: row.maybe_text()?,
    })
}

/// Writes an address; one that is there already is changed and looked at anew.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn put(
    tx: &mut dyn Run,
    authority: &str,
    url: &str,
    about: &About,
    every_seconds: u64,
    now: Timestamp,
) -> Result<(), DbError> {
    let about = serde_json::to_string(about).map_err(|e| DbError::Content(e.to_string()))?;
    let sql = "INSERT INTO pull (authority, url, question, every_seconds, next_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (authority, url) DO UPDATE SET question = excluded.question, every_seconds = excluded.every_seconds,
        next_at = excluded.next_at, etag = NULL, modified = NULL, sha256 = NULL";
    tx.change(sql, values![authority, url, about, every_seconds, moment(now)]).await.map(|_| ())
}

/// All addresses.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn all(tx: &mut dyn Run) -> Result<Vec<Pull>, DbError> {
    tx.rows(&format!("SELECT {COLUMNS} FROM pull ORDER BY authority, url"), vec![])
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Takes an address that is due, so that no other server looks at it too. The transaction must have taken its turn.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn take_due(tx: &mut dyn Run, now: Timestamp) -> Result<Option<Pull>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM pull WHERE next_at <= $1 ORDER BY next_at, authority, url LIMIT 1");
    let Some(pull) = tx.first(&sql, values![moment(now)]).await?.map(read).transpose()? else { return Ok(None) };
    let next = now + SignedDuration::from_secs(i64::try_from(pull.every_seconds).unwrap_or(86_400).max(1));
    let sql = "UPDATE pull SET next_at = $3 WHERE authority = $1 AND url = $2";
    tx.change(sql, values![&pull.authority, &pull.url, moment(next)]).await?;
    Ok(Some(pull))
}

/// Notes what came of a look.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn seen(tx: &mut dyn Run, pull: &Pull, outcome: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE pull SET etag = $3, modified = $4, sha256 = $5, last_at = $6, outcome = $7 WHERE authority = $1 AND url = $2";
    let Pull { authority, url, etag, modified, sha256, .. } = pull;
    let outcome: String = outcome.chars().take(2000).collect();
    let values = values![authority, url, etag.clone(), modified.clone(), sha256.clone(), moment(now), outcome];
    tx.change(sql, values).await.map(|_| ())
}

/// Looks at an address no longer. Returns whether it was there.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn remove(tx: &mut dyn Run, authority: &str, url: &str) -> Result<bool, DbError> {
    Ok(tx.change("DELETE FROM pull WHERE authority = $1 AND url = $2", values![authority, url]).await? == 1)
}

/// Looks at no address of an authority any longer.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn remove_of(tx: &mut dyn Run, authority: &str) -> Result<u64, DbError> {
    tx.change("DELETE FROM pull WHERE authority = $1", values![authority]).await
}
