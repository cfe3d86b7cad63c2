//! From nothing to a quote in a minute: the question, its answer field by field, and what a checkout does with it.

use super::super::layout::{Door, Head, page};
use super::super::{Page, Request};
use super::examples::{self, BATCH, CACHED, EXAMPLES};
use super::{code, host, tabs};
use crate::desk::{Book, Settings};
use crate::locale::{Lang, decimal};
use crate::problem::Problem;
use crate::say;
use axum::http::HeaderMap;
use maud::{Markup, html};
use serde_json::Value;
use std::time::Duration;
use tidewaiter::{Ask, Consignment, Decimal};

/// A question with two mistakes, to show how they are told.
const WRONG: &str =
    r#"{ "to": "FR", "currency": "EUR", "items": [{ "code": "61x", "price": "12.50", "quantity": 0 }] }"#;

pub(super) async fn show(request: Request, headers: HeaderMap) -> Page {
    let lang = request.lang;
    let book = request.desk.book();
    let ask = Ask { steps: false, today: Some(request.desk.today()) };
    let answer = serde_json::from_str::<Consignment>(examples::question()).ok();
    let answer = answer.and_then(|asked| book.answer(&asked, &ask).ok());
    let answer = answer.and_then(|quote| serde_json::to_value(quote).ok()).unwrap_or_default();
    let host = host(&request.desk, &headers);
    let title = say!(lang, SHOPS_TITLE);
    let about = say!(lang, SHOPS_LEDE);
    let body = html! {
        div.stack { h1 { (title) } p.lede { (about) } (tabs(&request)) }
        section.stack aria-labelledby="ask" {
            h2 #ask { (say!(lang, SHOPS_ASK)) }
            p { (say!(lang, SHOPS_ASK_ABOUT)) }
            @for (at, example) in EXAMPLES.iter().enumerate() {
                details name="language" open[at == 0] {
                    summary { (example.name) }
                    div data-example=(example.key) { (code(&request, example.name, &example.at(&host))) }
                }
            }
            p.hint { (say!(lang, SHOPS_ASK_STRINGS)) " " a href=(request.to("/code")) { (say!(lang, SHOPS_ASK_CODE)) } }
        }
        (fields(&request, &answer))
        (stored(lang))
        (policies(lang))
        (errors(&request, &book))
        (limits(lang, &request.desk.settings, !request.desk.keys.is_empty()))
        section.stack aria-labelledby="cache" {
            h2 #cache { (say!(lang, SHOPS_CACHE)) }
            p { (say!(lang, SHOPS_CACHE_ABOUT)) }
            (code(&request, &say!(lang, SHOPS_CACHE), &examples::at(CACHED, &host)))
        }
        section.stack aria-labelledby="batch" {
            h2 #batch { (say!(lang, SHOPS_BATCH)) }
            p { (say!(lang, SHOPS_BATCH_ABOUT)) }
            (code(&request, &say!(lang, SHOPS_BATCH), &examples::at(BATCH, &host)))
        }
    };
    page(&request, &Head { door: Door::Shops, title: &title, about: &about }, body)
}

