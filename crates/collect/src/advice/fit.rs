//! Whether a scheme is for a sale.

use super::money::Exchange;
use super::place::Places;
use super::{Asked, Sold};
use crate::Definition;
use crate::definition::{LimitRule, PerWhat, Side};
use tidewaiter::Decimal;

/// What a sale is to a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It is for this sale.
    Yes,
    /// It depends on what is not known: the worth of single parcels or things, or an exchange rate.
    Unsure,
    /// The goods are worth too much.
    Dear,
    /// The scheme is not for such goods, whatever they are worth.
    LeftOut,
    /// The seller is registered under another scheme that takes the place of this one.
    Instead,
    /// The buyer is a business.
    Business,
    /// A marketplace owes the tax.
    Platform,
    /// The goods did not cross a border.
    SameCountry,
    /// They are sent from the wrong side of the border.
    Dispatch,
    /// They are sent between places of which the file says that the scheme is not for them.
    NotBetween,
    /// The seller is on the wrong side of it.
    Home,
}

impl Fit {
    /// Whether the sale counts among all sales there, whatever the goods are worth.
    pub(super) fn is_there(self) -> bool {
        matches!(self, Self::Yes | Self::Unsure | Self::Dear | Self::LeftOut)
    }

    /// Why the scheme is not for some orders.
    pub(super) fn reason(self, orders: u64, definition: &Definition, asked: &Asked<'_>) -> Option<String> {
        let territory = &definition.scheme.territory;
        let of = if orders == 1 { "1 order".to_owned() } else { format!("{orders} orders") };
        Some(match self {
            Self::Yes => return None,
            Self::Unsure => {
                let per = definition.registration.limit.as_ref().map_or("consignment", |limit| limit.per.word());
                format!("{of}: whether the scheme is for them depends on what each {per} is worth")
            }
            Self::Dear => {
                let limit = definition.registration.limit.as_ref().map(limit_in_words).unwrap_or_default();
                format!("{of} with goods above the limit ({limit}): tax is charged at the border")
            }
            Self::LeftOut => {
                let without = definition.registration.limit.as_ref().and_then(|limit| limit.without.as_deref());
                format!(
                    "{of} of goods that the scheme is not for ({}): tax is charged at the border",
                    without.unwrap_or("by their code")
                )
            }
            Self::Instead => format!("{of}: another scheme under which you are registered takes its place there"),
            Self::Business => format!("{of} of businesses left out"),
            Self::Platform => format!("{of} sold through a marketplace that collects the tax itself"),
            Self::SameCountry => format!(
                "{of} sent from the buyer's own country: the ordinary VAT or sales tax there, which is not described here"
            ),
            Self::Dispatch if definition.registration.dispatch == Side::Inside => {
                format!("{of} sent from outside {territory}: the scheme is for goods that are there already")
            }
            Self::Dispatch => format!("{of} sent from inside {territory}: the scheme is for goods from outside"),
            Self::NotBetween => format!("{of}: the scheme is not for goods sent from there"),
            Self::Home => format!("{of}: your business is in {}, and the scheme is for sellers elsewhere", asked.home),
        })
    }
}

/// "up to EUR 150 a consignment"
pub(super) fn limit_in_words(limit: &LimitRule) -> String {
    let up_to = if limit.or_equal { "up to" } else { "below" };
    let per = limit.per.word();
    match (limit.up_to, limit.tax_up_to) {
        (Some(amount), _) => format!("{up_to} {} {amount} for each {per}", limit.currency),
        (_, Some(tax)) => format!("tax of {up_to} {} {tax} for each {per}", limit.currency),
        _ => String::new(),
    }
}

pub(super) fn fit(
    definition: &Definition,
    sold: &Sold,
    asked: &Asked<'_>,
    places: &Places,
    exchange: &mut Exchange<'_>,
    standard: Option<Decimal>,
) -> Fit {
    let rule = &definition.registration;
    let from = sold.from.as_deref().unwrap_or(&asked.home);
    let inside = |code: &str| places.reaches(definition, code);
    if sold.platform {
        Fit::Platform
    } else if sold.business {
        Fit::Business
    } else if from == sold.to {
        Fit::SameCountry
    } else if !rule.home.takes(inside(&asked.home)) {
        Fit::Home
    } else if !rule.dispatch.takes(inside(from)) {
        Fit::Dispatch
    } else if rule.not_between.iter().any(|[one, other]| places.is_in(from, one) && *other == sold.to) {
        Fit::NotBetween
    } else if is_left_out(definition, sold) {
        Fit::LeftOut
    } else if rule.instead.iter().any(|one| one.to.contains(&sold.to) && asked.registered.contains(&one.scheme)) {
        Fit::Instead
    } else {
        rule.limit.as_ref().map_or(Fit::Yes, |limit| within(limit, sold, exchange, standard))
    }
}

fn is_left_out(definition: &Definition, sold: &Sold) -> bool {
    let limit = definition.registration.limit.as_ref();
    sold.code.as_deref().zip(limit).is_some_and(|(code, limit)| limit.leaves_out(code))
}

fn within(limit: &LimitRule, sold: &Sold, exchange: &mut Exchange<'_>, standard: Option<Decimal>) -> Fit {
    let told = match limit.per {
        PerWhat::Item => sold.item,
        PerWhat::Consignment => sold.consignment,
    };
    // What all is worth together is at least what each is worth.
    let goods = told.or(sold.consignment).unwrap_or(sold.goods);
    let is_exact = told.is_some() || (sold.orders == 1 && limit.per == PerWhat::Consignment);
    let (worth, most) = match (limit.up_to, limit.tax_up_to) {
        (Some(up_to), _) => (Some(goods), up_to),
        (_, Some(tax)) => {
            let rate = sold.rate.map(|rate| rate.0).or(standard);
            let taxed = goods.plus(sold.shipping).ok();
            (rate.zip(taxed).and_then(|(rate, taxed)| rate.percent_of(taxed).ok()), tax)
        }
        _ => (None, Decimal::ZERO),
    };
    let worth = worth.and_then(|worth| exchange.convert(worth, &sold.currency, &limit.currency, sold.day));
    match worth {
        None => Fit::Unsure,
        Some(worth) if worth < most || (limit.or_equal && worth == most) => Fit::Yes,
        Some(_) if is_exact => Fit::Dear,
        Some(_) => Fit::Unsure,
    }
}
