//! The tree of the Harmonized System to walk through: a page for each section, chapter, heading and subheading.

use crate::index::{Index, Kind};
use crate::narrow;
use crate::notes::Noted;
use crate::text::Language;
use crate::{Finder, NotHere};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Longest text that may be a place, with spaces and points.
const MOST_BYTES: usize = 64;
/// Most names on a page.
pub const MOST_NAMES: usize = 24;

/// What stands at a place of the tree. Chapter 99, of goods that only statistics know, is in no section. Texts are in the language asked for, and in English where they were not written in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "GoodsPage")]
pub struct Page {
    /// Roman number of a section, or 2, 4 or 6 digits; empty for the root.
    pub code: String,
    /// Its title; empty for the root.
    pub title: String,
    /// Those above it, from the section down.
    pub above: Vec<Step>,
    /// Those right below it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub below: Vec<Step>,
    /// Names of goods in it, those that lead nowhere else first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Often taken for goods of the heading, and where they belong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_here: Vec<NotHere>,
    /// What must be so for goods to fall here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// Legal notes on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Noted>,
}

/// A neighbour in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "GoodsPlace")]
pub struct Step {
    /// As of a [`Page`].
    pub code: String,
    /// Its title.
    pub title: String,
}

/// A fact that decides, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "GoodsFact")]
pub struct Fact {
    /// The question.
    pub asks: String,
    /// The answers that lead here: any of them.
    pub answers: Vec<String>,
}

impl Finder {
    /// The page of a place: nothing for the root, a section (`XI` or `S11`), or 2, 4 or 6 digits, with or without points. None where there
    /// is no such place.
    ///
    /// ```
    /// use tidewaiter_finder::{Finder, Language};
    /// let page = Finder::embedded().page("6109", Language::En).unwrap();
    /// assert_eq!(page.above.iter().map(|step| step.code.as_str()).collect::<Vec<_>>(), ["XI", "61"]);
    /// assert_eq!(page.below[0].code, "610910");
    /// assert!(Finder::embedded().page("6199", Language::En).is_none());
    /// ```
    pub fn page(&self, code: &str, language: Language) -> Option<Page> {
        let index = self.index();
        // No place is longer; what is longer is none.
        if code.len() > MOST_BYTES {
            return None;
        }
        let code: String = code.trim().chars().filter(|c| *c != '.').take(8).collect();
        let section = index.sections.iter().find(|one| is_section(&code, one.number));
        let place = match section {
            Some(section) => roman(section.number),
            None if code.is_empty() || index.has(&code) => code,
            None => return None,
        };
        let title = |code: &str| title(index, code, language);
        let step = |code: String| Step { title: title(&code), code };
        let below = below(index, &place);
        let mut page = Page {
            title: title(&place),
            above: above(index, &place).into_iter().map(step).collect(),
            names: self.names_in(&place, &below, language),
            not_here: Vec::new(),
            facts: Vec::new(),
            notes: if place.len() >= 2 && section.is_none() { self.notes_of(&place, language) } else { Vec::new() },
            below: below.into_iter().map(step).collect(),
            code: place,
        };
        if section.is_none() && page.code.len() >= 4 {
            self.add_facts(&mut page, language);
        }
        Some(page)
    }

    /// What is not in a heading or subheading, and what must be so for goods to be in it.
    fn add_facts(&self, page: &mut Page, language: Language) {
        let index = self.index();
        let number = |digits: usize| page.code.get(..digits).and_then(|digits| digits.parse::<u32>().ok());
        let heading = index.headings.iter().position(|one| Some(u32::from(one.digits)) == number(4));
        let code = index.codes.iter().position(|one| Some(one.digits) == number(6));
        let Some(heading) = heading else { return };
        let out = &index.headings[heading].out;
        page.not_here = out.iter().map(|(what, to)| NotHere { what: said(what, language), to: to.clone() }).collect();
        // A row that is none has no facts of its own.
        for (question, answers) in narrow::facts(index, code.map_or(u16::MAX, |row| row as u16), heading as u16) {
            let Some(asked) = index.questions.get(usize::from(question)) else { continue };
            let answers = answers.iter().filter_map(|answer| asked.answers.get(usize::from(*answer)));
            let answers = answers.map(|(_, words)| said(words, language)).collect();
            page.facts.push(Fact { asks: said(&asked.asks, language), answers });
        }
    }

