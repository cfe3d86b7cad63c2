//! The worked examples of `cases/uk`, asked of the engine: responses are imported, compiled and quoted, and every figure that was
//! computed by hand must come out, to the penny.
//!
//! Each case is asked as it stands (`charged`), then once for each option of the trader, with the claims, documents and
//! additional code that the option needs. An option that is not the best one is asked again without the others, so that
//! its own figures are seen too. `cases/uk/README.md` explains the fields.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use tidewaiter::quote::consignment::{Claim, Item};
use tidewaiter::quote::document::{Outcome, Quote};
use tidewaiter::ratebook::Ratebook;
use tidewaiter::ratebook::compile::{EditionFile, World, compile_with, read_economy};
use tidewaiter::record::edition::Edition;
use tidewaiter::record::{Dated, Measure, MeasureKind, Places, Rate, Written};
use tidewaiter::{Consignment, Decimal};
use tidewaiter_sources::uk_api::{Options, Service, import};
use tidewaiter_sources::{Account, Entry, Limits, Source};

const RESPONSES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/uk-tariff");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/uk");
const TERRITORIES: &str = include_str!("../../../data/territories.toml");
const CURRENCIES: &str = include_str!("../../../data/currencies.toml");

#[derive(Deserialize)]
struct Book {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    commodity: String,
    service: String,
    file: String,
    date: toml::value::Datetime,
    origin: String,
    value: Decimal,
    #[serde(default)]
    quantities: BTreeMap<String, Decimal>,
    #[serde(default)]
    rates: Vec<ExchangeRate>,
    #[serde(default)]
    claims: Vec<String>,
    #[serde(default)]
    documents: Vec<String>,
    additional_code: Option<String>,
    charged: String,
    vat: Option<Vat>,
    #[serde(default)]
    option: Vec<Choice>,
}

#[derive(Deserialize)]
struct ExchangeRate {
    rate: Decimal,
}

#[derive(Deserialize)]
struct Vat {
    measure: String,
    text: String,
    file: Option<String>,
}

#[derive(Deserialize)]
struct Choice {
    name: String,
    kind: String,
    claim: Option<String>,
    #[serde(default)]
    needs: Vec<String>,
    measure: String,
    outcome: Option<String>,
    duty: Option<Decimal>,
    remedies: Option<Decimal>,
    excise: Option<Decimal>,
    vat_base: Option<Decimal>,
    vat: Option<Decimal>,
    total: Option<Decimal>,
}

fn cases() -> Vec<(String, Case)> {
    let mut all = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths.into_iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        let book: Book = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        all.extend(book.case.into_iter().map(|case| (format!("{file}, {:?}", case.name), case)));
    }
    all
}

/// Responses as they were imported, each once.
#[derive(Default)]
struct Imported(BTreeMap<String, (Edition, Vec<Entry>)>);

impl Imported {
    fn of(&mut self, file: &str) -> (Edition, Vec<Entry>) {
        let make = || {
            let source = Source::open(&Path::new(RESPONSES).join(file), Limits::default()).unwrap();
            let service = Some(if file.contains("/xi/") { Service::Xi } else { Service::Uk });
            let (mut entries, mut account) = (Vec::new(), Account::default());
            let edition = import(vec![source], &Options { service, as_of: None }, &mut entries, &mut account).unwrap();
            assert_eq!(account.refused, 0, "{file}");
            (edition, entries)
        };
        self.0.entry(file.to_owned()).or_insert_with(make).clone()
    }
}

fn measures(entries: &[Entry]) -> impl Iterator<Item = &Measure> {
    entries.iter().filter_map(|entry| match entry {
        Entry::Measure(measure) => Some(measure),
        _ => None,
    })
}

fn id(measure: &Measure) -> &str {
    measure.official.as_ref().and_then(|official| official.id.as_deref()).unwrap_or_default()
}

/// A measure of the family of which a trader takes one.
fn is_option(kind: MeasureKind) -> bool {
    use MeasureKind::{Preference, Quota, Suspension, ThirdCountry};
    matches!(kind, ThirdCountry | Preference | Suspension | Quota)
}

/// The world of a case: the real territories and currencies, and the exchange rate of the case on its day.
fn world(case: &Case) -> World {
    let series =
        r#"series = [{ key = "case", name = "The case", publisher = "The case", base = "EUR", file = "case.csv" }]"#;
    let rates = match case.rates.as_slice() {
        [] => "date,GBP\n".to_owned(),
        [rate] => format!("date,GBP\n{},{}\n", case.date, rate.rate),
        more => panic!("{} rates", more.len()),
    };
    World {
        territories: toml::from_str(TERRITORIES).unwrap(),
        currencies: toml::from_str(CURRENCIES).unwrap(),
        series: toml::from_str(series).unwrap(),
        rates: [("case.csv".to_owned(), rates)].into(),
        ..World::default()
    }
}

