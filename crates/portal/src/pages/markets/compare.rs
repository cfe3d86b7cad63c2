//! The same basket to many places, on one chart.

use super::answer::share;
use super::outcome_key;
use crate::desk::Book;
use crate::form;
use crate::locale::{Lang, Money};
use crate::pages::layout::{Door, Head, page};
use crate::pages::parts::{confidence, destinations, not_applicable, number, territory};
use crate::pages::{Request, absolute};
use crate::problem::{Problem, Wrong};
use crate::say;
use crate::work::slowly_while;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::collections::BTreeSet;
use tidewaiter::quote::said::Said;
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::{Ask, Consignment, Decimal, Outcome, Quote};

/// Most places in one comparison.
const MOST: usize = 250;
/// Width of a bar in its own units.
const WIDTH: i64 = 400;

/// The page.
pub(super) async fn show(request: Request, headers: HeaderMap, uri: Uri) -> Result<Response, Problem> {
    let lang = request.lang;
    let book = request.desk.book();
    let mut asked = form::read(&request.query, Some(lang));
    if asked.consignment.currency.is_empty() {
        "EUR".clone_into(&mut asked.consignment.currency);
    }
    super::covered::check(&request, &mut asked);
    let mut places: BTreeSet<String> =
        asked.fields.iter().filter(|(name, _)| name == "with").map(|(_, code)| code.to_ascii_uppercase()).collect();
    let groups: Vec<String> =
        asked.fields.iter().filter(|(name, _)| name == "group").map(|(_, code)| code.to_ascii_uppercase()).collect();
    for group in &groups {
        places.extend(members(&book, group));
    }
    if !asked.consignment.to.is_empty() {
        places.insert(asked.consignment.to.clone());
    }
    let known: Vec<String> = places
        .into_iter()
        .filter(|code| book.territories().get(code).is_some_and(|t| t.has_rules))
        .take(MOST)
        .collect();
    let ready = !asked.consignment.items.is_empty() && asked.wrong.is_empty();
    let mut quotes = if ready { all(&request, &asked.consignment, known).await? } else { Vec::new() };
    // What every place refuses in the same field is wrong in the question, and told once.
    if let Some(wrong) = of_question(&quotes) {
        asked.wrong.push(wrong);
        quotes.clear();
    }
    let is_wrong = !asked.wrong.is_empty();
    let title = say!(lang, COMPARE_TITLE);
    let body = html! {
        div.stack {
            nav.crumbs aria-label=(say!(lang, HOUSE_HERE)) { ol { li { a href={ (request.to("/markets")) "?" (asked.address()) } { (say!(lang, DOOR_MARKETS)) } } li { (title) } } }
            h1 { (title) }
            p.lede { (say!(lang, COMPARE_LEDE)) }
        }
        @if is_wrong {
            (super::wrong(lang, &asked))
            p { a.button href={ (request.to("/markets")) "?" (asked.with("edit", "1")) } { (say!(lang, MARKETS_CHANGE)) } }
        } @else if !ready { p.note.care { (say!(lang, COMPARE_NO_BASKET)) " " a href=(request.to("/markets")) { (say!(lang, COMPARE_TO_MARKETS)) } } }
        @if !quotes.is_empty() {
            (lang.notice())
            (open(&request, &asked, &quotes))
            (table(&request, &book, &asked, &quotes))
            p.paper { (say!(lang, MARKETS_ADDRESS)) " " (absolute(&request.desk, &headers, &uri)) }
        }
        (choose(&request, &book, &asked, &groups))
    };
    let mut answer = page(&request, &Head { door: Door::Markets, title: &title, about: "" }, body).into_response();
    if is_wrong {
        // It is no answer, and no cache keeps it.
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(answer)
}

/// What is wrong whatever the destination.
fn of_question(quotes: &[Compared]) -> Option<Wrong> {
    let (_, first) = quotes.first()?;
    let wrong = first.as_ref().err().filter(|wrong| wrong.field != "to")?;
    quotes.iter().all(|(_, quote)| quote.as_ref().is_err_and(|w| w.field == wrong.field)).then(|| wrong.clone())
}

/// A place with its quote, or why there is none.
type Compared = (String, Result<Quote, Wrong>);

/// Each place with its quote: exact amounts from the cheapest, ranges by the most they can be, then those without a limit, then those without
/// figures.
async fn all(request: &Request, asked: &Consignment, places: Vec<String>) -> Result<Vec<Compared>, Problem> {
    let (book, asked, today) = (request.desk.book(), asked.clone(), request.desk.today());
    let work = move |awaited: &dyn Fn() -> bool| {
        let ask = Ask { steps: false, today: Some(today) };
        let one = |to: String| {
            // The letters of a region are those of one destination.
            let region = asked.region.as_ref().and_then(|region| super::regions::key(&book, &to, region));
            let question = Consignment { to: to.clone(), region, ..asked.clone() };
            let quote = book
                .answer(&question, &ask)
                .map_err(|e| Problem::from(e).errors.into_iter().next().unwrap_or_else(no_answer));
            (to, quote)
        };
        let mut all: Vec<_> = places.into_iter().take_while(|_| awaited()).map(one).collect();
        all.sort_by_key(|(to, quote)| match quote {
            Ok(q) if q.outcome == Outcome::Amount => (0, q.landed.least, to.clone()),
            Ok(q) if has_figures(q) && q.landed.most.is_some() => (1, q.landed.most.unwrap_or_default(), to.clone()),
            Ok(q) if has_figures(q) => (2, q.landed.least, to.clone()),
            _ => (3, Decimal::ZERO, to.clone()),
        });
        all
    };
    slowly_while(work).await
}

/// For a place that gives neither a quote nor a reason.
fn no_answer() -> Wrong {
    Wrong { field: String::new(), value: String::new(), message: Said::default() }
}

fn has_figures(quote: &Quote) -> bool {
    matches!(quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown)
}

/// Why many answers are no single amount, and what to say: what is missing in most of them, and is of the whole question.
fn open(request: &Request, asked: &form::Asked, quotes: &[Compared]) -> Markup {
    let lang = request.lang;
    let quotes = || quotes.iter().filter_map(|(_, quote)| quote.as_ref().ok());
    let lack = |fact: &str| quotes().filter(|quote| quote.missing.iter().any(|one| one.fact == fact)).count();
    let has_code = asked.consignment.items.iter().all(|item| item.code.is_some());
    let facts = [
        ("code", if has_code { say!(lang, ASK_CODE_LONGER) } else { say!(lang, ASK_CODE) }),
        ("origin", say!(lang, ASK_ORIGIN)),
        ("from", say!(lang, ASK_FROM)),
        ("channel", say!(lang, ASK_CHANNEL)),
    ];
    let lacking: Vec<_> =
        facts.into_iter().map(|(fact, words)| (fact, words, lack(fact))).filter(|f| f.2 > 0).collect();
    let edit = format!("{}?{}", request.to("/markets"), asked.with("edit", "1"));
    html! {
        @if !lacking.is_empty() {
            section.note.stack aria-labelledby="open" {
                h2 id="open" { (say!(lang, COMPARE_WHY)) }
                ul.plain {
                    @for (fact, words, count) in &lacking {
                        li.stack {
                            p { (words) " " span.tag { (say!(lang, COMPARE_WHY_COUNT, count = *count)) } }
                            @if *fact == "channel" {
                                ul.choices {
                                    @for key in ["post", "express", "freight"] { li { a href={ "?" (asked.with("channel", key)) } { (lang.word("channel", key)) } } }
                                }
                            }
                        }
                    }
                }
                @if lacking.iter().any(|(fact, ..)| *fact != "channel") { p { a href=(edit) { (say!(lang, MARKETS_CHANGE)) } } }
            }
        }
    }
}

fn table(request: &Request, book: &Book, asked: &form::Asked, quotes: &[Compared]) -> Markup {
    let lang = request.lang;
    let currency = asked.consignment.currency.as_str();
    let money = Money::of(book, lang, currency);
    let told = || quotes.iter().filter_map(|(_, q)| q.as_ref().ok()).filter(|q| has_figures(q));
    let whole = told().map(|q| q.landed.most.unwrap_or(q.landed.least)).max().unwrap_or_default();
    let open = told().any(|q| q.landed.most.is_none());
    // What has no known end takes the last fifth of every bar, so that it never looks like an end.
    let scale = Scale { whole, room: if open { WIDTH * 4 / 5 } else { WIDTH } };
    let title = say!(lang, COMPARE_TABLE);
    html! {
        section.stack aria-labelledby="compared" {
            h2 id="compared" { (title) }
            p.basket { (super::basket(lang, book, &asked.consignment)) (super::without_shipping(lang, asked)) }
            svg width="0" height="0" aria-hidden="true" {
                defs {
                    pattern id="maybe" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" { rect.stripe width="3" height="6" {} }
                    pattern id="open" width="6" height="6" patternUnits="userSpaceOnUse" { circle.spot cx="3" cy="3" r="1.5" {} }
                }
            }
            ul.legend {
                @for (class, name) in [("p-goods", say!(lang, COMPARE_BEFORE)), ("p-duties", say!(lang, PART_DUTIES)), ("p-taxes", say!(lang, PART_TAXES)), ("p-fees", say!(lang, PART_FEES))] {
                    li { span class={ "swatch " (class) } {} (name) }
                }
                li { span.swatch.maybe-key {} (say!(lang, PART_MAYBE)) }
                @if open { li { span.swatch.open-key {} (say!(lang, PART_OPEN)) } }
            }
            div.scroll tabindex="0" role="group" aria-label=(say!(lang, HOUSE_TABLE, name = title.as_str())) {
                table.compare.ledger {
                    thead {
                        tr {
                            th scope="col" { (say!(lang, COMPARE_PLACE)) }
                            th.wide scope="col" { (say!(lang, COMPARE_BAR)) }
                            th.n scope="col" { (say!(lang, WHY_DUE, currency = currency)) }
                            th.n scope="col" { (say!(lang, COMPARE_LANDED, currency = currency)) }
                            th.n scope="col" { (say!(lang, COMPARE_AT_CHECKOUT, currency = currency)) }
                            th scope="col" { (say!(lang, COMPARE_KIND)) }
                        }
                    }
                    tbody {
                        @for (to, quote) in quotes { (row(request, book, asked, &money, to, quote, scale)) }
                    }
                }
            }
        }
    }
}

fn row(
    request: &Request,
    book: &Book,
    asked: &form::Asked,
    money: &Money,
    to: &str,
    quote: &Result<Quote, Wrong>,
    scale: Scale,
) -> Markup {
    let lang = request.lang;
    let name = html! { th scope="row" { a href={ (request.to("/markets")) "?" (asked.with("to", to)) } { (territory(lang, book, to)) } } };
    let quote = match quote {
        Ok(quote) => quote,
        Err(why) => {
            return html! { tr { (name) td colspan="5" { (lang.wrong(&why.message)) } } };
        }
    };
    // A range of one amount: in some cases there is another answer than an amount.
    let one = quote.outcome == Outcome::Range && quote.total.most_asked == Some(quote.total.least_asked);
    let kind = if one { say!(lang, COMPARE_ONE_AMOUNT) } else { lang.word("outcome", outcome_key(quote.outcome)) };
    let currency = asked.consignment.currency.as_str();
    let due = say!(lang, WHY_DUE, currency = currency);
    let landed = say!(lang, COMPARE_LANDED, currency = currency);
    let checkout = say!(lang, COMPARE_AT_CHECKOUT, currency = currency);
    html! {
        tr {
            (name)
            @if has_figures(quote) {
                td.wide { (bar(lang, quote, scale)) }
                td.n data-label=(due) { (number(money, quote.total.least_asked, quote.total.most_asked)) }
                td.n data-label=(landed) { (number(money, quote.landed.least, quote.landed.most)) }
                td.n data-label=(checkout) { (number(money, quote.terms.checkout_dap.least_asked, quote.terms.checkout_dap.most_asked)) }
                td { @if quote.outcome != Outcome::Amount { span.tag.care { (kind) } " " } @if let Some(sure) = quote.confidence { (confidence(lang, sure)) } }
            } @else {
                td.wide { span.tag.stop { (kind) } }
                td.n data-label=(due) { (not_applicable(lang)) }
                td.n data-label=(landed) { (not_applicable(lang)) }
                td.n data-label=(checkout) { (not_applicable(lang)) }
                td { @if let Some(sure) = quote.confidence { (confidence(lang, sure)) } }
            }
        }
    }
}

/// What the bars of a comparison are drawn to.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// The dearest end that is known.
    whole: Decimal,
    /// How much of a bar it takes.
    room: i64,
}

