//! The sums of an answer and the rules that gave them, without the words: for whoever asks the same at many values.

use super::*;

/// What is due, and which rules gave it.
#[derive(Debug)]
pub(crate) struct Figures {
    /// What kind of answer.
    pub(crate) outcome: Outcome,
    /// All charges.
    pub(crate) total: Sum,
    /// Goods, shipping and all charges.
    pub(crate) landed: Landed,
    /// The charges divided by kind.
    pub(crate) by_kind: ByKind,
    /// The same divided by who collects.
    pub(crate) terms: Terms,
    /// For each charge of the destination, in its order.
    pub(crate) taken: Vec<Taken>,
    /// What said that there is no figure, in any world.
    pub(crate) rulings: Vec<(Verdict, Ruling)>,
    /// How many worlds were evaluated.
    pub(crate) worlds: usize,
    /// What it took: evaluations, those that stopped at a missing fact included, times the amounts of each.
    pub(crate) work: usize,
}

/// How a charge came about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The rungs that some goods took in some world, in rising order.
    pub(crate) rungs: Vec<u32>,
    /// Whether its sum was collected in some world, and dropped as too small in some.
    pub(crate) dropped: [bool; 2],
    /// The least and the most of it over all worlds, in the currency of assessment.
    pub(crate) span: Option<(Decimal, Decimal)>,
}

/// The sums of an answer, as it gives them in the end.
pub(super) struct Settled {
    pub(super) outcome: Outcome,
    pub(super) total: Sum,
    pub(super) charges: Vec<ChargeAnswer>,
    pub(super) by_kind: ByKind,
    pub(super) terms: Terms,
}

/// The sums of a question; [`super::answer`] gives the same. `domains` may be kept for other questions that differ in
/// amounts alone.
pub(crate) fn figures<'a>(
    t: &Tables<'a>,
    prepared: &Prepared,
    sheet: &mut Sheet,
    domains: &mut Domains<'a>,
) -> Figures {
    let program = &t.programs[prepared.case.program as usize];
    let explored = explore(t, &prepared.case, &World::default(), sheet, domains);
    let writer =
        Writer { t, program, prepared, charges: rows(t.charges, program.charges), domains: RefCell::default() };
    writer.figures(&explored)
}

impl Writer<'_> {
    fn figures(&self, explored: &Explored) -> Figures {
        let usable = amounts(explored);
        let refusals: Vec<&Seen> =
            explored.seen.iter().filter(|s| s.sheet.verdict.is_some_and(|(v, _)| v != Verdict::Unknown)).collect();
        let open = explored.cut_short || explored.failure.is_some() || usable.iter().any(|seen| seen.sheet.is_open());
        let outcome = self.outcome(&usable, &refusals, open || usable.is_empty() && refusals.is_empty(), explored);
        let charges = self.charges(explored, &usable, None);
        let Settled { outcome, total, by_kind, terms, .. } = self.settle(outcome, charges, explored, &usable, open);
        let mut rulings: Vec<(Verdict, Ruling)> = explored.seen.iter().filter_map(|seen| seen.sheet.verdict).collect();
        rulings.sort_by_key(|(verdict, by)| match by {
            Ruling::Rung(at) => (*verdict, false, *at),
            Ruling::Measure(at) => (*verdict, true, *at),
        });
        rulings.dedup();
        let work = explored.evaluated * (self.prepared.case.lines.len() * self.charges.len()).max(1);
        let (taken, worlds) = (self.taken(explored), explored.seen.len());
        let landed = self.landed(total);
        Figures { outcome, total, landed, by_kind, terms, taken, rulings, worlds, work }
    }

    /// What [`Self::charges`] found, as the answer gives it.
    pub(super) fn settle(
        &self,
        outcome: Outcome,
        charges: Vec<(Hull, ChargeAnswer)>,
        explored: &Explored,
        usable: &[&Seen],
        open: bool,
    ) -> Settled {
        let total = hull(explored, usable, |s| s.total).unwrap_or(Hull { least: Decimal::ZERO, most: None });
        // With cases left out even the least amount is not certain.
        let total = if explored.cut_short { Hull { least: Decimal::ZERO, most: None } } else { total };
        let total = if open || usable.is_empty() { Hull { most: None, ..total } } else { total };
        let (total, charges) = self.in_both(total, charges, explored, usable, open);
        let (by_kind, terms) = self.sums(explored, usable, total, open);
        // The same total in every world is no exact answer yet if its parts, or who collects them, differ.
        let settled = charges.iter().map(|c| c.sum).chain([terms.seller, terms.border]).all(|s| s.exact().is_some());
        let outcome = if outcome == Outcome::Amount && !settled { Outcome::Range } else { outcome };
        Settled { outcome, total, charges, by_kind, terms }
    }

    /// Goods, shipping and charges, in the currency of the question.
    pub(super) fn landed(&self, total: Sum) -> Landed {
        let (goods, shipping) = self.values();
        let places = Decimal::ten_to_minus(self.t.minor(self.prepared.case.invoice));
        let sum = |a: Decimal, b: Decimal| a.plus(b).unwrap_or(a);
        let before = sum(goods, shipping);
        let rounded = |charges| sum(before, charges).rounded(RoundingMode::HalfUp, places).unwrap_or(before);
        Landed { least: rounded(total.least_asked), most: total.most_asked.map(rounded) }
    }

    fn taken(&self, explored: &Explored) -> Vec<Taken> {
        let mut out = vec![Taken::default(); self.charges.len()];
        for seen in explored.seen.iter().filter(|seen| !seen.is_much()) {
            let (_, lines) = seen.sheet.size();
            for (at, taken) in out.iter_mut().enumerate() {
                let rungs = (0..lines).map(|line| seen.sheet.rung(at, line)).filter(|rung| *rung != NONE);
                taken.rungs.extend(rungs);
                taken.dropped[usize::from(seen.sheet.waived & (1 << (at & 63)) != 0)] = true;
                let sum = seen.sheet.charge_total(at);
                taken.span = Some(taken.span.map_or((sum, sum), |(least, most)| (least.min(sum), most.max(sum))));
            }
        }
        for taken in &mut out {
            taken.rungs.sort_unstable();
            taken.rungs.dedup();
        }
        out
    }
}
