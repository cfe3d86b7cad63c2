//! Which rule makes a parcel from abroad cost more or less than the same goods sold inside.

use super::domestic::{Domestic, is_tax_of_sales};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeSet;
use tidewaiter::decimal::NumberError;
use tidewaiter::quote::document::{ChargeAnswer, SourceAnswer};
use tidewaiter::ratebook::EconomyView;
use tidewaiter::record::Kind;
use tidewaiter::{Decimal, Quote, Ratebook};

/// Why there is a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Customs duty, which goods sold inside do not bear.
    Duty,
    /// A fee for what happens at the border.
    Fee,
    /// A levy on imports.
    Levy,
    /// Tax that is reckoned on duty, fees or levies too.
    TaxOnCharges,
    /// Small parcels are relieved, or little tax is not collected: goods sold inside are taxed from the first coin.
    Relief,
    /// The tax is reckoned on another sum, or at another rate.
    Base,
    /// Amounts are rounded in another way.
    Rounding,
}

impl Cause {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Duty => "customs duty",
            Self::Fee => "fee",
            Self::Levy => "levy",
            Self::TaxOnCharges => "tax on duty and fees",
            Self::Relief => "relief for imports",
            Self::Base => "tax on another sum",
            Self::Rounding => "rounding",
        }
    }
}

/// One difference with its rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Why.
    pub cause: Cause,
    /// Key of the charge in the record.
    pub charge: String,
    /// Its name.
    pub name: String,
    /// The rule, in words.
    pub rule: String,
    /// How much more the parcel from abroad bears; below zero where it bears less.
    pub amount: Decimal,
    /// The most, where facts are missing; nothing where there is no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<Decimal>,
    /// Whether the amount is exact.
    pub is_exact: bool,
    /// What the rule rests on.
    pub sources: Vec<SourceAnswer>,
}

/// Everything by which a parcel differs. The exact amounts and the tax inside add up to what it bears.
pub(super) fn differences(
    quote: &Quote,
    domestic: &Domestic,
    economy: &EconomyView,
    ratebook: &Ratebook,
) -> Result<Vec<Difference>, NumberError> {
    let mut found = Vec::new();
    let mut taxes = Vec::new();
    for charge in &quote.charges {
        let cause = match charge.kind {
            kind if is_tax_of_sales(kind) => {
                taxes.push(charge);
                continue;
            }
            kind if kind.is_duty() => Cause::Duty,
            Kind::Fee => Cause::Fee,
            _ => Cause::Levy,
        };
        if !charge.sum.is_nothing() {
            found.push(difference(quote, economy, charge, cause, charge.sum.least_asked, charge.sum.most_asked));
        }
    }
    tax(quote, domestic, economy, ratebook, &taxes, &mut found)?;
    Ok(found)
}

fn tax(
    quote: &Quote,
    domestic: &Domestic,
    economy: &EconomyView,
    ratebook: &Ratebook,
    taxes: &[&ChargeAnswer],
    found: &mut Vec<Difference>,
) -> Result<(), NumberError> {
    // Where the law charges it under two names (on the sale, or on the import) the one that is charged tells the rule.
    let Some(main) = taxes.iter().max_by_key(|charge| charge.sum.least_asked) else { return Ok(()) };
    let least = taxes.iter().try_fold(Decimal::ZERO, |sum, charge| sum.plus(charge.sum.least_asked))?;
    let most = taxes.iter().try_fold(Some(Decimal::ZERO), |sum, charge| match (sum, charge.sum.most_asked) {
        (Some(sum), Some(most)) => sum.plus(most).map(Some),
        _ => Ok(None),
    })?;
    let mut left = least.minus(domestic.tax)?;
    if most != Some(least) {
        let most = most.map(|most| most.minus(domestic.tax)).transpose()?;
        found.push(difference(quote, economy, main, Cause::Base, left, most));
        return Ok(());
    }
    if left.is_zero() {
        return Ok(());
    }
    if least.is_zero() {
        found.push(difference(quote, economy, main, Cause::Relief, left, Some(left)));
        return Ok(());
    }
    // One rate for everything: the tax on what is inside its base can be told apart.
    let one_rate = domestic.rates.iter().all(|rate| Some(rate) == domestic.rates.first());
    if let (Some(rate), true) = (domestic.rates.first(), one_rate) {
        let mut within = Decimal::ZERO;
        for charge in quote.charges.iter().filter(|charge| !is_tax_of_sales(charge.kind)) {
            let is_in = main.treatments.iter().any(|rule| words(&rule.base_rule).any(|word| word == charge.key));
            if is_in && charge.sum.most_asked == Some(charge.sum.least_asked) {
                within = within.plus(charge.sum.least_asked)?;
            }
        }
        let coin = Decimal::ten_to_minus(ratebook.currency_minor(&quote.asked_currency).unwrap_or(2));
        let part = rate.percent_of(within)?.rounded(tidewaiter::RoundingMode::HalfUp, coin)?;
        if !part.is_zero() {
            found.push(difference(quote, economy, main, Cause::TaxOnCharges, part, Some(part)));
            left = left.minus(part)?;
        }
        if !left.is_zero() {
            // On the same sum at the same rate only the steps of rounding are left to differ.
            let same = main
                .treatments
                .iter()
                .all(|rule| rule.rule.as_deref().is_some_and(|text| text.starts_with(&format!("{rate} %"))));
            let exact = rate.percent_of(domestic.base.plus(within)?)?;
            let off = least.minus(exact)?;
            let small = Decimal::from_units(off.units().abs()) < coin.plus(step(economy, main, quote)?)?;
            let cause = if same && small { Cause::Rounding } else { Cause::Base };
            found.push(difference(quote, economy, main, cause, left, Some(left)));
        }
    } else {
        found.push(difference(quote, economy, main, Cause::Base, left, Some(left)));
    }
    Ok(())
}

