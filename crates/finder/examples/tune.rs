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
use tidewaiter_finder::vague::Doubt;
use tidewaiter_finder::{Finder, Query, Weights};

fn main() {
    let _ = own;
    let folder = std::env::args().nth(1).expect("the folder of the development sets");
    let cases = official(Path::new(&folder));
    let vague = sets::vague(Path::new(&folder));
    let mut finders = sets::finders(&cases, &vague);
    // The part that is set aside tunes nothing.
    let cases: Vec<Case> = cases.into_iter().filter(|c| part(&c.text) != SET_ASIDE).collect();
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
    doubts(&finders, &cases, &vague);
}

/// Fits when to refuse, and how sure the first code is.
fn doubts(finders: &[Finder], cases: &[Case], vague: &[String]) {
    let of = |text: &str| finders[part(text) as usize].ask(&Query::new(text).anyway()).unwrap();
    let features = |doubt: &Doubt| {
        [doubt.too_little.clamp(-8.0, 8.0), doubt.fit, doubt.first.max(1e-3).ln(), doubt.known, doubt.words.min(6.0)]
            .map(f64::from)
    };
    let mut rows: Vec<([f64; 5], bool, f64)> = Vec::new();
    for text in vague.iter().filter(|text| part(text) != SET_ASIDE) {
        let answer = of(text);
        if answer.vague.is_none() {
            rows.push((features(&answer.doubt), true, 1.0));
        }
    }
    // Carriers cut their texts: many of the parcels say too little too, and count for less here.
    let counts = |set: &str| match set {
        "uk-parcels" => 0.6,
        "us-rulings" => 3.0,
        _ => 1.0,
    };
    let answers: Vec<_> = cases.iter().map(|case| (case, of(&case.text))).collect();
    rows.extend(answers.iter().map(|(case, answer)| (features(&answer.doubt), false, counts(&case.set))));
    let refuse = logistic(&rows);
    println!("odds of too little: {refuse:.3?}, the last is what all have");
    let odds =
        |doubt: &Doubt| -> f64 { features(doubt).iter().zip(&refuse).map(|(x, w)| x * w).sum::<f64>() + refuse[5] };
    for bound in [0.0, 0.2, 0.405, 0.6, 0.85, 1.1] {
        let share = |wanted: bool| {
            let of = rows.iter().filter(|(_, vague, _)| *vague == wanted);
            let (all, refused) = of.fold((0.0, 0.0), |(all, refused), (x, ..)| {
                let odds: f64 = x.iter().zip(&refuse).map(|(x, w)| x * w).sum::<f64>() + refuse[5];
                (all + 1.0, refused + f64::from(u8::from(odds > bound)))
            });
            100.0 * refused / all
        };
        let terms = answers.iter().filter(|(case, _)| case.set != "uk-parcels");
        let refused = terms.clone().filter(|(_, answer)| odds(&answer.doubt) > bound).count();
        println!(
            "bound {bound}: {:.1} % of the vague, {:.1} % of the good, {:.1} % without parcels",
            share(true),
            share(false),
            100.0 * refused as f64 / terms.count() as f64
        );
    }
    let sure: Vec<([f64; 2], bool, f64)> = answers
        .iter()
        .filter(|(_, answer)| !answer.codes.is_empty())
        .map(|(case, answer)| {
            let first = f64::from(answer.doubt.first).clamp(0.001, 0.999);
            let right = case.codes.contains(&answer.codes[0].code);
            ([(first / (1.0 - first)).ln(), odds(&answer.doubt)], right, 1.0)
        })
        .collect();
    println!("sure of the first: {:.3?}, the last is what all have", logistic(&sure));
}

/// Weights of a logistic regression, the constant last (Newton's steps would need a solver; small steps with momentum do).
fn logistic<const N: usize>(rows: &[([f64; N], bool, f64)]) -> Vec<f64> {
    let mut weights = vec![0.0; N + 1];
    let mut speed = vec![0.0; N + 1];
    let all: f64 = rows.iter().map(|(.., counts)| counts).sum();
    for _ in 0..6_000 {
        let mut slope = vec![0.0; N + 1];
        for (x, wanted, counts) in rows {
            let score = x.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>() + weights[N];
            let wrong = (1.0 / (1.0 + (-score).exp()) - f64::from(u8::from(*wanted))) * counts / all;
            x.iter().enumerate().for_each(|(at, x)| slope[at] += wrong * x);
            slope[N] += wrong;
        }
        for at in 0..=N {
            speed[at] = 0.95 * speed[at] - 0.02 * slope[at];
            weights[at] += speed[at];
        }
    }
    weights
}

/// The mean logarithm of how likely the right heading and the right code were said to be, each set counting the same.
fn score(finders: &mut Vec<Finder>, weights: Weights, cases: &[Case]) -> f64 {
    *finders = std::mem::take(finders).into_iter().map(|f| f.with_weights(weights)).collect();
    let mut sums: std::collections::BTreeMap<&str, (f64, f64)> = std::collections::BTreeMap::new();
    for case in cases.iter().step_by(2) {
        let answer = finders[part(&case.text) as usize].ask(&Query::new(&case.text).most(200).anyway()).unwrap();
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
