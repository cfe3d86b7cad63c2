//! Writes the marked rows, with every reference to where its row now stands.

use super::mark::{Kept, Link, Marks, links};
use crate::ratebook::layout::*;
use crate::ratebook::rows;
use std::collections::{BTreeSet, HashMap};
use zerocopy::little_endian::{U16, U32};

/// Where the rows of one section stand after those that do not stay are gone.
struct Moves {
    /// For each row, and one past the end, how many rows before it stay.
    before: Vec<u32>,
}

impl Moves {
    fn of(kept: &Kept) -> Self {
        let mut count = 0u32;
        let counted = kept.0.iter().map(|stays| {
            count += u32::from(*stays);
            count
        });
        Self { before: std::iter::once(0).chain(counted).collect() }
    }

    /// A row that stays; "no row" stays so.
    fn row(&self, at: U32) -> U32 {
        U32::new(self.before.get(at.get() as usize).copied().unwrap_or(NONE))
    }

    fn short(&self, at: U16) -> U16 {
        if at.get() == NO_ID { at } else { U16::new(self.row(U32::new(u32::from(at.get()))).get() as u16) }
    }

    /// Rows of a run stay together.
    fn run(&self, run: Run) -> Run {
        if run.len.get() == 0 { run_at(0, 0) } else { Run { start: self.row(run.start), len: run.len } }
    }
}

fn run_at(start: usize, len: usize) -> Run {
    Run { start: U32::new(start as u32), len: U32::new(len as u32) }
}

/// The rows that stay, changed by a function.
fn kept<T: Copy>(section: &[T], kept: &Kept, change: impl FnMut(T) -> T) -> Vec<T> {
    section.iter().zip(&kept.0).filter(|(_, stays)| **stays).map(|(row, _)| *row).map(change).collect()
}

/// Lists of numbers. One list may have stood for rows of several sections, so each is written anew for what it is.
struct Lists<'a> {
    old: &'a [U32],
    new: Vec<U32>,
    known: HashMap<Vec<u32>, Run>,
}

impl Lists<'_> {
    fn put(&mut self, items: Vec<u32>) -> Run {
        if let Some(known) = self.known.get(&items) {
            return *known;
        }
        let run = run_at(self.new.len(), items.len());
        self.new.extend(items.iter().copied().map(U32::new));
        self.known.insert(items, run);
        run
    }

    /// A list of rows that moved.
    fn moved(&mut self, run: Run, moves: &Moves) -> Run {
        let items = rows(self.old, run).iter().map(|id| moves.row(*id).get()).collect();
        self.put(items)
    }

    /// A list of numbers that stay as they are.
    fn same(&mut self, run: Run) -> Run {
        let items = rows(self.old, run).iter().map(|id| id.get()).collect();
        self.put(items)
    }

    /// Where the tariffs of a program are: first row, number of rows, two days.
    fn tariffs(&mut self, run: Run, moves: &Moves) -> Run {
        let items = rows(self.old, run).iter().enumerate();
        let items = items.map(|(at, id)| if at % 4 == 0 { moves.row(*id).get() } else { id.get() }).collect();
        self.put(items)
    }
}

