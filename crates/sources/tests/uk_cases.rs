//! The worked examples of `cases/uk`: are they well formed, do their sums add up, does what they cite stand in the responses?
//!
//! The first tests know nothing of the importer and the engine: they read the responses by themselves. The last one asks
//! whether the imported measures leave the trader the same choice; it computes no amount.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tidewaiter::record::expression::Condition;
use tidewaiter::record::{Measure, MeasureKind, Places, Verdict, Written, grammar};
use tidewaiter::{Decimal, RoundingMode};
use tidewaiter_sources::uk_api::{Options, Service, import};
use tidewaiter_sources::{Account, Entry, Limits, Source};

const RESPONSES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/uk-tariff");
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/uk");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
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
    rates: Vec<Rate>,
    #[serde(default)]
    claims: Vec<String>,
    #[serde(default)]
    documents: Vec<String>,
    additional_code: Option<String>,
    charged: String,
    why: String,
    #[serde(default)]
    remedy: Vec<Part>,
    #[serde(default)]
    excise: Vec<Part>,
    vat: Option<Vat>,
    #[serde(default)]
    option: Vec<Choice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    from: String,
    to: String,
    rate: Decimal,
    cites: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    measure: String,
    r#type: String,
    act: String,
    text: String,
    how: String,
    amount: Decimal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vat {
    measure: String,
    r#type: String,
    act: String,
    text: String,
    file: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    name: String,
    kind: String,
    claim: Option<String>,
    #[serde(default)]
    needs: Vec<String>,
    measure: String,
    r#type: String,
    act: String,
    text: String,
    #[serde(default)]
    exhausted: bool,
    outcome: Option<String>,
    how: Option<String>,
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
        let text = std::fs::read_to_string(&path).unwrap();
        let book: Book = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        all.extend(book.case.into_iter().map(|case| (format!("{file}, {:?}", case.name), case)));
    }
    all
}

// ---- A pocket calculator: numbers, + - * /, parentheses, max and min

struct Calculator<'t> {
    rest: &'t str,
}

impl Calculator<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        let found = self.rest.strip_prefix(sign);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn sum(&mut self) -> Decimal {
        let mut sum = self.product();
        loop {
            if self.takes("+") {
                sum = sum.plus(self.product()).unwrap();
            } else if self.takes("-") {
                sum = sum.minus(self.product()).unwrap();
            } else {
                return sum;
            }
        }
    }

    fn product(&mut self) -> Decimal {
        let mut product = self.number();
        loop {
            if self.takes("*") {
                product = product.times(self.number()).unwrap();
            } else if self.takes("/") {
                product = product.divided_by(self.number()).unwrap();
            } else {
                return product;
            }
        }
    }

    fn number(&mut self) -> Decimal {
        for (word, larger) in [("max(", true), ("min(", false)] {
            if self.takes(word) {
                let first = self.sum();
                assert!(self.takes(","), "{}", self.rest);
                let second = self.sum();
                assert!(self.takes(")"), "{}", self.rest);
                return if larger { first.max(second) } else { first.min(second) };
            }
        }
        if self.takes("(") {
            let inner = self.sum();
            assert!(self.takes(")"), "{}", self.rest);
            return inner;
        }
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.parse().unwrap_or_else(|error| panic!("{digits:?}: {error}"))
    }
}

fn calculate(text: &str) -> Decimal {
    let mut calculator = Calculator { rest: text };
    let result = calculator.sum();
    assert_eq!(calculator.rest.trim(), "", "{text}");
    result
}

fn pennies(number: Decimal) -> Decimal {
    number.rounded(RoundingMode::HalfUp, "0.01".parse().unwrap()).unwrap()
}

fn percent(text: &str) -> Decimal {
    text.strip_suffix(" %").unwrap_or_else(|| panic!("{text}")).parse().unwrap()
}

#[test]
fn the_calculator_calculates() {
    assert_eq!(calculate("10000.00 * 12 / 100 + 2500 / 100 * 147.00").to_string(), "4875");
    assert_eq!(calculate("max(2 * (3 - 1), 3)").to_string(), "4");
}

