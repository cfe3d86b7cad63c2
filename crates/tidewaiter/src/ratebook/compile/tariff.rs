//! Tariff measures and the nomenclature index over them.

use super::*;
use crate::ratebook::rows;
use crate::record::Verdict;
use crate::record::edition::Program as ClaimProgram;
use std::collections::BTreeSet;

pub(super) fn inline_percent(percent: Decimal) -> Option<u32> {
    let units = percent.units();
    let step = 100_000_000; // 10⁻⁴ %
    if units < 0 || units % step != 0 {
        return None;
    }
    u32::try_from(units / step).ok().filter(|&v| v < INLINE_PERCENT - 1).map(|v| v | INLINE_PERCENT)
}

#[derive(Debug, Clone, Copy)]
pub(super) struct RawMeasure {
    pub(super) code: u64,
    pub(super) row: MeasureRow,
}

/// What the measures of a territory that were published alike have in common: one [`TariffRow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Published {
    pub(super) territory: u16,
    /// By an authority's edition, not by the economy file.
    pub(super) edition: bool,
    pub(super) known_from: i32,
    pub(super) history_from: i32,
    pub(super) complete_from: i32,
}

impl Published {
    /// By no edition: always known, never complete.
    pub(super) const fn always(territory: u16) -> Self {
        Self { territory, edition: false, known_from: DAY_MIN, history_from: DAY_MAX, complete_from: DAY_MAX }
    }
}

/// A measure given as numbers, for importers and benchmarks that have millions.
#[derive(Debug, Clone, Copy)]
pub struct PlainMeasure {
    /// Code padded to twelve digits.
    pub code: u64,
    /// How many of them are meant.
    pub digits: u8,
    /// What it is.
    pub kind: MeasureKind,
    /// Ad valorem rate in percent, at most four decimals.
    pub percent: Decimal,
    /// First day, as days since 1970-01-01.
    pub from: i32,
    /// First day no longer.
    pub before: i32,
    /// Set of origins from [`Compiler::origin_set`]; 0 is everywhere.
    pub origin: u16,
}

impl<'w> Compiler<'w> {
    fn push_measure(&mut self, tariff: u32, code: u64, digits: u8, mut row: MeasureRow) {
        row.suffix = U32::new((code % 1_000_000) as u32);
        row.digits = digits;
        self.measures.push((tariff, RawMeasure { code, row }));
    }

    /// The number of the tariff that was published so.
    pub(super) fn tariff(&mut self, published: Published) -> u32 {
        let next = self.tariffs.len() as u32;
        *self.tariffs.entry(published).or_insert(next)
    }

    pub(super) fn lay_out_measures(
        &mut self,
        published: Published,
        file: &'w SourceFile,
        programs: &BTreeMap<String, Vec<ClaimProgram>>,
        ids: &HashMap<(&'w str, &'w str), u32>,
    ) {
        let territory = published.territory;
        let part = Part { file, only: None, not_from: &[], from: DAY_MIN, before: DAY_MAX };
        let parts = [part];
        let Some(&currency) = self.currency_ids.get(&file.economy.economy.currency) else {
            let currency = &file.economy.economy.currency;
            if file.economy.measure.iter().any(Measure::is_charged) {
                self.problem(file, "economy.currency", format!("unknown currency \"{currency}\""));
            }
            return;
        };
        let mut program = Program {
            territory,
            parts: parts.to_vec(),
            earlier: Vec::new(),
            slots: vec![currency],
            disputes: Vec::new(),
            arms: HashMap::new(),
        };
        for (at, measure) in file.economy.measure.iter().enumerate().filter(|(_, measure)| measure.is_charged()) {
            let path = format!("measure[{at}]");
            if let Some((ranges, row)) = self.lay_out_measure(&mut program, part, &path, measure, programs, ids) {
                let tariff = self.tariff(published);
                for (code, digits) in ranges {
                    self.push_measure(tariff, code, digits, row);
                }
            }
        }
        if !file.economy.measure.is_empty() {
            let known = self.tariff_currencies.entry(territory).or_default();
            known.extend(program.slots);
        }
    }

