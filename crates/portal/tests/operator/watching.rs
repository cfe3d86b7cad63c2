//! Figures, readiness and the log.

use crate::operator::{QUOTE, ask, get, json, settings, text};
use axum::http::{Method, StatusCode};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tidewaiter_portal::{Desk, router};
use tracing_subscriber::fmt::MakeWriter;

#[tokio::test]
async fn figures_name_doors_and_the_ratebook_and_nobody() {
    let desk = Desk::embedded(settings());
    let doors = router(desk.clone());
    assert_eq!(get(&doors, QUOTE).await.status(), 200);
    assert_eq!(get(&doors, "/v1/quotes?to=QQ&goods=610910&price=1").await.status(), 422);
    assert_eq!(get(&doors, "/no/such/door").await.status(), 404);
    let key = [("authorization", "Bearer twk_none")];
    assert_eq!(ask(&doors, Method::GET, QUOTE, [192, 0, 2, 7], &key, "").await.status(), 401);
    let answer = get(&doors, "/metrics").await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let figures = text(answer).await;
    for line in [
        "tidewaiter_portal_answers_total{door=\"/v1/quotes\",status=\"200\"} 1",
        "tidewaiter_portal_answers_total{door=\"/v1/quotes\",status=\"422\"} 1",
        "tidewaiter_portal_answers_total{door=\"none\",status=\"404\"} 1",
        "tidewaiter_portal_refused_total{why=\"key\"} 1",
        "tidewaiter_portal_seconds_count{door=\"/v1/quotes\"} 3",
        &format!("fingerprint=\"{}\"", desk.book().fingerprint()),
        "tidewaiter_portal_ratebook_age_days ",
    ] {
        assert!(figures.contains(line), "{line} in\n{figures}");
    }
    for secret in ["6109", "192.0.2.7", "twk_", "QQ"] {
        assert!(!figures.contains(secret), "{secret} in\n{figures}");
    }
}

#[tokio::test]
async fn ready_says_what_is_missing() {
    let doors = router(Desk::embedded(settings()));
    assert_eq!(get(&doors, "/health/live").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(get(&doors, "/health/ready").await.status(), StatusCode::NO_CONTENT);
    let desk = Desk::embedded(settings());
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("portal.db").display());
    let store = tidewaiter_portal::store::Store::open(&address).await.unwrap();
    desk.keep_in(store.clone());
    let doors = router(desk);
    assert_eq!(get(&doors, "/health/ready").await.status(), StatusCode::NO_CONTENT);
    store.close().await;
    assert_eq!(
        get(&doors, "/health/ready").await.status(),
        StatusCode::NO_CONTENT,
        "within a second it is not looked again"
    );
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let gone = get(&doors, "/health/ready").await;
    assert_eq!(gone.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(json(gone).await["detail"], "The store does not answer.");
    assert_eq!(get(&doors, QUOTE).await.status(), StatusCode::OK, "quotes need no store");
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_line_of_the_log_has_the_pattern_of_the_address_and_nothing_of_who_asks() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .finish();
    let _log = tracing::subscriber::set_default(subscriber);
    let doors = router(Desk::embedded(settings()));
    let named = [("x-request-id", "shop-17"), ("user-agent", "somebody"), ("referer", "https://shop.example/basket")];
    let answer = ask(&doors, Method::GET, QUOTE, [192, 0, 2, 7], &named, "").await;
    assert_eq!(answer.headers()["x-request-id"], "shop-17");
    let long = "x".repeat(65);
    let answer = ask(&doors, Method::GET, QUOTE, [192, 0, 2, 7], &[("x-request-id", &long)], "").await;
    assert_ne!(answer.headers()["x-request-id"], long.as_str());
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let line = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .find(|line| line["request_id"] == "shop-17")
        .unwrap();
    let told: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(told, ["timestamp", "level", "message", "method", "path", "status", "ms", "request_id", "target"]);
    assert_eq!((&line["method"], &line["path"], &line["status"]), (&"GET".into(), &"/v1/quotes".into(), &200.into()));
    for secret in ["6109", "192.0.2", "somebody", "shop.example", "xxxx"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
