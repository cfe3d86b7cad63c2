//! Rate lines into measures, and measures back into rate lines.

use super::program::{self, COLUMN_2, Symbol};
use super::rate::{self, Rate};
use super::revision::fact_key;
use super::schedule::{Column, Period, RateLine, Schedule, Value};
use crate::{Account, Entry};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::record::edition::Official;
use tidewaiter::record::{Measure, MeasureKind, Places, Written};

type Key = (Column, Value, Vec<Symbol>);

/// The measures of a schedule, by code, column and date. A measure goes on over every revision that has the same code,
/// column, programmes and amount.
pub fn measures(schedule: &Schedule, account: &mut Account) -> Vec<Measure> {
    let mut all = Vec::new();
    for (code, periods) in &schedule.lines {
        let mut spans = spans(periods);
        spans.sort_by(|a, b| (a.0.0, a.1, &a.0).cmp(&(b.0.0, b.1, &b.0)));
        for (key, from, before, written) in spans {
            all.push(measure(code, key, from, before, written, account));
        }
    }
    all
}

/// Each value with the time during which it stands without a gap.
fn spans(periods: &[Period]) -> Vec<(Key, Date, Option<Date>, Option<String>)> {
    let mut open: BTreeMap<Key, (Date, Option<String>)> = BTreeMap::new();
    let mut done = Vec::new();
    let mut last: Option<Date> = None;
    for period in periods {
        let goes_on = last == Some(period.from);
        let values = period.line.values();
        let ended: Vec<Key> = open.keys().filter(|key| !goes_on || !values.contains(key)).cloned().collect();
        for key in ended {
            if let Some((from, written)) = open.remove(&key) {
                done.push((key, from, last, written));
            }
        }
        for key in values {
            let written = period.written.get(&key).cloned();
            open.entry(key).or_insert((period.from, written));
        }
        last = period.before;
    }
    done.extend(open.into_iter().map(|(key, (from, written))| (key, from, last, written)));
    done
}

fn measure(
    code: &str,
    (column, value, symbols): Key,
    from: Date,
    before: Option<Date>,
    written: Option<String>,
    account: &mut Account,
) -> Measure {
    let chapter_99 = code.starts_with("99");
    let (kind, nowhere) = kind(code, column, &value);
    let mut made = Measure {
        code: code.to_owned(),
        kind,
        amount: None,
        outcome: None,
        says: None,
        origin: (column == Column::Other).then(|| Places::One(COLUMN_2.into())),
        not_origin: Vec::new(),
        program: match symbols.as_slice() {
            [] => None,
            [one] => Some(Places::One(program::key(one))),
            many => Some(Places::Many(many.iter().map(|symbol| program::key(symbol)).collect())),
        },
        proof: None,
        when: None,
        additional_code: None,
        order_number: None,
        from: Some(from),
        before,
        cites: vec![fact_key(from)],
        official: None,
        note: nowhere.map(str::to_owned),
    };
    if column == Column::Other {
        made.cites.push(COLUMN_2.to_owned());
    }
    let words = match &value {
        Value::Amount(amount) => {
            made.amount = Some(Written::Words(amount.clone()));
            None
        }
        Value::Words(words) => {
            // Every sentence here came out of the grammar, so that it reads again.
            let rate = rate::read(words).ok().flatten();
            match rate.as_ref().and_then(Rate::amount) {
                Some(amount) if column != Column::Special || !symbols.is_empty() || chapter_99 => {
                    made.amount = Some(Written::Words(amount));
                }
                _ => {
                    let (outcome, says) = rate.as_ref().and_then(Rate::verdict).unwrap_or_else(|| no_programme(words));
                    made.outcome = Some(outcome);
                    made.says = Some(says);
                    let place = if chapter_99 { "chapter 99" } else { column.name() };
                    account.inexpressible(&format!("{place}: {}", rate.as_ref().map_or("", Rate::shape)));
                }
            }
            Some(words.clone())
        }
    };
    let text = written.or(words);
    made.official = text.map(|text| {
        Box::new(Official { measure_type: Some(column.name().into()), text: Some(text), ..Official::default() })
    });
    made
}

/// A special rate without a symbol, as in subchapters XVII to XXI of chapter 98.
fn no_programme(words: &str) -> (tidewaiter::record::Verdict, String) {
    let says = format!(
        "The notes of the subchapter say whose goods may claim this rate; the column names no programme. Official rate: {words}"
    );
    (tidewaiter::record::Verdict::FormalEntry, says)
}

/// The kind of a measure, and what the reader must know of one in chapter 99.
fn kind(code: &str, column: Column, value: &Value) -> (MeasureKind, Option<&'static str>) {
    const ON_TOP: &str = "On top of the duty of the provision that the heading names.";
    const IN_PLACE: &str = "In place of the duty of the provision that the heading names.";
    if !code.starts_with("99") {
        return match column {
            Column::Special => (MeasureKind::Preference, None),
            Column::General | Column::Other => (MeasureKind::ThirdCountry, None),
            Column::Additional => (MeasureKind::Safeguard, Some(ON_TOP)),
        };
    }
    let words = match value {
        Value::Words(words) | Value::Amount(words) => words,
    };
    let on_top = words.starts_with("The duty provided in") || words.starts_with("No ");
    match column {
        Column::Additional => (MeasureKind::Safeguard, Some(ON_TOP)),
        Column::Special => (MeasureKind::Preference, Some(if on_top { ON_TOP } else { IN_PLACE })),
        _ if on_top => (MeasureKind::Additional, Some(ON_TOP)),
        _ if code.starts_with("9902") => (MeasureKind::Suspension, Some(IN_PLACE)),
        _ => (MeasureKind::Additional, Some(IN_PLACE)),
    }
}

