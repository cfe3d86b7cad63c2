//! A code for each row of a table: the table as it was, with columns beside it.

mod row;

use crate::args::CodeArgs;
use crate::beside::beside;
use crate::errors::{Exit, Failure, did_you_mean};
use crate::page::{Page, Tone, short};
use crate::progress::Bar;
use crate::words::count;
use row::{Kind, Rows};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use tidewaiter_bulk::{TextRow, TextTable, in_turn};

/// Columns that hold the words, where none is named.
const USUAL: [&str; 5] = ["description", "title", "name", "product", "goods description"];
/// Rows that a thread takes at once.
const ROWS_AT_ONCE: usize = 256;
/// Names of columns that a message lists.
const NAMES_TOLD: usize = 20;
/// Lines that cannot be read and are told one by one.
const LINES_TOLD: usize = 10;

/// What was done, row by row.
#[derive(Default)]
struct Tally {
    rows: u64,
    by_kind: [u64; Kind::ALL.len()],
    /// Lines that cannot be read, and why; the first of them.
    unreadable: Vec<String>,
}

/// Rows made: bytes to write, and what there was to look at.
pub(super) struct Made {
    bytes: Vec<u8>,
    tally: Tally,
}

/// Where the answer goes.
struct Target<'a> {
    out: BufWriter<Box<dyn Write + Send>>,
    /// The name it gets when it is whole, and the one it has till then.
    named: Option<(&'a Path, PathBuf)>,
}

pub(super) fn run(args: &CodeArgs, file: &Path, page: &mut Page) -> Result<Exit, Failure> {
    let told = |error: String| Failure::usage(format!("{}: {error}", file.display()));
    let mut table = open(file)?;
    let column = column(&table.names, args.table.column.as_deref()).map_err(told)?;
    let rows = Rows::new(args, &table, column);
    // A wrong --answer is told before anything is written.
    rows.code("").map_err(|wrong| super::answers::wrong(&wrong))?;
    let head = rows.head(&table);
    let output = args.table.output.as_deref();
    if output.is_some_and(|output| is_same(file, output)) {
        return Err(Failure::usage("--table and --output are the same file; name another for the answers"));
    }
    let mut target = Target::create(output)?;
    target.out.write_all(&head)?;
    let threads = args
        .table
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
        .clamp(1, 256);
    let bar = Bar::rows();
    let mut tally = Tally::default();
    let mut failed: Option<Failure> = None;
    let worker = || |read: Result<Vec<TextRow>, String>| read.map(|batch| made(&rows, &batch));
    in_turn(
        threads,
        || table.next(ROWS_AT_ONCE),
        worker,
        |made: Result<Made, String>| {
            let done = made.map_err(told).and_then(|made| {
                target.out.write_all(&made.bytes)?;
                tally.add(made.tally);
                Ok(())
            });
            bar.at(tally.rows, None);
            failed = done.err();
            failed.is_none()
        },
    );
    bar.clear();
    let done = failed.map_or(Ok(()), Err).and_then(|()| Ok(target.out.flush()?));
    target.finish(done)?;
    tell(&tally, output, page)?;
    Ok(if tally.rows == 0 { Exit::NotAnAmount } else { Exit::Answered })
}

fn made(rows: &Rows<'_>, batch: &[TextRow]) -> Made {
    let mut made = Made { bytes: Vec::with_capacity(batch.len() * 128), tally: Tally::default() };
    for row in batch {
        let kind = match rows.write(row, &mut made.bytes) {
            Ok(kind) => kind,
            Err(error) => {
                made.tally.unreadable.push(format!("line {}: {error}", row.line));
                Kind::Unreadable
            }
        };
        made.tally.rows += 1;
        made.tally.by_kind[kind as usize] += 1;
    }
    made
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.by_kind.iter_mut().zip(other.by_kind).for_each(|(sum, more)| *sum += more);
        let room = LINES_TOLD.saturating_sub(self.unreadable.len());
        self.unreadable.extend(other.unreadable.into_iter().take(room));
    }
}

fn open(file: &Path) -> Result<TextTable, Failure> {
    let told = |error: &dyn std::fmt::Display| Failure::usage(format!("{}: {error}", file.display()));
    let (reader, tabs): (Box<dyn Read + Send>, bool) = if file.as_os_str() == "-" {
        (Box::new(io::stdin()), false)
    } else {
        let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
        if !["csv", "tsv", "txt"].contains(&end.as_str()) {
            let help = if end.starts_with("xls") || end == "ods" {
                "; this is a workbook: save its sheet as \"CSV UTF-8\""
            } else {
                ""
            };
            return Err(told(&format!("the name must end in .csv or .tsv{help}")));
        }
        if file.is_dir() {
            return Err(told(&"this is a folder, not a file"));
        }
        (Box::new(File::open(file).map_err(|e| told(&e))?), end == "tsv")
    };
    TextTable::open(reader, tabs).map_err(|e| told(&e))
}

