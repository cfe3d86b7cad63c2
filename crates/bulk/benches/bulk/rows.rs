//! The rows that are priced.

use crate::{Dice, Set, best_of, folder, show, size};
use arrow_array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;
use tidewaiter::goods::GoodsCode;
use tidewaiter::quote::{Goods, Ready};
use tidewaiter::{Decimal, Quoter};
use tidewaiter_bulk::Defaults;

pub(crate) const ROWS: usize = 2_000_000;
const ORIGINS: [&str; 4] = ["CN", "VN", "IN", "TR"];
/// All sets but the large one; the set "five" is without the United States.
const PLACES: [&str; 6] = ["FR", "CH", "GB", "AU", "SG", "US"];

/// One price list in euro, sent by post; the seller is registered where that is common.
pub(crate) fn defaults() -> Defaults {
    let question = serde_json::json!({
        "from": "CN", "to": "", "currency": "EUR", "date": "2026-11-21", "channel": "post", "items": [],
        "seller": { "registrations": ["eu.ioss", "au.lvig"] }
    });
    Defaults::new(serde_json::from_value(question).unwrap())
}

/// The codes of eight digits of the US schedule that bear an ordinary duty.
pub(crate) fn us_codes() -> Vec<GoodsCode> {
    let table = include_str!("../../../../data/tariffs/US.csv");
    let codes: BTreeSet<GoodsCode> = table
        .lines()
        .skip(1)
        .filter(|l| !l.starts_with("98") && !l.starts_with("99"))
        .filter_map(|l| l.split(',').next()?.parse().ok())
        .filter(|c: &GoodsCode| c.digit_count() == 8)
        .collect();
    codes.into_iter().collect()
}

/// What may be asked of a set: destination, origin and code of questions whose answer is one amount.
struct Choice {
    to: String,
    origin: &'static str,
    codes: Vec<GoodsCode>,
}

