//! What a ratebook holds, as documents for people and programs to read.
//!
//! These views copy texts and numbers out of the tables; nothing is computed but which rate stands on a day. Everything
//! serializes to JSON: `tidewaiter economies --json` and `tidewaiter economy DE --json` print them as they are.
//!
//! ```no_run
//! use tidewaiter::Ratebook;
//! let ratebook = Ratebook::open("rates.twrb")?;
//! let day = jiff::civil::date(2026, 11, 21);
//! for economy in ratebook.economies(day) {
//!     println!("{} {} {:?}", economy.code, economy.name, economy.standard_rate());
//! }
//! if let Some(germany) = ratebook.economy("DE") {
//!     for charge in &germany.charges {
//!         println!("{}: {} rules", charge.name, charge.rungs.len());
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::layout::*;
use super::{Ratebook, compile, hex, rows, tariffs_in_force};
use crate::decimal::Decimal;
use crate::goods::CodeRange;
use crate::record::expression::Per;
use crate::record::grammar::{Rounding, Stage};
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

impl Ratebook {
    /// Every economy whose rules are loaded, by code, with the standard rates of a day.
    ///
    /// Cost: one pass over the rules; about a millisecond for two hundred economies.
    pub fn economies(&self, day: Date) -> Vec<EconomySummary> {
        let t = self.tables();
        let mut all: Vec<EconomySummary> =
            with_rules(&t).map(|(id, row, program)| summary(&t, id, row, program, day)).collect();
        all.sort_by(|a, b| a.code.cmp(&b.code));
        all
    }

    /// Everything about one economy; nothing where the code is unknown or no rules are loaded for it.
    pub fn economy(&self, code: &str) -> Option<EconomyView> {
        let t = self.tables();
        let id = t.territory(code)?;
        let row = t.territories.get(usize::from(id))?;
        let program = t.programs.get(row.program.get() as usize)?;
        Some(view(&t, id, row, program))
    }

    /// Every territory and group, in the order of the territories file.
    pub fn territories(&self) -> Vec<TerritoryView> {
        let t = self.tables();
        (0u16..)
            .zip(t.territories)
            .map(|(id, row)| TerritoryView {
                code: t.text(row.code.get()).into(),
                name: t.text(row.name.get()).into(),
                kind: territory_kind_of(row.kind),
                currency: currency(&t, row.currency.get()),
                part_of: (row.part_of.get() != NO_ID).then(|| t.territory_code(row.part_of.get()).into()),
                has_rules: row.program.get() != NONE,
                memberships: memberships(&t, id),
            })
            .collect()
    }

    /// Every currency, in the order of the currencies file.
    pub fn currencies(&self) -> Vec<CurrencyView> {
        let t = self.tables();
        (0u16..)
            .zip(t.currencies)
            .map(|(id, row)| CurrencyView {
                code: t.currency_code(id).into(),
                name: t.text(row.name.get()).into(),
                minor: row.minor,
            })
            .collect()
    }

    /// Digits of a currency's smallest unit: 2 for EUR, 0 for JPY; nothing for an unknown code.
    pub fn currency_minor(&self, code: &str) -> Option<u8> {
        let t = self.tables();
        t.currency(code).map(|id| t.minor(id))
    }
}

/// Name of a section of the file, for [`Ratebook::section_sizes`]; empty for one that this version does not know.
pub fn section_name(id: u32) -> &'static str {
    SECTION_NAMES.iter().find(|(known, _)| *known == id).map_or("", |(_, name)| name)
}

fn with_rules<'a>(t: &Tables<'a>) -> impl Iterator<Item = (u16, &'a TerritoryRow, &'a ProgramRow)> {
    let programs = t.programs;
    (0u16..).zip(t.territories).filter_map(move |(id, row)| Some((id, row, programs.get(row.program.get() as usize)?)))
}

