//! TW308: the past stays as it was published.

use super::{Statement, statements};
use crate::checks::clash::Stated;
use crate::checks::records::pair;
use crate::checks::{Check, Found, Seen, say};
use jiff::civil::Date;
use std::cmp::Ordering;
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check::warning("TW308", "The past stays as it was published", look);

/// What differs: how much, and the first.
#[derive(Default)]
struct Differs {
    count: u64,
    first: Option<String>,
}

impl Differs {
    fn add(&mut self, place: String) {
        self.count += 1;
        if self.first.as_ref().is_none_or(|first| place < *first) {
            self.first = Some(place);
        }
    }
}

fn look(seen: &Seen<'_>, found: &mut Found) {
    let mut differs = Differs::default();
    charges(seen, &mut differs);
    exchange(seen, &mut differs);
    if let Some(first) = differs.first {
        let (count, today) = (differs.count, seen.draft.today);
        let says = format!(
            "statements about days before {today} that differ from the edition before: {count}; the first is {first}"
        );
        let help = "where an earlier edition was wrong, publish a correction that names it; else begin the change today or later";
        found.add("edition", says, help);
    }
}

/// Duties and tax rates.
fn charges(seen: &Seen<'_>, differs: &mut Differs) {
    let Some(before) = &seen.before else { return };
    let (old, new) = (statements(before), statements(&seen.now));
    // An edition may begin with its own day: of what it does not speak, it contradicts nothing.
    let mut begins = [Date::MAX; 3];
    for one in &new {
        let begin = &mut begins[one.of.sort()];
        *begin = one.from.min(*begin);
    }
    let (old, new) = (past(old, begins, seen.draft.today), past(new, begins, seen.draft.today));
    let key = |one: &Stated<Statement<'_>>| (one.about, one.says, one.from, one.before);
    let (mut at, mut to) = (0, 0);
    loop {
        let order = match (old.get(at), new.get(to)) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => key(one).cmp(&key(other)),
        };
        match order {
            Ordering::Less => old.get(at).into_iter().for_each(|one| differs.add(one.of.place())),
            Ordering::Greater => new.get(to).into_iter().for_each(|one| differs.add(one.of.place())),
            Ordering::Equal => {}
        }
        at += usize::from(order.is_le());
        to += usize::from(order.is_ge());
    }
}

/// Exchange rates. The rate of a day that had none yet is no contradiction: it is often published later.
fn exchange(seen: &Seen<'_>, differs: &mut Differs) {
    let Some(before) = &seen.before else { return };
    let Some(begin) = seen.now.exchange.iter().map(|rate| rate.from).min() else { return };
    let new: BTreeMap<_, _> = seen.now.exchange.iter().map(|rate| ((pair(rate), rate.from), rate.rate)).collect();
    let days = begin..seen.draft.today;
    for rate in before.exchange.iter().filter(|rate| days.contains(&rate.from)) {
        if new.get(&(pair(rate), rate.from)) != Some(&rate.rate) {
            differs.add(say::exchange(rate));
        }
    }
}

/// What is said of days before today, each statement over all the days without a break.
fn past<'a>(mut all: Vec<Stated<Statement<'a>>>, begins: [Date; 3], today: Date) -> Vec<Stated<Statement<'a>>> {
    for one in &mut all {
        (one.from, one.before) = (one.from.max(begins[one.of.sort()]), one.before.min(today));
    }
    all.retain(|one| one.from < one.before && !matches!(one.of, Statement::Exchange(_)));
    all.sort_by_key(|one| (one.about, one.says, one.from, one.before));
    all.dedup_by(|next, kept| {
        let goes_on = (next.about, next.says) == (kept.about, kept.says) && next.from <= kept.before;
        if goes_on {
            kept.before = kept.before.max(next.before);
        }
        goes_on
    });
    all
}
