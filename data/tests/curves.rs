//! What is due as the value grows: the cliffs stand at the values the law names, and quotes on both sides agree.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use tidewaiter::quote::curve::{Cliff, Curve};
use tidewaiter::{Ask, Consignment, Decimal, Outcome};

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn cents(n: i64) -> Decimal {
    Decimal::from_units(i128::from(n) * 10_000_000_000)
}

/// A parcel of T-shirts from China.
fn parcel(to: &str, currency: &str) -> Consignment {
    serde_json::from_value(serde_json::json!({
        "from": "CN", "to": to, "date": "2026-11-20", "currency": currency, "freight": "0", "channel": "express",
        "seller": { "registrations": [] },
        "items": [{ "code": "6109.10.00.00", "origin": "CN", "quantity": 1, "price": "90", "weight_kg": "0.2", "duty_rate": "12" }],
    }))
    .unwrap()
}

fn curve(asked: &Consignment, up_to: &str) -> Curve {
    tidewaiter_data::ratebook().curve(asked, &Ask::default(), d(up_to)).unwrap()
}

fn at<'a>(curve: &'a Curve, below: &str) -> &'a Cliff {
    let found = curve.cliffs.iter().find(|c| c.below == d(below));
    found.unwrap_or_else(|| panic!("no cliff above {below}: {:#?}", curve.cliffs))
}

fn changed<'a>(cliff: &'a Cliff, charge: &str) -> (&'a [String], &'a [String]) {
    let change = cliff.changes.iter().find(|c| c.charge == charge);
    let change = change.unwrap_or_else(|| panic!("{charge} does not change: {cliff:#?}"));
    (&change.before, &change.after)
}

/// Customs duty begins above GBP 135, and the tax moves from the seller to the border.
#[test]
fn great_britain_at_135() {
    let curve = curve(&parcel("GB", "GBP"), "1000");
    let cliff = at(&curve, "135");
    assert_eq!(cliff.at, d("135.01"));
    assert_eq!(changed(cliff, "gb.duty").1, ["tariff"]);
    assert!(cliff.due_at.unwrap() > cliff.due_below.unwrap(), "{cliff:?}");
    // 20 % of 135, asked of the seller.
    assert_eq!(cliff.due_below, Some(d("27")));
}

/// Australia: nothing at the border up to AUD 1,000, then duty, tax and a charge on the entry.
#[test]
fn australia_at_1000() {
    let curve = curve(&parcel("AU", "AUD"), "2000");
    let cliff = at(&curve, "1000");
    assert_eq!(cliff.at, d("1000.01"));
    assert_eq!(changed(cliff, "au.duty").1, ["tariff"]);
    assert_eq!(cliff.due_below, Some(Decimal::ZERO));
    assert!(cliff.due_at.unwrap() > d("100"), "{cliff:?}");
}

/// The Union: the flat duty of IOSS parcels gives way to the tariff above EUR 150.
#[test]
fn france_at_150() {
    let mut asked = parcel("FR", "EUR");
    asked.seller.as_mut().unwrap().registrations = vec!["eu.ioss".into()];
    let curve = curve(&asked, "1000");
    let cliff = at(&curve, "150");
    assert_eq!(cliff.at, d("150.01"));
    assert!(!changed(cliff, "eu.duty").0.is_empty());
    assert!(cliff.due_at.unwrap() > cliff.due_below.unwrap(), "{cliff:?}");
}

/// Switzerland: the tax of 8.1 % is not collected up to CHF 5. Its base is rounded to whole francs: 8.1 % of 62 is 5.022, in
/// steps of five rappen 5.00; of 63 it is 5.103, which makes 5.10.
#[test]
fn switzerland_where_the_tax_passes_five_francs() {
    let curve = curve(&parcel("CH", "CHF"), "300");
    let cliff = at(&curve, "62.49");
    assert_eq!((cliff.at, cliff.due_below, cliff.due_at), (d("62.5"), Some(Decimal::ZERO), Some(d("5.1"))));
    let change = &cliff.changes[0];
    assert_eq!((change.charge.as_str(), change.dropped_before, change.dropped_after), ("ch.vat", true, false));
    assert_eq!(curve.cliffs.len(), 1, "{:?}", curve.cliffs);
}

