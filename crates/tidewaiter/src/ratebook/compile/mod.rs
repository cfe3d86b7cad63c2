//! From records to a ratebook: resolves every name, checks every reference, lays out the tables.
//!
//! A member of a union gets the union's charges first, then its own, in one flat program; nothing is looked up across
//! files when a quote is computed. A file with a mistake is refused whole, with all its mistakes.

mod charge;
mod edition;
mod expression;
mod places;
mod program;
mod provenance;
mod rate;
mod reach;
mod tariff;
mod world;

pub use edition::EditionFile;
pub use tariff::PlainMeasure;

use super::layout::*;
use crate::decimal::{Decimal, RoundingMode};
use crate::goods::{CodeRange, GoodsCode};
use crate::record::edition::Area;
use crate::record::expression::{Amount, Cash, Condition, Per, Scope};
use crate::record::grammar::{self, Stage};
use crate::record::locate::locate;
use crate::record::world::{Currencies, SeriesFile, Territories, Territory};
use crate::record::{
    Bound, Charge, Dated, Economy, Measure, MeasureKind, Places, Policy, Rate, Rung, Status, Waiver, Written,
};
use crate::unit;
use expression::Place;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::rc::Rc;
use tariff::{Published, RawMeasure};
use zerocopy::little_endian::{I32, I128, U16, U32, U64};

/// Most economies, charges and rungs a ratebook may hold; keeps indexes small and hostile files cheap.
pub const MAX_ROWS: usize = 50_000_000;

/// The world's tables that every economy file leans on.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Territories and memberships.
    pub territories: Territories,
    /// Currencies.
    pub currencies: Currencies,
    /// Exchange-rate series and pegs.
    pub series: SeriesFile,
    /// CSV text of each series, by its file name.
    pub rates: BTreeMap<String, String>,
    /// Series that an authority publishes in editions, by key.
    pub published: BTreeMap<String, PublishedIn>,
    /// Codes that an edition of the Harmonized System no longer has, as CSV: `edition,code,newer,from,to`, where `to` holds
    /// six-digit codes with spaces between.
    pub moved: String,
}

/// An economy and the file it came from.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Name to show in messages.
    pub name: String,
    /// Its text, for line numbers and its hash.
    pub text: String,
    /// What it says.
    pub economy: Economy,
    /// The edition in which its authority published it; absent for a file that stands alone.
    pub published: Option<PublishedIn>,
}

/// The edition that a file is part of: quotes name it in place of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedIn {
    /// Who published it, for people.
    pub authority: String,
    /// Number of the edition.
    pub number: u32,
    /// The day from which what it says was known.
    pub known_from: Date,
    /// SHA-256 of its manifest.
    pub sha256: [u8; 32],
    /// How far it can be relied on.
    pub standing: Verified,
}

impl PublishedIn {
    /// A file that nobody published in an edition.
    fn alone(authority: &str, known_from: Date, sha256: [u8; 32]) -> Self {
        Self { authority: authority.to_owned(), number: 1, known_from, sha256, standing: Verified::default() }
    }
}

/// How far an edition can be relied on, when the ratebook is made: every quote that rests on it says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Why it may not be the newest any more, in a sentence.
    pub note: Option<String>,
    /// Last day for which it was known to be the newest; absent where nobody promised one.
    pub until: Option<Date>,
}

/// A mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// Where in its structure: `charge[1].rung[0].when`.
    pub path: String,
    /// Line, from 1; 0 when unknown.
    pub line: usize,
    /// Column, from 1; 0 when unknown.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": ")?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Reads one economy file.
///
/// # Errors
/// One [`Problem`] with line and column where the text is not TOML or not an economy file.
pub fn read_economy(name: &str, text: &str) -> Result<SourceFile, Problem> {
    const MAX_BYTES: usize = 64 << 20;
    let problem =
        |line, column, message: String| Problem { file: name.to_owned(), path: String::new(), line, column, message };
    if text.len() > MAX_BYTES {
        return Err(problem(0, 0, format!("the file is larger than {} MB", MAX_BYTES >> 20)));
    }
    if name.ends_with(".json") {
        return serde_json::from_str(text)
            .map(|economy| SourceFile { name: name.to_owned(), text: text.to_owned(), economy, published: None })
            .map_err(|e| problem(e.line(), e.column(), e.to_string()));
    }
    match toml::from_str::<Economy>(text) {
        Ok(economy) => Ok(SourceFile { name: name.to_owned(), text: text.to_owned(), economy, published: None }),
        Err(e) => {
            let (line, column) = e.span().map_or((0, 0), |span| crate::record::locate::line_column(text, span.start));
            Err(problem(line, column, e.message().to_owned()))
        }
    }
}

