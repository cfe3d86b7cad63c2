//! Which periods a seller has returns for.

use super::Past;
use crate::definition::{Definition, Length, Period};

/// Most periods that are named to somebody who asked for another.
const MOST: usize = 12;

/// Why a period has no return.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPeriod {
    /// The returns of the seller are for other periods.
    #[error("{scheme} has no return for {}: its returns are for a {}. Ask for {}", .period.words(), .length.word(), named(.has))]
    Other {
        /// The scheme.
        scheme: String,
        /// What was asked for.
        period: Period,
        /// How long its periods are then.
        length: Length,
        /// Those in what was asked for, or around it.
        has: Vec<Period>,
    },
    /// It is over before the registration begins, and nothing was sold in it.
    #[error("{scheme} has no return for {}: the first is that for {} ({first})", .period.words(), .first.words())]
    Before {
        /// The scheme.
        scheme: String,
        /// What was asked for.
        period: Period,
        /// The first that it has.
        first: Period,
    },
}

fn named(has: &[Period]) -> String {
    has.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Past {
    /// Whether a seller has a return for a period.
    ///
    /// # Errors
    /// [`NotAPeriod`] with those that there are.
    pub fn has(&self, definition: &Definition, period: Period) -> Result<(), NotAPeriod> {
        let key = &definition.scheme.key;
        if self.holds(key, period) {
            return Ok(());
        }
        let scheme = key.clone();
        let first = self.first_period(definition);
        let own = match first {
            Some(_) => self.period(definition, period.first()),
            // Whoever is not registered yet may ask for any that the scheme has.
            None => self.like(definition, period),
        };
        match first {
            _ if own != Some(period) => {
                let length = own.map_or(definition.period.is, |own| self.length(definition, own.first()));
                let following = |one: &Period| Some(one.next()).filter(|next| next.first() <= period.last());
                let has = std::iter::successors(own, following).take(MOST).collect();
                Err(NotAPeriod::Other { scheme, period, length, has })
            }
            Some(first) if period < first => Err(NotAPeriod::Before { scheme, period, first }),
            _ => Ok(()),
        }
    }

    /// Whether a return of the period was sent, or tax stands in it.
    fn holds(&self, scheme: &str, period: Period) -> bool {
        self.is_closed(scheme, period)
            || self.collected.keys().any(|(of, declared, ..)| of == scheme && *declared == period)
    }
}
