//! A copy's newest state as one file, for a memory stick: a ZIP file with the paths of a mirror, read as a mirror is, and so
//! verified in the same way with no network.

use super::chain::Chain;
use super::mirror::{Mirror, MirrorError, check, is_published, read_bounded};
use super::{Client, ClientError, edition, update};
use crate::manifest;
use crate::metadata::{self, file_name, target_file};
use crate::name;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;
use std::sync::Mutex;
use tough::schema::Timestamp;
use zip::ZipArchive;
use zip::write::SimpleFileOptions;

/// Most files in a bundle.
const MOST_FILES: usize = 1 << 20;

/// A bundle, read as a mirror.
#[derive(Debug)]
pub struct BundleMirror(Mutex<ZipArchive<File>>);

impl BundleMirror {
    /// Opens a bundle.
    ///
    /// # Errors
    /// [`MirrorError`] where the file is none, or holds a name that no published file has: nothing is unpacked by its name
    /// here, but another program might.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, MirrorError> {
        let shown = path.as_ref().display().to_string();
        let told = |why: String| MirrorError::Unreachable { path: shown.clone(), why };
        let file = File::open(path.as_ref()).map_err(|e| told(e.to_string()))?;
        let mut zip = ZipArchive::new(file).map_err(|e| told(format!("it is no bundle: {e}")))?;
        if zip.len() > MOST_FILES {
            return Err(told(format!("it holds more than {MOST_FILES} files")));
        }
        for at in 0..zip.len() {
            let entry = zip.by_index_raw(at).map_err(|e| told(e.to_string()))?;
            let name = entry.name().map_err(|e| told(e.to_string()))?;
            if !is_published(&name) {
                return Err(MirrorError::Path(name.escape_debug().take(80).collect()));
            }
        }
        Ok(Self(Mutex::new(zip)))
    }
}

impl Mirror for BundleMirror {
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, MirrorError> {
        check(path)?;
        let told = |why: String| MirrorError::Unreachable { path: path.to_owned(), why };
        let mut zip = self.0.lock().map_err(|_| told("an earlier read failed".to_owned()))?;
        match zip.by_name(path) {
            Ok(entry) => read_bounded(entry, path, most).map(Some),
            Err(zip::result::ZipError::FileNotFound) => Ok(None),
            Err(e) => Err(told(e.to_string())),
        }
    }
}

/// A bundle that was made before the copy was last brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Older {
    /// Version of its timestamp.
    pub bundle: u64,
    /// Version of the copy's timestamp.
    pub copy: u64,
}

impl Client {
    /// Whether a bundle is an older state of this copy's own repository: its timestamp is signed by keys that a root of this
    /// copy names, and older than the one that was seen. Whoever kept or was given an old file made a mistake. An address or
    /// folder that gives an older state withholds what is new, which only [`Self::update`] judges.
    ///
    /// # Errors
    /// [`ClientError`] where the disk fails. What is wrong with the bundle is no error here: an update says it.
    pub fn is_older(&self, bundle: &BundleMirror) -> Result<Option<Older>, ClientError> {
        let Some(kept) = &self.state.timestamp else { return Ok(None) };
        let Ok(Some(bytes)) = bundle.read(update::TIMESTAMP, update::MOST_TIMESTAMP_BYTES) else { return Ok(None) };
        let Ok(offered) = metadata::from_bytes::<Timestamp>(&bytes) else { return Ok(None) };
        for sha256 in &self.state.roots {
            let root = self.store.get(sha256)?.and_then(|bytes| update::given_root(&bytes).ok());
            if root.is_some_and(|root| update::by_root(&root, &offered).is_ok()) {
                let older = Older { bundle: offered.signed.version.get(), copy: kept.version };
                return Ok((older.bundle < older.copy).then_some(older));
            }
        }
        Ok(None)
    }

    /// Writes a bundle: all roots from the one this copy began with, the other roles, the list of authorities, and the newest
    /// editions with the manifests that lead to them; of all authorities, or of some. The same state makes the same bytes.
    ///
    /// A reader of it must trust a root that is among them, such as the one this copy began with.
    ///
    /// # Errors
    /// [`ClientError`] where the copy was never updated, is damaged, or the file cannot be written.
    pub fn bundle(&self, only: Option<&[&str]>, out: impl Write + Seek) -> Result<u64, ClientError> {
        let mut files = self.bundled(only)?;
        let disk = |error: std::io::Error| ClientError::Disk { path: "the bundle".to_owned(), error };
        let mut zip = zip::ZipWriter::new(out);
        let plain = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        let mut count = 0;
        while let Some((path, sha256)) = files.pop_first() {
            let damaged = || ClientError::Damaged { authority: "the repository".to_owned(), what: path.clone() };
            let bytes = self.store.get(&sha256)?.ok_or_else(damaged)?;
            zip.start_file(path.as_str(), plain).map_err(|e| disk(e.into()))?;
            zip.write_all(&bytes).map_err(disk)?;
            count += 1;
        }
        zip.finish().map_err(|e| disk(e.into()))?;
        Ok(count)
    }

    /// Paths in a bundle, and the contents that go there.
    fn bundled(&self, only: Option<&[&str]>) -> Result<BTreeMap<String, String>, ClientError> {
        let state = &self.state;
        let (Some(timestamp), Some(snapshot), Some(targets), Some(list)) =
            (&state.timestamp, &state.snapshot, &state.targets, &state.list)
        else {
            return Err(ClientError::NoEdition("this copy has nothing to bundle: update it first".to_owned()));
        };
        let mut files = BTreeMap::new();
        let mut role = |name: &str, version: u64, sha256: &str| {
            files.insert(format!("metadata/{}", file_name(name, version)), sha256.to_owned());
        };
        let newest = self.root_version();
        for (sha256, back) in state.roots.iter().rev().zip(0..) {
            role("root", newest.saturating_sub(back), sha256);
        }
        role("timestamp", timestamp.version, &timestamp.sha256);
        role("snapshot", snapshot.version, &snapshot.sha256);
        role("targets", targets.version, &targets.sha256);
        let chosen = |id: &str| only.is_none_or(|only| only.contains(&id));
        for (id, held) in state.authorities.iter().filter(|(id, _)| chosen(id)) {
            if let Some(kept) = &held.role {
                role(id, kept.version, &kept.sha256);
            }
        }
        let mut target = |name: &str, sha256: &str| {
            files.insert(format!("targets/{}", target_file(sha256, name)), sha256.to_owned());
        };
        target(crate::authority::TARGET, list);
        for (id, held) in state.authorities.iter().filter(|(id, _)| chosen(id)) {
            let Some(held) = &held.edition else { continue };
            let damaged = || ClientError::Damaged { authority: id.clone(), what: "the manifest".to_owned() };
            let manifest = edition::manifest(&self.store, held)?.ok_or_else(damaged)?;
            for sha256 in Chain::load(&self.store, held)?.kept_manifests() {
                if sha256 == held.sha256 || self.store.get(&sha256)?.is_some() {
                    target(&name::target(id, manifest::NAME), &sha256);
                }
            }
            for part in &manifest.parts {
                target(&name::target(id, &part.name), &part.sha256);
            }
        }
        Ok(files)
    }
}
