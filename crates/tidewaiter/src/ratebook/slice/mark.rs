//! Which rows the programs of some destinations reach.

use crate::ratebook::layout::*;
use crate::ratebook::{rows, tariffs_at};
use std::collections::BTreeSet;
use zerocopy::little_endian::U32;

/// Rows of one section that stay.
#[derive(Debug, Default)]
pub(super) struct Kept(pub(super) Vec<bool>);

impl Kept {
    fn none<T>(section: &[T]) -> Self {
        Self(vec![false; section.len()])
    }

    /// Marks a row; whether it is there and was not marked yet.
    fn row(&mut self, at: u32) -> bool {
        self.0.get_mut(at as usize).is_some_and(|kept| !std::mem::replace(kept, true))
    }

    /// Marks the rows of a run.
    fn run(&mut self, run: Run) {
        let start = run.start.get() as usize;
        if let Some(all) = self.0.get_mut(start..start.saturating_add(run.len.get() as usize)) {
            all.fill(true);
        }
    }
}

/// Rows that stay, by section. Sections that are not here stay whole, or are made anew.
#[derive(Debug)]
pub(super) struct Marks {
    pub(super) texts: Kept,
    pub(super) programs: Kept,
    pub(super) charges: Kept,
    pub(super) rungs: Kept,
    pub(super) nodes: Kept,
    pub(super) arms: Kept,
    pub(super) slices: Kept,
    pub(super) codes: Kept,
    pub(super) sets: Kept,
    pub(super) set_dir: Kept,
    pub(super) facts: Kept,
    pub(super) waivers: Kept,
    pub(super) asks: Kept,
    pub(super) disputes: Kept,
    pub(super) readings: Kept,
    pub(super) schemes: Kept,
    pub(super) bounds: Kept,
    pub(super) editions: Kept,
    pub(super) rates: Kept,
    pub(super) tariffs: Kept,
    pub(super) measures: Kept,
    pub(super) measure_notes: Kept,
    pub(super) claim_dir: Kept,
    pub(super) claims: Kept,
    pub(super) roots: Kept,
    pub(super) areas: Kept,
    pub(super) masks: Kept,
}

impl Marks {
    /// Marks what questions to some destinations may need, and the exchange rates that count since a day.
    pub(super) fn of(t: &Tables<'_>, destinations: &BTreeSet<u16>, since: i32) -> Self {
        let marks = Self {
            texts: Kept::none(t.texts),
            programs: Kept::none(t.programs),
            charges: Kept::none(t.charges),
            rungs: Kept::none(t.rungs),
            nodes: Kept::none(t.nodes),
            arms: Kept::none(t.arms),
            slices: Kept::none(t.slices),
            codes: Kept::none(t.codes),
            sets: Kept::none(t.sets),
            set_dir: Kept::none(t.set_dir),
            facts: Kept::none(t.facts),
            waivers: Kept::none(t.waivers),
            asks: Kept::none(t.asks),
            disputes: Kept::none(t.disputes),
            readings: Kept::none(t.readings),
            schemes: Kept::none(t.schemes),
            bounds: Kept::none(t.bounds),
            editions: Kept::none(t.editions),
            rates: Kept::none(t.rates),
            tariffs: Kept::none(t.tariffs),
            measures: Kept::none(t.measures),
            measure_notes: Kept::none(t.measure_notes),
            claim_dir: Kept::none(t.claim_dir),
            claims: Kept::none(t.claims),
            roots: Kept::none(t.roots),
            areas: Kept::none(t.areas),
            masks: Kept::none(t.masks),
        };
        let mut marker = Marker { t: *t, marks };
        marker.world(since);
        for &id in destinations {
            if let Some(row) = t.territories.get(usize::from(id)) {
                marker.program(row.program.get());
            }
        }
        marker.nodes();
        marker.marks
    }
}

struct Marker<'a> {
    t: Tables<'a>,
    marks: Marks,
}

