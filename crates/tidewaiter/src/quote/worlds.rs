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
use crate::ratebook::{rows, tariffs_in_force};
use crate::record::{Collector, MeasureKind};
use std::collections::{BTreeMap, BTreeSet};

/// Most worlds evaluated for one answer.
pub(crate) const MAX_WORLDS: usize = 16_384;
/// Most amounts kept over all of them, and at least so many worlds: many worlds of many lines would fill the memory.
const MAX_CELLS: usize = 1_000_000;
const FEWEST_WORLDS: usize = 64;
/// Most facts supposed at once.
const MAX_DEPTH: usize = 128;
/// Most values tried for one fact.
const MAX_VALUES: usize = 600;
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
    /// There were more worlds than are evaluated.
    pub(crate) cut_short: bool,
    /// Evaluations left, those that stopped at a missing fact included.
    left: usize,
    most_worlds: usize,
    pub(crate) failure: Option<Stop>,
}

/// Evaluates every world that agrees with `given`.
pub(crate) fn explore(t: &Tables<'_>, case: &Case, given: &World, sheet: &mut Sheet) -> Explored {
    let charges = t.programs.get(case.program as usize).map_or(0, |p| p.charges.len.get() as usize);
    let cells = (case.lines.len() * charges).max(1);
    let most_worlds = (MAX_CELLS / cells).clamp(FEWEST_WORLDS, MAX_WORLDS);
    let mut out = Explored { left: most_worlds * 4, most_worlds, ..Explored::default() };
    let mut world = given.clone();
    let mut domains = BTreeMap::new();
    visit(t, case, &mut world, sheet, &mut out, &mut domains, 0);
    out
}

fn visit(
    t: &Tables<'_>,
    case: &Case,
    world: &mut World,
    sheet: &mut Sheet,
    out: &mut Explored,
    domains: &mut BTreeMap<Key, Vec<Value>>,
    depth: usize,
) {
    if out.seen.len() >= out.most_worlds || depth > MAX_DEPTH || out.left == 0 {
        // What lies beyond is given up for good: at a great depth every branch would end here, one by one.
        out.cut_short = true;
        out.left = 0;
        return;
    }
    out.left -= 1;
    match evaluate(*t, case, world, sheet, &mut Silent) {
        Ok(()) => {
            let total = sheet.total();
            out.seen.push(Seen { world: world.clone(), sheet: sheet.clone(), total });
        }
        Err(Stop::Need(key)) => {
            if world.get(key).is_some() {
                out.failure = Some(Stop::Damaged);
                return;
            }
            let values = domains.entry(key).or_insert_with(|| domain(t, case, key)).clone();
            if values.len() >= MAX_VALUES {
                out.cut_short = true;
            }
            for value in values {
                world.0.push((key, value));
                visit(t, case, world, sheet, out, domains, depth + 1);
                world.0.pop();
                if out.left == 0 {
                    return;
                }
            }
        }
        Err(stop) => out.failure = out.failure.or(Some(stop)),
    }
}

