//! What was collected for a period: lines of the ledger added up as far as no rule can tell them apart.

use crate::definition::{Definition, Percent, Period, RateDay, Stage};
use crate::event::{RateType, Registration};
use crate::ledger::{Refused, TaxLine, Why};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tidewaiter::Decimal;

/// Lines that no rule of a return can tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What caused them.
    pub why: Why,
    /// The period they belong to.
    pub about: Period,
    /// Territory of the buyers.
    pub to: String,
    /// Territory from which the goods were sent.
    pub from: Option<String>,
    /// Kind of rate.
    pub rate_type: Option<RateType>,
    /// The rate.
    pub rate: Option<Percent>,
    /// Currency of the sales.
    pub currency: String,
    /// The day whose exchange rate counts.
    pub day: Date,
    /// What tax is reckoned on, of all lines.
    pub net: Decimal,
    /// The tax of all lines.
    pub tax: Decimal,
    /// How many lines.
    pub lines: u64,
    /// Number of the document that is the first by its number: it does not depend on the order in which they were recorded.
    pub first: String,
}

/// What was collected for a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// All of it. Where each sale is rounded, the lines of one part have the same amounts.
    pub parts: Vec<Part>,
    /// How many sales are older than the registration.
    pub early: u64,
    /// How many rows of sales in the currency of the scheme's limit are taxed on more than it.
    pub dear: u64,
    /// Number of the first of these.
    pub dear_first: Option<String>,
}

impl Collected {
    /// Adds up the lines of one scheme that are declared for a period.
    ///
    /// # Errors
    /// [`Refused`] where amounts are out of range.
    pub fn of<'a>(
        definition: &Definition,
        registration: Option<&Registration>,
        lines: impl IntoIterator<Item = &'a TaxLine>,
        period: Period,
    ) -> Result<Self, Refused> {
        Self::among(definition, registration, lines.into_iter().filter(|line| line.declared == Some(period)), period)
    }

    /// Adds up the lines of one scheme that belong to a period, and that no return has: those by which its return is amended. Lines up to a
    /// number of entry stand in an amendment that was sent.
    ///
    /// # Errors
    /// As [`Collected::of`].
    pub fn amending<'a>(
        definition: &Definition,
        registration: Option<&Registration>,
        lines: impl IntoIterator<Item = &'a TaxLine>,
        period: Period,
        since: u64,
    ) -> Result<Self, Refused> {
        Self::among(definition, registration, lines.into_iter().filter(|line| line.waits(period, since)), period)
    }

    fn among<'a>(
        definition: &Definition,
        registration: Option<&Registration>,
        lines: impl Iterator<Item = &'a TaxLine>,
        period: Period,
    ) -> Result<Self, Refused> {
        let each = definition.rounding.stage == Stage::Sale;
        let mut parts = BTreeMap::new();
        let (mut early, mut dear, mut dear_first) = (0, 0, None);
        let limit = limit(definition);
        for line in lines.filter(|line| line.scheme == definition.scheme.key) {
            early += u64::from(line.why == Why::Sale && registration.is_some_and(|one| line.sold < one.from));
            let is_dear = |(currency, most): (&str, Decimal)| line.currency == currency && line.net > most;
            if line.why == Why::Sale && limit.is_some_and(is_dear) {
                dear += 1;
                first(dear_first.get_or_insert_with(|| line.document.clone()), &line.document);
            }
            let about = line.about.unwrap_or(period);
            let day = rate_day(definition, about, line.sold);
            let alike = each.then_some((line.net, line.tax));
            let key = (line.why, about, &line.to, &line.from, line.rate_type, line.rate, &line.currency, day, alike);
            let part = parts.entry(key).or_insert_with(|| Part {
                why: line.why,
                about,
                to: line.to.clone(),
                from: line.from.clone(),
                rate_type: line.rate_type,
                rate: line.rate,
                currency: line.currency.clone(),
                day,
                net: Decimal::ZERO,
                tax: Decimal::ZERO,
                lines: 0,
                first: line.document.clone(),
            });
            part.net = part.net.plus(line.net)?;
            part.tax = part.tax.plus(line.tax)?;
            part.lines += 1;
            first(&mut part.first, &line.document);
        }
        Ok(Self { parts: parts.into_values().collect(), early, dear, dear_first })
    }
}

/// Keeps the number that stands first.
fn first(kept: &mut String, other: &str) {
    if other < kept.as_str() {
        other.clone_into(kept);
    }
}

/// Currency and amount above which goods are worth more than a scheme takes.
pub(crate) fn limit(definition: &Definition) -> Option<(&str, Decimal)> {
    let rule = definition.registration.limit.as_ref()?;
    Some((&rule.currency, rule.up_to?))
}

/// The day whose exchange rate counts for a sale, or for what a refund or correction changed of it.
pub fn rate_day(definition: &Definition, about: Period, sold: Date) -> Date {
    match definition.currency.rate.on {
        RateDay::PeriodEnd => about.last(),
        RateDay::Sale => sold,
        RateDay::Month => sold.first_of_month(),
    }
}