/// Compiles economies into the bytes of a ratebook.
///
/// # Errors
/// Every [`Problem`] found, sorted by file and line.
pub fn compile(world: &World, files: &[SourceFile]) -> Result<Vec<u8>, Vec<Problem>> {
    compile_with(world, files, &[])
}

/// Compiles economies and tariff editions into the bytes of a ratebook.
///
/// # Errors
/// Every [`Problem`] found, sorted by file and line.
pub fn compile_with<'w>(
    world: &'w World,
    files: impl IntoIterator<Item = &'w SourceFile>,
    editions: impl IntoIterator<Item = &'w EditionFile>,
) -> Result<Vec<u8>, Vec<Problem>> {
    let mut compiler = Compiler::new(world);
    for file in files {
        compiler.add(file);
    }
    for edition in editions {
        compiler.add_edition(edition);
    }
    compiler.finish()
}

/// Collects economies and lays out a ratebook.
pub struct Compiler<'w> {
    world: &'w World,
    draft: Draft,
    texts: HashMap<String, u32>,
    nodes: HashMap<[u8; 32], u32>,
    lists: HashMap<Vec<u32>, Run>,
    code_lists: HashMap<Vec<(u64, u64)>, Run>,
    territory_ids: HashMap<String, u16>,
    currency_ids: HashMap<String, u16>,
    sets: HashMap<Vec<(u16, i32, i32)>, u16>,
    /// Sets by the words that name them, within one file.
    named_sets: HashMap<Vec<String>, u16>,
    /// Rows of the members of each union.
    members_of: HashMap<u16, Vec<usize>>,
    claim_sets: HashMap<Vec<u8>, u16>,
    notes: HashMap<Vec<u8>, u32>,
    files: Vec<&'w SourceFile>,
    editions: Vec<&'w EditionFile>,
    /// For each edition, the facts that it may cite: its own, then those of its territory.
    edition_facts: Vec<Rc<FactIds<'w>>>,
    /// Areas of the edition being laid out: of one code several, by dates.
    areas: BTreeMap<String, Vec<Area>>,
    /// Measures, each with the number of its tariff.
    measures: Vec<(u32, RawMeasure)>,
    tariffs: HashMap<Published, u32>,
    /// Currencies in which each territory's measures are written.
    tariff_currencies: HashMap<u16, Vec<u16>>,
    /// What is said of each tariff: text ids.
    limits: HashMap<Published, Vec<u32>>,
    problems: Vec<Problem>,
}

/// Facts by territory and key.
type FactIds<'w> = HashMap<(&'w str, &'w str), u32>;

/// A charge already laid out in the program being compiled.
struct Earlier {
    key: String,
    index: u32,
}

/// One program while it is compiled.
struct Program<'w> {
    territory: u16,
    /// The files it takes from: unions first, its own last.
    parts: Vec<Part<'w>>,
    earlier: Vec<Earlier>,
    slots: Vec<u16>,
    disputes: Vec<(String, Vec<String>)>,
    arms: HashMap<String, (u32, u32)>,
}

#[derive(Clone, Copy)]
struct Part<'w> {
    file: &'w SourceFile,
    /// `None`: all charges.
    only: Option<&'w Places>,
    /// Places whose consignments take none of them.
    not_from: &'w [String],
    from: i32,
    before: i32,
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    date.since((jiff::Unit::Day, epoch)).map_or(0, |span| span.get_days())
}

fn day_or(date: Option<Date>, otherwise: i32) -> I32 {
    I32::new(date.map_or(otherwise, day_number))
}

fn number(value: Decimal) -> I128 {
    I128::new(value.units())
}

impl<'w> Compiler<'w> {
    /// Starts with the world's tables.
    pub fn new(world: &'w World) -> Self {
        let mut this = Self {
            world,
            draft: Draft::default(),
            texts: HashMap::new(),
            nodes: HashMap::new(),
            lists: HashMap::new(),
            code_lists: HashMap::new(),
            territory_ids: HashMap::new(),
            currency_ids: HashMap::new(),
            sets: HashMap::new(),
            named_sets: HashMap::new(),
            members_of: HashMap::new(),
            claim_sets: HashMap::new(),
            notes: HashMap::new(),
            files: Vec::new(),
            editions: Vec::new(),
            edition_facts: Vec::new(),
            areas: BTreeMap::new(),
            measures: Vec::new(),
            tariffs: HashMap::new(),
            tariff_currencies: HashMap::new(),
            limits: HashMap::new(),
            problems: Vec::new(),
        };
        this.text("");
        this.text("standard");
        this.lay_out_world();
        this
    }

