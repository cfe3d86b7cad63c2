//! The evaluator: complete facts in, amounts out.
//!
//! For each charge in order: every line climbs the ladder, lines that took the same rung form computation units, each
//! unit's amount is computed and rounded, and shared back to its lines so that parts sum. A missing fact stops the
//! evaluation with the fact's [`Key`]; the caller supposes a value and evaluates again (see [`super::worlds`]). Generic
//! over a [`Trace`]: with [`Silent`] it allocates nothing once its [`Sheet`] has grown.

use super::apportion::apportion_into;
use super::case::{CODE_DIGITS, Case, Key, Line, TestOf, Value, World};
use super::trace::{Event, Trace};
use crate::decimal::{Decimal, NumberError, RoundingMode};
use crate::ratebook::compile::rounding_mode;
use crate::ratebook::layout::*;
use crate::ratebook::numbers::verdict_of;
use crate::ratebook::{rows, tariffs_in_force};
use crate::record::expression::{COMPONENT_COUNT, Component, Per, Scope};
use crate::record::{Kind, Status, Verdict};

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
    /// Worst verdict, and the rung that gave it.
    pub(crate) verdict: Option<(Verdict, u32)>,
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
    measures: Vec<u32>,
    /// Conditions already tested for the whole consignment: node, and the evaluation's number with the result.
    tested: Vec<(u32, u64)>,
    evaluation: u64,
}

/// Conditions remembered within one evaluation.
const REMEMBERED: usize = 128;

impl Sheet {
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
        self.evaluation += 1;
        if self.tested.is_empty() {
            self.tested.resize(REMEMBERED, (NONE, 0));
        }
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
    pub(crate) t: Tables<'a>,
    pub(crate) program: &'a ProgramRow,
    pub(crate) case: &'a Case,
    pub(crate) world: &'a World,
    pub(crate) sheet: &'a mut Sheet,
    pub(crate) trace: &'a mut T,
    charge: usize,
    /// Flat amounts are taken this many times: parcels, or pieces.
    times: Decimal,
    /// The tariff is being looked up; a measure cannot look it up again.
    in_tariff: bool,
}

