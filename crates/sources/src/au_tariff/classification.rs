//! A row of schedule 3: cleaned, checked, and written as a line with its duty.

use super::note_of;
use super::rates::{self, Period};
use super::schema::{Classification, Section};
use crate::common::{Duty, Rest, line, measure, official, put};
use crate::{Account, Entry, ImportError, Sink};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::record::{MeasureKind, Places};

/// A text without invisible characters, with single spaces and plain entities; and how many characters were taken out.
pub(super) fn clean(text: &str) -> (String, u64) {
    let seen: String = text.chars().filter(|c| !INVISIBLE.contains(c)).collect();
    let gone = text.chars().count() - seen.chars().count();
    let plain = seen.replace("&#58;", ":").replace("&#160;", " ").replace("&amp;", "&");
    (plain.split_whitespace().collect::<Vec<_>>().join(" "), gone as u64)
}

pub(super) struct Cleaned {
    pub(super) code: String,
    pub(super) statistical: String,
    pub(super) unit: String,
    pub(super) description: String,
    pub(super) rate: String,
}

pub(super) fn clean_row(row: &Classification, account: &mut Account) -> Cleaned {
    let mut gone = 0;
    let mut take = |text: &str| {
        let (text, n) = clean(text);
        gone += n;
        text
    };
    let out = Cleaned {
        code: take(&row.referenceNumber),
        statistical: take(&row.statisticalCode),
        unit: take(&row.unit),
        description: take(&row.description),
        rate: take(&row.dutyRate),
    };
    for _ in 0..gone {
        account.left_out("an invisible character, not a row");
    }
    out
}

