//! The schedule of the United States, 27 revisions, each imported alone and published as an edition.

use crate::common::{Here, addresses, authority, economy, folder, keys};
use crate::measure::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tidewaiter_repository::assemble::{Folder, Opened};
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::checks::{self, Draft};
use tidewaiter_repository::impact::{self, Base};
use tidewaiter_repository::store::edition;
use tidewaiter_repository::store::record::{self, Question};
use tidewaiter_repository::workflow::sent::{About, Sent};
use tidewaiter_repository::{entry, parts};
use tidewaiter_sources::Entry;

/// Not on the list of days; the note of the next one gives the day.
const UNLISTED: (&str, &str) = ("hts_2026_rev_8", "2026-05-22");

fn revisions() -> Option<Vec<Sent>> {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/us-hts"));
    let Ok(files) = std::fs::read_dir(data.join("hts")) else {
        println!("us: skipped, ../shared is absent");
        return None;
    };
    let days = std::fs::read(data.join("resources/revision_dates.csv")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort_by_key(|file| {
        let name = file.file_name().unwrap().to_string_lossy().replace("basic", "rev_0");
        name.split(['_', '.']).filter_map(|word| word.parse().ok()).collect::<Vec<u32>>()
    });
    let sent = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let published = name.starts_with(UNLISTED.0).then(|| UNLISTED.1.parse().unwrap());
        let about = About { format: "us-hts".into(), complete: true, published, ..About::default() };
        let about = About { licence: Some("Public domain".into()), ..about };
        Sent { about, files: vec![(name, std::fs::read(file).unwrap()), ("revision_dates.csv".into(), days.clone())] }
    };
    Some(files.iter().map(sent).collect())
}

pub async fn run() {
    let Some(revisions) = revisions() else { return };
    for address in addresses("bench-us").await {
        let mut here = Here::found(&address, &folder("bench-us-public")).await;
        let mut charges = economy("US");
        charges.economy.economy.currency = "USD".into();
        let rates = Folder { world: tidewaiter_data::world().clone(), economies: vec![charges], ..Folder::default() };
        here.repository.base = Arc::new(Base { folder: rates, ..Base::default() });
        let list = Authorities { authorities: vec![authority("us", Some("US"), 1)], ..Authorities::new("Bench") };
        here.admit(3, list, &BTreeMap::from([("us".to_owned(), keys(&["us"], 1))])).await.unwrap();
        println!("\nus, {}", here.repository.db.kind());
        let (mut sending, mut publishing) = (Vec::new(), Vec::new());
        for (number, sent) in (1..).zip(&revisions) {
            let took = publish(&here, "us", sent.clone()).await;
            let (files, bytes) = size(&here.public);
            println!(
                "edition {number}: sent in {}; published in {}; database {}, static {files} files {}",
                took.0,
                took.1,
                mb(stored(&here, &address).await),
                mb(bytes)
            );
            sending.push(took.0);
            publishing.push(took.1);
        }
        println!("sending: {}, {}", spread(sending.iter().map(|t| t.wall).collect()), each(&sending));
        println!("publishing: {}, {}", spread(publishing.iter().map(|t| t.wall).collect()), each(&publishing));
        kept(&here).await;
        questions(&here).await;
        if here.repository.db.kind() == "sqlite" {
            steps(&here, revisions.last().unwrap()).await;
        }
        remove(here, &address).await;
    }
}

/// How many parts of each edition the one before had already.
async fn kept(here: &Here) {
    let mut tx = here.repository.db.read().await.unwrap();
    let mut all = edition::of(&mut *tx, "us", u64::MAX >> 1, 100).await.unwrap();
    all.reverse();
    let same = |two: &[edition::Kept]| {
        let before = &two[0].manifest;
        let is = |part: &&parts::Stored| before.part(&part.part.name).is_some_and(|old| old.sha256 == part.part.sha256);
        let of = |part: &tidewaiter_repository::manifest::Part| parts::Stored { part: part.clone(), bytes: Vec::new() };
        two[1].manifest.parts.iter().map(of).collect::<Vec<_>>().iter().filter(is).count()
    };
    let counts: Vec<String> = all.windows(2).map(|two| same(two).to_string()).collect();
    let newest = &all.last().unwrap().manifest;
    let bytes: u64 = newest.parts.iter().map(|part| part.bytes).sum();
    println!(
        "the newest has {} parts, {}; kept from the one before: {}",
        newest.parts.len(),
        mb(bytes),
        counts.join(" ")
    );
}

