use super::*;
use crate::record::expression::{Channel, Component, Family, Mode, Sale, Scope, Slice, Which};
use crate::unit;
use proptest::prelude::*;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn money(text: &str, currency: &str) -> Cash {
    Cash { amount: d(text), currency: currency.into() }
}

fn flat(text: &str, currency: &str) -> Amount {
    Amount::Flat(money(text, currency))
}

fn pct(text: &str) -> Amount {
    Amount::Percent { percent: d(text), of: None }
}

fn pct_of(text: &str, of: Amount) -> Amount {
    Amount::Percent { percent: d(text), of: Some(Box::new(of)) }
}

fn per(text: &str, currency: &str, unit: &str) -> Amount {
    Amount::Specific { cash: money(text, currency), unit: unit.into() }
}

fn named(name: &str) -> Amount {
    Amount::Named(name.into())
}

fn less(a: Amount, b: Amount) -> Amount {
    Amount::Less(Box::new(a), Box::new(b))
}

fn times(number: &str, amount: Amount) -> Amount {
    Amount::Times(d(number), Box::new(amount))
}

fn rate(table: &str, of: Option<Amount>) -> Amount {
    Amount::Rate { table: table.into(), of: of.map(Box::new) }
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn value(left: Amount, compare: Compare, right: Amount, scope: Scope) -> Condition {
    Condition::Value { left, compare, right, scope }
}

fn goods_of(which: Which, of: &[&str]) -> Condition {
    Condition::Goods { which, of: texts(of) }
}

const GOODS: Amount = Amount::Component(Component::Goods);
const FREIGHT: Amount = Amount::Component(Component::Freight);

/// Reads, compares, prints and reads again.
fn reads_amount(text: &str, tree: Amount) {
    let read = amount(text).unwrap_or_else(|error| panic!("{text}: {error} at {}", error.offset));
    assert_eq!(read, tree, "{text}");
    let printed = tree.to_string();
    assert_eq!(amount(&printed).as_ref(), Ok(&tree), "{text} printed as {printed}");
}

fn reads_condition(text: &str, tree: Condition) {
    let read = condition(text).unwrap_or_else(|error| panic!("{text}: {error} at {}", error.offset));
    assert_eq!(read, tree, "{text}");
    let printed = tree.to_string();
    assert_eq!(condition(&printed).as_ref(), Ok(&tree), "{text} printed as {printed}");
}

/// Section 4 of the economy file, row by row.
#[test]
fn amounts_of_the_format() {
    use Amount::*;
    for (text, tree) in [
        ("relieved", Relieved),
        ("18 %", pct("18")),
        ("18%", pct("18")),
        ("12.5 %", pct("12.5")),
        ("12.5%", pct("12.5")),
        ("18 % of (goods + freight)", pct_of("18", Sum(vec![GOODS, FREIGHT]))),
        ("3 EUR", flat("3", "EUR")),
        ("5.50 USD per kg", per("5.50", "USD", "kg")),
        ("12 % + 3 EUR per 100 kg", Sum(vec![pct("12"), per("3", "EUR", "100 kg")])),
        ("12 % - 3 EUR per 100 kg", less(pct("12"), per("3", "EUR", "100 kg"))),
        ("max(5 %, 1 EUR per kg)", Max(vec![pct("5"), per("1", "EUR", "kg")])),
        ("min(5 %, 1 EUR per kg, 9 EUR)", Min(vec![pct("5"), per("1", "EUR", "kg"), flat("9", "EUR")])),
        (
            "clamp(0.3464 %, 33.58 USD, 651.50 USD)",
            Clamp {
                amount: Box::new(pct("0.3464")),
                least: Box::new(flat("33.58", "USD")),
                most: Box::new(flat("651.50", "USD")),
            },
        ),
        ("max(0 EUR, 15 % - us.duty)", Max(vec![flat("0", "EUR"), less(pct("15"), named("us.duty"))])),
        ("gross-up 17 %", GrossUp { percent: d("17"), of: None }),
        ("gross-up 17 % of customs", GrossUp { percent: d("17"), of: Some(Box::new(named("customs"))) }),
        (
            "10 % of max(0 EUR, goods - 150 EUR)",
            pct_of("10", Max(vec![flat("0", "EUR"), less(GOODS, flat("150", "EUR"))])),
        ),
        (
            "bands(base; 0 USD: 5 %; 1000 USD: 10 %)",
            Bands {
                of: Box::new(Base),
                slices: vec![
                    Slice { from: money("0", "USD"), percent: d("5") },
                    Slice { from: money("1000", "USD"), percent: d("10") },
                ],
            },
        ),
        (
            "rounded(1 EUR per SPQ; down 0.01)",
            Rounded { amount: Box::new(per("1", "EUR", "SPQ")), mode: RoundingMode::Down, unit: d("0.01") },
        ),
        ("0.7 * (@vat + 3 EUR)", times("0.7", Sum(vec![rate("vat", None), flat("3", "EUR")]))),
        (
            "if(gift, 3 EUR, 18 %)",
            If { when: Box::new(Condition::Gift), then: Box::new(flat("3", "EUR")), otherwise: Box::new(pct("18")) },
        ),
        ("@vat", rate("vat", None)),
        ("@vat of goods", rate("vat", Some(GOODS))),
        ("tariff", Tariff(Family::Duty)),
        ("tariff(additional)", Tariff(Family::Additional)),
        ("tariff(anti-dumping)", Tariff(Family::AntiDumping)),
        ("tariff( countervailing )", Tariff(Family::Countervailing)),
        ("tariff(safeguard)", Tariff(Family::Safeguard)),
        ("tariff(excise)", Tariff(Family::Excise)),
        (
            "relief for whole items up to 45 EUR, else 20 %",
            WholeItems { up_to: money("45", "EUR"), otherwise: Box::new(pct("20")) },
        ),
        ("goods", GOODS),
        ("freight", FREIGHT),
        ("inland-freight", Component(self::Component::InlandFreight)),
        ("insurance", Component(self::Component::Insurance)),
        ("packing", Component(self::Component::Packing)),
        ("carrier-fee", Component(self::Component::CarrierFee)),
        ("seller-tax", Component(self::Component::SellerTax)),
        ("base", Base),
        ("gb.duty", named("gb.duty")),
        ("customs", named("customs")),
        ("0.6 * goods", times("0.6", GOODS)),
        ("1.1 * customs", times("1.1", named("customs"))),
        (
            "goods + freight + insurance + packing + gb.duty",
            Sum(vec![
                GOODS,
                FREIGHT,
                Component(self::Component::Insurance),
                Component(self::Component::Packing),
                named("gb.duty"),
            ]),
        ),
    ] {
        reads_amount(text, tree);
    }
}

/// Section 9: every unit after `per`, in each of its spellings.
#[test]
fn units_of_the_format() {
    for unit in [
        "kg",
        "100 kg",
        "t",
        "g",
        "l",
        "hl",
        "m3",
        "m2",
        "m",
        "item",
        "pair",
        "100 items",
        "1000 items",
        "ct",
        "l alcohol",
        "% vol hl",
        "MWh",
        "TJ",
    ] {
        reads_amount(&format!("3 EUR per {unit}"), per("3", "EUR", unit));
    }
    for unit in unit::all() {
        for spelling in unit.spellings() {
            let text = format!("5 % + 3 EUR per {spelling} - 1 EUR");
            let tree = less(Amount::Sum(vec![pct("5"), per("3", "EUR", spelling)]), flat("1", "EUR"));
            reads_amount(&text, tree);
            reads_condition(
                &format!("quantity {spelling} > 22"),
                Condition::Quantity {
                    unit: spelling.into(),
                    compare: Compare::More,
                    number: d("22"),
                    scope: Scope::Item,
                },
            );
        }
    }
    assert_eq!(amount("3 EUR per dtne"), Ok(per("3", "EUR", "DTNE")));
    assert_eq!(amount("3 EUR per 100   kg"), Ok(per("3", "EUR", "100 kg")));
}

#[test]
fn operators_bind_as_documented() {
    use Amount::*;
    let (a, b, c) = (|| named("a"), || named("b"), || named("c"));
    for (text, tree) in [
        ("a + b + c", Sum(vec![a(), b(), c()])),
        ("(a + b) + c", Sum(vec![Sum(vec![a(), b()]), c()])),
        ("a + (b + c)", Sum(vec![a(), Sum(vec![b(), c()])])),
        ("a - b", less(a(), b())),
        ("a - b - c", less(less(a(), b()), c())),
        ("a - (b - c)", less(a(), less(b(), c()))),
        ("a - b + c", Sum(vec![less(a(), b()), c()])),
        ("a - (b + c)", less(a(), Sum(vec![b(), c()]))),
        ("a + b - c", less(Sum(vec![a(), b()]), c())),
        ("a + b - c + a", Sum(vec![less(Sum(vec![a(), b()]), c()), a()])),
        ("10 % of a + b", Sum(vec![pct_of("10", a()), b()])),
        ("10 % of (a + b)", pct_of("10", Sum(vec![a(), b()]))),
        ("10 % of 20 % of a", pct_of("10", pct_of("20", a()))),
        ("10 % of 0.5 * a", pct_of("10", times("0.5", a()))),
        ("0.5 * 10 % of a", times("0.5", pct_of("10", a()))),
        ("0.5 * 0.6 * a", times("0.5", times("0.6", a()))),
        ("0.5 * a + b", Sum(vec![times("0.5", a()), b()])),
        ("0.5*(a-b)", times("0.5", named("a-b"))),
        ("0.5*(a - b)", times("0.5", less(a(), b()))),
        ("((((a))))", a()),
        (
            "a + relief for whole items up to 45 EUR, else 20 % + 3 EUR",
            Sum(vec![
                a(),
                WholeItems { up_to: money("45", "EUR"), otherwise: Box::new(Sum(vec![pct("20"), flat("3", "EUR")])) },
            ]),
        ),
        (
            "max(relief for whole items up to 45 EUR, else 20 %, 3 EUR)",
            Max(vec![WholeItems { up_to: money("45", "EUR"), otherwise: Box::new(pct("20")) }, flat("3", "EUR")]),
        ),
        (
            "if(goods of 61 62 and origin in US MX, 5 %, tariff)",
            If {
                when: Box::new(Condition::All(vec![
                    goods_of(Which::This, &["61", "62"]),
                    Condition::OriginIn(texts(&["US", "MX"])),
                ])),
                then: Box::new(pct("5")),
                otherwise: Box::new(Tariff(Family::Duty)),
            },
        ),
    ] {
        reads_amount(text, tree);
    }
}

#[test]
fn prints_as_people_write() {
    for text in [
        "12 % + 3 EUR per 100 kg",
        "a - b + c",
        "a - (b + c)",
        "10 % of (goods + freight)",
        "0.7 * (@vat + 3 EUR)",
        "max(0 EUR, 15 % - us.duty)",
        "bands(base; 0 USD: 5 %; 1000 USD: 10 %)",
        "clamp(0.3464 %, 33.58 USD, 651.5 USD)",
        "31 GBP per l alcohol - rounded(1 GBP per SPQ; down 0.01)",
        "gross-up 17 % of customs",
        "relief for whole items up to 45 EUR, else 20 %",
        "if(seller registered eu.ioss, relieved, tariff)",
    ] {
        assert_eq!(amount(text).unwrap().to_string(), text);
    }
    for text in [
        "goods <= 135 GBP per consignment and not goods of excise and sale is b2c",
        "(gift or buyer registered) and weight <= 31 kg",
        "not (gift or always)",
        "not origin in US MX and not shipped from EU and not seller in NO",
        "goods + freight > 0.5 * base per item",
        "goods <= (3 EUR per item) per line",
        "no goods of 22 24 or only goods of 61-63 excise",
        "imports <= 4 per year",
        "weight <= 2 kg per item",
        "quantity ASV > 22",
        "reading eu.flat3.scope = act",
    ] {
        assert_eq!(condition(text).unwrap().to_string(), text);
    }
}

/// Section 7 of the economy file, row by row.
#[test]
fn conditions_of_the_format() {
    use Condition::*;
    let worth = |compare, scope| value(GOODS, compare, flat("135", "GBP"), scope);
    for (text, tree) in [
        ("goods <= 135 GBP per consignment", worth(Compare::AtMost, Scope::Consignment)),
        ("goods <= 135 GBP", worth(Compare::AtMost, Scope::Consignment)),
        ("goods < 135 GBP", worth(Compare::Less, Scope::Consignment)),
        ("goods >= 135 GBP", worth(Compare::AtLeast, Scope::Consignment)),
        ("goods > 135 GBP", worth(Compare::More, Scope::Consignment)),
        ("goods = 135 GBP", worth(Compare::Equal, Scope::Consignment)),
        ("goods<=135 GBP", worth(Compare::AtMost, Scope::Consignment)),
        ("goods <= 135 GBP per item", worth(Compare::AtMost, Scope::Item)),
        ("goods <= 135 GBP per line", worth(Compare::AtMost, Scope::Line)),
        ("goods <= 135 GBP per day", worth(Compare::AtMost, Scope::Day)),
        ("goods <= 135 GBP per month", worth(Compare::AtMost, Scope::Month)),
        ("goods <= 135 GBP per quarter", worth(Compare::AtMost, Scope::Quarter)),
        ("goods <= 135 GBP per half-year", worth(Compare::AtMost, Scope::HalfYear)),
        ("goods <= 135 GBP per year", worth(Compare::AtMost, Scope::Year)),
        (
            "goods + freight + insurance <= 800 USD per item",
            value(
                Amount::Sum(vec![GOODS, FREIGHT, Amount::Component(Component::Insurance)]),
                Compare::AtMost,
                flat("800", "USD"),
                Scope::Item,
            ),
        ),
        ("imports <= 4 per year", Imports { compare: Compare::AtMost, count: d("4"), scope: Scope::Year }),
        ("weight <= 31 kg", Weight { compare: Compare::AtMost, kg: d("31"), scope: Scope::Consignment }),
        ("weight < 0.5 kg per line", Weight { compare: Compare::Less, kg: d("0.5"), scope: Scope::Line }),
        ("goods of 22 24 3303", goods_of(Which::This, &["22", "24", "3303"])),
        ("goods of 61-63", goods_of(Which::This, &["61-63"])),
        ("goods of 6109.10 2203-2208", goods_of(Which::This, &["6109.10", "2203-2208"])),
        ("goods of excise", goods_of(Which::This, &["excise"])),
        ("no goods of 22 24", goods_of(Which::No, &["22", "24"])),
        ("any goods of excise 24", goods_of(Which::Any, &["excise", "24"])),
        ("only goods of 61", goods_of(Which::Only, &["61"])),
        ("origin in US MX", OriginIn(texts(&["US", "MX"]))),
        ("origin not in US MX", not(OriginIn(texts(&["US", "MX"])))),
        ("not origin in US MX", not(OriginIn(texts(&["US", "MX"])))),
        ("origin in developing", OriginIn(texts(&["developing"]))),
        ("shipped from EU", ShippedFrom(texts(&["EU"]))),
        ("shipped not from EU", not(ShippedFrom(texts(&["EU"])))),
        ("seller in NO", SellerIn(texts(&["NO"]))),
        ("seller not in NO", not(SellerIn(texts(&["NO"])))),
        ("region in ON QC", RegionIn(texts(&["ON", "QC"]))),
        ("region not in ON", not(RegionIn(texts(&["ON"])))),
        ("seller registered eu.ioss", SellerRegistered("eu.ioss".into())),
        ("sale is b2c", Sale(self::Sale::B2c)),
        ("sale is b2b", Sale(self::Sale::B2b)),
        ("sale is c2c", Sale(self::Sale::C2c)),
        ("buyer registered", BuyerRegistered),
        ("gift", Gift),
        ("channel is post", Channel(self::Channel::Post)),
        ("channel is express", Channel(self::Channel::Express)),
        ("channel is freight", Channel(self::Channel::Freight)),
        ("mode is air", Mode(self::Mode::Air)),
        ("mode is sea", Mode(self::Mode::Sea)),
        ("mode is road", Mode(self::Mode::Road)),
        ("mode is rail", Mode(self::Mode::Rail)),
        ("declaration is H1", Declaration("H1".into())),
        ("fact personal-use", Fact("personal-use".into())),
        ("claims GSP", Claims("GSP".into())),
        ("claims any", Claims("any".into())),
        ("document N954", Document("N954".into())),
        ("document 9AIC", Document("9AIC".into())),
        ("document C400 2500 Y900", Documents(vec!["C400".into(), "2500".into(), "Y900".into()])),
        (
            "not document C400 C401 and gift",
            All(vec![Not(Box::new(Documents(vec!["C400".into(), "C401".into()]))), Gift]),
        ),
        (
            "quantity asv > 22",
            Quantity { unit: "ASV".into(), compare: Compare::More, number: d("22"), scope: Scope::Item },
        ),
        (
            "quantity % vol > 22 per item",
            Quantity { unit: "% vol".into(), compare: Compare::More, number: d("22"), scope: Scope::Item },
        ),
        (
            "quantity item <= 50 per consignment",
            Quantity { unit: "item".into(), compare: Compare::AtMost, number: d("50"), scope: Scope::Consignment },
        ),
        ("reading eu.flat3.scope = act", Reading { dispute: "eu.flat3.scope".into(), reading: "act".into() }),
        ("always", Always),
    ] {
        reads_condition(text, tree);
    }
}

#[test]
fn conditions_combine() {
    use Condition::*;
    let gift = || Gift;
    let eu = || ShippedFrom(texts(&["EU"]));
    let small = || value(GOODS, Compare::AtMost, flat("45", "EUR"), Scope::Consignment);
    for (text, tree) in [
        ("gift and goods <= 45 EUR", All(vec![gift(), small()])),
        ("gift and goods <= 45 EUR per consignment and shipped from EU", All(vec![gift(), small(), eu()])),
        ("(gift and goods <= 45 EUR) and shipped from EU", All(vec![All(vec![gift(), small()]), eu()])),
        ("gift or shipped from EU", Any(vec![gift(), eu()])),
        ("gift and (shipped from EU or goods <= 45 EUR)", All(vec![gift(), Any(vec![eu(), small()])])),
        ("(gift and shipped from EU) or goods <= 45 EUR", Any(vec![All(vec![gift(), eu()]), small()])),
        ("not gift and shipped from EU", All(vec![not(gift()), eu()])),
        ("not (gift and shipped from EU)", not(All(vec![gift(), eu()]))),
        ("not not gift", not(not(gift()))),
        ("not goods <= 45 EUR", not(small())),
        ("not shipped not from EU", not(not(eu()))),
        ("((gift))", gift()),
        ("(goods <= 45 EUR)", small()),
        // Oregon and Indiana are not words of the language.
        ("region in OR IN or gift", Any(vec![RegionIn(texts(&["OR", "IN"])), gift()])),
        // Parentheses round an amount, not round a condition.
        (
            "(goods + freight) <= 45 EUR and gift",
            All(vec![
                value(Amount::Sum(vec![GOODS, FREIGHT]), Compare::AtMost, flat("45", "EUR"), Scope::Consignment),
                gift(),
            ]),
        ),
        (
            "0.5 * ((goods) - 5 EUR) <= 45 EUR",
            value(times("0.5", less(GOODS, flat("5", "EUR"))), Compare::AtMost, flat("45", "EUR"), Scope::Consignment),
        ),
    ] {
        reads_condition(text, tree);
    }
}

/// After a comparison `per item` is the scope; an amount for each item takes parentheses.
#[test]
fn the_scope_is_not_a_unit() {
    for (text, right, scope) in [
        ("goods <= 3 EUR per item", flat("3", "EUR"), Scope::Item),
        ("goods <= (3 EUR per item)", per("3", "EUR", "item"), Scope::Consignment),
        ("goods <= (3 EUR per item) per line", per("3", "EUR", "item"), Scope::Line),
        ("goods <= 3 EUR per kg", per("3", "EUR", "kg"), Scope::Consignment),
        ("goods <= 3 EUR per kg per item", per("3", "EUR", "kg"), Scope::Item),
        (
            "goods <= max(1 EUR, 3 EUR per item) per item",
            Amount::Max(vec![flat("1", "EUR"), per("3", "EUR", "item")]),
            Scope::Item,
        ),
        ("goods <= 1 EUR + 3 EUR per day", Amount::Sum(vec![flat("1", "EUR"), flat("3", "EUR")]), Scope::Day),
        ("goods <= 0.5 * (3 EUR per item) per item", times("0.5", per("3", "EUR", "item")), Scope::Item),
    ] {
        reads_condition(text, value(GOODS, Compare::AtMost, right, scope));
    }
    reads_condition(
        "3 EUR per item <= goods per item",
        value(per("3", "EUR", "item"), Compare::AtMost, GOODS, Scope::Item),
    );
    let error = condition("goods <= 3 EUR per item + 1 EUR").unwrap_err();
    assert_eq!(error.offset, 24);
    assert!(error.hint.unwrap().contains("parentheses"));
}

#[test]
fn roundings_of_the_format() {
    for (text, mode, unit, currency, stage) in [
        ("half-up 0.01 per line", RoundingMode::HalfUp, "0.01", None, Stage::Line),
        ("half-down 0.05 per line", RoundingMode::HalfDown, "0.05", None, Stage::Line),
        ("half-even 1 per consignment", RoundingMode::HalfEven, "1", None, Stage::Consignment),
        ("up 1000 JPY per line", RoundingMode::Up, "1000", Some("JPY"), Stage::Line),
        ("down 1000 JPY per consignment", RoundingMode::Down, "1000", Some("JPY"), Stage::Consignment),
    ] {
        let read = rounding(text).unwrap();
        assert_eq!(read, Rounding { mode, unit: d(unit), currency: currency.map(str::to_owned), stage });
        assert_eq!(read.to_string(), text);
        let json = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Rounding>(&json).unwrap(), read);
    }
    for text in [
        "",
        "half-up",
        "0.01 per line",
        "half-up 0 per line",
        "half-up 0.01",
        "up 1 yen per line",
        "up 1 per item",
        "up 1 per line x",
    ] {
        assert!(rounding(text).is_err(), "{text}");
    }
    assert!(rounding("up 1 per charge").unwrap_err().hint.unwrap().contains("consignment"));
}