/// A tariff code: its digits, and the marks after it.
pub(super) fn code_of(text: &str) -> Option<(String, String)> {
    let plain = text.trim_end_matches(['*', '#']);
    let marks = text[plain.len()..].to_owned();
    let parts: Vec<&str> = plain.split('.').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let shaped = matches!(lengths.as_slice(), [4, 2] | [4, 2, 1] | [4, 2, 2]);
    let digits = parts.concat();
    (shaped && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some((digits, marks))
}

/// Reads schedule 3; gives the codes that have a rate.
pub(super) fn classification(
    name: &str,
    sections: &[Section],
    rest: &mut Rest,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<BTreeSet<String>, ImportError> {
    let mut number = 0u64;
    // Every row as read, to see repetitions; and the rate of every code.
    let mut seen: BTreeMap<(String, String), (String, String, String)> = BTreeMap::new();
    let mut rated: BTreeMap<String, String> = BTreeMap::new();
    for section in sections {
        for chapter in &section.chapters {
            if !chapter.notes.is_empty() {
                account.read("chapter notes");
                put(out, account, Entry::Text(note_of(section, chapter)))?;
            }
            for row in chapter.headings.iter().flat_map(|heading| &heading.classifications) {
                number += 1;
                account.read("classification");
                let row = clean_row(row, account);
                let Some((code, marks)) = code_of(&row.code) else {
                    rest.refuse(
                        account,
                        (name, number, "referenceNumber"),
                        &row.code,
                        "a code such as 0101.21.00",
                        None,
                    );
                    continue;
                };
                let whole = (row.unit.clone(), row.description.clone(), row.rate.clone());
                let key = (code.clone(), row.statistical.clone());
                match seen.get(&key) {
                    Some(old) if *old == whole => {
                        account.left_out("the same row again");
                        continue;
                    }
                    Some(_) => {
                        let expected = "one row for a code and statistical code";
                        rest.refuse(account, (name, number, "referenceNumber"), &row.code, expected, Some(&code));
                        continue;
                    }
                    None => {}
                }
                match check(&row, &code, &rated) {
                    Ok(periods) => {
                        seen.insert(key, whole);
                        if periods.is_some() {
                            rated.insert(code.clone(), row.rate.clone());
                        }
                        write(&row, &code, &marks, periods, out, account)?;
                    }
                    Err((column, found, expected)) => {
                        rest.refuse(account, (name, number, column), &found, expected, Some(&code));
                    }
                }
            }
        }
    }
    Ok(rated.into_keys().collect())
}

pub(super) type Problem = (&'static str, String, String);

/// The rates, or nothing where the row has none of its own.
pub(super) fn check(
    row: &Cleaned,
    code: &str,
    rated: &BTreeMap<String, String>,
) -> Result<Option<Vec<Period>>, Problem> {
    let statistical = &row.statistical;
    let two = statistical.len() == 2 && statistical.bytes().all(|byte| byte.is_ascii_digit());
    if !(statistical.is_empty() || two && code.len() == 8) {
        return Err(("statisticalCode", statistical.clone(), "nothing, or two digits at a code of eight".into()));
    }
    if row.description.is_empty() {
        return Err(("description", row.rate.clone(), "a description; the cells of this row are shifted".into()));
    }
    if row.rate.is_empty() {
        if two && !rated.contains_key(code) {
            return Err(("dutyRate", String::new(), "a rate: goods may be declared under this code".into()));
        }
        return Ok(None);
    }
    if code.len() != 8 {
        return Err(("dutyRate", row.rate.clone(), "no rate: only codes of eight digits have one".into()));
    }
    match rated.get(code) {
        Some(rate) if *rate == row.rate => return Ok(None),
        Some(rate) => return Err(("dutyRate", row.rate.clone(), format!("the rate of the code as before: {rate}"))),
        None => {}
    }
    rates::periods(&row.rate)
        .map(Some)
        .map_err(|slip| ("dutyRate", row.rate.clone(), format!("at \"{}\": {}", slip.at, slip.expected)))
}

pub(super) fn write(
    row: &Cleaned,
    code: &str,
    marks: &str,
    periods: Option<Vec<Period>>,
    out: &mut dyn Sink,
    account: &mut Account,
) -> Result<(), ImportError> {
    let mut entry = line(format!("{code}{}", row.statistical));
    entry.declarable = !row.statistical.is_empty();
    entry.units = units(&row.unit);
    let dashes = row.description.chars().take_while(|c| matches!(c, '-' | '\u{2011}')).count();
    entry.indent = u8::try_from(dashes).ok();
    let says = row.description.trim_start_matches(['-', '\u{2011}', ' ']);
    entry.description = BTreeMap::from([("en".to_owned(), says.to_owned())]);
    entry.note = (!marks.is_empty()).then(|| format!("Marked {marks} in the schedule."));
    put(out, account, Entry::Line(entry))?;
    let Some(periods) = periods else { return Ok(()) };
    for (n, period) in periods.iter().enumerate() {
        let before = periods.get(n + 1).and_then(|next| next.from);
        let general = (None, &period.general);
        let special =
            period.special.iter().flat_map(|(classes, duty)| classes.iter().map(move |class| (Some(*class), duty)));
        for (class, duty) in std::iter::once(general).chain(special) {
            let kind = if class.is_some() { MeasureKind::Preference } else { MeasureKind::ThirdCountry };
            let mut made = measure(code, kind, "au.tariff");
            made.program = class.map(|class| Places::One(format!("au.{class}")));
            if class.is_some() {
                made.cites.push("au.classes".into());
            }
            (made.from, made.before) = (period.from, before);
            made.official = official(&row.rate);
            marked(marks, duty).set(&mut made, account);
            put(out, account, Entry::Measure(made))?;
        }
    }
    Ok(())
}

/// A mark says that something else decides with the rate; the copy does not say what.
pub(super) fn marked(marks: &str, duty: &Duty) -> Duty {
    if marks.is_empty() {
        return duty.clone();
    }
    let rate = match duty {
        Duty::Amount(words) => words.clone(),
        Duty::Unknown { says, .. } => says.clone(),
    };
    Duty::Unknown {
        reason: "a code marked * or #, whose note is not in the copy",
        says: format!(
            "The schedule says {rate} with a mark ({marks}) whose meaning is not here. Look it up in the tariff."
        ),
    }
}

pub(super) fn units(text: &str) -> Vec<String> {
    let one = match text {
        "" | ".." => return Vec::new(),
        "No" => "item",
        "sm" => "m2",
        "cu" => "m3",
        "L" => "l",
        "L al" => "l alcohol",
        "L al and L" => return vec!["l alcohol".into(), "l".into()],
        "Pr" => "pair",
        "MC" => "ct",
        "TH" => "1000 items",
        other => other,
    };
    vec![one.to_owned()]
}

/// Characters that are not seen and mean nothing, and are taken out of every text.
pub(super) const INVISIBLE: [char; 6] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}'];