#[test]
fn the_cases_are_well_formed_and_add_up() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut names = std::collections::BTreeSet::new();
    for (at, case) in &cases {
        assert!(names.insert(at.clone()), "{at} twice");
        assert!(["uk", "xi"].contains(&case.service.as_str()), "{at}");
        assert!(case.commodity.len() == 10 && case.commodity.bytes().all(|byte| byte.is_ascii_digit()), "{at}");
        assert!(case.date.date.is_some() && case.date.time.is_none(), "{at}: a day");
        assert!(case.origin.len() == 2, "{at}");
        assert!(!case.why.trim().is_empty(), "{at}: say why");
        for unit in case.quantities.keys() {
            assert!(tidewaiter::unit::all().iter().any(|known| known.key == unit), "{at}: {unit}");
        }
        for rate in &case.rates {
            assert!(rate.from == "EUR" && rate.to == "GBP" && !rate.rate.is_zero() && !rate.cites.is_empty(), "{at}");
        }
        let add = |parts: &[Part]| {
            parts.iter().fold(Decimal::ZERO, |sum, part| {
                assert_eq!(pennies(calculate(&part.how)), part.amount, "{at}: {}", part.how);
                sum.plus(part.amount).unwrap()
            })
        };
        let (remedies, excise) = (add(&case.remedy), add(&case.excise));
        for option in &case.option {
            let at = format!("{at}, {}", option.name);
            assert_eq!(option.claim.is_some(), ["preference", "quota"].contains(&option.kind.as_str()), "{at}");
            assert!(!option.exhausted || option.kind == "quota", "{at}");
            if let Some(outcome) = &option.outcome {
                assert!(["formal-entry", "unknown", "not-allowed", "prohibited"].contains(&outcome.as_str()), "{at}");
                assert!(option.how.is_none() && option.duty.is_none() && option.total.is_none(), "{at}");
                continue;
            }
            let duty = option.duty.unwrap_or_else(|| panic!("{at}: a duty"));
            assert_eq!(pennies(calculate(option.how.as_deref().unwrap())), duty, "{at}");
            assert_eq!((option.remedies, option.excise), (Some(remedies), Some(excise)), "{at}");
            let due = duty.plus(remedies).unwrap().plus(excise).unwrap();
            let Some(vat) = &case.vat else {
                assert_eq!((option.vat_base, option.vat, option.total), (None, None, Some(due)), "{at}");
                continue;
            };
            let base = case.value.plus(due).unwrap();
            let tax = pennies(percent(&vat.text).percent_of(base).unwrap());
            assert_eq!((option.vat_base, option.vat), (Some(base), Some(tax)), "{at}");
            assert_eq!(option.total, Some(due.plus(tax).unwrap()), "{at}");
        }
        // What is charged is one of the options that the claims and documents give.
        match case.option.iter().find(|option| option.name == case.charged) {
            None => assert!(["unknown", "not-allowed"].contains(&case.charged.as_str()), "{at}: {}", case.charged),
            Some(option) => {
                assert!(option.claim.iter().all(|claim| case.claims.contains(claim)), "{at}: not claimed");
                let held = |need: &String| case.documents.contains(need);
                let met = option.needs.is_empty() || option.needs.iter().any(held);
                assert!(met, "{at}: none of {:?} is held", option.needs);
            }
        }
        if let Some(code) = &case.additional_code {
            assert!(code.len() == 4, "{at}: {code}");
        }
    }
    println!("{} cases", cases.len());
}

// ---- The responses

/// A response, in either shape.
struct Response {
    json: Value,
    included: BTreeMap<(String, String), Value>,
}

impl Response {
    fn load(file: &str) -> Self {
        let path = Path::new(RESPONSES).join(file);
        let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json: Value = serde_json::from_slice(&text).unwrap();
        let mut included = BTreeMap::new();
        for item in json["included"].as_array().into_iter().flatten() {
            let key = (item["type"].as_str().unwrap().to_owned(), item["id"].as_str().unwrap().to_owned());
            included.insert(key, item.clone());
        }
        Self { json, included }
    }

    fn goods(&self) -> Value {
        if self.json["data"].is_object() { self.json["data"].clone() } else { self.json.clone() }
    }

    fn field<'v>(&self, node: &'v Value, name: &str) -> &'v Value {
        if node["attributes"].is_object() { &node["attributes"][name] } else { &node[name] }
    }

    fn text(&self, node: &Value, name: &str) -> String {
        self.field(node, name).as_str().unwrap_or_default().to_owned()
    }

    fn id(&self, node: &Value) -> String {
        node["id"].as_str().map_or_else(|| node["id"].to_string(), str::to_owned)
    }

    fn many(&self, node: &Value, relation: &str) -> Vec<Value> {
        let list = |value: &Value| match value {
            Value::Array(items) => items.clone(),
            Value::Null => Vec::new(),
            one => vec![one.clone()],
        };
        if node["relationships"].is_object() {
            return list(&node["relationships"][relation]["data"])
                .iter()
                .filter_map(|link| {
                    let key = (link["type"].as_str()?.to_owned(), link["id"].as_str()?.to_owned());
                    self.included.get(&key).cloned()
                })
                .collect();
        }
        list(&node[relation])
    }

    fn one(&self, node: &Value, relation: &str) -> Value {
        self.many(node, relation).into_iter().next().unwrap_or(Value::Null)
    }

    fn measure(&self, id: &str) -> Option<Value> {
        self.many(&self.goods(), "import_measures").into_iter().find(|measure| self.id(measure) == id)
    }

    /// Whether a measure holds for an origin on a day.
    fn holds(&self, measure: &Value, origin: &str, day: &str) -> bool {
        let start = self.text(measure, "effective_start_date");
        let end = self.text(measure, "effective_end_date");
        if day < start.get(..10).unwrap() || end.get(..10).is_some_and(|end| day > end) {
            return false;
        }
        if self.many(measure, "excluded_countries").iter().any(|area| self.id(area) == origin) {
            return false;
        }
        let area = self.one(measure, "geographical_area");
        let code = self.id(&area);
        code == "1011"
            || code == origin
            || self.many(&area, "children_geographical_areas").iter().any(|member| self.id(member) == origin)
    }

    fn cites(&self, at: &str, measure: &str, kind: &str, act: &str, text: &str) {
        let node = self.measure(measure).unwrap_or_else(|| panic!("{at}: no measure {measure}"));
        assert_eq!(self.id(&self.one(&node, "measure_type")), kind, "{at}");
        assert_eq!(self.text(&self.one(&node, "duty_expression"), "base"), text, "{at}");
        let acts: Vec<String> =
            self.many(&node, "legal_acts").iter().map(|act| self.text(act, "regulation_code")).collect();
        assert_eq!(acts.join("; "), act, "{at}");
    }
}

