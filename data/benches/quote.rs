//! What a quote costs: hot on the embedded ratebook, hot and random over a synthetic one of five million measures in 200
//! territories, beside a naive implementation of the same sums. Run with `cargo bench -p tidewaiter-data`.
//!
//! Times are wall clock of one thread, the best of several passes, in nanoseconds. Figures and what bounds them are in
//! `docs/performance.md`. Nothing here passes or fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use rust_decimal::Decimal as Reference;
use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};
use tidewaiter::goods::GoodsCode;
use tidewaiter::quote::{Goods, Ready};
use tidewaiter::ratebook::compile::{Compiler, PlainMeasure, SourceFile, World, read_economy};
use tidewaiter::ratebook::write_file;
use tidewaiter::record::MeasureKind;
use tidewaiter::{Consignment, Decimal, Quoter, Ratebook};

const TERRITORIES: usize = 200;
const LINES: usize = 14_708;
const PASSES: usize = 7;

/// A small generator, so that every run sees the same data (xorshift64*).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }
}

/// Best time of several passes over `count` pieces of work, in nanoseconds each.
fn best(count: usize, mut pass: impl FnMut()) -> u128 {
    (0..PASSES)
        .map(|_| {
            let start = Instant::now();
            pass();
            start.elapsed()
        })
        .min()
        .unwrap_or(Duration::ZERO)
        .as_nanos()
        / count as u128
}

fn row(name: &str, nanoseconds: u128) {
    let per_second = 1_000_000_000u128.checked_div(nanoseconds).unwrap_or(0);
    println!("{name:<66} {nanoseconds:>8} ns {per_second:>12}/s");
}

fn question(json: &str) -> Consignment {
    serde_json::from_str(json).unwrap()
}

fn embedded() {
    println!("Embedded ratebook ({} bytes), hot", tidewaiter_data::ratebook().size());
    let ratebook = tidewaiter_data::ratebook();
    let path = std::env::temp_dir().join("tidewaiter-bench-embedded.twrb");
    write_file(&path, tidewaiter_data::bytes()).unwrap();
    let mut quoter = ratebook.quoter();
    let cases = [
        (
            "France, IOSS, 1 line",
            r#"{"from":"CN","to":"FR","date":"2026-11-21","currency":"EUR","freight":"4.90","channel":"post","seller":{"registrations":["eu.ioss"]},"items":[{"code":"6109.10","origin":"CN","quantity":2,"price":"12.50"}]}"#,
        ),
        (
            "United Kingdom, at checkout, 1 line",
            r#"{"from":"CN","to":"GB","date":"2026-11-21","currency":"GBP","freight":"4.90","channel":"express","items":[{"code":"6109.10","origin":"CN","quantity":2,"price":"12.50"}]}"#,
        ),
        (
            "Switzerland, waived, 1 line",
            r#"{"from":"CN","to":"CH","date":"2026-11-21","currency":"CHF","freight":"4.90","channel":"post","items":[{"code":"8517.62","origin":"CN","quantity":1,"price":"30.00"}]}"#,
        ),
        (
            "Australia, at checkout, 1 line",
            r#"{"from":"CN","to":"AU","date":"2026-11-21","currency":"AUD","freight":"4.90","channel":"post","seller":{"registrations":["au.lvig"]},"items":[{"code":"6109.10","origin":"CN","quantity":2,"price":"12.50"}]}"#,
        ),
    ];
    for (name, json) in cases {
        let ready = quoter.ready(&question(json)).unwrap();
        match quoter.total(&ready) {
            Some(total) => {
                let (rows, lines) = quoter.footprint(&ready);
                row(
                    &format!("{name}: {total}"),
                    best(100_000, || {
                        (0..100_000).for_each(|_| {
                            black_box(quoter.total(black_box(&ready)));
                        })
                    }),
                );
                println!("    reads {rows} rows in {lines} cache lines ({} bytes)", lines * 64);
            }
            None => println!("{name}: not a complete question"),
        }
    }
    let mut ten = question(cases[0].1);
    ten.items = (0..10)
        .map(|n| question(&cases[0].1.replace("6109.10", &format!("{}.10", 6101 + n))).items[0].clone())
        .collect();
    ten.items.iter_mut().for_each(|i| i.price = "5.10".parse().unwrap());
    let ready = quoter.ready(&ten).unwrap();
    row(
        "France, IOSS, 10 lines",
        best(20_000, || {
            (0..20_000).for_each(|_| {
                black_box(quoter.total(black_box(&ready)));
            })
        }),
    );
    let asked = question(cases[0].1);
    row(
        "the same from names (prepare + evaluate)",
        best(5_000, || (0..5_000).for_each(|_| drop(black_box(quoter.ready(black_box(&asked)))))),
    );
    row(
        "the whole answer document",
        best(1_000, || (0..1_000).for_each(|_| drop(black_box(ratebook.quote(black_box(&asked)))))),
    );
    row(
        "the whole answer document with every step",
        best(1_000, || {
            (0..1_000).for_each(|_| {
                drop(black_box(ratebook.answer(black_box(&asked), &tidewaiter::Ask { steps: true, today: None })))
            })
        }),
    );
    row(
        "open the embedded ratebook (check the rules)",
        best(50, || {
            (0..50).for_each(|_| drop(black_box(Ratebook::open(&path).ok())));
        }),
    );
}

