//! What a question to the finder costs, whole and by its parts, beside plain ways to do the same; hostile texts; the first question of a
//! process; the start of the command. Run with `cargo bench -p tidewaiter-finder`; parts by name:
//! `cargo bench -p tidewaiter-finder -- texts hostile`. The parts are `texts`, `lines`, `hostile`, `first` and `start`.
//!
//! Times are wall clock of one thread. Each part runs in a process of its own, so that its memory is its own. `start` measures the program
//! that `TIDEWAITER_BIN` names, and beside it the one of `TIDEWAITER_BESIDE`. Figures and what bounds them are in `docs/performance.md`.
//! Nothing here passes or fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_types,
    missing_docs,
    reason = "a failing benchmark says so; what is measured is no money"
)]

mod beside;
#[path = "../../tests/hostile/texts.rs"]
mod hostile;
mod measure;
mod nomenclature;

use measure::{Memory, Times, ms};
use std::hint::black_box;
use std::time::Instant;
use tidewaiter_finder::lines::Told;
use tidewaiter_finder::model::{Model, features};
use tidewaiter_finder::text::Stems;
use tidewaiter_finder::vague::vague;
use tidewaiter_finder::{Finder, Query};

const PARTS: [&str; 5] = ["texts", "lines", "hostile", "first", "start"];

#[derive(serde::Deserialize)]
struct Product {
    text: String,
}

#[derive(serde::Deserialize)]
struct Set {
    product: Vec<Product>,
}

/// Everyday products in three languages, and texts of declarations.
fn texts() -> Vec<String> {
    let sets = [include_str!("../../tests/sets/everyday.toml"), include_str!("../../tests/sets/good.toml")];
    let all = sets.into_iter().flat_map(|set| toml::from_str::<Set>(set).unwrap().product);
    all.map(|product| product.text).collect()
}

fn of_texts() {
    let texts = texts();
    let finder = Finder::embedded();
    println!(
        "{} texts of {} characters on average",
        texts.len(),
        texts.iter().map(|t| t.chars().count()).sum::<usize>() / texts.len()
    );
    Times::head();
    Times::of(&texts, |text| finder.find(text, 5)).row("find: the whole answer");
    Times::of(&texts, |text| finder.language(text)).row("  of it: reading the words");
    Times::of(&texts, |text| vague(finder.index(), text)).row("  of it: words that say too little");
    let stems = Stems::default();
    let bytes = zstd::bulk::decompress(include_bytes!("../../words/model.zst"), 64 << 20).unwrap();
    let model = Model::from_bytes(&bytes).unwrap();
    let likely = |text: &String| {
        let (headings, sum) = model.headings_of(&features(&stems, text));
        let likely = headings.iter().enumerate().filter(|(_, p)| **p > 0.0005);
        (likely.map(|(heading, _)| model.within(heading, &sum).len()).sum::<usize>(), model.shape.too_little(text))
    };
    Times::of(&texts, likely).row("  of it: the model");
    let worth = |digits: u32| Some(f64::from(digits % 7) / 20.0);
    Times::of(&texts, |text| finder.ask(&Query::new(text).worth(&worth)).unwrap())
        .row("ask, where codes cost differently");
    let phrases: Vec<(&str, u32)> = finder
        .index()
        .phrases
        .iter()
        .filter_map(|phrase| {
            Some((phrase.text.as_str(), finder.index().codes[usize::from(phrase.to.first()?.0)].digits))
        })
        .collect();
    println!("beside it, over the same {} names and titles:", phrases.len());
    let bm25 = beside::Bm25::new(&phrases);
    Times::of(&texts, |text| bm25.find(text, 5)).row("BM25 (crate bm25 2.3), same words and stems");
    let some: Vec<String> = texts.iter().step_by(10).cloned().collect();
    Times::of(&some, |text| beside::nearest(&phrases, text, 5)).row("edit distance to each, every tenth text");
}

