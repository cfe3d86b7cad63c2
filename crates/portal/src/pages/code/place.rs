//! The page of a place in the Harmonized System: what is in it and what is not, what decides, and what economies charge on it.

use super::asked::Asked;
use super::voice::Voice;
use super::{old, page_of, pointed, world};
use crate::desk::Book;
use crate::pages::layout::{Door, Head, page};
use crate::pages::{Page, Request, rates};
use crate::problem::Problem;
use crate::say;
use crate::usage::Use;
use crate::work::beside;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::sync::Arc;
use tidewaiter::goods::GoodsCode;
use tidewaiter_finder::notes::{NoteKind, Noted};
use tidewaiter_finder::tree::{self, Step};
use tidewaiter_finder::{Finder, NotHere};

/// The root of the tree in addresses.
const ROOT: &str = "tree";
/// Digits that all countries share.
const SHARED: usize = 6;

/// The digits of a place that is written as a code, with points and spaces between them.
pub(super) fn digits(place: &str) -> Option<String> {
    let only =
        !place.is_empty() && place.len() <= 30 && place.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b' ');
    only.then(|| place.chars().filter(char::is_ascii_digit).collect::<String>()).filter(|digits| !digits.is_empty())
}

/// What is looked up for a place: the code of six digits at most, or the place as it stands.
fn key(place: &str) -> String {
    match digits(place) {
        _ if place == ROOT => String::new(),
        Some(digits) => digits.chars().take(SHARED).collect(),
        // The root has its own address.
        None if place.trim().is_empty() => "?".to_owned(),
        None => place.to_owned(),
    }
}

/// More notes than these are folded.
const FEW_NOTES: usize = 8;

/// The page.
pub(super) async fn show(Path((_, place)): Path<(String, String)>, request: Request) -> Result<Response, Problem> {
    let (lang, book, today) = (request.lang, request.desk.book(), request.desk.today());
    let Some(found) = find(request.desk.finder, &place, lang) else {
        let code: Option<GoodsCode> = digits(&place).and_then(|digits| digits.parse().ok());
        return Ok(match code.and_then(|code| book.moved(code)) {
            Some(moved) => {
                count(&request, "old");
                old::moved(&request, &moved).into_response()
            }
            None => old::none(&request, &place),
        });
    };
    count(&request, "code");
    let rates = match six(&found.code) {
        Some(code) => {
            let (book, desk) = (Arc::clone(&book), request.desk.clone());
            Some(beside(move || world::rates(&book, code, today, &rates::standard_rates(&desk))).await?)
        }
        None => None,
    };
    Ok(whole(&request, &book, &place, &found, rates.as_deref()).into_response())
}

fn find(finder: &Finder, place: &str, lang: crate::locale::Lang) -> Option<tree::Page> {
    finder.page(&key(place), lang.finder())
}

fn count(request: &Request, answer: &'static str) {
    let one = Use { door: "/{lang}/code/{place}", language: request.lang.tag(), answer };
    request.desk.count(one);
}

/// A code of six digits as the library has it.
fn six(digits: &str) -> Option<GoodsCode> {
    (digits.len() == SHARED).then(|| digits.parse().ok()).flatten()
}

fn whole(request: &Request, book: &Book, place: &str, found: &tree::Page, rates: Option<&[world::Rate]>) -> Page {
    let lang = request.lang;
    let voice = Voice::new(request.desk.finder, lang);
    let code = pointed(&found.code);
    let root = found.code.is_empty();
    let title = if root { say!(lang, CODE_TREE) } else { format!("{code} {}", found.title) };
    let about = if root { say!(lang, CODE_TREE_LEDE) } else { found.title.clone() };
    let more = digits(place).is_some_and(|digits| digits.len() > SHARED);
    let inner = inner(request, book, &voice, found, rates);
    let heading = html! { @if root { (title) } @else { span.digits { (code) } " " (voice.title(&found.code).unwrap_or_default()) } };
    let body = html! {
        div.stack {
            (crumbs(request, &voice, &found.above, &found.code))
            @if !root { p.kind.quiet { (kind(request, &found.code)) } }
            h1 { (heading) }
            @if root { p.lede { (about) } }
            @if more { p.note { (say!(lang, CODE_SIX_ONLY, code = code.as_str())) } }
            (voice.notice())
            div.row.noprint {
                @if found.code.len() == SHARED && digits(&found.code).is_some() {
                    a.button href={ (request.to("/markets")) "?" (Asked::read(request.desk.finder, &request.query, lang).quote(&code)) } { (say!(lang, CODE_QUOTE)) }
                    a.button.second href="#world" { (say!(lang, CODE_WORLD)) }
                }
                a.button.second href=(request.to("/code")) { (say!(lang, CODE_BY_WORDS)) }
            }
        }
        (inner)
    };
    page(request, &Head { door: Door::Code, title: &title, about: &about }, body)
}

/// What a place is called.
fn kind(request: &Request, code: &str) -> String {
    let lang = request.lang;
    match code.len() {
        _ if digits(code).is_none() => say!(lang, CODE_SECTION, code = code),
        2 => say!(lang, CODE_CHAPTER, code = code),
        4 => say!(lang, CODE_HEADING, code = code),
        _ => say!(lang, CODE_SUBHEADING, code = pointed(code)),
    }
}

