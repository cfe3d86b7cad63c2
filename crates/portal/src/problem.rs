//! Refusals as problem documents (RFC 9457): what is wrong, in which field, and what to do next.

pub(crate) mod message;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tidewaiter::InputError;
use tidewaiter::quote::said::Said;

/// Media type of problem documents.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// An answer that says no.
///
/// ```
/// use tidewaiter_portal::Problem;
/// let problem = Problem::not_found("There is no economy \"QQ\". /v1/economies lists those that are known.");
/// assert_eq!((problem.status, problem.kind.as_str()), (404, "urn:tidewaiter:problem:not-found"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// Which kind: a name below `urn:tidewaiter:problem:`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words.
    pub title: String,
    /// Its HTTP status.
    pub status: u16,
    /// What is wrong here, and what to do.
    pub detail: Said,
    /// Each field that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Wrong>,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Wrong {
    /// Its name, as a path in the question: `items[0].code`.
    pub field: String,
    /// What was found; empty where nothing was.
    pub value: String,
    /// What was expected, and what to do.
    pub message: Said,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, kind: &str, title: &str, detail: impl Into<Said>) -> Self {
        Self {
            kind: format!("urn:tidewaiter:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
        }
    }

    /// The request is not what the door takes.
    pub fn request(detail: impl Into<Said>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "request", "The request is wrong", detail)
    }

    /// There is no such thing.
    pub fn not_found(detail: impl Into<Said>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing", detail)
    }

    /// Fields of the question are wrong.
    pub fn fields(errors: Vec<Wrong>) -> Self {
        let detail = match errors.as_slice() {
            [one] if one.field.is_empty() => one.message.clone(),
            [one] => format!("{}: {}", one.field, one.message).into(),
            many => format!("{} fields are wrong; each is named under errors.", many.len()).into(),
        };
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "question", "The question is wrong", detail) }
    }
}

impl From<InputError> for Problem {
    fn from(error: InputError) -> Self {
        // The library names the command that lists them.
        let here = |message: Said| message.with("where", "/v1/economies");
        let wrong =
            |p: tidewaiter::quote::InputProblem| Wrong { field: p.field, value: p.value, message: here(p.message) };
        Self::fields(error.problems.into_iter().map(wrong).collect())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.extensions_mut().insert(self);
        response
    }
}
