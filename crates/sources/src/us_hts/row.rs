//! Rows of the official export: one object a line of the schedule.

use super::clean;
use crate::json_items::Items;
use crate::{Account, ImportError, Source};
use serde::Deserialize;

/// A row as it stands in the export. Every text is uncleaned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// Number with points; empty on a superior text.
    pub htsno: String,
    /// Depth, as text.
    pub indent: String,
    /// What it is.
    pub description: String,
    /// `"true"` on a superior text.
    pub superior: Option<String>,
    /// Units of quantity.
    #[serde(default)]
    pub units: Vec<String>,
    /// Column 1, general.
    pub general: String,
    /// Column 1, special.
    pub special: String,
    /// Column 2.
    pub other: String,
    /// Footnotes.
    pub footnotes: Option<Vec<Footnote>>,
    /// Quota quantity; empty in every edition read so far.
    #[serde(default, rename = "quotaQuantity")]
    pub quota_quantity: Option<String>,
    /// Additional duty (safeguards of subchapter IV of chapter 99).
    #[serde(default, rename = "additionalDuties")]
    pub additional_duties: Option<String>,
}

/// A footnote of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Footnote {
    /// Columns it stands at.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Its mark, where printed.
    #[serde(default)]
    pub marker: Option<String>,
    /// What it says.
    pub value: String,
    /// `footnote` or `endnote`.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

impl Footnote {
    /// What it is called in a line's list: columns, mark, text.
    pub fn key(&self) -> String {
        let mark = self.marker.as_deref().map(clean).filter(|mark| !mark.is_empty());
        let mark = mark.map_or(String::new(), |mark| format!(" {mark}/"));
        format!("{}:{mark} {}", self.columns.join("+"), clean(&self.value))
    }
}

impl Row {
    /// Its number, digits only; empty on a superior text.
    pub fn code(&self) -> String {
        self.htsno.bytes().filter(u8::is_ascii_digit).map(char::from).collect()
    }
}

/// Reads the rows of one export, calling `each` with the row and its number from 1. Wrong rows are refused.
pub(super) fn read(
    source: &mut Source,
    account: &mut Account,
    mut each: impl FnMut(&mut Account, u64, Row),
) -> Result<(), ImportError> {
    let name = source.name().to_owned();
    let mut items = Items::new(source);
    let mut item = Vec::new();
    while items.next_into(&mut item)? {
        let number = items.row();
        account.read("row");
        match serde_json::from_slice::<Row>(&item) {
            Ok(row) => match check(&row) {
                Ok(()) => each(account, number, row),
                Err((column, found, expected)) => account.refuse(&name, number, column, &found, expected),
            },
            Err(error) => {
                let found = String::from_utf8_lossy(&item).into_owned();
                account.refuse(&name, number, "", &found, format!("a row of the tariff export: {error}"));
            }
        }
    }
    Ok(())
}

fn check(row: &Row) -> Result<(), (&'static str, String, &'static str)> {
    let code = row.code();
    let plain = row.htsno.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !plain || !matches!(code.len(), 0 | 4 | 6 | 8 | 10) {
        return Err(("htsno", row.htsno.clone(), "a number of 4, 6, 8 or 10 digits with points, or nothing"));
    }
    if row.indent.parse::<u8>().is_err() {
        return Err(("indent", row.indent.clone(), "a depth from 0 to 255"));
    }
    if row.superior.as_deref().is_some_and(|text| text != "true") || (code.is_empty() != row.superior.is_some()) {
        return Err((
            "superior",
            row.superior.clone().unwrap_or_default(),
            "\"true\" on a row without number, else nothing",
        ));
    }
    if code.is_empty() && [&row.general, &row.special, &row.other].iter().any(|text| !clean(text).is_empty()) {
        return Err(("general", row.general.clone(), "no rate on a row without number"));
    }
    if row.quota_quantity.as_deref().is_some_and(|text| !clean(text).is_empty()) {
        let found = row.quota_quantity.clone().unwrap_or_default();
        return Err(("quotaQuantity", found, "nothing: no edition filled this column when the importer was written"));
    }
    Ok(())
}
