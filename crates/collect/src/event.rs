//! What happened, as documents. They are kept for ever and never changed; everything else follows from them.

use crate::definition::{Length, Percent, Period};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tidewaiter::Decimal;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// A number was issued, changed or ended.
    Registration(Registration),
    /// Goods were sold.
    Sale(Sale),
    /// Money went back to a buyer.
    Refund(Refund),
    /// A sale was recorded wrongly.
    Correction(Correction),
    /// An exchange rate that the seller took down.
    Rate(RateNoted),
    /// A return was sent; its period is closed.
    Return(Filed),
    /// A return that was sent before was sent again, with its differences.
    Amendment(Amended),
    /// Money was ordered to an authority, or came back from one.
    Payment(Payment),
    /// The bank carried it out.
    Bank(BankEntry),
    /// An authority asks for more: late, or too little.
    Claim(Claim),
}

impl Event {
    /// Kind and number: together they are unique, so that the same thing is not recorded twice.
    pub fn name(&self) -> (&'static str, &str) {
        match self {
            Self::Registration(one) => ("registration", &one.document),
            Self::Sale(one) => ("sale", &one.document),
            Self::Refund(one) => ("refund", &one.document),
            Self::Correction(one) => ("correction", &one.document),
            Self::Rate(one) => ("rate", &one.document),
            Self::Return(one) => ("return", &one.document),
            Self::Amendment(one) => ("amendment", &one.document),
            Self::Payment(one) => ("payment", &one.document),
            Self::Bank(one) => ("bank", &one.document),
            Self::Claim(one) => ("claim", &one.document),
        }
    }

    /// The number of the sale, payment or return that it is about.
    pub fn about(&self) -> Option<&str> {
        match self {
            Self::Refund(one) => Some(&one.of),
            Self::Correction(one) => Some(&one.of),
            Self::Bank(one) => Some(&one.of),
            Self::Amendment(one) => Some(&one.of),
            _ => None,
        }
    }

    /// The day of it.
    pub fn date(&self) -> Date {
        match self {
            Self::Registration(one) => one.from,
            Self::Sale(one) => one.date,
            Self::Refund(one) => one.date,
            Self::Correction(one) => one.date,
            Self::Rate(one) => one.day,
            Self::Return(one) => one.date,
            Self::Amendment(one) => one.date,
            Self::Payment(one) => one.date,
            Self::Bank(one) => one.date,
            Self::Claim(one) => one.date,
        }
    }
}

/// A registration under a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The seller's own number for this change.
    pub document: String,
    /// Key of the scheme.
    pub scheme: String,
    /// The number that was issued.
    pub number: String,
    /// First day it counts.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub from: Date,
    /// First day it no longer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[serde(deserialize_with = "maybe_day")]
    pub before: Option<Date>,
    /// Where the seller is registered, for schemes that many states share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_state: Option<String>,
    /// Length of the periods from then on, where it is another one than before, or at first than the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Length>,
}

/// A sale: what the buyer paid at the checkout, in the currency of the sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    /// Number of the order.
    pub document: String,
    /// The day that decides its period.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// Territory of the buyer.
    pub to: String,
    /// Territory from which the goods were sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// ISO 4217 letters.
    pub currency: String,
    /// Price of the goods without tax.
    pub goods: Decimal,
    /// Shipping and whatever else was paid without being tax or duty.
    #[serde(default)]
    pub shipping: Decimal,
    /// Tax and duty that the buyer paid to the seller.
    pub rows: Vec<Row>,
    /// The quote that says why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<QuoteNamed>,
}

/// One charge at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Key of the charge: `eu.vat`.
    pub charge: String,
    /// The scheme under which the seller collects it; nothing where it is owed at the border.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// The rate, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Percent>,
    /// What kind of rate it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_type: Option<RateType>,
    /// What it is reckoned on.
    pub net: Decimal,
    /// The charge itself.
    pub amount: Decimal,
}

/// Kinds of rates that returns tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RateType {
    /// The rate for everything not named under another.
    Standard,
    /// A lower one.
    Reduced,
    /// None at all.
    Zero,
}

impl RateType {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Reduced => "reduced",
            Self::Zero => "zero",
        }
    }

    /// Read back.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Standard, Self::Reduced, Self::Zero].into_iter().find(|one| one.word() == word)
    }
}

/// Which quote a sale rests on. It can be made again from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteNamed {
    /// SHA-256 of the canonical JSON of the quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Fingerprint of the ratebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratebook: Option<String>,
    /// Hashes of the editions it used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<String>,
    /// Day of the law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[serde(deserialize_with = "maybe_day")]
    pub date: Option<Date>,
}

