//! What the rules of each program reach, worked out once all of them are laid out: the names they use, and for each code the
//! rungs that can hold for goods of it.

use super::*;
use crate::quote::case::CODE_DIGITS;
use crate::quote::ladder::{Known, certain};
use crate::quote::worlds::reachable;
use crate::ratebook::rows;
use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

/// Codes at which a condition begins to hold or stops being possible: from each code on, whether it is possible.
type Turns = Vec<(u64, bool)>;

impl Compiler<'_> {
    /// Completes the programs, and sorts the texts so that they are found by halving.
    pub(super) fn lay_out_reach(&mut self) {
        for at in 0..self.draft.programs.len() {
            let program = self.draft.programs[at];
            let (mut components, mut claims, mut regions) = (0u32, BTreeSet::new(), BTreeSet::new());
            let t = self.draft.tables();
            for node in reachable(&t, &program) {
                match node.op {
                    op::COMPONENT => components |= 1 << node.arg().min(31),
                    op::CLAIMS if node.a.get() != NONE => drop(claims.insert(node.a.get())),
                    op::REGION => {
                        regions.extend(rows(t.kids, Run { start: node.a, len: node.b }).iter().map(|k| k.get()))
                    }
                    _ => {}
                }
            }
            let (claims, regions) = (self.list(claims), self.list(regions));
            let areas = self.areas_of(&program);
            let row = &mut self.draft.programs[at];
            row.components = U32::new(components);
            (row.claims, row.regions, row.areas) = (claims, regions, areas);
        }
        let t = self.draft.tables();
        let mut order: Vec<u32> = (0..t.texts.len() as u32).collect();
        order.sort_by_key(|&id| t.text_bytes(id));
        self.draft.order = order.into_iter().map(U32::new).collect();
    }

    /// Divides all codes into areas: within one, no ladder of the program tells codes apart.
    fn areas_of(&mut self, program: &ProgramRow) -> Run {
        let t = self.draft.tables();
        let ladders = rows(t.charges, program.charges).iter().map(|charge| rows(t.rungs, charge.rungs));
        let conditions: Vec<u32> = ladders.flatten().map(|rung| rung.when.get()).collect();
        let mut known: HashMap<u32, Turns> = HashMap::new();
        let mut events: Vec<(u64, usize, bool)> = Vec::new();
        for (bit, &when) in conditions.iter().enumerate() {
            let turns = match known.entry(when) {
                Entry::Occupied(found) => found.into_mut(),
                Entry::Vacant(slot) => slot.insert(turns_of(&t, when)),
            };
            events.extend(turns.iter().map(|&(code, possible)| (code, bit, possible)));
        }
        if events.is_empty() {
            return Run { start: U32::new(0), len: U32::new(0) };
        }
        events.sort_unstable();
        // Until the first turn everything is possible; every rung that turns does so at code 0 too.
        let mut mask = vec![u64::MAX; conditions.len().div_ceil(64)];
        let mut masks: HashMap<Vec<u64>, u32> = HashMap::new();
        let mut areas: Vec<AreaRow> = Vec::new();
        let mut words: Vec<U64> = Vec::new();
        let first_word = self.draft.masks.len() as u32;
        let mut at = 0;
        while at < events.len() {
            let code = events[at].0;
            while at < events.len() && events[at].0 == code {
                let (_, bit, possible) = events[at];
                let (word, bit) = (&mut mask[bit / 64], 1u64 << (bit % 64));
                *word = if possible { *word | bit } else { *word & !bit };
                at += 1;
            }
            let row = *masks.entry(mask.clone()).or_insert_with(|| {
                let row = first_word + words.len() as u32;
                words.extend(mask.iter().copied().map(U64::new));
                row
            });
            if areas.last().is_none_or(|last| last.mask.get() != row) {
                areas.push(AreaRow { first: U64::new(code), mask: U32::new(row) });
            }
        }
        self.draft.masks.extend(words);
        run_of(&mut self.draft.areas, areas)
    }
}

/// Where a condition turns from possible to impossible, or back, along the codes. Empty where it never does.
fn turns_of(t: &Tables<'_>, when: u32) -> Turns {
    let mut points = BTreeSet::new();
    let mut stack = vec![when];
    while let Some(index) = stack.pop() {
        let Some(node) = t.nodes.get(index as usize) else { continue };
        let run = Run { start: node.a, len: node.b };
        match node.op {
            op::ALL | op::ANY => stack.extend(rows(t.kids, run).iter().map(|k| k.get())),
            op::NOT => stack.push(node.a.get()),
            op::GOODS => {
                points.extend(rows(t.codes, run).iter().flat_map(|r| [r.first.get(), r.last.get().saturating_add(1)]));
            }
            _ => {}
        }
    }
    if points.is_empty() {
        return Turns::new();
    }
    points.insert(0);
    let end = 10u64.pow(u32::from(CODE_DIGITS));
    let mut turns: Turns = Vec::new();
    for &code in points.range(..end) {
        let possible = certain(t, when, &Known::Code(code)) != Some(false);
        if turns.last().is_none_or(|(_, last)| *last != possible) {
            turns.push((code, possible));
        }
    }
    if turns.iter().all(|(_, possible)| *possible) { Turns::new() } else { turns }
}
