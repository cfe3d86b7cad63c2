//! What an ordinary parcel meets: goods on no special list, sold by a shop without registrations to a private person, with nothing
//! claimed. Read from the rungs, without computing a quote.

use super::phrase::took;
use jiff::civil::Date;
use tidewaiter::ratebook::{ChargeView, EconomyView, RungView};
use tidewaiter::record::expression::{Amount, Cash, Compare, Condition, Sale, Scope, Which};
use tidewaiter::record::{Kind, Verdict, grammar};

/// How far rungs may point to rungs of earlier charges.
const DEPTH: u8 = 4;

/// A limit in money: at most, or less than.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) compare: Compare,
    pub(super) cash: Cash,
    pub(super) scope: Scope,
}

/// A rung that an ordinary parcel may take.
#[derive(Debug, Clone)]
pub(super) struct Step<'a> {
    pub(super) rung: &'a RungView,
    /// Up to which value.
    pub(super) limit: Option<Limit>,
    /// What else it depends on: who carries it, a question.
    pub(super) only: Vec<Condition>,
}

impl Step<'_> {
    /// Whether nothing is due on it.
    pub(super) fn is_free(&self) -> bool {
        match self.rung.amount.as_deref().and_then(|text| grammar::amount(text).ok()) {
            Some(Amount::Relieved) => true,
            Some(Amount::Percent { percent, .. }) => percent.is_zero(),
            _ => false,
        }
    }
}

/// From which value a charge is due, in one word of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Low {
    /// There is no such charge.
    None,
    /// It is not charged on ordinary parcels, whatever their value.
    Free,
    /// From the first unit of money.
    First,
    /// Free up to a value.
    UpTo(Limit),
    /// Not collected where less than this is owed.
    Owed(Compare, Cash),
    /// It depends on more than the value.
    Depends,
    /// Not known.
    Unknown,
}

/// The rungs of a charge that an ordinary parcel may take on a day, in their order, to the one that ends the ladder.
pub(super) fn steps<'a>(view: &EconomyView, charge: &'a ChargeView, day: Date) -> Vec<Step<'a>> {
    climb(view, charge, day, DEPTH)
}

fn climb<'a>(view: &EconomyView, charge: &'a ChargeView, day: Date, depth: u8) -> Vec<Step<'a>> {
    let mut out = Vec::new();
    for rung in charge.rungs.iter().filter(|rung| rung.in_force(day)) {
        let Some(read) = rung_read(view, rung, day, depth) else { continue };
        let ends = read.limit.is_none() && read.only.is_empty();
        out.push(Step { rung, limit: read.limit, only: read.only });
        if ends {
            break;
        }
    }
    out
}

/// From which value the first charge of some kinds is due.
pub(super) fn low(view: &EconomyView, is: impl Fn(Kind) -> bool, day: Date) -> Low {
    let mut of_kind = view.charges.iter().filter(|charge| is(charge.kind)).peekable();
    if of_kind.peek().is_none() {
        return Low::None;
    }
    let Some((charge, steps)) =
        of_kind.map(|charge| (charge, steps(view, charge, day))).find(|(_, steps)| !steps.is_empty())
    else {
        return Low::Depends;
    };
    let mut depends = false;
    for step in steps {
        let plain = step.only.is_empty();
        match (step.limit.clone(), step.is_free()) {
            (Some(limit), true) if plain => return Low::UpTo(limit),
            (Some(_), true) | (None, true) if !plain => depends = true,
            (_, _) if !plain => {}
            (None, true) => return if depends { Low::Depends } else { Low::Free },
            (_, _) if depends => return Low::Depends,
            _ if step.rung.outcome == Some(Verdict::Unknown) => return Low::Unknown,
            _ => {
                let waived = view
                    .waivers
                    .iter()
                    .find(|w| w.charges.contains(&charge.key) && super::dates::holds(w.from, w.before, day));
                let owed = waived.and_then(|w| grammar::threshold(&w.when).ok());
                return owed.map_or(Low::First, |(compare, cash)| Low::Owed(compare, cash));
            }
        }
    }
    Low::Depends
}

/// What is left of a condition for an ordinary parcel.
#[derive(Debug, Clone, Default)]
struct Read {
    limit: Option<Limit>,
    only: Vec<Condition>,
}

impl Read {
    fn plain() -> Option<Self> {
        Some(Self::default())
    }

    fn only(condition: &Condition) -> Option<Self> {
        Some(Self { limit: None, only: vec![condition.clone()] })
    }

    const fn is_plain(&self) -> bool {
        self.limit.is_none() && self.only.is_empty()
    }
}

/// What is left of a rung's condition. A rung that follows an earlier charge fits where that charge may take the rung it names.
fn rung_read(view: &EconomyView, rung: &RungView, day: Date, depth: u8) -> Option<Read> {
    let Some(text) = rung.when.as_deref() else { return Read::plain() };
    if let Some((key, name)) = took(text) {
        let charge = view.charges.iter().find(|charge| charge.key == key)?;
        let step = climb(view, charge, day, depth.checked_sub(1)?).into_iter().find(|step| step.rung.name == name)?;
        return Some(Read { limit: step.limit, only: step.only });
    }
    read(view, &grammar::condition(text).ok()?)
}

