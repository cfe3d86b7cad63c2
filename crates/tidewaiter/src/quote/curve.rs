//! What is due as the value of the goods grows, and where it jumps.
//!
//! The prices of all items are scaled in proportion; freight, insurance and everything else stay. At a threshold of the
//! destination's rules the charges may jump: such a cliff is found to the smallest unit of the question's currency, by
//! bisection between values at which different rules are taken.

use super::answer::{Figures, Taken, figures};
use super::consignment::Consignment;
use super::document::{Outcome, Sum};
use super::evaluate::Sheet;
use super::plan::input_error;
use super::prepare::{InputError, Prepared, prepare};
use super::said::{Said, message};
use super::threshold::thresholds;
use super::worlds::Domains;
use super::{Ask, newest};
use crate::decimal::{Decimal, MAX_INPUT, NumberError};
use crate::ratebook::Ratebook;
use crate::ratebook::layout::Tables;
use crate::ratebook::rows;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Values at which a complete question is asked, and one with the most facts missing.
const SAMPLES: i128 = 96;
const FEWEST_SAMPLES: i128 = 8;
/// Worlds evaluated over all samples, about.
const SAMPLED_WORLDS: i128 = 4_096;
/// Prices are raised so often, at most, until they come to the value: once is enough but for quantities far below one.
const MAX_RISES: usize = 8;
/// Most cliffs looked for.
const MAX_CLIFFS: usize = 64;

/// What is due as the value of the goods grows. All amounts are in the currency of the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Currency of the economy, in which charges are computed and its thresholds are most often written.
    pub currency: String,
    /// Currency of the question and of all amounts here.
    pub asked_currency: String,
    /// Value of the goods of the question, after discounts; one of the points.
    pub goods: Decimal,
    /// The charges at rising values of the goods: at some values between nothing and the greatest, closer together where
    /// values are small, at the value of the question and at both sides of each cliff.
    pub points: Vec<CurvePoint>,
    /// Where the charges jump, or the kind of answer changes, in rising order.
    pub cliffs: Vec<Cliff>,
    /// There were more cliffs than are looked for: those at greater values are not here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more_cliffs: bool,
}

/// The charges at one value of the goods. The sums are absent where the outcome has none (a formal entry, a prohibition…):
/// that is not zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    /// Value of the goods.
    pub goods: Decimal,
    /// What kind of answer.
    pub outcome: Outcome,
    /// All charges, at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Decimal>,
    /// All charges, at most; absent when no limit is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Decimal>,
    /// Of the least, what the seller collects at the sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<Decimal>,
    /// Customs and additional duties, at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duties: Option<Decimal>,
    /// VAT, GST, sales tax, excise and levies, at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxes: Option<Decimal>,
    /// Fees, at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fees: Option<Decimal>,
}

/// Two neighbouring values of the goods between which another rule is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cliff {
    /// The last value before the step.
    pub below: Decimal,
    /// The first value after it: the smallest unit of the currency more.
    pub at: Decimal,
    /// All charges at `below`, the least of a range; absent where there is no figure, or no limit of it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_below: Option<Decimal>,
    /// All charges at `at`, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Decimal>,
    /// What kind of answer at `below`.
    pub outcome_below: Outcome,
    /// What kind of answer at `at`.
    pub outcome_at: Outcome,
    /// The charges whose rules are others after it. Empty where the outcome alone changes.
    pub changes: Vec<CliffChange>,
}

/// A charge that takes other rules after a cliff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CliffChange {
    /// Key of the charge.
    pub charge: String,
    /// Its name.
    pub name: String,
    /// Names of the rungs taken before: most often one; none where the charge does not apply; several where items differ or
    /// facts are missing.
    pub before: Vec<String>,
    /// Names of the rungs taken after.
    pub after: Vec<String>,
    /// Before, its sum was too small to be collected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped_before: bool,
    /// After, its sum is too small to be collected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped_after: bool,
}