    fn world_problem(&mut self, file: &str, message: String) {
        self.problems.push(Problem { file: file.to_owned(), path: String::new(), line: 0, column: 0, message });
    }

    fn text(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.texts.get(text) {
            return id;
        }
        let id = self.draft.texts.len() as u32;
        let offset = U32::new(self.draft.strings.len() as u32);
        self.draft.strings.extend_from_slice(text.as_bytes());
        self.draft.texts.push(TextRow { offset, len: U32::new(text.len() as u32) });
        self.texts.insert(text.to_owned(), id);
        id
    }

    fn text_or_none(&mut self, text: Option<&str>) -> U32 {
        U32::new(text.filter(|t| !t.is_empty()).map_or(NONE, |t| self.text(t)))
    }

    /// Adds an economy. Mistakes are kept for [`Compiler::finish`].
    pub fn add(&mut self, file: &'w SourceFile) {
        self.files.push(file);
    }

    fn problem(&mut self, file: &SourceFile, path: &str, message: impl Into<String>) {
        let (line, column) = locate(&file.text, path);
        self.problems.push(Problem {
            file: file.name.clone(),
            path: path.to_owned(),
            line,
            column,
            message: message.into(),
        });
    }

    /// Lays everything out and returns the bytes.
    ///
    /// # Errors
    /// Every [`Problem`] found.
    pub fn finish(mut self) -> Result<Vec<u8>, Vec<Problem>> {
        let files = std::mem::take(&mut self.files);
        let mut by_territory: BTreeMap<&str, &'w SourceFile> = BTreeMap::new();
        for file in &files {
            let code = file.economy.economy.territory.as_str();
            if !self.territory_ids.contains_key(code) {
                let help = nearest(code, self.territory_ids.keys().map(String::as_str));
                self.problem(file, "economy.territory", format!("unknown territory \"{code}\"{help}"));
            } else if by_territory.insert(code, file).is_some() {
                self.problem(file, "economy.territory", format!("{code} has two files"));
            }
        }
        // Facts and editions of every file first: programs cite them across files.
        let mut fact_ids: HashMap<(&str, &str), u32> = HashMap::new();
        let editions = self.editions.clone();
        for (code, file) in &by_territory {
            self.lay_out_facts(code, file, &mut fact_ids);
            let known_from = file.economy.economy.known_from;
            match &file.published {
                Some(published) => self.lay_out_edition(published),
                None => {
                    let sha256 = Sha256::digest(file.text.as_bytes()).into();
                    self.lay_out_edition(&PublishedIn::alone(code, known_from, sha256))
                }
            };
        }
        for edition in &editions {
            let territory = edition.territory();
            if !by_territory.contains_key(territory) && edition.file.economy.measure.iter().any(Measure::is_charged) {
                let message = format!("{territory} has no economy file, so nothing would be charged by this edition");
                self.problem(&edition.file, "edition.territory", message);
            }
            let mut own = FactIds::new();
            self.lay_out_facts(edition.territory(), &edition.file, &mut own);
            // Of one key its own fact counts for the edition, the first for all others.
            for (key, id) in &own {
                fact_ids.entry(*key).or_insert(*id);
            }
            let others: Vec<_> = fact_ids.iter().filter(|(key, _)| !own.contains_key(*key)).collect();
            own.extend(others);
            self.edition_facts.push(Rc::new(own));
            match &edition.published {
                Some(published) => self.lay_out_edition(published),
                None => {
                    let head = &edition.head;
                    self.lay_out_edition(&PublishedIn::alone(&head.authority, head.known_from, edition.sha256))
                }
            };
        }
        // Last: programs count economies and tariffs from the first row.
        self.lay_out_series_editions();
        for (code, file) in &by_territory {
            if let Some(&id) = self.territory_ids.get(*code) {
                let known_from = day_number(file.economy.economy.known_from);
                let published = Published { known_from, ..Published::always(id) };
                self.lay_out_measures(published, file, &BTreeMap::new(), &fact_ids);
            }
        }
        for (at, edition) in editions.iter().enumerate() {
            let facts = Rc::clone(&self.edition_facts[at]);
            let Some(&id) = self.territory_ids.get(edition.territory()) else { continue };
            let published = edition.how_published(id);
            self.areas.clone_from(&edition.areas);
            self.named_sets.clear();
            self.lay_out_measures(published, &edition.file, &edition.programs, &facts);
            self.areas.clear();
            self.named_sets.clear();
            if let Some(limits) = &edition.head.limits {
                let text = self.text(limits);
                self.limits.entry(published).or_default().push(text);
            }
        }
        let targets: Vec<(String, u16)> =
            self.world.territories.territory.iter().enumerate().map(|(i, t)| (t.code.clone(), i as u16)).collect();
        for (code, id) in targets {
            self.lay_out_program(&code, id, &by_territory, &editions, &fact_ids);
        }
        self.lay_out_tariffs();
        self.lay_out_reach();
        if !self.problems.is_empty() {
            self.problems
                .sort_by(|a, b| (&a.file, a.line, a.column, &a.message).cmp(&(&b.file, b.line, b.column, &b.message)));
            self.problems.dedup();
            return Err(self.problems);
        }
        Ok(assemble(&self.draft))
    }

