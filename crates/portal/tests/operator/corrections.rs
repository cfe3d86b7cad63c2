//! Corrections through the doors: as JSON and as a form.

use crate::operator::store::letter;
use crate::operator::{ask, get, json, settings, text};
use axum::Router;
use axum::http::{Method, Response};
use tempfile::TempDir;
use tidewaiter_portal::store::Store;
use tidewaiter_portal::{Desk, Settings, router};

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

async fn with_store() -> (TempDir, Store, Router) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("portal.db").display())).await.unwrap();
    let desk = Desk::embedded(settings());
    desk.keep_in(store.clone());
    (folder, store, router(desk))
}

async fn send(doors: &Router, key: Option<&str>, body: &str) -> Response<axum::body::Body> {
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    ask(doors, Method::POST, "/v1/corrections", [192, 0, 2, 7], &headers, body).await
}

#[tokio::test]
async fn a_letter_has_a_receipt_and_is_sent_again_without_harm() {
    let (_folder, store, doors) = with_store().await;
    let body = serde_json::to_string(&letter()).unwrap();
    let first = send(&doors, Some("\"k1\""), &body).await;
    assert_eq!((first.status().as_u16(), first.headers()["cache-control"].as_bytes()), (201, &b"no-store"[..]));
    let first = json(first).await;
    assert_eq!(json(send(&doors, Some("\"k1\""), &body).await).await, first);
    let other = body.replace("January", "March");
    let refused = send(&doors, Some("\"k1\""), &other).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(json(refused).await["type"], "urn:tidewaiter:problem:idempotency");
    let kept = store.corrections(None).await.unwrap();
    assert_eq!((kept.len(), kept[0].receipt.id.as_str()), (1, first["id"].as_str().unwrap()));
}