impl Marker<'_> {
    fn texts(&mut self, ids: &[U32]) {
        for id in ids {
            self.marks.texts.row(id.get());
        }
    }

    fn text_list(&mut self, run: Run) {
        self.texts(rows(self.t.kids, run));
    }

    fn cites(&mut self, run: Run) {
        for id in rows(self.t.kids, run) {
            if self.marks.facts.row(id.get())
                && let Some(fact) = self.t.facts.get(id.get() as usize)
            {
                self.texts(&[fact.key, fact.topic, fact.statement, fact.law]);
                self.texts(&[fact.publisher, fact.title, fact.url, fact.note]);
            }
        }
    }

    fn edition(&mut self, at: u32) {
        if self.marks.editions.row(at)
            && let Some(edition) = self.t.editions.get(at as usize)
        {
            self.texts(&[edition.authority, edition.note]);
        }
    }

    fn set(&mut self, at: u32) {
        if self.marks.set_dir.row(at)
            && let Some(dir) = self.t.set_dir.get(at as usize)
        {
            self.marks.sets.run(dir.rows);
        }
    }

    fn arm(&mut self, at: u32) {
        if self.marks.arms.row(at)
            && let Some(arm) = self.t.arms.get(at as usize)
        {
            self.texts(&[arm.class, arm.goods, arm.table]);
            self.cites(arm.cites);
        }
    }

    /// What any question may need, wherever the goods go.
    fn world(&mut self, since: i32) {
        let t = self.t;
        // The empty text, and the standard class.
        self.texts(&[U32::new(0), U32::new(1)]);
        for row in t.territories {
            self.texts(&[row.code, row.name]);
        }
        for row in t.members {
            self.texts(&[row.role]);
        }
        for row in t.currencies {
            self.texts(&[row.name]);
        }
        for row in t.moved {
            self.texts(&[row.edition, row.newer]);
        }
        for row in t.postcodes {
            self.texts(&[row.form]);
        }
        for row in t.pegs {
            self.texts(&[row.source]);
        }
        // Everywhere.
        self.set(0);
        // The newest publication is the day of a question without one.
        let newest = t.editions.iter().map(|row| row.known_from.get()).max();
        for (at, row) in (0u32..).zip(t.editions) {
            if Some(row.known_from.get()) == newest {
                self.edition(at);
            }
        }
        for series in t.series {
            self.texts(&[series.key, series.name, series.publisher, series.url, series.note]);
            self.edition(series.edition.get());
            let all = rows(t.rates, series.rows);
            for (n, rate) in all.iter().enumerate() {
                // On the first day the rate of the last day before may still be the one that counts.
                let replaced = |next: &RateRow| next.currency == rate.currency && next.day.get() <= since;
                if rate.day.get() >= since || !all.get(n + 1).is_some_and(replaced) {
                    self.marks.rates.row(series.rows.start.get() + n as u32);
                }
            }
        }
    }

    fn program(&mut self, at: u32) {
        let t = self.t;
        let Some(program) = t.programs.get(at as usize) else { return };
        if !self.marks.programs.row(at) {
            return;
        }
        self.texts(&[program.summary, program.note, program.tax_name]);
        for policy in [program.threshold, program.assessment, program.filing] {
            self.texts(&[policy.series, policy.fallback]);
            self.cites(policy.cites);
        }
        self.marks.charges.run(program.charges);
        let mut rungs = 0usize;
        for charge in rows(t.charges, program.charges) {
            rungs += charge.rungs.len.get() as usize;
            self.charge(charge);
        }
        self.marks.waivers.run(program.waivers);
        for row in rows(t.waivers, program.waivers) {
            self.cites(row.cites);
        }
        self.marks.asks.run(program.asks);
        for row in rows(t.asks, program.asks) {
            self.texts(&[row.fact, row.question]);
            self.cites(row.cites);
        }
        self.marks.disputes.run(program.disputes);
        for row in rows(t.disputes, program.disputes) {
            self.texts(&[row.key, row.question]);
            self.cites(row.cites);
            self.marks.readings.run(row.readings);
            for reading in rows(t.readings, row.readings) {
                self.texts(&[reading.name, reading.says]);
                self.cites(reading.cites);
            }
        }
        self.marks.schemes.run(program.schemes);
        for row in rows(t.schemes, program.schemes) {
            self.texts(&[row.key, row.name, row.short, row.registration, row.returns, row.due, row.note]);
            self.cites(row.cites);
        }
        self.marks.bounds.run(program.bounds);
        for row in rows(t.bounds, program.bounds) {
            self.cites(row.cites);
        }
        for id in rows(t.kids, program.rates) {
            self.arm(id.get());
        }
        self.cites(program.facts);
        for entry in rows(t.kids, program.tariffs).chunks_exact(4) {
            let run = tariffs_at(entry);
            for at in run.start.get()..run.start.get().saturating_add(run.len.get()) {
                self.tariff(at);
            }
        }
        for id in rows(t.kids, program.editions) {
            self.edition(id.get());
        }
        self.text_list(program.claims);
        self.text_list(program.regions);
        self.marks.areas.run(program.areas);
        for area in rows(t.areas, program.areas) {
            let words = U32::new(rungs.div_ceil(64) as u32);
            self.marks.masks.run(Run { start: area.mask, len: words });
        }
    }

    fn charge(&mut self, charge: &ChargeRow) {
        self.texts(&[charge.key, charge.name, charge.note, charge.base_text]);
        self.marks.nodes.row(charge.base.get());
        self.cites(charge.cites);
        self.marks.rungs.run(charge.rungs);
        for rung in rows(self.t.rungs, charge.rungs) {
            self.texts(&[rung.name, rung.says, rung.when_text, rung.amount_text, rung.scheme, rung.note]);
            for node in [rung.when, rung.amount, rung.base] {
                self.marks.nodes.row(node.get());
            }
            self.cites(rung.cites);
        }
    }

    fn tariff(&mut self, at: u32) {
        let t = self.t;
        let Some(tariff) = t.tariffs.get(at as usize) else { return };
        if !self.marks.tariffs.row(at) {
            return;
        }
        self.text_list(tariff.claims);
        self.text_list(tariff.limits);
        self.marks.roots.run(tariff.roots);
        for root in rows(t.roots, tariff.roots) {
            self.marks.nodes.row(root.node.get());
        }
        let (first, last) = block(t.offsets, tariff, t.subs.len());
        for at in first..last {
            self.measure(at);
        }
    }

    fn measure(&mut self, at: u32) {
        let t = self.t;
        let Some(measure) = t.measures.get(at as usize) else { return };
        self.marks.measures.row(at);
        self.set(u32::from(measure.origin.get()));
        self.set(u32::from(measure.excluded.get()));
        let amount = measure.amount.get();
        if amount & INLINE_PERCENT == 0 {
            self.marks.nodes.row(amount);
        }
        self.marks.nodes.row(measure.when.get());
        let note = measure.note.get();
        if self.marks.measure_notes.row(note)
            && let Some(row) = t.measure_notes.get(note as usize)
        {
            self.cites(row.cites);
            self.texts(&[row.additional_code, row.order_number, row.amount_text, row.note, row.says]);
        }
        let programs = u32::from(measure.program.get());
        if measure.program.get() != NO_ID
            && self.marks.claim_dir.row(programs)
            && let Some(dir) = t.claim_dir.get(programs as usize)
        {
            self.marks.claims.run(dir.rows);
            for claim in rows(t.claims, dir.rows) {
                self.texts(&[claim.program, claim.proof, claim.name]);
                self.set(u32::from(claim.origin.get()));
                self.cites(claim.cites);
            }
        }
    }

    /// Parts stand before what they are part of, so one way back over the nodes finds all.
    fn nodes(&mut self) {
        let t = self.t;
        for at in (0..t.nodes.len()).rev() {
            if !self.marks.nodes.0[at] {
                continue;
            }
            let node = t.nodes[at];
            for link in links(&node) {
                match link {
                    Link::Number => {}
                    Link::Node(id) => {
                        self.marks.nodes.row(id.get());
                    }
                    Link::Nodes(run) => {
                        for id in rows(t.kids, run) {
                            self.marks.nodes.row(id.get());
                        }
                    }
                    Link::Text(id) => self.texts(&[id]),
                    Link::Texts(run) => self.text_list(run),
                    Link::Slices(run) => self.marks.slices.run(run),
                    Link::Codes(run) => self.marks.codes.run(run),
                    Link::Set(id) => self.set(id.get()),
                    Link::Arms(run) => {
                        let start = run.start.get();
                        (start..start.saturating_add(run.len.get())).for_each(|arm| self.arm(arm));
                    }
                }
            }
        }
    }
}