/// The values of a fact that could matter.
fn domain(t: &Tables<'_>, case: &Case, key: Key) -> Vec<Value> {
    let Some(program) = t.programs.get(case.program as usize) else { return Vec::new() };
    match key {
        Key::Code(line) => codes(t, program, case, usize::from(line)),
        Key::Origin(line) => {
            let mut sets = sets_of(t, program, op::ORIGIN, case.day);
            for tariff in tariffs_in_force(t, program, case.day) {
                let (low, high) = block_span(t, case, usize::from(line), tariff);
                for measure in t.measures.get(low..high).unwrap_or(&[]) {
                    sets.insert(u32::from(measure.origin.get()));
                    sets.insert(u32::from(measure.excluded.get()));
                }
            }
            territories(t, case, &sets)
        }
        Key::ShipFrom => territories(t, case, &sets_of(t, program, op::SHIPPED, case.day)),
        Key::Channel => (0..3).map(Value::Small).collect(),
        Key::Mode => (0..4).map(Value::Small).collect(),
        Key::Region => {
            let mut regions = BTreeSet::new();
            for node in reachable_on(t, program, Some(case.day)) {
                if node.op == op::REGION {
                    regions.extend(rows(t.kids, Run { start: node.a, len: node.b }).iter().map(|k| k.get()));
                }
            }
            regions.insert(OTHER_TEXT);
            regions.into_iter().map(Value::Text).collect()
        }
        Key::Fact(_) => vec![Value::Flag(false), Value::Flag(true)],
        Key::Test(_, _, TestOf::Weight | TestOf::Quantity | TestOf::History(_)) => {
            vec![Value::Flag(true), Value::Flag(false)]
        }
        Key::Quantity(..) => vec![Value::Number(Decimal::ZERO), Value::Number(MUCH), Value::Number(TWICE)],
        Key::Tariff(line, family) => {
            let bounds = if family == 0 { bound(t, program, case, usize::from(line)) } else { None };
            match bounds {
                Some((least, most)) if least == most => vec![Value::Number(least)],
                Some((least, most)) => vec![Value::Number(least), Value::Number(most)],
                None => vec![Value::Number(Decimal::ZERO), Value::Number(MUCH), Value::Number(TWICE)],
            }
        }
        Key::Reading(_) => Vec::new(),
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
    rows(t.kids, program.tariffs)
        .chunks_exact(3)
        .filter_map(move |entry| tariffs.iter().find(|row| u32::from(row.territory.get()) == entry[0].get()))
}

/// The programmes, as text ids, that measures of a program's tariffs name.
pub(crate) fn programs_of<'a>(t: &Tables<'a>, program: &ProgramRow) -> impl Iterator<Item = u32> + use<'a> {
    let kids = t.kids;
    every_tariff(t, program).flat_map(move |tariff| rows(kids, tariff.claims).iter().map(|id| id.get()))
}

fn sets_of(t: &Tables<'_>, program: &ProgramRow, kind: u8, day: i32) -> BTreeSet<u32> {
    reachable_on(t, program, Some(day)).into_iter().filter(|n| n.op == kind).map(|n| n.a.get()).collect()
}

/// One territory for each way the sets tell territories apart; the place of shipment stands for its like.
fn territories(t: &Tables<'_>, case: &Case, sets: &BTreeSet<u32>) -> Vec<Value> {
    let member = |set: u32, territory: u16| {
        t.set_dir.get(set as usize).is_some_and(|dir| {
            rows(t.sets, dir.rows)
                .iter()
                .any(|r| r.territory.get() == territory && r.from.get() <= case.day && case.day < r.before.get())
        })
    };
    let destination = t.programs.get(case.program as usize).map(|p| p.territory.get());
    let mut groups: BTreeMap<Vec<bool>, u16> = BTreeMap::new();
    let candidates = case.ship_from.into_iter().chain(
        (0..t.territories.len() as u16)
            .filter(|&id| t.territories[usize::from(id)].kind == 0 && Some(id) != destination),
    );
    for id in candidates {
        let signature = sets.iter().map(|&s| member(s, id)).collect();
        groups.entry(signature).or_insert(id);
    }
    groups.into_values().map(Value::Territory).collect()
}

