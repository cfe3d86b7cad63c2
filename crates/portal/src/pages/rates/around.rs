//! What else belongs to an economy: registrations, unions, disputes, exchange rates, questions.

use super::dates::{self, span};
use super::phrase::Voice;
use super::{sources, terms};
use crate::pages::Request;
use crate::pages::parts::{self, sentence};
use crate::say;
use maud::{Markup, html};
use tidewaiter::ratebook::MembershipView;
use tidewaiter::record::world::TerritoryKind;

/// More questions than these are folded.
const FEW: usize = 3;

/// Registrations under which a seller collects.
pub(super) fn schemes(voice: &Voice<'_>) -> Markup {
    let lang = voice.lang;
    html! {
        @for scheme in &voice.view.schemes {
            section.stack.card id={ "scheme-" (scheme.key) } {
                h3 {
                    (lang.foreign(&scheme.name))
                    @if !scheme.short.is_empty() && scheme.short != scheme.name { " " span.tag { (scheme.short) } }
                }
                dl.pairs {
                    @for (name, text) in [
                        (say!(lang, RATES_SCHEME_WHO), &scheme.registration),
                        (say!(lang, RATES_SCHEME_RETURNS), &scheme.returns),
                        (say!(lang, RATES_SCHEME_DUE), &scheme.due),
                    ] {
                        dt { (name) }
                        dd { @if text.is_empty() { (parts::unknown(lang)) } @else { (lang.foreign(&sentence(text))) } }
                    }
                    @if let Some(currency) = &scheme.currency { dt { (say!(lang, RATES_COL_CURRENCY)) } dd { (currency) } }
                    @let held = span(lang, voice.day, scheme.from, scheme.before);
                    @if !held.is_empty() { dt { (say!(lang, RATES_COL_WHEN)) } dd { (held) } }
                }
                @if let Some(note) = &scheme.note { p.small { (lang.foreign(&sentence(note))) } }
                p.quiet.small { (sources::cited(voice, &scheme.cites)) }
            }
        }
    }
}

/// The unions and groups it belongs to, and who belongs to it.
pub(super) fn memberships(request: &Request, voice: &Voice<'_>) -> Markup {
    let lang = voice.lang;
    let today = |m: &&MembershipView| m.before.is_none_or(|before| before > voice.day);
    let (mut now, past): (Vec<_>, Vec<_>) = voice.view.members.iter().partition(today);
    now.sort_by_key(|m| parts::territory(lang, voice.book, &m.code));
    // Who takes the customs or the tax rules alone is no member.
    let (beside, now): (Vec<_>, Vec<_>) = now.into_iter().partition(|m| is_beside(m));
    html! {
        @if voice.view.memberships.is_empty() { p.quiet { (say!(lang, RATES_MEMBER_NONE)) } } @else {
            ul.plain { @for one in &voice.view.memberships { li { (membership(request, voice, one)) } } }
        }
        @if !now.is_empty() {
            h3 { (say!(lang, RATES_MEMBERS, count = now.len())) }
            ul.columns { @for one in now { li { (membership(request, voice, one)) } } }
        }
        @if !beside.is_empty() {
            h3 { (say!(lang, RATES_BESIDE)) }
            ul.columns { @for one in beside { li { (membership(request, voice, one)) } } }
        }
        @if !past.is_empty() {
            h3 { (say!(lang, RATES_MEMBERS_PAST)) }
            ul.plain { @for one in past { li { (membership(request, voice, one)) } } }
        }
    }
}

/// Whether it only takes a part of the rules of a union, as partners of a customs union do.
fn is_beside(one: &MembershipView) -> bool {
    matches!(one.role.as_str(), "customs" | "vat")
}

