//! The ratebook: everything known at a moment, compiled into read-only tables.
//!
//! [`Ratebook::from_static`] opens embedded bytes and [`Ratebook::open`] maps a file; both check structure once, so
//! that every later look-up stays in bounds whatever the bytes are. Nothing is decoded: tables are used where they lie.
//! A newer file takes an older one's place with [`Current::replace`], while quotes under way keep the one they began with.

pub mod compile;
mod describe;
pub(crate) mod layout;
mod map;
pub(crate) mod numbers;
mod slice;
mod validate;

pub use describe::*;
pub use slice::{DataDays, SliceError, SliceView};

use layout::{
    EditionRow, FIRST_OPTIONAL, HeaderRow, MAGIC, NONE, ProgramRow, Run, SectionRow, Tables, TariffRow, VERSION,
};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, OnceLock, RwLock};
use zerocopy::FromBytes;
use zerocopy::little_endian::U32;

/// Why bytes are not a ratebook.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RatebookError {
    /// The file could not be read.
    #[error("cannot read the ratebook: {0}")]
    Io(#[from] std::io::Error),
    /// Not a ratebook at all.
    #[error("this is not a ratebook: {0}")]
    Format(&'static str),
    /// Another version of the format.
    #[error(
        "the ratebook has format version {found}; this program reads version {VERSION}: update the program or build the ratebook again"
    )]
    Version {
        /// What the file says.
        found: u32,
    },
    /// A table refers outside itself or makes no sense.
    #[error("the ratebook is damaged: {table} row {row}: {what}")]
    Damaged {
        /// Which table.
        table: &'static str,
        /// Which row.
        row: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// A section's bytes are not those that were written.
    #[error("the ratebook is damaged: section {0} does not have the hash that the header gives")]
    Hash(u32),
}

/// A read-only set of rates and rules. Share it between threads freely.
pub struct Ratebook {
    bytes: map::Bytes,
    fingerprint: OnceLock<String>,
}

impl fmt::Debug for Ratebook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ratebook").field("bytes", &self.bytes.as_slice().len()).finish()
    }
}

impl Ratebook {
    /// Opens embedded bytes.
    ///
    /// # Errors
    /// [`RatebookError`] if they are no ratebook or are damaged.
    pub fn from_static(bytes: &'static [u8]) -> Result<Self, RatebookError> {
        Self::checked(map::Bytes::Static(bytes))
    }

    /// Opens bytes in memory.
    ///
    /// # Errors
    /// [`RatebookError`] if they are no ratebook or are damaged.
    pub fn from_vec(bytes: Vec<u8>) -> Result<Self, RatebookError> {
        Self::checked(map::Bytes::Owned(bytes))
    }