#[test]
fn small_readers() {
    assert_eq!(percent("20 %"), Ok(d("20")));
    assert!(percent("20 % of goods").is_err() && percent("20 EUR").is_err());
    assert_eq!(cash(" 135 GBP "), Ok(money("135", "GBP")));
    assert!(cash("135 gbp").is_err() && cash("135").is_err() && cash("135 GBP per kg").is_err());
    assert_eq!(unit_cash("5.50 USD per kg"), Ok((money("5.5", "USD"), "kg".to_owned())));
    assert!(unit_cash("5.50 USD").is_err() && unit_cash("5.50 USD per parsec").is_err());
    for compare in Compare::WORDS {
        assert_eq!(threshold(&format!("{} 5 CHF", compare.0)), Ok((compare.1, money("5", "CHF"))));
    }
    assert!(threshold("5 CHF").is_err() && threshold("<= 5").is_err());
    assert_eq!(code_range("6109.10").unwrap().to_string(), "6109.10");
    for text in ["", " ", "6", "x", "63-61", "61 - x"] {
        assert!(code_range(text).is_err(), "{text}");
    }
}

/// Slip, byte offset of the error, and what the hint must contain.
#[test]
fn usual_slips_get_a_hint() {
    for (text, offset, hint) in [
        ("12,5 %", 2, "12.5"),
        ("1,000 EUR", 1, "thousands"),
        ("1 000 EUR", 2, "thousands"),
        ("5 + 3 %", 2, "alone is not an amount"),
        ("5", 1, "alone is not an amount"),
        ("goods + 5", 9, "alone is not an amount"),
        ("5EUR", 0, "5 EUR"),
        ("5eur", 0, "5 eur"),
        ("5 eur", 2, "capital letters: EUR"),
        ("5 EURO", 2, "three capital letters"),
        ("5 €", 2, "three letters"),
        ("EUR 5", 0, "5 EUR"),
        ("5 percent", 2, "%"),
        ("% 5", 0, "5 %"),
        ("5 EUR per kilo", 10, "did you mean kg?"),
        ("5 EUR per 100kg", 10, "did you mean 100 kg?"),
        ("5 EUR per 100 kilo", 10, "schema units"),
        ("5 EUR per week", 10, "schema units"),
        ("5 EUR per consignment", 10, "field per"),
        ("5 EUR per", 9, "schema units"),
        ("5 EUR / kg", 6, "per"),
        ("5 EUR kg", 6, "per"),
        ("5 kg", 2, "costs"),
        ("5 EUR-1 EUR", 2, "EUR"),
        ("goods-150", 0, "goods - 150"),
        ("goods-freight", 0, "goods - freight"),
        ("inland-freight-goods", 0, "inland-freight - goods"),
        ("goods * 0.6", 6, "0.6 * goods"),
        ("-5 EUR", 0, "not negative"),
        ("goods − freight", 6, "minus"),
        ("goods\u{a0}+ freight", 5, "plain"),
        ("gross-up 100 %", 9, "own base"),
        ("tariff(duty)", 7, "without parentheses"),
        ("gift", 0, "condition"),
        ("goods <= 5 EUR", 6, "condition"),
        ("quantity", 0, "per item"),
        ("12 % 3 EUR", 5, "join amounts"),
        ("max(5 %, 3 EUR))", 15, "too many"),
        ("relief up to 45 EUR", 7, "relief for whole items"),
        (".5 %", 0, "0.5"),
        ("Goods", 0, "small letters"),
        ("99999999999999999 EUR", 0, "larger"),
        ("0.0000000000001 EUR", 0, "12 digits"),
    ] {
        let error = amount(text).unwrap_err();
        assert_eq!(error.offset, offset, "{text}: {error}");
        assert!(error.hint.as_deref().is_some_and(|given| given.contains(hint)), "{text}: {error}");
    }
    for (text, offset, hint) in [
        ("goods =< 135 GBP", 6, "write <="),
        ("goods => 135 GBP", 6, "write >="),
        ("goods == 135 GBP", 6, "write ="),
        ("goods ≤ 135 GBP", 6, "write <="),
        ("goods to 135 GBP", 6, "<="),
        ("goods up to 135 GBP", 6, "<="),
        ("goods is 135 GBP", 6, "<="),
        ("goods != 135 GBP", 6, "not"),
        ("goods <= 135", 12, "135 EUR"),
        ("goods <= 135 gbp", 13, "GBP"),
        ("goods <= 135,50 GBP", 12, "12.5"),
        ("goods <= 135 GBP, gift", 16, "and"),
        ("goods <= 135 GBP gift", 17, "and"),
        ("gift && always", 5, "and"),
        ("gift and always or gift", 16, "parentheses"),
        ("gift or always and gift", 15, "parentheses"),
        ("0 EUR < goods < 5 EUR", 14, "one comparison"),
        ("goods of 61 to 63", 12, "61-63"),
        ("goods of 61 - 63", 12, "61-63"),
        ("goods of 22,24", 11, "side by side"),
        ("goods of 22, 24", 11, "side by side"),
        ("goods of 6", 9, "2 to 12"),
        ("goods of 63-61", 9, "before it begins"),
        ("goods of Excise", 9, "and"),
        ("goods of 22 not gift", 12, "and"),
        ("any 22", 4, "any goods of"),
        ("origin in Us", 10, "capital"),
        ("origin in US not gift", 13, "and"),
        ("weight <= 31kg", 10, "31 kg"),
        ("weight <= 31 lb", 13, "kilograms"),
        ("imports <= 4", 12, "period"),
        ("sale is not b2c", 8, "not sale is b2c"),
        ("personal-use", 0, "fact personal-use"),
        ("gifts", 0, "fact gifts"),
        ("fact Personal", 5, "small letters"),
    ] {
        let error = condition(text).unwrap_err();
        assert_eq!(error.offset, offset, "{text}: {error}");
        assert!(error.hint.as_deref().is_some_and(|given| given.contains(hint)), "{text}: {error}");
    }
}