impl Ratebook {
    /// What is due as the value of the goods grows, from near nothing up to `up_to` in the currency of the question, or up to
    /// the question's own value where that is more.
    ///
    /// A cliff is where a charge takes another rung, where a sum stops or begins to be too small to be collected, or where
    /// the outcome changes. A step inside one rung's amount, or between two measures of a tariff, is in the points and is
    /// not a cliff. [`Ratebook::quote`] of [`Consignment::at_value`] gives the same sums at each value.
    ///
    /// Cost: about 100 samples, two for each threshold of the destination and up to 20 for each cliff: with the embedded data
    /// 0.6 to 1.4 milliseconds where no fact is missing. With facts missing fewer values are asked about, and the
    /// curve costs as much as some 20 quotes of the question: 4 milliseconds for 150 cases, half a second for 6,500.
    ///
    /// ```no_run
    /// use tidewaiter::{Ask, Consignment, Decimal, Ratebook};
    ///
    /// let ratebook = Ratebook::open("rates.twrb")?;
    /// let asked: Consignment = serde_json::from_str(r#"{ "to": "GB", "currency": "GBP", "items": [{ "price": "90" }] }"#)?;
    /// for cliff in ratebook.curve(&asked, &Ask::default(), Decimal::from_int(1000))?.cliffs {
    ///     println!("{} -> {}: {:?} -> {:?}", cliff.below, cliff.at, cliff.due_below, cliff.due_at);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`InputError`] naming every field that is wrong: also where the goods have no value to scale, or `up_to` is below the
    /// smallest unit of the currency or too large.
    pub fn curve(&self, asked: &Consignment, ask: &Ask, up_to: Decimal) -> Result<Curve, InputError> {
        let t = self.tables();
        let today = ask.today.unwrap_or_else(|| newest(&t));
        let own = prepare(&t, asked, today)?;
        let minor = Decimal::ten_to_minus(t.minor(own.case.invoice));
        let goods = own.items.iter().try_fold(Decimal::ZERO, |sum, (_, value)| sum.plus(*value)).map_err(too_large)?;
        if goods.is_zero() {
            return Err(input_error("items", "", &message::WRONG_NO_VALUE));
        }
        if up_to < minor || up_to > MAX_INPUT {
            let currency = asked.currency.as_str().into();
            let places = [("least", minor.into()), ("currency", currency), ("most", MAX_INPUT.into())];
            return Err(input_error("up_to", up_to, Said::of(&message::WRONG_UP_TO, places)));
        }
        let mut scan = Scan {
            t,
            asked,
            program: own.case.program,
            today,
            minor,
            sheet: Sheet::default(),
            domains: Domains::default(),
            alike: Vec::new(),
            known: BTreeMap::new(),
        };
        let at_own = scan.figures(&own);
        let samples = (SAMPLED_WORLDS / at_own.worlds.max(1) as i128).clamp(FEWEST_SAMPLES, SAMPLES);
        let last = scan.number(up_to.max(goods));
        let mut shown: Vec<i128> = std::iter::once(1)
            .chain((1..=samples).map(|k| (last * k * k + samples * samples - 1) / (samples * samples)))
            .filter(|n| (1..=last).contains(n))
            .collect();
        let mut tried = shown.clone();
        for limit in thresholds(&t, asked, &own.case) {
            let n = scan.number(limit);
            tried.extend([n - 1, n + 1].into_iter().filter(|n| (1..=last).contains(n)));
        }
        tried.sort_unstable();
        tried.dedup();
        let (steps, more_cliffs) = scan.steps(&tried)?;
        let found = steps.into_iter().filter_map(|(below, at)| Some(((below, at), scan.cliff(below, at)?)));
        let (steps, cliffs): (Vec<_>, Vec<_>) = found.unzip();
        shown.extend(steps.into_iter().flat_map(|(below, at)| [below, at]));
        let mut points = BTreeMap::new();
        for n in shown {
            let value = scan.value(n);
            points.insert(value, point(value, scan.at(n)?));
        }
        points.insert(goods, point(goods, &at_own));
        Ok(Curve {
            currency: t.currency_code(own.case.assessed_in).to_owned(),
            asked_currency: t.currency_code(own.case.invoice).to_owned(),
            goods,
            points: points.into_values().collect(),
            cliffs,
            more_cliffs,
        })
    }
}

