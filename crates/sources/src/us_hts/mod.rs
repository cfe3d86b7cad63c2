//! The Harmonized Tariff Schedule of the United States, from the official JSON export of one or more revisions.
//!
//! Revisions are read in the order of their dates. Every line, rate and footnote becomes a record that holds from the first
//! revision that has it to the first that has not, so that the edition can say what the schedule said on any day.
//! `docs/formats/import-us-hts.md` lists what becomes of each field.
//!
//! | module | does |
//! |---|---|
//! | [`clean()`] | texts without marks of HTML |
//! | [`rate`] | rate texts into values, by a strict grammar; its fixed words in [`words`] |
//! | [`program`] | programmes of the special column, column 2 |
//! | [`quantity`] | units of quantity |
//! | [`revision`] | dates of revisions |
//! | [`schedule`] | rate lines over time |
//! | [`measure`] | rate lines into measures, and back |
//! | [`table`] | the compact table for embedding |
//! | [`chapter99`] | headings of chapter 99 and footnotes that point to it |

pub mod chapter99;
mod clean;
mod line;
pub mod measure;
pub mod program;
pub mod quantity;
pub mod rate;
pub mod revision;
mod row;
pub mod schedule;
pub mod table;
pub mod words;

pub use clean::clean;
pub use measure::rebuild;
pub use revision::{Dates, Revision, read_dates};
pub use row::{Footnote, Row};
pub use schedule::{Change, Column, Period, RateLine, Schedule, Value, changes};

use crate::{Account, Entry, ImportError, Limits, Sink, Source};
use jiff::civil::Date;
use line::Lines;
use std::collections::{BTreeMap, HashMap};
use tidewaiter::record::edition::{Edition, OfficialFile};
use tidewaiter::record::{Confidence, Fact};

/// What an import must be told besides the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// First day of each revision, by file name without its endings. See [`read_dates`].
    pub dates: Dates,
}

