//! Claims of preference: what could be claimed, and which claims give nothing.

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

/// What may still be computed beside the answer. It is counted and not timed: the same question has the same answer on every machine.
#[derive(Debug)]
pub(super) struct Work {
    /// Amounts of an evaluation: one for each charge on each line.
    cells: usize,
    /// Amounts left.
    left: usize,
    /// Something was left out.
    pub(super) cut: bool,
}

impl Work {
    /// Most amounts computed.
    const MOST_CELLS: usize = 2_000_000;

    /// For lines and charges.
    pub(super) fn new(lines: usize, charges: usize) -> Self {
        Self { cells: (lines * charges).max(1), left: Self::MOST_CELLS, cut: false }
    }

    /// Takes so many evaluations from what is left; false where that is too little.
    fn affords(&mut self, evaluations: usize) -> bool {
        match self.left.checked_sub(evaluations.saturating_mul(self.cells)) {
            Some(left) => self.left = left,
            None => self.cut = true,
        }
        !self.cut
    }
}

impl<'a> Writer<'a> {
    /// Lower duties open to a trader who claims them or holds their documents, with what they save in all worlds. Each is an
    /// evaluation of every world: where they are too many, those of the first items are told, and a warning says so.
    pub(super) fn savings(
        &self,
        shown: Option<&Seen>,
        worlds: &[&Seen],
        events: &[Event],
        work: &mut Work,
    ) -> Vec<Saving> {
        let Some(seen) = shown else { return Vec::new() };
        let mut out: Vec<Saving> = Vec::new();
        let mut case = self.prepared.case.clone();
        case.ladders.hold_all_possible();
        let mut sheet = Sheet::default();
        for offer in self.offers_in(&seen.world, events) {
            if !work.affords(worlds.len()) {
                break;
            }
            let Some(line) = case.lines.get_mut(offer.line) else { continue };
            let stated = line.clone();
            line.claims.extend(offer.program.filter(|program| !line.claims.contains(program)));
            line.documents.extend(&offer.documents);
            let mut ends: Option<[Decimal; 4]> = None;
            let mut known = true;
            for other in worlds {
                known &=
                    evaluate(self.t, &case, &other.world, &mut sheet, &mut Silent).is_ok() && sheet.verdict.is_none();
                let total = sheet.total();
                let saves = other.total.minus(total).unwrap_or_default();
                let [least, most, less, more] = ends.unwrap_or([total, total, saves, saves]);
                ends = Some([least.min(total), most.max(total), less.min(saves), more.max(saves)]);
            }
            if let Some(line) = case.lines.get_mut(offer.line) {
                *line = stated;
            }
            let Some([total, most, saves, more]) = ends.filter(|_| known) else { continue };
            if saves >= Decimal::ZERO && more > Decimal::ZERO {
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
                    total_most: (most > total).then_some(most),
                    saves,
                    saves_most: (more > saves).then_some(more),
                });
            }
        }
        out.sort_by_key(|s| std::cmp::Reverse(s.saves_most.unwrap_or(s.saves)));
        out
    }

    /// What would give the measures that were looked at in a world and not taken.
    fn offers_in(&self, world: &World, events: &[Event]) -> Vec<Offer> {
        let mut out: Vec<Offer> = Vec::new();
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
                let held = stated.claims.contains(&claim.program.get()) && offer.documents.is_empty();
                if self.is_open(claim, origin) && !held {
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

    /// Says which claims, known by name and with a proof, give these goods nothing, and why.
    pub(super) fn claims_hint(
        &self,
        asked: &Consignment,
        shown: Option<&Seen>,
        events: &[Event],
        warnings: &mut Vec<Said>,
        work: &mut Work,
    ) {
        let Some(seen) = shown else { return };
        let named: Vec<u32> = programs_of(self.t, self.program)
            .chain(rows(self.t.kids, self.program.claims).iter().map(|claim| claim.get()))
            .collect();
        for (at, item) in asked.items.iter().enumerate() {
            let line = self.prepared.items.get(at).map_or(0, |(line, _)| *line);
            for claim in item.claims.iter().filter(|claim| claim.proof.is_some()) {
                let Some(id) = self.t.text_id(&claim.program).filter(|id| named.contains(id)) else { continue };
                if self.is_given(&seen.world, line, id, events) {
                    continue;
                }
                if !work.affords(1) {
                    return;
                }
                if !self.counts(seen, line, id) {
                    let named = [("item", (at + 1).into()), ("program", claim.program.as_str().into())];
                    warnings.push(self.why_not(named, &seen.world, line, id, events));
                }
            }
        }
    }

    /// Whether a measure that reaches a line's goods is given for a claim.
    fn is_given(&self, world: &World, line: usize, program: u32, events: &[Event]) -> bool {
        events.iter().any(|event| match *event {
            Event::Measure { line: of, measure, applied: true, .. } if usize::from(of) == line => {
                self.claims_in(measure, program).any(|claim| self.is_open(claim, self.origin_in(world, line)))
            }
            _ => false,
        })
    }

    /// Whether anything would be charged otherwise without a claim.
    fn counts(&self, seen: &Seen, line: usize, program: u32) -> bool {
        let mut case = self.prepared.case.clone();
        let Some(goods) = case.lines.get_mut(line) else { return false };
        goods.claims.retain(|claim| *claim != program);
        case.ladders.hold_all_possible();
        let mut without = Sheet::default();
        if evaluate(self.t, &case, &seen.world, &mut without, &mut Silent).is_err() {
            return true;
        }
        let (charges, lines) = seen.sheet.size();
        let told = |sheet: &Sheet| {
            let cells = (0..charges).flat_map(|c| (0..lines).map(move |l| (c, l)));
            cells.map(|(c, l)| (sheet.rung(c, l), sheet.amount(c, l))).collect::<Vec<_>>()
        };
        seen.sheet.verdict.map(|v| v.0) != without.verdict.map(|v| v.0) || told(&seen.sheet) != told(&without)
    }

    /// Why a claim gives a line's goods nothing.
    fn why_not(
        &self,
        named: [(&'static str, Put); 2],
        world: &World,
        line: usize,
        program: u32,
        events: &[Event],
    ) -> Said {
        let looked_at = events.iter().filter_map(|event| match *event {
            Event::Measure { line: of, measure, .. } if usize::from(of) == line => Some(measure),
            _ => None,
        });
        let claims: Vec<&ClaimRow> = looked_at.flat_map(|measure| self.claims_in(measure, program)).collect();
        let day = self.prepared.case.day;
        let in_force = |claim: &&&ClaimRow| (claim.from.get()..claim.before.get()).contains(&day);
        let origin = self.origin_in(world, line);
        match claims.iter().find(in_force) {
            None if claims.is_empty() => Said::of(&message::CLAIM_NO_LOWER_DUTY, named),
            None => Said::of(&message::CLAIM_NOT_THAT_DAY, named),
            Some(claim) if origin.is_some() && !claims.iter().any(|claim| self.is_open(claim, origin)) => {
                let made = origin.map_or_else(|| "".into(), |origin| self.place(origin));
                let [item, program] = named;
                let places = [item, program, ("places", self.places(claim)), ("made", made)];
                Said::of(&message::CLAIM_OTHER_ORIGIN, places)
            }
            Some(_) => Said::of(&message::CLAIM_CONDITION, named),
        }
    }

    /// A measure's claims of one programme.
    fn claims_in(&self, measure: u32, program: u32) -> impl Iterator<Item = &'a ClaimRow> + use<'a> {
        let claims = self.t.measures.get(measure as usize).map_or(&[][..], |measure| claims_of(self.t, measure));
        claims.iter().filter(move |claim| claim.program.get() == program)
    }

    /// Whether goods of an origin may claim it that day.
    fn is_open(&self, claim: &ClaimRow, origin: Option<u16>) -> bool {
        let day = self.prepared.case.day;
        let set = u32::from(claim.origin.get());
        (claim.from.get()..claim.before.get()).contains(&day)
            && (set == 0 || origin.is_some_and(|origin| in_set(self.t, set, origin, day)))
    }

    /// The places whose goods may make a claim, in words.
    fn places(&self, claim: &ClaimRow) -> Put {
        const NAMED: usize = 4;
        let set = usize::from(claim.origin.get());
        let all = self.t.set_dir.get(set).map_or(&[][..], |dir| rows(self.t.sets, dir.rows));
        let day = self.prepared.case.day;
        let mut ids: Vec<u16> =
            all.iter().filter(|r| (r.from.get()..r.before.get()).contains(&day)).map(|r| r.territory.get()).collect();
        ids.dedup();
        let names: Vec<Put> = ids.iter().take(NAMED).map(|id| self.place(*id)).collect();
        match ids.len() - names.len() {
            0 => Put::List(names, Joined::Or),
            more => {
                let places = [("places", Put::List(names, Joined::Comma)), ("more", more.into())];
                Said::of(&message::MORE_PLACES, places).into()
            }
        }
    }

    /// `South Korea (KR)`.
    fn place(&self, id: u16) -> Put {
        let name = self.t.territories.get(usize::from(id)).map_or("", |row| self.t.text(row.name.get()));
        Put::Place { code: self.t.territory_code(id).to_owned(), name: name.to_owned() }
    }
}
