//! Every record ever published, once, with its two times: when it holds (valid) and from which edition to which it was said
//! (known). What was in force on one day as known on another is found by index.

use super::db::{DbError, Row, Run, Value};
use crate::entry::{key, validity};
use crate::open_data;
use crate::{sha256_hex, values};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use tidewaiter_sources::Entry;
use tidewaiter_sources::edition::kind_of;

/// Before all days and moments.
const ALWAYS: &str = "";
/// After all days and moments.
const NEVER: &str = "~";
/// Rows written with one statement. SQLite looks for each parameter's name among all of a statement, so more rows at once cost
/// more than they save.
const AT_ONCE: usize = 20;
/// Rows ended with one statement.
const ENDED_AT_ONCE: usize = 100;

/// Whose records, of which edition.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a> {
    /// The authority.
    pub authority: &'a str,
    /// The territory it speaks for; empty for none.
    pub territory: &'a str,
    /// Number of the edition.
    pub number: u64,
    /// From when on it is known.
    pub known_from: &'a str,
}

/// Writes what a part of a new edition says in place of what the edition before said under its name. What both say stays as
/// it is. Returns how many records are new and how many are said no longer.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn replace(tx: &mut dyn Run, of: Of<'_>, part: &str, entries: &[Entry]) -> Result<(u64, u64), DbError> {
    let sql = "SELECT seq, hash FROM record WHERE authority = $1 AND part = $2 AND last_before IS NULL";
    let mut said: HashMap<String, u64> = HashMap::new();
    for mut row in tx.rows(sql, values![of.authority, part]).await? {
        let seq = row.int()?;
        said.insert(row.text()?, seq);
    }
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut new: Vec<(String, String, &Entry)> = Vec::new();
    for entry in entries {
        let body = serde_json::to_string(entry).map_err(|e| DbError::Content(e.to_string()))?;
        let mut hash = sha256_hex(body.as_bytes());
        // The same record twice is two records.
        let times = seen.entry(hash.clone()).or_default();
        *times += 1;
        if *times > 1 {
            hash = format!("{hash}.{times}");
        }
        if said.remove(&hash).is_none() {
            new.push((hash, body, entry));
        }
    }
    let gone: Vec<u64> = said.into_values().collect();
    for some in gone.chunks(ENDED_AT_ONCE) {
        let list: Vec<String> = (0..some.len()).map(|at| format!("${}", at + 4)).collect();
        let sql = format!(
            "UPDATE record SET last_before = $2, known_before = $3 WHERE authority = $1 AND seq IN ({})",
            list.join(", ")
        );
        let mut values = values![of.authority, of.number, of.known_from];
        values.extend(some.iter().map(|seq| Value::from(*seq)));
        tx.change(&sql, values).await?;
    }
    let sql = "SELECT MAX(seq) FROM record WHERE authority = $1";
    let mut seq = match tx.first(sql, values![of.authority]).await? {
        Some(mut row) => row.maybe_int()?.unwrap_or_default(),
        None => 0,
    };
    for some in new.chunks(AT_ONCE) {
        let mut values = Vec::with_capacity(some.len() * 13);
        let mut rows = Vec::with_capacity(some.len());
        for (hash, body, entry) in some {
            seq += 1;
            let (from, before) = validity(entry);
            let first = values.len() + 1;
            rows.push(format!("({})", (first..first + 13).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")));
            values.extend(values![
                of.authority,
                seq,
                of.territory,
                part,
                kind_of(entry),
                key(entry),
                from.map_or_else(|| ALWAYS.to_owned(), |day| day.to_string()),
                before.map_or_else(|| NEVER.to_owned(), |day| day.to_string()),
                of.known_from,
                NEVER,
                of.number,
                hash,
                body,
            ]);
        }
        let sql = format!(
            "INSERT INTO record (authority, seq, territory, part, kind, key, valid_from, valid_before, known_from, known_before, first_edition, hash, body) VALUES {}",
            rows.join(", ")
        );
        tx.change(&sql, values).await?;
    }
    Ok((new.len() as u64, gone.len() as u64))
}

/// Ends all parts that a new edition does not have any longer.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn end_others(tx: &mut dyn Run, of: Of<'_>, parts: &HashSet<&str>) -> Result<u64, DbError> {
    let sql = "SELECT DISTINCT part FROM record WHERE authority = $1 AND last_before IS NULL";
    let mut gone = 0;
    for mut row in tx.rows(sql, values![of.authority]).await? {
        let part = row.text()?;
        if !parts.contains(part.as_str()) {
            gone += replace(tx, of, &part, &[]).await?.1;
        }
    }
    Ok(gone)
}

/// What is asked of the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Territory; empty for what belongs to none.
    pub territory: String,
    /// Digits of a goods code, whose own records and those of the codes above it are wanted; or the key of other records.
    pub key: Option<String>,
    /// Kind of record; all where absent.
    pub kind: Option<String>,
    /// In force on this day; all where absent.
    pub valid: Option<Date>,
    /// As known at this moment (ISO 8601, UTC; a day means its end); as known now where absent.
    pub known: Option<String>,
    /// Without those whom the repository has dismissed: what holds now, as against what was known. Always so where `known` is
    /// absent.
    pub current: bool,
    /// Only what comes after this record, in the order of the answers.
    pub after: Option<Place>,
    /// The most that are wanted.
    pub most: u64,
}

