//! What the buyer of one of the orders pays with and without a registration.

use super::Sold;
use crate::equal::domestic;
use jiff::civil::Date;
use serde::Serialize;
use tidewaiter::quote::consignment::{GivenRate, Seller};
use tidewaiter::record::expression::Channel;
use tidewaiter::{Consignment, Decimal, Item, Outcome, Ratebook};

/// One order, quoted as if it went by post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Its row or number.
    pub named: String,
    /// Currency of the amounts.
    pub currency: String,
    /// Price of the goods.
    pub goods: Decimal,
    /// Shipping.
    pub shipping: Decimal,
    /// Tax, duty and fees for a seller without a registration.
    pub without: Burden,
    /// The same under each scheme that makes a difference to who collects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub registered: Vec<(String, Burden)>,
}

/// Tax, duty and fees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Burden {
    /// What kind of answer.
    pub outcome: Outcome,
    /// At least.
    pub least: Decimal,
    /// At most; nothing where there is no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<Decimal>,
    /// Of it the buyer pays at the door, at least.
    pub at_the_door: Decimal,
}

/// For which destination and schemes.
pub(super) struct Wanted<'a> {
    pub(super) to: &'a str,
    pub(super) home: &'a str,
    pub(super) today: Date,
    pub(super) schemes: &'a [&'a str],
    /// Without a registration the seller charges the tax of the place it sends from.
    pub(super) own_tax: bool,
}

/// The newest single order with a goods code to a consumer there that crossed a border; nothing where there is none, or where no quote can be made.
pub(super) fn example(wanted: &Wanted<'_>, sold: &[Sold], rates: &[GivenRate], ratebook: &Ratebook) -> Option<Example> {
    let Wanted { to, home, today, schemes, own_tax } = *wanted;
    let fits = |one: &&Sold| {
        one.code.is_some()
            && one.to == to
            && one.orders == 1
            && !one.business
            && !one.platform
            && one.from.as_deref() != Some(to)
    };
    let one = sold.iter().rev().find(fits)?;
    let quote = |registrations: Vec<String>| -> Option<Burden> {
        let asked = Consignment {
            from: Some(one.from.clone().unwrap_or_else(|| home.to_owned())),
            to: to.to_owned(),
            date: Some(today),
            currency: one.currency.clone(),
            items: vec![Item { code: one.code.clone(), quantity: Decimal::ONE, price: one.goods, ..Item::default() }],
            channel: Some(Channel::Post),
            freight: Some(one.shipping),
            seller: Some(Seller { territory: Some(home.to_owned()), registrations }),
            rates: rates.to_vec(),
            ..Consignment::default()
        };
        let quote = ratebook.quote(&asked).ok()?;
        if own_tax && asked.seller.as_ref().is_some_and(|seller| seller.registrations.is_empty()) {
            let economy = ratebook.economy(asked.from.as_deref()?)?;
            let tax = domestic(&economy, &asked, &quote, ratebook).ok()?.tax;
            return Some(Burden { outcome: Outcome::Amount, least: tax, most: Some(tax), at_the_door: Decimal::ZERO });
        }
        let total = &quote.total;
        let at_the_door = quote.terms.on_delivery_dap.least_asked;
        Some(Burden { outcome: quote.outcome, least: total.least_asked, most: total.most_asked, at_the_door })
    };
    let without = quote(Vec::new())?;
    let registered =
        schemes.iter().filter_map(|key| Some(((*key).to_owned(), quote(vec![(*key).to_owned()])?))).collect();
    let (named, currency) = (one.named.clone(), one.currency.clone());
    Some(Example { named, currency, goods: one.goods, shipping: one.shipping, without, registered })
}
