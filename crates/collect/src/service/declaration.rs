//! A return as it is handed in: what an authority reads of it, and whether its figures add up.

use crate::definition::{Corrections, Definition, Figure, Of, Percent, Period, Refunds, RowKey, Sum};
use crate::event::RateType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tidewaiter::Decimal;
use tidewaiter::decimal::NumberError;

/// Most mistakes that are told.
const MOST_FAULTS: usize = 100;
/// Longest name of a territory: two letters, and what stands behind them for a part of a country.
const LONGEST_TERRITORY: usize = 10;
/// Most rows, boxes or corrections.
const MOST: usize = 20_000;

/// A return as a seller's program hands it in: the document that `tidewaiter collect draft --json` writes, of which this much is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Declaration {
    /// Key of the scheme.
    pub scheme: String,
    /// Number of the seller under it.
    pub number: String,
    /// Its period.
    pub period: Period,
    /// Number of the return that it amends: then its figures are differences, and are added to what was received before. A whole return takes
    /// the place of the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<String>,
    /// Currency of all its figures.
    pub currency: String,
    /// Its rows, where it has rows.
    #[serde(default)]
    pub rows: Vec<DeclaredRow>,
    /// Its boxes, where it has boxes.
    #[serde(default)]
    pub boxes: Vec<DeclaredBox>,
    /// What sets past periods right.
    #[serde(default)]
    pub corrections: Vec<DeclaredCorrection>,
    /// What is owed; below zero comes back.
    pub owed: Decimal,
    /// What comes back, where it is not set off.
    #[serde(default)]
    pub back: Decimal,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeclaredRow {
    /// Territory of the buyers.
    #[serde(default)]
    pub member_state: Option<String>,
    /// Territory from which goods were sent.
    #[serde(default)]
    pub dispatched_from: Option<String>,
    /// Kind of rate.
    #[serde(default)]
    pub rate_type: Option<RateType>,
    /// The rate.
    #[serde(default)]
    pub rate: Option<Percent>,
    /// What tax is reckoned on.
    pub net: Decimal,
    /// The tax.
    pub tax: Decimal,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeclaredBox {
    /// Its number.
    pub key: String,
    /// What stands in it; nothing for an empty one.
    #[serde(default)]
    pub value: Option<Decimal>,
}

/// What sets a past period right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeclaredCorrection {
    /// The period.
    pub period: Period,
    /// Territory of the buyers.
    pub member_state: String,
    /// How the tax changes.
    pub tax: Decimal,
}

impl DeclaredRow {
    /// Whether both hold sales of the same kind.
    fn is_like(&self, other: &Self) -> bool {
        (&self.member_state, &self.dispatched_from, self.rate_type, self.rate)
            == (&other.member_state, &other.dispatched_from, other.rate_type, other.rate)
    }
}

impl Declaration {
    /// Whether nothing is declared.
    pub fn is_nil(&self) -> bool {
        self.rows.is_empty()
            && self.corrections.is_empty()
            && self.boxes.iter().all(|one| one.value.is_none_or(Decimal::is_zero))
    }

    /// What does not fit: another currency, a figure that is not the sum of its parts, a box that the return does not have.
    ///
    /// # Errors
    /// Where amounts are out of range.
    pub fn faults(&self, definition: &Definition) -> Result<Vec<String>, NumberError> {
        let mut faults = Vec::new();
        if self.rows.len().max(self.boxes.len()).max(self.corrections.len()) > MOST {
            faults.push(format!("it has more than {MOST} rows"));
            return Ok(faults);
        }
        if self.currency != definition.currency.is {
            faults.push(format!("currency: the return is in {}, not in {}", definition.currency.is, self.currency));
        }
        if definition.rows.is_none() && !self.rows.is_empty() {
            faults.push("rows: this return has boxes, and no rows".into());
        }
        self.faults_of_rows(definition, &mut faults);
        self.faults_of_corrections(definition, &mut faults);
        let mut values = BTreeMap::new();
        for one in &self.boxes {
            if !definition.boxes.iter().any(|rule| rule.key == one.key) {
                faults.push(format!("boxes: this return has no box {}", one.key.chars().take(40).collect::<String>()));
            } else if values.insert(one.key.as_str(), one.value.unwrap_or_default()).is_some() {
                faults.push(format!("boxes: box {} stands twice", one.key));
            }
        }
        for rule in &definition.boxes {
            let Figure::Boxes(parts) = &rule.is else { continue };
            let mut sum = Decimal::ZERO;
            for (taken_away, key) in parts {
                let part = values.get(key.as_str()).copied().unwrap_or_default();
                sum = if *taken_away { sum.minus(part)? } else { sum.plus(part)? };
            }
            match values.get(rule.key.as_str()) {
                Some(value) if *value != sum => {
                    faults.push(format!("boxes: box {} is {value}; its parts make {sum}", rule.key));
                }
                Some(_) => {}
                None if sum.is_zero() => {}
                None => {
                    faults.push(format!("boxes: box {} is missing; its parts make {sum}", rule.key));
                    values.insert(&rule.key, sum);
                }
            }
        }
        let made = match &definition.payment.figure {
            Some(key) => values.get(key.as_str()).map(|owed| (*owed, Decimal::ZERO)),
            None => Some(self.owed_by_rows(definition)?),
        };
        match (made, &definition.payment.figure) {
            (Some((owed, back)), _) => {
                if owed != self.owed {
                    faults.push(format!("owed: the figures make {owed}, the return says {}", self.owed));
                }
                if back != self.back {
                    faults.push(format!("back: the figures make {back}, the return says {}", self.back));
                }
            }
            (None, key) => {
                let key = key.as_deref().unwrap_or_default();
                faults.push(format!("boxes: box {key} is missing; it says what is owed"));
            }
        }
        faults.truncate(MOST_FAULTS);
        Ok(faults)
    }

