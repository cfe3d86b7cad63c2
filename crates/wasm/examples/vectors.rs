//! Writes what the tests of `bindings/js` hold the package against: every worked example of `data/examples` with the answer that the
//! library gives natively, a slice for each destination, sizes, and how long an answer takes natively.
//!
//! `cargo run --release -p tidewaiter-wasm --example vectors -- FOLDER`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a tool of the tests says what is wrong"
)]

use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::Instant;
use tidewaiter::Consignment;
use tidewaiter::ratebook::write_file;
use tidewaiter_wasm::Host;

#[derive(Deserialize)]
struct File {
    example: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    name: String,
    consignment: Consignment,
}

/// So many answers are timed, at least.
const TIMED: usize = 10_000;

fn packed(bytes: &[u8]) -> usize {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap().len()
}

fn main() {
    let folder = std::env::args().nth(1).expect("name a folder to write to");
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder.join("slices")).unwrap();
    let whole = tidewaiter_data::ratebook();
    let day = jiff::civil::date(2026, 11, 21);

    // As people make them, for the sizes; the tests use slices with all exchange rates, for examples of long ago.
    let mut sizes: Vec<(usize, usize, String)> = Vec::new();
    let mut hosts: BTreeMap<String, Host> = BTreeMap::new();
    for economy in whole.economies(day) {
        let usual = whole.slice(&[&economy.code], None).unwrap();
        sizes.push((usual.len(), packed(&usual), economy.code.clone()));
        let all = whole.slice(&[&economy.code], Some(jiff::civil::date(1990, 1, 1))).unwrap();
        write_file(folder.join(format!("slices/{}.twrb", economy.code)), &all).unwrap();
        write_file(folder.join(format!("slices/{}.usual.twrb", economy.code)), &usual).unwrap();
        let mut host = Host::default();
        host.open(all).unwrap();
        hosts.insert(economy.code, host);
    }
    sizes.sort();
    let row = |(bytes, gzip, code): &(usize, usize, String)| json!({ "code": code, "bytes": bytes, "gzip": gzip });
    let middle = |part: fn(&(usize, usize, String)) -> usize| {
        let mut all: Vec<usize> = sizes.iter().map(part).collect();
        all.sort_unstable();
        all[all.len() / 2]
    };
    let over = |limit: usize| sizes.iter().filter(|(bytes, ..)| *bytes > limit).count();
    let report = json!({
        "economies": sizes.len(),
        "whole": { "bytes": whole.size(), "gzip": packed(tidewaiter_data::bytes()) },
        "median": { "bytes": middle(|s| s.0), "gzip": middle(|s| s.1) },
        "smallest": row(&sizes[0]),
        "largest": sizes.iter().rev().take(5).map(row).collect::<Vec<_>>(),
        "over_200_kb": over(200_000),
    });
    std::fs::write(folder.join("sizes.json"), serde_json::to_vec_pretty(&report).unwrap()).unwrap();

    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/examples");
    let mut paths: Vec<_> = std::fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|x| x == "toml"));
    paths.sort();
    let mut vectors: Vec<Value> = Vec::new();
    let mut questions: Vec<(String, Vec<u8>)> = Vec::new();
    for path in paths {
        let file: File = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for Example { name, consignment } in file.example {
            let asked = serde_json::to_string(&consignment).unwrap();
            let host = &hosts[&consignment.to];
            let (quote, steps) = (host.quote(asked.as_bytes(), None, false), host.quote(asked.as_bytes(), None, true));
            // The same answer as of the whole ratebook, but for its name.
            let mut first: Value = serde_json::from_str(quote.as_ref().unwrap()).unwrap();
            let mut second = serde_json::to_value(whole.quote(&consignment).unwrap()).unwrap();
            first["ratebook"] = Value::Null;
            second["ratebook"] = Value::Null;
            assert_eq!(first.to_string(), second.to_string(), "{}: {name}", path.display());
            vectors.push(json!({
                "file": path.file_stem().unwrap().to_string_lossy(), "name": name, "to": consignment.to,
                "asked": asked, "quote": quote.unwrap(), "steps": steps.unwrap(),
            }));
            questions.push((consignment.to, asked.into_bytes()));
        }
    }
    std::fs::write(folder.join("vectors.json"), serde_json::to_vec(&vectors).unwrap()).unwrap();

    let mut took: Vec<u128> = Vec::new();
    while took.len() < TIMED {
        for (to, asked) in &questions {
            let host = &hosts[to];
            let begun = Instant::now();
            let told = host.quote(asked, None, false);
            took.push(begun.elapsed().as_nanos());
            assert!(told.is_ok());
        }
    }
    took.sort_unstable();
    let time = json!({ "quotes": took.len(), "p50_ns": took[took.len() / 2] as u64, "p95_ns": took[took.len() * 95 / 100] as u64 });
    std::fs::write(folder.join("native.json"), serde_json::to_vec(&time).unwrap()).unwrap();
    let told = format!("{} vectors, {} slices\n{time}\n{report:#}\n", vectors.len(), sizes.len());
    std::io::stdout().write_all(told.as_bytes()).unwrap();
}
