//! Aligned columns that fit the page: one column gives way and wraps.

use crate::page::{Tone, plain, wrap};

/// Space between columns.
const GUTTER: usize = 2;
/// The flexible column is never narrower.
const LEAST: usize = 12;

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table under construction.
pub(crate) struct Table {
    columns: Vec<(String, Align)>,
    flexible: Vec<usize>,
    rows: Vec<(Vec<String>, Tone)>,
}

impl Table {
    /// With these headings; the column of number `flexible` wraps where the page is narrow.
    pub(crate) fn new(columns: &[(&str, Align)], flexible: usize) -> Self {
        Self {
            columns: columns.iter().map(|(name, align)| ((*name).to_owned(), *align)).collect(),
            flexible: vec![flexible],
            rows: Vec::new(),
        }
    }

    /// Another column that wraps: the widest of them gives way first.
    pub(crate) fn and(mut self, flexible: usize) -> Self {
        self.flexible.push(flexible);
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.toned(cells, Tone::Plain);
    }

    /// Adds a row set off.
    pub(crate) fn toned(&mut self, cells: Vec<String>, tone: Tone) {
        self.rows.push((cells.iter().map(|c| plain(c)).collect(), tone));
    }

    /// The lines, heading first if any column has one.
    pub(crate) fn lines(&self, page: usize) -> Vec<(String, Tone)> {
        let heading: Vec<String> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        let titled = heading.iter().any(|h| !h.is_empty());
        let all = titled.then_some((heading, Tone::Strong)).into_iter().chain(self.rows.iter().cloned());
        let widths = self.widths(page);
        let mut out = Vec::new();
        for (cells, tone) in all {
            let wrapped: Vec<Vec<String>> = (0..widths.len())
                .map(|at| {
                    let cell = cells.get(at).map_or("", String::as_str);
                    if self.flexible.contains(&at) {
                        wrap(cell, widths.get(at).copied().unwrap_or(LEAST))
                    } else {
                        vec![cell.to_owned()]
                    }
                })
                .collect();
            let height = wrapped.iter().map(Vec::len).max().unwrap_or(1);
            for line in 0..height {
                let mut text = String::new();
                for (at, ((_, align), width)) in self.columns.iter().zip(&widths).enumerate() {
                    let cell = wrapped.get(at).and_then(|lines| lines.get(line)).map_or("", String::as_str);
                    let space = " ".repeat(width.saturating_sub(cell.chars().count()));
                    if at > 0 {
                        text.push_str(&" ".repeat(GUTTER));
                    }
                    match align {
                        Align::Left => text.extend([cell, space.as_str()]),
                        Align::Right => text.extend([space.as_str(), cell]),
                    }
                }
                out.push((text, tone));
            }
        }
        out
    }

    fn widths(&self, page: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.columns.iter().map(|(name, _)| name.chars().count()).collect();
        for (cells, _) in &self.rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let all: usize = widths.iter().sum::<usize>() + GUTTER * widths.len().saturating_sub(1);
        for _ in page..all {
            let widest = self.flexible.iter().copied().filter(|at| widths.get(*at).is_some_and(|width| *width > LEAST));
            let Some(at) = widest.max_by_key(|at| widths.get(*at).copied()) else { break };
            if let Some(width) = widths.get_mut(at) {
                *width -= 1;
            }
        }
        widths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns_and_wraps() {
        let mut table = Table::new(&[("Name", Align::Left), ("Rule", Align::Left), ("EUR", Align::Right)], 1);
        table.row(vec!["Duty".into(), "a long rule that wraps".into(), "3.00".into()]);
        let lines: Vec<String> = table.lines(26).into_iter().map(|(l, _)| l).collect();
        assert_eq!(lines, ["Name  Rule             EUR", "Duty  a long rule     3.00", "      that wraps          "]);
    }
}
