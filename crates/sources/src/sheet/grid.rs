//! A table of cells as rows by column name. What cannot be read with certainty is refused here, cell by cell.

use super::columns::Column;
use super::words::nearest;
use super::{Reader, Warning};
use crate::workbook::{Cell, Format, Table, Value};
use std::collections::BTreeMap;

/// A filled cell.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) value: Value,
    pub(super) format: Format,
    /// As shown, trimmed.
    pub(super) text: String,
}

/// A row by column name.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The file, and the sheet where it has several.
    pub(super) place: String,
    pub(super) number: u64,
    pub(super) fields: BTreeMap<&'static str, Field>,
}

impl Row {
    pub(super) fn field(&self, column: &str) -> Option<&Field> {
        self.fields.get(column)
    }

    pub(super) fn text(&self, column: &str) -> Option<String> {
        self.field(column).map(|f| f.text.clone())
    }

    /// The text of a column, or nothing.
    pub(super) fn str(&self, column: &str) -> &str {
        self.field(column).map_or("", |f| f.text.as_str())
    }
}

/// The rows of a table.
///
/// The first row names the columns. Rows without a filled cell are left out.
pub(super) fn rows(
    reader: &mut Reader<'_>,
    table: &Table,
    place: &str,
    sheet: &'static str,
    columns: &'static [Column],
) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut table_rows = table.rows.iter();
    let Some(head) = table_rows.next() else { return rows };
    if table.hidden {
        reader.warn(Warning::HIDDEN_SHEET, place, head.number, "", "the sheet is hidden; it was read all the same");
    }
    let Some(named) = headings(reader, head, place, columns) else { return rows };
    for (column, name) in &named {
        if table.column_hidden(*column) {
            reader.warn(
                Warning::HIDDEN_COLUMN,
                place,
                head.number,
                name,
                "the column is hidden; it was read all the same",
            );
        }
    }
    for row in table_rows {
        if row.cells.is_empty() {
            continue;
        }
        reader.account.read(sheet);
        if row.hidden {
            let expected = "every row in sight: clear the filter, or unhide the row or delete it. What nobody sees is not published";
            reader.account.refuse(place, row.number, "", "a hidden row", expected);
            continue;
        }
        let mut out = Row { place: place.to_owned(), number: row.number, fields: BTreeMap::new() };
        let mut sound = true;
        for (column, cell) in &row.cells {
            let name = named.get(column).copied();
            // A heading that was refused is told once, in its own row.
            if name.is_none() && head.cells.contains_key(column) {
                continue;
            }
            match field(reader, table, &out, *column, name, cell) {
                Ok(Some((name, field))) => {
                    out.fields.insert(name, field);
                }
                Ok(None) => {}
                Err(()) => sound = false,
            }
        }
        if !sound {
            continue;
        }
        let mut whole = true;
        for column in columns.iter().filter(|c| c.required) {
            if out.field(column.name).is_none() {
                reader.account.refuse(place, row.number, column.name, "", format!("a value; {}", column.help));
                whole = false;
            }
        }
        if whole {
            rows.push(out);
        }
    }
    rows
}

/// Column names by their number; nothing where a needed one is missing.
fn headings(
    reader: &mut Reader<'_>,
    head: &crate::workbook::Row,
    place: &str,
    columns: &'static [Column],
) -> Option<BTreeMap<u32, &'static str>> {
    let mut whole = true;
    let mut named: BTreeMap<u32, &'static str> = BTreeMap::new();
    for (at, cell) in &head.cells {
        let text = clean(&cell.value.shown(cell.format));
        match columns.iter().find(|c| c.name.eq_ignore_ascii_case(text.trim_end_matches(['*', ' ']))) {
            Some(column) if named.values().any(|n| *n == column.name) => {
                reader.account.refuse(
                    place,
                    head.number,
                    column.name,
                    &text,
                    "each heading once; delete one of the two columns",
                );
            }
            Some(column) => {
                named.insert(*at, column.name);
            }
            None => {
                let help = nearest(&text, columns.iter().map(|c| c.name));
                let list: Vec<&str> = columns.iter().map(|c| c.name).collect();
                let expected = format!("one of the headings {}{help}", list.join(", "));
                reader.account.refuse(place, head.number, "", &text, expected);
            }
        }
    }
    for column in columns.iter().filter(|c| c.required) {
        if !named.values().any(|n| *n == column.name) {
            let expected = "this heading in the first row; take it from the template";
            reader.account.refuse(place, head.number, column.name, "", expected);
            whole = false;
        }
    }
    whole.then_some(named)
}

/// One cell; `Err` where it was refused.
fn field(
    reader: &mut Reader<'_>,
    table: &Table,
    row: &Row,
    column: u32,
    name: Option<&'static str>,
    cell: &Cell,
) -> Result<Option<(&'static str, Field)>, ()> {
    let shown = clean(&cell.value.shown(cell.format));
    let mut refuse = |expected: &str| {
        reader.account.refuse(&row.place, row.number, name.unwrap_or_default(), &shown, expected);
        Err(())
    };
    let Some(name) = name else {
        return refuse("nothing in a column without a heading; delete it, or move it to the column Note");
    };
    if table.merged_at(row.number, column).is_some() {
        return refuse("one value in each cell: select the merged cells and unmerge them, then fill every cell");
    }
    match &cell.value {
        Value::Error(_) => return refuse("a value; the spreadsheet shows an error here"),
        Value::Formula => {
            return refuse("a value; this formula has none stored. Copy the cell and paste it as a value, then save");
        }
        _ => {}
    }
    if cell.computed {
        let said = format!("a formula computed \"{shown}\"; its stored value was taken");
        reader.warn(Warning::FORMULA, &row.place, row.number, name, &said);
    }
    if shown.is_empty() {
        return Ok(None);
    }
    Ok(Some((name, Field { value: cell.value.clone(), format: cell.format, text: shown })))
}

/// Text without spaces around it; a hard space is a space.
pub(super) fn clean(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}', '\u{2007}'], " ").trim().to_owned()
}
