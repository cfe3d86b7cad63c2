//! Amounts and conditions as nodes. Equal nodes are shared, so that each condition is tested once.

use super::*;

/// What an expression is compiled in.
pub(super) struct Context<'p, 'w> {
    pub(super) program: &'p mut Program<'w>,
    pub(super) part: Part<'w>,
    pub(super) path: &'p str,
    pub(super) ids: &'p HashMap<(&'w str, &'w str), u32>,
    pub(super) is_union: bool,
    pub(super) place: Place,
    pub(super) depth: usize,
    /// How many more nodes the expression may have, bases written out.
    pub(super) left: usize,
}

/// Most nodes of an expression with its bases written out: bases of bases of bases could double at each step.
const MAX_WRITTEN_OUT: usize = 4096;

/// Where an expression stands, which limits what it may use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A base, or the condition of a rung: the charge's own base is not known yet.
    Early,
    /// What a rung charges.
    Amount,
    /// A measure of the tariff, which cannot look itself up.
    Measure,
}

pub(super) fn blank(operation: u8) -> Node {
    Node {
        op: operation,
        aux: 0,
        slot: U16::new(0),
        a: U32::new(NONE),
        b: U32::new(NONE),
        c: U32::new(NONE),
        value: I128::new(0),
    }
}

/// The currency in which a comparison is written: that of the first money in it.
pub(super) fn currency_of(amount: &Amount) -> Option<&Cash> {
    match amount {
        Amount::Flat(cash) | Amount::Specific { cash, .. } => Some(cash),
        Amount::Sum(items) | Amount::Max(items) | Amount::Min(items) => items.iter().find_map(currency_of),
        Amount::Less(a, b) => currency_of(a).or_else(|| currency_of(b)),
        Amount::Times(_, inner) | Amount::Rounded { amount: inner, .. } => currency_of(inner),
        _ => None,
    }
}

impl<'w> Compiler<'w> {
    /// The currency's id, noted among those the program needs rates for.
    pub(super) fn slot(&mut self, program: &mut Program<'w>, part: Part<'w>, path: &str, cash: &Cash) -> Option<u16> {
        let Some(&currency) = self.currency_ids.get(&cash.currency) else {
            let help = nearest(&cash.currency, self.currency_ids.keys().map(String::as_str));
            self.problem(part.file, path, format!("unknown currency \"{}\"{help}", cash.currency));
            return None;
        };
        if !program.slots.contains(&currency) {
            program.slots.push(currency);
        }
        Some(currency)
    }

    /// Adds a node, or finds the same one: equal conditions share a node, so that each is tested once.
    pub(super) fn node(&mut self, mut node: Node) -> u32 {
        if op::is_condition(node.op) && self.same_for_all_lines(&node) {
            node.aux |= UNIFORM;
        }
        if op::is_amount(node.op) && self.has_flat(&node) {
            node.aux |= HOLDS_FLAT;
        }
        let key: [u8; 32] = zerocopy::transmute!(node);
        if let Some(&index) = self.nodes.get(&key) {
            return index;
        }
        let index = self.draft.nodes.len() as u32;
        self.draft.nodes.push(node);
        self.nodes.insert(key, index);
        index
    }

    /// Whether a condition cannot differ between the lines of a consignment.
    pub(super) fn same_for_all_lines(&self, node: &Node) -> bool {
        let kids = |a: U32, b: U32| self.draft.kids[a.get() as usize..(a.get() + b.get()) as usize].iter();
        match node.op {
            op::ALL | op::ANY => kids(node.a, node.b).all(|k| self.draft.nodes[k.get() as usize].is_uniform()),
            op::NOT => self.draft.nodes[node.a.get() as usize].is_uniform(),
            op::VALUE => {
                node.c.get() >= Scope::Consignment as u32
                    && [node.a, node.b].iter().all(|side| self.is_plain_sum(side.get()))
            }
            op::WEIGHT | op::QUANTITY => node.c.get() == Scope::Consignment as u32,
            op::GOODS => node.arg() != 0,
            op::ORIGIN | op::CLAIMS | op::DOCUMENT | op::TOOK => false,
            _ => true,
        }
    }

