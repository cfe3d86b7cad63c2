//! The question that tells the likely codes apart best, and what its answer does to them.

use crate::index::Index;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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
/// Most answers that a person is asked to choose among.
const MOST_ANSWERS: usize = 12;

/// The facts of a code: its own, and those of its heading that it does not give itself.
pub(crate) fn facts(index: &Index, code: u16, heading: u16) -> BTreeMap<u16, &[u8]> {
    let of_heading = index.headings.get(usize::from(heading)).into_iter().flat_map(|h| &h.when);
    let own = index.codes.get(usize::from(code)).into_iter().flat_map(|c| &c.when);
    of_heading.chain(own).map(|(question, answers)| (*question, answers.as_slice())).collect()
}

/// The question whose answer is expected to tell most, of codes with their facts and how likely they are.
pub(crate) fn best(
    index: &Index,
    likely: &[(f64, BTreeMap<u16, &[u8]>)],
    answered: &BTreeSet<u16>,
    language: Language,
) -> Option<Asking> {
    let questions: BTreeSet<u16> = likely.iter().flat_map(|(_, facts)| facts.keys().copied()).collect();
    let gain = |question: u16| -> f64 {
        // How likely each answer is, and the codes that then remain. A code that does not say is likely with every answer.
        let all = index.questions.get(usize::from(question)).map_or(0, |q| q.answers.len());
        let mut by: BTreeMap<u8, Vec<f64>> = BTreeMap::new();
        let said: BTreeSet<u8> =
            likely.iter().filter_map(|(_, f)| f.get(&question)).flat_map(|a| a.iter().copied()).collect();
        if said.len() < 2 || all < 2 {
            return 0.0;
        }
        for (p, facts) in likely {
            let answers: Vec<u8> = facts.get(&question).map_or_else(|| said.iter().copied().collect(), |a| a.to_vec());
            for answer in &answers {
                by.entry(*answer).or_default().push(p / answers.len() as f64);
            }
        }
        let before = entropy(&likely.iter().map(|(p, _)| *p).collect::<Vec<_>>());
        let after: f64 = by.values().map(|parts| parts.iter().sum::<f64>() * entropy(parts)).sum();
        before - after
    };
    let open = questions.into_iter().filter(|question| !answered.contains(question));
    let (question, bits) = open.map(|q| (q, gain(q))).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    if bits < LEAST_BITS {
        return None;
    }
    let asked = index.questions.get(usize::from(question))?;
    let said = |words: &[Option<String>; 3]| {
        words.get(language as usize).and_then(Option::as_ref).or(words[0].as_ref()).cloned().unwrap_or_default()
    };
    let mut weight: BTreeMap<u8, f64> = BTreeMap::new();
    for (p, facts) in likely {
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
fn entropy(parts: &[f64]) -> f64 {
    let sum: f64 = parts.iter().sum();
    if sum <= 0.0 {
        return 0.0;
    }
    parts.iter().filter(|p| **p > 0.0).map(|p| -(p / sum) * (p / sum).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::entropy;

    #[test]
    fn bits_are_counted() {
        assert!((entropy(&[0.5, 0.5]) - 1.0).abs() < 1e-9);
        assert!((entropy(&[2.0, 2.0, 2.0, 2.0]) - 2.0).abs() < 1e-9);
        assert_eq!((entropy(&[1.0]), entropy(&[])), (0.0, 0.0));
    }
}
