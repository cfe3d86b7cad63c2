//! Orders of a shop, quoted again: rows of parcels are added up, and what cannot be one sale is refused.

use serde_json::{Value, json};
use tidewaiter_collect::checkout::{Checkout, Order};
use tidewaiter_collect::event::Sale;

fn parcel(to: &str, price: &str) -> Value {
    json!({
        "from": "CN", "to": to, "currency": "EUR", "freight": "4.90", "channel": "post", "seller": { "registrations": ["eu.ioss"] },
        "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": price }]
    })
}

fn sale(order: Value) -> Result<Sale, String> {
    let order: Order = serde_json::from_value(order).map_err(|error| error.to_string())?;
    let today = "2026-11-21".parse().unwrap();
    Checkout::new(tidewaiter_data::ratebook()).order(&order, today).map_err(|why| why.to_string())
}

#[test]
fn an_order_is_the_sale_of_its_parcels() {
    // France, 20 %: of 29.90 and of 44.90.
    let (one, other) = (parcel("FR", "12.50"), parcel("FR", "20.00"));
    let order = |parcels: Value, charged: &str| json!({ "document": "R-1", "date": "2026-10-05", "terms": "dap", "parcels": parcels, "charged": charged });
    let first = sale(order(json!([one]), "5.98")).unwrap();
    assert_eq!(first.rows.len(), 1);
    assert_eq!(
        (first.goods.to_string(), first.shipping.to_string(), first.rows[0].net.to_string()),
        ("25".into(), "4.9".into(), "29.9".into())
    );
    assert_eq!(first.rows[0].scheme.as_deref(), Some("eu.ioss"));
    let both = sale(order(json!([one, other]), "14.96")).unwrap();
    assert_eq!(both.rows.len(), 1);
    assert_eq!((both.goods.to_string(), both.shipping.to_string()), ("65".into(), "9.8".into()));
    assert_eq!((both.rows[0].net.to_string(), both.rows[0].amount.to_string()), ("74.8".into(), "14.96".into()));
    // The order of parcels does not matter.
    assert_eq!(sale(order(json!([other, one]), "14.96")).unwrap(), both);
    // The law is that of the day of the order.
    assert_eq!(both.quote.unwrap().date.unwrap().to_string(), "2026-10-05");
}

#[test]
fn what_is_no_one_sale_is_refused() {
    let one = parcel("FR", "12.50");
    let order = |parcels: Value| json!({ "document": "R-1", "date": "2026-10-05", "terms": "dap", "parcels": parcels });
    let with = |key: &str, value: Value| {
        let mut order = order(json!([one]));
        order[key] = value;
        order
    };
    let mut open = one.clone();
    open["items"][0].as_object_mut().unwrap().remove("code");
    open["to"] = json!("US");
    let mut wrong = one.clone();
    wrong["items"][0]["price"] = json!("-1");
    for (order, says) in [
        (with("charged", json!("5.97")), "was charged EUR 5.97, and the quote says 5.98"),
        (order(json!([])), "1 to 20 parcels, not 0"),
        (order(Value::Array(vec![one.clone(); 21])), "1 to 20 parcels, not 21"),
        (order(json!([one, parcel("DE", "12.50")])), "not the same destination"),
        (order(json!([one, wrong])), "parcel 2: "),
        (with("terms", json!("fob")), "unknown variant `fob`"),
        (with("note", json!("")), "unknown field `note`"),
        (with("date", json!("05.10.2026")), "as year"),
    ] {
        let said = sale(order).unwrap_err();
        assert!(said.contains(says), "{said}");
    }
    let said = sale(json!({ "document": "R-2", "date": "2026-10-05", "terms": "ddp", "parcels": [open] })).unwrap_err();
    assert!(said.contains("no exact amount"), "{said}");
}
