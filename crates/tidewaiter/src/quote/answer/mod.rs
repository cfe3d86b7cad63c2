//! From evaluated worlds to the answer document.

mod charges;
mod claims;
mod context;
mod figures;
mod measures;
mod questions;
mod sums;
#[cfg(test)]
mod tests;

use figures::Settled;
pub(crate) use figures::{Figures, Taken, figures};

use super::apportion::apportion;
use super::case::{Key, Line, TestOf, Value, World};
use super::consignment::Consignment;
use super::document::*;
use super::evaluate::{Ruling, Sheet, Stop, claims_of, evaluate, family_of, in_set};
use super::exchange::{Found, date_of};
use super::explain;
use super::prepare::Prepared;
use super::said::{self, Joined, Message, Said, Value as Put, message};
use super::trace::Silent;
use super::trace::{Event, Full};
use super::worlds::{Domains, Explored, Gap, Seen, explore, gaps, programs_of};
use crate::decimal::{Decimal, RoundingMode};
use crate::ratebook::hex;
use crate::ratebook::layout::*;
use crate::ratebook::numbers::{collector_of, confidence_of, kind_of, status_of};
use crate::ratebook::{editions_of, rows, tariffs_in_force, tariffs_of};
use crate::record::expression::COMPONENT_COUNT;
use crate::record::{Authority, Collector, Kind, Status, Verdict};
use std::cell::RefCell;

/// How far ahead announced changes are shown, in days.
const UPCOMING_DAYS: i32 = 550;
/// Version of the quote document.
const DOCUMENT_VERSION: u32 = 1;

pub(crate) struct Writer<'a> {
    pub(crate) t: &'a Tables<'a>,
    pub(crate) program: &'a ProgramRow,
    pub(crate) prepared: &'a Prepared,
    pub(crate) charges: &'a [ChargeRow],
    domains: RefCell<Domains<'a>>,
}

/// Least and most of something over all worlds, in the currency of assessment.
#[derive(Debug, Clone, Copy)]
struct Hull {
    least: Decimal,
    most: Option<Decimal>,
}

pub(crate) fn answer(t: &Tables<'_>, asked: &Consignment, prepared: &Prepared, steps: bool) -> Quote {
    let program = &t.programs[prepared.case.program as usize];
    let writer =
        Writer { t, program, prepared, charges: rows(t.charges, program.charges), domains: RefCell::default() };
    writer.write(asked, steps)
}

/// All charges under one reading, as a hull.
fn total_of(explored: &Explored) -> Option<Hull> {
    let usable: Vec<&Seen> = amounts(explored);
    hull(explored, &usable, |s| s.total)
}

/// Worlds that end in an amount, even an open one.
fn amounts(explored: &Explored) -> Vec<&Seen> {
    explored.seen.iter().filter(|s| s.sheet.verdict.is_none_or(|(v, _)| v == Verdict::Unknown)).collect()
}

fn hull(explored: &Explored, usable: &[&Seen], of: impl Fn(&Seen) -> Decimal) -> Option<Hull> {
    let (mut least, mut closed, mut twice) = (None, None, None);
    for seen in usable {
        let sum = of(seen);
        least = Some(least.map_or(sum, |least: Decimal| least.min(sum)));
        let most = if seen.is_twice() { &mut twice } else { &mut closed };
        *most = Some(most.map_or(sum, |most: Decimal| most.max(sum)));
    }
    let least = least?;
    let rises = match (closed, twice) {
        (Some(c), Some(w)) => w > c,
        (None, Some(_)) => true,
        _ => false,
    };
    // Of worlds that were not tried nothing is known, not even the least.
    if explored.cut_short {
        return Some(Hull { least: least.min(Decimal::ZERO), most: None });
    }
    Some(Hull { least, most: if rises { None } else { closed } })
}

