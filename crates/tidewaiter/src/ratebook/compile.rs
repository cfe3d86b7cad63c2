//! From records to a ratebook: resolves every name, checks every reference, lays out the tables.
//!
//! A member of a union gets the union's charges first, then its own, in one flat program; nothing is looked up across
//! files when a quote is computed. A file with a mistake is refused whole, with all its mistakes.

use super::layout::*;
use crate::decimal::{Decimal, RoundingMode};
use crate::goods::CodeRange;
use crate::record::expression::{Amount, Cash, Condition, Scope};
use crate::record::grammar::{self, Stage};
use crate::record::locate::locate;
use crate::record::world::{Currencies, SeriesFile, Territories};
use crate::record::{
    Bound, Charge, Dated, Economy, Measure, MeasureKind, Places, Policy, Rate, Rung, Status, Waiver, Written,
};
use crate::unit;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
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
    let problem = |line, column, message: String| Problem { file: name.to_owned(), path: String::new(), line, column, message };
    if text.len() > MAX_BYTES {
        return Err(problem(0, 0, format!("the file is larger than {} MB", MAX_BYTES >> 20)));
    }
    if name.ends_with(".json") {
        return serde_json::from_str(text)
            .map(|economy| SourceFile { name: name.to_owned(), text: text.to_owned(), economy })
            .map_err(|e| problem(e.line(), e.column(), e.to_string()));
    }
    match toml::from_str::<Economy>(text) {
        Ok(economy) => Ok(SourceFile { name: name.to_owned(), text: text.to_owned(), economy }),
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
    let mut compiler = Compiler::new(world);
    for file in files {
        compiler.add(file);
    }
    compiler.finish()
}

/// A measure given as numbers, for importers and benchmarks that have millions.
#[derive(Debug, Clone, Copy)]
pub struct PlainMeasure {
    /// Code padded to twelve digits.
    pub code: u64,
    /// How many of them are meant.
    pub digits: u8,
    /// What it is.
    pub kind: MeasureKind,
    /// Ad valorem rate in percent, at most four decimals.
    pub percent: Decimal,
    /// First day, as days since 1970-01-01.
    pub from: i32,
    /// First day no longer.
    pub before: i32,
    /// Set of origins from [`Compiler::origin_set`]; 0 is everywhere.
    pub origin: u16,
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
    claims: Vec<String>,
    files: Vec<&'w SourceFile>,
    measures: Vec<(u16, RawMeasure)>,
    problems: Vec<Problem>,
}

