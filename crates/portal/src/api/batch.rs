//! Many questions, each answered in its turn while the answers before it are on their way.

use super::divide::{self, Place};
use super::fields::{Door, Given, JSON, wrong};
use super::quotes::STEPS;
use super::reply::{self, Reply};
use super::table::Field;
use super::{body, work};
use crate::desk::{Book, Desk};
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use futures_util::{StreamExt as _, stream};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tidewaiter::{Ask, Consignment, Quote};
use tokio::sync::OwnedSemaphorePermit;

/// Most questions of a batch.
pub(super) const MOST_QUESTIONS: usize = 10_000;
/// Longest question of a batch, in bytes: as long as one that is sent alone.
const MOST_BYTES: usize = 256 << 10;
/// A part of the answer is sent when it has so many bytes, or took so long.
const PART_BYTES: usize = 64 << 10;
const PART_TIME: Duration = Duration::from_millis(25);
/// One JSON document a line.
pub(super) const LINES: &str = "application/x-ndjson";

/// Many questions.
pub(super) struct Many;

impl Door for Many {
    const FIELDS: &'static [&'static [Field]] = &[STEPS];
    const GIVES: &'static [&'static str] = &[LINES];
}

type ManyFields = Given<Many>;

/// One answer of many: a quote, or why there is none.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BatchLine {
    /// Number of the question, from 1: that of its line, or of its place in the array.
    line: usize,
    /// The quote, byte for byte as [`/v1/quotes`] gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<Quote>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// Ask many questions
///
/// Up to 10,000 questions of up to 256 KiB each, 16 MiB together: one JSON document a line (`application/x-ndjson`), or a JSON array. The
/// answers come in the order of the questions, one a line, each as soon as it is computed. A wrong question has a `problem` in its place
/// and does not stop the others. A line that is missing at the end was not answered: ask it again.
#[utoipa::path(post, path = "/v1/quotes/batch", operation_id = "askManyQuotes", tag = "quotes", params(ManyFields),
    request_body(content(
        (ref("#/components/schemas/Consignments") = "application/json", example = json!([
            { "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR",
              "items": [{ "code": "6109.10", "origin": "CN", "price": "12.50" }] },
            { "from": "CN", "to": "Atlantis", "currency": "EUR", "items": [{ "code": "6109.10", "price": "12.50" }] }
        ])),
        (String = "application/x-ndjson", example = json!("{\"from\":\"CN\",\"to\":\"FR\",\"date\":\"2026-11-21\",\"currency\":\"EUR\",\"items\":[{\"code\":\"6109.10\",\"origin\":\"CN\",\"price\":\"12.50\"}]}\n{\"to\":\"CH\",\"date\":\"2026-11-21\",\"currency\":\"EUR\",\"items\":[{\"code\":\"9102.11\",\"origin\":\"JP\",\"price\":\"79\"}]}\n"))
    )),
    responses((status = 200, description = "One answer a line, each a BatchLine", body = ref("#/components/schemas/BatchLine"), content_type = "application/x-ndjson")))]
pub(super) async fn ask(State(desk): State<Desk>, given: ManyFields, headers: HeaderMap, body: Bytes) -> Reply {
    let kind = body::is_of(&headers, &[LINES, JSON, "application/ndjson", "application/jsonl"])?;
    let places =
        if kind == JSON { divide::elements(&body, MOST_QUESTIONS)? } else { divide::lines(&body, MOST_QUESTIONS) };
    if places.is_empty() {
        return Err(Problem::request("There is no question in the body; send one a line, or a JSON array of them."));
    }
    if places.len() > MOST_QUESTIONS {
        let message = format!("There are more questions than the {MOST_QUESTIONS} of one batch; divide it.");
        return Err(Problem::fields(vec![wrong("", "", message)]));
    }
    let run = Run {
        _place: work::batch_place()?,
        book: desk.book(),
        ask: Ask { steps: given.yes("steps"), today: Some(desk.today()) },
        desk,
        body,
        places: places.into_iter(),
    };
    // The next part is computed when the one before it is taken: who reads slowly holds no thread, and who goes away stops it.
    let parts = stream::unfold(Some(run), |run| async move {
        let run = run?;
        match work::patiently(move || run.part()).await {
            Ok((part, _)) if part.is_empty() => None,
            Ok((part, run)) => Some((Ok::<Bytes, std::io::Error>(part), Some(run))),
            // Half an answer must not look like a whole one.
            Err(problem) => Some((Err(std::io::Error::other(problem.title)), None)),
        }
    });
    // What compresses it asks once more after the end.
    let parts = Body::from_stream(parts.fuse());
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(LINES))], parts).into_response())
}