/// Money that went back, at the law of the sale: parts of what was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// Its own number.
    pub document: String,
    /// The day the money went back.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// Number of the sale.
    pub of: String,
    /// How much of the price of the goods.
    #[serde(default)]
    pub goods: Decimal,
    /// How much of shipping.
    #[serde(default)]
    pub shipping: Decimal,
    /// How much of each charge.
    #[serde(default)]
    pub rows: Vec<Part>,
    /// Everything that is left of the sale; then nothing else is given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
}

/// A part of a row of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which row of the sale, the first is 1.
    pub row: u16,
    /// How much of what it is reckoned on.
    pub net: Decimal,
    /// How much of the charge.
    pub amount: Decimal,
}

/// A sale was recorded wrongly: what must be added, or with a minus taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Its own number.
    pub document: String,
    /// The day it was found.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// Number of the sale.
    pub of: String,
    /// Why, for people.
    pub reason: String,
    /// Territory of the rows, where it is not that of the sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Differences.
    pub rows: Vec<Row>,
    /// Whether the return of its period is amended for it, where that was sent, although a later return might hold it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub amend: bool,
}

/// An exchange rate as the seller found it published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateNoted {
    /// Its own number.
    pub document: String,
    /// The scheme whose returns it is for.
    pub scheme: String,
    /// One of this currency …
    pub base: String,
    /// … is worth so many …
    pub rate: Decimal,
    /// … of this one. One of the two is that of the return.
    pub currency: String,
    /// The day it was published for.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub day: Date,
    /// Who published it.
    pub source: String,
}

/// A return as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filed {
    /// Its own number: scheme and period.
    pub document: String,
    /// Key of the scheme.
    pub scheme: String,
    /// Its period.
    pub period: Period,
    /// The day it was sent.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// What the authority calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What is owed, in the currency of the return.
    pub owed: Decimal,
    /// What comes back, where it is not set off against what is owed.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub back: Decimal,
    /// Currency of the return.
    pub currency: String,
    /// SHA-256 of the return as it was drafted.
    pub sha256: String,
}

/// A return that was sent before, sent again. It holds what changed of the period and stood in no return: it is added to the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amended {
    /// Its own number.
    pub document: String,
    /// Number of the return that it amends.
    pub of: String,
    /// Key of the scheme.
    pub scheme: String,
    /// Its period: that of the return.
    pub period: Period,
    /// The day it was sent.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// What the authority calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// How much more is owed, in the currency of the return; below zero it is less.
    pub owed: Decimal,
    /// What comes back, where it is not set off against what is owed.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub back: Decimal,
    /// Currency of the return.
    pub currency: String,
    /// SHA-256 of the amendment as it was drafted.
    pub sha256: String,
}

impl Amended {
    /// A number for the next amendment of a period that none of these has.
    pub fn next_document<'a>(scheme: &str, period: Period, known: impl IntoIterator<Item = &'a Self>) -> String {
        let known: BTreeSet<&str> = known.into_iter().map(|one| one.document.as_str()).collect();
        let free = (1..=known.len() + 1).map(|n| format!("{scheme} {period} amended {n}"));
        free.rev().find(|document| !known.contains(document.as_str())).unwrap_or_default()
    }
}

/// A payment that was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Its own number.
    pub document: String,
    /// The day it was ordered for.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// Key of the scheme.
    pub scheme: String,
    /// For which period.
    pub period: Period,
    /// How much; below zero comes back from the authority.
    pub amount: Decimal,
    /// Currency of the return.
    pub currency: String,
    /// What the payment says.
    pub reference: String,
}

/// What the bank says was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BankEntry {
    /// The bank's own number of the entry.
    pub document: String,
    /// The day it was booked.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// Number of the payment.
    pub of: String,
    /// How much of the payment, in its currency.
    pub amount: Decimal,
    /// Currency of the payment.
    pub currency: String,
    /// What the account was charged, where it is in another currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged: Option<Charged>,
}

/// What an account in another currency was charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Charged {
    /// How much.
    pub amount: Decimal,
    /// ISO 4217 letters.
    pub currency: String,
}

/// Something that an authority asks for beside the return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Its own number.
    pub document: String,
    /// The day of the letter.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// Key of the scheme.
    pub scheme: String,
    /// For which period.
    pub period: Period,
    /// What it is.
    pub what: ClaimKind,
    /// How much; below zero where it was waived.
    pub amount: Decimal,
    /// Currency of the return.
    pub currency: String,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What an authority may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimKind {
    /// A fine.
    Penalty,
    /// For the time.
    Interest,
    /// Another assessment of the tax itself.
    Assessment,
}

/// Whether an amount can be left out.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(crate) fn is_nothing(amount: &Decimal) -> bool {
    amount.is_zero()
}

/// A day, told well where it is none.
fn day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().or_else(|_| crate::import::day(&text)).map_err(serde::de::Error::custom)
}

fn maybe_day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
    text.parse().or_else(|_| crate::import::day(&text)).map(Some).map_err(serde::de::Error::custom)
}
