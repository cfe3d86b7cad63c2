//! Rows of a file, one after the other.

use super::fault::{Faults, Refused};
use super::field::{self, Numbers};
use super::group::{Kind, MOST_ROWS, Once, Open};
use super::layout::{self, Column, NOT_UTF8, Places};
use crate::event::{Event, Part, Row};
use crate::export::cell;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{Read, Seek, SeekFrom};
use tidewaiter::Decimal;

/// How many documents are remembered, so that one that comes back later is found.
const MOST_REMEMBERED: usize = 1 << 20;

/// What a file was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What separates its columns.
    pub separator: char,
    /// Whether its numbers have a decimal comma.
    pub decimal_comma: bool,
    /// How many rows it has, without the header and empty ones.
    pub rows: u64,
    /// How many sales.
    pub sales: u64,
    /// How many refunds.
    pub refunds: u64,
    /// How many corrections.
    pub corrections: u64,
    /// What should be known besides, a sentence each.
    pub notes: Vec<String>,
}

/// Reads a whole file and takes nothing of it.
///
/// # Errors
/// [`Refused`]: all that is wrong with it.
pub fn check(file: impl Read) -> Result<Told, Refused> {
    pass(file, &mut |_, _| Ok(()))
}

/// Checks a whole file, and only where nothing is wrong with it reads it again and hands over its events with the rows in which they begin.
///
/// # Errors
/// [`Refused`]: all that is wrong with it, or the first event that is not taken, with the reason that `take` gives. Events before that one
/// were handed over; whoever takes them must be able to give them back.
pub fn read(
    mut file: impl Read + Seek,
    mut take: impl FnMut(u64, Event) -> Result<(), String>,
) -> Result<Told, Refused> {
    let failed = |error: std::io::Error| Refused::one(1, "", format!("the file could not be read: {error}"));
    let begin = file.stream_position().map_err(failed)?;
    check(&mut file)?;
    file.seek(SeekFrom::Start(begin)).map_err(failed)?;
    pass(file, &mut take)
}

/// All events of a file.
///
/// # Errors
/// [`Refused`]: all that is wrong with it.
pub fn events(file: impl Read) -> Result<(Vec<Event>, Told), Refused> {
    let mut all = Vec::new();
    let told = pass(file, &mut |_, event| {
        all.push(event);
        Ok(())
    })?;
    Ok((all, told))
}

/// What can be read of a file with mistakes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sound {
    /// Events without a mistake, with the rows in which they begin.
    pub events: Vec<(u64, Event)>,
    /// Numbers of documents that have one.
    pub unsound: HashSet<String>,
}

/// What can be read of a file that was refused: so that what it would be refused for besides is told together with its mistakes.
pub fn sound(file: impl Read) -> Sound {
    let mut sound = Sound::default();
    let mut take = |row, event| {
        sound.events.push((row, event));
        Ok(())
    };
    let mut unsound = HashSet::new();
    let _ = passing(file, &mut take, Some(&mut unsound));
    sound.unsound = unsound;
    sound
}

type Take<'a> = &'a mut dyn FnMut(u64, Event) -> Result<(), String>;

fn pass(file: impl Read, take: Take<'_>) -> Result<Told, Refused> {
    passing(file, take, None)
}

