//! Replays, freezes, mixtures, and files that were altered.

use crate::builder::*;
use tidewaiter_repository::client::mirror::FolderMirror;
use tidewaiter_repository::client::{Client, Standing};
use tidewaiter_repository::metadata::{self, Listed};

#[test]
fn an_altered_part_is_refused() {
    let (mut world, mut client) = honest("altered-part");
    world.publish("qq", 2);
    world.publish("zz", 2);
    world.release();
    let path = world.part_path("qq", "measures");
    let mut bytes = world.read(&path);
    *bytes.last_mut().unwrap() ^= 1;
    world.write(&path, &bytes);
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "is altered: its SHA-256 is");
    assert_eq!(duty(&client, "zz"), "2 %");
    // The mirror is put right: so is the copy.
    *bytes.last_mut().unwrap() ^= 1;
    world.write(&path, &bytes);
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    assert_eq!(duty(&client, "qq"), "2 %");
}

#[test]
fn an_altered_manifest_is_refused() {
    let (mut world, mut client) = honest("altered-manifest");
    let sha256 = world.publish("qq", 2);
    world.release();
    let path = world.manifest_path("qq", &sha256);
    let altered = String::from_utf8(world.read(&path)).unwrap().replace("Tariff", "Tarifs");
    world.write(&path, altered.as_bytes());
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "is altered: its SHA-256 is");
}

#[test]
fn an_older_timestamp_is_refused() {
    let (mut world, mut client) = honest("older-timestamp");
    let older = world.read("metadata/timestamp.json");
    world.release();
    assert_eq!(update(&mut client, &world, now()).timestamp, 2);
    world.write("metadata/timestamp.json", &older);
    let report = update(&mut client, &world, now());
    all_kept(
        &client,
        &report,
        "the mirror gives timestamp 1, and timestamp 2 was seen before: an older state is replayed",
    );
    // An honest mirror makes it good.
    world.release();
    let report = update(&mut client, &world, now());
    assert_eq!(report.failed, None);
    unharmed(&client, &report, &[]);
}

#[test]
fn an_older_snapshot_is_refused() {
    let (mut world, mut client) = honest("older-snapshot");
    let before = world.clone();
    world.release();
    assert_eq!(update(&mut client, &world, now()).failed, None);
    // Whoever holds the timestamp key alone signs snapshot 1 again as the newest.
    let bytes = world.read("metadata/1.snapshot.json");
    world.sign_timestamp(&Listed::of(1, &bytes));
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "names an older snapshot than the one before");
    // Whoever holds the snapshot key too lists older roles in a newer snapshot.
    let (mut world, mut client) = (before, client_of("older-snapshot-2", &world));
    world.publish("qq", 2);
    world.versions = [1, 1, 2, 3];
    world.release();
    update(&mut client, &world, now());
    let first = world.read("metadata/1.qq.json");
    world.listed.insert("qq".into(), Listed::of(1, &first));
    world.release();
    let report = update(&mut client, &world, now());
    let why = report.failed.unwrap();
    assert!(
        why.contains("lists version 1 of qq.json, and version 2 was listed before: an older state is replayed"),
        "{why}"
    );
    assert_eq!(duty(&client, "qq"), "2 %");
}

fn client_of(name: &str, world: &World) -> Client {
    let mut client = Client::start(folder(name), &world.read("metadata/1.root.json")).unwrap();
    client.update(&world.mirror(), now(), &mut |_| {}).unwrap();
    client
}

#[test]
fn a_role_left_out_of_the_snapshot_is_refused() {
    let (mut world, mut client) = honest("left-out");
    world.listed.remove("qq");
    world.release();
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "leaves out qq.json, which was listed before");
}

#[test]
fn a_frozen_timestamp_makes_all_stale_with_time() {
    let (world, mut client) = honest("frozen");
    // The mirror gives the same files for ever. The timestamp was signed for one day.
    let report = update(&mut client, &world, hours(23));
    unharmed(&client, &report, &[]);
    assert_eq!(report.fetched.files, 1, "only the timestamp was fetched");
    let report = update(&mut client, &world, hours(24));
    for (id, answer) in &report.authorities {
        let Standing::Stale { since, why } = &answer.standing else { panic!("{id}: {answer:?}") };
        assert_eq!(*since, hours(24));
        assert!(why.contains("(timestamp) expired on 2026-11-23T12:00:00Z"), "{why}");
        assert_eq!(duty(&client, id), "1 %");
    }
    // With no update at all it is the same.
    assert!(client.standing(hours(48)).values().all(|answer| matches!(answer, Standing::Stale { .. })));
    assert!(client.standing(hours(23)).values().all(|answer| *answer == Standing::Fresh));
}

