//! Files priced on all cores, batch by batch, the answers in the order of the rows.

use crate::answers::{Answers, Piece};
use crate::decode::Raw;
use crate::files::Input;
use crate::tally::{Report, Tally};
use crate::turns::in_turn;
use crate::{BulkError, Defaults, Format, Priced, Pricer, Reject, Warning};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tidewaiter::Ratebook;

/// How far it has come: rows done, and rows in all where the file says.
pub type Progress<'p> = &'p (dyn Fn(u64, Option<u64>) + Sync);

struct Writing {
    answers: Answers,
    rejects: PathBuf,
    rejected: Option<BufWriter<File>>,
    tally: Tally,
    failed: Option<BulkError>,
}

/// A batch priced: its rows, its answers as bytes, and what is told of it.
type Done = (u64, Option<Piece>, Priced);

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
    let rows_at_once = defaults.rows_at_once();
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
    let tally = Tally::new(opened.unused.clone(), &fingerprint);
    let (answers, encoder) = Answers::create(&part, format, &fingerprint)?;
    let decoder = opened.decoder.clone();
    let (mut input_rows, mut turn, mut row) = (opened, 0, 1);
    let read = || {
        let raw = input_rows.next()?;
        let at = (turn, row);
        turn += 1;
        row += raw.as_ref().map_or(0, |raw| raw.rows() as u64);
        Some((raw, at))
    };
    let worker = || {
        let mut pricer = Pricer::new(ratebook, defaults);
        let (decoder, encoder) = (&decoder, &encoder);
        move |(raw, (turn, row)): (Result<Raw, BulkError>, (u64, u64))| -> Result<Done, BulkError> {
            let raw = raw?;
            let rows = raw.rows() as u64;
            let priced = pricer.price_decoded(decoder.decode(raw, row)?, row)?;
            let piece = encoder.encode(&priced.table, turn)?;
            Ok((rows, piece, priced))
        }
    };
    let mut writing = Writing { answers, rejects, rejected: None, tally, failed: None };
    in_turn(threads, read, worker, |priced: Result<Done, BulkError>| {
        let priced = priced.map_err(|error| match error {
            BulkError::Text(error) => BulkError::File { file: input.display().to_string(), error },
            other => other,
        });
        match priced.and_then(|done| write_batch(&mut writing, done)) {
            Ok(()) => progress(writing.tally.rows(), rows),
            Err(error) => writing.failed = Some(error),
        }
        writing.failed.is_none()
    });
    let Writing { answers, rejects, rejected, tally, failed } = writing;
    let mut report = tally.report();
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

fn write_batch(writing: &mut Writing, (rows, piece, priced): Done) -> Result<(), BulkError> {
    let fail = |error: String| BulkError::File { file: "the answers".into(), error };
    if let Some(piece) = piece {
        writing.answers.write(piece).map_err(fail)?;
    }
    writing.tally.add(rows, &priced);
    write_rejects(writing, &priced.rejects).map_err(|e| fail(e.to_string()))
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
