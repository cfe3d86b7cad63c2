//! As much of the past of a ledger as some events need.

use super::StoreError;
use crate::Period;
use crate::event::Event;
use crate::ledger::{Definitions, Past};
use std::collections::BTreeSet;
use tidewaiter_repository::store::db::{Row, Run, Value};
use tidewaiter_repository::values;

/// Names in one question.
const AT_ONCE: usize = 500;

/// What is known of a seller that every event needs: registrations, returns, sums.
pub(super) async fn standing(tx: &mut dyn Run, definitions: &Definitions, seller: &str) -> Result<Past, StoreError> {
    let mut past = Past::default();
    let sql = "SELECT event FROM entry WHERE seller = $1 AND kind IN ('registration', 'return') ORDER BY seq";
    for row in tx.rows(sql, values![seller]).await? {
        past.remember(definitions, &event(seller, row)?).map_err(|why| StoreError::damaged(seller, why))?;
    }
    for mut row in tx.rows("SELECT account, currency, amount FROM balance WHERE seller = $1", values![seller]).await? {
        let (account, currency) = (row.text()?, row.text()?);
        let account =
            account.parse().map_err(|()| StoreError::damaged(seller, format!("there is no account {account}")))?;
        past.balances.insert((account, currency), number(seller, &row.text()?)?);
    }
    let sql = "SELECT scheme, declared, currency, buyer, amount FROM collected WHERE seller = $1";
    for mut row in tx.rows(sql, values![seller]).await? {
        let scheme = row.text()?;
        let declared: Period = row.text()?.parse().map_err(|wrong| StoreError::damaged(seller, wrong))?;
        let (currency, buyer) = (row.text()?, row.text()?);
        past.oldest.entry(scheme.clone()).and_modify(|oldest| *oldest = declared.min(*oldest)).or_insert(declared);
        past.collected.insert((scheme, declared, currency, buyer), number(seller, &row.text()?)?);
    }
    Ok(past)
}

/// And what these events need: whether they are known, the sales and payments that they are about.
pub(super) async fn needed(
    tx: &mut dyn Run,
    definitions: &Definitions,
    seller: &str,
    past: &mut Past,
    events: &[Event],
) -> Result<(), StoreError> {
    let names: BTreeSet<&str> = events.iter().map(|event| event.name().1).collect();
    for row in among(tx, "SELECT event FROM entry WHERE seller = $1 AND document IN", "", seller, &names).await? {
        past.know(&event(seller, row)?);
    }
    let about: BTreeSet<&str> = events.iter().filter_map(Event::about).collect();
    let whole = [
        ("SELECT event FROM entry WHERE seller = $1 AND kind IN ('sale', 'payment') AND document IN", ""),
        (
            "SELECT event FROM entry WHERE seller = $1 AND kind IN ('refund', 'correction', 'bank') AND about IN",
            " ORDER BY seq",
        ),
    ];
    for (sql, order) in whole {
        for row in among(tx, sql, order, seller, &about).await? {
            past.remember(definitions, &event(seller, row)?).map_err(|why| StoreError::damaged(seller, why))?;
        }
    }
    Ok(())
}

pub(super) async fn among(
    tx: &mut dyn Run,
    sql: &str,
    order: &str,
    seller: &str,
    names: &BTreeSet<&str>,
) -> Result<Vec<Row>, StoreError> {
    let names: Vec<&str> = names.iter().copied().collect();
    let mut rows = Vec::new();
    for some in names.chunks(AT_ONCE) {
        let places: Vec<String> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
        let mut values = values![seller];
        values.extend(some.iter().map(|name| Value::from(*name)));
        rows.extend(tx.rows(&format!("{sql} ({}){order}", places.join(", ")), values).await?);
    }
    Ok(rows)
}

pub(super) fn event(seller: &str, mut row: Row) -> Result<Event, StoreError> {
    serde_json::from_str(&row.text()?).map_err(|error| StoreError::damaged(seller, error))
}

pub(super) fn number(seller: &str, text: &str) -> Result<tidewaiter::Decimal, StoreError> {
    text.parse().map_err(|error| StoreError::damaged(seller, error))
}