#[test]
fn refuses_what_is_not_in_the_language() {
    for text in [
        "",
        " ",
        "()",
        "max",
        "max()",
        "max(5 %)",
        "min(5 %,)",
        "clamp(5 %, 1 EUR)",
        "clamp(1 EUR, 2 EUR, 3 EUR, 4 EUR)",
        "if(gift, 3 EUR)",
        "bands(base)",
        "bands(base; 5 EUR: 1 %)",
        "bands(base; 0 EUR: 1 %; 0 EUR: 2 %)",
        "bands(base; 0 EUR: 1 %; 5 USD: 2 %)",
        "bands(base, 0 EUR: 1 %)",
        "rounded(base)",
        "rounded(base, down 0.01)",
        "rounded(base; down 0)",
        "rounded(base; downwards 1)",
        "tariff(",
        "tariff()",
        "tariff(third-country)",
        "@",
        "@VAT",
        "a +",
        "+ a",
        "a b",
        "(a",
        "a)",
        "gross-up",
        "gross-up 5",
        "5 % of",
        "0.5 *",
        "and",
        "not gift",
        "6109.10",
        "relief for whole items up to 45 EUR",
        "relief for whole items up to 45 EUR else 20 %",
        "1e3 EUR",
        "٣ EUR",
        "\0",
        "5 EUR;",
    ] {
        assert!(amount(text).is_err(), "{text}");
    }
    for text in [
        "",
        "()",
        "gift and",
        "and gift",
        "not",
        "goods of",
        "goods of and gift",
        "goods <=",
        "<= 5 EUR",
        "origin",
        "origin in",
        "origin US",
        "shipped in EU",
        "seller",
        "seller registered",
        "seller is NO",
        "buyer",
        "sale b2c",
        "sale is b2x",
        "channel is",
        "mode is foot",
        "declaration H1",
        "fact",
        "claims",
        "claims and gift",
        "document",
        "quantity > 22",
        "quantity parsec > 22",
        "imports <= 4 per item",
        "imports <= 4.5 per year",
        "weight <= 31",
        "weight <= 31 kg per year",
        "reading x",
        "reading x = ",
        "reading X = y",
        "goods <= 5 EUR per week",
        "goods <= 5 EUR per",
        "(gift",
        "gift)",
        "gift gift",
        "goods of 22.5.X",
        "no goods",
        "5 EUR",
        "@vat",
    ] {
        assert!(condition(text).is_err(), "{text}");
    }
}

