//! A repository made for a test: seeded keys, fictional authorities, published files in a folder. Everything is public so
//! that an attack can change it before it is signed.

#![allow(dead_code, unreachable_pub, reason = "several test programs use parts of it")]

use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tidewaiter::record::edition::Edition as Head;
use tidewaiter_repository::authority::{Authorities, Authority};
use tidewaiter_repository::client::mirror::FolderMirror;
use tidewaiter_repository::client::{Answer, Client, Report, Standing};
use tidewaiter_repository::key::SecretKey;
use tidewaiter_repository::manifest::{self, Kind, Manifest};
use tidewaiter_repository::metadata::{self, Keys, Listed, RootKeys};
use tidewaiter_repository::name::{self, Place};
use tidewaiter_repository::parts::{self, Stored};
use tidewaiter_repository::sha256_hex;
use tidewaiter_sources::Entry;
use tough::schema::{Role, Signed, Targets};

/// The moment of the tests.
pub fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// Some hours later.
pub fn hours(hours: i64) -> Timestamp {
    now().checked_add(SignedDuration::from_hours(hours)).unwrap()
}

/// The key of a name.
pub fn key(name: &str) -> SecretKey {
    let seed = sha256_hex(name.as_bytes());
    SecretKey::from_seed(&std::array::from_fn(|at| u8::from_str_radix(&seed[2 * at..2 * at + 2], 16).unwrap()))
}

/// Keys of names, and how many must sign.
#[derive(Clone)]
pub struct Ring {
    pub keys: Vec<SecretKey>,
    pub threshold: u64,
}

impl Ring {
    pub fn new(names: &[&str], threshold: u64) -> Self {
        Self { keys: names.iter().map(|name| key(name)).collect(), threshold }
    }

    pub fn public(&self) -> Keys {
        Keys { keys: self.keys.iter().map(SecretKey::public).collect(), threshold: self.threshold }
    }
}

/// An empty folder of a test, in place of the one that an earlier run left. Names are given once in a test program.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Copies what is published, to replay it later.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What an authority has published last.
#[derive(Clone)]
pub struct Newest {
    pub manifest: Manifest,
    pub sha256: String,
    pub version: u64,
}

/// A repository.
#[derive(Clone)]
pub struct World {
    pub folder: PathBuf,
    pub root: Ring,
    pub targets: Ring,
    pub snapshot: Ring,
    pub timestamp: Ring,
    pub delegations: BTreeMap<String, Ring>,
    pub list: Authorities,
    /// Versions of root, targets, snapshot and timestamp.
    pub versions: [u64; 4],
    /// What the snapshot lists.
    pub listed: BTreeMap<String, Listed>,
    pub newest: BTreeMap<String, Newest>,
    /// Chapters of each tariff, and measures of each chapter.
    pub size: (u64, u64),
    /// The time at which roles are signed.
    pub at: Timestamp,
}

impl World {
    /// A repository with two officers at the root, and authorities each with a key and a territory of its name.
    pub fn new(folder: &Path, ids: &[&str]) -> Self {
        let mut world = Self {
            folder: folder.to_owned(),
            root: Ring::new(&["root-1", "root-2"], 2),
            targets: Ring::new(&["targets"], 1),
            snapshot: Ring::new(&["snapshot"], 1),
            timestamp: Ring::new(&["timestamp"], 1),
            delegations: BTreeMap::new(),
            list: Authorities::new("Repository of the tests"),
            versions: [0; 4],
            listed: BTreeMap::new(),
            newest: BTreeMap::new(),
            size: (1, 1),
            at: now(),
        };
        std::fs::create_dir_all(folder.join("metadata")).unwrap();
        std::fs::create_dir_all(folder.join("targets")).unwrap();
        let ring = world.root.clone();
        world.sign_root(&ring);
        for id in ids {
            world.admit(id, Some(&id.to_uppercase()));
        }
        world.sign_targets();
        world
    }

