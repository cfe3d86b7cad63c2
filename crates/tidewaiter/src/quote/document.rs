//! The answer: what is due, to whom, why, and how sure we are.
//!
//! A [`Quote`] is a public document: its JSON is a contract, printed by `tidewaiter schema quote`. The same question, to
//! the same ratebook, gives the same bytes.

mod origin;

pub use origin::{OriginAnswer, OriginRuleAnswer};

use super::said::Said;
use crate::decimal::Decimal;
use crate::record::{Authority, Collector, Confidence, DateText, Kind, Status, iso_date};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of answer this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// An exact amount.
    Amount,
    /// Between two amounts; `missing` says what would narrow it.
    Range,
    /// No upper limit can be given, or nothing is known; `missing` and `warnings` say why. `total.least` still holds.
    Unknown,
    /// The goods do not fit the regime; `messages` says what to do.
    NotAllowed,
    /// A full customs entry is needed and no simplified figure exists.
    FormalEntry,
    /// The goods may not come in.
    Prohibited,
}

/// An amount, or a range of amounts. Both ends are the same for an exact amount; no `most` means no known limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// At least, in the currency of the economy.
    pub least: Decimal,
    /// At most; absent when no limit is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Decimal>,
    /// At least, in the currency of the question.
    pub least_asked: Decimal,
    /// At most, in the currency of the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_asked: Option<Decimal>,
}

impl Sum {
    /// The amount in the economy's currency, if it is exact.
    pub fn exact(&self) -> Option<Decimal> {
        (self.most == Some(self.least)).then_some(self.least)
    }

    /// Whether it is known to be nothing, in both currencies: an amount that is not known is not.
    pub fn is_nothing(&self) -> bool {
        let nothing = |least: Decimal, most: Option<Decimal>| least.is_zero() && most.is_some_and(Decimal::is_zero);
        nothing(self.least, self.most) && nothing(self.least_asked, self.most_asked)
    }
}

/// The answer to a [`crate::Consignment`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// Version of this document's shape.
    pub version: u32,
    /// What kind of answer.
    pub outcome: Outcome,
    /// From where, to where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Destination code.
    pub to: String,
    /// Its name.
    pub to_name: String,
    /// Day whose law applies.
    #[serde(with = "iso_date")]
    #[schemars(with = "DateText")]
    pub date: Date,
    /// Day up to which publications count.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub known_at: Option<Date>,
    /// Currency of the economy, in which charges are computed.
    pub currency: String,
    /// Currency of the question.
    pub asked_currency: String,
    /// Value of the goods after discounts, in the currency of the question.
    pub goods: Decimal,
    /// Transport, insurance and packing, in the currency of the question.
    pub shipping: Decimal,
    /// All charges.
    pub total: Sum,
    /// Goods, shipping and all charges, in the currency of the question: what it costs to land.
    pub landed: Landed,
    /// The same divided by kind.
    pub by_kind: ByKind,
    /// What the shop charges at checkout and what the buyer meets, under each delivery term.
    pub terms: Terms,
    /// Each charge.
    pub charges: Vec<ChargeAnswer>,
    /// Each item of the question, in its order.
    pub items: Vec<ItemAnswer>,
    /// Facts that would narrow the answer, the most useful first: a missing goods code, then the origin without it, then what
    /// narrows most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// What was assumed because it was not said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<Said>,
    /// What the rules say to the buyer and the shop.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<String>,
    /// Disputed rules: which reading was used, and what another would give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputes: Vec<DisputeAnswer>,
    /// Lower duties open to a trader who claims them or holds their documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub savings: Vec<Saving>,
    /// Rules of origin of the preferences that are claimed or could be, and of goods as such, where editions with them were
    /// given. No amount rests on them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origin_rules: Vec<OriginAnswer>,
    /// Changes already announced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upcoming: Vec<Upcoming>,
    /// Cautions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Said>,
    /// Exchange rates used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<RateUsed>,
    /// The least sure of the facts used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Every fact cited, once.
    pub sources: Vec<SourceAnswer>,
    /// Editions the answer rests on.
    pub editions: Vec<EditionUsed>,
    /// Fingerprint of the ratebook that answered: the same question, to a ratebook of the same fingerprint, gives the same
    /// bytes.
    pub ratebook: String,
    /// How each figure came about, on request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// What it costs to land, in the currency of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Landed {
    /// At least.
    pub least: Decimal,
    /// At most; absent when no limit is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Decimal>,
}

/// Charges divided by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByKind {
    /// Customs and additional duties.
    pub duties: Sum,
    /// VAT, GST, sales tax, excise and levies.
    pub taxes: Sum,
    /// Fees.
    pub fees: Sum,
}

/// Who pays where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Collected by the registered seller at the sale, whatever the delivery term.
    pub seller: Sum,
    /// Due at the border or to the carrier. Under DDP the shop charges it at checkout and pays it; under DAP the buyer
    /// pays it before delivery.
    pub border: Sum,
    /// What the shop charges at checkout under DDP (delivered duty paid): everything.
    pub checkout_ddp: Sum,
    /// What the shop charges at checkout under DAP (delivered at place): the seller-collected part.
    pub checkout_dap: Sum,
    /// What the buyer still meets under DAP.
    pub on_delivery_dap: Sum,
}

