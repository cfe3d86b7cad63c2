//! The expressions of a destination's rules.

use super::*;

/// Every node of a program's rules.
pub(crate) fn reachable<'a>(t: &Tables<'a>, program: &ProgramRow) -> Vec<&'a Node> {
    reachable_on(t, program, None)
}

/// Every node of the rules that are in force on a day; of all rules without one.
pub(super) fn reachable_on<'a>(t: &Tables<'a>, program: &ProgramRow, day: Option<i32>) -> Vec<&'a Node> {
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