/// The fields of an answer that a shop needs, with what they are in the answer to the example.
fn fields(request: &Request, answer: &Value) -> Markup {
    let lang = request.lang;
    let rows = [
        ("outcome", "/outcome", say!(lang, SHOPS_FIELD_OUTCOME)),
        ("total.least_asked, total.most_asked", "/total/least_asked", say!(lang, SHOPS_FIELD_TOTAL)),
        ("by_kind.duties", "/by_kind/duties/least_asked", say!(lang, SHOPS_FIELD_DUTIES)),
        ("by_kind.taxes", "/by_kind/taxes/least_asked", say!(lang, SHOPS_FIELD_TAXES)),
        ("by_kind.fees", "/by_kind/fees/least_asked", say!(lang, SHOPS_FIELD_FEES)),
        ("terms.checkout_ddp", "/terms/checkout_ddp/least_asked", say!(lang, SHOPS_FIELD_DDP)),
        ("terms.checkout_dap", "/terms/checkout_dap/least_asked", say!(lang, SHOPS_FIELD_DAP)),
        ("terms.on_delivery_dap", "/terms/on_delivery_dap/least_asked", say!(lang, SHOPS_FIELD_DELIVERY)),
        ("landed.least, landed.most", "/landed/least", say!(lang, SHOPS_FIELD_LANDED)),
        ("missing", "/missing", say!(lang, SHOPS_FIELD_MISSING)),
        ("messages, warnings", "/messages", say!(lang, SHOPS_FIELD_MESSAGES)),
        ("confidence", "/confidence", say!(lang, SHOPS_FIELD_CONFIDENCE)),
        ("editions", "/editions", say!(lang, SHOPS_FIELD_EDITIONS)),
        ("ratebook", "/ratebook", say!(lang, SHOPS_FIELD_RATEBOOK)),
    ];
    let pretty = serde_json::to_string_pretty(answer).unwrap_or_default();
    html! {
        section.stack aria-labelledby="answer" {
            h2 #answer { (say!(lang, SHOPS_ANSWER)) }
            p { (say!(lang, SHOPS_ANSWER_ABOUT)) }
            div.scroll tabindex="0" role="group" aria-labelledby="answer" {
                table.broad.ledger {
                    thead { tr {
                        th scope="col" { (say!(lang, SHOPS_COLUMN_FIELD)) }
                        th scope="col" { (say!(lang, SHOPS_COLUMN_HERE)) }
                        th scope="col" { (say!(lang, SHOPS_COLUMN_MEANS)) }
                    } }
                    tbody {
                        @for (name, pointer, means) in rows {
                            tr {
                                th scope="row" { code { (name) } }
                                td { (here(lang, answer.pointer(pointer))) }
                                td { (means) }
                            }
                        }
                    }
                }
            }
            p.hint { (say!(lang, SHOPS_ANSWER_CURRENCIES)) }
            details {
                summary { (say!(lang, SHOPS_ANSWER_WHOLE)) }
                (code(request, &say!(lang, SHOPS_ANSWER_WHOLE), &pretty))
            }
        }
    }
}

/// A field's value in short. A list that is absent is empty.
fn here(lang: Lang, value: Option<&Value>) -> Markup {
    match value {
        None => html! { span.quiet { (say!(lang, SHOPS_ABSENT)) } },
        Some(Value::Array(all)) => html! { (say!(lang, SHOPS_ENTRIES, count = all.len())) },
        Some(Value::String(text)) if text.len() > 20 => {
            html! { code { (text.chars().take(12).collect::<String>()) "…" } }
        }
        Some(value) => html! { code { (value) } },
    }
}

fn table(caption: &str, heads: [&str; 2], rows: &[(Markup, String)]) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label=(caption) {
            table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for (first, second) in rows { tr { th scope="row" { (first) } td { (second) } } } }
            }
        }
    }
}

/// What an order keeps, so that its amounts can be explained and computed again.
fn stored(lang: Lang) -> Markup {
    let rows = [
        (html! { code { "ratebook" } }, say!(lang, SHOPS_STORE_RATEBOOK)),
        (html! { code { "editions" } }, say!(lang, SHOPS_STORE_EDITIONS)),
        (html! { code { "date" } }, say!(lang, SHOPS_STORE_DATE)),
        (html! { code { "outcome, total, terms" } }, say!(lang, SHOPS_STORE_SUMS)),
        (html! { (say!(lang, SHOPS_STORE_QUESTION)) }, say!(lang, SHOPS_STORE_QUESTION_ABOUT)),
        (html! { (say!(lang, SHOPS_STORE_STATE)) }, say!(lang, SHOPS_STORE_STATE_ABOUT)),
    ];
    let title = say!(lang, SHOPS_STORE);
    html! {
        section.stack aria-labelledby="store" {
            h2 #store { (title) }
            p { (say!(lang, SHOPS_STORE_ABOUT)) }
            (table(&title, [&say!(lang, SHOPS_COLUMN_KEEP), &say!(lang, SHOPS_COLUMN_WHY)], &rows))
        }
    }
}

