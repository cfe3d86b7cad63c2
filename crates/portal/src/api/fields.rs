//! What stands behind the question mark of an address: which fields a door takes, and what each may hold.
//!
//! One table for each door is both what is checked and what the OpenAPI document says. A field that a door does not know is refused with
//! the one that was perhaps meant: what is ignored is an answer to another question.

use super::table::{Field, Kind};
use crate::desk::Desk;
use crate::problem::{Problem, Wrong};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use jiff::civil::Date;
use std::marker::PhantomData;
use tidewaiter::quote::said::Said;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Required, Schema};

/// Most fields of an address.
const MOST_FIELDS: usize = 400;
/// Longest value of a field, in bytes; texts say their own limit.
const MOST_BYTES: usize = 500;

/// What a door takes and gives.
pub(super) trait Door {
    /// Its fields, in tables.
    const FIELDS: &'static [&'static [Field]];
    /// Media types it can answer in.
    const GIVES: &'static [&'static str] = &[JSON];
}

/// Media type of JSON.
pub(super) const JSON: &str = "application/json";

/// The fields of a request to a door, all of them known and readable.
pub(super) struct Given<D> {
    /// Name and value of each, in their order.
    fields: Vec<(String, String)>,
    /// As it stood in the address.
    pub(super) raw: String,
    door: PhantomData<fn() -> D>,
}

impl<D: Door> Given<D> {
    /// The first value of a field that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// All values of a field that are not empty.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// A day.
    pub(super) fn day(&self, name: &str) -> Option<Date> {
        self.get(name).and_then(|day| day.parse().ok())
    }

    /// A code of a territory or currency, in capitals.
    pub(super) fn code(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_ascii_uppercase)
    }

    /// Yes or no; no where it is absent.
    pub(super) fn yes(&self, name: &str) -> bool {
        self.get(name).is_some_and(is_yes)
    }
}

impl<D: Door + 'static> FromRequestParts<Desk> for Given<D> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Desk) -> Result<Self, Problem> {
        fits(&parts.headers, D::GIVES)?;
        read(parts.uri.query().unwrap_or_default(), D::FIELDS).map(|(fields, raw)| Self {
            fields,
            raw,
            door: PhantomData,
        })
    }
}

impl<D: Door> utoipa::IntoParams for Given<D> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        D::FIELDS.iter().flat_map(|table| table.iter()).map(parameter).collect()
    }
}

/// What a yes is written as.
fn is_yes(value: &str) -> bool {
    matches!(value, "yes" | "true" | "1" | "on")
}

/// Whether the asker takes one of the media types that a door gives (RFC 9110, section 12.5.1). No header: anything.
fn fits(headers: &HeaderMap, gives: &[&str]) -> Result<(), Problem> {
    let mut asked = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).peekable();
    if asked.peek().is_none() {
        return Ok(());
    }
    let ranges: Vec<(String, bool)> = asked.flat_map(|v| v.split(',')).filter_map(range).collect();
    let takes = |kind: &str| {
        let family = kind.split('/').next().unwrap_or_default();
        // The closest range decides: "application/json;q=0, */*" wants anything else.
        let closest = [kind.to_owned(), format!("{family}/*"), "*/*".to_owned()];
        let said = closest.iter().find_map(|one| ranges.iter().find(|(range, _)| range == one));
        said.is_some_and(|(_, wanted)| *wanted)
    };
    if ranges.is_empty() || gives.iter().any(|kind| takes(kind)) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::NOT_ACCEPTABLE,
        "accept",
        "No such form of the answer",
        format!("This door answers in {}; ask for that with Accept, or leave Accept out.", gives.join(" or ")),
    ))
}

/// A range of media types, and whether it is wanted at all.
fn range(text: &str) -> Option<(String, bool)> {
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next().filter(|kind| !kind.is_empty())?.to_ascii_lowercase();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let nothing = |weight: &str| weight.starts_with('0') && weight.bytes().all(|b| b == b'0' || b == b'.');
    Some((kind, !weight.is_some_and(nothing)))
}

/// Reads an address by the tables of a door.
fn read(query: &str, tables: &[&[Field]]) -> Result<(Vec<(String, String)>, String), Problem> {
    let fields = crate::form::pairs(query);
    if fields.len() > MOST_FIELDS {
        let message = format!("are more than the {MOST_FIELDS} that an address may have; send the question as JSON");
        return Err(Problem::fields(vec![wrong("", &format!("{} fields", fields.len()), message)]));
    }
    let known = || tables.iter().flat_map(|table| table.iter());
    let mut errors = Vec::new();
    for (at, (name, value)) in fields.iter().enumerate() {
        let Some(field) = known().find(|field| field.name == name) else {
            errors.push(wrong(name, value, unknown(name, &known().map(|field| field.name).collect::<Vec<_>>())));
            continue;
        };
        if !field.many && fields[..at].iter().any(|(before, _)| before == name) {
            errors.push(wrong(name, value, "is given twice; this field has one value"));
        } else if value.len() > MOST_BYTES.max(field.kind.longest()) {
            errors.push(wrong(name, value, format!("is longer than {MOST_BYTES} bytes")));
        } else if let Err(message) = field.kind.check(value.trim()) {
            errors.push(wrong(name, value, message));
        }
    }
    for field in known().filter(|field| field.required) {
        if !fields.iter().any(|(name, value)| name == field.name && !value.trim().is_empty()) {
            errors.push(wrong(field.name, "", format!("is needed: {}", field.about)));
        }
    }
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    let fields = fields.into_iter().map(|(name, value)| (name, value.trim().to_owned())).collect();
    Ok((fields, query.to_owned()))
}

