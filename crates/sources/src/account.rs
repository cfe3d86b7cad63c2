//! What an import read, made, refused and could not express.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Most refusals kept word for word; the rest are counted.
pub const REFUSALS_KEPT: usize = 1_000;

/// A row that was refused, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The file.
    pub file: String,
    /// Row or record in it, from 1, headings counted.
    pub row: u64,
    /// Column, field or element, by its official name; empty where the whole row is meant.
    pub column: String,
    /// What stands there, cut to a hundred characters.
    pub found: String,
    /// What was expected, and what to do.
    pub expected: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, row {}", self.file, self.row)?;
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        if !self.found.is_empty() {
            write!(f, ": \"{}\"", self.found)?;
        }
        write!(f, ": {}", self.expected)
    }
}

/// What an import read, made, refused and could not express.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Rows read, by official kind: `line`, `measure`, `measure.component`.
    pub read: BTreeMap<String, u64>,
    /// Records made, by kind of entry.
    pub made: BTreeMap<String, u64>,
    /// Rows that make no record of their own and why, counted: headings, blank rows, repetitions.
    pub left_out: BTreeMap<String, u64>,
    /// What was read and kept, but cannot be computed with, counted by reason.
    pub inexpressible: BTreeMap<String, u64>,
    /// What was read, but that whoever imports should look at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Rows refused in all.
    pub refused: u64,
    /// The first [`REFUSALS_KEPT`] of them.
    pub refusals: Vec<Refusal>,
}

impl Account {
    /// Counts a row that was read.
    pub fn read(&mut self, kind: &str) {
        count(&mut self.read, kind);
    }

    /// Counts a record that was made.
    pub fn made(&mut self, kind: &str) {
        count(&mut self.made, kind);
    }

    /// Counts a row that makes no record, with the reason.
    pub fn left_out(&mut self, reason: &str) {
        count(&mut self.left_out, reason);
    }

    /// Counts something kept that no quote can compute with, with the reason.
    pub fn inexpressible(&mut self, reason: &str) {
        count(&mut self.inexpressible, reason);
    }

    /// Says what whoever imports should look at.
    pub fn warn(&mut self, says: String) {
        self.warnings.push(says);
    }

    /// Refuses a row.
    pub fn refuse(&mut self, file: &str, row: u64, column: &str, found: &str, expected: impl Into<String>) {
        self.refused += 1;
        if self.refusals.len() < REFUSALS_KEPT {
            self.refusals.push(Refusal {
                file: file.to_owned(),
                row,
                column: column.to_owned(),
                found: found.chars().take(100).collect(),
                expected: expected.into(),
            });
        }
    }

    /// Whether the whole file may be used: nothing was refused.
    pub const fn is_clean(&self) -> bool {
        self.refused == 0
    }

    /// Adds another account to this one.
    pub fn add(&mut self, other: Self) {
        for (mine, theirs) in [
            (&mut self.read, other.read),
            (&mut self.made, other.made),
            (&mut self.left_out, other.left_out),
            (&mut self.inexpressible, other.inexpressible),
        ] {
            for (kind, n) in theirs {
                *mine.entry(kind).or_default() += n;
            }
        }
        self.warnings.extend(other.warnings);
        self.refused += other.refused;
        let room = REFUSALS_KEPT.saturating_sub(self.refusals.len());
        self.refusals.extend(other.refusals.into_iter().take(room));
    }
}

fn count(map: &mut BTreeMap<String, u64>, kind: &str) {
    match map.get_mut(kind) {
        Some(n) => *n += 1,
        None => {
            map.insert(kind.to_owned(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_first_refusals_and_counts_all() {
        let mut account = Account::default();
        for row in 0..REFUSALS_KEPT as u64 + 5 {
            account.refuse("a.csv", row, "rate", &"x".repeat(500), "a percentage such as 5 %");
        }
        assert_eq!(account.refused, REFUSALS_KEPT as u64 + 5);
        assert_eq!(account.refusals.len(), REFUSALS_KEPT);
        assert_eq!(account.refusals[0].found.len(), 100);
        assert!(!account.is_clean());
    }

    #[test]
    fn a_refusal_reads_as_a_sentence() {
        let mut account = Account::default();
        account.refuse("a.csv", 3, "rate", "5 DCS4", "one percentage");
        assert_eq!(account.refusals[0].to_string(), "a.csv, row 3, rate: \"5 DCS4\": one percentage");
    }
}
