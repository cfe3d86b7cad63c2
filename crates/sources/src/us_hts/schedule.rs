//! Rate lines over time: what each line of the schedule says, from when to when.

use super::program::Symbol;
use super::rate::Rate;
use super::revision::Revision;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The columns of rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Column 1, general.
    General,
    /// Column 1, special.
    Special,
    /// Column 2.
    Other,
    /// Additional duties (subchapter IV of chapter 99).
    Additional,
}

impl Column {
    /// Its name in the export.
    pub const fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Special => "special",
            Self::Other => "other",
            Self::Additional => "additionalDuties",
        }
    }

    /// The column of a name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::General, Self::Special, Self::Other, Self::Additional].into_iter().find(|column| column.name() == name)
    }
}

/// What a column says, read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// An amount in the words of the economy file.
    Amount(String),
    /// The schedule's own sentence, in one spelling, where no amount can stand for it.
    Words(String),
}

impl Value {
    /// The value of a rate. In chapter 99, and where a special rate names no programme, the sentence itself is kept:
    /// a number there is no duty by itself.
    pub fn of(code: &str, column: Column, rate: &Rate, symbols: &[Symbol]) -> Self {
        let whole = match rate {
            Rate::Free | Rate::Sum(_) | Rate::Sugar { .. } => rate.amount(),
            Rate::Applicable { .. } | Rate::See(_) | Rate::Worded(..) => None,
        };
        match whole {
            Some(amount) if !code.starts_with("99") && (column != Column::Special || !symbols.is_empty()) => {
                Self::Amount(amount)
            }
            _ => Self::Words(rate.to_string()),
        }
    }
}

/// What a rate line says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RateLine {
    /// Column 1, general.
    pub general: Option<Value>,
    /// Column 1, special: each rate with its symbols, sorted.
    pub special: Vec<(Value, Vec<Symbol>)>,
    /// Column 2.
    pub other: Option<Value>,
    /// Additional duties.
    pub additional: Option<Value>,
}

impl RateLine {
    /// Every value with its column and symbols.
    pub fn values(&self) -> Vec<(Column, Value, Vec<Symbol>)> {
        let one = |column, value: &Option<Value>| value.clone().map(|value| (column, value, Vec::new()));
        let special = self.special.iter().map(|(value, symbols)| (Column::Special, value.clone(), symbols.clone()));
        one(Column::General, &self.general)
            .into_iter()
            .chain(special)
            .chain(one(Column::Other, &self.other))
            .chain(one(Column::Additional, &self.additional))
            .collect()
    }

    /// Puts a value in its column.
    pub fn put(&mut self, column: Column, value: Value, symbols: Vec<Symbol>) {
        match column {
            Column::General => self.general = Some(value),
            Column::Other => self.other = Some(value),
            Column::Additional => self.additional = Some(value),
            Column::Special => {
                self.special.push((value, symbols));
                self.special.sort();
            }
        }
    }

    /// Whether it states nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A time during which a line says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub before: Option<Date>,
    /// Units of quantity of the line and its statistical lines.
    pub units: Vec<String>,
    /// What it says.
    pub line: RateLine,
    /// The official words of each value, where they were read from the export.
    pub written: BTreeMap<(Column, Value, Vec<Symbol>), String>,
}

/// The rate lines of all revisions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Revisions by date.
    pub revisions: Vec<Revision>,
    /// Periods of each line, by code and date.
    pub lines: BTreeMap<String, Vec<Period>>,
}

impl Schedule {
    /// What every line says on a day.
    ///
    /// ```
    /// use tidewaiter_sources::us_hts::Schedule;
    /// assert!(Schedule::default().as_of(jiff::civil::date(2025, 1, 1)).is_empty());
    /// ```
    pub fn as_of(&self, date: Date) -> BTreeMap<&str, &RateLine> {
        let holds = |period: &&Period| period.from <= date && period.before.is_none_or(|before| date < before);
        let lines = self.lines.iter();
        lines
            .filter_map(|(code, periods)| periods.iter().find(holds).map(|period| (code.as_str(), &period.line)))
            .collect()
    }

    /// Takes what a line says in the revision of `date`, for which [`Schedule::close`] was called first. A period goes on
    /// where the line says the same as in the revision before. False where the revision already has a line of the code.
    pub(super) fn take(&mut self, code: &str, date: Date, mut new: Period) -> bool {
        let periods = self.lines.entry(code.to_owned()).or_default();
        if let Some(open) = periods.last_mut() {
            // All periods are closed before a revision is read: an open one is of this revision.
            if open.before.is_none() {
                return false;
            }
            if open.before == Some(date) && open.line == new.line && open.units == new.units {
                open.before = None;
                return true;
            }
        }
        new.from = date;
        new.before = None;
        periods.push(new);
        true
    }

    /// Ends every open period on `date`, to be opened again by [`Schedule::take`].
    pub(super) fn close(&mut self, date: Date) {
        for period in self.lines.values_mut().filter_map(|periods| periods.last_mut()) {
            if period.before.is_none() {
                period.before = Some(date);
            }
        }
    }
}

/// A difference between two days.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The line.
    pub code: String,
    /// The column.
    pub column: Column,
    /// What it said, as in the compact table; empty for nothing.
    pub old: String,
    /// What it says.
    pub new: String,
}

/// What differs between two schedules, by code and column.
pub fn changes(old: &BTreeMap<String, RateLine>, new: &BTreeMap<String, RateLine>) -> Vec<Change> {
    let none = RateLine::default();
    let mut found = Vec::new();
    let codes: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for code in codes {
        let (a, b) = (old.get(code).unwrap_or(&none), new.get(code).unwrap_or(&none));
        for column in [Column::General, Column::Special, Column::Other, Column::Additional] {
            let (a, b) = (super::table::cell(a, column), super::table::cell(b, column));
            if a != b {
                found.push(Change { code: code.clone(), column, old: a, new: b });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn period(amount: &str) -> Period {
        let mut line = RateLine::default();
        line.put(Column::General, Value::Amount(amount.into()), Vec::new());
        Period { from: date(2000, 1, 1), before: None, units: Vec::new(), line, written: BTreeMap::new() }
    }

    #[test]
    fn periods_grow_while_a_line_says_the_same() {
        let days = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1), date(2025, 4, 1), date(2025, 5, 1)];
        let mut schedule = Schedule::default();
        for (place, amounts) in [Some("5 %"), Some("5 %"), Some("6 %"), None, Some("6 %")].into_iter().enumerate() {
            schedule.close(days[place]);
            if let Some(amount) = amounts {
                assert!(schedule.take("01", days[place], period(amount)));
                assert!(!schedule.take("01", days[place], period(amount)), "twice in one revision");
            }
        }
        let spans: Vec<_> = schedule.lines["01"].iter().map(|period| (period.from, period.before)).collect();
        assert_eq!(spans, [(days[0], Some(days[2])), (days[2], Some(days[3])), (days[4], None)]);
        assert!(schedule.as_of(days[3]).is_empty());
        assert_eq!(schedule.as_of(days[1]).len(), 1);
    }
}
