//! A full tariff, edition by edition: revisions of the schedule of the United States as its authority exports them, each
//! sent by itself, spoken for, signed and published. Then every answer on any pair of days, and the download, are held
//! against what was sent. Needs the official files of `../shared`.
//!
//! Without optimisation an edition of it takes some ten seconds: here are the first, the middle and the newest revision, and two of
//! them on PostgreSQL. All 27, and the first five on PostgreSQL:
//! `TIDEWAITER_TEST_REVISIONS=all cargo test --release -p tidewaiter-repository --test all us_revisions`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use crate::common;
use arrow_array::Array as _;
use arrow_array::cast::AsArray as _;
use arrow_array::types::UInt64Type;
use common::{Here, addresses, authority, folder, keys, tariff};
use jiff::ToSpan;
use jiff::civil::Date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tidewaiter_repository::assemble::Folder;
use tidewaiter_repository::authority::Authorities;
use tidewaiter_repository::entry;
use tidewaiter_repository::impact::Base;
use tidewaiter_repository::sha256_hex;
use tidewaiter_repository::store::edition::State;
use tidewaiter_repository::store::record::{self, Question};
use tidewaiter_repository::workflow::sent::{About, Sent};
use tidewaiter_sources::formats::{self, Settings};
use tidewaiter_sources::{Account, Entry, Limits, Source};

/// Revision 8 of 2026 is not on the list of days, which says in the note of the next one that it was published on this day.
const UNLISTED: (&str, Date) = ("hts_2026_rev_8", Date::constant(2026, 5, 22));
/// Whether all revisions are wanted.
fn all() -> bool {
    std::env::var("TIDEWAITER_TEST_REVISIONS").is_ok_and(|which| which == "all")
}

fn data() -> Option<PathBuf> {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/us-hts"));
    if data.is_dir() {
        return Some(data);
    }
    println!("skipped: ../shared is absent");
    None
}

/// Some revisions, oldest first: name and file.
fn files(data: &Path) -> Vec<(String, PathBuf)> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(data.join("hts")).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 27);
    let order = |file: &PathBuf| -> (u32, u32) {
        let name = file.file_name().unwrap().to_string_lossy().replace("basic", "rev_0");
        let numbers: Vec<u32> = name.split(['_', '.']).filter_map(|word| word.parse().ok()).collect();
        (numbers[0], numbers[1])
    };
    files.sort_by_key(order);
    let name = |file: PathBuf| (file.file_name().unwrap().to_string_lossy().into_owned(), file);
    let wanted = |at: &usize| all() || at.is_multiple_of(13);
    files.into_iter().enumerate().filter(|(at, _)| wanted(at)).map(|(_, file)| name(file)).collect()
}

fn sent(data: &Path, (name, file): &(String, PathBuf)) -> Sent {
    let about = About {
        format: "us-hts".into(),
        complete: true,
        licence: Some("Public domain: a work of the United States government".into()),
        published: name.starts_with(UNLISTED.0).then_some(UNLISTED.1),
        ..About::default()
    };
    let days = std::fs::read(data.join("resources/revision_dates.csv")).unwrap();
    let files = vec![(name.clone(), std::fs::read(file).unwrap()), ("revision_dates.csv".into(), days)];
    Sent { about, files }
}

/// What a revision says, read beside the repository.
struct Revision {
    day: Date,
    /// SHA-256 of the JSON line of each of its records, sorted.
    lines: Vec<String>,
    /// Its measures by the digits of their code: days in force and JSON line.
    measures: BTreeMap<String, Vec<(Date, Option<Date>, String)>>,
    /// Codes of ten digits among its lines.
    lines_of_ten: BTreeSet<String>,
}

fn read(sent: &Sent) -> Revision {
    let open = |(name, bytes): &(String, Vec<u8>)| {
        Source::new(name, std::io::Cursor::new(bytes.clone()), Limits::default()).unwrap()
    };
    let (mut entries, mut account) = (Vec::new(), Account::default());
    let settings = Settings { published: sent.about.published, ..Settings::default() };
    let sources = sent.files.iter().map(open).collect();
    let head = formats::import("us-hts", sources, &settings, &mut entries, &mut account).unwrap().edition;
    assert!(account.is_clean());
    let json = |entry: &Entry| serde_json::to_string(entry).unwrap();
    let mut lines: Vec<String> = entries.iter().map(|entry| sha256_hex(json(entry).as_bytes())).collect();
    lines.sort_unstable();
    let (mut measures, mut lines_of_ten) = (BTreeMap::<_, Vec<_>>::new(), BTreeSet::new());
    for entry in &entries {
        match entry {
            Entry::Measure(m) => {
                let days = (m.from.unwrap(), m.before);
                measures.entry(entry::key(entry)).or_default().push((days.0, days.1, json(entry)));
            }
            Entry::Line(line) if line.code.len() == 10 => _ = lines_of_ten.insert(entry::key(entry)),
            _ => {}
        }
    }
    Revision { day: head.known_from, lines, measures, lines_of_ten }
}

