//! The form for corrections, as a page.

use super::Letter;
use super::door::{LONGEST_BODY, Sender, keep};
use crate::desk::Desk;
use crate::form::{Fields, pairs};
use crate::guard::caller::{self, Caller};
use crate::guard::elsewhere;
use crate::pages::layout::{Door, Head, page};
use crate::pages::parts::{origins, select};
use crate::pages::{Page, Request as Asked};
use crate::problem::{Problem, Wrong};
use crate::say;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};

/// Its address, without the language.
const PATH: &str = "/about/corrections";

/// The form, and where it is sent.
pub(crate) fn doors() -> Router<Desk> {
    Router::new().route("/{lang}/about/corrections", get(show).post(take))
}

/// What stands in the form.
#[derive(Default)]
struct Shown {
    letter: Letter,
    wrong: Vec<Wrong>,
}

async fn show(asked: Asked) -> Response {
    let fields: Fields = pairs(&asked.query);
    let received = fields.iter().find(|(name, value)| name == "received" && is_receipt(value));
    let shown = Shown { letter: letter_of(&fields), wrong: Vec::new() };
    let body = match received {
        Some((_, id)) => thanks(&asked, id),
        None => form(&asked, &shown),
    };
    let mut answer = whole(&asked, body).into_response();
    // Else the browser would not say that the form comes from here, where it says that by Origin alone.
    answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // An answer "not modified" has headers of its own, which the browser would take for those of the page.
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Only what a receipt looks like is shown again.
fn is_receipt(text: &str) -> bool {
    text.len() == 18
        && text.starts_with("c-")
        && text.bytes().skip(2).all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

fn letter_of(fields: &Fields) -> Letter {
    let field = |name: &str| fields.iter().find(|(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.clone());
    Letter {
        territory: field("territory"),
        fact: field("fact"),
        what: field("what").unwrap_or_default(),
        source: field("source").unwrap_or_default(),
        contact: field("contact"),
    }
}

/// Takes the form.
async fn take(State(desk): State<Desk>, asked: Asked, request: Request) -> Result<Response, Response> {
    elsewhere::refuse(request.headers(), &desk.settings).map_err(Problem::into_response)?;
    let network = caller::network_of(&request, &desk.settings);
    let caller = request.extensions().get::<Caller>().copied();
    let body = axum::body::to_bytes(request.into_body(), LONGEST_BODY).await;
    let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
    let fields = pairs(&String::from_utf8_lossy(&body));
    let letter = letter_of(&fields);
    let key = fields.iter().find(|(name, _)| name == "once").map(|(_, value)| value.clone());
    let key = key.filter(|key| !key.is_empty() && key.len() <= 64);
    let sender = Sender { network, caller, key, language: asked.lang.tag() };
    match keep(&desk, sender, letter.clone()).await {
        Ok(receipt) => {
            let to = format!("{}?received={}", asked.to(PATH), receipt.id);
            Ok(([(header::CACHE_CONTROL, "no-store")], Redirect::to(&to)).into_response())
        }
        Err(answer) => match answer.extensions().get::<Problem>().filter(|problem| !problem.errors.is_empty()) {
            Some(problem) => {
                let shown = Shown { letter, wrong: problem.errors.clone() };
                let mut answer = whole(&asked, form(&asked, &shown)).into_response();
                *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
                answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
                Ok(answer)
            }
            None => Err(answer),
        },
    }
}

fn whole(asked: &Asked, body: Markup) -> Page {
    let lang = asked.lang;
    let (title, about) = (say!(lang, CORRECTIONS_TITLE), say!(lang, CORRECTIONS_LEDE));
    page(
        asked,
        &Head { door: Door::About, title: &title, about: &about },
        html! {
            div.stack {
                nav.crumbs aria-label=(say!(lang, HOUSE_HERE)) { ol { li { a href=(asked.to("/about")) { (say!(lang, DOOR_ABOUT)) } } } }
                h1 { (title) }
                p.lede { (about) }
            }
            (body)
        },
    )
}

fn thanks(asked: &Asked, id: &str) -> Markup {
    let lang = asked.lang;
    html! {
        section.note.good.stack role="status" {
            h2 { (say!(lang, CORRECTIONS_RECEIVED)) }
            p { (say!(lang, CORRECTIONS_RECEIPT)) " " code { (id) } }
            p { (say!(lang, CORRECTIONS_NEXT)) }
        }
    }
}

fn form(asked: &Asked, shown: &Shown) -> Markup {
    let lang = asked.lang;
    if asked.desk.store().is_none() {
        return html! {
            @match &asked.desk.settings.contact {
                Some(contact) => p.note { (say!(lang, CORRECTIONS_WRITE)) " " a href=(contact) { (contact.trim_start_matches("mailto:")) } },
                None => p.nothing { (say!(lang, CORRECTIONS_CLOSED)) },
            }
        };
    }
    let letter = &shown.letter;
    let once = crate::random::name("").ok();
    let territories = origins(lang, &asked.desk.book());
    let fault = |field: &str| shown.wrong.iter().find(|one| one.field == field);
    let invalid = |field: &str| fault(field).map(|_| "true");
    let says = |field: &str| {
        html! {
            @if let Some(one) = fault(field) { span.fault id={ "fault-" (field) } { (lang.wrong(&one.message)) } }
        }
    };
    html! {
        form.card method="post" action=(asked.to(PATH)) {
            // Pressed twice, it is one letter.
            @if let Some(once) = &once { input type="hidden" name="once" value=(once); }
            @if !shown.wrong.is_empty() {
                p.note.stop role="alert" tabindex="-1" autofocus { (say!(lang, CORRECTIONS_WRONG)) }
            }
            div.fields {
                div.field.w12 {
                    label for="territory" { (say!(lang, CORRECTIONS_TERRITORY)) }
                    (select("territory", "territory", letter.territory.as_deref().unwrap_or_default(), Some(&say!(lang, CORRECTIONS_NONE)), &territories))
                    (says("territory"))
                }
                div.field.w12 {
                    label for="fact" { (say!(lang, CORRECTIONS_FACT)) }
                    input id="fact" name="fact" value=[letter.fact.as_deref()] maxlength="200" aria-invalid=[invalid("fact")]
                        aria-describedby="hint-fact";
                    span.hint id="hint-fact" { (say!(lang, CORRECTIONS_FACT_HINT)) }
                    (says("fact"))
                }
                div.field.w12 {
                    label for="what" { (say!(lang, CORRECTIONS_WHAT)) }
                    textarea id="what" name="what" rows="6" maxlength="4000" required aria-invalid=[invalid("what")] { (letter.what) }
                    (says("what"))
                }
                div.field.w12 {
                    label for="source" { (say!(lang, CORRECTIONS_SOURCE)) }
                    input id="source" name="source" type="url" value=(letter.source) maxlength="500" required
                        aria-invalid=[invalid("source")] aria-describedby="hint-source";
                    span.hint id="hint-source" { (say!(lang, CORRECTIONS_SOURCE_HINT)) }
                    (says("source"))
                }
                div.field.w12 {
                    label for="contact" { (say!(lang, CORRECTIONS_CONTACT)) }
                    input id="contact" name="contact" value=[letter.contact.as_deref()] maxlength="200" autocomplete="email"
                        aria-describedby="hint-contact";
                    span.hint id="hint-contact" { (say!(lang, CORRECTIONS_CONTACT_HINT)) }
                    (says("contact"))
                }
            }
            div.row { button type="submit" { (say!(lang, CORRECTIONS_SEND)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_receipts_are_shown_again() {
        let receipt = crate::random::name("c-").unwrap();
        assert!(is_receipt(&receipt), "{receipt}");
        assert!(!is_receipt("c-<script>alert(1)"));
    }
}
