//! How good the finder is, as the tables of `docs/finder.md`: on the sets of this crate, and on the development sets in a folder of
//! official data, by cross-validation and on the part that was set aside.
//!
//! `cargo run --release -p tidewaiter-finder --example evaluate -- ../shared/data/hs-classification`
//!
//! A second argument names a set whose wrong answers are shown.
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

use sets::{Case, SET_ASIDE, official, own, part, table};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;
use tidewaiter_finder::{Answer, Finder, Query};

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of the development sets");
    let show = std::env::args().nth(2);
    let mut cases = own();
    cases.extend(official(Path::new(&folder)));
    let vague = sets::vague(Path::new(&folder));
    let finders = sets::finders(&cases, &vague);
    let shipped = Finder::embedded();
    let crossed = |text: &str| &finders[part(text) as usize];

    println!("## Cross-validated (the everyday products: as shipped)\n");
    let tested: Vec<(&Case, Answer)> = cases
        .iter()
        .map(|case| {
            let finder = if case.is_own() { shipped } else { crossed(&case.text) };
            (case, finder.find(&case.text, 200))
        })
        .collect();
    accuracy(&tested);
    println!("\n## The same without the texts that are a name of the words word for word\n");
    let names: std::collections::HashSet<String> = shipped.index().phrases.iter().map(|p| plain(&p.text)).collect();
    let others = tested.iter().filter(|(case, _)| !names.contains(&plain(&case.text)));
    accuracy(&others.map(|(case, answer)| (*case, answer.clone())).collect::<Vec<_>>());
    println!("\n## Set aside (as shipped)\n");
    let aside = cases.iter().filter(|c| part(&c.text) == SET_ASIDE && !c.is_own());
    accuracy(&aside.map(|case| (case, shipped.find(&case.text, 200))).collect::<Vec<_>>());
    if let Some(show) = &show {
        wrong(&tested, show);
    }

    println!("\n## How sure\n");
    calibration(&tested);
    println!("\n## Too vague\n");
    refusal(&vague, &tested, shipped, &crossed, show.as_deref());
    println!("\n## Narrowing\n");
    narrowing(shipped, show.as_deref() == Some("narrowing"));
    println!("\n## Time\n");
    time(shipped, &cases);
}

/// A text without case, accents and what stands between its words.
fn plain(text: &str) -> String {
    let words = tidewaiter_finder::text::words(text);
    words.into_iter().map(|word| word.folded).collect::<Vec<_>>().join(" ")
}

/// A share in percent with its 95 % interval (Wilson).
fn share(hits: usize, of: usize) -> String {
    let (n, z) = (of.max(1) as f64, 1.96f64);
    let p = hits as f64 / n;
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let wide = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / (1.0 + z * z / n);
    format!("{:.1} ({:.0}-{:.0})", 100.0 * p, 100.0 * (middle - wide).max(0.0), 100.0 * (middle + wide).min(1.0))
}

/// The place of the first right group of codes, by the sum of their probabilities.
fn place(answer: &Answer, case: &Case, digits: usize) -> Option<usize> {
    let mut sums: Vec<(&str, f64)> = Vec::new();
    for code in &answer.codes {
        let key = &code.code[..digits];
        match sums.iter_mut().find(|(k, _)| *k == key) {
            Some((_, sum)) => *sum += code.probability,
            None => sums.push((key, code.probability)),
        }
    }
    sums.sort_by(|a, b| b.1.total_cmp(&a.1));
    sums.iter().position(|(key, _)| case.codes.iter().any(|c| c.starts_with(key)))
}

