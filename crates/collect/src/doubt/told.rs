//! Doubts of many events, counted.

use super::Doubt;
use std::collections::BTreeMap;

/// How many documents are named.
const NAMED: usize = 3;

/// Doubts, with how many each is of and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubts(BTreeMap<Doubt, Seen>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Seen {
    count: u64,
    documents: Vec<String>,
}

impl Doubts {
    /// Notes doubts of one document; each counts once.
    pub fn note(&mut self, document: &str, doubts: impl IntoIterator<Item = Doubt>) {
        let once: std::collections::BTreeSet<Doubt> = doubts.into_iter().collect();
        once.into_iter().for_each(|doubt| self.add(doubt, document, 1));
    }

    /// Notes a doubt of so many, the first of which is a document.
    pub fn add(&mut self, doubt: Doubt, first: &str, count: u64) {
        let seen = self.0.entry(doubt).or_default();
        seen.count += count;
        if seen.documents.len() < NAMED && !seen.documents.iter().any(|one| one == first) {
            seen.documents.push(first.to_owned());
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A sentence each. `of` is what was counted: "document", "row".
    pub fn sentences(&self, of: &str) -> Vec<String> {
        let told = |(doubt, seen): (&Doubt, &Seen)| {
            let s = if seen.count == 1 { "" } else { "s" };
            let named = seen.documents.join(", ");
            let more = if seen.count > seen.documents.len() as u64 { " and more" } else { "" };
            format!("{} {of}{s} ({named}{more}): {doubt}.", seen.count)
        };
        self.0.iter().map(told).collect()
    }
}
