//! Editions on their way and published, with their state.

use super::db::{DbError, Row, Run, Value};
use super::{moment, read_moment};
use crate::manifest::{Kind, Manifest};
use crate::values;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where an edition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Received; warnings wait for an approver's word.
    Draft,
    /// No warning is open; signatures are awaited.
    Checked,
    /// Enough officers signed.
    Approved,
    /// Approved, and held back until its hour.
    Scheduled,
    /// The newest of its authority.
    Published,
    /// A later one took its place.
    Superseded,
    /// A later one says that it must not be used.
    Withdrawn,
    /// Its authority gave it up before it was published, or another took its number.
    Abandoned,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Checked,
        Self::Approved,
        Self::Scheduled,
        Self::Published,
        Self::Superseded,
        Self::Withdrawn,
        Self::Abandoned,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checked => "checked",
            Self::Approved => "approved",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
            Self::Abandoned => "abandoned",
        }
    }

    /// Whether everybody can see it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Published | Self::Superseded | Self::Withdrawn)
    }

    fn read(text: &str) -> Result<Self, DbError> {
        Self::ALL.into_iter().find(|s| s.name() == text).ok_or_else(|| DbError::Content(format!("state {text}")))
    }
}

/// An edition as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of its manifest.
    pub hash: String,
    /// Where it stands.
    pub state: State,
    /// Bytes of its manifest.
    pub manifest_bytes: Vec<u8>,
    /// The manifest.
    pub manifest: Manifest,
    /// Bytes of its authority's role, with the signatures so far.
    pub role: Vec<u8>,
    /// What the checks found: JSON.
    pub report: String,
    /// What baskets pay before and after: JSON, where it was computed.
    pub impact: Option<String>,
    /// What it changes, as feeds tell it: JSON, once published.
    pub news: Option<String>,
    /// Who sent it.
    pub submitted_by: String,
    /// When.
    pub submitted_at: Timestamp,
    /// From when on its records count as known.
    pub known_from: String,
    /// When it was published.
    pub published_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "hash, state, manifest, role, report, impact, news, submitted_by, submitted_at, known_from, published_at";

fn read(mut row: Row) -> Result<Kept, DbError> {
    let (hash, state, manifest_bytes) = (row.text()?, State::read(&row.text()?)?, row.bytes()?);
    let manifest = Manifest::from_bytes(&manifest_bytes).map_err(|e| DbError::Content(e.to_string()))?;
    Ok(Kept {
        hash,
        state,
        manifest_bytes,
        manifest,
        role: row.bytes()?,
        report: row.text()?,
        impact: row.maybe_text()?,
        news: row.maybe_text()?,
        submitted_by: row.text()?,
        submitted_at: read_moment(&row.text()?)?,
        known_from: row.text()?,
        published_at: row.maybe_text()?.map(|text| read_moment(&text)).transpose()?,
    })
}

async fn some(tx: &mut dyn Run, rest: &str, values: Vec<Value>) -> Result<Vec<Kept>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM edition {rest}");
    tx.rows(&sql, values).await?.into_iter().map(read).collect()
}

/// Keeps a new draft.
///
/// # Errors
/// [`DbError`] where the database does not answer, or the edition is there already ([`DbError::is_taken`]).
pub async fn add(tx: &mut dyn Run, kept: &Kept) -> Result<(), DbError> {
    let sql = "INSERT INTO edition (hash, authority, number, state, kind, title, manifest, role, report, impact, submitted_by,
        submitted_at, not_before, known_from, next_due)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let m = &kept.manifest;
    let values = values![
        &kept.hash,
        &m.authority,
        m.number,
        kept.state.name(),
        m.kind.word(),
        &m.head.title,
        kept.manifest_bytes.clone(),
        kept.role.clone(),
        &kept.report,
        kept.impact.clone(),
        &kept.submitted_by,
        moment(kept.submitted_at),
        m.not_before.map(moment),
        &kept.known_from,
        m.next_due.map(|day| day.to_string()),
    ];
    tx.change(sql, values).await?;
    for number in &m.concerns {
        let sql = "INSERT INTO concern (edition, authority, number) VALUES ($1, $2, $3)";
        tx.change(sql, values![&kept.hash, &m.authority, *number]).await?;
    }
    Ok(())
}

/// The edition of a hash.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn get(tx: &mut dyn Run, hash: &str) -> Result<Option<Kept>, DbError> {
    Ok(some(tx, "WHERE hash = $1", values![hash]).await?.pop())
}

/// The newest published edition of an authority.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn head(tx: &mut dyn Run, authority: &str) -> Result<Option<Kept>, DbError> {
    let rest = "WHERE authority = $1 AND published_at IS NOT NULL ORDER BY number DESC LIMIT 1";
    Ok(some(tx, rest, values![authority]).await?.pop())
}

