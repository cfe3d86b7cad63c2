//! What no honest program sends: each is told what is wrong as a problem document, and leaves nothing.

use crate::common::tariff;
use crate::server::service::{BOUNDARY, Reply, Service, end, field, form, request, service, services};
use axum::body::Body;
use serde_json::json;

async fn raw(service: &Service, kind: &str, body: Vec<u8>) -> Reply {
    let request =
        request("POST", "/v1/authorities/qq/submissions", Some(&service.officer)).header("content-type", kind);
    service.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn broken_forms() {
    let service = service("forms").await;
    let before = service.stand().await;
    let multipart = format!("multipart/form-data; boundary={BOUNDARY}");
    let about = || field("about", None, br#"{"format":"edition"}"#);
    let file = || field("file", Some("t.ndjson"), b"{}");
    let ended = |parts: Vec<Vec<u8>>| [parts.concat(), end()].concat();
    let deep = format!(r#"{{"format":"edition","legal":{}{}}}"#, "[".repeat(5000), "]".repeat(5000));
    let forms: Vec<(&str, &str, Vec<u8>)> = vec![
        ("no form at all", "application/json", b"{}".to_vec()),
        ("a form without a boundary", "multipart/form-data", ended(vec![about(), file()])),
        ("a form with another boundary", "multipart/form-data; boundary=other", ended(vec![about(), file()])),
        ("cut off within a file", &multipart, [about(), file()[..40].to_vec()].concat()),
        ("no end", &multipart, [about(), file()].concat()),
        ("nothing", &multipart, Vec::new()),
        ("no part", &multipart, end()),
        ("no file", &multipart, ended(vec![about()])),
        ("no about", &multipart, ended(vec![file()])),
        ("about twice", &multipart, ended(vec![about(), about(), file()])),
        ("about without a format", &multipart, ended(vec![field("about", None, b"{}"), file()])),
        ("about is no JSON", &multipart, ended(vec![field("about", None, b"format=edition"), file()])),
        ("about is no text", &multipart, ended(vec![field("about", None, b"{\"format\":\"\xff\"}"), file()])),
        ("about is too deep", &multipart, ended(vec![field("about", None, deep.as_bytes()), file()])),
        ("about is too long", &multipart, ended(vec![field("about", None, &vec![b' '; (1 << 20) + 1]), file()])),
        (
            "an unknown field",
            &multipart,
            ended(vec![field("about", None, br#"{"format":"edition","publish":true}"#), file()]),
        ),
        ("an unknown part", &multipart, ended(vec![about(), file(), field("more", None, b"")])),
        (
            "a part without a name",
            &multipart,
            [about(), format!("--{BOUNDARY}\r\n\r\nx\r\n").into_bytes(), end()].concat(),
        ),
        ("51 files", &multipart, ended([vec![about()], vec![file(); 51]].concat())),
    ];
    for (what, kind, body) in forms {
        let answer = raw(&service, kind, body).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text());
        answer.problem(400, "request");
        assert_eq!(service.stand().await, before, "{what}");
    }
    // 50 files are not too many: what is wrong with them is another thing.
    let fifty = ended([vec![about()], vec![file(); 50]].concat());
    raw(&service, &multipart, fifty).await.problem(422, "wrong");
}

#[tokio::test]
async fn contents_that_are_not_what_they_say() {
    let service = service("contents").await;
    let before = service.stand().await;
    let deep = format!("{{\"edition\":{}", "[".repeat(100_000));
    for (format, content) in [
        ("sheet", b"PK\x03\x04 cut off".to_vec()),
        ("edition", deep.into_bytes()),
        ("edition", Vec::new()),
        ("edition", b"\x28\xb5\x2f\xfd cut off".to_vec()),
        ("ecb", b"<a>".repeat(10_000)),
        ("package", b"PK\x05\x06".to_vec()),
        ("../../etc/passwd", b"{}".to_vec()),
    ] {
        let about = json!({ "format": format }).to_string();
        let body = [field("about", None, about.as_bytes()), field("file", Some("f"), &content), end()].concat();
        let answer = service.submit("qq", Some(&service.officer), &[], body).await;
        assert_eq!(answer.status, 422, "{format}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(service.stand().await, before, "{format}");
    }
}

/// A name of a file is only ever words in an answer: it opens nothing, and what cannot be seen is not repeated raw.
#[tokio::test]
async fn names_of_files_are_only_words() {
    let service = service("names").await;
    let sent = tariff("QQ", &[("610910", "12 %")]);
    let long = "n".repeat(5000);
    for name in ["../../../etc/passwd", "C:\\CON", "/dev/zero", "<script>", "%00", "\u{202e}nosj", &long] {
        let mut wrong = sent.clone();
        wrong.files[0].0 = name.to_owned();
        wrong.files[0].1.extend_from_slice(b"{\"measure\":{}}\n");
        let problem = service.submit("qq", Some(&service.officer), &[], form(&wrong)).await.problem(422, "rows");
        let told = problem["rows"][0]["file"].as_str().unwrap();
        assert!(told.chars().count() <= 200, "{told}");
    }
}

#[tokio::test]
async fn json_that_is_none() {
    let service = service("json").await;
    let hash = service.draft(&tariff("QQ", &[("610910", "12 %")])).await;
    let before = service.stand().await;
    let token = Some(service.approver.as_str());
    let abandon = format!("/v1/editions/{hash}/abandon");
    let sign = format!("/v1/editions/{hash}/signatures");
    let deep = format!("{{\"reason\":{}", "[".repeat(100_000));
    for (path, kind, body, status) in [
        (&abandon, "application/json", "{", 400),
        (&abandon, "application/json", "", 400),
        (&abandon, "application/json", deep.as_str(), 422),
        (&abandon, "text/plain", r#"{"reason":"A slip."}"#, 415),
        (&abandon, "application/json", r#"{"reason":7}"#, 422),
        (&abandon, "application/json", "{}", 422),
        (&abandon, "application/json", r#"{"reason":"A slip.","force":true}"#, 422),
        (&sign, "application/json", r#"{"key":"x","signature":"y","role":"root"}"#, 422),
    ] {
        let request = request("POST", path, token).header("content-type", kind);
        let answer = service.send(request.body(Body::from(body.to_owned())).unwrap()).await;
        answer.problem(status, "request");
    }
    service.post(&sign, token, json!({ "key": "x", "signature": "y" })).await.problem(400, "request");
    for reason in ["", "  ", "a\u{0}b", "\u{1b}[2J", &"r".repeat(2001)] {
        service.post(&abandon, token, json!({ "reason": reason })).await.problem(422, "wrong");
        let words = format!("/v1/editions/{hash}/words");
        service.post(&words, token, json!({ "check": "TW503", "says": reason })).await.problem(422, "wrong");
    }
    assert_eq!(service.stand().await, before);
}

#[tokio::test]
async fn nobody_climbs_out_of_an_authority() {
    for service in services("climb").await {
        let before = service.stand().await;
        for id in ["..%2fzz", "%2e%2e", "QQ", "qq%00", "qq%0a", "qq--x", "root", "%ff", "q%C3%A9", &"q".repeat(70)] {
            for (method, door) in
                [("POST", "submissions"), ("GET", "submissions"), ("GET", "editions"), ("POST", "withdrawals")]
            {
                let path = format!("/v1/authorities/{id}/{door}");
                let request = request(method, &path, Some(&service.officer))
                    .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
                let answer = service.send(request.body(Body::from(end())).unwrap()).await;
                let refused = [400, 404, 415].contains(&answer.status.as_u16());
                assert!(refused, "{method} {path}: {} {}", answer.status, answer.text());
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
        }
        let climbing = "/v1/authorities/qq/../zz/editions";
        service.get(climbing, Some(&service.officer)).await.problem(404, "not-found");
        for id in ["..", "%00", "x", &"A".repeat(64)] {
            let path = format!("/v1/authorities/qq/submissions/{id}");
            service.get(&path, Some(&service.officer)).await.problem(404, "not-found");
            service.get(&format!("/v1/editions/{id}"), Some(&service.officer)).await.problem(404, "not-found");
        }
        assert_eq!(service.stand().await, before);
    }
}

/// Another authority's submission is not there for those who may not read it, also under their own authority's address.
#[tokio::test]
async fn a_submission_is_found_under_its_own_authority_only() {
    let service = service("own").await;
    let taken = service.submit("qq", Some(&service.officer), &[], form(&tariff("QQ", &[("610910", "12 %")]))).await;
    let id = taken.json()["receipt"]["submission"].as_str().unwrap().to_owned();
    use tidewaiter_repository::store::token::Role;
    let other = service.token("Officer of Z", Role::Officer, Some("zz")).await;
    service.get(&format!("/v1/authorities/zz/submissions/{id}"), Some(&other)).await.problem(404, "not-found");
    service.get(&format!("/v1/authorities/qq/submissions/{id}"), Some(&other)).await.problem(403, "not-allowed");
}

#[tokio::test]
async fn a_token_counts_in_its_header_only() {
    let service = service("query").await;
    let token = &service.auditor;
    for name in ["token", "access_token", "authorization", "bearer"] {
        service.get(&format!("/v1/audit?{name}={token}"), None).await.problem(401, "token");
    }
    for (value, counts) in [
        (format!("Bearer {token}"), true),
        (format!("bearer {token}"), true),
        (format!("Basic {token}"), false),
        (token.clone(), false),
        (format!("Bearer {token}, Bearer {token}"), false),
        (format!("Bearer {}", token.to_uppercase()), false),
        (format!("Bearer {token}{}", "x".repeat(5000)), false),
        ("Bearer".to_owned(), false),
    ] {
        let request = request("GET", "/v1/audit", None).header("authorization", &value);
        let answer = service.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, if counts { 200 } else { 401 }, "{value:.60}");
    }
}

#[tokio::test]
async fn doors_that_are_none() {
    let service = service("none").await;
    let long = format!("/{}", "x".repeat(8000));
    for path in ["/", "/v1", "/v2/authorities", "/v1/authorities/", "//v1/authorities", "/V1/board", "/admin", &long] {
        let problem = service.get(path, None).await.problem(404, "not-found");
        assert!(problem["detail"].as_str().unwrap().len() < 300, "{problem}");
    }
}
