//! Identifiers: vectors of every key, and those of the shared data where it is at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::worked::identifiers;
use jiff::civil::date;
use serde_json::Value;
use tidewaiter_collect::identifier::lei::{self, Record, Successor, Use};

#[test]
fn vectors_get_their_verdict_and_their_correction() {
    let all = identifiers();
    let vectors: Value = serde_json::from_str(include_str!("identifiers.json")).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for (key, sets) in vectors.as_object().unwrap() {
        for one in sets["valid"].as_array().unwrap() {
            let text = one["text"].as_str().unwrap_or_else(|| one.as_str().unwrap());
            let verdict = all.look(key, text).unwrap();
            if !verdict.valid || one["canonical"].as_str().is_some_and(|canonical| canonical != verdict.text) {
                wrong.push(format!("{key} {text}: {verdict:?}"));
            }
            // What is kept reads as itself.
            assert_eq!(
                all.look(key, &verdict.text).map(|again| (again.valid, again.text)),
                Some((verdict.valid, verdict.text))
            );
            count += 1;
        }
        for one in sets["invalid"].as_array().unwrap() {
            let verdict = all.look(key, one["text"].as_str().unwrap()).unwrap();
            let meant = one["likely"].as_array().map(|all| all.iter().filter_map(Value::as_str).collect::<Vec<_>>());
            if verdict.valid
                || verdict.wrong.is_none()
                || meant.is_some_and(|meant| meant.iter().any(|one| !verdict.likely.iter().any(|likely| likely == one)))
            {
                wrong.push(format!("{key} {one}: {verdict:?}"));
            }
            assert!(
                verdict.likely.iter().all(|text| all.look(key, text).is_some_and(|likely| likely.valid)),
                "{verdict:?}"
            );
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 900, "{count}");
}

#[test]
fn every_identifier_has_vectors_a_source_and_an_example_that_can_be_right() {
    let vectors: Value = serde_json::from_str(include_str!("identifiers.json")).unwrap();
    let all = identifiers();
    for one in all.all() {
        assert!(vectors[&one.key]["valid"].as_array().is_some_and(|valid| valid.len() >= 3), "{}", one.key);
        assert!(!one.fact.is_empty(), "{}", one.key);
        let shown = all.look(&one.key, &one.shown).unwrap();
        // Of some nobody has published one.
        assert!(one.shown.is_empty() || shown.valid, "{}: {shown:?}", one.key);
        assert!(one.checked != "shape only" || one.why_not.is_some(), "{}", one.key);
    }
}

#[test]
fn those_of_the_shared_data_hold() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/paperless/identifiers/cases.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not here", path.display());
        return;
    };
    let cases: Value = serde_json::from_str(&text).unwrap();
    let all = identifiers();
    for (theirs, ours, valid, invalid) in [
        ("lei", "lei", "valid", "invalid"),
        ("iban", "iban", "valid", "invalid"),
        ("iso11649_rf", "rf", "valid", "invalid"),
        ("ioss_number", "eu.ioss", "wellformed", "malformed"),
    ] {
        for (list, wanted) in [(valid, true), (invalid, false)] {
            for one in cases[theirs][list].as_array().unwrap() {
                let verdict = all.look(ours, one.as_str().unwrap()).unwrap();
                assert_eq!(verdict.valid, wanted, "{ours} {one}: {verdict:?}");
            }
        }
    }
}

#[test]
fn a_number_of_any_member_is_told_by_its_letters() {
    let all = identifiers();
    let verdict = all.look("vat", "DE 136 695 976").unwrap();
    assert_eq!((verdict.valid, verdict.identifier.as_str()), (true, "vat.DE"));
    let verdict = all.look("vat", "DE136695967").unwrap();
    assert_eq!((verdict.valid, verdict.identifier.as_str()), (false, "vat.DE"));
    assert!(verdict.likely.contains(&"DE136695976".to_owned()), "{verdict:?}");
    let verdict = all.look("vat", "ZZ123").unwrap();
    assert!(!verdict.valid && verdict.wrong.is_some());
    assert!(all.look("nothing", "1").is_none());
}

#[test]
fn any_text_is_looked_at() {
    use proptest::prelude::*;
    let all = identifiers();
    let keys: Vec<String> = all.all().map(|one| one.key.clone()).collect();
    proptest!(ProptestConfig::with_cases(400), |(text in ".{0,70}", n in 0..keys.len())| {
        let verdict = all.look(&keys[n], &text).unwrap();
        prop_assert_eq!(verdict.valid, verdict.wrong.is_none());
    });
    // Letters that are longer in capitals, signs of several bytes, and a prefix cut through.
    for text in ["ß", "İ", "ﬃ", "DE１２３", "G\u{301}B", &"9".repeat(10_000)] {
        for key in &keys {
            let _ = all.look(key, text);
        }
    }
}

/// A record of GLEIF, of our own making.
fn record(entity: &str, registration: &str, renewal: &str) -> Record {
    let json = serde_json::json!({ "meta": {}, "data": { "type": "lei-records", "id": "506700GE1G29325QX363", "attributes": {
        "lei": "506700GE1G29325QX363",
        "entity": { "legalName": { "name": "A Business", "language": "en" }, "legalAddress": { "country": "DE" }, "status": entity,
            "successorEntity": { "lei": null, "name": null } },
        "registration": { "status": registration, "nextRenewalDate": renewal, "lastUpdateDate": "2025-04-09T08:12:40Z" } } } });
    Record::read(&json.to_string()).unwrap()
}

