//! The engine's fixed-point arithmetic against exact fractions.
//!
//! Random amount trees are printed into an economy file, compiled and quoted; the same tree is computed by a short,
//! independent evaluator over fractions of whole numbers of any size, which never rounds. Rounded to the cent once, at
//! the end, both give the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use num_rational::BigRational;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use tidewaiter::ratebook::compile::{World, compile, read_economy};
use tidewaiter::record::expression::{Amount, Cash, Component, Slice};
use tidewaiter::record::grammar;
use tidewaiter::{Consignment, Decimal, Outcome, Ratebook};

/// The economy assesses in the first; one of it is so many of the others.
const RATES: [(&str, &str); 3] = [("QDD", "1"), ("RCC", "112.37"), ("TPP", "0.7310")];

fn fraction(text: &str) -> BigRational {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals}/1{}", "0".repeat(decimals.len())).parse().unwrap()
}

fn exact(number: Decimal) -> BigRational {
    fraction(&number.to_string())
}

fn zero() -> BigRational {
    fraction("0")
}

/// The question's values in the currency of assessment.
struct Values {
    goods: BigRational,
    freight: BigRational,
    insurance: BigRational,
}

impl Values {
    fn base(&self) -> BigRational {
        &self.goods + &self.freight + &self.insurance
    }
}

fn in_assessed(cash: &Cash) -> BigRational {
    let rate = RATES.iter().find(|(code, _)| *code == cash.currency).unwrap().1;
    exact(cash.amount) / fraction(rate)
}

/// The reference: what a tree comes to, exactly.
fn reference(tree: &Amount, v: &Values) -> BigRational {
    let of = |of: &Option<Box<Amount>>| of.as_ref().map_or_else(|| v.base(), |inner| reference(inner, v));
    let hundred = fraction("100");
    match tree {
        Amount::Relieved => zero(),
        Amount::Flat(cash) => in_assessed(cash),
        Amount::Percent { percent, of: inner } => exact(*percent) / hundred * of(inner),
        Amount::GrossUp { percent, of: inner } => of(inner) * exact(*percent) / (hundred - exact(*percent)),
        Amount::Component(Component::Goods) => v.goods.clone(),
        Amount::Component(Component::Freight) => v.freight.clone(),
        Amount::Component(Component::Insurance) => v.insurance.clone(),
        Amount::Base => v.base(),
        Amount::Sum(parts) => parts.iter().map(|p| reference(p, v)).fold(zero(), |a, b| a + b),
        Amount::Less(a, b) => reference(a, v) - reference(b, v),
        Amount::Times(factor, inner) => exact(*factor) * reference(inner, v),
        Amount::Max(parts) => parts.iter().map(|p| reference(p, v)).max().unwrap(),
        Amount::Min(parts) => parts.iter().map(|p| reference(p, v)).min().unwrap(),
        Amount::Clamp { amount, least, most } => reference(amount, v).min(reference(most, v)).max(reference(least, v)),
        Amount::Bands { of, slices } => {
            let whole = reference(of, v);
            let mut sum = zero();
            for (n, slice) in slices.iter().enumerate() {
                let from = in_assessed(&slice.from);
                let to =
                    slices.get(n + 1).map_or_else(|| whole.clone(), |next| in_assessed(&next.from).min(whole.clone()));
                if to > from {
                    sum += (to - from) * exact(slice.percent) / &hundred;
                }
            }
            sum
        }
        other => panic!("not generated: {other}"),
    }
}

/// To the cent, halves away from zero.
fn cents(value: &BigRational) -> String {
    let hundredths = (value * fraction("100")).round().to_integer();
    let text = hundredths.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |d| ("-", d));
    let padded = format!("{digits:0>3}");
    let (whole, decimals) = padded.split_at(padded.len() - 2);
    format!("{sign}{whole}.{decimals}")
}

fn number(most: i64, places: u32) -> impl Strategy<Value = Decimal> {
    (0..=most).prop_map(move |n| Decimal::from_units(i128::from(n) * 10i128.pow(12 - places)))
}

fn cash() -> impl Strategy<Value = Cash> {
    (number(100_000, 2), 0usize..3).prop_map(|(amount, c)| Cash { amount, currency: RATES[c].0.to_owned() })
}

/// Rates as laws write them, and awkward ones.
fn percent() -> impl Strategy<Value = Decimal> {
    prop_oneof![number(40, 0), number(400, 1), number(99_999, 3)]
}

