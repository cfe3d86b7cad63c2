//! `tidewaiter check`: are these economy files sound?
//!
//! The files are compiled together, with the unions inside the program, as they would be for a ratebook.

use crate::args::CheckArgs;
use crate::errors::{Exit, Failure};
use crate::input::{self, MAX_TABLE_BYTES};
use crate::page::{Page, Tone};
use crate::words::count;
use serde_json::{Value, json};
use tidewaiter::Ratebook;
use tidewaiter::ratebook::compile::{Problem, SourceFile, compile, read_economy};
use tidewaiter::record::{Confidence, Economy};

pub(crate) fn run(args: &CheckArgs, page: &mut Page) -> Result<Exit, Failure> {
    let (files, mut problems) = read(args);
    if problems.is_empty() {
        problems = mistakes(&files)?;
    }
    if args.json {
        page.json(&as_json(&files, &problems, args.files.len()))?;
    } else if problems.is_empty() {
        for file in &files {
            page.hanging("- ", &summary(file), Tone::Plain)?;
        }
        page.paragraph(&format!("{}, no mistakes.", count(files.len(), "file")), Tone::Strong)?;
    } else {
        for problem in &problems {
            page.line(&problem.to_string())?;
        }
        page.paragraph(
            &format!("{} in {}.", count(problems.len(), "mistake"), count(args.files.len(), "file")),
            Tone::Strong,
        )?;
    }
    Ok(if problems.is_empty() { Exit::Answered } else { Exit::Usage })
}

fn read(args: &CheckArgs) -> (Vec<SourceFile>, Vec<Problem>) {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in &args.files {
        let name = path.display().to_string();
        let unread = |message| Problem { file: name.clone(), path: String::new(), line: 0, column: 0, message };
        match input::text(path, MAX_TABLE_BYTES).map_err(unread).and_then(|text| read_economy(&name, &text)) {
            Ok(mut file) => {
                match beside(path).map_or(Ok(()), |lists| tidewaiter_data::folder::add_lists(&mut file, &lists)) {
                    Ok(()) => files.push(file),
                    Err(found) => problems.extend(found),
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    (files, problems)
}

/// The folder of long code lists of an economy file: `lists` beside the folder the file is in.
fn beside(path: &std::path::Path) -> Option<std::path::PathBuf> {
    let folder = path.parent()?;
    let above = if folder.as_os_str().is_empty() { std::path::Path::new("..") } else { folder.parent()? };
    Some(above.join("lists"))
}

/// Compiles the files with the unions they may lean on; a union that is checked itself takes the embedded one's place.
fn mistakes(files: &[SourceFile]) -> Result<Vec<Problem>, Failure> {
    let checked = |code: &str| files.iter().any(|f| f.economy.economy.territory == code);
    let unions = tidewaiter_data::unions().iter().filter(|u| !checked(&u.economy.economy.territory));
    let all: Vec<SourceFile> = unions.chain(files).cloned().collect();
    let mut world = tidewaiter_data::world().clone();
    // A member without its own file here would be found to lack the rates that its union leaves to it.
    for member in &mut world.territories.member {
        if !checked(&member.territory) {
            member.ladders = None;
        }
    }
    match compile(&world, &all) {
        Err(problems) => Ok(problems),
        Ok(bytes) => match Ratebook::from_vec(bytes) {
            Ok(_) => Ok(Vec::new()),
            Err(e) => Err(Failure::Internal(format!("the files compile to a ratebook that cannot be read: {e}"))),
        },
    }
}

/// What a file holds, in a sentence.
fn summary(file: &SourceFile) -> String {
    let e = &file.economy;
    let [high, medium, low] = sureness(e);
    let rules: usize = e.charge.iter().map(|c| c.rung.len()).sum();
    let parts = [
        (e.charge.len(), "charge"),
        (rules, "rule"),
        (e.rate.len(), "rate"),
        (e.measure.len(), "tariff measure"),
        (e.bound.len(), "bound"),
        (e.scheme.len(), "scheme"),
        (e.ask.len(), "question"),
        (e.dispute.len(), "dispute"),
        (e.waiver.len(), "waiver"),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(n, word)).collect();
    format!(
        "{}: {}, {}; {}; {} ({high} high, {medium} medium, {low} unverified)",
        file.name,
        e.economy.territory,
        e.economy.currency,
        parts.join(", "),
        count(e.fact.len(), "fact")
    )
}

/// How many facts are high, medium, low.
fn sureness(economy: &Economy) -> [usize; 3] {
    [Confidence::High, Confidence::Medium, Confidence::Low]
        .map(|c| economy.fact.iter().filter(|f| f.confidence == c).count())
}

fn as_json(files: &[SourceFile], problems: &[Problem], given: usize) -> Value {
    let problem = |p: &Problem| json!({ "file": p.file, "path": p.path, "line": p.line, "column": p.column, "message": p.message });
    let file = |f: &SourceFile| {
        let [high, medium, low] = sureness(&f.economy);
        json!({
            "file": f.name,
            "territory": f.economy.economy.territory,
            "currency": f.economy.economy.currency,
            "charges": f.economy.charge.len(),
            "rules": f.economy.charge.iter().map(|c| c.rung.len()).sum::<usize>(),
            "rates": f.economy.rate.len(),
            "measures": f.economy.measure.len(),
            "facts": { "high": high, "medium": medium, "low": low },
        })
    };
    json!({
        "files": given,
        "problems": problems.iter().map(problem).collect::<Vec<_>>(),
        "read": files.iter().map(file).collect::<Vec<_>>(),
    })
}
