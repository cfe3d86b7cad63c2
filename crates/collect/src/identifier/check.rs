//! The kinds of check. Which number has which stands in the file.

use super::{List, Lists};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Digits and letters by their value.
const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A check of a number's characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    /// Shapes that it belongs to; all, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<Vec<String>>,
    /// Of the checks of one group, one must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) any: Option<String>,
    kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rotate: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    called: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    least: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    most: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pad: Option<usize>,
    #[serde(default)]
    digit_sums: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alphabet: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tables: BTreeMap<String, BTreeMap<String, i64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    check_at: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    modulus: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    add: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    weights: Vec<Weight>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accept: Option<Vec<i64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    becomes: Option<String>,
    #[serde(default, rename = "else", skip_serializing_if = "Option::is_none")]
    or: Option<Box<Round>>,
}

/// Weights for another round, where the first gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Round {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    add: Option<i64>,
    weights: Vec<Weight>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accept: Option<Vec<i64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    becomes: Option<String>,
    #[serde(default, rename = "else", skip_serializing_if = "Option::is_none")]
    or: Option<Box<Round>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    #[serde(rename = "iso7064-mod97-10")]
    Mod97,
    #[serde(rename = "iso7064-mod11-10")]
    Mod11,
    #[serde(rename = "weighted")]
    Weighted,
    #[serde(rename = "range")]
    Range,
    #[serde(rename = "one-of")]
    OneOf,
    #[serde(rename = "length")]
    Length,
}

/// What a character is multiplied by, or the table that says what it adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Weight {
    Times(i64),
    Table(String),
}

const DIGITS: &str = "its check digits do not fit: one of its characters is wrong, or two are swapped";

impl Check {
    pub(super) fn is_for(&self, shapes: &[String], shape: usize) -> bool {
        self.on.as_ref().is_none_or(|on| shapes.get(shape).is_some_and(|shape| on.contains(shape)))
    }

    /// Whether it can be run at all.
    pub(super) fn sound(&self, shapes: &[String], lists: &Lists) -> Result<(), String> {
        if let Some(shape) = self.on.iter().flatten().find(|shape| !shapes.contains(shape)) {
            return Err(format!("a check is for the shape \"{shape}\", which it does not have"));
        }
        if let Some(list) = self.list.as_ref().filter(|list| !lists.contains_key(*list)) {
            return Err(format!("there is no list \"{list}\""));
        }
        let is_whole = match self.kind {
            Kind::Weighted => {
                self.modulus.is_some_and(|m| m > 0)
                    && rounds(self).all(|round| {
                        round.accept.is_some() != round.becomes.is_some()
                            && round.weights.iter().all(|w| match w {
                                Weight::Table(name) => self.tables.contains_key(name),
                                Weight::Times(_) => true,
                            })
                    })
            }
            Kind::OneOf => self.list.is_some() || self.values.is_some(),
            Kind::Length => matches!(self.list.as_ref().and_then(|list| lists.get(list)), Some(List::Table(_))),
            Kind::Range => self.least.is_some() && self.most.is_some(),
            Kind::Mod97 | Kind::Mod11 => true,
        };
        if is_whole { Ok(()) } else { Err(format!("a check of kind {:?} lacks something", self.kind)) }
    }

    /// What is wrong with a number that has its shape.
    pub(super) fn fault(&self, lists: &Lists, whole: &str, body: &str) -> Option<String> {
        match self.kind {
            Kind::Mod97 => (mod97(whole, self.rotate.unwrap_or(0)) != Some(1)).then(|| DIGITS.into()),
            Kind::Mod11 => mod11(body),
            Kind::Weighted => self.weighted(body),
            Kind::Range => {
                let (least, most) = (self.least?, self.most?);
                let number: u64 = self.part(body).parse().unwrap_or(u64::MAX);
                (!(least..=most).contains(&number)).then(|| format!("{} is outside {least} to {most}", self.part(body)))
            }
            Kind::OneOf => {
                let part = self.part(body);
                let known = self.values.as_ref().or_else(|| match lists.get(self.list.as_ref()?)? {
                    List::Codes(codes) => Some(codes),
                    List::Table(_) => None,
                });
                let is_known = known.is_some_and(|known| known.iter().any(|one| one == part));
                (!is_known).then(|| format!("\"{part}\" is not one of {}", self.called()))
            }
            Kind::Length => {
                let part = self.part(body);
                let Some(List::Table(table)) = self.list.as_ref().and_then(|list| lists.get(list)) else { return None };
                match table.get(part) {
                    None => Some(format!("\"{part}\" is not one of {}", self.called())),
                    Some(length) if *length == whole.len() => None,
                    Some(length) => Some(format!("with {part} it has {length} characters, this has {}", whole.len())),
                }
            }
        }
    }

