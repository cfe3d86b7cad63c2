//! Records: what an authority or an author states, before it is compiled.
//!
//! [`Economy`] is one file of `data/economies/`; the same shapes travel as JSON. `docs/formats/economy-file.md` explains
//! every field with examples, and `tidewaiter schema record` prints the JSON Schema generated from these types.

pub mod address;
mod charge;
mod date;
pub mod edition;
pub mod expression;
mod fact;
pub mod grammar;
pub mod locate;
mod measure;
pub mod print;
mod rate;
pub mod world;

pub use charge::{Ask, Authority, Charge, Collector, Dispute, Kind, Reading, Rung, Status, Verdict, Waiver};
pub(crate) use date::{DateText, iso_date};
use expression::Amount;
pub use fact::{Confidence, Fact, Source};
use jiff::civil::Date;
pub use measure::{Bound, Measure, MeasureKind, Places};
pub use rate::{Dated, DatedValue, DayRule, Exchange, Policy, Rate, Scheme};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An expression, in words or as a tree. Both mean the same; words are what people write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Written<T> {
    /// In the words of the economy file: `max(5 %, 1 EUR per kg)`.
    Words(String),
    /// As a tree.
    Tree(T),
}

/// One economy's rules and facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Economy {
    /// What the file is about.
    pub economy: Head,
    /// Sourced statements; everything computed cites at least one.
    #[serde(default)]
    pub fact: Vec<Fact>,
    /// Named bases usable in expressions.
    #[serde(default)]
    pub bases: BTreeMap<String, Written<Amount>>,
    /// Named lists of codes.
    #[serde(default)]
    pub codes: BTreeMap<String, Vec<String>>,
    /// Named groups of territories, local to this file.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
    /// Charges in the order in which they are computed.
    #[serde(default)]
    pub charge: Vec<Charge>,
    /// Rate tables.
    #[serde(default)]
    pub rate: Vec<Rate>,
    /// Tariff measures.
    #[serde(default)]
    pub measure: Vec<Measure>,
    /// What the duty is at least and at most where no measure is loaded.
    #[serde(default)]
    pub bound: Vec<Bound>,
    /// Yes/no facts the conditions need.
    #[serde(default)]
    pub ask: Vec<Ask>,
    /// Amounts too small to be collected.
    #[serde(default)]
    pub waiver: Vec<Waiver>,
    /// Exchange-rate policy by purpose.
    #[serde(default)]
    pub fx: Exchange,
    /// Seller registrations.
    #[serde(default)]
    pub scheme: Vec<Scheme>,
    /// Rules with two readings.
    #[serde(default)]
    pub dispute: Vec<Dispute>,
}

/// What an economy file is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Territory code of `territories.toml`.
    pub territory: String,
    /// ISO 4217 code of the currency in which charges are assessed.
    pub currency: String,
    /// First day on which these records were published here.
    #[serde(with = "iso_date")]
    #[schemars(with = "DateText")]
    pub known_from: Date,
    /// One or two sentences for a shopkeeper.
    #[serde(default)]
    pub summary: String,
    /// What the main tax is called there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_name: Option<String>,
    /// A caution shown with every quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
