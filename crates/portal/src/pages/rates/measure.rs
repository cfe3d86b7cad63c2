//! Each measure of a goods code in the tariff of an economy.

use super::board::board;
use super::dates::{self, BEGINS, span};
use super::duties::{self, Asked};
use super::phrase::Voice;
use super::{crumbs, finish, in_english, missing, scroll, sources, terms};
use crate::form;
use crate::locale::day;
use crate::pages::parts::{self, sentence};
use crate::pages::{Page, Request};
use crate::problem::Problem;
use crate::say;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::goods::GoodsCode;
use tidewaiter::ratebook::{EconomyView, MeasureView};
use tidewaiter::record::MeasureKind;

/// More rows than these are folded, line by line.
const OPEN: usize = 12;
/// More lines than these are not told here: the codes between the heading and the lines are offered instead.
const LINES: usize = 40;
/// More origins than these are told by code.
const NAMED: usize = 4;
/// More codes than these are counted.
const LISTED: usize = 14;

pub(super) async fn show(
    Path((_, territory, code)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let lang = request.lang;
    let book = request.desk.book();
    let Some(view) = book.economy(&territory) else {
        return Ok(missing::no_economy(&request, &territory, &format!("/{code}")));
    };
    let asked_code = code.parse::<GoodsCode>().ok().filter(|code| code.digit_count() >= 4);
    let Some(asked_code) = asked_code else { return Err(Problem::request(&crate::problem::message::DOOR_CODE)) };
    let measured = !book.tariff(&territory, asked_code, None).unwrap_or_default().is_empty();
    if !measured {
        let whole = || {
            board(&request.desk, &book).rows.iter().any(|row| row.summary.code == view.code && row.has_whole_tariff())
        };
        if missing::is_no_code(&request, asked_code) {
            return Ok(missing::no_code(&request, &view.code, asked_code, false));
        }
        if whole() {
            return Ok(missing::no_code(&request, &view.code, asked_code, true));
        }
    }
    let fields = form::read(&request.query, Some(lang));
    let today = request.desk.today();
    let on = dates::read(fields.field("date")).unwrap_or(today);
    let origin = Some(fields.field("origin").to_ascii_uppercase()).filter(|o| !o.is_empty());
    let unknown_origin = origin.as_ref().is_some_and(|o| !book.territories().contains_key(o));
    let origin = origin.filter(|_| !unknown_origin);
    let listed =
        book.listed(&territory, asked_code, on).filter(|listed| listed.digit_count() >= 4).unwrap_or(asked_code);
    let measures = book.tariff(&territory, listed, origin.as_deref()).unwrap_or_default();
    let steps = match &origin {
        Some(origin) => {
            let asked =
                Asked { territory: territory.clone(), code: listed, origin: origin.clone(), from: BEGINS, day: on };
            duties::of_origin(&book, asked).await
        }
        None => None,
    };
    let voice = Voice { lang, book: &book, view: &view, day: on };
    let name = parts::territory(lang, &book, &territory);
    let title = say!(lang, RATES_MEASURE_TITLE, code = listed.to_string(), name = name.as_str());
    let above = [(request.to(&format!("/rates/{territory}")), name.clone())];
    let (now, other): (Vec<&MeasureView>, Vec<&MeasureView>) = measures.iter().partition(|m| m.holds_on(on));
    let body = html! {
        div.stack {
            (crumbs(&request, &above, &listed.to_string()))
            h1 { (title) }
            (in_english(&request))
            p.lede { (say!(lang, RATES_MEASURE_LEDE, day = day(lang, on))) }
            @if listed != asked_code {
                p.note.care { (say!(lang, RATES_MEASURE_CUT, asked = asked_code.to_string(), code = listed.to_string())) }
            }
            @if unknown_origin {
                @let typed: String = fields.field("origin").chars().filter(|c| !c.is_control()).take(20).collect();
                p.note.care { (say!(lang, RATES_ORIGIN_WRONG, origin = typed)) " " a href="#origin" { (say!(lang, RATES_ORIGIN_CHOOSE)) } }
            }
            @if !fields.field("date").is_empty() && dates::read(fields.field("date")).is_none() {
                p.note.care { (say!(lang, RATES_DATE_WRONG)) }
            }
        }
        (ask(&request, &territory, listed, origin.as_deref(), on))
        section.stack aria-labelledby="measures" {
            h2 #measures { (say!(lang, RATES_MEASURES)) }
            @if measures.is_empty() { (nothing(&request, &view, listed)) }
            @else if now.is_empty() { p.note.care { (say!(lang, RATES_MEASURES_NOT_NOW, day = day(lang, on))) } }
            @else { (lines(&request, &voice, listed, &now, &say!(lang, RATES_MEASURES))) }
            @if !other.is_empty() {
                details {
                    summary { (say!(lang, RATES_MEASURES_OTHER, count = other.len())) }
                    (lines(&request, &voice, listed, &other, &say!(lang, RATES_MEASURES_OTHER, count = other.len())))
                }
            }
        }
        (duties::general(&voice, listed, &measures, today))
        @if let Some(history) = &steps { (duties::with_origin(&voice, history, today)) }
        @else if origin.is_none() && !measures.is_empty() { p.note { (say!(lang, RATES_NAME_ORIGIN)) } }
        (behind(&voice, &measures))
        p { a href=(request.to(&format!("/code/{}", listed.digits()))) { (say!(lang, RATES_CODE_MEANING)) } }
    };
    Ok(page(&request, &title, body).into_response())
}

fn page(request: &Request, title: &str, body: Markup) -> Page {
    finish(request, "/{lang}/rates/{territory}/{code}", title, "", body)
}

/// Origin and day, as a form.
fn ask(request: &Request, territory: &str, code: GoodsCode, origin: Option<&str>, on: Date) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    html! {
        form.card action=(request.to(&format!("/rates/{territory}/{code}"))) method="get" {
            div.fields {
                div.field.w4 {
                    label for="origin" { (say!(lang, RATES_ORIGIN)) }
                    (parts::select("origin", "origin", origin.unwrap_or_default(), Some(&say!(lang, RATES_ORIGIN_ANY)), &parts::origins(lang, &book)))
                }
                div.field.w4 {
                    label for="date" { (say!(lang, RATES_DATE)) }
                    input #date type="date" name="date" value=(on);
                }
                div.field.w4.go { button { (say!(lang, RATES_SHOW)) } }
            }
        }
    }
}

