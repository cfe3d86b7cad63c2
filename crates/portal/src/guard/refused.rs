//! Gives what the framework refuses by itself the form of all refusals: a wrong method, a body that cannot be read or is too large, too many
//! requests, no answer in time, a fault. A page is refused with a page.

use crate::desk::Desk;
use crate::locale::Lang;
use crate::pages;
use crate::problem::{PROBLEM_JSON, Problem, message};
use axum::extract::Request;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tidewaiter::quote::said::Said;

/// Where nothing else is.
pub(crate) async fn no_such_door(method: Method, uri: Uri) -> Problem {
    if method == Method::CONNECT {
        return Problem::not_found("This is no proxy: it answers for itself alone. /v1/openapi.json lists its doors.");
    }
    let path: String = uri.path().chars().take(100).collect();
    Problem::not_found(Said::of(&message::DOOR_NOWHERE, [("path", path.into())]))
}

/// The language of a page's address; none for the API.
fn page_of(uri: &Uri) -> Option<Lang> {
    Lang::of_tag(uri.path().split('/').nth(1)?)
}

/// What a refusal needs to know of a request.
pub(crate) struct Of {
    method: Method,
    lang: Option<Lang>,
}

impl Of {
    /// A request.
    pub(crate) fn request(request: &Request) -> Self {
        Self { method: request.method().clone(), lang: page_of(request.uri()) }
    }
}

/// Puts refusals into our words.
pub(crate) async fn in_our_words(desk: &Desk, of: Of, answer: Response) -> Response {
    let Of { method, lang } = of;
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let problem = if kind == PROBLEM_JSON {
        match (lang, answer.extensions().get::<Problem>()) {
            (Some(_), Some(problem)) => problem.clone(),
            _ => return answer,
        }
    } else if kind.starts_with("text/html") || kind.starts_with("application/json") {
        // A page of its own, or an answer in the words of another protocol (JSON-RPC).
        return answer;
    } else {
        let (head, body) = answer.into_parts();
        // Longer than any sentence of the framework: then it is none.
        let said = axum::body::to_bytes(body, 4096).await.unwrap_or_default();
        let said: String = String::from_utf8_lossy(&said).chars().filter(|c| !c.is_control()).take(500).collect();
        let value = |name| head.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let problem = framework(status, &said, &method, value(header::ALLOW), value(header::RETRY_AFTER));
        let mut answer = in_form(desk, lang, problem);
        for (name, value) in &head.headers {
            if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
                answer.headers_mut().insert(name, value.clone());
            }
        }
        return answer;
    };
    // What the refusal says in its head stays: how to authenticate, when to come again.
    let mut page = in_form(desk, lang, problem);
    for name in [header::WWW_AUTHENTICATE, header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = answer.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

fn in_form(desk: &Desk, lang: Option<Lang>, problem: Problem) -> Response {
    match lang {
        Some(lang) => pages::refused(desk, lang, &problem).into_response(),
        None => problem.into_response(),
    }
}

fn framework(status: StatusCode, said: &str, method: &Method, allow: &str, wait: &str) -> Problem {
    let (kind, title, detail) = match status {
        StatusCode::METHOD_NOT_ALLOWED => {
            let method = ("method", method.as_str().into());
            // The framework writes the header of pages only when the answer has passed us.
            let detail = if allow.is_empty() {
                Said::of(&message::DOOR_METHOD_ALLOW, [method])
            } else {
                Said::of(&message::DOOR_METHOD, [method, ("allow", allow.into())])
            };
            ("method", "This door takes another method", detail)
        }
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "The request is too large", (&message::DOOR_LARGE).into()),
        StatusCode::TOO_MANY_REQUESTS => (
            "too-many",
            "Too many requests",
            if wait.is_empty() {
                (&message::DOOR_WAIT_SOME).into()
            } else {
                Said::of(&message::DOOR_WAIT, [("seconds", wait.into())])
            },
        ),
        StatusCode::GATEWAY_TIMEOUT => ("time", "It took too long", (&message::DOOR_LONG).into()),
        StatusCode::SERVICE_UNAVAILABLE => ("unavailable", "Try again in a moment", (&message::DOOR_BUSY).into()),
        status if status.is_server_error() => ("fault", "The service has a fault", (&message::DOOR_FAULT).into()),
        _ if said.is_empty() => ("request", "The request is wrong", (&message::DOOR_UNREADABLE).into()),
        _ => ("request", "The request is wrong", format!("{}.", said.trim_end_matches('.')).into()),
    };
    Problem::new(status, kind, title, detail)
}
