//! `tidewaiter collect`: what a seller who collects tax for other countries owes, when, and why.

mod advise;
mod draft;
mod equal;
mod ledger;
mod rules;

use crate::args::{CollectArgs, CollectCommand};
use crate::errors::{Exit, Failure, did_you_mean};
use crate::input;
use crate::page::Page;
use std::io::Read as _;
use std::path::Path;
use tidewaiter_collect::Definition;
use tidewaiter_collect::event::Event;
use tidewaiter_collect::ledger::{Definitions, Ledger};

/// Largest file of events.
const MAX_EVENTS_BYTES: u64 = 1 << 30;
/// Most mistakes of a file that are told.
const MOST_TOLD: usize = 20;

pub(crate) fn run(args: &CollectArgs, page: &mut Page) -> Result<Exit, Failure> {
    match &args.command {
        CollectCommand::Scheme(args) => rules::scheme(args, page),
        CollectCommand::Number(args) => rules::number(args, page),
        CollectCommand::Due(args) => rules::due(args, page),
        CollectCommand::Ledger(args) => ledger::run(args, page),
        CollectCommand::Draft(args) => draft::run(args, page),
        CollectCommand::Advise(args) => advise::run(args, page),
        CollectCommand::Equal(args) => equal::run(args, page),
    }
}

/// The rules of all schemes, as they are inside the program.
fn definitions() -> Result<Definitions, Failure> {
    let read = |(key, text): &(&str, &str)| match Definition::read(text) {
        Ok(definition) => Ok(((*key).to_owned(), definition)),
        Err(faults) => Err(Failure::Internal(format!("the file of {key}: {faults:?}"))),
    };
    tidewaiter_data::returns().iter().map(read).collect()
}

fn known<'a>(definitions: &'a Definitions, key: &str) -> Result<&'a Definition, Failure> {
    definitions.get(key).ok_or_else(|| {
        let all: Vec<&str> = definitions.keys().map(String::as_str).collect();
        let near = did_you_mean(key, all.iter().copied());
        Failure::usage(format!(
            "there is no scheme \"{key}\" whose returns are known{near}. Known are {}",
            all.join(", ")
        ))
    })
}

/// Reads events and takes them one after the other. A file with a mistake is refused whole.
fn recorded<'a>(definitions: &'a Definitions, file: &Path) -> Result<Ledger<'a>, Failure> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        let read = std::io::stdin().lock().take(MAX_EVENTS_BYTES + 1).read_to_string(&mut text);
        read.map_err(|error| Failure::usage(format!("cannot read standard input: {error}")))?;
        text
    } else {
        input::text(file, MAX_EVENTS_BYTES).map_err(Failure::usage)?
    };
    let mut ledger = Ledger::new(definitions);
    let (mut wrong, mut more) = (Vec::new(), 0);
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let mut reader = serde_json::Deserializer::from_str(line);
        let taken = serde_path_to_error::deserialize::<_, Event>(&mut reader)
            .map_err(|error| {
                let path = error.path().to_string();
                if path == "." { error.inner().to_string() } else { format!("{path}: {}", error.inner()) }
            })
            .and_then(|event| ledger.append(jiff::Timestamp::UNIX_EPOCH, event).map_err(|refused| refused.to_string()));
        if let Err(says) = taken {
            if wrong.len() < MOST_TOLD {
                wrong.push(format!("{}:{}: {says}", file.display(), n + 1));
            } else {
                more += 1;
            }
        }
    }
    if more > 0 {
        wrong.push(format!("and {more} more"));
    }
    if wrong.is_empty() { Ok(ledger) } else { Err(Failure::Usage(wrong)) }
}
