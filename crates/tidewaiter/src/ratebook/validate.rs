//! Checks the tables once when a ratebook is opened, so that evaluation ends, stays in bounds and stays cheap whatever
//! the bytes are.
//!
//! Nodes may only refer to nodes before them, which rules out circles; their total cost, counted as if shared parts
//! were copied, is bounded, which rules out expressions that double at every step.

use super::RatebookError;
use super::layout::*;

/// Most evaluations one expression may cost.
const MAX_COST: u64 = 100_000;
/// Deepest nesting of an expression.
const MAX_DEPTH: u16 = 128;
/// Most charges of one economy.
pub(crate) const MAX_CHARGES: usize = 64;
/// Most currencies one economy's rules mention.
pub(crate) const MAX_SLOTS: usize = 32;

type Check = Result<(), RatebookError>;

fn damaged(table: &'static str, row: usize, what: &'static str) -> RatebookError {
    RatebookError::Damaged { table, row, what }
}

struct At {
    table: &'static str,
    row: usize,
}

impl At {
    fn run(&self, run: Run, len: usize, what: &'static str) -> Check {
        let end = run.start.get() as u64 + run.len.get() as u64;
        if end <= len as u64 { Ok(()) } else { Err(damaged(self.table, self.row, what)) }
    }
    fn index(&self, index: u32, len: usize, what: &'static str) -> Check {
        if (index as usize) < len { Ok(()) } else { Err(damaged(self.table, self.row, what)) }
    }
    fn optional(&self, index: u32, len: usize, what: &'static str) -> Check {
        if index == NONE { Ok(()) } else { self.index(index, len, what) }
    }
    fn must(&self, holds: bool, what: &'static str) -> Check {
        if holds { Ok(()) } else { Err(damaged(self.table, self.row, what)) }
    }
}

