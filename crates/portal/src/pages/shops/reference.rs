//! The API's description for people: groups, doors, parameters, shapes, and a form for each door that asks it.

use super::super::layout::{Door, Head, page};
use super::super::parts::not_applicable;
use super::super::{Page, Request};
use super::openapi::{Answer, Content, Document, Field, Operation, choices, shape};
use super::{code, console, host, tabs};
use crate::api::document;
use crate::locale::Lang;
use crate::say;
use axum::http::HeaderMap;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_slice(document::bytes()).unwrap_or_default());

/// The API's OpenAPI document.
pub(super) fn document() -> Document<'static> {
    Document(&DOCUMENT)
}

/// Which doors a page shows: those of sellers and authorities have one of their own, so that neither is long to load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Questions,
    Collect,
}

impl Part {
    const ALL: [Self; 2] = [Self::Questions, Self::Collect];

    fn of(operation: &Operation<'_>) -> Self {
        if operation.tag == "collect" { Self::Collect } else { Self::Questions }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Questions => "/shops/api",
            Self::Collect => "/shops/api/collect",
        }
    }

    fn title(self, lang: Lang) -> String {
        match self {
            Self::Questions => say!(lang, SHOPS_API_TITLE),
            Self::Collect => say!(lang, SHOPS_API_COLLECT_TITLE),
        }
    }
}

/// Doors that answer questions.
pub(super) async fn show(request: Request, headers: HeaderMap) -> Page {
    part(&request, &headers, Part::Questions)
}

/// Doors of sellers and authorities.
pub(super) async fn collect(request: Request, headers: HeaderMap) -> Page {
    part(&request, &headers, Part::Collect)
}

fn part(request: &Request, headers: &HeaderMap, part: Part) -> Page {
    let lang = request.lang;
    let document = document();
    let host = host(&request.desk, headers);
    let title = part.title(lang);
    let about = say!(lang, SHOPS_API_LEDE);
    let all = document.operations();
    let operations: Vec<&Operation<'_>> = all.iter().filter(|operation| Part::of(operation) == part).collect();
    let body = html! {
        div.stack {
            h1 { (title) }
            p.lede { (about) }
            (tabs(request))
            p { a href="/v1/openapi.json" { (say!(lang, SHOPS_API_DOCUMENT)) } " · " (say!(lang, SHOPS_API_VERSIONS)) }
            @for other in Part::ALL.into_iter().filter(|other| *other != part) {
                p { a href=(request.to(other.path())) { (other.title(lang)) } }
            }
            @if lang != Lang::FIRST { p.note { (say!(lang, SHOPS_FOREIGN)) } }
        }
        nav.card aria-label=(say!(lang, SHOPS_API_DOORS)) {
            ul.plain {
                @for operation in &operations {
                    li { a href={ "#" (anchor(operation)) } { (verb(operation)) } " " (prose(lang, operation.summary)) }
                }
            }
        }
        @for (group, says) in document.groups() {
            @let of: Vec<&Operation<'_>> = operations.iter().copied().filter(|o| o.tag == group).collect();
            @if !of.is_empty() {
                section.stack.wide {
                    h2.group { (if group.is_empty() { say!(lang, SHOPS_API_OTHER) } else { group.to_owned() }) }
                    @if !says.is_empty() { p { (prose(lang, says)) } }
                    @for operation in of { (door(request, operation, &host)) }
                }
            }
        }
        section.stack aria-labelledby="shapes" {
            h2 #shapes { (say!(lang, SHOPS_API_SHAPES)) }
            p { (say!(lang, SHOPS_API_SHAPES_ABOUT)) }
            @for (name, schema) in document.shapes(&operations) {
                details.shape id={ "shape-" (name) } {
                    summary { code { (name) } }
                    @let says = schema.get("description").and_then(Value::as_str).unwrap_or_default();
                    div.stack {
                        @if !says.is_empty() { p { (prose(lang, says)) } }
                        (fields(request, document, schema, name))
                    }
                }
            }
        }
    };
    page(request, &Head { door: Door::Shops, title: &title, about: &about }, body)
}

/// A name for links within the page: `get-v1-economies-code`.
pub(super) fn anchor(operation: &Operation<'_>) -> String {
    let words = operation.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(operation.method).chain(words).collect::<Vec<_>>().join("-")
}

fn verb(operation: &Operation<'_>) -> Markup {
    html! { code { span.verb { (operation.method.to_uppercase()) } " " (operation.path) } }
}

fn door(request: &Request, operation: &Operation<'_>, host: &str) -> Markup {
    let lang = request.lang;
    let id = anchor(operation);
    html! {
        article.card.stack aria-labelledby=(id) {
            h3 id=(id) { (verb(operation)) }
            @if !operation.summary.is_empty() { p { strong { (prose(lang, operation.summary)) } } }
            @if !operation.description.is_empty() {
                @for part in operation.description.split("\n\n") { p { (prose(lang, part)) } }
            }
            @if !operation.parameters.is_empty() {
                details open[operation.parameters.len() <= 6] {
                    summary { (say!(lang, SHOPS_API_PARAMETERS, count = operation.parameters.len())) }
                    (parameters(request, operation))
                }
            }
            @if let Some(body) = &operation.body {
                h4 { (say!(lang, SHOPS_API_BODY)) }
                p { code { (body.kind) } @if let Some(of) = named(body) { " · " (of) } }
            }
            h4 { (say!(lang, SHOPS_API_ANSWERS)) }
            (answers(request, operation))
            @if let Some(example) = operation.answers.iter().find(|a| a.status.starts_with('2')).and_then(example) {
                details {
                    summary { (say!(lang, SHOPS_API_EXAMPLE)) }
                    (code(request, &say!(lang, SHOPS_API_EXAMPLE), example))
                }
            }
            (console::form(request, operation, host))
        }
    }
}

