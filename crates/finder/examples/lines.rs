//! How often the right national line is found, with and without the official texts, and how well rulings are found.
//!
//! `cargo run --release -p tidewaiter-finder --example lines -- ../shared/data`; `tune` after the folder fits the weights of a level.
//!
//! Prints Markdown. The schedule of the United States and the TARIC nomenclature in English are read by the importers. Codes that the
//! nomenclature of today does not have are counted apart.
#![allow(
    clippy::float_arithmetic,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "an example that fails says so"
)]

mod nomenclatures;
mod sets;

use nomenclatures::{Loaded, eu_lines, us_lines};
use sets::{SET_ASIDE, official, part};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;
use tidewaiter_finder::lines::{Lines, Ruling, Told, Weighing};
use tidewaiter_finder::{Finder, Language, Query, Weights};

struct Case {
    set: &'static str,
    text: String,
    codes: Vec<String>,
}

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of official data");
    let folder = Path::new(&folder);
    let tune = std::env::args().nth(2).is_some_and(|word| word == "tune");
    let sets = folder.join("hs-classification");
    let finders = sets::finders(&official(&sets), &sets::vague(&sets));
    let (us, eu) = (Loaded::new("US 2026", us_lines(folder)), Loaded::new("TARIC 2026-03", eu_lines(folder)));
    let cases: Vec<Case> = us_cases(&sets).into_iter().chain(uk_cases(&sets)).collect();
    let lines_of = |case: &Case| if case.set.starts_with("US") { &us } else { &eu };
    if tune {
        fit(&cases, lines_of, &finders);
        return;
    }
    println!(
        "| set | digits | texts | no such line | top 1 | top 3 | top 10 | top 1 without | top 3 without | top 10 without |"
    );
    println!("|---|---:|---:|---:|---|---|---|---|---|---|");
    for set in [
        "US rulings",
        "UK index",
        "UK parcels",
        "US rulings, set aside",
        "UK index, set aside",
        "UK parcels, set aside",
    ] {
        let name = set.trim_end_matches(", set aside");
        let of: Vec<&Case> =
            cases.iter().filter(|c| c.set == name && (name == set || part(&c.text) == SET_ASIDE)).collect();
        let mut tally: BTreeMap<usize, [usize; 8]> = BTreeMap::new();
        for case in &of {
            let loaded = lines_of(case);
            let lines = &loaded.lines;
            let finder = &finders[part(&case.text) as usize];
            let (with, without) = (answers(finder, lines, &case.text, true), answers(finder, lines, &case.text, false));
            for digits in [2usize, 4, 6, 8, 10] {
                let row = tally.entry(digits).or_default();
                let wanted = case.codes.iter().filter(|code| loaded.judges(code, digits));
                let wanted: Vec<&str> = wanted.filter_map(|code| code.get(..digits)).collect();
                if wanted.is_empty() {
                    row[1] += usize::from(case.codes.iter().any(|code| code.len() >= digits));
                    continue;
                }
                row[0] += 1;
                for (at, answer) in [&with, &without].into_iter().enumerate() {
                    let place = place(answer, digits, &wanted);
                    for (k, most) in [1usize, 3, 10].into_iter().enumerate() {
                        row[2 + at * 3 + k] += usize::from(place.is_some_and(|place| place < most));
                    }
                }
            }
        }
        for (digits, row) in tally {
            let shares: Vec<String> = row[2..].iter().map(|hits| wilson(*hits, row[0])).collect();
            println!("| {set} | {digits} | {} | {} | {} |", row[0], row[1], shares.join(" | "));
        }
    }
    println!();
    for (set, [texts, first, three, even]) in given_subheading(&cases, lines_of, &finders) {
        println!(
            "{set}: of {texts} texts whose subheading is given and has several lines, the right line is first for {}, among three for {}; by chance {} % would be first",
            wilson(first, texts),
            wilson(three, texts),
            even / texts.max(1) / 10
        );
    }
    speed(&cases, &us);
    rulings(&sets);
}

