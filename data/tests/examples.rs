//! The worked examples of `examples/*.toml`: each as written, with its items reversed, with each item split into equal
//! lines, and asked in another currency. The answer must be the same to the last digit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tidewaiter::quote::consignment::{Consignment, GivenRate};
use tidewaiter::quote::document::{Outcome, Quote};
use tidewaiter::ratebook::compile::{compile, read_economy};
use tidewaiter::{Decimal, Ratebook};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    example: Vec<Example>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    pub(crate) name: String,
    cites: String,
    #[serde(default)]
    published: bool,
    /// The arithmetic behind the expected figures.
    #[serde(default)]
    why: Option<String>,
    pub(crate) consignment: Consignment,
    expect: Expect,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Expect {
    outcome: Outcome,
    #[serde(default)]
    charges: BTreeMap<String, Amount>,
    #[serde(default)]
    total: Option<Amount>,
    #[serde(default)]
    seller: Option<Amount>,
    #[serde(default)]
    border: Option<Amount>,
    /// The total in the currency of the question.
    #[serde(default)]
    total_asked: Option<Amount>,
    /// Facts that must be asked for, in this order.
    #[serde(default)]
    asks: Vec<String>,
    /// What each claim not made would save.
    #[serde(default)]
    saves: Option<BTreeMap<String, String>>,
    /// The total under each other reading of a disputed rule.
    #[serde(default)]
    readings: Option<BTreeMap<String, String>>,
    /// Names of the changes announced, in their order.
    #[serde(default)]
    upcoming: Option<Vec<String>>,
    /// Facts that are assumed, and said to be.
    #[serde(default)]
    assumes: Vec<String>,
    #[serde(default)]
    confidence: Option<tidewaiter::record::Confidence>,
    /// What the derivation says, in part.
    #[serde(default)]
    steps: Vec<String>,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(untagged)]
