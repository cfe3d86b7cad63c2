//! UK reference lists, the real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use std::path::Path;
use tidewaiter::record::MeasureKind;
use tidewaiter::record::edition::{Text, TextKind};
use tidewaiter_sources::{Account, Entry, Limits, Source, uk_reference};

fn import(files: &[&str]) -> Option<(Vec<Entry>, Account)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/uk-tariff"));
    if !folder.exists() {
        println!("skipped: ../shared is absent");
        return None;
    }
    let sources = files.iter().map(|name| Source::open(&folder.join(name), Limits::default()).unwrap()).collect();
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let options = uk_reference::Options { published: date(2026, 8, 21) };
    uk_reference::import(sources, &options, &mut entries, &mut account).unwrap();
    assert!(account.is_clean(), "{:?}", account.refusals);
    Some((entries, account))
}

fn text<'a>(entries: &'a [Entry], code: &str) -> &'a Text {
    entries.iter().find_map(|e| if let Entry::Text(t) = e { (t.code == code).then_some(t) } else { None }).unwrap()
}

/// Rows read, records made without the fact, rows left out.
fn sums(account: &Account) -> (u64, u64, u64) {
    let sum = |map: &std::collections::BTreeMap<String, u64>| map.values().sum::<u64>();
    (sum(&account.read), sum(&account.made) - account.made["fact"], sum(&account.left_out))
}

#[test]
fn units() {
    let Some((entries, account)) = import(&["reference/measurement_units.json"]) else { return };
    assert_eq!(sums(&account), (72, 72, 0));
    let unit = text(&entries, "ASVX");
    assert_eq!(unit.kind, TextKind::Unit);
    assert_eq!(unit.says["en"], "percentage ABV (% vol) per 100 litre (hl)");
    assert_eq!(unit.other["abbreviation"], "% vol/hl");
    assert_eq!(unit.other["compound_units"], "ASV HLT");
    // The one without an expansion is named by its abbreviation.
    assert_eq!(text(&entries, "BRX").says["en"], "% sucrose");
}

#[test]
fn preference_codes() {
    let Some((entries, account)) = import(&["reference/preference_codes.json"]) else { return };
    assert_eq!(sums(&account), (28, 28, 0));
    assert_eq!(text(&entries, "preference/100").says["en"], "Erga Omnes third country duty rates");
    assert_eq!(text(&entries, "preference/220").says["en"], "GSP tariff quotas");
}

#[test]
fn documents_and_their_guidance() {
    let Some((entries, account)) = import(&["documents/document_code_guidance_cds.json.gz"]) else { return };
    assert_eq!(sums(&account), (548, 548, 0));
    let document = text(&entries, "U112");
    assert_eq!(document.kind, TextKind::Certificate);
    assert!(document.says["en"].starts_with("- Enter 'Importer's knowledge' in Document Reason (4th Component)."));
    assert!(document.other["guidance_chief"].starts_with("- This code must be declared with status code"));
}

#[test]
fn seasons() {
    let Some((entries, account)) = import(&["reference/seasonal_measures.csv"]) else { return };
    assert_eq!(sums(&account), (317, 317, 0));
    assert_eq!(account.inexpressible.get(uk_reference::SEASON), Some(&317));
    let season = text(&entries, "season/AU/0702000000/142/05-15");
    assert_eq!(
        (season.says["en"].as_str(), season.other["to"].as_str(), season.other["amount"].as_str()),
        ("10.50%", "10-31", "10.50 %")
    );
    for entry in &entries {
        if let Entry::Text(text) = entry {
            assert!(tidewaiter::record::grammar::amount(&text.other["amount"]).is_ok(), "{text:?}");
        }
    }
}

#[test]
fn exclusions_and_simplified_procedure() {
    let files = [
        "reference/uk_measure_type_exclusions.csv",
        "reference/xi_measure_type_exclusions.csv",
        "reference/simplified_procedural_codes.json",
    ];
    let Some((entries, account)) = import(&files) else { return };
    assert_eq!(account.read["exclusion"], 1);
    assert_eq!(account.read["simplified_procedure_code"], 38);
    assert_eq!(sums(&account), (39, 39, 0));
    assert_eq!(text(&entries, "xi/exclusion/735/1008/GB").other["excluded_country"], "GB");
    assert_eq!(text(&entries, "simplified/2.130.0").other["commodities"], "0808108010 0808108020 0808108090");
}

#[test]
fn vat_snapshot() {
    let Some((entries, account)) = import(&["vat/vat_measures_snapshot_2026-08-19.json"]) else { return };
    assert_eq!((account.read["vat_measure"], account.read["vat_commodity"]), (7, 11));
    assert_eq!(sums(&account), (18, 7, 11));
    let measures: Vec<_> =
        entries.iter().filter_map(|e| if let Entry::Measure(m) = e { Some(m) } else { None }).collect();
    let codes: Vec<_> = measures.iter().map(|m| (m.code.as_str(), m.additional_code.as_deref().unwrap())).collect();
    assert_eq!(
        codes,
        [
            ("9401800000", "VATR"),
            ("2005", "VATZ"),
            ("2008", "VATZ"),
            ("650610", "VATZ"),
            ("8424100011", "VATZ"),
            ("840910", "VATZ"),
            ("8407100010", "VATZ"),
        ]
    );
    assert!(measures.iter().all(|m| m.kind == MeasureKind::Vat && m.amount.is_none() && m.before.is_none()));
    assert_eq!(measures[4].from, Some(date(2026, 6, 1)));
    assert_eq!(measures[0].official.as_ref().unwrap().measure_type.as_deref(), Some("305"));
}