#[derive(Debug, Clone, Copy)]
struct RawMeasure {
    code: u64,
    row: MeasureRow,
}

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
            claims: Vec::new(),
            files: Vec::new(),
            measures: Vec::new(),
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

    fn lay_out_world(&mut self) {
        let world = self.world;
        for currency in &world.currencies.currency {
            let id = self.draft.currencies.len() as u16;
            let Ok(code) = <[u8; 3]>::try_from(currency.code.as_bytes()) else {
                self.world_problem("currencies.toml", format!("\"{}\" is not three letters", currency.code));
                continue;
            };
            if self.currency_ids.insert(currency.code.clone(), id).is_some() {
                self.world_problem("currencies.toml", format!("{} is listed twice", currency.code));
            }
            let minor = currency.minor.unwrap_or(2);
            if minor > 4 {
                self.world_problem("currencies.toml", format!("{} has more than four minor digits", currency.code));
            }
            let name = U32::new(self.text(&currency.name));
            self.draft.currencies.push(CurrencyRow { code, minor, name });
        }
        for territory in &world.territories.territory {
            let id = self.territory_ids.len() as u16;
            if self.territory_ids.insert(territory.code.clone(), id).is_some() {
                self.world_problem("territories.toml", format!("{} is listed twice", territory.code));
            }
        }
        for territory in &world.territories.territory {
            let row = TerritoryRow {
                code: U32::new(self.text(&territory.code)),
                name: U32::new(self.text(&territory.name)),
                currency: U16::new(territory.currency.as_ref().and_then(|c| self.currency_ids.get(c)).copied().unwrap_or(NO_ID)),
                part_of: U16::new(territory.part_of.as_ref().and_then(|c| self.territory_ids.get(c)).copied().unwrap_or(NO_ID)),
                kind: territory.kind as u8,
                pad: [0; 3],
                program: U32::new(NONE),
            };
            if let Some(currency) = &territory.currency
                && !self.currency_ids.contains_key(currency)
            {
                self.world_problem("territories.toml", format!("{}: currency {currency} is not in currencies.toml", territory.code));
            }
            self.draft.territories.push(row);
        }
        for member in &world.territories.member {
            let (Some(&of), Some(&territory)) = (self.territory_ids.get(&member.of), self.territory_ids.get(&member.territory)) else {
                self.world_problem("territories.toml", format!("membership of {} in {}: one of them is not a territory", member.territory, member.of));
                continue;
            };
            let role = U32::new(self.text(&member.role));
            self.draft.members.push(MemberRow {
                of: U16::new(of),
                territory: U16::new(territory),
                from: day_or(member.from, DAY_MIN),
                before: day_or(member.before, DAY_MAX),
                role,
            });
        }
        // Set 0 is "everywhere"; it is never searched.
        self.draft.set_dir.push(SetDirRow { rows: Run { start: U32::new(0), len: U32::new(0) } });
        self.lay_out_rates();
    }

    fn lay_out_rates(&mut self) {
        let world = self.world;
        for series in &world.series.series {
            let Some(&base) = self.currency_ids.get(&series.base) else {
                self.world_problem("exchange/series.toml", format!("{}: unknown base currency {}", series.key, series.base));
                continue;
            };
            let Some(csv) = world.rates.get(&series.file) else {
                self.world_problem("exchange/series.toml", format!("{}: the file {} is missing", series.key, series.file));
                continue;
            };
            let mut rows = Vec::new();
            let mut lines = csv.lines().filter(|l| !l.trim().is_empty());
            let header: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
            for (at, line) in lines.enumerate() {
                let cells: Vec<&str> = line.split(',').map(str::trim).collect();
                let Some(Ok(date)) = cells.first().map(|c| c.parse::<Date>()) else {
                    self.world_problem(&series.file, format!("line {}: the first cell is not a date", at + 2));
                    continue;
                };
                for (code, cell) in header.iter().zip(&cells).skip(1) {
                    if cell.is_empty() {
                        continue;
                    }
                    match (self.currency_ids.get(*code), cell.parse::<Decimal>()) {
                        (Some(&currency), Ok(rate)) if rate > Decimal::ZERO => rows.push(RateRow {
                            rate: number(rate),
                            day: I32::new(day_number(date)),
                            currency: U16::new(currency),
                            pad: U16::new(0),
                        }),
                        _ => self.world_problem(&series.file, format!("line {}: {code} {cell} is not a rate of a known currency", at + 2)),
                    }
                }
            }
            rows.sort_by_key(|r| (r.currency.get(), r.day.get()));
            let start = self.draft.rates.len() as u32;
            let len = rows.len() as u32;
            self.draft.rates.extend(rows);
            let row = SeriesRow {
                key: U32::new(self.text(&series.key)),
                name: U32::new(self.text(&series.name)),
                publisher: U32::new(self.text(&series.publisher)),
                url: U32::new(self.text(&series.url)),
                note: self.text_or_none(series.note.as_deref()),
                base: U16::new(base),
                pad: U16::new(0),
                rows: Run { start: U32::new(start), len: U32::new(len) },
            };
            self.draft.series.push(row);
        }
        for peg in &world.series.peg {
            match (self.currency_ids.get(&peg.currency), self.currency_ids.get(&peg.to)) {
                (Some(&currency), Some(&to)) if peg.rate > Decimal::ZERO => {
                    let source = U32::new(self.text(&peg.source));
                    self.draft.pegs.push(PegRow {
                        rate: number(peg.rate),
                        currency: U16::new(currency),
                        to: U16::new(to),
                        from: day_or(peg.from, DAY_MIN),
                        before: day_or(peg.before, DAY_MAX),
                        source,
                    });
                }
                _ => self.world_problem("exchange/series.toml", format!("peg of {} to {}: unknown currency or rate", peg.currency, peg.to)),
            }
        }
    }

    /// Adds an economy. Mistakes are kept for [`Compiler::finish`].
    pub fn add(&mut self, file: &'w SourceFile) {
        self.files.push(file);
    }

    /// Adds a measure given as numbers.
    ///
    /// # Errors
    /// A sentence when the territory is unknown or the rate does not fit.
    pub fn add_plain_measure(&mut self, territory: &str, measure: PlainMeasure) -> Result<(), String> {
        let Some(&id) = self.territory_ids.get(territory) else {
            return Err(format!("unknown territory {territory}"));
        };
        let Some(amount) = inline_percent(measure.percent) else {
            return Err(format!("{} % needs more than four decimals", measure.percent));
        };
        self.push_measure(
            id,
            measure.code,
            measure.digits,
            MeasureRow {
                from: I32::new(measure.from),
                before: I32::new(measure.before),
                suffix: U32::new(0),
                origin: U16::new(measure.origin),
                excluded: U16::new(0),
                kind: measure.kind as u8,
                digits: measure.digits,
                program: U16::new(NO_ID),
                amount: U32::new(amount),
                when: U32::new(NONE),
                note: U32::new(NONE),
            },
        );
        Ok(())
    }

    /// The number of a set of origins, by territory or group code.
    ///
    /// # Errors
    /// A sentence naming a code that is unknown.
    pub fn origin_set(&mut self, codes: &[&str]) -> Result<u16, String> {
        let codes: Vec<String> = codes.iter().map(|c| (*c).to_owned()).collect();
        self.set(&codes, &[])
    }

    fn push_measure(&mut self, territory: u16, code: u64, digits: u8, mut row: MeasureRow) {
        row.suffix = U32::new((code % 1_000_000) as u32);
        row.digits = digits;
        self.measures.push((territory, RawMeasure { code, row }));
    }

    fn problem(&mut self, file: &SourceFile, path: &str, message: impl Into<String>) {
        let (line, column) = locate(&file.text, path);
        self.problems.push(Problem { file: file.name.clone(), path: path.to_owned(), line, column, message: message.into() });
    }

    /// Territories named by codes and local groups, as a set.
    fn set(&mut self, codes: &[String], parts: &[Part<'w>]) -> Result<u16, String> {
        let mut rows = BTreeMap::new();
        self.collect_set(codes, parts, 0, (DAY_MIN, DAY_MAX), &mut rows)?;
        let key: Vec<(u16, i32, i32)> = rows.into_keys().collect();
        if let Some(&id) = self.sets.get(&key) {
            return Ok(id);
        }
        let id = self.draft.set_dir.len();
        if id >= usize::from(u16::MAX) {
            return Err("too many different groups of territories".into());
        }
        let start = self.draft.sets.len() as u32;
        for &(territory, from, before) in &key {
            self.draft.sets.push(SetRow { territory: U16::new(territory), pad: U16::new(0), from: I32::new(from), before: I32::new(before) });
        }
        self.draft.set_dir.push(SetDirRow { rows: Run { start: U32::new(start), len: U32::new(key.len() as u32) } });
        self.sets.insert(key, id as u16);
        Ok(id as u16)
    }

    /// Whether a membership counts when a condition names the union: members and parties do, areas that only follow
    /// some of its rules do not.
    fn counts(&self, member: &MemberRow) -> bool {
        let row = self.draft.texts[member.role.get() as usize];
        let start = row.offset.get() as usize;
        matches!(&self.draft.strings[start..start + row.len.get() as usize], b"" | b"member" | b"party")
    }

    fn collect_set(
        &self,
        codes: &[String],
        parts: &[Part<'w>],
        depth: usize,
        window: (i32, i32),
        rows: &mut BTreeMap<(u16, i32, i32), ()>,
    ) -> Result<(), String> {
        if depth > 8 {
            return Err("groups of territories contain each other".into());
        }
        for code in codes {
            if let Some(&id) = self.territory_ids.get(code) {
                rows.insert((id, window.0, window.1), ());
                for member in &self.draft.members {
                    if member.of.get() == id && self.counts(member) {
                        let from = member.from.get().max(window.0);
                        let before = member.before.get().min(window.1);
                        if from < before {
                            rows.insert((member.territory.get(), from, before), ());
                        }
                    }
                }
            } else if let Some(group) = parts.iter().rev().find_map(|p| p.file.economy.groups.get(code)) {
                self.collect_set(group, parts, depth + 1, window, rows)?;
            } else {
                return Err(format!(
                    "\"{code}\" is neither a territory of territories.toml nor a group of this file{}",
                    nearest(code, self.territory_ids.keys().map(String::as_str))
                ));
            }
        }
        Ok(())
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
        for (number, (code, file)) in by_territory.iter().enumerate() {
            let _ = number;
            self.lay_out_facts(code, file, &mut fact_ids);
        }
        let targets: Vec<(String, u16)> =
            self.world.territories.territory.iter().enumerate().map(|(i, t)| (t.code.clone(), i as u16)).collect();
        for (code, id) in targets {
            self.lay_out_program(&code, id, &by_territory, &fact_ids);
        }
        for (code, file) in &by_territory {
            self.lay_out_measures(code, file, &fact_ids);
        }
        self.lay_out_tariffs();
        if !self.problems.is_empty() {
            self.problems.sort_by(|a, b| (&a.file, a.line, a.column, &a.message).cmp(&(&b.file, b.line, b.column, &b.message)));
            self.problems.dedup();
            return Err(self.problems);
        }
        Ok(assemble(&self.draft))
    }

    fn lay_out_facts(&mut self, code: &'w str, file: &'w SourceFile, ids: &mut HashMap<(&'w str, &'w str), u32>) {
        let territory = self.territory_ids.get(code).copied().unwrap_or(NO_ID);
        for (at, fact) in file.economy.fact.iter().enumerate() {
            let id = self.draft.facts.len() as u32;
            if ids.insert((code, fact.key.as_str()), id).is_some() {
                self.problem(file, &format!("fact[{at}].key"), format!("the key \"{}\" is used twice", fact.key));
            }
            if fact.statement.trim().is_empty() || fact.source.publisher.trim().is_empty() {
                self.problem(file, &format!("fact[{at}]"), "a fact needs a statement and a source with its publisher");
            }
            if let (Some(from), Some(before)) = (fact.from, fact.before)
                && from >= before
            {
                self.problem(file, &format!("fact[{at}].before"), "`before` is not after `from`");
            }
            let row = FactRow {
                key: U32::new(self.text(&fact.key)),
                topic: U32::new(self.text(&fact.topic)),
                statement: U32::new(self.text(&fact.statement)),
                law: self.text_or_none(fact.law.as_deref()),
                publisher: U32::new(self.text(&fact.source.publisher)),
                title: self.text_or_none(fact.source.title.as_deref()),
                url: self.text_or_none(fact.source.url.as_deref()),
                note: self.text_or_none(fact.note.as_deref()),
                source_date: day_or(fact.source.date, DAY_MIN),
                from: day_or(fact.from, DAY_MIN),
                before: day_or(fact.before, DAY_MAX),
                territory: U16::new(territory),
                confidence: fact.confidence as u8,
                pad: 0,
            };
            self.draft.facts.push(row);
        }
        let authority = U32::new(self.text(code));
        self.draft.editions.push(EditionRow {
            authority,
            number: U32::new(1),
            known_from: I32::new(day_number(file.economy.economy.known_from)),
            sha256: Sha256::digest(file.text.as_bytes()).into(),
        });
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

    /// Resolves citations against the file's facts, then its unions'.
    fn cites(&mut self, part: Part<'w>, parts: &[Part<'w>], ids: &HashMap<(&str, &str), u32>, path: &str, keys: &[String]) -> Run {
        let mut found = Vec::new();
        for key in keys {
            let own = (part.file.economy.economy.territory.as_str(), key.as_str());
            let hit = ids.get(&own).copied().or_else(|| {
                parts.iter().find_map(|p| ids.get(&(p.file.economy.economy.territory.as_str(), key.as_str())).copied())
            });
            match hit {
                Some(id) => found.push(id),
                None => {
                    let help = nearest(key, part.file.economy.fact.iter().map(|f| f.key.as_str()));
                    self.problem(part.file, path, format!("cites \"{key}\", which is no fact of this file{help}"));
                }
            }
        }
        self.list(found)
    }

    fn need_cites(&mut self, part: Part<'w>, path: &str, cites: &[String]) {
        if cites.is_empty() {
            self.problem(part.file, path, "cites no fact: no figure without a source (add `cites = [\"…\"]`)");
        }
    }

    fn lay_out_program(
        &mut self,
        code: &str,
        id: u16,
        files: &BTreeMap<&str, &'w SourceFile>,
        fact_ids: &HashMap<(&'w str, &'w str), u32>,
    ) {
        let mut parts: Vec<Part<'w>> = Vec::new();
        for member in &self.world.territories.member {
            if member.territory == code
                && let Some(ladders) = &member.ladders
                && let Some(file) = files.get(member.of.as_str())
                && !parts.iter().any(|p| std::ptr::eq(p.file, *file))
            {
                let only = match ladders {
                    Places::One(word) if word == "all" => None,
                    other => Some(other),
                };
                parts.push(Part {
                    file,
                    only,
                    from: member.from.map_or(DAY_MIN, day_number),
                    before: member.before.map_or(DAY_MAX, day_number),
                });
            }
        }
        let own = files.get(code);
        if let Some(file) = own {
            parts.push(Part { file, only: None, from: DAY_MIN, before: DAY_MAX });
        }
        let Some(last) = parts.last().copied() else { return };
        // A union's own file is checked too, but its `@vat` may be left to members.
        let is_union = self.draft.territories[usize::from(id)].kind == crate::record::world::TerritoryKind::Union as u8;
        let head = &last.file.economy.economy;
        let world_currency = self.draft.territories[usize::from(id)].currency.get();
        let currency = if own.is_some() {
            match self.currency_ids.get(&head.currency) {
                Some(&c) => c,
                None => {
                    let help = nearest(&head.currency, self.currency_ids.keys().map(String::as_str));
                    self.problem(last.file, "economy.currency", format!("unknown currency \"{}\"{help}", head.currency));
                    return;
                }
            }
        } else if world_currency != NO_ID {
            world_currency
        } else {
            self.currency_ids.get(&head.currency).copied().unwrap_or(NO_ID)
        };
        let mut program = Program { territory: id, parts: parts.clone(), earlier: Vec::new(), slots: vec![currency], disputes: Vec::new(), arms: HashMap::new() };

        // Measures of a union are written in the union's currency.
        for part in &parts {
            if let Some(&id) = self.currency_ids.get(&part.file.economy.economy.currency)
                && !program.slots.contains(&id)
            {
                program.slots.push(id);
            }
        }

        let mut dispute_rows = Vec::new();
        for part in parts.clone() {
            for (at, dispute) in part.file.economy.dispute.iter().enumerate() {
                let path = format!("dispute[{at}]");
                if dispute.reading.len() < 2 {
                    self.problem(part.file, &path, "a dispute needs two readings or more");
                }
                let default = dispute.reading.iter().position(|r| r.name == dispute.default);
                if default.is_none() {
                    self.problem(part.file, &format!("{path}.default"), format!("\"{}\" is the name of no reading", dispute.default));
                }
                let mut readings = Vec::new();
                for reading in &dispute.reading {
                    let cites = self.cites(part, &parts, fact_ids, &path, &reading.cites);
                    readings.push(ReadingRow { name: U32::new(self.text(&reading.name)), says: U32::new(self.text(&reading.says)), cites });
                }
                let start = self.draft.readings.len() as u32;
                let len = readings.len() as u32;
                self.draft.readings.extend(readings);
                let cites = self.cites(part, &parts, fact_ids, &path, &dispute.cites);
                dispute_rows.push(DisputeRow {
                    key: U32::new(self.text(&dispute.key)),
                    question: U32::new(self.text(&dispute.question)),
                    readings: Run { start: U32::new(start), len: U32::new(len) },
                    cites,
                    default: U32::new(default.unwrap_or(0) as u32),
                });
                program.disputes.push((dispute.key.clone(), dispute.reading.iter().map(|r| r.name.clone()).collect()));
            }
        }
        let disputes = run_of(&mut self.draft.disputes, dispute_rows);

        let mut scheme_rows = Vec::new();
        for part in parts.clone() {
            for (at, scheme) in part.file.economy.scheme.iter().enumerate() {
                let path = format!("scheme[{at}]");
                self.need_cites(part, &path, &scheme.cites);
                let cites = self.cites(part, &parts, fact_ids, &path, &scheme.cites);
                let currency = match &scheme.currency {
                    None => NO_ID,
                    Some(code) => match self.currency_ids.get(code.as_str()) {
                        Some(&c) => c,
                        None => {
                            self.problem(part.file, &format!("{path}.currency"), format!("unknown currency \"{code}\""));
                            NO_ID
                        }
                    },
                };
                scheme_rows.push(SchemeRow {
                    key: U32::new(self.text(&scheme.key)),
                    name: U32::new(self.text(&scheme.name)),
                    short: U32::new(self.text(&scheme.short)),
                    registration: U32::new(self.text(&scheme.registration)),
                    returns: U32::new(self.text(&scheme.returns)),
                    due: U32::new(self.text(&scheme.due)),
                    note: self.text_or_none(scheme.note.as_deref()),
                    from: day_or(scheme.from, DAY_MIN),
                    before: day_or(scheme.before, DAY_MAX),
                    currency: U16::new(currency),
                    pad: U16::new(0),
                    cites,
                });
            }
        }
        let schemes = run_of(&mut self.draft.schemes, scheme_rows);

        let mut ask_rows = Vec::new();
        for part in parts.clone() {
            for (at, ask) in part.file.economy.ask.iter().enumerate() {
                let cites = self.cites(part, &parts, fact_ids, &format!("ask[{at}]"), &ask.cites);
                ask_rows.push(AskRow {
                    fact: U32::new(self.text(&ask.fact)),
                    question: U32::new(self.text(&ask.question)),
                    cites,
                    assume: ask.assume.map_or(2, u8::from),
                    pad: [0; 3],
                });
            }
        }
        let asks = run_of(&mut self.draft.asks, ask_rows);

        let mut charge_rows = Vec::new();
        for part in parts.clone() {
            for (at, charge) in part.file.economy.charge.iter().enumerate() {
                let wanted = match part.only {
                    None => true,
                    Some(Places::One(key)) => *key == charge.key,
                    Some(Places::Many(keys)) => keys.contains(&charge.key),
                };
                if wanted {
                    let index = charge_rows.len() as u32;
                    if let Some(row) = self.lay_out_charge(&mut program, part, at, charge, fact_ids, is_union) {
                        charge_rows.push(row);
                    }
                    program.earlier.push(Earlier { key: charge.key.clone(), index });
                }
            }
        }
        let charges = run_of(&mut self.draft.charges, charge_rows);

        let mut waiver_rows = Vec::new();
        for part in parts.clone() {
            for (at, waiver) in part.file.economy.waiver.iter().enumerate() {
                let path = format!("waiver[{at}]");
                self.need_cites(part, &path, &waiver.cites);
                if let Some(row) = self.lay_out_waiver(&mut program, part, &path, waiver, fact_ids) {
                    waiver_rows.push(row);
                }
            }
        }
        let waivers = run_of(&mut self.draft.waivers, waiver_rows);

        let mut bound_rows = Vec::new();
        for part in parts.iter().rev().copied() {
            for (at, bound) in part.file.economy.bound.iter().enumerate() {
                self.lay_out_bound(part, &parts, at, bound, fact_ids, &mut bound_rows);
            }
        }
        let bounds = run_of(&mut self.draft.bounds, bound_rows);

        // Rate tables that no charge used are still shown.
        let mut tables: Vec<String> = Vec::new();
        for part in &parts {
            for rate in &part.file.economy.rate {
                if !tables.contains(&rate.name) {
                    tables.push(rate.name.clone());
                }
            }
        }
        let mut shown = Vec::new();
        for table in &tables {
            if let Some((start, len)) = self.rate_table(&mut program, table, fact_ids) {
                shown.push((start, len));
            }
        }
        let rates = self.list(shown.iter().flat_map(|&(start, len)| start..start + len));
        let facts: Vec<u32> = parts
            .iter()
            .flat_map(|p| p.file.economy.fact.iter().filter_map(|f| fact_ids.get(&(p.file.economy.economy.territory.as_str(), f.key.as_str())).copied()))
            .collect();
        let facts = self.list(facts);
        let slots = self.list(program.slots.iter().map(|&s| u32::from(s)).collect::<Vec<_>>());
        let (threshold, assessment, filing) = self.lay_out_policies(&parts, fact_ids);
        let tariffs: Vec<u32> = parts
            .iter()
            .rev()
            .filter(|p| p.only.is_none_or(|o| names(o).iter().any(|k| p.file.economy.charge.iter().any(|c| c.key == *k && c.kind.is_duty()))))
            .filter_map(|p| self.territory_ids.get(&p.file.economy.economy.territory))
            .map(|&t| u32::from(t))
            .collect();
        let tariffs = self.list(tariffs);
        let edition_ids: Vec<u32> = parts
            .iter()
            .filter_map(|p| files.keys().position(|c| *c == p.file.economy.economy.territory))
            .map(|p| p as u32)
            .collect();
        let editions = self.list(edition_ids);
        let summary = self.text_or_none(Some(&head.summary));
        let note = self.text_or_none(head.note.as_deref());
        let tax_name = self.text_or_none(parts.iter().rev().find_map(|p| p.file.economy.economy.tax_name.as_deref()));
        let row = ProgramRow {
            territory: U16::new(id),
            currency: U16::new(currency),
            charges,
            waivers,
            asks,
            disputes,
            schemes,
            bounds,
            slots,
            rates,
            facts,
            threshold,
            assessment,
            filing,
            tariffs,
            editions,
            summary,
            note,
            tax_name,
            flags: U32::new(u32::from(is_union)),
        };
        let index = self.draft.programs.len() as u32;
        self.draft.programs.push(row);
        self.draft.territories[usize::from(id)].program = U32::new(index);
    }

    fn lay_out_policies(&mut self, parts: &[Part<'w>], ids: &HashMap<(&str, &str), u32>) -> (PolicyRow, PolicyRow, PolicyRow) {
        type Pick = fn(&Economy) -> Option<&Policy>;
        let picks: [(&str, Pick); 3] = [
            ("fx.threshold", |e| e.fx.threshold.as_ref()),
            ("fx.assessment", |e| e.fx.assessment.as_ref()),
            ("fx.filing", |e| e.fx.filing.as_ref()),
        ];
        let mut rows = picks.into_iter().map(|(path, pick)| {
            let found = parts.iter().rev().find_map(|p| pick(&p.file.economy).map(|policy| (*p, policy)));
            let Some((part, policy)) = found else {
                let empty = self.list([]);
                return PolicyRow { series: U32::new(NONE), fallback: U32::new(NONE), rule: 0, set: 0, pad: [0; 2], cites: empty };
            };
            let cites = self.cites(part, parts, ids, path, &policy.cites);
            PolicyRow {
                series: U32::new(self.text(&policy.series)),
                fallback: self.text_or_none(policy.fallback.as_deref()),
                rule: policy.rule as u8,
                set: 1,
                pad: [0; 2],
                cites,
            }
        });
        let mut next = || rows.next().unwrap_or(PolicyRow { series: U32::new(NONE), fallback: U32::new(NONE), rule: 0, set: 0, pad: [0; 2], cites: Run { start: U32::new(0), len: U32::new(0) } });
        (next(), next(), next())
    }

    fn lay_out_waiver(&mut self, program: &mut Program<'w>, part: Part<'w>, path: &str, waiver: &'w Waiver, ids: &HashMap<(&str, &str), u32>) -> Option<WaiverRow> {
        let (compare, cash) = match grammar::threshold(&waiver.when) {
            Ok(pair) => pair,
            Err(e) => {
                self.problem(part.file, &format!("{path}.when"), e.to_string());
                return None;
            }
        };
        let mut charges = Vec::new();
        for key in &waiver.charges {
            match program.earlier.iter().find(|e| e.key == *key) {
                Some(e) => charges.push(e.index),
                // A member may take only some of its union's charges.
                None if part.only.is_some() => {}
                None => self.problem(part.file, &format!("{path}.charges"), format!("no charge has the key \"{key}\"{}", nearest(key, program.earlier.iter().map(|e| e.key.as_str())))),
            }
        }
        let slot = self.slot(program, part, path, &cash)?;
        let charges = self.list(charges);
        let cites = self.cites(part, &program.parts.clone(), ids, path, &waiver.cites);
        Some(WaiverRow {
            value: number(cash.amount),
            charges,
            cites,
            from: I32::new(waiver.from.map_or(DAY_MIN, day_number).max(part.from)),
            before: I32::new(waiver.before.map_or(DAY_MAX, day_number).min(part.before)),
            slot: U16::new(slot),
            compare: compare as u8,
            pad: 0,
        })
    }

    fn lay_out_bound(&mut self, part: Part<'w>, parts: &[Part<'w>], at: usize, bound: &'w Bound, ids: &HashMap<(&str, &str), u32>, rows: &mut Vec<BoundRow>) {
        let path = format!("bound[{at}]");
        self.need_cites(part, &path, &bound.cites);
        let (Some(least), Some(most)) = (self.percent(part, &format!("{path}.least"), &bound.least), self.percent(part, &format!("{path}.most"), &bound.most)) else {
            return;
        };
        if least > most {
            self.problem(part.file, &format!("{path}.most"), format!("{most} % is below {least} %"));
        }
        let ranges = self.ranges(part, parts, &format!("{path}.codes"), &bound.codes);
        let ranges = if bound.codes.is_empty() { vec![CodeRange::ALL] } else { ranges };
        let cites = self.cites(part, parts, ids, &path, &bound.cites);
        for range in ranges {
            rows.push(BoundRow {
                least: number(least),
                most: number(most),
                first: U64::new(range.first),
                last: U64::new(range.last),
                from: day_or(bound.from, DAY_MIN),
                before: day_or(bound.before, DAY_MAX),
                cites,
            });
        }
    }

    fn percent(&mut self, part: Part<'w>, path: &str, text: &str) -> Option<Decimal> {
        match grammar::amount(text) {
            Ok(Amount::Percent { percent, of: None }) => Some(percent),
            Ok(_) => {
                self.problem(part.file, path, format!("\"{text}\" is not a percentage such as \"20 %\""));
                None
            }
            Err(e) => {
                self.problem(part.file, path, e.to_string());
                None
            }
        }
    }

    fn ranges(&mut self, part: Part<'w>, parts: &[Part<'w>], path: &str, words: &[String]) -> Vec<CodeRange> {
        let mut out = Vec::new();
        for word in words {
            let named = part.file.economy.codes.get(word).or_else(|| parts.iter().rev().find_map(|p| p.file.economy.codes.get(word)));
            if let Some(list) = named {
                for inner in list {
                    match grammar::code_range(inner) {
                        Ok(range) => out.push(range),
                        Err(e) => self.problem(part.file, &format!("codes.{word}"), e.to_string()),
                    }
                }
            } else {
                match grammar::code_range(word) {
                    Ok(range) => out.push(range),
                    Err(e) => self.problem(part.file, path, format!("\"{word}\" is neither a goods code nor a list of this file: {e}")),
                }
            }
        }
        out
    }

    /// The currency's id, noted among those the program needs rates for.
    fn slot(&mut self, program: &mut Program<'w>, part: Part<'w>, path: &str, cash: &Cash) -> Option<u16> {
        let Some(&currency) = self.currency_ids.get(&cash.currency) else {
            let help = nearest(&cash.currency, self.currency_ids.keys().map(String::as_str));
            self.problem(part.file, path, format!("unknown currency \"{}\"{help}", cash.currency));
            return None;
        };
        if !program.slots.contains(&currency) {
            program.slots.push(currency);
        }
        Some(currency)
    }

    fn rounding(&mut self, program: &Program<'w>, part: Part<'w>, path: &str, words: Option<&str>) -> RoundRow {
        let none = RoundRow { unit: I128::new(0), mode: 0, stage: 0, set: 0, pad: 0 };
        let Some(words) = words else { return none };
        match grammar::rounding(words) {
            Ok(rounding) => {
                // A rule written in a currency binds only where that is the currency of assessment.
                if let Some(code) = &rounding.currency {
                    match self.currency_ids.get(code) {
                        Some(id) if program.slots.first() == Some(id) => {}
                        Some(_) => return none,
                        None => self.problem(part.file, path, format!("unknown currency \"{code}\"")),
                    }
                }
                RoundRow { unit: number(rounding.unit), mode: rounding.mode as u8, stage: u8::from(rounding.stage == Stage::Consignment), set: 1, pad: 0 }
            }
            Err(e) => {
                self.problem(part.file, path, e.to_string());
                none
            }
        }
    }

    fn lay_out_charge(
        &mut self,
        program: &mut Program<'w>,
        part: Part<'w>,
        at: usize,
        charge: &'w Charge,
        ids: &HashMap<(&'w str, &'w str), u32>,
        is_union: bool,
    ) -> Option<ChargeRow> {
        let path = format!("charge[{at}]");
        if program.earlier.iter().any(|e| e.key == charge.key) {
            self.problem(part.file, &format!("{path}.key"), format!("two charges have the key \"{}\"", charge.key));
        }
        if charge.rung.is_empty() {
            self.problem(part.file, &path, "a charge needs at least one rung");
        }
        let base = self.written_amount(program, part, &format!("{path}.base"), &charge.base, ids, is_union)?;
        let base_text = U32::new(self.text(&words_of(&charge.base)));
        let round = self.rounding(program, part, &format!("{path}.round"), charge.round.as_deref());
        let base_round = self.rounding(program, part, &format!("{path}.base_round"), charge.base_round.as_deref());
        let mut rungs = Vec::new();
        for (n, rung) in charge.rung.iter().enumerate() {
            if let Some(row) = self.lay_out_rung(program, part, &format!("{path}.rung[{n}]"), charge, rung, ids, is_union) {
                rungs.push(row);
            }
        }
        let rungs = run_of(&mut self.draft.rungs, rungs);
        let cites = self.cites(part, &program.parts.clone(), ids, &path, &charge.cites);
        Some(ChargeRow {
            key: U32::new(self.text(&charge.key)),
            name: U32::new(self.text(&charge.name)),
            note: self.text_or_none(charge.note.as_deref()),
            base: U32::new(base),
            base_text,
            kind: charge.kind as u8,
            collect: charge.collect as u8,
            authority: charge.authority as u8,
            pad: 0,
            round,
            base_round,
            rungs,
            cites,
        })
    }

    #[allow(clippy::too_many_arguments, reason = "one rung, in the context of its charge and program")]
    fn lay_out_rung(
        &mut self,
        program: &mut Program<'w>,
        part: Part<'w>,
        path: &str,
        charge: &'w Charge,
        rung: &'w Rung,
        ids: &HashMap<(&'w str, &'w str), u32>,
        is_union: bool,
    ) -> Option<RungRow> {
        let mut cites = rung.cites.clone();
        if cites.is_empty() {
            cites.clone_from(&charge.cites);
        }
        self.need_cites(part, path, &cites);
        if rung.amount.is_some() == rung.outcome.is_some() {
            self.problem(part.file, path, "a rung has either an `amount` or an `outcome`");
            return None;
        }
        if rung.outcome.is_some() && rung.says.as_deref().unwrap_or("").is_empty() {
            self.problem(part.file, path, "an `outcome` needs `says`: tell the user what it means and what to do");
        }
        if let (Some(from), Some(before)) = (rung.from, rung.before)
            && from >= before
        {
            self.problem(part.file, &format!("{path}.before"), "`before` is not after `from`");
        }
        let mut when = NONE;
        let mut when_words = Vec::new();
        if let Some(condition) = &rung.when {
            when = self.written_condition(program, part, &format!("{path}.when"), condition, ids, is_union)?;
            when_words.push(words_of(condition));
        }
        if let Some(key) = &rung.follows {
            let Some(index) = program.earlier.iter().find(|e| e.key == *key).map(|e| e.index) else {
                if part.only.is_none() {
                    self.problem(part.file, &format!("{path}.follows"), format!("no earlier charge has the key \"{key}\""));
                }
                return None;
            };
            let name = self.text(&rung.name);
            let took = self.node(Node { op: op::TOOK, aux: 0, slot: U16::new(0), a: U32::new(index), b: U32::new(name), c: U32::new(NONE), value: I128::new(0) });
            when = if when == NONE {
                took
            } else {
                let kids = self.list([when, took]);
                self.node(Node { op: op::ALL, aux: 0, slot: U16::new(0), a: kids.start, b: kids.len, c: U32::new(NONE), value: I128::new(0) })
            };
            when_words.insert(0, format!("{key} took \"{}\"", rung.name));
        }
        let amount = match &rung.amount {
            Some(words) => self.written_amount(program, part, &format!("{path}.amount"), words, ids, is_union)?,
            None => NONE,
        };
        let base = match &rung.base {
            Some(words) => self.written_amount(program, part, &format!("{path}.base"), words, ids, is_union)?,
            None => NONE,
        };
        if let Some(scheme) = &rung.scheme
            && !program.parts.iter().any(|p| p.file.economy.scheme.iter().any(|s| s.key == *scheme))
        {
            self.problem(part.file, &format!("{path}.scheme"), format!("no scheme has the key \"{scheme}\""));
        }
        let round = self.rounding(program, part, &format!("{path}.round"), rung.round.as_deref());
        let file_known = part.file.economy.economy.known_from;
        let cites = self.cites(part, &program.parts.clone(), ids, path, &cites);
        let when_text = if when_words.is_empty() { U32::new(NONE) } else { U32::new(self.text(&when_words.join(" and "))) };
        let amount_text = match &rung.amount {
            Some(words) => U32::new(self.text(&words_of(words))),
            None => U32::new(NONE),
        };
        Some(RungRow {
            name: U32::new(self.text(&rung.name)),
            when: U32::new(when),
            amount: U32::new(amount),
            base: U32::new(base),
            says: self.text_or_none(rung.says.as_deref()),
            when_text,
            amount_text,
            scheme: self.text_or_none(rung.scheme.as_deref()),
            note: self.text_or_none(rung.note.as_deref()),
            from: I32::new(rung.from.map_or(DAY_MIN, day_number).max(part.from)),
            before: I32::new(rung.before.map_or(DAY_MAX, day_number).min(part.before)),
            known_from: I32::new(day_number(rung.known_from.unwrap_or(file_known))),
            known_before: day_or(rung.known_before, DAY_MAX),
            per: rung.per as u8,
            outcome: rung.outcome.map_or(0, |v| v as u8),
            status: rung.status as u8,
            collect: rung.collect.unwrap_or(charge.collect) as u8,
            round,
            cites,
        })
    }

    /// Adds a node, or finds the same one: equal conditions share a node, so that each is tested once.
    fn node(&mut self, mut node: Node) -> u32 {
        if op::is_condition(node.op) && self.same_for_all_lines(&node) {
            node.aux |= UNIFORM;
        }
        let key: [u8; 32] = zerocopy::transmute!(node);
        if let Some(&index) = self.nodes.get(&key) {
            return index;
        }
        let index = self.draft.nodes.len() as u32;
        self.draft.nodes.push(node);
        self.nodes.insert(key, index);
        index
    }

    /// Whether a condition cannot differ between the lines of a consignment.
    fn same_for_all_lines(&self, node: &Node) -> bool {
        let kids = |a: U32, b: U32| self.draft.kids[a.get() as usize..(a.get() + b.get()) as usize].iter();
        match node.op {
            op::ALL | op::ANY => kids(node.a, node.b).all(|k| self.draft.nodes[k.get() as usize].is_uniform()),
            op::NOT => self.draft.nodes[node.a.get() as usize].is_uniform(),
            op::VALUE => node.c.get() >= Scope::Consignment as u32 && [node.a, node.b].iter().all(|side| self.is_plain_sum(side.get())),
            op::WEIGHT => node.c.get() == Scope::Consignment as u32,
            op::GOODS => node.arg() != 0,
            op::QUANTITY | op::ORIGIN | op::CLAIMS | op::DOCUMENT | op::TOOK => false,
            _ => true,
        }
    }

    /// Whether an amount is made of components, flat sums and earlier charges only.
    fn is_plain_sum(&self, index: u32) -> bool {
        let node = &self.draft.nodes[index as usize];
        match node.op {
            op::FLAT | op::COMPONENT | op::CHARGE | op::RELIEVED => true,
            op::SUM | op::MAX | op::MIN => {
                let start = node.a.get() as usize;
                self.draft.kids[start..start + node.b.get() as usize].iter().all(|k| self.is_plain_sum(k.get()))
            }
            op::LESS => self.is_plain_sum(node.a.get()) && self.is_plain_sum(node.b.get()),
            op::TIMES => self.is_plain_sum(node.a.get()),
            _ => false,
        }
    }

    fn written_amount(&mut self, program: &mut Program<'w>, part: Part<'w>, path: &str, words: &'w Written<Amount>, ids: &HashMap<(&'w str, &'w str), u32>, is_union: bool) -> Option<u32> {
        let parsed;
        let tree = match words {
            Written::Tree(tree) => tree,
            Written::Words(text) => match grammar::amount(text) {
                Ok(tree) => {
                    parsed = tree;
                    &parsed
                }
                Err(e) => {
                    self.problem(part.file, path, e.to_string());
                    return None;
                }
            },
        };
        self.amount(&mut Context { program, part, path, ids, is_union, depth: 0 }, tree)
    }

    fn written_condition(&mut self, program: &mut Program<'w>, part: Part<'w>, path: &str, words: &'w Written<Condition>, ids: &HashMap<(&'w str, &'w str), u32>, is_union: bool) -> Option<u32> {
        let parsed;
        let tree = match words {
            Written::Tree(tree) => tree,
            Written::Words(text) => match grammar::condition(text) {
                Ok(tree) => {
                    parsed = tree;
                    &parsed
                }
                Err(e) => {
                    self.problem(part.file, path, e.to_string());
                    return None;
                }
            },
        };
        self.condition(&mut Context { program, part, path, ids, is_union, depth: 0 }, tree)
    }

    /// Resolves a rate table for this program: its own file's, else its union's.
    fn rate_table(&mut self, program: &mut Program<'w>, table: &str, ids: &HashMap<(&'w str, &'w str), u32>) -> Option<(u32, u32)> {
        if let Some(&found) = program.arms.get(table) {
            return Some(found);
        }
        let parts = program.parts.clone();
        let part = parts.iter().rev().copied().find(|p| p.file.economy.rate.iter().any(|r| r.name == table))?;
        let mut rows = Vec::new();
        for (at, rate) in part.file.economy.rate.iter().enumerate().filter(|(_, r)| r.name == table) {
            self.lay_out_rate(part, &parts, at, rate, ids, &mut rows);
        }
        let run = run_of(&mut self.draft.arms, rows);
        let found = (run.start.get(), run.len.get());
        program.arms.insert(table.to_owned(), found);
        Some(found)
    }

    fn lay_out_rate(&mut self, part: Part<'w>, parts: &[Part<'w>], at: usize, rate: &'w Rate, ids: &HashMap<(&'w str, &'w str), u32>, rows: &mut Vec<ArmRow>) {
        let path = format!("rate[{at}]");
        self.need_cites(part, &path, &rate.cites);
        let class = U32::new(self.text(&rate.class));
        let goods = U32::new(self.text(&rate.goods));
        let table = U32::new(self.text(&rate.name));
        let ranges = self.ranges(part, parts, &format!("{path}.codes"), &rate.codes);
        let values: Vec<(i32, i32, Decimal, Vec<String>)> = match &rate.is {
            Dated::Always(text) => match self.percent(part, &format!("{path}.is"), text) {
                Some(p) => vec![(DAY_MIN, DAY_MAX, p, Vec::new())],
                None => return,
            },
            Dated::Values(list) => {
                let mut out = Vec::new();
                let mut last_from = DAY_MIN;
                for (n, value) in list.iter().enumerate() {
                    let path = format!("{path}.is[{n}]");
                    let Some(percent) = self.percent(part, &path, &value.is) else { return };
                    let from = value.from.map_or(DAY_MIN, day_number);
                    let next = list.get(n + 1).and_then(|v| v.from).map_or(DAY_MAX, day_number);
                    let before = value.before.map_or(next, day_number);
                    if n > 0 && from <= last_from {
                        self.problem(part.file, &path, "values must be listed by rising `from`");
                    }
                    if from >= before || before > next {
                        self.problem(part.file, &path, "this value overlaps the next one, or ends before it begins");
                    }
                    last_from = from;
                    out.push((from, before, percent, value.cites.clone()));
                }
                out
            }
        };
        for (from, before, percent, extra) in values {
            let mut keys = extra;
            keys.extend(rate.cites.iter().cloned());
            let cites = self.cites(part, parts, ids, &path, &keys);
            let arm = |range: CodeRange, coded: bool| ArmRow {
                percent: number(percent),
                first: U64::new(range.first),
                last: U64::new(range.last),
                class,
                from: I32::new(from),
                before: I32::new(before),
                coded: u8::from(coded),
                pad: [0; 3],
                cites,
                goods,
                table,
            };
            rows.push(arm(CodeRange::ALL, false));
            rows.extend(ranges.iter().map(|&r| arm(r, true)));
        }
    }

    fn lay_out_measures(&mut self, code: &str, file: &'w SourceFile, ids: &HashMap<(&'w str, &'w str), u32>) {
        let Some(&territory) = self.territory_ids.get(code) else { return };
        let part = Part { file, only: None, from: DAY_MIN, before: DAY_MAX };
        let parts = [part];
        let Some(&currency) = self.currency_ids.get(&file.economy.economy.currency) else { return };
        let mut program = Program { territory, parts: parts.to_vec(), earlier: Vec::new(), slots: vec![currency], disputes: Vec::new(), arms: HashMap::new() };
        for (at, measure) in file.economy.measure.iter().enumerate() {
            let path = format!("measure[{at}]");
            if let Some((ranges, row)) = self.lay_out_measure(&mut program, part, &path, measure, ids) {
                for (code, digits) in ranges {
                    self.push_measure(territory, code, digits, row);
                }
            }
        }
        if program.slots.len() > 1 {
            self.problem(file, "measure", format!("measures must be in {}, the currency of the file", file.economy.economy.currency));
        }
    }

    fn lay_out_measure(&mut self, program: &mut Program<'w>, part: Part<'w>, path: &str, measure: &'w Measure, ids: &HashMap<(&'w str, &'w str), u32>) -> Option<(Vec<(u64, u8)>, MeasureRow)> {
        self.need_cites(part, path, &measure.cites);
        let codes: Vec<(u64, u8)> = match grammar::code_range(&measure.code) {
            Ok(range) => range.prefixes(),
            Err(e) => {
                self.problem(part.file, &format!("{path}.code"), e.to_string());
                return None;
            }
        };
        let origin = match &measure.origin {
            None => 0,
            Some(Places::One(word)) if word == "all" => 0,
            Some(places) => match self.set(&names(places), &program.parts.clone()) {
                Ok(id) => id,
                Err(message) => {
                    self.problem(part.file, &format!("{path}.origin"), message);
                    return None;
                }
            },
        };
        let excluded = if measure.not_origin.is_empty() {
            0
        } else {
            match self.set(&measure.not_origin, &program.parts.clone()) {
                Ok(id) => id,
                Err(message) => {
                    self.problem(part.file, &format!("{path}.not_origin"), message);
                    return None;
                }
            }
        };
        let node = self.written_amount(program, part, &format!("{path}.amount"), &measure.amount, ids, false)?;
        let plain = &self.draft.nodes[node as usize];
        let amount = if plain.op == op::PERCENT && plain.a.get() == NONE {
            inline_percent(Decimal::from_units(plain.value.get())).unwrap_or(node)
        } else {
            node
        };
        let when = match &measure.when {
            Some(words) => self.written_condition(program, part, &format!("{path}.when"), words, ids, false)?,
            None => NONE,
        };
        let claim = match &measure.program {
            None => NO_ID,
            Some(name) => match self.claims.iter().position(|c| c == name) {
                Some(at) => at as u16,
                None => {
                    self.claims.push(name.clone());
                    (self.claims.len() - 1) as u16
                }
            },
        };
        let cites = self.cites(part, &program.parts.clone(), ids, path, &measure.cites);
        let note_row = MeasureNoteRow {
            cites,
            proof: self.text_or_none(measure.proof.as_deref()),
            program: self.text_or_none(measure.program.as_deref()),
            additional_code: self.text_or_none(measure.additional_code.as_deref()),
            order_number: self.text_or_none(measure.order_number.as_deref()),
            amount_text: U32::new(self.text(&words_of(&measure.amount))),
            note: self.text_or_none(measure.note.as_deref()),
        };
        let note = self.draft.measure_notes.len() as u32;
        self.draft.measure_notes.push(note_row);
        Some((
            codes,
            MeasureRow {
                from: day_or(measure.from, DAY_MIN),
                before: day_or(measure.before, DAY_MAX),
                suffix: U32::new(0),
                origin: U16::new(origin),
                excluded: U16::new(excluded),
                kind: measure.kind as u8,
                digits: 0,
                program: U16::new(claim),
                amount: U32::new(amount),
                when: U32::new(when),
                note: U32::new(note),
            },
        ))
    }

    /// Builds the nomenclature index and the blocks of each authority.
    fn lay_out_tariffs(&mut self) {
        let mut measures = std::mem::take(&mut self.measures);
        let mut subs: Vec<u32> = measures.iter().filter(|(_, m)| m.row.digits >= 6).map(|(_, m)| (m.code / 1_000_000) as u32).collect();
        let heads: Vec<u32> = measures.iter().filter(|(_, m)| m.row.digits >= 4).map(|(_, m)| (m.code / 100_000_000) as u32).collect();
        subs.sort_unstable();
        subs.dedup();
        let mut present = vec![false; HEADINGS];
        for head in heads {
            present[head as usize] = true;
        }
        let mut ids = Vec::with_capacity(HEADINGS);
        let mut suffixes: Vec<u8> = vec![u8::MAX; CHAPTERS as usize];
        let mut at = 0usize;
        for (head, present) in present.iter().enumerate() {
            ids.push(U32::new(suffixes.len() as u32));
            if *present {
                suffixes.push(u8::MAX);
                while at < subs.len() && (subs[at] / 100) as usize == head {
                    suffixes.push((subs[at] % 100) as u8);
                    at += 1;
                }
            }
        }
        let id_count = suffixes.len();
        self.draft.headings = ids;
        self.draft.subs = suffixes;
        let headings = std::mem::take(&mut self.draft.headings);
        let id_of = |code: u64, digits: u8, subs: &[u8]| -> usize {
            if digits < 4 {
                return (code / 10_000_000_000) as usize;
            }
            let head = (code / 100_000_000) as usize;
            let start = headings[head].get() as usize;
            if digits < 6 {
                return start;
            }
            let end = headings[head + 1].get() as usize;
            let suffix = ((code / 1_000_000) % 100) as u8;
            (start + 1..end).find(|&i| subs[i] == suffix).unwrap_or(start)
        };
        let mut keyed: Vec<(u16, usize, RawMeasure)> =
            measures.drain(..).map(|(territory, m)| (territory, id_of(m.code, m.row.digits, &self.draft.subs), m)).collect();
        keyed.sort_by_key(|(territory, id, m)| (*territory, *id, m.row.digits, m.row.suffix.get(), m.row.kind, m.row.origin.get(), m.row.from.get()));
        let mut at = 0usize;
        while at < keyed.len() {
            let territory = keyed[at].0;
            let offsets = self.draft.offsets.len() as u32;
            let known_from = i32::MIN;
            self.draft.tariffs.push(TariffRow { territory: U16::new(territory), pad: U16::new(0), offsets: U32::new(offsets), known_from: I32::new(known_from) });
            for id in 0..id_count {
                self.draft.offsets.push(U32::new(self.draft.measures.len() as u32));
                while at < keyed.len() && keyed[at].0 == territory && keyed[at].1 == id {
                    self.draft.measures.push(keyed[at].2.row);
                    at += 1;
                }
            }
            self.draft.offsets.push(U32::new(self.draft.measures.len() as u32));
        }
        self.draft.headings = headings;
        if self.draft.measures.len() > MAX_ROWS {
            self.world_problem("", format!("more than {MAX_ROWS} measures"));
        }
    }
}

