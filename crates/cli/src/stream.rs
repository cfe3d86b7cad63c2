//! One question a line in, one answer a line out, in constant memory.

use crate::errors::{Exit, Failure};
use crate::input::{self, Line, Lines};
use crate::origin::Rules;
use crate::page::Page;
use crate::{quote, source};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use tidewaiter::quote::InputProblem;
use tidewaiter::{Ask, Quote, Ratebook};
use tidewaiter_sources::origin_rules::Book;

/// A line that could not be answered.
#[derive(Serialize)]
struct LineError {
    /// What is wrong and what to do.
    error: String,
    /// Number of the line, from 1.
    line: u64,
    /// One entry for each field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<InputProblem>,
}

pub(crate) fn run(
    ratebook: &Ratebook,
    file: &Path,
    steps: bool,
    rules: &Rules,
    page: &mut Page,
) -> Result<Exit, Failure> {
    let reader: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        if file.is_dir() {
            return Err(Failure::usage(format!("{} is a folder, not a file", file.display())));
        }
        Box::new(File::open(file).map_err(|e| Failure::usage(format!("cannot open {}: {e}", file.display())))?)
    };
    let mut lines = Lines::new(BufReader::with_capacity(64 << 10, reader));
    let mut worst = Exit::Answered;
    let mut number = 0u64;
    let mut questions = 0u64;
    let today = source::today();
    let book = rules.book();
    loop {
        let line = lines.next().map_err(|e| Failure::usage(format!("cannot read {}: {e}", file.display())))?;
        let Some(line) = line else { break };
        number += 1;
        if line == Line::Text(String::new()) {
            continue;
        }
        questions += 1;
        let exit = match answer(ratebook, line, number, &Ask { steps, today: Some(today) }, &book) {
            Ok(quote) => {
                page.json_line(&quote)?;
                quote::exit_of(quote.outcome)
            }
            Err(error) => {
                page.json_line(&error)?;
                Exit::Usage
            }
        };
        worst = worst.max(exit);
        // A program that waits for each answer before it asks again must not wait for ours.
        if lines.is_drained() {
            page.flush()?;
        }
    }
    if questions == 0 {
        return Err(Failure::usage(
            "the input is empty: give one question a line, as JSON (`tidewaiter schema consignment`)",
        ));
    }
    Ok(worst)
}

fn answer(ratebook: &Ratebook, line: Line, number: u64, ask: &Ask, book: &Book<'_>) -> Result<Quote, LineError> {
    let plain = |error: String| LineError { error, line: number, problems: Vec::new() };
    let text = match line {
        Line::Text(text) => text,
        Line::Bad(why) => return Err(plain(why.to_owned())),
    };
    let asked = input::question(&text).map_err(|e| {
        let cut = if e.message.contains("ends before it is complete") {
            " (each line must be one whole JSON document; a document over several lines is given as a file name)"
        } else {
            ""
        };
        plain(format!("column {}: {}{cut}", e.column, e.message))
    })?;
    let mut quote = ratebook.answer(&asked, ask).map_err(|e| LineError {
        error: e.to_string().replace('\n', "; "),
        line: number,
        problems: e.problems,
    })?;
    book.cite(&mut quote, &asked);
    Ok(quote)
}
