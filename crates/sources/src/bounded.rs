//! Opening official files, plain or compressed, without trusting their size.
//!
//! [`Source`] is told apart by the first bytes of its content (gzip, zstd), never by its name. Whatever it unpacks to is
//! counted: past [`Limits::bytes`] the read fails, and past [`Limits::record`] between two calls of [`Source::next_record`]
//! as well, so that a parser which keeps one record in memory keeps at most that much.

use crate::ImportError;
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;
use tidewaiter::record::edition::OfficialFile;

/// How much a file may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of one file, unpacked.
    pub bytes: u64,
    /// Most bytes of one record, unpacked.
    pub record: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 4 << 30, record: 4 << 20 }
    }
}

#[derive(Debug, Default)]
struct Counters {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
    since_record: Cell<u64>,
    over: Cell<Option<Over>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    File,
    Record,
}

/// A file being read: unpacked, counted and hashed on the way.
#[derive(Debug)]
pub struct Source {
    name: String,
    limits: Limits,
    counters: Rc<Counters>,
    hash: Rc<std::cell::RefCell<Sha256>>,
    inner: BufReader<Box<dyn Unpack>>,
}

trait Unpack: Read + std::fmt::Debug {}
impl<T: Read + std::fmt::Debug> Unpack for T {}

/// The packed bytes, counted and hashed.
struct Packed {
    inner: Box<dyn Read>,
    counters: Rc<Counters>,
    hash: Rc<std::cell::RefCell<Sha256>>,
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packed").finish_non_exhaustive()
    }
}

impl Read for Packed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.hash.borrow_mut().update(&buffer[..n]);
        self.counters.packed.set(self.counters.packed.get() + n as u64);
        Ok(n)
    }
}

struct Zstd(zstd::stream::read::Decoder<'static, BufReader<io::Chain<io::Cursor<Vec<u8>>, Packed>>>);

impl std::fmt::Debug for Zstd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Zstd").finish_non_exhaustive()
    }
}

impl Read for Zstd {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    /// Where the file cannot be opened or its first bytes cannot be read.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, ImportError> {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        let file = File::open(path).map_err(|error| ImportError::Read { file: path.display().to_string(), error })?;
        Self::new(&name, file, limits)
    }

    /// Reads from anything.
    ///
    /// # Errors
    /// Where the first bytes cannot be read.
    pub fn new(name: &str, reader: impl Read + 'static, limits: Limits) -> Result<Self, ImportError> {
        let fail = |error| ImportError::Read { file: name.to_owned(), error };
        let counters = Rc::new(Counters::default());
        let hash = Rc::new(std::cell::RefCell::new(Sha256::new()));
        let mut packed = Packed { inner: Box::new(reader), counters: Rc::clone(&counters), hash: Rc::clone(&hash) };
        let mut head = Vec::with_capacity(4);
        (&mut packed).take(4).read_to_end(&mut head).map_err(fail)?;
        let kind = head.clone();
        let whole = io::Cursor::new(head).chain(packed);
        let inner: Box<dyn Unpack> = if kind.starts_with(&[0x1f, 0x8b]) {
            Box::new(flate2::read::MultiGzDecoder::new(whole))
        } else if kind.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Box::new(Zstd(zstd::stream::read::Decoder::new(whole).map_err(fail)?))
        } else {
            Box::new(whole)
        };
        Ok(Self { name: name.to_owned(), limits, counters, hash, inner: BufReader::with_capacity(1 << 16, inner) })
    }

    /// The first bytes, unpacked, which are read again after; at most so many.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub(crate) fn first_bytes(&mut self, most: u64) -> Result<Vec<u8>, ImportError> {
        let mut inner = std::mem::replace(&mut self.inner, BufReader::new(Box::new(io::empty())));
        let mut first = Vec::new();
        let read = (&mut inner).take(most).read_to_end(&mut first);
        let whole: Box<dyn Unpack> = Box::new(io::Cursor::new(first.clone()).chain(inner));
        self.inner = BufReader::with_capacity(1 << 16, whole);
        read.map(|_| first).map_err(|error| self.meter().explain(error))
    }

    /// Name of the file, without a folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Says that a record is done and the next begins.
    pub fn next_record(&mut self) {
        self.counters.since_record.set(0);
    }

    /// A handle that says so from where the reader itself cannot be reached.
    pub fn meter(&self) -> Meter {
        Meter { name: self.name.clone(), limits: self.limits, counters: Rc::clone(&self.counters) }
    }

    /// Bytes read from disk so far.
    pub fn packed_bytes(&self) -> u64 {
        self.counters.packed.get()
    }

    /// The file's name, size and hash. Reads what is left of it first, so that the hash is of the whole file.
    ///
    /// # Errors
    /// Where the rest cannot be read.
    pub fn finish(mut self) -> Result<OfficialFile, ImportError> {
        let mut rest = [0u8; 1 << 13];
        loop {
            self.counters.since_record.set(0);
            match self.read(&mut rest) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => return Err(self.explain(error)),
            }
        }
        let sha256 = self.sha256().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(OfficialFile { name: self.name, bytes: self.counters.packed.get(), sha256 })
    }

    /// SHA-256 of the bytes read from disk so far: of the file, once it is read to its end.
    pub fn sha256(&self) -> [u8; 32] {
        self.hash.borrow().clone().finalize().into()
    }

    /// Turns an error of reading into one that says which limit was passed.
    pub fn explain(&self, error: io::Error) -> ImportError {
        explain(&self.name, self.limits, self.counters.over.get(), error)
    }

    fn count(&self, n: usize) -> io::Result<()> {
        let n = n as u64;
        let c = &self.counters;
        c.unpacked.set(c.unpacked.get() + n);
        c.since_record.set(c.since_record.get() + n);
        let over = if c.unpacked.get() > self.limits.bytes {
            Over::File
        } else if c.since_record.get() > self.limits.record {
            Over::Record
        } else {
            return Ok(());
        };
        c.over.set(Some(over));
        Err(io::Error::new(io::ErrorKind::InvalidData, "over the limit"))
    }
}

