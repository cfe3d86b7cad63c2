//! What an edition must stand before it is published. Each check is a small rule with a number, a file of its own and a page
//! of its own (`docs/checks/`). An error refuses the draft; a warning needs an approver's word.

use crate::authority::Authority;
use crate::manifest::Manifest;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tidewaiter::ratebook::compile::World;
use tidewaiter_sources::Entry;

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

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Who wants to publish it.
    pub authority: &'a Authority,
    /// Its manifest.
    pub manifest: &'a Manifest,
    /// Its records, in order.
    pub entries: &'a [Entry],
    /// Records of the edition before, if there is one.
    pub before: Option<&'a [Entry]>,
    /// What the reader of the file that was sent noticed in it: hidden rows, merged cells, numbers kept as text.
    pub noticed: &'a [String],
    /// Territories and currencies that exist.
    pub world: &'a World,
    /// Six-digit codes of the Harmonized System in force; empty where they are not known.
    pub codes: &'a BTreeSet<String>,
    /// Day of the check.
    pub today: Date,
}

/// One numbered rule.
pub trait Check: Send + Sync {
    /// `TW201`.
    fn number(&self) -> &'static str;
    /// What it asks, in a few words.
    fn title(&self) -> &'static str;
    /// What a finding of it does.
    fn severity(&self) -> Severity;
    /// Looks at a draft. Findings beyond a hundred are counted by the caller and not shown.
    fn look(&self, draft: &Draft<'_>, find: &mut dyn FnMut(Told));
}

/// A finding before it has its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Where.
    pub place: String,
    /// What is wrong.
    pub says: String,
    /// What to do.
    pub help: String,
}

/// What the checks found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What was found.
    pub findings: Vec<Finding>,
}
impl Report {
    /// Errors.
    pub fn refused(&self) -> bool {
        self.findings.iter().any(|f| f.severity == Severity::Error)
    }
    /// Warnings.
    pub fn warnings(&self) -> u64 {
        self.findings.iter().filter(|f| f.severity == Severity::Warning).count() as u64
    }
}
/// Runs.
pub fn run(_draft: &Draft<'_>) -> Report {
    Report::default()
}
