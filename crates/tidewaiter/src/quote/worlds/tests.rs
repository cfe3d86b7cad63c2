//! Candidates of unknown codes against every way of writing them, and short ladders against whole ones, on random
//! fictional economies.
#![allow(clippy::unwrap_used, reason = "a failing test says so")]

use super::*;
use crate::Ratebook;
use crate::quote::prepare::prepare;
use crate::quote::trace::Full;
use crate::ratebook::compile::{SourceFile, World as Records, compile, read_economy};

/// xorshift64*, so that a failure repeats.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n
    }
    /// Codes of chapter 61 and some of 62, of two to ten digits.
    fn code(&mut self) -> String {
        let mut code = if self.below(8) == 0 { "62" } else { "61" }.to_owned();
        for _ in 0..self.below(5) {
            code.push_str(["01", "02", "10", "20", "99"][self.below(5) as usize]);
        }
        code
    }
    fn codes(&mut self) -> String {
        (0..1 + self.below(9)).map(|_| self.code()).collect::<Vec<_>>().join(" ")
    }
}

fn records() -> Records {
    Records {
        territories: toml::from_str(
            "territory = [{ code = 'QQ', name = 'Queue', kind = 'country', currency = 'QDD' }, { code = 'RR', name = 'Ruritania', kind = 'country', currency = 'QDD' }, { code = 'SS', name = 'Sylvania', kind = 'country', currency = 'QDD' }]",
        )
        .unwrap(),
        currencies: toml::from_str("currency = [{ code = 'QDD', name = 'Queue dollar', minor = 2 }]").unwrap(),
        ..Records::default()
    }
}

fn economy(dice: &mut Dice) -> SourceFile {
    let mut text = String::from(
        r#"
[economy]
territory = "QQ"
currency = "QDD"
known_from = 2020-01-01
[[fact]]
key = "q"
statement = "Fictional."
source = { publisher = "none" }
confidence = "low"
[[ask]]
fact = "hand-made"
question = "Made by hand?"
cites = ["q"]
"#,
    );
    for charge in 0..4 {
        let (key, kind) = [("duty", "duty"), ("extra", "additional-duty"), ("levy", "levy"), ("tax", "vat")][charge];
        text.push_str(&format!(
            "[[charge]]\nkey = \"{key}\"\nname = \"{key}\"\nkind = \"{kind}\"\nbase = \"goods\"\ncites = [\"q\"]\n"
        ));
        for rung in 0..3 + dice.below(5) {
            let list = dice.codes();
            let when = match dice.below(9) {
                0 => format!("goods of {list} and channel is post"),
                1 => format!("not goods of {list}"),
                2 => format!("no goods of {list} and gift"),
                3 => format!("any goods of {list}"),
                4 => format!("origin in RR and (goods of {list} or fact hand-made)"),
                5 => format!("only goods of {list} and not document D1"),
                6 if charge > 0 => "gift".to_owned(),
                _ => format!("goods of {list} and goods <= {} QDD per consignment", 20 + dice.below(200)),
            };
            text.push_str(&format!(
                "  [[charge.rung]]\n  name = \"rung {rung}\"\n  when = \"{when}\"\n  amount = \"{} %\"\n",
                1 + dice.below(30)
            ));
        }
        if charge > 0 {
            text.push_str("  [[charge.rung]]\n  name = \"rung 0\"\n  follows = \"duty\"\n  amount = \"1.5 %\"\n");
        }
        text.push_str(if charge == 0 {
            "  [[charge.rung]]\n  name = \"tariff\"\n  amount = \"tariff\"\n"
        } else {
            "  [[charge.rung]]\n  name = \"rest\"\n  amount = \"2 %\"\n"
        });
    }
    text.push_str("[[measure]]\ncode = \"61\"\nkind = \"third-country\"\namount = \"4 %\"\ncites = [\"q\"]\n");
    text.push_str("[[measure]]\ncode = \"62\"\nkind = \"third-country\"\namount = \"5 %\"\ncites = [\"q\"]\n");
    for _ in 0..dice.below(40) {
        let origin = if dice.below(4) == 0 { "origin = [\"RR\"]\n" } else { "" };
        let (code, percent) = (dice.code(), dice.below(4));
        text.push_str(&format!(
            "[[measure]]\ncode = \"{code}\"\nkind = \"third-country\"\namount = \"{percent} %\"\n{origin}cites = [\"q\"]\n"
        ));
    }
    read_economy("q.toml", &text).unwrap()
}

