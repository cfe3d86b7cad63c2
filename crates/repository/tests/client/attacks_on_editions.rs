//! What stands above the framework: numbers, history, territories, files.

use crate::builder::*;
use tidewaiter_repository::client::{Standing, Status};
use tidewaiter_repository::manifest::Kind;
use tidewaiter_repository::name::Place;
use tidewaiter_repository::parts::{self, Stored};
use tidewaiter_repository::sha256_hex;

/// Publishes a manifest of qq after a change, and updates.
fn changed(
    world: &mut World,
    client: &mut tidewaiter_repository::client::Client,
    change: impl Fn(&mut tidewaiter_repository::manifest::Manifest, &mut Vec<Stored>),
) -> tidewaiter_repository::client::Report {
    let (mut manifest, mut stored) = world.draft("qq", 2);
    change(&mut manifest, &mut stored);
    manifest.parts = stored.iter().map(|stored| stored.part.clone()).collect();
    world.publish_as(&manifest, &stored);
    world.release();
    update(client, world, now())
}

#[test]
fn editions_in_order_are_accepted() {
    let (mut world, mut client) = honest("in-order");
    for percent in 2..6 {
        world.publish("qq", percent);
    }
    world.release();
    let report = update(&mut client, &world, now());
    unharmed(&client, &report, &[]);
    assert_eq!((report.authorities["qq"].number, duty(&client, "qq").as_str()), (Some(5), "5 %"));
}

#[test]
fn a_skipped_edition_is_refused() {
    let (mut world, mut client) = honest("skipped");
    let report = changed(&mut world, &mut client, |manifest, _| manifest.number = 3);
    refused(&client, &report, "qq", "an edition is skipped: 3 names as the one before it an edition with number 1");
}

#[test]
fn an_edition_that_is_withheld_is_not_passed_over() {
    let (mut world, mut client) = honest("withheld");
    let second = world.publish("qq", 2);
    world.publish("qq", 3);
    world.release();
    let path = world.manifest_path("qq", &second);
    let bytes = world.read(&path);
    std::fs::remove_file(world.folder.join(&path)).unwrap();
    let report = update(&mut client, &world, now());
    let Standing::Stale { since, why } = &report.authorities["qq"].standing else { panic!("{report:?}") };
    assert!(*since == now() && why.contains("is listed, and the mirror does not have it"), "{why}");
    assert_eq!(duty(&client, "qq"), "1 %");
    unharmed(&client, &report, &["qq"]);
    // Another edition in its place is no way around.
    world.write(&path, &world.read(&world.manifest_path("qq", &world.newest["qq"].sha256)));
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "is altered");
    world.write(&path, &bytes);
    assert_eq!(update(&mut client, &world, now()).authorities["qq"].number, Some(3));
}

#[test]
fn two_editions_with_one_number_are_refused() {
    let (mut world, mut client) = honest("one-number");
    let other = sha256_hex(b"of no importance");
    let report = changed(&mut world, &mut client, |manifest, _| {
        manifest.number = 1;
        manifest.previous = None;
    });
    refused(&client, &report, "qq", "there are two different editions with one number: 1 is");
    // The same for a number in the middle: 2 was seen, now 3 follows another 2.
    let (mut world, mut client) = honest("one-number-2");
    let first = world.clone();
    let seen = world.publish("qq", 2);
    world.release();
    assert_eq!(update(&mut client, &world, now()).authorities["qq"].edition.as_deref(), Some(seen.as_str()));
    let versions = world.versions;
    let mut world = World { versions, ..first };
    world.publish("qq", 7);
    world.newest.get_mut("qq").unwrap().version = 2;
    world.publish("qq", 8);
    world.release();
    let report = update(&mut client, &world, now());
    let Standing::Refused { why, using: Some(using) } = &report.authorities["qq"].standing else {
        panic!("{report:?}")
    };
    assert!(
        why.starts_with("its history is rewritten: edition 3 follows another edition 2 than the one that was seen"),
        "{why}"
    );
    assert_eq!((using.number, using.edition.as_str()), (2, seen.as_str()));
    assert_ne!(seen, other);
}

#[test]
fn rewritten_history_is_refused() {
    let (mut world, mut client) = honest("rewritten");
    let report =
        changed(&mut world, &mut client, |manifest, _| manifest.previous = Some(sha256_hex(b"another edition 1")));
    refused(
        &client,
        &report,
        "qq",
        "its history is rewritten: edition 2 follows another edition 1 than the one that was seen",
    );
}

