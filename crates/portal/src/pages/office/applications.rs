//! Applications: all of them, and one with the decision.

use super::checks::checks;
use super::form::ADDRESS;
use super::overview::applications_table;
use super::parts::{alert, applicant, moment, state};
use super::{Officer, Request, field, fields, with};
use crate::locale::{Lang, day};
use crate::say;
use axum::extract::{Path, Request as Sent};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use tidewaiter_collect::apply::{Answers, Form};
use tidewaiter_collect::service::{Application, Error, Kind, Operation, Verdict};

/// Longest word of an officer.
const LONGEST_SAYS: usize = 2000;

pub(super) async fn list(request: Request, headers: HeaderMap) -> Result<Response, Response> {
    let officer = Officer::of(request, &headers).await?;
    let lang = officer.request.lang;
    let all = officer.house.service.applications(&officer.caller, &officer.of.id).await;
    let all = all.map_err(|error| officer.no(&error))?;
    let (waits, decided): (Vec<&Application>, Vec<&Application>) = all.iter().partition(|one| one.state.is_open());
    let body = html! {
        section.stack aria-labelledby="waits" {
            h2 #waits { (say!(lang, OFFICE_WAITS)) }
            @if waits.is_empty() { p.nothing { (say!(lang, OFFICE_WAITS_NOTHING)) } }
            @else { (applications_table(&officer, waits.into_iter())) }
        }
        section.stack aria-labelledby="decided" {
            h2 #decided { (say!(lang, OFFICE_DECIDED)) }
            @if decided.is_empty() { p.nothing { (say!(lang, OFFICE_DECIDED_NOTHING)) } }
            @else { (applications_table(&officer, decided.into_iter())) }
        }
    };
    Ok(officer.page("/applications", &say!(lang, OFFICE_TAB_APPLICATIONS), None, body))
}

/// What an officer wrote that was not taken.
#[derive(Default)]
struct Tried {
    number: String,
    from: String,
    says: String,
    wrong: Vec<String>,
}

pub(super) async fn show(
    request: Request,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let officer = Officer::of(request, &headers).await?;
    let one = found(&officer, &id).await?;
    Ok(whole(&officer, &one, &Tried::default()))
}

async fn found(officer: &Officer, id: &str) -> Result<Application, Response> {
    let all = officer.house.service.applications(&officer.caller, &officer.of.id).await;
    let all = all.map_err(|error| officer.no(&error))?;
    let one = all.into_iter().find(|one| one.id == id);
    one.ok_or_else(|| officer.no(&Error::Nothing(id.chars().take(80).collect())))
}

