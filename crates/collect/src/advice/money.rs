//! Amounts in the currency of a threshold, and what could not be converted.

use crate::Definition;
use crate::definition::{RateDay, RateRule};
use crate::draft::Rates;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::Decimal;
use tidewaiter::quote::consignment::GivenRate;

/// Converts for one scheme and keeps what it used.
pub(super) struct Exchange<'a> {
    definition: &'a Definition,
    rule: &'a RateRule,
    given: &'a [GivenRate],
    rates: &'a Rates<'a>,
    today: Date,
    found: BTreeMap<(String, String, Date), Option<(Decimal, Decimal)>>,
    pub(super) used: BTreeSet<String>,
    pub(super) missing: BTreeSet<String>,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(definition: &'a Definition, rates: &'a Rates<'a>, given: &'a [GivenRate], today: Date) -> Self {
        let own = definition.threshold.as_ref().and_then(|rule| rule.turnover.rate.as_ref());
        let rule = own.unwrap_or(&definition.currency.rate);
        let (found, used, missing) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Self { definition, rule, given, rates, today, found, used, missing }
    }

    /// An amount in another currency, not rounded. Nothing where no rate is known, or where the amount is out of range.
    pub(super) fn convert(&mut self, amount: Decimal, from: &str, to: &str, day: Date) -> Option<Decimal> {
        if from == to {
            return Some(amount);
        }
        let day = day.min(self.today);
        let wanted = match self.rule.on {
            RateDay::Sale => day,
            RateDay::Month => day.first_of_month(),
            RateDay::PeriodEnd => self.definition.period.of(day, day).map_or(day, |period| period.last()),
        };
        let key = (from.to_owned(), to.to_owned(), wanted);
        let known = match self.found.get(&key) {
            Some(known) => *known,
            None => {
                let known = self.look(from, to, wanted);
                self.found.insert(key, known);
                known
            }
        };
        let (times, over) = known?;
        amount.scaled(times, over).ok()
    }

    fn look(&mut self, from: &str, to: &str, wanted: Date) -> Option<(Decimal, Decimal)> {
        for rate in self.given {
            let pair = if rate.from == from && rate.to == to {
                (rate.rate, Decimal::ONE)
            } else if rate.from == to && rate.to == from {
                (Decimal::ONE, rate.rate)
            } else {
                continue;
            };
            self.used.insert(format!("1 {} = {} {} (given by you)", rate.from, rate.rate, rate.to));
            return Some(pair);
        }
        match self.rates.find(&self.definition.scheme.key, self.rule, from, to, wanted) {
            Ok(taken) => {
                self.used.insert(format!("{} to {}: {}", taken.from, taken.to, taken.publisher));
                Some((taken.times, taken.over))
            }
            Err(_) => {
                self.missing.insert(format!(
                    "the exchange rate of {from} and {to} is not known ({}); give it: --rate {to}/{from}=NUMBER",
                    self.rule.published_by
                ));
                None
            }
        }
    }
}
