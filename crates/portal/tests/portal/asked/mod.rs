//! Asks the router as a browser would, without a network.

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use jiff::civil::date;
use std::net::SocketAddr;
use tidewaiter_portal::{Desk, Settings, router};
use tower::ServiceExt as _;

/// The languages of the pages.
pub(crate) const LANGUAGES: [&str; 3] = ["en", "fr", "es"];

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// A header; empty where it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

/// Settings with a day that stands still.
pub(crate) fn settings() -> Settings {
    Settings { today: Some(date(2026, 11, 22)), ..Settings::default() }
}

/// A desk with what is inside the program.
pub(crate) fn desk() -> Desk {
    Desk::embedded(settings())
}

/// Asks.
pub(crate) async fn send(desk: &Desk, mut request: Request<Body>) -> Answer {
    let from: SocketAddr = "192.0.2.1:1".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(from));
    let answer = router(desk.clone()).oneshot(request).await.unwrap();
    let (head, body) = answer.into_parts();
    let bytes = to_bytes(body, 4 << 20).await.unwrap();
    Answer { status: head.status, headers: head.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

/// Reads an address.
pub(crate) async fn get(desk: &Desk, address: &str) -> Answer {
    send(desk, Request::get(address).header(header::HOST, "duties.test").body(Body::empty()).unwrap()).await
}

/// Sends a JSON document.
pub(crate) async fn post(desk: &Desk, address: &str, json: &str) -> Answer {
    let request = Request::post(address).header(header::CONTENT_TYPE, "application/json");
    send(desk, request.body(Body::from(json.to_owned())).unwrap()).await
}

/// Turns the text of a page into what a reader sees.
pub(crate) fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// What holds for every page: one main heading, headings without gaps, tables with heads, nothing inline, all ids once.
pub(crate) fn check(page: &str, language: &str) {
    assert!(page.contains(&format!("<html lang=\"{language}\"")), "no language");
    assert_eq!(page.matches("<h1").count(), 1, "one main heading");
    let levels = page.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10));
    levels.fold(0, |before, level| {
        assert!(level <= before + 1, "a heading {level} after a heading {before}");
        level
    });
    assert_eq!(page.matches("<table").count(), page.matches("<thead").count());
    assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick="), "nothing inline");
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    for to in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.binary_search(&to).is_ok(), "#{to} leads nowhere");
    }
}
