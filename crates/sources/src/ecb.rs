//! The euro foreign exchange reference rates of the European Central Bank.
//!
//! Three official forms are read, told apart by their content: the history as CSV, alone or zipped
//! (`eurofxref-hist.zip`), and the XML of one day, of ninety days or of the whole history (`eurofxref-daily.xml`,
//! `eurofxref-hist-90d.xml`). One euro is worth so many of each currency. `N/A` means: not published that day.
//!
//! Days stand newest first. A day out of that order, or twice, is refused.

use crate::bounded::Meter;
use crate::iso_4217::is_currency;
use crate::workbook;
use crate::{Account, ImportError, Limits, Sink, Source};
use jiff::civil::Date;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::{BufRead, Read};
use tidewaiter::Decimal;
use tidewaiter::record::edition::{Edition, Entry, ExchangeRate};
use tidewaiter::record::{Confidence, Fact, Source as FactSource};

/// Key of the series.
pub const SERIES: &str = "ecb";
const BASE: &str = "EUR";
const PUBLISHER: &str = "European Central Bank";
const TITLE: &str = "Euro foreign exchange reference rates";
const URL: &str =
    "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html";
const LICENCE: &str =
    "European Central Bank: free reuse when the source is named and the figures are not changed. For information only.";
/// Most currencies of a file.
const MAX_CURRENCIES: usize = 400;
/// Deepest nesting of elements.
const MAX_DEPTH: u32 = 16;
/// Most bytes of a zipped file, unpacked.
const MAX_UNPACKED: u64 = 64 << 20;

/// Reads a file of reference rates.
///
/// # Errors
/// [`ImportError`] where the file cannot be read, is too large, or is none of the three forms.
pub fn import(mut source: Source, out: &mut dyn Sink, account: &mut Account) -> Result<Edition, ImportError> {
    let mut book = Book::new(source.name(), out, account);
    let first = match source.fill_buf() {
        Ok(bytes) => bytes.first().copied(),
        Err(error) => return Err(source.explain(error)),
    };
    match first {
        Some(b'P') => {
            let mut packed = Vec::new();
            source.read_to_end(&mut packed).map_err(|error| source.explain(error))?;
            let bounds = workbook::Bounds { entries: 4, unpacked: MAX_UNPACKED, ..workbook::Bounds::default() };
            let files = workbook::unpack(&book.file, &packed, bounds)?;
            let count = files.len();
            let mut files = files.into_iter();
            let (Some(one), None) = (files.next(), files.next()) else {
                return Err(book.not_this(format!("the archive holds {count} files; one CSV file is expected")));
            };
            let text = Source::new(&one.name, std::io::Cursor::new(one.bytes), Limits::default())?;
            csv_days(text, &mut book)?;
        }
        Some(b'<') => source = xml_days(source, &mut book)?,
        Some(_) => source = csv_days(source, &mut book)?,
        None => return Err(book.not_this("the file is empty".into())),
    }
    let Some(newest) = book.newest else {
        return Err(book.not_this("it holds no day; take the file again from the European Central Bank".into()));
    };
    Ok(Edition {
        authority: PUBLISHER.into(),
        title: TITLE.into(),
        format: "ecb".into(),
        known_from: newest,
        licence: Some(LICENCE.into()),
        files: vec![source.finish()?],
        ..Edition::default()
    })
}

/// What is being made of a file.
struct Book<'a> {
    file: String,
    out: &'a mut dyn Sink,
    account: &'a mut Account,
    newest: Option<Date>,
    last: Option<Date>,
}

impl<'a> Book<'a> {
    fn new(file: &str, out: &'a mut dyn Sink, account: &'a mut Account) -> Self {
        Self { file: file.to_owned(), out, account, newest: None, last: None }
    }

    fn not_this(&self, reason: String) -> ImportError {
        ImportError::NotThisFormat { file: self.file.clone(), reason }
    }

    fn refuse(&mut self, row: u64, column: &str, found: &str, expected: &str) {
        self.account.refuse(&self.file, row, column, found, expected);
    }