#[test]
fn two_statuses_of_a_business_are_two_things() {
    let today = date(2026, 3, 1);
    let judged =
        |entity: &str, registration: &str| record(entity, registration, "2026-03-01T00:00:00Z").judged(today).is;
    let expected = [
        ("ACTIVE", "ISSUED", Use::Usable),
        ("ACTIVE", "PENDING_TRANSFER", Use::Usable),
        ("ACTIVE", "PENDING_ARCHIVAL", Use::Usable),
        ("ACTIVE", "LAPSED", Use::LookCloser),
        ("ACTIVE", "TRANSFERRED", Use::LookCloser),
        ("ACTIVE", "RETIRED", Use::Not),
        ("ACTIVE", "PENDING_VALIDATION", Use::Not),
        ("ACTIVE", "A_NEW_WORD", Use::LookCloser),
        ("INACTIVE", "ISSUED", Use::Not),
        ("INACTIVE", "LAPSED", Use::Not),
        ("INACTIVE", "RETIRED", Use::Not),
        ("INACTIVE", "MERGED", Use::Not),
        ("NULL", "ANNULLED", Use::Not),
        ("NULL", "DUPLICATE", Use::Not),
        ("NULL", "ISSUED", Use::LookCloser),
        ("ANOTHER", "ISSUED", Use::LookCloser),
    ];
    for (entity, registration, is) in expected {
        assert_eq!(judged(entity, registration), is, "{entity} {registration}");
    }
    // Issued, and a day too late.
    let late = record("ACTIVE", "ISSUED", "2026-02-28T23:59:59Z").judged(today);
    assert_eq!(late.is, Use::LookCloser);
    assert!(late.says[0].contains("2026-02-28") && late.says[0].contains("still called issued"), "{late:?}");
    // Who took its place is named.
    let mut merged = record("INACTIVE", "MERGED", "2020-01-01T00:00:00Z");
    merged.successors.push(Successor { lei: Some("5299001ERX0K10IZUL40".into()), name: Some("Another".into()) });
    assert_eq!(merged.judged(today).says, ["In its place is Another, LEI 5299001ERX0K10IZUL40: check that one."]);
}

#[test]
fn what_is_no_record_of_gleif_is_refused_with_its_reason() {
    for (json, says) in [
        ("", "no JSON"),
        ("{}", "no field \"data\""),
        (r#"{"errors":[{"status":"404"}]}"#, "no field \"data\""),
        (r#"{"data":[]}"#, "no such LEI"),
        (r#"{"data":null}"#, "no answer of GLEIF"),
        (r#"{"data":{"type":"lei-records","id":"X"}}"#, "attributes"),
        (
            r#"{"data":{"type":"lei-records","id":"X","attributes":{"lei":"Y","entity":{"legalName":{"name":"N"}},"registration":{"status":"ISSUED"}}}}"#,
            "type and id",
        ),
        (
            r#"{"data":{"type":"vlei-issuers","id":"Y","attributes":{"lei":"Y","entity":{"legalName":{"name":"N"}},"registration":{"status":"ISSUED"}}}}"#,
            "type and id",
        ),
    ] {
        let why = Record::read(json).unwrap_err();
        assert!(why.contains(says), "{json}: {why}");
    }
    assert!(Record::read(&" ".repeat(lei::LARGEST + 1)).unwrap_err().contains("larger than"));
    let one = serde_json::json!({ "type": "lei-records", "id": "Y", "attributes": { "lei": "Y", "entity": { "legalName": { "name": "N" } }, "registration": { "status": "DUPLICATE" } } });
    let two = serde_json::json!({ "data": [one, one] }).to_string();
    assert!(Record::read(&two).unwrap_err().contains("2 records"));
    assert_eq!(Record::all(&two).unwrap()[0].entity, "NULL", "nothing is said of it");
}

/// Real answers of GLEIF: each reads, its number can be right, and its pair of statuses gets the verdict of a table that is written here.
#[test]
fn answers_of_gleif_are_read() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/paperless/lei/lei_records");
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not here", folder.display());
        return;
    };
    let all = identifiers();
    let (mut count, mut single, mut pairs) = (0, 0, std::collections::BTreeSet::new());
    for file in files {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let whole: Value = serde_json::from_str(&text).unwrap();
        let first = whole["data"].get(0).unwrap_or(&whole["data"]);
        if first["type"] != "lei-records" {
            assert!(Record::read(&text).is_err(), "{}", path.display());
            continue;
        }
        single += usize::from(whole["data"].is_object());
        assert_eq!(whole["data"].is_object(), Record::read(&text).is_ok() && whole["data"].is_object());
        for one in Record::all(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display())) {
            assert!(all.look("lei", &one.lei).unwrap().valid, "{}", one.lei);
            assert!(!one.name.is_empty() && one.renewal.is_some(), "{one:?}");
            // On the day before its renewal, and on the day after.
            let renewal = one.renewal.unwrap();
            let on_time = one.judged(renewal.yesterday().unwrap()).is;
            let late = one.judged(renewal.tomorrow().unwrap()).is;
            let expected = match (one.entity.as_str(), one.registration.as_str()) {
                ("ACTIVE", "ISSUED") => (Use::Usable, Use::LookCloser),
                ("ACTIVE", "LAPSED") => (Use::LookCloser, Use::LookCloser),
                ("INACTIVE", _) => (Use::Not, Use::Not),
                other => panic!("{other:?} is new among the data"),
            };
            assert_eq!((on_time, late), expected, "{one:?}");
            pairs.insert((one.entity, one.registration));
            count += 1;
        }
    }
    assert!(count > 50 && single >= 8 && pairs.len() >= 3, "{count} {single} {pairs:?}");
}
