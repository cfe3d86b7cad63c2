//! Codes of older editions, and codes that there are not.

use super::place::{digits, steps};
use super::voice::Voice;
use super::{page_of, pointed};
use crate::locale::{Lang, day};
use crate::pages::layout::{Door, Head, page};
use crate::pages::{Page, Request};
use crate::say;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use tidewaiter::goods::GoodsCode;
use tidewaiter::ratebook::MovedView;
use tidewaiter_finder::tree::Step;

/// Most letters of an address that is none.
const MOST_LETTERS: usize = 24;

/// The name of an edition, which the data writes as `HS 2017`.
fn edition(lang: Lang, name: &str) -> String {
    name.strip_prefix("HS ").map_or_else(|| name.to_owned(), |year| say!(lang, CODE_EDITION, year = year))
}

/// The page of a code that an edition ended: where its goods went.
pub(super) fn moved(request: &Request, moved: &MovedView) -> Page {
    let lang = request.lang;
    let voice = Voice::new(request.desk.finder, lang);
    let newer = edition(lang, &moved.newer);
    let title = say!(lang, CODE_OLD_TITLE, code = pointed(&moved.code), edition = edition(lang, &moved.edition));
    let to: Vec<Step> = moved.to.iter().map(|to| Step { code: to.clone(), title: String::new() }).collect();
    let list = steps(request, &voice, &to);
    let body = html! {
        div.stack {
            h1 { (title) }
            @match (to.is_empty(), moved.from) {
                (true, _) => p.note.care { (say!(lang, CODE_OLD_LOST)) },
                (false, Some(from)) => p.lede { (say!(lang, CODE_OLD_WENT_SINCE, newer = newer, day = day(lang, from))) },
                (false, None) => p.lede { (say!(lang, CODE_OLD_WENT, newer = newer)) },
            }
            (voice.notice())
        }
        @if !to.is_empty() { (list) }
        @if to.len() > 1 { p.quiet { (say!(lang, CODE_OLD_MANY)) } }
        div.row { a.button.second href=(request.to("/code")) { (say!(lang, CODE_BY_WORDS)) } }
    };
    page(request, &Head { door: Door::Code, title: &title, about: "" }, body)
}

/// Codes of older editions whose goods are here.
pub(super) fn came_from(request: &Request, from: &[MovedView]) -> Markup {
    let lang = request.lang;
    html! {
        section.stack aria-labelledby="older" {
            h2 #older { (say!(lang, CODE_OLDER)) }
            p { (say!(lang, CODE_CAME_FROM)) }
            ul.row.plain.older {
                @for one in from {
                    li { a href=(request.to(&page_of(&one.code))) { (pointed(&one.code)) } " " span.quiet { (edition(lang, &one.edition)) } }
                }
            }
        }
    }
}

/// Nothing stands at an address: what is near it.
pub(super) fn none(request: &Request, place: &str) -> Response {
    let lang = request.lang;
    let voice = Voice::new(request.desk.finder, lang);
    let digits = digits(place);
    let title = match &digits {
        Some(digits) => say!(lang, CODE_NO_SUCH, code = pointed(digits)),
        None => {
            let mut shown: String = place.chars().filter(|c| !c.is_control()).take(MOST_LETTERS).collect();
            if shown.len() < place.len() {
                shown.push('…');
            }
            say!(lang, CODE_NO_PLACE, place = shown)
        }
    };
    let near = near(request, digits.as_deref().unwrap_or_default());
    let list = steps(request, &voice, &near);
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede { (say!(lang, CODE_NO_SUCH_HELP)) }
            (voice.notice())
        }
        @if !near.is_empty() {
            section.stack aria-labelledby="near" { h2 #near { (say!(lang, CODE_NEAR)) } (list) }
        }
        div.row {
            a.button href=(request.to("/code")) { (say!(lang, CODE_BY_WORDS)) }
            a.button.second href=(request.to("/code/tree")) { (say!(lang, CODE_TREE)) }
        }
    };
    let mut answer = page(request, &Head { door: Door::Code, title: &title, about: "" }, body).into_response();
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Places near a code that there is not: with the zero that a spreadsheet dropped; then the narrowest place above it and what is in it.
fn near(request: &Request, digits: &str) -> Vec<Step> {
    let (finder, language) = (request.desk.finder, request.lang.finder());
    let step = |page: tidewaiter_finder::tree::Page| Step { code: page.code, title: page.title };
    let zero = digits.parse::<GoodsCode>().ok().and_then(GoodsCode::with_lost_zero);
    let zero = zero.and_then(|code| finder.page(code.digits().get(..6).unwrap_or(&code.digits()), language));
    let mut near: Vec<Step> = zero.map(step).into_iter().collect();
    let above = [4, 2].into_iter().filter(|count| *count < digits.len());
    if let Some(above) = above.filter_map(|count| finder.page(digits.get(..count)?, language)).next() {
        let below = above.below.clone();
        near.push(step(above));
        near.extend(below);
    }
    near
}
