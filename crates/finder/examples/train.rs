//! Writes `words/learned.txt` and `words/model.zst` from the words and the development sets: four parts of five, the fifth is set aside and
//! teaches never. The same words and sets give the same bytes.
//!
//! `cargo run --release -p tidewaiter-finder --example train -- ../shared/data/hs-classification`
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "an example that fails says so")]

mod sets;

use sets::{LEAST, SET_ASIDE, official, part};
use std::path::Path;
use tidewaiter_finder::Finder;
use tidewaiter_finder::learn::Learned;

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of the development sets");
    let cases = official(Path::new(&folder));
    let vague = sets::vague(Path::new(&folder));
    let taught = || cases.iter().filter(|case| part(&case.text) != SET_ASIDE && !case.codes.is_empty());
    let index = Finder::words_alone();
    let counted = taught().map(|case| (case.text.as_str(), case.codes[0].parse::<u32>().unwrap()));
    let text = Learned::from_examples(counted).kept(&index, LEAST).to_text();
    let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("words");
    std::fs::write(words.join("learned.txt"), &text).unwrap();
    println!("learned.txt: {} words, {} bytes", text.lines().count() - 2, text.len());
    let vague = vague.iter().map(String::as_str).filter(|text| part(text) != SET_ASIDE);
    let model = sets::model(&index, &format!("{SET_ASIDE}.model"), taught(), vague);
    let packed = zstd::bulk::compress(&model.to_bytes(), 19).unwrap();
    std::fs::write(words.join("model.zst"), &packed).unwrap();
    println!("model.zst: {} examples of the sets, {} bytes", taught().count(), packed.len());
}
