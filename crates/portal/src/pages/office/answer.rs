//! Whether and where to register: each destination, then each scheme with what it asks and what it rests on.

use super::Request;
use super::parts::{count, fact, says, scroll};
use super::threshold::{short, threshold};
use crate::locale::{Lang, Money, day};
use crate::pages::parts::{confidence, fact_view, number, territory};
use crate::say;
use maud::{Markup, html};
use tidewaiter_collect::advice::{Advice, Burden, DestinationAdvice, Example, SchemeAdvice, Takes, Verdict};

pub(super) fn answered(request: &Request, advice: &Advice) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let home = territory(lang, &book, &advice.home);
    let used = |one: &&SchemeAdvice| one.verdict != Verdict::No;
    html! {
        section.stack.wide aria-labelledby="answer" {
            h2 #answer tabindex="-1" { (say!(lang, WHERE_ANSWER, home = home, day = day(lang, advice.today))) }
            @for one in &advice.destinations { (destination(request, advice, one)) }
        }
        @if advice.schemes.iter().any(|one| used(&one)) {
            section.stack.wide aria-labelledby="schemes" {
                h2 #schemes { (say!(lang, WHERE_SCHEMES)) }
                @for one in advice.schemes.iter().filter(used) { (scheme(request, one)) }
            }
        }
        section.stack aria-labelledby="granted" {
            h2 #granted { (say!(lang, WHERE_GRANTED)) }
            ul {
                li { (say!(lang, WHERE_GRANTED_TODAY)) }
                @for one in &advice.assumptions { li { (says(lang, one)) } }
            }
            p.note { (say!(lang, WHERE_NO_ADVICE)) }
        }
    }
}

/// A verdict in a word, with a sign beside it.
fn verdict(lang: Lang, is: Verdict, with_duty: bool, is_registered: bool) -> Markup {
    let (class, sign, key) = match (is, with_duty, is_registered) {
        (_, _, true) => ("high", "✓", "registered"),
        (Verdict::Must, ..) => ("stop", "!", "must"),
        (Verdict::Unknown, ..) => ("care", "?", "unknown"),
        (Verdict::May, true, _) => ("stop", "!", "may-due"),
        (Verdict::May, false, _) => ("", "○", "may"),
        (Verdict::NotNeeded, ..) => ("high", "✓", "not-needed"),
        (Verdict::No, ..) => ("", "–", "no"),
    };
    html! { span class={ "tag " (class) } { span aria-hidden="true" { (sign) " " } (lang.word("where-verdict", key)) } }
}

/// What the bar beside it says with the same numbers.
fn is_figure(why: &str) -> bool {
    why.ends_with(" %).") || why.starts_with("As sales went so far")
}

fn anchor(scheme: &str) -> String {
    format!("scheme-{}", scheme.replace('.', "-"))
}

fn destination(request: &Request, advice: &Advice, to: &DestinationAdvice) -> Markup {
    let lang = request.lang;
    let of = |key: &str| advice.schemes.iter().find(|one| one.scheme == key);
    let columns = [
        say!(lang, WHERE_COLUMN_SCHEME),
        say!(lang, WHERE_COLUMN_VERDICT),
        say!(lang, WHERE_COLUMN_ORDERS),
        say!(lang, WHERE_COLUMN_CLOSE),
    ];
    let table = html! {
        table.ledger {
            thead { tr { @for (at, name) in columns.iter().enumerate() { th.n[at > 1] scope="col" { (name) } } } }
            tbody {
                @for here in &to.schemes {
                    @let scheme = of(&here.scheme);
                    @let is_no = here.verdict == Verdict::No;
                    @let name = scheme.map_or(here.scheme.as_str(), |one| one.name.as_str());
                    tr {
                        th scope="row" {
                            @if scheme.is_some_and(|one| one.verdict != Verdict::No) { a href={ "#" (anchor(&here.scheme)) } { (lang.foreign(name)) } }
                            @else { (lang.foreign(name)) }
                        }
                        td data-label=(columns[1]) { (verdict(lang, here.verdict, scheme.is_some_and(|one| one.duty.is_some()), scheme.is_some_and(|one| one.is_registered))) }
                        td.n data-label=(columns[2]) { (count(lang, here.orders)) }
                        td.n data-label=(columns[3]) {
                            @match scheme.filter(|_| !is_no).and_then(|one| short(lang, one.threshold.as_ref())) {
                                Some(close) => (close),
                                None => (crate::pages::parts::not_applicable(lang)),
                            }
                        }
                    }
                }
            }
        }
    };
    let left_out: Vec<&String> = to.schemes.iter().flat_map(|here| &here.left_out).collect();
    let name = lang.territory(&to.to, &to.name);
    html! {
        section.card.stack aria-label=(name) {
            h3 { (name) }
            (path(lang, advice, to))
            @if to.schemes.is_empty() { p.nothing { (say!(lang, WHERE_NO_SCHEME)) } } @else { (scroll(&name, table)) }
            @if let Some(example) = &to.example { (example_of(request, example)) }
            @if let Some(says) = &to.otherwise { p { strong { (say!(lang, WHERE_OTHERWISE)) } (lang.colon()) (lang.foreign(says)) } }
            @if !left_out.is_empty() {
                details { summary { (say!(lang, WHERE_LEFT_OUT)) } ul { @for says in left_out { li { (lang.foreign(says)) } } } }
            }
            @for other in &to.others {
                details {
                    summary { (say!(lang, WHERE_OTHER)) (lang.colon()) (lang.foreign(&other.name)) }
                    @if other.registration.is_empty() { p { (crate::pages::parts::unknown(lang)) } } @else { p { (lang.foreign(&other.registration)) } }
                    ul.plain { @for one in &other.facts { (fact_view(lang, one)) } }
                }
            }
        }
    }
}

