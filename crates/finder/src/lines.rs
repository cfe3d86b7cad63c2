//! National lines: an official nomenclature that was loaded, from the heading down to the lines that goods are declared under.
//!
//! ```
//! use std::collections::BTreeMap;
//! use tidewaiter_finder::lines::{Lines, NationalLine, Told};
//! use tidewaiter_finder::Language;
//! let line = |code: &str, indent, text: &str| NationalLine {
//!     code: code.into(), indent: Some(indent), declarable: code.len() == 8, texts: BTreeMap::from([(Language::En, text.into())]),
//! };
//! let lines = Lines::new([line("4203", 0, "Leather clothes"), line("420321", 1, "Gloves"),
//!     line("42032110", 2, "For fencing"), line("42032190", 2, "Other")])?;
//! let ranked = lines.rank(&Told::new("fencing gloves", Language::En), "420321");
//! assert_eq!((ranked[0].code.as_str(), ranked[0].because.as_slice()), ("42032110", ["fencing".to_owned()].as_slice()));
//! # Ok::<(), tidewaiter_finder::lines::LinesError>(())
//! ```

mod evidence;
mod rank;
mod rulings;
mod terms;

pub use rank::{RankedLine, Told, Weighing};
pub use rulings::{Alike, Ruling};

use crate::text::{Language, beginning};
use serde::Serialize;
use std::collections::BTreeMap;
use terms::{Named, Terms};

/// Most lines of a nomenclature.
const MOST_LINES: usize = 200_000;
/// Deepest line below its heading. Official lists have some ten steps; what is deeper stands beside what is above it.
const DEEPEST: usize = 30;
/// Most lines of a subheading that are told: no official one has so many.
const MOST_TOLD: usize = 1_000;

/// A line of an official nomenclature, in the order of the official list or any other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NationalLine {
    /// Its digits, 2 to 12, without points. A line that only stands above others may have the code of the first below it.
    pub code: String,
    /// How deep it stands below its heading; where no line of the heading says so, the digits tell.
    pub indent: Option<u8>,
    /// Whether goods may be declared under it. Where no line of all is declarable, those with nothing below are taken.
    pub declarable: bool,
    /// What it says, by language. The first 2,000 characters are read and kept.
    pub texts: BTreeMap<Language, String>,
}

/// Why a nomenclature or a ruling was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinesError {
    /// There are too many.
    #[error("there are more than {0} {1}: check that it is the file you meant")]
    TooMany(usize, &'static str),
    /// A code is none.
    #[error("{what} {number} has the code {code:?}: digits without points were expected, {expected}")]
    Code {
        /// Line or ruling.
        what: &'static str,
        /// Its number in the order it came, from 1.
        number: usize,
        /// Its code.
        code: String,
        /// How many digits.
        expected: &'static str,
    },
}

/// A line with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineView {
    /// Its digits.
    pub code: String,
    /// Whether goods may be declared under it.
    pub declarable: bool,
    /// What it says.
    pub text: String,
    /// What the lines above it say, from the heading down.
    pub path: Vec<String>,
}

/// A line in its place.
#[derive(Debug)]
struct Node {
    code: String,
    declarable: bool,
    texts: BTreeMap<Language, String>,
    above: Option<u32>,
    /// Number of the first line that is not below it.
    past: u32,
    named: Named,
}

/// A nomenclature, with rulings beside it.
#[derive(Debug, Default)]
pub struct Lines {
    nodes: Vec<Node>,
    terms: Terms,
    evidence: evidence::Evidence,
    rulings: rulings::Rulings,
}

