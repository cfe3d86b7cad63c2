//! The data folder as one packed file: each file's place and bytes, one after the other, in gzip.

use std::io::{self, Read, Write};
use std::path::Path;

/// What belongs to a data folder.
const PLACES: &[&str] =
    &["territories.toml", "currencies.toml", "hs.csv", "baskets.ndjson", "exchange", "economies", "lists", "tariffs"];
/// Largest folder, in bytes.
const MOST_BYTES: u64 = 1 << 28;

/// The files of a data folder by their place in it, sorted.
///
/// # Errors
/// Where a file cannot be read.
pub fn files(folder: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut all = Vec::new();
    for place in PLACES {
        let path = folder.join(place);
        if path.is_dir() {
            for entry in std::fs::read_dir(&path)? {
                let entry = entry?;
                if entry.file_type()?.is_file() {
                    let name = format!("{place}/{}", entry.file_name().to_string_lossy());
                    all.push((name, std::fs::read(entry.path())?));
                }
            }
        } else if path.is_file() {
            all.push(((*place).to_owned(), std::fs::read(&path)?));
        }
    }
    all.sort();
    Ok(all)
}

/// Packs files.
///
/// # Errors
/// Where a file is too large for its length to be written down.
pub fn pack(files: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            out.write_all(&u32::try_from(part.len()).map_err(io::Error::other)?.to_le_bytes())?;
            out.write_all(part)?;
        }
    }
    out.finish()
}

/// Unpacks what [`pack`] packed.
///
/// # Errors
/// Where the bytes are not that.
pub fn unpack(packed: &[u8]) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(packed).take(MOST_BYTES).read_to_end(&mut plain)?;
    let mut rest = plain.as_slice();
    let mut next = || -> io::Result<Option<Vec<u8>>> {
        let Some((length, after)) = rest.split_first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_le_bytes(*length) as usize;
        let part = after.get(..length).ok_or(io::ErrorKind::UnexpectedEof)?;
        rest = after.get(length..).unwrap_or_default();
        Ok(Some(part.to_vec()))
    };
    let mut files = Vec::new();
    while let Some(name) = next()? {
        let bytes = next()?.ok_or(io::ErrorKind::UnexpectedEof)?;
        files.push((String::from_utf8(name).map_err(io::Error::other)?, bytes));
    }
    Ok(files)
}