    /// Whether an amount holds a flat sum above zero.
    pub(super) fn has_flat(&self, node: &Node) -> bool {
        let flat = |index: &u32| self.draft.nodes.get(*index as usize).is_some_and(Node::holds_flat);
        match node.op {
            op::FLAT => node.value.get() != 0,
            op::BANDS | op::WHOLE_ITEMS => true,
            op::SUM | op::MAX | op::MIN => {
                let start = node.a.get() as usize;
                self.draft.kids[start..start + node.b.get() as usize].iter().any(|k| flat(&k.get()))
            }
            op::PERCENT | op::GROSS_UP | op::TIMES | op::ROUND => flat(&node.a.get()),
            op::LESS => [node.a.get(), node.b.get()].iter().any(flat),
            op::CLAMP => [node.a.get(), node.b.get(), node.c.get()].iter().any(flat),
            op::IF => [node.b.get(), node.c.get()].iter().any(flat),
            op::RATE => flat(&node.c.get()),
            _ => false,
        }
    }

    /// Whether an amount that is computed once for several lines asks something that each line answers for itself.
    pub(super) fn asks_a_line(&self, index: u32) -> bool {
        let Some(node) = self.draft.nodes.get(index as usize) else { return false };
        match node.op {
            op::IF => {
                !self.draft.nodes[node.a.get() as usize].is_uniform()
                    || self.asks_a_line(node.b.get())
                    || self.asks_a_line(node.c.get())
            }
            op::SUM | op::MAX | op::MIN => {
                let start = node.a.get() as usize;
                self.draft.kids[start..start + node.b.get() as usize].iter().any(|k| self.asks_a_line(k.get()))
            }
            op::PERCENT | op::GROSS_UP | op::TIMES | op::ROUND | op::BANDS => self.asks_a_line(node.a.get()),
            op::LESS => self.asks_a_line(node.a.get()) || self.asks_a_line(node.b.get()),
            op::CLAMP => [node.a, node.b, node.c].iter().any(|part| self.asks_a_line(part.get())),
            _ => false,
        }
    }

    /// Whether an amount is made of components, quantities, flat sums and earlier charges only.
    pub(super) fn is_plain_sum(&self, index: u32) -> bool {
        let node = &self.draft.nodes[index as usize];
        match node.op {
            op::FLAT | op::SPECIFIC | op::COMPONENT | op::CHARGE | op::RELIEVED => true,
            op::SUM | op::MAX | op::MIN => {
                let start = node.a.get() as usize;
                self.draft.kids[start..start + node.b.get() as usize].iter().all(|k| self.is_plain_sum(k.get()))
            }
            op::LESS => self.is_plain_sum(node.a.get()) && self.is_plain_sum(node.b.get()),
            op::TIMES | op::ROUND => self.is_plain_sum(node.a.get()),
            op::PERCENT => node.a.get() != NONE && self.is_plain_sum(node.a.get()),
            _ => false,
        }
    }

    /// Refuses what cannot be known where the expression stands.
    fn check_place(&mut self, cx: &Context<'_, 'w>, tree: &Amount) -> Option<()> {
        let of_base = match tree {
            Amount::Percent { of, .. } | Amount::GrossUp { of, .. } | Amount::Rate { of, .. } => of.is_none(),
            _ => *tree == Amount::Base,
        };
        let message = match tree {
            _ if of_base && cx.place == Place::Early => {
                format!("`{tree}` needs the charge's base, which is not known here yet: say of what, as in 10 % of goods")
            }
            Amount::Tariff(_) if cx.place == Place::Early => {
                "`tariff` needs the charge's base, which is not known here yet: make the tariff a charge and use its key".into()
            }
            Amount::Tariff(_) if cx.place == Place::Measure => "a measure cannot look up the tariff: it is part of it".into(),
            _ => return Some(()),
        };
        self.problem(cx.part.file, cx.path, message);
        None
    }

    #[allow(clippy::too_many_arguments, reason = "one expression, in the context of its program and place")]
    pub(super) fn written_amount(
        &mut self,
        program: &mut Program<'w>,
        part: Part<'w>,
        path: &str,
        words: &'w Written<Amount>,
        ids: &HashMap<(&'w str, &'w str), u32>,
        is_union: bool,
        place: Place,
    ) -> Option<u32> {
        let parsed;
        let tree = match words {
            Written::Tree(tree) => tree,
            Written::Words(text) => match grammar::amount(text) {
                Ok(tree) => {
                    parsed = tree;
                    &parsed
                }
                Err(e) => {
                    self.problem(part.file, path, e.to_string());
                    return None;
                }
            },
        };
        self.amount(&mut Context { program, part, path, ids, is_union, place, depth: 0, left: MAX_WRITTEN_OUT }, tree)
    }

