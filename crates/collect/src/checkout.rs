//! From a quote to a sale: what a buyer paid at the checkout, row by row, ready for the ledger.

use crate::definition::Percent;
use crate::event::{QuoteNamed, RateType, Row, Sale};
use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::BTreeMap;
use tidewaiter::decimal::NumberError;
use tidewaiter::quote::document::{ChargeAnswer, Treatment};
use tidewaiter::record::Collector;
use tidewaiter::{Decimal, Outcome, Quote, Ratebook, RoundingMode};

/// What the buyer pays at the checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// Everything: duty and tax of the border too.
    Ddp,
    /// What the seller must collect; the rest is paid on delivery.
    Dap,
}

/// Makes sales of quotes. Keeps what many have in common.
#[derive(Debug)]
pub struct Checkout<'a> {
    ratebook: &'a Ratebook,
    /// Standard rates of all territories, by day.
    standard: RefCell<BTreeMap<Date, BTreeMap<String, Decimal>>>,
}

/// Why no sale was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotASale {
    /// There is no exact amount to charge.
    #[error("the quote has no exact amount ({0:?}); nothing can be charged by it")]
    NotExact(Outcome),
    /// Amounts out of range.
    #[error(transparent)]
    Number(#[from] NumberError),
}

impl<'a> Checkout<'a> {
    /// For quotes of a ratebook.
    pub fn new(ratebook: &'a Ratebook) -> Self {
        Self { ratebook, standard: RefCell::default() }
    }

    /// The sale that a quote stands for. Amounts are in the currency of the question, which is that of the sale; rows of one charge add up to what
    /// the quote says of it.
    ///
    /// # Errors
    /// [`NotASale`] where the quote is no exact amount.
    pub fn sale(&self, document: &str, date: Date, terms: Terms, quote: &Quote) -> Result<Sale, NotASale> {
        let mut rows = Vec::new();
        for charge in &quote.charges {
            rows.extend(self.rows(quote, charge, terms)?);
        }
        Ok(Sale {
            document: document.to_owned(),
            date,
            to: quote.to.clone(),
            from: quote.from.clone(),
            currency: quote.asked_currency.clone(),
            goods: quote.goods,
            shipping: quote.shipping,
            rows,
            quote: Some(QuoteNamed {
                sha256: None,
                ratebook: Some(quote.ratebook.clone()),
                editions: quote.editions.iter().map(|edition| edition.sha256.clone()).collect(),
                date: Some(quote.date),
            }),
        })
    }

    fn rows(&self, quote: &Quote, charge: &ChargeAnswer, terms: Terms) -> Result<Vec<Row>, NotASale> {
        let exact = charge.sum.most_asked == Some(charge.sum.least_asked) && charge.sum.most == Some(charge.sum.least);
        if !exact {
            return Err(NotASale::NotExact(quote.outcome));
        }
        // What the charge is in the currency of the sale is shared among its treatments in whole coins; the last takes what is left.
        let coin = self.coin(&quote.asked_currency);
        let (mut left_own, mut left_asked) = (charge.sum.least, charge.sum.least_asked);
        let mut rows = Vec::new();
        for (n, treatment) in charge.treatments.iter().enumerate() {
            let amount = if left_own.is_zero() || n + 1 == charge.treatments.len() {
                left_asked
            } else {
                left_asked.scaled(treatment.amount, left_own)?.rounded(RoundingMode::HalfUp, coin)?
            };
            left_own = left_own.minus(treatment.amount)?;
            left_asked = left_asked.minus(amount)?;
            let paid = terms == Terms::Ddp || treatment.collect == Collector::Seller;
            let is_something = !amount.is_zero() || treatment.scheme.is_some();
            if paid && is_something {
                rows.push(self.row(quote, charge, treatment, amount, coin)?);
            }
        }
        Ok(rows)
    }

    fn row(
        &self,
        quote: &Quote,
        charge: &ChargeAnswer,
        treatment: &Treatment,
        amount: Decimal,
        coin: Decimal,
    ) -> Result<Row, NotASale> {
        let percent = treatment.rule.as_ref().and_then(|rule| rule.split_once(" %"));
        let rate: Option<Decimal> = percent.and_then(|(number, _)| number.parse().ok());
        let own = treatment.base.unwrap_or_default();
        let rate_used = quote.rates.iter().find(|used| used.from == quote.asked_currency && used.to == quote.currency);
        let net = match rate_used {
            Some(used) if quote.asked_currency != quote.currency => {
                own.divided_by(used.rate)?.rounded(RoundingMode::HalfUp, coin)?
            }
            _ => own.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(4))?,
        };
        Ok(Row {
            charge: charge.key.clone(),
            scheme: treatment.scheme.clone().filter(|_| treatment.collect == Collector::Seller),
            rate: rate.map(Percent),
            rate_type: rate.map(|rate| self.rate_type(quote, rate)),
            net,
            amount,
        })
    }

    fn coin(&self, currency: &str) -> Decimal {
        Decimal::ten_to_minus(self.ratebook.currency_minor(currency).unwrap_or(2))
    }

    fn rate_type(&self, quote: &Quote, rate: Decimal) -> RateType {
        if rate.is_zero() {
            return RateType::Zero;
        }
        let mut days = self.standard.borrow_mut();
        let of_day = days.entry(quote.date).or_insert_with(|| {
            let all = self.ratebook.economies(quote.date);
            all.iter().filter_map(|one| Some((one.code.clone(), one.standard_rate()?))).collect()
        });
        if of_day.get(&quote.to) == Some(&rate) { RateType::Standard } else { RateType::Reduced }
    }
}
