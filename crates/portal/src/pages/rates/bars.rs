//! Bars on a timeline, drawn and as a table.

use super::dates::{self, BEGINS, span};
use super::{scroll, terms};
use crate::locale::{Lang, day};
use crate::pages::parts;
use crate::say;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use maud::{Markup, html};
use tidewaiter::record::Status;

/// Something that holds for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bar {
    /// What it is: a rate, the name of a rule, or of the first of several.
    pub(super) text: String,
    pub(super) from: Option<Date>,
    pub(super) before: Option<Date>,
    pub(super) status: Status,
    /// A later publication took its place.
    pub(super) replaced: bool,
    /// How many rules it stands for.
    pub(super) rules: usize,
}

/// Bars that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) name: String,
    /// Whether the name and its bars are texts of the data, in English.
    pub(super) foreign: bool,
    /// Where on the page it is told in full.
    pub(super) anchor: String,
    pub(super) bars: Vec<Bar>,
}

const WIDTH: i64 = 940;
const LEFT: i64 = 8;
const RIGHT: i64 = 8;
/// Height of a lane's name, and of a row of bars with their text above them.
const HEAD: i64 = 24;
const ROW: i64 = 28;
const TOP: i64 = 38;
/// Pixels of a letter, about.
const LETTER: i64 = 7;
/// Longest text of a bar, in letters.
const LONGEST: usize = 60;
/// Never beyond this, whatever the data says.
const ENDS: Date = date(2031, 1, 1);

struct Scale {
    until: Date,
    days: i64,
}

impl Scale {
    /// To half a year after the last day that is known, and a year after today at least.
    fn new(lanes: &[Lane], today: Date) -> Self {
        let ends = lanes.iter().flat_map(|lane| &lane.bars).flat_map(|bar| [bar.from, bar.before]).flatten();
        let last = ends.filter(|day| *day < ENDS).max().unwrap_or(today).max(today.saturating_add(6.months()));
        let until = last.saturating_add(6.months());
        Self { until, days: i64::from(dates::days(BEGINS, until)).max(1) }
    }

    fn x(&self, day: Date) -> i64 {
        LEFT + (WIDTH - LEFT - RIGHT) * i64::from(dates::days(BEGINS, day)).clamp(0, self.days) / self.days
    }
}

/// A bar in its place.
struct Placed<'a> {
    bar: &'a Bar,
    row: i64,
    x: i64,
    end: i64,
    text: String,
    /// The text ends where the bar ends: there is no room to its right.
    at_end: bool,
}

/// The drawing and, below it, the table that says the same.
pub(super) fn show(lang: Lang, lanes: &[Lane], today: Date) -> Markup {
    html! {
        div.stack.drawn {
            (scroll(&say!(lang, RATES_TIMELINE), draw(lang, lanes, today)))
            (legend(lang))
        }
        details.as-table {
            summary { (say!(lang, RATES_TIMELINE_TABLE)) }
            (scroll(&say!(lang, RATES_TIMELINE_TABLE), table(lang, lanes, today)))
        }
    }
}

