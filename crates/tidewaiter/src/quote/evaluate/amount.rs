//! Amounts: every operation of an expression.

use super::*;

impl<T: Trace> Evaluator<'_, T> {
    pub(super) fn base_of(&self, lines: &[u16]) -> Eval<Decimal> {
        let first = self.charge * self.case.lines.len();
        let mut sum = Decimal::ZERO;
        for &line in lines {
            sum = sum.plus(self.sheet.bases[first + usize::from(line)])?;
        }
        Ok(sum)
    }

    pub(super) fn component(&self, which: usize, lines: &[u16], within: In) -> Eval<Decimal> {
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
    pub(super) fn within(&self, amount: Decimal, within: In) -> Eval<Decimal> {
        match within {
            In::Assessed => Ok(amount),
            In::Slot(slot) => match self.case.for_charge(slot) {
                Some(ratio) => Ok(ratio.inverse().apply(amount)?),
                None => Err(self.no_rate(slot)),
            },
        }
    }

    /// Computes an amount for a unit of lines.
    pub(super) fn amount(&mut self, index: u32, lines: &[u16], within: In) -> Eval<Decimal> {
        let node = self.node(index)?;
        let value = Decimal::from_units(node.value.get());
        Ok(match node.op {
            op::RELIEVED => Decimal::ZERO,
            op::FLAT => {
                let value = self.times.map_or(Ok(value), |times| value.times(times))?;
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
            op::BANDS => self.bands(node, lines, within)?,
            op::WHOLE_ITEMS => self.whole_items(node, lines, within)?,
            // On something that holds a flat sum, such as an allowance: once for all lines, shared by value.
            op::RATE if lines.len() > 1 && node.c.get() != NONE && self.node(node.c.get())?.holds_flat() => {
                let of = self.node(node.c.get())?;
                let mut parts = Vec::new();
                self.parts_of(of, node.c.get(), lines, &mut parts)?;
                let mut sum = Decimal::ZERO;
                for (&line, part) in lines.iter().zip(&parts) {
                    sum = sum.plus(self.rate(node, line)?.percent_of(*part)?)?;
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
                    let percent = self.rate(node, line)?;
                    let of = self.of_or_base(node.c.get(), &[line], within)?;
                    sum = sum.plus(percent.percent_of(of)?)?;
                }
                sum
            }
            _ => return Err(Stop::Damaged),
        })
    }

    pub(super) fn kid(&self, start: u32, at: u32) -> Eval<u32> {
        self.t.kids.get((start + at) as usize).map(|k| k.get()).ok_or(Stop::Damaged)
    }

    pub(super) fn of_or_base(&mut self, node: u32, lines: &[u16], within: In) -> Eval<Decimal> {
        if node == NONE {
            let base = self.base_of(lines)?;
            self.within(base, within)
        } else {
            self.amount(node, lines, within)
        }
    }

    pub(super) fn bands(&mut self, node: &Node, lines: &[u16], within: In) -> Eval<Decimal> {
        let of = self.amount(node.a.get(), lines, In::Assessed)?;
        let slices = rows(self.t.slices, Run { start: node.b, len: node.c });
        let mut sum = Decimal::ZERO;
        for (at, slice) in slices.iter().enumerate() {
            let from = self.to_assessed(
                Decimal::from_units(slice.from.get()).times(self.times.unwrap_or(Decimal::ONE))?,
                slice.slot.get(),
            )?;
            if of <= from {
                break;
            }
            let upto = match slices.get(at + 1) {
                Some(next) => self
                    .to_assessed(
                        Decimal::from_units(next.from.get()).times(self.times.unwrap_or(Decimal::ONE))?,
                        next.slot.get(),
                    )?
                    .min(of),
                None => of,
            };
            sum = sum.plus(Decimal::from_units(slice.percent.get()).percent_of(upto.minus(from)?)?)?;
        }
        self.within(sum, within)
    }

    /// Frees whole items, the dearest that fit first, over all the goods that took this rung; charges the rest.
    pub(super) fn whole_items(&mut self, node: &Node, lines: &[u16], within: In) -> Eval<Decimal> {
        let slot = node.slot.get();
        let ratio = self.case.for_test(slot).ok_or_else(|| self.no_rate(slot))?;
        let mut left = Decimal::from_units(node.value.get());
        let count = self.case.lines.len();
        let rung = lines.first().map_or(NONE, |line| self.sheet.rung(self.charge, usize::from(*line)));
        let mut freed_of = vec![Decimal::ZERO; count];
        let mut order: Vec<u16> =
            (0..count as u16).filter(|line| self.sheet.rung(self.charge, usize::from(*line)) == rung).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&self.case.lines[usize::from(*a)], &self.case.lines[usize::from(*b)]);
            b.unit_price.cmp(&a.unit_price)
        });
        for &line in &order {
            let row = &self.case.lines[usize::from(line)];
            let price = ratio.apply(row.unit_price)?;
            let whole = row.quantity.rounded(RoundingMode::Down, Decimal::ONE)?;
            let fit = if price.is_zero() {
                whole
            } else {
                left.divided_by(price)?.rounded(RoundingMode::Down, Decimal::ONE)?.min(whole)
            };
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

    /// A measured quantity of a whole line, where it is stated. A piece counts as one item unless it is said to hold
    /// several, as a packet of cigarettes does.
    pub(super) fn stated(&self, line: usize, unit: u32) -> Option<Decimal> {
        let row = &self.case.lines[line];
        let stated = row.quantities.iter().find(|(u, _)| *u == unit).map(|(_, quantity)| *quantity);
        match self.t.text(unit) {
            "item" => stated.or(Some(row.quantity)),
            "kg" => row.weight,
            _ => stated,
        }
    }

    /// A measured quantity of a whole line.
    pub(super) fn quantity(&self, line: u16, unit: u32) -> Eval<Decimal> {
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
    pub(super) fn quantity_each(&self, line: u16, unit: u32) -> Eval<Decimal> {
        let all = self.quantity(line, unit)?;
        let pieces = self.line(line).quantity;
        if pieces.is_zero() { Ok(all) } else { Ok(all.divided_by(pieces)?) }
    }

    /// The rate of a table for a line.
    pub(super) fn rate(&self, node: &Node, line: u16) -> Eval<Decimal> {
        let arms = rows(self.t.arms, Run { start: node.a, len: node.b });
        match choose(arms, self.case.moment(), self.line(line).tax_class, self.span(line)) {
            Chosen::Value(arm) => Ok(Decimal::from_units(arm.percent.get())),
            Chosen::Depends => Err(Stop::Need(Key::Code(line))),
            Chosen::Nothing => {
                let key = Key::Tariff(line, u8::MAX);
                match self.world.get(key) {
                    Some(Value::Number(number)) => Ok(number),
                    _ => Err(Stop::Need(key)),
                }
            }
        }
    }
}
