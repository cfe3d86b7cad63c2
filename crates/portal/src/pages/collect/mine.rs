//! A seller's own page: what is due, registrations, applications, returns that were sent. The days also as a calendar.

use super::prepare::{attachment, name};
use super::visitor::{Answer, Visitor, days_late, no, own_head, private};
use super::words;
use crate::locale::{Lang, Money, day};
use crate::pages::Request as Asked;
use crate::say;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use tidewaiter_collect::deadline::{self, Deadline};
use tidewaiter_collect::ledger::Past;
use tidewaiter_collect::service::{Application, Authority, Error, Kind, Operation, Received, State};

/// How many months of coming days a calendar holds.
const MONTHS: u16 = 12;

/// Everything that the page shows.
struct Own {
    past: Past,
    open: Vec<Deadline>,
    coming: Vec<Deadline>,
    applications: Vec<Application>,
    sent: Vec<Received>,
    authorities: Vec<Authority>,
}

impl Own {
    async fn of(visitor: &Visitor, today: Date) -> Result<Self, Error> {
        let (service, caller, seller) = (&visitor.house.service, &visitor.caller, visitor.seller.as_str());
        let past = service.past(caller, seller).await?;
        let open = service.open_returns(caller, seller, today).await?;
        let mut coming: Vec<Deadline> = past
            .schemes()
            .filter_map(|scheme| service.definitions().get(scheme))
            .filter(|rules| {
                past.registration(&rules.scheme.key).is_some_and(|one| one.before.is_none_or(|ends| ends > today))
            })
            .flat_map(|rules| deadline::coming(rules, &past, today, MONTHS))
            .collect();
        coming.sort_by(|one, other| (one.due, &one.scheme).cmp(&(other.due, &other.scheme)));
        Ok(Self {
            open,
            coming,
            applications: service.own_applications(caller, seller).await?,
            sent: service.sent(caller, seller).await?,
            authorities: service.authorities().await?,
            past,
        })
    }
}

/// The authority here that registered a seller under a scheme.
pub(super) fn registered_with<'a>(
    applications: &[Application],
    authorities: &'a [Authority],
    scheme: &str,
) -> Option<&'a Authority> {
    let mut accepted = applications.iter().filter(|one| one.kind == Kind::New && one.state == State::Accepted);
    accepted.find_map(|one| authorities.iter().find(|to| to.id == one.authority && to.scheme == scheme))
}

