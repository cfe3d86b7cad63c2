//! The values of a missing fact that could matter.

use super::*;

/// The values of a fact that could matter.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Each with the number of values that it stands for: those that look different and come to the same.
    pub(super) all: Vec<(Value, u32)>,
    /// There are more of them.
    pub(super) more: bool,
}

impl Values {
    pub(super) fn plain(all: impl IntoIterator<Item = Value>) -> Self {
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
    pub(super) fn of(&mut self, t: &Tables<'a>, case: &Case, key: Key) -> Rc<Values> {
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
    pub(super) fn weight(&self, key: Key, value: Value) -> u32 {
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
pub(super) fn sums_by_heading(t: &Tables<'_>, program: &ProgramRow, case: &Case) -> bool {
    let summed = |charge: &ChargeRow| rows(t.rungs, charge.rungs).iter().any(|r| (1..=3).contains(&r.per));
    case.lines.len() > 1 && rows(t.charges, program.charges).iter().any(summed)
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
                crate::quote::evaluate::claims_of(t, measure).iter().for_each(|claim| name(claim.origin.get()));
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
        crate::quote::evaluate::nomenclature_ids(t, row.code).map(|(id, _)| id).collect()
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
