//! What reaches goods of one origin besides the tariff, and how all their duties went over time.

use crate::answer::rule;
use crate::chart::{self, Step};
use crate::errors::Failure;
use crate::page::{Page, Tone};
use crate::table::{Align, Table};
use crate::words::{list, source, span};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::goods::GoodsCode;
use tidewaiter::quote::document::Treatment;
use tidewaiter::ratebook::{EconomyView, FactView, MeasureView};
use tidewaiter::record::expression::{Channel, Sale};
use tidewaiter::record::world::TerritoryKind;
use tidewaiter::record::{Confidence, Kind, MeasureKind, Status};
use tidewaiter::{Consignment, Decimal, Item, Outcome, Quote, Ratebook};

/// Value of the consignment that is asked about, in the currency of the destination: above every relief.
const SAMPLE: i64 = 1_000_000;
/// The chart begins here: what was before is not loaded for most economies.
const BEGINS: Date = jiff::civil::date(2025, 1, 1);

/// The amount of a rule that takes its rate from the tariff.
const TARIFF: &str = "tariff";
/// Laws or sources named with each duty; `--json` has all.
const NAMED: usize = 2;

/// A consignment of one kind of goods that is asked about day by day: for a business, with nothing claimed.
pub(crate) struct Sample<'a> {
    pub(crate) ratebook: &'a Ratebook,
    pub(crate) economy: &'a EconomyView,
    pub(crate) code: GoodsCode,
    pub(crate) origin: &'a str,
}

/// A duty on the goods, by the rule that it takes.
#[derive(Debug)]
pub(crate) struct Reached {
    /// Key of the charge.
    key: String,
    /// Name of the charge.
    charge: String,
    /// Name and amount of the rule.
    rule: String,
    /// First day the rule is in force.
    from: Option<Date>,
    /// First day it is no longer.
    before: Option<Date>,
    /// The acts behind it.
    law: Vec<String>,
    /// Where it was read.
    read: Vec<String>,
    /// How sure we are.
    confidence: Option<Confidence>,
}

impl Reached {
    /// As JSON.
    pub(crate) fn json(&self) -> Value {
        json!({
            "key": self.key, "charge": self.charge, "rule": self.rule, "law": self.law, "read": self.read, "confidence": self.confidence,
            "from": self.from.map(|day| day.to_string()), "before": self.before.map(|day| day.to_string()),
        })
    }
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

