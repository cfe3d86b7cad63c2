//! Charges and their ladders, what is asked for them, what waives them, and what is in dispute about them.

use super::expression::{Amount, Component, Condition, Per};
use super::{DateText, Written, iso_date};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a charge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Kind {
    /// Customs duty.
    Duty = 0,
    /// A duty on top: trade remedies, surcharges.
    AdditionalDuty = 1,
    /// Excise.
    Excise = 2,
    /// Value added tax.
    Vat = 3,
    /// Goods and services tax.
    Gst = 4,
    /// Sales tax.
    SalesTax = 5,
    /// Another levy.
    Levy = 6,
    /// A fee for a service.
    Fee = 7,
}

impl Kind {
    /// Whether it counts as a duty in the sums of a quote.
    pub const fn is_duty(self) -> bool {
        matches!(self, Self::Duty | Self::AdditionalDuty)
    }
    /// Whether it counts as a fee in the sums of a quote; what is neither duty nor fee is a tax.
    pub const fn is_fee(self) -> bool {
        matches!(self, Self::Fee)
    }
}

/// Who collects a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Collector {
    /// Customs, the post or the courier, when the goods come in.
    #[default]
    Border = 0,
    /// The registered seller, at the sale.
    Seller = 1,
    /// The carrier, for itself.
    Carrier = 2,
}

/// Whose charge it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Authority {
    /// A public charge.
    #[default]
    Government = 0,
    /// A carrier's own price.
    Carrier = 1,
}

/// A charge and its ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// Unique key, `gb.duty`.
    pub key: String,
    /// What a buyer calls it.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What percentages apply to; the goods when absent.
    #[serde(default = "goods")]
    pub base: Written<Amount>,
    /// How it is rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// How its base is rounded first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_round: Option<String>,
    /// Who collects it unless a rung says otherwise.
    #[serde(default)]
    pub collect: Collector,
    /// Whose charge it is.
    #[serde(default)]
    pub authority: Authority,
    /// Facts behind base and rounding.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The ladder.
    #[serde(default)]
    pub rung: Vec<Rung>,
}

fn goods() -> Written<Amount> {
    Written::Tree(Amount::Component(Component::Goods))
}

/// Whether a rule is law now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Status {
    /// In force within its dates.
    #[default]
    InForce = 0,
    /// Adopted, not yet in force.
    Scheduled = 1,
    /// Stopped for now.
    Suspended = 2,
    /// Over.
    Expired = 3,
    /// Not adopted.
    Proposed = 4,
}

/// An answer that is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Verdict {
    /// We know that we do not know.
    Unknown = 1,
    /// The goods cannot travel under this regime.
    NotAllowed = 2,
    /// A full customs entry is needed; no simplified figure exists.
    FormalEntry = 3,
    /// The goods may not come in.
    Prohibited = 4,
}

/// One step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Short name: what people call the regime.
    pub name: String,
    /// When it is taken; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Written<Condition>>,
    /// What is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Written<Amount>>,
    /// An answer that is not a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Verdict>,
    /// Taken where that earlier charge took its rung of the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// This rung's own base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Written<Amount>>,
    /// For what the amount is computed once.
    #[serde(default)]
    pub per: Per,
    /// This rung's own rounding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// Who collects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collect: Option<Collector>,
    /// Under which seller scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// A sentence for the buyer or the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// First day in force.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer in force.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// First day it was published here; the file's when absent.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub known_from: Option<Date>,
    /// First day on which a later publication replaced it.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub known_before: Option<Date>,
    /// Whether it is law now.
    #[serde(default)]
    pub status: Status,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A yes/no fact a quote may need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The fact's name, or `history.day` and the like.
    pub fact: String,
    /// The question, as put to a shopkeeper.
    pub question: String,
    /// What is assumed, and said to be assumed, when nobody answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assume: Option<bool>,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Sums too small to be collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Charges whose sum for the consignment is tested, and waived together.
    pub charges: Vec<String>,
    /// `<= 5 CHF`.
    pub when: String,
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
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A rule that is read in two ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// Unique key, `eu.flat3.scope`.
    pub key: String,
    /// What is in dispute.
    pub question: String,
    /// Name of the reading that is charged.
    pub default: String,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The readings, two or more.
    #[serde(default)]
    pub reading: Vec<Reading>,
}

/// One way to read a disputed rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Short name.
    pub name: String,
    /// What it says.
    pub says: String,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
}
