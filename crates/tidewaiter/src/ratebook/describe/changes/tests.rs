//! What changes in a fictional union and its member.

use super::super::compile::{World, compile, read_economy};
use super::*;
use jiff::civil::date;

const UNION: &str = r#"
[economy]
territory = "UU"
currency = "QDD"
known_from = 2026-01-01
[[fact]]
key = "uu.duty"
statement = "Duty."
source = { publisher = "Union gazette" }
confidence = "high"
[[charge]]
key = "uu.duty"
name = "Duty"
kind = "duty"
base = "goods"
cites = ["uu.duty"]
  [[charge.rung]]
  name = "small"
  when = "goods <= 150 QDD"
  amount = "relieved"
  before = 2026-07-01
  [[charge.rung]]
  name = "flat"
  when = "goods <= 150 QDD"
  amount = "3 QDD"
  from = 2026-07-01
  before = 2028-07-01
  [[charge.rung]]
  name = "flat"
  when = "goods <= 150 QDD"
  amount = "4 QDD"
  from = 2028-07-01
  [[charge.rung]]
  name = "tariff"
  amount = "tariff"
[[measure]]
code = "61"
kind = "third-country"
amount = "12 %"
from = 2026-09-01
cites = ["uu.duty"]
[[measure]]
code = "62"
kind = "third-country"
amount = "12 %"
from = 2026-09-01
cites = ["uu.duty"]
[[scheme]]
key = "uu.scheme"
name = "Union scheme"
from = 2026-03-01
cites = ["uu.duty"]
"#;

const OWN: &str = r#"
[economy]
territory = "QQ"
currency = "QDD"
known_from = 2026-02-01
[[fact]]
key = "qq.tax"
statement = "Tax."
source = { publisher = "Tax office" }
confidence = "low"
[[charge]]
key = "qq.tax"
name = "Tax"
kind = "vat"
base = "goods + uu.duty"
cites = ["qq.tax"]
  [[charge.rung]]
  name = "formal"
  when = "goods > 9000 QDD"
  outcome = "formal-entry"
  says = "Lodge an entry."
  from = 2027-01-01
  status = "scheduled"
  [[charge.rung]]
  name = "taxed"
  amount = "@tax"
  [[charge.rung]]
  name = "one day"
  when = "gift"
  amount = "30 %"
  status = "proposed"
[[rate]]
name = "tax"
class = "standard"
is = [{ from = 2020-01-01, is = "15 %" }, { from = 2026-07-01, is = "16 %" }]
cites = ["qq.tax"]
[[rate]]
name = "tax"
class = "reduced"
goods = "food"
is = [{ from = 2026-04-01, before = 2026-10-01, is = "7 %" }]
cites = ["qq.tax"]
[[waiver]]
charges = ["qq.tax"]
when = "<= 5 QDD"
from = 2026-05-01
cites = ["qq.tax"]
"#;

fn book() -> Ratebook {
    let world = World {
        territories: toml::from_str(
            r#"
            territory = [
              { code = "UU", name = "Union", kind = "union", currency = "QDD" },
              { code = "QQ", name = "Queue", kind = "country", currency = "QDD" },
              { code = "RR", name = "Ruritania", kind = "country", currency = "QDD" },
            ]
            member = [
              { of = "UU", territory = "QQ", role = "member", ladders = "all", from = 2020-01-01, before = 2027-06-01 },
              { of = "UU", territory = "RR", role = "member", from = 2026-02-01 },
            ]
            "#,
        )
        .unwrap(),
        currencies: toml::from_str("currency = [{ code = 'QDD', name = 'Queue dollar', minor = 2 }]").unwrap(),
        ..World::default()
    };
    let files = [read_economy("UU.toml", UNION).unwrap(), read_economy("QQ.toml", OWN).unwrap()];
    Ratebook::from_vec(compile(&world, &files).unwrap_or_else(|p| panic!("{p:#?}"))).unwrap()
}

