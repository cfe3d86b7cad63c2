//! What rows come to: records, economies and prices worked by hand.

use crate::sheet::filled::*;
use crate::sheet::slips::one;
use std::io::Cursor;
use tidewaiter::quote::document::Outcome;
use tidewaiter_sources::sheet::{self, Options};
use tidewaiter_sources::{Account, Entry, Limits, Source};

#[test]
fn a_country_is_priced_from_a_sheet_alone() {
    let (sheet, account) = read(&filled());
    assert_eq!(account.refusals, []);
    let book = book(&sheet);
    let freight = r#""freight":"10","#;
    // 180 of goods, above 150: 12 % of 190; VAT 16 % of 212.80 = 34.048; fee 2.
    let q = quote(&book, "2026-05-10", "VN", freight, SHIRTS);
    expect(&q, &[("qz9.duty", "22.80"), ("qz9.tax", "34.05"), ("qz9.customs_processing_fee", "2")], "58.85");
    // Exactly 150 is free of duty (the limit is included): VAT 16 % of 160.
    let q = quote(&book, "2026-05-10", "VN", freight, &SHIRTS.replace("60", "50"));
    expect(&q, &[("qz9.duty", "0"), ("qz9.tax", "25.60")], "27.60");
    // Exactly 20 is taxed (that limit is not included), a cent less is not.
    let one = r#"{"code":"6109.10","origin":"VN","price":"20"}"#;
    expect(&quote(&book, "2026-05-10", "VN", "", one), &[("qz9.tax", "3.20")], "5.20");
    expect(&quote(&book, "2026-05-10", "VN", "", &one.replace("20", "19.99")), &[("qz9.tax", "0")], "2");
    // The new rate on its first day: 18 % of 212.80 = 38.304.
    expect(&quote(&book, "2026-07-01", "VN", freight, SHIRTS), &[("qz9.tax", "38.30")], "63.10");
    expect(&quote(&book, "2026-06-30", "VN", freight, SHIRTS), &[("qz9.tax", "34.05")], "58.85");
}

#[test]
fn measures_of_every_family_are_priced() {
    let book = book(&read(&filled()).0);
    // Ten pairs at 20: the larger of 10 % of 200 and 15.00; 8 % anti-dumping; VAT 16 % of 220; fee 2.
    let shoes = r#"{"code":"6402","origin":"VN","quantity":"10","price":"20","quantities":{"pair":"1"}}"#;
    let q = quote(&book, "2026-05-10", "VN", "", shoes);
    expect(&q, &[("qz9.duty", "20"), ("qz9.anti-dumping", "16"), ("qz9.tax", "35.20")], "73.20");
    // A thousand pieces for 100: the relief is not for chapter 24. 20 %; excise 2.40; VAT 16 % of 122.40 = 19.584.
    let tobacco = r#"{"code":"2402","origin":"VN","quantity":"1000","price":"0.10"}"#;
    let q = quote(&book, "2026-05-10", "VN", "", tobacco);
    expect(&q, &[("qz9.duty", "20"), ("qz9.excise", "2.40"), ("qz9.tax", "19.58")], "43.98");
    // Books: no duty, VAT of nothing, the fee.
    let books = r#"{"code":"4901","origin":"VN","price":"200"}"#;
    expect(&quote(&book, "2026-05-10", "VN", "", books), &[("qz9.duty", "0"), ("qz9.tax", "0")], "2");
    let arms = r#"{"code":"9301","origin":"VN","price":"200"}"#;
    assert_eq!(quote(&book, "2026-05-10", "VN", "", arms).outcome, Outcome::Prohibited);
    // By post the carrier takes 1.50 more.
    let asked = format!(
        r#"{{"from":"VN","to":"QZ9","date":"2026-05-10","currency":"XQD","channel":"post","items":[{books}]}}"#
    );
    expect(&book.quote(&serde_json::from_str(&asked).unwrap()).unwrap(), &[("qz9.postal_clearance", "1.50")], "3.50");
}

