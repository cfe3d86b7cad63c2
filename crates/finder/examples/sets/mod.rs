//! The sets of texts with their codes.
#![allow(dead_code, reason = "each example takes what it needs")]

use std::collections::BTreeMap;
use std::path::Path;

/// A text with the codes that are right.
pub(crate) struct Case {
    pub(crate) set: String,
    pub(crate) text: String,
    pub(crate) codes: Vec<String>,
}

impl Case {
    /// Whether it is of a set of this crate, which teaches never.
    pub(crate) fn is_own(&self) -> bool {
        self.set.starts_with("everyday") || self.set.starts_with("expert")
    }
}

/// A file of `tests/sets/`.
pub(crate) fn table(file: &str) -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sets").join(file);
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The sets of this crate, which teach never.
pub(crate) fn own() -> Vec<Case> {
    ["everyday", "expert"].into_iter().flat_map(own_set).collect()
}

fn own_set(name: &str) -> Vec<Case> {
    let table = table(&format!("{name}.toml"));
    let products = table["product"].as_array().unwrap().iter();
    products
        .map(|p| {
            let codes = match (p.get("code"), p.get("codes")) {
                (Some(code), _) => vec![code.as_str().unwrap().to_owned()],
                (None, Some(codes)) => {
                    codes.as_array().unwrap().iter().map(|c| c.as_str().unwrap().to_owned()).collect()
                }
                _ => Vec::new(),
            };
            let set = format!("{name} {}", p["lang"].as_str().unwrap());
            Case { set, text: p["text"].as_str().unwrap().into(), codes }
        })
        .collect()
}

pub(crate) fn official(folder: &Path) -> Vec<Case> {
    let mut out = Vec::new();
    let references = std::fs::read_to_string(folder.join("uk_search_references_half.json")).unwrap();
    let references: BTreeMap<String, serde_json::Value> = serde_json::from_str(&references).unwrap();
    for (text, code) in references {
        let code = code.as_str().unwrap_or_default().to_owned();
        out.push(Case { set: "uk-terms".into(), text, codes: vec![code[..6].to_owned()] });
    }
    let mut parcels = csv::Reader::from_path(folder.join("uk_fpo_extra_references.csv")).unwrap();
    for row in parcels.records().map(Result::unwrap) {
        if row[1].len() >= 6 {
            out.push(Case { set: "uk-parcels".into(), text: row[0].to_owned(), codes: vec![row[1][..6].to_owned()] });
        }
    }
    for line in std::fs::read_to_string(folder.join("us_cross_atlas_validation.jsonl")).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let question = row["messages"][0]["content"].as_str().unwrap();
        let text = question.trim_start_matches("What is the HTS US Code for ").trim_end_matches('?');
        let answer = row["messages"][1]["content"].as_str().unwrap();
        let first = answer.lines().next().unwrap().trim_start_matches("HTS US Code ->");
        let codes = first.split(';').map(|c| c.chars().filter(char::is_ascii_digit).take(6).collect::<String>());
        let codes: Vec<String> = codes.filter(|c| c.len() == 6).collect();
        out.push(Case { set: "us-rulings".into(), text: text.into(), codes });
    }
    out
}

/// The part that teaches never.
pub(crate) const SET_ASIDE: u64 = 4;
/// Examples that an unknown word must stand in to be learned.
pub(crate) const LEAST: u32 = 2;

/// One of five parts, by the text alone: the examples of four teach for the fifth.
pub(crate) fn part(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)) % 5
}

/// A model that learned the words and the examples, kept in the folder that `FINDER_MODELS` names.
pub(crate) fn model<'a>(
    index: &tidewaiter_finder::index::Index,
    name: &str,
    taught: impl Iterator<Item = &'a Case>,
    vague: impl Iterator<Item = &'a str>,
) -> tidewaiter_finder::model::Model {
    use tidewaiter_finder::model::{Model, train};
    let path = std::env::var_os("FINDER_MODELS").map(|folder| Path::new(&folder).join(name));
    if let Some(bytes) = path.as_ref().and_then(|path| std::fs::read(path).ok()) {
        return Model::from_bytes(&bytes).unwrap();
    }
    let stems = tidewaiter_finder::text::Stems::default();
    let mut examples = train::of_index(index, &stems);
    let mut examples_of_goods = Vec::new();
    for case in taught {
        examples_of_goods.push(case.text.as_str());
        let codes: Vec<u32> = case.codes.iter().map(|code| code.parse().unwrap()).collect();
        examples.push(train::Example::new(&stems, &case.text, 1.0, &codes));
    }
    let made_up = made_up_vague();
    let good = examples_of_goods.iter().map(|text| (*text, false, 1.0));
    let names = index.phrases.iter().filter(|p| p.kind == tidewaiter_finder::index::Kind::Name);
    let names = names.map(|p| (p.text.as_str(), false, 0.1));
    let vague = vague.map(|text| (text, true, 1.0)).chain(made_up.iter().map(|text| (text.as_str(), true, 0.3)));
    let shape = tidewaiter_finder::model::shape::Shape::fit(good.chain(names).chain(vague));
    let bytes = train::fit(index, &examples, shape, train::Course::default()).to_bytes();
    if let Some(path) = path {
        std::fs::write(path, &bytes).unwrap();
    }
    Model::from_bytes(&bytes).unwrap()
}

/// Texts of the UK list of terms that must get no code.
pub(crate) fn vague(folder: &Path) -> Vec<String> {
    let path = folder.join("uk_vague_terms_half.csv");
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).unwrap();
    rows.records().map(|row| row.unwrap().iter().collect::<Vec<_>>().join(", ")).collect()
}

/// Phrases of `words/vague.toml`, and mixtures of its words: the same each time.
fn made_up_vague() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("words/vague.toml");
    let all: BTreeMap<String, tidewaiter_finder::words::Vaguely> =
        toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut dice = 0x2545_f491_4f6c_dd1du64;
    let mut one = |of: &[String]| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        of[dice as usize % of.len()].clone()
    };
    let mut out = Vec::new();
    for words in all.values() {
        out.extend(words.says.iter().cloned());
        for word in words.general.iter().chain(&words.around) {
            out.push(word.clone());
            out.push(format!("{word} {}", one(&words.around)));
            out.push(format!("{} {} {word}", one(&words.around), one(&words.around)));
        }
        for _ in 0..words.general.len() {
            out.push(format!("{} {}", one(&words.general), one(&words.general)));
        }
    }
    out
}

/// Five finders: each learned from the parts of the sets that are not its own.
pub(crate) fn finders(cases: &[Case], vague: &[String]) -> Vec<tidewaiter_finder::Finder> {
    use tidewaiter_finder::{Finder, learn::Learned};
    let index = &Finder::words_alone();
    let one = |fold: u64| {
        let taught = || cases.iter().filter(move |c| !c.is_own() && part(&c.text) != fold && !c.codes.is_empty());
        let counted = taught().map(|c| (c.text.as_str(), c.codes[0].parse::<u32>().unwrap()));
        let learned = Learned::from_examples(counted).kept(index, LEAST);
        Finder::new(index.clone()).with_learned(learned).with_model(model(
            index,
            &format!("{fold}.model"),
            taught(),
            vague.iter().map(String::as_str).filter(|text| part(text) != fold),
        ))
    };
    std::thread::scope(|scope| {
        let two = scope.spawn(|| [0, 1].map(one).into_iter().collect::<Vec<_>>());
        let rest: Vec<_> = [2, 3, 4].map(one).into_iter().collect();
        let mut all = two.join().unwrap();
        all.extend(rest);
        all
    })
}
