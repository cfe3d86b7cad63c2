//! What everybody may read: who publishes, how fresh it is, and records on any pair of days.

use super::{App, Problem};
use crate::board;
use crate::store;
use crate::store::record::{self, Question};
use axum::Json;
use axum::extract::{Query, State};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most records of one answer.
const MOST_RECORDS: u64 = 1000;

type Answer<T> = Result<T, Problem>;

pub(super) async fn authorities(State(app): State<App>) -> Answer<Json<Value>> {
    let mut tx = app.repository.db.read().await?;
    let all = store::authority::all(&mut *tx).await?;
    let all: Vec<Value> = all
        .into_iter()
        .map(|(authority, keys)| {
            let mut value = json!(authority);
            value["keys"] = json!(keys.keys.iter().map(crate::key::PublicKey::id).collect::<Vec<_>>());
            value
        })
        .collect();
    Ok(Json(json!({ "authorities": all })))
}

pub(super) async fn board(State(app): State<App>) -> Answer<Json<Value>> {
    let rows = board::rows(&app.repository).await?;
    Ok(Json(json!({ "board": rows })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    territory: String,
    key: Option<String>,
    kind: Option<String>,
    valid: Option<Date>,
    known: Option<String>,
    #[serde(default)]
    after: u64,
}

/// A day, or a moment in UTC, as records are kept by.
fn known(text: &str) -> Answer<String> {
    if let Ok(day) = text.parse::<Date>() {
        return Ok(day.to_string());
    }
    let moment: jiff::Timestamp = text.parse().map_err(|_| {
        Problem::request("\"known\" is a day such as 2026-01-31, or a moment such as 2026-01-31T12:00:00Z.")
    })?;
    Ok(store::moment(moment))
}

pub(super) async fn records(State(app): State<App>, Query(asked): Query<Asked>) -> Answer<Json<Value>> {
    let key = asked.key.map(|key| {
        let digits: String = key.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
        if digits.bytes().all(|b| b.is_ascii_digit()) { digits } else { key }
    });
    if key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 80) {
        return Err(Problem::request("\"key\" is a goods code or the key of a record, 1 to 80 characters."));
    }
    let words = [Some(&asked.territory), key.as_ref(), asked.kind.as_ref()];
    if words.into_iter().flatten().any(|word| word.len() > 80 || word.contains(|c: char| c.is_control())) {
        return Err(Problem::request("\"territory\", \"key\" and \"kind\" are words of at most 80 characters."));
    }
    let question = Question {
        territory: asked.territory,
        key,
        kind: asked.kind,
        valid: asked.valid,
        known: asked.known.as_deref().map(known).transpose()?,
        page: (asked.after, MOST_RECORDS),
    };
    let mut tx = app.repository.db.read().await?;
    let rows = record::ask(&mut *tx, &question).await?;
    let next = (rows.len() as u64 == MOST_RECORDS).then(|| asked.after.saturating_add(MOST_RECORDS));
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            json!({
                "authority": row.authority,
                "kind": row.kind,
                "key": row.key,
                "valid_from": row.valid_from,
                "valid_before": row.valid_before,
                "known_from": row.known_from,
                "known_before": row.known_before,
                "first_edition": row.first_edition,
                "last_before": row.last_before,
                "record": serde_json::from_str::<Value>(&row.record).unwrap_or_default(),
            })
        })
        .collect();
    Ok(Json(json!({ "records": rows, "next_after": next })))
}