/// Checks everything but the tariff measures, whose rows are checked as they are used.
pub(crate) fn validate(t: &Tables<'_>) -> Check {
    if std::str::from_utf8(t.strings).is_err() {
        return Err(damaged("strings", 0, "they are not UTF-8"));
    }
    for (row, text) in t.texts.iter().enumerate() {
        let start = text.offset.get() as usize;
        let end = start.checked_add(text.len.get() as usize);
        if end.and_then(|end| t.strings.get(start..end)).is_none_or(|bytes| std::str::from_utf8(bytes).is_err()) {
            return Err(damaged("texts", row, "it is not a piece of the strings"));
        }
    }
    if t.order.len() != t.texts.len() {
        return Err(damaged("order", 0, "it does not have a row for each text"));
    }
    for (row, id) in t.order.iter().enumerate() {
        let at = At { table: "order", row };
        at.index(id.get(), t.texts.len(), "its text lies outside")?;
        let before = row.checked_sub(1).map(|before| t.text_bytes(t.order[before].get()));
        at.must(before.is_none_or(|before| before < t.text_bytes(id.get())), "the texts are not sorted")?;
    }
    for (row, p) in t.postcodes.iter().enumerate() {
        let at = At { table: "postcodes", row };
        at.index(u32::from(p.of.get()), t.territories.len(), "its state lies outside")?;
        at.index(u32::from(p.territory.get()), t.territories.len(), "its territory lies outside")?;
        at.index(p.form.get(), t.texts.len(), "its text lies outside")?;
    }
    for (row, c) in t.currencies.iter().enumerate() {
        let at = At { table: "currencies", row };
        at.must(c.code.iter().all(u8::is_ascii_uppercase), "its code is not three capital letters")?;
        at.must(c.minor <= 4, "it has too many minor digits")?;
    }
    for (row, s) in t.set_dir.iter().enumerate() {
        At { table: "set_dir", row }.run(s.rows, t.sets.len(), "its rows lie outside")?;
    }
    validate_nodes(t)?;
    for (row, c) in t.charges.iter().enumerate() {
        let at = At { table: "charges", row };
        at.run(c.rungs, t.rungs.len(), "its rungs lie outside")?;
        at.run(c.cites, t.kids.len(), "its citations lie outside")?;
        at.index(c.base.get(), t.nodes.len(), "its base lies outside")?;
        at.must(op::is_amount(t.nodes[c.base.get() as usize].op), "its base is no amount")?;
        at.must(c.kind <= 7 && c.collect <= 2 && c.authority <= 1, "it has an unknown kind")?;
        at.must(c.round.unit.get() >= 0 && c.base_round.unit.get() >= 0, "it is rounded to a negative unit")?;
    }
    for (row, r) in t.rungs.iter().enumerate() {
        let at = At { table: "rungs", row };
        at.optional(r.when.get(), t.nodes.len(), "its condition lies outside")?;
        at.optional(r.amount.get(), t.nodes.len(), "its amount lies outside")?;
        at.optional(r.base.get(), t.nodes.len(), "its base lies outside")?;
        at.run(r.cites, t.kids.len(), "its citations lie outside")?;
        if let Some(n) = t.nodes.get(r.when.get() as usize) {
            at.must(op::is_condition(n.op), "its condition is none")?;
        }
        for node in [r.amount.get(), r.base.get()] {
            if let Some(n) = t.nodes.get(node as usize) {
                at.must(op::is_amount(n.op), "its amount is none")?;
            }
        }
        at.must(r.per <= 6 && r.outcome <= 4 && r.status <= 4 && r.collect <= 2, "it has an unknown kind")?;
        at.must((r.amount.get() == NONE) == (r.outcome != 0), "it has neither amount nor outcome, or both")?;
        at.must(r.round.unit.get() >= 0, "it is rounded to a negative unit")?;
    }
    let area_steps = steps_back(t.areas.iter().map(|area| (area.first.get(), area.first.get())));
    for (row, p) in t.programs.iter().enumerate() {
        let at = At { table: "programs", row };
        at.run(p.charges, t.charges.len(), "its charges lie outside")?;
        at.must(p.charges.len.get() as usize <= MAX_CHARGES, "it has too many charges")?;
        at.run(p.waivers, t.waivers.len(), "its waivers lie outside")?;
        at.run(p.asks, t.asks.len(), "its questions lie outside")?;
        at.run(p.disputes, t.disputes.len(), "its disputes lie outside")?;
        at.run(p.schemes, t.schemes.len(), "its schemes lie outside")?;
        at.run(p.bounds, t.bounds.len(), "its bounds lie outside")?;
        for (run, what) in [
            (p.slots, "its currencies lie outside"),
            (p.rates, "its rates lie outside"),
            (p.facts, "its facts lie outside"),
            (p.tariffs, "its tariffs lie outside"),
            (p.editions, "its editions lie outside"),
            (p.claims, "its programmes lie outside"),
            (p.regions, "its regions lie outside"),
        ] {
            at.run(run, t.kids.len(), what)?;
        }
        at.run(p.areas, t.areas.len(), "its areas lie outside")?;
        at.must(never_steps_back(&area_steps, p.areas), "its areas are not sorted")?;
        at.must(
            p.slots.len.get() as usize <= MAX_SLOTS && p.slots.len.get() > 0,
            "it mentions too many currencies, or none",
        )?;
        for slot in super::rows(t.kids, p.slots) {
            at.index(slot.get(), t.currencies.len().max(1), "a currency lies outside")?;
        }
        at.index(u32::from(p.territory.get()), t.territories.len(), "its territory lies outside")?;
        at.index(u32::from(p.currency.get()), t.currencies.len(), "its currency lies outside")?;
    }
    for (row, w) in t.waivers.iter().enumerate() {
        let at = At { table: "waivers", row };
        at.run(w.charges, t.kids.len(), "its charges lie outside")?;
        at.must(w.compare <= 4, "it has an unknown comparison")?;
    }
    for (row, d) in t.disputes.iter().enumerate() {
        At { table: "disputes", row }.run(d.readings, t.readings.len(), "its readings lie outside")?;
    }
    for (row, s) in t.series.iter().enumerate() {
        At { table: "series", row }.run(s.rows, t.rates.len(), "its rates lie outside")?;
    }
    for (row, r) in t.rates.iter().enumerate() {
        At { table: "rates", row }.must(r.rate.get() > 0, "a rate is not above zero")?;
    }
    for (row, p) in t.pegs.iter().enumerate() {
        At { table: "pegs", row }.must(p.rate.get() > 0, "a rate is not above zero")?;
    }
    if t.sliced.len() > 1 || (t.sliced.is_empty() && !t.left_out.is_empty()) {
        return Err(damaged("sliced", 0, "it does not say once of which ratebook this is a slice"));
    }
    for (row, left) in t.left_out.iter().enumerate() {
        let at = At { table: "left_out", row };
        at.index(u32::from(left.territory.get()), t.territories.len(), "its territory lies outside")?;
    }
    validate_nomenclature(t)
}