/// Fifty codes: evenly over all chapters, half of them rate lines, half of ten digits below these.
fn codes(revision: &Revision) -> Vec<String> {
    let spread = |all: Vec<&String>| -> Vec<String> { (0..25).map(|n| all[n * all.len() / 25].clone()).collect() };
    let mut codes = spread(revision.measures.keys().collect());
    codes.extend(spread(revision.lines_of_ten.iter().collect()));
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 50);
    assert!(codes.iter().map(|code| &code[..2]).collect::<BTreeSet<_>>().len() > 30, "over chapters");
    codes
}

/// A repository with the authority whose schedule it is, beside the tables of the world.
async fn found(address: &str, public: &Path) -> Here {
    let mut here = Here::found(address, public).await;
    let mut economy = common::economy("US");
    economy.economy.economy.currency = "USD".into();
    let rates = Folder { world: tidewaiter_data::world().clone(), economies: vec![economy], ..Folder::default() };
    here.repository.base = Arc::new(Base { folder: rates, ..Base::default() });
    let list = Authorities { authorities: vec![authority("us", Some("US"), 2)], ..Authorities::new("Test") };
    here.admit(3, list, &BTreeMap::from([("us".to_owned(), keys(&["us-one", "us-two"], 2))])).await.unwrap();
    here
}

/// Sends, speaks for warnings and signs with two officers. Returns the edition's number.
async fn publish(here: &Here, authority: &str, sent: Sent) -> u64 {
    let receipt = here.submit(authority, sent).await.unwrap().receipt;
    let hash = receipt.edition.unwrap();
    let open = here.repository.standing(&hash).await.unwrap().open_warnings;
    assert_eq!(open.len() as u64, receipt.warnings);
    for check in open {
        here.repository.speak(&hash, "Second officer", &check, "As the schedule was enacted.").await.unwrap();
    }
    let officers = ["one", "two"].map(|officer| format!("{authority}-{officer}"));
    assert_eq!(here.sign(&hash, &officers[0]).await.unwrap().state, State::Checked);
    assert_eq!(here.sign(&hash, &officers[1]).await.unwrap().state, State::Published);
    receipt.number.unwrap()
}

/// The editions that count on a day: those of this day and before.
fn known_on(revisions: &[Revision], day: Date) -> Option<&Revision> {
    revisions.iter().rfind(|revision| revision.day <= day)
}

/// What the edition known on a day says of a code, in force on another: its own measures and those of the codes above it.
fn expected(revisions: &[Revision], code: &str, valid: Date, known: Date) -> Vec<String> {
    let mut all = Vec::new();
    let Some(edition) = known_on(revisions, known) else { return all };
    for digits in 2..=code.len() {
        for (from, before, line) in edition.measures.get(&code[..digits]).into_iter().flatten() {
            if *from <= valid && before.is_none_or(|before| valid < before) {
                all.push(line.clone());
            }
        }
    }
    all.sort_unstable();
    all
}

async fn asked(here: &Here, question: &Question) -> Vec<String> {
    let mut tx = here.repository.db.read().await.unwrap();
    let rows = record::ask(&mut *tx, question).await.unwrap();
    let mut lines: Vec<String> = rows.into_iter().map(|row| row.record).collect();
    lines.sort_unstable();
    lines
}

fn question(known: Date) -> Question {
    Question { territory: "US".into(), known: Some(known.to_string()), most: 1_000_000, ..Question::default() }
}

/// Each revision's day, the day before and the day after, as known on each of these days.
async fn every_pair(here: &Here, revisions: &[Revision]) -> (usize, usize) {
    let days: Vec<Date> =
        revisions.iter().flat_map(|r| [-1, 0, 1].map(|days| r.day.checked_add(days.days()).unwrap())).collect();
    let codes = codes(revisions.last().unwrap());
    let (mut questions, mut measures) = (0, 0);
    for (at, known) in days.iter().enumerate() {
        for (of, valid) in days.iter().enumerate() {
            // Every pair of days, each with some of the codes; each code with every pair in turn.
            for code in codes.iter().skip((at + of) % 5).step_by(5) {
                let kind = Some("measure".to_owned());
                let found =
                    asked(here, &Question { key: Some(code.clone()), kind, valid: Some(*valid), ..question(*known) })
                        .await;
                assert_eq!(found, expected(revisions, code, *valid, *known), "{code}, {valid} as known on {known}");
                (questions, measures) = (questions + 1, measures + found.len());
            }
        }
    }
    (questions, measures)
}

/// Everything that was known on the day of each revision is that revision, no more and no less; the day before, the one
/// before.
async fn whole_editions(here: &Here, revisions: &[Revision]) {
    for (at, revision) in revisions.iter().enumerate() {
        let hashed = |lines: Vec<String>| {
            let mut lines: Vec<String> = lines.iter().map(|line| sha256_hex(line.as_bytes())).collect();
            lines.sort_unstable();
            lines
        };
        let said = hashed(asked(here, &question(revision.day)).await);
        assert!(said == revision.lines, "{}: {} records, {} sent", revision.day, said.len(), revision.lines.len());
        if at == 0 {
            assert!(asked(here, &question(revision.day.yesterday().unwrap())).await.is_empty());
        }
    }
}

