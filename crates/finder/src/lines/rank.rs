//! Which line below a subheading a text means: decided level by level, by what each line names beside its neighbours.

use super::terms::Word;
use super::{Lines, said};
use crate::text::Language;
use serde::Serialize;
use std::collections::HashMap;

/// How the lines of one level are weighed. Fitted by the example `lines` to the development sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighing {
    /// A word of the text in a line, by its rarity.
    pub names: f32,
    /// The same word in a line further down, as a part of that.
    pub below: f32,
    /// How much of what the line names stands in the text.
    pub covers: f32,
    /// A line that names something of which the text has nothing.
    pub silent: f32,
    /// A line for what its neighbours do not name.
    pub rest: f32,
    /// A line with many lines below it, by the logarithm of how many.
    pub many: f32,
    /// A ruling on such goods below the line, by how alike.
    pub ruled: f32,
}

impl Default for Weighing {
    fn default() -> Self {
        Self { names: 0.1, below: 1.3, covers: 0.8, silent: -0.8, rest: 0.7, many: 0.5, ruled: 2.0 }
    }
}

/// What is told of goods.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<'a> {
    /// The seller's words.
    pub text: &'a str,
    /// Their language, and that of the answer.
    pub language: Language,
    /// Words of answers that were given and of facts that stand in the text, by language. See [`crate::Finder::facts_told`].
    pub facts: Vec<(Language, String)>,
}

impl<'a> Told<'a> {
    /// A text alone.
    pub const fn new(text: &'a str, language: Language) -> Self {
        Self { text, language, facts: Vec::new() }
    }
}

/// A line that goods may be declared under.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankedLine {
    /// Its digits.
    pub code: String,
    /// How likely it is among the lines of the subheading, from 0 to 1. Lines that differ by what words do not tell, such as a value
    /// or a weight, are equally likely.
    pub probability: f64,
    /// What it says.
    pub text: String,
    /// What the lines above it say, from the heading down.
    pub path: Vec<String>,
    /// Words of the text that decided for it or a line above it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
}

/// How much a fact counts against a word of the text.
const FACT: f32 = 0.7;

impl Lines {
    /// The words of what is told, once each.
    pub(super) fn words(&self, told: &Told<'_>) -> Vec<Word> {
        let mut words = self.terms.asked(told.language, told.text, 1.0);
        for (language, fact) in told.facts.iter().take(64) {
            for word in self.terms.asked(*language, fact, FACT) {
                let known = |term: &u32| words.iter().any(|one| one.terms.contains(term));
                if !word.terms.is_empty() && !word.terms.iter().all(known) {
                    words.push(word);
                }
            }
        }
        words
    }

    /// The lines that goods of a subheading of six digits may be declared under, the likeliest first. Their probabilities sum to 1, where
    /// there are no more than the thousand that are told.
    pub fn rank(&self, told: &Told<'_>, code6: &str) -> Vec<RankedLine> {
        self.rank_with(told, code6, Weighing::default())
    }

    /// The same, weighed otherwise.
    pub fn rank_with(&self, told: &Told<'_>, code6: &str, weighing: Weighing) -> Vec<RankedLine> {
        let words = self.words(told);
        let ruled = self.rulings.of(&words, code6);
        let all: Vec<u32> = self.of(code6).collect();
        let inside = |at: u32| all.binary_search(&at).is_ok();
        let roots = all.iter().copied().filter(|at| self.nodes[*at as usize].above.is_none_or(|above| !inside(above)));
        // Level by level: lines still to part, how likely they are together, and what decided so far.
        let mut open: Vec<(Vec<u32>, f64, Vec<usize>)> = vec![(roots.collect(), 1.0, Vec::new())];
        let mut out: Vec<(u32, f64, Vec<usize>)> = Vec::new();
        while let Some((level, whole, because)) = open.pop() {
            let level: Vec<u32> = level.into_iter().filter(|at| self.leads(*at)).collect();
            let scores = self.weigh(&level, &words, &ruled, weighing);
            let top = scores.iter().map(|(score, _)| *score).fold(f32::MIN, f32::max);
            let parts: Vec<f64> = scores.iter().map(|(score, _)| f64::from(score - top).exp()).collect();
            let sum: f64 = parts.iter().sum();
            for ((at, part), (_, decided)) in level.into_iter().zip(parts).zip(scores) {
                let (part, mut because) = (whole * part / sum, because.clone());
                because.extend(decided);
                let below: Vec<u32> = self.below(at).filter(|below| self.leads(*below)).collect();
                if below.is_empty() {
                    out.push((at, part, because));
                } else {
                    open.push((below, part, because));
                }
            }
        }
        out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        out.truncate(super::MOST_TOLD);
        let line = |(at, probability, mut because): (u32, f64, Vec<usize>)| {
            let node = &self.nodes[at as usize];
            let mut path: Vec<String> =
                self.above(at).map(|above| said(&self.nodes[above as usize].texts, told.language)).collect();
            path.reverse();
            because.sort_unstable();
            because.dedup();
            let because = because.into_iter().map(|word| words[word].written.clone()).collect();
            RankedLine { code: node.code.clone(), probability, text: said(&node.texts, told.language), path, because }
        };
        out.into_iter().map(line).collect()
    }