#[test]
fn sizes_are_bounded() {
    let long = format!("goods{}", " ".repeat(MAX_TEXT));
    assert!(amount(&long).unwrap_err().expected.contains("4096"));

    let nested = |levels: usize| format!("{}goods{}", "max(0 EUR, ".repeat(levels), ")".repeat(levels));
    assert!(amount(&nested(MAX_DEPTH - 1)).is_ok());
    assert!(amount(&nested(MAX_DEPTH)).unwrap_err().expected.contains("levels"));
    for open in ["(", "max(", "not ", "not (", "0.5 * ", "1 % of ", "if(", "if(("] {
        let text = open.repeat(MAX_TEXT / open.len());
        assert!(amount(&text).is_err() && condition(&text).is_err());
    }
    let nots = |levels: usize| format!("{}gift", "not ".repeat(levels));
    assert!(condition(&nots(MAX_DEPTH - 1)).is_ok());
    assert!(condition(&nots(MAX_DEPTH)).is_err());

    let sum = |parts: usize| vec!["a"; parts].join(" + ");
    assert!(amount(&sum(MAX_NODES - 1)).is_ok());
    assert!(amount(&sum(MAX_NODES)).unwrap_err().expected.contains("256"));
    // A long chain of differences is a deep tree.
    assert!(amount(&vec!["a"; MAX_DEPTH].join(" - ")).is_ok());
    assert!(amount(&vec!["a"; 1000].join(" - ")).is_err());
    assert!(condition(&vec!["gift"; 500].join(" and ")).is_err());
}

