//! A table on its way: the order in which its rows are priced, and their answers until all are there.

use crate::Reject;
use crate::decode::Bad;
use crate::output::{Answer, Slim, sums_of};
use crate::pricer::Given;
use crate::question::{Fnv, Question};
use crate::table::Row;
use std::collections::HashMap;
use std::iter::Peekable;
use std::vec::IntoIter;

/// A planned answer is one number: its question, the first six digits of its code, its place among the answers planned.
pub(crate) const QUESTION_AT: u32 = 46;
pub(crate) const CODE_AT: u32 = 26;
const PLACE: u64 = (1 << CODE_AT) - 1;
/// Most answers planned at once, but for the destinations of one row.
pub(crate) const PLANNED: usize = 1 << 18;
/// Most destinations of a row: so questions and places fit the number.
pub(crate) const MOST_DESTINATIONS: usize = 1 << 16;

/// No answer.
const REJECTED: u32 = u32::MAX;

/// A table on its way.
pub(crate) struct Work {
    /// Number of the table's first row.
    pub(crate) first: u64,
    pub(crate) destinations: usize,
    /// Row of the table with which `goods` begins.
    pub(crate) start: usize,
    pub(crate) goods: Vec<Row>,
    /// What is to be priced: see [`QUESTION_AT`].
    pub(crate) plan: Vec<u64>,
    /// By what rows share: where in `members` the questions of all destinations begin.
    pub(crate) groups: HashMap<String, usize, Fnv>,
    pub(crate) members: Vec<usize>,
    /// In the order in which they were found.
    pub(crate) answers: Vec<Slim>,
    /// For each row and destination, the number of its answer, or [`REJECTED`].
    places: Vec<u32>,
    pub(crate) others: Vec<Answer>,
    pub(crate) names: Vec<(String, String)>,
    /// The question whose names were put down last.
    pub(crate) named: Option<u64>,
    pub(crate) rejects: Vec<(usize, Reject)>,
    /// Rows that are wrong as such.
    pub(crate) bad: Peekable<IntoIter<(usize, Bad)>>,
}

impl Work {
    pub(crate) fn new(first: u64, rows: usize, destinations: usize, bad: Vec<(usize, Bad)>) -> Self {
        Self {
            first,
            destinations,
            start: 0,
            goods: Vec::with_capacity(rows),
            plan: Vec::with_capacity(rows * destinations),
            groups: HashMap::default(),
            members: Vec::new(),
            answers: Vec::with_capacity(rows * destinations),
            places: vec![REJECTED; rows * destinations],
            others: Vec::new(),
            names: Vec::new(),
            named: None,
            rejects: Vec::new(),
            bad: bad.into_iter().peekable(),
        }
    }

    /// The place of a planned answer.
    pub(crate) fn place_of(&self, planned: u64) -> usize {
        self.start * self.destinations + (planned & PLACE) as usize
    }

    /// The row of a planned answer.
    pub(crate) fn row_of(&self, planned: u64) -> usize {
        self.place_of(planned) / self.destinations
    }

    /// Keeps an answer. Answers are put down one after the other, and only their numbers into place: writing each into
    /// its own place would wait for the memory every time.
    pub(crate) fn keep(&mut self, place: usize, answer: Slim) {
        self.places[place] = self.answers.len() as u32;
        self.answers.push(answer);
    }

    /// The answers in the order of the rows, with their places.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (usize, &Slim)> {
        let there = |(place, number): (usize, &u32)| Some((place, self.answers.get(*number as usize)?));
        self.places.iter().enumerate().filter_map(there)
    }

    /// An answer as it is kept until all are there.
    pub(crate) fn slim(&mut self, given: Given) -> Result<Slim, Reject> {
        let (sums, warned) = match &given {
            Given::Sums(sums, warned) => (sums_of(sums), *warned),
            Given::Other(long) => (long.0.narrow(), long.1),
        };
        let Some(sums) = sums else {
            return Err(Reject {
                row: 0,
                column: "total".into(),
                found: String::new(),
                expected: "an amount has more than four decimals or fourteen digits before them; ask for this row with `tidewaiter quote`".into(),
            });
        };
        let kind = match given {
            Given::Other(long) if long.0.outcome != "amount" => {
                self.others.push(long.0);
                self.others.len() as u32
            }
            _ => 0,
        };
        Ok(Slim { sums, names: 0, kind, warned })
    }

    /// Number of a question's destination and currency.
    pub(crate) fn names_of(&mut self, question: u64, asked: &Question) -> u32 {
        if self.named != Some(question) {
            self.names.push((asked.asked.to.clone(), asked.currency.clone()));
            self.named = Some(question);
        }
        self.names.len() as u32 - 1
    }
}
