//! What a catalogue costs: rows a second from file to file and in memory, on one thread and two, over the embedded
//! ratebook and over one of more than ten million measures made from real schedules. Run with
//! `cargo bench -p tidewaiter-bulk`; parts by name: `cargo bench -p tidewaiter-bulk -- book large`.
//!
//! Times are wall clock, the best of several passes. Each part runs in a process of its own, so that its peak memory is
//! its own. Files are kept in the folder that `TIDEWAITER_BENCH_DIR` names, or one beside the other temporary files;
//! `sql.py` reads them from there. Figures and what bounds them are in `docs/performance.md`. Nothing here passes or
//! fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a failing test says so")]

mod book;
mod rows;

use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tidewaiter::Ratebook;
use tidewaiter_bulk::{Defaults, Pricer, run};

const PASSES: usize = 5;

/// A small generator, so that every run sees the same data (xorshift64*).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }
}

/// Where the files of the benchmark stand.
fn folder() -> PathBuf {
    let folder = std::env::var_os("TIDEWAITER_BENCH_DIR")
        .map_or_else(|| std::env::temp_dir().join("tidewaiter-bulk-bench"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Processor time of all threads of this process so far, to a hundredth of a second.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// Best time of several passes, and least processor time.
fn best_of(mut pass: impl FnMut()) -> (Duration, Duration) {
    let mut least = (Duration::MAX, Duration::MAX);
    for _ in 0..PASSES {
        let (start, used) = (Instant::now(), processor());
        pass();
        least = (least.0.min(start.elapsed()), least.1.min(processor() - used));
    }
    least
}

/// Best time of several passes.
fn best(pass: impl FnMut()) -> Duration {
    best_of(pass).0
}

/// Peak and present memory of this process in MiB: all, and without mapped files.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|l| l.strip_prefix(name)).unwrap_or("0");
        line.split_whitespace().next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    (field("VmHWM:"), field("RssAnon:"))
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |m| m.len())
}

fn show(name: &str, rows: u64, (time, used): (Duration, Duration), bytes: u64) {
    let nanoseconds = time.as_nanos().max(1);
    let rate = u128::from(rows) * 1_000_000_000 / nanoseconds;
    let megabytes = u128::from(bytes) * 1_000 / nanoseconds;
    let (peak, anonymous) = memory();
    println!(
        "{name:<52} {rate:>10} rows/s {:>6} ns/row {:>6} ns of processor {megabytes:>5} MB/s  peak {peak} MiB ({anonymous} MiB own at the end)",
        nanoseconds / u128::from(rows.max(1)),
        used.as_nanos() / u128::from(rows.max(1))
    );
}

/// The ratebook, question and rows of a set.
struct Set {
    ratebook: Ratebook,
    defaults: Defaults,
    name: String,
}

impl Set {
    fn open(name: &str) -> Self {
        let book = folder().join("book.twrb");
        let (ratebook, name) = match name {
            "large" => (Ratebook::load(book).unwrap(), name),
            // The same without large pages.
            "mapped" => (Ratebook::open(book).unwrap(), "large"),
            _ => (Ratebook::from_static(tidewaiter_data::bytes()).unwrap(), name),
        };
        Self { ratebook, defaults: rows::defaults(), name: name.to_owned() }
    }
    fn input(&self, format: &str) -> PathBuf {
        folder().join(format!("{}.{format}", self.name))
    }
}

/// The rows of a set in memory, in batches as a reader gives them.
fn batches(path: &Path, rows: usize) -> Vec<RecordBatch> {
    let file = std::fs::File::open(path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().with_batch_size(rows).build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// From file to file.
fn files(set: &str, format: &str, threads: usize) {
    let set = Set::open(set);
    let input = set.input(format);
    let output = folder().join(format!("{}-answers-{threads}.{format}", set.name));
    let mut report = None;
    let time = best_of(|| {
        report = Some(run(&set.ratebook, &set.defaults, &input, &output, threads, &|_, _| {}).unwrap());
    });
    let report = report.unwrap();
    assert_eq!((report.rejected, report.outcomes.amount), (0, report.answers), "the rows are complete");
    let name = format!("{} {format} to {format}, {threads} thread(s)", set.name);
    show(&name, report.answers, time, size(&input));
    println!("    in {} bytes, out {} bytes", size(&input), size(&output));
}

/// From table to table in memory.
fn tables(set: &str, threads: usize) {
    let set = Set::open(set);
    let tables = batches(&set.input("parquet"), 65_536);
    let rows: usize = tables.iter().map(RecordBatch::num_rows).sum();
    let bytes: usize = tables.iter().map(RecordBatch::get_array_memory_size).sum();
    let mut pricers: Vec<Pricer<'_>> = (0..threads).map(|_| Pricer::new(&set.ratebook, &set.defaults)).collect();
    let time = best_of(|| {
        let next = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for pricer in &mut pricers {
                scope.spawn(|| {
                    while let Some(table) = tables.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                        black_box(pricer.price(table, 1).unwrap());
                    }
                });
            }
        });
    });
    show(&format!("{} table to table, {threads} thread(s)", set.name), rows as u64, time, bytes as u64);
}

fn part(words: &[&str]) {
    match words {
        ["book"] => book::build(),
        ["rows", set] => rows::write(&Set::open(set)),
        ["engine", set] => rows::engine(&Set::open(set)),
        ["quotes"] => book::quotes(),
        ["rates"] => book::rates(),
        ["files", set, format, threads] => files(set, format, threads.parse().unwrap()),
        ["tables", set, threads] => tables(set, threads.parse().unwrap()),
        other => panic!("no such part: {other:?}"),
    }
}

/// Runs a part in a process of its own.
fn child(words: &[&str]) {
    let done = std::process::Command::new(std::env::current_exe().unwrap()).arg("part").args(words).status().unwrap();
    assert!(done.success(), "{words:?}");
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    // `cargo test --benches` runs this too; measuring then would only take time.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let ["part", rest @ ..] = words.as_slice() {
        return part(rest);
    }
    let wanted = |name: &str| words.is_empty() || words.contains(&name);
    if wanted("book") {
        child(&["book"]);
        child(&["rows", "large"]);
        child(&["rates"]);
    }
    if wanted("quotes") {
        child(&["quotes"]);
    }
    if wanted("rows") {
        child(&["rows", "embedded"]);
        child(&["rows", "five"]);
    }
    for set in ["embedded", "five", "large"] {
        if !wanted(set) {
            continue;
        }
        child(&["engine", set]);
        if set == "large" {
            println!("  the same, mapped:");
            child(&["engine", "mapped"]);
        }
        for threads in ["1", "2"] {
            child(&["tables", set, threads]);
            for format in ["parquet", "csv"] {
                child(&["files", set, format, threads]);
            }
        }
    }
}
