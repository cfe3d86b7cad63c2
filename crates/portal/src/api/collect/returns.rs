//! Returns of a seller: what is due, drafts and what stands behind them, files, sending.

use super::enter::{file, no, period, permitted};
use super::ledger::{MOST, whole};
use super::shapes::{Lines, OpenReturn, OpenedReturn, Returns, Sent};
use crate::api::compare::Plain;
use crate::api::fields::{Door, Given, JSON, wrong};
use crate::api::reply::{self, Reply};
use crate::api::table::{Field, Kind};
use crate::api::{body, work};
use crate::desk::Desk;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use tidewaiter_collect::deadline::{calendar as written, coming};
use tidewaiter_collect::export::{self, Particulars, Shape};
use tidewaiter_collect::service::Operation;

/// How many months a calendar looks ahead.
const MONTHS_AHEAD: u16 = 6;
/// Media type of calendars.
const CALENDAR: &str = "text/calendar";

/// Published shapes as they are asked for.
const SHAPES: [(&str, Shape); 4] = [
    ("hmrc-ioss", Shape::HmrcIossJson),
    ("hmrc-oss", Shape::HmrcOssJson),
    ("hmrc-vat", Shape::HmrcVatMtdJson),
    ("ech-0217", Shape::Ech0217),
];

/// Returns of a seller
///
/// Those that are open: their period is over and they were not sent; `late` says whether the day by which they are due has passed. And those
/// that were sent to authorities here.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/returns", operation_id = "collectListReturns", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    responses((status = 200, description = "Open and sent ones", body = ref("#/components/schemas/CollectReturns"), content_type = "application/json")))]
pub(super) async fn list(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLedger, &seller).await?;
    let today = desk.today();
    let open = house.service.open_returns(&caller, &seller, today).await.map_err(no(&desk))?;
    let sent = house.service.sent(&caller, &seller).await.map_err(no(&desk))?;
    let open = open.into_iter().map(|deadline| OpenReturn { late: deadline.due < today, deadline }).collect();
    Ok(reply::json(&Returns { open, sent }))
}

/// Draft a return
///
/// What the ledger says for a period, each figure with the amounts in the currencies of the sales. Nothing is sent. Where an exchange rate is
/// not known, `owed` is absent and `missing` says which.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/returns/{scheme}/{period}", operation_id = "collectDraftReturn", tag = "collect",
    params(
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("scheme" = String, Path, description = "Key of the scheme", max_length = 60, example = "eu.ioss"),
        ("period" = String, Path, description = "A month as 2026-10, a quarter as 2026-Q4, other months as 2026-11_2027-01", max_length = 20, example = "2026-10")),
    responses((status = 200, description = "The draft", body = ref("#/components/schemas/CollectReturn"), content_type = "application/json")))]
pub(super) async fn draft(
    State(desk): State<Desk>,
    Path((seller, scheme, of)): Path<(String, String, String)>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLedger, &seller).await?;
    let (period, book) = (period(&of)?, desk.book());
    let made = house.service.draft(&caller, &seller, &scheme, period, &book).await.map_err(no(&desk))?;
    Ok(reply::json(&made))
}

const BEHIND: &[Field] =
    &[Field::new("after", "`next` of the answer before; from the beginning where absent", Kind::Text(41)), MOST];

/// Lines behind a return.
pub(super) struct Behind;

impl Door for Behind {
    const FIELDS: &'static [&'static [Field]] = &[BEHIND];
}

type BehindFields = Given<Behind>;

/// What stands behind a return
///
/// The sales, refunds and corrections whose tax is in it, in the order in which they were recorded.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/returns/{scheme}/{period}/lines", operation_id = "collectListLines", tag = "collect",
    params(BehindFields,
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("scheme" = String, Path, description = "Key of the scheme", max_length = 60, example = "eu.ioss"),
        ("period" = String, Path, description = "A month as 2026-10, a quarter as 2026-Q4, other months as 2026-11_2027-01", max_length = 20, example = "2026-10")),
    responses((status = 200, description = "Lines", body = ref("#/components/schemas/CollectLines"), content_type = "application/json")))]