/// Evaluates a case in a world onto a sheet.
pub(crate) fn evaluate<'a, T: Trace>(t: Tables<'a>, case: &'a Case, world: &'a World, sheet: &'a mut Sheet, trace: &'a mut T) -> Eval<()> {
    let program = t.programs.get(case.program as usize).ok_or(Stop::Damaged)?;
    let charges = rows(t.charges, program.charges);
    sheet.reset(case.lines.len(), charges.len());
    let mut this = Evaluator { t, program, case, world, sheet, trace, charge: 0, times: Decimal::ONE, in_tariff: false };
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

#[inline]
fn holds(compare: u8, ordering: std::cmp::Ordering) -> bool {
    match compare {
        0 => ordering.is_lt(),
        1 => ordering.is_le(),
        2 => ordering.is_gt(),
        3 => ordering.is_ge(),
        _ => ordering.is_eq(),
    }
}

impl<T: Trace> Evaluator<'_, T> {
    fn cell(&self, line: usize) -> usize {
        self.charge * self.case.lines.len() + line
    }

    fn one_charge(&mut self, charge: &ChargeRow) -> Eval<()> {
        let lines = self.case.lines.len();
        let mut anyone = false;
        for line in 0..lines {
            let rung = self.climb(charge, line)?;
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

    /// A main duty or tax whose rules all begin later is unknown on this day, not absent.
    fn note_uncovered(&mut self, charge: &ChargeRow) {
        let rungs = rows(self.t.rungs, charge.rungs);
        let visible = |r: &&RungRow| r.status == Status::InForce as u8;
        let first = rungs.iter().filter(visible).map(|r| r.from.get()).min();
        let unpublished = rungs.iter().filter(visible).all(|r| r.known_from.get() > self.case.known);
        if let Some(at) = category(charge.kind)
            && (first.is_some_and(|f| self.case.day < f) || unpublished)
        {
            self.sheet.candidates[at] = self.sheet.candidates[at].or(Some(self.charge as u16));
        }
    }

    fn climb(&mut self, charge: &ChargeRow, line: usize) -> Eval<u32> {
        let start = charge.rungs.start.get();
        let day = self.case.day;
        let known = self.case.known;
        for (at, rung) in rows(self.t.rungs, charge.rungs).iter().enumerate() {
            self.note_read(rung);
            if rung.status != Status::InForce as u8
                || day < rung.from.get()
                || day >= rung.before.get()
                || known < rung.known_from.get()
                || known >= rung.known_before.get()
            {
                continue;
            }
            let index = start + at as u32;
            let when = rung.when.get();
            let held = when == NONE || self.condition(when, line)?;
            if T::ON {
                self.trace.event(Event::Rung { charge: self.charge as u16, line: line as u16, rung: index, held });
            }
            if held {
                if rung.outcome != 0 {
                    let verdict = verdict_of(rung.outcome).unwrap_or(Verdict::Unknown);
                    if self.sheet.verdict.is_none_or(|(worst, _)| verdict > worst) {
                        self.sheet.verdict = Some((verdict, index));
                    }
                }
                return Ok(index);
            }
        }
        Ok(NONE)
    }

    fn rung_row(&self, index: u32) -> Eval<&'_ RungRow> {
        self.t.rungs.get(index as usize).ok_or(Stop::Damaged)
    }

    fn compute_bases(&mut self, charge: &ChargeRow) -> Eval<()> {
        let lines = self.case.lines.len();
        for line in 0..lines {
            let Some((node, per)) = self.base_of_rung(charge, line) else { continue };
            if lines > 1 && per != Per::Item as u8 && self.node(node)?.holds_flat() {
                let alike = |other: &usize| self.base_of_rung(charge, *other).is_some_and(|(n, p)| n == node && p != Per::Item as u8);
                if !(0..line).any(|other| alike(&other)) {
                    let together: Vec<u16> = (line..lines).filter(alike).map(|other| other as u16).collect();
                    self.spread(node, &together, false)?;
                }
                continue;
            }
            if per == Per::Item as u8 {
                self.times = self.case.lines[line].quantity;
            }
            let base = self.amount(node, &[line as u16], In::Assessed);
            self.times = Decimal::ONE;
            let cell = self.cell(line);
            self.sheet.bases[cell] = base?;
        }
        if charge.base_round.set == 1 && charge.base_round.stage == 0 {
            for line in 0..lines {
                let cell = self.cell(line);
                self.sheet.bases[cell] = round(self.sheet.bases[cell], &charge.base_round)?;
            }
        }
        if charge.base_round.set == 1 && charge.base_round.stage == 1 {
            let cells = self.cell(0)..self.cell(0) + lines;
            let mut sum = Decimal::ZERO;
            for base in &self.sheet.bases[cells.clone()] {
                sum = sum.plus(*base)?;
            }
            let rounded = round(sum, &charge.base_round)?;
            let sheet = &mut *self.sheet;
            sheet.weights.clear();
            sheet.weights.extend_from_slice(&sheet.bases[cells.clone()]);
            apportion_into(rounded, &sheet.weights, Decimal::from_units(1), &mut sheet.parts)?;
            sheet.bases[cells].copy_from_slice(&sheet.parts);
            if T::ON {
                self.trace.event(Event::BaseRounded { charge: self.charge as u16, from: sum, to: rounded });
            }
        }
        Ok(())
    }

    /// The base of a line's rung and for what its amount is computed; nothing where no amount is.
    fn base_of_rung(&self, charge: &ChargeRow, line: usize) -> Option<(u32, u8)> {
        let rung = self.t.rungs.get(self.sheet.rungs[self.cell(line)] as usize).filter(|r| r.outcome == 0)?;
        Some((if rung.base.get() == NONE { charge.base.get() } else { rung.base.get() }, rung.per))
    }

    /// Adds an amount to the bases of lines, or takes it off. What holds a flat sum is computed once for all of them and
    /// shared by value of goods; the rest is each line's own.
    fn spread(&mut self, index: u32, lines: &[u16], off: bool) -> Eval<()> {
        let node = self.node(index)?;
        match node.op {
            op::SUM => {
                for at in 0..node.b.get() {
                    let kid = self.kid(node.a.get(), at)?;
                    self.spread(kid, lines, off)?;
                }
                return Ok(());
            }
            op::LESS => {
                self.spread(node.a.get(), lines, off)?;
                return self.spread(node.b.get(), lines, !off);
            }
            op::IF => {
                let (mut held, mut not) = (Vec::new(), Vec::new());
                for &line in lines {
                    if self.condition(node.a.get(), usize::from(line))? { held.push(line) } else { not.push(line) }
                }
                self.spread(node.b.get(), &held, off)?;
                return self.spread(node.c.get(), &not, off);
            }
            _ => {}
        }
        let mut parts = std::mem::take(&mut self.sheet.parts);
        let result = self.parts_of(&node, index, lines, &mut parts);
        let first = self.cell(0);
        for (&line, part) in lines.iter().zip(&parts) {
            let cell = first + usize::from(line);
            let base = self.sheet.bases[cell];
            self.sheet.bases[cell] = if off { base.minus(*part)? } else { base.plus(*part)? };
        }
        self.sheet.parts = parts;
        result
    }

    /// What each line adds to an amount.
    fn parts_of(&mut self, node: &Node, index: u32, lines: &[u16], parts: &mut Vec<Decimal>) -> Eval<()> {
        parts.clear();
        if !node.holds_flat() {
            for &line in lines {
                let part = self.amount(index, &[line], In::Assessed)?;
                parts.push(part);
            }
            return Ok(());
        }
        let all = self.amount(index, lines, In::Assessed)?;
        let weights: Vec<Decimal> = lines.iter().map(|line| self.line(*line).assessed[Component::Goods as usize]).collect();
        Ok(apportion_into(all, &weights, Decimal::from_units(1), parts)?)
    }

    /// Whether two lines belong to one computation unit.
    fn same_unit(&self, per: u8, first: usize, other: usize) -> Eval<bool> {
        let digits = match per {
            p if p == Per::Consignment as u8 || p == Per::Parcel as u8 => return Ok(true),
            p if p == Per::Heading6 as u8 => 6,
            p if p == Per::Heading8 as u8 => 8,
            p if p == Per::Heading10 as u8 => 10,
            _ => return Ok(false),
        };
        let step = 10u64.pow(u32::from(CODE_DIGITS - digits));
        let (a, b) = (self.code_to(first, digits)?, self.code_to(other, digits)?);
        Ok(a / step == b / step)
    }

    /// The line's code, which must be known to so many digits; fewer are taken as they are if the goods stand alone.
    fn code_to(&self, line: usize, digits: u8) -> Eval<u64> {
        let row = &self.case.lines[line];
        if row.digits >= digits.min(6) {
            return Ok(row.code);
        }
        match self.world.get(Key::Code(line as u16)) {
            Some(Value::Code(code)) => Ok(code),
            _ if self.case.lines.len() == 1 => Ok(row.code),
            _ => Err(Stop::Need(Key::Code(line as u16))),
        }
    }

    fn compute_units(&mut self, charge: &ChargeRow) -> Eval<()> {
        let lines = self.case.lines.len();
        let mut done = std::mem::take(&mut self.sheet.done);
        let mut unit = std::mem::take(&mut self.sheet.unit);
        done.clear();
        done.resize(lines, false);
        let result = (|| {
            for line in 0..lines {
                let index = self.sheet.rungs[self.cell(line)];
                if done[line] || index == NONE {
                    continue;
                }
                let rung = *self.rung_row(index)?;
                unit.clear();
                unit.push(line as u16);
                done[line] = true;
                if rung.outcome != 0 {
                    continue;
                }
                if rung.per != Per::Line as u8 && rung.per != Per::Item as u8 {
                    for (other, taken) in done.iter_mut().enumerate().skip(line + 1) {
                        if !*taken && self.sheet.rungs[self.cell(other)] == index && self.same_unit(rung.per, line, other)? {
                            unit.push(other as u16);
                            *taken = true;
                        }
                    }
                }
                self.one_unit(charge, &rung, index, &unit)?;
            }
            Ok(())
        })();
        self.sheet.done = done;
        self.sheet.unit = unit;
        result
    }

    fn one_unit(&mut self, charge: &ChargeRow, rung: &RungRow, index: u32, unit: &[u16]) -> Eval<()> {
        self.times = match rung.per {
            p if p == Per::Parcel as u8 => self.case.parcels,
            p if p == Per::Item as u8 => self.case.lines[usize::from(unit[0])].quantity,
            _ => Decimal::ONE,
        };
        let raw = self.amount(rung.amount.get(), unit, In::Assessed);
        self.times = Decimal::ONE;
        let raw = raw?;
        let rule = rounding_of(charge, rung);
        let amount = match rule {
            Some(rule) if rule.stage == 1 => raw,
            Some(rule) => round(raw, rule)?,
            None => raw.rounded(RoundingMode::HalfUp, self.case.minor)?,
        };
        if T::ON {
            self.trace.event(Event::Unit { charge: self.charge as u16, rung: index, first: unit[0], lines: unit.len() as u16, raw, rounded: amount });
        }
        if let [only] = unit {
            let cell = self.cell(usize::from(*only));
            self.sheet.amounts[cell] = amount;
            return Ok(());
        }
        self.share(amount, unit)
    }

    /// Gives each line of a unit its part, by value of goods, in whole minor units.
    fn share(&mut self, amount: Decimal, unit: &[u16]) -> Eval<()> {
        let sheet = &mut *self.sheet;
        sheet.weights.clear();
        for &line in unit {
            sheet.weights.push(self.case.lines[usize::from(line)].assessed[Component::Goods as usize]);
        }
        apportion_into(amount, &sheet.weights, self.case.minor, &mut sheet.parts)?;
        let first = self.charge * self.case.lines.len();
        for (at, &line) in unit.iter().enumerate() {
            sheet.amounts[first + usize::from(line)] = sheet.parts[at];
        }
        Ok(())
    }

    /// Rounding that the law applies to the consignment's sum.
    fn round_over_consignment(&mut self, charge: &ChargeRow) -> Eval<()> {
        let lines = self.case.lines.len();
        let first = self.cell(0);
        let mut rule: Option<RoundRow> = None;
        for line in 0..lines {
            let index = self.sheet.rungs[first + line];
            if let Some(rung) = self.t.rungs.get(index as usize)
                && let Some(found) = rounding_of(charge, rung)
                && found.stage == 1
            {
                rule = Some(*found);
            }
        }
        let Some(rule) = rule else { return Ok(()) };
        let mut sum = Decimal::ZERO;
        for amount in &self.sheet.amounts[first..first + lines] {
            sum = sum.plus(*amount)?;
        }
        let rounded = round(sum, &rule)?;
        let sheet = &mut *self.sheet;
        sheet.weights.clear();
        sheet.weights.extend_from_slice(&sheet.amounts[first..first + lines]);
        apportion_into(rounded, &sheet.weights, self.case.minor, &mut sheet.parts)?;
        sheet.amounts[first..first + lines].copy_from_slice(&sheet.parts);
        if T::ON {
            self.trace.event(Event::SumRounded { charge: self.charge as u16, from: sum, to: rounded });
        }
        Ok(())
    }

    /// Drops sums too small to collect. What the seller collects is never dropped: these are rules of the border.
    fn waive(&mut self) -> Eval<()> {
        let lines = self.case.lines.len();
        for (at, waiver) in rows(self.t.waivers, self.program.waivers).iter().enumerate() {
            if self.case.day < waiver.from.get() || self.case.day >= waiver.before.get() {
                continue;
            }
            let mut sum = Decimal::ZERO;
            for charge in rows(self.t.kids, waiver.charges) {
                for line in 0..lines {
                    if self.at_border(charge.get() as usize, line) {
                        sum = sum.plus(self.sheet.amount(charge.get() as usize, line))?;
                    }
                }
            }
            if sum.is_zero() {
                continue;
            }
            let limit = self.to_assessed(Decimal::from_units(waiver.value.get()), waiver.slot.get())?;
            if !holds(waiver.compare, sum.cmp(&limit)) {
                continue;
            }
            for charge in rows(self.t.kids, waiver.charges) {
                let charge = charge.get() as usize;
                for line in 0..lines {
                    if self.at_border(charge, line)
                        && let Some(amount) = self.sheet.amounts.get_mut(charge * lines + line)
                    {
                        *amount = Decimal::ZERO;
                    }
                }
                self.sheet.waived |= 1 << (charge & 63);
            }
            if T::ON {
                self.trace.event(Event::Waived { waiver: at as u32, sum, limit });
            }
        }
        Ok(())
    }

    fn at_border(&self, charge: usize, line: usize) -> bool {
        self.t.rungs.get(self.sheet.rung(charge, line) as usize).is_some_and(|r| r.collect != crate::record::Collector::Seller as u8)
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

    fn node(&mut self, index: u32) -> Eval<Node> {
        let node = self.t.nodes.get(index as usize).ok_or(Stop::Damaged)?;
        self.note_read(node);
        Ok(*node)
    }

    /// Tells the trace that a row was read, where that is wanted.
    #[inline]
    fn note_read<R>(&mut self, row: &R) {
        if T::READS {
            self.trace.read(std::ptr::from_ref(row) as usize, size_of::<R>());
        }
    }

    fn base_of(&self, lines: &[u16]) -> Eval<Decimal> {
        let first = self.charge * self.case.lines.len();
        let mut sum = Decimal::ZERO;
        for &line in lines {
            sum = sum.plus(self.sheet.bases[first + usize::from(line)])?;
        }
        Ok(sum)
    }

    fn component(&self, which: usize, lines: &[u16], within: In) -> Eval<Decimal> {
        let mut sum = Decimal::ZERO;
        match within {
            In::Assessed => {
                for &line in lines {
                    sum = sum.plus(self.case.lines[usize::from(line)].assessed[which])?;
                }
                Ok(sum)
            }
            In::Slot(slot) => {
                for &line in lines {
                    sum = sum.plus(self.case.lines[usize::from(line)].components[which])?;
                }
                match self.case.for_test(slot) {
                    Some(ratio) => Ok(ratio.apply(sum)?),
                    None => Err(self.no_rate(slot)),
                }
            }
        }
    }

    /// An amount computed in the currency of assessment, where a test wants another.
    fn within(&self, amount: Decimal, within: In) -> Eval<Decimal> {
        match within {
            In::Assessed => Ok(amount),
            In::Slot(slot) => match self.case.for_charge(slot) {
                Some(ratio) => Ok(ratio.inverse().apply(amount)?),
                None => Err(self.no_rate(slot)),
            },
        }
    }

    /// Computes an amount for a unit of lines.
    fn amount(&mut self, index: u32, lines: &[u16], within: In) -> Eval<Decimal> {
        let node = self.node(index)?;
        let value = Decimal::from_units(node.value.get());
        Ok(match node.op {
            op::RELIEVED => Decimal::ZERO,
            op::FLAT => {
                let value = if self.times == Decimal::ONE { value } else { value.times(self.times)? };
                match within {
                    In::Slot(slot) if slot == node.slot.get() => value,
                    In::Slot(_) => {
                        let assessed = self.to_assessed(value, node.slot.get())?;
                        self.within(assessed, within)?
                    }
                    In::Assessed => self.to_assessed(value, node.slot.get())?,
                }
            }
            op::PERCENT => {
                let of = self.of_or_base(node.a.get(), lines, within)?;
                value.percent_of(of)?
            }
            op::GROSS_UP => {
                let of = self.of_or_base(node.a.get(), lines, within)?;
                of.scaled(value, Decimal::HUNDRED.minus(value)?)?
            }
            op::SPECIFIC => {
                let mut amount = self.to_assessed(value, node.slot.get())?;
                let mut sum = Decimal::ZERO;
                for &line in lines {
                    let mut quantity = self.quantity(line, node.a.get())?;
                    if node.b.get() != NONE {
                        quantity = quantity.times(self.quantity_each(line, node.b.get())?)?;
                    }
                    sum = sum.plus(quantity)?;
                }
                amount = amount.times(sum)?;
                self.within(amount, within)?
            }
            op::COMPONENT => self.component(usize::from(node.arg()).min(COMPONENT_COUNT - 1), lines, within)?,
            op::BASE => {
                let base = self.base_of(lines)?;
                self.within(base, within)?
            }
            op::CHARGE => {
                let mut sum = Decimal::ZERO;
                for &line in lines {
                    sum = sum.plus(self.sheet.amount(node.a.get() as usize, usize::from(line)))?;
                }
                self.within(sum, within)?
            }
            op::TARIFF => {
                let mut sum = Decimal::ZERO;
                for &line in lines {
                    sum = sum.plus(self.tariff(node.arg(), line)?)?;
                }
                self.within(sum, within)?
            }
            op::SUM => {
                let mut sum = Decimal::ZERO;
                for at in 0..node.b.get() {
                    let kid = self.kid(node.a.get(), at)?;
                    sum = sum.plus(self.amount(kid, lines, within)?)?;
                }
                sum
            }
            op::MAX | op::MIN => {
                let mut best: Option<Decimal> = None;
                for at in 0..node.b.get() {
                    let kid = self.kid(node.a.get(), at)?;
                    let next = self.amount(kid, lines, within)?;
                    best = Some(match best {
                        None => next,
                        Some(b) if node.op == op::MAX => b.max(next),
                        Some(b) => b.min(next),
                    });
                }
                best.unwrap_or_default()
            }
            op::LESS => {
                let left = self.amount(node.a.get(), lines, within)?;
                left.minus(self.amount(node.b.get(), lines, within)?)?
            }
            op::TIMES => value.times(self.amount(node.a.get(), lines, within)?)?,
            op::CLAMP => {
                let amount = self.amount(node.a.get(), lines, within)?;
                let least = self.amount(node.b.get(), lines, within)?;
                let most = self.amount(node.c.get(), lines, within)?;
                amount.min(most).max(least)
            }
            op::IF => {
                let line = lines.first().copied().unwrap_or(0);
                let next = if self.condition(node.a.get(), usize::from(line))? { node.b.get() } else { node.c.get() };
                self.amount(next, lines, within)?
            }
            op::BANDS => self.bands(&node, lines, within)?,
            op::WHOLE_ITEMS => self.whole_items(&node, lines, within)?,
            // On something that holds a flat sum, such as an allowance: once for all lines, shared by value.
            op::RATE if lines.len() > 1 && node.c.get() != NONE && self.node(node.c.get())?.holds_flat() => {
                let of = self.node(node.c.get())?;
                let mut parts = Vec::new();
                self.parts_of(&of, node.c.get(), lines, &mut parts)?;
                let mut sum = Decimal::ZERO;
                for (&line, part) in lines.iter().zip(&parts) {
                    sum = sum.plus(self.rate(&node, line)?.percent_of(*part)?)?;
                }
                self.within(sum, within)?
            }
            op::ROUND => {
                let amount = self.amount(node.a.get(), lines, In::Assessed)?;
                let rounded = amount.rounded(rounding_mode(node.arg()), value)?;
                self.within(rounded, within)?
            }
            op::RATE => {
                let mut sum = Decimal::ZERO;
                for &line in lines {
                    let percent = self.rate(&node, line)?;
                    let of = self.of_or_base(node.c.get(), &[line], within)?;
                    sum = sum.plus(percent.percent_of(of)?)?;
                }
                sum
            }
            _ => return Err(Stop::Damaged),
        })
    }

    fn kid(&self, start: u32, at: u32) -> Eval<u32> {
        self.t.kids.get((start + at) as usize).map(|k| k.get()).ok_or(Stop::Damaged)
    }

    fn of_or_base(&mut self, node: u32, lines: &[u16], within: In) -> Eval<Decimal> {
        if node == NONE {
            let base = self.base_of(lines)?;
            self.within(base, within)
        } else {
            self.amount(node, lines, within)
        }
    }

    fn bands(&mut self, node: &Node, lines: &[u16], within: In) -> Eval<Decimal> {
        let of = self.amount(node.a.get(), lines, In::Assessed)?;
        let slices = rows(self.t.slices, Run { start: node.b, len: node.c });
        let mut sum = Decimal::ZERO;
        for (at, slice) in slices.iter().enumerate() {
            let from = self.to_assessed(Decimal::from_units(slice.from.get()).times(self.times)?, slice.slot.get())?;
            if of <= from {
                break;
            }
            let upto = match slices.get(at + 1) {
                Some(next) => self.to_assessed(Decimal::from_units(next.from.get()).times(self.times)?, next.slot.get())?.min(of),
                None => of,
            };
            sum = sum.plus(Decimal::from_units(slice.percent.get()).percent_of(upto.minus(from)?)?)?;
        }
        self.within(sum, within)
    }

    /// Frees whole items, the dearest that fit first, over all the goods that took this rung; charges the rest.
    fn whole_items(&mut self, node: &Node, lines: &[u16], within: In) -> Eval<Decimal> {
        let slot = node.slot.get();
        let ratio = self.case.for_test(slot).ok_or_else(|| self.no_rate(slot))?;
        let mut left = Decimal::from_units(node.value.get());
        let count = self.case.lines.len();
        let rung = lines.first().map_or(NONE, |line| self.sheet.rung(self.charge, usize::from(*line)));
        let mut freed_of = vec![Decimal::ZERO; count];
        let mut order: Vec<u16> = (0..count as u16).filter(|line| self.sheet.rung(self.charge, usize::from(*line)) == rung).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&self.case.lines[usize::from(*a)], &self.case.lines[usize::from(*b)]);
            b.unit_price.cmp(&a.unit_price)
        });
        for &line in &order {
            let row = &self.case.lines[usize::from(line)];
            let price = ratio.apply(row.unit_price)?;
            let whole = row.quantity.rounded(RoundingMode::Down, Decimal::ONE)?;
            let fit = if price.is_zero() { whole } else { left.divided_by(price)?.rounded(RoundingMode::Down, Decimal::ONE)?.min(whole) };
            // Division rounds; never free more than fits.
            let fit = if price.times(fit)? > left { fit.minus(Decimal::ONE)? } else { fit };
            left = left.minus(price.times(fit)?)?;
            freed_of[usize::from(line)] = fit;
        }
        let mut sum = Decimal::ZERO;
        for &line in lines {
            let row = &self.case.lines[usize::from(line)];
            let freed = freed_of.get(usize::from(line)).copied().unwrap_or_default();
            let full = self.amount(node.a.get(), &[line], within)?;
            if row.quantity.is_zero() {
                continue;
            }
            sum = sum.plus(full.scaled(row.quantity.minus(freed)?, row.quantity)?)?;
        }
        Ok(sum)
    }

    fn line(&self, line: u16) -> &Line {
        &self.case.lines[usize::from(line)]
    }

    /// A measured quantity of a whole line, where it is stated. A piece counts as one item unless it is said to hold
    /// several, as a packet of cigarettes does.
    fn stated(&self, line: usize, unit: u32) -> Option<Decimal> {
        let row = &self.case.lines[line];
        let stated = row.quantities.iter().find(|(u, _)| *u == unit).map(|(_, quantity)| *quantity);
        match self.t.text(unit) {
            "item" => stated.or(Some(row.quantity)),
            "kg" => row.weight,
            _ => stated,
        }
    }

    /// A measured quantity of a whole line.
    fn quantity(&self, line: u16, unit: u32) -> Eval<Decimal> {
        if let Some(quantity) = self.stated(usize::from(line), unit) {
            return Ok(quantity);
        }
        let key = Key::Quantity(line, unit);
        match self.world.get(key) {
            Some(Value::Number(number)) => Ok(number),
            _ => Err(Stop::Need(key)),
        }
    }

    /// The same for one piece: strengths are not summed over pieces.
    fn quantity_each(&self, line: u16, unit: u32) -> Eval<Decimal> {
        let all = self.quantity(line, unit)?;
        let pieces = self.line(line).quantity;
        if pieces.is_zero() { Ok(all) } else { Ok(all.divided_by(pieces)?) }
    }

    /// The rate of a table for a line: its stated class, else the closest code, else standard.
    fn rate(&self, node: &Node, line: u16) -> Eval<Decimal> {
        const STANDARD: u32 = 1;
        let arms = rows(self.t.arms, Run { start: node.a, len: node.b });
        let day = self.case.day;
        let current = |a: &&ArmRow| a.from.get() <= day && day < a.before.get();
        let row = self.line(line);
        if let Some(class) = row.tax_class {
            if let Some(arm) = arms.iter().filter(current).find(|a| a.class.get() == class && a.coded == 0) {
                return Ok(Decimal::from_units(arm.percent.get()));
            }
        } else if arms.iter().any(|a| a.coded == 1) {
            let (first, last) = self.span(line);
            let mut best: Option<&ArmRow> = None;
            for arm in arms.iter().filter(current).filter(|a| a.coded == 1) {
                let (low, high) = (arm.first.get(), arm.last.get());
                if low <= first && last <= high {
                    if best.is_none_or(|b| high - low < b.last.get() - b.first.get()) {
                        best = Some(arm);
                    }
                } else if low <= last && first <= high {
                    return Err(Stop::Need(Key::Code(line)));
                }
            }
            if let Some(arm) = best {
                return Ok(Decimal::from_units(arm.percent.get()));
            }
        }
        match arms.iter().filter(current).find(|a| a.class.get() == STANDARD && a.coded == 0) {
            Some(arm) => Ok(Decimal::from_units(arm.percent.get())),
            None => {
                let key = Key::Tariff(line, u8::MAX);
                match self.world.get(key) {
                    Some(Value::Number(number)) => Ok(number),
                    _ => Err(Stop::Need(key)),
                }
            }
        }
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

    /// Whether a territory is in a set on the day.
    fn in_set(&self, set: u32, territory: u16) -> bool {
        let Some(dir) = self.t.set_dir.get(set as usize) else { return false };
        let all = rows(self.t.sets, dir.rows);
        let start = all.partition_point(|r| r.territory.get() < territory);
        all[start..]
            .iter()
            .take_while(|r| r.territory.get() == territory)
            .any(|r| r.from.get() <= self.case.day && self.case.day < r.before.get())
    }

    /// Calls `visit` with every measure of the families of a kind test that is in force for a line.
    ///
    /// Returns whether any authority's tariff is loaded.
    pub(crate) fn measures(&self, line: u16, mut visit: impl FnMut(u32, &MeasureRow) -> Eval<()>) -> Eval<bool> {
        let mut loaded = false;
        let (first, last) = self.span(line);
        for tariff in tariffs_in_force(&self.t, self.program, self.case.day) {
            loaded = true;
            for (id, _) in nomenclature_ids(&self.t, first) {
                let at = tariff.offsets.get() as usize + id as usize;
                let (Some(start), Some(end)) = (self.t.offsets.get(at), self.t.offsets.get(at + 1)) else { return Err(Stop::Damaged) };
                let Some(block) = self.t.measures.get(start.get() as usize..end.get() as usize) else { return Err(Stop::Damaged) };
                for (n, measure) in block.iter().enumerate() {
                    if measure.digits > 6 {
                        let step = 10u64.pow(u32::from(CODE_DIGITS - measure.digits.min(CODE_DIGITS)));
                        let prefix = u64::from(measure.suffix.get()) / step;
                        let (low, high) = ((first % 1_000_000) / step, (last % 1_000_000) / step);
                        if prefix < low || prefix > high {
                            continue;
                        }
                        if low != high {
                            return Err(Stop::Need(Key::Code(line)));
                        }
                    }
                    if self.case.day < measure.from.get() || self.case.day >= measure.before.get() {
                        continue;
                    }
                    visit(start.get() + n as u32, measure)?;
                }
            }
            // A shorter code than the tariff's: lines below it may differ.
            if first != last && self.lines_below(tariff, first, last) {
                return Err(Stop::Need(Key::Code(line)));
            }
        }
        Ok(loaded)
    }

    /// Whether the tariff has measures on codes below a code of two or four digits.
    fn lines_below(&self, tariff: &TariffRow, first: u64, last: u64) -> bool {
        let span = last - first;
        if span < 1_000_000 {
            return false;
        }
        let (low, high) = below_ids(&self.t, first, last);
        let at = tariff.offsets.get() as usize;
        match (self.t.offsets.get(at + low as usize), self.t.offsets.get(at + high as usize)) {
            (Some(start), Some(end)) => start.get() < end.get(),
            _ => false,
        }
    }

    fn measure_amount(&mut self, measure: &MeasureRow, line: u16) -> Eval<Decimal> {
        let amount = measure.amount.get();
        if amount & INLINE_PERCENT != 0 {
            let percent = Decimal::from_units(i128::from(amount & !INLINE_PERCENT) * 100_000_000);
            return Ok(percent.percent_of(self.base_of(&[line])?)?);
        }
        self.amount(amount, &[line], In::Assessed)
    }

    /// Whether a measure reaches goods of a line: origin, exceptions, condition.
    fn applies(&mut self, measure: &MeasureRow, line: u16) -> Eval<bool> {
        if measure.origin.get() != 0 || measure.excluded.get() != 0 {
            let origin = self.origin(line)?;
            if measure.origin.get() != 0 && !self.in_set(u32::from(measure.origin.get()), origin) {
                return Ok(false);
            }
            if measure.excluded.get() != 0 && self.in_set(u32::from(measure.excluded.get()), origin) {
                return Ok(false);
            }
        }
        if measure.when.get() == NONE {
            return Ok(true);
        }
        self.condition(measure.when.get(), usize::from(line))
    }

    /// Whether the trader has claimed what a measure needs.
    fn claimed(&self, measure: &MeasureRow, line: u16) -> bool {
        let Some(note) = self.t.measure_notes.get(measure.note.get() as usize) else { return false };
        note.program.get() != NONE && self.line(line).claims.contains(&note.program.get())
    }

    /// The measures of a family for a line, as one amount.
    fn tariff(&mut self, family: u8, line: u16) -> Eval<Decimal> {
        if std::mem::replace(&mut self.in_tariff, true) {
            return Err(Stop::Damaged);
        }
        let mut found = std::mem::take(&mut self.sheet.measures);
        found.clear();
        let result = self.tariff_of(family, line, &mut found);
        self.sheet.measures = found;
        self.in_tariff = false;
        result
    }

    fn tariff_of(&mut self, family: u8, line: u16, found: &mut Vec<u32>) -> Eval<Decimal> {
        let loaded = self.measures(line, |index, measure| {
            if family_of(measure.kind) == family {
                found.push(index);
            }
            Ok(())
        })?;
        if family != 0 {
            if !loaded {
                return self.unknown_rate(line, family);
            }
            let mut sum = Decimal::ZERO;
            for &index in found.iter() {
                let row = self.t.measures.get(index as usize).ok_or(Stop::Damaged)?;
            self.note_read(row);
            let measure = *row;
                let applies = self.applies(&measure, line)?;
                if T::ON {
                    self.trace.event(Event::Measure { charge: self.charge as u16, line, measure: index, applied: applies });
                }
                if applies {
                    sum = sum.plus(self.measure_amount(&measure, line)?)?;
                }
            }
            return Ok(sum);
        }
        // Options: the third-country duty of the longest code; lower ones that are open to all or claimed.
        let mut general: Option<(u8, i32, Decimal)> = None;
        let mut better: Option<Decimal> = None;
        for &index in found.iter() {
            let row = self.t.measures.get(index as usize).ok_or(Stop::Damaged)?;
            self.note_read(row);
            let measure = *row;
            if !self.applies(&measure, line)? {
                if T::ON {
                    self.trace.event(Event::Measure { charge: self.charge as u16, line, measure: index, applied: false });
                }
                continue;
            }
            let third = measure.kind == crate::record::MeasureKind::ThirdCountry as u8;
            let open = measure.kind == crate::record::MeasureKind::Suspension as u8 && measure.program.get() == NO_ID;
            let usable = third || open || self.claimed(&measure, line);
            if T::ON {
                self.trace.event(Event::Measure { charge: self.charge as u16, line, measure: index, applied: usable });
            }
            if !usable {
                continue;
            }
            let amount = self.measure_amount(&measure, line)?;
            if third {
                let rank = (measure.digits, measure.from.get());
                if general.is_none_or(|(d, f, _)| rank > (d, f)) {
                    general = Some((rank.0, rank.1, amount));
                }
            } else {
                better = Some(better.map_or(amount, |b| b.min(amount)));
            }
        }
        match (general, better) {
            (Some((_, _, g)), Some(b)) => Ok(g.min(b)),
            (Some((_, _, g)), None) => Ok(g),
            (None, Some(b)) => Ok(b),
            (None, None) => self.unknown_rate(line, family),
        }
    }

    /// No measure: the duty is whatever this world supposes.
    fn unknown_rate(&mut self, line: u16, family: u8) -> Eval<Decimal> {
        if let (0, Some(percent)) = (family, self.line(line).duty_rate) {
            if T::ON {
                self.trace.event(Event::StatedDuty { line, percent });
            }
            return Ok(percent.percent_of(self.base_of(&[line])?)?);
        }
        let key = Key::Tariff(line, family);
        match self.world.get(key) {
            Some(Value::Number(percent)) => Ok(percent.percent_of(self.base_of(&[line])?)?),
            _ => Err(Stop::Need(key)),
        }
    }

    /// Whether a condition holds for a line.
    fn condition(&mut self, index: u32, line: usize) -> Eval<bool> {
        let node = self.node(index)?;
        if T::ON || !node.is_uniform() || node.op == op::ALWAYS {
            return self.test(index, &node, line);
        }
        // The same for every line and every rung that asks it.
        let slot = index as usize % REMEMBERED;
        let mark = self.sheet.evaluation << 1;
        let (known, result) = self.sheet.tested[slot];
        if known == index && result & !1 == mark {
            return Ok(result & 1 == 1);
        }
        let held = self.test(index, &node, line)?;
        self.sheet.tested[slot] = (index, mark | u64::from(held));
        Ok(held)
    }

    fn test(&mut self, index: u32, node: &Node, line: usize) -> Eval<bool> {
        let node = *node;
        Ok(match node.op {
            op::ALWAYS => true,
            op::ALL | op::ANY => return self.several(&node, line),
            op::NOT => !self.condition(node.a.get(), line)?,
            op::VALUE => return self.value_test(index, &node, line),
            op::IMPORTS => return self.imports_test(index, &node),
            op::WEIGHT => return self.weight_test(index, &node, line),
            op::QUANTITY => return self.quantity_test(index, &node, line),
            op::GOODS => return self.goods_test(&node, line),
            op::ORIGIN => {
                let origin = self.origin(line as u16)?;
                self.in_set(node.a.get(), origin)
            }
            op::SHIPPED => match self.case.ship_from {
                Some(from) => self.in_set(node.a.get(), from),
                None => match self.world.get(Key::ShipFrom) {
                    Some(Value::Territory(from)) => self.in_set(node.a.get(), from),
                    _ => return Err(Stop::Need(Key::ShipFrom)),
                },
            },
            op::SELLER => self.case.seller_in.is_some_and(|id| self.in_set(node.a.get(), id)),
            op::REGION => {
                let region = match self.case.region {
                    Some(region) => region,
                    None => match self.world.get(Key::Region) {
                        Some(Value::Text(region)) => region,
                        _ => return Err(Stop::Need(Key::Region)),
                    },
                };
                rows(self.t.kids, Run { start: node.a, len: node.b }).iter().any(|r| r.get() == region)
            }
            op::REGISTERED => {
                if T::ON {
                    self.trace.event(Event::AskedRegistration { scheme: node.a.get() });
                }
                self.case.registrations.contains(&node.a.get())
            }
            op::BUYER => self.case.buyer_registered,
            op::SALE => self.case.sale as u8 == node.arg(),
            op::GIFT => self.case.gift,
            op::CHANNEL => match self.case.channel.map(|c| c as u8).or_else(|| small(self.world.get(Key::Channel))) {
                Some(channel) => channel == node.arg(),
                None => return Err(Stop::Need(Key::Channel)),
            },
            op::MODE => match self.case.mode.map(|m| m as u8).or_else(|| small(self.world.get(Key::Mode))) {
                Some(mode) => mode == node.arg(),
                None => return Err(Stop::Need(Key::Mode)),
            },
            op::DECLARATION => self.case.declaration == Some(node.a.get()),
            op::FACT => return self.fact(node.a.get()),
            op::CLAIMS => {
                let claims = &self.line(line as u16).claims;
                if node.a.get() == NONE { !claims.is_empty() } else { claims.contains(&node.a.get()) }
            }
            op::DOCUMENT => self.line(line as u16).documents.contains(&node.a.get()),
            op::READING => {
                let dispute = rows(self.t.disputes, self.program.disputes).get(node.a.get() as usize).ok_or(Stop::Damaged)?;
                if T::ON {
                    self.trace.event(Event::Disputed { dispute: node.a.get() as u16 });
                }
                let reading = match self.world.get(Key::Reading(node.a.get() as u16)) {
                    Some(Value::Number(number)) => (number.units() / Decimal::ONE.units()) as u32,
                    _ => dispute.default.get(),
                };
                reading == node.b.get()
            }
            op::TOOK => {
                let rung = self.sheet.rung(node.a.get() as usize, line);
                self.t.rungs.get(rung as usize).is_some_and(|r| r.name.get() == node.b.get())
            }
            _ => return Err(Stop::Damaged),
        })
    }

    /// `and` / `or`: parts that are known decide before parts that must be asked about.
    fn several(&mut self, node: &Node, line: usize) -> Eval<bool> {
        let decisive = node.op == op::ANY;
        let mut missing = None;
        for at in 0..node.b.get() {
            let kid = self.kid(node.a.get(), at)?;
            match self.condition(kid, line) {
                Ok(held) if held == decisive => return Ok(decisive),
                Ok(_) => {}
                Err(Stop::Need(key)) => missing = missing.or(Some(key)),
                Err(other) => return Err(other),
            }
        }
        match missing {
            Some(key) => Err(Stop::Need(key)),
            None => Ok(!decisive),
        }
    }

    fn fact(&mut self, name: u32) -> Eval<bool> {
        if let Some((_, held)) = self.case.facts.iter().find(|(f, _)| *f == name) {
            return Ok(*held);
        }
        let ask = rows(self.t.asks, self.program.asks).iter().find(|a| a.fact.get() == name);
        if let Some(ask) = ask
            && ask.assume != 2
        {
            if T::ON {
                self.trace.event(Event::Assumed { fact: name, held: ask.assume == 1 });
            }
            return Ok(ask.assume == 1);
        }
        flag(self.world, Key::Fact(name))
    }

    fn value_test(&mut self, index: u32, node: &Node, line: usize) -> Eval<bool> {
        let scope = node.c.get();
        // Of an item the line may hold several: flat sums count once for each. Nothing else multiplies inside a test.
        let pieces = if scope == Scope::Item as u32 { self.case.lines[line].quantity } else { Decimal::ONE };
        let times = std::mem::replace(&mut self.times, pieces);
        let sides = self.sides(node, line);
        self.times = times;
        let (left, right) = sides?;
        let mut held = holds(node.arg(), left.cmp(&right));
        if scope >= Scope::Day as u32 {
            // This consignment alone may decide already; otherwise the earlier ones must be known.
            let upper = node.arg() <= 1;
            if held == upper {
                match self.earlier(scope)? {
                    Some((_, goods)) => {
                        let ratio = self.case.for_test(node.slot.get()).ok_or_else(|| self.no_rate(node.slot.get()))?;
                        held = holds(node.arg(), left.plus(ratio.apply(goods)?)?.cmp(&right));
                    }
                    None => held = flag(self.world, Key::Test(index, u16::MAX, TestOf::History(scope as u8)))?,
                }
            }
        }
        if T::ON {
            self.trace.event(Event::Compared { node: index, line: line as u16, left, right, slot: node.slot.get(), held });
        }
        Ok(held)
    }

    /// Both sides of a money test, over the line or the whole consignment.
    fn sides(&mut self, node: &Node, line: usize) -> Eval<(Decimal, Decimal)> {
        let within = In::Slot(node.slot.get());
        let count = self.case.lines.len();
        let mut both = |lines: &[u16]| Ok((self.amount(node.a.get(), lines, within)?, self.amount(node.b.get(), lines, within)?));
        if node.c.get() < Scope::Consignment as u32 {
            return both(&[line as u16]);
        }
        // A list of all lines on the stack, so that nothing is allocated for the usual consignment.
        let mut everyone = [0u16; 64];
        if count > everyone.len() {
            return both(&(0..count as u16).collect::<Vec<u16>>());
        }
        for (at, slot) in everyone.iter_mut().enumerate().take(count) {
            *slot = at as u16;
        }
        both(&everyone[..count])
    }

    /// Earlier parcels of the buyer in a period: stated, assumed to be none, or unknown.
    fn earlier(&mut self, scope: u32) -> Eval<Option<(u32, Decimal)>> {
        let at = (scope - Scope::Day as u32) as usize;
        if let Some(known) = self.case.history.get(at).copied().flatten() {
            return Ok(Some(known));
        }
        let name = ["history.day", "history.month", "history.quarter", "history.half-year", "history.year"][at.min(4)];
        let ask = rows(self.t.asks, self.program.asks).iter().find(|a| self.t.text(a.fact.get()) == name);
        if let Some(ask) = ask
            && ask.assume == 0
        {
            if T::ON {
                self.trace.event(Event::Assumed { fact: ask.fact.get(), held: false });
            }
            return Ok(Some((0, Decimal::ZERO)));
        }
        Ok(None)
    }

    fn imports_test(&mut self, index: u32, node: &Node) -> Eval<bool> {
        let limit = Decimal::from_units(node.value.get());
        let scope = node.c.get().clamp(Scope::Day as u32, Scope::Year as u32);
        let this = self.case.parcels;
        let held = holds(node.arg(), this.cmp(&limit));
        if held != (node.arg() <= 1) {
            return Ok(held);
        }
        match self.earlier(scope)? {
            Some((imports, _)) => Ok(holds(node.arg(), this.plus(Decimal::from_int(i64::from(imports)))?.cmp(&limit))),
            None => flag(self.world, Key::Test(index, u16::MAX, TestOf::History(scope as u8))),
        }
    }

    fn weight_test(&mut self, index: u32, node: &Node, line: usize) -> Eval<bool> {
        let limit = Decimal::from_units(node.value.get());
        let (weight, limit) = match node.c.get() {
            s if s == Scope::Item as u32 => {
                let row = self.line(line as u16);
                (row.weight, limit.times(row.quantity)?)
            }
            s if s == Scope::Line as u32 => (self.line(line as u16).weight, limit),
            _ => (self.case.weight, limit),
        };
        match weight {
            Some(weight) => Ok(holds(node.arg(), weight.cmp(&limit))),
            None => flag(self.world, Key::Test(index, line as u16, TestOf::Weight)),
        }
    }

    fn quantity_test(&mut self, index: u32, node: &Node, line: usize) -> Eval<bool> {
        let limit = Decimal::from_units(node.value.get());
        let scope = node.c.get();
        let (first, last) = if scope == Scope::Consignment as u32 { (0, self.case.lines.len()) } else { (line, line + 1) };
        let mut sum = Decimal::ZERO;
        for line in first..last {
            match self.stated(line, node.a.get()) {
                Some(quantity) => sum = sum.plus(quantity)?,
                None => return flag(self.world, Key::Test(index, line as u16, TestOf::Quantity)),
            }
        }
        // Of each piece: the line's sum against as many limits.
        let whole = scope == Scope::Line as u32 || scope == Scope::Consignment as u32;
        let limit = if whole { limit } else { limit.times(self.case.lines[line].quantity)? };
        Ok(holds(node.arg(), sum.cmp(&limit)))
    }

    fn goods_test(&mut self, node: &Node, line: usize) -> Eval<bool> {
        const THIS: u8 = 0;
        const ANY: u8 = 1;
        const NO: u8 = 2;
        if node.arg() == THIS {
            return self.goods_of(node, line as u16);
        }
        let mut missing = None;
        // any: one yes decides; no and only: one yes / one no decides.
        for other in 0..self.case.lines.len() as u16 {
            match self.goods_of(node, other) {
                Ok(true) if node.arg() == ANY => return Ok(true),
                Ok(true) if node.arg() == NO => return Ok(false),
                Ok(false) if node.arg() > NO => return Ok(false),
                Ok(_) => {}
                Err(Stop::Need(key)) => missing = missing.or(Some(key)),
                Err(stop) => return Err(stop),
            }
        }
        match missing {
            Some(key) => Err(Stop::Need(key)),
            None => Ok(node.arg() != ANY),
        }
    }

    fn goods_of(&self, node: &Node, line: u16) -> Eval<bool> {
        let (first, last) = self.span(line);
        let mut partly = false;
        for range in rows(self.t.codes, Run { start: node.a, len: node.b }) {
            if range.first.get() <= first && last <= range.last.get() {
                return Ok(true);
            }
            partly |= range.first.get() <= last && first <= range.last.get();
        }
        if partly { Err(Stop::Need(Key::Code(line))) } else { Ok(false) }
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

fn small(value: Option<Value>) -> Option<u8> {
    match value {
        Some(Value::Small(number)) => Some(number),
        _ => None,
    }
}

fn flag(world: &World, key: Key) -> Eval<bool> {
    match world.get(key) {
        Some(Value::Flag(held)) => Ok(held),
        _ => Err(Stop::Need(key)),
    }
}

fn round(amount: Decimal, rule: &RoundRow) -> Eval<Decimal> {
    Ok(amount.rounded(rounding_mode(rule.mode), Decimal::from_units(rule.unit.get()))?)
}

/// The rung's rounding, else the charge's.
fn rounding_of<'r>(charge: &'r ChargeRow, rung: &'r RungRow) -> Option<&'r RoundRow> {
    if rung.round.set == 1 {
        Some(&rung.round)
    } else if charge.round.set == 1 {
        Some(&charge.round)
    } else {
        None
    }
}

/// The family that a kind of measure belongs to.
pub(crate) const fn family_of(kind: u8) -> u8 {
    match kind {
        0..=3 => 0,
        other => other - 3,
    }
}

/// Nomenclature ids of a code and its ancestors: chapter, heading, subheading.
pub(crate) fn nomenclature_ids(t: &Tables<'_>, code: u64) -> impl Iterator<Item = (u32, u8)> {
    let chapter = (code / 10_000_000_000) as u32;
    let head = ((code / 100_000_000) as usize).min(HEADINGS - 2);
    let (start, end) = match (t.headings.get(head), t.headings.get(head + 1)) {
        (Some(s), Some(e)) => (s.get(), e.get()),
        _ => (0, 0),
    };
    let heading = (start < end).then_some((start, 4));
    let suffix = ((code / 1_000_000) % 100) as u8;
    let sub = t
        .subs
        .get((start as usize + 1).min(end as usize)..end as usize)
        .and_then(|subs| subs.iter().position(|s| *s == suffix))
        .map(|at| (start + 1 + at as u32, 6));
    [Some((chapter.min(CHAPTERS - 1), 2)), heading, sub].into_iter().flatten()
}

/// Nomenclature ids of everything below a code of fewer than six digits.
pub(crate) fn below_ids(t: &Tables<'_>, first: u64, last: u64) -> (u32, u32) {
    let low = ((first / 100_000_000) as usize).min(HEADINGS - 1);
    let high = ((last / 100_000_000) as usize + 1).min(HEADINGS - 1);
    match (t.headings.get(low), t.headings.get(high)) {
        // More than one chapter: the measures on whole chapters, whose ids come first, lie below too.
        (Some(_), Some(b)) if last - first >= 10_000_000_000 => (0, b.get()),
        (Some(a), Some(b)) => (a.get() + u32::from(last - first < 100_000_000), b.get()),
        _ => (0, 0),
    }
}