    /// Names of goods in a place, in turn from each place below it.
    fn names_in(&self, place: &str, below: &[String], language: Language) -> Vec<String> {
        let index = self.index();
        if place.is_empty() {
            return Vec::new();
        }
        let own = [place.to_owned()];
        let places = if below.is_empty() { &own } else { below };
        let rows: Vec<std::ops::Range<usize>> = places.iter().map(|place| rows_of(index, place)).collect();
        let mut found: Vec<Vec<(usize, usize, &str)>> = vec![Vec::new(); places.len()];
        let of = |phrase: &&crate::index::Phrase| phrase.kind == Kind::Name && phrase.language == language;
        for phrase in index.phrases.iter().filter(of) {
            let firsts = phrase.to.iter().filter(|(_, place)| *place == 0);
            let first = firsts.clone().map(|(row, _)| usize::from(*row)).min();
            let Some(at) = first.and_then(|first| rows.iter().position(|rows| rows.contains(&first))) else { continue };
            found[at].push((firsts.count(), phrase.to.len(), &phrase.text));
        }
        found.iter_mut().for_each(|names| names.sort_by_key(|(firsts, all, _)| (*firsts, *all)));
        let most = found.iter().map(Vec::len).max().unwrap_or_default();
        let turns = (0..most).flat_map(|turn| found.iter().filter_map(move |names| names.get(turn)));
        let (mut told, mut out) = (BTreeSet::new(), Vec::new());
        for (_, _, name) in turns {
            if out.len() < MOST_NAMES && told.insert(*name) {
                out.push((*name).to_owned());
            }
        }
        out
    }
}

/// Whether a text means the section of a number: "XI", "s11".
fn is_section(text: &str, number: u8) -> bool {
    let digits = text.strip_prefix(['S', 's']).and_then(|digits| digits.parse::<u8>().ok());
    digits == Some(number) || text.eq_ignore_ascii_case(&roman(number))
}

/// A Roman number up to 39.
fn roman(number: u8) -> String {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    "X".repeat(usize::from(number / 10)) + ONES[usize::from(number % 10)]
}

fn said(words: &[Option<String>; 3], language: Language) -> String {
    words[language as usize].as_ref().or(words[0].as_ref()).cloned().unwrap_or_default()
}

fn title(index: &Index, code: &str, language: Language) -> String {
    let number: u32 = code.parse().unwrap_or_default();
    let titles = match code.len() {
        _ if number == 0 => index.sections.iter().find(|one| roman(one.number) == code).map(|one| &one.titles),
        2 => index.chapters.iter().find(|(chapter, _)| u32::from(*chapter) == number).map(|(_, titles)| titles),
        4 => index.headings.iter().find(|one| u32::from(one.digits) == number).map(|one| &one.titles),
        _ => index.codes.iter().find(|one| one.digits == number).map(|one| &one.titles),
    };
    titles.map(|titles| said(titles, language)).unwrap_or_default()
}

fn above(index: &Index, place: &str) -> Vec<String> {
    let Some(chapter) = place.get(..2).and_then(|two| two.parse::<u8>().ok()) else { return Vec::new() };
    let section = index.sections.iter().find(|one| (one.chapters.0..=one.chapters.1).contains(&chapter));
    let digits = [2, 4].into_iter().filter(|digits| *digits < place.len());
    section.map(|one| roman(one.number)).into_iter().chain(digits.map(|digits| place[..digits].to_owned())).collect()
}

fn below(index: &Index, place: &str) -> Vec<String> {
    if place.is_empty() {
        return index.sections.iter().map(|one| roman(one.number)).collect();
    }
    if let Some(section) = index.sections.iter().find(|one| roman(one.number) == place) {
        let (first, last) = section.chapters;
        let inside = index.chapters.iter().filter(|(chapter, _)| (first..=last).contains(chapter));
        return inside.map(|(chapter, _)| format!("{chapter:02}")).collect();
    }
    let of = |code: String| code.starts_with(place).then_some(code);
    match place.len() {
        2 => index.headings.iter().filter_map(|one| of(format!("{:04}", one.digits))).collect(),
        4 => index.codes.iter().filter_map(|one| of(format!("{:06}", one.digits))).collect(),
        _ => Vec::new(),
    }
}

/// Rows of the codes of 2, 4 or 6 digits.
fn rows_of(index: &Index, place: &str) -> std::ops::Range<usize> {
    let (number, scale): (u32, u32) = (place.parse().unwrap_or_default(), 10u32.pow(6 - place.len().min(6) as u32));
    let at = |digits: u32| index.codes.partition_point(|code| code.digits < digits);
    at(number * scale)..at((number + 1) * scale)
}