fn example<'a>(answer: &'a Answer<'_>) -> Option<&'a str> {
    answer.content.as_ref()?.example.as_deref()
}

/// A link to the shape of a content.
fn named(content: &Content<'_>) -> Option<Markup> {
    let text = kind(content.schema);
    (!text.0.is_empty()).then_some(text)
}

fn parameters(request: &Request, operation: &Operation<'_>) -> Markup {
    let lang = request.lang;
    html! {
        div.scroll tabindex="0" role="group" aria-label=(say!(lang, SHOPS_API_PARAMETERS, count = operation.parameters.len())) {
            table.broad.ledger {
                thead { tr {
                    th scope="col" { (say!(lang, SHOPS_COLUMN_NAME)) }
                    th scope="col" { (say!(lang, SHOPS_COLUMN_TYPE)) }
                    th scope="col" { (say!(lang, SHOPS_COLUMN_MEANS)) }
                } }
                tbody {
                    @for parameter in &operation.parameters {
                        tr {
                            th scope="row" { code { (parameter.name) } (needed(request, parameter.required)) }
                            td { (kind(parameter.schema)) br; span.quiet.small { (lang.word("place", parameter.place)) } }
                            td { (prose(lang, parameter.description)) }
                        }
                    }
                }
            }
        }
    }
}

/// What a door gives; why it may refuse stands below, since most refusals are the same for all.
fn answers(request: &Request, operation: &Operation<'_>) -> Markup {
    let lang = request.lang;
    let (refusals, good): (Vec<&Answer<'_>>, Vec<&Answer<'_>>) =
        operation.answers.iter().partition(|a| a.status.starts_with(['4', '5']));
    html! {
        (statuses(request, &say!(lang, SHOPS_API_ANSWERS), &good))
        @if !refusals.is_empty() {
            details {
                summary { (say!(lang, SHOPS_API_REFUSALS)) }
                (statuses(request, &say!(lang, SHOPS_API_REFUSALS), &refusals))
            }
        }
    }
}

fn statuses(request: &Request, name: &str, answers: &[&Answer<'_>]) -> Markup {
    let lang = request.lang;
    html! {
        div.scroll tabindex="0" role="group" aria-label=(name) {
            table.broad.ledger {
                thead { tr {
                    th scope="col" { (say!(lang, SHOPS_COLUMN_STATUS)) }
                    th scope="col" { (say!(lang, SHOPS_COLUMN_MEANS)) }
                    th scope="col" { (say!(lang, SHOPS_COLUMN_TYPE)) }
                } }
                tbody {
                    @for answer in answers {
                        tr {
                            th scope="row" { code { (answer.status) } }
                            td { (prose(lang, answer.description)) }
                            td {
                                @if let Some(content) = &answer.content {
                                    @if let Some(of) = named(content) { (of) br; }
                                    span.quiet.small { (content.kind) }
                                } @else { (not_applicable(lang)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A text of the document, in which code stands between backticks.
fn prose(lang: Lang, text: &str) -> Markup {
    let pieces = text.split('`').enumerate();
    let inside = html! { @for (at, piece) in pieces { @if at % 2 == 1 { code { (piece) } } @else { (piece) } } };
    html! { @if lang == Lang::FIRST { (inside) } @else { span lang="en" dir="ltr" { (inside) } } }
}

fn fields(request: &Request, document: Document<'_>, schema: &Value, name: &str) -> Markup {
    let lang = request.lang;
    let fields = document.fields(schema);
    if fields.is_empty() {
        return html! { p { (kind(schema)) } };
    }
    html! {
        div.scroll tabindex="0" role="group" aria-label=(name) {
            table.broad.ledger {
                thead { tr {
                    th scope="col" { (say!(lang, SHOPS_COLUMN_FIELD)) }
                    th scope="col" { (say!(lang, SHOPS_COLUMN_TYPE)) }
                    th scope="col" { (say!(lang, SHOPS_COLUMN_MEANS)) }
                } }
                tbody { @for field in &fields { (row(request, field)) } }
            }
        }
    }
}

fn row(request: &Request, field: &Field<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { code { (field.name) } (needed(request, field.required)) }
            td { (kind(field.schema)) }
            td { (prose(request.lang, field.description)) }
        }
    }
}

fn needed(request: &Request, required: bool) -> Markup {
    html! { @if required { br; span.tag { (say!(request.lang, SHOPS_API_REQUIRED)) } } }
}

/// What a value is, in the words of JSON Schema, with links to shapes that have names.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = shape(schema) {
        return html! { a href={ "#shape-" (name) } { code { (name) } } };
    }
    let choices = choices(schema);
    if !choices.is_empty() {
        return html! { @for (at, choice) in choices.iter().enumerate() { @if at > 0 { ", " } code { (choice) } } };
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(all) = schema.get(key).and_then(Value::as_array) {
            let kinds: Vec<Markup> =
                all.iter().filter(|s| s.get("type") != Some(&Value::from("null"))).map(kind).collect();
            return html! { @for (at, kind) in kinds.iter().enumerate() { @if at > 0 { " / " } (kind) } };
        }
    }
    let word = match schema.get("type") {
        Some(Value::String(word)) => word.as_str(),
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).find(|w| *w != "null").unwrap_or_default(),
        _ => "",
    };
    let inner = match word {
        "array" => schema.get("items").map(kind),
        "object" => schema.get("additionalProperties").filter(|a| a.is_object()).map(kind),
        _ => None,
    };
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    match inner {
        Some(inner) => html! { (word) " [" (inner) "]" },
        None if word.is_empty() => PreEscaped(String::new()),
        None => html! { (word) @if !format.is_empty() { " (" (format) ")" } },
    }
}
