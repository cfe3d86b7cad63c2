//! Tariff measures: candidates by code and its ancestors, origin and date; the options a trader has.

use super::*;

impl<'a, T: Trace> Evaluator<'a, T> {
    /// Whether a territory is in a set on the day.
    pub(super) fn in_set(&self, set: u32, territory: u16) -> bool {
        in_set(self.t, set, territory, self.case.day)
    }

    /// The measures in force for a line's code, of all families, found once for an evaluation: where they stand on the sheet.
    fn candidates(&mut self, line: u16) -> Eval<std::ops::Range<usize>> {
        if let Some(Some((start, end))) = self.sheet.looked.get(usize::from(line)) {
            return Ok(*start as usize..*end as usize);
        }
        let start = self.sheet.measures.len();
        if let Err(stop) = self.look_up(line) {
            self.sheet.measures.truncate(start);
            return Err(stop);
        }
        let end = self.sheet.measures.len();
        if let Some(looked) = self.sheet.looked.get_mut(usize::from(line)) {
            *looked = Some((start as u32, end as u32));
        }
        Ok(start..end)
    }

    fn look_up(&mut self, line: u16) -> Eval<()> {
        let (first, last) = self.span(line);
        let day = self.case.day;
        for (tariff, row) in (0u8..=u8::MAX).zip(tariffs_in_force(self.t, self.program, self.case.moment())) {
            for (id, _) in nomenclature_ids(self.t, first) {
                let at = row.offsets.get() as usize + id as usize;
                let (Some(start), Some(end)) = (self.t.offsets.get(at), self.t.offsets.get(at + 1)) else {
                    return Err(Stop::Damaged);
                };
                let Some(block) = self.t.measures.get(start.get() as usize..end.get() as usize) else {
                    return Err(Stop::Damaged);
                };
                for (measure, n) in block.iter().zip(start.get()..) {
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
                    if measure.from.get() <= day && day < measure.before.get() {
                        self.sheet.measures.push(Candidate {
                            measure: n,
                            family: family_of(measure.kind),
                            general: measure.kind == crate::record::MeasureKind::ThirdCountry as u8,
                            tariff,
                        });
                    }
                }
            }
            // A shorter code than the tariff's: lines below it may differ.
            if first != last && self.lines_below(row, first, last) {
                return Err(Stop::Need(Key::Code(line)));
            }
        }
        Ok(())
    }

    fn candidate(&self, at: usize) -> Eval<(Candidate, &'a MeasureRow)> {
        let candidate = *self.sheet.measures.get(at).ok_or(Stop::Damaged)?;
        let row = self.t.measures.get(candidate.measure as usize).ok_or(Stop::Damaged)?;
        Ok((candidate, row))
    }

    /// Whether the tariff has measures on codes below a code of two or four digits.
    pub(super) fn lines_below(&self, tariff: &TariffRow, first: u64, last: u64) -> bool {
        let span = last - first;
        if span < 1_000_000 {
            return false;
        }
        let (low, high) = below_ids(self.t, first, last);
        let at = tariff.offsets.get() as usize;
        match (self.t.offsets.get(at + low as usize), self.t.offsets.get(at + high as usize)) {
            (Some(start), Some(end)) => start.get() < end.get(),
            _ => false,
        }
    }

    pub(super) fn measure_amount(&mut self, measure: &MeasureRow, line: u16) -> Eval<Decimal> {
        let amount = measure.amount.get();
        if amount == NONE {
            return Ok(Decimal::ZERO);
        }
        if amount & INLINE_PERCENT != 0 {
            let percent = Decimal::from_units(i128::from(amount & !INLINE_PERCENT) * 100_000_000);
            return Ok(percent.percent_of(self.base_of(&[line])?)?);
        }
        self.amount(amount, &[line], In::Assessed)
    }

