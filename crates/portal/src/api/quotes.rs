//! What a parcel costs to land: one question, in the address or as a document.

use super::body;
use super::fields::{Door, Given, JSON};
use super::reply::{self, Reply};
use super::table::{Field, Kind};
use super::work;
use crate::desk::{Book, Desk, counted};
use crate::form;
use crate::guard::kept;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use std::sync::Arc;
use tidewaiter::{Ask, Consignment, Quote};

/// Most items of a question that is answered where it stands: each may be of several cases, and they multiply.
const FEW_ITEMS: usize = 1;

/// How many digits a goods code has, however it is written.
pub(super) fn digits(code: &str) -> usize {
    code.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether the derivation is wanted.
pub(super) const STEPS: &[Field] =
    &[Field::new("steps", "How each figure came about, step by step, in `steps` of the answer", Kind::Yes)];

/// A question in the address. Fields of one item are repeated in the order of the items.
const QUESTION: &[Field] = &[
    Field::new("goods", "What an item is: a goods code, or words. Repeated for each item", Kind::Text(500))
        .many()
        .like("6109.10"),
    Field::new("code", "Goods code of an item, 2 to 12 digits, in place of `goods`", Kind::Code).many(),
    Field::new("description", "What the seller calls an item, beside its code", Kind::Text(500)).many(),
    Field::new("origin", "Where an item was made, which is often not where it is sent from", Kind::Territory)
        .many()
        .like("CN"),
    Field::new("quantity", "How many of an item; 1 where it is empty", Kind::Amount).many().like("2"),
    Field::new("price", "Price of one, without taxes of the destination", Kind::Amount).many().required().like("12.50"),
    Field::new("item_weight_kg", "Weight of one in kilograms", Kind::Amount).many(),
    Field::new("duty_rate", "Customs duty of an item in percent, where you have looked it up", Kind::Amount).many(),
    Field::new("tax_class", "Tax class of an item, where you know it: `reduced`, `zero`", Kind::Text(60)).many(),
    Field::new("from", "Where it is sent from", Kind::Territory).like("CN"),
    Field::new("to", "Where it is sent to", Kind::Territory).required().like("FR"),
    Field::new("region", "State or province of the destination, where taxes differ by it", Kind::Text(12)),
    Field::new(
        "postcode",
        "Postcode of the destination: some places have rules of their own and yet the address of a state",
        Kind::Text(20),
    ),
    Field::new("currency", "Currency of all amounts, ISO 4217", Kind::Currency).required().like("EUR"),
    Field::new("date", "Day whose law applies; today where absent", Kind::Day).like("2026-11-21"),
    Field::new("as_of", "Another name for `date`", Kind::Day),
    Field::new("known_at", "Answer with what was published by this day", Kind::Day),
    Field::new("freight", "Transport to the border; for a shop, what the buyer pays for shipping", Kind::Amount)
        .like("4.90"),
    Field::new("inland_freight", "Transport inside the destination, where it is known apart", Kind::Amount),
    Field::new("insurance", "Insurance of the transport", Kind::Amount),
    Field::new("packing", "Packing charged to the buyer", Kind::Amount),
    Field::new("discount", "Discount on the order", Kind::Amount),
    Field::new("carrier_fee", "What the carrier charges for clearance", Kind::Amount),
    Field::new("weight_kg", "Gross weight of everything in kilograms", Kind::Amount),
    Field::new("parcels", "Number of parcels it travels in", Kind::Whole(1, 10_000)),
    Field::new("channel", "Who carries it", Kind::Choice(&["post", "express", "freight"])).like("post"),
    Field::new("sale", "Who sells to whom; `b2c` where absent", Kind::Choice(&["b2c", "b2b", "c2c"])),
    Field::new("gift", "Sent free between private persons", Kind::Yes),
    Field::new("declaration", "Type of customs declaration: `H1`, `H7`", Kind::Text(20)),
    Field::new("seller", "Where the seller is established; `from` where absent", Kind::Territory),
    Field::new("registration", "A scheme the seller is registered in", Kind::Text(60)).many().like("eu.ioss"),
    Field::new("buyer_registered", "The buyer gave a valid tax number", Kind::Yes),
    Field::new("fact", "An answer to a yes/no question of an earlier quote: `personal-use:yes`", Kind::Fact).many(),
    Field::new(
        "history",
        "The buyer's earlier parcels of a period, how many and worth how much: `month:3:250`",
        Kind::History,
    )
    .many(),
    Field::new("rate", "An exchange rate that takes precedence: one EUR is 7.8 CNY is `EUR:CNY:7.8`", Kind::Rate)
        .many(),
];

/// A question in the address.
pub(super) struct Read;

impl Door for Read {
    const FIELDS: &'static [&'static [Field]] = &[QUESTION, STEPS];
}

