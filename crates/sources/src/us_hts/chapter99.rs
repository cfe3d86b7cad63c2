//! Chapter 99 by itself: its headings with what they say and when, and the footnotes of other lines that point to it.

use super::measure::key_of;
use super::rate::{self, Rate};
use super::schedule::{Column, Value};
use crate::Entry;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A heading of chapter 99 while it says the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Heading {
    /// Its number with points: `9903.88.15`.
    pub code: String,
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub before: Option<Date>,
    /// What it is.
    pub description: String,
    /// What each column says, in the schedule's words.
    pub rates: BTreeMap<Column, String>,
    /// The general column in the words of the economy file: `tariff + 25 %`, `tariff`, `0 %`; none where it is a sentence.
    pub reads: Option<String>,
}

/// A footnote that points to chapter 99.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Code of the line, digits only; on a superior text the code of the line after it.
    pub code: String,
    /// The heading it names, with points.
    pub heading: String,
    /// Columns, mark and words of the footnote.
    pub footnote: String,
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub before: Option<Date>,
}

/// What a column says, and when.
type Stated = (Date, Option<Date>, Column, String);

/// The headings of chapter 99 in an edition of this importer, by code and date.
pub fn headings<'e>(entries: impl IntoIterator<Item = &'e Entry> + Clone) -> Vec<Heading> {
    let mut rates: BTreeMap<&str, Vec<Stated>> = BTreeMap::new();
    for entry in entries.clone() {
        if let Entry::Measure(measure) = entry
            && measure.code.starts_with("99")
            && let (Some((column, value, symbols)), Some(from)) = (key_of(measure), measure.from)
        {
            let (Value::Words(mut words) | Value::Amount(mut words)) = value;
            if !symbols.is_empty() {
                words = format!("{words} ({})", symbols.join(","));
            }
            rates.entry(&measure.code).or_default().push((from, measure.before, column, words));
        }
    }
    let mut found = Vec::new();
    for entry in entries {
        let Entry::Line(line) = entry else { continue };
        let (true, None, Some(start)) = (line.code.starts_with("99") && line.code.len() >= 8, &line.suffix, line.from)
        else {
            continue;
        };
        let none = Vec::new();
        let stated = rates.get(line.code.as_str()).unwrap_or(&none);
        // Days on which something changes while the line stands as it is.
        let inside = |day: &Date| *day > start && line.before.is_none_or(|before| *day < before);
        let mut days: Vec<Date> =
            stated.iter().flat_map(|(from, before, ..)| [Some(*from), *before]).flatten().collect();
        days.retain(inside);
        days.push(start);
        days.sort_unstable();
        days.dedup();
        for (place, day) in days.iter().enumerate() {
            let before = days.get(place + 1).copied().or(line.before);
            let mut columns: BTreeMap<Column, String> = BTreeMap::new();
            for (_, _, column, words) in
                stated.iter().filter(|(from, before, ..)| from <= day && before.is_none_or(|before| *day < before))
            {
                let text = columns.entry(*column).or_default();
                *text = if text.is_empty() { words.clone() } else { format!("{text} {words}") };
            }
            let reads = columns.get(&Column::General).and_then(|words| reads(words));
            found.push(Heading {
                code: pointed(&line.code),
                from: *day,
                before,
                description: line.description.get("en").cloned().unwrap_or_default(),
                rates: columns,
                reads,
            });
        }
    }
    found.sort();
    found
}

fn reads(words: &str) -> Option<String> {
    match rate::read(words).ok()?? {
        rate @ Rate::Applicable { plus: Some(_), .. } => Some(format!("tariff + {}", rate.amount()?)),
        Rate::Applicable { plus: None, .. } => Some("tariff".into()),
        Rate::Worded(sentence, _) if sentence.meaning == super::words::Meaning::NoChange => Some("tariff".into()),
        rate => rate.amount(),
    }
}

/// The footnotes of chapters 1 to 98 that point to chapter 99, by code and date.
pub fn references<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Vec<Reference> {
    let mut found = Vec::new();
    for entry in entries {
        let Entry::Line(line) = entry else { continue };
        let (false, Some(from)) = (line.code.starts_with("99"), line.from) else { continue };
        for footnote in &line.footnotes {
            for heading in headings_in(footnote) {
                let footnote = footnote.clone();
                found.push(Reference { code: line.code.clone(), heading, footnote, from, before: line.before });
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Numbers of chapter 99 in a text, with points.
pub fn headings_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let parts = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    for part in parts.map(|part| part.trim_matches('.')) {
        let shape: Vec<usize> = part.split('.').map(str::len).collect();
        if part.starts_with("99") && matches!(shape[..], [4, 2] | [4, 2, 2]) {
            found.push(part.to_owned());
        }
    }
    found
}

/// `99038815` with points: `9903.88.15`.
pub(super) fn pointed(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + 3);
    for (place, digit) in code.chars().enumerate() {
        if place >= 4 && place % 2 == 0 {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// The headings as CSV: `code,from,before,description,general,special,other,additional,reads`.
///
/// # Errors
/// Where nothing can be written.
pub fn write_headings(headings: &[Heading], out: impl std::io::Write) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "code",
        "from",
        "before",
        "description",
        "general",
        "special",
        "other",
        "additional",
        "reads",
    ])?;
    for heading in headings {
        let column = |column| heading.rates.get(&column).map_or("", String::as_str);
        let (from, before) =
            (heading.from.to_string(), heading.before.map_or(String::new(), |before| before.to_string()));
        table.write_record([
            &heading.code,
            &from,
            &before,
            &heading.description,
            column(Column::General),
            column(Column::Special),
            column(Column::Other),
            column(Column::Additional),
            heading.reads.as_deref().unwrap_or_default(),
        ])?;
    }
    table.flush()?;
    Ok(())
}

/// The footnotes as CSV: `code,heading,from,before,footnote`.
///
/// # Errors
/// Where nothing can be written.
pub fn write_references(references: &[Reference], out: impl std::io::Write) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["code", "heading", "from", "before", "footnote"])?;
    for reference in references {
        let before = reference.before.map_or(String::new(), |before| before.to_string());
        let from = reference.from.to_string();
        table.write_record([&reference.code, &reference.heading, &from, &before, &reference.footnote])?;
    }
    table.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_chapter_99_are_found() {
        assert_eq!(headings_in("general: See 9903.88.15, and 9902.01.01."), ["9903.88.15", "9902.01.01"]);
        assert_eq!(headings_in("See 9822.04.25; note 99"), Vec::<String>::new());
        assert_eq!(pointed("99038815"), "9903.88.15");
        assert_eq!(pointed("0101"), "0101");
        assert_eq!(pointed("0101210010"), "0101.21.00.10");
    }
}
