//! What everybody may read: who publishes, how fresh it is, and records on any pair of days.

use super::caller::Caller;
use super::{App, Problem};
use crate::store;
use crate::store::record::{self, Place, Question};
use crate::workflow::permission::{Operation, Reach, reach};
use crate::{board, expiry, open_data};
use axum::Json;
use axum::extract::{Query, State};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
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
            if keys.keys.is_empty() {
                value["dismissed"] = json!(true);
            }
            value
        })
        .collect();
    Ok(Json(json!({ "authorities": all })))
}

pub(super) async fn board(State(app): State<App>, caller: Caller) -> Answer<Json<Value>> {
    let rows = board::rows(&app.repository).await?;
    // Drafts and tokens are for those who may see all of them.
    let all = reach(caller.0.as_ref().map(|account| account.role), Operation::ReadDrafts) == Reach::Any;
    let endings = {
        let mut tx = app.repository.db.read().await?;
        expiry::endings(&mut *tx, app.repository.clock.now(), all).await?
    };
    let mut answer = json!({ "board": rows, "endings": endings });
    if all {
        answer["drafts"] = json!(board::waiting(&app.repository).await?);
    }
    Ok(Json(answer))
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
    after: Option<String>,
}

/// Longest `after`, in characters.
const MOST_AFTER: usize = 2000;

/// Where a page of records ended, and at which moment the first was asked for: all pages show that moment, whatever is
/// published between them.
#[derive(Serialize, Deserialize)]
struct Mark {
    known: String,
    current: bool,
    place: Place,
}

impl Mark {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(json!(self).to_string())
    }

    fn read(text: &str) -> Answer<Self> {
        let wrong = || Problem::request("\"after\" is what the answer before called \"next_after\", as it was.");
        if text.len() > MOST_AFTER {
            return Err(wrong());
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        let mark: Self = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
        // Changed by hand, it is a question like any other, and held to what others are.
        known(&mark.known)?;
        let words = [&mark.known, &mark.place.key, &mark.place.kind, &mark.place.authority];
        if words.iter().any(|word| word.contains(|c: char| c.is_control())) || i64::try_from(mark.place.seq).is_err() {
            return Err(wrong());
        }
        Ok(mark)
    }
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
    let (known, current, after) = match (asked.after.as_deref().map(Mark::read).transpose()?, &asked.known) {
        (Some(Mark { known, current, place }), _) => (known, current, Some(place)),
        (None, Some(text)) => (known(text)?, false, None),
        (None, None) => (store::moment(app.repository.clock.now()), true, None),
    };
    let question = Question {
        territory: asked.territory,
        key,
        kind: asked.kind,
        valid: asked.valid,
        known: Some(known.clone()),
        current,
        after,
        most: MOST_RECORDS,
    };
    let mut tx = app.repository.db.read().await?;
    let rows = record::ask_numbered(&mut *tx, &question).await?;
    let next = rows.last().filter(|_| rows.len() as u64 == MOST_RECORDS).map(|(seq, last)| {
        let open_data::Row { key, kind, authority, .. } = last.clone();
        Mark { known, current, place: Place { key, kind, authority, seq: *seq } }.write()
    });
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|(_, row)| {
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
