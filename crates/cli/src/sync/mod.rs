//! `tidewaiter sync`, `bundle` and `recall`: a verified copy of a repository, and ratebooks made of it.

mod recalled;

use crate::args::{BundleArgs, RecallArgs, SyncArgs};
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::sign::read;
use crate::table::{Align, Table};
use crate::words::count;
use jiff::Timestamp;
use recalled::Cited;
use serde_json::{Value, json};
use std::path::Path;
use tidewaiter_reader::{History, Look, Made, Maker, Piece, RATEBOOK, Rates, ToldOlder, open_mirror};
use tidewaiter_repository::authority::Authority;
use tidewaiter_repository::client::bundle::Older;
use tidewaiter_repository::client::{Client, Mirror, Progress, Standing, Status, Which};

pub(crate) fn run(args: &SyncArgs, page: &mut Page) -> Result<Exit, Failure> {
    let mirror = open_mirror(&args.from)?;
    let mut rates = Rates::open(&args.copy, args.root.as_deref())?;
    if args.repair {
        rates.repair()?;
    }
    if let Some(older) = rates.older(&args.from)? {
        return say_older(args, older, page);
    }
    let mut exit = round(&mut rates, mirror.as_ref(), args, true, page)?;
    while let Some(pause) = args.watch {
        page.flush()?;
        std::thread::sleep(pause);
        // A mirror that does not answer is asked again; what was verified stays in use.
        exit = match round(&mut rates, mirror.as_ref(), args, false, page) {
            Ok(exit) => exit,
            Err(Failure::Usage(lines)) => {
                for line in lines {
                    page.paragraph(&line, Tone::Caution)?;
                }
                Exit::NotAnAmount
            }
            Err(failure) => return Err(failure),
        };
    }
    Ok(exit)
}

/// A bundle of an earlier day brings nothing, and says nothing of what the copy has.
fn say_older(args: &SyncArgs, older: Older, page: &mut Page) -> Result<Exit, Failure> {
    if args.json {
        page.json(&ToldOlder::new(older, &args.copy.join(RATEBOOK)))?;
        return Ok(Exit::Answered);
    }
    let Older { bundle, copy } = older;
    page.paragraph(
        &format!(
            "{} is older than the copy in {} (timestamp {bundle}; the copy has {copy}). Nothing was changed. Ask for a newer bundle.",
            args.from,
            args.copy.display()
        ),
        Tone::Caution,
    )?;
    Ok(Exit::Answered)
}

/// One look at the mirror; the ratebook is made anew where something changed.
fn round(
    rates: &mut Rates,
    mirror: &dyn Mirror,
    args: &SyncArgs,
    first: bool,
    page: &mut Page,
) -> Result<Exit, Failure> {
    let bar = Bar::rows();
    let progress = &mut |p: Progress<'_>| bar.at(p.done as u64, Some(p.of as u64));
    let look = rates.look(mirror, Timestamp::now(), first, progress);
    bar.clear();
    let look = look?;
    if first || look.made != Made::AsItWas || look.report.failed.is_some() {
        tell(&look, &rates.ratebook(), args.json, page)?;
    }
    if look.made == Made::None {
        return Err(Failure::usage("nothing was verified yet, so no ratebook was made"));
    }
    Ok(if look.is_fresh() { Exit::Answered } else { Exit::NotAnAmount })
}

