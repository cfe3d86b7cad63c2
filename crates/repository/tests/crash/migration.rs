//! Tables brought up to date: stopped in the middle, with rows in them, by two programs at once.

use crate::common::on_server;
use crate::crash::faults::Faults;
use crate::crash::life::{self, STEPS as LIFE, addresses, is_now, kept, live, open, sqlite, step};
use crate::crash::place::Place;
use std::path::Path;
use std::process::{Child, Command};
use tidewaiter_repository::store::db::{self, Database as _, DbError, Postgres, Sqlite};
use tidewaiter_repository::store::migrate::{STEPS, Step};

const WHERE: &str = "TIDEWAITER_TEST_MIGRATED_WHERE";
/// After how many instructions of SQLite the child ends itself; none where it does not.
const AFTER: &str = "TIDEWAITER_TEST_MIGRATED_AFTER";
/// How many of the steps the child knows.
const KNOWS: &str = "TIDEWAITER_TEST_MIGRATED_KNOWS";

/// A step that there may be one day: new columns, tables and indexes, filled from what is there.
const NEXT: &str = "ALTER TABLE edition ADD COLUMN said TEXT;
    UPDATE edition SET said = title;
    CREATE TABLE again (hash TEXT PRIMARY KEY, bytes BYTES NOT NULL);
    INSERT INTO again (hash, bytes) SELECT sha256, bytes FROM file;
    CREATE INDEX edition_said ON edition (said);
    UPDATE record SET body = body WHERE known_before = '9';";

fn with(next: &'static str) -> Vec<Step> {
    let mut all = STEPS.to_vec();
    all.push((2, "next", next));
    all
}

async fn migrate_by(address: &str, steps: &[Step]) -> Result<(), DbError> {
    if address.starts_with("postgres") {
        return Postgres::open(address).await.unwrap().migrate_by(steps).await;
    }
    Sqlite::open(Path::new(address)).await.unwrap().migrate_by(steps).await
}

fn child(address: &str, knows: usize, after: Option<i32>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "crash::migration::the_program_that_migrates"]);
    command.env(WHERE, address).env(KNOWS, knows.to_string());
    if let Some(after) = after {
        command.env(AFTER, after.to_string());
    }
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap()
}

#[tokio::test]
#[ignore = "it kills itself: the tests below start it"]
async fn the_program_that_migrates() {
    let told = |name: &str| std::env::var(name).unwrap();
    let address = told(WHERE);
    let steps = with(NEXT);
    let steps = &steps[..told(KNOWS).parse::<usize>().unwrap()];
    let Ok(after) = std::env::var(AFTER) else { return migrate_by(&address, steps).await.unwrap() };
    let database = Sqlite::open(Path::new(&address)).await.unwrap();
    let mut connection = database.writer().acquire().await.unwrap();
    let mut locked = connection.lock_handle().await.unwrap();
    locked.set_progress_handler(after.parse().unwrap(), || std::process::abort());
    drop(locked);
    drop(connection);
    database.migrate_by(steps).await.unwrap();
}

#[tokio::test]
async fn a_migration_that_is_killed_is_made_good_by_opening_again() {
    let states = life::undisturbed().await;
    let rich = step("end of the embargo");
    for knows in [1, 2] {
        let address = sqlite("migrated");
        let place = Place::new(&address);
        if knows == 2 {
            let here = open(&address, &place.public, &Faults::default()).await;
            here.repository.db.migrate().await.unwrap();
            live(&here, 0..rich).await;
            here.repository.db.close().await;
        }
        place.save().await;
        let (mut killed, mut after) = (0, 20);
        loop {
            place.put_back().await;
            let ended = child(&address, knows, Some(after)).wait().unwrap();
            migrate_by(&address, &with(NEXT)[..knows]).await.unwrap();
            let here = open(&address, &place.public, &Faults::default()).await;
            let from = if knows == 2 { rich } else { 0 };
            is_now(&here, &states[from]).await;
            live(&here, from..from + 1).await;
            is_now(&here, &states[from + 1]).await;
            here.repository.db.close().await;
            if ended.success() {
                break;
            }
            (killed, after) = (killed + 1, after * 5 / 4);
        }
        assert!(killed > 8, "only {killed} were killed, the last after {after} instructions");
    }
}

