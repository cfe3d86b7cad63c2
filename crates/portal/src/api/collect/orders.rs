//! Orders of a shop, as it asked about them at its checkout: quoted again, and recorded as sales.

use super::enter::{no, permitted};
use super::shapes::Recorded;
use crate::api::compare::Plain;
use crate::api::fields::{Given, JSON, wrong};
use crate::api::reply::{self, Reply};
use crate::api::{body, divide};
use crate::desk::{Book, Desk};
use crate::problem::{Problem, Wrong};
use crate::work;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use tidewaiter_collect::checkout::{Checkout, NotASale, Order};
use tidewaiter_collect::event::Event;
use tidewaiter_collect::service::Operation;

/// The door.
pub(super) const ORDERS: &str = "/v1/collect/sellers/{seller}/orders";
/// Most orders of one body.
pub(in crate::api) const MOST_ORDERS: usize = 1000;
/// Most mistakes that are told.
const MOST_FAULTS: usize = 50;

/// Record orders of a shop
///
/// For a shop that asked for quotes at its checkout: each parcel is quoted again by the law of the day of the order, and what the buyer paid is
/// recorded as a sale, with the scheme, the rate and the amount of each charge. Where `charged` is given and differs from what the quote
/// says, nothing is recorded. A sale whose number is there already is known and stays as it is, so that the same orders may be sent again. At
/// most 1,000 orders, recorded together or not at all.
#[utoipa::path(post, path = "/v1/collect/sellers/{seller}/orders", operation_id = "collectRecordOrders", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    request_body(content = ref("#/components/schemas/CollectOrders"), content_type = "application/json", example = json!([
        { "document": "R-1001", "date": "2026-10-05", "terms": "dap", "charged": "5.98",
          "parcels": [{ "from": "CN", "to": "FR", "currency": "EUR", "freight": "4.90", "channel": "post", "seller": { "registrations": ["eu.ioss"] },
                        "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }] }] }
    ])),
    responses((status = 200, description = "How many were recorded, and how many were known", body = ref("#/components/schemas/CollectRecorded"), content_type = "application/json")))]
pub(super) async fn record(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::Record, &seller).await?;
    body::is_of(&headers, &[JSON])?;
    let orders = work::slowly(move || read(&body)).await??;
    let numbers: BTreeSet<&str> = orders.iter().map(|order| order.document.as_str()).collect();
    let known = house.service.sold(&caller, &seller, &numbers).await.map_err(no(&desk))?;
    let all = orders.len();
    let new: Vec<(usize, Order)> =
        orders.into_iter().enumerate().filter(|(_, order)| !known.contains(&order.document)).collect();
    let known = all - new.len();
    let (book, today) = (desk.book(), desk.today());
    let events = work::slowly_while(move |is_awaited| sales(&book, today, &new, is_awaited)).await??;
    let taken =
        work::to_the_end(async move { house.service.record(&caller, &seller, &events, Timestamp::now()).await });
    let mut taken = taken.await?.map_err(no(&desk))?;
    taken.known += known as u64;
    Ok(reply::json(&Recorded::from(taken)))
}

fn read(body: &[u8]) -> Result<Vec<Order>, Problem> {
    let places = divide::elements(body, MOST_ORDERS)?;
    if places.is_empty() {
        return Err(Problem::request("There is no order in the body; send a JSON array of them."));
    }
    if places.len() > MOST_ORDERS {
        let message = format!("There are more orders than the {MOST_ORDERS} that are recorded together; divide them.");
        return Err(Problem::fields(vec![wrong("", "", message)]));
    }
    super::events::documents(body, places, |number| format!("[{}]", number - 1))
}

fn sales(
    book: &Book,
    today: Date,
    orders: &[(usize, Order)],
    is_awaited: &dyn Fn() -> bool,
) -> Result<Vec<Event>, Problem> {
    let checkout = Checkout::new(book);
    let (mut events, mut errors) = (Vec::with_capacity(orders.len()), Vec::new());
    for (n, order) in orders {
        // Whoever asked is gone, and nothing may be recorded of a part.
        if !is_awaited() {
            return Err(Problem::request("Nobody waits for the answer any more; nothing was recorded."));
        }
        if errors.len() >= MOST_FAULTS {
            break;
        }
        match checkout.order(order, today) {
            Ok(sale) => events.push(Event::Sale(sale)),
            Err(why) => errors.push(Wrong {
                field: match &why {
                    NotASale::Charged { .. } => format!("[{n}].charged"),
                    NotASale::Parcel(parcel, _) => format!("[{n}].parcels[{}]", parcel - 1),
                    _ => format!("[{n}]"),
                },
                value: order.document.clone(),
                message: why.to_string().into(),
            }),
        }
    }
    if errors.is_empty() { Ok(events) } else { Err(Problem::fields(errors)) }
}