fn tell(look: &Look, ratebook: &Path, as_json: bool, page: &mut Page) -> Result<(), Failure> {
    let Look { report, made, left_out } = look;
    if as_json {
        page.json(&look.told(ratebook))?;
        return Ok(());
    }
    for notice in &report.notices {
        page.paragraph(notice, Tone::Caution)?;
    }
    if let Some(why) = &report.failed {
        page.paragraph(
            &format!("The repository could not be verified: {why}. What was verified before stays in use."),
            Tone::Caution,
        )?;
    }
    let columns = [("Authority", Align::Left), ("Edition", Align::Right), ("Answer", Align::Left), ("", Align::Left)];
    let mut table = Table::new(&columns, 3);
    for (id, answer) in &report.authorities {
        let (word, why) = match &answer.standing {
            Standing::Fresh => ("fresh", String::new()),
            Standing::Stale { since, why } => {
                ("stale", format!("{why} (since {since}); it is still used, and quotes say so"))
            }
            Standing::Refused { why, using: Some(using) } => (
                "refused",
                format!("{why}; edition {} is used in its place, last verified {}", using.number, using.verified),
            ),
            Standing::Refused { why, using: None } => (
                "refused",
                format!("{why}; nothing of it is in the ratebook, and quotes know nothing of what it publishes"),
            ),
            Standing::Dismissed { since } => (
                "dismissed",
                format!("the repository no longer admits it, as seen on {since}; its editions are not used any more"),
            ),
            Standing::Nothing => ("-", "nothing published yet".into()),
        };
        let number = answer.number.map(|n| n.to_string()).unwrap_or_default();
        table.row(vec![id.clone(), number, word.to_owned(), why]);
    }
    page.table(&table)?;
    for (who, why) in left_out {
        page.paragraph(&format!("{who} is left out of the ratebook: {why}"), Tone::Caution)?;
    }
    let fetched = report.fetched;
    let what = if *made == Made::Anew { "made anew" } else { "as it was" };
    page.line(&format!(
        "{}, {} bytes fetched. {}: {what}.",
        count(fetched.files as usize, "file"),
        fetched.bytes,
        ratebook.display()
    ))?;
    Ok(())
}

/// Why a ratebook of a copy knows nothing of a territory: what its authority publishes was refused from the beginning.
pub(crate) fn refused(ratebook: &Path, territory: &str) -> Option<String> {
    let folder = ratebook.parent().filter(|_| ratebook.file_name().is_some_and(|name| name == RATEBOOK))?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let client = Client::open(folder).ok()?;
    let all = client.authorities().ok()??.authorities;
    let speaks = |of: &&Authority| of.territory.as_deref().is_some_and(|code| code.eq_ignore_ascii_case(territory));
    let standing = client.standing(Timestamp::now());
    all.iter().filter(speaks).find_map(|authority| match standing.get(&authority.id)? {
        Standing::Refused { why, using: None } => {
            Some(format!("{} publishes them, and what it publishes was refused: {why}", authority.name))
        }
        _ => None,
    })
}

pub(crate) fn bundle(args: &BundleArgs, page: &mut Page) -> Result<Exit, Failure> {
    let client = Client::open(&args.copy).map_err(Failure::usage)?;
    let only: Vec<&str> = args.only.iter().map(String::as_str).collect();
    let only = if only.is_empty() { None } else { Some(only.as_slice()) };
    let mut out = std::io::Cursor::new(Vec::new());
    let bar = Bar::doing("writing the bundle");
    let files = client.bundle(only, &mut out);
    bar.clear();
    let files = files.map_err(Failure::usage)?;
    let bytes = out.into_inner();
    crate::sign::write(&args.file, &bytes)?;
    page.line(&format!(
        "{}: {}, {} bytes. Read it with: tidewaiter sync {0}",
        args.file.display(),
        count(files as usize, "file"),
        bytes.len()
    ))?;
    Ok(Exit::Answered)
}

