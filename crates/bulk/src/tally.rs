//! What was done with a table, added up part by part.

use crate::{Outcomes, Priced, Warning};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Most sentences of warnings kept for the report.
const MOST_WARNINGS: usize = 1_000;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows read.
    pub rows: u64,
    /// Answers written: one for each row and destination.
    pub answers: u64,
    /// Of them, how many of each kind.
    pub outcomes: Outcomes,
    /// Of ranges and unknown ones, those for which something can be stated that would make the answer closer.
    pub missing: u64,
    /// Rows and destinations that could not be priced.
    pub rejected: u64,
    /// Where they stand with the reasons, one JSON object a line.
    pub rejects: Option<PathBuf>,
    /// What the codes in the column `warnings` stand for, by sentence; at most a thousand.
    pub warnings: Vec<Warning>,
    /// Where they stand, one JSON object a line.
    pub warnings_file: Option<PathBuf>,
    /// Columns of the input that nothing was done with.
    pub unused: Vec<String>,
    /// Fingerprint of the ratebook.
    pub ratebook: String,
}

/// The report while it grows.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    report: Report,
    /// By sentence.
    warnings: BTreeMap<String, Warning>,
}

impl Tally {
    /// Nothing done yet: the columns that nothing is done with, and the fingerprint of the ratebook.
    pub fn new(unused: Vec<String>, ratebook: &str) -> Self {
        Self {
            report: Report { unused, ratebook: ratebook.to_owned(), ..Report::default() },
            warnings: BTreeMap::new(),
        }
    }

    /// Adds the answers of so many rows.
    pub fn add(&mut self, rows: u64, priced: &Priced) {
        let report = &mut self.report;
        report.rows += rows;
        report.answers += priced.table.num_rows() as u64;
        report.outcomes.add(priced.outcomes);
        report.missing += priced.outcomes.missing;
        report.rejected += priced.rejects.len() as u64;
        for warning in &priced.warnings {
            let full = self.warnings.len() >= MOST_WARNINGS;
            if let Some(known) = self.warnings.get_mut(&warning.text) {
                known.answers += warning.answers;
            } else if !full {
                self.warnings.insert(warning.text.clone(), warning.clone());
            }
        }
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.report.rows
    }

    /// The report so far.
    pub fn report(&self) -> Report {
        Report { warnings: self.warnings.values().cloned().collect(), ..self.report.clone() }
    }
}
