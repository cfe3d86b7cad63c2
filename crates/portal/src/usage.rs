//! Counts of use: which pages and doors, in which language, with which kind of answer. Nothing of who asked, or what.

use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Use {
    /// The page or door, by the pattern of its address.
    pub door: &'static str,
    /// The language of a page; empty for the API.
    pub language: &'static str,
    /// The kind of answer: `amount`, `range`, `unknown`, …; empty where there is none.
    pub answer: &'static str,
}

/// How often, by day.
pub type Counts = BTreeMap<(Date, Use), u64>;

/// Counts, by day: of this process, and of all others where a store adds them up.
#[derive(Debug, Default)]
pub struct Usage(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    /// Counted since the store had the last of them.
    fresh: Counts,
    /// On the way to the store.
    sending: Counts,
    /// What the store has, of all instances.
    kept: Counts,
}

fn add(to: &mut Counts, counts: Counts) {
    for (one, times) in counts {
        *to.entry(one).or_default() += times;
    }
}

impl Usage {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one.
    pub fn count(&self, day: Date, one: Use) {
        *self.held().fresh.entry((day, one)).or_default() += 1;
    }

    /// All counts.
    pub fn all(&self) -> Vec<(Date, Use, u64)> {
        let held = self.held();
        let mut all = held.kept.clone();
        add(&mut all, held.sending.clone());
        add(&mut all, held.fresh.clone());
        all.into_iter().map(|((day, one), times)| (day, one, times)).collect()
    }

    /// What the store does not have yet.
    pub(crate) fn to_send(&self) -> Counts {
        let mut held = self.held();
        let fresh = std::mem::take(&mut held.fresh);
        add(&mut held.sending, fresh);
        held.sending.clone()
    }

    /// The store has taken it.
    pub(crate) fn sent(&self) {
        let mut held = self.held();
        let sending = std::mem::take(&mut held.sending);
        add(&mut held.kept, sending);
    }

    /// The store has not taken it: it is sent with the next.
    pub(crate) fn not_sent(&self) {
        let mut held = self.held();
        let sending = std::mem::take(&mut held.sending);
        add(&mut held.fresh, sending);
    }

    /// What the store has, of all instances.
    pub(crate) fn keep(&self, counts: Counts) {
        self.held().kept = counts;
    }
}

/// Most different names that are taken from a store: there are some dozens.
const MOST_NAMES: usize = 4096;
/// Stands for those beyond.
const OTHER: &str = "other";

/// A name that was read from a store, as one that lasts as long as the process. Each is kept once.
pub(crate) fn name(text: &str) -> &'static str {
    static NAMES: LazyLock<Mutex<BTreeSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(text) {
        return known;
    }
    if names.len() >= MOST_NAMES {
        return OTHER;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    names.insert(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const QUOTE: Use = Use { door: "/v1/quotes", language: "", answer: "amount" };
    const DAY: Date = date(2026, 11, 22);

    fn times(usage: &Usage) -> u64 {
        usage.all().iter().map(|(_, _, times)| times).sum()
    }

    #[test]
    fn nothing_is_lost_or_counted_twice_on_the_way_to_a_store() {
        let usage = Usage::default();
        usage.count(DAY, QUOTE);
        usage.count(DAY, QUOTE);
        let sent = usage.to_send();
        assert_eq!(sent.values().sum::<u64>(), 2);
        usage.count(DAY, QUOTE);
        assert_eq!(times(&usage), 3, "also while they are on the way");
        usage.not_sent();
        assert_eq!(times(&usage), 3);
        assert_eq!(usage.to_send().values().sum::<u64>(), 3, "what was not taken is sent again");
        usage.sent();
        assert_eq!((times(&usage), usage.to_send().len()), (3, 0));
    }

    #[test]
    fn a_name_is_kept_once() {
        let again = String::from("/a/door");
        let (a, b) = (name("/a/door"), name(&again));
        assert!(std::ptr::eq(a, b));
    }
}