/// What reads at the limit of depth prints and reads again.
#[test]
fn deepest_trees_print_and_read() {
    let mut tree = GOODS;
    for level in 0..MAX_DEPTH - 1 {
        tree = if level % 2 == 0 { Amount::Sum(vec![FREIGHT, tree]) } else { times("0.5", tree) };
        if level % 3 == 0 {
            assert_eq!(amount(&tree.to_string()).as_ref(), Ok(&tree));
        }
    }
    assert_eq!(amount(&tree.to_string()), Ok(tree));
}

#[test]
fn names_exclude_the_words_of_the_language() {
    for word in [
        "goods",
        "base",
        "max",
        "relieved",
        "tariff",
        "and",
        "or",
        "not",
        "per",
        "gift",
        "weight",
        "6109",
        "1.5",
        "5eur",
        "5kg",
        "goods-150",
        "base-goods",
        "goods-",
    ] {
        assert!(!is_name(word), "{word}");
        assert_ne!(amount(word).ok(), Some(named(word)));
    }
    for word in ["gb.duty", "customs", "eu.duty.flat3", "vat2", "3pl.fee", "goods-value", "goods_net", "a"] {
        assert!(is_name(word), "{word}");
        reads_amount(word, named(word));
    }
}

#[test]
fn errors_read_well() {
    assert_eq!(
        amount("5 EUR per kilo").unwrap_err().to_string(),
        "found \"kilo\", expected a unit such as kg; did you mean kg?"
    );
    assert_eq!(amount("").unwrap_err().to_string(), "found the end, expected an amount");
    let long = amount(&"x".repeat(100).to_uppercase()).unwrap_err();
    assert!(long.found.len() < 60 && long.found.contains('…'));
    let json = serde_json::to_value(condition("sale is b2x").unwrap_err()).unwrap();
    assert_eq!(json["offset"], 8);
}

