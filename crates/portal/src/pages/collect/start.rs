//! The first page: what this is, the ways in, the schemes.

use super::visitor::{Answer, head, private, to};
use super::{enter, words};
use crate::collect::caller::of_reader;
use crate::locale::Lang;
use crate::pages::Request as Asked;
use crate::pages::layout::{Door, Head, page};
use crate::problem::Problem;
use crate::say;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use std::sync::LazyLock;
use tidewaiter_collect::Definition;
use tidewaiter_collect::service::permission::Side;

/// The schemes whose returns are described in this program, by key. What cannot be read is left out: the tests of the data look for that.
pub(super) static SCHEMES: LazyLock<Vec<Definition>> =
    LazyLock::new(|| tidewaiter_data::returns().iter().filter_map(|(_, text)| Definition::read(text).ok()).collect());

/// The page. Without a house it is the same for everybody.
pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Answer {
    let (lang, title) = (asked.lang, say!(asked.lang, COLLECT_TITLE));
    let Some(house) = asked.desk.house() else {
        let body = html! {
            div.stack { h1 { (title) } (lede(lang)) }
            (where_to(&asked))
            section.stack {
                h2 { (say!(lang, COLLECT_NO_HOUSE)) }
                p { (say!(lang, COLLECT_NO_HOUSE_SAYS)) }
                pre tabindex="0" aria-label=(say!(lang, COLLECT_NO_HOUSE)) { code { (COMMANDS) } }
            }
            (schemes(&asked))
        };
        return Ok(page(&asked, &Head { door: Door::Collect, title: &title, about: &say!(lang, COLLECT_LEDE) }, body)
            .into_response());
    };
    let caller = of_reader(&asked.desk, &headers).await.map_err(Problem::into_response)?;
    let body = html! {
        div.stack { h1 { (title) } (lede(lang)) }
        @match caller {
            Some(caller) => {
                section.card.stack {
                    p { (say!(lang, COLLECT_HELLO, label = caller.label.as_str())) }
                    div.row {
                        @match caller.role.side() {
                            Side::Seller => a.button href=(asked.to("/collect/mine")) { (say!(lang, COLLECT_TO_MINE)) },
                            Side::Authority => a.button href=(asked.to("/collect/authority")) { (say!(lang, COLLECT_TO_AUTHORITY)) },
                            Side::House => p { (say!(lang, COLLECT_KEEPER_SAYS)) },
                        }
                        form method="post" action=(asked.to("/collect/leave")) { button.second type="submit" { (say!(lang, COLLECT_LEAVE)) } }
                    }
                }
                (where_to(&asked))
            }
            None => {
                (where_to(&asked))
                div.two {
                    @if house.open {
                        section.card.stack {
                            h2 { (say!(lang, COLLECT_NEW)) }
                            p { (say!(lang, COLLECT_NEW_SAYS)) }
                            p { a.button href=(asked.to("/collect/signup")) { (say!(lang, COLLECT_SIGN_UP)) } }
                        }
                    }
                    section.card.stack {
                        h2 { (say!(lang, COLLECT_BACK)) }
                        (enter::form(&asked, false))
                    }
                }
            }
        }
        (schemes(&asked))
    };
    Ok(private(&asked, StatusCode::OK, &title, body))
}

/// What people do without a house.
const COMMANDS: &str = "tidewaiter collect scheme eu.ioss
tidewaiter collect import sales.csv --ledger book.ndjson
tidewaiter collect draft eu.ioss 2026-10 --ledger book.ndjson
tidewaiter collect late --ledger book.ndjson";

fn lede(lang: Lang) -> Markup {
    html! { p.lede { (say!(lang, COLLECT_LEDE)) } }
}

fn where_to(asked: &Asked) -> Markup {
    let lang = asked.lang;
    html! {
        p.note { a href=(asked.to("/collect/where")) { (say!(lang, COLLECT_WHERE)) } " " (say!(lang, COLLECT_WHERE_SAYS)) }
        p { a href=(asked.to("/collect/equal")) { (say!(lang, EQUAL_TITLE)) } }
    }
}

fn schemes(asked: &Asked) -> Markup {
    let lang = asked.lang;
    let book = asked.desk.book();
    html! {
        section.stack {
            h2 #schemes { (say!(lang, COLLECT_SCHEMES)) }
            p.quiet { (say!(lang, COLLECT_SCHEMES_SAYS)) }
            table.ledger aria-labelledby="schemes" {
                thead { tr {
                    th scope="col" { (say!(lang, COLLECT_SCHEME)) }
                    th scope="col" { (say!(lang, COLLECT_PLACE)) }
                    th scope="col" { (say!(lang, COLLECT_PERIOD)) }
                    th scope="col" { (say!(lang, COLLECT_DUE)) }
                    th scope="col" { (say!(lang, COLLECT_CURRENCY)) }
                } }
                tbody {
                    @for one in SCHEMES.iter() {
                        tr {
                            th scope="row" { a href={ (asked.to("/collect/scheme/")) (one.scheme.key) } { (lang.foreign(&one.scheme.name)) } }
                            td data-label=(say!(lang, COLLECT_PLACE)) { (words::place(lang, &book, Some(&one.scheme.territory))) }
                            td data-label=(say!(lang, COLLECT_PERIOD)) { (words::length(lang, one.period.is)) }
                            td data-label=(say!(lang, COLLECT_DUE)) { (words::due(lang, &one.due.by)) }
                            td data-label=(say!(lang, COLLECT_CURRENCY)) { (one.currency.is) }
                        }
                    }
                }
            }
        }
    }
}

/// A page that only says something, with a way back.
pub(super) fn told(asked: &Asked, title: &str, says: &str) -> axum::response::Response {
    private(asked, StatusCode::OK, title, html! { (head(asked, title, None)) p { (says) } })
}

/// Whoever is signed in goes to their own page.
pub(super) fn home(asked: &Asked) -> axum::response::Response {
    to(asked, "/collect/mine")
}