/// The first measure of a tariff, and the first that is no longer of it.
fn block(offsets: &[U32], tariff: &TariffRow, ids: usize) -> (u32, u32) {
    let start = tariff.offsets.get() as usize;
    let at = |n: usize| offsets.get(start + n).map_or(0, |offset| offset.get());
    (at(0), at(ids))
}

/// What a node leans on.
pub(super) enum Link {
    /// A number that counts within a program: it stays as it is.
    Number,
    Node(U32),
    Nodes(Run),
    Text(U32),
    Texts(Run),
    Slices(Run),
    Codes(Run),
    Set(U32),
    Arms(Run),
}

/// What `a`, `b` and `c` of a node are, in this order; a list takes the place of two of them.
pub(super) fn links(node: &Node) -> Vec<Link> {
    let list = Run { start: node.a, len: node.b };
    match node.op {
        op::PERCENT | op::GROSS_UP | op::TIMES | op::WHOLE_ITEMS | op::ROUND | op::NOT => vec![Link::Node(node.a)],
        op::SPECIFIC => vec![Link::Text(node.a), Link::Text(node.b)],
        op::SUM | op::MAX | op::MIN | op::ALL | op::ANY => vec![Link::Nodes(list)],
        op::LESS | op::VALUE => vec![Link::Node(node.a), Link::Node(node.b)],
        op::CLAMP | op::IF => vec![Link::Node(node.a), Link::Node(node.b), Link::Node(node.c)],
        op::BANDS => vec![Link::Node(node.a), Link::Slices(Run { start: node.b, len: node.c })],
        op::RATE => vec![Link::Arms(list), Link::Node(node.c)],
        op::QUANTITY | op::REGISTERED | op::DECLARATION | op::FACT | op::DOCUMENT | op::CLAIMS => {
            vec![Link::Text(node.a)]
        }
        op::GOODS => vec![Link::Codes(list)],
        op::ORIGIN | op::SHIPPED | op::SELLER => vec![Link::Set(node.a)],
        op::REGION => vec![Link::Texts(list)],
        op::TOOK => vec![Link::Number, Link::Text(node.b)],
        _ => Vec::new(),
    }
}
