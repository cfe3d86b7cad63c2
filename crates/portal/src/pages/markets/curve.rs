//! What is due as the value grows: a chart, and the limits at which it jumps.

use super::Told;
use super::answer::share;
use crate::locale::Lang;
use crate::pages::parts::not_applicable;
use crate::say;
use maud::{Markup, html};
use std::fmt::Write as _;
use tidewaiter::quote::curve::{Cliff, Curve, CurvePoint};
use tidewaiter::{Decimal, Outcome};

/// The drawing, in its own units.
const WIDTH: i64 = 720;
const HEIGHT: i64 = 320;
/// Room for one letter of a figure beside the axis, as wide as it is on a phone, where letters are twice as large.
const LETTER: i64 = 15;
/// Room between the figures and the axis, and to the edge.
const MARGIN: i64 = 16;
const RIGHT: i64 = 14;
const TOP: i64 = 24;
const BOTTOM: i64 = 64;
/// Most limits that are told.
const MOST_CLIFFS: usize = 8;

/// The section.
pub(super) fn section(told: &Told<'_>, curve: &Curve) -> Markup {
    let lang = told.lang;
    let frame = Frame::of(told, curve);
    html! {
        section.stack aria-labelledby="value" {
            h2 id="value" { (say!(lang, CURVE_TITLE)) }
            @if frame.due > Decimal::ZERO { (chart(told, curve, &frame)) (slider(told, curve, &frame)) }
            @if curve.cliffs.is_empty() {
                p { (say!(lang, CURVE_NO_CLIFF)) }
            } @else {
                (cliffs(told, curve))
            }
            (points(told, curve, &frame))
        }
    }
}

/// Axes and line.
struct Frame {
    goods: Decimal,
    due: Decimal,
    /// Where the axis stands: the figures beside it are never cut.
    left: i64,
}

/// Nothing, a quarter, a half, three quarters and the whole of an amount.
fn quarters(whole: Decimal) -> impl Iterator<Item = Decimal> {
    (0..=4).filter_map(move |n| whole.scaled(Decimal::from_int(n), Decimal::from_int(4)).ok())
}

impl Frame {
    fn of(told: &Told<'_>, curve: &Curve) -> Self {
        let goods = curve.points.iter().map(|p| p.goods).max().unwrap_or_default();
        let due = curve.points.iter().filter_map(|p| p.most.or(p.least)).max().unwrap_or_default();
        let due = if due.is_zero() { due } else { round_up(due) };
        let longest = quarters(due).map(|tick| told.asked.short(tick).chars().count()).max().unwrap_or_default();
        Self { goods, due, left: MARGIN + LETTER * i64::try_from(longest).unwrap_or_default() }
    }

    fn x(&self, goods: Decimal) -> i64 {
        self.left + share(goods, self.goods, WIDTH - self.left - RIGHT)
    }

    fn y(&self, due: Decimal) -> i64 {
        HEIGHT - BOTTOM - share(due, self.due, HEIGHT - TOP - BOTTOM)
    }
}

fn chart(told: &Told<'_>, curve: &Curve, frame: &Frame) -> Markup {
    let lang = told.lang;
    let left = frame.left;
    let ticks: Vec<Decimal> = quarters(frame.due).collect();
    let steps: Vec<Decimal> = quarters(frame.goods).skip(1).collect();
    let here = frame.x(curve.goods);
    html! {
        figure.stack.curve-box {
            svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img" aria-labelledby="curve-name" {
                title id="curve-name" { (say!(lang, CURVE_NAME, place = told.place())) }
                @for tick in &ticks {
                    line.grid x1=(left) x2=(WIDTH - RIGHT) y1=(frame.y(*tick)) y2=(frame.y(*tick)) {}
                    text.quiet x=(left - 8) y=(frame.y(*tick) + 4) text-anchor="end" { (told.asked.short(*tick)) }
                }
                @for (at, step) in steps.iter().enumerate() {
                    // On a phone every second figure is left out, so that none runs into the next.
                    text.quiet.odd[at % 2 == 0] x=(frame.x(*step)) y=(HEIGHT - BOTTOM + 26) text-anchor={ @if frame.x(*step) > WIDTH - 60 { "end" } @else { "middle" } } { (told.asked.short(*step)) }
                }
                line.axis x1=(left) x2=(WIDTH - RIGHT) y1=(HEIGHT - BOTTOM) y2=(HEIGHT - BOTTOM) {}
                @for cliff in &curve.cliffs { line.cliff x1=(frame.x(cliff.at)) x2=(frame.x(cliff.at)) y1=(TOP) y2=(HEIGHT - BOTTOM) {} }
                @for path in bands(&curve.points, frame) { path.band d=(path) {} }
                @for path in lines(&curve.points, frame) { path.curve d=(path) {} }
                line.here x1=(here) x2=(here) y1=(TOP) y2=(HEIGHT - BOTTOM) {}
                text x=(if here > WIDTH / 2 { here - 6 } else { here + 6 }) y=(TOP + 10) text-anchor=(if here > WIDTH / 2 { "end" } else { "start" }) { (say!(lang, CURVE_HERE)) }
                text.quiet x=(WIDTH - RIGHT) y=(HEIGHT - 8) text-anchor="end" { (say!(lang, CURVE_GOODS, currency = curve.asked_currency.as_str())) }
            }
            figcaption.small.quiet { (say!(lang, CURVE_CAPTION)) }
        }
    }
}

