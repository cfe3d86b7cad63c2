//! From a quote to a sale: what a buyer paid at the checkout, row by row, ready for the ledger. From an [`Order`] of a shop likewise: its
//! parcels are quoted again, by the law of its day.

use crate::definition::Percent;
use crate::event::{QuoteNamed, RateType, Row, Sale};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeMap;
use tidewaiter::decimal::NumberError;
use tidewaiter::quote::document::{ChargeAnswer, Treatment};
use tidewaiter::record::Collector;
use tidewaiter::{Ask, Consignment, Decimal, Outcome, Quote, Ratebook, RoundingMode};

/// What the buyer pays at the checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Terms {
    /// Everything: duty and tax of the border too.
    Ddp,
    /// What the seller must collect; the rest is paid on delivery.
    Dap,
}

/// An order as a shop remembers it: what it asked at the checkout, and what it charged.
///
/// ```
/// use tidewaiter_collect::checkout::{Checkout, Order};
/// let order: Order = serde_json::from_str(r#"{
///   "document": "R-1001", "date": "2026-10-05", "terms": "dap", "charged": "5.00",
///   "parcels": [{ "from": "CN", "to": "FR", "currency": "EUR", "channel": "post", "seller": { "registrations": ["eu.ioss"] },
///                 "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }] }]
/// }"#)?;
/// let sale = Checkout::new(tidewaiter_data::ratebook()).order(&order, order.date)?;
/// assert_eq!(sale.rows[0].amount.to_string(), "5");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Number of the order.
    pub document: String,
    /// The day of the sale: its law applies where a parcel names no other day.
    #[schemars(with = "String")]
    pub date: Date,
    /// What the buyer paid at the checkout.
    pub terms: Terms,
    /// The question of each parcel, as it was asked; 20 at most.
    #[schemars(length(min = 1, max = 20))]
    pub parcels: Vec<Consignment>,
    /// Duties, taxes and fees that the buyer was charged, in the currency of the order. Where it is given it must be what the quotes say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged: Option<Decimal>,
}

/// Most parcels of one order.
const MOST_PARCELS: usize = 20;

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
    /// A parcel cannot be asked about.
    #[error("parcel {0}: {1}")]
    Parcel(usize, String),
    /// Parcels that are no one order.
    #[error("the parcels have not the same {0}; make an order of each")]
    Unlike(&'static str),
    /// There is none, or there are too many.
    #[error("an order has 1 to {MOST_PARCELS} parcels, not {0}")]
    Parcels(usize),
    /// The buyer was charged something else.
    #[error(
        "the buyer was charged {currency} {charged}, and the quote says {said}; leave `charged` out only if you know why"
    )]
    Charged {
        /// Letters of the currency.
        currency: String,
        /// What the shop says.
        charged: Decimal,
        /// What the quotes say.
        said: Decimal,
    },
}

impl<'a> Checkout<'a> {
    /// For quotes of a ratebook.
    pub fn new(ratebook: &'a Ratebook) -> Self {
        Self { ratebook, standard: RefCell::default() }
    }

    /// The sale that an order stands for: its parcels are quoted by the law of its day, and rows of the same charge and rate are added up.
    /// `today` is for warnings of quotes alone.
    ///
    /// # Errors
    /// [`NotASale`] where a parcel has no exact amount, the parcels are not of one order, or the buyer was charged something else.
    pub fn order(&self, order: &Order, today: Date) -> Result<Sale, NotASale> {
        if !(1..=MOST_PARCELS).contains(&order.parcels.len()) {
            return Err(NotASale::Parcels(order.parcels.len()));
        }
        let mut whole: Option<Sale> = None;
        for (n, parcel) in order.parcels.iter().enumerate() {
            let mut asked = parcel.clone();
            asked.date = asked.date.or(Some(order.date));
            let ask = Ask { today: Some(today), ..Ask::default() };
            let quote = self.ratebook.answer(&asked, &ask).map_err(|why| NotASale::Parcel(n + 1, why.to_string()))?;
            let sale = self.sale(&order.document, order.date, order.terms, &quote)?;
            whole = Some(match whole {
                None => sale,
                Some(before) => together(before, sale)?,
            });
        }
        let sale = whole.ok_or(NotASale::Parcels(0))?;
        let said = sale.rows.iter().try_fold(Decimal::ZERO, |sum, row| sum.plus(row.amount))?;
        match order.charged {
            Some(charged) if charged != said => Err(NotASale::Charged { currency: sale.currency, charged, said }),
            _ => Ok(sale),
        }
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

/// Two parcels of one order.
fn together(mut sale: Sale, other: Sale) -> Result<Sale, NotASale> {
    for (what, is_alike) in [
        ("destination", sale.to == other.to),
        ("currency", sale.currency == other.currency),
        ("place they are sent from", sale.from == other.from),
    ] {
        if !is_alike {
            return Err(NotASale::Unlike(what));
        }
    }
    sale.goods = sale.goods.plus(other.goods)?;
    sale.shipping = sale.shipping.plus(other.shipping)?;
    for row in other.rows {
        let key = |one: &Row| (one.charge.clone(), one.scheme.clone(), one.rate, one.rate_type);
        match sale.rows.iter_mut().find(|one| key(one) == key(&row)) {
            Some(one) => (one.net, one.amount) = (one.net.plus(row.net)?, one.amount.plus(row.amount)?),
            None => sale.rows.push(row),
        }
    }
    if let (Some(named), Some(more)) = (&mut sale.quote, other.quote) {
        named.editions.extend(more.editions);
        named.editions.sort();
        named.editions.dedup();
    }
    Ok(sale)
}
