//! Worked examples of registrations: `data/returns/advice/`, one file a scheme, and what must be refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use serde_json::Value;
use tidewaiter::quote::consignment::GivenRate;
use tidewaiter_collect::advice::{Advice, Asked, Sold, advise, read};
use tidewaiter_collect::event::Event;

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn asked(case: &Value, sold: &[Sold]) -> Advice {
    let rates: Vec<GivenRate> = texts(&case["rates"])
        .iter()
        .map(|text| {
            let (pair, rate) = text.split_once('=').unwrap();
            let (from, to) = pair.split_once('/').unwrap();
            GivenRate { from: from.into(), to: to.into(), rate: rate.parse().unwrap() }
        })
        .collect();
    let world: Vec<_> = texts(&case["world"])
        .iter()
        .map(|text| text.split_once('=').map(|(code, amount)| (code.to_owned(), amount.parse().unwrap())).unwrap())
        .collect();
    let asked = Asked {
        home: case["home"].as_str().unwrap().into(),
        today: case["today"].as_str().unwrap().parse().unwrap(),
        registered: &texts(&case["registered"]),
        sold,
        rates: &rates,
        world: &world,
    };
    advise(&asked, &all(), tidewaiter_data::ratebook()).unwrap()
}

/// What differs from the expectation.
fn differs(scheme: &str, case: &Value) -> Vec<String> {
    let sold = read(case["sales"].as_str().unwrap().as_bytes()).unwrap();
    let advice = asked(case, &sold);
    let mut wrong = Vec::new();
    let mut same = |what: &str, got: String, want: String| {
        if got != want {
            wrong.push(format!("{what} is {got} instead of {want}"));
        }
    };
    if let Some(number) = case["schemes"].as_u64() {
        same("number of schemes", advice.schemes.len().to_string(), number.to_string());
        let others: Vec<&str> = advice.destinations[0].others.iter().map(|one| one.scheme.as_str()).collect();
        same("others", others.join(","), texts(&case["others"]).join(","));
        assert!(advice.destinations[0].otherwise.is_some());
        return wrong;
    }
    let one = advice.schemes.iter().find(|one| one.scheme == scheme).unwrap();
    let expect = &case["expect"];
    let document = serde_json::to_value(one).unwrap();
    let level = &document["threshold"]["turnover"];
    for (key, want) in expect.as_object().unwrap() {
        let got = match key.as_str() {
            "verdict" => document["verdict"].clone(),
            "orders" => Value::from(one.orders.values().sum::<u64>()),
            "destinations" => Value::from(one.orders.len()),
            "questions" => Value::from(one.questions.len()),
            "intermediary" => Value::from(one.takes.intermediary.is_some()),
            "duty" => Value::from(one.duty.is_some()),
            "amount" | "percent" | "reached" => level[key.as_str()].clone(),
            "says" => {
                let path = &advice.destinations[0].path;
                if path.contains(want.as_str().unwrap()) { want.clone() } else { Value::from(path.clone()) }
            }
            "without" => {
                let example = serde_json::to_value(&advice.destinations[0].example).unwrap();
                example["without"]["least"].clone()
            }
            "asks" => {
                let is_asked = one.questions.iter().any(|text| text.contains(want.as_str().unwrap()));
                if is_asked { want.clone() } else { Value::from(one.questions.clone()) }
            }
            other => panic!("\"{other}\" is no expectation"),
        };
        same(key, got.to_string(), want.to_string());
    }
    for (key, want) in case["also"].as_object().into_iter().flatten() {
        let other = advice.schemes.iter().find(|one| one.scheme == *key).unwrap();
        same(key, serde_json::to_value(other.verdict).unwrap().to_string(), want.to_string());
    }
    wrong
}

