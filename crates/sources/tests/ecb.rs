//! The official history of euro reference rates, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::io::{Cursor, Read};
use std::path::Path;
use tidewaiter_sources::{Account, Entry, Limits, Source, ecb};

const HISTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/fx/eurofxref-hist.zip");
/// Cells of the history that are not `N/A`, counted apart from the importer.
const RATES: u64 = 221_702;

#[test]
fn the_official_history() {
    let Ok(source) = Source::open(Path::new(HISTORY), Limits::default()) else {
        println!("skipped: ../shared is absent");
        return;
    };
    let mut account = Account::default();
    let mut entries = Vec::new();
    let edition = ecb::import(source, &mut entries, &mut account).unwrap();
    assert_eq!(account.refusals, []);
    // 7,126 days of 41 currencies; what is not a rate is N/A.
    assert_eq!(account.read["day"], 7_126);
    assert_eq!(account.read["rate"], 7_126 * 41);
    assert_eq!(account.made["exchange-rate"], RATES);
    assert_eq!(account.left_out["N/A: not published that day"], 7_126 * 41 - RATES);
    assert_eq!((account.made["fact"], entries.len() as u64), (1, RATES + 1));
    assert_eq!(edition.known_from.to_string(), "2026-10-30");
    assert_eq!(edition.files[0].bytes, 642_255);
    let at = |currency: &str, day: &str| {
        entries.iter().find_map(|e| match e {
            Entry::ExchangeRate(r) if r.currency == currency && r.from.to_string() == day => Some(r.rate.to_string()),
            _ => None,
        })
    };
    // Read by eye in the file.
    assert_eq!(at("USD", "2026-10-30").as_deref(), Some("1.1172"));
    assert_eq!(at("GBP", "2026-10-29").as_deref(), Some("0.83578"));
    assert_eq!(at("JPY", "1999-01-04").as_deref(), Some("133.73"));
    assert_eq!(at("EEK", "1999-01-04").as_deref(), Some("15.6466"));
    assert_eq!(at("RUB", "2026-10-30"), None);
    assert!(matches!(&entries[0], Entry::Fact(f) if f.source.publisher == "European Central Bank"));
}

fn import(text: &str) -> (Result<String, String>, Account, Vec<Entry>) {
    let mut account = Account::default();
    let mut entries = Vec::new();
    let source = Source::new("rates", Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    let edition = ecb::import(source, &mut entries, &mut account);
    (edition.map(|e| e.known_from.to_string()).map_err(|e| e.to_string()), account, entries)
}

fn refusals(text: &str) -> Vec<String> {
    import(text).1.refusals.iter().map(ToString::to_string).collect()
}

#[test]
fn slips_are_refused_by_row_and_column() {
    for (text, said) in [
        ("Date,USD,JPY,\n2026-01-02,\"1,17\",180,\n", "row 2, USD: \"1,17\": a number with a decimal point"),
        ("Date,USD,\n2026-01-02,1,17,\n", "row 2: \"3 cells\": 2 cells"),
        ("Date,USD,\n2026-01-02,-1.17,\n", "row 2, USD: \"-1.17\": a rate above zero"),
        ("Date,USD,\n2026-01-02,0,\n", "row 2, USD: \"0\": a rate above zero"),
        ("Date,USD,\n2026-01-02,1e3,\n", "row 2, USD: \"1e3\": a number"),
        ("Date,USX,\n2026-01-02,1,\n", "row 1, USX: \"USX\": a currency code"),
        ("Date,USD,USD,\n2026-01-02,1,1,\n", "row 1, USD: \"USD\": each currency once"),
        ("Date,USD,\n2026-01-02,1,\n2026-01-02,1,\n", "row 3, Date: \"2026-01-02\": each day once"),
        ("Date,USD,\n2026-01-02,1,\n2026-01-05,1,\n", "row 3, Date: \"2026-01-05\": the newest day first"),
        ("Date,USD,\n02/01/2026,1,\n2026-01-02,1,\n", "row 2, Date: \"02/01/2026\": a day such as"),
        ("Date,USD,\n2026-01-02,,\n2026-01-01,1,\n", "row 2, USD: a number such as 1.1172, or N/A"),
    ] {
        let all = refusals(text);
        assert!(all.iter().any(|r| r.contains(said)), "{text}: {all:?}");
    }
}

#[test]
fn other_files_are_not_read() {
    let others =
        ["", "currency,rate\nUSD,1\n", "<html><body>no</body></html>", "<a", "PK\u{3}\u{4}", "Date,USD,\n", "\u{0}"];
    for text in others {
        assert!(import(text).0.is_err(), "{text}");
    }
    assert!(import(&"<a>".repeat(100)).0.unwrap_err().contains("deep"));
}

const ENVELOPE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<Cube>DAYS</Cube>
</gesmes:Envelope>"#;

#[test]
fn the_xml_of_a_day_and_of_ninety() {
    let days = "<Cube time='2026-10-30'><Cube currency='USD' rate='1.1172'/><Cube currency='JPY' rate='175.68'/></Cube>\
        <Cube time=\"2026-10-29\"><Cube currency=\"USD\" rate=\"1.113\"/></Cube>";
    let (edition, account, entries) = import(&ENVELOPE.replace("DAYS", days));
    assert_eq!(edition.unwrap(), "2026-10-30");
    assert_eq!((account.read["day"], account.made["exchange-rate"], account.refused), (2, 3, 0));
    assert!(matches!(&entries[3], Entry::ExchangeRate(r) if r.rate.to_string() == "1.113"));
    let slips = "<Cube time='2026-10-30'><Cube currency='USD' rate='1'/><Cube currency='USD' rate='1'/>\
        <Cube currency='QQQ' rate='1'/><Cube currency='JPY' rate='1,5'/></Cube>\
        <Cube time='2026-10-30'><Cube currency='USD' rate='1'/></Cube>";
    let said = refusals(&ENVELOPE.replace("DAYS", slips));
    assert_eq!(said.len(), 5, "{said:?}");
    assert!(
        said[0].contains("each currency once a day") && said[1].contains("QQQ") && said[2].contains("decimal point")
    );
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("eurofxref-hist.csv", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::copy(&mut std::io::repeat(b'0').take(65 << 20), &mut zip).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let source = Source::new("bomb.zip", Cursor::new(bytes), Limits::default()).unwrap();
    let error = ecb::import(source, &mut Vec::new(), &mut Account::default()).unwrap_err();
    assert!(error.to_string().contains("over the limit"), "{error}");
}
