//! The OpenAPI document: what the doors take and give, made from the code of the doors and from the types that are read and written.
//!
//! Each door says of itself what is its own (`#[utoipa::path]`); here is added what is the same for all: refusals, validators, keys.

use super::fields::{Door, Given, JSON};
use super::reply::Reply;
use super::table::Field;
use super::{batch, collect, schema};
use crate::desk::Desk;
use axum::body::Bytes;
use axum::extract::State;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static RAW: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(super::described().into_openapi()).unwrap_or_default());
static DOCUMENT: LazyLock<Bytes> =
    LazyLock::new(|| serde_json::to_vec(&finished(RAW.clone())).unwrap_or_default().into());
static METHODS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let of = |door: &Value| {
        let names = door.as_object().into_iter().flatten().map(|(method, _)| match method.as_str() {
            "get" => "GET,HEAD".to_owned(),
            other => other.to_uppercase(),
        });
        names.collect::<Vec<_>>().join(",")
    };
    RAW["paths"].as_object().into_iter().flatten().map(|(path, door)| (path.clone(), of(door))).collect()
});

/// The methods that a door takes, by the pattern of its path: `GET,HEAD,POST`.
pub(super) fn methods(path: &str) -> Option<&'static str> {
    METHODS.get(path).map(String::as_str)
}

/// The document, as JSON.
pub(crate) fn bytes() -> &'static [u8] {
    &DOCUMENT
}

/// The door to it.
pub(super) struct Own;

impl Door for Own {
    const FIELDS: &'static [&'static [Field]] = &[];
    const GIVES: &'static [&'static str] = &[JSON, "application/openapi+json", "application/vnd.oai.openapi+json"];
}

/// This document
///
/// What the doors of the API take and give, as OpenAPI 3.1. Version 1 only grows: what is there stays as it is.
#[utoipa::path(get, path = "/v1/openapi.json", operation_id = "readOpenApi", tag = "data",
    responses((status = 200, description = "The document", body = ref("#/components/schemas/OpenApi"), content_type = "application/json")))]
pub(super) async fn read(_: State<Desk>, _: Given<Own>) -> Reply {
    Ok(super::reply::bytes(DOCUMENT.clone()))
}

/// A refusal that any door can give.
struct Refusal {
    status: &'static str,
    name: &'static str,
    about: &'static str,
    /// Whether it says when to come again.
    waits: bool,
}

const fn refusal(status: &'static str, name: &'static str, about: &'static str) -> Refusal {
    Refusal { status, name, about, waits: false }
}

const ALWAYS: &[Refusal] = &[
    refusal("400", "Unreadable", "The request cannot be read"),
    refusal("401", "WrongKey", "A key was sent, and it does not count"),
    refusal("406", "NotAcceptable", "The door does not answer in a form that `Accept` asks for"),
    refusal("422", "Wrong", "Fields of the request are wrong or not known; each is named under `errors`"),
    Refusal {
        waits: true,
        ..refusal("429", "TooMany", "Too many requests; `Retry-After` says for how many seconds to wait")
    },
    refusal("500", "Fault", "The service has a fault"),
    Refusal {
        waits: true,
        ..refusal(
            "503",
            "Unavailable",
            "The service has too much to do just now; `Retry-After` says for how many seconds to wait",
        )
    },
    refusal("504", "TooLong", "It took too long; ask a smaller question"),
];

const OF_BODIES: &[Refusal] = &[
    refusal("408", "TooSlow", "The body came too slowly"),
    refusal(
        "413",
        "TooLarge",
        "The body is larger than the door takes: 16 MiB for many quotes, 32 KiB for a letter, 256 KiB elsewhere",
    ),
    refusal("415", "MediaType", "The body is of a media type that the door does not read"),
];

/// What is refused before it comes to any door: without a body.
const BEFORE: &[Refusal] = &[
    refusal("414", "AddressTooLong", "The address is longer than 64 KiB; send the question as a document"),
    refusal("431", "HeadersTooLarge", "There are more headers than are read"),
];

