//! Facts with their sources, editions with their age, and how to correct them.

use super::dates::{self, STALE};
use super::phrase::Voice;
use crate::locale::{Lang, day};
use crate::pages::parts;
use crate::pages::{Request, parts::sentence};
use crate::say;
use maud::{Markup, html};
use tidewaiter::ratebook::{EconomyView, FactView};

/// Links from a rule to the facts it rests on, by their number in the list below.
pub(super) fn cited(voice: &Voice<'_>, cites: &[String]) -> Markup {
    let at = |key: &String| Some((voice.view.facts.iter().position(|fact| fact.key == *key)? + 1, key.clone()));
    let found: Vec<(usize, String)> = cites.iter().filter_map(at).collect();
    html! {
        @if !found.is_empty() {
            span.cites {
                (say!(voice.lang, RATES_SOURCES, count = found.len()))
                @for (number, key) in found { " " a href={ "#fact-" (key) } { (number) } }
            }
        }
    }
}

/// More facts than these are folded, in parts of so many. Links to a fact open its part.
const OPEN: usize = 10;
const PART: usize = 20;

/// Every fact, numbered.
pub(super) fn facts(lang: Lang, today: jiff::civil::Date, view: &EconomyView) -> Markup {
    let all = view.facts.as_slice();
    html! {
        @if all.len() <= OPEN { (part(lang, today, all, 1)) } @else {
            p.quiet { (say!(lang, RATES_FACTS_FOLDED, count = all.len())) }
            @for (at, some) in all.chunks(PART).enumerate() {
                @let first = at * PART + 1;
                details {
                    summary { (say!(lang, RATES_FACTS_PART, first = first, last = first + some.len() - 1)) }
                    (part(lang, today, some, first))
                }
            }
        }
    }
}

fn part(lang: Lang, today: jiff::civil::Date, facts: &[FactView], first: usize) -> Markup {
    html! {
        ol.facts start=(first) {
            @for fact in facts {
                (parts::fact_view(lang, fact))
                @let held = dates::span(lang, today, fact.from, fact.before);
                @if !held.is_empty() || fact.note.is_some() {
                    li.more.quiet.small {
                        @if !held.is_empty() { (say!(lang, RATES_FACT_HOLDS, span = held)) ". " }
                        @if let Some(note) = &fact.note { (lang.foreign(&sentence(note))) }
                    }
                }
            }
        }
    }
}

/// A tag for what is old; nothing for what is not.
pub(super) fn stale(lang: Lang, days: i32) -> Markup {
    html! { @if days > STALE { " " span.tag.care { (say!(lang, RATES_DAYS_OLD, days = days)) } } }
}

/// The editions that a page rests on.
pub(super) fn editions(lang: Lang, today: jiff::civil::Date, view: &EconomyView) -> Markup {
    html! {
        table.ledger.editions {
            caption.hidden { (say!(lang, RATES_EDITIONS)) }
            thead {
                tr {
                    th scope="col" { (say!(lang, RATES_COL_AUTHORITY)) }
                    th.n scope="col" { (say!(lang, RATES_COL_NUMBER)) }
                    th scope="col" { (say!(lang, RATES_COL_PUBLISHED)) }
                    th scope="col" { "SHA-256" }
                }
            }
            tbody {
                @for edition in &view.editions {
                    tr {
                        th scope="row" { (lang.foreign(&edition.authority)) }
                        td.n data-label=(say!(lang, RATES_COL_NUMBER)) { (edition.number) }
                        td data-label=(say!(lang, RATES_COL_PUBLISHED)) {
                            span {
                            @if let Some(from) = edition.known_from {
                                @let old = dates::days(from, today);
                                (day(lang, from)) ", " span.quiet { (dates::age(lang, old)) } (stale(lang, old))
                            } @else { (parts::unknown(lang)) }
                            }
                        }
                        td.long data-label="SHA-256" { code.hash { (edition.sha256) } }
                    }
                }
            }
        }
    }
}

/// What to do where something is wrong.
pub(super) fn correct(request: &Request, view: &EconomyView) -> Markup {
    let lang = request.lang;
    html! {
        p.note #correct {
            (say!(lang, RATES_CORRECT)) " "
            a href=(request.to("/about#correct")) { (say!(lang, RATES_CORRECT_HOW)) }
            " (" code { "data/economies/" (view.code) ".toml" } "). "
            a href={ "/v1/economies/" (view.code) } { (say!(lang, RATES_AS_JSON)) } "."
        }
    }
}

/// Links to facts of a list without numbers, by their keys.
pub(super) fn cited_facts(voice: &Voice<'_>, cites: &[String]) -> Markup {
    html! {
        @if cites.is_empty() { (parts::unknown(voice.lang)) }
        @for (place, key) in cites.iter().enumerate() {
            @if place > 0 { ", " }
            a href={ "#fact-" (key) } { (key) }
        }
    }
}
