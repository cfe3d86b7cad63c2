//! Opening, damage, two programs at once, and editions of the past.

use crate::builder::*;
use tidewaiter_repository::client::bundle::{BundleMirror, Older};
use tidewaiter_repository::client::{Client, ClientError, Standing, Status, Which};
use tidewaiter_repository::parts;

#[test]
fn a_copy_is_opened_again() {
    let (world, client) = honest("opened");
    drop(client);
    let copy = world.folder.with_file_name("copy");
    let client = Client::open(&copy).unwrap();
    assert!(client.notices().is_empty());
    assert!(client.standing(now()).values().all(|answer| *answer == Standing::Fresh));
    assert_eq!(client.authorities().unwrap().unwrap().authorities.len(), 3);
    assert!(matches!(Client::open(world.folder), Err(ClientError::NotACopy(_))));
    let root = b"{}";
    assert!(matches!(Client::start(&copy, root), Err(ClientError::Root(_))));
}

/// What is fresh is so for the day on which it is asked, and for whole days to come alone.
#[test]
fn the_last_day_of_what_is_fresh() {
    let (_, client) = honest("until");
    let until = |hours: i64| client.editions(crate::builder::hours(hours)).unwrap()[0].until.to_string();
    let standing = |hours: i64| client.standing(crate::builder::hours(hours))["qq"].clone();
    // The first signature to end is the timestamp's. On its last day it is fresh, and that day is not flagged while it is.
    let ends = (1..24 * 40).find(|hours| standing(*hours) != Standing::Fresh).unwrap();
    let day = |hours: i64| crate::builder::hours(hours).to_string()[..10].to_owned();
    assert_eq!(until(ends - 1), day(ends - 1));
    assert!(until(0) < day(ends) && until(0) >= day(0), "{}", until(0));
    assert!(until(ends) < day(ends));
}

#[test]
fn a_copy_is_not_begun_twice() {
    let (world, _) = honest("twice-begun");
    let again = Client::start(world.folder.with_file_name("copy"), &world.read("metadata/1.root.json"));
    assert!(matches!(again, Err(ClientError::AlreadyACopy(_))));
}

#[test]
fn a_lost_or_damaged_state_begins_again_from_the_root() {
    for (name, words) in
        [("lost", "is missing"), ("cut", "is damaged"), ("changed", "is damaged"), ("root", "belongs to another root")]
    {
        let (world, mut client) = honest(&format!("state-{name}"));
        let copy = world.folder.with_file_name("copy");
        let state = copy.join("state.json");
        let text = std::fs::read_to_string(&state).unwrap();
        match name {
            "lost" => std::fs::remove_file(&state).unwrap(),
            "cut" => std::fs::write(&state, &text[..text.len() / 2]).unwrap(),
            "changed" => {
                let changed = text.replace("\"number\":1", "\"number\":7");
                assert_ne!(changed, text);
                std::fs::write(&state, changed).unwrap();
            }
            _ => {
                let mut other = World::new(&folder("state-other"), &["qq"]);
                let ring = Ring::new(&["other-1", "other-2"], 2);
                other.versions[0] = 0;
                other.timestamp = Ring::new(&["other-timestamp"], 1);
                other.root = ring.clone();
                other.sign_root(&ring);
                std::fs::write(copy.join("root.json"), other.read("metadata/1.root.json")).unwrap();
            }
        }
        let opened = Client::open(&copy).unwrap();
        assert!(opened.notices()[0].contains(words) && opened.standing(now()).is_empty(), "{:?}", opened.notices());
        let report = update(&mut client, &world, now());
        assert!(report.notices[0].contains(words));
        if name == "root" {
            // Trust comes from the root: another one, and nothing of this mirror is believed.
            assert!(report.failed.unwrap().contains("the timestamp role is not signed by enough of its keys"));
            assert!(report.authorities.is_empty());
            continue;
        }
        // Everything is good again, and nothing that is here was fetched a second time but the timestamp.
        assert_eq!((report.failed.clone(), report.fetched.files), (None, 1));
        unharmed(&client, &report, &[]);
        assert!(Client::open(&copy).unwrap().notices().is_empty());
    }
}

