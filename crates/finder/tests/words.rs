//! The words of `words/`: every subheading has them, and they are our own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use tidewaiter_finder::Finder;
use tidewaiter_finder::text::words;

/// The official texts of the Harmonized System, where the folder of official data stands beside the project.
fn official() -> Option<BTreeMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/hs/harmonized-system-hs2022.csv");
    if !path.is_file() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    let mut rows = csv::Reader::from_path(path).unwrap();
    Some(rows.records().map(Result::unwrap).map(|row| (row[1].to_owned(), row[2].to_owned())).collect())
}

#[test]
fn every_subheading_has_words() {
    let Some(official) = official() else { return };
    let index = Finder::embedded().index();
    let ours: BTreeSet<String> = index.codes.iter().map(|code| format!("{:06}", code.digits)).collect();
    let theirs: BTreeSet<String> = official.keys().filter(|code| code.len() == 6).cloned().collect();
    let apart: Vec<&String> = ours.symmetric_difference(&theirs).collect();
    assert!(apart.is_empty(), "on one side only: {apart:?}");
    let ours: BTreeSet<String> = index.headings.iter().map(|heading| format!("{:04}", heading.digits)).collect();
    let theirs: BTreeSet<String> = official.keys().filter(|code| code.len() == 4).cloned().collect();
    let apart: Vec<&String> = ours.symmetric_difference(&theirs).collect();
    assert!(apart.is_empty(), "on one side only: {apart:?}");
    assert!(index.headings.iter().all(|heading| heading.titles.iter().all(Option::is_some)), "in three languages");
    let all_three = index.codes.iter().filter(|code| code.titles.iter().all(Option::is_some)).count();
    assert!(all_three >= 1_500, "{all_three} subheadings in three languages");
}

/// A title of more than three words is another than the official one, and no six words in a row are the same.
#[test]
fn no_title_repeats_an_official_text() {
    let Some(official) = official() else { return };
    let index = Finder::embedded().index();
    let folded = |text: &str| -> Vec<String> { words(text).into_iter().map(|word| word.folded).collect() };
    let codes = index.codes.iter().map(|code| (format!("{:06}", code.digits), &code.titles[0]));
    let headings = index.headings.iter().map(|heading| (format!("{:04}", heading.digits), &heading.titles[0]));
    let mut repeated = Vec::new();
    for (code, title) in codes.chain(headings) {
        let (ours, theirs) = (folded(title.as_deref().unwrap()), folded(&official[&code]));
        let runs: HashSet<&[String]> = theirs.windows(6).collect();
        if theirs.len() > 3 && ours == theirs || ours.windows(6).any(|run| runs.contains(run)) {
            repeated.push(format!("{code} {}", title.as_deref().unwrap()));
        }
    }
    assert!(repeated.is_empty(), "{repeated:#?}");
}

/// What stands in the test sets was not copied into the names: most of it is not there word for word.
#[test]
fn the_test_sets_are_not_in_the_names() {
    let index = Finder::embedded().index();
    let names: HashSet<&str> = index.phrases.iter().map(|phrase| phrase.text.as_str()).collect();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/sets/everyday.toml");
    let table: toml::Table = toml::from_str(&std::fs::read_to_string(folder).unwrap()).unwrap();
    let texts: Vec<&str> = table["product"].as_array().unwrap().iter().map(|p| p["text"].as_str().unwrap()).collect();
    let same = texts.iter().filter(|text| names.contains(*text)).count();
    assert!(same * 3 < texts.len(), "{same} of {} are names word for word", texts.len());
}