/// One line for each stretch in which there are figures: steps go straight up.
fn lines(points: &[CurvePoint], frame: &Frame) -> Vec<String> {
    let mut out = Vec::new();
    for stretch in points.split(|p| p.least.is_none()) {
        let mut path = String::new();
        for point in stretch {
            let Some(least) = point.least else { continue };
            let letter = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{letter}{} {}", frame.x(point.goods), frame.y(least));
        }
        out.push(path);
    }
    out.retain(|path| !path.is_empty());
    out
}

/// What lies between the least and the most.
fn bands(points: &[CurvePoint], frame: &Frame) -> Vec<String> {
    let mut out = Vec::new();
    for stretch in points.split(|p| p.least.is_none() || p.most.is_none() || p.most == p.least) {
        let mut path = String::new();
        for (point, due) in stretch.iter().filter_map(|p| Some((p, p.least?))) {
            let _ =
                write!(path, "{}{} {}", if path.is_empty() { 'M' } else { 'L' }, frame.x(point.goods), frame.y(due));
        }
        for (point, due) in stretch.iter().rev().filter_map(|p| Some((p, p.most?))) {
            let _ = write!(path, "L{} {}", frame.x(point.goods), frame.y(due));
        }
        if !path.is_empty() {
            out.push(path + "Z");
        }
    }
    out
}

/// The next of 1, 2, 2.5, 5 times a power of ten.
fn round_up(amount: Decimal) -> Decimal {
    let mut step = Decimal::ten_to_minus(2);
    for _ in 0..20 {
        for (numerator, denominator) in [(1, 1), (2, 1), (5, 2), (5, 1)] {
            let candidate = step.scaled(Decimal::from_int(numerator), Decimal::from_int(denominator)).unwrap_or(amount);
            if candidate >= amount {
                return candidate;
            }
        }
        step = step.times(Decimal::from_int(10)).unwrap_or(amount);
    }
    amount
}

