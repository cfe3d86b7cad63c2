//! Who is let in at `/mcp`: no page of another site, no other name, nothing too large, nobody too often.

use crate::mcp::settings;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, Response, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tidewaiter_portal::{Desk, Settings, router};
use tower::ServiceExt as _;

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;

async fn ask(doors: &Router, method: Method, more: &[(&str, &str)], body: impl Into<Body>) -> Response<Body> {
    let mut request = Request::builder().method(method).uri("/mcp").body(body.into()).unwrap();
    let usual = [
        ("host", "localhost:8080"),
        ("accept", "application/json, text/event-stream"),
        ("content-type", "application/json"),
    ];
    for (name, value) in usual.iter().chain(more) {
        request.headers_mut().insert(header::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
    }
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 1))));
    doors.clone().oneshot(request).await.unwrap()
}

async fn json(answer: Response<Body>) -> Value {
    serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

fn doors(settings: Settings) -> Router {
    router(Desk::embedded(settings))
}

#[tokio::test]
async fn pages_of_other_sites_and_other_names_are_refused() {
    let own = doors(settings());
    let public = doors(Settings { address: Some("https://duties.example".into()), ..settings() });
    type Case<'a> = (&'a Router, &'a [(&'a str, &'a str)], u16);
    let cases: [Case<'_>; 9] = [
        (&own, &[], 200),
        (&own, &[("origin", "http://localhost:6274")], 200),
        (&own, &[("origin", "https://evil.example")], 403),
        (&own, &[("origin", "null")], 403),
        (&own, &[("host", "evil.example")], 403),
        (&public, &[("host", "duties.example")], 200),
        (&public, &[("host", "duties.example"), ("origin", "https://duties.example")], 200),
        (&public, &[("host", "duties.example"), ("origin", "http://localhost:6274")], 403),
        (&public, &[("host", "evil.example")], 403),
    ];
    for (doors, headers, status) in cases {
        let answer = ask(doors, Method::POST, headers, LIST).await;
        assert_eq!(answer.status(), status, "{headers:?}");
        if status == 403 {
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
            let problem = json(answer).await;
            assert!(problem["detail"].as_str().unwrap().contains("--address"), "{problem}");
            assert!(!problem.to_string().contains("evil"), "nothing is reflected");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_told_in_the_words_of_the_protocol_or_as_a_problem() {
    let doors = doors(settings());
    assert_eq!(ask(&doors, Method::GET, &[], "").await.status(), 405);
    assert_eq!(ask(&doors, Method::POST, &[("accept", "text/html")], LIST).await.status(), 406);
    assert_eq!(ask(&doors, Method::POST, &[("content-type", "text/plain")], LIST).await.status(), 415);
    let large = format!("{LIST}{}", " ".repeat(300 << 10));
    assert_eq!(ask(&doors, Method::POST, &[], large).await.status(), 413);
    let unknown =
        ask(&doors, Method::POST, &[], r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"pay"}}"#)
            .await;
    let unknown = json(unknown).await;
    assert_eq!((unknown["id"].as_u64(), unknown["error"]["code"].as_i64()), (Some(7), Some(-32602)), "{unknown}");
}

#[tokio::test]
async fn it_has_the_limits_of_all_doors() {
    let doors = doors(Settings { burst: 2, refill: Duration::from_secs(60), ..settings() });
    for status in [200, 200, 429] {
        assert_eq!(ask(&doors, Method::POST, &[], LIST).await.status(), status);
    }
}
