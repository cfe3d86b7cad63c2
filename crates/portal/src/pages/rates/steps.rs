//! A step chart: how a percentage went over time.

use super::dates;
use crate::locale::{Lang, day, percent};
use crate::say;
use jiff::civil::Date;
use maud::{Markup, html};
use tidewaiter::Decimal;

/// A percentage from a day on; nothing where it is no one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) from: Date,
    pub(super) percent: Option<Decimal>,
}

const WIDTH: i64 = 680;
const HEIGHT: i64 = 190;
const LEFT: i64 = 64;
const RIGHT: i64 = 20;
const TOP: i64 = 26;
const BOTTOM: i64 = 34;

/// The chart to a day, the line of today in it. Steps by their first day, rising. What is no number is a gap.
pub(super) fn draw(lang: Lang, label: &str, steps: &[Step], until: Date, today: Date) -> Markup {
    let Some(first) = steps.first().map(|step| step.from) else { return html! {} };
    let most = steps.iter().filter_map(|step| step.percent).max().unwrap_or_default();
    let all = i64::from(dates::days(first, until)).max(1);
    let x = |day: Date| LEFT + (WIDTH - LEFT - RIGHT) * i64::from(dates::days(first, day)).clamp(0, all) / all;
    let y = |rate: Decimal| HEIGHT - BOTTOM - scaled(rate, most, HEIGHT - TOP - BOTTOM);
    let floor = HEIGHT - BOTTOM;
    html! {
        svg.chart width=(WIDTH) height=(HEIGHT) viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(label) {
            line.axis x1=(LEFT) x2=(WIDTH - RIGHT) y1=(floor) y2=(floor) {}
            @for rate in levels(steps) {
                line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y(rate)) y2=(y(rate)) {}
                text.quiet x=(LEFT - 8) y=(y(rate) + 4) text-anchor="end" { (percent(lang, rate)) }
            }
            path.curve d=(path(steps, until, &x, &y)) {}
            text.quiet x=(LEFT) y=(HEIGHT - 10) { (day(lang, first)) }
            text.quiet x=(WIDTH - RIGHT) y=(HEIGHT - 10) text-anchor="end" { (day(lang, until)) }
            @if first < today && today < until {
                line.here x1=(x(today)) x2=(x(today)) y1=(TOP - 8) y2=(floor) {}
                text x=(x(today)) y="12" text-anchor="middle" { (say!(lang, RATES_TODAY)) }
            }
        }
    }
}

/// Which levels get a line with their number: all where they are few, else the least, the most and zero.
fn levels(steps: &[Step]) -> Vec<Decimal> {
    let mut all: Vec<Decimal> = steps.iter().filter_map(|step| step.percent).collect();
    all.push(Decimal::ZERO);
    all.sort();
    all.dedup();
    let most = all.last().copied().unwrap_or_default();
    // Two lines of text need twelve pixels between them.
    let mut told: Vec<Decimal> = Vec::new();
    for rate in all {
        let room = |known: &Decimal| scaled(rate, most, HEIGHT) - scaled(*known, most, HEIGHT) > 17;
        if told.last().is_none_or(room) {
            told.push(rate);
        } else if rate == most {
            told.pop();
            told.push(rate);
        }
    }
    told
}

fn path(steps: &[Step], until: Date, x: &impl Fn(Date) -> i64, y: &impl Fn(Decimal) -> i64) -> String {
    let mut out = String::new();
    let mut drawing = false;
    let ends = steps.iter().skip(1).map(|step| step.from).chain([until]);
    for (step, end) in steps.iter().zip(ends) {
        match step.percent {
            Some(rate) => {
                let (from, to, level) = (x(step.from), x(end), y(rate));
                let begins = if drawing { format!("V{level}") } else { format!("M{from} {level}") };
                out.push_str(&format!("{begins}H{to}"));
                drawing = true;
            }
            None => drawing = false,
        }
    }
    out
}

/// So many of `pixels` as a rate is of the most.
fn scaled(rate: Decimal, most: Decimal, pixels: i64) -> i64 {
    if most.is_zero() {
        return 0;
    }
    i64::try_from(rate.units() * i128::from(pixels) / most.units()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn step(from: Date, percent: Option<i64>) -> Step {
        Step { from, percent: percent.map(Decimal::from_int) }
    }

    #[test]
    fn steps_go_up_and_down_and_leave_gaps() {
        let steps = [step(date(2024, 1, 1), Some(10)), step(date(2025, 1, 1), None), step(date(2026, 1, 1), Some(20))];
        let drawn = draw(Lang::FIRST, "x", &steps, date(2027, 1, 1), date(2026, 11, 22)).into_string();
        let path = drawn.split("d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(path.matches('M').count(), 2, "a gap begins anew: {path}");
        assert!(drawn.contains("class=\"here\""));
    }

    #[test]
    fn only_zero_is_drawn_on_the_floor() {
        let drawn = draw(Lang::FIRST, "x", &[step(date(2024, 1, 1), Some(0))], date(2027, 1, 1), date(2026, 11, 22));
        assert!(drawn.into_string().contains(&format!("M{LEFT} {}", HEIGHT - BOTTOM)));
    }

    #[test]
    fn close_levels_do_not_cover_each_other() {
        let many: Vec<Step> = (0..50).map(|at| step(date(2024, 1, 1), Some(50 + at))).collect();
        let told = levels(&many);
        assert!(told.len() < 12, "{told:?}");
        assert_eq!(told.last(), Some(&Decimal::from_int(99)));
    }
}
