//! Each charge with the rules it took, and each item with its part.

use super::*;
use crate::quote::rate::{Chosen, choose};
use crate::ratebook::numbers::per_of;
use crate::record::expression::Per;
use std::collections::HashSet;

impl<'a> Writer<'a> {
    pub(super) fn charges(
        &self,
        explored: &Explored,
        usable: &[&Seen],
        shown: Option<&Seen>,
    ) -> Vec<(Hull, ChargeAnswer)> {
        let mut out = Vec::new();
        for (at, charge) in self.charges.iter().enumerate() {
            let taken = usable.iter().any(|s| (0..s.sheet.size().1).any(|l| s.sheet.rung(at, l) != NONE));
            if !taken {
                continue;
            }
            let found = hull(explored, usable, |s| s.sheet.charge_total(at))
                .unwrap_or(Hull { least: Decimal::ZERO, most: None });
            let unknown_here = usable.iter().any(|s| {
                (0..s.sheet.size().1).any(|l| {
                    self.t.rungs.get(s.sheet.rung(at, l) as usize).is_some_and(|r| r.outcome == Verdict::Unknown as u8)
                })
            });
            let unknown_here = unknown_here || usable.iter().any(|s| self.rests_on_unknown(at, charge, &s.sheet));
            let found = if unknown_here { Hull { most: None, ..found } } else { found };
            let mut treatments = shown.map(|s| self.treatments(at, charge, &s.sheet)).unwrap_or_default();
            // Worlds in which every line takes a rung that it took in one before show nothing new.
            let mut looked_at = HashSet::new();
            for seen in usable.iter().filter(|s| !s.is_much()) {
                let lines = seen.sheet.size().1;
                let news = (0..lines).filter(|&line| looked_at.insert((line, seen.sheet.rung(at, line)))).count();
                if news == 0 || treatments.len() >= 6 {
                    continue;
                }
                for other in self.treatments(at, charge, &seen.sheet) {
                    if treatments.len() < 6 && !treatments.iter().any(|t| t.name == other.name && t.rule == other.rule)
                    {
                        // Its advice is for a world that may not be the asker's.
                        treatments.push(Treatment { says: None, ..other });
                    }
                }
            }
            let waived = shown.is_some_and(|s| s.sheet.waived & (1 << (at & 63)) != 0);
            out.push((
                found,
                ChargeAnswer {
                    key: self.t.text(charge.key.get()).to_owned(),
                    name: self.t.text(charge.name.get()).to_owned(),
                    kind: kind_of(charge.kind),
                    authority: if charge.authority == 1 { Authority::Carrier } else { Authority::Government },
                    sum: Sum { least: found.least, most: found.most, least_asked: Decimal::ZERO, most_asked: None },
                    treatments,
                    waived,
                },
            ));
        }
        out
    }