/// Which column holds the words.
fn column(names: &[String], wanted: Option<&str>) -> Result<usize, String> {
    let at = |wanted: &str| names.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted.trim()));
    let known = || names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect::<Vec<_>>();
    let listed = || {
        let more = if known().len() > NAMES_TOLD { ", …" } else { "" };
        known().into_iter().take(NAMES_TOLD).map(short).collect::<Vec<_>>().join(", ") + more
    };
    match wanted {
        Some(wanted) => at(wanted).ok_or_else(|| {
            let near = did_you_mean(wanted, known());
            let help = if near.is_empty() { format!("; its columns are {}", listed()) } else { near };
            format!("there is no column \"{}\"{help}", short(wanted))
        }),
        None => USUAL.iter().find_map(|usual| at(usual)).ok_or_else(|| {
            format!(
                "no column is called {}; say which holds the words: --column NAME, one of {}",
                USUAL.join(", "),
                listed()
            )
        }),
    }
}

/// Whether two names are of one file.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

impl<'a> Target<'a> {
    fn create(output: Option<&'a Path>) -> Result<Self, Failure> {
        let Some(path) = output else {
            return Ok(Self { out: BufWriter::with_capacity(1 << 18, Box::new(io::stdout())), named: None });
        };
        let told = |error: &dyn std::fmt::Display| Failure::usage(format!("--output {}: {error}", path.display()));
        if std::fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
            return Err(told(&"it is there and is no plain file; name a new one"));
        }
        let (part, file) = beside(path, "part").map_err(|e| told(&e))?;
        Ok(Self { out: BufWriter::with_capacity(1 << 18, Box::new(file)), named: Some((path, part)) })
    }

    /// Gives the file its name where all went well, and takes it away where not.
    fn finish(self, done: Result<(), Failure>) -> Result<(), Failure> {
        drop(self.out);
        let Some((path, part)) = self.named else { return done };
        let done = done.and_then(|()| {
            std::fs::rename(&part, path).map_err(|e| Failure::usage(format!("--output {}: {e}", path.display())))
        });
        if done.is_err() {
            // It is in nobody's way if this fails.
            let _ = std::fs::remove_file(&part);
        }
        done
    }
}

/// How many rows a person must look at: on the page, or on standard error where the table itself is the output.
fn tell(tally: &Tally, output: Option<&Path>, page: &mut Page) -> Result<(), Failure> {
    let look = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Sure);
    let look: Vec<(Kind, u64)> =
        look.map(|kind| (kind, tally.by_kind[kind as usize])).filter(|(_, n)| *n > 0).collect();
    let all: u64 = look.iter().map(|(_, n)| n).sum();
    let parts: Vec<String> = look.iter().map(|(kind, n)| format!("{n} {}", kind.key())).collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    let text = format!("{}, {all} to review{parts}", count(usize::try_from(tally.rows).unwrap_or(usize::MAX), "row"));
    let unreadable = tally.by_kind[Kind::Unreadable as usize];
    let more = unreadable.saturating_sub(tally.unreadable.len() as u64);
    let more = (more > 0).then(|| format!("and {more} more lines that cannot be read"));
    let lines = tally.unreadable.iter().cloned().chain(more);
    if let Some(path) = output {
        page.paragraph(&format!("{}: {text}", path.display()), Tone::Strong)?;
        for line in lines {
            page.bullet(&line)?;
        }
    } else {
        let mut err = io::stderr().lock();
        for line in std::iter::once(text).chain(lines) {
            // Nothing can be done if standard error is closed.
            let _ = writeln!(err, "{}", crate::page::plain(&line));
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::column;

    #[test]
    fn the_column_with_the_words() {
        let names = |text: &str| text.split(',').map(ToOwned::to_owned).collect::<Vec<_>>();
        assert_eq!(column(&names("id,Name,Description"), None), Ok(2), "description before name");
        assert_eq!(column(&names("sku,Goods Description"), None), Ok(1));
        assert_eq!(column(&names("id,Descrizione"), Some("descrizione")), Ok(1));
        let error = column(&names("id,titel"), Some("title")).unwrap_err();
        assert!(error.ends_with("no column \"title\"; did you mean \"titel\"?"), "{error}");
        let error = column(&names("id,words"), Some("title")).unwrap_err();
        assert!(error.ends_with("its columns are id, words"), "{error}");
        let error = column(&names("id,words"), None).unwrap_err();
        assert!(error.contains("--column NAME, one of id, words"), "{error}");
    }
}
