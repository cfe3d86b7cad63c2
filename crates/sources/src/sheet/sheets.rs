//! Which sheet of a workbook is which: by its name. A sheet that may be one of the form under another name is refused, so
//! that its rows are not lost.

use super::columns::{Column, grid, grids};
use super::grid::{Row, clean, rows};
use super::words::distance;
use super::{MAX_ROWS, Reader, Warning};
use crate::ImportError;
use crate::workbook::Table;
use std::collections::BTreeMap;

/// Sheets of the template that hold instructions.
const INSTRUCTIONS: [&str; 2] = ["Read me", "Examples"];

/// Headings of a sheet that must be among those of a table for the table to look like it.
const ENOUGH: usize = 3;

impl Reader<'_> {
    /// The rows of every sheet, by its name.
    pub(super) fn grids(
        &mut self,
        tables: &[(String, Table)],
    ) -> Result<BTreeMap<&'static str, Vec<Row>>, ImportError> {
        let mut found: BTreeMap<&'static str, Vec<Row>> = BTreeMap::new();
        let mut others: Vec<&(String, Table)> = Vec::new();
        for one in tables {
            let (place, table) = one;
            let Some((name, columns)) = grid(&table.name) else {
                others.push(one);
                continue;
            };
            if name != "Measures" && table.rows.len() > MAX_ROWS {
                return Err(ImportError::TooLarge {
                    file: place.clone(),
                    what: "the number of rows",
                    limit: MAX_ROWS as u64,
                    hint: "check that it is the sheet you meant; only Measures may be longer",
                });
            }
            let rows = rows(self, table, place, name, columns);
            if found.insert(name, rows).is_some() {
                let reason = format!("there are two sheets {name}; one is expected");
                return Err(ImportError::NotThisFormat { file: place.clone(), reason });
            }
        }
        let missing: Vec<(&str, &[Column])> = grids().filter(|(name, _)| !found.contains_key(name)).collect();
        for (place, table) in others {
            self.other(place, table, &missing);
        }
        if !found.contains_key("About") {
            return Err(no_about(tables, &missing));
        }
        if grids().skip(1).all(|(name, _)| !found.contains_key(name)) {
            let names: Vec<&str> = grids().map(|(name, _)| name).collect();
            let expected = format!(
                "a workbook with more sheets than About: the form has {}. Take the missing ones from the template (tidewaiter template)",
                names.join(", ")
            );
            let place = tables.first().map_or("the rate sheet", |(place, _)| place);
            self.account.refuse(place, 1, "", "", expected);
        }
        Ok(found)
    }

    /// A sheet that is none of the form: refused where it may be one of them under another name, left out with a warning
    /// where it cannot.
    fn other(&mut self, place: &str, table: &Table, missing: &[(&str, &[Column])]) {
        let name = clean(&table.name);
        if INSTRUCTIONS.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
            self.account.left_out("sheet of instructions or examples");
            return;
        }
        let holds_rows = table.rows.iter().filter(|row| !row.cells.is_empty()).count() > 1;
        if let Some(expected) = meant(&name, table, missing).filter(|_| holds_rows) {
            self.account.refuse(place, 1, "", &table.name, expected);
            return;
        }
        self.warn(Warning::OTHER_SHEET, place, 1, "", "the sheet is none of a rate sheet; it was left out");
        self.account.left_out("sheet that is none of a rate sheet");
    }
}

/// What a sheet with this name and these headings should perhaps be called; nothing where it is no sheet of ours.
fn meant(name: &str, table: &Table, missing: &[(&str, &[Column])]) -> Option<String> {
    let or = "or delete it if it is not part of the form";
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    let known = like(table).map(|like| (like, format!("but its columns are those of {like}.")));
    if let Some((known, why)) = near(name).map(|near| (near, format!("did you mean {near}?"))).or(known) {
        let what = if names.contains(&known) {
            format!("Rename the sheet {known}")
        } else {
            format!("There is a sheet {known} already: move the rows into it")
        };
        return Some(format!("the form has no sheet of this name; {why} {what}, {or}"));
    }
    match names.as_slice() {
        [] => None,
        [one] => Some(format!(
            "the form has no sheet of this name, and its sheet {one} is missing. Rename the sheet {one} if it is that, {or}"
        )),
        several => Some(format!(
            "the form has no sheet of this name, and its sheets {} are missing. Rename the sheet if it is one of them, {or}",
            several.join(", ")
        )),
    }
}

/// The sheet of the form whose name is nearly this one.
fn near(name: &str) -> Option<&'static str> {
    let wanted = name.to_lowercase();
    let (slips, near) = grids().map(|(known, _)| (distance(&wanted, &known.to_lowercase()), known)).min()?;
    (slips <= (near.len() / 3).clamp(1, 3)).then_some(near)
}

/// The sheet of the form whose headings stand in a table: all that each row needs, or several.
fn like(table: &Table) -> Option<&'static str> {
    let head = table.rows.first()?;
    let headings: Vec<String> = head
        .cells
        .values()
        .map(|cell| clean(&cell.value.shown(cell.format)).trim_end_matches(['*', ' ']).to_lowercase())
        .collect();
    let has = |column: &&Column| headings.contains(&column.name.to_lowercase());
    grids()
        .map(|(name, columns)| {
            let all = columns.iter().filter(|c| c.required).all(|c| has(&c));
            (columns.iter().filter(has).count(), all, name)
        })
        .filter(|(count, all, _)| *all || *count >= ENOUGH)
        .max_by_key(|(count, all, _)| (*count, *all))
        .map(|(.., name)| name)
}

fn no_about(tables: &[(String, Table)], missing: &[(&str, &[Column])]) -> ImportError {
    let renamed = tables.iter().find_map(|(place, table)| {
        let is_about = near(&clean(&table.name)) == Some("About") || like(table) == Some("About");
        is_about.then(|| (place.clone(), format!("the sheet \"{}\" must be called About; rename it", table.name)))
    });
    let (file, reason) = renamed.unwrap_or_else(|| {
        let file = tables.first().map_or_else(|| "the rate sheet".to_owned(), |(place, _)| place.clone());
        let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
        let reason = format!(
            "there is no sheet About. Sheets are known by their English names; missing are {}. Begin with the template (tidewaiter template)",
            names.join(", ")
        );
        (file, reason)
    });
    ImportError::NotThisFormat { file, reason }
}
