//! The world's tables: territories and their memberships, currencies, exchange rates.

use super::{DateText, iso_date};
use crate::decimal::Decimal;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `territories.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Territories {
    /// Countries, unions, special areas and groups.
    #[serde(default)]
    pub territory: Vec<Territory>,
    /// Who belongs to what, and when.
    #[serde(default)]
    pub member: Vec<Member>,
}

/// What a territory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum TerritoryKind {
    /// A country or customs territory of its own.
    Country = 0,
    /// A customs or economic union.
    Union = 1,
    /// A part with rules of its own.
    Special = 2,
    /// A group with no rules of its own, used in conditions.
    Group = 3,
}

/// A customs or tax territory, or a group of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Territory {
    /// ISO 3166-1 alpha-2, or our documented code for a special area.
    pub code: String,
    /// English short name.
    pub name: String,
    /// What it is.
    pub kind: TerritoryKind,
    /// Currency in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The state it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// How postcodes of the territory look, in addresses that name the state it is part of: `35###`, `BT#*`. A `#` is any digit, a `*` at the
    /// end whatever follows; blanks and hyphens do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postcodes: Vec<String>,
    /// Where the postcodes were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcodes_source: Option<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where this was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A dated membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The union or group.
    pub of: String,
    /// The territory.
    pub territory: String,
    /// member, customs, vat or party.
    #[serde(default)]
    pub role: String,
    /// Which of the union's charges quotes to the territory take first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladders: Option<super::Places>,
    /// What is sent from these is not imported into the territory: none of the charges that `ladders` names is computed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_from: Vec<String>,
    /// First day.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Where this was read.
    #[serde(default)]
    pub source: String,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// `currencies.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Currencies {
    /// ISO 4217.
    #[serde(default)]
    pub currency: Vec<Currency>,
}

/// A currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Currency {
    /// ISO 4217 letters.
    pub code: String,
    /// English name.
    pub name: String,
    /// Digits of the minor unit; absent where ISO 4217 gives none (metals, units of account).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minor: Option<u8>,
    /// ISO 4217 number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numeric: Option<String>,
    /// First day no longer legal tender.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// First day of legal tender, for new ones.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// `exchange/series.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesFile {
    /// Published series.
    #[serde(default)]
    pub series: Vec<Series>,
    /// Official pegs.
    #[serde(default)]
    pub peg: Vec<Peg>,
}

/// A published series of exchange rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    /// Key used in policies.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Who publishes it.
    pub publisher: String,
    /// One of this currency costs so many of the others.
    pub base: String,
    /// The territory whose administration publishes it: there it counts before the others where no law names a series, and
    /// elsewhere after them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// CSV file beside this one.
    pub file: String,
    /// Its address: `https://…` or `http://…`; empty where there is none.
    #[serde(default, deserialize_with = "super::address::or_empty")]
    pub url: String,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Under what terms it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

/// A currency officially tied to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Peg {
    /// The tied currency.
    pub currency: String,
    /// The anchor.
    pub to: String,
    /// One anchor is worth so many.
    pub rate: Decimal,
    /// First day.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Where this was read.
    #[serde(default)]
    pub source: String,
}
