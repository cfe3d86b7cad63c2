//! Where what happened is kept: a file of the seller, or a database.

use crate::args::KeptArgs;
use crate::errors::{Exit, Failure};
use crate::repository::wait;
use jiff::Timestamp;
use std::fs::File;
use std::io::{Cursor, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use tidewaiter_collect::event::Event;
use tidewaiter_collect::import;
use tidewaiter_collect::ledger::{Definitions, Entry, Ledger};
use tidewaiter_collect::store::{Store, StoreError, Taken};

/// Largest file of events.
pub(super) const MAX_EVENTS_BYTES: u64 = 1 << 30;
/// Most mistakes of a file that are told.
const MOST_TOLD: usize = 20;
/// Entries read from a database at once.
const AT_ONCE: u64 = 5000;

/// A ledger, and where it is kept.
pub(super) struct Kept<'a> {
    pub(super) ledger: Ledger<'a>,
    place: Place,
}

enum Place {
    /// It can only be read.
    Read(&'static str),
    /// A file of one document a line, and how long it was when it was read.
    File(PathBuf, u64),
    Store(String, String),
}

impl<'a> Kept<'a> {
    /// Opens what the flags name.
    pub(super) fn open(
        definitions: &'a Definitions,
        args: &KeptArgs,
        happened: Option<&Path>,
    ) -> Result<Self, Failure> {
        Self::opened(definitions, args, happened, false)
    }

    /// The same, to take something in: a file that is not there begins empty.
    pub(super) fn open_or_begin(definitions: &'a Definitions, args: &KeptArgs) -> Result<Self, Failure> {
        Self::opened(definitions, args, None, true)
    }

    fn opened(
        definitions: &'a Definitions,
        args: &KeptArgs,
        happened: Option<&Path>,
        may_begin: bool,
    ) -> Result<Self, Failure> {
        if let (Some(address), Some(seller)) = (&args.store, &args.seller) {
            let ledger = wait(async {
                let store = open(address).await?;
                let entries = entries(&store, seller).await;
                store.close().await;
                Ledger::replay(definitions, entries?).map_err(|why| damaged(seller, why))
            })?;
            return Ok(Self { ledger, place: Place::Store(address.clone(), seller.clone()) });
        }
        let Some(file) = happened.or(args.file.as_deref()) else {
            return Err(Failure::usage(
                "where is the ledger? Name its file with --ledger FILE, or a database with --store ADDRESS --seller ID",
            ));
        };
        if may_begin && !file.exists() {
            return Ok(Self { ledger: Ledger::new(definitions), place: Place::File(file.to_owned(), 0) });
        }
        let bytes = bytes(file)?;
        let mut ledger = Ledger::new(definitions);
        take(&mut ledger, file, &read(file, &bytes)?)?;
        let place = if file == Path::new("-") {
            Place::Read("standard input can only be read")
        } else if is_csv(&bytes) {
            Place::Read("it is CSV, which has no place for this and does not say in which order things were recorded")
        } else {
            Place::File(file.to_owned(), bytes.len() as u64)
        };
        Ok(Self { ledger, place })
    }

    /// Refuses a ledger that can only be read, before anything is made for it.
    pub(super) fn writable(&self) -> Result<(), Failure> {
        match &self.place {
            Place::Read(why) => Err(Failure::usage(format!(
                "nothing can be recorded in this ledger: {why}. Make a ledger of it with `tidewaiter collect import FILE --ledger book.ndjson`, and use that"
            ))),
            _ => Ok(()),
        }
    }

    /// Records events that the ledger has not got yet: all of them or none.
    pub(super) fn record(&mut self, events: Vec<Event>) -> Result<Taken, Failure> {
        self.writable()?;
        let mut new = Vec::with_capacity(events.len());
        let mut taken = Taken::default();
        for event in events {
            match self.ledger.append(Timestamp::UNIX_EPOCH, event.clone()).map_err(Failure::usage)? {
                Some(_) => new.push(event),
                None => taken.known += 1,
            }
        }
        taken.recorded = new.len() as u64;
        self.keep(&new)?;
        Ok(taken)
    }

    /// Keeps events that the ledger in memory took already.
    pub(super) fn keep(&mut self, new: &[Event]) -> Result<(), Failure> {
        match &self.place {
            Place::Read(_) => self.writable(),
            Place::File(file, length) => {
                let length = appended(file, *length, new)?;
                self.place = Place::File(file.clone(), length);
                Ok(())
            }
            Place::Store(address, seller) => wait(async {
                let store = open(address).await?;
                let done = store.append(self.ledger.definitions(), seller, Timestamp::now(), new).await;
                store.close().await;
                done.map(|_| ()).map_err(failed)
            }),
        }
    }

    /// For messages.
    /// How the ledger is named on the command line, with a space before it; nothing where no other command could write to it.
    pub(super) fn flags(&self) -> String {
        match &self.place {
            Place::Read(_) => String::new(),
            Place::File(file, _) => format!(" --ledger {}", file.display()),
            Place::Store(_, seller) => format!(" --store ADDRESS --seller {seller}"),
        }
    }

