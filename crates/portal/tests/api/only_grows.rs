//! Version 1 only grows. What was promised stands in `v1.json`; a change that breaks those who rely on it is refused, an addition is
//! accepted by writing the file anew:
//!
//! ```text
//! TIDEWAITER_ACCEPT=yes cargo nextest run --workspace -E 'test(only_grows)'
//! ```

use crate::api::document::document;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Set, the file is written anew, if nothing that was promised is broken.
const ACCEPT: &str = "TIDEWAITER_ACCEPT";

fn place() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/api/v1.json")
}

#[tokio::test]
async fn nothing_that_was_promised_is_taken_back() {
    let now = document().await;
    let text = serde_json::to_string_pretty(&now).unwrap() + "\n";
    let promised = std::fs::read_to_string(place()).unwrap_or_default();
    let broken = if promised.is_empty() { Vec::new() } else { broken(&serde_json::from_str(&promised).unwrap(), &now) };
    assert!(
        broken.is_empty(),
        "this breaks those who rely on version 1 of the API; keep it, or make a version 2 beside it:\n  {}",
        broken.join("\n  ")
    );
    if std::env::var_os(ACCEPT).is_some() {
        std::fs::write(place(), text).unwrap();
    } else {
        assert!(
            text == promised,
            "the API has grown, or says something in other words. If that is meant, accept it and commit tests/api/v1.json:\n  \
             {ACCEPT}=yes cargo nextest run --workspace -E 'test(only_grows)'"
        );
    }
}

/// Which way a shape goes: what is asked may not ask for more, what is told may not tell less.
#[derive(Clone, Copy, Default)]
struct Ways {
    asked: bool,
    told: bool,
}

/// What is broken between two documents, each in a line.
fn broken(before: &Value, now: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for (path, methods) in fields(&before["paths"]) {
        for (method, door) in fields(methods) {
            let what = format!("{method} {path}");
            match now["paths"][path].get(method) {
                Some(new) => one_door(&what, door, new, &mut out),
                None => out.push(format!("{what} is gone")),
            }
        }
    }
    let (asked, told) = (used(before, true), used(before, false));
    for (name, shape) in fields(&before["components"]["schemas"]) {
        let ways = Ways { asked: asked.contains(name), told: told.contains(name) };
        match now["components"]["schemas"].get(name) {
            Some(new) => one_shape(name, shape, new, ways, &mut out),
            None => out.push(format!("{name} is gone")),
        }
    }
    out
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Names of the shapes that requests, or answers, are made of.
fn used(document: &Value, asked: bool) -> BTreeSet<String> {
    fn look(document: &Value, value: &Value, out: &mut BTreeSet<String>) {
        match value {
            Value::Object(all) => {
                if let Some(name) =
                    all.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/components/schemas/"))
                    && out.insert(name.to_owned())
                {
                    look(document, &document["components"]["schemas"][name], out);
                }
                all.values().for_each(|value| look(document, value, out));
            }
            Value::Array(all) => all.iter().for_each(|value| look(document, value, out)),
            _ => {}
        }
    }
    let mut out = BTreeSet::new();
    for (_, methods) in fields(&document["paths"]) {
        for (_, door) in fields(methods) {
            look(document, &door[if asked { "requestBody" } else { "responses" }], &mut out);
        }
    }
    if !asked {
        look(document, &document["components"]["responses"], &mut out);
    }
    out
}

fn one_door(what: &str, before: &Value, now: &Value, out: &mut Vec<String>) {
    let list = |door: &Value| door["parameters"].as_array().cloned().unwrap_or_default();
    let same = |a: &Value, b: &Value| a["name"] == b["name"] && a["in"] == b["in"];
    for old in list(before) {
        let name = format!("{what}: field {}", old["name"].as_str().unwrap_or_default());
        match list(now).iter().find(|new| same(&old, new)) {
            Some(new) => one_shape(&name, &old["schema"], &new["schema"], Ways { asked: true, told: false }, out),
            None => out.push(format!("{name} is gone")),
        }
    }
    for new in list(now) {
        let needed = |one: &Value| one["required"] == true;
        if needed(&new) && !list(before).iter().any(|old| same(old, &new) && needed(old)) {
            out.push(format!("{what}: field {} is needed now", new["name"].as_str().unwrap_or_default()));
        }
    }
    for (place, ways) in [
        ("/requestBody/content", Ways { asked: true, told: false }),
        ("/responses/200/content", Ways { asked: false, told: true }),
        ("/responses/201/content", Ways { asked: false, told: true }),
    ] {
        let none = Value::Null;
        for (kind, old) in fields(before.pointer(place).unwrap_or(&none)) {
            match now.pointer(place).and_then(|all| all.get(kind)) {
                Some(new) => one_shape(&format!("{what}: {kind}"), &old["schema"], &new["schema"], ways, out),
                None => out.push(format!("{what}: {kind} is gone")),
            }
        }
    }
}

fn one_shape(what: &str, before: &Value, now: &Value, ways: Ways, out: &mut Vec<String>) {
    for word in ["type", "$ref", "format", "const", "contentMediaType"] {
        if before.get(word) != now.get(word) {
            let text = |value: &Value| value.get(word).map_or("nothing".to_owned(), Value::to_string);
            out.push(format!("{what}: {word} was {}, is {}", text(before), text(now)));
        }
    }
    let strings = |value: &Value, word: &str| -> BTreeSet<String> {
        let all = value[word].as_array().cloned().unwrap_or_default();
        all.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect()
    };
    let (was, is) = (strings(before, "required"), strings(now, "required"));
    if ways.asked {
        out.extend(is.difference(&was).map(|name| format!("{what}.{name} is needed now")));
    }
    if ways.told {
        out.extend(was.difference(&is).map(|name| format!("{what}.{name} may be absent now")));
    }
    if before.get("enum").is_some() {
        out.extend(
            strings(before, "enum").difference(&strings(now, "enum")).map(|name| format!("{what}: {name} is gone")),
        );
    }
    if ways.asked {
        let limits =
            [("maxLength", 1), ("maxItems", 1), ("maximum", 1), ("minLength", -1), ("minItems", -1), ("minimum", -1)];
        for (word, sign) in limits {
            let of = |value: &Value| value.get(word).and_then(Value::as_i64);
            let stricter = match (of(before), of(now)) {
                (Some(was), Some(is)) => (is - was) * sign < 0,
                (None, Some(_)) => true,
                _ => false,
            };
            if stricter {
                out.push(format!("{what}: {word} is stricter"));
            }
        }
        if before.get("pattern") != now.get("pattern") && now.get("pattern").is_some() {
            out.push(format!("{what}: another pattern; whether it takes less cannot be told"));
        }
        if before.get("additionalProperties") != now.get("additionalProperties") && now["additionalProperties"] == false
        {
            out.push(format!("{what}: other fields are refused now"));
        }
    }
    for (name, old) in fields(&before["properties"]) {
        match now["properties"].get(name) {
            Some(new) => one_shape(&format!("{what}.{name}"), old, new, ways, out),
            None => out.push(format!("{what}.{name} is gone")),
        }
    }
    for word in ["items", "additionalProperties"] {
        if let (Some(old @ Value::Object(_)), Some(new)) = (before.get(word), now.get(word)) {
            one_shape(&format!("{what}[]"), old, new, ways, out);
        }
    }
    for word in ["anyOf", "oneOf", "allOf", "prefixItems"] {
        let list = |value: &Value| value[word].as_array().cloned().unwrap_or_default();
        let (was, is) = (list(before), list(now));
        if is.len() < was.len() || (word == "prefixItems" && is.len() != was.len()) {
            out.push(format!("{what}: {word} has {} of {}", is.len(), was.len()));
        }
        for (at, (old, new)) in was.iter().zip(&is).enumerate() {
            one_shape(&format!("{what}#{at}"), old, new, ways, out);
        }
    }
}

/// A small document with one door, to which things are done.
fn small() -> Value {
    let to =
        |name: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
    json!({
        "paths": { "/v1/x": { "post": {
            "parameters": [{ "name": "q", "in": "query", "required": false, "schema": { "type": "string", "maxLength": 9 } }],
            "requestBody": { "content": to("Asked") },
            "responses": { "200": { "content": to("Told") } }
        } } },
        "components": { "schemas": {
            "Asked": { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" }, "b": { "type": "integer" } } },
            "Told": { "type": "object", "required": ["c"], "properties": { "c": { "type": "string", "enum": ["x", "y"] } } }
        } }
    })
}

fn after(change: impl Fn(&mut Value)) -> Vec<String> {
    let mut now = small();
    change(&mut now);
    broken(&small(), &now)
}

fn object<'a>(value: &'a mut Value, place: &str) -> &'a mut Map<String, Value> {
    value.pointer_mut(place).and_then(Value::as_object_mut).unwrap()
}

