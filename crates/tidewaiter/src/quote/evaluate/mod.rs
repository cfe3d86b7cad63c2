//! The evaluator: complete facts in, amounts out.
//!
//! For each charge in order: every line climbs the ladder, lines that took the same rung form computation units, each
//! unit's amount is computed and rounded, and shared back to its lines so that parts sum. A missing fact stops the
//! evaluation with the fact's [`Key`]; the caller supposes a value and evaluates again (see [`super::worlds`]). Generic
//! over a [`Trace`]: with [`Silent`] it allocates nothing once its [`Sheet`] has grown.

mod amount;
mod condition;
mod tariff;
mod units;

pub(crate) use condition::holds_goods;
pub(crate) use tariff::{claims_of, family_of, in_set, nomenclature_ids};

use super::apportion::apportion_into;
use super::case::{CODE_DIGITS, Case, Key, Line, TestOf, Value, World};
use super::ladder::mask_of;
use super::rate::{Chosen, choose};
use super::trace::{Event, Trace};
use crate::decimal::{Decimal, NumberError, RoundingMode};
use crate::ratebook::compile::rounding_mode;
use crate::ratebook::layout::*;
use crate::ratebook::numbers::verdict_of;
use crate::ratebook::{rows, tariffs_in_force};
use crate::record::expression::{COMPONENT_COUNT, Component, Per, Scope};
use crate::record::{Kind, Status, Verdict};
use condition::holds;

/// Why an evaluation stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A fact is missing.
    Need(Key),
    /// No exchange rate from the first currency to the second.
    NoRate(u16, u16),
    /// A number ran out of range.
    Number,
    /// The ratebook refers outside itself.
    Damaged,
}

impl From<NumberError> for Stop {
    fn from(_: NumberError) -> Self {
        Self::Number
    }
}

type Eval<T> = Result<T, Stop>;

/// What gave a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// A rung of a ladder.
    Rung(u32),
    /// A measure of the tariff.
    Measure(u32),
}

/// The amounts of one evaluation. Keep one and use it again.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sheet {
    lines: usize,
    charges: usize,
    /// Row `charge * lines + line`.
    amounts: Vec<Decimal>,
    bases: Vec<Decimal>,
    rungs: Vec<u32>,
    /// Charges that were waived as too small.
    pub(crate) waived: u64,
    /// Worst verdict, and what gave it.
    pub(crate) verdict: Option<(Verdict, Ruling)>,
    /// A line for which no charge had a rung.
    pub(crate) ruleless: bool,
    /// A duty or tax that no rule of that day covers, while no other charge of its kind applies.
    pub(crate) uncovered: Option<u16>,
    /// Whether a duty applied, and a tax.
    covered: [bool; 2],
    candidates: [Option<u16>; 2],
    unit: Vec<u16>,
    done: Vec<bool>,
    weights: Vec<Decimal>,
    parts: Vec<Decimal>,
    /// Measures in force for lines that were looked up, and for each line where they stand.
    measures: Vec<Candidate>,
    looked: Vec<Option<(u32, u32)>>,
    /// Conditions already tested for the whole consignment: node, and the evaluation's number with the result.
    tested: Vec<(u32, u64)>,
    evaluation: u64,
    /// For each line, where the mask of the rungs that can hold for its goods begins, or [`NONE`].
    masks: Vec<u32>,
    /// Disputed rules that mattered, in any evaluation.
    pub(crate) disputed: u64,
    /// One bit for each tariff in force of which a measure applied, the last one for all further ones.
    pub(crate) applied: u64,
}

/// A measure in force for a line's code.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    measure: u32,
    family: u8,
    /// A duty for everyone: the code has a line in the tariff.
    general: bool,
    /// Which of the tariffs in force it stands in.
    tariff: u8,
}

/// Conditions remembered within one evaluation.
const REMEMBERED: usize = 128;

impl Sheet {
    /// Whether something is unknown: a verdict of "unknown", no rule for some goods, no rule on that day.
    pub(crate) fn is_open(&self) -> bool {
        self.ruleless || self.uncovered.is_some() || self.verdict.is_some_and(|(v, _)| v == Verdict::Unknown)
    }
    /// The amounts alone, to keep.
    pub(crate) fn kept(&self) -> Self {
        Self {
            lines: self.lines,
            charges: self.charges,
            amounts: self.amounts.clone(),
            bases: self.bases.clone(),
            rungs: self.rungs.clone(),
            waived: self.waived,
            verdict: self.verdict,
            ruleless: self.ruleless,
            uncovered: self.uncovered,
            ..Self::default()
        }
    }

