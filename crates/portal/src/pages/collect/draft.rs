//! A return as the ledger has it: every figure opens to the sums it is made of, and leads to the sales behind it.

use super::mine::{pressing, registered_with};
use super::prepare::name;
use super::visitor::{Answer, Visitor, no, nothing, own_head, value};
use super::{rate, words};
use crate::form::pairs;
use crate::locale::{Money, day};
use crate::pages::Request as Asked;
use crate::say;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};
use tidewaiter::Decimal;
use tidewaiter::record::Confidence;
use tidewaiter_collect::Period;
use tidewaiter_collect::draft::{Converted, Return};
use tidewaiter_collect::export::Shape;
use tidewaiter_collect::service::{Authority, Error, Operation, Received};

/// Which return an address names.
pub(super) fn named(asked: &Asked) -> Option<(String, Period)> {
    let fields = pairs(&asked.query);
    let period = value(&fields, "period").parse().ok()?;
    Some((value(&fields, "scheme").chars().take(60).collect(), period))
}

/// A return with what becomes of it.
pub(super) struct Drafted {
    pub(super) made: Return,
    /// The authority here that receives it.
    pub(super) to: Option<Authority>,
    /// The newest one of the period that was sent.
    pub(super) sent: Option<Received>,
    /// Whether its period is closed: sent from here or recorded as sent.
    pub(super) closed: bool,
}

impl Drafted {
    pub(super) async fn of(asked: &Asked, visitor: &Visitor, scheme: &str, period: Period) -> Result<Self, Error> {
        let (service, caller, seller) = (&visitor.house.service, &visitor.caller, visitor.seller.as_str());
        let book = asked.desk.book();
        let made = service.draft(caller, seller, scheme, period, &book).await?;
        let applications = service.own_applications(caller, seller).await?;
        let authorities = service.authorities().await?;
        let to = registered_with(&applications, &authorities, scheme).cloned();
        let sent = service.sent(caller, seller).await?.into_iter().find(|one| {
            one.period == period && authorities.iter().any(|to| to.id == one.authority && to.scheme == scheme)
        });
        let past = service.past(caller, seller).await?;
        let closed =
            past.closed(scheme).is_some_and(|closed| closed >= period) && !past.behind(scheme).contains(&period);
        Ok(Self { made, to, sent, closed })
    }
}

/// The page.
pub(super) async fn show(asked: Asked, headers: HeaderMap) -> Answer {
    let visitor = Visitor::of(&asked, &headers).await?;
    let (scheme, period) = named(&asked).ok_or_else(nothing)?;
    let drafted = Drafted::of(&asked, &visitor, &scheme, period).await.map_err(|error| no(&asked.desk, &error))?;
    Ok(page(&asked, &visitor, &drafted, StatusCode::OK, html! {}))
}

