//! Periods: whole months, one after the other.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Some whole months for which one return is made.
///
/// Written `2026-10` where it is one month, else as the ISO 8601 interval of its first and last month: `2026-10/2026-12`. Read also as
/// `2026-Q4`.
///
/// ```
/// # use tidewaiter_collect::definition::Period;
/// let quarter: Period = "2026-Q4".parse()?;
/// assert_eq!(quarter.to_string(), "2026-10/2026-12");
/// assert_eq!(quarter.last().to_string(), "2026-12-31");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Date,
    months: u8,
}

/// A period that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no period; write a month as 2026-10, a quarter as 2026-Q4, other months as 2026-10/2026-12")]
pub struct NoPeriod(String);

impl Period {
    /// So many months that begin with the month of a day; between one and twelve.
    ///
    /// # Errors
    /// [`NoPeriod`] for another number of months, or the end of the calendar.
    pub fn beginning(day: Date, months: u8) -> Result<Self, NoPeriod> {
        let period = Self { first: day.first_of_month(), months };
        let ends = period.first.checked_add(Span::new().months(i64::from(months)));
        match (1..=12).contains(&months) && ends.is_ok() {
            true => Ok(period),
            false => Err(NoPeriod(format!("{months} months from {day}"))),
        }
    }

    /// The first day.
    pub fn first(self) -> Date {
        self.first
    }

    /// The last day.
    pub fn last(self) -> Date {
        self.next_first().saturating_sub(1.day())
    }

    fn next_first(self) -> Date {
        self.first.saturating_add(Span::new().months(i64::from(self.months)))
    }

    /// How many months it has.
    pub fn months(self) -> u8 {
        self.months
    }

    /// Whether a day is in it.
    pub fn contains(self, day: Date) -> bool {
        (self.first..self.next_first()).contains(&day)
    }

    /// The period of the same length after it.
    pub fn next(self) -> Self {
        Self { first: self.next_first(), ..self }
    }

    /// "October 2026", "October to December 2026": for people, in English.
    pub fn words(self) -> String {
        let (first, last) = (self.first.strftime("%B %Y"), self.last().strftime("%B %Y"));
        match self.months {
            1 => first.to_string(),
            _ if self.first.year() == self.last().year() => format!("{} to {last}", self.first.strftime("%B")),
            _ => format!("{first} to {last}"),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.first.strftime("%Y-%m"), self.last().strftime("%Y-%m"));
        if self.months == 1 { write!(f, "{first}") } else { write!(f, "{first}/{last}") }
    }
}

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        let wrong = || NoPeriod(text.chars().take(40).collect());
        let month = |text: &str| -> Option<Date> {
            let (year, month) = text.split_once('-')?;
            let plain = year.len() == 4
                && month.len() == 2
                && [year, month].iter().all(|t| t.bytes().all(|b| b.is_ascii_digit()));
            plain.then(|| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()).flatten()
        };
        if let Some((year, quarter @ ("1" | "2" | "3" | "4"))) = text.split_once("-Q") {
            let first: u8 = quarter.parse::<u8>().unwrap_or(1) * 3 - 2;
            return Self::beginning(month(&format!("{year}-{first:02}")).ok_or_else(wrong)?, 3);
        }
        let Some((first, last)) = text.split_once('/') else {
            return Self::beginning(month(text).ok_or_else(wrong)?, 1);
        };
        let (first, last) = (month(first).ok_or_else(wrong)?, month(last).ok_or_else(wrong)?);
        let months =
            i32::from(last.year() - first.year()) * 12 + i32::from(last.month()) - i32::from(first.month()) + 1;
        Self::beginning(first, u8::try_from(months).map_err(|_| wrong())?).map_err(|_| wrong())
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Period {
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A month as 2026-10, other whole months as 2026-10/2026-12; read also as 2026-Q4",
            "type": "string",
            "maxLength": 15,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_written() {
        for (text, shown, first, last) in [
            ("2026-10", "2026-10", "2026-10-01", "2026-10-31"),
            ("2024-02", "2024-02", "2024-02-01", "2024-02-29"),
            ("2026-Q1", "2026-01/2026-03", "2026-01-01", "2026-03-31"),
            ("2026-11/2027-01", "2026-11/2027-01", "2026-11-01", "2027-01-31"),
            ("2026-01/2026-12", "2026-01/2026-12", "2026-01-01", "2026-12-31"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(
                (period.to_string().as_str(), period.first().to_string().as_str(), period.last().to_string().as_str()),
                (shown, first, last)
            );
            assert_eq!(shown.parse::<Period>().unwrap(), period);
            assert!(period.contains(period.last()) && !period.contains(period.next().first()));
            assert_eq!(period.next().first(), period.last().tomorrow().unwrap());
        }
        for wrong in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-10",
            "2026-Q5",
            "2026-12/2026-10",
            "2026-01/2027-01",
            "2026-10-01",
            "9999-12",
            "２０２６-10",
            "+026-10",
        ] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }
}
