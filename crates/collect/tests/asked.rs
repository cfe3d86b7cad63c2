//! Which periods a seller has, and what is told of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::Decimal;
use tidewaiter_collect::Period;
use tidewaiter_collect::folder::{Request, made};
use tidewaiter_collect::ledger::{Definitions, Ledger};
use tidewaiter_collect::standing::{State, standings};

fn ledger<'a>(definitions: &'a Definitions, events: &[&str]) -> Ledger<'a> {
    let mut ledger = Ledger::new(definitions);
    for text in events {
        ledger.append(jiff::Timestamp::UNIX_EPOCH, serde_json::from_str(text).unwrap()).unwrap();
    }
    ledger
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn only_periods_that_a_seller_has_are_drafted() {
    let definitions = all();
    let ledger = ledger(
        &definitions,
        &[
            r#"{"kind":"registration","document":"1","scheme":"eu.ioss","number":"IM3720000012","from":"2026-07-01"}"#,
            r#"{"kind":"registration","document":"2","scheme":"no.voec","number":"2012345","from":"2026-07-01"}"#,
            r#"{"kind":"registration","document":"3","scheme":"gb.supplyvat","number":"123456789","from":"2026-08-01"}"#,
        ],
    );
    let asked =
        |scheme: &str, text: &str| ledger.past().has(&definitions[scheme], period(text)).map_err(|why| why.to_string());
    assert_eq!(
        asked("eu.ioss", "2026-Q3").unwrap_err(),
        "eu.ioss has no return for July to September 2026: its returns are for a month. Ask for 2026-07, 2026-08, 2026-09"
    );
    assert!(asked("no.voec", "2026-07").unwrap_err().ends_with("for a quarter. Ask for 2026-07/2026-09"));
    assert!(asked("gb.supplyvat", "2026-Q3").unwrap_err().ends_with("Ask for 2026-05/2026-07, 2026-08/2026-10"));
    assert_eq!(
        asked("gb.supplyvat", "2026-05/2026-07").unwrap_err(),
        "gb.supplyvat has no return for May to July 2026: the first is that for August to October 2026 (2026-08/2026-10)"
    );
    for (scheme, text) in [("eu.ioss", "2026-08"), ("no.voec", "2026-Q3"), ("gb.supplyvat", "2026-08/2026-10")] {
        assert_eq!(asked(scheme, text), Ok(()));
    }
    // A folder has none either.
    let book = tidewaiter_data::ratebook();
    let folder = |text: &str| {
        let request = Request::of(&ledger, book, vec!["gb.supplyvat".into()], period(text), BTreeMap::new());
        made(&ledger, book, &request)
            .map(|files| files.keys().filter(|name| name.ends_with("/return.json")).cloned().collect::<Vec<_>>())
    };
    assert!(folder("2026-Q3").unwrap_err().to_string().contains("the first is that for August to October 2026"));
    assert_eq!(folder("2026-Q4").unwrap(), ["gb.supplyvat/2026-08_2026-10/return.json"]);
}

#[test]
fn a_year_that_was_chosen_is_the_period_that_runs() {
    let definitions = all();
    let ledger = ledger(
        &definitions,
        &[
            r#"{"kind":"registration","document":"1","scheme":"ch.mailorder","number":"CHE-123.456.788","from":"2026-01-01","period":"year"}"#,
        ],
    );
    let found = standings(&ledger, day("2026-11-23")).unwrap();
    let told: Vec<_> = found.iter().map(|one| (one.period, one.state)).collect();
    assert_eq!(told, [(period("2026-01/2026-12"), State::Running)]);
    assert_eq!(found[0].instalments, [day("2026-05-30"), day("2026-08-30"), day("2026-11-30")]);
}

/// Since 2025 the half-year is not for sellers abroad.
#[test]
fn a_length_that_ended_cannot_be_chosen() {
    let definitions = all();
    let registered = |from: &str| {
        let text = format!(
            r#"{{"kind":"registration","document":"1","scheme":"ch.mailorder","number":"CHE-123.456.788","from":"{from}","period":"half year"}}"#
        );
        Ledger::new(&definitions).append(jiff::Timestamp::UNIX_EPOCH, serde_json::from_str(&text).unwrap()).map(|_| ())
    };
    assert!(registered("2024-07-01").is_ok());
    assert!(registered("2025-01-01").unwrap_err().to_string().contains("not made for a half year"));
}

#[test]
fn less_than_the_least_that_is_paid_is_never_late() {
    let definitions = all();
    let zeros = "0".repeat(64);
    let sent = format!(
        r#"{{"kind":"return","document":"Q","scheme":"sg.ovr","period":"2026-Q1","date":"2026-04-20","owed":"4.5","currency":"SGD","sha256":"{zeros}"}}"#
    );
    let ledger = ledger(
        &definitions,
        &[
            r#"{"kind":"registration","document":"1","scheme":"sg.ovr","number":"M90312345A","from":"2026-01-01"}"#,
            r#"{"kind":"sale","document":"A","date":"2026-02-10","to":"SG","currency":"SGD","goods":"50","rows":[{"charge":"sg.gst","scheme":"sg.ovr","rate":"9 %","net":"50","amount":"4.5"}]}"#,
            &sent,
        ],
    );
    let found = standings(&ledger, day("2026-06-30")).unwrap();
    let one = found.iter().find(|one| one.state.is_sent()).unwrap();
    assert_eq!((one.overdue, one.to_order, one.left), (false, Decimal::ZERO, Decimal::ZERO));
}
