//! EU nomenclature lists, on the real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::path::PathBuf;
use tidewaiter::record::edition::Line;
use tidewaiter::unit;
use tidewaiter_sources::eu_nomenclature::{self, Options};
use tidewaiter_sources::{Account, Entry, Limits, Source};

fn read(nomenclature: &str, names: &[&str]) -> Option<(Account, Vec<Entry>)> {
    let mut sources = Vec::new();
    for name in names {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/eu-taric")).join(name);
        if !path.exists() {
            println!("skipped: ../shared is absent");
            return None;
        }
        sources.push(Source::open(&path, Limits::default()).unwrap());
    }
    let options = Options {
        nomenclature: nomenclature.into(),
        known_from: jiff::civil::date(2026, 3, 1),
        languages: Vec::new(),
        accept_rest: names[0].contains("annex3"),
    };
    let (mut account, mut out) = (Account::default(), Vec::new());
    let edition = eu_nomenclature::import(sources, &options, &mut out, &mut account).unwrap();
    assert_eq!(edition.files.len(), names.len());
    assert!(account.is_clean(), "{:?}", &account.refusals[..account.refusals.len().min(5)]);
    println!(
        "{names:?}\n read {:?}\n made {:?}\n left out {:?}\n inexpressible {:?}",
        account.read, account.made, account.left_out, account.inexpressible
    );
    Some((account, out))
}

fn lines(out: &[Entry]) -> Vec<&Line> {
    out.iter()
        .filter_map(|entry| match entry {
            Entry::Line(line) => Some(line),
            _ => None,
        })
        .collect()
}

fn find<'a>(out: &'a [Entry], code: &str, suffix: &str) -> &'a Line {
    lines(out).into_iter().find(|line| line.code == code && line.suffix.as_deref() == Some(suffix)).unwrap()
}

/// Every row read makes a record or is left out.
fn balance(account: &Account) {
    let rows: u64 = account.read.values().sum();
    let made: u64 = account.made.iter().filter(|(kind, _)| *kind != "fact").map(|(_, n)| n).sum();
    assert_eq!(rows, made + account.left_out.values().sum::<u64>() + account.refused);
}

#[test]
fn taric_in_three_languages() {
    let Some((account, out)) = read(
        "TARIC 2026-03",
        &[
            "nomenclature/taric_nomenclature_2026-03_en.xlsx",
            "nomenclature/taric_nomenclature_2026-03_fr.xlsx",
            "nomenclature/taric_nomenclature_2026-03_de.xlsx",
        ],
    ) else {
        return;
    };
    assert_eq!((account.read["line"], account.made["line"]), (3 * 25_702, 25_702));
    assert!(account.inexpressible.is_empty());
    balance(&account);
    let horse = find(&out, "0101210000", "80");
    assert_eq!(horse.description["en"], "Pure-bred breeding animals");
    assert_eq!(horse.description["de"], "reinrassige Zuchttiere");
    assert_eq!(horse.description["fr"], "reproducteurs de race pure");
    assert_eq!((horse.indent, horse.declarable), (Some(2), true));
    assert_eq!(horse.from.unwrap().to_string(), "2012-01-01");
    assert_eq!(horse.note.as_deref(), Some("Described so since 2019-01-01."));
    assert!(!find(&out, "0101210000", "10").declarable && !find(&out, "0100000000", "80").declarable);
    assert_eq!(lines(&out).iter().filter(|line| line.declarable).count(), 16_612);
    assert_eq!(lines(&out).iter().filter(|line| line.before.is_some()).count(), 1);
}

