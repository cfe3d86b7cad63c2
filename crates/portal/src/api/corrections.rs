//! What people say is wrong in the data, as a document.

use super::body;
use super::compare::Plain;
use super::fields::Given;
use crate::desk::Desk;
use crate::guard::caller::{self, Caller};
use crate::guard::elsewhere;
use crate::problem::Problem;
use crate::store::Letter;
use crate::store::door::{LONGEST_BODY, Sender, keep, key_of};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// Its path: the one door of the API that stores something, and that pages of other sites may not use.
pub(super) const PATH: &str = "/v1/corrections";

/// Say what is wrong
///
/// A letter about a mistake in the data, read by those who run the service, and the receipt for it. With an `Idempotency-Key` the same letter
/// is kept once however often the same caller sends it; another letter with that key is refused. Programs alone may write here: what a page of
/// another site sends from its reader's browser is refused (403), so there is no permission for other origins. People write on the page
/// `/en/about/corrections`.
#[utoipa::path(post, path = "/v1/corrections", operation_id = "writeCorrection", tag = "data",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 130, description = "A text of your own for this letter, such as a UUID: 1 to 128 letters, digits and marks")),
    request_body(content = ref("#/components/schemas/Letter"), content_type = "application/json", example = json!({
        "territory": "FR", "what": "The standard rate of the tax changed in January.", "source": "https://law.example/act/12"
    })),
    responses(
        (status = 201, description = "It is kept", body = ref("#/components/schemas/Receipt"), content_type = "application/json"),
        (status = 403, description = "A page of another site sent it"),
        (status = 404, description = "No letters are kept here; the refusal says where to write, if those who run the service told it")))]
pub(super) async fn write(State(desk): State<Desk>, _: Given<Plain>, request: Request) -> Result<Response, Response> {
    let no = |problem: Problem| problem.into_response();
    let headers = request.headers().clone();
    elsewhere::refuse(&headers, &desk.settings).map_err(no)?;
    let sender = Sender {
        network: caller::network_of(&request, &desk.settings),
        caller: request.extensions().get::<Caller>().copied(),
        key: key_of(&headers).map_err(no)?,
        language: "",
    };
    let body = axum::body::to_bytes(request.into_body(), LONGEST_BODY).await;
    let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
    let letter: Letter = body::json(&headers, &body).map_err(no)?;
    let receipt = keep(&desk, sender, letter).await?;
    let mut answer = (StatusCode::CREATED, axum::Json(&receipt)).into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}
