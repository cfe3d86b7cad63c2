//! What was seen at the border: files handed in, and what they say beside what was declared.

use super::found::found;
use super::parts::{alert, count, moment, scroll};
use super::{Officer, Request, field, with};
use crate::form::pairs;
use crate::say;
use axum::extract::{FromRequest as _, Multipart, Request as Sent};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use maud::{Markup, html};
use tidewaiter_collect::service::{Compared, Error, Operation, Uploaded};

/// How many per cent both may differ and still agree, where nothing is said.
const TOLERANCE: u8 = 5;
/// Months that are looked at, where nothing is said.
const MONTHS: i32 = 12;

/// What is looked at.
pub(super) struct Looked {
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) tolerance: u8,
    wrong: Vec<String>,
}

impl Looked {
    fn of(officer: &Officer) -> Self {
        let (lang, today) = (officer.request.lang, officer.request.desk.today());
        let asked = pairs(&officer.request.query);
        let mut wrong = Vec::new();
        let mut day = |name: &str, or: Date| match (field(&asked, name), field(&asked, name).parse()) {
            ("", _) => or,
            (_, Ok(day)) => day,
            _ => {
                wrong.push(say!(lang, OFFICE_NO_DAY));
                or
            }
        };
        let from = day("from", today.saturating_sub(MONTHS.months()).first_of_month());
        let to = day("to", today);
        let tolerance = match (field(&asked, "tolerance"), field(&asked, "tolerance").parse::<u8>()) {
            ("", _) => TOLERANCE,
            (_, Ok(percent)) if percent <= 100 => percent,
            _ => {
                wrong.push(say!(lang, OFFICE_NO_TOLERANCE));
                TOLERANCE
            }
        };
        Self { from, to, tolerance, wrong }
    }
}

pub(super) async fn show(request: Request, headers: HeaderMap) -> Result<Response, Response> {
    let officer = Officer::of(request, &headers).await?;
    whole(&officer, Vec::new()).await
}

async fn whole(officer: &Officer, mut wrong: Vec<String>) -> Result<Response, Response> {
    let lang = officer.request.lang;
    let looked = Looked::of(officer);
    wrong.extend(looked.wrong.iter().cloned());
    let (service, caller, id) = (&officer.house.service, &officer.caller, officer.of.id.as_str());
    let files = service.border_files(caller, id).await.map_err(|error| officer.no(&error))?;
    let compared = service.compare(caller, id, looked.from, looked.to, looked.tolerance).await;
    let compared: Vec<Compared> = compared.map_err(|error| officer.no(&error))?;
    let body = html! {
        (alert(lang, &wrong))
        p.lede { (say!(lang, OFFICE_BORDER_LEDE)) }
        (question(officer, &looked))
        @if files.is_empty() { p.nothing { (say!(lang, OFFICE_BORDER_NOTHING)) } }
        @else { (found(officer, &compared)) }
        section.stack aria-labelledby="files" {
            h2 #files { (say!(lang, OFFICE_FILES)) }
            @if files.is_empty() { p.nothing { (say!(lang, OFFICE_FILES_NOTHING)) } } @else { (table(officer, &files)) }
            @if officer.may(Operation::UploadBorder) { (upload(officer)) } @else { p.note { (say!(lang, OFFICE_READ_ONLY)) } }
        }
    };
    Ok(officer.page("/border", &say!(lang, OFFICE_TAB_BORDER), None, body))
}

fn question(officer: &Officer, looked: &Looked) -> Markup {
    let lang = officer.request.lang;
    html! {
        form.row.find method="get" action=(officer.to("/border")) {
            div.field { label for="from" { (say!(lang, OFFICE_FROM_DAY)) } input id="from" name="from" type="date" value=(looked.from); }
            div.field { label for="to" { (say!(lang, OFFICE_TO_DAY)) } input id="to" name="to" type="date" value=(looked.to); }
            div.field {
                label for="tolerance" { (say!(lang, OFFICE_TOLERANCE)) }
                input id="tolerance" name="tolerance" inputmode="numeric" value=(looked.tolerance) maxlength="3";
            }
            button.second type="submit" { (say!(lang, OFFICE_SHOW)) }
        }
    }
}