/// Reads revisions of the schedule, in any order, and gives their records.
///
/// Facts come first, then programmes, footnotes, lines by code and measures by code.
///
/// # Errors
/// Where a file cannot be read, has no date in the options, shares its date with another, or is no such export. Rows that
/// are wrong are refused in the account.
pub fn import(
    sources: Vec<Source>,
    options: &Options,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<Edition, ImportError> {
    History::read(sources, options, account)?.write(out, account)
}

/// What one or more revisions say over time: read once, written as an edition and as a compact table.
#[derive(Debug)]
pub struct History {
    /// The rate lines.
    pub schedule: Schedule,
    lines: Lines,
    files: Vec<OfficialFile>,
}

impl History {
    /// Reads revisions, in any order.
    ///
    /// # Errors
    /// As [`import`].
    pub fn read(sources: Vec<Source>, options: &Options, account: &mut Account) -> Result<Self, ImportError> {
        let mut revisions: BTreeMap<Date, (Revision, Source)> = BTreeMap::new();
        for source in sources {
            let file = source.name().to_owned();
            let stem = revision::stem(&file);
            let Some(date) = options.dates.get(stem).copied() else {
                let reason = format!(
                    "no date is given for the revision \"{stem}\": name the list revision_dates.csv among the files, or give --date {stem}=2026-01-31"
                );
                return Err(ImportError::NotThisFormat { file, reason });
            };
            let new = Revision { date, title: revision::title(stem) };
            if let Some((other, _)) = revisions.insert(date, (new, source)) {
                let reason = format!("it has the same date, {date}, as {}; each revision needs its own", other.title);
                return Err(ImportError::NotThisFormat { file, reason });
            }
        }
        if revisions.is_empty() {
            let reason = "no file is given".to_owned();
            return Err(ImportError::NotThisFormat { file: "us-hts".into(), reason });
        }
        let mut schedule = Schedule::default();
        let mut lines = Lines::default();
        let mut rates = Rates::default();
        let mut files = Vec::new();
        for (date, (revision, mut source)) in revisions {
            let file = source.name().to_owned();
            schedule.close(date);
            lines.begin(date);
            let mut reader =
                Reader { file: &file, date, schedule: &mut schedule, rates: &mut rates, open: None, above: Vec::new() };
            row::read(&mut source, account, |account, number, row| {
                lines.take(&file, account, number, &row);
                reader.take(account, number, &row);
            })?;
            reader.flush(account);
            lines.end(&file, account);
            files.push(source.finish()?);
            schedule.revisions.push(revision);
        }
        Ok(Self { schedule, lines, files })
    }

    /// Writes the records of an edition.
    ///
    /// # Errors
    /// Where the sink does not take one.
    pub fn write(self, out: &mut dyn Sink, account: &mut Account) -> Result<Edition, ImportError> {
        let mut said = Account::default();
        let measures = measure::measures(&self.schedule, &mut said);
        let (texts, lines) = self.lines.finish();
        let entries = shared(&self.schedule)
            .into_iter()
            .chain(texts.map(Entry::Text))
            .chain(lines.map(Entry::Line))
            .chain(measures.into_iter().map(Entry::Measure));
        for entry in entries {
            account.made(crate::edition::kind_of(&entry));
            out.take(entry).map_err(ImportError::Write)?;
        }
        account.add(said);
        Ok(head(&self.schedule, self.files))
    }
}

/// The records of a compact table: facts, programmes, area and measures.
///
/// # Errors
/// [`table::TableError`] where the table is wrong.
pub fn entries_of_table(text: &str) -> Result<Vec<Entry>, table::TableError> {
    let schedule = table::read(text)?;
    let mut entries = shared(&schedule);
    entries.extend(measure::measures(&schedule, &mut Account::default()).into_iter().map(Entry::Measure));
    Ok(entries)
}

/// Reads any bytes as an export and as a table. For the fuzzer.
pub fn read_bytes(bytes: &[u8]) {
    let limits = Limits { bytes: 1 << 20, record: 1 << 14 };
    let options = Options { dates: Dates::from([("a".to_owned(), jiff::civil::date(2025, 1, 1))]) };
    if let Ok(source) = Source::new("a.json", std::io::Cursor::new(bytes.to_vec()), limits) {
        let mut entries: Vec<Entry> = Vec::new();
        let _ = import(vec![source], &options, &mut entries, &mut Account::default());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (rate::read(text), rate::read_special(text), entries_of_table(text));
    }
}

/// Texts already read: the schedule repeats a few hundred.
#[derive(Default)]
struct Rates {
    plain: HashMap<String, Result<Option<rate::Rate>, rate::Unread>>,
    special: HashMap<String, Result<Vec<rate::Special>, rate::Unread>>,
}

/// Most texts kept.
const KEPT: usize = 100_000;

impl Rates {
    fn plain(&mut self, text: &str) -> Result<Option<rate::Rate>, rate::Unread> {
        if let Some(read) = self.plain.get(text) {
            return read.clone();
        }
        let read = rate::read(&clean(text));
        if self.plain.len() < KEPT {
            self.plain.insert(text.to_owned(), read.clone());
        }
        read
    }

    fn special(&mut self, text: &str) -> Result<Vec<rate::Special>, rate::Unread> {
        if let Some(read) = self.special.get(text) {
            return read.clone();
        }
        let read = rate::read_special(&clean(text));
        if self.special.len() < KEPT {
            self.special.insert(text.to_owned(), read.clone());
        }
        read
    }
}

/// Reads the rate lines of one revision.
struct Reader<'a> {
    file: &'a str,
    date: Date,
    schedule: &'a mut Schedule,
    rates: &'a mut Rates,
    /// The rate line whose statistical lines are being read: code, row, what it says.
    open: Option<(String, u64, Period)>,
    /// Lines above, by indent: whether they state rates, and their codes.
    above: Vec<(u8, String, bool)>,
}

