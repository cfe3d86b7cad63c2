//! UK tables, on the real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use std::path::PathBuf;
use tidewaiter::record::{Confidence, Verdict};
use tidewaiter_sources::uk_tables::{self, Options};
use tidewaiter_sources::{Account, Entry, Limits, Source};

fn read(names: &[&str], accept_rest: bool) -> Option<(Account, Vec<Entry>)> {
    let mut sources = Vec::new();
    for name in names {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/uk-tariff")).join(name);
        if !path.exists() {
            println!("skipped: ../shared is absent");
            return None;
        }
        sources.push(Source::open(&path, Limits::default()).unwrap());
    }
    let (mut account, mut out) = (Account::default(), Vec::new());
    let options = Options { known_from: date(2021, 10, 19), nomenclature: "UK".into(), accept_rest };
    uk_tables::import(sources, &options, &mut out, &mut account).unwrap();
    println!(
        "{names:?}\n read {:?}\n made {:?}\n left out {:?}\n inexpressible {:?}\n refused {}",
        account.read, account.made, account.left_out, account.inexpressible, account.refused
    );
    for refusal in account.refusals.iter().take(14) {
        println!("   {refusal}");
    }
    Some((account, out))
}

#[test]
fn commodities_of_2021() {
    let Some((account, out)) = read(&["reference/uk_commodities_2021-10-19.csv.gz"], false) else { return };
    assert_eq!((account.read["line"], account.made["line"], account.refused), (24_785, 24_772, 13));
    let horse = out.iter().find_map(|e| match e {
        Entry::Line(l) if l.code == "0101210000" && l.suffix.as_deref() == Some("80") => Some(l),
        _ => None,
    });
    let horse = horse.unwrap();
    assert_eq!(
        (horse.description["en"].as_str(), horse.indent, horse.declarable),
        ("Pure-bred breeding animals", Some(2), true)
    );
    let Some((account, _)) = read(&["reference/uk_commodities_2021-10-19.csv.gz"], true) else { return };
    assert!(account.is_clean());
    assert_eq!(account.left_out["not understood, left out on request"], 13);
}

#[test]
fn commodities_of_2022() {
    let Some((account, _)) = read(&["reference/uk_trade_tariff_2022-01-06.xlsx"], false) else { return };
    assert_eq!(account.read["line"], 25_164);
    // Five rows hold three digits, the rest of broken ones: 030, 115, 125, 200 and one more.
    let left: u64 = account.left_out.values().sum();
    assert_eq!(account.read["line"], account.made["line"] + left + account.refused);
    assert_eq!((account.made["line"], left, account.refused), (25_155, 4, 5));
}

#[test]
fn areas_of_2012() {
    let Some((account, _)) = read(&["geo/geo_zones.csv.gz"], false) else { return };
    assert_eq!((account.read["member"], account.left_out["joined in its area"], account.refused), (4403, 4403, 0));
    assert_eq!(account.made["area"], 115);
}

#[test]
fn the_draft_of_2019_is_not_law() {
    let names = [
        "draft-2019/all_nomenclature.csv.gz",
        "draft-2019/mfn_analysis_components.csv.gz",
        "draft-2019/mfn_analysis_measures.csv.gz",
        "draft-2019/quota_measures.csv.gz",
    ];
    let Some((account, out)) = read(&names, true) else { return };
    assert_eq!((account.read["line"], account.read["measure"], account.read["quota measure"]), (24_353, 15_793, 9776));
    assert_eq!(account.read["component"], 15_971);
    assert_eq!((account.made["line"], account.made["measure"]), (24_353, 15_793 + 9776));
    assert_eq!(account.left_out["joined with its measure"], 15_970);
    // 8716909098 has a component and no measure.
    assert_eq!((account.left_out["not understood, left out on request"], account.refusals.len()), (1, 1));
    for entry in &out {
        match entry {
            Entry::Measure(m) => assert!(m.outcome == Some(Verdict::Unknown) && m.amount.is_none() && m.note.is_some()),
            Entry::Fact(f) => assert_eq!(f.confidence, Confidence::Low),
            _ => {}
        }
    }
}
