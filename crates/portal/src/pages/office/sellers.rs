//! Who is registered with an authority: all of them, one with its returns, and all as a file.

use super::applications::answers;
use super::overview::applications_table;
use super::parts::{moment, scroll};
use super::returns::table;
use super::{Officer, Request, field, private};
use crate::form::pairs;
use crate::locale::{Lang, day};
use crate::say;
use axum::extract::{Path, Request as Sent};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use tidewaiter_collect::service::{Application, Error, Operation, Vendor};

/// Most rows on a page.
const MOST: usize = 500;

async fn vendors(officer: &Officer) -> Result<Vec<Vendor>, Response> {
    officer.house.service.vendors(&officer.caller, &officer.of.id).await.map_err(|error| officer.no(&error))
}

pub(super) async fn list(request: Request, headers: HeaderMap) -> Result<Response, Response> {
    let officer = Officer::of(request, &headers).await?;
    let lang = officer.request.lang;
    let all = vendors(&officer).await?;
    let asked = pairs(&officer.request.query);
    let wanted = field(&asked, "q").to_lowercase();
    let fits = |one: &&Vendor| {
        [&one.number, &one.name, &one.seller].iter().any(|text| text.to_lowercase().contains(wanted.as_str()))
    };
    let found: Vec<&Vendor> = all.iter().filter(fits).collect();
    let body = html! {
        form.row.find method="get" action=(officer.to("/sellers")) role="search" {
            div.field {
                label for="q" { (say!(lang, OFFICE_FIND)) }
                input id="q" name="q" type="search" value=(field(&asked, "q")) maxlength="100";
            }
            button.second type="submit" { (say!(lang, OFFICE_FIND_DO)) }
        }
        @if all.is_empty() { p.nothing { (say!(lang, OFFICE_SELLERS_NOTHING)) } }
        @else if found.is_empty() { p.nothing { (say!(lang, OFFICE_FOUND_NOTHING)) } }
        @else {
            (rows(&officer, &found))
            @if found.len() > MOST { p.note { (say!(lang, OFFICE_MORE_ROWS, shown = MOST, all = found.len())) } }
        }
        @if officer.may(Operation::ExportAuthority) && !all.is_empty() {
            form method="post" action=(officer.to("/sellers.csv")) {
                div.row { button.second type="submit" { (say!(lang, OFFICE_EXPORT)) } span.hint { (say!(lang, OFFICE_EXPORT_HINT)) } }
            }
        }
    };
    Ok(officer.page("/sellers", &say!(lang, OFFICE_TAB_SELLERS), None, body))
}

fn rows(officer: &Officer, all: &[&Vendor]) -> Markup {
    let lang = officer.request.lang;
    let columns = [
        say!(lang, OFFICE_COLUMN_SELLER),
        say!(lang, OFFICE_COLUMN_NUMBER),
        say!(lang, OFFICE_COLUMN_FROM),
        say!(lang, OFFICE_COLUMN_UNTIL),
        say!(lang, OFFICE_COLUMN_LAST),
    ];
    let table = html! {
        table.ledger {
            thead { tr { @for name in &columns { th scope="col" { (name) } } } }
            tbody {
                @for one in all.iter().take(MOST) {
                    tr {
                        th scope="row" { a href=(officer.to(&format!("/sellers/{}", one.seller))) { (one.name) } }
                        td data-label=(columns[1]) { code { (one.number) } }
                        td data-label=(columns[2]) { (day(lang, one.from)) }
                        td data-label=(columns[3]) { (until(lang, one)) }
                        td data-label=(columns[4]) { (last(lang, one)) }
                    }
                }
            }
        }
    };
    scroll(&say!(lang, OFFICE_TAB_SELLERS), table)
}

/// The last day on which a registration holds.
fn until(lang: Lang, one: &Vendor) -> Markup {
    match one.before.and_then(|before| before.yesterday().ok()) {
        Some(last) => html! { (day(lang, last)) },
        None => html! { span.none { (say!(lang, OFFICE_NO_END)) } },
    }
}

