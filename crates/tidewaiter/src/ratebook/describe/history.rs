//! How all duties on some goods of one origin went over time, and which rules reach them on a day.
//!
//! The history is asked of the quote: a large consignment for a business, by freight, with nothing claimed, on each day on
//! which a rule or measure begins or ends. So it holds additional duties, exceptions and their order as a quote does.

use super::*;
use crate::goods::GoodsCode;
use crate::quote::consignment::{Consignment, Item};
use crate::quote::document::{Outcome, Quote, Treatment, source_in_words};
use crate::record::expression::{Channel, Sale};
use crate::record::{DateText, Kind, MeasureKind, Status, iso_date};
use jiff::ToSpan;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Value of the consignment that is asked about, in the currency of the destination: above every relief.
const SAMPLE: i64 = 1_000_000;
/// The amount of a rule that takes its rate from the tariff.
const TARIFF: &str = "tariff";

/// All duties on some goods over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DutyHistory {
    /// Code of the destination.
    pub territory: String,
    /// Its name.
    pub territory_name: String,
    /// The goods code, as it was asked.
    pub code: String,
    /// Where the goods were made, and are sent from.
    pub origin: String,
    /// Currency of the sample.
    pub currency: String,
    /// Value of the consignment that was asked about: of one kind of goods, for a business, by freight, nothing claimed.
    pub sample: Decimal,
    /// The day of `reached`. The steps go on for a year after it.
    #[serde(with = "iso_date")]
    #[schemars(with = "DateText")]
    pub day: Date,
    /// The duties from day to day, the oldest first; a new step wherever a rule or the percentage is another.
    pub steps: Vec<DutyStep>,
    /// The duties that reach the goods on `day`, each with its rule and law. None where no quote can be given.
    pub reached: Vec<DutyPart>,
}

/// The duties from a day on. No percentage means that the duties are no one number; zero is a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DutyStep {
    /// First day.
    #[serde(with = "iso_date")]
    #[schemars(with = "DateText")]
    pub from: Date,
    /// First day of the next step; absent for the last.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
    /// What kind of answer a quote gives; absent where none can be given, as for a union, whose members are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// All customs duties together in percent of the value of the goods, where they are one number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// At least; absent where the outcome has no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<Decimal>,
    /// At most; absent where no limit is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<Decimal>,
    /// What is new, gone or otherwise since the step before, in words; in the first step, what there is.
    pub changed: Vec<String>,
    /// The same for those who say it in another language.
    #[serde(skip)]
    pub changes: Vec<DutyChange>,
    /// The duties, each with its rule and law.
    pub parts: Vec<DutyPart>,
}

/// A rule by its name and what it levies: `Sylvania`, `10 %`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleInShort {
    /// Name of the rule.
    pub name: String,
    /// Its amount as the data writes it; absent where the name says it already, or there is none.
    pub amount: Option<String>,
    /// It rests on a fact that nobody verified.
    pub unverified: bool,
}

/// What became of a duty from one step to the next. In the first step nothing stands before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyChange {
    /// Name of the charge.
    pub charge: String,
    /// It is the first step: what there is, and not what is new.
    pub first: bool,
    /// The rules that are taken now; none where the duty ends.
    pub now: Vec<RuleInShort>,
    /// The rules that were taken before; none where the duty begins.
    pub before: Vec<RuleInShort>,
}

/// A duty on the goods, by the rule that it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DutyPart {
    /// Key of the charge.
    pub key: String,
    /// Name of the charge.
    pub charge: String,
    /// Name and amount of the rule.
    pub rule: String,
    /// The same in parts; absent where no rate is loaded for that day.
    #[serde(skip)]
    pub short: Option<RuleInShort>,
    /// The acts behind it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub law: Vec<String>,
    /// Where it was read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<String>,
    /// How sure we are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// First day the rule is in force; as far back as known when absent. A rate of the tariff has the days of its measure,
    /// which are not here: see [`Ratebook::tariff`].
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub from: Option<Date>,
    /// First day it is no longer; open when absent.
    #[serde(with = "iso_date::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub before: Option<Date>,
}

impl Ratebook {
    /// All customs duties together on goods of a code and origin, from a day (or from `day`, if that is earlier) to a year after
    /// `day`; and those that reach the goods on `day`. Nothing where a territory is unknown or has no rules.
    ///
    /// Cost: a quote for each day on which a rule of the destination's duties or a measure of the code changes.
    pub fn duty_history(
        &self,
        territory: &str,
        code: GoodsCode,
        origin: &str,
        from: Date,
        day: Date,
    ) -> Option<DutyHistory> {
        let economy = self.economy(territory)?;
        let measures = self.tariff(territory, code, Some(origin))?;
        let sample = Sample { ratebook: self, economy: &economy, measures: &measures, code, origin };
        let reached = sample.quote(day).map(|quote| sample.parts(&quote, day)).unwrap_or_default();
        let steps = sample.steps(from, day);
        Some(DutyHistory {
            territory: economy.code.clone(),
            territory_name: economy.name.clone(),
            code: code.to_string(),
            origin: origin.to_owned(),
            currency: economy.currency.clone(),
            sample: Decimal::from_int(SAMPLE),
            day,
            steps,
            reached,
        })
    }
}