/// What an expression is compiled in.
struct Context<'p, 'w> {
    program: &'p mut Program<'w>,
    part: Part<'w>,
    path: &'p str,
    ids: &'p HashMap<(&'w str, &'w str), u32>,
    is_union: bool,
    depth: usize,
}

fn blank(operation: u8) -> Node {
    Node { op: operation, aux: 0, slot: U16::new(0), a: U32::new(NONE), b: U32::new(NONE), c: U32::new(NONE), value: I128::new(0) }
}

impl<'w> Compiler<'w> {
    fn amount(&mut self, cx: &mut Context<'_, 'w>, tree: &Amount) -> Option<u32> {
        if cx.depth > 32 {
            self.problem(cx.part.file, cx.path, "the expression is nested too deeply, or a base refers to itself");
            return None;
        }
        cx.depth += 1;
        let result = self.amount_inner(cx, tree);
        cx.depth -= 1;
        result
    }

    fn amounts(&mut self, cx: &mut Context<'_, 'w>, operation: u8, trees: &[Amount]) -> Option<Node> {
        let mut kids = Vec::with_capacity(trees.len());
        for tree in trees {
            kids.push(self.amount(cx, tree)?);
        }
        let run = self.list(kids);
        Some(Node { a: run.start, b: run.len, ..blank(operation) })
    }

