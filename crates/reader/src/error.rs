//! Why a copy or its ratebook cannot be made.

use std::fmt;
use tidewaiter::ratebook::compile::Problem;

/// Most mistakes told at once.
const TOLD: usize = 20;

/// What stands in the way, in sentences for people: one for each mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderError {
    /// The sentences.
    pub lines: Vec<String>,
}

impl ReaderError {
    pub(crate) fn of_problems(problems: &[Problem]) -> Self {
        Self { lines: problems.iter().take(TOLD).map(ToString::to_string).collect() }
    }

    /// One mistake.
    pub(crate) fn new(line: impl fmt::Display) -> Self {
        Self { lines: vec![line.to_string()] }
    }
}

impl fmt::Display for ReaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines.join("\n"))
    }
}

impl std::error::Error for ReaderError {}
