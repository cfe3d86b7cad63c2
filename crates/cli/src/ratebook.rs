//! `tidewaiter ratebook`: build, slice, inspect and verify the file that holds all rates and rules.

use crate::args::{RatebookAction, RatebookArgs, SourceArgs};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::source;
use crate::table::{Align, Table};
use crate::words::count;
use jiff::civil::Date;
use serde_json::json;
use std::path::{Path, PathBuf};
use tidewaiter::Ratebook;
use tidewaiter::ratebook::compile::{Problem, compile_with};
use tidewaiter::ratebook::{section_name, write_file};

pub(crate) fn run(args: &RatebookArgs, page: &mut Page) -> Result<Exit, Failure> {
    match &args.action {
        RatebookAction::Build { folder, editions, output } => build(folder, editions, output, page),
        RatebookAction::Slice { to, rates_since, source, output } => slice(to, *rates_since, source, output, page),
        RatebookAction::Inspect { file, json } => inspect(file, *json, page),
        RatebookAction::Verify { file } => verify(file, page),
    }
}

fn build(folder: &Path, editions: &[PathBuf], output: &Path, page: &mut Page) -> Result<Exit, Failure> {
    if !folder.is_dir() {
        return Err(Failure::usage(format!(
            "{} is not a folder with territories.toml, currencies.toml, exchange/ and economies/",
            folder.display()
        )));
    }
    if output.is_dir() {
        return Err(Failure::usage(format!("{} is a folder; name a file to write", output.display())));
    }
    let told = |problems: Vec<Problem>| {
        let mut lines =
            vec![format!("nothing was written: {} in {}", count(problems.len(), "mistake"), folder.display())];
        lines.extend(problems.iter().map(ToString::to_string));
        Failure::Usage(lines)
    };
    let (world, files, mut tariffs) = tidewaiter_data::folder::read(folder).map_err(told)?;
    for path in editions {
        let edition = crate::edition::open(path)?;
        // A newer edition of an authority takes the place of the one in the folder.
        tariffs.retain(|old| (old.territory(), old.authority()) != (edition.territory(), edition.authority()));
        tariffs.push(edition);
    }
    let bytes = compile_with(&world, &files, &tariffs).map_err(told)?;
    let ratebook = Ratebook::from_vec(bytes.clone())
        .map_err(|e| Failure::Internal(format!("the new ratebook cannot be read: {e}")))?;
    write_file(output, &bytes).map_err(|e| Failure::usage(format!("cannot write {}: {e}", output.display())))?;
    let text = format!(
        "{}: {} in {} bytes, fingerprint {}",
        output.display(),
        count(files.len(), "economy file"),
        bytes.len(),
        ratebook.fingerprint()
    );
    page.paragraph(&text, Tone::Plain)?;
    Ok(Exit::Answered)
}

fn slice(
    to: &[String],
    rates_since: Option<Date>,
    source: &SourceArgs,
    output: &Path,
    page: &mut Page,
) -> Result<Exit, Failure> {
    if output.is_dir() {
        return Err(Failure::usage(format!("{} is a folder; name a file to write", output.display())));
    }
    let whole = source::open(source)?;
    let named: Vec<&str> = to.iter().map(|code| code.trim()).collect();
    let bytes =
        whole.slice(&named, rates_since).map_err(|e| Failure::usage(format!("--to {}: {e}", named.join(","))))?;
    let slice = Ratebook::from_vec(bytes.clone())
        .map_err(|e| Failure::Internal(format!("the new ratebook cannot be read: {e}")))?;
    write_file(output, &bytes).map_err(|e| Failure::usage(format!("cannot write {}: {e}", output.display())))?;
    let of = slice.sliced();
    let text = format!(
        "{}: {} in {} bytes ({} in the whole ratebook), fingerprint {}",
        output.display(),
        count(of.as_ref().map_or(0, |of| of.destinations.len()), "destination"),
        bytes.len(),
        whole.size(),
        slice.fingerprint()
    );
    page.paragraph(&text, Tone::Plain)?;
    if let Some(of) = of {
        let since = format!("Exchange rates since {}; a question that needs older ones is refused.", of.rates_since);
        page.paragraph(&since, Tone::Plain)?;
    }
    Ok(Exit::Answered)
}

fn inspect(file: &Path, json: bool, page: &mut Page) -> Result<Exit, Failure> {
    let ratebook = source::open_file(file)?;
    let economies = ratebook.economies(source::today());
    let editions: Vec<_> = economies.iter().filter_map(|e| e.edition.as_ref()).collect();
    let newest = editions.iter().filter_map(|e| e.known_from).max();
    // Empty sections have no rows worth a line.
    let sections: Vec<(&str, u64, u64)> = ratebook
        .section_sizes()
        .into_iter()
        .filter(|(_, _, bytes)| *bytes > 0)
        .map(|(id, row, bytes)| (section_name(id), bytes.checked_div(u64::from(row)).unwrap_or(0), bytes))
        .collect();
    if json {
        page.json(&json!({
            "bytes": ratebook.size(),
            "fingerprint": ratebook.fingerprint(),
            "economies": economies.len(),
            "newest": newest.map(|d| d.to_string()),
            "data_days": ratebook.data_days(),
            "slice": ratebook.sliced(),
            "sections": sections.iter().map(|(name, rows, bytes)| json!({ "name": name, "rows": rows, "bytes": bytes })).collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Answered);
    }
    page.paragraph(&format!("{}: {} bytes", file.display(), ratebook.size()), Tone::Strong)?;
    page.line(&format!("Fingerprint  {}", ratebook.fingerprint()))?;
    page.line(&format!("Economies    {}", economies.len()))?;
    if let Some(newest) = newest {
        page.line(&format!("Newest       {newest}"))?;
    }
    if let Some(rate) = ratebook.data_days().rate {
        page.line(&format!("Rates        {rate}"))?;
    }
    if let Some(of) = ratebook.sliced() {
        page.line(&format!("Slice of     {}", of.of))?;
        page.line(&format!("Answers for  {}", of.destinations.join(", ")))?;
        page.line(&format!("Rates since  {}", of.rates_since))?;
    }
    let mut table = Table::new(&[("Section", Align::Left), ("Rows", Align::Right), ("Bytes", Align::Right)], 0);
    for (name, rows, bytes) in sections {
        table.row(vec![name.to_owned(), rows.to_string(), bytes.to_string()]);
    }
    page.gap()?;
    page.table(&table)?;
    Ok(Exit::Answered)
}

fn verify(file: &Path, page: &mut Page) -> Result<Exit, Failure> {
    let ratebook = source::open_file(file)?;
    ratebook.verify().map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
    page.paragraph(
        &format!(
            "{}: every section has the hash written for it; fingerprint {}",
            file.display(),
            ratebook.fingerprint()
        ),
        Tone::Plain,
    )?;
    Ok(Exit::Answered)
}
