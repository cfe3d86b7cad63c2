//! From what is sent to what is published, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
#[path = "workflow/beside.rs"]
mod beside;
#[path = "workflow/gate.rs"]
mod gate;
#[path = "workflow/lost.rs"]
mod lost;
#[path = "workflow/restored.rs"]
mod restored;
#[path = "workflow/swept.rs"]
mod swept;
#[path = "workflow/waiting.rs"]
mod waiting;
#[path = "workflow/withdraw.rs"]
mod withdraw;

use common::{Here, addresses, folder, key, tariff};
use jiff::SignedDuration;
use tidewaiter_repository::manifest::{Kind, Manifest};
use tidewaiter_repository::store::edition::State;
use tidewaiter_repository::store::record::{self, Question};
use tidewaiter_repository::store::{audit, edition};
use tidewaiter_repository::workflow::Refusal;
use tidewaiter_repository::workflow::sent::Sent;
use tidewaiter_repository::{receipt, sha256_hex};

async fn duties(here: &Here, key: &str, valid: &str, known: Option<&str>) -> Vec<String> {
    let question = Question {
        territory: "QQ".into(),
        key: Some(key.into()),
        kind: Some("measure".into()),
        valid: Some(valid.parse().unwrap()),
        known: known.map(str::to_owned),
        most: 100,
        ..Question::default()
    };
    let mut tx = here.repository.db.read().await.unwrap();
    let rows = record::ask(&mut *tx, &question).await.unwrap();
    let amount = |row: tidewaiter_repository::open_data::Row| {
        let value: serde_json::Value = serde_json::from_str(&row.record).unwrap();
        value["measure"]["amount"].as_str().unwrap().to_owned()
    };
    rows.into_iter().map(amount).collect()
}

#[tokio::test]
async fn two_officers_publish_correct_and_withdraw() {
    for address in addresses("publish").await {
        let here = Here::found(&address, &folder("publish-public")).await;
        let taken = here.submit("qq", tariff("QQ", &[("610910", "12 %"), ("610990", "5 %")])).await.unwrap();
        let first = taken.receipt.edition.clone().unwrap();
        assert_eq!((taken.receipt.number, taken.receipt.outcome.as_str(), taken.again), (Some(1), "new", false));
        let payload = receipt::open(&taken.envelope, &key("online").public()).expect("signed by the repository");
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&payload).unwrap()["edition"], first.as_str());

        let standing = here.sign(&first, "qq-one").await.unwrap();
        assert_eq!((standing.state, standing.signed_by.len(), standing.needed), (State::Checked, 1, 2));
        let again = here.sign(&first, "qq-one").await.unwrap();
        assert_eq!((again.state, again.signed_by.len()), (State::Checked, 1), "one officer twice is one officer");
        let stranger = here.sign(&first, "zz-one").await.unwrap_err();
        assert!(matches!(stranger, Refusal::Signature(_)), "{stranger}");
        assert_eq!(here.sign(&first, "qq-two").await.unwrap().state, State::Published);
        let manifest = here.public.join(format!("targets/{first}.qq--edition.json"));
        assert_eq!(sha256_hex(&std::fs::read(manifest).unwrap()), first);

        here.pass(SignedDuration::from_hours(1));
        let mut correction = tariff("QQ", &[("610910", "10 %"), ("610990", "5 %")]);
        correction.about.kind = Some(Kind::Correction);
        correction.about.concerns = vec![1];
        correction.about.reason = Some("The duty on 6109.10 was misprinted.".into());
        let second = here.publish("qq", correction).await;
        assert_eq!(duties(&here, "61091000", "2026-12-01", None).await, ["10 %"]);
        assert_eq!(duties(&here, "61091000", "2026-12-01", Some("2026-11-22T08:30:00Z")).await, ["12 %"]);
        assert_eq!(duties(&here, "61091000", "2026-12-01", Some("2026-11-22T07:59:59Z")).await, Vec::<String>::new());

        here.pass(SignedDuration::from_hours(1));
        let (manifest, package) = here.repository.withdrawal("qq", &[2], "The law was not signed.").await.unwrap();
        let mut sent = Sent { files: vec![("withdrawal.zip".into(), package.to_bytes().unwrap())], ..Sent::default() };
        sent.about.format = "package".into();
        let third = here.publish("qq", sent).await;
        assert_eq!(third, manifest.hash().unwrap());
        assert_eq!(duties(&here, "61091000", "2026-12-01", None).await, ["12 %"]);
        assert_eq!(duties(&here, "61091000", "2026-12-01", Some("2026-11-22T09:30:00Z")).await, ["10 %"]);

        let mut tx = here.repository.db.read().await.unwrap();
        let states = [&first, &second, &third].map(|hash| hash.clone());
        let mut found = Vec::new();
        for hash in states {
            found.push(edition::get(&mut *tx, &hash).await.unwrap().unwrap().state);
        }
        assert_eq!(found, [State::Superseded, State::Withdrawn, State::Published]);
        assert_eq!(edition::concerning(&mut *tx, "qq", 2).await.unwrap(), [(3, third)]);
        let head = edition::head(&mut *tx, "qq").await.unwrap().unwrap().manifest;
        assert_eq!((head.number, head.previous.as_deref()), (3, Some(second.as_str())));
        assert!(audit::verify(&mut *tx).await.unwrap().unwrap() >= 9);
    }
}

