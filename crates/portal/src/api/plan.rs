//! Other ways to ask: how to divide an order into parcels, and which price lands at a total.

use super::compare::Plain;
use super::fields::{Given, wrong};
use super::quotes::digits;
use super::reply::{self, Reply};
use super::{body, work};
use crate::desk::Desk;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use schemars::JsonSchema;
use serde::Deserialize;
use tidewaiter::{Consignment, Decimal};

/// Most items of an order that is divided: each is priced on its own, and in parts.
pub(super) const MOST_ITEMS: usize = 100;
/// Most of them without a goods code of six digits: each may be any goods, in each way to divide the order.
const MOST_OPEN: usize = 2;

/// Which price lands at a total.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReverseQuestion {
    /// The question; only the proportions of its prices count.
    consignment: Consignment,
    /// The total that it is to land at, in the currency of the question: goods, shipping and all charges.
    landed: Decimal,
}

/// Divide an order
///
/// What the order costs as one consignment, as one for each item, and (up to nine items) as the best division into two, the cheapest
/// first, with a caution about the law of dividing orders. Up to 100 items.
#[utoipa::path(post, path = "/v1/quotes/plan", operation_id = "planParcels", tag = "quotes",
    request_body(content = ref("#/components/schemas/Consignment"), content_type = "application/json", example = json!({
        "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "12",
        "items": [
            { "code": "6109.10", "origin": "CN", "quantity": 4, "price": "25" },
            { "code": "9102.11", "origin": "CN", "quantity": 1, "price": "90" }
        ]
    })),
    responses((status = 200, description = "Ways to send it", body = ref("#/components/schemas/Plan"), content_type = "application/json")))]
pub(super) async fn plan(State(desk): State<Desk>, _: Given<Plain>, headers: HeaderMap, body: Bytes) -> Reply {
    let asked: Consignment = dated(&desk, body::json(&headers, &body)?);
    if asked.items.len() > MOST_ITEMS {
        let message = format!("are more than the {MOST_ITEMS} items of an order that can be divided");
        return Err(Problem::fields(vec![wrong("items", &asked.items.len().to_string(), message)]));
    }
    let open = asked.items.iter().filter(|item| item.code.as_ref().is_none_or(|code| digits(code) < 6)).count();
    if open > MOST_OPEN {
        let message = format!(
            "{open} items have no goods code of six digits; at most {MOST_OPEN} may lack one here, for each way to divide the order is priced"
        );
        return Err(Problem::fields(vec![wrong("items", "", message)]));
    }
    let book = desk.book();
    let plan = work::slowly(move || book.plan(&asked)).await??;
    reply::count(&desk, "/v1/quotes/plan", "");
    Ok(reply::json(&plan))
}

/// Find the price that lands at a total
///
/// The value of the goods before charges that lands at `landed`, keeping the proportions of the items' prices. A total inside a jump of the
/// charges cannot be reached: `unreachable` then says between which totals.
#[utoipa::path(post, path = "/v1/quotes/reverse", operation_id = "reverseQuote", tag = "quotes",
    request_body(content = ref("#/components/schemas/ReverseQuestion"), content_type = "application/json", example = json!({
        "consignment": { "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "4.90", "channel": "post",
            "sale": "b2c", "declaration": "H7", "seller": { "registrations": ["eu.ioss"] },
            "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }] },
        "landed": "60"
    })),
    responses((status = 200, description = "Prices that land there", body = ref("#/components/schemas/Reverse"), content_type = "application/json")))]
pub(super) async fn reverse(State(desk): State<Desk>, _: Given<Plain>, headers: HeaderMap, body: Bytes) -> Reply {
    let asked: ReverseQuestion = body::json(&headers, &body)?;
    let consignment = dated(&desk, asked.consignment);
    let book = desk.book();
    let reverse = work::slowly(move || book.reverse(&consignment, asked.landed)).await??;
    reply::count(&desk, "/v1/quotes/reverse", "");
    Ok(reply::json(&reverse))
}

/// The question with today's date where it has none.
fn dated(desk: &Desk, mut asked: Consignment) -> Consignment {
    asked.date = asked.date.or_else(|| Some(desk.today()));
    asked
}