impl<'a> Writer<'a> {
    fn write(&self, asked: &Consignment, steps: bool) -> Quote {
        let case = &self.prepared.case;
        let mut sheet = Sheet::default();
        let explored = explore(self.t, case, &World::default(), &mut sheet, &mut self.domains.borrow_mut());
        let usable = amounts(&explored);
        let mut warnings = self.prepared.warnings.clone();
        let mut messages = Vec::new();
        let mut missing = self.missing(&explored);
        let mut open = explored.cut_short || usable.iter().any(|s| s.sheet.is_open());
        if explored.cut_short {
            warnings.push((&message::TOO_MANY_CASES).into());
        }
        if let Some(stop) = explored.failure {
            open = true;
            match stop {
                Stop::NoRate(from, to) => {
                    let (from, to) = (self.t.currency_code(from), self.t.currency_code(to));
                    let codes = missing.iter().take_while(|m| m.fact == "code").count();
                    let question = Said::of(&message::ASK_EXCHANGE_RATE, [("from", from.into()), ("to", to.into())]);
                    let fact = format!("rate {from}/{to}");
                    missing.insert(codes, Missing { fact, item: None, question, narrows_by: None });
                }
                Stop::Number => warnings.push((&message::TOO_LARGE).into()),
                Stop::Damaged | Stop::Need(_) => warnings.push((&message::DAMAGED).into()),
            }
        }
        for seen in &usable {
            if let Some(charge) = seen.sheet.uncovered {
                let name = self.charges.get(usize::from(charge)).map_or("", |c| self.t.text(c.name.get()));
                let name = ("charge", said::data(name));
                push_once(
                    &mut warnings,
                    match self.first_published(usize::from(charge)) {
                        Some(published) => Said::of(&message::PUBLISHED_LATER, [name, ("published", published.into())]),
                        None => Said::of(&message::NO_RULE_THAT_DAY, [name]),
                    },
                );
            } else if seen.sheet.ruleless {
                push_once(&mut warnings, (&message::GOODS_UNCOVERED).into());
            }
        }

        let refusals: Vec<&Seen> =
            explored.seen.iter().filter(|s| s.sheet.verdict.is_some_and(|(v, _)| v != Verdict::Unknown)).collect();
        let shown = usable
            .iter()
            .filter(|s| !s.is_much())
            .min_by_key(|s| (s.sheet.is_open(), s.total))
            .copied()
            .or_else(|| usable.first().copied());
        let outcome = self.outcome(&usable, &refusals, open || shown.is_none() && refusals.is_empty(), &explored);
        for seen in &refusals {
            if let Some((verdict, by)) = seen.sheet.verdict {
                let (name, says) = self.ruling(by);
                if usable.is_empty() {
                    push_once(&mut messages, if says.is_empty() { name.to_owned() } else { says.to_owned() });
                } else {
                    let supposed = explain::supposed(self, &seen.world);
                    let verdict = Said::from(verdict_message(verdict)).into();
                    let places = [
                        ("supposed", supposed),
                        ("verdict", verdict),
                        ("rule", said::data(name)),
                        ("says", said::data(says)),
                    ];
                    push_once(&mut warnings, Said::of(&message::IF_NO_AMOUNT, places));
                }
            }
        }
        warnings.truncate(12);

        let chosen = shown.or_else(|| refusals.first().copied());
        let mut full = Full::default();
        let mut traced = Sheet::default();
        if let Some(seen) = chosen {
            let _ = evaluate(self.t, case, &seen.world, &mut traced, &mut full);
        }
        let mut assumptions = self.prepared.assumptions.clone();
        self.assume(asked, &full.events, &mut assumptions);

        let mut charges = self.charges(&explored, &usable, shown);
        self.tariff_in_words(chosen, &usable, &full.events, &mut charges);
        let Settled { outcome, total, charges, by_kind, terms } =
            self.settle(outcome, charges, &explored, &usable, open);
        for charge in &charges {
            for treatment in &charge.treatments {
                if let Some(says) = &treatment.says {
                    push_once(&mut messages, says.clone());
                }
            }
        }
        if shown.is_some_and(|s| s.sheet.verdict.is_some())
            && let Some((_, by)) = shown.and_then(|s| s.sheet.verdict)
            && let (_, says) = self.ruling(by)
            && !says.is_empty()
        {
            messages.retain(|m| m != says);
            messages.insert(0, says.to_owned());
        }
        let mut cited: Vec<u32> = Vec::new();
        let mut cite = |run: Run| {
            for id in rows(self.t.kids, run) {
                if !cited.contains(&id.get()) {
                    cited.push(id.get());
                }
            }
        };
        if let Some(seen) = chosen {
            let (n, lines) = seen.sheet.size();
            for charge in 0..n {
                let mut taken = false;
                for line in 0..lines {
                    if let Some(rung) = self.t.rungs.get(seen.sheet.rung(charge, line) as usize) {
                        cite(rung.cites);
                        taken = true;
                    }
                }
                if taken {
                    cite(self.charges[charge].cites);
                }
            }
        }
        // Treatments of other worlds are shown where the answer is a range: their facts too.
        let mut looked_at = std::collections::BTreeSet::new();
        for seen in usable.iter().filter(|s| !s.is_much()) {
            let (n, lines) = seen.sheet.size();
            for (charge, line) in (0..n).flat_map(|c| (0..lines).map(move |l| (c, l))) {
                let index = seen.sheet.rung(charge, line);
                if let Some(rung) = self.t.rungs.get(index as usize)
                    && looked_at.insert((charge, index))
                {
                    let (key, name) = (self.t.text(self.charges[charge].key.get()), self.t.text(rung.name.get()));
                    if charges.iter().any(|c| c.key == key && c.treatments.iter().any(|t| t.name == name)) {
                        cite(rung.cites);
                    }
                }
            }
        }
        for event in &full.events {
            match event {
                Event::Measure { measure, applied: true, .. } => {
                    if let Some(note) = self
                        .t
                        .measures
                        .get(*measure as usize)
                        .and_then(|m| self.t.measure_notes.get(m.note.get() as usize))
                    {
                        cite(note.cites);
                    }
                }
                Event::Waived { waiver, .. } => {
                    if let Some(w) = rows(self.t.waivers, self.program.waivers).get(*waiver as usize) {
                        cite(w.cites);
                    }
                }
                _ => {}
            }
        }
        for (line, node) in self.rates_used(&full.events) {
            if let Some(arm) = self.arm_used(node, line) {
                cite(arm.cites);
            }
        }
        let needs_bounds = missing.iter().any(|m| m.fact == "duty rate");
        if needs_bounds {
            for bound in rows(self.t.bounds, self.program.bounds) {
                let touched = case.lines.iter().any(|l| {
                    let (a, b) = l.code_span();
                    bound.first.get() <= b && a <= bound.last.get()
                });
                if touched {
                    cite(bound.cites);
                }
            }
        }
        let sources: Vec<SourceAnswer> = cited.iter().filter_map(|&id| self.source(id)).collect();
        let confidence = sources.iter().map(|s| s.confidence).min();
        let hulled = matches!(outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown);
        let disputes = self.disputes(&explored, total);
        let mut work = claims::Work::new(case.lines.len(), self.charges.len());
        let savings = if hulled { self.savings(shown, &usable, &full.events, &mut work) } else { Vec::new() };
        self.class_hint(&full.events, &mut warnings);
        self.limits_hint(&full.events, &mut warnings);
        self.published_hint(asked, &mut warnings);
        self.claims_hint(asked, shown, &full.events, &mut warnings, &mut work);
        if work.cut {
            warnings.push((&message::LOWER_DUTIES_CUT).into());
        }
        let (goods, shipping) = self.values();
        let landed = self.landed(total);
        let steps = if steps { explain::steps(self, &full.events, &traced) } else { Vec::new() };
        Quote {
            version: DOCUMENT_VERSION,
            outcome,
            from: asked.from.clone(),
            to: self.t.territory_code(self.program.territory.get()).to_owned(),
            to_name: self
                .t
                .territories
                .get(usize::from(self.program.territory.get()))
                .map_or("", |r| self.t.text(r.name.get()))
                .to_owned(),
            date: date_of(case.day).unwrap_or_default(),
            known_at: asked.known_at,
            currency: self.t.currency_code(case.assessed_in).to_owned(),
            asked_currency: self.t.currency_code(case.invoice).to_owned(),
            goods,
            shipping,
            total,
            landed,
            by_kind,
            terms,
            items: self.items(asked, shown),
            charges,
            missing,
            assumptions,
            messages,
            disputes,
            savings,
            origin_rules: Vec::new(),
            upcoming: self.upcoming(),
            warnings,
            rates: self.rates(),
            confidence,
            sources,
            editions: self.editions(),
            ratebook: String::new(),
            steps,
        }
    }