/// The published edition of a number.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn numbered(tx: &mut dyn Run, authority: &str, number: u64) -> Result<Option<Kept>, DbError> {
    let rest = "WHERE authority = $1 AND number = $2 AND published_at IS NOT NULL";
    Ok(some(tx, rest, values![authority, number]).await?.pop())
}

/// Editions of an authority, newest first, drafts too.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn of(tx: &mut dyn Run, authority: &str, before: u64, most: u64) -> Result<Vec<Kept>, DbError> {
    let rest = "WHERE authority = $1 AND number < $2 ORDER BY number DESC, submitted_at DESC LIMIT $3";
    some(tx, rest, values![authority, before, most]).await
}

/// Published editions of an authority, newest first.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn published(tx: &mut dyn Run, authority: &str, before: u64, most: u64) -> Result<Vec<Kept>, DbError> {
    let rest = "WHERE authority = $1 AND number < $2 AND published_at IS NOT NULL ORDER BY number DESC LIMIT $3";
    some(tx, rest, values![authority, before, most]).await
}

/// Editions in a state, oldest first.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn in_state(tx: &mut dyn Run, state: State) -> Result<Vec<Kept>, DbError> {
    some(tx, "WHERE state = $1 ORDER BY submitted_at, hash", values![state.name()]).await
}

/// Drafts on their way, of an authority or of all, oldest first; at most 500.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn on_their_way(tx: &mut dyn Run, authority: Option<&str>) -> Result<Vec<Kept>, DbError> {
    let states = "state IN ('draft', 'checked', 'approved', 'scheduled')";
    let order = "ORDER BY submitted_at, hash LIMIT 500";
    match authority {
        Some(id) => some(tx, &format!("WHERE {states} AND authority = $1 {order}"), values![id]).await,
        None => some(tx, &format!("WHERE {states} {order}"), vec![]).await,
    }
}

/// What was told of editions that were given up, newest first: JSON, one text an edition.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn given_up(tx: &mut dyn Run, most: u64) -> Result<Vec<String>, DbError> {
    let sql = "SELECT news FROM edition WHERE state = 'abandoned' ORDER BY submitted_at DESC, hash LIMIT $1";
    let rows = tx.rows(sql, values![most]).await?;
    rows.into_iter().filter_map(|mut row| row.maybe_text().transpose()).collect()
}

/// Editions whose hour has come.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn due(tx: &mut dyn Run, now: Timestamp) -> Result<Vec<String>, DbError> {
    let sql = "SELECT hash FROM edition WHERE state = 'scheduled' AND not_before <= $1 ORDER BY not_before, number";
    tx.rows(sql, values![moment(now)]).await?.into_iter().map(|mut row| row.text()).collect()
}

/// Published editions, newest first: with their news.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn newest(tx: &mut dyn Run, authority: Option<&str>, most: u64) -> Result<Vec<Kept>, DbError> {
    match authority {
        Some(id) => {
            some(
                tx,
                "WHERE authority = $1 AND published_at IS NOT NULL ORDER BY number DESC LIMIT $2",
                values![id, most],
            )
            .await
        }
        None => {
            let rest = "WHERE published_at IS NOT NULL ORDER BY published_at DESC, authority, number DESC LIMIT $1";
            some(tx, rest, values![most]).await
        }
    }
}

/// What feeds tell, newest first: JSON, one text an edition.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn news(tx: &mut dyn Run, most: u64) -> Result<Vec<String>, DbError> {
    let sql = "SELECT news FROM edition WHERE published_at IS NOT NULL ORDER BY published_at DESC, authority, number DESC LIMIT $1";
    let rows = tx.rows(sql, values![most]).await?;
    rows.into_iter().filter_map(|mut row| row.maybe_text().transpose()).collect()
}

/// Changes where an edition stands.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn set_state(tx: &mut dyn Run, hash: &str, state: State) -> Result<(), DbError> {
    tx.change("UPDATE edition SET state = $2 WHERE hash = $1", values![hash, state.name()]).await.map(|_| ())
}

/// Keeps the role with one more signature.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn set_role(tx: &mut dyn Run, hash: &str, role: &[u8]) -> Result<(), DbError> {
    tx.change("UPDATE edition SET role = $2 WHERE hash = $1", values![hash, role]).await.map(|_| ())
}

/// Keeps what the checks find now.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn set_report(tx: &mut dyn Run, hash: &str, report: &str) -> Result<(), DbError> {
    tx.change("UPDATE edition SET report = $2 WHERE hash = $1", values![hash, report]).await.map(|_| ())
}

