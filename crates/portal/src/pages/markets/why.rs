//! Why: each charge with its rule, what it is computed on, who collects it, and the law.

use super::answer::collector;
use super::{NOT_KNOWN, Told};
use crate::locale::{decimal, percent};
use crate::pages::parts::{confidence, not_applicable, number, unknown};
use crate::pages::rates::phrase::Voice;
use crate::say;
use maud::{Markup, html};
use tidewaiter::quote::document::{ChargeAnswer, Treatment};
use tidewaiter::{Decimal, RoundingMode};

/// The table of charges, and of items where there are several.
pub(super) fn charges(told: &Told<'_>) -> Markup {
    let (lang, quote) = (told.lang, told.quote);
    if !told.has_figures() || quote.charges.is_empty() {
        return html! {};
    }
    let title = say!(lang, WHY_TITLE);
    html! {
        section.stack aria-labelledby="why" {
            h2 id="why" { (title) }
            div.scroll tabindex="0" role="group" aria-label=(say!(lang, HOUSE_TABLE, name = title.as_str())) {
                table.ledger.charges {
                    thead {
                        tr {
                            th scope="col" { (say!(lang, WHY_CHARGE)) }
                            th scope="col" { (say!(lang, WHY_RULE)) }
                            th.n scope="col" { (say!(lang, WHY_ON, currency = quote.currency.as_str())) }
                            th.n scope="col" { (say!(lang, WHY_DUE, currency = quote.currency.as_str())) }
                            @if told.two { th.n scope="col" { (say!(lang, WHY_DUE, currency = quote.asked_currency.as_str())) } }
                            th scope="col" { (say!(lang, WHY_WHO)) }
                            th scope="col" { (say!(lang, WHY_LAW)) }
                        }
                    }
                    tbody {
                        @for charge in &quote.charges { (rows(told, charge)) }
                        tr.sum {
                            th scope="row" { (say!(lang, WHY_ALL)) }
                            td {} td {}
                            td.n data-label=(say!(lang, WHY_DUE, currency = quote.currency.as_str())) { (number(&told.local, quote.total.least, quote.total.most)) }
                            @if told.two { td.n data-label=(say!(lang, WHY_DUE, currency = quote.asked_currency.as_str())) { (number(&told.asked, quote.total.least_asked, quote.total.most_asked)) } }
                            td {} td {}
                        }
                    }
                }
            }
            (items(told))
        }
    }
}

fn rows(told: &Told<'_>, charge: &ChargeAnswer) -> Markup {
    let lang = told.lang;
    let one = matches!(charge.treatments.as_slice(), [_]);
    let (on, due) = (
        say!(lang, WHY_ON, currency = told.local.code.as_str()),
        say!(lang, WHY_DUE, currency = told.local.code.as_str()),
    );
    let due_asked = say!(lang, WHY_DUE, currency = told.asked.code.as_str());
    let sum = told.charge_sum(charge);
    let sums = html! {
        td.n data-label=(due) { (number(&told.local, sum.least, sum.most)) }
        @if told.two { td.n data-label=(due_asked) { (number(&told.asked, sum.least_asked, sum.most_asked)) } }
    };
    html! {
        @if !one {
            tr {
                th scope="row" { (lang.foreign(&charge.name)) }
                td { @if charge.treatments.is_empty() { (say!(lang, WHY_NOT_ALWAYS)) } @else { (say!(lang, WHY_SEVERAL, count = charge.treatments.len())) } (waived(told, charge)) }
                td.n data-label=(on) { (not_applicable(lang)) }
                (sums)
                td {} td {}
            }
        }
        @for treatment in &charge.treatments {
            tr.rung[!one] {
                th scope="row" { @if one { (lang.foreign(&charge.name)) } @else { span.quiet { span.branch { "└" } span.hidden { (lang.foreign(&charge.name)) } } } }
                td {
                    (rule(told, charge, treatment))
                    @if one { (waived(told, charge)) }
                }
                td.n data-label=(on) {
                    @match treatment.base.filter(|_| treatment.rule.is_some()) {
                        Some(base) => span {
                            span.figure title=(treatment.base_rule) { (told.local.number(base)) }
                            // The base of the other cases is another one; where only the rate is open, it is this one.
                            @if one && charge.sum.exact().is_none() && !is_open(treatment) { br; span.quiet.small { (say!(lang, WHY_ONE_CASE)) } }
                        },
                        None => (not_applicable(lang)),
                    }
                }
                @if one { (sums) } @else {
                    td.n data-label=(due) { (part(told, charge, treatment)) }
                    @if told.two { td {} }
                }
                td data-label=(say!(lang, WHY_WHO)) {
                    span { (collector(lang, treatment.collect)) @if let Some(scheme) = &treatment.scheme { " " span.tag { (scheme_name(told, scheme)) } } }
                }
                td data-label=(say!(lang, WHY_LAW)) { span { (cites(told, treatment)) } }
            }
        }
    }
}

