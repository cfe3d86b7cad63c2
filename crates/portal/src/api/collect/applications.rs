//! Applications of a seller: sent, answered, taken back.

use super::enter::{no, permitted};
use super::shapes::{Answering, Applications, Applying};
use crate::api::body;
use crate::api::compare::Plain;
use crate::api::fields::Given;
use crate::api::reply::{self, Reply};
use crate::desk::Desk;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use jiff::Timestamp;
use tidewaiter::record::world::TerritoryKind;
use tidewaiter_collect::service::Operation;

/// Applications of a seller
///
/// The newest first, with where each stands and what the authority says.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/applications", operation_id = "collectListApplications", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    responses((status = 200, description = "Applications", body = ref("#/components/schemas/CollectApplications"), content_type = "application/json")))]
pub(super) async fn list(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLedger, &seller).await?;
    let applications = house.service.own_applications(&caller, &seller).await.map_err(no(&desk))?;
    Ok(reply::json(&Applications { applications }))
}

/// Apply
///
/// For a registration, for other particulars, or for the end of one. What is written is checked by the form of the authority, and everything that
/// is wrong is named. Where the authority decides at once the application comes back decided.
#[utoipa::path(post, path = "/v1/collect/sellers/{seller}/applications", operation_id = "collectApply", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    request_body(content = ref("#/components/schemas/CollectGivenApplying"), content_type = "application/json", example = json!({
        "authority": "eu.ioss.IE", "asked": { "kind": "new", "day": "2026-09-01", "answers": { "legal_name": "Mug Shop" } }
    })),
    responses((status = 201, description = "It was sent", body = ref("#/components/schemas/CollectApplication"), content_type = "application/json")))]
pub(super) async fn apply(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::Apply, &seller).await?;
    let Applying { authority, asked } = body::json(&headers, &body)?;
    let is_country = countries(&desk);
    let (now, today) = (Timestamp::now(), desk.today());
    let made = house.service.apply(&caller, &seller, &authority, &asked, &is_country, now, today).await;
    Ok((StatusCode::CREATED, reply::json(&made.map_err(no(&desk))?)).into_response())
}

/// Whether two letters are a country.
fn countries(desk: &Desk) -> impl Fn(&str) -> bool + Sync + use<> {
    let book = desk.book();
    move |code| {
        let kind = book.territories().get(code).map(|one| one.kind);
        code.len() == 2 && kind.is_some_and(|kind| !matches!(kind, TerritoryKind::Union | TerritoryKind::Group))
    }
}

/// Answer what the authority asked
///
/// The form again, whole: what was written before is replaced.
#[utoipa::path(post, path = "/v1/collect/sellers/{seller}/applications/{id}/answers", operation_id = "collectAnswer", tag = "collect",
    params(
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("id" = String, Path, description = "Number of the application", max_length = 90, example = "mug-shop-1")),
    request_body(content = ref("#/components/schemas/CollectGivenAnswering"), content_type = "application/json", example = json!({
        "answers": { "legal_name": "Mug Shop" }
    })),
    responses((status = 200, description = "It was sent again", body = ref("#/components/schemas/CollectApplication"), content_type = "application/json")))]
pub(super) async fn answer(
    State(desk): State<Desk>,
    Path((seller, id)): Path<(String, String)>,
    _: Given<Plain>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::Apply, &seller).await?;
    let Answering { answers } = body::json(&headers, &body)?;
    let is_country = countries(&desk);
    let (now, today) = (Timestamp::now(), desk.today());
    let made = house.service.answer(&caller, &seller, &id, &answers, &is_country, now, today).await;
    Ok(reply::json(&made.map_err(no(&desk))?))
}

/// Take an application back
///
/// As long as nothing was decided. It has no body.
#[utoipa::path(post, path = "/v1/collect/sellers/{seller}/applications/{id}/withdrawal", operation_id = "collectWithdraw", tag = "collect",
    params(
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("id" = String, Path, description = "Number of the application", max_length = 90, example = "mug-shop-1")),
    responses((status = 200, description = "It was taken back", body = ref("#/components/schemas/CollectApplication"), content_type = "application/json")))]
pub(super) async fn withdraw(
    State(desk): State<Desk>,
    Path((seller, id)): Path<(String, String)>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::Apply, &seller).await?;
    let made = house.service.withdraw(&caller, &seller, &id, Timestamp::now()).await.map_err(no(&desk))?;
    Ok(reply::json(&made))
}
