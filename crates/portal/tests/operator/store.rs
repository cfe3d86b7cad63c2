//! The store, on SQLite and PostgreSQL.

use crate::operator::settings;
use jiff::civil::date;
use std::collections::BTreeMap;
use tempfile::TempDir;
use tidewaiter_portal::store::{Letter, NotTaken, Store};
use tidewaiter_portal::usage::Use;

/// Says where a PostgreSQL server is for tests: `postgres://user@host/`, to which names of databases are added.
const POSTGRES: &str = "TIDEWAITER_TEST_POSTGRES";

/// The databases that a test runs on: a file, and a new database on the server where there is one.
pub async fn addresses(name: &str) -> (TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let mut all = vec![format!("sqlite:{}", folder.path().join("portal.db").display())];
    match std::env::var(POSTGRES) {
        Ok(server) => all.push(new_database(&server, name).await),
        Err(_) => eprintln!("{POSTGRES} is not set: {name} runs on SQLite alone"),
    }
    (folder, all)
}

async fn new_database(server: &str, name: &str) -> String {
    use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
    let name = format!("p_{name}_{}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(&format!("{server}postgres")).await.unwrap();
    connection.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    format!("{server}{name}")
}

pub fn letter() -> Letter {
    Letter {
        territory: Some("FR".into()),
        what: "The threshold is another since January.".into(),
        source: "https://law.example/act/7".into(),
        contact: Some("ana@shop.example".into()),
        ..Letter::default()
    }
}

const QUOTE: Use = Use { door: "/v1/quotes", language: "", answer: "amount" };
const PAGE: Use = Use { door: "/{lang}/", language: "fr", answer: "" };

#[tokio::test]
async fn counts_of_several_instances_are_added_up() {
    let (_folder, addresses) = addresses("counts").await;
    for address in addresses {
        let (one, two) = (Store::open(&address).await.unwrap(), Store::open(&address).await.unwrap());
        let (today, yesterday) = (date(2026, 11, 22), date(2026, 11, 21));
        let counts = BTreeMap::from([((today, QUOTE), 2), ((today, PAGE), 1), ((yesterday, QUOTE), 5)]);
        let (first, second) = tokio::join!(one.add_counts(&counts), two.add_counts(&counts));
        first.unwrap();
        second.unwrap();
        let all = one.counts(today).await.unwrap();
        assert_eq!(all, BTreeMap::from([((today, QUOTE), 4), ((today, PAGE), 2)]), "{address}");
        drop((one, two));
        let later = Store::open(&address).await.unwrap();
        assert_eq!(later.counts(yesterday).await.unwrap()[&(yesterday, QUOTE)], 10, "they outlive a restart");
    }
}

#[tokio::test]
async fn a_letter_with_a_key_is_kept_once() {
    let (_folder, addresses) = addresses("letters").await;
    for address in addresses {
        let store = Store::open(&address).await.unwrap();
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let first = store.take(&letter(), Some("key-1"), now).await.unwrap();
        let later = "2026-11-22T11:00:00Z".parse().unwrap();
        assert_eq!(store.take(&letter(), Some("key-1"), later).await.unwrap(), first, "{address}");
        let other = Letter { what: "Something else is wrong.".into(), ..letter() };
        assert!(matches!(store.take(&other, Some("key-1"), later).await, Err(NotTaken::OtherBody)));
        let without = store.take(&letter(), None, later).await.unwrap();
        assert_ne!(without.id, first.id);
        let all = store.corrections(None).await.unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!((&all[0].receipt, &all[0].letter), (&first, &letter()));
        assert_eq!(store.corrections(Some(date(2026, 11, 23))).await.unwrap(), []);
        assert!(store.forget_contact(&first.id).await.unwrap());
        assert!(!store.forget_contact("c-none").await.unwrap());
        assert_eq!(store.corrections(None).await.unwrap()[0].letter.contact, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_at_the_same_moment_is_one_letter() {
    let (_folder, addresses) = addresses("moment").await;
    for address in addresses {
        let store = Store::open(&address).await.unwrap();
        let sends: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(
                    async move { store.take(&letter(), Some("same"), jiff::Timestamp::now()).await.unwrap().id },
                )
            })
            .collect();
        let mut ids = Vec::new();
        for send in sends {
            ids.push(send.await.unwrap());
        }
        ids.dedup();
        assert_eq!((ids.len(), store.corrections(None).await.unwrap().len()), (1, 1), "{address}");
    }
}

#[tokio::test]
async fn a_day_has_so_many_letters() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("portal.db").display());
    let store = Store::open(&address).await.unwrap();
    let now = "2026-11-22T10:00:00Z".parse().unwrap();
    for _ in 0..1000 {
        store.take(&letter(), None, now).await.unwrap();
    }
    assert!(matches!(store.take(&letter(), None, now).await, Err(NotTaken::Full)));
    store.take(&letter(), None, "2026-11-23T00:00:00Z".parse().unwrap()).await.unwrap();
}

#[tokio::test]
async fn places_that_are_no_store_are_refused() {
    for address in ["", "portal.db", "sqlite:", "sqlite://", "mysql://host/db", "sqlite:/no/such/folder/portal.db"] {
        assert!(Store::open(address).await.is_err(), "{address}");
    }
    let _ = settings();
}

#[tokio::test]
async fn a_store_of_a_newer_program_is_not_touched() {
    let (_folder, addresses) = addresses("newer").await;
    for address in addresses {
        let store = Store::open(&address).await.unwrap();
        drop(store);
        run(&address, "INSERT INTO portal_step (step) VALUES (99)").await;
        let error = Store::open(&address).await.unwrap_err().to_string();
        assert!(error.contains("use a newer one"), "{error}");
    }
}

async fn run(address: &str, sql: &'static str) {
    use sqlx::{Connection as _, Executor as _};
    match address.strip_prefix("sqlite:") {
        Some(file) => {
            let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite://{file}")).await.unwrap();
            connection.execute(sql).await.unwrap();
            connection.close().await.unwrap();
        }
        None => {
            let mut connection = sqlx::PgConnection::connect(address).await.unwrap();
            connection.execute(sql).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}
