//! A database restored from an older backup, on a static host that readers have seen in a newer state.

use crate::common::{Here, addresses, authority, edition_file, folder, key, keys, root_keys, tariff};
use crate::workflow::gate::{Gate, Is};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::client::mirror::FolderMirror;
use tidewaiter_repository::client::{Client, Standing};
use tidewaiter_repository::metadata::sign;
use tidewaiter_repository::store::copy::Tokens;
use tidewaiter_repository::store::edition::{self, State};
use tidewaiter_repository::store::{audit, copy};
use tidewaiter_repository::workflow::Refusal;
use tidewaiter_repository::workflow::ceremony::Ceremony;
use tidewaiter_repository::workflow::sent::Sent;

/// Every file of a host.
pub(crate) fn files(public: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    ["metadata", "targets"]
        .iter()
        .flat_map(|part| std::fs::read_dir(public.join(part)).unwrap())
        .map(|file| file.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect()
}

/// A repository that was backed up after the first edition of `qq` and went on; the backup, and what `qq` published since.
pub(crate) async fn lived(address: &str, public: &Path) -> (Here, PathBuf, String) {
    let here = Here::found(address, public).await;
    here.publish("qq", tariff("QQ", &[("610910", "12 %"), ("850710", "3 %")])).await;
    let backup = folder("restored-backup").join("backup");
    copy::backup(here.repository.db.as_ref(), &backup).await.unwrap();
    here.pass(SignedDuration::from_hours(1));
    let second = here.publish("qq", tariff("QQ", &[("610910", "10 %"), ("850710", "3 %")])).await;
    (here, backup, second)
}

/// The same a day later, from the backup.
pub(crate) async fn restored(backup: &Path, address: &str, public: &Path) -> Here {
    let here = Here::open(address, public).await;
    here.repository.db.migrate().await.unwrap();
    copy::restore(here.repository.db.as_ref(), backup, Tokens::Kept).await.unwrap();
    here.pass(SignedDuration::from_hours(24));
    here
}

/// What a reader has of an authority: the number, or what is wrong.
pub(crate) fn seen(client: &mut Client, here: &Here) -> BTreeMap<String, Result<u64, String>> {
    let report = client.update(&FolderMirror::new(&here.public), here.now(), &mut |_| {}).unwrap();
    assert_eq!(report.failed, None);
    let standing = client.standing(here.now());
    let number = |id: &str| {
        let all = client.editions(here.now()).unwrap();
        all.into_iter().find(|edition| edition.authority == id).map_or(0, |edition| edition.manifest.number)
    };
    let told = |(id, standing): (String, Standing)| match standing {
        Standing::Fresh => (id.clone(), Ok(number(&id))),
        other => (id, Err(format!("{other:?}"))),
    };
    standing.into_iter().map(told).collect()
}

#[tokio::test]
async fn what_readers_have_seen_is_taken_back_and_goes_on() {
    let into = addresses("restored-into").await;
    for (from, into) in addresses("restored-from").await.into_iter().zip(into) {
        let public = folder("restored-public");
        let (here, backup, second) = lived(&from, &public).await;
        // Since the backup: a new root, an authority more, another key of `qq` that signs its edition anew, a bank's rates.
        let mut rotation = Ceremony::root("Rotate.".into(), 2, &root_keys(), here.now()).unwrap();
        ["root-a", "root-b"].iter().for_each(|name| rotation.sign(&key(name)).unwrap());
        here.repository.accept(&rotation, "secretariat").await.unwrap();
        let list = Authorities {
            authorities: vec![
                authority("bank", None, 1),
                authority("qq", Some("QQ"), 2),
                authority("zz", Some("ZZ"), 1),
            ],
            ..Authorities::new("Test")
        };
        let sets = BTreeMap::from([
            ("bank".to_owned(), keys(&["bank-one"], 1)),
            ("qq".to_owned(), keys(&["qq-two", "qq-three"], 2)),
            ("zz".to_owned(), keys(&["zz-one"], 1)),
        ]);
        here.admit(3, list, &sets).await.unwrap();
        let mut renewal = here.repository.renewal("qq").await.unwrap();
        ["qq-two", "qq-three"].iter().for_each(|name| sign(&mut renewal.role, &key(name)).unwrap());
        let mut sent = Sent { files: vec![("renewal.zip".into(), renewal.to_bytes().unwrap())], ..Sent::default() };
        sent.about.format = "package".into();
        assert_eq!(here.submit("qq", sent).await.unwrap().receipt.outcome, "renewed");
        let rates = edition_file(
            "{\"edition\":{\"authority\":\"x\",\"title\":\"Rates\",\"format\":\"edition\",\"known_from\":\"2026-11-22\",\"licence\":\"Free\"}}\n\
             {\"exchange-rate\":{\"series\":\"bank\",\"base\":\"XQD\",\"currency\":\"XZD\",\"rate\":\"2\",\"from\":\"2026-11-20\"}}\n"
                .into(),
        );
        let bank = here.submit("bank", rates).await.unwrap().receipt.edition.unwrap();
        here.sign(&bank, "bank-one").await.unwrap();
        let root = std::fs::read(public.join("metadata/1.root.json")).unwrap();
        let mut client = Client::start(folder("restored-reader").join("copy"), &root).unwrap();
        let newest = seen(&mut client, &here);
        assert_eq!((newest.get("bank"), newest.get("qq")), (Some(&Ok(1)), Some(&Ok(2))));
        here.repository.db.close().await;

        let here = restored(&backup, &into, &public).await;
        let before = files(&public);
        let refused = here.repository.distribute().await.unwrap_err().to_string();
        assert!(refused.contains("start the service anew, which takes back what the host has"), "{refused}");
        assert!(files(&public) == before, "something was sent over what readers have seen");
        let back = here.repository.take_back().await.unwrap();
        assert_eq!(back.editions, [("bank".into(), 1, bank), ("qq".into(), 2, second.clone())]);
        assert_eq!(back.roles, ["root 2", "targets 3", "qq 3"]);
        assert!(back.timestamp.is_some_and(|(there, here)| there > here));
        let again = here.repository.take_back().await.unwrap();
        assert_eq!((again.editions, again.timestamp), (Vec::new(), None), "once is enough");
        here.repository.distribute().await.unwrap();
        let after = files(&public);
        let changed: Vec<_> = before.iter().filter(|(path, bytes)| after.get(*path) != Some(bytes)).collect();
        let changed: Vec<_> =
            changed.into_iter().map(|(path, _)| path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(changed, ["timestamp.json"], "what has a number or a hash in its name stays as it was");
        assert_eq!(seen(&mut client, &here), newest);

        let taken = here.submit("qq", tariff("QQ", &[("610910", "9 %"), ("850710", "3 %")])).await.unwrap();
        let third = taken.receipt.edition.unwrap();
        assert_eq!(taken.receipt.number, Some(3));
        here.speak(&third).await;
        for name in ["qq-two", "qq-three"] {
            here.sign(&third, name).await.unwrap();
        }
        assert_eq!(seen(&mut client, &here).get("qq"), Some(&Ok(3)));
        let mut tx = here.repository.db.read().await.unwrap();
        let two = edition::numbered(&mut *tx, "qq", 2).await.unwrap().unwrap();
        assert_eq!((two.hash, two.state), (second, State::Superseded));
        audit::verify(&mut *tx).await.unwrap().unwrap();
        drop(tx);
        here.repository.db.close().await;
    }
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_named_and_nothing_is_published() {
    for address in addresses("restored-lacks").await {
        let public = folder("lacks-public");
        let (here, backup, second) = lived(&addresses("lacks-from").await[0], &public).await;
        here.repository.db.close().await;
        let here = restored(&backup, &address, &public).await;
        let manifest = public.join(format!("targets/{second}.qq--edition.json"));
        let whole = std::fs::read(&manifest).unwrap();
        let part = {
            let manifest: serde_json::Value = serde_json::from_slice(&whole).unwrap();
            let parts = manifest["parts"].as_array().unwrap().iter();
            let part = parts.into_iter().find(|part| part["name"] == "measures-61.ndjson.zst").unwrap();
            public.join(format!("targets/{}.qq--measures-61.ndjson.zst", part["sha256"].as_str().unwrap()))
        };
        for (path, words) in [(&part, "edition 2 of qq: targets/"), (&manifest, "targets/")] {
            let bytes = std::fs::read(path).unwrap();
            for altered in [None, Some([bytes.as_slice(), b"x"].concat()), Some([&bytes[1..], b"x"].concat())] {
                std::fs::remove_file(path).unwrap();
                altered.iter().for_each(|bytes| std::fs::write(path, bytes).unwrap());
                let before = files(&public);
                let refusal = here.repository.take_back().await.unwrap_err();
                let Refusal::Conflict(told) = &refusal else { panic!("{refusal}") };
                let name = path.file_name().unwrap().to_str().unwrap();
                assert!(told.contains(words) && told.contains(name), "{told}");
                assert!(here.repository.distribute().await.is_err());
                assert!(files(&public) == before);
                std::fs::write(path, &bytes).unwrap();
            }
        }
        // A timestamp that somebody else made.
        let stamp = public.join("metadata/timestamp.json");
        let signed = std::fs::read(&stamp).unwrap();
        let mut forged = tidewaiter_repository::metadata::from_bytes::<tough::schema::Timestamp>(&signed).unwrap();
        forged.signatures.clear();
        sign(&mut forged, &key("stranger")).unwrap();
        std::fs::write(&stamp, tidewaiter_repository::metadata::to_bytes(&forged).unwrap()).unwrap();
        let refusal = here.repository.take_back().await.unwrap_err();
        assert!(matches!(refusal, Refusal::Signature(_)), "{refusal}");
        std::fs::write(&stamp, &signed).unwrap();
        assert_eq!(here.repository.take_back().await.unwrap().editions.len(), 1);
        here.repository.db.close().await;
    }
}

/// Who publishes on the restored database before anything was taken back has made a second edition of one number: it is never sent.
/// While the host can be looked at, nobody can.
#[tokio::test]
async fn two_editions_of_one_number_are_never_shown() {
    let public = folder("two-public");
    let (here, backup, second) = lived(&addresses("two-from").await[0], &public).await;
    here.repository.db.close().await;
    let mut here = restored(&backup, &addresses("two-into").await[0], &public).await;
    let before = files(&public);
    let refusal = here.submit("qq", tariff("QQ", &[("610910", "97 %")])).await.unwrap_err();
    assert!(matches!(&refusal, Refusal::Held(told) if told.contains("try again in a minute")), "{refusal}");
    // The host is away: first the database has as many timestamps as the host, then more.
    let gate = Gate::before(&mut here);
    for duty in ["99 %", "98 %"] {
        gate.set(Is::Away);
        let other = here.publish("qq", tariff("QQ", &[("610910", duty)])).await;
        assert_ne!(other, second);
        gate.set(Is::Open);
        here.repository.tick().await.unwrap_err();
        assert!(files(&public) == before, "something was sent");
        let refusal = here.repository.take_back().await.unwrap_err().to_string();
        assert!(refusal.contains("role 2 of qq is another one there"), "{refusal}");
    }
}
