//! How often the right code is found: on the sets of this crate, and on the development sets in a folder of official data.
//!
//! `cargo run --release -p tidewaiter-finder --example evaluate -- ../shared/data/hs-classification`
#![allow(
    clippy::float_arithmetic,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "an example that fails says so"
)]

mod sets;

use sets::{SET_ASIDE, official, own, part};
use std::collections::BTreeMap;
use std::path::Path;
use tidewaiter_finder::{Finder, Query};

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of the development sets");
    let mut cases = own();
    cases.extend(official(Path::new(&folder)));
    let refused = sets::vague(Path::new(&folder));
    let show = std::env::args().nth(2);
    let mut tally: BTreeMap<String, [usize; 8]> = BTreeMap::new();
    let finders = sets::finders(&cases, &refused);
    let start = std::time::Instant::now();
    for case in &cases {
        let finder = &finders[part(&case.text) as usize];
        let answer = finder.find(&case.text, 200);
        let of = |digits: usize| -> Option<usize> {
            // Ranks of groups of codes by the sum of their probabilities.
            let mut sums: Vec<(String, f64)> = Vec::new();
            for code in &answer.codes {
                let key = code.code[..digits].to_owned();
                match sums.iter_mut().find(|(k, _)| *k == key) {
                    Some((_, sum)) => *sum += code.probability,
                    None => sums.push((key, code.probability)),
                }
            }
            sums.sort_by(|a, b| b.1.total_cmp(&a.1));
            sums.iter().position(|(key, _)| case.codes.iter().any(|c| c.starts_with(key.as_str())))
        };
        let entry = tally.entry(case.set.clone()).or_default();
        entry[0] += 1;
        for (at, digits) in [2usize, 4, 6].into_iter().enumerate() {
            let rank = of(digits);
            entry[1 + at * 2] += usize::from(rank == Some(0));
            entry[2 + at * 2] += usize::from(rank.is_some_and(|r| r < 3));
        }
        if show.as_deref() == Some(case.set.as_str()) && of(4) != Some(0) {
            let first: Vec<String> =
                answer.codes.iter().take(3).map(|c| format!("{} {:.2} {}", c.code, c.probability, c.because)).collect();
            println!("{} -> {:?}: {}", case.text, case.codes, first.join(" | "));
        }
    }
    let each = start.elapsed().as_secs_f64() * 1000.0 / cases.len() as f64;
    println!(
        "{:<14} {:>6} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7}",
        "set", "n", "2 top1", "2 top3", "4 top1", "4 top3", "6 top1", "6 top3"
    );
    for (set, t) in tally {
        let share = |n: usize| format!("{:.1}", 100.0 * n as f64 / t[0] as f64);
        println!(
            "{set:<14} {:>6} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7}",
            t[0],
            share(t[1]),
            share(t[2]),
            share(t[3]),
            share(t[4]),
            share(t[5]),
            share(t[6])
        );
    }
    println!("{each:.3} ms a question; part {SET_ASIDE} of the sets is set aside");
    narrowing(&finders[0]);
    let of = |text: &str| &finders[part(text) as usize];
    let no_code = |text: &String| of(text).find(text, 1).codes.is_empty();
    println!("uk-vague: {} of {} refused", refused.iter().filter(|text| no_code(text)).count(), refused.len());
    for (file, wanted) in [("vague", true), ("good", false)] {
        let text =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/sets/{file}.toml")))
                .unwrap();
        let table: toml::Table = toml::from_str(&text).unwrap();
        let all: Vec<&str> = table["product"].as_array().unwrap().iter().map(|p| p["text"].as_str().unwrap()).collect();
        let refused = |text: &str| finders[0].find(text, 1).codes.is_empty();
        let count = all.iter().filter(|text| refused(text)).count();
        println!("{file}: {count} of {} refused", all.len());
        if show.as_deref() == Some(file) {
            all.iter().filter(|text| refused(text) != wanted).for_each(|text| println!("  {text}"));
        }
    }
}

/// Ambiguous names and what their seller answers to the questions of the words: two questions at most, and a question that the seller cannot
/// answer counts as one.
fn narrowing(finder: &Finder) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sets");
    let table =
        |file: &str| -> toml::Table { toml::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap() };
    let (names, sellers) = (table("ambiguous.toml"), table("ambiguous-answers.toml"));
    let (products, sellers) = (names["product"].as_array().unwrap(), sellers["product"].as_array().unwrap());
    let (mut first, mut among, mut asked, mut answered) = ([0; 4], [0; 4], 0, 0);
    for (product, seller) in products.iter().zip(sellers) {
        let (text, code) = (product["text"].as_str().unwrap(), product["code"].as_str().unwrap());
        assert_eq!(seller["text"].as_str(), Some(text));
        let mut given: Vec<(String, String)> = Vec::new();
        let mut told: Vec<String> = Vec::new();
        for round in 0..4 {
            let query = given.iter().fold(Query::new(text), |query, (q, a)| query.answer(q, a));
            let answer = finder.ask(&query).unwrap();
            let place = answer.codes.iter().position(|c| c.code == code);
            first[round] += usize::from(place == Some(0));
            among[round] += usize::from(place.is_some_and(|p| p < 3));
            if round < 3
                && let Some(asking) = answer.question
            {
                asked += 1;
                let said = seller["answers"].get(&asking.key).and_then(|said| said.as_str());
                told.push(format!("{}={}", asking.key, said.unwrap_or("?")));
                // A seller who cannot say is asked the next best question.
                given.push((asking.key.clone(), said.unwrap_or_default().to_owned()));
                answered += usize::from(said.is_some());
            }
        }
        if std::env::args().nth(2).as_deref() == Some("narrowing") {
            let query = given.iter().fold(Query::new(text), |query, (q, a)| query.answer(q, a));
            let answer = finder.ask(&query).unwrap();
            let codes: Vec<String> =
                answer.codes.iter().take(3).map(|c| format!("{} {:.2}", c.code, c.probability)).collect();
            println!("{text} {code}: {} -> {}", told.join(", "), codes.join(" "));
        }
    }
    println!(
        "narrowing, of {}: right first {first:?}, among three {among:?} after 0, 1, 2, 3 questions; {asked} asked, {answered} answered",
        products.len()
    );
}
