//! Authorities and the keys that speak for them, as the newest targets role says.

use super::db::{DbError, Row, Run};
use super::moment;
use crate::authority::Authority;
use crate::key::PublicKey;
use crate::metadata::Keys;
use crate::values;
use jiff::Timestamp;

const COLUMNS: &str = "id, name, territory, publishes, unofficial, officers, keys";

/// Writes an authority and its keys; one that is there already is changed.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn put(tx: &mut dyn Run, authority: &Authority, keys: &[PublicKey], at: Timestamp) -> Result<(), DbError> {
    let words = |e: serde_json::Error| DbError::Content(e.to_string());
    let publishes = serde_json::to_string(&authority.publishes).map_err(words)?;
    let keys = serde_json::to_string(keys).map_err(words)?;
    let sql = "INSERT INTO authority (id, name, territory, publishes, unofficial, officers, keys, admitted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, territory = excluded.territory,
        publishes = excluded.publishes, unofficial = excluded.unofficial, officers = excluded.officers, keys = excluded.keys";
    let Authority { id, name, territory, unofficial, officers, .. } = authority;
    let values = values![id, name, territory.clone(), publishes, *unofficial, *officers, keys, moment(at)];
    tx.change(sql, values).await.map(|_| ())
}

/// The authority of a name, and its keys.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn get(tx: &mut dyn Run, id: &str) -> Result<Option<(Authority, Keys)>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM authority WHERE id = $1");
    tx.first(&sql, values![id]).await?.map(read).transpose()
}

/// All authorities, by name.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn all(tx: &mut dyn Run) -> Result<Vec<(Authority, Keys)>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM authority ORDER BY id");
    tx.rows(&sql, vec![]).await?.into_iter().map(read).collect()
}

fn read(mut row: Row) -> Result<(Authority, Keys), DbError> {
    let words = |e: serde_json::Error| DbError::Content(e.to_string());
    let (id, name, territory) = (row.text()?, row.text()?, row.maybe_text()?);
    let publishes = serde_json::from_str(&row.text()?).map_err(words)?;
    let (unofficial, officers) = (row.int()? != 0, row.int()?);
    let keys: Vec<PublicKey> = serde_json::from_str(&row.text()?).map_err(words)?;
    Ok((Authority { id, name, territory, publishes, unofficial, officers }, Keys { keys, threshold: officers }))
}
