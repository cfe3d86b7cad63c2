//! Responses of the UK and Northern Ireland Trade Tariff API, the real ones of `../shared`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tidewaiter::record::edition::{Component, Edition};
use tidewaiter::record::{Measure, MeasureKind, Places, Verdict, Written, grammar};
use tidewaiter_sources::duty_expression::{Style, requirement_text, text};
use tidewaiter_sources::uk_api::{Options, Service, import};
use tidewaiter_sources::{Account, Entry, ImportError, Limits, Source};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/uk-tariff");

/// All response files, or nothing where the folder is absent.
fn files() -> Option<Vec<PathBuf>> {
    if !Path::new(FOLDER).is_dir() {
        println!("skipped: ../shared is absent");
        return None;
    }
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(FOLDER).join("api-v2"), PathBuf::from(FOLDER).join("api-v2-duty-calculator")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    Some(found)
}

fn name(path: &Path) -> String {
    path.strip_prefix(FOLDER).unwrap().display().to_string()
}

fn load(path: &Path) -> Result<(Edition, Vec<Entry>, Account), ImportError> {
    let service = if name(path).contains("/xi/") { Service::Xi } else { Service::Uk };
    let options = Options { service: Some(service), as_of: None };
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let source = Source::open(path, Limits::default())?;
    let edition = import(vec![source], &options, &mut entries, &mut account)?;
    Ok((edition, entries, account))
}

fn measures(entries: &[Entry]) -> impl Iterator<Item = &Measure> {
    entries.iter().filter_map(|entry| match entry {
        Entry::Measure(measure) => Some(measure),
        _ => None,
    })
}

// ---- The official text of duties, read without the importer

/// A component as published.
fn component(value: &Value) -> Component {
    let text = |key: &str| value[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    Component {
        expression: text("duty_expression_id").unwrap(),
        amount: value["duty_amount"].as_number().map(|number| number.to_string().parse().unwrap()),
        currency: text("monetary_unit_code"),
        unit: text("measurement_unit_code"),
        qualifier: text("measurement_unit_qualifier_code"),
    }
}

/// Calls `each` with every object of a document that has a key.
fn walk<'v>(value: &'v Value, key: &str, each: &mut dyn FnMut(&'v Value)) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key(key) {
                each(value);
            }
            fields.values().for_each(|inner| walk(inner, key, each));
        }
        Value::Array(items) => items.iter().for_each(|inner| walk(inner, key, each)),
        _ => {}
    }
}

#[derive(Default, Debug, PartialEq, Eq)]
struct Counts {
    measures: usize,
    base: usize,
    formatted: usize,
    verbose: usize,
    overviews: usize,
    condition_duties: usize,
    requirements: usize,
    resolved: usize,
}