/// Every code at which something that is written begins, or no longer holds.
fn written(t: &Tables<'_>, low: u64, high: u64) -> BTreeSet<u64> {
    let mut points = BTreeSet::from([low]);
    for range in t.codes {
        points.extend([range.first.get(), range.last.get() + 1]);
    }
    for tariff in t.tariffs {
        each_measure(t, tariff, low, high, |_, first, last| {
            points.extend([first, last + 1]);
            true
        });
    }
    points.retain(|point| (low..=high).contains(point));
    points
}

fn hull(explored: &Explored) -> (Decimal, Decimal) {
    let totals = || explored.seen.iter().map(|seen| seen.total);
    (totals().min().unwrap(), totals().max().unwrap())
}

#[test]
fn few_candidates_give_what_all_codes_give() {
    let records = records();
    for seed in 1..60 {
        let mut dice = Dice(seed * 7919);
        let file = economy(&mut dice);
        let book = Ratebook::from_vec(compile(&records, std::slice::from_ref(&file)).unwrap()).unwrap();
        let t = book.tables();
        for (turn, code) in ["61", "6110", "610220", "62"].into_iter().enumerate() {
            let lines = [
                format!(r#"{{"code":"{code}","origin":"RR","price":"{}"}}"#, 10 + dice.below(200)),
                r#"{"code":"6201.10","origin":"SS","price":"9.99"}"#.to_owned(),
            ];
            let json = format!(
                r#"{{"from":"SS","to":"QQ","date":"2026-05-05","currency":"QDD","sale":"c2c","gift":{},"facts":{{"hand-made":{}}},"channel":"{}","items":[{}]}}"#,
                dice.below(2) == 0,
                dice.below(2) == 0,
                ["post", "express"][dice.below(2) as usize],
                lines[..1 + turn % 2].join(",")
            );
            let asked = serde_json::from_str(&json).unwrap();
            let case = prepare(&t, &asked, jiff::civil::date(2026, 5, 5)).unwrap().case;
            let line = case.lines.iter().position(|line| line.digits as usize == code.len()).unwrap();
            let mut sheet = Sheet::default();
            let explored = explore(&t, &case, &World::default(), &mut sheet, &mut Domains::default());
            assert!(!explored.cut_short && explored.failure.is_none(), "{json}");
            let (low, high) = case.lines[line].code_span();
            let mut slow = Explored::default();
            for point in written(&t, low, high) {
                let given = World(vec![(Key::Code(line as u16), Value::Code(point))]);
                slow.seen.extend(explore(&t, &case, &given, &mut sheet, &mut Domains::default()).seen);
            }
            assert_eq!(hull(&explored), hull(&slow), "seed {seed}: {json}\n{}", file.text);
            // Each world with every rung tried, none passed over.
            for seen in explored.seen.iter().chain(&slow.seen) {
                let mut whole = Sheet::default();
                assert_eq!(evaluate(&t, &case, &seen.world, &mut whole, &mut Full::default()), Ok(()));
                let rungs = |sheet: &Sheet| {
                    let (charges, lines) = sheet.size();
                    (0..charges * lines).map(|at| sheet.rung(at / lines, at % lines)).collect::<Vec<_>>()
                };
                assert_eq!((seen.total, rungs(&seen.sheet)), (whole.total(), rungs(&whole)), "seed {seed}: {json}");
            }
        }
    }
}

#[test]
fn too_many_worlds_are_known_before_they_are_evaluated() {
    let records = records();
    let book = Ratebook::from_vec(compile(&records, &[economy(&mut Dice(5))]).unwrap()).unwrap();
    let t = book.tables();
    let items = vec![r#"{"price":"12.50"}"#; 60].join(",");
    let json = format!(r#"{{"to":"QQ","date":"2026-05-05","currency":"QDD","items":[{items}]}}"#);
    let case = prepare(&t, &serde_json::from_str(&json).unwrap(), jiff::civil::date(2026, 5, 5)).unwrap().case;
    let explored = explore(&t, &case, &World::default(), &mut Sheet::default(), &mut Domains::default());
    assert!(explored.cut_short);
    assert!(!gaps(&t, &case, &explored, &Domains::default()).is_empty(), "there is always something to ask first");
}
