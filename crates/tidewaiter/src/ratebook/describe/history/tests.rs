//! The duties of a fictional economy over time.

use super::super::compile::{World, compile, read_economy};
use super::*;
use jiff::civil::date;
use serde_json::json;

/// Queue: 8 % by tariff until 30 June 2026 and 6 % after it; 10 % more on Ruritania's goods in March 2026; a prohibition from
/// 2027 on.
fn book() -> Ratebook {
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
key = "q.law"
statement = "Fictional."
law = "Customs Act"
source = { publisher = "Queue", title = "Gazette", date = 2025-05-05 }
confidence = "high"
[[fact]]
key = "q.rate"
statement = "Fictional."
source = { publisher = "Queue", title = "Tariff" }
confidence = "low"
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
key = "q.more"
name = "Additional duty"
kind = "additional-duty"
base = "goods"
cites = ["q.law"]
  [[charge.rung]]
  name = "banned"
  when = "origin in RR"
  outcome = "prohibited"
  says = "No goods of Ruritania."
  from = 2027-01-01
  [[charge.rung]]
  name = "Ruritania, 10 %"
  when = "origin in RR"
  amount = "10 %"
  from = 2026-03-01
  before = 2026-04-01
[[measure]]
code = "6109"
kind = "third-country"
amount = "8 %"
before = 2026-07-01
cites = ["q.rate"]
[[measure]]
code = "6109"
kind = "third-country"
amount = "6 %"
from = 2026-07-01
cites = ["q.rate"]
"#,
    )
    .unwrap();
    Ratebook::from_vec(compile(&world, &[economy]).unwrap_or_else(|p| panic!("{p:#?}"))).unwrap()
}

fn history(origin: &str, from: Date, day: Date) -> DutyHistory {
    book().duty_history("QQ", "6109.10".parse().unwrap(), origin, from, day).unwrap()
}

#[test]
fn a_step_for_each_change() {
    let found = history("RR", date(2026, 1, 1), date(2026, 3, 15));
    let said: Vec<(String, String)> = found
        .steps
        .iter()
        .map(|s| (s.from.to_string(), s.percent.map_or("none".to_owned(), |p| p.to_string())))
        .collect();
    let wanted =
        [("2026-01-01", "8"), ("2026-03-01", "18"), ("2026-04-01", "8"), ("2026-07-01", "6"), ("2027-01-01", "none")];
    assert_eq!(said, wanted.map(|(day, percent)| (day.to_owned(), percent.to_owned())));
    assert!(found.steps.windows(2).all(|pair| pair[0].before == Some(pair[1].from)));
    let last = found.steps.last().unwrap();
    assert_eq!((last.before, last.outcome, last.least), (None, Some(Outcome::Prohibited), None));
    assert_eq!(found.steps[0].changed, ["Duty, tariff: 8 %"]);
    assert_eq!(found.steps[1].changed, ["begins: Additional duty, Ruritania, 10 %"]);
}

#[test]
fn other_origins_have_fewer_steps() {
    let found = history("SS", date(2026, 1, 1), date(2026, 3, 15));
    let percents: Vec<String> = found.steps.iter().map(|s| s.percent.unwrap().to_string()).collect();
    assert_eq!(percents, ["8", "6"]);
}

#[test]
fn each_duty_has_its_rule_law_and_days() {
    let found = history("RR", date(2026, 1, 1), date(2026, 3, 15));
    assert_eq!(
        serde_json::to_value(&found.reached).unwrap(),
        json!([
            // A rate of the tariff has the source of its measure.
            { "key": "q.duty", "charge": "Duty", "rule": "tariff: 8 % (unverified)", "read": ["Queue, Tariff"], "confidence": "low" },
            {
                "key": "q.more", "charge": "Additional duty", "rule": "Ruritania, 10 %", "law": ["Customs Act"],
                "read": ["Queue, Gazette, 2025-05-05"], "confidence": "high", "from": "2026-03-01", "before": "2026-04-01",
            },
        ])
    );
    assert_eq!(found.steps[1].parts, found.reached);
}

#[test]
fn the_history_begins_with_the_day_where_that_is_earlier() {
    let found = history("SS", date(2026, 1, 1), date(2025, 6, 1));
    assert_eq!(found.steps[0].from, date(2025, 6, 1));
    // And ends a year after it.
    assert_eq!(found.steps.len(), 1);
}

#[test]
fn unknown_places_are_nothing() {
    let code: GoodsCode = "6109.10".parse().unwrap();
    let day = date(2026, 3, 15);
    assert_eq!(book().duty_history("XX", code, "RR", day, day), None);
    assert_eq!(book().duty_history("QQ", code, "XX", day, day), None);
    assert_eq!(book().duty_history("RR", code, "SS", day, day), None, "no rules are loaded");
}

#[test]
fn says_a_rate_once() {
    for (name, said) in [
        ("10 % until 3 June 2025", "10 % until 3 June 2025"),
        ("Sylvania and Queue, 10 %", "Sylvania and Queue, 10 %"),
        ("10 % surcharge", "10 % surcharge"),
        ("10 % origins", "10 % origins: 10 %"),
        ("110 % origins", "110 % origins: 10 %"),
        ("tariff", "tariff: 10 %"),
    ] {
        let taken: Treatment = serde_json::from_value(json!({
            "name": name, "rule": "10 %", "base_rule": "customs", "amount": "1", "collect": "border", "cites": [],
        }))
        .unwrap();
        assert_eq!(RuleInShort::of(&taken).to_string(), said);
    }
}

#[test]
fn says_what_changed() {
    let rule = |(name, amount): &(&str, &str)| RuleInShort {
        name: (*name).to_owned(),
        amount: Some((*amount).to_owned()),
        unverified: false,
    };
    let map = |all: &[(&str, &[(&str, &str)])]| {
        all.iter().map(|(charge, rules)| ((*charge).to_owned(), rules.iter().map(rule).collect())).collect()
    };
    let said =
        |before: &_, now: &_, first| changes(before, now, first).iter().map(DutyChange::to_string).collect::<Vec<_>>();
    let tariff: (&str, &[(&str, &str)]) = ("Customs duty", &[("tariff", "16.5 %")]);
    let before = map(&[tariff, ("Extra duty", &[("Sylvania", "20 %")]), ("Old duty", &[("10 %", "10 %")])]);
    let now = map(&[
        tariff,
        ("Extra duty", &[("Sylvania", "10 %"), ("gift", "relieved")]),
        ("New duty", &[("first", "5 %"), ("second", "6 % (@table)"), ("third", "7 %")]),
    ]);
    assert_eq!(
        said(&before, &now, false),
        [
            "Extra duty: Sylvania: 10 % and gift: free, before that Sylvania: 20 %",
            "begins: New duty, first: 5 %, second: 6 % and third: 7 %",
            "ends: Old duty, 10 %"
        ]
    );
    let first = map(&[tariff]);
    assert_eq!(said(&BTreeMap::new(), &first, true), ["Customs duty, tariff: 16.5 %"]);
    assert_eq!(said(&now, &now, false), Vec::<String>::new());
}
