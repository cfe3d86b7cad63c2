//! What reading official files costs: unpacked megabytes, rows and records a second, and peak memory, for each format of
//! which real files stand in `../shared`. Run with `cargo bench -p tidewaiter-sources`; one format by its name.
//!
//! Each format is read in a process of its own, so that its peak memory is its own. Records are counted and dropped, as a
//! writer would drop them after writing. Times are wall clock of one thread, the best of several passes, with the least
//! processor time. Figures are in `docs/performance.md`. Nothing here passes or fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

use jiff::civil::date;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tidewaiter_sources::{
    Account, Entry, ImportError, Limits, Sink, Source, au_tariff, br_ncm, ca_tariff, ecb, edition, eu_nomenclature,
    hmrc_rates, hs, in_hsn, sheet, taric3, uk_api, uk_origin, us_hts,
};

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
const PASSES: usize = 3;
const FORMATS: [&str; 17] = [
    "us-hts-one",
    "us-hts-27",
    "taric3-first",
    "taric3-both",
    "uk-api",
    "uk-origin",
    "br-ncm",
    "au-tariff",
    "ca-tariff",
    "in-hsn",
    "taric-xlsx",
    "hs-xlsx",
    "ecb",
    "hmrc",
    "sheet-csv",
    "edition",
    "edition-gz",
];

/// Counts records and drops them.
#[derive(Default)]
struct Counter(u64);

impl Sink for Counter {
    fn take(&mut self, entry: Entry) -> std::io::Result<()> {
        self.0 += 1;
        drop(entry);
        Ok(())
    }
}

fn open(path: &Path) -> Source {
    Source::open(path, Limits::default()).unwrap()
}

fn all(folder: &str, keep: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![Path::new(SHARED).join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if keep(&path.to_string_lossy()) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Bytes of a file when unpacked: gzip, zstd, and the members of a ZIP archive.
fn unpacked(path: &Path) -> u64 {
    let bytes = std::fs::read(path).unwrap();
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        return (0..archive.len()).map(|n| archive.by_index(n).unwrap().size()).sum();
    }
    let (mut source, mut part, mut bytes) = (open(path), vec![0; 1 << 16], 0);
    loop {
        source.next_record();
        match source.read(&mut part).unwrap() {
            0 => return bytes,
            n => bytes += n as u64,
        }
    }
}

fn files(format: &str) -> Vec<PathBuf> {
    let one = |name: &str| vec![Path::new(SHARED).join(name)];
    match format {
        "us-hts-one" => one("us-hts/hts/hts_2026_rev_10.json.gz"),
        "us-hts-27" => all("us-hts/hts", |_| true),
        "taric3-first" => one("eu-taric/taric3-xml/TGB18241.xml.gz"),
        "taric3-both" => all("eu-taric/taric3-xml", |n| n.ends_with(".xml.gz")),
        "uk-api" => all("uk-tariff", |n| n.contains("/api-v2") && n.ends_with(".json")),
        "uk-origin" => {
            let folder = "uk-tariff/rules-of-origin";
            let mut files = all(folder, |n| n.contains("roo_schemes"));
            files.extend(all(folder, |n| n.contains("/rule_sets/")));
            files
        }
        "br-ncm" => all("br-ncm", |_| true),
        "au-tariff" => all("au-tariff", |_| true),
        "ca-tariff" => all("ca-tariff-sample", |n| n.ends_with(".csv")),
        "in-hsn" => all("in-hsn", |n| n.ends_with(".gz")),
        "taric-xlsx" => all("eu-taric/nomenclature", |n| n.contains("2026-03")),
        "hs-xlsx" => one("hs/HS2022toHS2017ConversionAndCorrelationTables.xlsx"),
        "ecb" => one("fx/eurofxref-hist.zip"),
        "hmrc" => all("uk-tariff/exchange-rates", |n| n.ends_with("hmrc_monthly_all_rates.csv")),
        "sheet-csv" => sheet_files(),
        "edition" => vec![edition_file("ndjson")],
        "edition-gz" => vec![edition_file("ndjson.gz")],
        other => panic!("no such format: {other}"),
    }
}

/// A rate sheet of 40,000 measures.
fn sheet_files() -> Vec<PathBuf> {
    let folder = std::env::temp_dir().join("tidewaiter-bench-sheet");
    std::fs::create_dir_all(&folder).unwrap();
    let about = "Field,Answer\nAuthority,A\nTerritory,QQ\nCurrency,XTS\nTitle,T\nLegal reference,L\nKnown from,2026-01-01\nDuty is charged on,goods\n";
    let mut rows =
        String::from("Code,Kind,Duty,Unit,Origin,Except,Programme,Proof,Condition,Quota,From,Until,Legal act,Note\n");
    for n in 0..40_000u64 {
        let (percent, code) = (n % 40, 10_000_000 + n * 2_000);
        writeln!(rows, "{code:08},third-country,{percent}.5 %,,,,,,,,2026-01-01,,Act number {},note", n % 500).unwrap();
    }
    let files = [("About.csv", about), ("Measures.csv", rows.as_str())];
    files
        .into_iter()
        .map(|(name, text)| {
            std::fs::write(folder.join(name), text).unwrap();
            folder.join(name)
        })
        .collect()
}

/// The 27 revisions of the US schedule as an edition file.
fn edition_file(end: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("tidewaiter-bench-edition.{end}"));
    if !path.exists() {
        let (mut entries, mut account) = (Vec::new(), Account::default());
        let sources = files("us-hts-27").iter().map(|f| open(f)).collect();
        let head = us_hts::import(sources, &us_options(), &mut entries, &mut account).unwrap();
        let file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        let write = |out: Box<dyn std::io::Write>| {
            let mut writer = edition::Writer::new(out, &head).unwrap();
            for entry in entries {
                writer.take(entry).unwrap();
            }
            writer.finish().unwrap();
        };
        if end.ends_with("gz") {
            write(Box::new(flate2::write::GzEncoder::new(file, flate2::Compression::default())));
        } else {
            write(Box::new(file));
        }
    }
    path
}