/// A rule's part of a charge. Where the charge is a range it is that of one case, and a nothing there may be anything.
fn part(told: &Told<'_>, charge: &ChargeAnswer, treatment: &Treatment) -> Markup {
    let exact = charge.sum.exact().is_some();
    html! {
        @if told.charge_sum(charge) == NOT_KNOWN { (unknown(told.lang)) } @else if !exact && treatment.amount.is_zero() { (not_applicable(told.lang)) } @else {
            span {
                (told.local.number(treatment.amount))
                @if !exact { br; span.quiet.small { (say!(told.lang, WHY_ONE_CASE)) } }
            }
        }
    }
}

/// Whether the rate of a rule is what is not known.
fn is_open(treatment: &Treatment) -> bool {
    treatment.rule.as_ref().is_some_and(|rule| rule.code() == Some("rate-differs") || *rule == treatment.name)
}

fn waived(told: &Told<'_>, charge: &ChargeAnswer) -> Markup {
    html! { @if charge.waived && charge.sum.exact().is_some() { " " span.tag { (say!(told.lang, WHY_WAIVED)) } } }
}

/// A rule in words: its name, its rate, and when it holds.
fn rule(told: &Told<'_>, charge: &ChargeAnswer, treatment: &Treatment) -> Markup {
    let lang = told.lang;
    html! {
        (lang.foreign(&treatment.name))
        @match &treatment.rule {
            Some(rule) if rule == "relieved" => { (lang.colon()) strong { (say!(lang, WHY_FREE)) } }
            Some(rule) if *rule != treatment.name => { (lang.colon()) strong { (told.rule(rule)) } }
            // "tariff" says no rate, where the one of this code is not known.
            Some(_) if treatment.amount.is_zero() && charge.sum.exact().is_none() => { (lang.colon()) span.unknown { (say!(lang, WHY_RATE_UNKNOWN)) } }
            _ => {}
        }
        @if let Some(cut) = cut(told, charge, treatment) { p.small.quiet { (cut) } }
        @if let Some(when) = &treatment.when {
            details.when {
                summary { (say!(lang, WHY_WHEN)) }
                p.small { (worded(told, when, |voice| voice.when(when))) }
                @if treatment.base_rule.is_empty() { p.small.quiet { (say!(lang, RATES_OWN_BASE)) } } @else {
                    p.small.quiet { (say!(lang, WHY_BASE)) (lang.colon()) (worded(told, &treatment.base_rule, |voice| voice.amount(&treatment.base_rule))) }
                }
            }
        }
    }
}

/// A registration by its short name; its key where it has none.
fn scheme_name(told: &Told<'_>, key: &str) -> Markup {
    let schemes = told.view.as_ref().map_or(&[][..], |view| &view.schemes);
    let short = schemes.iter().find(|scheme| scheme.key == key).map(|scheme| scheme.short.as_str());
    html! { @match short.filter(|short| !short.is_empty()) { Some(short) => (told.lang.foreign(short)), None => (key) } }
}

/// How the base is rounded before anything is charged on it, where the law says so: it explains a base that is not the value.
fn cut(told: &Told<'_>, charge: &ChargeAnswer, treatment: &Treatment) -> Option<String> {
    treatment.base.filter(|_| treatment.rule.is_some())?;
    let charges = &told.view.as_ref()?.charges;
    let round = charges.iter().find(|one| one.key == charge.key)?.base_round.as_ref()?;
    // To whole units or less: nobody misses the rest.
    let unit: Decimal = round.split(' ').nth(1)?.parse().ok()?;
    if unit <= Decimal::ONE {
        return None;
    }
    Some(say!(told.lang, RATES_CHARGE_BASE_ROUND, rounding = crate::pages::rates::rounding(told.lang, round)))
}

