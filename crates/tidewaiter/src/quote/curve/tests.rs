//! Curves on a fictional economy.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test says so")]

use super::{Cliff, Curve};
use crate::quote::document::Quote;
use crate::ratebook::compile::{World, compile, read_economy};
use crate::{Ask, Consignment, Decimal, Outcome, Ratebook};
use proptest::prelude::*;

/// Queue: duty above 100 QDD, 4 % below 200 and 10 % from there; a tax of 10 % of which 5 QDD or less are not collected,
/// and that sellers collect up to 80 QDD; a handling fee of 7 QDD by post from 50 QDD a piece; a formal entry above
/// 5000 QDD. One Ruritanian crown is 0.5 QDD and has no smaller unit.
fn book() -> Ratebook {
    let world = World {
        territories: toml::from_str(
            "territory = [{ code = 'QQ', name = 'Queue', kind = 'country', currency = 'QDD' }, { code = 'RR', name = 'Ruritania', kind = 'country', currency = 'RCC' }]",
        )
        .unwrap(),
        currencies: toml::from_str(
            "currency = [{ code = 'QDD', name = 'Queue dollar', minor = 2 }, { code = 'RCC', name = 'Ruritanian crown', minor = 0 }]",
        )
        .unwrap(),
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
  name = "small"
  when = "goods <= 100 QDD per consignment"
  amount = "relieved"
  [[charge.rung]]
  name = "middle"
  when = "goods < 200 QDD per consignment"
  amount = "4 %"
  [[charge.rung]]
  name = "full entry"
  when = "goods > 5000 QDD per consignment"
  outcome = "formal-entry"
  says = "Lodge a full entry."
  [[charge.rung]]
  name = "standard"
  amount = "10 %"
[[charge]]
key = "tax"
name = "Tax"
kind = "vat"
base = "goods + freight"
cites = ["q"]
  [[charge.rung]]
  name = "at the checkout"
  when = "goods <= 80 QDD per consignment and seller registered q.scheme"
  amount = "10 %"
  collect = "seller"
  [[charge.rung]]
  name = "at the border"
  amount = "10 %"
[[charge]]
key = "fee"
name = "Fee"
kind = "fee"
base = "goods"
cites = ["q"]
  [[charge.rung]]
  name = "handling"
  when = "channel is post and goods >= 50 QDD per item"
  amount = "7 QDD"
[[scheme]]
key = "q.scheme"
name = "Scheme"
cites = ["q"]
[[waiver]]
charges = ["tax"]
when = "<= 5 QDD"
cites = ["q"]
"#,
    )
    .unwrap();
    Ratebook::from_vec(compile(&world, &[economy]).unwrap_or_else(|p| panic!("{p:#?}"))).unwrap()
}

fn asked(more: &str, items: &str) -> Consignment {
    serde_json::from_str(&format!(
        r#"{{"from":"RR","to":"QQ","date":"2026-05-05","currency":"QDD","channel":"express"{more},"items":[{items}]}}"#
    ))
    .unwrap()
}

