//! The same basket to many destinations.

use super::fields::{Door, Given, wrong};
use super::open_question::OpenConsignment;
use super::reply::{self, Reply};
use super::table::Field;
use super::{body, work};
use crate::desk::{Book, Desk};
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tidewaiter::quote::document::{ByKind, Landed, Missing, Sum, Terms};
use tidewaiter::record::Confidence;
use tidewaiter::{Ask, Consignment, Outcome, Quote};

/// Most destinations.
pub(super) const MOST_DESTINATIONS: usize = 250;

/// The same basket to many destinations.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Comparison {
    /// The question. Its own destination and region are not read.
    consignment: OpenConsignment,
    /// Destinations, in the order in which they are to be answered.
    #[schemars(length(min = 1, max = 250))]
    to: Vec<String>,
}

/// What the basket costs at each destination.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Compared {
    /// Currency of the question, in which destinations can be compared: `landed`, and in each sum `least_asked` and `most_asked`.
    asked_currency: String,
    /// Each destination, in the order of the question.
    destinations: Vec<Destination>,
    /// Fingerprint of the ratebook that answered.
    ratebook: String,
}

/// A destination: a short quote, or a refusal of its law, or why the question is wrong there.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Destination {
    /// Its code, as in the question.
    to: String,
    /// The short quote, where there are figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<ShortQuote>,
    /// Where the law of the destination gives no figure. That is not zero, so there is no sum of anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
    /// What is wrong with the question, where it cannot be answered at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// A quote without its reasons; ask `/v1/quotes` for them.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShortQuote {
    /// Name of the destination.
    to_name: String,
    /// What kind of answer.
    outcome: Outcome,
    /// Currency of the economy.
    currency: String,
    /// All charges.
    total: Sum,
    /// Goods, shipping and all charges, in the currency of the question.
    landed: Landed,
    /// Charges by kind.
    by_kind: ByKind,
    /// Who pays where.
    terms: Terms,
    /// Facts that would narrow the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Missing>,
    /// The least sure of the facts used.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
}

/// The goods do not come in this way.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Refusal {
    /// Name of the destination.
    to_name: String,
    /// What kind of answer: `not-allowed`, `formal-entry` or `prohibited`.
    outcome: Outcome,
    /// What the rules say to the buyer and the shop.
    reasons: Vec<String>,
    /// Facts that would narrow the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Missing>,
    /// The least sure of the facts used.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
}

impl From<Quote> for Refusal {
    fn from(quote: Quote) -> Self {
        Self {
            to_name: quote.to_name,
            outcome: quote.outcome,
            reasons: quote.messages,
            missing: quote.missing,
            confidence: quote.confidence,
        }
    }
}

impl From<Quote> for ShortQuote {
    fn from(quote: Quote) -> Self {
        Self {
            to_name: quote.to_name,
            outcome: quote.outcome,
            currency: quote.currency,
            total: quote.total,
            landed: quote.landed,
            by_kind: quote.by_kind,
            terms: quote.terms,
            missing: quote.missing,
            confidence: quote.confidence,
        }
    }
}

/// No fields.
pub(super) struct Plain;

impl Door for Plain {
    const FIELDS: &'static [&'static [Field]] = &[];
}

/// Compare destinations
///
/// The same basket to up to 250 destinations: for each a short quote, or a `refusal` where its law gives no figure, or a `problem` where the
/// question cannot be answered. Amounts of different economies
/// compare in the currency of the question.
#[utoipa::path(post, path = "/v1/quotes/compare", operation_id = "compareQuotes", tag = "quotes",
    request_body(content = ref("#/components/schemas/Comparison"), content_type = "application/json", example = json!({
        "consignment": { "from": "CN", "date": "2026-11-21", "currency": "EUR", "freight": "4.90",
            "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }] },
        "to": ["FR", "CH", "US", "JP"]
    })),
    responses((status = 200, description = "A short quote for each destination", body = ref("#/components/schemas/Compared"), content_type = "application/json")))]
pub(super) async fn ask(State(desk): State<Desk>, _: Given<Plain>, headers: HeaderMap, body: Bytes) -> Reply {
    let asked: Comparison = body::json(&headers, &body)?;
    let many = asked.to.len();
    if !(1..=MOST_DESTINATIONS).contains(&many) {
        let message = format!("must have 1 to {MOST_DESTINATIONS} destinations");
        return Err(Problem::fields(vec![wrong("to", &many.to_string(), message)]));
    }
    let consignment = asked.consignment.read("consignment")?;
    let (book, today) = (desk.book(), desk.today());
    let compared = work::slowly_while(move |awaited| {
        let ask = Ask { steps: false, today: Some(today) };
        compare(&book, consignment, asked.to, &ask, awaited)
    });
    let compared = compared.await??;
    reply::count(&desk, "/v1/quotes/compare", "");
    Ok(reply::json(&compared))
}

/// Whether an answer has sums; the others are refusals.
const fn has_figures(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown)
}

fn compare(
    book: &Book,
    mut asked: Consignment,
    to: Vec<String>,
    ask: &Ask,
    awaited: &dyn Fn() -> bool,
) -> Result<Compared, Problem> {
    asked.region = None;
    let mut destinations = Vec::with_capacity(to.len());
    for code in to {
        if !awaited() {
            let detail = "Ask for fewer destinations, or give the goods codes and origins.";
            return Err(Problem::new(StatusCode::GATEWAY_TIMEOUT, "time", "It took too long", detail));
        }
        asked.to = code.to_ascii_uppercase();
        let (quote, refusal, problem) = match book.answer(&asked, ask) {
            Ok(quote) if has_figures(quote.outcome) => (Some(quote.into()), None, None),
            Ok(quote) => (None, Some(quote.into()), None),
            Err(error) => (None, None, Some(error.into())),
        };
        destinations.push(Destination { to: code, quote, refusal, problem });
    }
    Ok(Compared { asked_currency: asked.currency, destinations, ratebook: book.fingerprint().to_owned() })
}
