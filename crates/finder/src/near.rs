//! Terms that a word of another spelling may mean: those that differ by a letter or two.

use crate::Finder;
use crate::text::Language;

/// Most terms that a word may mean.
const MOST: usize = 4;
/// Longest stem that is compared, in bytes. A word has forty letters at most.
const LONGEST: usize = 64;

/// Which letters each term holds, a bit a letter: most terms are told from a word by these alone.
#[derive(Debug)]
pub(crate) struct Letters(Vec<u32>);

impl Letters {
    pub(crate) fn of(terms: &[String]) -> Self {
        Self(terms.iter().map(|term| letters(term)).collect())
    }
}

/// The bits of a word's letters; digits and letters of other scripts share bits.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |bits, byte| bits | 1 << (byte & 31))
}

impl Finder {
    /// Terms that differ from a word by a letter or two, with how surely each is meant.
    pub(crate) fn near(&self, folded: &str) -> Vec<(u32, f32)> {
        let mut stems = Language::ALL.map(|language| self.stems.stem(language, folded)).to_vec();
        stems.sort_unstable();
        stems.dedup();
        let stems: Vec<(u32, String)> = stems.into_iter().map(|stem| (letters(&stem), stem)).collect();
        let most = if folded.chars().count() < 8 { 1 } else { 2 };
        let mut out: Vec<(u32, f32)> = Vec::new();
        // Terms are sorted, and words of different first letters are not compared.
        let first = folded.bytes().next().unwrap_or_default();
        let terms = &self.index().terms;
        let before = |bound: u8| terms.partition_point(|term| term.bytes().next().unwrap_or_default() < bound);
        let (from, to) = (before(first), before(first.saturating_add(1)));
        for (number, (term, held)) in (from..).zip(terms[from..to].iter().zip(&self.letters.0[from..to])) {
            // A letter that is changed takes one bit away and sets another.
            let alike = |(bits, _): &&(u32, String)| (bits ^ held).count_ones() as usize <= 2 * most;
            let apart = stems.iter().filter(alike).filter_map(|(_, stem)| distance(stem, term, most)).min();
            if let Some(apart) = apart {
                out.push((number as u32, if apart == 1 { 0.75 } else { 0.55 }));
            }
        }
        out.sort_by(|a, b| b.1.total_cmp(&a.1));
        out.truncate(MOST);
        out
    }
}

/// Letters that were put in, left out, changed or swapped between two words, where these are at most so many (the optimal string
/// alignment distance). Words of different first letters are not compared.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let short = a.len() < 3 || b.len() < 3;
    if short || a.first() != b.first() || a.len().abs_diff(b.len()) > most || a.len().max(b.len()) > LONGEST {
        return None;
    }
    // The row of this letter, of the one before and of the one before that.
    let (mut now, mut before, mut first) = ([0usize; LONGEST + 1], [0; LONGEST + 1], [0; LONGEST + 1]);
    before.iter_mut().enumerate().for_each(|(at, cell)| *cell = at);
    for i in 1..=a.len() {
        now[0] = i;
        let mut least = i;
        for j in 1..=b.len() {
            let change = before[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut cell = change.min(before[j] + 1).min(now[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cell = cell.min(first[j - 2] + 1);
            }
            now[j] = cell;
            least = least.min(cell);
        }
        if least > most {
            return None;
        }
        (first, before, now) = (before, now, first);
    }
    Some(before[b.len()]).filter(|apart| *apart <= most)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, distance, letters};

    #[test]
    fn letters_that_differ_are_counted() {
        for (a, b, apart) in [
            ("mug", "mug", Some(0)),
            ("cotton", "coton", Some(1)),
            ("smartphnoe", "smartphone", Some(1)),
            ("porcelain", "porcilane", Some(3)),
            ("kitten", "kitsin", Some(2)),
            ("mug", "rug", None),
            ("mu", "mug", None),
        ] {
            assert_eq!(distance(a, b, 3), apart, "{a} {b}");
            assert_eq!(distance(b, a, 3), apart, "{b} {a}");
            assert_eq!(distance(a, b, 0), apart.filter(|apart| *apart == 0), "{a} {b}");
        }
        let long = "a".repeat(LONGEST);
        assert_eq!((distance(&long, &long, 1), distance(&(long.clone() + "a"), &long, 1)), (Some(0), None));
    }

    /// What the letters rule out is never within reach, or the quick test would lose words.
    #[test]
    fn letters_rule_out_only_what_is_far() {
        let words = [
            "cotton", "coton", "cottno", "cation", "button", "carton", "café", "cofee", "coffee", "c3po", "c4po",
            "cordon",
        ];
        for a in words {
            for b in words {
                for most in [1, 2] {
                    if distance(a, b, most).is_some() {
                        assert!((letters(a) ^ letters(b)).count_ones() as usize <= 2 * most, "{a} {b}");
                    }
                }
            }
        }
    }
}