fn validate_nodes(t: &Tables<'_>) -> Check {
    let mut costs: Vec<(u64, u16)> = Vec::with_capacity(t.nodes.len());
    for (row, range) in t.codes.iter().enumerate() {
        At { table: "codes", row }.must(range.first.get() <= range.last.get(), "it ends before it begins")?;
    }
    let code_steps = steps_back(t.codes.iter().map(|range| (range.first.get(), range.last.get())));
    for (row, n) in t.nodes.iter().enumerate() {
        let at = At { table: "nodes", row };
        let mut cost = 1u64;
        let mut depth = 0u16;
        let mut child = |index: u32, amount: bool| -> Check {
            let Some(&(c, d)) = costs.get(index as usize) else {
                return Err(damaged("nodes", row, "it refers to itself or a later node"));
            };
            let kind = t.nodes[index as usize].op;
            if amount != op::is_amount(kind) {
                return Err(damaged("nodes", row, "it takes an amount for a condition, or the other way round"));
            }
            cost = cost.saturating_add(c);
            depth = depth.max(d.saturating_add(1));
            Ok(())
        };
        let (a, b, c) = (n.a.get(), n.b.get(), n.c.get());
        let list = Run { start: n.a, len: n.b };
        match n.op {
            op::RELIEVED | op::BASE | op::ALWAYS | op::GIFT | op::BUYER => {}
            op::FLAT => {}
            op::PERCENT | op::GROSS_UP => {
                if a != NONE {
                    child(a, true)?;
                }
                at.must(n.op == op::PERCENT || n.value.get() < 100 * 1_000_000_000_000, "a gross-up of 100 % or more")?;
            }
            op::SPECIFIC => {
                at.optional(a, t.texts.len(), "its unit lies outside")?;
                at.optional(b, t.texts.len(), "its unit lies outside")?;
            }
            op::COMPONENT => {
                at.must(usize::from(n.arg()) < crate::record::expression::COMPONENT_COUNT, "an unknown component")?
            }
            op::CHARGE => at.must((a as usize) < MAX_CHARGES, "a charge that cannot be")?,
            op::TARIFF => at.must(n.arg() <= 5, "an unknown family")?,
            op::SUM | op::MAX | op::MIN => {
                at.run(list, t.kids.len(), "its parts lie outside")?;
                at.must(b > 0, "it has no parts")?;
                for kid in super::rows(t.kids, list) {
                    child(kid.get(), true)?;
                }
            }
            op::ALL | op::ANY => {
                at.run(list, t.kids.len(), "its parts lie outside")?;
                for kid in super::rows(t.kids, list) {
                    child(kid.get(), false)?;
                }
            }
            op::LESS => {
                child(a, true)?;
                child(b, true)?;
            }
            op::TIMES | op::WHOLE_ITEMS => child(a, true)?,
            op::ROUND => {
                child(a, true)?;
                at.must(n.arg() <= 4 && n.value.get() > 0, "an unknown rounding")?;
            }
            op::CLAMP => {
                child(a, true)?;
                child(b, true)?;
                child(c, true)?;
            }
            op::IF => {
                child(a, false)?;
                child(b, true)?;
                child(c, true)?;
            }
            op::BANDS => {
                child(a, true)?;
                at.run(Run { start: n.b, len: n.c }, t.slices.len(), "its slices lie outside")?;
            }
            op::RATE => {
                at.run(list, t.arms.len(), "its values lie outside")?;
                let place = |arm: &ArmRow| match arm.coded {
                    0 => (0, 0, 0),
                    coded => (coded, arm.first.get(), arm.last.get()),
                };
                if !super::rows(t.arms, list).is_sorted_by_key(place) {
                    return Err(damaged("nodes", row, "its values are out of order"));
                }
                if c != NONE {
                    child(c, true)?;
                }
            }
            op::NOT => child(a, false)?,
            op::VALUE => {
                child(a, true)?;
                child(b, true)?;
                at.must(n.arg() <= 4 && c <= 7, "an unknown comparison")?;
            }
            op::IMPORTS | op::WEIGHT => at.must(n.arg() <= 4 && c <= 7, "an unknown comparison")?,
            op::QUANTITY => {
                at.must(n.arg() <= 4, "an unknown comparison")?;
                at.index(a, t.texts.len(), "its unit lies outside")?;
            }
            op::GOODS => {
                at.run(list, t.codes.len(), "its codes lie outside")?;
                at.must(never_steps_back(&code_steps, list), "its codes overlap or are not sorted")?;
                at.must(n.arg() <= 3, "an unknown test of goods")?;
            }
            op::ORIGIN | op::SHIPPED | op::SELLER => at.index(a, t.set_dir.len(), "its territories lie outside")?,
            op::REGION => at.run(list, t.kids.len(), "its regions lie outside")?,
            op::REGISTERED | op::DECLARATION | op::FACT | op::DOCUMENT => {
                at.index(a, t.texts.len(), "its word lies outside")?
            }
            op::CLAIMS => at.optional(a, t.texts.len(), "its word lies outside")?,
            op::SALE => at.must(n.arg() <= 2, "an unknown sale")?,
            op::CHANNEL => at.must(n.arg() <= 2, "an unknown channel")?,
            op::MODE => at.must(n.arg() <= 3, "an unknown mode")?,
            op::READING => {}
            op::TOOK => at.must((a as usize) < MAX_CHARGES, "a charge that cannot be")?,
            _ => return Err(damaged("nodes", row, "an unknown operation")),
        }
        at.must(usize::from(n.slot.get()) < t.currencies.len().max(1), "a currency that cannot be")?;
        at.must(cost <= MAX_COST, "the expression is too large")?;
        at.must(depth <= MAX_DEPTH, "the expression is nested too deeply")?;
        costs.push((cost, depth));
    }
    Ok(())
}

