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

#[cfg(test)]
mod tests;

/// Most worlds evaluated for one answer.
pub(crate) const MAX_WORLDS: usize = 16_384;
/// Most amounts kept over all of them, and at least so many worlds: many worlds of many lines would fill the memory.
const MAX_CELLS: usize = 1_000_000;
const FEWEST_WORLDS: usize = 64;
/// Most facts supposed at once.
const MAX_DEPTH: usize = 128;
/// Most codes tried for one line, over the number of lines that each of them is evaluated with; at least so many.
const MAX_VALUES: usize = 8_192;
const FEWEST_VALUES: usize = 600;
/// Where there are too many worlds: amounts computed in all of those that are tried, to find out what to ask first.
const SAMPLED_CELLS: usize = 60_000;
/// And most values of each fact in them.
const SAMPLED_VALUES: usize = 6;
/// After so many evaluations it is found out whether there is an end in sight, with at most so many others.
const PROBED_AFTER: usize = 400;
const MAX_PROBES: usize = 6_000;
/// Most ranges of codes that a tariff may have under one code.
const MAX_RANGES: usize = 1_000_000;
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
}

/// The values of a fact that could matter.
#[derive(Debug, Default)]
struct Values {
    /// Each with the number of values that it stands for: those that look different and come to the same.
    all: Vec<(Value, u32)>,
    /// There are more of them.
    more: bool,
}

impl Values {
    fn plain(all: impl IntoIterator<Item = Value>) -> Self {
        Self { all: all.into_iter().map(|value| (value, 1)).collect(), more: false }
    }
}

/// The values of missing facts, worked out once for all explorations of a case.
#[derive(Debug, Default)]
pub(crate) struct Domains<'a> {
    known: BTreeMap<Key, Rc<Values>>,
    /// The nodes of the rules in force.
    nodes: Option<Rc<Vec<&'a Node>>>,
}

impl<'a> Domains<'a> {
    fn of(&mut self, t: &Tables<'a>, case: &Case, key: Key) -> Rc<Values> {
        if let Some(found) = self.known.get(&key) {
            return Rc::clone(found);
        }
        if let Some(alike) = self.known.iter().find(|(other, _)| same_values(t, case, key, **other)) {
            let values = Rc::clone(alike.1);
            self.known.insert(key, Rc::clone(&values));
            return values;
        }
        let values = Rc::new(self.domain(t, case, key));
        self.known.insert(key, Rc::clone(&values));
        values
    }

    /// How many values one stands for.
    fn weight(&self, key: Key, value: Value) -> u32 {
        let known = self.known.get(&key);
        known.and_then(|values| values.all.iter().find(|(v, _)| *v == value)).map_or(1, |(_, weight)| *weight)
    }