fn bar(lang: Lang, quote: &Quote, scale: Scale) -> Markup {
    let before = quote.goods.plus(quote.shipping).unwrap_or(quote.goods);
    let parts = [
        ("p-goods", before),
        ("p-duties", quote.by_kind.duties.least_asked),
        ("p-taxes", quote.by_kind.taxes.least_asked),
        ("p-fees", quote.by_kind.fees.least_asked),
    ];
    let width = |amount: Decimal| share(amount, scale.whole, scale.room);
    let mut at = 0;
    let mut pieces = Vec::new();
    for (class, amount) in parts {
        pieces.push((class, at, width(amount)));
        at += width(amount);
    }
    match quote.landed.most {
        Some(most) => pieces.push(("maybe-only", at, width(most) - at)),
        None => pieces.push(("open-only", at, WIDTH - at)),
    }
    html! {
        svg.rowbar viewBox={ "0 0 " (WIDTH) " 18" } preserveAspectRatio="none" width="400" height="18" aria-hidden="true" {
            @for (class, x, width) in pieces { @if width > 0 { rect class=(class) x=(x) y="0" width=(width) height="18" {} } }
        }
        // A pattern is no word.
        @if quote.landed.most.is_none() { p.small { span.unknown { (say!(lang, COMPARE_OPEN)) } } }
    }
}