/// The charges that take the measures, in the order of the law: each duty on the customs value, VAT on all of it.
fn economy(territory: &str, with_vat: bool) -> String {
    let mut out = format!(
        r#"
[economy]
territory = "{territory}"
currency = "GBP"
known_from = 2015-01-01

[[fact]]
key = "t.rules"
statement = "Duties are due on the customs value, VAT on the value and the duties."
source = {{ publisher = "The worked examples" }}
confidence = "high"

[fx]
threshold = {{ series = "case", rule = "day", cites = ["t.rules"] }}
assessment = {{ series = "case", rule = "day", cites = ["t.rules"] }}
"#
    );
    let mut bases = vec!["goods".to_owned(), "freight".into(), "insurance".into()];
    let value = bases.join(" + ");
    let mut charge = |key: &str, kind: &str, base: &str, amount: &str| {
        write!(
            out,
            r#"
[[charge]]
key = "t.{key}"
name = "{key}"
kind = "{kind}"
base = "{base}"
round = "half-up 0.01 per line"
cites = ["t.rules"]
[[charge.rung]]
name = "{key}"
amount = "{amount}"
cites = ["t.rules"]
"#
        )
        .unwrap();
    };
    for (key, kind) in [
        ("duty", "duty"),
        ("additional", "additional-duty"),
        ("anti-dumping", "additional-duty"),
        ("countervailing", "additional-duty"),
        ("safeguard", "additional-duty"),
        ("excise", "excise"),
    ] {
        let amount = if key == "duty" { "tariff".to_owned() } else { format!("tariff({key})") };
        charge(key, kind, &value, &amount);
        bases.push(format!("t.{key}"));
    }
    if with_vat {
        charge("vat", "vat", &bases.join(" + "), "@vat");
    }
    out
}

fn percent(text: &str) -> Decimal {
    text.strip_suffix('%').unwrap_or_else(|| panic!("{text}")).trim().parse().unwrap()
}

/// The classes of VAT, as imported, and the class that the case's VAT measure belongs to where goods do not decide it.
fn vat_classes(case: &Case, entries: &[Entry], territory: &str) -> (Vec<Rate>, Option<String>) {
    let Some(vat) = &case.vat else { return (Vec::new(), None) };
    let rates: Vec<Rate> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Rate(rate) => Some(rate.clone()),
            _ => None,
        })
        .collect();
    assert!(measures(entries).any(|measure| id(measure) == vat.measure), "{territory}: VAT measure {}", vat.measure);
    let is = |rate: &&Rate| match &rate.is {
        Dated::Always(text) => percent(text) == percent(&vat.text),
        Dated::Values(values) => values.iter().any(|value| percent(&value.is) == percent(&vat.text)),
    };
    let rate = rates.iter().find(is).unwrap_or_else(|| panic!("no rate for the VAT measure {}", vat.measure));
    let class = rate.codes.is_empty().then(|| rate.class.clone());
    (rates, class)
}

/// One question about a case.
struct Asked<'c> {
    claims: Vec<String>,
    /// Documents, and the additional code among them.
    documents: Vec<String>,
    /// Of the options only this measure, where it is asked about alone.
    only: Option<&'c str>,
    /// Whether part of the customs value is freight and insurance.
    divided: bool,
}

struct Bench<'c> {
    case: &'c Case,
    edition: Edition,
    entries: Vec<Entry>,
    vat_facts: Vec<Entry>,
    rates: Vec<Rate>,
    tax_class: Option<String>,
}

impl<'c> Bench<'c> {
    fn new(case: &'c Case, imported: &mut Imported) -> Self {
        let (edition, entries) = imported.of(&case.file);
        let territory = edition.territory.clone().unwrap();
        assert_eq!(territory, if case.service == "xi" { "XI" } else { "GB" });
        let other = case.vat.as_ref().and_then(|vat| vat.file.as_ref()).map(|file| imported.of(file).1);
        let (rates, tax_class) = vat_classes(case, other.as_ref().unwrap_or(&entries), &territory);
        // Facts of the other response, where this one does not state them.
        let known: Vec<String> = facts(&entries);
        let vat_facts = other
            .into_iter()
            .flatten()
            .filter(|entry| matches!(entry, Entry::Fact(fact) if !known.contains(&fact.key)))
            .collect();
        Self { case, edition, entries, vat_facts, rates, tax_class }
    }