/// 200 territories with the same rules: relief below a limit, duty from the tariff, a surcharge, VAT on all of it.
fn synthetic_files(world: &mut World) -> Vec<SourceFile> {
    (0..TERRITORIES)
        .map(|n| {
            let code = format!("{}{}", char::from(b'A' + (n / 26) as u8), char::from(b'A' + (n % 26) as u8));
            let code = format!("X{code}");
            world.territories.territory.push(
                toml::from_str(&format!("code = '{code}'\nname = '{code}'\nkind = 'country'\ncurrency = 'EUR'"))
                    .unwrap(),
            );
            let text = format!(
                r#"
[economy]
territory = "{code}"
currency = "EUR"
known_from = 2020-01-01
[[fact]]
key = "f"
statement = "Synthetic."
source = {{ publisher = "none" }}
confidence = "low"
[[charge]]
key = "duty"
name = "Duty"
kind = "duty"
base = "goods + freight + insurance"
cites = ["f"]
  [[charge.rung]]
  name = "relief"
  when = "goods <= 20 EUR per consignment and not goods of 22 24"
  amount = "relieved"
  [[charge.rung]]
  name = "tariff"
  amount = "tariff"
[[charge]]
key = "surcharge"
name = "Surcharge"
kind = "levy"
base = "goods"
cites = ["f"]
  [[charge.rung]]
  name = "surcharge"
  amount = "1.5 %"
[[charge]]
key = "vat"
name = "VAT"
kind = "vat"
base = "goods + freight + insurance + duty + surcharge"
cites = ["f"]
  [[charge.rung]]
  name = "vat"
  amount = "@vat"
[[rate]]
name = "vat"
class = "standard"
is = "20 %"
cites = ["f"]
"#
            );
            read_economy(&format!("{code}.toml"), &text).unwrap()
        })
        .collect()
}

struct Synthetic {
    codes: Vec<u64>,
    naive: HashMap<(u16, u64), Vec<(u16, Reference)>>,
    bytes: Vec<u8>,
    seconds: Duration,
    measures: usize,
}

/// Ten-digit lines in about 1,200 headings; for each territory 25,000 measures, most of them general, some for origins.
fn synthetic() -> Synthetic {
    let mut dice = Dice(42);
    let mut codes: Vec<u64> = Vec::new();
    while codes.len() < LINES {
        let head = 101 + dice.below(9600) as u64;
        for _ in 0..12 {
            codes.push(
                head * 100_000_000
                    + (1 + dice.below(98) as u64) * 1_000_000
                    + (1 + dice.below(98) as u64) * 10_000
                    + (1 + dice.below(98) as u64) * 100,
            );
        }
    }
    codes.truncate(LINES);
    codes.sort_unstable();
    codes.dedup();
    let mut world = tidewaiter_data::world().clone();
    let files = synthetic_files(&mut world);
    let start = Instant::now();
    let mut compiler = Compiler::new(&world);
    for file in &files {
        compiler.add(file);
    }
    let groups = [
        compiler.origin_set(&["CN"]).unwrap(),
        compiler.origin_set(&["US"]).unwrap(),
        compiler.origin_set(&["EU"]).unwrap(),
    ];
    let mut naive: HashMap<(u16, u64), Vec<(u16, Reference)>> = HashMap::new();
    let mut measures = 0;
    for (n, file) in files.iter().enumerate() {
        let territory = &file.economy.economy.territory;
        let mut add = |code: u64, digits: u8, origin: u16, percent: u64, compiler: &mut Compiler<'_>| {
            let plain = PlainMeasure {
                code,
                digits,
                kind: if origin == 0 { MeasureKind::ThirdCountry } else { MeasureKind::Additional },
                percent: Decimal::from_units(i128::from(percent) * 100_000_000_000),
                from: 0,
                before: i32::MAX,
                origin,
            };
            compiler.add_plain_measure(territory, plain).unwrap();
            naive.entry((n as u16, code)).or_default().push((origin, Reference::new(percent as i64, 1)));
            measures += 1;
        };
        for &code in &codes {
            let percent = dice.below(250) as u64;
            add(code, 10, 0, percent, &mut compiler);
            if dice.below(10) < 7 {
                add(code, 10, groups[dice.below(3)], dice.below(100) as u64, &mut compiler);
            }
        }
    }
    let bytes = compiler.finish().unwrap_or_else(|p| panic!("{:?}", p.first()));
    Synthetic { codes, naive, bytes, seconds: start.elapsed(), measures }
}

