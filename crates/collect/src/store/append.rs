//! Recording: all of some events, or none.

use super::load::{needed, standing};
use super::{Store, StoreError, units};
use crate::event::Event;
use crate::ledger::{Definitions, Entry, Past, TaxLine};
use jiff::Timestamp;
use tidewaiter_repository::store::db::{Database, Run, Value};
use tidewaiter_repository::store::moment;
use tidewaiter_repository::values;

/// Values in one statement. To bind a value SQLite looks through the names of those before it, so that a long statement takes longer than
/// many short ones; PostgreSQL answers once a statement, and takes 65,535.
pub(crate) fn values_at_once(db: &dyn Database) -> usize {
    if db.kind() == "sqlite" { 160 } else { 20_000 }
}
/// Events in one transaction.
const EVENTS_AT_ONCE: usize = 20_000;

/// What became of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Recorded now.
    pub recorded: u64,
    /// Recorded before: nothing was changed.
    pub known: u64,
}

impl Store {
    /// Records any number of events of a seller in their order, 20,000 [together](Self::append_together). What was recorded before one that is
    /// refused may be handed over again: it is known then.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the number of the event among all of them.
    pub async fn append(
        &self,
        definitions: &Definitions,
        seller: &str,
        at: Timestamp,
        events: &[Event],
    ) -> Result<Taken, StoreError> {
        let mut taken = Taken::default();
        for (part, some) in events.chunks(EVENTS_AT_ONCE).enumerate() {
            let one = self.append_together(definitions, seller, at, some).await.map_err(|error| match error {
                StoreError::Refused { number, document, why } => {
                    StoreError::Refused { number: number + part * EVENTS_AT_ONCE, document, why }
                }
                other => other,
            })?;
            taken.recorded += one.recorded;
            taken.known += one.known;
        }
        Ok(taken)
    }