    fn nodes(&mut self, t: &Tables<'a>, program: &ProgramRow, case: &Case) -> Rc<Vec<&'a Node>> {
        Rc::clone(self.nodes.get_or_insert_with(|| Rc::new(reachable_on(t, program, Some(case.day)))))
    }

    fn sets_of(&mut self, t: &Tables<'a>, program: &ProgramRow, case: &Case, kind: u8) -> BTreeSet<u32> {
        self.nodes(t, program, case).iter().filter(|n| n.op == kind).map(|n| n.a.get()).collect()
    }

    fn domain(&mut self, t: &Tables<'a>, case: &Case, key: Key) -> Values {
        let Some(program) = t.programs.get(case.program as usize) else { return Values::default() };
        match key {
            Key::Code(line) => codes(t, program, case, usize::from(line), &self.nodes(t, program, case)),
            Key::Origin(line) => {
                let mut sets = self.sets_of(t, program, case, op::ORIGIN);
                measured_origins(t, program, case, usize::from(line), &mut sets);
                territories(t, case, &sets)
            }
            Key::ShipFrom => territories(t, case, &self.sets_of(t, program, case, op::SHIPPED)),
            Key::Channel => Values::plain((0..3).map(Value::Small)),
            Key::Mode => Values::plain((0..4).map(Value::Small)),
            Key::Region => {
                let mut regions = BTreeSet::new();
                for node in self.nodes(t, program, case).iter().filter(|node| node.op == op::REGION) {
                    regions.extend(rows(t.kids, Run { start: node.a, len: node.b }).iter().map(|k| k.get()));
                }
                regions.insert(OTHER_TEXT);
                Values::plain(regions.into_iter().map(Value::Text))
            }
            Key::Fact(_) => Values::plain([false, true].map(Value::Flag)),
            Key::Test(_, _, TestOf::Weight | TestOf::Quantity | TestOf::History(_)) => {
                Values::plain([true, false].map(Value::Flag))
            }
            Key::Quantity(..) => Values::plain([Decimal::ZERO, MUCH, TWICE].map(Value::Number)),
            Key::Tariff(line, family) => {
                let bounds = if family == 0 { bound(t, program, case, usize::from(line)) } else { None };
                match bounds {
                    Some((least, most)) if least == most => Values::plain([Value::Number(least)]),
                    Some((least, most)) => Values::plain([least, most].map(Value::Number)),
                    None => Values::plain([Decimal::ZERO, MUCH, TWICE].map(Value::Number)),
                }
            }
            Key::Reading(_) => Values::default(),
        }
    }
}

/// Whether two facts have the same values for certain: codes and origins of lines that state the same of them.
fn same_values(t: &Tables<'_>, case: &Case, key: Key, other: Key) -> bool {
    let alike = |a: u16, b: u16| {
        let (a, b) = (case.lines.get(usize::from(a)), case.lines.get(usize::from(b)));
        a.zip(b).is_some_and(|(a, b)| (a.code, a.digits, &a.claims) == (b.code, b.digits, &b.claims))
    };
    match (key, other) {
        (Key::Code(a), Key::Code(b)) => {
            alike(a, b)
                && t.programs.get(case.program as usize).is_some_and(|program| !sums_by_heading(t, program, case))
        }
        (Key::Origin(a), Key::Origin(b)) => alike(a, b),
        _ => false,
    }
}

/// Whether some charge is summed for each heading, and there are lines that may share one.
fn sums_by_heading(t: &Tables<'_>, program: &ProgramRow, case: &Case) -> bool {
    let summed = |charge: &ChargeRow| rows(t.rungs, charge.rungs).iter().any(|r| (1..=3).contains(&r.per));
    case.lines.len() > 1 && rows(t.charges, program.charges).iter().any(summed)
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
        match evaluate(*self.t, self.case, world, self.sheet, &mut Silent) {
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

/// Published bounds of the duty: the closest range that covers the code; over several, the widest.
fn bound(t: &Tables<'_>, program: &ProgramRow, case: &Case, line: usize) -> Option<(Decimal, Decimal)> {
    let (first, last) = case.lines.get(line)?.code_span();
    let current = |b: &&BoundRow| b.from.get() <= case.day && case.day < b.before.get();
    let all = rows(t.bounds, program.bounds);
    let covering = all
        .iter()
        .filter(current)
        .filter(|b| b.first.get() <= first && last <= b.last.get())
        .min_by_key(|b| b.last.get() - b.first.get());
    if let Some(b) = covering {
        let mut least = b.least.get();
        let mut most = b.most.get();
        // A short code may fall under closer ranges too.
        let covers = |i: &&BoundRow| i.first.get() <= first && last <= i.last.get();
        for inner in all.iter().filter(current).filter(|i| !covers(i) && first <= i.last.get() && i.first.get() <= last)
        {
            least = least.min(inner.least.get());
            most = most.max(inner.most.get());
        }
        return Some((Decimal::from_units(least), Decimal::from_units(most)));
    }
    None
}

/// Every node of a program's rules.
pub(crate) fn reachable<'a>(t: &Tables<'a>, program: &ProgramRow) -> Vec<&'a Node> {
    reachable_on(t, program, None)
}

/// Every node of the rules that are in force on a day; of all rules without one.
fn reachable_on<'a>(t: &Tables<'a>, program: &ProgramRow, day: Option<i32>) -> Vec<&'a Node> {
    let in_force = |from: i32, before: i32| day.is_none_or(|d| from <= d && d < before);
    let mut stack = Vec::new();
    for charge in rows(t.charges, program.charges) {
        stack.push(charge.base.get());
        for rung in rows(t.rungs, charge.rungs) {
            if in_force(rung.from.get(), rung.before.get()) {
                stack.extend([rung.when.get(), rung.amount.get(), rung.base.get()]);
            }
        }
    }
    for tariff in every_tariff(t, program) {
        for root in rows(t.roots, tariff.roots) {
            if in_force(root.from.get(), root.before.get()) {
                stack.push(root.node.get());
            }
        }
    }
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    while let Some(index) = stack.pop() {
        let Some(node) = t.nodes.get(index as usize) else { continue };
        if !seen.insert(index) {
            continue;
        }
        out.push(node);
        let (a, b, c) = (node.a.get(), node.b.get(), node.c.get());
        match node.op {
            op::SUM | op::MAX | op::MIN | op::ALL | op::ANY => {
                stack.extend(rows(t.kids, Run { start: node.a, len: node.b }).iter().map(|k| k.get()))
            }
            op::PERCENT | op::GROSS_UP | op::TIMES | op::ROUND | op::WHOLE_ITEMS | op::NOT | op::BANDS => stack.push(a),
            op::LESS | op::VALUE => stack.extend([a, b]),
            op::CLAMP | op::IF => stack.extend([a, b, c]),
            op::RATE => stack.push(c),
            _ => {}
        }
    }
    out
}

