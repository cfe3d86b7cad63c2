//! Plain ways to do the same, to see what the finder costs and what it gains.

use bm25::{Embedder, EmbedderBuilder, Scorer, Tokenizer};
use tidewaiter_finder::Language;
use tidewaiter_finder::text::{Stems, fold, is_noise, is_stop, words};

/// The words and stems of the finder.
#[derive(Default)]
pub(crate) struct Words(Stems);

impl Tokenizer for Words {
    fn tokenize(&self, text: &str) -> Vec<String> {
        let telling = words(text).into_iter().map(|word| word.folded).filter(|w| !is_stop(w) && !is_noise(w));
        telling.flat_map(|word| Language::ALL.map(|language| self.0.stem(language, &word))).collect()
    }
}

/// BM25 over names and titles: the best name of a code is its score.
pub(crate) struct Bm25 {
    embedder: Embedder<u32, Words>,
    scorer: Scorer<u32>,
    codes: Vec<u32>,
}

impl Bm25 {
    pub(crate) fn new(phrases: &[(&str, u32)]) -> Self {
        let all: Vec<&str> = phrases.iter().map(|(text, _)| *text).collect();
        let embedder: Embedder<u32, Words> =
            EmbedderBuilder::with_tokenizer_and_fit_to_corpus(Words::default(), &all).build();
        let mut scorer = Scorer::new();
        for (number, text) in (0u32..).zip(&all) {
            scorer.upsert(&number, embedder.embed(text));
        }
        Self { embedder, scorer, codes: phrases.iter().map(|(_, code)| *code).collect() }
    }

    pub(crate) fn find(&self, text: &str, most: usize) -> Vec<(u32, f32)> {
        let mut out: Vec<(u32, f32)> = Vec::new();
        for found in self.scorer.matches(&self.embedder.embed(text)) {
            let code = self.codes[found.id as usize];
            if !out.iter().any(|(other, _)| *other == code) {
                out.push((code, found.score));
                if out.len() == most {
                    break;
                }
            }
        }
        out
    }
}

/// The names with the fewest letters to change (Levenshtein), each compared.
pub(crate) fn nearest(phrases: &[(&str, u32)], text: &str, most: usize) -> Vec<(usize, u32)> {
    let text: Vec<char> = fold(text).chars().collect();
    let mut all: Vec<(usize, u32)> = phrases.iter().map(|(name, code)| (apart(&text, name), *code)).collect();
    all.sort_unstable();
    all.truncate(most);
    all
}

fn apart(a: &[char], b: &str) -> usize {
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (i, x) in b.chars().filter(|c| c.is_alphanumeric()).enumerate() {
        let (mut diagonal, mut left) = (i, i + 1);
        row[0] = i + 1;
        for (y, cell) in a.iter().zip(row.iter_mut().skip(1)) {
            let next = (diagonal + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            (diagonal, left) = (*cell, next);
            *cell = next;
        }
    }
    row[a.len()]
}
