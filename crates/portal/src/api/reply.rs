//! Answers as JSON.

use super::fields::JSON;
use crate::desk::Desk;
use crate::problem::Problem;
use crate::usage::Use;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tidewaiter::{Outcome, Quote};

/// What a handler gives.
pub(super) type Reply = Result<Response, Problem>;

/// A document as it is.
pub(super) fn json(value: &impl Serialize) -> Response {
    // Every document here is plain data that can be written.
    bytes(serde_json::to_vec(value).unwrap_or_default())
}

/// Bytes that are JSON.
pub(super) fn bytes(body: impl Into<axum::body::Body>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(JSON))], body.into()).into_response()
}

/// Counts an answer of a door.
pub(super) fn count(desk: &Desk, door: &'static str, answer: &'static str) {
    desk.count(Use { door, language: "", answer });
}

/// Counts a quote.
pub(super) fn count_quote(desk: &Desk, door: &'static str, quote: &Quote) {
    count(desk, door, outcome(quote.outcome));
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Amount => "amount",
        Outcome::Range => "range",
        Outcome::Unknown => "unknown",
        Outcome::NotAllowed => "not-allowed",
        Outcome::FormalEntry => "formal-entry",
        Outcome::Prohibited => "prohibited",
    }
}