/// A question asked at many values, each a number of smallest units of its currency.
struct Scan<'a, 'q> {
    t: Tables<'a>,
    asked: &'q Consignment,
    program: u32,
    today: Date,
    minor: Decimal,
    sheet: Sheet,
    /// The values of missing facts, which do not hang on amounts.
    domains: Domains<'a>,
    /// Code, digits and origin of the lines that they are for.
    alike: Vec<(u64, u8, Option<u16>)>,
    known: BTreeMap<i128, Figures>,
}

impl Scan<'_, '_> {
    fn value(&self, n: i128) -> Decimal {
        Decimal::from_units(n * self.minor.units())
    }

    /// The greatest number whose value is not above one.
    fn number(&self, value: Decimal) -> i128 {
        value.units().div_euclid(self.minor.units())
    }

    fn figures(&mut self, prepared: &Prepared) -> Figures {
        let alike: Vec<_> = prepared.case.lines.iter().map(|line| (line.code, line.digits, line.origin)).collect();
        if self.alike != alike {
            self.domains = Domains::default();
            self.alike = alike;
        }
        figures(&self.t, prepared, &mut self.sheet, &mut self.domains)
    }

    fn at(&mut self, n: i128) -> Result<&Figures, InputError> {
        if !self.known.contains_key(&n) {
            let asked = self.asked.at_value(self.value(n))?;
            let prepared = prepare(&self.t, &asked, self.today)?;
            let found = self.figures(&prepared);
            self.known.insert(n, found);
        }
        self.known.get(&n).ok_or_else(|| too_large(NumberError::TooLarge))
    }

    fn same(&mut self, one: i128, other: i128) -> Result<bool, InputError> {
        self.at(one)?;
        self.at(other)?;
        Ok(match (self.known.get(&one), self.known.get(&other)) {
            (Some(one), Some(other)) => {
                one.outcome == other.outcome
                    && one.rulings == other.rulings
                    && one.taken.iter().zip(&other.taken).all(|(one, other)| is_same(one, other))
            }
            _ => true,
        })
    }

