//! Events as they are handed over: a JSON array, one document a line, or CSV. A body with a mistake is refused whole.

use crate::api::batch::LINES;
use crate::api::fields::{JSON, wrong};
use crate::api::{body, divide};
use crate::problem::{Problem, Wrong};
use axum::http::HeaderMap;
use serde::de::DeserializeOwned;
use tidewaiter_collect::event::Event;
use tidewaiter_collect::import;

/// Media type of CSV.
pub(super) const CSV: &str = "text/csv";
/// Most events of one body: they are recorded together or not at all.
pub(in crate::api) const MOST_EVENTS: usize = 20_000;
/// Most mistakes that are told.
const MOST_FAULTS: usize = 50;

/// The events of a body, and whether it is a table of sales.
///
/// # Errors
/// A [`Problem`] with each mistake and its place.
pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<(Vec<Event>, bool), Problem> {
    let kind = body::is_of(headers, &[JSON, LINES, "application/ndjson", "application/jsonl", CSV])?;
    let events = match kind {
        JSON => {
            let places = divide::elements(body, MOST_EVENTS)?;
            documents(body, places, |number| format!("[{}]", number - 1))?
        }
        CSV => import::events(body).map_err(|refused| rows(&refused))?.0,
        _ => documents(body, divide::lines(body, MOST_EVENTS), |number| format!("line {number}"))?,
    };
    if events.is_empty() {
        return Err(Problem::request("There is no event in the body; send a JSON array of them, one a line, or CSV."));
    }
    if events.len() > MOST_EVENTS {
        let message = format!("There are more events than the {MOST_EVENTS} that are recorded together; divide them.");
        return Err(Problem::fields(vec![wrong("", "", message)]));
    }
    Ok((events, kind == CSV))
}

/// Documents at places of a body; each mistake is named with its place.
///
/// # Errors
/// A [`Problem`] with all of them.
pub(super) fn documents<T: DeserializeOwned>(
    body: &[u8],
    places: Vec<divide::Place>,
    named: impl Fn(usize) -> String,
) -> Result<Vec<T>, Problem> {
    let (mut events, mut errors) = (Vec::new(), Vec::new());
    for (number, place) in places {
        match body::document::<T>(body.get(place).unwrap_or_default()) {
            Ok(event) => events.push(event),
            Err(problem) if problem.errors.is_empty() => {
                errors.push(Wrong { field: named(number), value: String::new(), message: problem.detail });
            }
            Err(problem) => errors.extend(problem.errors.into_iter().map(|one| {
                let dot = if one.field.is_empty() { "" } else { "." };
                Wrong { field: format!("{}{dot}{}", named(number), one.field), ..one }
            })),
        }
        if errors.len() >= MOST_FAULTS {
            break;
        }
    }
    if errors.is_empty() { Ok(events) } else { Err(Problem::fields(errors)) }
}

fn rows(refused: &import::Refused) -> Problem {
    let of = |fault: &import::Fault| {
        let column = if fault.column.is_empty() { String::new() } else { format!(", column {}", fault.column) };
        wrong(&format!("row {}{column}", fault.row), "", fault.says.clone())
    };
    Problem::fields(refused.faults.iter().map(of).collect())
}
