//! Who wants to hear of changes, and what is on its way to them.

use super::db::{DbError, Row, Run};
use super::{moment, read_moment};
use crate::feeds::Interest;
use crate::feeds::delivery::Delivery;
use crate::values;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// By which way somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A message to a server at once.
    Webhook,
    /// A letter a day.
    Mail,
}

/// Somebody who wants to hear of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// Its name.
    pub id: String,
    /// By which way.
    pub channel: Channel,
    /// Web address of a server, or mail address.
    pub address: String,
    /// What signs messages to a server; by what a reader of mail ends the letters.
    #[serde(skip)]
    pub secret: String,
    /// What they want to hear of.
    pub interest: Interest,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Last day a mailbox was told of.
    #[serde(skip)]
    pub told_until: Date,
}

/// A message that nobody took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    /// Its id.
    pub id: String,
    /// For which subscription.
    pub subscription: String,
    /// Which edition it tells of.
    pub edition: String,
    /// How often it was tried.
    pub attempts: u64,
    /// Why it is not sent again.
    pub outcome: String,
    /// Since when.
    pub dead_at: String,
}

const COLUMNS: &str = "id, channel, address, secret, interest, made_at, ended_at, told_until";

/// Keeps a subscription.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn add(tx: &mut dyn Run, one: &Subscription) -> Result<(), DbError> {
    let interest = serde_json::to_string(&one.interest).map_err(|e| DbError::Content(e.to_string()))?;
    let channel = if one.channel == Channel::Webhook { "webhook" } else { "mail" };
    let sql = format!("INSERT INTO subscription ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    let ended = one.ended_at.map(moment);
    let values = values![
        &one.id,
        channel,
        &one.address,
        &one.secret,
        interest,
        moment(one.made_at),
        ended,
        one.told_until.to_string()
    ];
    tx.change(&sql, values).await.map(|_| ())
}

/// All subscriptions that have not ended.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn all(tx: &mut dyn Run) -> Result<Vec<Subscription>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM subscription WHERE ended_at IS NULL ORDER BY made_at, id");
    tx.rows(&sql, vec![]).await?.into_iter().map(read).collect()
}

/// One subscription, also one that has ended.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn get(tx: &mut dyn Run, id: &str) -> Result<Option<Subscription>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM subscription WHERE id = $1");
    tx.first(&sql, values![id]).await?.map(read).transpose()
}

fn read(mut row: Row) -> Result<Subscription, DbError> {
    let content = |e: &dyn std::fmt::Display| DbError::Content(e.to_string());
    Ok(Subscription {
        id: row.text()?,
        channel: if row.text()? == "webhook" { Channel::Webhook } else { Channel::Mail },
        address: row.text()?,
        secret: row.text()?,
        interest: serde_json::from_str(&row.text()?).map_err(|e| content(&e))?,
        made_at: read_moment(&row.text()?)?,
        ended_at: row.maybe_text()?.map(|text| read_moment(&text)).transpose()?,
        told_until: row.text()?.parse().map_err(|e: jiff::Error| content(&e))?,
    })
}

/// Ends a subscription; what is on its way to it is not sent any longer. Returns whether there was one.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn end(tx: &mut dyn Run, id: &str, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE subscription SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    let ended = tx.change(sql, values![id, moment(now)]).await?;
    let sql = "UPDATE delivery SET next_at = NULL, outcome = 'the subscription ended' WHERE subscription = $1 AND next_at IS NOT NULL";
    tx.change(sql, values![id]).await?;
    Ok(ended == 1)
}

/// Notes the last day of which a mailbox was told.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn told(tx: &mut dyn Run, id: &str, day: Date) -> Result<(), DbError> {
    let sql = "UPDATE subscription SET told_until = $2 WHERE id = $1";
    tx.change(sql, values![id, day.to_string()]).await.map(|_| ())
}

/// Puts a message on its way.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn send(tx: &mut dyn Run, delivery: &Delivery, body: Vec<u8>) -> Result<(), DbError> {
    let sql =
        "INSERT INTO delivery (id, subscription, edition, body, attempts, next_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO NOTHING";
    let Delivery { id, subscription, edition, attempts, next_at, .. } = delivery;
    let values = values![id, subscription, edition, body, u64::from(*attempts), moment(*next_at)];
    tx.change(sql, values).await.map(|_| ())
}

/// Takes messages that are due, so that no other server sends them before `until`. The transaction must have taken its turn.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn take_due(
    tx: &mut dyn Run,
    now: Timestamp,
    until: Timestamp,
    most: u64,
) -> Result<Vec<(Delivery, Vec<u8>, String)>, DbError> {
    let sql = "SELECT d.id, d.subscription, d.edition, s.address, d.attempts, d.next_at, d.body, s.secret
        FROM delivery d JOIN subscription s ON s.id = d.subscription
        WHERE d.next_at <= $1 ORDER BY d.next_at, d.id LIMIT $2";
    let mut due = Vec::new();
    for mut row in tx.rows(sql, values![moment(now), most]).await? {
        let (id, subscription, edition, url) = (row.text()?, row.text()?, row.text()?, row.text()?);
        let (attempts, next_at) = (row.int()?, read_moment(&row.text()?)?);
        let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
        let delivery = Delivery { id, subscription, edition, url, attempts, next_at, failed: None };
        due.push((delivery, row.bytes()?, row.text()?));
    }
    for (delivery, ..) in &due {
        tx.change("UPDATE delivery SET next_at = $2 WHERE id = $1", values![&delivery.id, moment(until)]).await?;
    }
    Ok(due)
}

/// What came of a message: it is sent again at `next_at`, or never; it is a dead letter where nobody took it.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn settle(
    tx: &mut dyn Run,
    delivery: &Delivery,
    next_at: Option<Timestamp>,
    outcome: &str,
    dead_at: Option<Timestamp>,
) -> Result<(), DbError> {
    let sql = "UPDATE delivery SET attempts = $2, next_at = $3, outcome = $4, dead_at = $5 WHERE id = $1";
    let values = values![&delivery.id, u64::from(delivery.attempts), next_at.map(moment), outcome, dead_at.map(moment)];
    tx.change(sql, values).await.map(|_| ())
}

/// Messages that nobody took, newest first.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn dead(tx: &mut dyn Run, most: u64) -> Result<Vec<DeadLetter>, DbError> {
    let sql = "SELECT id, subscription, edition, attempts, outcome, dead_at FROM delivery
        WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id LIMIT $1";
    let rows = tx.rows(sql, values![most]).await?;
    rows.into_iter()
        .map(|mut row| {
            Ok(DeadLetter {
                id: row.text()?,
                subscription: row.text()?,
                edition: row.text()?,
                attempts: row.int()?,
                outcome: row.maybe_text()?.unwrap_or_default(),
                dead_at: row.text()?,
            })
        })
        .collect()
}

/// Sends a dead letter again. Returns whether there was one whose subscription has not ended.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn revive(tx: &mut dyn Run, id: &str, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE delivery SET dead_at = NULL, attempts = 0, next_at = $2 WHERE id = $1 AND dead_at IS NOT NULL
        AND subscription IN (SELECT id FROM subscription WHERE ended_at IS NULL)";
    Ok(tx.change(sql, values![id, moment(now)]).await? == 1)
}