fn membership(request: &Request, voice: &Voice<'_>, one: &MembershipView) -> Markup {
    let lang = voice.lang;
    let name = parts::territory(lang, voice.book, &one.code);
    let has_page = voice.book.territories().get(&one.code).is_some_and(|t| t.has_rules);
    let held = span(lang, voice.day, one.from, one.before);
    html! {
        @if has_page { a href=(request.to(&format!("/rates/{}", one.code))) { (name) } } @else { (name) }
        @if one.kind == TerritoryKind::Group { " " span.quiet.small { (terms::territory_kind(lang, one.kind)) } }
        @if is_beside(one) { ", " (lang.word("rates-role", &one.role)) }
        @if !held.is_empty() { ", " span.quiet.small { (held) } }
    }
}

/// Rules that are read in two ways: both, and which one is used here.
pub(super) fn disputes(voice: &Voice<'_>) -> Markup {
    let lang = voice.lang;
    let many = voice.view.disputes.len() > 1;
    html! {
        @for dispute in &voice.view.disputes {
            details.card.dispute open[!many] {
                summary { h3 { (lang.foreign(&dispute.question)) } }
                ul.plain id={ "dispute-" (dispute.key) } {
                    @for reading in &dispute.readings {
                        li {
                            strong { (lang.foreign(&reading.name)) }
                            @if reading.name == dispute.default { " " span.tag.high { (say!(lang, RATES_DISPUTE_USED)) } }
                            @else { " " span.tag { (say!(lang, RATES_DISPUTE_OTHER)) } }
                            p.small { (lang.foreign(&sentence(&reading.says))) " " span.quiet { (sources::cited(voice, &reading.cites)) } }
                        }
                    }
                }
                p.quiet.small { (sources::cited(voice, &dispute.cites)) }
            }
        }
    }
}

/// Which exchange rate counts for what.
pub(super) fn exchange(voice: &Voice<'_>, series: &[tidewaiter::ratebook::SeriesView]) -> Markup {
    let lang = voice.lang;
    let name = |key: &str| series.iter().find(|s| s.key == key).map_or_else(|| key.to_owned(), |s| s.name.clone());
    html! {
        ul.plain {
            @for policy in &voice.view.exchange {
                li {
                    strong { (lang.word("rates-purpose", &policy.purpose)) } (lang.colon())
                    (lang.foreign(&name(&policy.series))) ", " (terms::day_rule(lang, policy.rule)) "."
                    @if !policy.loaded {
                        " " span.tag.care { (say!(lang, RATES_SERIES_NOT_LOADED)) }
                        @if let Some(fallback) = &policy.fallback {
                            " " (say!(lang, RATES_SERIES_FALLBACK)) " " (lang.foreign(&name(fallback))) "."
                        }
                    }
                    " " span.quiet.small { (sources::cited(voice, &policy.cites)) }
                }
            }
        }
    }
}

/// Yes/no questions that a quote may put.
pub(super) fn questions(voice: &Voice<'_>) -> Markup {
    let lang = voice.lang;
    let all = &voice.view.asks;
    html! {
        @if all.len() <= FEW { (asks(voice)) } @else {
            details { summary { (say!(lang, RATES_QUESTIONS_OPEN, count = all.len())) } (asks(voice)) }
        }
    }
}

fn asks(voice: &Voice<'_>) -> Markup {
    let lang = voice.lang;
    html! {
        ul.plain {
            @for ask in &voice.view.asks {
                li {
                    (lang.foreign(&ask.question)) " "
                    span.quiet.small {
                        @match ask.assume {
                            Some(true) => (say!(lang, RATES_ASK_YES)),
                            Some(false) => (say!(lang, RATES_ASK_NO)),
                            None => (say!(lang, RATES_ASK_OPEN)),
                        }
                        " " (sources::cited(voice, &ask.cites))
                    }
                }
            }
        }
    }
}

/// Whether a membership or scheme counts on the day of the page.
pub(super) fn is_now(voice: &Voice<'_>, from: Option<jiff::civil::Date>, before: Option<jiff::civil::Date>) -> bool {
    dates::holds(from, before, voice.day)
}
