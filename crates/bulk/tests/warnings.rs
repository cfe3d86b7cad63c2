//! A row carries the warnings of its single quote.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use std::collections::BTreeMap;
use std::sync::Arc;
use tidewaiter::Consignment;
use tidewaiter_bulk::{Defaults, Pricer};

/// Codes of every kind: with rates of their own, of an older edition, of no tariff, of eight digits of another country.
const CODES: &[&str] = &[
    "6109.10",
    "4901.99",
    "8517.62",
    "6109.99.99",
    "9999.99",
    "8469.00",
    "2204.21",
    "9503.00.00.73",
    "8528.72.64",
    "3004.90",
    "61",
    "9999",
    "7799",
    "101.21",
    "6109.1",
];
const PLACES: &[&str] = &["FR", "CH", "GB", "US", "AU", "DE", "XX", "CA"];
const DATES: &[&str] = &["2026-11-21", "9999-01-01", "2026-03-15"];

fn question() -> Consignment {
    serde_json::from_value(serde_json::json!({
        "from": "CN", "to": "", "currency": "EUR", "date": "2026-11-21", "channel": "post", "items": [],
        "seller": { "registrations": ["eu.ioss", "no.such"] }
    }))
    .unwrap()
}

#[test]
fn a_row_warns_as_its_quote_does() {
    let book = tidewaiter_data::ratebook();
    let mut rows: Vec<[String; 7]> = Vec::new();
    for (n, place) in PLACES.iter().enumerate() {
        for (m, code) in CODES.iter().enumerate() {
            for (k, price) in ["3", "90", "700", "12000"].iter().enumerate() {
                let claim = if (n + m + k) % 5 == 0 { ["GSP", "none"][k % 2] } else { "" };
                let class = if (n + m + k) % 7 == 0 { "reduced" } else { "" };
                let origin = ["CN", "VN", "IN"][(m + k) % 3];
                let date = DATES[(n + m) % 3];
                rows.push([*place, code, price, claim, class, origin, date].map(str::to_owned));
            }
        }
    }
    let column = |at: usize| Arc::new(rows.iter().map(|r| Some(r[at].as_str())).collect::<StringArray>()) as ArrayRef;
    let proof: StringArray = rows.iter().map(|r| (!r[3].is_empty()).then_some("statement")).collect();
    let names = ["to", "code", "price", "claim", "tax_class", "origin", "date"];
    let mut columns: Vec<(&str, ArrayRef)> = names.iter().enumerate().map(|(at, name)| (*name, column(at))).collect();
    columns.push(("proof", Arc::new(proof)));
    let table = RecordBatch::try_from_iter(columns).unwrap();
    let defaults = Defaults::new(question());
    // The same rows twice: the second time everything is kept.
    let mut pricer = Pricer::new(book, &defaults);
    let first = pricer.price(&table, 1).unwrap();
    let priced = pricer.price(&table, 1).unwrap();
    assert_eq!(first.table, priced.table);
    assert_eq!(first.warnings, priced.warnings);
    let texts: BTreeMap<&str, &str> = priced.warnings.iter().map(|w| (w.code.as_str(), w.text.as_str())).collect();
    let numbers = priced.table.column_by_name("row").unwrap().as_primitive::<arrow_array::types::UInt64Type>().clone();
    let outcomes = priced.table.column_by_name("outcome").unwrap().as_string::<i32>().clone();
    let totals =
        priced.table.column_by_name("total").unwrap().as_primitive::<arrow_array::types::Decimal128Type>().clone();
    let codes = priced.table.column_by_name("warnings").unwrap().as_string::<i32>().clone();
    let (mut warned, mut counted, mut amounts) = (0, BTreeMap::<String, u64>::new(), 0);
    for at in 0..priced.table.num_rows() {
        let row = &rows[numbers.value(at) as usize - 1];
        let mut asked = question();
        asked.to.clone_from(&row[0]);
        asked.date = Some(row[6].parse().unwrap());
        let mut item = serde_json::json!({ "code": row[1], "price": row[2], "origin": row[5] });
        if !row[3].is_empty() {
            item["claims"] = serde_json::json!([{ "program": row[3], "proof": "statement" }]);
        }
        if !row[4].is_empty() {
            item["tax_class"] = row[4].clone().into();
        }
        asked.items = vec![serde_json::from_value(item).unwrap()];
        let quote = book.quote(&asked).unwrap();
        let expected: Vec<&str> = quote.warnings.iter().map(|w| w.trim_start_matches("Item 1: ")).collect();
        let told: Vec<&str> = codes.value(at).split_whitespace().map(|code| texts[code]).collect();
        assert_eq!(told, expected, "{row:?}");
        assert_eq!(serde_json::to_value(quote.outcome).unwrap(), outcomes.value(at), "{row:?}");
        if outcomes.value(at) == "amount" {
            let total: tidewaiter::Decimal = totals.value_as_string(at).parse().unwrap();
            assert_eq!(total, quote.total.least, "{row:?}");
            amounts += 1;
        }
        warned += u64::from(!told.is_empty());
        for text in told {
            *counted.entry(text.to_owned()).or_default() += 1;
        }
    }
    assert!(warned > 100 && amounts > 50 && counted.len() > 8, "{warned} {amounts} {}", counted.len());
    assert!(counted.keys().any(|t| t.contains("more than a year after")), "a day far from the data is told");
    let reported: BTreeMap<String, u64> = priced.warnings.iter().map(|w| (w.text.clone(), w.answers)).collect();
    assert_eq!(reported, counted);
}

/// Small letters are understood as in a single quote, and a code that lost its zero is asked about in its row alone.
#[test]
fn small_letters_and_lost_zeros() {
    let book = tidewaiter_data::ratebook();
    let column = |values: [&str; 3]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let table = RecordBatch::try_from_iter([
        ("to", column(["ch", "CH", "CH"])),
        ("code", column(["6109.10", "101.21", "101"])),
        ("origin", column(["cn", "CN", "CN"])),
        ("price", column(["12.50", "12.50", "12.50"])),
    ])
    .unwrap();
    let defaults = Defaults::new(question());
    let priced = Pricer::new(book, &defaults).price(&table, 1).unwrap();
    let columns: Vec<&str> = priced.rejects.iter().map(|reject| reject.column.as_str()).collect();
    assert_eq!(columns, ["code"], "three digits alone: {:?}", priced.rejects);
    let zero = priced.warnings.iter().find(|w| w.text.contains("(0101.21)?")).expect("a warning");
    assert_eq!(zero.answers, 1);
}