pub(super) async fn lines(
    State(desk): State<Desk>,
    Path((seller, scheme, of)): Path<(String, String, String)>,
    given: BehindFields,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLedger, &seller).await?;
    let period = period(&of)?;
    let after = match given.get("after") {
        None => (0, 0),
        Some(text) => place(text)?,
    };
    let most = whole(&given, "most", 100);
    let found = house.service.lines(&caller, &seller, &scheme, period, after, most).await.map_err(no(&desk))?;
    let next = found.last().filter(|_| found.len() as u64 >= most).map(|((entry, row), _)| format!("{entry}.{row}"));
    Ok(reply::json(&Lines { lines: found.into_iter().map(|(_, line)| line).collect(), next }))
}

/// The place of a line: its entry, and which of its lines.
fn place(text: &str) -> Result<(u64, u64), Problem> {
    let read = text.split_once('.').and_then(|(entry, row)| Some((entry.parse().ok()?, row.parse().ok()?)));
    read.ok_or_else(|| Problem::fields(vec![wrong("after", text, "must be next of an answer before, such as 12.0")]))
}

const AS: &[Field] =
    &[Field::new("shape", "`json`: the return itself; `csv`: its figures", Kind::Choice(&["json", "csv"]))
        .required()
        .like("csv")];

/// In which form.
pub(super) struct AsFile;

impl Door for AsFile {
    const FIELDS: &'static [&'static [Field]] = &[AS];
    const GIVES: &'static [&'static str] = &[JSON, super::events::CSV];
}

type AsFileFields = Given<AsFile>;

/// A return as a file
///
/// For the accountant: the return itself as JSON, or its figures as CSV. That it was taken out stands in the log before it is given.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/returns/{scheme}/{period}/export", operation_id = "collectExportReturn", tag = "collect",
    params(AsFileFields,
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("scheme" = String, Path, description = "Key of the scheme", max_length = 60, example = "eu.ioss"),
        ("period" = String, Path, description = "A month as 2026-10, a quarter as 2026-Q4, other months as 2026-11_2027-01", max_length = 20, example = "2026-10")),
    responses((status = 200, description = "The file", content(
        (ref("#/components/schemas/CollectReturn") = "application/json"), (String = "text/csv")))))]
pub(super) async fn export(
    State(desk): State<Desk>,
    Path((seller, scheme, of)): Path<(String, String, String)>,
    given: AsFileFields,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ExportLedger, &seller).await?;
    let (period, book) = (period(&of)?, desk.book());
    let shape = given.get("shape").unwrap_or_default();
    let made = house.service.draft(&caller, &seller, &scheme, period, &book).await.map_err(no(&desk))?;
    let what = format!("{scheme} {period} {shape}");
    house.service.note_export(&caller, &seller, &what, Timestamp::now()).await.map_err(no(&desk))?;
    let name = format!("{scheme}_{}", period.to_string().replace('/', "_"));
    if shape == "json" {
        let text = export::document(&made).map_err(unfit)?;
        return Ok(file(JSON, &format!("{name}.json"), text));
    }
    let mut bytes = Vec::new();
    export::figures(&made, &mut bytes).map_err(unfit)?;
    Ok(file("text/csv; charset=utf-8", &format!("{name}.csv"), bytes))
}

const PUBLISHED: &[Field] = &[Field::new(
    "shape",
    "The shape that the authority of the scheme published",
    Kind::Choice(&["hmrc-ioss", "hmrc-oss", "hmrc-vat", "ech-0217"]),
)
.required()
.like("hmrc-ioss")];

/// In which published shape.
pub(super) struct AsPublished;

impl Door for AsPublished {
    const FIELDS: &'static [&'static [Field]] = &[PUBLISHED];
    const GIVES: &'static [&'static str] = &[JSON, "application/xml"];
}

type AsPublishedFields = Given<AsPublished>;

