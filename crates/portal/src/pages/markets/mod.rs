//! What a parcel costs to land, and why: the question and its answer on one page.
//!
//! | file | holds |
//! |---|---|
//! | `form.rs` | the question as a form |
//! | `classes.rs` | lower tax rates that goods may be of |
//! | `covered.rs` | currencies, days, regions and codes for which there are rules |
//! | `coded.rs` | goods codes that there are not |
//! | `regions.rs` | regions of destinations whose rules differ by them |
//! | `answer.rs` | the answer first: the figure, its parts, who collects |
//! | `ask.rs` | what would make it exact |
//! | `national.rs` | the lines of the destination under a code |
//! | `why.rs` | each charge with its rule and law |
//! | `curve.rs` | what is due as the value grows |
//! | `behind.rs` | savings, changes, disputes, cautions, sources |
//! | `grouped.rs` | what is said of several cases, told once |
//! | `compare.rs` | the same basket to many places |
//! | `sheet.rs` | the answer as a table for a spreadsheet |

mod answer;
mod ask;
mod behind;
mod classes;
mod coded;
mod compare;
mod covered;
mod curve;
mod form;
mod grouped;
mod national;
mod regions;
mod sheet;
mod why;

pub(crate) use form::form;

use super::layout::{Door, Head, page};
use super::parts::territory;
use super::rates::dates::BEGINS;
use super::rates::phrase::Voice;
use super::{Page, Request, absolute, refused};
use crate::desk::{Book, Desk};
use crate::form::{self as fields, Asked};
use crate::locale::{Lang, Money, day};
use crate::problem::{Problem, Wrong};
use crate::say;
use crate::suggest::{self, Suggestions};
use crate::usage::Use;
use crate::work::beside;
use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use std::sync::Arc;
use tidewaiter::quote::curve::Curve;
use tidewaiter::quote::document::{ChargeAnswer, Sum};
use tidewaiter::quote::said::Said;
use tidewaiter::ratebook::{AskView, EconomyView};
use tidewaiter::record::Kind;
use tidewaiter::{Ask, Decimal, Outcome, Quote};

/// Its pages.
pub(super) fn doors() -> Router<Desk> {
    Router::new()
        .route("/{lang}/markets", get(show))
        .route("/{lang}/markets/compare", get(compare::show))
        .route("/{lang}/markets/quote.csv", get(sheet::show))
}

/// A quote with what is needed to tell it.
pub(super) struct Told<'a> {
    pub(super) request: &'a Request,
    pub(super) lang: Lang,
    pub(super) book: Arc<Book>,
    pub(super) question: &'a Asked,
    pub(super) quote: &'a Quote,
    /// The rules of the destination.
    pub(super) view: Option<EconomyView>,
    /// Currency of the question.
    pub(super) asked: Money,
    /// Currency of the economy.
    pub(super) local: Money,
    /// Whether they differ.
    pub(super) two: bool,
}

