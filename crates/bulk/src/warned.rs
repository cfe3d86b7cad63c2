//! What a quote warns of, as short codes in the answer table. A code is made of the sentence it stands for, so that it is the
//! same in every run.

use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hasher};
use tidewaiter::quote::said::Said;

/// A warning of some answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// As it stands in the column `warnings`.
    pub code: String,
    /// The sentence, as [`tidewaiter::Ratebook::quote`] gives it.
    pub text: String,
    /// How many answers carry it.
    pub answers: u64,
}

/// The sets of warnings met so far. The first is empty.
#[derive(Debug, Default)]
pub(crate) struct Warned {
    sets: Vec<Set>,
    numbers: HashMap<Vec<String>, u32>,
}

#[derive(Debug)]
struct Set {
    /// The codes, with spaces between.
    joined: String,
    texts: Vec<String>,
}

impl Warned {
    /// Number of a quote's warnings; nothing where there are none.
    pub(crate) fn number(&mut self, warnings: &[Said]) -> u32 {
        if warnings.is_empty() {
            return 0;
        }
        // A row is one item.
        let texts: Vec<String> = warnings.iter().map(|w| w.strip_prefix("Item 1: ").unwrap_or(w).to_owned()).collect();
        if let Some(&number) = self.numbers.get(&texts) {
            return number;
        }
        let joined = texts.iter().map(|t| code(t)).collect::<Vec<_>>().join(" ");
        self.sets.push(Set { joined, texts: texts.clone() });
        let number = self.sets.len() as u32;
        self.numbers.insert(texts, number);
        number
    }

    /// The codes of a number.
    pub(crate) fn codes(&self, number: u32) -> Option<&str> {
        self.set(number).map(|set| set.joined.as_str())
    }

    fn set(&self, number: u32) -> Option<&Set> {
        self.sets.get((number as usize).checked_sub(1)?)
    }

    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }

    pub(crate) fn clear(&mut self) {
        self.sets.clear();
        self.numbers.clear();
    }

    /// The warnings of so many answers of each number, by code.
    pub(crate) fn counted(&self, answers: &[u64]) -> Vec<Warning> {
        let mut texts: BTreeMap<&str, u64> = BTreeMap::new();
        for (number, count) in answers.iter().enumerate().filter(|(_, count)| **count > 0) {
            for text in self.set(number as u32).iter().flat_map(|set| &set.texts) {
                *texts.entry(text).or_default() += count;
            }
        }
        texts.into_iter().map(|(text, answers)| Warning { code: code(text), text: text.to_owned(), answers }).collect()
    }
}

/// The code of a sentence: `w` and six hexadecimal digits.
fn code(text: &str) -> String {
    let mut hash = crate::question::Fnv::default().build_hasher();
    hash.write(text.as_bytes());
    let number = hash.finish();
    format!("w{:06x}", (number ^ (number >> 32)) & 0xff_ffff)
}
