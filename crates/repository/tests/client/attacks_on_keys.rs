//! Keys that are stolen, too few, used twice or changed.

use crate::builder::*;
use tidewaiter_repository::client::{Client, Standing};
use tidewaiter_repository::manifest::Kind;
use tidewaiter_repository::metadata::{self, Listed};
use tough::schema::{Signed, Targets};

#[test]
fn a_stolen_key_counts_until_it_is_changed() {
    let (mut world, mut client) = honest("stolen");
    // Until the repository changes the key, a thief is the authority: no signature can tell.
    world.publish("qq", 66);
    world.release();
    let report = update(&mut client, &world, now());
    assert_eq!((report.authorities["qq"].number, duty(&client, "qq").as_str()), (Some(2), "66 %"));
    // The targets role names a new key. What the thief signs, and has signed, is refused.
    world.delegations.insert("qq".into(), Ring::new(&["qq-new"], 1));
    world.sign_targets();
    let (manifest, stored) = world.clone().draft("qq", 77);
    let mut thief = world.clone();
    let role = thief.put(&manifest, &stored);
    thief.sign_role("qq", role, &[key("qq")]);
    thief.release();
    let report = update(&mut client, &thief, now());
    let Standing::Refused { why, using: Some(using) } = &report.authorities["qq"].standing else {
        panic!("{report:?}")
    };
    assert_eq!(why, "role 3 of qq is not signed by enough of its keys", "nothing excuses a thief");
    assert_eq!(using.number, 2);
    unharmed(&client, &report, &["qq"]);
    // The authority withdraws the thief's edition with its new key. Its role takes the next version.
    world.versions = thief.versions;
    world.newest.get_mut("qq").unwrap().version = 3;
    let (mut manifest, stored) = world.draft("qq", 1);
    manifest.kind = Kind::Withdrawal;
    manifest.concerns = vec![2];
    manifest.reason = Some("It was signed with a stolen key.".into());
    world.publish_as(&manifest, &stored);
    world.release();
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    assert_eq!((report.authorities["qq"].number, duty(&client, "qq").as_str()), (Some(3), "1 %"));
}

#[test]
fn what_an_old_key_signed_is_refused_after_the_change() {
    let (mut world, mut client) = honest("old-key");
    world.delegations.insert("qq".into(), Ring::new(&["qq-new"], 1));
    world.sign_targets();
    world.release();
    let report = update(&mut client, &world, now());
    let waits = ". Its officers' keys were changed after it was signed: it waits until they sign it anew";
    refused(&client, &report, "qq", &format!("role 1 of qq is not signed by enough of its keys{waits}"));
    // A reader who begins now has not seen it when it was good.
    let mut late = Client::start(folder("old-key-late"), &world.read("metadata/1.root.json")).unwrap();
    let report = update(&mut late, &world, now());
    let Standing::Refused { why, using: None } = &report.authorities["qq"].standing else { panic!("{report:?}") };
    assert!(why.ends_with(". Where its officers' keys were changed, it waits until they sign it anew"), "{why}");
    // Signed again with the new key, the same edition is good.
    let bytes = world.read("metadata/1.qq.json");
    let mut signed: Signed<Targets> = metadata::from_bytes(&bytes).unwrap();
    signed.signed.version = 2.try_into().unwrap();
    world.sign_role("qq", signed.signed, &[key("qq-new")]);
    world.release();
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
}

#[test]
fn one_key_too_few_is_refused() {
    let (mut world, mut client) = honest("too-few");
    world.delegations.insert("qq".into(), Ring::new(&["qq", "qq-second"], 2));
    world.sign_targets();
    let (manifest, stored) = world.draft("qq", 2);
    let role = world.put(&manifest, &stored);
    world.sign_role("qq", role.clone(), &[key("qq")]);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "role 2 of qq is not signed by enough of its keys");
    // A key that the role does not name makes no second.
    let mut role = role;
    role.version = 3.try_into().unwrap();
    world.sign_role("qq", role.clone(), &[key("qq"), key("zz")]);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "role 3 of qq is not signed by enough of its keys");
    role.version = 4.try_into().unwrap();
    world.sign_role("qq", role, &[key("qq"), key("qq-second")]);
    world.release();
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    assert_eq!(report.authorities["qq"].number, Some(2));
}

#[test]
fn the_same_key_twice_is_one_key() {
    let (mut world, mut client) = honest("twice");
    world.delegations.insert("qq".into(), Ring::new(&["qq", "qq-second"], 2));
    world.sign_targets();
    let (manifest, stored) = world.draft("qq", 2);
    let role = world.put(&manifest, &stored);
    let mut signed = World::signed(role, &[key("qq")]);
    signed.signatures.push(signed.signatures[0].clone());
    let bytes = metadata::to_bytes(&signed).unwrap();
    world.list_role("qq", 2, &bytes);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "role 2 of qq is not signed by enough of its keys");
}