fn words(rule: &str) -> impl Iterator<Item = &str> {
    rule.split(|c: char| c.is_whitespace() || "()".contains(c))
}

/// The step to which the record rounds a charge, in the currency of the question; nothing where it rounds to coins.
fn step(economy: &EconomyView, charge: &ChargeAnswer, quote: &Quote) -> Result<Decimal, NumberError> {
    let view = economy.charges.iter().find(|one| one.key == charge.key);
    let of = |text: &Option<String>| {
        let mut words = text.as_deref().unwrap_or_default().split_whitespace();
        words.find_map(|word| word.parse::<Decimal>().ok()).unwrap_or_default()
    };
    let own = view.map_or(Ok(Decimal::ZERO), |view| of(&view.round).plus(of(&view.base_round)))?;
    if charge.sum.least.is_zero() || quote.currency == quote.asked_currency {
        return Ok(own);
    }
    own.scaled(charge.sum.least_asked, charge.sum.least)
}

fn difference(
    quote: &Quote,
    economy: &EconomyView,
    charge: &ChargeAnswer,
    cause: Cause,
    amount: Decimal,
    most: Option<Decimal>,
) -> Difference {
    let mut cites: BTreeSet<&str> = charge.treatments.iter().flat_map(|rule| &rule.cites).map(String::as_str).collect();
    let mut rules: Vec<String> = charge.treatments.iter().map(|rule| rule.in_words()).collect();
    if charge.waived {
        let holds = |from: Option<Date>, before: Option<Date>| {
            from.is_none_or(|from| from <= quote.date) && before.is_none_or(|before| quote.date < before)
        };
        let waivers = economy
            .waivers
            .iter()
            .filter(|waiver| waiver.charges.contains(&charge.key) && holds(waiver.from, waiver.before));
        for waiver in waivers {
            cites.extend(waiver.cites.iter().map(String::as_str));
            rules.push(format!("not collected where {}", waiver.when));
        }
    }
    // The facts of a rule that was used stand in the quote, those of a waiver in the record.
    let sources = cites
        .into_iter()
        .filter_map(|key| {
            quote.sources.iter().find(|source| source.key == key).cloned().or_else(|| {
                economy.fact(key).map(|fact| SourceAnswer {
                    key: fact.key.clone(),
                    statement: fact.statement.clone(),
                    law: fact.law.clone(),
                    publisher: fact.publisher.clone(),
                    title: fact.title.clone(),
                    url: fact.url.clone(),
                    date: fact.date,
                    confidence: fact.confidence,
                    note: fact.note.clone(),
                })
            })
        })
        .collect();
    let (key, name) = (charge.key.clone(), charge.name.clone());
    let is_exact = most == Some(amount);
    Difference { cause, charge: key, name, rule: rules.join("; "), amount, most, is_exact, sources }
}