/// What the rate lines said on a day, from the measures of an edition of this importer or of [`super::table`].
///
/// ```
/// use tidewaiter_sources::us_hts;
/// let nothing = us_hts::rebuild(&[], jiff::civil::date(2025, 1, 1));
/// assert!(nothing.is_empty());
/// ```
pub fn rebuild<'e>(entries: impl IntoIterator<Item = &'e Entry>, date: Date) -> BTreeMap<String, RateLine> {
    let mut lines: BTreeMap<String, RateLine> = BTreeMap::new();
    for entry in entries {
        let Entry::Measure(measure) = entry else { continue };
        let holds = measure.from.is_none_or(|from| from <= date) && measure.before.is_none_or(|before| date < before);
        if !holds {
            continue;
        }
        let Some((column, value, symbols)) = key_of(measure) else { continue };
        lines.entry(measure.code.clone()).or_default().put(column, value, symbols);
    }
    lines
}

/// Column, value and symbols of a measure; none where it is not of this importer.
pub(super) fn key_of(measure: &Measure) -> Option<Key> {
    let official = measure.official.as_deref();
    let named = official.and_then(|official| Column::of(official.measure_type.as_deref()?));
    let column = match named {
        Some(column) => column,
        None if measure.kind == MeasureKind::Preference => Column::Special,
        None if measure.kind != MeasureKind::ThirdCountry => return None,
        None if measure.origin.is_some() => Column::Other,
        None => Column::General,
    };
    let keys = match &measure.program {
        None => Vec::new(),
        Some(Places::One(key)) => vec![key.as_str()],
        Some(Places::Many(keys)) => keys.iter().map(String::as_str).collect(),
    };
    let symbols = keys.into_iter().map(program::symbol).collect::<Option<Vec<Symbol>>>()?;
    let value = match (official.and_then(|official| official.text.as_deref()), &measure.amount) {
        (Some(text), _) => Value::of(&measure.code, column, &rate::read(text).ok()??, &symbols),
        (None, Some(Written::Words(words))) => Value::Amount(words.clone()),
        _ => return None,
    };
    Some((column, value, symbols))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn period(from: Date, before: Option<Date>, special: &[(&str, &[Symbol])]) -> Period {
        let mut line = RateLine::default();
        line.put(Column::General, Value::Amount("5 %".into()), Vec::new());
        for (amount, symbols) in special {
            line.put(Column::Special, Value::Amount((*amount).into()), symbols.to_vec());
        }
        Period { from, before, units: Vec::new(), line, written: BTreeMap::new() }
    }

    #[test]
    fn a_measure_goes_on_while_only_its_neighbours_change() {
        let (a, b, c, d) = (date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1), date(2025, 4, 1));
        let mut schedule = Schedule::default();
        let periods = vec![
            period(a, Some(b), &[("0 %", &["AU"]), ("1 %", &["JP"])]),
            period(b, Some(c), &[("0 %", &["AU"])]),
            period(d, None, &[("0 %", &["AU"])]),
        ];
        schedule.lines.insert("01".into(), periods);
        let made = measures(&schedule, &mut Account::default());
        let said: Vec<_> = made.iter().map(|m| (m.kind, m.program.is_some(), m.from.unwrap(), m.before)).collect();
        assert_eq!(
            said,
            [
                (MeasureKind::ThirdCountry, false, a, Some(c)),
                (MeasureKind::ThirdCountry, false, d, None),
                (MeasureKind::Preference, true, a, Some(c)),
                (MeasureKind::Preference, true, a, Some(b)),
                (MeasureKind::Preference, true, d, None),
            ]
        );
        let entries: Vec<Entry> = made.into_iter().map(Entry::Measure).collect();
        for (day, special) in [(a, 2), (b, 1), (d, 1)] {
            let lines = rebuild(&entries, day);
            assert_eq!(&lines["01"], schedule.as_of(day)["01"]);
            assert_eq!(lines["01"].special.len(), special);
        }
        assert!(rebuild(&entries, c).is_empty(), "a gap is a gap");
    }

    #[test]
    fn chapter_99_says_what_its_number_stands_for() {
        let mut line = RateLine::default();
        line.put(
            Column::General,
            Value::Words("The duty provided in the applicable subheading + 25%".into()),
            Vec::new(),
        );
        let period = Period { from: date(2025, 1, 1), before: None, units: Vec::new(), line, written: BTreeMap::new() };
        let mut schedule = Schedule::default();
        schedule.lines.insert("99038801".into(), vec![period]);
        let made = measures(&schedule, &mut Account::default());
        assert_eq!(made[0].kind, MeasureKind::Additional);
        assert_eq!(made[0].amount, Some(Written::Words("25 %".into())));
        assert!(made[0].note.as_deref().unwrap().starts_with("On top"));
    }
}
