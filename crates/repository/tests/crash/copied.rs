//! Backup and restore: from each database into each, of one moment, and only whole.

use crate::common::{Here, tariff};
use crate::crash::faults::Faults;
use crate::crash::life::{self, STEPS, State, addresses, files, folder, fresh, is_now, kept, live, open, sqlite, step};
use std::path::Path;
use std::sync::Mutex;
use tidewaiter_repository::store::copy::{self, CopyError, Tokens};
use tidewaiter_repository::store::db::{self, Database, DbError, Row, Run, Transaction, Value};
use tidewaiter_repository::store::migrate::Step;
use tidewaiter_repository::store::token::{self, Account, Role};
use tidewaiter_repository::store::{self, audit, edition};
use tidewaiter_repository::workflow::Refusal;
use tokio::sync::oneshot;

async fn lived(address: &str, until: usize) -> Here {
    let here = open(address, &folder("lived"), &Faults::default()).await;
    here.repository.db.migrate().await.unwrap();
    live(&here, 0..until).await;
    here
}

/// Restores into a new database and an empty folder, and sends everything out.
async fn restored(backup: &Path, address: &str) -> Here {
    let here = open(address, &folder("restored"), &Faults::default()).await;
    here.repository.db.migrate().await.unwrap();
    copy::restore(here.repository.db.as_ref(), backup, Tokens::Kept).await.unwrap();
    here.repository.distribute().await.unwrap();
    here
}

#[tokio::test]
async fn a_backup_of_each_is_restored_into_each() {
    let states = life::undisturbed().await;
    let middle = step("renew the timestamp");
    for from in addresses("from").await {
        let here = lived(&from, middle).await;
        let backup = folder("backup").join("backup");
        let rows = copy::backup(here.repository.db.as_ref(), &backup).await.unwrap();
        for into in addresses("into").await {
            let copied = restored(&backup, &into).await;
            // The same rows and the same files to the last byte, also those of earlier editions; and the same ever after.
            is_now(&copied, &states[middle]).await;
            let again = backup.with_extension(copied.repository.db.kind());
            assert_eq!(copy::backup(copied.repository.db.as_ref(), &again).await.unwrap(), rows);
            live(&copied, middle..STEPS.len()).await;
            is_now(&copied, &states[STEPS.len()]).await;
            let twice = copy::restore(copied.repository.db.as_ref(), &backup, Tokens::Kept).await.unwrap_err();
            assert!(twice.to_string().contains("there is a repository already"), "{twice}");
            copied.repository.db.close().await;
        }
        here.repository.db.close().await;
    }
}

/// A token that was revoked since the backup must not count again.
#[tokio::test]
async fn tokens_of_a_backup_count_only_where_that_is_wanted() {
    let here = Here::found(&sqlite("tokens"), &folder("tokens-public")).await;
    let (now, then) = (life::moment(1), life::moment(60));
    let officer = Account { label: "Officer".into(), role: Role::Officer, authority: Some("qq".into()) };
    let mut tx = here.repository.db.write().await.unwrap();
    let token = token::make(&mut *tx, &officer, life::moment(0), then).await.unwrap();
    tx.commit().await.unwrap();
    let backup = folder("tokens-backup").join("backup");
    copy::backup(here.repository.db.as_ref(), &backup).await.unwrap();
    for (tokens, holder) in [(Tokens::Kept, Some(officer)), (Tokens::Revoked(now), None)] {
        for into in addresses("tokens-into").await {
            let database = db::open(&into).await.unwrap();
            database.migrate().await.unwrap();
            copy::restore(database.as_ref(), &backup, tokens).await.unwrap();
            let mut tx = database.read().await.unwrap();
            assert_eq!(token::holder(&mut *tx, &token, now).await.unwrap(), holder);
            let noted =
                audit::rows(&mut *tx, 0, 1000).await.unwrap().into_iter().filter(|row| row.object == "all tokens");
            assert_eq!(noted.count(), usize::from(holder.is_none()));
            audit::verify(&mut *tx).await.unwrap().unwrap();
            drop(tx);
            database.close().await;
        }
    }
}

