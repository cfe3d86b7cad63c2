//! Australian schedules, on the real copies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use std::path::PathBuf;
use tidewaiter::record::{Measure, MeasureKind, Places, Verdict, Written, grammar};
use tidewaiter_sources::au_tariff::{self, Options};
use tidewaiter_sources::{Account, Entry, Limits, Source};

fn read(names: &[&str], accept_rest: bool) -> Option<(Account, Vec<Entry>)> {
    let mut sources = Vec::new();
    for name in names {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/au-tariff")).join(name);
        if !path.exists() {
            println!("skipped: ../shared is absent");
            return None;
        }
        sources.push(Source::open(&path, Limits::default()).unwrap());
    }
    let (mut account, mut out) = (Account::default(), Vec::new());
    let options = Options { known_from: date(2026, 4, 1), accept_rest };
    au_tariff::import(sources, &options, &mut out, &mut account).unwrap();
    println!(
        "{names:?}\n read {:?}\n made {:?}\n left out {:?}\n inexpressible {:?}\n refused {}",
        account.read, account.made, account.left_out, account.inexpressible, account.refused
    );
    Some((account, out))
}

fn measures(out: &[Entry]) -> Vec<&Measure> {
    out.iter()
        .filter_map(|entry| match entry {
            Entry::Measure(measure) => Some(measure),
            _ => None,
        })
        .collect()
}

fn words<'a>(out: &'a [Entry], code: &str, program: Option<&str>) -> Vec<&'a str> {
    let program = program.map(|program| Places::One(program.to_owned()));
    measures(out)
        .into_iter()
        .filter(|m| m.code == code && m.program == program)
        .map(|m| match &m.amount {
            Some(Written::Words(words)) => words.as_str(),
            _ => "?",
        })
        .collect()
}

const ALL: [&str; 3] = ["tariff-schedule1.json", "tariff-schedule3.json.gz", "tariff-schedules-fta.json.gz"];

#[test]
fn every_row_is_accounted_for() {
    let Some((account, _)) = read(&ALL, false) else { return };
    assert_eq!(
        (account.read["classification"], account.read["concession"], account.read["country"]),
        (7671, 3910, 246)
    );
    assert_eq!((account.made["line"], account.left_out["the same row again"]), (5657, 2001));
    let refused = |file: &str| account.refusals.iter().filter(|r| r.file.contains(file)).count() as u64;
    assert_eq!((refused("schedule3"), refused("fta"), account.refused), (13, 217, 230));
    assert_eq!(account.read["classification"], account.made["line"] + account.left_out["the same row again"] + 13);
    // 14 concessional items and 98 chapter notes are texts.
    assert_eq!(account.made["text"], 14 + account.read["chapter notes"]);
    let found: Vec<&str> =
        account.refusals.iter().filter(|r| r.file.contains("schedule3")).map(|r| r.found.as_str()).collect();
    assert!(found.contains(&"5% DCS4% DTC5%"));
    assert_eq!(found.iter().filter(|text| text.contains("DCT;5%")).count(), 3);
    assert_eq!(found.iter().filter(|text| text.contains("/SG/SG")).count(), 1);
}

#[test]
fn the_rest_on_request() {
    let Some((account, out)) = read(&ALL, true) else { return };
    assert!(account.is_clean());
    let facts: Vec<&str> =
        out.iter().filter_map(|e| if let Entry::Fact(f) = e { Some(f.key.as_str()) } else { None }).collect();
    for entry in &out {
        if let Entry::Program(program) = entry {
            assert!(program.cites.iter().all(|key| facts.contains(&key.as_str())), "{program:?}");
        }
    }
    for measure in measures(&out) {
        assert!(!measure.cites.is_empty() && measure.cites.iter().all(|key| facts.contains(&key.as_str())));
        assert!(measure.amount.is_some() != measure.outcome.is_some());
        if let Some(Written::Words(words)) = &measure.amount {
            assert!(grammar::amount(words).is_ok(), "{words}");
        }
    }
    assert_eq!(words(&out, "07095200", None), ["5 %"]);
    assert_eq!(words(&out, "07095200", Some("au.DCS")), ["4 %"]);
    assert_eq!(words(&out, "07095200", Some("au.DCT")), ["5 %"]);
    assert_eq!(words(&out, "01012100", None), ["0 %"]);
    let missing = |text: &str| {
        out.iter().any(|e| matches!(e, Entry::Fact(f) if f.key == "au.tariff.missing" && f.statement.contains(text)))
    };
    assert!(missing("846259") && missing("230 rows") && missing("SAFTA 2710.12.62"));
    assert!(measures(&out).iter().any(|m| m.code == "846259" && m.outcome == Some(Verdict::Unknown)));
    // Singapore is in parts 4 and 5 of schedule 1: the DCS rate is not for it.
    let members = |code: &str| {
        out.iter()
            .find_map(|e| match e {
                Entry::Area(area) if area.code == code => {
                    Some(area.members.iter().map(|m| m.territory.clone()).collect::<Vec<_>>())
                }
                _ => None,
            })
            .unwrap()
    };
    assert_eq!(members("au.DCT"), ["SG", "KR", "HK", "TW"]);
    assert!(members("au.DCS").contains(&"AL".to_owned()) && !members("au.DCS").contains(&"SG".to_owned()));
    assert_eq!(members("au.FI").len(), 13);
    assert!(members("au.LDC").contains(&"ZM".to_owned()) && members("au.DC").contains(&"WF".to_owned()));
    assert!(measures(&out).iter().any(|m| m.kind == MeasureKind::Preference));
}
