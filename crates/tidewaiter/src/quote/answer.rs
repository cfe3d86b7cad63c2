//! From evaluated worlds to the answer document.

use super::apportion::apportion;
use super::case::{Key, TestOf, Value, World};
use super::consignment::Consignment;
use super::document::*;
use super::evaluate::{Sheet, Stop, evaluate, verdict_of};
use super::exchange::{Found, date_of};
use super::explain;
use super::prepare::Prepared;
use super::trace::{Event, Full};
use super::worlds::{Explored, Gap, Seen, explore, gaps};
use crate::decimal::{Decimal, RoundingMode};
use crate::ratebook::compile::day_number;
use crate::ratebook::hex;
use crate::ratebook::layout::*;
use crate::ratebook::rows;
use crate::record::expression::COMPONENT_COUNT;
use crate::record::{Authority, Collector, Confidence, Kind, Status, Verdict};
use jiff::civil::Date;

/// How far ahead announced changes are shown, in days.
const UPCOMING_DAYS: i32 = 550;
/// Version of the quote document.
const DOCUMENT_VERSION: u32 = 1;

pub(crate) struct Writer<'a> {
    pub(crate) t: &'a Tables<'a>,
    pub(crate) program: &'a ProgramRow,
    pub(crate) prepared: &'a Prepared,
    pub(crate) charges: &'a [ChargeRow],
}

/// Least and most of something over all worlds, in the currency of assessment.
#[derive(Debug, Clone, Copy)]
struct Hull {
    least: Decimal,
    most: Option<Decimal>,
}

