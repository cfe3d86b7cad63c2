//! What a claim saves where a fact is missing that changes the sum.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use tidewaiter::Consignment;

/// Thirty T-shirts of CAD 9.00 made in the United States: 18 % of 270.00 is 48.60, and the tax on it is from 5 % (Alberta) to
/// 15 % (New Brunswick): 48.60 x 1.05 = 51.03, 48.60 x 1.15 = 55.89. Without duty the tax on 270.00 is from 13.50 to 40.50.
#[test]
fn a_saving_spans_the_provinces() {
    let mut asked = serde_json::json!({
        "from": "US", "to": "CA", "date": "2026-11-22", "currency": "CAD", "channel": "express", "freight": "0",
        "items": [{ "code": "6109.10.00", "origin": "US", "quantity": "30", "price": "9.00" }],
    });
    let saved = |asked: &serde_json::Value| {
        let asked: Consignment = serde_json::from_value(asked.clone()).unwrap();
        let quote = tidewaiter_data::ratebook().quote(&asked).unwrap();
        let saving = quote.savings.into_iter().find(|s| s.program.as_deref() == Some("CUSMA")).expect("a saving");
        [Some(saving.saves), saving.saves_most, Some(saving.total), saving.total_most]
            .map(|sum| sum.map(|s| s.to_string()))
    };
    assert_eq!(saved(&asked).map(Option::unwrap_or_default), ["51.03", "55.89", "13.5", "40.5"]);
    asked["region"] = "AB".into();
    assert_eq!(saved(&asked).map(Option::unwrap_or_default), ["51.03", "", "13.5", ""]);
}
