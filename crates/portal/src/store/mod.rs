//! What must outlive a restart, and be the same for several instances: counts of use, and letters about mistakes in the data. Optional: the
//! service runs without.
//!
//! | file | holds |
//! |---|---|
//! | `tables.rs` | the tables, and the steps that make them |
//! | `counts.rs` | counts of use, added up over instances |
//! | `corrections.rs` | what people say is wrong, with receipts |
//! | `letter.rs` | a correction as it is sent, and what is wrong with it |
//! | `door.rs` | what the doors that take corrections have in common |
//! | `page.rs` | the same as a page with a form |
//!
//! One SQL on SQLite and PostgreSQL, through the repository's trait (`docs/decisions/0027-one-sql-on-two-databases.md`). A store may stand
//! in the database of a repository: its tables have names of their own.

mod corrections;
mod counts;
pub(crate) mod door;
mod letter;
mod page;
mod tables;

pub use corrections::{Correction, NotTaken, Receipt};
pub(crate) use counts::{keep as keep_counts, last as last_counts};
pub use letter::Letter;
pub(crate) use page::doors;

use std::sync::Arc;
use tidewaiter_repository::store::db::{self, Database, DbError};

/// A database with what must last. A copy is the same store.
#[derive(Debug, Clone)]
pub struct Store(Arc<dyn Database>);

impl Store {
    /// Opens or makes a store, and brings its tables up to date: `sqlite:FILE` or `postgres://USER@HOST/DATABASE`.
    ///
    /// # Errors
    /// Where it cannot be reached, or its tables are newer than this program.
    pub async fn open(address: &str) -> Result<Self, DbError> {
        let place = match address.strip_prefix("sqlite:") {
            Some(file) if !file.trim_start_matches('/').is_empty() => file.strip_prefix("//").unwrap_or(file),
            None if address.starts_with("postgres://") || address.starts_with("postgresql://") => address,
            _ => return Err(DbError::Open("a store is sqlite:FILE or postgres://USER@HOST/DATABASE".into())),
        };
        let store = Self(db::open(place).await?.into());
        tables::make(&*store.0).await?;
        Ok(store)
    }

    /// Whether it is there.
    ///
    /// # Errors
    /// Where it is not.
    pub async fn answers(&self) -> Result<(), DbError> {
        self.0.read().await?.first("SELECT step FROM portal_step ORDER BY step DESC LIMIT 1", vec![]).await.map(drop)
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.0.close().await;
    }
}
