//! What changed between two editions. Each is read twice and never held: of a thing that is said on the day a number of its
//! name and one of what it says are kept, some sixty bytes; only what changed is kept in words.

mod says;

use super::{kind_of, read_source};
use crate::{Account, Entry, ImportError, Source};
use jiff::civil::Date;
use says::{COMPARED, Name, Says, says};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use tidewaiter::record::edition::Edition;

/// Most things said by both editions that are compared: about three gigabytes of memory.
const MOST_RECORDS: usize = 40_000_000;
/// Most differences that are kept in words.
const MOST_CHANGES: usize = 1_000_000;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Goods code; name of a rate table, code of an area, key of a programme.
    pub code: String,
    /// What it is: a kind of measure; `line`; `rate`, `rate-goods` and `rate-class` (the class of a code); `area` and
    /// `area-member`; `program`, `program-origin` and `program-proof`.
    pub what: String,
    /// For which origins and which claim; which class, member or origin.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// What the old edition says, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// First day of that, where it is after the day on which the edition stands.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "iso")]
    pub old_from: Option<Date>,
    /// What the new one says, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// First day of that, where it is after the day on which the edition stands.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "iso")]
    pub new_from: Option<Date>,
    /// The last word of the scope where that is one of several: a programme, a territory.
    #[serde(skip)]
    pub one: String,
}

#[allow(clippy::ref_option, reason = "serde gives the field")]
fn iso<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

/// Puts changes together that differ only in the programme or territory.
pub fn grouped(changes: &[Change]) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::new();
    let mut rows = HashMap::new();
    for change in changes {
        let Change { code, what, scope, old, old_from, new, new_from, one } = change;
        if !one.is_empty() {
            let rest = scope.strip_suffix(one.as_str()).unwrap_or(scope);
            let row = *rows.entry((code, what, rest, old, old_from, new, new_from)).or_insert(out.len());
            if let Some(row) = out.get_mut(row) {
                row.scope.push(' ');
                row.scope.push_str(one);
                continue;
            }
        }
        out.push(change.clone());
    }
    out
}

/// How many entries of a kind an edition has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Held {
    /// In all.
    pub entries: u64,
    /// Those that are in force on the day, and those announced where no day was asked for.
    pub compared: u64,
    /// First day after the day compared on which one begins.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "iso")]
    pub begins: Option<Date>,
}

/// What one of two editions holds on its day.
#[derive(Debug)]
pub struct Side {
    /// Its head.
    pub head: Edition,
    /// The day on which it stands.
    pub day: Date,
    /// By kind of entry, those that are compared.
    pub compared: BTreeMap<&'static str, Held>,
    /// By kind of entry, how many are not compared.
    pub not_compared: BTreeMap<&'static str, u64>,
    /// How much of what it says on its day is followed by something later, and the first day of that.
    pub later: Option<(usize, Date)>,
}

/// Two editions compared.
#[derive(Debug)]
pub struct Compared {
    /// Old and new.
    pub sides: [Side; 2],
    /// What differs, by code, kind and scope.
    pub changes: Vec<Change>,
}

/// Why two editions cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// One of them cannot be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// One of them has lines that are no entries.
    #[error("{file} is damaged: {} of its lines are no entries", account.refused)]
    Damaged {
        /// Its name.
        file: String,
        /// The lines.
        account: Box<Account>,
    },
    /// They are too large, or too different.
    #[error("{0}")]
    TooMany(String),
}

/// What both editions say under one name.
#[derive(Debug, Default)]
struct Slot {
    /// The sum of what both say. It does not depend on the order; what both say the same adds up to nothing.
    left: u64,
    /// Whether each says something on its day.
    on_the_day: [bool; 2],
}

impl Slot {
    const fn add(&mut self, which: usize, sum: u64) {
        self.left = if which == 0 { self.left.wrapping_add(sum) } else { self.left.wrapping_sub(sum) };
    }
}

/// Numbers of a name.
type Key = (u64, u64);

/// What one edition says under a name, and the first day of that where it is announced.
type Words = (Vec<String>, Option<Date>);

/// The first day after the one compared on which something is said under a name, and the sum of that.
type Announced = HashMap<Key, (Date, u64)>;

