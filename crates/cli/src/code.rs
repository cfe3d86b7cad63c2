//! `tidewaiter code`: from words to a goods code.

use crate::args::CodeArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Read};
use tidewaiter_finder::{Asking, Candidate, Finder, Query};

/// Most questions that a person is asked.
const MOST_QUESTIONS: usize = 3;

pub(crate) fn run(args: &CodeArgs, page: &mut Page) -> Result<Exit, Failure> {
    let (text, most) = (args.words.join(" "), usize::from(args.most));
    let mut given = args.answers.clone();
    let find = |given: &[(String, String)]| {
        let query = given.iter().fold(Query::new(&text).most(most), |query, (q, a)| query.answer(q, a));
        Finder::embedded().ask(&query).map_err(|wrong| Failure::usage(wrong))
    };
    let mut answer = find(&given)?;
    if !args.json && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        for _ in 0..MOST_QUESTIONS {
            let Some(asking) = &answer.question else { break };
            let Some(said) = ask(asking, page)? else { break };
            given.push((asking.key.clone(), said));
            answer = find(&given)?;
        }
    }
    let exit = if answer.codes.is_empty() { Exit::NotAnAmount } else { Exit::Answered };
    if args.json {
        page.json(&answer)?;
        return Ok(exit);
    }
    if let Some(advice) = answer.advice {
        page.paragraph(advice, Tone::Caution)?;
        return Ok(exit);
    }
    let columns =
        [("Code", Align::Left), ("Likely", Align::Right), ("What it is", Align::Left), ("Because of", Align::Left)];
    let mut table = Table::new(&columns, 2);
    for one in &answer.codes {
        table.row(vec![pointed(&one.code), format!("{} %", one.percent()), one.title.clone(), one.because.clone()]);
    }
    page.table(&table)?;
    if let Some(first) = answer.codes.first() {
        path(first, page)?;
    }
    if let Some(asking) = &answer.question {
        page.paragraph(&format!("What would tell more: {}", asking.asks), Tone::Strong)?;
        for (key, words) in &asking.answers {
            page.bullet(&format!("{words}: --answer {}={key}", asking.key))?;
        }
    }
    if !answer.unknown.is_empty() {
        page.paragraph(&format!("Not known here: {}.", answer.unknown.join(", ")), Tone::Quiet)?;
    }
    Ok(exit)
}

/// Puts a question with numbered answers; nothing where none is chosen.
fn ask(asking: &Asking, page: &mut Page) -> Result<Option<String>, Failure> {
    page.paragraph(&asking.asks, Tone::Strong)?;
    for (at, (_, words)) in asking.answers.iter().enumerate() {
        page.line(&format!("{:>3}  {words}", at + 1))?;
    }
    page.line("Number, or Enter where none fits:")?;
    page.flush()?;
    let mut line = String::new();
    std::io::stdin().lock().take(100).read_line(&mut line)?;
    let chosen = line.trim().parse::<usize>().ok().and_then(|number| asking.answers.get(number.checked_sub(1)?));
    page.gap()?;
    Ok(chosen.map(|(key, _)| key.clone()))
}

/// Where the likeliest code stands, and what is often taken for it.
fn path(first: &Candidate, page: &mut Page) -> Result<(), Failure> {
    page.gap()?;
    let (chapter, heading) = (first.code.get(..2).unwrap_or_default(), first.code.get(..4).unwrap_or_default());
    page.paragraph(
        &format!(
            "{chapter} {} > {heading} {} > {} {}",
            first.chapter,
            first.heading,
            pointed(&first.code),
            first.title
        ),
        Tone::Plain,
    )?;
    let mut told = BTreeSet::new();
    for other in first.not_here.iter().filter(|other| told.insert(&other.what)).take(5) {
        page.bullet(&format!("not here: {} ({})", other.what, other.to))?;
    }
    page.paragraph(
        "These are suggestions from words alone. What the goods are in law decides: read the notes of the tariff, or ask customs for a \
         ruling.",
        Tone::Quiet,
    )?;
    Ok(())
}

/// "6109.10", as codes are written.
fn pointed(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((heading, rest)) if !rest.is_empty() => format!("{heading}.{rest}"),
        _ => code.to_owned(),
    }
}