enum Amount {
    Exact(String),
    Between {
        least: String,
        #[serde(default)]
        most: Option<String>,
    },
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn compare(what: &str, wanted: &Amount, least: Decimal, most: Option<Decimal>, out: &mut String) {
    let (l, m) = match wanted {
        Amount::Exact(text) => (number(text), Some(number(text))),
        Amount::Between { least, most } => (number(least), most.as_deref().map(number)),
    };
    if (l, m) != (least, most) {
        let show = |d: Option<Decimal>| d.map_or("no limit".to_owned(), |d| d.to_string());
        let _ = writeln!(out, "    {what}: expected {l}..{}, got {least}..{}", show(m), show(most));
    }
}

fn check(example: &Example, quote: &Quote) -> String {
    let mut out = String::new();
    let expect = &example.expect;
    if quote.outcome != expect.outcome {
        let _ = writeln!(
            out,
            "    outcome: expected {:?}, got {:?} (missing {:?}; warnings {:?}; messages {:?})",
            expect.outcome,
            quote.outcome,
            quote.missing.iter().map(|m| &m.fact).collect::<Vec<_>>(),
            quote.warnings,
            quote.messages
        );
    }
    for (key, wanted) in &expect.charges {
        let found = quote.charges.iter().find(|c| c.key == *key);
        match (wanted, found) {
            (Amount::Exact(word), None) if word == "none" => {}
            (Amount::Exact(word), Some(c)) if word == "none" => {
                let _ = writeln!(out, "    {key}: expected no such charge, got {}", c.sum.least);
            }
            (Amount::Exact(word), _) if word == "unknown" => {
                if found.is_some_and(|c| c.sum.most.is_some()) {
                    let _ = writeln!(out, "    {key}: expected unknown");
                }
            }
            (wanted, Some(c)) => compare(key, wanted, c.sum.least, c.sum.most, &mut out),
            (_, None) => {
                let _ = writeln!(
                    out,
                    "    {key}: not among the charges {:?}",
                    quote.charges.iter().map(|c| &c.key).collect::<Vec<_>>()
                );
            }
        }
    }
    if let Some(total) = &expect.total {
        compare("total", total, quote.total.least, quote.total.most, &mut out);
    }
    if let Some(seller) = &expect.seller {
        compare("seller", seller, quote.terms.seller.least, quote.terms.seller.most, &mut out);
    }
    if let Some(border) = &expect.border {
        compare("border", border, quote.terms.border.least, quote.terms.border.most, &mut out);
    }
    if let Some(total) = &expect.total_asked {
        compare("total in the currency asked", total, quote.total.least_asked, quote.total.most_asked, &mut out);
    }
    let asked: Vec<&str> = quote.missing.iter().map(|m| m.fact.as_str()).collect();
    if !expect.asks.is_empty() && asked != expect.asks {
        let _ = writeln!(out, "    asks: expected {:?}, got {asked:?}", expect.asks);
    }
    let amounts = |wanted: &BTreeMap<String, String>| {
        wanted.iter().map(|(k, v)| (k.clone(), number(v))).collect::<BTreeMap<_, _>>()
    };
    let found: BTreeMap<_, _> =
        quote.savings.iter().map(|s| (s.program.clone().unwrap_or_default(), s.saves)).collect();
    if let Some(saves) = &expect.saves
        && amounts(saves) != found
    {
        let _ = writeln!(out, "    saves: expected {saves:?}, got {found:?}");
    }
    let found: BTreeMap<_, _> =
        quote.disputes.iter().flat_map(|d| &d.others).map(|o| (o.reading.clone(), o.total.least)).collect();
    if let Some(readings) = &expect.readings
        && amounts(readings) != found
    {
        let _ = writeln!(out, "    readings: expected {readings:?}, got {found:?}");
    }
    let found: Vec<_> = quote.upcoming.iter().map(|u| u.name.clone()).collect();
    if let Some(upcoming) = &expect.upcoming
        && *upcoming != found
    {
        let _ = writeln!(out, "    upcoming: expected {upcoming:?}, got {found:?}");
    }
    for fact in &expect.assumes {
        if !quote.assumptions.iter().any(|a| a.contains(&format!("({fact})"))) {
            let _ = writeln!(out, "    {fact} is not among the assumptions {:?}", quote.assumptions);
        }
    }
    if expect.confidence.is_some() && expect.confidence != quote.confidence {
        let _ = writeln!(out, "    confidence: expected {:?}, got {:?}", expect.confidence, quote.confidence);
    }
    out
}

fn check_steps(example: &Example, ratebook: &Ratebook) -> String {
    let mut out = String::new();
    if !example.expect.steps.is_empty() {
        let ask = tidewaiter::quote::Ask { steps: true, ..Default::default() };
        let steps: Vec<String> =
            ratebook.answer(&example.consignment, &ask).unwrap().steps.into_iter().map(|s| s.text).collect();
        for wanted in &example.expect.steps {
            if !steps.iter().any(|s| s.contains(wanted)) {
                let _ = writeln!(out, "    steps: \"{wanted}\" is not in {steps:#?}");
            }
        }
    }
    out
}

/// What must always hold.
fn invariants(quote: &Quote) -> String {
    let mut out = String::new();
    let sum = |items: &mut dyn Iterator<Item = Decimal>| items.fold(Decimal::ZERO, |a, b| a.plus(b).unwrap());
    if quote.outcome == Outcome::Amount {
        let charges = sum(&mut quote.charges.iter().map(|c| c.sum.least));
        if charges != quote.total.least {
            let _ = writeln!(out, "    charges sum to {charges}, total is {}", quote.total.least);
        }
        let asked = sum(&mut quote.charges.iter().map(|c| c.sum.least_asked));
        if asked != quote.total.least_asked {
            let _ =
                writeln!(out, "    charges sum to {asked} in the asked currency, total is {}", quote.total.least_asked);
        }
        for charge in &quote.charges {
            let items = sum(&mut quote
                .items
                .iter()
                .flat_map(|i| i.charges.iter().filter(|c| c.key == charge.key).map(|c| c.amount)));
            if items != charge.sum.least {
                let _ = writeln!(out, "    {}: items sum to {items}, the charge is {}", charge.key, charge.sum.least);
            }
        }
        let terms = quote.terms.seller.least.plus(quote.terms.border.least).unwrap();
        if terms != quote.total.least {
            let _ = writeln!(out, "    seller and border sum to {terms}, total is {}", quote.total.least);
        }
        let kinds = sum(&mut [quote.by_kind.duties, quote.by_kind.taxes, quote.by_kind.fees].iter().map(|s| s.least));
        if kinds != quote.total.least {
            let _ = writeln!(out, "    duties, taxes and fees sum to {kinds}, total is {}", quote.total.least);
        }
    }
    for charge in &quote.charges {
        for treatment in &charge.treatments {
            if treatment.cites.is_empty() {
                let _ = writeln!(out, "    {}: \"{}\" cites nothing", charge.key, treatment.name);
            }
            for key in &treatment.cites {
                if !quote.sources.iter().any(|s| s.key == *key) && quote.outcome == Outcome::Amount {
                    let _ = writeln!(out, "    {}: {key} is cited but not among the sources", charge.key);
                }
            }
        }
    }
    out
}

/// The same question with each item split into two equal lines.
fn split(asked: &Consignment) -> Option<Consignment> {
    let mut other = asked.clone();
    other.items.clear();
    let two = Decimal::from_int(2);
    for item in &asked.items {
        // Pieces stay whole, and the halves of a discount exact.
        let half = item.quantity.divided_by(two).ok()?;
        if item.quantity.units() % (2 * Decimal::ONE.units()) != 0 || item.code.is_none() {
            other.items.push(item.clone());
            continue;
        }
        let mut part = item.clone();
        part.quantity = half;
        part.discount = match item.discount {
            Some(d) => Some(d.divided_by(two).ok()?),
            None => None,
        };
        other.items.push(part.clone());
        other.items.push(part);
    }
    Some(other)
}

/// The same question in a test currency worth half of the first.
fn in_test_currency(asked: &Consignment, ratebook: &Ratebook) -> Option<Consignment> {
    let two = Decimal::from_int(2);
    let double = |d: Option<Decimal>| d.map(|d| d.times(two).unwrap());
    let mut other = asked.clone();
    for item in &mut other.items {
        item.price = item.price.times(two).ok()?;
        item.discount = double(item.discount);
    }
    other.freight = double(asked.freight);
    other.inland_freight = double(asked.inland_freight);
    other.insurance = double(asked.insurance);
    other.packing = double(asked.packing);
    other.discount = double(asked.discount);
    other.carrier_fee = double(asked.carrier_fee);
    for earlier in other.history.values_mut() {
        earlier.goods = earlier.goods.times(two).ok()?;
    }
    other.currency = "XTS".into();
    // Every rate that the first question used, through the test currency.
    let first = ratebook.quote(asked).ok()?;
    let mut rates = vec![GivenRate { from: "XTS".into(), to: asked.currency.clone(), rate: "0.5".parse().ok()? }];
    for given in &asked.rates {
        if given.from == asked.currency {
            rates.push(GivenRate { from: "XTS".into(), to: given.to.clone(), rate: given.rate.divided_by(two).ok()? });
        } else if given.to == asked.currency {
            rates.push(GivenRate { from: given.from.clone(), to: "XTS".into(), rate: given.rate.times(two).ok()? });
        }
    }
    for used in first.rates.iter().filter(|u| u.day.is_some()) {
        rates.push(GivenRate { from: "XTS".into(), to: used.to.clone(), rate: used.rate.divided_by(two).ok()? });
    }
    rates.extend(asked.rates.iter().cloned());
    other.rates = rates;
    Some(other)
}

/// The parts of an answer that another form of the question must not change.
fn essence(quote: &Quote) -> String {
    let charges: Vec<_> = quote.charges.iter().map(|c| (&c.key, c.sum.least, c.sum.most)).collect();
    format!("{:?} {:?} {:?} {:?}", quote.outcome, quote.total.least, quote.total.most, charges)
}

pub(crate) fn load(folder: &str) -> Vec<(String, Example)> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|x| x == "toml"))
        .collect();
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file: File = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        out.extend(file.example.into_iter().map(|e| (name.clone(), e)));
    }
    assert!(out.iter().all(|(_, e)| e.why.as_deref() != Some("")), "an empty why");
    out
}

