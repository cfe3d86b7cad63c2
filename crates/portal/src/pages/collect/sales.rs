//! Sales, refunds and corrections: taken in from a file, and listed.

use super::visitor::{Answer, Visitor, alert, no, own_head, private, status, value};
use super::words;
use crate::form::pairs;
use crate::guard::elsewhere;
use crate::locale::{Money, day};
use crate::pages::Request as Asked;
use crate::problem::Problem;
use crate::say;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter_collect::event::Event;
use tidewaiter_collect::import::{self, Refused, Told};
use tidewaiter_collect::ledger::Entry;
use tidewaiter_collect::service::{Error, Operation};
use tidewaiter_collect::store::Taken;

/// How many entries a page shows.
const SHOWN: u64 = 50;
/// Longest name of a file that is shown again.
const LONGEST_NAME: usize = 100;

/// A file with one sale and its refund, as an example.
pub(super) const EXAMPLE: &str = "\
kind,document,date,of,to,from,currency,goods,shipping,all,charge,scheme,rate,rate_type,net,amount
sale,1001,2026-10-05,,FR,CN,EUR,25.00,4.90,,eu.vat,eu.ioss,20 %,standard,29.90,5.98
refund,R-1,2026-10-12,1001,,,,,,yes,,,,,,
";

/// What came of a file.
enum Came {
    Nothing,
    Kept(String, Taken, Told, Vec<String>),
    Refused(String, Refused),
    Not(Error),
    Empty,
}

/// The page.
pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    page(&asked, &visitor, &Came::Nothing).await
}

async fn page(asked: &Asked, visitor: &Visitor, came: &Came) -> Answer {
    let lang = asked.lang;
    let fields = pairs(&asked.query);
    let after: u64 = value(&fields, "after").parse().unwrap_or(0);
    let entries = visitor.house.service.entries(&visitor.caller, &visitor.seller, after, SHOWN + 1).await;
    let entries = entries.map_err(|error| no(&asked.desk, &error))?;
    let title = say!(lang, COLLECT_SALES);
    let body = html! {
        (own_head(asked, visitor, &title))
        (outcome(asked, came))
        @if visitor.may(Operation::Record) {
            section.card.stack {
                h2 { (say!(lang, COLLECT_UPLOAD)) }
                form method="post" action=(asked.to("/collect/sales")) enctype="multipart/form-data" {
                    div.field {
                        label for="file" { (say!(lang, COLLECT_FILE)) }
                        input id="file" name="file" type="file" accept=".csv,text/csv,text/plain" required aria-describedby="hint-file";
                        span.hint id="hint-file" { (say!(lang, COLLECT_FILE_HINT)) }
                    }
                    div.row { button type="submit" { (say!(lang, COLLECT_UPLOAD_SEND)) } }
                }
                details {
                    summary { (say!(lang, COLLECT_FILE_FORM)) }
                    p { (say!(lang, COLLECT_FILE_FORM_SAYS)) }
                    pre tabindex="0" aria-label=(say!(lang, COLLECT_FILE_FORM)) { code { (EXAMPLE) } }
                }
            }
        }
        section.stack {
            h2 #entries { (say!(lang, COLLECT_ENTRIES)) }
            @if entries.is_empty() { p.nothing { (say!(lang, COLLECT_NO_ENTRIES)) } } @else { (list(asked, &entries)) }
            @if entries.len() as u64 > SHOWN {
                @let last = entries.iter().rev().nth(1).map_or(0, |one| one.seq);
                p { a.button.second href={ (asked.to("/collect/sales")) "?after=" (last) "#entries" } { (say!(lang, COLLECT_NEXT)) } }
            }
            @if after > 0 { p { a href=(asked.to("/collect/sales")) { (say!(lang, COLLECT_FIRST)) } } }
        }
    };
    let code = match came {
        Came::Nothing | Came::Kept(..) => StatusCode::OK,
        Came::Refused(..) | Came::Empty => StatusCode::UNPROCESSABLE_ENTITY,
        Came::Not(error) => status(&asked.desk, error),
    };
    Ok(private(asked, code, &title, body))
}

fn outcome(asked: &Asked, came: &Came) -> Markup {
    let lang = asked.lang;
    html! {
        @match came {
            Came::Nothing => {}
            Came::Empty => p.note.stop role="alert" tabindex="-1" autofocus { (say!(lang, COLLECT_FILE_EMPTY)) },
            Came::Not(error) => (alert(asked, error)),
            Came::Kept(name, taken, told, doubts) => {
                section.note.good.stack role="status" {
                    p { strong { (say!(lang, COLLECT_TAKEN, name = name.as_str(), count = taken.recorded)) } }
                    p { (say!(lang, COLLECT_TAKEN_OF, sales = told.sales, refunds = told.refunds, corrections = told.corrections)) }
                    @if taken.known > 0 { p { (say!(lang, COLLECT_TAKEN_KNOWN, count = taken.known)) } }
                    @if !told.notes.is_empty() { ul { @for note in &told.notes { li { (lang.foreign(note)) } } } }
                }
                @if !doubts.is_empty() {
                    section.note.care.stack {
                        p { strong { (say!(lang, COLLECT_DOUBTS)) } }
                        ul { @for doubt in doubts { li { (lang.foreign(doubt)) } } }
                    }
                }
            }
            Came::Refused(name, refused) => {
                div.note.stop.stack role="alert" tabindex="-1" autofocus {
                    p { strong { (say!(lang, COLLECT_FILE_REFUSED, name = name.as_str())) } }
                    div.scroll tabindex="0" role="group" aria-label=(say!(lang, COLLECT_FAULTS)) {
                        table {
                            thead { tr { th scope="col" { (say!(lang, COLLECT_LINE)) } th scope="col" { (say!(lang, COLLECT_COLUMN)) } th scope="col" { (say!(lang, COLLECT_WRONG)) } } }
                            tbody { @for one in &refused.faults { tr { td { (one.row) } td { code { (one.column) } } td { (lang.foreign(&one.says)) } } } }
                        }
                    }
                    @if refused.more > 0 { p { (say!(lang, COLLECT_FAULTS_MORE, count = refused.more)) } }
                }
            }
        }
    }
}