fn summary(t: &Tables<'_>, id: u16, row: &TerritoryRow, program: &ProgramRow, day: Date) -> EconomySummary {
    let charges = rows(t.charges, program.charges);
    let mut facts = FactCounts::default();
    for fact in rows(t.kids, program.facts).iter().filter_map(|kid| t.facts.get(kid.get() as usize)) {
        match confidence_of(fact.confidence) {
            Confidence::High => facts.high += 1,
            Confidence::Medium => facts.medium += 1,
            Confidence::Low => facts.low += 1,
        }
    }
    EconomySummary {
        code: t.territory_code(id).into(),
        name: t.text(row.name.get()).into(),
        kind: territory_kind_of(row.kind),
        currency: t.currency_code(program.currency.get()).into(),
        tax_name: t.maybe(program.tax_name).map(Into::into),
        standard_rates: standard_rates(t, program, compile::day_number(day)),
        charges: charges.len(),
        rules: charges.iter().map(|c| c.rungs.len.get() as usize).sum(),
        facts,
        edition: editions(t, program).pop(),
        summary: t.maybe(program.summary).map(Into::into),
    }
}

fn standard_rates(t: &Tables<'_>, program: &ProgramRow, day: i32) -> Vec<StandardRate> {
    rows(t.kids, program.rates)
        .iter()
        .filter_map(|kid| t.arms.get(kid.get() as usize))
        .filter(|arm| arm.coded == 0 && arm.from.get() <= day && day < arm.before.get())
        .filter(|arm| t.text(arm.class.get()) == "standard")
        .map(|arm| StandardRate {
            table: t.text(arm.table.get()).into(),
            percent: Decimal::from_units(arm.percent.get()),
        })
        .collect()
}

fn view(t: &Tables<'_>, id: u16, row: &TerritoryRow, program: &ProgramRow) -> EconomyView {
    EconomyView {
        code: t.territory_code(id).into(),
        name: t.text(row.name.get()).into(),
        kind: territory_kind_of(row.kind),
        currency: t.currency_code(program.currency.get()).into(),
        tax_name: t.maybe(program.tax_name).map(Into::into),
        summary: t.maybe(program.summary).map(Into::into),
        note: t.maybe(program.note).map(Into::into),
        memberships: memberships(t, id),
        members: members(t, id),
        charges: rows(t.charges, program.charges).iter().map(|c| charge(t, c)).collect(),
        rates: rates(t, program),
        measures: measures(t, program),
        bounds: program.bounds.len.get() as usize,
        schemes: rows(t.schemes, program.schemes).iter().map(|s| scheme(t, s)).collect(),
        asks: rows(t.asks, program.asks).iter().map(|a| ask(t, a)).collect(),
        disputes: rows(t.disputes, program.disputes).iter().map(|d| dispute(t, d)).collect(),
        waivers: rows(t.waivers, program.waivers).iter().map(|w| waiver(t, program, w)).collect(),
        exchange: policies(t, program),
        facts: rows(t.kids, program.facts)
            .iter()
            .filter_map(|kid| t.facts.get(kid.get() as usize))
            .map(|f| fact(t, f))
            .collect(),
        editions: editions(t, program),
    }
}

fn membership(t: &Tables<'_>, other: u16, row: &MemberRow) -> MembershipView {
    let territory = t.territories.get(usize::from(other));
    MembershipView {
        code: t.territory_code(other).into(),
        name: territory.map_or("", |r| t.text(r.name.get())).into(),
        kind: territory_kind_of(territory.map_or(0, |r| r.kind)),
        role: t.text(row.role.get()).into(),
        from: date_of(row.from.get()),
        before: date_of(row.before.get()),
    }
}

fn memberships(t: &Tables<'_>, id: u16) -> Vec<MembershipView> {
    t.members.iter().filter(|m| m.territory.get() == id).map(|m| membership(t, m.of.get(), m)).collect()
}

fn members(t: &Tables<'_>, id: u16) -> Vec<MembershipView> {
    t.members.iter().filter(|m| m.of.get() == id).map(|m| membership(t, m.territory.get(), m)).collect()
}

fn charge(t: &Tables<'_>, row: &ChargeRow) -> ChargeView {
    ChargeView {
        key: t.text(row.key.get()).into(),
        name: t.text(row.name.get()).into(),
        kind: kind_of(row.kind),
        authority: authority_of(row.authority),
        collect: collector_of(row.collect),
        base: t.text(row.base_text.get()).into(),
        round: rounding(&row.round),
        base_round: rounding(&row.base_round),
        note: t.maybe(row.note).map(Into::into),
        cites: cites(t, row.cites),
        rungs: rows(t.rungs, row.rungs).iter().map(|r| rung(t, r)).collect(),
    }
}