fn crumbs(request: &Request, voice: &Voice, above: &[Step], code: &str) -> Markup {
    html! {
        @if !code.is_empty() {
            nav.crumbs.noprint aria-label=(say!(request.lang, CODE_PATH)) {
                ol {
                    li { a href=(request.to("/code/tree")) { (say!(request.lang, CODE_TREE)) } }
                    @for step in above {
                        li { a href=(request.to(&page_of(&step.code))) { (pointed(&step.code)) " " (voice.title(&step.code).unwrap_or_default()) } }
                    }
                    li aria-current="page" { (pointed(code)) }
                }
            }
        }
    }
}

fn inner(request: &Request, book: &Book, voice: &Voice, found: &tree::Page, rates: Option<&[world::Rate]>) -> Markup {
    let lang = request.lang;
    let others: Vec<&NotHere> = found.not_here.iter().collect();
    let came_from = six(&found.code).map(|code| book.came_from(code)).unwrap_or_default();
    html! {
        @if !found.below.is_empty() {
            section.stack aria-labelledby="below" {
                h2 #below { (below(request, &found.code)) }
                (steps(request, voice, &found.below))
            }
        }
        @if !found.names.is_empty() || !others.is_empty() {
            div.two {
                @if !found.names.is_empty() {
                    section.card.stack aria-labelledby="in" {
                        h2 #in { (say!(lang, CODE_IN)) }
                        ul.names { @for name in &found.names { li { (name) } } }
                    }
                }
                @if !others.is_empty() {
                    section.card.stack aria-labelledby="out" {
                        h2 #out { (say!(lang, CODE_ELSEWHERE)) }
                        (self::others(request, voice, &found.code, &others))
                    }
                }
            }
        }
        @if !found.facts.is_empty() { (decides(request, voice, found)) }
        @if !found.notes.is_empty() {
            section.stack aria-labelledby="notes" {
                h2 #notes { (say!(lang, CODE_NOTES)) }
                @if found.notes.len() <= FEW_NOTES { (notes(request, voice, &found.code, &found.notes)) } @else {
                    details {
                        summary { (say!(lang, CODE_NOTES_OPEN, count = found.notes.len())) }
                        (notes(request, voice, &found.code, &found.notes))
                    }
                }
            }
        }
        @if let Some(rates) = rates { (world::show(request, book, voice, &found.code, rates)) }
        @if !came_from.is_empty() { (old::came_from(request, &came_from)) }
    }
}

fn below(request: &Request, code: &str) -> String {
    let lang = request.lang;
    match code.len() {
        0 => say!(lang, CODE_SECTIONS),
        _ if digits(code).is_none() => say!(lang, CODE_CHAPTERS),
        2 => say!(lang, CODE_HEADINGS),
        _ => say!(lang, CODE_SUBHEADINGS),
    }
}

/// Places to go down to.
pub(super) fn steps(request: &Request, voice: &Voice, below: &[Step]) -> Markup {
    html! {
        ul.steps {
            @for step in below {
                li { a href=(request.to(&page_of(&step.code))) {
                    span.digits { (pointed(&step.code)) span.hidden { ": " } }
                    span { (voice.title(&step.code).unwrap_or_default()) }
                } }
            }
        }
    }
}

/// Goods that belong elsewhere, and where.
pub(super) fn others(request: &Request, voice: &Voice, code: &str, others: &[&NotHere]) -> Markup {
    html! {
        ul.others {
            @for other in others {
                li { (voice.other(code, &other.what)) " " (places(request, other.to.split_whitespace())) }
            }
        }
    }
}

/// Codes as links.
fn places<'a>(request: &Request, to: impl Iterator<Item = &'a str>) -> Markup {
    html! {
        span.to {
            span aria-hidden="true" { "→ " }
            span.hidden { (say!(request.lang, CODE_BELONGS_IN)) " " }
            @for (at, code) in to.enumerate() {
                @if at > 0 { ", " }
                a href=(request.to(&page_of(code))) { (pointed(code)) }
            }
        }
    }
}

/// What must be so for goods to fall here.
fn decides(request: &Request, voice: &Voice, found: &tree::Page) -> Markup {
    html! {
        section.stack aria-labelledby="decides" {
            h2 #decides { (say!(request.lang, CODE_DECIDES)) }
            dl.facts {
                @for fact in &found.facts {
                    dt { (voice.fact(&fact.asks)) }
                    dd { @for (at, answer) in fact.answers.iter().enumerate() { @if at > 0 { " · " } (voice.fact(answer)) } }
                }
            }
        }
    }
}

/// Legal notes with their numbers.
pub(super) fn notes(request: &Request, voice: &Voice, code: &str, notes: &[Noted]) -> Markup {
    let lang = request.lang;
    html! {
        ul.legal {
            @for note in notes {
                li {
                    p {
                        @match note.kind {
                            NoteKind::Includes => span.tag.high { (say!(lang, CODE_NOTE_IN)) },
                            NoteKind::Excludes => span.tag.stop { (say!(lang, CODE_NOTE_OUT)) },
                            NoteKind::Means => span.tag.medium { (say!(lang, CODE_NOTE_MEANS)) },
                        }
                        " " (voice.note(code, note))
                        @if !note.to.is_empty() { " " (places(request, note.to.iter().map(String::as_str))) }
                    }
                    p.quiet.small { (note.law) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{digits, key};

    #[test]
    fn a_place_is_a_code_a_section_or_the_root() {
        for (place, looked_up) in [
            ("tree", ""),
            ("6109.10", "610910"),
            ("61 09", "6109"),
            ("6109.10.00.40", "610910"),
            ("XI", "XI"),
            (" ", "?"),
            ("..", ".."),
        ] {
            assert_eq!(key(place), looked_up, "{place}");
        }
        assert_eq!(digits("６１"), None);
        assert_eq!(digits(&"1".repeat(31)), None);
    }
}
