//! What happened: recording and reading it.

use super::enter::{no, permitted};
use super::events::{self, CSV};
use super::shapes::{Balance, Balances, Entries, Recorded};
use crate::api::compare::Plain;
use crate::api::fields::{Door, Given};
use crate::api::reply::{self, Reply};
use crate::api::table::{Field, Kind};
use crate::desk::Desk;
use crate::work;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use jiff::Timestamp;
use tidewaiter_collect::service::Operation;

/// The door that takes files of events.
pub(super) const EVENTS: &str = "/v1/collect/sellers/{seller}/events";

/// How many rows at once.
pub(super) const MOST: Field = Field::new("most", "At most so many; 100 where absent", Kind::Whole(1, 1000));
/// Rows after a number.
pub(super) const AFTER: Field =
    Field::new("after", "Those after this number; from the beginning where absent", Kind::Whole(0, i64::MAX));

const PAGE: &[Field] = &[AFTER, MOST];

/// Rows after a number.
pub(super) struct Paged;

impl Door for Paged {
    const FIELDS: &'static [&'static [Field]] = &[PAGE];
}

pub(super) type PagedFields = Given<Paged>;

/// A whole number of an address.
pub(super) fn whole<D: Door>(given: &Given<D>, name: &str, absent: u64) -> u64 {
    given.get(name).and_then(|text| text.parse().ok()).unwrap_or(absent)
}

/// Record what happened
///
/// Sales, refunds, corrections, payments: a JSON array, one document a line (`application/x-ndjson`), or CSV (`text/csv`) with the columns of
/// `tidewaiter collect import`. At most 20,000 events and 16 MiB, recorded together or not at all. What was recorded before is counted as known
/// and changes nothing, so that the same body may be sent again: also after an answer that it took too long, for it is
/// recorded to its end all the same.
#[utoipa::path(post, path = "/v1/collect/sellers/{seller}/events", operation_id = "collectRecordEvents", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    request_body(content(
        (ref("#/components/schemas/CollectEvents") = "application/json", example = json!([
            { "kind": "sale", "document": "A-1", "date": "2026-10-05", "to": "FR", "currency": "EUR", "goods": "100.00",
              "rows": [{ "charge": "eu.vat", "scheme": "eu.ioss", "rate": "20 %", "rate_type": "standard", "net": "100.00", "amount": "20.00" }] }
        ])),
        (String = "application/x-ndjson", example = json!("{\"kind\":\"sale\",\"document\":\"A-2\",\"date\":\"2026-10-06\",\"to\":\"DE\",\"currency\":\"EUR\",\"goods\":\"50.00\",\"rows\":[{\"charge\":\"eu.vat\",\"scheme\":\"eu.ioss\",\"rate\":\"19 %\",\"rate_type\":\"standard\",\"net\":\"50.00\",\"amount\":\"9.50\"}]}\n")),
        (String = "text/csv", example = json!("kind,document,date,to,currency,goods,charge,scheme,rate,rate_type,net,amount\nsale,A-3,2026-10-07,FR,EUR,10.00,eu.vat,eu.ioss,20 %,standard,10.00,2.00\n"))
    )),
    responses((status = 200, description = "How many were recorded, and how many were known", body = ref("#/components/schemas/CollectRecorded"), content_type = "application/json")))]
pub(super) async fn record(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::Record, &seller).await?;
    let (events, is_table) = work::slowly(move || events::read(&headers, &body)).await??;
    let taken = work::to_the_end(async move {
        let (service, now) = (&house.service, Timestamp::now());
        if is_table {
            service.record_file(&caller, &seller, "CSV", &events, now).await
        } else {
            service.record(&caller, &seller, &events, now).await
        }
    });
    Ok(reply::json(&Recorded::from(taken.await?.map_err(no(&desk))?)))
}

/// Entries of a ledger
///
/// What was recorded, the oldest first, each with the hash of the one before: whoever has all of them can make the ledger again.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/entries", operation_id = "collectListEntries", tag = "collect",
    params(PagedFields, ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    responses((status = 200, description = "Entries", body = ref("#/components/schemas/CollectEntries"), content_type = "application/json")))]
pub(super) async fn entries(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    given: PagedFields,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLedger, &seller).await?;
    let most = whole(&given, "most", 100);
    let entries = house.service.entries(&caller, &seller, whole(&given, "after", 0), most).await.map_err(no(&desk))?;
    let next = entries.last().filter(|_| entries.len() as u64 >= most).map(|entry| entry.seq);
    Ok(reply::json(&Entries { entries, next }))
}

/// Balances
///
/// What every account of the ledger holds in every currency: tax collected and not yet declared, declared and not yet paid, and so on.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/balances", operation_id = "collectReadBalances", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    responses((status = 200, description = "Each account in each currency", body = ref("#/components/schemas/CollectBalances"), content_type = "application/json")))]
pub(super) async fn balances(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLedger, &seller).await?;
    let past = house.service.past(&caller, &seller).await.map_err(no(&desk))?;
    let of = |((account, currency), amount): (&(_, String), &_)| {
        let account: &tidewaiter_collect::ledger::Account = account;
        Balance { account: account.to_string(), currency: currency.clone(), amount: *amount }
    };
    Ok(reply::json(&Balances { balances: past.balances().iter().map(of).collect() }))
}

/// A door that answers with a file of CSV.
pub(super) struct AsCsv;

impl Door for AsCsv {
    const FIELDS: &'static [&'static [Field]] = &[];
    const GIVES: &'static [&'static str] = &[CSV];
}
