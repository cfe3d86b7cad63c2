//! The trees behind what an economy file writes in words: amounts and conditions.
//!
//! `max(5 %, 1 EUR per kg)` and `goods <= 150 EUR per consignment` are surfaces; these types are what a machine
//! exchanges. [`crate::record::grammar`] turns words into trees, and `Display` turns trees back into words, so that
//! reading what was written gives the same tree.

use crate::decimal::{Decimal, RoundingMode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a sum of money is computed.
///
/// A tree is evaluated for one *computation unit* (a line, a heading, a consignment: see [`Per`]), in the currency in
/// which the economy assesses. `Percent` applies to the charge's base unless `of` names something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// Zero, because the law waives what would be due.
    Relieved,
    /// A flat amount: `3 EUR`.
    Flat(Cash),
    /// A share of the base, or of something else: `18 %`, `18 % of (goods + freight)`.
    Percent {
        /// The rate in percent: 18 means 18 %.
        percent: Decimal,
        /// What it applies to; the charge's base when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Box<Amount>>,
    },
    /// Tax inside its own base, base × r / (1 − r): `gross-up 17 %`.
    GrossUp {
        /// The rate in percent, below 100.
        percent: Decimal,
        /// What it applies to; the charge's base when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Box<Amount>>,
    },
    /// An amount for each so many units: `1 EUR per kg`, `93.10 EUR per 100 kg`.
    Specific {
        /// The amount.
        cash: Cash,
        /// A unit key of [`crate::unit`]: `kg`, `100 kg`, `DTN`, `item`.
        unit: String,
    },
    /// A part of the value: `goods`, `freight`.
    Component(Component),
    /// This charge's base.
    Base,
    /// The amount of an earlier charge, by key: `gb.duty`. Also a base named in the file's `[bases]`.
    Named(String),
    /// A rate table, on the charge's base or on something else: `@vat`, `@vat of goods`.
    Rate {
        /// The table's name.
        table: String,
        /// What it applies to; the charge's base when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Box<Amount>>,
    },
    /// The tariff measures of a family, see [`Family`]: `tariff`, `tariff(additional)`.
    Tariff(Family),
    /// A sum of two or more.
    Sum(Vec<Amount>),
    /// The first less the second.
    Less(Box<Amount>, Box<Amount>),
    /// A plain number times an amount: `0.6 * goods`.
    Times(Decimal, Box<Amount>),
    /// The largest.
    Max(Vec<Amount>),
    /// The smallest.
    Min(Vec<Amount>),
    /// The amount kept between a floor and a ceiling.
    Clamp {
        /// What is kept between.
        amount: Box<Amount>,
        /// The floor.
        least: Box<Amount>,
        /// The ceiling, not below the floor.
        most: Box<Amount>,
    },
    /// One amount where a condition holds, else another.
    If {
        /// The condition.
        when: Box<Condition>,
        /// Where it holds.
        then: Box<Amount>,
        /// Where it does not.
        otherwise: Box<Amount>,
    },
    /// Rounded by itself, before the rest is added: `rounded(1 GBP per SPQ; down 0.01)`.
    Rounded {
        /// What is rounded.
        amount: Box<Amount>,
        /// Which way.
        mode: RoundingMode,
        /// To whole multiples of this, in the currency of the economy; above zero.
        unit: Decimal,
    },
    /// Slices: each part of `of` pays the rate of its slice: `bands(base; 0 USD: 5 %; 1000 USD: 10 %)`.
    Bands {
        /// What is sliced.
        of: Box<Amount>,
        /// Slices by their lower bound, rising, the first at zero.
        slices: Vec<Slice>,
    },
    /// Items freed whole, the dearest that fit first, up to a limit; the rest pays `otherwise`.
    WholeItems {
        /// The limit on the summed price of freed items in the consignment.
        up_to: Cash,
        /// What the rest pays.
        otherwise: Box<Amount>,
    },
}

/// One slice of [`Amount::Bands`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Slice {
    /// The slice begins here.
    pub from: Cash,
    /// The rate of this slice, in percent.
    pub percent: Decimal,
}

/// Money as written in a record: an exact number and an ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cash {
    /// The number.
    pub amount: Decimal,
    /// The ISO 4217 code.
    pub currency: String,
}

/// A named part of a consignment's value. Bases are sums of these, never a ready-mixed "CIF".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Component {
    /// Price of the goods after discounts, without transport, insurance and foreign tax shown apart.
    Goods = 0,
    /// Transport to the border of the destination.
    Freight = 1,
    /// Transport inside the destination.
    InlandFreight = 2,
    /// Insurance of the transport.
    Insurance = 3,
    /// Packing charged to the buyer.
    Packing = 4,
    /// What the carrier charges for clearance.
    CarrierFee = 5,
    /// Tax of the seller's country that is inside the price and was not taken off.
    SellerTax = 6,
}

/// How many [`Component`]s there are.
pub const COMPONENT_COUNT: usize = 7;

/// A family of tariff measures that an amount looks up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Family {
    /// The options a trader has: third country, preference, suspension, quota.
    Duty = 0,
    /// Additional duties, summed.
    Additional = 1,
    /// Anti-dumping duties, summed.
    AntiDumping = 2,
    /// Countervailing duties, summed.
    Countervailing = 3,
    /// Safeguard duties, summed.
    Safeguard = 4,
    /// Excise duties, summed.
    Excise = 5,
}

