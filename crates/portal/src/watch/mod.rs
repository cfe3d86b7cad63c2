//! For those who run the service: whether it lives, figures, a log, traces, and files that are looked at.
//!
//! | file | holds |
//! |---|---|
//! | `figures.rs` | counters and gauges, in the format of Prometheus |
//! | `requests.rs` | what is noted of each request |
//! | `traces.rs` | spans for an OpenTelemetry collector, where an address is given |
//! | `files.rs` | files that are taken in again when they change |

mod figures;
pub(crate) mod files;
pub(crate) mod requests;
pub(crate) mod traces;

pub(crate) use figures::{Figures, metrics};

use crate::desk::{Book, Desk};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::{Ask, Consignment, Decimal, Item};

/// How long the store may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs.
pub(crate) async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// How long what was found out about being ready counts: whoever asks more often hears the same, and costs nothing.
const READY_FOR: Duration = Duration::from_secs(1);

/// What was last found out about being ready, and when.
#[derive(Debug, Default)]
pub(crate) struct Readiness(tokio::sync::Mutex<Option<(Instant, Result<(), &'static str>)>>);

/// Requests may be sent here: a question is answered, the store is there, and the service is not about to end.
pub(crate) async fn ready(State(desk): State<Desk>) -> Result<StatusCode, Problem> {
    let not_yet = |detail: &str| {
        let title = "Not ready";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title, detail)
    };
    if desk.stopping.load(Ordering::Relaxed) {
        return Err(not_yet("The service is about to end."));
    }
    // Who comes while it is found out waits for that, and does not look again.
    let mut last = desk.readiness.0.lock().await;
    let found = match *last {
        Some((when, found)) if when.elapsed() < READY_FOR => found,
        _ => {
            let found = look(&desk).await;
            *last = Some((Instant::now(), found));
            found
        }
    };
    found.map(|()| StatusCode::NO_CONTENT).map_err(not_yet)
}

/// Finds out whether it is ready.
async fn look(desk: &Desk) -> Result<(), &'static str> {
    if !answers(&desk.book(), desk.today()) {
        return Err("The ratebook does not answer a sample question.");
    }
    let Some(store) = desk.store() else { return Ok(()) };
    match tokio::time::timeout(PATIENCE, store.answers()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err("The store does not answer."),
    }
}

/// Whether a ratebook answers a sample question: a small parcel to the first country that it knows. Any answer will do, also that
/// something is not known; a refusal will not.
pub(crate) fn answers(book: &Book, today: jiff::civil::Date) -> bool {
    let Some(first) = book.economies(today).into_iter().find(|one| one.kind != TerritoryKind::Union) else {
        return false;
    };
    let item =
        Item { code: Some("610910".into()), price: Decimal::from_int(10), quantity: Decimal::ONE, ..Item::default() };
    let asked = Consignment { to: first.code, currency: first.currency, items: vec![item], ..Consignment::default() };
    book.answer(&asked, &Ask { steps: false, today: Some(today) }).is_ok()
}