    #[allow(clippy::too_many_arguments, reason = "one expression, in the context of its program and place")]
    pub(super) fn written_condition(
        &mut self,
        program: &mut Program<'w>,
        part: Part<'w>,
        path: &str,
        words: &'w Written<Condition>,
        ids: &HashMap<(&'w str, &'w str), u32>,
        is_union: bool,
        place: Place,
    ) -> Option<u32> {
        let parsed;
        let tree = match words {
            Written::Tree(tree) => tree,
            Written::Words(text) => match grammar::condition(text) {
                Ok(tree) => {
                    parsed = tree;
                    &parsed
                }
                Err(e) => {
                    self.problem(part.file, path, e.to_string());
                    return None;
                }
            },
        };
        self.condition(
            &mut Context { program, part, path, ids, is_union, place, depth: 0, left: MAX_WRITTEN_OUT },
            tree,
        )
    }

    /// A condition that no file writes out.
    pub(super) fn tree_condition(
        &mut self,
        program: &mut Program<'w>,
        part: Part<'w>,
        path: &str,
        tree: &Condition,
        ids: &HashMap<(&'w str, &'w str), u32>,
        is_union: bool,
    ) -> Option<u32> {
        let place = Place::Early;
        self.condition(
            &mut Context { program, part, path, ids, is_union, place, depth: 0, left: MAX_WRITTEN_OUT },
            tree,
        )
    }

    /// Two conditions at once; the first may be none.
    pub(super) fn both(&mut self, one: u32, other: u32) -> u32 {
        if one == NONE {
            return other;
        }
        let kids = self.list([one, other]);
        self.node(Node {
            op: op::ALL,
            aux: 0,
            slot: U16::new(0),
            a: kids.start,
            b: kids.len,
            c: U32::new(NONE),
            value: I128::new(0),
        })
    }

    pub(super) fn amount(&mut self, cx: &mut Context<'_, 'w>, tree: &Amount) -> Option<u32> {
        if cx.depth > 32 {
            self.problem(cx.part.file, cx.path, "the expression is nested too deeply, or a base refers to itself");
            return None;
        }
        self.spend(cx)?;
        cx.depth += 1;
        let result = self.amount_inner(cx, tree);
        cx.depth -= 1;
        result
    }

    fn spend(&mut self, cx: &mut Context<'_, 'w>) -> Option<()> {
        let left = cx.left.checked_sub(1);
        if left.is_none() {
            self.problem(
                cx.part.file,
                cx.path,
                format!("with its bases written out the expression has more than {MAX_WRITTEN_OUT} parts"),
            );
        }
        cx.left = left?;
        Some(())
    }

    pub(super) fn amounts(&mut self, cx: &mut Context<'_, 'w>, operation: u8, trees: &[Amount]) -> Option<Node> {
        if trees.is_empty() {
            self.problem(cx.part.file, cx.path, "a sum, max or min needs at least one part");
            return None;
        }
        let mut kids = Vec::with_capacity(trees.len());
        for tree in trees {
            kids.push(self.amount(cx, tree)?);
        }
        let run = self.list(kids);
        Some(Node { a: run.start, b: run.len, ..blank(operation) })
    }

    pub(super) fn optional(&mut self, cx: &mut Context<'_, 'w>, tree: Option<&Amount>) -> Option<U32> {
        Some(U32::new(match tree {
            Some(tree) => self.amount(cx, tree)?,
            None => NONE,
        }))
    }