/// For each range, how many ranges up to it do not lie above the one before them. Runs share rows, so that each is checked
/// by its two ends: it is sorted and without overlaps where both have the same number.
fn steps_back(ranges: impl Iterator<Item = (u64, u64)>) -> Vec<u32> {
    let mut steps = 0u32;
    let mut before: Option<u64> = None;
    ranges
        .map(|(first, last)| {
            steps += u32::from(before.is_some_and(|before| first <= before));
            before = Some(last);
            steps
        })
        .collect()
}

/// Whether the rows of a run rise and do not overlap.
fn never_steps_back(steps: &[u32], run: Run) -> bool {
    let rows = super::rows(steps, run);
    rows.first() == rows.last()
}

fn validate_nomenclature(t: &Tables<'_>) -> Check {
    if t.headings.len() != HEADINGS {
        return Err(damaged("headings", 0, "it does not have a row for each four-digit number"));
    }
    let mut last = CHAPTERS;
    for (row, h) in t.headings.iter().enumerate() {
        if h.get() < last || h.get() as usize > t.subs.len() {
            return Err(damaged("headings", row, "it lies outside or before the one above"));
        }
        last = h.get();
    }
    let ids = t.subs.len();
    for (row, tariff) in t.tariffs.iter().enumerate() {
        let start = tariff.offsets.get() as usize;
        if start.checked_add(ids + 1).is_none_or(|end| end > t.offsets.len()) {
            return Err(damaged("tariffs", row, "its offsets lie outside"));
        }
        let at = At { table: "tariffs", row };
        at.run(tariff.roots, t.roots.len(), "its rules lie outside")?;
        at.run(tariff.claims, t.kids.len(), "its programmes lie outside")?;
        at.run(tariff.limits, t.kids.len(), "its words lie outside")?;
    }
    for (row, dir) in t.claim_dir.iter().enumerate() {
        At { table: "claim_dir", row }.run(dir.rows, t.claims.len(), "its programmes lie outside")?;
    }
    for (row, claim) in t.claims.iter().enumerate() {
        let at = At { table: "claims", row };
        at.index(claim.program.get(), t.texts.len(), "its name lies outside")?;
        at.optional(claim.proof.get(), t.texts.len(), "its proof lies outside")?;
        at.optional(claim.name.get(), t.texts.len(), "its name lies outside")?;
        at.run(claim.cites, t.kids.len(), "its sources lie outside")?;
    }
    for (row, moved) in t.moved.iter().enumerate() {
        let at = At { table: "moved", row };
        at.must(row == 0 || t.moved[row - 1].code.get() < moved.code.get(), "it is not after the one above")?;
        at.must(moved.code.get() < 1_000_000, "a code of more than six digits")?;
        at.index(moved.edition.get(), t.texts.len(), "its edition lies outside")?;
        at.index(moved.newer.get(), t.texts.len(), "its edition lies outside")?;
        at.run(moved.to, t.kids.len(), "its codes lie outside")?;
    }
    for (row, root) in t.roots.iter().enumerate() {
        At { table: "roots", row }.index(root.node.get(), t.nodes.len(), "its node lies outside")?;
    }
    Ok(())
}

