//! What was done, by whom: each row with the hash of the one before (`audit` of the repository). Exports stand in it too.

use super::permission::{Caller, Operation, Role};
use super::{Error, Service};
use jiff::Timestamp;
use tidewaiter_repository::store::audit::{self, Row};
use tidewaiter_repository::store::db::{Database, Run, Transaction};
use tidewaiter_repository::values;

/// A transaction that has taken its turn: what goes into the log happens one after the other, also between several programs.
pub(super) async fn turn(db: &dyn Database) -> Result<Box<dyn Transaction>, Error> {
    let mut tx = db.write().await?;
    tx.change("UPDATE house SET turn = turn + 1", vec![]).await?;
    Ok(tx)
}

/// Most characters of what a row says.
const LONGEST: usize = 500;

/// Writes a row. `of` is the seller or authority whose it is. A row stays one line: control characters become spaces.
pub(super) async fn note(
    tx: &mut dyn Run,
    at: Timestamp,
    caller: &Caller,
    did: &str,
    of: &str,
    what: &str,
) -> Result<String, Error> {
    let who = match (&caller.of, caller.token.as_str()) {
        (_, "") => caller.label.clone(),
        (Some(own), token) => format!("{} of {own}, {} ({token})", caller.role, caller.label),
        (None, token) => format!("{}, {} ({token})", caller.role, caller.label),
    };
    let what: String = what.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    Ok(audit::note(tx, at, &who, did, of, &what).await?)
}

impl Service {
    /// Notes that something was taken out as a file, before it is given.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn note_export(&self, caller: &Caller, of: &str, what: &str, now: Timestamp) -> Result<(), Error> {
        let operation = match caller.role {
            Role::Officer | Role::Inspector => Operation::ExportAuthority,
            _ => Operation::ExportLedger,
        };
        self.permit(caller, operation, of)?;
        let mut tx = turn(self.store.db()).await?;
        note(&mut *tx, now, caller, "export", of, what).await?;
        Ok(tx.commit().await?)
    }

    /// Rows of the log after a number, the oldest first: those about a seller or authority, or all for those who run the service.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn log(&self, caller: &Caller, of: &str, after: u64, most: u64) -> Result<Vec<Row>, Error> {
        self.permit(caller, Operation::ReadLog, of)?;
        let mut tx = self.store.db().read().await?;
        let sql = "SELECT seq FROM audit WHERE seq > $1 AND ($2 = '' OR object = $2) ORDER BY seq LIMIT $3";
        let all = caller.role == Role::Keeper && of.is_empty();
        let mut rows = Vec::new();
        for mut seq in tx.rows(sql, values![after, if all { "" } else { of }, most.min(1000)]).await? {
            rows.extend(audit::rows(&mut *tx, seq.int()?.saturating_sub(1), 1).await?);
        }
        Ok(rows)
    }

    /// Where the chain of the log breaks, or how long it is.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn check_log(&self) -> Result<Result<u64, String>, Error> {
        let mut tx = self.store.db().read().await?;
        Ok(audit::chain(&mut *tx, None).await?)
    }
}
