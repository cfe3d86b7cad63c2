//! The checks on official files: what they say there is either worth a word, or the rule is wrong.

use super::{Asked, authority, manifest};
use jiff::civil::Date;
use std::path::Path;
use tidewaiter_repository::checks::{self, Draft, Report};
use tidewaiter_sources::formats::{self, Settings};
use tidewaiter_sources::{Account, Entry, Limits, Source};

/// The records of official files, and the report on them as if their authority had published them on their own day.
struct Official {
    report: Report,
    entries: Vec<Entry>,
}

fn official(format: &str, files: &[&str], published: Option<Date>, before: Option<&Official>) -> Option<Official> {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    if !data.is_dir() {
        println!("skipped: ../shared is absent");
        return None;
    }
    let open = |name: &&str| Source::open(&data.join(name), Limits::default()).unwrap();
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let world = tidewaiter_data::world();
    let settings = Settings { published, accept_rest: true, world: Some(world), ..Settings::default() };
    let sources = files.iter().map(open).collect();
    let imported = formats::import(format, sources, &settings, &mut entries, &mut account).unwrap();
    let today = imported.edition.known_from;
    let asked = Asked {
        territory: Some(imported.edition.territory.clone().unwrap_or_default()),
        issued: Some(format!("{today}T09:00:00Z").parse().unwrap()),
        ..Asked::default()
    };
    let list = std::fs::read_to_string(data.join("hs/harmonized-system-hs2022.csv")).unwrap();
    let codes =
        list.lines().filter_map(|line| line.split(',').nth(1)).filter(|code| code.len() == 6).map(str::to_owned);
    let manifest = manifest(imported.edition, &asked);
    let started = std::time::Instant::now();
    let report = checks::run(&Draft {
        authority: &authority(&asked),
        manifest: &manifest,
        entries: &entries,
        before: before.map(|before| before.entries.as_slice()),
        noticed: &imported.warnings,
        world,
        codes: &codes.collect(),
        around: &Default::default(),
        today,
    });
    println!("{format}: {} records in {:?}: {:?}", entries.len(), started.elapsed(), report.counted);
    for finding in &report.findings {
        println!("  {finding}");
    }
    Some(Official { report, entries })
}

/// The checks that found something.
fn spoke(official: &Official) -> Vec<&str> {
    official.report.counted.keys().map(String::as_str).collect()
}

/// A schedule of the United States passes. Its units without a key, its preferences of chapter 98 without a symbol and its
/// duties above 100 % deserve a word once: with the next revision only new preferences do.
#[test]
fn the_united_states_schedule_passes() {
    let of = |revision| ["us-hts/resources/revision_dates.csv", revision];
    let Some(nine) = official("us-hts", &of("us-hts/hts/hts_2026_rev_9.json.gz"), None, None) else { return };
    assert!(!nine.report.refused());
    assert_eq!(spoke(&nine), ["TW207", "TW406", "TW503"]);
    // Peanuts and tobacco: 13 lines of the file have a general rate above 100 % in chapters 1 to 97.
    assert_eq!(nine.report.counted["TW503"], 13);
    let ten = official("us-hts", &of("us-hts/hts/hts_2026_rev_10.json.gz"), None, Some(&nine)).unwrap();
    assert_eq!(spoke(&ten), ["TW406"]);
}

/// The Australian schedule, as collected: agreements name codes that the schedule no longer has, and stages above a general
/// duty that was lowered since.
#[test]
fn the_australian_schedule_passes() {
    let files = [
        "au-tariff/tariff-schedule1.json",
        "au-tariff/tariff-schedule3.json.gz",
        "au-tariff/tariff-schedules-fta.json.gz",
    ];
    let Some(found) = official("au-tariff", &files, Some(Date::constant(2026, 4, 1)), None) else { return };
    assert!(!found.report.refused());
    assert_eq!(spoke(&found), ["TW202", "TW205", "TW207", "TW303", "TW505"]);
}

/// Twenty-seven years of euro rates, and nothing to say.
#[test]
fn the_euro_rates_pass() {
    let Some(found) = official("ecb", &["fx/eurofxref-hist.zip"], None, None) else { return };
    // The authority of these checks is not the one after whom the format names the series; nothing else is said.
    assert_eq!(found.report.counted.keys().collect::<Vec<_>>(), ["TW513"]);
}

/// A transmission of TARIC holds what changed and leans on groups of countries sent before: alone it is no edition.
#[test]
fn a_transmission_alone_is_refused() {
    let files = ["eu-taric/taric3-xml/TGB18241.xml.gz"];
    let Some(found) = official("taric3", &files, Some(Date::constant(2018, 12, 14)), None) else { return };
    assert!(found.report.refused() && found.report.counted["TW401"] > 0);
}

/// The example on the page of the format: it has a line of one of its goods codes only, and that is all there is to say.
#[test]
fn the_example_of_the_format_passes() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/edition.md");
    let page = std::fs::read_to_string(page).unwrap();
    let example = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let entries: Vec<Entry> = example.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut world = tidewaiter_data::world().clone();
    let mut currency = world.currencies.currency[0].clone();
    currency.code = "XQD".into();
    world.currencies.currency.push(currency);
    let asked = Asked::default();
    let manifest = manifest(super::head(&entries), &asked);
    let report = checks::run(&Draft {
        authority: &authority(&asked),
        manifest: &manifest,
        entries: &entries,
        before: None,
        noticed: &[],
        world: &world,
        codes: &Default::default(),
        around: &Default::default(),
        today: super::TODAY,
    });
    let told: Vec<(&str, &str)> = report.findings.iter().map(|f| (f.check.as_str(), f.place.as_str())).collect();
    let expected =
        ["anti-dumping, origin CN, additional code C999", "third-country"].map(|of| format!("measure 6109.90, {of}"));
    assert_eq!(told, [("TW205", expected[0].as_str()), ("TW205", expected[1].as_str())]);
}