/// The page.
pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let lang = asked.lang;
    let today = asked.desk.today();
    let own = Own::of(&visitor, today).await.map_err(|error| no(&asked.desk, &error))?;
    let title = say!(lang, COLLECT_MINE);
    let body = html! {
        (own_head(&asked, &visitor, &title))
        section.stack { h2 #due { (say!(lang, COLLECT_IS_DUE)) } (due(&asked, &own, today)) }
        section.stack { h2 #registrations { (say!(lang, COLLECT_REGISTRATIONS)) } (registrations(&asked, &visitor, &own, today)) }
        @if !own.applications.is_empty() {
            section.stack { h2 #applications { (say!(lang, COLLECT_APPLICATIONS)) } (applications(&asked, &own)) }
        }
        @if !own.sent.is_empty() {
            section.stack { h2 #sent { (say!(lang, COLLECT_SENT)) } (sent(&asked, &own)) }
        }
    };
    Ok(private(&asked, StatusCode::OK, &title, body))
}

fn line(asked: &Asked, one: &Deadline, mark: &Markup) -> Markup {
    let lang = asked.lang;
    html! {
        tr {
            th scope="row" {
                a href={ (asked.to("/collect/return")) "?" (words::in_address(&one.scheme, one.period)) } { (name(asked, &one.scheme)) ", " (words::period(lang, one.period)) }
            }
            td data-label=(say!(lang, COLLECT_SEND_BY)) { (day(lang, one.due)) }
            td data-label=(say!(lang, COLLECT_PAY_BY)) { (day(lang, one.pay_by)) }
            td data-label=(say!(lang, COLLECT_STANDS)) { (mark) }
        }
    }
}

fn due(asked: &Asked, own: &Own, today: Date) -> Markup {
    let lang = asked.lang;
    // The first that comes of each scheme: the others are in the calendar.
    let mut next: Vec<&Deadline> = Vec::new();
    for one in own.coming.iter().filter(|one| one.period.last() >= today) {
        if !next.iter().any(|other| other.scheme == one.scheme) {
            next.push(one);
        }
    }
    if own.open.is_empty() && next.is_empty() {
        return html! { p.nothing { (say!(lang, COLLECT_NOTHING_DUE)) } };
    }
    html! {
        @if own.open.is_empty() { p.note.good { (say!(lang, COLLECT_ALL_SENT)) } }
        table.ledger aria-labelledby="due" {
            thead { tr {
                th scope="col" { (say!(lang, COLLECT_RETURN)) }
                th scope="col" { (say!(lang, COLLECT_SEND_BY)) }
                th scope="col" { (say!(lang, COLLECT_PAY_BY)) }
                th scope="col" { (say!(lang, COLLECT_STANDS)) }
            } }
            tbody {
                @for one in &own.open { (line(asked, one, &pressing(lang, one.due, today))) }
                @for one in next { (line(asked, one, &words::marked("", "–", &say!(lang, COLLECT_RUNNING)))) }
            }
        }
        p { a href=(asked.to("/collect/calendar.ics")) { (say!(lang, COLLECT_CALENDAR)) } " " span.quiet.small { (say!(lang, COLLECT_HOLIDAYS)) } }
    }
}

/// How pressing a return is: in a word with a sign, and in colour besides.
pub(super) fn pressing(lang: Lang, due: Date, today: Date) -> Markup {
    let late = days_late(due, today);
    match late {
        1.. => words::marked("stop", "✕", &say!(lang, COLLECT_IS_LATE, days = late)),
        0 => words::marked("care", "!", &say!(lang, COLLECT_DUE_TODAY)),
        _ => words::marked("care", "!", &say!(lang, COLLECT_DUE_IN, days = -late)),
    }
}

fn registrations(asked: &Asked, visitor: &Visitor, own: &Own, today: Date) -> Markup {
    let lang = asked.lang;
    let may = visitor.may(Operation::Apply);
    let all: Vec<_> = own.past.schemes().filter_map(|scheme| own.past.registration(scheme)).collect();
    html! {
        @if all.is_empty() {
            p.nothing { (say!(lang, COLLECT_NO_REGISTRATION)) @if may { " " a href=(asked.to("/collect/apply")) { (say!(lang, COLLECT_APPLY)) } } }
        } @else {
            table.ledger aria-labelledby="registrations" {
                thead { tr {
                    th scope="col" { (say!(lang, COLLECT_SCHEME)) }
                    th scope="col" { (say!(lang, COLLECT_NUMBER)) }
                    th scope="col" { (say!(lang, COLLECT_FROM_DAY)) }
                    th scope="col" { (say!(lang, COLLECT_STANDS)) }
                    th scope="col" { (say!(lang, COLLECT_DO)) }
                } }
                tbody {
                    @for one in all {
                        @let with = registered_with(&own.applications, &own.authorities, &one.scheme);
                        @let is_over = one.before.is_some_and(|before| before <= today);
                        tr {
                            th scope="row" { a href={ (asked.to("/collect/scheme/")) (one.scheme) } { (name(asked, &one.scheme)) } @if let Some(state) = &one.member_state { " (" (state) ")" } }
                            td data-label=(say!(lang, COLLECT_NUMBER)) { code { (one.number) } }
                            td data-label=(say!(lang, COLLECT_FROM_DAY)) { (day(lang, one.from)) }
                            td data-label=(say!(lang, COLLECT_STANDS)) {
                                @match one.before {
                                    Some(before) if is_over => (words::marked("", "–", &say!(lang, COLLECT_ENDED, day = day(lang, before)))),
                                    Some(before) => (words::marked("care", "!", &say!(lang, COLLECT_ENDS_ON, day = day(lang, before)))),
                                    None => (words::marked("high", "✓", &say!(lang, COLLECT_HOLDS))),
                                }
                            }
                            td data-label=(say!(lang, COLLECT_DO)) {
                                @match with.filter(|_| may && !is_over) {
                                    Some(with) => {
                                        span.row {
                                            a href={ (asked.to("/collect/apply/")) (with.id) "?kind=change" } { (say!(lang, COLLECT_CHANGE)) }
                                            a href={ (asked.to("/collect/end/")) (with.id) } { (say!(lang, COLLECT_END)) }
                                        }
                                    }
                                    None if !is_over && with.is_none() => span.quiet.small { (say!(lang, COLLECT_ELSEWHERE)) },
                                    None => {}
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn applications(asked: &Asked, own: &Own) -> Markup {
    let lang = asked.lang;
    html! {
        table.ledger aria-labelledby="applications" {
            thead { tr {
                th scope="col" { (say!(lang, COLLECT_APPLICATION_TO)) }
                th scope="col" { (say!(lang, COLLECT_FOR)) }
                th scope="col" { (say!(lang, COLLECT_SENT_AT)) }
                th scope="col" { (say!(lang, COLLECT_STANDS)) }
            } }
            tbody {
                @for one in &own.applications {
                    @let to = own.authorities.iter().find(|to| to.id == one.authority).map_or(one.authority.as_str(), |to| to.name.as_str());
                    tr {
                        th scope="row" { a href={ (asked.to("/collect/application/")) (one.id) } { (to) } }
                        td data-label=(say!(lang, COLLECT_FOR)) { (words::kind(lang, one.kind)) }
                        td data-label=(say!(lang, COLLECT_SENT_AT)) { (words::moment(lang, &one.sent_at)) }
                        td data-label=(say!(lang, COLLECT_STANDS)) { (words::state(lang, one.state)) }
                    }
                }
            }
        }
    }
}

fn sent(asked: &Asked, own: &Own) -> Markup {
    let lang = asked.lang;
    let book = asked.desk.book();
    html! {
        table.ledger aria-labelledby="sent" {
            thead { tr {
                th scope="col" { (say!(lang, COLLECT_RETURN)) }
                th scope="col" { (say!(lang, COLLECT_SENT_AT)) }
                th.n scope="col" { (say!(lang, COLLECT_OWED)) }
                th scope="col" { (say!(lang, COLLECT_STANDS)) }
                th scope="col" { (say!(lang, COLLECT_DO)) }
            } }
            tbody {
                @for one in &own.sent {
                    @let scheme = own.authorities.iter().find(|to| to.id == one.authority).map_or(one.authority.as_str(), |to| to.scheme.as_str());
                    tr {
                        th scope="row" { a href={ (asked.to("/collect/receipt")) "?" (super::send::address(&one.authority, one.period, one.n)) } { (name(asked, scheme)) ", " (words::period(lang, one.period)) } }
                        td data-label=(say!(lang, COLLECT_SENT_AT)) { (words::moment(lang, &one.at)) }
                        td.n data-label=(say!(lang, COLLECT_OWED)) { (Money::of(&book, lang, &one.currency).text(one.owed)) }
                        td data-label=(say!(lang, COLLECT_STANDS)) {
                            @if one.late { (words::marked("care", "!", &say!(lang, COLLECT_WAS_LATE))) } @else { (words::marked("high", "✓", &say!(lang, COLLECT_IN_TIME))) }
                        }
                        td data-label=(say!(lang, COLLECT_DO)) { a href={ (asked.to("/collect/pay")) "?" (words::in_address(scheme, one.period)) } { (say!(lang, COLLECT_PAY)) } }
                    }
                }
            }
        }
    }
}

/// The days of a year as a calendar.
pub(super) async fn calendar(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let today = asked.desk.today();
    let own = Own::of(&visitor, today).await.map_err(|error| no(&asked.desk, &error))?;
    let mut all = own.open;
    for one in own.coming {
        if !all.iter().any(|other| other.scheme == one.scheme && other.period == one.period) {
            all.push(one);
        }
    }
    let text = deadline::calendar(&all, Timestamp::now());
    Ok(attachment("text/calendar; charset=utf-8", &format!("{}.ics", visitor.seller), text.into_bytes()))
}