struct Run {
    /// Held until all is answered, or the asker is gone.
    _place: OwnedSemaphorePermit,
    desk: Desk,
    book: Arc<Book>,
    ask: Ask,
    body: Bytes,
    places: std::vec::IntoIter<Place>,
}

impl Run {
    /// The next lines of the answer; none where all are told.
    fn part(mut self) -> (Bytes, Self) {
        let began = Instant::now();
        let mut out = Vec::new();
        while out.len() < PART_BYTES && began.elapsed() < PART_TIME {
            let Some((number, place)) = self.places.next() else { break };
            let answer = self.answer(self.body.get(place).unwrap_or_default());
            let (quote, problem) = match answer {
                Ok(quote) => (Some(quote), None),
                Err(problem) => (None, Some(problem)),
            };
            let line = BatchLine { line: number, quote, problem };
            // Plain data can be written, and memory takes it.
            let _ = serde_json::to_writer(&mut out, &line);
            out.push(b'\n');
        }
        (out.into(), self)
    }

    fn answer(&self, text: &[u8]) -> Result<Quote, Problem> {
        if text.len() > MOST_BYTES {
            let detail = format!("A question may have {MOST_BYTES} bytes; this one has {}.", text.len());
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The question is too large", detail));
        }
        let asked: Consignment = body::document(text)?;
        let quote = self.book.answer(&asked, &self.ask)?;
        reply::count_quote(&self.desk, "/v1/quotes/batch", &quote);
        Ok(quote)
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::{Desk, Settings};
    use axum::body::Body;
    use axum::extract::ConnectInfo;
    use axum::http::Request;
    use futures_util::StreamExt as _;
    use std::net::SocketAddr;
    use std::time::{Duration, Instant};
    use tower::ServiceExt as _;

    const GOOD: &str = r#"{"from":"CN","to":"FR","date":"2026-11-21","currency":"EUR","items":[{"code":"6109.10","origin":"CN","price":"1"}]}"#;

    /// Answers come while later ones are not computed yet, and who goes away stops the work.
    #[tokio::test]
    async fn answers_stream_and_end_with_the_asker() {
        let desk = Desk::embedded(Settings::default());
        let mut request = Request::post("/v1/quotes/batch")
            .header("content-type", "application/x-ndjson")
            .body(Body::from(format!("{GOOD}\n").repeat(10_000)))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 50_000))));
        let response = crate::server::router(desk.clone()).oneshot(request).await.unwrap();
        let mut parts = response.into_body().into_data_stream();
        let first = parts.next().await.unwrap().unwrap();
        assert!(first.len() < 1 << 20, "a part is small: {}", first.len());
        drop(parts);
        // What was begun ends; nothing more is begun.
        let counted = || desk.usage.all().iter().map(|(_, _, count)| count).sum::<u64>();
        let (mut before, began) = (counted(), Instant::now());
        while began.elapsed() < Duration::from_secs(5) {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let now = counted();
            if now == before {
                break;
            }
            before = now;
        }
        assert!(before > 0 && before < 5_000, "{before} were answered for nobody");
    }
}
