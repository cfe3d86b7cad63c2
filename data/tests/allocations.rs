//! Pricing a complete question again and again allocates nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use tidewaiter::Consignment;

#[test]
fn a_warm_quoter_allocates_nothing() {
    let ratebook = tidewaiter_data::ratebook();
    let mut quoter = ratebook.quoter();
    let asked = [
        r#"{"from":"CN","to":"FR","date":"2026-11-21","currency":"EUR","freight":"4.90","channel":"post","seller":{"registrations":["eu.ioss"]},"items":[{"code":"6109.10","origin":"CN","quantity":2,"price":"12.50"},{"code":"9102.11","origin":"CN","price":"79.00"}]}"#,
        r#"{"from":"CN","to":"GB","date":"2026-11-21","currency":"USD","freight":"4.90","channel":"express","items":[{"code":"8501.10","origin":"CN","quantity":2,"price":"112.50"}]}"#,
        r#"{"from":"CN","to":"CH","date":"2026-11-21","currency":"CHF","channel":"post","items":[{"code":"8517.62","origin":"CN","price":"30.00"}]}"#,
    ];
    for json in asked {
        let asked: Consignment = serde_json::from_str(json).unwrap();
        let ready = quoter.ready(&asked).unwrap();
        let first = quoter.total(&ready).expect("a complete question");
        let mut last = None;
        let counted = allocation_counter::measure(|| {
            for _ in 0..100 {
                last = quoter.total(&ready);
            }
        });
        assert_eq!(last, Some(first));
        assert_eq!(counted.count_total, 0, "{json}");
    }
}
