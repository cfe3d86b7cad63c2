//! Sales, refunds and corrections from CSV into a ledger, or as documents. Orders of a shop are quoted again, and become sales.

use super::kept::{Kept, bytes, is_csv, read, read_with, wrong, wrong_besides};
use super::{definitions, identifiers};
use crate::args::CollectImportArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::words::count;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use tidewaiter_collect::checkout::{Checkout, Order};
use tidewaiter_collect::doubt::{Doubts, Look, number};
use tidewaiter_collect::event::Event;
use tidewaiter_collect::identifier::Identifiers;
use tidewaiter_collect::import;
use tidewaiter_collect::ledger::{Ledger, Outcome};

/// Rows between two steps of the bar.
const STEP: usize = 1000;
/// Most mistakes of a ledger that are told.
const MOST_TOLD: usize = 20;

pub(super) fn run(args: &CollectImportArgs, page: &mut Page) -> Result<Exit, Failure> {
    if args.kept.file.is_none() && args.kept.store.is_none() {
        if args.json {
            return Err(Failure::usage("--json says what was done with a ledger; name it with --ledger or --store"));
        }
        for (_, event) in &told(&args.input, None)?.events {
            page.json_line(event)?;
        }
        return Ok(Exit::Answered);
    }
    let definitions = definitions()?;
    let mut kept = Kept::open_or_begin(&definitions, &args.kept)?;
    kept.writable()?;
    let Told { events, orders, notes } = told(&args.input, Some(&mut kept.ledger))?;
    let rows = events.len();
    let known_before = kept.ledger.entries().len();
    let events = but_known(&kept.ledger, events, &orders);
    let (new, doubts) = taken(&mut kept.ledger, &args.input, events)?;
    kept.keep(&new)?;
    let known = rows - new.len();
    let of = |kind: &str| new.iter().filter(|event| event.name().0 == kind).count();
    let late = late(&kept.ledger, known_before);
    if args.json {
        page.json(&json!({
            "recorded": new.len(), "known": known, "sales": of("sale"), "refunds": of("refund"), "corrections": of("correction"),
            "declared_later": late, "entries": kept.ledger.entries().len(), "notes": notes, "doubts": doubts,
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
    for doubt in doubts {
        page.hanging("! ", &doubt, Tone::Caution)?;
    }
    Ok(Exit::Answered)
}

/// How many of the new rows do not go into the return of their own period.
fn late(ledger: &Ledger<'_>, before: usize) -> usize {
    ledger.tax().iter().filter(|line| line.seq > before as u64 && line.about != line.declared).count()
}

/// What a file tells.
#[derive(Default)]
struct Told {
    /// Events with their rows.
    events: Vec<(u64, Event)>,
    /// Rows that were orders of a shop, with their numbers.
    orders: BTreeMap<u64, String>,
    /// What should be known of it.
    notes: Vec<String>,
}

/// A line that may be an order.
#[derive(Deserialize)]
struct Kind {
    #[serde(default)]
    kind: String,
}

/// A line that is one.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Line {
    Order(Box<Order>),
}

/// An order that is in the ledger already stays as it was sold: the rates may be known better today.
fn but_known(ledger: &Ledger<'_>, events: Vec<(u64, Event)>, orders: &BTreeMap<u64, String>) -> Vec<(u64, Event)> {
    if orders.is_empty() {
        return events;
    }
    let names = ledger.entries().iter().map(|entry| entry.event.name());
    let sold: HashSet<&str> = names.filter(|(kind, _)| *kind == "sale").map(|(_, document)| document).collect();
    let is_new = |(row, _): &(u64, Event)| orders.get(row).is_none_or(|document| !sold.contains(document.as_str()));
    events.into_iter().filter(is_new).collect()
}

/// Documents, one a line.
fn lines(file: &Path, bytes: &[u8]) -> Result<Told, Failure> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let is_order = |line: &[u8]| serde_json::from_slice::<Kind>(line).is_ok_and(|line| line.kind == "order");
    let mut rows = bytes.split(|byte| *byte == b'\n');
    if is_csv(bytes) || !rows.any(is_order) {
        return Ok(Told { events: read(file, bytes)?, ..Told::default() });
    }
    let (checkout, today) = (Checkout::new(tidewaiter_data::ratebook()), crate::source::today());
    let (bar, mut row) = (Bar::rows(), 0);
    let events = read_with(file, bytes, |line| {
        row += 1;
        bar.at(row, None);
        let told = |error: serde_path_to_error::Error<serde_json::Error>| {
            let path = error.path().to_string();
            let inner = error.inner();
            if path == "." { inner.to_string() } else { format!("{path}: {inner}") }
        };
        let mut reader = serde_json::Deserializer::from_slice(line);
        if !is_order(line) {
            return serde_path_to_error::deserialize(&mut reader).map_err(told);
        }
        let Line::Order(order) = serde_path_to_error::deserialize(&mut reader).map_err(told)?;
        let sale = checkout.order(&order, today).map_err(|why| format!("order \"{}\": {why}", order.document))?;
        Ok(Event::Sale(sale))
    });
    bar.clear();
    let events = events?;
    let mut orders = BTreeMap::new();
    for (n, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')).filter(|(_, line)| is_order(line)) {
        if let Ok(Line::Order(order)) = serde_json::from_slice(line) {
            orders.insert(n, order.document);
        }
    }
    Ok(Told { events, orders, ..Told::default() })
}

/// What a file tells. Where it is CSV with mistakes, what a ledger would refuse besides is told with them.
fn told(file: &Path, ledger: Option<&mut Ledger<'_>>) -> Result<Told, Failure> {
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
            return lines(file, &bytes);
        }
        // Whoever sends something else is told what a table must have.
        return match import::check(bytes.as_slice()) {
            Err(refused) => Err(wrong(&file.display().to_string(), &refused)),
            Ok(_) => lines(file, &bytes),
        };
    };
    let bar = Bar::rows();
    let mut events = Vec::new();
    let read = import::read(&opened, |row, event| {
        events.push((row, event));
        if events.len() % STEP == 0 {
            bar.at(row, None);
        }
        Ok(())
    });
    bar.clear();
    match read {
        Ok(told) => Ok(Told { events, notes: told.notes, ..Told::default() }),
        Err(refused) => {
            let name = file.display().to_string();
            let again = (&opened).rewind().ok().and(ledger);
            Err(match again {
                Some(ledger) => wrong_besides(&name, &refused, import::sound(&opened), ledger),
                None => wrong(&name, &refused),
            })
        }
    }
}

