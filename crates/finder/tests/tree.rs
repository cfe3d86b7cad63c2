//! The tree of sections, chapters, headings and subheadings, and the legal notes in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use std::collections::BTreeSet;
use std::path::Path;
use tidewaiter_finder::tree::{MOST_NAMES, Page, Step};
use tidewaiter_finder::words::{Note, NoteKind, Notes, Sections};
use tidewaiter_finder::{Finder, Language, Query};

fn page(code: &str, language: Language) -> Page {
    Finder::embedded().page(code, language).unwrap_or_else(|| panic!("no page {code}"))
}

fn words() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/words"))
}

/// Every chapter with words is in one section, and each page says which one leads to it. Of the headings those of chapter 61 are opened.
#[test]
fn the_tree_holds_everything_once() {
    let index = Finder::embedded().index();
    let root = page("", Language::En);
    assert_eq!((root.below.len(), root.below[10].code.as_str()), (21, "XI"));
    let mut open: Vec<(String, Step)> = root.below.into_iter().map(|step| (String::new(), step)).collect();
    let mut seen = BTreeSet::new();
    while let Some((from, step)) = open.pop() {
        assert!(!step.title.is_empty(), "{}", step.code);
        assert!(seen.insert(step.code.clone()), "{} twice", step.code);
        if step.code.len() >= 4 && step.code.parse::<u32>().is_ok() && !step.code.starts_with("61") {
            continue;
        }
        let here = page(&step.code, Language::En);
        assert_eq!((&here.code, &here.title), (&step.code, &step.title));
        assert_eq!(here.above.last().map_or("", |last| last.code.as_str()), from, "{}", step.code);
        assert!(here.names.len() <= MOST_NAMES);
        open.extend(here.below.into_iter().map(|below| (step.code.clone(), below)));
    }
    let chapters = index.chapters.iter().map(|(number, _)| format!("{number:02}"));
    let headings = index.headings.iter().map(|heading| format!("{:04}", heading.digits));
    let outside: Vec<String> = chapters.chain(headings).filter(|code| !seen.contains(code)).collect();
    assert_eq!(outside, ["99", "9999"], "what only statistics know is in no section");
    assert!(seen.contains("610910"));
}

#[test]
fn sections_are_in_three_languages() {
    let text = std::fs::read_to_string(words().join("sections.toml")).unwrap();
    let sections: Sections = toml::from_str(&text).unwrap();
    let chapters: Vec<u8> = sections.section.iter().flat_map(|one| one.chapters.0..=one.chapters.1).collect();
    assert_eq!(chapters, (1..=97).collect::<Vec<u8>>());
    for (number, one) in (1..).zip(&sections.section) {
        assert_eq!(one.number, number);
        assert!([&one.en, &one.fr, &one.es].iter().all(|title| !title.is_empty() && title.len() < 120), "{number}");
    }
    assert_eq!(page("s11", Language::Fr).code, "XI");
    assert_eq!(page("xi", Language::Fr), page("S11", Language::Fr));
    assert!(page("XI", Language::Es).title.starts_with("Fibras"));
}

#[test]
fn a_page_says_what_is_in_it_and_what_is_not() {
    let shirts = page("6109.10", Language::En);
    let above: Vec<&str> = shirts.above.iter().map(|step| step.code.as_str()).collect();
    assert_eq!((shirts.code.as_str(), above), ("610910", vec!["XI", "61", "6109"]));
    assert!(shirts.below.is_empty() && shirts.names.iter().any(|name| name.contains("t-shirt")), "{:?}", shirts.names);
    let cotton = shirts.facts.iter().any(|fact| fact.answers.iter().any(|answer| answer.contains("cotton")));
    assert!(cotton, "{:?}", shirts.facts);
    assert!(shirts.notes.iter().any(|note| note.law == "Chapter 61, note 5"), "{:?}", shirts.notes);
    let french = page("6109", Language::Fr);
    assert!(french.notes.iter().all(|note| !note.says.starts_with("A T-shirt")) && !french.notes.is_empty());
    // Names of a chapter are not all of its first heading.
    let finder = Finder::embedded();
    let of: BTreeSet<String> = page("61", Language::En)
        .names
        .iter()
        .filter_map(|name| finder.find(name, 1).codes.first().map(|code| code.code[..4].to_owned()))
        .collect();
    assert!(of.len() > 5, "{of:?}");
}

