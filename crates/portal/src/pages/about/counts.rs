//! How much is known, counted in the ratebook in use. Counted once for each ratebook, since every economy is looked at.

use crate::desk::Book;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::record::{Confidence, MeasureKind};

/// A tariff with as many lines as the Harmonized System has subheadings (5,612 in the edition of 2022) is a whole schedule; one with fewer
/// cannot be.
const WHOLE_TARIFF: usize = 5_612;

/// What a ratebook holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Countries and special areas that goods can be sent to.
    pub(super) destinations: usize,
    /// Customs unions with rules of their own.
    pub(super) unions: usize,
    /// Facts by how sure they are.
    pub(super) facts: BTreeMap<Confidence, usize>,
    /// Rules that authorities read in two ways.
    pub(super) disputes: usize,
    /// Registrations under which sellers collect.
    pub(super) schemes: usize,
    /// Tariffs, the largest first.
    pub(super) tariffs: Vec<Tariff>,
}

/// The measures of one authority.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tariff {
    /// Whose.
    pub(super) code: String,
    /// Lines with the duty for all origins.
    pub(super) lines: usize,
    /// Preferences, additional duties and the rest.
    pub(super) others: usize,
}

impl Tariff {
    /// Whether it can be a whole schedule.
    pub(super) fn is_whole(&self) -> bool {
        self.lines >= WHOLE_TARIFF
    }
}

impl Counts {
    /// Of a ratebook.
    pub(super) fn of(book: &Book) -> Arc<Self> {
        static KEPT: Mutex<Option<(String, Arc<Counts>)>> = Mutex::new(None);
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref() {
            Some((of, counts)) if of == book.fingerprint() => Arc::clone(counts),
            _ => {
                let counts = Arc::new(Self::counted(book));
                *kept = Some((book.fingerprint().to_owned(), Arc::clone(&counts)));
                counts
            }
        }
    }

    fn counted(book: &Book) -> Self {
        let mut counts = Self::default();
        // A member's view holds what its union says, so everything is counted by its key.
        let (mut facts, mut disputes, mut schemes) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        let mut tariffs: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for territory in book.territories().values().filter(|t| t.has_rules) {
            match territory.kind {
                TerritoryKind::Union | TerritoryKind::Group => counts.unions += 1,
                TerritoryKind::Country | TerritoryKind::Special => counts.destinations += 1,
            }
            let Some(economy) = book.economy(&territory.code) else { continue };
            facts.extend(economy.facts.into_iter().map(|f| ((f.territory, f.key), f.confidence)));
            disputes.extend(economy.disputes.into_iter().map(|d| d.key));
            schemes.extend(economy.schemes.into_iter().map(|s| s.key));
            let mut own: BTreeMap<String, (usize, usize)> = BTreeMap::new();
            for measure in economy.measures {
                let (lines, others) = own.entry(measure.authority).or_default();
                if measure.kind == MeasureKind::ThirdCountry {
                    *lines += measure.count
                } else {
                    *others += measure.count
                }
            }
            tariffs.extend(own);
        }
        for sure in facts.into_values() {
            *counts.facts.entry(sure).or_default() += 1;
        }
        counts.disputes = disputes.len();
        counts.schemes = schemes.len();
        counts.tariffs = tariffs.into_iter().map(|(code, (lines, others))| Tariff { code, lines, others }).collect();
        counts.tariffs.sort_by_key(|t| (std::cmp::Reverse(t.lines), std::cmp::Reverse(t.others)));
        counts
    }

    /// All facts.
    pub(super) fn all_facts(&self) -> usize {
        self.facts.values().sum()
    }

    /// Facts of one confidence.
    pub(super) fn facts_of(&self, sure: Confidence) -> usize {
        self.facts.get(&sure).copied().unwrap_or_default()
    }
}