    /// The duties that reach the goods on a day, each with its rule and law.
    pub(crate) fn reached(&self, measures: &[MeasureView], day: Date) -> Vec<Reached> {
        let Some(quote) = self.quote(day) else { return Vec::new() };
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
                let behind = if sends { self.behind_rate(measures, charge.kind, treatment, day) } else { Vec::new() };
                let keys = treatment.cites.iter().filter(|_| !lacks_rate && behind.is_empty());
                let stated = keys.filter_map(|key| quote.sources.iter().find(|s| s.key == *key));
                let stated = stated.map(|s| (s.law.clone(), source(&s.publisher, s.title.as_deref(), s.date)));
                let rates = behind.iter().map(|f| (f.law.clone(), source(&f.publisher, f.title.as_deref(), f.date)));
                for (act, title) in stated.chain(rates) {
                    law.extend(act.filter(|act| !law.contains(act)));
                    read.extend(Some(title).filter(|title| !read.contains(title)));
                }
                let rung =
                    rung.filter(|rung| rung.amount == treatment.rule || treatment.rule.is_none()).filter(|_| !sends);
                let sure = behind.iter().map(|fact| fact.confidence).chain(treatment.confidence).min();
                let treatment = &Treatment { confidence: sure, ..treatment.clone() };
                out.push(Reached {
                    key: charge.key.clone(),
                    charge: charge.name.clone(),
                    rule: if lacks_rate {
                        format!("{}: no rate is loaded for that day", treatment.name)
                    } else {
                        in_short(treatment)
                    },
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
    fn behind_rate(&self, measures: &[MeasureView], kind: Kind, taken: &Treatment, day: Date) -> Vec<FactView> {
        let rates = measures.iter().filter(|measure| {
            let open = measure.programs.is_empty() && measure.holds_on(day);
            open && is_of(kind, measure.kind) && taken.rule.as_ref() == Some(&measure.amount)
        });
        let mut keys: Vec<&String> = rates.flat_map(|measure| &measure.cites).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().filter_map(|key| self.ratebook.fact(key)).collect()
    }

    /// All duties together in percent of the value, from day to day, with what changed at each step.
    pub(crate) fn history(&self, measures: &[MeasureView], day: Date) -> Vec<Step> {
        let until = day.saturating_add(1.year());
        let mut days = BTreeSet::from([BEGINS.min(day)]);
        let rungs = self.economy.charges.iter().filter(|c| c.kind.is_duty()).flat_map(|c| &c.rungs);
        let rules = rungs.filter(|r| r.status == Status::InForce).flat_map(|r| [r.from, r.before]);
        for date in rules.chain(measures.iter().flat_map(|m| [m.from, m.before])).flatten() {
            if date > BEGINS && date <= until {
                days.insert(date);
            }
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut before = BTreeMap::new();
        for from in days {
            let quote = self.quote(from);
            let percent = quote.as_ref().and_then(percent_of);
            let now = quote.as_ref().map(duties_of).unwrap_or_default();
            let changed = changes(&before, &now, steps.is_empty());
            before = now;
            // Rules may follow each other without a change of the percentage: both are told.
            match steps.last_mut().filter(|step| step.percent == percent) {
                Some(step) => step.changed.extend(changed.into_iter().map(|change| format!("on {from}, {change}"))),
                None => steps.push(Step { from, percent, changed }),
            }
        }
        steps
    }
}

/// Whether a charge of a kind takes its rate from measures of a kind.
const fn is_of(charge: Kind, measure: MeasureKind) -> bool {
    use MeasureKind::{Preference, Quota, Suspension, ThirdCountry};
    matches!(charge, Kind::Duty) == matches!(measure, ThirdCountry | Preference | Suspension | Quota)
}

/// All duties in percent of the sample, where they are one number.
fn percent_of(quote: &Quote) -> Option<Decimal> {
    let duties = quote.by_kind.duties;
    let counts = matches!(quote.outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown);
    let exact = duties.most == Some(duties.least);
    (counts && exact).then(|| duties.least.scaled(Decimal::HUNDRED, Decimal::from_int(SAMPLE)).ok()).flatten()
}

/// Each duty's rules in words, by its name.
fn duties_of(quote: &Quote) -> BTreeMap<String, String> {
    let duties = quote.charges.iter().filter(|charge| charge.kind.is_duty());
    duties
        .map(|charge| (charge.name.clone(), list(&charge.treatments.iter().map(in_short).collect::<Vec<_>>())))
        .collect()
}

/// A treatment by the name of its rule alone, where that says the rate already: "China, 10 % from 4 February 2025", and
/// not "10 % origins".
fn in_short(treatment: &Treatment) -> String {
    let says_it = treatment.rule.as_ref().is_some_and(|rule| {
        treatment.name.split_once(rule.as_str()).is_some_and(|(front, rest)| {
            let whole = front.chars().next_back().is_none_or(|c| !c.is_ascii_digit() && c != '.');
            let follows = rest.trim_start().split(' ').next().unwrap_or_default();
            whole
                && (rest.starts_with([',', ';', ')'])
                    || matches!(follows, "" | "from" | "until" | "on" | "including" | "surcharge"))
        })
    });
    rule(&if says_it { Treatment { rule: None, ..treatment.clone() } } else { treatment.clone() })
}

/// What is new, gone or otherwise among the duties.
fn changes(before: &BTreeMap<String, String>, now: &BTreeMap<String, String>, first: bool) -> Vec<String> {
    let mut out = Vec::new();
    for (name, rule) in now {
        match before.get(name) {
            _ if first => out.push(format!("{name}, {rule}")),
            None => out.push(format!("begins: {name}, {rule}")),
            Some(old) if old != rule => out.push(format!("{name}: {rule}, before that {old}")),
            Some(_) => {}
        }
    }
    out.extend(
        before.iter().filter(|(name, _)| !now.contains_key(*name)).map(|(name, rule)| format!("ends: {name}, {rule}")),
    );
    out
}

/// Writes the duties that reach the goods.
pub(crate) fn list_reached(reached: &[Reached], day: Date, page: &mut Page) -> Result<(), Failure> {
    if reached.is_empty() {
        return Ok(());
    }
    page.heading(&format!("Duties on these goods on {day} (for a business, nothing claimed)"))?;
    for one in reached {
        let dates = span(one.from, one.before);
        let dates = if dates.is_empty() { String::new() } else { format!(", {dates}") };
        let (what, behind) = if one.law.is_empty() { ("Source", &one.read) } else { ("Law", &one.law) };
        let more = match behind.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let law = match behind.get(..NAMED).unwrap_or(behind) {
            [] => String::new(),
            named => format!(". {what}: {}{more}", named.join("; ")),
        };
        page.bullet(&format!("{}, {}{dates}{law}", one.charge, one.rule))?;
    }
    Ok(())
}

/// Draws the chart and lists its steps.
pub(crate) fn draw(
    steps: &[Step],
    measures: &[MeasureView],
    economy: &EconomyView,
    day: Date,
    page: &mut Page,
) -> Result<(), Failure> {
    if steps.iter().all(|s| s.percent.is_none()) {
        let why = if economy.kind == TerritoryKind::Union {
            "To see the duties over time, name a member of the union.".to_owned()
        } else if !measures.iter().any(|measure| measure.holds_on(day)) {
            format!("The duties of {day} cannot be added up, since no tariff of these goods is loaded for that day.")
        } else {
            "The duties are no one percentage of the value: ask for your goods with `tidewaiter quote`.".to_owned()
        };
        page.gap()?;
        return Ok(page.paragraph(&why, Tone::Quiet)?);
    }
    page.heading(&format!(
        "All customs duties together, in percent of the value (business consignment of {} {SAMPLE}, nothing claimed)",
        economy.currency
    ))?;
    for line in chart::lines(steps, day.saturating_add(1.month()).max(BEGINS.saturating_add(1.year())), page.width) {
        page.line(&line)?;
    }
    page.gap()?;
    let mut table = Table::new(&[("From", Align::Left), ("Duties", Align::Right), ("What changed", Align::Left)], 2);
    for step in steps {
        let text = step.percent.map_or_else(|| "no one number".to_owned(), |p| format!("{p} %"));
        let mark = if step.from > day { " (to come)" } else { "" };
        let changed = if step.changed.is_empty() { String::new() } else { step.changed.join("; ") };
        table.row(vec![step.from.to_string(), format!("{text}{mark}"), changed]);
    }
    page.table(&table)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_a_rate_once() {
        for (name, said) in [
            ("10 % until 3 June 2025", "10 % until 3 June 2025"),
            ("China and Hong Kong, 10 %", "China and Hong Kong, 10 %"),
            ("10 % surcharge", "10 % surcharge"),
            ("10 % origins", "10 % origins: 10 %"),
            ("110 % origins", "110 % origins: 10 %"),
            ("tariff", "tariff: 10 %"),
        ] {
            let taken: Treatment = serde_json::from_value(json!({
                "name": name, "rule": "10 %", "base_rule": "customs", "amount": "1", "collect": "border", "cites": [],
            }))
            .unwrap();
            assert_eq!(in_short(&taken), said);
        }
    }

    #[test]
    fn says_what_changed() {
        let map = |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let before = map(&[("Customs duty", "tariff: 16.5 %"), ("Fentanyl duty", "China: 20 %"), ("Old duty", "10 %")]);
        let now = map(&[("Customs duty", "tariff: 16.5 %"), ("Fentanyl duty", "China: 10 %"), ("New duty", "5 %")]);
        assert_eq!(
            changes(&before, &now, false),
            ["Fentanyl duty: China: 10 %, before that China: 20 %", "begins: New duty, 5 %", "ends: Old duty, 10 %"]
        );
        assert_eq!(changes(&BTreeMap::new(), &map(&[("Customs duty", "0 %")]), true), ["Customs duty, 0 %"]);
    }
}