    fn called(&self) -> &str {
        self.called.as_deref().unwrap_or("the codes that are known")
    }

    fn part<'a>(&self, body: &'a str) -> &'a str {
        let from = self.from.unwrap_or(1).saturating_sub(1);
        body.get(from..self.to.unwrap_or(body.len())).unwrap_or_default()
    }

    fn weighted(&self, body: &str) -> Option<String> {
        let padded = format!("{body:0>width$}", width = self.pad.unwrap_or(0));
        let signs: Vec<char> = padded.chars().collect();
        let start = self.from.unwrap_or(1).saturating_sub(1);
        let alphabet = self.alphabet.as_deref().unwrap_or(ALPHABET);
        for round in rounds(self) {
            let mut total = round.add;
            for (n, weight) in round.weights.iter().enumerate() {
                let Some(sign) = signs.get(start + n) else { return Some("it is too short".into()) };
                let worth = match weight {
                    Weight::Times(0) => continue,
                    Weight::Times(times) => {
                        let Some(value) = alphabet.chars().position(|one| one == *sign) else {
                            return Some(unfit(*sign));
                        };
                        let product = i64::try_from(value).unwrap_or(0) * times;
                        if self.digit_sums { product / 10 + product % 10 } else { product }
                    }
                    Weight::Table(name) => {
                        match self.tables.get(name).and_then(|table| table.get(sign.encode_utf8(&mut [0; 4]))) {
                            Some(worth) => *worth,
                            None => return Some(unfit(*sign)),
                        }
                    }
                };
                total += worth;
            }
            let rest = total.rem_euclid(self.modulus.unwrap_or(i64::MAX));
            if let Some(accept) = round.accept {
                return (!accept.contains(&rest)).then(|| DIGITS.into());
            }
            let want = usize::try_from(rest).ok().and_then(|rest| round.becomes?.chars().nth(rest));
            match want {
                Some('>') => {}
                None | Some('-') => {
                    return Some("no such number is ever issued: one of its characters is wrong".into());
                }
                Some(want) => {
                    let at = self.check_at.map_or(start + round.weights.len(), |at| at.saturating_sub(1));
                    return (signs.get(at) != Some(&want)).then(|| DIGITS.into());
                }
            }
        }
        Some(DIGITS.into())
    }
}

fn unfit(sign: char) -> String {
    format!("\"{sign}\" cannot stand where it stands")
}

/// One round of weights.
struct Turn<'a> {
    add: i64,
    weights: &'a [Weight],
    accept: Option<&'a [i64]>,
    becomes: Option<&'a str>,
}

fn rounds(check: &Check) -> impl Iterator<Item = Turn<'_>> {
    let first = Turn {
        add: check.add.unwrap_or(0),
        weights: &check.weights,
        accept: check.accept.as_deref(),
        becomes: check.becomes.as_deref(),
    };
    let others = std::iter::successors(check.or.as_deref(), |round| round.or.as_deref()).map(|round| Turn {
        add: round.add.unwrap_or(0),
        weights: &round.weights,
        accept: round.accept.as_deref(),
        becomes: round.becomes.as_deref(),
    });
    std::iter::once(first).chain(others)
}

/// ISO/IEC 7064, MOD 97-10: some characters go from the front to the end, letters count from 10.
fn mod97(whole: &str, rotate: usize) -> Option<u32> {
    let (front, rest) = whole.split_at_checked(rotate)?;
    let mut left: u32 = 0;
    for sign in rest.chars().chain(front.chars()) {
        let value = u32::try_from(ALPHABET.find(sign)?).ok()?;
        left = (left * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    Some(left)
}

/// ISO/IEC 7064, MOD 11,10: the last digit checks the others.
fn mod11(body: &str) -> Option<String> {
    let digits: Option<Vec<u32>> = body.chars().map(|sign| sign.to_digit(10)).collect();
    let Some((check, others)) = digits.as_deref().and_then(<[u32]>::split_last) else { return Some(DIGITS.into()) };
    let product = others.iter().fold(10, |product, digit| match (digit + product) % 10 {
        0 => 20 % 11,
        sum => sum * 2 % 11,
    });
    ((11 - product) % 10 != *check).then(|| DIGITS.into())
}
