//! All economies in one table, and their standard rates as a plot.

use super::board::{Board, Row, board};
use super::glance::{Limit, Low};
use super::phrase::cash_in;
use super::{finish, in_english, scroll, strip, tabs, terms};
use crate::desk::Book;
use crate::form;
use crate::locale::{Lang, day, percent};
use crate::pages::parts::{self, fold};
use crate::pages::{Page, Request};
use crate::say;
use maud::{Markup, html};
use tidewaiter::ratebook::FactCounts;
use tidewaiter::record::expression::{Compare, Scope};
use tidewaiter::record::world::TerritoryKind;

/// A row with its name in the language of the page.
struct Named<'a> {
    name: String,
    folded: String,
    row: &'a Row,
}

pub(super) async fn show(request: Request) -> Page {
    let lang = request.lang;
    let book = request.desk.book();
    let board = board(&request.desk, &book);
    let all = named(lang, &book, &board);
    let asked = form::read(&request.query, Some(lang));
    let wanted = asked.field("q").trim();
    let found: Vec<&Named<'_>> = all.iter().filter(|one| one.fits(wanted)).collect();
    let title = say!(lang, RATES_TITLE);
    let about = say!(lang, RATES_LEDE, count = all.len());
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede { (about) }
        }
        (tabs(&request, "/rates"))
        section.stack aria-labelledby="economies" {
            h2 #economies { (say!(lang, RATES_ECONOMIES)) }
            form.rates-find role="search" action=(request.to("/rates")) method="get" {
                div.field {
                    label for="q" { (say!(lang, RATES_FIND)) }
                    input #q name="q" type="search" value=(wanted) autocomplete="off" spellcheck="false";
                }
                button { (say!(lang, RATES_FIND_GO)) }
            }
            p.hint.narrow { (say!(lang, RATES_LIST_NARROW)) }
            p #found role="status" data-one=(say!(lang, RATES_FOUND, count = 1)) data-none=(say!(lang, RATES_FOUND, count = 0))
                data-many=(say!(lang, RATES_FOUND, count = 7)) {
                (say!(lang, RATES_FOUND, count = found.len()))
            }
            @if !wanted.is_empty() { p { a href=(request.to("/rates")) { (say!(lang, RATES_FIND_ALL)) } } }
            (letters(lang, &found))
            @if !found.is_empty() { (table(&request, &book, &found)) }
            (legend(lang, &request.to("/about#sure")))
        }
        section.stack aria-labelledby="plot" {
            h2 #plot { (say!(lang, RATES_STRIP)) }
            p.quiet { (say!(lang, RATES_STRIP_ABOUT)) }
            (strip::draw(lang, &all.iter().map(|one| (one.name.as_str(), one.row.rates.first().copied())).collect::<Vec<_>>()))
        }
        (in_english(&request))
    };
    finish(&request, "/{lang}/rates", &title, &about, body)
}

fn named<'a>(lang: Lang, book: &Book, board: &'a Board) -> Vec<Named<'a>> {
    let mut all: Vec<Named<'_>> = board
        .rows
        .iter()
        .map(|row| {
            let name = parts::territory(lang, book, &row.summary.code);
            Named { folded: name.chars().map(fold).collect(), name, row }
        })
        .collect();
    all.sort_by(|a, b| a.folded.cmp(&b.folded));
    all
}

impl Named<'_> {
    /// Whether it is meant by what was typed: a part of its name, its code or its currency.
    fn fits(&self, wanted: &str) -> bool {
        let wanted: String = wanted.chars().map(fold).collect();
        let summary = &self.row.summary;
        wanted.is_empty()
            || self.folded.contains(&wanted)
            || summary.name.to_lowercase().contains(&wanted)
            || summary.code.eq_ignore_ascii_case(&wanted)
            || summary.currency.eq_ignore_ascii_case(&wanted)
    }

    fn letter(&self) -> char {
        self.folded.chars().next().map_or('?', |letter| letter.to_ascii_uppercase())
    }
}