/// The tariffs that a program uses on any day.
pub(crate) fn every_tariff<'a>(t: &Tables<'a>, program: &ProgramRow) -> impl Iterator<Item = &'a TariffRow> + use<'a> {
    let tariffs = t.tariffs;
    rows(t.kids, program.tariffs).chunks_exact(4).flat_map(move |entry| rows(tariffs, tariffs_at(entry)))
}

/// The programmes, as text ids, that measures of a program's tariffs name.
pub(crate) fn programs_of<'a>(t: &Tables<'a>, program: &ProgramRow) -> impl Iterator<Item = u32> + use<'a> {
    let kids = t.kids;
    every_tariff(t, program).flat_map(move |tariff| rows(kids, tariff.claims).iter().map(|id| id.get()))
}

/// The sets of origins that measures of the tariffs in force tell apart, where a line's goods may fall under them.
fn measured_origins(t: &Tables<'_>, program: &ProgramRow, case: &Case, line: usize, sets: &mut BTreeSet<u32>) {
    let mut named = vec![false; t.set_dir.len()];
    let mut name = |set: u16| {
        if let Some(slot) = named.get_mut(usize::from(set)) {
            *slot = true;
        }
    };
    let claims = case.lines.get(line).is_some_and(|line| !line.claims.is_empty());
    for tariff in tariffs_in_force(t, program, case.moment()) {
        let (low, high) = block_span(t, case, line, tariff);
        for measure in t.measures.get(low..high).unwrap_or(&[]) {
            name(measure.origin.get());
            name(measure.excluded.get());
            if claims && measure.program.get() != NO_ID {
                super::evaluate::claims_of(t, measure).iter().for_each(|claim| name(claim.origin.get()));
            }
        }
    }
    sets.extend(named.iter().enumerate().filter(|(_, named)| **named).map(|(set, _)| set as u32));
}

/// One territory for each way the sets tell territories apart; the place of shipment stands for its like.
fn territories(t: &Tables<'_>, case: &Case, sets: &BTreeSet<u32>) -> Values {
    // One bit for each set, the first the highest, so that rows of bits sort as lists of yes and no do.
    let words = sets.len().div_ceil(64).max(1);
    let mut marks = vec![0u64; words * t.territories.len()];
    for (at, set) in sets.iter().enumerate() {
        let Some(dir) = t.set_dir.get(*set as usize) else { continue };
        let in_force = |r: &&SetRow| r.from.get() <= case.day && case.day < r.before.get();
        for row in rows(t.sets, dir.rows).iter().filter(in_force) {
            if let Some(word) = marks.get_mut(usize::from(row.territory.get()) * words + at / 64) {
                *word |= 1 << (63 - at % 64);
            }
        }
    }
    let destination = t.programs.get(case.program as usize).map(|p| p.territory.get());
    let mut groups: BTreeMap<&[u64], u16> = BTreeMap::new();
    let candidates = case.ship_from.into_iter().chain(
        (0..t.territories.len() as u16)
            .filter(|&id| t.territories[usize::from(id)].kind == 0 && Some(id) != destination),
    );
    for id in candidates {
        let first = usize::from(id) * words;
        if let Some(mark) = marks.get(first..first + words) {
            groups.entry(mark).or_insert(id);
        }
    }
    Values::plain(groups.into_values().map(Value::Territory))
}

