//! Where an application stands, and the end of a registration.

use super::apply::particulars;
use super::visitor::{Answer, Visitor, alert, is_country, no, nothing, own_head, posted, private, status, to, value};
use super::words;
use crate::locale::day;
use crate::pages::Request as Asked;
use crate::say;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::html;
use tidewaiter_collect::apply::Answers;
use tidewaiter_collect::service::{self, Application, Error, Kind, Operation, State};

/// The page.
pub(super) async fn show(asked: Asked, Path((_, id)): Path<(String, String)>, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    page(&asked, &visitor, &id, None).await
}

async fn page(asked: &Asked, visitor: &Visitor, id: &str, error: Option<&Error>) -> Answer {
    let lang = asked.lang;
    let service = &visitor.house.service;
    let own = service.own_applications(&visitor.caller, &visitor.seller).await;
    // That of another seller is as if it were not there.
    let one: Application =
        own.map_err(|error| no(&asked.desk, &error))?.into_iter().find(|one| one.id == id).ok_or_else(nothing)?;
    let (authority, form) = service.form(&one.authority).await.map_err(|error| no(&asked.desk, &error))?;
    let title = say!(lang, COLLECT_APPLICATION, kind = words::kind(lang, one.kind), name = authority.name.as_str());
    let may = visitor.may(Operation::Apply);
    let body = html! {
        (own_head(asked, visitor, &title))
        @if let Some(error) = error { (alert(asked, error)) }
        section.card.stack {
            p { (words::state(lang, one.state)) }
            @match (one.state, &one.number) {
                (State::Accepted, Some(number)) => {
                    p { (say!(lang, COLLECT_YOUR_NUMBER)) }
                    p.number-issued { code { (number) } }
                    p { (say!(lang, COLLECT_NUMBER_FROM, day = day(lang, one.day))) }
                    div.row { a.button href=(asked.to("/collect/mine")) { (say!(lang, COLLECT_TO_MINE)) } a.button.second href=(asked.to("/collect/sales")) { (say!(lang, COLLECT_SALES)) } }
                }
                (State::Sent, _) => { p { (say!(lang, COLLECT_WAITING, name = authority.name.as_str())) } }
                _ => {}
            }
            @if let Some(says) = &one.says {
                h2 { @if one.state == State::Asked { (say!(lang, COLLECT_ASKS)) } @else { (say!(lang, COLLECT_SAYS)) } }
                p { (lang.foreign(says)) }
            }
            @if one.state == State::Asked && may {
                p { a.button href={ (asked.to("/collect/apply/")) (one.authority) "?answer=" (one.id) } { (say!(lang, COLLECT_ANSWER)) } }
            }
            @if one.state.is_open() && may {
                form method="post" action=(asked.to(&asked.path)) { div.row { button.second type="submit" { (say!(lang, COLLECT_WITHDRAW)) } } }
            }
        }
        section.stack {
            h2 { (say!(lang, COLLECT_WRITTEN)) }
            dl.facts {
                dt { (say!(lang, COLLECT_APPLICATION_NUMBER)) } dd { code { (one.id) } }
                dt { (say!(lang, COLLECT_SENT_AT)) } dd { (words::moment(lang, &one.sent_at)) }
                dt { (say!(lang, COLLECT_FROM_DAY)) } dd { (day(lang, one.day)) }
                @if let Some(at) = &one.decided_at { dt { (say!(lang, COLLECT_DECIDED_AT)) } dd { (words::moment(lang, at)) } }
            }
            (particulars(asked, &form.fields, &one.answers))
        }
    };
    let code = error.map_or(StatusCode::OK, |error| status(&asked.desk, error));
    Ok(private(asked, code, &title, body))
}

/// Takes it back.
pub(super) async fn withdraw(asked: Asked, Path((_, id)): Path<(String, String)>, request: Request) -> Answer {
    let headers = request.headers().clone();
    posted(&asked.desk, request).await?;
    let visitor = Visitor::of(&asked, &headers).await?;
    match visitor.house.service.withdraw(&visitor.caller, &visitor.seller, &id, Timestamp::now()).await {
        Ok(_) => Ok(to(&asked, &format!("/collect/application/{id}"))),
        Err(error @ Error::Stands(_)) => page(&asked, &visitor, &id, Some(&error)).await,
        Err(error) => Err(no(&asked.desk, &error)),
    }
}

/// The form to end a registration.
pub(super) async fn end(asked: Asked, Path((_, id)): Path<(String, String)>, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    ends(&asked, &visitor, &id, "", None).await
}

async fn ends(asked: &Asked, visitor: &Visitor, id: &str, written: &str, error: Option<&Error>) -> Answer {
    let lang = asked.lang;
    let (authority, _) = visitor.house.service.form(id).await.map_err(|error| no(&asked.desk, &error))?;
    let title = say!(lang, COLLECT_END_TITLE, name = authority.name.as_str());
    let today = asked.desk.today();
    let proposed = today.last_of_month().tomorrow().unwrap_or(today).to_string();
    let body = html! {
        (own_head(asked, visitor, &title))
        p { (say!(lang, COLLECT_END_SAYS)) }
        @if let Some(error) = error { (alert(asked, error)) }
        form.card method="post" action=(asked.to(&asked.path)) {
            div.field {
                label for="day" { (say!(lang, COLLECT_END_DAY)) }
                input id="day" name="day" type="date" required value=(if written.is_empty() { proposed.as_str() } else { written });
            }
            div.row { button type="submit" { (say!(lang, COLLECT_END_SEND)) } a href=(asked.to("/collect/mine")) { (say!(lang, COLLECT_CANCEL)) } }
        }
    };
    let code = error.map_or(StatusCode::OK, |error| status(&asked.desk, error));
    Ok(private(asked, code, &title, body))
}

/// Applies for the end.
pub(super) async fn ended(asked: Asked, Path((_, id)): Path<(String, String)>, request: Request) -> Answer {
    let headers = request.headers().clone();
    let fields = posted(&asked.desk, request).await?;
    let visitor = Visitor::of(&asked, &headers).await?;
    let written = value(&fields, "day");
    let known = is_country(&asked.desk);
    let asks = service::Asked { kind: Kind::End, answers: Answers::new(), day: written.parse::<Date>().ok() };
    let (now, today) = (Timestamp::now(), asked.desk.today());
    match visitor.house.service.apply(&visitor.caller, &visitor.seller, &id, &asks, &known, now, today).await {
        Ok(one) => Ok(to(&asked, &format!("/collect/application/{}", one.id))),
        Err(error @ (Error::Stands(_) | Error::Wrong(_))) => ends(&asked, &visitor, &id, written, Some(&error)).await,
        Err(error) => Err(no(&asked.desk, &error)),
    }
}