impl Told<'_> {
    /// Whether the answer has amounts at all.
    pub(super) fn has_figures(&self) -> bool {
        matches!(self.quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown)
    }

    /// Tells rules of the destination in words.
    pub(super) fn voice(&self) -> Option<Voice<'_>> {
        let view = self.view.as_ref()?;
        Some(Voice { lang: self.lang, book: &self.book, view, day: self.quote.date })
    }

    /// Whether some cases were not looked at, so that no figure of a part is sure: the parts come to more than the least of all.
    fn cut_short(&self) -> bool {
        let parts = self.quote.charges.iter().map(|charge| charge.sum.least);
        let sum = parts.fold(Decimal::ZERO, |sum, least| sum.plus(least).unwrap_or(sum));
        self.quote.total.most.is_none() && sum > self.quote.total.least
    }

    /// What is told of one charge: never more than is told of all.
    pub(super) fn charge_sum(&self, charge: &ChargeAnswer) -> Sum {
        if self.cut_short() { NOT_KNOWN } else { charge.sum }
    }

    /// What is told of the charges of a kind. Where it has no end of its own, the ends of its charges are one: what is known of each
    /// part is known of the whole.
    pub(super) fn kind_sum(&self, of: fn(Kind) -> bool, sum: &Sum) -> Sum {
        if self.cut_short() {
            return NOT_KNOWN;
        }
        let parts = || self.quote.charges.iter().filter(|charge| of(charge.kind)).map(|charge| &charge.sum);
        let end = |part: fn(&Sum) -> Option<Decimal>| {
            parts().map(part).try_fold(Decimal::ZERO, |sum, most| sum.plus(most?).ok())
        };
        Sum {
            most: sum.most.or_else(|| end(|s| s.most)),
            most_asked: sum.most_asked.or_else(|| end(|s| s.most_asked)),
            ..*sum
        }
    }

    /// Questions that were not put, because an answer was assumed.
    pub(super) fn assumed(&self) -> Vec<&AskView> {
        let said = |ask: &&AskView| {
            let mark = format!("({}).", ask.fact);
            self.question.consignment.facts.contains_key(&ask.fact)
                || self.quote.assumptions.iter().any(|text| text.ends_with(&mark))
        };
        self.view.iter().flat_map(|view| &view.asks).filter(|ask| ask.assume.is_some()).filter(said).collect()
    }

    /// A rule's amount in words, with the amounts of the data inside it; as it is written where it cannot be read.
    pub(super) fn rule(&self, rule: &Said) -> Markup {
        self.lang.told(rule, &|text| {
            // "19 % (@vat)": the name of the table is for those who read the file.
            let text = text.split_once(" (@").map_or(text, |(before, _)| before);
            self.voice().map(|voice| voice.amount(text)).filter(|words| words != text)
        })
    }

    /// Whether some of the destination's tariff is recorded.
    pub(super) fn has_tariff(&self) -> bool {
        self.view.as_ref().is_some_and(|view| !view.measures.is_empty())
    }

    /// What an answer could change, in the currency of the question as far as the answer tells how much one of the other is.
    pub(super) fn stake(&self, local: Decimal) -> String {
        let sums = self.quote.charges.iter().map(|charge| &charge.sum).chain([&self.quote.total]);
        let ends = sums.flat_map(|sum| [(Some(sum.least), Some(sum.least_asked)), (sum.most, sum.most_asked)]);
        // The largest amount tells it best: small ones are rounded.
        let known = ends.filter_map(|(local, asked)| local.zip(asked)).max_by_key(|(local, _)| *local);
        let rate = |rate: &tidewaiter::quote::document::RateUsed| {
            let ours = rate.from == self.asked.code && rate.to == self.local.code;
            (ours && rate.purpose == "assessment").then_some((rate.rate, Decimal::ONE))
        };
        let known = self.quote.rates.iter().find_map(rate).or(known).filter(|(local, _)| !local.is_zero());
        match known.and_then(|(here, asked)| local.scaled(asked, here).ok()) {
            _ if !self.two => self.local.text(local),
            Some(asked) => self.asked.text(asked),
            None => self.local.text(local),
        }
    }

    /// Goods and shipping.
    pub(super) fn before(&self) -> Decimal {
        self.quote.goods.plus(self.quote.shipping).unwrap_or(self.quote.goods)
    }

    /// The destination's name.
    pub(super) fn place(&self) -> String {
        self.lang.territory(&self.quote.to, &self.quote.to_name)
    }

    /// What an item is called, from 0: its description, its code, or its number.
    pub(super) fn item_name(&self, at: usize) -> String {
        let item = self.quote.items.get(at);
        let text = item.and_then(|i| i.description.clone().or_else(|| i.code.clone()));
        text.unwrap_or_else(|| say!(self.lang, FORM_ITEM, number = at + 1))
    }

    /// Whether an item, from 1, has some code.
    pub(super) fn item_has_code(&self, item: Option<usize>) -> bool {
        item.and_then(|item| self.quote.items.get(item.checked_sub(1)?)).is_some_and(|i| i.code.is_some())
    }

    /// Whether a message comes with a charge that is computed.
    pub(super) fn is_of_treatment(&self, message: &str) -> bool {
        let mut all = self.quote.charges.iter().flat_map(|c| &c.treatments);
        all.any(|t| t.rule.is_some() && t.says.as_deref() == Some(message))
    }

    /// What the rules behind an answer without an exact amount say: whom to ask, what to do.
    pub(super) fn verdicts(&self) -> impl Iterator<Item = &String> {
        let exact = self.quote.outcome == Outcome::Amount;
        self.quote.messages.iter().filter(move |m| !exact && !self.is_of_treatment(m))
    }
}