    /// Lines right below one.
    fn below(&self, at: u32) -> impl Iterator<Item = u32> {
        let past = self.nodes[at as usize].past;
        std::iter::successors((at + 1 < past).then_some(at + 1), move |below| {
            Some(self.nodes[*below as usize].past).filter(|next| *next < past)
        })
    }

    /// Whether goods may be declared under a line or one below it.
    fn leads(&self, at: u32) -> bool {
        (at..self.nodes[at as usize].past).any(|at| self.nodes[at as usize].declarable)
    }

    /// How many lines goods may be declared under, of a line and those below it.
    fn leading(&self, at: u32) -> usize {
        let all = self.nodes[at as usize..self.nodes[at as usize].past as usize].iter();
        all.filter(|node| node.declarable).count().max(1)
    }

    /// The score of each line of a level, with the words that speak for it and not for all its neighbours.
    fn weigh(&self, level: &[u32], words: &[Word], ruled: &[(String, f32)], w: Weighing) -> Vec<(f32, Vec<usize>)> {
        if level.len() < 2 {
            return level.iter().map(|_| (0.0, Vec::new())).collect();
        }
        let holds = |terms: &[u32], word: &Word| word.terms.iter().any(|term| terms.binary_search(term).is_ok());
        // For each word: how much of it each line has.
        let has: Vec<Vec<f32>> = words
            .iter()
            .map(|word| {
                let of = |at: &u32| {
                    let node = &self.nodes[*at as usize];
                    if holds(&node.named.without, word) {
                        return -1.0;
                    } else if holds(&node.named.with, word) {
                        return 1.0;
                    }
                    let below = at + 1..node.past;
                    if below.clone().any(|at| holds(&self.nodes[at as usize].named.with, word)) { w.below } else { 0.0 }
                };
                level.iter().map(of).collect()
            })
            .collect();
        let mut holding: HashMap<u32, usize> = HashMap::new();
        for term in level.iter().flat_map(|at| &self.nodes[*at as usize].named.with) {
            *holding.entry(*term).or_default() += 1;
        }
        let same = |of: &[f32]| of.iter().all(|one| (one - of[0]).abs() < 1e-6);
        let weigh = |(place, at): (usize, &u32)| {
            let node = &self.nodes[*at as usize];
            let mut score = w.many * (self.leading(*at) as f32).ln() + if node.named.rest { w.rest } else { 0.0 };
            let mut decided = Vec::new();
            for (number, (word, has)) in words.iter().zip(&has).enumerate() {
                score += w.names * word.says * has[place];
                if has[place] > 0.0 && !same(has) {
                    decided.push(number);
                }
            }
            // Words that all its neighbours name too tell nothing of the line.
            let own = |term: &&u32| holding.get(*term).is_some_and(|lines| *lines < level.len());
            let (mut named, mut covered) = (0.0, 0.0);
            for term in node.named.with.iter().filter(own) {
                let says = self.terms.says(*term);
                named += says;
                covered += if words.iter().any(|word| word.terms.contains(term)) { says } else { 0.0 };
            }
            if named > 0.0 {
                score += w.covers * covered / named;
                if covered <= 0.0 && !node.named.rest {
                    score += w.silent;
                }
            }
            let here = &self.nodes[*at as usize..node.past as usize];
            let of = |(code, alike): &(String, f32)| {
                let leads =
                    here.iter().any(|node| node.code.starts_with(code.as_str()) || code.starts_with(&node.code));
                if leads { w.ruled * alike } else { 0.0 }
            };
            (score + ruled.iter().map(of).fold(0.0, f32::max), decided)
        };
        level.iter().enumerate().map(weigh).collect()
    }
}
