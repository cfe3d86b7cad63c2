//! What is sent to a door as JSON: its kind, its form, and in which field it is wrong.

use super::fields::{JSON, wrong};
use crate::problem::{Problem, Wrong};
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

/// A body of JSON with its headers.
///
/// # Errors
/// A [`Problem`]: of another media type, no JSON at all, or wrong in a field, which is named.
pub(super) fn json<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Problem> {
    is_of(headers, &[JSON])?;
    document(body)
}

/// The media type of a body, one of those that a door takes.
///
/// # Errors
/// A [`Problem`] that names them.
pub(super) fn is_of(headers: &HeaderMap, takes: &[&'static str]) -> Result<&'static str, Problem> {
    let refused = |detail: String| {
        Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            "The body is of a kind that is not read",
            detail,
        ))
    };
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let coding = text(header::CONTENT_ENCODING);
    if !coding.is_empty() && !coding.eq_ignore_ascii_case("identity") {
        return refused("Send the body as it is, without Content-Encoding.".to_owned());
    }
    let full = text(header::CONTENT_TYPE);
    let mut parts = full.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let other_letters = parts.any(|part| {
        let part = part.to_ascii_lowercase();
        part.strip_prefix("charset=").is_some_and(|set| !matches!(set.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"))
    });
    match takes.iter().find(|one| **one == kind) {
        Some(one) if !other_letters => Ok(one),
        Some(_) => refused("Write the body in UTF-8.".to_owned()),
        None => refused(format!("Send the body with Content-Type: {}.", takes.join(" or "))),
    }
}

/// Reads a document.
///
/// # Errors
/// 400 for what is no JSON, with the line and column; 422 for JSON that is not the document, with the field.
pub(crate) fn document<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader);
    let read: T = read.map_err(|error| {
        let field = named(&error.path().to_string());
        let error = error.into_inner();
        if error.is_data() { data(field, &error) } else { syntax(body, &error) }
    })?;
    reader.end().map_err(|error| syntax(body, &error))?;
    Ok(read)
}

/// Reads a document out of a value that was read already; `within` stands before the names of its fields.
pub(super) fn part<T: DeserializeOwned>(value: serde_json::Value, within: &str) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let field = named(&error.path().to_string());
        data(if field.is_empty() { within.to_owned() } else { format!("{within}.{field}") }, error.inner())
    })
}

/// The root of a document has no name.
fn named(path: &str) -> String {
    if path == "." { String::new() } else { path.to_owned() }
}

fn data(field: String, error: &serde_json::Error) -> Problem {
    // The place in the text says less than the name of the field.
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(before, _)| before);
    let said = plain(said);
    let said: String = said.chars().filter(|c| !c.is_control()).take(400).collect();
    Problem::fields(vec![Wrong { message: said.into(), ..wrong(&field, "", "") }])
}

/// The names that Rust has for whole numbers, in words.
fn plain(said: &str) -> String {
    for (name, words) in [
        ("expected u8", "expected a whole number from 0 to 255"),
        ("expected u32", "expected a whole number from 0"),
        ("expected u64", "expected a whole number from 0"),
        ("expected usize", "expected a whole number from 0"),
        ("expected i64", "expected a whole number"),
    ] {
        if let Some(before) = said.strip_suffix(name) {
            return format!("{before}{words}");
        }
    }
    said.to_owned()
}

fn syntax(body: &[u8], error: &serde_json::Error) -> Problem {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Problem::request(
            "The body is empty; send one JSON document. /v1/openapi.json says which, with an example.",
        );
    }
    let said: String = error.to_string().chars().filter(|c| !c.is_control()).take(400).collect();
    Problem::request(format!("The body is no JSON: {said}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidewaiter::Consignment;

    fn kind(content_type: &str) -> Result<&'static str, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        is_of(&headers, &[JSON]).map_err(|problem| problem.status)
    }

    #[test]
    fn the_body_is_of_the_right_kind() {
        assert_eq!(kind("application/json"), Ok(JSON));
        assert_eq!(kind("Application/JSON; charset=UTF-8"), Ok(JSON));
        assert_eq!(kind("text/plain"), Err(415));
        assert_eq!(kind("application/json; charset=utf-16"), Err(415));
        assert_eq!(is_of(&HeaderMap::new(), &[JSON]).map_err(|p| p.status), Err(415));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let of = |text: &str| {
            let problem = document::<Consignment>(text.as_bytes()).unwrap_err();
            let field = problem.errors.first().map(|wrong| wrong.field.clone());
            (problem.status, field)
        };
        assert_eq!(of("{"), (400, None));
        assert_eq!(of(""), (400, None));
        assert_eq!(of("{} {}").0, 422, "the first document is wrong already");
        let item = r#"{"to":"FR","currency":"EUR","items":[{"price":"x"}]}"#;
        assert_eq!(of(item), (422, Some("items[0].price".to_owned())));
        let deep = format!(r#"{{"to":"FR","currency":"EUR","items":{}"#, "[".repeat(100_000));
        assert!(of(&deep).0 < 500, "however deep it is");
    }
}