#[tokio::test]
async fn a_resend_does_nothing_again() {
    for address in addresses("resend").await {
        let here = Here::found(&address, &folder("resend-public")).await;
        let sent = tariff("QQ", &[("610910", "12 %")]);
        let repository = &here.repository;
        let first = repository.submit("qq", "First officer", Some("key-1"), sent.clone()).await.unwrap();
        let second = repository.submit("qq", "First officer", Some("key-1"), sent.clone()).await.unwrap();
        assert!(second.again && !first.again);
        assert_eq!(first.envelope, second.envelope);
        assert!(
            repository.submit("qq", "First officer", None, sent.clone()).await.unwrap().again,
            "known by its content"
        );
        let other = tariff("QQ", &[("610910", "13 %")]);
        let clash = repository.submit("qq", "First officer", Some("key-1"), other).await.unwrap_err();
        assert!(matches!(clash, Refusal::Conflict(_)), "{clash}");
        let hash = first.receipt.edition.unwrap();
        for name in ["qq-one", "qq-two"] {
            here.sign(&hash, name).await.unwrap();
        }
        here.pass(SignedDuration::from_hours(24));
        // The same duties in another file: what it says is what stands.
        let mut spaced = sent;
        spaced.files[0].0 = "again.ndjson".into();
        spaced.about.licence = Some("Ignored: the file says one".into());
        let unchanged = repository.submit("qq", "First officer", None, spaced).await.unwrap();
        assert_eq!((unchanged.receipt.outcome.as_str(), unchanged.receipt.number), ("unchanged", Some(1)));
    }
}

#[tokio::test]
async fn a_wrong_file_leaves_nothing() {
    for address in addresses("wrong").await {
        let here = Here::found(&address, &folder("wrong-public")).await;
        let mut sent = tariff("QQ", &[("610910", "12 %")]);
        sent.files[0].1.extend_from_slice(b"{\"measure\":{\"code\":\"6110\"}}\n");
        let refusal = here.submit("qq", sent).await.unwrap_err();
        let Refusal::Rows(account) = refusal else { panic!("{refusal}") };
        assert_eq!(account.refusals[0].row, 4);
        let unknown = here.submit("xx", tariff("QQ", &[])).await.unwrap_err();
        assert!(matches!(unknown, Refusal::NotFound(_)), "{unknown}");
        let mut tx = here.repository.db.read().await.unwrap();
        assert!(edition::of(&mut *tx, "qq", 100, 10).await.unwrap().is_empty());
        let (rows, _) = audit::head(&mut *tx).await.unwrap();
        assert_eq!(rows, 2, "two ceremonies and nothing else");
    }
}