/// Where documents with mistakes are collected, those without are handed over all the same.
fn passing(file: impl Read, take: Take<'_>, unsound: Option<&mut HashSet<String>>) -> Result<Told, Refused> {
    let mut opened = layout::open(file)?;
    let mut faults = Faults::default();
    let mut record = csv::ByteRecord::new();
    let mut last = 1;
    let mut next = |record: &mut csv::ByteRecord| -> Result<bool, Refused> {
        opened.budget.refill();
        let begins = opened.reader.position().line();
        let is_there = opened.reader.read_byte_record(record).map_err(|error| {
            let says = if opened.budget.is_spent() {
                "the row is longer than 1 MB; a quotation mark may be opened and not closed".to_owned()
            } else {
                format!("the file could not be read: {error}")
            };
            Refused::one(begins, "", says)
        })?;
        if !is_there && opened.budget.is_quote_open() {
            return Err(Refused::one(
                last,
                "",
                "a quotation mark in this row or before it is opened and not closed; the rows behind it are lost in one cell",
            ));
        }
        if let (true, Some(mut at)) = (is_there && opened.has_feeds, record.position().cloned()) {
            // Lines that are empty before the row are passed over with it.
            let within: usize = record.iter().flatten().filter(|byte| **byte == b'\n').count();
            // A row that ends with the file, in a cell that was not closed, has no end of its own.
            let end = u64::from(!opened.budget.is_ended());
            at.set_line(opened.reader.position().line().saturating_sub(end + within as u64));
            record.set_position(Some(at));
        }
        last = record.position().map_or(last, csv::Position::line);
        if let Some(cell) = record.iter().next_back().and_then(|cell| cell.strip_suffix(b"\r")) {
            let cell = cell.to_vec();
            record.truncate(record.len() - 1);
            record.push_field(&cell);
        }
        Ok(is_there)
    };
    next(&mut record)?;
    let width = record.len();
    let places = Places::read(&record, &mut faults);
    // Without its columns nothing can be said of any row.
    let faults = faults.none()?;
    let mut pass = Pass {
        places,
        width,
        numbers: Numbers::new(opened.separator == b';'),
        faults,
        open: None,
        seen: HashSet::new(),
        counts: [0; 3],
        rows: 0,
        take,
        unsound,
    };
    while next(&mut record)? {
        pass.row(record.position().map_or(1, csv::Position::line), &record)?;
    }
    pass.close()?;
    if let Some((row, column, says)) = pass.numbers.unsure() {
        pass.faults.add(row, column, says);
    }
    let decimal_comma = pass.numbers.decimal_comma();
    let mut notes = Vec::new();
    if decimal_comma {
        notes.push("All numbers of the file were read with a decimal comma.".to_owned());
    }
    if pass.seen.len() >= MOST_REMEMBERED {
        notes.push(format!("Documents behind the first {MOST_REMEMBERED} were not held against those before them."));
    }
    let (rows, [sales, refunds, corrections]) = (pass.rows, pass.counts);
    pass.faults.none()?;
    let separator = char::from(opened.separator);
    Ok(Told { separator, decimal_comma, rows, sales, refunds, corrections, notes })
}

/// The state of one reading.
struct Pass<'a> {
    places: Places,
    width: usize,
    numbers: Numbers,
    faults: Faults,
    open: Option<Open>,
    /// Hashes of documents that are closed.
    seen: HashSet<u64>,
    counts: [u64; 3],
    rows: u64,
    take: Take<'a>,
    /// Documents with mistakes, where those without are wanted besides.
    unsound: Option<&'a mut HashSet<String>>,
}

/// The cells of one row.
struct Cells<'a> {
    record: &'a csv::ByteRecord,
    places: &'a Places,
}

impl<'a> Cells<'a> {
    /// What stands in a column; nothing where it is empty.
    fn get(&self, column: Column) -> Option<&'a str> {
        let cell = std::str::from_utf8(self.record.get(self.places.of(column)?)?).ok()?;
        (!cell.trim().is_empty()).then(|| cell::plain(cell))
    }
}