fn draw(lang: Lang, lanes: &[Lane], today: Date) -> Markup {
    let scale = Scale::new(lanes, today);
    let placed: Vec<(i64, &Lane, Vec<Placed<'_>>)> = {
        let mut y = TOP;
        lanes
            .iter()
            .map(|lane| {
                let bars = place(lang, lane, &scale);
                let rows = bars.iter().map(|bar| bar.row + 1).max().unwrap_or_default();
                let at = y;
                y += HEAD + rows * ROW + 6;
                (at, lane, bars)
            })
            .collect()
    };
    let height = placed.last().map_or(TOP, |(at, _, bars)| {
        at + HEAD + bars.iter().map(|bar| bar.row + 1).max().unwrap_or_default() * ROW + 6
    });
    let label = say!(lang, RATES_TIMELINE_SAID, from = day(lang, BEGINS), until = day(lang, scale.until));
    html! {
        svg.timeline width=(WIDTH) height=(height) viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(label) {
            @for year in 2024..=scale.until.year() {
                @let x = scale.x(date(year, 1, 1));
                line.grid x1=(x) x2=(x) y1=(TOP - 10) y2=(height) {}
                @if x + 40 < WIDTH { text.quiet x=(x + 3) y=(TOP - 12) { (year) } }
            }
            line.here x1=(scale.x(today)) x2=(scale.x(today)) y1="16" y2=(height) {}
            text.now x=(scale.x(today)) y="12" text-anchor="middle" { (say!(lang, RATES_TODAY)) ", " (day(lang, today)) }
            @for (at, lane, bars) in &placed {
                text.lane x=(LEFT) y=(at + 16) lang=[lane.foreign.then_some("en")] { (lane.name) }
                @for one in bars {
                    @let y = at + HEAD + one.row * ROW;
                    rect class=(class(one.bar, today)) x=(one.x) y=(y + 14) width=((one.end - one.x).max(3)) height="9" rx="2" {}
                    text.bar-text lang=[lane.foreign.then_some("en")] text-anchor=[one.at_end.then_some("end")]
                        x=(if one.at_end { one.end } else { one.x }) y=(y + 10) { (one.text) }
                }
            }
        }
    }
}

/// How a bar looks: law, over, adopted but not in force, proposed.
fn class(bar: &Bar, today: Date) -> &'static str {
    match bar.status {
        Status::Proposed => "bar-proposed",
        Status::Scheduled => "bar-scheduled",
        Status::Suspended => "bar-suspended",
        _ if bar.replaced || bar.status == Status::Expired || bar.before.is_some_and(|before| before <= today) => {
            "bar-over"
        }
        _ if bar.from.is_some_and(|from| from > today) => "bar-scheduled",
        _ => "bar-law",
    }
}

/// Rows by the first that has room for a bar with its text.
fn place<'a>(lang: Lang, lane: &'a Lane, scale: &Scale) -> Vec<Placed<'a>> {
    let mut rows: Vec<Vec<(i64, i64)>> = Vec::new();
    lane.bars
        .iter()
        .map(|bar| {
            let (x, end) =
                (bar.from.map_or(LEFT, |from| scale.x(from)), bar.before.map_or(WIDTH - RIGHT, |b| scale.x(b)));
            let text = text(lang, bar);
            let long = i64::try_from(text.chars().count()).unwrap_or_default() * LETTER + LETTER;
            let at_end = x + long > WIDTH - RIGHT;
            let (low, high) = if at_end { ((end - long).min(x), end) } else { (x, end.max(x + long)) };
            let free = rows.iter().position(|row| row.iter().all(|(from, to)| high <= *from || *to <= low));
            let row = free.unwrap_or(rows.len());
            if row == rows.len() {
                rows.push(Vec::new());
            }
            if let Some(row) = rows.get_mut(row) {
                row.push((low, high));
            }
            Placed { bar, row: i64::try_from(row).unwrap_or_default(), x, end, text, at_end }
        })
        .collect()
}

/// A short text; with its state in words where it is not plain law.
fn text(lang: Lang, bar: &Bar) -> String {
    let short: String = if bar.text.chars().count() > LONGEST {
        bar.text.chars().take(LONGEST - 1).chain(['…']).collect()
    } else {
        bar.text.clone()
    };
    match bar.status {
        Status::InForce => short,
        status => format!("{short} ({})", terms::status(lang, status)),
    }
}

fn legend(lang: Lang) -> Markup {
    let all = [
        ("bar-law", say!(lang, RATES_BAR_LAW)),
        ("bar-scheduled", say!(lang, RATES_BAR_SCHEDULED)),
        ("bar-proposed", say!(lang, RATES_BAR_PROPOSED)),
        ("bar-suspended", say!(lang, RATES_BAR_SUSPENDED)),
        ("bar-over", say!(lang, RATES_BAR_OVER)),
    ];
    html! {
        ul.legend.small {
            @for (class, name) in all {
                li { svg width="26" height="11" aria-hidden="true" { rect class=(class) x="1" y="1" width="24" height="9" rx="2" {} } (name) }
            }
        }
    }
}

