//! `tidewaiter quote`: from the question asked to the answer printed.

use crate::args::{QuestionArgs, QuoteArgs, Terms};
use crate::errors::{Exit, Failure, mistakes};
use crate::origin::Rules;
use crate::page::Page;
use crate::{answer, consignment, input, origin, plan, reverse, source, stream, suggest, sync};
use serde_json::json;
use std::path::Path;
use tidewaiter::{Ask, Consignment, InputError, Outcome, Ratebook};
use tidewaiter_finder::Language;
use tidewaiter_portal::suggest as suggestions;

/// How the answer is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// Which delivery terms.
    pub(crate) terms: Terms,
    /// Every step and source.
    pub(crate) explain: bool,
}

pub(crate) fn run(args: &QuoteArgs, page: &mut Page) -> Result<Exit, Failure> {
    if args.file.is_some() && args.question != QuestionArgs::default() {
        return Err(Failure::usage(
            "FILE holds the whole question: leave it out, or leave out the flags that ask (--to, --item, ...)",
        ));
    }
    let rules = origin::open(&args.origin_rules)?;
    if !rules.is_empty() && (args.plan || args.landed.is_some()) {
        return Err(Failure::usage("--origin-rules goes with a plain quote: leave out --plan and --landed"));
    }
    let source = source::open(&args.source)?;
    if let Some(file) = &args.file
        && is_stream(file)
    {
        if args.plan || args.landed.is_some() {
            return Err(Failure::usage("--plan and --landed take one question: give its file, or ask by flags"));
        }
        if !args.answers.is_empty() {
            return Err(Failure::usage("--answer takes one question: give its file, or ask by flags"));
        }
        return stream::run(&source, file, args.explain, &rules, page);
    }
    match one(args, &source, &rules, page) {
        Err(Failure::Usage(lines)) if args.json => {
            page.json(&json!({ "error": lines.join("; ") }))?;
            Ok(Exit::Usage)
        }
        other => other,
    }
}

/// What is said where files with rules of origin were given and none is shown.
const NO_ORIGIN_RULE: &str = "No rule of origin is shown: no preference for these goods is known here, or the files given have no rule for it. Use a ratebook with the preferences of the destination, or claim one by its name.";

/// Whether a file holds one question a line.
fn is_stream(file: &Path) -> bool {
    file.as_os_str() == "-" || file.extension().is_some_and(|e| e == "ndjson" || e == "jsonl")
}

fn one(args: &QuoteArgs, ratebook: &Ratebook, rules: &Rules, page: &mut Page) -> Result<Exit, Failure> {
    let asked = match &args.file {
        Some(file) => input::question_file(file)?,
        None => consignment::from_flags(&args.question)?,
    };
    let by_flags = args.file.is_none();
    let wrong = |e: InputError| mistakes(&e, by_flags);
    if args.plan {
        let plan = ratebook.plan(&dated(asked)).map_err(wrong)?;
        return plan::show(&plan, ratebook, args.json, page);
    }
    if let Some(total) = &args.landed {
        let total = total.parse().map_err(|e| Failure::usage(format!("--landed: {e}")))?;
        let reverse = ratebook.reverse(&dated(asked), total).map_err(wrong)?;
        return reverse::show(&reverse, ratebook, args.json, page);
    }
    let ask = Ask { steps: args.explain, today: Some(source::today()) };
    let refused = |failure| match (failure, &args.source.ratebook) {
        (Failure::Usage(mut lines), Some(file)) => {
            lines.extend(sync::refused(file, &asked.to));
            Failure::Usage(lines)
        }
        (failure, _) => failure,
    };
    let mut quote = ratebook.answer(&asked, &ask).map_err(|e| refused(wrong(e)))?;
    rules.book().cite(&mut quote, &asked);
    if !rules.is_empty() && quote.origin_rules.is_empty() {
        quote.warnings.push(NO_ORIGIN_RULE.into());
    }
    let ask = Ask { steps: false, ..ask };
    let suggestions = suggestions::suggest(ratebook, &asked, &quote, &args.answers, Language::En, &ask)
        .map_err(|e| suggest::unfit(&e))?;
    if args.json {
        match &suggestions {
            Some(suggestions) => page.json(&json!({ "quote": quote, "goods_code_suggestions": suggestions }))?,
            None => page.json(&quote)?,
        }
    } else {
        if let Some(suggestions) = &suggestions {
            suggest::show(suggestions, &quote, ratebook, page)?;
        }
        answer::show(&quote, ratebook, Wanted { terms: args.terms, explain: args.explain }, page)?;
    }
    Ok(exit_of(quote.outcome))
}

/// The question with today's date where it has none.
fn dated(mut asked: Consignment) -> Consignment {
    asked.date = asked.date.or_else(|| Some(source::today()));
    asked
}

/// The exit code of an outcome.
pub(crate) fn exit_of(outcome: Outcome) -> Exit {
    if outcome == Outcome::Amount { Exit::Answered } else { Exit::NotAnAmount }
}
