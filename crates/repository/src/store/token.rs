//! Tokens: who may knock at which door. Only their hash is kept. A token lets its holder submit, speak for warnings or read;
//! what is published is decided by signatures alone.

use super::db::{DbError, Row, Run};
use super::moment;
use crate::{sha256_hex, values};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a token begins with, so that one that leaks is recognised.
const PREFIX: &str = "twt_";

/// What its holder may do; the table of `workflow/permission.rs` says what that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sends editions for one authority.
    Officer,
    /// Speaks for warnings and hands in signatures, for one authority.
    Approver,
    /// Runs the repository: admits authorities, gives tokens.
    Secretariat,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Officer, Self::Approver, Self::Secretariat, Self::Auditor];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Approver => "approver",
            Self::Secretariat => "secretariat",
            Self::Auditor => "auditor",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| format!("\"{text}\" is no role: write officer, approver, secretariat or auditor"))
    }
}

/// Who knocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Name of the holder.
    pub label: String,
    /// What the holder may do.
    pub role: Role,
    /// For which authority; absent for the repository's own people.
    pub authority: Option<String>,
}

/// A token as the secretariat sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Beginning of its hash: by it, it is revoked.
    pub id: String,
    /// Whose it is.
    #[serde(flatten)]
    pub account: Account,
    /// When it was made.
    pub made_at: String,
    /// When it ends.
    pub expires_at: String,
    /// When it was revoked.
    pub revoked_at: Option<String>,
}

/// Makes a token and returns it: the only time it is seen.
///
/// # Errors
/// [`DbError`] where the database or the system's random numbers do not answer.
pub async fn make(tx: &mut dyn Run, account: &Account, now: Timestamp, expires: Timestamp) -> Result<String, DbError> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|e| DbError::Content(format!("no random numbers: {e}")))?;
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
    let sql = "INSERT INTO token (hash, label, role, authority, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    let Account { label, role, authority } = account;
    let hash = sha256_hex(token.as_bytes());
    tx.change(sql, values![hash, label, role.name(), authority.clone(), moment(now), moment(expires)]).await?;
    Ok(token)
}

/// Whose token it is, if it is one that still counts.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn holder(tx: &mut dyn Run, token: &str, now: Timestamp) -> Result<Option<Account>, DbError> {
    if token.len() > 100 || !token.starts_with(PREFIX) {
        return Ok(None);
    }
    // Looked up by hash: what is compared is not secret, so how long it takes tells nothing.
    let sql = "SELECT label, role, authority FROM token WHERE hash = $1 AND expires_at > $2 AND revoked_at IS NULL";
    tx.first(sql, values![sha256_hex(token.as_bytes()), moment(now)])
        .await?
        .map(|mut row| account(&mut row))
        .transpose()
}

fn account(row: &mut Row) -> Result<Account, DbError> {
    Ok(Account {
        label: row.text()?,
        role: row.text()?.parse().map_err(DbError::Content)?,
        authority: row.maybe_text()?,
    })
}

/// All tokens, newest first.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn all(tx: &mut dyn Run) -> Result<Vec<Listed>, DbError> {
    let sql =
        "SELECT label, role, authority, hash, made_at, expires_at, revoked_at FROM token ORDER BY made_at DESC, hash";
    let rows = tx.rows(sql, vec![]).await?;
    rows.into_iter()
        .map(|mut row| {
            Ok(Listed {
                account: account(&mut row)?,
                id: row.text()?.chars().take(12).collect(),
                made_at: row.text()?,
                expires_at: row.text()?,
                revoked_at: row.maybe_text()?,
            })
        })
        .collect()
}

/// Revokes all tokens of an authority.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn revoke_of(tx: &mut dyn Run, authority: &str, now: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE token SET revoked_at = $2 WHERE authority = $1 AND revoked_at IS NULL";
    tx.change(sql, values![authority, moment(now)]).await
}

/// Revokes all tokens that count. Returns how many these were.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn revoke_all(tx: &mut dyn Run, now: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE token SET revoked_at = $1 WHERE revoked_at IS NULL AND expires_at > $1";
    tx.change(sql, values![moment(now)]).await
}

/// Revokes the token whose hash begins so. Returns how many that were.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn revoke(tx: &mut dyn Run, id: &str, now: Timestamp) -> Result<u64, DbError> {
    if id.len() < 12 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(0);
    }
    let sql = "UPDATE token SET revoked_at = $2 WHERE substr(hash, 1, 12) = $1 AND revoked_at IS NULL";
    tx.change(sql, values![id.get(..12).unwrap_or_default(), moment(now)]).await
}
