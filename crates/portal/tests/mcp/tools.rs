//! Each tool: the same figures as the library, unknown as unknown, and refusals that say what to do.

use crate::mcp::{Client, call, document, over_a_pipe, settings, shirts, text};
use serde_json::{Value, json};
use tidewaiter::{Ask, Consignment, Quote};
use tidewaiter_portal::Desk;

async fn client() -> Client {
    over_a_pipe(Desk::embedded(settings())).await
}

fn library(asked: &Value, steps: bool) -> String {
    let asked: Consignment = serde_json::from_value(asked.clone()).unwrap();
    let quote = tidewaiter_data::ratebook().answer(&asked, &Ask { steps, today: settings().today }).unwrap();
    serde_json::to_string(&quote).unwrap()
}

#[tokio::test]
async fn tools_are_listed_with_what_they_take_and_that_they_change_nothing() {
    let client = client().await;
    let tools = client.list_all_tools().await.unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    let all = ["quote", "explain", "find_goods_code", "compare_destinations", "what_changed", "economy"];
    assert_eq!(names, all);
    for tool in &tools {
        let hints = tool.annotations.as_ref().unwrap();
        assert_eq!((hints.read_only_hint, hints.open_world_hint), (Some(true), Some(false)), "{}", tool.name);
        assert_eq!(tool.input_schema["type"], "object", "{}", tool.name);
        assert!(tool.output_schema.as_ref().unwrap().contains_key("properties"), "{}", tool.name);
        let about = tool.description.as_ref().unwrap().to_lowercase();
        assert!(
            ["unknown", "not known", "suggestion", "does not mean"].iter().any(|word| about.contains(word)),
            "{about}"
        );
    }
    let quote = &tools[0].input_schema;
    for field in ["to", "items", "channel", "answers"] {
        assert!(quote["properties"].get(field).is_some(), "{field}");
    }
    assert_eq!(quote["required"], json!(["to", "currency", "items"]));
    let compare = &tools[3].input_schema;
    assert!(compare["properties"].get("to").is_none() && compare["properties"].get("destinations").is_some());
    assert_eq!(compare["required"], json!(["currency", "items", "destinations"]));
}

#[tokio::test]
async fn figures_are_those_of_the_library_byte_for_byte() {
    let client = client().await;
    for to in ["FR", "GB", "US", "CH", "JP"] {
        let answer = call(&client, "quote", shirts(to)).await;
        assert_eq!(document(&answer)["quote"].to_string(), library(&shirts(to), false), "{to}");
        let answer = call(&client, "explain", shirts(to)).await;
        assert_eq!(document(&answer)["quote"].to_string(), library(&shirts(to), true), "{to}");
    }
}

#[tokio::test]
async fn the_text_says_what_the_document_says() {
    let client = client().await;
    let answer = call(&client, "explain", shirts("FR")).await;
    let quote: Quote = serde_json::from_value(document(&answer)["quote"].clone()).unwrap();
    let text = text(&answer);
    assert!(text.contains(&format!("All charges: {} EUR", quote.total.least_asked)), "{text}");
    assert!(text.contains(&quote.ratebook), "{text}");
    for source in &quote.sources {
        assert!(text.contains(&format!("[{}]", source.key)), "{} in {text}", source.key);
        assert!(source.url.as_ref().is_none_or(|url| text.contains(url)), "{:?}", source.url);
    }
    for step in &quote.steps {
        assert!(text.contains(&step.text), "{}", step.text);
    }
    for edition in &quote.editions {
        assert!(text.contains(&edition.sha256[..12]), "{}", edition.authority);
    }
}

