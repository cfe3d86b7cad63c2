//! A service without a network: requests go straight to the router.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use std::net::SocketAddr;
use std::time::Duration;
use tidewaiter_portal::{Desk, Settings, router};
use tower::ServiceExt as _;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text a reader sees: without tags, spaces folded.
    pub(crate) fn seen(&self) -> String {
        let (mut out, mut inside) = (String::new(), false);
        for letter in self.text().chars() {
            match letter {
                '<' => {
                    inside = true;
                    out.push(' ');
                }
                '>' => inside = false,
                letter if !inside => out.push(letter),
                _ => {}
            }
        }
        let out = out.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        out.replace(['\u{a0}', '\u{202f}'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Panics unless a reader sees it.
    pub(crate) fn shows(&self, text: &str) -> &Self {
        assert!(self.seen().contains(text), "{text:?} is not on the page:\n{}", self.seen());
        self
    }
}

/// Settings of tests: a fixed day, no limit on how often.
pub(crate) fn settings() -> Settings {
    Settings {
        today: Some(jiff::civil::date(2026, 11, 22)),
        burst: 1_000_000,
        refill: Duration::from_nanos(1),
        ..Settings::default()
    }
}

pub(crate) fn service() -> Router {
    router(Desk::embedded(settings()))
}

/// Asks.
pub(crate) async fn ask(service: &Router, request: Request<Body>) -> Answer {
    let mut request = request;
    let caller: SocketAddr = "192.0.2.1:5000".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(caller));
    let answer = service.clone().oneshot(request).await.unwrap();
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, 64 << 20).await.unwrap().to_vec();
    Answer { status: head.status, headers: head.headers, body }
}

/// Reads an address.
pub(crate) async fn get(service: &Router, address: &str) -> Answer {
    ask(service, Request::get(address).body(Body::empty()).unwrap()).await
}