/// Takes back what was said for a warning.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn unsay(tx: &mut dyn Run, hash: &str, warning: &str) -> Result<(), DbError> {
    tx.change("DELETE FROM word WHERE edition = $1 AND warning = $2", values![hash, warning]).await.map(|_| ())
}

/// Keeps what feeds will tell of an edition.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn set_news(tx: &mut dyn Run, hash: &str, news: &str) -> Result<(), DbError> {
    tx.change("UPDATE edition SET news = $2 WHERE hash = $1", values![hash, news]).await.map(|_| ())
}

/// Keeps what an edition would change.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn set_impact(tx: &mut dyn Run, hash: &str, impact: &str) -> Result<(), DbError> {
    tx.change("UPDATE edition SET impact = $2 WHERE hash = $1", values![hash, impact]).await.map(|_| ())
}

/// Marks an edition as published and the one before as superseded, unless that is withdrawn.
///
/// # Errors
/// [`DbError`] where the database does not answer; [`DbError::is_taken`] where another edition has the number.
pub async fn publish(
    tx: &mut dyn Run,
    kept: &Kept,
    news: &str,
    known_from: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let m = &kept.manifest;
    let sql = "UPDATE edition SET state = 'superseded' WHERE authority = $1 AND state = 'published'";
    tx.change(sql, values![&m.authority]).await?;
    let sql = "UPDATE edition SET state = 'published', published_at = $2, news = $3, known_from = $4 WHERE hash = $1";
    tx.change(sql, values![&kept.hash, moment(now), news, known_from]).await?;
    if m.kind == Kind::Withdrawal {
        for number in &m.concerns {
            let sql = "UPDATE edition SET state = 'withdrawn' WHERE authority = $1 AND number = $2 AND published_at IS NOT NULL";
            tx.change(sql, values![&m.authority, *number]).await?;
        }
    }
    // Whatever else wanted this number can no longer have it.
    let sql = "UPDATE edition SET state = 'abandoned' WHERE authority = $1 AND number <= $2 AND published_at IS NULL AND state <> 'abandoned'";
    tx.change(sql, values![&m.authority, m.number]).await.map(|_| ())
}

/// Hashes of other drafts whose number is taken once an edition is published.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn in_the_way(tx: &mut dyn Run, authority: &str, number: u64, hash: &str) -> Result<Vec<String>, DbError> {
    let sql = "SELECT hash FROM edition WHERE authority = $1 AND number <= $2 AND hash <> $3 AND published_at IS NULL
        AND state <> 'abandoned' ORDER BY hash";
    let rows = tx.rows(sql, values![authority, number, hash]).await?;
    rows.into_iter().map(|mut row| row.text()).collect()
}

/// Numbers and hashes of the published editions that correct or withdraw one.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn concerning(tx: &mut dyn Run, authority: &str, number: u64) -> Result<Vec<(u64, String)>, DbError> {
    let sql = "SELECT e.number, e.hash FROM concern c JOIN edition e ON e.hash = c.edition
        WHERE c.authority = $1 AND c.number = $2 AND e.published_at IS NOT NULL ORDER BY e.number";
    let rows = tx.rows(sql, values![authority, number]).await?;
    rows.into_iter().map(|mut row| Ok((row.int()?, row.text()?))).collect()
}

/// The edition that held on a moment as it was known then: the newest with `known_from` up to it.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn known_at(tx: &mut dyn Run, authority: &str, known: &str) -> Result<Option<Kept>, DbError> {
    let rest = "WHERE authority = $1 AND published_at IS NOT NULL AND known_from <= $2 ORDER BY number DESC LIMIT 1";
    Ok(some(tx, rest, values![authority, known]).await?.pop())
}

/// Keeps an approver's word that a warning is meant.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn speak(
    tx: &mut dyn Run,
    hash: &str,
    warning: &str,
    says: &str,
    actor: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO word (edition, warning, says, actor, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (edition, warning) DO UPDATE SET says = excluded.says, actor = excluded.actor, at = excluded.at";
    tx.change(sql, values![hash, warning, says, actor, moment(now)]).await.map(|_| ())
}

/// What was said of an edition's warnings: check, words, who, when.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn words(tx: &mut dyn Run, hash: &str) -> Result<Vec<(String, String, String, String)>, DbError> {
    let sql = "SELECT warning, says, actor, at FROM word WHERE edition = $1 ORDER BY warning";
    let rows = tx.rows(sql, values![hash]).await?;
    rows.into_iter().map(|mut row| Ok((row.text()?, row.text()?, row.text()?, row.text()?))).collect()
}
