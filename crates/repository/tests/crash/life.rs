//! A repository's life in steps, each of them one request that is acknowledged or one thing done when it is due. Keys and clock
//! are the same each time, so two lives that went well are equal to the last byte, whatever database they were kept in.

use crate::common::{self, Here, key, keys, tariff};
use crate::crash::faults::{Faults, FaultyDatabase};
use crate::crash::host::FaultyHost;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::client::mirror::FolderMirror;
use tidewaiter_repository::client::{Client, Standing};
use tidewaiter_repository::manifest::Kind;
use tidewaiter_repository::metadata::{self, Keys, RootKeys};
use tidewaiter_repository::store::edition::Kept;
use tidewaiter_repository::store::{audit, copy, db, edition, role};
use tidewaiter_repository::workflow::Refusal;
use tidewaiter_repository::workflow::ceremony::{Ceremony, current};
use tidewaiter_repository::workflow::sent::Sent;

/// The steps, and the minute at which each is done.
pub const STEPS: &[(&str, i64)] = &[
    ("found", 0),
    ("admit", 1),
    ("submit", 2),
    ("sign", 3),
    ("publish", 4),
    ("submit with an embargo", 5),
    ("approve with an embargo", 6),
    ("end of the embargo", 60),
    ("submit a correction", 61),
    ("speak for a warning", 62),
    ("speak for the other warning", 63),
    ("sign the correction", 64),
    ("publish the correction", 65),
    ("submit a withdrawal", 66),
    ("speak for it", 67),
    ("speak for it again", 68),
    ("sign the withdrawal", 69),
    ("withdraw", 70),
    ("renew the timestamp", 17 * 60 + 80),
    ("rotate root and targets", 17 * 60 + 81),
    ("prolong", 17 * 60 + 82),
    ("renew and forget", 100 * 60),
];