fn table(lang: Lang, lanes: &[Lane], today: Date) -> Markup {
    html! {
        table.ledger.lanes {
            caption.hidden { (say!(lang, RATES_TIMELINE)) }
            thead {
                tr {
                    th scope="col" { (say!(lang, RATES_COL_CHARGE)) }
                    th scope="col" { (say!(lang, RATES_COL_RULE)) }
                    th scope="col" { (say!(lang, RATES_COL_WHEN)) }
                    th scope="col" { (say!(lang, RATES_COL_STATUS)) }
                }
            }
            tbody {
                @for lane in lanes {
                    @for bar in &lane.bars {
                        tr {
                            th scope="row" { a href={ "#" (lane.anchor) } { (in_its_language(lang, lane, &lane.name)) } }
                            td data-label=(say!(lang, RATES_COL_RULE)) { (in_its_language(lang, lane, &bar.text)) }
                            td data-label=(say!(lang, RATES_COL_WHEN)) {
                                @let held = span(lang, today, bar.from, bar.before);
                                @if held.is_empty() { span.quiet { (say!(lang, RATES_NO_DAY)) } } @else { (held) }
                            }
                            td data-label=(say!(lang, RATES_COL_STATUS)) {
                                @if bar.status == Status::InForce && class(bar, today) == "bar-over" {
                                    (say!(lang, RATES_BAR_OVER))
                                } @else if bar.status == Status::InForce && class(bar, today) == "bar-scheduled" {
                                    (terms::status(lang, Status::Scheduled))
                                } @else {
                                    (terms::status(lang, bar.status))
                                }
                            }
                        }
                    }
                }
                @if lanes.is_empty() { tr { td colspan="4" { (parts::not_applicable(lang)) } } }
            }
        }
    }
}

fn in_its_language(lang: Lang, lane: &Lane, text: &str) -> Markup {
    if lane.foreign {
        lang.foreign(text)
    } else {
        html! { (text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(text: &str, from: Option<Date>, before: Option<Date>) -> Bar {
        Bar { text: text.into(), from, before, status: Status::InForce, replaced: false, rules: 1 }
    }

    #[test]
    fn bars_that_do_not_meet_share_a_row() {
        let lane = Lane {
            name: "VAT".into(),
            foreign: false,
            anchor: "rates".into(),
            bars: vec![
                bar("19 %", None, Some(date(2025, 1, 1))),
                bar("21 %", Some(date(2025, 1, 1)), None),
                bar("x", Some(date(2026, 1, 1)), None),
            ],
        };
        let scale = Scale::new(std::slice::from_ref(&lane), date(2026, 11, 22));
        let rows: Vec<i64> = place(Lang::FIRST, &lane, &scale).iter().map(|one| one.row).collect();
        assert_eq!(rows, [0, 0, 1], "one value follows the other; what overlaps stands below");
        let apart =
            Lane { bars: vec![bar("a", None, Some(date(2024, 6, 1))), bar("b", Some(date(2026, 1, 1)), None)], ..lane };
        assert_eq!(place(Lang::FIRST, &apart, &scale).iter().map(|one| one.row).collect::<Vec<_>>(), [0, 0]);
    }

    #[test]
    fn what_is_not_law_looks_otherwise_and_says_so() {
        let today = date(2026, 11, 22);
        let proposed = Bar { status: Status::Proposed, ..bar("EUR 2", None, None) };
        assert_eq!(class(&proposed, today), "bar-proposed");
        assert!(text(Lang::FIRST, &proposed).contains("proposed"));
        assert_eq!(class(&bar("x", Some(date(2027, 1, 1)), None), today), "bar-scheduled");
        assert_eq!(class(&bar("x", None, Some(today)), today), "bar-over");
        assert_eq!(class(&bar("x", None, None), today), "bar-law");
    }
}