fn rung(t: &Tables<'_>, row: &RungRow) -> RungView {
    RungView {
        name: t.text(row.name.get()).into(),
        when: t.maybe(row.when_text).map(Into::into),
        amount: t.maybe(row.amount_text).map(Into::into),
        outcome: verdict_of(row.outcome),
        per: per_of(row.per),
        own_base: row.base.get() != NONE,
        round: rounding(&row.round),
        status: status_of(row.status),
        from: date_of(row.from.get()),
        before: date_of(row.before.get()),
        known_from: date_of(row.known_from.get()),
        known_before: date_of(row.known_before.get()),
        collect: collector_of(row.collect),
        scheme: t.maybe(row.scheme).map(Into::into),
        says: t.maybe(row.says).map(Into::into),
        note: t.maybe(row.note).map(Into::into),
        cites: cites(t, row.cites),
        confidence: rows(t.kids, row.cites)
            .iter()
            .filter_map(|kid| t.facts.get(kid.get() as usize))
            .map(|fact| confidence_of(fact.confidence))
            .min(),
    }
}

/// Puts the rows of one `[[rate]]` together again: its values, then the codes of each value.
fn rates(t: &Tables<'_>, program: &ProgramRow) -> Vec<RateView> {
    let mut out: Vec<RateView> = Vec::new();
    for arm in rows(t.kids, program.rates).iter().filter_map(|kid| t.arms.get(kid.get() as usize)) {
        let (table, class, goods) = (t.text(arm.table.get()), t.text(arm.class.get()), t.text(arm.goods.get()));
        let at = match out.iter().position(|r| r.table == table && r.class == class && r.goods == goods) {
            Some(at) => at,
            None => {
                out.push(RateView {
                    table: table.into(),
                    class: class.into(),
                    goods: goods.into(),
                    codes: Vec::new(),
                    values: Vec::new(),
                });
                out.len() - 1
            }
        };
        let Some(rate) = out.get_mut(at) else { continue };
        if arm.coded == 1 {
            let range = CodeRange { first: arm.first.get(), last: arm.last.get() }.to_string();
            if !rate.codes.contains(&range) {
                rate.codes.push(range);
            }
        } else {
            rate.values.push(RateValueView {
                percent: Decimal::from_units(arm.percent.get()),
                from: date_of(arm.from.get()),
                before: date_of(arm.before.get()),
                cites: cites(t, arm.cites),
            });
        }
    }
    out
}

fn measures(t: &Tables<'_>, program: &ProgramRow) -> Vec<MeasureCount> {
    let mut out = Vec::new();
    for tariff in tariffs_in_force(t, program, i32::MAX - 1) {
        let start = tariff.offsets.get() as usize;
        let ends = start
            .checked_add(t.subs.len())
            .and_then(|end| Some((t.offsets.get(start)?.get() as usize, t.offsets.get(end)?.get() as usize)));
        let Some((first, last)) = ends else { continue };
        let mut counts = [0usize; 9];
        for measure in t.measures.get(first..last).unwrap_or_default() {
            if let Some(count) = counts.get_mut(usize::from(measure.kind)) {
                *count += 1;
            }
        }
        let authority = t.territory_code(tariff.territory.get());
        out.extend((0u8..).zip(counts).filter(|(_, count)| *count > 0).map(|(kind, count)| MeasureCount {
            authority: authority.into(),
            kind: measure_kind_of(kind),
            count,
        }));
    }
    out
}

fn scheme(t: &Tables<'_>, row: &SchemeRow) -> SchemeView {
    SchemeView {
        key: t.text(row.key.get()).into(),
        name: t.text(row.name.get()).into(),
        short: t.text(row.short.get()).into(),
        registration: t.text(row.registration.get()).into(),
        returns: t.text(row.returns.get()).into(),
        due: t.text(row.due.get()).into(),
        currency: currency(t, row.currency.get()),
        from: date_of(row.from.get()),
        before: date_of(row.before.get()),
        note: t.maybe(row.note).map(Into::into),
        cites: cites(t, row.cites),
    }
}