    fn ratebook(&self, only: Option<&str>) -> Ratebook {
        let kept = |entry: &&Entry| match (entry, only) {
            (Entry::Measure(measure), Some(only)) => !is_option(measure.kind) || id(measure) == only,
            _ => true,
        };
        let entries = self.entries.iter().chain(&self.vat_facts).filter(kept).cloned();
        let head = Entry::Edition(self.edition.clone());
        let edition = EditionFile::new(&self.case.file, [0; 32], std::iter::once(head).chain(entries))
            .unwrap_or_else(|problem| panic!("{problem}"));
        let text = economy(edition.territory(), self.case.vat.is_some());
        let mut file = read_economy("economy.toml", &text).unwrap_or_else(|problem| panic!("{problem}"));
        file.economy.rate.clone_from(&self.rates);
        let bytes = compile_with(&world(self.case), &[file], &[edition]).unwrap_or_else(|problems| {
            let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}: {}\n{}", self.case.file, self.case.name, list.join("\n"))
        });
        Ratebook::from_vec(bytes).unwrap()
    }

    fn quote(&self, asked: &Asked<'_>) -> Quote {
        let case = self.case;
        let quantity = case.quantities.get("item").copied().unwrap_or(Decimal::ONE);
        let each = |value: Decimal| {
            let part = value.divided_by(quantity).unwrap();
            assert_eq!(part.times(quantity).unwrap(), value, "{value} of {quantity} pieces is not exact");
            part
        };
        // A tenth and a hundredth of the value, both exact.
        let share = |percent: i64| {
            let part = Decimal::from_int(percent).percent_of(case.value).unwrap();
            if asked.divided { part } else { Decimal::ZERO }
        };
        let (freight, insurance) = (share(10), share(1));
        // A strength is of each piece already.
        let quantities = case
            .quantities
            .iter()
            .filter(|(unit, _)| *unit != "item")
            .map(|(unit, number)| (unit.clone(), if unit == "% vol" { *number } else { each(*number) }))
            .collect();
        let claims = asked
            .claims
            .iter()
            .map(|program| Claim { program: program.clone(), proof: Some("the case says so".into()) })
            .collect();
        let item = Item {
            code: Some(case.commodity.clone()),
            origin: Some(if case.origin == "XS" { "RS".into() } else { case.origin.clone() }),
            quantity,
            price: each(case.value.minus(freight.plus(insurance).unwrap()).unwrap()),
            quantities,
            tax_class: self.tax_class.clone(),
            claims,
            documents: asked.documents.clone(),
            ..Item::default()
        };
        let date = case.date.date.unwrap();
        let question = Consignment {
            to: self.edition.territory.clone().unwrap(),
            date: Some(jiff::civil::date(date.year.cast_signed(), date.month.cast_signed(), date.day.cast_signed())),
            currency: "GBP".into(),
            items: vec![item],
            freight: Some(freight),
            insurance: Some(insurance),
            ..Consignment::default()
        };
        self.ratebook(asked.only).quote(&question).unwrap_or_else(|error| panic!("{}: {error}", case.name))
    }

    /// The programmes that give an option: that of the case, else that of the imported measure.
    fn programs(&self, option: &Choice) -> Vec<String> {
        let of_measure =
            || measures(&self.entries).find(|measure| id(measure) == option.measure).and_then(|m| m.program.clone());
        match (&option.claim, of_measure()) {
            (Some(claim), _) => vec![claim.clone()],
            (None, Some(Places::One(one))) => vec![one],
            (None, Some(Places::Many(many))) => many,
            (None, None) => Vec::new(),
        }
    }

    /// The additional code of an option's measure.
    fn code(&self, option: &Choice) -> Option<String> {
        measures(&self.entries).find(|measure| id(measure) == option.measure)?.additional_code.clone()
    }

    /// Whether an option applies only where its additional code is stated.
    fn is_named(&self, option: &Choice) -> bool {
        let code = self.code(option).unwrap_or_default();
        measures(&self.entries).any(|measure| {
            id(measure) == option.measure && measure.when == Some(Written::Words(format!("document {code}")))
        })
    }

    /// Claims, documents and additional code for an option, and nothing that would give another one.
    fn for_option(&self, option: &Choice) -> Asked<'c> {
        let case = self.case;
        if option.outcome.as_deref() == Some("not-allowed") {
            return self.as_charged();
        }
        let needs: Vec<&String> = case.option.iter().flat_map(|other| &other.needs).collect();
        let codes: Vec<String> = case.option.iter().filter_map(|other| self.code(other)).collect();
        let mut documents: Vec<String> = case
            .documents
            .iter()
            .filter(|document| !needs.contains(document))
            .chain(case.additional_code.iter().filter(|code| !codes.contains(code)))
            .cloned()
            .collect();
        documents.extend(option.needs.iter().cloned().chain(self.code(option)));
        Asked { claims: self.programs(option), documents, only: None, divided: false }
    }

    fn as_charged(&self) -> Asked<'c> {
        let documents = self.case.documents.iter().chain(&self.case.additional_code).cloned().collect();
        Asked { claims: self.case.claims.clone(), documents, only: None, divided: false }
    }

    /// The option that is charged where so much is claimed and held.
    fn best(&self, asked: &Asked<'_>) -> Option<&'c Choice> {
        let lawful = |option: &&Choice| {
            let programs = self.programs(option);
            let claimed = programs.is_empty() || programs.iter().any(|program| asked.claims.contains(program));
            let held = option.needs.is_empty() || option.needs.iter().any(|need| asked.documents.contains(need));
            // Of several additional codes the one stated, else that of all others.
            let coded = self.case.option.iter().filter_map(|other| self.code(other)).collect::<Vec<_>>();
            let stated = coded.iter().find(|code| asked.documents.contains(code));
            let fits = match (self.code(option), stated) {
                (Some(code), Some(stated)) => code == *stated,
                (Some(_), None) => !self.is_named(option),
                (None, _) => true,
            };
            claimed && held && fits && asked.only.is_none_or(|only| only == option.measure)
        };
        let lawful: Vec<&Choice> = self.case.option.iter().filter(lawful).collect();
        let better = lawful.iter().filter(|option| option.kind != "third-country" && option.outcome.is_none());
        let third = lawful.iter().filter(|option| option.kind == "third-country").max_by_key(|option| {
            measures(&self.entries)
                .find(|measure| id(measure) == option.measure)
                .map(|measure| (measure.origin.is_some(), measure.from))
        });
        match (better.min_by_key(|option| option.duty), third) {
            (Some(better), Some(third)) if third.outcome.is_none() && third.duty <= better.duty => Some(third),
            (Some(better), _) => Some(better),
            (None, Some(third)) if third.outcome.is_none() => Some(third),
            (None, _) => lawful.first().copied(),
        }
    }
}

