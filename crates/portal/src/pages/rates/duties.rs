//! The duties on some goods over time: the general duty, and all duties on goods of an origin.

use super::dates::{self, BEGINS};
use super::phrase::Voice;
use super::steps::{self, Step};
use super::{scroll, terms};
use crate::desk::Book;
use crate::locale::{day, percent};
use crate::pages::parts::{self, sentence};
use crate::say;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use std::collections::BTreeSet;
use std::sync::Arc;
use tidewaiter::goods::GoodsCode;
use tidewaiter::quote::document::Outcome;
use tidewaiter::ratebook::{DutyChange, DutyHistory, DutyStep, MeasureView, RuleInShort};
use tidewaiter::record::MeasureKind;
use tidewaiter::record::world::TerritoryKind;

/// What is asked of the ratebook.
pub(super) struct Asked {
    pub(super) territory: String,
    pub(super) code: GoodsCode,
    pub(super) origin: String,
    pub(super) from: Date,
    pub(super) day: Date,
}

/// All duties on goods of an origin, day by day. Many quotes: not on a thread that others wait for.
pub(super) async fn of_origin(book: &Arc<Book>, asked: Asked) -> Option<DutyHistory> {
    let book = book.clone();
    let Asked { territory, code, origin, from, day } = asked;
    let history = move || book.duty_history(&territory, code, &origin, from, day);
    crate::work::beside(history).await.ok().flatten()
}

/// The general duty of the code itself, or of what stands above it, since 2024. Nothing where lines below it differ.
pub(super) fn general(voice: &Voice<'_>, code: GoodsCode, measures: &[MeasureView], today: Date) -> Markup {
    let lang = voice.lang;
    let Some(steps) = general_steps(code, measures, today) else { return html! {} };
    if steps.iter().all(|step| step.percent.is_none()) {
        return html! {};
    }
    let label = say!(lang, RATES_GENERAL_HISTORY);
    let until = end(&steps, today);
    html! {
        section.stack aria-labelledby="general" {
            h2 #general { (label) }
            figure.stack {
                figcaption.quiet { (say!(lang, RATES_GENERAL_ABOUT)) }
                (scroll(&label, steps::draw(lang, &label, &steps, until, today)))
            }
            table.general {
                caption.hidden { (label) }
                thead { tr { th scope="col" { (say!(lang, RATES_COL_FROM)) } th.n scope="col" { (say!(lang, RATES_COL_DUE)) } } }
                tbody {
                    @for step in &steps {
                        tr {
                            th scope="row" { (day(lang, step.from)) @if step.from > today { " " span.tag { (say!(lang, RATES_TO_COME)) } } }
                            td.n { @if let Some(rate) = step.percent { (percent(lang, rate)) } @else { (say!(lang, RATES_NO_NUMBER)) } }
                        }
                    }
                }
            }
        }
    }
}

fn end(steps: &[Step], today: Date) -> Date {
    steps.last().map_or(today, |step| step.from).max(today).saturating_add(6.months())
}

/// Percentages of the general measure that reaches the code, day by day; none where several lines below it have measures of their own.
fn general_steps(code: GoodsCode, measures: &[MeasureView], today: Date) -> Option<Vec<Step>> {
    let reaching: Vec<(u8, &MeasureView)> = measures
        .iter()
        .filter(|m| m.kind == MeasureKind::ThirdCountry && m.origin.is_empty() && m.programs.is_empty())
        .map(|m| Some((m.code.parse::<GoodsCode>().ok()?, m)))
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .map(|(own, m)| (own.digit_count() <= code.digit_count()).then_some((own.digit_count(), m)))
        .collect::<Option<Vec<_>>>()?;
    let mut days: BTreeSet<Date> = BTreeSet::from([BEGINS]);
    let until = today.saturating_add(3.years());
    days.extend(reaching.iter().flat_map(|(_, m)| [m.from, m.before]).flatten().filter(|d| *d > BEGINS && *d < until));
    let mut out: Vec<Step> = Vec::new();
    for from in days {
        // The longest code is the closest.
        let holding: Vec<_> = reaching.iter().filter(|(_, m)| m.holds_on(from)).collect();
        let longest = holding.iter().map(|(digits, _)| *digits).max();
        let mut rates: Vec<_> = holding
            .iter()
            .filter(|(digits, _)| Some(*digits) == longest)
            .map(|(_, m)| m.percent.filter(|_| !m.conditional))
            .collect();
        rates.dedup();
        let percent = if let [one] = rates.as_slice() { *one } else { None };
        if out.last().is_none_or(|step| step.percent != percent) {
            out.push(Step { from, percent });
        }
    }
    Some(out)
}

