//! Who receives here, signing up, and whose token it is.

use super::enter::{ends, no};
use super::shapes::{Authorities, Made, Me, SignUp};
use crate::api::body;
use crate::api::compare::Plain;
use crate::api::fields::Given;
use crate::api::reply::{self, Reply};
use crate::collect::caller;
use crate::desk::Desk;
use crate::guard::caller::{network_of, too_many};
use crate::problem::{Problem, message};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use tidewaiter_collect::service::{Error, Operation};

/// Most bytes of a sign-up.
const LONGEST: usize = 32 << 10;

/// Whose token it is
///
/// What the holder of the token may do, and for which seller or authority.
#[utoipa::path(get, path = "/v1/collect/me", operation_id = "collectReadMe", tag = "collect",
    responses((status = 200, description = "The holder", body = ref("#/components/schemas/CollectMe"), content_type = "application/json")))]
pub(super) async fn me(State(desk): State<Desk>, _: Given<Plain>, headers: HeaderMap) -> Reply {
    let caller = caller::of_program(&desk, &headers).await?;
    Ok(reply::json(&Me::from(caller)))
}

/// Authorities
///
/// Those that receive returns here, each with its scheme and the form by which sellers apply. Everybody may know, for everybody may apply.
#[utoipa::path(get, path = "/v1/collect/authorities", operation_id = "collectListAuthorities", tag = "collect",
    responses((status = 200, description = "Each with its form", body = ref("#/components/schemas/CollectAuthorities"), content_type = "application/json")))]
pub(super) async fn authorities(State(desk): State<Desk>, _: Given<Plain>) -> Reply {
    let authorities = desk.collect()?.service.authorities().await.map_err(no(&desk))?;
    Ok(reply::json(&Authorities { authorities }))
}

/// Sign up as a seller
///
/// Makes a ledger and the first token for it, which is shown this once. Where those who run the house let nobody sign up by themselves, a
/// token of theirs is needed. A network may sign up ten times in an hour.
#[utoipa::path(post, path = "/v1/collect/sellers", operation_id = "collectSignUp", tag = "collect",
    request_body(content = ref("#/components/schemas/CollectGivenSignUp"), content_type = "application/json", example = json!({
        "id": "mug-shop", "name": "Mug Shop"
    })),
    responses((status = 201, description = "The ledger is there; keep the token", body = ref("#/components/schemas/CollectMade"), content_type = "application/json")))]
pub(super) async fn sign_up(State(desk): State<Desk>, _: Given<Plain>, request: Request) -> Result<Response, Response> {
    let refused = |problem: Problem| problem.into_response();
    let no = |error: Error| no(&desk)(error).into_response();
    let house = desk.collect().map_err(refused)?;
    let headers = request.headers().clone();
    let keeper = if headers.contains_key(header::AUTHORIZATION) {
        let caller = caller::of_program(&desk, &headers).await.map_err(refused)?;
        if !caller.may(Operation::Admit, "") {
            return Err(no(Error::NotYours));
        }
        Some(caller)
    } else if house.open {
        None
    } else {
        return Err(refused(closed()));
    };
    let network = network_of(&request, &desk.settings);
    let body = axum::body::to_bytes(request.into_body(), LONGEST).await;
    let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
    let asked: SignUp = body::json(&headers, &body).map_err(refused)?;
    // As letters are: each makes something that lasts.
    if let (None, Some(network)) = (&keeper, network)
        && let Err(wait) = desk.allowance.write(network)
    {
        desk.figures.refused("rate");
        return Err(too_many(wait, &message::DOOR_WAIT));
    }
    let now = Timestamp::now();
    let expires = ends(now, asked.days);
    let made = house.service.add_seller(keeper.as_ref(), &asked.id, asked.name.trim(), now, expires).await;
    let token = made.map_err(no)?;
    Ok(made_of(token, expires))
}

/// A token that was made, as it is answered.
pub(super) fn made_of(token: String, expires: Timestamp) -> Response {
    let made = Made { token, expires_at: tidewaiter_repository::store::moment(expires) };
    (StatusCode::CREATED, reply::json(&made)).into_response()
}

fn closed() -> Problem {
    let detail = "Sellers do not sign up here by themselves. Ask those who run this service for a token.";
    Problem::new(StatusCode::FORBIDDEN, "closed", "Not open to everybody", detail)
}
