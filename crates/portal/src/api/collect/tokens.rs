//! Tokens of a seller's own people, and the log of what was done with what is its.

use super::enter::{ends, no, permitted};
use super::ledger::{PagedFields, whole};
use super::public::made_of;
use super::shapes::{Log, OwnToken, Tokens};
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
use tidewaiter_collect::service::Operation;

/// Tokens of a seller
///
/// Those of its own people, also revoked ones; never the tokens themselves.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/tokens", operation_id = "collectListOwnTokens", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    responses((status = 200, description = "Tokens", body = ref("#/components/schemas/CollectTokens"), content_type = "application/json")))]
pub(super) async fn list(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::OwnTokens, &seller).await?;
    let tokens = house.service.tokens(&caller, Some(&seller)).await.map_err(no(&desk))?;
    Ok(reply::json(&Tokens { tokens }))
}

/// Make a token for one's own
///
/// For another program or hand of the seller, or for its accountant, who reads and drafts and sends nothing. It is shown this once.
#[utoipa::path(post, path = "/v1/collect/sellers/{seller}/tokens", operation_id = "collectMakeOwnToken", tag = "collect",
    params(("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    request_body(content = ref("#/components/schemas/CollectGivenOwnToken"), content_type = "application/json", example = json!({
        "label": "Books & Co", "role": "accountant", "days": 90
    })),
    responses((status = 201, description = "The token", body = ref("#/components/schemas/CollectMade"), content_type = "application/json")))]
pub(super) async fn make(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::OwnTokens, &seller).await?;
    let asked: OwnToken = body::json(&headers, &body)?;
    let now = Timestamp::now();
    let expires = ends(now, asked.days);
    let made = house.service.make_own_token(&caller, &seller, &asked.label, asked.role, now, expires).await;
    Ok(made_of(made.map_err(no(&desk))?, expires))
}

/// Revoke a token of one's own
///
/// From now on it does not count.
#[utoipa::path(delete, path = "/v1/collect/sellers/{seller}/tokens/{id}", operation_id = "collectRevokeOwnToken", tag = "collect",
    params(
        ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop"),
        ("id" = String, Path, description = "Beginning of its hash, as it is listed", max_length = 12, example = "0123456789ab")),
    responses((status = 204, description = "It was revoked")))]
pub(super) async fn revoke(
    State(desk): State<Desk>,
    Path((seller, id)): Path<(String, String)>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::OwnTokens, &seller).await?;
    house.service.revoke(&caller, Some(&seller), &id, Timestamp::now()).await.map_err(no(&desk))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The log of a seller
///
/// What was done with what is the seller's: by whom, when, also what was taken out as a file. Each row has the hash of the one before in the
/// whole log.
#[utoipa::path(get, path = "/v1/collect/sellers/{seller}/log", operation_id = "collectReadOwnLog", tag = "collect",
    params(PagedFields, ("seller" = String, Path, description = "Short name of the seller", max_length = 64, example = "mug-shop")),
    responses((status = 200, description = "Rows, the oldest first", body = ref("#/components/schemas/CollectLog"), content_type = "application/json")))]
pub(super) async fn log(
    State(desk): State<Desk>,
    Path(seller): Path<String>,
    given: PagedFields,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::ReadLog, &seller).await?;
    let most = whole(&given, "most", 100);
    let rows = house.service.log(&caller, &seller, whole(&given, "after", 0), most).await.map_err(no(&desk))?;
    Ok(reply::json(&Log::of(rows, most)))
}
