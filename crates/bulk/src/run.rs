//! Files priced on all cores. Each thread in turn reads a batch, prices it while the others read and write, and writes
//! its answers when those before are written: so answers stand in the order of the rows, and no more batches are in
//! memory than there are threads.

use crate::files::{Answers, Input, Piece};
use crate::{BulkError, Defaults, Format, Pricer, Reject};
use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use tidewaiter::Ratebook;

/// Answers made at once by a thread.
const ANSWERS_AT_ONCE: usize = 65_536;
/// Fewest rows read at once, however many destinations there are.
const FEWEST_ROWS: usize = 64;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows read.
    pub rows: u64,
    /// Answers written: one for each row and destination.
    pub answers: u64,
    /// Of them, those that needed supposing missing facts.
    pub supposed: u64,
    /// Rows and destinations that could not be priced.
    pub rejected: u64,
    /// Where they stand with the reasons, one JSON object a line.
    pub rejects: Option<PathBuf>,
    /// Columns of the input that nothing was done with.
    pub unused: Vec<String>,
    /// Fingerprint of the ratebook.
    pub ratebook: String,
}

/// How far it has come: rows done, and rows in all where the file says.
pub type Progress<'p> = &'p (dyn Fn(u64, Option<u64>) + Sync);

struct Reading {
    input: Input,
    next: u64,
    row: u64,
}

struct Writing {
    answers: Answers,
    rejects: PathBuf,
    rejected: Option<BufWriter<File>>,
    turn: u64,
    report: Report,
    failed: Option<BulkError>,
}

/// Prices a file into another. The answers appear under their name only when all are written; an input that cannot be
/// read to its end leaves nothing behind.
///
/// # Errors
/// Where a file cannot be read or written, or a needed column is absent.
pub fn run(
    ratebook: &Ratebook,
    defaults: &Defaults,
    input: &Path,
    output: &Path,
    threads: usize,
    progress: Progress<'_>,
) -> Result<Report, BulkError> {
    let told = |path: &Path, error: &dyn ToString| BulkError::File {
        file: path.display().to_string(),
        error: error.to_string(),
    };
    let Some(format) = Format::of(output) else {
        return Err(told(output, &"the name must end in .parquet, .csv or .ndjson"));
    };
    let rows_at_once = (ANSWERS_AT_ONCE / defaults.destinations.len().max(1)).max(FEWEST_ROWS);
    let opened = Input::open(input, rows_at_once)?;
    let rows = opened.rows;
    if std::fs::symlink_metadata(output).is_ok_and(|there| !there.is_file()) {
        return Err(told(output, &"it is there and is no plain file; name a new one"));
    }
    // Names of this process, so that two runs do not meet.
    let mine = |what: &str| PathBuf::from(format!("{}.{}.{what}", output.display(), std::process::id()));
    let (part, rejects) = (mine("part"), mine("rejected.part"));
    let rejects_named = PathBuf::from(format!("{}.rejected.ndjson", output.display()));
    let fingerprint = ratebook.fingerprint();
    let report = Report { unused: opened.unused.clone(), ratebook: fingerprint.clone(), ..Report::default() };
    let answers = Answers::create(&part, format, &fingerprint)?;
    let reading = Mutex::new(Reading { input: opened, next: 0, row: 1 });
    let writing = Mutex::new(Writing { answers, rejects, rejected: None, turn: 0, report, failed: None });
    let turns = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut pricer = Pricer::new(ratebook, defaults);
                while one_batch(&mut pricer, &reading, &writing, &turns, format, &|done| progress(done, rows)) {}
            });
        }
    });
    let writing = writing.into_inner().unwrap_or_else(PoisonError::into_inner);
    let Writing { answers, rejects, rejected, mut report, failed, .. } = writing;
    let finished = match failed {
        Some(error) => Err(error),
        None => answers.finish().map_err(|e| told(&part, &e)),
    };
    let finished = finished.and_then(|()| {
        if let Some(mut file) = rejected {
            file.flush()
                .and_then(|()| std::fs::rename(&rejects, &rejects_named))
                .map_err(|e| told(&rejects_named, &e))?;
            report.rejects = Some(rejects_named.clone());
        } else if rejects_named.is_file() {
            // That of an earlier run would be taken for this one's.
            std::fs::remove_file(&rejects_named).map_err(|e| told(&rejects_named, &e))?;
        }
        std::fs::rename(&part, output).map_err(|e| told(output, &e))
    });
    if let Err(error) = finished {
        let _ = std::fs::remove_file(&part);
        let _ = std::fs::remove_file(&rejects);
        return Err(error);
    }
    Ok(report)
}

/// Reads, prices and writes one batch; `false` when there is no more.
fn one_batch(
    pricer: &mut Pricer<'_>,
    reading: &Mutex<Reading>,
    writing: &Mutex<Writing>,
    turns: &Condvar,
    format: Format,
    progress: &dyn Fn(u64),
) -> bool {
    let (batch, turn, row) = {
        let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(batch) = reading.input.next_batch() else { return false };
        let (turn, row) = (reading.next, reading.row);
        reading.next += 1;
        reading.row += batch.as_ref().map_or(0, |b| b.num_rows() as u64);
        (batch, turn, row)
    };
    let priced = batch.and_then(|batch| {
        let priced = pricer.price(&batch, row)?;
        let answers = priced.table.num_rows() as u64;
        let piece = Piece::of(priced.table, format, turn == 0)?;
        Ok((batch.num_rows() as u64, answers, priced.supposed, piece, priced.rejects))
    });
    let mut writing = writing.lock().unwrap_or_else(PoisonError::into_inner);
    while writing.turn != turn {
        writing = turns.wait(writing).unwrap_or_else(PoisonError::into_inner);
    }
    writing.turn += 1;
    turns.notify_all();
    if writing.failed.is_some() {
        return false;
    }
    let written = priced.and_then(|(rows, answers, supposed, piece, rejects)| {
        let fail = |error: String| BulkError::File { file: "the answers".into(), error };
        writing.answers.write(&piece).map_err(fail)?;
        writing.report.rows += rows;
        writing.report.answers += answers;
        writing.report.supposed += supposed;
        write_rejects(&mut writing, &rejects).map_err(|e| fail(e.to_string()))
    });
    if let Err(error) = written {
        writing.failed = Some(error);
        return false;
    }
    let done = writing.report.rows;
    drop(writing);
    progress(done);
    true
}

fn write_rejects(writing: &mut Writing, rejects: &[Reject]) -> std::io::Result<()> {
    if rejects.is_empty() {
        return Ok(());
    }
    if writing.rejected.is_none() {
        writing.rejected = Some(BufWriter::new(File::options().write(true).create_new(true).open(&writing.rejects)?));
    }
    if let Some(file) = &mut writing.rejected {
        for reject in rejects {
            serde_json::to_writer(&mut *file, reject)?;
            file.write_all(b"\n")?;
        }
    }
    writing.report.rejected += rejects.len() as u64;
    Ok(())
}
