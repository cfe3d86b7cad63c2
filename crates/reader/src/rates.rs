//! A copy of a repository with its ratebook, brought up to date together.

use crate::ReaderError;
use crate::history::History;
use crate::maker::{Maker, Note, Piece, unheard, verified};
use jiff::Timestamp;
use serde::Serialize;
use std::path::{Path, PathBuf};
use tidewaiter_repository::client::bundle::{BundleMirror, Older};
use tidewaiter_repository::client::http::HttpMirror;
use tidewaiter_repository::client::mirror::FolderMirror;
use tidewaiter_repository::client::{Client, ClientError, Edition, Mirror, Progress, Report, Standing};

/// The ratebook's place in a copy.
pub const RATEBOOK: &str = "rates.twrb";

/// Largest file that is taken for a root; roots have a few kilobytes.
const MOST_ROOT_BYTES: u64 = 16 << 20;

/// A copy in a folder, and the ratebook in it.
#[derive(Debug)]
pub struct Rates {
    client: Client,
    maker: Maker,
    folder: PathBuf,
}

/// What a look at a mirror brought.
#[derive(Debug)]
pub struct Look {
    /// What was found and fetched.
    pub report: Report,
    /// What became of the ratebook.
    pub made: Made,
    /// Who is not in the ratebook, and why.
    pub left_out: Vec<(String, String)>,
}

/// What became of the ratebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It was made anew.
    Anew,
    /// It is as it was.
    AsItWas,
    /// Nothing was verified yet, so there is none.
    None,
}

/// What is told of a look at every door: `tidewaiter sync --json`, and the Python package.
#[derive(Debug, Serialize)]
pub struct Told<'a> {
    report: &'a Report,
    ratebook: &'a Path,
    left_out: &'a [(String, String)],
    fresh: bool,
}

/// The same where the source is a bundle that is older than the copy.
#[derive(Debug, Serialize)]
pub struct ToldOlder<'a> {
    older_bundle: Older,
    ratebook: &'a Path,
}

impl<'a> ToldOlder<'a> {
    /// Of a bundle, and the ratebook that stays.
    pub const fn new(older_bundle: Older, ratebook: &'a Path) -> Self {
        Self { older_bundle, ratebook }
    }
}

impl Look {
    /// What is told of it.
    pub fn told<'a>(&'a self, ratebook: &'a Path) -> Told<'a> {
        Told { report: &self.report, ratebook, left_out: &self.left_out, fresh: self.is_fresh() }
    }

    /// Whether everything is the newest that its authority published, and all of it is in the ratebook.
    pub fn is_fresh(&self) -> bool {
        let fresh =
            |standing: &Standing| matches!(standing, Standing::Fresh | Standing::Nothing | Standing::Dismissed { .. });
        self.report.failed.is_none()
            && self.report.authorities.values().all(|a| fresh(&a.standing))
            && self.left_out.is_empty()
    }
}

impl Rates {
    /// Opens a copy; begins one where a root is given, from which everything is verified.
    ///
    /// # Errors
    /// Where the folder holds no copy and no root is given, the root is none, or the disk fails.
    pub fn open(folder: &Path, root: Option<&Path>) -> Result<Self, ReaderError> {
        let client = match (Client::open(folder), root) {
            (Ok(client), _) => client,
            (Err(ClientError::NotACopy(_)), Some(root)) => {
                let bytes = read_root(root)?;
                std::fs::create_dir_all(folder)
                    .map_err(|e| ReaderError::new(format!("cannot make {}: {e}", folder.display())))?;
                Client::start(folder, &bytes).map_err(ReaderError::new)?
            }
            (Err(ClientError::NotACopy(_)), None) => {
                return Err(ReaderError::new(format!(
                    "{} holds no copy yet: give the repository's first root (--root), from somebody you trust",
                    folder.display()
                )));
            }
            (Err(error), _) => return Err(ReaderError::new(error)),
        };
        Ok(Self { client, maker: Maker::default(), folder: folder.to_owned() })
    }

    /// Removes files that this disk has damaged, so that the next look fetches them again; how many.
    ///
    /// # Errors
    /// Where the disk fails, or an update is under way.
    pub fn repair(&self) -> Result<u64, ReaderError> {
        self.client.repair().map_err(ReaderError::new)
    }

    /// Where its ratebook stands.
    pub fn ratebook(&self) -> PathBuf {
        self.folder.join(RATEBOOK)
    }

    /// Whether a source is a bundle of an earlier day than the copy: it brings nothing, and says nothing of what the copy has.
    ///
    /// # Errors
    /// Where it is a file and no bundle.
    pub fn older(&self, from: &str) -> Result<Option<Older>, ReaderError> {
        if !Path::new(from).is_file() {
            return Ok(None);
        }
        let bundle = BundleMirror::open(from).map_err(ReaderError::new)?;
        self.client.is_older(&bundle).map_err(ReaderError::new)
    }

