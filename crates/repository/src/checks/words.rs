//! Amounts and conditions as trees, each text read once: a tariff says "12 %" ten thousand times.

use std::collections::HashMap;
use std::fmt::Display;
use tidewaiter::Decimal;
use tidewaiter::record::expression::{Amount, Condition};
use tidewaiter::record::{Measure, Written, grammar};

/// What was read of an amount or a condition.
#[derive(Debug, Clone, Default)]
pub(super) struct Read {
    /// The rate, where it is a percentage of the base and nothing else.
    pub(super) percent: Option<Decimal>,
    /// As the grammar prints it: two spellings of one thing are the same. As written where it cannot be read.
    pub(super) printed: String,
    /// Why it cannot be read.
    pub(super) error: Option<String>,
    /// A name that only an economy file gives a meaning.
    pub(super) foreign: Option<String>,
    /// Currencies named.
    pub(super) currencies: Vec<String>,
    /// Territories and areas named.
    pub(super) places: Vec<String>,
}

/// Texts that were read.
#[derive(Debug, Default)]
pub(super) struct Words<'a> {
    amounts: HashMap<&'a str, Read>,
    conditions: HashMap<&'a str, Read>,
}

impl<'a> Words<'a> {
    /// Reads the amount and condition of a measure, where they are new.
    pub(super) fn learn(&mut self, measure: &'a Measure) {
        if let Some(Written::Words(text)) = &measure.amount {
            self.amounts.entry(text).or_insert_with(|| from_text(text, grammar::amount, amount));
        }
        if let Some(Written::Words(text)) = &measure.when {
            self.conditions.entry(text).or_insert_with(|| from_text(text, grammar::condition, condition));
        }
    }

    /// What is due by a measure; nothing where it has no amount.
    pub(super) fn amount(&self, measure: &Measure) -> Option<Read> {
        self.with_amount(measure, Read::clone)
    }

    /// When a measure applies; nothing where it always does.
    pub(super) fn condition(&self, measure: &Measure) -> Option<Read> {
        match measure.when.as_ref()? {
            Written::Words(text) => self.conditions.get(text.as_str()).cloned(),
            Written::Tree(tree) => Some(from_tree(tree, grammar::condition, condition)),
        }
    }

    /// The rate of a measure that is a percentage and nothing else.
    pub(super) fn percent(&self, measure: &Measure) -> Option<Decimal> {
        self.with_amount(measure, |read| read.percent)?
    }

    /// The amount as it is printed.
    pub(super) fn printed(&self, measure: &Measure) -> String {
        self.with_amount(measure, |read| read.printed.clone()).unwrap_or_else(|| "no amount".into())
    }

    fn with_amount<T>(&self, measure: &Measure, take: impl FnOnce(&Read) -> T) -> Option<T> {
        match measure.amount.as_ref()? {
            Written::Words(text) => self.amounts.get(text.as_str()).map(take),
            Written::Tree(tree) => Some(take(&from_tree(tree, grammar::amount, amount))),
        }
    }
}

fn from_text<T: Display>(
    text: &str,
    read: fn(&str) -> Result<T, grammar::SyntaxError>,
    look: fn(&T, &mut Read),
) -> Read {
    match read(text) {
        Ok(tree) => {
            let mut out = Read { printed: tree.to_string(), ..Read::default() };
            look(&tree, &mut out);
            out
        }
        Err(error) => Read { printed: text.to_owned(), error: Some(error.to_string()), ..Read::default() },
    }
}

/// A tree may say what no words can, such as a currency in small letters: it is sound where its own words give it again.
fn from_tree<T: Display + PartialEq>(
    tree: &T,
    read: fn(&str) -> Result<T, grammar::SyntaxError>,
    look: fn(&T, &mut Read),
) -> Read {
    let printed = tree.to_string();
    let mut out = from_text(&printed, read, look);
    if out.error.is_none() && read(&printed).is_ok_and(|again| again != *tree) {
        out.error = Some(format!("the tree is not what its words \"{printed}\" mean"));
    }
    out
}

fn amount(tree: &Amount, out: &mut Read) {
    out.percent = match tree {
        Amount::Relieved => Some(Decimal::ZERO),
        Amount::Percent { percent, of: None } => Some(*percent),
        _ => None,
    };
    parts(tree, out);
}

/// Goes through an amount. Its depth is bounded: it was read by the grammar.
fn parts(tree: &Amount, out: &mut Read) {
    match tree {
        Amount::Flat(cash) | Amount::Specific { cash, .. } => out.currencies.push(cash.currency.clone()),
        Amount::Named(name) => out.foreign = Some(name.clone()),
        Amount::Tariff(_) => out.foreign = Some(tree.to_string()),
        Amount::Percent { of: Some(of), .. }
        | Amount::GrossUp { of: Some(of), .. }
        | Amount::Rate { of: Some(of), .. }
        | Amount::Times(_, of)
        | Amount::Rounded { amount: of, .. } => parts(of, out),
        Amount::Sum(all) | Amount::Max(all) | Amount::Min(all) => all.iter().for_each(|one| parts(one, out)),
        Amount::Less(one, other) => [one, other].into_iter().for_each(|one| parts(one, out)),
        Amount::Clamp { amount, least, most } => [amount, least, most].into_iter().for_each(|one| parts(one, out)),
        Amount::If { when, then, otherwise } => {
            condition(when, out);
            [then, otherwise].into_iter().for_each(|one| parts(one, out));
        }
        Amount::Bands { of, slices } => {
            parts(of, out);
            out.currencies.extend(slices.iter().map(|slice| slice.from.currency.clone()));
        }
        Amount::WholeItems { up_to, otherwise } => {
            out.currencies.push(up_to.currency.clone());
            parts(otherwise, out);
        }
        Amount::Relieved
        | Amount::Component(_)
        | Amount::Base
        | Amount::Percent { of: None, .. }
        | Amount::GrossUp { of: None, .. }
        | Amount::Rate { of: None, .. } => {}
    }
}

fn condition(tree: &Condition, out: &mut Read) {
    match tree {
        Condition::All(all) | Condition::Any(all) => all.iter().for_each(|one| condition(one, out)),
        Condition::Not(one) => condition(one, out),
        Condition::Value { left, right, .. } => [left, right].into_iter().for_each(|one| parts(one, out)),
        Condition::OriginIn(codes)
        | Condition::ShippedFrom(codes)
        | Condition::SellerIn(codes)
        | Condition::DeliveredTo(codes) => out.places.extend(codes.iter().cloned()),
        Condition::Goods { of, .. } => {
            let list = of.iter().find(|word| grammar::code_range(word).is_err());
            out.foreign = list.cloned().or_else(|| out.foreign.take());
        }
        Condition::SellerRegistered(name) | Condition::Fact(name) | Condition::Reading { dispute: name, .. } => {
            out.foreign = Some(name.clone());
        }
        Condition::Claims(name) if name == "any" => out.foreign = Some("claims any".into()),
        _ => {}
    }
}
