//! What an authority does: its form, applications, sellers, returns, log.

use super::enter::{file, no, period, permitted};
use super::ledger::{AsCsv, PagedFields, whole};
use super::shapes::{AllExpected, AllReceived, Applications, Log, OpenedReturn, Vendors};
use crate::api::body;
use crate::api::compare::Plain;
use crate::api::fields::{Door, Given};
use crate::api::reply::{self, Reply};
use crate::api::table::{Field, Kind};
use crate::desk::Desk;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use jiff::Timestamp;
use tidewaiter_collect::apply::Form;
use tidewaiter_collect::export;
use tidewaiter_collect::service::{Operation, Verdict};

/// The form of an authority
///
/// What it asks of those who apply. Everybody may know.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/form", operation_id = "collectReadForm", tag = "collect",
    params(("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    responses((status = 200, description = "The authority with its form", body = ref("#/components/schemas/CollectAuthority"), content_type = "application/json")))]
pub(super) async fn form(State(desk): State<Desk>, Path(authority): Path<String>, _: Given<Plain>) -> Reply {
    let (authority, _) = desk.collect()?.service.form(&authority).await.map_err(no(&desk))?;
    Ok(reply::json(&authority))
}

/// Set the form
///
/// Fields, checks of the authority's own, who decides, how numbers are made. Applications that wait keep what they were written for.
#[utoipa::path(put, path = "/v1/collect/authorities/{authority}/form", operation_id = "collectSetForm", tag = "collect",
    params(("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    request_body(content = ref("#/components/schemas/CollectForm"), content_type = "application/json", example = json!({
        "fields": [{ "key": "legal_name", "label": "Legal name", "kind": "text", "required": true }],
        "decision": "officer", "numbers": "IM372{6}{check}"
    })),
    responses((status = 200, description = "It was set", body = ref("#/components/schemas/CollectAuthority"), content_type = "application/json")))]
pub(super) async fn set_form(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::SetForm, &authority).await?;
    let form: Form = body::json(&headers, &body)?;
    let set = house.service.set_form(&caller, &authority, &form, Timestamp::now()).await.map_err(no(&desk))?;
    Ok(reply::json(&set))
}

/// Applications to an authority
///
/// Those that wait first, then the newest.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/applications", operation_id = "collectListApplicationsTo", tag = "collect",
    params(("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    responses((status = 200, description = "Applications", body = ref("#/components/schemas/CollectApplications"), content_type = "application/json")))]
pub(super) async fn applications(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadAuthority, &authority).await?;
    let applications = house.service.applications(&caller, &authority).await.map_err(no(&desk))?;
    Ok(reply::json(&Applications { applications }))
}

/// Decide on an application
///
/// Accept it, with a number of one's own or the next of the form; refuse it, with why; or ask for what is missing. Accepted, the registration
/// stands in the seller's ledger at once.
#[utoipa::path(post, path = "/v1/collect/authorities/{authority}/applications/{id}/decision", operation_id = "collectDecide", tag = "collect",
    params(
        ("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE"),
        ("id" = String, Path, description = "Number of the application", max_length = 90, example = "mug-shop-1")),
    request_body(content = ref("#/components/schemas/CollectGivenVerdict"), content_type = "application/json", example = json!({
        "decision": "ask", "says": "Write the address of your web site."
    })),
    responses((status = 200, description = "How it stands now", body = ref("#/components/schemas/CollectApplication"), content_type = "application/json")))]
pub(super) async fn decide(
    State(desk): State<Desk>,
    Path((authority, id)): Path<(String, String)>,
    _: Given<Plain>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    // Who may decide for this authority may for no other, and the service asks for that of the application.
    let (house, caller) = permitted(&desk, &headers, Operation::Decide, &authority).await?;
    let verdict: Verdict = body::json(&headers, &body)?;
    let decided = house.service.decide(&caller, &id, &verdict, Timestamp::now()).await.map_err(no(&desk))?;
    Ok(reply::json(&decided))
}

