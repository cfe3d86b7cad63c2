//! What an economy charges, for people and for JSON: plain documents.

use crate::decimal::Decimal;
use crate::record::expression::Per;
use crate::record::world::TerritoryKind;
use crate::record::{
    Authority, Collector, Confidence, DateText, DayRule, Kind, MeasureKind, Status, Verdict, iso_date,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// One line about an economy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EconomySummary {
    /// Territory code.
    pub code: String,
    /// English short name.
    pub name: String,
    /// Country, union or special area. Goods are sent to a country or area, not to a union.
    pub kind: TerritoryKind,
    /// Currency in which charges are assessed.
    pub currency: String,
    /// What the main tax is called there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_name: Option<String>,
    /// The standard rates in force on the day asked about: most often one, the main tax; several where regions differ.
    pub standard_rates: Vec<StandardRate>,
    /// How many charges it may levy, its union's included.
    pub charges: usize,
    /// How many rules those charges have.
    pub rules: usize,
    /// How many facts they rest on, by how sure they are.
    pub facts: FactCounts,
    /// The newest edition of its own file; its union's where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<EditionView>,
    /// What a shopkeeper should know, in one or two sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
}

impl EconomySummary {
    /// The first standard rate, in percent.
    pub fn standard_rate(&self) -> Option<Decimal> {
        self.standard_rates.first().map(|r| r.percent)
    }
}

/// The standard rate of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StandardRate {
    /// Name of the table: `vat`.
    pub table: String,
    /// In percent.
    pub percent: Decimal,
}

/// How many facts are how sure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FactCounts {
    /// The official text was read.
    pub high: usize,
    /// Reputable or agreeing secondary sources.
    pub medium: usize,
    /// Unverified.
    pub low: usize,
}

impl FactCounts {
    /// The least and the most sure; nothing where there are no facts.
    pub fn range(&self) -> Option<(Confidence, Confidence)> {
        let held = [(self.low, Confidence::Low), (self.medium, Confidence::Medium), (self.high, Confidence::High)];
        let mut held = held.into_iter().filter(|(count, _)| *count > 0).map(|(_, confidence)| confidence);
        let least = held.next()?;
        Some((least, held.next_back().unwrap_or(least)))
    }
}

/// An edition: what one authority's file said at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EditionView {
    /// Whose.
    pub authority: String,
    /// Its number.
    pub number: u32,
    /// When it was published here.
    #[serde(with = "iso_date::option")]
    #[schemars(with = "Option<DateText>")]
    pub known_from: Option<Date>,
    /// SHA-256 of its text.
    pub sha256: String,
}

/// Everything an economy charges, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EconomyView {
    /// Territory code.
    pub code: String,
    /// English short name.
    pub name: String,
    /// Country, union or special area.
    pub kind: TerritoryKind,
    /// Currency in which charges are assessed.
    pub currency: String,
    /// What the main tax is called there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_name: Option<String>,
    /// What a shopkeeper should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// A caution shown with every quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The unions and groups it belongs to.
    pub memberships: Vec<MembershipView>,
    /// Who belongs to it, if it is a union.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MembershipView>,
    /// Charges in the order in which they are computed, its union's first.
    pub charges: Vec<ChargeView>,
    /// Rate tables with their history.
    pub rates: Vec<RateView>,
    /// Tariff measures loaded, its union's included.
    pub measures: Vec<MeasureCount>,
    /// Ranges of codes for which only the least and the most of the duty is known.
    pub bounds: usize,
    /// Registrations under which sellers collect.
    pub schemes: Vec<SchemeView>,
    /// Yes/no questions a quote may put.
    pub asks: Vec<AskView>,
    /// Rules read in two ways.
    pub disputes: Vec<DisputeView>,
    /// Sums too small to collect.
    pub waivers: Vec<WaiverView>,
    /// Which exchange rate counts for what.
    pub exchange: Vec<PolicyView>,
    /// Every fact, its union's too.
    pub facts: Vec<FactView>,
    /// The editions it rests on, its union's first.
    pub editions: Vec<EditionView>,
}

impl EconomyView {
    /// The fact of a key.
    pub fn fact(&self, key: &str) -> Option<&FactView> {
        self.facts.iter().find(|f| f.key == key)
    }
}

/// A dated membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MembershipView {
    /// Code of the other territory: the union for a member, the member for a union.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Country, union, special area or group.
    pub kind: TerritoryKind,
    /// `member`, `customs`, `vat` or `party`.
    pub role: String,
    /// First day; as far back as known when absent.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer; open when absent.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
}

/// A charge and its ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChargeView {
    /// Unique key.
    pub key: String,
    /// What a buyer calls it.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Public charge or carrier's price.
    pub authority: Authority,
    /// Who collects it unless a rung says otherwise.
    pub collect: Collector,
    /// What percentages apply to, in words.
    pub base: String,
    /// How it is rounded, where the file says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// How its base is rounded first, where the file says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_round: Option<String>,
    /// More for the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Keys of the facts behind base and rounding.
    pub cites: Vec<String>,
    /// The ladder, read from the top: the first rung in force whose condition holds decides.
    pub rungs: Vec<RungView>,
}