fn large() {
    let made = synthetic();
    println!(
        "\nSynthetic ratebook: {} measures, {} bytes, built in {} ms",
        made.measures,
        made.bytes.len(),
        made.seconds.as_millis()
    );
    let path = std::env::temp_dir().join("tidewaiter-bench.twrb");
    write_file(&path, &made.bytes).unwrap();
    row(
        "open the file (map it, check the rules)",
        best(20, || (0..20).for_each(|_| drop(black_box(Ratebook::open(&path).unwrap())))),
    );
    let ratebook = Ratebook::open(&path).unwrap();
    let mut quoter = ratebook.quoter();
    let mut questions: Vec<Ready> = (0..TERRITORIES)
        .map(|n| {
            let code = format!("X{}{}", char::from(b'A' + (n / 26) as u8), char::from(b'A' + (n % 26) as u8));
            let json = format!(r#"{{"from":"CN","to":"{code}","date":"2026-11-21","currency":"EUR","freight":"4.90","items":[{{"code":"610910","origin":"CN","price":"50.00"}}]}}"#);
            quoter.ready(&question(&json)).unwrap()
        })
        .collect();
    let china = quoter.territory("CN");
    // Codes that the Harmonized System no longer has are answered another way.
    let mut codes = made.codes.clone();
    codes.retain(|&code| {
        let code = GoodsCode::from_padded(code, 10).unwrap();
        let price = Decimal::from_int(50);
        let goods =
            Goods { code, origin: china, quantity: Decimal::ONE, price, freight: Decimal::ZERO, weight_kg: None };
        questions[0].with_goods(&goods).unwrap();
        quoter.total(&questions[0]).is_some()
    });
    let mut dice = Dice(7);
    let count = 400_000;
    let plan: Vec<(u16, u64, i64)> = (0..count)
        .map(|_| (dice.below(TERRITORIES) as u16, codes[dice.below(codes.len())], 2_100 + dice.below(50_000) as i64))
        .collect();
    let hot: Vec<(u16, u64, i64)> =
        (0..count).map(|_| (dice.below(5) as u16, codes[dice.below(500)], 2_100 + dice.below(50_000) as i64)).collect();
    let price = |cents: i64| Decimal::from_units(i128::from(cents) * 10_000_000_000);
    let freight = price(490);
    let mut run = |plan: &[(u16, u64, i64)], quoter: &mut Quoter<'_>| {
        let mut sum = Decimal::ZERO;
        for &(to, code, cents) in plan {
            let ready = &mut questions[usize::from(to)];
            let code = GoodsCode::from_padded(code, 10).unwrap();
            ready
                .with_goods(&Goods {
                    code,
                    origin: china,
                    quantity: Decimal::ONE,
                    price: price(cents),
                    freight,
                    weight_kg: None,
                })
                .unwrap();
            sum = sum.plus(quoter.total(ready).unwrap()).unwrap();
        }
        sum
    };
    let first = run(&plan, &mut quoter);
    row(
        "1 line, random over all measures",
        best(count, || {
            black_box(run(&plan, &mut quoter));
        }),
    );
    row(
        "1 line, hot (5 territories, 500 codes)",
        best(count, || {
            black_box(run(&hot, &mut quoter));
        }),
    );

    // The naive way: a hash table by territory and code, one decimal library, the same four sums.
    let naive = |plan: &[(u16, u64, i64)]| {
        let mut sum = Reference::ZERO;
        let twenty = Reference::new(20, 2);
        for &(to, code, cents) in plan {
            let goods = Reference::new(cents, 2);
            let cif = goods + Reference::new(490, 2);
            let mut duty = Reference::ZERO;
            for digits in [10u32, 8, 6, 4, 2] {
                let step = 10u64.pow(12 - digits);
                if let Some(found) = made.naive.get(&(to, code / step * step)) {
                    for &(origin, percent) in found {
                        if origin == 0 {
                            duty = (cif * percent / Reference::ONE_HUNDRED)
                                .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
                        }
                    }
                }
            }
            let levy = (goods * Reference::new(15, 3))
                .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
            let vat = ((cif + duty + levy) * twenty)
                .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
            sum += duty + levy + vat;
        }
        sum
    };
    let other = naive(&plan);
    println!("  sum of all charges: engine {first}, naive {}", other.normalize());
    row(
        "naive baseline, random",
        best(count, || {
            black_box(naive(&plan));
        }),
    );
    row(
        "naive baseline, hot",
        best(count, || {
            black_box(naive(&hot));
        }),
    );
    let _ = std::fs::remove_file(&path);
}

fn main() {
    // `cargo test --benches` runs this too; measuring then would only take time.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    println!("{:<66} {:>11} {:>14}", "", "each", "per second");
    embedded();
    large();
}