#[test]
fn an_authority_that_is_late_is_stale_alone() {
    let (mut world, mut client) = honest("late");
    let (mut manifest, stored) = world.draft("qq", 2);
    manifest.next_due = Some("2026-11-30".parse().unwrap());
    world.publish_as(&manifest, &stored);
    world.release();
    assert_eq!(update(&mut client, &world, now()).authorities["qq"].standing, Standing::Fresh);
    // 30 November is over; the repository has gone on signing.
    world.at = hours(24 * 9);
    world.release();
    let report = update(&mut client, &world, hours(24 * 9));
    unharmed(&client, &report, &["qq"]);
    let Standing::Stale { since, why } = &report.authorities["qq"].standing else { panic!("{report:?}") };
    assert_eq!(since.to_string(), "2026-12-01T00:00:00Z");
    assert_eq!(why, "the authority promised its next edition by 2026-11-30");
}

#[test]
fn an_expired_role_is_stale_alone() {
    let (mut world, mut client) = honest("expired-role");
    // Roles are signed for 90 days. After 91 all but qq have signed again.
    world.at = hours(24 * 91);
    world.publish("yy", 2);
    world.publish("zz", 2);
    world.release();
    let report = update(&mut client, &world, hours(24 * 91));
    unharmed(&client, &report, &["qq"]);
    let Standing::Stale { since, why } = &report.authorities["qq"].standing else { panic!("{report:?}") };
    assert_eq!(*since, hours(24 * 90));
    assert!(why.contains("the authority's signature expired on"), "{why}");
    assert_eq!((duty(&client, "qq").as_str(), duty(&client, "zz").as_str()), ("1 %", "2 %"));
}

#[test]
fn files_of_two_moments_are_refused() {
    let (mut world, mut client) = honest("mixed");
    let old = world.read("metadata/1.qq.json");
    world.publish("qq", 2);
    world.release();
    let new = world.read("metadata/2.qq.json");
    // The role of one moment under the name of another.
    world.write("metadata/2.qq.json", &old);
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "metadata/2.qq.json is altered");
    world.write("metadata/2.qq.json", &new);
    assert_eq!(update(&mut client, &world, now()).authorities["qq"].number, Some(2));
    // The snapshot of one moment under the name of another.
    let snapshot = world.read("metadata/2.snapshot.json");
    world.release();
    world.write("metadata/3.snapshot.json", &snapshot);
    let report = update(&mut client, &world, now());
    assert!(report.failed.unwrap().contains("metadata/3.snapshot.json is altered"));
    // A snapshot that names the hash of one version under the number of another.
    world.listed.insert("qq".into(), Listed { version: 3, ..Listed::of(2, &new) });
    world.release();
    world.write("metadata/3.qq.json", &new);
    let report = update(&mut client, &world, now());
    let Standing::Refused { why, .. } = &report.authorities["qq"].standing else { panic!("{report:?}") };
    assert_eq!(why, "the file of qq is version 2, and version 3 is listed: files of two moments are mixed");
    unharmed(&client, &report, &["qq"]);
}

#[test]
fn a_hash_of_another_length_is_refused() {
    let (mut world, mut client) = honest("hash-length");
    for (sha256, words) in [("00", "is not a SHA-256"), (&*"00".repeat(40), "is not a SHA-256")] {
        let (manifest, stored) = world.draft("qq", 2);
        let role = world.clone().put(&manifest, &stored);
        let mut value = serde_json::to_value(&role).unwrap();
        value["targets"]["qq--edition.json"]["hashes"]["sha256"] = sha256.into();
        value["version"] = (world.listed["qq"].version + 1).into();
        let keys = world.delegations["qq"].keys.clone();
        world.sign_role("qq", serde_json::from_value(value).unwrap(), &keys);
        world.release();
        let report = update(&mut client, &world, now());
        refused(&client, &report, "qq", words);
    }
}

#[test]
fn a_wrong_length_is_refused() {
    let (mut world, mut client) = honest("wrong-length");
    let (manifest, stored) = world.draft("qq", 2);
    let mut value = serde_json::to_value(world.put(&manifest, &stored)).unwrap();
    value["targets"]["qq--edition.json"]["length"] = 10.into();
    let keys = world.delegations["qq"].keys.clone();
    world.sign_role("qq", serde_json::from_value(value).unwrap(), &keys);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "is larger than the 10 bytes that it may have");
}

