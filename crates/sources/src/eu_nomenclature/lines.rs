//! Lines of a nomenclature, joined from several lists.

use super::{MOST_LINES, Options, unit_key};
use crate::common::{day_month_year, fact, line, put};
use crate::spreadsheet::Cell;
use crate::table::{Encoding, Layout, Table};
use crate::{Account, Entry, ImportError, Sink, Source};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::Confidence;
use tidewaiter::record::edition::{Line, OfficialFile};

type Key = (String, Option<String>);

/// The lines so far.
pub(super) struct Joined {
    nomenclature: String,
    lines: BTreeMap<Key, Line>,
    /// Depth as the hierarchy counts it: the digits that matter.
    depth: BTreeMap<Key, u8>,
    languages: BTreeSet<String>,
    /// Keys of the language that is being read.
    current: BTreeSet<Key>,
    leaves: BTreeMap<Key, bool>,
    /// Dates of the list of declarable codes: first day, first day no longer, first day of declaration.
    listed: BTreeMap<Key, (Date, Option<Date>, Date)>,
    units: BTreeMap<Key, Option<String>>,
    facts: BTreeSet<&'static str>,
}

impl Joined {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            nomenclature: options.nomenclature.clone(),
            lines: BTreeMap::new(),
            depth: BTreeMap::new(),
            languages: BTreeSet::new(),
            current: BTreeSet::new(),
            leaves: BTreeMap::new(),
            listed: BTreeMap::new(),
            units: BTreeMap::new(),
            facts: BTreeSet::new(),
        }
    }

    pub(super) fn end_of_language(&mut self) {
        self.current.clear();
    }

    fn room(&self, name: &str) -> Result<(), ImportError> {
        if self.lines.len() < MOST_LINES {
            return Ok(());
        }
        Err(ImportError::TooLarge {
            file: name.to_owned(),
            what: "the number of its lines",
            limit: MOST_LINES as u64,
            hint: "check that it is the file you meant",
        })
    }

    /// A row of a TARIC nomenclature.
    pub(super) fn taric(
        &mut self,
        name: &str,
        number: u64,
        cells: &[Cell],
        account: &mut Account,
    ) -> Result<(), ImportError> {
        self.room(name)?;
        self.facts.insert("lines");
        account.read("line");
        let text = |column: usize| cells.get(column).and_then(Cell::text).unwrap_or_default();
        let shown = |column: usize| cells.get(column).map(Cell::shown).unwrap_or_default();
        let mut refuse = |column: &str, found: &str, expected: &str| {
            account.refuse(name, number, column, found, expected);
        };
        let Some(key) = goods_code(text(0), ' ') else {
            refuse("Goods code", &shown(0), "ten digits, a space and a suffix of two digits");
            return Ok(());
        };
        let Some(from) = day_month_year(text(1), '-') else {
            refuse("Start date", &shown(1), "a date such as 31-12-1971");
            return Ok(());
        };
        let last = if text(2).is_empty() { None } else { Some(day_month_year(text(2), '-')) };
        let before = match last {
            None if cells.get(2).is_none_or(Cell::is_blank) => None,
            Some(Some(last)) if last >= from => last.tomorrow().ok(),
            _ => {
                refuse("End date", &shown(2), "a date such as 31-12-2030, not before the start date");
                return Ok(());
            }
        };
        let language = text(3).to_lowercase();
        if language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
            refuse("Language", &shown(3), "two letters such as EN");
            return Ok(());
        }
        let depth = match cells.get(4) {
            Some(Cell::Number(digits) | Cell::Text(digits)) => digits.trim().parse::<u8>().ok(),
            _ => None,
        };
        let Some(depth) = depth.filter(|depth| matches!(depth, 2 | 4 | 6 | 8 | 10)) else {
            refuse("Hier. Pos.", &shown(4), "2, 4, 6, 8 or 10");
            return Ok(());
        };
        // A chapter's or heading's cell is empty, or holds nothing but spaces.
        let dashes = text(5);
        let parts: Vec<&str> = dashes.split(' ').filter(|part| !part.is_empty()).collect();
        let hyphens = parts.len() <= 30 && parts.iter().all(|part| *part == "-");
        let Some(indent) = u8::try_from(parts.len()).ok().filter(|_| hyphens) else {
            refuse("Indent", &shown(5), "hyphens with spaces");
            return Ok(());
        };
        if text(6).is_empty() {
            refuse("Description", &shown(6), "a description");
            return Ok(());
        }
        let Some(described) = day_month_year(text(7), '-') else {
            refuse("Descr. start date", &shown(7), "a date such as 31-12-1971");
            return Ok(());
        };
        if !self.current.insert(key.clone()) {
            refuse("Goods code", &shown(0), "each code and suffix once in a language");
            return Ok(());
        }
        let mut new = line(key.0.clone());
        new.suffix.clone_from(&key.1);
        new.indent = Some(indent);
        (new.from, new.before) = (Some(from), before);
        new.note = note(&key.0, depth, described, from);
        if let Some(old) = self.lines.get_mut(&key) {
            if old.description.is_empty() {
                // So far only the list of declarable codes or of units had it.
                new.units = std::mem::take(&mut old.units);
                old.clone_from(&new);
            } else if (old.indent, old.from, old.before, &old.note) != (new.indent, new.from, new.before, &new.note) {
                refuse("", &shown(0), "the same dates, indent and position as in the other languages");
                return Ok(());
            }
        }
        self.describe(key, new, language, text(6), depth, account);
        Ok(())
    }

    fn describe(&mut self, key: Key, new: Line, language: String, says: &str, depth: u8, account: &mut Account) {
        if self.lines.contains_key(&key) {
            account.left_out("another language or list of a line that was made");
        }
        self.depth.insert(key.clone(), depth);
        self.languages.insert(language.clone());
        let line = self.lines.entry(key).or_insert(new);
        line.description.insert(language, says.to_owned());
    }

    /// A row of the list of declarable codes.
    pub(super) fn declarable(
        &mut self,
        name: &str,
        number: u64,
        cells: &[Cell],
        account: &mut Account,
    ) -> Result<(), ImportError> {
        self.room(name)?;
        self.facts.insert("declarable");
        account.read("declarable code");
        let text = |column: usize| cells.get(column).and_then(Cell::text).unwrap_or_default();
        let shown = |column: usize| cells.get(column).map(Cell::shown).unwrap_or_default();
        let Some(key) = goods_code(text(0), ' ') else {
            let expected = "ten digits, a space and a suffix of two digits";
            account.refuse(name, number, "Goods code", &shown(0), expected);
            return Ok(());
        };
        let (Some(Cell::Date(from)), Some(Cell::Date(declared))) = (cells.get(1), cells.get(2)) else {
            account.refuse(name, number, "Start date", &format!("{}, {}", shown(1), shown(2)), "two dates");
            return Ok(());
        };
        let leaf = match text(3) {
            "1" => true,
            "0" => false,
            other => {
                account.refuse(name, number, "IS_LEAF", other, "0 or 1");
                return Ok(());
            }
        };
        let before = match cells.get(4) {
            None | Some(Cell::Empty) => None,
            Some(Cell::Date(last)) if last >= from => last.tomorrow().ok(),
            Some(other) => {
                account.refuse(name, number, "End date", &other.shown(), "a date not before the start date");
                return Ok(());
            }
        };
        if self.leaves.insert(key.clone(), leaf).is_some() {
            account.refuse(name, number, "Goods code", &shown(0), "each code and suffix once");
            return Ok(());
        }
        self.listed.insert(key.clone(), (*from, before, *declared));
        if self.lines.contains_key(&key) {
            account.left_out("joined with the line of the nomenclature");
            return Ok(());
        }
        let mut new = line(key.0.clone());
        new.suffix.clone_from(&key.1);
        self.lines.insert(key, new);
        Ok(())
    }

    /// A row of the list of supplementary units.
    pub(super) fn unit(
        &mut self,
        name: &str,
        number: u64,
        cells: &[Cell],
        account: &mut Account,
    ) -> Result<(), ImportError> {
        self.room(name)?;
        self.facts.insert("units");
        account.read("supplementary unit");
        let text = |column: usize| cells.get(column).and_then(Cell::text).unwrap_or_default();
        let digits = text(0);
        let sound = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !sound {
            account.refuse(name, number, "CNKEY", digits, "twelve digits: the code and its suffix");
            return Ok(());
        }
        let key = (digits[..10].to_owned(), Some(digits[10..].to_owned()));
        let named = match (text(1), text(2)) {
            ("", "") => true,
            ("-", "No supplementary unit") => true,
            (unit, words) => !unit.is_empty() && unit != "-" && !words.is_empty(),
        };
        if !named {
            account.refuse(name, number, "SU", &format!("{}, {}", text(1), text(2)), "a unit and its name, or neither");
            return Ok(());
        }
        let unit = unit_key(text(1));
        if self.units.insert(key.clone(), unit.clone()).is_some() {
            account.refuse(name, number, "CNKEY", digits, "each code and suffix once");
            return Ok(());
        }
        if let Some(old) = self.lines.get_mut(&key) {
            account.left_out("joined with the line of the nomenclature");
            old.units = unit.into_iter().collect();
            return Ok(());
        }
        let mut new = line(key.0.clone());
        new.suffix.clone_from(&key.1);
        new.units = unit.into_iter().collect();
        new.note = Some("Only in the list of supplementary units.".into());
        self.lines.insert(key, new);
        Ok(())
    }

    /// A table of CN codes in one language.
    pub(super) fn cn8(
        &mut self,
        source: Source,
        language: &str,
        account: &mut Account,
    ) -> Result<OfficialFile, ImportError> {
        self.facts.insert("lines");
        let layout = Layout {
            delimiter: b';',
            encoding: Encoding::Windows1252,
            ..Layout::comma(&["code", "description", "unit_id"])
        };
        let mut table = Table::open(source, &layout)?;
        let name = table.name().to_owned();
        self.current.clear();
        while let Some(row) = table.next("line", account)? {
            self.room(&name)?;
            let code = row.get(0);
            if code.len() != 8 || code.bytes().any(|byte| !byte.is_ascii_digit()) {
                account.refuse(&name, row.number, "code", code, "eight digits");
                continue;
            }
            if row.get(1).is_empty() {
                account.refuse(&name, row.number, "description", "", "a description");
                continue;
            }
            let key = (code.to_owned(), None);
            if !self.current.insert(key.clone()) {
                account.refuse(&name, row.number, "code", code, "each code once in a language");
                continue;
            }
            let mut new = line(code.to_owned());
            new.declarable = true;
            new.units = unit_key(row.get(2)).into_iter().collect();
            if self.lines.get(&key).is_some_and(|old| old.units != new.units) {
                account.refuse(&name, row.number, "unit_id", row.get(2), "the same unit as in the other languages");
                continue;
            }
            self.leaves.insert(key.clone(), true);
            self.describe(key, new, language.to_owned(), row.get(1), 8, account);
        }
        self.current.clear();
        table.warn_of_encoding(account);
        table.finish()
    }

    /// Writes the facts and the lines.
    pub(super) fn write(self, out: &mut dyn Sink, account: &mut Account) -> Result<(), ImportError> {
        for kind in &self.facts {
            let statement = match *kind {
                "lines" => "Goods codes, descriptions and dates of the nomenclature.",
                "declarable" => "Goods codes that may be declared.",
                _ => "Supplementary units to be declared.",
            };
            let mut cited = fact(
                &format!("eu.nomenclature.{kind}"),
                statement,
                "European Commission",
                &format!("Nomenclature {}", self.nomenclature),
                None,
            );
            cited.confidence = Confidence::High;
            put(out, account, Entry::Fact(cited))?;
        }
        let mut lines = self.lines.into_iter().peekable();
        while let Some((key, mut line)) = lines.next() {
            if !line.description.is_empty() || self.facts.contains("lines") {
                for language in self.languages.iter().filter(|language| !line.description.contains_key(*language)) {
                    account.inexpressible(&format!("a line without a description in {language}"));
                }
            }
            if let Some(dates) = self.listed.get(&key) {
                add_dates(&mut line, *dates);
            }
            line.declarable = match self.leaves.get(&key) {
                Some(leaf) => *leaf,
                None => {
                    // Suffix 80 and nothing below it: the next line is not deeper.
                    let below = lines.peek().is_some_and(|(next, other)| {
                        let (mine, theirs) = (self.depth.get(&key), self.depth.get(next));
                        match (mine, theirs) {
                            (Some(..=4), Some(next)) => mine.is_some_and(|mine| next > mine),
                            (Some(_), Some(..=4)) => false,
                            _ => other.indent > line.indent,
                        }
                    });
                    key.1.as_deref() == Some("80") && self.depth.contains_key(&key) && !below
                }
            };
            put(out, account, Entry::Line(line))?;
        }
        Ok(())
    }
}

