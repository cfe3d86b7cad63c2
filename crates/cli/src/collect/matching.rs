//! Statements of the bank, held against the payments of the ledger.

use super::definitions;
use super::kept::{Kept, exit};
use crate::args::MatchArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::words::count;
use serde_json::json;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use tidewaiter_collect::event::Event;
use tidewaiter_collect::pay::camt053;
use tidewaiter_collect::pay::matching::{By, Found, Match, Unclear, matches};

/// Largest statement.
const MAX_STATEMENT_BYTES: u64 = 64 << 20;

pub(super) fn run(args: &MatchArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let mut kept = Kept::open(&definitions, &args.kept, None)?;
    if args.record {
        kept.writable()?;
    }
    let messages = args.statements.iter().map(|file| statement(file)).collect::<Result<Vec<_>, _>>()?;
    let (mut payments, mut recorded) = (Vec::new(), Vec::new());
    for entry in kept.ledger.entries() {
        match &entry.event {
            Event::Payment(one) => payments.push(one.clone()),
            Event::Bank(one) => recorded.push(one.clone()),
            _ => {}
        }
    }
    let all = matches(&messages, &payments, &recorded).map_err(Failure::usage)?;
    for confirmed in &args.confirm {
        if !all.iter().any(|one| one.document == *confirmed && one.found.entry().is_some()) {
            let open: Vec<&str> = all
                .iter()
                .filter(|one| by(&one.found) == Some(By::AmountAndDay))
                .map(|one| one.document.as_str())
                .collect();
            let open = if open.is_empty() {
                "none waits to be confirmed".to_owned()
            } else {
                format!("write --confirm {}", open.join(" or "))
            };
            return Err(Failure::usage(format!(
                "--confirm {confirmed}: no entry of this number was found in the statements with a payment; {open}"
            )));
        }
    }
    let is_sure = |one: &Match| by(&one.found) != Some(By::AmountAndDay) || args.confirm.contains(&one.document);
    let mut done = 0;
    if args.record {
        let entries = all.iter().filter(|one| is_sure(one)).filter_map(|one| one.found.entry());
        done = kept.record(entries.map(|entry| Event::Bank(entry.clone())).collect())?.recorded;
    }
    let to_look = |one: &Match| match &one.found {
        Found::More { .. } | Found::Several { .. } | Found::Unclear { .. } | Found::Returned { .. } => true,
        found => found.entry().is_some() && !is_sure(one),
    };
    let is_clear = !all.iter().any(to_look);
    if args.json {
        page.json(&json!({ "matches": all, "recorded": done, "look": !is_clear }))?;
        return Ok(exit(is_clear));
    }
    let unknown = all.iter().filter(|one| matches!(one.found, Found::Unknown)).count();
    let found = all.iter().filter(|one| one.found.entry().is_some()).count();
    page.paragraph(
        &format!("{} of the bank read, {} found.", count(all.len(), "entry"), count(found, "payment")),
        Tone::Strong,
    )?;
    for one in all.iter().filter(|one| args.all || !matches!(one.found, Found::Unknown)) {
        let (mark, tone) = if to_look(one) { ("! ", Tone::Caution) } else { ("- ", Tone::Plain) };
        page.hanging(mark, &says(one, is_sure(one)), tone)?;
    }
    if unknown > 0 && !args.all {
        page.bullet(&format!("{}: no payment of the ledger; --all shows it.", count(unknown, "other entry")))?;
    }
    page.gap()?;
    if args.record {
        page.paragraph(
            &format!("Recorded in {}: {}.", kept.name(), count(usize::try_from(done).unwrap_or(usize::MAX), "entry")),
            Tone::Strong,
        )?;
    } else if found > 0 {
        page.paragraph("Nothing was recorded yet: --record does it.", Tone::Quiet)?;
    }
    Ok(exit(is_clear))
}

fn statement(file: &Path) -> Result<tidewaiter_collect::pay::statement::Message, Failure> {
    let name = file.display();
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::usage(format!("there is no file {name}")),
        _ => Failure::usage(format!("cannot open {name}: {error}")),
    })?;
    let read = opened.take(MAX_STATEMENT_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::usage(format!("cannot read {name}: {error}")))?;
    camt053::read(&bytes).map_err(|wrong| Failure::usage(format!("{name}:{}: {}", wrong.line, wrong.says)))
}

fn by(found: &Found) -> Option<By> {
    match found {
        Found::Matched { by, .. }
        | Found::Partly { by, .. }
        | Found::More { by, .. }
        | Found::Returned { by, .. }
        | Found::Several { by, .. }
        | Found::Unclear { by, .. } => Some(*by),
        Found::Already | Found::NotBooked | Found::Unknown => None,
    }
}

const fn by_words(by: By) -> &'static str {
    match by {
        By::EndToEnd => "found by its end-to-end id",
        By::Reference => "found by its reference",
        By::AmountAndDay => "found by amount and day alone",
    }
}

fn says(one: &Match, is_sure: bool) -> String {
    let booked = one.booked.map_or_else(|| "no day".to_owned(), |day| day.to_string());
    let amount = one.amount.as_ref().map(|money| format!(" {} {}", money.currency, money.amount.to_at_least(2)));
    let with = one.with.as_ref().map(|with| format!(" {with}")).unwrap_or_default();
    let head = format!("{booked}{}{with}", amount.unwrap_or_default());
    let confirm = |text: String| {
        if is_sure {
            text
        } else {
            format!("{text}. Look whether it is right; then record it with --confirm {}", one.document)
        }
    };
    let tail = match &one.found {
        Found::Matched { entry, by } => {
            confirm(format!("payment \"{}\", all of what was left, {}", entry.of, by_words(*by)))
        }
        Found::Partly { entry, by, left } => confirm(format!(
            "payment \"{}\", a part: {} {} is left, {}",
            entry.of,
            entry.currency,
            left.to_at_least(2),
            by_words(*by)
        )),
        Found::Returned { entry, by, left, reason } => confirm(format!(
            "payment \"{}\" CAME BACK{}: {} {} is left to be paid, {}",
            entry.of,
            reason.as_ref().map(|code| format!(" (the bank's reason: {code})")).unwrap_or_default(),
            entry.currency,
            left.to_at_least(2),
            by_words(*by)
        )),
        Found::More { payment, by, moved, left } => format!(
            "MORE than payment \"{payment}\" has left: {} was moved, {} was left, {}. Not recorded: ask the bank, or record the payment that is missing",
            moved.to_at_least(2),
            left.to_at_least(2),
            by_words(*by)
        ),
        Found::Several { payments, by } => format!(
            "SEVERAL payments fit, {}: {}. Not recorded: add to the ledger the entry for the one that is right",
            by_words(*by),
            payments.join(", ")
        ),
        Found::Unclear { payment, by, why } => format!(
            "payment \"{payment}\", {}, but {}. Not recorded",
            by_words(*by),
            match why {
                Unclear::OtherCurrency => "the bank says no amount in the currency of the payment",
                Unclear::NoAmount => "the entry holds several transactions and does not say how much each is",
                Unclear::OtherWay => "it moves money the other way, and more than was carried out",
                Unclear::NoDay => "the entry names no day",
            }
        ),
        Found::Already => "recorded already".into(),
        Found::NotBooked => "not booked yet: read the next statement".into(),
        Found::Unknown => format!(
            "no payment of the ledger{}",
            if one.says.is_empty() { String::new() } else { format!(": {}", crate::page::short(&one.says)) }
        ),
    };
    format!("{head}: {tail}.")
}
