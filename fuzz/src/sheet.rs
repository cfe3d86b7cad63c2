//! The targets that read exchange rates and rate sheets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]
#![allow(unreachable_pub, reason = "shared with an ordinary test")]

use std::io::Cursor;
use tidewaiter_sources::sheet::{Options, economy_toml, read};
use tidewaiter_sources::{Account, Limits, Source, ecb as reference_rates, hmrc_rates as hmrc};

fn open(name: &str, bytes: &[u8]) -> Source {
    Source::new(name, Cursor::new(bytes.to_vec()), Limits::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// Reads a file of reference rates, whatever its form. Every cell of a day is made, left out or refused.
pub fn ecb(data: &[u8]) {
    // What unpacks is not opened: an archive is bounded by a test of its own.
    if data.starts_with(&[0x1f, 0x8b]) || data.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return;
    }
    let mut account = Account::default();
    if reference_rates::import(open("rates", data), &mut Vec::new(), &mut account).is_ok() {
        let rates = account.read.get("rate").copied().unwrap_or(0);
        let made = account.made.get("exchange-rate").copied().unwrap_or(0);
        assert!(rates <= made + account.left_out.values().sum::<u64>() + account.refused);
    }
}

/// Reads a file under the name of an average, which any of the five kinds may bear.
pub fn hmrc_rates(data: &[u8]) {
    if data.starts_with(&[0x1f, 0x8b]) || data.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return;
    }
    let source = open("Average_for_the_year_to_31_March_2023.csv", data);
    let _ = hmrc::import(vec![source], &hmrc::Options::default(), &mut Vec::new(), &mut Account::default());
}

const ABOUT: &str = "Field,Answer\nAuthority,A\nTerritory,QQ\nCurrency,XTS\nTitle,T\nLegal reference,L\nKnown from,2026-01-01\n\
    Duty is charged on,goods\nTax kind,VAT\nTax is charged on,goods + duty\n";

/// A workbook or archive as it is; other bytes as the text of one CSV sheet, chosen by the first byte, beside a sound
/// About. An economy made of it reads back.
pub fn sheet(data: &[u8]) {
    let sources = if data.starts_with(b"PK") {
        vec![open("a.xlsx", data)]
    } else {
        let Some((first, rest)) = data.split_first() else { return };
        if rest.starts_with(&[0x1f, 0x8b]) || rest.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            return;
        }
        let names = ["Measures", "Rates", "Thresholds", "Fees", "Areas", "Sources"];
        vec![
            open("About.csv", ABOUT.as_bytes()),
            open(&format!("{}.csv", names[usize::from(*first) % names.len()]), rest),
        ]
    };
    let mut account = Account::default();
    let Ok(sheet) = read(sources, &Options::default(), &mut account) else { return };
    if account.is_clean()
        && let Ok(economy) = sheet.economy()
    {
        let text = economy_toml(&economy).unwrap_or_else(|e| panic!("{e}"));
        let back: tidewaiter::record::Economy = toml::from_str(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(back, economy);
    }
}
