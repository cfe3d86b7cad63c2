//! The state of a tariff database: every record by its primary key, changed by one transmission after another.

use super::schema::{RecordType, schema};
use super::xml::{Stop, Token, Xml};
use super::{Options, cds, envelope};
use crate::{Account, ImportError, Source};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use tidewaiter::record::edition::OfficialFile;

/// Stands between the fields of a row and of a key. XML cannot hold it.
pub(super) const BETWEEN: char = '\u{1f}';

/// Whether the store holds every record of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// It began with a full transmission, or empty with the database. To change or delete what is not there is an error.
    Complete,
    /// It began with some later transmission. What a change refers to may lie before: that is accounted, not refused.
    Partial,
}

/// What a record does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// `1`: replaces the record of the same key.
    Update,
    /// `2`: takes it out.
    Delete,
    /// `3`: adds it.
    Insert,
    /// Adds or replaces it: the extracts of the UK do not tell the two apart.
    Put,
}

impl Update {
    const fn word(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Insert => "insert",
            Self::Put => "put",
        }
    }
}

/// A checked record of a transmission.
#[derive(Debug)]
pub(super) struct Change {
    /// Its number in the file, from 1.
    pub(super) row: u64,
    /// Its transaction, as the record says it; empty in a CDS extract.
    pub(super) transaction: String,
    /// Place in [`super::schema::Schema::records`].
    pub(super) kind: usize,
    pub(super) update: Update,
    /// One text for each field, empty where it is left out.
    pub(super) values: Vec<String>,
}

/// A transmission that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmission {
    /// Key of the fact that its records cite.
    pub key: String,
    /// Its file.
    pub file: String,
    /// Number of the envelope, or the moment of the extract.
    pub number: String,
    /// Day of the extract, where the file says one.
    pub date: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) values: Box<str>,
    /// Place in [`TaricStore::transmissions`].
    pub(super) from: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) rows: BTreeMap<Box<str>, Row>,
    /// Keys that were deleted, kept in a partial store so that a second delete is seen.
    pub(super) gone: BTreeSet<Box<str>>,
    /// Owner and key, for the conditions of measures: their own key does not begin with the measure.
    by_owner: BTreeSet<Box<str>>,
}

impl Table {
    fn put(&mut self, kind: usize, key: Box<str>, row: Row) -> Option<Row> {
        if let Some(entry) = owner_entry(kind, &key, &row) {
            self.by_owner.insert(entry);
        }
        let before = self.rows.insert(key.clone(), row);
        if let Some(before) = &before
            && let (Some(old), Some(row)) = (owner_entry(kind, &key, before), self.rows.get(&key))
            && owner_entry(kind, &key, row).as_ref() != Some(&old)
        {
            self.by_owner.remove(&old);
        }
        before
    }

    fn take(&mut self, kind: usize, key: &str) -> Option<Row> {
        let row = self.rows.remove(key)?;
        if let Some(entry) = owner_entry(kind, key, &row) {
            self.by_owner.remove(&entry);
        }
        Some(row)
    }
}

/// Record types that are looked up by a field which does not begin their key, and its place.
static OWNERS: LazyLock<Vec<Option<usize>>> = LazyLock::new(|| {
    let owner = |kind: &RecordType| kind.field("measure.sid").filter(|_| kind.name == "measure.condition");
    schema().records.iter().map(owner).collect()
});

fn owner_entry(kind: usize, key: &str, row: &Row) -> Option<Box<str>> {
    let owner = row.values.split(BETWEEN).nth(OWNERS[kind]?)?;
    Some(format!("{owner}{BETWEEN}{key}").into())
}

/// From and before what a key beginning with a field lies.
fn beginning(first: &str) -> (Box<str>, Box<str>) {
    (format!("{first}{BETWEEN}").into(), format!("{first} ").into())
}

/// What a key was before this transmission.
#[derive(Debug)]
struct Before {
    kind: usize,
    key: Box<str>,
    row: Option<Row>,
    gone: bool,
}