fn us_options() -> us_hts::Options {
    let mut dates = us_hts::read_dates(open(&Path::new(SHARED).join("us-hts/resources/revision_dates.csv"))).unwrap();
    dates.insert("hts_2026_rev_8".into(), date(2026, 5, 22));
    us_hts::Options { dates }
}

/// Reads the files of a format once.
fn import(format: &str, files: &[PathBuf], out: &mut Counter, account: &mut Account) -> Result<(), ImportError> {
    let sources = || files.iter().map(|f| open(f)).collect::<Vec<_>>();
    let first = || open(&files[0]);
    match format {
        "us-hts-one" | "us-hts-27" => us_hts::import(sources(), &us_options(), out, account)?,
        "taric3-first" | "taric3-both" => {
            let options = taric3::Options { known_from: Some(date(2018, 12, 14)), ..taric3::Options::european_union() };
            taric3::import(sources(), &options, out, account)?
        }
        "uk-api" => {
            for file in files {
                let xi = file.to_string_lossy().contains("/xi/");
                let service = if xi { uk_api::Service::Xi } else { uk_api::Service::Uk };
                let options = uk_api::Options { service: Some(service), as_of: None };
                // A few responses are of kinds that hold no tariff, and are refused by name.
                if let Err(error) = uk_api::import(vec![open(file)], &options, out, account) {
                    account.left_out(&format!("not read: {error}"));
                }
            }
            return Ok(());
        }
        "uk-origin" => uk_origin::import(sources(), &uk_origin::Options::new(date(2026, 8, 21)), out, account)?,
        "br-ncm" => br_ncm::import(sources(), &br_ncm::Options { known_from: date(2026, 10, 1) }, out, account)?,
        "au-tariff" => {
            let options = au_tariff::Options { known_from: date(2026, 4, 1), accept_rest: false };
            au_tariff::import(sources(), &options, out, account)?
        }
        "ca-tariff" => {
            let options =
                ca_tariff::Options { known_from: date(2026, 9, 1), members: BTreeMap::new(), accept_rest: true };
            ca_tariff::import(first(), &options, out, account)?
        }
        "in-hsn" => {
            let options = in_hsn::Options { known_from: date(2025, 1, 1), accept_rest: true };
            in_hsn::import(first(), &options, out, account)?
        }
        "taric-xlsx" => {
            let options = eu_nomenclature::Options {
                nomenclature: "TARIC 2026-03".into(),
                known_from: date(2026, 3, 1),
                languages: Vec::new(),
                accept_rest: false,
            };
            eu_nomenclature::import(sources(), &options, out, account)?
        }
        "hs-xlsx" => hs::import(first(), &hs::Options::default(), out, account)?,
        "ecb" => ecb::import(first(), out, account)?,
        "hmrc" => hmrc_rates::import(sources(), &hmrc_rates::Options::default(), out, account)?,
        "sheet-csv" => sheet::import(sources(), &sheet::Options::default(), out, account)?,
        "edition" | "edition-gz" => {
            let read = edition::read(&files[0], Limits::default(), account, |entry| out.take(entry));
            return read.map(|_| ());
        }
        other => panic!("no such format: {other}"),
    };
    Ok(())
}