#[tokio::test]
async fn wrong_letters_are_refused_with_their_fields() {
    let (_folder, store, doors) = with_store().await;
    for (body, status, says) in [
        ("{", 400, "no JSON"),
        (&format!("{} x", serde_json::to_string(&letter()).unwrap()), 400, "no JSON"),
        ("7", 422, "invalid type"),
        (r#"{"what":"too short"}"#, 422, "source"),
        (r#"{"what":"long enough to read","source":"ftp://x"}"#, 422, "official source"),
        (r#"{"what":"long enough to read","source":"https://law.example","colour":"red"}"#, 422, "colour"),
        (&format!(r#"{{"what":"{}","source":"https://law.example"}}"#, "x".repeat(40_000)), 413, "less"),
    ] {
        let answer = send(&doors, None, body).await;
        assert_eq!(answer.status(), status, "{body:.60}");
        let problem = json(answer).await;
        assert!(problem.to_string().contains(says), "{says} in {problem}");
    }
    let bad_key = send(&doors, Some("a b"), &serde_json::to_string(&letter()).unwrap()).await;
    assert_eq!(bad_key.status(), 400);
    assert_eq!(store.corrections(None).await.unwrap(), []);
}

#[tokio::test]
async fn a_key_belongs_to_who_sends_it() {
    let (_folder, store, doors) = with_store().await;
    let body = serde_json::to_string(&letter()).unwrap();
    let other = body.replace("January", "March");
    let headers = [("content-type", "application/json"), ("idempotency-key", "k1")];
    for (host, body) in [(7, &body), (8, &other)] {
        let answer = ask(&doors, Method::POST, "/v1/corrections", [192, 0, 2, host], &headers, body).await;
        assert_eq!(answer.status(), 201, "192.0.2.{host}");
    }
    assert_eq!(store.corrections(None).await.unwrap().len(), 2, "two who thought of the same key");
}

#[tokio::test]
async fn a_letter_that_is_sent_again_takes_nothing_from_the_allowance() {
    let (_folder, store, doors) = with_store().await;
    let body = serde_json::to_string(&letter()).unwrap();
    for _ in 0..20 {
        assert_eq!(send(&doors, Some("k1"), &body).await.status(), 201);
    }
    for _ in 0..9 {
        assert_eq!(send(&doors, None, &body).await.status(), 201);
    }
    assert_eq!(send(&doors, None, &body).await.status(), 429);
    assert_eq!(store.corrections(None).await.unwrap().len(), 10);
}

#[tokio::test]
async fn pages_of_other_sites_do_not_write() {
    let (_folder, store, doors) = with_store().await;
    let body = serde_json::to_string(&letter()).unwrap();
    let path = "/v1/corrections";
    for headers in [
        vec![("content-type", "application/json"), ("sec-fetch-site", "cross-site")],
        vec![("content-type", "application/json"), ("origin", "https://shop.example")],
        vec![("content-type", "application/json"), ("origin", "null")],
    ] {
        let answer = ask(&doors, Method::POST, path, [192, 0, 2, 7], &headers, &body).await;
        assert_eq!(answer.status(), 403, "{headers:?}");
        assert!(!answer.headers().contains_key("access-control-allow-origin"));
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let answer = ask(&doors, Method::POST, path, [192, 0, 2, 7], &[("content-type", kind)], &body).await;
        assert_eq!(answer.status(), 415, "{kind}: what a page sends without asking first");
    }
    let first = [("origin", "https://shop.example"), ("access-control-request-method", "POST")];
    let asked = ask(&doors, Method::OPTIONS, path, [192, 0, 2, 7], &first, "").await;
    assert_eq!((asked.status().as_u16(), asked.headers()["allow"].as_bytes()), (204, &b"POST,OPTIONS"[..]));
    assert!(!asked.headers().keys().any(|name| name.as_str().starts_with("access-control-")), "{:?}", asked.headers());
    let own = [("content-type", "application/json"), ("origin", "http://localhost")];
    assert_eq!(ask(&doors, Method::POST, path, [192, 0, 2, 7], &own, &body).await.status(), 201);
    assert_eq!(store.corrections(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_writes_without_end() {
    let (_folder, store, doors) = with_store().await;
    let body = serde_json::to_string(&letter()).unwrap();
    for _ in 0..10 {
        assert_eq!(send(&doors, None, &body).await.status(), 201);
    }
    let refused = send(&doors, None, &body).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(store.corrections(None).await.unwrap().len(), 10);
}

#[tokio::test]
async fn without_a_store_the_page_says_where_to_write() {
    let doors = router(Desk::embedded(Settings { contact: Some("mailto:data@duties.example".into()), ..settings() }));
    let refused = send(&doors, None, &serde_json::to_string(&letter()).unwrap()).await;
    assert_eq!(refused.status(), 404);
    assert!(json(refused).await["detail"].as_str().unwrap().contains("mailto:data@duties.example"));
    for (lang, says) in
        [("en", "Letters about mistakes"), ("fr", "Les messages sur des erreurs"), ("es", "Los mensajes sobre errores")]
    {
        let page = text(get(&doors, &format!("/{lang}/about/corrections")).await).await;
        assert!(
            page.contains(says) && page.contains("mailto:data@duties.example") && !page.contains("<textarea"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn the_form_works_without_script() {
    let (_folder, store, doors) = with_store().await;
    let page = text(get(&doors, "/fr/about/corrections?territory=FR&fact=%22%3E%3Cscript%3E").await).await;
    assert!(page.contains("<option value=\"FR\" selected>") && !page.contains("<script>"), "{page}");
    let path = "/fr/about/corrections";
    let wrong =
        ask(&doors, Method::POST, path, [192, 0, 2, 7], &FORM, "what=court&source=https%3A%2F%2Floi.example").await;
    assert_eq!(wrong.status(), 422);
    let page = text(wrong).await;
    assert!(
        page.contains("id=\"fault-what\"") && page.contains("value=\"https://loi.example\""),
        "what was typed stays: {page}"
    );
    let body = "what=Le+seuil+a+chang%C3%A9+en+janvier.&source=https%3A%2F%2Floi.example&territory=&contact=";
    let form = get(&doors, path).await;
    assert_eq!(form.headers()["referrer-policy"], "same-origin", "else its browser hides where the form is from");
    let hidden = [FORM[0], ("origin", "null")];
    assert_eq!(ask(&doors, Method::POST, path, [192, 0, 2, 7], &hidden, body).await.status(), 403);
    let elsewhere = [FORM[0], ("sec-fetch-site", "cross-site")];
    assert_eq!(ask(&doors, Method::POST, path, [192, 0, 2, 7], &elsewhere, body).await.status(), 403);
    let sent =
        ask(&doors, Method::POST, path, [192, 0, 2, 7], &[FORM[0], ("sec-fetch-site", "same-origin")], body).await;
    assert_eq!(sent.status(), 303);
    let to = sent.headers()["location"].to_str().unwrap().to_owned();
    let id = store.corrections(None).await.unwrap()[0].receipt.id.clone();
    assert_eq!(to, format!("{path}?received={id}"));
    assert!(text(get(&doors, &to).await).await.contains(&id));
    let nonsense = text(get(&doors, &format!("{path}?received=%3Cb%3Enonsense")).await).await;
    assert!(nonsense.contains("<textarea") && !nonsense.contains("<b>nonsense"), "{nonsense}");
}