fn block_span(t: &Tables<'_>, case: &Case, line: usize, tariff: &TariffRow) -> (usize, usize) {
    let Some(row) = case.lines.get(line) else { return (0, 0) };
    let mut low = usize::MAX;
    let mut high = 0usize;
    let ids = if row.digits >= 6 {
        super::evaluate::nomenclature_ids(t, row.code).map(|(id, _)| id).collect()
    } else {
        vec![0, (t.subs.len() as u32).saturating_sub(1)]
    };
    for id in ids {
        let at = tariff.offsets.get() as usize + id as usize;
        if let (Some(a), Some(b)) = (t.offsets.get(at), t.offsets.get(at + 1)) {
            low = low.min(a.get() as usize);
            high = high.max(b.get() as usize);
        }
    }
    (low.min(high), high)
}

/// Whether a tariff of the destination has measures on codes from `low` to `high`, or on codes of six digits or more above
/// them.
pub(crate) fn has_measures(t: &Tables<'_>, program: &ProgramRow, moment: Moment, low: u64, high: u64) -> bool {
    let day = moment.day;
    tariffs_in_force(t, program, moment).any(|tariff| {
        // The search stops at the first that is found.
        !each_measure(t, tariff, low, high, |measure, first, last| {
            let holds = measure.digits >= 6 && measure.from.get() <= day && day < measure.before.get();
            !(holds && first <= high && low <= last)
        })
    })
}

/// Whether a measure gives goods a line in a full tariff on a day.
fn gives_a_line(measure: &MeasureRow, day: i32) -> bool {
    measure.kind == MeasureKind::ThirdCountry as u8 && measure.from.get() <= day && day < measure.before.get()
}

/// Whether codes from `low` to `high` have a line, where the destination's tariff is there in full; nothing where it is not.
pub(crate) fn is_listed(t: &Tables<'_>, program: &ProgramRow, moment: Moment, low: u64, high: u64) -> Option<bool> {
    let day = moment.day;
    let mut full = false;
    for tariff in tariffs_in_force(t, program, moment).filter(|tariff| tariff.is_complete(day)) {
        full = true;
        let searched = each_measure(t, tariff, low, high, |measure, first, last| {
            !(gives_a_line(measure, day) && first <= high && low <= last)
        });
        if !searched {
            return Some(true);
        }
    }
    full.then_some(false)
}

/// What a value of a rate table comes to: two of one table that give the same on the same days mean the same.
fn means_of(table: u32, arm: &ArmRow) -> u128 {
    let (percent, days) = (arm.percent.get(), [arm.from.get(), arm.before.get(), arm.known_from.get()]);
    let [from, before, known] = days.map(|day| u64::from(day.cast_unsigned()));
    number_of([2, u64::from(table), (percent >> 64) as u64, percent as u64, from << 32 | before, known])
}

/// What tells codes apart, from a code to another: as it is written, and by what it comes to.
struct Mark {
    first: u64,
    last: u64,
    written: u128,
    means: u128,
}

/// A number that stands for some numbers; sums of them stand for sets. Two sets with one number are as good as impossible,
/// and would cost one candidate.
fn number_of<const N: usize>(what: [u64; N]) -> u128 {
    let mut state = (0x9E37_79B9_7F4A_7C15u64, 0x2545_F491_4F6C_DD1Du64);
    for word in what {
        state = (mixed(state.0 ^ word), mixed(state.1.wrapping_add(word)));
    }
    u128::from(state.0) << 64 | u128::from(state.1)
}

/// The finish of splitmix64: every bit of the result hangs on every bit of the number.
const fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