#[tokio::test]
async fn an_embargo_holds_until_its_second() {
    for address in addresses("embargo").await {
        let here = Here::found(&address, &folder("embargo-public")).await;
        let mut sent = tariff("QQ", &[("610910", "12 %")]);
        sent.about.not_before = Some("2026-11-22T09:00:00Z".parse().unwrap());
        let hash = here.publish("qq", sent).await;
        assert_eq!(here.repository.standing(&hash).await.unwrap().state, State::Scheduled);
        here.pass(SignedDuration::from_mins(59));
        assert_eq!(here.repository.tick().await.unwrap(), 0);
        let hidden = here.public.join(format!("targets/{hash}.qq--edition.json"));
        assert!(!hidden.exists());
        assert_eq!(duties(&here, "610910", "2026-12-01", None).await, Vec::<String>::new());
        here.pass(SignedDuration::from_mins(1));
        assert_eq!(here.repository.tick().await.unwrap(), 1);
        assert!(hidden.exists());
        assert_eq!(duties(&here, "610910", "2026-12-01", None).await, ["12 %"]);
    }
}

/// Whoever signs first with enough keys has the number; the other draft is given up, never a second edition of it.
#[tokio::test]
async fn of_two_drafts_one_is_published() {
    for address in addresses("two-drafts").await {
        let here = Here::found(&address, &folder("two-drafts-public")).await;
        let one = here.submit("qq", tariff("QQ", &[("610910", "12 %")])).await.unwrap().receipt.edition.unwrap();
        let other = here.submit("qq", tariff("QQ", &[("610910", "13 %")])).await.unwrap().receipt.edition.unwrap();
        here.sign(&one, "qq-one").await.unwrap();
        here.sign(&other, "qq-one").await.unwrap();
        let (first, second) = tokio::join!(here.sign(&one, "qq-two"), here.sign(&other, "qq-three"));
        let states = [first, second].map(|done| done.map(|s| s.state));
        assert_eq!(states.iter().filter(|s| matches!(s, Ok(State::Published))).count(), 1, "{states:?}");
        let mut tx = here.repository.db.read().await.unwrap();
        let all: Vec<Manifest> =
            edition::newest(&mut *tx, Some("qq"), 10).await.unwrap().into_iter().map(|k| k.manifest).collect();
        assert_eq!(all.len(), 1);
    }
}

#[tokio::test]
async fn an_edition_is_found_by_index() {
    for address in addresses("index").await {
        let here = Here::found(&address, &folder("index-public")).await;
        let codes: Vec<String> = (0..2000).map(|n| format!("{:06}", 10_000 + n)).collect();
        let duties: Vec<(&str, &str)> = codes.iter().map(|c| (c.as_str(), "5 %")).collect();
        here.publish("qq", tariff("QQ", &duties)).await;
        let question = Question {
            territory: "QQ".into(),
            key: Some("010500".into()),
            kind: Some("measure".into()),
            valid: Some("2026-12-01".parse().unwrap()),
            known: Some("2026-11-23".into()),
            most: 10,
            ..Question::default()
        };
        let (sql, values) = record::statement(&question);
        let mut tx = here.repository.db.write().await.unwrap();
        let plan = if here.repository.db.kind() == "sqlite" {
            let mut rows = tx.rows(&format!("EXPLAIN QUERY PLAN {sql}"), values).await.unwrap();
            rows.iter_mut()
                .map(|row| {
                    for _ in 0..3 {
                        row.int().unwrap();
                    }
                    row.text().unwrap()
                })
                .collect::<Vec<_>>()
                .join("\n")
        } else {
            // Publishing has counted them; nobody waits for the database to do it by itself.
            let reltuples = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'record'::regclass";
            let counted = tx.first(reltuples, vec![]).await.unwrap().unwrap().maybe_int().unwrap().unwrap();
            assert!(counted >= 2000, "{counted}");
            let rows = tx.rows(&format!("EXPLAIN {sql}"), values).await.unwrap();
            rows.into_iter().map(|mut row| row.text().unwrap()).collect::<Vec<_>>().join("\n")
        };
        assert!(plan.contains("record_k") && plan.contains("key"), "{plan}");
        assert!(!plan.contains("SCAN record") && !plan.contains("Seq Scan"), "{plan}");
    }
}

