//! Forms that ask the API. Without script a form of a `GET` door opens its JSON; with script the answer shows in place, with its status,
//! headers and time.

use super::super::Request;
use super::openapi::{Content, Operation, Parameter, choices};
use super::{code, reference};
use crate::form::{self, Fields, address};
use crate::problem::{Problem, Wrong, message};
use crate::say;
use axum::response::Redirect;
use maud::{Markup, html};
use std::fmt::Write as _;

/// The field in which a form says which door it is for.
const DOOR: &str = "door";

/// The door that takes letters about mistakes.
const LETTERS: &str = "/v1/corrections";

/// The form of a door.
pub(super) fn form(request: &Request, operation: &Operation<'_>, host: &str) -> Markup {
    match (operation.method, &operation.body) {
        ("get", _) => reading(request, operation),
        // It would only ever refuse.
        ("post", Some(_)) if operation.path == LETTERS && request.desk.store().is_none() => {
            html! { p.small.quiet { (request.lang.said(&(&message::LETTER_NOT_KEPT).into())) } }
        }
        ("post", Some(body)) => sending(request, operation, body, host),
        _ => html! {},
    }
}

fn reading(request: &Request, operation: &Operation<'_>) -> Markup {
    let lang = request.lang;
    let id = reference::anchor(operation);
    html! {
        details {
            summary { (say!(lang, SHOPS_TRY)) }
            form method="get" action=(request.to("/shops/api/open")) data-console=(operation.path) {
                input type="hidden" name=(DOOR) value=(operation.path);
                div.fields {
                    @for parameter in operation.parameters.iter().filter(|p| p.place != "header") {
                        (field(request, parameter, &format!("{id}-{}", parameter.name)))
                    }
                }
                p { button type="submit" { (say!(lang, SHOPS_TRY_ASK)) } }
                (output(request))
            }
        }
    }
}

fn field(request: &Request, parameter: &Parameter<'_>, id: &str) -> Markup {
    let choices = choices(parameter.schema);
    html! {
        div.field.w4 {
            label for=(id) { code { (parameter.name) } @if parameter.required { " *" } }
            @if choices.is_empty() {
                input id=(id) name=(parameter.name) value=(parameter.example) required[parameter.required] maxlength="400"
                    autocomplete="off" data-place=(parameter.place);
            } @else {
                select id=(id) name=(parameter.name) required[parameter.required] data-place=(parameter.place) {
                    @if !parameter.required { option value="" { (say!(request.lang, SHOPS_TRY_NOTHING)) } }
                    @for choice in &choices { option value=(choice) selected[*choice == parameter.example] { (choice) } }
                }
            }
        }
    }
}

/// A document can only be sent with script; without it the page shows how a program sends it.
fn sending(request: &Request, operation: &Operation<'_>, body: &Content<'_>, host: &str) -> Markup {
    let lang = request.lang;
    let id = format!("{}-body", reference::anchor(operation));
    let example = body.example.as_deref().unwrap_or("{}");
    let curl = format!(
        "curl -sS {host}{} \\\n  -H 'content-type: {}' \\\n  --data-binary '{}'",
        operation.path,
        body.kind,
        example.replace('\'', "'\\''")
    );
    html! {
        details {
            summary { (say!(lang, SHOPS_TRY)) }
            div.stack {
                (code(request, &say!(lang, SHOPS_TRY_CURL), &curl))
                form data-console=(operation.path) data-kind=(body.kind) hidden {
                    div.field {
                        label for=(id) { (say!(lang, SHOPS_API_BODY)) }
                        textarea id=(id) name="body" rows="12" spellcheck="false" { (example) }
                    }
                    p { button type="submit" { (say!(lang, SHOPS_TRY_ASK)) } }
                    (output(request))
                }
            }
        }
    }
}

/// Where the script shows an answer, with the words it needs.
fn output(request: &Request) -> Markup {
    let lang = request.lang;
    html! {
        div.console-answer role="status" hidden
            data-wait=(say!(lang, SHOPS_TRY_WAIT)) data-failed=(say!(lang, SHOPS_TRY_FAILED))
            data-headers=(say!(lang, SHOPS_TRY_HEADERS)) data-time=(say!(lang, SHOPS_TRY_TIME, time = "{ms}", size = "{bytes}"))
            data-body=(say!(lang, SHOPS_TRY_BODY)) data-cut=(say!(lang, SHOPS_TRY_CUT)) {}
    }
}

/// Leads from a form without script to the address that it asks for: empty fields are left out, and those of the path put into it.
pub(super) async fn open(request: Request) -> Result<Redirect, Problem> {
    let fields = form::pairs(&request.query);
    let operations = reference::document().operations();
    let wanted = fields.iter().find(|(name, _)| name == DOOR).map_or("", |(_, value)| value);
    let operation = operations.iter().find(|o| o.method == "get" && o.path == wanted);
    let operation = operation.ok_or_else(|| Problem::not_found(&message::DOOR_NOT_OF_API))?;
    Ok(Redirect::to(&filled(operation, &fields)?))
}

fn filled(operation: &Operation<'_>, fields: &Fields) -> Result<String, Problem> {
    let mut path = operation.path.to_owned();
    let mut query = Fields::new();
    for parameter in &operation.parameters {
        let values = fields.iter().filter(|(name, value)| name == parameter.name && !value.trim().is_empty());
        if parameter.place == "path" {
            let Some((_, value)) = values.into_iter().next() else {
                let message = (&message::FORM_IN_ADDRESS).into();
                return Err(Problem::fields(vec![Wrong {
                    field: parameter.name.into(),
                    value: String::new(),
                    message,
                }]));
            };
            path = path.replace(&format!("{{{}}}", parameter.name), &encoded(value.trim()));
        } else if parameter.place == "query" {
            query.extend(values.cloned());
        }
    }
    let query = address(&query);
    Ok(if query.is_empty() { path } else { format!("{path}?{query}") })
}

/// A value as one piece of a path (RFC 3986, section 2.3).
fn encoded(value: &str) -> String {
    value.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::super::openapi::Document;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_form_becomes_the_address_it_asks_for() {
        let value = json!({ "paths": { "/v1/economies/{code}": { "get": { "parameters": [
            { "name": "code", "in": "path", "required": true }, { "name": "day", "in": "query" } ] } } } });
        let operations = Document(&value).operations();
        let of = |query: &str| filled(&operations[0], &form::pairs(query)).map_err(|p| p.status);
        assert_eq!(of("code=F/R&day="), Ok("/v1/economies/F%2FR".to_owned()));
        assert_eq!(of("code=FR&day=2026-11-22&other=1"), Ok("/v1/economies/FR?day=2026-11-22".to_owned()));
        assert_eq!(of("day=2026-11-22"), Err(422));
    }
}