/// Beside a figure: that it is for goods without shipping, where none was given. A parcel without it is a rare one.
pub(super) fn without_shipping(lang: Lang, asked: &Asked) -> Markup {
    html! { @if asked.consignment.freight.is_none() { " " span.tag.care { (say!(lang, ANSWER_NO_SHIPPING)) } } }
}

/// A sum of which nothing is known.
const NOT_KNOWN: Sum = Sum { least: Decimal::ZERO, most: None, least_asked: Decimal::ZERO, most_asked: None };

/// What was asked about, in a line: `2 × t-shirt (6109.10), EUR 12.50 each; shipping EUR 4.90`.
pub(super) fn basket(lang: Lang, book: &Book, asked: &tidewaiter::Consignment) -> String {
    let money = Money::of(book, lang, &asked.currency);
    let item = |item: &tidewaiter::Item| {
        let name = match (&item.description, &item.code) {
            (Some(words), Some(code)) => format!("{words} ({code})"),
            (Some(name), None) | (None, Some(name)) => name.clone(),
            (None, None) => String::new(),
        };
        say!(
            lang,
            BASKET_ITEM,
            quantity = crate::locale::decimal(lang, item.quantity),
            name = name,
            price = money.text(item.price)
        )
    };
    let mut parts: Vec<String> = asked.items.iter().map(item).collect();
    if let Some(freight) = asked.freight {
        parts.push(say!(lang, BASKET_SHIPPING, sum = money.text(freight)));
    }
    if let Some(channel) = asked.channel {
        let key = serde_json::to_value(channel).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        parts.push(lang.word("channel", &key));
    }
    parts.join(lang.semicolon())
}

/// The key of an outcome, as in JSON.
pub(super) const fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Amount => "amount",
        Outcome::Range => "range",
        Outcome::Unknown => "unknown",
        Outcome::NotAllowed => "not-allowed",
        Outcome::FormalEntry => "formal-entry",
        Outcome::Prohibited => "prohibited",
    }
}

/// What was computed for the page.
struct Answered {
    quote: Quote,
    suggestions: Option<Suggestions>,
    curve: Option<Curve>,
}

/// Answers with all that the page shows.
///
/// # Errors
/// What is wrong in the question.
async fn answered(request: &Request, asked: &Asked) -> Result<Answered, Problem> {
    let (book, today) = (request.desk.book(), request.desk.today());
    let (question, said, language) = (asked.consignment.clone(), asked.said.clone(), request.lang.finder());
    beside(move || {
        let ask = Ask { steps: false, today: Some(today) };
        let quote = book.answer(&question, &ask)?;
        let suggestions = suggest::suggest(&book, &question, &quote, &said, language, &ask);
        let suggestions = suggestions.map_err(|unfit| {
            Problem::fields(vec![Wrong { field: "answer".into(), value: String::new(), message: unfit.said() }])
        })?;
        // Far enough to show the next limits: five times the value, and not less than a few hundred.
        let coded = question.items.iter().all(|item| item.code.is_some());
        let five = quote.goods.times(Decimal::from_int(5)).unwrap_or(quote.goods);
        // Without a code each value would be asked for all goods there are.
        let curve = coded.then(|| book.curve(&question, &ask, five.max(Decimal::from_int(300))).ok()).flatten();
        Ok(Answered { quote, suggestions, curve })
    })
    .await?
}

