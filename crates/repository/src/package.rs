//! An edition that can be carried: manifest, signed role and the parts that are new, in one ZIP file. An authority makes it
//! on a machine without a network, officers sign it there, and anybody may bring it to the repository.

use crate::manifest::{MOST_BYTES, MOST_PART_BYTES, Manifest, ManifestError};
use crate::metadata::{self, MetadataError};
use crate::{name, sha256_hex};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use tough::schema::{Signed, Targets};
use zip::write::SimpleFileOptions;

/// Most bytes of a package.
pub const MOST_PACKAGE_BYTES: u64 = 1 << 30;
const MANIFEST: &str = "edition.json";
const ROLE: &str = "role.json";
const PARTS: &str = "parts/";

/// An edition on its way: signed by none, some or enough of its officers.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// The manifest.
    pub manifest: Manifest,
    /// Its bytes, whose SHA-256 is the edition's name.
    pub manifest_bytes: Vec<u8>,
    /// The authority's role with the signatures so far.
    pub role: Signed<Targets>,
    /// Parts by SHA-256, as stored; those the repository already has may be left out.
    pub parts: BTreeMap<String, Vec<u8>>,
}

/// Why a file is no package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// It cannot be read or written.
    #[error("the package cannot be read or written: {0}")]
    File(String),
    /// Something in it should not be there, is there twice, or is missing.
    #[error("the package is wrong: {0}")]
    Wrong(String),
    /// Its manifest is none.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Its role is none.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
}

impl Package {
    /// Name of the edition.
    pub fn hash(&self) -> String {
        sha256_hex(&self.manifest_bytes)
    }

    /// Whether bytes are a ZIP file that begins as a package does; whether it is a good one is told by [`Self::from_bytes`].
    pub fn is_one(bytes: &[u8]) -> bool {
        zip::ZipArchive::new(Cursor::new(bytes)).is_ok_and(|zip| zip.index_for_name(MANIFEST).is_some())
    }

    /// Whether the role says what the manifest says, and nothing more: its targets are the manifest and its parts.
    ///
    /// # Errors
    /// [`PackageError::Wrong`] where they differ.
    pub fn check(&self) -> Result<(), PackageError> {
        self.manifest.check()?;
        let wrong = |what: &str| Err(PackageError::Wrong(what.into()));
        let same = Manifest::from_bytes(&self.manifest_bytes)? == self.manifest;
        if !same {
            return wrong("its manifest is not the one it names");
        }
        let role = &self.role.signed;
        let expected = metadata::authority(role.version.get(), role.expires, &self.manifest_bytes, &self.manifest)?;
        if role.targets != expected.targets || role.delegations.is_some() {
            return wrong("the signed role does not name exactly the manifest and its parts");
        }
        for (sha256, bytes) in &self.parts {
            let Some(part) = self.manifest.parts.iter().find(|p| p.sha256 == *sha256) else {
                return wrong("it holds a part that its manifest does not name");
            };
            if sha256_hex(bytes) != *sha256 || bytes.len() as u64 != part.bytes {
                return Err(PackageError::Wrong(format!("part {} is not the one that its manifest names", part.name)));
            }
        }
        Ok(())
    }

    /// The package as a ZIP file: the same package gives the same bytes.
    ///
    /// # Errors
    /// [`PackageError`] where it cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PackageError> {
        let told = |e: &dyn std::fmt::Display| PackageError::File(e.to_string());
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let plain = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        let role = metadata::to_bytes(&self.role)?;
        let parts = self.parts.iter().map(|(sha256, bytes)| (format!("{PARTS}{sha256}"), bytes));
        let files = [(MANIFEST.to_owned(), &self.manifest_bytes), (ROLE.to_owned(), &role)];
        for (name, bytes) in files.into_iter().chain(parts) {
            zip.start_file(name, plain).map_err(|e| told(&e))?;
            zip.write_all(bytes).map_err(|e| told(&e))?;
        }
        zip.finish().map(Cursor::into_inner).map_err(|e| told(&e))
    }

    /// Reads a package and checks it.
    ///
    /// # Errors
    /// [`PackageError`] where the bytes are none, or it contradicts itself.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PackageError> {
        let told = |e: &dyn std::fmt::Display| PackageError::File(e.to_string());
        if bytes.len() as u64 > MOST_PACKAGE_BYTES {
            return Err(PackageError::File(format!("it is larger than {MOST_PACKAGE_BYTES} bytes")));
        }
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| told(&e))?;
        let (mut manifest, mut role, mut parts) = (None, None, BTreeMap::new());
        let mut left = MOST_PACKAGE_BYTES;
        for at in 0..zip.len() {
            let file = zip.by_index(at).map_err(|e| told(&e))?;
            let name = file.name().map_err(|e| told(&e))?.to_string();
            let most = match name.as_str() {
                MANIFEST => MOST_BYTES,
                ROLE => 2 * MOST_BYTES,
                _ => MOST_PART_BYTES,
            }
            .min(left);
            let mut content = Vec::new();
            file.take(most + 1).read_to_end(&mut content).map_err(|e| told(&e))?;
            if content.len() as u64 > most {
                return Err(PackageError::Wrong(format!("{} is too large", name.escape_debug())));
            }
            left -= content.len() as u64;
            let twice = match (name.as_str(), name.strip_prefix(PARTS)) {
                (MANIFEST, _) => manifest.replace(content).is_some(),
                (ROLE, _) => role.replace(content).is_some(),
                (_, Some(sha256)) if name::is_hash(sha256) => parts.insert(sha256.to_owned(), content).is_some(),
                _ => return Err(PackageError::Wrong(format!("it holds \"{}\"", name.escape_debug()))),
            };
            if twice {
                return Err(PackageError::Wrong(format!("it holds {} twice", name.escape_debug())));
            }
        }
        let lacks = |what: &str| PackageError::Wrong(format!("it holds no {what}"));
        let manifest_bytes = manifest.ok_or_else(|| lacks(MANIFEST))?;
        let package = Self {
            manifest: Manifest::from_bytes(&manifest_bytes)?,
            role: metadata::from_bytes(&role.ok_or_else(|| lacks(ROLE))?)?,
            manifest_bytes,
            parts,
        };
        package.check()?;
        Ok(package)
    }
}
