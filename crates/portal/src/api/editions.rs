//! How fresh the data is, and the data itself.

use super::compare::Plain;
use super::fields::{Door, Given};
use super::reply::{self, Reply};
use super::table::Field;
use super::work;
use crate::desk::{Book, Desk};
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter::ratebook::{EditionView, FactCounts};
use tidewaiter::{Decimal, RoundingMode};

/// Media type of bytes.
const BYTES: &str = "application/octet-stream";

/// How fresh everything is.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Editions {
    /// The day from which ages are counted.
    #[schemars(with = "String")]
    today: Date,
    /// The ratebook in use.
    ratebook: RatebookView,
    /// Each economy.
    economies: Vec<Freshness>,
}

/// A ratebook.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RatebookView {
    /// Its identity: the same question, to a ratebook of the same fingerprint, gives the same bytes.
    fingerprint: String,
    /// Size.
    bytes: usize,
    /// Whether `/v1/ratebook` gives it.
    offered: bool,
}

/// How fresh an economy is.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Freshness {
    /// Code.
    code: String,
    /// Name.
    name: String,
    /// The editions it rests on, its unions' first.
    editions: Vec<AgedEdition>,
    /// How many facts it rests on, by how sure they are.
    facts: FactCounts,
    /// How many of a hundred facts are sure; absent where there are no facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    sure_percent: Option<Decimal>,
}

/// An edition and its age.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AgedEdition {
    /// The edition.
    #[serde(flatten)]
    edition: EditionView,
    /// Days since it was published here; absent where that day is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_days: Option<i32>,
}

/// Editions and freshness
///
/// The editions each economy rests on, with their numbers, hashes and ages, and how sure the facts behind it are.
#[utoipa::path(get, path = "/v1/editions", operation_id = "listEditions", tag = "data",
    responses((status = 200, description = "Editions", body = ref("#/components/schemas/Editions"), content_type = "application/json")))]
pub(super) async fn list(State(desk): State<Desk>, _: Given<Plain>) -> Reply {
    let (book, today) = (desk.book(), desk.today());
    let editions = work::beside(move || editions(&book, today)).await?;
    reply::count(&desk, "/v1/editions", "");
    Ok(reply::json(&editions))
}

fn editions(book: &Book, today: Date) -> Editions {
    let economies = book.economies(today).into_iter().map(|economy| {
        let editions = book.economy(&economy.code).map(|view| view.editions).unwrap_or_default();
        let aged = |edition: EditionView| AgedEdition { age_days: age(edition.known_from, today), edition };
        Freshness {
            code: economy.code,
            name: economy.name,
            editions: editions.into_iter().map(aged).collect(),
            facts: economy.facts,
            sure_percent: sure_percent(economy.facts),
        }
    });
    let economies = economies.collect();
    let ratebook =
        RatebookView { fingerprint: book.fingerprint().to_owned(), bytes: book.size(), offered: bytes(book).is_some() };
    Editions { today, ratebook, economies }
}

fn age(known_from: Option<Date>, today: Date) -> Option<i32> {
    known_from?.until(today).ok().map(|span| span.get_days())
}

fn sure_percent(facts: FactCounts) -> Option<Decimal> {
    let whole = |count: usize| i64::try_from(count).ok().map(Decimal::from_int);
    let all = whole(facts.high + facts.medium + facts.low).filter(|all| !all.is_zero())?;
    let percent = whole(facts.high)?.scaled(Decimal::HUNDRED, all).ok()?;
    percent.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(1)).ok()
}

/// The bytes of a ratebook, where they are those inside the program.
fn bytes(book: &Book) -> Option<&'static [u8]> {
    (book.fingerprint() == tidewaiter_data::ratebook().fingerprint()).then(tidewaiter_data::bytes)
}

/// Bytes.
pub(super) struct Raw;

impl Door for Raw {
    const FIELDS: &'static [&'static [Field]] = &[];
    const GIVES: &'static [&'static str] = &[BYTES];
}

/// The ratebook
///
/// All rates and rules in one file, for the library, the command line (`--ratebook`) and the bindings: with it they give the same answers as
/// this service, offline. Only the ratebook inside the program is offered.
#[utoipa::path(get, path = "/v1/ratebook", operation_id = "readRatebook", tag = "data",
    responses(
        (status = 200, description = "The ratebook", body = ref("#/components/schemas/Bytes"), content_type = "application/octet-stream"),
        (status = 404, description = "The ratebook in use was opened from a file, and is not offered")))]
pub(super) async fn ratebook(State(desk): State<Desk>, _: Given<Raw>) -> Reply {
    let book = desk.book();
    let Some(bytes) = bytes(&book) else {
        return Err(Problem::not_found(
            "The ratebook in use was opened from a file, and is not offered here. Ask those who run the service for it.",
        ));
    };
    reply::count(&desk, "/v1/ratebook", "");
    let name = HeaderValue::from_static("attachment; filename=\"rates.twrb\"");
    let kind = HeaderValue::from_static(BYTES);
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Bytes::from_static(bytes)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn ages_are_whole_days() {
        assert_eq!(age(Some(date(2024, 2, 28)), date(2026, 3, 1)), Some(732), "across a leap day");
        assert_eq!(age(None, date(2026, 3, 1)), None);
    }

    #[test]
    fn shares_are_of_all_facts_and_of_none_there_is_no_share() {
        let of = |high, medium, low| sure_percent(FactCounts { high, medium, low }).map(|share| share.to_string());
        assert_eq!(of(2, 1, 0).as_deref(), Some("66.7"));
        assert_eq!(of(0, 1, 0).as_deref(), Some("0"));
        assert_eq!(of(0, 0, 0), None);
    }
}