    fn optional(&mut self, cx: &mut Context<'_, 'w>, tree: Option<&Amount>) -> Option<U32> {
        Some(U32::new(match tree {
            Some(tree) => self.amount(cx, tree)?,
            None => NONE,
        }))
    }

    fn amount_inner(&mut self, cx: &mut Context<'_, 'w>, tree: &Amount) -> Option<u32> {
        let node = match tree {
            Amount::Relieved => blank(op::RELIEVED),
            Amount::Flat(cash) => {
                let slot = self.slot(cx.program, cx.part, cx.path, cash)?;
                Node { slot: U16::new(slot), value: number(cash.amount), ..blank(op::FLAT) }
            }
            Amount::Percent { percent, of } => Node { a: self.optional(cx, of.as_deref())?, value: number(*percent), ..blank(op::PERCENT) },
            Amount::GrossUp { percent, of } => {
                if *percent >= Decimal::HUNDRED || percent.is_negative() {
                    self.problem(cx.part.file, cx.path, format!("a gross-up of {percent} % is impossible"));
                    return None;
                }
                Node { a: self.optional(cx, of.as_deref())?, value: number(*percent), ..blank(op::GROSS_UP) }
            }
            Amount::Specific { cash, unit } => {
                let slot = self.slot(cx.program, cx.part, cx.path, cash)?;
                let Some(found) = unit::find(unit) else {
                    self.problem(cx.part.file, cx.path, format!("unknown unit \"{unit}\"{}", unit::nearest(unit).map(|u| format!("; did you mean \"{}\"?", u.key)).unwrap_or_default()));
                    return None;
                };
                let Ok(value) = cash.amount.scaled(Decimal::from_int(found.numerator as i64), Decimal::from_int(found.denominator as i64)) else {
                    self.problem(cx.part.file, cx.path, format!("{} per {unit} is out of range", cash.amount));
                    return None;
                };
                let mut facts = found.facts.iter().map(|f| self.text(f));
                let (first, second) = (facts.next().unwrap_or(NONE), facts.next().unwrap_or(NONE));
                Node { slot: U16::new(slot), a: U32::new(first), b: U32::new(second), value: number(value), ..blank(op::SPECIFIC) }
            }
            Amount::Component(component) => Node { aux: *component as u8, ..blank(op::COMPONENT) },
            Amount::Base => blank(op::BASE),
            Amount::Named(key) => {
                let base = cx.part.file.economy.bases.get(key).or_else(|| cx.program.parts.iter().rev().find_map(|p| p.file.economy.bases.get(key)));
                if let Some(words) = base {
                    let parsed;
                    let tree = match words {
                        Written::Tree(tree) => tree,
                        Written::Words(text) => match grammar::amount(text) {
                            Ok(tree) => {
                                parsed = tree;
                                &parsed
                            }
                            Err(e) => {
                                self.problem(cx.part.file, &format!("bases.{key}"), e.to_string());
                                return None;
                            }
                        },
                    };
                    return self.amount(cx, tree);
                }
                match cx.program.earlier.iter().find(|e| e.key == *key) {
                    Some(earlier) => Node { a: U32::new(earlier.index), ..blank(op::CHARGE) },
                    None => {
                        let later = cx.program.parts.iter().any(|p| p.file.economy.charge.iter().any(|c| c.key == *key));
                        if later && cx.part.only.is_some() {
                            // The union's charge that this member does not take adds nothing.
                            return Some(self.node(blank(op::RELIEVED)));
                        }
                        let message = if later {
                            format!("\"{key}\" is computed later (or is this charge itself): charges may only use earlier ones, so that no circle arises")
                        } else {
                            format!("\"{key}\" is neither a base of this file nor an earlier charge{}", nearest(key, cx.program.earlier.iter().map(|e| e.key.as_str())))
                        };
                        self.problem(cx.part.file, cx.path, message);
                        return None;
                    }
                }
            }
            Amount::Rate { table, of } => {
                let of = self.optional(cx, of.as_deref())?;
                match self.rate_table(cx.program, table, cx.ids) {
                    Some((start, len)) => Node { a: U32::new(start), b: U32::new(len), c: of, ..blank(op::RATE) },
                    None if cx.is_union => Node { a: U32::new(0), b: U32::new(0), c: of, ..blank(op::RATE) },
                    None => {
                        let file = cx.program.parts.last().map_or(cx.part.file, |p| p.file);
                        self.problem(file, if std::ptr::eq(file, cx.part.file) { cx.path } else { "rate" }, format!("there is no rate table named \"{table}\""));
                        return None;
                    }
                }
            }
            Amount::Tariff(family) => Node { aux: *family as u8, ..blank(op::TARIFF) },
            Amount::Sum(items) => self.amounts(cx, op::SUM, items)?,
            Amount::Max(items) => self.amounts(cx, op::MAX, items)?,
            Amount::Min(items) => self.amounts(cx, op::MIN, items)?,
            Amount::Less(left, right) => {
                let a = self.amount(cx, left)?;
                let b = self.amount(cx, right)?;
                Node { a: U32::new(a), b: U32::new(b), ..blank(op::LESS) }
            }
            Amount::Times(factor, inner) => Node { a: U32::new(self.amount(cx, inner)?), value: number(*factor), ..blank(op::TIMES) },
            Amount::Clamp { amount, least, most } => {
                let a = self.amount(cx, amount)?;
                let b = self.amount(cx, least)?;
                let c = self.amount(cx, most)?;
                Node { a: U32::new(a), b: U32::new(b), c: U32::new(c), ..blank(op::CLAMP) }
            }
            Amount::If { when, then, otherwise } => {
                let a = self.condition(cx, when)?;
                let b = self.amount(cx, then)?;
                let c = self.amount(cx, otherwise)?;
                Node { a: U32::new(a), b: U32::new(b), c: U32::new(c), ..blank(op::IF) }
            }
            Amount::Bands { of, slices } => {
                let a = self.amount(cx, of)?;
                let mut rows = Vec::new();
                let mut last: Option<Decimal> = None;
                for slice in slices {
                    let slot = self.slot(cx.program, cx.part, cx.path, &slice.from)?;
                    if last.is_none_or(|l| slice.from.amount <= l) && (last.is_some() || !slice.from.amount.is_zero()) {
                        self.problem(cx.part.file, cx.path, "bands start at 0 and rise");
                        return None;
                    }
                    last = Some(slice.from.amount);
                    rows.push(SliceRow { from: number(slice.from.amount), percent: number(slice.percent), slot: U16::new(slot), pad: [0; 2] });
                }
                if rows.windows(2).any(|w| w[0].slot.get() != w[1].slot.get()) {
                    self.problem(cx.part.file, cx.path, "all bands are in one currency");
                    return None;
                }
                let run = run_of(&mut self.draft.slices, rows);
                Node { a: U32::new(a), b: run.start, c: run.len, ..blank(op::BANDS) }
            }
            Amount::WholeItems { up_to, otherwise } => {
                let slot = self.slot(cx.program, cx.part, cx.path, up_to)?;
                Node { slot: U16::new(slot), a: U32::new(self.amount(cx, otherwise)?), value: number(up_to.amount), ..blank(op::WHOLE_ITEMS) }
            }
        };
        Some(self.node(node))
    }