    pub(super) fn lay_out_measure(
        &mut self,
        program: &mut Program<'w>,
        part: Part<'w>,
        path: &str,
        measure: &'w Measure,
        programs: &BTreeMap<String, Vec<ClaimProgram>>,
        ids: &HashMap<(&'w str, &'w str), u32>,
    ) -> Option<(Vec<(u64, u8)>, MeasureRow)> {
        self.need_cites(part, path, &measure.cites);
        let codes: Vec<(u64, u8)> = match grammar::code_range(&measure.code) {
            Ok(range) => range.prefixes(),
            Err(e) => {
                self.problem(part.file, &format!("{path}.code"), e.to_string());
                return None;
            }
        };
        let origin = match &measure.origin {
            None => 0,
            Some(Places::One(word)) if word == "all" => 0,
            Some(places) => match self.set(&names(places), &program.parts.clone()) {
                Ok(id) => id,
                Err(message) => {
                    self.problem(part.file, &format!("{path}.origin"), message);
                    return None;
                }
            },
        };
        let excluded = if measure.not_origin.is_empty() {
            0
        } else {
            match self.set(&measure.not_origin, &program.parts.clone()) {
                Ok(id) => id,
                Err(message) => {
                    self.problem(part.file, &format!("{path}.not_origin"), message);
                    return None;
                }
            }
        };
        if measure.additional_code.is_some() && measure.when.is_none() {
            let message =
                "the trader chooses an additional code: say when the measure applies, as in when = \"document C123\"";
            self.problem(part.file, &format!("{path}.additional_code"), message);
        }
        let (amount, amount_text) = match (&measure.amount, measure.outcome) {
            (Some(written), None) => {
                let place = format!("{path}.amount");
                let node = self.written_amount(program, part, &place, written, ids, false, Place::Measure)?;
                let plain = &self.draft.nodes[node as usize];
                let inline = (plain.op == op::PERCENT && plain.a.get() == NONE)
                    .then(|| inline_percent(Decimal::from_units(plain.value.get())))
                    .flatten();
                (inline.unwrap_or(node), words_of(written))
            }
            (None, Some(outcome)) => {
                if measure.says.as_deref().is_none_or(|s| s.trim().is_empty()) {
                    self.problem(part.file, path, "an outcome says what it means and what to do (add `says`)");
                }
                (NONE, verdict_in_words(outcome).to_owned())
            }
            _ => {
                self.problem(part.file, path, "a measure has either an `amount` or an `outcome`");
                return None;
            }
        };
        let when = match &measure.when {
            Some(words) => {
                self.written_condition(program, part, &format!("{path}.when"), words, ids, false, Place::Measure)?
            }
            None => NONE,
        };
        if matches!(measure.kind, MeasureKind::Preference | MeasureKind::Quota) && measure.program.is_none() {
            let message = "a preference or a quota is given on a claim: name it (add `program`)";
            self.problem(part.file, path, message);
        }
        let claim = self.claim_set(part, path, measure, programs, ids)?;
        let cites = self.cites(part, &program.parts.clone(), ids, path, &measure.cites);
        let note_row = MeasureNoteRow {
            cites,
            additional_code: self.text_or_none(measure.additional_code.as_deref()),
            order_number: self.text_or_none(measure.order_number.as_deref()),
            amount_text: U32::new(self.text(&amount_text)),
            note: self.text_or_none(measure.note.as_deref()),
            says: self.text_or_none(measure.says.as_deref()),
            outcome: measure.outcome.map_or(0, |o| o as u8),
            pad: [0; 3],
        };
        let note = self.measure_note(note_row);
        Some((
            codes,
            MeasureRow {
                from: day_or(measure.from, DAY_MIN),
                before: day_or(measure.before, DAY_MAX),
                suffix: U32::new(0),
                origin: U16::new(origin),
                excluded: U16::new(excluded),
                kind: measure.kind as u8,
                digits: 0,
                program: U16::new(claim),
                amount: U32::new(amount),
                when: U32::new(when),
                note: U32::new(note),
            },
        ))
    }

