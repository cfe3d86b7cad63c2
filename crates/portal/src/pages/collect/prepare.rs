//! Authorities that are not here: the same form prepares what their portal asks for, and the number that they gave is recorded.

use super::apply::{begun, particulars};
use super::field::{Filled, answers, hidden};
use super::start::SCHEMES;
use super::visitor::{Answer, Visitor, alert, is_country, no, nothing, own_head, posted, private, status, to, value};
use crate::form::Fields;
use crate::pages::Request as Asked;
use crate::say;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use std::fmt::Write as _;
use tidewaiter_collect::Definition;
use tidewaiter_collect::apply::{Answers, Beside, Form, Wrong};
use tidewaiter_collect::event::{Event, Registration};
use tidewaiter_collect::identifier::Verdict;
use tidewaiter_collect::service::{Error, Operation};

fn rules(key: &str) -> Option<&'static Definition> {
    SCHEMES.iter().find(|one| one.scheme.key == key)
}

/// The form.
pub(super) async fn show(asked: Asked, Path((_, key)): Path<(String, String)>, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let rules = rules(&key).ok_or_else(nothing)?;
    let fields = &rules.registration.field;
    let answers = begun(&asked, &visitor, fields, None).await.map_err(|error| no(&asked.desk, &error))?;
    Ok(page(&asked, &visitor, rules, &answers, &[]))
}

fn page(asked: &Asked, visitor: &Visitor, rules: &Definition, answers: &Answers, wrong: &[Wrong]) -> Response {
    let lang = asked.lang;
    let name = lang.name(&rules.scheme.name).unwrap_or_else(|| rules.scheme.name.clone());
    let title = say!(lang, COLLECT_PREPARE_TITLE, name = name);
    let filled = Filled { asked, answers, wrong };
    let body = html! {
        (own_head(asked, visitor, &title))
        p { (say!(lang, COLLECT_PREPARE_SAYS)) " " (lang.foreign(&rules.scheme.receives)) }
        (filled.summary(&rules.registration.field))
        form.card method="post" action=(asked.to(&asked.path)) {
            (filled.all(&rules.registration.field))
            div.row { button type="submit" { (say!(lang, COLLECT_PREPARE)) } }
        }
    };
    let code = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    private(asked, code, &title, body)
}

/// Checks the form, and gives what was written as a page or a file. Nothing of it is kept.
pub(super) async fn take(asked: Asked, Path((_, key)): Path<(String, String)>, request: Request) -> Answer {
    let headers = request.headers().clone();
    let fields = posted(&asked.desk, request).await?;
    let visitor = Visitor::of(&asked, &headers).await?;
    let rules = rules(&key).ok_or_else(nothing)?;
    let written = answers(&fields);
    let known = is_country(&asked.desk);
    let beside =
        Beside { identifiers: visitor.house.service.identifiers(), is_country: &known, today: asked.desk.today() };
    let kept = match Form::of(rules).check(&written, &beside) {
        Ok(kept) => kept,
        Err(wrong) => return Ok(page(&asked, &visitor, rules, &written, &wrong)),
    };
    if value(&fields, "as") == "text" {
        return Ok(file(rules, &kept));
    }
    let lang = asked.lang;
    let name = lang.name(&rules.scheme.name).unwrap_or_else(|| rules.scheme.name.clone());
    let title = say!(lang, COLLECT_PREPARED, name = name);
    let body = html! {
        (own_head(&asked, &visitor, &title))
        p { (say!(lang, COLLECT_PREPARED_SAYS)) }
        section.card.stack {
            (particulars(&asked, &rules.registration.field, &kept))
            form method="post" action=(asked.to(&asked.path)) {
                (hidden(&kept))
                input type="hidden" name="as" value="text";
                div.row { button type="submit" { (say!(lang, COLLECT_AS_TEXT)) } }
            }
        }
        @if let Some(url) = rules.registration.url.as_deref().filter(|url| url.starts_with("https://")) {
            p { (say!(lang, COLLECT_SCHEME_OFFICIAL)) " " a href=(url) rel="external noreferrer" { (url) } }
        }
        p { a.button.second href={ (asked.to("/collect/number/")) (key) } { (say!(lang, COLLECT_NUMBER_GOT)) } }
    };
    Ok(private(&asked, StatusCode::OK, &title, body))
}

/// The particulars as a text, in the words of the scheme's file.
fn file(rules: &Definition, answers: &Answers) -> Response {
    let mut out = format!("{} ({})\n\n", rules.scheme.name, rules.scheme.key);
    for field in &rules.registration.field {
        for (key, value) in answers {
            if *key == field.key {
                _ = writeln!(out, "{}: {}", field.label, value.replace('\n', ", "));
            } else if let Some(part) = key.strip_prefix(field.key.as_str()).and_then(|rest| rest.strip_prefix('.')) {
                _ = writeln!(out, "{}, {part}: {value}", field.label);
            }
        }
    }
    attachment("text/plain; charset=utf-8", &format!("{}.txt", rules.scheme.key), out.into_bytes())
}

/// A file that no cache keeps.
pub(super) fn attachment(kind: &str, name: &str, bytes: Vec<u8>) -> Response {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    answer
}

/// The form for a number that an authority gave.
pub(super) async fn number(asked: Asked, Path((_, key)): Path<(String, String)>, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let rules = rules(&key).ok_or_else(nothing)?;
    let today = asked.desk.today().to_string();
    Ok(number_page(&asked, &visitor, rules, &Fields::from([("from".to_owned(), today)]), None, None))
}

