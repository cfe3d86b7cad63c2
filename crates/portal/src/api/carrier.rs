//! Delivery options for the checkout of a shop that asks a carrier for its rates.

use super::compare::Plain;
use super::fields::Given;
use super::reply::{self, Reply};
use super::{body, work};
use crate::carrier::asked::CarrierQuestion;
use crate::carrier::rates::{CarrierRates, Offer, at_home as at_home_rate};
use crate::carrier::{Shop, signature};
use crate::desk::{Book, Desk};
use crate::locale::Lang;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use std::sync::Arc;
use tidewaiter::{Ask, Decimal, Quote};

/// Most kinds of goods of a basket that is answered at once.
const MOST_AT_ONCE: usize = 20;

/// Delivery options with duty
///
/// For the checkout of a shop that asks a carrier service for its rates, in the shape in which Shopify asks: each way of delivery that the shop
/// set up here is offered duty paid, with duty, tax and fees in its price, and duty unpaid, with what is due at the door in its description.
/// Duty paid is left out where the sum cannot be said, and both where the goods may not be sold there. The operator sets the shops up in a file.
/// This door is tested against the published contract alone and has never met a real shop of Shopify.
#[utoipa::path(post, path = "/v1/shops/{shop}/carrier-rates", operation_id = "listDeliveryOptions", tag = "quotes",
    params(
        ("shop" = String, Path, description = "Name of the shop", max_length = 40, example = "example"),
        ("X-Shopify-Hmac-Sha256" = Option<String>, Header, max_length = 100, description = "Signature of the body with the secret of the shop, in Base64; needed where the shop has a secret")),
    request_body(content = ref("#/components/schemas/CarrierQuestion"), content_type = "application/json", example = json!({
        "rate": {
            "origin": { "country": "CN" }, "destination": { "country": "FR", "postal_code": "75001" },
            "items": [{ "name": "T-shirt", "sku": "TEE", "quantity": 2, "grams": 200, "price": 1250 }],
            "currency": "EUR", "locale": "en"
        }
    })),
    responses(
        (status = 200, description = "The ways of delivery, none where nothing can be delivered", body = ref("#/components/schemas/CarrierRates"), content_type = "application/json"),
        (status = 404, description = "No shop of this name asks here")))]
pub(super) async fn ask(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let shop = desk.shops.named(&name);
    let shop = shop
        .ok_or_else(|| Problem::not_found("No shop of this name asks here. The operator of the service sets it up."))?;
    let sent = headers.get(signature::HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if sent.len() > signature::LONGEST || shop.secret().is_some_and(|secret| !signature::is_of(sent, secret, &body)) {
        let detail = "Sign the body with the secret of the shop, in X-Shopify-Hmac-Sha256.";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "signature", "The signature does not count", detail));
    }
    let asked: CarrierQuestion = body::json(&headers, &body)?;
    let (book, ask) = (desk.book(), Ask { steps: false, today: Some(desk.today()) });
    // A large basket takes a turn of those that may take seconds; and nobody goes on for a checkout that no longer waits.
    let large = asked.rate.kinds() > MOST_AT_ONCE;
    let limit = desk.settings.checkout_time;
    let answered = tokio::time::timeout(limit, async move {
        let told = move |awaited: &dyn Fn() -> bool| answer(&book, &shop, &asked, &ask, awaited);
        if large { work::slowly_while(told).await? } else { work::beside_while(told).await? }
    });
    let too_long = || {
        let detail = "Ask for fewer kinds of goods, or give the goods codes and origins in the table of the shop.";
        Problem::new(StatusCode::GATEWAY_TIMEOUT, "time", "It took too long", detail)
    };
    let rates = answered.await.map_err(|_| too_long())??;
    reply::count(&desk, "/v1/shops/{shop}/carrier-rates", if rates.rates.is_empty() { "none" } else { "rates" });
    Ok(reply::json(&rates))
}

/// Each price of transport is a question of its own: it is part of what duty and tax are computed on.
fn answer(
    book: &Arc<Book>,
    shop: &Shop,
    asked: &CarrierQuestion,
    ask: &Ask,
    awaited: &dyn Fn() -> bool,
) -> Result<CarrierRates, Problem> {
    let basket = &asked.rate;
    let tag = basket.locale.as_deref().unwrap_or_default();
    let lang = Lang::of_tag(&tag.get(..2).unwrap_or_default().to_ascii_lowercase()).unwrap_or(Lang::FIRST);
    let mut told = CarrierRates::default();
    let Some(question) = basket.question(shop, book)? else { return Ok(told) };
    let (mut consignment, place) = (question.consignment, question.place);
    let at_home = consignment.from.as_ref() == Some(&place);
    let mut quotes: Vec<(Decimal, Quote)> = Vec::new();
    for (at, delivery) in shop.deliveries.iter().enumerate() {
        if !delivery.takes(&place, &consignment.currency, question.weight_kg) {
            continue;
        }
        if at_home {
            told.rates.extend(at_home_rate(at + 1, delivery, lang));
            continue;
        }
        let known = quotes.iter().position(|(price, _)| *price == delivery.price);
        let known = match known {
            Some(known) => known,
            None if !awaited() => return Ok(told),
            None => {
                consignment.freight = Some(delivery.price);
                quotes.push((delivery.price, book.answer(&consignment, ask)?));
                quotes.len() - 1
            }
        };
        if let Some((_, quote)) = quotes.get(known) {
            told.rates.extend(Offer { number: at + 1, delivery, quote }.rates(book, lang));
        }
    }
    Ok(told)
}