#[tokio::test]
async fn what_is_missing_is_asked_and_never_a_number() {
    let client = client().await;
    let vague =
        json!({ "to": "US", "currency": "EUR", "items": [{ "description": "cotton t-shirt", "price": "12.50" }] });
    let answer = call(&client, "quote", vague.clone()).await;
    let quote: Quote = serde_json::from_value(document(&answer)["quote"].clone()).unwrap();
    assert!(quote.missing.iter().any(|missing| missing.fact == "code"));
    let said = text(&answer);
    for missing in &quote.missing {
        assert!(said.contains(missing.question.as_str()), "{}", missing.question);
    }
    assert!(said.contains("ask the user"), "{said}");
    if quote.total.most.is_none() {
        assert!(said.contains("UNKNOWN") && said.contains("do not state a total"), "{said}");
    }
    assert!(document(&answer)["suggestions"]["items"][0]["codes"][0]["code"].is_string(), "{said}");
    assert!(said.contains("none of them the answer"), "{said}");
    let wrong =
        call(&client, "quote", merged(vague, json!({ "answers": [{ "question": "no-such", "answer": "x" }] }))).await;
    assert_eq!(wrong.is_error, Some(true));
    assert!(text(&wrong).contains("answers"), "{}", text(&wrong));
}

fn merged(mut one: Value, other: Value) -> Value {
    one.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    one
}

#[tokio::test]
async fn wrong_arguments_are_refused_with_their_field() {
    let client = client().await;
    let mut dear = shirts("FR");
    dear["items"][0]["price"] = json!("-5");
    for (tool, arguments, says) in [
        ("quote", shirts("QQ"), "- to \"QQ\""),
        ("quote", dear, "items[0].price"),
        ("quote", json!({ "to": "FR" }), "missing field `currency`"),
        ("quote", merged(shirts("FR"), json!({ "colour": "red" })), "unknown field `colour`"),
        ("quote", merged(shirts("FR"), json!({ "items": "t-shirt" })), "- items"),
        ("find_goods_code", json!({ "text": "" }), "- text"),
        ("find_goods_code", json!({ "text": "mug", "most": 100 }), "- most \"100\""),
        ("find_goods_code", json!({ "text": "mug", "language": "de" }), "- language"),
        ("compare_destinations", merged(shirts("FR"), json!({ "destinations": ["FR"] })), "- to \"FR\""),
        ("what_changed", json!({ "from": "yesterday", "before": "2026-01-01" }), "- from"),
        ("what_changed", json!({ "from": "2026-01-01", "before": "2026-01-01" }), "- before"),
        ("what_changed", json!({ "from": "2026-01-01", "before": "2027-01-01", "territory": "QQ" }), "known are"),
        ("economy", json!({ "code": "QQ" }), "- code \"QQ\""),
    ] {
        let answer = call(&client, tool, arguments).await;
        let said = text(&answer);
        assert_eq!(answer.is_error, Some(true), "{tool}: {said}");
        assert!(said.contains(says), "{tool}: \"{says}\" in {said}");
        assert!(answer.structured_content.as_ref().unwrap()["errors"][0]["message"].is_string(), "{tool}");
    }
}

#[tokio::test]
async fn destinations_are_compared_with_the_figures_of_each() {
    let client = client().await;
    let mut basket = shirts("");
    basket.as_object_mut().unwrap().shift_remove("to");
    let answer =
        call(&client, "compare_destinations", merged(basket.clone(), json!({ "destinations": ["fr", "GB", "US"] })))
            .await;
    let compared = document(&answer);
    for (place, to) in compared["destinations"].as_array().unwrap().iter().zip(["FR", "GB", "US"]) {
        let alone: Value = serde_json::from_str(&library(&shirts(to), false)).unwrap();
        assert_eq!(place["to"], to);
        for part in ["outcome", "currency", "missing", "warnings"] {
            assert_eq!(
                place.get(part).cloned().unwrap_or_default(),
                alone.get(part).cloned().unwrap_or(if part == "outcome" { Value::Null } else { json!([]) }),
                "{to} {part}"
            );
        }
        if ["amount", "range", "unknown"].contains(&place["outcome"].as_str().unwrap()) {
            assert_eq!((&place["total"], &place["landed"]), (&alone["total"], &alone["landed"]), "{to}");
        } else {
            assert!(place.get("total").is_none(), "no figure is no zero: {to}");
        }
    }
    assert!(!compared["sources"].as_array().unwrap().is_empty());
    let wrong = call(&client, "compare_destinations", merged(basket, json!({ "destinations": ["FR", "QQ"] }))).await;
    assert!(text(&wrong).contains("destinations[1]"), "{}", text(&wrong));
}