/// The page, with what is wrong above it.
pub(super) fn page(asked: &Asked, visitor: &Visitor, drafted: &Drafted, code: StatusCode, wrong: Markup) -> Response {
    let lang = asked.lang;
    let made = &drafted.made;
    let today = asked.desk.today();
    let book = asked.desk.book();
    let money = Money::of(&book, lang, &made.currency);
    // What the rules leave open is the same for every return: it stands at the end, folded.
    let unknown = visitor.house.service.definitions().get(&made.scheme).map_or(&[][..], |rules| &rules.unknown);
    let is_general = |says: &str| unknown.iter().any(|one| says.contains(&one.what));
    let warnings: Vec<&String> = made.warnings.iter().filter(|says| !is_general(says)).collect();
    let scheme_name = lang.name(&made.name).unwrap_or_else(|| made.name.clone());
    let title = say!(lang, COLLECT_DRAFT_TITLE, name = scheme_name, period = words::period(lang, made.period));
    let body = html! {
        (own_head(asked, visitor, &title))
        (wrong)
        section.card.answer.stack {
            (owed(asked, &money, made))
            dl.facts {
                dt { (say!(lang, COLLECT_NUMBER)) }
                dd { @match &made.number { Some(number) => code { (number) }, None => span.unknown { (say!(lang, COLLECT_NO_NUMBER)) } } }
                dt { (say!(lang, COLLECT_SEND_BY)) }
                dd {
                    (day(lang, made.due)) " "
                    @match &drafted.sent {
                        _ if made.period.last() >= today => (words::marked("", "–", &say!(lang, COLLECT_RUNNING))),
                        Some(sent) => (words::marked("high", "✓", &say!(lang, COLLECT_IS_SENT, day = sent.at.get(..10).and_then(|text| text.parse().ok()).map_or_else(String::new, |at| day(lang, at))))),
                        None if drafted.closed => (words::marked("high", "✓", &say!(lang, COLLECT_IS_CLOSED))),
                        None => (pressing(lang, made.due, today)),
                    }
                }
                dt { (say!(lang, COLLECT_PAY_BY)) } dd { (day(lang, made.pay_by)) }
            }
            (doing(asked, visitor, drafted))
        }
        @for missing in &made.missing { (rate::form(asked, visitor, made, missing)) }
        @if !warnings.is_empty() {
            section.note.care.stack {
                h2 { (say!(lang, COLLECT_WARNINGS)) }
                ul { @for one in warnings { li { (lang.foreign(one)) } } }
            }
        }
        (figures(asked, &money, made))
        (rates(asked, made))
        @if !unknown.is_empty() {
            details.more {
                summary { (say!(lang, COLLECT_UNKNOWN_RULES, count = unknown.len())) }
                ul { @for one in unknown { li { (lang.foreign(&one.what)) " " span.quiet { (say!(lang, COLLECT_SCHEME_SETTLES)) " " (lang.foreign(&one.settles)) } } } }
            }
        }
        @if made.confidence == Confidence::Low {
            p.quiet { (say!(lang, COLLECT_UNVERIFIED)) " " a href={ (asked.to("/collect/scheme/")) (made.scheme) } { (say!(lang, COLLECT_SCHEME_MORE)) } }
        }
        (files(asked, visitor, made))
    };
    super::visitor::private(asked, code, &title, body)
}

fn owed(asked: &Asked, money: &Money, made: &Return) -> Markup {
    let lang = asked.lang;
    html! {
        @match made.owed {
            None => p.due { span.unknown { (say!(lang, COLLECT_OWED_UNKNOWN)) } },
            Some(owed) if owed.is_negative() => {
                p.quiet { (say!(lang, COLLECT_COMES_BACK)) }
                p.due.figure { (money.text(Decimal::from_units(-owed.units()))) }
            }
            Some(owed) => {
                p.quiet { (say!(lang, COLLECT_TO_PAY)) }
                p.due.figure { (money.text(owed)) }
            }
        }
        @if !made.back.is_zero() { p { (say!(lang, COLLECT_BACK_BESIDE, sum = money.text(made.back))) } }
        @if made.nil { p { (say!(lang, COLLECT_NIL)) } }
    }
}

/// What can be done with it now.
fn doing(asked: &Asked, visitor: &Visitor, drafted: &Drafted) -> Markup {
    let lang = asked.lang;
    let made = &drafted.made;
    let address = words::in_address(&made.scheme, made.period);
    html! {
        @if drafted.closed {
            div.row {
                @if let Some(sent) = &drafted.sent { a.button href={ (asked.to("/collect/receipt")) "?" (super::send::address(&sent.authority, sent.period, sent.n)) } { (say!(lang, COLLECT_RECEIPT)) } }
                a.button.second href={ (asked.to("/collect/pay")) "?" (address) } { (say!(lang, COLLECT_PAY)) }
            }
        } @else if made.period.last() >= asked.desk.today() {
            p { (say!(lang, COLLECT_NOT_OVER, day = day(lang, made.period.last()))) }
        } @else if made.owed.is_none() {
            p { (say!(lang, COLLECT_RATES_FIRST)) }
        } @else if visitor.may(Operation::SendReturn) {
            div.row { a.button href={ (asked.to("/collect/return/send")) "?" (address) } { @if drafted.to.is_some() { (say!(lang, COLLECT_SEND_ON)) } @else { (say!(lang, COLLECT_FILED_ON)) } } }
        } @else {
            p.quiet { (say!(lang, COLLECT_MAY_NOT)) }
        }
    }
}

