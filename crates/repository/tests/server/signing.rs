//! Signatures decide what is published; tokens only let in. What officers, thieves and mistaken programs try.

use crate::common::{authority, key, tariff};
use crate::server::service::{Reply, Service, keys_of, service, services};
use jiff::SignedDuration;
use serde_json::json;
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::store::role;
use tidewaiter_repository::store::token::Role;
use tidewaiter_repository::workflow::sent::Sent;

pub(crate) fn twelve() -> Sent {
    tariff("QQ", &[("610910", "12 %")])
}

async fn word(service: &Service, hash: &str, token: &str, says: &str) -> Reply {
    let path = format!("/v1/editions/{hash}/words");
    service.post(&path, Some(token), json!({ "check": "TW503", "says": says })).await
}

#[tokio::test]
async fn whose_token_carries_a_signature_does_not_matter() {
    let service = service("carry").await;
    let hash = service.draft(&twelve()).await;
    let first = service.sign(&hash, &service.approver, "qq-one").await.json();
    assert_eq!((&first["state"], first["signed_by"].as_array().unwrap().len()), (&json!("checked"), 1));
    // One officer twice is one officer, whoever carries it.
    let again = service.sign(&hash, &service.officer, "qq-one").await.json();
    assert_eq!((&again["state"], again["signed_by"].as_array().unwrap().len()), (&json!("checked"), 1));
    assert_eq!(service.sign(&hash, &service.officer, "qq-three").await.json()["state"], "published");
}

#[tokio::test]
async fn signatures_that_do_not_count() {
    for service in services("signatures").await {
        let one = service.draft(&twelve()).await;
        let other = service.draft(&tariff("QQ", &[("610910", "13 %")])).await;
        let replayed = service.signature(&other, "qq-one").await;
        let good = service.signature(&one, "qq-one").await;
        let before = service.stand().await;
        let path = format!("/v1/editions/{one}/signatures");
        let with = |name: &str, value: &str| {
            let mut body = good.clone();
            body[name] = value.into();
            body
        };
        let flipped = {
            let text = good["signature"].as_str().unwrap();
            let first = if text.starts_with('0') { "1" } else { "0" };
            format!("{first}{}", &text[1..])
        };
        for (what, body, status) in [
            ("over another edition", replayed, 403),
            ("another officer's key named", with("key", key("qq-two").public().as_str()), 403),
            ("a stranger's", service.signature(&one, "zz-one").await, 403),
            ("the repository's own", service.signature(&one, "online").await, 403),
            ("one digit changed", with("signature", &flipped), 403),
            ("no signature", with("signature", ""), 403),
            ("too long", with("signature", &"00".repeat(100_000)), 403),
            ("a weak key", with("key", &"00".repeat(32)), 403),
            ("no key", with("key", "no key"), 400),
        ] {
            let answer = service.post(&path, Some(&service.officer), body).await;
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(service.stand().await, before, "{what}");
        }
    }
}

fn list() -> Authorities {
    Authorities {
        authorities: vec![authority("qq", Some("QQ"), 2), authority("zz", Some("ZZ"), 1), authority("bank", None, 1)],
        ..Authorities::new("Test")
    }
}

#[tokio::test]
async fn a_key_that_was_replaced_counts_no_longer() {
    for service in services("rotated").await {
        let hash = service.draft(&twelve()).await;
        assert_eq!(service.sign(&hash, &service.officer, "qq-one").await.status, 200);
        service.here.admit(4, list(), &keys_of(&["qq-two", "qq-three", "qq-four"])).await.unwrap();
        // What it signed before does not count, and it signs nothing any more.
        let standing = service.get(&format!("/v1/editions/{hash}"), Some(&service.officer)).await.json();
        assert_eq!(standing["standing"]["signed_by"], json!([]));
        service.sign(&hash, &service.officer, "qq-one").await.problem(403, "signature");
        assert_eq!(service.sign(&hash, &service.officer, "qq-two").await.json()["state"], "checked");
        assert_eq!(service.sign(&hash, &service.officer, "qq-four").await.json()["state"], "published");
    }
}

/// Approved and waiting for its hour when a key is replaced: it waits for signatures again.
#[tokio::test]
async fn a_replaced_key_stops_what_is_scheduled() {
    let service = service("scheduled").await;
    let mut sent = twelve();
    sent.about.not_before = Some("2026-11-22T09:00:00Z".parse().unwrap());
    let hash = service.draft(&sent).await;
    service.sign(&hash, &service.officer, "qq-one").await;
    assert_eq!(service.sign(&hash, &service.officer, "qq-two").await.json()["state"], "scheduled");
    service.here.admit(4, list(), &keys_of(&["qq-two", "qq-three", "qq-four"])).await.unwrap();
    service.here.pass(SignedDuration::from_hours(2));
    assert_eq!(service.here.repository.tick().await.unwrap(), 0);
    let now = service.get(&format!("/v1/editions/{hash}"), Some(&service.officer)).await.json();
    assert_eq!(now["state"], "checked");
    assert_eq!(service.sign(&hash, &service.officer, "qq-three").await.json()["state"], "published");
}