    pub(super) fn amount_inner(&mut self, cx: &mut Context<'_, 'w>, tree: &Amount) -> Option<u32> {
        self.check_place(cx, tree)?;
        let node = match tree {
            Amount::Relieved => blank(op::RELIEVED),
            Amount::Flat(cash) => {
                let slot = self.slot(cx.program, cx.part, cx.path, cash)?;
                Node { slot: U16::new(slot), value: number(cash.amount), ..blank(op::FLAT) }
            }
            Amount::Percent { percent, of } => {
                Node { a: self.optional(cx, of.as_deref())?, value: number(*percent), ..blank(op::PERCENT) }
            }
            Amount::GrossUp { percent, of } => {
                if *percent >= Decimal::HUNDRED || percent.is_negative() {
                    self.problem(cx.part.file, cx.path, format!("a gross-up of {percent} % is impossible"));
                    return None;
                }
                Node { a: self.optional(cx, of.as_deref())?, value: number(*percent), ..blank(op::GROSS_UP) }
            }
            Amount::Specific { cash, unit } => {
                let slot = self.slot(cx.program, cx.part, cx.path, cash)?;
                let Some(found) = unit::find(unit) else {
                    self.problem(
                        cx.part.file,
                        cx.path,
                        format!(
                            "unknown unit \"{unit}\"{}",
                            unit::nearest(unit).map(|u| format!("; did you mean \"{}\"?", u.key)).unwrap_or_default()
                        ),
                    );
                    return None;
                };
                let Ok(value) = cash
                    .amount
                    .scaled(Decimal::from_int(found.numerator as i64), Decimal::from_int(found.denominator as i64))
                else {
                    self.problem(cx.part.file, cx.path, format!("{} per {unit} is out of range", cash.amount));
                    return None;
                };
                let mut facts = found.facts.iter().map(|f| self.text(f));
                let (first, second) = (facts.next().unwrap_or(NONE), facts.next().unwrap_or(NONE));
                Node {
                    slot: U16::new(slot),
                    a: U32::new(first),
                    b: U32::new(second),
                    value: number(value),
                    ..blank(op::SPECIFIC)
                }
            }
            Amount::Component(component) => Node { aux: *component as u8, ..blank(op::COMPONENT) },
            Amount::Base => blank(op::BASE),
            Amount::Named(key) => {
                let base = cx
                    .part
                    .file
                    .economy
                    .bases
                    .get(key)
                    .or_else(|| cx.program.parts.iter().rev().find_map(|p| p.file.economy.bases.get(key)));
                if let Some(words) = base {
                    let parsed;
                    let tree = match words {
                        Written::Tree(tree) => tree,
                        Written::Words(text) => match grammar::amount(text) {
                            Ok(tree) => {
                                parsed = tree;
                                &parsed
                            }
                            Err(e) => {
                                self.problem(cx.part.file, &format!("bases.{key}"), e.to_string());
                                return None;
                            }
                        },
                    };
                    return self.amount(cx, tree);
                }
                match cx.program.earlier.iter().find(|e| e.key == *key) {
                    Some(earlier) => Node { a: U32::new(earlier.index), ..blank(op::CHARGE) },
                    None => {
                        let later =
                            cx.program.parts.iter().any(|p| p.file.economy.charge.iter().any(|c| c.key == *key));
                        if later && cx.part.only.is_some() {
                            // The union's charge that this member does not take adds nothing.
                            return Some(self.node(blank(op::RELIEVED)));
                        }
                        let message = if later {
                            format!(
                                "\"{key}\" is computed later (or is this charge itself): charges may only use earlier ones, so that no circle arises"
                            )
                        } else {
                            format!(
                                "\"{key}\" is neither a base of this file nor an earlier charge{}",
                                nearest(key, cx.program.earlier.iter().map(|e| e.key.as_str()))
                            )
                        };
                        self.problem(cx.part.file, cx.path, message);
                        return None;
                    }
                }
            }
            Amount::Rate { table, of } => {
                let of = self.optional(cx, of.as_deref())?;
                match self.rate_table(cx.program, table, cx.ids) {
                    Some((start, len)) => Node { a: U32::new(start), b: U32::new(len), c: of, ..blank(op::RATE) },
                    None if cx.is_union => Node { a: U32::new(0), b: U32::new(0), c: of, ..blank(op::RATE) },
                    None => {
                        let file = cx.program.parts.last().map_or(cx.part.file, |p| p.file);
                        self.problem(
                            file,
                            if std::ptr::eq(file, cx.part.file) { cx.path } else { "rate" },
                            format!("there is no rate table named \"{table}\""),
                        );
                        return None;
                    }
                }
            }
            Amount::Tariff(family) => Node { aux: *family as u8, ..blank(op::TARIFF) },
            Amount::Sum(items) => self.amounts(cx, op::SUM, items)?,
            Amount::Max(items) => self.amounts(cx, op::MAX, items)?,
            Amount::Min(items) => self.amounts(cx, op::MIN, items)?,
            Amount::Less(left, right) => {
                let a = self.amount(cx, left)?;
                let b = self.amount(cx, right)?;
                Node { a: U32::new(a), b: U32::new(b), ..blank(op::LESS) }
            }
            Amount::Times(factor, inner) => {
                Node { a: U32::new(self.amount(cx, inner)?), value: number(*factor), ..blank(op::TIMES) }
            }
            Amount::Clamp { amount, least, most } => {
                let a = self.amount(cx, amount)?;
                let b = self.amount(cx, least)?;
                let c = self.amount(cx, most)?;
                Node { a: U32::new(a), b: U32::new(b), c: U32::new(c), ..blank(op::CLAMP) }
            }
            Amount::If { when, then, otherwise } => {
                let a = self.condition(cx, when)?;
                let b = self.amount(cx, then)?;
                let c = self.amount(cx, otherwise)?;
                Node { a: U32::new(a), b: U32::new(b), c: U32::new(c), ..blank(op::IF) }
            }
            Amount::Rounded { amount, mode, unit } => {
                if *unit <= Decimal::ZERO {
                    self.problem(
                        cx.part.file,
                        cx.path,
                        "a sum is rounded to multiples of a number above zero, such as 0.01",
                    );
                    return None;
                }
                Node {
                    aux: *mode as u8,
                    a: U32::new(self.amount(cx, amount)?),
                    value: number(*unit),
                    ..blank(op::ROUND)
                }
            }
            Amount::Bands { of, slices } => {
                let a = self.amount(cx, of)?;
                let mut rows = Vec::new();
                let mut last: Option<Decimal> = None;
                for slice in slices {
                    let slot = self.slot(cx.program, cx.part, cx.path, &slice.from)?;
                    if last.is_none_or(|l| slice.from.amount <= l) && (last.is_some() || !slice.from.amount.is_zero()) {
                        self.problem(cx.part.file, cx.path, "bands start at 0 and rise");
                        return None;
                    }
                    last = Some(slice.from.amount);
                    rows.push(SliceRow {
                        from: number(slice.from.amount),
                        percent: number(slice.percent),
                        slot: U16::new(slot),
                        pad: [0; 2],
                    });
                }
                if rows.windows(2).any(|w| w[0].slot.get() != w[1].slot.get()) {
                    self.problem(cx.part.file, cx.path, "all bands are in one currency");
                    return None;
                }
                let run = run_of(&mut self.draft.slices, rows);
                Node { a: U32::new(a), b: run.start, c: run.len, ..blank(op::BANDS) }
            }
            Amount::WholeItems { up_to, otherwise } => {
                let slot = self.slot(cx.program, cx.part, cx.path, up_to)?;
                Node {
                    slot: U16::new(slot),
                    a: U32::new(self.amount(cx, otherwise)?),
                    value: number(up_to.amount),
                    ..blank(op::WHOLE_ITEMS)
                }
            }
        };
        Some(self.node(node))
    }