fn question(to: &str) -> tidewaiter::Consignment {
    let mut asked = defaults().question;
    asked.to = to.to_owned();
    asked.items = vec![serde_json::from_str(r#"{"price":"1","code":"610910","origin":"CN"}"#).unwrap()];
    asked
}

fn goods(quoter: &Quoter<'_>, code: GoodsCode, origin: &str, cents: i64, quantity: i64) -> Goods {
    Goods {
        code,
        origin: quoter.territory(origin),
        quantity: Decimal::from_int(quantity),
        price: Decimal::from_units(i128::from(cents) * 10_000_000_000),
        freight: Decimal::ZERO,
        weight_kg: None,
    }
}

/// The questions of a set whose answer is one amount at a small, a middle and a large price.
fn choices(set: &Set) -> Vec<Choice> {
    let codes = if set.name == "large" { crate::book::plain_codes() } else { us_codes() };
    let mut quoter = set.ratebook.quoter();
    let large = set.name == "large";
    let places: Vec<String> = if large {
        crate::book::territories()
    } else {
        PLACES[..if set.name == "five" { 5 } else { 6 }].iter().map(|p| (*p).to_owned()).collect()
    };
    let mut out: Vec<Choice> = Vec::new();
    let mut open = BTreeMap::new();
    for to in &places {
        let mut ready = quoter.ready(&question(to)).unwrap();
        for origin in ORIGINS {
            // The copies answer alike.
            if let (true, Some(first)) = (large, out.iter().find(|c| c.origin == origin)) {
                let codes = first.codes.clone();
                out.push(Choice { to: to.clone(), origin, codes });
                continue;
            }
            let mut kept = Vec::new();
            for &code in &codes {
                let code = if large || to == "US" { code } else { code.truncated(6).unwrap() };
                let complete = [500, 4_000, 12_000].into_iter().all(|cents| {
                    ready.with_goods(&goods(&quoter, code, origin, cents, 1)).unwrap();
                    quoter.totals(&ready).is_some()
                });
                if complete && kept.last() != Some(&code) {
                    kept.push(code);
                }
            }
            *open.entry(to.clone()).or_insert(0) += kept.len();
            if !kept.is_empty() {
                out.push(Choice { to: to.clone(), origin, codes: kept });
            }
        }
    }
    println!("    complete pairs of code and origin by destination, of {} codes: {open:?}", codes.len());
    out
}

/// Writes the rows of a set as Parquet and as CSV.
pub(crate) fn write(set: &Set) {
    let choices = choices(set);
    let mut dice = Dice(11);
    let mut text = String::from("code,origin,price,quantity,to\n");
    let (mut codes, mut origins, mut prices, mut quantities, mut places) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROWS {
        let choice = &choices[dice.below(choices.len())];
        let code = choice.codes[dice.below(choice.codes.len())];
        let cents = 500 + dice.below(5_500) as i64;
        let quantity = 1 + dice.below(2) as i64;
        let code = code.digits();
        writeln!(text, "{code},{},{}.{:02},{quantity},{}", choice.origin, cents / 100, cents % 100, choice.to).unwrap();
        codes.push(code);
        origins.push(choice.origin);
        prices.push(i128::from(cents));
        quantities.push(quantity);
        places.push(choice.to.as_str());
    }
    std::fs::write(set.input("csv"), &text).unwrap();
    let column = |values: ArrayRef| values;
    let batch = RecordBatch::try_from_iter([
        ("code", column(Arc::new(StringArray::from(codes)))),
        ("origin", column(Arc::new(StringArray::from(origins)))),
        ("price", column(Arc::new(Decimal128Array::from(prices).with_precision_and_scale(12, 2).unwrap()))),
        ("quantity", column(Arc::new(Int64Array::from(quantities)))),
        ("to", column(Arc::new(StringArray::from(places)))),
    ])
    .unwrap();
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_compression(parquet::basic::Compression::SNAPPY)
        .set_max_row_group_row_count(Some(131_072))
        .build();
    let file = std::fs::File::create(set.input("parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    println!(
        "{} rows of the set \"{}\" in {}: {} bytes of Parquet, {} of CSV",
        ROWS,
        set.name,
        folder().display(),
        size(&set.input("parquet")),
        size(&set.input("csv"))
    );
}

/// The library alone over the rows of a set, all read beforehand.
pub(crate) fn engine(set: &Set) {
    let text = std::fs::read_to_string(set.input("csv")).unwrap();
    let mut quoter = set.ratebook.quoter();
    let mut ready: Vec<Ready> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let rows: Vec<(usize, Goods)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let at = *places.entry(cells[4]).or_insert_with(|| {
                ready.push(quoter.ready(&question(cells[4])).unwrap());
                ready.len() - 1
            });
            let price: Decimal = cells[2].parse().unwrap();
            let quantity: Decimal = cells[3].parse().unwrap();
            let goods = Goods {
                code: cells[0].parse().unwrap(),
                origin: quoter.territory(cells[1]),
                quantity,
                price,
                freight: Decimal::ZERO,
                weight_kg: None,
            };
            (at, goods)
        })
        .collect();
    let mut pass = |name: &str, rows: &[(usize, Goods)]| {
        let time = best_of(|| {
            for (at, goods) in rows {
                ready[*at].with_goods(goods).unwrap();
                black_box(quoter.totals(&ready[*at]).unwrap());
            }
        });
        show(name, rows.len() as u64, time, 0);
    };
    pass(&format!("{} the library alone, rows as they come", set.name), &rows);
    if set.name == "five" {
        return;
    }
    let mut sorted = rows.clone();
    sorted.sort_by_key(|(at, goods)| (*at, goods.code.padded()));
    pass(&format!("{} the library alone, rows sorted", set.name), &sorted);
    let hot: Vec<_> = sorted.iter().take(500).copied().cycle().take(400_000).collect();
    pass(&format!("{} the library alone, 500 rows again and again", set.name), &hot);
    if places.len() < 20 {
        for (name, at) in &places {
            let some: Vec<_> = rows.iter().filter(|r| r.0 == *at).copied().collect();
            pass(&format!("{} the library alone, only to {name}", set.name), &some);
        }
    }
}
