//! Whether words would do on a postal declaration: what says too little is sent back by customs or held.

use super::says::says;
use crate::args::CodeArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use serde_json::json;
use tidewaiter_finder::{Finder, Query};

pub(super) fn run(args: &CodeArgs, page: &mut Page) -> Result<Exit, Failure> {
    let text = args.words.join(" ");
    let query = Query { language: args.lang.map(Into::into), ..Query::new(&text).most(1) };
    let answer = Finder::embedded().ask(&query).map_err(|wrong| super::answers::wrong(&wrong))?;
    let exit = if answer.vague.is_some() { Exit::NotAnAmount } else { Exit::Answered };
    if args.json {
        page.json(&json!({
            "text": text, "good": answer.vague.is_none(), "language": answer.language, "vague": answer.vague,
            "advice": answer.advice,
        }))?;
        return Ok(exit);
    }
    match answer.advice {
        Some(advice) => page.paragraph(advice, Tone::Caution)?,
        None => page.paragraph(says(answer.language).good, Tone::Plain)?,
    }
    Ok(exit)
}