/// Takes a file in: all of it, or nothing.
pub(super) async fn take(asked: Asked, request: Request) -> Answer {
    elsewhere::refuse(request.headers(), &asked.desk.settings).map_err(Problem::into_response)?;
    let headers = request.headers().clone();
    let visitor = Visitor::of(&asked, &headers).await?;
    if !visitor.may(Operation::Record) {
        return Err(no(&asked.desk, &Error::NotYours));
    }
    let Some((name, bytes)) = file(request).await? else { return page(&asked, &visitor, &Came::Empty).await };
    let came = match import::events(bytes.as_ref()) {
        Err(refused) => Came::Refused(name, refused),
        Ok((events, told)) => {
            let service = &visitor.house.service;
            let book = asked.desk.book();
            let (caller, seller) = (&visitor.caller, &visitor.seller);
            let done = service.record_telling(caller, seller, &name, &events, &book, Timestamp::now()).await;
            match done {
                Ok((taken, doubts)) => Came::Kept(name, taken, told, doubts),
                Err(error @ (Error::Store(_) | Error::Wrong(_) | Error::Stands(_))) => Came::Not(error),
                Err(error) => return Err(no(&asked.desk, &error)),
            }
        }
    };
    page(&asked, &visitor, &came).await
}

/// The first file of a form that is not empty.
async fn file(request: Request) -> Result<Option<(String, axum::body::Bytes)>, Response> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|why| why.into_response())?;
    while let Some(part) = parts.next_field().await.map_err(|why| why.into_response())? {
        let name: String =
            part.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        let bytes = part.bytes().await.map_err(|why| why.into_response())?;
        if !bytes.is_empty() {
            return Ok(Some((name, bytes)));
        }
    }
    Ok(None)
}

fn list(asked: &Asked, entries: &[Entry]) -> Markup {
    let lang = asked.lang;
    let book = asked.desk.book();
    html! {
        table.ledger aria-labelledby="entries" {
            thead { tr {
                th scope="col" { (say!(lang, COLLECT_DOCUMENT)) }
                th scope="col" { (say!(lang, COLLECT_DAY)) }
                th scope="col" { (say!(lang, COLLECT_TO)) }
                th.n scope="col" { (say!(lang, COLLECT_GOODS)) }
                th.n scope="col" { (say!(lang, COLLECT_TAX)) }
            } }
            tbody {
                @for entry in entries.iter().take(usize::try_from(SHOWN).unwrap_or(usize::MAX)) {
                    @let (kind, document) = entry.event.name();
                    @let (to, goods, tax) = figures(&entry.event);
                    @let money = |one: Option<(Decimal, &str)>| one.map(|(amount, code)| Money::of(&book, lang, code).text(amount)).unwrap_or_default();
                    tr {
                        th scope="row" { (lang.word("collect-event", kind)) " " code { (document) } }
                        td data-label=(say!(lang, COLLECT_DAY)) { (day(lang, entry.event.date())) }
                        td data-label=[to.map(|_| say!(lang, COLLECT_TO))] { (words::place(lang, &book, to)) }
                        td.n data-label=[goods.map(|_| say!(lang, COLLECT_GOODS))] { (money(goods)) }
                        td.n data-label=[tax.map(|_| say!(lang, COLLECT_TAX))] { (money(tax)) }
                    }
                }
            }
        }
    }
}

/// An amount and its currency.
type Sum<'a> = (Decimal, &'a str);

/// Where to, the price and the tax of what was recorded, where it has them.
fn figures(event: &Event) -> (Option<&str>, Option<Sum<'_>>, Option<Sum<'_>>) {
    match event {
        Event::Sale(one) => {
            let tax = one.rows.iter().try_fold(Decimal::ZERO, |sum, row| sum.plus(row.amount)).ok();
            (Some(&one.to), Some((one.goods, &one.currency)), tax.map(|tax| (tax, one.currency.as_str())))
        }
        Event::Return(one) => (None, None, Some((one.owed, &one.currency))),
        Event::Payment(one) => (None, None, Some((one.amount, &one.currency))),
        _ => (None, None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_file_that_is_taken() {
        let (events, told) = import::events(EXAMPLE.as_bytes()).unwrap();
        assert_eq!((events.len(), told.sales, told.refunds), (2, 1, 1));
        assert!(matches!(&events[1], Event::Refund(one) if one.all));
    }
}
