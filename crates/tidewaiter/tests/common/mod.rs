//! A small fictional world that uses every table and every operation once, and questions that reach them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]
#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use tidewaiter::Consignment;
use tidewaiter::ratebook::compile::{SourceFile, World, compile, read_economy};

/// Territories, currencies and exchange rates.
pub fn world() -> World {
    let territories = toml::from_str(
        r#"
        territory = [
          { code = "UU", name = "Union", kind = "union", currency = "QDD" },
          { code = "QQ", name = "Queue", kind = "country", currency = "QDD" },
          { code = "RR", name = "Ruritania", kind = "country", currency = "RCC" },
          { code = "SS", name = "Special", kind = "special", currency = "QDD", part_of = "QQ" },
          { code = "GG", name = "Group", kind = "group" },
          { code = "TT", name = "Third", kind = "country", currency = "TPP" },
        ]
        member = [
          { of = "UU", territory = "QQ", role = "member", ladders = "all", from = 2020-01-01 },
          { of = "UU", territory = "SS", role = "customs", ladders = ["uu.duty"], from = 2020-01-01 },
          { of = "GG", territory = "RR", role = "party", from = 2010-01-01, before = 2030-01-01 },
        ]
        "#,
    );
    let currencies = toml::from_str(
        r#"
        currency = [
          { code = "QDD", name = "Queue dollar", minor = 2 },
          { code = "RCC", name = "Ruritanian crown", minor = 0 },
          { code = "TPP", name = "Third pound", minor = 3 },
          { code = "PGG", name = "Pegged", minor = 2 },
        ]
        "#,
    );
    let series = toml::from_str(
        r#"
        series = [{ key = "main", name = "Main rates", publisher = "Central bank", base = "QDD", file = "main.csv" }]
        peg = [{ currency = "PGG", to = "RCC", rate = "0.25", source = "law" }]
        "#,
    );
    World {
        territories: territories.unwrap(),
        currencies: currencies.unwrap(),
        series: series.unwrap(),
        rates: [("main.csv".to_owned(), "date,RCC,TPP\n2026-01-02,112.37,0.731\n2026-06-01,113.4,0.729\n".to_owned())]
            .into(),
        ..World::default()
    }
}

const UNION: &str = r#"
[economy]
territory = "UU"
currency = "QDD"
known_from = 2026-01-01

[[fact]]
key = "uu.duty"
topic = "duty"
statement = "Duty by tariff."
source = { publisher = "Union gazette", date = 2026-01-01 }
confidence = "high"

[[charge]]
key = "uu.duty"
name = "Duty"
kind = "duty"
base = "goods + freight"
round = "down 0.01 per consignment"
base_round = "down 1 per consignment"
cites = ["uu.duty"]
  [[charge.rung]]
  name = "small"
  when = "goods <= 20 QDD per consignment and not goods of 22 24"
  amount = "relieved"
  [[charge.rung]]
  name = "whole items"
  when = "gift and goods <= 700 QDD per consignment"
  amount = "relief for whole items up to 45 QDD, else 2.5 %"
  per = "consignment"
  [[charge.rung]]
  name = "by heading"
  when = "goods <= 40 QDD"
  amount = "3 QDD"
  per = "heading 6"
  [[charge.rung]]
  name = "tariff"
  amount = "tariff"

[[charge]]
key = "uu.extra"
name = "Additional duty"
kind = "additional-duty"
cites = ["uu.duty"]
  [[charge.rung]]
  name = "additional"
  when = "origin in GG TT"
  amount = "tariff(additional)"