#[test]
fn a_damaged_file_is_found_and_fetched_again() {
    let (world, mut client) = honest("damaged");
    let edition = client.editions(now()).unwrap().remove(0);
    let part = &edition.manifest.parts[0];
    let file = world.folder.with_file_name("copy").join("files").join(&part.sha256);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let error = edition.content(part).unwrap_err();
    assert!(
        error.to_string().contains("is missing or damaged on this disk; repair the copy, then update it"),
        "{error}"
    );
    assert_eq!(client.repair().unwrap(), 1);
    let report = update(&mut client, &world, now());
    assert_eq!(report.fetched.files, 2, "the timestamp and the part");
    assert!(edition.content(part).is_ok());
}

#[test]
fn two_updates_at_once_are_one() {
    let (world, mut client) = honest("busy");
    let copy = world.folder.with_file_name("copy");
    let mut seen = 0;
    client
        .update(&world.mirror(), now(), &mut |_| {
            let mut other = Client::open(&copy).unwrap();
            assert!(matches!(other.update(&world.mirror(), now(), &mut |_| {}), Err(ClientError::Busy(_))));
            assert!(matches!(other.repair(), Err(ClientError::Busy(_))));
            // Reading goes on.
            assert_eq!(duty(&other, "zz"), "1 %");
            seen += 1;
        })
        .unwrap();
    assert_eq!(seen, 3);
    assert!(Client::open(&copy).unwrap().update(&world.mirror(), now(), &mut |_| {}).is_ok());
}

#[test]
fn an_update_sees_what_another_program_has_updated() {
    let (mut world, mut client) = honest("two-programs");
    let mut other = Client::open(world.folder.with_file_name("copy")).unwrap();
    let edition = client.editions(now()).unwrap().remove(0);
    assert_eq!(edition.authority, "qq");
    world.publish("qq", 2);
    world.release();
    update(&mut other, &world, now());
    // A reader that opened it before still reads what it opened, until the update after.
    assert!(edition.manifest.parts.iter().all(|part| edition.content(part).is_ok()));
    let report = update(&mut client, &world, now());
    assert_eq!((report.authorities["qq"].number, report.authorities["qq"].new), (Some(2), false));
}