/// The page.
async fn show(request: Request, headers: HeaderMap, uri: Uri) -> Response {
    let lang = request.lang;
    let mut asked = fields::read(&request.query, Some(lang));
    if asked.consignment.currency.is_empty() {
        "EUR".clone_into(&mut asked.consignment.currency);
    }
    // Another row of goods is asked for, or the form in another language: not an answer.
    let unsent = asked.has("more", "1") || asked.has("edit", "1");
    if unsent {
        // Nobody has asked yet: what is not filled in is no mistake.
        asked.wrong.clear();
        return question(&request, &asked, false);
    }
    covered::check(&request, &mut asked);
    // A link that brings goods or a place alone: the form sends every field, empty ones too.
    let sent = |name: &str| fields::pairs(&request.query).iter().any(|(field, _)| field == name);
    if !sent("to") || !sent("price") {
        asked.wrong.retain(|wrong| !wrong.value.is_empty());
        if asked.wrong.is_empty() {
            let begun = !asked.fields.is_empty();
            return question(&request, &asked, begun);
        }
    }
    if !asked.is_question() || !asked.wrong.is_empty() {
        if !asked.consignment.items.is_empty() && asked.consignment.to.is_empty() {
            let message = say!(lang, FORM_TO_MISSING).into();
            asked.wrong.push(Wrong { field: "to".into(), value: String::new(), message });
        }
        return question(&request, &asked, false);
    }
    match answered(&request, &asked).await {
        Ok(done) => {
            let answer = outcome_key(done.quote.outcome);
            request.desk.count(Use { door: "/markets", language: lang.tag(), answer });
            told(&request, &asked, &done, &absolute(&request.desk, &headers, &uri)).into_response()
        }
        Err(problem) if problem.errors.is_empty() => refused(&request.desk, lang, &problem),
        Err(problem) => {
            asked.wrong = problem.errors;
            question(&request, &asked, false)
        }
    }
}

