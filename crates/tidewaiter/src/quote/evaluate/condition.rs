//! Conditions: what must hold for a rung or a measure.

use super::*;

impl<T: Trace> Evaluator<'_, T> {
    /// Whether a condition holds for a line.
    pub(super) fn condition(&mut self, index: u32, line: usize) -> Eval<bool> {
        let node = self.node(index)?;
        if T::ON || !node.is_uniform() || node.op == op::ALWAYS {
            return self.test(index, node, line);
        }
        // The same for every line and every rung that asks it.
        let slot = index as usize % REMEMBERED;
        let mark = self.sheet.evaluation << 1;
        let (known, result) = self.sheet.tested[slot];
        if known == index && result & !1 == mark {
            return Ok(result & 1 == 1);
        }
        let held = self.test(index, node, line)?;
        self.sheet.tested[slot] = (index, mark | u64::from(held));
        Ok(held)
    }

    pub(super) fn test(&mut self, index: u32, node: &Node, line: usize) -> Eval<bool> {
        Ok(match node.op {
            op::ALWAYS => true,
            op::ALL | op::ANY => return self.several(node, line),
            op::NOT => !self.condition(node.a.get(), line)?,
            op::VALUE => return self.value_test(index, node, line),
            op::IMPORTS => return self.imports_test(index, node),
            op::WEIGHT => return self.weight_test(index, node, line),
            op::QUANTITY => return self.quantity_test(index, node, line),
            op::GOODS => return self.goods_test(node, line),
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
                if node.a.get() == NONE {
                    return self.claims_something(line as u16);
                }
                self.line(line as u16).claims.contains(&node.a.get())
            }
            op::DOCUMENT => self.line(line as u16).documents.contains(&node.a.get()),
            op::READING => {
                let dispute =
                    rows(self.t.disputes, self.program.disputes).get(node.a.get() as usize).ok_or(Stop::Damaged)?;
                self.sheet.disputed |= 1 << (node.a.get() & 63);
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
    pub(super) fn several(&mut self, node: &Node, line: usize) -> Eval<bool> {
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

    pub(super) fn fact(&mut self, name: u32) -> Eval<bool> {
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

    pub(super) fn value_test(&mut self, index: u32, node: &Node, line: usize) -> Eval<bool> {
        let scope = node.c.get();
        // Of an item the line may hold several: flat sums count once for each. Nothing else multiplies inside a test.
        let pieces = (scope == Scope::Item as u32).then(|| self.case.lines[line].quantity);
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
            self.trace.event(Event::Compared {
                node: index,
                line: line as u16,
                left,
                right,
                slot: node.slot.get(),
                held,
            });
        }
        Ok(held)
    }

    /// Both sides of a money test, over the line or the whole consignment.
    pub(super) fn sides(&mut self, node: &Node, line: usize) -> Eval<(Decimal, Decimal)> {
        let within = In::Slot(node.slot.get());
        let count = self.case.lines.len();
        let mut both =
            |lines: &[u16]| Ok((self.amount(node.a.get(), lines, within)?, self.amount(node.b.get(), lines, within)?));
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
    pub(super) fn earlier(&mut self, scope: u32) -> Eval<Option<(u32, Decimal)>> {
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

    pub(super) fn imports_test(&mut self, index: u32, node: &Node) -> Eval<bool> {
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

    pub(super) fn weight_test(&mut self, index: u32, node: &Node, line: usize) -> Eval<bool> {
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

    pub(super) fn quantity_test(&mut self, index: u32, node: &Node, line: usize) -> Eval<bool> {
        let limit = Decimal::from_units(node.value.get());
        let scope = node.c.get();
        let (first, last) =
            if scope == Scope::Consignment as u32 { (0, self.case.lines.len()) } else { (line, line + 1) };
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

    pub(super) fn goods_test(&mut self, node: &Node, line: usize) -> Eval<bool> {
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

    pub(super) fn goods_of(&self, node: &Node, line: u16) -> Eval<bool> {
        let (first, last) = self.span(line);
        holds_goods(self.t, node, first, last).ok_or(Stop::Need(Key::Code(line)))
    }
}

/// Whether all codes from `first` to `last` are in a list, or none; nothing where only some are.
#[inline]
pub(crate) fn holds_goods(t: &Tables<'_>, node: &Node, first: u64, last: u64) -> Option<bool> {
    // Sorted, without overlaps and without neighbours that meet: the first range that does not end before decides.
    let list = rows(t.codes, Run { start: node.a, len: node.b });
    match list.get(list.partition_point(|range| range.last.get() < first)) {
        Some(range) if range.first.get() <= first && last <= range.last.get() => Some(true),
        Some(range) if range.first.get() <= last => None,
        _ => Some(false),
    }
}

#[inline]
pub(super) fn holds(compare: u8, ordering: std::cmp::Ordering) -> bool {
    match compare {
        0 => ordering.is_lt(),
        1 => ordering.is_le(),
        2 => ordering.is_gt(),
        3 => ordering.is_ge(),
        _ => ordering.is_eq(),
    }
}

pub(super) fn small(value: Option<Value>) -> Option<u8> {
    match value {
        Some(Value::Small(number)) => Some(number),
        _ => None,
    }
}

pub(super) fn flag(world: &World, key: Key) -> Eval<bool> {
    match world.get(key) {
        Some(Value::Flag(held)) => Ok(held),
        _ => Err(Stop::Need(key)),
    }
}