    pub(super) fn condition(&mut self, cx: &mut Context<'_, 'w>, tree: &Condition) -> Option<u32> {
        if cx.depth > 32 {
            self.problem(cx.part.file, cx.path, "the condition is nested too deeply");
            return None;
        }
        self.spend(cx)?;
        cx.depth += 1;
        let result = self.condition_inner(cx, tree);
        cx.depth -= 1;
        result
    }

    pub(super) fn conditions(&mut self, cx: &mut Context<'_, 'w>, operation: u8, trees: &[Condition]) -> Option<Node> {
        let mut kids = Vec::with_capacity(trees.len());
        for tree in trees {
            kids.push(self.condition(cx, tree)?);
        }
        let run = self.list(kids);
        Some(Node { a: run.start, b: run.len, ..blank(operation) })
    }

    /// A list of code ranges, sorted, with neighbours and overlaps made one; equal lists share their rows.
    pub(super) fn code_list(&mut self, mut ranges: Vec<CodeRange>) -> Run {
        ranges.sort_by_key(|r| (r.first, r.last));
        let mut key: Vec<(u64, u64)> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match key.last_mut() {
                Some((_, last)) if range.first <= last.saturating_add(1) => *last = range.last.max(*last),
                _ => key.push((range.first, range.last)),
            }
        }
        if let Some(&run) = self.code_lists.get(&key) {
            return run;
        }
        let rows = key.iter().map(|&(first, last)| CodeRow { first: U64::new(first), last: U64::new(last) }).collect();
        let run = run_of(&mut self.draft.codes, rows);
        self.code_lists.insert(key, run);
        run
    }

    pub(super) fn places(&mut self, cx: &Context<'_, 'w>, operation: u8, codes: &[String]) -> Option<Node> {
        match self.set(codes, &cx.program.parts.clone()) {
            Ok(id) => Some(Node { a: U32::new(u32::from(id)), ..blank(operation) }),
            Err(message) => {
                self.problem(cx.part.file, cx.path, message);
                None
            }
        }
    }

    pub(super) fn word(&mut self, operation: u8, word: &str) -> Node {
        Node { a: U32::new(self.text(word)), ..blank(operation) }
    }

    pub(super) fn condition_inner(&mut self, cx: &mut Context<'_, 'w>, tree: &Condition) -> Option<u32> {
        let node = match tree {
            Condition::Always => blank(op::ALWAYS),
            Condition::All(items) => self.conditions(cx, op::ALL, items)?,
            Condition::Any(items) => self.conditions(cx, op::ANY, items)?,
            Condition::Not(inner) => Node { a: U32::new(self.condition(cx, inner)?), ..blank(op::NOT) },
            Condition::Value { left, compare, right, scope } => {
                let a = self.amount(cx, left)?;
                let b = self.amount(cx, right)?;
                let slot = currency_of(right).or_else(|| currency_of(left));
                let slot = match slot {
                    Some(cash) => self.slot(cx.program, cx.part, cx.path, cash)?,
                    None => cx.program.slots.first().copied().unwrap_or(0),
                };
                Node {
                    aux: *compare as u8,
                    slot: U16::new(slot),
                    a: U32::new(a),
                    b: U32::new(b),
                    c: U32::new(*scope as u32),
                    ..blank(op::VALUE)
                }
            }
            Condition::Imports { compare, count, scope } => {
                Node { aux: *compare as u8, c: U32::new(*scope as u32), value: number(*count), ..blank(op::IMPORTS) }
            }
            Condition::Weight { compare, kg, scope } => {
                if scope.is_period() {
                    self.problem(cx.part.file, cx.path, "weight is tested per consignment, line or item");
                    return None;
                }
                Node { aux: *compare as u8, c: U32::new(*scope as u32), value: number(*kg), ..blank(op::WEIGHT) }
            }
            Condition::Quantity { unit, compare, number: limit, scope } => {
                let Some(found) = unit::find(unit) else {
                    self.problem(cx.part.file, cx.path, format!("unknown unit \"{unit}\""));
                    return None;
                };
                if found.facts.len() != 1 {
                    self.problem(
                        cx.part.file,
                        cx.path,
                        format!("\"{unit}\" is made of several quantities; test one of them"),
                    );
                    return None;
                }
                if found.key == "item" && *scope == Scope::Item {
                    self.problem(cx.part.file, cx.path, "one piece is one item: say per line or per consignment");
                    return None;
                }
                if scope.is_period() {
                    self.problem(cx.part.file, cx.path, "a quantity is tested per item, line or consignment");
                    return None;
                }
                // limit in this unit = limit / multiplier in the base fact
                let Ok(value) = limit
                    .scaled(Decimal::from_int(found.denominator as i64), Decimal::from_int(found.numerator as i64))
                else {
                    return None;
                };
                let fact = self.text(found.facts[0]);
                Node {
                    aux: *compare as u8,
                    a: U32::new(fact),
                    c: U32::new(*scope as u32),
                    value: number(value),
                    ..blank(op::QUANTITY)
                }
            }
            Condition::Goods { which, of } => {
                let parts = cx.program.parts.clone();
                let before = self.problems.len();
                let ranges = self.ranges(cx.part, &parts, cx.path, of);
                if self.problems.len() > before {
                    return None;
                }
                let run = self.code_list(ranges);
                Node { aux: *which as u8, a: run.start, b: run.len, ..blank(op::GOODS) }
            }
            Condition::OriginIn(codes) => self.places(cx, op::ORIGIN, codes)?,
            Condition::ShippedFrom(codes) => self.places(cx, op::SHIPPED, codes)?,
            Condition::SellerIn(codes) => self.places(cx, op::SELLER, codes)?,
            // Known when the program is laid out: each destination has its own.
            Condition::DeliveredTo(codes) => {
                if let Err(message) = self.set(codes, &cx.program.parts.clone()) {
                    self.problem(cx.part.file, cx.path, message);
                    return None;
                }
                let here = codes.iter().any(|c| self.territory_ids.get(c) == Some(&cx.program.territory));
                if here { blank(op::ALWAYS) } else { Node { a: U32::new(0), b: U32::new(0), ..blank(op::ANY) } }
            }
            Condition::RegionIn(names) => {
                let texts: Vec<u32> = names.iter().map(|n| self.text(n)).collect();
                let run = self.list(texts);
                Node { a: run.start, b: run.len, ..blank(op::REGION) }
            }
            Condition::SellerRegistered(key) => {
                if !cx.program.parts.iter().any(|p| p.file.economy.scheme.iter().any(|s| s.key == *key)) {
                    self.problem(cx.part.file, cx.path, format!("no scheme has the key \"{key}\""));
                    return None;
                }
                self.word(op::REGISTERED, key)
            }
            Condition::BuyerRegistered => blank(op::BUYER),
            Condition::Sale(sale) => Node { aux: *sale as u8, ..blank(op::SALE) },
            Condition::Gift => blank(op::GIFT),
            Condition::Channel(channel) => Node { aux: *channel as u8, ..blank(op::CHANNEL) },
            Condition::Mode(mode) => Node { aux: *mode as u8, ..blank(op::MODE) },
            Condition::Declaration(name) => self.word(op::DECLARATION, name),
            Condition::Fact(name) => {
                if !cx.program.parts.iter().any(|p| p.file.economy.ask.iter().any(|a| a.fact == *name)) {
                    self.problem(
                        cx.part.file,
                        cx.path,
                        format!("no [[ask]] of this file asks for the fact \"{name}\""),
                    );
                    return None;
                }
                self.word(op::FACT, name)
            }
            Condition::Claims(name) if name == "any" && cx.place == Place::Measure => {
                self.problem(
                    cx.part.file,
                    cx.path,
                    "a measure names the claim it needs: claims any would ask the measure itself",
                );
                return None;
            }
            Condition::Claims(name) if name == "any" => blank(op::CLAIMS),
            Condition::Claims(name) => self.word(op::CLAIMS, name),
            Condition::Document(code) => self.word(op::DOCUMENT, code),
            Condition::Documents(codes) => {
                let held: Vec<u32> = codes
                    .iter()
                    .map(|code| {
                        let node = self.word(op::DOCUMENT, code);
                        self.node(node)
                    })
                    .collect();
                let run = self.list(held);
                Node { a: run.start, b: run.len, ..blank(op::ANY) }
            }
            Condition::Reading { dispute, reading } => {
                let found = cx.program.disputes.iter().enumerate().find(|(_, (key, _))| key == dispute);
                let Some((index, (_, readings))) = found else {
                    self.problem(cx.part.file, cx.path, format!("no dispute has the key \"{dispute}\""));
                    return None;
                };
                let Some(at) = readings.iter().position(|r| r == reading) else {
                    self.problem(cx.part.file, cx.path, format!("\"{reading}\" is no reading of {dispute}"));
                    return None;
                };
                Node { a: U32::new(index as u32), b: U32::new(at as u32), ..blank(op::READING) }
            }
        };
        Some(self.node(node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_codes_are_sorted_and_made_one_where_they_meet() {
        let world = World::default();
        let mut compiler = Compiler::new(&world);
        let range = |first: u64, last: u64| CodeRange { first, last };
        let run =
            compiler.code_list(vec![range(7, 9), range(1, 3), range(4, 4), range(8, 12), range(20, 21), range(2, 2)]);
        let found = crate::ratebook::rows(&compiler.draft.codes, run);
        let found: Vec<_> = found.iter().map(|r| (r.first.get(), r.last.get())).collect();
        assert_eq!(found, [(1, 4), (7, 12), (20, 21)]);
        let again = compiler.code_list(vec![range(20, 21), range(1, 4), range(7, 12)]);
        assert_eq!(
            (again.start.get(), again.len.get()),
            (run.start.get(), run.len.get()),
            "equal lists share their rows"
        );
        assert_eq!(compiler.code_list(Vec::new()).len.get(), 0);
    }
}
