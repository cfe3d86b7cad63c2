//! The question that tells the likely codes apart best, and what its answer does to them.

use crate::index::Index;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

use crate::query::Worth;
use crate::text::Language;

/// A question and its answers, in the language of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Asking {
    /// Its key: `made-of`, or `61.hair` where it is of one chapter.
    pub key: String,
    /// The question.
    pub asks: String,
    /// Its answers that some likely code gives: key and words.
    pub answers: Vec<(String, String)>,
}

/// The key of the question for the heading, and of that for the subheading: their answers are digits.
pub(crate) const HEADING: &str = "heading";
pub(crate) const CODE: &str = "code";

/// How much an answer speaks for a code that gives it, and against one that gives another.
const AGREES: f32 = 2.5;
const DIFFERS: f32 = -8.0;
/// The same for who chose a heading or subheading by its title.
const CHOSEN: f32 = 5.0;
const NOT_CHOSEN: f32 = -12.0;
/// Information in bits under which a question is not worth an answer.
const LEAST_BITS: f64 = 0.12;
/// What it is worth to know what the buyer pays by the whole value nearer, in bits: ten percent of the value are worth a bit.
const BITS_OF_MONEY: f64 = 10.0;
/// Most answers that a person is asked to choose among.
const MOST_ANSWERS: usize = 12;
/// Most codes among which a question is chosen, and how likely each must be at least.
const MOST_CODES: usize = 40;
const LEAST_LIKELY: f64 = 0.004;
/// Most titles that a person is asked to choose among.
const MOST_TITLES: usize = 6;
/// Titles take longer to read than "cotton", and are understood less surely: what choosing one tells counts for less.
const TITLES: f64 = 0.3;

/// How likely a code is and what the buyer pays on its goods, as a share of their value.
type Part = (f64, Option<f64>);

/// A code that a text may mean.
pub(crate) struct Likely<'a> {
    pub(crate) p: f64,
    pub(crate) digits: u32,
    /// Its titles, and those of its heading.
    pub(crate) titles: [&'a [Option<String>; 3]; 2],
    pub(crate) facts: BTreeMap<u16, &'a [u8]>,
}

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    /// To a question of the words.
    Fact(u16, u8),
    /// That it is not known.
    Unknown(u16),
    /// That the goods are of a heading or of a subheading.
    Under(u32),
    /// That no heading (or subheading) of those that were shown fits.
    NotShown(&'static str),
}

/// The facts of a code: its own, and those of its heading that it does not give itself.
pub(crate) fn facts(index: &Index, code: u16, heading: u16) -> BTreeMap<u16, &[u8]> {
    let of_heading = index.headings.get(usize::from(heading)).into_iter().flat_map(|h| &h.when);
    let own = index.codes.get(usize::from(code)).into_iter().flat_map(|c| &c.when);
    of_heading.chain(own).map(|(question, answers)| (*question, answers.as_slice())).collect()
}

impl Given {
    /// The key of the question of titles that this answers.
    fn titles(self) -> Option<&'static str> {
        match self {
            Self::Under(digits) if digits < 10_000 => Some(HEADING),
            Self::Under(_) => Some(CODE),
            Self::NotShown(key) => Some(key),
            _ => None,
        }
    }

    /// How much it speaks for a code.
    pub(crate) fn says(self, digits: u32, facts: &BTreeMap<u16, &[u8]>) -> f32 {
        match self {
            Self::Fact(question, answer) => match facts.get(&question) {
                Some(given) if given.contains(&answer) => AGREES,
                Some(_) => DIFFERS,
                None => 0.0,
            },
            Self::Under(chosen) if chosen == digits || chosen == digits / 100 => CHOSEN,
            Self::Under(_) => NOT_CHOSEN,
            Self::Unknown(_) | Self::NotShown(_) => 0.0,
        }
    }
}