fn explain(name: &str, limits: Limits, over: Option<Over>, error: io::Error) -> ImportError {
    let file = name.to_owned();
    match over {
        Some(Over::File) => ImportError::TooLarge {
            file,
            what: "its size in bytes, unpacked,",
            limit: limits.bytes,
            hint: "check that it is the file you meant, or raise the limit",
        },
        Some(Over::Record) => ImportError::TooLarge {
            file,
            what: "the size of one record in bytes",
            limit: limits.record,
            hint: "the file is damaged or not of this format",
        },
        None => ImportError::Read { file, error },
    }
}

/// Tells a [`Source`] that a record is done, while a parser holds the source.
#[derive(Debug, Clone)]
pub struct Meter {
    name: String,
    limits: Limits,
    counters: Rc<Counters>,
}

impl Meter {
    /// Says that a record is done and the next begins.
    pub fn next_record(&self) {
        self.counters.since_record.set(0);
    }

    /// Bytes read from disk so far, for a progress bar.
    pub fn packed_bytes(&self) -> u64 {
        self.counters.packed.get()
    }

    /// Turns an error of reading into one that says which limit was passed.
    pub fn explain(&self, error: io::Error) -> ImportError {
        explain(&self.name, self.limits, self.counters.over.get(), error)
    }

    /// Turns an error of reading CSV into one that says which limit was passed, or why it is no CSV.
    pub fn explain_csv(&self, error: csv::Error) -> ImportError {
        let said = error.to_string();
        match error.into_kind() {
            csv::ErrorKind::Io(error) => self.explain(error),
            _ => {
                let reason = format!("it is not CSV text in UTF-8: {said}");
                ImportError::NotThisFormat { file: self.name.clone(), reason }
            }
        }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count(n)?;
        Ok(n)
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.counters.over.get().is_some() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "over the limit"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.inner.consume(n);
        // The limit shows at the next fill.
        let _ = self.count(n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn plain_and_packed_read_the_same() {
        let text = b"code,rate\n0101,5 %\n";
        for bytes in [text.to_vec(), gz(text), zstd::encode_all(&text[..], 1).unwrap()] {
            let packed = bytes.len() as u64;
            let mut source = Source::new("a", io::Cursor::new(bytes), Limits::default()).unwrap();
            let mut out = String::new();
            source.read_to_string(&mut out).unwrap();
            assert_eq!(out.as_bytes(), text);
            assert_eq!(source.finish().unwrap().bytes, packed);
        }
    }

    #[test]
    fn the_hash_is_of_the_whole_file_on_disk() {
        let source = Source::new("a", io::Cursor::new(b"abc".to_vec()), Limits::default()).unwrap();
        let file = source.finish().unwrap();
        assert_eq!(file.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = gz(&vec![b'a'; 1 << 20]);
        let limits = Limits { bytes: 1 << 16, record: 1 << 20 };
        let mut source = Source::new("bomb.gz", io::Cursor::new(bomb), limits).unwrap();
        let error = io::copy(&mut source, &mut io::sink()).unwrap_err();
        let said = source.explain(error).to_string();
        assert!(said.contains("bomb.gz") && said.contains("65536"), "{said}");
    }

    #[test]
    fn a_record_may_not_grow_without_end() {
        let limits = Limits { bytes: 1 << 20, record: 1 << 10 };
        let mut source = Source::new("long", io::Cursor::new(vec![b'a'; 1 << 18]), limits).unwrap();
        let mut line = Vec::new();
        let error = source.read_until(b'\n', &mut line).unwrap_err();
        assert!(line.len() < 1 << 17, "at most a buffer past the limit");
        assert!(source.explain(error).to_string().contains("one record"));
    }
}