/// One code for each way the destination's rules tell codes apart.
fn codes(t: &Tables<'_>, program: &ProgramRow, case: &Case, line: usize, nodes: &[&Node]) -> Values {
    const FIRST: u64 = 10_000_000_000; // chapter 01
    const LAST: u64 = 979_999_999_999; // chapter 97; 98 and 99 are national
    let Some(row) = case.lines.get(line) else { return Values::default() };
    let (low, high) = if row.digits == 0 { (FIRST, LAST) } else { row.code_span() };
    // Where sums are taken for each heading, goods of equal treatment may share one or not: each way of writing a code
    // is a candidate then.
    let by_heading = sums_by_heading(t, program, case);
    let most = (MAX_VALUES / case.lines.len().max(1)).max(FEWEST_VALUES);
    let mut marks: Vec<Mark> = Vec::new();
    let mut more = false;
    let mut lists = HashSet::new();
    let mut mark = |first: u64, last: u64, means: u128| {
        if first <= high && low <= last {
            marks.push(Mark {
                first: first.max(low),
                last: last.min(high),
                written: number_of([0, first, last]),
                means,
            });
        }
    };
    for node in nodes {
        let run = Run { start: node.a, len: node.b };
        match node.op {
            // Ranges of one list mean the same.
            op::GOODS if lists.insert((node.a.get(), node.b.get())) => {
                let means = number_of([1, node.a.get().into(), node.b.get().into()]);
                rows(t.codes, run).iter().for_each(|r| mark(r.first.get(), r.last.get(), means));
            }
            op::RATE => {
                for arm in rows(t.arms, run).iter().filter(|arm| arm.coded == 1) {
                    mark(arm.first.get(), arm.last.get(), means_of(node.a.get(), arm));
                }
            }
            _ => {}
        }
    }
    for (at, bound) in rows(t.bounds, program.bounds).iter().enumerate() {
        mark(bound.first.get(), bound.last.get(), number_of([3, at as u64]));
    }
    let mut lines: Vec<(u64, u64)> = Vec::new();
    let mut count = 0;
    for tariff in tariffs_in_force(t, program, case.moment()) {
        let whole = each_measure(t, tariff, low, high, |measure, first, last| {
            let in_force = measure.from.get() <= case.day && case.day < measure.before.get();
            mark(first, last, if in_force { meaning(measure, first) } else { 0 });
            if tariff.is_complete(case.day) && gives_a_line(measure, case.day) {
                lines.push((first, last));
            }
            count += 1;
            count < MAX_RANGES
        });
        more |= !whole;
    }
    // What is written twice tells no more apart than once, whatever it means.
    marks.sort_unstable_by_key(|m| (m.first, m.last, m.written));
    let mut before = None;
    for m in &mut marks {
        let written = m.written;
        if before == Some((m.first, m.last, written)) {
            m.written = 0;
        }
        before = Some((m.first, m.last, written));
    }
    let mut points: Vec<u64> = vec![low];
    for m in &marks {
        points.push(m.first);
        if m.last < high {
            points.push(m.last + 1);
        }
    }
    // Where a tariff is there in full, only the codes that it gives a duty exist.
    lines.retain(|(first, last)| *first <= high && low <= *last);
    if !lines.is_empty() {
        lines.sort_unstable();
        points.extend(lines.iter().map(|(first, _)| *first).filter(|first| low <= *first));
        points.sort_unstable();
        points.dedup();
        points.retain(|point| {
            let after = lines.partition_point(|(first, _)| *first <= *point);
            // Lines do not overlap, but for a chapter's or heading's.
            lines[..after].iter().rev().take(4).any(|(_, last)| point <= last)
        });
    }
    let mut ends: Vec<(u64, u128, u128)> = marks.iter().map(|m| (m.last, m.written, m.means)).collect();
    ends.sort_unstable();
    let (mut begun, mut ended) = (marks.iter().peekable(), ends.iter().peekable());
    let (mut written, mut means) = (0u128, 0u128);
    // The codes of each meaning: the first, and in how many ways it is written.
    let mut found: HashMap<u128, usize> = HashMap::new();
    let mut ways = HashSet::new();
    let mut values: Vec<(u64, u32)> = Vec::new();
    let mut others: HashMap<u128, u64> = HashMap::new();
    points.sort_unstable();
    points.dedup();
    for (at, &point) in points.iter().enumerate() {
        while let Some(m) = begun.next_if(|m| m.first <= point) {
            written = written.wrapping_add(m.written);
            means = means.wrapping_add(m.means);
        }
        while let Some((_, w, m)) = ended.next_if(|(last, ..)| *last < point) {
            written = written.wrapping_sub(*w);
            means = means.wrapping_sub(*m);
        }
        let end = points.get(at + 1).map_or(high, |next| next - 1);
        if by_heading && end - point >= 1_000_000 {
            others.entry(written).or_insert(point + 1_000_000);
        }
        let group = if by_heading { written } else { means };
        let is_new = ways.insert((written, means));
        match found.get(&group) {
            Some(&at) => values[at].1 += u32::from(is_new),
            None if values.len() >= most => {
                more = true;
                break;
            }
            None => {
                found.insert(group, values.len());
                values.push((point, 1));
            }
        }
    }
    if by_heading {
        // Two unknown codes may share a heading or not.
        let known = case.lines.iter().enumerate().filter(|(at, l)| *at != line && l.digits >= 6);
        let shared = known.map(|(_, l)| l.code).filter(|code| (low..=high).contains(code));
        values.extend(others.into_values().chain(shared).map(|code| (code, 1)));
        values.sort_unstable();
        values.dedup_by_key(|(code, _)| *code);
    }
    Values { all: values.into_iter().map(|(code, weight)| (Value::Code(code), weight)).collect(), more }
}