[[measure]]
code = "61"
kind = "third-country"
amount = "12 %"
cites = ["uu.duty"]
[[measure]]
code = "62"
kind = "third-country"
amount = "8 %"
cites = ["uu.duty"]
[[measure]]
code = "6109.10"
kind = "third-country"
amount = "max(10 %, 1 QDD per kg)"
not_origin = ["RR"]
cites = ["uu.duty"]
[[measure]]
code = "6109.10.0010"
kind = "preference"
amount = "2 %"
origin = ["GG"]
program = "PREF"
proof = "Statement"
cites = ["uu.duty"]
[[measure]]
code = "6204"
kind = "additional"
amount = "5 % + 1 QDD per item"
when = "document D1 or goods > 500 QDD per line"
cites = ["uu.duty"]
[[bound]]
codes = ["01-60"]
least = "1 %"
most = "9 %"
cites = ["uu.duty"]
[[bound]]
codes = ["4901"]
least = "0 %"
most = "0 %"
cites = ["uu.duty"]
"#;

const OWN: &str = r#"
[economy]
territory = "QQ"
currency = "QDD"
known_from = 2026-02-01
summary = "A summary."
tax_name = "QST"
note = "A note."

[bases]
customs = "goods + freight + insurance"
[codes]
drink = ["2203-2208"]
[groups]
near = ["RR", "TT"]

[[fact]]
key = "qq.tax"
topic = "aggregation"
statement = "Tax is 15 %, then 16 %."
law = "Act 1"
source = { publisher = "Tax office", title = "Act", url = "https://example.org", date = 2025-05-05 }
from = 2020-01-01
before = 2040-01-01
confidence = "low"
note = "doubtful"

[[ask]]
fact = "personal-use"
question = "Is it for personal use?"
[[ask]]
fact = "dry"
question = "Is it dry?"
assume = true
cites = ["qq.tax"]

[[scheme]]
key = "qq.oss"
name = "One stop"
short = "OSS"
registration = "first sale"
returns = "monthly"
due = "soon"
currency = "QDD"
from = 2021-01-01
cites = ["qq.tax"]

[[dispute]]
key = "qq.scope"
question = "Which?"
default = "one"
cites = ["qq.tax"]
  [[dispute.reading]]
  name = "one"
  says = "The one."
  [[dispute.reading]]
  name = "other"
  says = "The other."

[[charge]]
key = "qq.excise"
name = "Excise"
kind = "excise"
base = "customs"
cites = ["qq.tax"]
  [[charge.rung]]
  name = "strong"
  when = "goods of drink and quantity asv > 22"
  amount = "0.42 QDD per % vol hl + 0.10 QDD per l"
  [[charge.rung]]
  name = "drink"
  when = "goods of drink"
  amount = "0.30 QDD per l"
  says = "Drink pays excise."

[[charge]]
key = "qq.tax"
name = "Sales tax"
kind = "vat"
base = "customs + uu.duty + qq.excise"
round = "half-up 0.05 per line"
cites = ["qq.tax"]
  [[charge.rung]]
  name = "prohibited"
  when = "goods of 93"
  outcome = "prohibited"
  says = "No arms."
  [[charge.rung]]
  name = "small"
  follows = "uu.duty"
  when = "sale is c2c"
  amount = "relieved"
  [[charge.rung]]
  name = "checkout"
  when = "goods <= 150 QDD per consignment and seller registered qq.oss and not sale is b2b"
  amount = "@tax"
  base = "goods"
  collect = "seller"
  scheme = "qq.oss"
  [[charge.rung]]
  name = "other reading"
  when = "reading qq.scope = other and goods > 100 QDD"
  amount = "gross-up 17 %"
  [[charge.rung]]
  name = "island"
  when = "region in NN SSS"
  amount = "0.5 * @tax of goods"
  [[charge.rung]]
  name = "heavy"
  when = "weight > 31 kg or (mode is sea and goods of 84)"
  amount = "bands(base; 0 QDD: 5 %; 1000 QDD: 10 %; 2000 QDD: 20 %)"
  [[charge.rung]]
  name = "near"
  when = "shipped from near and goods <= 5000 RCC per day and imports <= 4 per year"
  amount = "clamp(2 %, 1 TPP, 40 QDD)"
  [[charge.rung]]
  name = "personal"
  when = "fact personal-use and fact dry and not buyer registered and not claims any"
  amount = "min(7 %, 3 QDD per item)"
  per = "item"
  [[charge.rung]]
  name = "declared"
  when = "declaration is H7 and seller in RR and only goods of 01-97"
  amount = "if(gift, 0 %, max(0 QDD, 15 % - uu.duty))"
  [[charge.rung]]
  name = "taxed"
  amount = "@tax"
  [[charge.rung]]
  name = "coming"
  amount = "30 %"
  status = "proposed"
  from = 2027-01-01