#[test]
fn what_is_cited_stands_in_the_responses_and_no_option_is_missing() {
    if !Path::new(RESPONSES).is_dir() {
        println!("skipped: ../shared is absent");
        return;
    }
    let mut responses: BTreeMap<String, Response> = BTreeMap::new();
    let mut cited = 0;
    for (at, case) in cases() {
        for file in [Some(&case.file), case.vat.as_ref().and_then(|vat| vat.file.as_ref())].into_iter().flatten() {
            responses.entry(file.clone()).or_insert_with(|| Response::load(file));
        }
        let response = &responses[&case.file];
        let day = case.date.date.unwrap().to_string();
        assert_eq!(response.text(&response.goods(), "goods_nomenclature_item_id"), case.commodity, "{at}");
        assert_eq!(case.file.contains("/xi/"), case.service == "xi", "{at}");
        for part in case.remedy.iter().chain(&case.excise) {
            response.cites(&at, &part.measure, &part.r#type, &part.act, &part.text);
            let measure = response.measure(&part.measure).unwrap();
            assert!(response.holds(&measure, &case.origin, &day), "{at}: {} does not hold", part.measure);
            cited += 1;
        }
        if let Some(vat) = &case.vat {
            let response = &responses[vat.file.as_ref().unwrap_or(&case.file)];
            response.cites(&at, &vat.measure, &vat.r#type, &vat.act, &vat.text);
            cited += 1;
        }
        for option in &case.option {
            response.cites(&at, &option.measure, &option.r#type, &option.act, &option.text);
            cited += 1;
        }
        let goods = response.goods();
        let measures = response.many(&goods, "import_measures");
        let of = |series: &[&str]| -> std::collections::BTreeSet<String> {
            let series_of = |measure| response.text(&response.one(measure, "measure_type"), "measure_type_series_id");
            measures
                .iter()
                .filter(|measure| series.contains(&series_of(measure).as_str()))
                .filter(|measure| response.holds(measure, &case.origin, &day))
                .map(|measure| response.id(measure))
                .collect()
        };
        let listed = case.option.iter().map(|option| option.measure.clone()).collect();
        assert_eq!(of(&["C"]), listed, "{at}: the options of the day");
        // A remedy that is not listed is one that a document or an additional code stops.
        for part in &case.remedy {
            assert!(of(&["D", "J"]).contains(&part.measure), "{at}");
        }
    }
    println!("{cited} measures cited");
}

// ---- The imported measures

/// Whether a condition of documents holds.
fn met(condition: &Condition, documents: &[String]) -> bool {
    match condition {
        Condition::Always => true,
        Condition::Document(code) => documents.contains(code),
        Condition::Documents(codes) => codes.iter().any(|code| documents.contains(code)),
        Condition::All(parts) => parts.iter().all(|part| met(part, documents)),
        Condition::Any(parts) => parts.iter().any(|part| met(part, documents)),
        Condition::Not(inner) => !met(inner, documents),
        other => panic!("{other}"),
    }
}

fn applies(measure: &Measure, documents: &[String]) -> bool {
    measure.when.as_ref().is_none_or(|when| match when {
        Written::Words(words) => met(&grammar::condition(words).unwrap(), documents),
        Written::Tree(tree) => met(tree, documents),
    })
}

fn places(places: Option<&Places>) -> Vec<String> {
    match places {
        None => Vec::new(),
        Some(Places::One(one)) => vec![one.clone()],
        Some(Places::Many(many)) => many.clone(),
    }
}

#[test]
fn the_imported_measures_leave_the_same_choice() {
    if !Path::new(RESPONSES).is_dir() {
        println!("skipped: ../shared is absent");
        return;
    }
    let mut imported: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for (at, case) in cases() {
        let entries = imported.entry(case.file.clone()).or_insert_with(|| {
            let source = Source::open(&Path::new(RESPONSES).join(&case.file), Limits::default()).unwrap();
            let service = Some(if case.service == "xi" { Service::Xi } else { Service::Uk });
            let (mut entries, mut account) = (Vec::new(), Account::default());
            import(vec![source], &Options { service, as_of: None }, &mut entries, &mut account).unwrap();
            entries
        });
        let date = case.date.date.unwrap();
        let day = jiff::civil::date(date.year.cast_signed(), date.month.cast_signed(), date.day.cast_signed());
        let members: BTreeMap<&str, Vec<&str>> = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Area(area) => {
                    Some((area.code.as_str(), area.members.iter().map(|member| member.territory.as_str()).collect()))
                }
                _ => None,
            })
            .collect();
        // The tariff's code of Serbia is a member of groups by its ISO code.
        let origin = if case.origin == "XS" { "RS" } else { case.origin.as_str() };
        let within = |code: &String| *code == case.origin || members[code.as_str()].contains(&origin);
        let mut documents = case.documents.clone();
        documents.extend(case.additional_code.clone());
        let in_force: Vec<&Measure> = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Measure(measure) => Some(measure),
                _ => None,
            })
            .filter(|measure| measure.official.as_ref().is_none_or(|o| o.other["trade"] != "export"))
            .filter(|measure| measure.from.is_none_or(|from| from <= day) && measure.before.is_none_or(|end| day < end))
            .filter(|measure| measure.origin.is_none() || places(measure.origin.as_ref()).iter().any(within))
            .filter(|measure| !measure.not_origin.iter().any(within))
            .collect();
        let id = |measure: &Measure| measure.official.as_ref().and_then(|official| official.id.clone()).unwrap();
        let kind = |measure: &Measure| serde_json::to_value(measure.kind).unwrap().as_str().unwrap().to_owned();

        // Remedies and excise: those of the case and no others.
        for (kinds, parts) in [
            (
                &[
                    MeasureKind::Additional,
                    MeasureKind::AntiDumping,
                    MeasureKind::Countervailing,
                    MeasureKind::Safeguard,
                ][..],
                &case.remedy,
            ),
            (&[MeasureKind::Excise][..], &case.excise),
        ] {
            let mut due: Vec<String> = in_force
                .iter()
                .filter(|measure| kinds.contains(&measure.kind) && applies(measure, &documents))
                .map(|measure| id(measure))
                .collect();
            let mut listed: Vec<String> = parts.iter().map(|part| part.measure.clone()).collect();
            due.sort();
            listed.sort();
            assert_eq!(due, listed, "{at}");
        }

        // Options: of the same kind and claim; the best lawful one is charged.
        let mut third: Option<((bool, jiff::civil::Date), &Choice)> = None;
        let mut lawful: Vec<&Choice> = Vec::new();
        for option in &case.option {
            let measure = in_force
                .iter()
                .find(|measure| id(measure) == option.measure && measure.outcome != Some(Verdict::NotAllowed))
                .unwrap_or_else(|| panic!("{at}: {} is not in force", option.measure));
            assert_eq!(kind(measure), option.kind, "{at}");
            let programs = places(measure.program.as_ref());
            assert!(option.claim.iter().all(|claim| programs.contains(claim)), "{at}: {programs:?}");
            assert_eq!(measure.amount.is_some(), measure.outcome.is_none(), "{at}");
            let claimed = programs.is_empty() || programs.iter().any(|program| case.claims.contains(program));
            if !applies(measure, &documents) || !claimed {
                continue;
            }
            if measure.kind == MeasureKind::ThirdCountry {
                let rank = (measure.origin.is_some(), measure.from.unwrap());
                if third.as_ref().is_none_or(|(best, _)| rank > *best) {
                    third = Some((rank, option));
                }
            } else {
                lawful.push(option);
            }
        }
        lawful.extend(third.map(|(_, option)| option));
        let stopped =
            in_force.iter().any(|measure| measure.outcome == Some(Verdict::NotAllowed) && applies(measure, &documents));
        assert_eq!(stopped, case.charged == "not-allowed", "{at}");
        match case.option.iter().find(|option| option.name == case.charged) {
            None => assert!(lawful.is_empty(), "{at}: {}", lawful[0].name),
            Some(charged) => {
                assert!(
                    lawful.iter().any(|option| option.name == charged.name),
                    "{at}: {} is not lawful",
                    charged.name
                );
                let least = lawful.iter().filter_map(|option| option.duty).min();
                assert_eq!(charged.duty, least, "{at}");
            }
        }
    }
}