#[test]
fn one_key_under_two_names_is_refused() {
    let (mut world, mut client) = honest("two-names");
    // The repository's targets role lists one key of qq twice: a further field gives it another name.
    let twin = serde_json::json!({
        "keytype": "ed25519", "keyval": { "public": key("qq").public().as_str() }, "more": "", "scheme": "ed25519"
    });
    let made: tough::schema::key::Key = serde_json::from_value(twin.clone()).unwrap();
    let twin_id: String = made.key_id().unwrap().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut value = serde_json::to_value(world.targets_role()).unwrap();
    value["delegations"]["keys"][twin_id.as_str()] = twin;
    for role in value["delegations"]["roles"].as_array_mut().unwrap() {
        if role["name"] == "qq" {
            role["keyids"].as_array_mut().unwrap().push(twin_id.clone().into());
            role["threshold"] = 2.into();
        }
    }
    let targets: Targets = serde_json::from_value(value).unwrap();
    let keys = world.targets.keys.clone();
    world.sign_role("targets", targets, &keys);
    let (manifest, stored) = world.draft("qq", 2);
    let role = world.put(&manifest, &stored);
    let mut signed = World::signed(role, &[key("qq")]);
    let mut second = serde_json::to_value(&signed.signatures[0]).unwrap();
    second["keyid"] = twin_id.into();
    signed.signatures.push(serde_json::from_value(second).unwrap());
    let bytes = metadata::to_bytes(&signed).unwrap();
    world.list_role("qq", 2, &bytes);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "one key stands under two names");
}

#[test]
fn a_root_signed_by_old_and_new_keys_is_accepted() {
    let (mut world, mut client) = honest("cross-signed");
    let old = world.root.clone();
    world.root = Ring::new(&["root-3", "root-4"], 2);
    world.sign_root(&Ring { keys: [old.keys, world.root.keys.clone()].concat(), threshold: 2 });
    world.publish("qq", 2);
    world.release();
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    assert_eq!((report.root, report.authorities["qq"].number), (2, Some(2)));
}

#[test]
fn a_root_signed_by_one_side_only_is_refused() {
    for (name, words) in [
        ("new", "root 2 is not signed by the keys of root 1"),
        ("old", "root 2 is not signed by its own keys"),
        ("half", "root 2 is not signed by its own keys"),
    ] {
        let (mut world, mut client) = honest(&format!("root-{name}"));
        let old = world.root.clone();
        world.root = Ring::new(&["root-3", "root-4"], 2);
        let new = world.root.clone();
        let half = Ring { keys: [old.keys.clone(), vec![key("root-3")]].concat(), threshold: 2 };
        world.sign_root(match name {
            "new" => &new,
            "old" => &old,
            _ => &half,
        });
        world.release();
        let report = update(&mut client, &world, now());
        all_kept(&client, &report, words);
        assert_eq!(report.root, 1);
        // Signed rightly, it is accepted: nothing of the refused one has stuck.
        world.versions[0] -= 1;
        world.sign_root(&Ring { keys: [old.keys, new.keys].concat(), threshold: 2 });
        let report = update(&mut client, &world, now());
        unharmed(&client, &report, &[]);
        assert_eq!(report.root, 2);
    }
}

#[test]
fn a_root_that_jumps_is_refused() {
    let (mut world, mut client) = honest("root-jump");
    world.versions[0] = 4;
    let ring = world.root.clone();
    world.sign_root(&ring);
    let bytes = world.read("metadata/5.root.json");
    world.write("metadata/2.root.json", &bytes);
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "metadata/2.root.json says that it is root 5, and 2 is next");
    // An older one under the next name.
    world.write("metadata/2.root.json", &world.read("metadata/1.root.json"));
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "metadata/2.root.json says that it is root 1, and 2 is next");
}

#[test]
fn online_roles_signed_by_others_are_refused() {
    let (mut world, mut client) = honest("online");
    let honest = world.clone();
    world.timestamp = Ring::new(&["thief"], 1);
    world.release();
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "the timestamp role is not signed by enough of its keys");
    let mut world = World { versions: world.versions, ..honest };
    let good = world.snapshot.clone();
    world.snapshot = Ring::new(&["thief"], 1);
    world.release();
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "the snapshot role is not signed by enough of its keys");
    world.snapshot = good;
    world.targets = Ring::new(&["thief"], 1);
    world.sign_targets();
    world.release();
    let report = update(&mut client, &world, now());
    all_kept(&client, &report, "the targets role is not signed by enough of its keys");
}

