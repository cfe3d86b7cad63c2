//! Sign in with a token, sign up, leave.

use super::start;
use super::visitor::{Answer, alert, head, posted, private, status, value};
use super::words::slug;
use crate::collect::caller::{enter, leave as leaving, of_reader};
use crate::form::Fields;
use crate::guard::caller as callers;
use crate::locale::day;
use crate::pages::Request as Asked;
use crate::problem::{Problem, message};
use crate::say;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use maud::{Markup, html};
use tidewaiter_collect::service::Error;
use tidewaiter_collect::service::permission::Side;
use tidewaiter_collect::store::StoreError;

/// How long a token of a seller counts, in hours: a year.
pub(super) const LIFE: i64 = 24 * 365;
/// How many short names are tried that are made of one name.
const TRIES: usize = 20;
/// Longest name that is made into a short one.
const LONGEST_SHORT: usize = 40;

/// The form for the token.
pub(super) fn form(asked: &Asked, wrong: bool) -> Markup {
    let lang = asked.lang;
    html! {
        form method="post" action=(asked.to("/collect/enter")) {
            div.field {
                label for="token" { (say!(lang, COLLECT_TOKEN)) }
                input id="token" name="token" type="password" autocomplete="current-password" autocapitalize="none" spellcheck="false" maxlength="100" required
                    aria-invalid=[wrong.then_some("true")] aria-describedby={ @if wrong { "fault-token " } "hint-token" };
                @if wrong { span.fault id="fault-token" { (say!(lang, COLLECT_TOKEN_WRONG)) } }
                span.hint id="hint-token" { (say!(lang, COLLECT_TOKEN_HINT)) }
            }
            div.row { button type="submit" { (say!(lang, COLLECT_ENTER)) } }
        }
    }
}

/// The page that asks for the token.
pub(super) fn asks(asked: &Asked, wrong: bool) -> Response {
    let lang = asked.lang;
    let title = say!(lang, COLLECT_BACK);
    let open = asked.desk.house().is_some_and(|house| house.open);
    let body = html! {
        (head(asked, &title, Some(&say!(lang, COLLECT_ENTER_SAYS))))
        div.card { (form(asked, wrong)) }
        @if open { p { (say!(lang, COLLECT_NO_TOKEN_YET)) " " a href=(asked.to("/collect/signup")) { (say!(lang, COLLECT_SIGN_UP)) } } }
    };
    private(asked, StatusCode::UNAUTHORIZED, &title, body)
}

pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Answer {
    asked.desk.collect().map_err(Problem::into_response)?;
    match of_reader(&asked.desk, &headers).await.map_err(Problem::into_response)? {
        Some(_) => Ok(start::home(&asked)),
        None => {
            let mut page = asks(&asked, false);
            *page.status_mut() = StatusCode::OK;
            Ok(page)
        }
    }
}

/// Takes the token.
pub(super) async fn take(asked: Asked, request: Request) -> Answer {
    let fields = posted(&asked.desk, request).await?;
    let house = asked.desk.collect().map_err(Problem::into_response)?;
    let token = value(&fields, "token");
    let caller = house.service.caller(token, Timestamp::now()).await;
    let caller = caller.map_err(|error| super::visitor::no(&asked.desk, &error))?;
    let (Some(caller), Some(cookie)) = (caller, enter(&asked.desk.settings, token)) else {
        return Ok(asks(&asked, true));
    };
    let path = match caller.role.side() {
        Side::Seller => "/collect/mine",
        Side::Authority => "/collect/authority",
        Side::House => "/collect",
    };
    let mut answer = super::visitor::to(&asked, path);
    answer.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(answer)
}

/// Leaves.
pub(super) async fn leave(asked: Asked, request: Request) -> Answer {
    posted(&asked.desk, request).await?;
    let mut answer = super::visitor::to(&asked, "/collect");
    answer.headers_mut().insert(header::SET_COOKIE, leaving(&asked.desk.settings));
    Ok(answer)
}

/// The form to sign up.
pub(super) async fn new(asked: Asked, headers: HeaderMap) -> Answer {
    if let Some(answer) = closed(&asked) {
        return Ok(answer);
    }
    if of_reader(&asked.desk, &headers).await.map_err(Problem::into_response)?.is_some() {
        return Ok(start::home(&asked));
    }
    Ok(sign_up_page(&asked, &Fields::new(), None))
}

/// What is answered where nobody signs up by themselves.
fn closed(asked: &Asked) -> Option<Response> {
    match asked.desk.collect() {
        Ok(house) if house.open => None,
        Ok(_) => {
            let lang = asked.lang;
            Some(start::told(asked, &say!(lang, COLLECT_SIGN_UP), &say!(lang, COLLECT_CLOSED)))
        }
        Err(problem) => Some(problem.into_response()),
    }
}

