//! Too large, too often, too slow, broken inside: each has its answer, and the service goes on.

use crate::common::{folder, tariff};
use crate::server::service::{BOUNDARY, Service, Wire, form, request, service, wide};
use axum::body::Body;
use axum::extract::ConnectInfo;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tidewaiter_repository::server::Limits;

async fn limited(name: &str, limits: Limits) -> Service {
    let address = folder(name).join("repository.db").display().to_string();
    Service::on(&address, name, limits).await
}

#[tokio::test]
async fn a_body_has_a_size() {
    let service = limited("size", Limits { body_bytes: 4000, small_body_bytes: 500, ..wide() }).await;
    let before = service.stand().await;
    let large = form(&crate::common::edition_file("x".repeat(4001)));
    // Told in advance by Content-Length, and found on the way without it.
    service
        .submit("qq", Some(&service.officer), &[("content-length", &large.len().to_string())], large.clone())
        .await
        .problem(413, "too-large");
    service.submit("qq", Some(&service.officer), &[], large).await.problem(413, "too-large");
    let body = serde_json::json!({ "label": "x".repeat(500), "role": "auditor", "days": 1 });
    service.post("/v1/tokens", Some(&service.secretariat), body).await.problem(413, "too-large");
    let request = request("POST", "/v1/ceremonies", Some(&service.secretariat));
    service.send(request.body(Body::from(vec![b'x'; 501])).unwrap()).await.problem(413, "too-large");
    assert_eq!(service.stand().await, before);
    // A submission may be larger than everything else.
    let fits = form(&tariff("QQ", &[("610910", "12 %")]));
    assert!((501..4000).contains(&fits.len()));
    assert_eq!(service.submit("qq", Some(&service.officer), &[], fits).await.status, 201);
}

async fn from(service: &Service, address: &str, path: &str) -> crate::server::service::Reply {
    let mut request = request("GET", path, None).body(Body::empty()).unwrap();
    let address: SocketAddr = address.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(address));
    service.send(request).await
}

/// Three at once and one more an hour: the fourth waits, from that network only, and health is never counted.
#[tokio::test]
async fn who_asks_too_often_waits() {
    let service = limited("rate", Limits { burst: 3, refill: Duration::from_secs(3600), ..Limits::default() }).await;
    for _ in 0..3 {
        assert_eq!(from(&service, "192.0.2.1:1", "/v1/board").await.status, 200);
    }
    let answer = from(&service, "192.0.2.1:2", "/v1/authorities").await;
    let problem = answer.problem(429, "too-many");
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=3600).contains(&wait) && problem["detail"].as_str().unwrap().contains(&wait.to_string()), "{problem}");
    assert_eq!(from(&service, "192.0.2.2:1", "/v1/board").await.status, 200, "another address");
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(from(&service, "192.0.2.1:3", path).await.status, 204);
    }
    assert_eq!(from(&service, "192.0.2.1:3", "/metrics").await.status, 200);
    // Published files are counted apart: a reader who begins fetches thousands.
    for _ in 0..300 {
        assert_eq!(from(&service, "192.0.2.1:3", "/metadata/timestamp.json").await.status, 200);
    }
    // An IPv6 network of 64 bits is one caller.
    for host in ["1", "2", "3"] {
        assert_eq!(from(&service, &format!("[2001:db8::{host}]:1"), "/v1/board").await.status, 200);
    }
    assert_eq!(from(&service, "[2001:db8::4]:1", "/v1/board").await.status, 429);
    assert_eq!(from(&service, "[2001:db8:0:1::4]:1", "/v1/board").await.status, 200);
}

