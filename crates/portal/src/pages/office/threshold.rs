//! How close turnover is to a threshold: a bar, with the numbers beside it.

use crate::locale::{Lang, Money, decimal, percent};
use crate::say;
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter::Ratebook;
use tidewaiter_collect::advice::{Level, ThresholdAdvice};

const WIDTH: i128 = 320;
const HEIGHT: i128 = 22;

pub(super) fn threshold(lang: Lang, book: &Ratebook, told: &ThresholdAdvice) -> Markup {
    let money = told.currency.as_deref().map(|code| Money::of(book, lang, code));
    html! {
        p { (lang.foreign(&told.of)) }
        p {
            (window(lang, &told.window))
            @if let (Some(over), Some(money)) = (told.over, &money) {
                (lang.colon())
                @if told.or_equal { (say!(lang, WHERE_FROM_SUM, sum = money.text(over))) } @else { (say!(lang, WHERE_ABOVE_SUM, sum = money.text(over))) }
            }
        }
        @if let (Some(over), Some(money), Some(level)) = (told.over, &money, &told.turnover) {
            (bar(lang, money, over, level, &say!(lang, WHERE_TURNOVER)))
            @if let Some(most) = &told.at_most { (bar(lang, money, over, most, &say!(lang, WHERE_AT_MOST))) }
        }
        @if let (Some(world), Some(money)) = (told.world_over, &money) { p { (say!(lang, WHERE_WORLD_OVER, sum = money.text(world))) } }
    }
}

/// The time over which turnover counts.
fn window(lang: Lang, window: &str) -> Markup {
    let months = window.strip_prefix("any ").and_then(|rest| rest.strip_suffix(" months"));
    match (window, months) {
        (_, Some(months)) => html! { (say!(lang, WHERE_WINDOW_MONTHS, months = months)) },
        ("from the first sale", _) => html! { (say!(lang, WHERE_WINDOW_FIRST)) },
        ("calendar year", _) => html! { (say!(lang, WHERE_WINDOW_YEAR)) },
        ("calendar year, this or the one before", _) => html! { (say!(lang, WHERE_WINDOW_TWO)) },
        _ => lang.foreign(window),
    }
}

fn bar(lang: Lang, money: &Money, over: Decimal, level: &Level, what: &str) -> Markup {
    // A limit that is passed stands inside the bar.
    let most = over.units().max(level.amount.units()).max(1);
    let long = |amount: Decimal| (WIDTH.saturating_mul(amount.units().max(0)) / most).clamp(0, WIDTH);
    let class = if level.is_above { "over" } else { "under" };
    html! {
        div.gauge {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) aria-hidden="true" {
                rect.track x="0" y="4" width=(WIDTH) height="14" rx="3" {}
                rect class=(class) x="0" y="4" width=(long(level.amount)) height="14" rx="3" {}
                line.limit x1=(long(over).min(WIDTH - 1)) x2=(long(over).min(WIDTH - 1)) y1="0" y2=(HEIGHT) {}
            }
            p {
                (what) (lang.colon())
                strong.figure { (say!(lang, WHERE_OF_LIMIT, sum = money.text(level.amount), limit = money.text(over), percent = percent(lang, level.percent))) }
                @if let Some(day) = level.reached { ". " (say!(lang, WHERE_REACHED, day = crate::locale::day(lang, day))) }
                @if let Some(day) = level.about { ". " (say!(lang, WHERE_ABOUT, day = crate::locale::day(lang, day))) }
                @if let Some(before) = level.year_before.filter(|before| !before.is_zero()) { ". " (say!(lang, WHERE_YEAR_BEFORE, sum = money.text(before))) }
            }
        }
    }
}

/// How close it is, in short.
pub(super) fn short(lang: Lang, told: Option<&ThresholdAdvice>) -> Option<String> {
    let level = told?.turnover.as_ref()?;
    Some(say!(lang, NUMBER_PERCENT, number = decimal(lang, level.percent)))
}
