//! The compact table: the rate lines of all revisions as text, small enough to be embedded.
//!
//! `docs/formats/us-table.md` explains every column. What is read gives the same measures, programmes and area as the
//! import of the official files, without the official words of the amounts.

use super::program;
use super::rate;
use super::revision::Revision;
use super::schedule::{Column, Period, RateLine, Schedule, Value};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Write;
use tidewaiter::record::grammar;

/// First line of a table.
pub const HEAD: &str = "tidewaiter us-table 1";
const COLUMNS: &str = "code|from|before|units|general|special|other";

/// Longest table that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// Why a table was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row}, {column}: \"{found}\": expected {expected}")]
pub struct TableError {
    /// Row, from 1.
    pub row: usize,
    /// Column; the whole row where it is `row`.
    pub column: &'static str,
    /// What stands there, cut to a hundred characters.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

/// Writes the rate lines of chapters 1 to 97, and those of chapter 98 with a number.
///
/// ```
/// use tidewaiter_sources::us_hts::{Schedule, table};
/// let text = table::write(&Schedule::default());
/// assert_eq!(table::read(&text)?, Schedule::default());
/// # Ok::<(), table::TableError>(())
/// ```
pub fn write(schedule: &Schedule) -> String {
    let mut out = format!("{HEAD}\n");
    let number = |date: Date| schedule.revisions.iter().position(|revision| revision.date == date);
    for revision in &schedule.revisions {
        let _ = writeln!(out, "revision|{}|{}", revision.date, revision.title);
    }
    let _ = writeln!(out, "{COLUMNS}");
    for (code, periods) in embedded(schedule) {
        for period in periods {
            let from = number(period.from).map_or(period.from.to_string(), |place| place.to_string());
            let before = period
                .before
                .map_or(String::new(), |before| number(before).map_or(before.to_string(), |place| place.to_string()));
            let [general, special, other] =
                [Column::General, Column::Special, Column::Other].map(|column| cell(&period.line, column));
            let _ = writeln!(out, "{code}|{from}|{before}|{}|{general}|{special}|{other}", period.units.join(","));
        }
    }
    out
}

/// The lines that a table holds.
pub fn embedded(schedule: &Schedule) -> impl Iterator<Item = (&String, &Vec<Period>)> {
    schedule.lines.iter().filter(|(code, periods)| is_embedded(code, periods))
}

fn is_embedded(code: &str, periods: &[Period]) -> bool {
    let number = |value: &Value| matches!(value, Value::Amount(_));
    match code.get(..2) {
        Some("99") => false,
        Some("98") => periods.iter().flat_map(|period| period.line.values()).any(|(_, value, _)| number(&value)),
        _ => true,
    }
}

/// A column of a line in short words: `6.5%`, `0%:A,AU;2.6%:JP`, `"No change"`.
pub fn cell(line: &RateLine, column: Column) -> String {
    let one = |value: &Option<Value>| value.as_ref().map_or(String::new(), short);
    match column {
        Column::General => one(&line.general),
        Column::Other => one(&line.other),
        Column::Additional => one(&line.additional),
        Column::Special => {
            let groups = line.special.iter().map(|(value, symbols)| format!("{}:{}", short(value), symbols.join(",")));
            groups.collect::<Vec<_>>().join(";")
        }
    }
}

/// An amount without the spaces that the grammar does not need, or the official sentence in quotes.
fn short(value: &Value) -> String {
    match value {
        Value::Amount(amount) => amount.replace(" %", "%").replace(" + ", "+").replace(", ", ","),
        Value::Words(words) => format!("\"{words}\""),
    }
}

/// Reads a table.
///
/// # Errors
/// [`TableError`] at the first row that is not of the format.
pub fn read(text: &str) -> Result<Schedule, TableError> {
    let fail = |row: usize, column: &'static str, found: &str, expected: String| TableError {
        row,
        column,
        found: found.chars().take(100).collect(),
        expected,
    };
    if text.len() > MAX_BYTES {
        return Err(fail(0, "row", "", format!("at most {MAX_BYTES} bytes")));
    }
    let mut schedule = Schedule::default();
    let mut rows = text.lines().enumerate().map(|(place, row)| (place + 1, row));
    match rows.next() {
        Some((_, HEAD)) => {}
        other => return Err(fail(1, "row", other.map_or("", |(_, row)| row), format!("\"{HEAD}\""))),
    }
    let mut in_lines = false;
    for (row, written) in rows {
        if !in_lines {
            if written == COLUMNS {
                in_lines = true;
                continue;
            }
            let mut cells = written.splitn(3, '|');
            let revision = match (cells.next(), cells.next().map(str::parse::<Date>), cells.next()) {
                (Some("revision"), Some(Ok(date)), Some(title)) => Revision { date, title: title.to_owned() },
                _ => return Err(fail(row, "row", written, format!("revision|DATE|TITLE, or \"{COLUMNS}\""))),
            };
            if schedule.revisions.last().is_some_and(|last| last.date >= revision.date) {
                return Err(fail(row, "row", written, "revisions by date".into()));
            }
            schedule.revisions.push(revision);
            continue;
        }
        let cells: Vec<&str> = written.split('|').collect();
        let [code, from, before, units, general, special, other] = cells[..] else {
            return Err(fail(row, "row", written, format!("seven columns: {COLUMNS}")));
        };
        if !matches!(code.len(), 8 | 10) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(fail(row, "code", code, "eight or ten digits".into()));
        }
        let day = |column: &'static str, cell: &str| match cell.parse::<usize>() {
            Ok(place) => match schedule.revisions.get(place) {
                Some(revision) => Ok(revision.date),
                None => Err(fail(row, column, cell, "the number of a revision, from 0".into())),
            },
            Err(_) => match cell.parse::<Date>() {
                Ok(date) => Ok(date),
                Err(_) => Err(fail(row, column, cell, "the number of a revision, or a date".into())),
            },
        };
        let from = day("from", from)?;
        let before = if before.is_empty() { None } else { Some(day("before", before)?) };
        let mut line = RateLine::default();
        for (column, name, cell) in [(Column::General, "general", general), (Column::Other, "other", other)] {
            if cell.is_empty() {
                continue;
            }
            match value(code, column, cell, &[]) {
                Some((value, "")) => line.put(column, value, Vec::new()),
                _ => return Err(fail(row, name, cell, "an amount such as 6.5%, or a rate sentence in quotes".into())),
            }
        }
        if !special_groups(code, special, &mut line) {
            return Err(fail(row, "special", special, "groups such as 0%:A,AU;2.6%:JP".into()));
        }
        let last = schedule.lines.iter().next_back().and_then(|(code, periods)| Some((code, periods.last()?)));
        let follows = match last {
            None => true,
            Some((last, period)) if last == code => period.before.is_some_and(|before| before <= from),
            Some((last, _)) => last.as_str() < code,
        };
        if !follows || before.is_some_and(|before| before <= from) || line.is_empty() {
            return Err(fail(
                row,
                "row",
                written,
                "rows by code and date that do not overlap and say something".into(),
            ));
        }
        let units = units.split(',').filter(|unit| !unit.is_empty()).map(str::to_owned).collect();
        let period = Period { from, before, units, line, written: BTreeMap::new() };
        schedule.lines.entry(code.to_owned()).or_default().push(period);
    }
    Ok(schedule)
}