/// What one door alone can give.
const ELSEWHERE: Refusal = refusal("403", "FromElsewhere", "A page of another site sent it");
const NOT_FOUND: Refusal = refusal("404", "NotFound", "There is no such thing");

/// What the doors of sellers and authorities can give besides.
const OF_HOUSE: &[Refusal] = &[
    refusal("401", "WrongKey", "No token was sent in `Authorization`, or it does not count any more"),
    refusal(
        "403",
        "FromElsewhere",
        "The token does not allow it, whether there is such a thing or not; or a page of another site sent it",
    ),
    refusal("404", "NotFound", "There is no such thing, or no house of sellers and authorities is here"),
];
/// What they can give where something is to be changed.
const STANDS: Refusal = refusal("409", "Stands", "As things stand it cannot be done");

/// The document with what is the same for all doors.
fn finished(mut document: Value) -> Value {
    document["info"] = json!({
        "title": "Tidewaiter",
        "version": "1",
        "summary": "What a parcel costs to land, and why",
        "description": ABOUT,
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    });
    document["servers"] = json!([{ "url": "/", "description": "This service" }]);
    document["tags"] = json!([
        { "name": "quotes", "description": "What a parcel costs to land, and why" },
        { "name": "goods codes", "description": "From words to goods codes, and the tree of the Harmonized System" },
        { "name": "economies", "description": "What each economy charges" },
        { "name": "exchange rates", "description": "Exchange rates as they were published" },
        { "name": "data", "description": "Editions, changes, schemas, the whole ratebook" },
        { "name": "collect", "description": "Sellers apply, record and send returns; authorities decide and receive. Only where those who run the service switched it on" },
    ]);
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, methods) in paths.iter_mut() {
            for (method, door) in methods.as_object_mut().into_iter().flatten() {
                complete(path, method, door);
            }
        }
    }
    let mut responses = Map::new();
    for one in ALWAYS.iter().chain(OF_BODIES).chain([&NOT_FOUND, &ELSEWHERE, &STANDS]) {
        let mut headers = json!({ "x-request-id": { "$ref": "#/components/headers/RequestId" } });
        if one.waits {
            headers["retry-after"] = json!({ "$ref": "#/components/headers/RetryAfter" });
        }
        let content = json!({ crate::problem::PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" } } });
        responses.insert(one.name.into(), json!({ "description": one.about, "headers": headers, "content": content }));
    }
    for one in BEFORE {
        responses.insert(one.name.into(), json!({ "description": one.about }));
    }
    let headers = json!({ "etag": { "$ref": "#/components/headers/ETag" } });
    responses.insert("NotModified".into(), json!({ "description": "You have it already", "headers": headers }));
    document["components"] = json!({
        "schemas": schemas(),
        "responses": responses,
        "headers": {
            "ETag": { "description": "Names this answer: send it as `If-None-Match`, and what has not changed is not sent again", "schema": { "type": "string" } },
            "CacheControl": { "description": "How long caches may keep it", "schema": { "type": "string" } },
            "RequestId": { "description": "Names this request in the records of those who run the service", "schema": { "type": "string" } },
            "RetryAfter": { "description": "Seconds", "schema": { "type": "string", "pattern": "^[0-9]+$" } },
        },
        "securitySchemes": {
            "token": { "type": "http", "scheme": "bearer", "description": "A token of a seller, an accountant, an authority's officer or inspector, or of those who run the house: `twc_…`" },
            "key": { "type": "http", "scheme": "bearer", "description": "A key of those who run the service lets you ask more often. None is needed." },
        },
    });
    document
}

const ABOUT: &str = "Duties, taxes and fees on parcels across borders: exact, with the law behind each figure.\n\n\
    - Amounts are decimal numbers as text, never binary fractions.\n\
    - Zero, unknown and not applicable are three different things: an amount of `0` is known to be nothing; a sum without `most` has no known \
    limit; what does not apply is absent.\n\
    - Answers to `GET` are pure functions of the address, the day and the ratebook: they have strong ETags and may be cached.\n\
    - The same question to the library, the command line and this API gives the same bytes.\n\
    - Refusals are problem documents (RFC 9457). Fields that a door does not know are refused, never ignored.\n\
    - Version 1 only grows: fields and doors may be added, and readers should pass over those they do not know.";

/// What no type of the code says.
fn schemas() -> Map<String, Value> {
    let mut all = schema::components();
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let own = [
        (
            "Consignments",
            json!({ "description": "Many questions", "type": "array", "minItems": 1, "maxItems": batch::MOST_QUESTIONS, "items": of("Consignment") }),
        ),
        (
            "GoodsFound",
            json!({ "description": "Likely codes, or the root of the tree", "anyOf": [of("GoodsAnswer"), of("GoodsPage")] }),
        ),
        (
            "Bytes",
            json!({ "description": "Bytes of a file", "type": "string", "contentMediaType": "application/octet-stream" }),
        ),
        (
            "CollectEvents",
            json!({ "description": "What happened, in its order", "type": "array", "minItems": 1, "maxItems": collect::MOST_EVENTS, "items": of("CollectGivenEvent") }),
        ),
        (
            "CollectOrders",
            json!({ "description": "Orders of a shop", "type": "array", "minItems": 1, "maxItems": collect::MOST_ORDERS, "items": of("CollectGivenOrder") }),
        ),
        ("CollectFile", json!({ "description": "A file in a published shape", "type": "object" })),
        ("Schema", json!({ "description": "A JSON Schema", "type": "object" })),
        (
            "OpenApi",
            json!({ "description": "An OpenAPI document", "type": "object", "required": ["openapi", "paths"] }),
        ),
    ];
    all.extend(own.map(|(name, shape)| (name.to_owned(), shape)));
    all.sort_keys();
    all
}

/// Adds to a door what is the same for all.
fn complete(path: &str, method: &str, door: &mut Value) {
    let reads = method == "get";
    let own = path.starts_with(collect::BEGINS);
    if let Some(text) = door["description"].as_str() {
        door["description"] = flowing(text).into();
    }
    let mut statuses: Map<String, Value> = door["responses"].as_object().cloned().unwrap_or_default();
    for (_, good) in statuses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
        let mut headers = json!({ "x-request-id": { "$ref": "#/components/headers/RequestId" } });
        if reads && !own {
            headers["etag"] = json!({ "$ref": "#/components/headers/ETag" });
        }
        if reads {
            headers["cache-control"] = json!({ "$ref": "#/components/headers/CacheControl" });
        }
        good["headers"] = headers;
    }
    let to = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
    if reads && !own {
        statuses.insert("304".into(), to("NotModified"));
    }
    for one in [NOT_FOUND, ELSEWHERE] {
        if let Some(refused) = statuses.get_mut(one.status) {
            // In OpenAPI 3.1 a reference may have a description of its own.
            let about = refused["description"].clone();
            *refused = to(one.name);
            refused["description"] = about;
        }
    }
    let of_bodies = if reads { &[][..] } else { OF_BODIES };
    for one in ALWAYS.iter().chain(of_bodies).chain(BEFORE) {
        statuses.insert(one.status.into(), to(one.name));
    }
    if own {
        for one in OF_HOUSE {
            let mut refused = to(one.name);
            refused["description"] = one.about.into();
            statuses.insert(one.status.into(), refused);
        }
        if !reads {
            statuses.insert(STANDS.status.into(), to(STANDS.name));
        }
    }
    statuses.sort_keys();
    door["responses"] = statuses.into();
    if let Some(body) = door.get_mut("requestBody") {
        body["required"] = json!(true);
    }
    if own {
        door["security"] = match (method, path) {
            ("get", "/v1/collect/authorities" | "/v1/collect/authorities/{authority}/form") => json!([{}]),
            ("post", "/v1/collect/sellers") => json!([{}, { "token": [] }]),
            _ => json!([{ "token": [] }]),
        };
    } else if path != "/v1/openapi.json" {
        door["security"] = json!([{}, { "key": [] }]);
    }
}

/// Text as it stands in the code, without the ends of its lines; paragraphs stay apart.
fn flowing(text: &str) -> String {
    text.split("\n\n")
        .map(|part| part.lines().map(str::trim).collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n\n")
}
