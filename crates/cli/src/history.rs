//! Prints what reaches goods of one origin besides the tariff, and how all their duties went over time.

use crate::chart::{self, Step};
use crate::errors::Failure;
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::span;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use tidewaiter::ratebook::{DutyHistory, DutyPart, DutyStep, EconomyView, MeasureView};
use tidewaiter::record::world::TerritoryKind;

/// The chart begins here: what was before is not loaded for most economies.
pub(crate) const BEGINS: Date = jiff::civil::date(2025, 1, 1);

/// Laws or sources named with each duty; `--json` has all.
const NAMED: usize = 2;

/// A duty as JSON.
pub(crate) fn part_json(part: &DutyPart) -> Value {
    json!({
        "key": part.key, "charge": part.charge, "rule": part.rule, "law": part.law, "read": part.read, "confidence": part.confidence,
        "from": part.from.map(|day| day.to_string()), "before": part.before.map(|day| day.to_string()),
    })
}

/// The steps of the percentage. Rules may follow each other without a change of it: both are told.
pub(crate) fn steps(history: &[DutyStep]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for DutyStep { from, percent, changed, .. } in history {
        match steps.last_mut().filter(|step| step.percent == *percent) {
            Some(step) => step.changed.extend(changed.iter().map(|change| format!("on {from}, {change}"))),
            None => steps.push(Step { from: *from, percent: *percent, changed: changed.clone() }),
        }
    }
    steps
}

/// Writes the duties that reach the goods.
pub(crate) fn list_reached(reached: &[DutyPart], day: Date, page: &mut Page) -> Result<(), Failure> {
    if reached.is_empty() {
        return Ok(());
    }
    page.heading(&format!("Duties on these goods on {day} (for a business, nothing claimed)"))?;
    for one in reached {
        let dates = span(one.from, one.before);
        let dates = if dates.is_empty() { String::new() } else { format!(", {dates}") };
        let (what, behind) = if one.law.is_empty() { ("Source", &one.read) } else { ("Law", &one.law) };
        let more = match behind.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let law = match behind.get(..NAMED).unwrap_or(behind) {
            [] => String::new(),
            named => format!(". {what}: {}{more}", named.join("; ")),
        };
        page.bullet(&format!("{}, {}{dates}{law}", one.charge, one.rule))?;
    }
    Ok(())
}

/// Draws the chart and lists its steps.
pub(crate) fn draw(
    steps: &[Step],
    measures: &[MeasureView],
    economy: &EconomyView,
    history: &DutyHistory,
    page: &mut Page,
) -> Result<(), Failure> {
    let day = history.day;
    if steps.iter().all(|s| s.percent.is_none()) {
        let why = if economy.kind == TerritoryKind::Union {
            "To see the duties over time, name a member of the union.".to_owned()
        } else if !measures.iter().any(|measure| measure.holds_on(day)) {
            format!("The duties of {day} cannot be added up, since no tariff of these goods is loaded for that day.")
        } else {
            "The duties are no one percentage of the value: ask for your goods with `tidewaiter quote`.".to_owned()
        };
        page.gap()?;
        return Ok(page.paragraph(&why, Tone::Quiet)?);
    }
    page.heading(&format!(
        "All customs duties together, in percent of the value (business consignment of {} {}, nothing claimed)",
        history.currency, history.sample
    ))?;
    for line in chart::lines(steps, day.saturating_add(1.month()).max(BEGINS.saturating_add(1.year())), page.width) {
        page.line(&line)?;
    }
    page.gap()?;
    let mut table = Table::new(&[("From", Align::Left), ("Duties", Align::Right), ("What changed", Align::Left)], 2);
    for step in steps {
        let text = step.percent.map_or_else(|| "no one number".to_owned(), |p| format!("{p} %"));
        let mark = if step.from > day { " (to come)" } else { "" };
        let changed = if step.changed.is_empty() { String::new() } else { step.changed.join("; ") };
        table.row(vec![step.from.to_string(), format!("{text}{mark}"), changed]);
    }
    page.table(&table)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::Decimal;

    #[test]
    fn rules_that_follow_each_other_at_one_percentage_are_one_step() {
        let step = |day: &str, percent: i64, changed: &str| DutyStep {
            from: day.parse().unwrap(),
            before: None,
            outcome: None,
            percent: Some(Decimal::from_int(percent)),
            least: None,
            most: None,
            changed: vec![changed.to_owned()],
            changes: Vec::new(),
            parts: Vec::new(),
        };
        let all = [step("2025-01-01", 5, "a"), step("2025-02-01", 5, "b"), step("2025-03-01", 6, "c")];
        let shown: Vec<_> = steps(&all).into_iter().map(|step| (step.from.to_string(), step.changed)).collect();
        let text = |text: &str| text.to_owned();
        assert_eq!(
            shown,
            [(text("2025-01-01"), vec![text("a"), text("on 2025-02-01, b")]), (text("2025-03-01"), vec![text("c")])]
        );
    }
}