/// Step 5.3.11: whoever stole the online keys has counted the versions up; with new keys they begin again below.
#[test]
fn a_fast_forward_is_recovered_from() {
    let (mut world, mut client) = honest("fast-forward");
    let honest = world.clone();
    world.versions[2] = u64::MAX - 2;
    world.versions[3] = u64::MAX - 2;
    world.release();
    assert_eq!(update(&mut client, &world, now()).timestamp, u64::MAX - 1);
    let mut world = World { versions: [1, 1, 1, 1], ..honest };
    world.release();
    let report = update(&mut client, &world, now());
    assert!(report.failed.unwrap().contains("an older state is replayed"));
    world.timestamp = Ring::new(&["timestamp-new"], 1);
    world.snapshot = Ring::new(&["snapshot-new"], 1);
    let ring = world.root.clone();
    world.sign_root(&ring);
    world.publish("qq", 2);
    world.release();
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    assert_eq!((report.timestamp, report.authorities["qq"].number), (3, Some(2)));
    // Numbers of editions did not begin again: they are the authority's, not the repository's.
    let (mut manifest, stored) = world.draft("qq", 1);
    (manifest.number, manifest.previous) = (1, None);
    world.publish_as(&manifest, &stored);
    world.release();
    let report = update(&mut client, &world, now());
    let Standing::Refused { why, .. } = &report.authorities["qq"].standing else { panic!("{report:?}") };
    assert!(why.contains("edition 1 is offered, and edition 2 was seen before"), "{why}");
}

#[test]
fn expired_offline_roles_stop_the_repository() {
    let (mut world, mut client) = honest("expired-targets");
    // Targets are signed for 365 days, the root for 1000.
    world.at = hours(24 * 366);
    world.release();
    let report = update(&mut client, &world, hours(24 * 366));
    assert!(report.failed.as_ref().unwrap().contains("the list of authorities (targets role, version 1) expired on"));
    assert!(report.authorities.values().all(|answer| matches!(answer.standing, Standing::Stale { .. })));
    world.at = hours(24 * 1001);
    world.release();
    let report = update(&mut client, &world, hours(24 * 1001));
    assert!(report.failed.unwrap().contains("the root expired on"));
    assert_eq!(duty(&client, "qq"), "1 %");
}

#[test]
fn a_dismissed_authority_is_used_no_longer_until_it_is_admitted_again() {
    let (mut world, mut client) = honest("struck-off");
    let edition = world.newest["qq"].sha256.clone();
    let at = world.list.authorities.iter().position(|authority| authority.id == "qq").unwrap();
    let (authority, keys) = (world.list.authorities.remove(at), world.delegations.remove("qq").unwrap());
    world.sign_targets();
    world.release();
    let report = update(&mut client, &world, now());
    assert_eq!(report.failed, None);
    let answer = &report.authorities["qq"];
    assert_eq!(answer.standing, Standing::Dismissed { since: now() });
    assert_eq!((answer.number, &answer.edition), (None, &None));
    assert!(client.editions(now()).unwrap().iter().all(|edition| edition.authority != "qq"));
    unharmed(&client, &report, &["qq"]);
    // An old answer that cites it can still be made again.
    assert_eq!(client.find(&edition).unwrap().unwrap().authority, "qq");
    // It is not forgotten either: what it publishes later must follow.
    world.list.authorities.insert(at, authority);
    world.delegations.insert("qq".into(), keys);
    world.sign_targets();
    world.release();
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    assert_eq!(duty(&client, "qq"), "1 %");
}

#[test]
fn a_delegation_wider_than_its_own_is_refused() {
    let (mut world, mut client) = honest("wide");
    let wide = serde_json::to_string(&world.targets_role()).unwrap().replace("\"qq--*\"", "\"*\"");
    let keys = world.targets.keys.clone();
    world.sign_role("targets", serde_json::from_str(&wide).unwrap(), &keys);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "the repository lets qq sign other files than qq--*");
}

#[test]
fn a_root_that_is_none_begins_no_copy() {
    let (world, _) = honest("no-root");
    let start = |bytes: &[u8]| Client::start(folder("no-root-copy"), bytes).unwrap_err().to_string();
    assert!(start(b"{}").contains("the root file cannot be used: the file of root is not one"));
    assert!(start(&world.read("metadata/1.targets.json")).contains("the file of root is not one"));
    let text = String::from_utf8(world.read("metadata/1.root.json")).unwrap();
    assert!(
        start(text.replace("\"version\":1", "\"version\":9").as_bytes()).contains("not signed by enough of its keys")
    );
    let listed = Listed::of(1, &world.read("metadata/1.root.json"));
    assert_eq!(listed.length, world.read("metadata/1.root.json").len() as u64);
}