#[test]
fn an_older_edition_under_a_newer_role_is_refused() {
    let (mut world, mut client) = honest("older-edition");
    let first = world.newest["qq"].clone();
    let second = world.publish("qq", 2);
    world.release();
    assert_eq!(update(&mut client, &world, now()).authorities["qq"].number, Some(2));
    let (_, stored) = world.draft("qq", 1);
    world.publish_as(&first.manifest, &stored);
    world.release();
    let report = update(&mut client, &world, now());
    let Standing::Refused { why, using: Some(using) } = &report.authorities["qq"].standing else {
        panic!("{report:?}")
    };
    assert_eq!(why, "edition 1 is offered, and edition 2 was seen before: an older state is replayed");
    assert_eq!(using.edition, second);
}

#[test]
fn a_target_outside_its_own_is_refused() {
    let (mut world, mut client) = honest("outside");
    let tricks = [
        "zz--edition.json",
        "qq--../x",
        "/qq--x",
        "qq--a/../b",
        "qq--%2e%2e",
        "qq--a\\b",
        "qq--a\0b",
        "authorities.json",
        "../qq--x",
        "QQ--x",
    ];
    let long = format!("qq--{}", "a".repeat(5000));
    for name in tricks.iter().copied().chain([long.as_str()]) {
        let (manifest, stored) = world.draft("qq", 2);
        let mut value = serde_json::to_value(world.clone().put(&manifest, &stored)).unwrap();
        value["targets"][name] = value["targets"]["qq--edition.json"].clone();
        value["version"] = (world.listed["qq"].version + 1).into();
        let keys = world.delegations["qq"].keys.clone();
        world.sign_role("qq", serde_json::from_value(value).unwrap(), &keys);
        world.release();
        let report = update(&mut client, &world, now());
        refused(&client, &report, "qq", "which is not among its own files qq--*");
    }
    // One that is its own by name, and in no edition.
    let (manifest, stored) = world.draft("qq", 2);
    let mut value = serde_json::to_value(world.clone().put(&manifest, &stored)).unwrap();
    value["targets"]["qq--more.json"] = value["targets"]["qq--edition.json"].clone();
    value["version"] = (world.listed["qq"].version + 1).into();
    let keys = world.delegations["qq"].keys.clone();
    world.sign_role("qq", serde_json::from_value(value).unwrap(), &keys);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "does not name exactly its manifest and the parts in it");
}

#[test]
fn a_manifest_of_another_authority_is_refused() {
    let (mut world, mut client) = honest("another");
    let (mut manifest, stored) = world.draft("qq", 2);
    manifest.authority = "zz".into();
    let mut other = world.clone();
    other.newest.clear();
    let role = other.put(&manifest, &stored);
    // The role of qq names the manifest of zz under a name of qq.
    let renamed = serde_json::to_string(&role).unwrap().replace("zz--", "qq--");
    for file in role.targets.keys() {
        let target = &role.targets[file];
        let sha256: String = target.hashes.sha256.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = world.read(&format!("targets/{sha256}.{}", file.raw()));
        world.write(&format!("targets/{sha256}.{}", file.raw().replace("zz--", "qq--")), &bytes);
    }
    let mut role: tough::schema::Targets = serde_json::from_str(&renamed).unwrap();
    role.version = 2.try_into().unwrap();
    let keys = world.delegations["qq"].keys.clone();
    world.sign_role("qq", role, &keys);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "its manifest is one of \"zz\", and only \"qq\" is published here");
}

#[test]
fn another_territory_is_refused() {
    let (mut world, mut client) = honest("territory");
    let report = changed(&mut world, &mut client, |manifest, _| manifest.head.territory = Some("ZZ".into()));
    refused(&client, &report, "qq", "its edition 2 is for ZZ, and the repository admits it for QQ");
}

#[test]
fn files_of_another_territory_are_refused() {
    for place in ["economies/ZZ.toml", "territories.toml", "lists/ZZ.toml", "lists/QQX.toml", "economies/QQ/x.toml"] {
        let (mut world, mut client) = honest("files");
        let report = changed(&mut world, &mut client, |_, stored| {
            stored.retain(|stored| stored.part.file.is_none());
            stored.push(parts::file(&Place::new(place).unwrap(), b"x\n").unwrap());
            stored.sort_by(|one, other| one.part.name.cmp(&other.part.name));
        });
        refused(
            &client,
            &report,
            "qq",
            &format!("is the file {place}; an authority may publish economies/ and lists/"),
        );
    }
    let (mut world, mut client) = honest("files-own");
    let report = changed(&mut world, &mut client, |_, stored| {
        stored.push(parts::file(&Place::new("lists/QQ.more.toml").unwrap(), b"x\n").unwrap());
        stored.sort_by(|one, other| one.part.name.cmp(&other.part.name));
    });
    unharmed(&client, &report, &[]);
    assert_eq!(report.authorities["qq"].number, Some(2));
}