impl Lines {
    /// Lays out a nomenclature. Chapters are passed over.
    ///
    /// # Errors
    /// [`LinesError`] where there are too many lines or one has a code that is none.
    pub fn new(lines: impl IntoIterator<Item = NationalLine>) -> Result<Self, LinesError> {
        let mut all = Vec::new();
        for (at, line) in lines.into_iter().enumerate() {
            if at == MOST_LINES {
                return Err(LinesError::TooMany(MOST_LINES, "lines"));
            }
            let digits = line.code.len();
            if !(2..=12).contains(&digits) || !line.code.bytes().all(|byte| byte.is_ascii_digit()) {
                let (code, expected) = (line.code.chars().take(20).collect(), "2 to 12 of them");
                return Err(LinesError::Code { what: "line", number: at + 1, code, expected });
            }
            if digits >= 4 && line.code.get(2..4).is_none_or(|heading| heading != "00") {
                all.push(line);
            }
        }
        // A line that stands above others has the code of the first of them.
        all.sort_by(|a, b| a.code.cmp(&b.code).then(a.indent.cmp(&b.indent)));
        let mut made = Self::default();
        let mut stack: Vec<(usize, usize)> = Vec::new();
        for heading in all.chunk_by(|a, b| a.code.get(..4) == b.code.get(..4)) {
            stack.clear();
            let by_indent = heading.iter().all(|line| line.indent.is_some());
            for line in heading {
                let number = made.nodes.len() as u32;
                let depth = line.indent.filter(|_| by_indent).map_or_else(|| pairs(&line.code).len(), usize::from);
                let depth = depth.min(DEEPEST);
                while let Some(&(above, of)) = stack.last() {
                    if of < depth && (by_indent || line.code.starts_with(pairs(&made.nodes[above].code))) {
                        break;
                    }
                    made.nodes[above].past = number;
                    stack.pop();
                }
                let mut named = Named::default();
                for (language, text) in &line.texts {
                    let one = made.terms.read(*language, beginning(text));
                    named.with.extend(one.with);
                    named.without.extend(one.without);
                    named.rest |= one.rest;
                }
                named.with.sort_unstable();
                named.with.dedup();
                let above = stack.last().map(|(above, _)| *above as u32);
                let code = line.code.clone();
                let texts = line.texts.iter().map(|(language, text)| (*language, beginning(text).to_owned())).collect();
                made.nodes.push(Node { code, declarable: line.declarable, texts, above, past: number + 1, named });
                stack.push((number as usize, depth));
            }
            let past = made.nodes.len() as u32;
            while let Some((open, _)) = stack.pop() {
                made.nodes[open].past = past;
            }
        }
        if !made.nodes.iter().any(|node| node.declarable) {
            for (at, node) in (0u32..).zip(&mut made.nodes) {
                node.declarable = node.past == at + 1;
            }
        }
        made.terms.done();
        made.evidence = evidence::Evidence::of(&made.nodes);
        Ok(made)
    }

    /// Whether nothing was loaded.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.rulings.is_empty()
    }

    /// Whether a line has exactly this code, or this code with zeros after it.
    pub fn has(&self, code: &str) -> bool {
        let at = self.nodes.partition_point(|node| node.code.as_str() < code);
        self.nodes[at..]
            .iter()
            .take_while(|node| node.code.starts_with(code))
            .any(|node| node.code[code.len()..].bytes().all(|byte| byte == b'0'))
    }

    /// The lines of a subheading of six digits, in order: itself where it is a line, and all below it, at most a thousand.
    pub fn under(&self, code6: &str, language: Language) -> Vec<LineView> {
        let said = |at: u32| said(&self.nodes[at as usize].texts, language);
        let view = |at: u32| {
            let node = &self.nodes[at as usize];
            let mut path: Vec<String> = self.above(at).map(said).collect();
            path.reverse();
            LineView { code: node.code.clone(), declarable: node.declarable, text: said(at), path }
        };
        self.of(code6).take(MOST_TOLD).map(view).collect()
    }

    /// The lines above one, the nearest first.
    fn above(&self, at: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(self.nodes[at as usize].above, |at| self.nodes[*at as usize].above)
    }

    /// Lines that are of a subheading alone: all below them is of it too.
    fn of(&self, code6: &str) -> impl Iterator<Item = u32> {
        let six = |at: usize| self.nodes[at].code.get(..6);
        let of = if code6.len() == 6 { code6 } else { "none" };
        let from = self.nodes.partition_point(|node| node.code.as_str() < of);
        // A heading that has one subheading is a line of its own: "6801".
        let from = from - self.nodes[..from].iter().rev().take_while(|node| of.starts_with(&node.code)).count();
        let to = from
            + self.nodes[from..]
                .iter()
                .take_while(|node| node.code.starts_with(of) || of.starts_with(&node.code))
                .count();
        (from..to)
            .filter(move |at| six(*at) == Some(of) && six(self.nodes[*at].past as usize - 1) == Some(of))
            .map(|at| at as u32)
    }
}

/// A code without the pairs of zeros at its end.
fn pairs(code: &str) -> &str {
    let mut code = code;
    while let Some(shorter) = code.strip_suffix("00").filter(|shorter| shorter.len() >= 4) {
        code = shorter;
    }
    code
}

/// What a line says in a language, else in the first that it has.
fn said(texts: &BTreeMap<Language, String>, language: Language) -> String {
    texts.get(&language).or_else(|| texts.values().next()).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests;
