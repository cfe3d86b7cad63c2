//! What the repository does beyond its doors: messages to servers, looks at authorities' addresses, tables for download.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use common::{Here, addresses, folder, tariff};
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use tidewaiter_repository::feeds::Interest;
use tidewaiter_repository::feeds::address::Reach;
use tidewaiter_repository::feeds::send::Courier;
use tidewaiter_repository::feeds::signature::{Signer, verify};
use tidewaiter_repository::store::subscription::{self, Channel};
use tidewaiter_repository::store::{edition, pull};
use tidewaiter_repository::workflow::pull::Runner;
use tidewaiter_repository::workflow::sent::About;

/// What a server on this machine was sent, and what it answers.
#[derive(Clone, Default)]
struct Heard {
    status: Arc<Mutex<u16>>,
    messages: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    file: Arc<Mutex<(String, Vec<u8>)>>,
    asked: Arc<Mutex<u32>>,
}

async fn server(heard: Heard) -> String {
    let hook = |State(heard): State<Heard>, headers: HeaderMap, body: Bytes| async move {
        heard.messages.lock().unwrap().push((headers, body));
        StatusCode::from_u16(*heard.status.lock().unwrap()).unwrap()
    };
    let file = |State(heard): State<Heard>, headers: HeaderMap| async move {
        *heard.asked.lock().unwrap() += 1;
        let (tag, bytes) = heard.file.lock().unwrap().clone();
        if headers.get("if-none-match").is_some_and(|v| v.as_bytes() == tag.as_bytes()) {
            return (StatusCode::NOT_MODIFIED, [("etag", tag)], Vec::new());
        }
        (StatusCode::OK, [("etag", tag)], bytes)
    };
    let router = Router::new().route("/hook", post(hook)).route("/rates.ndjson", get(file)).with_state(heard);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn interest(goods: &str) -> Interest {
    Interest { goods: vec![goods.into()], ..Interest::default() }
}

#[tokio::test]
async fn a_subscriber_hears_of_what_it_asked_for() {
    for address in addresses("hears").await {
        let here = Here::found(&address, &folder("hears-public")).await;
        let heard = Heard { status: Arc::new(Mutex::new(200)), ..Heard::default() };
        let to = format!("{}/hook", server(heard.clone()).await);
        let subscribe = |goods| {
            here.repository.subscribe(Channel::Webhook, &to, interest(goods), Reach::AndLoopback, "secretariat")
        };
        let (one, secret) = subscribe("0709").await.unwrap();
        let (other, _) = subscribe("0711").await.unwrap();
        let secret: Signer = secret.unwrap().parse().unwrap();
        here.publish("qq", tariff("QQ", &[("070999", "8 %")])).await;
        let courier = Courier::new(Reach::AndLoopback).unwrap();
        assert_eq!(here.repository.deliver(&courier).await.unwrap(), 1, "0711 was not asked about 0709");
        let (headers, body) = heard.messages.lock().unwrap().pop().unwrap();
        let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        let (id, at, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
        verify(&secret.verifier(), &id, &at, &signature, &body, here.now()).expect("signed with its secret");
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["type"], "edition.published");
        assert!(body.to_string().contains("0709"), "{body}");
        assert_eq!(here.repository.deliver(&courier).await.unwrap(), 0, "once is enough");

        // A server that fails is asked again by the schedule; one that is gone is not.
        *heard.status.lock().unwrap() = 503;
        here.publish("qq", tariff("QQ", &[("070999", "9 %"), ("071120", "3 %")])).await;
        assert_eq!(here.repository.deliver(&courier).await.unwrap(), 2);
        assert_eq!(here.repository.deliver(&courier).await.unwrap(), 0, "not at once");
        *heard.status.lock().unwrap() = 410;
        here.pass(SignedDuration::from_secs(6));
        assert_eq!(here.repository.deliver(&courier).await.unwrap(), 2);
        let mut tx = here.repository.db.read().await.unwrap();
        let dead = subscription::dead(&mut *tx, 10).await.unwrap();
        assert_eq!(dead.len(), 2);
        assert!(dead.iter().all(|d| d.attempts == 2 && d.outcome.contains("410")), "{dead:?}");
        assert_eq!(subscription::all(&mut *tx).await.unwrap(), [], "{one:?} and {other:?} have ended");
    }
}

#[tokio::test]
async fn an_address_that_is_not_public_is_refused() {
    let address = addresses("private").await.remove(0);
    let here = Here::found(&address, &folder("private-public")).await;
    for bad in [
        "http://rates.example/hook",
        "https://127.0.0.1/hook",
        "https://10.0.0.7/",
        "https://user:word@rates.example/",
        "ftp://x",
    ] {
        let refused = here.repository.subscribe(Channel::Webhook, bad, Interest::default(), Reach::Public, "s").await;
        assert!(refused.is_err(), "{bad}");
        let about = About { format: "edition".into(), ..About::default() };
        let pull = here.repository.pull_from("qq", bad, &about, 60, Reach::Public, "s").await;
        assert!(pull.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn an_address_is_looked_at_and_what_changed_waits_for_signatures() {
    for address in addresses("pull").await {
        let here = Here::found(&address, &folder("pull-public")).await;
        let heard = Heard::default();
        let url = format!("{}/rates.ndjson", server(heard.clone()).await);
        let file = |duty: &str| tariff("QQ", &[("610910", duty)]).files[0].1.clone();
        *heard.file.lock().unwrap() = ("\"one\"".into(), file("12 %"));
        let about = About { format: "edition".into(), ..About::default() };
        here.repository.pull_from("qq", &url, &about, 3600, Reach::AndLoopback, "secretariat").await.unwrap();
        let runner = Runner::new(Reach::AndLoopback).unwrap();
        let look = || here.repository.look(&runner);
        let outcome = async || {
            let mut tx = here.repository.db.read().await.unwrap();
            pull::all(&mut *tx).await.unwrap().remove(0).outcome.unwrap()
        };
        assert_eq!(look().await.unwrap(), 1);
        assert_eq!(outcome().await, "edition 1 waits for signatures");
        assert_eq!(look().await.unwrap(), 0, "not due");
        let hash = {
            let mut tx = here.repository.db.read().await.unwrap();
            let kept = edition::of(&mut *tx, "qq", 10, 10).await.unwrap().remove(0);
            assert_eq!((kept.published_at, kept.submitted_by.as_str()), (None, format!("pull from {url}").as_str()));
            kept.hash
        };
        for name in ["qq-one", "qq-two"] {
            here.sign(&hash, name).await.unwrap();
        }
        here.pass(SignedDuration::from_hours(1));
        assert_eq!((look().await.unwrap(), outcome().await.as_str()), (1, "unchanged"));
        // Another name for the same content, then a file that is broken, then a new one.
        heard.file.lock().unwrap().0 = "\"two\"".into();
        here.pass(SignedDuration::from_hours(1));
        assert_eq!((look().await.unwrap(), outcome().await.as_str()), (1, "unchanged"));
        *heard.file.lock().unwrap() = ("\"three\"".into(), b"no edition".to_vec());
        here.pass(SignedDuration::from_hours(1));
        look().await.unwrap();
        assert!(outcome().await.starts_with("refused: "), "{}", outcome().await);
        *heard.file.lock().unwrap() = ("\"four\"".into(), file("10 %"));
        here.pass(SignedDuration::from_hours(1));
        look().await.unwrap();
        assert_eq!(outcome().await, "edition 2 waits for signatures");
        assert_eq!(*heard.asked.lock().unwrap(), 5);
    }
}

#[tokio::test]
async fn tables_for_download_hold_every_record_with_both_its_times() {
    for address in addresses("tables").await {
        let public = folder("tables-public");
        let here = Here::found(&address, &public).await;
        here.publish("qq", tariff("QQ", &[("610910", "12 %"), ("610990", "5 %")])).await;
        here.pass(SignedDuration::from_hours(24));
        here.publish("qq", tariff("QQ", &[("610910", "10 %"), ("610990", "5 %")])).await;
        assert_eq!(here.repository.export().await.unwrap(), 1);
        assert_eq!(here.repository.export().await.unwrap(), 0, "nothing is newer");
        let lines = std::fs::read_to_string(public.join("open/qq/records.ndjson")).unwrap();
        let rows: Vec<serde_json::Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        let measures: Vec<(&str, &str, u64)> = rows
            .iter()
            .filter(|row| row["kind"] == "measure")
            .map(|row| {
                let amount = row["record"]["measure"]["amount"].as_str().unwrap();
                (row["key"].as_str().unwrap(), amount, row["first_edition"].as_u64().unwrap())
            })
            .collect();
        assert_eq!(measures, [("610910", "12 %", 1), ("610990", "5 %", 1), ("610910", "10 %", 2)]);
        let old = rows.iter().find(|r| r["record"]["measure"]["amount"] == "12 %").unwrap();
        assert_eq!(
            (old["known_from"].as_str(), old["known_before"].as_str()),
            (Some("2026-11-22"), Some("2026-11-23"))
        );
        for name in ["records.csv", "records.parquet", "editions.csv", "dictionary.csv", "datapackage.json"] {
            assert!(std::fs::metadata(public.join("open/qq").join(name)).unwrap().len() > 100, "{name}");
        }
    }
}
