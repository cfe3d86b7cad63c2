//! What changed between two editions. Each is read twice and never held: of a record that holds on the day a number of its
//! name and one of what it says are kept, some sixty bytes; only what changed is kept in words.

use super::read_source;
use crate::{Account, Entry, ImportError, Source};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use tidewaiter::goods::GoodsCode;
use tidewaiter::record::edition::Edition;
use tidewaiter::record::{Measure, Places, Written};

/// Most records of both editions that are compared: about three gigabytes of memory.
const MOST_RECORDS: usize = 40_000_000;
/// Most differences that are kept in words.
const MOST_CHANGES: usize = 1_000_000;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// Goods code.
    pub code: String,
    /// What it is: a kind of measure, or `line`.
    pub what: String,
    /// For which origins and claims.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// What the old edition says, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What the new one says, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// Two editions compared.
#[derive(Debug)]
pub struct Compared {
    /// The heads, old and new.
    pub heads: [Edition; 2],
    /// The days on which they stand.
    pub days: [Date; 2],
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

/// A record's name: code, kind and scope.
type Name = (String, String, String);

/// Compares what two editions say on a day, or each on the day it was published. `open` opens the old one (0) and the new
/// one (1); it is called twice for each.
///
/// # Errors
/// Where one cannot be read or has lines that are no entries; where there are more than 40,000,000 records or 1,000,000
/// differences.
pub fn compare(
    open: impl Fn(usize) -> Result<Source, ImportError>,
    as_of: Option<Date>,
) -> Result<Compared, CompareError> {
    let mut held: HashMap<(u64, u64), u64> = HashMap::new();
    let mut heads = Vec::with_capacity(2);
    for which in 0..2 {
        let mut full = false;
        let head = each(&open, which, as_of, |name, says| {
            let key = (number(1, &name), number(2, &name));
            let said = number(3, &says);
            let slot = held.entry(key).or_default();
            // The sum does not depend on the order; what both say the same adds up to nothing.
            *slot = if which == 0 { slot.wrapping_add(said) } else { slot.wrapping_sub(said) };
            full |= held.len() > MOST_RECORDS;
            !full
        })?;
        if full {
            return Err(CompareError::TooMany(format!(
                "the editions have more than {MOST_RECORDS} records together; compare them in parts"
            )));
        }
        heads.push(head);
    }
    held.retain(|_, left| *left != 0);
    held.shrink_to_fit();
    if held.len() > MOST_CHANGES {
        return Err(CompareError::TooMany(format!(
            "the editions differ in {} records, more than {MOST_CHANGES}: they hardly are of one tariff",
            held.len()
        )));
    }
    let mut said: BTreeMap<Name, [Vec<String>; 2]> = BTreeMap::new();
    for which in 0..2 {
        each(&open, which, as_of, |name, says| {
            if held.contains_key(&(number(1, &name), number(2, &name))) {
                said.entry(name).or_default()[which].push(says);
            }
            true
        })?;
    }
    let joined = |mut texts: Vec<String>| {
        texts.sort();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    let changes = said.into_iter().map(|((code, what, scope), [old, new])| Change {
        code,
        what,
        scope,
        old: joined(old),
        new: joined(new),
    });
    let changes = changes.collect();
    let [old, new]: [Edition; 2] =
        heads.try_into().map_err(|_| CompareError::TooMany("two editions are compared".into()))?;
    let days = [as_of.unwrap_or(old.known_from), as_of.unwrap_or(new.known_from)];
    Ok(Compared { heads: [old, new], days, changes })
}

/// Calls `take` with the name and the words of each record of an edition that holds on the day, while it wants more.
fn each(
    open: &impl Fn(usize) -> Result<Source, ImportError>,
    which: usize,
    as_of: Option<Date>,
    mut take: impl FnMut(Name, String) -> bool,
) -> Result<Edition, CompareError> {
    // The day is that of the head, which is read before the first record.
    let day = match as_of {
        Some(day) => day,
        None => head(open(which)?)?.known_from,
    };
    let source = open(which)?;
    let file = source.name().to_owned();
    let mut account = Account::default();
    let mut wanted = true;
    let (head, _) = read_source(source, &mut account, |entry| {
        if wanted && let Some((name, says)) = record(&entry, day) {
            wanted = take(name, says);
        }
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

fn number(part: u8, what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (part, what).hash(&mut hasher);
    hasher.finish()
}

/// The name of a record that holds on a day, and what it says.
fn record(entry: &Entry, day: Date) -> Option<(Name, String)> {
    let holds = |from: Option<Date>, before: Option<Date>| {
        from.is_none_or(|from| from <= day) && before.is_none_or(|before| day < before)
    };
    match entry {
        Entry::Measure(m) if holds(m.from, m.before) => {
            let kind = serde_json::to_value(m.kind).ok().and_then(|v| v.as_str().map(str::to_owned));
            Some(((points(&m.code), kind.unwrap_or_default(), scope(m)), amount(m)))
        }
        Entry::Line(line) if holds(line.from, line.before) => {
            let says = line.description.get("en").or_else(|| line.description.values().next());
            let name = (points(&line.code), "line".into(), line.suffix.clone().unwrap_or_default());
            Some((name, says.cloned().unwrap_or_default()))
        }
        _ => None,
    }
}

fn points(code: &str) -> String {
    code.parse::<GoodsCode>().map_or_else(|_| code.to_owned(), |c| c.to_string())
}

fn amount(measure: &Measure) -> String {
    match (&measure.amount, measure.outcome) {
        (Some(Written::Words(words)), _) => words.clone(),
        (Some(Written::Tree(tree)), _) => tree.to_string(),
        (None, Some(_)) => measure.says.clone().unwrap_or_else(|| "no amount".into()),
        (None, None) => measure.official.as_ref().and_then(|o| o.text.clone()).unwrap_or_else(|| "no amount".into()),
    }
}

fn scope(measure: &Measure) -> String {
    let names = |places: &Places| match places {
        Places::One(one) => one.clone(),
        Places::Many(many) => many.join(" "),
    };
    let mut parts = Vec::new();
    parts.extend(measure.origin.as_ref().map(names));
    if !measure.not_origin.is_empty() {
        parts.push(format!("not {}", measure.not_origin.join(" ")));
    }
    parts.extend(measure.program.as_ref().map(|p| format!("claim {}", names(p))));
    parts.extend(measure.additional_code.as_ref().map(|c| format!("additional code {c}")));
    parts.extend(measure.order_number.as_ref().map(|c| format!("quota {c}")));
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test says so")]
    use super::*;
    use crate::Limits;
    use std::io::Cursor;

    const HEAD: &str =
        r#"{"edition":{"authority":"Q","territory":"QQ","title":"T","format":"sheet","known_from":"2026-01-01"}}"#;

    fn measure(code: &str, amount: &str, before: &str) -> String {
        let before = if before.is_empty() { String::new() } else { format!(r#","before":"{before}""#) };
        format!(r#"{{"measure":{{"code":"{code}","kind":"third-country","amount":"{amount}"{before},"cites":["f"]}}}}"#)
    }

    fn changes(old: &[String], new: &[String], as_of: Option<Date>) -> Vec<(String, Option<String>, Option<String>)> {
        let files = [old, new].map(|lines| format!("{HEAD}\n{}\n", lines.join("\n")));
        let open =
            |which: usize| Source::new("e.ndjson", Cursor::new(files[which].clone().into_bytes()), Limits::default());
        let compared = compare(open, as_of).unwrap();
        compared.changes.into_iter().map(|c| (c.code, c.old, c.new)).collect()
    }

    #[test]
    fn only_what_is_said_otherwise_differs() {
        let old = [measure("610910", "12 %", ""), measure("610910", "1 QDD per item", ""), measure("4901", "0 %", "")];
        let mut turned = old.to_vec();
        turned.reverse();
        assert!(changes(&old, &turned, None).is_empty(), "the order of records is none of the law");
        let some = |text: &str| Some(text.to_owned());
        let new = [measure("610910", "10 %", ""), measure("610910", "1 QDD per item", ""), measure("9503", "5 %", "")];
        assert_eq!(
            changes(&old, &new, None),
            [
                ("4901".to_owned(), some("0 %"), None),
                ("6109.10".to_owned(), some("1 QDD per item, 12 %"), some("1 QDD per item, 10 %")),
                ("9503".to_owned(), None, some("5 %")),
            ]
        );
        let ended = [measure("4901", "0 %", "2026-07-01")];
        let day = |text: &str| Some(text.parse().unwrap());
        assert!(changes(&[measure("4901", "0 %", "")], &ended, day("2026-06-30")).is_empty());
        assert_eq!(changes(&[measure("4901", "0 %", "")], &ended, day("2026-07-01")).len(), 1);
    }
}
