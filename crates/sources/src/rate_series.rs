//! Imported exchange rates as the CSV files of `data/exchange/`: one row a day, one column a currency.

use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tidewaiter::Decimal;
use tidewaiter::record::edition::ExchangeRate;

/// Why rates are not one series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// No rate at all.
    #[error("no rate of the series \"{0}\"")]
    Empty(String),
    /// Rates of two bases.
    #[error("the series \"{series}\" counts from {first} and from {other}; a file has one base")]
    TwoBases {
        /// The series.
        series: String,
        /// Base of its first rate.
        first: String,
        /// The other.
        other: String,
    },
    /// One currency, one day, two rates.
    #[error("{currency} has two rates on {day}: {first} and {other}")]
    TwoRates {
        /// The currency.
        currency: String,
        /// The day.
        day: Date,
        /// The first.
        first: Decimal,
        /// The other.
        other: Decimal,
    },
}

/// Writes one series as CSV: days rising, currencies by their code, an empty cell where nothing was published.
///
/// A rate of a period stands on its first day. The file says nothing of when a period ends: the engine takes the newest
/// rate on or before the day wanted, and warns where that is more than ten days older.
///
/// `keep` chooses the currencies, for a ratebook that does not list all of them.
///
/// ```
/// use tidewaiter::record::edition::ExchangeRate;
/// use tidewaiter_sources::rate_series::to_csv;
/// let rate = |currency: &str, rate: &str, from: &str| -> Result<_, Box<dyn std::error::Error>> {
///     let (series, base, currency) = ("ecb".into(), "EUR".into(), currency.into());
///     Ok(ExchangeRate { series, base, currency, rate: rate.parse()?, from: from.parse()?, before: None })
/// };
/// let rates = [rate("USD", "1.1172", "2026-10-30")?, rate("JPY", "175.92", "2026-10-29")?];
/// assert_eq!(to_csv(&rates, "ecb", |_| true)?, "date,JPY,USD\n2026-10-29,175.92,\n2026-10-30,,1.1172\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SeriesError`] where there is no rate, two bases, or two rates of a currency for a day.
pub fn to_csv<'a>(
    rates: impl IntoIterator<Item = &'a ExchangeRate>,
    series: &str,
    keep: impl Fn(&str) -> bool,
) -> Result<String, SeriesError> {
    let mut base: Option<&str> = None;
    let mut days: BTreeMap<Date, BTreeMap<&str, Decimal>> = BTreeMap::new();
    let mut currencies: BTreeSet<&str> = BTreeSet::new();
    for rate in rates.into_iter().filter(|r| r.series == series && keep(&r.currency)) {
        match base {
            Some(first) if first != rate.base => {
                let (first, other) = (first.to_owned(), rate.base.clone());
                return Err(SeriesError::TwoBases { series: series.to_owned(), first, other });
            }
            _ => base = Some(&rate.base),
        }
        currencies.insert(&rate.currency);
        if let Some(first) = days.entry(rate.from).or_default().insert(&rate.currency, rate.rate) {
            let currency = rate.currency.clone();
            return Err(SeriesError::TwoRates { currency, day: rate.from, first, other: rate.rate });
        }
    }
    if base.is_none() {
        return Err(SeriesError::Empty(series.to_owned()));
    }
    let mut out = String::from("date");
    for currency in &currencies {
        let _ = write!(out, ",{currency}");
    }
    out.push('\n');
    for (day, rates) in &days {
        let _ = write!(out, "{day}");
        for currency in &currencies {
            out.push(',');
            if let Some(rate) = rates.get(currency) {
                let _ = write!(out, "{rate}");
            }
        }
        out.push('\n');
    }
    Ok(out)
}
