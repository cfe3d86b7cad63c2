//! Worked examples of equal treatment: `data/returns/equal/cases.toml`, and what must hold everywhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use serde_json::Value;
use tidewaiter::{Consignment, Decimal};
use tidewaiter_collect::equal::{Cause, Direction, Equal, compare};

fn compared(ask: &Value) -> Equal {
    let asked: Consignment = serde_json::from_value(ask.clone()).unwrap();
    compare(tidewaiter_data::ratebook(), &all(), &asked).unwrap()
}

fn same(wrong: &mut Vec<String>, what: &str, got: &str, want: &str) {
    if got != want {
        wrong.push(format!("{what} is {got} instead of {want}"));
    }
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect()
}

fn differs(case: &Value) -> Vec<String> {
    let made = compared(&case["ask"]);
    let mut wrong = Vec::new();
    let inside = made.domestic.as_ref().map_or_else(|| "not known".to_owned(), |inside| inside.tax.to_string());
    same(&mut wrong, "inside", &inside, case["inside"].as_str().unwrap_or("not known"));
    assert_eq!(made.domestic.is_none(), made.not_known.is_some());
    let ways = case["ways"].as_array().unwrap();
    same(&mut wrong, "number of ways", &made.ways.len().to_string(), &ways.len().to_string());
    for (way, expect) in made.ways.iter().zip(ways) {
        let name = &way.name;
        let document = serde_json::to_value(way).unwrap();
        let word = |key: &str| document[key].as_str().unwrap_or("none").to_owned();
        same(&mut wrong, "scheme", &word("scheme"), expect["scheme"].as_str().unwrap_or("none"));
        same(&mut wrong, &format!("{name}: direction"), &word("direction"), expect["direction"].as_str().unwrap());
        for (key, field) in [("bears", "least"), ("by", "by"), ("percent", "percent")] {
            if let Some(want) = expect[key].as_str() {
                same(&mut wrong, &format!("{name}: {key}"), &word(field), want);
            }
        }
        let mut found: Vec<String> = way
            .differences
            .iter()
            .map(|one| format!("{} {}", serde_json::to_value(one.cause).unwrap().as_str().unwrap(), one.amount))
            .collect();
        let mut wanted = texts(&expect["differences"]);
        found.sort();
        wanted.sort_unstable();
        same(&mut wrong, &format!("{name}: differences"), &found.join(", "), &wanted.join(", "));
        for rests in texts(&expect["rests"]) {
            let is_cited = way.differences.iter().flat_map(|one| &one.sources).any(|source| source.key == rests);
            assert!(is_cited, "{name}: does not rest on {rests}");
        }
        if let Some(asks) = expect["asks"].as_str() {
            assert!(way.missing.iter().any(|text| text.contains(asks)), "{name}: {:?}", way.missing);
        }
    }
    wrong
}

#[test]
fn examples_of_equal_treatment_hold() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/returns/equal/cases.toml");
    let file: Value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = file["case"].as_array().unwrap();
    let mut wrong = Vec::new();
    for case in cases {
        assert!(case["citation"]["publisher"].is_string() && case["words"].is_string());
        let economy = tidewaiter_data::ratebook().economy(case["ask"]["to"].as_str().unwrap()).unwrap();
        for fact in texts(&case["citation"]["facts"]) {
            assert!(economy.fact(fact).is_some(), "{}: there is no fact {fact}", case["name"]);
        }
        wrong.extend(differs(case).into_iter().map(|says| format!("{}: {says}", case["name"])));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 8);
}

#[test]
fn differences_add_up_everywhere() {
    let book = tidewaiter_data::ratebook();
    let day = "2026-11-21".parse().unwrap();
    let definitions = all();
    let (mut exact, mut known, mut all) = (0, 0, 0);
    for economy in book.economies(day) {
        for (code, price) in [("6912.00", "40"), ("4901.99", "20"), ("8517.13", "900"), ("6109.10", "12.35")] {
            let ask = serde_json::json!({ "from": if economy.code == "CN" { "DE" } else { "CN" }, "to": economy.code, "date": "2026-11-21",
                "currency": "EUR", "freight": "7.15", "channel": "post", "items": [{ "code": code, "price": price, "origin": "CN" }] });
            let asked: Consignment = serde_json::from_value(ask).unwrap();
            let Ok(made) = compare(book, &definitions, &asked) else { continue };
            all += 1;
            let Some(inside) = &made.domestic else {
                assert!(made.ways.iter().all(|way| way.direction == Direction::Unknown && way.differences.is_empty()));
                continue;
            };
            known += 1;
            for way in made.ways.iter().filter(|way| way.by.is_some()) {
                exact += 1;
                let by = way.by.unwrap();
                let sum = way.differences.iter().try_fold(Decimal::ZERO, |sum, one| sum.plus(one.amount)).unwrap();
                assert_eq!(sum, by, "{} {code}: {way:?}", economy.code);
                assert_eq!(inside.tax.plus(by).unwrap(), way.least, "{} {code}", economy.code);
                let want = match (by.is_zero(), by.is_negative()) {
                    (true, _) => Direction::Same,
                    (_, true) => Direction::ForeignLess,
                    _ => Direction::ForeignMore,
                };
                assert_eq!(way.direction, want);
                for one in &way.differences {
                    let is_cited = !one.sources.is_empty();
                    assert!(is_cited, "{} {code}: no source for {one:?}", economy.code);
                }
            }
        }
    }
    println!("{all} baskets, inside known {known}, exact ways {exact}");
    assert!(known > 100 && exact > 100, "{known} {exact}");
}

#[test]
fn the_rate_inside_is_the_one_that_sellers_abroad_charge() {
    // A registered seller's tax rule names its rate: the comparison must have found the same in the table.
    let book = tidewaiter_data::ratebook();
    let mut seen = 0;
    for (to, scheme, currency) in [
        ("NO", "no.voec", "NOK"),
        ("AU", "au.lvig", "AUD"),
        ("FR", "eu.ioss", "EUR"),
        ("HU", "eu.ioss", "EUR"),
        ("GB", "gb.supplyvat", "GBP"),
    ] {
        for code in ["6912.00", "4901.99", "9503.00"] {
            let ask = serde_json::json!({ "from": "CN", "to": to, "date": "2026-11-21", "currency": currency, "channel": "post",
                "items": [{ "code": code, "price": "20", "origin": "CN" }] });
            let made = compared(&ask);
            let mut asked: Consignment = serde_json::from_value(ask).unwrap();
            asked.seller = Some(serde_json::from_value(serde_json::json!({ "registrations": [scheme] })).unwrap());
            let quote = book.quote(&asked).unwrap();
            let rule = quote
                .charges
                .iter()
                .flat_map(|charge| &charge.treatments)
                .find(|rule| rule.scheme.as_deref() == Some(scheme));
            let (Some(rule), Some(inside)) = (rule, made.domestic) else { continue };
            let text = rule.rule.as_deref().unwrap();
            assert!(
                text.starts_with(&format!("{} %", inside.rates[0])),
                "{to} {code}: {text} against {:?}",
                inside.rates
            );
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen}");
}

#[test]
fn a_question_without_a_border_is_refused() {
    let ask = serde_json::json!({ "from": "DE", "to": "DE", "currency": "EUR", "items": [{ "price": "20" }] });
    let asked: Consignment = serde_json::from_value(ask).unwrap();
    let told = compare(tidewaiter_data::ratebook(), &all(), &asked).unwrap_err().join("\n");
    assert!(told.contains("already are"), "{told}");
    assert_eq!(Cause::Duty.words(), "customs duty");
}
