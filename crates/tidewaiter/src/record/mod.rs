//! Records: what an authority or an author states, before it is compiled.
//!
//! [`Economy`] is one file of `data/economies/`; the same shapes travel as JSON. `docs/formats/economy-file.md` explains
//! every field with examples, and `tidewaiter schema record` prints the JSON Schema generated from these types.

pub mod edition;
pub mod expression;
pub mod grammar;
pub mod locate;
pub mod print;
pub mod world;

use expression::{Amount, Condition, Per};
use jiff::civil::Date;
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

/// How sure we are of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Confidence {
    /// Unverified; shown as such.
    Low = 0,
    /// A reputable or several agreeing secondary sources.
    Medium = 1,
    /// The official text was read.
    High = 2,
}

/// A sourced, dated statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Unique key, `gb.duty135`.
    pub key: String,
    /// What it is about: `duty_de_minimis`, `tax_rate`…
    #[serde(default)]
    pub topic: String,
    /// One sentence.
    pub statement: String,
    /// The act, section and number, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Who says so.
    pub source: Source,
    /// First day it holds.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day it no longer holds.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Doubts and conflicts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Where a fact was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Who published it.
    pub publisher: String,
    /// Title of the page or act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its date.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub date: Option<Date>,
}

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
    Written::Tree(Amount::Component(expression::Component::Goods))
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

/// A rate by class of goods and date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Name of the table, used as `@vat`.
    pub name: String,
    /// Class: standard, reduced, zero…
    pub class: String,
    /// The value, or values by date.
    pub is: Dated,
    /// In words: which goods.
    #[serde(default)]
    pub goods: String,
    /// Codes that fall in this class, where a source maps them.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A value, or a history of values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Dated {
    /// The same as far as known.
    Always(String),
    /// By date.
    Values(Vec<DatedValue>),
}

/// One value of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatedValue {
    /// First day; as far back as known when absent.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer; the next value's `from` when absent.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// The rate: `20 %`.
    pub is: String,
    /// Facts this value rests on, besides the table's.
    #[serde(default)]
    pub cites: Vec<String>,
}

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
    /// Value added tax, as the tariff lists it; quotes take the tax from [`Rate`] tables.
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
    /// leave stands in the same editions and says so: `trade` is `export` among [`edition::Official::other`].
    pub fn is_charged(&self) -> bool {
        let leaves = |official: &edition::Official| official.other.get("trade").is_some_and(|trade| trade == "export");
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
    pub official: Option<Box<edition::Official>>,
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

/// Exchange-rate policies by purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// For testing thresholds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Policy>,
    /// For assessing charges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Policy>,
    /// For the seller's returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<Policy>,
}

/// Which published rate, of which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Key of a series.
    pub series: String,
    /// Which day's rate.
    #[serde(default)]
    pub rule: DayRule,
    /// Series to use, and say so, where the first is not loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// Facts it rests on.
    #[serde(default)]
    pub cites: Vec<String>,
    /// More for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Which day's exchange rate counts. Where nothing was published that day, the newest earlier rate counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[repr(u8)]
pub enum DayRule {
    /// The day itself.
    #[default]
    #[serde(rename = "day")]
    Day = 0,
    /// The calendar day before.
    #[serde(rename = "day before")]
    DayBefore = 1,
    /// The last Monday-to-Friday day before.
    #[serde(rename = "working day before")]
    WorkingDayBefore = 2,
    /// The last rate of the week before, Sunday to Saturday.
    #[serde(rename = "week")]
    Week = 3,
    /// The first day of the month.
    #[serde(rename = "month")]
    Month = 4,
    /// The penultimate Wednesday of the month before.
    #[serde(rename = "penultimate wednesday of the month before")]
    PenultimateWednesday = 5,
    /// The last day of the calendar month of the date.
    #[serde(rename = "last day of the period")]
    PeriodEnd = 6,
}

/// A registration under which sellers collect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Unique key, `eu.ioss`.
    pub key: String,
    /// Full name.
    pub name: String,
    /// What people call it.
    #[serde(default)]
    pub short: String,
    /// Who must register and from when.
    #[serde(default)]
    pub registration: String,
    /// How often returns are due.
    #[serde(default)]
    pub returns: String,
    /// By when.
    #[serde(default)]
    pub due: String,
    /// Currency of the return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// First day it exists.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day it no longer exists.
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

/// A date as text, for the JSON Schema.
#[derive(JsonSchema)]
#[schemars(transparent)]
#[allow(dead_code, reason = "only its schema is used")]
pub(crate) struct DateText(#[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))] String);

/// Dates in records: TOML dates, or ISO 8601 text.
pub(crate) mod iso_date {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Any {
        Toml(toml::value::Datetime),
        Text(String),
    }

    fn read<E: serde::de::Error>(any: Any) -> Result<Date, E> {
        let text = match any {
            Any::Toml(date) => date.to_string(),
            Any::Text(text) => text,
        };
        text.parse().map_err(|_| E::custom(format!("\"{text}\" is not a date; write it as 2026-07-01")))
    }

    pub(crate) fn serialize<S: Serializer>(date: &Date, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(date)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Date, D::Error> {
        read(Any::deserialize(d).map_err(|_| serde::de::Error::custom("expected a date such as 2026-07-01"))?)
    }

    pub(crate) mod option {
        use super::{Any, Date, Deserialize, Deserializer, Serializer, read};

        pub(crate) fn serialize<S: Serializer>(date: &Option<Date>, s: S) -> Result<S::Ok, S::Error> {
            match date {
                Some(date) => s.collect_str(date),
                None => s.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Date>, D::Error> {
            Option::<Any>::deserialize(d)
                .map_err(|_| serde::de::Error::custom("expected a date such as 2026-07-01"))?
                .map(read)
                .transpose()
        }
    }
}