/// Takes the dates of the list of declarable codes, or notes where they differ from those of the nomenclature.
fn add_dates(line: &mut Line, (from, before, declared): (Date, Option<Date>, Date)) {
    let mut parts: Vec<String> = line.note.take().into_iter().collect();
    if line.from.is_none() {
        (line.from, line.before) = (Some(from), before);
    } else if (line.from, line.before) != (Some(from), before) {
        let end = before.map(|day| format!(" to before {day}")).unwrap_or_default();
        parts.push(format!("The list of declarable codes says from {from}{end}."));
    }
    if declared != from {
        parts.push(format!("May be declared since {declared}."));
    }
    line.note = (!parts.is_empty()).then(|| parts.join(" "));
}

/// Ten digits, a separator, and the suffix.
fn goods_code(text: &str, separator: char) -> Option<Key> {
    let (code, suffix) = text.split_once(separator)?;
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(code, 10) && digits(suffix, 2)).then(|| (code.to_owned(), Some(suffix.to_owned())))
}

/// What fits nowhere else: a depth that the digits do not show, and a description newer than the line.
fn note(code: &str, depth: u8, described: Date, from: Date) -> Option<String> {
    let mut shown = 10;
    while shown > 2 && code.as_bytes()[shown - 2..shown] == *b"00" {
        shown -= 2;
    }
    let mut parts = Vec::new();
    if usize::from(depth) != shown {
        parts.push(format!("Position in the hierarchy: {depth} digits."));
    }
    if described != from {
        parts.push(format!("Described so since {described}."));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}
