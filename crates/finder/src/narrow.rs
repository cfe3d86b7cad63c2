//! The question that tells the likely codes apart best, and what its answer does to them.

use crate::index::Index;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

use crate::query::Worth;
use crate::text::Language;

/// A question and its answers, in the language of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asking {
    /// Its key: `made-of`, or `61.hair` where it is of one chapter.
    pub key: String,
    /// The question.
    pub asks: String,
    /// Its answers that some likely code gives: key and words.
    pub answers: Vec<(String, String)>,
}

/// How much an answer speaks for a code that gives it, and against one that gives another.
pub(crate) const AGREES: f32 = 1.5;
pub(crate) const DIFFERS: f32 = -4.0;
/// Information in bits under which a question is not worth an answer.
const LEAST_BITS: f64 = 0.12;
/// What it is worth to know what the buyer pays by the whole value nearer, in bits: ten percent of the value are worth a bit.
const BITS_OF_MONEY: f64 = 10.0;
/// Most answers that a person is asked to choose among.
const MOST_ANSWERS: usize = 12;

/// How likely a code is and what the buyer pays on its goods, as a share of their value.
type Part = (f64, Option<f64>);

/// A code that a text may mean.
pub(crate) struct Likely<'a> {
    pub(crate) p: f64,
    pub(crate) digits: u32,
    pub(crate) facts: BTreeMap<u16, &'a [u8]>,
}

/// The facts of a code: its own, and those of its heading that it does not give itself.
pub(crate) fn facts(index: &Index, code: u16, heading: u16) -> BTreeMap<u16, &[u8]> {
    let of_heading = index.headings.get(usize::from(heading)).into_iter().flat_map(|h| &h.when);
    let own = index.codes.get(usize::from(code)).into_iter().flat_map(|c| &c.when);
    of_heading.chain(own).map(|(question, answers)| (*question, answers.as_slice())).collect()
}

/// The question whose answer is expected to tell most, of codes with their facts and how likely they are.
pub(crate) fn best(
    index: &Index,
    likely: &[Likely<'_>],
    answered: &BTreeSet<u16>,
    worth: Option<Worth<'_>>,
    language: Language,
) -> Option<Asking> {
    let questions: BTreeSet<u16> = likely.iter().flat_map(|one| one.facts.keys().copied()).collect();
    let costs: Vec<Option<f64>> = likely.iter().map(|one| worth.and_then(|worth| worth(one.digits))).collect();
    let gain = |question: u16| -> (f64, f64) {
        // How likely each answer is, and the codes that then remain. A code that does not say is likely with every answer.
        let all = index.questions.get(usize::from(question)).map_or(0, |q| q.answers.len());
        let mut by: BTreeMap<u8, Vec<Part>> = BTreeMap::new();
        let said: BTreeSet<u8> =
            likely.iter().filter_map(|one| one.facts.get(&question)).flat_map(|a| a.iter().copied()).collect();
        if said.len() < 2 || all < 2 {
            return (0.0, 0.0);
        }
        for (Likely { p, facts, .. }, cost) in likely.iter().zip(&costs) {
            let answers: Vec<u8> = facts.get(&question).map_or_else(|| said.iter().copied().collect(), |a| a.to_vec());
            for answer in &answers {
                by.entry(*answer).or_default().push((p / answers.len() as f64, *cost));
            }
        }
        let all: Vec<_> = likely.iter().zip(&costs).map(|(one, cost)| (one.p, *cost)).collect();
        let after = |of: fn(&[Part]) -> f64| -> f64 {
            by.values().map(|parts| parts.iter().map(|(p, _)| p).sum::<f64>() * of(parts)).sum()
        };
        (entropy(&all) - after(entropy), spread(&all) - after(spread))
    };
    let open = questions.into_iter().filter(|question| !answered.contains(question));
    let told = open.map(|question| {
        let (bits, money) = gain(question);
        (question, bits + BITS_OF_MONEY * money)
    });
    let (question, told) = told.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    if told < LEAST_BITS {
        return None;
    }
    let asked = index.questions.get(usize::from(question))?;
    let said = |words: &[Option<String>; 3]| {
        words.get(language as usize).and_then(Option::as_ref).or(words[0].as_ref()).cloned().unwrap_or_default()
    };
    let mut weight: BTreeMap<u8, f64> = BTreeMap::new();
    for Likely { p, facts, .. } in likely {
        for answer in facts.get(&question).copied().unwrap_or_default() {
            *weight.entry(*answer).or_default() += p;
        }
    }
    let mut order: Vec<(u8, f64)> = weight.into_iter().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let answers = order.iter().take(MOST_ANSWERS).filter_map(|(answer, _)| asked.answers.get(usize::from(*answer)));
    Some(Asking {
        key: asked.key.clone(),
        asks: said(&asked.asks),
        answers: answers.map(|(key, words)| (key.clone(), said(words))).collect(),
    })
}

/// Bits that it takes on average to say which of several things holds.
fn entropy(parts: &[Part]) -> f64 {
    let sum: f64 = parts.iter().map(|(p, _)| p).sum();
    if sum <= 0.0 {
        return 0.0;
    }
    parts.iter().filter(|(p, _)| *p > 0.0).map(|(p, _)| -(p / sum) * (p / sum).log2()).sum()
}

/// How far what the buyer pays is from its mean, over what is known (the standard deviation).
fn spread(parts: &[Part]) -> f64 {
    let known = || parts.iter().filter_map(|(p, cost)| cost.map(|cost| (p, cost)));
    let sum: f64 = known().map(|(p, _)| p).sum();
    if sum <= 0.0 {
        return 0.0;
    }
    let mean = known().map(|(p, cost)| p * cost).sum::<f64>() / sum;
    (known().map(|(p, cost)| p * (cost - mean).powi(2)).sum::<f64>() / sum).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{entropy, spread};

    #[test]
    fn bits_are_counted() {
        let of = |parts: &[f64]| entropy(&parts.iter().map(|p| (*p, None)).collect::<Vec<_>>());
        assert!((of(&[0.5, 0.5]) - 1.0).abs() < 1e-9);
        assert!((of(&[2.0, 2.0, 2.0, 2.0]) - 2.0).abs() < 1e-9);
        assert_eq!((of(&[1.0]), of(&[])), (0.0, 0.0));
    }

    #[test]
    fn money_is_spread() {
        assert!((spread(&[(0.5, Some(0.0)), (0.5, Some(0.2))]) - 0.1).abs() < 1e-9);
        assert!(spread(&[(0.5, Some(0.12)), (0.3, Some(0.12)), (0.2, None)]).abs() < 1e-9);
        assert!(spread(&[]).abs() < 1e-9);
    }
}