/// The rows of the Parquet file for download, edition by edition, are what was sent.
async fn download(here: &Here, revisions: &[Revision]) {
    let tables = here.repository.tables("us").await.unwrap();
    let (_, parquet) = tables.files.into_iter().find(|(name, _)| name == "records.parquet").unwrap();
    let batches = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(parquet)).unwrap().build().unwrap();
    let mut rows = Vec::new();
    for batch in batches {
        let batch = batch.unwrap();
        let column = |name: &str| batch.column_by_name(name).unwrap().clone();
        let (record, territory) = (column("record"), column("territory"));
        let (first, last) = (column("first_edition"), column("last_before"));
        let (record, territory) = (record.as_string::<i32>(), territory.as_string::<i32>());
        let (first, last) = (first.as_primitive::<UInt64Type>(), last.as_primitive::<UInt64Type>());
        for at in 0..batch.num_rows() {
            assert_eq!(territory.value(at), "US");
            let last = last.is_valid(at).then(|| last.value(at));
            rows.push((first.value(at), last, sha256_hex(record.value(at).as_bytes())));
        }
    }
    assert_eq!(rows.len() as u64, tables.rows);
    for (number, revision) in (1..).zip(revisions) {
        let says =
            |(first, last, _): &&(u64, Option<u64>, String)| *first <= number && last.is_none_or(|last| number < last);
        let mut lines: Vec<&String> = rows.iter().filter(says).map(|(_, _, line)| line).collect();
        lines.sort_unstable();
        assert!(lines.iter().copied().eq(&revision.lines), "edition {number}: {} rows", lines.len());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_united_states_schedule_edition_by_edition() {
    let Some(data) = data() else { return };
    let started = std::time::Instant::now();
    let files = files(&data);
    for address in addresses("us-revisions").await {
        let public = folder("us-revisions-public");
        let here = found(&address, &public).await;
        let most = match (here.repository.db.kind(), all()) {
            ("sqlite", _) => files.len(),
            (_, true) => 5,
            (_, false) => 2,
        };
        let mut revisions = Vec::new();
        for (number, file) in (1..).zip(files.iter().take(most)) {
            let sent = sent(&data, file);
            let beside = sent.clone();
            let revision = tokio::task::spawn_blocking(move || read(&beside));
            assert_eq!(publish(&here, "us", sent).await, number);
            revisions.push(revision.await.unwrap());
            println!("{:?}: edition {number}, {}", started.elapsed(), file.0);
        }
        assert!(revisions.windows(2).all(|two| two[0].day < two[1].day));
        let (questions, measures) = every_pair(&here, &revisions).await;
        println!("{:?}: {questions} questions, {measures} measures", started.elapsed());
        whole_editions(&here, &revisions).await;
        println!("{:?}: whole editions", started.elapsed());
        download(&here, &revisions).await;
        println!("{:?}: the download", started.elapsed());
        let signed = std::fs::read_dir(public.join("targets")).unwrap().count();
        assert!(signed > revisions.len());
        here.repository.db.close().await;
        std::fs::remove_dir_all(&public).unwrap();
        if !address.contains("://") {
            std::fs::remove_dir_all(Path::new(&address).parent().unwrap()).unwrap();
        }
    }
}

/// One duty of chapter 61 changes: its part goes out again, and nothing of chapter 62 does.
#[tokio::test]
async fn what_did_not_change_goes_out_once() {
    for address in addresses("out-once").await {
        let public = folder("out-once-public");
        let here = Here::found(&address, &public).await;
        publish(&here, "qq", tariff("QQ", &[("610910", "12 %"), ("620520", "5 %")])).await;
        let of = |chapter: &str| -> Vec<PathBuf> {
            let files = std::fs::read_dir(public.join("targets")).unwrap().map(|file| file.unwrap().path());
            files.filter(|file| file.to_string_lossy().contains(&format!("qq--measures-{chapter}."))).collect()
        };
        let ([old], [same]) = (of("61").try_into().unwrap(), of("62").try_into().unwrap());
        // What is not there any more would be there again if it were sent again.
        std::fs::remove_file::<&PathBuf>(&same).unwrap();
        publish(&here, "qq", tariff("QQ", &[("610910", "10 %"), ("620520", "5 %")])).await;
        assert_eq!(of("62"), Vec::<PathBuf>::new());
        assert!(of("61").len() == 2 && of("61").contains(&old));
        // A duty that comes back is a part that is not in the edition before: it goes out again.
        std::fs::remove_file::<&PathBuf>(&old).unwrap();
        let back = [("610910", "12 %"), ("620520", "5 %"), ("630210", "1 %")];
        publish(&here, "qq", tariff("QQ", &back)).await;
        assert!(of("61").contains(&old));
    }
}
