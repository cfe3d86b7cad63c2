//! Answers that are kept and given again: the same to the byte, counted alike, and only while they hold.

use crate::operator::{QUOTE, ask, get, settings};
use axum::Router;
use axum::http::{Method, Response};
use http_body_util::BodyExt as _;
use jiff::civil::date;
use std::fs;
use std::time::Duration;
use tidewaiter::Ratebook;
use tidewaiter_portal::{Desk, Held, Settings, router};

const PAGE: &str = "/fr/markets?goods=6109.10&origin=CN&price=12.50&from=CN&to=FR&currency=EUR&channel=post";
const QUESTION: &str = r#"{"from":"CN","to":"FR","currency":"EUR","channel":"post",
    "items":[{"code":"6109.10","origin":"CN","price":"12.50"}]}"#;

async fn whole(answer: Response<axum::body::Body>) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let status = answer.status().as_u16();
    // Each request has a name of its own; the length stands beside what was kept, where it was a stream before.
    let own = ["x-request-id", "content-length"];
    let headers = answer.headers().iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let mut headers: Vec<_> = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned())).collect();
    headers.sort();
    (status, headers, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
}

async fn post(doors: &Router) -> Response<axum::body::Body> {
    let kind = [("content-type", "application/json")];
    ask(doors, Method::POST, "/v1/quotes", [192, 0, 2, 7], &kind, QUESTION).await
}

/// How many answers were given again, as the figures tell.
async fn again(doors: &Router) -> u64 {
    let figures = crate::operator::text(get(doors, "/metrics").await).await;
    let line = figures.lines().find_map(|line| line.strip_prefix("tidewaiter_portal_given_again_total "));
    line.unwrap().parse().unwrap()
}

#[tokio::test]
async fn what_is_given_again_is_the_same_to_the_byte_and_counts() {
    let desk = Desk::embedded(settings());
    let doors = router(desk.clone());
    let plain = router(Desk::embedded(Settings { kept_bytes: 0, ..settings() }));
    let gzip = [("accept-encoding", "gzip")];
    let from = [192, 0, 2, 7];
    for path in [QUOTE, PAGE, "/en/", "/v1/economies/FR"] {
        for encoding in [&[][..], &gzip] {
            let fresh = whole(ask(&plain, Method::GET, path, from, encoding, "").await).await;
            for _ in 0..3 {
                assert_eq!(whole(ask(&doors, Method::GET, path, from, encoding, "").await).await, fresh, "{path}");
            }
        }
    }
    let fresh = whole(post(&plain).await).await;
    for _ in 0..3 {
        assert_eq!(whole(post(&doors).await).await, fresh);
    }
    assert_eq!(again(&doors).await, 4 * 2 * 2 + 2, "the first of each is computed");
    assert_eq!(again(&plain).await, 0);
    let of =
        |door: &str| desk.usage().all().iter().filter(|(_, one, _)| one.door == door).map(|(_, _, n)| n).sum::<u64>();
    assert_eq!(of("/v1/quotes"), 6 + 3, "each counts once, however it was answered");
}

#[tokio::test]
async fn what_does_not_hold_any_more_is_not_given() {
    let desk = Desk::embedded(settings());
    let doors = router(desk.clone());
    let first = (whole(get(&doors, QUOTE).await).await, whole(post(&doors).await).await);
    assert_eq!(again(&doors).await, 0);

    // The key names what the ratebook says, not where it lies.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.twrb");
    fs::write(&file, tidewaiter_data::bytes()).unwrap();
    let other = Ratebook::open(&file).unwrap();
    desk.replace(Held::Opened(Box::new(other)));
    let same = (whole(get(&doors, QUOTE).await).await, whole(post(&doors).await).await);
    assert_eq!(same, first, "the same ratebook in another place answers alike");
    assert_eq!(again(&doors).await, 2);

    // The day is part of the key.
    let tomorrow = router(Desk::embedded(Settings { today: Some(date(2026, 11, 23)), ..settings() }));
    let next = (whole(get(&tomorrow, QUOTE).await).await, whole(post(&tomorrow).await).await);
    assert_ne!(next.0, first.0);
    assert_ne!(next.1, first.1);
}

#[tokio::test]
async fn who_may_not_ask_is_not_given_either() {
    let doors = router(Desk::embedded(Settings { burst: 2, refill: Duration::from_secs(3600), ..settings() }));
    assert_eq!(get(&doors, QUOTE).await.status(), 200);
    assert_eq!(get(&doors, QUOTE).await.status(), 200);
    assert_eq!(get(&doors, QUOTE).await.status(), 429);
    let wrong = [("authorization", "Bearer twk_none")];
    let other = [192, 0, 2, 8];
    assert_eq!(ask(&doors, Method::GET, QUOTE, other, &wrong, "").await.status(), 401);
}
