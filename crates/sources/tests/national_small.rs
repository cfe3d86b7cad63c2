//! Brazil, Canada, Nepal, India and the EU sample by origin, on the real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use std::collections::BTreeMap;
use std::path::PathBuf;
use tidewaiter::record::edition::Line;
use tidewaiter::record::{Measure, MeasureKind, Places, Verdict, Written, grammar};
use tidewaiter::unit;
use tidewaiter_sources::{Account, Entry, Limits, Source};
use tidewaiter_sources::{br_ncm, ca_tariff, eu_origin_sample, in_hsn, np_tariff};

fn open(name: &str) -> Option<Source> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(name);
    if !path.exists() {
        println!("skipped: ../shared is absent");
        return None;
    }
    Some(Source::open(&path, Limits::default()).unwrap())
}

fn measures(out: &[Entry]) -> Vec<&Measure> {
    out.iter()
        .filter_map(|entry| match entry {
            Entry::Measure(measure) => Some(measure),
            _ => None,
        })
        .collect()
}

fn lines(out: &[Entry]) -> Vec<&Line> {
    out.iter()
        .filter_map(|entry| match entry {
            Entry::Line(line) => Some(line),
            _ => None,
        })
        .collect()
}

fn words(measure: &Measure) -> &str {
    match &measure.amount {
        Some(Written::Words(words)) => words,
        _ => "",
    }
}

fn duty<'a>(out: &'a [Entry], code: &str, kind: MeasureKind, program: Option<&str>) -> &'a Measure {
    let program = program.map(|program| Places::One(program.to_owned()));
    measures(out)
        .into_iter()
        .find(|m| m.code == code && m.kind == kind && m.program == program && m.additional_code.is_none())
        .unwrap_or_else(|| panic!("{code}"))
}

/// Every amount and condition is of the grammar; every measure cites a fact that came before it.
fn sound(out: &[Entry]) {
    let mut facts = Vec::new();
    for entry in out {
        match entry {
            Entry::Fact(fact) => facts.push(fact.key.as_str()),
            Entry::Measure(measure) => {
                assert!(measure.cites.iter().all(|key| facts.contains(&key.as_str())) && !measure.cites.is_empty());
                assert!(measure.amount.is_some() != measure.outcome.is_some());
                assert!(measure.amount.is_none() || grammar::amount(words(measure)).is_ok(), "{}", words(measure));
                if let Some(Written::Words(when)) = &measure.when {
                    assert!(grammar::condition(when).is_ok(), "{when}");
                }
            }
            Entry::Line(line) => assert!(line.units.iter().all(|key| unit::find(key).is_some()), "{:?}", line.units),
            _ => {}
        }
    }
}

fn show(name: &str, account: &Account) {
    println!(
        "{name}\n read {:?}\n made {:?}\n left out {:?}\n inexpressible {:?}\n refused {}",
        account.read, account.made, account.left_out, account.inexpressible, account.refused
    );
    for refusal in account.refusals.iter().take(12) {
        println!("   {refusal}");
    }
}

#[test]
fn brazil() {
    let names =
        ["cest.csv", "ncm.csv.gz", "tax.classification.csv", "tax.csv", "tax.ipi.guideline.csv", "tax.pis.cofins.csv"];
    let mut sources = Vec::new();
    for name in names {
        let Some(source) = open(&format!("br-ncm/l10n_br_fiscal.{name}")) else { return };
        sources.push(source);
    }
    let (mut account, mut out) = (Account::default(), Vec::new());
    let edition =
        br_ncm::import(sources, &br_ncm::Options { known_from: date(2026, 10, 1) }, &mut out, &mut account).unwrap();
    show("br", &account);
    assert_eq!((edition.files.len(), edition.territory.as_deref()), (6, Some("BR")));
    assert!(account.is_clean());
    assert_eq!(
        (account.read["code"], account.made["line"], account.left_out["goods without a code"]),
        (11_543, 11_542, 1)
    );
    assert_eq!(account.made["text"], 359 + 1043 + 283 + 129 + 173);
    assert_eq!(account.inexpressible, BTreeMap::from([("no import duty in the table".to_owned(), 3)]));
    // Codes in use: 10,933 without an exception, of which 479 are no longer in use and one is no code.
    assert_eq!(measures(&out).iter().filter(|m| m.kind == MeasureKind::ThirdCountry).count(), 10_933 - 479 - 1);
    // 610 exceptions, 44 no longer in use, the two headings among them.
    assert_eq!(measures(&out).iter().filter(|m| m.additional_code.is_some()).count(), 610 - 44);
    sound(&out);
    assert_eq!(words(duty(&out, "61091000", MeasureKind::ThirdCountry, None)), "35 %");
    assert_eq!(words(duty(&out, "61091000", MeasureKind::Excise, None)), "0 %");
    assert_eq!(words(duty(&out, "01013000", MeasureKind::ThirdCountry, None)), "3.6 %");
    let horse = duty(&out, "01012100", MeasureKind::Excise, None);
    assert_eq!((words(horse), horse.official.as_ref().unwrap().text.as_deref()), ("relieved", Some("IPI NT")));
    assert_eq!(duty(&out, "29314930", MeasureKind::ThirdCountry, None).outcome, Some(Verdict::Unknown));
    assert_eq!(lines(&out).iter().filter(|line| line.declarable).count(), 10_453);
}

