//! Who asks, and answers that are theirs alone.

use super::enter;
use crate::collect::House;
use crate::collect::caller::of_reader;
use crate::collect::refusal::refused;
use crate::desk::Desk;
use crate::form::{Fields, pairs};
use crate::guard::elsewhere;
use crate::pages::Request as Asked;
use crate::pages::layout::{Door, Head, page};
use crate::problem::{Problem, message};
use crate::say;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use std::sync::Arc;
use tidewaiter_collect::service::permission::Side;
use tidewaiter_collect::service::{Caller, Error, Operation};

/// Longest body of a form, without a file.
pub(super) const LONGEST: usize = 64 << 10;

/// An answer, or a refusal, which is one too.
pub(super) type Answer = Result<Response, Response>;

/// A seller's own people, signed in.
pub(super) struct Visitor {
    pub(super) house: Arc<House>,
    pub(super) caller: Caller,
    /// The seller's short name.
    pub(super) seller: String,
}

impl Visitor {
    /// Who asks. Others than sellers are shown to their own door.
    ///
    /// # Errors
    /// The page that says so, or asks for the token.
    pub(super) async fn of(asked: &Asked, headers: &HeaderMap) -> Result<Self, Response> {
        let house = Arc::clone(asked.desk.collect().map_err(Problem::into_response)?);
        let caller = of_reader(&asked.desk, headers).await.map_err(Problem::into_response)?;
        let Some(caller) = caller else { return Err(enter::asks(asked, false)) };
        match (caller.role.side(), caller.of.clone()) {
            (Side::Seller, Some(seller)) => Ok(Self { house, caller, seller }),
            (Side::Authority, _) => Err(to(asked, "/collect/authority")),
            _ => Err(no(&asked.desk, &Error::NotYours)),
        }
    }

    /// Whether they may do something with what is the seller's.
    pub(super) fn may(&self, operation: Operation) -> bool {
        self.caller.may(operation, &self.seller)
    }
}

/// A refusal of the service as an answer; it is written as a page further out.
pub(super) fn no(desk: &Desk, error: &Error) -> Response {
    refused(desk, error).into_response()
}

/// To another page of this site, after something was done.
pub(super) fn to(asked: &Asked, path: &str) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(&asked.to(path))).into_response()
}

/// There is no such page.
pub(super) fn nothing() -> Response {
    Problem::not_found(&message::DOOR_NO_PAGE).into_response()
}

/// The fields of a form that one of our own pages sent.
///
/// # Errors
/// The refusal.
pub(super) async fn posted(desk: &Desk, request: Request) -> Result<Fields, Response> {
    elsewhere::refuse(request.headers(), &desk.settings).map_err(Problem::into_response)?;
    let body = axum::body::to_bytes(request.into_body(), LONGEST).await;
    let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
    Ok(pairs(&String::from_utf8_lossy(&body)))
}

/// The first value of a field, without spaces around it.
pub(super) fn value<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
}

/// A page that belongs to its reader: no cache keeps it, and its forms say from where they come.
pub(super) fn private(asked: &Asked, status: StatusCode, title: &str, body: Markup) -> Response {
    let mut answer = page(asked, &Head { door: Door::Collect, title, about: "" }, body).into_response();
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    answer
}

/// The head of a page inside: where one is, and its title.
pub(super) fn head(asked: &Asked, title: &str, lede: Option<&str>) -> Markup {
    html! {
        div.stack {
            nav.crumbs aria-label=(say!(asked.lang, HOUSE_HERE)) {
                ol { li { a href=(asked.to("/collect")) { (say!(asked.lang, DOOR_COLLECT)) } } }
            }
            h1 { (title) }
            @if let Some(lede) = lede { p.lede { (lede) } }
        }
    }
}

/// The same of a page of a seller, with the ways to the others.
pub(super) fn own_head(asked: &Asked, visitor: &Visitor, title: &str) -> Markup {
    let lang = asked.lang;
    let ways = [
        ("/collect/mine", say!(lang, COLLECT_MINE), true),
        ("/collect/sales", say!(lang, COLLECT_SALES), true),
        ("/collect/apply", say!(lang, COLLECT_APPLY), visitor.may(Operation::Apply)),
        ("/collect/people", say!(lang, COLLECT_PEOPLE), visitor.may(Operation::OwnTokens)),
        ("/collect/log", say!(lang, COLLECT_LOG), true),
    ];
    html! {
        div.stack {
            div.row.collect-who {
                p.quiet.small { (say!(lang, COLLECT_SIGNED_IN, label = visitor.caller.label.as_str(), role = lang.word("collect-role", visitor.caller.role.name()), seller = visitor.seller.as_str())) }
                form method="post" action=(asked.to("/collect/leave")) { button.second type="submit" { (say!(lang, COLLECT_LEAVE)) } }
            }
            nav.tabs aria-label=(say!(lang, COLLECT_WAYS)) {
                ul {
                    @for (path, name, open) in ways {
                        @if open { li { a href=(asked.to(path)) aria-current=[(asked.path == path).then_some("page")] { (name) } } }
                    }
                }
            }
            h1 { (title) }
        }
    }
}

/// What is wrong, above a form.
pub(super) fn alert(asked: &Asked, error: &Error) -> Markup {
    let lang = asked.lang;
    let problem = refused(&asked.desk, error);
    html! {
        div.note.stop.stack role="alert" tabindex="-1" autofocus {
            p { strong { (say!(lang, COLLECT_NOT_DONE)) } }
            @if problem.errors.is_empty() {
                p { (lang.said(&problem.detail)) }
            } @else {
                ul { @for one in &problem.errors { li { (lang.foreign(&one.field)) ": " (lang.said(&one.message)) } } }
            }
        }
    }
}

/// Which status a page has that says what is wrong.
pub(super) fn status(desk: &Desk, error: &Error) -> StatusCode {
    StatusCode::from_u16(refused(desk, error).status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Whether two capital letters are a country.
pub(super) fn is_country(desk: &Desk) -> impl Fn(&str) -> bool + Sync + use<> {
    use tidewaiter::record::world::TerritoryKind;
    let book = desk.book();
    move |letters: &str| {
        let found = book.territories().get(letters);
        found.is_some_and(|one| matches!(one.kind, TerritoryKind::Country | TerritoryKind::Special))
    }
}

/// How many days ago a day was.
pub(super) fn days_late(due: Date, today: Date) -> i64 {
    today.since(due).map_or(0, |span| i64::from(span.get_days()))
}
