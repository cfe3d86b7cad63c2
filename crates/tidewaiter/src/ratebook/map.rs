//! The one place with `unsafe`: mapping a file into memory.
//!
//! Safety: the map is read-only and private. The operating system could change the bytes under us if another program
//! wrote into the file in place. Two things contain that: [`super::write_file`] and every documented workflow replace
//! the file by renaming, which leaves the mapped one as it was; and no code trusts an index read from the map without
//! checking it against the length of the table it points into, so changed bytes give a wrong answer or an error, never
//! a read outside the map. Truncating a mapped file in place makes the operating system end the program (SIGBUS); do
//! not.
#![allow(unsafe_code)]

use std::path::Path;

/// Bytes of a ratebook, wherever they live.
pub(crate) enum Bytes {
    Static(&'static [u8]),
    Owned(Vec<u8>),
    Mapped(memmap2::Mmap),
}

impl Bytes {
    pub(crate) fn map(path: &Path) -> std::io::Result<Self> {
        let file = std::fs::File::open(path)?;
        if file.metadata()?.len() == 0 {
            return Ok(Self::Owned(Vec::new()));
        }
        // SAFETY: see the head of this file.
        let map = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Self::Mapped(map))
    }

    /// Reads a file into memory of its own, in large pages where the system has them.
    pub(crate) fn read(path: &Path) -> std::io::Result<Self> {
        use std::io::Read;
        let mut file = std::fs::File::open(path)?;
        let len = usize::try_from(file.metadata()?.len()).map_err(std::io::Error::other)?;
        if len == 0 {
            return Ok(Self::Owned(Vec::new()));
        }
        let mut map = memmap2::MmapOptions::new().len(len).map_anon()?;
        // Where it is refused, small pages give the same bytes.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        file.read_exact(&mut map)?;
        Ok(Self::Mapped(map.make_read_only()?))
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Owned(bytes) => bytes,
            Self::Mapped(map) => map,
        }
    }
}
