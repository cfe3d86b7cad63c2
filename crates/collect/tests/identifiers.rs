//! Identifiers: vectors of every key, and those of the shared data where it is at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::worked::identifiers;
use serde_json::Value;

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
