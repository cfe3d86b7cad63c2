//! `tidewaiter import`: official files become an edition; and `tidewaiter template`: the rate sheet to fill in.

use crate::args::{ImportArgs, TemplateArgs};
use crate::beside::beside;
use crate::errors::{Exit, Failure, did_you_mean};
use crate::page::{Page, Tone};
use crate::progress::Bar;
use crate::table::{Align, Table};
use crate::words::count;
use serde_json::json;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use tidewaiter::ratebook::write_file;
use tidewaiter::record::edition::{Edition, Entry};
use tidewaiter_reader::read_folder;
use tidewaiter_sources::formats::{self, FORMATS, Settings};
use tidewaiter_sources::{Account, Limits, Sink, Source, edition, sheet};

/// Refusals that are printed; all are counted, and `--json` has the first thousand.
const SHOWN: usize = 20;

pub(crate) fn run(args: &ImportArgs, page: &mut Page) -> Result<Exit, Failure> {
    if args.format == "list" {
        return list(page);
    }
    if formats::find(&args.format).is_none() {
        let near = did_you_mean(&args.format, FORMATS.iter().map(|f| f.name));
        return Err(Failure::usage(format!(
            "\"{}\" is no format{near}; `tidewaiter import list` shows all",
            args.format
        )));
    }
    if args.files.is_empty() {
        return Err(Failure::usage("name the files to import"));
    }
    check_outputs(args)?;
    let files = files_of(&args.files)?;
    let sources = files.iter().map(|file| Source::open(file, Limits::default())).collect::<Result<Vec<_>, _>>();
    let sources = sources.map_err(Failure::usage)?;
    let dates = args.dates.iter().map(|text| dated(text)).collect::<Result<Vec<_>, _>>()?;
    let world = match &args.data {
        Some(_) if args.format != "sheet" => return Err(Failure::usage("--data: only a rate sheet is read by it")),
        Some(folder) => &read_folder(folder)?.world,
        None => tidewaiter_data::world(),
    };
    let settings = Settings {
        published: args.published,
        accept_rest: args.accept_rest,
        territory: args.territory.as_deref().map(crate::item::capitals),
        currency: args.currency.as_deref().map(crate::item::capitals),
        authority: args.authority.clone(),
        nomenclature: args.nomenclature.clone(),
        dates,
        world: Some(world),
    };
    let mut account = Account::default();
    let bar = Bar::records();
    let mut body = match &args.output {
        Some(path) => Body::new(path, &bar)?,
        None => Body::nowhere(&bar),
    };
    let imported = formats::import(&args.format, sources, &settings, &mut body, &mut account);
    bar.clear();
    let mut imported = imported.map_err(Failure::usage)?;
    if let Some(from) = args.complete {
        imported.edition.complete = true;
        imported.edition.complete_from = from.or(imported.edition.complete_from);
    }
    imported.edition.limits = args.leaves_out.clone().or(imported.edition.limits);
    let mut written = None;
    if account.is_clean() {
        if let Some(path) = &args.output {
            body.finish(path, &imported.edition).map_err(|e| told(path, &e))?;
            written = Some(path.display().to_string());
        }
        if let Some(path) = &args.economy {
            let Some(economy) = &imported.economy else {
                return Err(Failure::usage("--economy: only a rate sheet holds an economy"));
            };
            write_file(path, economy.as_bytes()).map_err(|e| told(path, &e))?;
        }
    }
    if args.json {
        let account = serde_json::to_value(&account)?;
        page.json(&json!({
            "format": args.format, "written": written, "edition": imported.edition, "warnings": imported.warnings,
            "account": account,
        }))?;
    } else {
        show(args, &account, &imported.warnings, page)?;
    }
    Ok(if account.is_clean() { Exit::Answered } else { Exit::Usage })
}

/// The files named, a folder by the files in it in the order of their names.
fn files_of(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut out = Vec::new();
    for path in named {
        if !path.is_dir() {
            out.push(path.clone());
            continue;
        }
        let cannot = |error: io::Error| Failure::usage(format!("cannot read the folder {}: {error}", path.display()));
        let entries = path.read_dir().map_err(cannot)?.collect::<io::Result<Vec<_>>>().map_err(cannot)?;
        let hidden = |file: &Path| file.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        let files = entries.iter().map(std::fs::DirEntry::path).filter(|file| file.is_file() && !hidden(file));
        let mut files: Vec<PathBuf> = files.collect();
        if files.is_empty() {
            return Err(Failure::usage(format!("the folder {} holds no files", path.display())));
        }
        files.sort();
        out.append(&mut files);
    }
    Ok(out)
}

