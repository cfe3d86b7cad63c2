//! Which editions each ratebook of a copy was made of, so that it can be made again.

use crate::ReaderError;
use crate::maker::{Built, Laid, Note};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};
use tidewaiter::Ratebook;

/// Which editions each ratebook of a copy was made of: a line a ratebook.
pub struct History(PathBuf);

/// What a ratebook was made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    at: Timestamp,
    /// Its fingerprint.
    ratebook: String,
    /// The editions in it.
    pub editions: Vec<Laid>,
    /// What was said of each authority then.
    #[serde(default)]
    pub words: Vec<(String, String)>,
    /// Who was left out, and why.
    #[serde(default)]
    pub left_out: Vec<(String, String)>,
    /// What answers say of those whose editions are not in it.
    #[serde(default)]
    pub notes: Vec<Note>,
}

impl Line {
    /// Whether a file is the ratebook of this line, byte for byte.
    pub fn is_whole(&self, file: &Path) -> bool {
        Ratebook::open(file).is_ok_and(|book| book.fingerprint() == self.ratebook && book.verify().is_ok())
    }
}

impl History {
    /// That of a copy.
    pub fn of(copy: &Path) -> Self {
        Self(copy.join("history.ndjson"))
    }

    /// Notes what a ratebook was made of.
    pub fn add(&self, built: &Built, words: Vec<(String, String)>, at: Timestamp) -> Result<(), ReaderError> {
        let Built { of, left_out, notes, fingerprint, .. } = built;
        let (ratebook, editions) = (fingerprint.clone(), of.clone());
        let (left_out, notes) = (left_out.clone(), notes.clone());
        let line = serde_json::to_vec(&Line { at, ratebook, editions, words, left_out, notes });
        let mut line = line.map_err(ReaderError::new)?;
        line.push(b'\n');
        let told = |e: std::io::Error| ReaderError::new(format!("cannot write {}: {e}", self.0.display()));
        let mut file = std::fs::File::options().create(true).append(true).open(&self.0).map_err(told)?;
        file.write_all(&line).and_then(|()| file.sync_data()).map_err(told)
    }

    /// The lines, the newest first. One that was cut short by a power failure is passed over.
    fn lines(&self) -> Result<Vec<Line>, ReaderError> {
        let text = match std::fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(ReaderError::new(format!("cannot read {}: {e}", self.0.display()))),
        };
        Ok(text.lines().rev().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// What the newest ratebook was made of.
    pub fn newest(&self) -> Option<Line> {
        let text = std::fs::read_to_string(&self.0).ok()?;
        text.lines().rev().find_map(|line| serde_json::from_str(line).ok())
    }

    /// What the ratebook of an answer was made of: the one of this fingerprint, or, where this copy made none such, the
    /// newest that has every edition which the answer cites and this copy knows. Other hashes are those of files within an
    /// edition, or within the program.
    pub fn find(&self, ratebook: Option<&str>, cited: &[String]) -> Result<Option<Line>, ReaderError> {
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
