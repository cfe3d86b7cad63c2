//! Charges and their rungs.

use super::*;

impl<'w> Compiler<'w> {
    pub(super) fn rounding(
        &mut self,
        program: &Program<'w>,
        part: Part<'w>,
        path: &str,
        words: Option<&str>,
    ) -> RoundRow {
        let none = RoundRow { unit: I128::new(0), mode: 0, stage: 0, set: 0, pad: 0 };
        let Some(words) = words else { return none };
        match grammar::rounding(words) {
            Ok(rounding) => {
                // A rule written in a currency binds only where that is the currency of assessment.
                if let Some(code) = &rounding.currency {
                    match self.currency_ids.get(code) {
                        Some(id) if program.slots.first() == Some(id) => {}
                        Some(_) => return none,
                        None => self.problem(part.file, path, format!("unknown currency \"{code}\"")),
                    }
                }
                RoundRow {
                    unit: number(rounding.unit),
                    mode: rounding.mode as u8,
                    stage: u8::from(rounding.stage == Stage::Consignment),
                    set: 1,
                    pad: 0,
                }
            }
            Err(e) => {
                self.problem(part.file, path, e.to_string());
                none
            }
        }
    }

    pub(super) fn lay_out_charge(
        &mut self,
        program: &mut Program<'w>,
        part: Part<'w>,
        at: usize,
        charge: &'w Charge,
        ids: &HashMap<(&'w str, &'w str), u32>,
        is_union: bool,
    ) -> Option<ChargeRow> {
        let path = format!("charge[{at}]");
        if program.earlier.iter().any(|e| e.key == charge.key) {
            self.problem(part.file, &format!("{path}.key"), format!("two charges have the key \"{}\"", charge.key));
        }
        if charge.rung.is_empty() {
            self.problem(part.file, &path, "a charge needs at least one rung");
        }
        let base =
            self.written_amount(program, part, &format!("{path}.base"), &charge.base, ids, is_union, Place::Early)?;
        let base_text = U32::new(self.text(&words_of(&charge.base)));
        let round = self.rounding(program, part, &format!("{path}.round"), charge.round.as_deref());
        let base_round = self.rounding(program, part, &format!("{path}.base_round"), charge.base_round.as_deref());
        let mut rungs = Vec::new();
        for (n, rung) in charge.rung.iter().enumerate() {
            if let Some(row) =
                self.lay_out_rung(program, part, &format!("{path}.rung[{n}]"), charge, rung, ids, is_union)
            {
                rungs.push(row);
            }
        }
        let rungs = run_of(&mut self.draft.rungs, rungs);
        let cites = self.cites(part, &program.parts.clone(), ids, &path, &charge.cites);
        Some(ChargeRow {
            key: U32::new(self.text(&charge.key)),
            name: U32::new(self.text(&charge.name)),
            note: self.text_or_none(charge.note.as_deref()),
            base: U32::new(base),
            base_text,
            kind: charge.kind as u8,
            collect: charge.collect as u8,
            authority: charge.authority as u8,
            pad: 0,
            round,
            base_round,
            rungs,
            cites,
        })
    }