/// What is known of a question: groups of codes that each answer leaves.
fn worth_asking(likely: &[Likely<'_>], costs: &[Option<f64>], groups: &BTreeMap<u32, Vec<Part>>) -> f64 {
    if groups.len() < 2 {
        return 0.0;
    }
    let all: Vec<Part> = likely.iter().zip(costs).map(|(one, cost)| (one.p, *cost)).collect();
    let after = |of: fn(&[Part]) -> f64| -> f64 {
        groups.values().map(|parts| parts.iter().map(|(p, _)| p).sum::<f64>() * of(parts)).sum()
    };
    entropy(&all) - after(entropy) + BITS_OF_MONEY * (spread(&all) - after(spread)).max(0.0)
}

/// The question whose answer is expected to tell most, of codes with their facts and how likely they are; `known` are the questions whose
/// answers the text gives.
pub(crate) fn best(
    index: &Index,
    likely: &[Likely<'_>],
    known: &BTreeSet<u16>,
    given: &[Given],
    worth: Option<Worth<'_>>,
    language: Language,
) -> Option<Asking> {
    // What is told is told of the likely codes; the answers of less likely ones are offered too, or "rubber" could not be said of gloves.
    let all = likely;
    let likely = all.get(..all.iter().take(MOST_CODES).take_while(|one| one.p > LEAST_LIKELY).count()).unwrap_or(all);
    let costs: Vec<Option<f64>> = likely.iter().map(|one| worth.and_then(|worth| worth(one.digits))).collect();
    let asked =
        |question: u16| given.iter().any(|g| matches!(g, Given::Fact(q, _) | Given::Unknown(q) if *q == question));
    let questions: BTreeSet<u16> = likely.iter().flat_map(|one| one.facts.keys().copied()).collect();
    let of_facts =
        questions.into_iter().filter(|question| !known.contains(question) && !asked(*question)).map(|question| {
            let told = worth_asking(likely, &costs, &groups_of(likely, &costs, question));
            (told, Ok(question))
        });
    let of_titles =
        [HEADING, CODE].into_iter().filter(|key| !given.iter().any(|g| g.titles() == Some(key))).map(|key| {
            let mut groups: BTreeMap<u32, Vec<Part>> = BTreeMap::new();
            for (one, cost) in likely.iter().zip(&costs) {
                groups.entry(place(key, one.digits)).or_default().push((one.p, *cost));
            }
            // Those that are not shown remain together.
            let mut order: Vec<(f64, u32)> = groups.iter().map(|(k, g)| (g.iter().map(|(p, _)| p).sum(), *k)).collect();
            order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let rest = order.iter().skip(MOST_TITLES).flat_map(|(_, k)| groups.remove(k)).flatten().collect::<Vec<_>>();
            if !rest.is_empty() {
                groups.insert(u32::MAX, rest);
            }
            let shown: Vec<u32> = order.iter().take(MOST_TITLES).filter(|(p, _)| *p > 0.01).map(|(_, k)| *k).collect();
            // One title is no choice.
            let told = if shown.len() < 2 { 0.0 } else { TITLES * worth_asking(likely, &costs, &groups) };
            (told, Err((key, shown)))
        });
    let (told, best) = of_facts.chain(of_titles).max_by(|a, b| a.0.total_cmp(&b.0))?;
    if told < LEAST_BITS {
        return None;
    }
    match best {
        Ok(question) => of_fact(index, all, question, language),
        Err((key, shown)) => Some(of_title(likely, key, &shown, language)),
    }
}

/// The digits under which a code is shown.
fn place(key: &str, digits: u32) -> u32 {
    if key == HEADING { digits / 100 } else { digits }
}

/// The codes that remain with each answer. A code that does not say is likely with every one.
fn groups_of(likely: &[Likely<'_>], costs: &[Option<f64>], question: u16) -> BTreeMap<u32, Vec<Part>> {
    let said: BTreeSet<u8> =
        likely.iter().filter_map(|one| one.facts.get(&question)).flat_map(|a| a.iter().copied()).collect();
    let said: Vec<u8> = said.into_iter().collect();
    let mut groups: BTreeMap<u32, Vec<Part>> = BTreeMap::new();
    for (one, cost) in likely.iter().zip(costs) {
        let answers = one.facts.get(&question).copied().unwrap_or(&said);
        for answer in answers {
            groups.entry(u32::from(*answer)).or_default().push((one.p / answers.len() as f64, *cost));
        }
    }
    groups
}

fn said(words: &[Option<String>; 3], language: Language) -> String {
    words.get(language as usize).and_then(Option::as_ref).or(words[0].as_ref()).cloned().unwrap_or_default()
}

fn of_fact(index: &Index, likely: &[Likely<'_>], question: u16, language: Language) -> Option<Asking> {
    let asked = index.questions.get(usize::from(question))?;
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
        asks: said(&asked.asks, language),
        answers: answers.map(|(key, words)| (key.clone(), said(words, language))).collect(),
    })
}

fn of_title(likely: &[Likely<'_>], key: &'static str, shown: &[u32], language: Language) -> Asking {
    let asks = match language {
        Language::En => "Which of these is nearest to it?",
        Language::Fr => "Lequel de ces articles s'en rapproche le plus ?",
        Language::Es => "¿Cuál de estos se le parece más?",
    };
    let answer = |digits: &u32| {
        let one = likely.iter().find(|one| place(key, one.digits) == *digits)?;
        let (digits, titles) = match key {
            HEADING => (format!("{digits:04}"), one.titles[1]),
            _ => (format!("{digits:06}"), one.titles[0]),
        };
        Some((digits, said(titles, language)))
    };
    Asking { key: key.to_owned(), asks: asks.to_owned(), answers: shown.iter().filter_map(answer).collect() }
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
    use super::{Likely, best, entropy, spread};
    use crate::index::Index;
    use crate::text::Language;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn bits_are_counted() {
        let of = |parts: &[f64]| entropy(&parts.iter().map(|p| (*p, None)).collect::<Vec<_>>());
        assert!((of(&[0.5, 0.5]) - 1.0).abs() < 1e-9);
        assert!((of(&[2.0, 2.0, 2.0, 2.0]) - 2.0).abs() < 1e-9);
        assert_eq!((of(&[1.0]), of(&[])), (0.0, 0.0));
    }

    /// One likely code and many that are hardly likely: there is nothing to choose among, so nothing is asked.
    #[test]
    fn a_question_has_two_answers() {
        let titles = [Some("Mugs".to_owned()), None, None];
        let one = |p: f64, digits: u32| Likely { p, digits, titles: [&titles; 2], facts: BTreeMap::new() };
        let ask = |likely: &[Likely<'_>]| {
            best(&Index::default(), likely, &BTreeSet::new(), &[], None, Language::En)
                .map(|asking| asking.answers.len())
        };
        let mut likely = vec![one(0.7, 691_110)];
        likely.extend((0..37).map(|at| one(0.008, 100_100 + at * 100)));
        assert_eq!(ask(&likely), None);
        likely[1].p = 0.3;
        assert_eq!(ask(&likely), Some(2));
    }

    #[test]
    fn money_is_spread() {
        assert!((spread(&[(0.5, Some(0.0)), (0.5, Some(0.2))]) - 0.1).abs() < 1e-9);
        assert!(spread(&[(0.5, Some(0.12)), (0.3, Some(0.12)), (0.2, None)]).abs() < 1e-9);
        assert!(spread(&[]).abs() < 1e-9);
    }
}