fn said(territory: Option<&str>, from: Date, before: Date) -> Vec<String> {
    let line = |c: ChangeView| {
        let kind = serde_json::to_value(c.kind).unwrap();
        let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let count = c.measures.map(|n| format!(" ({n})")).unwrap_or_default();
        let kind = kind.as_str().unwrap();
        format!("{} {} {kind} {}: {} -> {}{count}", c.day, c.territory, c.name, or(c.before), or(c.after))
    };
    book().changes(from, before, territory).into_iter().map(line).collect()
}

#[test]
fn every_event_is_there_once_in_order() {
    assert_eq!(
        said(None, date(2026, 1, 1), date(2029, 1, 1)),
        [
            "2026-02-01 RR membership-begins UU: - -> member",
            "2026-03-01 UU scheme-begins Union scheme: - -> -",
            "2026-04-01 QQ rate-begins tax reduced: - -> 7 %",
            "2026-05-01 QQ waiver-begins qq.tax: - -> <= 5 QDD",
            "2026-07-01 QQ rate-changes tax standard: 15 % -> 16 %",
            "2026-07-01 UU rung-begins flat: - -> 3 QDD",
            "2026-07-01 UU rung-ends small: relieved -> -",
            "2026-09-01 UU measures tariff: - -> - (2)",
            "2026-10-01 QQ rate-ends tax reduced: 7 % -> -",
            "2027-01-01 QQ rung-begins formal: - -> a formal customs entry is needed",
            "2027-06-01 QQ membership-ends UU: member -> -",
            "2028-07-01 UU rung-changes flat: 3 QDD -> 4 QDD",
        ]
    );
}

#[test]
fn the_first_day_counts_and_the_last_does_not() {
    let day = date(2026, 7, 1);
    assert_eq!(said(None, day, date(2026, 7, 2)).len(), 3);
    assert!(said(None, date(2026, 6, 1), day).is_empty());
    assert!(said(None, day, day).is_empty() && said(None, day, date(2026, 6, 1)).is_empty());
}

#[test]
fn a_member_sees_its_unions_changes_while_it_is_one() {
    let own = said(Some("QQ"), date(2026, 7, 1), date(2029, 1, 1));
    assert!(own.iter().any(|line| line.contains("UU rung-begins flat")), "{own:?}");
    assert!(!own.iter().any(|line| line.contains("2028-07-01")), "it has left by then: {own:?}");
    assert!(!own.iter().any(|line| line.contains("RR")), "{own:?}");
    let union = said(Some("UU"), date(2026, 1, 1), date(2029, 1, 1));
    assert!(union.iter().any(|line| line.contains("RR membership-begins")), "{union:?}");
    assert!(!union.iter().any(|line| line.contains("QQ rate")), "{union:?}");
    assert!(said(Some("XX"), date(2026, 1, 1), date(2029, 1, 1)).is_empty());
}

#[test]
fn each_change_has_its_facts_and_its_status() {
    let all = book().changes(date(2026, 1, 1), date(2029, 1, 1), None);
    let of = |name: &str| all.iter().find(|c| c.name == name).unwrap();
    let formal = of("formal");
    assert_eq!((formal.status, formal.confidence), (Status::Scheduled, Some(Confidence::Low)));
    assert_eq!((formal.charge.as_deref(), formal.charge_name.as_deref()), (Some("qq.tax"), Some("Tax")));
    assert_eq!(formal.cites, ["qq.tax"]);
    let reduced = of("tax reduced");
    assert_eq!((reduced.goods.as_deref(), reduced.confidence), (Some("food"), Some(Confidence::Low)));
    let json = serde_json::to_value(of("flat")).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "day": "2026-07-01", "territory": "UU", "territory_name": "Union", "kind": "rung-begins", "charge": "uu.duty",
            "charge_name": "Duty", "name": "flat", "when": "goods <= 150 QDD", "after": "3 QDD", "status": "in-force",
            "cites": ["uu.duty"], "confidence": "high",
        })
    );
}

#[test]
fn what_has_no_day_is_apart() {
    let proposed = book().proposed();
    assert_eq!(proposed.len(), 1);
    let one = &proposed[0];
    assert_eq!((one.territory.as_str(), one.name.as_str(), one.status), ("QQ", "one day", Status::Proposed));
    assert_eq!((one.when.as_deref(), one.amount.as_deref()), (Some("gift"), Some("30 %")));
}