/// Every record of a tariff database by its primary key.
///
/// ```
/// use tidewaiter_sources::taric3::{Completeness, TaricStore};
/// let store = TaricStore::new(Completeness::Complete);
/// assert!(store.is_empty() && store.get("measure", &["3622988"]).is_none());
/// ```
#[derive(Debug)]
pub struct TaricStore {
    completeness: Completeness,
    pub(super) tables: Vec<Table>,
    pub(super) transmissions: Vec<Transmission>,
    /// Areas by the number that CDS extracts call `hjid`.
    pub(super) areas: BTreeMap<String, String>,
    /// What this transmission changed, to take it back. A transmission onto an empty store needs none.
    undo: Vec<Before>,
    began_empty: bool,
}

/// A record with the names of its fields.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// Its type.
    pub kind: &'static RecordType,
    values: Vec<&'a str>,
    pub(super) from: u32,
}

impl<'a> Record<'a> {
    /// A field; empty where it is left out, or where the record has no such field.
    pub fn get(&self, field: &str) -> &'a str {
        self.some(field).unwrap_or_default()
    }

    /// A field, where it is filled.
    pub fn some(&self, field: &str) -> Option<&'a str> {
        self.at(self.kind.field(field)?)
    }

    fn at(&self, place: usize) -> Option<&'a str> {
        self.values.get(place).copied().filter(|text| !text.is_empty())
    }

    /// The fields that are filled, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &'a str)> + '_ {
        self.kind.fields.iter().enumerate().filter_map(|(place, field)| Some((field.name, self.at(place)?)))
    }
}

impl TaricStore {
    /// An empty store.
    pub fn new(completeness: Completeness) -> Self {
        Self {
            completeness,
            tables: vec![Table::default(); schema().records.len()],
            transmissions: Vec::new(),
            areas: BTreeMap::new(),
            undo: Vec::new(),
            began_empty: true,
        }
    }

    /// Whether it claims to hold every record.
    pub const fn completeness(&self) -> Completeness {
        self.completeness
    }

    /// Records in all.
    pub fn len(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.tables.iter().all(|table| table.rows.is_empty())
    }

    /// Transmissions applied so far, oldest first.
    pub fn transmissions(&self) -> &[Transmission] {
        &self.transmissions
    }

