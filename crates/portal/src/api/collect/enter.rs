//! Who comes in, and what is the same for every answer: nothing of it is kept by caches, and pages of other sites write nothing here.

use crate::collect::refusal::refused;
use crate::collect::{House, caller};
use crate::desk::Desk;
use crate::guard::elsewhere;
use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use jiff::{Timestamp, ToSpan as _};
use std::sync::Arc;
use tidewaiter_collect::Period;
use tidewaiter_collect::service::{Caller, Error, Operation};

/// Days that a token lives where nobody says how many.
const DAYS: u16 = 365;

/// Around every door.
pub(super) async fn private(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let elsewhere = if reads { Ok(()) } else { elsewhere::refuse(request.headers(), &desk.settings) };
    let mut answer = match elsewhere {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let no_token = answer.status() == StatusCode::UNAUTHORIZED;
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if no_token {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"tidewaiter-collect\""));
    }
    answer
}

/// The house and whoever asks, where they may do something with what belongs to `of`. It is asked before anything is looked up, so that who
/// may not is told the same whether there is such a thing or not; the service asks it again.
///
/// # Errors
/// A [`Problem`]: 404 where there is no house, 401 without a token that counts, 403 where the token does not allow it.
pub(super) async fn permitted(
    desk: &Desk,
    headers: &HeaderMap,
    operation: Operation,
    of: &str,
) -> Result<(Arc<House>, Caller), Problem> {
    let house = Arc::clone(desk.collect()?);
    let caller = caller::of_program(desk, headers).await?;
    if caller.may(operation, of) { Ok((house, caller)) } else { Err(refused(desk, &Error::NotYours)) }
}

/// What the service says no to, as a problem.
pub(super) fn no(desk: &Desk) -> impl Fn(Error) -> Problem + '_ {
    |error| refused(desk, &error)
}

/// A period in an address: as it is written elsewhere, with `_` for the slash.
///
/// # Errors
/// A [`Problem`] 422.
pub(super) fn period(text: &str) -> Result<Period, Problem> {
    let says = "is no period; write a month as 2026-10, a quarter as 2026-Q4, other months as 2026-11_2027-01";
    text.replace('_', "/").parse().map_err(|_| Problem::fields(vec![super::super::fields::wrong("period", text, says)]))
}

/// When a token ends that is made now.
pub(super) fn ends(now: Timestamp, days: Option<u16>) -> Timestamp {
    now.saturating_add((24 * i64::from(days.unwrap_or(DAYS))).hours()).unwrap_or(now)
}

/// A file of some kind, with a name.
pub(super) fn file(kind: &'static str, name: &str, bytes: impl Into<axum::body::Body>) -> Response {
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')).collect();
    let mut answer = ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], bytes.into()).into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    answer
}