impl Reader<'_> {
    fn take(&mut self, account: &mut Account, number: u64, row: &Row) {
        let code = row.code();
        let indent = row.indent.parse::<u8>().unwrap_or_default();
        while self.above.last().is_some_and(|(depth, ..)| *depth >= indent) {
            self.above.pop();
        }
        let additional = row.additional_duties.as_deref().unwrap_or_default();
        let states = [&row.general, &row.special, &row.other].iter().any(|text| !clean(text).is_empty())
            || !clean(additional).is_empty();
        if states {
            let key = self.short(&code);
            if let Some(period) = self.rate_line(account, number, row, &key, additional) {
                if key.len() == 10 {
                    // It stands below its rate line, whose other statistical lines still come.
                    self.close(account, &key, number, period);
                } else {
                    self.flush(account);
                    self.open = Some((key, number, period));
                }
            }
        } else if code.len() == 10 {
            // A statistical line takes the rates of the nearest line above that states some: goods below a code inherit,
            // so that this must be the line of its first digits.
            let nearest = self.above.iter().rev().find(|(.., states)| *states);
            match (&mut self.open, nearest) {
                (Some((open, _, period)), Some((_, above, _)))
                    if code.starts_with(open.as_str()) && code.starts_with(above.as_str()) =>
                {
                    for unit in quantity::units(&row.units) {
                        if !period.units.contains(&unit) {
                            period.units.push(unit);
                        }
                    }
                }
                _ => account.refuse(
                    self.file,
                    number,
                    "htsno",
                    &row.htsno,
                    "a statistical line below the rate line of its first digits",
                ),
            }
        }
        self.above.push((indent, code, states));
    }

    /// The legal rate line is of eight digits. Ten are printed where it is its own and only statistical line; they are
    /// kept where the eight digits have a line already.
    fn short(&self, code: &str) -> String {
        match (code.get(..8), self.above.iter().rev().find(|(.., states)| *states)) {
            (Some(eight), Some((_, above, _))) if code.len() == 10 && above == eight => code.to_owned(),
            (Some(eight), _) => eight.to_owned(),
            (None, _) => code.to_owned(),
        }
    }

    fn rate_line(
        &mut self,
        account: &mut Account,
        number: u64,
        row: &Row,
        key: &str,
        additional: &str,
    ) -> Option<Period> {
        let mut line = RateLine::default();
        let mut written = BTreeMap::new();
        let mut well = true;
        let plain = [
            (Column::General, row.general.as_str()),
            (Column::Other, row.other.as_str()),
            (Column::Additional, additional),
        ];
        for (column, text) in plain {
            match self.rates.plain(text) {
                Ok(None) => {}
                Ok(Some(rate)) => {
                    let value = Value::of(key, column, &rate, &[]);
                    written.insert((column, value.clone(), Vec::new()), clean(text));
                    line.put(column, value, Vec::new());
                }
                Err(error) => {
                    well = false;
                    account.refuse(self.file, number, column.name(), text, error.to_string());
                }
            }
        }
        match self.rates.special(&row.special) {
            Ok(groups) => {
                for group in groups {
                    let value = Value::of(key, Column::Special, &group.rate, &group.symbols);
                    written.insert((Column::Special, value.clone(), group.symbols.clone()), group.written);
                    line.put(Column::Special, value, group.symbols);
                }
            }
            Err(error) => {
                well = false;
                account.refuse(self.file, number, "special", &row.special, error.to_string());
            }
        }
        let units = quantity::units(&row.units);
        well.then_some(Period { from: self.date, before: None, units, line, written })
    }

    fn flush(&mut self, account: &mut Account) {
        if let Some((code, number, period)) = self.open.take() {
            self.close(account, &code, number, period);
        }
    }

    fn close(&mut self, account: &mut Account, code: &str, number: u64, period: Period) {
        // A leader without a rate says nothing.
        if !period.line.is_empty() && !self.schedule.take(code, self.date, period) {
            account.refuse(self.file, number, "htsno", code, "one rate line for each code");
        }
    }
}

