//! Exchange rates: one unit of the parent currency is worth so much of the other.

use super::Out;
use super::dates::{before, first};
use crate::{Entry, ImportError};
use tidewaiter::record::edition::ExchangeRate;

impl Out<'_> {
    pub(super) fn exchange_rates(&mut self) -> Result<(), ImportError> {
        let store = self.store;
        for rate in store.records("monetary.exchange.rate") {
            let Some(period) = store.get("monetary.exchange.period", &[rate.get("monetary.exchange.period.sid")])
            else {
                continue;
            };
            let (Some(from), Ok(number)) = (first(&period), rate.get("exchange.rate").parse()) else {
                self.account.left_out("a rate without a first day or a number");
                continue;
            };
            self.give(Entry::ExchangeRate(ExchangeRate {
                series: format!("{}.taric", self.options.prefix),
                base: period.get("parent.monetary.unit.code").to_owned(),
                currency: rate.get("child.monetary.unit.code").to_owned(),
                rate: number,
                from,
                before: before(&period),
            }))?;
        }
        for period in store.records("monetary.exchange.period") {
            let rates = store.under("monetary.exchange.rate", period.get("monetary.exchange.period.sid")).count();
            self.account.left_out(match rates {
                0 => "a period without exchange rates",
                _ => "part of its monetary.exchange.rate: monetary.exchange.period",
            });
        }
        Ok(())
    }
}