pub(crate) fn answer(t: &Tables<'_>, asked: &Consignment, prepared: &Prepared, steps: bool) -> Quote {
    let program = &t.programs[prepared.case.program as usize];
    let writer = Writer { t, program, prepared, charges: rows(t.charges, program.charges) };
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

/// Whether something about a world is unknown: a verdict of "unknown", no rule for some goods, no rule on that day.
fn is_open(sheet: &Sheet) -> bool {
    sheet.ruleless || sheet.uncovered.is_some() || sheet.verdict.is_some_and(|(v, _)| v == Verdict::Unknown)
}

fn hull(explored: &Explored, usable: &[&Seen], of: impl Fn(&Seen) -> Decimal) -> Option<Hull> {
    let least = usable.iter().map(|s| of(s)).min()?;
    let closed = usable.iter().filter(|s| !s.is_twice()).map(|s| of(s)).max();
    let twice = usable.iter().filter(|s| s.is_twice()).map(|s| of(s)).max();
    let rises = match (closed, twice) {
        (Some(c), Some(w)) => w > c,
        (None, Some(_)) => true,
        _ => false,
    };
    let _ = explored;
    Some(Hull { least, most: if rises { None } else { closed } })
}

impl<'a> Writer<'a> {
    fn write(&self, asked: &Consignment, steps: bool) -> Quote {
        let case = &self.prepared.case;
        let mut sheet = Sheet::default();
        let explored = explore(self.t, case, &World::default(), &mut sheet);
        let usable = amounts(&explored);
        let mut warnings = self.prepared.warnings.clone();
        let mut messages = Vec::new();
        let mut missing = self.missing(&explored, &usable);
        let mut open = explored.cut_short || usable.iter().any(|s| is_open(&s.sheet));
        if explored.cut_short {
            warnings.push("Too many facts are missing to compute every case; give the goods codes first.".into());
        }
        if let Some(stop) = explored.failure {
            open = true;
            match stop {
                Stop::NoRate(from, to) => {
                    let (from, to) = (self.t.currency_code(from), self.t.currency_code(to));
                    missing.insert(
                        0,
                        Missing { fact: format!("rate {from}/{to}"), item: None, question: format!("How many {to} is one {from}? The law of the destination needs it and no rate is known here."), narrows_by: None },
                    );
                }
                Stop::Number => warnings.push("The amounts are too large to compute exactly.".into()),
                Stop::Damaged | Stop::Need(_) => warnings.push("The ratebook is damaged; check it with `tidewaiter ratebook verify`.".into()),
            }
        }
        for seen in &usable {
            if let Some(charge) = seen.sheet.uncovered {
                let name = self.charges.get(usize::from(charge)).map_or("", |c| self.t.text(c.name.get()));
                push_once(&mut warnings, format!("{name}: no rule is recorded here for that day, so its amount is unknown. Ask the authority, or choose a later date."));
            } else if seen.sheet.ruleless {
                push_once(&mut warnings, "No rule that was published by that day covers some of the goods, so the amount is unknown.".into());
            }
        }

        let refusals: Vec<&Seen> = explored.seen.iter().filter(|s| s.sheet.verdict.is_some_and(|(v, _)| v != Verdict::Unknown)).collect();
        let shown = usable.iter().filter(|s| !s.is_much()).min_by_key(|s| (is_open(&s.sheet), s.total)).copied().or_else(|| usable.first().copied());
        let outcome = self.outcome(&usable, &refusals, open || shown.is_none() && refusals.is_empty(), &explored);
        for seen in &refusals {
            if let Some((verdict, rung)) = seen.sheet.verdict {
                let says = self.t.rungs.get(rung as usize).and_then(|r| self.t.maybe(r.says)).unwrap_or("");
                let name = self.t.rungs.get(rung as usize).map_or("", |r| self.t.text(r.name.get()));
                if usable.is_empty() {
                    push_once(&mut messages, if says.is_empty() { name.to_owned() } else { says.to_owned() });
                } else {
                    let supposed = explain::supposed(self, &seen.world);
                    push_once(&mut warnings, format!("If {supposed}: {} ({name}). {says}", verdict_words(verdict)));
                }
            }
        }
        warnings.truncate(12);

        let chosen = shown.or_else(|| refusals.first().copied());
        let mut full = Full::default();
        let mut traced = Sheet::default();
        if let Some(seen) = chosen {
            let _ = evaluate(*self.t, case, &seen.world, &mut traced, &mut full);
        }
        let mut assumptions = self.prepared.assumptions.clone();
        self.assume(asked, &full.events, &mut assumptions);

        let charges = self.charges(&explored, &usable, shown);
        let total_hull = hull(&explored, &usable, |s| s.total).unwrap_or(Hull { least: Decimal::ZERO, most: None });
        let total_hull = if open || usable.is_empty() { Hull { most: None, ..total_hull } } else { total_hull };
        let (total, charges) = self.in_both(total_hull, charges, &explored, &usable, open);
        let (by_kind, terms) = self.sums(&explored, &usable, total, open);
        // The same total in every world is no exact answer yet if its parts, or who collects them, differ.
        let settled = charges.iter().map(|c| c.sum).chain([terms.seller, terms.border]).all(|s| s.exact().is_some());
        let outcome = if outcome == Outcome::Amount && !settled { Outcome::Range } else { outcome };
        for charge in &charges {
            for treatment in &charge.treatments {
                if let Some(says) = &treatment.says {
                    push_once(&mut messages, says.clone());
                }
            }
        }
        if shown.is_some_and(|s| s.sheet.verdict.is_some())
            && let Some((_, rung)) = shown.and_then(|s| s.sheet.verdict)
            && let Some(says) = self.t.rungs.get(rung as usize).and_then(|r| self.t.maybe(r.says))
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
                    if let Some(note) = self.t.measures.get(*measure as usize).and_then(|m| self.t.measure_notes.get(m.note.get() as usize)) {
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
        let savings = if hulled { self.savings(shown) } else { Vec::new() };
        self.class_hint(shown, &mut warnings);
        let (goods, shipping) = self.values();
        let places = Decimal::ten_to_minus(self.t.minor(case.invoice));
        let sum = |a: Decimal, b: Decimal| a.plus(b).unwrap_or(a);
        let before = sum(goods, shipping);
        let landed = Landed {
            least: sum(before, total.least_asked).rounded(RoundingMode::HalfUp, places).unwrap_or(before),
            most: total.most_asked.map(|m| sum(before, m).rounded(RoundingMode::HalfUp, places).unwrap_or(before)),
        };
        let steps = if steps { explain::steps(self, &full.events, &traced) } else { Vec::new() };
        Quote {
            version: DOCUMENT_VERSION,
            outcome,
            from: asked.from.clone(),
            to: asked.to.clone(),
            to_name: self.t.territories.get(usize::from(self.program.territory.get())).map_or("", |r| self.t.text(r.name.get())).to_owned(),
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
            upcoming: self.upcoming(),
            warnings,
            rates: self.rates(),
            confidence,
            sources,
            editions: self.editions(),
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

    /// Questions, the most useful first.
    fn missing(&self, explored: &Explored, usable: &[&Seen]) -> Vec<Missing> {
        let _ = usable;
        let mut out: Vec<Missing> = Vec::new();
        for Gap { key, narrows_by } in gaps(self.t, explored) {
            let (fact, line, question) = self.question(key);
            let item = line.map(|l| self.prepared.line_items.get(usize::from(l)).map_or(1, |i| i + 1));
            let entry = Missing { fact, item, question, narrows_by };
            if !out.iter().any(|m| m.fact == entry.fact && m.item == entry.item) {
                out.push(entry);
            }
        }
        out
    }

    fn question(&self, key: Key) -> (String, Option<u16>, String) {
        match key {
            Key::Code(line) => {
                let known = self.prepared.case.lines.get(usize::from(line)).map_or(0, |l| l.digits);
                let question = if known == 0 {
                    "What is the goods code (HS code, at least 6 digits) of this item?".to_owned()
                } else {
                    format!("What is the full national goods code of this item? {known} digits are not enough here.")
                };
                ("code".into(), Some(line), question)
            }
            Key::Origin(line) => ("origin".into(), Some(line), "In which country was this item made? (That may differ from where it is sent from.)".into()),
            Key::Channel => ("channel".into(), None, "Who carries it: the post, an express courier, or freight with a broker? (post, express, freight)".into()),
            Key::Mode => ("mode".into(), None, "How does it travel: air, sea, road or rail?".into()),
            Key::Region => ("region".into(), None, "To which state or province does it go? Taxes differ.".into()),
            Key::ShipFrom => ("from".into(), None, "From which country is it sent?".into()),
            Key::Fact(id) => {
                let name = self.t.text(id);
                let ask = rows(self.t.asks, self.program.asks).iter().find(|a| a.fact.get() == id);
                (format!("fact {name}"), None, ask.map_or_else(|| format!("Is it so: {name}?"), |a| self.t.text(a.question.get()).to_owned()))
            }
            Key::Test(_, _, TestOf::History(scope)) => {
                let period = ["day", "month", "quarter", "half-year", "year"][usize::from(scope.saturating_sub(3)).min(4)];
                (format!("history {period}"), None, format!("How many parcels, worth how much, has the buyer already received this {period}?"))
            }
            Key::Test(_, line, TestOf::Weight) => ("weight".into(), (line != u16::MAX && self.prepared.case.lines.len() > 1).then_some(line), "How much does it weigh in kilograms, packed?".into()),
            Key::Test(node, line, TestOf::Quantity) => {
                let unit = self.t.nodes.get(node as usize).map_or("", |n| self.t.text(n.a.get()));
                (format!("quantity {unit}"), Some(line), format!("What is its {} ({unit}) for one piece?", explain::unit_name(unit)))
            }
            Key::Quantity(line, unit) => {
                let unit = self.t.text(unit);
                if unit == "kg" {
                    ("weight".into(), Some(line), "How much does one piece of this item weigh in kilograms?".into())
                } else {
                    (format!("quantity {unit}"), Some(line), format!("What is its {} ({unit}) for one piece?", explain::unit_name(unit)))
                }
            }
            Key::Tariff(line, u8::MAX) => ("tax rate".into(), Some(line), "Which tax rate applies? None is recorded here for that day.".into()),
            Key::Tariff(line, 0) => {
                let code = self.prepared.case.lines.get(usize::from(line)).filter(|l| l.digits > 0).map(explain::code_words);
                let goods = code.map_or("this item".to_owned(), |c| format!("code {c}"));
                ("duty rate".into(), Some(line), format!("What is the customs duty on {goods}? The tariff of {} is not loaded here; look it up at the customs authority.", self.name()))
            }
            Key::Tariff(line, _) => ("additional duty".into(), Some(line), "Which additional duties apply to this item? They are not loaded here.".into()),
            Key::Reading(_) => ("reading".into(), None, String::new()),
        }
    }

    fn name(&self) -> &'a str {
        self.t.territories.get(usize::from(self.program.territory.get())).map_or("", |r| self.t.text(r.name.get()))
    }

    fn assume(&self, asked: &Consignment, events: &[Event], out: &mut Vec<String>) {
        let none_stated = asked.seller.as_ref().is_none_or(|s| s.registrations.is_empty());
        for event in events {
            match *event {
                Event::AskedRegistration { scheme } if none_stated && !self.prepared.case.registrations.contains(&scheme) => {
                        let key = self.t.text(scheme);
                        let name = rows(self.t.schemes, self.program.schemes)
                            .iter()
                            .find(|s| s.key.get() == scheme)
                            .map_or(key, |s| self.t.maybe(s.short).filter(|n| !n.is_empty()).unwrap_or_else(|| self.t.text(s.name.get())));
                        push_once(out, format!("The seller is not registered for {name} ({key})."));
                }
                Event::StatedDuty { line, percent } => {
                    let item = self.prepared.line_items.get(usize::from(line)).map_or(1, |i| i + 1);
                    push_once(out, format!("The customs duty on item {item} is {percent} %, as stated with the question; it was not checked."));
                }
                Event::Assumed { fact, held } => {
                    let name = self.t.text(fact);
                    let ask = rows(self.t.asks, self.program.asks).iter().find(|a| a.fact.get() == fact);
                    let question = ask.map_or(name, |a| self.t.text(a.question.get()));
                    push_once(out, format!("{question} Assumed: {} ({name}).", if held { "yes" } else { "no" }));
                }
                _ => {}
            }
        }
    }

    fn collector_cells(&self, sheet: &Sheet, charge: usize, want: impl Fn(u8) -> bool) -> Decimal {
        let (_, lines) = sheet.size();
        (0..lines).fold(Decimal::ZERO, |sum, line| {
            let rung = self.t.rungs.get(sheet.rung(charge, line) as usize);
            if rung.is_some_and(|r| want(r.collect)) { sum.plus(sheet.amount(charge, line)).unwrap_or(sum) } else { sum }
        })
    }

    fn charges(&self, explored: &Explored, usable: &[&Seen], shown: Option<&Seen>) -> Vec<(Hull, ChargeAnswer)> {
        let mut out = Vec::new();
        for (at, charge) in self.charges.iter().enumerate() {
            let taken = usable.iter().any(|s| (0..s.sheet.size().1).any(|l| s.sheet.rung(at, l) != NONE));
            if !taken {
                continue;
            }
            let found = hull(explored, usable, |s| s.sheet.charge_total(at)).unwrap_or(Hull { least: Decimal::ZERO, most: None });
            let unknown_here = usable.iter().any(|s| {
                (0..s.sheet.size().1).any(|l| self.t.rungs.get(s.sheet.rung(at, l) as usize).is_some_and(|r| r.outcome == Verdict::Unknown as u8))
            });
            let found = if unknown_here { Hull { most: None, ..found } } else { found };
            let mut treatments = shown.map(|s| self.treatments(at, charge, &s.sheet)).unwrap_or_default();
            for seen in usable.iter().filter(|s| !s.is_much()) {
                for other in self.treatments(at, charge, &seen.sheet) {
                    if treatments.len() < 6 && !treatments.iter().any(|t| t.name == other.name && t.rule == other.rule) {
                        treatments.push(other);
                    }
                }
            }
            let waived = shown.is_some_and(|s| s.sheet.waived & (1 << (at & 63)) != 0);
            out.push((
                found,
                ChargeAnswer {
                    key: self.t.text(charge.key.get()).to_owned(),
                    name: self.t.text(charge.name.get()).to_owned(),
                    kind: kind_of(charge.kind),
                    authority: if charge.authority == 1 { Authority::Carrier } else { Authority::Government },
                    sum: Sum { least: found.least, most: found.most, least_asked: Decimal::ZERO, most_asked: None },
                    treatments,
                    waived,
                },
            ));
        }
        out
    }

    fn treatments(&self, at: usize, charge: &ChargeRow, sheet: &Sheet) -> Vec<Treatment> {
        let mut out: Vec<(u32, Treatment)> = Vec::new();
        for line in 0..sheet.size().1 {
            let index = sheet.rung(at, line);
            let Some(rung) = self.t.rungs.get(index as usize) else { continue };
            if let Some((_, t)) = out.iter_mut().find(|(i, _)| *i == index) {
                t.base = t.base.plus(sheet.base(at, line)).unwrap_or(t.base);
                t.amount = t.amount.plus(sheet.amount(at, line)).unwrap_or(t.amount);
                continue;
            }
            let facts: Vec<SourceAnswer> = rows(self.t.kids, rung.cites).iter().filter_map(|id| self.source(id.get())).collect();
            let base_rule = match self.t.rungs.get(index as usize) {
                Some(r) if r.base.get() != NONE => String::new(),
                _ => self.t.text(charge.base_text.get()).to_owned(),
            };
            let mut rule = self.t.maybe(rung.amount_text).map(str::to_owned);
            if let Some(text) = &rule
                && let Some(percent) = self.rate_in_words(rung.amount.get(), line)
            {
                rule = Some(format!("{percent} ({text})"));
            }
            out.push((
                index,
                Treatment {
                    name: self.t.text(rung.name.get()).to_owned(),
                    rule,
                    when: self.t.maybe(rung.when_text).map(str::to_owned),
                    base: sheet.base(at, line),
                    base_rule,
                    amount: sheet.amount(at, line),
                    collect: collector_of(rung.collect),
                    scheme: self.t.maybe(rung.scheme).map(str::to_owned),
                    says: self.t.maybe(rung.says).map(str::to_owned),
                    confidence: facts.iter().map(|f| f.confidence).min(),
                    cites: facts.into_iter().map(|f| f.key).collect(),
                },
            ));
        }
        out.into_iter().map(|(_, t)| t).collect()
    }

    /// "20 %" for an amount that is just a rate table.
    fn rate_in_words(&self, node: u32, line: usize) -> Option<String> {
        let node = self.t.nodes.get(node as usize)?;
        if node.op != op::RATE {
            return None;
        }
        let arm = self.arm_used(node, line as u16)?;
        Some(format!("{} %", Decimal::from_units(arm.percent.get())))
    }

    fn rates_used(&self, events: &[Event]) -> Vec<(u16, &'a Node)> {
        let mut out: Vec<(u16, &'a Node)> = Vec::new();
        for event in events {
            if let Event::Unit { rung, first, .. } = event
                && let Some(rung) = self.t.rungs.get(*rung as usize)
            {
                let mut stack = vec![rung.amount.get()];
                while let Some(index) = stack.pop() {
                    let Some(node) = self.t.nodes.get(index as usize) else { continue };
                    match node.op {
                        op::RATE => out.push((*first, node)),
                        op::PERCENT | op::GROSS_UP | op::TIMES | op::WHOLE_ITEMS => stack.push(node.a.get()),
                        op::SUM | op::MAX | op::MIN => stack.extend(rows(self.t.kids, Run { start: node.a, len: node.b }).iter().map(|k| k.get())),
                        op::LESS => stack.extend([node.a.get(), node.b.get()]),
                        op::IF => stack.extend([node.b.get(), node.c.get()]),
                        op::CLAMP => stack.extend([node.a.get(), node.b.get(), node.c.get()]),
                        _ => {}
                    }
                }
            }
        }
        out
    }

    /// The value of a rate table that a line takes, as the evaluator chooses it.
    fn arm_used(&self, node: &Node, line: u16) -> Option<&'a ArmRow> {
        let case = &self.prepared.case;
        let row = case.lines.get(usize::from(line))?;
        let arms = rows(self.t.arms, Run { start: node.a, len: node.b });
        let mut current = arms.iter().filter(|a| a.from.get() <= case.day && case.day < a.before.get());
        if let Some(class) = row.tax_class {
            if let Some(arm) = current.clone().find(|a| a.class.get() == class && a.coded == 0) {
                return Some(arm);
            }
        } else {
            let (first, last) = row.code_span();
            let best = current
                .clone()
                .filter(|a| a.coded == 1 && a.first.get() <= first && last <= a.last.get())
                .min_by_key(|a| a.last.get() - a.first.get());
            if best.is_some() {
                return best;
            }
        }
        current.find(|a| a.class.get() == 1 && a.coded == 0)
    }

    fn asked(&self, amount: Decimal) -> Decimal {
        let case = &self.prepared.case;
        let places = Decimal::ten_to_minus(self.t.minor(case.invoice));
        case.invoice_to_assessed.inverse().apply(amount).and_then(|a| a.rounded(RoundingMode::HalfUp, places)).unwrap_or(amount)
    }

    fn sum_of(&self, hull: Hull) -> Sum {
        Sum { least: hull.least, most: hull.most, least_asked: self.asked(hull.least), most_asked: hull.most.map(|m| self.asked(m)) }
    }

    /// Puts every charge into the currency of the question, so that exact parts sum to the exact total.
    fn in_both(&self, total: Hull, charges: Vec<(Hull, ChargeAnswer)>, explored: &Explored, usable: &[&Seen], open: bool) -> (Sum, Vec<ChargeAnswer>) {
        let _ = (explored, usable, open);
        let total = self.sum_of(total);
        let exact = total.most == Some(total.least) && charges.iter().all(|(h, _)| h.most == Some(h.least));
        let places = Decimal::ten_to_minus(self.t.minor(self.prepared.case.invoice));
        let weights: Vec<Decimal> = charges.iter().map(|(h, _)| h.least).collect();
        let parts = if exact { apportion(total.least_asked, &weights, places).ok() } else { None };
        let charges = charges
            .into_iter()
            .enumerate()
            .map(|(at, (hull, mut charge))| {
                charge.sum = self.sum_of(hull);
                if let Some(parts) = &parts
                    && let Some(part) = parts.get(at)
                    && !hull.least.is_zero()
                {
                    charge.sum.least_asked = *part;
                    charge.sum.most_asked = Some(*part);
                }
                charge
            })
            .collect();
        (total, charges)
    }

    fn sums(&self, explored: &Explored, usable: &[&Seen], total: Sum, open: bool) -> (ByKind, Terms) {
        let wrap = |of: &dyn Fn(&Seen) -> Decimal| -> Sum {
            let found = hull(explored, usable, of).unwrap_or(Hull { least: Decimal::ZERO, most: None });
            self.sum_of(if open || usable.is_empty() { Hull { most: None, ..found } } else { found })
        };
        let kinds = |s: &Seen, want: &dyn Fn(Kind) -> bool| {
            self.charges.iter().enumerate().filter(|(_, c)| want(kind_of(c.kind))).fold(Decimal::ZERO, |sum, (at, _)| sum.plus(s.sheet.charge_total(at)).unwrap_or(sum))
        };
        let collected = |s: &Seen, want: &dyn Fn(u8) -> bool| {
            (0..self.charges.len()).fold(Decimal::ZERO, |sum, at| sum.plus(self.collector_cells(&s.sheet, at, want)).unwrap_or(sum))
        };
        let mut duties = wrap(&|s| kinds(s, &|k| k.is_duty()));
        let mut taxes = wrap(&|s| kinds(s, &|k| !k.is_duty() && !k.is_fee()));
        let mut fees = wrap(&|s| kinds(s, &|k| k.is_fee()));
        // Where no rule has the seller collect, nothing is open there.
        let anyone = |want: &dyn Fn(u8) -> bool| {
            usable.iter().any(|s| {
                let (charges, lines) = s.sheet.size();
                (0..charges).any(|c| (0..lines).any(|l| self.t.rungs.get(s.sheet.rung(c, l) as usize).is_some_and(|r| want(r.collect))))
            })
        };
        let mut seller = wrap(&|s| collected(s, &|c| c == Collector::Seller as u8));
        let mut border = wrap(&|s| collected(s, &|c| c != Collector::Seller as u8));
        for (sum, collects) in [(&mut seller, anyone(&|c| c == Collector::Seller as u8)), (&mut border, anyone(&|c| c != Collector::Seller as u8))] {
            if !collects && !usable.is_empty() {
                *sum = Sum { least: Decimal::ZERO, most: Some(Decimal::ZERO), least_asked: Decimal::ZERO, most_asked: Some(Decimal::ZERO) };
            }
        }
        if total.most == Some(total.least) {
            let places = Decimal::ten_to_minus(self.t.minor(self.prepared.case.invoice));
            let settle = |sums: &mut [&mut Sum]| {
                let weights: Vec<Decimal> = sums.iter().map(|s| s.least).collect();
                if weights.iter().all(Decimal::is_zero_ref) {
                    return;
                }
                if let Ok(parts) = apportion(total.least_asked, &weights, places) {
                    for (sum, part) in sums.iter_mut().zip(parts) {
                        sum.least_asked = part;
                        sum.most_asked = Some(part);
                    }
                }
            };
            settle(&mut [&mut duties, &mut taxes, &mut fees]);
            settle(&mut [&mut seller, &mut border]);
        }
        (ByKind { duties, taxes, fees }, Terms { seller, border, checkout_ddp: total, checkout_dap: seller, on_delivery_dap: border })
    }

    fn items(&self, asked: &Consignment, shown: Option<&Seen>) -> Vec<ItemAnswer> {
        let prepared = self.prepared;
        let mut out: Vec<ItemAnswer> = asked
            .items
            .iter()
            .zip(&prepared.items)
            .map(|(item, (_, value))| ItemAnswer { description: item.description.clone(), code: item.code.clone(), value: *value, charges: Vec::new() })
            .collect();
        let Some(seen) = shown else { return out };
        let (charges, lines) = seen.sheet.size();
        for line in 0..lines {
            let members: Vec<usize> = prepared.items.iter().enumerate().filter(|(_, (l, _))| *l == line).map(|(i, _)| i).collect();
            let weights: Vec<Decimal> = members.iter().map(|&i| prepared.items[i].1).collect();
            for charge in 0..charges {
                if seen.sheet.rung(charge, line) == NONE {
                    continue;
                }
                let Ok(parts) = apportion(seen.sheet.amount(charge, line), &weights, prepared.case.minor) else { continue };
                let key = self.t.text(self.charges[charge].key.get());
                for (&item, part) in members.iter().zip(parts) {
                    out[item].charges.push(ItemCharge { key: key.to_owned(), amount: part });
                }
            }
        }
        out
    }

    fn values(&self) -> (Decimal, Decimal) {
        let mut goods = Decimal::ZERO;
        let mut rest = Decimal::ZERO;
        for line in &self.prepared.case.lines {
            goods = goods.plus(line.components[0]).unwrap_or(goods);
            // Everything the buyer pays besides the goods; the carrier's clearance fee and foreign tax are not added here.
            for component in &line.components[1..COMPONENT_COUNT - 2] {
                rest = rest.plus(*component).unwrap_or(rest);
            }
        }
        (goods, rest)
    }

    pub(crate) fn source(&self, id: u32) -> Option<SourceAnswer> {
        let fact = self.t.facts.get(id as usize)?;
        Some(SourceAnswer {
            key: self.t.text(fact.key.get()).to_owned(),
            statement: self.t.text(fact.statement.get()).to_owned(),
            law: self.t.maybe(fact.law).map(str::to_owned),
            publisher: self.t.text(fact.publisher.get()).to_owned(),
            title: self.t.maybe(fact.title).map(str::to_owned),
            url: self.t.maybe(fact.url).map(str::to_owned),
            date: (fact.source_date.get() != DAY_MIN).then(|| date_of(fact.source_date.get())).flatten(),
            confidence: match fact.confidence {
                2 => Confidence::High,
                1 => Confidence::Medium,
                _ => Confidence::Low,
            },
            note: self.t.maybe(fact.note).map(str::to_owned),
        })
    }

    fn disputes(&self, explored: &Explored, total: Sum) -> Vec<DisputeAnswer> {
        let mut out = Vec::new();
        for (at, dispute) in rows(self.t.disputes, self.program.disputes).iter().enumerate() {
            let readings = rows(self.t.readings, dispute.readings);
            let Some(used) = readings.get(dispute.default.get() as usize) else { continue };
            let mut others = Vec::new();
            for (n, reading) in readings.iter().enumerate() {
                if n == dispute.default.get() as usize {
                    continue;
                }
                let world = World(vec![(Key::Reading(at as u16), Value::Number(Decimal::from_int(n as i64)))]);
                let mut sheet = Sheet::default();
                let other = explore(self.t, &self.prepared.case, &world, &mut sheet);
                let open = amounts(&other).iter().any(|s| is_open(&s.sheet));
                let found = total_of(&other).unwrap_or(Hull { least: Decimal::ZERO, most: None });
                let sum = self.sum_of(if open { Hull { most: None, ..found } } else { found });
                let verdicts = |e: &Explored| e.seen.iter().filter_map(|s| s.sheet.verdict.map(|v| v.0)).max();
                if (sum.least, sum.most) != (total.least, total.most) || verdicts(&other) != verdicts(explored) {
                    others.push(OtherReading { reading: self.t.text(reading.name.get()).to_owned(), says: self.t.text(reading.says.get()).to_owned(), total: sum });
                }
            }
            if !others.is_empty() {
                out.push(DisputeAnswer {
                    key: self.t.text(dispute.key.get()).to_owned(),
                    question: self.t.text(dispute.question.get()).to_owned(),
                    used: self.t.text(used.name.get()).to_owned(),
                    used_says: self.t.text(used.says.get()).to_owned(),
                    others,
                });
            }
        }
        out
    }

    /// Lower duties open to a trader who claims them.
    fn savings(&self, shown: Option<&Seen>) -> Vec<Saving> {
        let Some(seen) = shown else { return Vec::new() };
        let mut out: Vec<Saving> = Vec::new();
        for line in 0..self.prepared.case.lines.len() {
            for program in self.programs_for(line, &seen.world) {
                let mut case = self.prepared.case.clone();
                if case.lines[line].claims.contains(&program.0) {
                    continue;
                }
                case.lines[line].claims.push(program.0);
                let mut sheet = Sheet::default();
                if evaluate(*self.t, &case, &seen.world, &mut sheet, &mut super::trace::Silent).is_err() {
                    continue;
                }
                let total = sheet.total();
                if total < seen.total && sheet.verdict.is_none() {
                    out.push(Saving {
                        item: self.prepared.line_items.get(line).map_or(1, |i| i + 1),
                        program: self.t.text(program.0).to_owned(),
                        proof: program.1,
                        rule: program.2,
                        total,
                        saves: seen.total.minus(total).unwrap_or_default(),
                    });
                }
            }
        }
        out.sort_by_key(|s| std::cmp::Reverse(s.saves));
        out
    }

    fn programs_for(&self, line: usize, world: &World) -> Vec<(u32, Option<String>, String)> {
        let mut out: Vec<(u32, Option<String>, String)> = Vec::new();
        let mut sheet = Sheet::default();
        let mut full = Full::default();
        let _ = evaluate(*self.t, &self.prepared.case, world, &mut sheet, &mut full);
        for event in &full.events {
            if let Event::Measure { line: l, measure, applied: false, .. } = event
                && usize::from(*l) == line
                && let Some(note) = self.t.measures.get(*measure as usize).and_then(|m| self.t.measure_notes.get(m.note.get() as usize))
                && note.program.get() != NONE
                && !out.iter().any(|(p, ..)| *p == note.program.get())
            {
                out.push((note.program.get(), self.t.maybe(note.proof).map(str::to_owned), self.t.text(note.amount_text.get()).to_owned()));
            }
        }
        out
    }

    fn upcoming(&self) -> Vec<Upcoming> {
        let day = self.prepared.case.day;
        let known = self.prepared.case.known;
        let mut out = Vec::new();
        for charge in self.charges {
            for rung in rows(self.t.rungs, charge.rungs) {
                let from = rung.from.get();
                let pending = rung.status == Status::Scheduled as u8 || rung.status == Status::Proposed as u8;
                let ahead = from > day && from <= day.saturating_add(UPCOMING_DAYS);
                if !(ahead && rung.status == Status::InForce as u8 || pending && rung.before.get() > day) || rung.known_from.get() > known {
                    continue;
                }
                out.push(Upcoming {
                    from: (from > day).then(|| date_of(from)).flatten(),
                    charge: self.t.text(charge.key.get()).to_owned(),
                    name: self.t.text(rung.name.get()).to_owned(),
                    rule: self.t.maybe(rung.amount_text).map(str::to_owned),
                    status: if rung.status == Status::Proposed as u8 {
                        Status::Proposed
                    } else if rung.status == Status::Scheduled as u8 {
                        Status::Scheduled
                    } else {
                        Status::InForce
                    },
                    cites: rows(self.t.kids, rung.cites).iter().filter_map(|id| self.source(id.get())).map(|s| s.key).collect(),
                });
            }
        }
        for id in rows(self.t.kids, self.program.rates) {
            let Some(arm) = self.t.arms.get(id.get() as usize) else { continue };
            if arm.coded == 0 && arm.from.get() > day && arm.from.get() <= day.saturating_add(UPCOMING_DAYS) {
                out.push(Upcoming {
                    from: date_of(arm.from.get()),
                    charge: self.t.text(arm.table.get()).to_owned(),
                    name: format!("{} rate", self.t.text(arm.class.get())),
                    rule: Some(format!("{} %", Decimal::from_units(arm.percent.get()))),
                    status: Status::InForce,
                    cites: rows(self.t.kids, arm.cites).iter().filter_map(|id| self.source(id.get())).map(|s| s.key).collect(),
                });
            }
        }
        out.sort_by(|a, b| (a.from.is_none(), a.from, &a.charge).cmp(&(b.from.is_none(), b.from, &b.charge)));
        out
    }

    fn rates(&self) -> Vec<RateUsed> {
        let case = &self.prepared.case;
        let mut out: Vec<RateUsed> = Vec::new();
        let mut add = |found: &Found, to: u16, purpose: &str| {
            if to == case.invoice {
                return;
            }
            let Ok(rate) = found.ratio.apply(Decimal::ONE) else { return };
            out.push(RateUsed {
                from: self.t.currency_code(case.invoice).to_owned(),
                to: self.t.currency_code(to).to_owned(),
                rate,
                purpose: purpose.to_owned(),
                publisher: match found.series.and_then(|s| self.t.series.get(s)) {
                    Some(series) if found.pegged => format!("{}, with an official peg", self.t.text(series.publisher.get())),
                    Some(series) => self.t.text(series.publisher.get()).to_owned(),
                    None => "given with the question".to_owned(),
                },
                day: found.day.and_then(date_of),
            });
        };
        if let Some(found) = &self.prepared.assessment {
            add(found, case.assessed_in, "assessment");
        }
        for (slot, found) in rows(self.t.kids, self.program.slots).iter().zip(&self.prepared.thresholds) {
            if let Some(found) = found
                && slot.get() as u16 != case.assessed_in
            {
                add(found, slot.get() as u16, "threshold");
            }
        }
        out
    }

    fn editions(&self) -> Vec<EditionUsed> {
        rows(self.t.kids, self.program.editions)
            .iter()
            .filter_map(|id| self.t.editions.get(id.get() as usize))
            .map(|e| EditionUsed {
                authority: self.t.text(e.authority.get()).to_owned(),
                number: e.number.get(),
                published: date_of(e.known_from.get()).unwrap_or_default(),
                sha256: hex(&e.sha256),
            })
            .collect()
    }

    /// Says that a reduced rate may apply where the standard rate was taken and reduced classes have no codes.
    fn class_hint(&self, shown: Option<&Seen>, warnings: &mut Vec<String>) {
        if shown.is_none() || self.prepared.case.lines.iter().all(|l| l.tax_class.is_some()) {
            return;
        }
        let day = self.prepared.case.day;
        let mut classes: Vec<String> = Vec::new();
        for id in rows(self.t.kids, self.program.rates) {
            let Some(arm) = self.t.arms.get(id.get() as usize) else { continue };
            if arm.coded == 0 && arm.class.get() != 1 && arm.from.get() <= day && day < arm.before.get() {
                let text = format!("{} % ({})", Decimal::from_units(arm.percent.get()), self.t.text(arm.class.get()));
                if !classes.contains(&text) {
                    classes.push(text);
                }
            }
        }
        if !classes.is_empty() {
            warnings.push(format!("Some goods have another tax rate: {}. If yours do, give the tax class.", classes.join(", ")));
        }
    }
}

impl Decimal {
    fn is_zero_ref(&self) -> bool {
        self.is_zero()
    }
}

fn push_once(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

pub(crate) fn kind_of(number: u8) -> Kind {
    match number {
        0 => Kind::Duty,
        1 => Kind::AdditionalDuty,
        2 => Kind::Excise,
        3 => Kind::Vat,
        4 => Kind::Gst,
        5 => Kind::SalesTax,
        6 => Kind::Levy,
        _ => Kind::Fee,
    }
}

pub(crate) fn collector_of(number: u8) -> Collector {
    match number {
        1 => Collector::Seller,
        2 => Collector::Carrier,
        _ => Collector::Border,
    }
}

fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unknown => "the amount is unknown",
        Verdict::NotAllowed => "not allowed in this regime",
        Verdict::FormalEntry => "a formal customs entry is needed",
        Verdict::Prohibited => "the goods may not come in",
    }
}

/// Keeps the verdict numbers of the layout and the enum together.
const _: () = assert!(matches!(verdict_of(4), Verdict::Prohibited) && Verdict::Prohibited as u8 == 4);

/// The day number of a date, for others here.
#[allow(dead_code, reason = "used by plan and reverse")]
pub(crate) fn day_of(date: Date) -> i32 {
    day_number(date)
}