fn tree() -> impl Strategy<Value = Amount> {
    let leaf = prop_oneof![
        cash().prop_map(Amount::Flat),
        percent().prop_map(|percent| Amount::Percent { percent, of: None }),
        percent().prop_map(|percent| Amount::GrossUp { percent, of: None }),
        Just(Amount::Base),
        prop::sample::select(vec![Component::Goods, Component::Freight, Component::Insurance])
            .prop_map(Amount::Component),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let several = || prop::collection::vec(inner.clone(), 2..4);
        let slices = (prop::collection::btree_set(1i64..500_000, 0..4), prop::collection::vec(percent(), 4), 0usize..3)
            .prop_map(|(from, percents, c)| {
                let from = std::iter::once(0).chain(from);
                let slice = |(n, percent): (i64, Decimal)| Slice {
                    from: Cash {
                        amount: Decimal::from_units(i128::from(n) * 10_000_000_000),
                        currency: RATES[c].0.to_owned(),
                    },
                    percent,
                };
                from.zip(percents).map(slice).collect::<Vec<_>>()
            });
        prop_oneof![
            (percent(), boxed()).prop_map(|(percent, of)| Amount::Percent { percent, of: Some(of) }),
            (percent(), boxed()).prop_map(|(percent, of)| Amount::GrossUp { percent, of: Some(of) }),
            several().prop_map(Amount::Sum),
            (boxed(), boxed()).prop_map(|(a, b)| Amount::Less(a, b)),
            (number(30_000, 4), boxed()).prop_map(|(factor, inner)| Amount::Times(factor, inner)),
            several().prop_map(Amount::Max),
            several().prop_map(Amount::Min),
            (boxed(), boxed(), boxed()).prop_map(|(amount, least, most)| Amount::Clamp { amount, least, most }),
            (boxed(), slices).prop_map(|(of, slices)| Amount::Bands { of, slices }),
        ]
    })
}

fn world() -> World {
    World {
        territories: toml::from_str("territory = [{ code = 'QQ', name = 'Q', kind = 'country', currency = 'QDD' }, { code = 'RR', name = 'R', kind = 'country' }]").unwrap(),
        currencies: toml::from_str("currency = [{ code = 'QDD', name = 'Q', minor = 2 }, { code = 'RCC', name = 'R', minor = 2 }, { code = 'TPP', name = 'T', minor = 2 }]").unwrap(),
        series: toml::from_str("series = [{ key = 'main', name = 'Main', publisher = 'Bank', base = 'QDD', file = 'main.csv' }]").unwrap(),
        rates: [("main.csv".to_owned(), format!("date,RCC,TPP\n2026-01-02,{},{}\n", RATES[1].1, RATES[2].1))].into(), ..World::default() }
}

/// Compiles a tree as the only charge of an economy and asks.
fn engine(tree: &Amount, currency: &str, goods: Decimal, freight: Decimal, insurance: Decimal) -> Decimal {
    let text = format!(
        "[economy]\nterritory = 'QQ'\ncurrency = 'QDD'\nknown_from = 2026-01-01\n\
         [[fact]]\nkey = 'q'\nstatement = 'It is so.'\nsource = {{ publisher = 'Q' }}\nconfidence = 'high'\n\
         [[charge]]\nkey = 'q.duty'\nname = 'Duty'\nkind = 'duty'\nbase = 'goods + freight + insurance'\ncites = ['q']\n\
         [[charge.rung]]\nname = 'all'\namount = '{tree}'\n"
    );
    let file = read_economy("QQ.toml", &text).unwrap();
    let bytes = compile(&world(), &[file]).unwrap_or_else(|p| panic!("{tree}: {p:?}"));
    let book = Ratebook::from_vec(bytes).unwrap_or_else(|e| panic!("{tree}: {e}"));
    let asked: Consignment = serde_json::from_str(&format!(
        r#"{{"from":"RR","to":"QQ","date":"2026-08-01","currency":"{currency}","freight":"{freight}","insurance":"{insurance}","items":[{{"code":"610910","origin":"RR","price":"{goods}"}}]}}"#
    ))
    .unwrap();
    let quote = book.quote(&asked).unwrap();
    assert_eq!(quote.outcome, Outcome::Amount, "{tree}: {:?}", quote.warnings);
    quote.total.least
}

