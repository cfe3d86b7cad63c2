//! The page of a search: the form, the likely codes, the question that narrows them.

use super::asked::{Asked, Basis};
use super::found::{self, Found};
use super::voice::Voice;
use super::{page_of, pays, place, pointed};
use crate::desk::Book;
use crate::pages::layout::{Door, Head, page};
use crate::pages::{Request, parts};
use crate::problem::{Problem, Wrong};
use crate::say;
use crate::usage::Use;
use crate::work::beside;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::sync::Arc;
use tidewaiter_finder::{Asking, Candidate};

/// Most letters of the words in a title.
const MOST_LETTERS: usize = 60;
/// Most goods that belong elsewhere beside a code.
const MOST_OTHERS: usize = 5;
/// No code is certain by words, whatever the figures say.
const MOST_PERCENT: u8 = 99;
/// The questions about titles, whose answers are codes.
const TITLES: [&str; 2] = ["heading", "code"];

/// What came of a search, with what the buyer's part rests on.
struct Outcome {
    asked: Asked,
    basis: Option<Basis>,
    wrong: Vec<Wrong>,
    found: Option<Found>,
}

/// The page.
pub(super) async fn show(request: Request) -> Result<Response, Problem> {
    let (lang, book, finder, today) = (request.lang, request.desk.book(), request.desk.finder, request.desk.today());
    let asked = Asked::read(finder, &request.query, lang);
    if let Some(code) = asked.code() {
        return Ok(Redirect::to(&request.to(&page_of(&code))).into_response());
    }
    let outcome = if asked.text.is_empty() {
        Outcome { asked, basis: None, wrong: Vec::new(), found: None }
    } else {
        let book = Arc::clone(&book);
        beside(move || {
            let (basis, wrong) = match asked.basis(&book, today) {
                Some(Ok(basis)) => (Some(basis), Vec::new()),
                Some(Err(wrong)) => (None, wrong),
                None => (None, Vec::new()),
            };
            let found = found::find(&book, finder, &asked, basis.as_ref(), lang);
            Outcome { asked, basis, wrong, found }
        })
        .await?
    };
    let answer = outcome.found.as_ref().map_or("", Found::kind);
    request.desk.count(Use { door: "/{lang}/code", language: lang.tag(), answer });
    Ok(whole(&request, &book, &outcome).into_response())
}

fn whole(request: &Request, book: &Book, outcome: &Outcome) -> crate::pages::Page {
    let lang = request.lang;
    let voice = Voice::new(request.desk.finder, lang);
    let asked = &outcome.asked;
    let title = if asked.text.is_empty() {
        say!(lang, CODE_TITLE)
    } else {
        say!(lang, CODE_TITLE_OF, goods = shortened(&asked.text))
    };
    let lede = say!(lang, CODE_LEDE);
    let answer = outcome.found.as_ref().map(|found| answer(request, book, &voice, outcome, found));
    let form = form(request, book, asked, outcome);
    let body = html! {
        div.stack {
            h1 { (title) }
            @if answer.is_none() { p.lede { (lede) } }
            (voice.notice())
        }
        @match answer {
            Some(answer) => { section.card.again aria-label=(say!(lang, CODE_SEARCH)) { (form) } (answer) }
            None => { section.card aria-label=(say!(lang, CODE_SEARCH)) { (form) } (sections(request, &voice)) }
        }
    };
    page(request, &Head { door: Door::Code, title: &title, about: &lede }, body)
}