#[test]
fn every_stated_duty_is_reproduced_from_its_parts() {
    let Some(files) = files() else { return };
    let mut counts = Counts::default();
    let mut wrong = Vec::new();
    for path in files {
        let json: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let mut included: BTreeMap<(String, String), &Value> = BTreeMap::new();
        for list in [&json["data"], &json["included"]] {
            let items = match list {
                Value::Array(items) => items.iter().collect(),
                Value::Object(_) => vec![list],
                _ => Vec::new(),
            };
            for item in items {
                let key = (item["type"].as_str().unwrap().to_owned(), item["id"].as_str().unwrap().to_owned());
                included.insert(key, item);
            }
        }
        // The parts of a relation, in either shape.
        let related = |node: &Value, relation: &str| -> Option<Vec<Value>> {
            if node["relationships"].is_object() {
                let links = node["relationships"].get(relation)?["data"].clone();
                let links = if links.is_array() { links.as_array().unwrap().clone() } else { vec![links] };
                let find = |link: &Value| {
                    let key = (link["type"].as_str().unwrap().to_owned(), link["id"].as_str().unwrap().to_owned());
                    included[&key]["attributes"].clone()
                };
                return Some(links.iter().filter(|link| !link.is_null()).map(find).collect());
            }
            let value = node.get(relation)?;
            Some(if value.is_array() { value.as_array().unwrap().clone() } else { vec![value.clone()] })
        };
        let mut check = |what: &str, stated: &str, made: &str| {
            if stated != made {
                wrong.push(format!("{} {what}: stated {stated:?}, made {made:?}", name(&path)));
            }
        };
        // Measures: in JSON:API under included, else wherever an object has a duty expression that is an object.
        let mut nodes: Vec<&Value> = Vec::new();
        if json.get("data").is_some() {
            nodes.extend(included.values().filter(|item| item["type"] == "measure"));
        } else {
            walk(&json, "measure_components", &mut |value| nodes.push(value));
        }
        for node in nodes {
            counts.measures += 1;
            let Some(duty) = related(node, "duty_expression").and_then(|mut found| found.pop()) else { continue };
            let id = node["id"].to_string();
            let Some(parts) = related(node, "measure_components") else {
                // An overview: its parts are not in the document.
                counts.overviews += 1;
                continue;
            };
            let parts: Vec<Component> = parts.iter().map(component).collect();
            check(&format!("{id} base"), duty["base"].as_str().unwrap(), &text(&parts, Style::Plain));
            counts.base += 1;
            check(
                &format!("{id} formatted_base"),
                duty["formatted_base"].as_str().unwrap(),
                &text(&parts, Style::Markup),
            );
            counts.formatted += 1;
            if let Some(verbose) = duty["verbose_duty"].as_str() {
                check(&format!("{id} verbose_duty"), verbose, &text(&parts, Style::Words));
                counts.verbose += 1;
            }
            let resolved =
                node["attributes"]["resolved_duty_expression"].as_str().or(node["resolved_duty_expression"].as_str());
            if let Some(resolved) = resolved {
                // No commodity of the files has a recipe, so nothing is resolved.
                check(&format!("{id} resolved"), resolved, "");
                counts.resolved += 1;
            }
        }
        let mut conditions: Vec<(&Value, Vec<Component>)> = Vec::new();
        if json.get("data").is_some() {
            for item in included.values().filter(|item| item["type"] == "measure_condition") {
                let parts = related(item, "measure_condition_components").unwrap_or_default();
                conditions.push((&item["attributes"], parts.iter().map(component).collect()));
            }
        } else {
            walk(&json, "measure_condition_components", &mut |value| {
                let parts = value["measure_condition_components"].as_array().unwrap();
                conditions.push((value, parts.iter().map(component).collect()));
            });
        }
        for (condition, parts) in conditions {
            check("condition", condition["duty_expression"].as_str().unwrap(), &text(&parts, Style::Markup));
            counts.condition_duties += 1;
            if let Some(number) = condition["condition_duty_amount"].as_number() {
                let threshold = requirement_text(
                    number.to_string().parse().unwrap(),
                    condition["condition_monetary_unit_code"].as_str(),
                    condition["condition_measurement_unit_code"].as_str(),
                    condition["condition_measurement_unit_qualifier_code"].as_str(),
                );
                check("requirement", condition["requirement"].as_str().unwrap(), &threshold);
                counts.requirements += 1;
            }
        }
    }
    println!("{counts:?}, {} not reproduced", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// ---- The importer

fn words<T: ToString>(written: Option<&Written<T>>) -> Option<String> {
    written.map(|written| match written {
        Written::Words(words) => words.clone(),
        Written::Tree(tree) => tree.to_string(),
    })
}

fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    pairs.iter().map(|(key, n)| ((*key).to_owned(), *n)).collect()
}

#[test]
fn every_file_is_read_and_every_resource_accounted_for() {
    let Some(files) = files() else { return };
    assert_eq!(files.len(), 64);
    let mut all = Account::default();
    for path in &files {
        let (edition, entries, account) = load(path).unwrap_or_else(|error| panic!("{}: {error}", name(path)));
        assert!(account.is_clean(), "{}: {:?}", name(path), account.refusals);
        assert_eq!(edition.territory.as_deref(), Some(if name(path).contains("/xi/") { "XI" } else { "GB" }));
        assert_eq!(edition.files[0].bytes, std::fs::metadata(path).unwrap().len());
        assert_eq!(entries.len() as u64, account.made.values().sum::<u64>());
        // The resources of the document, counted without the importer.
        let json: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        if json.get("data").is_some() {
            let mut stated: BTreeMap<String, u64> = BTreeMap::new();
            for list in [&json["data"], &json["included"]] {
                let items: Vec<&Value> = match list {
                    Value::Array(items) => items.iter().collect(),
                    Value::Object(_) => vec![list],
                    _ => Vec::new(),
                };
                for item in items {
                    *stated.entry(item["type"].as_str().unwrap().to_owned()).or_default() += 1;
                }
            }
            assert_eq!(account.read, stated, "{}", name(path));
        }
        all.add(account);
    }
    println!("{all:#?}");
    assert_eq!(
        all.read,
        counts(&[
            ("additional_code", 26),
            ("additional_code_type", 15),
            ("certificate_type", 17),
            ("certificates", 1),
            ("change", 30),
            ("chapter", 132),
            ("chemical", 22),
            ("chemical_name", 22),
            ("commodity", 354),
            ("definition", 33),
            ("duty_expression", 1009),
            ("exchange_rate", 330),
            ("exchange_rate_collection", 2),
            ("exchange_rate_file", 39),
            ("exchange_rate_period", 23),
            ("exchange_rate_period_list", 3),
            ("exchange_rate_year", 16),
            ("footnote", 298),
            ("footnote_type", 35),
            ("geographical_area", 20_696),
            ("goods_nomenclature", 18),
            ("guides", 8),
            ("heading", 46),
            ("import_trade_summary", 15),
            ("legal_act", 660),
            ("links", 3),
            ("measure", 1084),
            ("measure_component", 739),
            ("measure_condition", 860),
            ("measure_condition_component", 375),
            ("measure_condition_permutation", 604),
            ("measure_condition_permutation_group", 197),
            ("measure_type", 290),
            ("measurement_unit", 11),
            ("measurement_unit_qualifier", 1),
            ("monetary_exchange_rate", 67),
            ("order_number", 40),
            ("preference_code", 64),
            ("proofs", 2),
            ("quota_order_number_origin", 5),
            ("quota_order_number_origin_exclusion", 28),
            ("rules", 1),
            ("rules_of_origin_scheme", 1),
            ("section", 51),
            ("simplified_procedural_code_measure", 2284),
            ("subheading", 31),
        ])
    );
    assert_eq!(
        all.inexpressible,
        counts(&[
            ("a standard import value: entry prices are not computed", 1),
            ("a standard value for each unit, in place of the price", 2273),
            ("an entry price", 33),
            ("an origin without members", 2),
        ])
    );
    assert_eq!(
        all.made,
        counts(&[
            ("area", 7108),
            ("exchange-rate", 351),
            ("fact", 64),
            ("line", 580),
            ("measure", 882),
            ("program", 663),
            ("quota", 39),
            ("rate", 19),
            ("text", 4359),
        ])
    );
    // 1084 measures: 75 named by changes and quotas, 122 overviews, 6 again on export, and one more record for the code that
    // is not allowed without documents.
    assert_eq!(all.made["measure"], 1084 - 75 - 122 - 6 + 1);
    assert_eq!(all.left_out["an overview of a measure, without origin and dates"], 122);
    assert_eq!(all.left_out["a measure that a change or a quota names"], 75);
    assert_eq!(all.left_out["a measure again, on import and on export"], 6);
    // 330 monthly rates, of which 46 repeat another country's, and 67 of the euro.
    assert_eq!(all.made["exchange-rate"], 330 - 46 + 67);
}

#[test]
fn every_record_can_be_read_and_is_sourced() {
    let Some(files) = files() else { return };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for path in files {
        let (_, entries, _) = load(&path).unwrap();
        let mut facts = Vec::new();
        let mut areas = Vec::new();
        let mut programs = Vec::new();
        for entry in &entries {
            match entry {
                Entry::Fact(fact) => facts.push(fact.key.clone()),
                Entry::Area(area) => areas.push(area.code.clone()),
                Entry::Program(program) => programs.push(program.key.clone()),
                _ => {}
            }
        }
        for measure in measures(&entries) {
            let official = measure.official.as_ref().unwrap();
            let id = format!("{} {}", name(&path), official.id.as_deref().unwrap());
            assert!(measure.cites.iter().all(|cite| facts.contains(cite)) && !measure.cites.is_empty(), "{id}");
            assert_eq!(official.text.clone().unwrap_or_default(), text(&official.components, Style::Plain), "{id}");
            if let Some(amount) = words(measure.amount.as_ref()) {
                grammar::amount(&amount).unwrap_or_else(|error| panic!("{id}: {amount}: {error}"));
            }
            if let Some(when) = words(measure.when.as_ref()) {
                grammar::condition(&when).unwrap_or_else(|error| panic!("{id}: {when}: {error}"));
            }
            let charged = measure.kind.is_charged();
            assert_eq!(
                charged || measure.kind == MeasureKind::Vat,
                measure.amount.is_some() || charged && measure.outcome.is_some(),
                "{id}"
            );
            assert_eq!(measure.outcome.is_some(), measure.says.is_some(), "{id}");
            let origins = match &measure.origin {
                None => Vec::new(),
                Some(Places::One(one)) => vec![one.clone()],
                Some(Places::Many(many)) => many.clone(),
            };
            assert!(origins.iter().chain(&measure.not_origin).all(|place| areas.contains(place)), "{id}");
            if let Some(Places::One(program)) = &measure.program {
                assert!(programs.contains(program), "{id}");
            }
            *seen.entry(format!("{:?}", measure.kind)).or_default() += 1;
        }
        // What was written reads back as the same.
        for entry in &entries {
            let line = serde_json::to_string(entry).unwrap();
            assert_eq!(&serde_json::from_str::<Entry>(&line).unwrap(), entry);
        }
    }
    println!("{seen:?}");
    assert_eq!(seen["Preference"], 628);
    assert_eq!(seen["Quota"], 43);
    assert_eq!(seen["Additional"] + seen["Safeguard"] + seen["AntiDumping"] + seen["Countervailing"], 22);
}

fn find<'e>(entries: &'e [Entry], id: &str) -> &'e Measure {
    measures(entries)
        .find(|measure| measure.official.as_ref().is_some_and(|official| official.id.as_deref() == Some(id)))
        .unwrap_or_else(|| panic!("no measure {id}"))
}

