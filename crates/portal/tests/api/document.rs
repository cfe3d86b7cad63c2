//! The OpenAPI document is true: every door is in it, every example runs, every answer has the shape that it says.

use crate::api::ask::{Answer, doors, get, send};
use crate::api::shape;
use axum::body::Body;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The one door that stores something; there is no store here, and it says so. `tests/operator/corrections.rs` has one.
const STORES: &str = "/v1/corrections";
/// The doors of sellers and authorities; there is no house here, and they say so. `collect.rs` and `collect_permissions.rs` have one.
pub(crate) const HOUSE: &str = "/v1/collect/";
/// Statuses that every door documents.
const ALWAYS: [&str; 7] = ["400", "406", "422", "429", "500", "503", "504"];

pub(crate) async fn document() -> Value {
    get("/v1/openapi.json").await.json()
}

/// Path, method and door.
pub(crate) fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, door)| (path.as_str(), method.as_str(), door))
    });
    of.collect()
}

fn parameters<'a>(door: &'a Value, place: &'a str) -> impl Iterator<Item = &'a Value> {
    door["parameters"].as_array().into_iter().flatten().filter(move |one| one["in"] == place)
}

/// The address of the example of a door.
fn example(path: &str, door: &Value) -> String {
    let mut address = path.to_owned();
    for one in parameters(door, "path") {
        let value = one["example"].as_str().unwrap_or_else(|| panic!("{path}: {} has no example", one["name"]));
        address = address.replace(&format!("{{{}}}", one["name"].as_str().unwrap()), value);
    }
    let mut fields = Vec::new();
    for one in parameters(door, "query") {
        let values = match &one["example"] {
            Value::Array(values) => values.clone(),
            Value::Null => Vec::new(),
            value => vec![value.clone()],
        };
        let name = one["name"].as_str().unwrap();
        fields.extend(values.iter().map(|value| (name.to_owned(), value.as_str().unwrap().to_owned())));
    }
    if fields.is_empty() {
        address
    } else {
        format!("{address}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
    }
}

fn holds(document: &Value, schema: &Value, value: &Value, what: &str) {
    assert_eq!(shape::wrong(document, schema, value), Vec::<String>::new(), "{what}");
}

/// An answer has a status that the door documents, and the shape that stands there.
pub(crate) fn check(document: &Value, path: &str, door: &Value, answer: &Answer) {
    let what = format!("{path} {}", answer.status);
    if answer.status == 204 {
        assert!(answer.body.is_empty() && door["responses"]["204"]["content"].is_null(), "{what}");
        return;
    }
    let mut said = &door["responses"][answer.status.to_string()];
    if let Some(place) = said["$ref"].as_str() {
        said = document.pointer(place.trim_start_matches('#')).unwrap();
    }
    let content = said["content"].as_object().unwrap_or_else(|| panic!("{what} is not documented: {}", answer.text()));
    let kind = answer.kind().split(';').next().unwrap_or_default();
    let schema = content.get(kind).unwrap_or_else(|| panic!("{what}: {kind} is not documented"));
    match kind {
        "application/octet-stream" | "application/xml" | "text/csv" | "text/calendar" => {}
        "application/x-ndjson" => {
            for line in answer.text().lines() {
                holds(document, &schema["schema"], &serde_json::from_str(line).unwrap(), &what);
            }
        }
        _ => holds(document, &schema["schema"], &answer.json(), &what),
    }
}

#[tokio::test]
async fn every_example_runs_and_its_answer_has_the_shape_that_is_said() {
    let document = document().await;
    let doors = doors();
    for (path, method, door) in operations(&document) {
        let address = example(path, door);
        if path.starts_with(HOUSE) {
            let kind = door["requestBody"]["content"].as_object().and_then(|all| all.keys().next().cloned());
            let kind = kind.unwrap_or_default();
            let headers: &[(&str, &str)] = if kind.is_empty() { &[] } else { &[("content-type", &kind)] };
            let answer = send(&doors, &method.to_uppercase(), &address, headers, "x").await;
            assert_eq!(answer.status, 404, "{address}: {}", answer.text());
            check(&document, path, door, &answer);
            continue;
        }
        if method == "get" {
            let answer = send(&doors, "GET", &address, &[], Body::empty()).await;
            assert_eq!(answer.status, 200, "{address}: {}", answer.text());
            check(&document, path, door, &answer);
            let answer = send(&doors, "GET", &address, &[("accept", "image/png")], Body::empty()).await;
            assert_eq!(answer.status, 406);
            check(&document, path, door, &answer);
            continue;
        }
        for (kind, content) in door["requestBody"]["content"].as_object().unwrap() {
            let body = match &content["example"] {
                Value::Null => panic!("{path}: no example of {kind}"),
                Value::String(text) => text.clone(),
                value => {
                    holds(&document, &content["schema"], value, &format!("the example of {path}"));
                    value.to_string()
                }
            };
            let answer = send(&doors, "POST", &address, &[("content-type", kind)], body).await;
            let good = if path == STORES { 404 } else { 200 };
            assert_eq!(answer.status, good, "{address}: {}", answer.text());
            check(&document, path, door, &answer);
            for (kind, body, status) in [("text/plain", "x", 415), (kind.as_str(), "", 400)] {
                let answer = send(&doors, "POST", &address, &[("content-type", kind)], body).await;
                assert_eq!(answer.status, status, "{path} {kind}");
                check(&document, path, door, &answer);
            }
        }
    }
}

/// The router is made of the doors that the document is made of; this asks it whether it is so.
#[tokio::test]
async fn the_document_names_every_door_and_every_method_of_it() {
    let document = document().await;
    let doors = doors();
    let mut paths: BTreeSet<&str> = BTreeSet::new();
    for (path, _, _) in operations(&document) {
        paths.insert(path);
    }
    for path in &paths {
        let methods: BTreeSet<String> = operations(&document)
            .iter()
            .filter(|(one, _, _)| one == path)
            .map(|(_, method, _)| method.to_uppercase())
            .collect();
        let address = path.replace(['{', '}'], "");
        let answer = send(&doors, "TRACE", &address, &[], Body::empty()).await;
        assert_eq!(answer.status, 405, "{path} is documented and not there");
        let allowed: BTreeSet<String> =
            answer.header("allow").split(',').filter(|method| *method != "HEAD").map(str::to_owned).collect();
        assert_eq!(allowed, methods, "{path}");
    }
}

/// No route of `/v1` is put up past the list that the document is made of.
#[test]
fn no_door_stands_beside_the_list() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    let files = [folder.clone(), folder.join("collect")].map(|folder| std::fs::read_dir(folder).unwrap());
    for file in files.into_iter().flatten() {
        let file = file.unwrap().path();
        if file.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains(".route("), "{} has a route that is not documented", file.display());
        let handlers = text.matches("#[utoipa::path(").count();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let list = std::fs::read_to_string(file.with_file_name("mod.rs")).unwrap();
        let list = list.split("fn but_batch").nth(1).or(list.split("fn files").nth(1)).unwrap();
        let listed = list.matches(&format!("{name}::")).count() + usize::from(name == "batch");
        assert!(name == "mod" || handlers == listed, "{name}: {handlers} doors, {listed} of them open");
    }
}