    fn outcome(&self, usable: &[&Seen], refusals: &[&Seen], open: bool, explored: &Explored) -> Outcome {
        if usable.is_empty() {
            let worst = refusals.iter().filter_map(|s| s.sheet.verdict).map(|(v, _)| v).max();
            return match worst {
                Some(Verdict::Prohibited) => Outcome::Prohibited,
                Some(Verdict::FormalEntry) => Outcome::FormalEntry,
                Some(Verdict::NotAllowed) => Outcome::NotAllowed,
                _ => Outcome::Unknown,
            };
        }
        match total_of(explored) {
            _ if open => Outcome::Unknown,
            Some(Hull { most: None, .. }) | None => Outcome::Unknown,
            Some(Hull { least, most: Some(most) }) if least == most && refusals.is_empty() => Outcome::Amount,
            Some(_) => Outcome::Range,
        }
    }

    /// Name and sentence of what gave a verdict.
    fn ruling(&self, by: Ruling) -> (&'a str, &'a str) {
        let (name, says) = match by {
            Ruling::Rung(at) => {
                self.t.rungs.get(at as usize).map_or((NONE, NONE), |rung| (rung.name.get(), rung.says.get()))
            }
            Ruling::Measure(at) => {
                let measure = self.t.measures.get(at as usize);
                let note = measure.and_then(|m| self.t.measure_notes.get(m.note.get() as usize));
                note.map_or((NONE, NONE), |note| (note.amount_text.get(), note.says.get()))
            }
        };
        (self.t.text(name), self.t.text(says))
    }

    fn name(&self) -> &'a str {
        self.t.territories.get(usize::from(self.program.territory.get())).map_or("", |r| self.t.text(r.name.get()))
    }
}

fn push_once<T: PartialEq>(list: &mut Vec<T>, text: T) {
    if !list.contains(&text) {
        list.push(text);
    }
}

/// What an answer without a number means.
pub(crate) fn verdict_words(verdict: Verdict) -> &'static str {
    verdict_message(verdict).english
}

fn verdict_message(verdict: Verdict) -> &'static Message {
    match verdict {
        Verdict::Unknown => &message::VERDICT_UNKNOWN,
        Verdict::NotAllowed => &message::VERDICT_NOT_ALLOWED,
        Verdict::FormalEntry => &message::VERDICT_FORMAL_ENTRY,
        Verdict::Prohibited => &message::VERDICT_PROHIBITED,
    }
}