/// A return in a published shape
///
/// The file that an authority's own portal takes, with what it asks for beside the figures in the body. It does not fit where something of that
/// is missing: each is named. That it was taken out stands in the log before it is given. Nothing is sent.
#[utoipa::path(post, path = "/v1/collect/sellers/{seller}/returns/{scheme}/{period}/export", operation_id = "collectPublishReturn", tag = "collect",
    params(AsPublishedFields,
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("scheme" = String, Path, description = "Key of the scheme", max_length = 60, example = "eu.ioss"),
        ("period" = String, Path, description = "A month as 2026-10, a quarter as 2026-Q4, other months as 2026-11_2027-01", max_length = 20, example = "2026-10")),
    request_body(content = ref("#/components/schemas/CollectGivenParticulars"), content_type = "application/json", example = json!({
        "registration_changed": "2026-05-17T10:00:00Z"
    })),
    responses((status = 200, description = "The file", content(
        (ref("#/components/schemas/CollectFile") = "application/json"), (String = "application/xml")))))]
pub(super) async fn published(
    State(desk): State<Desk>,
    Path((seller, scheme, of)): Path<(String, String, String)>,
    given: AsPublishedFields,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ExportLedger, &seller).await?;
    let mut told: Particulars = body::json(&headers, &body)?;
    told.at = Timestamp::now();
    let (period, book) = (period(&of)?, desk.book());
    let asked = given.get("shape").unwrap_or_default();
    let made = house.service.draft(&caller, &seller, &scheme, period, &book).await.map_err(no(&desk))?;
    let definition = house.service.definitions().get(&scheme);
    let definition = definition.ok_or_else(|| Problem::not_found("There is no such scheme here."))?;
    let own = Shape::of(definition).map_err(unfit)?;
    if SHAPES.iter().all(|(name, shape)| *name != asked || *shape != own) {
        let own = SHAPES.iter().find(|(_, shape)| *shape == own).map_or("", |(name, _)| name);
        let says = format!("is not the shape of {scheme}; that is {own}");
        return Err(Problem::fields(vec![wrong("shape", asked, says)]));
    }
    let written = export::published(definition, &made, &told).map_err(unfit)?;
    let what = format!("{scheme} {period} {asked}");
    house.service.note_export(&caller, &seller, &what, Timestamp::now()).await.map_err(no(&desk))?;
    Ok(file(own.media_type(), &written.file_name, written.text))
}

/// Why a return was not written, each fault by its place.
fn unfit(refused: export::Refused) -> Problem {
    match refused {
        export::Refused::Unfit(faults) => {
            Problem::fields(faults.iter().map(|fault| wrong(&fault.at, "", fault.says.clone())).collect())
        }
        other => {
            let title = "As things stand it cannot be done";
            Problem::new(StatusCode::CONFLICT, "stands", title, other.to_string())
        }
    }
}

/// Send a return
///
/// Makes the return of a period that is over, hands it to the authority that registered the seller, and closes the period, all at once, so that
/// no sale falls between. The answer is the signed receipt; it can be fetched again. It has no body.
#[utoipa::path(post, path = "/v1/collect/sellers/{seller}/returns/{scheme}/{period}", operation_id = "collectSendReturn", tag = "collect",
    params(
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("scheme" = String, Path, description = "Key of the scheme", max_length = 60, example = "eu.ioss"),
        ("period" = String, Path, description = "A month as 2026-10, a quarter as 2026-Q4, other months as 2026-11_2027-01", max_length = 20, example = "2026-10")),
    responses((status = 201, description = "It was received", body = ref("#/components/schemas/CollectSent"), content_type = "application/json")))]
pub(super) async fn send(
    State(desk): State<Desk>,
    Path((seller, scheme, of)): Path<(String, String, String)>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::SendReturn, &seller).await?;
    let (period, book, today) = (period(&of)?, desk.book(), desk.today());
    let sent = house.service.send_return(&caller, &seller, &scheme, period, &book, Timestamp::now(), today).await;
    let (receipt, signed) = sent.map_err(no(&desk))?;
    Ok(received(Sent { receipt, signed: signed.into() }))
}