    /// Maps a file into memory. The rules are checked now; tariff measures are checked as they are used, so that opening
    /// takes microseconds however large the file is. [`Ratebook::verify`] reads every byte.
    ///
    /// The file must not be changed in place while it is open: write a new one and rename it, as [`write_file`] does.
    ///
    /// # Errors
    /// [`RatebookError`] if it cannot be read, is no ratebook or is damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, RatebookError> {
        Self::checked(map::Bytes::map(path.as_ref())?)
    }

    /// Reads a file into memory of its own, in large pages where the system has them: nothing done to the file afterwards
    /// matters, and no question waits for the disk. It takes the size of the file in memory. On the machine of
    /// `docs/performance.md` questions cost the same as over a mapped file that is in memory already.
    ///
    /// ```no_run
    /// let ratebook = tidewaiter::Ratebook::load("world.twrb")?;
    /// # Ok::<(), tidewaiter::ratebook::RatebookError>(())
    /// ```
    ///
    /// # Errors
    /// [`RatebookError`] if it cannot be read, is no ratebook or is damaged.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, RatebookError> {
        Self::checked(map::Bytes::read(path.as_ref())?)
    }

    fn checked(bytes: map::Bytes) -> Result<Self, RatebookError> {
        let this = Self { bytes, fingerprint: OnceLock::new() };
        let tables = this.try_tables()?;
        validate::validate(&tables)?;
        Ok(this)
    }

    fn sections(&self) -> Result<&[SectionRow], RatebookError> {
        let bytes = self.bytes.as_slice();
        let (header, rest) = HeaderRow::ref_from_prefix(bytes).map_err(|_| RatebookError::Format("it is too short"))?;
        if header.magic != MAGIC {
            return Err(RatebookError::Format("it does not begin with the right letters"));
        }
        if header.version.get() != VERSION {
            return Err(RatebookError::Version { found: header.version.get() });
        }
        if header.bytes.get() != bytes.len() as u64 {
            return Err(RatebookError::Format("it is cut short, or has bytes after its end"));
        }
        let count = header.sections.get() as usize;
        if count > 64 {
            return Err(RatebookError::Format("it has too many sections"));
        }
        let (rows, _) = <[SectionRow]>::ref_from_prefix_with_elems(rest, count)
            .map_err(|_| RatebookError::Format("its section table is cut short"))?;
        Ok(rows)
    }

    fn section_bytes(&self, row: &SectionRow) -> Result<&[u8], RatebookError> {
        let bytes = self.bytes.as_slice();
        let start =
            usize::try_from(row.offset.get()).map_err(|_| RatebookError::Format("a section lies outside it"))?;
        let len = usize::try_from(row.bytes.get()).map_err(|_| RatebookError::Format("a section lies outside it"))?;
        let end = start.checked_add(len).ok_or(RatebookError::Format("a section lies outside it"))?;
        bytes.get(start..end).ok_or(RatebookError::Format("a section lies outside it"))
    }

    fn try_tables(&self) -> Result<Tables<'_>, RatebookError> {
        let rows = self.sections()?;
        Tables::cast(
            |id, row| {
                let section = match rows.iter().find(|s| s.id.get() == id) {
                    Some(section) => section,
                    None if id >= FIRST_OPTIONAL => return Ok(&[]),
                    None => return Err(RatebookError::Format("a section is missing")),
                };
                if section.row.get() as usize != row {
                    return Err(RatebookError::Format("a section has rows of another size"));
                }
                self.section_bytes(section)
            },
            |_| RatebookError::Format("a section is not a whole number of rows"),
        )
    }

    /// All tables. The casts were checked when the ratebook was opened.
    pub(crate) fn tables(&self) -> Tables<'_> {
        self.try_tables().unwrap_or(Tables::EMPTY)
    }

    /// Reads every byte and compares each section with the hash written for it.
    ///
    /// Cost: about a second for each two gigabytes.
    ///
    /// # Errors
    /// [`RatebookError::Hash`] naming the first section that differs.
    pub fn verify(&self) -> Result<(), RatebookError> {
        for row in self.sections()? {
            let hash: [u8; 32] = Sha256::digest(self.section_bytes(row)?).into();
            if hash != row.sha256 {
                return Err(RatebookError::Hash(row.id.get()));
            }
        }
        validate::validate_measures(&self.tables())
    }

    /// SHA-256 over the section table, which holds the hash of every section: the identity of this ratebook.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| hex(&self.digest()))
    }

    /// The fingerprint as bytes.
    fn digest(&self) -> [u8; 32] {
        use zerocopy::IntoBytes;
        self.sections().map(|rows| Sha256::digest(rows.as_bytes())).unwrap_or_default().into()
    }

    /// Size in bytes.
    pub fn size(&self) -> usize {
        self.bytes.as_slice().len()
    }

    /// Section ids, row sizes and sizes in bytes, for inspection.
    pub fn section_sizes(&self) -> Vec<(u32, u32, u64)> {
        self.sections()
            .map(|rows| rows.iter().map(|s| (s.id.get(), s.row.get(), s.bytes.get())).collect())
            .unwrap_or_default()
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from(if four < 10 { b'0' + four } else { b'a' + four - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Writes a ratebook so that a reader sees the old file or the new one, never a part: to a temporary file beside it,
/// flushed to disk, then renamed.
///
/// # Errors
/// Any [`std::io::Error`]; the old file is then untouched.
pub fn write_file(path: impl AsRef<Path>, bytes: &[u8]) -> std::io::Result<()> {
    let path = path.as_ref();
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = (|| {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, path)
    })();
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

/// The ratebook in use, replaceable while others read.
///
/// ```
/// # use tidewaiter::ratebook::{Current, Ratebook, compile};
/// # let bytes = compile::compile(&compile::World::default(), &[]).unwrap();
/// let current = Current::new(Ratebook::from_vec(bytes.clone())?);
/// let mine = current.get();
/// current.replace(Ratebook::from_vec(bytes)?);
/// assert_eq!(mine.fingerprint(), current.get().fingerprint());
/// # Ok::<(), tidewaiter::ratebook::RatebookError>(())
/// ```
#[derive(Debug)]
pub struct Current(RwLock<Arc<Ratebook>>);

impl Current {
    /// Starts with a ratebook.
    pub fn new(ratebook: Ratebook) -> Self {
        Self(RwLock::new(Arc::new(ratebook)))
    }

    /// The one in use now. Hold it for as long as one answer takes.
    pub fn get(&self) -> Arc<Ratebook> {
        Arc::clone(&self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Puts another in its place and returns the old one.
    pub fn replace(&self, ratebook: Ratebook) -> Arc<Ratebook> {
        let mut slot = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::replace(&mut slot, Arc::new(ratebook))
    }
}

impl<'a> Tables<'a> {
    /// What stands for tables that cannot be cast; unreachable after a successful open.
    const EMPTY: Tables<'static> = Tables {
        strings: &[],
        texts: &[],
        currencies: &[],
        territories: &[],
        members: &[],
        programs: &[],
        charges: &[],
        rungs: &[],
        nodes: &[],
        kids: &[],
        arms: &[],
        slices: &[],
        codes: &[],
        sets: &[],
        set_dir: &[],
        facts: &[],
        waivers: &[],
        asks: &[],
        disputes: &[],
        readings: &[],
        schemes: &[],
        bounds: &[],
        editions: &[],
        series: &[],
        rates: &[],
        pegs: &[],
        headings: &[],
        subs: &[],
        tariffs: &[],
        offsets: &[],
        measures: &[],
        measure_notes: &[],
        claim_dir: &[],
        claims: &[],
        roots: &[],
        moved: &[],
        order: &[],
        areas: &[],
        masks: &[],
        sliced: &[],
        left_out: &[],
        postcodes: &[],
    };

    /// The text of an id; empty for [`NONE`].
    pub(crate) fn text(&self, id: u32) -> &'a str {
        std::str::from_utf8(self.text_bytes(id)).unwrap_or_default()
    }

    /// The text of an id, or nothing.
    pub(crate) fn maybe(&self, id: U32) -> Option<&'a str> {
        (id.get() != NONE).then(|| self.text(id.get()))
    }

    /// The bytes of a text.
    pub(crate) fn text_bytes(&self, id: u32) -> &'a [u8] {
        let Some(row) = self.texts.get(id as usize) else { return &[] };
        let start = row.offset.get() as usize;
        start.checked_add(row.len.get() as usize).and_then(|end| self.strings.get(start..end)).unwrap_or_default()
    }

    /// The id of a text, if any row uses it.
    pub(crate) fn text_id(&self, text: &str) -> Option<u32> {
        let at = self.order.partition_point(|id| self.text_bytes(id.get()) < text.as_bytes());
        self.order.get(at).map(|id| id.get()).filter(|&id| self.text_bytes(id) == text.as_bytes())
    }

    /// Territory by code.
    pub(crate) fn territory(&self, code: &str) -> Option<u16> {
        let id = self.text_id(code)?;
        self.territories.iter().position(|t| t.code.get() == id).map(|i| i as u16)
    }

    /// Code of a territory.
    pub(crate) fn territory_code(&self, id: u16) -> &'a str {
        self.territories.get(usize::from(id)).map_or("", |t| self.text(t.code.get()))
    }

    /// Currency by code.
    pub(crate) fn currency(&self, code: &str) -> Option<u16> {
        self.currencies.iter().position(|c| c.code == *code.as_bytes()).map(|i| i as u16)
    }

    /// Code of a currency.
    pub(crate) fn currency_code(&self, id: u16) -> &'a str {
        self.currencies.get(usize::from(id)).and_then(|c| std::str::from_utf8(&c.code).ok()).unwrap_or("XXX")
    }

    /// Minor digits of a currency.
    pub(crate) fn minor(&self, id: u16) -> u8 {
        self.currencies.get(usize::from(id)).map_or(2, |c| c.minor)
    }
}