/// Compares what two editions say on a day. Without one, each stands on the day it was published, and where it says nothing
/// under a name on that day, what it says first after it counts. `open` opens the old one (0) and the new one (1), more
/// than once.
///
/// # Errors
/// Where one cannot be read or has lines that are no entries; where they say more than 40,000,000 things or have 1,000,000
/// differences.
pub fn compare(
    open: impl Fn(usize) -> Result<Source, ImportError>,
    as_of: Option<Date>,
) -> Result<Compared, CompareError> {
    let mut held: HashMap<Key, Slot> = HashMap::new();
    let (old, mut announced_old) = sum(&open, 0, as_of, &mut held)?;
    let (new, mut announced_new) = sum(&open, 1, as_of, &mut held)?;
    held.retain(|_, slot| slot.left != 0);
    held.shrink_to_fit();
    if held.len() > MOST_CHANGES {
        return Err(CompareError::TooMany(format!(
            "the editions differ in {} records, more than {MOST_CHANGES}: they hardly are of one tariff",
            held.len()
        )));
    }
    for announced in [&mut announced_old, &mut announced_new] {
        announced.retain(|key, _| held.contains_key(key));
    }
    let sides = [old, new];
    let mut said: BTreeMap<Name, [Words; 2]> = BTreeMap::new();
    for (which, announced) in [announced_old, announced_new].iter().enumerate() {
        let day = sides[which].day;
        each(&open, which, |entry| {
            for says in says(entry) {
                let key = key(&says.name);
                let later = announced.get(&key).map(|(from, _)| *from).filter(|from| says.from == Some(*from));
                if held.contains_key(&key) && (later.is_some() || says.holds(day)) {
                    let (texts, from) = &mut said.entry(says.name).or_default()[which];
                    texts.push(says.text);
                    *from = later;
                }
            }
            true
        })?;
    }
    let joined = |mut texts: Vec<String>| {
        texts.sort();
        texts.dedup();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    let changes = said.into_iter().map(|(name, [(old, old_from), (new, new_from)])| {
        let Name { code, what, scope, one } = name;
        Change { code, what, scope, old: joined(old), old_from, new: joined(new), new_from, one }
    });
    // What one edition only repeats is no difference.
    let changes = changes.filter(|change| change.old != change.new).collect();
    Ok(Compared { sides, changes })
}

/// Adds up what an edition says on its day, and what it announces where it says nothing on that day.
fn sum(
    open: &impl Fn(usize) -> Result<Source, ImportError>,
    which: usize,
    as_of: Option<Date>,
    held: &mut HashMap<Key, Slot>,
) -> Result<(Side, Announced), CompareError> {
    // The day is that of the head, which is read before the first record.
    let day = match as_of {
        Some(day) => day,
        None => head(open(which)?)?.known_from,
    };
    let mut announced = Announced::new();
    let mut compared: BTreeMap<&'static str, Held> = BTreeMap::new();
    let mut not_compared: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut full = false;
    let head = each(open, which, |entry| {
        let kind = kind_of(entry);
        if !COMPARED.contains(&kind) {
            *not_compared.entry(kind).or_default() += 1;
            return true;
        }
        let count = compared.entry(kind).or_default();
        count.entries += 1;
        let mut counts = false;
        for says in says(entry) {
            let begins = says.from.filter(|from| day < *from);
            count.begins = count.begins.into_iter().chain(begins).min();
            if says.holds(day) {
                counts = true;
                let slot = held.entry(key(&says.name)).or_default();
                slot.on_the_day[which] = true;
                slot.add(which, number(3, &says.text));
            } else if let (Some(from), None) = (begins, as_of) {
                counts = true;
                announce(&mut announced, &says, from);
            }
        }
        count.compared += u64::from(counts);
        full = held.len() + announced.len() > MOST_RECORDS;
        !full
    })?;
    if full {
        return Err(CompareError::TooMany(format!(
            "the editions have more than {MOST_RECORDS} records together; compare them in parts"
        )));
    }
    let mut later: Option<(usize, Date)> = None;
    announced.retain(|key, (from, sum)| {
        let slot = held.entry(*key).or_default();
        if slot.on_the_day[which] {
            let (count, first) = later.unwrap_or((0, *from));
            later = Some((count + 1, first.min(*from)));
            return false;
        }
        slot.add(which, *sum);
        true
    });
    Ok((Side { head, day, compared, not_compared, later }, announced))
}

/// Adds what is said first after the day.
fn announce(announced: &mut Announced, says: &Says, from: Date) {
    let said = number(3, &says.text);
    let (first, sum) = announced.entry(key(&says.name)).or_insert((from, 0));
    if from < *first {
        (*first, *sum) = (from, said);
    } else if from == *first {
        *sum = sum.wrapping_add(said);
    }
}

/// Calls `take` with each entry of an edition, while it wants more.
fn each(
    open: &impl Fn(usize) -> Result<Source, ImportError>,
    which: usize,
    mut take: impl FnMut(&Entry) -> bool,
) -> Result<Edition, CompareError> {
    let source = open(which)?;
    let file = source.name().to_owned();
    let mut account = Account::default();
    let mut wanted = true;
    let (head, _) = read_source(source, &mut account, |entry| {
        wanted = wanted && take(&entry);
        Ok(())
    })?;
    if !account.is_clean() {
        return Err(CompareError::Damaged { file, account: Box::new(account) });
    }
    Ok(head)
}

/// The head alone.
fn head(mut source: Source) -> Result<Edition, ImportError> {
    let mut line = Vec::new();
    let read = std::io::BufRead::read_until(&mut source, b'\n', &mut line);
    if let Err(error) = read {
        return Err(source.explain(error));
    }
    match serde_json::from_slice(&line) {
        Ok(Entry::Edition(edition)) => Ok(edition),
        _ => Err(super::not_an_edition(source.name())),
    }
}

fn key(name: &Name) -> Key {
    (number(1, name), number(2, name))
}

fn number(part: u8, what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (part, what).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
