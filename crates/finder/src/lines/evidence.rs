//! What the words of an official nomenclature say of a subheading itself.

use super::rank::Told;
use super::{Lines, Node};
use crate::quick::Map;
use std::collections::BTreeMap;

/// A term of the lines above a subheading, against one of its own or below it.
const ABOVE: f32 = 0.7;
/// How much longer texts count less.
const LENGTH: f32 = 0.35;
/// Most subheadings that are told.
const MOST: usize = 60;

/// Terms and the subheadings whose lines hold them.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// Six digits of each subheading.
    codes: Vec<u32>,
    /// Subheadings that hold a term, and how much it counts there.
    holding: Map<u32, Vec<(u32, f32)>>,
}

impl Evidence {
    pub(super) fn of(nodes: &[Node]) -> Self {
        let mut made = Self::default();
        let mut texts: BTreeMap<u32, BTreeMap<u32, f32>> = BTreeMap::new();
        for node in nodes {
            let six = |node: &Node| node.code.get(..6).and_then(|six| six.parse::<u32>().ok());
            // What stands above several subheadings is said of each with the lines below it.
            let Some(code) = six(node) else { continue };
            let last = nodes.get(node.past as usize - 1).and_then(six);
            if last != Some(code) {
                continue;
            }
            let text = texts.entry(code).or_default();
            let above = std::iter::successors(node.above, |at| nodes[*at as usize].above);
            for term in above.flat_map(|at| &nodes[at as usize].named.with) {
                text.entry(*term).or_insert(ABOVE);
            }
            for term in &node.named.with {
                text.insert(*term, 1.0);
            }
        }
        let mean = texts.values().map(BTreeMap::len).sum::<usize>() as f32 / texts.len().max(1) as f32;
        for (code, text) in texts {
            let length = 1.0 - LENGTH + LENGTH * text.len() as f32 / mean.max(1.0);
            for (term, counts) in text {
                made.holding.entry(term).or_default().push((made.codes.len() as u32, counts / length.max(0.5)));
            }
            made.codes.push(code);
        }
        made
    }
}

impl Lines {
    /// How much the loaded words speak for subheadings: six digits, and a score from 0 for nothing to about 1 where all words stand there.
    /// Rulings count where their text is like the question. Empty where nothing is loaded.
    pub fn evidence(&self, told: &Told<'_>) -> Vec<(u32, f32)> {
        let words = self.words(told);
        let whole: f32 = words.iter().map(|word| word.says).sum();
        let mut found: Map<u32, f32> = Map::default();
        for word in &words {
            let mut best: Map<u32, f32> = Map::default();
            for (code, counts) in word.terms.iter().filter_map(|term| self.evidence.holding.get(term)).flatten() {
                let old = best.entry(*code).or_default();
                *old = old.max(*counts);
            }
            for (code, counts) in best {
                *found.entry(self.evidence.codes[code as usize]).or_default() += word.says * counts / whole.max(0.1);
            }
        }
        for (code, alike) in self.rulings.speak(&words) {
            *found.entry(code).or_default() += super::rulings::COUNTS * alike;
        }
        // A word or two of many tell little: parcels hold words of no meaning, which stand in some line or other.
        let mut all: Vec<(u32, f32)> = found.into_iter().map(|(code, score)| (code, score * score)).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.truncate(MOST);
        all
    }
}
