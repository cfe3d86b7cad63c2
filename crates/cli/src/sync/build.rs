//! From verified editions to a ratebook, and the history of which editions each ratebook was made of.

use crate::errors::Failure;
use crate::repository::config::{embedded_folder, read_files};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};
use tidewaiter::Ratebook;
use tidewaiter::ratebook::compile::{Problem, Verified};
use tidewaiter_repository::assemble::{Folder, Opened};
use tidewaiter_repository::client::{Edition, Past, Standing};
use tidewaiter_repository::manifest::Manifest;
use tidewaiter_repository::name::UNOFFICIAL;
use tidewaiter_repository::parts;

/// An edition to be laid into a ratebook.
pub(super) struct Piece {
    authority: String,
    opened: Opened,
}

impl Piece {
    /// An edition of the copy.
    pub(super) fn of(edition: &Edition) -> Result<Self, Failure> {
        let read = |name: &str| {
            let part = edition.manifest.part(name)?;
            edition.content(part).ok()
        };
        Self::new(&edition.authority, &edition.sha256, &edition.manifest, verified(edition), read)
    }

    /// An edition of the past, and what was said of it then.
    pub(super) fn past(was: &Laid, past: Past) -> Result<Self, Failure> {
        let content = |name: &str| {
            let part = past.manifest.part(name)?;
            parts::content(part, past.parts.get(name)?).ok()
        };
        let standing = Verified { note: was.note.clone(), until: was.until };
        Self::new(&was.authority, &past.sha256, &past.manifest, standing, content)
    }

    fn new(
        authority: &str,
        sha256: &str,
        manifest: &Manifest,
        standing: Verified,
        content: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Self, Failure> {
        let (mut entries, mut files) = (Vec::new(), Vec::new());
        for part in &manifest.parts {
            let damaged = || {
                let what = format!("part {} of {authority} is damaged on this disk", part.name);
                Failure::usage(format!("{what}: tidewaiter sync --repair fetches it again"))
            };
            let bytes = content(&part.name).ok_or_else(damaged)?;
            match &part.file {
                Some(place) => files.push((place.clone(), bytes)),
                None => entries.extend(parts::lines(part, &bytes).map_err(Failure::usage)?),
            }
        }
        let opened = Opened { hash: sha256.to_owned(), manifest: manifest.clone(), entries, files, standing };
        Ok(Self { authority: authority.to_owned(), opened })
    }

    fn laid(&self) -> Laid {
        let Opened { hash, manifest, standing, .. } = &self.opened;
        Laid {
            authority: self.authority.clone(),
            number: manifest.number,
            sha256: hash.clone(),
            note: standing.note.clone(),
            until: standing.until,
        }
    }
}

/// How far an edition of the copy can be relied on.
pub(super) fn verified(edition: &Edition) -> Verified {
    let note = match &edition.standing {
        Standing::Stale { since, why } => {
            Some(format!("These rates may be out of date since {}: {why}.", since.strftime("%Y-%m-%d")))
        }
        Standing::Refused { why, using: Some(using) } => Some(format!(
            "These rates were last verified on {}; what their authority publishes now was refused: {why}.",
            using.verified.strftime("%Y-%m-%d")
        )),
        _ => None,
    };
    // What is out of date already need not be said to become so.
    Verified { until: note.is_none().then_some(edition.until), note }
}

/// An edition in a ratebook, and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Laid {
    pub(super) authority: String,
    pub(super) number: u64,
    pub(super) sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Date>,
}

/// A ratebook and what it was made of.
pub(super) struct Built {
    pub(super) bytes: Vec<u8>,
    /// Its fingerprint, which quotes name.
    pub(super) fingerprint: String,
    /// The editions in it.
    pub(super) of: Vec<Laid>,
    /// Who is not in it, and why: one that cannot be compiled harms no other.
    pub(super) left_out: Vec<(String, String)>,
    /// What answers say of those whose editions are not in it.
    pub(super) notes: Vec<Note>,
}

/// What every answer for a territory says, or every answer at all.
pub(super) type Note = (Option<String>, String);

/// Makes ratebooks, and keeps between them what they are laid over.
#[derive(Default)]
pub(super) struct Maker {
    /// The data folder of "unofficial" as it was last read, by its edition and what was said of it.
    base: Option<(Option<Laid>, Folder)>,
}

