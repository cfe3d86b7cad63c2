//! Open to pages of any origin (the Fetch standard's CORS): there is nothing here that belongs to who asks, and no cookie. The door that takes
//! letters is closed to them: a page may not write in its reader's name. So are the private doors of sellers and authorities.

use super::{corrections, document};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What a page may read of an answer besides its body.
const SHOWN: &str = "etag, x-request-id, retry-after";
/// What a page may send.
const TAKEN: &str = "accept, authorization, content-type, if-none-match, x-request-id";
/// How long a browser may remember this: a day, in seconds.
const REMEMBERED: &str = "86400";

/// What is known of a request before it is answered.
pub(crate) struct Opened {
    asks_first: bool,
    methods: Option<&'static str>,
    open: bool,
}

impl Opened {
    /// A request to a door of the API; none for others.
    pub(crate) fn by(request: &Request) -> Option<Self> {
        if !request.uri().path().starts_with("/v1/") {
            return None;
        }
        let door = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        Some(Self {
            asks_first: request.method() == Method::OPTIONS,
            methods: door.and_then(document::methods),
            open: door != Some(corrections::PATH) && !request.uri().path().starts_with(super::collect::BEGINS),
        })
    }

    /// Opens the door, answers `OPTIONS`, and says on a refused method which are taken.
    pub(crate) fn with(self, mut answer: Response) -> Response {
        let Self { asks_first, methods, open } = self;
        if let Some(methods) = methods.filter(|_| answer.status() == StatusCode::METHOD_NOT_ALLOWED) {
            let taken = if asks_first { format!("{methods},OPTIONS") } else { methods.to_owned() };
            let taken = HeaderValue::from_str(&taken).unwrap_or(HeaderValue::from_static("GET"));
            if asks_first {
                answer = StatusCode::NO_CONTENT.into_response();
                if open {
                    answer.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_METHODS, taken.clone());
                    put(&mut answer, header::ACCESS_CONTROL_ALLOW_HEADERS, TAKEN);
                    put(&mut answer, header::ACCESS_CONTROL_MAX_AGE, REMEMBERED);
                }
            }
            answer.headers_mut().insert(header::ALLOW, taken);
        }
        if answer.status() == StatusCode::SERVICE_UNAVAILABLE && !answer.headers().contains_key(header::RETRY_AFTER) {
            put(&mut answer, header::RETRY_AFTER, "1");
        }
        if open {
            put(&mut answer, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            put(&mut answer, header::ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN);
        }
        answer
    }
}

fn put(answer: &mut Response, name: HeaderName, value: &'static str) {
    answer.headers_mut().insert(name, HeaderValue::from_static(value));
}
