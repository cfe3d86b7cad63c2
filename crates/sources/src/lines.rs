//! A tariff as a table of lines and a page of what they lean on: the form in which this project keeps tariffs to embed.
//!
//! [`write()`] turns the records of an edition into two texts, `XX.csv` with one row for each measure and `XX.toml` with the
//! edition's head, facts, programmes and areas. `tidewaiter_data::tariffs` reads them; `data/tariffs/README.md` explains
//! every column. Descriptions, notes and what else no quote computes with stay behind.

use crate::Entry;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use tidewaiter::record::edition::{Area, Edition, Program};
use tidewaiter::record::{Fact, Measure, Places, Verdict, Written};

/// Columns of the table.
pub const COLUMNS: &str = "code,kind,duty,says,origin,program,from,before,cites";

/// A tariff in the form to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// One row for each measure.
    pub table: String,
    /// What the rows lean on.
    pub page: String,
}

#[derive(Serialize)]
struct Page<'a> {
    edition: &'a Edition,
    /// Sets of programmes, by the name that rows use.
    sets: BTreeMap<String, &'a [String]>,
    /// Sentences, by the name that rows use.
    says: BTreeMap<String, &'a str>,
    fact: Vec<&'a Fact>,
    area: Vec<&'a Area>,
    program: Vec<&'a Program>,
}

/// Numbers given to things as they come up.
struct Names<'a, T: ?Sized>(HashMap<&'a T, usize>, Vec<&'a T>);

impl<'a, T: ?Sized + std::hash::Hash + Eq> Names<'a, T> {
    fn number(&mut self, thing: &'a T) -> usize {
        *self.0.entry(thing).or_insert_with(|| {
            self.1.push(thing);
            self.1.len() - 1
        })
    }
}

/// Writes the measures that a quote computes with, and what they lean on. The same entries give the same bytes.
///
/// # Errors
/// A sentence naming the measure that the table cannot hold: one with a condition, an additional code, a quota, or an amount
/// that is a tree.
pub fn write(head: &Edition, entries: &[Entry]) -> Result<Lines, String> {
    let measures: Vec<&Measure> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Measure(measure) if measure.kind.is_charged() => Some(measure),
            _ => None,
        })
        .collect();
    let lists: Vec<Vec<String>> = measures.iter().map(|m| m.program.as_ref().map(names).unwrap_or_default()).collect();
    let mut sets = Names(HashMap::new(), Vec::new());
    let mut says = Names(HashMap::new(), Vec::new());
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    let mut table = format!("{COLUMNS}\n");
    for (measure, list) in measures.iter().zip(&lists) {
        let duty = match (&measure.amount, measure.outcome) {
            (Some(Written::Words(words)), None) => words.as_str(),
            (None, Some(outcome)) => outcome_word(outcome),
            _ => return Err(format!("{}: the amount is neither in words nor an outcome", measure.code)),
        };
        if measure.when.is_some() || measure.additional_code.is_some() || measure.order_number.is_some() {
            return Err(format!("{}: a condition, an additional code or a quota does not fit a line", measure.code));
        }
        if !measure.not_origin.is_empty() {
            return Err(format!("{}: excepted origins do not fit a line", measure.code));
        }
        let program = match list.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            many => format!("@{}", sets.number(many)),
        };
        let sentence = measure.says.as_deref().map(|s| format!("@{}", says.number(s))).unwrap_or_default();
        let origin = measure.origin.as_ref().map(names).unwrap_or_default().join(" ");
        let date = |date: Option<jiff::civil::Date>| date.map(|d| d.to_string()).unwrap_or_default();
        cited.extend(measure.cites.iter().map(String::as_str));
        let _ = writeln!(
            table,
            "{},{},{},{sentence},{origin},{program},{},{},{}",
            measure.code,
            kind_word(measure),
            quoted(duty),
            date(measure.from),
            date(measure.before),
            measure.cites.join(" ")
        );
    }
    let used: BTreeSet<&String> = lists.iter().flatten().collect();
    let programs: Vec<&Program> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Program(program) if used.contains(&program.key) => Some(program),
            _ => None,
        })
        .collect();
    cited.extend(programs.iter().flat_map(|p| p.cites.iter().map(String::as_str)));
    let facts = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Fact(fact) if cited.contains(fact.key.as_str()) => Some(fact),
            _ => None,
        })
        .collect();
    let area = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Area(area) => Some(area),
            _ => None,
        })
        .collect();
    let page = Page {
        edition: head,
        sets: sets.1.iter().enumerate().map(|(at, set)| (at.to_string(), *set)).collect(),
        says: says.1.iter().enumerate().map(|(at, text)| (at.to_string(), *text)).collect(),
        fact: facts,
        area,
        program: programs,
    };
    let page = toml::to_string(&page).map_err(|e| e.to_string())?;
    Ok(Lines { table, page })
}

fn names(places: &Places) -> Vec<String> {
    match places {
        Places::One(one) => vec![one.clone()],
        Places::Many(many) => many.clone(),
    }
}

fn quoted(text: &str) -> String {
    if text.contains(',') { format!("\"{text}\"") } else { text.to_owned() }
}

/// The kind's word in records, empty for the duty for everyone.
fn kind_word(measure: &Measure) -> String {
    let word = serde_json::to_value(measure.kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    if word == "third-country" { String::new() } else { word }
}

const fn outcome_word(outcome: Verdict) -> &'static str {
    match outcome {
        Verdict::Unknown => "!unknown",
        Verdict::NotAllowed => "!not-allowed",
        Verdict::FormalEntry => "!formal-entry",
        Verdict::Prohibited => "!prohibited",
    }
}