#[test]
fn declarable_codes_agree_with_the_tree() {
    const TREE: &str = "nomenclature/taric_nomenclature_2025_es.xlsx";
    const LIST: &str = "nomenclature/taric_declarable_codes.xlsx";
    let Some((account, tree)) = read("TARIC 2025", &[TREE]) else { return };
    assert_eq!((account.read["line"], account.made["line"]), (25_438, 25_438));
    balance(&account);
    let Some((account, both)) = read("TARIC 2025", &[TREE, LIST]) else { return };
    assert_eq!(account.read["declarable code"], 25_438);
    balance(&account);
    let differ = lines(&tree)
        .iter()
        .zip(lines(&both))
        .filter(|(tree, both)| tree.declarable != both.declarable)
        .map(|(tree, _)| format!("{} {}", tree.code, tree.suffix.as_deref().unwrap()))
        .collect::<Vec<_>>();
    println!("{differ:?}");
    let mule = find(&both, "0101900000", "80");
    assert_eq!(mule.from.unwrap().to_string(), "2002-01-01");
    assert!(mule.note.as_deref().unwrap().contains("May be declared since 2012-01-01."));
    assert!(
        lines(&both).iter().all(|l| l.note.as_deref().is_none_or(|n| !n.contains("list of declarable codes says")))
    );
    assert_eq!(lines(&both).iter().filter(|line| line.declarable).count(), 16_455);
    assert!(differ.is_empty());
    let Some((account, _)) = read("TARIC 2025", &[LIST]) else { return };
    assert_eq!((account.read["declarable code"], account.made["line"]), (25_438, 25_438));
}

#[test]
fn combined_nomenclature_in_four_languages() {
    let Some((account, out)) = read(
        "CN 2023",
        &[
            "nomenclature/cn8_2023_de.csv.gz",
            "nomenclature/cn8_2023_en.csv.gz",
            "nomenclature/cn8_2023_fr.csv.gz",
            "nomenclature/cn8_2023_nl.csv.gz",
        ],
    ) else {
        return;
    };
    assert_eq!((account.read["line"], account.made["line"]), (4 * 9759, 9759));
    assert!(account.inexpressible.is_empty());
    balance(&account);
    let horse = lines(&out).into_iter().find(|line| line.code == "01012910").unwrap();
    assert_eq!(horse.description["fr"], "Chevaux destinés à la boucherie");
    assert_eq!(horse.description["nl"], "Slachtpaarden");
    assert_eq!((horse.units.as_slice(), horse.declarable), (&["item".to_owned()][..], true));
    for line in lines(&out) {
        assert!(line.units.iter().all(|key| unit::find(key).is_some()), "{:?}", line.units);
    }
}

#[test]
fn supplementary_units() {
    let Some((account, out)) = read("CN", &["nomenclature/cn_supplementary_units.xlsx"]) else { return };
    assert_eq!((account.read["supplementary unit"], account.made["line"]), (15_051, 15_051));
    balance(&account);
    assert_eq!(find(&out, "0101210000", "80").units, ["item"]);
    let with = lines(&out).iter().filter(|line| !line.units.is_empty()).count();
    assert_eq!(with, 15_051 - 7068 - 5274);
    for line in lines(&out) {
        assert!(line.units.iter().all(|key| unit::find(key).is_some()), "{:?}", line.units);
    }
}

#[test]
fn substances_and_correlation() {
    let Some((account, out)) = read("CN 2019", &["cn_annex3_pharma_inn.csv.gz"]) else { return };
    assert_eq!((account.read["substance"], account.made["text"]), (7921, 7801));
    assert_eq!(account.left_out["not understood, left out on request"], 120);
    balance(&account);
    assert!(
        matches!(&out[1], Entry::Text(text) if text.code == "136470-78-5" && text.other["Combined Nomenclature code"] == "29335995")
    );
    let Some((account, out)) = read("CN 2022", &["nomenclature/CorrelationCN2021toCN2022Rev21Oct.xls"]) else { return };
    assert_eq!((account.read["correlation"], account.made["correlation"]), (1128, 1128));
    balance(&account);
    let parts = out.iter().filter(|entry| matches!(entry, Entry::Correlation(c) if c.relation == "ex")).count();
    assert_eq!(parts, 525);
}