    pub fn after(&self, days: i64) -> Timestamp {
        self.at.checked_add(SignedDuration::from_hours(24 * days)).unwrap()
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        std::fs::write(self.folder.join(path), bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(path)).unwrap()
    }

    pub fn signed<T: Role>(role: T, keys: &[SecretKey]) -> Signed<T> {
        let mut signed = metadata::unsigned(role);
        for key in keys {
            metadata::sign(&mut signed, key).unwrap();
        }
        signed
    }

    /// The next root, with the keys that stand here, signed by those given.
    pub fn sign_root(&mut self, by: &Ring) {
        let [root, targets, snapshot, timestamp] =
            [&self.root, &self.targets, &self.snapshot, &self.timestamp].map(Ring::public);
        self.versions[0] += 1;
        let made = metadata::root(self.versions[0], self.after(1000), &RootKeys { root, targets, snapshot, timestamp });
        let bytes = metadata::to_bytes(&Self::signed(made.unwrap(), &by.keys)).unwrap();
        self.write(&format!("metadata/{}.root.json", self.versions[0]), &bytes);
    }

    pub fn admit(&mut self, id: &str, territory: Option<&str>) {
        self.delegations.insert(id.to_owned(), Ring::new(&[id], 1));
        self.list.authorities.push(Authority {
            id: id.to_owned(),
            name: format!("Customs of {}", id.to_uppercase()),
            territory: territory.map(str::to_owned),
            publishes: vec!["tariff".into()],
            unofficial: id == name::UNOFFICIAL,
            officers: 1,
        });
    }

    pub fn targets_role(&mut self) -> Targets {
        let bytes = metadata::list_bytes(&self.list).unwrap();
        let name = metadata::target_file(&sha256_hex(&bytes), "authorities.json");
        self.write(&format!("targets/{name}"), &bytes);
        let keys = self.delegations.iter().map(|(id, ring)| (id.clone(), ring.public())).collect();
        self.versions[1] += 1;
        metadata::targets(self.versions[1], self.after(365), &bytes, &keys).unwrap()
    }

    pub fn sign_targets(&mut self) {
        let role = self.targets_role();
        let signed = Self::signed(role, &self.targets.keys);
        self.list_role("targets", self.versions[1], &metadata::to_bytes(&signed).unwrap());
    }

    /// Publishes a role's file and lists it in the next snapshot.
    pub fn list_role(&mut self, id: &str, version: u64, bytes: &[u8]) {
        self.write(&format!("metadata/{}", metadata::file_name(id, version)), bytes);
        self.listed.insert(id.to_owned(), Listed::of(version, bytes));
    }

    /// The next manifest of an authority, with a duty in percent.
    pub fn draft(&self, id: &str, percent: u64) -> (Manifest, Vec<Stored>) {
        let territory = self.list.find(id).and_then(|authority| authority.territory.clone());
        let stored = self.parts_of(territory.as_deref(), percent);
        let before = self.newest.get(id);
        let mut all = stored;
        if let Some(before) = before {
            parts::keep_unchanged(&mut all, &before.manifest);
        }
        let manifest = Manifest {
            format: manifest::FORMAT.into(),
            authority: id.into(),
            number: before.map_or(1, |before| before.manifest.number + 1),
            previous: before.map(|before| before.sha256.clone()),
            kind: Kind::Ordinary,
            concerns: vec![],
            reason: None,
            issued: now(),
            not_before: None,
            next_due: None,
            legal: vec![],
            head: Head {
                authority: format!("Customs of {id}"),
                territory,
                title: "Tariff".into(),
                format: "sheet".into(),
                known_from: "2026-11-22".parse().unwrap(),
                ..Head::default()
            },
            parts: all.iter().map(|stored| stored.part.clone()).collect(),
        };
        (manifest, all)
    }