/// A question as a document.
pub(super) struct Sent;

impl Door for Sent {
    const FIELDS: &'static [&'static [Field]] = &[STEPS];
}

type ReadFields = Given<Read>;
type SentFields = Given<Sent>;

/// Ask in the address
///
/// What a parcel costs to land, and why. The whole question stands in the address, so it can be linked, kept and cached. Everything but the
/// destination, the currency and the prices may be left out: what is left out is assumed and said to be assumed, or asked about in
/// `missing`. At most 400 fields; a longer question is sent as a document.
#[utoipa::path(get, path = "/v1/quotes", operation_id = "readQuote", tag = "quotes", params(ReadFields),
    responses((status = 200, description = "The quote", body = ref("#/components/schemas/Quote"), content_type = "application/json")))]
pub(super) async fn read(State(desk): State<Desk>, given: ReadFields) -> Reply {
    let asked = form::read(&given.raw, None);
    if !asked.wrong.is_empty() {
        return Err(Problem::fields(asked.wrong));
    }
    answer(&desk, asked.consignment, given.yes("steps")).await
}

/// Ask with a document
///
/// The same for a question of any shape, as JSON: up to 999 items. The answer is byte for byte what the library, the command line and the
/// bindings give.
#[utoipa::path(post, path = "/v1/quotes", operation_id = "askQuote", tag = "quotes", params(SentFields),
    request_body(content = ref("#/components/schemas/Consignment"), content_type = "application/json", example = json!({
        "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "4.90", "channel": "post",
        "seller": { "registrations": ["eu.ioss"] },
        "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }]
    })),
    responses((status = 200, description = "The quote", body = ref("#/components/schemas/Quote"), content_type = "application/json")))]
pub(super) async fn ask(State(desk): State<Desk>, given: SentFields, headers: HeaderMap, body: Bytes) -> Reply {
    body::is_of(&headers, &[JSON])?;
    let steps = given.yes("steps");
    // The same question gives the same bytes, until the ratebook or the day is another.
    let key = desk.kept.keeps().then(|| {
        let (book, day) = (desk.book(), desk.today().to_string());
        kept::key([&b"quote"[..], book.mark(), day.as_bytes(), &[u8::from(steps)], &body])
    });
    if let Some(answer) = key.and_then(|key| desk.kept.get(&key)) {
        return Ok(answer.again(&desk));
    }
    let (answer, used) = counted(async {
        let asked = match body::document(&body) {
            Ok(asked) => asked,
            Err(problem) => return problem.into_response(),
        };
        answer(&desk, asked, steps).await.into_response()
    })
    .await;
    Ok(match key {
        Some(key) => kept::keep(&desk, key, used, kept::noted(answer)).await,
        None => answer,
    })
}

async fn answer(desk: &Desk, asked: Consignment, steps: bool) -> Reply {
    let ask = Ask { steps, today: Some(desk.today()) };
    let quote = asked_so(&desk.book(), asked, ask).await?;
    reply::count_quote(desk, "/v1/quotes", &quote);
    Ok(reply::json(&quote))
}

/// Answers a question for a page.
pub(crate) async fn quote(desk: &Desk, book: &Arc<Book>, asked: Consignment) -> Result<Quote, Problem> {
    asked_so(book, asked, Ask { steps: false, today: Some(desk.today()) }).await
}

/// Answers a question where it stands if it is complete, and beside the others if it has gaps: each gap may be many worlds.
async fn asked_so(book: &Arc<Book>, asked: Consignment, ask: Ask) -> Result<Quote, Problem> {
    let complete = asked.items.len() <= FEW_ITEMS
        && asked.items.iter().all(|i| i.origin.is_some() && i.code.as_ref().is_some_and(|c| digits(c) >= 6));
    if complete {
        return Ok(book.answer(&asked, &ask)?);
    }
    let book = Arc::clone(book);
    Ok(work::beside(move || book.answer(&asked, &ask)).await??)
}
