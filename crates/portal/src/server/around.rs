//! What happens around every answer, from the outside in. It is one function on each side of the compression and not a layer for each
//! step: a layer copies all that lies inside it for every request.

use crate::api::Opened;
use crate::desk::Desk;
use crate::guard::{caller, fresh, headers, host, kept, refused};
use crate::watch::requests::{self, ID, Noted};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;

/// Names and notes a request, gives it one ratebook, judges who asks, answers from what is known already, and puts the headers on.
pub(super) async fn outside(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let id = requests::name(&mut request);
    let noted = Noted::of(&desk, &request, id.clone());
    let mut answer = noted.answered(desk.with_one_book(judged(&desk, request, next))).await;
    headers::put(&mut answer);
    answer.headers_mut().entry(ID).or_insert(id);
    answer
}

async fn judged(desk: &Desk, mut request: Request, next: Next) -> Response {
    if !caller::judged(desk, &mut request) {
        return next.run(request).await;
    }
    if let Err(problem) = host::one_name(&mut request) {
        return refused::in_our_words(desk, refused::Of::request(&request), problem.into_response()).await;
    }
    fresh::tagged(desk, request, next).await
}

/// Answers in time and without a panic, opens the doors of the API to all pages, and puts refusals into our words. It is inside the
/// compression: it reads what was said, and what it says is compressed like all else.
pub(super) async fn inside(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let (refusal, opened) = (refused::Of::request(&request), Opened::by(&request));
    let answer = match caller::refusal(&desk, &request) {
        Some(refusal) => refusal,
        None => in_time(&desk, request, next).await,
    };
    let answer = match opened {
        Some(opened) => opened.with(answer),
        None => answer,
    };
    kept::noted(refused::in_our_words(&desk, refusal, answer).await)
}

async fn in_time(desk: &Desk, request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(desk.settings.time, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => {
            // What it said stands in the log already, by the hook of the program.
            tracing::error!("a request was not answered because of a fault");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}