#[test]
fn what_breaks_is_found() {
    let shapes = "/components/schemas";
    assert_eq!(after(|_| {}), Vec::<String>::new());
    assert_eq!(after(|d| _ = object(d, "/paths").remove("/v1/x")), ["post /v1/x is gone"]);
    assert_eq!(after(|d| d["paths"]["/v1/x"]["post"]["parameters"] = json!([])), ["post /v1/x: field q is gone"]);
    assert_eq!(
        after(|d| d["paths"]["/v1/x"]["post"]["parameters"][0]["required"] = json!(true)),
        ["post /v1/x: field q is needed now"]
    );
    assert_eq!(
        after(|d| d["paths"]["/v1/x"]["post"]["parameters"][0]["schema"]["maxLength"] = json!(8)),
        ["post /v1/x: field q: maxLength is stricter"]
    );
    assert_eq!(after(|d| _ = object(d, &format!("{shapes}/Asked/properties")).remove("b")), ["Asked.b is gone"]);
    assert_eq!(
        after(|d| d["components"]["schemas"]["Asked"]["required"] = json!(["a", "b"])),
        ["Asked.b is needed now"]
    );
    assert_eq!(after(|d| d["components"]["schemas"]["Told"]["required"] = json!([])), ["Told.c may be absent now"]);
    assert_eq!(
        after(|d| d["components"]["schemas"]["Told"]["properties"]["c"]["type"] = json!("integer")),
        ["Told.c: type was \"string\", is \"integer\""]
    );
    assert_eq!(
        after(|d| d["components"]["schemas"]["Told"]["properties"]["c"]["enum"] = json!(["x"])),
        ["Told.c: y is gone"]
    );
}

#[test]
fn what_is_added_breaks_nothing() {
    let grown = after(|d| {
        d["paths"]["/v1/y"] = json!({ "get": {} });
        let fields = d["paths"]["/v1/x"]["post"]["parameters"].as_array_mut().unwrap();
        fields.push(json!({ "name": "r", "in": "query", "schema": {} }));
        d["components"]["schemas"]["Asked"]["properties"]["more"] = json!({ "type": "string" });
        d["components"]["schemas"]["Asked"]["required"] = json!([]);
        d["components"]["schemas"]["Told"]["properties"]["more"] = json!({ "type": "string" });
        d["components"]["schemas"]["Told"]["required"] = json!(["c", "more"]);
        d["components"]["schemas"]["Told"]["properties"]["c"]["enum"] = json!(["x", "y", "z"]);
    });
    assert_eq!(grown, Vec::<String>::new());
}
