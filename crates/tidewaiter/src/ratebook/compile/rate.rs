//! Rate tables, percentages and lists of codes.

use super::*;

impl<'w> Compiler<'w> {
    pub(super) fn percent(&mut self, part: Part<'w>, path: &str, text: &str) -> Option<Decimal> {
        match grammar::amount(text) {
            Ok(Amount::Percent { percent, of: None }) => Some(percent),
            Ok(_) => {
                self.problem(part.file, path, format!("\"{text}\" is not a percentage such as \"20 %\""));
                None
            }
            Err(e) => {
                self.problem(part.file, path, e.to_string());
                None
            }
        }
    }

    pub(super) fn ranges(
        &mut self,
        part: Part<'w>,
        parts: &[Part<'w>],
        path: &str,
        words: &[String],
    ) -> Vec<CodeRange> {
        let mut out = Vec::new();
        for word in words {
            let named = part
                .file
                .economy
                .codes
                .get(word)
                .or_else(|| parts.iter().rev().find_map(|p| p.file.economy.codes.get(word)));
            if let Some(list) = named {
                for inner in list {
                    match grammar::code_range(inner) {
                        Ok(range) => out.push(range),
                        Err(e) => self.problem(part.file, &format!("codes.{word}"), e.to_string()),
                    }
                }
            } else {
                match grammar::code_range(word) {
                    Ok(range) => out.push(range),
                    Err(e) => self.problem(
                        part.file,
                        path,
                        format!("\"{word}\" is neither a goods code nor a list of this file: {e}"),
                    ),
                }
            }
        }
        out
    }

    /// Resolves a rate table for this program: its own file's, else its union's; before its values those that editions of
    /// the same territory give for it.
    pub(super) fn rate_table(
        &mut self,
        program: &mut Program<'w>,
        table: &str,
        ids: &HashMap<(&'w str, &'w str), u32>,
    ) -> Option<(u32, u32)> {
        if let Some(&found) = program.arms.get(table) {
            return Some(found);
        }
        let parts = program.parts.clone();
        let has = |file: &SourceFile| file.economy.rate.iter().any(|r| r.name == table);
        let editions = self.editions.clone();
        let of = |part: &Part<'w>| {
            let territory = part.file.economy.economy.territory.as_str();
            let mut found: Vec<(usize, &'w EditionFile)> = editions.iter().copied().enumerate().collect();
            found.retain(|(_, e)| e.territory() == territory && has(&e.file));
            found.sort_by_key(|(_, e)| std::cmp::Reverse(e.head.known_from));
            found
        };
        let part = parts.iter().rev().copied().find(|p| has(p.file) || !of(p).is_empty())?;
        let mut rows = Vec::new();
        for (at, edition) in of(&part) {
            let facts = Rc::clone(&self.edition_facts[at]);
            let own = Part { file: &edition.file, only: None, not_from: &[], from: DAY_MIN, before: DAY_MAX };
            self.lay_out_table(own, &[own], table, edition.how_published(NO_ID), &facts, &mut rows);
        }
        self.lay_out_table(part, &parts, table, Published::always(NO_ID), ids, &mut rows);
        let run = run_of(&mut self.draft.arms, in_order(rows));
        let found = (run.start.get(), run.len.get());
        program.arms.insert(table.to_owned(), found);
        Some(found)
    }

    /// The values that one file gives for a table.
    fn lay_out_table(
        &mut self,
        part: Part<'w>,
        parts: &[Part<'w>],
        table: &str,
        published: Published,
        ids: &HashMap<(&'w str, &'w str), u32>,
        rows: &mut Vec<Value>,
    ) {
        for (at, rate) in part.file.economy.rate.iter().enumerate().filter(|(_, r)| r.name == table) {
            self.lay_out_rate(part, parts, at, rate, published, ids, rows);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "where a value stands, and what it is")]
    fn lay_out_rate(
        &mut self,
        part: Part<'w>,
        parts: &[Part<'w>],
        at: usize,
        rate: &'w Rate,
        published: Published,
        ids: &HashMap<(&'w str, &'w str), u32>,
        rows: &mut Vec<Value>,
    ) {
        let path = format!("rate[{at}]");
        self.need_cites(part, &path, &rate.cites);
        let class = U32::new(self.text(&rate.class));
        let goods = U32::new(self.text(&rate.goods));
        let table = U32::new(self.text(&rate.name));
        let ranges = self.ranges(part, parts, &format!("{path}.codes"), &rate.codes);
        let values: Vec<(i32, i32, Decimal, Vec<String>)> = match &rate.is {
            Dated::Always(text) => match self.percent(part, &format!("{path}.is"), text) {
                Some(p) => vec![(DAY_MIN, DAY_MAX, p, Vec::new())],
                None => return,
            },
            Dated::Values(list) => {
                let mut out = Vec::new();
                let mut last_from = DAY_MIN;
                for (n, value) in list.iter().enumerate() {
                    let path = format!("{path}.is[{n}]");
                    let Some(percent) = self.percent(part, &path, &value.is) else { return };
                    let from = value.from.map_or(DAY_MIN, day_number);
                    let next = list.get(n + 1).and_then(|v| v.from).map_or(DAY_MAX, day_number);
                    let before = value.before.map_or(next, day_number);
                    if n > 0 && from <= last_from {
                        self.problem(part.file, &path, "values must be listed by rising `from`");
                    }
                    if from >= before || before > next {
                        self.problem(part.file, &path, "this value overlaps the next one, or ends before it begins");
                    }
                    last_from = from;
                    out.push((from, before, percent, value.cites.clone()));
                }
                out
            }
        };
        for (from, before, percent, extra) in values {
            let mut keys = extra;
            keys.extend(rate.cites.iter().cloned());
            let cites = self.cites(part, parts, ids, &path, &keys);
            let arm = |range: CodeRange, coded: bool| ArmRow {
                percent: number(percent),
                first: U64::new(range.first),
                last: U64::new(range.last),
                class,
                from: I32::new(from),
                before: I32::new(before),
                known_from: I32::new(published.known_from),
                history_from: I32::new(published.history_from),
                coded: u8::from(coded),
                pad: [0; 3],
                cites,
                goods,
                table,
            };
            rows.push(Value { arm: arm(CodeRange::ALL, false), width: 0 });
            for range in &ranges {
                let width = range.last - range.first;
                rows.extend(range.prefixes().into_iter().filter_map(|(code, digits)| {
                    let (first, last) = GoodsCode::from_padded(code, digits)?.span();
                    Some(Value { arm: arm(CodeRange { first, last }, true), width })
                }));
            }
        }
    }
}

/// A value of a table, and how many codes the range has in which it was written.
struct Value {
    arm: ArmRow,
    width: u64,
}

/// The classes first, then the codes in rising order. For one code the value that was written for the fewest codes stands
/// first, then the one written first. What says the same as a class above it is left out.
fn in_order(mut values: Vec<Value>) -> Vec<ArmRow> {
    values.sort_by_key(|v| (v.arm.coded, u64::from(v.arm.coded) * v.arm.first.get(), v.arm.last.get(), v.width));
    let mut rows: Vec<ArmRow> = Vec::with_capacity(values.len());
    for Value { arm, .. } in values {
        let says_so = |above: &&ArmRow| {
            above.coded == 0
                && above.class.get() == arm.class.get()
                && above.percent.get() == arm.percent.get()
                && above.from.get() <= arm.from.get()
                && arm.before.get() <= above.before.get()
                && above.known_from.get() <= arm.known_from.get()
                && above.history_from.get() <= arm.history_from.get()
        };
        if arm.coded == 1 || !rows.iter().take_while(|r| r.coded == 0).any(|above| says_so(&above)) {
            rows.push(arm);
        }
    }
    rows
}
