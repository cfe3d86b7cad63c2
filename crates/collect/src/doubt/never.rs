//! What can never be right.

use super::Doubt;
use crate::Definition;
use crate::event::{Registration, Row, Sale};
use crate::identifier::Identifiers;
use std::collections::BTreeMap;
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;
use tidewaiter::record::Confidence;

/// A charge that is reckoned on more than the buyer paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// The charge.
    pub charge: String,
    /// How many rows it has.
    pub rows: usize,
    /// What they are reckoned on together.
    pub net: Decimal,
    /// What the buyer paid without it: goods, shipping and the other charges.
    pub paid: Decimal,
}

/// The first charge that the seller collects on more than the buyer paid: goods, shipping and the other charges of the sale, as duty and other
/// taxes may be part of what a tax is reckoned on. Half a coin for each row is what rounding may add. Charges owed at the border are not
/// looked at: their base may be worked out from other values than the price.
///
/// # Errors
/// Where amounts are out of range.
pub fn beyond(sale: &Sale) -> Result<Option<Beyond>, NumberError> {
    let mut nets: BTreeMap<&str, (usize, Decimal)> = BTreeMap::new();
    for row in sale.rows.iter().filter(|row| row.scheme.is_some()) {
        let (rows, net) = nets.entry(&row.charge).or_default();
        (*rows, *net) = (*rows + 1, net.plus(row.net)?);
    }
    let price = sale.goods.plus(sale.shipping)?;
    for (charge, (rows, net)) in nets {
        let mut others = sale.rows.iter().filter(|row| row.charge != charge);
        let paid = others.try_fold(price, |paid, row| paid.plus(row.amount))?;
        let most = Decimal::from_units(coin(sale).units() / 2)
            .times(Decimal::from_int(i64::try_from(rows).unwrap_or(i64::MAX)))?;
        if net.minus(paid)? > most {
            return Ok(Some(Beyond { charge: charge.to_owned(), rows, net, paid }));
        }
    }
    Ok(None)
}

/// The coin of a sale, as far as its amounts tell: whole units where none has decimals.
fn coin(sale: &Sale) -> Decimal {
    let is_whole = |amount: &Decimal| amount.units() % Decimal::ONE.units() == 0;
    let of_row = |row: &Row| is_whole(&row.net) && is_whole(&row.amount);
    let whole = is_whole(&sale.goods) && is_whole(&sale.shipping) && sale.rows.iter().all(of_row);
    if whole { Decimal::ONE } else { Decimal::ten_to_minus(2) }
}

/// Whether a registration can have its number. Where all that is said of its shape is unsure it is a doubt.
///
/// # Errors
/// A sentence: why it cannot be right, and what was likely meant.
pub fn number(identifiers: &Identifiers, definition: &Definition, one: &Registration) -> Result<Option<Doubt>, String> {
    let key = &definition.scheme.number;
    let Some(verdict) = identifiers.look(key, &one.number).filter(|verdict| !verdict.valid) else { return Ok(None) };
    let rests = identifiers.all().find(|known| known.key == verdict.identifier);
    let is_unsure = rests.is_some_and(|known| known.fact.iter().any(|fact| fact.confidence == Confidence::Low));
    if is_unsure {
        return Ok(Some(Doubt::Number { scheme: one.scheme.clone(), number: one.number.clone() }));
    }
    let wrong = verdict.wrong.unwrap_or_default();
    let meant = match verdict.likely.as_slice() {
        [] => String::new(),
        likely => format!("; did you mean {}?", likely.join(" or ")),
    };
    Err(format!(
        "\"{}\" cannot be a number under {}: {wrong}{meant} `tidewaiter collect number {key}` looks at one",
        one.number, one.scheme
    ))
}

/// The word among some that was likely meant: at most two letters are other ones.
pub fn near<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known.map(|one| (distance(&word, one), one)).filter(|(far, _)| *far <= 2).min().map(|(_, one)| one)
}

/// Letters to change, add or drop to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (n, letter) in one.chars().take(40).enumerate() {
        let mut left = n + 1;
        let mut before = n;
        let mut next = vec![left];
        for (above, is) in row.iter().skip(1).zip(&other) {
            left = (left + 1).min(above + 1).min(before + usize::from(*is != letter));
            before = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