fn table(officer: &Officer, files: &[Uploaded]) -> Markup {
    let lang = officer.request.lang;
    let columns = [
        say!(lang, OFFICE_COLUMN_FILE),
        say!(lang, OFFICE_COLUMN_TAKEN),
        say!(lang, OFFICE_COLUMN_LINES),
        say!(lang, OFFICE_SHA),
    ];
    let rows = html! {
        table.ledger {
            thead { tr { @for (at, name) in columns.iter().enumerate() { th.n[at == 2] scope="col" { (name) } } } }
            tbody {
                @for one in files {
                    tr {
                        th scope="row" { (one.name) }
                        td data-label=(columns[1]) { (moment(lang, &one.at)) }
                        td.n data-label=(columns[2]) { (count(lang, one.lines)) }
                        td data-label=(columns[3]) { code title=(one.sha256) { (one.sha256.get(..16).unwrap_or_default()) "…" } }
                    }
                }
            }
        }
    };
    scroll(&say!(lang, OFFICE_FILES), rows)
}

fn upload(officer: &Officer) -> Markup {
    let lang = officer.request.lang;
    let most = officer.request.desk.settings.batch_bytes >> 20;
    html! {
        form.card method="post" enctype="multipart/form-data" action=(officer.to("/border")) {
            h3 { (say!(lang, OFFICE_UPLOAD)) }
            div.fields {
                div.field.w6 {
                    label for="file" { (say!(lang, OFFICE_UPLOAD_FILE, most = most)) }
                    input id="file" name="file" type="file" accept=".csv,text/csv" required aria-describedby="file-hint";
                }
                div.field.w6 {
                    label for="name" { (say!(lang, OFFICE_UPLOAD_NAME)) }
                    input id="name" name="name" maxlength="200" autocomplete="off" aria-describedby="name-hint";
                    span.hint #name-hint { (say!(lang, OFFICE_UPLOAD_NAME_HINT)) }
                }
                div.w12.stack #file-hint {
                    p.hint { (say!(lang, OFFICE_UPLOAD_HINT)) }
                    pre tabindex="0" { "number,month,buyer,currency,consignments,value\nIM3720000012,2026-10,NL,EUR,120,5210.50\n" }
                }
            }
            div.row { button type="submit" { (say!(lang, OFFICE_UPLOAD_DO)) } }
        }
    }
}

pub(super) async fn take(request: Request, sent: Sent) -> Result<Response, Response> {
    let officer = Officer::sends(request, sent.headers()).await?;
    let lang = officer.request.lang;
    let mut parts = Multipart::from_request(sent, &()).await.map_err(|no| no.into_response())?;
    let (mut name, mut given, mut file) = (String::new(), String::new(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(|no| no.into_response())? {
        match part.name() {
            Some("file") => {
                given = part.file_name().unwrap_or_default().to_owned();
                file = part.bytes().await.map_err(|no| no.into_response())?.to_vec();
            }
            Some("name") => name = part.text().await.map_err(|no| no.into_response())?.trim().to_owned(),
            _ => {}
        }
    }
    if file.is_empty() {
        let page = whole(&officer, vec![say!(lang, OFFICE_UPLOAD_EMPTY)]).await?;
        return Ok(with(StatusCode::UNPROCESSABLE_ENTITY, page));
    }
    let name = if name.is_empty() { given } else { name };
    let id = officer.of.id.as_str();
    match officer.house.service.upload_border(&officer.caller, id, &name, &file, Timestamp::now()).await {
        Ok(_) => Ok(officer.go("/border")),
        Err(Error::Lines(faults)) => {
            let says = |(line, says): (u64, String)| say!(lang, OFFICE_LINE, line = line.to_string(), says = says);
            let page = whole(&officer, faults.into_iter().map(says).collect()).await?;
            Ok(with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
        Err(error @ Error::Wrong(_)) => {
            let page = whole(&officer, vec![error.to_string()]).await?;
            Ok(with(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
        Err(error) => Err(officer.no(&error)),
    }
}