/// All that an evaluation reads of a measure in force, but for its code: a number that stands for it. One without an
/// amount is told apart by its code too, so that each such code is named.
fn meaning(measure: &MeasureRow, first: u64) -> u128 {
    let verdict = if measure.amount.get() == NONE { first } else { u64::MAX };
    let both = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
    number_of([
        both(u32::from(measure.kind), u32::from(measure.digits)),
        both(measure.amount.get(), measure.when.get()),
        both(measure.origin.get().into(), measure.excluded.get().into()),
        both(measure.program.get().into(), measure.from.get().cast_unsigned()),
        verdict,
    ])
}

/// Calls `visit` with the measures of a tariff that are on codes near `low..=high`, and with the first and last code of
/// each, until it returns `false`. Returns whether it never did.
fn each_measure(
    t: &Tables<'_>,
    tariff: &TariffRow,
    low: u64,
    high: u64,
    mut visit: impl FnMut(&MeasureRow, u64, u64) -> bool,
) -> bool {
    let mut of = |id: u32, base: u64| -> bool {
        let at = tariff.offsets.get() as usize + id as usize;
        let (Some(a), Some(b)) = (t.offsets.get(at), t.offsets.get(at + 1)) else { return true };
        let block = t.measures.get(a.get() as usize..b.get() as usize).unwrap_or(&[]);
        block.iter().all(|measure| {
            let free = 10u64.pow(u32::from(CODE_DIGITS - measure.digits.min(CODE_DIGITS)));
            let first = base + u64::from(measure.suffix.get());
            visit(measure, first, first + (free - 1))
        })
    };
    // Whole chapters first: their ids are the chapters themselves.
    for chapter in low / 10_000_000_000..=(high / 10_000_000_000).min(u64::from(CHAPTERS) - 1) {
        if !of(chapter as u32, chapter * 10_000_000_000) {
            return false;
        }
    }
    let head_low = (low / 100_000_000) as usize;
    let head_high = ((high / 100_000_000) as usize).min(HEADINGS - 2);
    for head in head_low..=head_high {
        let (Some(start), Some(end)) = (t.headings.get(head), t.headings.get(head + 1)) else { return true };
        for id in start.get()..end.get() {
            let sub = t.subs.get(id as usize).copied().filter(|s| *s != u8::MAX).map(u64::from);
            let base = head as u64 * 100_000_000 + sub.unwrap_or(0) * 1_000_000;
            // A heading's own measures reach all codes below it, a subheading's only its own.
            if sub.is_some() && (base > high || base + 999_999 < low) {
                continue;
            }
            if !of(id, base) {
                return false;
            }
        }
    }
    true
}

/// A missing fact and what it does to the answer.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    pub(crate) key: Key,
    /// By how much knowing it narrows the range, on average over its values; `None` when it leaves the top open.
    pub(crate) narrows_by: Option<Decimal>,
}

/// What a fact may change in an answer: each charge and how much of it the seller collects, and whether there is one.
type Effect = (Vec<(Decimal, Decimal)>, Option<crate::record::Verdict>, bool);

fn effect(t: &Tables<'_>, seen: &Seen) -> Effect {
    let sheet = &seen.sheet;
    let (charges, lines) = sheet.size();
    let by_seller = |c: usize, l: usize| {
        t.rungs.get(sheet.rung(c, l) as usize).is_some_and(|r| r.collect == Collector::Seller as u8)
    };
    let at_checkout = |c: usize| {
        (0..lines)
            .filter(|&l| by_seller(c, l))
            .fold(Decimal::ZERO, |sum, l| sum.plus(sheet.amount(c, l)).unwrap_or(sum))
    };
    let sums = (0..charges).map(|c| (sheet.charge_total(c), at_checkout(c))).collect();
    (sums, sheet.verdict.map(|v| v.0), sheet.ruleless || sheet.uncovered.is_some())
}

