//! Exchange rates for returns: as a law asks for them, from published series or as the seller took them down.

use crate::definition::{OtherDay, RateRule};
use crate::event::RateNoted;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use tidewaiter::decimal::NumberError;
use tidewaiter::ratebook::ExchangeHistory;
use tidewaiter::{Decimal, Ratebook};

/// How far after a day a rate may have been published that counts for it: none is waited for longer than the longest holidays of a central bank.
const LONGEST_GAP_DAYS: i32 = 14;

/// Where rates come from.
#[derive(Debug)]
pub struct Rates<'a> {
    ratebook: &'a Ratebook,
    noted: &'a [RateNoted],
    known: RefCell<BTreeMap<(String, String), Option<ExchangeHistory>>>,
}

/// A rate that was taken, or what was published to make it of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct RateTaken {
    /// From this currency …
    pub from: String,
    /// … to that of the return.
    pub to: String,
    /// An amount is multiplied by this …
    pub times: Decimal,
    /// … and divided by this: no rate is rounded before it is used.
    pub over: Decimal,
    /// The day whose rate the law asks for.
    #[schemars(with = "String")]
    pub wanted: Date,
    /// The day it was published for.
    #[schemars(with = "String")]
    pub day: Date,
    /// Who published it.
    pub publisher: String,
}

impl RateTaken {
    /// An amount in the currency of the return, not rounded.
    ///
    /// # Errors
    /// Where it is out of range.
    pub fn convert(&self, amount: Decimal) -> Result<Decimal, NumberError> {
        amount.scaled(self.times, self.over)
    }
}

/// A rate that is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct NoRate {
    /// The currency without one.
    pub currency: String,
    /// The day whose rate the law asks for.
    #[schemars(with = "String")]
    pub wanted: Date,
    /// Who publishes it.
    pub published_by: String,
    /// What can be done.
    pub says: String,
}

impl<'a> Rates<'a> {
    /// Rates of a ratebook, and those that a seller took down: these come first.
    pub fn new(ratebook: &'a Ratebook, noted: &'a [RateNoted]) -> Self {
        Self { ratebook, noted, known: RefCell::default() }
    }

    /// The ratebook that they are of.
    pub(crate) fn ratebook(&self) -> &'a Ratebook {
        self.ratebook
    }

    /// The rate that a law asks for.
    ///
    /// # Errors
    /// [`NoRate`] where it is not known here.
    pub fn find(&self, scheme: &str, rule: &RateRule, from: &str, to: &str, wanted: Date) -> Result<RateTaken, NoRate> {
        let pair = [from, to];
        let own = self.noted.iter().rev().find(|one| {
            one.scheme == scheme
                && one.day == wanted
                && (pair == [&*one.base, &*one.currency] || pair == [&*one.currency, &*one.base])
        });
        if let Some(own) = own {
            let (times, over) = if own.base == from { (own.rate, Decimal::ONE) } else { (Decimal::ONE, own.rate) };
            let (from, to, publisher) = (from.to_owned(), to.to_owned(), own.source.clone());
            return Ok(RateTaken { from, to, times, over, wanted, day: own.day, publisher });
        }
        let none = |why: String| NoRate {
            currency: from.to_owned(),
            wanted,
            published_by: rule.published_by.clone(),
            says: format!("{why}; record the rate that {} published", rule.published_by),
        };
        let Some(key) = rule.series.as_deref() else {
            return Err(none(format!("no series of exchange rates of {} is loaded here", rule.published_by)));
        };
        let view = self.ratebook.series().into_iter().find(|series| series.key == key);
        let Some(view) = view else { return Err(none(format!("the exchange rates \"{key}\" are not loaded here"))) };
        // One of the base is worth so many of the currency: the base itself is worth one.
        let of = |currency: &str| -> Option<(Decimal, Date)> {
            if currency == view.base { Some((Decimal::ONE, wanted)) } else { self.on(key, currency, wanted, rule.or) }
        };
        let (Some((has, day)), Some((wants, other))) = (of(from), of(to)) else {
            let last = view.last.map_or_else(String::new, |last| format!(": it goes to {last}"));
            return Err(none(format!("\"{key}\" has no rate of {from} for {wanted}{last}")));
        };
        let day = if from == view.base { other } else { day };
        let (from, to, publisher) = (from.to_owned(), to.to_owned(), view.publisher);
        Ok(RateTaken { from, to, times: wants, over: has, wanted, day, publisher })
    }

    fn on(&self, series: &str, currency: &str, wanted: Date, or: OtherDay) -> Option<(Decimal, Date)> {
        let mut known = self.known.borrow_mut();
        let history = known
            .entry((series.to_owned(), currency.to_owned()))
            .or_insert_with(|| self.ratebook.exchange_history(series, currency))
            .as_ref()?;
        let after = history.rates.partition_point(|rate| rate.day < wanted);
        let exact = history.rates.get(after).filter(|rate| rate.day == wanted);
        let rate = exact.or_else(|| match or {
            OtherDay::Next => history.rates.get(after),
            // A day that is not over yet, or of which nothing is known yet, has no rate before it that counts.
            OtherDay::Before => history.rates.get(after).and(after.checked_sub(1)).and_then(|n| history.rates.get(n)),
        })?;
        let gap = rate.day.since(wanted).ok()?.get_days();
        (gap.abs() <= LONGEST_GAP_DAYS || or == OtherDay::Before).then_some((rate.rate, rate.day))
    }
}
