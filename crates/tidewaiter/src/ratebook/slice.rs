//! A slice of a ratebook: what questions to some destinations need, and nothing else, for a page or a device that must answer by itself.
//!
//! It is a ratebook like any other. Whatever is asked about the destinations kept, it answers as the whole one does, byte for byte but for the
//! fingerprint; what it cannot answer so (another destination, a day before its exchange rates begin) it refuses, saying what to do.
//!
//! How: every row that the programs of the destinations reach is marked, marked rows keep their order, and every reference is written anew.
//! Small tables that any question may need (territories, memberships, currencies, exchange rates, the nomenclature, codes that ended) stay
//! whole. [`mark`] finds the rows, [`write`] writes them.

mod mark;
mod write;

use super::layout::*;
use super::numbers::date_of;
use super::{Ratebook, RatebookError, hex};
use crate::ratebook::compile::{day_number, nearest};
use crate::record::iso_date;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeSet;
use zerocopy::little_endian::{I32, U16};

/// How long before the newest exchange rate a slice's rates begin where nothing else is said.
const RATES_YEARS: i16 = 2;

/// Why a slice cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SliceError {
    /// No destination was named.
    #[error("name at least one destination")]
    NoDestination,
    /// The ratebook has no rules of a destination.
    #[error("\"{asked}\" is no destination that this ratebook has rules for{near}; it has {known}")]
    Unknown {
        /// What was asked for.
        asked: String,
        /// What may have been meant, as the end of a sentence.
        near: String,
        /// The destinations that there are.
        known: String,
    },
    /// It is a slice itself, and its exchange rates begin later.
    #[error("this ratebook is a slice with exchange rates since {since}: older ones are in the whole ratebook only")]
    RatesBegin {
        /// Where its rates begin.
        since: Date,
    },
    /// The ratebook is damaged.
    #[error(transparent)]
    Ratebook(#[from] RatebookError),
}

/// What a slice says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SliceView {
    /// Fingerprint of the whole ratebook.
    pub of: String,
    /// The destinations that it answers for.
    pub destinations: Vec<String>,
    /// The first day that exchange rates are known of as in the whole ratebook.
    #[serde(with = "iso_date")]
    pub rates_since: Date,
}

/// How new a ratebook is, by the newest days in it. Both are days of publication, not of validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DataDays {
    /// Of the newest edition of rules.
    #[serde(with = "iso_date::option")]
    pub edition: Option<Date>,
    /// Of the newest exchange rate.
    #[serde(with = "iso_date::option")]
    pub rate: Option<Date>,
}

impl DataDays {
    /// The newest of all: nothing that was published later is known here.
    pub fn newest(&self) -> Option<Date> {
        self.edition.max(self.rate)
    }

    /// Days from the newest data until a day; below zero where the data is of a later day.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let days = tidewaiter::ratebook::DataDays { edition: Some(date(2026, 11, 1)), rate: Some(date(2026, 11, 20)) };
    /// assert_eq!(days.age_days(date(2026, 12, 2)), Some(12));
    /// ```
    pub fn age_days(&self, today: Date) -> Option<i32> {
        self.newest().map(|newest| day_number(today) - day_number(newest))
    }
}

impl Tables<'_> {
    /// The territories that are destinations of questions: those with rules of their own, but for unions that leave them to their members.
    pub(crate) fn destinations(&self) -> impl Iterator<Item = u16> + '_ {
        (0u16..).zip(self.territories).filter(|(_, row)| row.program.get() != NONE).map(|(id, _)| id)
    }
}

impl Ratebook {
    /// The newest days of what is known here.
    pub fn data_days(&self) -> DataDays {
        let t = self.tables();
        let newest = |days: &mut dyn Iterator<Item = i32>| days.max().and_then(date_of);
        DataDays {
            edition: newest(&mut t.editions.iter().map(|row| row.known_from.get())),
            rate: newest(&mut t.rates.iter().map(|row| row.day.get())),
        }
    }

    /// What this slice is of; nothing where it is a whole ratebook.
    pub fn sliced(&self) -> Option<SliceView> {
        let t = self.tables();
        let row = t.sliced.first()?;
        Some(SliceView {
            of: hex(&row.of),
            destinations: t.destinations().map(|id| t.territory_code(id).to_owned()).collect(),
            rates_since: date_of(row.since.get()).unwrap_or(Date::MIN),
        })
    }

