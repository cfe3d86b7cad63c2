//! What is refused when it is recorded, and what is told of what is recorded: `data/returns/doubts/`, through a ledger in memory and in a database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::definitions::all;
use crate::worked::drafted;
use crate::year::year;
use serde::Deserialize;
use tidewaiter_collect::doubt::{Doubt, Doubts, Look, number};
use tidewaiter_collect::event::{Event, Registration};
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::ledger::Ledger;

const AT: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default, rename = "words")]
    _words: String,
    given: String,
    #[serde(default)]
    refused: Vec<String>,
    #[serde(default)]
    told: Vec<String>,
    #[serde(default)]
    drafted: Vec<String>,
    #[serde(default)]
    quiet: bool,
    scheme: Option<String>,
    period: Option<String>,
}

impl Case {
    fn events(&self) -> Vec<Event> {
        self.given.trim().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn cases() -> Vec<Case> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/returns/doubts/cases.toml");
    toml::from_str::<File>(&std::fs::read_to_string(path).unwrap()).unwrap().case
}

/// Every part stands in one sentence.
fn holds(name: &str, told: &[String], parts: &[String]) {
    for part in parts {
        assert!(told.iter().any(|one| one.contains(part)), "{name}: {part}\n{}", told.join("\n"));
    }
}

#[test]
fn what_can_never_be_right_is_refused_and_what_is_doubtful_is_told() {
    let definitions = all();
    for case in cases() {
        let mut ledger = Ledger::new(&definitions);
        let mut events = case.events();
        if !case.refused.is_empty() {
            let last = events.pop().unwrap();
            for event in events {
                ledger.append(AT, event).unwrap();
            }
            let why = ledger.append(AT, last).expect_err(&case.name).to_string();
            holds(&case.name, &[why], &case.refused);
            continue;
        }
        for event in &events {
            ledger.append(AT, event.clone()).unwrap_or_else(|why| panic!("{}: {why}", case.name));
        }
        let mut doubts = Doubts::default();
        let look = Look::new(tidewaiter_data::ratebook());
        look.events(&mut doubts, &definitions, ledger.past(), &events, ledger.tax());
        let told = doubts.sentences("document");
        holds(&case.name, &told, &case.told);
        assert_eq!(told.len(), case.told.len(), "{}: {told:?}", case.name);
        assert_eq!(case.quiet, told.is_empty(), "{}: {told:?}", case.name);
        if let (Some(scheme), Some(period)) = (&case.scheme, &case.period) {
            let made = drafted(&ledger, &definitions[scheme], period.parse().unwrap());
            holds(&case.name, &made.warnings, &case.drafted);
            // What is handed on names no document of the seller.
            let document = tidewaiter_collect::export::document(&made).unwrap();
            assert!(made.doubts.iter().all(|doubt| !document.contains(doubt.as_str())), "{document}");
            assert_eq!(made.doubts.is_empty(), made == made.clone().without_doubts());
        }
    }
}

#[cfg(feature = "store")]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_refuses_and_tells_the_same() {
    use tidewaiter_collect::draft::{Rates, draft};
    use tidewaiter_collect::store::Store;
    let definitions = all();
    for (n, case) in cases().into_iter().enumerate() {
        for address in crate::store::addresses(&format!("doubts{n}")).await {
            let store = Store::open(&address).await.unwrap();
            store.add_seller("shop", "A small shop", AT).await.unwrap();
            let taken = store.append(&definitions, "shop", AT, &case.events()).await;
            if !case.refused.is_empty() {
                holds(&case.name, &[taken.expect_err(&case.name).to_string()], &case.refused);
                continue;
            }
            taken.unwrap();
            store.verify(&definitions, "shop").await.unwrap();
            let (Some(scheme), Some(period)) = (&case.scheme, &case.period) else { continue };
            let (definition, period) = (&definitions[scheme], period.parse().unwrap());
            let past = store.past(&definitions, "shop").await.unwrap();
            let collected = store.collected(definition, "shop", period).await.unwrap();
            let rates = Rates::new(tidewaiter_data::ratebook(), &[]);
            let there = draft(definition, past.registration(scheme), &collected, &rates, period).unwrap();
            let mut ledger = Ledger::new(&definitions);
            for event in case.events() {
                ledger.append(AT, event).unwrap();
            }
            assert_eq!(there, drafted(&ledger, definition, period), "{}", case.name);
        }
    }
}

#[test]
fn a_year_of_quotes_raises_no_doubt() {
    let definitions = all();
    let year = year(&definitions, 2_000);
    let events: Vec<Event> = year.ledger.entries().iter().map(|entry| entry.event.clone()).collect();
    let mut doubts = Doubts::default();
    let look = Look::new(tidewaiter_data::ratebook());
    look.events(&mut doubts, &definitions, year.ledger.past(), &events, year.ledger.tax());
    // Sales to New Zealand before the seller had to register there name no charge.
    let told: Vec<String> =
        doubts.sentences("document").into_iter().filter(|one| !one.contains("no charge is named")).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    for made in &year.returns {
        let doubtful = made.warnings.iter().filter(|one| one.contains(" row (") || one.contains(" rows ("));
        assert_eq!(doubtful.collect::<Vec<_>>(), Vec::<&String>::new(), "{} {}", made.scheme, made.period);
    }
}

#[test]
fn what_was_recorded_before_is_read_whatever_is_refused_today() {
    use tidewaiter_collect::ledger::{Entry, GENESIS};
    let definitions = all();
    for case in cases().iter().filter(|case| !case.refused.is_empty()) {
        let mut entries: Vec<Entry> = Vec::new();
        for event in case.events() {
            let last = entries.last().map_or(GENESIS, |entry| entry.hash.as_str()).to_owned();
            entries.push(Entry::next(entries.len() as u64, &last, AT, event));
        }
        let count = entries.len();
        assert_eq!(Ledger::replay(&definitions, entries).unwrap().entries().len(), count, "{}", case.name);
    }
}

#[test]
fn a_number_that_cannot_be_right_is_refused() {
    let (definitions, identifiers) = (all(), Identifiers::read(tidewaiter_data::identifiers()).unwrap());
    let look = |scheme: &str, issued: &str| {
        let one = Registration {
            document: "r".into(),
            scheme: scheme.into(),
            number: issued.into(),
            from: "2026-07-01".parse().unwrap(),
            before: None,
            member_state: None,
            period: None,
        };
        number(&identifiers, &definitions[scheme], &one)
    };
    for (scheme, right) in [
        ("eu.ioss", "IM 372 000001 2"),
        ("gb.supplyvat", "831 4958 16"),
        ("eu.oss", "DE136695976"),
        ("no.voec", "2012345"),
    ] {
        assert_eq!(look(scheme, right), Ok(None), "{scheme} {right}");
    }
    for (scheme, wrong) in [
        ("eu.ioss", "HELLO"),
        ("gb.supplyvat", "DE136695967"),
        ("eu.oss", "HELLO"),
        ("ch.mailorder", "CHE-123.456.789"),
    ] {
        let says = look(scheme, wrong).unwrap_err();
        assert!(says.contains(wrong) && says.contains("tidewaiter collect number"), "{says}");
    }
    // How these look is known from no source that is sure.
    assert!(matches!(look("no.voec", "HELLO"), Ok(Some(Doubt::Number { .. }))));
    assert!(matches!(look("my.lvg", "1"), Ok(Some(Doubt::Number { .. }))));
}