/// The form alone, with what is wrong in it, or that it was only begun.
fn question(request: &Request, asked: &Asked, begun: bool) -> Response {
    let lang = request.lang;
    let asked = &asked.in_words(lang);
    let title = say!(lang, START_TITLE);
    let name = if asked.wrong.is_empty() { say!(lang, DOOR_MARKETS) } else { say!(lang, FORM_WRONG) };
    let name = name.trim_end_matches([':', ' ', '\u{a0}']);
    let body = html! {
        div.stack { h1 { (title) } p.lede { (say!(lang, START_LEDE)) } }
        @if !asked.wrong.is_empty() { (wrong(lang, asked)) }
        @if begun { p.note { (say!(lang, FORM_BEGUN)) } }
        section.card aria-label=(say!(lang, DOOR_MARKETS)) { (form(request, asked, &[])) }
    };
    let mut answer = page(request, &Head { door: Door::Markets, title: name, about: "" }, body).into_response();
    if !asked.wrong.is_empty() {
        // It is no answer, and no cache keeps it.
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    answer
}

/// What is wrong in a question.
pub(super) fn wrong(lang: Lang, asked: &Asked) -> Markup {
    html! {
        div.note.stop role="alert" tabindex="-1" autofocus {
            p { strong { (say!(lang, FORM_WRONG)) } }
            ul {
                @for wrong in &asked.wrong {
                    li {
                        @if !wrong.field.is_empty() { strong { (say!(lang, WRONG_OF, field = form::label(lang, &wrong.field))) } " " }
                        @if !wrong.value.is_empty() { (lang.quoted(&wrong.value)) " " }
                        (lang.wrong(&wrong.message))
                    }
                }
            }
        }
    }
}

/// The answer, and all that is behind it.
fn told(request: &Request, asked: &Asked, done: &Answered, address: &str) -> Page {
    let (lang, book, quote) = (request.lang, request.desk.book(), &done.quote);
    let told = Told {
        request,
        lang,
        question: asked,
        quote,
        view: book.economy(&quote.to),
        asked: Money::of(&book, lang, &quote.asked_currency),
        local: Money::of(&book, lang, &quote.currency),
        two: quote.currency != quote.asked_currency,
        book: Arc::clone(&book),
    };
    let goods: Vec<String> = (0..quote.items.len()).take(3).map(|at| told.item_name(at)).collect();
    let more = if quote.items.len() > goods.len() { "…" } else { "" };
    let goods = goods.join(", ") + more;
    let from = quote.from.as_ref().map(|code| territory(lang, &book, code));
    let title = match &from {
        Some(from) => say!(lang, MARKETS_TITLE, goods = goods.as_str(), from = from.as_str(), to = told.place()),
        None => say!(lang, MARKETS_TITLE_TO, goods = goods.as_str(), to = told.place()),
    };
    let body = html! {
        div.stack {
            h1 { (title) }
            p { (basket(lang, &book, &asked.consignment)) }
            p.quiet {
                (say!(lang, MARKETS_LAW, day = day(lang, quote.date))) " "
                @if let Some(sure) = quote.confidence { (super::parts::confidence(lang, sure)) }
            }
            @if quote.date < BEGINS { p.note.care { (say!(lang, MARKETS_OLD, day = day(lang, BEGINS))) } }
            (lang.notice())
            (paper(&told, address))
        }
        // With likely codes the figure over them says more than what holds for all goods.
        @if let Some(suggestions) = &done.suggestions { (ask::codes(&told, suggestions)) }
        @let coded = done.suggestions.is_none();
        @if coded { (answer::card(&told, false)) }
        (ask::questions(&told, done.suggestions.as_ref()))
        @if !coded {
            details.card { summary { (say!(lang, ANSWER_WHATEVER)) } (answer::card(&told, true)) (why::charges(&told)) }
        }
        details.card.noprint { summary { (say!(lang, MARKETS_CHANGE)) } (form(request, asked, &told.assumed())) }
        @if coded { (why::charges(&told)) (behind::disputes(&told)) (behind::notes(&told)) }
        @if let Some(curve) = &done.curve { (curve::section(&told, curve)) }
        div.two { (behind::savings(&told)) (behind::upcoming(&told)) }
        (behind::registers(&told))
        (share(&told, address))
        (behind::sources(&told))
    };
    page(request, &Head { door: Door::Markets, title: &title, about: "" }, body)
}

/// The question on paper: where it can be asked again.
fn paper(told: &Told<'_>, address: &str) -> Markup {
    html! { p.paper { (say!(told.lang, MARKETS_ADDRESS)) " " (address) } }
}

/// To keep, send on, or compare.
fn share(told: &Told<'_>, address: &str) -> Markup {
    let (lang, request) = (told.lang, told.request);
    let dated = told.question.with("date", &told.quote.date.to_string());
    let path = request.to("/markets");
    let host = address.split_once(&format!("{path}?")).map_or("", |(host, _)| host);
    html! {
        section.stack.noprint aria-labelledby="share" {
            h2 id="share" { (say!(lang, SHARE_TITLE)) }
            div.field {
                label for="share-link" { (say!(lang, SHARE_LINK, day = day(lang, told.quote.date))) }
                input id="share-link" readonly value={ (host) (path) "?" (dated) };
            }
            p.row {
                a.button.second href={ (request.to("/markets/compare")) "?" (told.question.address()) } { (say!(lang, SHARE_COMPARE)) }
                a.button.second href={ (request.to("/markets/quote.csv")) "?" (dated) } { (say!(lang, SHARE_CSV)) }
                a.button.second href={ "/v1/quotes?" (api_address(told)) } { (say!(lang, SHARE_JSON)) }
                // Only a script can print.
                button.second type="button" data-print hidden { (say!(lang, SHARE_PRINT)) }
                a href=(request.to(&format!("/rates/{}", told.quote.to))) { (say!(lang, SHARE_RULES, place = told.place())) }
            }
        }
    }
}

/// The same question for the API, which takes plain decimals and knows no fields of pages.
fn api_address(told: &Told<'_>) -> String {
    let question = &told.question;
    let mut fields = question.fields.clone();
    fields.retain(|(name, _)| {
        !matches!(name.as_str(), "more" | "edit" | "answer" | "with" | "group" | "currency" | "date")
    });
    for (name, value) in &mut fields {
        if matches!(
            name.as_str(),
            "price" | "quantity" | "freight" | "insurance" | "discount" | "item_weight_kg" | "weight_kg" | "duty_rate"
        ) && let Ok(plain) = fields::amount(value, Some(told.lang))
        {
            *value = plain.to_string();
        }
    }
    fields.push(("currency".into(), told.quote.asked_currency.clone()));
    fields.push(("date".into(), told.quote.date.to_string()));
    fields::address(&fields)
}
