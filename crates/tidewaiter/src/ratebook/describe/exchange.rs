//! Exchange rates as they were published: the series, the rates of a day, the history of a currency.
//!
//! Which of them a law asks for is in [`EconomyView::exchange`]; which one a quote took, in
//! [`crate::quote::document::RateUsed`].

use super::*;
use crate::record::{DateText, iso_date};
use schemars::JsonSchema;
use serde::Serialize;

/// A published series of exchange rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeriesView {
    /// Its key, as economies name it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Who publishes it.
    pub publisher: String,
    /// Its address, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// More for the reader: what is missing, how sure it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// One of this currency is worth so many of the others.
    pub base: String,
    /// The territory whose administration publishes it; of nobody's when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// The currencies that it quotes or quoted, by code, without the base.
    pub currencies: Vec<String>,
    /// The first day with a rate; absent where there is none.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
    /// The last day with a rate.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub last: Option<Date>,
    /// How many rates there are, of all currencies and days.
    pub count: usize,
    /// The edition that it was published in; none for what came with the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<EditionView>,
}

/// The rate of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExchangeRateView {
    /// ISO 4217 letters.
    pub currency: String,
    /// One of the base is worth so many.
    pub rate: Decimal,
    /// The day it was published for: not always the day asked about.
    #[serde(with = "iso_date")]
    #[schemars(with = "DateText")]
    pub day: Date,
}

/// How a currency went over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExchangeHistory {
    /// Key of the series.
    pub series: String,
    /// One of this currency …
    pub base: String,
    /// … is worth so many of this one.
    pub currency: String,
    /// Its rates, the oldest first. Days between have no rate of their own.
    pub rates: Vec<DayRateView>,
}

/// The rate of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DayRateView {
    /// The day.
    #[serde(with = "iso_date")]
    #[schemars(with = "DateText")]
    pub day: Date,
    /// One of the base is worth so many.
    pub rate: Decimal,
}

impl Ratebook {
    /// Every series of exchange rates, in the order in which they were compiled.
    ///
    /// Cost: one pass over all rates.
    pub fn series(&self) -> Vec<SeriesView> {
        let t = self.tables();
        t.series.iter().map(|row| series(&t, row)).collect()
    }

    /// For each currency of a series the newest rate at or before a day, by code. A currency that had none by then is not
    /// there. Nothing for an unknown series.
    ///
    /// Cost: one pass over the series.
    pub fn exchange_rates(&self, series: &str, day: Date) -> Option<Vec<ExchangeRateView>> {
        let t = self.tables();
        let row = series_of(&t, series)?;
        let day = compile::day_number(day);
        // Rates are sorted by currency, then day: the last of each currency by that day counts.
        let newest = rows(t.rates, row.rows).chunk_by(|a, b| a.currency == b.currency).filter_map(|of_one| {
            let upto = of_one.partition_point(|rate| rate.day.get() <= day);
            let rate = of_one.get(upto.checked_sub(1)?)?;
            Some(ExchangeRateView {
                currency: t.currency_code(rate.currency.get()).to_owned(),
                rate: Decimal::from_units(rate.rate.get()),
                day: date_of(rate.day.get())?,
            })
        });
        let mut out: Vec<ExchangeRateView> = newest.collect();
        out.sort_by(|a, b| a.currency.cmp(&b.currency));
        Some(out)
    }

    /// Every rate of a currency in a series. Nothing for an unknown series, or a currency that it never quoted.
    pub fn exchange_history(&self, series: &str, currency: &str) -> Option<ExchangeHistory> {
        let t = self.tables();
        let row = series_of(&t, series)?;
        let id = t.currency(currency)?;
        let of_all = rows(t.rates, row.rows);
        let start = of_all.partition_point(|rate| rate.currency.get() < id);
        let of_one = of_all.iter().skip(start).take_while(|rate| rate.currency.get() == id);
        let day = |rate: &RateRow| {
            Some(DayRateView { day: date_of(rate.day.get())?, rate: Decimal::from_units(rate.rate.get()) })
        };
        let rates: Vec<DayRateView> = of_one.filter_map(day).collect();
        (!rates.is_empty()).then(|| ExchangeHistory {
            series: series.to_owned(),
            base: t.currency_code(row.base.get()).to_owned(),
            currency: currency.to_owned(),
            rates,
        })
    }
}

fn series_of<'a>(t: &Tables<'a>, key: &str) -> Option<&'a SeriesRow> {
    t.series.iter().find(|row| t.text(row.key.get()) == key)
}

fn series(t: &Tables<'_>, row: &SeriesRow) -> SeriesView {
    let rates = rows(t.rates, row.rows);
    let mut currencies: Vec<String> = rates
        .chunk_by(|a, b| a.currency == b.currency)
        .filter_map(|of_one| of_one.first())
        .map(|rate| t.currency_code(rate.currency.get()).to_owned())
        .collect();
    currencies.sort();
    let days = || rates.iter().map(|rate| rate.day.get());
    let text = |id| Some(t.text(id)).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    SeriesView {
        key: t.text(row.key.get()).to_owned(),
        name: t.text(row.name.get()).to_owned(),
        publisher: t.text(row.publisher.get()).to_owned(),
        url: text(row.url.get()),
        note: text(row.note.get()),
        base: t.currency_code(row.base.get()).to_owned(),
        territory: (row.home.get() != NO_ID).then(|| t.territory_code(row.home.get()).to_owned()),
        currencies,
        first: days().min().and_then(date_of),
        last: days().max().and_then(date_of),
        count: rates.len(),
        edition: t.editions.get(row.edition.get() as usize).map(|row| edition(t, row)),
    }
}

#[cfg(test)]
mod tests;