    #[allow(clippy::too_many_arguments, reason = "one rung, in the context of its charge and program")]
    pub(super) fn lay_out_rung(
        &mut self,
        program: &mut Program<'w>,
        part: Part<'w>,
        path: &str,
        charge: &'w Charge,
        rung: &'w Rung,
        ids: &HashMap<(&'w str, &'w str), u32>,
        is_union: bool,
    ) -> Option<RungRow> {
        let mut cites = rung.cites.clone();
        if cites.is_empty() {
            cites.clone_from(&charge.cites);
        }
        self.need_cites(part, path, &cites);
        if rung.amount.is_some() == rung.outcome.is_some() {
            self.problem(part.file, path, "a rung has either an `amount` or an `outcome`");
            return None;
        }
        if rung.outcome.is_some() && rung.says.as_deref().unwrap_or("").is_empty() {
            self.problem(part.file, path, "an `outcome` needs `says`: tell the user what it means and what to do");
        }
        if let (Some(from), Some(before)) = (rung.from, rung.before)
            && from >= before
        {
            self.problem(part.file, &format!("{path}.before"), "`before` is not after `from`");
        }
        let mut when = NONE;
        let mut when_words = Vec::new();
        if let Some(condition) = &rung.when {
            when =
                self.written_condition(program, part, &format!("{path}.when"), condition, ids, is_union, Place::Early)?;
            when_words.push(words_of(condition));
        }
        if let Some(key) = &rung.follows {
            let Some(index) = program.earlier.iter().find(|e| e.key == *key).map(|e| e.index) else {
                if part.only.is_none() {
                    self.problem(
                        part.file,
                        &format!("{path}.follows"),
                        format!("no earlier charge has the key \"{key}\""),
                    );
                }
                return None;
            };
            let name = self.text(&rung.name);
            let took = self.node(Node {
                op: op::TOOK,
                aux: 0,
                slot: U16::new(0),
                a: U32::new(index),
                b: U32::new(name),
                c: U32::new(NONE),
                value: I128::new(0),
            });
            when = self.both(when, took);
            when_words.insert(0, format!("{key} took \"{}\"", rung.name));
        }
        // Inside one customs territory nothing is imported; a rung that follows another is not reached then either.
        if !part.not_from.is_empty() && rung.follows.is_none() {
            let abroad = Condition::Not(Box::new(Condition::ShippedFrom(part.not_from.to_vec())));
            let node = self.tree_condition(program, part, &format!("{path}.when"), &abroad, ids, is_union)?;
            when = self.both(when, node);
        }
        let amount = match &rung.amount {
            Some(words) => {
                self.written_amount(program, part, &format!("{path}.amount"), words, ids, is_union, Place::Amount)?
            }
            None => NONE,
        };
        if matches!(rung.per, Per::Consignment | Per::Parcel) && self.asks_a_line(amount) {
            let message = "`if` asks something that differs between lines, and this amount is computed once for all of them: use several rungs, or ask about the consignment, as in any goods of 61";
            self.problem(part.file, &format!("{path}.amount"), message);
        }
        let base = match &rung.base {
            Some(words) => {
                self.written_amount(program, part, &format!("{path}.base"), words, ids, is_union, Place::Early)?
            }
            None => NONE,
        };
        if let Some(scheme) = &rung.scheme
            && !program.parts.iter().any(|p| p.file.economy.scheme.iter().any(|s| s.key == *scheme))
        {
            self.problem(part.file, &format!("{path}.scheme"), format!("no scheme has the key \"{scheme}\""));
        }
        let round = self.rounding(program, part, &format!("{path}.round"), rung.round.as_deref());
        let file_known = part.file.economy.economy.known_from;
        let cites = self.cites(part, &program.parts.clone(), ids, path, &cites);
        let when_text =
            if when_words.is_empty() { U32::new(NONE) } else { U32::new(self.text(&when_words.join(" and "))) };
        let amount_text = match &rung.amount {
            Some(words) => U32::new(self.text(&words_of(words))),
            None => U32::new(NONE),
        };
        Some(RungRow {
            name: U32::new(self.text(&rung.name)),
            when: U32::new(when),
            amount: U32::new(amount),
            base: U32::new(base),
            says: self.text_or_none(rung.says.as_deref()),
            when_text,
            amount_text,
            scheme: self.text_or_none(rung.scheme.as_deref()),
            note: self.text_or_none(rung.note.as_deref()),
            from: I32::new(rung.from.map_or(DAY_MIN, day_number).max(part.from)),
            before: I32::new(rung.before.map_or(DAY_MAX, day_number).min(part.before)),
            known_from: I32::new(day_number(rung.known_from.unwrap_or(file_known))),
            known_before: day_or(rung.known_before, DAY_MAX),
            per: rung.per as u8,
            outcome: rung.outcome.map_or(0, |v| v as u8),
            status: rung.status as u8,
            collect: rung.collect.unwrap_or(charge.collect) as u8,
            round,
            cites,
        })
    }
}
