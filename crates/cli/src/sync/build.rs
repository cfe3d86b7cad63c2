//! From verified editions to a ratebook, and the history of which editions each ratebook was made of.

use crate::errors::Failure;
use crate::repository::config::{embedded_folder, read_files};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};
use tidewaiter::ratebook::compile::{Problem, PublishedIn};
use tidewaiter_repository::assemble::{Folder, Opened};
use tidewaiter_repository::client::{Edition, Past, Standing};
use tidewaiter_repository::manifest::Manifest;
use tidewaiter_repository::name::UNOFFICIAL;
use tidewaiter_repository::{key, parts};

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
            Some(edition.content(part))
        };
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
        let content = |name: &str| read(name).and_then(Result::ok);
        Self::new(&edition.authority, &edition.sha256, &edition.manifest, note, content)
    }

    /// An edition of the past.
    pub(super) fn past(authority: &str, past: Past) -> Result<Self, Failure> {
        let content = |name: &str| {
            let part = past.manifest.part(name)?;
            parts::content(part, past.parts.get(name)?).ok()
        };
        Self::new(authority, &past.sha256, &past.manifest, None, content)
    }

    fn new(
        authority: &str,
        sha256: &str,
        manifest: &Manifest,
        note: Option<String>,
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
        let opened = Opened { hash: sha256.to_owned(), manifest: manifest.clone(), entries, files, note };
        Ok(Self { authority: authority.to_owned(), opened })
    }

    fn name(&self) -> Named {
        (self.authority.clone(), self.opened.manifest.number, self.opened.hash.clone())
    }
}

/// Authority, number and SHA-256 of an edition.
pub(super) type Named = (String, u64, String);

/// A ratebook and what it was made of.
pub(super) struct Built {
    pub(super) bytes: Vec<u8>,
    /// The editions in it.
    pub(super) of: Vec<Named>,
    /// Who is not in it, and why: one that cannot be compiled harms no other.
    pub(super) left_out: Vec<(String, String)>,
}

/// Makes a ratebook: over the data folder of "unofficial", or the program's own where that is not published, each
/// authority's edition.
pub(super) fn build(pieces: Vec<Piece>) -> Result<Built, Failure> {
    let (unofficial, official): (Vec<Piece>, Vec<Piece>) = pieces.into_iter().partition(|p| p.authority == UNOFFICIAL);
    let mut of = Vec::new();
    let base = match unofficial.into_iter().next() {
        None => embedded_folder()?,
        Some(piece) => {
            of.push(piece.name());
            unpacked(&piece)?
        }
    };
    let lay = |pieces: &[&Piece]| -> Result<Vec<u8>, Vec<Problem>> {
        let mut folder = base.clone();
        for piece in pieces {
            folder.lay(piece.opened.clone())?;
        }
        folder.compile()
    };
    let all: Vec<&Piece> = official.iter().collect();
    let mut left_out = Vec::new();
    let bytes = match lay(&all) {
        Ok(bytes) => {
            of.extend(official.iter().map(Piece::name));
            bytes
        }
        // One of them, or several: each is tried beside those before it.
        Err(_) => {
            let mut good: Vec<&Piece> = Vec::new();
            for piece in &official {
                let trial: Vec<&Piece> = good.iter().copied().chain([piece]).collect();
                match lay(&trial) {
                    Ok(_) => good.push(piece),
                    Err(problems) => {
                        let why = problems.first().map(ToString::to_string).unwrap_or_default();
                        left_out.push((piece.authority.clone(), why));
                    }
                }
            }
            of.extend(good.iter().map(|p| p.name()));
            lay(&good).map_err(|p| Failure::Usage(p.iter().take(20).map(ToString::to_string).collect()))?
        }
    };
    Ok(Built { bytes, of, left_out })
}

/// The data folder that "unofficial" publishes, cited as its edition.
fn unpacked(piece: &Piece) -> Result<Folder, Failure> {
    let told = |problems: Vec<Problem>| Failure::Usage(problems.iter().take(20).map(ToString::to_string).collect());
    let mut folder = read_files(&piece.opened.files).map_err(told)?;
    let manifest = &piece.opened.manifest;
    for economy in &mut folder.economies {
        economy.published = Some(PublishedIn {
            authority: manifest.head.authority.clone(),
            number: u32::try_from(manifest.number).unwrap_or(u32::MAX),
            sha256: key::sha256_bytes(&piece.opened.hash).unwrap_or_default(),
        });
    }
    Ok(folder)
}

/// Which editions each ratebook of a copy was made of: a line a ratebook.
pub(super) struct History(PathBuf);

/// What a ratebook was made of.
#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    at: Timestamp,
    editions: Vec<Named>,
    /// What was said of each authority then.
    #[serde(default)]
    pub(super) words: Vec<(String, String)>,
    /// Who was left out, and why.
    #[serde(default)]
    pub(super) left_out: Vec<(String, String)>,
}

impl History {
    /// That of a copy.
    pub(super) fn of(copy: &Path) -> Self {
        Self(copy.join("history.ndjson"))
    }

    /// Notes what a ratebook was made of.
    pub(super) fn add(&self, built: &Built, words: Vec<(String, String)>, at: Timestamp) -> Result<(), Failure> {
        let Built { of, left_out, .. } = built;
        let line = Line { at, editions: of.clone(), words, left_out: left_out.clone() };
        let mut line = serde_json::to_vec(&line)?;
        line.push(b'\n');
        let told = |e: std::io::Error| Failure::usage(format!("cannot write {}: {e}", self.0.display()));
        let mut file = std::fs::File::options().create(true).append(true).open(&self.0).map_err(told)?;
        file.write_all(&line).and_then(|()| file.sync_data()).map_err(told)
    }

    /// What the newest ratebook was made of.
    pub(super) fn newest(&self) -> Option<Line> {
        let text = std::fs::read_to_string(&self.0).ok()?;
        text.lines().rev().find_map(|line| serde_json::from_str(line).ok())
    }

    /// The newest set of editions that has all of these that this copy ever held. Other names are those of files within an
    /// edition, such as a transcribed tariff; absent where the copy knows none.
    pub(super) fn find(&self, cited: &[String]) -> Result<Option<Vec<Named>>, Failure> {
        let text = match std::fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Failure::usage(format!("cannot read {}: {e}", self.0.display()))),
        };
        // A line that was cut short by a power failure is passed over.
        let lines: Vec<Line> = text.lines().rev().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let has = |line: &Line, hash: &String| line.editions.iter().any(|(.., sha256)| sha256 == hash);
        let known: Vec<&String> = cited.iter().filter(|hash| lines.iter().any(|line| has(line, hash))).collect();
        if known.is_empty() {
            return Ok(None);
        }
        Ok(lines.into_iter().find(|line| known.iter().all(|hash| has(line, hash))).map(|line| line.editions))
    }
}