#[tokio::test]
async fn who_sends_too_slowly_is_let_go() {
    let service = service("slow").await;
    let before = service.stand().await;
    let wire = Wire::of(&service, Limits { time: Duration::from_millis(200), ..wide() }).await;
    let token = &service.officer;
    let begun = format!(
        "POST /v1/authorities/qq/submissions HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: multipart/form-data; boundary={BOUNDARY}\r\ncontent-length: 1000\r\n\r\n--{BOUNDARY}\r\n"
    );
    let answer = wire.say(begun.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 504 ") && answer.contains("urn:tidewaiter:problem:time"), "{answer}");
    assert_eq!(service.stand().await, before);
    wire.end().await;
}

/// A clock that panics stands for any fault in a door.
#[tokio::test]
async fn a_fault_is_an_answer_and_not_the_end() {
    let service = service("fault").await;
    let now = service.here.seconds.swap(i64::MAX, Ordering::SeqCst);
    let answer = service.get("/v1/audit", Some(&service.auditor)).await;
    let problem = answer.problem(500, "fault").to_string();
    assert!(!problem.contains("panick") && !problem.contains(".rs"), "{problem}");
    service.here.seconds.store(now, Ordering::SeqCst);
    assert_eq!(service.get("/v1/audit", Some(&service.auditor)).await.status, 200);
    let figures = service.get("/metrics", None).await.text();
    assert!(figures.contains(r#"answers_total{door="/v1/audit",status="500"} 1"#), "{figures}");
}

#[tokio::test]
async fn a_database_that_is_gone_is_not_described() {
    let service = service("gone").await;
    service.here.repository.db.close().await;
    for path in ["/v1/authorities", "/v1/records", "/v1/authorities/qq/editions"] {
        let answer = service.get(path, None).await;
        let problem = answer.problem(503, "unavailable").to_string();
        assert_eq!(answer.header("retry-after"), "5");
        for word in ["sql", "SELECT", "pool", "/tmp", ".db", "closed"] {
            assert!(!problem.contains(word), "{problem}");
        }
    }
    service.get("/v1/audit", Some(&service.auditor)).await.problem(503, "unavailable");
    service.get("/health/ready", None).await.problem(503, "unavailable");
    assert_eq!(service.get("/health/live", None).await.status, 204);
}

#[tokio::test]
async fn figures_stay_few() {
    let service = service("figures").await;
    let lines = || async { service.get("/metrics", None).await.text().lines().count() };
    service.get("/nowhere", None).await;
    service.get("/metadata/none.json", None).await;
    service.get("/v1/editions/none", None).await;
    lines().await;
    let before = lines().await;
    for n in 0..300 {
        service.get(&format!("/nowhere/{n}"), None).await;
        service.get(&format!("/metadata/{n}.json"), None).await;
        service.get(&format!("/v1/editions/{n}?a={n}"), None).await;
    }
    assert_eq!(lines().await, before);
    assert!(!service.get("/metrics", None).await.text().contains("nowhere"));
}

#[tokio::test]
async fn every_answer_has_its_name() {
    let service = service("ids").await;
    let given = request("GET", "/v1/board", None).header("x-request-id", "abc").body(Body::empty()).unwrap();
    assert_eq!(service.send(given).await.header("x-request-id"), "abc");
    let one = service.get("/v1/board", None).await;
    let two = service.get("/nowhere", None).await;
    assert!(one.header("x-request-id").len() == 36 && one.header("x-request-id") != two.header("x-request-id"));
    assert_eq!(two.header("x-content-type-options"), "nosniff");
}

/// Bytes that are no HTTP, over a real connection: each is turned away, and the next honest caller is served.
#[tokio::test]
async fn what_is_no_http_is_turned_away() {
    let service = service("wire").await;
    let wire = Wire::of(&service, wide()).await;
    let long = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "x".repeat(1_000_000));
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "a: b\r\n".repeat(5000));
    for bytes in [
        b"GET /metadata/\0timestamp.json HTTP/1.1\r\nhost: a\r\n\r\n".as_slice(),
        b"GET /metadata/\xff HTTP/1.1\r\nhost: a\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: nonsense\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ] {
        let answer = wire.say(bytes).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer:.200}");
    }
    let honest = wire.say(b"GET /v1/board HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(honest.starts_with("HTTP/1.1 200 OK"), "{honest:.200}");
    let head = wire.say(b"HEAD /metadata/timestamp.json HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 OK") && head.ends_with("\r\n\r\n"), "headers and no body: {head}");
    wire.end().await;
}