fn received(sent: Sent) -> Response {
    (StatusCode::CREATED, reply::json(&sent)).into_response()
}

/// Hand in a return of another program
///
/// A return that was made elsewhere, in the shape that drafts have here. Its figures must add up. The ledger here stays as it is. A second one
/// for the same period amends the first. The answer is the signed receipt.
#[utoipa::path(post, path = "/v1/collect/sellers/{seller}/declarations", operation_id = "collectHandIn", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    request_body(content = ref("#/components/schemas/CollectGivenDeclaration"), content_type = "application/json", example = json!({
        "scheme": "eu.ioss", "number": "IM3720000010", "period": "2026-09", "currency": "EUR",
        "rows": [{ "member_state": "FR", "rate_type": "standard", "rate": "20 %", "net": "100.00", "tax": "20.00" }], "owed": "20.00"
    })),
    responses((status = 201, description = "It was received", body = ref("#/components/schemas/CollectSent"), content_type = "application/json")))]
pub(super) async fn hand_in(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::SendReturn, &seller).await?;
    body::is_of(&headers, &[JSON])?;
    // Read once here so that a wrong field is named; what is kept is the text as it came.
    body::document::<tidewaiter_collect::service::Declaration>(&body)?;
    let text = std::str::from_utf8(&body).map_err(|_| Problem::request("Write the body in UTF-8."))?;
    let sent = house.service.hand_in(&caller, &seller, text, Timestamp::now(), desk.today()).await;
    let (receipt, signed) = sent.map_err(no(&desk))?;
    Ok(received(Sent { receipt, signed: signed.into() }))
}

/// A return that was sent
///
/// With the document as the authority has it, and the signed receipt.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/sent/{authority}/{period}/{n}", operation_id = "collectReadSent", tag = "collect",
    params(
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("authority" = String, Path, description = "Which authority has it", max_length = 80, example = "eu.ioss.IE"),
        ("period" = String, Path, description = "A month as 2026-10, a quarter as 2026-Q4, other months as 2026-11_2027-01", max_length = 20, example = "2026-10"),
        ("n" = u64, Path, description = "Which one of the period: the first is 1", maximum = 1000000, example = "1")),
    responses((status = 200, description = "The return", body = ref("#/components/schemas/CollectOpenedReturn"), content_type = "application/json")))]
pub(super) async fn sent(
    State(desk): State<Desk>,
    Path((seller, authority, of, n)): Path<(String, String, String, u64)>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLedger, &seller).await?;
    let period = period(&of)?;
    let one = house.service.open_return(&caller, &authority, &seller, period, n).await.map_err(no(&desk))?;
    Ok(reply::json(&OpenedReturn { received: one.received, document: one.document, signed: one.receipt.into() }))
}

/// A calendar.
pub(super) struct AsCalendar;

impl Door for AsCalendar {
    const FIELDS: &'static [&'static [Field]] = &[];
    const GIVES: &'static [&'static str] = &[CALENDAR];
}

/// A calendar
///
/// The days by which returns must be sent and paid, as iCalendar: those that are open, and those of the next six months.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/calendar", operation_id = "collectReadCalendar", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    responses((status = 200, description = "The calendar", body = String, content_type = "text/calendar")))]
pub(super) async fn calendar(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<AsCalendar>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLedger, &seller).await?;
    let today = desk.today();
    let mut all = house.service.open_returns(&caller, &seller, today).await.map_err(no(&desk))?;
    let past = house.service.past(&caller, &seller).await.map_err(no(&desk))?;
    for definition in past.schemes().filter_map(|scheme| house.service.definitions().get(scheme)) {
        let ends = past.registration(&definition.scheme.key).and_then(|one| one.before);
        let ahead = coming(definition, &past, today, MONTHS_AHEAD);
        all.extend(ahead.into_iter().filter(|one| ends.is_none_or(|ends| one.period.first() < ends)));
    }
    let text = work::beside(move || written(&all, Timestamp::now())).await?;
    Ok(file("text/calendar; charset=utf-8", "returns.ics", text))
}