    /// What is owed, and what comes back: where territories are not set off against each other, what comes back of one stands apart.
    fn owed_by_rows(&self, definition: &Definition) -> Result<(Decimal, Decimal), NumberError> {
        let mut states: BTreeMap<&str, Decimal> = BTreeMap::new();
        let rows = self.rows.iter().map(|row| (row.member_state.as_deref().unwrap_or_default(), row.tax));
        for (state, tax) in rows.chain(self.corrections.iter().map(|one| (one.member_state.as_str(), one.tax))) {
            let sum = states.entry(state).or_default();
            *sum = sum.plus(tax)?;
        }
        let (mut owed, mut back) = (Decimal::ZERO, Decimal::ZERO);
        for sum in states.into_values() {
            if sum.is_negative() && !definition.corrections.set_off {
                back = back.minus(sum)?;
            } else {
                owed = owed.plus(sum)?;
            }
        }
        Ok((owed, back))
    }

    fn faults_of_rows(&self, definition: &Definition, faults: &mut Vec<String>) {
        let Some(rule) = &definition.rows else { return };
        // Where refunds and corrections of the past stand apart, nothing in a row is below zero.
        let only_sales = self.amends.is_none()
            && definition.corrections.go == Corrections::Apart
            && definition.refunds.are == Refunds::Corrections;
        let mut keys = BTreeSet::new();
        for (n, row) in self.rows.iter().enumerate().map(|(n, row)| (n + 1, row)) {
            let needed = [
                (RowKey::MemberState, "member_state", &row.member_state),
                (RowKey::DispatchedFrom, "dispatched_from", &row.dispatched_from),
            ];
            for (key, name, territory) in needed {
                match territory {
                    Some(text) if !is_territory(text) => faults.push(format!(
                        "rows, {n}: {name} \"{}\" is no territory; write its capital letters, such as IE",
                        shown(text)
                    )),
                    None if key == RowKey::MemberState && rule.by.contains(&key) => {
                        faults
                            .push(format!("rows, {n}: {name} is missing; write the capital letters of the territory"));
                    }
                    _ => {}
                }
            }
            if only_sales && (row.net.is_negative() || row.tax.is_negative()) {
                faults.push(format!(
                    "rows, {n}: an amount is below zero; what sets a past period right stands in corrections"
                ));
            }
            if !keys.insert((&row.member_state, &row.dispatched_from, row.rate_type, row.rate.map(|rate| rate.0))) {
                faults.push(format!("rows, {n}: a row before it is of the same territory and rate; add them up"));
            }
        }
    }

    fn faults_of_corrections(&self, definition: &Definition, faults: &mut Vec<String>) {
        if !self.corrections.is_empty()
            && (definition.rows.is_none() || definition.corrections.go != Corrections::Apart)
        {
            faults.push("corrections: this return has none that stand apart".into());
            return;
        }
        let mut keys = BTreeSet::new();
        for (n, one) in self.corrections.iter().enumerate().map(|(n, one)| (n + 1, one)) {
            if one.period.last() >= self.period.first() {
                faults.push(format!(
                    "corrections, {n}: {} is not before {}; only periods of the past are set right",
                    one.period, self.period
                ));
            }
            if !is_territory(&one.member_state) {
                faults.push(format!(
                    "corrections, {n}: member_state \"{}\" is no territory; write its capital letters, such as IE",
                    shown(&one.member_state)
                ));
            }
            if !keys.insert((one.period, &one.member_state)) {
                faults
                    .push(format!("corrections, {n}: one before it is of the same period and territory; add them up"));
            }
        }
    }

