//! Asking the router.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use jiff::civil::date;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tidewaiter_portal::carrier::Shops;
use tidewaiter_portal::{Desk, Settings, router};
use tower::ServiceExt as _;

/// The day of all these tests.
pub(crate) const TODAY: jiff::civil::Date = date(2026, 11, 22);

/// Many requests may be made.
pub(crate) fn settings() -> Settings {
    Settings { today: Some(TODAY), burst: 1_000_000, checkout_time: Duration::from_secs(60), ..Settings::default() }
}

/// All doors, with the shops of the tests.
pub(crate) fn doors() -> Router {
    let desk = Desk::embedded(settings());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/shops/shops.toml");
    desk.shops.replace(&Shops::open(Path::new(file)).unwrap());
    router(desk)
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header, empty where it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The media type.
    pub(crate) fn kind(&self) -> &str {
        self.header("content-type")
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON: {e}: {}", self.text()))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Names of the fields that a refusal names.
    pub(crate) fn wrong(&self) -> Vec<String> {
        let problem = self.json();
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|wrong| wrong["field"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Asks.
pub(crate) async fn send(
    doors: &Router,
    method: &str,
    address: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(body.into()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 50_000))));
    let response = doors.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

/// Reads.
pub(crate) async fn get(address: &str) -> Answer {
    send(&doors(), "GET", address, &[], Body::empty()).await
}

/// Sends JSON.
pub(crate) async fn post(address: &str, body: &Value) -> Answer {
    send(&doors(), "POST", address, &[("content-type", "application/json")], body.to_string()).await
}