/// Takes events into a ledger, and hands back those that it had not got yet.
fn taken(
    ledger: &mut Ledger<'_>,
    file: &Path,
    events: Vec<(u64, Event)>,
) -> Result<(Vec<Event>, Vec<String>), Failure> {
    let (identifiers, mut doubts) = (identifiers()?, Doubts::default());
    let before = ledger.tax().len();
    let bar = Bar::rows();
    let all = events.len() as u64;
    let (mut new, mut mistakes, mut more) = (Vec::with_capacity(events.len()), Vec::new(), 0_u64);
    for (at, (row, event)) in events.into_iter().enumerate() {
        match admitted(ledger, &identifiers, &mut doubts, &event) {
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
        let look = Look::new(tidewaiter_data::ratebook());
        let lines = ledger.tax().get(before..).unwrap_or_default();
        look.events(&mut doubts, ledger.definitions(), ledger.past(), &new, lines);
        return Ok((new, doubts.sentences("document")));
    }
    if more > 0 {
        mistakes.push(format!("and {more} more"));
    }
    mistakes.insert(0, format!("nothing of {} was taken:", file.display()));
    Err(Failure::Usage(mistakes))
}

/// Takes an event; a registration only where its number can be right.
fn admitted(
    ledger: &mut Ledger<'_>,
    identifiers: &Identifiers,
    doubts: &mut Doubts,
    event: &Event,
) -> Result<Option<Outcome>, String> {
    if let Event::Registration(one) = event
        && let Some(definition) = ledger.definitions().get(&one.scheme)
    {
        doubts.note(&one.document, number(identifiers, definition, one)?);
    }
    ledger.append(Timestamp::UNIX_EPOCH, event.clone()).map_err(|why| why.to_string())
}