/// Words that may be of any length, for a title.
fn shortened(text: &str) -> String {
    let cut: String = text.chars().take(MOST_LETTERS).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

fn form(request: &Request, book: &Book, asked: &Asked, outcome: &Outcome) -> Markup {
    let lang = request.lang;
    let none = say!(lang, CODE_NOT_SAID);
    let currencies: Vec<(String, String)> =
        book.currencies().iter().map(|one| (one.code.clone(), one.code.clone())).collect();
    let channels: Vec<(String, String)> =
        ["post", "express", "freight"].iter().map(|key| ((*key).to_owned(), lang.word("channel", key))).collect();
    let select =
        |id: &str, name: &str, all: &[(String, String)]| parts::select(id, name, asked.field(name), Some(&none), all);
    let faults: Vec<&Wrong> = asked.wrong.iter().chain(&outcome.wrong).collect();
    let priced = faults.iter().any(|wrong| wrong.field == "items[0].price");
    html! {
        form method="get" action=(request.to("/code")) role="search" {
            div.field {
                label for="goods" { (say!(lang, CODE_GOODS)) }
                div.asks {
                    input #goods type="search" name="goods" value=(asked.text) maxlength="300" autocomplete="off" spellcheck="true"
                        aria-describedby="goods-hint";
                    button type="submit" { (say!(lang, CODE_FIND)) }
                }
                p.hint #goods-hint { (say!(lang, CODE_GOODS_HINT)) }
            }
            @for wrong in &faults {
                p.fault role="alert" #fault {
                    code { (wrong.field) } @if !wrong.value.is_empty() { " " (lang.quoted(&wrong.value)) } (lang.colon()) (lang.wrong(&wrong.message))
                }
            }
            details open[!faults.is_empty()] {
                summary {
                    @match outcome.basis.as_ref().map(|basis| parts::territory(lang, book, &basis.asked.to)) {
                        Some(to) => (say!(lang, CODE_PAYS_TO, to = to)),
                        None => (say!(lang, CODE_SHOW_PAYS)),
                    }
                }
                div.fields {
                    div.field.w4 { label for="to" { (say!(lang, CODE_TO)) } (select("to", "to", &parts::destinations(lang, book))) }
                    div.field.w4 { label for="origin" { (say!(lang, CODE_ORIGIN)) } (select("origin", "origin", &parts::origins(lang, book))) }
                    div.field.w4 { label for="channel" { (say!(lang, CODE_CHANNEL)) } (select("channel", "channel", &channels)) }
                    div.field.w4 {
                        label for="price" { (say!(lang, CODE_PRICE)) }
                        input #price name="price" value=(asked.field("price")) inputmode="decimal" autocomplete="off" maxlength="30"
                            aria-invalid=[priced.then_some("true")] aria-describedby=[priced.then_some("fault")];
                    }
                    div.field.w4 {
                        label for="currency" { (say!(lang, CODE_CURRENCY)) }
                        (parts::select("currency", "currency", asked.field("currency"), Some(&say!(lang, CODE_CURRENCY_THERE)), &currencies))
                    }
                }
            }
            @for name in ["from", "date"] {
                @if !asked.field(name).is_empty() { input type="hidden" name=(name) value=(asked.field(name)); }
            }
            @if !asked.answers.is_empty() {
                // Other words make these answers void.
                input type="hidden" name="about" value=(asked.text);
                @for (question, answer) in &asked.answers {
                    input type="hidden" name="answer" value={ (question) ":" (answer) };
                }
            }
        }
    }
}

/// What was answered, each with a way to take it back.
fn said(request: &Request, voice: &Voice, asked: &Asked) -> Markup {
    let lang = request.lang;
    html! {
        @if !asked.answers.is_empty() {
            div.said.noprint {
                p.small #said { strong { (say!(lang, CODE_ANSWERED)) } }
                ul.chips aria-labelledby="said" {
                    @for (question, answer) in &asked.answers {
                        li { (chip(request, voice, asked, question, answer)) }
                    }
                }
            }
        }
    }
}

fn chip(request: &Request, voice: &Voice, asked: &Asked, question: &str, answer: &str) -> Markup {
    let words = Some(answer).filter(|answer| !answer.is_empty()).and_then(|answer| voice.answer(question, answer));
    html! {
        a href={ (request.to("/code")) "?" (asked.without(question)) } {
            @if let Some(asks) = voice.question_of(question) { span.quiet { (asks) } " " }
            strong { @match words { Some(words) => (words), None => (unknown(request, question)) } }
            span.cross aria-hidden="true" { "×" }
            span.hidden { " " (say!(request.lang, CODE_TAKE_BACK)) }
        }
    }
}

/// The answer of who cannot say.
fn unknown(request: &Request, question: &str) -> String {
    if TITLES.contains(&question) {
        say!(request.lang, CODE_NONE_OF_THESE)
    } else {
        say!(request.lang, CODE_DO_NOT_KNOW)
    }
}

fn answer(request: &Request, book: &Book, voice: &Voice, outcome: &Outcome, found: &Found) -> Markup {
    let (lang, asked) = (request.lang, &outcome.asked);
    let question = found.answer.question.as_ref().map(|asking| question(request, voice, asked, asking));
    html! {
        @if asked.unfit { p.note.care { (say!(lang, CODE_UNFIT)) } }
        @match found.answer.advice {
            Some(advice) => {
                section.card.stack.answer aria-labelledby="too-little" {
                    h2 #too-little { (say!(lang, CODE_TOO_LITTLE)) }
                    (said(request, voice, asked))
                    p.note.care { (advice) }
                    (not_known(request, found))
                }
                @if let Some(question) = question { (question) }
                (sections(request, voice))
            }
            None => {
                section.card.answer aria-labelledby="likely" {
                    h2 #likely { (say!(lang, CODE_LIKELY)) }
                    (said(request, voice, asked))
                    ol.likely { @for one in &found.answer.codes { (likely(request, voice, asked, one)) } }
                    p { (say!(lang, CODE_TOGETHER, held = usize::from(found.held.min(MOST_PERCENT)))) }
                    (not_known(request, found))
                }
                @match question { Some(question) => (question), None => p.quiet { (say!(lang, CODE_NO_QUESTION)) } }
                @if let Some(basis) = &outcome.basis { (pays::table(request, book, voice, found, basis)) }
                section.stack aria-labelledby="why" {
                    h2 #why { (say!(lang, CODE_WHY)) }
                    @for (at, one) in found.answer.codes.iter().enumerate() { (why(request, voice, asked, one, at == 0)) }
                }
                p.note.care { (say!(lang, CODE_CAUTION)) }
            }
        }
    }
}