/// A consignment of one kind of goods that is asked about day by day.
struct Sample<'a> {
    ratebook: &'a Ratebook,
    economy: &'a EconomyView,
    measures: &'a [MeasureView],
    code: GoodsCode,
    origin: &'a str,
}

impl Sample<'_> {
    fn quote(&self, day: Date) -> Option<Quote> {
        let asked = Consignment {
            from: Some(self.origin.to_owned()),
            to: self.economy.code.clone(),
            date: Some(day),
            currency: self.economy.currency.clone(),
            sale: Some(Sale::B2b),
            channel: Some(Channel::Freight),
            items: vec![Item {
                code: Some(self.code.to_string()),
                origin: Some(self.origin.to_owned()),
                price: Decimal::from_int(SAMPLE),
                quantity: Decimal::ONE,
                ..Item::default()
            }],
            ..Consignment::default()
        };
        self.ratebook.quote(&asked).ok()
    }

    /// The duties of a quote, each with its rule and law.
    fn parts(&self, quote: &Quote, day: Date) -> Vec<DutyPart> {
        let mut out = Vec::new();
        for charge in quote.charges.iter().filter(|charge| charge.kind.is_duty()) {
            let ladder = self.economy.charges.iter().find(|known| known.key == charge.key);
            for treatment in &charge.treatments {
                let holds = |from: Option<Date>, before: Option<Date>| {
                    from.is_none_or(|from| from <= day) && before.is_none_or(|before| day < before)
                };
                let rung = ladder.and_then(|ladder| {
                    ladder.rungs.iter().find(|rung| {
                        rung.name == treatment.name && rung.status == Status::InForce && holds(rung.from, rung.before)
                    })
                });
                let (mut law, mut read) = (Vec::new(), Vec::new());
                // A tariff's rate has the sources and dates of its measure, not of the rule that sends to the tariff.
                let sends = rung.and_then(|rung| rung.amount.as_deref()) == Some(TARIFF);
                let lacks_rate = sends && treatment.rule.as_deref().is_none_or(|rule| rule == TARIFF);
                let behind = if sends { self.behind_rate(charge.kind, treatment, day) } else { Vec::new() };
                let keys = treatment.cites.iter().filter(|_| !lacks_rate && behind.is_empty());
                let stated = keys.filter_map(|key| quote.sources.iter().find(|s| s.key == *key));
                let stated = stated.map(|s| (s.law.clone(), source_in_words(&s.publisher, s.title.as_deref(), s.date)));
                let rates =
                    behind.iter().map(|f| (f.law.clone(), source_in_words(&f.publisher, f.title.as_deref(), f.date)));
                for (act, title) in stated.chain(rates) {
                    law.extend(act.filter(|act| !law.contains(act)));
                    read.extend(Some(title).filter(|title| !read.contains(title)));
                }
                let rung = rung
                    .filter(|rung| treatment.rule.is_none() || rung.amount.as_deref() == treatment.rule.as_deref())
                    .filter(|_| !sends);
                let sure = behind.iter().map(|fact| fact.confidence).chain(treatment.confidence).min();
                let treatment = &Treatment { confidence: sure, ..treatment.clone() };
                let short = (!lacks_rate).then(|| RuleInShort::of(treatment));
                out.push(DutyPart {
                    key: charge.key.clone(),
                    charge: charge.name.clone(),
                    rule: short.as_ref().map_or_else(
                        || format!("{}: no rate is loaded for that day", treatment.name),
                        RuleInShort::to_string,
                    ),
                    short,
                    from: rung.and_then(|rung| rung.from),
                    before: rung.and_then(|rung| rung.before),
                    law,
                    read,
                    confidence: treatment.confidence,
                });
            }
        }
        out
    }

    /// The facts that state a rate which a rule took from the tariff.
    fn behind_rate(&self, kind: Kind, taken: &Treatment, day: Date) -> Vec<FactView> {
        let rates = self.measures.iter().filter(|measure| {
            let open = measure.programs.is_empty() && measure.holds_on(day);
            open && is_of(kind, measure.kind) && taken.rule.as_deref() == Some(measure.amount.as_str())
        });
        let mut keys: Vec<&String> = rates.flat_map(|measure| &measure.cites).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().filter_map(|key| self.ratebook.fact(key)).collect()
    }

    /// All duties together from day to day, with what changed at each step.
    fn steps(&self, begins: Date, day: Date) -> Vec<DutyStep> {
        let until = day.saturating_add(1.year());
        let mut days = BTreeSet::from([begins.min(day)]);
        let rungs = self.economy.charges.iter().filter(|c| c.kind.is_duty()).flat_map(|c| &c.rungs);
        let rules = rungs.filter(|r| r.status == Status::InForce).flat_map(|r| [r.from, r.before]);
        for date in rules.chain(self.measures.iter().flat_map(|m| [m.from, m.before])).flatten() {
            if date > begins && date <= until {
                days.insert(date);
            }
        }
        let mut steps: Vec<DutyStep> = Vec::new();
        let mut said = BTreeMap::new();
        for from in days {
            let quote = self.quote(from);
            let now = quote.as_ref().map(duties_of).unwrap_or_default();
            let changes = changes(&said, &now, steps.is_empty());
            said = now;
            let [percent, least, most] = quote.as_ref().map(percents_of).unwrap_or_default();
            let step = DutyStep {
                from,
                before: None,
                outcome: quote.as_ref().map(|quote| quote.outcome),
                percent,
                least,
                most,
                changed: changes.iter().map(DutyChange::to_string).collect(),
                changes,
                parts: quote.as_ref().map(|quote| self.parts(quote, from)).unwrap_or_default(),
            };
            match steps.last_mut() {
                Some(last) if last.is_like(&step) => {}
                Some(last) => {
                    last.before = Some(from);
                    steps.push(step);
                }
                None => steps.push(step),
            }
        }
        steps
    }
}