/// The simplest lawful way, a sentence for each scheme that is for these sales.
fn path(lang: Lang, advice: &Advice, to: &DestinationAdvice) -> Markup {
    let all = to.schemes.iter().filter(|here| here.verdict != Verdict::No).filter_map(|here| {
        let one = advice.schemes.iter().find(|one| one.scheme == here.scheme)?;
        let name = lang.name(&one.name).unwrap_or_else(|| one.name.clone());
        Some(match (one.is_registered, here.verdict) {
            (true, _) => say!(lang, WHERE_PATH_REGISTERED, name = name),
            (_, Verdict::Must) => say!(lang, WHERE_PATH_MUST, name = name),
            (_, Verdict::Unknown) => say!(lang, WHERE_PATH_UNKNOWN, name = name),
            (_, Verdict::May) if here.instead_of.is_some() => {
                let other = advice.schemes.iter().find(|one| Some(&one.scheme) == here.instead_of.as_ref());
                let other =
                    other.map_or_else(String::new, |one| lang.name(&one.name).unwrap_or_else(|| one.name.clone()));
                say!(lang, WHERE_PATH_INSTEAD, name = name, other = other)
            }
            (_, Verdict::May) if here.own_tax => say!(lang, WHERE_PATH_OWN_TAX, name = name),
            (_, Verdict::May) if one.duty.is_some() => say!(lang, WHERE_PATH_DUE, name = name),
            (_, Verdict::May) => say!(lang, WHERE_PATH_MAY, name = name),
            _ => say!(lang, WHERE_PATH_NOT_NEEDED, name = name),
        })
    });
    let all: Vec<String> = all.collect();
    html! {
        p {
            strong { (say!(lang, WHERE_PATH)) } (lang.colon())
            @if all.is_empty() { (say!(lang, WHERE_PATH_NONE)) } @else { (all.join(" ")) }
            @if !to.others.is_empty() { " " (say!(lang, WHERE_PATH_OTHERS)) }
        }
    }
}

fn example_of(request: &Request, example: &Example) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let money = Money::of(&book, lang, &example.currency);
    let columns = [
        say!(lang, WHERE_EXAMPLE_WAY),
        say!(lang, WHERE_EXAMPLE_BEARS, currency = example.currency.as_str()),
        say!(lang, WHERE_EXAMPLE_DOOR, currency = example.currency.as_str()),
    ];
    let row = |name: Markup, burden: &Burden| {
        html! {
            tr {
                th scope="row" { (name) }
                td.n data-label=(columns[1]) { (number(&money, burden.least, burden.most)) }
                td.n data-label=(columns[2]) { (money.number(burden.at_the_door)) }
            }
        }
    };
    let table = html! {
        table.ledger {
            caption { (say!(lang, WHERE_EXAMPLE, order = example.named.as_str(), goods = money.text(example.goods), shipping = money.text(example.shipping))) }
            thead { tr { @for (at, name) in columns.iter().enumerate() { th.n[at > 0] scope="col" { (name) } } } }
            tbody {
                (row(html! { (say!(lang, WHERE_WITHOUT)) }, &example.without))
                @for (key, burden) in &example.registered { (row(html! { (say!(lang, WHERE_WITH)) " " code { (key) } }, burden)) }
            }
        }
    };
    scroll(&say!(lang, WHERE_EXAMPLE_WAY), table)
}