    fn condition(&mut self, cx: &mut Context<'_, 'w>, tree: &Condition) -> Option<u32> {
        if cx.depth > 32 {
            self.problem(cx.part.file, cx.path, "the condition is nested too deeply");
            return None;
        }
        cx.depth += 1;
        let result = self.condition_inner(cx, tree);
        cx.depth -= 1;
        result
    }

    fn conditions(&mut self, cx: &mut Context<'_, 'w>, operation: u8, trees: &[Condition]) -> Option<Node> {
        let mut kids = Vec::with_capacity(trees.len());
        for tree in trees {
            kids.push(self.condition(cx, tree)?);
        }
        let run = self.list(kids);
        Some(Node { a: run.start, b: run.len, ..blank(operation) })
    }

    /// A list of code ranges; equal lists share their rows.
    fn code_list(&mut self, mut ranges: Vec<CodeRange>) -> Run {
        ranges.sort_by_key(|r| (r.first, r.last));
        let key: Vec<(u64, u64)> = ranges.iter().map(|r| (r.first, r.last)).collect();
        if let Some(&run) = self.code_lists.get(&key) {
            return run;
        }
        let rows = key.iter().map(|&(first, last)| CodeRow { first: U64::new(first), last: U64::new(last) }).collect();
        let run = run_of(&mut self.draft.codes, rows);
        self.code_lists.insert(key, run);
        run
    }

