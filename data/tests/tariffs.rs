//! The tariff lines and bounds of `tariffs/`: every row reads, cites a source that exists, and stands alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tidewaiter::Decimal;
use tidewaiter::goods::{CodeRange, GoodsCode};
use tidewaiter::record::Confidence;
use tidewaiter::record::grammar;
use tidewaiter::unit;

const LINES: [&str; 9] = ["code", "duty", "unit", "origin", "from", "before", "source", "confidence", "note"];
const BOUNDS: [&str; 8] = ["destination", "codes", "least", "most", "source", "date", "confidence", "note"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tariffs")
}

/// Rows of a CSV file as RFC 4180 writes them, one row a line, with their line numbers.
fn rows(path: &Path, header: &[&str]) -> Vec<(usize, Vec<String>)> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert!(!text.contains('\r'), "{}: line ends", path.display());
    let mut out = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let row = fields(line);
        if at == 0 {
            assert_eq!(row, header, "{}: the header", path.display());
        } else {
            assert_eq!(row.len(), header.len(), "{}:{}: columns", path.display(), at + 1);
            out.push((at + 1, row));
        }
    }
    out
}

fn fields(line: &str) -> Vec<String> {
    let mut row = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            c => row.last_mut().unwrap().push(c),
        }
    }
    assert!(!quoted, "an open quote: {line}");
    row
}

#[derive(serde::Deserialize)]
struct Sources {
    source: Vec<Source>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    key: String,
    publisher: String,
    title: String,
    url: String,
    #[serde(default)]
    date: Option<toml::value::Datetime>,
    licence: String,
    nomenclature: String,
    #[serde(default)]
    read: Option<String>,
}

fn sources() -> BTreeMap<String, Source> {
    let text = std::fs::read_to_string(folder().join("sources.toml")).unwrap();
    let table: Sources = toml::from_str(&text).unwrap();
    let mut keys = BTreeMap::new();
    for source in table.source {
        assert!(!source.publisher.is_empty() && !source.title.is_empty(), "{}", source.key);
        assert!(source.url.starts_with("https://"), "{}", source.key);
        assert!(!source.licence.is_empty() && !source.nomenclature.is_empty(), "{}", source.key);
        let (key, twice) = (source.key.clone(), format!("{} twice", source.key));
        assert!(keys.insert(key, source).is_none(), "{twice}");
    }
    keys
}

fn confidence(text: &str) -> Confidence {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn day(text: &str) -> Option<jiff::civil::Date> {
    (!text.is_empty()).then(|| text.parse().unwrap_or_else(|e| panic!("{text}: {e}")))
}

/// The subheadings of HS 2022, where the reference data are at hand.
fn subheadings() -> Option<BTreeSet<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/hs/harmonized-system-hs2022.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: ../shared is absent");
        return None;
    };
    let codes: BTreeSet<String> =
        text.lines().filter_map(|l| l.split(',').nth(1)).filter(|c| c.len() == 6).map(str::to_owned).collect();
    assert!(codes.len() > 5000, "{} subheadings", codes.len());
    Some(codes)
}

fn products() -> BTreeSet<String> {
    rows(&folder().join("products.csv"), &["code", "goods"]).into_iter().map(|(_, r)| digits(&r[0])).collect()
}

fn digits(code: &str) -> String {
    code.parse::<GoodsCode>().unwrap_or_else(|e| panic!("{code}: {e}")).digits()
}

fn destinations() -> Vec<(String, PathBuf)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        // Whole tariffs are generated; their page stands beside them.
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let whole = path.with_extension("toml").is_file();
        if path.extension().is_some_and(|x| x == "csv") && !whole && !matches!(name.as_str(), "bounds" | "products") {
            out.push((name, path));
        }
    }
    out.sort();
    out
}

