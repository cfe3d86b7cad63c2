//! One economy: the charges of its unions, then its own, in one flat program.

use super::*;
use crate::ratebook::validate::{MAX_CHARGES, MAX_SLOTS};

impl<'w> Compiler<'w> {
    pub(super) fn lay_out_program(
        &mut self,
        code: &str,
        id: u16,
        files: &BTreeMap<&str, &'w SourceFile>,
        tariff_editions: &[&'w EditionFile],
        fact_ids: &HashMap<(&'w str, &'w str), u32>,
    ) {
        let mut parts: Vec<Part<'w>> = Vec::new();
        for member in &self.world.territories.member {
            if member.territory == code
                && let Some(ladders) = &member.ladders
                && let Some(file) = files.get(member.of.as_str())
                && !parts.iter().any(|p| std::ptr::eq(p.file, *file))
            {
                let only = match ladders {
                    Places::One(word) if word == "all" => None,
                    other => Some(other),
                };
                parts.push(Part {
                    file,
                    only,
                    not_from: &member.not_from,
                    from: member.from.map_or(DAY_MIN, day_number),
                    before: member.before.map_or(DAY_MAX, day_number),
                });
            }
        }
        let own = files.get(code);
        if let Some(file) = own {
            parts.push(Part { file, only: None, not_from: &[], from: DAY_MIN, before: DAY_MAX });
        }
        let Some(last) = parts.last().copied() else { return };
        // A union's own file is checked too, but its `@vat` may be left to members.
        let is_union = self.draft.territories[usize::from(id)].kind == crate::record::world::TerritoryKind::Union as u8;
        let head = &last.file.economy.economy;
        let world_currency = self.draft.territories[usize::from(id)].currency.get();
        let currency = if own.is_some() {
            match self.currency_ids.get(&head.currency) {
                Some(&c) => c,
                None => {
                    let help = nearest(&head.currency, self.currency_ids.keys().map(String::as_str));
                    self.problem(
                        last.file,
                        "economy.currency",
                        format!("unknown currency \"{}\"{help}", head.currency),
                    );
                    return;
                }
            }
        } else if world_currency != NO_ID {
            world_currency
        } else {
            self.currency_ids.get(&head.currency).copied().unwrap_or(NO_ID)
        };
        let mut program = Program {
            territory: id,
            parts: parts.clone(),
            earlier: Vec::new(),
            slots: vec![currency],
            disputes: Vec::new(),
            arms: HashMap::new(),
        };

        // Measures are written in currencies of their own, a union's in the union's.
        for part in &parts {
            let territory = self.territory_ids.get(&part.file.economy.economy.territory);
            for id in territory.and_then(|t| self.tariff_currencies.get(t)).into_iter().flatten() {
                if !program.slots.contains(id) {
                    program.slots.push(*id);
                }
            }
        }

        let disputes = self.lay_out_disputes(&mut program, fact_ids);
        let schemes = self.lay_out_schemes(&parts, fact_ids);
        let asks = self.lay_out_asks(&parts, fact_ids);

        let mut charge_rows = Vec::new();
        for part in parts.clone() {
            for (at, charge) in part.file.economy.charge.iter().enumerate() {
                let wanted = match part.only {
                    None => true,
                    Some(Places::One(key)) => *key == charge.key,
                    Some(Places::Many(keys)) => keys.contains(&charge.key),
                };
                if wanted {
                    let index = charge_rows.len() as u32;
                    if let Some(row) = self.lay_out_charge(&mut program, part, at, charge, fact_ids, is_union) {
                        charge_rows.push(row);
                    }
                    program.earlier.push(Earlier { key: charge.key.clone(), index });
                }
            }
        }
        if charge_rows.len() > MAX_CHARGES {
            self.problem(
                last.file,
                "charge",
                format!(
                    "{code} has {} charges, its union's included; at most {MAX_CHARGES} are allowed",
                    charge_rows.len()
                ),
            );
        }
        let charges = run_of(&mut self.draft.charges, charge_rows);

        let mut waiver_rows = Vec::new();
        for part in parts.clone() {
            for (at, waiver) in part.file.economy.waiver.iter().enumerate() {
                let path = format!("waiver[{at}]");
                self.need_cites(part, &path, &waiver.cites);
                if let Some(row) = self.lay_out_waiver(&mut program, part, &path, waiver, fact_ids) {
                    waiver_rows.push(row);
                }
            }
        }
        let waivers = run_of(&mut self.draft.waivers, waiver_rows);

        let mut bound_rows = Vec::new();
        for part in parts.iter().rev().copied() {
            for (at, bound) in part.file.economy.bound.iter().enumerate() {
                self.lay_out_bound(part, &parts, at, bound, fact_ids, &mut bound_rows);
            }
        }
        let bounds = run_of(&mut self.draft.bounds, bound_rows);

        // Rate tables that no charge used are still shown.
        let mut tables: Vec<String> = Vec::new();
        for part in &parts {
            for rate in &part.file.economy.rate {
                if !tables.contains(&rate.name) {
                    tables.push(rate.name.clone());
                }
            }
        }
        let mut shown = Vec::new();
        for table in &tables {
            if let Some((start, len)) = self.rate_table(&mut program, table, fact_ids) {
                shown.push((start, len));
            }
        }
        let rates = self.list(shown.iter().flat_map(|&(start, len)| start..start + len));
        let facts: Vec<u32> =
            parts
                .iter()
                .flat_map(|p| {
                    p.file.economy.fact.iter().filter_map(|f| {
                        fact_ids.get(&(p.file.economy.economy.territory.as_str(), f.key.as_str())).copied()
                    })
                })
                .collect();
        let facts = self.list(facts);
        if program.slots.len() > MAX_SLOTS {
            self.problem(
                last.file,
                "economy",
                format!("its rules mention {} currencies; at most {MAX_SLOTS} are allowed", program.slots.len()),
            );
        }
        let slots = self.list(program.slots.iter().map(|&s| u32::from(s)).collect::<Vec<_>>());
        let (threshold, assessment, filing) = self.lay_out_policies(&parts, fact_ids);
        let tariffs: Vec<u32> = parts
            .iter()
            .rev()
            .filter(|p| {
                p.only.is_none_or(|o| {
                    names(o).iter().any(|k| p.file.economy.charge.iter().any(|c| c.key == *k && c.kind.is_duty()))
                })
            })
            .filter_map(|p| {
                self.territory_ids
                    .get(&p.file.economy.economy.territory)
                    .map(|&t| [u32::from(t), p.from.cast_unsigned(), p.before.cast_unsigned()])
            })
            .flatten()
            .collect();
        let tariffs = self.list(tariffs);
        let of = |territory: &str| {
            let own = files.keys().position(|c| *c == territory);
            let tariffs = tariff_editions.iter().enumerate().filter(|(_, e)| e.territory() == territory);
            own.into_iter().chain(tariffs.map(|(at, _)| files.len() + at)).collect::<Vec<_>>()
        };
        let edition_ids: Vec<u32> =
            parts.iter().flat_map(|p| of(&p.file.economy.economy.territory)).map(|p| p as u32).collect();
        let editions = self.list(edition_ids);
        let summary = self.text_or_none(Some(&head.summary));
        let note = self.text_or_none(head.note.as_deref());
        let tax_name = self.text_or_none(parts.iter().rev().find_map(|p| p.file.economy.economy.tax_name.as_deref()));
        let empty = Run { start: U32::new(0), len: U32::new(0) };
        let row = ProgramRow {
            territory: U16::new(id),
            currency: U16::new(currency),
            charges,
            waivers,
            asks,
            disputes,
            schemes,
            bounds,
            slots,
            rates,
            facts,
            threshold,
            assessment,
            filing,
            tariffs,
            editions,
            summary,
            note,
            tax_name,
            flags: U32::new(u32::from(is_union)),
            // Known when every rule is laid out.
            components: U32::new(0),
            claims: empty,
            regions: empty,
            areas: empty,
        };
        let index = self.draft.programs.len() as u32;
        self.draft.programs.push(row);
        self.draft.territories[usize::from(id)].program = U32::new(index);
    }

    /// Disputed rules with their readings.
    fn lay_out_disputes(&mut self, program: &mut Program<'w>, ids: &HashMap<(&str, &str), u32>) -> Run {
        let parts = program.parts.clone();
        let mut dispute_rows = Vec::new();
        for part in parts.iter().copied() {
            for (at, dispute) in part.file.economy.dispute.iter().enumerate() {
                let path = format!("dispute[{at}]");
                if dispute.reading.len() < 2 {
                    self.problem(part.file, &path, "a dispute needs two readings or more");
                }
                let default = dispute.reading.iter().position(|r| r.name == dispute.default);
                if default.is_none() {
                    self.problem(
                        part.file,
                        &format!("{path}.default"),
                        format!("\"{}\" is the name of no reading", dispute.default),
                    );
                }
                let mut readings = Vec::new();
                for reading in &dispute.reading {
                    let cites = self.cites(part, &parts, ids, &path, &reading.cites);
                    readings.push(ReadingRow {
                        name: U32::new(self.text(&reading.name)),
                        says: U32::new(self.text(&reading.says)),
                        cites,
                    });
                }
                let start = self.draft.readings.len() as u32;
                let len = readings.len() as u32;
                self.draft.readings.extend(readings);
                let cites = self.cites(part, &parts, ids, &path, &dispute.cites);
                dispute_rows.push(DisputeRow {
                    key: U32::new(self.text(&dispute.key)),
                    question: U32::new(self.text(&dispute.question)),
                    readings: Run { start: U32::new(start), len: U32::new(len) },
                    cites,
                    default: U32::new(default.unwrap_or(0) as u32),
                });
                program.disputes.push((dispute.key.clone(), dispute.reading.iter().map(|r| r.name.clone()).collect()));
            }
        }
        run_of(&mut self.draft.disputes, dispute_rows)
    }

    /// Seller registrations.
    fn lay_out_schemes(&mut self, parts: &[Part<'w>], ids: &HashMap<(&str, &str), u32>) -> Run {
        let mut scheme_rows = Vec::new();
        for part in parts.iter().copied() {
            for (at, scheme) in part.file.economy.scheme.iter().enumerate() {
                let path = format!("scheme[{at}]");
                self.need_cites(part, &path, &scheme.cites);
                let cites = self.cites(part, parts, ids, &path, &scheme.cites);
                let currency = match &scheme.currency {
                    None => NO_ID,
                    Some(code) => match self.currency_ids.get(code.as_str()) {
                        Some(&c) => c,
                        None => {
                            self.problem(
                                part.file,
                                &format!("{path}.currency"),
                                format!("unknown currency \"{code}\""),
                            );
                            NO_ID
                        }
                    },
                };
                scheme_rows.push(SchemeRow {
                    key: U32::new(self.text(&scheme.key)),
                    name: U32::new(self.text(&scheme.name)),
                    short: U32::new(self.text(&scheme.short)),
                    registration: U32::new(self.text(&scheme.registration)),
                    returns: U32::new(self.text(&scheme.returns)),
                    due: U32::new(self.text(&scheme.due)),
                    note: self.text_or_none(scheme.note.as_deref()),
                    from: day_or(scheme.from, DAY_MIN),
                    before: day_or(scheme.before, DAY_MAX),
                    currency: U16::new(currency),
                    pad: U16::new(0),
                    cites,
                });
            }
        }
        run_of(&mut self.draft.schemes, scheme_rows)
    }

    /// Yes/no facts and what is assumed of them.
    fn lay_out_asks(&mut self, parts: &[Part<'w>], ids: &HashMap<(&str, &str), u32>) -> Run {
        let mut ask_rows = Vec::new();
        for part in parts.iter().copied() {
            for (at, ask) in part.file.economy.ask.iter().enumerate() {
                let cites = self.cites(part, parts, ids, &format!("ask[{at}]"), &ask.cites);
                ask_rows.push(AskRow {
                    fact: U32::new(self.text(&ask.fact)),
                    question: U32::new(self.text(&ask.question)),
                    cites,
                    assume: ask.assume.map_or(2, u8::from),
                    pad: [0; 3],
                });
            }
        }
        run_of(&mut self.draft.asks, ask_rows)
    }

    pub(super) fn lay_out_policies(
        &mut self,
        parts: &[Part<'w>],
        ids: &HashMap<(&str, &str), u32>,
    ) -> (PolicyRow, PolicyRow, PolicyRow) {
        type Pick = fn(&Economy) -> Option<&Policy>;
        let picks: [(&str, Pick); 3] = [
            ("fx.threshold", |e| e.fx.threshold.as_ref()),
            ("fx.assessment", |e| e.fx.assessment.as_ref()),
            ("fx.filing", |e| e.fx.filing.as_ref()),
        ];
        let mut rows = picks.into_iter().map(|(path, pick)| {
            let found = parts.iter().rev().find_map(|p| pick(&p.file.economy).map(|policy| (*p, policy)));
            let Some((part, policy)) = found else {
                let empty = self.list([]);
                return PolicyRow {
                    series: U32::new(NONE),
                    fallback: U32::new(NONE),
                    rule: 0,
                    set: 0,
                    pad: [0; 2],
                    cites: empty,
                };
            };
            let cites = self.cites(part, parts, ids, path, &policy.cites);
            PolicyRow {
                series: U32::new(self.text(&policy.series)),
                fallback: self.text_or_none(policy.fallback.as_deref()),
                rule: policy.rule as u8,
                set: 1,
                pad: [0; 2],
                cites,
            }
        });
        let mut next = || {
            rows.next().unwrap_or(PolicyRow {
                series: U32::new(NONE),
                fallback: U32::new(NONE),
                rule: 0,
                set: 0,
                pad: [0; 2],
                cites: Run { start: U32::new(0), len: U32::new(0) },
            })
        };
        (next(), next(), next())
    }

    pub(super) fn lay_out_waiver(
        &mut self,
        program: &mut Program<'w>,
        part: Part<'w>,
        path: &str,
        waiver: &'w Waiver,
        ids: &HashMap<(&str, &str), u32>,
    ) -> Option<WaiverRow> {
        let (compare, cash) = match grammar::threshold(&waiver.when) {
            Ok(pair) => pair,
            Err(e) => {
                self.problem(part.file, &format!("{path}.when"), e.to_string());
                return None;
            }
        };
        let mut charges = Vec::new();
        for key in &waiver.charges {
            match program.earlier.iter().find(|e| e.key == *key) {
                Some(e) => charges.push(e.index),
                // A member may take only some of its union's charges.
                None if part.only.is_some() => {}
                None => self.problem(
                    part.file,
                    &format!("{path}.charges"),
                    format!(
                        "no charge has the key \"{key}\"{}",
                        nearest(key, program.earlier.iter().map(|e| e.key.as_str()))
                    ),
                ),
            }
        }
        let slot = self.slot(program, part, path, &cash)?;
        let charges = self.list(charges);
        let cites = self.cites(part, &program.parts.clone(), ids, path, &waiver.cites);
        Some(WaiverRow {
            value: number(cash.amount),
            charges,
            cites,
            from: I32::new(waiver.from.map_or(DAY_MIN, day_number).max(part.from)),
            before: I32::new(waiver.before.map_or(DAY_MAX, day_number).min(part.before)),
            slot: U16::new(slot),
            compare: compare as u8,
            pad: 0,
        })
    }

    pub(super) fn lay_out_bound(
        &mut self,
        part: Part<'w>,
        parts: &[Part<'w>],
        at: usize,
        bound: &'w Bound,
        ids: &HashMap<(&str, &str), u32>,
        rows: &mut Vec<BoundRow>,
    ) {
        let path = format!("bound[{at}]");
        self.need_cites(part, &path, &bound.cites);
        let (Some(least), Some(most)) = (
            self.percent(part, &format!("{path}.least"), &bound.least),
            self.percent(part, &format!("{path}.most"), &bound.most),
        ) else {
            return;
        };
        if least > most {
            self.problem(part.file, &format!("{path}.most"), format!("{most} % is below {least} %"));
        }
        let ranges = self.ranges(part, parts, &format!("{path}.codes"), &bound.codes);
        let ranges = if bound.codes.is_empty() { vec![CodeRange::ALL] } else { ranges };
        let cites = self.cites(part, parts, ids, &path, &bound.cites);
        for range in ranges {
            rows.push(BoundRow {
                least: number(least),
                most: number(most),
                first: U64::new(range.first),
                last: U64::new(range.last),
                from: day_or(bound.from, DAY_MIN),
                before: day_or(bound.before, DAY_MAX),
                cites,
            });
        }
    }
}