/// Said where no measure is loaded, with what to do.
fn nothing(request: &Request, view: &EconomyView, code: GoodsCode) -> Markup {
    let lang = request.lang;
    html! {
        div.nothing.stack {
            p {
                @if view.measures.is_empty() && view.bounds == 0 { (say!(lang, RATES_NOTHING_TARIFF)) }
                @else { (say!(lang, RATES_NOTHING_CODE, code = code.to_string())) }
            }
            ul {
                @if view.bounds > 0 { li { (say!(lang, RATES_NOTHING_BOUNDS)) } }
                li { (say!(lang, RATES_NOTHING_CHECK)) " " a href=(request.to("/code")) { (say!(lang, RATES_LOOK_FIND)) } }
                li { (say!(lang, RATES_NOTHING_RATE)) " " a href=(request.to(&format!("/markets?to={}&goods={code}", view.code))) { (say!(lang, RATES_NOTHING_ASK)) } }
                li { (say!(lang, RATES_NOTHING_IMPORT)) " " code { "tidewaiter import list" } }
            }
        }
    }
}

/// Few measures in one table; more of them line by line, folded; of very many lines the codes above them.
fn lines(request: &Request, voice: &Voice<'_>, code: GoodsCode, measures: &[&MeasureView], label: &str) -> Markup {
    let lang = voice.lang;
    if measures.len() <= OPEN {
        return table(voice, measures, label);
    }
    let by_line: Vec<&[&MeasureView]> = measures.chunk_by(|a, b| a.code == b.code).collect();
    let below = if by_line.len() > LINES { below(code, measures) } else { Vec::new() };
    html! {
        @if below.len() > 1 {
            p.note { (say!(lang, RATES_LINES_MANY, count = by_line.len())) }
            ul.choices {
                @for (code, count) in &below {
                    li {
                        a href=(request.to(&format!("/rates/{}/{code}", voice.view.code))) {
                            (code) " " span.quiet.small { (say!(lang, RATES_LINES_BELOW, count = *count)) }
                        }
                    }
                }
            }
        } @else {
            p.quiet { (say!(lang, RATES_LINES_ABOUT, count = by_line.len())) }
            @for line in by_line {
                @let code = line.first().map_or("", |one| one.code.as_str());
                details.line {
                    summary { span.figure { (code) } " " span.quiet.small { (general(voice, line)) } }
                    (table(voice, line, &say!(lang, RATES_LINE, code = code)))
                }
            }
        }
    }
}

/// The general duty of a line, with how many measures there are in all.
fn general(voice: &Voice<'_>, line: &[&MeasureView]) -> Markup {
    let lang = voice.lang;
    let open = line.iter().find(|one| {
        one.kind == MeasureKind::ThirdCountry && one.origin.is_empty() && one.programs.is_empty() && !one.conditional
    });
    html! {
        @if let Some(open) = open.filter(|one| one.outcome.is_none()) {
            (terms::measure(lang, open.kind)) (lang.colon()) (voice.amount(&open.amount)) (lang.semicolon())
        }
        (say!(lang, RATES_LINE_COUNT, count = line.len()))
    }
}

/// Codes of two more digits that the measures fall in, and how many lines each has.
fn below(code: GoodsCode, measures: &[&MeasureView]) -> Vec<(String, usize)> {
    let digits = usize::from(code.digit_count()) + 2;
    let mut lines: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for one in measures {
        let own: String = one.code.chars().filter(char::is_ascii_digit).take(digits).collect();
        let at = own.parse::<GoodsCode>().map_or(own, |code| code.to_string());
        lines.entry(at).or_default().insert(&one.code);
    }
    lines.into_iter().map(|(code, lines)| (code, lines.len())).collect()
}

