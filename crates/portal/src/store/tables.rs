//! The tables, and the steps that make them.

use tidewaiter_repository::store::db::{Database, DbError};
use tidewaiter_repository::values;

/// Makes PostgreSQL do one migration after the other; SQLite has one writer anyway. The lock ends with the transaction.
const ALONE: &str = "SELECT pg_advisory_xact_lock(1953064038)";

/// The steps, oldest first. A step that was released is never changed: another follows.
const STEPS: [&[&str]; 1] = [&[
    "CREATE TABLE portal_use (day TEXT NOT NULL, door TEXT NOT NULL, language TEXT NOT NULL, answer TEXT NOT NULL, \
     times BIGINT NOT NULL, PRIMARY KEY (day, door, language, answer))",
    "CREATE TABLE portal_correction (id TEXT NOT NULL PRIMARY KEY, sent TEXT NOT NULL, territory TEXT, fact TEXT, \
     what TEXT NOT NULL, source TEXT NOT NULL, contact TEXT, once TEXT UNIQUE, body TEXT NOT NULL)",
    "CREATE INDEX portal_correction_sent ON portal_correction (sent)",
]];

/// Brings the tables up to date.
pub(super) async fn make(database: &dyn Database) -> Result<(), DbError> {
    let mut tx = database.write().await?;
    // Text sorts byte by byte on both.
    let text = if database.kind() == "postgresql" { " TEXT COLLATE \"C\"" } else { " TEXT" };
    if database.kind() == "postgresql" {
        tx.change(ALONE, vec![]).await?;
    }
    tx.change("CREATE TABLE IF NOT EXISTS portal_step (step BIGINT NOT NULL PRIMARY KEY)", vec![]).await?;
    let last = tx.first("SELECT step FROM portal_step ORDER BY step DESC LIMIT 1", vec![]).await?;
    let done = last.map(|mut row| row.int()).transpose()?.unwrap_or(0);
    let known = STEPS.len() as u64;
    if done > known {
        let what =
            format!("the tables of the store are of step {done} and this program knows {known}: use a newer one");
        return Err(DbError::Open(what));
    }
    for (number, step) in (1u64..).zip(STEPS).skip_while(|(number, _)| *number <= done) {
        for sql in step {
            tx.change(&sql.replace(" TEXT", text), vec![]).await?;
        }
        tx.change("INSERT INTO portal_step (step) VALUES ($1)", values![number]).await?;
    }
    tx.commit().await
}
