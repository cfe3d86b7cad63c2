//! Keys and allowances, through all doors.

use crate::operator::{QUOTE, ask, get, json, settings};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use std::net::SocketAddr;
use std::time::Duration;
use tidewaiter_portal::guard::keys::Keys;
use tidewaiter_portal::usage::Usage;
use tidewaiter_portal::{Desk, Held, Settings, router};
use tower::ServiceExt as _;

fn with_key(key: &str) -> (Router, Desk, Keys) {
    let settings = Settings { burst: 3, refill: Duration::from_secs(3600), ..settings() };
    let keys = Keys::read(&Keys::row("Ana", key)).unwrap();
    let desk = Desk::new(Held::Embedded(tidewaiter_data::ratebook()), settings, keys.clone(), Usage::default());
    (router(desk.clone()), desk, keys)
}

async fn answered(doors: &Router, from: [u8; 4], headers: &[(&str, &str)]) -> usize {
    for many in 0..100 {
        let answer = ask(doors, Method::GET, QUOTE, from, headers, "").await;
        match answer.status().as_u16() {
            200 => {}
            429 => {
                let wait: u64 = answer.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
                assert!((1..=3600).contains(&wait), "{wait}");
                let problem = json(answer).await;
                assert_eq!(problem["type"], "urn:tidewaiter:problem:too-many");
                return many;
            }
            other => panic!("{other}"),
        }
    }
    100
}

#[tokio::test]
async fn holders_of_keys_have_ten_times_the_allowance_from_wherever_they_ask() {
    let (doors, ..) = with_key("twk_secret");
    assert_eq!(answered(&doors, [192, 0, 2, 1], &[]).await, 3);
    assert_eq!(answered(&doors, [192, 0, 2, 2], &[]).await, 3, "each network has its own");
    let key = [("authorization", "bearer twk_secret")];
    assert_eq!(answered(&doors, [192, 0, 2, 1], &key).await, 30, "also where the network has used up its own");
    assert_eq!(answered(&doors, [192, 0, 2, 3], &key).await, 0, "one allowance for a key");
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_not_taken_for_nobody() {
    let (doors, ..) = with_key("twk_secret");
    let values = [("Bearer twk_other", 401), ("Bearer", 401), ("Token twk_secret", 401), ("Basic YTpi", 200)];
    for (host, (value, status)) in (1..).zip(values) {
        let answer = ask(&doors, Method::GET, QUOTE, [192, 0, 2, host], &[("authorization", value)], "").await;
        assert_eq!(answer.status(), status, "{value}");
        if status == 401 {
            assert_eq!(answer.headers()[header::WWW_AUTHENTICATE], "Bearer realm=\"tidewaiter\"");
            let problem = json(answer).await;
            assert_eq!(problem["type"], "urn:tidewaiter:problem:key", "{problem}");
            assert!(!problem.to_string().contains("twk_"), "keys are not repeated");
        }
    }
    // Trying keys uses up the allowance of the network that tries.
    let (doors, ..) = with_key("twk_secret");
    let wrong = [("authorization", "Bearer twk_other")];
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(ask(&doors, Method::GET, QUOTE, [192, 0, 2, 9], &wrong, "").await.status().as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 429]);
}

#[tokio::test]
async fn a_key_that_is_withdrawn_is_refused_from_then_on() {
    let (doors, _, keys) = with_key("twk_secret");
    let key = [("authorization", "Bearer twk_secret")];
    assert_eq!(ask(&doors, Method::GET, QUOTE, [192, 0, 2, 9], &key, "").await.status(), 200);
    keys.replace(&Keys::default());
    let refused = ask(&doors, Method::GET, QUOTE, [192, 0, 2, 9], &key, "").await;
    assert_eq!(refused.status(), 401);
    assert!(json(refused).await["detail"].as_str().unwrap().contains("gives out no keys"));
}

#[tokio::test]
async fn what_machines_ask_all_the_time_has_no_limit() {
    let (doors, ..) = with_key("twk_secret");
    for _ in 0..20 {
        assert_eq!(get(&doors, "/health/ready").await.status(), 204);
    }
}

/// A body that never ends.
fn endless() -> Body {
    Body::from_stream(futures_util::stream::pending::<std::io::Result<Vec<u8>>>())
}

