//! What the checks found: the first findings of each word for word, all of them counted.

use super::Check;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most findings of one check that are kept word for word; the rest are counted.
pub const MOST_SHOWN: usize = 100;

/// What a finding does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The draft is refused.
    Error,
    /// An approver must say that it is meant.
    Warning,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Number of the check: `TW201`.
    pub check: String,
    /// What it does to the draft.
    pub severity: Severity,
    /// Where: a file and row, or the kind and key of a record.
    pub place: String,
    /// What is wrong, with the value found.
    pub says: String,
    /// What to do next.
    pub help: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}; {}", self.check, self.place, self.says, self.help)
    }
}

/// What all checks found in a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// By number of the check, then by place: at most [`MOST_SHOWN`] of each check.
    pub findings: Vec<Finding>,
    /// How many findings each check has in all; a check that found nothing is not in it.
    pub counted: BTreeMap<String, u64>,
}

impl Report {
    /// Whether an error was found: the draft must not go on.
    pub fn refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Numbers of the checks that warned: an approver must give a word for each.
    pub fn warnings(&self) -> BTreeSet<&str> {
        let warns = |finding: &&Finding| finding.severity == Severity::Warning;
        self.findings.iter().filter(warns).map(|finding| finding.check.as_str()).collect()
    }

    /// Puts what a check finds now in the place of what it found before. Returns whether something is new.
    pub(super) fn replace(&mut self, check: &Check, found: Found) -> bool {
        let (old, rest): (Vec<Finding>, Vec<Finding>) =
            std::mem::take(&mut self.findings).into_iter().partition(|finding| finding.check == check.number());
        self.findings = rest;
        self.counted.remove(check.number());
        self.add(check, found);
        self.findings.sort_by(|a, b| (&a.check, &a.place).cmp(&(&b.check, &b.place)));
        self.findings.iter().any(|finding| finding.check == check.number() && !old.contains(finding))
    }

    pub(super) fn add(&mut self, check: &Check, found: Found) {
        if found.total == 0 {
            return;
        }
        self.counted.insert(check.number().to_owned(), found.total);
        self.findings.extend(found.first.into_iter().map(|Told { place, says, help }| {
            let (check, severity) = (check.number().to_owned(), check.severity());
            Finding { check, severity, place, says, help }
        }));
    }
}

/// A finding before it has its number.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    place: String,
    says: String,
    help: String,
}

/// What one check finds. The first by place are kept, whatever the order in which they are told.
#[derive(Debug, Default)]
pub(super) struct Found {
    total: u64,
    first: BTreeSet<Told>,
}

impl Found {
    /// Where, what is wrong, and what to do.
    pub(super) fn add(&mut self, place: impl Into<String>, says: impl Into<String>, help: impl Into<String>) {
        self.total += 1;
        let place = place.into();
        if self.first.len() >= MOST_SHOWN && self.first.last().is_some_and(|last| last.place < place) {
            return;
        }
        self.first.insert(Told { place, says: says.into(), help: help.into() });
        if self.first.len() > MOST_SHOWN {
            self.first.pop_last();
        }
    }
}