    /// A record by its element name and the fields of its primary key, in their order.
    pub fn get(&self, name: &str, key: &[&str]) -> Option<Record<'_>> {
        let kind = schema().find(name)?;
        let key = key.join(&BETWEEN.to_string());
        self.tables.get(kind)?.rows.get(key.as_str()).map(|row| record(kind, row))
    }

    /// All records of an element name, in the order of their keys as text.
    pub fn records(&self, name: &str) -> impl Iterator<Item = Record<'_>> {
        let kind = schema().find(name);
        kind.into_iter().flat_map(|kind| self.tables[kind].rows.values().map(move |row| record(kind, row)))
    }

    /// The records of an element name whose primary key begins with a field.
    pub(super) fn under<'s>(&'s self, name: &str, first: &str) -> impl Iterator<Item = Record<'s>> {
        let (from, before) = beginning(first);
        let kind = schema().find(name);
        kind.into_iter().flat_map(move |kind| {
            self.tables[kind].rows.range(from.clone()..before.clone()).map(move |(_, row)| record(kind, row))
        })
    }

    /// The conditions of a measure.
    pub(super) fn conditions(&self, measure: &str) -> Vec<Record<'_>> {
        let Some(kind) = schema().find("measure.condition") else { return Vec::new() };
        let (from, before) = beginning(measure);
        let table = &self.tables[kind];
        let keys = table.by_owner.range(from.clone()..before).filter_map(|entry| entry.get(from.len()..));
        keys.filter_map(|key| table.rows.get(key)).map(|row| record(kind, row)).collect()
    }

    /// Keys and fields of the records of a type that hold an owner's key: `links` are the fields with what stands there.
    pub(super) fn owned(&self, kind: usize, links: &[(usize, String)]) -> Vec<(String, Vec<String>)> {
        let Some((field, owner)) = links.first() else { return Vec::new() };
        let table = &self.tables[kind];
        let (from, before) = beginning(owner);
        let rows: Vec<(&str, &Row)> = if OWNERS[kind] == Some(*field) {
            let keys = table.by_owner.range(from.clone()..before).filter_map(|entry| entry.get(from.len()..));
            keys.filter_map(|key| table.rows.get_key_value(key)).map(|(key, row)| (&**key, row)).collect()
        } else if schema().records[kind].key.first() == Some(field) {
            table.rows.range(from..before).map(|(key, row)| (&**key, row)).collect()
        } else {
            table.rows.iter().map(|(key, row)| (&**key, row)).collect()
        };
        let values = |row: &Row| row.values.split(BETWEEN).map(str::to_owned).collect::<Vec<_>>();
        let mine = |row: &Row| {
            let mut parts = row.values.split(BETWEEN).enumerate();
            let wanted = |at: usize| links.iter().find(|(field, _)| *field == at);
            parts.all(|(at, part)| wanted(at).is_none_or(|(_, value)| value == part))
        };
        rows.into_iter().filter(|(_, row)| mine(row)).map(|(key, row)| (key.to_owned(), values(row))).collect()
    }

    /// Puts a row where it stood when it was saved.
    pub(super) fn restore(&mut self, kind: usize, values: &[String], from: u32) {
        let between = BETWEEN.to_string();
        let parts: Vec<&str> = schema().records[kind].key.iter().map(|&at| values[at].as_str()).collect();
        self.tables[kind].put(kind, parts.join(&between).into(), Row { values: values.join(&between).into(), from });
    }

    /// Applies one transmission, TARIC3 or a CDS extract, in the order of its transactions: all of it, or nothing.
    ///
    /// Where a record is refused the others are still checked, so that all refusals stand in the account, and the store is
    /// left as it was: look at [`Account::refused`].
    ///
    /// # Errors
    /// Where the file cannot be read, is not of these formats, or is too large. The store is left as it was.
    pub fn apply(
        &mut self,
        source: Source,
        options: &Options,
        account: &mut Account,
    ) -> Result<OfficialFile, ImportError> {
        let (transmissions, areas) = (self.transmissions.len(), self.areas.clone());
        let refused = account.refused;
        self.undo.clear();
        self.began_empty = self.tables.iter().all(|table| table.rows.is_empty() && table.gone.is_empty());
        let result = self.read(source, options, account);
        if result.is_err() || account.refused > refused {
            self.take_back();
            self.transmissions.truncate(transmissions);
            self.areas = areas;
        }
        self.undo = Vec::new();
        result
    }

    fn read(&mut self, source: Source, options: &Options, account: &mut Account) -> Result<OfficialFile, ImportError> {
        let mut xml = Xml::open(source, options.limits)?;
        let root = loop {
            match xml.next() {
                Ok(Token::Open(root)) => break root,
                Ok(Token::Text(text)) if text.trim().is_empty() => {}
                Ok(_) => return Err(xml.explain(Stop::Xml("no element stands there".into()), "the beginning")),
                Err(stop) => return Err(xml.explain(stop, "the beginning")),
            }
        };
        if root.name == "TariffHistoryResponse" {
            cds::read(&mut xml, &root, self, account)?;
        } else {
            envelope::read(&mut xml, &root, options, self, account)?;
        }
        xml.close()?.finish()
    }

    /// Notes which transmission the coming changes belong to.
    pub(super) fn begin(&mut self, family: &str, number: &str, file: &str, date: Option<Date>) {
        let name: String =
            number.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let mut key = format!("{family}.{name}");
        let mut again = 1;
        while self.transmissions.iter().any(|t| t.key == key) {
            again += 1;
            key = format!("{family}.{name}.{again}");
        }
        self.transmissions.push(Transmission { key, file: file.to_owned(), number: number.to_owned(), date });
    }

    /// Makes one change, and counts it; refuses it in the account where it cannot be.
    pub(super) fn change(&mut self, change: &Change, file: &str, account: &mut Account) {
        let kind = &schema().records[change.kind];
        let word = change.update.word();
        match self.try_change(change) {
            Ok(true) => account.read(&format!("{}: {word}", kind.name)),
            Ok(false) => {
                account.read(&format!("{}: {word}, base absent", kind.name));
                if change.update == Update::Delete {
                    account.left_out(&format!("base absent: {} to delete", kind.name));
                }
            }
            Err(expected) => {
                account.read(&format!("{}: {word}", kind.name));
                let key = self.shown_key(change);
                account.refuse(file, change.row, kind.name, &key, place(&expected, &change.transaction, kind));
            }
        }
    }

    fn shown_key(&self, change: &Change) -> String {
        let kind = &schema().records[change.kind];
        let parts = kind.key.iter().map(|&at| change.values[at].as_str());
        parts.collect::<Vec<_>>().join(" ")
    }

    /// Whether the record it changes was there; an insert and a put always count as such.
    fn try_change(&mut self, change: &Change) -> Result<bool, String> {
        let between = BETWEEN.to_string();
        let kind = &schema().records[change.kind];
        let parts: Vec<&str> = kind.key.iter().map(|&at| change.values[at].as_str()).collect();
        let key: Box<str> = parts.join(&between).into();
        let from = u32::try_from(self.transmissions.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let partial = self.completeness == Completeness::Partial;
        let table = &mut self.tables[change.kind];
        let (there, gone) = (table.rows.contains_key(&key), table.gone.contains(&key));
        match change.update {
            Update::Insert if there => return Err("a key that is not there yet; it is inserted twice".into()),
            Update::Update | Update::Delete if gone => return Err("a record that was not deleted before".into()),
            Update::Update | Update::Delete if !there && !partial => {
                let word = change.update.word();
                return Err(format!("a record that is there to {word}; is an earlier transmission missing?"));
            }
            _ => {}
        }
        let before = if change.update == Update::Delete {
            if partial {
                table.gone.insert(key.clone());
            }
            table.take(change.kind, &key)
        } else {
            table.gone.remove(&key);
            table.put(change.kind, key.clone(), Row { values: change.values.join(&between).into(), from })
        };
        if !self.began_empty {
            self.undo.push(Before { kind: change.kind, key, row: before, gone });
        }
        Ok(there || matches!(change.update, Update::Insert | Update::Put))
    }

    /// Takes a record out that a CDS extract no longer lists under its owner.
    pub(super) fn drop_record(&mut self, kind: usize, key: &str) {
        if let Some(row) = self.tables[kind].take(kind, key)
            && !self.began_empty
        {
            self.undo.push(Before { kind, key: key.into(), row: Some(row), gone: false });
        }
    }

    fn take_back(&mut self) {
        if self.began_empty {
            self.tables = vec![Table::default(); schema().records.len()];
            return;
        }
        for Before { kind, key, row, gone } in self.undo.drain(..).rev() {
            let table = &mut self.tables[kind];
            if gone {
                table.gone.insert(key.clone());
            } else {
                table.gone.remove(&key);
            }
            match row {
                Some(row) => table.put(kind, key, row),
                None => table.take(kind, &key),
            };
        }
    }
}

impl PartialEq for TaricStore {
    fn eq(&self, other: &Self) -> bool {
        self.completeness == other.completeness
            && self.tables == other.tables
            && self.transmissions == other.transmissions
            && self.areas == other.areas
    }
}

fn record(kind: usize, row: &Row) -> Record<'_> {
    Record { kind: &schema().records[kind], values: row.values.split(BETWEEN).collect(), from: row.from }
}

/// What was expected, with the transaction and the record code.
pub(super) fn place(expected: &str, transaction: &str, kind: &RecordType) -> String {
    let mut said = expected.to_owned();
    if !transaction.is_empty() {
        said.push_str(&format!("; transaction {transaction}"));
    }
    if let Some((code, sub)) = kind.code {
        said.push_str(&format!(", record {code} {sub}"));
    }
    said
}