fn compare(tree: &Amount, currency: &str, goods: Decimal, freight: Decimal, insurance: Decimal) -> (String, String) {
    let rate = fraction(RATES.iter().find(|(code, _)| *code == currency).unwrap().1);
    let values =
        Values { goods: exact(goods) / &rate, freight: exact(freight) / &rate, insurance: exact(insurance) / &rate };
    (engine(tree, currency, goods, freight, insurance).to_fixed(2), cents(&reference(tree, &values)))
}

proptest! {
    #![proptest_config(Config { cases: 512, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Config::default() })]

    #[test]
    fn amounts_agree_with_exact_fractions(tree in tree(), currency in 0usize..3, goods in number(500_000, 2), freight in number(9_000, 2), insurance in number(2_000, 2)) {
        let (ours, theirs) = compare(&tree, RATES[currency].0, goods, freight, insurance);
        // A zero may be reached from either side.
        prop_assert_eq!(ours.trim_start_matches('-'), theirs.trim_start_matches('-'), "{}", tree);
        prop_assert!(ours == theirs || fraction(theirs.trim_start_matches('-')) == zero(), "{} and {}: {}", ours, theirs, tree);
    }

    /// What is printed reads back as the same tree, so the engine computed the tree that the reference did.
    #[test]
    fn printed_trees_read_back(tree in tree()) {
        let text = tree.to_string();
        if text.len() <= grammar::MAX_TEXT {
            let read = grammar::amount(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
            prop_assert_eq!(read.to_string(), text);
        }
    }
}

/// Halves of a cent are where a last decimal shows. Each of these is exactly a half in fractions.
#[test]
fn exact_halves_round_up() {
    let d = |text: &str| text.parse::<Decimal>().unwrap();
    for (tree, goods, expected) in [
        ("15 %", "0.10", "0.02"),
        ("12.5 %", "1.00", "0.13"),
        ("0.5 * (3 %)", "1.00", "0.02"),
        ("gross-up 20 %", "0.02", "0.01"),
        ("bands(base; 0 QDD: 1.5 %; 1 QDD: 2.5 %)", "2.00", "0.04"),
        ("min(50 %, 0.005 QDD)", "9.99", "0.01"),
    ] {
        let tree = grammar::amount(tree).unwrap();
        let (ours, theirs) = compare(&tree, "QDD", d(goods), Decimal::ZERO, Decimal::ZERO);
        assert_eq!((ours.as_str(), theirs.as_str()), (expected, expected), "{tree} of {goods}");
    }
}

/// Thirds do not end, but what is made of three of them does: shares of transport and converted prices are put together
/// again before a law rounds them.
#[test]
fn thirds_come_together_before_they_are_rounded() {
    let quote = |base_round: &str, amount: &str, question: &str| {
        let text = format!(
            "[economy]\nterritory = 'QQ'\ncurrency = 'QDD'\nknown_from = 2026-01-01\n\
             [[fact]]\nkey = 'q'\nstatement = 'It is so.'\nsource = {{ publisher = 'Q' }}\nconfidence = 'high'\n\
             [[charge]]\nkey = 'q.duty'\nname = 'Duty'\nkind = 'duty'\nbase = 'goods + freight'\n{base_round}cites = ['q']\n\
             [[charge.rung]]\nname = 'all'\namount = '{amount}'\n"
        );
        let bytes = compile(&world(), &[read_economy("QQ.toml", &text).unwrap()]).unwrap();
        let asked: Consignment = serde_json::from_str(question).unwrap();
        Ratebook::from_vec(bytes).unwrap().quote(&asked).unwrap().total.least.to_fixed(2)
    };
    // 1.00 and a third of 2.50, three times: 21 % of each is exactly 0.385.
    let freight = r#"{"from":"RR","to":"QQ","date":"2026-08-01","currency":"QDD","freight":"2.50","items":[
        {"code":"610910","price":"1"},{"code":"620442","price":"1"},{"code":"950300","price":"1"}]}"#;
    assert_eq!(quote("", "21 %", freight), "1.17");
    // Three goods of 1 at 0.003 to the one: together exactly 1,000, which rounding down to thousands keeps.
    let converted = r#"{"from":"RR","to":"QQ","date":"2026-08-01","currency":"RCC","rates":[{"from":"QDD","to":"RCC","rate":"0.003"}],"items":[
        {"code":"610910","price":"1"},{"code":"620442","price":"1"},{"code":"950300","price":"1"}]}"#;
    assert_eq!(
        quote("base_round = 'down 1000 per consignment'\nround = 'half-up 0.01 per consignment'\n", "10 %", converted),
        "100.00"
    );
}