/// GBP 135 in a currency given with the question: CNY 9.5 a pound make CNY 1282.50, and the first fen after it is above.
#[test]
fn limits_are_converted_as_the_law_says() {
    let mut asked = parcel("GB", "CNY");
    asked.rates = serde_json::from_str(r#"[{"from":"GBP","to":"CNY","rate":"9.5"}]"#).unwrap();
    let cliff = at(&curve(&asked, "5000"), "1282.5").clone();
    assert_eq!(cliff.at, d("1282.51"));
    // Where 135 converted lies between two fen, the last that is not above it: 135 x 9.5003 = 1282.5405.
    asked.rates[0].rate = d("9.5003");
    assert_eq!(at(&curve(&asked, "5000"), "1282.54").at, d("1282.55"));
}

/// Where facts are missing the cliffs stand where they stand, between ranges or where no limit is known.
#[test]
fn missing_facts_are_no_obstacle() {
    let mut asked = parcel("FR", "EUR");
    asked.items[0].code = Some("61".into());
    asked.items[0].duty_rate = None;
    let range = curve(&asked, "400");
    assert!(range.cliffs.iter().any(|c| c.below == d("150")), "{:?}", range.cliffs);
    assert!(range.points.iter().any(|p| p.outcome == Outcome::Range && p.most > p.least), "{:?}", range.points);
    asked.items[0].code = None;
    let open = curve(&asked, "400");
    let cliff = at(&open, "150");
    assert_eq!((cliff.outcome_at, cliff.due_at), (Outcome::Unknown, None));
    assert!(open.points.iter().all(|p| p.outcome == Outcome::Unknown && p.least.is_some() && p.most.is_none()));
}

fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|c| c.parse().ok()).unwrap_or(24);
    Config {
        cases,
        rng_seed: RngSeed::Fixed(20261122),
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]
    /// Quotes on both sides of each cliff give what the curve says, and differ as it says.
    #[test]
    fn quotes_agree_with_the_curve(
        to in prop::sample::select(vec!["GB", "CH", "AU", "FR", "US", "CA", "NO", "JP", "BR", "NZ", "SG"]),
        currency in prop::sample::select(vec!["EUR", "USD", "JPY", "GBP", "CNY"]),
        price in 1i64..200_000, quantity in 1i64..7, other in 0i64..50_000, freight in 0i64..4_000, post in any::<bool>(),
        coded in 0..8,
    ) {
        let book = tidewaiter_data::ratebook();
        let mut asked = parcel(to, currency);
        asked.items[0].price = cents(price);
        asked.items[0].quantity = Decimal::from_int(quantity);
        asked.items.push(serde_json::from_value(serde_json::json!({ "code": "4901", "origin": "CN", "price": "1" })).unwrap());
        asked.items[1].price = cents(other);
        asked.freight = Some(cents(freight));
        asked.channel = Some(if post { tidewaiter::record::expression::Channel::Post } else { tidewaiter::record::expression::Channel::Express });
        if coded == 0 {
            asked.channel = None;
        }
        let curve = book.curve(&asked, &Ask::default(), d("3000")).unwrap();
        for cliff in &curve.cliffs {
            let quotes = [cliff.below, cliff.at].map(|v| book.quote(&asked.at_value(v).unwrap()).unwrap());
            prop_assert_eq!([cliff.outcome_below, cliff.outcome_at], [quotes[0].outcome, quotes[1].outcome]);
            let due = quotes.each_ref().map(|q| matches!(q.outcome, Outcome::Amount | Outcome::Range).then_some(q.total.least_asked));
            prop_assert_eq!([cliff.due_below, cliff.due_at], due);
            prop_assert_eq!([cliff.below, cliff.at], quotes.each_ref().map(|q| q.goods));
            if quotes.iter().all(|q| q.outcome == Outcome::Amount) {
                // The rules that are said to change are those of the quotes.
                for change in &cliff.changes {
                    let names = |quote: &tidewaiter::Quote| -> Vec<String> {
                        let charge = quote.charges.iter().find(|c| c.key == change.charge);
                        let mut names: Vec<String> = charge.into_iter().flat_map(|c| &c.treatments).map(|t| t.name.clone()).collect();
                        names.sort();
                        names.dedup();
                        names
                    };
                    let sorted = |names: &[String]| { let mut names = names.to_vec(); names.sort(); names };
                    prop_assert_eq!(sorted(&change.before), names(&quotes[0]));
                    prop_assert_eq!(sorted(&change.after), names(&quotes[1]));
                }
            }
        }
        let own = book.quote(&asked).unwrap();
        let point = curve.points.iter().find(|p| p.goods == own.goods).unwrap();
        prop_assert_eq!(point.outcome, own.outcome);
        if own.outcome == Outcome::Amount {
            prop_assert_eq!((point.least, point.most), (Some(own.total.least_asked), own.total.most_asked));
        }
    }
}

/// Not a test of speed: prints what a curve costs with `--run-ignored all --no-capture` in a release build.
#[test]
#[ignore = "a measurement"]
fn cost() {
    for (to, currency, code) in [
        ("GB", "GBP", true),
        ("FR", "EUR", true),
        ("AU", "AUD", true),
        ("US", "USD", true),
        ("CH", "CHF", true),
        ("FR", "EUR", false),
        ("US", "USD", false),
    ] {
        let mut asked = parcel(to, currency);
        if !code {
            asked.items[0].code = None;
        }
        let run = || curve(&asked, "2000");
        let first = run();
        let start = std::time::Instant::now();
        (0..10).for_each(|_| drop(run()));
        println!(
            "{to} code={code}: {} µs, {} points, {} cliffs",
            start.elapsed().as_micros() / 10,
            first.points.len(),
            first.cliffs.len()
        );
    }
}
