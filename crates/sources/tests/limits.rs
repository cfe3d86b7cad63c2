//! A file past a limit is refused with the limit, in every format that reads a stream of rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use std::io::Cursor;
use tidewaiter_sources::{Account, ImportError, Limits, Source, ecb, hmrc_rates, uk_reference, wb_agreements};

/// Formats with the beginning of a sound file, and how each is imported.
type Import = fn(Source) -> Result<(), ImportError>;

fn formats() -> [(&'static str, &'static str, Import); 5] {
    [
        ("ecb", "Date,USD\n", |s| ecb::import(s, &mut Vec::new(), &mut Account::default()).map(drop)),
        ("ecb XML", "<Envelope>", |s| ecb::import(s, &mut Vec::new(), &mut Account::default()).map(drop)),
        ("hmrc-rates", "USD,01/01/2026,31/01/2026,1.2\n", |s| {
            hmrc_rates::import(vec![s], &hmrc_rates::Options::default(), &mut Vec::new(), &mut Account::default())
                .map(drop)
        }),
        ("wb-agreements", "cty1,iso1,cty2,iso2,year,agreement,entry_force,type,wto_plus_sps,wto_X_sme,depth\n", |s| {
            let options = wb_agreements::Options { published: date(2017, 1, 1) };
            wb_agreements::import(s, &options, &mut Vec::new(), &mut Account::default()).map(drop)
        }),
        ("uk-reference", "measure_type_id,geographical_area_id,excluded_country\n", |s| {
            let options = uk_reference::Options { published: date(2026, 1, 1) };
            uk_reference::import(vec![s], &options, &mut Vec::new(), &mut Account::default()).map(drop)
        }),
    ]
}

fn said(import: Import, text: String, limits: Limits) -> String {
    import(Source::new("a.csv", Cursor::new(text.into_bytes()), limits).unwrap()).unwrap_err().to_string()
}

#[test]
fn the_limit_stands_in_the_message() {
    for (name, head, import) in formats() {
        let text = format!("{head}\"{}", "x".repeat(1 << 20));
        let record = said(import, text.clone(), Limits { bytes: 1 << 30, record: 4096 });
        assert!(
            record.contains("a.csv: the size of one record in bytes is over the limit of 4096"),
            "{name}: {record}"
        );
        let file = said(import, text, Limits { bytes: 8192, record: 1 << 30 });
        assert!(file.contains("a.csv: its size in bytes, unpacked, is over the limit of 8192"), "{name}: {file}");
    }
}

#[test]
fn counts_past_a_limit_are_told() {
    let head = format!("Date{}\n", ",USD".repeat(500));
    let many = said(formats()[0].2, head, Limits::default());
    assert!(many.contains("the first row has 500 currencies; at most 400 are read"), "{many}");
    let deep = said(formats()[1].2, "<a>".repeat(20), Limits::default());
    assert!(deep.contains("nested deeper than 16 elements"), "{deep}");
}
