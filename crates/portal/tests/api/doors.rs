//! What each door answers.

use crate::api::ask::{doors, get, post, send};
use crate::api::shape;
use axum::body::Body;
use serde_json::{Value, json};

fn texts(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one[field].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_quote_can_show_its_steps() {
    let asked = json!({ "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR",
        "items": [{ "code": "6109.10", "origin": "CN", "price": "12.50" }] });
    let short = post("/v1/quotes", &asked).await.json();
    let long = post("/v1/quotes?steps=true", &asked).await.json();
    assert_eq!(short["steps"], Value::Null);
    assert!(!long["steps"].as_array().unwrap().is_empty());
    assert_eq!(short["total"], long["total"]);
}

#[tokio::test]
async fn a_wrong_question_names_its_fields() {
    let asked = json!({ "to": "XQ", "currency": "EURO", "items": [{ "code": "6109.10", "price": "1" }] });
    let answer = post("/v1/quotes", &asked).await;
    assert_eq!((answer.status, answer.kind()), (422, "application/problem+json"));
    assert_eq!(answer.wrong(), ["to", "currency"]);
    let asked = json!({ "to": "FR", "currency": "EUR", "items": [{ "code": "6109.10", "prize": "1" }] });
    assert_eq!(post("/v1/quotes", &asked).await.wrong(), ["items[0].prize"]);
}

#[tokio::test]
async fn destinations_are_compared() {
    let item = json!({ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" });
    let asked = json!({ "consignment": { "from": "CN", "date": "2026-11-21", "currency": "EUR", "items": [item] },
        "to": ["FR", "ch", "XQ"] });
    let answer = post("/v1/quotes/compare", &asked).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = answer.json();
    assert_eq!(told["asked_currency"], "EUR");
    let of = &told["destinations"];
    assert_eq!(texts(of, "to"), ["FR", "ch", "XQ"]);
    assert_eq!(of[0]["quote"]["to_name"], "France");
    assert_eq!(of[1]["quote"]["currency"], "CHF");
    assert_eq!(of[2]["problem"]["errors"][0]["field"], "to");
    // The short quote is the long one without its reasons.
    let mut alone = asked["consignment"].clone();
    alone["to"] = "FR".into();
    let long = post("/v1/quotes", &alone).await.json();
    for field in ["outcome", "total", "landed", "by_kind", "terms", "confidence"] {
        assert_eq!(of[0]["quote"][field], long[field], "{field}");
    }
    let wrong = json!({ "consignment": { "currency": "EUR", "items": [{ "prize": 1 }] }, "to": ["FR"] });
    assert_eq!(post("/v1/quotes/compare", &wrong).await.wrong(), ["consignment.items[0].prize"]);
}

#[tokio::test]
async fn a_refusal_has_no_sums_in_a_comparison() {
    let everywhere: Vec<String> = texts(&get("/v1/economies").await.json()["economies"], "code");
    let asked = json!({ "consignment": { "from": "CN", "date": "2026-11-21", "currency": "EUR", "channel": "post",
        "items": [{ "code": "2402.20", "origin": "CN", "quantity": 400, "price": "10" }] }, "to": everywhere });
    let told = post("/v1/quotes/compare", &asked).await.json();
    let mut refused = 0;
    for one in told["destinations"].as_array().unwrap() {
        let kinds = ["quote", "refusal", "problem"].into_iter().filter(|kind| one.get(kind).is_some()).count();
        assert_eq!(kinds, 1, "{one}");
        let Some(refusal) = one.get("refusal") else { continue };
        refused += 1;
        assert!(refusal.get("total").is_none() && refusal.get("landed").is_none(), "{refusal}");
        assert!(!refusal["reasons"].as_array().unwrap().is_empty(), "{refusal}");
    }
    assert!(refused > 0, "some refuse so many cigarettes by post");
}

#[tokio::test]
async fn codes_are_suggested_beside_the_quote() {
    let asked = json!({ "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR",
        "items": [{ "description": "mug", "origin": "CN", "price": "12.50" }] });
    let answer = post("/v1/quotes/suggestions", &asked).await.json();
    assert_eq!(answer["quote"], post("/v1/quotes", &asked).await.json(), "the quote does not change");
    let of = &answer["goods_code_suggestions"];
    assert_eq!(of["items"][0]["item"], 1);
    let said = post("/v1/quotes/suggestions?answer=1:made-of:porcelain&lang=fr", &asked).await.json();
    assert_eq!(said["goods_code_suggestions"]["items"][0]["codes"][0]["code"], "691110");
    let wrong = post("/v1/quotes/suggestions?answer=made-of:cheese", &asked).await;
    assert_eq!((wrong.status, wrong.wrong()), (422, vec!["answer".to_owned()]));
    let mut coded = asked.clone();
    coded["items"][0]["code"] = "6911.10".into();
    let plain = post("/v1/quotes/suggestions", &coded).await.json();
    assert_eq!(plain["goods_code_suggestions"], Value::Null);
}

#[tokio::test]
async fn words_lead_to_codes_and_codes_to_the_tree() {
    let found = get("/v1/goods-codes?q=wooden+toy+train&most=3&lang=en").await.json();
    assert_eq!(found["codes"][0]["code"], "950300");
    assert!(found["codes"].as_array().unwrap().len() <= 3);
    let mug = get("/v1/goods-codes?q=mug&answer=made-of:porcelain").await.json();
    assert_eq!(mug["codes"][0]["code"], "691110");
    let vague = get("/v1/goods-codes?q=gift").await.json();
    assert_eq!((vague["vague"].as_str(), vague["codes"].as_array().map(Vec::len)), (Some("only-general"), Some(0)));
    let root = get("/v1/goods-codes").await.json();
    assert_eq!(root["below"].as_array().unwrap().len(), 21);
    let heading = get("/v1/goods-codes/61.09?lang=es").await.json();
    assert_eq!(heading["code"], "6109");
    assert_eq!(get("/v1/goods-codes/6199").await.status, 404);
    assert_eq!(get("/v1/goods-codes?answer=made-of:cotton").await.wrong(), ["q"]);
}

#[tokio::test]
async fn economies_and_their_tariffs_are_shown() {
    let all = get("/v1/economies").await.json();
    assert_eq!(all["date"], "2026-11-22");
    assert!(all["economies"].as_array().unwrap().len() > 100);
    let france = get("/v1/economies/fr").await.json();
    assert_eq!(france["name"], "France");
    assert_eq!(get("/v1/economies/ZZ").await.status, 404);
    let tariff = get("/v1/economies/US/measures/6109.10").await;
    assert_eq!(tariff.status, 200, "{}", tariff.text());
    let tariff = tariff.json();
    let cited = tariff["measures"].as_array().unwrap().iter().flat_map(|one| one["cites"].as_array().unwrap());
    let keys = texts(&tariff["sources"], "key");
    for key in cited {
        assert!(keys.contains(&key.as_str().unwrap().to_owned()), "{key} has no source");
    }
    assert_eq!(get("/v1/economies/FR/measures/61x").await.wrong(), ["code"]);
    assert_eq!(get("/v1/economies/FR/measures/6109?origin=ZQ").await.wrong(), ["origin"]);
    assert_eq!(get("/v1/economies/ZZ/measures/6109").await.status, 404);
    for none in ["6199", "6109.99", "0000", "6199.10.0000"] {
        assert_eq!(get(&format!("/v1/economies/FR/measures/{none}")).await.status, 404, "there is no {none}");
    }
    assert!(texts(&get("/v1/territories").await.json()["territories"], "code").contains(&"IT-LIVIGNO".to_owned()));
    assert!(texts(&get("/v1/currencies").await.json()["currencies"], "code").contains(&"JPY".to_owned()));
}

#[tokio::test]
async fn the_data_says_how_old_it_is() {
    let told = get("/v1/editions").await.json();
    assert_eq!(told["today"], "2026-11-22");
    for economy in told["economies"].as_array().unwrap() {
        let editions = economy["editions"].as_array().unwrap();
        assert!(!editions.is_empty(), "{economy}");
        for edition in editions {
            assert_eq!(edition["sha256"].as_str().unwrap().len(), 64);
            assert!(edition["age_days"].as_i64().is_some(), "{edition}");
        }
    }
    let answer = get("/v1/ratebook").await;
    assert_eq!((answer.status, answer.kind()), (200, "application/octet-stream"));
    assert_eq!(answer.body, tidewaiter_data::bytes());
    assert_eq!(told["ratebook"]["bytes"], answer.body.len());
}

#[tokio::test]
async fn exchange_rates_and_changes_are_told() {
    let all = get("/v1/exchange-rates").await.json();
    assert!(texts(&all["series"], "key").contains(&"ecb".to_owned()));
    assert!(all["series"][0].get("rates").is_none());
    let day = get("/v1/exchange-rates?series=ecb&date=2026-11-20").await.json();
    assert!(texts(&day["series"][0]["rates"], "currency").contains(&"USD".to_owned()));
    assert_eq!(get("/v1/exchange-rates?series=none").await.status, 404);
    let history = get("/v1/exchange-rates/ecb/usd").await.json();
    assert_eq!((history["base"].as_str(), history["currency"].as_str()), (Some("EUR"), Some("USD")));
    let changes = get("/v1/changes?from=2026-06-01&before=2026-08-01&territory=FR").await.json();
    let days = texts(&changes["changes"], "day");
    assert!(days.contains(&"2026-07-01".to_owned()), "the relief of small parcels ended: {days:?}");
    assert_eq!(get("/v1/changes?from=2026-06-01&before=2026-06-01").await.wrong(), ["before"]);
    assert_eq!(get("/v1/changes?territory=ZQ").await.wrong(), ["territory"]);
}

#[tokio::test]
async fn an_order_is_divided_and_a_price_is_found() {
    let item = |code: &str, price: &str| json!({ "code": code, "origin": "CN", "price": price });
    let asked = json!({ "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "12",
        "items": [item("6109.10", "100"), item("9102.11", "90")] });
    let plan = post("/v1/quotes/plan", &asked).await.json();
    let library = tidewaiter_data::ratebook().plan(&serde_json::from_value(asked).unwrap()).unwrap();
    assert_eq!(plan, serde_json::to_value(&library).unwrap());
    let one = json!({ "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "4.90", "channel": "post",
        "sale": "b2c", "declaration": "H7", "seller": { "registrations": ["eu.ioss"] }, "items": [item("6109.10", "12.50")] });
    let answer = post("/v1/quotes/reverse", &json!({ "consignment": one, "landed": "60" })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["solutions"][0]["landed"], "60");
    let answer = post("/v1/quotes/reverse", &json!({ "consignment": one, "landed": "-1" })).await;
    assert_eq!(answer.wrong(), ["landed"]);
}

#[tokio::test]
async fn schemas_are_those_of_the_code() {
    let names = texts(&get("/v1/schemas").await.json()["schemas"], "name");
    assert!(names.contains(&"consignment".to_owned()));
    for name in &names {
        let answer = get(&format!("/v1/schemas/{name}")).await;
        assert_eq!((answer.status, answer.kind()), (200, "application/schema+json"), "{name}");
        assert_eq!(answer.json()["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
    }
    assert_eq!(get("/v1/schemas/none").await.status, 404);
    let quote = get("/v1/schemas/quote").await.json();
    let example = get("/v1/quotes?goods=6109.10&price=12.50&to=FR&currency=EUR").await.json();
    assert_eq!(shape::wrong(&quote, &quote, &example), Vec::<String>::new());
    let mut other = example.clone();
    other["total"]["least"] = json!(true);
    other["more"] = json!(1);
    assert_eq!(shape::wrong(&quote, &quote, &other).len(), 2, "the check can fail");
}

#[tokio::test]
async fn what_one_has_is_not_sent_again() {
    let first = get("/v1/economies/FR").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && first.header("cache-control").contains("max-age"), "{:?}", first.headers);
    let again = send(&doors(), "GET", "/v1/economies/FR", &[("if-none-match", &tag)], Body::empty()).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = send(&doors(), "GET", "/v1/economies/DE", &[("if-none-match", &tag)], Body::empty()).await;
    assert_eq!(other.status, 200);
    let head = send(&doors(), "HEAD", "/v1/economies/FR", &[], Body::empty()).await;
    assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, tag.as_str()));
}

#[tokio::test]
async fn only_what_fits_nothing_is_refused() {
    let ask = |accept: &'static str| async move {
        send(&doors(), "GET", "/v1/currencies", &[("accept", accept)], Body::empty()).await
    };
    for accept in ["*/*", "application/*", "application/json", "text/html;q=0.9, */*;q=0.1"] {
        assert_eq!(ask(accept).await.status, 200, "{accept}");
    }
    let refused = ask("text/html").await;
    assert_eq!((refused.status, refused.kind()), (406, "application/problem+json"));
}
