//! The fictional economy Q, described.

use super::*;
use crate::goods::GoodsCode;
use crate::record::world::{Currencies, SeriesFile, Territories};
use crate::record::{Collector, MeasureKind};

/// The fictional economy Q, in a fictional union U.
fn ratebook() -> Ratebook {
    ratebook_with("")
}

/// The same with more of the union's measures.
fn ratebook_with(more: &str) -> Ratebook {
    let territories: Territories = toml::from_str(
        r#"
        [[territory]]
        code = "U"
        name = "Union"
        kind = "union"
        currency = "QDD"
        [[territory]]
        code = "Q"
        name = "Queue"
        kind = "country"
        currency = "QDD"
        [[member]]
        of = "U"
        territory = "Q"
        role = "member"
        ladders = "all"
        from = 2020-01-01
        "#,
    )
    .unwrap();
    let currencies: Currencies =
        toml::from_str("[[currency]]\ncode = \"QDD\"\nname = \"Queue dollar\"\nminor = 2\n").unwrap();
    let world = compile::World {
        territories,
        currencies,
        series: SeriesFile::default(),
        moved: MOVED.into(),
        ..compile::World::default()
    };
    let union = compile::read_economy(
        "U.toml",
        &format!(
            "{}{more}",
            r#"
        [economy]
        territory = "U"
        currency = "QDD"
        known_from = 2026-01-01
        [[fact]]
        key = "u.duty"
        statement = "Duty is 10 %."
        source = { publisher = "Union gazette", date = 2026-01-01 }
        confidence = "high"
        [[charge]]
        key = "u.duty"
        name = "Duty"
        kind = "duty"
        base = "goods"
        round = "down 1 per consignment"
        cites = ["u.duty"]
          [[charge.rung]]
          name = "small"
          when = "goods <= 20 QDD"
          amount = "relieved"
          before = 2026-07-01
          [[charge.rung]]
          name = "tariff"
          amount = "tariff"
        [[measure]]
        code = "61"
        kind = "third-country"
        amount = "12 %"
        cites = ["u.duty"]
        "#
        ),
    )
    .unwrap();
    let own = compile::read_economy(
        "Q.toml",
        r#"
        [economy]
        territory = "Q"
        currency = "QDD"
        known_from = 2026-02-01
        tax_name = "QST"
        [[fact]]
        key = "q.tax"
        statement = "Tax is 15 %, then 16 %."
        source = { publisher = "somebody" }
        confidence = "low"
        [[charge]]
        key = "q.tax"
        name = "Sales tax"
        kind = "sales-tax"
        base = "goods + u.duty"
        cites = ["q.tax"]
          [[charge.rung]]
          name = "sale"
          amount = "@tax"
          collect = "seller"
        [[rate]]
        name = "tax"
        class = "standard"
        is = [ { from = 2026-01-01, is = "15 %" }, { from = 2026-07-01, is = "16 %" } ]
        cites = ["q.tax"]
        [[rate]]
        name = "tax"
        class = "zero"
        is = "0 %"
        codes = ["4901", "61-63"]
        cites = ["q.tax"]
        [[waiver]]
        charges = ["u.duty", "q.tax"]
        when = "< 1 QDD"
        cites = ["q.tax"]
        "#,
    )
    .unwrap();
    let bytes = compile::compile(&world, &[union, own]).unwrap();
    Ratebook::from_vec(bytes).unwrap()
}

#[test]
fn lists_economies_with_the_rate_of_the_day() {
    let ratebook = ratebook();
    let all = ratebook.economies(jiff::civil::date(2026, 3, 1));
    assert_eq!(all.iter().map(|e| e.code.as_str()).collect::<Vec<_>>(), ["Q", "U"]);
    assert_eq!(all[0].standard_rate(), Some(Decimal::from_int(15)));
    assert_eq!((all[0].charges, all[0].rules), (2, 3));
    assert_eq!(all[0].facts.range(), Some((Confidence::Low, Confidence::High)));
    assert_eq!(all[0].edition.as_ref().map(|e| e.authority.as_str()), Some("Q"));
    assert_eq!(ratebook.economies(jiff::civil::date(2026, 8, 1))[0].standard_rate(), Some(Decimal::from_int(16)));
    assert_eq!(ratebook.economies(jiff::civil::date(2025, 8, 1))[0].standard_rate(), None);
}