    fn places(&mut self, cx: &Context<'_, 'w>, operation: u8, codes: &[String]) -> Option<Node> {
        match self.set(codes, &cx.program.parts.clone()) {
            Ok(id) => Some(Node { a: U32::new(u32::from(id)), ..blank(operation) }),
            Err(message) => {
                self.problem(cx.part.file, cx.path, message);
                None
            }
        }
    }

    fn word(&mut self, operation: u8, word: &str) -> Node {
        Node { a: U32::new(self.text(word)), ..blank(operation) }
    }

    fn condition_inner(&mut self, cx: &mut Context<'_, 'w>, tree: &Condition) -> Option<u32> {
        let node = match tree {
            Condition::Always => blank(op::ALWAYS),
            Condition::All(items) => self.conditions(cx, op::ALL, items)?,
            Condition::Any(items) => self.conditions(cx, op::ANY, items)?,
            Condition::Not(inner) => Node { a: U32::new(self.condition(cx, inner)?), ..blank(op::NOT) },
            Condition::Value { left, compare, right, scope } => {
                let a = self.amount(cx, left)?;
                let b = self.amount(cx, right)?;
                let slot = currency_of(right).or_else(|| currency_of(left));
                let slot = match slot {
                    Some(cash) => self.slot(cx.program, cx.part, cx.path, cash)?,
                    None => cx.program.slots.first().copied().unwrap_or(0),
                };
                Node { aux: *compare as u8, slot: U16::new(slot), a: U32::new(a), b: U32::new(b), c: U32::new(*scope as u32), ..blank(op::VALUE) }
            }
            Condition::Imports { compare, count, scope } => Node { aux: *compare as u8, c: U32::new(*scope as u32), value: number(*count), ..blank(op::IMPORTS) },
            Condition::Weight { compare, kg, scope } => {
                if scope.is_period() {
                    self.problem(cx.part.file, cx.path, "weight is tested per consignment, line or item");
                    return None;
                }
                Node { aux: *compare as u8, c: U32::new(*scope as u32), value: number(*kg), ..blank(op::WEIGHT) }
            }
            Condition::Quantity { unit, compare, number: limit } => {
                let Some(found) = unit::find(unit) else {
                    self.problem(cx.part.file, cx.path, format!("unknown unit \"{unit}\""));
                    return None;
                };
                if found.facts.len() != 1 {
                    self.problem(cx.part.file, cx.path, format!("\"{unit}\" is made of several quantities; test one of them"));
                    return None;
                }
                // limit in this unit = limit / multiplier in the base fact
                let Ok(value) = limit.scaled(Decimal::from_int(found.denominator as i64), Decimal::from_int(found.numerator as i64)) else { return None };
                let fact = self.text(found.facts[0]);
                Node { aux: *compare as u8, a: U32::new(fact), value: number(value), ..blank(op::QUANTITY) }
            }
            Condition::Goods { which, of } => {
                let parts = cx.program.parts.clone();
                let before = self.problems.len();
                let ranges = self.ranges(cx.part, &parts, cx.path, of);
                if self.problems.len() > before {
                    return None;
                }
                let run = self.code_list(ranges);
                Node { aux: *which as u8, a: run.start, b: run.len, ..blank(op::GOODS) }
            }
            Condition::OriginIn(codes) => self.places(cx, op::ORIGIN, codes)?,
            Condition::ShippedFrom(codes) => self.places(cx, op::SHIPPED, codes)?,
            Condition::SellerIn(codes) => self.places(cx, op::SELLER, codes)?,
            // Known when the program is laid out: each destination has its own.
            Condition::DeliveredTo(codes) => {
                if let Err(message) = self.set(codes, &cx.program.parts.clone()) {
                    self.problem(cx.part.file, cx.path, message);
                    return None;
                }
                let here = codes.iter().any(|c| self.territory_ids.get(c) == Some(&cx.program.territory));
                if here { blank(op::ALWAYS) } else { Node { a: U32::new(0), b: U32::new(0), ..blank(op::ANY) } }
            }
            Condition::RegionIn(names) => {
                let texts: Vec<u32> = names.iter().map(|n| self.text(n)).collect();
                let run = self.list(texts);
                Node { a: run.start, b: run.len, ..blank(op::REGION) }
            }
            Condition::SellerRegistered(key) => {
                if !cx.program.parts.iter().any(|p| p.file.economy.scheme.iter().any(|s| s.key == *key)) {
                    self.problem(cx.part.file, cx.path, format!("no scheme has the key \"{key}\""));
                    return None;
                }
                self.word(op::REGISTERED, key)
            }
            Condition::BuyerRegistered => blank(op::BUYER),
            Condition::Sale(sale) => Node { aux: *sale as u8, ..blank(op::SALE) },
            Condition::Gift => blank(op::GIFT),
            Condition::Channel(channel) => Node { aux: *channel as u8, ..blank(op::CHANNEL) },
            Condition::Mode(mode) => Node { aux: *mode as u8, ..blank(op::MODE) },
            Condition::Declaration(name) => self.word(op::DECLARATION, name),
            Condition::Fact(name) => {
                if !cx.program.parts.iter().any(|p| p.file.economy.ask.iter().any(|a| a.fact == *name)) {
                    self.problem(cx.part.file, cx.path, format!("no [[ask]] of this file asks for the fact \"{name}\""));
                    return None;
                }
                self.word(op::FACT, name)
            }
            Condition::Claims(name) if name == "any" => blank(op::CLAIMS),
            Condition::Claims(name) => self.word(op::CLAIMS, name),
            Condition::Document(code) => self.word(op::DOCUMENT, code),
            Condition::Reading { dispute, reading } => {
                let found = cx.program.disputes.iter().enumerate().find(|(_, (key, _))| key == dispute);
                let Some((index, (_, readings))) = found else {
                    self.problem(cx.part.file, cx.path, format!("no dispute has the key \"{dispute}\""));
                    return None;
                };
                let Some(at) = readings.iter().position(|r| r == reading) else {
                    self.problem(cx.part.file, cx.path, format!("\"{reading}\" is no reading of {dispute}"));
                    return None;
                };
                Node { a: U32::new(index as u32), b: U32::new(at as u32), ..blank(op::READING) }
            }
        };
        Some(self.node(node))
    }
}