    /// Records some events of a seller in their order: all or none.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the number of the event; [`StoreError::NoSeller`].
    pub async fn append_together(
        &self,
        definitions: &Definitions,
        seller: &str,
        at: Timestamp,
        events: &[Event],
    ) -> Result<Taken, StoreError> {
        let mut tx = self.db.write().await?;
        let taken = self.append_within(&mut *tx, definitions, seller, at, events).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Takes the turn of a seller: whoever else writes for it waits until the transaction ends, on both databases.
    pub(crate) async fn turn_within(&self, tx: &mut dyn Run, seller: &str) -> Result<(), StoreError> {
        match tx.change("UPDATE seller SET turn = turn + 1 WHERE id = $1", values![seller]).await? {
            0 => Err(StoreError::NoSeller(seller.to_owned())),
            _ => Ok(()),
        }
    }

    /// Records events in a transaction that does more.
    pub(crate) async fn append_within(
        &self,
        tx: &mut dyn Run,
        definitions: &Definitions,
        seller: &str,
        at: Timestamp,
        events: &[Event],
    ) -> Result<Taken, StoreError> {
        Ok(self.lines_within(tx, definitions, seller, at, events).await?.0)
    }

    /// The same, with the tax that followed.
    pub(crate) async fn lines_within(
        &self,
        tx: &mut dyn Run,
        definitions: &Definitions,
        seller: &str,
        at: Timestamp,
        events: &[Event],
    ) -> Result<(Taken, Vec<TaxLine>), StoreError> {
        self.turn_within(tx, seller).await?;
        let sql = "SELECT seq, head FROM seller WHERE id = $1";
        let Some(mut row) = tx.first(sql, values![seller]).await? else {
            return Err(StoreError::NoSeller(seller.to_owned()));
        };
        let (mut seq, mut head) = (row.int()?, row.text()?);
        let mut past = standing(&mut *tx, definitions, seller).await?;
        needed(&mut *tx, definitions, seller, &mut past, events).await?;
        let before = past.clone_sums();
        let (mut entries, mut lines, mut taken) = (Vec::new(), Vec::new(), Taken::default());
        for (n, event) in events.iter().enumerate() {
            let outcome = past.take(definitions, seq + 1, event).map_err(|why| StoreError::Refused {
                number: n + 1,
                document: format!("{} {}", event.name().0, event.name().1),
                why,
            })?;
            let Some(outcome) = outcome else {
                taken.known += 1;
                continue;
            };
            let entry = Entry::next(seq, &head, at, event.clone());
            (seq, head) = (entry.seq, entry.hash.clone());
            lines.extend(outcome.tax);
            entries.push(entry);
            taken.recorded += 1;
        }
        let at_once = values_at_once(&*self.db);
        write_entries(&mut *tx, seller, &entries, at_once).await?;
        write_tax(&mut *tx, seller, &lines, at_once).await?;
        write_sums(&mut *tx, seller, &before, &past, at_once).await?;
        tx.change("UPDATE seller SET seq = $1, head = $2 WHERE id = $3", values![seq, head, seller]).await?;
        Ok((taken, lines))
    }
}

async fn write_entries(tx: &mut dyn Run, seller: &str, entries: &[Entry], at_once: usize) -> Result<(), StoreError> {
    const COLUMNS: usize = 8;
    for some in entries.chunks(at_once / COLUMNS) {
        let mut values = Vec::with_capacity(some.len() * COLUMNS);
        for entry in some {
            let (kind, document) = entry.event.name();
            let event = serde_json::to_string(&entry.event).map_err(|error| StoreError::damaged(seller, error))?;
            let about = entry.event.about().unwrap_or_default();
            values.extend(values![seller, entry.seq, moment(entry.at), kind, document, about, event, &entry.hash]);
        }
        let sql = "INSERT INTO entry (seller, seq, at, kind, document, about, event, hash) VALUES ";
        tx.change(&rows_of(sql, some.len(), COLUMNS), values).await?;
    }
    Ok(())
}

async fn write_tax(tx: &mut dyn Run, seller: &str, lines: &[TaxLine], at_once: usize) -> Result<(), StoreError> {
    const COLUMNS: usize = 20;
    let (mut seq, mut n) = (0, 0_u64);
    for some in lines.chunks(at_once / COLUMNS) {
        let mut values: Vec<Value> = Vec::with_capacity(some.len() * COLUMNS);
        for line in some {
            n = if line.seq == seq { n + 1 } else { 1 };
            seq = line.seq;
            let period = |period: Option<crate::Period>| period.map(|period| period.to_string()).unwrap_or_default();
            values.extend(values![
                seller,
                line.seq,
                n,
                line.why.word(),
                &line.document,
                &line.of,
                line.date.to_string(),
                line.sold.to_string(),
                &line.scheme,
                &line.to,
                line.from.as_deref().unwrap_or_default(),
                &line.charge,
                line.rate.map(|rate| rate.0.to_string()).unwrap_or_default(),
                line.rate_type.map_or("", |rate_type| rate_type.word()),
                &line.currency,
                units(line.net),
                units(line.tax),
                period(line.about),
                period(line.declared),
                period(line.missed)
            ]);
        }
        let sql = "INSERT INTO tax (seller, seq, n, why, document, sale, day, sold, scheme, buyer, sender, charge, rate, rate_type, currency, net, tax, about, declared, missed) VALUES ";
        tx.change(&rows_of(sql, some.len(), COLUMNS), values).await?;
    }
    Ok(())
}

/// Only sums that changed are written.
async fn write_sums(
    tx: &mut dyn Run,
    seller: &str,
    before: &Past,
    now: &Past,
    at_once: usize,
) -> Result<(), StoreError> {
    const OF_BALANCE: usize = 4;
    const OF_COLLECTED: usize = 6;
    let changed: Vec<_> =
        now.balances.iter().filter(|(key, amount)| before.balances.get(key) != Some(amount)).collect();
    for some in changed.chunks(at_once / OF_BALANCE) {
        let sql = rows_of("INSERT INTO balance (seller, account, currency, amount) VALUES ", some.len(), OF_BALANCE);
        let sql = sql + " ON CONFLICT (seller, account, currency) DO UPDATE SET amount = excluded.amount";
        let mut values = Vec::with_capacity(some.len() * OF_BALANCE);
        for ((account, currency), amount) in some {
            values.extend(values![seller, account.to_string(), currency, amount.to_string()]);
        }
        tx.change(&sql, values).await?;
    }
    let changed: Vec<_> =
        now.collected.iter().filter(|(key, amount)| before.collected.get(key) != Some(amount)).collect();
    for some in changed.chunks(at_once / OF_COLLECTED) {
        let sql = "INSERT INTO collected (seller, scheme, declared, currency, buyer, amount) VALUES ";
        let sql = rows_of(sql, some.len(), OF_COLLECTED)
            + " ON CONFLICT (seller, scheme, declared, currency, buyer) DO UPDATE SET amount = excluded.amount";
        let mut values = Vec::with_capacity(some.len() * OF_COLLECTED);
        for ((scheme, declared, currency, buyer), amount) in some {
            values.extend(values![seller, scheme, declared.to_string(), currency, buyer, amount.to_string()]);
        }
        tx.change(&sql, values).await?;
    }
    Ok(())
}

/// `INSERT … VALUES ($1, $2), ($3, $4)`
pub(crate) fn rows_of(sql: &str, rows: usize, columns: usize) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(sql.len() + rows * columns * 7);
    text.push_str(sql);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}${}", row * columns + column + 1);
        }
        text.push(')');
    }
    text
}