fn accuracy(tested: &[(&Case, Answer)]) {
    println!(
        "| set | texts | refused | digits | first | among three | among ten |\n|---|---:|---:|---:|---:|---:|---:|"
    );
    let mut sets: BTreeMap<&str, Vec<&(&Case, Answer)>> = BTreeMap::new();
    tested.iter().for_each(|one| sets.entry(one.0.set.as_str()).or_default().push(one));
    for (set, all) in sets {
        let refused = all.iter().filter(|(_, answer)| answer.codes.is_empty()).count();
        for digits in [2, 4, 6] {
            let places: Vec<usize> = all.iter().filter_map(|(case, answer)| place(answer, case, digits)).collect();
            let within = |most: usize| share(places.iter().filter(|place| **place < most).count(), all.len());
            let (first, three, ten) = (within(1), within(3), within(10));
            println!("| {set} | {} | {refused} | {digits} | {first} | {three} | {ten} |", all.len());
        }
    }
}

fn wrong(tested: &[(&Case, Answer)], set: &str) {
    for (case, answer) in tested.iter().filter(|(case, answer)| case.set == set && place(answer, case, 4) != Some(0)) {
        let first = answer.codes.iter().take(3).map(|c| format!("{} {:.2} {}", c.code, c.probability, c.because));
        println!("{} -> {:?}: {}", case.text, case.codes, first.collect::<Vec<_>>().join(" | "));
    }
}

fn calibration(tested: &[(&Case, Answer)]) {
    println!("| said of the first code | development sets: right | everyday products: right |\n|---|---:|---:|");
    for tenth in 0..10 {
        let of = |everyday: bool| {
            let all = tested.iter().filter(|(case, answer)| {
                case.set.starts_with(if everyday { "everyday" } else { "u" })
                    && answer.codes.first().is_some_and(|c| ((c.probability * 10.0) as usize).min(9) == tenth)
            });
            let (n, right) = all.fold((0, 0), |(n, right), (case, answer)| {
                (n + 1, right + usize::from(case.codes.contains(&answer.codes[0].code)))
            });
            if n == 0 { "none".to_owned() } else { format!("{right} of {n}, {}", share(right, n)) }
        };
        println!("| {}-{} % | {} | {} |", tenth * 10, tenth * 10 + 10, of(false), of(true));
    }
    // How far what is said is from what is right, on average over the tenths.
    let mut groups = [(0.0, 0.0, 0.0); 10];
    for (case, answer) in tested.iter().filter(|(case, _)| !case.is_own()) {
        if let Some(first) = answer.codes.first() {
            let group = &mut groups[((first.probability * 10.0) as usize).min(9)];
            group.0 += 1.0;
            group.1 += first.probability;
            group.2 += f64::from(u8::from(case.codes.contains(&first.code)));
        }
    }
    let all: f64 = groups.iter().map(|g| g.0).sum();
    println!("\nExpected calibration error: {:.3}", groups.iter().map(|g| (g.1 - g.2).abs()).sum::<f64>() / all);
}