    /// Builds the nomenclature index and the blocks of each tariff.
    pub(super) fn lay_out_tariffs(&mut self) {
        let mut measures = std::mem::take(&mut self.measures);
        let mut subs: Vec<u32> =
            measures.iter().filter(|(_, m)| m.row.digits >= 6).map(|(_, m)| (m.code / 1_000_000) as u32).collect();
        let heads: Vec<u32> =
            measures.iter().filter(|(_, m)| m.row.digits >= 4).map(|(_, m)| (m.code / 100_000_000) as u32).collect();
        subs.sort_unstable();
        subs.dedup();
        let mut present = vec![false; HEADINGS];
        for head in heads {
            present[head as usize] = true;
        }
        let mut ids = Vec::with_capacity(HEADINGS);
        let mut suffixes: Vec<u8> = vec![u8::MAX; CHAPTERS as usize];
        let mut at = 0usize;
        for (head, present) in present.iter().enumerate() {
            ids.push(U32::new(suffixes.len() as u32));
            if *present {
                suffixes.push(u8::MAX);
                while at < subs.len() && (subs[at] / 100) as usize == head {
                    suffixes.push((subs[at] % 100) as u8);
                    at += 1;
                }
            }
        }
        let id_count = suffixes.len();
        self.draft.headings = ids;
        self.draft.subs = suffixes;
        let headings = std::mem::take(&mut self.draft.headings);
        let id_of = |code: u64, digits: u8, subs: &[u8]| -> usize {
            if digits < 4 {
                return (code / 10_000_000_000) as usize;
            }
            let head = (code / 100_000_000) as usize;
            let start = headings[head].get() as usize;
            if digits < 6 {
                return start;
            }
            let end = headings[head + 1].get() as usize;
            let suffix = ((code / 1_000_000) % 100) as u8;
            (start + 1..end).find(|&i| subs[i] == suffix).unwrap_or(start)
        };
        // Of one territory the edition published last stands first and the economy file's own measures last: the first that
        // has a general duty for some goods gives it.
        let mut tariffs: Vec<(Published, u32)> = std::mem::take(&mut self.tariffs).into_iter().collect();
        tariffs.sort_by_key(|(published, _)| (published.territory, std::cmp::Reverse(*published)));
        let mut place = vec![0usize; tariffs.len()];
        tariffs.iter().enumerate().for_each(|(at, (_, number))| place[*number as usize] = at);
        let mut keyed: Vec<(usize, usize, RawMeasure)> = measures
            .drain(..)
            .map(|(tariff, m)| (place[tariff as usize], id_of(m.code, m.row.digits, &self.draft.subs), m))
            .collect();
        keyed.sort_by_key(|(tariff, id, m)| {
            (*tariff, *id, m.row.digits, m.row.suffix.get(), m.row.kind, m.row.origin.get(), m.row.from.get())
        });
        let mut at = 0usize;
        for (tariff, (published, _)) in tariffs.into_iter().enumerate() {
            let offsets = self.draft.offsets.len() as u32;
            let block = keyed[at..].iter().take_while(|(t, ..)| *t == tariff);
            let (roots, claims) = roots_of(block.map(|(_, _, m)| &m.row));
            let roots = run_of(&mut self.draft.roots, roots);
            let mut named: Vec<u32> = claims
                .iter()
                .filter_map(|at| self.draft.claim_dir.get(usize::from(*at)))
                .flat_map(|dir| rows(&self.draft.claims, dir.rows))
                .map(|row| row.program.get())
                .collect();
            named.sort_unstable();
            named.dedup();
            let claims = self.list(named);
            let limits = self.limits.remove(&published).unwrap_or_default();
            let limits = self.list(limits);
            self.draft.tariffs.push(TariffRow {
                territory: U16::new(published.territory),
                pad: U16::new(0),
                offsets: U32::new(offsets),
                known_from: I32::new(published.known_from),
                history_from: I32::new(published.history_from),
                complete_from: I32::new(published.complete_from),
                roots,
                claims,
                limits,
            });
            for id in 0..id_count {
                self.draft.offsets.push(U32::new(self.draft.measures.len() as u32));
                while at < keyed.len() && keyed[at].0 == tariff && keyed[at].1 == id {
                    self.draft.measures.push(keyed[at].2.row);
                    at += 1;
                }
            }
            self.draft.offsets.push(U32::new(self.draft.measures.len() as u32));
        }
        self.draft.headings = headings;
        self.point_to_tariffs();
        if self.draft.measures.len() > MAX_ROWS {
            self.world_problem("", format!("more than {MAX_ROWS} measures"));
        }
    }

