//! Worlds: every complete set of facts that a question with gaps allows.
//!
//! When the evaluator misses a fact, each value that could matter is supposed in turn and the evaluation begins again;
//! the answer is the hull over all worlds. Values are grouped first: two codes that no rule of the destination tells
//! apart are one value. Open quantities (a weight, a duty with no known limit) are tried at nothing, at a very large
//! number and at twice that; if the total still rises between the last two, it has no upper limit.

use super::case::{CODE_DIGITS, Case, Key, OTHER_TEXT, TestOf, Value, World};
use super::evaluate::{Sheet, Stop, evaluate};
use super::trace::Silent;
use crate::decimal::{Decimal, RoundingMode};
use crate::ratebook::layout::*;
use crate::ratebook::{Moment, rows, tariffs_at, tariffs_in_force};
use crate::record::{Collector, MeasureKind};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

mod code;
mod measure;
mod question;
mod rule;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use measure::{every_tariff, has_measures, is_full, is_listed, line_above, programs_of};
pub(crate) use question::{Gap, gaps};
pub(crate) use rule::reachable;
pub(crate) use value::Domains;

use code::codes;
use measure::{each_measure, gives_a_line};
use rule::reachable_on;
use value::{Values, sums_by_heading};

/// Most worlds evaluated for one answer.
pub(crate) const MAX_WORLDS: usize = 16_384;
/// Most amounts kept over all of them, and at least so many worlds: many worlds of many lines would fill the memory.
const MAX_CELLS: usize = 1_000_000;
const FEWEST_WORLDS: usize = 64;
/// Most facts supposed at once.
const MAX_DEPTH: usize = 128;
/// Where there are too many worlds: amounts computed in all of those that are tried, to find out what to ask first.
const SAMPLED_CELLS: usize = 60_000;
/// And most values of each fact in them.
const SAMPLED_VALUES: usize = 6;
/// After so many evaluations it is found out whether there is an end in sight, with at most so many others.
const PROBED_AFTER: usize = 400;
const MAX_PROBES: usize = 6_000;
/// Stands for "very much" of an open quantity, and "twice as much".
const MUCH: Decimal = Decimal::from_int(1_000_000);
const TWICE: Decimal = Decimal::from_int(2_000_000);

/// One world and its amounts.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) world: World,
    pub(crate) sheet: Sheet,
    pub(crate) total: Decimal,
}

impl Seen {
    fn open_at(&self, much: Decimal) -> bool {
        self.world.0.iter().any(|(_, v)| *v == Value::Number(much))
    }
    /// Whether it supposes twice the very large number.
    pub(crate) fn is_twice(&self) -> bool {
        self.open_at(TWICE)
    }
    /// Whether it supposes the very large number.
    pub(crate) fn is_much(&self) -> bool {
        self.open_at(MUCH) || self.is_twice()
    }
}

/// All worlds of a question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Explored {
    pub(crate) seen: Vec<Seen>,
    /// There were more worlds than are evaluated: those that were are a sample.
    pub(crate) cut_short: bool,
    /// Facts that were missing before the first world was complete, where none could be.
    asked: Vec<Key>,
    /// Disputed rules that mattered, one bit each.
    pub(crate) disputed: u64,
    pub(crate) failure: Option<Stop>,
    /// Worlds that were evaluated, those that stopped at a missing fact included: what it took, the same on every machine.
    pub(crate) evaluated: usize,
}

/// Evaluates every world that agrees with `given`, or a sample where there are too many.
pub(crate) fn explore<'a>(
    t: &Tables<'a>,
    case: &Case,
    given: &World,
    sheet: &mut Sheet,
    domains: &mut Domains<'a>,
) -> Explored {
    let charges = t.programs.get(case.program as usize).map_or(0, |p| p.charges.len.get() as usize);
    let cells = (case.lines.len() * charges).max(1);
    let most_worlds = (MAX_CELLS / cells).clamp(FEWEST_WORLDS, MAX_WORLDS);
    sheet.disputed = 0;
    let mut search =
        Search { t, case, given, sheet, domains, out: Explored::default(), most_worlds, left: most_worlds * 4 };
    let mut world = given.clone();
    search.visit(&mut world, 0, 0);
    if search.out.cut_short {
        search.out.seen.clear();
        search.sample((SAMPLED_CELLS / cells).max(4));
    }
    let disputed = search.sheet.disputed;
    Explored { disputed, ..search.out }
}

struct Search<'s, 'a> {
    t: &'s Tables<'a>,
    case: &'s Case,
    given: &'s World,
    sheet: &'s mut Sheet,
    domains: &'s mut Domains<'a>,
    out: Explored,
    most_worlds: usize,
    /// Evaluations left, those that stopped at a missing fact included.
    left: usize,
}

