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

    /// Resolves a rate table for this program: its own file's, else its union's.
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
        let part = parts.iter().rev().copied().find(|p| p.file.economy.rate.iter().any(|r| r.name == table))?;
        let mut rows = Vec::new();
        for (at, rate) in part.file.economy.rate.iter().enumerate().filter(|(_, r)| r.name == table) {
            self.lay_out_rate(part, &parts, at, rate, ids, &mut rows);
        }
        let run = run_of(&mut self.draft.arms, rows);
        let found = (run.start.get(), run.len.get());
        program.arms.insert(table.to_owned(), found);
        Some(found)
    }

    pub(super) fn lay_out_rate(
        &mut self,
        part: Part<'w>,
        parts: &[Part<'w>],
        at: usize,
        rate: &'w Rate,
        ids: &HashMap<(&'w str, &'w str), u32>,
        rows: &mut Vec<ArmRow>,
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
                coded: u8::from(coded),
                pad: [0; 3],
                cites,
                goods,
                table,
            };
            rows.push(arm(CodeRange::ALL, false));
            rows.extend(ranges.iter().map(|&r| arm(r, true)));
        }
    }
}
