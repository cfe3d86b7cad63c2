use super::tables::{day_of_year, seasonal_duty};
use super::*;
use crate::Limits;
use jiff::civil::date;

fn run(text: &str) -> (Result<Edition, ImportError>, Vec<Entry>, Account) {
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let source = Source::new("a", std::io::Cursor::new(text.as_bytes().to_vec()), Limits::default()).unwrap();
    let edition = import(vec![source], &Options { published: date(2026, 8, 21) }, &mut entries, &mut account);
    (edition, entries, account)
}

#[test]
fn reads_seasonal_duties() {
    for (text, amount) in [
        ("10.50%", Some("10.50 %")),
        ("6.40% MIN 1.00 GBP / 100 kg", Some("max(6.40 %, 1.00 GBP per 100 kg)")),
        ("6.40% MIN 1.00 EUR / 100 kg", None),
        ("-1%", None),
        ("", None),
        ("Free", None),
    ] {
        assert_eq!(seasonal_duty(text).as_deref(), amount, "{text}");
        if let Some(amount) = amount {
            assert!(tidewaiter::record::grammar::amount(amount).is_ok(), "{amount}");
        }
    }
    assert_eq!(day_of_year("1/5").as_deref(), Some("05-01"));
    assert_eq!(day_of_year("29/02").as_deref(), Some("02-29"));
    assert!(day_of_year("31/04").is_none() && day_of_year("5").is_none() && day_of_year("300/1").is_none());
}

#[test]
fn bad_rows_are_refused_by_column() {
    let head = "geographical_area_id,goods_nomenclature_item_id,measure_type_id,from,to,duty\n";
    for (row, column) in [
        ("AU,0702,142,15/05,31/10,1%", "goods_nomenclature_item_id"),
        ("AU,0702000000,142,32/05,31/10,1%", "from, to"),
        ("AU,0702000000,142,15/05,31/10,some", "duty"),
        ("AU,0702000000,142", ""),
    ] {
        let (edition, _, account) = run(&format!("{head}{row}\n"));
        assert!(edition.is_ok());
        assert_eq!((account.refused, account.refusals[0].column.as_str(), account.refusals[0].row), (1, column, 2));
    }
    for (text, column) in [
        (r#"[{"id":"1000","description":"x"}]"#, "id"),
        (r#"{"ASV":{"measurement_unit_code":"HLT"}}"#, "measurement_unit_code"),
        (r#"{"A001":{"guidance_cds":"x","guidance_chief":3}}"#, "A001"),
        (r#"{"spvs":{"1":{"label":"x","commodities":["07"]}}}"#, "commodities"),
        (
            r#"{"snapshot_date":"2026-08-19","measures":[],"commodity_measure_inventory":[{"commodity_code":"1"}]}"#,
            "commodity_measure_inventory",
        ),
    ] {
        let (edition, _, account) = run(text);
        assert!(edition.is_ok(), "{text}");
        assert_eq!(account.refusals[0].column, column);
    }
}

#[test]
fn a_giant_field_stops_at_the_limit() {
    let text = format!("measure_type_id,geographical_area_id,excluded_country\n\"{}\n", "x".repeat(1 << 20));
    let limits = Limits { bytes: 1 << 30, record: 1 << 18 };
    let source = Source::new("a", std::io::Cursor::new(text.into_bytes()), limits).unwrap();
    let options = Options { published: date(2026, 1, 1) };
    assert!(import(vec![source], &options, &mut Vec::new(), &mut Account::default()).is_err());
}

#[test]
fn other_files_are_not_this_format() {
    for text in ["", "a,b\n1,2\n", "{}", "[]", "{\"a\":{\"b\":1}}", "{\"snapshot_date\":\"x\"}", "[[[[", "\u{0}\u{1}"] {
        assert!(run(text).0.is_err(), "{text}");
        fuzz(text.as_bytes());
    }
}
