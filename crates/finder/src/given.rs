//! Facts that a text gives, answers that a person gave, and what they say of a code.

use crate::Finder;
use crate::index::Index;
use crate::narrow::{self, Given};
use crate::query::{NoSuchAnswer, short};
use crate::text::{Language, Stems, fold, words};
use std::collections::HashMap;

impl Finder {
    /// Answers to questions by their numbers.
    pub(crate) fn answers(&self, given: &[(&str, &str)]) -> Result<Vec<Given>, NoSuchAnswer> {
        let mut out = Vec::new();
        for (question, answer) in given {
            let given = self.given(question, answer)?;
            // Said again it is no surer.
            if !out.contains(&given) {
                out.push(given);
            }
        }
        Ok(out)
    }

    pub(crate) fn given(&self, question: &str, answer: &str) -> Result<Given, NoSuchAnswer> {
        let wrong = |known: String| NoSuchAnswer::Answer { question: short(question), answer: short(answer), known };
        for (key, places) in [(narrow::HEADING, 4), (narrow::CODE, 6)] {
            if question == key {
                if answer.is_empty() {
                    return Ok(Given::NotShown(key));
                }
                let digits = answer.parse::<u32>().ok().filter(|_| answer.len() == places);
                let known = |digits: &u32| match places {
                    4 => self.index.headings.iter().any(|heading| u32::from(heading.digits) == *digits),
                    _ => self.row(*digits).is_some(),
                };
                let told = || wrong(format!("the codes of {places} digits"));
                return digits.filter(known).map(Given::Under).ok_or_else(told);
            }
        }
        let all = &self.index.questions;
        let at = all.iter().position(|q| q.key == question);
        let at = at.ok_or_else(|| NoSuchAnswer::Question(short(question)))?;
        let known = &all[at].answers;
        if answer.is_empty() {
            return Ok(Given::Unknown(at as u16));
        }
        let found = known.iter().position(|(key, _)| key == answer).or_else(|| by_word(known, answer));
        let told = || wrong(known.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", "));
        found.map(|answer| Given::Fact(at as u16, answer as u8)).ok_or_else(told)
    }

    /// What answers say of a code.
    pub(crate) fn answered(&self, code: u16, answers: &[Given]) -> f32 {
        if answers.is_empty() {
            return 0.0;
        }
        let facts = narrow::facts(&self.index, code, self.heads[usize::from(code)]);
        let digits = self.index.codes[usize::from(code)].digits;
        answers.iter().map(|given| given.says(digits, &facts)).sum()
    }

    /// How well the facts that a text gives agree with those of a code and its heading.
    pub(crate) fn agrees(&self, code: u16, given: &[(u16, u8)]) -> f32 {
        let own = &self.index.codes[usize::from(code)].when;
        let of_heading = self.index.headings.get(usize::from(self.heads[usize::from(code)])).map(|h| &h.when);
        let mut sum = 0.0;
        let w = &self.weights_of;
        let of_heading = of_heading.into_iter().flatten().map(|when| (w.heading_fact, when));
        for (weight, (question, answers)) in own.iter().map(|when| (w.fact, when)).chain(of_heading) {
            let mut said = given.iter().filter(|(q, _)| q == question).peekable();
            if said.peek().is_some() {
                sum += if said.any(|(_, answer)| answers.contains(answer)) { weight } else { -weight };
            }
        }
        sum
    }
}

/// The one answer that holds a word, in any language: "laine" for wool.
fn by_word(answers: &[(String, [Option<String>; 3])], word: &str) -> Option<usize> {
    let folded = fold(word);
    let holds = |said: &str| words(said).iter().any(|word| word.folded == folded);
    let mut found = answers.iter().enumerate().filter(|(_, (_, said))| said.iter().flatten().any(|said| holds(said)));
    match (found.next(), found.next()) {
        (Some((at, _)), None) if !folded.is_empty() => Some(at),
        _ => None,
    }
}

/// The answers that each term gives: the words of short answers, and their keys.
pub(crate) fn facts_of(index: &Index, stems: &Stems) -> HashMap<u32, Vec<(u16, u8)>> {
    let mut out: HashMap<u32, Vec<(u16, u8)>> = HashMap::new();
    for (question, asked) in index.questions.iter().enumerate() {
        let mut of: HashMap<u32, Vec<u8>> = HashMap::new();
        for (answer, (key, said)) in asked.answers.iter().enumerate() {
            let said =
                Language::ALL.into_iter().zip(said).filter_map(|(language, text)| Some((language, text.as_deref()?)));
            for (language, text) in said.chain([(Language::En, key.as_str())]) {
                // "cotton", "wool or cashmere"; not a sentence.
                for part in text.split([',', ';', '(', ')', ':']) {
                    let terms = crate::index::terms_of(stems, language, part);
                    if terms.len() > 2 {
                        continue;
                    }
                    for term in terms.iter().filter_map(|term| index.term(term)) {
                        let answers = of.entry(term).or_default();
                        if !answers.contains(&(answer as u8)) {
                            answers.push(answer as u8);
                        }
                    }
                }
            }
        }
        for (term, answers) in of {
            // A word of most answers tells none from another.
            if answers.len() * 2 <= asked.answers.len().max(2) {
                out.entry(term).or_default().extend(answers.into_iter().map(|answer| (question as u16, answer)));
            }
        }
    }
    out
}
