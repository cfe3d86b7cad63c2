//! What examples teach: which words go with which headings and codes. Counts alone, so that the whole model is a small file that a
//! person can read.

use crate::index::terms_of;
use crate::quick::Map;
use crate::text::{Language, Stems};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many examples the share of all examples is worth, against those of a word.
const DOUBT: f32 = 2.5;

/// Words and the codes of the examples that held them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learned {
    /// Of each word, the codes and how often.
    words: BTreeMap<String, BTreeMap<u32, u32>>,
    /// Of each code, how many examples.
    codes: BTreeMap<u32, u32>,
    examples: u32,
}

impl Learned {
    /// Learns from texts with their six-digit codes.
    pub fn from_examples<'a>(examples: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        let stems = Stems::default();
        let mut learned = Self::default();
        for (text, code) in examples {
            *learned.codes.entry(code).or_default() += 1;
            learned.examples += 1;
            let mut words = words_of(&stems, text);
            words.sort_unstable();
            words.dedup();
            for word in words {
                *learned.words.entry(word).or_default().entry(code).or_default() += 1;
            }
        }
        learned
    }

    /// Keeps the words that are known without the examples, and those of at least so many examples: a name that one seller wrote
    /// once teaches nothing, and is nobody's business.
    #[must_use]
    pub fn kept(mut self, index: &crate::index::Index, least: u32) -> Self {
        self.words.retain(|word, counts| index.term(word).is_some() || counts.values().sum::<u32>() >= least);
        self
    }

    /// Reads what [`Self::to_text`] wrote.
    ///
    /// # Errors
    /// The line that is none.
    pub fn from_text(text: &str) -> Result<Self, String> {
        let mut learned = Self::default();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let wrong = || format!("line {}: \"word code:count code:count\" was expected", at + 1);
            let mut parts = line.split(' ');
            let word = parts.next().ok_or_else(wrong)?;
            let mut counts = BTreeMap::new();
            for part in parts {
                let (code, count) = part.split_once(':').ok_or_else(wrong)?;
                counts.insert(code.parse().map_err(|_| wrong())?, count.parse().map_err(|_| wrong())?);
            }
            if word == "*" {
                learned.examples = counts.values().sum();
                learned.codes = counts;
            } else {
                learned.words.insert(word.to_owned(), counts);
            }
        }
        Ok(learned)
    }

    /// One line a word: the word, then codes with their counts. The first line, of `*`, counts all examples.
    pub fn to_text(&self) -> String {
        let mut out = String::from(
            "# Which codes the examples had that held a word. Made by the example `train` of this crate.\n",
        );
        for (word, counts) in std::iter::once(("*", &self.codes)).chain(self.words.iter().map(|(w, c)| (w.as_str(), c)))
        {
            out.push_str(word);
            for (code, count) in counts {
                let _ = write!(out, " {code}:{count}");
            }
            out.push('\n');
        }
        out
    }

    /// How much the words of a text speak for headings (four digits) and for codes (six), as sums of logarithms of ratios.
    pub(crate) fn speaks(&self, stems: &Stems, text: &str) -> (Map<u32, f32>, Map<u32, f32>) {
        let (mut headings, mut codes) = (Map::default(), Map::default());
        let all = self.examples.max(1) as f32;
        let mut of_headings: Map<u32, u32> = Map::default();
        self.codes.iter().for_each(|(code, count)| *of_headings.entry(code / 100).or_default() += count);
        let mut words = words_of(stems, text);
        words.sort_unstable();
        words.dedup();
        for counts in words.iter().filter_map(|word| self.words.get(word)) {
            let held: u32 = counts.values().sum();
            let mut by_heading: Map<u32, u32> = Map::default();
            counts.iter().for_each(|(code, count)| *by_heading.entry(code / 100).or_default() += count);
            let ratio = |count: u32, of_all: u32| {
                let share = of_all as f32 / all;
                ((count as f32 + DOUBT * share) / (held as f32 + DOUBT) / share.max(1e-6)).ln()
            };
            for (heading, count) in by_heading {
                *headings.entry(heading).or_default() += ratio(count, of_headings[&heading]);
            }
            for (code, count) in counts {
                *codes.entry(*code).or_default() += ratio(*count, self.codes[code]);
            }
        }
        (headings, codes)
    }
}

fn words_of(stems: &Stems, text: &str) -> Vec<String> {
    terms_of(stems, Language::En, text)
}

#[cfg(test)]
mod tests {
    use super::Learned;

    #[test]
    fn what_is_learned_is_written_and_read() {
        let learned = Learned::from_examples([("blue fishing boat", 950300), ("fishing rod", 950710)]);
        assert_eq!(Learned::from_text(&learned.to_text()).unwrap(), learned);
        assert!(Learned::from_text("word 12").is_err());
    }
}