fn sign_up_page(asked: &Asked, fields: &Fields, error: Option<&Error>) -> Response {
    let lang = asked.lang;
    let title = say!(lang, COLLECT_SIGN_UP);
    let short = value(fields, "short");
    let body = html! {
        (head(asked, &title, Some(&say!(lang, COLLECT_SIGN_UP_SAYS))))
        @if let Some(error) = error { (alert(asked, error)) }
        form.card method="post" action=(asked.to("/collect/signup")) {
            div.field {
                label for="name" { (say!(lang, COLLECT_NAME)) }
                input id="name" name="name" autocomplete="organization" maxlength="200" required value=(value(fields, "name"));
            }
            details open[!short.is_empty()] {
                summary { (say!(lang, COLLECT_SHORT)) " " span.quiet.small { (say!(lang, COLLECT_OPTIONAL)) } }
                div.field {
                    label for="short" { (say!(lang, COLLECT_SHORT)) }
                    input id="short" name="short" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="60" pattern="[a-z0-9\\-]*" value=(short) aria-describedby="hint-short";
                    span.hint id="hint-short" { (say!(lang, COLLECT_SHORT_HINT)) }
                }
            }
            div.row { button type="submit" { (say!(lang, COLLECT_SIGN_UP)) } }
        }
    };
    let status = error.map_or(StatusCode::OK, |error| status(&asked.desk, error));
    private(asked, status, &title, body)
}

/// Takes a new seller in, and shows its token.
pub(super) async fn sign_up(asked: Asked, request: Request) -> Answer {
    let network = callers::network_of(&request, &asked.desk.settings);
    let headers = request.headers().clone();
    let fields = posted(&asked.desk, request).await?;
    if let Some(answer) = closed(&asked) {
        return Ok(answer);
    }
    // Pressed twice, or loaded again: the first one counts.
    if of_reader(&asked.desk, &headers).await.map_err(Problem::into_response)?.is_some() {
        return Ok(start::home(&asked));
    }
    if let Some(network) = network
        && let Err(wait) = asked.desk.allowance.write(network)
    {
        asked.desk.figures.refused("rate");
        return Err(callers::too_many(wait, &message::DOOR_WAIT));
    }
    let (name, given) = (value(&fields, "name"), value(&fields, "short"));
    match added(&asked, name, given).await {
        Ok((short, token)) => {
            let cookie = enter(&asked.desk.settings, &token);
            let mut page = welcome(&asked, &short, &token);
            if let Some(cookie) = cookie {
                page.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            Ok(page)
        }
        Err(error) => Ok(sign_up_page(&asked, &fields, Some(&error))),
    }
}

/// Adds the seller, under a short name that nobody has.
async fn added(asked: &Asked, name: &str, given: &str) -> Result<(String, String), Error> {
    let Ok(house) = asked.desk.collect() else { return Err(Error::NotYours) };
    let now = Timestamp::now();
    let expires = now.saturating_add(LIFE.hours()).unwrap_or(now);
    if !given.is_empty() {
        return Ok((given.to_owned(), house.service.add_seller(None, given, name, now, expires).await?));
    }
    let made: String = slug(name).chars().take(LONGEST_SHORT).collect();
    let made = if made.is_empty() { "seller".to_owned() } else { made.trim_end_matches('-').to_owned() };
    for number in 1..TRIES {
        let short = if number == 1 { made.clone() } else { format!("{made}-{number}") };
        match house.service.add_seller(None, &short, name, now, expires).await {
            Ok(token) => return Ok((short, token)),
            // It is taken: the next one. Another fault comes back with the first.
            Err(Error::Wrong(_)) if !name.is_empty() => {}
            Err(Error::Store(StoreError::Seller(says))) => return Err(Error::Wrong(says)),
            Err(other) => return Err(other),
        }
    }
    let short = crate::random::name(&format!("{made}-")).map_err(|error| Error::Inside(error.to_string()))?;
    Ok((short.clone(), house.service.add_seller(None, &short, name, now, expires).await?))
}

fn welcome(asked: &Asked, short: &str, token: &str) -> Response {
    let lang = asked.lang;
    let title = say!(lang, COLLECT_WELCOME);
    let body = html! {
        (head(asked, &title, Some(&say!(lang, COLLECT_WELCOME_SAYS, short = short))))
        (shown(asked, token))
        div.row { a.button href=(asked.to("/collect/apply")) { (say!(lang, COLLECT_APPLY_NEXT)) } a.button.second href=(asked.to("/collect/mine")) { (say!(lang, COLLECT_TO_MINE)) } }
    };
    private(asked, StatusCode::OK, &title, body)
}

/// A token, the only time it is seen.
pub(super) fn shown(asked: &Asked, token: &str) -> Markup {
    let lang = asked.lang;
    let until = Timestamp::now().saturating_add(LIFE.hours()).unwrap_or(Timestamp::now());
    html! {
        section.note.care.stack {
            h2 { (say!(lang, COLLECT_KEEP)) }
            p { (say!(lang, COLLECT_KEEP_SAYS, until = day(lang, until.to_zoned(TimeZone::UTC).date()))) }
            p.token { (say!(lang, COLLECT_TOKEN)) br;
                // One touch chooses all of it.
                code id="new-token" { (token) }
            }
        }
    }
}