impl DutyStep {
    /// Whether another step says the same and would show nothing new.
    fn is_like(&self, next: &Self) -> bool {
        next.changed.is_empty()
            && (self.outcome, self.percent, self.least, self.most)
                == (next.outcome, next.percent, next.least, next.most)
    }
}

/// Whether a charge of a kind takes its rate from measures of a kind.
const fn is_of(charge: Kind, measure: MeasureKind) -> bool {
    use MeasureKind::{Preference, Quota, Suspension, ThirdCountry};
    matches!(charge, Kind::Duty) == matches!(measure, ThirdCountry | Preference | Suspension | Quota)
}

/// All duties in percent of the sample: as one number, at least and at most.
fn percents_of(quote: &Quote) -> [Option<Decimal>; 3] {
    if !matches!(quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown) {
        return [None; 3];
    }
    let percent = |sum: Decimal| sum.scaled(Decimal::HUNDRED, Decimal::from_int(SAMPLE)).ok();
    let duties = quote.by_kind.duties;
    [duties.exact().and_then(percent), percent(duties.least), duties.most.and_then(percent)]
}

/// Each duty's rules, by its name.
fn duties_of(quote: &Quote) -> BTreeMap<String, Vec<RuleInShort>> {
    let duties = quote.charges.iter().filter(|charge| charge.kind.is_duty());
    duties.map(|charge| (charge.name.clone(), charge.treatments.iter().map(RuleInShort::of).collect())).collect()
}

impl RuleInShort {
    /// A treatment by the name of its rule alone, where that says the rate already: "Sylvania, 10 % from 4 February 2025", and
    /// not "10 % origins".
    fn of(treatment: &Treatment) -> Self {
        let says_it = |rule: &str| {
            treatment.name.split_once(rule).is_some_and(|(front, rest)| {
                let whole = front.chars().next_back().is_none_or(|c| !c.is_ascii_digit() && c != '.');
                let follows = rest.trim_start().split(' ').next().unwrap_or_default();
                whole
                    && (rest.starts_with([',', ';', ')'])
                        || matches!(follows, "" | "from" | "until" | "on" | "including" | "surcharge"))
            })
        };
        let amount = treatment.rule.as_deref().filter(|rule| !says_it(rule)).map(str::to_owned);
        let unverified = treatment.confidence == Some(Confidence::Low);
        Self { name: treatment.name.clone(), amount, unverified }
    }
}

impl fmt::Display for RuleInShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let confidence = self.unverified.then_some(Confidence::Low);
        f.write_str(&crate::quote::document::rule_in_words(&self.name, self.amount.as_deref(), confidence))
    }
}

impl fmt::Display for DutyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (now, before) = (listed(&self.now), listed(&self.before));
        match (self.first, self.now.is_empty(), self.before.is_empty()) {
            (true, ..) => write!(f, "{}, {now}", self.charge),
            (_, false, true) => write!(f, "begins: {}, {now}", self.charge),
            (_, true, _) => write!(f, "ends: {}, {before}", self.charge),
            (_, false, false) => write!(f, "{}: {now}, before that {before}", self.charge),
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(rules: &[RuleInShort]) -> String {
    let words: Vec<String> = rules.iter().map(RuleInShort::to_string).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [many @ .., last] => format!("{} and {last}", many.join(", ")),
    }
}

/// What is new, gone or otherwise among the duties.
fn changes(
    before: &BTreeMap<String, Vec<RuleInShort>>,
    now: &BTreeMap<String, Vec<RuleInShort>>,
    first: bool,
) -> Vec<DutyChange> {
    let change = |charge: &String, now: &[RuleInShort], before: &[RuleInShort]| DutyChange {
        charge: charge.clone(),
        first,
        now: now.to_vec(),
        before: before.to_vec(),
    };
    let mut out = Vec::new();
    for (charge, rules) in now {
        match before.get(charge) {
            Some(old) if old == rules && !first => {}
            old => out.push(change(charge, rules, old.filter(|_| !first).map_or(&[], Vec::as_slice))),
        }
    }
    let gone = before.iter().filter(|(charge, _)| !now.contains_key(*charge));
    out.extend(gone.map(|(charge, rules)| change(charge, &[], rules)));
    out
}

#[cfg(test)]
mod tests;
