//! The question: what is sent, from where, to where, by whom.
//!
//! A [`Consignment`] is a public document: its JSON is a contract, printed by `tidewaiter schema consignment`.
//! Everything but the destination, the currency and the items may be left out; what is left out is either assumed and
//! said to be assumed, or asked about.

use crate::decimal::Decimal;
use crate::record::expression::{Channel, Mode, Sale};
use crate::record::{DateText, iso_date};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most items of one consignment.
pub const MAX_ITEMS: usize = 999;

/// What is asked about.
///
/// ```
/// use tidewaiter::Consignment;
/// let asked: Consignment = serde_json::from_str(r#"{
///   "from": "CN", "to": "FR", "date": "2026-11-21", "currency": "EUR", "freight": "4.90",
///   "items": [{ "code": "6109.10", "origin": "CN", "quantity": 2, "price": "12.50" }]
/// }"#)?;
/// assert_eq!(asked.items[0].price.to_string(), "12.5");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consignment {
    /// Where it is sent from: a territory code such as `CN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Where it is sent to: a territory code such as `FR`, `XI`, `IC`.
    pub to: String,
    /// State or province of destination, where taxes differ by it: `ON`, `SP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postcode of the destination. Some places have customs or tax rules of their own and yet the address of a state: Northern Ireland,
    /// the Canary Islands. Where the postcode lies in one, it is the destination, and the answer says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Day of the sale or import whose law applies; today when absent. Also read under the name `as_of`.
    #[serde(default, alias = "as_of", with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub date: Option<Date>,
    /// Answer with what was published by this day; everything published when absent.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub known_at: Option<Date>,
    /// ISO 4217 code of all amounts here.
    pub currency: String,
    /// What is in it.
    pub items: Vec<Item>,
    /// Transport to the border of the destination; for a shop, what the buyer pays for shipping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freight: Option<Decimal>,
    /// Transport inside the destination, where it is known apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inland_freight: Option<Decimal>,
    /// Insurance of the transport.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insurance: Option<Decimal>,
    /// Packing charged to the buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packing: Option<Decimal>,
    /// Discount on the order, spread over the items by value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Decimal>,
    /// What the carrier charges for clearance, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_fee: Option<Decimal>,
    /// Tax of the seller's country that is inside the prices and was not taken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_tax: Option<Decimal>,
    /// Gross weight of everything in kilograms; the items' weights are summed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<Decimal>,
    /// Who sells to whom; `b2c` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Sale>,
    /// Sent free between private persons.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gift: bool,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// How it travels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Type of customs declaration, where one is chosen: `H1`, `H7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// Number of parcels it travels in; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcels: Option<u32>,
    /// Who sells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<Seller>,
    /// Who buys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<Buyer>,
    /// Answers to yes/no questions: `{ "personal-use": true }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, bool>,
    /// The buyer's earlier parcels, by period: `day`, `month`, `quarter`, `half-year`, `year`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub history: BTreeMap<String, Earlier>,
    /// Exchange rates that take precedence over published ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<GivenRate>,
}

/// Goods of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What the seller calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Goods code, 2 to 12 digits; more digits give a closer answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Where it was made, which is often not where it is sent from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// How many; 1 when absent.
    #[serde(default = "one")]
    pub quantity: Decimal,
    /// Price of one, without taxes of the destination.
    pub price: Decimal,
    /// Discount on this item, for all of its quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Decimal>,
    /// Weight of one in kilograms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<Decimal>,
    /// Other measured quantities of one, by unit: `{ "l": "0.7", "asv": "40" }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quantities: BTreeMap<String, Decimal>,
    /// Tax class, where the seller knows it: `reduced`, `zero`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<String>,
    /// Customs duty in percent, where the asker has looked it up; used where no tariff measure is loaded, and said to be
    /// the asker's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty_rate: Option<Decimal>,
    /// Preferences claimed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// Documents held, by code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
}

fn one() -> Decimal {
    Decimal::ONE
}

/// A preference claimed for an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The program, as the measure names it.
    pub program: String,
    /// The proof held. Without one the claim is not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// Who sells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seller {
    /// Where the seller is established; `from` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Schemes the seller is registered in: `eu.ioss`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registrations: Vec<String>,
}

/// Who buys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Buyer {
    /// Gave a valid tax number.
    #[serde(default)]
    pub registered: bool,
}

/// What the buyer received earlier in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// How many parcels.
    #[serde(default)]
    pub imports: u32,
    /// Their value, in the currency of the consignment.
    #[serde(default)]
    pub goods: Decimal,
}

/// An exchange rate given with the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenRate {
    /// One of this currency
    pub from: String,
    /// … is so many of this one.
    pub to: String,
    /// How many.
    pub rate: Decimal,
}