    /// One look at the mirror; the ratebook is made anew where something changed. The first look of a program also holds the ratebook
    /// on the disk against its hashes.
    ///
    /// # Errors
    /// Where this machine fails. A mirror that is away or lies is no error: [`Report::failed`] says it, and what was verified
    /// before stays in use.
    pub fn look(
        &mut self,
        mirror: &dyn Mirror,
        now: Timestamp,
        first: bool,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Look, ReaderError> {
        let report = self.client.update(mirror, now, progress).map_err(ReaderError::new)?;
        let ratebook = self.ratebook();
        if !report.authorities.values().any(|a| a.edition.is_some()) && !ratebook.is_file() {
            return Ok(Look { report, made: Made::None, left_out: Vec::new() });
        }
        // Not what this look changed, but what the ratebook was made of: a stop between the two is made good here.
        let last = History::of(&self.folder).newest();
        let standing = self.words(now)?;
        let changed = last.as_ref().is_none_or(|last| last.words != standing);
        // What this disk damaged is made anew, not only what is missing.
        let sound = if first { last.as_ref().is_some_and(|last| last.is_whole(&ratebook)) } else { ratebook.is_file() };
        if !changed && sound {
            let left_out = last.map(|last| last.left_out).unwrap_or_default();
            return Ok(Look { report, made: Made::AsItWas, left_out });
        }
        let left_out = self.make(standing, now)?;
        Ok(Look { report, made: Made::Anew, left_out })
    }

    /// Edition and answer of each authority, without what changes each second: the ratebook is made anew where any of it is
    /// another, once a day at most where nothing is published.
    fn words(&self, now: Timestamp) -> Result<Vec<(String, String)>, ReaderError> {
        let word = |standing: &Standing| match standing {
            Standing::Fresh => "fresh".to_owned(),
            Standing::Stale { why, .. } => format!("stale: {why}"),
            Standing::Refused { why, .. } => format!("refused: {why}"),
            Standing::Dismissed { .. } => "dismissed".to_owned(),
            Standing::Nothing => "nothing".to_owned(),
        };
        let editions = self.client.editions(now).map_err(ReaderError::new)?;
        let words = |e: &Edition| match verified(e).until {
            Some(until) => format!("{} {} until {until}", e.sha256, word(&e.standing)),
            None => format!("{} {}", e.sha256, word(&e.standing)),
        };
        let mut all: Vec<_> = editions.iter().map(|e| (e.authority.clone(), words(e))).collect();
        all.extend(self.unheard(now)?.into_iter().map(|(id, _)| (id, "refused, and none is used".to_owned())));
        Ok(all)
    }

    /// Who publishes and has no edition that may be used, with what answers for its territory say: another's rates stand in.
    fn unheard(&self, now: Timestamp) -> Result<Vec<(String, Note)>, ReaderError> {
        let Some(list) = self.client.authorities().map_err(ReaderError::new)? else { return Ok(Vec::new()) };
        let refused = |id: &str, standing: &Standing| {
            let authority = list.find(id).filter(|_| matches!(standing, Standing::Refused { using: None, .. }))?;
            let territory = authority.territory.clone()?;
            let said = unheard(&authority.name, "was refused or could not be fetched");
            Some((id.to_owned(), (Some(territory), said)))
        };
        Ok(self.client.standing(now).iter().filter_map(|(id, standing)| refused(id, standing)).collect())
    }

    fn make(&mut self, words: Vec<(String, String)>, now: Timestamp) -> Result<Vec<(String, String)>, ReaderError> {
        let mut pieces = Vec::new();
        for edition in self.client.editions(now).map_err(ReaderError::new)? {
            pieces.push(Piece::of(&edition)?);
        }
        let notes = self.unheard(now)?.into_iter().map(|(_, note)| note).collect();
        let built = self.maker.build(pieces, notes)?;
        let path = self.ratebook();
        tidewaiter::ratebook::write_file(&path, &built.bytes)
            .map_err(|e| ReaderError::new(format!("cannot write {}: {e}", path.display())))?;
        History::of(&self.folder).add(&built, words, now)?;
        Ok(built.left_out)
    }
}

fn read_root(file: &Path) -> Result<Vec<u8>, ReaderError> {
    let told = |e: std::io::Error| ReaderError::new(format!("cannot read {}: {e}", file.display()));
    if std::fs::metadata(file).map_err(told)?.len() > MOST_ROOT_BYTES {
        return Err(ReaderError::new(format!("{} is larger than {MOST_ROOT_BYTES} bytes", file.display())));
    }
    std::fs::read(file).map_err(told)
}

/// Where published files are read from: an address, a folder with published files, or a bundle.
///
/// # Errors
/// Where it is none of these.
pub fn open_mirror(from: &str) -> Result<Box<dyn Mirror + Send>, ReaderError> {
    if from.starts_with("http://") || from.starts_with("https://") {
        return Ok(Box::new(HttpMirror::new(from).map_err(ReaderError::new)?));
    }
    let path = Path::new(from);
    if path.is_dir() {
        return Ok(Box::new(FolderMirror::new(path)));
    }
    if path.is_file() {
        return Ok(Box::new(BundleMirror::open(path).map_err(ReaderError::new)?));
    }
    Err(ReaderError::new(format!("{from} is no address, folder or bundle")))
}
