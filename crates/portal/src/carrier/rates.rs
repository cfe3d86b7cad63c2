//! What a checkout is told: each way of delivery duty paid, with what is due in its price, and duty unpaid, with a sentence about it.

use super::Delivery;
use crate::locale::{Lang, Money};
use crate::say;
use schemars::JsonSchema;
use serde::Serialize;
use tidewaiter::quote::document::Sum;
use tidewaiter::{Decimal, Outcome, Quote, Ratebook};

/// The ways of delivery.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct CarrierRates {
    /// Each; none where nothing can be delivered.
    pub(crate) rates: Vec<Rate>,
}

/// A way of delivery.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Rate {
    /// What the buyer reads.
    service_name: String,
    /// Names it: the number of the delivery among those of the shop, and `ddp` or `dap` where something is due at the border.
    service_code: String,
    /// Its price in hundredths, also of currencies without a smaller unit.
    total_price: String,
    /// ISO 4217 letters.
    currency: String,
    /// What is in the price and what is not.
    description: String,
}

/// A way of delivery, with what is due when it is taken.
pub(crate) struct Offer<'a> {
    /// Its number among those of the shop, from 1.
    pub(crate) number: usize,
    /// The way.
    pub(crate) delivery: &'a Delivery,
    /// The answer, with its price as freight.
    pub(crate) quote: &'a Quote,
}

/// The one amount of a sum, in the currency of the question.
fn exact(sum: &Sum) -> Option<Decimal> {
    sum.most_asked.filter(|most| *most == sum.least_asked)
}

/// As a whole number of hundredths; none where it is no such number.
fn hundredths(amount: Decimal) -> Option<String> {
    let text = amount.times(Decimal::from_int(100)).ok()?.to_string();
    (!amount.is_negative() && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// The rate of a way on which no border is crossed: its price alone.
pub(crate) fn at_home(number: usize, delivery: &Delivery, lang: Lang) -> Option<Rate> {
    Some(Rate {
        service_name: delivery.name.clone(),
        service_code: number.to_string(),
        total_price: hundredths(delivery.price)?,
        currency: delivery.currency.clone(),
        description: say!(lang, CARRIER_AT_HOME),
    })
}

impl Offer<'_> {
    /// The one or two rates of a way: none where the goods may not come in, duty unpaid alone where the sum is not one amount, and one where
    /// nothing is due at the door.
    pub(crate) fn rates(&self, ratebook: &Ratebook, lang: Lang) -> Vec<Rate> {
        let quote = self.quote;
        if matches!(quote.outcome, Outcome::Prohibited | Outcome::NotAllowed) {
            return Vec::new();
        }
        let money = Money::of(ratebook, lang, &quote.asked_currency);
        let exactly = quote.outcome == Outcome::Amount;
        let paid = exact(&quote.terms.checkout_ddp).filter(|_| exactly);
        let paid = paid.and_then(|sum| {
            let said = say!(lang, CARRIER_IN_PRICE, sum = money.text(sum));
            self.rate("ddp", sum, said, lang)
        });
        // What the seller itself must collect is charged whatever the terms; where it cannot be said, nothing is sold.
        let figures = matches!(quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown);
        let seller = exact(&quote.terms.checkout_dap).filter(|_| figures);
        let nothing_at_door = exact(&quote.terms.on_delivery_dap).is_some_and(Decimal::is_zero);
        // Where nothing is due at the door there is nothing to choose.
        let same = exactly && nothing_at_door && exact(&quote.terms.checkout_ddp) == seller;
        if let Some(sum) = seller.filter(|_| same) {
            let said = if sum.is_zero() { say!(lang, CARRIER_NOTHING_DUE) } else { self.unpaid(&money, lang, sum) };
            return self.rate("", sum, said, lang).into_iter().collect();
        }
        let unpaid = seller.and_then(|sum| self.rate("dap", sum, self.unpaid(&money, lang, sum), lang));
        paid.into_iter().chain(unpaid).collect()
    }

    fn rate(&self, terms: &str, due: Decimal, description: String, lang: Lang) -> Option<Rate> {
        let name = self.delivery.name.as_str();
        let service_name = match terms {
            "" => name.to_owned(),
            "ddp" => say!(lang, CARRIER_PAID, name = name),
            _ => say!(lang, CARRIER_UNPAID, name = name),
        };
        Some(Rate {
            service_name,
            service_code: if terms.is_empty() { self.number.to_string() } else { format!("{}-{terms}", self.number) },
            total_price: hundredths(self.delivery.price.plus(due).ok()?)?,
            currency: self.delivery.currency.clone(),
            description,
        })
    }

    fn unpaid(&self, money: &Money, lang: Lang, seller: Decimal) -> String {
        let door = &self.quote.terms.on_delivery_dap;
        let mut said = Vec::new();
        if !seller.is_zero() {
            said.push(say!(lang, CARRIER_TAX_IN_PRICE, sum = money.text(seller)));
        }
        said.push(match (exact(door), door.most_asked) {
            (Some(sum), _) if sum.is_zero() => say!(lang, CARRIER_NOTHING_AT_DOOR),
            (Some(sum), _) => say!(lang, CARRIER_AT_DOOR, sum = money.text(sum)),
            (None, Some(most)) => {
                say!(lang, CARRIER_AT_DOOR_BETWEEN, least = money.text(door.least_asked), most = money.text(most))
            }
            (None, None) if door.least_asked.is_zero() => say!(lang, CARRIER_AT_DOOR_UNKNOWN),
            (None, None) => say!(lang, CARRIER_AT_DOOR_AT_LEAST, sum = money.text(door.least_asked)),
        });
        said.join(" ")
    }
}