/// Who is in a union or group today, and has rules.
fn members(book: &Book, group: &str) -> Vec<String> {
    let in_it = |t: &&tidewaiter::ratebook::TerritoryView| {
        t.has_rules
            && t.kind == TerritoryKind::Country
            && (group == "ALL"
                || t.memberships.iter().any(|m| m.code == group && m.before.is_none() && is_full(&m.role)))
    };
    book.territories().values().filter(in_it).map(|t| t.code.clone()).collect()
}

/// Partners of a customs union, and areas that take its tax rules alone, are no members of it.
fn is_full(role: &str) -> bool {
    !matches!(role, "customs" | "vat")
}

/// Which places to compare.
fn choose(request: &Request, book: &Book, asked: &form::Asked, groups: &[String]) -> Markup {
    let lang = request.lang;
    let unions = book.territories().values().filter(|t| matches!(t.kind, TerritoryKind::Union | TerritoryKind::Group));
    let unions: Vec<(String, String)> = unions
        .filter(|t| members(book, &t.code).len() > 1)
        .map(|t| (t.code.clone(), lang.territory(&t.code, &t.name)))
        .collect();
    html! {
        section.card aria-labelledby="choose" {
            form action=(request.to("/markets/compare")) method="get" {
                h2 id="choose" { (say!(lang, COMPARE_CHOOSE)) }
                @for (name, value) in asked.fields.iter().filter(|(name, _)| !matches!(name.as_str(), "with" | "group" | "edit" | "more")) { input type="hidden" name=(name) value=(value); }
                fieldset {
                    legend { (say!(lang, COMPARE_GROUPS)) }
                    div.checks {
                        label.check { input type="checkbox" name="group" value="ALL" checked[groups.iter().any(|g| g == "ALL")]; span { (say!(lang, COMPARE_ALL)) } }
                        @for (code, name) in &unions { label.check { input type="checkbox" name="group" value=(code) checked[groups.contains(code)]; span { (name) } } }
                    }
                }
                details {
                    summary { (say!(lang, COMPARE_SINGLE)) }
                    fieldset {
                        legend.hidden { (say!(lang, COMPARE_SINGLE)) }
                        div.checks {
                            @for (code, name) in destinations(lang, book) { label.check { input type="checkbox" name="with" value=(code) checked[asked.has("with", &code)]; span { (name) } } }
                        }
                    }
                }
                div.row { button type="submit" { (say!(lang, COMPARE_SUBMIT)) } }
            }
        }
    }
}
