//! Are sellers abroad taxed as those inside? The same goods, sold inside the destination and sent from abroad in each way, with the rule that makes each
//! difference.
//!
//! A sale inside crosses no border, so no quote answers for it: its tax is the rate that the ratebook holds for such goods, on price and shipping. What
//! is not known (excise, taxes of sales by several tables, thresholds of small sellers inside) is said and not computed.

mod cause;
mod domestic;

pub use cause::{Cause, Difference};
pub use domestic::Domestic;
pub(crate) use domestic::domestic;

use crate::advice::Places;
use crate::definition::{Definition, Side};
use crate::ledger::Definitions;
use serde::Serialize;
use tidewaiter::goods::GoodsCode;
use tidewaiter::quote::consignment::Seller;
use tidewaiter::quote::document::SourceAnswer;
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
    /// Turnover in a year below which the seller may charge the tax of its own place, where this is that way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
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
pub fn compare(ratebook: &Ratebook, definitions: &Definitions, asked: &Consignment) -> Result<Equal, Vec<String>> {
    let from = asked.from.clone().ok_or_else(|| vec!["say where the goods are sent from: from".to_owned()])?;
    let no_code = |code: &&str| code.parse::<GoodsCode>().is_err();
    let wrong: Vec<String> = asked
        .items
        .iter()
        .filter_map(|item| item.code.as_deref())
        .filter(no_code)
        .map(|code| format!("\"{code}\" is no goods code; write 2 to 12 digits, such as 6912.00"))
        .collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
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
    let (inside, not_known) = match domestic(&economy, asked, &border, ratebook) {
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
    match within(definitions, ratebook, &from, &border) {
        // No border is crossed: the seller charges the tax, that of the destination or its own.
        Some((rules, over)) => {
            let (key, name) = (rules.scheme.key.clone(), format!("registered: {}", rules.scheme.name));
            ways.push(way(Some(key), name, &border, inside.as_ref(), &economy, ratebook).map_err(number)?);
            let own = ratebook.economy(&from).map(|economy| domestic(&economy, asked, &border, ratebook));
            if let (Some(Ok(own)), Some(inside)) = (own, &inside) {
                ways.push(own_tax(&own, inside, rules, over).map_err(number)?);
            }
        }
        None => {
            let name = "not registered".to_owned();
            ways.push(way(None, name, &border, inside.as_ref(), &economy, ratebook).map_err(number)?);
        }
    }
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

/// A scheme for sales that cross no border, with the turnover below which sellers may keep to the tax of their own place.
fn within<'a>(
    definitions: &'a Definitions,
    ratebook: &Ratebook,
    from: &str,
    border: &Quote,
) -> Option<(&'a Definition, String)> {
    let places = Places::on(ratebook, border.date);
    definitions.values().find_map(|rules| {
        let threshold = rules.threshold.as_ref()?;
        let over = format!("{} {}", threshold.currency.as_ref()?, threshold.over?);
        let is_for = rules.registration.dispatch == Side::Inside
            && threshold.turnover.home == Side::Inside
            && places.reaches(rules, from)
            && places.reaches(rules, &border.to);
        is_for.then_some((rules, over))
    })
}

/// A seller below the threshold of sales that cross no border: the tax of the place that it sends from.
fn own_tax(
    own: &Domestic,
    inside: &Domestic,
    rules: &Definition,
    over: String,
) -> Result<Way, tidewaiter::decimal::NumberError> {
    let by = own.tax.minus(inside.tax)?;
    let percent = if inside.base.is_zero() {
        None
    } else {
        let percent = by.scaled(Decimal::HUNDRED, inside.base)?;
        Some(percent.rounded(RoundingMode::HalfUp, Decimal::ten_to_minus(2))?)
    };
    let direction = match (by.is_zero(), by.is_negative()) {
        (true, _) => Direction::Same,
        (_, true) => Direction::ForeignLess,
        _ => Direction::ForeignMore,
    };
    Ok(Way {
        scheme: None,
        name: format!("below {over} a year: {} of its own place", own.tax_name),
        outcome: Outcome::Amount,
        least: own.tax,
        most: Some(own.tax),
        direction,
        by: Some(by),
        percent,
        differences: if by.is_zero() { Vec::new() } else { vec![other_rate(own, rules, &over, by)] },
        missing: Vec::new(),
        below: Some(over),
    })
}

fn other_rate(own: &Domestic, rules: &Definition, over: &str, by: Decimal) -> Difference {
    let cited = rules.threshold.iter().flat_map(|rule| &rule.cites).filter_map(|key| rules.fact(key));
    let sources = cited.map(|fact| SourceAnswer {
        key: fact.key.clone(),
        statement: fact.statement.clone(),
        law: fact.law.clone(),
        publisher: fact.source.publisher.clone(),
        title: fact.source.title.clone(),
        url: fact.source.url.clone(),
        date: fact.source.date,
        confidence: fact.confidence,
        note: fact.note.clone(),
    });
    let rates: Vec<String> = own.rates.iter().map(|rate| format!("{rate} %")).collect();
    Difference {
        cause: Cause::Base,
        charge: rules.scheme.key.clone(),
        name: own.tax_name.clone(),
        rule: format!("below {over} a year the tax of the place that the goods are sent from: {}", rates.join(", ")),
        amount: by,
        most: Some(by),
        is_exact: true,
        sources: sources.collect(),
    }
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
        below: None,
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