/// The law of a day, as published by another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) day: i32,
    pub(crate) known: i32,
}

impl Moment {
    /// Everything published, on a day.
    pub(crate) const fn latest(day: i32) -> Self {
        Self { day, known: i32::MAX - 1 }
    }
}

impl Moment {
    /// Whether something had been published. What is made of the revisions of some years was, for each day of those years,
    /// by that day.
    #[inline]
    pub(crate) const fn knows(self, known_from: i32, history_from: i32) -> bool {
        known_from <= self.known || (history_from <= self.day && self.day <= self.known)
    }
}

impl TariffRow {
    /// Whether it had been published.
    #[inline]
    pub(crate) const fn is_known(&self, moment: Moment) -> bool {
        moment.knows(self.known_from.get(), self.history_from.get())
    }

    /// Whether each code that exists has a duty in it on that day.
    #[inline]
    pub(crate) const fn is_complete(&self, day: i32) -> bool {
        self.complete_from.get() <= day
    }
}

/// Where the tariffs of one authority are, in an entry of [`ProgramRow::tariffs`]: first row, number of rows, first day, first
/// day no longer.
pub(crate) fn tariffs_at(entry: &[U32]) -> Run {
    match entry {
        [start, len, ..] => Run { start: *start, len: *len },
        _ => Run { start: U32::new(0), len: U32::new(0) },
    }
}