/// How long the lines take: the evidence of a text, and the lines of one subheading.
fn speed(cases: &[Case], us: &Loaded) {
    let (texts, start) = (cases.len() as u128, Instant::now());
    let found: usize = cases.iter().map(|case| us.lines.evidence(&Told::new(&case.text, Language::En)).len()).sum();
    let evidence = start.elapsed().as_micros() / texts;
    let start = Instant::now();
    let below = cases.iter().map(|c| us.lines.rank(&Told::new(&c.text, Language::En), &c.codes[0][..6]).len());
    let below: usize = below.sum();
    let rank = start.elapsed().as_micros() / texts;
    println!(
        "\nSpeed: {evidence} us a text for the evidence ({found} codes in all), {rank} us for the lines of one subheading ({below})"
    );
}

/// Codes of national lines with how likely they are, the likeliest first.
fn answers(finder: &Finder, lines: &Lines, text: &str, with: bool) -> Vec<(String, f64)> {
    let told = Told::new(text, Language::En);
    let extra = if with { lines.evidence(&told) } else { Vec::new() };
    let answer = finder.ask(&Query::new(text).most(200).language(Language::En).extra(&extra)).unwrap();
    let told = if with { told_of(finder, text) } else { Told::new("", Language::En) };
    let mut out = Vec::new();
    for (at, code) in answer.codes.iter().enumerate() {
        let below = if at < 60 { lines.rank(&told, &code.code) } else { Vec::new() };
        if below.is_empty() {
            out.push((code.code.clone(), code.probability));
        }
        out.extend(below.into_iter().map(|line| (line.code, line.probability * code.probability)));
    }
    out
}

fn told_of<'a>(finder: &Finder, text: &'a str) -> Told<'a> {
    Told { facts: finder.facts_told(&Query::new(text), Language::En), ..Told::new(text, Language::En) }
}

/// The place of the first wanted code among the codes of so many digits.
fn place(answer: &[(String, f64)], digits: usize, wanted: &[&str]) -> Option<usize> {
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for (code, p) in answer {
        let code = format!("{code:0<digits$}");
        *sums.entry(code[..digits].to_owned()).or_default() += p;
    }
    let mut sums: Vec<(String, f64)> = sums.into_iter().collect();
    sums.sort_by(|a, b| b.1.total_cmp(&a.1));
    sums.iter().position(|(code, _)| wanted.contains(&code.as_str()))
}

/// How often the line is right where the subheading is known: texts, first, among three, and what chance would give in thousandths.
fn given_subheading<'a>(
    cases: &[Case],
    lines_of: impl Fn(&Case) -> &'a Loaded,
    finders: &[Finder],
) -> BTreeMap<&'static str, [usize; 4]> {
    let mut out: BTreeMap<&'static str, [usize; 4]> = BTreeMap::new();
    for case in cases {
        let Some(code) = case.codes.iter().find(|code| code.len() == 10) else { continue };
        let told = told_of(&finders[part(&case.text) as usize], &case.text);
        let ranked = lines_of(case).lines.rank(&told, &code[..6]);
        let Some(at) = ranked.iter().position(|line| format!("{:0<10}", line.code) == *code) else { continue };
        if ranked.len() < 2 {
            continue;
        }
        let row = out.entry(case.set).or_default();
        row[0] += 1;
        row[1] += usize::from(at == 0);
        row[2] += usize::from(at < 3);
        row[3] += 1000 / ranked.len();
    }
    out
}