#[tokio::test]
async fn codes_are_suggested_with_the_question_that_tells_them_apart() {
    let client = client().await;
    let answer = call(&client, "find_goods_code", json!({ "text": "gloves" })).await;
    let found = document(&answer).clone();
    let question = found["question"].clone();
    assert!(text(&answer).contains("Suggestions from words alone") || found["codes"].as_array().unwrap().is_empty());
    let (key, choice) = (question["key"].clone(), question["answers"][0]["key"].clone());
    let answer = call(
        &client,
        "find_goods_code",
        json!({ "text": "gloves", "answers": [{ "question": key, "answer": choice }] }),
    )
    .await;
    assert_ne!(document(&answer)["question"]["key"], key, "an answered question is not put again");
    let answer = call(&client, "find_goods_code", json!({ "text": "gift" })).await;
    assert_eq!(document(&answer)["codes"], json!([]));
    let told = text(&answer);
    let lines: Vec<&str> = told.lines().collect();
    assert!(
        lines[0].starts_with("[Data ") && lines[0].contains(" begins") && lines[1].starts_with("UNKNOWN"),
        "{lines:?}"
    );
    assert!(lines.last().is_some_and(|line| line.starts_with("[Data ") && line.ends_with(" ends.]")), "{lines:?}");
}

#[tokio::test]
async fn changes_have_their_day_and_their_source() {
    let client = client().await;
    let asked = json!({ "from": "2026-01-01", "before": "2027-01-01", "territory": "FR" });
    let answer = call(&client, "what_changed", asked).await;
    let changed = document(&answer);
    let changes = changed["changes"].as_array().unwrap();
    assert!(!changes.is_empty());
    let keys: Vec<&Value> = changed["sources"].as_array().unwrap().iter().map(|source| &source["key"]).collect();
    for change in changes {
        for cited in change["cites"].as_array().into_iter().flatten() {
            assert!(keys.contains(&cited), "{cited}");
        }
    }
    let none = call(&client, "what_changed", json!({ "from": "1950-01-01", "before": "1950-01-02" })).await;
    assert!(text(&none).contains("does not mean that nothing changed"), "{}", text(&none));
}

#[tokio::test]
async fn rules_are_told_in_words_also_as_a_resource() {
    let client = client().await;
    let answer = call(&client, "economy", json!({ "code": "fr" })).await;
    let rules = document(&answer);
    assert_eq!(rules["code"], "FR");
    assert!(rules["charges"].as_array().unwrap().iter().all(|charge| !charge["rungs"].as_array().unwrap().is_empty()));
    let resources = client.list_all_resources().await.unwrap();
    let france = resources.iter().find(|resource| resource.uri == "tidewaiter://economy/FR").unwrap();
    assert_eq!(france.name, "France");
    let page =
        client.read_resource(rmcp::model::ReadResourceRequestParams::new("tidewaiter://economy/FR")).await.unwrap();
    let rmcp::model::ResourceContents::TextResourceContents { text: page, .. } = &page.contents[0] else {
        panic!("text")
    };
    assert_eq!(*page, text(&answer));
    assert_eq!(client.list_all_resource_templates().await.unwrap()[0].uri_template, "tidewaiter://economy/{code}");
    let gone = client.read_resource(rmcp::model::ReadResourceRequestParams::new("tidewaiter://economy/QQ")).await;
    assert!(gone.is_err());
}

#[tokio::test]
async fn another_day_has_the_rules_of_that_day() {
    let client = client().await;
    let long_ago = call(&client, "economy", json!({ "code": "FR", "date": "1900-01-01" })).await;
    let today = call(&client, "economy", json!({ "code": "FR" })).await;
    assert_ne!(document(&long_ago)["charges"], document(&today)["charges"]);
}