/// The sums that a figure is made of, and the way to the sales.
fn sums(asked: &Asked, made: &Return, parts: &[Converted], lines: u64, to: Option<&str>) -> Markup {
    let lang = asked.lang;
    let book = asked.desk.book();
    let own = Money::of(&book, lang, &made.currency);
    html! {
        details.sums {
            summary { (say!(lang, COLLECT_MADE_OF, count = lines)) }
            ul {
                @for one in parts {
                    @let money = Money::of(&book, lang, &one.currency);
                    li {
                        (say!(lang, COLLECT_SUM, net = money.text(one.net), tax = money.text(one.tax)))
                        @if one.currency != made.currency {
                            @match one.converted {
                                Some([net, tax]) => { " " (say!(lang, COLLECT_SUM_AT, day = day(lang, one.day), net = own.text(net), tax = own.text(tax))) }
                                None => { " " span.unknown { (say!(lang, COLLECT_SUM_UNKNOWN, day = day(lang, one.day))) } }
                            }
                        }
                    }
                }
            }
            (link(asked, made, to))
        }
    }
}

fn link(asked: &Asked, made: &Return, to: Option<&str>) -> Markup {
    let place = to.map_or_else(String::new, |to| format!("&to={to}"));
    html! { p { a href={ (asked.to("/collect/return/lines")) "?" (words::in_address(&made.scheme, made.period)) (place) } { (say!(asked.lang, COLLECT_BEHIND)) } } }
}

fn figures(asked: &Asked, money: &Money, made: &Return) -> Markup {
    let lang = asked.lang;
    let book = asked.desk.book();
    html! {
        @if !made.rows.is_empty() {
            section.stack {
                h2 #rows { (say!(lang, COLLECT_ROWS)) } p.quiet { (say!(lang, COLLECT_ALL_IN, currency = made.currency.as_str())) }
                table.ledger aria-labelledby="rows" {
                    thead { tr { th scope="col" { (say!(lang, COLLECT_TO)) } th scope="col" { (say!(lang, COLLECT_RATE)) } th.n scope="col" { (say!(lang, COLLECT_NET)) } th.n scope="col" { (say!(lang, COLLECT_TAX)) } th scope="col" { (say!(lang, COLLECT_FROM_WHAT)) } } }
                    tbody {
                        @for row in &made.rows {
                            tr {
                                th scope="row" {
                                    (words::place(lang, &book, row.key.member_state.as_deref()))
                                    @if let Some(from) = &row.key.dispatched_from { " ← " (words::place(lang, &book, Some(from))) }
                                }
                                td data-label=(say!(lang, COLLECT_RATE)) { span { (words::rate(lang, row.key.rate)) @if let Some(kind) = row.key.rate_type { " " span.quiet.small { (lang.word("collect-rate", kind.word())) } } } }
                                td.n data-label=(say!(lang, COLLECT_NET)) { (words::amount(lang, money, row.net)) }
                                td.n data-label=(say!(lang, COLLECT_TAX)) { (words::amount(lang, money, row.tax)) }
                                td { (sums(asked, made, &row.of, row.lines, row.key.member_state.as_deref())) }
                            }
                        }
                    }
                }
            }
        }
        @if !made.boxes.is_empty() {
            section.stack {
                h2 #boxes { (say!(lang, COLLECT_BOXES)) } p.quiet { (say!(lang, COLLECT_ALL_IN, currency = made.currency.as_str())) }
                table.ledger aria-labelledby="boxes" {
                    thead { tr { th scope="col" { (say!(lang, COLLECT_BOX)) } th scope="col" { (say!(lang, COLLECT_BOX_NAME)) } th.n scope="col" { (say!(lang, COLLECT_AMOUNT)) } } }
                    tbody { @for one in &made.boxes { tr { th scope="row" { (one.key) } td { (lang.foreign(&one.name)) } td.n data-label=(say!(lang, COLLECT_AMOUNT)) { (words::amount(lang, money, one.value)) } } } }
                }
                (link(asked, made, None))
            }
        }
        @if !made.corrections.is_empty() {
            section.stack {
                h2 #past { (say!(lang, COLLECT_PAST)) }
                table.ledger aria-labelledby="past" {
                    thead { tr { th scope="col" { (say!(lang, COLLECT_PERIOD)) } th scope="col" { (say!(lang, COLLECT_TO)) } th.n scope="col" { (say!(lang, COLLECT_TAX)) } th scope="col" { (say!(lang, COLLECT_FROM_WHAT)) } } }
                    tbody {
                        @for one in &made.corrections {
                            tr {
                                th scope="row" { (words::period(lang, one.period)) }
                                td data-label=(say!(lang, COLLECT_TO)) { (words::place(lang, &book, Some(&one.member_state))) }
                                td.n data-label=(say!(lang, COLLECT_TAX)) { (words::amount(lang, money, one.tax)) }
                                td { (sums(asked, made, &one.of, one.lines, Some(&one.member_state))) }
                            }
                        }
                    }
                }
            }
        }
        @if !made.states.is_empty() {
            section.stack {
                h2 #states { (say!(lang, COLLECT_STATES)) }
                table.ledger aria-labelledby="states" {
                    thead { tr { th scope="col" { (say!(lang, COLLECT_TO)) } th.n scope="col" { (say!(lang, COLLECT_AMOUNT)) } } }
                    tbody { @for one in &made.states { tr { th scope="row" { (words::place(lang, &book, Some(&one.member_state))) } td.n data-label=(say!(lang, COLLECT_AMOUNT)) { (money.number(one.balance)) } } } }
                }
            }
        }
    }
}