fn ask(t: &Tables<'_>, row: &AskRow) -> AskView {
    AskView {
        fact: t.text(row.fact.get()).into(),
        question: t.text(row.question.get()).into(),
        assume: match row.assume {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
        cites: cites(t, row.cites),
    }
}

fn dispute(t: &Tables<'_>, row: &DisputeRow) -> DisputeView {
    let readings: Vec<ReadingView> = rows(t.readings, row.readings)
        .iter()
        .map(|r| ReadingView {
            name: t.text(r.name.get()).into(),
            says: t.text(r.says.get()).into(),
            cites: cites(t, r.cites),
        })
        .collect();
    DisputeView {
        key: t.text(row.key.get()).into(),
        question: t.text(row.question.get()).into(),
        default: readings.get(row.default.get() as usize).map(|r| r.name.clone()).unwrap_or_default(),
        readings,
        cites: cites(t, row.cites),
    }
}

fn waiver(t: &Tables<'_>, program: &ProgramRow, row: &WaiverRow) -> WaiverView {
    let charges = rows(t.charges, program.charges);
    WaiverView {
        charges: rows(t.kids, row.charges)
            .iter()
            .filter_map(|kid| charges.get(kid.get() as usize))
            .map(|c| t.text(c.key.get()).into())
            .collect(),
        when: format!(
            "{} {} {}",
            compare_of(row.compare),
            Decimal::from_units(row.value.get()),
            t.currency_code(row.slot.get())
        ),
        from: date_of(row.from.get()),
        before: date_of(row.before.get()),
        cites: cites(t, row.cites),
    }
}

fn policies(t: &Tables<'_>, program: &ProgramRow) -> Vec<PolicyView> {
    [("threshold", &program.threshold), ("assessment", &program.assessment), ("filing", &program.filing)]
        .into_iter()
        .filter(|(_, policy)| policy.set == 1)
        .map(|(purpose, policy)| PolicyView {
            purpose: purpose.into(),
            series: t.text(policy.series.get()).into(),
            loaded: t.series.iter().any(|s| s.key == policy.series),
            rule: day_rule_of(policy.rule),
            fallback: t.maybe(policy.fallback).map(Into::into),
            cites: cites(t, policy.cites),
        })
        .collect()
}

fn fact(t: &Tables<'_>, row: &FactRow) -> FactView {
    FactView {
        key: t.text(row.key.get()).into(),
        territory: t.territory_code(row.territory.get()).into(),
        topic: t.text(row.topic.get()).into(),
        statement: t.text(row.statement.get()).into(),
        law: t.maybe(row.law).map(Into::into),
        publisher: t.text(row.publisher.get()).into(),
        title: t.maybe(row.title).map(Into::into),
        url: t.maybe(row.url).map(Into::into),
        date: date_of(row.source_date.get()),
        from: date_of(row.from.get()),
        before: date_of(row.before.get()),
        confidence: confidence_of(row.confidence),
        note: t.maybe(row.note).map(Into::into),
    }
}

fn editions(t: &Tables<'_>, program: &ProgramRow) -> Vec<EditionView> {
    rows(t.kids, program.editions)
        .iter()
        .filter_map(|kid| t.editions.get(kid.get() as usize))
        .map(|row| EditionView {
            authority: t.text(row.authority.get()).into(),
            number: row.number.get(),
            known_from: date_of(row.known_from.get()),
            sha256: hex(&row.sha256),
        })
        .collect()
}

/// Keys of the facts a run of citations names.
fn cites(t: &Tables<'_>, run: Run) -> Vec<String> {
    rows(t.kids, run)
        .iter()
        .filter_map(|kid| t.facts.get(kid.get() as usize))
        .map(|f| t.text(f.key.get()).into())
        .collect()
}

fn currency(t: &Tables<'_>, id: u16) -> Option<String> {
    (usize::from(id) < t.currencies.len()).then(|| t.currency_code(id).into())
}

fn rounding(row: &RoundRow) -> Option<String> {
    (row.set == 1).then(|| {
        let stage = if row.stage == 1 { Stage::Consignment } else { Stage::Line };
        Rounding {
            mode: compile::rounding_mode(row.mode),
            unit: Decimal::from_units(row.unit.get()),
            currency: None,
            stage,
        }
        .to_string()
    })
}

/// The date of a day number; nothing for the open ends [`DAY_MIN`] and [`DAY_MAX`] and for days no calendar has.
fn date_of(day: i32) -> Option<Date> {
    if day == DAY_MIN || day == DAY_MAX {
        return None;
    }
    let span = jiff::Span::new().try_days(day).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(span).ok()
}

const fn confidence_of(number: u8) -> Confidence {
    match number {
        2 => Confidence::High,
        1 => Confidence::Medium,
        _ => Confidence::Low,
    }
}

const fn kind_of(number: u8) -> Kind {
    match number {
        0 => Kind::Duty,
        1 => Kind::AdditionalDuty,
        2 => Kind::Excise,
        3 => Kind::Vat,
        4 => Kind::Gst,
        5 => Kind::SalesTax,
        6 => Kind::Levy,
        _ => Kind::Fee,
    }
}

const fn authority_of(number: u8) -> Authority {
    if number == 1 { Authority::Carrier } else { Authority::Government }
}

const fn collector_of(number: u8) -> Collector {
    match number {
        1 => Collector::Seller,
        2 => Collector::Carrier,
        _ => Collector::Border,
    }
}

const fn status_of(number: u8) -> Status {
    match number {
        1 => Status::Scheduled,
        2 => Status::Suspended,
        3 => Status::Expired,
        4 => Status::Proposed,
        _ => Status::InForce,
    }
}

const fn verdict_of(number: u8) -> Option<Verdict> {
    match number {
        1 => Some(Verdict::Unknown),
        2 => Some(Verdict::NotAllowed),
        3 => Some(Verdict::FormalEntry),
        4 => Some(Verdict::Prohibited),
        _ => None,
    }
}

const fn per_of(number: u8) -> Per {
    match number {
        1 => Per::Heading6,
        2 => Per::Heading8,
        3 => Per::Heading10,
        4 => Per::Consignment,
        5 => Per::Parcel,
        6 => Per::Item,
        _ => Per::Line,
    }
}

const fn measure_kind_of(number: u8) -> MeasureKind {
    match number {
        1 => MeasureKind::Preference,
        2 => MeasureKind::Suspension,
        3 => MeasureKind::Quota,
        4 => MeasureKind::Additional,
        5 => MeasureKind::AntiDumping,
        6 => MeasureKind::Countervailing,
        7 => MeasureKind::Safeguard,
        8 => MeasureKind::Excise,
        _ => MeasureKind::ThirdCountry,
    }
}

const fn territory_kind_of(number: u8) -> TerritoryKind {
    match number {
        1 => TerritoryKind::Union,
        2 => TerritoryKind::Special,
        3 => TerritoryKind::Group,
        _ => TerritoryKind::Country,
    }
}

const fn day_rule_of(number: u8) -> DayRule {
    match number {
        1 => DayRule::DayBefore,
        2 => DayRule::WorkingDayBefore,
        3 => DayRule::Week,
        4 => DayRule::Month,
        5 => DayRule::PenultimateWednesday,
        6 => DayRule::PeriodEnd,
        _ => DayRule::Day,
    }
}

const fn compare_of(number: u8) -> &'static str {
    match number {
        0 => "<",
        1 => "<=",
        2 => ">",
        3 => ">=",
        _ => "=",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::world::{Currencies, SeriesFile, Territories};

    /// The fictional economy Q, in a fictional union U.
    fn ratebook() -> Ratebook {
        let territories: Territories = toml::from_str(
            r#"
            [[territory]]
            code = "U"
            name = "Union"
            kind = "union"
            currency = "QDD"
            [[territory]]
            code = "Q"
            name = "Queue"
            kind = "country"
            currency = "QDD"
            [[member]]
            of = "U"
            territory = "Q"
            role = "member"
            ladders = "all"
            from = 2020-01-01
            "#,
        )
        .unwrap();
        let currencies: Currencies =
            toml::from_str("[[currency]]\ncode = \"QDD\"\nname = \"Queue dollar\"\nminor = 2\n").unwrap();
        let world =
            compile::World { territories, currencies, series: SeriesFile::default(), rates: Default::default() };
        let union = compile::read_economy(
            "U.toml",
            r#"
            [economy]
            territory = "U"
            currency = "QDD"
            known_from = 2026-01-01
            [[fact]]
            key = "u.duty"
            statement = "Duty is 10 %."
            source = { publisher = "Union gazette", date = 2026-01-01 }
            confidence = "high"
            [[charge]]
            key = "u.duty"
            name = "Duty"
            kind = "duty"
            base = "goods"
            round = "down 1 per consignment"
            cites = ["u.duty"]
              [[charge.rung]]
              name = "small"
              when = "goods <= 20 QDD"
              amount = "relieved"
              before = 2026-07-01
              [[charge.rung]]
              name = "tariff"
              amount = "tariff"
            [[measure]]
            code = "61"
            kind = "third-country"
            amount = "12 %"
            cites = ["u.duty"]
            "#,
        )
        .unwrap();
        let own = compile::read_economy(
            "Q.toml",
            r#"
            [economy]
            territory = "Q"
            currency = "QDD"
            known_from = 2026-02-01
            tax_name = "QST"
            [[fact]]
            key = "q.tax"
            statement = "Tax is 15 %, then 16 %."
            source = { publisher = "somebody" }
            confidence = "low"
            [[charge]]
            key = "q.tax"
            name = "Sales tax"
            kind = "sales-tax"
            base = "goods + u.duty"
            cites = ["q.tax"]
              [[charge.rung]]
              name = "sale"
              amount = "@tax"
              collect = "seller"
            [[rate]]
            name = "tax"
            class = "standard"
            is = [ { from = 2026-01-01, is = "15 %" }, { from = 2026-07-01, is = "16 %" } ]
            cites = ["q.tax"]
            [[rate]]
            name = "tax"
            class = "zero"
            is = "0 %"
            codes = ["4901", "61-63"]
            cites = ["q.tax"]
            [[waiver]]
            charges = ["u.duty", "q.tax"]
            when = "< 1 QDD"
            cites = ["q.tax"]
            "#,
        )
        .unwrap();
        let bytes = compile::compile(&world, &[union, own]).unwrap();
        Ratebook::from_vec(bytes).unwrap()
    }

    #[test]
    fn lists_economies_with_the_rate_of_the_day() {
        let ratebook = ratebook();
        let all = ratebook.economies(jiff::civil::date(2026, 3, 1));
        assert_eq!(all.iter().map(|e| e.code.as_str()).collect::<Vec<_>>(), ["Q", "U"]);
        assert_eq!(all[0].standard_rate(), Some(Decimal::from_int(15)));
        assert_eq!((all[0].charges, all[0].rules), (2, 3));
        assert_eq!(all[0].facts.range(), Some((Confidence::Low, Confidence::High)));
        assert_eq!(all[0].edition.as_ref().map(|e| e.authority.as_str()), Some("Q"));
        assert_eq!(ratebook.economies(jiff::civil::date(2026, 8, 1))[0].standard_rate(), Some(Decimal::from_int(16)));
        assert_eq!(ratebook.economies(jiff::civil::date(2025, 8, 1))[0].standard_rate(), None);
    }

    #[test]
    fn shows_a_member_with_its_unions_rules() {
        let q = ratebook().economy("Q").unwrap();
        assert_eq!(q.memberships[0].code, "U");
        assert_eq!(q.charges[0].round.as_deref(), Some("down 1 per consignment"));
        let small = &q.charges[0].rungs[0];
        assert!(small.in_force(jiff::civil::date(2026, 6, 30)) && !small.in_force(jiff::civil::date(2026, 7, 1)));
        assert_eq!(small.confidence, Some(Confidence::High));
        assert_eq!(q.charges[1].rungs[0].collect, Collector::Seller);
        assert_eq!(q.rates[0].values.len(), 2);
        assert_eq!(q.rates[1].codes, ["4901", "61-63"]);
        assert_eq!(q.waivers[0].when, "< 1 QDD");
        assert_eq!(q.waivers[0].charges, ["u.duty", "q.tax"]);
        assert_eq!(q.fact("u.duty").map(|f| f.territory.as_str()), Some("U"));
        assert_eq!(q.measures, [MeasureCount { authority: "U".into(), kind: MeasureKind::ThirdCountry, count: 1 }]);
        assert_eq!(q.editions.len(), 2);
    }

    #[test]
    fn unknown_codes_are_nothing() {
        let ratebook = ratebook();
        assert_eq!(ratebook.economy("X"), None);
        assert_eq!(ratebook.currency_minor("XXX"), None);
        assert_eq!(ratebook.currency_minor("QDD"), Some(2));
        assert_eq!(ratebook.territories().len(), 2);
        assert_eq!(section_name(1), "strings");
    }

    #[test]
    fn no_day_number_panics() {
        for day in [i32::MIN, i32::MIN + 1, -800_000_000, 0, 800_000_000, i32::MAX] {
            let _ = date_of(day);
        }
        assert_eq!(date_of(0), Some(jiff::civil::date(1970, 1, 1)));
    }
}