/// Fits the weights of a level to the likelihood of the right line, without the part set aside; then the weight of the evidence.
fn fit<'a>(cases: &[Case], lines_of: impl Fn(&Case) -> &'a Loaded + Copy, finders: &[Finder]) {
    let told: Vec<(&Case, Told<'_>, String)> = cases
        .iter()
        .filter(|case| part(&case.text) != SET_ASIDE)
        .filter_map(|case| {
            let code = case.codes.iter().find(|code| code.len() == 10)?;
            Some((case, told_of(&finders[part(&case.text) as usize], &case.text), code.clone()))
        })
        .filter(|(case, told, code)| {
            let ranked = lines_of(case).lines.rank(told, &code[..6]);
            ranked.len() > 1 && ranked.iter().any(|line| format!("{:0<10}", line.code) == *code)
        })
        .collect();
    let score = |weighing: Weighing| -> f64 {
        let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for (case, told, code) in &told {
            let ranked = lines_of(case).lines.rank_with(told, &code[..6], weighing);
            let p = ranked.iter().find(|l| format!("{:0<10}", l.code) == *code).map_or(0.0, |l| l.probability);
            let sum = sums.entry(case.set).or_default();
            sum.0 += p.max(1e-6).ln();
            sum.1 += 1.0;
        }
        sums.values().map(|(sum, n)| sum / n).sum::<f64>() / sums.len() as f64
    };
    let mut weighing = Weighing::default();
    let mut best = score(weighing);
    println!("{} texts, mean logarithm {best:.4}", told.len());
    for step in [0.4f32, 0.2, 0.1] {
        for at in 0..6 {
            for by in [step, -step] {
                loop {
                    let mut tried = weighing;
                    let all = [
                        &mut tried.names,
                        &mut tried.below,
                        &mut tried.covers,
                        &mut tried.silent,
                        &mut tried.rest,
                        &mut tried.many,
                    ];
                    *all.into_iter().nth(at).unwrap() += by;
                    let now = score(tried);
                    if now <= best + 0.0005 {
                        break;
                    }
                    (weighing, best) = (tried, now);
                }
            }
        }
    }
    println!("{best:.4} {weighing:?}");
    for (extra, power) in [
        (0.0f32, 1.0f32),
        (2.0, 1.0),
        (3.0, 1.0),
        (4.0, 1.0),
        (3.0, 2.0),
        (5.0, 2.0),
        (7.0, 2.0),
        (5.0, 3.0),
        (8.0, 3.0),
    ] {
        let mut row = format!("extra {extra} power {power}:");
        for set in ["US rulings", "UK index", "UK parcels"] {
            let (mut n, mut hits, mut logs) = (0usize, [0usize; 4], 0.0);
            for case in cases.iter().filter(|c| c.set == set && part(&c.text) != SET_ASIDE) {
                let loaded = lines_of(case);
                let lines = &loaded.lines;
                let wanted: Vec<&str> = case.codes.iter().filter_map(|code| code.get(..6)).collect();
                if !wanted.iter().any(|code| loaded.judges(code, 6)) {
                    continue;
                }
                n += 1;
                let finder = &finders[part(&case.text) as usize];
                let told = lines.evidence(&Told::new(&case.text, Language::En));
                let base = Weights::default().extra;
                let told: Vec<(u32, f32)> =
                    told.into_iter().map(|(code, score)| (code, score.powf(power) * extra / base)).collect();
                let answer = finder.ask(&Query::new(&case.text).most(200).anyway().extra(&told)).unwrap();
                let all: Vec<(String, f64)> = answer.codes.iter().map(|c| (c.code.clone(), c.probability)).collect();
                let right: f64 = all.iter().filter(|(code, _)| wanted.contains(&code.as_str())).map(|(_, p)| p).sum();
                logs += (right + 0.002).ln();
                for (at, digits) in [4usize, 6].into_iter().enumerate() {
                    let wanted: Vec<&str> = wanted.iter().map(|code| &code[..digits]).collect();
                    let place = place(&all, digits, &wanted);
                    hits[at * 2] += usize::from(place == Some(0));
                    hits[at * 2 + 1] += usize::from(place.is_some_and(|place| place < 3));
                }
            }
            let share = hits.map(|hits| format!("{:.1}", 100.0 * hits as f64 / n as f64)).join(" ");
            row += &format!("  {set} 4: 1, 3; 6: 1, 3: {share} ({:.3})", logs / n as f64);
        }
        println!("{row}");
    }
}

/// Letters of New York rulings: the subject of each as a question to the others and to itself.
fn rulings(sets: &Path) {
    let text = std::fs::read_to_string(sets.join("us_cross_ny_rulings_fulltext.jsonl")).unwrap();
    let mut all: Vec<(String, String, String, String)> = Vec::new();
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let letter = row["text"].as_str().unwrap();
        let first = row["tariff_no"].as_str().unwrap_or_default().split([';', ',']).next().unwrap_or_default();
        let code: String = first.chars().filter(char::is_ascii_digit).collect();
        let flat = letter.split_whitespace().collect::<Vec<_>>().join(" ");
        let subject = flat.split("RE:").nth(1).and_then(|rest| rest.split(" Dear ").next()).unwrap_or_default();
        let lower = subject.to_lowercase();
        let Some(from) = lower.find("classification") else { continue };
        let what = &subject[from + "classification".len()..];
        let what = what.rsplit_once(" from ").map_or(what, |(what, _)| what).trim().trim_start_matches("of ");
        if code.len() < 6 || what.is_empty() {
            continue;
        }
        all.push((row["ruling"].as_str().unwrap().into(), code, what.to_owned(), flat));
    }
    let (mut itself, mut same, mut asked) = (0, 0, 0);
    for (number, (_, code, what, _)) in all.iter().enumerate() {
        let made = |out: Option<usize>| {
            let kept = all.iter().enumerate().filter(|(at, _)| Some(*at) != out);
            let ruling =
                |(at, (reference, code, subject, letter)): (usize, &(String, String, String, String))| Ruling {
                    reference: reference.clone(),
                    code: code.clone(),
                    language: Language::En,
                    // A letter is not asked by its own subject line.
                    text: if at == number { letter.replace(subject.as_str(), "") } else { letter.clone() },
                };
            Lines::default().with_rulings(kept.map(ruling)).unwrap()
        };
        let told = Told::new(what, Language::En);
        itself += usize::from(made(None).rulings_like(&told).first().is_some_and(|one| one.reference == all[number].0));
        // Left out: whether another ruling of the same heading is found, where there is one.
        if all.iter().enumerate().any(|(at, other)| at != number && other.1[..4] == code[..4]) {
            asked += 1;
            let found = made(Some(number)).rulings_like(&told);
            same += usize::from(found.iter().any(|one| one.code[..4] == code[..4]));
        }
    }
    println!(
        "\nNew York rulings: {} letters; asked by its subject, without that line in it, the letter itself is first for {}; left out, one of the {asked} that share a heading with another finds such a one among three for {}",
        all.len(),
        wilson(itself, all.len()),
        wilson(same, asked)
    );
}