    fn list(&mut self, items: impl IntoIterator<Item = u32>) -> Run {
        let items: Vec<u32> = items.into_iter().collect();
        if let Some(&run) = self.lists.get(&items) {
            return run;
        }
        let start = self.draft.kids.len();
        self.draft.kids.extend(items.iter().copied().map(U32::new));
        let run = Run { start: U32::new(start as u32), len: U32::new(items.len() as u32) };
        self.lists.insert(items, run);
        run
    }
}

/// SHA-256 of bytes, as editions name their file.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn names(places: &Places) -> Vec<String> {
    match places {
        Places::One(one) => vec![one.clone()],
        Places::Many(many) => many.clone(),
    }
}

/// What was written, in words.
fn words_of<T: fmt::Display>(written: &Written<T>) -> String {
    match written {
        Written::Words(text) => text.clone(),
        Written::Tree(tree) => tree.to_string(),
    }
}

fn run_of<T>(section: &mut Vec<T>, rows: Vec<T>) -> Run {
    let start = section.len() as u32;
    let len = rows.len() as u32;
    section.extend(rows);
    Run { start: U32::new(start), len: U32::new(len) }
}

/// "; did you mean …?" when something is close.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    near(word, known).map(|k| format!("; did you mean \"{k}\"?")).unwrap_or_default()
}

/// The known word that is nearly the same.
pub(crate) fn near<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let best = known.map(|k| (distance(word, k), k)).min();
    // Codes of two letters are all alike; longer words may have one slip in three letters, two at most.
    best.filter(|(d, _)| *d <= (word.chars().count() / 3).min(2)).map(|(_, k)| k)
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let cost = usize::from(ca != *cb);
            let next = (diagonal + cost).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

/// Header, section table, sections. Those of slices are there where they have rows.
pub(super) fn assemble(draft: &Draft) -> Vec<u8> {
    use zerocopy::IntoBytes;
    const ALIGN: usize = 64;
    let mut sections = draft.sections();
    sections.retain(|(id, _, bytes)| *id < FIRST_OPTIONAL || !bytes.is_empty());
    let table = size_of::<HeaderRow>() + sections.len() * size_of::<SectionRow>();
    let mut at = table.next_multiple_of(ALIGN);
    let mut rows = Vec::new();
    for (id, row, bytes) in &sections {
        rows.push(SectionRow {
            id: U32::new(*id),
            row: U32::new(*row as u32),
            offset: U64::new(at as u64),
            bytes: U64::new(bytes.len() as u64),
            sha256: Sha256::digest(bytes).into(),
        });
        at = (at + bytes.len()).next_multiple_of(ALIGN);
    }
    let mut out = Vec::with_capacity(at);
    let header = HeaderRow {
        magic: MAGIC,
        version: U32::new(VERSION),
        sections: U32::new(rows.len() as u32),
        bytes: U64::new(at as u64),
    };
    out.extend_from_slice(header.as_bytes());
    out.extend_from_slice(rows.as_bytes());
    for (row, (_, _, bytes)) in rows.iter().zip(&sections) {
        out.resize(row.offset.get() as usize, 0);
        out.extend_from_slice(bytes);
    }
    out.resize(at, 0);
    out
}

/// Rounding modes as stored.
pub(crate) const fn rounding_mode(number: u8) -> RoundingMode {
    match number {
        1 => RoundingMode::HalfDown,
        2 => RoundingMode::HalfEven,
        3 => RoundingMode::Up,
        4 => RoundingMode::Down,
        _ => RoundingMode::HalfUp,
    }
}

const _: () = assert!(Status::InForce as u8 == 0);
const _: () = assert!(Scope::Item as u8 == 0);
