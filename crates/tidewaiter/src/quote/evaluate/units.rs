//! Computation units: bases, grouping, rounding, sharing back to lines, small sums waived.

use super::*;

impl<T: Trace> Evaluator<'_, T> {
    pub(super) fn compute_bases(&mut self, charge: &ChargeRow) -> Eval<()> {
        let lines = self.case.lines.len();
        for line in 0..lines {
            let Some((node, per)) = self.base_of_rung(charge, line) else { continue };
            if lines > 1 && per != Per::Item as u8 && self.node(node)?.holds_flat() {
                let alike = |other: &usize| {
                    self.base_of_rung(charge, *other).is_some_and(|(n, p)| n == node && p != Per::Item as u8)
                };
                if !(0..line).any(|other| alike(&other)) {
                    let together: Vec<u16> = (line..lines).filter(alike).map(|other| other as u16).collect();
                    self.spread(node, &together, false)?;
                }
                continue;
            }
            if per == Per::Item as u8 {
                self.times = Some(self.case.lines[line].quantity);
            }
            let base = self.amount(node, &[line as u16], In::Assessed);
            self.times = None;
            let cell = self.cell(line);
            self.sheet.bases[cell] = base?;
        }
        let rounds_base = charge.base_round.set == 1 && self.at_home();
        if rounds_base && charge.base_round.stage == 0 {
            for line in 0..lines {
                let cell = self.cell(line);
                self.sheet.bases[cell] = round(self.sheet.bases[cell], &charge.base_round)?;
            }
        }
        if rounds_base && charge.base_round.stage == 1 {
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
    pub(super) fn base_of_rung(&self, charge: &ChargeRow, line: usize) -> Option<(u32, u8)> {
        let rung = self.t.rungs.get(self.sheet.rungs[self.cell(line)] as usize).filter(|r| r.outcome == 0)?;
        Some((if rung.base.get() == NONE { charge.base.get() } else { rung.base.get() }, rung.per))
    }

    /// Adds an amount to the bases of lines, or takes it off. What holds a flat sum is computed once for all of them and
    /// shared by value of goods; the rest is each line's own.
    pub(super) fn spread(&mut self, index: u32, lines: &[u16], off: bool) -> Eval<()> {
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
        let result = self.parts_of(node, index, lines, &mut parts);
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
    pub(super) fn parts_of(&mut self, node: &Node, index: u32, lines: &[u16], parts: &mut Vec<Decimal>) -> Eval<()> {
        parts.clear();
        if !node.holds_flat() {
            for &line in lines {
                let part = self.amount(index, &[line], In::Assessed)?;
                parts.push(part);
            }
            return Ok(());
        }
        let all = self.amount(index, lines, In::Assessed)?;
        let weights: Vec<Decimal> =
            lines.iter().map(|line| self.line(*line).assessed[Component::Goods as usize]).collect();
        Ok(apportion_into(all, &weights, Decimal::from_units(1), parts)?)
    }

    /// Whether two lines belong to one computation unit.
    pub(super) fn same_unit(&self, per: u8, first: usize, other: usize) -> Eval<bool> {
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
    pub(super) fn code_to(&self, line: usize, digits: u8) -> Eval<u64> {
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

    pub(super) fn compute_units(&mut self, charge: &ChargeRow) -> Eval<()> {
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
                let rung = self.rung_row(index)?;
                unit.clear();
                unit.push(line as u16);
                done[line] = true;
                if rung.outcome != 0 {
                    continue;
                }
                if rung.per != Per::Line as u8 && rung.per != Per::Item as u8 {
                    for (other, taken) in done.iter_mut().enumerate().skip(line + 1) {
                        if !*taken
                            && self.sheet.rungs[self.cell(other)] == index
                            && self.same_unit(rung.per, line, other)?
                        {
                            unit.push(other as u16);
                            *taken = true;
                        }
                    }
                }
                self.one_unit(charge, rung, index, &unit)?;
            }
            Ok(())
        })();
        self.sheet.done = done;
        self.sheet.unit = unit;
        result
    }

    pub(super) fn one_unit(&mut self, charge: &ChargeRow, rung: &RungRow, index: u32, unit: &[u16]) -> Eval<()> {
        self.times = match rung.per {
            p if p == Per::Parcel as u8 => Some(self.case.parcels),
            p if p == Per::Item as u8 => Some(self.case.lines[usize::from(unit[0])].quantity),
            _ => None,
        };
        let raw = self.amount(rung.amount.get(), unit, In::Assessed);
        self.times = None;
        let raw = raw?;
        let rule = self.rounding(charge, rung);
        let amount = match rule {
            Some(rule) if rule.stage == 1 => raw,
            Some(rule) => round(raw, &rule)?,
            None if raw.is_zero() => raw,
            None => settled(raw)?.rounded(RoundingMode::HalfUp, self.case.minor)?,
        };
        if T::ON {
            self.trace.event(Event::Unit {
                charge: self.charge as u16,
                rung: index,
                first: unit[0],
                lines: unit.len() as u16,
                raw,
                rounded: amount,
            });
        }
        if let [only] = unit {
            let cell = self.cell(usize::from(*only));
            self.sheet.amounts[cell] = amount;
            return Ok(());
        }
        self.share(amount, unit)
    }

    /// Whether charges are computed in the economy's own currency, as the steps of its roundings are written.
    fn at_home(&self) -> bool {
        self.case.assessed_in == self.program.currency.get()
    }

    /// The rounding of a rung. Where no exchange rate leads to the economy's currency, its steps mean nothing: a whole
    /// peso is no whole dollar. The smallest unit of the currency at hand stands in.
    fn rounding(&self, charge: &ChargeRow, rung: &RungRow) -> Option<RoundRow> {
        let rule = *rounding_of(charge, rung)?;
        Some(if self.at_home() {
            rule
        } else {
            RoundRow { unit: zerocopy::little_endian::I128::new(self.case.minor.units()), ..rule }
        })
    }

    /// Gives each line of a unit its part, by value of goods, in whole minor units.
    pub(super) fn share(&mut self, amount: Decimal, unit: &[u16]) -> Eval<()> {
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
    pub(super) fn round_over_consignment(&mut self, charge: &ChargeRow) -> Eval<()> {
        let lines = self.case.lines.len();
        let first = self.cell(0);
        let mut rule: Option<RoundRow> = None;
        for line in 0..lines {
            let index = self.sheet.rungs[first + line];
            if let Some(rung) = self.t.rungs.get(index as usize)
                && let Some(found) = self.rounding(charge, rung)
                && found.stage == 1
            {
                rule = Some(found);
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
    pub(super) fn waive(&mut self) -> Eval<()> {
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

    pub(super) fn at_border(&self, charge: usize, line: usize) -> bool {
        self.t
            .rungs
            .get(self.sheet.rung(charge, line) as usize)
            .is_some_and(|r| r.collect != crate::record::Collector::Seller as u8)
    }
}

pub(super) fn round(amount: Decimal, rule: &RoundRow) -> Eval<Decimal> {
    if amount.is_zero() {
        return Ok(amount);
    }
    Ok(settled(amount)?.rounded(rounding_mode(rule.mode), Decimal::from_units(rule.unit.get()))?)
}

/// Takes off what thirds leave at the twelfth decimal: three times 333.333333333333 is a thousand, and a law that rounds
/// down to the thousand must see it so.
pub(super) fn settled(amount: Decimal) -> Result<Decimal, NumberError> {
    amount.rounded(RoundingMode::HalfEven, Decimal::from_units(1000))
}

/// The rung's rounding, else the charge's.
pub(super) fn rounding_of<'r>(charge: &'r ChargeRow, rung: &'r RungRow) -> Option<&'r RoundRow> {
    if rung.round.set == 1 {
        Some(&rung.round)
    } else if charge.round.set == 1 {
        Some(&charge.round)
    } else {
        None
    }
}