pub(super) async fn decide(
    request: Request,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Response> {
    let officer = Officer::sends(request, sent.headers()).await?;
    let written = fields(sent).await?;
    let text = |name: &str| field(&written, name).to_owned();
    let tried = Tried { number: text("number"), from: text("from"), says: text("says"), wrong: Vec::new() };
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let says = tried.says.clone();
    let verdict = match (field(&written, "decision"), tried.from.parse()) {
        ("accept", Err(_)) if !tried.from.is_empty() => Err(say!(officer.request.lang, OFFICE_NO_DAY)),
        ("accept", from) => Ok(Verdict::Accept { number: some(&tried.number), from: from.ok() }),
        ("refuse", _) => Ok(Verdict::Refuse { says }),
        ("ask", _) => Ok(Verdict::Ask { says }),
        _ => Err(say!(officer.request.lang, OFFICE_NO_DECISION)),
    };
    let done = match verdict {
        Ok(verdict) => officer.house.service.decide(&officer.caller, &id, &verdict, Timestamp::now()).await,
        Err(says) => Err(Error::Wrong(says)),
    };
    match done {
        Ok(_) => Ok(officer.go(&format!("/applications/{id}"))),
        Err(error @ (Error::Wrong(_) | Error::Stands(_) | Error::NoNumber(_))) => {
            let one = found(&officer, &id).await?;
            let tried = Tried { wrong: vec![error.to_string()], ..tried };
            Ok(with(StatusCode::UNPROCESSABLE_ENTITY, whole(&officer, &one, &tried)))
        }
        Err(error) => Err(officer.no(&error)),
    }
}

fn whole(officer: &Officer, one: &Application, tried: &Tried) -> Response {
    let lang = officer.request.lang;
    let title = say!(lang, OFFICE_APPLICATION, name = applicant(one), id = one.id.as_str());
    let facts: [(String, Markup); 5] = [
        (say!(lang, OFFICE_COLUMN_KIND), html! { (lang.word("office-kind", one.kind.word())) }),
        (say!(lang, OFFICE_COLUMN_STATE), state(lang, one.state)),
        (say!(lang, OFFICE_COLUMN_SENT), moment(lang, &one.sent_at)),
        (
            if one.kind == Kind::End { say!(lang, OFFICE_COLUMN_BEFORE) } else { say!(lang, OFFICE_COLUMN_FROM) },
            html! { (day(lang, one.day)) },
        ),
        (say!(lang, OFFICE_SHORT_NAME), html! { code { (one.seller) } }),
    ];
    let body = html! {
        (alert(lang, &tried.wrong))
        dl.pairs {
            @for (name, value) in &facts { div { dt { (name) } dd { (value) } } }
            @if let Some(at) = &one.decided_at { div { dt { (say!(lang, OFFICE_DECIDED_AT)) } dd { (moment(lang, at)) @if let Some(by) = &one.decided_by { ", " (by) } } } }
            @if let Some(number) = &one.number { div { dt { (say!(lang, OFFICE_COLUMN_NUMBER)) } dd { code { (number) } } } }
            @if let Some(says) = &one.says { div { dt { (say!(lang, OFFICE_SAID)) } dd.said { (says) } } }
        }
        section.stack aria-labelledby="answers" {
            h2 #answers { (say!(lang, OFFICE_ANSWERS)) }
            (answers(lang, &officer.of.form, &one.answers))
        }
        @if one.kind != Kind::End { (checks(officer, one)) }
        @if one.state.is_open() && officer.may(Operation::Decide) { (decision(officer, one, tried)) }
        @else if one.state.is_open() { p.note { (say!(lang, OFFICE_READ_ONLY)) } }
    };
    officer.page("/applications", &title, Some(("/applications", &say!(lang, OFFICE_TAB_APPLICATIONS))), body)
}

/// Answers beside the words of the form; what the form of today does not ask stands at the end by its key.
pub(super) fn answers(lang: Lang, form: &Form, answers: &Answers) -> Markup {
    let is_of =
        |key: &str, field: &str| key == field || key.strip_prefix(field).is_some_and(|rest| rest.starts_with('.'));
    let others = answers.iter().filter(|(key, _)| !form.fields.iter().any(|field| is_of(key, &field.key)));
    html! {
        @if answers.is_empty() { p.nothing { (say!(lang, OFFICE_ANSWERS_NOTHING)) } }
        @else {
            dl.pairs {
                @for field in &form.fields {
                    @let own = parts(answers.iter().filter(|(key, _)| is_of(key, &field.key)).collect());
                    div {
                        dt { (lang.foreign(&field.label)) }
                        dd {
                            @for (at, (key, value)) in own.iter().enumerate() {
                                @if at > 0 { br; }
                                @if let Some((_, part)) = key.split_once('.') { span.quiet.small { (lang.word("office-part", part)) (lang.colon()) } }
                                @for (n, line) in value.lines().enumerate() { @if n > 0 { br; } (line) }
                            }
                            @if own.is_empty() { span.none { (say!(lang, OFFICE_EMPTY)) } }
                        }
                    }
                }
                @for (key, value) in others { div { dt { code { (key) } } dd { (value) } } }
            }
        }
    }
}

/// Parts of an address in the order in which it is written.
fn parts<'a>(mut own: Vec<(&'a String, &'a String)>) -> Vec<(&'a String, &'a String)> {
    own.sort_by_key(|(key, _)| key.split_once('.').and_then(|(_, part)| ADDRESS.iter().position(|one| *one == part)));
    own
}

fn decision(officer: &Officer, one: &Application, tried: &Tried) -> Markup {
    let lang = officer.request.lang;
    let action = officer.to(&format!("/applications/{}", one.id));
    let by_pattern = officer.of.form.numbers.as_deref();
    let is_new = one.kind == Kind::New;
    let day_label = if one.kind == Kind::End { say!(lang, OFFICE_COLUMN_BEFORE) } else { say!(lang, OFFICE_FIRST_DAY) };
    let from = if tried.from.is_empty() { one.day.to_string() } else { tried.from.clone() };
    html! {
        section.stack aria-labelledby="decide" {
            h2 #decide { (say!(lang, OFFICE_DECIDE)) }
            div.two {
                form.card method="post" action=(action) {
                    h3 { (say!(lang, OFFICE_ACCEPT)) }
                    @if is_new {
                        div.field {
                            label for="number" { (say!(lang, OFFICE_COLUMN_NUMBER)) }
                            input id="number" name="number" value=(tried.number) maxlength="40" autocomplete="off" aria-describedby="number-hint"
                                required[by_pattern.is_none()];
                            span.hint #number-hint {
                                @match by_pattern {
                                    Some(pattern) => { (say!(lang, OFFICE_NUMBER_MADE)) " " code { (pattern) } },
                                    None => (say!(lang, OFFICE_NUMBER_WRITE)),
                                }
                            }
                        }
                    }
                    @if one.kind != Kind::Change {
                        div.field {
                            label for="from" { (day_label) }
                            input id="from" name="from" type="date" value=(from) required;
                        }
                    }
                    div.row { button type="submit" name="decision" value="accept" { (say!(lang, OFFICE_ACCEPT)) } }
                }
                form.card method="post" action=(action) {
                    h3 { (say!(lang, OFFICE_ASK_OR_REFUSE)) }
                    div.field {
                        label for="says" { (say!(lang, OFFICE_SAYS)) }
                        textarea id="says" name="says" rows="5" maxlength=(LONGEST_SAYS) required aria-describedby="says-hint" { (tried.says) }
                        span.hint #says-hint { (say!(lang, OFFICE_SAYS_HINT)) }
                    }
                    div.row {
                        button.second type="submit" name="decision" value="ask" { (say!(lang, OFFICE_ASK)) }
                        button.second type="submit" name="decision" value="refuse" { (say!(lang, OFFICE_REFUSE)) }
                    }
                }
            }
        }
    }
}