    /// The bytes of a ratebook that answers questions to some destinations as this one does, byte for byte but for
    /// [`Quote::ratebook`](crate::Quote). A union stands for its members. Questions to other destinations, and those that need exchange rates of
    /// a day before `rates_since` (two years before the newest rate, where it is not given), are refused with words that say so.
    ///
    /// Cost: one pass over the rules, and all measures of the destinations' tariffs.
    ///
    /// ```no_run
    /// use tidewaiter::Ratebook;
    /// let world = Ratebook::open("world.twrb")?;
    /// let bytes = world.slice(&["DE", "US"], None)?;
    /// let slice = Ratebook::from_vec(bytes)?;
    /// assert_eq!(slice.sliced().map(|s| s.of).as_deref(), Some(world.fingerprint()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SliceError`]: an unknown destination, rates that this ratebook does not reach back to, damage.
    pub fn slice<T: AsRef<str>>(&self, to: &[T], rates_since: Option<Date>) -> Result<Vec<u8>, SliceError> {
        self.verify()?;
        let t = self.tables();
        let mut wanted = BTreeSet::new();
        for code in to {
            wanted.extend(destinations_of(&t, code.as_ref())?);
        }
        if wanted.is_empty() {
            return Err(SliceError::NoDestination);
        }
        let own = t.sliced.first();
        let newest = t.rates.iter().map(|row| row.day.get()).max();
        let since = match (rates_since.map(day_number), own) {
            (Some(day), Some(own)) if day < own.since.get() => {
                return Err(SliceError::RatesBegin { since: date_of(own.since.get()).unwrap_or(Date::MIN) });
            }
            (Some(day), _) => day,
            (None, own) => {
                let usual = newest.and_then(date_of).unwrap_or(Date::MIN);
                let usual = day_number(usual.saturating_sub(jiff::Span::new().years(RATES_YEARS)));
                own.map_or(usual, |own| own.since.get().max(usual))
            }
        };
        let marks = mark::Marks::of(&t, &wanted, since);
        let mut draft = write::write(&t, &marks, &wanted);
        let of = own.map_or_else(|| self.digest(), |own| own.of);
        draft.sliced = vec![SlicedRow { since: I32::new(since), of }];
        let mut left: BTreeSet<u16> = t.left_out.iter().map(|row| row.territory.get()).collect();
        left.extend(t.destinations().filter(|id| !wanted.contains(id)));
        draft.left_out = left.into_iter().map(|id| LeftOutRow { territory: U16::new(id), pad: U16::new(0) }).collect();
        Ok(super::compile::assemble(&draft))
    }
}

/// A destination, or for a union its own rules and those of its members: the full ones, that are so on the newest day of publication or will be. What
/// only follows some of its rules, or was a member once, is named by itself.
fn destinations_of(t: &Tables<'_>, code: &str) -> Result<Vec<u16>, SliceError> {
    let has_rules = |id: &u16| t.territories.get(usize::from(*id)).is_some_and(|row| row.program.get() != NONE);
    let newest = t.editions.iter().map(|row| row.known_from.get()).max().unwrap_or(DAY_MIN);
    let is_full = |m: &&MemberRow| matches!(t.text(m.role.get()), "" | "member" | "party") && newest < m.before.get();
    let mut found: Vec<u16> = Vec::new();
    if let Some(id) = t.territory(code) {
        found.push(id);
        if t.territories.get(usize::from(id)).is_some_and(|row| matches!(row.kind, 1 | 3)) {
            found.extend(t.members.iter().filter(|m| m.of.get() == id).filter(is_full).map(|m| m.territory.get()));
        }
    }
    found.retain(has_rules);
    if found.is_empty() {
        let known: Vec<&str> = t.destinations().map(|id| t.territory_code(id)).collect();
        let meant = crate::quote::prepare::meant_territory(t, code).filter(|meant| known.contains(meant));
        let near =
            meant.map_or_else(|| nearest(code, known.iter().copied()), |meant| format!("; did you mean \"{meant}\"?"));
        return Err(SliceError::Unknown { asked: code.to_owned(), near, known: known.join(", ") });
    }
    Ok(found)
}
