//! One return as it was received: its figures, its receipt, and its other versions.

use super::parts::{moment, passed, period, scroll};
use super::sellers::file;
use super::{Officer, Request, field, fields};
use crate::locale::{Lang, Money, day, decimal};
use crate::pages::parts::{not_applicable, territory};
use crate::say;
use axum::extract::{Path, Request as Sent};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter_collect::service::{Declaration, DeclaredRow, Error, Operation, Received};
use tidewaiter_collect::{Definition, Period};

type Named = (String, String, String, u64);

fn read(of: &Named) -> Result<Period, Error> {
    of.2.parse().map_err(|_| Error::Nothing(of.2.chars().take(40).collect()))
}

pub(super) async fn show(request: Request, Path(of): Path<Named>, headers: HeaderMap) -> Result<Response, Response> {
    let officer = Officer::of(request, &headers).await?;
    let lang = officer.request.lang;
    let when = read(&of).map_err(|error| officer.no(&error))?;
    let (service, caller, id) = (&officer.house.service, &officer.caller, officer.of.id.as_str());
    let opened = service.open_return(caller, id, &of.1, when, of.3).await.map_err(|error| officer.no(&error))?;
    let mut versions = service.received(caller, id).await.map_err(|error| officer.no(&error))?;
    versions.retain(|one| one.seller == of.1 && one.period == when);
    let vendors = service.vendors(caller, id).await.map_err(|error| officer.no(&error))?;
    let name = vendors.iter().find(|one| one.seller == of.1).map_or(of.1.as_str(), |one| one.name.as_str());
    let received = &opened.received;
    let title = say!(lang, OFFICE_RETURN, name = name, period = period(lang, when));
    let money = Money::of(&officer.request.desk.book(), lang, &received.currency);
    let declared: Option<Declaration> = serde_json::from_value(opened.document.clone()).ok();
    let document = serde_json::to_string_pretty(&opened.document).unwrap_or_default();
    let receipt = serde_json::to_string_pretty(&opened.receipt).unwrap_or_default();
    let body = html! {
        (head(lang, received, &money))
        @if versions.iter().any(|one| one.n > of.3) { p.note.care { (say!(lang, OFFICE_AMENDED)) } }
        @match (&declared, service.definitions().get(&officer.of.scheme)) {
            (Some(declared), Some(definition)) => (figures(&officer, declared, definition, &money)),
            _ => p.note.care { (say!(lang, OFFICE_NO_FIGURES)) },
        }
        section.stack aria-labelledby="versions" {
            h2 #versions { (say!(lang, OFFICE_ALL_VERSIONS)) }
            ul.plain {
                @for one in &versions {
                    li {
                        @let words = say!(lang, OFFICE_VERSION, number = one.n.to_string());
                        @if one.n == of.3 { strong { (words) } } @else { a href=(officer.to(&format!("/returns/{}/{}/{}", of.1, when, one.n))) { (words) } }
                        (lang.colon()) (moment(lang, &one.at)) ", " (money.text(one.owed))
                    }
                }
            }
        }
        section.stack aria-labelledby="papers" {
            h2 #papers { (say!(lang, OFFICE_PAPERS)) }
            p { (say!(lang, OFFICE_RECEIPT_WHY)) }
            details { summary { (say!(lang, OFFICE_RECEIPT)) } pre tabindex="0" { (receipt) } }
            details { summary { (say!(lang, OFFICE_DOCUMENT)) } pre tabindex="0" { (document) } }
            @if officer.may(Operation::ExportAuthority) {
                form method="post" action=(officer.to(&format!("/returns/{}/{}/{}", of.1, when, of.3))) {
                    div.row {
                        button.second type="submit" name="take" value="document" { (say!(lang, OFFICE_TAKE_DOCUMENT)) }
                        button.second type="submit" name="take" value="receipt" { (say!(lang, OFFICE_TAKE_RECEIPT)) }
                    }
                    p.hint { (say!(lang, OFFICE_EXPORT_HINT)) }
                }
            }
        }
    };
    Ok(officer.page("/returns", &title, Some(("/returns", &say!(lang, OFFICE_TAB_RETURNS))), body))
}

/// The return or its receipt as a file; that it was taken out stands in the log.
pub(super) async fn export(request: Request, Path(of): Path<Named>, sent: Sent) -> Result<Response, Response> {
    let officer = Officer::sends(request, sent.headers()).await?;
    let when = read(&of).map_err(|error| officer.no(&error))?;
    let receipt = field(&fields(sent).await?, "take") == "receipt";
    let (service, caller, id) = (&officer.house.service, &officer.caller, officer.of.id.as_str());
    let opened = service.open_return(caller, id, &of.1, when, of.3).await.map_err(|error| officer.no(&error))?;
    let name =
        format!("{}-{when}-{}-{}.json", opened.received.number, of.3, if receipt { "receipt" } else { "return" });
    service.note_export(caller, id, &name, Timestamp::now()).await.map_err(|error| officer.no(&error))?;
    // The return byte for byte: the receipt names its hash.
    let bytes = if receipt { serde_json::to_vec_pretty(&opened.receipt) } else { Ok(opened.text.into_bytes()) };
    let bytes = bytes.map_err(|error| officer.no(&Error::Inside(error.to_string())))?;
    Ok(file(bytes, "application/json", &name))
}

