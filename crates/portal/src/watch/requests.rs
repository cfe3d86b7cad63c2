//! What is noted of each request: figures, one line of the log, and a span where traces are wanted. The pattern of the address is noted,
//! never the address itself nor who asked: a question may tell what somebody buys.

use super::traces;
use crate::desk::Desk;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tracing::{Instrument as _, Span};

/// Names a request, in its answer and in the log.
pub(crate) const ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest name of a request that is taken over from whoever asks.
const LONGEST_ID: usize = 64;

/// The name of a request: the one it came with, or a new one, which is put into it. A name that is too long or holds more than letters,
/// digits and marks is none: it would stand in the log and in the answer.
pub(crate) fn name(request: &mut Request) -> HeaderValue {
    let plain = |id: &HeaderValue| {
        (1..=LONGEST_ID).contains(&id.len())
            && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
    };
    if let Some(id) = request.headers().get(ID).filter(|id| plain(id)) {
        return id.clone();
    }
    let id = new_name();
    request.headers_mut().insert(ID, id.clone());
    id
}

/// A name that no other request has, here or at another instance: a counter behind a keyed hash, so that nobody reads off how many
/// requests there were.
fn new_name() -> HeaderValue {
    static HASHES: LazyLock<[RandomState; 2]> = LazyLock::new(|| [RandomState::new(), RandomState::new()]);
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let [high, low] = HASHES.each_ref().map(|hash| hash.hash_one(number));
    HeaderValue::from_str(&format!("{high:016x}{low:016x}")).unwrap_or(HeaderValue::from_static("none"))
}

/// Leaves the count of requests under way, also where an asker goes away.
struct UnderWay<'a>(&'a Desk);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.figures.under_way(false);
    }
}

/// A request of which is noted how it is answered.
pub(crate) struct Noted<'a> {
    began: Instant,
    door: Option<MatchedPath>,
    method: &'static str,
    id: HeaderValue,
    span: Option<Span>,
    under_way: UnderWay<'a>,
}

impl<'a> Noted<'a> {
    /// A request with its name.
    pub(crate) fn of(desk: &'a Desk, request: &Request, id: HeaderValue) -> Self {
        desk.figures.under_way(true);
        let under_way = UnderWay(desk);
        let door = request.extensions().get::<MatchedPath>().cloned();
        let method = method_of(request.method());
        let named = || door.as_ref().map_or("none", MatchedPath::as_str);
        let span = desk.settings.traces.then(|| traces::span(method, named(), request.headers()));
        Self { began: Instant::now(), door, method, id, span, under_way }
    }

    /// Notes what comes of it.
    pub(crate) async fn answered(self, answer: impl Future<Output = Response>) -> Response {
        let answer = match &self.span {
            Some(span) => {
                let answer = answer.instrument(span.clone()).await;
                traces::end(span, answer.status());
                answer
            }
            None => answer.await,
        };
        let (time, status) = (self.began.elapsed(), answer.status());
        let door = self.door.as_ref().map_or("none", MatchedPath::as_str);
        self.under_way.0.figures.answered(door, status, time);
        let (id, method) = (self.id.to_str().unwrap_or_default(), self.method);
        let (status, ms) = (status.as_u16(), u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        // Those are asked each few seconds by machines.
        if door.starts_with("/health/") || door == "/metrics" {
            tracing::debug!(target: "tidewaiter::request", method, path = door, status, ms, request_id = id, "answered");
        } else {
            tracing::info!(target: "tidewaiter::request", method, path = door, status, ms, request_id = id, "answered");
        }
        answer
    }
}

/// A method by its name; those that nobody knows are one.
fn method_of(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("OTHER")
}