/// A share with its 95 % interval (Wilson).
fn wilson(hits: usize, of: usize) -> String {
    if of == 0 {
        return "none".into();
    }
    let (n, p, z) = (of as f64, hits as f64 / of as f64, 1.96f64);
    let mid = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    format!("{:.0} % ({:.0} to {:.0})", 100.0 * p, 100.0 * (mid - half), 100.0 * (mid + half))
}

fn us_cases(sets: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(sets.join("us_cross_atlas_validation.jsonl")).unwrap();
    text.lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let question = row["messages"][0]["content"].as_str().unwrap();
            let text = question.trim_start_matches("What is the HTS US Code for ").trim_end_matches('?');
            let answer = row["messages"][1]["content"].as_str().unwrap();
            let first = answer.lines().next().unwrap().trim_start_matches("HTS US Code ->");
            let codes = first.split(';').map(|c| c.chars().filter(char::is_ascii_digit).take(10).collect::<String>());
            Case { set: "US rulings", text: text.into(), codes: codes.filter(|code| code.len() >= 6).collect() }
        })
        .collect()
}

fn uk_cases(sets: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(sets.join("uk_search_references_half.json")).unwrap();
    let references: BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
    let terms = references.into_iter().map(|(text, code)| Case { set: "UK index", text, codes: vec![code] });
    let mut parcels = csv::Reader::from_path(sets.join("uk_fpo_extra_references.csv")).unwrap();
    let parcels = parcels.records().map(Result::unwrap).filter(|row| row[1].len() >= 6).map(|row| Case {
        set: "UK parcels",
        text: row[0].to_owned(),
        codes: vec![row[1].to_owned()],
    });
    terms.chain(parcels).collect()
}