fn not_known(request: &Request, found: &Found) -> Markup {
    let unknown = &found.answer.unknown;
    html! {
        @if !unknown.is_empty() {
            p.quiet { (say!(request.lang, CODE_UNKNOWN_WORDS)) " " @for (at, word) in unknown.iter().take(12).enumerate() { @if at > 0 { ", " } q { (word) } } "." }
        }
    }
}

/// How likely, in a word.
fn chance(request: &Request, percent: u8) -> String {
    match percent {
        75.. => say!(request.lang, CODE_CHANCE_HIGH),
        50..=74 => say!(request.lang, CODE_CHANCE_GOOD),
        20..=49 => say!(request.lang, CODE_CHANCE_SOME),
        _ => say!(request.lang, CODE_CHANCE_LOW),
    }
}

fn likely(request: &Request, voice: &Voice, asked: &Asked, one: &Candidate) -> Markup {
    let lang = request.lang;
    let percent = one.percent().min(MOST_PERCENT);
    let code = pointed(&one.code);
    let shown = crate::locale::percent(lang, tidewaiter::Decimal::from_int(i64::from(percent)));
    html! {
        li {
            p.what {
                a.digits href=(request.to(&asked.page(&one.code))) { (code) } " "
                span.title { (voice.title(&one.code).unwrap_or_default()) }
            }
            p.chance {
                svg viewBox="0 0 100 10" width="100" height="10" preserveAspectRatio="none" aria-hidden="true" {
                    rect.track width="100" height="10" rx="3" {}
                    rect.part width=(percent.max(1)) height="10" rx="3" {}
                }
                span.figure { (shown) } " " span.quiet { (chance(request, percent)) }
            }
            p.use {
                a href={ (request.to("/markets")) "?" (asked.quote(&code)) } {
                    (say!(lang, CODE_USE)) span.hidden { " " (code) }
                }
            }
        }
    }
}

fn question(request: &Request, voice: &Voice, asked: &Asked, asking: &Asking) -> Markup {
    let lang = request.lang;
    let to = |answer: &str| format!("{}?{}", request.to("/code"), asked.and(&asking.key, answer));
    html! {
        section.card.question aria-labelledby="question" {
            p.small.quiet { (say!(lang, CODE_QUESTION)) }
            h2 #question { (voice.question(asking)) }
            ul.choices aria-labelledby="question" {
                @for (key, words) in &asking.answers {
                    li { a href=(to(key)) {
                        @if TITLES.contains(&asking.key.as_str()) { span.digits { (pointed(key)) } " " }
                        @match voice.answer(&asking.key, key) { Some(words) => (words), None => (words) }
                    } }
                }
                li { a.none href=(to("")) { (unknown(request, &asking.key)) } }
            }
        }
    }
}

/// Why a code was found, and what speaks against it.
fn why(request: &Request, voice: &Voice, asked: &Asked, one: &Candidate, first: bool) -> Markup {
    let lang = request.lang;
    let (chapter, heading) = (one.code.get(..2).unwrap_or_default(), one.code.get(..4).unwrap_or_default());
    let mut others: Vec<&tidewaiter_finder::NotHere> = Vec::new();
    for other in &one.not_here {
        if others.len() < MOST_OTHERS && !others.iter().any(|known| known.what == other.what) {
            others.push(other);
        }
    }
    html! {
        details.card.why open[first] {
            summary { span.digits { (pointed(&one.code)) } " " (voice.title(&one.code).unwrap_or_default()) }
            div.stack {
                dl.path {
                    dt { (say!(lang, CODE_CHAPTER, code = chapter)) }
                    dd { a href=(request.to(&page_of(chapter))) { (voice.title(chapter).unwrap_or_default()) } }
                    dt { (say!(lang, CODE_HEADING, code = heading)) }
                    dd { a href=(request.to(&page_of(heading))) { (voice.title(heading).unwrap_or_default()) } }
                    dt { (say!(lang, CODE_BECAUSE)) }
                    dd { (voice.name(&one.because)) }
                }
                @if !others.is_empty() {
                    h3 { (say!(lang, CODE_ELSEWHERE)) }
                    (place::others(request, voice, &one.code, &others))
                }
                @if !one.notes.is_empty() {
                    h3 { (say!(lang, CODE_NOTES)) }
                    (place::notes(request, voice, &one.code, &one.notes))
                }
                p { a href=(request.to(&asked.page(&one.code))) { (say!(lang, CODE_MORE_OF, code = pointed(&one.code))) } }
            }
        }
    }
}

/// The way in without words.
fn sections(request: &Request, voice: &Voice) -> Markup {
    let lang = request.lang;
    let below = request.desk.finder.page("", lang.finder()).map(|root| root.below).unwrap_or_default();
    html! {
        section.stack aria-labelledby="browse" {
            h2 #browse { (say!(lang, CODE_TREE)) }
            (place::steps(request, voice, &below))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_title_is_not_as_long_as_what_was_typed() {
        assert_eq!(shortened("mug"), "mug");
        assert_eq!(shortened(&"é".repeat(100)).chars().count(), 61);
    }
}
