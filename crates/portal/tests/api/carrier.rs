//! Delivery options for checkouts that ask a carrier: against the published contract, with what is due held against `/v1/quotes`.

use crate::api::ask::{Answer, doors, post, send};
use base64::Engine as _;
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

const DOOR: &str = "/v1/shops/example/carrier-rates";

fn asked(destination: Value, currency: &str, items: Value) -> Value {
    json!({ "rate": {
        "origin": { "country": "CN", "postal_code": "510000", "province": "GD", "address3": null },
        "destination": destination, "items": items, "currency": currency, "locale": "en-GB"
    } })
}

fn tee(quantity: u32, price: u64) -> Value {
    json!({ "name": "T-shirt", "sku": "TEE", "quantity": quantity, "grams": 200, "price": price, "vendor": "Ana",
        "requires_shipping": true, "taxable": true, "fulfillment_service": "manual", "properties": null,
        "product_id": 48_447_225_880_u64, "variant_id": 258_644_705_304_u64 })
}

async fn rates(question: &Value) -> Vec<Value> {
    let answer = post(DOOR, question).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["rates"].as_array().unwrap().clone()
}

fn codes(rates: &[Value]) -> Vec<&str> {
    rates.iter().map(|rate| rate["service_code"].as_str().unwrap()).collect()
}

/// `12.5` as 1250.
fn hundredths(amount: &Value) -> u64 {
    let (whole, part) = amount.as_str().unwrap().split_once('.').unwrap_or((amount.as_str().unwrap(), ""));
    format!("{whole}{part:0<2}").parse().unwrap()
}

