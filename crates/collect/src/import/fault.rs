//! Why a file was not taken.

use std::fmt;

/// How many mistakes are told one by one.
pub const MOST_TOLD: usize = 50;

/// A mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line of the file in which the row begins; the header is line 1.
    pub row: u64,
    /// The column by its name, or its number where it has none. Empty where the mistake is in no single one.
    pub column: String,
    /// What is wrong, and what to do.
    pub says: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column.as_str() {
            "" => write!(f, "row {}: {}", self.row, self.says),
            column => write!(f, "row {}, column {column}: {}", self.row, self.says),
        }
    }
}

/// A file that is not taken. Nothing of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The first mistakes, at most [`MOST_TOLD`].
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub more: u64,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing of the file was taken")?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n{fault}"))?;
        match self.more {
            0 => Ok(()),
            1 => f.write_str("\n1 more mistake"),
            more => write!(f, "\n{more} more mistakes"),
        }
    }
}

impl std::error::Error for Refused {}

impl Refused {
    /// One mistake of the file as a whole, or of one row.
    pub(super) fn one(row: u64, column: &str, says: impl Into<String>) -> Self {
        Self { faults: vec![Fault { row, column: column.to_owned(), says: says.into() }], more: 0 }
    }
}

/// Mistakes while they are found.
#[derive(Debug, Default)]
pub(super) struct Faults {
    told: Vec<Fault>,
    more: u64,
}

impl Faults {
    pub(super) fn add(&mut self, row: u64, column: impl Into<String>, says: impl Into<String>) {
        if self.told.len() < MOST_TOLD {
            self.told.push(Fault { row, column: column.into(), says: says.into() });
        } else {
            self.more += 1;
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.told.len() as u64 + self.more
    }

    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Goes on where there are none.
    pub(super) fn none(self) -> Result<Self, Refused> {
        if self.told.is_empty() { Ok(self) } else { Err(Refused { faults: self.told, more: self.more }) }
    }
}
