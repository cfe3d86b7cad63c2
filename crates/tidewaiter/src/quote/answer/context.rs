//! What stands around the amount: sources, disputes, savings, changes to come, rates, editions.

use super::*;

/// What a trader could claim or hold for a line.
#[derive(Debug, Clone)]
struct Offer {
    line: usize,
    program: Option<u32>,
    proof: Option<String>,
    documents: Vec<u32>,
    additional_code: Option<u32>,
    rule: String,
}

impl<'a> Writer<'a> {
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
            confidence: confidence_of(fact.confidence),
            note: self.t.maybe(fact.note).map(str::to_owned),
        })
    }

    /// Keys of the facts that a run cites.
    pub(super) fn cited(&self, run: Run) -> Vec<String> {
        let facts = rows(self.t.kids, run).iter().filter_map(|id| self.t.facts.get(id.get() as usize));
        facts.map(|fact| self.t.text(fact.key.get()).to_owned()).collect()
    }

    pub(super) fn disputes(&self, explored: &Explored, total: Sum) -> Vec<DisputeAnswer> {
        let mut out = Vec::new();
        for (at, dispute) in rows(self.t.disputes, self.program.disputes).iter().enumerate() {
            // A rule that no world came to changes nothing, whichever way it is read; and where not every world is tried,
            // there are no totals to compare.
            if explored.cut_short || explored.disputed >> (at & 63) & 1 == 0 {
                continue;
            }
            let readings = rows(self.t.readings, dispute.readings);
            let Some(used) = readings.get(dispute.default.get() as usize) else { continue };
            let mut others = Vec::new();
            for (n, reading) in readings.iter().enumerate() {
                if n == dispute.default.get() as usize {
                    continue;
                }
                let world = World(vec![(Key::Reading(at as u16), Value::Number(Decimal::from_int(n as i64)))]);
                let mut sheet = Sheet::default();
                let other = explore(self.t, &self.prepared.case, &world, &mut sheet, &mut self.domains.borrow_mut());
                let open = amounts(&other).iter().any(|s| is_open(&s.sheet));
                let found = total_of(&other).unwrap_or(Hull { least: Decimal::ZERO, most: None });
                let sum = self.sum_of(if open { Hull { most: None, ..found } } else { found });
                let verdicts = |e: &Explored| e.seen.iter().filter_map(|s| s.sheet.verdict.map(|v| v.0)).max();
                if (sum.least, sum.most) != (total.least, total.most) || verdicts(&other) != verdicts(explored) {
                    others.push(OtherReading {
                        reading: self.t.text(reading.name.get()).to_owned(),
                        says: self.t.text(reading.says.get()).to_owned(),
                        total: sum,
                    });
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

    /// Lower duties open to a trader who claims them or holds their documents.
    pub(super) fn savings(&self, shown: Option<&Seen>, events: &[Event]) -> Vec<Saving> {
        let Some(seen) = shown else { return Vec::new() };
        let mut out: Vec<Saving> = Vec::new();
        for offer in self.offers_in(&seen.world, events) {
            let mut case = self.prepared.case.clone();
            let Some(line) = case.lines.get_mut(offer.line) else { continue };
            line.claims.extend(offer.program.filter(|program| !line.claims.contains(program)));
            line.documents.extend(&offer.documents);
            case.ladders.hold_all_possible();
            let mut sheet = Sheet::default();
            if evaluate(*self.t, &case, &seen.world, &mut sheet, &mut Silent).is_err() {
                continue;
            }
            let total = sheet.total();
            if total < seen.total && sheet.verdict.is_none() {
                let name = |id: &u32| self.t.text(*id).to_owned();
                out.push(Saving {
                    item: self.prepared.line_items.get(offer.line).map_or(1, |i| i + 1),
                    program: offer.program.as_ref().map(name),
                    proof: offer.proof,
                    documents: offer
                        .documents
                        .iter()
                        .filter(|id| Some(**id) != offer.additional_code)
                        .map(name)
                        .collect(),
                    additional_code: offer.additional_code.as_ref().map(name),
                    rule: offer.rule,
                    total,
                    saves: seen.total.minus(total).unwrap_or_default(),
                });
            }
        }
        out.sort_by_key(|s| std::cmp::Reverse(s.saves));
        out
    }

    /// What would give the measures that were looked at in a world and not taken.
    fn offers_in(&self, world: &World, events: &[Event]) -> Vec<Offer> {
        let mut out: Vec<Offer> = Vec::new();
        let day = self.prepared.case.day;
        let passed_over = events.iter().filter_map(|event| match *event {
            Event::Measure { line, measure, applied: false, .. } => {
                Some((usize::from(line), self.t.measures.get(measure as usize)?))
            }
            _ => None,
        });
        for (line, measure) in passed_over {
            let Some(note) = self.t.measure_notes.get(measure.note.get() as usize) else { continue };
            let Some(stated) = self.prepared.case.lines.get(line) else { continue };
            let Some(documents) = self.documents_for(measure.when.get(), true, &stated.documents) else { continue };
            let code = note.additional_code.get();
            let offer = Offer {
                line,
                program: None,
                proof: None,
                additional_code: documents.contains(&code).then_some(code),
                documents,
                rule: self.t.text(note.amount_text.get()).to_owned(),
            };
            if offer.additional_code.is_some() && self.states_a_code(stated, events) {
                continue;
            }
            let origin = self.origin_in(world, line);
            if measure.program.get() == NO_ID && family_of(measure.kind) == 0 && !offer.documents.is_empty() {
                out.push(offer.clone());
            }
            for claim in claims_of(self.t, measure) {
                let in_force = claim.from.get() <= day && day < claim.before.get();
                let set = u32::from(claim.origin.get());
                let open = in_force && (set == 0 || origin.is_some_and(|o| in_set(self.t, set, o, day)));
                let held = stated.claims.contains(&claim.program.get()) && offer.documents.is_empty();
                if open && !held {
                    let proof = self.t.maybe(claim.proof).map(str::to_owned);
                    out.push(Offer { program: Some(claim.program.get()), proof, ..offer.clone() });
                }
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        out.retain(|o| seen.insert((o.line, o.program, o.documents.clone(), o.rule.clone())));
        out.sort_by_key(|o| o.line);
        out
    }

    /// Whether an additional code of some measure that was looked at is stated for a line: then the goods are of that one.
    fn states_a_code(&self, line: &Line, events: &[Event]) -> bool {
        events.iter().any(|event| {
            let Event::Measure { measure, .. } = *event else { return false };
            let Some(measure) = self.t.measures.get(measure as usize) else { return false };
            let code = self.t.measure_notes.get(measure.note.get() as usize).map_or(NONE, |n| n.additional_code.get());
            family_of(measure.kind) == 0 && code != NONE && line.documents.contains(&code)
        })
    }

    /// The fewest documents that make a condition hold, or not hold, besides those held; nothing where none can. Tests of
    /// other things are left to the evaluation.
    fn documents_for(&self, node: u32, wanted: bool, held: &[u32]) -> Option<Vec<u32>> {
        if node == NONE {
            return wanted.then(Vec::new);
        }
        let node = self.t.nodes.get(node as usize)?;
        let parts = || rows(self.t.kids, Run { start: node.a, len: node.b }).iter();
        match node.op {
            op::ALWAYS => wanted.then(Vec::new),
            op::NOT => self.documents_for(node.a.get(), !wanted, held),
            op::DOCUMENT if held.contains(&node.a.get()) => wanted.then(Vec::new),
            op::DOCUMENT => Some(if wanted { vec![node.a.get()] } else { Vec::new() }),
            op::ALL | op::ANY if (node.op == op::ALL) == wanted => {
                let mut all: Vec<u32> = Vec::new();
                for part in parts() {
                    let more = self.documents_for(part.get(), wanted, held)?;
                    all.extend(more.iter().filter(|id| !all.contains(id)).copied().collect::<Vec<_>>());
                }
                Some(all)
            }
            op::ALL | op::ANY => {
                parts().filter_map(|part| self.documents_for(part.get(), wanted, held)).min_by_key(Vec::len)
            }
            _ => Some(Vec::new()),
        }
    }

    /// Where a line's goods were made, as stated or supposed.
    fn origin_in(&self, world: &World, line: usize) -> Option<u16> {
        self.prepared.case.lines.get(line)?.origin.or(match world.get(Key::Origin(line as u16)) {
            Some(Value::Territory(id)) => Some(id),
            _ => None,
        })
    }

    pub(super) fn upcoming(&self) -> Vec<Upcoming> {
        let day = self.prepared.case.day;
        let known = self.prepared.case.known;
        let mut out = Vec::new();
        for charge in self.charges {
            for rung in rows(self.t.rungs, charge.rungs) {
                let from = rung.from.get();
                // Suspended rules are shown too, since they may come back; expired ones are history.
                let pending =
                    [Status::Scheduled, Status::Proposed, Status::Suspended].iter().any(|s| rung.status == *s as u8);
                let ahead = from > day && from <= day.saturating_add(UPCOMING_DAYS);
                if !(ahead && rung.status == Status::InForce as u8 || pending && rung.before.get() > day)
                    || rung.known_from.get() > known
                {
                    continue;
                }
                out.push(Upcoming {
                    from: (from > day).then(|| date_of(from)).flatten(),
                    charge: self.t.text(charge.key.get()).to_owned(),
                    charge_name: self.t.text(charge.name.get()).to_owned(),
                    name: self.t.text(rung.name.get()).to_owned(),
                    rule: self.t.maybe(rung.amount_text).map(str::to_owned),
                    status: status_of(rung.status),
                    cites: self.cited(rung.cites),
                });
            }
        }
        for id in rows(self.t.kids, self.program.rates) {
            let Some(arm) = self.t.arms.get(id.get() as usize) else { continue };
            if arm.coded == 0 && arm.from.get() > day && arm.from.get() <= day.saturating_add(UPCOMING_DAYS) {
                out.push(Upcoming {
                    from: date_of(arm.from.get()),
                    charge: self.t.text(arm.table.get()).to_owned(),
                    charge_name: self.t.text(arm.table.get()).to_uppercase(),
                    name: format!("{} rate", self.t.text(arm.class.get())),
                    rule: Some(format!("{} %", Decimal::from_units(arm.percent.get()))),
                    status: Status::InForce,
                    cites: self.cited(arm.cites),
                });
            }
        }
        out.sort_by(|a, b| (a.from.is_none(), a.from, &a.charge).cmp(&(b.from.is_none(), b.from, &b.charge)));
        out
    }

    pub(super) fn rates(&self) -> Vec<RateUsed> {
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
                    Some(series) if found.pegged => {
                        format!("{}, with an official peg", self.t.text(series.publisher.get()))
                    }
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

    pub(super) fn editions(&self) -> Vec<EditionUsed> {
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

    /// Says which claims, known by name and with a proof, give these goods nothing.
    pub(super) fn claims_hint(&self, asked: &Consignment, events: &[Event], warnings: &mut Vec<String>) {
        for (at, item) in asked.items.iter().enumerate() {
            for claim in item.claims.iter().filter(|c| c.proof.is_some()) {
                let Some(id) = self.t.text_id(&claim.program) else { continue };
                let gives = |measure: u32| {
                    let row = self.t.measures.get(measure as usize);
                    row.is_some_and(|m| claims_of(self.t, m).iter().any(|c| c.program.get() == id))
                };
                let line = self.prepared.items.get(at).map_or(0, |(line, _)| *line);
                let given = events.iter().any(|event| {
                    matches!(*event, Event::Measure { line: l, measure, applied: true, .. } if usize::from(l) == line && gives(measure))
                });
                let in_rules = rows(self.t.kids, self.program.claims).iter().any(|claim| claim.get() == id);
                let known = programs_of(self.t, self.program).any(|program| program == id);
                if known && !given && !in_rules {
                    warnings.push(format!(
                        "Item {}: the claim of {} gives this item no lower duty that is known here. The agreement may still cover it: ask the customs authority.",
                        at + 1,
                        claim.program
                    ));
                }
            }
        }
    }

    /// Says which tariffs were published only after the day by which the asker wants things to have been.
    pub(super) fn published_hint(&self, asked: &Consignment, warnings: &mut Vec<String>) {
        let (Some(by), moment) = (asked.known_at, self.prepared.case.moment()) else { return };
        for tariff in tariffs_of(self.t, self.program, moment.day).filter(|tariff| !tariff.is_known(moment)) {
            let published = date_of(tariff.known_from.get()).map(|day| day.to_string()).unwrap_or_default();
            push_once(
                warnings,
                format!(
                    "A tariff of {} in this ratebook was published on {published}, after {by}, so its duties are left out. To ask what was known then, use a ratebook made of the editions of that day.",
                    self.t.territory_code(tariff.territory.get()),
                ),
            );
        }
    }

    /// Says what the tariffs that gave a duty leave out.
    pub(super) fn limits_hint(&self, events: &[Event], warnings: &mut Vec<String>) {
        let used = |tariff: &TariffRow| {
            let at = tariff.offsets.get() as usize;
            let last = at.checked_add(self.t.subs.len());
            let ends = self.t.offsets.get(at).zip(last.and_then(|last| self.t.offsets.get(last)));
            ends.is_some_and(|(first, last)| {
                events.iter().any(|event| {
                    matches!(*event, Event::Measure { measure, applied: true, .. } if (first.get()..last.get()).contains(&measure))
                })
            })
        };
        for tariff in tariffs_in_force(self.t, self.program, self.prepared.case.moment()).filter(|t| used(t)) {
            for text in rows(self.t.kids, tariff.limits) {
                push_once(warnings, self.t.text(text.get()).to_owned());
            }
        }
    }

    /// Says that a reduced rate may apply where the standard rate was taken and reduced classes have no codes.
    pub(super) fn class_hint(&self, events: &[Event], warnings: &mut Vec<String>) {
        if self.prepared.case.lines.iter().all(|l| l.tax_class.is_some()) {
            return;
        }
        let day = self.prepared.case.day;
        let mut classes: Vec<String> = Vec::new();
        let tables = self.rates_used(events);
        for arm in tables.iter().flat_map(|(_, node)| rows(self.t.arms, Run { start: node.a, len: node.b })) {
            if arm.coded == 0 && arm.class.get() != 1 && arm.from.get() <= day && day < arm.before.get() {
                let text = format!("{} % ({})", Decimal::from_units(arm.percent.get()), self.t.text(arm.class.get()));
                if !classes.contains(&text) {
                    classes.push(text);
                }
            }
        }
        if !classes.is_empty() {
            warnings.push(format!(
                "Some goods have another tax rate: {}. If yours do, give the tax class.",
                classes.join(", ")
            ));
        }
    }
}