#[test]
fn deep_and_huge_json_is_refused() {
    let (mut world, mut client) = honest("deep");
    let deep = [br#"{"signed":{"_type":"targets","more":"#.as_slice(), &b"[".repeat(100_000), b"}}"].concat();
    world.list_role("qq", 2, &deep);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "recursion limit exceeded");
    // Nine megabytes, and it says so.
    world.list_role("qq", 3, &vec![b' '; 9 << 20]);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "is larger than the 8388608 bytes that it may have");
    // A timestamp, whose size nobody has signed.
    world.write("metadata/timestamp.json", &vec![b' '; 1 << 20]);
    let report = update(&mut client, &world, now());
    assert!(report.failed.unwrap().contains("metadata/timestamp.json is larger than the 16384 bytes that it may have"));
    assert_eq!(duty(&client, "zz"), "1 %");
}

#[test]
fn a_mirror_of_nothing_keeps_the_copy() {
    let (_, mut client) = honest("nothing");
    let empty = folder("nothing-mirror");
    let report = client.update(&FolderMirror::new(&empty), now(), &mut |_| {}).unwrap();
    all_kept(&client, &report, "the mirror has no metadata/timestamp.json");
    // A mirror that cannot be reached says nothing about the repository.
    let report = client.update(&FolderMirror::new(empty.join("gone")), now(), &mut |_| {}).unwrap();
    assert!(report.unreachable && report.failed.is_some());
}

#[test]
fn another_version_of_the_framework_is_refused() {
    let (mut world, mut client) = honest("spec");
    let (manifest, stored) = world.draft("qq", 2);
    let mut role = world.put(&manifest, &stored);
    role.spec_version = "2.0.0".into();
    let keys = world.delegations["qq"].keys.clone();
    let bytes = metadata::to_bytes(&World::signed(role, &keys)).unwrap();
    world.list_role("qq", 2, &bytes);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "follows version \"2.0.0\" of the framework");
}

#[test]
fn a_snapshot_without_hashes_is_refused() {
    let (mut world, mut client) = honest("no-hashes");
    world.publish("qq", 2);
    world.versions[2] += 1;
    let made = metadata::snapshot(world.versions[2], world.after(7), &world.listed).unwrap();
    let mut value = serde_json::to_value(made).unwrap();
    value["meta"]["qq.json"].as_object_mut().unwrap().remove("hashes");
    let snapshot: tough::schema::Snapshot = serde_json::from_value(value).unwrap();
    let bytes = metadata::to_bytes(&World::signed(snapshot, &world.snapshot.keys)).unwrap();
    world.write("metadata/2.snapshot.json", &bytes);
    world.sign_timestamp(&Listed::of(2, &bytes));
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "the entry of qq lacks its length or hash");
}

#[test]
fn a_root_without_consistent_snapshots_is_refused() {
    let (world, mut client) = honest("inconsistent");
    let root: tough::schema::Signed<tough::schema::Root> =
        metadata::from_bytes(&world.read("metadata/1.root.json")).unwrap();
    let mut root = root.signed;
    root.version = 2.try_into().unwrap();
    root.consistent_snapshot = false;
    let bytes = metadata::to_bytes(&World::signed(root, &world.root.keys)).unwrap();
    world.write("metadata/2.root.json", &bytes);
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "does not use consistent snapshots");
}

#[test]
fn a_list_of_authorities_that_is_wrong_is_refused() {
    // Altered on the mirror.
    let (mut world, mut client) = honest("list-altered");
    world.admit("xx", Some("XX"));
    world.sign_targets();
    world.release();
    let bytes = metadata::list_bytes(&world.list).unwrap();
    let path = format!("targets/{}.authorities.json", tidewaiter_repository::sha256_hex(&bytes));
    world.write(&path, String::from_utf8(bytes.clone()).unwrap().replace("\"XX\"", "\"ZZ\"").as_bytes());
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "authorities.json is altered");
    // One name twice.
    let twice = world.list.authorities[0].clone();
    world.list.authorities.push(twice);
    world.sign_targets();
    world.release();
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "authorities.json cannot be used: it names \"qq\" twice");
    // Not listed at all.
    let mut value = serde_json::to_value(world.targets_role()).unwrap();
    value["targets"] = serde_json::json!({});
    let keys = world.targets.keys.clone();
    world.sign_role("targets", serde_json::from_value(value).unwrap(), &keys);
    world.release();
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "authorities.json cannot be used: the targets role does not list it");
    // An authority without keys is refused alone.
    world.list.authorities.pop();
    world.delegations.remove("qq");
    world.sign_targets();
    world.release();
    let report = update(&mut client, &world, now());
    refused_beside(&client, &report);
}

#[track_caller]
fn refused_beside(client: &Client, report: &tidewaiter_repository::client::Report) {
    let Standing::Refused { why, .. } = &report.authorities["qq"].standing else { panic!("{report:?}") };
    assert!(why.contains("does not name the keys of qq once"), "{why}");
    unharmed(client, report, &["qq", "xx"]);
    assert_eq!(report.authorities["xx"].standing, Standing::Nothing);
}
