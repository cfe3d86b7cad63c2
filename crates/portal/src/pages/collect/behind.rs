//! The sales, refunds and corrections behind a return or one of its figures, some at a time.

use super::draft::named;
use super::visitor::{Answer, Visitor, no, nothing, own_head, private, value};
use super::words;
use crate::form::pairs;
use crate::locale::{Money, day};
use crate::pages::Request as Asked;
use crate::say;
use axum::http::{HeaderMap, StatusCode};
use maud::html;
use tidewaiter_collect::store::Line;

/// How many lines a page shows.
const SHOWN: usize = 50;
/// How many are looked at together.
const AT_ONCE: u64 = 1000;
/// How often more are looked at for one page.
const TIMES: usize = 20;

/// The page.
pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let (scheme, period) = named(&asked).ok_or_else(nothing)?;
    let fields = pairs(&asked.query);
    let to: String = value(&fields, "to").chars().take(20).collect();
    let mut after = value(&fields, "after")
        .split_once('.')
        .and_then(|(seq, n)| Some((seq.parse::<u64>().ok()?, n.parse::<u64>().ok()?)))
        .unwrap_or((0, 0));
    let mut lines: Vec<Line> = Vec::new();
    let mut more = false;
    'all: for _ in 0..TIMES {
        let some = visitor.house.service.lines(&visitor.caller, &visitor.seller, &scheme, period, after, AT_ONCE).await;
        let some = some.map_err(|error| no(&asked.desk, &error))?;
        more = some.len() as u64 == AT_ONCE;
        for (place, line) in some {
            if to.is_empty() || line.to == to {
                if lines.len() == SHOWN {
                    more = true;
                    break 'all;
                }
                lines.push(line);
            }
            after = place;
        }
        if !more {
            break;
        }
    }
    let lang = asked.lang;
    let book = asked.desk.book();
    let title = say!(lang, COLLECT_BEHIND_TITLE, period = words::period(lang, period));
    let address = words::in_address(&scheme, period);
    let body = html! {
        (own_head(&asked, &visitor, &title))
        p {
            a href={ (asked.to("/collect/return")) "?" (address) } { (say!(lang, COLLECT_BACK_TO_RETURN)) }
            @if !to.is_empty() { " · " (words::place(lang, &book, Some(&to))) }
        }
        @if lines.is_empty() { p.nothing { (say!(lang, COLLECT_NO_LINES)) } } @else {
            table.ledger {
                caption.hidden { (title) }
                thead { tr {
                    th scope="col" { (say!(lang, COLLECT_DOCUMENT)) } th scope="col" { (say!(lang, COLLECT_DAY)) } th scope="col" { (say!(lang, COLLECT_TO)) }
                    th scope="col" { (say!(lang, COLLECT_RATE)) } th.n scope="col" { (say!(lang, COLLECT_NET)) } th.n scope="col" { (say!(lang, COLLECT_TAX)) }
                } }
                tbody {
                    @for line in &lines {
                        @let money = Money::of(&book, lang, &line.currency);
                        tr {
                            th scope="row" {
                                (lang.word("collect-event", line.why.word())) " " code { (line.document) }
                                @if line.about != period { " " span.quiet.small { (words::period(lang, line.about)) } }
                            }
                            td data-label=(say!(lang, COLLECT_DAY)) { (day(lang, line.date)) }
                            td data-label=(say!(lang, COLLECT_TO)) { (words::place(lang, &book, Some(&line.to))) }
                            td data-label=(say!(lang, COLLECT_RATE)) { (words::rate(lang, line.rate)) }
                            td.n data-label=(say!(lang, COLLECT_NET)) { (money.text(line.net)) }
                            td.n data-label=(say!(lang, COLLECT_TAX)) { (money.text(line.tax)) }
                        }
                    }
                }
            }
        }
        @if more {
            p { a.button.second href={ (asked.to("/collect/return/lines")) "?" (address) @if !to.is_empty() { "&to=" (to) } "&after=" (after.0) "." (after.1) } { (say!(lang, COLLECT_NEXT)) } }
        }
    };
    Ok(private(&asked, StatusCode::OK, &title, body))
}
