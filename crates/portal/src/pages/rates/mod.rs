//! What each economy charges, how it changed, and how fresh that is.
//!
//! | file | holds |
//! |---|---|
//! | `list.rs`, `strip.rs` | all economies, and their standard rates as a plot |
//! | `economy.rs` | the page of one economy, put together from the files below |
//! | `ladder.rs`, `glance.rs` | its charges rung by rung; what an ordinary parcel meets |
//! | `held.rs`, `steps.rs` | its rate tables with their history; a step chart |
//! | `timeline.rs`, `bars.rs` | its rules and rates since 2024: which bars there are, and how they are drawn |
//! | `around.rs`, `sources.rs` | what else belongs to it; facts and editions |
//! | `missing.rs` | what is said where a territory or a tariff is not known |
//! | `measure.rs`, `duties.rs` | each measure of a goods code; its duties over time |
//! | `freshness.rs` | how old each edition is, the oldest first |
//! | `changes.rs`, `feed.rs` | what changes, and when; the same as a feed |
//! | `downloads.rs` | files to take away |
//! | `board.rs` | what several of these pages know of every economy, computed once for a ratebook and a day |
//! | `phrase.rs`, `terms.rs`, `dates.rs` | conditions and amounts, terms and dates in the language of the page |

mod around;
mod bars;
mod board;
mod changes;
pub(super) mod dates;
mod downloads;
mod duties;
mod economy;
mod feed;
mod freshness;
mod glance;
mod held;
mod ladder;
mod list;
mod measure;
mod missing;
pub(super) mod phrase;
mod sources;
mod steps;
mod strip;
mod terms;
mod timeline;

pub(super) use terms::rounding;

use super::layout::{Door, Head, page};
use super::{Page, Request};
use crate::desk::Desk;
use crate::say;
use crate::usage::Use;
use axum::Router;
use axum::routing::get;
use maud::{Markup, html};
use std::collections::BTreeMap;
use tidewaiter::Decimal;

/// Its pages, files and feeds.
pub(super) fn doors() -> Router<Desk> {
    Router::new()
        .route("/{lang}/rates", get(list::show))
        .route("/{lang}/rates/freshness", get(freshness::show))
        .route("/{lang}/rates/changes", get(changes::show))
        .route("/{lang}/rates/downloads", get(downloads::show))
        .route("/{lang}/rates/{territory}", get(economy::show))
        .route("/{lang}/rates/{territory}/{code}", get(measure::show))
        .route("/rates/standard-rates.csv", get(downloads::standard_rates))
        .route("/feeds/changes.atom", get(feed::atom))
        .route("/feeds/changes.json", get(feed::json))
}

/// How many economies have rules here.
pub(super) fn economies(desk: &Desk) -> usize {
    board::board(desk, &desk.book()).rows.len()
}

/// The standard rates of the main tax of each economy, percent, the first first; with local parts that are a share of it.
pub(crate) fn standard_rates(desk: &Desk) -> BTreeMap<String, Vec<Decimal>> {
    let rows = &board::board(desk, &desk.book()).rows;
    rows.iter().map(|row| (row.summary.code.clone(), row.rates.clone())).collect()
}

/// A finished page of this door. Counts it.
fn finish(request: &Request, door: &'static str, title: &str, about: &str, body: Markup) -> Page {
    let one = Use { door, language: request.lang.tag(), answer: "" };
    request.desk.count(one);
    page(request, &Head { door: Door::Rates, title, about }, body)
}

/// The pages of this door, beside each other.
fn tabs(request: &Request, here: &str) -> Markup {
    let lang = request.lang;
    let all = [
        ("/rates", say!(lang, RATES_TAB_LIST)),
        ("/rates/changes", say!(lang, RATES_TAB_CHANGES)),
        ("/rates/freshness", say!(lang, RATES_TAB_FRESHNESS)),
        ("/rates/downloads", say!(lang, RATES_TAB_DOWNLOADS)),
    ];
    html! {
        nav.tabs aria-label=(say!(lang, RATES_TABS)) {
            ul {
                @for (path, name) in all {
                    li { a href=(request.to(path)) aria-current=[(path == here).then_some("page")] { (name) } }
                }
            }
        }
    }
}

/// Where a page stands below the list, for all but the first tab: its ancestors by name and address.
fn crumbs(request: &Request, above: &[(String, String)], here: &str) -> Markup {
    let lang = request.lang;
    html! {
        nav.crumbs aria-label=(say!(lang, RATES_CRUMBS)) {
            ol {
                li { a href=(request.to("/rates")) { (say!(lang, DOOR_RATES)) } }
                @for (path, name) in above { li { a href=(path) { (name) } } }
                li aria-current="page" { (here) }
            }
        }
    }
}

/// One line at the top of a page that shows texts of the data.
fn in_english(request: &Request) -> Markup {
    request.lang.notice()
}

/// A wide table or drawing, which scrolls inside its frame on a phone.
fn scroll(label: &str, inner: Markup) -> Markup {
    html! { div.scroll tabindex="0" role="group" aria-label=(label) { (inner) } }
}
