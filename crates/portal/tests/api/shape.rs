//! Holding a value against a JSON Schema: the words that our schemas use, and a panic at any other, so that none is passed over.

use serde_json::{Map, Value};

/// Words that say nothing of the value.
const SILENT: [&str; 9] =
    ["description", "title", "$schema", "$defs", "components", "default", "format", "contentMediaType", "example"];

/// What is wrong with a value, at most a few. References lead into `root`.
pub(crate) fn wrong(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    check(root, schema, value, "", &mut out);
    out.truncate(8);
    out
}

fn check(root: &Value, schema: &Value, value: &Value, place: &str, out: &mut Vec<String>) {
    let words = match schema {
        Value::Bool(true) => return,
        Value::Object(words) => words,
        _ => panic!("{place}: no schema: {schema}"),
    };
    for (word, says) in words {
        let mut must = |holds: bool| {
            if !holds {
                out.push(format!("{place}: {value} is not {word} {says}"));
            }
        };
        match word.as_str() {
            word if SILENT.contains(&word) => {}
            "$ref" => {
                let to = says.as_str().unwrap().trim_start_matches('#');
                check(root, root.pointer(to).unwrap_or_else(|| panic!("{to} leads nowhere")), value, place, out);
            }
            "type" => match says {
                Value::Array(kinds) => must(kinds.iter().any(|kind| is(kind, value))),
                kind => must(is(kind, value)),
            },
            "const" => must(says == value),
            "enum" => must(says.as_array().unwrap().contains(value)),
            "pattern" => must(value.as_str().is_none_or(|text| fits(says.as_str().unwrap(), text))),
            "minimum" => must(value.as_i64().is_none_or(|number| number >= says.as_i64().unwrap_or_default())),
            "maximum" => must(value.as_i64().is_none_or(|number| number <= says.as_i64().unwrap())),
            "minLength" => {
                must(value.as_str().is_none_or(|text| text.chars().count() as u64 >= says.as_u64().unwrap()));
            }
            "maxLength" => {
                must(value.as_str().is_none_or(|text| text.chars().count() as u64 <= says.as_u64().unwrap()));
            }
            "minItems" => must(value.as_array().is_none_or(|all| all.len() as u64 >= says.as_u64().unwrap())),
            "maxItems" => must(value.as_array().is_none_or(|all| all.len() as u64 <= says.as_u64().unwrap())),
            "required" => {
                let has = |name: &Value| value.get(name.as_str().unwrap()).is_some();
                must(!value.is_object() || says.as_array().unwrap().iter().all(has));
            }
            "properties" => {
                for (name, schema) in says.as_object().unwrap() {
                    if let Some(field) = value.get(name) {
                        check(root, schema, field, &format!("{place}.{name}"), out);
                    }
                }
            }
            "additionalProperties" => others(root, words, says, value, place, out),
            "items" => {
                let before = words.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
                for (at, one) in value.as_array().into_iter().flatten().enumerate().skip(before) {
                    check(root, says, one, &format!("{place}[{at}]"), out);
                }
            }
            "prefixItems" => {
                for (at, schema) in says.as_array().unwrap().iter().enumerate() {
                    if let Some(one) = value.get(at) {
                        check(root, schema, one, &format!("{place}[{at}]"), out);
                    }
                }
            }
            "allOf" => says.as_array().unwrap().iter().for_each(|schema| check(root, schema, value, place, out)),
            "anyOf" | "oneOf" => {
                let holds = says.as_array().unwrap().iter().filter(|schema| wrong(root, schema, value).is_empty());
                let count = holds.count();
                must(if word == "anyOf" { count > 0 } else { count == 1 });
            }
            other => panic!("{place}: the word {other} is not known to this check"),
        }
    }
}

/// Fields that are not named.
fn others(root: &Value, words: &Map<String, Value>, says: &Value, value: &Value, place: &str, out: &mut Vec<String>) {
    let named = words.get("properties").and_then(Value::as_object);
    for (name, field) in value.as_object().into_iter().flatten() {
        if named.is_some_and(|named| named.contains_key(name)) {
            continue;
        }
        if says == false {
            out.push(format!("{place}: there is no field {name}"));
        } else {
            check(root, says, field, &format!("{place}.{name}"), out);
        }
    }
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("there is no type {other}"),
    }
}

/// The few patterns of answers.
fn fits(pattern: &str, text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match pattern {
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => {
            let parts: Vec<&str> = text.split('-').collect();
            parts.iter().map(|part| part.len()).eq([4, 2, 2]) && parts.into_iter().all(digits)
        }
        r"^-?[0-9]{1,26}(\.[0-9]+)?$" => {
            let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
            let whole = whole.strip_prefix('-').unwrap_or(whole);
            digits(whole) && whole.len() <= 26 && digits(part)
        }
        r"^\s*[Hh][Tt][Tt][Pp][Ss]?://" => {
            let text = text.trim_start().to_ascii_lowercase();
            text.starts_with("http://") || text.starts_with("https://")
        }
        other => panic!("the pattern {other} is not known to this check"),
    }
}