#[test]
fn an_edition_of_the_past_is_fetched_back() {
    let (mut world, mut first) = honest("past");
    let hashes: Vec<String> = (2..7).map(|percent| world.publish("qq", percent)).collect();
    world.release();
    // A new copy sees the newest only.
    let mut client = Client::start(folder("past-copy"), &world.read("metadata/1.root.json")).unwrap();
    update(&mut client, &world, now());
    assert_eq!(client.find(&hashes[1]).unwrap(), None);
    let past = client.edition_at("qq", Which::Edition(&hashes[1]), &world.mirror()).unwrap();
    assert_eq!((past.manifest.number, &past.status), (3, &Status::Superseded { by: 6 }));
    let part = past.manifest.parts.iter().find(|part| part.name.starts_with("measures")).unwrap();
    let entries = parts::entries(part, &past.parts[&part.name]).unwrap();
    assert!(serde_json::to_string(&entries).unwrap().contains("3 %"));
    // It is remembered, with those between.
    assert_eq!(client.find(&hashes[1]).unwrap().unwrap().number, 3);
    assert_eq!(client.find(&hashes[2]).unwrap().unwrap().number, 4);
    assert_eq!(client.find(&hashes[0]).unwrap(), None);
    let oldest = client.edition_at("qq", Which::Number(1), &world.mirror()).unwrap();
    assert_eq!(oldest.manifest.previous, None);
    for (which, words) in [
        (Which::Number(0), "qq has not published edition 0"),
        (Which::Number(9), "qq has not published edition 9"),
        (Which::Edition("00"), "qq has not published an edition 00"),
    ] {
        let error = client.edition_at("qq", which, &world.mirror()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    assert!(client.edition_at("nobody", Which::Number(1), &world.mirror()).is_err());
    // What was altered on the mirror is not given.
    let path = world.manifest_path("qq", &hashes[0]);
    world.write(&path, b"{}");
    let mut third = Client::start(folder("past-copy-2"), &world.read("metadata/1.root.json")).unwrap();
    update(&mut third, &world, now());
    let error = third.edition_at("qq", Which::Number(1), &world.mirror()).unwrap_err().to_string();
    assert!(error.contains("is altered"), "{error}");
    assert!(matches!(update(&mut first, &world, now()).authorities["qq"].standing, Standing::Refused { .. }));
}

#[test]
fn an_authority_without_an_edition_has_nothing() {
    let (mut world, mut client) = honest("newcomer");
    world.admit("xx", Some("XX"));
    world.sign_targets();
    world.release();
    let report = update(&mut client, &world, now());
    assert_eq!(report.authorities["xx"].standing, Standing::Nothing);
    unharmed(&client, &report, &["xx"]);
    world.publish("xx", 3);
    world.release();
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    assert_eq!(duty(&client, "xx"), "3 %");
}

#[test]
fn a_report_is_plain_json() {
    let (mut world, mut client) = honest("json");
    world.publish("qq", 2);
    world.release();
    let report = update(&mut client, &world, now());
    let value = serde_json::to_value(&report).unwrap();
    assert_eq!(value["authorities"]["qq"]["standing"]["is"], "fresh");
    assert_eq!((&value["authorities"]["qq"]["number"], &value["authorities"]["qq"]["new"]), (&2.into(), &true.into()));
    assert_eq!(value["authorities"]["zz"]["new"], false);
    assert_eq!(serde_json::from_value::<tidewaiter_repository::client::Report>(value).unwrap(), report);
}

#[test]
fn a_missing_root_of_the_chain_begins_again() {
    let (mut world, mut client) = honest("lost-root");
    let ring = world.root.clone();
    world.sign_root(&ring);
    assert_eq!(update(&mut client, &world, now()).root, 2);
    let second = tidewaiter_repository::sha256_hex(&world.read("metadata/2.root.json"));
    let copy = world.folder.with_file_name("copy");
    std::fs::remove_file(copy.join("files").join(second)).unwrap();
    assert!(Client::open(&copy).unwrap().notices()[0].contains("names a root that is missing or damaged"));
    let report = update(&mut client, &world, now());
    assert_eq!(report.root, 2);
    unharmed(&client, &report, &[]);
}

/// Each role's own expiry is seen where the others have not expired.
#[test]
fn each_expiry_is_seen() {
    let since = |client: &Client, at| match client.standing(at).remove("qq") {
        Some(Standing::Stale { since, why }) => (since, why),
        other => panic!("{other:?}"),
    };
    // The timestamp is signed again after six days and a half, for one day; the snapshot was signed for seven.
    let (mut world, mut client) = honest("expiry-snapshot");
    world.at = hours(156);
    let bytes = world.read("metadata/1.snapshot.json");
    world.sign_timestamp(&tidewaiter_repository::metadata::Listed::of(1, &bytes));
    update(&mut client, &world, hours(156));
    assert_eq!(client.standing(hours(167))["qq"], Standing::Fresh);
    let (moment, why) = since(&client, hours(168));
    assert!(moment == hours(168) && why.contains("(snapshot) expired on"), "{why}");
    // All is signed again but targets, signed for 365 days; then but the root, signed for 1000.
    for (days, signs, words) in
        [(364, false, "(targets) expired on"), (999, true, "the root of the repository expired on")]
    {
        world.at = hours(24 * days + 12);
        world.publish("qq", 1);
        if signs {
            world.sign_targets();
        }
        world.release();
        update(&mut client, &world, hours(24 * days + 12));
        assert_eq!(client.standing(hours(24 * days + 23))["qq"], Standing::Fresh);
        let (moment, why) = since(&client, hours(24 * (days + 1)));
        assert!(moment == hours(24 * (days + 1)) && why.contains(words), "{why}");
    }
}

/// A mirror that breaks off after the roots.
struct Roots<'a>(&'a World);

impl tidewaiter_repository::client::Mirror for Roots<'_> {
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, tidewaiter_repository::client::MirrorError> {
        if path.ends_with("root.json") {
            return self.0.mirror().read(path, most);
        }
        Err(tidewaiter_repository::client::MirrorError::Unreachable {
            path: path.into(),
            why: "the line is cut".into(),
        })
    }
}

