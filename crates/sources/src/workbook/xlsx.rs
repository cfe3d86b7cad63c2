//! The parts of an XLSX workbook: the list of sheets, the shared texts, the number formats, the cells.

use super::cell::{Kind, MAX_BYTES, Raw, Text, address_of, format_of, merged_of};
use super::number;
use super::{Cell, Format, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Row, Table, Value, too_long, too_many};
use crate::ImportError;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, HashMap};

/// Deepest nesting of elements.
const MAX_DEPTH: u32 = 64;
/// Most merged rectangles of a sheet.
const MAX_MERGED: usize = 1_000;
/// Most sheets.
const MAX_SHEETS: usize = 200;

/// A sheet in the list of a workbook.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    /// The part it stands in.
    part: String,
}

/// What is known of a workbook before its sheets are read.
pub(crate) struct Reader<B> {
    file: String,
    parts: HashMap<String, B>,
    texts: Vec<String>,
    formats: Vec<Format>,
    sheets: Vec<Listed>,
    from_1904: bool,
    cells: usize,
}

/// Value of an attribute, by its local name.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|a| a.key.local_name().as_ref() == name)
        .and_then(|a| value_of(&a))
}

/// Text of an attribute, entities resolved.
fn value_of(attribute: &quick_xml::events::attributes::Attribute<'_>) -> Option<String> {
    attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn is_true(text: Option<String>) -> bool {
    matches!(text.as_deref(), Some("1" | "true"))
}

impl<B: AsRef<[u8]>> Reader<B> {
    pub(crate) fn new(file: &str, parts: impl Iterator<Item = (String, B)>) -> Result<Self, ImportError> {
        let parts = parts
            .map(|(name, bytes)| (name.trim_start_matches('/').replace('\\', "/").to_lowercase(), bytes))
            .collect();
        let mut this = Self {
            file: file.to_owned(),
            parts,
            texts: Vec::new(),
            formats: Vec::new(),
            sheets: Vec::new(),
            from_1904: false,
            cells: 0,
        };
        this.read_texts()?;
        this.read_formats()?;
        this.read_sheets()?;
        Ok(this)
    }

    /// The sheets, in order.
    pub(crate) fn sheets(&self) -> &[Listed] {
        &self.sheets
    }

    fn broken(&self, reason: impl Into<String>) -> ImportError {
        ImportError::NotThisFormat { file: self.file.clone(), reason: reason.into() }
    }

    /// Calls `each` with every event of a part; a missing part has none.
    fn walk(
        &self,
        part: &str,
        mut each: impl FnMut(&Event<'_>) -> Result<(), ImportError>,
    ) -> Result<bool, ImportError> {
        let Some(bytes) = self.parts.get(&part.to_lowercase()) else { return Ok(false) };
        let mut reader = quick_xml::Reader::from_reader(bytes.as_ref());
        let mut depth = 0u32;
        loop {
            let event = reader
                .read_event()
                .map_err(|error| self.broken(format!("\"{part}\" in the workbook is damaged: {error}")))?;
            match &event {
                Event::Start(_) => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        let reason = format!("\"{part}\" in the workbook is nested deeper than {MAX_DEPTH} elements");
                        return Err(self.broken(reason));
                    }
                }
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Eof => {
                    if depth > 0 {
                        return Err(self.broken(format!("\"{part}\" in the workbook ends in the middle")));
                    }
                    return Ok(true);
                }
                _ => {}
            }
            each(&event)?;
        }
    }

    fn read_texts(&mut self) -> Result<(), ImportError> {
        let mut texts: Vec<String> = Vec::new();
        let mut now = Text::default();
        self.walk("xl/sharedStrings.xml", |event| {
            if let Event::Start(tag) | Event::Empty(tag) = event
                && tag.local_name().as_ref() == "si"
            {
                if texts.len() >= MAX_CELLS {
                    return Err(too_many(&self.file));
                }
                texts.push(String::new());
            }
            if let Some(last) = texts.last_mut() {
                now.take(event, last).map_err(|()| too_long(&self.file, MAX_BYTES))?;
            }
            Ok(())
        })?;
        self.texts = texts;
        Ok(())
    }

    fn read_formats(&mut self) -> Result<(), ImportError> {
        let mut codes: HashMap<u32, String> = HashMap::new();
        let mut ids: Vec<u32> = Vec::new();
        let mut inside = false;
        self.walk("xl/styles.xml", |event| {
            match event {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "numFmt" => {
                        if let (Some(id), Some(code)) =
                            (attribute(tag, "numFmtId").and_then(|n| n.parse().ok()), attribute(tag, "formatCode"))
                        {
                            codes.insert(id, code);
                        }
                    }
                    "cellXfs" => inside = matches!(event, Event::Start(_)),
                    "xf" if inside && ids.len() < 70_000 => {
                        ids.push(attribute(tag, "numFmtId").and_then(|n| n.parse().ok()).unwrap_or(0));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => inside = false,
                _ => {}
            }
            Ok(())
        })?;
        self.formats = ids.into_iter().map(|id| format_of(id, codes.get(&id).map(String::as_str))).collect();
        Ok(())
    }

    fn read_sheets(&mut self) -> Result<(), ImportError> {
        let mut targets: BTreeMap<String, String> = BTreeMap::new();
        self.walk("xl/_rels/workbook.xml.rels", |event| {
            if let Event::Start(tag) | Event::Empty(tag) = event
                && tag.local_name().as_ref() == "Relationship"
                && let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target"))
            {
                let path = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => format!("xl/{target}"),
                };
                targets.insert(id, path);
            }
            Ok(())
        })?;
        let mut sheets: Vec<Listed> = Vec::new();
        let mut from_1904 = false;
        let found = self.walk("xl/workbook.xml", |event| {
            if let Event::Start(tag) | Event::Empty(tag) = event {
                match tag.local_name().as_ref() {
                    "workbookPr" => from_1904 = is_true(attribute(tag, "date1904")),
                    "sheet" => {
                        let name = attribute(tag, "name").unwrap_or_default();
                        let hidden = attribute(tag, "state").is_some_and(|s| s != "visible");
                        let id = tag
                            .attributes()
                            .with_checks(false)
                            .filter_map(Result::ok)
                            .find(|a| a.key.as_ref() != "id" && a.key.local_name().as_ref() == "id")
                            .and_then(|a| value_of(&a));
                        let part = id.and_then(|id| targets.get(&id).cloned()).unwrap_or_default();
                        sheets.push(Listed { name, hidden, part });
                    }
                    _ => {}
                }
            }
            Ok(())
        })?;
        if !found {
            return Err(self.broken("it is not an Excel workbook (.xlsx): its list of sheets is missing"));
        }
        if sheets.len() > MAX_SHEETS {
            return Err(self.broken(format!("it has {} sheets; at most {MAX_SHEETS} are read", sheets.len())));
        }
        (self.from_1904, self.sheets) = (from_1904, sheets);
        Ok(())
    }

    /// Every sheet whole, in order.
    pub(super) fn tables(mut self) -> Result<Vec<Table>, ImportError> {
        let mut tables = Vec::new();
        for sheet in self.sheets.clone() {
            let mut rows = Vec::new();
            let mut table = self.rows(&sheet, |row| {
                rows.push(row);
                Ok(())
            })?;
            (table.name, table.hidden, table.rows) = (sheet.name, sheet.hidden, rows);
            tables.push(table);
        }
        Ok(tables)
    }

    /// Calls `each` with every row of a sheet that has cells, in order; then what is known of the sheet besides its rows.
    pub(crate) fn rows(
        &mut self,
        sheet: &Listed,
        mut each: impl FnMut(Row) -> Result<(), ImportError>,
    ) -> Result<Table, ImportError> {
        let path = sheet.part.as_str();
        let mut table = Table::default();
        let mut row = Row::default();
        let mut cell = Raw::default();
        let mut inside = false;
        let mut next_column = 0u32;
        let mut cells = self.cells;
        let found = self.walk(path, |event| {
            if inside {
                if let Event::End(tag) = event
                    && tag.local_name().as_ref() == "c"
                {
                    inside = false;
                    if let Some(made) = self.cell(&cell) {
                        cells += 1;
                        if cells > MAX_CELLS {
                            return Err(too_many(&self.file));
                        }
                        row.cells.insert(cell.column, made);
                    }
                    return Ok(());
                }
                return cell.take(event).map_err(|()| too_long(&self.file, MAX_BYTES));
            }
            match event {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        let number = match attribute(tag, "r") {
                            Some(text) => text.parse().ok().filter(|n| *n <= u64::from(MAX_ROWS)),
                            None => Some(row.number + 1),
                        };
                        let number =
                            number.ok_or_else(|| self.broken(format!("\"{path}\": a row has no sound number")))?;
                        if number <= row.number {
                            return Err(self.broken(format!("\"{path}\": row {number} stands twice or too late")));
                        }
                        row = Row { number, hidden: is_true(attribute(tag, "hidden")), cells: BTreeMap::new() };
                        next_column = 0;
                    }
                    "c" => {
                        let (mut place, mut style, mut kind) = (Some(next_column), 0, Kind::Number);
                        for attribute in tag.attributes().with_checks(false).filter_map(Result::ok) {
                            let value = attribute.value.as_ref();
                            match attribute.key.local_name().as_ref() {
                                "r" => place = address_of(value).map(|(column, _)| column),
                                "s" => style = value.parse().unwrap_or(0),
                                "t" => kind = Kind::of(value),
                                _ => {}
                            }
                        }
                        let column = place.filter(|c| *c < MAX_COLUMNS).ok_or_else(|| {
                            let number = row.number;
                            self.broken(format!(
                                "a cell in row {number} lies right of column {MAX_COLUMNS}, or has no sound address"
                            ))
                        })?;
                        next_column = column + 1;
                        let format = self.formats.get(style).copied().unwrap_or_default();
                        cell.begin(column, format, kind);
                        inside = matches!(event, Event::Start(_));
                    }
                    "col" => {
                        let number = |name| attribute(tag, name).and_then(|n| n.parse::<u32>().ok());
                        if is_true(attribute(tag, "hidden"))
                            && let (Some(first), Some(last)) = (number("min"), number("max"))
                            && table.hidden_columns.len() < MAX_COLUMNS as usize
                        {
                            table.hidden_columns.push((first.saturating_sub(1), last.saturating_sub(1)));
                        }
                    }
                    "mergeCell" => {
                        if table.merged.len() >= MAX_MERGED {
                            return Err(
                                self.broken(format!("it has more than {MAX_MERGED} merged cells; unmerge them"))
                            );
                        }
                        if let Some(merged) = attribute(tag, "ref").as_deref().and_then(merged_of) {
                            table.merged.push(merged);
                        }
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "row" && !row.cells.is_empty() => {
                    let number = row.number;
                    each(std::mem::take(&mut row))?;
                    row.number = number;
                }
                _ => {}
            }
            Ok(())
        })?;
        if !found {
            return Err(self.broken(format!("the sheet \"{path}\" is missing in the workbook")));
        }
        self.cells = cells;
        Ok(table)
    }

    fn cell(&self, raw: &Raw) -> Option<Cell> {
        let text = raw.text.as_str();
        let value = match raw.kind {
            Kind::Shared => Value::Text(text.trim().parse::<usize>().ok().and_then(|at| self.texts.get(at)).cloned()?),
            Kind::Inline => Value::Text(raw.inline.clone()),
            Kind::Text => Value::Text(text.to_owned()),
            Kind::Bool => Value::Bool(text.trim() == "1"),
            Kind::Error => Value::Error(text.to_owned()),
            Kind::Date => match text.trim().parse() {
                Ok(day) => Value::Date(day),
                Err(_) => Value::Moment(text.to_owned()),
            },
            Kind::Number if text.trim().is_empty() && raw.formula => Value::Formula,
            Kind::Number if text.trim().is_empty() => return None,
            Kind::Number => match (number::plain(text), raw.format) {
                (None, _) => Value::Error(text.to_owned()),
                (Some(serial), Format::Date) => match number::day(&serial, self.from_1904) {
                    Some(day) => Value::Date(day),
                    None => Value::Moment(serial),
                },
                (Some(number), _) => Value::Number(number),
            },
        };
        match &value {
            Value::Text(text) if raw.formula && text.is_empty() => {
                Some(Cell { value: Value::Formula, format: raw.format, computed: true })
            }
            Value::Text(text) if text.trim().is_empty() => None,
            _ => Some(Cell { computed: raw.formula, value, format: raw.format }),
        }
    }
}