fn special_groups(code: &str, cell: &str, line: &mut RateLine) -> bool {
    let mut rest = cell;
    while !rest.is_empty() {
        // The symbols end the group; an amount holds no colon, a sentence stands in quotes.
        let value_end = if let Some(quoted) = rest.strip_prefix('"') {
            quoted.find('"').map(|end| end + 2)
        } else {
            rest.find(':')
        };
        let Some((written, after)) = value_end.and_then(|end| rest.split_at_checked(end)) else { return false };
        let Some(after) = after.strip_prefix(':') else { return false };
        let (list, next) = after.split_once(';').unwrap_or((after, ""));
        let names = list.split(',').filter(|symbol| !symbol.is_empty());
        let Some(symbols) = names
            .map(|name| program::symbol_at(name).filter(|symbol| symbol.len() == name.len()))
            .collect::<Option<Vec<_>>>()
        else {
            return false;
        };
        match value(code, Column::Special, written, &symbols) {
            Some((value, "")) => line.put(Column::Special, value, symbols),
            _ => return false,
        }
        rest = next;
    }
    true
}

/// The value at the beginning of a cell, and what is left.
fn value<'c>(code: &str, column: Column, cell: &'c str, symbols: &[program::Symbol]) -> Option<(Value, &'c str)> {
    if let Some(quoted) = cell.strip_prefix('"') {
        let (words, rest) = quoted.split_once('"')?;
        let rate = rate::read(words).ok()??;
        return Some((Value::of(code, column, &rate, symbols), rest));
    }
    Some((Value::Amount(grammar::amount(cell).ok()?.to_string()), ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const SMALL: &str = "tidewaiter us-table 1\nrevision|2025-01-01|HTS 2025, basic edition\nrevision|2025-07-01|HTS 2025, revision 17\n\
        code|from|before|units|general|special|other\n01012100|0||item|0%||0%\n\
        02011005|0|1|kg|0.044 USD per kg+5%|0%:A+,AU;2.6%:JP;\"See 9822.04.25\":S+|33.333333333333%\n\
        02011005|1||kg|max(0.03 USD per kg,0.04 USD per kg - 0.02 USD per kg+0.0002 USD per kg sugar degree)|\"Free\":|\"No change\"\n";

    #[test]
    fn what_is_written_reads_the_same() {
        let schedule = read(SMALL).unwrap();
        assert_eq!(write(&schedule), SMALL);
        let lines = schedule.as_of(date(2025, 6, 30));
        assert_eq!(lines["02011005"].general, Some(Value::Amount("0.044 USD per kg + 5 %".into())));
        assert_eq!(lines["02011005"].special.len(), 3);
    }

    #[test]
    fn wrong_rows_are_refused_with_their_place() {
        for (from, to, said) in [
            ("us-table 1", "us-table 2", "row 1"),
            ("|0%||0%", "|0%|0%", "row 5, row"),
            ("01012100", "0101210x", "row 5, code"),
            ("|0||item", "|7||item", "row 5, from"),
            ("|0|1|kg", "|1|0|kg", "row 6, row"),
            ("+5%", "+5¢", "row 6, general"),
            (":JP", ":ZZ", "row 6, special"),
            (":JP", "", "row 6, special"),
            ("\"No change\"", "\"No way\"", "row 7, other"),
            ("2025-07-01", "2024-07-01", "row 3"),
            ("revision|2025-01-01", "edition|2025-01-01", "row 2"),
        ] {
            let error = read(&SMALL.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.starts_with(said), "{to}: {error}");
        }
        assert!(read("").is_err());
    }
}