[[charge]]
key = "qq.fee"
name = "Fee"
kind = "fee"
collect = "carrier"
authority = "carrier"
cites = ["qq.tax"]
  [[charge.rung]]
  name = "post"
  when = "channel is post"
  amount = "5 QDD"
  per = "parcel"
  [[charge.rung]]
  name = "courier"
  when = "channel is express"
  amount = "20 RCC"
  per = "consignment"
  round = "up 0.1 per line"
  from = 2026-01-01
  before = 2028-01-01

[[rate]]
name = "tax"
class = "standard"
is = [{ from = 2020-01-01, is = "15 %" }, { from = 2026-07-01, is = "16 %" }]
cites = ["qq.tax"]
[[rate]]
name = "tax"
class = "zero"
is = "0 %"
goods = "books"
codes = ["4901", "4902"]
cites = ["qq.tax"]
[[rate]]
name = "tax"
class = "reduced"
is = "7 %"
goods = "food"
cites = ["qq.tax"]

[[waiver]]
charges = ["uu.duty", "qq.tax"]
when = "<= 1 QDD"
cites = ["qq.tax"]

[fx]
threshold = { series = "main", rule = "day", cites = ["qq.tax"] }
assessment = { series = "other", rule = "penultimate wednesday of the month before", fallback = "main", cites = ["qq.tax"] }
filing = { series = "main", rule = "last day of the period", cites = ["qq.tax"] }
"#;

/// The economies of that world.
pub fn files() -> Vec<SourceFile> {
    vec![read_economy("UU.toml", UNION).unwrap(), read_economy("QQ.toml", OWN).unwrap()]
}

/// Text of an economy file of that world.
pub fn own_text() -> &'static str {
    OWN
}

/// The compiled bytes.
pub fn bytes() -> Vec<u8> {
    compile(&world(), &files()).unwrap_or_else(|p| panic!("{p:#?}"))
}

const QUESTIONS: &[&str] = &[
    // Complete, in another currency, several treatments.
    r#"{"from":"RR","to":"QQ","date":"2026-08-01","currency":"RCC","freight":"700","insurance":"30","discount":"100","channel":"post","mode":"air","region":"XX","declaration":"H7",
        "seller":{"registrations":["qq.oss"]},"facts":{"personal-use":true},"weight_kg":"3","history":{"day":{"imports":1,"goods":"10"},"year":{"imports":2,"goods":"40"}},
        "items":[{"code":"6109.10.0010","origin":"RR","quantity":"3","price":"1500","weight_kg":"0.2","claims":[{"program":"PREF","proof":"S"}],"documents":["D1"]},
                 {"code":"620442","origin":"TT","quantity":"2","price":"9000","weight_kg":"0.5"},{"code":"4901","origin":"RR","price":"350"}]}"#,
    // Drink, needs litres and strength.
    r#"{"from":"TT","to":"QQ","date":"2026-03-01","currency":"QDD","channel":"express","items":[{"code":"220830","origin":"TT","quantity":"6","price":"20.00","quantities":{"l":"0.7","asv":"40"},"weight_kg":"1"}]}"#,
    // The goods unknown, and the origin; elsewhere, the place of shipment and the region.
    r#"{"from":"TT","to":"QQ","date":"2026-08-01","currency":"QDD","region":"XX","channel":"post","mode":"air","weight_kg":"2","facts":{"personal-use":false},"items":[{"price":"60","weight_kg":"2"}]}"#,
    r#"{"to":"QQ","date":"2026-08-01","currency":"QDD","items":[{"code":"640299","origin":"TT","price":"60"}]}"#,
    // Codes missing beside known ones, a gift.
    r#"{"from":"RR","to":"QQ","date":"2026-08-01","currency":"TPP","gift":true,"channel":"freight","mode":"air","region":"NN","weight_kg":"9","items":[{"code":"61","price":"30","quantity":"2"},{"code":"6109","origin":"RR","price":"8"},{"code":"8471.30","origin":"TT","price":"20"}]}"#,
    // A special area, a pegged currency, an early day.
    r#"{"from":"TT","to":"SS","date":"2026-02-02","currency":"PGG","items":[{"code":"610910","origin":"RR","price":"4000","weight_kg":"2"}]}"#,
    // The far ends of the calendar.
    r#"{"from":"TT","to":"QQ","date":"9999-12-31","currency":"QDD","items":[{"code":"930100","origin":"RR","price":"4000"}]}"#,
    r#"{"from":"TT","to":"QQ","date":"0001-01-01","known_at":"2026-03-01","currency":"QDD","items":[{"code":"930100","origin":"RR","price":"4000"}]}"#,
];