fn table(voice: &Voice<'_>, measures: &[&MeasureView], label: &str) -> Markup {
    let lang = voice.lang;
    html! {
        (scroll(label, html! {
            table.ledger.measures {
                caption.hidden { (label) }
                thead {
                    tr {
                        th scope="col" { (say!(lang, RATES_COL_CODE)) }
                        th scope="col" { (say!(lang, RATES_COL_KIND)) }
                        th scope="col" { (say!(lang, RATES_COL_DUE)) }
                        th scope="col" { (say!(lang, RATES_COL_FOR)) }
                        th scope="col" { (say!(lang, RATES_COL_WHEN)) }
                        th scope="col" { (say!(lang, RATES_COL_SOURCES)) }
                    }
                }
                tbody { @for measure in measures { (row(voice, measure)) } }
            }
        }))
    }
}

fn row(voice: &Voice<'_>, measure: &MeasureView) -> Markup {
    let lang = voice.lang;
    let held = span(lang, voice.day, measure.from, measure.before);
    html! {
        tr {
            th scope="row" { span.nowrap { (measure.code) } @if voice.view.code != measure.authority { div.quiet.small { (measure.authority) } } }
            td data-label=(say!(lang, RATES_COL_KIND)) { (terms::measure(lang, measure.kind)) }
            td.long data-label=(say!(lang, RATES_COL_DUE)) {
                @if let Some(outcome) = measure.outcome { (terms::verdict(lang, outcome)) }
                @else { span.figure { (voice.amount(&measure.amount)) } }
                @if let Some(says) = &measure.says { p.small { (lang.foreign(&sentence(says))) } }
            }
            td.long data-label=(say!(lang, RATES_COL_FOR)) {
                (whom(voice, measure))
                @if let Some(note) = &measure.note { p.quiet.small { (lang.foreign(&sentence(note))) } }
            }
            td data-label=(say!(lang, RATES_COL_WHEN)) { @if held.is_empty() { span.quiet { (say!(lang, RATES_NO_DAY)) } } @else { (held) } }
            td.small.long data-label=(say!(lang, RATES_COL_SOURCES)) { (sources::cited_facts(voice, &measure.cites)) }
        }
    }
}

/// Which goods get it: their origins, and what must be claimed with which proof.
fn whom(voice: &Voice<'_>, measure: &MeasureView) -> Markup {
    let lang = voice.lang;
    html! {
        @if measure.origin.is_empty() && measure.programs.is_empty() { (say!(lang, RATES_FOR_ALL)) }
        @if !measure.origin.is_empty() { (say!(lang, RATES_FOR, places = places(voice, &measure.origin))) }
        @if !measure.not_origin.is_empty() { " " (say!(lang, RATES_FOR_NOT, places = places(voice, &measure.not_origin))) }
        @for program in &measure.programs {
            div {
                (say!(lang, RATES_CLAIM)) " "
                @if let Some(name) = &program.name { (lang.foreign(name)) } @else { (program.key) }
                @if let Some(proof) = &program.proof { ". " span.small { (say!(lang, RATES_PROOF)) " " (lang.foreign(&sentence(proof))) } }
                @let held = span(lang, voice.day, program.from, program.before);
                @if !held.is_empty() { " " span.quiet.small { (held) } }
            }
        }
        @if measure.conditional { div { span.tag { (say!(lang, RATES_CONDITION)) } } }
        @if let Some(code) = &measure.additional_code { div.small { (say!(lang, RATES_ADDITIONAL_CODE, code = code.as_str())) } }
        @if let Some(number) = &measure.order_number { div.small { (say!(lang, RATES_QUOTA, number = number.as_str())) } }
    }
}

fn places(voice: &Voice<'_>, codes: &[String]) -> String {
    let name = |code: &String| {
        if codes.len() <= NAMED { parts::territory(voice.lang, voice.book, code) } else { code.clone() }
    };
    let told: Vec<String> = codes.iter().take(LISTED).map(name).collect();
    match codes.len().saturating_sub(LISTED) {
        0 => told.join(", "),
        more => say!(voice.lang, RATES_MORE, list = told.join(", "), count = more),
    }
}

/// The facts that the measures rest on.
fn behind(voice: &Voice<'_>, measures: &[MeasureView]) -> Markup {
    let lang = voice.lang;
    let mut keys: Vec<&String> = measures.iter().flat_map(|m| &m.cites).collect();
    keys.sort_unstable();
    keys.dedup();
    let facts: Vec<_> = keys.into_iter().filter_map(|key| voice.book.fact(key)).collect();
    html! {
        @if !facts.is_empty() {
            section.stack aria-labelledby="facts" {
                h2 #facts { (say!(lang, RATES_FACTS)) }
                ul.plain { @for fact in &facts { (parts::fact_view(lang, fact)) } }
            }
        }
    }
}