/// A jump to the first economy of each letter.
fn letters(lang: Lang, found: &[&Named<'_>]) -> Markup {
    let mut all: Vec<char> = found.iter().map(|one| one.letter()).collect();
    all.dedup();
    html! {
        @if all.len() > 3 {
            nav.letters aria-label=(say!(lang, RATES_LETTERS)) {
                ul { @for letter in all { li { a href={ "#letter-" (letter) } { (letter) } } } }
            }
        }
    }
}

fn table(request: &Request, book: &Book, found: &[&Named<'_>]) -> Markup {
    let lang = request.lang;
    let groups = found.chunk_by(|a, b| a.letter() == b.letter());
    scroll(
        &say!(lang, RATES_ECONOMIES),
        html! {
            table.ledger.economies {
                caption.hidden { (say!(lang, RATES_ECONOMIES)) }
                thead {
                    tr {
                        th scope="col" { (say!(lang, RATES_COL_ECONOMY)) }
                        th scope="col" { (say!(lang, RATES_COL_TAX)) }
                        th.n scope="col" { (say!(lang, RATES_COL_RATE)) }
                        th scope="col" { (say!(lang, RATES_COL_DUTY_FREE)) }
                        th scope="col" { (say!(lang, RATES_COL_TAX_FREE)) }
                        th.last scope="col" { (say!(lang, RATES_COL_CURRENCY)) }
                        th scope="col" { (say!(lang, RATES_COL_SURE)) }
                        th.last scope="col" { (say!(lang, RATES_COL_EDITION)) }
                    }
                }
                @for group in groups {
                    tbody id=[group.first().map(|one| format!("letter-{}", one.letter()))] {
                        @for one in group { (row(request, book, one)) }
                    }
                }
            }
        },
    )
}

fn row(request: &Request, book: &Book, one: &Named<'_>) -> Markup {
    let (lang, row) = (request.lang, one.row);
    let summary = &row.summary;
    let page = request.to(&format!("/rates/{}", summary.code));
    let source = if summary.standard_rates.is_empty() { "charges" } else { "rates" };
    html! {
        tr data-find={ (one.folded) " " (summary.name.to_lowercase()) " " (summary.code.to_lowercase()) " " (summary.currency.to_lowercase()) } {
            th scope="row" {
                a href=(page) { (one.name) }
                @if summary.kind != TerritoryKind::Country { " " span.quiet.small { (terms::territory_kind(lang, summary.kind)) } }
            }
            td.minor {
                @match &summary.tax_name {
                    // A place that has no such tax: that is known.
                    Some(name) if name == "none" => (say!(lang, RATES_NO_TAX)),
                    Some(name) => (lang.foreign(name.split_once(" (").map_or(name.as_str(), |(short, _)| short))),
                    None => (parts::not_applicable(lang)),
                }
            }
            td.n { a.figure href={ (page) "#" (source) } { (standard(lang, row)) } }
            td.minor { (low(lang, book, &row.duty)) }
            td.minor { (low(lang, book, &row.tax)) }
            td.minor.last { (summary.currency) }
            td.minor { (shares(lang, summary.facts)) }
            td.minor.last.nowrap {
                @match row.newest.as_ref().and_then(|e| e.known_from) {
                    Some(from) => (day(lang, from)),
                    None => (parts::unknown(lang)),
                }
            }
        }
    }
}

/// The standard rate with what a second authority adds to it, or the range of them; no rate is no zero.
fn standard(lang: Lang, row: &Row) -> Markup {
    let rates = row.rates.iter().copied();
    match (rates.clone().min(), rates.max()) {
        (Some(least), Some(most)) if least == most => html! { (percent(lang, least)) },
        (Some(least), Some(most)) => {
            html! { (say!(lang, NUMBER_RANGE, least = percent(lang, least), most = percent(lang, most))) }
        }
        _ if row.tax == Low::None => parts::not_applicable(lang),
        _ => parts::unknown(lang),
    }
}

/// From which value something is due, in a few words.
pub(super) fn low(lang: Lang, book: &Book, low: &Low) -> Markup {
    match low {
        Low::None => parts::not_applicable(lang),
        Low::Free => html! { (say!(lang, RATES_LOW_FREE)) },
        Low::First => html! { (say!(lang, RATES_LOW_FIRST)) },
        Low::UpTo(limit) => html! { (say!(lang, RATES_LOW_UP_TO, limit = limit_text(lang, book, limit))) },
        Low::Owed(Compare::Less, cash) => {
            html! { (say!(lang, RATES_LOW_OWED_BELOW, cash = cash_in(lang, book, cash))) }
        }
        Low::Owed(_, cash) => html! { (say!(lang, RATES_LOW_OWED, cash = cash_in(lang, book, cash))) },
        Low::Depends => html! { span.quiet { (say!(lang, RATES_LOW_DEPENDS)) } },
        Low::Unknown => parts::unknown(lang),
    }
}

/// `up to EUR 150`, `below AUD 1,000`; with what is summed, where that is not the consignment.
pub(super) fn limit_text(lang: Lang, book: &Book, limit: &Limit) -> String {
    let cash = cash_in(lang, book, &limit.cash);
    let text = match limit.compare {
        Compare::Less => say!(lang, RATES_LIMIT_BELOW, cash = cash),
        _ => say!(lang, RATES_LIMIT, cash = cash),
    };
    match limit.scope {
        Scope::Consignment => text,
        other => say!(lang, RATES_LIMIT_PER, limit = text, scope = terms::scope(lang, other)),
    }
}

/// How sure the facts are: three parts of a bar, each with its number and word.
pub(super) fn shares(lang: Lang, facts: FactCounts) -> Markup {
    let all = facts.high + facts.medium + facts.low;
    let parts = [("high", facts.high), ("medium", facts.medium), ("low", facts.low)];
    let mut counted = 0;
    let edge = |count: usize| (count * 72).checked_div(all).unwrap_or_default();
    let bar: Vec<(&str, usize, usize)> = parts
        .iter()
        .map(|(key, count)| {
            let at = edge(counted);
            counted += count;
            (*key, at, edge(counted) - at)
        })
        .collect();
    html! {
        @if all == 0 { (parts::unknown(lang)) } @else {
            span.shares {
                svg width="72" height="8" aria-hidden="true" {
                    @for (key, at, wide) in bar { rect class={ "share-" (key) } x=(at) y="0" width=(wide) height="8" {} }
                }
                span.small {
                    @for (place, (key, count)) in parts.iter().filter(|(_, count)| *count > 0).enumerate() {
                        @if place > 0 { " · " }
                        span { (lang.word("rates-sure", key)) "\u{a0}" (count) }
                    }
                }
            }
        }
    }
}

/// What the words of confidence mean, and where they are explained.
pub(super) fn legend(lang: Lang, explained: &str) -> Markup {
    html! {
        p.small { (say!(lang, RATES_SURE_ABOUT)) " " a href=(explained) { (say!(lang, RATES_SURE_LINK)) } }
        ul.legend.small {
            @for key in ["high", "medium", "low"] {
                li { span class={ "swatch share-" (key) } {} (lang.word("rates-sure", key)) }
            }
        }
    }
}
