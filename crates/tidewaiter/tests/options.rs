//! The options a trader has under a tariff edition: documents, claims, additional codes, and what is said of those not taken.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use tidewaiter::ratebook::compile::{EditionFile, World, compile_with, read_economy};
use tidewaiter::record::edition::Entry;
use tidewaiter::{Consignment, Quote, Ratebook};

const ECONOMY: &str = r#"
[economy]
territory = "QQ"
currency = "QDD"
known_from = 2026-01-01
[[fact]]
key = "q.law"
statement = "Duty is due on the price."
source = { publisher = "Q Customs" }
confidence = "high"
[[charge]]
key = "q.duty"
name = "Duty"
kind = "duty"
base = "goods"
cites = ["q.law"]
  [[charge.rung]]
  name = "tariff"
  amount = "tariff"
[[charge]]
key = "q.extra"
name = "Additional duty"
kind = "additional-duty"
base = "goods"
cites = ["q.law"]
  [[charge.rung]]
  name = "additional"
  amount = "tariff(additional)"
"#;

const EDITION: &str = r#"
{"edition":{"authority":"Q Customs","territory":"QQ","currency":"QDD","title":"Tariff","format":"sheet","known_from":"2026-01-01"}}
{"fact":{"key":"q.tariff","statement":"The tariff of Q.","source":{"publisher":"Q Customs"},"confidence":"high"}}
{"program":{"key":"q.pref","name":"Agreement with R","origin":"RR","proof":"Statement on origin","cites":["q.tariff"]}}
{"measure":{"code":"6109","kind":"third-country","amount":"12 %","cites":["q.tariff"]}}
{"measure":{"code":"6109","kind":"suspension","amount":"0 %","when":"document C990","cites":["q.tariff"]}}
{"measure":{"code":"6109","kind":"preference","amount":"5 %","origin":"RR","program":"q.pref","when":"document N1 N2 and document L1","cites":["q.tariff"]}}
{"measure":{"code":"6109","kind":"suspension","amount":"1 %","when":"document C1 and not always","cites":["q.tariff"]}}
{"measure":{"code":"6109","kind":"additional","amount":"50 %","official":{"other":{"trade":"export"}},"cites":["q.tariff"]}}
{"measure":{"code":"2924","kind":"third-country","amount":"0 %","additional_code":"2500","when":"document 2500","cites":["q.tariff"]}}
{"measure":{"code":"2924","kind":"third-country","amount":"3 %","additional_code":"2501","when":"document 2501","cites":["q.tariff"]}}
{"measure":{"code":"2924","kind":"third-country","amount":"8 %","additional_code":"2599","when":"not document 2500 2501","cites":["q.tariff"]}}
"#;

fn ratebook() -> Ratebook {
    let territories = r#"territory = [
        { code = "QQ", name = "Queue", kind = "country", currency = "QDD" },
        { code = "RR", name = "Ruritania", kind = "country", currency = "QDD" },
        { code = "TT", name = "Third", kind = "country", currency = "QDD" },
    ]"#;
    let world = World {
        territories: toml::from_str(territories).unwrap(),
        currencies: toml::from_str(r#"currency = [{ code = "QDD", name = "Queue dollar", minor = 2 }]"#).unwrap(),
        ..World::default()
    };
    let entries = EDITION.trim().lines().map(|line| serde_json::from_str::<Entry>(line).unwrap());
    let edition = EditionFile::new("q.ndjson", [0; 32], entries).unwrap_or_else(|problem| panic!("{problem}"));
    let file = read_economy("QQ.toml", ECONOMY).unwrap_or_else(|problem| panic!("{problem}"));
    Ratebook::from_vec(compile_with(&world, &[file], &[edition]).unwrap_or_else(|p| panic!("{p:?}"))).unwrap()
}

/// The answer for goods of one hundred Queue dollars.
fn quote(code: &str, origin: &str, claims: &[&str], documents: &[&str]) -> Quote {
    let claims: Vec<_> = claims.iter().map(|p| serde_json::json!({ "program": p, "proof": "a paper" })).collect();
    let asked = serde_json::json!({
        "to": "QQ", "date": "2026-06-01", "currency": "QDD", "freight": "0",
        "items": [{ "code": code, "origin": origin, "price": "100", "claims": claims, "documents": documents }],
    });
    ratebook().quote(&serde_json::from_value::<Consignment>(asked).unwrap()).unwrap()
}

/// Each saving in a line: program, documents, additional code, total.
fn savings(quote: &Quote) -> Vec<String> {
    let text = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".into());
    quote
        .savings
        .iter()
        .map(|s| format!("{} [{}] {} {}", text(&s.program), s.documents.join(" "), text(&s.additional_code), s.total))
        .collect()
}

fn total(quote: &Quote) -> String {
    quote.total.exact().expect("an exact amount").to_string()
}

#[test]
fn one_of_several_documents_is_enough() {
    for documents in [["N1", "L1"], ["L1", "N2"]] {
        assert_eq!(total(&quote("6109.10", "RR", &["q.pref"], &documents)), "5");
    }
    for documents in [&["N1", "N2"][..], &["L1"], &[]] {
        assert_eq!(total(&quote("6109.10", "RR", &["q.pref"], documents)), "12");
    }
}

#[test]
fn a_lower_duty_names_the_claim_and_the_documents_it_needs() {
    let plain = quote("6109.10", "RR", &[], &[]);
    assert_eq!(total(&plain), "12");
    assert_eq!(savings(&plain), ["- [C990] - 0", "q.pref [N1 L1] - 5"]);
    assert_eq!(plain.savings[1].proof.as_deref(), Some("Statement on origin"));
    // The claim is made already, and one document held.
    assert_eq!(savings(&quote("6109.10", "RR", &["q.pref"], &["N2"])), ["- [C990] - 0", "q.pref [L1] - 5"]);
    // Another origin has no claim; who has the best has nothing to save.
    assert_eq!(savings(&quote("6109.10", "TT", &[], &[])), ["- [C990] - 0"]);
    let best = quote("6109.10", "TT", &[], &["C990"]);
    assert_eq!((total(&best), savings(&best)), ("0".into(), Vec::new()));
}

#[test]
fn an_additional_code_is_named_until_one_is_stated() {
    let open = quote("2924.29", "TT", &[], &[]);
    assert_eq!(total(&open), "8");
    assert_eq!(savings(&open), ["- [] 2500 0", "- [] 2501 3"]);
    let stated = quote("2924.29", "TT", &[], &["2501"]);
    assert_eq!((total(&stated), savings(&stated)), ("3".into(), Vec::new()));
    let rest = quote("2924.29", "TT", &[], &["2599"]);
    assert_eq!((total(&rest), savings(&rest)), ("8".into(), Vec::new()));
}

#[test]
fn a_charge_on_goods_that_leave_is_not_due_on_goods_that_come_in() {
    assert_eq!(total(&quote("6109.10", "TT", &[], &[])), "12");
}