#[test]
fn canada() {
    let read = |accept_rest| {
        let source = open("ca-tariff-sample/ca_tariff_2026_rev_3.sample.csv")?;
        let options = ca_tariff::Options { known_from: date(2026, 9, 1), members: BTreeMap::new(), accept_rest };
        let (mut account, mut out) = (Account::default(), Vec::new());
        ca_tariff::import(source, &options, &mut out, &mut account).unwrap();
        Some((account, out))
    };
    let Some((account, out)) = read(false) else { return };
    show("ca", &account);
    assert_eq!((account.read["line"], account.made["line"], account.refused), (33, 32, 1));
    let refusal = &account.refusals[0];
    assert_eq!((refusal.column.as_str(), refusal.found.as_str()), ("MFN", "1.9 ¢"));
    sound(&out);
    let third = MeasureKind::ThirdCountry;
    let preference = MeasureKind::Preference;
    assert_eq!(words(duty(&out, "61142000", third, None)), "18 %");
    assert_eq!(words(duty(&out, "61142000", preference, Some("ca.AUT"))), "11 %");
    assert_eq!(words(duty(&out, "61142000", preference, Some("ca.UST"))), "0 %");
    assert_eq!(words(duty(&out, "61130020", preference, Some("ca.GPT"))), "6 %");
    assert_eq!(words(duty(&out, "01051122", third, None)), "max(238 %, 0.308 CAD per item)");
    assert_eq!(words(duty(&out, "01059912", third, None)), "max(154.5 %, 1.6 CAD per kg)");
    assert_eq!(words(duty(&out, "01059410", preference, Some("ca.CPTPT"))), "0.0051 CAD per kg");
    assert!(measures(&out).iter().all(|m| m.code.len() == 8));
    let general = measures(&out).into_iter().find(|m| m.code == "61142000" && m.origin.is_some()).unwrap();
    assert_eq!(words(general), "35 %");
    let chicks = lines(&out).into_iter().find(|line| line.code == "0105129000").unwrap();
    assert!(chicks.note.as_deref().unwrap().contains("CPTPT 2.5 %"), "{:?}", chicks.note);
    let Some((account, out)) = read(true) else { return };
    assert!(account.is_clean());
    assert_eq!((account.read["line"], account.made["line"], account.left_out.values().sum::<u64>()), (33, 32, 1));
    assert_eq!(duty(&out, "01059491", third, None).outcome, Some(Verdict::Unknown));
}

#[test]
fn nepal() {
    let Some(source) = open("np-tariff-sample/nepal-customs-tariff-2026-27.sample.csv") else { return };
    let options = np_tariff::Options { known_from: date(2026, 7, 17), from: None, accept_rest: false };
    let (mut account, mut out) = (Account::default(), Vec::new());
    np_tariff::import(source, &options, &mut out, &mut account).unwrap();
    show("np", &account);
    assert_eq!((account.read["line"], account.made["line"], account.made["measure"], account.refused), (10, 10, 20, 0));
    sound(&out);
    assert_eq!(words(duty(&out, "02071100", MeasureKind::ThirdCountry, None)), "30 %");
    assert_eq!(words(duty(&out, "02071100", MeasureKind::Preference, Some("np.SAARC"))), "9 %");
}

#[test]
fn india() {
    let read = |accept_rest| {
        let source = open("in-hsn/hsn_master.csv.gz")?;
        let options = in_hsn::Options { known_from: date(2025, 1, 1), accept_rest };
        let (mut account, mut out) = (Account::default(), Vec::new());
        in_hsn::import(source, &options, &mut out, &mut account).unwrap();
        Some((account, out))
    };
    let Some((account, _)) = read(false) else { return };
    show("in", &account);
    // Seven codes of a wrong shape, and twenty that stand again with another description.
    assert_eq!((account.read["code"], account.made["line"], account.refused), (22_500, 22_473, 27));
    assert!(account.left_out.is_empty());
    let Some((account, out)) = read(true) else { return };
    assert!(account.is_clean());
    assert_eq!((account.made["line"], account.left_out["not understood, left out on request"]), (22_473, 27));
    sound(&out);
    let horses = lines(&out).into_iter().find(|line| line.code == "01012910").unwrap();
    assert_eq!((horses.description["en"].as_str(), horses.declarable), ("Horses for polo", true));
}

#[test]
fn eu_by_origin() {
    let Some(source) = open("eu-taric/eu_duty_by_origin_sample_ch01.csv") else { return };
    let options = eu_origin_sample::Options { known_from: date(2026, 1, 1), accept_rest: false };
    let (mut account, mut out) = (Account::default(), Vec::new());
    eu_origin_sample::import(source, &options, &mut out, &mut account).unwrap();
    show("eu-origin", &account);
    assert!(account.is_clean());
    assert_eq!((account.read["row"], account.made["measure"], account.left_out.values().sum::<u64>()), (25, 24, 1));
    assert_eq!(account.inexpressible, BTreeMap::from([("a duty that depends on the full code".to_owned(), 13)]));
    sound(&out);
    assert_eq!(words(duty(&out, "010594", MeasureKind::ThirdCountry, None)), "20.9 EUR per 100 kg");
    assert_eq!(words(duty(&out, "010511", MeasureKind::Preference, Some("eu.BR"))), "47.26 EUR per 1000 items");
    let cattle = duty(&out, "010229", MeasureKind::ThirdCountry, None);
    assert!(cattle.says.as_deref().unwrap().contains("10.2 % + 93.1 EUR per 100 kg"));
}
