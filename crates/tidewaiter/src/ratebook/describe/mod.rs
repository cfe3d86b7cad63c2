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

mod changes;
mod exchange;
mod history;
mod moved;
mod tariff;
mod views;

pub use changes::{ChangeKind, ChangeView, ProposalView};
pub use exchange::{DayRateView, ExchangeHistory, ExchangeRateView, SeriesView};
pub use history::{DutyChange, DutyHistory, DutyPart, DutyStep, RuleInShort};
pub use moved::MovedView;
pub use tariff::{MeasureView, ProgramView};
pub use views::*;

use super::layout::*;
use super::numbers::*;
use super::{Moment, Ratebook, compile, hex, rows, tariffs_at, tariffs_in_force};
use crate::decimal::Decimal;
use crate::goods::CodeRange;
use crate::quote::worlds::reachable;
use crate::record::Confidence;
use crate::record::expression::Family;
use crate::record::grammar::{Rounding, Stage};
use jiff::civil::Date;

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

    /// The regions that rules of an economy name, as in `region` of a question, by their letters. None where its rules do not
    /// differ by region, or there are none.
    pub fn regions(&self, code: &str) -> Vec<String> {
        let t = self.tables();
        let program = t.territory(code).and_then(|id| t.territories.get(usize::from(id)));
        let program = program.and_then(|row| t.programs.get(row.program.get() as usize));
        let mut named: Vec<String> =
            program.iter().flat_map(|p| rows(t.kids, p.regions)).map(|id| t.text(id.get()).to_owned()).collect();
        named.sort();
        named
    }

    /// Whether a rule charges the general duties that stand in the tariff of a territory: one of its own, or of a member of it. Where
    /// none does, they are known and never charged, as where a flat duty on parcels takes their place.
    pub fn takes_tariff(&self, code: &str) -> bool {
        let t = self.tables();
        let Some(id) = t.territory(code) else { return false };
        let takes = |program: &&ProgramRow| {
            reachable(&t, program).iter().any(|node| node.op == op::TARIFF && node.arg() == Family::Duty as u8)
        };
        let of = |program: &ProgramRow| {
            let entries = rows(t.kids, program.tariffs).chunks_exact(4);
            entries.flat_map(|entry| rows(t.tariffs, tariffs_at(entry))).any(|tariff| tariff.territory.get() == id)
        };
        t.programs.iter().filter(takes).any(of)
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

    /// The territory that a wrong code probably means: of that name, of its initials, or of a code with one slip.
    ///
    /// ```
    /// fn hint(ratebook: &tidewaiter::Ratebook, code: &str) -> String {
    ///     ratebook.meant_territory(code).map(|meant| format!("did you mean {meant}?")).unwrap_or_default()
    /// }
    /// ```
    pub fn meant_territory(&self, text: &str) -> Option<String> {
        crate::quote::prepare::meant_territory(&self.tables(), text).map(str::to_owned)
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

/// Puts the rows of one `[[rate]]` together again: its values, and its codes.
fn rates(t: &Tables<'_>, program: &ProgramRow) -> Vec<RateView> {
    let mut out: Vec<RateView> = Vec::new();
    let mut ranges: Vec<Vec<CodeRange>> = Vec::new();
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
                ranges.push(Vec::new());
                out.len() - 1
            }
        };
        let (Some(rate), Some(ranges)) = (out.get_mut(at), ranges.get_mut(at)) else { continue };
        let value = RateValueView {
            percent: Decimal::from_units(arm.percent.get()),
            from: date_of(arm.from.get()),
            before: date_of(arm.before.get()),
            cites: cites(t, arm.cites),
        };
        if !rate.values.contains(&value) {
            rate.values.push(value);
        }
        if arm.coded == 1 {
            let (first, last) = (arm.first.get(), arm.last.get());
            match ranges.last_mut() {
                // Ranges are stored by codes: those that follow on each other are shown as one.
                Some(range) if first <= range.last.saturating_add(1) => range.last = range.last.max(last),
                _ => ranges.push(CodeRange { first, last }),
            }
        }
    }
    for (rate, ranges) in out.iter_mut().zip(ranges) {
        rate.codes = ranges.iter().map(ToString::to_string).collect();
    }
    out
}

fn measures(t: &Tables<'_>, program: &ProgramRow) -> Vec<MeasureCount> {
    let mut out = Vec::new();
    for tariff in tariffs_in_force(t, program, Moment::latest(i32::MAX - 1)) {
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
        for (kind, count) in (0u8..).zip(counts).filter(|(_, count)| *count > 0) {
            let kind = measure_kind_of(kind);
            match out.iter_mut().find(|c: &&mut MeasureCount| c.authority == authority && c.kind == kind) {
                Some(counted) => counted.count += count,
                None => out.push(MeasureCount { authority: authority.into(), kind, count }),
            }
        }
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
        .map(|row| edition(t, row))
        .collect()
}

fn edition(t: &Tables<'_>, row: &EditionRow) -> EditionView {
    EditionView {
        authority: t.text(row.authority.get()).into(),
        number: row.number.get(),
        known_from: date_of(row.known_from.get()),
        sha256: hex(&row.sha256),
    }
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

#[cfg(test)]
mod tests;
