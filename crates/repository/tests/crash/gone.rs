//! Full disks, a database and a static host that are away and come back.

use crate::common::{Here, database_name, on_server, tariff};
use crate::crash::faults::{Faults, Point};
use crate::crash::life::{
    self, STEPS, act, addresses, before, files, folder, fresh, is_now, kept, live, open, postgres, sqlite, step,
};
use crate::crash::place::Place;
use jiff::SignedDuration;
use std::sync::atomic::Ordering;
use tidewaiter_repository::store::edition::{self, State};
use tidewaiter_repository::workflow::Refusal;

/// Lets SQLite grow by so many pages and no more.
async fn room(here: &Here, pages: u64) {
    let mut tx = here.repository.db.write().await.unwrap();
    let has = tx.first("PRAGMA page_count", vec![]).await.unwrap().unwrap().int().unwrap();
    let most = tx.first(&format!("PRAGMA max_page_count = {}", has + pages), vec![]).await.unwrap().unwrap().int();
    assert_eq!(most.unwrap(), has + pages);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing_half() {
    let address = sqlite("full");
    let public = folder("full-public");
    let here = Here::found(&address, &public).await;
    here.publish("qq", tariff("QQ", &[("610910", "12 %")])).await;
    let codes: Vec<String> = (0..1000).map(|n| format!("{:06}", 10_000 + n)).collect();
    let large: Vec<(&str, &str)> = codes.iter().map(|code| (code.as_str(), "5 %")).collect();
    let full = |refusal: Refusal| {
        let Refusal::Unavailable(words) = refusal else { panic!("{refusal}") };
        assert!(words.contains("full"), "{words}");
    };
    for pages in [0, 1, 3] {
        let (before, seen) = (kept(&here, true).await, fresh(&public, 0));
        room(&here, pages).await;
        full(here.submit("qq", tariff("QQ", &large)).await.unwrap_err());
        assert!(kept(&here, true).await == before && fresh(&public, 0) == seen);
    }
    room(&here, 100_000).await;
    let hash = here.submit("qq", tariff("QQ", &large)).await.unwrap().receipt.edition.unwrap();
    here.speak(&hash).await;
    here.sign(&hash, "qq-one").await.unwrap();
    for pages in [0, 2, 8, 32] {
        let (before, seen) = (kept(&here, true).await, fresh(&public, 0));
        room(&here, pages).await;
        full(here.sign(&hash, "qq-two").await.unwrap_err());
        assert!(kept(&here, true).await == before && fresh(&public, 0) == seen);
    }
    room(&here, 100_000).await;
    assert_eq!(here.sign(&hash, "qq-two").await.unwrap().state, State::Published);
    assert_eq!(fresh(&public, 0).unwrap()["qq"].0, Some(2));
}

#[tokio::test]
async fn a_full_static_host_holds_back_what_is_acknowledged() {
    let states = life::undisturbed().await;
    let publish = step("publish the correction");
    let address = sqlite("host-full");
    let (place, faults) = (Place::new(&address), Faults::default());
    let here = open(&address, &place.public, &faults).await;
    here.repository.db.migrate().await.unwrap();
    live(&here, 0..publish).await;
    here.repository.db.close().await;
    place.save().await;
    // The one part that the correction changes, the manifest, the authority's role, snapshot and timestamp.
    for room in 0..=5 {
        place.put_back().await;
        let here = open(&address, &place.public, &faults).await;
        let left = std::sync::atomic::AtomicU64::new(room);
        faults.arm(move |_, point| {
            let take = |left: u64| left.checked_sub(1);
            point == Point::BeforeFile && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_err()
        });
        // The officer's signature holds, whether or not the host has the files yet.
        act(&here, publish).await.unwrap();
        let (old, new) = (&states[publish], &states[publish + 1]);
        assert!(kept(&here, false).await == new.kept);
        let out = files(&place.public) == new.files;
        let view = fresh(&place.public, before(publish));
        assert!(view == if out { new.view.clone() } else { old.view.clone() }, "room for {room} files");
        if !out {
            let refusal = here.repository.tick().await.unwrap_err();
            let told = matches!(&refusal, Refusal::Unavailable(words) if words.contains("no space left"));
            assert!(told, "{refusal}");
        }
        assert_eq!(out, room == 5, "room for {room} files");
        faults.disarm();
        here.repository.tick().await.unwrap();
        is_now(&here, new).await;
        here.repository.db.close().await;
    }
}

#[tokio::test]
async fn a_static_host_away_for_days_gets_everything_when_it_is_back() {
    for address in addresses("host-away").await {
        let (public, faults) = (folder("host-away-public"), Faults::default());
        let here = open(&address, &public, &faults).await;
        here.repository.db.migrate().await.unwrap();
        live(&here, 0..step("end of the embargo")).await;
        let seen = fresh(&public, 10);
        faults.arm(|_, point| point == Point::BeforeFile);
        // Roles are renewed and old ones forgotten meanwhile; an edition's hour comes; another is published.
        let mut sent = tariff("QQ", &[("610910", "11 %"), ("170490", "5 %")]);
        sent.about.not_before = Some(life::moment(30 * 60));
        let hash = here.publish("qq", sent).await;
        for _ in 0..20 {
            here.pass(SignedDuration::from_hours(6));
            assert!(matches!(here.repository.tick().await, Err(Refusal::Unavailable(_))));
        }
        assert_eq!(fresh(&public, 10), seen);
        faults.disarm();
        here.repository.tick().await.unwrap();
        kept(&here, true).await;
        let view = fresh(&public, 10 + 20 * 6 * 60).unwrap();
        assert_eq!((view["qq"].1.as_deref(), view["qq"].0), (Some(hash.as_str()), Some(2)));
        assert_eq!(view["zz"].0, Some(1));
    }
}

/// One edition that cannot be read must not keep others from their hour, nor the timestamp from being renewed.
#[tokio::test]
async fn one_bad_edition_holds_up_no_other() {
    for address in addresses("one-bad").await {
        let public = folder("one-bad-public");
        let here = Here::found(&address, &public).await;
        let (mut bad, mut good) = (tariff("QQ", &[("610910", "12 %")]), tariff("ZZ", &[("610910", "7 %")]));
        (bad.about.not_before, good.about.not_before) = (Some(life::moment(30)), Some(life::moment(60)));
        let (bad, good) = (here.publish("qq", bad).await, here.publish("zz", good).await);
        let mut tx = here.repository.db.write().await.unwrap();
        let others = edition::get(&mut *tx, &good).await.unwrap().unwrap().manifest.parts;
        let kept = edition::get(&mut *tx, &bad).await.unwrap().unwrap();
        let own = kept.manifest.parts.iter().find(|part| others.iter().all(|other| other.sha256 != part.sha256));
        let part = own.unwrap().sha256.clone();
        let values = vec![tidewaiter_repository::store::db::Value::from(part)];
        tx.change("DELETE FROM file WHERE sha256 = $1", values).await.unwrap();
        tx.commit().await.unwrap();
        here.pass(SignedDuration::from_hours(40));
        let refusal = here.repository.tick().await.unwrap_err();
        assert!(matches!(&refusal, Refusal::Unavailable(words) if words.contains("is not kept")), "{refusal}");
        assert_eq!(here.repository.standing(&good).await.unwrap().state, State::Published);
        let view = fresh(&public, 40 * 60).unwrap();
        assert_eq!((view["qq"].0, view["zz"].0), (None, Some(1)));
    }
}

/// Ends all connections to a database, from beside.
fn cut(address: &str) {
    let address = address.to_owned();
    let work = move || {
        let name = database_name(&address).to_owned();
        let sql = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(on_server(&address, &sql));
    };
    std::thread::spawn(work).join().unwrap();
}

#[tokio::test]
async fn a_database_that_drops_its_connections_is_used_again_at_once() {
    let Some(address) = postgres("dropped").await else { return };
    let states = life::undisturbed().await;
    let (place, faults) = (Place::new(&address), Faults::default());
    let here = open(&address, &place.public, &faults).await;
    here.repository.db.migrate().await.unwrap();
    for step in 0..step("renew the timestamp") {
        let (old, new) = (&states[step], &states[step + 1]);
        // Between: what comes next finds a new connection.
        cut(&address);
        let mut at = step as u64 % 9;
        // In the middle of a transaction: at each ninth point, as long as nothing was done.
        loop {
            let there = address.clone();
            faults.arm(move |n, _| {
                if n == at {
                    cut(&there);
                }
                false
            });
            let done = act(&here, step).await;
            let fired = faults.passed() > at;
            faults.disarm();
            let now = kept(&here, false).await;
            let view = fresh(&place.public, before(step));
            assert!(view == old.view || view == new.view);
            if let Err(refusal) = &done {
                assert!(fired && matches!(refusal, Refusal::Unavailable(_)), "{refusal}");
            }
            if now == new.kept {
                break;
            }
            assert!(now == old.kept && done.is_err(), "{} at {at}: {done:?}", STEPS[step].0);
            at += 9;
        }
        here.repository.tick().await.unwrap();
        is_now(&here, new).await;
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_said_and_used_again_when_it_is_back() {
    let Some(address) = postgres("away").await else { return };
    let states = life::undisturbed().await;
    let (place, faults) = (Place::new(&address), Faults::default());
    let here = open(&address, &place.public, &faults).await;
    here.repository.db.migrate().await.unwrap();
    let publish = step("publish");
    live(&here, 0..publish).await;
    let hash = life::latest(&here, "qq").await.hash;
    let name = database_name(&address);
    on_server(&address, &format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await;
    cut(&address);
    for refusal in [here.sign(&hash, "qq-two").await.unwrap_err(), here.repository.tick().await.unwrap_err()] {
        assert!(matches!(refusal, Refusal::Unavailable(_)), "{refusal}");
    }
    // Readers do not notice.
    assert_eq!(fresh(&place.public, before(publish)), states[publish].view);
    on_server(&address, &format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")).await;
    live(&here, publish..publish + 1).await;
    is_now(&here, &states[publish + 1]).await;
}
