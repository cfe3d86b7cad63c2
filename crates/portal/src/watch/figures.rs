//! Counters and gauges, in the format of Prometheus. None of them says who asked, or what.

use crate::desk::Desk;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    door: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Door {
    door: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    why: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Fingerprint {
    fingerprint: String,
    version: &'static str,
}

/// Figures.
#[derive(Debug)]
pub(crate) struct Figures {
    registry: Registry,
    answers: Family<Answered, Counter>,
    seconds: Family<Door, Histogram, fn() -> Histogram>,
    refused: Family<Why, Counter>,
    under_way: Gauge,
    connections: Gauge,
    ratebook: Family<Fingerprint, Gauge>,
    ratebook_age_days: Gauge,
    taken_in: Counter,
    not_taken_in: Counter,
    store_failures: Counter,
    given_again: Counter,
    kept_bytes: Gauge,
}

/// Bounds in seconds: from a cached page to the time limit.
fn buckets() -> Histogram {
    Histogram::new([0.000_1, 0.000_5, 0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0])
}

impl Default for Figures {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tidewaiter_portal");
        let figures = Self {
            answers: Family::default(),
            seconds: Family::new_with_constructor(buckets as fn() -> Histogram),
            refused: Family::default(),
            under_way: Gauge::default(),
            connections: Gauge::default(),
            ratebook: Family::default(),
            ratebook_age_days: Gauge::default(),
            taken_in: Counter::default(),
            not_taken_in: Counter::default(),
            store_failures: Counter::default(),
            given_again: Counter::default(),
            kept_bytes: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("answers", "Answers by door and status", figures.answers.clone());
        registry.register("seconds", "Time to answer by door", figures.seconds.clone());
        registry.register(
            "refused",
            "Refused before anything was computed: rate, key, crowd, bodies, slow, connections",
            figures.refused.clone(),
        );
        registry.register("under_way", "Requests that are being answered", figures.under_way.clone());
        registry.register("connections", "Open connections", figures.connections.clone());
        registry.register("ratebook", "The ratebook in use and the program's version", figures.ratebook.clone());
        registry.register(
            "ratebook_age_days",
            "Days since the newest edition in the ratebook was published",
            figures.ratebook_age_days.clone(),
        );
        registry.register("files_taken_in", "Changed files that were taken in", figures.taken_in.clone());
        registry.register(
            "files_not_taken_in",
            "Changed files that were refused; what was there before stays",
            figures.not_taken_in.clone(),
        );
        registry.register("store_failures", "Times the store could not be used", figures.store_failures.clone());
        registry.register("given_again", "Answers that were kept and given again", figures.given_again.clone());
        registry.register("kept_bytes", "Memory that kept answers take", figures.kept_bytes.clone());
        Self { registry, ..figures }
    }
}

impl Figures {
    /// A request came in, or was answered.
    pub(super) fn under_way(&self, comes: bool) {
        if comes {
            self.under_way.inc()
        } else {
            self.under_way.dec()
        };
    }

    /// A connection was opened, or closed.
    pub(crate) fn connection(&self, opened: bool) {
        if opened {
            self.connections.inc()
        } else {
            self.connections.dec()
        };
    }

    /// A request was answered.
    pub(super) fn answered(&self, door: &str, status: StatusCode, time: Duration) {
        self.seconds.get_or_create(&Door { door: door.to_owned() }).observe(time.as_secs_f64());
        self.answers.get_or_create(&Answered { door: door.to_owned(), status: status.as_u16() }).inc();
    }

    /// A request was refused before anything was computed.
    pub(crate) fn refused(&self, why: &'static str) {
        self.refused.get_or_create(&Why { why }).inc();
    }

    /// A file that changed was taken in, or was refused.
    pub(super) fn file(&self, taken_in: bool) {
        if taken_in {
            self.taken_in.inc()
        } else {
            self.not_taken_in.inc()
        };
    }

    /// An answer was kept, and given again.
    pub(crate) fn given_again(&self) {
        self.given_again.inc();
    }

    /// The store could not be used.
    pub(crate) fn store_failed(&self) {
        self.store_failures.inc();
    }

    /// What is read off when it is asked for.
    fn look(&self, desk: &Desk) {
        let book = desk.book();
        self.ratebook.clear();
        let label = Fingerprint { fingerprint: book.fingerprint().to_owned(), version: env!("CARGO_PKG_VERSION") };
        self.ratebook.get_or_create(&label).set(1);
        self.kept_bytes.set(i64::try_from(desk.kept.bytes()).unwrap_or(i64::MAX));
        let newest = book.economies(desk.today()).into_iter().filter_map(|one| one.edition?.known_from).max();
        self.ratebook_age_days.set(newest.map_or(-1, |day| days(day, desk.today())));
    }
}

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(-1, |span| i64::from(span.get_days()))
}

/// All figures.
pub(crate) async fn metrics(State(desk): State<Desk>) -> Response {
    desk.figures.look(&desk);
    let mut text = String::new();
    match encode(&mut text, &desk.figures.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
