//! When something is due after a period has ended.

use super::{Definition, Period};
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// When a return is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueRule {
    /// The day.
    pub by: DueDay,
    /// The day for periods of another length than the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_other: Option<DueDay>,
    /// Whether one is due where nothing was sold.
    pub nil: bool,
    /// How many days after the due day a reminder comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder_days: Option<u16>,
    /// What happens when it is late, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<String>,
    /// Facts.
    pub cites: Vec<String>,
}

/// A day after the end of a period: "last day of the next month", "day 28 of the next month", "60 days".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueDay {
    /// The month that is meant, counted from the one in which the period ends: 1 is the next.
    pub months: u8,
    /// The day of that month. One that the month does not have means its last.
    pub day: DayOfMonth,
    /// Days on top.
    #[serde(default)]
    pub extra_days: u16,
    /// Where the day is a Saturday or Sunday. Other days off are not known here.
    #[serde(default)]
    pub if_day_off: DayOff,
    /// Periods that end in a certain month have another day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<DueException>,
}

/// Another day for periods that end in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueException {
    /// Periods whose last month is this one, January is 1.
    pub ends_in: u8,
    /// As in [`DueDay`].
    pub months: u8,
    /// As in [`DueDay`].
    pub day: DayOfMonth,
}

/// A day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOfMonth {
    /// The last.
    Last,
    /// By its number.
    Number(u8),
}

impl DayOfMonth {
    /// The day in the month of another one.
    pub fn in_month(self, month: Date) -> Date {
        let last = month.last_of_month();
        match self {
            Self::Last => last,
            Self::Number(number) => {
                let number = i8::try_from(number).unwrap_or(i8::MAX).clamp(1, last.day());
                month.first_of_month().saturating_add((i64::from(number) - 1).days())
            }
        }
    }
}

impl Serialize for DayOfMonth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Last => serializer.serialize_str("last"),
            Self::Number(number) => serializer.serialize_u8(*number),
        }
    }
}

impl<'de> Deserialize<'de> for DayOfMonth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u8),
            Word(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(number @ 1..=31) => Ok(Self::Number(number)),
            Written::Word(word) if word == "last" => Ok(Self::Last),
            _ => Err(serde::de::Error::custom("write \"last\" or a day from 1 to 31")),
        }
    }
}

/// What counts where the day is a Saturday or Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DayOff {
    /// The day all the same.
    #[default]
    #[serde(rename = "same")]
    Same,
    /// The Monday after.
    #[serde(rename = "next working day")]
    Next,
    /// The Friday before.
    #[serde(rename = "previous working day")]
    Previous,
}

impl DueDay {
    /// The day for a period.
    pub fn of(&self, period: Period) -> Date {
        let ends_in = period.last().month();
        let except = self.except.iter().find(|one| i16::from(one.ends_in) == i16::from(ends_in));
        let (months, day) = except.map_or((self.months, self.day), |one| (one.months, one.day));
        let month = period.last().first_of_month().saturating_add(i64::from(months).months());
        let day = day.in_month(month).saturating_add(i64::from(self.extra_days).days());
        let step = match (self.if_day_off, day.weekday()) {
            (DayOff::Next, Weekday::Saturday) => 2,
            (DayOff::Next, Weekday::Sunday) => 1,
            (DayOff::Previous, Weekday::Saturday) => -1,
            (DayOff::Previous, Weekday::Sunday) => -2,
            _ => 0,
        };
        day.saturating_add(i64::from(step).days())
    }
}

impl Definition {
    /// The day by which the return of a period must be sent.
    pub fn return_due(&self, period: Period) -> Date {
        let usual = period.months() == self.period.is.months();
        self.due.by_other.as_ref().filter(|_| !usual).unwrap_or(&self.due.by).of(period)
    }

    /// The day on which a reminder comes where the return of a period was not sent. Nothing where no rule says so.
    pub fn reminder(&self, period: Period) -> Option<Date> {
        let days = i64::from(self.due.reminder_days?);
        Some(self.return_due(period).saturating_add(days.days()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(text: &str, period: &str) -> String {
        toml::from_str::<DueDay>(text).unwrap().of(period.parse().unwrap()).to_string()
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(due("months = 1\nday = \"last\"", "2026-01"), "2026-02-28");
        assert_eq!(due("months = 1\nday = \"last\"", "2023-Q4"), "2024-01-31");
        assert_eq!(due("months = 1\nday = \"last\"\nextra_days = 7", "2026-Q1"), "2026-05-07");
        assert_eq!(due("months = 1\nday = 31", "2026-03"), "2026-04-30");
        assert_eq!(due("months = 0\nday = \"last\"\nextra_days = 60", "2026-Q1"), "2026-05-30");
        let nz = "months = 1\nday = 28\nexcept = [{ ends_in = 3, months = 2, day = 7 }, { ends_in = 11, months = 2, day = 15 }]";
        assert_eq!(
            [due(nz, "2026-Q1"), due(nz, "2026-Q2"), due(nz, "2026-11")],
            ["2026-05-07", "2026-07-28", "2027-01-15"]
        );
    }

    #[test]
    fn saturdays_and_sundays_move_the_day_where_the_rule_says_so() {
        // 31 October 2026 is a Saturday.
        for (rule, day) in
            [("same", "2026-10-31"), ("next working day", "2026-11-02"), ("previous working day", "2026-10-30")]
        {
            assert_eq!(due(&format!("months = 1\nday = \"last\"\nif_day_off = \"{rule}\""), "2026-09"), day);
        }
        assert!(toml::from_str::<DueDay>("months = 1\nday = 0").is_err());
        assert!(toml::from_str::<DueDay>("months = 1\nday = 32").is_err());
    }
}