/// The question that the shop of the tests makes of a basket.
async fn quote(to: &str, currency: &str, freight: &str, items: Value, more: Value) -> Value {
    let mut question = json!({ "from": "CN", "to": to, "currency": currency, "freight": freight, "channel": "post",
        "seller": { "registrations": ["eu.ioss"] }, "items": items });
    question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = post("/v1/quotes", &question).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn each_way_is_offered_duty_paid_and_duty_unpaid() {
    let told = rates(&asked(json!({ "country": "FR" }), "EUR", json!([tee(2, 1250)]))).await;
    assert_eq!(codes(&told), ["1-ddp", "1-dap", "2-ddp", "2-dap"]);
    let item = json!([{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50", "weight_kg": "0.2", "description": "T-shirt" }]);
    for (at, freight, cents) in [(0, "4.90", 490), (2, "9.50", 950)] {
        let terms = quote("FR", "EUR", freight, item.clone(), json!({})).await["terms"].clone();
        for (rate, sum) in [(&told[at], &terms["checkout_ddp"]), (&told[at + 1], &terms["checkout_dap"])] {
            assert_eq!(sum["least_asked"], sum["most_asked"]);
            let due = hundredths(&sum["least_asked"]);
            assert_eq!(rate["total_price"], (cents + due).to_string(), "{rate}");
            assert_eq!(rate["currency"], "EUR");
        }
        // Registered for IOSS, the seller itself takes the tax: it is in both prices.
        assert!(hundredths(&terms["checkout_dap"]["least_asked"]) > 0);
    }
    assert_eq!(told[0]["service_name"], "Airmail, duty paid");
    for rate in &told {
        let fields: Vec<&String> = rate.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["service_name", "service_code", "total_price", "currency", "description"]);
        assert!(rate["total_price"].is_string() && !rate["description"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn duty_paid_is_left_out_where_the_sum_is_not_known() {
    let mug = json!({ "name": "Mug", "sku": "MUG", "quantity": 1, "grams": 300, "price": 9000 });
    let told = rates(&asked(json!({ "country": "US", "province": "NY" }), "EUR", json!([mug]))).await;
    assert_eq!(codes(&told), ["1-dap"]);
    let said = told[0]["description"].as_str().unwrap();
    assert!(said.contains("at the door") && !said.contains("0.00 of import"), "{said}");
    assert_eq!(told[0]["total_price"], "490", "what is not known is in no price");
}

#[tokio::test]
async fn what_may_not_come_in_is_not_delivered() {
    let items =
        json!([{ "code": "2402.20", "origin": "CN", "quantity": 400, "price": "10", "description": "Cigarettes" }]);
    let everywhere = ["FR", "EE", "FO"];
    let mut refused = 0;
    for to in everywhere {
        let outcome = quote(to, "EUR", "4.90", items.clone(), json!({})).await["outcome"].clone();
        let smoke = json!({ "name": "Cigarettes", "sku": "SMOKE", "quantity": 400, "price": 1000 });
        let told = rates(&asked(json!({ "country": to }), "EUR", json!([smoke]))).await;
        if outcome == "prohibited" || outcome == "not-allowed" {
            assert_eq!(told, Vec::<Value>::new(), "{to}");
            refused += 1;
        }
    }
    assert!(refused > 0, "some of them refuse so many by post");
}

#[tokio::test]
async fn yen_come_and_go_in_hundredths_and_dinars_are_refused() {
    let told = rates(&asked(json!({ "country": "GB" }), "JPY", json!([tee(3, 600_000)]))).await;
    let item = json!([{ "code": "6109.10", "origin": "CN", "quantity": 3, "price": "6000", "weight_kg": "0.2", "description": "T-shirt" }]);
    let sum = quote("GB", "JPY", "800", item, json!({})).await["terms"]["checkout_ddp"].clone();
    assert_eq!(sum["least_asked"], sum["most_asked"]);
    assert_eq!(told[0]["total_price"], (80_000 + hundredths(&sum["least_asked"])).to_string());
    assert!(told[0]["total_price"].as_str().unwrap().ends_with("00"), "there is no part of a yen");
    let answer = post(DOOR, &asked(json!({ "country": "FR" }), "KWD", json!([tee(1, 1000)]))).await;
    assert_eq!((answer.status, answer.wrong()), (422, vec!["rate.currency".to_owned()]));
}

#[tokio::test]
async fn what_does_not_travel_is_not_goods_and_takes_its_part_of_the_discount() {
    let card = json!({ "name": "Gift card", "sku": "CARD", "quantity": 1, "price": 2500, "requires_shipping": false });
    let mut question = asked(json!({ "country": "FR" }), "EUR", json!([tee(2, 1250), card]));
    question["rate"]["order_totals"] = json!({ "subtotal_price": 5000, "total_price": 4501, "discount_amount": 499 });
    let told = rates(&question).await;
    let item = json!([{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50", "weight_kg": "0.2", "description": "T-shirt" }]);
    // Half of 4.99, rounded down.
    let with = quote("FR", "EUR", "4.90", item, json!({ "discount": "2.49" })).await;
    let due = hundredths(&with["terms"]["checkout_ddp"]["least_asked"]);
    assert_eq!(told[0]["total_price"], (490 + due).to_string());
    let nothing = asked(json!({ "country": "FR" }), "EUR", json!([card]));
    assert_eq!(rates(&nothing).await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_postcode_of_a_place_with_its_own_rules_counts() {
    let madrid = rates(&asked(json!({ "country": "ES", "postal_code": "28001" }), "EUR", json!([tee(4, 6000)]))).await;
    let tenerife =
        rates(&asked(json!({ "country": "ES", "postal_code": "38001" }), "EUR", json!([tee(4, 6000)]))).await;
    assert_ne!(madrid[0]["total_price"], tenerife[0]["total_price"]);
    assert_eq!(tenerife, rates(&asked(json!({ "country": "IC" }), "EUR", json!([tee(4, 6000)]))).await);
}

#[tokio::test]
async fn a_way_takes_what_it_says() {
    let heavy = rates(&asked(json!({ "country": "FR" }), "EUR", json!([tee(11, 1250)]))).await;
    assert_eq!(codes(&heavy), ["1-ddp", "1-dap"], "2.2 kg is more than 2");
    let far = rates(&asked(json!({ "country": "CH" }), "EUR", json!([tee(1, 1250)]))).await;
    assert!(codes(&far).iter().all(|code| code.starts_with('1')), "{far:?}");
    assert_eq!(rates(&asked(json!({ "country": "FR" }), "USD", json!([tee(1, 1250)]))).await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_buyer_reads_it_in_their_language() {
    let mut question = asked(json!({ "country": "FR" }), "EUR", json!([tee(2, 1250)]));
    for (locale, says) in
        [("fr-CA", "droits"), ("es", "derechos"), ("de", "duty paid"), ("", "duty paid"), ("é", "duty paid")]
    {
        question["rate"]["locale"] = json!(locale);
        let told = rates(&question).await;
        assert!(told[0]["service_name"].as_str().unwrap().contains(says), "{locale}: {}", told[0]);
    }
}

async fn signed(signature: Option<&str>, body: &str) -> Answer {
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(signature.map(|signature| ("x-shopify-hmac-sha256", signature)));
    send(&doors(), "POST", "/v1/shops/signed/carrier-rates", &headers, body.to_owned()).await
}

#[tokio::test]
async fn a_shop_with_a_secret_is_answered_when_it_signs() {
    let body = asked(json!({ "country": "FR" }), "EUR", json!([tee(2, 1250)])).to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(b"a secret of the tests").unwrap();
    mac.update(body.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(signed(Some(&signature), &body).await.status, 200);
    for (signature, body) in
        [(None, body.clone()), (Some("AAAA"), body.clone()), (Some(&*signature), body.clone() + " ")]
    {
        let answer = signed(signature, &body).await;
        assert_eq!((answer.status, answer.kind()), (401, "application/problem+json"));
        assert!(!answer.text().contains("of the tests"));
    }
}

#[tokio::test]
async fn wrong_questions_are_refused_so_that_the_shop_falls_back() {
    let good = asked(json!({ "country": "FR" }), "EUR", json!([tee(2, 1250)]));
    assert_eq!(post("/v1/shops/nobody/carrier-rates", &good).await.status, 404);
    for (change, status) in [
        ("/rate/destination/country", 422),
        ("/rate/items/0/price", 422),
        ("/rate/items/0/quantity", 422),
        ("/rate/currency", 422),
        ("/rate/items", 422),
    ] {
        let mut wrong = good.clone();
        *wrong.pointer_mut(change).unwrap() = json!(-1);
        assert_eq!(post(DOOR, &wrong).await.status, status, "{change}");
    }
    for (place, value) in
        [("/rate/destination/country", "XQ"), ("/rate/destination/country", ""), ("/rate/currency", "EURO")]
    {
        let mut wrong = good.clone();
        *wrong.pointer_mut(place).unwrap() = json!(value);
        let answer = post(DOOR, &wrong).await;
        assert!(
            answer.status == 422 || value == "EURO" && answer.json()["rates"] == json!([]),
            "{place} {value}: {}",
            answer.text()
        );
    }
    let mut list = good.clone();
    list["rate"]["origin"] = json!([null, null]);
    assert_eq!(post(DOOR, &list).await.wrong(), ["rate.origin"], "a list is no address");
    let mut huge = good;
    huge["rate"]["items"][0]["price"] = json!(u64::MAX);
    assert_eq!(post(DOOR, &huge).await.status, 422);
}

#[tokio::test]
async fn nothing_is_said_to_be_due_where_nothing_is_known() {
    let told = rates(&asked(json!({ "country": "DE", "postal_code": "27498" }), "EUR", json!([tee(40, 2500)]))).await;
    assert_eq!(codes(&told), ["1-dap"]);
    assert!(told[0]["description"].as_str().unwrap().contains("is not known"), "{}", told[0]);
}

#[tokio::test]
async fn a_way_goes_to_the_place_and_not_to_the_name_of_the_state() {
    let of = |postcode: &'static str| async move {
        rates(&asked(json!({ "country": "GB", "postal_code": postcode }), "EUR", json!([tee(1, 1250)]))).await
    };
    assert!(codes(&of("SW1A 2AA").await).contains(&"2"), "Tracked goes to Great Britain");
    assert!(!codes(&of("JE2 3QA").await).iter().any(|code| code.starts_with('2')), "and not to Jersey");
}

#[tokio::test]
async fn at_home_a_way_has_its_price_alone() {
    let told = rates(&asked(json!({ "country": "CN" }), "EUR", json!([tee(1, 1250)]))).await;
    assert_eq!((codes(&told), &told[0]["total_price"]), (vec!["1"], &json!("490")));
}

#[tokio::test]
async fn a_wrong_origin_in_the_table_spoils_no_basket() {
    let odd = json!({ "name": "Cap", "sku": "CAP", "quantity": 1, "grams": 100, "price": 1000 });
    let told = rates(&asked(json!({ "country": "US", "province": "NY" }), "EUR", json!([tee(1, 1250), odd]))).await;
    assert_eq!(codes(&told), ["1-dap"], "an origin that is none is not known");
}

#[tokio::test]
async fn where_nothing_is_due_at_the_door_there_is_one_way() {
    // A shop in China sends a small parcel to Great Britain: the tax is the seller's, and no duty is due.
    let told = rates(&asked(json!({ "country": "GB", "postal_code": "SW1A 2AA" }), "EUR", json!([tee(1, 1250)]))).await;
    assert_eq!(codes(&told), ["1", "2"]);
    let said = told[0]["description"].as_str().unwrap();
    assert!(said.contains("Nothing more is due at the door"), "{said}");
}