fn block_span(t: &Tables<'_>, case: &Case, line: usize, tariff: &TariffRow) -> (usize, usize) {
    let Some(row) = case.lines.get(line) else { return (0, 0) };
    let mut low = usize::MAX;
    let mut high = 0usize;
    let ids = if row.digits >= 6 {
        super::evaluate::nomenclature_ids(t, row.code).map(|(id, _)| id).collect()
    } else {
        vec![0, t.subs.len() as u32 - 1]
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
pub(crate) fn has_measures(t: &Tables<'_>, program: &ProgramRow, day: i32, low: u64, high: u64) -> bool {
    tariffs_in_force(t, program, day).any(|tariff| {
        let mut found = Vec::new();
        measured_codes(t, tariff, low, high, &mut found, |m| {
            m.digits >= 6 && m.from.get() <= day && day < m.before.get()
        });
        found.iter().any(|(first, last)| *first <= high && low <= *last)
    })
}

/// Whether codes from `low` to `high` have a line, where the destination's tariff is there in full; nothing where it is not.
pub(crate) fn is_listed(t: &Tables<'_>, program: &ProgramRow, day: i32, low: u64, high: u64) -> Option<bool> {
    let mut full = false;
    for tariff in tariffs_in_force(t, program, day).filter(|tariff| tariff.complete.get() != 0) {
        full = true;
        let mut lines = Vec::new();
        measured_codes(t, tariff, low, high, &mut lines, |m| {
            m.kind == MeasureKind::ThirdCountry as u8 && m.from.get() <= day && day < m.before.get()
        });
        if lines.iter().any(|(first, last)| *first <= high && low <= *last) {
            return Some(true);
        }
    }
    full.then_some(false)
}

/// One code for each way the destination's rules tell codes apart.
fn codes(t: &Tables<'_>, program: &ProgramRow, case: &Case, line: usize) -> Vec<Value> {
    const FIRST: u64 = 10_000_000_000; // chapter 01
    const LAST: u64 = 979_999_999_999; // chapter 97; 98 and 99 are national
    let Some(row) = case.lines.get(line) else { return Vec::new() };
    let (low, high) = row.code_span();
    let (low, high) = if row.digits == 0 { (FIRST, LAST) } else { (low, high) };
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    let mut by_heading = false;
    for node in reachable_on(t, program, Some(case.day)) {
        match node.op {
            op::GOODS => ranges.extend(
                rows(t.codes, Run { start: node.a, len: node.b }).iter().map(|r| (r.first.get(), r.last.get())),
            ),
            op::RATE => ranges.extend(
                rows(t.arms, Run { start: node.a, len: node.b })
                    .iter()
                    .filter(|a| a.coded == 1)
                    .map(|a| (a.first.get(), a.last.get())),
            ),
            _ => {}
        }
    }
    for charge in rows(t.charges, program.charges) {
        by_heading |= rows(t.rungs, charge.rungs).iter().any(|r| (1..=3).contains(&r.per));
    }
    ranges.extend(rows(t.bounds, program.bounds).iter().map(|b| (b.first.get(), b.last.get())));
    for tariff in tariffs_in_force(t, program, case.day) {
        measured_codes(t, tariff, low, high, &mut ranges, |_| true);
    }
    ranges.retain(|(a, b)| *a <= high && low <= *b);
    ranges.sort_unstable();
    ranges.dedup();
    let mut points: BTreeSet<u64> = BTreeSet::from([low]);
    for &(a, b) in &ranges {
        if a > low {
            points.insert(a);
        }
        if b < high {
            points.insert(b + 1);
        }
    }
    let mut groups: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
    let mut others: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
    // Where a tariff is there in full, only the codes that it gives a duty exist.
    let mut lines = Vec::new();
    for tariff in tariffs_in_force(t, program, case.day).filter(|tariff| tariff.complete.get() != 0) {
        measured_codes(t, tariff, low, high, &mut lines, |m| {
            m.kind == MeasureKind::ThirdCountry as u8 && m.from.get() <= case.day && case.day < m.before.get()
        });
    }
    lines.sort_unstable();
    let exists = |point: u64| {
        let after = lines.partition_point(|(first, _)| *first <= point);
        // Lines do not overlap, but for a chapter's or heading's.
        lines[..after].iter().rev().take(4).any(|(_, last)| point <= *last)
    };
    if lines.iter().any(|(a, b)| *a <= high && low <= *b) {
        points.extend(lines.iter().map(|(a, _)| *a).filter(|a| low <= *a && *a <= high));
        points.retain(|point| exists(*point));
    }
    let list: Vec<u64> = points.iter().copied().collect();
    for (at, &point) in list.iter().enumerate() {
        let signature: Vec<u32> =
            ranges.iter().enumerate().filter(|(_, (a, b))| *a <= point && point <= *b).map(|(i, _)| i as u32).collect();
        let end = list.get(at + 1).map_or(high, |next| next - 1);
        if end - point >= 1_000_000 {
            others.entry(signature.clone()).or_insert(point + 1_000_000);
        }
        groups.entry(signature).or_insert(point);
        if groups.len() >= MAX_VALUES {
            break;
        }
    }
    let mut values: BTreeSet<u64> = groups.into_values().collect();
    if by_heading && case.lines.len() > 1 {
        // Two unknown codes may share a heading or not.
        values.extend(others.into_values());
        values.extend(
            case.lines
                .iter()
                .enumerate()
                .filter(|(at, l)| *at != line && l.digits >= 6 && low <= l.code && l.code <= high)
                .map(|(_, l)| l.code),
        );
    }
    values.into_iter().take(MAX_VALUES).map(Value::Code).collect()
}

/// Codes under `low..=high` that a tariff has measures on.
fn measured_codes(
    t: &Tables<'_>,
    tariff: &TariffRow,
    low: u64,
    high: u64,
    out: &mut Vec<(u64, u64)>,
    wanted: impl Fn(&MeasureRow) -> bool,
) {
    let mut collect = |id: u32, base: u64| -> Option<()> {
        let at = tariff.offsets.get() as usize + id as usize;
        let (a, b) = (t.offsets.get(at)?, t.offsets.get(at + 1)?);
        for measure in t.measures.get(a.get() as usize..b.get() as usize)?.iter().filter(|m| wanted(m)) {
            let free = 10u64.pow(u32::from(CODE_DIGITS - measure.digits.min(CODE_DIGITS)));
            let first = base + u64::from(measure.suffix.get());
            out.push((first, first + (free - 1)));
        }
        (out.len() <= 50_000).then_some(())
    };
    // Whole chapters first: their ids are the chapters themselves.
    for chapter in low / 10_000_000_000..=(high / 10_000_000_000).min(u64::from(CHAPTERS) - 1) {
        if collect(chapter as u32, chapter * 10_000_000_000).is_none() {
            return;
        }
    }
    let head_low = (low / 100_000_000) as usize;
    let head_high = ((high / 100_000_000) as usize).min(HEADINGS - 2);
    for head in head_low..=head_high {
        let (Some(start), Some(end)) = (t.headings.get(head), t.headings.get(head + 1)) else { return };
        for id in start.get()..end.get() {
            let sub = t.subs.get(id as usize).copied().filter(|s| *s != u8::MAX).map_or(0, u64::from);
            if collect(id, head as u64 * 100_000_000 + sub * 1_000_000).is_none() {
                return;
            }
        }
    }
}

/// A missing fact and what it does to the answer.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    pub(crate) key: Key,
    /// By how much knowing it narrows the range, on average over its values; `None` when it leaves the top open.
    pub(crate) narrows_by: Option<Decimal>,
}

/// Whether the answer differs between values of a fact.
fn matters(explored: &Explored, marks: &[Mark], key: Key) -> bool {
    // All answers under one value against all under another: the worlds that ask for the fact try each value of it.
    let mut answers: BTreeMap<Value, BTreeSet<&Mark>> = BTreeMap::new();
    for (seen, mark) in explored.seen.iter().zip(marks) {
        if let Some(value) = seen.world.get(key) {
            answers.entry(value).or_default().insert(mark);
        }
    }
    let mut sets = answers.values();
    let first = sets.next();
    sets.any(|other| Some(other) != first)
}

/// What a fact may change in an answer: each charge and how much of it the seller collects, and whether there is one.
type Mark = (Vec<(Decimal, Decimal)>, Option<crate::record::Verdict>, bool);

fn mark(t: &Tables<'_>, seen: &Seen) -> Mark {
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

/// The facts that matter, the most useful first.
pub(crate) fn gaps(t: &Tables<'_>, explored: &Explored) -> Vec<Gap> {
    let marks: Vec<Mark> = explored.seen.iter().map(|s| mark(t, s)).collect();
    let mut keys: Vec<Key> = Vec::new();
    for seen in &explored.seen {
        for (key, _) in &seen.world.0 {
            if !matches!(key, Key::Reading(_)) && !keys.contains(key) {
                keys.push(*key);
            }
        }
    }
    let closed: Vec<&Seen> = explored.seen.iter().filter(|s| !s.is_much()).collect();
    let width = |list: &[&Seen]| -> Decimal {
        let most = list.iter().map(|s| s.total).max().unwrap_or_default();
        let least = list.iter().map(|s| s.total).min().unwrap_or_default();
        most.minus(least).unwrap_or_default()
    };
    let full = width(&closed);
    let mut out = Vec::new();
    for key in keys {
        if !matters(explored, &marks, key) {
            continue;
        }
        let open = explored.seen.iter().any(|s| s.world.get(key) == Some(Value::Number(TWICE)));
        // Knowing the fact leaves the worlds with that value, and those that never ask for it.
        let values: BTreeSet<Value> = closed.iter().filter_map(|s| s.world.get(key)).collect();
        let mut left = Decimal::ZERO;
        for value in &values {
            let remaining: Vec<&Seen> =
                closed.iter().copied().filter(|s| s.world.get(key).is_none_or(|v| v == *value)).collect();
            left = left.plus(width(&remaining)).unwrap_or(left);
        }
        let mean = left.divided_by(Decimal::from_int(values.len().max(1) as i64)).unwrap_or(full);
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
