//! Are sellers abroad taxed as those inside? The same goods, sold inside the destination and sent from abroad in each way, with the rule that makes each
//! difference.
//!
//! A sale inside crosses no border, so no quote answers for it: its tax is the rate that the ratebook holds for such goods, on price and shipping. What
//! is not known (excise, taxes of sales by several tables, thresholds of small sellers inside) is said and not computed.

mod cause;
mod domestic;

pub use cause::{Cause, Difference};
pub use domestic::Domestic;

use serde::Serialize;
use tidewaiter::quote::consignment::Seller;
use tidewaiter::{Consignment, Decimal, Outcome, Quote, Ratebook, RoundingMode};

/// The comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Equal {
    /// Where goods are sent from.
    pub from: String,
    /// Where to.
    pub to: String,
    /// Its name.
    pub to_name: String,
    /// Currency of all amounts: that of the question.
    pub currency: String,
    /// Price of the goods without tax.
    pub goods: Decimal,
    /// Shipping.
    pub shipping: Decimal,
    /// What a shop inside charges; nothing where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domestic: Option<Domestic>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_known: Option<String>,
    /// Each way from abroad.
    pub ways: Vec<Way>,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
    /// Fingerprint of the ratebook.
    pub ratebook: String,
}

/// A way from abroad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Scheme under which the seller is registered; nothing for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// What it is, for people.
    pub name: String,
    /// What kind of answer there is.
    pub outcome: Outcome,
    /// Tax, duty and fees on the goods, at least.
    pub least: Decimal,
    /// At most; nothing where there is no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<Decimal>,
    /// Whether it bears more or less than the same goods sold inside.
    pub direction: Direction,
    /// By how much, where it is exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Decimal>,
    /// In per cent of price and shipping, to two places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// Each difference with its rule.
    pub differences: Vec<Difference>,
    /// Facts that would narrow it.
    pub missing: Vec<String>,
}

/// Who bears more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Goods from abroad.
    ForeignMore,
    /// Goods sold inside.
    ForeignLess,
    /// Neither.
    Same,
    /// It is not known.
    Unknown,
}

impl Direction {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::ForeignMore => "taxed more",
            Self::ForeignLess => "taxed less",
            Self::Same => "taxed the same",
            Self::Unknown => "not known",
        }
    }
}

/// Compares. The seller's registrations in the question are not read: each of the destination's schemes is tried, and none.
///
/// # Errors
/// What is wrong with the question, a sentence each.
pub fn compare(ratebook: &Ratebook, asked: &Consignment) -> Result<Equal, Vec<String>> {
    let from = asked.from.clone().ok_or_else(|| vec!["say where the goods are sent from: from".to_owned()])?;
    let ask = |registrations: Vec<String>| -> Result<Quote, Vec<String>> {
        let mut question = asked.clone();
        let territory = asked.seller.as_ref().and_then(|seller| seller.territory.clone());
        question.seller = Some(Seller { territory, registrations });
        ratebook.quote(&question).map_err(|error| {
            error.problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect()
        })
    };
    let border = ask(Vec::new())?;
    let economy = ratebook
        .economy(&border.to)
        .ok_or_else(|| vec![format!("the rules of {} are not loaded here", border.to_name)])?;
    let (inside, not_known) = match domestic::domestic(&economy, asked, &border, ratebook) {
        Ok(inside) => (Some(inside), None),
        Err(why) => (None, Some(why)),
    };
    let number = |error: tidewaiter::decimal::NumberError| vec![error.to_string()];
    let mut ways = Vec::new();
    for scheme in &economy.schemes {
        let holds = scheme.from.is_none_or(|from| from <= border.date)
            && scheme.before.is_none_or(|before| border.date < before);
        let quote = if holds { ask(vec![scheme.key.clone()])? } else { continue };
        let used = quote
            .charges
            .iter()
            .flat_map(|charge| &charge.treatments)
            .any(|rule| rule.scheme.as_ref() == Some(&scheme.key));
        if used {
            let name = format!("registered: {}", scheme.name);
            ways.push(
                way(Some(scheme.key.clone()), name, &quote, inside.as_ref(), &economy, ratebook).map_err(number)?,
            );
        }
    }
    let name = "not registered".to_owned();
    ways.push(way(None, name, &border, inside.as_ref(), &economy, ratebook).map_err(number)?);
    let mut assumptions = vec![
        "Both sellers ask the same price without tax, and the same for shipping.".to_owned(),
        "The shop inside is registered for the tax. Below a threshold many countries free small shops inside; these thresholds are not recorded here, and no relief of that kind is in the comparison.".to_owned(),
    ];
    if inside.is_some() {
        assumptions
            .push("The shop inside taxes shipping as the goods, and rounds half up to the smallest coin.".to_owned());
    }
    Ok(Equal {
        from,
        to: border.to.clone(),
        to_name: border.to_name.clone(),
        currency: border.asked_currency.clone(),
        goods: border.goods,
        shipping: border.shipping,
        domestic: inside,
        not_known,
        ways,
        assumptions,
        ratebook: border.ratebook,
    })
}

fn way(
    scheme: Option<String>,
    name: String,
    quote: &Quote,
    inside: Option<&Domestic>,
    economy: &tidewaiter::ratebook::EconomyView,
    ratebook: &Ratebook,
) -> Result<Way, tidewaiter::decimal::NumberError> {
    let (least, most) = (quote.total.least_asked, quote.total.most_asked);
    let has_sum = matches!(quote.outcome, Outcome::Amount | Outcome::Range);
    let mut way = Way {
        scheme,
        name,
        outcome: quote.outcome,
        least,
        most,
        direction: Direction::Unknown,
        by: None,
        percent: None,
        differences: Vec::new(),
        missing: quote.missing.iter().map(|one| one.question.to_string()).collect(),
    };
    let Some(inside) = inside.filter(|_| has_sum) else { return Ok(way) };
    way.direction = match most {
        Some(most) if least == most && least == inside.tax => Direction::Same,
        _ if least > inside.tax => Direction::ForeignMore,
        Some(most) if most < inside.tax => Direction::ForeignLess,
        _ => Direction::Unknown,
    };
    if most == Some(least) {
        let by = least.minus(inside.tax)?;
        way.by = Some(by);
        if !inside.base.is_zero() {
            let percent = by.scaled(Decimal::HUNDRED, inside.base)?;
            way.percent = Some(percent.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(2))?);
        }
    }
    way.differences = cause::differences(quote, inside, economy, ratebook)?;
    Ok(way)
}
