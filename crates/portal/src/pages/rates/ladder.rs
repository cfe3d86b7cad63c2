//! The charges of an economy, rung by rung, in words.

use super::dates::{self, span};
use super::phrase::Voice;
use super::{sources, terms};
use crate::pages::parts::{self, sentence};
use crate::say;
use maud::{Markup, html};
use tidewaiter::ratebook::{ChargeView, RungView};
use tidewaiter::record::Status;

/// Where a rung stands in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// Taken today.
    Now,
    /// Begins later, is adopted without a day, or is only proposed.
    Later,
    /// Over, or replaced by a later publication.
    Past,
}

/// The address of a charge on its page.
pub(super) fn anchor(key: &str) -> String {
    format!("charge-{key}")
}

/// More rules than these are too much to read at once: each charge is folded then.
const OPEN: usize = 10;

/// All charges with their ladders. Where they are many, each is folded; a link to a folded one opens it.
pub(super) fn charges(voice: &Voice<'_>) -> Markup {
    let all = &voice.view.charges;
    let many = all.iter().map(|charge| charge.rungs.len()).sum::<usize>() > OPEN;
    html! {
        @for charge in all {
            @if many { (folded(voice, charge)) } @else {
                section.stack.charge id=(anchor(&charge.key)) aria-labelledby={ "name-" (charge.key) } {
                    (name(voice, charge)) (ladder(voice, charge))
                }
            }
        }
    }
}

fn name(voice: &Voice<'_>, charge: &ChargeView) -> Markup {
    let lang = voice.lang;
    let kind = terms::kind(lang, charge.kind);
    html! {
        h3 id={ "name-" (charge.key) } {
            (lang.foreign(&charge.name))
            @if !kind.eq_ignore_ascii_case(&charge.name) { " " span.tag { (kind) } }
        }
    }
}

/// The address is that of what is inside: browsers open a fold for what is in it.
fn folded(voice: &Voice<'_>, charge: &ChargeView) -> Markup {
    let now = charge.rungs.iter().filter(|rung| place(voice, rung) == When::Now).count();
    html! {
        details.charge.folded {
            summary {
                (name(voice, charge))
                " " span.quiet.small.rules { (say!(voice.lang, RATES_CHARGE_RULES, count = now)) }
            }
            div.stack id=(anchor(&charge.key)) { (ladder(voice, charge)) }
        }
    }
}

/// The ladder of a charge: the rungs of today, those to come, and those of the past behind a fold.
fn ladder(voice: &Voice<'_>, charge: &ChargeView) -> Markup {
    let lang = voice.lang;
    let of = |when: When| -> Vec<&RungView> { charge.rungs.iter().filter(|rung| place(voice, rung) == when).collect() };
    let (now, later, past) = (of(When::Now), of(When::Later), of(When::Past));
    html! {
            p.quiet.small {
                (say!(lang, RATES_CHARGE_BASE, base = voice.amount(&charge.base))) ". "
                (say!(lang, RATES_CHARGE_BY, who = terms::collector(lang, charge.collect))) ". "
                @if let Some(round) = &charge.base_round {
                    (say!(lang, RATES_CHARGE_BASE_ROUND, rounding = terms::rounding(lang, round))) ". "
                }
                @if let Some(round) = &charge.round {
                    (say!(lang, RATES_CHARGE_ROUND, rounding = terms::rounding(lang, round))) ". "
                }
                (sources::cited(voice, &charge.cites))
            }
            @if let Some(note) = &charge.note { p.small { (lang.foreign(&sentence(note))) } }
            @if now.is_empty() {
                p.nothing { (say!(lang, RATES_LADDER_NONE)) }
            } @else {
                ol.ladder { @for rung in now { (one(voice, charge, rung)) } }
            }
            @if !later.is_empty() {
                h4 { (say!(lang, RATES_LADDER_LATER)) }
                ul.ladder { @for rung in later { (one(voice, charge, rung)) } }
            }
            @if !past.is_empty() {
                details {
                    summary { (say!(lang, RATES_LADDER_PAST, count = past.len())) }
                    ul.ladder { @for rung in past { (one(voice, charge, rung)) } }
                }
            }
    }
}

fn place(voice: &Voice<'_>, rung: &RungView) -> When {
    let over = rung.before.is_some_and(|before| before <= voice.day) || rung.known_before.is_some();
    match rung.status {
        _ if over => When::Past,
        Status::InForce if rung.in_force(voice.day) => When::Now,
        Status::Expired => When::Past,
        _ => When::Later,
    }
}

fn one(voice: &Voice<'_>, charge: &ChargeView, rung: &RungView) -> Markup {
    let lang = voice.lang;
    let held = voice.held(rung.from, rung.before);
    html! {
        li {
            p {
                strong { (lang.foreign(&rung.name)) } (terms::status_tag(lang, rung.status))
                (voice.lang.colon()) (due(voice, rung))
            }
            @if let Some(when) = &rung.when { p.small.when { (say!(lang, RATES_WHEN, when = voice.when(when))) } }
            @if let Some(says) = &rung.says { p.small { (lang.foreign(&sentence(says))) } }
            p.quiet.small {
                @if rung.collect != charge.collect {
                    (say!(lang, RATES_CHARGE_BY, who = terms::collector(lang, rung.collect))) ". "
                }
                @if rung.own_base { (say!(lang, RATES_OWN_BASE)) " " }
                @if let Some(round) = &rung.round {
                    (say!(lang, RATES_CHARGE_ROUND, rounding = terms::rounding(lang, round))) ". "
                }
                @if !held.is_empty() { span.held { (held) } ". " }
                (sources::cited(voice, &rung.cites))
                @if let Some(sure) = rung.confidence { " " (parts::confidence(lang, sure)) }
            }
            @if let Some(note) = &rung.note { p.quiet.small { (lang.foreign(&sentence(note))) } }
        }
    }
}

/// What is due: an amount in words, or an answer that is not a number.
pub(super) fn due(voice: &Voice<'_>, rung: &RungView) -> Markup {
    let lang = voice.lang;
    html! {
        @if let Some(amount) = &rung.amount {
            span.figure { (voice.amount(amount)) }
            @if let Some(per) = terms::per(lang, rung.per).filter(|_| amount != "relieved") { ", " (per) }
        } @else if let Some(outcome) = rung.outcome {
            (terms::verdict(lang, outcome))
        }
    }
}

/// Sums too small to be collected, in force on the day of the page.
pub(super) fn waivers(voice: &Voice<'_>) -> Vec<Markup> {
    let lang = voice.lang;
    let now = voice.view.waivers.iter().filter(|w| dates::holds(w.from, w.before, voice.day));
    now.map(|waiver| {
        let names: Vec<&str> = waiver
            .charges
            .iter()
            .map(|key| voice.view.charges.iter().find(|c| c.key == *key).map_or(key.as_str(), |c| c.name.as_str()))
            .collect();
        let limit = tidewaiter::record::grammar::threshold(&waiver.when).map_or_else(
            |_| waiver.when.clone(),
            |(compare, cash)| format!("{} {}", terms::compare(lang, compare), voice.cash(&cash)),
        );
        html! {
            (say!(lang, RATES_WAIVER, charges = names.join(" + "), limit = limit)) " "
            span.quiet.small { (span(lang, voice.day, waiver.from, waiver.before)) " " (sources::cited(voice, &waiver.cites)) }
        }
    })
    .collect()
}