fn percent(text: &str) -> Decimal {
    let number = text.strip_suffix(" %").unwrap_or_else(|| panic!("{text}: a bound is a percentage"));
    number.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn the_list_is_of_known_subheadings() {
    let list = rows(&folder().join("products.csv"), &["code", "goods"]);
    assert_eq!(list.len(), 150);
    assert_eq!(products().len(), 150, "each once");
    if let Some(known) = subheadings() {
        for code in products() {
            assert!(known.contains(&code), "{code} is not in HS 2022");
        }
    }
}

#[test]
fn every_line_reads_and_stands_alone() {
    let (sources, list, known) = (sources(), products(), subheadings());
    let territories: BTreeSet<&str> =
        tidewaiter_data::world().territories.territory.iter().map(|t| t.code.as_str()).collect();
    let files = destinations();
    assert!(files.len() >= 8, "{} destinations", files.len());
    for (destination, path) in &files {
        assert!(territories.contains(destination.as_str()), "{destination} is no territory");
        let mut seen: Vec<GoodsCode> = Vec::new();
        let mut previous = String::new();
        for (at, row) in rows(path, &LINES) {
            let here = format!("{destination}:{at}: {}", row[0]);
            let code: GoodsCode = row[0].parse().unwrap_or_else(|e| panic!("{here}: {e}"));
            let text = code.digits();
            assert!(matches!(text.len(), 6 | 8..=10 | 12), "{here}: digits");
            assert!(list.contains(&text[..6]), "{here}: not in products.csv");
            assert!(known.as_ref().is_none_or(|k| k.contains(&text[..6])), "{here}: not in HS 2022");
            assert!(previous < text, "{here}: out of order or twice");
            previous = text;
            let duty = grammar::amount(&row[1]).unwrap_or_else(|e| panic!("{here}: {e}"));
            assert_eq!(duty.to_string(), row[1], "{here}: one way to write it");
            let units: Vec<&str> =
                row[1].split(" per ").skip(1).filter_map(|u| u.split([',', ')', ' ']).next()).collect();
            match row[2].as_str() {
                "" => assert!(units.is_empty(), "{here}: the unit is missing"),
                named => {
                    assert!(units.iter().all(|u| *u == named), "{here}: {named} is not {units:?}");
                    assert!(unit::find(named).is_some(), "{here}: no unit {named}");
                }
            }
            assert_eq!(row[3], "all", "{here}: origin");
            let (from, before) = (day(&row[4]), day(&row[5]));
            assert!(before.is_none() || from < before, "{here}: dates");
            assert!(sources.contains_key(&row[6]), "{here}: no source {}", row[6]);
            confidence(&row[7]);
            let mine = code.range();
            for other in &seen {
                assert!(!other.range().contains(code) && !mine.contains(*other), "{here} overlaps {other}");
            }
            seen.push(code);
        }
        let covered: BTreeSet<String> = seen.iter().map(|c| c.digits()[..6].to_owned()).collect();
        println!("{destination}: {} rows, {} of {} subheadings", seen.len(), covered.len(), list.len());
    }
}

#[test]
fn every_bound_reads() {
    let sources = sources();
    let territories: BTreeSet<&str> =
        tidewaiter_data::world().territories.territory.iter().map(|t| t.code.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (at, row) in rows(&folder().join("bounds.csv"), &BOUNDS) {
        let here = format!("bounds:{at}: {} {}", row[0], row[1]);
        assert!(territories.contains(row[0].as_str()), "{here}: no territory");
        row[1].parse::<CodeRange>().unwrap_or_else(|e| panic!("{here}: {e}"));
        grammar::amount(&row[2]).unwrap_or_else(|e| panic!("{here}: {e}"));
        grammar::amount(&row[3]).unwrap_or_else(|e| panic!("{here}: {e}"));
        assert!(percent(&row[2]) <= percent(&row[3]), "{here}: least above most");
        assert!(sources.contains_key(&row[4]), "{here}: no source {}", row[4]);
        day(&row[5]);
        confidence(&row[6]);
        assert!(seen.insert((row[0].clone(), row[1].clone())), "{here}: twice");
        *counts.entry(row[0].clone()).or_default() += 1;
    }
    println!("bounds: {counts:?}");
}

/// A line must lie within every bound of its destination that covers it.
#[test]
fn lines_lie_within_bounds() {
    let bounds: Vec<(String, CodeRange, Decimal, Decimal)> = rows(&folder().join("bounds.csv"), &BOUNDS)
        .into_iter()
        .map(|(_, r)| (r[0].clone(), r[1].parse().unwrap(), percent(&r[2]), percent(&r[3])))
        .collect();
    let mut checked = 0;
    for (destination, path) in destinations() {
        for (at, row) in rows(&path, &LINES) {
            let Some(rate) = row[1].strip_suffix(" %").and_then(|n| n.parse::<Decimal>().ok()) else { continue };
            let code: GoodsCode = row[0].parse().unwrap();
            for (to, range, least, most) in bounds.iter().filter(|b| b.0 == destination && b.1.contains(code)) {
                assert!(*least <= rate && rate <= *most, "{destination}:{at}: {} outside {to} {range}", row[0]);
                checked += 1;
            }
        }
    }
    assert!(checked > 500, "{checked} checks");
}

/// No source is listed for nothing.
#[test]
fn every_source_is_used() {
    let mut used: BTreeSet<String> =
        rows(&folder().join("bounds.csv"), &BOUNDS).into_iter().map(|(_, r)| r[4].clone()).collect();
    for (_, path) in destinations() {
        used.extend(rows(&path, &LINES).into_iter().map(|(_, r)| r[6].clone()));
    }
    for (key, source) in sources() {
        assert!(used.contains(&key), "{key} is cited by nothing");
        assert!(source.date.is_some() || source.read.is_none(), "{key}: a copy needs its date");
    }
}

/// A third-country duty in an economy's own file says the same as the lines of its table, wherever both speak of one code.
#[test]
fn lines_agree_with_the_economy() {
    let mut compared = 0;
    for (destination, path) in destinations() {
        let economy = folder().join(format!("../economies/{destination}.toml"));
        let economy: toml::Table = toml::from_str(&std::fs::read_to_string(&economy).unwrap()).unwrap();
        let own: Vec<(GoodsCode, &str)> = economy
            .get("measure")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .filter(|m| m.get("kind").and_then(toml::Value::as_str) == Some("third-country"))
            .filter(|m| ["from", "before", "origin", "when"].iter().all(|k| m.get(*k).is_none()))
            .filter_map(|m| Some((m.get("code")?.as_str()?.parse().ok()?, m.get("amount")?.as_str()?)))
            .collect();
        for (at, row) in rows(&path, &LINES) {
            let code: GoodsCode = row[0].parse().unwrap();
            for (other, amount) in own.iter().filter(|(c, _)| c.range().contains(code) || code.range().contains(*c)) {
                assert_eq!(*amount, row[1], "{destination}:{at}: {} against {other} of the economy file", row[0]);
                compared += 1;
            }
        }
    }
    assert!(compared >= 50, "{compared} compared");
}

/// Where a flat duty on parcels takes the place of the tariff, its lines are shown and not charged.
#[test]
fn who_charges_parcels_by_the_tariff_is_known() {
    let ratebook = tidewaiter_data::ratebook();
    let takes = ["US", "GB", "EU", "BR", "AE", "nowhere"].map(|code| ratebook.takes_tariff(code));
    assert_eq!(takes, [true, true, true, false, false, false]);
}