    /// Begins a day; `None` where it is refused.
    fn day(&mut self, row: u64, text: &str) -> Result<Option<Date>, ImportError> {
        self.account.read("day");
        let day = match text.parse::<Date>() {
            Ok(day) if text.len() == 10 => day,
            _ => {
                self.refuse(row, "Date", text, "a day such as 2026-10-30");
                return Ok(None);
            }
        };
        match self.last {
            Some(last) if day == last => {
                self.refuse(row, "Date", text, "each day once; this day stands in the row before too");
                return Ok(None);
            }
            Some(last) if day > last => {
                self.refuse(
                    row,
                    "Date",
                    text,
                    "the newest day first; this day is after the one before it, or stands twice",
                );
                return Ok(None);
            }
            _ => {}
        }
        self.last = Some(day);
        if self.newest.is_none() {
            self.newest = Some(day);
            let fact = Fact {
                key: format!("ecb.eurofxref.{day}"),
                topic: "exchange_rate".into(),
                statement: format!(
                    "The European Central Bank publishes reference rates of the euro for information on working days; this file was read as of {day}."
                ),
                law: None,
                source: FactSource {
                    publisher: PUBLISHER.into(),
                    title: Some(TITLE.into()),
                    url: Some(URL.into()),
                    date: Some(day),
                },
                from: None,
                before: None,
                confidence: Confidence::High,
                note: None,
            };
            self.out.take(Entry::Fact(fact)).map_err(ImportError::Write)?;
            self.account.made("fact");
        }
        Ok(Some(day))
    }

    fn rate(&mut self, row: u64, day: Date, currency: &str, text: &str) -> Result<(), ImportError> {
        self.account.read("rate");
        if text == "N/A" {
            self.account.left_out("N/A: not published that day");
            return Ok(());
        }
        match positive(text) {
            Ok(rate) => {
                let entry = ExchangeRate {
                    series: SERIES.into(),
                    base: BASE.into(),
                    currency: currency.to_owned(),
                    rate,
                    from: day,
                    before: None,
                };
                self.out.take(Entry::ExchangeRate(entry)).map_err(ImportError::Write)?;
                self.account.made("exchange-rate");
            }
            Err(expected) => self.refuse(row, currency, text, expected),
        }
        Ok(())
    }
}

/// A rate: digits, at most one point, above zero.
///
/// # Errors
/// What was expected.
pub(crate) fn positive(text: &str) -> Result<Decimal, &'static str> {
    if text.contains(',') {
        return Err("a number with a decimal point, such as 1.1172; a comma is not read");
    }
    if text.starts_with('-') {
        return Err("a rate above zero");
    }
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err("a number such as 1.1172, or N/A");
    }
    match text.parse::<Decimal>() {
        Ok(rate) if rate > Decimal::ZERO => Ok(rate),
        Ok(_) => Err("a rate above zero"),
        Err(_) => Err("a number such as 1.1172, with at most twelve decimals"),
    }
}

fn csv_days(source: Source, book: &mut Book<'_>) -> Result<Source, ImportError> {
    let meter = source.meter();
    let mut reader = crate::workbook::csv_reader().from_reader(source);
    let mut record = csv::StringRecord::new();
    let mut header: Vec<String> = Vec::new();
    loop {
        meter.next_record();
        if !reader.read_record(&mut record).map_err(|error| meter.explain_csv(error))? {
            break;
        }
        let row = record.position().map_or(0, csv::Position::line);
        let mut cells: Vec<&str> = record.iter().map(str::trim).collect();
        // The official file ends each line with a comma.
        if cells.last() == Some(&"") {
            cells.pop();
        }
        if header.is_empty() {
            header = heading(book, row, &cells)?;
            continue;
        }
        if cells.len() != header.len() {
            book.account.read("day");
            let found = format!("{} cells", cells.len());
            let expected = format!(
                "{} cells, as in the headings; where there are more, look for a number with a comma",
                header.len()
            );
            book.refuse(row, "", &found, &expected);
            continue;
        }
        let Some(day) = book.day(row, cells[0])? else { continue };
        for (currency, cell) in header.iter().zip(&cells).skip(1) {
            if !currency.is_empty() {
                book.rate(row, day, currency, cell)?;
            }
        }
    }
    Ok(reader.into_inner())
}

