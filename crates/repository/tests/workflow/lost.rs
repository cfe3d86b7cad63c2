//! A database that went back behind its static host, where the timestamp there is no help, where time has passed, and where somebody
//! else has written there too.

use crate::common::{Here, addresses, authority, folder, key, keys, tariff};
use crate::workflow::gate::{Gate, Is};
use crate::workflow::restored::{files, lived, restored, seen};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::path::Path;
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::client::Client;
use tidewaiter_repository::metadata::{self, Keys, sign};
use tidewaiter_repository::store;
use tidewaiter_repository::store::edition::{self, State};
use tidewaiter_repository::workflow::Refusal;
use tidewaiter_repository::workflow::sent::Sent;
use tough::schema::{Signed, Targets};

const STAMP: &str = "metadata/timestamp.json";

fn copy_of(public: &Path, name: &str) -> std::path::PathBuf {
    let to = folder(name);
    for (path, bytes) in files(public) {
        let path = to.join(path.strip_prefix(public).unwrap());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    to
}

/// Sends the newest edition of `qq` signed anew.
async fn renew(here: &Here, officers: [&str; 2]) {
    let mut renewal = here.repository.renewal("qq").await.unwrap();
    officers.iter().for_each(|name| sign(&mut renewal.role, &key(name)).unwrap());
    let mut sent = Sent { files: vec![("renewal.zip".into(), renewal.to_bytes().unwrap())], ..Sent::default() };
    sent.about.format = "package".into();
    here.submit("qq", sent).await.unwrap();
}

/// The list of `qq` and `zz`, with keys of `qq`.
fn list(officers: &[&str]) -> (Authorities, BTreeMap<String, Keys>) {
    let all = vec![authority("qq", Some("QQ"), 2), authority("zz", Some("ZZ"), 1)];
    let sets = [("qq".to_owned(), keys(officers, 2)), ("zz".to_owned(), keys(&["zz-one"], 1))];
    (Authorities { authorities: all, ..Authorities::new("Test") }, BTreeMap::from(sets))
}

fn read(path: &Path) -> Signed<Targets> {
    metadata::from_bytes(&std::fs::read(path).unwrap()).unwrap()
}

#[tokio::test]
async fn editions_are_taken_back_whatever_became_of_the_timestamp() {
    let public = folder("stamp-public");
    let here = Here::found(&addresses("stamp-from").await[0], &public).await;
    let stamp = || std::fs::read(public.join(STAMP)).unwrap();
    here.publish("qq", tariff("QQ", &[("610910", "12 %")])).await;
    let backup = folder("stamp-backup").join("backup");
    store::copy::backup(here.repository.db.as_ref(), &backup).await.unwrap();
    let first = stamp();
    here.pass(SignedDuration::from_hours(1));
    let two = here.publish("qq", tariff("QQ", &[("610910", "10 %")])).await;
    let second = stamp();
    let three = here.publish("qq", tariff("QQ", &[("610910", "8 %")])).await;
    let root = std::fs::read(public.join("metadata/1.root.json")).unwrap();
    let lost: [(&str, Option<Vec<u8>>); 4] =
        [("cut", Some(stamp()[..300].to_vec())), ("deleted", None), ("first", Some(first)), ("second", Some(second))];
    for (name, bytes) in lost {
        for without_snapshots in [false, true] {
            let public = copy_of(&public, "stamp-copy");
            // Readers saw the third edition before.
            let mut client = Client::start(folder("stamp-reader").join("copy"), &root).unwrap();
            let before = Here { public: public.clone(), ..Here::open(&addresses("stamp-now").await[0], &public).await };
            before.pass(SignedDuration::from_hours(2));
            assert_eq!(seen(&mut client, &before)["qq"], Ok(3));
            std::fs::remove_file(public.join(STAMP)).unwrap();
            bytes.iter().for_each(|bytes| std::fs::write(public.join(STAMP), bytes).unwrap());
            if without_snapshots {
                for path in files(&public).into_keys().filter(|path| path.to_string_lossy().ends_with("snapshot.json"))
                {
                    std::fs::remove_file(path).unwrap();
                }
            }
            let again = restored(&backup, &addresses("stamp-into").await[0], &public).await;
            if without_snapshots && name == "second" {
                // It names a snapshot that is gone.
                let refusal = again.repository.take_back().await.unwrap_err();
                assert!(
                    matches!(&refusal, Refusal::Conflict(told) if told.contains("snapshot.json is missing")),
                    "{refusal}"
                );
                continue;
            }
            let back = again.repository.take_back().await.unwrap();
            let expected = [("qq".to_owned(), 2, two.clone()), ("qq".to_owned(), 3, three.clone())];
            assert_eq!(back.editions, expected, "timestamp {name}");
            assert_eq!(again.repository.take_back().await.unwrap().editions, [], "once is enough");
            again.repository.distribute().await.unwrap();
            let fourth = again.publish("qq", tariff("QQ", &[("610910", "7 %")])).await;
            assert_eq!(again.repository.standing(&fourth).await.unwrap().waiting_files, 0);
            if !without_snapshots {
                assert_eq!(seen(&mut client, &again)["qq"], Ok(4), "timestamp {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_damaged_timestamp_beside_nothing_newer_is_written_anew() {
    let public = folder("damaged-public");
    let here = Here::found(&addresses("damaged").await[0], &public).await;
    here.publish("zz", tariff("ZZ", &[("610910", "12 %")])).await;
    for bytes in [None, Some("{}")] {
        std::fs::remove_file(public.join(STAMP)).unwrap();
        bytes.iter().for_each(|bytes| std::fs::write(public.join(STAMP), bytes).unwrap());
        assert_eq!(here.repository.take_back().await.unwrap().timestamp, None);
        here.pass(SignedDuration::from_hours(20));
        here.repository.tick().await.unwrap();
        metadata::from_bytes::<tough::schema::Timestamp>(&std::fs::read(public.join(STAMP)).unwrap()).unwrap();
    }
}

/// A page of a web server in the place of the timestamp is none, however large it is.
#[tokio::test]
async fn a_timestamp_that_is_too_large_is_written_anew() {
    let public = folder("large-public");
    let here = Here::found(&addresses("large").await[0], &public).await;
    here.publish("zz", tariff("ZZ", &[("610910", "12 %")])).await;
    std::fs::write(public.join(STAMP), "x".repeat(17 << 10)).unwrap();
    assert_eq!(here.repository.take_back().await.unwrap().timestamp, None);
    here.pass(SignedDuration::from_hours(20));
    here.repository.tick().await.unwrap();
    metadata::from_bytes::<tough::schema::Timestamp>(&std::fs::read(public.join(STAMP)).unwrap()).unwrap();
}

/// A host that somebody emptied is filled again: everything goes out, and a new reader verifies it.
#[tokio::test]
async fn an_emptied_host_is_filled_again() {
    let public = folder("emptied-public");
    let here = Here::found(&addresses("emptied").await[0], &public).await;
    here.publish("zz", tariff("ZZ", &[("610910", "12 %")])).await;
    here.repository.tick().await.unwrap();
    let before = files(&public);
    for place in ["metadata", "targets"] {
        std::fs::remove_dir_all(public.join(place)).unwrap();
    }
    here.repository.take_back().await.unwrap();
    here.repository.distribute().await.unwrap();
    let again: Vec<_> = files(&public).into_iter().filter(|(path, _)| !path.starts_with(public.join("open"))).collect();
    let published: Vec<_> = before.into_iter().filter(|(path, _)| !path.starts_with(public.join("open"))).collect();
    assert_eq!(again, published);
}

/// Days pass while the host is away; then it is back, and it is still known that what it has is not this database's.
#[tokio::test]
async fn a_database_that_went_back_never_overwrites_the_host() {
    for address in addresses("forked").await {
        for publishes in [false, true] {
            let public = folder("forked-public");
            let (here, backup, second) = lived(&addresses("forked-from").await[0], &public).await;
            drop(here);
            if address.contains("://") {
                crate::common::run(&address, "DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
            } else {
                let _ = std::fs::remove_file(&address);
            }
            let mut here = restored(&backup, &address, &public).await;
            let before = files(&public);
            let gate = Gate::before(&mut here);
            gate.set(Is::Away);
            if publishes {
                here.publish("qq", tariff("QQ", &[("610910", "99 %")])).await;
            }
            for _ in 0..10 {
                here.pass(SignedDuration::from_hours(12));
                here.repository.tick().await.unwrap_err();
            }
            gate.set(Is::Open);
            if publishes {
                let refusal = here.repository.tick().await.unwrap_err().to_string();
                assert!(refusal.contains("role 2 of qq is another one there"), "{refusal}");
                let refusal = here.submit("zz", tariff("ZZ", &[("610910", "1 %")])).await.unwrap_err();
                assert!(matches!(refusal, Refusal::Held(_)), "{refusal}");
                assert!(files(&public) == before, "something was sent over what readers have seen");
            } else {
                // By itself: nobody starts the service anew.
                here.repository.tick().await.unwrap();
                assert_eq!(here.repository.standing(&second).await.unwrap().state, State::Published);
                let after = files(&public);
                assert!(before.iter().all(|(path, bytes)| path.ends_with("timestamp.json")
                    || path.to_string_lossy().ends_with("snapshot.json")
                    || after.get(path) == Some(bytes)));
            }
            here.repository.db.close().await;
        }
    }
}

/// What the host still has was made here, however long ago: nobody is held up when it is back.
#[tokio::test]
async fn a_host_that_was_away_for_days_is_known_again() {
    for address in addresses("known").await {
        let mut here = Here::found(&address, &folder("known-public")).await;
        let gate = Gate::before(&mut here);
        gate.set(Is::Away);
        for _ in 0..6 {
            here.pass(SignedDuration::from_hours(24));
            here.repository.tick().await.unwrap_err();
        }
        gate.set(Is::Open);
        here.submit("zz", tariff("ZZ", &[("610910", "12 %")])).await.unwrap();
        assert_eq!(here.repository.take_back().await.unwrap().timestamp, None);
        here.repository.distribute().await.unwrap();
        here.repository.db.close().await;
    }
}

/// A list of authorities that nobody signed gives nobody a say, though a signed one follows it.
#[tokio::test]
async fn each_list_of_authorities_is_held_against_signatures() {
    let public = folder("list-public");
    let (here, backup, _) = lived(&addresses("list-from").await[0], &public).await;
    let (third, sets) = list(&["qq-one", "qq-two", "qq-three"]);
    here.admit(3, third.clone(), &sets).await.unwrap();
    renew(&here, ["qq-one", "qq-two"]).await;
    here.admit(4, third.clone(), &sets).await.unwrap();
    // Forged: list 3 gives `qq` to strangers, who sign the role of edition 2.
    let (list_path, role_path) = (public.join("metadata/3.targets.json"), public.join("metadata/2.qq.json"));
    let (good_list, good_role) = (std::fs::read(&list_path).unwrap(), std::fs::read(&role_path).unwrap());
    let (_, strangers) = list(&["stranger", "other"]);
    let of = read(&list_path);
    let forged = metadata::targets(
        3,
        here.now() + SignedDuration::from_hours(99),
        &metadata::list_bytes(&third).unwrap(),
        &strangers,
    );
    let forged = Signed { signatures: of.signatures, signed: forged.unwrap() };
    std::fs::write(&list_path, metadata::to_bytes(&forged).unwrap()).unwrap();
    let mut role = metadata::unsigned(read(&role_path).signed);
    ["stranger", "other"].iter().for_each(|name| sign(&mut role, &key(name)).unwrap());
    std::fs::write(&role_path, metadata::to_bytes(&role).unwrap()).unwrap();

    let again = restored(&backup, &addresses("list-into").await[0], &public).await;
    let told = |refusal: Refusal| match refusal {
        Refusal::Signature(told) => told,
        other => panic!("{other}"),
    };
    let first = told(again.repository.take_back().await.unwrap_err());
    assert!(first.starts_with("metadata/3.targets.json at the static host is not signed"), "{first}");
    std::fs::write(&list_path, good_list).unwrap();
    let then = told(again.repository.take_back().await.unwrap_err());
    assert!(then.starts_with("metadata/2.qq.json at the static host is not signed by the officers of qq"), "{then}");
    let mut tx = again.repository.db.read().await.unwrap();
    assert_eq!(edition::head(&mut *tx, "qq").await.unwrap().unwrap().manifest.number, 1, "nothing is kept");
    drop(tx);
    std::fs::write(&role_path, good_role).unwrap();
    assert_eq!(again.repository.take_back().await.unwrap().editions.len(), 1);
}

/// Keys that were replaced sign nothing later, though the database was restored from a time when they still counted.
#[tokio::test]
async fn keys_of_an_older_list_sign_nothing_that_came_later() {
    let public = folder("time-public");
    let (here, backup, _) = lived(&addresses("time-from").await[0], &public).await;
    let (third, sets) = list(&["qq-two", "qq-three"]);
    here.admit(3, third, &sets).await.unwrap();
    renew(&here, ["qq-two", "qq-three"]).await;
    // A stolen key of the older list and one more sign a role that no snapshot names.
    let mut role = metadata::unsigned(read(&public.join("metadata/3.qq.json")).signed);
    role.signed.version = 4.try_into().unwrap();
    ["qq-one", "qq-two"].iter().for_each(|name| sign(&mut role, &key(name)).unwrap());
    let path = public.join("metadata/4.qq.json");
    std::fs::write(&path, metadata::to_bytes(&role).unwrap()).unwrap();
    let again = restored(&backup, &addresses("time-into").await[0], &public).await;
    let refusal = again.repository.take_back().await.unwrap_err();
    assert!(matches!(&refusal, Refusal::Signature(told) if told.contains("metadata/4.qq.json")), "{refusal}");
    // By those that count now it is good.
    ["qq-two", "qq-three"].iter().for_each(|name| sign(&mut role, &key(name)).unwrap());
    std::fs::write(&path, metadata::to_bytes(&role).unwrap()).unwrap();
    let back = again.repository.take_back().await.unwrap();
    assert_eq!(back.roles, ["targets 3", "qq 3", "qq 4"]);
}

/// Whoever holds a receipt from after the backup hears what became of it; subscribers hear of nothing twice.
#[tokio::test]
async fn receipts_from_after_the_backup_are_explained_and_nobody_is_told_twice() {
    let public = folder("gap-public");
    let here = Here::found(&addresses("gap-from").await[0], &public).await;
    here.publish("qq", tariff("QQ", &[("610910", "12 %")])).await;
    let reach = tidewaiter_repository::feeds::address::Reach::AndLoopback;
    let subscribed = here.repository.subscribe(
        store::subscription::Channel::Webhook,
        "http://127.0.0.1:9/",
        Default::default(),
        reach,
        "secretariat",
    );
    subscribed.await.unwrap();
    let backup = folder("gap-backup").join("backup");
    store::copy::backup(here.repository.db.as_ref(), &backup).await.unwrap();
    here.pass(SignedDuration::from_hours(1));
    let second = here.submit("qq", tariff("QQ", &[("610910", "10 %")])).await.unwrap();
    let hash = second.receipt.edition.clone().unwrap();
    here.speak(&hash).await;
    for name in ["qq-one", "qq-two"] {
        here.sign(&hash, name).await.unwrap();
    }
    let third = here.submit("qq", tariff("QQ", &[("610910", "8 %")])).await.unwrap();

    let again = restored(&backup, &addresses("gap-into").await[0], &public).await;
    let told = async |envelope: &str| {
        let envelope = tidewaiter_repository::proof::read(envelope.as_bytes()).unwrap();
        let mut tx = again.repository.db.read().await.unwrap();
        tidewaiter_repository::proof::check(&mut *tx, &envelope).await.unwrap_err().to_string()
    };
    let envelope =
        |taken: &tidewaiter_repository::workflow::submit::Taken| serde_json::to_string(&taken.envelope).unwrap();
    let before = told(&envelope(&second)).await;
    assert!(before.starts_with("the store contradicts the receipt"), "{before}");
    assert_eq!(again.repository.take_back().await.unwrap().editions.len(), 1);
    let published = told(&envelope(&second)).await;
    let words = "says that an older backup was restored on 2026-11-23T08:00:00Z, and the row before that is of 2026-11-22T08:00:00Z";
    assert!(published.contains(words), "{published}");
    assert!(published.ends_with("its edition was taken back from the static host, and is published"), "{published}");
    let draft = told(&envelope(&third)).await;
    assert!(draft.contains(words) && draft.ends_with("send it again"), "{draft}");
    let mut tx = again.repository.db.read().await.unwrap();
    assert_eq!(tx.rows("SELECT id FROM delivery", vec![]).await.unwrap().len(), 0, "it was told before");
    drop(tx);
    // What is published from now on is told, and proved.
    let fourth = again.publish("qq", tariff("QQ", &[("610910", "8 %")])).await;
    let mut tx = again.repository.db.read().await.unwrap();
    let mut rows = tx.rows("SELECT edition FROM delivery", vec![]).await.unwrap();
    assert_eq!(rows.iter_mut().map(|row| row.text().unwrap()).collect::<Vec<_>>(), [fourth]);
}

/// A host that accepts and never answers holds up nobody who wants to publish.
#[tokio::test]
async fn a_host_that_never_answers_is_waited_for_outside_the_turn() {
    for address in addresses("hung").await {
        let mut here = Here::found(&address, &folder("hung-public")).await;
        let gate = Gate::before(&mut here);
        gate.set(Is::Away);
        here.publish("zz", tariff("ZZ", &[("610910", "12 %")])).await;
        gate.set(Is::Hung);
        let repository = here.repository.clone();
        let sends = tokio::spawn(async move { repository.distribute().await });
        gate.waits.notified().await;
        // Another takes the turn at once.
        let mut tx = here.repository.db.write().await.unwrap();
        store::take_turn(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!sends.is_finished(), "the turn was free only when the look was given up");
        sends.abort();
        gate.set(Is::Open);
        here.repository.tick().await.unwrap();
        assert_eq!(here.repository.waiting_files().await.unwrap(), 0);
        here.repository.db.close().await;
    }
}
