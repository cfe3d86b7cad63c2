//! Pages of any origin may ask.

use crate::api::ask::{doors, send, settings};
use axum::body::Body;
use std::time::Duration;
use tidewaiter_portal::{Desk, Settings, router};

const ORIGIN: (&str, &str) = ("origin", "https://shop.example");

#[tokio::test]
async fn every_answer_may_be_read_by_any_page() {
    let doors = doors();
    for (method, address) in
        [("GET", "/v1/currencies"), ("GET", "/v1/nothing"), ("GET", "/v1/quotes"), ("PUT", "/v1/quotes")]
    {
        let answer = send(&doors, method, address, &[ORIGIN], Body::empty()).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{method} {address}: {}", answer.status);
        assert_eq!(answer.header("access-control-expose-headers"), "etag, x-request-id, retry-after");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "there is nothing that belongs to who asks");
    }
    let page = send(&doors, "GET", "/en/", &[ORIGIN], Body::empty()).await;
    assert_eq!(page.header("access-control-allow-origin"), "", "pages are not for other pages");
}

#[tokio::test]
async fn a_browser_that_asks_first_is_told_what_it_may_send() {
    let ask = [ORIGIN, ("access-control-request-method", "POST"), ("access-control-request-headers", "content-type")];
    let answer = send(&doors(), "OPTIONS", "/v1/quotes", &ask, Body::empty()).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-methods"), "GET,HEAD,POST,OPTIONS");
    assert_eq!(answer.header("allow"), "GET,HEAD,POST,OPTIONS");
    assert!(answer.header("access-control-allow-headers").contains("content-type"));
    assert_eq!(answer.header("access-control-max-age"), "86400");
    assert_eq!(send(&doors(), "OPTIONS", "/v1/nothing", &ask, Body::empty()).await.status, 404);
}

#[tokio::test]
async fn a_page_can_read_that_it_asks_too_often() {
    let doors = router(Desk::embedded(Settings { burst: 1, refill: Duration::from_secs(3600), ..settings() }));
    let first = send(&doors, "GET", "/v1/currencies", &[ORIGIN], Body::empty()).await;
    let second = send(&doors, "GET", "/v1/currencies", &[ORIGIN], Body::empty()).await;
    assert_eq!((first.status, second.status), (200, 429));
    assert_eq!(second.header("access-control-allow-origin"), "*");
    assert!(second.header("retry-after").parse::<u32>().is_ok(), "{:?}", second.headers);
    assert_eq!(second.kind(), "application/problem+json");
}