/// The currencies of the headings; an unknown one is refused and becomes empty.
fn heading(book: &mut Book<'_>, row: u64, cells: &[&str]) -> Result<Vec<String>, ImportError> {
    if cells.len() > MAX_CURRENCIES + 1 {
        let found = cells.len() - 1;
        return Err(book.not_this(format!("the first row has {found} currencies; at most {MAX_CURRENCIES} are read")));
    }
    if cells.first().map(|c| c.trim_start_matches('\u{feff}')) != Some("Date") || cells.len() < 2 {
        return Err(book.not_this("the first row must be \"Date\" and the currency codes: Date,USD,JPY,…".into()));
    }
    let mut seen = BTreeSet::new();
    let mut header = vec!["Date".to_owned()];
    for code in &cells[1..] {
        if !is_currency(code) {
            book.refuse(row, code, code, "a currency code of ISO 4217, such as USD");
            header.push(String::new());
        } else if !seen.insert(*code) {
            book.refuse(row, code, code, "each currency once");
            header.push(String::new());
        } else {
            header.push((*code).to_owned());
        }
    }
    Ok(header)
}

fn xml_days(source: Source, book: &mut Book<'_>) -> Result<Source, ImportError> {
    let meter = source.meter();
    let mut reader = quick_xml::Reader::from_reader(source);
    let mut buffer = Vec::new();
    let mut day = None;
    let mut depth = 0u32;
    let mut cubes = 0u64;
    let mut seen = BTreeSet::new();
    loop {
        buffer.clear();
        meter.next_record();
        let event = reader.read_event_into(&mut buffer).map_err(|error| xml_error(book, &meter, &error))?;
        match event {
            Event::Start(tag) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    let reason =
                        format!("element <{}> is nested deeper than {MAX_DEPTH} elements", tag.name().as_ref());
                    return Err(book.not_this(reason));
                }
                cube(book, &tag, &mut cubes, &mut day, &mut seen)?;
            }
            Event::Empty(tag) => cube(book, &tag, &mut cubes, &mut day, &mut seen)?,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof => break,
            _ => {}
        }
    }
    if depth > 0 {
        return Err(book.not_this("it ends in the middle; take it again".into()));
    }
    if cubes == 0 {
        return Err(book.not_this("it holds no <Cube time=…> of rates".into()));
    }
    Ok(reader.into_inner())
}

fn xml_error(book: &Book<'_>, meter: &Meter, error: &quick_xml::Error) -> ImportError {
    if let quick_xml::Error::Io(error) = error {
        return meter.explain(std::io::Error::new(error.kind(), error.to_string()));
    }
    book.not_this(format!("it is not sound XML: {error}"))
}

/// One `<Cube>`: of a day (`time`), or of a currency (`currency`, `rate`).
fn cube(
    book: &mut Book<'_>,
    tag: &BytesStart<'_>,
    cubes: &mut u64,
    day: &mut Option<Date>,
    seen: &mut BTreeSet<String>,
) -> Result<(), ImportError> {
    if tag.local_name().as_ref() != "Cube" {
        return Ok(());
    }
    let value =
        |name: &str| -> Option<String> {
            tag.attributes().with_checks(false).filter_map(Result::ok).find(|a| a.key.as_ref() == name).map(|a| {
                a.normalized_value(quick_xml::XmlVersion::Implicit1_0).map(|v| v.into_owned()).unwrap_or_default()
            })
        };
    if let Some(time) = value("time") {
        *cubes += 1;
        seen.clear();
        *day = book.day(*cubes, &time)?;
    } else if let Some(currency) = value("currency") {
        *cubes += 1;
        let rate = value("rate").unwrap_or_default();
        let Some(day) = *day else {
            book.account.read("rate");
            book.refuse(*cubes, &currency, &rate, "a rate inside a sound <Cube time=…>");
            return Ok(());
        };
        if !is_currency(&currency) {
            book.account.read("rate");
            book.refuse(*cubes, "currency", &currency, "a currency code of ISO 4217, such as USD");
        } else if seen.insert(currency.clone()) {
            book.rate(*cubes, day, &currency, &rate)?;
        } else {
            book.account.read("rate");
            book.refuse(*cubes, "currency", &currency, "each currency once a day");
        }
    }
    Ok(())
}