#[test]
fn a_word_behind_documents_is_no_document() {
    for text in ["document N954 gift", "document N954 C400 fact wet", "document N954 of C400", "document N954 <= 3 EUR"]
    {
        assert!(condition(text).is_err(), "{text}");
    }
    let error = condition("document N954 gift").unwrap_err();
    assert!(error.hint.unwrap().contains("join conditions"), "{}", error.expected);
}

// ---- Properties

fn number() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (0u32..1000).prop_map(|whole| Decimal::from_int(i64::from(whole))),
        (0u64..100_000_000).prop_map(|cents| Decimal::from_units(i128::from(cents) * 10_000_000_000)),
        (0i128..=1_000_000_000_000_000_000_000_000_000).prop_map(Decimal::from_units),
    ]
}

fn money_any() -> impl Strategy<Value = Cash> {
    (number(), "[A-Z]{3}").prop_map(|(amount, currency)| Cash { amount, currency })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,2}\\.[a-z0-9]{1,5}", "[a-z0-9][a-z0-9._-]{0,9}"]
}

fn name() -> impl Strategy<Value = String> {
    key().prop_filter("a name", |text| is_name(text))
}

fn unit_any() -> impl Strategy<Value = String> {
    let spellings: Vec<&'static str> = unit::all().iter().flat_map(|unit| unit.spellings()).collect();
    proptest::sample::select(spellings).prop_map(str::to_owned)
}