/// Lays out the rows that stay.
pub(super) fn write(t: &Tables<'_>, marks: &Marks, destinations: &BTreeSet<u16>) -> Draft {
    let text = Moves::of(&marks.texts);
    let fact = Moves::of(&marks.facts);
    let node = Moves::of(&marks.nodes);
    let set = Moves::of(&marks.set_dir);
    let arms = Moves::of(&marks.arms);
    let editions = Moves::of(&marks.editions);
    let measures = Moves::of(&marks.measures);
    let mut lists = Lists { old: t.kids, new: Vec::new(), known: HashMap::new() };
    let mut out = Draft::default();

    for (row, _) in t.texts.iter().zip(&marks.texts.0).filter(|(_, stays)| **stays) {
        let start = row.offset.get() as usize;
        let bytes = t.strings.get(start..start + row.len.get() as usize).unwrap_or_default();
        out.texts.push(TextRow { offset: U32::new(out.strings.len() as u32), len: row.len });
        out.strings.extend_from_slice(bytes);
    }
    let stays = |id: &&U32| marks.texts.0.get(id.get() as usize).copied().unwrap_or(false);
    out.order = t.order.iter().filter(stays).map(|id| text.row(*id)).collect();

    let programs = Moves::of(&marks.programs);
    out.currencies = t.currencies.iter().map(|row| CurrencyRow { name: text.row(row.name), ..*row }).collect();
    out.territories = (0u16..)
        .zip(t.territories)
        .map(|(id, row)| TerritoryRow {
            code: text.row(row.code),
            name: text.row(row.name),
            program: if destinations.contains(&id) { programs.row(row.program) } else { U32::new(NONE) },
            ..*row
        })
        .collect();
    out.members = t.members.iter().map(|row| MemberRow { role: text.row(row.role), ..*row }).collect();

    let charges = Moves::of(&marks.charges);
    let rungs = Moves::of(&marks.rungs);
    let waivers = Moves::of(&marks.waivers);
    let asks = Moves::of(&marks.asks);
    let disputes = Moves::of(&marks.disputes);
    let readings = Moves::of(&marks.readings);
    let schemes = Moves::of(&marks.schemes);
    let bounds = Moves::of(&marks.bounds);
    let tariffs = Moves::of(&marks.tariffs);
    let areas = Moves::of(&marks.areas);
    let masks = Moves::of(&marks.masks);
    out.programs = kept(t.programs, &marks.programs, |row| {
        let mut policy = |policy: PolicyRow| PolicyRow {
            series: text.row(policy.series),
            fallback: text.row(policy.fallback),
            cites: lists.moved(policy.cites, &fact),
            ..policy
        };
        ProgramRow {
            threshold: policy(row.threshold),
            assessment: policy(row.assessment),
            filing: policy(row.filing),
            charges: charges.run(row.charges),
            waivers: waivers.run(row.waivers),
            asks: asks.run(row.asks),
            disputes: disputes.run(row.disputes),
            schemes: schemes.run(row.schemes),
            bounds: bounds.run(row.bounds),
            slots: lists.same(row.slots),
            rates: lists.moved(row.rates, &arms),
            facts: lists.moved(row.facts, &fact),
            tariffs: lists.tariffs(row.tariffs, &tariffs),
            editions: lists.moved(row.editions, &editions),
            summary: text.row(row.summary),
            note: text.row(row.note),
            tax_name: text.row(row.tax_name),
            claims: lists.moved(row.claims, &text),
            regions: lists.moved(row.regions, &text),
            areas: areas.run(row.areas),
            ..row
        }
    });
    out.charges = kept(t.charges, &marks.charges, |row| ChargeRow {
        key: text.row(row.key),
        name: text.row(row.name),
        note: text.row(row.note),
        base: node.row(row.base),
        base_text: text.row(row.base_text),
        rungs: rungs.run(row.rungs),
        cites: lists.moved(row.cites, &fact),
        ..row
    });
    out.rungs = kept(t.rungs, &marks.rungs, |row| RungRow {
        name: text.row(row.name),
        when: node.row(row.when),
        amount: node.row(row.amount),
        base: node.row(row.base),
        says: text.row(row.says),
        when_text: text.row(row.when_text),
        amount_text: text.row(row.amount_text),
        scheme: text.row(row.scheme),
        note: text.row(row.note),
        cites: lists.moved(row.cites, &fact),
        ..row
    });
    let slices = Moves::of(&marks.slices);
    let codes = Moves::of(&marks.codes);
    out.nodes = kept(t.nodes, &marks.nodes, |row| {
        let mut fields = [row.a, row.b, row.c];
        let mut at = 0;
        for link in links(&row) {
            let (first, second) = match link {
                Link::Number => (fields[at], None),
                Link::Node(id) => (node.row(id), None),
                Link::Text(id) => (text.row(id), None),
                Link::Set(id) => (set.row(id), None),
                Link::Nodes(run) => pair(lists.moved(run, &node)),
                Link::Texts(run) => pair(lists.moved(run, &text)),
                Link::Slices(run) => pair(slices.run(run)),
                Link::Codes(run) => pair(codes.run(run)),
                Link::Arms(run) => pair(arms.run(run)),
            };
            for value in std::iter::once(first).chain(second) {
                fields[at] = value;
                at += 1;
            }
        }
        Node { a: fields[0], b: fields[1], c: fields[2], ..row }
    });
    out.arms = kept(t.arms, &marks.arms, |row| ArmRow {
        class: text.row(row.class),
        goods: text.row(row.goods),
        table: text.row(row.table),
        cites: lists.moved(row.cites, &fact),
        ..row
    });
    out.slices = kept(t.slices, &marks.slices, |row| row);
    out.codes = kept(t.codes, &marks.codes, |row| row);
    out.sets = kept(t.sets, &marks.sets, |row| row);
    let sets = Moves::of(&marks.sets);
    out.set_dir = kept(t.set_dir, &marks.set_dir, |row| SetDirRow { rows: sets.run(row.rows) });
    out.facts = kept(t.facts, &marks.facts, |row| FactRow {
        key: text.row(row.key),
        topic: text.row(row.topic),
        statement: text.row(row.statement),
        law: text.row(row.law),
        publisher: text.row(row.publisher),
        title: text.row(row.title),
        url: text.row(row.url),
        note: text.row(row.note),
        ..row
    });
    // Charges of a waiver are counted within the program.
    out.waivers = kept(t.waivers, &marks.waivers, |row| WaiverRow {
        charges: lists.same(row.charges),
        cites: lists.moved(row.cites, &fact),
        ..row
    });
    out.asks = kept(t.asks, &marks.asks, |row| AskRow {
        fact: text.row(row.fact),
        question: text.row(row.question),
        cites: lists.moved(row.cites, &fact),
        ..row
    });
    out.disputes = kept(t.disputes, &marks.disputes, |row| DisputeRow {
        key: text.row(row.key),
        question: text.row(row.question),
        readings: readings.run(row.readings),
        cites: lists.moved(row.cites, &fact),
        ..row
    });
    out.readings = kept(t.readings, &marks.readings, |row| ReadingRow {
        name: text.row(row.name),
        says: text.row(row.says),
        cites: lists.moved(row.cites, &fact),
    });
    out.schemes = kept(t.schemes, &marks.schemes, |row| SchemeRow {
        key: text.row(row.key),
        name: text.row(row.name),
        short: text.row(row.short),
        registration: text.row(row.registration),
        returns: text.row(row.returns),
        due: text.row(row.due),
        note: text.row(row.note),
        cites: lists.moved(row.cites, &fact),
        ..row
    });
    out.bounds = kept(t.bounds, &marks.bounds, |row| BoundRow { cites: lists.moved(row.cites, &fact), ..row });
    out.editions = kept(t.editions, &marks.editions, |row| EditionRow {
        authority: text.row(row.authority),
        note: text.row(row.note),
        ..row
    });
    let rates = Moves::of(&marks.rates);
    out.rates = kept(t.rates, &marks.rates, |row| row);
    out.series = t
        .series
        .iter()
        .map(|row| {
            let start = rates.row(row.rows.start);
            let end = rates.row(U32::new(row.rows.start.get() + row.rows.len.get()));
            SeriesRow {
                key: text.row(row.key),
                name: text.row(row.name),
                publisher: text.row(row.publisher),
                url: text.row(row.url),
                note: text.row(row.note),
                rows: Run { start, len: U32::new(end.get() - start.get()) },
                edition: editions.row(row.edition),
                ..*row
            }
        })
        .collect();
    out.pegs = t.pegs.iter().map(|row| PegRow { source: text.row(row.source), ..*row }).collect();
    out.headings = t.headings.to_vec();
    out.subs = t.subs.to_vec();
    let roots = Moves::of(&marks.roots);
    out.tariffs = kept(t.tariffs, &marks.tariffs, |row| {
        let start = row.offsets.get() as usize;
        let offsets = U32::new(out.offsets.len() as u32);
        let all = t.offsets.get(start..=start + t.subs.len()).unwrap_or_default();
        out.offsets.extend(all.iter().map(|at| measures.row(*at)));
        TariffRow {
            offsets,
            roots: roots.run(row.roots),
            claims: lists.moved(row.claims, &text),
            limits: lists.moved(row.limits, &text),
            ..row
        }
    });
    let notes = Moves::of(&marks.measure_notes);
    let claim_dir = Moves::of(&marks.claim_dir);
    out.measures = kept(t.measures, &marks.measures, |row| MeasureRow {
        origin: set.short(row.origin),
        excluded: set.short(row.excluded),
        program: claim_dir.short(row.program),
        amount: if row.amount.get() & INLINE_PERCENT == 0 { node.row(row.amount) } else { row.amount },
        when: node.row(row.when),
        note: notes.row(row.note),
        ..row
    });
    out.measure_notes = kept(t.measure_notes, &marks.measure_notes, |row| MeasureNoteRow {
        cites: lists.moved(row.cites, &fact),
        additional_code: text.row(row.additional_code),
        order_number: text.row(row.order_number),
        amount_text: text.row(row.amount_text),
        note: text.row(row.note),
        says: text.row(row.says),
        ..row
    });
    let claims = Moves::of(&marks.claims);
    out.claim_dir = kept(t.claim_dir, &marks.claim_dir, |row| ClaimDirRow { rows: claims.run(row.rows) });
    out.claims = kept(t.claims, &marks.claims, |row| ClaimRow {
        program: text.row(row.program),
        proof: text.row(row.proof),
        name: text.row(row.name),
        origin: set.short(row.origin),
        cites: lists.moved(row.cites, &fact),
        ..row
    });
    out.roots = kept(t.roots, &marks.roots, |row| RootRow { node: node.row(row.node), ..row });
    out.moved = t
        .moved
        .iter()
        .map(|row| MovedRow {
            edition: text.row(row.edition),
            newer: text.row(row.newer),
            to: lists.same(row.to),
            ..*row
        })
        .collect();
    out.postcodes = t.postcodes.iter().map(|row| PostcodeRow { form: text.row(row.form), ..*row }).collect();
    out.areas = kept(t.areas, &marks.areas, |row| AreaRow { mask: masks.row(row.mask), ..row });
    out.masks = kept(t.masks, &marks.masks, |row| row);
    out.kids = lists.new;
    out
}

/// A run as two fields of a node.
fn pair(run: Run) -> (U32, Option<U32>) {
    (run.start, Some(run.len))
}