async fn questions(here: &Here) {
    let mut tx = here.repository.db.read().await.unwrap();
    let head = edition::head(&mut *tx, "us").await.unwrap().unwrap();
    let opened = tidewaiter_repository::workflow::submit::open(&mut *tx, &head.hash, &head.manifest).await.unwrap();
    let codes: Vec<String> =
        opened.entries.iter().filter(|e| matches!(e, Entry::Line(l) if l.code.len() == 10)).map(entry::key).collect();
    let days = ["2025-01-01", "2025-05-02", "2025-08-15", "2026-01-01", "2026-04-10", "2026-06-30"];
    let of = |key: Option<String>, valid: Option<&str>, known: &str| Question {
        territory: "US".into(),
        kind: key.is_some().then(|| "measure".to_owned()),
        key,
        valid: valid.map(|day| day.parse().unwrap()),
        known: Some(known.to_owned()),
        most: 1_000_000,
        ..Question::default()
    };
    let (mut times, mut found) = (Vec::new(), 0);
    for at in 0..1_000 {
        let code = codes[at * codes.len() / 1_000].clone();
        let question = of(Some(code), Some(days[at % 6]), days[at / 6 % 6]);
        let (rows, took) = timed(record::ask(&mut *tx, &question)).await;
        found += rows.unwrap().len();
        times.push(took.wall);
    }
    println!("one (valid, known, code): {}, {found} measures in all", spread(times));
    for known in [days[0], days[3], days[5]] {
        let (rows, took) = timed(record::ask(&mut *tx, &of(None, None, known))).await;
        println!("all as known on {known}: {} records in {took}", rows.unwrap().len());
    }
    let (sql, values) = record::statement(&of(Some(codes[0].clone()), Some(days[3]), days[3]));
    let explain = if here.repository.db.kind() == "sqlite" { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    for mut row in tx.rows(&format!("{explain} {sql}"), values).await.unwrap() {
        if here.repository.db.kind() == "sqlite" {
            for _ in 0..3 {
                row.maybe_int().unwrap();
            }
        }
        println!("  {}", row.text().unwrap());
    }
}

/// Where the time of sending goes, step by step, on one thread.
async fn steps(here: &Here, sent: &Sent) {
    let mut tx = here.repository.db.read().await.unwrap();
    let kept = edition::head(&mut *tx, "us").await.unwrap().unwrap();
    let opened = timed(tidewaiter_repository::workflow::submit::open(&mut *tx, &kept.hash, &kept.manifest)).await;
    println!("open the edition before: {}", opened.1);
    let before = opened.0.unwrap();
    let base = here.repository.base.clone();
    let (records, took) = timed_now(|| sent.read("Customs", Some("US"), &base.folder.world).unwrap());
    println!("import: {took}, {} records", records.entries.len());
    println!("cut into parts and pack: {}", timed_now(|| parts::cut(&records.entries).unwrap()).1);
    let draft = Draft {
        authority: &authority("us", Some("US"), 1),
        manifest: &kept.manifest,
        entries: &records.entries,
        before: Some(&before.entries),
        noticed: &[],
        world: &base.folder.world,
        codes: &base.codes,
        around: &Default::default(),
        today: kept.manifest.head.known_from,
    };
    println!("checks: {}", timed_now(|| checks::run(&draft)).1);
    let new = Opened { entries: records.entries, ..before.clone() };
    println!("what feeds tell: {}", timed_now(|| impact::differences(Some(&before), &new).unwrap()).1);
    let mut folder = base.folder.clone();
    println!("make a ratebook of it: {}", timed_now(|| folder.lay(new).and_then(|()| folder.compile()).unwrap()).1);
}