impl Pass<'_> {
    fn row(&mut self, row: u64, record: &csv::ByteRecord) -> Result<(), Refused> {
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            return Ok(());
        }
        self.rows += 1;
        if !self.is_well_formed(row, record) {
            self.spoil();
            return Ok(());
        }
        let places = std::mem::take(&mut self.places);
        let done = self.cells(row, &Cells { record, places: &places });
        self.places = places;
        done
    }

    fn is_well_formed(&mut self, row: u64, record: &csv::ByteRecord) -> bool {
        let before = self.faults.count();
        if record.len() < self.width {
            let says = format!(
                "it has {} cells, and the header {}; look at separators and quotation marks",
                record.len(),
                self.width
            );
            self.faults.add(row, "", says);
        }
        for (n, cell) in record.iter().enumerate() {
            let column = Column::ALL.iter().find(|column| self.places.of(**column) == Some(n));
            let name = column.map_or_else(|| (n + 1).to_string(), |column| column.name().to_owned());
            if std::str::from_utf8(cell).is_err() {
                self.faults.add(row, name, NOT_UTF8);
            } else if column.is_none() && !cell.trim_ascii().is_empty() {
                self.faults.add(
                    row,
                    name,
                    "the header has no name for this cell; name the column or take the cell out",
                );
            }
        }
        self.faults.count() == before
    }

    /// What the rows of the open document lack may be in the row that could not be read.
    fn spoil(&mut self) {
        if let Some(open) = &mut self.open {
            open.is_spoiled = true;
        }
    }

    fn cells(&mut self, row: u64, cells: &Cells<'_>) -> Result<(), Refused> {
        let kind = match cells.get(Column::Kind).map(|text| text.trim().to_ascii_lowercase()).as_deref() {
            Some("sale") => Kind::Sale,
            Some("refund") => Kind::Refund,
            Some("correction") => Kind::Correction,
            other => {
                let shown: String = other.unwrap_or_default().chars().take(40).collect();
                self.faults.add(
                    row,
                    Column::Kind.name(),
                    format!("\"{shown}\" is no kind; write sale, refund or correction"),
                );
                self.spoil();
                return Ok(());
            }
        };
        let document = match cells.get(Column::Document).map(field::name) {
            Some(Ok(document)) => document,
            wrong => {
                let says = wrong.and_then(Result::err).unwrap_or_else(|| format!("a {} needs its number", kind.name()));
                self.faults.add(row, Column::Document.name(), says);
                self.spoil();
                return Ok(());
            }
        };
        if !self.open.as_ref().is_some_and(|open| open.kind == kind && open.document == document) {
            self.close()?;
            if self.seen.contains(&hash(kind, &document)) {
                let says = format!(
                    "{} \"{document}\" stands further up too, with other rows between; put its rows one after the other",
                    kind.name()
                );
                self.faults.add(row, Column::Document.name(), says);
            }
        }
        let mut open = self.open.take().unwrap_or_else(|| Open::new(kind, document, row));
        let before = self.faults.count();
        self.common(row, cells, &mut open);
        self.charge(row, cells, &mut open);
        open.rows += 1;
        if open.rows == MOST_ROWS + 1 {
            self.faults.add(row, Column::Document.name(), format!("the document has more than {MOST_ROWS} rows"));
            open.is_spoiled = true;
        }
        open.is_spoiled |= self.faults.count() != before;
        self.open = Some(open);
        Ok(())
    }

    /// What all rows of a document have in common.
    fn common(&mut self, row: u64, cells: &Cells<'_>, open: &mut Open) {
        let Self { faults, numbers, .. } = self;
        for column in Column::ALL {
            if let Some(says) = open.kind.has_no(*column).filter(|_| cells.get(*column).is_some()) {
                faults.add(row, column.name(), format!("a {} has nothing here: {says}", open.kind.name()));
            }
        }
        let get = |column| cells.get(column).filter(|_| open.kind.has_no(column).is_none());
        note(&mut open.date, row, Column::Date, get(Column::Date).map(field::date), faults);
        note(&mut open.of, row, Column::Of, get(Column::Of).map(field::name), faults);
        note(&mut open.to, row, Column::To, get(Column::To).map(field::territory), faults);
        note(&mut open.from, row, Column::From, get(Column::From).map(field::territory), faults);
        note(&mut open.currency, row, Column::Currency, get(Column::Currency).map(field::currency), faults);
        for (slot, column) in [(&mut open.goods, Column::Goods), (&mut open.shipping, Column::Shipping)] {
            let amount = get(column)
                .map(|text| numbers.amount(row, column.name(), text).and_then(|amount| from_zero(open.kind, amount)));
            note(slot, row, column, amount, faults);
        }
        note(&mut open.all, row, Column::All, get(Column::All).map(field::all), faults);
        note(&mut open.reason, row, Column::Reason, get(Column::Reason).map(field::reason), faults);
        note(&mut open.sha256, row, Column::QuoteSha256, get(Column::QuoteSha256).map(field::sha256), faults);
        note(&mut open.ratebook, row, Column::Ratebook, get(Column::Ratebook).map(field::name), faults);
        note(&mut open.editions, row, Column::Edition, get(Column::Edition).map(field::editions), faults);
        note(&mut open.quote_date, row, Column::QuoteDate, get(Column::QuoteDate).map(field::date), faults);
    }

    /// The charge of one row, where there is one.
    fn charge(&mut self, row: u64, cells: &Cells<'_>, open: &mut Open) {
        let Self { faults, numbers, .. } = self;
        let kind = open.kind;
        let needs: &[Column] = match kind {
            Kind::Refund => &[Column::Row, Column::Net, Column::Amount],
            Kind::Sale | Kind::Correction => &[Column::Charge, Column::Net, Column::Amount],
        };
        let may: &[Column] = if kind == Kind::Refund { &[] } else { &[Column::Scheme, Column::Rate, Column::RateType] };
        if needs.iter().chain(may).all(|column| cells.get(*column).is_none()) {
            return;
        }
        for column in needs.iter().filter(|column| cells.get(**column).is_none()) {
            let names = needs.iter().map(|column| column.name()).collect::<Vec<_>>().join(", ");
            faults.add(row, column.name(), format!("it is empty; a charge of a {} needs {names}", kind.name()));
        }
        let [net, amount] = [Column::Net, Column::Amount].map(|column| {
            let text = cells.get(column)?;
            {
                let read = numbers.amount(row, column.name(), text).and_then(|amount| from_zero(kind, amount));
                taken(row, column, read, faults)
            }
        });
        if kind == Kind::Refund {
            let part = cells.get(Column::Row).and_then(|text| taken(row, Column::Row, field::row(text), faults));
            if let (Some(row), Some(net), Some(amount)) = (part, net, amount) {
                open.parts.push(Part { row, net, amount });
            }
            return;
        }
        let charge = cells.get(Column::Charge).and_then(|text| taken(row, Column::Charge, field::name(text), faults));
        let scheme = cells.get(Column::Scheme).and_then(|text| taken(row, Column::Scheme, field::name(text), faults));
        let rate = cells.get(Column::Rate).and_then(|text| taken(row, Column::Rate, numbers.rate(row, text), faults));
        let rate_type =
            cells.get(Column::RateType).and_then(|text| taken(row, Column::RateType, field::rate_type(text), faults));
        if let (Some(charge), Some(net), Some(amount)) = (charge, net, amount) {
            open.charges.push(Row { charge, scheme, rate, rate_type, net, amount });
        }
    }

    /// Ends the document that is open. Events are handed over as long as no mistake was found.
    fn close(&mut self) -> Result<(), Refused> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let (kind, row, before, document) = (open.kind, open.row, self.faults.count(), open.document.clone());
        if self.seen.len() < MOST_REMEMBERED {
            self.seen.insert(hash(kind, &open.document));
        }
        let event = open.close(&mut self.faults);
        if let Some(unsound) = self.unsound.as_deref_mut() {
            match event {
                Some(event) if self.faults.count() == before => {
                    (self.take)(row, event).map_err(|says| Refused::one(row, Column::Document.name(), says))?;
                }
                _ => drop(unsound.insert(document)),
            }
            return Ok(());
        }
        let Some(event) = event else { return Ok(()) };
        if let Some(count) = self.counts.get_mut(kind as usize) {
            *count += 1;
        }
        if self.faults.is_empty() {
            (self.take)(row, event).map_err(|says| Refused::one(row, Column::Document.name(), says))?;
        }
        Ok(())
    }
}

fn hash(kind: Kind, document: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, document).hash(&mut hasher);
    hasher.finish()
}

/// What was sold or went back has no minus; a correction may.
fn from_zero(kind: Kind, amount: Decimal) -> Result<Decimal, String> {
    match kind {
        Kind::Sale if amount.is_negative() => {
            Err(format!("{amount} is below zero; what went back is a refund, and a mistake a correction"))
        }
        Kind::Refund if amount.is_negative() => {
            Err(format!("{amount} is below zero; a refund is written without a minus"))
        }
        _ => Ok(amount),
    }
}

fn taken<T>(row: u64, column: Column, read: Result<T, String>, faults: &mut Faults) -> Option<T> {
    read.map_err(|says| faults.add(row, column.name(), says)).ok()
}

fn note<T: PartialEq>(
    slot: &mut Once<T>,
    row: u64,
    column: Column,
    read: Option<Result<T, String>>,
    faults: &mut Faults,
) {
    let says = match read {
        None => return,
        Some(Err(says)) => says,
        Some(Ok(value)) => match slot.say(row, value) {
            Ok(()) => return,
            Err(at) => format!(
                "row {at} of the same document says something else; write it in one of them, or the same in both"
            ),
        },
    };
    faults.add(row, column.name(), says);
}