/// All duties together on goods of an origin: a chart, what changed at each step, and what reaches them on the day asked about.
pub(super) fn with_origin(voice: &Voice<'_>, history: &DutyHistory, today: Date) -> Markup {
    let lang = voice.lang;
    let origin = parts::territory(lang, voice.book, &history.origin);
    let label = say!(lang, RATES_ORIGIN_HISTORY, origin = origin.as_str());
    let drawn: Vec<Step> = history.steps.iter().map(|s| Step { from: s.from, percent: s.percent }).collect();
    let has_number = drawn.iter().any(|step| step.percent.is_some());
    html! {
        section.stack aria-labelledby="duties" {
            h2 #duties { (label) }
            @if !history.reached.is_empty() {
                h3 { (say!(lang, RATES_REACHED, day = day(lang, history.day))) }
                ul.plain {
                    @for part in &history.reached {
                        li {
                            strong { (lang.foreign(&part.charge)) } (lang.colon())
                            @match &part.short {
                                Some(short) => (rule(voice, short)),
                                None => (lang.foreign(&part.rule)),
                            }
                            @let held = dates::span(lang, today, part.from, part.before);
                            @if !held.is_empty() { ", " span.quiet.small { (held) } }
                            @if let Some(sure) = part.confidence { " " (parts::confidence(lang, sure)) }
                            @let behind = if part.law.is_empty() { &part.read } else { &part.law };
                            @if !behind.is_empty() { p.quiet.small { (lang.foreign(&sentence(&behind.join(lang.semicolon())))) } }
                        }
                    }
                }
            }
            @if has_number {
                figure.stack {
                    figcaption.quiet { (say!(lang, RATES_ORIGIN_ABOUT)) }
                    (scroll(&label, steps::draw(lang, &label, &drawn, end(&drawn, today), today)))
                }
                (scroll(&label, table(voice, &history.steps, today, &label)))
            } @else if voice.view.kind == TerritoryKind::Union {
                p.note { (say!(lang, RATES_UNION_ASK)) }
            } @else {
                p.note { (say!(lang, RATES_ORIGIN_NONE)) }
            }
        }
    }
}

fn table(voice: &Voice<'_>, all: &[DutyStep], today: Date, label: &str) -> Markup {
    let lang = voice.lang;
    html! {
        table.ledger.all-duties {
            caption.hidden { (label) }
            thead {
                tr {
                    th scope="col" { (say!(lang, RATES_COL_FROM)) }
                    th.n scope="col" { (say!(lang, RATES_ALL_DUTIES)) }
                    th scope="col" { (say!(lang, RATES_COL_CHANGED)) }
                }
            }
            tbody {
                @for step in all {
                    tr {
                        th scope="row" { span.nowrap { (day(lang, step.from)) } @if step.from > today { " " span.tag { (say!(lang, RATES_TO_COME)) } } }
                        td.n data-label=(say!(lang, RATES_ALL_DUTIES)) { (figure(voice, step)) }
                        td.long data-label=(say!(lang, RATES_COL_CHANGED)) { ul.plain.small { @for changed in &step.changes { li { (change(voice, changed)) } } } }
                    }
                }
            }
        }
    }
}

/// What became of a duty.
fn change(voice: &Voice<'_>, change: &DutyChange) -> Markup {
    let lang = voice.lang;
    let name = html! { (lang.foreign(&change.charge)) };
    html! {
        @match (change.first, change.now.is_empty(), change.before.is_empty()) {
            (true, ..) => { (name) (lang.colon()) (rules(voice, &change.now)) },
            (_, false, true) => { (say!(lang, RATES_DUTY_BEGINS)) (lang.colon()) (name) ", " (rules(voice, &change.now)) },
            (_, true, _) => { (say!(lang, RATES_DUTY_ENDS)) (lang.colon()) (name) ", " (rules(voice, &change.before)) },
            (_, false, false) => {
                (name) (lang.colon()) (rules(voice, &change.now)) (lang.semicolon()) (say!(lang, RATES_DUTY_BEFORE)) " "
                (rules(voice, &change.before))
            },
        }
    }
}

fn rules(voice: &Voice<'_>, all: &[RuleInShort]) -> Markup {
    html! { @for (at, one) in all.iter().enumerate() { @if at > 0 { ", " } (rule(voice, one)) } }
}

/// A rule by its name and its amount in words.
fn rule(voice: &Voice<'_>, rule: &RuleInShort) -> Markup {
    let lang = voice.lang;
    html! {
        (lang.foreign(&rule.name))
        @if let Some(amount) = rule.amount.as_ref().filter(|amount| **amount != rule.name) { (lang.colon()) (voice.amount(amount)) }
        @if rule.unverified { " (" (lang.word("confidence", "low")) ")" }
    }
}

/// A percentage, a range, or why there is none.
fn figure(voice: &Voice<'_>, step: &DutyStep) -> Markup {
    let lang = voice.lang;
    match (step.percent, step.least, step.most, step.outcome) {
        (Some(rate), ..) => html! { (percent(lang, rate)) },
        (None, Some(least), Some(most), _) => {
            html! { (say!(lang, NUMBER_RANGE, least = percent(lang, least), most = percent(lang, most))) }
        }
        (None, Some(least), None, _) if !least.is_zero() => {
            html! { (say!(lang, NUMBER_AT_LEAST, least = percent(lang, least))) }
        }
        (None, None, _, Some(Outcome::FormalEntry)) => terms::verdict(lang, tidewaiter::record::Verdict::FormalEntry),
        (None, None, _, Some(Outcome::NotAllowed)) => terms::verdict(lang, tidewaiter::record::Verdict::NotAllowed),
        (None, None, _, Some(Outcome::Prohibited)) => terms::verdict(lang, tidewaiter::record::Verdict::Prohibited),
        _ => parts::unknown(lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_general_duty_of_a_line_is_one_history() {
        let book = tidewaiter_data::ratebook();
        let code: GoodsCode = "6109.10.00".parse().unwrap();
        let measures = book.tariff("DE", code, None).unwrap();
        let steps = general_steps(code, &measures, jiff::civil::date(2026, 11, 22)).unwrap();
        assert!(steps.iter().any(|step| step.percent == Some("12".parse().unwrap())), "{steps:?}");
    }

    #[test]
    fn a_heading_with_lines_of_its_own_has_none() {
        let book = tidewaiter_data::ratebook();
        let code: GoodsCode = "6109".parse().unwrap();
        let measures = book.tariff("DE", code, None).unwrap();
        assert!(general_steps(code, &measures, jiff::civil::date(2026, 11, 22)).is_none());
    }
}
