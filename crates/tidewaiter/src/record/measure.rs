//! Tariff measures and bounds.

use super::edition::Official;
use super::expression::{Amount, Condition};
use super::{DateText, Verdict, Written, iso_date};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a tariff measure is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum MeasureKind {
    /// Duty for everyone (most favoured nation).
    #[default]
    ThirdCountry = 0,
    /// A lower duty under an agreement, on claim and proof.
    Preference = 1,
    /// A duty suspended for everyone, often for an end use.
    Suspension = 2,
    /// A lower duty within a quota, on claim.
    Quota = 3,
    /// An additional duty.
    Additional = 4,
    /// Anti-dumping.
    AntiDumping = 5,
    /// Countervailing.
    Countervailing = 6,
    /// Safeguard.
    Safeguard = 7,
    /// Excise.
    Excise = 8,
    /// Value added tax, as the tariff lists it; quotes take the tax from [`Rate`](super::Rate) tables.
    Vat = 9,
    /// A document, licence or inspection is required; no amount.
    Control = 10,
    /// The goods may not come in; no amount.
    Prohibition = 11,
    /// A further unit must be declared; no amount.
    SupplementaryUnit = 12,
}

impl Measure {
    /// Whether a quote computes an amount from it: a charge on goods that come in. What an authority levies on goods that
    /// leave stands in the same editions and says so: `trade` is `export` among [`Official::other`].
    pub fn is_charged(&self) -> bool {
        let leaves = |official: &Official| official.other.get("trade").is_some_and(|trade| trade == "export");
        self.kind.is_charged() && !self.official.as_deref().is_some_and(leaves)
    }
}

impl MeasureKind {
    /// Whether a quote computes an amount from measures of this kind.
    pub const fn is_charged(self) -> bool {
        matches!(
            self,
            Self::ThirdCountry
                | Self::Preference
                | Self::Suspension
                | Self::Quota
                | Self::Additional
                | Self::AntiDumping
                | Self::Countervailing
                | Self::Safeguard
                | Self::Excise
        )
    }
}

/// A tariff measure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Goods code, 2 to 12 digits; goods below inherit.
    pub code: String,
    /// What it is.
    pub kind: MeasureKind,
    /// What is due; absent for kinds without an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Written<Amount>>,
    /// An answer that is not a number, in place of an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Verdict>,
    /// With an outcome: what it means, and what to do, for a shopkeeper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Territories or groups of origin; all when absent, or those of the programmes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Places>,
    /// Excepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_origin: Vec<String>,
    /// The claim that gives it, or several that each do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Places>,
    /// What the trader must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Further condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Written<Condition>>,
    /// Additional code (TARIC), where the measure has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_code: Option<String>,
    /// Quota order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// First day in force.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer in force.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// What the authority published, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub official: Option<Box<Official>>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One place, programme… or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Places {
    /// `"all"` or one code.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// What a duty is at least and at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// Codes; all when empty.
    #[serde(default)]
    pub codes: Vec<String>,
    /// At least, in percent.
    pub least: String,
    /// At most, in percent.
    pub most: String,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// First day it holds.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day it no longer holds.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
