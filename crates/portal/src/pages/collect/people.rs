//! Who may come in for a seller, and what was done.

use super::enter::{LIFE, shown};
use super::visitor::{Answer, Visitor, alert, no, own_head, posted, private, status, to, value};
use super::words;
use crate::form::pairs;
use crate::pages::Request as Asked;
use crate::say;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use jiff::{Timestamp, ToSpan as _};
use maud::{Markup, html};
use tidewaiter_collect::service::{Error, Listed, Operation, Role};

/// How many rows of the log a page shows.
const SHOWN: u64 = 200;

/// The page.
pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    page(&asked, &visitor, None, None).await
}

async fn page(asked: &Asked, visitor: &Visitor, token: Option<&str>, error: Option<&Error>) -> Answer {
    let lang = asked.lang;
    let all = visitor.house.service.tokens(&visitor.caller, Some(&visitor.seller)).await;
    let all = all.map_err(|error| no(&asked.desk, &error))?;
    let title = say!(lang, COLLECT_PEOPLE);
    let body = html! {
        (own_head(asked, visitor, &title))
        @if let Some(error) = error { (alert(asked, error)) }
        @if let Some(token) = token { (shown(asked, token)) }
        section.stack { h2 #tokens { (say!(lang, COLLECT_TOKENS)) } (list(asked, visitor, &all)) }
        section.card.stack {
            h2 { (say!(lang, COLLECT_TOKEN_NEW)) }
            form method="post" action=(asked.to("/collect/people")) {
                div.fields {
                    div.field.w6 { label for="label" { (say!(lang, COLLECT_TOKEN_LABEL)) } input id="label" name="label" required maxlength="200" autocomplete="off"; }
                    div.field.w6 {
                        label for="role" { (say!(lang, COLLECT_TOKEN_ROLE)) }
                        select id="role" name="role" aria-describedby="hint-role" {
                            option value="accountant" { (lang.word("collect-role", "accountant")) }
                            option value="seller" { (lang.word("collect-role", "seller")) }
                        }
                        span.hint id="hint-role" { (say!(lang, COLLECT_TOKEN_ROLE_HINT)) }
                    }
                }
                div.row { button type="submit" name="do" value="make" { (say!(lang, COLLECT_TOKEN_MAKE)) } }
            }
        }
    };
    let code = error.map_or(StatusCode::OK, |error| status(&asked.desk, error));
    Ok(private(asked, code, &title, body))
}

fn list(asked: &Asked, visitor: &Visitor, all: &[Listed]) -> Markup {
    let lang = asked.lang;
    html! {
        table.ledger aria-labelledby="tokens" {
            thead { tr {
                th scope="col" { (say!(lang, COLLECT_TOKEN_LABEL)) } th scope="col" { (say!(lang, COLLECT_TOKEN_ROLE)) }
                th scope="col" { (say!(lang, COLLECT_TOKEN_UNTIL)) } th scope="col" { (say!(lang, COLLECT_DO)) }
            } }
            tbody {
                @for one in all {
                    @let own = one.id == visitor.caller.token;
                    tr {
                        th scope="row" { (one.label) " " code.small { (one.id) } @if own { " " (words::marked("high", "✓", &say!(lang, COLLECT_TOKEN_YOURS))) } }
                        td data-label=(say!(lang, COLLECT_TOKEN_ROLE)) { (lang.word("collect-role", one.role.name())) }
                        td data-label=(say!(lang, COLLECT_TOKEN_UNTIL)) { (words::moment(lang, &one.expires_at)) }
                        td data-label=(say!(lang, COLLECT_DO)) {
                            @match &one.revoked_at {
                                Some(at) => { (words::marked("stop", "✕", &say!(lang, COLLECT_TOKEN_REVOKED))) " " (words::moment(lang, at)) }
                                None => {
                                    form method="post" action=(asked.to("/collect/people")) {
                                        input type="hidden" name="id" value=(one.id);
                                        button.second type="submit" name="do" value="revoke" { (say!(lang, COLLECT_TOKEN_REVOKE)) span.hidden { " " (one.label) " " (one.id) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Makes or revokes a token.
pub(super) async fn take(asked: Asked, request: Request) -> Answer {
    let headers = request.headers().clone();
    let fields = posted(&asked.desk, request).await?;
    let visitor = Visitor::of(&asked, &headers).await?;
    let (service, caller, seller) = (&visitor.house.service, &visitor.caller, visitor.seller.as_str());
    let now = Timestamp::now();
    if value(&fields, "do") == "revoke" {
        return match service.revoke(caller, Some(seller), value(&fields, "id"), now).await {
            Ok(()) => Ok(to(&asked, "/collect/people")),
            Err(error) => Err(no(&asked.desk, &error)),
        };
    }
    let role = if value(&fields, "role") == "seller" { Role::Seller } else { Role::Accountant };
    let expires = now.saturating_add(LIFE.hours()).unwrap_or(now);
    match service.make_own_token(caller, seller, value(&fields, "label"), role, now, expires).await {
        Ok(token) => page(&asked, &visitor, Some(&token), None).await,
        Err(error @ Error::Wrong(_)) => page(&asked, &visitor, None, Some(&error)).await,
        Err(error) => Err(no(&asked.desk, &error)),
    }
}

/// What was done.
pub(super) async fn log(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let lang = asked.lang;
    let fields = pairs(&asked.query);
    let after = value(&fields, "after").parse().unwrap_or(0);
    debug_assert!(visitor.may(Operation::ReadLog));
    let rows = visitor.house.service.log(&visitor.caller, &visitor.seller, after, SHOWN).await;
    let rows = rows.map_err(|error| no(&asked.desk, &error))?;
    let title = say!(lang, COLLECT_LOG);
    let body = html! {
        (own_head(&asked, &visitor, &title))
        p { (say!(lang, COLLECT_LOG_SAYS)) }
        @if rows.is_empty() { p.nothing { (say!(lang, COLLECT_LOG_EMPTY)) } } @else {
            table.ledger {
                caption.hidden { (title) }
                thead { tr { th scope="col" { (say!(lang, COLLECT_WHEN)) } th scope="col" { (say!(lang, COLLECT_WHO_DID)) } th scope="col" { (say!(lang, COLLECT_DID)) } th scope="col" { (say!(lang, COLLECT_WHAT)) } } }
                tbody {
                    @for row in &rows {
                        tr {
                            th scope="row" { (words::moment(lang, &row.at)) }
                            td data-label=(say!(lang, COLLECT_WHO_DID)) { (row.actor) }
                            td data-label=(say!(lang, COLLECT_DID)) { (lang.word("collect-did", &row.action)) }
                            td data-label=(say!(lang, COLLECT_WHAT)) { (row.reason) }
                        }
                    }
                }
            }
        }
        @if rows.len() as u64 == SHOWN {
            p { a.button.second href={ (asked.to("/collect/log")) "?after=" (rows.last().map_or(0, |row| row.seq)) } { (say!(lang, COLLECT_NEXT)) } }
        }
    };
    Ok(private(&asked, StatusCode::OK, &title, body))
}
