//! A step chart in the terminal: how a rate went over time.

use jiff::civil::Date;
use tidewaiter::Decimal;

/// A rate from a day on; nothing where it is no number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// First day.
    pub(crate) from: Date,
    /// Percent.
    pub(crate) percent: Option<Decimal>,
    /// What is new, gone or otherwise on that day.
    pub(crate) changed: Vec<String>,
}

/// Narrowest plot worth drawing.
const NARROWEST: usize = 20;

/// The lines of a chart from the first step to `until`, in at most `width` characters. Levels stand as far apart as lines
/// do, not to scale: each has its number.
pub(crate) fn lines(steps: &[Step], until: Date, width: usize) -> Vec<String> {
    let Some(first) = steps.first().map(|s| s.from) else { return Vec::new() };
    let mut levels: Vec<Option<Decimal>> = steps.iter().map(|s| s.percent).collect();
    levels.sort_by(|a, b| b.cmp(a));
    levels.dedup();
    let labels: Vec<String> =
        levels.iter().map(|l| l.map_or_else(|| "no number".to_owned(), |p| format!("{p} %"))).collect();
    let margin = labels.iter().map(|l| l.chars().count()).max().unwrap_or(0);
    let plot = width.saturating_sub(margin + 2).max(NARROWEST);
    let days = |to: Date| first.until(to).map_or(0, |span| i64::from(span.get_days())).max(0);
    let all = days(until).max(1);
    let level_of = |percent: Option<Decimal>| levels.iter().position(|l| *l == percent).unwrap_or(0);
    // The level in force at the middle of each column.
    let columns: Vec<usize> = (0..plot as i64)
        .map(|column| {
            let day = (2 * column + 1) * all / (2 * plot as i64);
            let step = steps.iter().rev().find(|s| days(s.from) <= day).or_else(|| steps.first());
            level_of(step.and_then(|s| s.percent))
        })
        .collect();
    // A step too short for a column is a point.
    let points: Vec<(usize, usize)> = steps
        .iter()
        .map(|s| (level_of(s.percent), (days(s.from) * plot as i64 / all).clamp(0, plot as i64 - 1) as usize))
        .filter(|(level, _)| !columns.contains(level))
        .collect();
    let mut out: Vec<String> = labels
        .iter()
        .enumerate()
        .map(|(row, label)| {
            let line: String = (0..plot)
                .map(|column| {
                    let here = columns[column];
                    let before = column.checked_sub(1).map_or(here, |c| columns[c]);
                    let (top, bottom) = (here.min(before), here.max(before));
                    if points.contains(&(row, column)) {
                        return '•';
                    }
                    match (here == row, before == row) {
                        (true, true) => '─',
                        (true, false) if before > row => '┌',
                        (true, false) => '└',
                        (false, true) if here > row => '┐',
                        (false, true) => '┘',
                        _ if top < row && row < bottom => '│',
                        _ => ' ',
                    }
                })
                .collect();
            format!("{label:>margin$}  {}", line.trim_end())
        })
        .collect();
    let (left, right) = (first.to_string(), until.to_string());
    let gap = plot.saturating_sub(left.len() + right.len());
    out.push(format!("{:margin$}  {left}{:gap$}{right}", "", ""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn draws_steps_up_and_down() {
        let step = |from, percent: i64| Step { from, percent: Some(Decimal::from_int(percent)), changed: Vec::new() };
        let steps = [step(date(2025, 1, 1), 10), step(date(2025, 4, 1), 30), step(date(2025, 10, 1), 10)];
        let lines = lines(&steps, date(2026, 1, 1), 46);
        assert_eq!(
            lines,
            [
                "30 %            ┌───────────────────┐",
                "10 %  ──────────┘                   └─────────",
                "      2025-01-01                    2026-01-01",
            ]
        );
    }

    #[test]
    fn says_where_there_is_no_number() {
        let steps = [
            Step { from: date(2025, 1, 1), percent: None, changed: Vec::new() },
            Step { from: date(2025, 7, 1), percent: Some(Decimal::from_int(5)), changed: Vec::new() },
        ];
        let lines = lines(&steps, date(2026, 1, 1), 40);
        assert!(lines[0].starts_with("      5 %"), "{lines:?}");
        assert!(lines[1].starts_with("no number"), "{lines:?}");
    }

    #[test]
    fn a_day_is_a_point() {
        let step = |from, percent: i64| Step { from, percent: Some(Decimal::from_int(percent)), changed: Vec::new() };
        let steps = [step(date(2025, 1, 1), 10), step(date(2025, 7, 2), 40), step(date(2025, 7, 3), 10)];
        let lines = lines(&steps, date(2026, 1, 1), 36);
        assert_eq!(lines[0].trim_end(), "40 %                •");
        assert_eq!(lines[1].trim_start_matches("10 %  "), "─".repeat(30));
    }

    #[test]
    fn one_level_is_one_line() {
        let steps = [Step { from: date(2025, 1, 1), percent: Some(Decimal::ZERO), changed: Vec::new() }];
        assert_eq!(lines(&steps, date(2026, 1, 1), 30).len(), 2);
    }
}
