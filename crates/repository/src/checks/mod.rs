//! What an edition must stand before it is published. Each check is a small rule with a number, a file of its own and a page
//! of its own (`docs/checks/`). An error refuses the draft; a warning needs an approver's word.
//!
//! | numbers | family | folder |
//! |---|---|---|
//! | TW1xx | structure: what a record must say | `structure` |
//! | TW2xx | goods codes and units | `goods` |
//! | TW3xx | days | `time` |
//! | TW4xx | territories, areas, programmes | `places` |
//! | TW5xx | what is allowed and unusual | `unusual` |
//! | TW6xx | what a spreadsheet hid | `spreadsheet` |
//! | TW7xx | other editions beside it | `beside` |
//!
//! [`run`] sorts the records once, lets every rule look, and keeps at most [`MOST_SHOWN`] findings of each. The
//! order of the records never changes the report.

mod around;
mod beside;
mod clash;
mod goods;
mod places;
mod records;
mod report;
mod say;
mod seen;
mod spreadsheet;
mod structure;
mod time;
mod unusual;
mod words;

pub use around::{Around, Misfit, Waiting};
pub use report::{Finding, MOST_SHOWN, Report, Severity};

use crate::authority::Authority;
use crate::manifest::Manifest;
use jiff::civil::Date;
use report::Found;
use seen::Seen;
use std::collections::BTreeSet;
use tidewaiter::ratebook::compile::World;
use tidewaiter_sources::Entry;

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Who wants to publish it.
    pub authority: &'a Authority,
    /// Its manifest.
    pub manifest: &'a Manifest,
    /// Its records, in order.
    pub entries: &'a [Entry],
    /// Records of the edition before, if there is one; with its `edition` line where that is at hand.
    pub before: Option<&'a [Entry]>,
    /// What the reader of the file that was sent noticed in it: hidden rows, merged cells, numbers kept as text.
    pub noticed: &'a [String],
    /// Territories and currencies that exist.
    pub world: &'a World,
    /// Six-digit codes of the Harmonized System in force; empty where they are not known.
    pub codes: &'a BTreeSet<String>,
    /// What stands around it and is not in it.
    pub around: &'a Around,
    /// Day of the check.
    pub today: Date,
}

/// One numbered rule.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    number: &'static str,
    title: &'static str,
    severity: Severity,
    look: fn(&Seen<'_>, &mut Found),
}

impl Check {
    const fn error(number: &'static str, title: &'static str, look: fn(&Seen<'_>, &mut Found)) -> Self {
        Self { number, title, severity: Severity::Error, look }
    }

    const fn warning(number: &'static str, title: &'static str, look: fn(&Seen<'_>, &mut Found)) -> Self {
        Self { number, title, severity: Severity::Warning, look }
    }

    /// Its number: `TW201`.
    pub const fn number(&self) -> &'static str {
        self.number
    }

    /// What it asks, in a few words.
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// What a finding of it does.
    pub const fn severity(&self) -> Severity {
        self.severity
    }
}

/// Every check, by number.
///
/// ```
/// use tidewaiter_repository::checks;
/// assert!(checks::all().is_sorted_by_key(checks::Check::number));
/// assert!(checks::all().iter().any(|check| check.number() == "TW302"));
/// ```
pub fn all() -> &'static [Check] {
    static ALL: std::sync::OnceLock<Vec<Check>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        [structure::ALL, goods::ALL, time::ALL, places::ALL, unusual::ALL, spreadsheet::ALL, beside::ALL].concat()
    })
}

/// Looks at a draft with every check.
///
/// Cost: sorting, so n log n; some hundred bytes for each record of this edition and of the one before.
pub fn run(draft: &Draft<'_>) -> Report {
    let seen = Seen::new(draft);
    let mut report = Report::default();
    for check in all() {
        let mut found = Found::default();
        (check.look)(&seen, &mut found);
        report.add(check, found);
    }
    report
}

/// Looks anew at the editions that wait beside a draft, and at nothing else. Returns whether the report says something new
/// of them: what was said for the old warning is not said for that.
pub fn look_at_waiting(report: &mut Report, manifest: &Manifest, waiting: &[Waiting]) -> bool {
    let mut found = Found::default();
    beside::waiting(manifest, waiting, &mut found);
    report.replace(&beside::WAITING, found)
}

/// Says anew beside which editions of others a draft cannot stand, and nothing else.
pub fn look_beside(report: &mut Report, misfits: &[Misfit]) {
    let mut found = Found::default();
    beside::misfits(misfits, &mut found);
    report.replace(&beside::MISFIT, found);
}

/// Number of the check that [`look_beside`] asks.
pub const FITS: &str = beside::MISFIT.number();

/// Number of the check that [`look_at_waiting`] asks.
pub const WAITS: &str = beside::WAITING.number();