fn programs_fit(programs: &[String], saving: Option<&String>) -> bool {
    saving.map_or(programs.is_empty(), |program| programs.contains(program))
}

fn facts(entries: &[Entry]) -> Vec<String> {
    entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Fact(fact) => Some(fact.key.clone()),
            _ => None,
        })
        .collect()
}

fn outcome(quote: &Quote) -> String {
    serde_json::to_value(quote.outcome).unwrap().as_str().unwrap().to_owned()
}

/// What differs between an answer and the hand-computed figures, a line each.
fn differences(case: &Case, quote: &Quote, expected: &Choice) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(verdict) = &expected.outcome {
        if outcome(quote) != *verdict {
            out.push(format!("outcome: {verdict} by hand, {} by the engine", outcome(quote)));
        }
        return out;
    }
    if quote.outcome != Outcome::Amount {
        out.push(format!("outcome: amount by hand, {} by the engine", outcome(quote)));
    }
    let sum = |keys: &[&str]| {
        quote
            .charges
            .iter()
            .filter(|charge| keys.iter().any(|key| charge.key == format!("t.{key}")))
            .map(|charge| charge.sum.exact())
            .try_fold(Decimal::ZERO, |sum, amount| amount.and_then(|amount| sum.plus(amount).ok()))
    };
    let base = quote.charges.iter().find(|charge| charge.key == "t.vat").and_then(|vat| vat.treatments.first()?.base);
    let rows = [
        ("duty", expected.duty, sum(&["duty"])),
        ("remedies", expected.remedies, sum(&["additional", "anti-dumping", "countervailing", "safeguard"])),
        ("excise", expected.excise, sum(&["excise"])),
        ("VAT base", expected.vat_base, base),
        ("VAT", expected.vat, case.vat.as_ref().and_then(|_| sum(&["vat"]))),
        ("total", expected.total, quote.total.exact()),
    ];
    let show = |amount: Option<Decimal>| amount.map_or("none".to_owned(), |amount| amount.to_string());
    for (name, hand, engine) in rows {
        if hand != engine {
            out.push(format!("{name}: {} by hand, {} by the engine", show(hand), show(engine)));
        }
    }
    out
}