#[test]
fn a_path_out_of_the_folder_is_no_manifest() {
    for (from, to) in [
        ("economies/QQ.toml", "../QQ.toml"),
        ("economies/QQ.toml", "/etc/passwd"),
        ("economies/QQ.toml", r"economies/%2e%2e/x\\y"),
        ("file-economies-qq.toml.zst", "../../file"),
        ("file-economies-qq.toml.zst", r"file\u0000"),
    ] {
        let (mut world, mut client) = honest("places");
        let (manifest, stored) = world.draft("qq", 2);
        let bytes = manifest.to_bytes().unwrap();
        let bad = String::from_utf8(bytes.clone()).unwrap().replace(from, to);
        assert_ne!(bad.as_bytes(), bytes);
        let role = serde_json::to_string(&world.put(&manifest, &stored)).unwrap();
        let role = role.replace(&sha256_hex(&bytes), &sha256_hex(bad.as_bytes()));
        let role = role.replace(&format!("\"length\":{},", bytes.len()), &format!("\"length\":{},", bad.len()));
        world.write(&world.manifest_path("qq", &sha256_hex(bad.as_bytes())), bad.as_bytes());
        let keys = world.delegations["qq"].keys.clone();
        world.sign_role("qq", serde_json::from_str(&role).unwrap(), &keys);
        world.release();
        let report = update(&mut client, &world, now());
        refused(&client, &report, "qq", "the manifest has a bad name");
    }
}

#[test]
fn who_has_no_territory_publishes_no_law() {
    let at = folder("bank");
    let mut world = World::new(&at.join("published"), &["qq"]);
    world.admit("bank", None);
    world.sign_targets();
    world.publish("qq", 1);
    world.publish("bank", 1);
    world.release();
    let mut client =
        tidewaiter_repository::client::Client::start(at.join("copy"), &world.read("metadata/1.root.json")).unwrap();
    let report = update(&mut client, &world, now());
    assert_eq!(report.authorities["bank"].standing, Standing::Fresh, "exchange rates may come from anyone");
    let (mut manifest, _) = world.draft("bank", 2);
    let measure = r#"{"measure":{"code":"610910","kind":"third-country","amount":"0 %","cites":["f"]}}"#;
    let stored = parts::cut(&[serde_json::from_str(measure).unwrap()]).unwrap();
    manifest.parts = stored.iter().map(|stored| stored.part.clone()).collect();
    world.publish_as(&manifest, &stored);
    world.release();
    let report = update(&mut client, &world, now());
    let Standing::Refused { why, .. } = &report.authorities["bank"].standing else { panic!("{report:?}") };
    assert_eq!(
        why,
        "part measures-61.ndjson.zst, line 1: a record of kind measure belongs to a territory, and this edition is for none"
    );
    unharmed(&client, &report, &["bank"]);
}

#[test]
fn records_that_cannot_be_read_are_refused() {
    let (mut world, mut client) = honest("unreadable");
    let report = changed(&mut world, &mut client, |_, stored| {
        let bad = parts::file(&Place::new("x").unwrap(), b"{\"measure\":7}\n").unwrap();
        let at = stored.iter().position(|stored| stored.part.name.starts_with("measures")).unwrap();
        let name = stored[at].part.name.clone();
        stored[at] =
            Stored { part: tidewaiter_repository::manifest::Part { name, file: None, ..bad.part }, bytes: bad.bytes };
    });
    refused(&client, &report, "qq", "part measures-61.ndjson.zst, line 1: invalid type");
}

#[test]
fn a_withdrawn_edition_is_remembered() {
    let (mut world, mut client) = honest("withdrawn");
    let first = world.newest["qq"].sha256.clone();
    let second = world.publish("qq", 2);
    world.release();
    update(&mut client, &world, now());
    assert_eq!(client.find(&second).unwrap().unwrap().status, Status::Current);
    let (mut manifest, stored) = world.draft("qq", 1);
    manifest.kind = Kind::Withdrawal;
    manifest.concerns = vec![2];
    manifest.reason = Some("The rate was never enacted.".into());
    let third = world.publish_as(&manifest, &stored);
    world.release();
    update(&mut client, &world, now());
    let found = client.find(&second).unwrap().unwrap();
    assert_eq!((found.authority.as_str(), found.number), ("qq", 2));
    assert_eq!(found.status, Status::Withdrawn { by: 3, because: "The rate was never enacted.".into() });
    assert_eq!(client.find(&first).unwrap().unwrap().status, Status::Superseded { by: 3 });
    assert_eq!(client.find(&third).unwrap().unwrap().status, Status::Current);
    assert_eq!(client.find(&sha256_hex(b"never seen")).unwrap(), None);
}

