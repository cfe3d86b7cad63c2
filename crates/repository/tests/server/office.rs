//! The secretariat's doors: tokens, ceremonies, the audit log.

use crate::common::{authority, key, keys, root_keys, tariff};
use crate::server::service::{keys_of, request, service, services};
use axum::body::Body;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::sha256_hex;
use tidewaiter_repository::workflow::Repository;
use tidewaiter_repository::workflow::ceremony::Ceremony;

#[tokio::test]
async fn a_token_is_seen_once_and_ends_when_it_is_revoked() {
    for service in services("tokens").await {
        let wanted = json!({ "label": "Ada", "role": "officer", "authority": "qq", "days": 2 });
        let made = service.post("/v1/tokens", Some(&service.secretariat), wanted).await;
        assert_eq!(made.status, 201);
        let token = made.json()["token"].as_str().unwrap().to_owned();
        let drafts = "/v1/authorities/qq/submissions";
        assert_eq!(service.get(drafts, Some(&token)).await.status, 200);
        let listed = service.get("/v1/tokens", Some(&service.secretariat)).await;
        let (hash, text) = (sha256_hex(token.as_bytes()), listed.text());
        assert!(!text.contains(&token) && !text.contains(&hash), "neither the token nor its whole hash");
        let id = &hash[..12];
        let ada = listed.json()["tokens"].as_array().unwrap().iter().find(|t| t["id"] == id).cloned().unwrap();
        assert_eq!((&ada["label"], &ada["expires_at"]), (&json!("Ada"), &json!("2026-11-24T08:00:00Z")));

        let revoke = async |id: &str| {
            let request = request("DELETE", &format!("/v1/tokens/{id}"), Some(&service.secretariat));
            service.send(request.body(Body::empty()).unwrap()).await
        };
        for id in ["", "%25", "____________", "aaaaaaaaaaaa", &id[..11], "%00"] {
            revoke(id).await.problem(404, "not-found");
        }
        assert_eq!(service.get(drafts, Some(&token)).await.status, 200);
        assert_eq!(revoke(id).await.status, 204);
        service.get(drafts, Some(&token)).await.problem(401, "token");
        revoke(id).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn tokens_that_are_none() {
    for service in services("no-tokens").await {
        let before = service.stand().await;
        let wanted = |label: &str, role: &str, of: Option<&str>, days: u64| json!({ "label": label, "role": role, "authority": of, "days": days });
        for (body, status) in [
            (wanted("A", "officer", None, 1), 422),
            (wanted("A", "auditor", Some("qq"), 1), 422),
            (wanted("A", "officer", Some("xx"), 1), 404),
            (wanted("A", "officer", Some("../qq"), 1), 404),
            (wanted("A", "auditor", None, 0), 422),
            (wanted("A", "auditor", None, 401), 422),
            (wanted("", "auditor", None, 1), 422),
            (wanted("a\u{0}b", "auditor", None, 1), 422),
            (wanted(&"a".repeat(101), "auditor", None, 1), 422),
            (wanted("repository", "auditor", None, 1), 422),
        ] {
            let answer = service.post("/v1/tokens", Some(&service.secretariat), body.clone()).await;
            answer.problem(status, if status == 404 { "not-found" } else { "wrong" });
        }
        for body in [wanted("A", "root", None, 1), wanted("A", "auditor", None, 1 << 40), json!({}), json!([])] {
            service.post("/v1/tokens", Some(&service.secretariat), body).await.problem(422, "request");
        }
        assert_eq!(service.stand().await, before);
    }
}

fn list() -> Authorities {
    Authorities {
        authorities: vec![authority("qq", Some("QQ"), 2), authority("zz", Some("ZZ"), 1), authority("bank", None, 1)],
        ..Authorities::new("Test")
    }
}

/// The secretariat's token carries ceremonies; only the offline keys make them count.
#[tokio::test]
async fn a_ceremony_counts_by_its_signatures() {
    for service in services("ceremony").await {
        let before = service.stand().await;
        let made = |version: u64, signers: &[&str]| {
            let keys = keys_of(&["qq-one", "qq-two", "qq-four"]);
            let mut ceremony = Ceremony::targets("Rotate.".into(), version, list(), &keys, service.here.now()).unwrap();
            for name in signers {
                ceremony.sign(&key(name)).unwrap();
            }
            serde_json::to_value(&ceremony).unwrap()
        };
        let both = ["root-a", "root-b"];
        let mut other_list = made(4, &both);
        other_list["authorities"]["authorities"][0]["name"] = "Somebody else".into();
        let mut other_keys = made(4, &both);
        other_keys["targets"]["signed"]["version"] = 5.into();
        let root = |version| {
            let mut ceremony = Ceremony::root("Rotate.".into(), version, &root_keys(), service.here.now()).unwrap();
            ceremony.sign(&key("root-a")).unwrap();
            serde_json::to_value(&ceremony).unwrap()
        };
        let without = |field: &str| {
            let mut value = made(4, &both);
            value.as_object_mut().unwrap().remove(field);
            value
        };
        let mut deep = json!([]);
        for _ in 0..200 {
            deep = json!([deep]);
        }
        let mut deep_root = made(4, &both);
        deep_root["targets"]["signed"]["more"] = deep;
        let deep = deep_root;
        for (what, body, status, kind) in [
            ("unsigned", made(4, &[]), 403, "signature"),
            ("one of two", made(4, &["root-a"]), 403, "signature"),
            ("the online key", made(4, &["root-a", "online"]), 403, "signature"),
            ("a version skipped", made(5, &both), 409, "conflict"),
            ("a version again", made(3, &both), 409, "conflict"),
            ("another list", other_list, 422, "wrong"),
            ("another version than signed", other_keys, 403, "signature"),
            ("a root by one key", root(2), 403, "signature"),
            ("a root skipped", root(3), 409, "conflict"),
            ("no format", without("format"), 422, "wrong"),
            ("nothing", Value::Null, 422, "wrong"),
            ("too deep", deep, 422, "wrong"),
        ] {
            let answer = service.post("/v1/ceremonies", Some(&service.secretariat), body).await;
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            answer.problem(status, kind);
            assert_eq!(service.stand().await, before, "{what}");
        }
        // Roles hold 400 days: what was signed and then forgotten in a drawer would stop every reader.
        let old = made(4, &both);
        service.here.pass(SignedDuration::from_hours(401 * 24));
        let secretary = service.token("Secretary", tidewaiter_repository::store::token::Role::Secretariat, None).await;
        let before = service.stand().await;
        let problem = service.post("/v1/ceremonies", Some(&secretary), old).await.problem(422, "wrong");
        assert!(problem["detail"].as_str().unwrap().contains("expired"), "{problem}");
        assert_eq!(service.stand().await, before);
        assert_eq!(service.post("/v1/ceremonies", Some(&secretary), made(4, &both)).await.status, 204);
        assert!(service.stand().await.0 > before.0);
    }
}

#[tokio::test]
async fn the_log_is_read_page_by_page() {
    let service = service("log").await;
    let all = service.get("/v1/audit", Some(&service.auditor)).await.json();
    let rows = all["rows"].as_array().unwrap();
    // Three ceremonies, four tokens.
    assert_eq!((rows.len(), &all["head"]["seq"]), (7, &json!(7)));
    assert_eq!(rows[6]["hash"], all["head"]["hash"]);
    let rest = service.get("/v1/audit?after=6", Some(&service.auditor)).await.json();
    assert_eq!(rest["rows"], json!([rows[6]]));
    let none = service.get("/v1/audit?after=18446744073709551615", Some(&service.auditor)).await.json();
    assert_eq!(none["rows"], json!([]));
}

#[tokio::test]
async fn who_may_is_said_to_who_may_not() {
    let service = service("who-may").await;
    let hash = service.draft(&tariff("QQ", &[("610910", "12 %")])).await;
    let word = json!({ "check": "TW503", "says": "It is meant." });
    let answer = service.post(&format!("/v1/editions/{hash}/words"), Some(&service.officer), word).await;
    let detail = answer.problem(403, "not-allowed")["detail"].clone();
    assert_eq!(
        detail,
        "The token is an officer of qq's, which may not do this here. It needs a token of another role or authority: \
         approver of qq. The secretariat gives one out."
    );
}

/// An officer is told whom to tell; waiting a moment would not help.
#[tokio::test]
async fn a_service_whose_online_key_was_replaced_says_so() {
    let service = service("replaced").await;
    let hash = service.draft(&tariff("QQ", &[("610910", "12 %")])).await;
    let mut roles = root_keys();
    (roles.snapshot, roles.timestamp) = (keys(&["online-new"], 1), keys(&["online-new"], 1));
    let mut rotation = Ceremony::root("Rotate.".into(), 2, &roles, service.here.now()).unwrap();
    ["root-a", "root-b"].iter().for_each(|name| rotation.sign(&key(name)).unwrap());
    let new = Repository { online: key("online-new"), ..service.here.repository.clone() };
    new.accept(&rotation, "secretariat").await.unwrap();
    service.sign(&hash, &service.officer, "qq-one").await;
    let problem = service.sign(&hash, &service.approver, "qq-two").await.problem(503, "unavailable");
    assert_eq!(problem["title"], "The service must be started anew");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.starts_with("Tell the secretariat: the online key was replaced"), "{detail}");
}

#[tokio::test]
async fn a_subscription_that_cannot_be_read_or_kept_is_told() {
    let service = service("subscribe").await;
    let hook =
        json!({ "channel": "webhook", "address": "https://shop.example/hooks", "interest": { "goods": "6109" } });
    let problem = service.post("/v1/subscriptions", Some(&service.secretariat), hook).await.problem(422, "request");
    let said = r#"The JSON is not what this door takes: interest.goods: it is the text "6109", a list such as ["…"] is expected."#;
    assert_eq!(problem["detail"], said);
    let letter = json!({ "channel": "mail", "address": "ada@shop.example" });
    let made = service.post("/v1/subscriptions", Some(&service.secretariat), letter).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.json()["note"], "No letter goes out yet: no mail server stands under [mail] in repository.toml.");
}

#[tokio::test]
async fn links_of_a_feed_lead_to_the_edition() {
    let service = service("links").await;
    let hash = service.publish(&tariff("QQ", &[("610910", "12 %")])).await;
    let feed = service.get("/feeds/changes.json", None).await.json();
    let url = feed["items"][0]["url"].as_str().unwrap();
    let path = url.strip_prefix(&service.here.repository.address).unwrap();
    assert_eq!(service.get(path, None).await.json()["edition"], hash);
}