fn one(more: &str) -> Consignment {
    asked(more, r#"{"code":"610910","origin":"RR","price":"90"}"#)
}

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn curve(asked: &Consignment, up_to: &str) -> Curve {
    book().curve(asked, &Ask::default(), d(up_to)).unwrap()
}

/// "100 -> 100.01: 10 -> 14": the values and what is due at them.
fn steps(curve: &Curve) -> Vec<String> {
    let due = |due: Option<Decimal>| due.map_or("none".to_owned(), |due| due.to_string());
    let said = |c: &Cliff| format!("{} -> {}: {} -> {}", c.below, c.at, due(c.due_below), due(c.due_at));
    curve.cliffs.iter().map(said).collect()
}

#[test]
fn cliffs_stand_at_the_smallest_unit() {
    let curve = curve(&one(""), "6000");
    assert_eq!(
        steps(&curve),
        [
            // 10 % of 50.05 is 5.005, rounded to 5.01: more than 5.
            "50.04 -> 50.05: 0 -> 5.01",
            "100 -> 100.01: 10 -> 14",
            "199.99 -> 200: 28 -> 40",
            "5000 -> 5000.01: 1000 -> none",
        ]
    );
    let last = curve.cliffs.last().unwrap();
    assert_eq!((last.outcome_below, last.outcome_at), (Outcome::Amount, Outcome::FormalEntry));
    let changed: Vec<_> = curve.cliffs.iter().flat_map(|c| &c.changes).collect();
    assert_eq!(changed.len(), 4, "{changed:?}");
    assert_eq!((changed[0].charge.as_str(), changed[0].dropped_before, changed[0].dropped_after), ("tax", true, false));
    assert_eq!((&changed[1].before, &changed[1].after), (&vec!["small".to_owned()], &vec!["middle".to_owned()]));
    assert_eq!((&changed[2].before, &changed[2].after), (&vec!["middle".to_owned()], &vec!["standard".to_owned()]));
    assert!(!curve.more_cliffs);
}

#[test]
fn freight_stays_and_currencies_are_converted() {
    // 100 QDD are 200 crowns; the tax on 10 QDD of freight begins lower: 80.1 crowns and 20 of freight are 50.05 QDD.
    let mut asked = one(r#","freight":"20","rates":[{"from":"RCC","to":"QDD","rate":"0.5"}]"#);
    asked.currency = "RCC".into();
    let curve = curve(&asked, "300");
    assert_eq!(steps(&curve), ["80 -> 81: 0 -> 10", "200 -> 201: 22 -> 30"]);
    assert_eq!((curve.currency.as_str(), curve.asked_currency.as_str()), ("QDD", "RCC"));
}

#[test]
fn where_the_seller_begins_or_ends_to_collect_is_a_cliff() {
    let curve = curve(&one(r#","seller":{"registrations":["q.scheme"]}"#), "150");
    // What the seller collects is never too small.
    assert_eq!(steps(&curve), ["80 -> 80.01: 8 -> 8", "100 -> 100.01: 10 -> 14"]);
    assert_eq!(curve.cliffs[0].changes[0].after, ["at the border"]);
    let at = |goods: &str| curve.points.iter().find(|p| p.goods == d(goods)).unwrap();
    assert_eq!((at("80").seller, at("80.01").seller), (Some(d("8")), Some(Decimal::ZERO)));
}

#[test]
fn points_rise_and_hold_the_question_and_both_sides_of_each_cliff() {
    let curve = curve(&one(""), "400");
    assert!(curve.points.windows(2).all(|pair| pair[0].goods < pair[1].goods));
    let values: Vec<Decimal> = curve.points.iter().map(|p| p.goods).collect();
    for wanted in ["0.01", "90", "100", "100.01", "400"] {
        assert!(values.contains(&d(wanted)), "{wanted}");
    }
    let below_a_tenth = values.iter().filter(|v| **v <= d("40")).count();
    assert!(below_a_tenth * 4 > values.len(), "small values are dense: {below_a_tenth} of {}", values.len());
    // The question's own value is there even beyond the greatest asked for.
    assert_eq!(super::tests::curve(&one(""), "10").points.last().unwrap().goods, d("90"));
}

#[test]
fn no_figure_is_not_zero() {
    let curve = curve(&one(""), "6000");
    let last = curve.points.last().unwrap();
    assert_eq!((last.outcome, last.least, last.most, last.duties), (Outcome::FormalEntry, None, None, None));
    let first = &curve.points[0];
    assert_eq!((first.outcome, first.least, first.most), (Outcome::Amount, Some(Decimal::ZERO), Some(Decimal::ZERO)));
    let json = serde_json::to_value(&curve).unwrap();
    assert!(json["points"][0]["least"] == "0" && json["cliffs"][3].get("due_at").is_none(), "{json}");
}

#[test]
fn a_range_has_its_cliffs_too() {
    let mut asked = one("");
    asked.channel = None;
    let curve = curve(&asked, "150");
    // By post there is a fee from 50 QDD.
    assert_eq!(steps(&curve), ["49.99 -> 50: 0 -> 0", "50.04 -> 50.05: 0 -> 5.01", "100 -> 100.01: 10 -> 14"],);
    assert_eq!(curve.cliffs[0].outcome_at, Outcome::Range);
    let at = curve.points.iter().find(|p| p.goods == d("100.01")).unwrap();
    assert_eq!((at.least, at.most), (Some(d("14")), Some(d("21"))));
}

#[test]
fn refuses_what_cannot_be_scaled() {
    let book = book();
    let field = |asked: &Consignment, up_to: &str| {
        book.curve(asked, &Ask::default(), d(up_to)).unwrap_err().problems[0].field.clone()
    };
    assert_eq!(field(&asked("", r#"{"code":"610910","price":"0"}"#), "100"), "items");
    assert_eq!(field(&one(""), "0"), "up_to");
    assert_eq!(field(&Consignment { currency: "QQQ".into(), ..one("") }, "100"), "currency");
}

#[test]
fn items_keep_their_proportions_and_come_to_the_value() {
    let items = r#"{"code":"610910","price":"10","quantity":"2"},{"code":"610910","price":"10","quantity":"1"},{"code":"640299","price":"9","quantity":"7","discount":"3"},{"code":"4901","price":"0"}"#;
    let asked = asked(r#","discount":"1""#, items);
    let other = asked.at_value(d("100")).unwrap();
    let quote = book().quote(&other).unwrap();
    assert_eq!(quote.goods, d("100"));
    assert_eq!(other.items[0].price, other.items[1].price, "equal prices stay equal, so the items are still one line");
    assert!(other.items[3].price.is_zero());
    // 20 : 10 : 60.
    let ratio = other.items[2].price.times(d("7")).unwrap().divided_by(other.items[0].price).unwrap();
    assert_eq!(ratio.rounded(crate::RoundingMode::HalfUp, d("0.000001")).unwrap(), d("6"));
}

/// What a curve says of a value, as a quote of it gives it.
fn agrees(quote: &Quote, curve: &Curve, goods: Decimal) {
    let point = curve.points.iter().find(|p| p.goods == goods).unwrap();
    let counts = !matches!(quote.outcome, Outcome::FormalEntry);
    assert_eq!(quote.goods, goods);
    assert_eq!((point.outcome, point.least), (quote.outcome, counts.then_some(quote.total.least_asked)), "{goods}");
    assert_eq!(
        (point.most, point.seller),
        (quote.total.most_asked.filter(|_| counts), counts.then_some(quote.terms.seller.least_asked))
    );
    let kinds = [quote.by_kind.duties, quote.by_kind.taxes, quote.by_kind.fees].map(|s| s.least_asked);
    assert_eq!([point.duties, point.taxes, point.fees], kinds.map(|k| counts.then_some(k)), "{goods}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn quotes_give_what_the_curve_says(
        price in 1i64..90_000, quantity in 1i64..9, second in 0i64..9_000, freight in 0i64..5_000, by_post in any::<bool>(),
        crowns in any::<bool>(), up_to in 1i64..9_000,
    ) {
        let cents = |n: i64| Decimal::from_units(i128::from(n) * 10_000_000_000);
        let mut asked = asked("", r#"{"code":"610910","origin":"RR","price":"1"},{"code":"640299","origin":"RR","price":"1"}"#);
        asked.items[0].price = cents(price);
        asked.items[0].quantity = Decimal::from_int(quantity);
        asked.items[1].price = cents(second);
        asked.freight = Some(cents(freight));
        if by_post {
            asked.channel = None;
        }
        if crowns {
            asked.currency = "RCC".into();
            asked.rates = serde_json::from_str(r#"[{"from":"RCC","to":"QDD","rate":"0.731"}]"#).unwrap();
        }
        let book = book();
        let curve = book.curve(&asked, &Ask::default(), Decimal::from_int(up_to)).unwrap();
        agrees(&book.quote(&asked).unwrap(), &curve, curve.goods);
        for point in curve.points.iter().filter(|p| p.goods != curve.goods) {
            agrees(&book.quote(&asked.at_value(point.goods).unwrap()).unwrap(), &curve, point.goods);
        }
        for cliff in &curve.cliffs {
            let point = |goods| curve.points.iter().find(|p| p.goods == goods).unwrap();
            let shown = |goods| point(goods).least.filter(|_| point(goods).most.is_some());
            prop_assert_eq!((cliff.due_below, cliff.due_at), (shown(cliff.below), shown(cliff.at)));
            let unit = if crowns { Decimal::ONE } else { cents(1) };
            prop_assert_eq!(cliff.at.minus(cliff.below).unwrap(), unit);
        }
    }
}
