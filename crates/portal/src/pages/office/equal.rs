//! Are sellers abroad taxed as those inside? The same goods sold inside a country and sent there, with the rule behind each difference.

use super::Request;
use super::parts::{says, scroll};
use crate::form::{Asked, read};
use crate::locale::{Lang, Money, percent};
use crate::pages::layout::{Door, Head, page};
use crate::pages::parts::{destinations, number, origins, select, source, unknown};
use crate::{say, work};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter_collect::equal::{Difference, Direction, Equal, Way, compare};

pub(super) async fn show(request: Request) -> Response {
    let lang = request.lang;
    let book = request.desk.book();
    let mut asked = read(&request.query, Some(lang));
    if asked.consignment.currency.is_empty() {
        asked.consignment.currency = "EUR".into();
    }
    let mut wrong: Vec<Markup> = asked.wrong.iter().map(|one| html! { (lang.wrong(&one.message)) }).collect();
    let is_asked = asked.is_question() || !asked.wrong.is_empty();
    let mut made = None;
    if is_asked && wrong.is_empty() {
        let (question, rules) = (asked.consignment.clone(), std::sync::Arc::clone(&book));
        match work::slowly(move || compare(&rules, super::place::definitions(), &question)).await {
            Ok(Ok(equal)) => made = Some(equal),
            Ok(Err(says)) => wrong.extend(says.iter().map(|says| lang.foreign(says))),
            Err(busy) => return busy.into_response(),
        }
    }
    let (title, about) = (say!(lang, EQUAL_TITLE), say!(lang, EQUAL_LEDE));
    let body = html! {
        div.stack { h1 { (title) } p.lede { (about) } (lang.notice()) }
        @if !wrong.is_empty() {
            div.note.stop.stack role="alert" { p { (say!(lang, OFFICE_WRONG)) } ul { @for says in &wrong { li { (says) } } } }
        }
        @if let Some(made) = &made { (shown(&request, made)) }
        (form(&request, &asked))
        p { a href=(request.to("/collect/where")) { (say!(lang, WHERE_TITLE)) } }
    };
    // Tabs and bookmarks are told apart by what is compared.
    let place = |code: &str| crate::pages::parts::territory(lang, &book, code);
    let named = made
        .as_ref()
        .map(|made| say!(lang, EQUAL_NAMED, title = title.as_str(), from = place(&made.from), to = place(&made.to)));
    let mut answer =
        page(&request, &Head { door: Door::Collect, title: named.as_deref().unwrap_or(&title), about: &about }, body)
            .into_response();
    if !wrong.is_empty() {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    answer
}

fn form(request: &Request, asked: &Asked) -> Markup {
    let lang = request.lang;
    let book = request.desk.book();
    let (from, to) = (origins(lang, &book), destinations(lang, &book));
    let currencies: Vec<(String, String)> =
        book.currencies().iter().map(|one| (one.code.clone(), one.code.clone())).collect();
    let channels: Vec<(String, String)> =
        ["post", "express", "freight"].iter().map(|key| ((*key).to_owned(), lang.word("channel", key))).collect();
    let choose = say!(lang, FORM_CHOOSE);
    let input = |name: &str, label: String, width: &str, mode: &str, hint: &str| {
        let value = if asked.field(name).is_empty() { asked.of_item(name, 0) } else { asked.field(name) };
        html! {
            div class={ "field " (width) } {
                label for=(name) { (label) }
                input id=(name) name=(name) value=(value) inputmode=(mode) maxlength="60" autocomplete="off" placeholder=[Some(hint).filter(|hint| !hint.is_empty())];
            }
        }
    };
    let choice = |name: &str, label: String, width: &str, all: &[(String, String)], or: &str| {
        let value = if asked.field(name).is_empty() { or } else { asked.field(name) };
        html! { div class={ "field " (width) } { label for=(name) { (label) } (select(name, name, value, Some(&choose), all)) } }
    };
    html! {
        form.card method="get" action=(request.to("/collect/equal")) {
            h2 { (say!(lang, EQUAL_ASK)) }
            div.fields {
                (input("goods", say!(lang, EQUAL_CODE), "w4", "text", "6109.10"))
                (input("price", say!(lang, FORM_PRICE), "w3", "decimal", ""))
                (input("quantity", say!(lang, FORM_QUANTITY), "w2", "decimal", "1"))
                (choice("currency", say!(lang, FORM_CURRENCY), "w3", &currencies, "EUR"))
                (choice("from", say!(lang, FORM_FROM), "w4", &from, ""))
                (choice("to", say!(lang, FORM_TO), "w4", &to, ""))
                (choice("origin", say!(lang, FORM_ORIGIN), "w4", &from, ""))
                (input("freight", say!(lang, FORM_FREIGHT), "w4", "decimal", ""))
                (choice("channel", say!(lang, FORM_CHANNEL), "w4", &channels, "post"))
            }
            div.row { button type="submit" { (say!(lang, EQUAL_DO)) } }
        }
    }
}

fn direction(lang: Lang, is: Direction) -> Markup {
    let (class, sign, key) = match is {
        Direction::ForeignMore => ("stop", "▲", "more"),
        Direction::ForeignLess => ("care", "▼", "less"),
        Direction::Same => ("high", "=", "same"),
        Direction::Unknown => ("care", "?", "unknown"),
    };
    html! { span class={ "tag " (class) } { span aria-hidden="true" { (sign) " " } (lang.word("equal", key)) } }
}

fn signed(money: &Money, amount: Decimal) -> String {
    let plus = if amount.is_negative() || amount.is_zero() { "" } else { "+" };
    format!("{plus}{}", money.number(amount))
}

fn way_name(lang: Lang, way: &Way) -> Markup {
    if let Some(below) = &way.below {
        return html! { (say!(lang, EQUAL_BELOW, over = below.as_str())) };
    }
    match (&way.scheme, way.name.strip_prefix("registered: ")) {
        (Some(_), Some(name)) => html! { (say!(lang, EQUAL_REGISTERED)) (lang.colon()) (lang.foreign(name)) },
        (None, _) => html! { (say!(lang, EQUAL_NOT_REGISTERED)) },
        _ => html! { (lang.foreign(&way.name)) },
    }
}

fn shown(request: &Request, made: &Equal) -> Markup {
    let lang = request.lang;
    let money = Money::of(&request.desk.book(), lang, &made.currency);
    let book = request.desk.book();
    let name = |code: &str| crate::pages::parts::territory(lang, &book, code);
    let columns = [
        say!(lang, EQUAL_COLUMN_SELLER),
        say!(lang, EQUAL_COLUMN_BEARS, currency = made.currency.as_str()),
        say!(lang, EQUAL_COLUMN_MORE, currency = made.currency.as_str()),
        say!(lang, EQUAL_COLUMN_SHARE),
        say!(lang, EQUAL_COLUMN_SAYS),
    ];
    let none = || crate::pages::parts::not_applicable(lang);
    let table = html! {
        table.ledger {
            thead { tr { @for (at, name) in columns.iter().enumerate() { th.n[(1..=3).contains(&at)] scope="col" { (name) } } } }
            tbody {
                tr {
                    th scope="row" {
                        (say!(lang, EQUAL_INSIDE, place = name(&made.to)))
                        @if let Some(inside) = &made.domestic { " " span.quiet.small { (lang.foreign(&inside.tax_name)) @for rate in distinct(&inside.rates) { " " (percent(lang, rate)) } } }
                    }
                    td.n data-label=(columns[1]) { @match &made.domestic { Some(inside) => (money.number(inside.tax)), None => (unknown(lang)) } }
                    td.n data-label=(columns[2]) { (none()) }
                    td.n data-label=(columns[3]) { (none()) }
                    td data-label=(columns[4]) { (none()) }
                }
                @for way in &made.ways {
                    tr {
                        th scope="row" { (say!(lang, EQUAL_ABROAD, place = name(&made.from))) ", " (way_name(lang, way)) }
                        td.n data-label=(columns[1]) { (number(&money, way.least, way.most)) }
                        td.n data-label=(columns[2]) { @match way.by { Some(by) => (signed(&money, by)), None => (unknown(lang)) } }
                        td.n data-label=(columns[3]) { @match way.percent { Some(share) => (percent(lang, share)), None => (unknown(lang)) } }
                        td data-label=(columns[4]) { (direction(lang, way.direction)) }
                    }
                }
            }
        }
    };
    html! {
        section.stack.wide aria-labelledby="answer" {
            h2 #answer { (say!(lang, EQUAL_ANSWER, goods = money.text(made.goods), shipping = money.text(made.shipping))) }
            (scroll(&say!(lang, EQUAL_TITLE), table))
            @if let Some(why) = &made.not_known { p.note.care { (say!(lang, EQUAL_NOT_KNOWN)) " " (lang.foreign(why)) } }
            @for (at, way) in made.ways.iter().enumerate() {
                @if !way.differences.is_empty() || !way.missing.is_empty() {
                    section.stack aria-labelledby={ "way-" (at) } {
                        h3 id={ "way-" (at) } { (way_name(lang, way)) }
                        @for one in &way.differences { (difference(lang, &money, one)) }
                        @if !way.missing.is_empty() {
                            div.note.care { ul { @for says in &way.missing { li { (lang.foreign(says)) } } } }
                        }
                    }
                }
            }
            @if let Some(inside) = &made.domestic {
                @if !inside.facts.is_empty() {
                    details { summary { (say!(lang, EQUAL_RATE_SOURCES)) } ul.plain { @for one in &inside.facts { (crate::pages::parts::fact_view(lang, one)) } } }
                }
            }
            section.stack aria-labelledby="granted" {
                h3 #granted { (say!(lang, WHERE_GRANTED)) }
                ul { @for one in &made.assumptions { li { (says(lang, one)) } } }
            }
        }
    }
}

fn distinct(rates: &[Decimal]) -> Vec<Decimal> {
    let mut rates = rates.to_vec();
    rates.sort();
    rates.dedup();
    rates
}

fn difference(lang: Lang, money: &Money, one: &Difference) -> Markup {
    let cause = serde_json::to_value(one.cause).ok().and_then(|value| value.as_str().map(str::to_owned));
    html! {
        div.card.stack {
            p {
                strong.figure {
                    (signed(money, one.amount))
                    @if !one.is_exact { " " @match one.most { Some(most) => (say!(lang, EQUAL_UP_TO, sum = signed(money, most))), None => (say!(lang, EQUAL_NO_BOUND)) } }
                }
                (lang.colon()) (lang.word("equal-cause", &cause.unwrap_or_default())) " (" (lang.foreign(&one.name)) ")"
            }
            @if !one.rule.is_empty() { p { (say!(lang, EQUAL_RULE)) (lang.colon()) (lang.foreign(&one.rule)) } }
            @if !one.sources.is_empty() {
                details { summary { (say!(lang, WHERE_SOURCES)) } ul.plain { @for fact in &one.sources { (source(lang, fact)) } } }
            }
        }
    }
}
