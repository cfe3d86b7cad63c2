//! Where the repository keeps what was sent, approved and published.
//!
//! | file | holds |
//! |---|---|
//! | `db.rs` | SQLite and PostgreSQL behind one trait |
//! | `audit.rs` | who did what, in a chain of hashes |
//! | `authority.rs` | authorities and their keys |
//! | `copy.rs` | backup and restore |
//! | `migrate.rs` | steps that bring the tables up to date |
//! | `role.rs` | signed roles, and what the static host does not have yet |
//! | `edition.rs` | drafts and editions with their state |
//! | `record.rs` | every record with its two times, found by index |
//! | `submission.rs` | what was sent, and the receipts |
//! | `pull.rs` | addresses of authorities that are looked at on a schedule |
//! | `subscription.rs` | who wants to hear of changes, and what is on its way to them |
//! | `token.rs` | who may submit |

pub mod audit;
pub mod authority;
pub mod copy;
pub mod db;
pub mod edition;
pub mod migrate;
pub mod pull;
pub mod record;
pub mod role;
pub mod submission;
pub mod subscription;
pub mod token;

use crate::values;
use db::{DbError, Run};
use jiff::Timestamp;

/// A moment as it is kept: whole seconds, UTC, so that text sorts as time does.
pub fn moment(at: Timestamp) -> String {
    crate::metadata::whole_seconds(at).to_string()
}

/// Reads a moment that was kept.
///
/// # Errors
/// [`DbError::Content`] where it is none.
pub fn read_moment(text: &str) -> Result<Timestamp, DbError> {
    text.parse().map_err(|_| DbError::Content(format!("\"{text}\" is no moment")))
}

/// Waits until everybody before has ended, and lets nobody in until this transaction ends. What must happen one after the
/// other takes its turn first: numbers of editions, versions of roles, the chain of the audit log.
///
/// # Errors
/// [`DbError`] where the database does not answer, or holds no repository.
pub async fn take_turn(tx: &mut dyn Run) -> Result<(), DbError> {
    match tx.change("UPDATE repository SET turn = turn + 1 WHERE one = 1", vec![]).await? {
        1 => Ok(()),
        _ => Err(DbError::Content("there is no repository in it; \"tidewaiter repository found\" makes one".into())),
    }
}

/// Makes the database a repository's.
///
/// # Errors
/// [`DbError`] where it already is one's.
pub async fn found(tx: &mut dyn Run, name: &str) -> Result<(), DbError> {
    tx.change("INSERT INTO repository (one, name, turn) VALUES (1, $1, 0)", values![name]).await.map(|_| ())
}

/// The repository's name, if the database is one's.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn name(tx: &mut dyn Run) -> Result<Option<String>, DbError> {
    tx.first("SELECT name FROM repository WHERE one = 1", vec![]).await?.map(|mut row| row.text()).transpose()
}
