//! A return that was sent.

use super::draft::drafted;
use super::kept::Kept;
use super::{definitions, known};
use crate::args::FileArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::source;
use crate::words::{Money, count};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use tidewaiter::Decimal;
use tidewaiter_collect::event::{Event, Filed};
use tidewaiter_collect::export;
use tidewaiter_collect::ledger::Why;

pub(super) fn run(args: &FileArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let rules = known(&definitions, &args.scheme)?;
    let mut kept = Kept::open(&definitions, &args.kept, None)?;
    kept.writable()?;
    let date = args.on.unwrap_or_else(source::today);
    let sent = kept.ledger.entries().iter().find_map(|entry| match &entry.event {
        Event::Return(one) if one.scheme == args.scheme && one.period == args.period => Some(one),
        _ => None,
    });
    if let Some(sent) = sent {
        return Err(Failure::usage(format!(
            "the return of {} for {} is recorded already: sent on {}. What came later goes into a later return",
            args.scheme, args.period, sent.date
        )));
    }
    if date <= args.period.last() {
        return Err(Failure::usage(format!(
            "{} is not over on {date}: its last day is {}. A return is sent after it",
            args.period.words(),
            args.period.last()
        )));
    }
    let book = source::open(&args.source)?;
    let made = drafted(&kept.ledger, rules, &book, args.period)?;
    let Some(owed) = made.owed else {
        let mut lines =
            vec![format!("what is owed for {} cannot be said, so it cannot be recorded as sent:", args.period.words())];
        lines.extend(made.why_not());
        return Err(Failure::Usage(lines));
    };
    let document = export::document(&made).map_err(Failure::usage)?;
    let sha256 = Sha256::digest(document.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let filed = Filed {
        document: format!("{} {}", args.scheme, args.period),
        scheme: args.scheme.clone(),
        period: args.period,
        date,
        reference: args.reference.clone(),
        owed,
        back: made.back,
        currency: made.currency.clone(),
        sha256,
    };
    let event = Event::Return(filed.clone());
    kept.record(vec![event.clone()])?;
    let lines =
        kept.ledger.tax().iter().filter(|line| line.scheme == args.scheme && line.declared == Some(args.period));
    let of = |why: Why| lines.clone().filter(|line| line.why == why).count();
    let rows = [of(Why::Sale), of(Why::Refund), of(Why::Correction)];
    if args.json {
        page.json(&json!({
            "recorded": event, "due": made.due, "pay_by": made.pay_by,
            "closes": { "sales": rows[0], "refunds": rows[1], "corrections": rows[2] }, "warnings": made.warnings,
        }))?;
        return Ok(Exit::Answered);
    }
    let money = Money::of(&book, &made.currency);
    page.paragraph(
        &format!("Recorded in {}: {} for {}, sent on {date}.", kept.name(), made.name, args.period.words()),
        Tone::Strong,
    )?;
    let what: Vec<String> = rows
        .iter()
        .zip(["row of sales", "row of refunds", "row of corrections"])
        .filter(|(rows, _)| **rows > 0)
        .map(|(rows, what)| what.replacen("row", &count(*rows, "row"), 1))
        .collect();
    let closed = if what.is_empty() { "nothing was sold: a nil return".to_owned() } else { crate::words::list(&what) };
    page.bullet(&format!(
        "The period is closed with {closed}. Refunds and corrections of it that are recorded from now on go into a later return."
    ))?;
    if owed.is_negative() {
        page.bullet(&format!("To come back: {}.", money.text(Decimal::from_units(-owed.units()))))?;
    } else if owed.is_zero() {
        page.bullet("Nothing is to be paid.")?;
    } else {
        page.bullet(&format!(
            "To pay: {} by {}. `tidewaiter collect pay {} {}` makes the payment.",
            money.text(owed),
            made.pay_by,
            args.scheme,
            args.period
        ))?;
    }
    if date > made.due {
        page.hanging("! ", &format!("It was due on {}: it was sent late. A penalty or interest that the authority asks for is recorded as a claim.", made.due), Tone::Caution)?;
    }
    page.bullet(&format!("SHA-256 of the return ({}): {}", "draft --export json", filed.sha256))?;
    // What is not known of the rules stands last among the warnings, and is the same for every period.
    let own = made.warnings.len().saturating_sub(rules.unknown.len());
    for warning in made.warnings.iter().take(own) {
        page.hanging("! ", warning, Tone::Caution)?;
    }
    if !rules.unknown.is_empty() {
        page.bullet(&format!(
            "{} about the rules no source has settled yet: `tidewaiter collect scheme {}`.",
            count(rules.unknown.len(), "question"),
            args.scheme
        ))?;
    }
    page.paragraph("Nothing was sent by this command: it records that you sent it.", Tone::Quiet)?;
    Ok(Exit::Answered)
}