#[test]
fn a_chain_through_another_authority_is_refused() {
    let (mut world, mut client) = honest("through-another");
    // Number 2 of zz stands on the mirror under a name of qq, and number 3 of qq follows it.
    let (mut foreign, _) = world.draft("zz", 9);
    foreign.previous = Some(world.newest["qq"].sha256.clone());
    let bytes = foreign.to_bytes().unwrap();
    world.write(&world.manifest_path("qq", &sha256_hex(&bytes)), &bytes);
    let report = changed(&mut world, &mut client, |manifest, _| {
        manifest.number = 3;
        manifest.previous = Some(sha256_hex(&bytes));
    });
    refused(&client, &report, "qq", "edition 3 follows one of \"zz\"");
}

#[test]
fn a_way_without_end_is_not_gone() {
    let (mut world, mut client) = honest("long-way");
    let report = changed(&mut world, &mut client, |manifest, _| {
        manifest.number = u64::MAX;
        manifest.previous = Some(sha256_hex(b"somewhere"));
    });
    refused(&client, &report, "qq", "editions ahead of this copy, and 5000 are followed; begin a new copy");
    assert!(report.fetched.files < 10, "{}", report.fetched.files);
}

#[test]
fn an_edition_that_would_fill_the_disk_is_refused() {
    let (mut world, mut client) = honest("fills");
    let report = changed(&mut world, &mut client, |_, stored| {
        let mut large = stored.pop().unwrap();
        large.part.file = None;
        for number in 0..6 {
            let mut part = large.clone();
            part.part.name = format!("x-{number}.zst");
            (part.part.bytes, part.part.content_bytes) = (200 << 20, 200 << 20);
            stored.push(part);
        }
    });
    refused(&client, &report, "qq", "its parts have more than 1073741824 bytes");
}

#[test]
fn a_part_that_is_not_as_described_is_refused() {
    for (name, words, change) in [
        (
            "records",
            "has 1 records, the manifest says 2",
            (|part| part.records += 1) as fn(&mut tidewaiter_repository::manifest::Part),
        ),
        ("unpacked", "what it unpacks to is not what the manifest names", |part| {
            part.content_sha256 = sha256_hex(b"other")
        }),
        ("smaller", "what it unpacks to is not what the manifest names", |part| part.content_bytes -= 1),
    ] {
        let (mut world, mut client) = honest(&format!("described-{name}"));
        let report = changed(&mut world, &mut client, |_, stored| {
            let at = stored.iter().position(|stored| stored.part.name.starts_with("measures")).unwrap();
            change(&mut stored[at].part);
        });
        refused(&client, &report, "qq", words);
    }
}

#[test]
fn a_line_of_any_length_is_refused() {
    let (mut world, mut client) = honest("long-line");
    let report = changed(&mut world, &mut client, |_, stored| {
        let statement = "x".repeat(5 << 20);
        let fact = serde_json::json!({ "fact": {
            "key": "f", "topic": "tariff", "statement": statement, "confidence": "high",
            "source": { "publisher": "Q", "title": "T", "date": "2026-01-01" },
        }});
        stored.extend(parts::cut(&[serde_json::from_value(fact).unwrap()]).unwrap());
        stored.sort_by(|one, other| one.part.name.cmp(&other.part.name));
    });
    refused(&client, &report, "qq", "part facts.ndjson.zst, line 1: it is longer than 4194304 bytes");
}

#[test]
fn a_role_that_delegates_further_is_refused() {
    let (mut world, mut client) = honest("delegates");
    let (manifest, stored) = world.draft("qq", 2);
    let mut role = world.put(&manifest, &stored);
    role.delegations = Some(tough::schema::Delegations::new());
    let keys = world.delegations["qq"].keys.clone();
    world.sign_role("qq", role, &keys);
    world.release();
    let report = update(&mut client, &world, now());
    refused(&client, &report, "qq", "does not name exactly its manifest and the parts in it");
}