/// Least and most of some totals.
#[derive(Clone, Copy)]
struct Span(Option<(Decimal, Decimal)>);

impl Span {
    fn with(self, total: Decimal) -> Self {
        Self(Some(self.0.map_or((total, total), |(least, most)| (least.min(total), most.max(total)))))
    }
    fn and(self, other: Self) -> Self {
        other.0.map_or(self, |(least, most)| self.with(least).with(most))
    }
    fn width(self) -> Decimal {
        self.0.and_then(|(least, most)| most.minus(least).ok()).unwrap_or_default()
    }
}

/// What is known of the worlds that suppose one value of a fact.
struct Under {
    effects: BTreeSet<usize>,
    /// Totals of those that suppose nothing very large.
    closed: Span,
}

/// The facts that matter, the most useful first.
pub(crate) fn gaps(t: &Tables<'_>, explored: &Explored, domains: &Domains<'_>) -> Vec<Gap> {
    let mut numbers: HashMap<Effect, usize> = HashMap::new();
    let effects: Vec<usize> = explored
        .seen
        .iter()
        .map(|seen| {
            let next = numbers.len();
            *numbers.entry(effect(t, seen)).or_insert(next)
        })
        .collect();
    let closed: Vec<bool> = explored.seen.iter().map(|seen| !seen.is_much()).collect();
    let mut keys: Vec<Key> = Vec::new();
    let mut listed = HashSet::new();
    for seen in &explored.seen {
        for (key, _) in &seen.world.0 {
            if !matches!(key, Key::Reading(_)) && listed.insert(*key) {
                keys.push(*key);
            }
        }
    }
    let nothing = Span(None);
    let all = explored.seen.iter().zip(&closed).filter(|(_, closed)| **closed);
    let full = all.fold(nothing, |span, (seen, _)| span.with(seen.total)).width();
    let mut out: Vec<Gap> = explored.asked.iter().map(|key| Gap { key: *key, narrows_by: None }).collect();
    for key in keys {
        let mut values: BTreeMap<Value, Under> = BTreeMap::new();
        // Knowing the fact leaves the worlds with that value, and those that never ask for it.
        let mut others = nothing;
        for ((seen, effect), closed) in explored.seen.iter().zip(&effects).zip(&closed) {
            match seen.world.get(key) {
                Some(value) => {
                    let under =
                        values.entry(value).or_insert_with(|| Under { effects: BTreeSet::new(), closed: nothing });
                    under.effects.insert(*effect);
                    if *closed {
                        under.closed = under.closed.with(seen.total);
                    }
                }
                None if *closed => others = others.with(seen.total),
                None => {}
            }
        }
        // All answers under one value against all under another: the worlds that ask for the fact try each value of it.
        let mut sets = values.values().map(|under| &under.effects);
        let first = sets.next();
        if !sets.any(|other| Some(other) != first) {
            continue;
        }
        let open = values.contains_key(&Value::Number(TWICE));
        let mut left = Decimal::ZERO;
        let mut count = 0i64;
        for (value, under) in values.iter().filter(|(_, under)| under.closed.0.is_some()) {
            let weight = i64::from(domains.weight(key, *value));
            let width = others.and(under.closed).width();
            left = width.times(Decimal::from_int(weight)).and_then(|width| left.plus(width)).unwrap_or(left);
            count += weight;
        }
        let mean = left.divided_by(Decimal::from_int(count.max(1))).unwrap_or(full);
        let narrows = full
            .minus(mean)
            .unwrap_or_default()
            .rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(2))
            .unwrap_or_default();
        out.push(Gap { key, narrows_by: (!open).then_some(narrows) });
    }
    // An open limit first, then by how much it narrows; the order of asking breaks ties.
    out.sort_by(|a, b| match (a.narrows_by, b.narrows_by) {
        (None, None) => std::cmp::Ordering::Equal,
        (None, Some(_)) => std::cmp::Ordering::Less,
        (Some(_), None) => std::cmp::Ordering::Greater,
        (Some(x), Some(y)) => y.cmp(&x),
    });
    out
}
