//! An independent client, python-tuf, reads what we publish and refuses the same attacks. What it does not refuse stands
//! above the framework, and is shown to be refused by our client alone.

use crate::builder::*;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tidewaiter_repository::client::{Client, Standing};
use tidewaiter_repository::metadata::Listed;
use tidewaiter_repository::name::Place;
use tidewaiter_repository::{parts, sha256_hex};

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The interpreter of a folder of its own with the pinned versions; nothing where there is no Python or no package index.
fn python() -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("python-tuf-{}", &sha256_hex(REQUIREMENTS.as_bytes())[..12]));
    let python = home.join("bin/python");
    let done = home.join("done");
    if done.exists() {
        return Some(python);
    }
    let run = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let list = home.join("requirements.txt");
    let made = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))
        && std::fs::write(&list, REQUIREMENTS).is_ok()
        && run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--only-binary=:all:", "--retries=1", "--timeout=15", "-r"])
            .arg(&list))
        && std::fs::write(&done, "").is_ok();
    made.then_some(python)
}

/// Who refuses an attack.
enum Refused {
    /// python-tuf, the repository as a whole, with this error.
    Whole(&'static str),
    /// python-tuf, the authority qq alone, with this error.
    Alone(&'static str),
    /// Our client only: the framework says nothing about it.
    AboveTheFramework,
}
use Refused::{AboveTheFramework, Alone, Whole};

struct Attack {
    name: &'static str,
    refused: Refused,
    now: Timestamp,
    endless: Option<String>,
    /// Changes an honest repository.
    does: fn(&mut World),
}

fn attack(name: &'static str, refused: Refused, does: fn(&mut World)) -> Attack {
    Attack { name, refused, now: now(), endless: None, does }
}

fn next(world: &mut World, change: fn(&mut tidewaiter_repository::manifest::Manifest)) {
    let (mut manifest, stored) = world.draft("qq", 2);
    change(&mut manifest);
    world.publish_as(&manifest, &stored);
    world.release();
}

fn signed_by(world: &mut World, keys: &[&str]) {
    let (manifest, stored) = world.draft("qq", 2);
    let role = world.put(&manifest, &stored);
    let keys: Vec<_> = keys.iter().map(|name| key(name)).collect();
    world.sign_role("qq", role, &keys);
    world.release();
}

fn alter(world: &World, path: &str) {
    let mut bytes = world.read(path);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    world.write(path, &bytes);
}

fn new_root(world: &mut World, by: impl Fn(&Ring, &Ring) -> Ring) {
    let old = world.root.clone();
    world.root = Ring::new(&["root-3", "root-4"], 2);
    let by = by(&old, &world.root);
    world.sign_root(&by);
    world.release();
}

#[allow(clippy::too_many_lines, reason = "it is a table")]
fn attacks() -> Vec<Attack> {
    vec![
        attack("altered part", Alone("LengthOrHashMismatchError"), |world| {
            next(world, |_| {});
            alter(world, &world.part_path("qq", "measures"));
        }),
        attack("altered manifest", Alone("LengthOrHashMismatchError"), |world| {
            next(world, |_| {});
            alter(world, &world.manifest_path("qq", &world.newest["qq"].sha256));
        }),
        attack("altered role", Alone("LengthOrHashMismatchError"), |world| {
            next(world, |_| {});
            alter(world, &format!("metadata/{}.qq.json", world.newest["qq"].version));
        }),
        attack("older timestamp", Whole("BadVersionNumberError"), |world| {
            // The honest copy was made of timestamp 2.
            world.versions[3] = 0;
            let bytes = world.read(&format!("metadata/{}.snapshot.json", world.versions[2]));
            world.sign_timestamp(&Listed::of(world.versions[2], &bytes));
        }),
        attack("older snapshot", Whole("BadVersionNumberError"), |world| {
            let bytes = world.read("metadata/1.snapshot.json");
            world.sign_timestamp(&Listed::of(1, &bytes));
        }),
        attack("older role in a newer snapshot", Whole("BadVersionNumberError"), |world| {
            world.listed.insert("zz".into(), Listed { version: 1, ..world.listed["zz"].clone() });
            world.release();
        }),
        attack("role left out", Whole("RepositoryError"), |world| {
            world.listed.remove("qq");
            world.release();
        }),
        Attack { now: hours(24), ..attack("frozen timestamp", Whole("ExpiredMetadataError"), |_| {}) },
        attack("one key too few", Alone("UnsignedMetadataError"), |world| {
            world.delegations.insert("qq".into(), Ring::new(&["qq", "qq-second"], 2));
            world.sign_targets();
            signed_by(world, &["qq"]);
        }),
        attack("the same key twice", Alone("DeserializationError"), |world| {
            world.delegations.insert("qq".into(), Ring::new(&["qq", "qq-second"], 2));
            world.sign_targets();
            let (manifest, stored) = world.draft("qq", 2);
            let mut signed = World::signed(world.put(&manifest, &stored), &[key("qq")]);
            signed.signatures.push(signed.signatures[0].clone());
            let version = signed.signed.version.get();
            world.list_role("qq", version, &serde_json::to_vec(&signed).unwrap());
            world.release();
        }),
        attack("a stolen key after its change", Alone("UnsignedMetadataError"), |world| {
            world.delegations.insert("qq".into(), Ring::new(&["qq-new"], 1));
            world.sign_targets();
            signed_by(world, &["qq"]);
        }),
        attack("root signed by new keys only", Whole("UnsignedMetadataError"), |world| {
            new_root(world, |_, new| new.clone());
        }),
        attack("root signed by old keys only", Whole("UnsignedMetadataError"), |world| {
            new_root(world, |old, _| old.clone());
        }),
        attack("root that jumps", Whole("BadVersionNumberError"), |world| {
            world.versions[0] = 4;
            let ring = world.root.clone();
            world.sign_root(&ring);
            world.write("metadata/2.root.json", &world.read("metadata/5.root.json"));
        }),
        attack("files of two moments", Alone("LengthOrHashMismatchError"), |world| {
            let old = world.read(&format!("metadata/{}.qq.json", world.newest["qq"].version));
            next(world, |_| {});
            world.write(&format!("metadata/{}.qq.json", world.newest["qq"].version), &old);
        }),
        attack("timestamp of another key", Whole("UnsignedMetadataError"), |world| {
            world.timestamp = Ring::new(&["thief"], 1);
            world.release();
        }),
        Attack {
            endless: Some("metadata/timestamp.json".into()),
            ..attack("timestamp without end", Whole("DownloadLengthMismatchError"), |_| {})
        },
        attack("an edition skipped", AboveTheFramework, |world| next(world, |manifest| manifest.number += 1)),
        attack("history rewritten", AboveTheFramework, |world| {
            next(world, |manifest| manifest.previous = Some(sha256_hex(b"another edition")));
        }),
        attack("two editions with one number", AboveTheFramework, |world| {
            let (mut manifest, stored) = world.draft("qq", 2);
            let other = world.newest["qq"].manifest.clone();
            (manifest.number, manifest.previous) = (other.number, other.previous);
            world.publish_as(&manifest, &stored);
            world.release();
        }),
        attack("another territory", AboveTheFramework, |world| {
            next(world, |manifest| manifest.head.territory = Some("ZZ".into()));
        }),
        attack("a file of another territory", AboveTheFramework, |world| {
            let (mut manifest, mut stored) = world.draft("qq", 2);
            stored.push(parts::file(&Place::new("economies/ZZ.toml").unwrap(), b"[economy]\n").unwrap());
            stored.sort_by(|one, other| one.part.name.cmp(&other.part.name));
            manifest.parts = stored.iter().map(|stored| stored.part.clone()).collect();
            world.publish_as(&manifest, &stored);
            world.release();
        }),
        attack("a target outside its own", AboveTheFramework, |world| {
            let (manifest, stored) = world.draft("qq", 2);
            let mut value = serde_json::to_value(world.put(&manifest, &stored)).unwrap();
            value["targets"]["zz--edition.json"] = value["targets"]["qq--edition.json"].clone();
            let keys = world.delegations["qq"].keys.clone();
            world.sign_role("qq", serde_json::from_value(value).unwrap(), &keys);
            world.release();
        }),
    ]
}

/// A mirror like any other, but one file never ends.
struct Endless<'a>(&'a World, Option<&'a str>);

impl tidewaiter_repository::client::Mirror for Endless<'_> {
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, tidewaiter_repository::client::MirrorError> {
        if self.1 == Some(path) {
            return tidewaiter_repository::client::mirror::read_bounded(std::io::repeat(b' '), path, most).map(Some);
        }
        self.0.mirror().read(path, most)
    }
}

/// Whether our client refuses: the repository as a whole, or qq alone and no other.
fn ours(client: &mut Client, world: &World, attack: &Attack) -> bool {
    let mirror = Endless(world, attack.endless.as_deref());
    let report = client.update(&mirror, attack.now, &mut |_| {}).unwrap();
    let fresh = |id: &str| report.authorities[id].standing == Standing::Fresh;
    report.failed.is_some() || (!fresh("qq") && fresh("yy") && fresh("zz")) || attack.now > now() && !fresh("qq")
}

#[test]
fn python_tuf_reads_it_and_refuses_the_same_attacks() {
    let Some(python) = python() else {
        eprintln!("skipped: python3 with venv and pip, and the package index, are needed for this test");
        return;
    };
    let all = attacks();
    let (mut steps, mut expected) = (String::new(), Vec::new());
    for attack in &all {
        let name = attack.name.replace(' ', "-");
        let (mut world, mut client) = honest(&format!("python-{name}"));
        // Second editions of all, so that there is something older; again honest.
        for id in ["qq", "yy", "zz"] {
            world.publish(id, 1);
        }
        world.release();
        let report = update(&mut client, &world, now());
        unharmed(&client, &report, &[]);
        let at = world.folder.parent().unwrap().to_owned();
        copy(&world.folder, &at.join("honest"));
        (attack.does)(&mut world);
        assert!(ours(&mut client, &world, attack), "{name} is not refused by our client");
        for (published, now, endless) in [("honest", now(), None), ("published", attack.now, attack.endless.as_ref())] {
            let step = json!({
                "state": at.join("python"), "published": at.join(published), "root": at.join("honest/metadata/1.root.json"),
                "now": now.to_string(), "endless": endless,
            });
            steps.push_str(&format!("{step}\n"));
        }
        let fine = json!({ "refresh": "ok", "authorities": { "qq": "ok", "yy": "ok", "zz": "ok" } });
        let second = match attack.refused {
            Whole(error) => json!({ "refresh": error, "authorities": {} }),
            Alone(error) => json!({ "refresh": "ok", "authorities": { "qq": error, "yy": "ok", "zz": "ok" } }),
            AboveTheFramework => fine.clone(),
        };
        expected.push((attack.name, fine, second));
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/verify.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(steps.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Vec<Value> =
        output.stdout.split(|b| *b == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!(answers.len(), 2 * all.len());
    for ((name, first, second), answers) in expected.iter().zip(answers.chunks(2)) {
        assert_eq!(&answers[0], first, "{name}: the honest repository");
        assert_eq!(&answers[1], second, "{name}: the attack");
    }
}
