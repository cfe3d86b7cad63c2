//! Ledgers in a database: SQLite, one file with nothing to install, or PostgreSQL for many. Both run the same SQL.
//!
//! What was recorded is in `entry`; all other tables follow from it, and [`Store::verify`] makes them again and compares.

mod append;
mod load;
mod read;
mod verify;

pub use append::Taken;
pub(crate) use append::{rows_of, values_at_once};
pub use read::{Line, SellerRow, Sendings};

use crate::ledger::Refused;
use jiff::Timestamp;
use tidewaiter_repository::store::db::{self, Database, DbError};
use tidewaiter_repository::store::migrate::Step;
use tidewaiter_repository::values;

/// Steps that bring the tables up to date, the oldest first.
const STEPS: &[Step] = &[
    (1, "ledger", include_str!("migrations/0001_ledger.sql")),
    (2, "register", include_str!("migrations/0002_register.sql")),
    (3, "held", include_str!("migrations/0003_held.sql")),
    (4, "missed", include_str!("migrations/0004_missed.sql")),
];
/// Longest name of a seller in addresses and tables.
const LONGEST_ID: usize = 64;

/// Ledgers of sellers.
#[derive(Debug)]
pub struct Store {
    db: Box<dyn Database>,
}

/// Why something was not done. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not do it.
    #[error(transparent)]
    Database(#[from] DbError),
    /// An event was refused.
    #[error("{}: {why}", of(*.number, .document))]
    Refused {
        /// Which of the events that were handed over, the first is 1.
        number: usize,
        /// Its kind and number.
        document: String,
        /// Why.
        why: Refused,
    },
    /// There is no such seller.
    #[error("there is no seller \"{0}\" in this store")]
    NoSeller(String),
    /// A seller that cannot be added.
    #[error("{0}")]
    Seller(String),
    /// What is kept is not what follows from its entries.
    #[error("the ledger of \"{seller}\" is damaged: {what}")]
    Damaged {
        /// The seller.
        seller: String,
        /// What does not fit.
        what: String,
    },
}

fn of(number: usize, document: &str) -> String {
    format!("event {number} ({document})")
}

impl StoreError {
    fn damaged(seller: &str, what: impl std::fmt::Display) -> Self {
        Self::Damaged { seller: seller.to_owned(), what: what.to_string() }
    }
}

impl Store {
    /// Opens or makes a store: a path of a file for SQLite, `postgres://…` for PostgreSQL. It has the database for itself.
    ///
    /// # Errors
    /// [`StoreError::Database`] where it cannot be opened, or is of a newer program.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let db = db::open(address).await?;
        db.migrate_by(STEPS).await?;
        Ok(Self { db })
    }

    /// The database: a test stops it at a step.
    #[doc(hidden)]
    pub fn of(db: Box<dyn Database>) -> Self {
        Self { db }
    }

    /// The steps that make its tables.
    #[doc(hidden)]
    pub fn steps() -> &'static [Step] {
        STEPS
    }

    /// Adds a seller. The same one again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Seller`] for a name that cannot be used, or that another seller has.
    pub async fn add_seller(&self, id: &str, name: &str, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        if !self.add_seller_within(&mut *tx, id, name, at).await? {
            let sql = "SELECT name FROM seller WHERE id = $1";
            let other = tx.first(sql, values![id]).await?.map_or_else(|| Ok(String::new()), |mut row| row.text())?;
            if other != name {
                return Err(StoreError::Seller(format!("\"{id}\" is the seller \"{other}\" already")));
            }
        }
        Ok(tx.commit().await?)
    }

    /// Adds a seller where there is none of that name; whether it was.
    pub(crate) async fn add_seller_within(
        &self,
        tx: &mut dyn db::Run,
        id: &str,
        name: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(plain) {
            return Err(StoreError::Seller(format!(
                "\"{}\" cannot name a seller here: use 1 to {LONGEST_ID} small letters, digits and hyphens",
                id.chars().take(LONGEST_ID).collect::<String>()
            )));
        }
        if name.trim().is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
            return Err(StoreError::Seller(
                "the name of a seller has 1 to 200 characters, without control characters".into(),
            ));
        }
        let sql = "INSERT INTO seller (id, name, made_at, turn, seq, head) VALUES ($1, $2, $3, 0, 0, $4) ON CONFLICT (id) DO NOTHING";
        let values = values![id, name, tidewaiter_repository::store::moment(at), crate::ledger::GENESIS];
        Ok(tx.change(sql, values).await? == 1)
    }

    /// The database.
    pub(crate) fn db(&self) -> &dyn Database {
        &*self.db
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

/// Ten-thousandths of a currency.
const UNITS: i128 = 100_000_000;

/// An amount as the tables have it. The ledger takes none that is finer or larger.
fn units(amount: tidewaiter::Decimal) -> i64 {
    i64::try_from(amount.units() / UNITS).unwrap_or(i64::MAX)
}

fn amount(units: i128) -> tidewaiter::Decimal {
    tidewaiter::Decimal::from_units(units.saturating_mul(UNITS))
}
