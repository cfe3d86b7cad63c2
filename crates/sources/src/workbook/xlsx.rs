//! The parts of an XLSX workbook: the list of sheets, the shared texts, the number formats, the cells.

use super::number;
use super::{Cell, File, Format, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Merged, Row, Table, Value, too_many};
use crate::ImportError;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, HashMap};

/// Deepest nesting of elements.
const MAX_DEPTH: u32 = 64;
/// Most merged rectangles of a sheet.
const MAX_MERGED: usize = 1_000;
/// Most sheets.
const MAX_SHEETS: usize = 200;

/// What is known of a workbook before its sheets are read.
pub(super) struct Reader<'a> {
    file: &'a str,
    parts: HashMap<String, &'a [u8]>,
    texts: Vec<String>,
    formats: Vec<Format>,
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

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, files: &'a [File]) -> Result<Self, ImportError> {
        let parts = files
            .iter()
            .map(|f| (f.name.trim_start_matches('/').replace('\\', "/").to_lowercase(), f.bytes.as_slice()))
            .collect();
        let mut this = Self { file, parts, texts: Vec::new(), formats: Vec::new(), from_1904: false, cells: 0 };
        this.read_texts()?;
        this.read_formats()?;
        Ok(this)
    }

    fn broken(&self, reason: impl Into<String>) -> ImportError {
        ImportError::NotThisFormat { file: self.file.to_owned(), reason: reason.into() }
    }

    /// Calls `each` with every event of a part; a missing part has none.
    fn walk(
        &self,
        part: &str,
        mut each: impl FnMut(&Event<'_>) -> Result<(), ImportError>,
    ) -> Result<bool, ImportError> {
        let Some(bytes) = self.parts.get(&part.to_lowercase()) else { return Ok(false) };
        let mut reader = quick_xml::Reader::from_reader(*bytes);
        let mut buffer = Vec::new();
        let mut depth = 0u32;
        loop {
            buffer.clear();
            let event = reader
                .read_event_into(&mut buffer)
                .map_err(|error| self.broken(format!("\"{part}\" in the workbook is damaged: {error}")))?;
            match &event {
                Event::Start(_) => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(self.broken(format!("\"{part}\" in the workbook is nested too deeply")));
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
                    return Err(too_many(self.file));
                }
                texts.push(String::new());
            }
            if let Some(last) = texts.last_mut() {
                now.take(event, last).map_err(|()| too_many(self.file))?;
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

    /// Every sheet, in order.
    pub(super) fn tables(mut self) -> Result<Vec<Table>, ImportError> {
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
        let mut sheets: Vec<(String, bool, String)> = Vec::new();
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
                        let target = id.and_then(|id| targets.get(&id).cloned()).unwrap_or_default();
                        sheets.push((name, hidden, target));
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
            return Err(self.broken(format!("it has more than {MAX_SHEETS} sheets")));
        }
        self.from_1904 = from_1904;
        let mut tables = Vec::new();
        for (name, hidden, path) in sheets {
            let mut table = self.sheet(&path)?;
            table.name = name;
            table.hidden = hidden;
            tables.push(table);
        }
        Ok(tables)
    }

    fn sheet(&mut self, path: &str) -> Result<Table, ImportError> {
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
                            return Err(too_many(self.file));
                        }
                        row.cells.insert(cell.column, made);
                    }
                    return Ok(());
                }
                return cell.take(event).map_err(|()| too_many(self.file));
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
                        let column = match attribute(tag, "r") {
                            Some(address) => address_of(&address).map(|(column, _)| column),
                            None => Some(next_column),
                        };
                        let column = column
                            .filter(|c| *c < MAX_COLUMNS)
                            .ok_or_else(|| self.broken(format!("a cell in row {} lies too far right", row.number)))?;
                        next_column = column + 1;
                        let style = attribute(tag, "s").and_then(|s| s.parse::<usize>().ok()).unwrap_or(0);
                        let format = self.formats.get(style).copied().unwrap_or_default();
                        cell = Raw { column, format, kind: attribute(tag, "t").unwrap_or_default(), ..Raw::default() };
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
                    table.rows.push(std::mem::take(&mut row));
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
        let value = match raw.kind.as_str() {
            "s" => Value::Text(text.trim().parse::<usize>().ok().and_then(|at| self.texts.get(at)).cloned()?),
            "inlineStr" => Value::Text(raw.inline.clone()),
            "str" => Value::Text(text.to_owned()),
            "b" => Value::Bool(text.trim() == "1"),
            "e" => Value::Error(text.to_owned()),
            "d" => match text.trim().parse() {
                Ok(day) => Value::Date(day),
                Err(_) => Value::Moment(text.to_owned()),
            },
            _ if text.trim().is_empty() && raw.formula => Value::Formula,
            _ if text.trim().is_empty() => return None,
            _ => match (number::plain(text), raw.format) {
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

/// Text that is being put together from its runs; readings for pronunciation (`rPh`) are left out.
#[derive(Default)]
struct Text {
    taking: bool,
    skipping: bool,
}

impl Text {
    fn take(&mut self, event: &Event<'_>, into: &mut String) -> Result<(), ()> {
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => self.taking = true,
                "rPh" => self.skipping = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => self.taking = false,
                "rPh" => self.skipping = false,
                _ => {}
            },
            _ if self.taking && !self.skipping => append(event, into)?,
            _ => {}
        }
        Ok(())
    }
}