impl Search<'_, '_> {
    /// Evaluates every world that agrees with one. `pending` values are still to be tried for the facts supposed before:
    /// each of them is a world at least, so that too many worlds are known as such long before they are evaluated.
    fn visit(&mut self, world: &mut World, depth: usize, pending: usize) {
        if self.out.seen.len() + pending >= self.most_worlds || depth > MAX_DEPTH || self.left == 0 {
            self.out.cut_short = true;
            return;
        }
        self.left -= 1;
        if self.most_worlds * 4 - self.left == PROBED_AFTER && self.branches_too_far() {
            self.out.cut_short = true;
            return;
        }
        match self.evaluate(world) {
            Ok(()) => self.keep(world),
            Err(Stop::Need(key)) => {
                let values = self.domains.of(self.t, self.case, key);
                self.out.cut_short |= values.more;
                for (at, (value, _)) in values.all.iter().enumerate() {
                    if self.out.cut_short {
                        return;
                    }
                    world.0.push((key, *value));
                    self.visit(world, depth + 1, pending + (values.all.len() - at - 1));
                    world.0.pop();
                }
            }
            Err(stop) => self.out.failure = self.out.failure.or(Some(stop)),
        }
    }

    /// Whether there are too many worlds for certain, found by supposing one fact after the other for all worlds at once:
    /// each that is still open is a world at least.
    fn branches_too_far(&mut self) -> bool {
        let mut open = VecDeque::from([self.given.clone()]);
        let mut complete = 0;
        for _ in 0..MAX_PROBES {
            let Some(mut world) = open.pop_front() else { return false };
            match self.evaluate(&world) {
                Ok(()) => complete += 1,
                Err(Stop::Need(key)) => {
                    for (value, _) in &self.domains.of(self.t, self.case, key).all {
                        world.0.push((key, *value));
                        open.push_back(world.clone());
                        world.0.pop();
                    }
                }
                Err(_) => {}
            }
            if complete + open.len() > self.most_worlds {
                return true;
            }
        }
        false
    }

    /// Evaluates a world; a fact that it has and that is asked for all the same means damage.
    fn evaluate(&mut self, world: &World) -> Result<(), Stop> {
        self.out.evaluated += 1;
        match evaluate(self.t, self.case, world, self.sheet, &mut Silent) {
            Err(Stop::Need(key)) if world.get(key).is_some() => Err(Stop::Damaged),
            other => other,
        }
    }

    fn keep(&mut self, world: &World) {
        self.out.seen.push(Seen { world: world.clone(), sheet: self.sheet.kept(), total: self.sheet.total() });
    }

    /// Evaluates one world, and those in which one of its facts is another: what each fact does alone tells which to ask
    /// first. At most so many evaluations.
    fn sample(&mut self, most: usize) {
        let given = self.given;
        let mut left = most;
        let mut first = given.clone();
        if !self.complete(&mut first, &World::default(), &mut left) {
            self.out.asked = first.0.iter().skip(given.0.len()).map(|(key, _)| *key).collect();
            return;
        }
        // The last facts were asked for because of the first: these are varied first.
        for at in given.0.len()..first.0.len() {
            let (key, supposed) = first.0[at];
            let values = self.domains.of(self.t, self.case, key);
            let step = values.all.len().div_ceil(SAMPLED_VALUES).max(1);
            let last = values.all.len().saturating_sub(1);
            let spread = (0..values.all.len()).filter(|n| n % step == 0 || *n == last);
            for value in spread.map(|n| values.all[n].0).filter(|value| *value != supposed) {
                let mut world = World(first.0[..at].to_vec());
                world.0.push((key, value));
                self.complete(&mut world, &first, &mut left);
                if left == 0 {
                    return;
                }
            }
        }
    }

    /// Supposes what a world lacks, as another does or else by the first value, until it can be evaluated, and keeps it.
    fn complete(&mut self, world: &mut World, like: &World, left: &mut usize) -> bool {
        while *left > 0 {
            *left -= 1;
            match self.evaluate(world) {
                Ok(()) => {
                    self.keep(world);
                    return true;
                }
                Err(Stop::Need(key)) => {
                    let values = self.domains.of(self.t, self.case, key);
                    let value = like.get(key).or(values.all.first().map(|(value, _)| *value));
                    let Some(value) = value.filter(|_| world.0.len() <= MAX_DEPTH) else { return false };
                    world.0.push((key, value));
                }
                Err(stop) => {
                    self.out.failure = self.out.failure.or(Some(stop));
                    return false;
                }
            }
        }
        false
    }
}