fn one(file: &str) -> Option<Vec<Entry>> {
    let path = files()?.into_iter().find(|path| name(path) == file).unwrap();
    Some(load(&path).unwrap().1)
}

/// Values checked by eye in the files.
#[test]
fn measures_say_what_the_file_says() {
    let Some(beef) = one("api-v2/uk/commodities_0201100021__asof=2025-02-11.json") else { return };
    let duty = find(&beef, "20000065");
    assert_eq!((duty.code.as_str(), duty.kind), ("0201100021", MeasureKind::ThirdCountry));
    assert_eq!(words(duty.amount.as_ref()).unwrap(), "12 % + 147 GBP per 100 kg");
    assert_eq!(duty.official.as_ref().unwrap().regulation.as_deref(), Some("S.I. 2020/1430"));
    let quota = find(&beef, "20254637");
    assert_eq!((quota.kind, quota.order_number.as_deref()), (MeasureKind::Quota, Some("050351")));
    assert_eq!(quota.program, Some(Places::One("gb.050351".into())));
    assert_eq!(words(quota.when.as_ref()).unwrap(), "document L001 and document Y100");
    assert_eq!(quota.before, Some(jiff::civil::date(2025, 6, 30)));
    let control = find(&beef, "20179837");
    assert_eq!(control.kind, MeasureKind::Control);
    assert_eq!(words(control.when.as_ref()).unwrap(), "not document 9009 9010 9017");
    assert!(beef.iter().any(|entry| matches!(entry, Entry::Quota(quota)
        if quota.order_number == "050351" && quota.balance == "26594.52".parse().ok() && quota.unit.as_deref() == Some("kg"))));
    assert!(beef.iter().any(|entry| matches!(entry, Entry::Area(area) if area.code == "1035"
        && area.members.iter().map(|member| member.territory.as_str()).eq(["BW", "LS", "MZ", "NA", "SZ"]))));
    assert!(beef.iter().any(|entry| matches!(entry, Entry::Line(line)
        if line.code == "0201100021" && line.declarable && line.suffix.as_deref() == Some("80"))));
    assert!(beef.iter().any(|entry| matches!(entry, Entry::Rate(rate)
        if rate.class == "zero" && rate.codes == ["0201100021"])));

    let chemical = one("api-v2/uk/commodities_2924297099__asof=2025-07-14.json").unwrap();
    assert_eq!(words(find(&chemical, "20200894").when.as_ref()).unwrap(), "document 2500");
    assert_eq!(words(find(&chemical, "20200911").when.as_ref()).unwrap(), "not document 2500");
    let remedy = find(&chemical, "20185934");
    assert_eq!(
        (remedy.kind, words(remedy.when.as_ref()).unwrap()),
        (MeasureKind::Additional, "not document 9018".into())
    );
    assert_eq!(find(&chemical, "20250988").not_origin, ["CA", "MX"]);
    assert_eq!(find(&chemical, "20260377").kind, MeasureKind::Suspension);
    assert_eq!(find(&chemical, "20260377").program, None);

    let fat = one("api-v2-duty-calculator/uk/commodities/1516209821.json").unwrap();
    let company = find(&fat, "20041376");
    assert_eq!((company.kind, company.additional_code.as_deref()), (MeasureKind::Countervailing, Some("C114")));
    assert_eq!(
        words(company.amount.as_ref()).unwrap(),
        "if(document D008, 0 GBP per t biodiesel, 198.33 GBP per t biodiesel)"
    );
    assert_eq!(words(find(&fat, "20041324").when.as_ref()).unwrap(), "not document B107 B108 C114");

    let spirit = one("api-v2/uk/commodities_2208909110__asof=2018-11-15.json").unwrap();
    assert_eq!(words(find(&spirit, "2052972").amount.as_ref()).unwrap(), "1 EUR per % vol hl + 6.4 EUR per hl");
    let excise = find(&spirit, "-457046");
    assert_eq!(
        (excise.kind, words(excise.amount.as_ref()).unwrap()),
        (MeasureKind::Excise, "28.74 GBP per l alcohol".into())
    );
    assert_eq!(
        (excise.additional_code.as_deref(), words(excise.when.as_ref()).unwrap()),
        (Some("X451"), "always".into())
    );
    assert_eq!(find(&spirit, "3165880").not_origin, ["HT"]);

    let tomato = one("api-v2/uk/commodities_0702000007__asof=2020-07-22.json").unwrap();
    let entry_price = find(&tomato, "3702056");
    assert_eq!((&entry_price.amount, entry_price.outcome), (&None, Some(Verdict::FormalEntry)));
    assert_eq!(entry_price.official.as_ref().unwrap().conditions.len(), 6);
    assert!(tomato.iter().any(|entry| matches!(entry, Entry::Quota(quota)
        if quota.order_number == "090094" && quota.status.as_deref() == Some("Exhausted"))));

    let horse = one("api-v2/xi/commodities_0101210000__asof=2025-07-14.json").unwrap();
    assert!(
        horse.iter().any(|entry| matches!(entry, Entry::Line(line) if line.code == "010121" && line.units == ["item"]))
    );
    let refused: Vec<&Measure> = measures(&horse).filter(|made| made.outcome == Some(Verdict::NotAllowed)).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(words(refused[0].when.as_ref()).unwrap(), "not document C074 C078 or not document C075");
    let pig = one("api-v2-duty-calculator/uk/commodities/0103921100.json").unwrap();
    assert_eq!(
        words(find(&pig, "-1010806389").amount.as_ref()).unwrap(),
        "max(16.5 % of (1 GBP per retail price) + 244.78 GBP per 1000 items, 320.9 GBP per 1000 items)"
    );
}

