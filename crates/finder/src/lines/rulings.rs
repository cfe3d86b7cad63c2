//! Rulings: what an authority said of goods before. Found by how alike the words are.

use super::rank::Told;
use super::terms::Word;
use super::{Lines, LinesError};
use crate::text::{Language, cut};
use serde::Serialize;
use std::collections::HashMap;

/// Most rulings.
const MOST_RULINGS: usize = 200_000;
/// Most characters of a ruling that are read.
const MOST_CHARACTERS: usize = 10_000;
/// Most rulings that are told.
const MOST: usize = 3;
/// How alike a ruling must be to be told.
const LEAST: f32 = 0.35;
/// How much a ruling that is wholly alike counts for its subheading.
pub(super) const COUNTS: f32 = 1.0;
/// How much a text of many terms counts less.
const LENGTH: f32 = 0.3;

/// A ruling: what it is about, and the code that it gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Its number: `N270709`.
    pub reference: String,
    /// The code, 6 to 12 digits without points.
    pub code: String,
    /// The language of the text.
    pub language: Language,
    /// What the goods are.
    pub text: String,
}

/// A ruling on goods like these.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alike {
    /// Its number.
    pub reference: String,
    /// The code that it gave.
    pub code: String,
    /// The beginning of its text.
    pub text: String,
    /// How much of the question's words stands in it, the rare ones counting most: from 0 to 1.
    pub alike: f32,
    /// Those words.
    pub because: Vec<String>,
}

#[derive(Debug)]
struct Kept {
    reference: String,
    code: String,
    text: String,
    length: f32,
}

/// All rulings that were loaded.
#[derive(Debug, Default)]
pub(super) struct Rulings {
    kept: Vec<Kept>,
    holding: HashMap<u32, Vec<u32>>,
}

impl Lines {
    /// The same, with rulings beside the lines.
    ///
    /// # Errors
    /// [`LinesError`] where there are too many rulings or one has a code that is none.
    pub fn with_rulings(mut self, rulings: impl IntoIterator<Item = Ruling>) -> Result<Self, LinesError> {
        let mut lengths = Vec::new();
        for (at, ruling) in rulings.into_iter().enumerate() {
            if at == MOST_RULINGS {
                return Err(LinesError::TooMany(MOST_RULINGS, "rulings"));
            }
            let Ruling { reference, code, language, text } = ruling;
            if !(6..=12).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                let (code, expected) = (code.chars().take(20).collect(), "6 to 12 of them");
                return Err(LinesError::Code { what: "ruling", number: at + 1, code, expected });
            }
            let named = self.terms.read(language, cut(&text, MOST_CHARACTERS));
            for term in &named.with {
                self.rulings.holding.entry(*term).or_default().push(self.rulings.kept.len() as u32);
            }
            lengths.push(named.with.len() as f32);
            let text = text.chars().take(200).collect();
            self.rulings.kept.push(Kept { reference, code, text, length: 1.0 });
        }
        let mean = lengths.iter().sum::<f32>() / lengths.len().max(1) as f32;
        for (kept, length) in self.rulings.kept.iter_mut().zip(lengths) {
            kept.length = (1.0 - LENGTH + LENGTH * length / mean.max(1.0)).max(1.0);
        }
        self.terms.done();
        Ok(self)
    }

    /// Rulings on goods like these, at most three, the most alike first.
    pub fn rulings_like(&self, told: &Told<'_>) -> Vec<Alike> {
        let words = self.words(told);
        let found = self.rulings.like(&words).into_iter().filter(|(_, alike)| *alike >= LEAST).take(MOST);
        let told = |(at, alike): (u32, f32)| {
            let kept = &self.rulings.kept[at as usize];
            let because = words.iter().filter(|word| self.rulings.holds(at, word)).map(|word| word.written.clone());
            let (reference, code, text) = (kept.reference.clone(), kept.code.clone(), kept.text.clone());
            Alike { reference, code, text, alike, because: because.collect() }
        };
        found.map(told).collect()
    }
}

impl Rulings {
    pub(super) const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    fn holds(&self, at: u32, word: &Word) -> bool {
        let held = word.terms.iter().filter_map(|term| self.holding.get(term));
        held.into_iter().any(|held| held.binary_search(&at).is_ok())
    }

    /// All rulings that share a word, the most alike first.
    fn like(&self, words: &[Word]) -> Vec<(u32, f32)> {
        let whole: f32 = words.iter().map(|word| word.says).sum();
        let mut found: HashMap<u32, f32> = HashMap::new();
        for word in words {
            let mut held: Vec<u32> =
                word.terms.iter().filter_map(|term| self.holding.get(term)).flatten().copied().collect();
            held.sort_unstable();
            held.dedup();
            for at in held {
                *found.entry(at).or_default() += word.says / whole.max(0.1);
            }
        }
        let mut all: Vec<(u32, f32)> =
            found.into_iter().map(|(at, says)| (at, says / self.kept[at as usize].length)).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all
    }

    /// Subheadings of rulings that are alike, with how alike the nearest is.
    pub(super) fn speak(&self, words: &[Word]) -> HashMap<u32, f32> {
        let mut out: HashMap<u32, f32> = HashMap::new();
        for (at, alike) in self.like(words).into_iter().take(MOST).filter(|(_, alike)| *alike >= LEAST) {
            if let Some(code) = self.kept[at as usize].code.get(..6).and_then(|six| six.parse().ok()) {
                let old = out.entry(code).or_default();
                *old = old.max(alike);
            }
        }
        out
    }

    /// Codes below a subheading that rulings gave to goods like these.
    pub(super) fn of(&self, words: &[Word], code6: &str) -> Vec<(String, f32)> {
        let like = if self.is_empty() { Vec::new() } else { self.like(words) };
        let near = like.into_iter().take(MOST).filter(|(_, alike)| *alike >= LEAST);
        let codes = near.map(|(at, alike)| (self.kept[at as usize].code.clone(), alike));
        codes.filter(|(code, _)| code.starts_with(code6) && code.len() > 6).collect()
    }
}