/// For what an amount is computed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[repr(u8)]
pub enum Per {
    /// Goods of one code, origin and treatment: a line of the declaration.
    #[default]
    #[serde(rename = "line")]
    Line = 0,
    /// All goods sharing six digits.
    #[serde(rename = "heading 6")]
    Heading6 = 1,
    /// All goods sharing eight digits.
    #[serde(rename = "heading 8")]
    Heading8 = 2,
    /// All goods sharing ten digits.
    #[serde(rename = "heading 10")]
    Heading10 = 3,
    /// The consignment.
    #[serde(rename = "consignment")]
    Consignment = 4,
    /// Each parcel of the consignment.
    #[serde(rename = "parcel")]
    Parcel = 5,
    /// Each single piece.
    #[serde(rename = "item")]
    Item = 6,
}

/// Over what a threshold is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Scope {
    /// The price of one piece.
    Item = 0,
    /// The line.
    Line = 1,
    /// Everything in the consignment.
    #[default]
    Consignment = 2,
    /// The buyer's parcels of the day, this one included.
    Day = 3,
    /// … of the calendar month.
    Month = 4,
    /// … of the quarter.
    Quarter = 5,
    /// … of the half-year.
    HalfYear = 6,
    /// … of the year.
    Year = 7,
}

impl Scope {
    /// Whether earlier parcels of the buyer count.
    pub const fn is_period(self) -> bool {
        matches!(self, Self::Day | Self::Month | Self::Quarter | Self::HalfYear | Self::Year)
    }
}

/// How two sums are compared. Whether a limit is inclusive is law, so it is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[repr(u8)]
pub enum Compare {
    /// Less than.
    #[serde(rename = "<")]
    Less = 0,
    /// At most.
    #[serde(rename = "<=")]
    AtMost = 1,
    /// More than.
    #[serde(rename = ">")]
    More = 2,
    /// At least.
    #[serde(rename = ">=")]
    AtLeast = 3,
    /// Exactly.
    #[serde(rename = "=")]
    Equal = 4,
}

/// Which lines of the consignment a test of goods looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Which {
    /// This line: `goods of 61`.
    This = 0,
    /// At least one line: `any goods of 61`.
    Any = 1,
    /// No line: `no goods of 61`.
    No = 2,
    /// Every line: `only goods of 61`.
    Only = 3,
}

/// What must hold for a rung to be taken or a measure to apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Holds.
    Always,
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// Does not hold.
    Not(Box<Condition>),
    /// A money test: `goods <= 135 GBP per consignment`.
    Value {
        /// Left side.
        left: Amount,
        /// The comparison.
        compare: Compare,
        /// Right side; its currency is the currency of the test.
        right: Amount,
        /// Over what both are summed.
        #[serde(default)]
        scope: Scope,
    },
    /// Number of the buyer's parcels in the period, this one counted: `imports <= 4 per year`.
    Imports {
        /// The comparison.
        compare: Compare,
        /// The number.
        count: Decimal,
        /// The period.
        scope: Scope,
    },
    /// Gross weight: `weight <= 31 kg`.
    Weight {
        /// The comparison.
        compare: Compare,
        /// The weight in kilograms.
        kg: Decimal,
        /// Consignment (default), line or item.
        #[serde(default)]
        scope: Scope,
    },
    /// A measured property of each piece of this line's goods, or of them all: `quantity asv > 22`,
    /// `quantity item <= 50 per consignment`.
    Quantity {
        /// A unit key of [`crate::unit`].
        unit: String,
        /// The comparison.
        compare: Compare,
        /// The number.
        number: Decimal,
        /// One piece (default), the line or the consignment.
        #[serde(default = "each", skip_serializing_if = "is_each")]
        scope: Scope,
    },
    /// Goods under codes or named lists: `no goods of 22 24 excise`.
    Goods {
        /// Which lines are looked at.
        which: Which,
        /// Code prefixes, ranges `61-63`, or names of lists.
        of: Vec<String>,
    },
    /// Where goods were made.
    OriginIn(Vec<String>),
    /// Where goods were sent from.
    ShippedFrom(Vec<String>),
    /// Where the seller is established.
    SellerIn(Vec<String>),
    /// Where goods go to: for a union's rules that differ by member.
    DeliveredTo(Vec<String>),
    /// State or province of destination.
    RegionIn(Vec<String>),
    /// The seller holds a scheme's registration.
    SellerRegistered(String),
    /// The buyer gave a valid tax number.
    BuyerRegistered,
    /// Who sells to whom.
    Sale(Sale),
    /// Sent free between private persons.
    Gift,
    /// Who carries it.
    Channel(Channel),
    /// How it travels.
    Mode(Mode),
    /// Type of declaration chosen: `declaration is H1`.
    Declaration(String),
    /// A yes/no fact the file asks for.
    Fact(String),
    /// A preference is claimed; `any` for whichever.
    Claims(String),
    /// A document is held.
    Document(String),
    /// One of several documents is held, at least.
    Documents(Vec<String>),
    /// The reading of a disputed rule.
    Reading {
        /// Key of the dispute.
        dispute: String,
        /// Name of the reading.
        reading: String,
    },
}

const fn each() -> Scope {
    Scope::Item
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_each(scope: &Scope) -> bool {
    matches!(scope, Scope::Item)
}

/// Who sells to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Sale {
    /// A business sells to a private person.
    #[default]
    B2c = 0,
    /// A business sells to a business.
    B2b = 1,
    /// A private person sends to a private person.
    C2c = 2,
}

/// Who carries the consignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Channel {
    /// The designated postal operators.
    Post = 0,
    /// An express courier.
    Express = 1,
    /// General freight with a customs broker.
    Freight = 2,
}

/// Mode of transport at the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Mode {
    /// By air.
    Air = 0,
    /// By sea.
    Sea = 1,
    /// By road.
    Road = 2,
    /// By rail.
    Rail = 3,
}