#[test]
fn exchange_rates_say_what_the_file_says() {
    let Some(monthly) = one("api-v2/uk/exchange_rates_2022-1__filter-type-=monthly.json") else { return };
    let dirham = monthly.iter().find_map(|entry| match entry {
        Entry::ExchangeRate(rate) if rate.currency == "AED" => Some(rate),
        _ => None,
    });
    let dirham = dirham.unwrap();
    assert_eq!(
        (dirham.series.as_str(), dirham.base.as_str(), dirham.rate.to_string().as_str()),
        ("hmrc-monthly", "GBP", "4.8542")
    );
    assert_eq!((dirham.from, dirham.before), (jiff::civil::date(2022, 1, 1), Some(jiff::civil::date(2022, 2, 1))));
    let euro = one("api-v2-duty-calculator/xi/monetary_exchange_rates.json").unwrap();
    assert!(euro.iter().any(|entry| matches!(entry, Entry::ExchangeRate(rate)
        if rate.base == "EUR" && rate.currency == "GBP" && rate.rate == "0.7298".parse().unwrap()
            && rate.from == jiff::civil::date(2016, 1, 1) && rate.before == Some(jiff::civil::date(2016, 2, 1)))));
}

#[test]
fn several_responses_make_one_edition() {
    let Some(files) = files() else { return };
    let names = [
        "commodities_0101210000__",
        "commodities_0101300000__",
        "headings_0501__",
        "geographical_areas_1013",
        "sections",
    ];
    let some: Vec<PathBuf> = files
        .into_iter()
        .filter(|path| name(path).starts_with("api-v2/uk/") && names.iter().any(|wanted| name(path).contains(wanted)))
        .collect();
    let sources = some.iter().map(|path| Source::open(path, Limits::default()).unwrap()).collect();
    let options = Options { service: Some(Service::Uk), as_of: Some(jiff::civil::date(2025, 7, 14)) };
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let edition = import(sources, &options, &mut entries, &mut account).unwrap();
    assert!(account.is_clean(), "{:?}", account.refusals);
    assert_eq!((edition.files.len(), edition.known_from), (some.len(), jiff::civil::date(2025, 7, 14)));
    let facts = entries.iter().filter(|entry| matches!(entry, Entry::Fact(_))).count();
    assert_eq!(facts, 1, "one fact for one tariff and day");
    let erga_omnes = entries.iter().filter(|entry| matches!(entry, Entry::Area(area) if area.code == "1011")).count();
    assert_eq!(erga_omnes, 1);
    let mut keys: Vec<String> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Program(program) => Some(program.key.clone()),
            Entry::Line(line) => Some(format!("{} {:?}", line.code, line.suffix)),
            _ => None,
        })
        .collect();
    let all = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), all, "programmes and lines stand once");
}

#[test]
fn a_broken_response_is_refused_and_nothing_panics() {
    let Some(files) = files() else { return };
    for path in files.iter().filter(|path| name(path).contains("0809400500") || name(path).contains("quotas_search")) {
        let whole = std::fs::read(path).unwrap();
        for step in 1..60 {
            let at = whole.len() * step / 60;
            tidewaiter_sources::uk_api::try_bytes(&whole[..at]);
            for byte in [b'"', b'9', b'{', 0xff] {
                let mut broken = whole.clone();
                broken[at] = byte;
                tidewaiter_sources::uk_api::try_bytes(&broken);
            }
        }
    }
}