    fn reset(&mut self, lines: usize, charges: usize) {
        let cells = lines * charges;
        self.lines = lines;
        self.charges = charges;
        self.amounts.clear();
        self.amounts.resize(cells, Decimal::ZERO);
        self.bases.clear();
        self.bases.resize(cells, Decimal::ZERO);
        self.rungs.clear();
        self.rungs.resize(cells, NONE);
        self.waived = 0;
        self.verdict = None;
        self.ruleless = false;
        self.uncovered = None;
        self.covered = [false; 2];
        self.candidates = [None; 2];
        self.applied = 0;
        self.measures.clear();
        self.looked.clear();
        self.looked.resize(lines, None);
        self.evaluation += 1;
        self.masks.clear();
        if self.tested.is_empty() {
            self.tested.resize(REMEMBERED, (NONE, 0));
        }
    }

    /// Whether a line's code was seen to have a line in a tariff.
    pub(crate) fn is_listed(&self, line: usize) -> bool {
        let Some(Some((start, end))) = self.looked.get(line) else { return false };
        let seen = self.measures.get(*start as usize..*end as usize).unwrap_or_default();
        seen.iter().any(|candidate| candidate.general)
    }

    fn note_applied(&mut self, candidate: Candidate) {
        self.applied |= 1 << candidate.tariff.min(63);
    }

    pub(crate) fn amount(&self, charge: usize, line: usize) -> Decimal {
        self.amounts.get(charge * self.lines + line).copied().unwrap_or_default()
    }

    pub(crate) fn base(&self, charge: usize, line: usize) -> Decimal {
        self.bases.get(charge * self.lines + line).copied().unwrap_or_default()
    }

    /// The rung row that a line took, or [`NONE`].
    pub(crate) fn rung(&self, charge: usize, line: usize) -> u32 {
        self.rungs.get(charge * self.lines + line).copied().unwrap_or(NONE)
    }

    pub(crate) fn charge_total(&self, charge: usize) -> Decimal {
        let cells = &self.amounts[charge * self.lines..(charge + 1) * self.lines];
        cells.iter().fold(Decimal::ZERO, |sum, a| sum.plus(*a).unwrap_or(sum))
    }

    pub(crate) fn total(&self) -> Decimal {
        self.amounts.iter().fold(Decimal::ZERO, |sum, a| sum.plus(*a).unwrap_or(sum))
    }

    pub(crate) fn size(&self) -> (usize, usize) {
        (self.charges, self.lines)
    }
}

/// In which currency an expression is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum In {
    Assessed,
    Slot(u16),
}

pub(crate) struct Evaluator<'a, T: Trace> {
    pub(crate) t: &'a Tables<'a>,
    pub(crate) program: &'a ProgramRow,
    pub(crate) case: &'a Case,
    pub(crate) world: &'a World,
    pub(crate) sheet: &'a mut Sheet,
    pub(crate) trace: &'a mut T,
    charge: usize,
    /// Flat amounts are taken this many times, where that is not once: parcels, or pieces.
    times: Option<Decimal>,
    /// The tariff is being looked up; a measure cannot look it up again.
    in_tariff: bool,
}

/// Evaluates a case in a world onto a sheet.
pub(crate) fn evaluate<'a, T: Trace>(
    t: &'a Tables<'a>,
    case: &'a Case,
    world: &'a World,
    sheet: &'a mut Sheet,
    trace: &'a mut T,
) -> Eval<()> {
    let program = t.programs.get(case.program as usize).ok_or(Stop::Damaged)?;
    let charges = rows(t.charges, program.charges);
    sheet.reset(case.lines.len(), charges.len());
    let mut this = Evaluator { t, program, case, world, sheet, trace, charge: 0, times: None, in_tariff: false };
    if !T::ON && case.ladders.prunes() && program.areas.len.get() > 0 {
        for line in 0..case.lines.len() {
            let (first, last) = this.span(line as u16);
            this.sheet.masks.push(mask_of(t, program, first, last));
        }
    }
    for (at, charge) in charges.iter().enumerate() {
        this.charge = at;
        this.note_read(charge);
        this.one_charge(charge)?;
    }
    this.waive()?;
    let lines = this.case.lines.len();
    for at in 0..2 {
        if !this.sheet.covered[at] {
            this.sheet.uncovered = this.sheet.uncovered.or(this.sheet.candidates[at]);
        }
    }
    this.sheet.ruleless = (0..lines).any(|line| (0..charges.len()).all(|charge| this.sheet.rung(charge, line) == NONE));
    Ok(())
}

impl<'a, T: Trace> Evaluator<'a, T> {
    fn cell(&self, line: usize) -> usize {
        self.charge * self.case.lines.len() + line
    }

    fn one_charge(&mut self, charge: &ChargeRow) -> Eval<()> {
        let lines = self.case.lines.len();
        let mut anyone = false;
        for line in 0..lines {
            let rung = self.climb(line)?;
            let cell = self.cell(line);
            self.sheet.rungs[cell] = rung;
            anyone |= rung != NONE;
        }
        if !anyone {
            self.note_uncovered(charge);
            return Ok(());
        }
        if let Some(at) = category(charge.kind) {
            self.sheet.covered[at] = true;
        }
        self.compute_bases(charge)?;
        self.compute_units(charge)?;
        self.round_over_consignment(charge)
    }