fn of_lines() {
    let texts = texts();
    let finder = Finder::embedded();
    let before = Memory::now();
    let start = Instant::now();
    let lines = nomenclature::lines(finder, 20_000);
    println!(
        "a made-up nomenclature of 20,000 lines: laid out in {}, {} MiB",
        ms(start.elapsed()),
        Memory::now().held.saturating_sub(before.held)
    );
    Times::head();
    let told = |text| {
        let query = Query::new(text);
        let answer = finder.ask(&query).unwrap();
        let told = Told { text, language: answer.language, facts: finder.facts_told(&query, answer.language) };
        (told, answer.codes.first().map_or_else(|| "610910".to_owned(), |one| one.code.clone()))
    };
    let all: Vec<_> = texts.iter().map(|text| told(text)).collect();
    Times::of(&all, |(told, _)| lines.evidence(told)).row("evidence of the lines for subheadings");
    Times::of(&all, |(told, code)| lines.rank(told, code)).row("lines of the likeliest subheading");
    let whole = |text: &String| {
        let answer = finder.ask(&Query::new(text)).unwrap();
        let facts = finder.facts_told(&Query::new(text), answer.language);
        let evidence = lines.evidence(&Told { text, language: answer.language, facts });
        finder.ask(&Query::new(text).extra(&evidence)).unwrap()
    };
    Times::of(&texts, whole).row("the whole: ask, evidence, ask again");
}

fn of_hostile() {
    let finder = Finder::embedded();
    finder.find("cotton shirt", 5);
    Times::head();
    for (name, text) in hostile::small() {
        Times::repeat(20, || finder.find(&text, 5)).row(name);
    }
    for (megabytes, times) in [(1, 20), (64, 5)] {
        for (name, unit) in hostile::UNITS {
            let text = unit.repeat((megabytes << 20) / unit.len());
            Times::repeat(times, || finder.find(&text, 5)).row(&format!("{megabytes} MB: {name}"));
        }
    }
    let memory = Memory::now();
    println!("resident at most {} MiB, of which the text is 64", memory.peak);
}

fn of_first() {
    let before = Memory::now();
    let start = Instant::now();
    black_box(Finder::embedded().find("cotton shirt", 5));
    let first = start.elapsed();
    let after = Memory::now();
    let start = Instant::now();
    black_box(Finder::embedded().find("cotton shirt", 5));
    println!(
        "first question {}, second {}; resident before {} MiB, after {} MiB, peak {} MiB",
        ms(first),
        ms(start.elapsed()),
        before.held,
        after.held,
        after.peak
    );
}

/// Starts a program fifty times for each set of arguments.
fn of_start() {
    const QUOTE: &str = "quote --from CN --to FR --channel post --item t-shirt,6109.10,2,12.50 --currency EUR";
    for variable in ["TIDEWAITER_BIN", "TIDEWAITER_BESIDE"] {
        let Some(program) = std::env::var_os(variable) else { continue };
        let size = std::fs::metadata(&program).unwrap().len();
        println!("{variable}: {size} bytes");
        Times::head();
        for words in ["--version", QUOTE, "code cotton t-shirt"] {
            let run = || {
                let mut command = std::process::Command::new(&program);
                command.args(words.split(' ')).stdout(std::process::Stdio::null()).stdin(std::process::Stdio::null());
                command.status().unwrap()
            };
            run();
            Times::repeat(50, run).row(words.split(" --from").next().unwrap_or(words));
        }
    }
}

fn main() {
    // `cargo test --benches` runs this too; measuring then would only take time.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    if let [part, name] = words.as_slice()
        && part == "part"
    {
        return match name.as_str() {
            "texts" => of_texts(),
            "lines" => of_lines(),
            "hostile" => of_hostile(),
            "first" => of_first(),
            _ => of_start(),
        };
    }
    for part in PARTS.into_iter().filter(|part| words.is_empty() || words.iter().any(|w| w == part)) {
        println!("\n{part}");
        // The first question is another each time.
        for _ in 0..if part == "first" { 5 } else { 1 } {
            let done = std::process::Command::new(std::env::current_exe().unwrap()).args(["part", part]).status();
            assert!(done.unwrap().success(), "{part}");
        }
    }
}