    /// What it is called.
    pub(super) fn name(&self) -> String {
        match &self.place {
            Place::Read(_) => "the ledger".into(),
            Place::File(file, _) => file.display().to_string(),
            Place::Store(_, seller) => format!("the ledger of {seller}"),
        }
    }
}

fn damaged(seller: &str, why: impl std::fmt::Display) -> Failure {
    Failure::usage(format!("the ledger of \"{seller}\" is damaged: {why}. `tidewaiter collect verify` says more"))
}

/// Adds lines to a file that nobody else changed since it was read.
fn appended(file: &Path, length: u64, events: &[Event]) -> Result<u64, Failure> {
    let told = |error: std::io::Error| Failure::usage(format!("cannot write {}: {error}", file.display()));
    let mut out = File::options().read(true).write(true).create(true).truncate(false).open(file).map_err(told)?;
    let in_use = || {
        Failure::usage(format!(
            "another program writes to {} just now; nothing was recorded, try again",
            file.display()
        ))
    };
    out.try_lock().map_err(|error| match error {
        std::fs::TryLockError::WouldBlock => in_use(),
        std::fs::TryLockError::Error(error) => told(error),
    })?;
    if out.metadata().map_err(told)?.len() != length {
        return Err(Failure::usage(format!(
            "{} was changed while it was read; nothing was recorded, run the command again",
            file.display()
        )));
    }
    let mut text = Vec::new();
    if length > 0 {
        let mut last = [0];
        out.seek(SeekFrom::End(-1)).and_then(|_| out.read_exact(&mut last)).map_err(told)?;
        if last != *b"\n" {
            text.push(b'\n');
        }
    }
    for event in events {
        serde_json::to_writer(&mut text, event)?;
        text.push(b'\n');
    }
    out.seek(SeekFrom::End(0)).map_err(told)?;
    let done = out.write_all(&text).and_then(|()| out.sync_all());
    if let Err(error) = done {
        // Half a line would be refused the next time.
        let _ = out.set_len(length);
        return Err(told(error));
    }
    Ok(length + text.len() as u64)
}

pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    let name = file.display();
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        let read = std::io::stdin().lock().take(MAX_EVENTS_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| Failure::usage(format!("cannot read standard input: {error}")))?;
    } else {
        let opened = File::open(file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::usage(format!("there is no file {name}")),
            _ => Failure::usage(format!("cannot open {name}: {error}")),
        })?;
        if opened.metadata().is_ok_and(|about| about.is_dir()) {
            return Err(Failure::usage(format!("{name} is a folder, not a file")));
        }
        let read = opened.take(MAX_EVENTS_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| Failure::usage(format!("cannot read {name}: {error}")))?;
    }
    if bytes.len() as u64 > MAX_EVENTS_BYTES {
        return Err(Failure::usage(format!(
            "{name} is larger than {} MB; keep such a ledger in a database (--store)",
            MAX_EVENTS_BYTES >> 20
        )));
    }
    Ok(bytes)
}

/// Whether a file is CSV: documents begin with a brace.
pub(super) fn is_csv(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|first| !matches!(first, b'{' | b'[')) && {
        // A line of text that is no JSON is told as such, so only a header makes CSV of it.
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        line.to_ascii_lowercase().windows(4).any(|part| part == b"kind")
    }
}

/// Events of a file with the lines or rows in which they begin. A file with a mistake is refused whole.
pub(super) fn read(file: &Path, bytes: &[u8]) -> Result<Vec<(u64, Event)>, Failure> {
    read_with(file, bytes, |line| {
        let mut reader = serde_json::Deserializer::from_slice(line);
        serde_path_to_error::deserialize::<_, Event>(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            let inner = error.inner();
            if path == "." { inner.to_string() } else { format!("{path}: {inner}") }
        })
    })
}

/// The same, where lines of documents are read by another.
pub(super) fn read_with(
    file: &Path,
    bytes: &[u8],
    mut line_read: impl FnMut(&[u8]) -> Result<Event, String>,
) -> Result<Vec<(u64, Event)>, Failure> {
    let name = file.display();
    let mut events = Vec::new();
    if is_csv(bytes) {
        import::read(Cursor::new(bytes), |row, event| {
            events.push((row, event));
            Ok(())
        })
        .map_err(|refused| wrong(&name.to_string(), &refused))?;
        return Ok(events);
    }
    let mut mistakes = Mistakes::default();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    for (n, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')).filter(|(_, line)| !line.trim_ascii().is_empty()) {
        match line_read(line) {
            Ok(event) => events.push((n, event)),
            Err(says) => mistakes.add(n, says),
        }
    }
    if mistakes.0.is_empty() {
        return Ok(events);
    }
    // What the others would be refused for is told as well.
    let definitions = super::definitions()?;
    let mut ledger = Ledger::new(&definitions);
    for (n, event) in events {
        if let Err(why) = ledger.append(Timestamp::UNIX_EPOCH, event) {
            mistakes.add(n, why);
        }
    }
    Err(mistakes.failure(&name.to_string(), ":"))
}