#[test]
fn changed_online_keys_without_a_new_timestamp_are_stale() {
    let (mut world, mut client) = honest("keys-changed");
    world.timestamp = Ring::new(&["timestamp-new"], 1);
    let ring = world.root.clone();
    world.sign_root(&ring);
    world.release();
    let report = client.update(&Roots(&world), hours(1), &mut |_| {}).unwrap();
    assert!(report.unreachable && (report.root, report.timestamp) == (2, 0));
    let Standing::Stale { since, why } = &report.authorities["qq"].standing else { panic!("{report:?}") };
    assert!(*since == now() && why.starts_with("the keys of the repository were changed"), "{why}");
    let report = update(&mut client, &world, hours(1));
    unharmed(&client, &report, &[]);
}

#[test]
fn a_refusal_says_how_old_the_edition_in_use_is() {
    let (mut world, mut client) = honest("age");
    world.publish("qq", 2);
    world.release();
    let sha256 = world.newest["qq"].sha256.clone();
    world.write(&world.manifest_path("qq", &sha256), b"{}");
    update(&mut client, &world, hours(3));
    for later in [3, 20] {
        let Standing::Refused { using: Some(using), .. } = &client.standing(hours(later))["qq"] else { panic!() };
        assert_eq!((using.number, using.verified, using.age_seconds), (1, now(), 3600 * later.unsigned_abs()));
    }
}

#[test]
fn an_older_bundle_is_told_from_an_attack() {
    let (mut world, mut client) = honest("older-bundle");
    let at = world.folder.with_file_name("old.bundle");
    client.bundle(None, std::fs::File::create(&at).unwrap()).unwrap();
    let bundle = BundleMirror::open(&at).unwrap();
    assert_eq!(client.is_older(&bundle).unwrap(), None, "it is what the copy has");
    world.publish("qq", 2);
    world.release();
    update(&mut client, &world, now());
    // `honest` releases once.
    let older = Some(Older { bundle: 1, copy: 2 });
    assert_eq!(client.is_older(&bundle).unwrap(), older);
    // After the online key was changed too: the bundle is signed by one that an earlier root names.
    world.timestamp = Ring::new(&["timestamp-new"], 1);
    let root = world.root.clone();
    world.sign_root(&root);
    world.release();
    assert_eq!(update(&mut client, &world, now()).failed, None);
    assert_eq!(client.is_older(&bundle).unwrap(), Some(Older { bundle: 1, copy: 3 }));
    // Signed by nobody who may: an update judges it.
    let mut other = World::new(&folder("older-other"), &["qq"]);
    other.timestamp = Ring::new(&["stranger"], 1);
    other.release();
    let forged = world.folder.with_file_name("forged.bundle");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&forged).unwrap());
    zip.start_file("metadata/timestamp.json", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, &other.read("metadata/timestamp.json")).unwrap();
    zip.finish().unwrap();
    assert_eq!(client.is_older(&BundleMirror::open(&forged).unwrap()).unwrap(), None);
}