    /// Neighbours between which the rules change, between numbers in rising order; and whether there are more of them.
    fn steps(&mut self, tried: &[i128]) -> Result<(Vec<(i128, i128)>, bool), InputError> {
        let mut out = Vec::new();
        for pair in tried.windows(2) {
            let &[mut from, to] = pair else { continue };
            while !self.same(from, to)? {
                if out.len() == MAX_CLIFFS {
                    return Ok((out, true));
                }
                // The last number that is as the first, where the rules change once in between; one such where more often.
                let (mut low, mut high) = (from, to);
                while high - low > 1 {
                    let middle = low + (high - low) / 2;
                    if self.same(from, middle)? {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                out.push((low, high));
                from = high;
            }
        }
        Ok((out, false))
    }

    fn cliff(&self, below: i128, at: i128) -> Option<Cliff> {
        let (one, other) = (self.known.get(&below)?, self.known.get(&at)?);
        let program = self.t.programs.get(self.program as usize)?;
        let names = |taken: &Taken| {
            let mut out: Vec<String> = Vec::new();
            for rung in taken.rungs.iter().filter_map(|rung| self.t.rungs.get(*rung as usize)) {
                let name = self.t.text(rung.name.get());
                if !out.iter().any(|known| known == name) {
                    out.push(name.to_owned());
                }
            }
            out
        };
        let charges = rows(self.t.charges, program.charges).iter().zip(one.taken.iter().zip(&other.taken));
        let changes: Vec<CliffChange> = charges
            .filter(|(_, (before, after))| is_change(before, after))
            .map(|(charge, (before, after))| CliffChange {
                charge: self.t.text(charge.key.get()).to_owned(),
                name: self.t.text(charge.name.get()).to_owned(),
                before: names(before),
                after: names(after),
                dropped_before: before.dropped[1],
                dropped_after: after.dropped[1],
            })
            .collect();
        let same_answer = one.outcome == other.outcome && one.rulings == other.rulings;
        (!same_answer || !changes.is_empty()).then(|| Cliff {
            below: self.value(below),
            at: self.value(at),
            due_below: due(one),
            due_at: due(other),
            outcome_below: one.outcome,
            outcome_at: other.outcome,
            changes,
        })
    }
}

/// Whether a charge came about alike.
fn is_same(one: &Taken, other: &Taken) -> bool {
    one.rungs == other.rungs && one.dropped == other.dropped
}

/// Whether a charge takes another rule. A sum of nothing is neither too small nor large enough to be collected.
fn is_change(one: &Taken, other: &Taken) -> bool {
    one.rungs != other.rungs || (one.dropped != other.dropped && one.span != other.span)
}

/// The charges where there is a figure with a limit.
fn due(figures: &Figures) -> Option<Decimal> {
    matches!(figures.outcome, Outcome::Amount | Outcome::Range).then_some(figures.total.least_asked)
}

fn point(goods: Decimal, figures: &Figures) -> CurvePoint {
    let Figures { outcome, total, by_kind, terms, .. } = figures;
    let counts = matches!(outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown);
    let least = |sum: Sum| counts.then_some(sum.least_asked);
    CurvePoint {
        goods,
        outcome: *outcome,
        least: least(*total),
        most: total.most_asked.filter(|_| counts),
        seller: least(terms.seller),
        duties: least(by_kind.duties),
        taxes: least(by_kind.taxes),
        fees: least(by_kind.fees),
    }
}

impl Consignment {
    /// The same question with goods of another value: the prices, after their discounts, are scaled in proportion, and
    /// everything else stays. What a price of twelve decimals cannot say is taken off as a discount on the order, so that the
    /// goods are worth exactly as much.
    ///
    /// # Errors
    /// [`InputError`] where the goods have no value, a quantity is not above zero, or an amount is too large.
    pub fn at_value(&self, goods: Decimal) -> Result<Self, InputError> {
        if goods.is_negative() || goods > MAX_INPUT {
            return Err(input_error("goods", goods, &message::WRONG_BELOW_ZERO_OR_LARGE));
        }
        self.scaled_to(goods).map_err(|error| match error {
            NumberError::DivisionByZero => input_error("items", "", &message::WRONG_NO_VALUES),
            other => too_large(other),
        })
    }

    fn scaled_to(&self, goods: Decimal) -> Result<Self, NumberError> {
        let mut asked = self.clone();
        asked.discount = None;
        let mut all = Decimal::ZERO;
        for item in &mut asked.items {
            let value = item.price.times(item.quantity)?;
            if let Some(discount) = item.discount.take().filter(|discount| !discount.is_zero()) {
                item.price = value.minus(discount)?.divided_by(item.quantity)?;
            }
            all = all.plus(item.price.times(item.quantity)?)?;
        }
        if all.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        let has_price: Vec<bool> = asked.items.iter().map(|item| !item.price.is_zero()).collect();
        let mut pieces = Decimal::ZERO;
        for (item, _) in asked.items.iter_mut().zip(&has_price).filter(|(_, has_price)| **has_price) {
            item.price = item.price.scaled(goods, all)?;
            pieces = pieces.plus(item.quantity)?;
        }
        let value = |items: &[super::consignment::Item]| {
            items.iter().try_fold(Decimal::ZERO, |sum, item| sum.plus(item.price.times(item.quantity)?))
        };
        // Rounding may leave a little missing: every price rises alike, so that equal prices stay equal.
        let mut worth = value(&asked.items)?;
        for _ in 0..MAX_RISES {
            if worth >= goods {
                break;
            }
            let rise = goods.minus(worth)?.divided_by(pieces)?.plus(Decimal::from_units(1))?;
            for (item, _) in asked.items.iter_mut().zip(&has_price).filter(|(_, has_price)| **has_price) {
                item.price = item.price.plus(rise)?;
            }
            worth = value(&asked.items)?;
        }
        asked.discount = Some(worth.minus(goods)?).filter(|over| *over > Decimal::ZERO);
        Ok(asked)
    }
}

fn too_large(_: NumberError) -> InputError {
    input_error("items", "", &message::WRONG_AMOUNTS_EXACT)
}

#[cfg(test)]
mod tests;