fn refusal<'a>(
    vague: &[String],
    tested: &[(&Case, Answer)],
    shipped: &Finder,
    crossed: &impl Fn(&str) -> &'a Finder,
    show: Option<&str>,
) {
    println!("| texts | refused |\n|---|---:|");
    let refused = |finder: &Finder, text: &str| finder.find(text, 1).codes.is_empty();
    let list = vague.iter().filter(|text| refused(crossed(text), text)).count();
    println!(
        "| UK list of vague terms (half), cross-validated | {list} of {}, {} |",
        vague.len(),
        share(list, vague.len())
    );
    let aside: Vec<&String> = vague.iter().filter(|text| part(text) == SET_ASIDE).collect();
    let count = aside.iter().filter(|text| refused(shipped, text)).count();
    println!("| the same, set aside | {count} of {}, {} |", aside.len(), share(count, aside.len()));
    for (file, wanted) in [("vague", true), ("good", false)] {
        let all = table(&format!("{file}.toml"));
        let all: Vec<&str> = all["product"].as_array().unwrap().iter().map(|p| p["text"].as_str().unwrap()).collect();
        let count = all.iter().filter(|text| refused(shipped, text)).count();
        println!("| own {file} texts | {count} of {}, {} |", all.len(), share(count, all.len()));
        if show == Some(file) {
            all.iter().filter(|text| refused(shipped, text) != wanted).for_each(|text| println!("  {text}"));
        }
    }
    let expert = table("expert-vague.toml");
    for wanted in [true, false] {
        let of = expert["product"].as_array().unwrap().iter().filter(|p| p["vague"].as_bool() == Some(wanted));
        let all: Vec<&str> = of.map(|p| p["text"].as_str().unwrap()).collect();
        let count = all.iter().filter(|text| refused(shipped, text)).count();
        let name = if wanted { "vague" } else { "good" };
        println!("| the expert's {name} texts | {count} of {}, {} |", all.len(), share(count, all.len()));
    }
    let (mut good, mut lost) = (0, 0);
    for set in ["everyday en", "everyday es", "everyday fr", "uk-terms", "us-rulings", "uk-parcels"] {
        let all: Vec<_> = tested.iter().filter(|(case, _)| case.set == set).collect();
        let count = all.iter().filter(|(_, answer)| answer.codes.is_empty()).count();
        println!("| {set} (texts with a code) | {count} of {}, {} |", all.len(), share(count, all.len()));
        if set != "uk-parcels" {
            (good, lost) = (good + all.len(), lost + count);
        }
    }
    println!(
        "\nPrecision {} (UK list against all texts with a code but the parcels), recall {}",
        share(list, list + lost),
        share(list, vague.len())
    );
    println!("Good texts refused, parcels apart: {}", share(lost, good));
}

/// Ambiguous names and what their seller answers to the questions of the words: a question that the seller cannot answer is passed over,
/// and counts.
fn narrowing(finder: &Finder, show: bool) {
    let (names, sellers) = (table("ambiguous.toml"), table("ambiguous-answers.toml"));
    let (products, sellers) = (names["product"].as_array().unwrap(), sellers["product"].as_array().unwrap());
    let (mut first, mut among, mut asked, mut answered) = ([0; 4], [0; 4], 0, 0);
    for (product, seller) in products.iter().zip(sellers) {
        let (text, code) = (product["text"].as_str().unwrap(), product["code"].as_str().unwrap());
        assert_eq!(seller["text"].as_str(), Some(text));
        let mut given: Vec<(String, String)> = Vec::new();
        for round in 0..4 {
            let query = given.iter().fold(Query::new(text), |query, (q, a)| query.answer(q, a));
            let answer = finder.ask(&query).unwrap();
            let place = answer.codes.iter().position(|c| c.code == code);
            first[round] += usize::from(place == Some(0));
            among[round] += usize::from(place.is_some_and(|p| p < 3));
            if round < 3
                && let Some(asking) = &answer.question
            {
                asked += 1;
                let said = seller["answers"].get(&asking.key).and_then(|said| said.as_str());
                answered += usize::from(said.is_some());
                given.push((asking.key.clone(), said.unwrap_or_default().to_owned()));
            } else if show && round == 3 {
                let codes = answer.codes.iter().take(3).map(|c| format!("{} {:.2}", c.code, c.probability));
                println!("{text} {code}: {given:?} -> {}", codes.collect::<Vec<_>>().join(" "));
            }
        }
    }
    println!("| questions put | right first | right among three |\n|---:|---:|---:|");
    for round in 0..4 {
        println!("| {round} | {} | {} |", share(first[round], products.len()), share(among[round], products.len()));
    }
    println!("\n{} names, {asked} questions put, {answered} answered.", products.len());
}

fn time(finder: &Finder, cases: &[Case]) {
    let mut all: Vec<u128> = cases
        .iter()
        .map(|case| {
            let start = Instant::now();
            std::hint::black_box(finder.find(std::hint::black_box(&case.text), 5));
            start.elapsed().as_micros()
        })
        .collect();
    all.sort_unstable();
    let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize];
    println!(
        "{} texts: half under {} µs, 99 of 100 under {} µs, all under {} µs",
        all.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
