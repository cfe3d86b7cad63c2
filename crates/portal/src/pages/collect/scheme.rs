//! What is known of one scheme. The page is the same for everybody.

use super::start::SCHEMES;
use super::visitor::{head, nothing};
use super::words;
use crate::locale::Lang;
use crate::pages::Request as Asked;
use crate::pages::layout::{Door, Head, page};
use crate::say;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use tidewaiter_collect::Definition;
use tidewaiter_collect::definition::{Corrections, FieldKind, Refunds};
use tidewaiter_collect::export::Shape;

/// The page.
pub(super) async fn show(asked: Asked, Path((_, key)): Path<(String, String)>) -> Response {
    let Some(rules) = SCHEMES.iter().find(|one| one.scheme.key == key) else { return nothing() };
    let lang = asked.lang;
    let name = lang.name(&rules.scheme.name).unwrap_or_else(|| rules.scheme.name.clone());
    let body = html! {
        (head(&asked, &name, None))
        div.row {
            a.button href={ (asked.to("/collect/apply")) "?scheme=" (key) } { (say!(lang, COLLECT_APPLY_HERE)) }
            a.button.second href=(asked.to("/collect/where")) { (say!(lang, COLLECT_WHERE)) }
        }
        section.stack { h2 { (say!(lang, COLLECT_SCHEME_SHORT)) } (facts(&asked, rules)) }
        section.stack { h2 { (say!(lang, COLLECT_SCHEME_HOLDS)) } (holds(lang, rules)) }
        section.stack {
            h2 { (say!(lang, COLLECT_SCHEME_FIELDS)) }
            p { (say!(lang, COLLECT_SCHEME_FIELDS_SAYS)) }
            ul.asked-for {
                @for field in &rules.registration.field {
                    li {
                        (words::label(lang, &field.label)) " "
                        @if field.kind == FieldKind::Identifier { span.tag { (say!(lang, COLLECT_CHECKED)) } }
                        @if !field.required { " " span.quiet.small { (say!(lang, COLLECT_OPTIONAL)) } }
                    }
                }
            }
            @if let Some(url) = rules.registration.url.as_deref().filter(|url| url.starts_with("https://")) {
                p { (say!(lang, COLLECT_SCHEME_OFFICIAL)) " " a href=(url) rel="external noreferrer" { (url) } }
            }
        }
        @if !rules.unknown.is_empty() {
            section.stack {
                h2 { (say!(lang, COLLECT_SCHEME_UNKNOWN)) }
                ul { @for one in &rules.unknown { li { (lang.foreign(&one.what)) " " span.quiet { (say!(lang, COLLECT_SCHEME_SETTLES)) " " (lang.foreign(&one.settles)) } } } }
            }
        }
        details.more {
            summary { (say!(lang, COLLECT_SCHEME_SOURCES, count = rules.fact.len())) }
            ul.plain { @for fact in &rules.fact { (words::fact(lang, fact)) } }
        }
    };
    page(&asked, &Head { door: Door::Collect, title: &name, about: "" }, body).into_response()
}

fn facts(asked: &Asked, rules: &Definition) -> Markup {
    let lang = asked.lang;
    let refunds = match rules.refunds.are {
        Refunds::Corrections => say!(lang, COLLECT_REFUNDS_CORRECTIONS),
        Refunds::Deducted => say!(lang, COLLECT_REFUNDS_DEDUCTED),
    };
    let corrections = match rules.corrections.go {
        Corrections::Apart => say!(lang, COLLECT_PAST_APART),
        Corrections::Among => say!(lang, COLLECT_PAST_AMONG),
        Corrections::Amended => say!(lang, COLLECT_PAST_AMENDED),
    };
    html! {
        dl.facts {
            dt { (say!(lang, COLLECT_WHO)) } dd { (lang.foreign(&rules.registration.who)) }
            dt { (say!(lang, COLLECT_RECEIVES)) } dd { (lang.foreign(&rules.scheme.receives)) }
            @if let Some(place) = &rules.registration.place { dt { (say!(lang, COLLECT_REGISTER_AT)) } dd { (lang.foreign(place)) } }
            @if let Some(takes) = &rules.registration.takes { dt { (say!(lang, COLLECT_TAKES)) } dd { (lang.foreign(takes)) } }
            dt { (say!(lang, COLLECT_PERIOD)) }
            dd { (words::length(lang, rules.period.is)) @if rules.period.begins.is_none() { (say!(lang, COLLECT_PERIOD_FROM)) } }
            dt { (say!(lang, COLLECT_DUE)) }
            dd { (words::due(lang, &rules.due.by)) @if rules.due.nil { ". " (say!(lang, COLLECT_DUE_NIL)) } }
            dt { (say!(lang, COLLECT_PAY_BY)) }
            dd { @match &rules.payment.by { Some(by) => (words::due(lang, by)), None => (say!(lang, COLLECT_PAY_WITH)) } }
            dt { (say!(lang, COLLECT_CURRENCY)) }
            dd { (rules.currency.is) ". " (say!(lang, COLLECT_RATES_OF)) " " (lang.foreign(&rules.currency.rate.published_by)) }
            dt { (say!(lang, COLLECT_REFUNDS)) } dd { (refunds) }
            dt { (say!(lang, COLLECT_PAST)) } dd { (corrections) }
            @if let Some(late) = &rules.due.late { dt { (say!(lang, COLLECT_LATE_MEANS)) } dd { (lang.foreign(late)) } }
            @if let Some(ends) = &rules.registration.ends { dt { (say!(lang, COLLECT_ENDS)) } dd { (lang.foreign(ends)) } }
            @if let Ok(shape) = Shape::of(rules) { dt { (say!(lang, COLLECT_SHAPE)) } dd { code { (shape) } } }
        }
    }
}

fn holds(lang: Lang, rules: &Definition) -> Markup {
    html! {
        @if rules.rows.is_some() { p { (say!(lang, COLLECT_SCHEME_ROWS)) } }
        @if !rules.boxes.is_empty() {
            table.ledger {
                thead { tr { th scope="col" { (say!(lang, COLLECT_BOX)) } th scope="col" { (say!(lang, COLLECT_BOX_NAME)) } } }
                tbody { @for one in &rules.boxes { tr { th scope="row" { (one.key) } td { (lang.foreign(&one.name)) } } } }
            }
        }
    }
}