#[tokio::test]
async fn a_step_that_fails_on_live_data_leaves_nothing_of_itself() {
    let states = life::undisturbed().await;
    let rich = step("withdraw");
    for address in addresses("steps").await {
        let place = Place::new(&address);
        let here = open(&address, &place.public, &Faults::default()).await;
        here.repository.db.migrate().await.unwrap();
        live(&here, 0..rich).await;
        let broken: &'static str = format!("{NEXT} INSERT INTO again SELECT * FROM nowhere;").leak();
        // On PostgreSQL too the connection may break in the middle.
        let cut: &'static str = format!("{NEXT} SELECT pg_terminate_backend(pg_backend_pid()); SELECT 1;").leak();
        for wrong in [broken, cut] {
            for _ in 0..2 {
                let error = migrate_by(&address, &with(wrong)).await.unwrap_err();
                assert!(matches!(error, DbError::Migrate(_) | DbError::Database(_)), "{error}");
                is_now(&here, &states[rich]).await;
            }
        }
        // Work goes on between the failure and the repaired step.
        live(&here, rich..rich + 1).await;
        migrate_by(&address, &with(NEXT)).await.unwrap();
        migrate_by(&address, &with(NEXT)).await.unwrap();
        is_now(&here, &states[rich + 1]).await;
        let mut tx = here.repository.db.read().await.unwrap();
        let sql = "SELECT COUNT(*) FROM edition WHERE said = title UNION ALL SELECT COUNT(*) FROM again";
        let counts = tx.rows(sql, vec![]).await.unwrap().into_iter().map(|mut row| row.int().unwrap());
        let counts: Vec<u64> = counts.collect();
        let files = states[rich + 1].kept.iter().filter(|line| line.starts_with("{\"table\":\"file\"")).count();
        assert!(counts.contains(&4) && counts.contains(&(files as u64)), "{counts:?} of 4 and {files}");
        drop(tx);
        live(&here, rich + 1..LIFE.len()).await;
        is_now(&here, &states[LIFE.len()]).await;
        // A program that knows less leaves the tables alone.
        assert!(matches!(here.repository.db.migrate().await, Err(DbError::Migrate(_))));
        assert!(kept(&here, true).await == states[LIFE.len()].kept);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn programs_that_migrate_at_once_wait_for_each_other() {
    for address in addresses("at-once").await {
        for knows in [1, 2] {
            let mut children: Vec<Child> = (0..3).map(|_| child(&address, knows, None)).collect();
            let tasks: Vec<_> = (0..4)
                .map(|_| {
                    let address = address.clone();
                    tokio::spawn(async move { migrate_by(&address, &with(NEXT)[..knows]).await })
                })
                .collect();
            for task in tasks {
                task.await.unwrap().unwrap();
            }
            for child in &mut children {
                assert!(child.wait().unwrap().success());
            }
            let database = db::open(&address).await.unwrap();
            let mut tx = database.read().await.unwrap();
            let sql = "SELECT COUNT(*) FROM _sqlx_migrations";
            assert_eq!(tx.first(sql, vec![]).await.unwrap().unwrap().int().unwrap(), knows as u64);
            drop(tx);
            database.close().await;
        }
        if address.starts_with("postgres") {
            let name = crate::common::database_name(&address);
            on_server(&address, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

/// A wrong port or name is told at once and in the server's words, not after a wait of the pool.
#[tokio::test]
async fn a_database_server_that_cannot_be_opened_is_told_at_once() {
    let begun = std::time::Instant::now();
    let error = db::open("postgres://tidewaiter@127.0.0.1:1/none").await.unwrap_err().to_string();
    assert!(error.starts_with("no database server can be reached at 127.0.0.1:1: "), "{error}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(10), "the pool waits 20 seconds");
    let Ok(server) = std::env::var("TIDEWAITER_TEST_POSTGRES") else { return };
    let error =
        db::open(&format!("{}/there_is_none_such", server.trim_end_matches('/'))).await.unwrap_err().to_string();
    assert!(error.ends_with("refuses: database \"there_is_none_such\" does not exist"), "{error}");
}
