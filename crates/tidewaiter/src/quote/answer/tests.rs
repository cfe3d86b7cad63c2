//! What an answer says, on a fictional economy.
#![allow(clippy::unwrap_used, reason = "a failing test says so")]

use super::Quote;
use crate::Ratebook;
use crate::ratebook::compile::{EditionFile, World, compile_with, read_economy};

/// Queue takes goods of its tariff: 4 % on 6109.10.00, nothing for Ruritania's if claimed, 10 % on 6109.90. Ruritania's
/// goods pay no fee if they claim.
fn book(complete: bool) -> Ratebook {
    let world = World {
        territories: toml::from_str(
            "territory = [{ code = 'QQ', name = 'Queue', kind = 'country', currency = 'QDD' }, { code = 'RR', name = 'Ruritania', kind = 'country', currency = 'QDD' }, { code = 'SS', name = 'Sylvania', kind = 'country', currency = 'QDD' }]",
        )
        .unwrap(),
        currencies: toml::from_str("currency = [{ code = 'QDD', name = 'Queue dollar', minor = 2 }]").unwrap(),
        ..World::default()
    };
    let economy = read_economy(
        "q.toml",
        r#"
[economy]
territory = "QQ"
currency = "QDD"
known_from = 2020-01-01
[[fact]]
key = "q"
statement = "Fictional."
source = { publisher = "none" }
confidence = "low"
[[charge]]
key = "duty"
name = "Duty"
kind = "duty"
base = "goods"
cites = ["q"]
  [[charge.rung]]
  name = "tariff"
  amount = "tariff"
[[charge]]
key = "fee"
name = "Fee"
kind = "fee"
base = "goods"
cites = ["q"]
  [[charge.rung]]
  name = "goods of the agreement"
  when = "origin in RR and claims RRFTA"
  amount = "relieved"
  [[charge.rung]]
  name = "others"
  amount = "8 %"
"#,
    )
    .unwrap();
    let lines = [
        format!(r#"{{"edition":{{"authority":"Customs of Queue","territory":"QQ","currency":"QDD","title":"Tariff","format":"hs-tariff","known_from":"2020-01-01","complete":{complete}}}}}"#),
        r#"{"fact":{"key":"t","topic":"tariff","statement":"Fictional.","source":{"publisher":"none"},"confidence":"low"}}"#.into(),
        r#"{"program":{"key":"RRFTA","name":"Agreement with Ruritania","origin":"RR","proof":"Statement","cites":["t"]}}"#.into(),
        r#"{"measure":{"code":"61091000","kind":"third-country","amount":"4 %","cites":["t"]}}"#.into(),
        r#"{"measure":{"code":"61091000","kind":"preference","amount":"0 %","program":"RRFTA","cites":["t"]}}"#.into(),
        r#"{"measure":{"code":"610990","kind":"third-country","amount":"10 %","cites":["t"]}}"#.into(),
    ];
    let entries: Vec<_> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let edition = EditionFile::new("t.ndjson", [0; 32], entries).unwrap();
    Ratebook::from_vec(compile_with(&world, &[economy], &[edition]).unwrap()).unwrap()
}

/// The answer for 100 QDD of goods.
fn quote(complete: bool, item: &str) -> Quote {
    let json =
        format!(r#"{{"from":"SS","to":"QQ","date":"2026-05-05","currency":"QDD","items":[{{"price":"100"{item}}}]}}"#);
    book(complete).quote(&serde_json::from_str(&json).unwrap()).unwrap()
}

const CLAIM: &str = r#","claims":[{"program":"RRFTA","proof":"Statement"}]"#;

fn duty_rule(quote: &Quote) -> Option<&str> {
    quote.charges[0].treatments[0].rule.as_deref()
}

#[test]
fn a_claim_by_goods_of_another_origin_gives_nothing_and_why_is_said() {
    // The fee's rule names the programme, and does not hold.
    let other = quote(true, &format!(r#","code":"6109.10.00","origin":"SS"{CLAIM}"#));
    let says = "Item 1: the claim of RRFTA gives this item nothing: it is for goods made in Ruritania (RR), and this item was made in Sylvania (SS).";
    assert!(other.warnings.iter().any(|w| w == says), "{:?}", other.warnings);
    assert_eq!(other.total.exact().map(|t| t.to_string()).as_deref(), Some("12"));
    let no_line = quote(true, &format!(r#","code":"6109.90","origin":"SS"{CLAIM}"#));
    assert!(no_line.warnings.iter().any(|w| w.contains("gives this item no lower duty")), "{:?}", no_line.warnings);
    // On 6109.90 the agreement lowers no duty, and its fee is relieved: the claim counts.
    for code in ["6109.10.00", "6109.90"] {
        let own = quote(true, &format!(r#","code":"{code}","origin":"RR"{CLAIM}"#));
        assert!(!own.warnings.iter().any(|w| w.contains("gives this item")), "{code}: {:?}", own.warnings);
    }
}

#[test]
fn the_rate_that_counts_is_shown_with_the_one_it_replaces() {
    let claimed = quote(true, &format!(r#","code":"6109.10.00","origin":"RR"{CLAIM}"#));
    assert_eq!(duty_rule(&claimed), Some("0 % (claim RRFTA), instead of 4 %"));
    assert_eq!(duty_rule(&quote(true, r#","code":"6109.10.00","origin":"RR""#)), Some("4 %"));
}

#[test]
fn one_end_of_a_range_is_not_shown_as_the_rule() {
    let open = quote(true, r#","code":"6109","origin":"SS""#);
    assert_eq!((open.total.least.to_string(), open.total.most.unwrap().to_string()), ("12".into(), "18".into()));
    assert_eq!(duty_rule(&open), Some("the rate depends on what is missing"));
}

#[test]
fn the_goods_code_is_asked_first_then_the_origin() {
    // All charges: 0 or 12 on 6109.10.00, 10 or 18 on 6109.90, the claim counting or not. Of 18, the code is worth 8 and the
    // origin 10.
    let open = quote(true, CLAIM);
    let asked: Vec<&str> = open.missing.iter().map(|m| m.fact.as_str()).collect();
    assert_eq!(asked, ["code", "origin"]);
    let worth: Vec<String> = open.missing.iter().map(|m| m.narrows_by.unwrap().to_string()).collect();
    assert_eq!(worth, ["8", "10"]);
}

#[test]
fn last_digits_that_stand_in_no_line_of_a_full_tariff_are_said() {
    let says = |quote: &Quote| quote.assumptions.iter().find(|a| a.contains("last digits")).cloned();
    let longer = quote(true, r#","code":"6109.10.00.99","origin":"SS""#);
    assert_eq!(
        says(&longer).as_deref(),
        Some(
            "Item 1: the last digits of 6109.10.00.99 stand in no line of the tariff of QQ that is loaded here, so they were not checked; the rate of the line above, 6109.10.00, was taken."
        )
    );
    assert_eq!(duty_rule(&longer), Some("4 %"));
    assert!(
        says(&quote(true, r#","code":"6109.90.00.001","origin":"SS""#)).unwrap().contains("the line above, 6109.90,")
    );
    // Zeros say no more; a tariff that is not complete says nothing of what it has not.
    assert_eq!(says(&quote(true, r#","code":"6109.10.00.00","origin":"SS""#)), None);
    assert_eq!(says(&quote(true, r#","code":"6109.10.00","origin":"SS""#)), None);
    assert_eq!(says(&quote(true, r#","code":"6109","origin":"SS""#)), None);
    assert_eq!(says(&quote(false, r#","code":"6109.10.00.99","origin":"SS""#)), None);
}
