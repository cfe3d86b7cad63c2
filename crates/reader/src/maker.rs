//! From verified editions to a ratebook.

use crate::ReaderError;
use crate::folder::{embedded_folder, read_files};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tidewaiter::Ratebook;
use tidewaiter::ratebook::compile::{Problem, Verified};
use tidewaiter_repository::assemble::{Folder, Opened};
use tidewaiter_repository::client::{Edition, Past, Standing};
use tidewaiter_repository::manifest::Manifest;
use tidewaiter_repository::name::UNOFFICIAL;
use tidewaiter_repository::parts;

/// An edition to be laid into a ratebook.
pub struct Piece {
    authority: String,
    opened: Opened,
}

impl Piece {
    /// An edition of the copy.
    pub fn of(edition: &Edition) -> Result<Self, ReaderError> {
        let read = |name: &str| {
            let part = edition.manifest.part(name)?;
            edition.content(part).ok()
        };
        Self::new(&edition.authority, &edition.sha256, &edition.manifest, verified(edition), read)
    }

    /// An edition of the past, and what was said of it then.
    pub fn past(was: &Laid, past: Past) -> Result<Self, ReaderError> {
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
    ) -> Result<Self, ReaderError> {
        let (mut entries, mut files) = (Vec::new(), Vec::new());
        for part in &manifest.parts {
            let damaged = || {
                let what = format!("part {} of {authority} is damaged on this disk", part.name);
                ReaderError::new(format!("{what}: tidewaiter sync --repair fetches it again"))
            };
            let bytes = content(&part.name).ok_or_else(damaged)?;
            match &part.file {
                Some(place) => files.push((place.clone(), bytes)),
                None => entries.extend(parts::lines(part, &bytes).map_err(ReaderError::new)?),
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
pub(crate) fn verified(edition: &Edition) -> Verified {
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
pub struct Laid {
    /// Who published it.
    pub authority: String,
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub sha256: String,
    /// What answers say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The day until which it is known to be the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// A ratebook and what it was made of.
pub struct Built {
    /// The ratebook itself.
    pub bytes: Vec<u8>,
    /// Its fingerprint, which quotes name.
    pub fingerprint: String,
    /// The editions in it.
    pub of: Vec<Laid>,
    /// Who is not in it, and why: one that cannot be compiled harms no other.
    pub left_out: Vec<(String, String)>,
    /// What answers say of those whose editions are not in it.
    pub notes: Vec<Note>,
}

/// What every answer for a territory says, or every answer at all.
pub type Note = (Option<String>, String);

/// Makes ratebooks, and keeps between them what they are laid over.
#[derive(Default)]
pub struct Maker {
    /// The data folder of "unofficial" as it was last read, by its edition and what was said of it.
    base: Option<(Option<Laid>, Folder)>,
}

impl std::fmt::Debug for Maker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Maker").field("has_base", &self.base.is_some()).finish_non_exhaustive()
    }
}

impl Maker {
    /// Makes a ratebook: over the data folder of "unofficial", or the program's own where that is not published, each
    /// authority's edition. Each note is said by the answers that it is about.
    pub fn build(&mut self, pieces: Vec<Piece>, mut notes: Vec<Note>) -> Result<Built, ReaderError> {
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
                lay(&good, &notes).map_err(|p| ReaderError::of_problems(&p))?
            }
        };
        let ratebook = Ratebook::from_vec(bytes.clone()).map_err(ReaderError::new)?;
        Ok(Built { bytes, fingerprint: ratebook.fingerprint().to_owned(), of, left_out, notes })
    }
}

fn why(problems: &[Problem]) -> String {
    problems.first().map(ToString::to_string).unwrap_or_default()
}

/// What answers say where an authority publishes and its edition is not used.
pub(crate) fn unheard(authority: &str, why: &str) -> String {
    format!("{authority} publishes rates, and what it publishes now {why}: these are not its own.")
}

/// The data folder that "unofficial" publishes, cited as its edition.
fn unpacked(piece: &Piece) -> Result<Folder, Vec<Problem>> {
    let mut folder = read_files(&piece.opened.files)?;
    folder.publish(&piece.opened.published_in());
    Ok(folder)
}