fn pick<T: Copy + std::fmt::Debug + 'static>(words: &'static [(&'static str, T)]) -> impl Strategy<Value = T> {
    proptest::sample::select(words).prop_map(|(_, value)| value)
}

fn amount_leaf() -> impl Strategy<Value = Amount> {
    prop_oneof![
        Just(Amount::Relieved),
        Just(Amount::Base),
        money_any().prop_map(Amount::Flat),
        number().prop_map(|percent| Amount::Percent { percent, of: None }),
        (0u8..100).prop_map(|percent| Amount::GrossUp { percent: Decimal::from_int(i64::from(percent)), of: None }),
        (money_any(), unit_any()).prop_map(|(cash, unit)| Amount::Specific { cash, unit }),
        money_any().prop_map(|cash| Amount::Specific { cash, unit: "item".into() }),
        pick(Component::WORDS).prop_map(Amount::Component),
        pick(Family::WORDS).prop_map(Amount::Tariff),
        name().prop_map(Amount::Named),
        key().prop_map(|table| Amount::Rate { table, of: None }),
    ]
}

fn condition_leaf() -> impl Strategy<Value = Condition> {
    let code = "[0-9]{2}|[0-9]{4}\\.[0-9]{2}|1[0-9]-2[0-9]";
    let pieces = || pick(&Scope::WORDS[..3]);
    let goods = || prop::collection::vec(prop_oneof![code.prop_map(String::from), name()], 1..4);
    let places = || prop::collection::vec(prop_oneof!["[A-Z]{2}(-[A-Z]{2})?".prop_map(String::from), name()], 1..4);
    let which = proptest::sample::select(&[Which::This, Which::Any, Which::No, Which::Only]);
    let authority_code = || {
        "[A-Za-z0-9][A-Za-z0-9.-]{0,6}".prop_filter("no joining word", |text| {
            !["and", "or", "not", "of", "per", "in", "is", "from", "else", "up", "to", "than"].contains(&text.as_str())
        })
    };
    prop_oneof![
        Just(Condition::Always),
        Just(Condition::Gift),
        Just(Condition::BuyerRegistered),
        (which, goods()).prop_map(|(which, of)| Condition::Goods { which, of }),
        places().prop_map(Condition::OriginIn),
        places().prop_map(Condition::ShippedFrom),
        places().prop_map(Condition::SellerIn),
        places().prop_map(Condition::RegionIn),
        key().prop_map(Condition::SellerRegistered),
        key().prop_map(Condition::Fact),
        authority_code().prop_map(Condition::Claims),
        authority_code().prop_map(Condition::Document),
        prop::collection::vec("[A-Z0-9]{3,5}", 2..5).prop_map(Condition::Documents),
        authority_code().prop_map(Condition::Declaration),
        (key(), key()).prop_map(|(dispute, reading)| Condition::Reading { dispute, reading }),
        pick(Sale::WORDS).prop_map(Condition::Sale),
        pick(Channel::WORDS).prop_map(Condition::Channel),
        pick(Mode::WORDS).prop_map(Condition::Mode),
        (pick(Compare::WORDS), 0u16..500, pick(&Scope::WORDS[3..])).prop_map(|(compare, count, scope)| {
            Condition::Imports { compare, count: Decimal::from_int(i64::from(count)), scope }
        }),
        (pick(Compare::WORDS), number(), pick(&Scope::WORDS[..3])).prop_map(|(compare, kg, scope)| Condition::Weight {
            compare,
            kg,
            scope
        }),
        (unit_any(), pick(Compare::WORDS), number(), pieces())
            .prop_map(|(unit, compare, number, scope)| { Condition::Quantity { unit, compare, number, scope } }),
    ]
}

fn boxed<T>(inner: T) -> Box<T> {
    Box::new(inner)
}

/// Amounts that contain conditions up to the given depth.
fn amounts(depth: u32) -> BoxedStrategy<Amount> {
    let when = if depth == 0 { condition_leaf().boxed() } else { conditions(depth - 1) };
    amount_leaf()
        .prop_recursive(4, 24, 4, move |inner| {
            let several = || prop::collection::vec(inner.clone(), 2..4);
            let slices = ("[A-Z]{3}", prop::collection::btree_set(number(), 0..4), number());
            prop_oneof![
                (number(), inner.clone()).prop_map(|(percent, of)| Amount::Percent { percent, of: Some(boxed(of)) }),
                (0u8..100, inner.clone()).prop_map(|(percent, of)| Amount::GrossUp {
                    percent: Decimal::from_int(i64::from(percent)),
                    of: Some(boxed(of))
                }),
                (key(), inner.clone()).prop_map(|(table, of)| Amount::Rate { table, of: Some(boxed(of)) }),
                several().prop_map(Amount::Sum),
                several().prop_map(Amount::Max),
                several().prop_map(Amount::Min),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| Amount::Less(boxed(a), boxed(b))),
                (number(), inner.clone()).prop_map(|(number, of)| Amount::Times(number, boxed(of))),
                (inner.clone(), inner.clone(), inner.clone()).prop_map(|(amount, least, most)| Amount::Clamp {
                    amount: boxed(amount),
                    least: boxed(least),
                    most: boxed(most)
                }),
                (when.clone(), inner.clone(), inner.clone()).prop_map(|(when, then, otherwise)| Amount::If {
                    when: boxed(when),
                    then: boxed(then),
                    otherwise: boxed(otherwise)
                }),
                (inner.clone(), slices).prop_map(|(of, (currency, bounds, percent))| {
                    let bounds =
                        std::iter::once(Decimal::ZERO).chain(bounds.into_iter().filter(|bound| !bound.is_zero()));
                    let slice = |amount| Slice { from: Cash { amount, currency: currency.clone() }, percent };
                    Amount::Bands { of: boxed(of), slices: bounds.map(slice).collect() }
                }),
                (inner.clone(), pick(super::super::print::ROUNDING_MODES), 1u32..1_000_000).prop_map(
                    |(amount, mode, unit)| Amount::Rounded {
                        amount: boxed(amount),
                        mode,
                        unit: Decimal::from_units(i128::from(unit) * 10_000_000_000)
                    }
                ),
                (money_any(), inner.clone())
                    .prop_map(|(up_to, otherwise)| Amount::WholeItems { up_to, otherwise: boxed(otherwise) }),
            ]
        })
        .boxed()
}