/// A key is replaced: the old one's word is gone, and the newest edition signed anew by the others counts again.
#[tokio::test]
async fn after_a_key_is_replaced_the_newest_edition_is_signed_anew() {
    use common::{authority, keys};
    use std::collections::BTreeMap;
    use tidewaiter_repository::authority::Authorities;
    use tidewaiter_repository::metadata::sign;
    for address in addresses("renew").await {
        let here = Here::found(&address, &folder("renew-public")).await;
        let first = here.publish("qq", tariff("QQ", &[("610910", "12 %")])).await;
        let draft = here.submit("qq", tariff("QQ", &[("610910", "13 %")])).await.unwrap().receipt.edition.unwrap();
        here.speak(&draft).await;
        here.sign(&draft, "qq-one").await.unwrap();
        let list = Authorities { authorities: vec![authority("qq", Some("QQ"), 2)], ..Authorities::new("Test") };
        let new = BTreeMap::from([("qq".to_owned(), keys(&["qq-two", "qq-three"], 2))]);
        here.admit(3, list, &new).await.unwrap();
        let stolen = here.sign(&draft, "qq-one").await.unwrap_err();
        assert!(matches!(stolen, Refusal::Signature(_)), "{stolen}");
        let standing = here.sign(&draft, "qq-two").await.unwrap();
        assert_eq!(
            (standing.state, standing.signed_by.len()),
            (State::Checked, 1),
            "the old key's signature no longer counts"
        );

        let mut package = here.repository.renewal("qq").await.unwrap();
        sign(&mut package.role, &key("qq-two")).unwrap();
        let send = |package: &tidewaiter_repository::package::Package| {
            let mut sent = Sent { files: vec![("renewal.zip".into(), package.to_bytes().unwrap())], ..Sent::default() };
            sent.about.format = "package".into();
            sent
        };
        let few = here.submit("qq", send(&package)).await.unwrap_err();
        assert!(matches!(few, Refusal::Signature(_)), "{few}");
        let mut old = package.clone();
        sign(&mut old.role, &key("qq-one")).unwrap();
        let few = here.submit("qq", send(&old)).await.unwrap_err().to_string();
        assert!(few.starts_with("2 officers must sign, and 1 have; "), "{few}");
        assert!(few.contains(&format!("do not speak for qq now: {}", key("qq-one").public().id())), "{few}");
        sign(&mut package.role, &key("qq-three")).unwrap();
        let taken = here.submit("qq", send(&package)).await.unwrap();
        assert_eq!((taken.receipt.outcome.as_str(), taken.receipt.edition), ("renewed", Some(first)));
        let struck = here.submit("zz", tariff("ZZ", &[("610910", "1 %")])).await.unwrap_err();
        assert!(matches!(struck, Refusal::NotFound(_)), "zz is no longer on the list: {struck}");
    }
}

/// Headers that a bucket is told: what never changes may be kept for ever, what is written anew may not.
#[tokio::test]
async fn each_file_goes_out_with_what_caches_must_know() {
    use object_store::{Attribute, ObjectStore as _, ObjectStoreExt as _, memory::InMemory, path::Path};
    let mut here = Here::open(&addresses("headers").await[0], &folder("headers-public")).await;
    let host = std::sync::Arc::new(InMemory::new());
    here.repository.public = host.clone();
    let here = here.founded().await;
    here.publish("zz", tariff("ZZ", &[("610910", "12 %")])).await;
    here.repository.export().await.unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    let mut files = Vec::new();
    for place in ["metadata", "targets", "open/zz"] {
        files.extend(host.list_with_delimiter(Some(&Path::from(place))).await.unwrap().objects);
    }
    for file in files {
        let path = file.location.to_string();
        let found = host.get(&file.location).await.unwrap();
        let of = |attribute: &Attribute| found.attributes.get(attribute).unwrap().to_string();
        let for_ever = path != "metadata/timestamp.json" && !path.starts_with("open/");
        let cache = if for_ever { "public, max-age=31536000, immutable" } else { "public, max-age=5, must-revalidate" };
        assert_eq!(of(&Attribute::CacheControl), cache, "{path}");
        kinds.insert((path.rsplit_once('.').unwrap().1.to_owned(), of(&Attribute::ContentType)));
    }
    let kinds: Vec<_> = kinds.iter().map(|(end, kind)| (end.as_str(), kind.as_str())).collect();
    let expected = [
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("ndjson", "application/x-ndjson"),
        ("parquet", "application/vnd.apache.parquet"),
        ("zst", "application/octet-stream"),
    ];
    assert_eq!(kinds, expected);
}