/// Appends the text of an event; refuses what grows too long.
fn append(event: &Event<'_>, into: &mut String) -> Result<(), ()> {
    match event {
        Event::Text(text) => into.push_str(text.as_ref()),
        Event::CData(text) => into.push_str(text.as_ref()),
        Event::GeneralRef(entity) => {
            if let Ok(Some(c)) = entity.resolve_char_ref() {
                into.push(c);
            } else if let Some(text) = quick_xml::escape::resolve_predefined_entity(entity.as_ref()) {
                into.push_str(text);
            }
        }
        _ => {}
    }
    if into.len() > MAX_TEXT * 4 { Err(()) } else { Ok(()) }
}

/// A cell while its element is read.
#[derive(Default)]
struct Raw {
    column: u32,
    kind: String,
    format: Format,
    text: String,
    inline: String,
    formula: bool,
    in_value: bool,
    text_of: Text,
}

impl Raw {
    fn take(&mut self, event: &Event<'_>) -> Result<(), ()> {
        match event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "v" => self.in_value = matches!(event, Event::Start(_)),
                "f" => self.formula = true,
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "v" => self.in_value = false,
            _ if self.in_value => append(event, &mut self.text)?,
            _ => {}
        }
        if self.kind == "inlineStr" {
            self.text_of.take(event, &mut self.inline)?;
        }
        Ok(())
    }
}

/// Built-in number formats by their number; others by their code.
fn format_of(id: u32, code: Option<&str>) -> Format {
    match (id, code) {
        (_, Some("@")) => Format::Text,
        (_, Some(code)) if number::is_percent_format(code) => Format::Percent,
        (_, Some(code)) if number::is_date_format(code) => Format::Date,
        (_, Some(code)) if code.eq_ignore_ascii_case("general") => Format::General,
        (_, Some(_)) => Format::Number,
        (0, None) => Format::General,
        (9 | 10, None) => Format::Percent,
        (14..=22 | 27..=36 | 45..=47 | 50..=58, None) => Format::Date,
        (49, None) => Format::Text,
        _ => Format::Number,
    }
}

/// Column from 0 and row from 1 of `B7`.
fn address_of(text: &str) -> Option<(u32, u64)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let column = text[..letters].bytes().fold(0u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row = text[letters..].parse().ok().filter(|n| (1..=u64::from(MAX_ROWS)).contains(n))?;
    Some((column - 1, row))
}

fn merged_of(text: &str) -> Option<Merged> {
    let (from, to) = text.split_once(':')?;
    let ((left, top), (right, bottom)) = (address_of(from)?, address_of(to)?);
    Some(Merged { top, bottom, left, right })
}
