//! Returns and everything behind them as one folder, or as a ZIP file.

use super::draft::particulars;
use super::kept::{Kept, exit};
use super::{definitions, known};
use crate::args::FolderArgs;
use crate::errors::{Exit, Failure};
use crate::page::{Page, Tone};
use crate::source;
use crate::words::count;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use tidewaiter_collect::Period;
use tidewaiter_collect::folder::{Files, Request, check, made};
use zip::write::SimpleFileOptions;

/// Most bytes of all files of a folder.
const MAX_FOLDER_BYTES: u64 = 2 << 30;
/// Most files of a folder.
const MOST_FILES: usize = 10_000;
/// How deep files may stand.
const DEEPEST: usize = 4;

pub(super) fn run(args: &FolderArgs, page: &mut Page) -> Result<Exit, Failure> {
    let definitions = definitions()?;
    let book = source::open(&args.source)?;
    if let Some(folder) = &args.check {
        let files = if folder.is_dir() { read_folder(folder)? } else { read_zip(folder)? };
        let differences =
            check(&files, &definitions, &book).map_err(|why| Failure::usage(format!("{}: {why}", folder.display())))?;
        if args.json {
            page.json(&json!({ "same": differences.is_empty(), "files": files.len(), "differences": differences }))?;
        } else if differences.is_empty() {
            page.paragraph(
                &format!(
                    "{} is as the ledger in it makes it: {} made again, every byte is the same.",
                    folder.display(),
                    count(files.len(), "file")
                ),
                Tone::Strong,
            )?;
        } else {
            page.paragraph(&format!("{} is NOT as the ledger in it makes it:", folder.display()), Tone::Caution)?;
            for one in &differences {
                page.hanging("! ", &format!("{}: {}.", one.file, one.says), Tone::Caution)?;
            }
        }
        return Ok(exit(differences.is_empty()));
    }
    let Some((period, schemes)) = args.what.split_last() else {
        return Err(Failure::usage("which schemes, and which period?"));
    };
    let period: Period = period.parse().map_err(|why| {
        Failure::usage(format!("{why}. The period stands last: tidewaiter collect folder eu.ioss 2026-Q3 -o DIR"))
    })?;
    for scheme in schemes {
        known(&definitions, scheme)?;
    }
    let Some(output) = &args.output else { return Err(Failure::usage("where to? Give -o DIR or -o FILE.zip")) };
    let given = args.particulars.as_deref().map_or_else(|| Ok(BTreeMap::new()), particulars)?;
    let ledger = Kept::open(&definitions, &args.kept, None)?.ledger;
    let request = Request::of(&ledger, &book, schemes.to_vec(), period, given);
    let files = made(&ledger, &book, &request).map_err(Failure::usage)?;
    if output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
        crate::sign::write(output, &zipped(&files)?)?;
    } else {
        write_folder(output, &files)?;
    }
    if args.json {
        page.json(&json!({ "output": output.display().to_string(), "files": files.keys().collect::<Vec<_>>(), "head": ledger.head() }))?;
        return Ok(Exit::Answered);
    }
    page.paragraph(
        &format!("Made: {}, {} of {}.", output.display(), count(files.len(), "file"), period.words()),
        Tone::Strong,
    )?;
    for name in files.keys() {
        page.line(&format!("  {name}"))?;
    }
    page.paragraph(
        "README.txt says what each is. The ledger in it is the whole one, of all schemes. Nothing was sent.",
        Tone::Quiet,
    )?;
    Ok(Exit::Answered)
}

fn zipped(files: &Files) -> Result<Vec<u8>, Failure> {
    let told = |error: &dyn std::fmt::Display| Failure::Internal(format!("the ZIP file could not be made: {error}"));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // No time and no other rights than these: the same files give the same bytes.
    let plain = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .unix_permissions(0o644)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in files {
        zip.start_file(name.as_str(), plain).map_err(|error| told(&error))?;
        zip.write_all(bytes).map_err(|error| told(&error))?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|error| told(&error))
}

/// Writes a folder in one step: it is not there before, or empty.
fn write_folder(output: &Path, files: &Files) -> Result<(), Failure> {
    let told = |error: std::io::Error| Failure::usage(format!("cannot write {}: {error}", output.display()));
    let is_empty = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_none());
    if output.exists() && !is_empty(output) {
        return Err(Failure::usage(format!(
            "{} is there already and not empty; nothing was written. Name a new folder",
            output.display()
        )));
    }
    let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = tempfile::Builder::new().prefix(".folder-").tempdir_in(parent).map_err(told)?;
    let whole = beside.path().join("whole");
    for (name, bytes) in files {
        let file = whole.join(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(told)?;
        }
        fs::write(&file, bytes).map_err(told)?;
    }
    if output.exists() {
        fs::remove_dir(output).map_err(told)?;
    }
    fs::rename(&whole, output).map_err(told)
}

/// Counts what is read.
struct Room {
    bytes: u64,
    files: usize,
}

impl Room {
    const fn new() -> Self {
        Self { bytes: MAX_FOLDER_BYTES, files: MOST_FILES }
    }

    fn read(&mut self, name: &str, from: impl std::io::Read) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        from.take(self.bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::usage(format!("cannot read {name}: {error}")))?;
        let left = self.bytes.checked_sub(bytes.len() as u64).zip(self.files.checked_sub(1));
        let Some((bytes_left, files_left)) = left else {
            return Err(Failure::usage(format!(
                "it has more than {MOST_FILES} files or {} MB; this is no folder of returns",
                MAX_FOLDER_BYTES >> 20
            )));
        };
        (self.bytes, self.files) = (bytes_left, files_left);
        Ok(bytes)
    }
}

fn read_folder(folder: &Path) -> Result<Files, Failure> {
    let (mut files, mut room) = (Files::new(), Room::new());
    let mut open: Vec<(PathBuf, String, usize)> = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((path, before, depth)) = open.pop() {
        let told = |error: std::io::Error| Failure::usage(format!("cannot read {}: {error}", path.display()));
        for entry in fs::read_dir(&path).map_err(told)? {
            let entry = entry.map_err(told)?;
            let name = format!("{before}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(told)?;
            if kind.is_dir() && depth < DEEPEST {
                open.push((entry.path(), format!("{name}/"), depth + 1));
            } else if kind.is_file() {
                let file = fs::File::open(entry.path()).map_err(told)?;
                files.insert(name.clone(), room.read(&name, file)?);
            } else {
                return Err(Failure::usage(format!(
                    "{} is no plain file; a folder of returns has none such",
                    entry.path().display()
                )));
            }
        }
    }
    Ok(files)
}

fn read_zip(file: &Path) -> Result<Files, Failure> {
    let name = file.display();
    let opened = fs::File::open(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::usage(format!("there is no folder or file {name}")),
        _ => Failure::usage(format!("cannot open {name}: {error}")),
    })?;
    let mut zip =
        zip::ZipArchive::new(opened).map_err(|error| Failure::usage(format!("{name} is no ZIP file: {error}")))?;
    let (mut files, mut room) = (Files::new(), Room::new());
    for at in 0..zip.len().min(MOST_FILES + 1) {
        let one = zip.by_index(at).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        if one.is_dir() {
            continue;
        }
        let inner = one.name().map_err(|error| Failure::usage(format!("{name}: {error}")))?.into_owned();
        let bytes = room.read(&inner, one)?;
        files.insert(inner, bytes);
    }
    Ok(files)
}
