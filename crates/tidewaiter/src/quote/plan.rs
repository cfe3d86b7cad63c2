//! Consignment planning: what changes if the order travels in several parcels.

use super::answer::figures;
use super::consignment::{Consignment, Earlier};
use super::document::{Landed, Outcome, Sum};
use super::evaluate::Sheet;
use super::prepare::{InputError, prepare};
use super::said::Said;
use super::worlds::Domains;
use super::{Ask, InputProblem, newest};
use crate::decimal::Decimal;
use crate::quote::apportion::apportion;
use crate::ratebook::Ratebook;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most items for which every division into two parcels is tried.
const MAX_DIVIDED: usize = 9;

/// Most work for all ways but the whole order: evaluated worlds times the amounts of each, counted and not timed, so that the same question has
/// the same answer on every machine. Nine items without all digits of their codes took up to 15.6 s without a limit; with this one, over every
/// economy of the data, at most 4 s on two busy processors (release build), and a hundred items that lack a code too 5.4 s.
const MOST_WORK: usize = 4_000_000;

/// Ways to send an order, the cheapest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The ways.
    pub options: Vec<PlanOption>,
    /// Currency of the economy.
    pub currency: String,
    /// Currency of the question.
    pub asked_currency: String,
    /// Why some ways were not tried, where they were not: what is cheaper among them is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_tried: Option<String>,
}

/// One way to send it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanOption {
    /// Short name.
    pub name: String,
    /// What is done.
    pub explanation: String,
    /// A caution about the law of dividing orders.
    pub lawful: String,
    /// Item numbers, from 1, of each parcel.
    pub parcels: Vec<Vec<usize>>,
    /// All charges.
    pub total: Sum,
    /// Goods, shipping and charges.
    pub landed: Landed,
}

impl Ratebook {
    /// Prices an order sent as one consignment, one for each item, and (up to nine items) as every division into two.
    ///
    /// Transport, insurance and discount are spread over the parcels by value; other parcels of the order count as the
    /// buyer's parcels of the same day, so limits that the law sums over a day are not escaped.
    ///
    /// Where goods codes of few digits, or missing origins, make every part many cases, ways to divide are left out after a fixed amount of
    /// work and [`Plan::not_tried`] says so.
    ///
    /// # Errors
    /// [`InputError`] naming every field that is wrong.
    pub fn plan(&self, asked: &Consignment) -> Result<Plan, InputError> {
        let whole = self.answer(asked, &Ask::default())?;
        let tables = self.tables();
        let caution = aggregation(&tables, asked);
        let count = asked.items.len();
        let mut ways: Vec<(String, String, Vec<Vec<usize>>)> =
            vec![("one parcel".into(), "Everything travels as one consignment.".into(), vec![(0..count).collect()])];
        if count > 1 {
            ways.push((
                "one parcel for each item".into(),
                "Each item travels on its own.".into(),
                (0..count).map(|i| vec![i]).collect(),
            ));
        } else if let Some(pieces) = whole_pieces(asked) {
            ways.push((format!("{pieces} parcels"), "Each piece travels on its own.".into(), vec![vec![0]; pieces]));
        }
        if (3..=MAX_DIVIDED).contains(&count) {
            for mask in 1u32..(1 << (count - 1)) {
                let (a, b): (Vec<usize>, Vec<usize>) = (0..count).partition(|i| mask >> i & 1 == 0);
                if !a.is_empty() && !b.is_empty() {
                    ways.push(("two parcels".into(), "The order travels in two consignments.".into(), vec![a, b]));
                }
            }
        }
        let mut options: Vec<PlanOption> = Vec::new();
        let mut left = MOST_WORK;
        let mut not_tried = None;
        for (name, explanation, groups) in ways {
            let priced = if groups.len() == 1 {
                has_figures(whole.outcome).then_some((whole.total, whole.landed))
            } else {
                match self.price(asked, &groups, &mut left)? {
                    Priced::Sums(total, landed) => Some((total, landed)),
                    Priced::Nothing => None,
                    Priced::Spent => {
                        // Half of the divisions in two would not tell which is the cheapest.
                        options.retain(|option| option.name != name);
                        not_tried = Some(NOT_TRIED.to_owned());
                        break;
                    }
                }
            };
            if let Some((total, landed)) = priced {
                let lawful = if groups.len() == 1 { String::new() } else { caution.clone() };
                let parcels = groups.iter().map(|g| g.iter().map(|i| i + 1).collect()).collect();
                options.push(PlanOption { name, explanation, lawful, parcels, total, landed });
            }
        }
        // Of the divisions in two, only the cheapest is worth showing.
        let best_two =
            options.iter().filter(|o| o.name == "two parcels").map(|o| (o.total.least, o.parcels.clone())).min();
        options.retain(|o| o.name != "two parcels" || best_two.as_ref().is_some_and(|(_, p)| *p == o.parcels));
        options.sort_by_key(|o| (o.landed.most.is_none(), o.landed.most, o.landed.least, o.parcels.len()));
        Ok(Plan { options, currency: whole.currency, asked_currency: whole.asked_currency, not_tried })
    }