/// What the data writes in a language of its own, in words; as it is written where it cannot be read.
fn worded(told: &Told<'_>, text: &str, tell: impl FnOnce(&Voice<'_>) -> String) -> Markup {
    let words = told.voice().map(|voice| tell(&voice)).filter(|words| words != text);
    // A number and its sign stay on one line.
    let joined = |text: &str| text.replace(" %", "\u{a0}%");
    html! { @match words { Some(words) => (joined(&words)), None => (told.lang.foreign(&joined(text))) } }
}

/// Links to the facts a rule rests on, and how sure they are.
fn cites(told: &Told<'_>, treatment: &Treatment) -> Markup {
    html! {
        @for key in &treatment.cites {
            @if let Some(at) = told.quote.sources.iter().position(|s| s.key == *key) {
                a.cite href={ "#fact-" (key) } aria-label=(say!(told.lang, WHY_SOURCE, number = at + 1)) { "[" (at + 1) "]" } " "
            }
        }
        @if let Some(sure) = treatment.confidence { (confidence(told.lang, sure)) }
    }
}

/// Each item's part of each charge, where there are several.
fn items(told: &Told<'_>) -> Markup {
    let (lang, quote) = (told.lang, told.quote);
    if quote.items.len() < 2 {
        return html! {};
    }
    let title = say!(lang, ITEMS_TITLE);
    html! {
        details {
            summary { (title) }
            div.scroll tabindex="0" role="group" aria-label=(say!(lang, HOUSE_TABLE, name = title.as_str())) {
                table {
                    thead {
                        tr {
                            th scope="col" { (say!(lang, ITEMS_ITEM)) }
                            th.n scope="col" { (say!(lang, ITEMS_VALUE, currency = quote.asked_currency.as_str())) }
                            @for charge in &quote.charges { th.n scope="col" { (lang.foreign(&charge.name)) " " (quote.currency) } }
                            th.n scope="col" { (say!(lang, ITEMS_SHARE)) }
                        }
                    }
                    tbody {
                        @for (at, item) in quote.items.iter().enumerate() {
                            tr {
                                th scope="row" { (told.item_name(at)) }
                                td.n { (told.asked.number(item.value)) }
                                @for charge in &quote.charges {
                                    td.n {
                                        @match item.charges.iter().find(|c| c.key == charge.key) {
                                            // Where the charge has no single amount, its parts have none: theirs are those of the least.
                                            Some(part) => (number(&told.local, part.amount, exact(told, charge).map(|_| part.amount))),
                                            None => (not_applicable(lang)),
                                        }
                                    }
                                }
                                td.n { (share(told, at)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The amount of a charge, where it has a single one.
fn exact(told: &Told<'_>, charge: &ChargeAnswer) -> Option<Decimal> {
    told.charge_sum(charge).exact()
}

/// What an item's charges come to in percent of its value; of the least, where the answer is a range.
fn share(told: &Told<'_>, at: usize) -> Markup {
    let quote = told.quote;
    let Some(item) = quote.items.get(at) else { return html! {} };
    let local: Decimal = item.charges.iter().fold(Decimal::ZERO, |sum, c| sum.plus(c.amount).unwrap_or(sum));
    let asked = if quote.total.least.is_zero() {
        Ok(Decimal::ZERO)
    } else {
        local.scaled(quote.total.least_asked, quote.total.least)
    };
    let share = asked
        .and_then(|a| a.scaled(Decimal::from_int(100), item.value))
        .and_then(|p| p.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(1)));
    html! {
        @match share {
            Ok(share) if share.is_zero() && quote.total.most != Some(quote.total.least) => (unknown(told.lang)),
            Ok(share) => {
                @if quote.total.most != Some(quote.total.least) { (say!(told.lang, NUMBER_AT_LEAST, least = percent(told.lang, share))) } @else { (percent(told.lang, share)) }
            }
            Err(_) => (not_applicable(told.lang)),
        }
    }
}

/// An exchange rate to at most eight digits after the sign.
pub(super) fn rate(told: &Told<'_>, rate: Decimal) -> String {
    decimal(told.lang, rate.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(8)).unwrap_or(rate))
}