fn cliffs(told: &Told<'_>, curve: &Curve) -> Markup {
    let lang = told.lang;
    // The limits nearest to the value asked about.
    let mut near: Vec<&Cliff> = curve.cliffs.iter().collect();
    let distance = |cliff: &Cliff| {
        if cliff.at > curve.goods { cliff.at.minus(curve.goods) } else { curve.goods.minus(cliff.at) }
            .unwrap_or_default()
    };
    near.sort_by_key(|cliff| distance(cliff));
    near.truncate(MOST_CLIFFS);
    near.sort_by_key(|cliff| cliff.at);
    let title = say!(lang, CLIFF_TITLE);
    html! {
        h3 { (title) }
        div.scroll tabindex="0" role="group" aria-label=(say!(lang, HOUSE_TABLE, name = title.as_str())) {
            table.ledger {
                thead {
                    tr {
                        th.n scope="col" { (say!(lang, CLIFF_UP_TO)) }
                        th.n scope="col" { (say!(lang, CLIFF_DUE)) }
                        th.n scope="col" { (say!(lang, CLIFF_FROM)) }
                        th.n scope="col" { (say!(lang, CLIFF_DUE)) }
                        th scope="col" { (say!(lang, CLIFF_CHANGES)) }
                    }
                }
                tbody {
                    @for cliff in near {
                        tr {
                            td.n data-label=(say!(lang, CLIFF_UP_TO)) { (told.asked.number(cliff.below)) }
                            td.n data-label=(say!(lang, CLIFF_DUE)) { (due(told, curve, cliff.below, cliff.outcome_below)) }
                            td.n data-label=(say!(lang, CLIFF_FROM)) { (told.asked.number(cliff.at)) }
                            td.n data-label=(say!(lang, CLIFF_DUE)) { (due(told, curve, cliff.at, cliff.outcome_at)) }
                            td {
                                @if cliff.changes.is_empty() { (told.lang.word("outcome", super::outcome_key(cliff.outcome_at))) }
                                @for change in &cliff.changes {
                                    p.small {
                                        (lang.foreign(&change.name)) (lang.colon())
                                        @if change.before.is_empty() { (not_applicable(lang)) } @else { (names(lang, &change.before)) }
                                        " → "
                                        @if change.after.is_empty() { (not_applicable(lang)) } @else { (names(lang, &change.after)) }
                                        @if change.dropped_before != change.dropped_after { " (" (say!(lang, WHY_WAIVED)) @if change.dropped_before { " → " (say!(lang, CLIFF_COLLECTED)) } ")" }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if curve.more_cliffs || curve.cliffs.len() > MOST_CLIFFS { p.small.quiet { (say!(lang, CLIFF_MORE)) } }
    }
}

/// Names of rules.
fn names(lang: Lang, names: &[String]) -> Markup {
    html! { @for (at, name) in names.iter().enumerate() { @if at > 0 { ", " } (lang.foreign(name)) } }
}

/// What is due at a value: a limit tells the least alone, and the point of the same value knows how far a range goes.
fn due(told: &Told<'_>, curve: &Curve, goods: Decimal, outcome: Outcome) -> Markup {
    let point = curve.points.iter().find(|point| point.goods == goods);
    match point.and_then(|point| Some((point.least?, point.most?))) {
        Some((least, most)) => crate::pages::parts::number(&told.asked, least, Some(most)),
        None if matches!(outcome, Outcome::Unknown | Outcome::Range) => crate::pages::parts::unknown(told.lang),
        None => html! { span.tag.stop { (told.lang.word("outcome", super::outcome_key(outcome))) } },
    }
}

/// A slider over the figures of the chart, for those whose browser runs scripts; others have the table.
fn slider(told: &Told<'_>, curve: &Curve, frame: &Frame) -> Markup {
    let at = here(curve);
    let Some(point) = curve.points.get(at) else { return html! {} };
    let sum = match point.least {
        Some(least) => told.asked.numbers(least, point.most),
        None => told.lang.word("outcome", super::outcome_key(point.outcome)),
    };
    html! {
        label.slider.noprint {
            span { (say!(told.lang, CURVE_SLIDE, currency = curve.asked_currency.as_str())) }
            input type="range" min=(frame.left) max=(WIDTH - RIGHT) step="1" value=(frame.x(point.goods)) autocomplete="off"
                aria-valuetext={ (told.asked.number(point.goods)) " → " (sum) };
            output { (told.asked.number(point.goods)) " → " (sum) }
        }
    }
}

/// Which of the points is the question's own.
fn here(curve: &Curve) -> usize {
    curve.points.iter().position(|p| p.goods >= curve.goods).unwrap_or_default()
}

/// The figures of the chart; the script lets a slider walk through them.
fn points(told: &Told<'_>, curve: &Curve, frame: &Frame) -> Markup {
    let lang = told.lang;
    let title = say!(lang, CURVE_TABLE);
    let xs: Vec<String> = curve.points.iter().map(|p| frame.x(p.goods).to_string()).collect();
    html! {
        details.points data-xs=(xs.join(" ")) {
            summary { (title) }
            div.scroll tabindex="0" role="group" aria-label=(say!(lang, HOUSE_TABLE, name = title.as_str())) {
                table {
                    thead {
                        tr {
                            th.n scope="col" { (say!(lang, CURVE_GOODS, currency = curve.asked_currency.as_str())) }
                            th.n scope="col" { (say!(lang, WHY_DUE, currency = curve.asked_currency.as_str())) }
                            th scope="col" { (say!(lang, CURVE_KIND)) }
                        }
                    }
                    tbody {
                        @for point in &curve.points {
                            tr {
                                td.n { (told.asked.number(point.goods)) }
                                td.n {
                                    @match point.least {
                                        Some(least) => (crate::pages::parts::number(&told.asked, least, point.most)),
                                        None => (not_applicable(lang)),
                                    }
                                }
                                td { (lang.word("outcome", super::outcome_key(point.outcome))) }
                            }
                        }
                    }
                }
            }
        }
    }
}
