//! The breadth of the embedded data, and that no collected fact was lost on the way into it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tidewaiter::Decimal;
use tidewaiter::ratebook::EconomySummary;
use tidewaiter::ratebook::compile::SourceFile;
use tidewaiter::record::Confidence;
use tidewaiter::record::world::TerritoryKind;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn files() -> Vec<SourceFile> {
    tidewaiter_data::folder::read(Path::new(HERE)).unwrap().1
}

fn destinations(year: i16) -> Vec<EconomySummary> {
    let all = tidewaiter_data::ratebook().economies(jiff::civil::date(year, 7, 1));
    all.into_iter().filter(|e| e.kind != TerritoryKind::Union).collect()
}

/// One line of the collection that the first data were made from.
#[derive(serde::Deserialize)]
struct Collected {
    key: String,
    jurisdiction: String,
    confidence: Confidence,
}

/// Every collected fact stands in an economy file, as sure as it was collected, or with a note that says why not.
#[test]
fn every_collected_fact_is_kept() {
    let path = Path::new(HERE).join("../../shared/reference/regimes.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let files = files();
    let mut facts = BTreeMap::new();
    for file in &files {
        for fact in &file.economy.fact {
            facts.insert(fact.key.as_str(), (file.name.as_str(), fact));
        }
    }
    let collected: Vec<Collected> = text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}")))
        .collect();
    assert!(collected.len() >= 300, "{} collected facts", collected.len());
    let mut wrong = Vec::new();
    // A warning about a third party's table is of no economy; it stands in data/README.md.
    for want in collected.iter().filter(|c| c.jurisdiction != "DATASET") {
        match facts.get(want.key.as_str()) {
            None => wrong.push(format!("{} ({}) is in no economy file", want.key, want.jurisdiction)),
            Some((_, fact)) if fact.confidence == want.confidence => {}
            Some((file, fact)) => {
                let way = if fact.confidence > want.confidence { "raised" } else { "lowered" };
                println!(
                    "{file}: {} {way} from {:?} to {:?}: {}",
                    want.key,
                    want.confidence,
                    fact.confidence,
                    fact.note.as_deref().unwrap_or("")
                );
                if fact.note.as_deref().is_none_or(|n| n.trim().is_empty()) {
                    wrong.push(format!(
                        "{file}: {} was {way} from {:?} to {:?} without a note",
                        want.key, want.confidence, fact.confidence
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), collected.len(), wrong.join("\n"));
}

#[test]
fn standard_rates_since_2024() {
    let years: Vec<BTreeSet<String>> = (2024..=2026)
        .map(|year| destinations(year).into_iter().filter(|e| e.standard_rate().is_some()).map(|e| e.code).collect())
        .collect();
    let always: Vec<&String> = years[0].iter().filter(|code| years.iter().all(|y| y.contains(*code))).collect();
    assert!(always.len() >= 120, "{} economies have a standard rate in each year since 2024", always.len());
    for economy in destinations(2026) {
        for rate in &economy.standard_rates {
            assert!(
                !rate.percent.is_negative() && rate.percent <= Decimal::from_int(50),
                "{}: a standard rate of {} %",
                economy.code,
                rate.percent
            );
        }
    }
}

#[test]
fn vendor_schemes_are_there_and_sourced() {
    let files = files();
    for file in &files {
        for scheme in &file.economy.scheme {
            assert!(!scheme.cites.is_empty(), "{}: scheme {} cites nothing", file.name, scheme.key);
            for key in &scheme.cites {
                assert!(
                    file.economy.fact.iter().any(|f| f.key == *key),
                    "{}: scheme {} cites {key}, which is no fact of the file",
                    file.name,
                    scheme.key
                );
            }
        }
    }
    for code in ["EU", "GB", "NO", "AU", "NZ", "SG", "MY", "CH", "CL"] {
        let file =
            files.iter().find(|f| f.economy.economy.territory == code).unwrap_or_else(|| panic!("{code} has no file"));
        assert!(!file.economy.scheme.is_empty(), "{code} has no vendor scheme");
        // A scheme that no rule asks about would be a dead letter.
        for scheme in &file.economy.scheme {
            assert!(
                file.text.contains(&format!("seller registered {}", scheme.key))
                    || file.text.contains(&format!("\"{}\"", scheme.key)),
                "{code}: nothing mentions {}",
                scheme.key
            );
        }
    }
}

/// What is unverified says so wherever it is read: in the file, in the ratebook, and in the counts.
#[test]
fn low_facts_are_marked() {
    let book = tidewaiter_data::ratebook();
    let mut low = 0;
    for file in files() {
        let territory = &file.economy.economy.territory;
        let Some(view) = book.economy(territory) else { panic!("{territory} has no rules in the ratebook") };
        let summary = book.economies(jiff::civil::date(2026, 7, 1)).into_iter().find(|e| e.code == *territory).unwrap();
        assert_eq!(
            view.facts.iter().filter(|f| f.confidence == Confidence::Low).count(),
            summary.facts.low,
            "{territory}"
        );
        for fact in &file.economy.fact {
            let shown = view
                .facts
                .iter()
                .find(|f| f.key == fact.key && f.territory == *territory)
                .unwrap_or_else(|| panic!("{territory}: {} is not shown", fact.key));
            assert_eq!(shown.confidence, fact.confidence, "{}", fact.key);
            assert!(!shown.publisher.trim().is_empty() && !shown.statement.trim().is_empty(), "{}", fact.key);
            low += usize::from(fact.confidence == Confidence::Low);
        }
        // A rung is as sure as the least sure of what it cites.
        for rung in view.charges.iter().flat_map(|c| &c.rungs) {
            let least = rung.cites.iter().filter_map(|key| view.fact(key)).map(|f| f.confidence).min();
            assert!(
                rung.confidence.is_some() && rung.confidence <= least,
                "{territory}: {} is surer than what it cites",
                rung.name
            );
        }
    }
    println!("{low} facts are unverified");
}

#[test]
fn exchange_rates_are_there() {
    let world = tidewaiter_data::world();
    assert!(!world.series.series.is_empty());
    for series in &world.series.series {
        let csv = world.rates.get(&series.file).unwrap_or_else(|| panic!("{} is missing", series.file));
        let rows: Vec<&str> = csv.lines().skip(1).filter(|l| !l.trim().is_empty()).collect();
        assert!(!rows.is_empty(), "{} is empty", series.file);
        assert!(
            rows.iter().all(|r| r.split(',').skip(1).any(|c| !c.trim().is_empty())),
            "{}: a day without rates",
            series.file
        );
        let days: Vec<&str> = rows.iter().filter_map(|r| r.split(',').next()).collect();
        assert!(days.windows(2).all(|d| d[0] <= d[1]), "{}: days do not rise", series.file);
    }
    let days = world.rates["ecb.csv"].lines().count() - 1;
    assert!(days >= 100, "{days} days of rates");
    // The currencies of the largest traders reach the euro on a day of each year.
    for year in [2024, 2025, 2026] {
        for currency in ["USD", "GBP", "JPY", "CNY", "CHF", "CAD", "AUD", "INR", "BRL", "KRW"] {
            let asked = serde_json::from_str(&format!(r#"{{"from":"CN","to":"DE","date":"{year}-06-15","currency":"{currency}","items":[{{"code":"610910","origin":"CN","price":"10"}}]}}"#)).unwrap();
            let quote = tidewaiter_data::ratebook().quote(&asked).unwrap();
            assert!(quote.rates.iter().any(|r| r.from == currency && r.to == "EUR"), "{currency} in {year}");
        }
    }
}

#[test]
fn every_file_is_of_a_known_territory_and_every_rule_of_the_day_is_sourced() {
    let files = files();
    assert!(files.len() >= 150, "{} economy files", files.len());
    let names: BTreeSet<&str> = files.iter().map(|f| f.economy.economy.territory.as_str()).collect();
    assert_eq!(names.len(), files.len(), "two files of one economy");
    for file in &files {
        assert!(!file.economy.economy.summary.trim().is_empty(), "{} has no summary for a shopkeeper", file.name);
        assert!(
            file.name.ends_with(&format!("/{}.toml", file.economy.economy.territory)),
            "{} is about {}",
            file.name,
            file.economy.economy.territory
        );
    }
}
