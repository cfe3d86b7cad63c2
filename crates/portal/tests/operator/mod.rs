//! What those who run the service rely on: keys and limits, figures, files taken in again, the store.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub, reason = "tests")]

mod corrections;
mod files;
mod held_open;
mod kept;
mod limits;
mod store;
mod watching;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, Response, header};
use http_body_util::BodyExt as _;
use jiff::civil::date;
use serde_json::Value;
use std::net::SocketAddr;
use tidewaiter_portal::Settings;
use tower::ServiceExt as _;

/// A question with everything said.
pub const QUOTE: &str = "/v1/quotes?to=FR&from=CN&currency=EUR&goods=6109.10&origin=CN&price=12.50&channel=post";

pub fn settings() -> Settings {
    Settings { today: Some(date(2026, 11, 22)), ..Settings::default() }
}

/// Asks from an address.
pub async fn ask(
    doors: &Router,
    method: Method,
    path: &str,
    from: [u8; 4],
    more: &[(&str, &str)],
    body: &str,
) -> Response<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost")
        .body(Body::from(body.to_owned()))
        .unwrap();
    for (name, value) in more {
        request.headers_mut().append(header::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
    }
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 1))));
    doors.clone().oneshot(request).await.unwrap()
}

pub async fn get(doors: &Router, path: &str) -> Response<Body> {
    ask(doors, Method::GET, path, [192, 0, 2, 7], &[], "").await
}

pub async fn text(answer: Response<Body>) -> String {
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

pub async fn json(answer: Response<Body>) -> Value {
    serde_json::from_str(&text(answer).await).unwrap()
}
