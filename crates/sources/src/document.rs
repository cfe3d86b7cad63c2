//! Whole JSON documents, of a stated size at most.
//!
//! Some official files are one JSON object that must be read before its first record is known. They are read up to
//! [`LIMIT`] bytes, unpacked; `serde_json` refuses nesting deeper than 128. A column of JSON text is a field of
//! [`serde_json::Value`], so that one wrong record is refused alone.

use crate::{Account, ImportError, Source};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::io::Read;

/// Most bytes of a JSON document, unpacked.
pub const LIMIT: u64 = 32 << 20;

/// Reads the whole of a file as one JSON document.
///
/// # Errors
/// Where it cannot be read, is longer than [`LIMIT`] or is not JSON.
pub fn read(source: &mut Source) -> Result<Value, ImportError> {
    let mut bytes = Vec::new();
    let mut part = vec![0u8; 1 << 16];
    loop {
        source.next_record();
        match source.read(&mut part) {
            Ok(0) => break,
            Ok(n) => bytes.extend_from_slice(&part[..n]),
            Err(error) => return Err(source.explain(error)),
        }
        if bytes.len() as u64 > LIMIT {
            return Err(ImportError::TooLarge {
                file: source.name().to_owned(),
                what: "the document's size in bytes, unpacked,",
                limit: LIMIT,
                hint: "check that it is the file you meant",
            });
        }
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    serde_json::from_slice(text).map_err(|error| ImportError::NotThisFormat {
        file: source.name().to_owned(),
        reason: format!("not a JSON document: {error}"),
    })
}

/// The fields of a document that must be an object.
///
/// # Errors
/// Where it is something else.
pub fn object(name: &str, value: Value) -> Result<Map<String, Value>, ImportError> {
    match value {
        Value::Object(map) => Ok(map),
        other => Err(ImportError::NotThisFormat {
            file: name.to_owned(),
            reason: format!("expected a JSON object, found {}", kind(&other)),
        }),
    }
}

/// Reads one record of a document; one that is not of the type is refused.
pub fn record<T: DeserializeOwned>(value: Value, file: &str, row: u64, what: &str, account: &mut Account) -> Option<T> {
    let shown = Shown(&value).to_string();
    match serde_json::from_value(value) {
        Ok(record) => Some(record),
        Err(error) => {
            account.refuse(file, row, what, &shown, error.to_string());
            None
        }
    }
}

/// What a JSON value is, in words.
pub const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value as text for an official field: text as it stands, anything else as JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The first hundred characters of a value, without writing out all of it.
struct Shown<'a>(&'a Value);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Value::Object(map) => {
                for (key, value) in map.iter().take(3) {
                    match value {
                        Value::Array(_) | Value::Object(_) => write!(f, "{key}: … ")?,
                        other => write!(f, "{key}: {other} ")?,
                    }
                }
                Ok(())
            }
            Value::Array(list) => write!(f, "a list of {}", list.len()),
            other => write!(f, "{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn open(bytes: &[u8]) -> Source {
        Source::new("a.json", std::io::Cursor::new(bytes.to_vec()), Limits::default()).unwrap()
    }

    #[test]
    fn garbage_deep_and_truncated_documents_are_errors() {
        assert!(read(&mut open(b"\xff\xfe")).is_err());
        assert!(read(&mut open(b"{\"a\": [1, 2")).is_err());
        assert!(read(&mut open("[".repeat(100_000).as_bytes())).is_err());
        assert!(object("a", read(&mut open(b"[]")).unwrap()).is_err());
    }

    #[test]
    fn a_document_has_a_limit() {
        let mut long = b"\"".to_vec();
        long.resize(usize::try_from(LIMIT).unwrap() + 2, b'a');
        let said = read(&mut open(&long)).unwrap_err().to_string();
        assert!(said.contains("33554432"), "{said}");
    }

    #[test]
    fn a_byte_order_mark_is_no_error() {
        assert_eq!(read(&mut open(b"\xef\xbb\xbf{}")).unwrap(), Value::Object(Map::new()));
    }
}