/// The thirty largest destinations of on-line sales.
const TOP_DESTINATIONS: [&str; 30] = [
    "US", "CN", "GB", "JP", "DE", "FR", "KR", "CA", "IN", "BR", "AU", "ES", "IT", "NL", "PL", "SE", "CH", "BE", "AT",
    "DK", "NO", "IE", "MX", "SG", "TR", "SA", "AE", "ID", "TH", "MY",
];

pub(crate) const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
pub(crate) const FICTIONAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fictional");

#[test]
fn worked_examples() {
    run(tidewaiter_data::ratebook(), &load(EXAMPLES));
}

/// A new economy is one data file: the world gains a territory and a currency, the engine nothing. The files are
/// fictional: Q of the design, and one for each family of computation primitives.
#[test]
fn fictional_economies() {
    run(&fictional(), &load(&format!("{FICTIONAL}/examples")));
}

pub(crate) fn fictional() -> Ratebook {
    let mut world = tidewaiter_data::world().clone();
    world.currencies.currency.push(toml::from_str("code = 'XQD'\nname = 'Q dollar'\nminor = 2").unwrap());
    let mut paths: Vec<_> =
        std::fs::read_dir(format!("{FICTIONAL}/economies")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let file = read_economy(&path.file_name().unwrap().to_string_lossy(), &text).unwrap_or_else(|p| panic!("{p}"));
        let code = &file.economy.economy.territory;
        world.territories.territory.push(
            toml::from_str(&format!("code = '{code}'\nname = 'Fictional {code}'\nkind = 'country'\ncurrency = 'XQD'"))
                .unwrap(),
        );
        files.push(file);
    }
    let bytes = compile(&world, &files)
        .unwrap_or_else(|p| panic!("{}", p.iter().map(|p| format!("{p}\n")).collect::<String>()));
    Ratebook::from_vec(bytes).unwrap()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    refused: Vec<Refusal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    name: String,
    says: String,
    file: String,
}

