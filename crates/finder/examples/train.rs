//! Writes `words/learned.txt` from the development sets: four parts of five, the fifth is set aside and teaches never.
//!
//! `cargo run --release -p tidewaiter-finder --example train -- ../shared/data/hs-classification`
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "an example that fails says so")]

mod sets;

use sets::{LEAST, SET_ASIDE, official, own, part};
use std::collections::BTreeSet;
use std::path::Path;
use tidewaiter_finder::Finder;
use tidewaiter_finder::learn::Learned;

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of the development sets");
    let cases = official(Path::new(&folder));
    println!("{} sets", own().iter().chain(&cases).map(|case| case.set.as_str()).collect::<BTreeSet<_>>().len());
    let taught = cases.iter().filter(|case| part(&case.text) != SET_ASIDE && !case.codes.is_empty());
    let taught: Vec<_> = taught.map(|case| (case.text.as_str(), case.codes[0].parse::<u32>().unwrap())).collect();
    let count = taught.len();
    let learned = Learned::from_examples(taught).kept(Finder::embedded().index(), LEAST);
    let text = learned.to_text();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("words/learned.txt");
    std::fs::write(&path, &text).unwrap();
    println!("{count} examples, {} words, {} bytes", text.lines().count() - 2, text.len());
}
