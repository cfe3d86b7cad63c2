//! Counts of use, added up over instances and restarts.

use super::Store;
use crate::desk::Desk;
use crate::usage::{Counts, Use, name};
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::time::Duration;
use tidewaiter_repository::store::db::DbError;
use tidewaiter_repository::values;

/// How often counts are written.
const EACH: Duration = Duration::from_secs(10);
/// How long the last ones may take when the service ends.
const LAST: Duration = Duration::from_secs(5);
/// Days that are shown.
const DAYS: i64 = 400;

impl Store {
    /// Adds counts to those that are there.
    ///
    /// # Errors
    /// Where the database does not take them; then none were added.
    pub async fn add_counts(&self, counts: &Counts) -> Result<(), DbError> {
        if counts.is_empty() {
            return Ok(());
        }
        let mut tx = self.0.write().await?;
        for ((day, one), times) in counts {
            let sql = "INSERT INTO portal_use (day, door, language, answer, times) VALUES ($1, $2, $3, $4, $5) \
                ON CONFLICT (day, door, language, answer) DO UPDATE SET times = portal_use.times + excluded.times";
            tx.change(sql, values![day.to_string(), one.door, one.language, one.answer, *times]).await?;
        }
        tx.commit().await
    }

    /// The counts of all instances, from a day on.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn counts(&self, from: Date) -> Result<Counts, DbError> {
        let mut tx = self.0.read().await?;
        let sql = "SELECT day, door, language, answer, times FROM portal_use WHERE day >= $1";
        let mut counts = Counts::new();
        for mut row in tx.rows(sql, values![from.to_string()]).await? {
            let day = row.text()?;
            let day = day.parse().map_err(|_| DbError::Content(format!("\"{day}\" is no day")))?;
            let one = Use { door: name(&row.text()?), language: name(&row.text()?), answer: name(&row.text()?) };
            *counts.entry((day, one)).or_default() += row.int()?;
        }
        Ok(counts)
    }
}

/// Writes what was counted since the last time, and reads what all instances have.
async fn exchange(desk: &Desk, store: &Store) -> Result<(), DbError> {
    let fresh = desk.usage.to_send();
    if let Err(error) = store.add_counts(&fresh).await {
        desk.usage.not_sent();
        return Err(error);
    }
    desk.usage.sent();
    let from = desk.today().checked_sub(DAYS.days()).unwrap_or(Date::MIN);
    desk.usage.keep(store.counts(from).await?);
    Ok(())
}

/// Writes counts to the store as long as the service runs, where there is one.
pub(crate) async fn keep(desk: Desk) {
    let Some(store) = desk.store().cloned() else { return };
    let mut clock = tokio::time::interval(EACH);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        if let Err(error) = exchange(&desk, &store).await {
            desk.figures.store_failed();
            tracing::warn!(%error, "counts of use wait for the store");
        }
    }
}

/// Writes what is left when the service ends.
pub(crate) async fn last(desk: &Desk) {
    let Some(store) = desk.store() else { return };
    match tokio::time::timeout(LAST, exchange(desk, store)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the last counts of use are lost"),
        Err(_) => tracing::warn!("the store did not answer: the last counts of use are lost"),
    }
    store.close().await;
}