/// The currency in which a comparison is written: the first flat amount in it.
fn currency_of(amount: &Amount) -> Option<&Cash> {
    match amount {
        Amount::Flat(cash) => Some(cash),
        Amount::Sum(items) | Amount::Max(items) | Amount::Min(items) => items.iter().find_map(currency_of),
        Amount::Less(a, b) => currency_of(a).or_else(|| currency_of(b)),
        Amount::Times(_, inner) => currency_of(inner),
        _ => None,
    }
}

fn inline_percent(percent: Decimal) -> Option<u32> {
    let units = percent.units();
    let step = 100_000_000; // 10⁻⁴ %
    if units < 0 || units % step != 0 {
        return None;
    }
    u32::try_from(units / step).ok().filter(|&v| v < INLINE_PERCENT).map(|v| v | INLINE_PERCENT)
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
    let best = known.map(|k| (distance(word, k), k)).min();
    match best {
        // Codes of two letters are all alike; longer words may have one slip in three letters, two at most.
        Some((d, k)) if d <= (word.chars().count() / 3).min(2) => format!("; did you mean \"{k}\"?"),
        _ => String::new(),
    }
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

/// Header, section table, sections.
fn assemble(draft: &Draft) -> Vec<u8> {
    use zerocopy::IntoBytes;
    const ALIGN: usize = 64;
    let sections = draft.sections();
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
    let header = HeaderRow { magic: MAGIC, version: U32::new(VERSION), sections: U32::new(rows.len() as u32), bytes: U64::new(at as u64) };
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