    /// Whether a measure reaches goods of a line: origin, exceptions, condition.
    pub(super) fn applies(&mut self, measure: &MeasureRow, line: u16) -> Eval<bool> {
        if measure.origin.get() != 0 || measure.excluded.get() != 0 {
            let origin = self.origin(line)?;
            if measure.origin.get() != 0 && !self.in_set(u32::from(measure.origin.get()), origin) {
                return Ok(false);
            }
            if measure.excluded.get() != 0 && self.in_set(u32::from(measure.excluded.get()), origin) {
                return Ok(false);
            }
        }
        if measure.program.get() != NO_ID && !self.reaches(measure, line, |_| true)? {
            return Ok(false);
        }
        if measure.when.get() == NONE {
            return Ok(true);
        }
        self.condition(measure.when.get(), usize::from(line))
    }

    /// Whether a programme of those that give a measure, and that `which` picks, is open to goods of a line's origin today.
    fn reaches(&self, measure: &MeasureRow, line: u16, which: impl Fn(&ClaimRow) -> bool) -> Eval<bool> {
        for claim in claims_of(self.t, measure) {
            if which(claim) && claim.from.get() <= self.case.day && self.case.day < claim.before.get() {
                let set = u32::from(claim.origin.get());
                if set == 0 || self.in_set(set, self.origin(line)?) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Whether the trader has claimed what a measure needs.
    pub(super) fn claimed(&self, measure: &MeasureRow, line: u16) -> Eval<bool> {
        let claims = &self.line(line).claims;
        if measure.program.get() == NO_ID || claims.is_empty() {
            return Ok(false);
        }
        self.reaches(measure, line, |claim| claims.contains(&claim.program.get()))
    }

    /// Whether a measure is out of reach before anything else is asked: it must be claimed, and nothing is.
    fn is_unclaimed(&self, measure: &MeasureRow, line: u16) -> bool {
        measure.program.get() != NO_ID && self.line(line).claims.is_empty()
    }

    /// Whether a claim of the line gives a measure that reaches its goods today.
    pub(super) fn claims_something(&mut self, line: u16) -> Eval<bool> {
        if self.line(line).claims.is_empty() {
            return Ok(false);
        }
        // A measure that asks whether any measure applies would ask itself.
        if std::mem::replace(&mut self.in_tariff, true) {
            return Err(Stop::Damaged);
        }
        let given = self.claimed_among(line);
        self.in_tariff = false;
        given
    }

    fn claimed_among(&mut self, line: u16) -> Eval<bool> {
        for at in self.candidates(line)? {
            let (candidate, measure) = self.candidate(at)?;
            if candidate.family == 0 && self.claimed(measure, line)? && self.applies(measure, line)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The measures of a family for a line, as one amount.
    pub(super) fn tariff(&mut self, family: u8, line: u16) -> Eval<Decimal> {
        if std::mem::replace(&mut self.in_tariff, true) {
            return Err(Stop::Damaged);
        }
        let result = self.tariff_of(family, line);
        self.in_tariff = false;
        result
    }

    fn tariff_of(&mut self, family: u8, line: u16) -> Eval<Decimal> {
        let all = self.candidates(line)?;
        if family != 0 {
            if tariffs_in_force(self.t, self.program, self.case.moment()).next().is_none() {
                return self.unknown_rate(line, family);
            }
            let mut sum = Decimal::ZERO;
            for at in all {
                let (candidate, measure) = self.candidate(at)?;
                if candidate.family != family {
                    continue;
                }
                let index = candidate.measure;
                self.note_read(measure);
                let applies = self.applies(measure, line)?;
                if T::ON {
                    self.trace.event(Event::Measure {
                        charge: self.charge as u16,
                        line,
                        measure: index,
                        applied: applies,
                    });
                }
                if applies {
                    self.sheet.note_applied(candidate);
                    sum = sum.plus(self.measure_amount(measure, line)?)?;
                    self.rule_out_by(measure, index);
                }
            }
            return Ok(sum);
        }
        // Options: the third-country duty that was published last, of the longest code, for named origins before one for all, the newest; lower
        // ones that are open to all or claimed.
        let mut general: Option<((u8, bool, i32), Decimal, u32)> = None;
        let mut better: Option<(Decimal, u32)> = None;
        let mut given_by: Option<u8> = None;
        for at in all {
            let (candidate, measure) = self.candidate(at)?;
            if candidate.family != family {
                continue;
            }
            let index = candidate.measure;
            self.note_read(measure);
            if self.is_unclaimed(measure, line) {
                // Told to the trace, which shows what could be saved; whoever has no claim is not asked for an origin.
                if T::ON {
                    self.trace.event(Event::Measure {
                        charge: self.charge as u16,
                        line,
                        measure: index,
                        applied: false,
                    });
                }
                continue;
            }
            let third = measure.kind == crate::record::MeasureKind::ThirdCountry as u8;
            let older = third && given_by.is_some_and(|newer| newer < candidate.tariff);
            if older || !self.applies(measure, line)? {
                if T::ON {
                    self.trace.event(Event::Measure {
                        charge: self.charge as u16,
                        line,
                        measure: index,
                        applied: false,
                    });
                }
                continue;
            }
            let open = measure.kind == crate::record::MeasureKind::Suspension as u8 && measure.program.get() == NO_ID;
            let usable = third || open || self.claimed(measure, line)?;
            if T::ON {
                self.trace.event(Event::Measure { charge: self.charge as u16, line, measure: index, applied: usable });
            }
            if !usable {
                continue;
            }
            self.sheet.note_applied(candidate);
            let amount = self.measure_amount(measure, line)?;
            if third {
                given_by = Some(candidate.tariff);
                let rank = (measure.digits, measure.origin.get() != 0, measure.from.get());
                if general.is_none_or(|(best, ..)| rank > best) {
                    general = Some((rank, amount, index));
                }
            } else if better.is_none_or(|(best, _)| amount < best) {
                better = Some((amount, index));
            }
        }
        let general = general.map(|(_, amount, index)| (amount, index));
        let chosen = match (general, better) {
            // A measure without a number is no amount to compare with: what is claimed counts.
            (Some((g, at)), Some((b, _))) if g <= b && !self.is_verdict(at) => general,
            (_, Some(_)) => better,
            (_, None) => general,
        };
        let Some((amount, index)) = chosen else { return self.unknown_rate(line, family) };
        let measure = self.t.measures.get(index as usize).ok_or(Stop::Damaged)?;
        self.rule_out_by(measure, index);
        Ok(amount)
    }

    fn is_verdict(&self, index: u32) -> bool {
        self.t.measures.get(index as usize).is_some_and(|m| m.amount.get() == NONE)
    }

    /// Notes the outcome of a measure that has no amount.
    fn rule_out_by(&mut self, measure: &MeasureRow, index: u32) {
        if measure.amount.get() == NONE {
            let outcome = self.t.measure_notes.get(measure.note.get() as usize).map_or(0, |n| n.outcome);
            self.rule_out(outcome, Ruling::Measure(index));
        }
    }

    /// No measure: the duty is whatever this world supposes.
    pub(super) fn unknown_rate(&mut self, line: u16, family: u8) -> Eval<Decimal> {
        // In a tariff that is there in full, a code without a duty does not exist: nobody can state its rate.
        let full = crate::quote::worlds::is_full(self.t, self.program, self.case.moment());
        if let (0, Some(percent), false) = (family, self.line(line).duty_rate, full) {
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
}

/// Whether a territory is in a set on a day.
pub(crate) fn in_set(t: &Tables<'_>, set: u32, territory: u16, day: i32) -> bool {
    let Some(dir) = t.set_dir.get(set as usize) else { return false };
    let all = rows(t.sets, dir.rows);
    let start = all.partition_point(|r| r.territory.get() < territory);
    all[start..]
        .iter()
        .take_while(|r| r.territory.get() == territory)
        .any(|r| r.from.get() <= day && day < r.before.get())
}

/// The programmes of which each gives a measure.
pub(crate) fn claims_of<'a>(t: &Tables<'a>, measure: &MeasureRow) -> &'a [ClaimRow] {
    t.claim_dir.get(usize::from(measure.program.get())).map_or(&[], |dir| rows(t.claims, dir.rows))
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