/// One step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RungView {
    /// Short name.
    pub name: String,
    /// When it is taken, in words; always when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What is due, in words; absent where the outcome is not a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// An answer that is not a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Verdict>,
    /// For what the amount is computed once.
    pub per: Per,
    /// It has a base of its own instead of the charge's.
    pub own_base: bool,
    /// How it is rounded, where the rung says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// Whether it is law.
    pub status: Status,
    /// First day in force.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer in force.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// First day it was published here.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub known_from: Option<Date>,
    /// First day on which a later publication replaced it.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub known_before: Option<Date>,
    /// Who collects.
    pub collect: Collector,
    /// Under which seller scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// A sentence for the buyer or the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// More for the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
    /// The least sure of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

impl RungView {
    /// Whether it is law on a day, as far as published now.
    pub fn in_force(&self, day: Date) -> bool {
        self.status == Status::InForce
            && self.known_before.is_none()
            && self.from.is_none_or(|from| from <= day)
            && self.before.is_none_or(|before| day < before)
    }
}

/// A rate for a class of goods, with its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RateView {
    /// Name of the table, written `@vat` in amounts.
    pub table: String,
    /// Class: standard, reduced, zero…
    pub class: String,
    /// In words: which goods.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub goods: String,
    /// Codes that fall in this class, where a source maps them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// Its values, the oldest first.
    pub values: Vec<RateValueView>,
}

impl RateView {
    /// The rate on a day, in percent.
    pub fn on(&self, day: Date) -> Option<Decimal> {
        self.values
            .iter()
            .find(|v| v.from.is_none_or(|from| from <= day) && v.before.is_none_or(|before| day < before))
            .map(|v| v.percent)
    }
}

/// One value of a rate's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RateValueView {
    /// In percent.
    pub percent: Decimal,
    /// First day; as far back as known when absent.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer; open when absent.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
}

/// How many tariff measures of a kind are loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeasureCount {
    /// Whose.
    pub authority: String,
    /// What they are.
    pub kind: MeasureKind,
    /// How many.
    pub count: usize,
}

/// A registration under which sellers collect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SchemeView {
    /// Unique key, as in `seller.registrations` of a question.
    pub key: String,
    /// Full name.
    pub name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub short: String,
    /// Who must register and from when.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub registration: String,
    /// How often returns are due.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub returns: String,
    /// By when.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub due: String,
    /// Currency of the return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// First day it exists.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day it no longer exists.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// More for the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
}

/// A yes/no question a quote may put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AskView {
    /// The fact's name, as in `facts` of a question.
    pub fact: String,
    /// The question.
    pub question: String,
    /// What is assumed when nobody answers; a range over both answers when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assume: Option<bool>,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
}

/// A rule that is read in two ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DisputeView {
    /// Unique key.
    pub key: String,
    /// What is in dispute.
    pub question: String,
    /// Name of the reading that is charged.
    pub default: String,
    /// The readings.
    pub readings: Vec<ReadingView>,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
}

/// One way to read a disputed rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReadingView {
    /// Short name.
    pub name: String,
    /// What it says.
    pub says: String,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
}

/// Sums too small to be collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaiverView {
    /// Keys of the charges whose sum is tested, and waived together.
    pub charges: Vec<String>,
    /// `<= 5 CHF`.
    pub when: String,
    /// First day in force.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day no longer in force.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
}

/// Which published exchange rate, of which day, counts for a purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PolicyView {
    /// `threshold`, `assessment` or `filing`.
    pub purpose: String,
    /// Key of the series the law names.
    pub series: String,
    /// Whether that series is in this ratebook; else the fallback stands in.
    pub loaded: bool,
    /// Which day's rate.
    pub rule: DayRule,
    /// Series used where the first is not loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// Keys of the facts it rests on.
    pub cites: Vec<String>,
}

/// A sourced statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FactView {
    /// Its key.
    pub key: String,
    /// Whose file states it: the economy's own code or its union's.
    pub territory: String,
    /// What it is about.
    pub topic: String,
    /// One sentence.
    pub statement: String,
    /// The act, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Who says so.
    pub publisher: String,
    /// Title of the page or act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Date of the source.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub date: Option<Date>,
    /// First day it holds.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day it no longer holds.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Doubts and conflicts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A territory or group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TerritoryView {
    /// Its code.
    pub code: String,
    /// English short name.
    pub name: String,
    /// Country, union, special area or group.
    pub kind: TerritoryKind,
    /// Currency in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The state it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// Whether rules for goods sent there are loaded.
    pub has_rules: bool,
    /// The unions and groups it belongs to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub memberships: Vec<MembershipView>,
}

/// A currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CurrencyView {
    /// ISO 4217 letters.
    pub code: String,
    /// English name.
    pub name: String,
    /// Digits of its smallest unit.
    pub minor: u8,
}