#[tokio::test]
async fn every_door_says_what_it_takes_and_gives() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["license"]["identifier"], "MIT OR Apache-2.0");
    let tags: BTreeSet<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    for (path, method, door) in operations(&document) {
        let what = format!("{method} {path}");
        assert!(ids.insert(door["operationId"].as_str().unwrap()), "{what}");
        assert!(!door["summary"].as_str().unwrap_or_default().is_empty(), "{what}");
        assert!(door["description"].as_str().unwrap_or_default().len() > 40, "{what}");
        assert!(tags.contains(door["tags"][0].as_str().unwrap()), "{what}");
        let mut statuses: Vec<&str> = ALWAYS.to_vec();
        let own = path.starts_with(HOUSE);
        let good: Vec<&str> =
            ["200", "201", "204"].into_iter().filter(|good| !door["responses"][good].is_null()).collect();
        assert_eq!(good.len(), 1, "{what}");
        assert!(own || good == [if path == STORES { "201" } else { "200" }], "{what}");
        statuses.extend(match (method, own) {
            ("get", false) => &["304"][..],
            ("get", true) => &["401", "403", "404"][..],
            (_, false) => &["408", "413", "415"][..],
            (_, true) => &["401", "403", "404", "408", "409", "413", "415"][..],
        });
        assert!(!own || door["responses"]["304"].is_null(), "{what}: nobody is told that it has not changed");
        if path.contains('{') {
            statuses.push("404");
        }
        for status in statuses {
            assert!(door["responses"].get(status).is_some(), "{what} does not say what {status} is");
        }
        for one in door["parameters"].as_array().into_iter().flatten() {
            assert!(one["description"].as_str().is_some_and(|text| !text.is_empty()), "{what}: {}", one["name"]);
            let schema = if one["schema"]["type"] == "array" { &one["schema"]["items"] } else { &one["schema"] };
            let limited = ["maxLength", "pattern", "enum", "maximum"].iter().any(|limit| schema.get(*limit).is_some());
            assert!(limited, "{what}: {} has no limit", one["name"]);
        }
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_nothing_is_left_over() {
    fn references<'a>(value: &'a Value, out: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(to)) = fields.get("$ref") {
                    out.insert(to);
                }
                fields.values().for_each(|value| references(value, out));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, out)),
            _ => {}
        }
    }
    let document = document().await;
    let mut used = BTreeSet::new();
    references(&document, &mut used);
    for to in &used {
        assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to} leads nowhere");
    }
    for kind in ["schemas", "responses", "headers"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            assert!(used.contains(format!("#/components/{kind}/{name}").as_str()), "nothing uses {kind}/{name}");
        }
    }
}

#[tokio::test]
async fn refusals_of_all_kinds_are_problem_documents() {
    let document = document().await;
    let doors = doors();
    for (path, method, address, body) in [
        ("/v1/economies/{code}", "GET", "/v1/economies/ZZ", json!(null)),
        ("/v1/quotes", "GET", "/v1/quotes?to=FR", json!(null)),
        ("/v1/quotes", "POST", "/v1/quotes", json!({ "to": "FR" })),
        ("/v1/quotes/compare", "POST", "/v1/quotes/compare", json!([])),
    ] {
        let answer = send(&doors, method, address, &[("content-type", "application/json")], body.to_string()).await;
        assert!((400..500).contains(&answer.status), "{address}");
        check(&document, path, &document["paths"][path][method.to_lowercase()], &answer);
        assert_eq!(answer.json()["status"], answer.status);
    }
}
