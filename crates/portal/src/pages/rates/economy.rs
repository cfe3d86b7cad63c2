//! The page of one economy: what a shopkeeper must know first, then everything behind it.

use super::board::{Row, board, is_tax, whole_rate};
use super::glance::{self, Step};
use super::phrase::Voice;
use super::{
    around, bars, crumbs, dates, finish, held, in_english, ladder, list, missing, scroll, sources, tabs, terms,
    timeline,
};
use crate::form;
use crate::locale::percent;
use crate::pages::Request;
use crate::pages::parts::{self, sentence};
use crate::say;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use tidewaiter::ratebook::{ChargeView, EconomyView};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::record::{Authority, Kind};

/// More lanes than these make a drawing that is taller than a screen: it is folded.
const DRAWN: usize = 7;

pub(super) async fn show(Path((_, code)): Path<(String, String)>, request: Request) -> Response {
    let lang = request.lang;
    let book = request.desk.book();
    let Some(view) = book.economy(&code) else { return missing::no_economy(&request, &code, "") };
    // The form for a goods code has an address of its own as its answer.
    let asked = form::read(&request.query, Some(lang));
    let goods: String = asked.field("goods").chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    if !goods.is_empty() {
        return Redirect::to(&request.to(&format!("/rates/{code}/{goods}"))).into_response();
    }
    let board = board(&request.desk, &book);
    let row = board.rows.iter().find(|row| row.summary.code == code);
    let voice = Voice { lang, book: &book, view: &view, day: request.desk.today() };
    let name = parts::territory(lang, &book, &code);
    let title = say!(lang, RATES_OF, name = name.as_str());
    let lanes = timeline::lanes(&voice);
    let body = html! {
        div.stack {
            (crumbs(&request, &[], &name))
            h1 { (name) " " span.tag { (code) } @if view.kind != TerritoryKind::Country { " " span.tag { (terms::territory_kind(lang, view.kind)) } } }
            (in_english(&request))
            @if let Some(summary) = &view.summary { p.lede { (lang.foreign(&sentence(summary))) } }
            @if let Some(note) = &view.note { p.note.care { strong { (say!(lang, RATES_CARE)) } " " (lang.foreign(&sentence(note))) } }
        }
        (contents(&voice))
        section.stack aria-labelledby="glance" {
            h2 #glance { (say!(lang, RATES_GLANCE)) }
            (at_a_glance(&voice, row))
            (ordinary(&voice))
        }
        section.stack aria-labelledby="look" {
            h2 #look { (say!(lang, RATES_LOOK)) }
            (look(&request, &view, row))
        }
        section.stack.wide aria-labelledby="charges" {
            h2 #charges { (say!(lang, RATES_CHARGES)) }
            @if view.charges.is_empty() { (nothing(&voice)) } @else { p.quiet { (say!(lang, RATES_CHARGES_ABOUT)) } }
            (ladder::charges(&voice))
            @let waivers = ladder::waivers(&voice);
            @if !waivers.is_empty() {
                section.stack {
                    h3 #waivers { (say!(lang, RATES_WAIVERS)) }
                    ul.plain { @for waiver in waivers { li { (waiver) } } }
                }
            }
        }
        @if !view.rates.is_empty() {
            section.stack aria-labelledby="rates" { h2 #rates { (say!(lang, RATES_TABLES)) } (held::rates(&voice)) }
        }
        @if !lanes.is_empty() {
            section.stack aria-labelledby="timeline" {
                h2 #timeline { (say!(lang, RATES_TIMELINE)) }
                @if lanes.len() <= DRAWN { (bars::show(lang, &lanes, voice.day)) } @else {
                    details {
                        summary { (say!(lang, RATES_TIMELINE_OPEN, count = lanes.len())) }
                        (bars::show(lang, &lanes, voice.day))
                    }
                }
            }
        }
        @if !view.schemes.is_empty() {
            section.stack aria-labelledby="schemes" { h2 #schemes { (say!(lang, RATES_SCHEMES)) } (around::schemes(&voice)) }
        }
        @if !view.disputes.is_empty() {
            section.stack aria-labelledby="disputes" { h2 #disputes { (say!(lang, RATES_DISPUTES)) } (around::disputes(&voice)) }
        }
        @if !view.asks.is_empty() {
            section.stack aria-labelledby="questions" { h2 #questions { (say!(lang, RATES_QUESTIONS)) } (around::questions(&voice)) }
        }
        @if !view.exchange.is_empty() {
            section.stack aria-labelledby="exchange" { h2 #exchange { (say!(lang, RATES_EXCHANGE)) } (around::exchange(&voice, &board.series)) }
        }
        section.stack aria-labelledby="member" { h2 #member { (say!(lang, RATES_MEMBER)) } (around::memberships(&request, &voice)) }
        section.stack aria-labelledby="facts" {
            h2 #facts { (say!(lang, RATES_FACTS)) }
            p.small { (say!(lang, RATES_SURE_ABOUT)) " " a href=(request.to("/about#sure")) { (say!(lang, RATES_SURE_LINK)) } }
            (sources::facts(lang, voice.day, &view))
        }
        section.stack aria-labelledby="editions" {
            h2 #editions { (say!(lang, RATES_EDITIONS)) }
            (scroll(&say!(lang, RATES_EDITIONS), sources::editions(lang, voice.day, &view)))
            (sources::correct(&request, &view))
        }
        (tabs(&request, ""))
    };
    let about = view.summary.clone().unwrap_or_default();
    finish(&request, "/{lang}/rates/{territory}", &title, &about, body).into_response()
}

/// What stands on the page, to jump to.
fn contents(voice: &Voice<'_>) -> Markup {
    let (lang, view) = (voice.lang, voice.view);
    let all = [
        ("glance", say!(lang, RATES_GLANCE), true),
        ("charges", say!(lang, RATES_CHARGES), true),
        ("rates", say!(lang, RATES_TABLES), !view.rates.is_empty()),
        ("timeline", say!(lang, RATES_TIMELINE), !view.charges.is_empty()),
        ("schemes", say!(lang, RATES_SCHEMES), !view.schemes.is_empty()),
        ("disputes", say!(lang, RATES_DISPUTES), !view.disputes.is_empty()),
        ("facts", say!(lang, RATES_FACTS), true),
        ("editions", say!(lang, RATES_EDITIONS), true),
    ];
    html! {
        nav.tabs aria-label=(say!(lang, RATES_CONTENTS)) {
            ul { @for (at, name, _) in all.iter().filter(|(_, _, shown)| *shown) { li { a href={ "#" (at) } { (name) } } } }
        }
    }
}

fn nothing(voice: &Voice<'_>) -> Markup {
    html! { p.nothing { (say!(voice.lang, RATES_NO_CHARGES)) } }
}

/// From which value what is due, the rate, the registrations: one line each.
fn at_a_glance(voice: &Voice<'_>, row: Option<&Row>) -> Markup {
    let (lang, view) = (voice.lang, voice.view);
    let open: Vec<_> = view.schemes.iter().filter(|s| around::is_now(voice, s.from, s.before)).collect();
    html! {
        dl.pairs.card {
            dt { (say!(lang, RATES_COL_DUTY_FREE)) }
            dd { @if let Some(row) = row { (list::low(lang, voice.book, &row.duty)) } @else { (parts::unknown(lang)) } }
            dt { (say!(lang, RATES_COL_TAX_FREE)) }
            dd { @if let Some(row) = row { (list::low(lang, voice.book, &row.tax)) } @else { (parts::unknown(lang)) } }
            dt { (say!(lang, RATES_COL_RATE)) }
            dd { (standard(voice)) }
            dt { (say!(lang, RATES_COL_CURRENCY)) }
            dd { (say!(lang, RATES_CURRENCY, currency = view.currency.as_str())) }
            dt { (say!(lang, RATES_SCHEMES)) }
            dd {
                @if open.is_empty() { (say!(lang, RATES_SCHEMES_NONE)) }
                @for (place, scheme) in open.iter().enumerate() {
                    @if place > 0 { ", " }
                    a href={ "#scheme-" (scheme.key) } { (lang.foreign(if scheme.short.is_empty() { &scheme.name } else { &scheme.short })) }
                }
            }
            dt { (say!(lang, RATES_TARIFF)) }
            dd { @if let Some(row) = row { (tariff(voice, row)) } @else { (parts::unknown(lang)) } }
            dt { (say!(lang, RATES_COL_SURE)) }
            dd { @if let Some(row) = row { (list::shares(lang, row.summary.facts)) } @else { (parts::unknown(lang)) } }
        }
    }
}

/// How much of a tariff is loaded: all or some of it, only the least and the most, or nothing.
pub(super) fn tariff(voice: &Voice<'_>, row: &Row) -> Markup {
    tariff_text(voice.lang, row)
}

/// The same for a table.
pub(super) fn tariff_text(lang: crate::locale::Lang, row: &Row) -> Markup {
    html! {
        @if row.tariff > 0 { (say!(lang, RATES_TARIFF_LINES, count = row.tariff)) }
        @else if row.bounds > 0 { (say!(lang, RATES_TARIFF_BOUNDS, count = row.bounds)) }
        @else { (parts::unknown(lang)) (lang.colon()) (say!(lang, RATES_TARIFF_NONE)) }
    }
}

fn standard(voice: &Voice<'_>) -> Markup {
    let lang = voice.lang;
    let rates: Vec<Markup> = voice
        .view
        .rates
        .iter()
        .filter(|rate| rate.class == "standard" && rate.codes.is_empty())
        .filter_map(|rate| {
            let now = rate.on(voice.day)?;
            let whole = whole_rate(voice.view, now, voice.day);
            let value = rate.values.iter().find(|value| dates::holds(value.from, value.before, voice.day));
            Some(html! {
                (percent(lang, whole)) " (" (terms::table(lang, &rate.table)) ")"
                @if whole != now { " " span.quiet.small { (say!(lang, RATES_RATE_PART, part = percent(lang, now))) } }
                @if let Some(value) = value { " " span.quiet.small { (sources::cited(voice, &value.cites)) } }
            })
        })
        .collect();
    let has_tax = voice.view.charges.iter().any(|charge| is_tax(charge.kind));
    html! {
        @if !rates.is_empty() { @for (place, rate) in rates.iter().enumerate() { @if place > 0 { ", " } (rate) } }
        @else if has_tax { (parts::unknown(lang)) }
        @else { (parts::not_applicable(lang)) }
    }
}

/// What a parcel from a shop without registrations meets, charge by charge.
fn ordinary(voice: &Voice<'_>) -> Markup {
    let lang = voice.lang;
    let public = voice.view.charges.iter().filter(|charge| charge.authority == Authority::Government);
    let all: Vec<(&ChargeView, Vec<Step<'_>>)> =
        public.map(|charge| (charge, glance::steps(voice.view, charge, voice.day))).collect();
    let (met, other): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, steps)| !steps.is_empty());
    html! {
        @if !met.is_empty() {
            (scroll(&say!(lang, RATES_ORDINARY), html! {
                table.ledger.ordinary {
                    caption { (say!(lang, RATES_ORDINARY)) }
                    thead {
                        tr {
                            th scope="col" { (say!(lang, RATES_COL_CHARGE)) }
                            th scope="col" { (say!(lang, RATES_COL_CASE)) }
                            th scope="col" { (say!(lang, RATES_COL_DUE)) }
                            th scope="col" { (say!(lang, RATES_COL_WHO)) }
                        }
                    }
                    tbody {
                        @for (charge, steps) in &met {
                            @for (place, step) in steps.iter().enumerate() {
                                tr {
                                    @if place == 0 {
                                        th scope="row" rowspan=(steps.len()) {
                                            a href={ "#" (ladder::anchor(&charge.key)) } { (lang.foreign(&charge.name)) }
                                        }
                                    }
                                    td data-label=(say!(lang, RATES_COL_CASE)) { (case(voice, step, place)) }
                                    td data-label=(say!(lang, RATES_COL_DUE)) { span {
                                        (ladder::due(voice, step.rung))
                                        @if let Some(sure) = step.rung.confidence { " " (parts::confidence(lang, sure)) }
                                        " " span.quiet.small { (sources::cited(voice, &step.rung.cites)) }
                                    } }
                                    td data-label=(say!(lang, RATES_COL_WHO)) { (terms::collector(lang, step.rung.collect)) }
                                }
                            }
                        }
                    }
                }
            }))
            p.quiet.small { (say!(lang, RATES_ORDINARY_ABOUT)) }
        }
        @if !other.is_empty() {
            p {
                (say!(lang, RATES_ONLY_SOME)) " "
                @for (place, (charge, _)) in other.iter().enumerate() {
                    @if place > 0 { ", " }
                    a href={ "#" (ladder::anchor(&charge.key)) } { (lang.foreign(&charge.name)) }
                }
                "."
            }
        }
    }
}

/// In which case a rung is taken: up to which value, on what else it depends; always, or otherwise.
fn case(voice: &Voice<'_>, step: &Step<'_>, place: usize) -> Markup {
    let lang = voice.lang;
    let mut told: Vec<String> = Vec::new();
    told.extend(step.limit.as_ref().map(|limit| list::limit_text(lang, voice.book, limit)));
    told.extend(step.only.iter().map(|condition| voice.when(&condition.to_string())));
    html! {
        @if !told.is_empty() { (told.join(lang.semicolon())) }
        @else if place == 0 { (say!(lang, RATES_CASE_ALWAYS)) }
        @else { (say!(lang, RATES_CASE_OTHERWISE)) }
    }
}

/// The way to the measures of a goods code.
fn look(request: &Request, view: &EconomyView, row: Option<&Row>) -> Markup {
    let lang = request.lang;
    let loaded = row.is_some_and(|row| row.tariff > 0);
    html! {
        form.rates-find action=(request.to(&format!("/rates/{}", view.code))) method="get" {
            div.field {
                label for="goods" { (say!(lang, RATES_LOOK_CODE)) }
                input #goods name="goods" inputmode="decimal" autocomplete="off" pattern="[0-9. ]{4,18}" required aria-describedby="goods-hint";
                span.hint #goods-hint { (say!(lang, RATES_LOOK_HINT)) " " a href=(request.to("/code")) { (say!(lang, RATES_LOOK_FIND)) } }
            }
            button { (say!(lang, RATES_LOOK_GO)) }
        }
        @if !loaded && view.charges.iter().any(|charge| charge.kind == Kind::Duty) { p.note { (say!(lang, RATES_LOOK_NONE)) } }
    }
}