#[test]
fn a_preference_follows_the_days_of_its_members() {
    let book = book(&read(&filled()).0);
    let claimed = |origin: &str| {
        SHIRTS
            .replace("VN", origin)
            .replace("\"price\"", "\"claims\":[{\"program\":\"PTA\",\"proof\":\"certificate\"}],\"price\"")
    };
    let ask = |date: &str, origin: &str| quote(&book, date, origin, r#""freight":"10","#, &claimed(origin));
    // 5 % of 190 = 9.50, from a cell that holds 0.05 and shows a percentage; VAT 18 % of 199.50 = 35.91; fee 2.
    expect(&ask("2026-08-01", "KE"), &[("qz9.duty", "9.50"), ("qz9.tax", "35.91")], "47.41");
    expect(&ask("2026-07-01", "UG"), &[("qz9.duty", "9.50")], "47.41");
    // Not yet a member: 12 %.
    expect(&ask("2026-06-30", "UG"), &[("qz9.duty", "22.80")], "58.85");
}

#[test]
fn the_records_say_what_the_rows_say() {
    let (sheet, account) = read(&filled());
    assert_eq!(sheet.edition.territory.as_deref(), Some("QZ9"));
    assert_eq!(sheet.edition.known_from.to_string(), "2025-12-01");
    let made: Vec<(&str, u64)> = account.made.iter().map(|(k, n)| (k.as_str(), *n)).collect();
    assert_eq!(
        made,
        [
            ("area", 1),
            ("area member", 2),
            ("fact", 3),
            ("fee", 2),
            ("measure", 9),
            ("program", 1),
            ("rate", 2),
            ("threshold", 2)
        ]
    );
    let measures: Vec<_> =
        sheet.entries.iter().filter_map(|e| if let Entry::Measure(m) = e { Some(m) } else { None }).collect();
    let json = |at: usize| serde_json::to_value(measures[at]).unwrap();
    assert_eq!(json(1)["amount"], "5 %");
    assert_eq!(json(1)["program"], "PTA");
    assert_eq!(json(3)["amount"], "8 %");
    assert_eq!((json(6)["before"].as_str(), json(6)["cites"][0].as_str()), (Some("2027-01-01"), Some("qz9.act")));
    assert_eq!((json(7)["outcome"].as_str(), json(7)["cites"][0].as_str()), (Some("prohibited"), Some("qz9.act.1")));
    assert_eq!(
        (json(8)["code"].as_str(), json(8)["note"].as_str()),
        (Some("010121"), Some("A veterinary certificate is required."))
    );
    for measure in measures {
        if let Some(tidewaiter::record::Written::Words(words)) = &measure.amount {
            tidewaiter::record::grammar::amount(words).unwrap();
        }
    }
    // Facts come before what cites them.
    let first = sheet.entries.iter().position(|e| !matches!(e, Entry::Fact(_))).unwrap();
    assert!(sheet.entries[first..].iter().all(|e| !matches!(e, Entry::Fact(_))));
}

#[test]
fn what_a_price_depends_on_must_be_said() {
    for field in ["Duty is charged on", "Tax is charged on", "Tax kind"] {
        let mut rows = filled();
        rows.get_mut("About").unwrap().retain(|r| !matches!(r[0], T(name) if name == field));
        let (sheet, account) = read(&rows);
        assert!(account.is_clean());
        let refused = sheet.economy().unwrap_err();
        assert!(refused.iter().all(|r| r.column == field && r.file.contains("About")), "{refused:#?}");
    }
}

#[test]
fn an_economy_is_made_only_of_a_clean_sheet() {
    let economy = |rows: &Rows| {
        let world = world();
        let options = Options { world: Some(&world), ..Options::default() };
        let mut account = Account::default();
        let source = Source::new("rates.xlsx", Cursor::new(xlsx(rows)), Limits::default()).unwrap();
        (sheet::economy(vec![source], &options, &mut account).unwrap(), account.refused)
    };
    let (made, refused) = economy(&filled());
    assert_eq!((made.unwrap().charge.len(), refused), (6, 0));
    let (made, refused) = economy(&one(vec![T("6109"), T("third-country"), N(5)]));
    assert_eq!((made, refused), (None, 1));
    let mut rows = filled();
    rows.get_mut("About").unwrap().retain(|r| !matches!(r[0], T("Tax kind")));
    assert_eq!(economy(&rows), (None, 1));
    // A limit for a charge that does not occur.
    for charge in ["excise", "additional duty"] {
        let mut rows = one(vec![T("6109"), T("third-country"), T("5 %")]);
        rows.get_mut("Thresholds").unwrap()[0][0] = T(charge);
        rows.get_mut("Thresholds").unwrap()[0][7] = T("normal");
        assert_eq!(economy(&rows), (None, 1), "{charge}");
    }
    // A percentage as a fee is of the value that is said, or of none.
    let mut rows = filled();
    rows.insert("Measures", Vec::new());
    rows.insert("Thresholds", Vec::new());
    rows.insert("Rates", Vec::new());
    rows.insert("Fees", vec![vec![T("Levy"), T("0.5 %"), T("consignment"), T("customs")]]);
    assert!(economy(&rows).0.is_some());
    rows.get_mut("About").unwrap().retain(|r| !matches!(r[0], T("Duty is charged on")));
    assert_eq!(economy(&rows), (None, 1));
}

#[test]
fn limits_can_step_cut_and_end_in_a_formal_entry() {
    let e = O;
    let row = |charge, limit, below, above| {
        vec![T(charge), N(limit), T("XQD"), T("yes"), T("goods"), T("consignment"), T(below), T(above), e]
    };
    let mut rows = filled();
    rows.insert(
        "Thresholds",
        vec![
            row("duty", 1000, "10 %", "formal entry"),
            row("duty", 150, "free", "normal"),
            row("tax", 100, "free", "only the part above"),
        ],
    );
    rows.insert("Fees", Vec::new());
    let (sheet, account) = read(&rows);
    assert_eq!(account.refusals, []);
    let book = book(&sheet);
    let shirts = |price: &str| format!(r#"{{"code":"6109.10","origin":"VN","price":"{price}"}}"#);
    // 400: 10 % in place of 12 %; VAT 16 % of (400 + 40 - 100).
    expect(&quote(&book, "2026-05-10", "VN", "", &shirts("400")), &[("qz9.duty", "40"), ("qz9.tax", "54.40")], "94.40");
    expect(&quote(&book, "2026-05-10", "VN", "", &shirts("100")), &[("qz9.duty", "0"), ("qz9.tax", "0")], "0");
    assert_eq!(quote(&book, "2026-05-10", "VN", "", &shirts("1000.01")).outcome, Outcome::FormalEntry);
}
