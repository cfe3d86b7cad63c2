//! `tidewaiter code`: from words to a goods code.

pub(crate) mod answers;
mod lint;
mod official;
mod pays;
mod place;
pub(crate) mod says;
mod table;

use crate::args::{CodeArgs, Lang};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone, short};
use crate::source;
use crate::table::{Align, Table};
use official::{Found, Official};
use pays::Pays;
use says::{put, says};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::IsTerminal;
use tidewaiter_finder::lines::Told as LineQuery;
use tidewaiter_finder::{Answer, Candidate, Finder, Language, Query, share};
use tidewaiter_portal::suggest::{LIKELY_PERCENT, MOST_LIKELY};

/// Most questions that a person is asked.
const MOST_QUESTIONS: usize = 3;
/// Percent that the likely codes must hold together for anything to be said of all of them.
const HELD_PERCENT: u8 = 60;

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Fr => Self::Fr,
            Lang::Es => Self::Es,
        }
    }
}

pub(crate) fn run(args: &CodeArgs, page: &mut Page) -> Result<Exit, Failure> {
    if let Some(file) = &args.table.table {
        return table::run(args, file, page);
    }
    let table = &args.table;
    // The command line asks for --table only where there are no words.
    let given = [
        ("--column", table.column.is_some()),
        ("--output", table.output.is_some()),
        ("--review-below", table.review_below.is_some()),
        ("--threads", table.threads.is_some()),
    ];
    if let Some((flag, _)) = given.into_iter().find(|(_, given)| *given) {
        return Err(Failure::usage(format!("{flag} goes with --table, which takes a file in the place of words")));
    }
    let done = if args.lint { lint::run(args, page) } else { words(args, page) };
    match done {
        Err(Failure::Usage(lines)) if args.json => {
            page.json(&json!({ "error": lines.join("; ") }))?;
            Ok(Exit::Usage)
        }
        other => other,
    }
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    answer: &'a Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    pays: Option<pays::Told<'a>>,
    /// What official texts say.
    #[serde(skip_serializing_if = "Option::is_none")]
    official: Option<Found>,
}

/// Asks the finder with all that the flags say.
struct Search<'a> {
    args: &'a CodeArgs,
    text: &'a str,
    pays: Option<&'a Pays<'a>>,
    official: Option<&'a Official>,
}

impl Search<'_> {
    fn run(&self, given: &[(String, String)]) -> Result<Answer, Failure> {
        let worth = |digits: u32| self.pays?.ten_thousandths(digits).map(share);
        let query = self.query(given);
        let query = if self.pays.is_some() { query.worth(&worth) } else { query };
        let finder = Finder::embedded();
        let ask = |query: &Query<'_>| finder.ask(query).map_err(|wrong| answers::wrong(&wrong));
        let Some(official) = self.official else { return ask(&query) };
        let evidence = official.lines.evidence(&self.told(given, ask(&query)?.language));
        ask(&query.extra(&evidence))
    }

    fn query<'q>(&'q self, given: &'q [(String, String)]) -> Query<'q> {
        let query = Query::new(self.text).most(usize::from(self.args.most).max(MOST_LIKELY));
        let query = given.iter().fold(query, |query, (question, answer)| query.answer(question, answer));
        Query { language: self.args.lang.map(Into::into), ..query }
    }

    /// The words and answers as the official texts take them.
    fn told(&self, given: &[(String, String)], language: Language) -> LineQuery<'_> {
        let facts = Finder::embedded().facts_told(&self.query(given), language);
        LineQuery { text: self.text, language, facts }
    }
}

