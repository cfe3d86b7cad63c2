//! The worked examples of the data, asked over HTTP: byte for byte what the library answers.

use crate::api::ask::{TODAY, doors, send};
use serde::Deserialize;
use std::path::Path;
use tidewaiter::{Ask, Consignment};

/// So many of the examples are asked, of all files in turn.
const ASKED: usize = 240;

#[derive(Deserialize)]
struct File {
    example: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    name: String,
    consignment: Consignment,
}

fn examples() -> Vec<Example> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/examples");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let read = |path: &Path| toml::from_str::<File>(&std::fs::read_to_string(path).unwrap()).unwrap().example;
    let all: Vec<Example> =
        files.iter().filter(|path| path.extension().is_some_and(|e| e == "toml")).flat_map(|path| read(path)).collect();
    let every = (all.len() / ASKED).max(1);
    all.into_iter().step_by(every).collect()
}

fn library(asked: &Consignment, steps: bool) -> Result<Vec<u8>, ()> {
    let ask = Ask { steps, today: Some(TODAY) };
    tidewaiter_data::ratebook().answer(asked, &ask).map(|quote| serde_json::to_vec(&quote).unwrap()).map_err(|_| ())
}

#[tokio::test]
async fn the_same_question_gives_the_same_bytes() {
    let doors = doors();
    let examples = examples();
    assert!(examples.len() >= 200, "only {} examples", examples.len());
    for (at, example) in examples.iter().enumerate() {
        let steps = at % 10 == 0;
        let address = if steps { "/v1/quotes?steps=true" } else { "/v1/quotes" };
        let body = serde_json::to_string(&example.consignment).unwrap();
        let answer = send(&doors, "POST", address, &[("content-type", "application/json")], body).await;
        match library(&example.consignment, steps) {
            Ok(bytes) => {
                assert_eq!(answer.status, 200, "{}: {}", example.name, answer.text());
                assert!(answer.body == bytes, "{}: other bytes", example.name);
            }
            Err(()) => assert_eq!(answer.status, 422, "{}: {}", example.name, answer.text()),
        }
    }
}

#[tokio::test]
async fn so_does_each_line_of_a_batch() {
    let examples = examples();
    let lines: String = examples.iter().map(|one| serde_json::to_string(&one.consignment).unwrap() + "\n").collect();
    let kind = [("content-type", "application/x-ndjson")];
    let answer = send(&doors(), "POST", "/v1/quotes/batch", &kind, lines).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told: Vec<&[u8]> = answer.body.split(|b| *b == b'\n').filter(|line| !line.is_empty()).collect();
    assert_eq!(told.len(), examples.len());
    for (at, (line, example)) in told.iter().zip(&examples).enumerate() {
        let Ok(quote) = library(&example.consignment, false) else { continue };
        let expected = [format!("{{\"line\":{},\"quote\":", at + 1).as_bytes(), &quote, b"}"].concat();
        assert!(*line == expected.as_slice(), "{}: other bytes", example.name);
    }
}

#[tokio::test]
async fn the_address_asks_what_the_document_asks() {
    let asked = serde_json::json!({
        "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "4.90", "channel": "post",
        "seller": { "registrations": ["eu.ioss"] },
        "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }]
    });
    let sent = crate::api::ask::post("/v1/quotes", &asked).await;
    let read = crate::api::ask::get(
        "/v1/quotes?goods=6109.10&origin=CN&quantity=2&price=12.50&from=cn&to=FR&currency=eur&date=2026-11-21\
         &freight=4.90&channel=post&registration=eu.ioss&gift=&region=",
    );
    assert_eq!(read.await.body, sent.body);
}