/// An auditor's question: is this receipt ours, and is the log still the one of that moment?
#[tokio::test]
async fn a_receipt_is_held_against_the_audit_log() {
    use tidewaiter_repository::proof;
    for address in addresses("proof").await {
        let here = Here::found(&address, &folder("proof-public")).await;
        let first = here.submit("zz", tariff("ZZ", &[("610910", "12 %")])).await.unwrap();
        here.sign(first.receipt.edition.as_ref().unwrap(), "zz-one").await.unwrap();
        let mut same = tariff("ZZ", &[("610910", "12 %")]);
        same.about.licence = Some("Where the file says none".into());
        let again = here.submit("zz", same).await.unwrap();
        assert_eq!(again.receipt.outcome, "unchanged");
        let last = here.submit("qq", tariff("QQ", &[("610910", "5 %")])).await.unwrap();
        let check = async |envelope: &receipt::Envelope| {
            let mut tx = here.repository.db.read().await.unwrap();
            proof::check(&mut *tx, envelope).await
        };
        // As it is written beside the file, and as the door answers.
        let text = serde_json::to_vec(&first.envelope).unwrap();
        assert_eq!(proof::read(&text).unwrap(), first.envelope);
        let answer = serde_json::json!({ "envelope": first.envelope, "again": false }).to_string();
        assert_eq!(proof::read(answer.as_bytes()).unwrap(), first.envelope);
        assert!(proof::read(b"{}").unwrap_err().to_string().contains("publish send --receipt"));
        let mut rows = Vec::new();
        for taken in [&first, &again, &last] {
            let proof = check(&taken.envelope).await.unwrap();
            assert_eq!((&proof.receipt, proof.key.as_str()), (&taken.receipt, key("online").public().as_str()));
            rows.push(proof.row);
        }
        assert!(rows.is_sorted() && rows[0] < rows[2], "{rows:?}");
        // Of another repository, and with another payload under the same signature.
        let payload = serde_json::to_vec(&first.receipt).unwrap();
        let strange = check(&receipt::seal(&payload, &key("thief"))).await.unwrap_err();
        assert!(matches!(strange, Refusal::Signature(_)), "{strange}");
        let mut changed = first.envelope.clone();
        changed.payload = last.envelope.payload.clone();
        assert!(matches!(check(&changed).await.unwrap_err(), Refusal::Signature(_)));
        // Never sent here, though the right key signed it.
        let mut other = first.receipt.clone();
        other.sha256 = sha256_hex(b"another file");
        let forged = receipt::seal(&serde_json::to_vec(&other).unwrap(), &key("online"));
        assert!(check(&forged).await.unwrap_err().to_string().contains("is not listed any longer"));
        // A row before the last receipt is changed: the first still holds, the last does not.
        let change = async |sql: &str| {
            let mut tx = here.repository.db.write().await.unwrap();
            tx.change(sql, Vec::new()).await.unwrap();
            tx.commit().await.unwrap();
        };
        change(&format!("UPDATE audit SET reason = 'nothing' WHERE seq = {}", rows[0] + 1)).await;
        assert!(check(&first.envelope).await.is_ok());
        let broken = check(&last.envelope).await.unwrap_err().to_string();
        assert!(broken.contains(&format!("row {} was changed after it was written", rows[0] + 1)), "{broken}");
        change(&format!("DELETE FROM audit WHERE seq = {}", rows[0])).await;
        let gone = check(&first.envelope).await.unwrap_err().to_string();
        assert!(gone.contains("the audit log has no row"), "{gone}");
    }
}