    /// This whole return with the differences of an amendment added. It keeps its own number and amends nothing.
    ///
    /// # Errors
    /// Where amounts are out of range.
    pub fn plus(&self, definition: &Definition, differences: &Self) -> Result<Self, NumberError> {
        let mut sum = self.clone();
        for one in &differences.rows {
            match sum.rows.iter_mut().find(|row| row.is_like(one)) {
                Some(row) => (row.net, row.tax) = (row.net.plus(one.net)?, row.tax.plus(one.tax)?),
                None => sum.rows.push(one.clone()),
            }
        }
        for one in &differences.boxes {
            match sum.boxes.iter_mut().find(|known| known.key == one.key) {
                Some(known) => {
                    known.value = match (known.value, one.value) {
                        (Some(a), Some(b)) => Some(a.plus(b)?),
                        (a, b) => a.or(b),
                    };
                }
                None => sum.boxes.push(one.clone()),
            }
        }
        for one in &differences.corrections {
            let is_like = |known: &&mut DeclaredCorrection| {
                (known.period, &known.member_state) == (one.period, &one.member_state)
            };
            match sum.corrections.iter_mut().find(is_like) {
                Some(known) => known.tax = known.tax.plus(one.tax)?,
                None => sum.corrections.push(one.clone()),
            }
        }
        if definition.payment.figure.is_some() || definition.corrections.set_off {
            sum.owed = self.owed.plus(differences.owed)?;
            sum.back = self.back.plus(differences.back)?;
        } else {
            // What comes back of a territory makes less what is owed to it, and nothing else.
            let mut states: BTreeMap<&str, Decimal> = BTreeMap::new();
            let rows = sum.rows.iter().map(|row| (row.member_state.as_deref().unwrap_or_default(), row.tax));
            for (state, tax) in rows.chain(sum.corrections.iter().map(|one| (one.member_state.as_str(), one.tax))) {
                let balance = states.entry(state).or_default();
                *balance = balance.plus(tax)?;
            }
            (sum.owed, sum.back) = (Decimal::ZERO, Decimal::ZERO);
            for balance in states.into_values() {
                if balance.is_negative() {
                    sum.back = sum.back.minus(balance)?;
                } else {
                    sum.owed = sum.owed.plus(balance)?;
                }
            }
        }
        Ok(sum)
    }

    /// Net and tax by the territory of the buyers; one without letters where the return does not tell them apart. Nothing where its boxes do
    /// not say what tax is reckoned on.
    ///
    /// # Errors
    /// Where amounts are out of range.
    pub fn by_buyer(
        &self,
        definition: &Definition,
    ) -> Result<BTreeMap<String, (Option<Decimal>, Decimal)>, NumberError> {
        let mut sums = BTreeMap::new();
        let apart = definition.rows.as_ref().is_some_and(|rows| rows.by.contains(&RowKey::MemberState));
        for row in &self.rows {
            let buyer = row.member_state.clone().filter(|_| apart).unwrap_or_default();
            let (net, tax) = sums.entry(buyer).or_insert((Some(Decimal::ZERO), Decimal::ZERO));
            *net = net.map(|net| net.plus(row.net)).transpose()?;
            *tax = tax.plus(row.tax)?;
        }
        if definition.rows.is_none() {
            let value = |key: &str| self.boxes.iter().find(|one| one.key == key).and_then(|one| one.value);
            let mut net = None;
            for rule in
                definition.boxes.iter().filter(|rule| rule.is == Figure::Sum(Sum::Net) && rule.of != Of::Corrections)
            {
                let part = value(&rule.key).unwrap_or_default();
                let before = net.unwrap_or_default();
                net = Some(if rule.of == Of::Refunds {
                    Decimal::minus(before, part)?
                } else {
                    Decimal::plus(before, part)?
                });
            }
            sums.insert(String::new(), (net, self.owed));
        }
        Ok(sums)
    }
}

fn is_territory(text: &str) -> bool {
    (2..=LONGEST_TERRITORY).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}