/// What a checkout does with each kind of answer, and with none.
fn policies(lang: Lang) -> Markup {
    let kind = |key: &str| html! { code { (key) } br; span.quiet.small { (lang.word("outcome", key)) } };
    let rows = [
        (kind("amount"), say!(lang, SHOPS_DO_AMOUNT)),
        (kind("range"), say!(lang, SHOPS_DO_RANGE)),
        (kind("unknown"), say!(lang, SHOPS_DO_UNKNOWN)),
        (kind("not-allowed"), say!(lang, SHOPS_DO_NOT_ALLOWED)),
        (kind("formal-entry"), say!(lang, SHOPS_DO_FORMAL_ENTRY)),
        (kind("prohibited"), say!(lang, SHOPS_DO_PROHIBITED)),
        (html! { (say!(lang, SHOPS_NO_ANSWER)) }, say!(lang, SHOPS_DO_NO_ANSWER)),
    ];
    let title = say!(lang, SHOPS_CHECKOUT);
    html! {
        section.stack aria-labelledby="checkout" {
            h2 #checkout { (title) }
            p { (say!(lang, SHOPS_CHECKOUT_ABOUT)) }
            (table(&title, [&say!(lang, SHOPS_COLUMN_OUTCOME), &say!(lang, SHOPS_COLUMN_DO)], &rows))
            p.note { (say!(lang, SHOPS_CHECKOUT_RULE)) }
        }
    }
}

fn errors(request: &Request, book: &Book) -> Markup {
    let lang = request.lang;
    let wrong = serde_json::from_str::<Consignment>(WRONG).ok();
    let wrong = wrong.and_then(|asked| book.answer(&asked, &Ask { steps: false, today: None }).err());
    let shown = wrong.map(|e| serde_json::to_string_pretty(&Problem::from(e)).unwrap_or_default()).unwrap_or_default();
    let status = |code: &str| html! { code { (code) } };
    let rows = [
        (status("400, 404, 405"), say!(lang, SHOPS_STATUS_REQUEST)),
        (status("413"), say!(lang, SHOPS_STATUS_LARGE)),
        (status("422"), say!(lang, SHOPS_STATUS_QUESTION)),
        (status("429"), say!(lang, SHOPS_STATUS_MANY)),
        (status("503, 504"), say!(lang, SHOPS_STATUS_BUSY)),
        (status("500"), say!(lang, SHOPS_STATUS_FAULT)),
    ];
    let title = say!(lang, SHOPS_ERRORS);
    html! {
        section.stack aria-labelledby="errors" {
            h2 #errors { (title) }
            p { (say!(lang, SHOPS_ERRORS_ABOUT)) }
            (table(&title, [&say!(lang, SHOPS_COLUMN_STATUS), &say!(lang, SHOPS_COLUMN_DO)], &rows))
            details {
                summary { (say!(lang, SHOPS_ERRORS_EXAMPLE)) }
                div.stack {
                    (code(request, &say!(lang, SHOPS_ERRORS_ASKED), WRONG))
                    (code(request, &say!(lang, SHOPS_ERRORS_EXAMPLE), &shown))
                }
            }
        }
    }
}

/// As the settings have it; keys only where there are any.
fn limits(lang: Lang, settings: &Settings, keys: bool) -> Markup {
    let whole = |number: u128| decimal(lang, Decimal::from_int(i64::try_from(number).unwrap_or(i64::MAX)));
    let a_second = Duration::from_secs(1).as_nanos() / settings.refill.as_nanos().max(1);
    let kib = |bytes: usize| whole(u128::try_from(bytes).unwrap_or_default() / 1024);
    let rows = [
        (say!(lang, SHOPS_LIMIT_BURST), whole(u128::from(settings.burst))),
        (say!(lang, SHOPS_LIMIT_RATE), whole(a_second)),
        (say!(lang, SHOPS_LIMIT_BODY), say!(lang, SHOPS_KIB, count = kib(settings.body_bytes))),
        (say!(lang, SHOPS_LIMIT_BATCH), say!(lang, SHOPS_KIB, count = kib(settings.batch_bytes))),
        (say!(lang, SHOPS_LIMIT_TIME), say!(lang, SHOPS_SECONDS, count = settings.time.as_secs())),
    ];
    let title = say!(lang, SHOPS_LIMITS);
    html! {
        section.stack aria-labelledby="limits" {
            h2 #limits { (title) }
            p { (say!(lang, SHOPS_LIMITS_ABOUT)) }
            table aria-labelledby="limits" {
                thead { tr {
                    th scope="col" { (say!(lang, SHOPS_COLUMN_LIMIT)) }
                    th.n scope="col" { (say!(lang, SHOPS_COLUMN_HERE)) }
                } }
                tbody { @for (what, limit) in &rows { tr { th scope="row" { (what) } td.n { (limit) } } } }
            }
            @if keys {
                p { (say!(lang, SHOPS_KEYS)) " " code { "authorization: Bearer KEY" } }
            } @else {
                p { (say!(lang, SHOPS_NO_KEYS)) }
            }
        }
    }
}
