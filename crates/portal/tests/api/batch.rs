//! Many questions at once.

use crate::api::ask::{doors, post, send};
use serde_json::{Value, json};

const GOOD: &str = r#"{"from":"CN","to":"FR","date":"2026-11-21","currency":"EUR","channel":"post","seller":{"registrations":["eu.ioss"]},"items":[{"code":"6109.10","origin":"CN","price":"12.50"}]}"#;

async fn lines(body: String) -> Vec<Value> {
    let answer = send(&doors(), "POST", "/v1/quotes/batch", &[("content-type", "application/x-ndjson")], body).await;
    assert_eq!((answer.status, answer.kind()), (200, "application/x-ndjson"), "{}", answer.text());
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_wrong_line_does_not_stop_the_others() {
    let told = lines(format!("{GOOD}\n\nnonsense\n{{\"to\":\"FR\"}}\n{GOOD}")).await;
    let of = |line: &Value| (line["line"].as_u64().unwrap(), line["problem"]["status"].as_u64());
    assert_eq!(told.iter().map(of).collect::<Vec<_>>(), [(1, None), (3, Some(400)), (4, Some(422)), (5, None)]);
    assert_eq!(told[0]["quote"], told[3]["quote"]);
    assert_eq!(told[0]["quote"]["outcome"], "amount");
}

#[tokio::test]
async fn an_array_is_asked_like_lines() {
    let good: Value = serde_json::from_str(GOOD).unwrap();
    let answer = post("/v1/quotes/batch", &json!([good, 7, good])).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), 3);
    assert_eq!(told[1]["problem"]["status"], 422);
    assert_eq!(told[2]["line"], 3);
}

/// What compresses the answer asks for more after its end.
#[tokio::test]
async fn a_compressed_answer_comes_to_its_end() {
    let headers = [("content-type", "application/x-ndjson"), ("accept-encoding", "gzip")];
    let answer = send(&doors(), "POST", "/v1/quotes/batch", &headers, format!("{GOOD}\n").repeat(100)).await;
    assert_eq!((answer.status, answer.header("content-encoding")), (200, "gzip"));
    assert!(answer.body.len() > 100);
}

#[tokio::test]
async fn there_are_limits() {
    let kind = [("content-type", "application/x-ndjson")];
    let ask = |body: String| async move { send(&doors(), "POST", "/v1/quotes/batch", &kind, body).await };
    assert_eq!(ask(String::new()).await.status, 400);
    assert_eq!(ask("{}\n".repeat(10_001)).await.status, 422);
    assert_eq!(ask(" ".repeat(17 << 20)).await.status, 413);
    let long = format!("{GOOD}\n\"{}\"", "x".repeat(300 << 10));
    assert_eq!(lines(long).await[1]["problem"]["status"], 413, "one question may not be longer than one that is alone");
    let answer = send(&doors(), "POST", "/v1/quotes/batch", &[("content-type", "text/csv")], "a,b").await;
    assert_eq!(answer.status, 415);
    let html = [kind[0], ("accept", "text/html")];
    assert_eq!(send(&doors(), "POST", "/v1/quotes/batch", &html, GOOD).await.status, 406);
}

#[tokio::test]
async fn ten_thousand_are_answered_in_their_order() {
    let body = format!("{GOOD}\n{}", "7\n".repeat(99)).repeat(100);
    let told = lines(body).await;
    assert_eq!(told.len(), 10_000);
    let right = |(at, line): (usize, &Value)| line["line"] == at + 1 && line.get("quote").is_some() == (at % 100 == 0);
    assert!(told.iter().enumerate().all(right));
}