impl Maker {
    /// Makes a ratebook: over the data folder of "unofficial", or the program's own where that is not published, each
    /// authority's edition. Each note is said by the answers that it is about.
    pub(super) fn build(&mut self, pieces: Vec<Piece>, mut notes: Vec<Note>) -> Result<Built, Failure> {
        let (unofficial, official): (Vec<Piece>, Vec<Piece>) =
            pieces.into_iter().partition(|p| p.authority == UNOFFICIAL);
        let under = unofficial.into_iter().next();
        let laid = under.as_ref().map(Piece::laid);
        let mut left_out = Vec::new();
        let base = match &mut self.base {
            Some((of, base)) if *of == laid => base,
            slot => {
                let read = match &under {
                    None => embedded_folder()?,
                    Some(piece) => match unpacked(piece) {
                        Ok(folder) => folder,
                        // Others' editions reach the reader all the same.
                        Err(problems) => {
                            left_out.push((UNOFFICIAL.to_owned(), why(&problems)));
                            embedded_folder()?
                        }
                    },
                };
                let of = laid.clone().filter(|_| left_out.is_empty());
                &slot.insert((of, read)).1
            }
        };
        if !left_out.is_empty() {
            let said = "Data that the repository publishes as unofficial cannot be read by this program, so its own stands in: update \
                        the program.";
            notes.push((None, said.to_owned()));
        }
        let lay = |pieces: &[&Piece], notes: &[Note]| -> Result<Vec<u8>, Vec<Problem>> {
            let mut folder = base.clone();
            notes.iter().for_each(|(territory, note)| folder.note(territory.as_deref(), note));
            for piece in pieces {
                folder.lay(piece.opened.clone())?;
            }
            folder.compile()
        };
        let mut of: Vec<Laid> = laid.filter(|_| left_out.is_empty()).into_iter().collect();
        let all: Vec<&Piece> = official.iter().collect();
        let bytes = match lay(&all, &notes) {
            Ok(bytes) => {
                of.extend(official.iter().map(Piece::laid));
                bytes
            }
            // One of them, or several: each is tried beside those before it.
            Err(_) => {
                let mut good: Vec<&Piece> = Vec::new();
                for piece in &official {
                    let trial: Vec<&Piece> = good.iter().copied().chain([piece]).collect();
                    match lay(&trial, &notes) {
                        Ok(_) => good.push(piece),
                        Err(problems) => {
                            let head = &piece.opened.manifest.head;
                            notes.push((head.territory.clone(), unheard(&head.authority, "does not fit here")));
                            left_out.push((piece.authority.clone(), why(&problems)));
                        }
                    }
                }
                of.extend(good.iter().map(|p| p.laid()));
                lay(&good, &notes).map_err(|p| Failure::Usage(p.iter().take(20).map(ToString::to_string).collect()))?
            }
        };
        let ratebook = Ratebook::from_vec(bytes.clone()).map_err(Failure::usage)?;
        Ok(Built { bytes, fingerprint: ratebook.fingerprint().to_owned(), of, left_out, notes })
    }
}

fn why(problems: &[Problem]) -> String {
    problems.first().map(ToString::to_string).unwrap_or_default()
}

/// What answers say where an authority publishes and its edition is not used.
pub(super) fn unheard(authority: &str, why: &str) -> String {
    format!("{authority} publishes rates, and what it publishes now {why}: these are not its own.")
}

/// The data folder that "unofficial" publishes, cited as its edition.
fn unpacked(piece: &Piece) -> Result<Folder, Vec<Problem>> {
    let mut folder = read_files(&piece.opened.files)?;
    folder.publish(&piece.opened.published_in());
    Ok(folder)
}

/// Which editions each ratebook of a copy was made of: a line a ratebook.
pub(super) struct History(PathBuf);

/// What a ratebook was made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    at: Timestamp,
    /// Its fingerprint.
    ratebook: String,
    pub(super) editions: Vec<Laid>,
    /// What was said of each authority then.
    #[serde(default)]
    pub(super) words: Vec<(String, String)>,
    /// Who was left out, and why.
    #[serde(default)]
    pub(super) left_out: Vec<(String, String)>,
    /// What answers say of those whose editions are not in it.
    #[serde(default)]
    pub(super) notes: Vec<Note>,
}

impl Line {
    /// Whether a file is the ratebook of this line, byte for byte.
    pub(super) fn is_whole(&self, file: &Path) -> bool {
        Ratebook::open(file).is_ok_and(|book| book.fingerprint() == self.ratebook && book.verify().is_ok())
    }
}

impl History {
    /// That of a copy.
    pub(super) fn of(copy: &Path) -> Self {
        Self(copy.join("history.ndjson"))
    }

    /// Notes what a ratebook was made of.
    pub(super) fn add(&self, built: &Built, words: Vec<(String, String)>, at: Timestamp) -> Result<(), Failure> {
        let Built { of, left_out, notes, fingerprint, .. } = built;
        let (ratebook, editions) = (fingerprint.clone(), of.clone());
        let (left_out, notes) = (left_out.clone(), notes.clone());
        let mut line = serde_json::to_vec(&Line { at, ratebook, editions, words, left_out, notes })?;
        line.push(b'\n');
        let told = |e: std::io::Error| Failure::usage(format!("cannot write {}: {e}", self.0.display()));
        let mut file = std::fs::File::options().create(true).append(true).open(&self.0).map_err(told)?;
        file.write_all(&line).and_then(|()| file.sync_data()).map_err(told)
    }

    /// The lines, the newest first. One that was cut short by a power failure is passed over.
    fn lines(&self) -> Result<Vec<Line>, Failure> {
        let text = match std::fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(Failure::usage(format!("cannot read {}: {e}", self.0.display()))),
        };
        Ok(text.lines().rev().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// What the newest ratebook was made of.
    pub(super) fn newest(&self) -> Option<Line> {
        let text = std::fs::read_to_string(&self.0).ok()?;
        text.lines().rev().find_map(|line| serde_json::from_str(line).ok())
    }

    /// What the ratebook of an answer was made of: the one of this fingerprint, or, where this copy made none such, the
    /// newest that has every edition which the answer cites and this copy knows. Other hashes are those of files within an
    /// edition, or within the program.
    pub(super) fn find(&self, ratebook: Option<&str>, cited: &[String]) -> Result<Option<Line>, Failure> {
        let lines = self.lines()?;
        if let Some(line) = lines.iter().find(|line| Some(line.ratebook.as_str()) == ratebook) {
            return Ok(Some(line.clone()));
        }
        let has = |line: &Line, hash: &String| line.editions.iter().any(|laid| laid.sha256 == *hash);
        let known: Vec<&String> = cited.iter().filter(|hash| lines.iter().any(|line| has(line, hash))).collect();
        if known.is_empty() {
            return Ok(None);
        }
        Ok(lines.into_iter().find(|line| known.iter().all(|hash| has(line, hash))))
    }
}