/// What is said about a wrong answer.
fn said(quote: &Quote) -> String {
    let mut out = String::new();
    for charge in quote.charges.iter().filter(|charge| !charge.sum.least.is_zero() || charge.key == "t.duty") {
        let rules: Vec<&str> = charge.treatments.iter().filter_map(|taken| taken.rule.as_deref()).collect();
        writeln!(out, "      {} {} by {}", charge.key, charge.sum.least, rules.join("; ")).unwrap();
    }
    for missing in &quote.missing {
        writeln!(out, "      asks: {}", missing.question).unwrap();
    }
    for text in quote.messages.iter().map(String::as_str).chain(quote.warnings.iter().map(|said| said.as_str())) {
        writeln!(out, "      says: {text}").unwrap();
    }
    out
}

#[test]
fn the_engine_charges_what_was_computed_by_hand() {
    if !Path::new(RESPONSES).is_dir() {
        println!("skipped: ../shared is absent");
        return;
    }
    let mut imported = Imported::default();
    let (mut asked_of, mut compared, mut wrong) = (0usize, 0usize, Vec::new());
    let cases = cases();
    for (at, case) in &cases {
        let bench = Bench::new(case, &mut imported);
        let (mut report, mut unseen) = (String::new(), String::new());
        let mut check = |what: &str, asked: &Asked<'_>, expected: &Choice| {
            let quote = bench.quote(asked);
            asked_of += 1;
            compared += if expected.outcome.is_some() { 1 } else { 6 };
            let found = differences(case, &quote, expected);
            if !found.is_empty() {
                writeln!(
                    report,
                    "  {what} (claims {:?}, documents {:?})\n    {}\n{}",
                    asked.claims,
                    asked.documents,
                    found.join("\n    "),
                    said(&quote)
                )
                .unwrap();
            }
            quote
        };

        // As charged.
        let asked = bench.as_charged();
        let charged = case.option.iter().find(|option| option.name == case.charged);
        let verdict = Choice {
            name: case.charged.clone(),
            kind: "third-country".into(),
            claim: None,
            needs: Vec::new(),
            measure: String::new(),
            outcome: Some(case.charged.clone()),
            duty: None,
            remedies: None,
            excise: None,
            vat_base: None,
            vat: None,
            total: None,
        };
        let quote = check(&format!("as charged: {}", case.charged), &asked, charged.unwrap_or(&verdict));

        // What could be saved.
        let now = charged.and_then(|option| option.total);
        for option in &case.option {
            let programs = bench.programs(option);
            let lower = now.is_some_and(|now| option.total.is_some_and(|total| total < now));
            let listed = quote
                .savings
                .iter()
                .find(|saving| Some(saving.total) == option.total && programs_fit(&programs, saving.program.as_ref()));
            if lower && listed.is_none() {
                writeln!(
                    unseen,
                    "  savings: {} would give {}, not listed among {:?}",
                    option.name,
                    option.total.unwrap(),
                    quote
                        .savings
                        .iter()
                        .map(|s| format!("{:?} {:?} {}", s.program, s.documents, s.total))
                        .collect::<Vec<_>>()
                )
                .unwrap();
            }
        }

        for saving in &quote.savings {
            let is_one = |option: &&Choice| {
                option.total == Some(saving.total) && programs_fit(&bench.programs(option), saving.program.as_ref())
            };
            if !case.option.iter().any(|option| is_one(&option)) {
                writeln!(unseen, "  savings: {saving:?} is no option of the case").unwrap();
            }
        }

        // The same customs value, part of it freight and insurance.
        let parts = Asked { divided: true, ..bench.as_charged() };
        check("as charged, the value in three parts", &parts, charged.unwrap_or(&verdict));

        // Each option by its own claims and documents.
        for option in &case.option {
            let mut asked = bench.for_option(option);
            let best = bench.best(&asked).expect("the option itself is lawful");
            check(&format!("option {}, of which {} is charged", option.name, best.name), &asked, best);
            if best.measure != option.measure {
                asked.only = Some(&option.measure);
                check(&format!("option {} alone", option.name), &asked, option);
            }
        }
        report += &unseen;
        if !report.is_empty() {
            wrong.push(format!("{at} ({}, {}, {}):\n{report}", case.commodity, case.origin, case.date));
        }
    }
    println!("{} cases, {asked_of} questions, {compared} figures", cases.len());
    assert!(cases.len() >= 121, "{} cases", cases.len());
    assert!(wrong.is_empty(), "{} of {} cases differ:\n\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