/// The tariffs that a program uses on a day, published by then or not: its own, and its unions' while it is a member.
pub(crate) fn tariffs_of<'a>(
    t: &Tables<'a>,
    program: &ProgramRow,
    day: i32,
) -> impl Iterator<Item = &'a TariffRow> + use<'a> {
    let tariffs = t.tariffs;
    let in_force = move |entry: &&[U32]| matches!(entry, [.., from, before] if from.get().cast_signed() <= day && day < before.get().cast_signed());
    let listed = rows(t.kids, program.tariffs).chunks_exact(4).filter(in_force);
    listed.flat_map(move |entry| rows(tariffs, tariffs_at(entry)))
}

/// Of [`tariffs_of`], those that had been published.
pub(crate) fn tariffs_in_force<'a>(
    t: &Tables<'a>,
    program: &ProgramRow,
    moment: Moment,
) -> impl Iterator<Item = &'a TariffRow> + use<'a> {
    tariffs_of(t, program, moment.day).filter(move |tariff| tariff.is_known(moment))
}

/// The editions that a program rests on: its own and its unions', and those of the exchange-rate series that were used.
pub(crate) fn editions_of<'a, S: Iterator<Item = usize>>(
    t: &Tables<'a>,
    program: &ProgramRow,
    series: S,
) -> impl Iterator<Item = &'a EditionRow> + use<'a, S> {
    let (editions, all_series) = (t.editions, t.series);
    let of_series = series.filter_map(move |at| all_series.get(at)).map(|series| series.edition.get());
    let own = rows(t.kids, program.editions).iter().map(|id| id.get());
    own.chain(of_series).filter_map(move |at| editions.get(at as usize))
}

/// The rows of a run; empty if it lies outside.
#[inline]
pub(crate) fn rows<T>(section: &[T], run: Run) -> &[T] {
    let start = run.start.get() as usize;
    start.checked_add(run.len.get() as usize).and_then(|end| section.get(start..end)).unwrap_or(&[])
}
