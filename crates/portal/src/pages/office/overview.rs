//! What waits for an authority, what is late, and how fresh all of it is.

use super::parts::{applicant, count, days_since, moment, period, scroll, standing, state};
use super::{Officer, Request};
use crate::locale::{Lang, day};
use crate::say;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use tidewaiter_collect::service::{Application, Expected, Standing, Vendor};

/// Rows of a list here; the whole list is a page of its own.
const FEW: usize = 8;

pub(super) async fn show(request: Request, headers: HeaderMap) -> Result<Response, Response> {
    let officer = Officer::of(request, &headers).await?;
    let (lang, today) = (officer.request.lang, officer.request.desk.today());
    let (service, caller, id) = (&officer.house.service, &officer.caller, officer.of.id.as_str());
    let no = |error| officer.no(&error);
    let applications = service.applications(caller, id).await.map_err(no)?;
    let expected = service.expected(caller, id, today).await.map_err(no)?;
    let vendors = service.vendors(caller, id).await.map_err(no)?;
    let received = service.received(caller, id).await.map_err(no)?;
    let files = service.border_files(caller, id).await.map_err(no)?;
    let mut waits: Vec<&Application> = applications.iter().filter(|one| one.state.is_open()).collect();
    waits.sort_by(|one, other| one.sent_at.cmp(&other.sent_at));
    let missing: Vec<&Expected> = expected.iter().filter(|one| one.standing == Standing::Missing).collect();
    let body = html! {
        (tallies(&officer, &waits, &vendors, &expected, today))
        section.stack aria-labelledby="fresh" {
            h2 #fresh { (say!(lang, OFFICE_FRESH)) }
            dl.pairs {
                (fresh(lang, &say!(lang, OFFICE_FRESH_RETURN), received.first().map(|one| one.at.as_str()), today))
                (fresh(lang, &say!(lang, OFFICE_FRESH_BORDER), files.first().map(|one| one.at.as_str()), today))
                (fresh(lang, &say!(lang, OFFICE_FRESH_OLDEST), waits.first().map(|one| one.sent_at.as_str()), today))
            }
        }
        section.stack aria-labelledby="waits" {
            h2 #waits { (say!(lang, OFFICE_WAITS)) }
            @if waits.is_empty() { p.nothing { (say!(lang, OFFICE_WAITS_NOTHING)) } }
            @else { (applications_table(&officer, waits.iter().take(FEW).copied())) }
            p { a href=(officer.to("/applications")) { (say!(lang, OFFICE_ALL_APPLICATIONS)) } }
        }
        section.stack aria-labelledby="missing" {
            h2 #missing { (say!(lang, OFFICE_MISSING)) }
            @if missing.is_empty() { p.nothing { (say!(lang, OFFICE_MISSING_NOTHING)) } }
            @else { (missing_table(&officer, missing.iter().take(FEW).copied())) }
            p { a href=(officer.to("/returns")) { (say!(lang, OFFICE_ALL_RETURNS)) } }
        }
    };
    Ok(officer.page("", &say!(lang, OFFICE_TITLE), None, body))
}

fn tallies(
    officer: &Officer,
    waits: &[&Application],
    vendors: &[Vendor],
    expected: &[Expected],
    today: Date,
) -> Markup {
    let lang = officer.request.lang;
    let size = |number: usize| count(lang, u64::try_from(number).unwrap_or(u64::MAX));
    let hold = vendors.iter().filter(|one| one.before.is_none_or(|before| before > today)).count();
    let of = |is: Standing| size(expected.iter().filter(|one| one.standing == is).count());
    let returns = |is: Standing| officer.to(&format!("/returns?standing={}", is.word()));
    html! {
        dl.tallies.office {
            div { dt { a href=(officer.to("/applications")) { (say!(lang, OFFICE_TALLY_WAIT)) } } dd { (size(waits.len())) } }
            @for is in [Standing::Missing, Standing::Late, Standing::Open] {
                div { dt { a href=(returns(is)) { (lang.word("office-tally", is.word())) } } dd { (of(is)) } }
            }
            div { dt { a href=(officer.to("/sellers")) { (say!(lang, OFFICE_TALLY_SELLERS)) } } dd { (size(hold)) } }
        }
    }
}

fn fresh(lang: Lang, what: &str, at: Option<&str>, today: Date) -> Markup {
    html! {
        div {
            dt { (what) }
            dd {
                @match at {
                    Some(at) => {
                        (moment(lang, at))
                        @if let Some(days) = days_since(at, today) { " (" (say!(lang, OFFICE_AGO, days = days)) ")" }
                    },
                    None => span.none { (say!(lang, OFFICE_NONE_YET)) },
                }
            }
        }
    }
}

/// Applications, each with the way to its page.
pub(super) fn applications_table<'a>(officer: &Officer, all: impl Iterator<Item = &'a Application>) -> Markup {
    let lang = officer.request.lang;
    let columns = [
        say!(lang, OFFICE_COLUMN_SELLER),
        say!(lang, OFFICE_COLUMN_KIND),
        say!(lang, OFFICE_COLUMN_STATE),
        say!(lang, OFFICE_COLUMN_SENT),
        say!(lang, OFFICE_COLUMN_FROM),
    ];
    scroll(
        &say!(lang, OFFICE_TAB_APPLICATIONS),
        html! {
            table.ledger {
                thead { tr { @for name in &columns { th scope="col" { (name) } } } }
                tbody {
                    @for one in all {
                        tr {
                            th scope="row" { a href=(officer.to(&format!("/applications/{}", one.id))) { (applicant(one)) } " " span.quiet.small { (one.id) } }
                            td data-label=(columns[1]) { (lang.word("office-kind", one.kind.word())) }
                            td data-label=(columns[2]) { (state(lang, one.state)) }
                            td data-label=(columns[3]) { (moment(lang, &one.sent_at)) }
                            td data-label=(columns[4]) { (day(lang, one.day)) }
                        }
                    }
                }
            }
        },
    )
}

fn missing_table<'a>(officer: &Officer, all: impl Iterator<Item = &'a Expected>) -> Markup {
    let lang = officer.request.lang;
    let columns = [
        say!(lang, OFFICE_COLUMN_SELLER),
        say!(lang, OFFICE_COLUMN_PERIOD),
        say!(lang, OFFICE_COLUMN_DUE),
        say!(lang, OFFICE_COLUMN_STANDING),
    ];
    scroll(
        &say!(lang, OFFICE_MISSING),
        html! {
            table.ledger {
                thead { tr { @for name in &columns { th scope="col" { (name) } } } }
                tbody {
                    @for one in all {
                        tr {
                            th scope="row" { a href=(officer.to(&format!("/sellers/{}", one.seller))) { (one.name) } " " span.quiet.small { (one.number) } }
                            td data-label=(columns[1]) { (period(lang, one.period)) }
                            td data-label=(columns[2]) { (day(lang, one.due)) }
                            td data-label=(columns[3]) { (standing(lang, one.standing)) }
                        }
                    }
                }
            }
        },
    )
}