/// Sellers of an authority
///
/// Those that are or were registered with it, with what they wrote into the form.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/vendors", operation_id = "collectListVendors", tag = "collect",
    params(("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    responses((status = 200, description = "Sellers, by their numbers", body = ref("#/components/schemas/CollectVendors"), content_type = "application/json")))]
pub(super) async fn vendors(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadAuthority, &authority).await?;
    let vendors = house.service.vendors(&caller, &authority).await.map_err(no(&desk))?;
    Ok(reply::json(&Vendors { vendors }))
}

/// Sellers of an authority as a file
///
/// The same as CSV, a column for each field of the form. That it was taken out stands in the log before it is given.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/vendors/export", operation_id = "collectExportVendors", tag = "collect",
    params(("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    responses((status = 200, description = "The file", body = String, content_type = "text/csv")))]
pub(super) async fn vendors_file(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    _: Given<AsCsv>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ExportAuthority, &authority).await?;
    house.service.note_export(&caller, &authority, "vendors csv", Timestamp::now()).await.map_err(no(&desk))?;
    let vendors = house.service.vendors(&caller, &authority).await.map_err(no(&desk))?;
    let mut bytes = Vec::new();
    export::vendors(&vendors, &mut bytes).map_err(|refused| Problem::request(refused.to_string()))?;
    Ok(file("text/csv; charset=utf-8", &format!("{authority}_vendors.csv"), bytes))
}

const ON: &[Field] = &[Field::new("today", "The day up to which it is said; today where absent", Kind::Day)];

/// On which day.
pub(super) struct OnDay;

impl Door for OnDay {
    const FIELDS: &'static [&'static [Field]] = &[ON];
}

type OnDayFields = Given<OnDay>;

/// Returns that may be expected
///
/// Of every registered seller each period that is over, with whether its return is missing, open, late or came in time: the most pressing first.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/expected", operation_id = "collectListExpected", tag = "collect",
    params(OnDayFields, ("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    responses((status = 200, description = "Returns", body = ref("#/components/schemas/CollectAllExpected"), content_type = "application/json")))]
pub(super) async fn expected(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    given: OnDayFields,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadAuthority, &authority).await?;
    let today = given.day("today").unwrap_or_else(|| desk.today());
    let expected = house.service.expected(&caller, &authority, today).await.map_err(no(&desk))?;
    Ok(reply::json(&AllExpected { expected }))
}

/// Returns that were received
///
/// The newest first, at most 5,000.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/returns", operation_id = "collectListReceived", tag = "collect",
    params(("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    responses((status = 200, description = "Returns", body = ref("#/components/schemas/CollectAllReceived"), content_type = "application/json")))]
pub(super) async fn returns(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadAuthority, &authority).await?;
    let returns = house.service.received(&caller, &authority).await.map_err(no(&desk))?;
    Ok(reply::json(&AllReceived { returns }))
}

/// A return that was received
///
/// With the document as it was handed in, and the receipt that the seller has.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/returns/{seller}/{period}/{n}", operation_id = "collectReadReceived", tag = "collect",
    params(
        ("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE"),
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("period" = String, Path, description = "A month as 2026-10, a quarter as 2026-Q4, other months as 2026-11_2027-01", max_length = 20, example = "2026-10"),
        ("n" = u64, Path, description = "Which one of the period: the first is 1", maximum = 1000000, example = "1")),
    responses((status = 200, description = "The return", body = ref("#/components/schemas/CollectOpenedReturn"), content_type = "application/json")))]
pub(super) async fn opened(
    State(desk): State<Desk>,
    Path((authority, seller, of, n)): Path<(String, String, String, u64)>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadAuthority, &authority).await?;
    let period = period(&of)?;
    let one = house.service.open_return(&caller, &authority, &seller, period, n).await.map_err(no(&desk))?;
    Ok(reply::json(&OpenedReturn { received: one.received, document: one.document, signed: one.receipt.into() }))
}

/// The log of an authority
///
/// What was done with what is the authority's: by whom, when, also what was taken out as a file.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/log", operation_id = "collectReadAuthorityLog", tag = "collect",
    params(PagedFields, ("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    responses((status = 200, description = "Rows, the oldest first", body = ref("#/components/schemas/CollectLog"), content_type = "application/json")))]
pub(super) async fn log(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    given: PagedFields,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLog, &authority).await?;
    let most = whole(&given, "most", 100);
    let rows = house.service.log(&caller, &authority, whole(&given, "after", 0), most).await.map_err(no(&desk))?;
    Ok(reply::json(&Log::of(rows, most)))
}