fn last(lang: Lang, one: &Vendor) -> Markup {
    match &one.last_return_at {
        Some(at) => moment(lang, at),
        None => html! { span.none { (say!(lang, OFFICE_NONE_YET)) } },
    }
}

pub(super) async fn show(
    request: Request,
    Path((_, seller)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let officer = Officer::of(request, &headers).await?;
    let (lang, today) = (officer.request.lang, officer.request.desk.today());
    let one = vendors(&officer).await?.into_iter().find(|one| one.seller == seller);
    let one = one.ok_or_else(|| officer.no(&Error::Nothing(seller.chars().take(80).collect())))?;
    let (service, caller, id) = (&officer.house.service, &officer.caller, officer.of.id.as_str());
    let mut expected = service.expected(caller, id, today).await.map_err(|error| officer.no(&error))?;
    expected.retain(|return_| return_.seller == one.seller);
    expected.sort_by_key(|return_| std::cmp::Reverse(return_.period.first()));
    let all = service.applications(caller, id).await.map_err(|error| officer.no(&error))?;
    let own: Vec<&Application> = all.iter().filter(|application| application.seller == one.seller).collect();
    let facts: [(String, Markup); 5] = [
        (say!(lang, OFFICE_COLUMN_NUMBER), html! { code { (one.number) } }),
        (say!(lang, OFFICE_COLUMN_FROM), html! { (day(lang, one.from)) }),
        (say!(lang, OFFICE_COLUMN_UNTIL), until(lang, &one)),
        (say!(lang, OFFICE_COLUMN_LAST), last(lang, &one)),
        (say!(lang, OFFICE_CHANGED), moment(lang, &one.changed_at)),
    ];
    let body = html! {
        dl.pairs { @for (name, value) in &facts { div { dt { (name) } dd { (value) } } } }
        section.stack aria-labelledby="returns" {
            h2 #returns { (say!(lang, OFFICE_TAB_RETURNS)) }
            @if expected.is_empty() { p.nothing { (say!(lang, OFFICE_RETURNS_NOTHING)) } } @else { (table(&officer, &expected, false)) }
        }
        section.stack aria-labelledby="particulars" {
            h2 #particulars { (say!(lang, OFFICE_PARTICULARS)) }
            (answers(lang, &officer.of.form, &one.answers))
        }
        section.stack aria-labelledby="applied" {
            h2 #applied { (say!(lang, OFFICE_TAB_APPLICATIONS)) }
            (applications_table(&officer, own.into_iter()))
        }
    };
    Ok(officer.page("/sellers", &one.name, Some(("/sellers", &say!(lang, OFFICE_TAB_SELLERS))), body))
}

/// All of them as CSV; that they were taken out stands in the log.
pub(super) async fn export(request: Request, sent: Sent) -> Result<Response, Response> {
    let officer = Officer::sends(request, sent.headers()).await?;
    let all = vendors(&officer).await?;
    let noted = officer.house.service.note_export(&officer.caller, &officer.of.id, "sellers.csv", Timestamp::now());
    noted.await.map_err(|error| officer.no(&error))?;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut written = out.write_record(["number", "name", "seller", "from", "before", "last_return_at"]);
    for one in &all {
        let before = day(one.before);
        let record = [
            one.number.as_str(),
            &one.name,
            &one.seller,
            &one.from.to_string(),
            &before,
            one.last_return_at.as_deref().unwrap_or_default(),
        ]
        .map(plain);
        written = written.and_then(|()| out.write_record(record));
    }
    let bytes = written.ok().and_then(|()| out.into_inner().ok());
    let bytes = bytes.ok_or_else(|| officer.no(&Error::Inside("the file cannot be written".into())))?;
    Ok(file(bytes, "text/csv; charset=utf-8", &format!("sellers-{}.csv", officer.of.id)))
}

/// A text that a spreadsheet does not take for a formula.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// A file that a browser keeps.
pub(super) fn file(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '-' }).collect();
    let mut answer = private(([(header::CONTENT_TYPE, kind)], bytes).into_response());
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_are_no_formulas() {
        assert_eq!(plain("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(plain("Mug Shop"), "Mug Shop");
    }
}
