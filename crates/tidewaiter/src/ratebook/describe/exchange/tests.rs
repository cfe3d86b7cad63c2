//! Exchange rates of a fictional central bank.

use super::super::compile::{World, compile};
use super::*;
use jiff::civil::date;

/// Rates of three days, with a currency that ended and one that began; and a series of a territory without any rate.
fn book() -> Ratebook {
    let world = World {
        territories: toml::from_str("territory = [{ code = 'QQ', name = 'Queue', kind = 'country', currency = 'QDD' }]")
            .unwrap(),
        currencies: toml::from_str(
            "currency = [{ code = 'TPP', name = 'Third pound', minor = 3 }, { code = 'QDD', name = 'Queue dollar', minor = 2 }, { code = 'RCC', name = 'Ruritanian crown', minor = 0 }]",
        )
        .unwrap(),
        series: toml::from_str(
            r#"series = [
              { key = "main", name = "Main rates", publisher = "Central bank", base = "QDD", file = "main.csv", url = "https://example.org/rates", note = "Not every day." },
              { key = "empty", name = "None yet", publisher = "Customs", base = "RCC", file = "empty.csv", territory = "QQ" },
            ]"#,
        )
        .unwrap(),
        rates: [
            ("main.csv".to_owned(), "date,TPP,RCC\n2026-01-05,0.7311,\n2026-01-02,0.731,112.37\n2026-06-01,,113.4\n".to_owned()),
            ("empty.csv".to_owned(), "date,QDD\n".to_owned()),
        ]
        .into(),
        ..World::default()
    };
    Ratebook::from_vec(compile(&world, &[]).unwrap()).unwrap()
}

#[test]
fn lists_series() {
    let all = book().series();
    assert_eq!(all.len(), 2);
    let main = &all[0];
    assert_eq!((main.key.as_str(), main.publisher.as_str(), main.base.as_str()), ("main", "Central bank", "QDD"));
    assert_eq!(main.url.as_deref(), Some("https://example.org/rates"));
    assert_eq!(main.currencies, ["RCC", "TPP"]);
    assert_eq!((main.first, main.last, main.count), (Some(date(2026, 1, 2)), Some(date(2026, 6, 1)), 4));
    assert_eq!(main.territory, None);
    let empty = &all[1];
    assert_eq!((empty.first, empty.last, empty.count, empty.url.as_deref()), (None, None, 0, None));
    assert_eq!(empty.territory.as_deref(), Some("QQ"));
}

#[test]
fn gives_the_newest_rate_at_or_before_a_day() {
    let said = |day: Date| {
        let rates = book().exchange_rates("main", day).unwrap();
        rates.into_iter().map(|r| format!("{} {} of {}", r.currency, r.rate, r.day)).collect::<Vec<_>>()
    };
    assert_eq!(said(date(2026, 1, 4)), ["RCC 112.37 of 2026-01-02", "TPP 0.731 of 2026-01-02"]);
    assert_eq!(said(date(2026, 1, 5)), ["RCC 112.37 of 2026-01-02", "TPP 0.7311 of 2026-01-05"]);
    assert_eq!(said(date(2027, 1, 1)), ["RCC 113.4 of 2026-06-01", "TPP 0.7311 of 2026-01-05"]);
    assert!(said(date(2026, 1, 1)).is_empty(), "before the first day there is no rate");
    assert_eq!(book().exchange_rates("other", date(2026, 1, 5)), None);
}

#[test]
fn gives_the_history_of_a_currency() {
    let history = book().exchange_history("main", "RCC").unwrap();
    let json = serde_json::to_value(&history).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "series": "main", "base": "QDD", "currency": "RCC",
            "rates": [{ "day": "2026-01-02", "rate": "112.37" }, { "day": "2026-06-01", "rate": "113.4" }],
        })
    );
    assert_eq!(book().exchange_history("main", "QDD"), None, "one of the base is one");
    assert_eq!(book().exchange_history("main", "XXX"), None);
    assert_eq!(book().exchange_history("empty", "QDD"), None);
}
