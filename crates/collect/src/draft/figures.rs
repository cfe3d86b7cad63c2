//! The figures of a return: sums in the currencies of the sales, converted, rounded where the law says.

use super::collected::Part;
use super::rates::{NoRate, RateTaken, Rates};
use crate::definition::{BoxRule, Corrections, Definition, Figure, Of, Percent, Period, RowKey, Stage, Sum};
use crate::event::RateType;
use crate::ledger::{Refused, Why};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::Decimal;

/// A row of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RowFigure {
    /// What its sales have in common.
    #[serde(flatten)]
    pub key: Key,
    /// What tax is reckoned on; nothing where an exchange rate is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net: Option<Decimal>,
    /// The tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<Decimal>,
    /// The same in the currencies of the sales.
    pub of: Vec<Converted>,
    /// How many rows of sales, refunds and corrections are in it.
    pub lines: u64,
}

/// What rows are told apart by; what a return does not ask for is absent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Key {
    /// Territory of the buyers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_state: Option<String>,
    /// Territory from which goods were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatched_from: Option<String>,
    /// Kind of rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_type: Option<RateType>,
    /// The rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Percent>,
}

/// Sums in one currency of sales, and what they are in that of the return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Converted {
    /// Currency of the sales.
    pub currency: String,
    /// The day whose exchange rate counts.
    #[schemars(with = "String")]
    pub day: Date,
    /// What tax is reckoned on.
    pub net: Decimal,
    /// The tax.
    pub tax: Decimal,
    /// Both in the currency of the return, not rounded unless each sale is; nothing where the rate is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub converted: Option<[Decimal; 2]>,
}

/// A box of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BoxFigure {
    /// Its number.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What stands in it; nothing where it cannot be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
}

/// What sets a past period right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CorrectionFigure {
    /// The period.
    pub period: Period,
    /// Territory of the buyers.
    pub member_state: String,
    /// How the tax changes; nothing where an exchange rate is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<Decimal>,
    /// The same in the currencies of the sales.
    pub of: Vec<Converted>,
    /// How many rows of refunds and corrections are in it.
    pub lines: u64,
}

/// What is owed to one territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StateBalance {
    /// Territory of the buyers.
    pub member_state: String,
    /// Tax of the period with what sets past periods right; below zero it comes back.
    pub balance: Decimal,
}

/// Tax for which the return has no box: it cannot be declared so, and what is owed cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Uncounted {
    /// The rate; nothing where the sales do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Percent>,
    /// Whether there is a box of its rate, that does not hold what went back or what sets past periods right.
    #[serde(skip)]
    pub(super) has_rate: bool,
    /// Currency of the sales.
    pub currency: String,
    /// The tax.
    pub tax: Decimal,
    /// How many rows of sales, refunds and corrections.
    pub lines: u64,
}

impl std::fmt::Display for Uncounted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tax of {} {} ", self.currency, self.tax.to_at_least(2))?;
        match self.rate {
            Some(rate) => write!(f, "at {rate}")?,
            None => f.write_str("at a rate that the sales do not say")?,
        }
        let says = if self.has_rate {
            "it went back or sets a past period right. Ask the authority where it stands"
        } else {
            "look whether the rate is right, and correct the sales where it is not"
        };
        write!(f, " (rows: {}) has no box in this return: {says}", self.lines)
    }
}

/// All figures of a return.
pub(super) struct Made {
    pub(super) rows: Vec<RowFigure>,
    pub(super) boxes: Vec<BoxFigure>,
    /// Boxes reckoned from others, where buyers were charged another sum.
    pub(super) reckoned: Vec<Reckoned>,
    pub(super) corrections: Vec<CorrectionFigure>,
    pub(super) states: Vec<StateBalance>,
    pub(super) owed: Option<Decimal>,
    pub(super) back: Decimal,
    pub(super) uncounted: Vec<Uncounted>,
    pub(super) rates: Vec<RateTaken>,
    pub(super) missing: Vec<NoRate>,
    /// Tax of mistakes in past periods, without refunds.
    pub(super) corrected: Decimal,
}

/// A box of tax that is reckoned from another box, and not from the tax that was charged.
pub(super) struct Reckoned {
    pub(super) key: String,
    pub(super) value: Decimal,
    /// The tax that buyers were charged.
    pub(super) charged: Decimal,
}

/// To which part of a return a line belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Sales,
    Refunds,
    /// Of a past period: by a refund, or by a mistake that was found.
    Past {
        period: Period,
        mistake: bool,
        lowers: bool,
    },
}

