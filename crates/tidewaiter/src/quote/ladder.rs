//! Ladders: the rungs of each charge that count for a question, and which of them its known facts rule out before any
//! amount is computed.
//!
//! What is ruled out here would be found not to hold by the evaluator too, whatever is supposed of the missing facts and
//! whatever goods take the place of the question's: most rungs of a long ladder are for other goods, other carriers or
//! other traders, and skipping them costs a bit test.

use super::case::Case;
use super::evaluate::{holds_goods, in_set};
use crate::ratebook::layout::*;
use crate::ratebook::rows;
use crate::record::Status;

/// The rungs of each charge that are in force on a day and were published by another: most rungs of a file are history.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ladders {
    /// All of them: for whoever wants to see each rung tried.
    all: Rungs,
    /// Those that the facts of the case leave possible.
    possible: Rungs,
    /// The program's first rung, which has the lowest bit of its masks.
    first: u32,
    /// Whether rungs may be passed over at all.
    prunes: bool,
}

#[derive(Debug, Clone, Default)]
struct Rungs {
    rows: Vec<u32>,
    ends: Vec<u32>,
}

impl Rungs {
    #[inline]
    fn of(&self, charge: usize) -> &[u32] {
        let start = charge.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(charge).copied().unwrap_or(start);
        self.rows.get(start as usize..end as usize).unwrap_or(&[])
    }
}

impl Ladders {
    /// The ladders of a case, whose own are not looked at.
    pub(crate) fn of(t: &Tables<'_>, program: &ProgramRow, case: &Case) -> Self {
        let charges = rows(t.charges, program.charges);
        let first = charges.first().map_or(0, |charge| charge.rungs.start.get());
        // A rung that asks for a rate that is not known stops the evaluation, before or after another part of its
        // condition fails: then nothing is passed over.
        let prunes = case.threshold.iter().chain(&case.to_assessed).all(Option::is_some);
        let mut this = Self { first, prunes, ..Self::default() };
        for charge in charges {
            let start = charge.rungs.start.get();
            for (at, rung) in rows(t.rungs, charge.rungs).iter().enumerate() {
                if rung.status == Status::InForce as u8
                    && (rung.from.get()..rung.before.get()).contains(&case.day)
                    && (rung.known_from.get()..rung.known_before.get()).contains(&case.known)
                {
                    this.all.rows.push(start + at as u32);
                    let known = Known::Case { case, program, ladders: &this };
                    if !prunes || certain(t, rung.when.get(), &known) != Some(false) {
                        this.possible.rows.push(start + at as u32);
                    }
                }
            }
            this.all.ends.push(this.all.rows.len() as u32);
            this.possible.ends.push(this.possible.rows.len() as u32);
        }
        this
    }

    /// All rungs of a charge, the first first.
    #[inline]
    pub(crate) fn all(&self, charge: usize) -> &[u32] {
        self.all.of(charge)
    }

    /// The rungs of a charge that the case leaves possible, the first first.
    #[inline]
    pub(crate) fn possible(&self, charge: usize) -> &[u32] {
        self.possible.of(charge)
    }

    /// The bit of a rung in the program's masks.
    #[inline]
    pub(crate) fn bit(&self, rung: u32) -> usize {
        rung.wrapping_sub(self.first) as usize
    }

    /// Whether rungs may be passed over at all.
    #[inline]
    pub(crate) fn prunes(&self) -> bool {
        self.prunes
    }

    /// Holds every rung possible again: for a case whose claims or documents are changed.
    pub(crate) fn hold_all_possible(&mut self) {
        self.possible.clone_from(&self.all);
    }
}

/// Where the mask of the rungs that can hold for goods of codes from `first` to `last` begins; [`NONE`] where they may
/// differ, and where no ladder of the program asks for a code.
pub(crate) fn mask_of(t: &Tables<'_>, program: &ProgramRow, first: u64, last: u64) -> u32 {
    let areas = rows(t.areas, program.areas);
    let after = areas.partition_point(|area| area.first.get() <= first);
    match after.checked_sub(1).and_then(|at| areas.get(at)) {
        Some(area) if areas.get(after).is_none_or(|next| last < next.first.get()) => area.mask.get(),
        _ => NONE,
    }
}