#[test]
fn examples_of_registrations_hold() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/returns/advice");
    let (mut run, mut wrong) = (0, Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let scheme = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let file: Value = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for case in file["case"].as_array().unwrap() {
            let name = &case["name"];
            assert!(case["citation"]["publisher"].is_string() && case["words"].is_string(), "{scheme}: {name}");
            let fact = case["citation"]["fact"].as_str().unwrap();
            assert!(fact.is_empty() || all()[&scheme].fact(fact).is_some(), "{scheme}: {name}: no fact {fact}");
            run += 1;
            wrong.extend(differs(&scheme, case).into_iter().map(|says| format!("{scheme}: {name}: {says}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(run >= 40, "only {run}");
}

#[test]
fn a_wrong_file_is_refused_whole_with_each_reason() {
    let says = |text: &str| read(text.as_bytes()).unwrap_err().join("\n");
    let head = "date,to,currency,goods,platform,orders\n";
    let told =
        says(&format!("{head}2026-13-01,DE,EUR,10,no,1\n2026-01-01,D3,EUR,-1,maybe,0\n2026-01-01,DE,EUR,,no,1\n"));
    for part in [
        "row 2: date is \"2026-13-01\"",
        "row 3: to is \"D3\"",
        "row 3: goods is below zero",
        "row 3: platform is \"maybe\"",
        "row 3: orders is no number",
        "row 4: goods is empty",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(says("day,to,currency,goods\n").contains("no column \"day\""));
    assert!(says("date,month,to,currency,goods\n").contains("not both"));
    assert!(says("date,to,goods\n").contains("a column \"currency\" is needed"));
    let sold = read("date,to,currency,goods\n2026-01-01,QQ,EUR,1\n".as_bytes()).unwrap();
    let today = "2026-11-21".parse().unwrap();
    let asked =
        Asked { home: "ZZZ".into(), today, registered: &["eu.iosss".into()], sold: &sold, rates: &[], world: &[] };
    let told = advise(&asked, &all(), tidewaiter_data::ratebook()).unwrap_err().join("\n");
    for part in ["home is \"ZZZ\"", "no place \"QQ\"", "no scheme \"eu.iosss\""] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn sales_of_a_ledger_say_the_same_as_those_of_a_table() {
    let sale = |document: &str, goods: &str| -> Event {
        let text = format!(
            r#"{{"kind":"sale","document":"{document}","date":"2026-10-01","to":"GB","from":"DE","currency":"GBP","goods":"{goods}","rows":[]}}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    let events = [sale("A", "135"), sale("B", "135.01")];
    let table = "order,date,to,from,currency,goods\nA,2026-10-01,GB,DE,GBP,135\nB,2026-10-01,GB,DE,GBP,135.01\n";
    let of_ledger = Sold::of_events(&events);
    assert_eq!(of_ledger, read(table.as_bytes()).unwrap());
    let case = serde_json::json!({ "home": "DE", "today": "2026-11-21" });
    let advice = asked(&case, &of_ledger);
    assert_eq!((advice.schemes[0].orders["GB"], advice.schemes[0].left_out["GB"].len()), (1, 1));
}

#[test]
fn what_is_below_a_limit_never_makes_more_of_a_duty_than_what_is_above() {
    // More sales never make a duty go away.
    let table = |number: usize| -> String {
        let rows: String = (0..number).map(|n| format!("2026-{:02}-01,NZ,NZD,900\n", n % 10 + 1)).collect();
        format!("date,to,currency,goods\n{rows}")
    };
    let case = serde_json::json!({ "home": "AU", "today": "2026-11-21" });
    let mut seen_must = false;
    for number in (1..=120).step_by(7) {
        let advice = asked(&case, &read(table(number).as_bytes()).unwrap());
        let is_must = serde_json::to_value(advice.schemes[0].verdict).unwrap() == "must";
        assert_eq!(is_must, number * 900 > 60_000, "{number}");
        assert!(!seen_must || is_must);
        seen_must = is_must;
    }
    assert!(seen_must);
}

#[test]
fn an_order_is_quoted_with_and_without_a_registration() {
    // New Zealand: 15 % of 110 where the seller is registered, nothing up to NZD 1,000 where not.
    let sold = read("date,to,currency,goods,shipping,code\n2026-11-01,NZ,NZD,100,10,6109.10\n".as_bytes()).unwrap();
    let advice = asked(&serde_json::json!({ "home": "AU", "today": "2026-11-21" }), &sold);
    let example = serde_json::to_value(advice.destinations[0].example.as_ref().unwrap()).unwrap();
    assert_eq!(example["registered"][0][0], "nz.ovr");
    assert_eq!(
        (&example["registered"][0][1]["least"], &example["registered"][0][1]["at_the_door"]),
        (&"16.5".into(), &"0".into())
    );
    assert_eq!(example["without"]["least"], "0");
}

proptest::proptest! {
    #[test]
    fn no_table_brings_the_reader_down(
        rows in proptest::collection::vec("[0-9A-Z,\\-. %\"]{0,40}", 0..20), bytes in proptest::collection::vec(0u8..=255, 0..200),
    ) {
        let _ = read(bytes.as_slice());
        let text = format!("date,to,from,currency,goods,shipping,value,rate,code\n{}", rows.join("\n"));
        // What is refused is refused with a reason; what is taken has a row for each record.
        match read(text.as_bytes()) {
            Ok(sold) => proptest::prop_assert!(sold.len() <= rows.len()),
            Err(says) => proptest::prop_assert!(!says.is_empty() && says.iter().all(|line| line.starts_with("row ") || line.starts_with("there may"))),
        }
    }
}
