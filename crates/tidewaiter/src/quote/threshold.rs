//! The goods values at which the rules of a destination may change.

use super::case::Case;
use super::consignment::Consignment;
use super::worlds::reachable;
use crate::decimal::Decimal;
use crate::ratebook::layout::{Tables, op};
use crate::ratebook::rows;

/// Goods values above zero, in the currency of the question, at which a money test of the rules may change. Some change
/// nothing, and a rule that tests another sum (with duty, say) changes at a value that is not here.
pub(super) fn thresholds(t: &Tables<'_>, asked: &Consignment, case: &Case) -> Vec<Decimal> {
    let mut out = Vec::new();
    let Some(program) = t.programs.get(case.program as usize) else { return out };
    let shipping: Decimal = [asked.freight, asked.insurance, asked.packing, asked.inland_freight]
        .into_iter()
        .flatten()
        .fold(Decimal::ZERO, |s, v| s.plus(v).unwrap_or(s));
    let pieces = asked.items.iter().fold(Decimal::ZERO, |s, i| s.plus(i.quantity).unwrap_or(s));
    for node in reachable(t, program) {
        if node.op != op::VALUE {
            continue;
        }
        for side in [node.a.get(), node.b.get()] {
            let Some(flat) = t.nodes.get(side as usize).filter(|n| n.op == op::FLAT) else { continue };
            let value = Decimal::from_units(flat.value.get());
            let Some(ratio) = case.for_test(flat.slot.get()) else { continue };
            let Ok(limit) = ratio.inverse().apply(value) else { continue };
            // On goods alone, on goods with shipping, on a single piece: each may be the tested sum.
            out.push(limit);
            out.extend(limit.minus(shipping));
            out.extend(limit.times(pieces));
        }
    }
    for waiver in rows(t.waivers, program.waivers) {
        out.push(Decimal::from_units(waiver.value.get()));
    }
    out.retain(|limit| *limit > Decimal::ZERO);
    out.sort_unstable();
    out.dedup();
    out
}