#[test]
fn shows_a_member_with_its_unions_rules() {
    let q = ratebook().economy("Q").unwrap();
    assert_eq!(q.memberships[0].code, "U");
    assert_eq!(q.charges[0].round.as_deref(), Some("down 1 per consignment"));
    let small = &q.charges[0].rungs[0];
    assert!(small.in_force(jiff::civil::date(2026, 6, 30)) && !small.in_force(jiff::civil::date(2026, 7, 1)));
    assert_eq!(small.confidence, Some(Confidence::High));
    assert_eq!(q.charges[1].rungs[0].collect, Collector::Seller);
    assert_eq!(q.rates[0].values.len(), 2);
    assert_eq!(q.rates[1].codes, ["4901", "61-63"]);
    assert_eq!(q.waivers[0].when, "< 1 QDD");
    assert_eq!(q.waivers[0].charges, ["u.duty", "q.tax"]);
    assert_eq!(q.fact("u.duty").map(|f| f.territory.as_str()), Some("U"));
    assert_eq!(q.measures, [MeasureCount { authority: "U".into(), kind: MeasureKind::ThirdCountry, count: 1 }]);
    assert_eq!(q.editions.len(), 2);
}

#[test]
fn unknown_codes_are_nothing() {
    let ratebook = ratebook();
    assert_eq!(ratebook.economy("X"), None);
    assert_eq!(ratebook.currency_minor("XXX"), None);
    assert_eq!(ratebook.currency_minor("QDD"), Some(2));
    assert_eq!(ratebook.territories().len(), 2);
    assert_eq!(section_name(1), "strings");
}

#[test]
fn no_day_number_panics() {
    for day in [i32::MIN, i32::MIN + 1, -800_000_000, 0, 800_000_000, i32::MAX] {
        let _ = date_of(day);
    }
    assert_eq!(date_of(0), Some(jiff::civil::date(1970, 1, 1)));
}

#[test]
fn codes_are_shown_in_the_digits_of_their_authority() {
    let book = ratebook_with(
        r#"
        [[measure]]
        code = "420212100"
        kind = "third-country"
        amount = "16 %"
        cites = ["u.duty"]
        [[measure]]
        code = "4202122"
        kind = "third-country"
        amount = "8 %"
        cites = ["u.duty"]
        "#,
    );
    let shown = |code: &str| {
        let measures = book.tariff("Q", code.parse().unwrap(), None).unwrap();
        measures.into_iter().map(|m| (m.code, m.amount)).collect::<Vec<_>>()
    };
    let (nine, seven) = (("4202.12.100".to_owned(), "16 %".to_owned()), ("4202.12.2".to_owned(), "8 %".to_owned()));
    assert_eq!(shown("4202.12"), [nine.clone(), seven]);
    assert_eq!(shown("4202.12.100"), [nine]);
}

/// One code became one, one became two that another became too, and one has no successor.
const MOVED: &str = "edition,code,newer,from,to
ED 2,030510,ED 3,2022-01-01,030910
ED 1,940600,ED 3,2022-01-01,940620 940610
ED 2,940700,ED 3,2022-01-01,940620
ED 2,999800,ED 3,2022-01-01,
";

#[test]
fn codes_of_older_editions_are_found_both_ways() {
    let ratebook = ratebook();
    let code = |digits: &str| digits.parse::<GoodsCode>().unwrap();
    let fish = ratebook.moved(code("030510")).unwrap();
    assert_eq!((fish.code.as_str(), fish.edition.as_str(), fish.newer.as_str()), ("030510", "ED 2", "ED 3"));
    assert_eq!(
        (fish.from, fish.to.as_slice()),
        (Some(jiff::civil::date(2022, 1, 1)), ["030910".to_owned()].as_slice())
    );
    // National digits do not matter; fewer than six say nothing.
    assert_eq!(ratebook.moved(code("0305100010")), Some(fish.clone()));
    assert_eq!(ratebook.moved(code("0305")), None);
    // All successors, by number; none where there is none; nothing for a code that still exists.
    assert_eq!(ratebook.moved(code("940600")).unwrap().to, ["940610", "940620"]);
    assert!(ratebook.moved(code("999800")).unwrap().to.is_empty());
    assert_eq!(ratebook.moved(code("610910")), None);
    // The other way.
    let from = |digits: &str| ratebook.came_from(code(digits)).into_iter().map(|m| m.code).collect::<Vec<_>>();
    assert_eq!(from("940620"), ["940600", "940700"]);
    assert_eq!(from("9406100090"), ["940600"]);
    assert_eq!(ratebook.came_from(code("030910")), [fish]);
    assert!(from("0309").is_empty() && from("610910").is_empty() && from("940600").is_empty());
}
