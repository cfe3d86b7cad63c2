//! Every limit, tried.

use crate::api::ask::{doors, get, post, send};
use axum::body::Body;
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");

fn question(items: usize) -> Value {
    let item = json!({ "code": "6109.10", "origin": "CN", "price": "1" });
    json!({ "from": "CN", "to": "FR", "currency": "EUR", "items": vec![item; items] })
}

#[tokio::test]
async fn bodies_are_of_one_kind_and_size() {
    let ask = |headers: Vec<(&'static str, &'static str)>, body: String| async move {
        send(&doors(), "POST", "/v1/quotes", &headers, body).await.status
    };
    let good = question(1).to_string();
    assert_eq!(ask(vec![JSON], good.clone()).await, 200);
    assert_eq!(ask(vec![("content-type", "application/json; charset=utf-8")], good.clone()).await, 200);
    assert_eq!(ask(vec![], good.clone()).await, 415);
    assert_eq!(ask(vec![("content-type", "application/x-www-form-urlencoded")], good.clone()).await, 415);
    assert_eq!(ask(vec![JSON, ("content-encoding", "gzip")], good.clone()).await, 415);
    assert_eq!(ask(vec![JSON], format!("{good}{}", " ".repeat(300 << 10))).await, 413);
    assert_eq!(ask(vec![JSON], String::new()).await, 400);
    assert_eq!(ask(vec![JSON], "{".repeat(100_000)).await, 400, "however deep");
    let deep = format!("{{\"to\":\"FR\",\"currency\":\"EUR\",\"items\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(ask(vec![JSON], deep).await, 422);
}

#[tokio::test]
async fn lists_have_an_end() {
    assert_eq!(post("/v1/quotes", &question(999)).await.status, 200);
    let answer = post("/v1/quotes", &question(1000)).await;
    assert_eq!((answer.status, answer.wrong()), (422, vec!["items".to_owned()]));
    let answer = post("/v1/quotes/plan", &question(101)).await;
    assert_eq!((answer.status, answer.wrong()), (422, vec!["items".to_owned()]));
    let compare = |many: usize| json!({ "consignment": question(1), "to": vec!["FR"; many] });
    assert_eq!(post("/v1/quotes/compare", &compare(250)).await.status, 200);
    for many in [0, 251] {
        let answer = post("/v1/quotes/compare", &compare(many)).await;
        assert_eq!((answer.status, answer.wrong()), (422, vec!["to".to_owned()]), "{many}");
    }
    let long = format!("/v1/quotes?to=FR&currency=EUR{}", "&price=1".repeat(400));
    assert_eq!(get(&long).await.status, 422);
    let long = format!("/v1/goods-codes?q={}", "x".repeat(501));
    assert_eq!(get(&long).await.status, 422);
    assert_eq!(get("/v1/goods-codes?q=toy&most=51").await.status, 422);
}

#[tokio::test]
async fn an_unknown_field_is_refused_everywhere() {
    for address in [
        "/v1/quotes?price=1&to=FR&currency=EUR&goods=6109&frieght=3",
        "/v1/goods-codes?q=toy&language=en",
        "/v1/goods-codes/6109?x=1",
        "/v1/economies?day=2026-01-01",
        "/v1/economies/FR?x=1",
        "/v1/economies/FR/measures/6109?orign=CN",
        "/v1/territories?x=1",
        "/v1/currencies?x=1",
        "/v1/exchange-rates?serie=ecb",
        "/v1/exchange-rates/ecb/USD?x=1",
        "/v1/changes?form=2026-01-01",
        "/v1/editions?x=1",
        "/v1/ratebook?x=1",
        "/v1/schemas?x=1",
        "/v1/schemas/quote?x=1",
        "/v1/openapi.json?x=1",
    ] {
        let answer = get(address).await;
        assert_eq!(answer.status, 422, "{address}: {}", answer.text());
        assert_eq!(answer.wrong().len(), 1, "{address}");
    }
    let answer = get("/v1/changes?form=2026-01-01").await;
    assert!(answer.text().contains("did you mean from?"), "{}", answer.text());
    let answer = send(&doors(), "POST", "/v1/quotes?step=true", &[JSON], question(1).to_string()).await;
    assert!(answer.text().contains("did you mean steps?"), "{}", answer.text());
}

#[tokio::test]
async fn what_was_sent_does_not_come_back_as_a_page() {
    for address in
        ["/v1/economies/%3Cscript%3E", "/v1/quotes?%3Cscript%3E=1", "/v1/%3Cscript%3E", "/v1/schemas/%3Cb%3E"]
    {
        let answer = get(address).await;
        assert_eq!(answer.kind(), "application/problem+json", "{address}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn other_methods_are_refused_with_those_that_are_taken() {
    for (method, address, allow) in [
        ("DELETE", "/v1/quotes", "GET,HEAD,POST"),
        ("GET", "/v1/quotes/batch", "POST"),
        ("POST", "/v1/currencies", "GET,HEAD"),
    ] {
        let answer = send(&doors(), method, address, &[], Body::empty()).await;
        assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {address}");
        assert_eq!(answer.kind(), "application/problem+json");
        assert!(answer.text().contains(&format!("it takes {allow}.")), "{}", answer.text());
    }
}