fn slow(from: [u8; 4]) -> Request<Body> {
    Request::post("/v1/quotes")
        .header(header::CONTENT_TYPE, "application/json")
        .extension(ConnectInfo(SocketAddr::from((from, 1))))
        .body(endless())
        .unwrap()
}

const SENT: &str = r#"{"to":"FR","currency":"EUR","items":[{"code":"610910","origin":"CN","price":"5"}]}"#;
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[tokio::test]
async fn who_sends_slowly_takes_no_place_and_has_a_share() {
    // Fewer places than slow ones.
    let doors = router(Desk::embedded(Settings { at_once: 4, burst: 1000, bodies_each: 40, ..settings() }));
    let slow_ones: Vec<_> = (0..600u16)
        .map(|number| tokio::spawn(doors.clone().oneshot(slow([198, 51, 100, (number / 30) as u8]))))
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(get(&doors, QUOTE).await.status(), 200, "a quick GET");
    assert_eq!(
        ask(&doors, Method::POST, "/v1/quotes", [192, 0, 2, 7], &JSON, SENT).await.status(),
        200,
        "a quick POST"
    );
    assert!(slow_ones.iter().all(|one| !one.is_finished()), "each has its own share");
    // One network alone sends no more than its share.
    let from_one: Vec<_> = (0..41).map(|_| tokio::spawn(doors.clone().oneshot(slow([203, 0, 113, 1])))).collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let refused: Vec<_> = from_one.into_iter().filter(tokio::task::JoinHandle::is_finished).collect();
    assert_eq!(refused.len(), 1);
    for one in refused {
        let answer = one.await.unwrap().unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()[header::RETRY_AFTER].as_bytes()), (429, &b"1"[..]));
    }
    slow_ones.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_refused() {
    let doors = router(Desk::embedded(Settings { body_time: Duration::from_millis(200), ..settings() }));
    let answer = doors.clone().oneshot(slow([192, 0, 2, 7])).await.unwrap();
    assert_eq!(answer.status(), 408);
    assert_eq!(json(answer).await["type"], "urn:tidewaiter:problem:slow");
}

#[tokio::test]
async fn what_leads_nowhere_and_figures_count_and_so_does_what_is_known_already() {
    let (doors, ..) = with_key("twk_secret");
    for (host, path) in [(1, "/nowhere"), (2, "/metrics"), (3, "/v1/nothing")] {
        let mut statuses = Vec::new();
        for _ in 0..4 {
            statuses.push(ask(&doors, Method::GET, path, [192, 0, 2, host], &[], "").await.status().as_u16());
        }
        assert_eq!(statuses[3], 429, "{path}: {statuses:?}");
    }
    let tag = get(&doors, QUOTE).await.headers()[header::ETAG].to_str().unwrap().to_owned();
    let held = [("if-none-match", tag.as_str())];
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(ask(&doors, Method::GET, QUOTE, [192, 0, 2, 7], &held, "").await.status().as_u16());
    }
    assert_eq!(statuses, [304, 304, 429]);
    let wrong = [held[0], ("authorization", "Bearer twk_other")];
    assert_eq!(ask(&doors, Method::GET, QUOTE, [192, 0, 2, 8], &wrong, "").await.status(), 401);
}

#[tokio::test]
async fn only_a_name_is_taken_for_the_name_of_the_service() {
    let doors = router(Desk::embedded(settings()));
    for bad in ["a b", "me@duties.example", "\"><b>"] {
        let request = Request::get("/en/").header(header::HOST, bad);
        let request =
            request.extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 1)))).body(Body::empty()).unwrap();
        assert_eq!(doors.clone().oneshot(request).await.unwrap().status(), 400, "{bad}");
    }
    let two = ask(&doors, Method::GET, "/en/", [192, 0, 2, 7], &[("host", "other.example")], "").await;
    assert_eq!(two.status(), 400, "two names");
    // HTTP/2 says it in the address.
    let request = Request::get("http://duties.example/en/shops");
    let request = request.extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 1)))).body(Body::empty()).unwrap();
    let page = crate::operator::text(doors.clone().oneshot(request).await.unwrap()).await;
    assert!(page.contains("http://duties.example/"), "{page}");
}