fn conditions(depth: u32) -> BoxedStrategy<Condition> {
    let side = if depth == 0 { amount_leaf().boxed() } else { amounts(depth - 1) };
    let value = (side.clone(), pick(Compare::WORDS), side, pick(Scope::WORDS))
        .prop_map(|(left, compare, right, scope)| Condition::Value { left, compare, right, scope });
    prop_oneof![2 => condition_leaf(), 1 => value]
        .prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::All),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::Any),
                inner.prop_map(|inner| Condition::Not(boxed(inner))),
            ]
        })
        .boxed()
}

fn fits(size: Size, text: &str) -> bool {
    check_size(size).is_ok() && text.len() <= MAX_TEXT
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn an_amount_reads_back(tree in amounts(2)) {
        let text = tree.to_string();
        prop_assume!(fits(measure_amount(&tree), &text));
        prop_assert_eq!(amount(&text).map_err(|error| format!("{text}: {error}")), Ok(tree));
    }

    #[test]
    fn a_condition_reads_back(tree in conditions(2)) {
        let text = tree.to_string();
        prop_assume!(fits(measure_condition(&tree), &text));
        prop_assert_eq!(condition(&text).map_err(|error| format!("{text}: {error}")), Ok(tree));
    }

    #[test]
    fn trees_travel_as_json(tree in amounts(1)) {
        let json = serde_json::to_string(&tree).unwrap();
        prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), tree);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        target(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        target(&bytes);
    }

    /// Words of the language in any order.
    #[test]
    fn any_words_are_answered(words in prop::collection::vec(proptest::sample::select(WORDS), 0..40)) {
        target(words.join(" ").as_bytes());
        target(words.concat().as_bytes());
    }
}

const WORDS: &[&str] = &[
    "goods",
    "freight",
    "base",
    "gb.duty",
    "customs",
    "relieved",
    "tariff",
    "(additional)",
    "max(",
    "min(",
    "clamp(",
    "if(",
    "bands(",
    "rounded(",
    "half-up",
    "gross-up",
    "relief for whole items up to",
    "else",
    "@vat",
    "+",
    "-",
    "*",
    "%",
    "(",
    ")",
    ",",
    ";",
    ":",
    "<=",
    "<",
    ">",
    ">=",
    "=",
    "5",
    "0.5",
    "12,5",
    "100",
    "EUR",
    "JPY",
    "eur",
    "per",
    "kg",
    "100 kg",
    "% vol hl",
    "l alcohol",
    "item",
    "consignment",
    "year",
    "of",
    "and",
    "or",
    "not",
    "in",
    "is",
    "from",
    "origin",
    "shipped",
    "seller",
    "region",
    "registered",
    "buyer",
    "sale",
    "b2c",
    "channel",
    "post",
    "mode",
    "air",
    "declaration",
    "H1",
    "fact",
    "claims",
    "any",
    "no",
    "only",
    "document",
    "N954",
    "quantity",
    "asv",
    "weight",
    "imports",
    "reading",
    "gift",
    "always",
    "22",
    "61-63",
    "6109.10",
    "excise",
    "US",
    "EU",
    "half-up",
    "down",
    "line",
    "0.01",
    "ü",
    "=<",
];

/// What a fuzzer would call: every reader takes any bytes, and what it accepts prints and reads back the same.
fn target(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(tree) = amount(&text) {
        let printed = tree.to_string();
        // Canonical text writes what may be left out; only the longest texts can grow past the limit.
        assert!(printed.len() > MAX_TEXT || amount(&printed) == Ok(tree), "{text} printed as {printed}");
    }
    if let Ok(tree) = condition(&text) {
        let printed = tree.to_string();
        assert!(printed.len() > MAX_TEXT || condition(&printed) == Ok(tree), "{text} printed as {printed}");
    }
    if let Ok(rule) = rounding(&text) {
        assert_eq!(rounding(&rule.to_string()), Ok(rule));
    }
    if let Ok(range) = code_range(&text) {
        assert_eq!(code_range(&range.to_string()), Ok(range));
    }
    let _ = (percent(&text), cash(&text), unit_cash(&text), threshold(&text));
    for error in [amount(&text).err(), condition(&text).err(), rounding(&text).err(), threshold(&text).err()]
        .into_iter()
        .flatten()
    {
        assert!(error.offset <= text.len() && text.is_char_boundary(error.offset));
        assert!(!error.expected.is_empty() && !error.to_string().is_empty());
    }
}

/// A small corpus and 20,000 changes of it, the same in every run.
#[test]
fn fuzz_with_a_fixed_corpus() {
    let corpus: &[&str] = &[
        "10 % of max(0 EUR, goods - 150 EUR)",
        "bands(base; 0 USD: 5 %; 1000 USD: 10 %)",
        "relief for whole items up to 45 EUR, else 20 % + 3 EUR per 100 kg",
        "if(goods of 61-63 excise and origin not in US MX, 0.7 * (@vat + gb.duty), clamp(5 %, 1 EUR, 9 EUR))",
        "goods + freight <= 135 GBP per item and not (gift or seller registered eu.ioss)",
        "quantity % vol hl > 22 or weight <= 31 kg per line or imports <= 4 per half-year",
        "reading eu.flat3.scope = act and claims any and document N954 and declaration is H1",
        "no goods of 2203-2208 6109.10 or only goods of 49 or region in ON QC",
        "half-even 0.05 CHF per consignment",
        "<= 5 CHF",
        "((((((((goods))))))))",
        "\u{0}\u{ff}\u{2028}≤€١",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for seed in corpus {
        target(seed.as_bytes());
    }
    for _ in 0..20_000 {
        let mut data = corpus[next(corpus.len())].as_bytes().to_vec();
        for _ in 0..=next(4) {
            let place = next(data.len() + 1);
            match next(5) {
                0 if place < data.len() => data[place] = next(256) as u8,
                1 if place < data.len() => drop(data.remove(place)),
                2 => data.truncate(place),
                3 => {
                    let word = WORDS[next(WORDS.len())].as_bytes();
                    drop(data.splice(place..place, word.iter().copied()));
                }
                _ => {
                    let other = corpus[next(corpus.len())].as_bytes();
                    drop(data.splice(place..place, other[next(other.len())..].iter().copied()));
                }
            }
        }
        target(&data);
    }
}