/// A published edition goes out although many drafts wanted its number, or came after it.
#[tokio::test]
async fn a_restored_repository_sends_out_editions_behind_many_drafts() {
    let here = Here::found(&sqlite("drafts"), &folder("drafts-public")).await;
    let first = here.publish("qq", tariff("QQ", &[("610910", "12 %")])).await;
    here.publish("qq", tariff("QQ", &[("610910", "13 %")])).await;
    let mut tx = here.repository.db.write().await.unwrap();
    let mut draft = edition::get(&mut *tx, &first).await.unwrap().unwrap();
    draft.state = edition::State::Abandoned;
    draft.submitted_at = life::moment(9);
    for n in 0..250 {
        draft.hash = format!("{n:064}");
        edition::add(&mut *tx, &draft).await.unwrap();
    }
    tx.commit().await.unwrap();
    let backup = folder("drafts-backup").join("backup");
    copy::backup(here.repository.db.as_ref(), &backup).await.unwrap();
    let copied = restored(&backup, &sqlite("drafts-restored")).await;
    assert_eq!(files(&copied.public), files(&here.public));
}

#[tokio::test]
async fn a_cut_or_altered_backup_is_refused() {
    let here = lived(&sqlite("altered"), step("end of the embargo")).await;
    let at = folder("altered-backup");
    let whole = at.join("whole");
    copy::backup(here.repository.db.as_ref(), &whole).await.unwrap();
    let packed = std::fs::read(&whole).unwrap();
    let text = String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let all = |lines: &[&str]| zstd::encode_all(format!("{}\n", lines.join("\n")).as_bytes(), 3).unwrap();
    let mut wrong: Vec<(String, Vec<u8>)> = Vec::new();
    for part in 0..10 {
        wrong.push((format!("cut at {part} tenths"), packed[..packed.len() * part / 10].to_vec()));
    }
    for at in [lines.len() / 3, lines.len() - 2] {
        let without: Vec<&str> = lines.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, line)| *line).collect();
        wrong.push((format!("without line {at}"), all(&without)));
        let mut swapped = lines.clone();
        swapped.swap(at, at - 1);
        wrong.push((format!("line {at} before the one before"), all(&swapped)));
        let mut doubled = lines.clone();
        doubled.insert(at, lines[at]);
        wrong.push((format!("line {at} twice"), all(&doubled)));
    }
    wrong.push(("without its end".into(), all(&lines[..lines.len() - 1])));
    wrong.push(("more after its end".into(), all(&[lines.as_slice(), &[lines[2]]].concat())));
    let altered = text.replacen("Customs of QQ", "Customs of XX", 1);
    assert_ne!(altered, text);
    wrong.push(("altered".into(), zstd::encode_all(altered.as_bytes(), 3).unwrap()));
    wrong.push(("of another kind".into(), zstd::encode_all(&b"{\"format\":\"other/1\"}\n"[..], 3).unwrap()));
    wrong.push(("no archive".into(), b"nothing".to_vec()));
    let database = db::open(&sqlite("altered-into")).await.unwrap();
    database.migrate().await.unwrap();
    for (what, bytes) in wrong {
        let file = at.join("wrong");
        std::fs::write(&file, bytes).unwrap();
        let error = copy::restore(database.as_ref(), &file, Tokens::Kept).await.unwrap_err();
        assert!(matches!(error, CopyError::Wrong(_) | CopyError::File(_)), "{what}: {error}");
        let mut tx = database.read().await.unwrap();
        assert_eq!(store::name(&mut *tx).await.unwrap(), None, "{what}");
    }
    copy::restore(database.as_ref(), &whole, Tokens::Kept).await.unwrap();
}