    /// A duty or tax that no rung reached, while rungs of other days or of later publications exist, is unknown, not absent.
    fn note_uncovered(&mut self, charge: &ChargeRow) {
        let rungs = rows(self.t.rungs, charge.rungs);
        let visible = |r: &&RungRow| r.status == Status::InForce as u8;
        let day = self.case.day;
        let in_force = rungs.iter().filter(visible).all(|r| r.from.get() <= day && day < r.before.get());
        let unpublished = rungs.iter().filter(visible).any(|r| r.known_from.get() > self.case.known);
        if let Some(at) = category(charge.kind)
            && (!in_force || unpublished)
        {
            self.sheet.candidates[at] = self.sheet.candidates[at].or(Some(self.charge as u16));
        }
    }

    fn climb(&mut self, line: usize) -> Eval<u32> {
        let ladders = &self.case.ladders;
        // Who follows the steps sees every rung tried; the others need only those that can hold.
        let ladder = if T::ON { ladders.all(self.charge) } else { ladders.possible(self.charge) };
        let mask = self.sheet.masks.get(line).copied().unwrap_or(NONE);
        let mask = if T::ON { &[] } else { self.t.masks.get(mask as usize..).unwrap_or(&[]) };
        for &index in ladder {
            let bit = ladders.bit(index);
            if mask.get(bit / 64).is_some_and(|word| word.get() >> (bit % 64) & 1 == 0) {
                continue;
            }
            let rung = self.t.rungs.get(index as usize).ok_or(Stop::Damaged)?;
            self.note_read(rung);
            let when = rung.when.get();
            let held = when == NONE || self.condition(when, line)?;
            if T::ON {
                self.trace.event(Event::Rung { charge: self.charge as u16, line: line as u16, rung: index, held });
            }
            if held {
                if rung.outcome != 0 {
                    self.rule_out(rung.outcome, Ruling::Rung(index));
                }
                return Ok(index);
            }
        }
        Ok(NONE)
    }

    /// Notes an answer that is not a number; the worst counts.
    fn rule_out(&mut self, outcome: u8, by: Ruling) {
        let verdict = verdict_of(outcome).unwrap_or(Verdict::Unknown);
        if self.sheet.verdict.is_none_or(|(worst, _)| verdict > worst) {
            self.sheet.verdict = Some((verdict, by));
        }
    }

    fn rung_row(&self, index: u32) -> Eval<&'a RungRow> {
        self.t.rungs.get(index as usize).ok_or(Stop::Damaged)
    }

    /// A sum in a slot's currency, in the currency of assessment.
    fn to_assessed(&self, amount: Decimal, slot: u16) -> Eval<Decimal> {
        match self.case.for_charge(slot) {
            Some(ratio) => Ok(ratio.apply(amount)?),
            None => Err(self.no_rate(slot)),
        }
    }

    fn no_rate(&self, slot: u16) -> Stop {
        Stop::NoRate(self.case.invoice, slot)
    }

    /// A node, not a copy of it: nodes are packed, and reading back one just copied waits for the writes.
    fn node(&mut self, index: u32) -> Eval<&'a Node> {
        let node = self.t.nodes.get(index as usize).ok_or(Stop::Damaged)?;
        self.note_read(node);
        Ok(node)
    }

    /// Tells the trace that a row was read, where that is wanted.
    #[inline]
    fn note_read<R>(&mut self, row: &R) {
        if T::READS {
            self.trace.read(std::ptr::from_ref(row) as usize, size_of::<R>());
        }
    }

    fn line(&self, line: u16) -> &Line {
        &self.case.lines[usize::from(line)]
    }

    /// The codes a line may have, in this world.
    fn span(&self, line: u16) -> (u64, u64) {
        match self.world.get(Key::Code(line)) {
            Some(Value::Code(code)) => (code, code),
            _ => self.line(line).code_span(),
        }
    }

    fn origin(&self, line: u16) -> Eval<u16> {
        if let Some(origin) = self.line(line).origin {
            return Ok(origin);
        }
        match self.world.get(Key::Origin(line)) {
            Some(Value::Territory(id)) => Ok(id),
            _ => Err(Stop::Need(Key::Origin(line))),
        }
    }
}

/// Duty 0, tax 1; other charges may be absent.
const fn category(kind: u8) -> Option<usize> {
    match kind {
        k if k == Kind::Duty as u8 => Some(0),
        k if k == Kind::Vat as u8 || k == Kind::Gst as u8 || k == Kind::SalesTax as u8 => Some(1),
        _ => None,
    }
}