/// Questions that reach every rule.
pub fn questions() -> Vec<Consignment> {
    QUESTIONS.iter().map(|q| serde_json::from_str(q).unwrap()).collect()
}

/// A small generator of numbers, the same on every machine (splitmix64).
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number below `limit`, which is above zero.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// Runs a fuzz target over its seeds in `fuzz/seeds/` and over so many fixed mutations of them.
pub fn mutations(target: &str, count: usize, run: fn(&[u8])) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    // This crate's folder is one or two below the root.
    let root = folder
        .ancestors()
        .find(|f| f.join("fuzz/seeds").is_dir())
        .unwrap_or_else(|| panic!("no fuzz/seeds above {}", folder.display()));
    let mut paths: Vec<_> =
        std::fs::read_dir(root.join("fuzz/seeds").join(target)).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let seeds: Vec<Vec<u8>> = paths.iter().map(|p| std::fs::read(p).unwrap()).collect();
    assert!(seeds.len() >= 3, "{target} has {} seeds", seeds.len());
    for (path, seed) in paths.iter().zip(&seeds) {
        named(&path.display().to_string(), seed, run);
    }
    // Pieces of all seeds are the words that mutations are made of.
    let words: Vec<&[u8]> = seeds
        .iter()
        .flat_map(|s| s.split(|b| b" ,;:()[]{}\"\n".contains(b)))
        .filter(|w| !w.is_empty() && w.len() < 24)
        .collect();
    let rounds = count * std::env::var("TIDEWAITER_ROUNDS").ok().and_then(|r| r.parse().ok()).unwrap_or(1);
    let mut random = Random(target.len() as u64);
    for n in 0..rounds {
        let mut bytes = seeds[random.below(seeds.len())].clone();
        for _ in 0..1 + random.below(4) {
            let at = random.below(bytes.len() + 1);
            let to = (at + random.below(12)).min(bytes.len());
            match random.below(8) {
                0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
                1 if at < bytes.len() => bytes[at] = random.next() as u8,
                2 => drop(bytes.drain(at..to)),
                3 => {
                    let piece = bytes[at..to].to_vec();
                    let into = random.below(bytes.len() + 1);
                    bytes.splice(into..into, piece);
                }
                4 => bytes.truncate(at),
                5 if at < bytes.len() && bytes[at].is_ascii_digit() => bytes[at] = b'0' + random.below(10) as u8,
                _ if !words.is_empty() => {
                    let word = words[random.below(words.len())].to_vec();
                    bytes.splice(at..to, word);
                }
                _ => {}
            }
        }
        named(&format!("{target}, mutation {n}"), &bytes, run);
    }
}

fn named(name: &str, bytes: &[u8], run: fn(&[u8])) {
    if std::panic::catch_unwind(|| run(bytes)).is_err() {
        panic!("{name} failed with: {:?}", String::from_utf8_lossy(bytes));
    }
}