#[tokio::test]
async fn nobody_speaks_for_what_they_sent() {
    for service in services("speak").await {
        let hash = service.draft(&tariff("QQ", &[("610910", "150 %")])).await;
        let before = service.stand().await;
        // The same person with a second token.
        let both = service.token("Officer of Q", Role::Approver, Some("qq")).await;
        let given = service.stand().await;
        assert_ne!(given.0, before.0, "giving out a token is logged");
        word(&service, &hash, &both, "I mean it.").await.problem(409, "conflict");
        word(&service, &hash, &service.officer, "I mean it.").await.problem(403, "not-allowed");
        let unknown = json!({ "check": "TW999", "says": "It is meant." });
        let path = format!("/v1/editions/{hash}/words");
        service.post(&path, Some(&service.approver), unknown).await.problem(422, "wrong");
        word(&service, &hash, &service.approver, "ok").await.problem(422, "wrong");
        assert_eq!(service.stand().await, given);
        // Signatures before the word do not publish what has an open warning.
        service.sign(&hash, &service.officer, "qq-one").await;
        let signed = service.sign(&hash, &service.officer, "qq-two").await.json();
        assert_eq!((&signed["state"], &signed["open_warnings"]), (&json!("draft"), &json!(["TW503"])));
        let spoken = word(&service, &hash, &service.approver, "Act 7 of 2026.").await.json();
        assert_eq!(spoken["state"], "published", "{spoken}");
    }
}

#[tokio::test]
async fn a_second_word_takes_the_place_of_the_first() {
    let service = service("twice").await;
    let hash = service.draft(&tariff("QQ", &[("610910", "150 %")])).await;
    assert_eq!(word(&service, &hash, &service.approver, "The first word.").await.json()["state"], "checked");
    assert_eq!(word(&service, &hash, &service.approver, "A better word.").await.json()["state"], "checked");
    let words = service.get(&format!("/v1/editions/{hash}"), Some(&service.officer)).await.json()["words"].clone();
    assert_eq!((words.as_array().unwrap().len(), &words[0]["says"]), (1, &json!("A better word.")));
    let log = service.get("/v1/audit", Some(&service.auditor)).await.text();
    assert!(log.contains("The first word.") && log.contains("A better word."), "both stay in the log");
}

#[tokio::test]
async fn what_is_published_is_never_undone() {
    for service in services("undo").await {
        let loser = service.draft(&tariff("QQ", &[("610910", "13 %")])).await;
        let hash = service.publish(&twelve()).await;
        let before = service.stand().await;
        let reason = json!({ "reason": "A slip." });
        for edition in [&hash, &loser] {
            let path = format!("/v1/editions/{edition}/abandon");
            service.post(&path, Some(&service.officer), reason.clone()).await.problem(409, "conflict");
            // Of two drafts of one number the other is given up when one is published.
            service.sign(edition, &service.officer, "qq-three").await.problem(409, "conflict");
            word(&service, edition, &service.approver, "It is meant.").await.problem(409, "conflict");
        }
        assert_eq!(service.stand().await, before);
        let now = service.get(&format!("/v1/editions/{loser}"), Some(&service.officer)).await.json();
        assert_eq!(now["state"], "abandoned");
    }
}

/// A part that is lost stops its own edition, and no other authority's.
#[tokio::test]
async fn one_that_cannot_be_published_keeps_no_other_waiting() {
    let service = service("waiting").await;
    let at = Some("2026-11-22T09:00:00Z".parse().unwrap());
    let (mut mine, mut theirs) = (twelve(), tariff("ZZ", &[("610910", "9 %")]));
    (mine.about.not_before, theirs.about.not_before) = (at, at);
    let (mine, theirs) = (service.here.publish("qq", mine).await, service.here.publish("zz", theirs).await);
    let package = service.here.repository.package(&mine, false).await.unwrap();
    let lost = package.manifest.parts.iter().find(|p| p.name.starts_with("measures")).unwrap().sha256.clone();
    let mut tx = service.here.repository.db.write().await.unwrap();
    assert!(role::has(&mut *tx, &lost).await.unwrap());
    tx.change("DELETE FROM file WHERE sha256 = $1", vec![lost.into()]).await.unwrap();
    tx.commit().await.unwrap();
    service.here.pass(SignedDuration::from_hours(1));
    assert!(service.here.repository.tick().await.is_err(), "it is told");
    let state = async |hash: &str| service.here.repository.standing(hash).await.unwrap().state.name();
    assert_eq!((state(&mine).await, state(&theirs).await), ("scheduled", "published"));
}

/// Why an approved edition will never be published is told to who may read it.
#[tokio::test]
async fn what_was_given_up_says_why() {
    for service in services("given-up").await {
        let mut waits = twelve();
        waits.about.not_before = Some("2026-12-01T00:00:00Z".parse().unwrap());
        let waits = service.here.publish("qq", waits).await;
        let path = format!("/v1/editions/{waits}");
        let before = service.get(&path, Some(&service.officer)).await.json();
        assert_eq!((before["state"].as_str(), &before["given_up"]), (Some("scheduled"), &serde_json::Value::Null));
        service.publish(&tariff("QQ", &[("610910", "11 %")])).await;
        let after = service.get(&path, Some(&service.officer)).await.json();
        assert_eq!(after["state"], "abandoned");
        assert_eq!(after["given_up"]["at"], "2026-11-22T08:00:00Z");
        assert_eq!(after["given_up"]["reason"], "edition 1 of qq has its number; make it anew on that");
        assert!(matches!(service.get(&path, None).await.status.as_u16(), 401 | 403), "what was held back stays so");
    }
}
