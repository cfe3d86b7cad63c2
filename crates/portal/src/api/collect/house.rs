//! Those who run the house: they admit authorities, give tokens and read the log. They read no ledger and no return.

use super::enter::{ends, no, permitted};
use super::ledger::{AFTER, MOST, whole};
use super::public::made_of;
use super::shapes::{AnyToken, Log, NewAuthority, Tokens};
use crate::api::body;
use crate::api::compare::Plain;
use crate::api::fields::{Door, Given};
use crate::api::reply::{self, Reply};
use crate::api::table::{Field, Kind};
use crate::desk::Desk;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use jiff::Timestamp;
use tidewaiter_collect::service::Operation;

/// Admit an authority
///
/// Its form is that of the scheme until it sets another.
#[utoipa::path(post, path = "/v1/collect/authorities", operation_id = "collectAdmitAuthority", tag = "collect",
    request_body(content = ref("#/components/schemas/CollectGivenNewAuthority"), content_type = "application/json", example = json!({
        "scheme": "eu.ioss", "member_state": "FR", "name": "Tax office of France (an example)"
    })),
    responses((status = 201, description = "It is admitted", body = ref("#/components/schemas/CollectAuthority"), content_type = "application/json")))]
pub(super) async fn admit(State(desk): State<Desk>, _: Given<Plain>, headers: HeaderMap, body: Bytes) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::Admit, "").await?;
    let NewAuthority { scheme, member_state, name } = body::json(&headers, &body)?;
    let made = house.service.add_authority(&caller, &scheme, member_state.as_deref(), &name, Timestamp::now()).await;
    Ok((StatusCode::CREATED, reply::json(&made.map_err(no(&desk))?)).into_response())
}

/// All tokens
///
/// The newest first, also revoked ones; never the tokens themselves.
#[utoipa::path(get, path = "/v1/collect/tokens", operation_id = "collectListTokens", tag = "collect",
    responses((status = 200, description = "Tokens", body = ref("#/components/schemas/CollectTokens"), content_type = "application/json")))]
pub(super) async fn tokens(State(desk): State<Desk>, _: Given<Plain>, headers: HeaderMap) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::AllTokens, "").await?;
    let tokens = house.service.tokens(&caller, None).await.map_err(no(&desk))?;
    Ok(reply::json(&Tokens { tokens }))
}

/// Make a token
///
/// For a seller, an accountant, an officer, an inspector or another keeper. It is shown this once.
#[utoipa::path(post, path = "/v1/collect/tokens", operation_id = "collectMakeToken", tag = "collect",
    request_body(content = ref("#/components/schemas/CollectGivenAnyToken"), content_type = "application/json", example = json!({
        "label": "Desk 4", "role": "officer", "of": "eu.ioss.IE", "days": 365
    })),
    responses((status = 201, description = "The token", body = ref("#/components/schemas/CollectMade"), content_type = "application/json")))]
pub(super) async fn make_token(State(desk): State<Desk>, _: Given<Plain>, headers: HeaderMap, body: Bytes) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::AllTokens, "").await?;
    let asked: AnyToken = body::json(&headers, &body)?;
    let now = Timestamp::now();
    let expires = ends(now, asked.days);
    let made = house.service.make_token(&caller, &asked.label, asked.role, asked.of.as_deref(), now, expires).await;
    Ok(made_of(made.map_err(no(&desk))?, expires))
}

/// Revoke a token
///
/// From now on it does not count.
#[utoipa::path(delete, path = "/v1/collect/tokens/{id}", operation_id = "collectRevokeToken", tag = "collect",
    params(("id" = String, Path, description = "Beginning of its hash, as it is listed", max_length = 12, example = "0123456789ab")),
    responses((status = 204, description = "It was revoked")))]
pub(super) async fn revoke_token(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    _: Given<Plain>,
    headers: HeaderMap,
) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::AllTokens, "").await?;
    house.service.revoke(&caller, None, &id, Timestamp::now()).await.map_err(no(&desk))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

const OF: &[Field] =
    &[Field::new("of", "A seller or an authority; all of the log where absent", Kind::Text(80)), AFTER, MOST];

/// Rows of the log.
pub(super) struct Rows;

impl Door for Rows {
    const FIELDS: &'static [&'static [Field]] = &[OF];
}

type RowsFields = Given<Rows>;

/// The whole log
///
/// What was done in the house, each row with the hash of the one before.
#[utoipa::path(get, path = "/v1/collect/log", operation_id = "collectReadLog", tag = "collect", params(RowsFields),
    responses((status = 200, description = "Rows, the oldest first", body = ref("#/components/schemas/CollectLog"), content_type = "application/json")))]
pub(super) async fn log(State(desk): State<Desk>, given: RowsFields, headers: HeaderMap) -> Reply {
    let (house, caller) = permitted(&desk, &headers, Operation::Admit, "").await?;
    let (of, most) = (given.get("of").unwrap_or_default(), whole(&given, "most", 100));
    let rows = house.service.log(&caller, of, whole(&given, "after", 0), most).await.map_err(no(&desk))?;
    Ok(reply::json(&Log::of(rows, most)))
}