/// Where a record stands in the order of the answers. No two stand at the same place, and none ever moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its key.
    pub key: String,
    /// Its kind.
    pub kind: String,
    /// Whose it is.
    pub authority: String,
    /// Its number among all of its authority.
    pub seq: u64,
}

/// The statement that answers a question, and its values.
pub fn statement(question: &Question) -> (String, Vec<Value>) {
    let mut values = values![&question.territory];
    let mut wheres = vec!["territory = $1".to_owned()];
    let mut value = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    if let Some(wanted) = &question.key {
        // A measure on a heading holds for all goods below it.
        let above = wanted.bytes().all(|b| b.is_ascii_digit()) && wanted.len() > 2;
        let lengths = if above { (2..=wanted.len()).collect() } else { vec![wanted.len()] };
        let keys: Vec<String> =
            lengths.iter().filter_map(|n| wanted.get(..*n)).map(|key| value(Value::from(key))).collect();
        wheres.push(format!("key IN ({})", keys.join(", ")));
    }
    if let Some(kind) = &question.kind {
        wheres.push(format!("kind = {}", value(Value::from(kind))));
    }
    match &question.known {
        Some(known) => {
            let end_of_day = if known.len() == 10 { format!("{known}T23:59:59Z") } else { known.clone() };
            let known = value(Value::from(end_of_day));
            wheres.push(format!("known_from <= {known} AND known_before > {known}"));
        }
        None => wheres.push("known_before = '~'".to_owned()),
    }
    if question.current || question.known.is_none() {
        // Whoever was dismissed says nothing now; what they said stays known.
        wheres.push("authority NOT IN (SELECT id FROM authority WHERE keys = '[]')".to_owned());
    }
    if let Some(day) = question.valid {
        let day = value(Value::from(day.to_string()));
        wheres.push(format!("valid_from <= {day} AND valid_before > {day}"));
    }
    if let Some(Place { key, kind, authority, seq }) = &question.after {
        let place = [Value::from(key), Value::from(kind), Value::from(authority), Value::from(*seq)].map(&mut value);
        wheres.push(format!("(key, kind, authority, seq) > ({})", place.join(", ")));
    }
    let most = value(Value::from(question.most));
    let sql = format!(
        "SELECT seq, {COLUMNS} FROM record WHERE {} ORDER BY key, kind, authority, seq LIMIT {most}",
        wheres.join(" AND ")
    );
    (sql, values)
}

const COLUMNS: &str = "authority, territory, kind, key, valid_from, valid_before, known_from, known_before, first_edition, last_before, body";

/// The records that a question asks for, by key and kind.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn ask(tx: &mut dyn Run, question: &Question) -> Result<Vec<open_data::Row>, DbError> {
    Ok(ask_numbered(tx, question).await?.into_iter().map(|(_, row)| row).collect())
}

/// The same, each with its number among all of its authority.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn ask_numbered(tx: &mut dyn Run, question: &Question) -> Result<Vec<(u64, open_data::Row)>, DbError> {
    let (sql, values) = statement(question);
    tx.rows(&sql, values).await?.into_iter().map(|mut row| Ok((row.int()?, read(row)?))).collect()
}

/// Lets PostgreSQL count what is in the table, so that it chooses the right index from now on.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn count_anew(tx: &mut dyn Run) -> Result<(), DbError> {
    tx.change("ANALYZE record", vec![]).await.map(|_| ())
}

/// Records of an authority in the order they were first said, from a number on: for tables of everything.
///
/// # Errors
/// [`DbError`] where the database does not answer.
pub async fn all(
    tx: &mut dyn Run,
    authority: &str,
    after: u64,
    most: u64,
) -> Result<Vec<(u64, open_data::Row)>, DbError> {
    let sql = format!("SELECT seq, {COLUMNS} FROM record WHERE authority = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    let rows = tx.rows(&sql, values![authority, after, most]).await?;
    rows.into_iter().map(|mut row| Ok((row.int()?, read(row)?))).collect()
}

fn read(mut row: Row) -> Result<open_data::Row, DbError> {
    let day = |text: &str| -> Result<Option<Date>, DbError> {
        if text == ALWAYS || text == NEVER {
            return Ok(None);
        }
        let day = text.get(..10).unwrap_or(text);
        day.parse().map(Some).map_err(|_| DbError::Content(format!("\"{text}\" is no day")))
    };
    let (authority, territory, kind, key) = (row.text()?, row.text()?, row.text()?, row.text()?);
    let (valid_from, valid_before) = (day(&row.text()?)?, day(&row.text()?)?);
    let known_from = row.text()?;
    let known_from = day(&known_from)?.ok_or_else(|| DbError::Content("a record is known from no day".into()))?;
    let known_before = day(&row.text()?)?;
    Ok(open_data::Row {
        authority,
        territory: (!territory.is_empty()).then_some(territory),
        kind,
        key,
        valid_from,
        valid_before,
        known_from,
        known_before,
        first_edition: row.int()?,
        last_before: row.maybe_int()?,
        record: row.text()?,
    })
}