/// Checks every measure: for [`super::Ratebook::verify`].
pub(crate) fn validate_measures(t: &Tables<'_>) -> Check {
    for (row, m) in t.measures.iter().enumerate() {
        let at = At { table: "measures", row };
        at.must(m.kind <= 8, "an unknown kind")?;
        at.must(m.digits <= 12, "too many digits")?;
        if m.amount.get() == NONE {
            let note = t.measure_notes.get(m.note.get() as usize);
            at.must(note.is_some_and(|n| (1..=4).contains(&n.outcome)), "neither an amount nor an outcome")?;
        } else if m.amount.get() & INLINE_PERCENT == 0 {
            at.index(m.amount.get(), t.nodes.len(), "its amount lies outside")?;
        }
        at.optional(m.when.get(), t.nodes.len(), "its condition lies outside")?;
        at.optional(m.note.get(), t.measure_notes.len(), "its note lies outside")?;
        if m.program.get() != NO_ID {
            at.index(u32::from(m.program.get()), t.claim_dir.len(), "its programmes lie outside")?;
        }
        at.index(u32::from(m.origin.get()), t.set_dir.len(), "its origins lie outside")?;
        at.index(u32::from(m.excluded.get()), t.set_dir.len(), "its exceptions lie outside")?;
    }
    for (row, o) in t.offsets.iter().enumerate() {
        At { table: "offsets", row }.must(o.get() as usize <= t.measures.len(), "it lies outside")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use zerocopy::little_endian::{I128, U16, U32, U64};

    fn list(codes: &[(u64, u64)], start: u32, len: u32) -> Draft {
        let node = Node {
            op: op::GOODS,
            aux: 0,
            slot: U16::new(0),
            a: U32::new(start),
            b: U32::new(len),
            c: U32::new(NONE),
            value: I128::new(0),
        };
        Draft {
            codes: codes.iter().map(|&(a, b)| CodeRow { first: U64::new(a), last: U64::new(b) }).collect(),
            nodes: vec![node],
            ..Draft::default()
        }
    }

    #[test]
    fn lists_of_codes_are_sorted_and_do_not_overlap() {
        let whole = |codes: &[(u64, u64)]| validate_nodes(&list(codes, 0, codes.len() as u32).tables()).is_ok();
        assert!(whole(&[]) && whole(&[(5, 5)]) && whole(&[(1, 3), (5, 5), (7, 9)]));
        assert!(!whole(&[(5, 6), (1, 2)]), "not sorted");
        assert!(!whole(&[(1, 5), (5, 6)]), "one code in two ranges");
        assert!(!whole(&[(1, 9), (2, 3), (10, 11)]), "one range in another");
        assert!(!whole(&[(3, 2)]), "ends before it begins");
        let two = [(1, 3), (5, 6), (2, 2), (9, 9)];
        assert!(!whole(&two));
        for (start, len, sound) in
            [(0, 2, true), (2, 2, true), (1, 2, false), (1, 1, true), (4, 0, true), (3, 2, false)]
        {
            assert_eq!(validate_nodes(&list(&two, start, len).tables()).is_ok(), sound, "{start} {len}");
        }
    }

    #[test]
    fn texts_are_found_by_halving_or_refused() {
        let text = |offset: u32, len: u32| TextRow { offset: U32::new(offset), len: U32::new(len) };
        let with = |order: &[u32]| Draft {
            strings: b"abc".to_vec(),
            texts: vec![text(1, 2), text(0, 1)],
            order: order.iter().copied().map(U32::new).collect(),
            headings: vec![U32::new(CHAPTERS); HEADINGS],
            subs: vec![u8::MAX; CHAPTERS as usize],
            ..Draft::default()
        };
        let sound = with(&[1, 0]);
        assert!(validate(&sound.tables()).is_ok());
        assert_eq!(["a", "bc", "b", ""].map(|t| sound.tables().text_id(t)), [Some(1), Some(0), None, None]);
        for order in [&[0, 1][..], &[1], &[1, 1], &[1, 2], &[1, 0, 0], &[]] {
            assert!(matches!(validate(&with(order).tables()), Err(RatebookError::Damaged { table: "order", .. })));
        }
    }
}
