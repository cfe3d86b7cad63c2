//! A registration, recorded without writing a document by hand.

use super::kept::Kept;
use super::{definitions, identifiers, known};
use crate::args::RegisterArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use serde_json::json;
use tidewaiter_collect::doubt::number;
use tidewaiter_collect::event::{Event, Registration};

pub(super) fn run(args: &RegisterArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let rules = known(&definitions, &args.scheme)?;
    let mut kept = Kept::open_or_begin(&definitions, &args.kept)?;
    let identifiers = identifiers()?;
    // It is kept as it looks when it is right.
    let looked = identifiers.look(&rules.scheme.number, &args.number).filter(|verdict| verdict.valid);
    let one = Registration {
        document: format!("{} {}", args.scheme, args.from),
        scheme: args.scheme.clone(),
        number: looked.map_or_else(|| args.number.trim().to_owned(), |verdict| verdict.text),
        from: args.from,
        before: args.before,
        member_state: args.member_state.clone(),
        period: args.period,
    };
    let doubt = number(&identifiers, rules, &one).map_err(Failure::usage)?;
    let event = Event::Registration(one.clone());
    let taken = kept.record(vec![event.clone()])?;
    if args.json {
        let doubts: Vec<String> = doubt.iter().map(ToString::to_string).collect();
        page.json(&json!({ "recorded": event, "known": taken.known == 1, "doubts": doubts }))?;
        return Ok(Exit::Answered);
    }
    let says = if taken.known == 1 { "was recorded before; nothing was changed" } else { "is recorded" };
    page.paragraph(
        &format!("{}: {} under {} from {} {says}.", kept.name(), one.number, rules.scheme.name, one.from),
        Tone::Strong,
    )?;
    if let Some(doubt) = doubt {
        page.hanging("! ", &format!("{doubt}."), Tone::Caution)?;
    }
    Ok(Exit::Answered)
}
