//! The ledger of one seller: events in their order, each chained to the one before by its hash, and what follows from them.
//!
//! An event is taken or refused; what is taken never changes. Postings balance in every currency, and tax has the period in which it is
//! declared from the moment it is recorded: a period whose return was sent stays as it is, and what comes later goes into a later return.

mod asked;
mod chain;
mod past;
mod posting;
mod refused;
mod tax;

pub use asked::NotAPeriod;
pub use chain::{Entry, GENESIS};
pub use past::{Outcome, Past};
pub use posting::{Account, Posting};
pub use refused::Refused;
pub use tax::{TaxLine, Why};

use crate::definition::{Definition, Period};
use crate::event::{Amended, Event, Filed};
use jiff::Timestamp;
use std::collections::BTreeMap;
use tidewaiter::Decimal;

/// The rules of all schemes by their keys.
pub type Definitions = BTreeMap<String, Definition>;

/// A ledger in memory.
#[derive(Debug)]
pub struct Ledger<'a> {
    definitions: &'a Definitions,
    entries: Vec<Entry>,
    tax: Vec<TaxLine>,
    past: Past,
}

impl<'a> Ledger<'a> {
    /// An empty one.
    pub fn new(definitions: &'a Definitions) -> Self {
        Self { definitions, entries: Vec::new(), tax: Vec::new(), past: Past::default() }
    }

    /// Makes a ledger again from nothing but its entries.
    ///
    /// # Errors
    /// [`Refused`] where the chain is broken, or an event does not stand where it is.
    pub fn replay(definitions: &'a Definitions, entries: impl IntoIterator<Item = Entry>) -> Result<Self, Refused> {
        let mut ledger = Self::new(definitions);
        for entry in entries {
            entry.follows(ledger.entries.len() as u64, ledger.head())?;
            match ledger.past.retake(definitions, entry.seq, &entry.event)? {
                Some(outcome) => ledger.tax.extend(outcome.tax),
                // The same thing is never recorded twice.
                None => return Err(Refused::Chain { seq: entry.seq }),
            }
            ledger.entries.push(entry);
        }
        Ok(ledger)
    }

    /// Takes an event. The same one again changes nothing, and returns nothing.
    ///
    /// # Errors
    /// [`Refused`]; then the ledger is as it was.
    pub fn append(&mut self, at: Timestamp, event: Event) -> Result<Option<Outcome>, Refused> {
        let taken = self.past.take(self.definitions, self.entries.len() as u64 + 1, &event)?;
        if let Some(outcome) = &taken {
            self.tax.extend(outcome.tax.iter().cloned());
            let entry = Entry::next(self.entries.len() as u64, self.head(), at, event);
            self.entries.push(entry);
        }
        Ok(taken)
    }

    /// All entries, the oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All tax that goes into returns.
    pub fn tax(&self) -> &[TaxLine] {
        &self.tax
    }

    /// What every account holds in every currency. Debits are above zero.
    pub fn balances(&self) -> &BTreeMap<(Account, String), Decimal> {
        self.past.balances()
    }

    /// Number of the entry by which the return of a period was last amended; 0 where it never was.
    pub fn amended(&self, scheme: &str, period: Period) -> u64 {
        self.amendments(scheme, period).last().map_or(0, |(seq, _)| seq)
    }

    /// The amendments of the return of a period with the numbers of their entries, the oldest first.
    pub fn amendments(&self, scheme: &str, period: Period) -> impl DoubleEndedIterator<Item = (u64, &Amended)> {
        self.entries.iter().filter_map(move |entry| match &entry.event {
            Event::Amendment(one) if one.scheme == scheme && one.period == period => Some((entry.seq, one)),
            _ => None,
        })
    }

    /// The return of a period as it was sent, where it was.
    pub fn sent(&self, scheme: &str, period: Period) -> Option<&Filed> {
        self.entries.iter().find_map(|entry| match &entry.event {
            Event::Return(one) if one.scheme == scheme && one.period == period => Some(one),
            _ => None,
        })
    }

    /// Tax of a period that waits until its return is amended.
    pub fn waiting(&self, scheme: &str, period: Period) -> impl Iterator<Item = &TaxLine> {
        let since = self.amended(scheme, period);
        self.tax.iter().filter(move |line| line.scheme == scheme && line.waits(period, since))
    }

    /// What earlier events left behind.
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// The rules it goes by.
    pub fn definitions(&self) -> &'a Definitions {
        self.definitions
    }

    /// Hash of the newest entry: it stands for all of them.
    pub fn head(&self) -> &str {
        self.entries.last().map_or(GENESIS, |entry| &entry.hash)
    }
}