/// Processor time of this process so far, to a hundredth of a second.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// Peak memory of this process in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn one(format: &str) {
    let files = files(format);
    let mut least = (Duration::MAX, Duration::MAX);
    let (mut out, mut account) = (Counter::default(), Account::default());
    let mut repeats = 1u32;
    for pass in 0..=PASSES {
        let (start, used) = (Instant::now(), processor());
        for _ in 0..repeats {
            (out, account) = (Counter::default(), Account::default());
            import(format, &files, &mut out, &mut account).unwrap();
        }
        if pass == 0 {
            // A small file is read often enough to take a tenth of a second.
            repeats = u32::try_from(100 / start.elapsed().as_millis().max(1)).unwrap_or(1).clamp(1, 100);
            continue;
        }
        least = (least.0.min(start.elapsed() / repeats), least.1.min((processor() - used) / repeats));
    }
    // The unpacked size is counted after the peak is read.
    let peak = peak();
    let bytes: u64 = files.iter().map(|f| unpacked(f)).sum();
    let rows: u64 = account.read.values().sum();
    let a_second = |n: u64| u128::from(n) * 1_000_000_000 / least.0.as_nanos().max(1);
    println!(
        "{format:<14} {:>3} files {:>10} bytes unpacked {:>8} ms ({:>6} ms of processor) {:>5} MB/s {rows:>8} rows {:>9} rows/s {:>8} records, refused {:>4}, peak {peak} MiB",
        files.len(),
        bytes,
        least.0.as_millis(),
        least.1.as_millis(),
        a_second(bytes) / 1_000_000,
        a_second(rows),
        out.0,
        account.refused
    );
}

fn main() {
    // `cargo test --benches` runs this too; measuring then would only take time.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    if let [part, format] = words.as_slice()
        && part == "part"
    {
        return one(format);
    }
    if !Path::new(SHARED).is_dir() {
        println!("skipped: ../shared is absent");
        return;
    }
    for format in FORMATS {
        if !words.is_empty() && !words.iter().any(|w| w == format) {
            continue;
        }
        if format.starts_with("edition") {
            let _ = edition_file(
                format.strip_prefix("edition").map_or("ndjson", |e| if e.is_empty() { "ndjson" } else { "ndjson.gz" }),
            );
        }
        let done =
            std::process::Command::new(std::env::current_exe().unwrap()).args(["part", format]).status().unwrap();
        assert!(done.success(), "{format}");
    }
}
