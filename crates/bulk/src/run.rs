//! Files priced on all cores. Each thread in turn reads a batch, prices it while the others read and write, and writes
//! its answers when those before are written: so answers stand in the order of the rows, and no more batches are in
//! memory than there are threads.

use crate::answers::{Answers, Encoder};
use crate::decode::Decoder;
use crate::files::Input;
use crate::{BulkError, Defaults, Format, Outcomes, Pricer, Reject, Warning};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use tidewaiter::Ratebook;

/// Answers made at once by a thread.
const ANSWERS_AT_ONCE: usize = 65_536;
/// Most sentences of warnings kept for the report.
const MOST_WARNINGS: usize = 1_000;
/// Fewest rows read at once, however many destinations there are.
const FEWEST_ROWS: usize = 64;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows read.
    pub rows: u64,
    /// Answers written: one for each row and destination.
    pub answers: u64,
    /// Of them, how many of each kind.
    pub outcomes: Outcomes,
    /// Of ranges and unknown ones, those for which something can be stated that would make the answer closer.
    pub missing: u64,
    /// Rows and destinations that could not be priced.
    pub rejected: u64,
    /// Where they stand with the reasons, one JSON object a line.
    pub rejects: Option<PathBuf>,
    /// What the codes in the column `warnings` stand for, by sentence; at most a thousand.
    pub warnings: Vec<Warning>,
    /// Where they stand, one JSON object a line.
    pub warnings_file: Option<PathBuf>,
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
    /// By sentence.
    warnings: BTreeMap<String, Warning>,
    turn: u64,
    report: Report,
    failed: Option<BulkError>,
}

/// How rows become tables and answers bytes.
struct Ways<'p> {
    decoder: Decoder,
    encoder: Encoder,
    input: &'p Path,
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
    let fingerprint = ratebook.fingerprint().to_owned();
    let report = Report { unused: opened.unused.clone(), ratebook: fingerprint.clone(), ..Report::default() };
    let (answers, encoder) = Answers::create(&part, format, &fingerprint)?;
    let ways = Ways { decoder: opened.decoder.clone(), encoder, input };
    let reading = Mutex::new(Reading { input: opened, next: 0, row: 1 });
    let warnings = BTreeMap::new();
    let writing = Mutex::new(Writing { answers, rejects, rejected: None, warnings, turn: 0, report, failed: None });
    let turns = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut pricer = Pricer::new(ratebook, defaults);
                while one_batch(&mut pricer, &reading, &writing, &turns, &ways, &|done| progress(done, rows)) {}
            });
        }
    });
    let writing = writing.into_inner().unwrap_or_else(PoisonError::into_inner);
    let Writing { answers, rejects, rejected, warnings, mut report, failed, .. } = writing;
    report.warnings = warnings.into_values().collect();
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
        report.warnings_file =
            legend(&report.warnings, PathBuf::from(format!("{}.warnings.ndjson", output.display())))?;
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
    ways: &Ways<'_>,
    progress: &dyn Fn(u64),
) -> bool {
    let (raw, turn, row) = {
        let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(raw) = reading.input.next() else { return false };
        let (turn, row) = (reading.next, reading.row);
        reading.next += 1;
        reading.row += raw.as_ref().map_or(0, |raw| raw.rows() as u64);
        (raw, turn, row)
    };
    let priced = raw.and_then(|raw| {
        let rows = raw.rows() as u64;
        let priced = pricer.price_decoded(ways.decoder.decode(raw, row)?, row)?;
        let piece = ways.encoder.encode(&priced.table, turn)?;
        Ok((rows, piece, priced))
    });
    let priced = priced.map_err(|error| match error {
        BulkError::Text(error) => BulkError::File { file: ways.input.display().to_string(), error },
        other => other,
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
    let written = priced.and_then(|(rows, piece, priced)| {
        let fail = |error: String| BulkError::File { file: "the answers".into(), error };
        if let Some(piece) = piece {
            writing.answers.write(piece).map_err(fail)?;
        }
        writing.report.rows += rows;
        writing.report.answers += priced.table.num_rows() as u64;
        writing.report.outcomes.add(priced.outcomes);
        writing.report.missing += priced.outcomes.missing;
        for warning in priced.warnings {
            let full = writing.warnings.len() >= MOST_WARNINGS;
            if let Some(known) = writing.warnings.get_mut(&warning.text) {
                known.answers += warning.answers;
            } else if !full {
                writing.warnings.insert(warning.text.clone(), warning);
            }
        }
        write_rejects(&mut writing, &priced.rejects).map_err(|e| fail(e.to_string()))
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

/// Writes what the codes of warnings stand for; takes away the file of an earlier run where there are none.
fn legend(warnings: &[Warning], path: PathBuf) -> Result<Option<PathBuf>, BulkError> {
    let fail = |error: std::io::Error| BulkError::File { file: path.display().to_string(), error: error.to_string() };
    if warnings.is_empty() {
        if path.is_file() {
            std::fs::remove_file(&path).map_err(fail)?;
        }
        return Ok(None);
    }
    let mut lines = Vec::new();
    for warning in warnings {
        serde_json::to_writer(&mut lines, warning).map_err(|e| fail(e.into()))?;
        lines.push(b'\n');
    }
    std::fs::write(&path, lines).map_err(fail)?;
    Ok(Some(path))
}