fn scheme(request: &Request, one: &SchemeAdvice) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let id = anchor(&one.scheme);
    html! {
        section.card.stack id=(id) aria-labelledby={ (id) "-name" } {
            h3 id={ (id) "-name" } { (lang.foreign(&one.name)) " " (verdict(lang, one.verdict, one.duty.is_some(), one.is_registered)) }
            @let told = one.threshold.as_ref().is_some_and(|told| told.turnover.is_some());
            ul { @for why in one.why.iter().filter(|why| !told || !is_figure(why)) { li { (says(lang, why)) } } }
            @if let Some(duty) = &one.duty { p.note.care { (lang.foreign(duty)) } }
            @if let Some(told) = &one.threshold {
                h4 { (say!(lang, WHERE_COLUMN_CLOSE)) }
                (threshold(lang, &book, told))
            }
            @if let Some(limit) = &one.limit {
                p { strong { (say!(lang, WHERE_LIMIT)) } (lang.colon()) (lang.foreign(limit)) @if let Some(without) = &one.without { "; " (say!(lang, WHERE_NOT_FOR)) " " (lang.foreign(without)) } }
            }
            @if !one.questions.is_empty() {
                div.note.care.stack {
                    p { strong { (say!(lang, WHERE_QUESTIONS)) } }
                    ul { @for says in &one.questions { li { (lang.foreign(says)) } } }
                }
            }
            (takes(lang, &one.takes))
            @if !one.rates.is_empty() { p.small { (say!(lang, WHERE_RATES_USED)) (lang.colon()) (lang.foreign(&one.rates.join("; "))) } }
            details {
                summary { (say!(lang, WHERE_SOURCES)) @if let Some(sure) = one.confidence { " " (confidence(lang, sure)) } }
                ul.plain { @for source in &one.facts { (fact(lang, source)) } }
            }
            @if !one.unknown.is_empty() {
                details {
                    summary { (say!(lang, WHERE_UNKNOWN)) }
                    ul { @for says in &one.unknown { li { (lang.foreign(&says.what)) } } }
                }
            }
        }
    }
}

fn takes(lang: Lang, takes: &Takes) -> Markup {
    let not_known = || html! { (crate::pages::parts::unknown(lang)) };
    let pair = |name: String, value: Markup| html! { div { dt { (name) } dd { (value) } } };
    html! {
        details {
            summary { (say!(lang, WHERE_TAKES)) }
            dl.pairs {
                (pair(say!(lang, WHERE_TAKES_WHO), html! { (lang.foreign(&takes.who)) }))
                (pair(say!(lang, WHERE_TAKES_WHERE), takes.place.as_ref().map_or_else(not_known, |place| html! { (lang.foreign(place)) })))
                @if let Some(url) = takes.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
                    (pair(say!(lang, WHERE_TAKES_PAGE), html! { a href=(url) rel="external noreferrer" { (url) } }))
                }
                (pair(say!(lang, WHERE_TAKES_TIME), takes.time.as_ref().map_or_else(not_known, |time| html! { (lang.foreign(time)) })))
                @if let Some(need) = &takes.intermediary { (pair(say!(lang, WHERE_TAKES_NEED), html! { (lang.foreign(need)) })) }
                (pair(say!(lang, WHERE_TAKES_EVERY), html! { (say!(lang, WHERE_MONTHS, count = u64::from(takes.period_months))) }))
                @if let Some(first) = takes.first_return { (pair(say!(lang, WHERE_TAKES_FIRST), html! { (day(lang, first)) })) }
                @if let Some(ends) = &takes.ends { (pair(say!(lang, WHERE_TAKES_ENDS), html! { (lang.foreign(ends)) })) }
                (pair(say!(lang, WHERE_TAKES_FIELDS), html! {
                    ul { @for field in &takes.fields { li { (lang.foreign(&field.label)) @if !field.required { " " span.quiet.small { (say!(lang, OFFICE_MAY)) } } } } }
                }))
            }
        }
    }
}