/// One charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeAnswer {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Public charge or carrier's price.
    pub authority: Authority,
    /// How much.
    pub sum: Sum,
    /// The rules taken, most often one.
    pub treatments: Vec<Treatment>,
    /// A sum too small to be collected was dropped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waived: bool,
}

/// A rule taken by some of the goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// Name of the rung.
    pub name: String,
    /// Its amount in words: `20 %`, `relieved`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Said>,
    /// When it is taken, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Value it was computed on, in the economy's currency; absent for a flat amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Decimal>,
    /// What the base is made of.
    pub base_rule: String,
    /// Amount in the economy's currency.
    pub amount: Decimal,
    /// Who collects it.
    pub collect: Collector,
    /// Under which seller scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// A sentence for the buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Keys of the facts it rests on; see [`Quote::sources`].
    pub cites: Vec<String>,
    /// The least sure of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

impl Treatment {
    /// The rule in words, by its name and amount: `tariff: 12 %`, `gift: free`, `post: 5 EUR (unverified)`.
    pub fn in_words(&self) -> String {
        rule_in_words(&self.name, self.rule.as_deref(), self.confidence)
    }
}

/// A rule by its name and amount, as [`Treatment::in_words`] says it.
pub(crate) fn rule_in_words(name: &str, amount: Option<&str>, confidence: Option<Confidence>) -> String {
    let mark = if confidence == Some(Confidence::Low) { " (unverified)" } else { "" };
    match amount {
        Some("relieved") => format!("{name}: free{mark}"),
        Some(amount) if amount != name => {
            // "19 % (@vat)": the name of the table is for those who read the file.
            let amount = amount.split_once(" (@").map_or(amount, |(before, _)| before);
            format!("{name}: {amount}{mark}")
        }
        _ => format!("{name}{mark}"),
    }
}

/// One item of the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemAnswer {
    /// What the seller calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Value after discounts, in the currency of the question.
    pub value: Decimal,
    /// Its part of each charge, in the economy's currency, by key; a part of the least where the charge is a range.
    pub charges: Vec<ItemCharge>,
}

/// An item's part of a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemCharge {
    /// Key of the charge.
    pub key: String,
    /// The part.
    pub amount: Decimal,
}

/// A fact that would narrow the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Its name: `code`, `origin`, `channel`, `fact personal-use`…
    pub fact: String,
    /// The item it is about, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<usize>,
    /// The question to put.
    pub question: Said,
    /// By how much knowing it narrows the range, on average over its possible values, in the economy's currency; absent
    /// when no limit is known without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrows_by: Option<Decimal>,
}

/// A disputed rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisputeAnswer {
    /// Its key.
    pub key: String,
    /// What is in dispute.
    pub question: String,
    /// The reading used.
    pub used: String,
    /// What it says.
    pub used_says: String,
    /// The others, with what they give.
    pub others: Vec<OtherReading>,
}

/// What another reading gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherReading {
    /// Its name.
    pub reading: String,
    /// What it says.
    pub says: String,
    /// All charges under it.
    pub total: Sum,
}

/// A lower duty that could be claimed, or that documents would give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Saving {
    /// The item, from 1.
    pub item: usize,
    /// The program to claim; absent where documents alone give it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// The proof to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Documents to hold, by code, besides those that are held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// The additional code that the goods would have to be of: what they are decides it, not the trader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_code: Option<String>,
    /// Its duty in words.
    pub rule: String,
    /// All charges with the claim, in the economy's currency; the least, where facts are missing.
    pub total: Decimal,
    /// The most of it, where that is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_most: Option<Decimal>,
    /// What the claim saves; the least, where facts are missing.
    pub saves: Decimal,
    /// The most of it, where that is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saves_most: Option<Decimal>,
}

/// A change announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Upcoming {
    /// First day; absent when not fixed.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// Key of the charge.
    pub charge: String,
    /// Name of the charge.
    pub charge_name: String,
    /// Name of the rung.
    pub name: String,
    /// What it will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Whether it is law yet.
    pub status: Status,
    /// Facts it rests on.
    pub cites: Vec<String>,
}

/// An exchange rate used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateUsed {
    /// One of this currency
    pub from: String,
    /// … is so many of this one.
    pub to: String,
    /// How many, to twelve decimals.
    pub rate: Decimal,
    /// What for: `assessment` or `threshold`.
    pub purpose: String,
    /// Who published it.
    pub publisher: Said,
    /// Its day.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub day: Option<Date>,
}

/// A cited fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceAnswer {
    /// Its key.
    pub key: String,
    /// What it states.
    pub statement: String,
    /// The act, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Who says so.
    pub publisher: String,
    /// Title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Date of the source.
    #[serde(default, with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub date: Option<Date>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Doubts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Where a fact was read: `Tax office, Rates of tax, 2026-01-01`.
pub fn source_in_words(publisher: &str, title: Option<&str>, date: Option<Date>) -> String {
    let date = date.map(|d| d.to_string());
    let parts = [Some(publisher), title, date.as_deref()].into_iter().flatten().filter(|text| !text.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// An edition the answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditionUsed {
    /// Whose.
    pub authority: String,
    /// Its number.
    pub number: u32,
    /// When it was published.
    #[serde(with = "iso_date")]
    #[schemars(with = "DateText")]
    pub published: Date,
    /// SHA-256 of its text.
    pub sha256: String,
}

/// One step of the derivation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Key of the charge, where the step belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<String>,
    /// What was done, in words and figures.
    pub text: String,
    /// Facts it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<String>,
}