/// Refuses names that cannot be written, or would be written over, before any work is done.
fn check_outputs(args: &ImportArgs) -> Result<(), Failure> {
    if args.economy.is_some() && args.format != "sheet" {
        return Err(Failure::usage("--economy: only a rate sheet holds an economy"));
    }
    for path in args.output.iter().chain(&args.economy) {
        new_file(path, &files_of(&args.files)?)?;
    }
    if let Some(path) = &args.output {
        let name = path.display().to_string();
        if ![".ndjson", ".ndjson.gz", ".ndjson.zst"].iter().any(|end| name.ends_with(end)) {
            return Err(Failure::usage(format!(
                "-o {name}: an edition's name ends in .ndjson, .ndjson.gz or .ndjson.zst"
            )));
        }
    }
    Ok(())
}

/// Refuses a name for a new file that is a folder, a device, or one of the files that are read.
pub(crate) fn new_file(path: &Path, read: &[PathBuf]) -> Result<(), Failure> {
    if let Ok(there) = std::fs::symlink_metadata(path)
        && !there.is_file()
    {
        return Err(Failure::usage(format!("{} is there and is no plain file; name a new one", path.display())));
    }
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty())
        && !folder.is_dir()
    {
        return Err(Failure::usage(format!("there is no folder {} to write to", folder.display())));
    }
    let same =
        |other: &PathBuf| other.canonicalize().ok().is_some_and(|other| path.canonicalize().is_ok_and(|p| p == other));
    if read.iter().any(same) {
        return Err(Failure::usage(format!("{} is read and written; name another file to write", path.display())));
    }
    Ok(())
}

pub(crate) fn told(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("cannot write {}: {error}", path.display()))
}

/// `hts_2026_rev_8=2026-05-22`.
fn dated(text: &str) -> Result<(String, jiff::civil::Date), Failure> {
    let wrong = || {
        Failure::usage(format!("--date \"{text}\": write the file's name and its first day: hts_2026_rev_8=2026-05-22"))
    };
    let (name, day) = text.split_once('=').ok_or_else(wrong)?;
    Ok((name.to_owned(), day.parse().map_err(|_| wrong())?))
}

fn list(page: &mut Page) -> Result<Exit, Failure> {
    let mut table = Table::new(&[("Format", Align::Left), ("What it is", Align::Left), ("Files", Align::Left)], 2);
    for format in FORMATS {
        table.row(vec![format.name.into(), format.what.into(), format.files.into()]);
    }
    page.table(&table)?;
    Ok(Exit::Answered)
}

fn show(args: &ImportArgs, account: &Account, warnings: &[String], page: &mut Page) -> Result<(), Failure> {
    if account.is_clean() {
        let made: u64 = account.made.values().sum();
        let written: Vec<String> = args.output.iter().chain(&args.economy).map(|p| p.display().to_string()).collect();
        let to = if written.is_empty() { "nothing was written: no -o".to_owned() } else { written.join(" and ") };
        page.paragraph(&format!("{to}: {}", count(made as usize, "record")), Tone::Strong)?;
    } else {
        let text = format!(
            "Nothing was written: {} refused. Correct the file, or ask its publisher{}.",
            count(account.refused as usize, "row"),
            if args.accept_rest || !formats::find(&args.format).is_some_and(|format| format.keeps_rest) {
                ""
            } else {
                "; --accept-rest keeps the others"
            }
        );
        page.paragraph(&text, Tone::Caution)?;
        for refusal in account.refusals.iter().take(SHOWN) {
            page.bullet(&refusal.to_string())?;
        }
        if account.refused as usize > SHOWN {
            page.bullet(&format!("and {} more (--json shows the first thousand)", account.refused as usize - SHOWN))?;
        }
    }
    for warning in warnings {
        page.hanging("- ", warning, Tone::Caution)?;
    }
    for (title, counts) in [
        ("Read", &account.read),
        ("Made", &account.made),
        ("Makes no record of its own", &account.left_out),
        ("Kept, but no quote can compute with it", &account.inexpressible),
    ] {
        // Of a refused file nothing is kept, so nothing was made.
        if counts.is_empty() || (title != "Read" && !account.is_clean()) {
            continue;
        }
        page.heading(title)?;
        let mut table = Table::new(&[("", Align::Right), ("", Align::Left)], 1);
        for (what, number) in counts {
            table.row(vec![number.to_string(), what.clone()]);
        }
        page.table(&table)?;
    }
    Ok(())
}

