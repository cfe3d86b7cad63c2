//! Sales, refunds and corrections from CSV into a ledger, or as documents.

use super::definitions;
use super::kept::{Kept, bytes, is_csv, read, wrong};
use crate::args::CollectImportArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::words::count;
use jiff::Timestamp;
use serde_json::json;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use tidewaiter_collect::event::Event;
use tidewaiter_collect::import;
use tidewaiter_collect::ledger::Ledger;

/// Rows between two steps of the bar.
const STEP: usize = 1000;
/// Most mistakes of a ledger that are told.
const MOST_TOLD: usize = 20;

pub(super) fn run(args: &CollectImportArgs, page: &mut Page) -> Result<Exit, Failure> {
    let (events, notes) = events(&args.input)?;
    if args.kept.file.is_none() && args.kept.store.is_none() {
        if args.json {
            return Err(Failure::usage("--json says what was done with a ledger; name it with --ledger or --store"));
        }
        for (_, event) in &events {
            page.json_line(event)?;
        }
        return Ok(Exit::Answered);
    }
    let definitions = definitions()?;
    let mut kept = Kept::open_or_begin(&definitions, &args.kept)?;
    kept.writable()?;
    let rows = events.len();
    let known_before = kept.ledger.entries().len();
    let new = taken(&mut kept.ledger, &args.input, events)?;
    kept.keep(&new)?;
    let known = rows - new.len();
    let of = |kind: &str| new.iter().filter(|event| event.name().0 == kind).count();
    let late = late(&kept.ledger, known_before);
    if args.json {
        page.json(&json!({
            "recorded": new.len(), "known": known, "sales": of("sale"), "refunds": of("refund"), "corrections": of("correction"),
            "declared_later": late, "entries": kept.ledger.entries().len(), "notes": notes,
        }))?;
        return Ok(Exit::Answered);
    }
    page.paragraph(&format!("Taken into {}: {}.", kept.name(), count(new.len(), "event")), Tone::Strong)?;
    let kinds = ["registration", "sale", "refund", "correction", "rate", "return", "payment", "bank", "claim"];
    let said: Vec<String> = kinds
        .iter()
        .filter(|kind| of(kind) > 0)
        .map(|kind| count(of(kind), if *kind == "bank" { "bank entry" } else { kind }))
        .collect();
    if !said.is_empty() {
        page.bullet(&format!("New: {}.", crate::words::list(&said)))?;
    }
    if known > 0 {
        page.bullet(&format!("{} had been taken in before; nothing was changed by it.", count(known, "event")))?;
    }
    if late > 0 {
        page.bullet(&format!(
            "{} of a period whose return was sent: it stands in a later return, or the sent one must be amended. `tidewaiter collect draft` shows it.",
            count(late, "row")
        ))?;
    }
    for note in notes {
        page.bullet(&note)?;
    }
    Ok(Exit::Answered)
}

/// How many of the new rows do not go into the return of their own period.
fn late(ledger: &Ledger<'_>, before: usize) -> usize {
    ledger.tax().iter().filter(|line| line.seq > before as u64 && line.about != line.declared).count()
}

/// Events with their rows, and what should be known of the file.
type Told = (Vec<(u64, Event)>, Vec<String>);

fn events(file: &Path) -> Result<Told, Failure> {
    let begin = |mut opened: &File| -> std::io::Result<Vec<u8>> {
        let mut begin = Vec::new();
        opened.by_ref().take(16 << 10).read_to_end(&mut begin)?;
        opened.rewind()?;
        Ok(begin)
    };
    let opened = if file == Path::new("-") { None } else { File::open(file).ok() };
    // A long file of CSV is read row by row.
    let is_table = opened.as_ref().and_then(|opened| begin(opened).ok()).is_some_and(|begin| is_csv(&begin));
    let Some(opened) = opened.filter(|_| is_table) else {
        let bytes = bytes(file)?;
        if bytes.trim_ascii().is_empty() {
            return Err(Failure::usage(format!("{} is empty", file.display())));
        }
        if bytes.trim_ascii_start().starts_with(b"{") || is_csv(&bytes) {
            return read(file, &bytes).map(|events| (events, Vec::new()));
        }
        // Whoever sends something else is told what a table must have.
        return match import::check(bytes.as_slice()) {
            Err(refused) => Err(wrong(&file.display().to_string(), &refused)),
            Ok(_) => read(file, &bytes).map(|events| (events, Vec::new())),
        };
    };
    let bar = Bar::rows();
    let mut events = Vec::new();
    let told = import::read(&opened, |row, event| {
        events.push((row, event));
        if events.len() % STEP == 0 {
            bar.at(row, None);
        }
        Ok(())
    });
    bar.clear();
    match told {
        Ok(told) => Ok((events, told.notes)),
        Err(refused) => Err(wrong(&file.display().to_string(), &refused)),
    }
}

/// Takes events into a ledger, and hands back those that it had not got yet.
fn taken(ledger: &mut Ledger<'_>, file: &Path, events: Vec<(u64, Event)>) -> Result<Vec<Event>, Failure> {
    let bar = Bar::rows();
    let all = events.len() as u64;
    let (mut new, mut mistakes, mut more) = (Vec::with_capacity(events.len()), Vec::new(), 0_u64);
    for (at, (row, event)) in events.into_iter().enumerate() {
        match ledger.append(Timestamp::UNIX_EPOCH, event.clone()) {
            Ok(Some(_)) => new.push(event),
            Ok(None) => {}
            Err(why) if mistakes.len() < MOST_TOLD => {
                let (kind, document) = event.name();
                mistakes.push(format!("row {row}, {kind} \"{document}\": {why}"));
            }
            Err(_) => more += 1,
        }
        if at % STEP == 0 {
            bar.at(at as u64, Some(all));
        }
    }
    bar.clear();
    if mistakes.is_empty() {
        return Ok(new);
    }
    if more > 0 {
        mistakes.push(format!("and {more} more"));
    }
    mistakes.insert(0, format!("nothing of {} was taken:", file.display()));
    Err(Failure::Usage(mistakes))
}