/// What stands before lines and measures, whether read from the export or from a table.
fn shared(schedule: &Schedule) -> Vec<Entry> {
    let edition = |revision: &Revision| {
        Entry::Fact(Fact {
            key: revision.fact_key(),
            topic: "tariff".into(),
            statement: format!("The rates of duty of the {} of the United States.", revision.title),
            law: Some("19 U.S.C. 1202".into()),
            source: tidewaiter::record::Source {
                publisher: "US International Trade Commission".into(),
                title: Some(format!("{}, JSON export", revision.title)),
                url: Some("https://hts.usitc.gov".into()),
                date: Some(revision.date),
            },
            from: Some(revision.date),
            before: None,
            confidence: Confidence::High,
            note: Some(
                "The day is the one that the list of revisions gives; a change may lawfully apply from an earlier day."
                    .into(),
            ),
        })
    };
    let mut entries: Vec<Entry> = schedule.revisions.iter().map(edition).collect();
    entries.extend(program::facts().into_iter().map(Entry::Fact));
    entries.push(Entry::Area(program::column_2()));
    entries.extend(program::programs().into_iter().map(Entry::Program));
    entries
}

fn head(schedule: &Schedule, files: Vec<OfficialFile>) -> Edition {
    let (first, last) = (schedule.revisions.first(), schedule.revisions.last());
    let date = last.map_or(Date::default(), |revision| revision.date);
    let span = match (first, last) {
        (Some(first), Some(last)) if first != last => format!("{} to {}", first.title, last.title),
        (Some(only), _) => only.title.clone(),
        _ => String::new(),
    };
    Edition {
        authority: "USITC".into(),
        territory: Some("US".into()),
        currency: Some("USD".into()),
        title: format!("Harmonized Tariff Schedule of the United States: {span}"),
        format: "us-hts".into(),
        nomenclature: Some(format!("HTS {}", date.year())),
        known_from: date,
        licence: Some("Work of the United States government, in the public domain".into()),
        files,
        ..Edition::default()
    }
}

#[cfg(test)]
mod tests;

/// The schedule in the form to embed: chapters 1 to 97 and what of chapter 98 has a number, without descriptions.
///
/// Lines of the agreement between the United States, Mexico and Canada that stand apart (symbol `S+`) are claimed under the
/// same name as the others. Chapter 99 is law on top of the schedule and stands in the economy's own file.
///
/// # Errors
/// A sentence naming the measure that does not fit a line.
pub fn embed(head: &Edition, entries: &[Entry]) -> Result<crate::lines::Lines, String> {
    let mut kept: Vec<Entry> = Vec::new();
    for entry in entries {
        match entry {
            Entry::Measure(measure) => {
                let numbered = measure.amount.is_some();
                let chapter = measure.code.get(..2).unwrap_or_default();
                if chapter == "99" || (chapter == "98" && !numbered) {
                    continue;
                }
                let mut measure = measure.clone();
                measure.program = measure.program.map(usmca);
                kept.push(Entry::Measure(measure));
            }
            Entry::Program(program) => {
                let mut program = program.clone();
                if program.key == program::key("S+") {
                    continue;
                }
                program.note = None;
                kept.push(Entry::Program(program));
            }
            Entry::Fact(_) | Entry::Area(_) => kept.push(entry.clone()),
            _ => {}
        }
    }
    let head = Edition {
        title: "Schedule of the United States, chapters 1 to 98".into(),
        complete: true,
        limits: Some(LIMITS.into()),
        files: Vec::new(),
        ..head.clone()
    };
    crate::lines::write(&head, &kept)
}

/// What the embedded schedule leaves out.
const LIMITS: &str = "Anti-dumping and countervailing duties are not loaded: they depend on the maker of the goods. Ask the maker, or a customs broker.";

fn usmca(programs: tidewaiter::record::Places) -> tidewaiter::record::Places {
    use tidewaiter::record::Places;
    let (plain, plus) = (program::key("S"), program::key("S+"));
    let named = match programs {
        Places::One(one) => vec![one],
        Places::Many(many) => many,
    };
    let mut out: Vec<String> = named.into_iter().map(|key| if key == plus { plain.clone() } else { key }).collect();
    out.dedup();
    match out.as_slice() {
        [one] => Places::One(one.clone()),
        _ => Places::Many(out),
    }
}