fn number_page(
    asked: &Asked,
    visitor: &Visitor,
    rules: &Definition,
    fields: &Fields,
    wrong: Option<&Verdict>,
    error: Option<&Error>,
) -> Response {
    let lang = asked.lang;
    let name = lang.name(&rules.scheme.name).unwrap_or_else(|| rules.scheme.name.clone());
    let title = say!(lang, COLLECT_NUMBER_TITLE, name = name);
    let shown = visitor.house.service.identifiers().all().find(|one| one.key == rules.scheme.number);
    let shown = shown.map(|one| one.shown.clone()).filter(|shown| !shown.is_empty());
    let likely = |verdict: &Verdict| -> Markup {
        html! {
            @if !verdict.likely.is_empty() {
                fieldset.likely-meant {
                    legend { (say!(lang, COLLECT_LIKELY)) }
                    @for one in &verdict.likely { label.check { input type="radio" name="take" value=(one); code { (one) } } }
                    label.check { input type="radio" name="take" value="" checked; (say!(lang, COLLECT_LIKELY_NONE)) }
                }
            }
        }
    };
    let body = html! {
        (own_head(asked, visitor, &title))
        p { (say!(lang, COLLECT_NUMBER_SAYS)) }
        @if let Some(error) = error { (alert(asked, error)) }
        form.card method="post" action=(asked.to(&asked.path)) {
            div.fields {
                div.field.w12 {
                    label for="number" { (say!(lang, COLLECT_NUMBER)) }
                    input id="number" name="number" required maxlength="60" autocomplete="off" autocapitalize="characters" spellcheck="false"
                        value=(value(fields, "number")) aria-invalid=[wrong.map(|_| "true")]
                        aria-describedby=[wrong.map(|_| "fault-number").or(shown.as_ref().map(|_| "hint-number"))];
                    @if let Some(verdict) = wrong {
                        span.fault id="fault-number" { (say!(lang, COLLECT_FAULT_NUMBER)) " " (lang.foreign(verdict.wrong.as_deref().unwrap_or_default())) }
                        (likely(verdict))
                    }
                    @if let Some(shown) = &shown { span.hint id="hint-number" { (say!(lang, COLLECT_HINT_LIKE, shown = shown.as_str())) } }
                }
                div.field.w6 {
                    label for="from" { (say!(lang, COLLECT_FROM_DAY)) }
                    input id="from" name="from" type="date" required value=(value(fields, "from"));
                }
                div.field.w6 {
                    label for="state" { (say!(lang, COLLECT_STATE)) " " span.quiet.small { (say!(lang, COLLECT_OPTIONAL)) } }
                    input id="state" name="state" maxlength="2" pattern="[A-Za-z]{2}" autocomplete="off" autocapitalize="characters" value=(value(fields, "state")) aria-describedby="hint-state";
                    span.hint id="hint-state" { (say!(lang, COLLECT_STATE_HINT)) }
                }
            }
            div.row { button type="submit" { (say!(lang, COLLECT_NUMBER_KEEP)) } }
        }
    };
    let code = match (error, wrong) {
        (Some(error), _) => status(&asked.desk, error),
        (None, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, None) => StatusCode::OK,
    };
    private(asked, code, &title, body)
}

/// Records the number.
pub(super) async fn record(asked: Asked, Path((_, key)): Path<(String, String)>, request: Request) -> Answer {
    let headers = request.headers().clone();
    let fields = posted(&asked.desk, request).await?;
    let visitor = Visitor::of(&asked, &headers).await?;
    let rules = rules(&key).ok_or_else(nothing)?;
    if !visitor.may(Operation::Record) {
        return Err(no(&asked.desk, &Error::NotYours));
    }
    let service = &visitor.house.service;
    let taken = value(&fields, "take");
    let written = if taken.is_empty() { value(&fields, "number") } else { taken };
    let number = match service.identifiers().look(&rules.scheme.number, written) {
        Some(verdict) if !verdict.valid => {
            return Ok(number_page(&asked, &visitor, rules, &fields, Some(&verdict), None));
        }
        Some(verdict) => verdict.text,
        None => written.to_owned(),
    };
    let Ok(from) = value(&fields, "from").parse::<Date>() else {
        let error = Error::Wrong("from: write the first day as 2026-10-31".into());
        return Ok(number_page(&asked, &visitor, rules, &fields, None, Some(&error)));
    };
    let state = value(&fields, "state").to_ascii_uppercase();
    let registration = Registration {
        document: format!("number {number} from {from}"),
        scheme: key,
        number,
        from,
        before: None,
        member_state: Some(state).filter(|state| !state.is_empty()),
        period: None,
    };
    match service.record(&visitor.caller, &visitor.seller, &[Event::Registration(registration)], Timestamp::now()).await
    {
        Ok(_) => Ok(to(&asked, "/collect/mine")),
        Err(error @ (Error::Store(_) | Error::Wrong(_) | Error::Stands(_))) => {
            Ok(number_page(&asked, &visitor, rules, &fields, None, Some(&error)))
        }
        Err(error) => Err(no(&asked.desk, &error)),
    }
}

/// The name of a scheme in a language.
pub(super) fn name(asked: &Asked, key: &str) -> Markup {
    match SCHEMES.iter().find(|one| one.scheme.key == key) {
        Some(rules) => asked.lang.foreign(&rules.scheme.name),
        None => html! { (key) },
    }
}