    /// Programs name the authorities whose tariffs they use; now that these are laid out, where they are.
    fn point_to_tariffs(&mut self) {
        for at in 0..self.draft.programs.len() {
            let named = rows(&self.draft.kids, self.draft.programs[at].tariffs).to_vec();
            let placed: Vec<u32> = named
                .chunks_exact(3)
                .filter_map(|entry| {
                    let of = |row: &TariffRow| u32::from(row.territory.get()).cmp(&entry[0].get());
                    let start = self.draft.tariffs.partition_point(|row| of(row).is_lt());
                    let len = self.draft.tariffs[start..].partition_point(|row| of(row).is_eq());
                    (len > 0).then(|| [start as u32, len as u32, entry[1].get(), entry[2].get()])
                })
                .flatten()
                .collect();
            self.draft.programs[at].tariffs = self.list(placed);
        }
    }

    /// Adds a measure given as numbers.
    ///
    /// # Errors
    /// A sentence when the territory is unknown or the rate does not fit.
    pub fn add_plain_measure(&mut self, territory: &str, measure: PlainMeasure) -> Result<(), String> {
        let Some(&id) = self.territory_ids.get(territory) else {
            return Err(format!("unknown territory {territory}"));
        };
        let whole = crate::goods::GoodsCode::from_padded(measure.code, measure.digits);
        if whole.is_none_or(|c| c.padded() != measure.code) || !measure.digits.is_multiple_of(2) {
            return Err(format!(
                "{} is not a code of {} digits padded to twelve, or the digits are odd in number",
                measure.code, measure.digits
            ));
        }
        let Some(amount) = inline_percent(measure.percent) else {
            return Err(format!("{} % needs more than four decimals", measure.percent));
        };
        let tariff = self.tariff(Published::always(id));
        self.push_measure(
            tariff,
            measure.code,
            measure.digits,
            MeasureRow {
                from: I32::new(measure.from),
                before: I32::new(measure.before),
                suffix: U32::new(0),
                origin: U16::new(measure.origin),
                excluded: U16::new(0),
                kind: measure.kind as u8,
                digits: measure.digits,
                program: U16::new(NO_ID),
                amount: U32::new(amount),
                when: U32::new(NONE),
                note: U32::new(NONE),
            },
        );
        Ok(())
    }

    /// The number of a set of origins, by territory or group code.
    ///
    /// # Errors
    /// A sentence naming a code that is unknown.
    pub fn origin_set(&mut self, codes: &[&str]) -> Result<u16, String> {
        let codes: Vec<String> = codes.iter().map(|c| (*c).to_owned()).collect();
        self.set(&codes, &[])
    }
}

/// The amounts and conditions that measures name, each once with the days in which any of them holds, and the sets of
/// programmes.
fn roots_of<'a>(measures: impl Iterator<Item = &'a MeasureRow>) -> (Vec<RootRow>, BTreeSet<u16>) {
    let mut days: BTreeMap<u32, (i32, i32)> = BTreeMap::new();
    let mut claims = BTreeSet::new();
    for measure in measures {
        let amount = measure.amount.get();
        let amount = if amount & INLINE_PERCENT == 0 { amount } else { NONE };
        for node in [amount, measure.when.get()] {
            if node != NONE {
                let (from, before) = days.entry(node).or_insert((i32::MAX, i32::MIN));
                *from = (*from).min(measure.from.get());
                *before = (*before).max(measure.before.get());
            }
        }
        if measure.program.get() != NO_ID {
            claims.insert(measure.program.get());
        }
    }
    let roots = days
        .into_iter()
        .map(|(node, (from, before))| RootRow { node: U32::new(node), from: I32::new(from), before: I32::new(before) })
        .collect();
    (roots, claims)
}

/// What stands for the amount of a measure that has none.
const fn verdict_in_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unknown => "unknown",
        Verdict::NotAllowed => "not allowed",
        Verdict::FormalEntry => "formal entry",
        Verdict::Prohibited => "prohibited",
    }
}