fn words(args: &CodeArgs, page: &mut Page) -> Result<Exit, Failure> {
    let text = args.words.join(" ");
    let ratebook = args.pays.to.is_some().then(|| source::open(&args.source)).transpose()?;
    let pays = match (&args.pays.to, &ratebook) {
        (Some(to), Some(ratebook)) => Some(Pays::open(&args.pays, to, ratebook)?),
        _ => None,
    };
    if args.tree || place::digits(&text).is_some() {
        return place::run(args, &text, pays.as_ref(), page);
    }
    if let Some(digits) = place::wrong_digits(&text) {
        return Err(Failure::usage(format!(
            "\"{text}\": a goods code has 2, 4, 6, 8 or 10 digits, and this has {digits}"
        )));
    }
    if args.edition.is_some() {
        let text = short(&text);
        return Err(Failure::usage(format!("--edition: \"{text}\" is not a code; give its digits: 0305.10")));
    }
    let official = Official::load(args)?;
    let search = Search { args, text: &text, pays: pays.as_ref(), official: official.as_ref() };
    let mut given = args.answers.clone();
    let mut answer = search.run(&given)?;
    if !args.json && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        for _ in 0..MOST_QUESTIONS {
            let Some(asking) = &answer.question else { break };
            // Where none fits, the next best question is put.
            let said = answers::ask(asking, answer.language, page)?.unwrap_or_default();
            given.push((asking.key.clone(), said));
            answer = search.run(&given)?;
        }
    }
    let (likely, held) = answer.likeliest(LIKELY_PERCENT, MOST_LIKELY);
    let likely = if held >= HELD_PERCENT { likely.to_vec() } else { Vec::new() };
    answer.codes.truncate(usize::from(args.most));
    let found = official.as_ref().map(|it| it.of(&search.told(&given, answer.language), answer.codes.first()));
    let exit = if answer.codes.is_empty() { Exit::NotAnAmount } else { Exit::Answered };
    if args.json {
        let pays = pays.as_ref().map(|pays| pays.told(&answer.codes, &likely));
        page.json(&Document { answer: &answer, pays, official: found })?;
        return Ok(exit);
    }
    match answer.advice {
        Some(advice) => {
            page.paragraph(advice, Tone::Caution)?;
            more(&answer, says(answer.language), page)?;
        }
        None => show(&answer, &likely, pays.as_ref(), page)?,
    }
    if let Some(found) = found {
        found.show(says(answer.language), page)?;
    }
    Ok(exit)
}

/// What would tell more, and what nothing is known of.
fn more(answer: &Answer, words: &says::Says, page: &mut Page) -> Result<(), Failure> {
    if let Some(asking) = &answer.question {
        answers::show(asking, answer.language, page)?;
    }
    if !answer.unknown.is_empty() {
        page.paragraph(&put(words.not_known, &[&answer.unknown.join(", ")]), Tone::Quiet)?;
    }
    Ok(())
}

fn show(answer: &Answer, likely: &[Candidate], pays: Option<&Pays<'_>>, page: &mut Page) -> Result<(), Failure> {
    let words = says(answer.language);
    let paid = pays.map(|pays| put(words.pays, &[&pays.money.code]));
    let mut columns = vec![(words.code, Align::Left), (words.likely, Align::Right), (words.what, Align::Left)];
    match &paid {
        Some(paid) => columns.extend([(words.duty, Align::Right), (paid.as_str(), Align::Right)]),
        None => columns.push((words.because, Align::Left)),
    }
    let mut table = Table::new(&columns, 2);
    for (_, one) in answer.codes.iter().enumerate().filter(|(at, one)| *at == 0 || one.percent() > 0) {
        let mut cells = vec![pointed(&one.code), format!("{} %", one.percent()), one.title.clone()];
        match pays {
            Some(pays) => cells.extend(pays.cells(&one.code, words)),
            None => cells.push(shortened(&one.because)),
        }
        table.row(cells);
    }
    page.table(&table)?;
    if let Some(pays) = pays {
        let codes: Vec<&str> = answer.codes.iter().map(|one| one.code.as_str()).collect();
        pays.show_basis(&codes, words, page)?;
        pays.show_same(likely, words, page)?;
    }
    if let Some(first) = answer.codes.first() {
        path(first, words, page)?;
    }
    more(answer, words, page)?;
    if let (Some(pays), Some(first)) = (pays, answer.codes.first()) {
        pays.show_lines(&first.code, words, page)?;
    }
    Ok(())
}

/// Where the likeliest code stands, and what is often taken for it.
fn path(first: &Candidate, words: &says::Says, page: &mut Page) -> Result<(), Failure> {
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
        page.bullet(&put(words.not_here, &[&other.what, &other.to]))?;
    }
    for note in &first.notes {
        page.bullet(&place::noted(note))?;
    }
    page.paragraph(words.caution, Tone::Quiet)?;
    Ok(())
}

/// A reason that leaves room for what it is.
fn shortened(because: &str) -> String {
    const LONGEST: usize = 26;
    if because.chars().count() <= LONGEST {
        return because.to_owned();
    }
    because.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// "6109.10", as codes are written.
pub(crate) fn pointed(code: &str) -> String {
    match code.split_at_checked(4) {
        // "XVIII" is a section.
        Some((heading, rest)) if !rest.is_empty() && code.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{heading}.{rest}")
        }
        _ => code.to_owned(),
    }
}
