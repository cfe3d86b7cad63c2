//! The ZIP archives in which the UK hands out its extracts, read as a stream. They hold one file, whatever their name says.
//!
//! The directory at the end of an archive is not needed: the one file stands at its beginning, and deflated data says
//! itself where it ends. Its checksum is verified.

use crate::Source;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// Most bytes of a name and of extra fields in an archive.
const MAX_HEAD: usize = 4096;

/// The bytes of a file, plain or out of its archive.
#[derive(Debug)]
pub(super) enum Input {
    Plain(Source),
    Zip(Box<Zip>),
}

/// A file inside an archive.
#[derive(Debug)]
pub(super) struct Zip {
    inner: BufReader<Checked>,
    /// Checksum in the head; absent where it follows the data.
    expected: Option<u32>,
}

#[derive(Debug)]
struct Checked {
    inner: Packing,
    sum: Crc,
}

#[derive(Debug)]
enum Packing {
    Deflated(DeflateDecoder<Source>),
    Stored(io::Take<Source>),
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = match &mut self.inner {
            Packing::Deflated(inner) => inner.read(buffer)?,
            Packing::Stored(inner) => inner.read(buffer)?,
        };
        self.sum.update(&buffer[..n]);
        Ok(n)
    }
}

impl Input {
    pub(super) fn open(mut source: Source) -> io::Result<Self> {
        if !source.fill_buf()?.starts_with(b"PK\x03\x04") {
            return Ok(Self::Plain(source));
        }
        let mut head = [0u8; 30];
        source.read_exact(&mut head)?;
        let two = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let four = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (flags, method, size) = (two(6), two(8), four(18));
        let rest = usize::from(two(26)) + usize::from(two(28));
        if flags & 1 != 0 {
            return Err(bad("the archive is encrypted; unpack it first"));
        }
        if rest > MAX_HEAD {
            return Err(bad("the head of the archive is too long"));
        }
        let mut skipped = vec![0u8; rest];
        source.read_exact(&mut skipped)?;
        let later = flags & 8 != 0;
        let inner = match method {
            8 => Packing::Deflated(DeflateDecoder::new(source)),
            0 if !later => Packing::Stored(source.take(u64::from(size))),
            _ => return Err(bad("the archive is packed in a way that is not read; unpack it first")),
        };
        let expected = (!later).then(|| four(14));
        Ok(Self::Zip(Box::new(Zip {
            inner: BufReader::with_capacity(1 << 16, Checked { inner, sum: Crc::new() }),
            expected,
        })))
    }

    /// Gives the file back: the data must have been read to its end, must have the checksum, and no second file may follow.
    pub(super) fn close(self) -> io::Result<Source> {
        let mut zip = match self {
            Self::Plain(source) => return Ok(source),
            Self::Zip(zip) => zip,
        };
        io::copy(&mut zip.inner, &mut io::sink())?;
        let Checked { inner, sum } = zip.inner.into_inner();
        let mut source = match inner {
            Packing::Deflated(inner) => inner.into_inner(),
            Packing::Stored(inner) => inner.into_inner(),
        };
        let mut tail = Vec::new();
        (&mut source).take(28).read_to_end(&mut tail)?;
        let mut tail = tail.as_slice();
        let expected = match zip.expected {
            Some(expected) => expected,
            None => {
                tail = tail.strip_prefix(b"PK\x07\x08").unwrap_or(tail);
                let Some((sum, after)) = tail.split_first_chunk::<4>() else {
                    return Err(bad("the archive is cut off"));
                };
                // Two sizes follow, of four bytes each, or of eight.
                let sizes = if after.get(8..).is_some_and(|next| next.starts_with(b"PK")) { 8 } else { 16 };
                tail = after.get(sizes..).unwrap_or_default();
                u32::from_le_bytes(*sum)
            }
        };
        if expected != sum.sum() {
            return Err(bad("the checksum of the file in the archive is wrong; fetch it again"));
        }
        if tail.starts_with(b"PK\x03\x04") {
            return Err(bad("the archive holds more than one file; give each by itself"));
        }
        if !tail.starts_with(b"PK\x01\x02") {
            return Err(bad("the archive is cut off"));
        }
        Ok(source)
    }
}

fn bad(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(inner) => inner.read(buffer),
            Self::Zip(zip) => zip.inner.read(buffer),
        }
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(inner) => inner.fill_buf(),
            Self::Zip(zip) => zip.inner.fill_buf(),
        }
    }

    fn consume(&mut self, n: usize) {
        match self {
            Self::Plain(inner) => inner.consume(n),
            Self::Zip(zip) => zip.inner.consume(n),
        }
    }
}