/// What must not load, and what is said of it: with the file, a line and a reason.
#[test]
fn refused_economies() {
    const HEAD: &str = r#"
[economy]
territory  = "QZ"
currency   = "XQD"
known_from = 2025-12-01

[[fact]]
key        = "z.act"
statement  = "Fictional."
source     = { publisher = "Z Customs" }
confidence = "high"
"#;
    let mut world = tidewaiter_data::world().clone();
    world.currencies.currency.push(toml::from_str("code = 'XQD'\nname = 'Q dollar'\nminor = 2").unwrap());
    world
        .territories
        .territory
        .push(toml::from_str("code = 'QZ'\nname = 'Fictional QZ'\nkind = 'country'\ncurrency = 'XQD'").unwrap());
    let list: Refused = toml::from_str(&std::fs::read_to_string(format!("{FICTIONAL}/refused.toml")).unwrap()).unwrap();
    let mut failures = String::new();
    for refusal in &list.refused {
        let file = read_economy("QZ.toml", &format!("{HEAD}{}", refusal.file))
            .unwrap_or_else(|p| panic!("{}: {p}", refusal.name));
        match compile(&world, &[file]) {
            Ok(_) => {
                let _ = writeln!(failures, "{}: accepted", refusal.name);
            }
            Err(problems) => {
                if !problems.iter().any(|p| p.message.contains(&refusal.says) && p.line > 0) {
                    let _ = writeln!(failures, "{}: expected \"{}\", got {problems:?}", refusal.name, refusal.says);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn run(ratebook: &Ratebook, examples: &[(String, Example)]) {
    let mut failures = String::new();
    let mut failed = 0;
    for (file, example) in examples {
        let mut wrong = String::new();
        match ratebook.quote(&example.consignment) {
            Err(e) => wrong.push_str(&format!("    refused: {e}\n")),
            Ok(quote) => {
                wrong.push_str(&check(example, &quote));
                wrong.push_str(&invariants(&quote));
                wrong.push_str(&check_steps(example, ratebook));
                let mut reversed = example.consignment.clone();
                reversed.items.reverse();
                let mut forms = vec![("reversed", Some(reversed)), ("split", split(&example.consignment))];
                if quote.outcome == Outcome::Amount {
                    forms.push(("in another currency", in_test_currency(&example.consignment, ratebook)));
                }
                for (form, asked) in forms {
                    let Some(asked) = asked else { continue };
                    match ratebook.quote(&asked) {
                        Ok(other) if essence(&other) == essence(&quote) => {}
                        Ok(other) => {
                            let _ = writeln!(wrong, "    {form}: {} became {}", essence(&quote), essence(&other));
                        }
                        Err(e) => {
                            let _ = writeln!(wrong, "    {form}: refused: {e}");
                        }
                    }
                }
                assert!(!example.cites.is_empty());
            }
        }
        if !wrong.is_empty() {
            failed += 1;
            let _ = writeln!(failures, "{file}: {}\n{wrong}", example.name);
        }
    }
    assert!(failures.is_empty(), "{failed} of {} examples differ:\n{failures}", examples.len());
}

/// The breadth that the project promises.
#[test]
fn enough_examples() {
    let examples = load(EXAMPLES);
    assert!(examples.len() >= 150, "{} examples", examples.len());
    let published = examples.iter().filter(|(_, e)| e.published).count();
    assert!(published >= 40, "{published} published examples");
    for code in TOP_DESTINATIONS {
        let count = examples.iter().filter(|(_, e)| e.consignment.to == code).count();
        assert!(count >= 3, "{code} has {count} examples");
    }
}

/// For every money limit that the examples of a top destination meet, some example lies on each side of it. Members of
/// the Union share its limits, so they are looked at together.
#[test]
fn both_sides_of_every_limit() {
    let ratebook = tidewaiter_data::ratebook();
    let union: Vec<String> = ratebook.economy("EU").unwrap().members.iter().map(|m| m.code.clone()).collect();
    let mut sides: BTreeMap<(String, String), (bool, bool)> = BTreeMap::new();
    for (_, example) in load(EXAMPLES) {
        let asked = &example.consignment;
        // A limit for each piece is multiplied by the pieces; single ones show it as it is.
        if !TOP_DESTINATIONS.contains(&asked.to.as_str()) || asked.items.iter().any(|i| i.quantity != Decimal::ONE) {
            continue;
        }
        let group = if union.contains(&asked.to) { "EU" } else { asked.to.as_str() };
        let quote = ratebook.answer(asked, &tidewaiter::Ask { steps: true, today: None }).unwrap();
        for step in &quote.steps {
            let words: Vec<&str> = step.text.trim_end_matches('.').split_whitespace().collect();
            if let ["Test:", _, _, sign, limit, currency, held] = words[..] {
                let limit = format!("{sign} {limit} {}", currency.trim_end_matches(':'));
                let side = sides.entry((group.to_owned(), limit)).or_default();
                if held == "yes" {
                    side.0 = true;
                } else {
                    side.1 = true;
                }
            }
        }
    }
    assert!(sides.len() >= 30, "only {} limits met", sides.len());
    let one_sided: Vec<_> = sides.iter().filter(|(_, (yes, no))| !(*yes && *no)).map(|(key, _)| key).collect();
    assert!(one_sided.is_empty(), "limits with examples on one side only: {one_sided:?}");
}
