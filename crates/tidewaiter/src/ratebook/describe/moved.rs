//! Codes that the Harmonized System no longer has, and what became of them.

use super::super::layout::MovedRow;
use super::super::{Ratebook, Tables, rows};
use crate::goods::GoodsCode;
use crate::record::{DateText, iso_date};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// A subheading that an edition of the Harmonized System ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MovedView {
    /// Its six digits.
    pub code: String,
    /// The last edition that has it.
    pub edition: String,
    /// The edition of the codes in its place.
    pub newer: String,
    /// First day of that edition.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// Codes in its place, by number. Empty where the correlation tables name none.
    pub to: Vec<String>,
}

/// One six-digit code, in twelve digits.
const SIX: u64 = 1_000_000;

impl Ratebook {
    /// What became of a code's first six digits, if the Harmonized System no longer has them. None too for codes of fewer digits, and for a
    /// code that still exists with fewer or more goods in it.
    pub fn moved(&self, code: GoodsCode) -> Option<MovedView> {
        let t = self.tables();
        let six = six(code)?;
        let at = t.moved.partition_point(|row| row.code.get() < six);
        t.moved.get(at).filter(|row| row.code.get() == six).map(|row| view(&t, row))
    }

    /// The ended codes in whose place a code of today stands, alone or with others, by number.
    ///
    /// Cost: one pass over the table of ended codes, of a few hundred rows.
    pub fn came_from(&self, code: GoodsCode) -> Vec<MovedView> {
        let t = self.tables();
        let Some(six) = six(code) else { return Vec::new() };
        let from = t.moved.iter().filter(|row| rows(t.kids, row.to).iter().any(|to| to.get() == six));
        from.map(|row| view(&t, row)).collect()
    }
}

fn six(code: GoodsCode) -> Option<u32> {
    u32::try_from(code.padded() / SIX).ok().filter(|_| code.digit_count() >= 6)
}

fn view(t: &Tables<'_>, row: &MovedRow) -> MovedView {
    let text = |id| t.text(id).to_owned();
    let mut to: Vec<String> = rows(t.kids, row.to).iter().map(|code| format!("{:06}", code.get())).collect();
    to.sort();
    MovedView {
        code: format!("{:06}", row.code.get()),
        edition: text(row.edition.get()),
        newer: text(row.newer.get()),
        from: super::date_of(row.from.get()),
        to,
    }
}
