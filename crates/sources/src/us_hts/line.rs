//! Lines of the nomenclature and their footnotes, over time.

use super::{Row, clean, quantity};
use crate::Account;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::mem;
use tidewaiter::record::edition::{Line, Text, TextKind};

type Key = (String, Option<String>);

/// Lines of all revisions.
#[derive(Debug, Default)]
pub(super) struct Lines {
    date: Date,
    /// Histories by code and suffix; the last one may be open.
    lines: BTreeMap<Key, Vec<Line>>,
    footnotes: BTreeMap<String, Text>,
    /// An eight-digit line that waits for the next code, which tells whether it has statistical lines.
    waiting: Option<(u64, Line)>,
    /// Superior texts that wait for the code of the line that they stand above.
    superior: Vec<(u64, Line)>,
}

impl Lines {
    /// Begins a revision: every open line ends unless it comes again.
    pub(super) fn begin(&mut self, date: Date) {
        self.date = date;
        for line in self.lines.values_mut().filter_map(|history| history.last_mut()) {
            line.before = line.before.or(Some(date));
        }
    }

    pub(super) fn take(&mut self, file: &str, account: &mut Account, number: u64, row: &Row) {
        let code = row.code();
        let line = self.line(row, &code);
        if code.is_empty() {
            self.superior.push((number, line));
            return;
        }
        if let Some((place, mut waiting)) = self.waiting.take() {
            waiting.declarable = !code.starts_with(&waiting.code);
            self.keep(file, account, place, waiting);
        }
        for (place, mut superior) in mem::take(&mut self.superior) {
            superior.code.clone_from(&code);
            self.keep(file, account, place, superior);
        }
        if code.len() == 8 {
            self.waiting = Some((number, line));
        } else {
            self.keep(file, account, number, line);
        }
    }

    /// Ends a revision.
    pub(super) fn end(&mut self, file: &str, account: &mut Account) {
        if let Some((place, mut waiting)) = self.waiting.take() {
            waiting.declarable = true;
            self.keep(file, account, place, waiting);
        }
        for (place, superior) in mem::take(&mut self.superior) {
            let found = superior.description.get("en").cloned().unwrap_or_default();
            account.refuse(file, place, "superior", &found, "a line with a number below it");
        }
    }

    fn line(&mut self, row: &Row, code: &str) -> Line {
        let mut footnotes = Vec::new();
        for footnote in row.footnotes.iter().flatten() {
            let key = footnote.key();
            if !self.footnotes.contains_key(&key) {
                let other = [
                    ("columns", Some(footnote.columns.join(", "))),
                    ("marker", footnote.marker.clone()),
                    ("type", footnote.kind.clone()),
                ];
                let text = Text {
                    kind: TextKind::Footnote,
                    code: key.clone(),
                    says: BTreeMap::from([("en".to_owned(), clean(&footnote.value))]),
                    from: None,
                    before: None,
                    other: other.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
                };
                self.footnotes.insert(key.clone(), text);
            }
            if !footnotes.contains(&key) {
                footnotes.push(key);
            }
        }
        let indent = row.indent.parse::<u8>().ok();
        let description = clean(&row.description);
        Line {
            code: code.to_owned(),
            suffix: code.is_empty().then(|| format!("above-{}", row.indent)),
            indent,
            declarable: code.len() == 10,
            units: quantity::units(&row.units),
            description: if description.is_empty() {
                BTreeMap::new()
            } else {
                BTreeMap::from([("en".to_owned(), description)])
            },
            footnotes,
            from: Some(self.date),
            before: None,
            note: None,
        }
    }

    fn keep(&mut self, file: &str, account: &mut Account, number: u64, mut line: Line) {
        let key = (line.code.clone(), line.suffix.clone());
        let history = self.lines.entry(key).or_default();
        if let Some(last) = history.last_mut() {
            if last.before.is_none() {
                account.refuse(file, number, "htsno", &line.code, "one row for each code and depth");
                return;
            }
            let (from, before) = (last.from, last.before);
            if before == Some(self.date) {
                (line.from, last.before) = (from, None);
                if *last == line {
                    account.left_out("the same line as in the revision before");
                    return;
                }
                (line.from, last.before) = (Some(self.date), before);
            }
        }
        history.push(line);
    }

    /// The footnotes and lines, by code.
    pub(super) fn finish(self) -> (impl Iterator<Item = Text>, impl Iterator<Item = Line>) {
        (self.footnotes.into_values(), self.lines.into_values().flatten())
    }
}