    /// The sum over the parcels of a division, while work is left.
    fn price(&self, asked: &Consignment, groups: &[Vec<usize>], left: &mut usize) -> Result<Priced, InputError> {
        let tables = self.tables();
        let mut total: Option<Sum> = None;
        let mut landed = Landed { least: Decimal::ZERO, most: Some(Decimal::ZERO) };
        for (at, _) in groups.iter().enumerate() {
            let Some(part) = part_of(asked, groups, at) else { return Ok(Priced::Nothing) };
            let prepared = prepare(&tables, &part, newest(&tables))?;
            let found = figures(&tables, &prepared, &mut Sheet::default(), &mut Domains::default());
            let Some(rest) = left.checked_sub(found.work) else { return Ok(Priced::Spent) };
            *left = rest;
            if !has_figures(found.outcome) {
                return Ok(Priced::Nothing);
            }
            let add = |a: Decimal, b: Decimal| a.plus(b).unwrap_or(a);
            let both = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).map(|(a, b)| add(a, b));
            total = Some(match total {
                None => found.total,
                Some(t) => Sum {
                    least: add(t.least, found.total.least),
                    most: both(t.most, found.total.most),
                    least_asked: add(t.least_asked, found.total.least_asked),
                    most_asked: both(t.most_asked, found.total.most_asked),
                },
            });
            landed =
                Landed { least: add(landed.least, found.landed.least), most: both(landed.most, found.landed.most) };
        }
        Ok(total.map_or(Priced::Nothing, |total| Priced::Sums(total, landed)))
    }
}

/// What a way costs.
enum Priced {
    /// All charges, and all in all.
    Sums(Sum, Landed),
    /// There is no figure for a part.
    Nothing,
    /// It takes more work than is done.
    Spent,
}

const NOT_TRIED: &str = "Ways to divide the order were left out: each part of it is too many cases. Give full goods codes and origins, or fewer items.";

/// Whether an answer has sums.
fn has_figures(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Amount | Outcome::Range | Outcome::Unknown)
}

/// How many single pieces a one-item order divides into.
fn whole_pieces(asked: &Consignment) -> Option<usize> {
    let [item] = asked.items.as_slice() else { return None };
    (2..=20).find(|&n| item.quantity == Decimal::from_int(n)).map(|n| n as usize)
}

/// One parcel of a division, with the others as earlier parcels of the day.
fn part_of(asked: &Consignment, groups: &[Vec<usize>], at: usize) -> Option<Consignment> {
    let split_pieces = asked.items.len() == 1 && groups.len() > 1;
    let value = |i: usize| {
        let item = &asked.items[i];
        let whole = item.price.times(item.quantity).ok()?.minus(item.discount.unwrap_or_default()).ok()?;
        if split_pieces { whole.divided_by(item.quantity).ok() } else { Some(whole) }
    };
    let mut weights = Vec::new();
    for group in groups {
        let mut sum = Decimal::ZERO;
        for &i in group {
            sum = sum.plus(value(i)?).ok()?;
        }
        weights.push(sum);
    }
    let cent = Decimal::ten_to_minus(2);
    let share = |total: Option<Decimal>| {
        total.map(|t| apportion(t, &weights, cent).ok().and_then(|p| p.get(at).copied()).unwrap_or_default())
    };
    let mut part = asked.clone();
    part.items = groups.get(at)?.iter().map(|&i| asked.items[i].clone()).collect();
    if split_pieces {
        for item in &mut part.items {
            item.discount = item.discount.map(|d| d.divided_by(item.quantity).unwrap_or_default());
            item.quantity = Decimal::ONE;
        }
    }
    part.freight = share(asked.freight);
    part.inland_freight = share(asked.inland_freight);
    part.insurance = share(asked.insurance);
    part.packing = share(asked.packing);
    part.discount = share(asked.discount);
    part.carrier_fee = share(asked.carrier_fee);
    part.seller_tax = share(asked.seller_tax);
    part.parcels = Some(1);
    if asked.weight_kg.is_some() {
        part.weight_kg = share(asked.weight_kg);
    }
    if groups.len() > 1 {
        let mut others = Decimal::ZERO;
        for (n, weight) in weights.iter().enumerate() {
            if n != at {
                others = others.plus(*weight).ok()?;
            }
        }
        for period in ["day", "month", "quarter", "half-year", "year"] {
            let given = asked.history.get(period);
            if given.is_some() || period == "day" {
                let before = given.cloned().unwrap_or_default();
                let goods = before.goods.plus(others).ok()?;
                // The last parcel is the one that meets all the others; charging each as if last is the cautious reading.
                part.history.insert(
                    period.to_owned(),
                    Earlier { imports: before.imports.saturating_add(groups.len() as u32 - 1), goods },
                );
            }
        }
    }
    Some(part)
}

/// What the destination says about dividing orders.
fn aggregation(t: &crate::ratebook::layout::Tables<'_>, asked: &Consignment) -> String {
    let general =
        "Dividing an order only to stay below a limit may be treated as one consignment: ask the customs authority.";
    let Some(program) = t
        .territory(&asked.to)
        .and_then(|id| t.territories.get(usize::from(id)))
        .and_then(|r| t.programs.get(r.program.get() as usize))
    else {
        return general.to_owned();
    };
    for id in crate::ratebook::rows(t.kids, program.facts) {
        if let Some(fact) = t.facts.get(id.get() as usize)
            && t.text(fact.topic.get()).contains("aggregation")
        {
            return format!("{} {general}", t.text(fact.statement.get()));
        }
    }
    general.to_owned()
}

/// The error for a field, for others here.
pub(crate) fn input_error(field: &str, value: impl ToString, message: impl Into<Said>) -> InputError {
    InputError {
        problems: vec![InputProblem { field: field.to_owned(), value: value.to_string(), message: message.into() }],
    }
}
