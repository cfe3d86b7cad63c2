//! What everybody may read: records on two days, the published files, and nothing before its hour.

use crate::common::tariff;
use crate::server::service::{request, service, services};
use axum::body::Body;
use jiff::SignedDuration;
use tidewaiter_repository::sha256_hex;

#[tokio::test]
async fn records_are_asked_for_on_two_days() {
    for service in services("two-days").await {
        service.publish(&tariff("QQ", &[("610910", "12 %")])).await;
        service.here.pass(SignedDuration::from_hours(24));
        let mut second = tariff("QQ", &[("610910", "10 %")]);
        let text = String::from_utf8(second.files[0].1.clone()).unwrap();
        second.files[0].1 = text.replace("2026-11-22", "2026-11-23").into_bytes();
        service.publish(&second).await;
        let amount = async |question: &str| {
            let path = format!("/v1/records?territory=QQ&kind=measure&key=6109.10.00&{question}");
            let answer = service.get(&path, None).await.json();
            let records = answer["records"].as_array().unwrap().clone();
            assert!(answer["next_after"].is_null());
            records.iter().map(|r| r["record"]["measure"]["amount"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(amount("valid=2026-12-01").await, ["10 %"]);
        assert_eq!(amount("valid=2026-12-01&known=2026-11-22").await, ["12 %"]);
        assert_eq!(amount("valid=2026-12-01&known=2026-11-23T08:00:00Z").await, ["10 %"]);
        assert_eq!(amount("valid=2026-12-01&known=2026-11-23T07:59:59Z").await, ["12 %"]);
        assert_eq!(amount("valid=2026-12-01&known=2026-11-21").await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn questions_that_are_none() {
    for service in services("questions").await {
        service.publish(&tariff("QQ", &[("610910", "12 %")])).await;
        let long = format!("key={}", "1".repeat(81));
        let territory = format!("territory={}", "Q".repeat(81));
        for question in [
            "known=yesterday",
            "known=2026-02-30",
            "valid=2026-13-01",
            "valid=-9999-01-01",
            "valid=",
            "after=-1",
            "after=99999999999999999999",
            "after=1",
            "after=bnVsbA",
            "after=e30",
            "after=%00",
            // {"known":"2026-11-22","current":true,"place":{"key":"a","kind":"b","authority":"c","seq":-1}}
            "after=eyJrbm93biI6IjIwMjYtMTEtMjIiLCJjdXJyZW50Ijp0cnVlLCJwbGFjZSI6eyJrZXkiOiJhIiwia2luZCI6ImIiLCJhdXRob3JpdHkiOiJjIiwic2VxIjotMX19",
            "key=",
            "key=.",
            "key=a%00",
            "territory=%00",
            "kind=a%0ab",
            "colour=red",
            "key=1&key=2",
            &long,
            &territory,
        ] {
            service.get(&format!("/v1/records?{question}"), None).await.problem(400, "request");
        }
        for question in [
            "valid=-009999-01-01",
            "known=9999-12-31",
            "key=%27%3B%20DROP%20TABLE%20record%3B--",
            "kind=%25",
            "territory=qq",
        ] {
            let answer = service.get(&format!("/v1/records?{question}"), None).await;
            assert_eq!(answer.status, 200, "{question}: {}", answer.text());
            assert_eq!(answer.json()["records"].as_array().unwrap().len(), 0, "{question}");
        }
        for question in ["before=18446744073709551615", "before=9223372036854775808"] {
            let answer = service.get(&format!("/v1/authorities/qq/editions?{question}"), None).await;
            assert_eq!(answer.json()["editions"].as_array().unwrap().len(), 1, "{question}");
        }
        service.get("/v1/authorities/qq/editions?before=x", None).await.problem(400, "request");
        service.get("/v1/audit?after=x", Some(&service.auditor)).await.problem(400, "request");
    }
}

/// More records than one answer holds are read page by page, each once.
#[tokio::test]
async fn pages_of_records_follow_each_other() {
    let service = service("pages").await;
    let codes: Vec<String> = (0..1001).map(|n| format!("{:06}", 610_000 + n)).collect();
    let duties: Vec<(&str, &str)> = codes.iter().map(|code| (code.as_str(), "5 %")).collect();
    service.publish(&tariff("QQ", &duties)).await;
    let first = service.get("/v1/records?territory=QQ&kind=measure", None).await.json();
    let keys = |answer: &serde_json::Value| -> Vec<String> {
        let records = answer["records"].as_array().unwrap();
        records.iter().map(|record| record["key"].as_str().unwrap().to_owned()).collect()
    };
    let after = first["next_after"].as_str().unwrap().to_owned();
    assert_eq!((keys(&first), after.is_empty()), (codes[..1000].to_vec(), false));
    let rest = || async {
        let path = format!("/v1/records?territory=QQ&kind=measure&after={after}");
        service.get(&path, None).await.json()
    };
    assert_eq!((keys(&rest().await), rest().await["next_after"].is_null()), (vec!["611000".to_owned()], true));

    // What is published between two pages, before and after the place where the first one ended, moves nothing.
    service.here.pass(SignedDuration::from_hours(1));
    let mut other = duties.clone();
    other.retain(|(code, _)| !["610000", "611000"].contains(code));
    other.extend([("600000", "1 %"), ("611001", "1 %")]);
    service.publish(&tariff("QQ", &other)).await;
    assert_eq!((keys(&rest().await), rest().await["next_after"].is_null()), (vec!["611000".to_owned()], true));
    let anew = service.get("/v1/records?territory=QQ&kind=measure", None).await.json();
    assert_eq!(keys(&anew)[..2], ["600000", "610001"]);
}

#[tokio::test]
async fn files_are_kept_by_whoever_asked() {
    let service = service("files").await;
    let hash = service.publish(&tariff("QQ", &[("610910", "12 %")])).await;
    let timestamp = service.get("/metadata/timestamp.json", None).await;
    assert_eq!(timestamp.header("cache-control"), "public, max-age=5, must-revalidate");
    assert_eq!(timestamp.header("content-type"), "application/json");
    let target = format!("/targets/{hash}.qq--edition.json");
    let manifest = service.get(&target, None).await;
    assert_eq!(sha256_hex(&manifest.body), hash);
    assert_eq!(manifest.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(manifest.header("content-length"), manifest.body.len().to_string());

    let tag = manifest.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    for (known, fresh) in [
        (tag.clone(), true),
        (format!("W/{tag}"), true),
        (format!("\"other\", {tag}"), true),
        ("*".to_owned(), true),
        ("\"other\"".to_owned(), false),
        (tag.trim_matches('"').to_owned(), false),
    ] {
        let request = request("GET", &target, None).header("if-none-match", &known).body(Body::empty()).unwrap();
        let answer = service.send(request).await;
        assert_eq!(answer.status, if fresh { 304 } else { 200 }, "{known}");
        assert_eq!((answer.body.is_empty(), answer.header("etag")), (fresh, tag.as_str()));
    }
    let old = timestamp.header("etag").to_owned();
    service.here.pass(SignedDuration::from_hours(20));
    service.here.repository.tick().await.unwrap();
    let request = request("GET", "/metadata/timestamp.json", None).header("if-none-match", old);
    assert_eq!(service.send(request.body(Body::empty()).unwrap()).await.status, 200, "a new timestamp is a new file");

    let request = crate::server::service::request("HEAD", &target, None).body(Body::empty()).unwrap();
    let head = service.send(request).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), manifest.body.len().to_string());
}

#[tokio::test]
async fn paths_lead_to_published_files_only() {
    let service = service("paths").await;
    let hash = service.publish(&tariff("QQ", &[("610910", "12 %")])).await;
    // A file beside the published ones, which no name may reach.
    std::fs::write(service.here.public.join("secret.json"), "{}").unwrap();
    std::fs::write(service.here.public.join("metadata/secret.json"), "{}").unwrap();
    let long = format!("{}.json", "1".repeat(7000));
    let tricks = [
        "..",
        ".",
        "%2e%2e",
        "%2e%2e%2fsecret.json",
        "..%2fsecret.json",
        "%2e%2e%5csecret.json",
        "secret.json",
        "..%00",
        "timestamp.json%00",
        "timestamp.json%20",
        "timestamp.json.",
        "TIMESTAMP.JSON",
        "timestamp%E2%80%A4json",
        "%c0%ae",
        "timestamp.json%2f..%2f..%2fsecret.json",
        "%2ftimestamp.json",
        "%252e%252e",
        "1.root.json%2f",
        "1..root.json",
        "1.qq.json~",
        ".timestamp.json",
        "timestamp.json%3b",
        "01.root.json%0a",
        "%ff",
        "con",
        &long,
    ];
    for folder in ["metadata", "targets"] {
        for trick in tricks {
            let answer = service.get(&format!("/{folder}/{trick}"), None).await;
            let refused = [400, 404].contains(&answer.status.as_u16());
            assert!(refused, "{folder}/{trick}: {} {}", answer.status, answer.text());
            assert_eq!(answer.header("content-type"), "application/problem+json", "{folder}/{trick}");
        }
        for path in ["/../secret.json", "//timestamp.json", "/./timestamp.json", "/a/../timestamp.json", "/", ""] {
            service.get(&format!("/{folder}{path}"), None).await.problem(404, "not-found");
        }
    }
    for name in [format!("{hash}.qq--../x"), format!("{}.qq--edition.json", hash.to_uppercase()), hash.clone()] {
        service.get(&format!("/targets/{name}"), None).await.problem(404, "not-found");
    }
    assert_eq!(service.get("/metadata/1.root.json", None).await.status, 200);
}

#[tokio::test]
async fn an_embargo_holds_at_every_door() {
    for service in services("embargo-doors").await {
        let mut sent = tariff("QQ", &[("610910", "12 %")]);
        sent.about.not_before = Some("2026-11-22T09:00:00Z".parse().unwrap());
        let hash = service.draft(&sent).await;
        service.sign(&hash, &service.officer, "qq-one").await;
        let standing = service.sign(&hash, &service.officer, "qq-two").await.json();
        assert_eq!(
            (&standing["state"], &standing["not_before"]),
            (&"scheduled".into(), &"2026-11-22T09:00:00Z".into())
        );
        let kept = service.get(&format!("/v1/editions/{hash}"), Some(&service.officer)).await.json();
        let part = &kept["manifest"]["parts"][0];
        let files = [
            format!("/targets/{hash}.qq--edition.json"),
            format!("/targets/{}.qq--{}", part["sha256"].as_str().unwrap(), part["name"].as_str().unwrap()),
            "/metadata/1.qq.json".to_owned(),
        ];
        let doors = ["", "/report", "/impact", "/package", "/package?parts=true"];
        for seconds in [0, 3599] {
            service.here.seconds.store(
                "2026-11-22T08:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second() + seconds,
                std::sync::atomic::Ordering::SeqCst,
            );
            service.here.repository.tick().await.unwrap();
            for file in &files {
                service.get(file, None).await.problem(404, "not-found");
            }
            for door in doors {
                service.get(&format!("/v1/editions/{hash}{door}"), None).await.problem(401, "token");
            }
            let listed = service.get("/v1/authorities/qq/editions", None).await.json();
            assert_eq!(listed["editions"], serde_json::json!([]));
            let records = service.get("/v1/records?territory=QQ", None).await.json();
            assert_eq!(records["records"], serde_json::json!([]));
        }
        service.here.pass(SignedDuration::from_secs(1));
        assert_eq!(service.here.repository.tick().await.unwrap(), 1);
        // What takes the processor or memory for long stays with the authority's own people.
        let for_few = ["/impact", "/package?parts=true"];
        for path in files.into_iter().chain(doors.map(|door| format!("/v1/editions/{hash}{door}"))) {
            let expected = if for_few.iter().any(|few| path.ends_with(few)) { 401 } else { 200 };
            assert_eq!(service.get(&path, None).await.status, expected, "{path}");
        }
    }
}