/// A folder of the test's own: in memory where the system has such a place, for what is killed here is a process and not the
/// machine. What earlier runs left there is removed.
pub fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let memory = Path::new("/dev/shm");
    if !memory.is_dir() {
        return common::folder(name);
    }
    let next = NEXT.fetch_add(1, Ordering::SeqCst);
    if next == 0 {
        for entry in std::fs::read_dir(memory).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let process = name.strip_prefix("tidewaiter-").and_then(|rest| rest.split('-').next());
            if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
    let path = memory.join(format!("tidewaiter-{}-{next}-{name}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// A new file for a database, in such a folder.
pub fn sqlite(name: &str) -> String {
    folder(name).join("repository.db").display().to_string()
}

/// A new database on the server, where there is one.
pub async fn postgres(name: &str) -> Option<String> {
    common::postgres(name).await
}

/// The databases that a test runs on.
pub async fn addresses(name: &str) -> Vec<String> {
    std::iter::once(sqlite(name)).chain(postgres(name).await).collect()
}

/// The number of a step.
pub fn step(name: &str) -> usize {
    STEPS.iter().position(|step| step.0 == name).unwrap()
}

pub fn moment(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
    Timestamp::from_second(start.as_second() + 60 * minute).unwrap()
}

fn two() -> BTreeMap<String, Keys> {
    BTreeMap::from([
        ("qq".to_owned(), keys(&["qq-one", "qq-two", "qq-three"], 2)),
        ("zz".to_owned(), keys(&["zz-one"], 1)),
    ])
}

fn list() -> Authorities {
    let both = vec![common::authority("qq", Some("QQ"), 2), common::authority("zz", Some("ZZ"), 1)];
    Authorities { authorities: both, ..Authorities::new("Test") }
}

/// The newest edition of an authority, published or not.
pub async fn latest(here: &Here, authority: &str) -> Kept {
    let mut tx = here.repository.db.read().await.unwrap();
    edition::of(&mut *tx, authority, 1 << 40, 1).await.unwrap().remove(0)
}

/// Does a step.
pub async fn act(here: &Here, step: usize) -> Result<(), Refusal> {
    let (name, minute) = STEPS[step];
    here.seconds.store(moment(minute).as_second(), Ordering::SeqCst);
    match name {
        "found" => {
            let mut ceremony = Ceremony::found("Test", &common::root_keys(), here.now())?;
            ceremony.sign(&key("root-a"))?;
            ceremony.sign(&key("root-b"))?;
            here.repository.accept(&ceremony, "founder").await
        }
        "admit" => here.admit(2, list(), &two()).await,
        "submit" => here.submit("qq", tariff("QQ", &[("610910", "12 %"), ("170490", "5 %")])).await.map(|_| ()),
        "submit with an embargo" => {
            let mut sent = tariff("ZZ", &[("610910", "7 %")]);
            sent.about.not_before = Some(moment(60));
            here.submit("zz", sent).await.map(|_| ())
        }
        "approve with an embargo" => here.sign(&latest(here, "zz").await.hash, "zz-one").await.map(|_| ()),
        "end of the embargo" | "renew the timestamp" | "renew and forget" => here.repository.tick().await.map(|_| ()),
        "submit a correction" => {
            let mut sent = tariff("QQ", &[("610910", "70 %"), ("170490", "5 %")]);
            sent.about.kind = Some(Kind::Correction);
            sent.about.concerns = vec![1];
            sent.about.reason = Some("The duty on 6109.10 was misprinted.".into());
            here.submit("qq", sent).await.map(|_| ())
        }
        "speak for a warning" | "speak for the other warning" | "speak for it" | "speak for it again" => {
            let hash = latest(here, "qq").await.hash;
            let open = here.repository.standing(&hash).await?.open_warnings;
            here.repository.speak(&hash, "Second officer", &open[0], "The law says so.").await.map(|_| ())
        }
        "submit a withdrawal" => {
            let (_, package) = here.repository.withdrawal("qq", &[2], "The law was not signed.").await?;
            let files = vec![("withdrawal.zip".into(), package.to_bytes().unwrap())];
            let mut sent = Sent { files, ..Sent::default() };
            sent.about.format = "package".into();
            here.submit("qq", sent).await.map(|_| ())
        }
        "sign" | "sign the correction" | "sign the withdrawal" => {
            here.sign(&latest(here, "qq").await.hash, "qq-one").await.map(|_| ())
        }
        "publish" | "publish the correction" | "withdraw" => {
            here.sign(&latest(here, "qq").await.hash, "qq-two").await.map(|_| ())
        }
        "rotate root and targets" => {
            let offline = keys(&["root-d", "root-e"], 2);
            let online = keys(&["online"], 1);
            let new = RootKeys { root: offline.clone(), targets: offline, snapshot: online.clone(), timestamp: online };
            let mut ceremony = Ceremony::root("New keys.".into(), 2, &new, here.now())?;
            let targets = Ceremony::targets("New keys.".into(), 3, list(), &two(), here.now())?;
            (ceremony.targets, ceremony.authorities) = (targets.targets, targets.authorities);
            // The old keys sign the new targets too: readers are between the two roots for a moment.
            for name in ["root-a", "root-b", "root-d", "root-e"] {
                ceremony.sign(&key(name))?;
            }
            here.repository.accept(&ceremony, "secretariat").await
        }
        "prolong" => {
            let mut package = here.repository.package(&latest(here, "zz").await.hash, false).await?;
            let expires = here.repository.expires(&package.manifest, here.now());
            let role = metadata::authority(2, expires, &package.manifest_bytes, &package.manifest)?;
            package.role = metadata::unsigned(role);
            metadata::sign(&mut package.role, &key("zz-one"))?;
            let mut sent = Sent { files: vec![("renewal.zip".into(), package.to_bytes()?)], ..Sent::default() };
            sent.about.format = "package".into();
            here.submit("zz", sent).await.map(|_| ())
        }
        other => panic!("{other}"),
    }
}

/// A repository that breaks where it is told to.
pub async fn open(address: &str, public: &Path, faults: &Faults) -> Here {
    let faulty = FaultyDatabase(db::open(address).await.unwrap(), faults.clone());
    let mut here = Here::with(Arc::new(faulty), public);
    here.repository.public = Arc::new(FaultyHost(here.repository.public.clone(), faults.clone()));
    here
}

/// Everything that is kept, row by row, but how often turns were taken. Fails where a file waits in the outbox though `sent`
/// says that none does, or the audit log is broken.
pub async fn kept(here: &Here, sent: bool) -> Vec<String> {
    let file = folder("kept").join("backup");
    copy::backup(here.repository.db.as_ref(), &file).await.unwrap();
    let text = zstd::decode_all(std::fs::File::open(&file).unwrap()).unwrap();
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
    let mut tx = here.repository.db.read().await.unwrap();
    audit::verify(&mut *tx).await.unwrap().unwrap();
    let waiting = role::outgoing(&mut *tx, 1000).await.unwrap();
    assert!(!sent || waiting.is_empty(), "{waiting:?}");
    let lines = String::from_utf8(text).unwrap();
    let counts = |line: &&str| !line.starts_with("{\"end\"") && !line.starts_with("{\"table\":\"repository\"");
    lines.lines().filter(counts).map(str::to_owned).collect()
}

/// Every published file and its content; what a file was called before it was whole does not count.
pub fn files(public: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for part in ["metadata", "targets"] {
        for entry in std::fs::read_dir(public.join(part)).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.contains('#') {
                all.insert(format!("{part}/{name}"), std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

/// What a reader has after an update: number and hash of each authority's edition. Nothing where nothing was ever published.
pub type View = Option<BTreeMap<String, (Option<u64>, Option<String>)>>;

/// The first root, as a reader has it from elsewhere.
pub fn root() -> Vec<u8> {
    let mut ceremony = Ceremony::found("Test", &common::root_keys(), moment(0)).unwrap();
    ceremony.sign(&key("root-a")).unwrap();
    ceremony.sign(&key("root-b")).unwrap();
    metadata::to_bytes(&ceremony.root.unwrap()).unwrap()
}

/// Updates a reader's copy, which must accept what is published.
pub fn read(copy: &Path, public: &Path, minute: i64) -> View {
    let mut client = match Client::open(copy) {
        Ok(client) => client,
        Err(_) => Client::start(copy, &root()).unwrap(),
    };
    let report = client.update(&FolderMirror::new(public), moment(minute), &mut |_| {}).unwrap();
    if !public.join("metadata/timestamp.json").exists() {
        return None;
    }
    assert_eq!(report.failed, None, "{:?}", files(public).keys());
    let view = report.authorities.into_iter().map(|(id, answer)| {
        assert!(matches!(answer.standing, Standing::Fresh | Standing::Nothing), "{id} {answer:?}");
        (id, (answer.number, answer.edition))
    });
    Some(view.collect())
}

/// What a new reader sees.
pub fn fresh(public: &Path, minute: i64) -> View {
    let copy = folder("fresh");
    let view = read(&copy, public, minute);
    std::fs::remove_dir_all(copy).unwrap();
    view
}

/// A state between two steps.
#[derive(Clone)]
pub struct State {
    pub kept: Vec<String>,
    pub files: BTreeMap<String, Vec<u8>>,
    pub view: View,
}

impl State {
    pub async fn of(here: &Here, minute: i64) -> Self {
        Self { kept: kept(here, true).await, files: files(&here.public), view: fresh(&here.public, minute) }
    }
}

/// A reader's clock at a step: that of the step before, when the old state was not yet old.
pub fn before(step: usize) -> i64 {
    if step == 0 { 0 } else { STEPS[step - 1].1 }
}

/// An undisturbed life: the state before each step, and the one at the end. At each file that goes out, a reader who comes
/// then, and one who has been there before, accept what is published; they see the old state whole or the new one whole.
pub async fn undisturbed() -> Vec<State> {
    let at = folder("undisturbed");
    let faults = Faults::default();
    let here = open(&at.join("repository.db").display().to_string(), &at.join("public"), &faults).await;
    here.repository.db.migrate().await.unwrap();
    let mut states = vec![State::of(&here, 0).await];
    for step in 0..STEPS.len() {
        let (views, count) = (Arc::new(std::sync::Mutex::new(Vec::new())), Arc::new(AtomicU64::new(0)));
        let (seen, public, reader, looks) = (views.clone(), here.public.clone(), at.join("reader"), count.clone());
        faults.arm(move |_, point| {
            if point == crate::crash::faults::Point::AfterFile {
                let mut seen = seen.lock().unwrap();
                seen.push(fresh(&public, before(step)));
                seen.push(read(&reader, &public, before(step)));
                looks.fetch_add(1, Ordering::SeqCst);
            }
            false
        });
        act(&here, step).await.unwrap();
        faults.disarm();
        let state = State::of(&here, before(step)).await;
        let old = &states[step];
        assert_ne!(state.kept, old.kept, "{} does nothing", STEPS[step].0);
        for view in views.lock().unwrap().iter() {
            assert!(*view == old.view || *view == state.view, "{}: {view:?}", STEPS[step].0);
        }
        assert_eq!(count.load(Ordering::SeqCst) > 0, state.files != old.files);
        states.push(state);
    }
    // The steps do what they are called.
    let end = states[STEPS.len()].view.clone().unwrap();
    assert_eq!((end["qq"].0, end["zz"].0), (Some(3), Some(1)));
    let mut tx = here.repository.db.read().await.unwrap();
    assert_eq!(current(&mut *tx).await.unwrap().0.signed.version.get(), 2);
    drop(tx);
    here.repository.db.close().await;
    std::fs::remove_dir_all(at).unwrap();
    states
}

/// Lives through some steps.
pub async fn live(here: &Here, steps: std::ops::Range<usize>) {
    for step in steps {
        act(here, step).await.unwrap();
    }
}

/// Whether two states are the same.
pub async fn is_now(here: &Here, state: &State) {
    assert!(kept(here, true).await == state.kept, "another state than undisturbed");
    assert_eq!(files(&here.public), state.files);
}