/// What a condition is judged by.
pub(crate) enum Known<'a> {
    /// The full code of goods in the consignment, and nothing else.
    Code(u64),
    /// Everything that is known of a case but the goods themselves, and the ladders before.
    Case { case: &'a Case, program: &'a ProgramRow, ladders: &'a Ladders },
}

/// Whether a condition holds for certain, or does not; nothing where it hangs on more than is known. Three-valued logic, as
/// the evaluator's: a part that is known decides before parts that are not.
pub(crate) fn certain(t: &Tables<'_>, index: u32, known: &Known<'_>) -> Option<bool> {
    let Some(node) = t.nodes.get(index as usize) else { return (index == NONE).then_some(true) };
    match (node.op, known) {
        (op::ALWAYS, _) => Some(true),
        (op::ALL | op::ANY, _) => {
            let decisive = node.op == op::ANY;
            let mut open = false;
            for kid in rows(t.kids, Run { start: node.a, len: node.b }) {
                match certain(t, kid.get(), known) {
                    Some(held) if held == decisive => return Some(decisive),
                    Some(_) => {}
                    None => open = true,
                }
            }
            (!open).then_some(!decisive)
        }
        (op::NOT, _) => certain(t, node.a.get(), known).map(|held| !held),
        (op::GOODS, Known::Code(code)) => {
            let inside = holds_goods(t, node, *code, *code)?;
            match node.arg() {
                0 => Some(inside),
                // Any: one yes decides. No and only: one yes, one no.
                1 => inside.then_some(true),
                2 => inside.then_some(false),
                _ => (!inside).then_some(false),
            }
        }
        (_, Known::Case { case, program, ladders }) => certain_of_case(t, node, case, program, ladders),
        _ => None,
    }
}

fn certain_of_case(t: &Tables<'_>, node: &Node, case: &Case, program: &ProgramRow, ladders: &Ladders) -> Option<bool> {
    let id = node.a.get();
    // Of every line, of none, or of some.
    let of_lines = |held: &dyn Fn(&super::case::Line) -> bool| {
        let count = case.lines.iter().filter(|line| held(line)).count();
        if count == 0 { Some(false) } else { (count == case.lines.len()).then_some(true) }
    };
    match node.op {
        op::SHIPPED => case.ship_from.map(|from| in_set(t, id, from, case.day)),
        op::SELLER => Some(case.seller_in.is_some_and(|from| in_set(t, id, from, case.day))),
        op::REGION => {
            let named = rows(t.kids, Run { start: node.a, len: node.b });
            case.region.map(|region| named.iter().any(|name| name.get() == region))
        }
        op::REGISTERED => Some(case.registrations.contains(&id)),
        op::BUYER => Some(case.buyer_registered),
        op::SALE => Some(case.sale as u8 == node.arg()),
        op::GIFT => Some(case.gift),
        op::CHANNEL => case.channel.map(|channel| channel as u8 == node.arg()),
        op::MODE => case.mode.map(|mode| mode as u8 == node.arg()),
        op::DECLARATION => Some(case.declaration == Some(id)),
        op::FACT => {
            let stated = case.facts.iter().find(|(fact, _)| *fact == id).map(|(_, held)| *held);
            stated.or_else(|| {
                let ask = rows(t.asks, program.asks).iter().find(|ask| ask.fact.get() == id)?;
                (ask.assume != 2).then_some(ask.assume == 1)
            })
        }
        op::CLAIMS if id == NONE => of_lines(&|line| !line.claims.is_empty()).filter(|held| !held),
        op::CLAIMS => of_lines(&|line| line.claims.contains(&id)),
        op::DOCUMENT => of_lines(&|line| line.documents.contains(&id)),
        op::TOOK => {
            // Only a charge before this one has its rungs here already.
            let charge = id as usize;
            let name = node.b.get();
            let named = |rung: &u32| t.rungs.get(*rung as usize).is_some_and(|rung| rung.name.get() == name);
            let settled = charge < ladders.possible.ends.len();
            (settled && !ladders.possible(charge).iter().any(named)).then_some(false)
        }
        _ => None,
    }
}