pub(crate) fn recall(args: &RecallArgs, page: &mut Page) -> Result<Exit, Failure> {
    let quote: Value = serde_json::from_slice(&read(&args.quote)?).map_err(|e| {
        Failure::usage(format!("{} is no answer of `tidewaiter quote --json`: {e}", args.quote.display()))
    })?;
    let named: Vec<Cited> = quote["editions"].as_array().into_iter().flatten().filter_map(Cited::of).collect();
    let cited: Vec<String> = named.iter().map(|one| one.sha256.clone()).collect();
    if cited.is_empty() {
        return Err(Failure::usage(format!("{} names no editions", args.quote.display())));
    }
    let mut client = Client::open(&args.copy).map_err(Failure::usage)?;
    let mirror = open_mirror(&args.from)?;
    let asked = quote["ratebook"].as_str();
    let wanted = History::of(&args.copy).find(asked, &cited)?;
    let held: Vec<&str> = wanted.iter().flat_map(|line| &line.editions).map(|laid| laid.sha256.as_str()).collect();
    let missing = recalled::missing(&client, named, &held)?;
    let Some(wanted) = wanted else {
        let mut lines = vec![format!(
            "this copy never held these editions together; recall the answer where it was made, from the copy in which it was made ({})",
            args.copy.display()
        )];
        lines.extend(missing.iter().map(ToString::to_string));
        lines.extend(recalled::next(&missing, &args.from, &args.copy));
        return Err(Failure::Usage(lines));
    };
    let mut pieces = Vec::new();
    let mut became = Vec::new();
    let standing = client.standing(Timestamp::now());
    for laid in &wanted.editions {
        let which = Which::Edition(&laid.sha256);
        let past = client.edition_at(&laid.authority, which, mirror.as_ref()).map_err(Failure::usage)?;
        let status = match &past.status {
            Status::Current if matches!(standing.get(&laid.authority), Some(Standing::Dismissed { .. })) => {
                "the newest of an authority that the repository has dismissed since".to_owned()
            }
            // What was published since the last look is not known here.
            Status::Current => "the newest that this copy has seen".to_owned(),
            Status::Superseded { by } => format!("edition {by} took its place"),
            Status::Corrected { by, because } => format!("corrected by edition {by}: {because}"),
            Status::Withdrawn { by, because } => format!("withdrawn by edition {by}: {because}"),
        };
        became.push((laid.authority.clone(), laid.number, status, cited.contains(&laid.sha256)));
        pieces.push(Piece::past(laid, past)?);
    }
    let built = Maker::default().build(pieces, wanted.notes)?;
    tidewaiter::ratebook::write_file(&args.output, &built.bytes)
        .map_err(|e| Failure::usage(format!("cannot write {}: {e}", args.output.display())))?;
    let exact = asked == Some(built.fingerprint.as_str());
    let exit = if exact { Exit::Answered } else { Exit::NotAnAmount };
    if args.json {
        let rows: Vec<Value> = became
            .iter()
            .map(|(authority, number, status, cited)| {
                json!({ "authority": authority, "number": number, "became": status, "cited": cited })
            })
            .collect();
        let fingerprint = &built.fingerprint;
        page.json(&json!({
            "ratebook": args.output, "fingerprint": fingerprint, "exact": exact, "editions": rows, "missing": missing
        }))?;
        return Ok(exit);
    }
    let columns = [("Authority", Align::Left), ("Edition", Align::Right), ("What became of it", Align::Left)];
    let mut table = Table::new(&columns, 2);
    for (authority, number, status, _) in became {
        table.row(vec![authority, number.to_string(), status]);
    }
    page.table(&table)?;
    if exact {
        page.line("This is the ratebook that answered, byte for byte.")?;
    } else if !missing.is_empty() {
        page.paragraph(
            "This is not the ratebook that answered: it lacks editions that the answer cites.",
            Tone::Caution,
        )?;
        for one in &missing {
            page.bullet(&one.to_string())?;
        }
        if let Some(line) = recalled::next(&missing, &args.from, &args.copy) {
            page.paragraph(&line, Tone::Caution)?;
        }
    } else {
        page.paragraph(
            "This ratebook has the editions of the answer, but is not the same as the one that answered: that one was made by \
             another copy, by another version of this program, or with data that did not come from this repository. The \
             amounts may differ where they rest on more than the editions above.",
            Tone::Caution,
        )?;
    }
    page.line(&format!("Ask again with: --ratebook {}", args.output.display()))?;
    Ok(exit)
}