/// Nothing where an ordinary parcel does not fit.
fn read(view: &EconomyView, condition: &Condition) -> Option<Read> {
    match condition {
        Condition::Always | Condition::Goods { which: Which::No, .. } | Condition::Sale(Sale::B2c) => Read::plain(),
        Condition::All(parts) => parts.iter().try_fold(Read::default(), |mut all, part| {
            let one = read(view, part)?;
            all.limit = all.limit.or(one.limit);
            all.only.extend(one.only);
            Some(all)
        }),
        Condition::Any(parts) => {
            let mut fit: Vec<Read> = parts.iter().filter_map(|part| read(view, part)).collect();
            match fit.len() {
                0 => None,
                1 => fit.pop(),
                _ if fit.iter().any(Read::is_plain) => Read::plain(),
                _ => Read::only(condition),
            }
        }
        Condition::Not(inner) => not(view, inner),
        // Whether another charge is due: an ordinary parcel meets those of no special case.
        Condition::Value { left: Amount::Named(key), compare, .. } if view.charges.iter().any(|c| c.key == *key) => {
            matches!(compare, Compare::Less | Compare::AtMost | Compare::Equal).then(Read::default)
        }
        Condition::Value {
            right: Amount::Flat(cash),
            compare: compare @ (Compare::Less | Compare::AtMost),
            scope,
            ..
        } => {
            let limit = Limit { compare: *compare, cash: cash.clone(), scope: *scope };
            Some(Read { limit: Some(limit), only: Vec::new() })
        }
        // A small parcel, and the first one.
        Condition::Weight { compare: Compare::Less | Compare::AtMost, .. }
        | Condition::Quantity { compare: Compare::Less | Compare::AtMost, .. }
        | Condition::Imports { compare: Compare::Less | Compare::AtMost, .. } => Read::plain(),
        Condition::Value { .. }
        | Condition::Weight { .. }
        | Condition::Quantity { .. }
        | Condition::Imports { .. }
        | Condition::RegionIn(_)
        | Condition::Channel(_)
        | Condition::Mode(_) => Read::only(condition),
        Condition::DeliveredTo(places) => places.contains(&view.code).then(Read::default),
        Condition::Fact(fact) => match view.asks.iter().find(|ask| ask.fact == *fact)?.assume {
            Some(true) => Read::plain(),
            Some(false) => None,
            None => Read::only(condition),
        },
        Condition::Reading { dispute, reading } => {
            let dispute = view.disputes.iter().find(|d| d.key == *dispute)?;
            (dispute.default == *reading).then(Read::default)
        }
        Condition::Goods { .. }
        | Condition::OriginIn(_)
        | Condition::ShippedFrom(_)
        | Condition::SellerIn(_)
        | Condition::SellerRegistered(_)
        | Condition::BuyerRegistered
        | Condition::Sale(_)
        | Condition::Gift
        | Condition::Declaration(_)
        | Condition::Claims(_)
        | Condition::Document(_)
        | Condition::Documents(_) => None,
    }
}

fn not(view: &EconomyView, inner: &Condition) -> Option<Read> {
    let each = |parts: &[Condition]| parts.iter().map(|part| Condition::Not(Box::new(part.clone()))).collect();
    match inner {
        Condition::Not(inner) => read(view, inner),
        Condition::All(parts) => read(view, &Condition::Any(each(parts))),
        Condition::Any(parts) => read(view, &Condition::All(each(parts))),
        Condition::Value { left, compare, right, scope } => {
            let turned = match compare {
                Compare::Less => Compare::AtLeast,
                Compare::AtMost => Compare::More,
                Compare::More => Compare::AtMost,
                Compare::AtLeast => Compare::Less,
                Compare::Equal => return Read::only(&Condition::Not(Box::new(inner.clone()))),
            };
            let turned = Condition::Value { left: left.clone(), compare: turned, right: right.clone(), scope: *scope };
            read(view, &turned)
        }
        _ => match read(view, inner) {
            None => Read::plain(),
            Some(fits) if fits.is_plain() => None,
            Some(_) => Read::only(&Condition::Not(Box::new(inner.clone()))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn of(code: &str) -> EconomyView {
        tidewaiter_data::ratebook().economy(code).unwrap()
    }

    fn told(low: &Low) -> String {
        match low {
            Low::UpTo(limit) => format!("{} {} per {}", limit.compare, limit.cash, limit.scope),
            Low::Owed(compare, cash) => format!("owed {compare} {cash}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn limits_are_read_from_the_ladder_of_the_day() {
        let duty = |code: &str, day: Date| told(&low(&of(code), |kind| kind == Kind::Duty, day));
        assert_eq!(duty("DE", date(2026, 6, 30)), "<= 150 EUR per consignment");
        assert_ne!(duty("DE", TODAY), "<= 150 EUR per consignment", "the relief ended on 1 July 2026");
        assert_eq!(duty("US", TODAY), "First");
        assert_eq!(duty("US", date(2025, 1, 10)), "<= 800 USD per day", "the relief ended on 29 August 2025");
    }

    #[test]
    fn rungs_that_follow_a_relief_end_with_it() {
        let view = of("US");
        let special = view.charges.iter().find(|charge| charge.key == "us.s232").unwrap();
        assert!(steps(&view, special, TODAY).is_empty(), "goods on no special list do not meet it");
    }

    #[test]
    fn what_is_not_charged_is_not_zero() {
        let tax = |code: &str| told(&low(&of(code), super::super::board::is_tax, TODAY));
        assert_eq!(tax("US"), "None", "no tax at the border");
        assert_eq!(tax("CH"), "owed <= 5 CHF");
    }

    #[test]
    fn a_carrier_that_is_not_known_is_named() {
        let view = of("DE");
        let charge = view.charges.iter().find(|charge| charge.kind == Kind::Duty).unwrap();
        let steps = steps(&view, charge, TODAY);
        let first = &steps[0];
        assert_eq!((first.rung.amount.as_deref(), first.only.len()), (Some("3 EUR"), 1));
        assert_eq!(steps.last().and_then(|s| s.rung.amount.as_deref()), Some("tariff"));
    }
}