    fn parts_of(&self, territory: Option<&str>, percent: u64) -> Vec<Stored> {
        // So that no two authorities have a part in common.
        let of = territory.unwrap_or("bank");
        let mut lines = vec![format!(
            r#"{{"exchange-rate":{{"series":"{of}","base":"XQD","currency":"XZD","rate":"2.5","from":"2026-11-01"}}}}"#
        )];
        // The duty changes in the first chapter only. Lines of 0910, 0911 and so on.
        for (chapter, line) in (0..self.size.0).flat_map(|chapter| (0..self.size.1).map(move |line| (chapter, line))) {
            let (code, percent) = (610_910 + 10_000 * chapter + line, if chapter == 0 { percent } else { line });
            lines.extend(territory.map(|_| {
                format!(r#"{{"measure":{{"code":"{code}","kind":"third-country","amount":"{percent} %","cites":["{of}"]}}}}"#)
            }));
        }
        let entries: Vec<Entry> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut all = parts::cut(&entries).unwrap();
        if let Some(territory) = territory {
            let place = Place::new(&format!("economies/{territory}.toml")).unwrap();
            all.push(parts::file(&place, economy_file(territory).as_bytes()).unwrap());
        }
        all.sort_by(|one, other| one.part.name.cmp(&other.part.name));
        all
    }

    /// Puts an edition on the mirror and makes its role, which is not signed yet.
    pub fn put(&mut self, manifest: &Manifest, stored: &[Stored]) -> Targets {
        let id = manifest.authority.clone();
        for stored in stored.iter().filter(|stored| !stored.bytes.is_empty()) {
            let target = name::target(&id, &stored.part.name);
            self.write(&format!("targets/{}", metadata::target_file(&stored.part.sha256, &target)), &stored.bytes);
        }
        let bytes = manifest.to_bytes().unwrap();
        let sha256 = sha256_hex(&bytes);
        let target = name::target(&id, manifest::NAME);
        self.write(&format!("targets/{}", metadata::target_file(&sha256, &target)), &bytes);
        let version = self.newest.get(&id).map_or(1, |before| before.version + 1);
        let role = metadata::authority(version, self.after(90), &bytes, manifest).unwrap();
        self.newest.insert(id, Newest { manifest: manifest.clone(), sha256, version });
        role
    }

    /// Signs an authority's role and lists it. The file is plain JSON: signatures are over the canonical form of what it says.
    pub fn sign_role(&mut self, id: &str, role: Targets, keys: &[SecretKey]) {
        let version = role.version.get();
        let bytes = serde_json::to_vec(&Self::signed(role, keys)).unwrap();
        self.list_role(id, version, &bytes);
    }

    /// Publishes an edition as its authority would. Counts from the next release on.
    pub fn publish(&mut self, id: &str, percent: u64) -> String {
        let (manifest, stored) = self.draft(id, percent);
        self.publish_as(&manifest, &stored)
    }

    pub fn publish_as(&mut self, manifest: &Manifest, stored: &[Stored]) -> String {
        let id = manifest.authority.clone();
        let role = self.put(manifest, stored);
        let keys = self.delegations[&id].keys.clone();
        self.sign_role(&id, role, &keys);
        self.newest[&id].sha256.clone()
    }

    /// Signs snapshot and timestamp over what is listed.
    pub fn release(&mut self) {
        self.versions[2] += 1;
        let made = metadata::snapshot(self.versions[2], self.after(7), &self.listed).unwrap();
        let bytes = metadata::to_bytes(&Self::signed(made, &self.snapshot.keys)).unwrap();
        self.write(&format!("metadata/{}.snapshot.json", self.versions[2]), &bytes);
        self.sign_timestamp(&Listed::of(self.versions[2], &bytes));
    }

    pub fn sign_timestamp(&mut self, snapshot: &Listed) {
        self.versions[3] += 1;
        let made = metadata::timestamp(self.versions[3], self.after(1), snapshot).unwrap();
        let bytes = metadata::to_bytes(&Self::signed(made, &self.timestamp.keys)).unwrap();
        self.write("metadata/timestamp.json", &bytes);
    }

    pub fn mirror(&self) -> FolderMirror {
        FolderMirror::new(&self.folder)
    }

    /// The path of a part of the newest edition.
    pub fn part_path(&self, id: &str, begins: &str) -> String {
        let part = self.newest[id].manifest.parts.iter().find(|part| part.name.starts_with(begins)).unwrap();
        format!("targets/{}", metadata::target_file(&part.sha256, &name::target(id, &part.name)))
    }

    /// The path of a manifest.
    pub fn manifest_path(&self, id: &str, sha256: &str) -> String {
        format!("targets/{}", metadata::target_file(sha256, &name::target(id, manifest::NAME)))
    }
}

/// A repository of three authorities, each with edition 1, and a copy of it that is up to date.
pub fn honest(name: &str) -> (World, Client) {
    let at = folder(name);
    let mut world = World::new(&at.join("published"), &["qq", "yy", "zz"]);
    for id in ["qq", "yy", "zz"] {
        world.publish(id, 1);
    }
    world.release();
    let mut client = Client::start(at.join("copy"), &world.read("metadata/1.root.json")).unwrap();
    let report = update(&mut client, &world, now());
    assert_eq!(report.failed, None);
    for id in ["qq", "yy", "zz"] {
        assert_eq!(report.authorities[id].standing, Standing::Fresh, "{id}");
        assert_eq!(duty(&client, id), "1 %");
    }
    (world, client)
}

pub fn update(client: &mut Client, world: &World, now: Timestamp) -> Report {
    client.update(&world.mirror(), now, &mut |_| {}).unwrap()
}

/// The duty that the copy holds for an authority's territory.
pub fn duty(client: &Client, id: &str) -> String {
    let edition = client.editions(now()).unwrap().into_iter().find(|edition| edition.authority == id).unwrap();
    let part = edition.manifest.parts.iter().find(|part| part.name.starts_with("measures")).unwrap();
    let entries = edition.entries(part).unwrap();
    match &entries[0] {
        Entry::Measure(_) => {
            serde_json::to_value(&entries[0]).unwrap()["measure"]["amount"].as_str().unwrap().to_owned()
        }
        other => unreachable!("{other:?}"),
    }
}

/// Asserts that an authority is refused with these words, that edition 1 is still used, and that the others are fresh.
#[track_caller]
pub fn refused(client: &Client, report: &Report, id: &str, words: &str) {
    assert_eq!(report.failed, None);
    match &report.authorities[id].standing {
        Standing::Refused { why, using: Some(using) } => {
            assert!(why.contains(words), "{why}");
            assert_eq!(using.number, 1);
        }
        other => unreachable!("{id}: {other:?}"),
    }
    unharmed(client, report, &[id]);
    assert_eq!(duty(client, id), "1 %");
}

/// Asserts that all but some are fresh and can be read.
#[track_caller]
pub fn unharmed(client: &Client, report: &Report, but: &[&str]) {
    for (id, answer) in &report.authorities {
        if !but.contains(&id.as_str()) {
            assert!(matches!(answer, Answer { standing: Standing::Fresh, .. }), "{id}: {answer:?}");
            assert!(!duty(client, id).is_empty());
        }
    }
}

/// Asserts that the repository as a whole is refused with these words, and every kept edition is stale and usable.
#[track_caller]
pub fn all_kept(client: &Client, report: &Report, words: &str) {
    let why = report.failed.as_ref().unwrap();
    assert!(why.contains(words), "{why}");
    for (id, answer) in &report.authorities {
        assert!(matches!(&answer.standing, Standing::Stale { why, .. } if why.contains(words)), "{id}: {answer:?}");
        assert_eq!((answer.number, duty(client, id).as_str()), (Some(1), "1 %"));
    }
}

/// An economy file that says nothing yet.
pub fn economy_file(territory: &str) -> String {
    format!("[economy]\nterritory = \"{territory}\"\ncurrency = \"XQD\"\nknown_from = 2026-01-01\n")
}
