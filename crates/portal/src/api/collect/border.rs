//! What an authority saw at the border, and how what was declared differs from it.

use super::enter::{no, permitted};
use super::events::CSV;
use super::ledger::whole;
use super::shapes::{BorderFiles, Differences};
use crate::api::body;
use crate::api::compare::Plain;
use crate::api::fields::{Door, Given, wrong};
use crate::api::reply::{self, Reply};
use crate::api::table::{Field, Kind};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::work;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use jiff::Timestamp;
use tidewaiter_collect::service::Operation;

/// The door that takes files of what was seen.
pub(super) const FILES: &str = "/v1/collect/authorities/{authority}/border";

const NAMED: &[Field] = &[Field::new("name", "Name of the file; one of the same name is replaced", Kind::Text(200))
    .required()
    .like("october.csv")];

/// A file with a name.
pub(super) struct Named;

impl Door for Named {
    const FIELDS: &'static [&'static [Field]] = &[NAMED];
}

type NamedFields = Given<Named>;

/// Hand in what was seen at the border
///
/// CSV with the columns number, month (2026-10), buyer (two letters, or empty), currency, consignments and value, at most 16 MiB. A file with a
/// mistake is refused whole, with each line that must be put right.
#[utoipa::path(post, path = "/v1/collect/authorities/{authority}/border", operation_id = "collectUploadBorder", tag = "collect",
    params(NamedFields, ("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    request_body(content = String, content_type = "text/csv", example = json!("number,month,buyer,currency,consignments,value\nIM3720000010,2026-10,FR,EUR,3,90.00\n")),
    responses((status = 201, description = "It was taken", body = ref("#/components/schemas/CollectUploaded"), content_type = "application/json")))]
pub(super) async fn upload(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    given: NamedFields,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::UploadBorder, &authority).await?;
    body::is_of(&headers, &[CSV])?;
    if body.is_empty() {
        return Err(Problem::request("The body is empty; send the file as CSV."));
    }
    let name = given.get("name").unwrap_or_default().to_owned();
    let uploaded = work::to_the_end(async move {
        house.service.upload_border(&caller, &authority, &name, &body, Timestamp::now()).await
    });
    Ok((StatusCode::CREATED, reply::json(&uploaded.await?.map_err(no(&desk))?)).into_response())
}

/// Files of what was seen at the border
///
/// Those that were taken, the newest first, each with its SHA-256.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/border", operation_id = "collectListBorder", tag = "collect",
    params(("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    responses((status = 200, description = "Files", body = ref("#/components/schemas/CollectBorderFiles"), content_type = "application/json")))]
pub(super) async fn list(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadAuthority, &authority).await?;
    let files = house.service.border_files(&caller, &authority).await.map_err(no(&desk))?;
    Ok(reply::json(&BorderFiles { files }))
}

const BETWEEN: &[Field] = &[
    Field::new("from", "First day", Kind::Day).required().like("2026-10-01"),
    Field::new("to", "Last day", Kind::Day).required().like("2026-10-31"),
    Field::new(
        "tolerance",
        "Per cent of the value at the border by which both may differ and still agree; 5 where absent",
        Kind::Whole(0, 100),
    ),
];

/// Between two days.
pub(super) struct Between;

impl Door for Between {
    const FIELDS: &'static [&'static [Field]] = &[BETWEEN];
}

type BetweenFields = Given<Between>;

/// Differences between what was declared and what came
///
/// For every number, period and territory. A difference is a question and no verdict: freight, refunds, the day of the sale and the day at the
/// border all make one.
#[utoipa::path(get, path = "/v1/collect/authorities/{authority}/differences", operation_id = "collectListDifferences", tag = "collect",
    params(BetweenFields, ("authority" = String, Path, description = "Name of the authority", max_length = 80, example = "eu.ioss.IE")),
    responses((status = 200, description = "Comparisons, the gravest first", body = ref("#/components/schemas/CollectDifferences"), content_type = "application/json")))]
pub(super) async fn differences(
    State(desk): State<Desk>,
    Path(authority): Path<String>,
    given: BetweenFields,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadAuthority, &authority).await?;
    let (from, to) = (given.day("from").unwrap_or_default(), given.day("to").unwrap_or_default());
    if to < from {
        return Err(Problem::fields(vec![wrong("to", &to.to_string(), "is before from")]));
    }
    let tolerance = u8::try_from(whole(&given, "tolerance", 5)).unwrap_or(u8::MAX);
    let differences = house.service.compare(&caller, &authority, from, to, tolerance).await.map_err(no(&desk))?;
    Ok(reply::json(&Differences { differences }))
}