/// A wrong field; what was given is shown short and without signs that are no text.
pub(super) fn wrong(field: &str, value: &str, message: impl Into<Said>) -> Wrong {
    let short = |text: &str, most: usize| text.chars().filter(|c| !c.is_control()).take(most).collect::<String>();
    Wrong { field: short(field, 100), value: short(value, 60), message: message.into() }
}

fn unknown(name: &str, known: &[&str]) -> String {
    let name: String = name.chars().take(40).collect();
    let near = known.iter().map(|one| (slips(&name.to_ascii_lowercase(), one), one)).min();
    match near {
        None => "is no field of this door, which takes none".to_owned(),
        Some((slips, one)) if slips <= (one.chars().count() / 3).max(1) => {
            format!("is no field of this door; did you mean {one}?")
        }
        Some(_) if known.len() <= 12 => format!("is no field of this door, which takes {}", known.join(", ")),
        Some(_) => "is no field of this door; /v1/openapi.json lists those that it takes".to_owned(),
    }
}

/// How many slips make one name of another. The right letters in a wrong order are one: `form` for `from`.
pub(crate) fn slips(a: &str, b: &str) -> usize {
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let distance = distance(a, b);
    if letters(a) == letters(b) { distance.min(1) } else { distance }
}

/// How many letters must be put in, taken out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, one) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let next = (diagonal + usize::from(one != *other)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// A field as the OpenAPI document says it.
fn parameter(field: &Field) -> Parameter {
    let one = schema(&field.kind);
    let schema: RefOr<Schema> = if field.many {
        RefOr::T(Schema::Array(ArrayBuilder::new().items(one).max_items(Some(MOST_FIELDS)).build()))
    } else {
        one
    };
    let example =
        field.example.map(|text| if field.many { serde_json::json!([text]) } else { serde_json::json!(text) });
    ParameterBuilder::new()
        .name(field.name)
        .parameter_in(ParameterIn::Query)
        .description(Some(field.about))
        .required(if field.required { Required::True } else { Required::False })
        .schema(Some(schema))
        .example(example)
        .build()
}

fn schema(kind: &Kind) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let object = match kind {
        Kind::Text(most) => text.max_length(Some(*most)),
        Kind::Choice(values) => text.enum_values(Some(values.iter().copied())),
        Kind::Whole(least, most) => {
            ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(*least)).maximum(Some(*most))
        }
        other => text.pattern(other.pattern()),
    };
    RefOr::T(Schema::Object(object.build()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Field] = &[
        Field::new("to", "Where to", Kind::Territory).required(),
        Field::new("freight", "Transport", Kind::Amount),
        Field::new("goods", "What", Kind::Text(500)).many(),
        Field::new("date", "Day", Kind::Day),
    ];

    fn refused(query: &str) -> Vec<(String, String)> {
        let errors = read(query, &[TABLE]).map(|(fields, _)| fields).unwrap_err().errors;
        errors.into_iter().map(|wrong| (wrong.field, wrong.message.to_string())).collect()
    }

    #[test]
    fn an_unknown_field_is_refused_with_the_one_that_was_meant() {
        assert_eq!(refused("to=FR&frieght=1")[0].1, "is no field of this door; did you mean freight?");
        assert_eq!(refused("to=FR&colour=red")[0].1, "is no field of this door, which takes to, freight, goods, date");
        assert_eq!(unknown("x", &[]), "is no field of this door, which takes none");
    }

    #[test]
    fn every_wrong_field_is_named_once() {
        let wrong = refused("freight=1e3&freight=2&date=2026-02-30&goods=a&goods=b&date=");
        let names: Vec<&str> = wrong.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["freight", "freight", "date", "date", "to"]);
    }

    #[test]
    fn what_fits_is_told_by_the_closest_range() {
        let asks = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            fits(&headers, &[JSON]).is_ok()
        };
        for good in ["*/*", "application/*", "text/html, application/json;q=0.5", "application/json; charset=utf-8", ""]
        {
            assert!(asks(good), "{good}");
        }
        for bad in ["text/html", "application/json;q=0, */*", "application/json;q=0.000", "*/*;q=0"] {
            assert!(!asks(bad), "{bad}");
        }
        assert!(fits(&HeaderMap::new(), &[JSON]).is_ok());
    }
}
