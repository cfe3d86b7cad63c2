//! A return that was sent.

use super::draft::{amendment, drafted, warned};
use super::kept::Kept;
use super::{definitions, known};
use crate::args::FileArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::source;
use crate::words::{Money, count};
use jiff::civil::Date;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use tidewaiter::Decimal;
use tidewaiter_collect::Definition;
use tidewaiter_collect::definition::Corrections;
use tidewaiter_collect::draft::Return;
use tidewaiter_collect::event::{Amended, Event, Filed};
use tidewaiter_collect::export;
use tidewaiter_collect::ledger::Why;

pub(super) fn run(args: &FileArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let rules = known(&definitions, &args.scheme)?;
    let mut kept = Kept::open(&definitions, &args.kept, None)?;
    kept.writable()?;
    let date = args.on.unwrap_or_else(source::today);
    let today = source::today();
    if date > today {
        return Err(Failure::usage(format!(
            "{date} is still to come, today is {today}: record the return after you have sent it"
        )));
    }
    let sent = kept.ledger.sent(&args.scheme, args.period);
    if args.amend {
        return amended(args, rules, &mut kept, date, page);
    }
    if let Some(sent) = sent {
        return Err(Failure::usage(format!(
            "the return of {} for {} is recorded already: sent on {}. What came later goes into a later return; what the law wants amended goes into an amendment, which --amend records",
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
    let owed = owed(&made)?;
    let document = export::document(&made).map_err(Failure::usage)?;
    let filed = Filed {
        document: format!("{} {}", args.scheme, args.period),
        scheme: args.scheme.clone(),
        period: args.period,
        date,
        reference: args.reference.clone(),
        owed,
        back: made.back,
        currency: made.currency.clone(),
        sha256: hash(&document),
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
    let closed = if what.is_empty() {
        "; nothing was sold in it, so this is a nil return".to_owned()
    } else {
        format!(" with {}", crate::words::list(&what))
    };
    let later = match rules.corrections.go {
        Corrections::Amended => "an amendment of it",
        Corrections::Apart | Corrections::Among => "a later return",
    };
    page.bullet(&format!(
        "The period is closed{closed}. Refunds and corrections of it that are recorded from now on go into {later}."
    ))?;
    if owed.is_negative() {
        page.bullet(&format!("To come back: {}.", money.text(Decimal::from_units(-owed.units()))))?;
    } else if made.to_pay.unwrap_or(owed).is_zero() {
        page.bullet("Nothing is to be paid.")?;
    } else {
        page.bullet(&format!(
            "To pay: {} by {}. `tidewaiter collect pay {} {}{} --accounts FILE` makes the payment.",
            money.text(owed),
            made.pay_by,
            args.scheme,
            args.period,
            kept.flags()
        ))?;
    }
    if date > made.due {
        page.hanging("! ", &format!("It was due on {}: it was sent late. A penalty or interest that the authority asks for is recorded as a claim.", made.due), Tone::Caution)?;
    }
    page.bullet(&format!("SHA-256 of the return ({}): {}", "draft --export json", filed.sha256))?;
    warned(&made, rules, page)?;
    page.paragraph("Nothing was sent by this command: it records that you sent it.", Tone::Quiet)?;
    Ok(Exit::Answered)
}

/// What is owed, without which nothing is recorded as sent.
fn owed(made: &Return) -> Result<Decimal, Failure> {
    made.owed.ok_or_else(|| {
        let what =
            format!("what is owed for {} cannot be said, so it cannot be recorded as sent:", made.period.words());
        Failure::Usage(std::iter::once(what).chain(made.why_not()).collect())
    })
}

fn hash(document: &str) -> String {
    Sha256::digest(document.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Records that the amendment of a return was sent.
fn amended(
    args: &FileArgs,
    rules: &Definition,
    kept: &mut Kept<'_>,
    date: Date,
    page: &mut Page,
) -> Result<Exit, Failure> {
    let book = source::open(&args.source)?;
    let made = amendment(&kept.ledger, rules, &book, args.period)?;
    if let Some(first) = kept.ledger.sent(&args.scheme, args.period).filter(|first| date < first.date) {
        return Err(Failure::usage(format!(
            "{date} is before the return itself was sent, on {}: an amendment is sent after it",
            first.date
        )));
    }
    let document = export::document(&made).map_err(Failure::usage)?;
    let known = kept.ledger.amendments(&args.scheme, args.period).map(|(_, one)| one);
    let one = Amended {
        document: Amended::next_document(&args.scheme, args.period, known),
        of: made.amends.clone().unwrap_or_default(),
        scheme: args.scheme.clone(),
        period: args.period,
        date,
        reference: args.reference.clone(),
        owed: owed(&made)?,
        back: made.back,
        currency: made.currency.clone(),
        sha256: hash(&document),
    };
    let lines = kept.ledger.waiting(&args.scheme, args.period).count();
    kept.record(vec![Event::Amendment(one.clone())])?;
    if args.json {
        page.json(&json!({ "recorded": Event::Amendment(one), "takes": lines, "warnings": made.warnings }))?;
        return Ok(Exit::Answered);
    }
    let money = Money::of(&book, &made.currency);
    page.paragraph(
        &format!(
            "Recorded in {}: the return of {} for {} was amended on {date} (\"{}\").",
            kept.name(),
            made.name,
            args.period.words(),
            one.document
        ),
        Tone::Strong,
    )?;
    let rows = count(lines, "row");
    page.bullet(&format!(
        "It takes {rows} that waited. What is recorded of the period from now on waits for the next amendment."
    ))?;
    let size = money.text(Decimal::from_units(one.owed.units().abs()));
    page.bullet(&match (one.owed.is_zero(), one.owed.is_negative()) {
        (true, _) => "What is owed for the period stays as it was.".to_owned(),
        (false, true) => format!("Less to pay for the period: {size}."),
        (false, false) => format!(
            "More to pay for the period: {size}. `tidewaiter collect pay {} {}{} --accounts FILE` makes the payment.",
            args.scheme,
            args.period,
            kept.flags()
        ),
    })?;
    if !one.back.is_zero() {
        page.bullet(&format!("To come back beside it, not set off: {}.", money.text(one.back)))?;
    }
    page.bullet(&format!("SHA-256 of the amendment ({}): {}", "draft --amend --export json", one.sha256))?;
    warned(&made, rules, page)?;
    page.paragraph("Nothing was sent by this command: it records that you sent it.", Tone::Quiet)?;
    Ok(Exit::Answered)
}