fn head(lang: Lang, received: &Received, money: &Money) -> Markup {
    let facts: [(String, Markup); 6] = [
        (say!(lang, OFFICE_COLUMN_NUMBER), html! { code { (received.number) } }),
        (
            say!(lang, OFFICE_COLUMN_OWED),
            html! { strong.figure { (money.text(received.owed)) } @if received.nil { " " (say!(lang, OFFICE_NIL)) } },
        ),
        (say!(lang, OFFICE_COLUMN_CAME), moment(lang, &received.at)),
        (say!(lang, OFFICE_COLUMN_DUE), html! { (day(lang, received.due)) }),
        (
            say!(lang, OFFICE_COLUMN_STANDING),
            super::parts::standing(
                lang,
                if received.late {
                    tidewaiter_collect::service::Standing::Late
                } else {
                    tidewaiter_collect::service::Standing::InTime
                },
            ),
        ),
        (say!(lang, OFFICE_SHA), html! { code { (received.sha256) } }),
    ];
    html! { dl.pairs { @for (name, value) in &facts { div { dt { (name) } dd { (value) } } } } }
}

fn figures(officer: &Officer, declared: &Declaration, definition: &Definition, money: &Money) -> Markup {
    let lang = officer.request.lang;
    let faults = declared.faults(definition).unwrap_or_else(|error| vec![error.to_string()]);
    html! {
        section.stack aria-labelledby="figures" {
            h2 #figures { (say!(lang, OFFICE_FIGURES)) }
            p { (passed(lang, faults.is_empty())) " " (say!(lang, OFFICE_ADD_UP)) }
            @for says in &faults { p.fault { (lang.foreign(says)) } }
            @if declared.is_nil() { p.nothing { (say!(lang, OFFICE_NIL)) } }
            @if !declared.rows.is_empty() { (rows(officer, &declared.rows, money)) }
            @if !declared.boxes.is_empty() { (boxes(lang, declared, definition)) }
            @if !declared.corrections.is_empty() { (corrections(officer, declared, money)) }
        }
    }
}

fn rows(officer: &Officer, all: &[DeclaredRow], money: &Money) -> Markup {
    let lang = officer.request.lang;
    let book = officer.request.desk.book();
    let columns = [
        say!(lang, OFFICE_COLUMN_BUYER),
        say!(lang, OFFICE_COLUMN_SENT_FROM),
        say!(lang, OFFICE_COLUMN_RATE),
        say!(lang, OFFICE_COLUMN_NET, currency = money.code.as_str()),
        say!(lang, OFFICE_COLUMN_TAX, currency = money.code.as_str()),
    ];
    let place = |code: &Option<String>| match code {
        Some(code) => html! { (territory(lang, &book, code)) },
        None => not_applicable(lang),
    };
    let table = html! {
        table.ledger {
            thead { tr { @for (at, name) in columns.iter().enumerate() { th.n[at > 1] scope="col" { (name) } } } }
            tbody {
                @for one in all {
                    tr {
                        th scope="row" { (place(&one.member_state)) }
                        td data-label=(columns[1]) { (place(&one.dispatched_from)) }
                        td.n data-label=(columns[2]) { @match one.rate { Some(rate) => (crate::locale::percent(lang, rate.0)), None => (not_applicable(lang)) } }
                        td.n data-label=(columns[3]) { (money.number(one.net)) }
                        td.n data-label=(columns[4]) { (money.number(one.tax)) }
                    }
                }
            }
        }
    };
    scroll(&say!(lang, OFFICE_FIGURES), table)
}

fn boxes(lang: Lang, declared: &Declaration, definition: &Definition) -> Markup {
    let columns = [say!(lang, OFFICE_COLUMN_BOX), say!(lang, OFFICE_COLUMN_WHAT), say!(lang, OFFICE_COLUMN_AMOUNT)];
    let name = |key: &str| definition.boxes.iter().find(|rule| rule.key == key).map_or("", |rule| rule.name.as_str());
    let table = html! {
        table.ledger {
            thead { tr { @for (at, name) in columns.iter().enumerate() { th.n[at == 2] scope="col" { (name) } } } }
            tbody {
                @for one in &declared.boxes {
                    tr {
                        th scope="row" { (one.key) }
                        td data-label=(columns[1]) { (lang.foreign(name(&one.key))) }
                        td.n data-label=(columns[2]) { @match one.value { Some(value) => (decimal(lang, value)), None => (not_applicable(lang)) } }
                    }
                }
            }
        }
    };
    scroll(&say!(lang, OFFICE_FIGURES), table)
}

fn corrections(officer: &Officer, declared: &Declaration, money: &Money) -> Markup {
    let lang = officer.request.lang;
    let book = officer.request.desk.book();
    let columns = [
        say!(lang, OFFICE_COLUMN_PERIOD),
        say!(lang, OFFICE_COLUMN_BUYER),
        say!(lang, OFFICE_COLUMN_TAX, currency = money.code.as_str()),
    ];
    let signed = |tax: Decimal| money.number(tax);
    let table = html! {
        table.ledger {
            caption { (say!(lang, OFFICE_CORRECTIONS)) }
            thead { tr { @for (at, name) in columns.iter().enumerate() { th.n[at == 2] scope="col" { (name) } } } }
            tbody {
                @for one in &declared.corrections {
                    tr {
                        th scope="row" { (period(lang, one.period)) }
                        td data-label=(columns[1]) { (territory(lang, &book, &one.member_state)) }
                        td.n data-label=(columns[2]) { (signed(one.tax)) }
                    }
                }
            }
        }
    };
    scroll(&say!(lang, OFFICE_CORRECTIONS), table)
}
