//! Two servers on one database, two approvers at once: no number twice, no timestamp that goes back, nothing acknowledged and
//! not published.

use crate::common::{Here, tariff};
use crate::crash::faults::{Faults, Point};
use crate::crash::life::{self, addresses, folder, read};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tidewaiter_repository::metadata;
use tidewaiter_repository::store::edition::{self, State};
use tidewaiter_repository::store::{audit, role};
use tidewaiter_repository::workflow::Refusal;
use tough::schema::Timestamp;

/// Editions of each authority.
const EACH: u64 = 10;

/// Looks at what is published all the while: the timestamp never goes back, and a reader accepts every look.
fn watch(public: &Path, now: impl Fn() -> i64, stop: &AtomicBool) -> u64 {
    let (reader, mut newest, mut looks) = (folder("watching"), 0, 0);
    while !stop.load(Ordering::SeqCst) {
        let bytes = std::fs::read(public.join("metadata/timestamp.json")).unwrap();
        let version = metadata::from_bytes::<Timestamp>(&bytes).unwrap().signed.version.get();
        assert!(version >= newest, "timestamp {version} after {newest}");
        newest = version;
        read(&reader, public, now());
        looks += 1;
    }
    looks
}

/// Does what is due again and again, until it is stopped.
fn tick(here: &Arc<Here>, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<()> {
    let (here, stop) = (here.clone(), stop.clone());
    tokio::spawn(async move {
        while !stop.load(Ordering::SeqCst) {
            here.repository.tick().await.unwrap();
            tokio::task::yield_now().await;
        }
    })
}

async fn draft(here: Arc<Here>, authority: &'static str, duty: String) -> String {
    let territory = authority.to_uppercase();
    let sent = tariff(&territory, &[("610910", &duty)]);
    here.submit(authority, sent).await.unwrap().receipt.edition.unwrap()
}

/// Signs with a key, and says what became of it.
fn sign(here: &Arc<Here>, hash: &str, name: &'static str) -> tokio::task::JoinHandle<Result<State, Refusal>> {
    let (here, hash) = (here.clone(), hash.to_owned());
    tokio::spawn(async move { here.sign(&hash, name).await.map(|standing| standing.state) })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_servers_publish_at_once() {
    for address in addresses("two-servers").await {
        let public = folder("two-servers-public");
        let one = Arc::new(Here::found(&address, &public).await);
        let mut other = Here::open(&address, &public).await;
        (other.repository.clock, other.seconds) = (one.repository.clock.clone(), one.seconds.clone());
        let other = Arc::new(other);
        let stop = Arc::new(AtomicBool::new(false));
        let watching = {
            let (public, stop, seconds) = (public.clone(), stop.clone(), one.seconds.clone());
            let start = one.now().as_second();
            std::thread::spawn(move || watch(&public, || (seconds.load(Ordering::SeqCst) - start) / 60, &stop))
        };
        let ticking = [tick(&one, &stop), tick(&other, &stop)];
        let mut acknowledged: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for n in 1..=EACH {
            // Two drafts of one number, each one signature short; and one that both servers get the last signature of.
            let (a, b, c) = tokio::join!(
                tokio::spawn(draft(one.clone(), "qq", format!("{} %", 20 + n))),
                tokio::spawn(draft(other.clone(), "qq", format!("{} %", 40 + n))),
                tokio::spawn(draft(one.clone(), "zz", format!("{} %", 20 + n))),
            );
            let (a, b, c) = (a.unwrap(), b.unwrap(), c.unwrap());
            for hash in [&a, &b, &c] {
                other.speak(hash).await;
            }
            let (first, second) = tokio::join!(sign(&one, &a, "qq-one"), sign(&other, &b, "qq-one"));
            assert_eq!((first.unwrap().unwrap(), second.unwrap().unwrap()), (State::Checked, State::Checked));
            let (first, second, third, fourth) = tokio::join!(
                sign(&one, &a, "qq-two"),
                sign(&other, &b, "qq-three"),
                sign(&one, &c, "zz-one"),
                sign(&other, &c, "zz-one"),
            );
            let won = [(a, first.unwrap()), (b, second.unwrap())].into_iter().filter_map(|(hash, done)| match done {
                Ok(State::Published) => Some(hash),
                Err(Refusal::Conflict(_)) => None,
                other => panic!("{other:?}"),
            });
            acknowledged.entry("qq").or_default().extend(won);
            assert_eq!(acknowledged["qq"].len() as u64, n, "of two drafts one is published");
            let both = [third.unwrap(), fourth.unwrap()];
            let published = both.iter().filter(|done| matches!(done, Ok(State::Published))).count();
            let refused = both.iter().filter(|done| matches!(done, Err(Refusal::Conflict(_)))).count();
            assert_eq!((published, refused), (1, 1), "{both:?}");
            acknowledged.entry("zz").or_default().push(c);
            one.pass(SignedDuration::from_hours(3));
        }
        stop.store(true, Ordering::SeqCst);
        for task in ticking {
            task.await.unwrap();
        }
        let looks = watching.join().unwrap();
        assert!(looks > 5, "only {looks} looks");
        let mut tx = one.repository.db.read().await.unwrap();
        assert!(role::outgoing(&mut *tx, 10).await.unwrap().is_empty());
        audit::verify(&mut *tx).await.unwrap().unwrap();
        let rows = audit::rows(&mut *tx, 0, 10_000).await.unwrap();
        for (authority, hashes) in acknowledged {
            let mut published = edition::newest(&mut *tx, Some(authority), 100).await.unwrap();
            published.reverse();
            let numbers: Vec<u64> = published.iter().map(|kept| kept.manifest.number).collect();
            assert_eq!(numbers, (1..=EACH).collect::<Vec<_>>());
            assert_eq!(published.into_iter().map(|kept| kept.hash).collect::<Vec<_>>(), hashes);
            for hash in hashes {
                assert!(public.join(format!("targets/{hash}.{authority}--edition.json")).is_file());
                assert_eq!(rows.iter().filter(|row| row.action == "publish" && row.object == hash).count(), 1);
            }
        }
        let minute = (one.now().as_second() - life::moment(0).as_second()) / 60;
        let view = life::fresh(&public, minute).unwrap();
        assert_eq!((view["qq"].0, view["zz"].0), (Some(EACH), Some(EACH)));
    }
}

/// A server that is held up while it sends files out holds its turn: the other one does not overtake it, or the older timestamp
/// would come after the newer one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_is_held_up_is_not_overtaken() {
    for address in addresses("held-up").await {
        let (public, faults) = (folder("held-up-public"), Faults::default());
        let one = life::open(&address, &public, &faults).await;
        one.repository.db.migrate().await.unwrap();
        life::live(&one, 0..life::step("publish")).await;
        let mut other = Here::open(&address, &public).await;
        other.repository.clock = one.repository.clock.clone();
        let other = Arc::new(other);
        let zz = draft(other.clone(), "zz", "7 %".into()).await;
        let (files, overtaken) = (AtomicU64::new(0), Arc::new(AtomicBool::new(false)));
        let (ended, is_ended) = tokio::sync::oneshot::channel();
        let (ended, other_server, was) = (std::sync::Mutex::new(Some(ended)), other.clone(), overtaken.clone());
        faults.arm(move |_, point| {
            if point == Point::BeforeFile && files.fetch_add(1, Ordering::SeqCst) == 0 {
                let (done, is_done) = mpsc::channel();
                let (other, zz, ended) = (other_server.clone(), zz.clone(), ended.lock().unwrap().take().unwrap());
                tokio::spawn(async move {
                    let state = other.sign(&zz, "zz-one").await.unwrap().state;
                    let _ = done.send(());
                    ended.send(state).unwrap();
                });
                was.store(is_done.recv_timeout(Duration::from_millis(400)).is_ok(), Ordering::SeqCst);
            }
            false
        });
        life::live(&one, life::step("publish")..life::step("publish") + 1).await;
        assert_eq!(is_ended.await.unwrap(), State::Published);
        assert!(!overtaken.load(Ordering::SeqCst), "the other server did not wait for its turn");
        let mut tx = one.repository.db.read().await.unwrap();
        let (_, newest) = role::newest(&mut *tx, "timestamp").await.unwrap().unwrap();
        assert_eq!(std::fs::read(public.join("metadata/timestamp.json")).unwrap(), newest);
        let view = life::fresh(&public, 4).unwrap();
        assert_eq!((view["qq"].0, view["zz"].0), (Some(1), Some(1)));
    }
}
