//! Refusals as problem documents (RFC 9457): what is wrong, where, and what to do next.

use crate::workflow::{OTHER_KEY, Refusal};
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

/// Media type of problem documents.
const PROBLEM_JSON: &str = "application/problem+json";
/// Most wrong rows or findings in one answer; the rest is counted.
const MOST_ROWS: usize = 200;

/// An answer that says no.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    /// Which kind: a name below `urn:tidewaiter:problem:`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words.
    pub title: &'static str,
    /// Its HTTP status.
    pub status: u16,
    /// What is wrong here, and what to do.
    pub detail: String,
    /// More: `rows` that are wrong, `report` of the checks.
    #[serde(flatten)]
    pub more: Box<serde_json::Map<String, Value>>,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        let kind = format!("urn:tidewaiter:problem:{kind}");
        Self { kind, title, status: status.as_u16(), detail: detail.into(), more: Box::default() }
    }

    /// The request is not what the door takes.
    pub fn request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "request", "The request is wrong", detail)
    }

    /// Nobody knows who asks.
    pub fn unknown_caller() -> Self {
        let detail = "Send a token that counts: Authorization: Bearer twt_… The secretariat gives one out.";
        Self::new(StatusCode::UNAUTHORIZED, "token", "A token is needed", detail)
    }

    /// The token does not reach so far.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-allowed", "The token does not allow this", detail)
    }

    /// There is no such thing.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing", detail)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Rows(account) => {
                let rows: Vec<Value> = account
                    .refusals
                    .iter()
                    .take(MOST_ROWS)
                    .map(|r| json!({ "file": r.file, "row": r.row, "column": r.column, "found": r.found, "expected": r.expected }))
                    .collect();
                let detail = format!("{detail}. Nothing was stored. Mend the rows and send the whole file again.");
                let mut problem =
                    Self::new(StatusCode::UNPROCESSABLE_ENTITY, "rows", "Rows of the file are wrong", detail);
                problem.more.insert("wrong".into(), json!(account.refused));
                problem.more.insert("rows".into(), Value::Array(rows));
                problem
            }
            Refusal::Checks(report) => {
                let detail =
                    "Nothing was stored. Each finding names its check: docs/checks explains it and how to mend it.";
                let mut problem = Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "checks",
                    "The edition does not stand the checks",
                    detail,
                );
                problem.more.insert("report".into(), serde_json::to_value(&report).unwrap_or_default());
                problem
            }
            Refusal::Wrong(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong", "What was sent is wrong", detail),
            Refusal::NotFound(_) => Self::not_found(detail),
            Refusal::Conflict(_) => {
                Self::new(StatusCode::CONFLICT, "conflict", "It does not fit what stands now", detail)
            }
            Refusal::Signature(_) => {
                Self::new(StatusCode::FORBIDDEN, "signature", "The signatures are not enough", detail)
            }
            Refusal::Held(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "held", "Nothing is published for now", detail)
            }
            Refusal::Unavailable(why) => {
                tracing::error!(why, "unavailable");
                if why == OTHER_KEY {
                    let detail = "Tell the secretariat: the online key was replaced, and the service must be started anew. Nothing was changed.";
                    let title = "The service must be started anew";
                    return Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title, detail);
                }
                // What the database said is for those who run it, and not for everybody.
                let detail = "The repository cannot reach its database or its storage. Nothing was changed; try again.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Try again in a moment", detail)
            }
        }
    }
}

impl From<crate::store::db::DbError> for Problem {
    fn from(error: crate::store::db::DbError) -> Self {
        Refusal::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

pub(super) async fn no_such_door(uri: Uri) -> Problem {
    let path: String = uri.path().chars().take(100).collect();
    Problem::not_found(format!("{path} leads nowhere; docs/formats/repository-api.md lists all doors"))
}

/// Gives what the framework refuses by itself the form of all refusals: a wrong method, a form or JSON that cannot be read, a
/// body that is too large, too many requests, no answer in time, a fault in a door.
pub(super) async fn in_our_words(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let answer = next.run(request).await;
    let status = answer.status();
    let ours = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM_JSON);
    if ours || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let (head, body) = answer.into_parts();
    // Longer than any sentence of the framework: then it is none.
    let said = axum::body::to_bytes(body, 4096).await.unwrap_or_default();
    let said: String = String::from_utf8_lossy(&said).chars().filter(|c| !c.is_control()).take(500).collect();
    let value = |name| head.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut answer =
        framework(status, &said, &method, value(header::ALLOW), value(header::RETRY_AFTER)).into_response();
    for (name, value) in &head.headers {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// What the reader of JSON says, without the words of a programming language.
fn in_plain_words(said: &str) -> String {
    let Some(rest) = said.strip_prefix("Failed to deserialize the JSON body into the target type: ") else {
        return said.to_owned();
    };
    let said = rest.split(" at line ").next().unwrap_or(rest);
    let said = [
        ("invalid type: string ", "it is the text "),
        ("invalid type: integer ", "it is the number "),
        ("invalid type: null", "it is null"),
        ("invalid type: map", "it is an object"),
        ("invalid type: sequence", "it is a list"),
        ("expected a sequence", "a list such as [\"…\"] is expected"),
        ("expected a string", "a text is expected"),
    ]
    .iter()
    .fold(said.to_owned(), |said, (theirs, ours)| said.replace(theirs, ours));
    format!("The JSON is not what this door takes: {said}")
}

fn framework(status: StatusCode, said: &str, method: &Method, allow: &str, wait: &str) -> Problem {
    let (kind, title, detail) = match status {
        StatusCode::METHOD_NOT_ALLOWED => {
            ("method", "This door takes another method", format!("{method} is not for this door; it takes {allow}."))
        }
        StatusCode::PAYLOAD_TOO_LARGE => (
            "too-large",
            "The request is too large",
            "Send less, or divide it: docs/formats/repository-api.md names the limits.".into(),
        ),
        StatusCode::TOO_MANY_REQUESTS => {
            ("too-many", "Too many requests", format!("Wait {wait} seconds, and ask less often."))
        }
        StatusCode::GATEWAY_TIMEOUT => (
            "time",
            "It took too long",
            "Look at what stands now, then try again; with an Idempotency-Key nothing is done twice.".into(),
        ),
        StatusCode::SERVICE_UNAVAILABLE => {
            ("unavailable", "Try again in a moment", "The repository cannot reach its database.".into())
        }
        status if status.is_server_error() => (
            "fault",
            "The repository has a fault",
            "Tell those who run it, with the x-request-id of this answer.".into(),
        ),
        _ if said.is_empty() => (
            "request",
            "The request is wrong",
            "It cannot be read; docs/formats/repository-api.md says what the door takes.".into(),
        ),
        _ => ("request", "The request is wrong", format!("{}.", in_plain_words(said).trim_end_matches('.'))),
    };
    Problem::new(status, kind, title, detail)
}
