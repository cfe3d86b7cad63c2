//! How old what is known of each economy is: those whose oldest part is the oldest come first.

use super::board::{Board, Row, board};
use super::dates;
use super::{economy, finish, list, scroll, sources, tabs};
use crate::desk::Book;
use crate::locale::day;
use crate::pages::parts;
use crate::pages::{Page, Request};
use crate::say;
use jiff::civil::Date;
use maud::{Markup, html};
use tidewaiter::ratebook::EditionView;

pub(super) async fn show(request: Request) -> Page {
    let lang = request.lang;
    let book = request.desk.book();
    let board = board(&request.desk, &book);
    let mut rows: Vec<(String, &Row)> =
        board.rows.iter().map(|row| (parts::territory(lang, &book, &row.summary.code), row)).collect();
    // What has no day is the oldest of all.
    rows.sort_by_cached_key(|(name, row)| (row.age.is_some(), row.age.map(std::ops::Neg::neg), name.clone()));
    let old = rows.iter().filter(|(_, row)| row.age.is_none_or(|age| age > dates::STALE)).count();
    let (old_rows, new_rows) = rows.split_at(old);
    let loaded = rows.iter().filter(|(_, row)| row.tariff > 0).count();
    let title = say!(lang, RATES_FRESHNESS);
    let about = say!(lang, RATES_FRESHNESS_LEDE);
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede { (about) }
        }
        (tabs(&request, "/rates/freshness"))
        p { (say!(lang, RATES_FRESHNESS_SUM, count = rows.len(), old = old, loaded = loaded)) }
        section.stack aria-labelledby="economies" {
            h2 #economies { (say!(lang, RATES_ECONOMIES)) }
            @if !old_rows.is_empty() {
                h3 { (say!(lang, RATES_FRESHNESS_OLD, count = old_rows.len())) }
                (scroll(&say!(lang, RATES_FRESHNESS_OLD, count = old_rows.len()), table(&request, old_rows)))
            }
            h3 { (say!(lang, RATES_FRESHNESS_NEW, count = new_rows.len())) }
            @for of_day in new_rows.chunk_by(|(_, a), (_, b)| oldest(a) == oldest(b)) {
                @let since = of_day.first().and_then(|(_, row)| oldest(row)).map(|from| day(lang, from)).unwrap_or_default();
                @let label = say!(lang, RATES_FRESHNESS_SINCE, day = since, count = of_day.len());
                details { summary { (label) } (scroll(&label, table(&request, of_day))) }
            }
            (list::legend(lang, &request.to("/about#sure")))
        }
        section.stack aria-labelledby="series" {
            h2 #series { (say!(lang, RATES_SERIES)) }
            (series(&request, &book, &board))
        }
    };
    finish(&request, "/{lang}/rates/freshness", &title, &about, body)
}

/// When the oldest part of it was published.
fn oldest(row: &Row) -> Option<Date> {
    row.oldest.as_ref().and_then(|edition| edition.known_from)
}

fn table(request: &Request, rows: &[(String, &Row)]) -> Markup {
    let lang = request.lang;
    html! {
        table.ledger.fresh {
            caption.hidden { (say!(lang, RATES_ECONOMIES)) }
            thead {
                tr {
                    th scope="col" { (say!(lang, RATES_COL_ECONOMY)) }
                    th scope="col" { (say!(lang, RATES_COL_EDITION)) }
                    th scope="col" { (say!(lang, RATES_COL_OLDEST)) }
                    th scope="col" { (say!(lang, RATES_COL_SURE)) }
                    th scope="col" { (say!(lang, RATES_TARIFF)) }
                }
            }
            tbody {
                @for (name, row) in rows {
                    tr {
                        th scope="row" { a href=(request.to(&format!("/rates/{}", row.summary.code))) { (name) } }
                        td.nowrap data-label=(say!(lang, RATES_COL_EDITION)) {
                            @match row.newest.as_ref().and_then(|e| e.known_from) {
                                Some(from) => (day(lang, from)),
                                None => (parts::unknown(lang)),
                            }
                        }
                        td data-label=(say!(lang, RATES_COL_OLDEST)) { span {
                            @match row.oldest.as_ref().zip(row.oldest.as_ref().and_then(|e| e.known_from)) {
                                Some((edition, from)) => {
                                    span.nowrap { (day(lang, from)) } ", " (whose(request, edition))
                                    @if let Some(age) = row.age {
                                        @if age > dates::STALE { (sources::stale(lang, age)) } @else { ", " (dates::age(lang, age)) }
                                    }
                                }
                                None => (parts::unknown(lang)),
                            }
                        } }
                        td data-label=(say!(lang, RATES_COL_SURE)) { (list::shares(lang, row.summary.facts)) }
                        td data-label=(say!(lang, RATES_TARIFF)) { span { (economy::tariff_text(lang, row)) } }
                    }
                }
            }
        }
    }
}

/// Who published an edition: a territory by its name, others as they are called.
fn whose(request: &Request, edition: &EditionView) -> Markup {
    let book = request.desk.book();
    html! {
        @if book.territories().contains_key(&edition.authority) { (parts::territory(request.lang, &book, &edition.authority)) }
        @else { (request.lang.foreign(&edition.authority)) }
    }
}

/// Exchange-rate series with their last day.
fn series(request: &Request, book: &Book, board: &Board) -> Markup {
    let lang = request.lang;
    let today = request.desk.today();
    html! {
        @if board.series.is_empty() { (parts::nothing_recorded(lang, &say!(lang, RATES_SERIES))) } @else {
            (scroll(&say!(lang, RATES_SERIES), html! {
                table.ledger.series {
                    caption.hidden { (say!(lang, RATES_SERIES)) }
                    thead {
                        tr {
                            th scope="col" { (say!(lang, RATES_COL_SERIES)) }
                            th scope="col" { (say!(lang, RATES_COL_AUTHORITY)) }
                            th.n scope="col" { (say!(lang, RATES_COL_CURRENCIES)) }
                            th scope="col" { (say!(lang, RATES_COL_LAST)) }
                        }
                    }
                    tbody {
                        @for one in &board.series {
                            tr {
                                th scope="row" {
                                    @match &one.url {
                                        Some(url) => a href=(url) rel="external noreferrer" { (lang.foreign(&one.name)) },
                                        None => (lang.foreign(&one.name)),
                                    }
                                    @if let Some(home) = &one.territory { " " span.quiet.small { (parts::territory(lang, book, home)) } }
                                    @if let Some(note) = &one.note { p.quiet.small { (lang.foreign(note)) } }
                                }
                                td data-label=(say!(lang, RATES_COL_AUTHORITY)) { (lang.foreign(&one.publisher)) }
                                td.n data-label=(say!(lang, RATES_COL_CURRENCIES)) { (one.currencies.len()) }
                                td data-label=(say!(lang, RATES_COL_LAST)) { span {
                                    @match one.last {
                                        Some(last) => {
                                            @let old = dates::days(last, today);
                                            span.nowrap { (day(lang, last)) } ", " span.quiet { (dates::age(lang, old)) } (sources::stale(lang, old))
                                        }
                                        None => (parts::unknown(lang)),
                                    }
                                } }
                            }
                        }
                    }
                }
            }))
        }
    }
}