#[test]
fn what_is_no_place_has_no_page() {
    for code in [
        "6",
        "61091",
        "619999",
        "77",
        "S22",
        "S0",
        "XXII",
        "é",
        "6é",
        "-1",
        "+61",
        "\u{0}",
        "9999999999999999999",
        "S",
        "٦١",
    ] {
        assert_eq!(Finder::embedded().page(code, Language::En), None, "{code:?}");
    }
}

/// All notes as they are written, with the chapter of their file.
fn notes() -> Vec<(String, Note)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(words().join("notes")).unwrap() {
        let path = entry.unwrap().path();
        let chapter = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let notes: Notes = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()));
        out.extend(notes.note.into_iter().map(|note| (chapter.clone(), note)));
    }
    out
}

#[test]
fn every_note_is_whole() {
    let index = Finder::embedded().index();
    let all = notes();
    assert!(all.len() > 300, "{} notes", all.len());
    let mut wrong = Vec::new();
    for (chapter, note) in &all {
        let codes = note.of.iter().chain(&note.to).all(|code| index.has(code));
        let own = !note.of.is_empty() && note.of.iter().all(|code| code.starts_with(chapter));
        let texts = [&note.en, &note.fr, &note.es];
        let said = texts.iter().all(|text| !text.trim().is_empty() && text.chars().count() < 220);
        let apart = note.en != note.fr && note.fr != note.es;
        let law = ["Chapter ", "Section ", "General rule", "Heading text ", "Subheading "];
        let law = law.iter().any(|begin| note.law.starts_with(begin))
            && note.law.chars().any(|c| c.is_ascii_digit() || "IVX".contains(c));
        if !(codes && own && said && apart && law) {
            wrong.push(format!("{chapter}: {note:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let packed: usize = index.notes.values().map(Vec::len).sum();
    assert_eq!(packed, all.len());
    assert!(all.iter().any(|(_, note)| note.kind == NoteKind::Means));
}

#[test]
fn notes_stand_beside_the_codes_that_they_concern() {
    let finder = Finder::embedded();
    let answer = finder.find("cotton t-shirt", 5);
    let first = &answer.codes[0];
    assert_eq!(
        (first.code.as_str(), first.notes[0].law.as_str()),
        ("610910", "Chapter 61, note 5"),
        "the heading first"
    );
    for text in ["cotton t-shirt", "leather handbag", "frozen fish", "toy car", "steel screws"] {
        let answer = finder.find(text, 10);
        for code in &answer.codes {
            assert!(code.notes.len() <= tidewaiter_finder::notes::MOST_NOTES, "{text} {}", code.code);
            let once: BTreeSet<&str> = code.notes.iter().map(|note| note.says.as_str()).collect();
            assert_eq!(once.len(), code.notes.len(), "{text} {}", code.code);
        }
    }
    // Of the notes on the whole of chapter 61, the one that names the goods comes before the others.
    let knitted = finder.find("knitted bra", 30);
    let bra = "Chapter 61, note 2(a)";
    let of_61 = knitted.codes.iter().filter(|code| code.code.starts_with("61")).map(|code| &code.notes);
    let mut told = 0;
    for notes in of_61 {
        told += usize::from(notes.iter().any(|note| note.law == bra && note.to == ["6212"]));
    }
    assert!(told > 0, "{:?}", knitted.codes);
    let french = finder.ask(&Query::new("cotton t-shirt").language(Language::Fr)).unwrap();
    assert!(french.codes[0].notes[0].says != first.notes[0].says);
}