impl Place {
    /// Whether a figure over such sales holds what belongs here. `own_box` says whether a box of the return is of past periods alone.
    fn is_of(self, of: Of, own_box: bool) -> bool {
        match (of, self) {
            (Of::Sales | Of::Both, Self::Sales) | (Of::Refunds | Of::Credits | Of::Both, Self::Refunds) => true,
            (Of::Both, Self::Past { .. }) => !own_box,
            (Of::Corrections, Self::Past { .. }) => true,
            (Of::Raised, Self::Past { lowers, .. }) => !lowers,
            (Of::Credits, Self::Past { lowers, .. }) => lowers,
            _ => false,
        }
    }
}

/// Sums that share everything that can matter for a figure.
type Group = (Place, Key, String, String, Date);

#[derive(Default)]
struct Held {
    net: Decimal,
    tax: Decimal,
    /// Converted and rounded one by one, where the law wants each sale rounded.
    rounded: Option<[Decimal; 2]>,
    lines: u64,
}

/// Adds up lines.
pub(super) struct Sums<'a> {
    definition: &'a Definition,
    period: Period,
    rates: &'a Rates<'a>,
    groups: BTreeMap<Group, Held>,
    taken: BTreeMap<(String, Date), Result<RateTaken, NoRate>>,
}

impl<'a> Sums<'a> {
    pub(super) fn new(definition: &'a Definition, period: Period, rates: &'a Rates<'a>) -> Self {
        Self { definition, period, rates, groups: BTreeMap::new(), taken: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, part: &Part) -> Result<(), Refused> {
        let place = match part.why {
            why if part.about != self.period => {
                let lowers = part.tax.is_negative();
                Place::Past { period: part.about, mistake: why == Why::Correction, lowers }
            }
            Why::Refund => Place::Refunds,
            Why::Sale | Why::Correction => Place::Sales,
        };
        let by = self.definition.rows.as_ref().map_or(&[][..], |rows| &rows.by);
        let has = |key| by.contains(&key);
        let key = Key {
            member_state: has(RowKey::MemberState).then(|| part.to.clone()),
            dispatched_from: part.from.clone().filter(|_| has(RowKey::DispatchedFrom)),
            rate_type: part.rate_type.filter(|_| has(RowKey::RateType)),
            // Boxes may be of one rate alone.
            rate: part.rate.filter(|_| has(RowKey::Rate) || !self.definition.boxes.is_empty()),
        };
        let rate = self.rate(&part.currency, part.day);
        let rounding = (self.definition.rounding.stage == Stage::Sale).then_some(self.definition.rounding.is);
        let held = self.groups.entry((place, key, part.to.clone(), part.currency.clone(), part.day)).or_default();
        held.net = held.net.plus(part.net)?;
        held.tax = held.tax.plus(part.tax)?;
        held.lines += part.lines;
        if let (Some(rounding), Some(rate)) = (rounding, rate) {
            // All lines of the part are alike.
            let lines = Decimal::from_int(i64::try_from(part.lines).unwrap_or(i64::MAX));
            let add = |sum: Decimal, amount: Decimal| -> Result<Decimal, Refused> {
                Ok(sum.plus(rounding.apply(rate.convert(amount.divided_by(lines)?)?)?.times(lines)?)?)
            };
            let [net, tax] = held.rounded.unwrap_or_default();
            held.rounded = Some([add(net, part.net)?, add(tax, part.tax)?]);
        }
        Ok(())
    }

    /// The rate for a currency and day. Noted as missing where it is not known.
    fn rate(&mut self, currency: &str, day: Date) -> Option<RateTaken> {
        let own = &self.definition.currency;
        let found = self.taken.entry((currency.to_owned(), day)).or_insert_with(|| {
            if currency == own.is {
                let (from, to, publisher) = (currency.to_owned(), own.is.clone(), String::new());
                return Ok(RateTaken {
                    from,
                    to,
                    times: Decimal::ONE,
                    over: Decimal::ONE,
                    wanted: day,
                    day,
                    publisher,
                });
            }
            self.rates.find(&self.definition.scheme.key, &own.rate, currency, &own.is, day)
        });
        found.as_ref().ok().cloned()
    }

    fn converted(&self, currency: &str, day: Date, held: &Held) -> Result<Option<[Decimal; 2]>, Refused> {
        if let Some(rounded) = held.rounded {
            return Ok(Some(rounded));
        }
        match self.taken.get(&(currency.to_owned(), day)) {
            Some(Ok(rate)) => Ok(Some([rate.convert(held.net)?, rate.convert(held.tax)?])),
            _ => Ok(None),
        }
    }

    pub(super) fn made(self) -> Result<Made, Refused> {
        let apart = self.definition.corrections.go == Corrections::Apart;
        let by_row = self.definition.rounding.stage == Stage::Row;
        let rounding = self.definition.rounding.is;
        let round =
            |sum: Decimal| -> Result<Decimal, Refused> { if by_row { Ok(rounding.apply(sum)?) } else { Ok(sum) } };
        let mut rows: BTreeMap<Key, Open> = BTreeMap::new();
        let mut past: BTreeMap<(Period, String), Open> = BTreeMap::new();
        let mut corrected = Decimal::ZERO;
        for ((part, key, to, currency, day), held) in &self.groups {
            let converted = self.converted(currency, *day, held)?;
            if let (Place::Past { mistake: true, .. }, Some([_, tax])) = (part, converted) {
                corrected = corrected.plus(tax)?;
            }
            let open = match part {
                Place::Past { period, .. } if apart => past.entry((*period, to.clone())).or_default(),
                _ => rows.entry(key.clone()).or_default(),
            };
            open.add(currency, *day, held, converted)?;
        }
        let all_known = self.taken.values().all(Result::is_ok);
        let mut sum = Decimal::ZERO;
        let mut states: BTreeMap<String, Decimal> = BTreeMap::new();
        let mut count = |to: Option<&str>, tax: Option<Decimal>| -> Result<(), Refused> {
            sum = sum.plus(tax.unwrap_or_default())?;
            if let Some(to) = to {
                let state = states.entry(to.to_owned()).or_default();
                *state = state.plus(tax.unwrap_or_default())?;
            }
            Ok(())
        };
        let mut made_rows = Vec::new();
        for (key, open) in rows {
            let [net, tax] = open.figures(round)?;
            count(key.member_state.as_deref(), tax)?;
            made_rows.push(RowFigure { key, net, tax, of: open.of, lines: open.lines });
        }
        let mut corrections = Vec::new();
        for ((period, member_state), open) in past {
            let [_, tax] = open.figures(round)?;
            count(Some(&member_state), tax)?;
            corrections.push(CorrectionFigure { period, member_state, tax, of: open.of, lines: open.lines });
        }
        let (boxes, reckoned) = self.boxes()?;
        let mut back = Decimal::ZERO;
        let uncounted = self.uncounted()?;
        let owed = match &self.definition.payment.figure {
            Some(_) if !uncounted.is_empty() => None,
            Some(key) => boxes.iter().find(|one| one.key == *key).and_then(|one| one.value),
            None if !all_known => None,
            None if self.definition.corrections.set_off => Some(sum),
            None => {
                let mut owed = Decimal::ZERO;
                for balance in states.values() {
                    if balance.is_negative() {
                        back = back.minus(*balance)?;
                    } else {
                        owed = owed.plus(*balance)?;
                    }
                }
                Some(owed)
            }
        };
        let by_state = self.definition.rows.as_ref().is_some_and(|rows| rows.by.contains(&RowKey::MemberState));
        let states = states
            .into_iter()
            .filter(|_| by_state && all_known)
            .map(|(member_state, balance)| StateBalance { member_state, balance })
            .collect();
        if self.definition.rows.is_none() {
            made_rows.clear();
        }
        let (mut rates, mut missing) = (Vec::new(), BTreeSet::new());
        for found in self.taken.into_values() {
            match found {
                Ok(rate) if rate.publisher.is_empty() => {}
                Ok(rate) => rates.push(rate),
                Err(none) => drop(missing.insert(none)),
            }
        }
        Ok(Made {
            rows: made_rows,
            boxes,
            reckoned,
            corrections,
            states,
            owed,
            back,
            uncounted,
            rates,
            missing: missing.into_iter().collect(),
            corrected,
        })
    }

    /// Tax that no box counts, by rate and currency.
    fn uncounted(&self) -> Result<Vec<Uncounted>, Refused> {
        let mut found: BTreeMap<(Option<Percent>, bool, &str), (Decimal, u64)> = BTreeMap::new();
        let own_box = self.has_own_box();
        let Some(owed) = &self.definition.payment.figure else { return Ok(Vec::new()) };
        // The boxes of which what is owed is made: a box is made of those before it.
        let mut of = BTreeSet::from([owed.as_str()]);
        for one in self.definition.boxes.iter().rev() {
            if of.contains(one.key.as_str()) {
                of.extend(one.is.boxes());
            }
        }
        let taxes = || {
            let boxes = self.definition.boxes.iter().filter(|one| of.contains(one.key.as_str()));
            boxes.filter(|one| matches!(one.is, Figure::Sum(Sum::Tax | Sum::Gross) | Figure::Within(_)))
        };
        for ((part, key, _, currency, _), held) in &self.groups {
            let mut of_rate = taxes().filter(|one| one.holds(key.rate, self.sold(*part))).peekable();
            let has_rate = of_rate.peek().is_some();
            if !of_rate.any(|one| part.is_of(one.of, own_box)) && !held.tax.is_zero() {
                let sum = found.entry((key.rate, has_rate, currency)).or_default();
                *sum = (sum.0.plus(held.tax)?, sum.1 + held.lines);
            }
        }
        let told = |((rate, has_rate, currency), (tax, lines)): ((Option<Percent>, bool, &str), (Decimal, u64))| {
            Uncounted { rate, has_rate, currency: currency.to_owned(), tax, lines }
        };
        Ok(found.into_iter().map(told).collect())
    }

    /// The first day of the period for what was sold in it.
    fn sold(&self, part: Place) -> Option<Date> {
        (part == Place::Sales).then(|| self.period.first())
    }

    /// Whether a box is of past periods alone.
    fn has_own_box(&self) -> bool {
        self.definition.boxes.iter().any(|one| one.of.is_of_past())
    }

    /// The tax that buyers were charged, of what a box holds. Nothing where an exchange rate is not known.
    fn charged(&self, one: &BoxRule, own_box: bool) -> Result<Option<Decimal>, Refused> {
        let mut sum = Decimal::ZERO;
        for ((part, key, _, currency, day), held) in &self.groups {
            if part.is_of(one.of, own_box) && one.holds(key.rate, self.sold(*part)) {
                let Some([_, tax]) = self.converted(currency, *day, held)? else { return Ok(None) };
                sum = sum.plus(tax)?;
            }
        }
        Ok(Some(sum))
    }

    fn boxes(&self) -> Result<(Vec<BoxFigure>, Vec<Reckoned>), Refused> {
        let rule = &self.definition.rounding;
        let own_box = self.has_own_box();
        let mut values: BTreeMap<&str, Option<Decimal>> = BTreeMap::new();
        let (mut boxes, mut reckoned) = (Vec::new(), Vec::new());
        for one in &self.definition.boxes {
            let value = match &one.is {
                Figure::None => Some(Decimal::ZERO),
                Figure::Boxes(_) => one.of_boxes(rule, &values)?,
                Figure::Within(_) => {
                    let value = one.of_boxes(rule, &values)?;
                    if let (Some(value), Some(charged)) = (value, self.charged(one, own_box)?)
                        && value != charged
                    {
                        reckoned.push(Reckoned { key: one.key.clone(), value, charged });
                    }
                    value
                }
                Figure::Sum(figure) => {
                    let mut sum = Some(Decimal::ZERO);
                    for ((part, key, _, currency, day), held) in &self.groups {
                        if !part.is_of(one.of, own_box) || !one.holds(key.rate, self.sold(*part)) {
                            continue;
                        }
                        let Some([net, tax]) = self.converted(currency, *day, held)? else {
                            sum = None;
                            break;
                        };
                        let amount = match figure {
                            Sum::Net => net,
                            Sum::Tax => tax,
                            Sum::Gross => net.plus(tax)?,
                        };
                        // What went back is written without a minus in a box of its own.
                        sum = match sum {
                            Some(sum) if one.of.is_taken_away() => Some(sum.minus(amount)?),
                            Some(sum) => Some(sum.plus(amount)?),
                            None => None,
                        };
                    }
                    match (sum, one.rounding(rule)) {
                        (Some(sum), Some(rounding)) => Some(rounding.apply(sum)?),
                        (sum, _) => sum,
                    }
                }
            };
            values.insert(&one.key, value);
            boxes.push(BoxFigure { key: one.key.clone(), name: one.name.clone(), value });
        }
        Ok((boxes, reckoned))
    }
}

/// A figure while it is added up.
#[derive(Default)]
struct Open {
    net: Decimal,
    tax: Decimal,
    of: Vec<Converted>,
    lines: u64,
}

impl Open {
    /// Both figures rounded, where all exchange rates are known.
    fn figures(&self, round: impl Fn(Decimal) -> Result<Decimal, Refused>) -> Result<[Option<Decimal>; 2], Refused> {
        if self.of.iter().any(|one| one.converted.is_none()) {
            return Ok([None, None]);
        }
        Ok([Some(round(self.net)?), Some(round(self.tax)?)])
    }

    fn add(&mut self, currency: &str, day: Date, held: &Held, converted: Option<[Decimal; 2]>) -> Result<(), Refused> {
        if let Some([net, tax]) = converted {
            self.net = self.net.plus(net)?;
            self.tax = self.tax.plus(tax)?;
        }
        self.lines += held.lines;
        match self.of.iter_mut().find(|one| one.currency == currency && one.day == day) {
            Some(one) => {
                one.net = one.net.plus(held.net)?;
                one.tax = one.tax.plus(held.tax)?;
                one.converted = match (one.converted, converted) {
                    (Some([a, b]), Some([c, d])) => Some([a.plus(c)?, b.plus(d)?]),
                    _ => None,
                };
            }
            None => {
                self.of.push(Converted { currency: currency.to_owned(), day, net: held.net, tax: held.tax, converted })
            }
        }
        Ok(())
    }
}
