//! Ledgers in databases: as in memory, for two writers, and where the program or the database stops at any point.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

#[path = "../../repository/tests/crash/faults.rs"]
pub(crate) mod faults;

use crate::definitions::all;
use crate::worked::drafted;
use crate::year::year;
use faults::{Faults, FaultyDatabase};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tidewaiter::Decimal;
use tidewaiter_collect::draft::{Collected, Rates, draft};
use tidewaiter_collect::event::{Event, Refund};
use tidewaiter_collect::ledger::{Ledger, Refused};
use tidewaiter_collect::store::{Store, StoreError, Taken};
use tidewaiter_repository::store::db;

/// Says where a PostgreSQL server is for tests: `postgres://user@host/`, to which names of databases are added.
const POSTGRES: &str = "TIDEWAITER_TEST_POSTGRES";
const AT: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

/// A new file, and a new database on the server where there is one.
pub(crate) async fn addresses(name: &str) -> Vec<String> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let unique = format!("collect_{name}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&unique);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut all = vec![folder.join("ledger.db").display().to_string()];
    match std::env::var(POSTGRES) {
        Ok(server) => {
            use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
            let mut connection = sqlx::PgConnection::connect(&format!("{server}postgres")).await.unwrap();
            connection.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {unique} WITH (FORCE)"))).await.unwrap();
            connection.execute(AssertSqlSafe(format!("CREATE DATABASE {unique}"))).await.unwrap();
            // What tests stop is a client of the server, never the server.
            connection
                .execute(AssertSqlSafe(format!("ALTER DATABASE {unique} SET synchronous_commit = off")))
                .await
                .unwrap();
            connection.close().await.unwrap();
            all.push(format!("{server}{unique}"));
        }
        Err(_) => eprintln!("{POSTGRES} is not set: {name} runs on SQLite alone"),
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_tells_what_a_ledger_in_memory_tells() {
    let definitions = all();
    let year = year(&definitions, 1_000);
    let events: Vec<Event> = year.ledger.entries().iter().map(|entry| entry.event.clone()).collect();
    for address in addresses("same").await {
        let store = Store::open(&address).await.unwrap();
        store.add_seller("shop", "A small shop", AT).await.unwrap();
        // In unequal parts, so that sales and what is about them stand in different ones.
        let mut rest = events.as_slice();
        let mut size = 1;
        while !rest.is_empty() {
            let (part, after) = rest.split_at(size.min(rest.len()));
            let taken = store.append(&definitions, "shop", AT, part).await.unwrap();
            assert_eq!(taken, Taken { recorded: part.len() as u64, known: 0 });
            (rest, size) = (after, size * 2 % 331 + 1);
        }
        let sellers = store.sellers().await.unwrap();
        assert_eq!((sellers[0].entries, sellers[0].head.as_str()), (events.len() as u64, year.ledger.head()));
        assert_eq!(store.verify(&definitions, "shop").await.unwrap(), events.len() as u64);
        let past = store.past(&definitions, "shop").await.unwrap();
        assert_eq!(past.balances(), year.ledger.balances());
        // Everything again changes nothing.
        let taken = store.append(&definitions, "shop", AT, &events).await.unwrap();
        assert_eq!(taken, Taken { recorded: 0, known: events.len() as u64 });
        assert_eq!(store.sellers().await.unwrap(), sellers);
        let noted = store.rates("shop").await.unwrap();
        let rates = Rates::new(tidewaiter_data::ratebook(), &noted);
        for made in &year.returns {
            let definition = &definitions[&made.scheme];
            let collected = store.collected(definition, "shop", made.period).await.unwrap();
            let again = draft(definition, past.registration(&made.scheme), &collected, &rates, made.period).unwrap();
            assert_eq!(again, drafted(&year.ledger, definition, made.period));
            // Each figure opens to the sales behind it.
            let mut lines = Vec::new();
            let mut after = (0, 0);
            loop {
                let some = store.lines("shop", &made.scheme, made.period, after, 7).await.unwrap();
                let Some((place, _)) = some.last() else { break };
                after = *place;
                lines.extend(some);
            }
            let own = year
                .ledger
                .tax()
                .iter()
                .filter(|line| line.scheme == made.scheme && line.declared == Some(made.period));
            let told: Vec<_> = lines.iter().map(|(_, line)| (line.document.clone(), line.net, line.tax)).collect();
            assert_eq!(told, own.map(|line| (line.document.clone(), line.net, line.tax)).collect::<Vec<_>>());
        }
        store.close().await;
    }
}

/// Amendments, other lengths of periods, late first returns: the histories of the fuzz seeds, one event at a time.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_takes_and_refuses_what_a_ledger_in_memory_does() {
    let definitions = all();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/collect_event");
    for address in addresses("seeds").await {
        let store = Store::open(&address).await.unwrap();
        let (mut all, mut amending) = ((0, 0), 0);
        for (n, entry) in std::fs::read_dir(&folder).unwrap().enumerate() {
            let seller = format!("shop-{n}");
            store.add_seller(&seller, "A shop", AT).await.unwrap();
            let mut ledger = Ledger::new(&definitions);
            for line in std::fs::read_to_string(entry.unwrap().path()).unwrap().lines() {
                let event: Event = serde_json::from_str(line).unwrap();
                let taken = store.append(&definitions, &seller, AT, std::slice::from_ref(&event)).await;
                match (ledger.append(AT, event), taken) {
                    (Ok(_), Ok(_)) => all.0 += 1,
                    (Err(one), Err(StoreError::Refused { why, .. })) => {
                        assert_eq!(one, why);
                        all.1 += 1;
                    }
                    (one, other) => panic!("{line}: {one:?}, {other:?}"),
                }
                let past = store.past(&definitions, &seller).await.unwrap();
                assert_eq!(past.balances(), ledger.balances(), "{line}");
                amending += same_amendments(&store, &seller, &ledger).await;
            }
            assert_eq!(store.verify(&definitions, &seller).await.unwrap(), ledger.entries().len() as u64);
            let rows = store.sellers().await.unwrap();
            assert_eq!(rows.iter().find(|row| row.id == seller).unwrap().head, ledger.head());
        }
        assert!(all.0 > 15, "{all:?}");
        assert!(amending > 0, "nothing ever waited");
        store.close().await;
    }
}

/// What waits for an amendment is the same in the store as in memory, for every period of which a return was sent. How many have something.
async fn same_amendments(store: &Store, seller: &str, ledger: &Ledger<'_>) -> usize {
    let mut found = 0;
    let noted = store.rates(seller).await.unwrap();
    let rates = Rates::new(tidewaiter_data::ratebook(), &noted);
    let past = store.past(ledger.definitions(), seller).await.unwrap();
    for entry in ledger.entries() {
        let Event::Return(sent) = &entry.event else { continue };
        let definition = &ledger.definitions()[&sent.scheme];
        let registration = past.registration(&sent.scheme);
        let since = ledger.amended(&sent.scheme, sent.period);
        let here = Collected::amending(definition, registration, ledger.tax(), sent.period, since).unwrap();
        let there = store.amending(definition, seller, sent.period).await.unwrap();
        assert_eq!(here.early, there.early);
        // The database has parts in another order.
        let made = |of: &Collected| draft(definition, registration, of, &rates, sent.period).unwrap();
        assert_eq!(made(&there), made(&here), "{} {}", sent.scheme, sent.period);
        let lines = |of: &Collected| of.parts.iter().map(|part| part.lines).sum::<u64>();
        assert_eq!(lines(&there), ledger.waiting(&sent.scheme, sent.period).count() as u64);
        let sendings = store.sendings(seller, &sent.scheme, sent.period).await.unwrap();
        assert_eq!((sendings.first.as_ref(), sendings.since()), (Some(sent), since));
        found += usize::from(!there.parts.is_empty());
    }
    found
}

/// Late sales and two amendments, one after the other: what the first took is not in the second.
#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_takes_what_came_before_it_and_no_more() {
    let definitions = all();
    let sale = |document: &str, day: &str, net: i64| {
        format!(
            r#"{{"kind":"sale","document":"{document}","date":"{day}","to":"NO","currency":"NOK","goods":"{net}00","rows":[{{"charge":"no.vat","scheme":"no.voec","rate":"25 %","rate_type":"standard","net":"{net}00","amount":"{tax}"}}]}}"#,
            tax = net * 25
        )
    };
    let amended = |document: &str| {
        format!(
            r#"{{"kind":"amendment","document":"{document}","of":"Q1","scheme":"no.voec","period":"2025-Q1","date":"2025-05-10","owed":"1","currency":"NOK","sha256":""}}"#
        )
    };
    let lines = [
        r#"{"kind":"registration","document":"R","scheme":"no.voec","number":"2012345","from":"2025-02-15"}"#.to_owned(),
        sale("A", "2025-02-20", 4),
        r#"{"kind":"return","document":"Q1","scheme":"no.voec","period":"2025-Q1","date":"2025-04-10","owed":"100","currency":"NOK","sha256":""}"#.into(),
        sale("B", "2025-03-01", 5),
        sale("C", "2025-02-01", 6),
        amended("first"),
        sale("D", "2025-03-02", 7),
        amended("second"),
    ];
    for address in addresses("amending").await {
        let store = Store::open(&address).await.unwrap();
        store.add_seller("shop", "A shop", AT).await.unwrap();
        let mut ledger = Ledger::new(&definitions);
        let mut told = Vec::new();
        for line in &lines {
            let event: Event = serde_json::from_str(line).unwrap();
            store.append(&definitions, "shop", AT, std::slice::from_ref(&event)).await.unwrap();
            ledger.append(AT, event).unwrap();
            same_amendments(&store, "shop", &ledger).await;
            let waits = store.amending(&definitions["no.voec"], "shop", "2025-Q1".parse().unwrap()).await.unwrap();
            let tax = waits.parts.iter().fold(Decimal::ZERO, |sum, part| sum.plus(part.tax).unwrap());
            told.push((tax.to_string(), waits.early));
        }
        let expected = [("0", 0), ("0", 0), ("0", 0), ("125", 0), ("275", 1), ("0", 0), ("175", 0), ("0", 0)];
        assert_eq!(told, expected.map(|(tax, early)| (tax.to_owned(), early)));
        let other = store.amending(&definitions["no.voec"], "shop", "2025-Q2".parse().unwrap()).await.unwrap();
        assert_eq!(other.parts, []);
        assert!(matches!(
            store.amending(&definitions["no.voec"], "nobody", "2025-Q2".parse().unwrap()).await,
            Err(StoreError::NoSeller(_))
        ));
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_leaves_nothing_and_is_told_by_its_number() {
    let definitions = all();
    let year = year(&definitions, 400);
    let events: Vec<Event> = year.ledger.entries().iter().map(|entry| entry.event.clone()).collect();
    for address in addresses("refused").await {
        let store = Store::open(&address).await.unwrap();
        assert!(matches!(store.append(&definitions, "shop", AT, &events).await, Err(StoreError::NoSeller(_))));
        for wrong in ["", "Shop", "a b", "ä", &"a".repeat(65)] {
            assert!(matches!(store.add_seller(wrong, "A shop", AT).await, Err(StoreError::Seller(_))), "{wrong}");
        }
        store.add_seller("shop", "A shop", AT).await.unwrap();
        store.add_seller("shop", "A shop", AT).await.unwrap();
        assert!(store.add_seller("shop", "Another", AT).await.unwrap_err().to_string().contains("already"));
        let stray = Event::Refund(Refund {
            document: "R".into(),
            date: "2025-03-01".parse().unwrap(),
            of: "no such order".into(),
            goods: Default::default(),
            shipping: Default::default(),
            rows: vec![],
            all: true,
        });
        let mut with_a_mistake = events[..50].to_vec();
        with_a_mistake.insert(20, stray);
        let error = store.append(&definitions, "shop", AT, &with_a_mistake).await.unwrap_err();
        assert!(matches!(&error, StoreError::Refused { number: 21, why: Refused::NoSale(_), .. }), "{error}");
        assert_eq!(store.sellers().await.unwrap()[0].entries, 0);
        // The same number for something else is refused.
        store.append(&definitions, "shop", AT, &events[..50]).await.unwrap();
        let mut other = events
            .iter()
            .find_map(|event| if let Event::Sale(sale) = event { Some(sale.clone()) } else { None })
            .unwrap();
        other.goods = other.goods.plus(tidewaiter::Decimal::ONE).unwrap();
        let error = store.append(&definitions, "shop", AT, &[Event::Sale(other)]).await.unwrap_err();
        assert!(matches!(&error, StoreError::Refused { number: 1, why: Refused::OtherBody { .. }, .. }), "{error}");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_side_by_side_lose_nothing() {
    let definitions = Arc::new(all());
    let year = year(&definitions, 400);
    let events: Vec<Event> = year
        .ledger
        .entries()
        .iter()
        .map(|entry| entry.event.clone())
        .filter(|event| matches!(event, Event::Sale(_)))
        .collect();
    for address in addresses("writers").await {
        let first = Store::open(&address).await.unwrap();
        first.add_seller("shop", "A shop", AT).await.unwrap();
        first.close().await;
        let work = (0..4).map(|writer| {
            let (address, definitions) = (address.clone(), Arc::clone(&definitions));
            // Half of what each has, another has too.
            let own: Vec<Event> = events
                .iter()
                .enumerate()
                .filter(|(n, _)| n % 4 == writer || n % 4 == (writer + 1) % 4)
                .map(|(_, event)| event.clone())
                .collect();
            tokio::spawn(async move {
                let store = Store::open(&address).await.unwrap();
                let mut recorded = 0;
                for some in own.chunks(5) {
                    recorded += store.append(&definitions, "shop", AT, some).await.unwrap().recorded;
                }
                store.close().await;
                recorded
            })
        });
        let mut recorded = 0;
        for one in work.collect::<Vec<_>>() {
            recorded += one.await.unwrap();
        }
        assert_eq!(recorded, events.len() as u64);
        let store = Store::open(&address).await.unwrap();
        assert_eq!(store.verify(&definitions, "shop").await.unwrap(), events.len() as u64);
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_at_any_write_nothing_acknowledged_is_lost_and_nothing_is_half() {
    let definitions = all();
    let year = year(&definitions, 120);
    let events: Vec<Event> = year.ledger.entries().iter().map(|entry| entry.event.clone()).collect();
    let parts: Vec<&[Event]> = events.chunks(events.len() / 6 + 1).collect();
    for address in addresses("stopped").await {
        let store = Store::open(&address).await.unwrap();
        store.add_seller("whole", "Never stopped", AT).await.unwrap();
        store.append(&definitions, "whole", AT, &events).await.unwrap();
        let head = store.sellers().await.unwrap()[0].head.clone();
        let mut stops = 0;
        loop {
            let seller = format!("stopped-{stops}");
            store.add_seller(&seller, "Stopped", AT).await.unwrap();
            let faults = Faults::default();
            faults.arm(move |n, _| n >= stops);
            let breaking = Store::of(Box::new(FaultyDatabase(db::open(&address).await.unwrap(), faults)));
            let mut acknowledged = 0;
            let mut is_done = true;
            for part in &parts {
                match breaking.append(&definitions, &seller, AT, part).await {
                    Ok(_) => acknowledged += part.len() as u64,
                    Err(_) => {
                        is_done = false;
                        break;
                    }
                }
            }
            breaking.close().await;
            // What is there is whole, and holds all that was acknowledged.
            let there = store.verify(&definitions, &seller).await.unwrap();
            let ends: Vec<u64> = parts
                .iter()
                .scan(0, |sum, part| {
                    *sum += part.len() as u64;
                    Some(*sum)
                })
                .collect();
            assert!(
                there >= acknowledged && (there == 0 || ends.contains(&there)),
                "{stops}: {there} of {acknowledged}"
            );
            // Handed over again, everything is there once.
            store.append(&definitions, &seller, AT, &events).await.unwrap();
            let row = store.sellers().await.unwrap().into_iter().find(|row| row.id == seller).unwrap();
            assert_eq!((row.entries, row.head), (events.len() as u64, head.clone()));
            if is_done {
                break;
            }
            stops += 1;
        }
        assert!(stops > 40, "only {stops} points");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_what_is_kept_is_found() {
    let definitions = all();
    let year = year(&definitions, 120);
    let events: Vec<Event> = year.ledger.entries().iter().map(|entry| entry.event.clone()).collect();
    for sql in [
        "UPDATE entry SET event = replace(event, '\"goods\":\"', '\"goods\":\"1') WHERE kind = 'sale' AND document = 'A-7'",
        "DELETE FROM entry WHERE seq = (SELECT MAX(seq) FROM entry)",
        "UPDATE entry SET at = '2026-01-01T00:00:00Z' WHERE seq = 5",
        "UPDATE tax SET tax = tax + 1 WHERE seq = (SELECT MIN(seq) FROM tax)",
        "UPDATE tax SET declared = '2024-01' WHERE seq = (SELECT MIN(seq) FROM tax)",
        "DELETE FROM tax WHERE seq = (SELECT MAX(seq) FROM tax)",
        "UPDATE balance SET amount = '0.01' WHERE account = 'ordered'",
        "UPDATE collected SET amount = '0.01'",
        "UPDATE seller SET seq = seq - 1",
    ] {
        for address in addresses("changed").await {
            let store = Store::open(&address).await.unwrap();
            store.add_seller("shop", "A shop", AT).await.unwrap();
            store.append(&definitions, "shop", AT, &events).await.unwrap();
            store.verify(&definitions, "shop").await.unwrap();
            let database = db::open(&address).await.unwrap();
            let mut tx = database.write().await.unwrap();
            assert!(tx.change(sql, vec![]).await.unwrap() > 0, "{sql}");
            tx.commit().await.unwrap();
            database.close().await;
            assert!(matches!(store.verify(&definitions, "shop").await, Err(StoreError::Damaged { .. })), "{sql}");
            store.close().await;
        }
    }
}
