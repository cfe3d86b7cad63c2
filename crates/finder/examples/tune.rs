//! Fits the weights to the development sets: one after the other a little more or less, as long as the right codes become likelier.
//!
//! `cargo run --release -p tidewaiter-finder --example tune -- ../shared/data/hs-classification`
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

use sets::{Case, SET_ASIDE, official, own, part};
use std::path::Path;
use tidewaiter_finder::{Finder, Weights};

fn main() {
    let _ = (own, SET_ASIDE);
    let folder = std::env::args().nth(1).expect("the folder of the development sets");
    let cases = official(Path::new(&folder));
    let mut finders = sets::finders(&cases, &sets::vague(Path::new(&folder)));
    let mut weights = Weights::default();
    let mut best = score(&mut finders, weights, &cases);
    println!("{best:.4}");
    for step in [1.5f32, 1.25, 1.12] {
        for at in 0..weights.each().len() {
            for by in [step, 1.0 / step] {
                loop {
                    let mut tried = weights;
                    *tried.each()[at].1 *= by;
                    let now = score(&mut finders, tried, &cases);
                    if now <= best + 0.0005 {
                        break;
                    }
                    (weights, best) = (tried, now);
                    let name = weights.each()[at].0;
                    println!("{now:.4} {name} {}", weights.each()[at].1);
                }
            }
        }
    }
    println!("{weights:#?}");
}

/// The mean logarithm of how likely the right heading and the right code were said to be, each set counting the same.
fn score(finders: &mut Vec<Finder>, weights: Weights, cases: &[Case]) -> f64 {
    *finders = std::mem::take(finders).into_iter().map(|f| f.with_weights(weights)).collect();
    let mut sums: std::collections::BTreeMap<&str, (f64, f64)> = std::collections::BTreeMap::new();
    for case in cases.iter().step_by(2) {
        let answer = finders[part(&case.text) as usize].find(&case.text, 200);
        let (mut heading, mut code) = (0.0, 0.0);
        for found in &answer.codes {
            let digits = found.code.clone();
            heading += if case.codes.iter().any(|c| c[..4] == digits[..4]) { found.probability } else { 0.0 };
            code += if case.codes.contains(&digits) { found.probability } else { 0.0 };
        }
        let sum = sums.entry(case.set.as_str()).or_default();
        sum.0 += (heading + 0.002f64).ln() + 0.5 * (code + 0.002f64).ln();
        sum.1 += 1.0;
    }
    sums.values().map(|(sum, n)| sum / n).sum::<f64>() / sums.len() as f64
}