fn rates(asked: &Asked, made: &Return) -> Markup {
    let lang = asked.lang;
    html! {
        @if !made.rates.is_empty() {
            section.stack {
                h2 { (say!(lang, COLLECT_RATES)) }
                ul {
                    @for one in &made.rates {
                        @let over = crate::locale::decimal(lang, one.over);
                        @let times = crate::locale::decimal(lang, one.times);
                        li {
                            span.figure { (over) " " (one.from) " = " (times) " " (one.to) } ", "
                            (lang.foreign(&one.publisher)) ", " (day(lang, one.day))
                            @if one.day != one.wanted { " " span.quiet.small { (say!(lang, COLLECT_RATE_WANTED, day = day(lang, one.wanted))) } }
                        }
                    }
                }
            }
        }
    }
}

fn files(asked: &Asked, visitor: &Visitor, made: &Return) -> Markup {
    let lang = asked.lang;
    let address = words::in_address(&made.scheme, made.period);
    let rules = visitor.house.service.definitions().get(&made.scheme);
    let shape = rules.and_then(|rules| Shape::of(rules).ok()).filter(|shape| shape.is_for(made));
    let file = |kind: &str| format!("{}?{address}&as={kind}", asked.to("/collect/return/file"));
    html! {
        @if visitor.may(Operation::ExportLedger) {
            section.stack {
                h2 { (say!(lang, COLLECT_FILES)) }
                p.quiet { (say!(lang, COLLECT_FILES_SAYS)) }
                ul.choices {
                    li { a href=(file("csv")) { (say!(lang, COLLECT_FILE_CSV)) } }
                    li { a href=(file("json")) { "JSON" } }
                    @if let Some(shape) = shape { li { a href=(file("shape")) { (shape) } } }
                }
            }
        }
        p.quiet.small { a href={ (asked.to("/collect/scheme/")) (made.scheme) } { (name(asked, &made.scheme)) } }
    }
}