/// Lets something else happen in the middle of a backup: when it comes to the records.
#[derive(Debug)]
struct Paused {
    database: Box<dyn Database>,
    at: Mutex<Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>>,
}

struct PausedReader(Box<dyn Transaction>, Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>);

#[async_trait::async_trait]
impl Database for Paused {
    async fn read(&self) -> Result<Box<dyn Transaction>, DbError> {
        let pause = self.at.lock().unwrap().take();
        Ok(Box::new(PausedReader(self.database.read().await?, pause)))
    }
    async fn write(&self) -> Result<Box<dyn Transaction>, DbError> {
        self.database.write().await
    }
    async fn migrate_by(&self, steps: &[Step]) -> Result<(), DbError> {
        self.database.migrate_by(steps).await
    }
    fn kind(&self) -> &'static str {
        self.database.kind()
    }
    async fn close(&self) {
        self.database.close().await;
    }
}

#[async_trait::async_trait]
impl Run for PausedReader {
    async fn rows(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
        if sql.contains("FROM record")
            && let Some((reached, go_on)) = self.1.take()
        {
            reached.send(()).unwrap();
            go_on.await.unwrap();
        }
        self.0.rows(sql, values).await
    }
    async fn change(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, DbError> {
        self.0.change(sql, values).await
    }
}

#[async_trait::async_trait]
impl Transaction for PausedReader {
    async fn commit(self: Box<Self>) -> Result<(), DbError> {
        self.0.commit().await
    }
}

#[tokio::test]
async fn a_backup_while_another_publishes_is_of_one_moment() {
    let states = life::undisturbed().await;
    let publish = step("publish the correction");
    for address in addresses("moment").await {
        let here = lived(&address, publish).await;
        let (reached, is_reached) = oneshot::channel();
        let (go, go_on) = oneshot::channel();
        let database = db::open(&address).await.unwrap();
        let paused = Paused { database, at: Mutex::new(Some((reached, go_on))) };
        let backup = folder("moment-backup").join("backup");
        let (written, ()) = tokio::join!(copy::backup(&paused, &backup), async {
            is_reached.await.unwrap();
            live(&here, publish..publish + 1).await;
            go.send(()).unwrap();
        });
        written.unwrap();
        is_now(&here, &states[publish + 1]).await;
        let copied = restored(&backup, &sqlite("moment-into")).await;
        is_now(&copied, &states[publish]).await;
        live(&copied, publish..publish + 1).await;
        is_now(&copied, &states[publish + 1]).await;
    }
}

/// A database restored from an old backup does not take back what readers have seen: it says so instead.
#[tokio::test]
async fn an_old_backup_does_not_turn_the_static_host_back() {
    let (publish, later) = (step("publish"), step("withdraw") + 1);
    let here = lived(&sqlite("old"), publish).await;
    let backup = folder("old-backup").join("backup");
    copy::backup(here.repository.db.as_ref(), &backup).await.unwrap();
    live(&here, publish..later).await;
    let state = State::of(&here, 70).await;
    let copied = open(&sqlite("old-into"), &here.public, &Faults::default()).await;
    copied.repository.db.migrate().await.unwrap();
    copy::restore(copied.repository.db.as_ref(), &backup, Tokens::Kept).await.unwrap();
    let refusal = copied.repository.distribute().await.unwrap_err();
    assert!(matches!(&refusal, Refusal::Unavailable(words) if words.contains("restore the newest one")), "{refusal}");
    assert_eq!(fresh(&here.public, 70), state.view);
    assert!(kept(&here, true).await == state.kept);
    // What the host has is taken back: editions, keys, a withdrawal. Readers see the same as before.
    let back = copied.repository.take_back().await.unwrap();
    assert!(!back.editions.is_empty());
    copied.repository.distribute().await.unwrap();
    assert_eq!(fresh(&here.public, 70), state.view);
}