    pub(super) fn treatments(&self, at: usize, charge: &ChargeRow, sheet: &Sheet) -> Vec<Treatment> {
        let mut out: Vec<((u32, Option<Decimal>), Treatment)> = Vec::new();
        for line in 0..sheet.size().1 {
            let index = sheet.rung(at, line);
            let Some(rung) = self.t.rungs.get(index as usize) else { continue };
            // Lines under one rule but at different rates are told apart.
            let percent = self.rate_taken(rung.amount.get(), line);
            if let Some((_, t)) = out.iter_mut().find(|(key, _)| key.0 == index && key.1 == percent) {
                t.base = t.base.map(|b| b.plus(sheet.base(at, line)).unwrap_or(b));
                t.amount = t.amount.plus(sheet.amount(at, line)).unwrap_or(t.amount);
                continue;
            }
            let base_rule = match self.t.rungs.get(index as usize) {
                Some(r) if r.base.get() != NONE => String::new(),
                _ => self.t.text(charge.base_text.get()).to_owned(),
            };
            let mut rule = self.t.maybe(rung.amount_text).map(Said::from);
            let flat =
                self.t.nodes.get(rung.amount.get() as usize).is_some_and(|n| n.op == op::FLAT || n.op == op::RELIEVED);
            if let (Some(text), Some(each)) = (&rule, each_of(rung.per))
                && rung.outcome == 0
                && self.t.nodes.get(rung.amount.get() as usize).is_some_and(|n| n.op == op::FLAT)
            {
                rule = Some(Said::of(each, [("amount", said::amount(text.as_str()))]));
            }
            if let (Some(text), Some(percent)) = (&rule, percent) {
                let places = [("percent", Put::Percent(percent)), ("table", said::amount(text.as_str()))];
                rule = Some(Said::of(&message::RATE_OF_TABLE, places));
            }
            out.push((
                (index, percent),
                Treatment {
                    name: self.t.text(rung.name.get()).to_owned(),
                    rule,
                    when: self.t.maybe(rung.when_text).map(str::to_owned),
                    base: (!flat).then(|| sheet.base(at, line)),
                    base_rule,
                    amount: sheet.amount(at, line),
                    collect: collector_of(rung.collect),
                    scheme: self.t.maybe(rung.scheme).map(str::to_owned),
                    says: self.t.maybe(rung.says).map(str::to_owned),
                    confidence: rows(self.t.kids, rung.cites)
                        .iter()
                        .filter_map(|id| self.t.facts.get(id.get() as usize))
                        .map(|fact| confidence_of(fact.confidence))
                        .min(),
                    cites: self.cited(rung.cites),
                },
            ));
        }
        // Bases are computed to twelve decimals; four are enough to read.
        let shown = |d: Decimal| d.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(4)).unwrap_or(d);
        out.into_iter().map(|(_, t)| Treatment { base: t.base.map(shown), ..t }).collect()
    }

    /// The percentage of an amount that is just a rate table.
    pub(super) fn rate_taken(&self, node: u32, line: usize) -> Option<Decimal> {
        let node = self.t.nodes.get(node as usize)?;
        if node.op != op::RATE {
            return None;
        }
        let arm = self.arm_used(node, line as u16)?;
        Some(Decimal::from_units(arm.percent.get()))
    }

    pub(super) fn rates_used(&self, events: &[Event]) -> Vec<(u16, &'a Node)> {
        let mut out: Vec<(u16, &'a Node)> = Vec::new();
        for event in events {
            if let Event::Unit { rung, first, .. } = event
                && let Some(rung) = self.t.rungs.get(*rung as usize)
            {
                let mut stack = vec![rung.amount.get()];
                while let Some(index) = stack.pop() {
                    let Some(node) = self.t.nodes.get(index as usize) else { continue };
                    match node.op {
                        op::RATE => out.push((*first, node)),
                        op::PERCENT | op::GROSS_UP | op::TIMES | op::ROUND | op::WHOLE_ITEMS => {
                            stack.push(node.a.get())
                        }
                        op::SUM | op::MAX | op::MIN => {
                            stack.extend(rows(self.t.kids, Run { start: node.a, len: node.b }).iter().map(|k| k.get()))
                        }
                        op::LESS => stack.extend([node.a.get(), node.b.get()]),
                        op::IF => stack.extend([node.b.get(), node.c.get()]),
                        op::CLAMP => stack.extend([node.a.get(), node.b.get(), node.c.get()]),
                        _ => {}
                    }
                }
            }
        }
        out
    }

    /// The value of a rate table that a line takes, as the evaluator chooses it.
    pub(super) fn arm_used(&self, node: &Node, line: u16) -> Option<&'a ArmRow> {
        let case = &self.prepared.case;
        let row = case.lines.get(usize::from(line))?;
        let arms = rows(self.t.arms, Run { start: node.a, len: node.b });
        match choose(arms, case.moment(), row.tax_class, row.code_span()) {
            Chosen::Value(arm) => Some(arm),
            Chosen::Depends | Chosen::Nothing => None,
        }
    }

    /// Whether a measure without a number stands in for a charge, or for what it is levied on.
    fn rests_on_unknown(&self, at: usize, charge: &ChargeRow, sheet: &Sheet) -> bool {
        if !matches!(sheet.verdict, Some((Verdict::Unknown, Ruling::Measure(_)))) {
            return false;
        }
        let kind = kind_of(charge.kind);
        let tariff = |rung: u32| {
            let amount = self.t.rungs.get(rung as usize).and_then(|r| self.t.nodes.get(r.amount.get() as usize));
            amount.is_some_and(|node| node.op == op::TARIFF)
        };
        let taken = |line| sheet.rung(at, line);
        (0..sheet.size().1)
            .any(|line| taken(line) != NONE && (!kind.is_duty() && !kind.is_fee() || tariff(taken(line))))
    }

    pub(super) fn items(&self, asked: &Consignment, shown: Option<&Seen>) -> Vec<ItemAnswer> {
        let prepared = self.prepared;
        let mut out: Vec<ItemAnswer> = asked
            .items
            .iter()
            .zip(&prepared.items)
            .map(|(item, (_, value))| ItemAnswer {
                description: item.description.clone(),
                code: item.code.clone(),
                value: *value,
                charges: Vec::new(),
            })
            .collect();
        let Some(seen) = shown else { return out };
        let (charges, lines) = seen.sheet.size();
        for line in 0..lines {
            let members: Vec<usize> =
                prepared.items.iter().enumerate().filter(|(_, (l, _))| *l == line).map(|(i, _)| i).collect();
            let weights: Vec<Decimal> = members.iter().map(|&i| prepared.items[i].1).collect();
            for charge in 0..charges {
                if seen.sheet.rung(charge, line) == NONE {
                    continue;
                }
                let Ok(parts) = apportion(seen.sheet.amount(charge, line), &weights, prepared.case.minor) else {
                    continue;
                };
                let key = self.t.text(self.charges[charge].key.get());
                for (&item, part) in members.iter().zip(parts) {
                    out[item].charges.push(ItemCharge { key: key.to_owned(), amount: part });
                }
            }
        }
        out
    }
}

/// For what a flat amount is taken once, in words.
fn each_of(per: u8) -> Option<&'static Message> {
    Some(match per_of(per) {
        Per::Line => return None,
        Per::Heading6 => &message::EACH_HEADING_6,
        Per::Heading8 => &message::EACH_HEADING_8,
        Per::Heading10 => &message::EACH_HEADING_10,
        Per::Consignment => &message::EACH_CONSIGNMENT,
        Per::Parcel => &message::EACH_PARCEL,
        Per::Item => &message::EACH_PIECE,
    })
}