/// Takes records to a file beside the edition, whose head is known only at the end.
struct Body<'b> {
    file: Option<(PathBuf, BufWriter<File>)>,
    bar: &'b Bar,
    records: u64,
}

impl<'b> Body<'b> {
    fn new(output: &Path, bar: &'b Bar) -> Result<Self, Failure> {
        let (path, file) = beside(output, "body").map_err(|e| told(output, &e))?;
        Ok(Self { file: Some((path, BufWriter::with_capacity(1 << 18, file))), bar, records: 0 })
    }

    const fn nowhere(bar: &'b Bar) -> Self {
        Self { file: None, bar, records: 0 }
    }

    /// Head and body into the edition, packed as its name says, under its name only when whole.
    fn finish(mut self, output: &Path, head: &Edition) -> io::Result<()> {
        let Some((path, file)) = self.file.as_mut() else { return Ok(()) };
        file.flush()?;
        let (part, out) = beside(output, "part")?;
        let packed = pack(out, path, output, head).and_then(|()| std::fs::rename(&part, output));
        if packed.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        packed
    }
}

/// Head and body, packed as the edition's name says, and safely on the disk.
fn pack(part: File, body: &Path, output: &Path, head: &Edition) -> io::Result<()> {
    let out = BufWriter::with_capacity(1 << 18, part);
    let path = body;
    let mut body = BufReader::new(File::open(path)?);
    match output.extension().and_then(|e| e.to_str()) {
        Some("gz") => {
            let mut writer = flate2::write::GzEncoder::new(out, flate2::Compression::default());
            edition::Writer::new(&mut writer, head)?.finish()?;
            io::copy(&mut body, &mut writer)?;
            sync(writer.finish()?)?;
        }
        Some("zst") => {
            let mut writer = zstd::Encoder::new(out, 9)?;
            edition::Writer::new(&mut writer, head)?.finish()?;
            io::copy(&mut body, &mut writer)?;
            sync(writer.finish()?)?;
        }
        _ => {
            let mut writer = out;
            edition::Writer::new(&mut writer, head)?.finish()?;
            io::copy(&mut body, &mut writer)?;
            sync(writer)?;
        }
    }
    Ok(())
}

fn sync(out: BufWriter<File>) -> io::Result<()> {
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

impl Drop for Body<'_> {
    fn drop(&mut self) {
        if let Some((path, _)) = &self.file {
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Sink for Body<'_> {
    fn take(&mut self, entry: Entry) -> io::Result<()> {
        self.records += 1;
        if self.records.is_multiple_of(1024) {
            self.bar.at(self.records, None);
        }
        let Some((_, file)) = &mut self.file else { return Ok(()) };
        serde_json::to_writer(&mut *file, &entry)?;
        file.write_all(b"\n")
    }
}

/// Writes the rate sheet's template.
pub(crate) fn template(args: &TemplateArgs, page: &mut Page) -> Result<Exit, Failure> {
    let kind = match args.file.extension().and_then(|e| e.to_str()) {
        Some("xlsx") => sheet::Kind::Xlsx,
        Some("zip") => sheet::Kind::Csv,
        _ => return Err(Failure::usage("FILE: the name must end in .xlsx, or in .zip for CSV sheets")),
    };
    if args.file.exists() {
        let text = format!("{} is already there, and may be filled in: name another file", args.file.display());
        return Err(Failure::usage(text));
    }
    let bytes = sheet::template(kind).map_err(|e| Failure::Internal(e.to_string()))?;
    new_file(&args.file, &[])?;
    write_file(&args.file, &bytes).map_err(|e| told(&args.file, &e))?;
    page.paragraph(
        &format!(
            "{} is the rate sheet. Its first page says how to fill it in. Then: tidewaiter import sheet {} --economy economy.toml",
            args.file.display(),
            args.file.display()
        ),
        Tone::Plain,
    )?;
    Ok(Exit::Answered)
}