/// Takes events into a ledger and hands back those that it had not got yet. A file with a mistake is refused whole.
pub(super) fn take(ledger: &mut Ledger<'_>, file: &Path, events: &[(u64, Event)]) -> Result<Vec<Event>, Failure> {
    let (mut new, mut mistakes) = (Vec::new(), Mistakes::default());
    for (n, event) in events {
        match ledger.append(Timestamp::UNIX_EPOCH, event.clone()) {
            Ok(Some(_)) => new.push(event.clone()),
            Ok(None) => {}
            Err(why) => mistakes.add(*n, why),
        }
    }
    if mistakes.0.is_empty() { Ok(new) } else { Err(mistakes.failure(&file.display().to_string(), ":")) }
}

/// Mistakes of a file by line.
#[derive(Default)]
struct Mistakes(Vec<(u64, String)>);

impl Mistakes {
    fn add(&mut self, line: u64, says: impl ToString) {
        self.0.push((line, says.to_string()));
    }

    fn failure(mut self, file: &str, mark: &str) -> Failure {
        self.0.sort();
        let more = self.0.len().saturating_sub(MOST_TOLD);
        let mut lines: Vec<String> =
            self.0.into_iter().take(MOST_TOLD).map(|(line, says)| format!("{file}{mark}{line}: {says}")).collect();
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        Failure::Usage(lines)
    }
}

/// Mistakes of a CSV file, and what a ledger would refuse of the rest of it.
pub(super) fn wrong_besides(
    file: &str,
    refused: &import::Refused,
    sound: import::Sound,
    ledger: &mut Ledger<'_>,
) -> Failure {
    let mut all: Vec<(u64, String)> = refused.faults.iter().map(|fault| (fault.row, fault.to_string())).collect();
    for (row, event) in sound.events {
        let of_unsound = event.about().is_some_and(|of| sound.unsound.contains(of));
        match ledger.append(Timestamp::UNIX_EPOCH, event.clone()) {
            Err(why) if !of_unsound => {
                let (kind, document) = event.name();
                all.push((row, format!("row {row}, {kind} \"{document}\": {why}")));
            }
            _ => {}
        }
    }
    all.sort_by_key(|(row, _)| *row);
    let more = u64::try_from(all.len().saturating_sub(import::MOST_TOLD)).unwrap_or_default() + refused.more;
    let mut lines = vec![format!("nothing of {file} was taken:")];
    lines.extend(all.into_iter().take(import::MOST_TOLD).map(|(_, says)| says));
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    Failure::Usage(lines)
}

/// Mistakes of a CSV file.
pub(super) fn wrong(file: &str, refused: &import::Refused) -> Failure {
    let mut lines = vec![format!("nothing of {file} was taken:")];
    lines.extend(refused.faults.iter().map(ToString::to_string));
    if refused.more > 0 {
        lines.push(format!("and {} more", refused.more));
    }
    Failure::Usage(lines)
}

/// Opens a database that is there.
pub(super) async fn open(address: &str) -> Result<Store, Failure> {
    // A slip in the name of the file would make an empty one.
    if let Some(file) = address.strip_prefix("sqlite:").filter(|file| !file.is_empty() && !Path::new(file).exists()) {
        return Err(Failure::usage(format!(
            "there is no database {file}; `tidewaiter collect sellers --store {address} --add ID --name NAME` makes one"
        )));
    }
    open_or_make(address).await
}

/// Opens a database; SQLite makes its file.
pub(super) async fn open_or_make(address: &str) -> Result<Store, Failure> {
    let place = match address.strip_prefix("sqlite:") {
        Some(file) if !file.trim_start_matches('/').is_empty() => file.strip_prefix("//").unwrap_or(file),
        None if address.starts_with("postgres://") || address.starts_with("postgresql://") => address,
        _ => {
            return Err(Failure::usage(format!(
                "--store \"{address}\": a database is sqlite:FILE or postgres://USER@HOST/DATABASE"
            )));
        }
    };
    Store::open(place).await.map_err(failed)
}

async fn entries(store: &Store, seller: &str) -> Result<Vec<Entry>, Failure> {
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let some = store.entries(seller, all.len() as u64, AT_ONCE).await.map_err(failed)?;
        if some.is_empty() {
            return Ok(all);
        }
        all.extend(some);
    }
}

/// What a database says.
pub(super) fn failed(error: StoreError) -> Failure {
    match error {
        StoreError::NoSeller(seller) => Failure::usage(format!(
            "there is no seller \"{seller}\" in this database; `tidewaiter collect sellers --store ADDRESS` lists them, with --add ID --name NAME one is added"
        )),
        other => Failure::usage(other),
    }
}

/// Whether something must be looked at.
pub(super) const fn exit(is_clear: bool) -> Exit {
    if is_clear { Exit::Answered } else { Exit::NotAnAmount }
}
